// Open files by their numbers (CPython 3.13's Modules/posixmodule.c).

import { EBADF, EINVAL, O_CLOEXEC, O_NONBLOCK } from "../../generated/constants";
import { host } from "../../generated/host";
import { PyBytesObject, path_t, SIZEOF_Py_buffer } from "../../generated/layouts";
import { _Py_NoneStruct } from "../../generated/statics";
import { PyBytes_FromStringAndSize, firstBytes } from "../../objects/bytes/bytes";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { ArgParser, intArgument } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Occurred } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_FromLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { Buffer, PyBUF_SIMPLE, PyBuffer_Release, PyObject_GetBuffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { raiseTransfer, readDescriptor, writeDescriptor } from "../select/transfer";
import { fileDescriptorOf, forbidden, Path } from "./path";
import { terminalSize } from "./results";
import { tellTruncation } from "./tree";

/** None, or null with OSError where `r` is a negative error number. */
function done(r: isize): usize {
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/** What a call counts, as an int; null with OSError. */
function counted(r: isize): usize {
  return r < 0 ? raiseErrno(-r) : PyLong_FromSsize_t(r);
}

/**
 * @native posix.open($module, /, path, flags, mode=511, *, dir_fd=None)
 *
 * Open a file; its number is returned.
 *
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *
 * Not every system has dir_fd; where it is not there, NotImplementedError
 * is raised for it.
 */
export function posix_open(_m: usize, path: usize, flags: i32, mode: i32, dir_fd: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "open", "path", 0) || !Path.within(p, dir_fd, "open")) {
    Path.give(p, 1);
    return 0;
  }
  if (!Audit.event("open", "OOi", path_t.at(p).object, 0, flags | O_CLOEXEC)) return forbidden(p);
  const r = host.open(Path.address(p), Path.length(p), flags | O_CLOEXEC, mode);
  const o = r < 0 ? raiseErrno(-r, path_t.at(p).object) : PyLong_FromSsize_t(r);
  Path.give(p, 1);
  return o;
}

/**
 * @native posix.close($module, /, fd)
 *
 * Close the file that has this number.
 */
export function posix_close(_m: usize, fd: i32): usize {
  return done(host.close(fd));
}

/**
 * @native posix.closerange($module, fd_low, fd_high, /)
 *
 * Close all files from one number up to another, errors ignored.
 */
export function posix_closerange(_m: usize, fd_low: i32, fd_high: i32): usize {
  // No process has so many.
  const end = min(fd_high, 65536);
  for (let fd = max(fd_low, 0); fd < end; fd++) host.close(fd);
  return _Py_NoneStruct;
}

/**
 * @native posix.read($module, fd, length, /)
 *
 * Read bytes, up to a number of them.
 */
export function posix_read(_m: usize, fd: i32, length: isize): usize {
  if (length < 0) return raiseErrno(EINVAL);
  const bytes = PyBytes_FromStringAndSize(0, length);
  if (bytes == 0) return 0;
  const n = readDescriptor(fd, PyBytesObject.at(bytes).ob_sval, <usize>length);
  if (n >= 0) return firstBytes(bytes, n);
  Py.DECREF(bytes);
  return raiseTransfer(n);
}

/**
 * @native posix.write($module, fd, data, /)
 *
 * Write bytes; how many were written is returned.
 */
export function posix_write(_m: usize, fd: i32, data: usize): usize {
  const view = Scratch.take(SIZEOF_Py_buffer >> 3);
  if (PyObject_GetBuffer(data, view, PyBUF_SIMPLE) < 0) {
    Scratch.give(view);
    return 0;
  }
  const n = writeDescriptor(fd, Buffer.data(view), <usize>Buffer.length(view));
  PyBuffer_Release(view);
  Scratch.give(view);
  return n < 0 ? raiseTransfer(n) : PyLong_FromSsize_t(n);
}

/**
 * @native posix.pread($module, fd, length, offset, /)
 *
 * Read bytes, up to a number of them, from a place in the file.
 *
 * The place where read() goes on
 * stays where it was.
 */
