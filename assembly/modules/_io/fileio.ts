// FileIO: a descriptor as a raw stream (CPython 3.13's Modules/_io/fileio.c).
//
// Invariant: fd is -1 exactly when the stream is closed.

import {
  EAGAIN,
  EBADF,
  EISDIR,
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_EXCL,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  Py_TPFLAGS_LONG_SUBCLASS,
  S_IFDIR,
  S_IFMT,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
} from "../../generated/constants";
import { host } from "../../generated/host";
import {
  FileStatus,
  fileio,
  fileio_dict,
  fileio_weakreflist,
  PyBytesObject,
  PyTypeObject,
  SIZEOF_FileStatus,
  SIZEOF_fileio,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyBool_Type,
  PyExc_RuntimeWarning,
  PyExc_TypeError,
  PyExc_ValueError,
  PyExc_Warning,
  PyFileIO_Type,
  PyRawIOBase_Type,
} from "../../generated/statics";
import { newBytes, PyBytes_FromStringAndSize, firstBytes } from "../../objects/bytes/bytes";
import { ByteWriter, byteWriterDiscard, byteWriterFinish } from "../../objects/bytes/writer";
import { ArgParser, intArgument, parseTupleAndKeywords, utf8Argument } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyErr_WriteUnraisable } from "../../objects/errors/unraisable";
import { PyErr_ResourceWarning, PyErr_WarnEx } from "../../objects/errors/warnings";
import { fileio_clear, fileio_traverse } from "../../objects/generated/references";
import { boolObject } from "../../objects/numbers/bool";
import {
  PyLong_AsInt,
  PyLong_FromLong,
  PyLong_FromLongLong,
  PyLong_FromSsize_t,
} from "../../objects/numbers/int/create";
import { Buffer, PyBuffer_Release } from "../../objects/object/buffer";
import { PyObject_CallTwoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr, PyObject_SetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { U } from "../../objects/text/access";
import { PyUnicode_FSConverter } from "../../objects/text/codecs/filesystem";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Scratch } from "../../thread/scratch";
import { raiseTransfer, readDescriptor, writeDescriptor } from "../select/transfer";
import {
  chainExceptions,
  DEFAULT_BUFFER_SIZE,
  failed,
  freeStream,
  Letter,
  none,
  offsetArgument,
  openWritable,
  optionalSize,
  unsupported,
  leaveStream,
} from "./common";
import { defineStream, finalizeStream, iobase_close } from "./iobase";

const CREATED: u8 = 1;
const READABLE: u8 = 2;
const WRITABLE: u8 = 4;
const APPENDING: u8 = 8;
const SEEKABLE: u8 = 16;
/** Whether SEEKABLE has been found out. */
const SEEKABLE_KNOWN: u8 = 32;
const CLOSEFD: u8 = 64;

function fileio_new(type: usize, _args: usize, _kwargs: usize): usize {
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) return 0;
  const f = fileio.at(self);
  f.fd = -1;
  f.bits = CLOSEFD;
  return self;
}

/** The flags of open() for a mode, kept in `bits` as well; -1 with ValueError. */
function parseMode(f: fileio, mode: usize): i32 {
  const n = U.length(mode);
  let bits = f.bits & CLOSEFD;
  let flags = 0;
  let kinds = 0;
  let plus = 0;
  for (let i: isize = 0; i < n; i++) {
    switch (U.at(mode, i)) {
      case Letter.x:
        kinds++;
        bits |= CREATED | WRITABLE;
        flags |= O_EXCL | O_CREAT;
        break;
      case Letter.r:
        kinds++;
        bits |= READABLE;
        break;
      case Letter.w:
        kinds++;
        bits |= WRITABLE;
        flags |= O_CREAT | O_TRUNC;
        break;
      case Letter.a:
        kinds++;
        bits |= WRITABLE | APPENDING;
        flags |= O_APPEND | O_CREAT;
        break;
      case Letter.b:
        break;
      case Letter.plus:
        plus++;
        bits |= READABLE | WRITABLE;
        break;
      default:
        PyErr_Format(PyExc_ValueError, "invalid mode: %U", mode);
        return -1;
    }
  }
  if (kinds != 1 || plus > 1) {
    return PyErr_Fail(PyExc_ValueError, "Must have exactly one of create/read/write/append mode and at most one plus");
  }
  f.bits = bits;
  if ((bits & (READABLE | WRITABLE)) == (READABLE | WRITABLE)) flags |= O_RDWR;
  else if (bits & WRITABLE) flags |= O_WRONLY;
  return flags | O_CLOEXEC;
}

