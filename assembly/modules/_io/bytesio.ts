// BytesIO: bytes in memory (CPython 3.13's Modules/_io/bytesio.c), and _BytesIOBuffer, which lends them.
//
// Invariant: buf is a bytes object of at least string_size bytes; while anyone else refers to it (getvalue() gives it
// away when it fits) it is copied before it changes; while exports is not 0 its address does not change.

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
} from "../../generated/constants";
import {
  bytesio,
  bytesio_dict,
  bytesio_weakreflist,
  bytesiobuf,
  PyBufferProcs,
  PyBytesObject,
  PyTypeObject,
  SIZEOF_bytesio,
  SIZEOF_bytesiobuf,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_bytes,
  PyBufferedIOBase_Type,
  PyBytesIO_Type,
  PyBytesIOBuf_Type,
  PyExc_BufferError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { _PyBytes_Resize, newBytes, PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyMemoryView_FromObject } from "../../objects/bytes/memoryview/memoryview";
import { PyDict_Copy } from "../../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { ArgParser, intArgument, parseTupleAndKeywords, ssizeArgument } from "../../objects/define/args";
import { addGetSet, addMethod, asBuffer, METH_FASTCALL, METH_NOARGS, METH_O } from "../../objects/define/tables";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { bytesio_traverse, bytesiobuf_clear } from "../../objects/generated/references";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_AsSsize_t, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { _PyObject_New, PyObject_Del } from "../../objects/object/alloc";
import {
  Buffer,
  PyBUF_WRITABLE,
  PyBuffer_FillInfo,
  PyBuffer_Release,
  PyObject_GetBuffer,
} from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyObject_SelfIter } from "../../objects/protocol/access";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { Scratch } from "../../thread/scratch";
import { lineLength } from "./bufferedcore";
import { closedError, failed, freeStream, none, optionalSize } from "./common";
import { defineStream, finalizeStream } from "./iobase";
import { restoreDict } from "./stringio";

const SIZE_MAX: isize = 0x7fffff00;

function usable(self: usize): bool {
  if (bytesio.at(self).buf != 0) return true;
  closedError();
  return false;
}

/** Whether the size may change; otherwise false with BufferError. */
function resizable(self: usize): bool {
  if (bytesio.at(self).exports == 0) return true;
  PyErr_SetString(PyExc_BufferError, "Existing exports of data: object cannot be re-sized");
  return false;
}

function isShared(b: bytesio): bool {
  return Py.REFCNT(b.buf) > 1;
}

/** A buffer of our own with room for `size` bytes: 0, or -1 with MemoryError. */
function unshare(self: usize, size: isize): i32 {
  const b = bytesio.at(self);
  const copy = newBytes(size);
  if (copy == 0) return -1;
  memory.copy(PyBytesObject.at(copy).ob_sval, PyBytesObject.at(b.buf).ob_sval, <usize>min(b.string_size, size));
  Py.SETREF(b.buf_slot, copy);
  return 0;
}

/** Makes room for `size` bytes, with some to spare; or less room where much is left over. -1 with an exception. */
function resize(self: usize, size: isize): i32 {
  const b = bytesio.at(self);
  let alloc = Py.SIZE(b.buf);
  if (size > SIZE_MAX) {
    PyErr_SetString(PyExc_OverflowError, "new buffer size too large");
    return -1;
  }
  if (size < alloc / 2) alloc = size + 1;
  else if (size < alloc) return 0;
  else if (<i64>size * 8 <= <i64>alloc * 9) alloc = size + (size >> 3) + (size < 9 ? 3 : 6);
  else alloc = size + 1;
  if (isShared(b)) return unshare(self, alloc);
  const moved = _PyBytes_Resize(b.buf, alloc);
  if (moved == 0) return -1;
  b.buf = moved;
  return 0;
}

/** Writes `n` bytes at the position: 0, or -1 with an exception. */
function writeAt(self: usize, p: usize, n: isize): i32 {
  const b = bytesio.at(self);
  if (n > SIZE_MAX - b.pos) {
    PyErr_SetString(PyExc_OverflowError, "new buffer size too large");
    return -1;
  }
  const end = b.pos + n;
  if (end > Py.SIZE(b.buf)) {
    if (resize(self, end) < 0) return -1;
  } else if (isShared(b) && unshare(self, max(end, b.string_size)) < 0) return -1;
  const data = PyBytesObject.at(b.buf).ob_sval;
  if (b.pos > b.string_size) memory.fill(data + <usize>b.string_size, 0, <usize>(b.pos - b.string_size));
  memory.copy(data + <usize>b.pos, p, <usize>n);
  b.pos = end;
  if (b.string_size < end) b.string_size = end;
  return 0;
}

function bytesio_new(type: usize, _args: usize, _kwargs: usize): usize {
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self != 0) bytesio.at(self).buf = empty_bytes;
  return self;
}

