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
import { addGetSet, addMethod, METH_FASTCALL, METH_NOARGS, METH_O } from "../../objects/define/tables";
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
import { PyObject_GenericGetDict } from "../../objects/object/attributes";
import { Buffer, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer } from "../../objects/object/buffer";
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
  optionalSize,
  unsupported,
} from "./common";

/** Whether __IOBase_closed is there: 1, 0, or -1 with an exception. */
function isClosed(self: usize): i32 {
  return PyObject_HasAttrWithError(self, ID.__IOBase_closed);
}

function iobase_closed(self: usize, _c: usize): usize {
  const r = isClosed(self);
  return r < 0 ? 0 : boolObject(r != 0);
}

function iobase_seek(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("seek");
}

function iobase_tell(self: usize, _: usize): usize {
  const zero = PyLong_FromLong(0);
  const one = PyLong_FromLong(1);
  return PyObject_CallMethodTwoArgs(self, ID.seek, zero, one);
}

function iobase_truncate(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("truncate");
}

function iobase_fileno(_self: usize, _: usize): usize {
  return unsupported("fileno");
}

function iobase_flush(self: usize, _: usize): usize {
  const closed = isClosed(self);
  if (closed < 0) return 0;
  return closed ? closedError() : none();
}

/** close(): flushes, then marks the stream as closed even where flushing failed. */
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

/** seekable(), readable() and writable() of a stream that is none of them. */
function iobase_no(_self: usize, _: usize): usize {
  return boolObject(false);
}

function iobase_isatty(self: usize, _: usize): usize {
  return checkOpen(self) ? boolObject(false) : 0;
}

function iobase_checkClosed(self: usize, _: usize): usize {
  return checkOpen(self) ? none() : 0;
}

function iobase_checkSeekable(self: usize, _: usize): usize {
  return checkAbility(self, ID.seekable, "File or stream is not seekable.") ? none() : 0;
}

function iobase_checkReadable(self: usize, _: usize): usize {
  return checkAbility(self, ID.readable, "File or stream is not readable.") ? none() : 0;
}

function iobase_checkWritable(self: usize, _: usize): usize {
  return checkAbility(self, ID.writable, "File or stream is not writable.") ? none() : 0;
}

function iobase_enter(self: usize, _: usize): usize {
  return checkOpen(self) ? Py.NewRef(self) : 0;
}

