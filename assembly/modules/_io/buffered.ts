// BufferedReader, BufferedWriter and BufferedRandom (CPython 3.13's Modules/_io/bufferedio.c): the methods over the
// buffer that is in bufferedcore.ts. The three share one structure and most of their methods.

import {
  buffered,
  buffered_dict,
  buffered_finalizing,
  buffered_raw,
  buffered_weakreflist,
  PyTypeObject,
  SIZEOF_buffered,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyBufferedIOBase_Type,
  PyBufferedRandom_Type,
  PyBufferedReader_Type,
  PyBufferedWriter_Type,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFileIO_Type,
} from "../../generated/statics";
import { PyMem_Free } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { ArgParser, intArgument, parseTupleAndKeywords, ssizeArgument } from "../../objects/define/args";
import {
  _Py_T_OBJECT,
  addGetSet,
  addMember,
  addMethod,
  METH_FASTCALL,
  METH_NOARGS,
  METH_O,
  Py_READONLY,
  Py_T_BOOL,
} from "../../objects/define/tables";
import {
  PyErr_Clear,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { buffered_traverse, buffered_clear as clearReferences } from "../../objects/generated/references";
import { PyLong_FromLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { Buffer, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer } from "../../objects/object/buffer";
import { PyObject_CallMethodNoArgs, PyObject_CallMethodOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../objects/object/reprguard";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Scratch } from "../../thread/scratch";
import {
  allocateBuffer,
  checkInitialised,
  checkUsable,
  fillBuffer,
  flushBoth,
  rawIsClosed,
  readBytes,
  readInto,
  readLine,
  readRest,
  readyToRead,
  seek,
  tell,
  unread,
  WOULD_BLOCK,
  writeOut,
} from "./bufferedcore";
import {
  callForEffect,
  chainExceptions,
  checkAbility,
  DEFAULT_BUFFER_SIZE,
  failed,
  freeStream,
  none,
  offsetArgument,
  optionalSize,
  unsupported,
  warnUnclosed,
} from "./common";
import { defineStream, finalizeStream } from "./iobase";

// Making.

function initialise(self: usize, args: usize, kwargs: usize, name: string, reads: bool, writes: bool): i32 {
  const b = buffered.at(self);
  b.ok = 0;
  b.detached = 0;
  const a = Scratch.take(2);
  let r = -1;
  if (parseTupleAndKeywords(name, "raw buffer_size", args, kwargs, a, 1, 2)) {
    const raw = Py.item(a, 0);
    let size = DEFAULT_BUFFER_SIZE;
    if (Py.item(a, 1) != 0) size = ssizeArgument(Py.item(a, 1));
    if (!failed()) r = open(self, raw, size, reads, writes);
  }
  Scratch.give(a);
  return r;
}

function open(self: usize, raw: usize, size: isize, reads: bool, writes: bool): i32 {
  const b = buffered.at(self);
  if (reads && writes && !checkAbility(raw, ID.seekable, "File or stream is not seekable.")) return -1;
  if (reads && !checkAbility(raw, ID.readable, "File or stream is not readable.")) return -1;
  if (writes && !checkAbility(raw, ID.writable, "File or stream is not writable.")) return -1;
  Py.SETREF(b.raw_slot, Py.NewRef(raw));
  b.readable = reads ? 1 : 0;
  b.writable = writes ? 1 : 0;
  if (allocateBuffer(self, size) < 0) return -1;
  const type = Py.TYPE(self);
  const plain = type == PyBufferedReader_Type || type == PyBufferedWriter_Type || type == PyBufferedRandom_Type;
  b.fast_closed_checks = plain && Py.IS_TYPE(raw, PyFileIO_Type) ? 1 : 0;
  b.ok = 1;
  // Where the raw stream stands is asked now where it can be, so that later positions need no call.
  if (tell(self) < 0) PyErr_Clear();
  return 0;
}

function bufferedreader_init(self: usize, args: usize, kwargs: usize): i32 {
  return initialise(self, args, kwargs, "BufferedReader", true, false);
}

function bufferedwriter_init(self: usize, args: usize, kwargs: usize): i32 {
  return initialise(self, args, kwargs, "BufferedWriter", false, true);
}

function bufferedrandom_init(self: usize, args: usize, kwargs: usize): i32 {
  return initialise(self, args, kwargs, "BufferedRandom", true, true);
}

// What the raw stream answers.

function askRaw(self: usize, name: usize): usize {
  return checkInitialised(self) ? PyObject_CallMethodNoArgs(buffered.at(self).raw, name) : 0;
}

function getRaw(self: usize, name: usize): usize {
  return checkInitialised(self) ? PyObject_GetAttr(buffered.at(self).raw, name) : 0;
}

function buffered_seekable(self: usize, _: usize): usize {
  return askRaw(self, ID.seekable);
}

function buffered_readable(self: usize, _: usize): usize {
  return askRaw(self, ID.readable);
}

function buffered_writable(self: usize, _: usize): usize {
  return askRaw(self, ID.writable);
}

function buffered_fileno(self: usize, _: usize): usize {
  return askRaw(self, ID.fileno);
}

function buffered_isatty(self: usize, _: usize): usize {
  return askRaw(self, ID.isatty);
}

function buffered_closed(self: usize, _c: usize): usize {
  return getRaw(self, ID.closed);
}

function buffered_name(self: usize, _c: usize): usize {
  return getRaw(self, ID.name);
}

function buffered_mode(self: usize, _c: usize): usize {
  return getRaw(self, ID.mode);
}

// Closing.

function simpleFlush(self: usize, _: usize): usize {
  if (!checkUsable(self, "flush of closed file")) return 0;
  return PyObject_CallMethodNoArgs(buffered.at(self).raw, ID.flush);
}

function buffered_flush(self: usize, _: usize): usize {
  if (!checkUsable(self, "flush of closed file")) return 0;
  return flushBoth(self) < 0 ? 0 : none();
}

function buffered_close(self: usize, _: usize): usize {
  if (!checkInitialised(self)) return 0;
  const b = buffered.at(self);
  const closed = rawIsClosed(self);
  if (closed < 0) return 0;
  if (closed) return none();
  if (b.finalizing && b.raw != 0) warnUnclosed(b.raw, self);
  const flushed = PyObject_CallMethodNoArgs(self, ID.flush);
  Py.XDECREF(flushed);
  const exc = PyErr_GetRaisedException();
  const r = PyObject_CallMethodNoArgs(b.raw, ID.close);
  if (b.buffer != 0) {
    PyMem_Free(b.buffer);
    b.buffer = 0;
  }
  b.read_end = -1;
  b.write_end = -1;
  if (exc != 0) {
    Py.XDECREF(r);
    chainExceptions(exc);
    return 0;
  }
  return r;
}

function buffered_detach(self: usize, _: usize): usize {
  if (!checkInitialised(self)) return 0;
  const b = buffered.at(self);
  if (callForEffect(self, ID.flush) < 0) return 0;
  const raw = b.raw;
  b.raw = 0;
  b.detached = 1;
  b.ok = 0;
  return raw;
}

function buffered_dealloc_warn(self: usize, source: usize): usize {
  const b = buffered.at(self);
  if (b.ok && b.raw != 0) warnUnclosed(b.raw, source);
  return none();
}

// Reading.

function buffered_read(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("read", nargs, 0, 1)) return 0;
  const n = optionalSize(argv, nargs);
  if (n == -1 && failed()) return 0;
  if (n < -1) {
    PyErr_SetString(PyExc_ValueError, "read length must be non-negative or -1");
    return 0;
  }
  if (!checkUsable(self, "read of closed file")) return 0;
  return n == -1 ? readRest(self) : readBytes(self, n, false);
}

/** read1() natively: what one read of the raw stream brings, at most `n` bytes; null with an exception. */
export function buffered_readOnce(self: usize, n: isize): usize {
  if (!checkUsable(self, "read of closed file")) return 0;
  if (n < 0) n = buffered.at(self).buffer_size;
  const ready = unread(self);
  const r = readBytes(self, ready > 0 ? min(n, ready) : n, true);
  // Where nothing is there yet, nothing was read.
  return r == _Py_NoneStruct ? PyBytes_FromStringAndSize(0, 0) : r;
}

function buffered_read1(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("read1", nargs, 0, 1)) return 0;
  let n: isize = -1;
  if (nargs > 0) {
    n = ssizeArgument(Py.item(argv, 0));
    if (n == -1 && failed()) return 0;
  }
  return buffered_readOnce(self, n);
}

function fill(self: usize, target: usize, once: bool): usize {
  if (!checkUsable(self, "readinto of closed file")) return 0;
  const view = Scratch.take(10);
  if (PyObject_GetBuffer(target, view, PyBUF_WRITABLE) < 0) {
    Scratch.give(view);
    return 0;
  }
  const n = readInto(self, Buffer.data(view), Buffer.length(view), once);
  PyBuffer_Release(view);
  Scratch.give(view);
  return n == WOULD_BLOCK ? none() : n < 0 ? 0 : PyLong_FromSsize_t(n);
}

function buffered_readinto(self: usize, target: usize): usize {
  return fill(self, target, false);
}

function buffered_readinto1(self: usize, target: usize): usize {
  return fill(self, target, true);
}

function buffered_peek(self: usize, _argv: usize, nargs: isize): usize {
  if (!ArgParser.count("peek", nargs, 0, 1) || !checkUsable(self, "peek of closed file")) return 0;
  if (readyToRead(self) < 0) return 0;
  if (unread(self) == 0 && fillBuffer(self) == -1) return 0;
  const b = buffered.at(self);
  return PyBytes_FromStringAndSize(b.buffer + <usize>b.pos, unread(self));
}

function buffered_readline(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("readline", nargs, 0, 1)) return 0;
  const limit = optionalSize(argv, nargs);
  if (limit == -1 && failed()) return 0;
  return checkUsable(self, "readline of closed file") ? readLine(self, limit) : 0;
}

