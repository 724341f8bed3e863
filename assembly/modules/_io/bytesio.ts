// BytesIO: bytes in memory (CPython 3.13's Modules/_io/bytesio.c), and _BytesIOBuffer, which lends them.
//
// Invariant: buf is a bytes object of at least string_size bytes; while anyone else refers to it (getvalue() gives it
// away when it fits) it is copied before it changes; while exports is not 0 its address does not change.

import { Py_TPFLAGS_HAVE_GC, Py_TPFLAGS_LONG_SUBCLASS, Py_TPFLAGS_TUPLE_SUBCLASS } from "../../generated/constants";
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
  PyBytes_Type,
  PyBytesIO_Type,
  PyBytesIOBuf_Type,
  PyExc_BufferError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { _PyBytes_Resize, newBytes, PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyMemoryView_FromObject } from "../../objects/bytes/memoryview/managed";
import { PyDict_Copy } from "../../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { ArgParser, parseTupleAndKeywords } from "../../objects/define/args";
import { asBuffer } from "../../objects/define/tables";
import { PyErr_Fail, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { bytesio_traverse, bytesiobuf_clear, bytesiobuf_traverse } from "../../objects/generated/references";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_AsSsize_t, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { _PyObject_GC_New, PyObject_GC_Del } from "../../objects/object/alloc";
import { Buffer, PyBuffer_FillInfo, PyBuffer_Release } from "../../objects/object/buffer";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_SelfIter } from "../../objects/protocol/access";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { Scratch } from "../../thread/scratch";
import { lineLength } from "./bufferedcore";
import { closedError, failed, freeStream, leaveStream, none, openWritable, optionalSize, sizeOrNone } from "./common";
import { defineStream } from "./iobase";
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
  if (size > SIZE_MAX) return PyErr_Fail(PyExc_OverflowError, "new buffer size too large");
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
  if (n > SIZE_MAX - b.pos) return PyErr_Fail(PyExc_OverflowError, "new buffer size too large");
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
  if (parseTupleAndKeywords("BytesIO", "initial_bytes", args, kwargs, a, 0, 1)) r = initialise(self, Py.item(a, 0));
  Scratch.give(a);
  return r;
}

