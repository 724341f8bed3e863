// _IOBase, the root of the streams, and its three branches _RawIOBase, _BufferedIOBase and _TextIOBase (CPython 3.13's
// Modules/_io/iobase.c): everything that can be done with a stream by calling its other methods.
//
// A stream that was not closed is closed by its finalizer. "Closed" is the attribute __IOBase_closed in the dict, for
// classes that do not know it better.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import { iobase_dict, iobase_weakreflist, PyBytesObject, PyTypeObject, SIZEOF_iobase } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyBufferedIOBase_Type,
  PyExc_OSError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyIOBase_Type,
  PyRawIOBase_Type,
  PyTextIOBase_Type,
} from "../../generated/statics";
import { ByteArray, PyByteArray_FromStringAndSize } from "../../objects/bytes/bytearray/bytearray";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeBytes } from "../../objects/bytes/writer";
import { PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { ArgParser } from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyErr_WriteUnraisable } from "../../objects/errors/unraisable";
import { iobase_clear, iobase_traverse } from "../../objects/generated/references";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_FromLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { Buffer, PyBuffer_Release } from "../../objects/object/buffer";
import {
  PyObject_CallMethodNoArgs,
  PyObject_CallMethodOneArg,
  PyObject_CallMethodTwoArgs,
} from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr, PyObject_HasAttrWithError, PyObject_SetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyObject_Size } from "../../objects/protocol/items";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_AsSsize_t } from "../../objects/protocol/number";
import { object_new } from "../../objects/types/base";
import { PyObject_CallFinalizerFromDealloc } from "../../objects/types/subtype";
import { Scratch } from "../../thread/scratch";
import {
  chainExceptions,
  checkAbility,
  checkOpen,
  closedError,
  DEFAULT_BUFFER_SIZE,
  failed,
  freeStream,
  none,
  openWritable,
  optionalSize,
  unsupported,
  leaveStream,
} from "./common";

/** Whether __IOBase_closed is there: 1, 0, or -1 with an exception. */
function isClosed(self: usize): i32 {
  return PyObject_HasAttrWithError(self, ID.__IOBase_closed);
}

/**
 * @getter _io._IOBase.closed
 */
export function iobase_closed(self: usize, _c: usize): usize {
  const r = isClosed(self);
  return r < 0 ? 0 : boolObject(r != 0);
}

/**
 * @native _io._IOBase.seek($self, offset, whence=os.SEEK_SET, /)
 *
 * Go to another position.
 *
 *   offset
 *     How far it is from where whence says.
 *   whence
 *     0, or os.SEEK_SET, the default: from the beginning, with an offset that is not negative.
 *     1, or os.SEEK_CUR: from the current position.
 *     2, or os.SEEK_END: from the end, mostly with an offset that is negative or 0.
 *
 * The new position is returned, from the beginning. Some systems know more values of whence, for files with holes. A stream that is not seekable raises OSError, and one of text allows less.
 */
export function iobase_seek(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("seek");
}

/**
 * @native _io._IOBase.tell($self, /)
 *
 * At which position it stands.
 */
export function iobase_tell(self: usize, _: usize): usize {
  const zero = PyLong_FromLong(0);
  const one = PyLong_FromLong(1);
  return PyObject_CallMethodTwoArgs(self, ID.seek, zero, one);
}

/**
 * @native _io._IOBase.truncate($self, size=None, /)
 *
 * Cut or lengthen to a size, by default the current position, where it stays.
 *
 * The new size is returned. What is added reads as zeros on most systems.
 */
export function iobase_truncate(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("truncate");
}

/**
 * @native _io._IOBase.fileno($self, /)
 *
 * The number by which the system knows the file.
 *
 * A stream that has no such number raises OSError if asked.
 */
export function iobase_fileno(_self: usize, _: usize): usize {
  return unsupported("fileno");
}

/**
 * @native _io._IOBase.flush($self, /)
 *
 * Write what is in the buffer.
 *
 * Does nothing to a stream that has none, or is only for reading.
 */
export function iobase_flush(self: usize, _: usize): usize {
  const closed = isClosed(self);
  if (closed < 0) return 0;
  return closed ? closedError() : none();
}