function bytesio_init(self: usize, args: usize, kwargs: usize): i32 {
  const a = Scratch.take(1);
  let r = -1;
  if (parseTupleAndKeywords("BytesIO", "initial_bytes", args, kwargs, a, 0, 1) && resizable(self)) {
    r = initialise(self, Py.item(a, 0));
  }
  Scratch.give(a);
  return r;
}

function initialise(self: usize, value: usize): i32 {
  const b = bytesio.at(self);
  b.string_size = 0;
  b.pos = 0;
  if (b.buf == 0) b.buf = empty_bytes;
  if (value == 0 || value == _Py_NoneStruct) return 0;
  if (Py.check(value, Py_TPFLAGS_BYTES_SUBCLASS)) {
    b.string_size = Py.SIZE(value);
    Py.SETREF(b.buf_slot, Py.NewRef(value));
    return 0;
  }
  const r = bytesio_write(self, value);
  if (r == 0) return -1;
  Py.DECREF(r);
  b.pos = 0;
  return 0;
}

function bytesio_getvalue(self: usize, _: usize): usize {
  if (!usable(self)) return 0;
  const b = bytesio.at(self);
  if (b.string_size != Py.SIZE(b.buf) && b.exports == 0) {
    if (isShared(b) || b.string_size <= 1) {
      if (unshare(self, b.string_size) < 0) return 0;
    } else {
      const exact = _PyBytes_Resize(b.buf, b.string_size);
      if (exact == 0) return 0;
      b.buf = exact;
    }
  }
  return b.exports == 0 ? Py.NewRef(b.buf) : PyBytes_FromStringAndSize(PyBytesObject.at(b.buf).ob_sval, b.string_size);
}

/** Takes `n` bytes from the position on: new bytes. */
function take(self: usize, n: isize): usize {
  const b = bytesio.at(self);
  if (n > 1 && b.pos == 0 && n == Py.SIZE(b.buf) && b.exports == 0) {
    b.pos = n;
    return Py.NewRef(b.buf);
  }
  const r = PyBytes_FromStringAndSize(PyBytesObject.at(b.buf).ob_sval + <usize>b.pos, n);
  if (r != 0) b.pos += n;
  return r;
}

function bytesio_read(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("read", nargs, 0, 1)) return 0;
  const n = optionalSize(argv, nargs);
  if ((n == -1 && failed()) || !usable(self)) return 0;
  const b = bytesio.at(self);
  const left = max<isize>(b.string_size - b.pos, 0);
  return take(self, n < 0 || n > left ? left : n);
}

/** A line, at most `limit` bytes (-1: all). */
function line(self: usize, limit: isize): usize {
  const b = bytesio.at(self);
  let n = max<isize>(b.string_size - b.pos, 0);
  if (limit >= 0 && n > limit) n = limit;
  const length = n > 0 ? lineLength(PyBytesObject.at(b.buf).ob_sval + <usize>b.pos, n) : 0;
  return take(self, length > 0 ? length : n);
}

function bytesio_readline(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("readline", nargs, 0, 1)) return 0;
  const limit = optionalSize(argv, nargs);
  if ((limit == -1 && failed()) || !usable(self)) return 0;
  return line(self, limit);
}

function bytesio_readlines(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("readlines", nargs, 0, 1)) return 0;
  const hint = optionalSize(argv, nargs);
  if ((hint == -1 && failed()) || !usable(self)) return 0;
  const result = PyList_New(0);
  if (result == 0) return 0;
  let total: isize = 0;
  while (true) {
    const l = line(self, -1);
    const n = l == 0 ? -1 : Py.SIZE(l);
    const ok = n > 0 ? PyList_Append(result, l) : n;
    Py.XDECREF(l);
    if (ok < 0) {
      Py.DECREF(result);
      return 0;
    }
    total += n;
    if (n == 0 || (hint > 0 && total >= hint)) return result;
  }
}

function bytesio_iternext(self: usize): usize {
  if (!usable(self)) return 0;
  const b = bytesio.at(self);
  return b.pos >= b.string_size ? 0 : line(self, -1);
}

function bytesio_readinto(self: usize, target: usize): usize {
  if (!usable(self)) return 0;
  const view = Scratch.take(10);
  if (PyObject_GetBuffer(target, view, PyBUF_WRITABLE) < 0) {
    Scratch.give(view);
    return 0;
  }
  const b = bytesio.at(self);
  const n = min(Buffer.length(view), max<isize>(b.string_size - b.pos, 0));
  memory.copy(Buffer.data(view), PyBytesObject.at(b.buf).ob_sval + <usize>b.pos, <usize>n);
  b.pos += n;
  PyBuffer_Release(view);
  Scratch.give(view);
  return PyLong_FromSsize_t(n);
}