export function posix_pread(_m: usize, fd: i32, length: i32, offset: i64): usize {
  if (length < 0) return raiseErrno(EINVAL);
  const bytes = PyBytes_FromStringAndSize(0, length);
  if (bytes == 0) return 0;
  const n = host.pread(fd, PyBytesObject.at(bytes).ob_sval, <usize>length, offset);
  if (n >= 0) return firstBytes(bytes, n);
  Py.DECREF(bytes);
  return raiseErrno(-n);
}

/**
 * @native posix.pwrite($module, fd, buffer, offset, /)
 *
 * Write bytes to a place in the file.
 *
 * How many were written is returned. The place where write() goes on
 * stays where it was.
 */
export function posix_pwrite(_m: usize, fd: i32, buffer: usize, offset: i64): usize {
  const view = Scratch.take(SIZEOF_Py_buffer >> 3);
  if (PyObject_GetBuffer(buffer, view, PyBUF_SIMPLE) < 0) {
    Scratch.give(view);
    return 0;
  }
  const n = host.pwrite(fd, Buffer.data(view), <usize>Buffer.length(view), offset);
  PyBuffer_Release(view);
  Scratch.give(view);
  return counted(n);
}

/**
 * @native posix.lseek($module, fd, position, whence, /)
 *
 * Set where a file is read and written next; the place is returned.
 *
 *   fd
 *     The number of an open file.
 *   position
 *     How far from there.
 *   whence
 *     SEEK_SET or 0 is the beginning, SEEK_CUR or 1 where it is, SEEK_END or 2
 *     the end.
 *
 * The place is counted from the beginning.
 */
export function posix_lseek(_m: usize, fd: i32, position: i64, whence: i32): usize {
  const r = host.lseek(fd, position, whence);
  return r < 0 ? raiseErrno(-(<isize>r)) : PyLong_FromLongLong(r);
}

/**
 * @native posix.ftruncate($module, fd, length, /)
 *
 * Cut an open file, or make it longer, to a length in bytes.
 */
export function posix_ftruncate(_m: usize, fd: i32, length: i64): usize {
  const number = PyLong_FromSsize_t(fd);
  const ok = number != 0 && tellTruncation(number, length);
  Py.XDECREF(number);
  if (!ok) return 0;
  return done(host.ftruncate(fd, length));
}

/**
 * @native posix.fsync($module, /, fd)
 *
 * Wait until the file is on its disk.
 */
export function posix_fsync(_m: usize, fd: usize): usize {
  const n = fileDescriptorOf(fd);
  return n < 0 ? 0 : done(host.fsync(n, 0));
}

/**
 * @native posix.fdatasync($module, /, fd)
 *
 * Wait until what the file holds is on its disk.
 */
export function posix_fdatasync(_m: usize, fd: usize): usize {
  const n = fileDescriptorOf(fd);
  return n < 0 ? 0 : done(host.fsync(n, 1));
}

/**
 * @native posix.isatty($module, fd, /)
 *
 * Whether there is a terminal behind the number.
 *
 * If there is nothing at all, it is not.
 */
export function posix_isatty(_m: usize, fd: i32): usize {
  return boolObject(host.isatty(fd) > 0);
}

/**
 * @native posix.device_encoding($module, /, fd)
 *
 * In which encoding a terminal shows text.
 *
 * The number is that of an open file; if it is no terminal, the
 * result is None.
 */
export function posix_device_encoding(_m: usize, fd: i32): usize {
  return host.isatty(fd) > 0 ? PyUnicode_FromLiteral("UTF-8") : _Py_NoneStruct;
}

/**
 * @native posix.dup($module, fd, /)
 *
 * A second number for an open file.
 */
export function posix_dup(_m: usize, fd: i32): usize {
  return counted(host.dup(fd, 0));
}

/**
 * @native posix.dup2($module, /, fd, fd2, inheritable=True)
 *
 * Let a number mean the file of another.
 */