/** Opens the file named: a descriptor, or -1 with an exception. */
function openPath(name: usize, flags: i32, opener: usize): i32 {
  if (opener != _Py_NoneStruct) {
    const number = PyLong_FromLong(flags);
    const r = number == 0 ? 0 : PyObject_CallTwoArgs(opener, name, number);
    Py.XDECREF(number);
    if (r == 0) return -1;
    if (!Py.check(r, Py_TPFLAGS_LONG_SUBCLASS)) {
      Py.DECREF(r);
      return PyErr_Fail(PyExc_TypeError, "expected integer from opener");
    }
    const fd = PyLong_AsInt(r);
    Py.DECREF(r);
    if (fd < 0 && !PyErr_Occurred()) PyErr_Format(PyExc_ValueError, "opener returned %d", fd);
    return fd;
  }
  const path = PyUnicode_FSConverter(name);
  if (path == 0) return -1;
  const fd = host.open(PyBytesObject.at(path).ob_sval, <usize>Py.SIZE(path), flags, 0o666);
  Py.DECREF(path);
  if (fd < 0) raiseErrno(-fd, name);
  return <i32>fd;
}

/** Looks at the file that was opened: 0, or -1 with OSError where it is a directory or no file at all. */
function inspect(f: fileio, name: usize): i32 {
  const out = Scratch.take(SIZEOF_FileStatus >> 3);
  const r = host.fstat(f.fd, out);
  const mode = FileStatus.at(out).mode;
  const blksize = FileStatus.at(out).blockSize;
  Scratch.give(out);
  f.blksize = <u32>DEFAULT_BUFFER_SIZE;
  if (r < 0) {
    if (r == -EBADF) {
      raiseErrno(EBADF);
      return -1;
    }
    return 0;
  }
  if ((mode & S_IFMT) == S_IFDIR) {
    raiseErrno(EISDIR, name);
    return -1;
  }
  if (blksize > 1) f.blksize = blksize;
  return 0;
}

function fileio_init(self: usize, args: usize, kwargs: usize): i32 {
  const f = fileio.at(self);
  const a = Scratch.take(4);
  const r = parseTupleAndKeywords("FileIO", "file mode closefd opener", args, kwargs, a, 1, 4)
    ? initialise(self, f, Py.item(a, 0), Py.item(a, 1), Py.item(a, 2), Py.item(a, 3))
    : -1;
  Scratch.give(a);
  return r;
}