function bytesio_write(self: usize, data: usize): usize {
  if (!usable(self) || !resizable(self)) return 0;
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  const ok = n == 0 ? 0 : writeAt(self, Buffer.data(view), n);
  Buffer.close(view);
  return ok < 0 ? 0 : PyLong_FromSsize_t(n);
}

function bytesio_writelines(self: usize, lines: usize): usize {
  if (!usable(self)) return 0;
  const it = PyObject_GetIter(lines);
  if (it == 0) return 0;
  while (true) {
    const l = PyIter_Next(it);
    if (l == 0) break;
    const r = bytesio_write(self, l);
    Py.DECREF(l);
    if (r == 0) break;
    Py.DECREF(r);
  }
  Py.DECREF(it);
  return PyErr_Occurred() ? 0 : none();
}

function bytesio_tell(self: usize, _: usize): usize {
  return usable(self) ? PyLong_FromSsize_t(bytesio.at(self).pos) : 0;
}

function bytesio_seek(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("seek", nargs, 1, 2)) return 0;
  const offset = ssizeArgument(Py.item(argv, 0));
  if (offset == -1 && failed()) return 0;
  let whence = 0;
  if (nargs > 1) {
    whence = intArgument(Py.item(argv, 1));
    if (whence == -1 && failed()) return 0;
  }
  if (!usable(self)) return 0;
  const b = bytesio.at(self);
  if (offset < 0 && whence == 0) return PyErr_Format(PyExc_ValueError, "negative seek value %d", offset);
  if (whence < 0 || whence > 2) {
    return PyErr_Format(PyExc_ValueError, "invalid whence (%d, should be 0, 1 or 2)", whence);
  }
  const to = <i64>offset + (whence == 1 ? b.pos : whence == 2 ? b.string_size : 0);
  if (to > SIZE_MAX) {
    PyErr_SetString(PyExc_OverflowError, "new position too large");
    return 0;
  }
  b.pos = max<isize>(<isize>to, 0);
  return PyLong_FromSsize_t(b.pos);
}

function bytesio_truncate(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("truncate", nargs, 0, 1) || !usable(self) || !resizable(self)) return 0;
  const b = bytesio.at(self);
  let n = b.pos;
  if (nargs > 0 && Py.item(argv, 0) != _Py_NoneStruct) {
    n = ssizeArgument(Py.item(argv, 0));
    if (n == -1 && failed()) return 0;
  }
  if (n < 0) return PyErr_Format(PyExc_ValueError, "negative size value %d", n);
  if (n < b.string_size) {
    b.string_size = n;
    if (resize(self, n) < 0) return 0;
  }
  return PyLong_FromSsize_t(n);
}

function bytesio_close(self: usize, _: usize): usize {
  if (!resizable(self)) return 0;
  Py.CLEAR(bytesio.at(self).buf_slot);
  return none();
}

function bytesio_flush(self: usize, _: usize): usize {
  return usable(self) ? none() : 0;
}

function bytesio_isatty(self: usize, _: usize): usize {
  return usable(self) ? boolObject(false) : 0;
}

function bytesio_yes(self: usize, _: usize): usize {
  return usable(self) ? boolObject(true) : 0;
}

function bytesio_closed(self: usize, _c: usize): usize {
  return boolObject(bytesio.at(self).buf == 0);
}

function bytesio_sizeof(self: usize, _: usize): usize {
  const b = bytesio.at(self);
  const own = PyTypeObject.at(Py.TYPE(self)).tp_basicsize;
  return PyLong_FromSsize_t(own + (b.buf != 0 && !isShared(b) ? 33 + Py.SIZE(b.buf) : 0));
}

/** (bytes, position, dict). */
function bytesio_getstate(self: usize, _: usize): usize {
  const value = bytesio_getvalue(self, 0);
  if (value == 0) return 0;
  const b = bytesio.at(self);
  const position = PyLong_FromSsize_t(b.pos);
  const dict = b.dict == 0 ? none() : PyDict_Copy(b.dict);
  const r = position == 0 || dict == 0 ? 0 : PyTuple_Pack3(value, position, dict);
  Py.DECREF(value);
  Py.XDECREF(position);
  Py.XDECREF(dict);
  return r;
}

function bytesio_setstate(self: usize, state: usize): usize {
  if (!Py.check(state, Py_TPFLAGS_TUPLE_SUBCLASS) || Py.SIZE(state) < 3) {
    return PyErr_Format(PyExc_TypeError, "%.200t.__setstate__ argument should be 3-tuple, got %.200t", self, state);
  }
  if (!resizable(self) || initialise(self, Tuple.get(state, 0)) < 0) return 0;
  const position = Tuple.get(state, 1);
  if (!Py.check(position, Py_TPFLAGS_LONG_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "second item of state must be an integer, not %.200t", position);
  }
  const to = PyLong_AsSsize_t(position);
  if (to == -1 && failed()) return 0;
  if (to < 0) {
    PyErr_SetString(PyExc_ValueError, "position value cannot be negative");
    return 0;
  }
  bytesio.at(self).pos = to;
  return restoreDict(bytesio.at(self).dict_slot, Tuple.get(state, 2), "third");
}