/**
 * close(): flushes, then marks the stream as closed even where flushing failed.
 *
 * @native _io._IOBase.close($self, /)
 *
 * Write what is in the buffer, and end the stream.
 *
 * Doing so again has no effect whatever.
 */
export function iobase_close(self: usize, _: usize): usize {
  const closed = isClosed(self);
  if (closed < 0) return 0;
  if (closed) return none();
  const flushed = PyObject_CallMethodNoArgs(self, ID.flush);
  const exc = PyErr_GetRaisedException();
  const marked = PyObject_SetAttr(self, ID.__IOBase_closed, _Py_TrueStruct);
  if (exc != 0) {
    chainExceptions(exc);
    return 0;
  }
  Py.DECREF(flushed);
  return marked < 0 ? 0 : none();
}

/**
 * seekable(), readable() and writable() of a stream that is none of them.
 *
 * @native _io._IOBase.seekable($self, /)
 *
 * Whether it can be asked to seek(), tell() and truncate().
 *
 * Otherwise these raise OSError. To find out may move the position for a moment.
 *
 * @native _io._IOBase.readable($self, /)
 *
 * Whether it can be read from.
 *
 * Otherwise read() raises OSError, as do others.
 *
 * @native _io._IOBase.writable($self, /)
 *
 * Whether it can be written to.
 *
 * Otherwise write() raises OSError, as do others.
 */
export function iobase_no(_self: usize, _: usize): usize {
  return boolObject(false);
}

/**
 * @native _io._IOBase.isatty($self, /)
 *
 * Whether there is a person at the other end: a terminal.
 *
 * False also where it is not known.
 */
export function iobase_isatty(self: usize, _: usize): usize {
  return checkOpen(self) ? boolObject(false) : 0;
}

/**
 * @native _io._IOBase._checkClosed
 */
export function iobase_checkClosed(self: usize, _: usize): usize {
  return checkOpen(self) ? none() : 0;
}

/**
 * @native _io._IOBase._checkSeekable
 */
export function iobase_checkSeekable(self: usize, _: usize): usize {
  return checkAbility(self, ID.seekable, "File or stream is not seekable.") ? none() : 0;
}

/**
 * @native _io._IOBase._checkReadable
 */
export function iobase_checkReadable(self: usize, _: usize): usize {
  return checkAbility(self, ID.readable, "File or stream is not readable.") ? none() : 0;
}

/**
 * @native _io._IOBase._checkWritable
 */
export function iobase_checkWritable(self: usize, _: usize): usize {
  return checkAbility(self, ID.writable, "File or stream is not writable.") ? none() : 0;
}

/**
 * @native _io._IOBase.__enter__
 */
export function iobase_enter(self: usize, _: usize): usize {
  return checkOpen(self) ? Py.NewRef(self) : 0;
}

/**
 * @native _io._IOBase.__exit__
 */
export function iobase_exit(self: usize, _argv: usize, _nargs: isize): usize {
  return PyObject_CallMethodNoArgs(self, ID.close);
}

/** What peek() shows up to the first line end, at most `limit` bytes (-1: no limit); 1 where it shows nothing. */
function peekLength(self: usize, peek: usize, limit: isize): isize {
  const one = PyLong_FromLong(1);
  const seen = PyObject_CallMethodOneArg(self, peek, one);
  if (seen == 0) return -1;
  if (!Py.check(seen, Py_TPFLAGS_BYTES_SUBCLASS)) {
    PyErr_Format(PyExc_OSError, "peek() should have returned a bytes object, not '%.200t'", seen);
    Py.DECREF(seen);
    return -1;
  }
  const n = limit >= 0 && limit < Py.SIZE(seen) ? limit : Py.SIZE(seen);
  let length: isize = 0;
  while (length < n) {
    length++;
    if (load<u8>(PyBytesObject.at(seen).ob_sval + <usize>(length - 1)) == 10) break;
  }
  Py.DECREF(seen);
  return length == 0 ? 1 : length;
}