function initialise(self: usize, f: fileio, name: usize, mode: usize, closefd: usize, opener: usize): i32 {
  if (f.fd >= 0) {
    if (f.bits & CLOSEFD) {
      if (internalClose(f) < 0) return -1;
    } else f.fd = -1;
  }
  if (mode != 0 && !utf8Argument(mode, "FileIO", "argument 'mode'")) return -1;
  let fd = -1;
  if (Py.IS_TYPE(name, PyBool_Type)) {
    if (PyErr_WarnEx(PyExc_RuntimeWarning, "bool is used as a file descriptor", 1) < 0) return -1;
  }
  // What is no descriptor is a name.
  fd = PyLong_AsInt(name);
  if (fd < 0) {
    if (!PyErr_Occurred()) return PyErr_Fail(PyExc_ValueError, "negative file descriptor");
    PyErr_Clear();
    fd = -1;
  }
  let keep = true;
  if (closefd != 0) {
    const t = PyObject_IsTrue(closefd);
    if (t < 0) return -1;
    keep = t != 0;
  }
  f.bits = keep ? CLOSEFD : 0;
  let flags = O_CLOEXEC;
  if (mode != 0) {
    flags = parseMode(f, mode);
    if (flags < 0) return -1;
  } else f.bits |= READABLE;
  if (!Audit.event("open", "OOi", name, mode, flags)) return -1;
  const owned = fd < 0;
  if (owned) {
    if (!keep) return PyErr_Fail(PyExc_ValueError, "Cannot use closefd=False with file name");
    fd = openPath(name, flags, opener == 0 ? _Py_NoneStruct : opener);
    if (fd < 0) return -1;
  }
  f.fd = fd;
  if (inspect(f, name) < 0 || PyObject_SetAttr(self, ID.name, name) < 0) {
    // A descriptor that was given stays open.
    if (owned) {
      const exc = PyErr_GetRaisedException();
      internalClose(f);
      chainExceptions(exc);
    } else f.fd = -1;
    return -1;
  }
  if (f.bits & APPENDING) host.lseek(fd, 0, SEEK_END);
  return 0;
}

function internalClose(f: fileio): i32 {
  const fd = f.fd;
  if (fd < 0) return 0;
  f.fd = -1;
  const r = host.close(fd);
  if (r >= 0) return 0;
  raiseErrno(-r);
  return -1;
}

/**
 * @native _io.FileIO.close($self, /)
 *
 * End the file: the system forgets its number.
 *
 * Nothing can be done with it afterwards, but to close it again is no error at all.
 */
export function fileio_close(self: usize, _: usize): usize {
  const f = fileio.at(self);
  const base = iobase_close(self, 0);
  const exc = base == 0 ? PyErr_GetRaisedException() : 0;
  if (f.finalizing) fileio_dealloc_warn(self, self);
  if (!(f.bits & CLOSEFD)) f.fd = -1;
  else internalClose(f);
  if (exc != 0) chainExceptions(exc);
  return PyErr_Occurred() ? 0 : none();
}

function closed(): usize {
  return PyErr_SetString(PyExc_ValueError, "I/O operation on closed file");
}

function notOpenFor(reading: bool): usize {
  return unsupported(reading ? "File not open for reading" : "File not open for writing");
}

/** Whether the stream is open and can be read; otherwise false with an exception. */
export function checkReadable(self: usize): bool {
  const f = fileio.at(self);
  if (f.fd < 0) closed();
  else if (!(f.bits & READABLE)) notOpenFor(true);
  else return true;
  return false;
}

export function checkWritable(self: usize): bool {
  const f = fileio.at(self);
  if (f.fd < 0) closed();
  else if (!(f.bits & WRITABLE)) notOpenFor(false);
  else return true;
  return false;
}

/** The descriptor, or -1 where the stream is closed. */
export function fileDescriptor(self: usize): i32 {
  return fileio.at(self).fd;
}

/**
 * @native _io.FileIO.fileno($self, /)
 *
 * The number by which the system knows the file.
 */
export function fileio_fileno(self: usize, _: usize): usize {
  const f = fileio.at(self);
  return f.fd < 0 ? closed() : PyLong_FromLong(f.fd);
}

/**
 * @native _io.FileIO.readable($self, /)
 *
 * Whether it can be read from.
 */
export function fileio_readable(self: usize, _: usize): usize {
  const f = fileio.at(self);
  return f.fd < 0 ? closed() : boolObject((f.bits & READABLE) != 0);
}

/**
 * @native _io.FileIO.writable($self, /)
 *
 * Whether it has been opened to write to it.
 */
export function fileio_writable(self: usize, _: usize): usize {
  const f = fileio.at(self);
  return f.fd < 0 ? closed() : boolObject((f.bits & WRITABLE) != 0);
}

/**
 * @native _io.FileIO.seekable($self, /)
 *
 * Whether it has positions.
 */