function bytesio_dealloc(self: usize): void {
  if (finalizeStream(self)) return;
  Py.CLEAR(bytesio.at(self).buf_slot);
  freeStream(self);
}

function bytesio_clear(self: usize): i32 {
  Py.CLEAR(bytesio.at(self).dict_slot);
  return 0;
}

// _BytesIOBuffer: lends the bytes, for writing too.

function bytesiobuf_getbuffer(self: usize, view: usize, flags: i32): i32 {
  const source = bytesiobuf.at(self).source;
  const b = bytesio.at(source);
  if (b.exports == 0 && isShared(b) && unshare(source, b.string_size) < 0) return -1;
  if (PyBuffer_FillInfo(view, self, PyBytesObject.at(b.buf).ob_sval, b.string_size, false, flags) < 0) return -1;
  b.exports++;
  return 0;
}

function bytesiobuf_releasebuffer(self: usize, _view: usize): void {
  bytesio.at(bytesiobuf.at(self).source).exports--;
}

function bytesiobuf_dealloc(self: usize): void {
  bytesiobuf_clear(self);
  PyObject_Del(self);
}

/** getbuffer(): a memoryview of the bytes, which cannot change their number while it lives. */
function bytesio_getbuffer(self: usize, _: usize): usize {
  if (!usable(self)) return 0;
  const lender = _PyObject_New(PyBytesIOBuf_Type);
  if (lender == 0) return 0;
  bytesiobuf.at(lender).source = Py.NewRef(self);
  const view = PyMemoryView_FromObject(lender);
  Py.DECREF(lender);
  return view;
}

export function initBytesIOTypes(): void {
  const o = PyBytesIO_Type;
  const t = PyTypeObject.at(o);
  defineStream(o, PyBufferedIOBase_Type, SIZEOF_bytesio, bytesio_dict, bytesio_weakreflist);
  t.tp_new = bytesio_new.index;
  t.tp_init = bytesio_init.index;
  t.tp_dealloc = bytesio_dealloc.index;
  t.tp_traverse = bytesio_traverse.index;
  t.tp_clear = bytesio_clear.index;
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = bytesio_iternext.index;
  addMethod(o, "readable", bytesio_yes.index, METH_NOARGS);
  addMethod(o, "seekable", bytesio_yes.index, METH_NOARGS);
  addMethod(o, "writable", bytesio_yes.index, METH_NOARGS);
  addMethod(o, "close", bytesio_close.index, METH_NOARGS);
  addMethod(o, "flush", bytesio_flush.index, METH_NOARGS);
  addMethod(o, "isatty", bytesio_isatty.index, METH_NOARGS);
  addMethod(o, "tell", bytesio_tell.index, METH_NOARGS);
  addMethod(o, "write", bytesio_write.index, METH_O);
  addMethod(o, "writelines", bytesio_writelines.index, METH_O);
  addMethod(o, "read1", bytesio_read.index, METH_FASTCALL);
  addMethod(o, "readinto", bytesio_readinto.index, METH_O);
  addMethod(o, "readline", bytesio_readline.index, METH_FASTCALL);
  addMethod(o, "readlines", bytesio_readlines.index, METH_FASTCALL);
  addMethod(o, "read", bytesio_read.index, METH_FASTCALL);
  addMethod(o, "getbuffer", bytesio_getbuffer.index, METH_NOARGS);
  addMethod(o, "getvalue", bytesio_getvalue.index, METH_NOARGS);
  addMethod(o, "seek", bytesio_seek.index, METH_FASTCALL);
  addMethod(o, "truncate", bytesio_truncate.index, METH_FASTCALL);
  addMethod(o, "__getstate__", bytesio_getstate.index, METH_NOARGS);
  addMethod(o, "__setstate__", bytesio_setstate.index, METH_O);
  addMethod(o, "__sizeof__", bytesio_sizeof.index, METH_NOARGS);
  addGetSet(o, "closed", bytesio_closed.index, 0);

  const buf = PyBytesIOBuf_Type;
  const bt = PyTypeObject.at(buf);
  bt.tp_basicsize = SIZEOF_bytesiobuf;
  bt.tp_dealloc = bytesiobuf_dealloc.index;
  const procs = PyBufferProcs.at(asBuffer(buf));
  procs.bf_getbuffer = bytesiobuf_getbuffer.index;
  procs.bf_releasebuffer = bytesiobuf_releasebuffer.index;
}