function buffered_iternext(self: usize): usize {
  if (!checkInitialised(self)) return 0;
  const type = Py.TYPE(self);
  let line: usize;
  if (type == PyBufferedReader_Type || type == PyBufferedRandom_Type) {
    if (!checkUsable(self, "readline of closed file")) return 0;
    line = readLine(self, -1);
  } else {
    line = PyObject_CallMethodNoArgs(self, ID.readline);
    if (line != 0 && !Py.check(line, 1 << 27)) {
      PyErr_Format(PyExc_TypeError, "readline() should have returned a bytes object, not '%.200t'", line);
      Py.DECREF(line);
      return 0;
    }
  }
  if (line != 0 && Py.SIZE(line) == 0) {
    Py.DECREF(line);
    return 0;
  }
  return line;
}

// Writing.

/** write() natively: 0, or -1 with an exception. */
export function buffered_writeBytes(self: usize, p: usize, n: isize): i32 {
  return checkUsable(self, "write to closed file") ? writeOut(self, p, n) : -1;
}

function buffered_write(self: usize, data: usize): usize {
  if (!checkUsable(self, "write to closed file")) return 0;
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  const ok = writeOut(self, Buffer.data(view), n);
  Buffer.close(view);
  return ok < 0 ? 0 : PyLong_FromSsize_t(n);
}