export function fileio_seekable(self: usize, _: usize): usize {
  const f = fileio.at(self);
  if (f.fd < 0) return closed();
  if (!(f.bits & SEEKABLE_KNOWN)) {
    f.bits |= host.lseek(f.fd, 0, SEEK_CUR) >= 0 ? SEEKABLE | SEEKABLE_KNOWN : SEEKABLE_KNOWN;
  }
  return boolObject((f.bits & SEEKABLE) != 0);
}

/**
 * @native _io.FileIO.isatty($self, /)
 *
 * Whether it is a terminal, with a person at it.
 */
export function fileio_isatty(self: usize, _: usize): usize {
  const f = fileio.at(self);
  return f.fd < 0 ? closed() : boolObject(host.isatty(f.fd) > 0);
}

/**
 * @native _io.FileIO.readinto($self, buffer, /)
 *
 * Read into a buffer; see RawIOBase.
 */
export function fileio_readinto(self: usize, target: usize): usize {
  const view = Scratch.take(10);
  if (!openWritable(target, view, "readinto", "argument 1")) {
    Scratch.give(view);
    return 0;
  }
  const usable = checkReadable(self);
  const n = usable ? readDescriptor(fileio.at(self).fd, Buffer.data(view), <usize>Buffer.length(view)) : -1;
  PyBuffer_Release(view);
  Scratch.give(view);
  if (!usable) return 0;
  if (n >= 0) return PyLong_FromSsize_t(n);
  return n == -EAGAIN ? none() : raiseTransfer(n);
}

/** How much there is left to read, as far as the file's size tells; a little more, so that the end is seen. */
function estimate(fd: i32): isize {
  const out = Scratch.take(SIZEOF_FileStatus >> 3);
  const r = host.fstat(fd, out);
  const size = FileStatus.at(out).size;
  Scratch.give(out);
  if (r < 0 || size <= 0) return DEFAULT_BUFFER_SIZE;
  const at = host.lseek(fd, 0, SEEK_CUR);
  const left = at < 0 ? size : size - at;
  return left <= 0 || left > 0x40000000 ? DEFAULT_BUFFER_SIZE : <isize>left + 1;
}

/** Everything up to the end: new bytes, None where nothing is there yet, or null with an exception. */
export function readAll(self: usize): usize {
  if (!checkReadable(self)) return 0;
  const fd = fileio.at(self).fd;
  const w = ByteWriter.begin(0);
  let room = estimate(fd);
  while (true) {
    if (ByteWriter.prepare(w, room) < 0) return byteWriterDiscard(w);
    const n = readDescriptor(fd, ByteWriter.address(w), <usize>room);
    if (n == 0) return byteWriterFinish(w);
    if (n < 0) {
      if (n == -EAGAIN && ByteWriter.length(w) > 0) return byteWriterFinish(w);
      byteWriterDiscard(w);
      return n == -EAGAIN ? none() : raiseTransfer(n);
    }
    ByteWriter.advance(w, n);
    room = n < room ? room - n : max<isize>(DEFAULT_BUFFER_SIZE, ByteWriter.length(w) >> 2);
  }
}

/**
 * @native _io.FileIO.readall($self, /)
 *
 * All the bytes that are left.
 *
 * The system is called until it has no more. A file that does not wait gives what there is, or None if that is nothing; at the end no bytes are returned either.
 */
export function fileio_readall(self: usize, _: usize): usize {
  return readAll(self);
}

/**
 * @native _io.FileIO.read($self, size=-1, /)
 *
 * The next bytes, at most size of them; all of them without it.
 *
 * The system is called once, so that there may be fewer. None means that there are none yet, in a file that does not wait; no bytes at all, the end.
 */
export function fileio_read(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("read", nargs, 0, 1)) return 0;
  const size = optionalSize(argv, nargs);
  if ((size == -1 && failed()) || !checkReadable(self)) return 0;
  if (size < 0) return readAll(self);
  if (size == 0) return PyBytes_FromStringAndSize(0, 0);
  const b = newBytes(size);
  if (b == 0) return 0;
  const n = readDescriptor(fileio.at(self).fd, PyBytesObject.at(b).ob_sval, <usize>size);
  if (n >= 0) return firstBytes(b, n);
  Py.DECREF(b);
  return n == -EAGAIN ? none() : raiseTransfer(n);
}