/**
 * readline(): through read(), guided by peek() where the stream has it.
 *
 * @native _io._IOBase.readline($self, size=-1, /)
 *
 * The next line, with its end.
 *
 * At most size bytes of it, if given and not negative; the next call goes on from there. At the end of the stream the result is empty. What ends a line is b'\n' in streams of bytes; in those of text newline is what says it.
 */
export function iobase_readline(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("readline", nargs, 0, 1)) return 0;
  const limit = optionalSize(argv, nargs);
  if (limit == -1 && failed()) return 0;
  const hasPeek = PyObject_HasAttrWithError(self, ID.peek);
  if (hasPeek < 0) return 0;
  const w = ByteWriter.begin(64);
  while (limit < 0 || ByteWriter.length(w) < limit) {
    let n: isize = 1;
    if (hasPeek) {
      n = peekLength(self, ID.peek, limit < 0 ? -1 : limit - ByteWriter.length(w));
      if (n < 0) return byteWriterDiscard(w);
    }
    const count = PyLong_FromSsize_t(n);
    const b = count == 0 ? 0 : PyObject_CallMethodOneArg(self, ID.read, count);
    Py.XDECREF(count);
    if (b == 0) return byteWriterDiscard(w);
    if (!Py.check(b, Py_TPFLAGS_BYTES_SUBCLASS)) {
      PyErr_Format(PyExc_OSError, "read() should have returned a bytes object, not '%.200t'", b);
      Py.DECREF(b);
      return byteWriterDiscard(w);
    }
    const got = Py.SIZE(b);
    const ok = writeBytes(w, PyBytesObject.at(b).ob_sval, got);
    const last = got > 0 ? <i32>load<u8>(PyBytesObject.at(b).ob_sval + <usize>(got - 1)) : 10;
    Py.DECREF(b);
    if (ok < 0) return byteWriterDiscard(w);
    if (last == 10) break;
  }
  return byteWriterFinish(w);
}

function iobase_iter(self: usize): usize {
  return checkOpen(self) ? Py.NewRef(self) : 0;
}

function iobase_iternext(self: usize): usize {
  const line = PyObject_CallMethodNoArgs(self, ID.readline);
  if (line == 0) return 0;
  const n = PyObject_Size(line);
  if (n <= 0) {
    // An empty line is the end; -1 an error.
    Py.DECREF(line);
    return 0;
  }
  return line;
}

/**
 * @native _io._IOBase.readlines($self, hint=-1, /)
 *
 * The lines that are still to come, in one list.
 *
 * With a hint above 0, no more are read as soon as their length in all has reached it. Iterating over the stream gives them one by one, without any such list.
 */
export function iobase_readlines(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("readlines", nargs, 0, 1)) return 0;
  const hint = optionalSize(argv, nargs);
  if (hint == -1 && failed()) return 0;
  const result = PyList_New(0);
  if (result == 0) return 0;
  const it = PyObject_GetIter(self);
  if (it == 0) {
    Py.DECREF(result);
    return 0;
  }
  let length: isize = 0;
  while (true) {
    const line = PyIter_Next(it);
    if (line == 0) break;
    const appended = PyList_Append(result, line);
    const n = appended < 0 ? -1 : PyObject_Size(line);
    Py.DECREF(line);
    if (n < 0) break;
    length += n;
    if (hint > 0 && length > hint) break;
  }
  Py.DECREF(it);
  if (PyErr_Occurred()) {
    Py.DECREF(result);
    return 0;
  }
  return result;
}

/**
 * @native _io._IOBase.writelines($self, lines, /)
 *
 * Write all strings of an iterable, one after the other.
 *
 * Nothing is put between them: lines must have their ends, as readlines() has them.
 */
export function iobase_writelines(self: usize, lines: usize): usize {
  if (!checkOpen(self)) return 0;
  const it = PyObject_GetIter(lines);
  if (it == 0) return 0;
  while (true) {
    const line = PyIter_Next(it);
    if (line == 0) break;
    const r = PyObject_CallMethodOneArg(self, ID.write, line);
    Py.DECREF(line);
    if (r == 0) break;
    Py.DECREF(r);
  }
  Py.DECREF(it);
  return PyErr_Occurred() ? 0 : none();
}