// Positions.

function buffered_tell(self: usize, _: usize): usize {
  if (!checkInitialised(self)) return 0;
  const at = tell(self);
  return at < 0 ? 0 : PyLong_FromLongLong(at);
}

function buffered_seek(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("seek", nargs, 1, 2) || !checkInitialised(self)) return 0;
  let whence = 0;
  if (nargs > 1) {
    whence = intArgument(Py.item(argv, 1));
    if (whence == -1 && failed()) return 0;
  }
  if (whence < 0 || whence > 2) return PyErr_Format(PyExc_ValueError, "whence value %d unsupported", whence);
  if (!checkUsable(self, "seek of closed file")) return 0;
  if (!checkAbility(buffered.at(self).raw, ID.seekable, "File or stream is not seekable.")) return 0;
  const target = offsetArgument(Py.item(argv, 0));
  if (target == -1 && failed()) return 0;
  const at = seek(self, target, whence);
  return at < 0 ? 0 : PyLong_FromLongLong(at);
}

function buffered_truncate(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("truncate", nargs, 0, 1)) return 0;
  if (!checkUsable(self, "truncate of closed file")) return 0;
  const b = buffered.at(self);
  if (!b.writable) return unsupported("truncate");
  if (flushBoth(self) < 0) return 0;
  let length = nargs > 0 ? Py.NewRef(Py.item(argv, 0)) : none();
  if (length == _Py_NoneStruct) {
    const at = tell(self);
    length = at < 0 ? 0 : PyLong_FromLongLong(at);
    if (length == 0) return 0;
  }
  const r = PyObject_CallMethodOneArg(b.raw, ID.truncate, length);
  Py.DECREF(length);
  b.abs_pos = -1;
  return r;
}

// The object.