function iobase_exit(self: usize, _argv: usize, _nargs: isize): usize {
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

/** readline(): through read(), guided by peek() where the stream has it. */
function iobase_readline(self: usize, argv: usize, nargs: isize): usize {
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

function iobase_readlines(self: usize, argv: usize, nargs: isize): usize {
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

function iobase_writelines(self: usize, lines: usize): usize {
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
export function iobase_finalize(self: usize): void {
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
  freeStream(self);
}

// _RawIOBase

function rawiobase_read(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("read", nargs, 0, 1)) return 0;
  let n: isize = -1;
  if (nargs > 0) {
    n = PyNumber_AsSsize_t(Py.item(argv, 0), PyExc_ValueError);
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

/** Reads until the end by read(): bytes, or None where nothing was there yet. */
function rawiobase_readall(self: usize, _: usize): usize {
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

function rawiobase_readinto(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("readinto");
}

function rawiobase_write(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("write");
}

// _BufferedIOBase

/** readinto() and readinto1() by way of read() and read1(). */
function bufferediobase_fill(self: usize, target: usize, method: usize): usize {
  const view = Scratch.take(10);
  if (PyObject_GetBuffer(target, view, PyBUF_WRITABLE) < 0) {
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

function bufferediobase_readinto(self: usize, target: usize): usize {
  return bufferediobase_fill(self, target, ID.read);
}

function bufferediobase_readinto1(self: usize, target: usize): usize {
  return bufferediobase_fill(self, target, ID.read1);
}

function unsupported_detach(_self: usize, _: usize): usize {
  return unsupported("detach");
}

function unsupported_read(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("read");
}

function unsupported_read1(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("read1");
}

function unsupported_write(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("write");
}

function unsupported_readline(_self: usize, _argv: usize, _nargs: isize): usize {
  return unsupported("readline");
}

function none_get(_self: usize, _c: usize): usize {
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

export function initIOBaseTypes(): void {
  const o = PyIOBase_Type;
  const t = PyTypeObject.at(o);
  defineStream(o, 0, SIZEOF_iobase, iobase_dict, iobase_weakreflist);
  t.tp_finalize = iobase_finalize.index;
  t.tp_iter = iobase_iter.index;
  t.tp_iternext = iobase_iternext.index;
  addMethod(o, "seek", iobase_seek.index, METH_FASTCALL);
  addMethod(o, "tell", iobase_tell.index, METH_NOARGS);
  addMethod(o, "truncate", iobase_truncate.index, METH_FASTCALL);
  addMethod(o, "flush", iobase_flush.index, METH_NOARGS);
  addMethod(o, "close", iobase_close.index, METH_NOARGS);
  addMethod(o, "seekable", iobase_no.index, METH_NOARGS);
  addMethod(o, "readable", iobase_no.index, METH_NOARGS);
  addMethod(o, "writable", iobase_no.index, METH_NOARGS);
  addMethod(o, "_checkClosed", iobase_checkClosed.index, METH_NOARGS);
  addMethod(o, "_checkSeekable", iobase_checkSeekable.index, METH_NOARGS);
  addMethod(o, "_checkReadable", iobase_checkReadable.index, METH_NOARGS);
  addMethod(o, "_checkWritable", iobase_checkWritable.index, METH_NOARGS);
  addMethod(o, "fileno", iobase_fileno.index, METH_NOARGS);
  addMethod(o, "isatty", iobase_isatty.index, METH_NOARGS);
  addMethod(o, "__enter__", iobase_enter.index, METH_NOARGS);
  addMethod(o, "__exit__", iobase_exit.index, METH_FASTCALL);
  addMethod(o, "readline", iobase_readline.index, METH_FASTCALL);
  addMethod(o, "readlines", iobase_readlines.index, METH_FASTCALL);
  addMethod(o, "writelines", iobase_writelines.index, METH_O);
  addGetSet(o, "__dict__", PyObject_GenericGetDict.index, 0);
  addGetSet(o, "closed", iobase_closed.index, 0);

  const raw = PyRawIOBase_Type;
  defineStream(raw, o, SIZEOF_iobase, iobase_dict, iobase_weakreflist);
  addMethod(raw, "read", rawiobase_read.index, METH_FASTCALL);
  addMethod(raw, "readall", rawiobase_readall.index, METH_NOARGS);
  addMethod(raw, "readinto", rawiobase_readinto.index, METH_FASTCALL);
  addMethod(raw, "write", rawiobase_write.index, METH_FASTCALL);

  const buffered = PyBufferedIOBase_Type;
  defineStream(buffered, o, SIZEOF_iobase, iobase_dict, iobase_weakreflist);
  addMethod(buffered, "detach", unsupported_detach.index, METH_NOARGS);
  addMethod(buffered, "read", unsupported_read.index, METH_FASTCALL);
  addMethod(buffered, "read1", unsupported_read1.index, METH_FASTCALL);
  addMethod(buffered, "readinto", bufferediobase_readinto.index, METH_O);
  addMethod(buffered, "readinto1", bufferediobase_readinto1.index, METH_O);
  addMethod(buffered, "write", unsupported_write.index, METH_FASTCALL);

  const text = PyTextIOBase_Type;
  defineStream(text, o, SIZEOF_iobase, iobase_dict, iobase_weakreflist);
  addMethod(text, "detach", unsupported_detach.index, METH_NOARGS);
  addMethod(text, "read", unsupported_read.index, METH_FASTCALL);
  addMethod(text, "readline", unsupported_readline.index, METH_FASTCALL);
  addMethod(text, "write", unsupported_write.index, METH_FASTCALL);
  addGetSet(text, "encoding", none_get.index, 0);
  addGetSet(text, "newlines", none_get.index, 0);
  addGetSet(text, "errors", none_get.index, 0);
}