/** tp_finalize of every stream: closes it. */
function iobase_finalize(self: usize): void {
  const saved = PyErr_GetRaisedException();
  const closed = PyObject_GetOptionalAttr(self, ID.closed);
  let state = -1;
  if (closed != 0) {
    state = PyObject_IsTrue(closed);
    Py.DECREF(closed);
  }
  PyErr_Clear();
  if (state == 0) {
    if (PyObject_SetAttr(self, ID._finalizing, _Py_TrueStruct) < 0) PyErr_Clear();
    const r = PyObject_CallMethodNoArgs(self, ID.close);
    if (r == 0) PyErr_WriteUnraisable(self);
    else Py.DECREF(r);
  }
  PyErr_SetRaisedException(saved);
}

/** First act of a stream's deallocator: closes it; true where that brought it back to life. */
export function finalizeStream(self: usize): bool {
  return PyObject_CallFinalizerFromDealloc(self);
}

function iobase_dealloc(self: usize): void {
  if (finalizeStream(self)) return;
  leaveStream(self);
  freeStream(self);
}

// _RawIOBase

/**
 * @native _io._RawIOBase.read($self, size=-1, /)
 */
export function rawiobase_read(self: usize, size_: usize): usize {
  let n: isize = -1;
  if (size_ != 0) {
    n = PyNumber_AsSsize_t(size_, PyExc_ValueError);
    if (n == -1 && failed()) return 0;
  }
  if (n < 0) return PyObject_CallMethodNoArgs(self, ID.readall);
  const room = PyByteArray_FromStringAndSize(0, n);
  if (room == 0) return 0;
  const got = PyObject_CallMethodOneArg(self, ID.readinto, room);
  if (got == 0 || got == _Py_NoneStruct) {
    Py.DECREF(room);
    return got;
  }
  const count = PyNumber_AsSsize_t(got, PyExc_ValueError);
  Py.DECREF(got);
  if (count == -1 && failed()) {
    Py.DECREF(room);
    return 0;
  }
  const r = PyBytes_FromStringAndSize(ByteArray.data(room), min(max<isize>(count, 0), ByteArray.size(room)));
  Py.DECREF(room);
  return r;
}

/**
 * Reads until the end by read(): bytes, or None where nothing was there yet.
 *
 * @native _io._RawIOBase.readall($self, /)
 *
 * Read what is left, by as many calls as needed.
 */
export function rawiobase_readall(self: usize, _: usize): usize {
  const w = ByteWriter.begin(DEFAULT_BUFFER_SIZE);
  const size = PyLong_FromSsize_t(DEFAULT_BUFFER_SIZE);
  if (size == 0) return byteWriterDiscard(w);
  while (true) {
    const data = PyObject_CallMethodOneArg(self, ID.read, size);
    if (data == 0) break;
    if (data == _Py_NoneStruct) {
      Py.DECREF(size);
      if (ByteWriter.length(w) > 0) return byteWriterFinish(w);
      byteWriterDiscard(w);
      return none();
    }
    if (!Py.check(data, Py_TPFLAGS_BYTES_SUBCLASS)) {
      Py.DECREF(data);
      PyErr_SetString(PyExc_TypeError, "read() should return bytes");
      break;
    }
    const n = Py.SIZE(data);
    const ok = writeBytes(w, PyBytesObject.at(data).ob_sval, n);
    Py.DECREF(data);
    if (ok < 0) break;
    if (n == 0) {
      Py.DECREF(size);
      return byteWriterFinish(w);
    }
  }
  Py.DECREF(size);
  return byteWriterDiscard(w);
}

/**
 * @native _io._RawIOBase.readinto
 */
export function rawiobase_readinto(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("readinto");
}

/**
 * @native _io._RawIOBase.write
 */
export function rawiobase_write(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("write");
}

// _BufferedIOBase

