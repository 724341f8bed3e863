// The module fcntl (CPython 3.13's Modules/fcntlmodule.c): what can be asked of open files.
//
// Served are the flags of descriptors and of open files, duplicates, and the size of a terminal. A host has no locks: to
// take one is OSError (ENOLCK), as on a file system without them; other commands are EINVAL, other requests ENOTTY.

import {
  EINVAL,
  ENOLCK,
  ENOTTY,
  O_CLOEXEC,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../generated/constants";
import { host } from "../generated/host";
import { PyBytesObject, winsize } from "../generated/layouts";
import { PyExc_ValueError } from "../generated/statics";
import { newBytes } from "../objects/bytes/bytes";
import { intArgument, maskArgument } from "../objects/define/args";
import { Audit } from "../objects/errors/audit";
import { PyErr_Clear, PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { raiseErrno } from "../objects/errors/system";
import { PyModule_GetDict } from "../objects/module/module";
import { PyLong_AsLongLong, PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { Buffer, PyBUF_WRITABLE, PyObject_CheckBuffer } from "../objects/object/buffer";
import { Py } from "../objects/object/head";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { addNumbers } from "./numbers";
import { fileDescriptorOf } from "./posix/path";

const CONSTANTS = `
  LOCK_SH 1 LOCK_EX 2 LOCK_NB 4 LOCK_UN 8 LOCK_MAND 32 LOCK_READ 64 LOCK_WRITE 128 LOCK_RW 192 F_DUPFD 0
  F_DUPFD_CLOEXEC 1030 F_GETFD 1 F_SETFD 2 F_GETFL 3 F_SETFL 4 F_GETLK 5 F_SETLK 6 F_SETLKW 7 F_OFD_GETLK 36
  F_OFD_SETLK 37 F_OFD_SETLKW 38 F_GETOWN 9 F_SETOWN 8 F_GETSIG 11 F_SETSIG 10 F_RDLCK 0 F_WRLCK 1 F_UNLCK 2
  F_EXLCK 4 F_SHLCK 8 F_GETLK64 5 F_SETLK64 6 F_SETLKW64 7 FASYNC 8192 FD_CLOEXEC 1 F_SETLEASE 1024 F_GETLEASE 1025
  F_NOTIFY 1026 DN_ACCESS 1 DN_MODIFY 2 DN_CREATE 4 DN_DELETE 8 DN_RENAME 16 DN_ATTRIB 32 DN_MULTISHOT 2147483648
  F_SETPIPE_SZ 1031 F_GETPIPE_SZ 1032 F_ADD_SEALS 1033 F_GET_SEALS 1034 F_SEAL_SEAL 1 F_SEAL_SHRINK 2 F_SEAL_GROW 4
  F_SEAL_WRITE 8 F_SEAL_FUTURE_WRITE 16 F_OWNER_TID 0 F_OWNER_PID 1 F_OWNER_PGRP 2 F_SETOWN_EX 15 F_GETOWN_EX 16
  F_GET_RW_HINT 1035 F_SET_RW_HINT 1036 F_GET_FILE_RW_HINT 1037 F_SET_FILE_RW_HINT 1038 RWH_WRITE_LIFE_NOT_SET 0
  RWH_WRITE_LIFE_NONE 1 RWH_WRITE_LIFE_SHORT 2 RWH_WRITE_LIFE_MEDIUM 3 RWH_WRITE_LIFE_LONG 4
  RWH_WRITE_LIFE_EXTREME 5 FICLONE 1074041865 FICLONERANGE 1075876877`;

const F_DUPFD: i32 = 0;
const F_GETFD: i32 = 1;
const F_SETFD: i32 = 2;
const F_GETFL: i32 = 3;
const F_SETFL: i32 = 4;
const F_GETLK: i32 = 5;
const F_SETLK: i32 = 6;
const F_SETLKW: i32 = 7;
const F_OFD_GETLK: i32 = 36;
const F_OFD_SETLK: i32 = 37;
const F_OFD_SETLKW: i32 = 38;
const F_SETPIPE_SZ: i32 = 1031;
const F_GETPIPE_SZ: i32 = 1032;
const F_DUPFD_CLOEXEC: i32 = 1030;
const FD_CLOEXEC: i32 = 1;

const LOCK_SH: i32 = 1;
const LOCK_EX: i32 = 2;
const LOCK_UN: i32 = 8;

const TIOCGWINSZ: u32 = 0x5413;

/** Most bytes of an argument that is copied. */
const ARGUMENT_MAX: isize = 1024;

/** Does a command with a file: what it gives, or a negative error number. */
function control(fd: i32, command: i32, argument: i32): isize {
  const flags = host.getfl(fd);
  if (flags < 0) return flags;
  const inherited = <i32>flags & ~O_CLOEXEC;
  switch (command) {
    case F_GETFD:
      return <i32>flags & O_CLOEXEC ? FD_CLOEXEC : 0;
    case F_SETFD:
      return host.setfl(fd, argument & FD_CLOEXEC ? inherited | O_CLOEXEC : inherited);
    case F_GETFL:
      return inherited;
    case F_SETFL:
      return host.setfl(fd, (argument & ~O_CLOEXEC) | (<i32>flags & O_CLOEXEC));
    case F_DUPFD_CLOEXEC:
      return host.dup(fd, argument);
    case F_DUPFD: {
      const copy = host.dup(fd, argument);
      if (copy >= 0) host.setfl(<i32>copy, inherited);
      return copy;
    }
    case F_GETPIPE_SZ:
      return host.pipesize(fd, 0);
    case F_SETPIPE_SZ:
      return argument <= 0 ? -EINVAL : host.pipesize(fd, argument);
    case F_GETLK:
    case F_SETLK:
    case F_SETLKW:
    case F_OFD_GETLK:
    case F_OFD_SETLK:
    case F_OFD_SETLKW:
      return -ENOLCK;
    default:
      return -EINVAL;
  }
}

/** Does a request with a file, whose argument is the `n` bytes at `p`: what it gives, or a negative error number. */
function ask(fd: i32, code: u32, p: usize, n: isize): isize {
  const flags = host.getfl(fd);
  if (flags < 0) return flags;
  if (code != TIOCGWINSZ || n < 8) return -ENOTTY;
  const size = host.ttysize(fd);
  if (size < 0) return size;
  const w = winsize.at(p);
  w.ws_row = <u16>(size >> 16);
  w.ws_col = <u16>size;
  w.ws_xpixel = 0;
  w.ws_ypixel = 0;
  return 0;
}

/** A copy of the bytes of a str or of what lends some (`fixed`: bytes alone): new; null without exception for any other. */
function bytesArgument(o: usize, fixed: bool): usize {
  let copy: usize = 0;
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const utf8 = PyUnicode_AsUTF8(o);
    if (utf8 != 0) copy = copyOf(utf8, PyUnicode_UTF8Length(o));
  } else if (fixed ? Py.check(o, Py_TPFLAGS_BYTES_SUBCLASS) : PyObject_CheckBuffer(o)) {
    const view = Buffer.open(o);
    if (view != 0) {
      copy = copyOf(Buffer.data(view), Buffer.length(view));
      Buffer.close(view);
    }
  }
  if (copy == 0) PyErr_Clear();
  return copy;
}

/** New bytes of their own, which may be written to. */
function copyOf(p: usize, n: isize): usize {
  const copy = newBytes(n);
  if (copy != 0) memory.copy(PyBytesObject.at(copy).ob_sval, p, <usize>n);
  return copy;
}

/**
 * @native fcntl.fcntl($module, fd, cmd, arg=0, /)
 *
 * Do something with an open file: what, the number cmd tells.
 *
 * The module has the names that C has for the commands. Most systems know most of them; each
 * has its own kind of argument, which is an int, or a str or bytes in which C finds a structure.
 * With an int, or without any argument, the result is what C's function gives. With bytes the
 * result is those bytes as the system has left them, and there can be no more than
 * 1024.
 *
 * What the system refuses is an OSError. For locks, lockf() and flock() are simpler.
 */
export function fcntl_fcntl(_m: usize, fd: usize, cmd: usize, arg: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const command = intArgument(cmd);
  if (command == -1 && PyErr_Occurred()) return 0;
  if (!Audit.event("fcntl.fcntl", "iiO", number, command, arg)) return 0;
  const bytes = arg == 0 ? 0 : bytesArgument(arg, true);
  if (bytes != 0) {
    if (Py.SIZE(bytes) > ARGUMENT_MAX) {
      Py.DECREF(bytes);
      return PyErr_SetString(PyExc_ValueError, "fcntl string arg too long");
    }
    const r = control(number, command, 0);
    if (r >= 0) return bytes;
    Py.DECREF(bytes);
    return raiseErrno(-r);
  }
  const argument = arg == 0 ? 0 : maskArgument(arg);
  if (argument < 0) return 0;
  const r = control(number, command, <i32>argument);
  return r < 0 ? raiseErrno(-r) : PyLong_FromSsize_t(r);
}

/**
 * @native fcntl.ioctl($module, fd, request, arg=0, mutate_flag=True, /)
 *
 * Ask a device that is open for something: what, the number request tells.
 *
 * The module termios has the names that C has for some of them. The argument is an int, or bytes
 * of some kind in which C finds a structure.
 *
 * Bytes that can be written to are given to the system as they are if mutate_flag is true: what it
 * writes is there afterwards, and the result is the number that C's function gives. All others are
 * copied, there can be no more than 1024 of them, and the result is the copy as the
 * system has left it.
 *
 * With an int, or without any argument, the result is the number, too. What the system refuses is an
 * OSError.
 */
export function fcntl_ioctl(_m: usize, fd: usize, request: usize, arg: usize, mutate_flag: bool): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const code = maskArgument(request);
  if (code < 0 || !Audit.event("fcntl.ioctl", "iiO", number, <i32>code, arg)) return 0;
  if (arg != 0 && mutate_flag && PyObject_CheckBuffer(arg)) {
    const view = Buffer.openWith(arg, PyBUF_WRITABLE);
    if (view != 0) {
      const r = ask(number, <u32>code, Buffer.data(view), Buffer.length(view));
      Buffer.close(view);
      return r < 0 ? raiseErrno(-r) : PyLong_FromSsize_t(r);
    }
    PyErr_Clear();
  }
  const bytes = arg == 0 ? 0 : bytesArgument(arg, false);
  if (bytes != 0) {
    const n = Py.SIZE(bytes);
    if (n <= ARGUMENT_MAX) {
      const r = ask(number, <u32>code, PyBytesObject.at(bytes).ob_sval, n);
      if (r >= 0) return bytes;
      raiseErrno(-r);
    } else PyErr_SetString(PyExc_ValueError, "ioctl string arg too long");
    Py.DECREF(bytes);
    return 0;
  }
  if (arg != 0 && intArgument(arg) == -1 && PyErr_Occurred()) return 0;
  const r = ask(number, <u32>code, 0, 0);
  return r < 0 ? raiseErrno(-r) : PyLong_FromSsize_t(r);
}

/** None, or OSError: there are no locks, not even for those who let go of one. */
function refuseLock(fd: i32): usize {
  const flags = host.getfl(fd);
  return raiseErrno(flags < 0 ? -flags : ENOLCK);
}

/**
 * @native fcntl.flock($module, fd, operation, /)
 *
 * Lock an open file or unlock it, as the operation tells (see flock(2)).
 *
 * Where the system has nothing of this kind, it is done by fcntl().
 */
export function fcntl_flock(_m: usize, fd: usize, operation: usize): usize {
  const number = fileDescriptorOf(fd);
  const how = number < 0 ? -1 : intArgument(operation);
  if (number < 0 || (how == -1 && PyErr_Occurred())) return 0;
  return Audit.event("fcntl.flock", "ii", number, how) ? refuseLock(number) : 0;
}

/**
 * @native fcntl.lockf($module, fd, cmd, len=0, start=0, whence=0, /)
 *
 * Lock a part of an open file by the commands that fcntl() has for it.
 *
 * What is done, cmd tells:
 *
 *     LOCK_UN - unlock
 *     LOCK_SH - lock it, others may do so with LOCK_SH, too
 *     LOCK_EX - lock it for oneself
 *
 * To the last two, LOCK_NB can be added by |: then nobody waits for a lock that another has, but
 * OSError is raised, whose errno is EACCES or EAGAIN,
 * which of them depends on the system.
 *
 * The part has len bytes, up to the end of the file where that is 0, and begins at
 * start, which is counted, as in seek(), from where whence tells:
 *
 *     0 - from the start of the file (os.SEEK_SET)
 *     1 - from where it is read and written (os.SEEK_CUR)
 *     2 - from the end of the file (os.SEEK_END)
 */
export function fcntl_lockf(_m: usize, fd: usize, cmd: usize, len: usize, start: usize, whence: i32): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const code = intArgument(cmd);
  if (code == -1 && PyErr_Occurred()) return 0;
  if (code != LOCK_UN && (code & (LOCK_SH | LOCK_EX)) == 0) {
    return PyErr_SetString(PyExc_ValueError, "unrecognized lockf argument");
  }
  if (start != 0 && PyLong_AsLongLong(start) == -1 && PyErr_Occurred()) return 0;
  if (len != 0 && PyLong_AsLongLong(len) == -1 && PyErr_Occurred()) return 0;
  return whence < 0 || whence > 2 ? raiseErrno(EINVAL) : refuseLock(number);
}

/**
 * @module fcntl
 *
 * What Unix can do with open files and devices besides reading and writing:
 * the functions fcntl() and ioctl() of C, and locks. A file is given as its number, or as an object whose fileno() tells it.
 */
export function initFcntl(m: usize): i32 {
  return addNumbers(PyModule_GetDict(m), CONSTANTS);
}