function buffered_repr(self: usize): usize {
  const name = PyObject_GetOptionalAttr(self, ID.name);
  if (name == 0) {
    // A stream without a name is no error, nor is one without a raw stream.
    if (PyErr_Occurred()) PyErr_Clear();
    return PyUnicode_FromFormat("<%.200t>", self);
  }
  const entered = Py_ReprEnter(self);
  let r: usize = 0;
  if (entered == 0) {
    r = PyUnicode_FromFormat("<%.200t name=%R>", self, name);
    Py_ReprLeave(self);
  } else if (entered > 0) {
    PyErr_SetString(PyExc_ValueError, "reentrant call inside __repr__");
  }
  Py.DECREF(name);
  return r;
}

function buffered_sizeof(self: usize, _: usize): usize {
  const b = buffered.at(self);
  return PyLong_FromSsize_t(PyTypeObject.at(Py.TYPE(self)).tp_basicsize + (b.buffer != 0 ? b.buffer_size : 0));
}

function buffered_reduce(self: usize, _: usize): usize {
  return PyErr_Format(PyExc_TypeError, "cannot pickle '%.100t' instances", self);
}

function buffered_dealloc(self: usize): void {
  const b = buffered.at(self);
  b.finalizing = 1;
  if (finalizeStream(self)) return;
  b.ok = 0;
  if (b.buffer != 0) PyMem_Free(b.buffer);
  b.buffer = 0;
  Py.CLEAR(b.raw_slot);
  freeStream(self);
}

function buffered_clear(self: usize): i32 {
  buffered.at(self).ok = 0;
  return clearReferences(self);
}

function define(o: usize, init: u32, reads: bool, writes: bool): void {
  const t = PyTypeObject.at(o);
  defineStream(o, PyBufferedIOBase_Type, SIZEOF_buffered, buffered_dict, buffered_weakreflist);
  t.tp_init = init;
  t.tp_repr = buffered_repr.index;
  t.tp_dealloc = buffered_dealloc.index;
  t.tp_traverse = buffered_traverse.index;
  t.tp_clear = buffered_clear.index;
  if (reads) t.tp_iternext = buffered_iternext.index;
  addMethod(o, "detach", buffered_detach.index, METH_NOARGS);
  addMethod(o, "flush", reads && !writes ? simpleFlush.index : buffered_flush.index, METH_NOARGS);
  addMethod(o, "close", buffered_close.index, METH_NOARGS);
  addMethod(o, "seekable", buffered_seekable.index, METH_NOARGS);
  addMethod(o, "fileno", buffered_fileno.index, METH_NOARGS);
  addMethod(o, "isatty", buffered_isatty.index, METH_NOARGS);
  addMethod(o, "_dealloc_warn", buffered_dealloc_warn.index, METH_O);
  addMethod(o, "__reduce__", buffered_reduce.index, METH_NOARGS);
  addMethod(o, "__reduce_ex__", buffered_reduce.index, METH_O);
  if (reads) {
    addMethod(o, "readable", buffered_readable.index, METH_NOARGS);
    addMethod(o, "read", buffered_read.index, METH_FASTCALL);
    addMethod(o, "peek", buffered_peek.index, METH_FASTCALL);
    addMethod(o, "read1", buffered_read1.index, METH_FASTCALL);
    addMethod(o, "readinto", buffered_readinto.index, METH_O);
    addMethod(o, "readinto1", buffered_readinto1.index, METH_O);
    addMethod(o, "readline", buffered_readline.index, METH_FASTCALL);
  }
  if (writes) {
    addMethod(o, "writable", buffered_writable.index, METH_NOARGS);
    addMethod(o, "write", buffered_write.index, METH_O);
  }
  addMethod(o, "seek", buffered_seek.index, METH_FASTCALL);
  addMethod(o, "tell", buffered_tell.index, METH_NOARGS);
  addMethod(o, "truncate", buffered_truncate.index, METH_FASTCALL);
  addMethod(o, "__sizeof__", buffered_sizeof.index, METH_NOARGS);
  addMember(o, "raw", _Py_T_OBJECT, buffered_raw, Py_READONLY);
  addMember(o, "_finalizing", Py_T_BOOL, buffered_finalizing, 0);
  addGetSet(o, "closed", buffered_closed.index, 0);
  addGetSet(o, "name", buffered_name.index, 0);
  addGetSet(o, "mode", buffered_mode.index, 0);
}

export function initBufferedTypes(): void {
  define(PyBufferedReader_Type, bufferedreader_init.index, true, false);
  define(PyBufferedWriter_Type, bufferedwriter_init.index, false, true);
  define(PyBufferedRandom_Type, bufferedrandom_init.index, true, true);
}