function initialise(self: usize, value: usize): i32 {
  const b = bytesio.at(self);
  b.string_size = 0;
  b.pos = 0;
  if (!resizable(self)) return -1;
  if (value == 0 || value == _Py_NoneStruct) return 0;
  if (Py.IS_TYPE(value, PyBytes_Type)) {
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

/**
 * @native _io.BytesIO.getvalue($self, /)
 *
 * All the bytes in it, wherever it stands.
 */
export function bytesio_getvalue(self: usize, _: usize): usize {
  if (!usable(self)) return 0;
  const b = bytesio.at(self);
  const n = b.string_size;
  if (n <= 1 || b.exports > 0) return PyBytes_FromStringAndSize(PyBytesObject.at(b.buf).ob_sval, n);
  if (n != Py.SIZE(b.buf)) {
    if (isShared(b)) {
      if (unshare(self, n) < 0) return 0;
    } else {
      const exact = _PyBytes_Resize(b.buf, n);
      if (exact == 0) return 0;
      b.buf = exact;
    }
  }
  return Py.NewRef(b.buf);
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

/**
 * @native _io.BytesIO.read1($self, size=-1, /)
 *
 * The next bytes, at most size of them.
 *
 * Without a number, or with one that is negative, all that are left. There are none at the end. It is read() by another name.
 *
 * @native _io.BytesIO.read($self, size=-1, /)
 *
 * The next bytes, at most size of them.
 *
 * Without a number, or with one that is negative, all that are left. At the end of them there are none.
 */
export function bytesio_read(self: usize, argv: usize, nargs: isize): usize {
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

/**
 * @native _io.BytesIO.readline($self, size=-1, /)
 *
 * The next line, with its end, as bytes.
 *
 * At most size bytes of it, if given and not negative; the next call goes on from there. At the end there is nothing. A line ends with b'\n', but the last may lack it.
 */
export function bytesio_readline(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("readline", nargs, 0, 1)) return 0;
  const limit = optionalSize(argv, nargs);
  if ((limit == -1 && failed()) || !usable(self)) return 0;
  return line(self, limit);
}

/**
 * @native _io.BytesIO.readlines($self, size=None, /)
 *
 * The lines that are still to come, in a list of bytes.
 *
 * With a size, no more are read as soon as their length in all has reached it, so that the last of them is whole. None or 0 means all that there are in the stream.
 */
export function bytesio_readlines(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("readlines", nargs, 0, 1)) return 0;
  if (!usable(self)) return 0;
  const size = nargs == 0 ? _Py_NoneStruct : Py.item(argv, 0);
  let hint: isize = -1;
  if (size != _Py_NoneStruct) {
    if (!Py.check(size, Py_TPFLAGS_LONG_SUBCLASS)) {
      return PyErr_Format(PyExc_TypeError, "integer argument expected, got '%.200t'", size);
    }
    hint = PyLong_AsSsize_t(size);
    if (hint == -1 && failed()) return 0;
  }
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

/**
 * @native _io.BytesIO.readinto($self, buffer, /)
 *
 * Read into a buffer, and return how many bytes.
 *
 * 0 means the end. Other streams return None where they would have to wait for it.
 */
export function bytesio_readinto(self: usize, target: usize): usize {
  const view = Scratch.take(10);
  if (!openWritable(target, view, "readinto")) {
    Scratch.give(view);
    return 0;
  }
  let n: isize = -1;
  if (usable(self)) {
    const b = bytesio.at(self);
    n = min(Buffer.length(view), max<isize>(b.string_size - b.pos, 0));
    memory.copy(Buffer.data(view), PyBytesObject.at(b.buf).ob_sval + <usize>b.pos, <usize>n);
    b.pos += n;
  }
  PyBuffer_Release(view);
  Scratch.give(view);
  return n < 0 ? 0 : PyLong_FromSsize_t(n);
}

/**
 * @native _io.BytesIO.write($self, b, /)
 *
 * Write bytes at the position, and return how many they are.
 */
export function bytesio_write(self: usize, data: usize): usize {
  if (!usable(self) || !resizable(self)) return 0;
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  let status = 0;
  // What lends the bytes may have closed the stream, or made views of it.
  if (n > 0) status = usable(self) && resizable(self) ? writeAt(self, Buffer.data(view), n) : -1;
  Buffer.close(view);
  return status < 0 ? 0 : PyLong_FromSsize_t(n);
}

/**
 * @native _io.BytesIO.writelines($self, lines, /)
 *
 * Write the bytes of all elements of an iterable, one after the other.
 *
 * Nothing is put between them, so that lines must have their ends. An element is anything that has a buffer.
 */
export function bytesio_writelines(self: usize, lines: usize): usize {
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

/**
 * @native _io.BytesIO.tell($self, /)
 *
 * At which byte it stands, an int.
 */
export function bytesio_tell(self: usize, _: usize): usize {
  return usable(self) ? PyLong_FromSsize_t(bytesio.at(self).pos) : 0;
}

/**
 * @native _io.BytesIO.seek($self, pos, whence=0, /)
 *
 * Go to another position, and return it.
 *
 * It is counted in bytes from where whence says: 0, the default, from the beginning, not negative; 1 from the current position; 2 from the end, mostly negative. Beyond the end there is nothing; what is written there leaves zeros before it.
 */
export function bytesio_seek(self: usize, offset: isize, whence: i32): usize {
  if (!usable(self)) return 0;
  const b = bytesio.at(self);
  if (offset < 0 && whence == 0) return PyErr_Format(PyExc_ValueError, "negative seek value %d", offset);
  if (whence < 0 || whence > 2) {
    return PyErr_Format(PyExc_ValueError, "invalid whence (%d, should be 0, 1 or 2)", whence);
  }
  const to = <i64>offset + (whence == 1 ? b.pos : whence == 2 ? b.string_size : 0);
  if (to > SIZE_MAX) return PyErr_SetString(PyExc_OverflowError, "new position too large");
  b.pos = max<isize>(<isize>to, 0);
  return PyLong_FromSsize_t(b.pos);
}

/**
 * @native _io.BytesIO.truncate($self, size=None, /)
 *
 * Cut the bytes to a size, by default the current position, and return that.
 *
 * The position stays, even where it is beyond the end then. A larger size does nothing at all.
 */
export function bytesio_truncate(self: usize, size: usize): usize {
  let n: isize = 0;
  if (size != _Py_NoneStruct) {
    n = sizeOrNone(size);
    if (n == -1 && failed()) return 0;
  }
  if (!usable(self) || !resizable(self)) return 0;
  const b = bytesio.at(self);
  if (size == _Py_NoneStruct) n = b.pos;
  if (n < 0) return PyErr_Format(PyExc_ValueError, "negative size value %d", n);
  if (n < b.string_size) {
    b.string_size = n;
    if (resize(self, n) < 0) return 0;
  }
  return PyLong_FromSsize_t(n);
}

/**
 * @native _io.BytesIO.close($self, /)
 *
 * End it, and free what it has.
 */
export function bytesio_close(self: usize, _: usize): usize {
  if (!resizable(self)) return 0;
  Py.CLEAR(bytesio.at(self).buf_slot);
  return none();
}

/**
 * @native _io.BytesIO.flush($self, /)
 *
 * Nothing to do here.
 */
export function bytesio_flush(self: usize, _: usize): usize {
  return usable(self) ? none() : 0;
}

/**
 * @native _io.BytesIO.isatty($self, /)
 *
 * Never True: no person sits
 * at the other end of what lies in memory only.
 */
export function bytesio_isatty(self: usize, _: usize): usize {
  return usable(self) ? boolObject(false) : 0;
}

/**
 * @native _io.BytesIO.readable($self, /)
 *
 * Whether it can be read from: as long as open.
 *
 * @native _io.BytesIO.seekable($self, /)
 *
 * Whether it has positions: as long as it is open.
 *
 * @native _io.BytesIO.writable($self, /)
 *
 * Whether it can be written to: as long as open.
 */
export function bytesio_yes(self: usize, _: usize): usize {
  return usable(self) ? boolObject(true) : 0;
}

/**
 * @getter _io.BytesIO.closed
 *
 * Whether it has been closed.
 */
export function bytesio_closed(self: usize, _c: usize): usize {
  return boolObject(bytesio.at(self).buf == 0);
}

/**
 * @native _io.BytesIO.__sizeof__
 */
export function bytesio_sizeof(self: usize, _: usize): usize {
  const b = bytesio.at(self);
  const own = PyTypeObject.at(Py.TYPE(self)).tp_basicsize;
  return PyLong_FromSsize_t(own + (b.buf != 0 && !isShared(b) ? 33 + Py.SIZE(b.buf) : 0));
}

/**
 * (bytes, position, dict).
 *
 * @native _io.BytesIO.__getstate__
 */
export function bytesio_getstate(self: usize, _: usize): usize {
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

/**
 * @native _io.BytesIO.__setstate__
 */
export function bytesio_setstate(self: usize, state: usize): usize {
  if (!Py.check(state, Py_TPFLAGS_TUPLE_SUBCLASS) || Py.SIZE(state) < 3) {
    return PyErr_Format(PyExc_TypeError, "%.200t.__setstate__ argument should be 3-tuple, got %.200t", self, state);
  }
  if (!resizable(self)) return 0;
  bytesio.at(self).string_size = 0;
  bytesio.at(self).pos = 0;
  const written = bytesio_write(self, Tuple.get(state, 0));
  if (written == 0) return 0;
  Py.DECREF(written);
  const position = Tuple.get(state, 1);
  if (!Py.check(position, Py_TPFLAGS_LONG_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "second item of state must be an integer, not %.200t", position);
  }
  const to = PyLong_AsSsize_t(position);
  if (to == -1 && failed()) return 0;
  if (to < 0) return PyErr_SetString(PyExc_ValueError, "position value cannot be negative");
  bytesio.at(self).pos = to;
  return restoreDict(bytesio.at(self).dict_slot, Tuple.get(state, 2), "third");
}

/** A BytesIO is not closed when it dies; one of a subclass is, by the subclass's deallocator. */
function bytesio_dealloc(self: usize): void {
  leaveStream(self);
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
  if (!usable(source)) return -1;
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
  PyObject_GC_UnTrack(self);
  bytesiobuf_clear(self);
  PyObject_GC_Del(self);
}

/**
 * getbuffer(): a memoryview of the bytes, which cannot change their number while it lives.
 *
 * @native _io.BytesIO.getbuffer($self, /)
 *
 * A view of all bytes, to read and to write them in place.
 */
export function bytesio_getbuffer(self: usize, _: usize): usize {
  if (!usable(self)) return 0;
  const lender = _PyObject_GC_New(PyBytesIOBuf_Type);
  if (lender == 0) return 0;
  bytesiobuf.at(lender).source = Py.NewRef(self);
  _PyObject_GC_TRACK(lender);
  const view = PyMemoryView_FromObject(lender);
  Py.DECREF(lender);
  return view;
}

/**
 * @type _io.BytesIO(initial_bytes=b'')
 * @order readable seekable writable close flush isatty tell write writelines read1 readinto readline
 * @order readlines read getbuffer getvalue seek truncate __getstate__ __setstate__ __sizeof__
 *
 * A stream of bytes that lies in memory and not in a file.
 */

/**
 * @type _io._BytesIOBuffer
 */

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

  const buf = PyBytesIOBuf_Type;
  const bt = PyTypeObject.at(buf);
  bt.tp_basicsize = SIZEOF_bytesiobuf;
  bt.tp_flags = Py_TPFLAGS_HAVE_GC;
  bt.tp_dealloc = bytesiobuf_dealloc.index;
  // Nothing clears it: its views give back what the source has lent.
  bt.tp_traverse = bytesiobuf_traverse.index;
  const procs = PyBufferProcs.at(asBuffer(buf));
  procs.bf_getbuffer = bytesiobuf_getbuffer.index;
  procs.bf_releasebuffer = bytesiobuf_releasebuffer.index;
}