/**
 * @native _io.FileIO.write($self, b, /)
 *
 * Write bytes, and return how many of them were written.
 *
 * The system is called once, so that it may be less than all: the rest has to be written by another call. None means that it was nothing, in a file that does not wait for space in it.
 */
export function fileio_write(self: usize, data: usize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const usable = checkWritable(self);
  const n = usable ? writeDescriptor(fileio.at(self).fd, Buffer.data(view), <usize>Buffer.length(view)) : -1;
  Buffer.close(view);
  if (!usable) return 0;
  if (n >= 0) return PyLong_FromSsize_t(n);
  return n == -EAGAIN ? none() : raiseTransfer(n);
}

/**
 * @native _io.FileIO.seek($self, pos, whence=0, /)
 *
 * Go to another position, and return it.
 *
 * It is counted in bytes from where whence says: 0, or SEEK_SET, the default, from the beginning, not negative; 1, or SEEK_CUR, from the current position; 2, or SEEK_END, from the end, mostly negative. More than the end can be gone to on most systems; what is written there leaves a hole before it, which reads as zeros.
 *
 * But not every file has positions: a pipe or a terminal has none, and this raises an OSError then.
 */
export function fileio_seek(self: usize, pos: usize, whence_: usize): usize {
  const f = fileio.at(self);
  let whence = SEEK_SET;
  if (whence_ != 0) {
    whence = intArgument(whence_);
    if (whence == -1 && failed()) return 0;
  }
  if (f.fd < 0) return closed();
  const offset = offsetArgument(pos);
  if (offset == -1 && failed()) return 0;
  if (f.fd < 0) return closed();
  return position(host.lseek(f.fd, offset, whence));
}

/**
 * @native _io.FileIO.tell($self, /)
 *
 * At which position it stands. OSError where it has not any.
 */
export function fileio_tell(self: usize, _: usize): usize {
  const f = fileio.at(self);
  return f.fd < 0 ? closed() : position(host.lseek(f.fd, 0, SEEK_CUR));
}

/** What lseek returned, as an int; null with OSError. */
function position(r: i64): usize {
  return r < 0 ? raiseErrno(<isize>-r) : PyLong_FromLongLong(r);
}

/**
 * @native _io.FileIO.truncate($self, size=None, /)
 *
 * Cut the file to a size, by default the current position, and return that.
 *
 * The position stays, even where it is beyond its end then. The file must have been opened in order to write to it.
 */
export function fileio_truncate(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("truncate", nargs, 0, 1)) return 0;
  if (!checkWritable(self)) return 0;
  let length: i64;
  if (nargs == 0 || Py.item(argv, 0) == _Py_NoneStruct) {
    length = host.lseek(fileio.at(self).fd, 0, SEEK_CUR);
    if (length < 0) return raiseErrno(<isize>-length);
  } else {
    length = offsetArgument(Py.item(argv, 0));
    if (length == -1 && failed()) return 0;
    // __index__ may have closed it.
    if (!checkWritable(self)) return 0;
  }
  const r = host.ftruncate(fileio.at(self).fd, length);
  return r < 0 ? raiseErrno(-r) : PyLong_FromLongLong(length);
}

function modeText(f: fileio): string {
  const both = (f.bits & (READABLE | WRITABLE)) == (READABLE | WRITABLE);
  if (f.bits & CREATED) return both ? "xb+" : "xb";
  if (f.bits & APPENDING) return both ? "ab+" : "ab";
  if (f.bits & READABLE) return both ? "rb+" : "rb";
  return "wb";
}

/**
 * @getter _io.FileIO.mode
 *
 * how it was opened, as letters
 */
export function fileio_mode(self: usize, _c: usize): usize {
  return PyUnicode_FromLiteral(modeText(fileio.at(self)));
}

/**
 * @getter _io.FileIO.closed
 *
 * Whether it has been closed
 */