/** readinto() and readinto1() by way of read() and read1(). */
function bufferediobase_fill(self: usize, target: usize, method: usize): usize {
  const view = Scratch.take(10);
  if (!openWritable(target, view, method == ID.read ? "readinto" : "readinto1")) {
    Scratch.give(view);
    return 0;
  }
  let r: usize = 0;
  const room = Buffer.length(view);
  const size = PyLong_FromSsize_t(room);
  const data = size == 0 ? 0 : PyObject_CallMethodOneArg(self, method, size);
  Py.XDECREF(size);
  if (data != 0) {
    if (!Py.check(data, Py_TPFLAGS_BYTES_SUBCLASS)) {
      PyErr_SetString(PyExc_TypeError, "read() should return bytes");
    } else if (Py.SIZE(data) > room) {
      PyErr_Format(
        PyExc_ValueError,
        "read() returned too much data: %d bytes requested, %d returned",
        room,
        Py.SIZE(data),
      );
    } else {
      memory.copy(Buffer.data(view), PyBytesObject.at(data).ob_sval, <usize>Py.SIZE(data));
      r = PyLong_FromSsize_t(Py.SIZE(data));
    }
    Py.DECREF(data);
  }
  PyBuffer_Release(view);
  Scratch.give(view);
  return r;
}

/**
 * @native _io._BufferedIOBase.readinto($self, buffer, /)
 */
export function bufferediobase_readinto(self: usize, target: usize): usize {
  return bufferediobase_fill(self, target, ID.read);
}

/**
 * @native _io._BufferedIOBase.readinto1($self, buffer, /)
 */
export function bufferediobase_readinto1(self: usize, target: usize): usize {
  return bufferediobase_fill(self, target, ID.read1);
}

/**
 * @native _io._BufferedIOBase.detach($self, /)
 *
 * Take the raw stream out, and return it.
 *
 * The buffer is of no use afterwards. Some have no raw stream to give, such as BytesIO; these refuse.
 *
 * @native _io._TextIOBase.detach($self, /)
 *
 * Take the stream of bytes out, and return it.
 *
 * The stream of text is of no use afterwards. Some have none to give, such as StringIO; these refuse.
 */
export function unsupported_detach(_self: usize, _: usize): usize {
  return unsupported("detach");
}

/**
 * @native _io._BufferedIOBase.read($self, size=-1, /)
 *
 * The next bytes, at most size of them.
 *
 * Without a number, or with None or one that is negative, all bytes that are left are read. With a number, a raw stream is called as often as it takes to have that many, or until it has come to its end. If it is one at which a person sits, it is called once only, so that there may be fewer.
 *
 * No bytes at all mean the end of the stream. None, or BlockingIOError, means that there is nothing yet, in one that does not wait.
 *
 * What was read from the raw stream beyond the number stays in the buffer for the next time.
 *
 * @native _io._TextIOBase.read($self, size=-1, /)
 *
 * The next characters, at most size of them.
 *
 * Without a number, or with one that is negative, all that are left until the end. At the end the result is an empty string.
 */
export function unsupported_read(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("read");
}

/**
 * @native _io._BufferedIOBase.read1($self, size=-1, /)
 *
 * The next bytes, at most size of them, by not more than one call of the raw stream.
 *
 * There may be fewer before the end, which is met when there are none. Less than all means nothing.
 */
export function unsupported_read1(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("read1");
}

/**
 * @native _io._BufferedIOBase.write($self, b, /)
 *
 * Write bytes, all of them, and return how many they are.
 *
 * They may remain in the buffer for some time. A BlockingIOError says that the buffer is full and the raw stream, one that does not wait, has no more space for it.
 *
 * @native _io._TextIOBase.write($self, s, /)
 *
 * Write a text, and return how many characters it has.
 *
 * These may remain in a buffer until flush() is called.
 */
export function unsupported_write(_self: usize, _argv: usize, nargs: isize): usize {
  if (nargs == 1) return unsupported("write");
  return PyErr_Format(PyExc_TypeError, "write() takes exactly 1 positional argument (%d given)", nargs);
}

/**
 * @native _io._TextIOBase.readline($self, size=-1, /)
 *
 * The next line, with its end.
 *
 * At most size characters of it, if given and not negative. At the end of the stream the result is an empty string.
 */
export function unsupported_readline(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("readline");
}