export function posix_dup2(_m: usize, fd: i32, fd2: i32, inheritable: bool): usize {
  if (fd < 0 || fd2 < 0) return raiseErrno(EBADF);
  const r = host.dup2(fd, fd2);
  if (r >= 0 && !inheritable) {
    const error = setFlag(fd2, O_CLOEXEC, true);
    if (error < 0) {
      host.close(fd2);
      return raiseErrno(-error);
    }
  }
  return counted(r);
}

/** Sets or clears a flag of a descriptor: 0 or more, or a negative error number. */
function setFlag(fd: i32, flag: i32, on: bool): isize {
  const flags = host.getfl(fd);
  if (flags < 0) return flags;
  return host.setfl(fd, on ? <i32>flags | flag : <i32>flags & ~flag);
}

/**
 * @native posix.get_inheritable($module, fd, /)
 *
 * Whether programs that are started get this open file.
 */
export function posix_get_inheritable(_m: usize, fd: i32): usize {
  const flags = host.getfl(fd);
  return flags < 0 ? raiseErrno(-flags) : boolObject((<i32>flags & O_CLOEXEC) == 0);
}

/**
 * @native posix.set_inheritable($module, fd, inheritable, /)
 *
 * Say whether programs that are started get it.
 */
export function posix_set_inheritable(_m: usize, fd: i32, inheritable: i32): usize {
  return done(setFlag(fd, O_CLOEXEC, inheritable == 0));
}

/**
 * @native posix.get_blocking($module, fd, /)
 *
 * Whether reading and writing wait.
 *
 * If not, O_NONBLOCK is set: then there is an error where they would have to.
 */
export function posix_get_blocking(_m: usize, fd: i32): usize {
  const flags = host.getfl(fd);
  return flags < 0 ? raiseErrno(-flags) : boolObject((<i32>flags & O_NONBLOCK) == 0);
}

/**
 * @native posix.set_blocking($module, fd, blocking, /)
 *
 * Say whether reading and writing wait.
 *
 * If not, O_NONBLOCK is set,
 * and cleared otherwise.
 */
export function posix_set_blocking(_m: usize, fd: i32, blocking: bool): usize {
  return done(setFlag(fd, O_NONBLOCK, !blocking));
}

function makePipe(flags: i32): usize {
  const r = host.pipe(flags);
  if (r < 0) return raiseErrno(-r);
  const reader = PyLong_FromSsize_t(r & 0xffff);
  const writer = reader == 0 ? 0 : PyLong_FromSsize_t(r >> 16);
  const pair = writer == 0 ? 0 : PyTuple_Pack2(reader, writer);
  Py.XDECREF(reader);
  Py.XDECREF(writer);
  return pair;
}

/**
 * @native posix.pipe($module, /)
 *
 * Make a pipe.
 *
 * Two numbers are returned, in a tuple: what is written to the second is
 * read from the first.
 */
export function posix_pipe(_m: usize, _u: usize): usize {
  return makePipe(O_CLOEXEC);
}

/**
 * @native posix.pipe2($module, flags, /)
 *
 * Make a pipe with flags.
 *
 * Two numbers are returned, in a tuple: what is written to the second is
 * read from the first. The flags are O_NONBLOCK and O_CLOEXEC,
 * or both.
 */
export function posix_pipe2(_m: usize, flags: i32): usize {
  return (flags & ~(O_NONBLOCK | O_CLOEXEC)) != 0 ? raiseErrno(EINVAL) : makePipe(flags);
}

/**
 * @native posix.get_terminal_size($module, fd=<unrepresentable>, /)
 *
 * How large a terminal is, as a tuple (columns, lines) with names.
 *
 * It is standard output if no number is given. If it is no terminal, an OSError is raised.
 *
 * shutil.get_terminal_size is what most programs want, which does not fail. This
 * one asks the system.
 */
export function posix_get_terminal_size(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("get_terminal_size", nargs, 0, 1)) return 0;
  let fd = 1;
  if (nargs > 0) {
    fd = intArgument(Py.item(argv, 0));
    if (fd == -1 && PyErr_Occurred()) return 0;
  }
  const r = host.ttysize(fd);
  return r < 0 ? raiseErrno(-r) : terminalSize(<i32>r & 0xffff, <i32>(r >> 16));
}