export function fileio_closed(self: usize, _c: usize): usize {
  return boolObject(fileio.at(self).fd < 0);
}

/**
 * @getter _io.FileIO.closefd
 *
 * whether closing this closes the system's file
 */
export function fileio_closefd(self: usize, _c: usize): usize {
  return boolObject((fileio.at(self).bits & CLOSEFD) != 0);
}

function fileio_repr(self: usize): usize {
  const f = fileio.at(self);
  if (f.fd < 0) return PyUnicode_FromFormat("<%.100t [closed]>", self);
  const mode = changetype<usize>(modeText(f));
  const closes = changetype<usize>(f.bits & CLOSEFD ? "True" : "False");
  const name = PyObject_GetOptionalAttr(self, ID.name);
  if (name == 0 && PyErr_Occurred()) return 0;
  if (name == 0) return PyUnicode_FromFormat("<%.100t fd=%d mode='%L' closefd=%L>", self, f.fd, mode, closes);
  const r = PyUnicode_FromFormat("<%.100t name=%R mode='%L' closefd=%L>", self, name, mode, closes);
  Py.DECREF(name);
  return r;
}

/**
 * Warns that `source`, a stream over this file, was not closed by the program.
 *
 * @native _io.FileIO._dealloc_warn
 */
export function fileio_dealloc_warn(self: usize, source: usize): usize {
  const f = fileio.at(self);
  if (f.fd >= 0 && f.bits & CLOSEFD) {
    const exc = PyErr_GetRaisedException();
    if (PyErr_ResourceWarning(source, 1, "unclosed file %R", source) < 0) {
      if (PyErr_ExceptionMatches(PyExc_Warning)) PyErr_WriteUnraisable(self);
    }
    PyErr_SetRaisedException(exc);
  }
  return none();
}

/**
 * @native _io.FileIO.__reduce__
 */
export function fileio_reduce(self: usize, _: usize): usize {
  return PyErr_Format(PyExc_TypeError, "cannot pickle '%.100t' instances", self);
}

/**
 * @native _io.FileIO.__reduce_ex__
 */
export function fileio_reduce_ex(self: usize, protocol: usize): usize {
  return fileio_reduce(self, protocol);
}

function fileio_dealloc(self: usize): void {
  fileio.at(self).finalizing = 1;
  if (finalizeStream(self)) return;
  leaveStream(self);
  freeStream(self);
}

/**
 * @type _io.FileIO(file, mode='r', closefd=True, opener=None)
 * @order read readall readinto write seek tell truncate close seekable readable writable fileno isatty
 * @order _dealloc_warn __reduce__ __reduce_ex__ closed closefd mode
 *
 * A file of the system, unbuffered.
 *
 * The mode is 'r' to read, 'w' to write to an empty file, 'x' to write to a new one, 'a' to write at the end. A '+' after it adds the other direction; 'b' changes nothing, as these are always bytes.
 *
 * The file is a path, or a number that the system has given it. Such a number is closed with the stream unless closefd is false, which is possible for numbers only.
 *
 * An opener is called in place of the system with the path and the flags, as opener(path, flags), and returns a number; os.open does as well.
 *
 * After 'x' a FileExistsError says that there is such a file. Reading and writing are one call of the system each, so that they may do less than asked; what they did is returned. open() puts a buffer before it, which is faster for small pieces.
 *
 * @member _io.FileIO._blksize = fileio.blksize
 *
 * @member _io.FileIO._finalizing = fileio.finalizing
 */
export function initFileIOType(): void {
  const o = PyFileIO_Type;
  const t = PyTypeObject.at(o);
  defineStream(o, PyRawIOBase_Type, SIZEOF_fileio, fileio_dict, fileio_weakreflist);
  t.tp_new = fileio_new.index;
  t.tp_init = fileio_init.index;
  t.tp_repr = fileio_repr.index;
  t.tp_dealloc = fileio_dealloc.index;
  t.tp_traverse = fileio_traverse.index;
  t.tp_clear = fileio_clear.index;
}