/**
 * @getter _io._TextIOBase.encoding
 *
 * In which encoding its bytes are, by name. Here None: define it.
 *
 * @getter _io._TextIOBase.newlines
 *
 * Which ends of lines have been found so far, when reading: None, a string or a tuple of strings.
 *
 * Here it is always None: define it.
 *
 * @getter _io._TextIOBase.errors
 *
 * What is done with bytes or characters that do not fit. Here None: define it.
 */
export function none_get(_self: usize, _c: usize): usize {
  return none();
}

/** What every stream type has; the rest is inherited from `base` (null: object). */
export function defineStream(type: usize, base: usize, size: usize, dict: usize, weakrefs: usize): void {
  const t = PyTypeObject.at(type);
  t.tp_base = base;
  t.tp_basicsize = <isize>size;
  t.tp_dictoffset = <isize>dict;
  t.tp_weaklistoffset = <isize>weakrefs;
  t.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  t.tp_new = object_new.index;
  t.tp_dealloc = iobase_dealloc.index;
  t.tp_traverse = iobase_traverse.index;
  t.tp_clear = iobase_clear.index;
}

/**
 * @type _io._IOBase
 * @order seek tell truncate flush close seekable readable writable _checkClosed _checkSeekable
 * @order _checkReadable _checkWritable fileno isatty __enter__ __exit__ readline readlines writelines
 * @order __dict__ closed
 *
 * What all streams have in common.
 *
 * A stream is a row of bytes or characters to read, to write, or both. This class does what follows from other methods and says of the rest, by io.UnsupportedOperation, that it cannot do it: a subclass overrides read() or write(), readinto(), seek() and so on, as far as it makes sense for it. That exception is an OSError and a ValueError as well.
 *
 * Bytes are the elements of all streams but those of text; anything with a buffer can be written to them. Once a stream is closed, to use it is a ValueError, but to close it again does nothing.
 *
 * Iterating over a stream gives its lines, each with its end: b'\n' in streams of bytes, and what newline says in those of text. A stream is its own context manager and is closed at the end of the statement with:
 *
 *     with open('spam.txt', 'w') as file:
 *         file.write('Spam and eggs!')
 *
 * One that nobody refers to any more is closed before it dies; it is better style not to rely on that, as what is still in a buffer may then be lost without a word, and as others may still wait for the file.
 *
 * @getter _io._IOBase.__dict__ = attributes.PyObject_GenericGetDict
 */

/**
 * @type _io._RawIOBase
 *
 * What raw streams have in common.
 */

/**
 * @type _io._BufferedIOBase
 * @order detach read read1 readinto readinto1 write
 *
 * What streams with a buffer have in common.
 *
 * A raw stream passes each request to the system; this one gathers them. Its read() gives as many bytes as were asked for, by several calls of the system where it takes that, and all that are left if no number is given. Its write() takes everything. A raw stream that does not wait and has nothing, or no space, makes it raise BlockingIOError, where the raw stream itself would return None.
 *
 * The raw stream is mostly a part of it, in raw.
 */

/**
 * @type _io._TextIOBase
 * @order detach read readline write
 *
 * What streams of text have in common.
 *
 * Characters and lines are read and written in place of bytes. There is no readinto(), as strings cannot be changed in their places.
 */

export function initIOBaseTypes(): void {
  const o = PyIOBase_Type;
  const t = PyTypeObject.at(o);
  defineStream(o, 0, SIZEOF_iobase, iobase_dict, iobase_weakreflist);
  t.tp_finalize = iobase_finalize.index;
  t.tp_iter = iobase_iter.index;
  t.tp_iternext = iobase_iternext.index;

  const raw = PyRawIOBase_Type;
  defineStream(raw, o, SIZEOF_iobase, iobase_dict, iobase_weakreflist);

  const buffered = PyBufferedIOBase_Type;
  defineStream(buffered, o, SIZEOF_iobase, iobase_dict, iobase_weakreflist);

  const text = PyTextIOBase_Type;
  defineStream(text, o, SIZEOF_iobase, iobase_dict, iobase_weakreflist);
}
