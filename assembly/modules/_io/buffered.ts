// BufferedReader, BufferedWriter and BufferedRandom (CPython 3.13's Modules/_io/bufferedio.c): the methods over the
// buffer that is in bufferedcore.ts. The three share one structure and most of their methods.

import { buffered, buffered_dict, buffered_weakreflist, PyTypeObject, SIZEOF_buffered } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyBufferedIOBase_Type,
  PyBufferedRandom_Type,
  PyBufferedReader_Type,
  PyBufferedWriter_Type,
  PyExc_OSError,
  PyExc_RuntimeError,
  PyExc_SystemError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFileIO_Type,
} from "../../generated/statics";
import { PyMem_Free } from "../../memory/pymem";
import { ArgParser, intArgument, parseTupleAndKeywords, ssizeArgument } from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { buffered_traverse, buffered_clear as clearReferences } from "../../objects/generated/references";
import { PyLong_FromLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { Buffer, PyBuffer_Release } from "../../objects/object/buffer";
import { PyObject_CallMethodNoArgs, PyObject_CallMethodOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../objects/object/reprguard";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Scratch } from "../../thread/scratch";
import {
  allocateBuffer,
  callRaw,
  checkInitialised,
  checkUsable,
  enter,
  flushBoth,
  holdRaw,
  leave,
  peek,
  rawIsClosed,
  rawTell,
  readBytes,
  readInto,
  readLine,
  readOnce,
  readRest,
  seek,
  tell,
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
  leaveStream,
  none,
  openWritable,
  optionalSize,
  positionResult,
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
  b.fast_closed_checks = plain && b.raw != 0 && Py.IS_TYPE(b.raw, PyFileIO_Type) ? 1 : 0;
  b.ok = 1;
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
  return checkInitialised(self) ? callRaw(self, name) : 0;
}

function getRaw(self: usize, name: usize): usize {
  if (!checkInitialised(self)) return 0;
  const raw = holdRaw(self);
  if (raw == 0) return 0;
  const r = PyObject_GetAttr(raw, name);
  Py.DECREF(raw);
  return r;
}

/**
 * @native _io.BufferedReader.seekable($self, /)
 *
 * @native _io.BufferedWriter.seekable($self, /)
 *
 * @native _io.BufferedRandom.seekable($self, /)
 */
export function buffered_seekable(self: usize, _: usize): usize {
  return askRaw(self, ID.seekable);
}

/**
 * @native _io.BufferedReader.readable($self, /)
 *
 * @native _io.BufferedRandom.readable($self, /)
 */
export function buffered_readable(self: usize, _: usize): usize {
  return askRaw(self, ID.readable);
}

/**
 * @native _io.BufferedWriter.writable($self, /)
 *
 * @native _io.BufferedRandom.writable($self, /)
 */
export function buffered_writable(self: usize, _: usize): usize {
  return askRaw(self, ID.writable);
}

/**
 * @native _io.BufferedReader.fileno($self, /)
 *
 * @native _io.BufferedWriter.fileno($self, /)
 *
 * @native _io.BufferedRandom.fileno($self, /)
 */
export function buffered_fileno(self: usize, _: usize): usize {
  return askRaw(self, ID.fileno);
}

/**
 * @native _io.BufferedReader.isatty($self, /)
 *
 * @native _io.BufferedWriter.isatty($self, /)
 *
 * @native _io.BufferedRandom.isatty($self, /)
 */
export function buffered_isatty(self: usize, _: usize): usize {
  return askRaw(self, ID.isatty);
}

/**
 * @getter _io.BufferedReader.closed
 *
 * @getter _io.BufferedWriter.closed
 *
 * @getter _io.BufferedRandom.closed
 */
export function buffered_closed(self: usize, _c: usize): usize {
  return getRaw(self, ID.closed);
}

/**
 * @getter _io.BufferedReader.name
 *
 * @getter _io.BufferedWriter.name
 *
 * @getter _io.BufferedRandom.name
 */
export function buffered_name(self: usize, _c: usize): usize {
  return getRaw(self, ID.name);
}

/**
 * @getter _io.BufferedReader.mode
 *
 * @getter _io.BufferedWriter.mode
 *
 * @getter _io.BufferedRandom.mode
 */
export function buffered_mode(self: usize, _c: usize): usize {
  return getRaw(self, ID.mode);
}

// Closing.

const DETACHED_TWICE = "<method 'detach' of '%.200t' objects> returned NULL without setting an exception";

/**
 * @native _io.BufferedReader.flush($self, /)
 */
export function simpleFlush(self: usize, _: usize): usize {
  return askRaw(self, ID.flush);
}

/**
 * @native _io.BufferedWriter.flush($self, /)
 *
 * @native _io.BufferedRandom.flush($self, /)
 */
export function buffered_flush(self: usize, _: usize): usize {
  if (!checkUsable(self, "flush of closed file") || !enter(self)) return 0;
  const status = flushBoth(self);
  leave(self);
  return status < 0 ? 0 : none();
}

/**
 * @native _io.BufferedReader.close($self, /)
 *
 * @native _io.BufferedWriter.close($self, /)
 *
 * @native _io.BufferedRandom.close($self, /)
 */
export function buffered_close(self: usize, _: usize): usize {
  if (!checkInitialised(self) || !enter(self)) return 0;
  const b = buffered.at(self);
  const closed = rawIsClosed(self);
  if (closed == 0 && b.finalizing) warnDropped(self, self);
  leave(self);
  if (closed != 0) return closed < 0 ? 0 : none();
  // flush() is an operation of its own.
  const flushed = PyObject_CallMethodNoArgs(self, ID.flush);
  Py.XDECREF(flushed);
  const exc = PyErr_GetRaisedException();
  if (!enter(self)) {
    chainExceptions(exc);
    return 0;
  }
  let r = callRaw(self, ID.close);
  if (b.buffer != 0) {
    PyMem_Free(b.buffer);
    b.buffer = 0;
  }
  if (exc != 0) {
    Py.XDECREF(r);
    r = 0;
    chainExceptions(exc);
  }
  b.read_end = 0;
  b.pos = 0;
  leave(self);
  return r;
}

/**
 * @native _io.BufferedReader.detach($self, /)
 *
 * @native _io.BufferedWriter.detach($self, /)
 *
 * @native _io.BufferedRandom.detach($self, /)
 */
export function buffered_detach(self: usize, _: usize): usize {
  if (!checkInitialised(self)) return 0;
  const b = buffered.at(self);
  if (callForEffect(self, ID.flush) < 0) return 0;
  const raw = b.raw;
  b.raw = 0;
  b.detached = 1;
  b.ok = 0;
  // flush() has detached it already: CPython finds that out when it returns nothing.
  if (raw == 0) return PyErr_Format(PyExc_SystemError, DETACHED_TWICE, self);
  return raw;
}

/**
 * @native _io.BufferedReader._dealloc_warn($self, source, /)
 *
 * @native _io.BufferedWriter._dealloc_warn($self, source, /)
 *
 * @native _io.BufferedRandom._dealloc_warn($self, source, /)
 */
export function buffered_dealloc_warn(self: usize, source: usize): usize {
  warnDropped(self, source);
  return none();
}

function warnDropped(self: usize, source: usize): void {
  const b = buffered.at(self);
  if (!b.ok || b.raw == 0) return;
  const raw = Py.NewRef(b.raw);
  warnUnclosed(raw, source);
  Py.DECREF(raw);
}

// Reading.

/**
 * @native _io.BufferedReader.read($self, size=-1, /)
 *
 * @native _io.BufferedRandom.read($self, size=-1, /)
 */
export function buffered_read(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("read", nargs, 0, 1)) return 0;
  const n = optionalSize(argv, nargs);
  if (n == -1 && failed()) return 0;
  if (!checkInitialised(self)) return 0;
  if (n < -1) return PyErr_SetString(PyExc_ValueError, "read length must be non-negative or -1");
  if (!checkUsable(self, "read of closed file")) return 0;
  return n == -1 ? readRest(self) : readBytes(self, n);
}

/** read1() natively: what one read of the raw stream brings, at most `n` bytes; null with an exception. */
export function buffered_readOnce(self: usize, n: isize): usize {
  if (!checkUsable(self, "read of closed file")) return 0;
  return readOnce(self, n < 0 ? buffered.at(self).buffer_size : n);
}

/**
 * @native _io.BufferedReader.read1($self, size=-1, /)
 *
 * @native _io.BufferedRandom.read1($self, size=-1, /)
 */
export function buffered_read1(self: usize, n: isize): usize {
  return buffered_readOnce(self, n);
}

function fill(self: usize, target: usize, once: bool): usize {
  const view = Scratch.take(10);
  if (!openWritable(target, view, once ? "readinto1" : "readinto")) {
    Scratch.give(view);
    return 0;
  }
  let n: isize = -1;
  if (checkUsable(self, "readinto of closed file")) n = readInto(self, Buffer.data(view), Buffer.length(view), once);
  PyBuffer_Release(view);
  Scratch.give(view);
  return n == WOULD_BLOCK ? none() : n < 0 ? 0 : PyLong_FromSsize_t(n);
}

/**
 * @native _io.BufferedReader.readinto($self, buffer, /)
 *
 * @native _io.BufferedRandom.readinto($self, buffer, /)
 */
export function buffered_readinto(self: usize, target: usize): usize {
  return fill(self, target, false);
}

/**
 * @native _io.BufferedReader.readinto1($self, buffer, /)
 *
 * @native _io.BufferedRandom.readinto1($self, buffer, /)
 */
export function buffered_readinto1(self: usize, target: usize): usize {
  return fill(self, target, true);
}

/**
 * @native _io.BufferedReader.peek($self, size=0, /)
 *
 * @native _io.BufferedRandom.peek($self, size=0, /)
 */
export function buffered_peek(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("peek", nargs, 0, 1)) return 0;
  if (nargs > 0 && ssizeArgument(Py.item(argv, 0)) == -1 && failed()) return 0;
  return checkUsable(self, "peek of closed file") ? peek(self) : 0;
}

/**
 * @native _io.BufferedReader.readline($self, size=-1, /)
 *
 * @native _io.BufferedRandom.readline($self, size=-1, /)
 */
export function buffered_readline(self: usize, argv: usize, nargs: isize): usize {
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
      PyErr_Format(PyExc_OSError, "readline() should have returned a bytes object, not '%.200t'", line);
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
  return checkInitialised(self) ? writeOut(self, p, n) : -1;
}

/**
 * @native _io.BufferedWriter.write($self, buffer, /)
 *
 * @native _io.BufferedRandom.write($self, buffer, /)
 */
export function buffered_write(self: usize, data: usize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const n = Buffer.length(view);
  const status = buffered_writeBytes(self, Buffer.data(view), n);
  Buffer.close(view);
  return status < 0 ? 0 : PyLong_FromSsize_t(n);
}

// Positions.

/**
 * @native _io.BufferedReader.tell($self, /)
 *
 * @native _io.BufferedWriter.tell($self, /)
 *
 * @native _io.BufferedRandom.tell($self, /)
 */
export function buffered_tell(self: usize, _: usize): usize {
  if (!checkInitialised(self)) return 0;
  const at = tell(self);
  return at < 0 ? 0 : PyLong_FromLongLong(at);
}

/**
 * @native _io.BufferedReader.seek($self, target, whence=0, /)
 *
 * @native _io.BufferedWriter.seek($self, target, whence=0, /)
 *
 * @native _io.BufferedRandom.seek($self, target, whence=0, /)
 */
export function buffered_seek(self: usize, target_: usize, whence_: usize): usize {
  if (!checkInitialised(self)) return 0;
  let whence = 0;
  if (whence_ != 0) {
    whence = intArgument(whence_);
    if (whence == -1 && failed()) return 0;
  }
  if (whence < 0 || whence > 2) return PyErr_Format(PyExc_ValueError, "whence value %d unsupported", whence);
  if (!checkUsable(self, "seek of closed file")) return 0;
  const raw = holdRaw(self);
  if (raw == 0) return 0;
  const seekable = checkAbility(raw, ID.seekable, "File or stream is not seekable.");
  Py.DECREF(raw);
  if (!seekable) return 0;
  const target = positionResult(target_);
  if (target == -1 && failed()) return 0;
  const at = seek(self, target, whence);
  return at < 0 ? 0 : PyLong_FromLongLong(at);
}

/**
 * @native _io.BufferedReader.truncate($self, pos=None, /)
 *
 * @native _io.BufferedWriter.truncate($self, pos=None, /)
 *
 * @native _io.BufferedRandom.truncate($self, pos=None, /)
 */
export function buffered_truncate(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("truncate", nargs, 0, 1)) return 0;
  if (!checkUsable(self, "truncate of closed file")) return 0;
  if (!buffered.at(self).writable) return unsupported("truncate");
  if (!enter(self)) return 0;
  const raw = flushBoth(self) < 0 ? 0 : holdRaw(self);
  const r = raw == 0 ? 0 : PyObject_CallMethodOneArg(raw, ID.truncate, nargs > 0 ? Py.item(argv, 0) : _Py_NoneStruct);
  Py.XDECREF(raw);
  if (r != 0 && rawTell(self) < 0) PyErr_Clear();
  leave(self);
  return r;
}

// The object.

function buffered_repr(self: usize): usize {
  const name = PyObject_GetOptionalAttr(self, ID.name);
  if (name == 0) {
    // A stream without a name is no error, nor is one without a raw stream.
    if (PyErr_Occurred()) {
      if (!PyErr_ExceptionMatches(PyExc_ValueError)) return 0;
      PyErr_Clear();
    }
    return PyUnicode_FromFormat("<%.200t>", self);
  }
  const entered = Py_ReprEnter(self);
  let r: usize = 0;
  if (entered == 0) {
    r = PyUnicode_FromFormat("<%.200t name=%R>", self, name);
    Py_ReprLeave(self);
  } else if (entered > 0) {
    PyErr_Format(PyExc_RuntimeError, "reentrant call inside %t.__repr__", self);
  }
  Py.DECREF(name);
  return r;
}

/**
 * @native _io.BufferedReader.__sizeof__($self, /)
 *
 * @native _io.BufferedWriter.__sizeof__($self, /)
 *
 * @native _io.BufferedRandom.__sizeof__($self, /)
 */
export function buffered_sizeof(self: usize, _: usize): usize {
  const b = buffered.at(self);
  return PyLong_FromSsize_t(PyTypeObject.at(Py.TYPE(self)).tp_basicsize + (b.buffer != 0 ? b.buffer_size : 0));
}

/**
 * @native _io.BufferedReader.__reduce__
 *
 * @native _io.BufferedWriter.__reduce__
 *
 * @native _io.BufferedRandom.__reduce__
 */
export function buffered_reduce(self: usize, _: usize): usize {
  return PyErr_Format(PyExc_TypeError, "cannot pickle '%.100t' instances", self);
}

/**
 * @native _io.BufferedReader.__reduce_ex__
 *
 * @native _io.BufferedWriter.__reduce_ex__
 *
 * @native _io.BufferedRandom.__reduce_ex__
 */
export function buffered_reduce_ex(self: usize, protocol: usize): usize {
  return buffered_reduce(self, protocol);
}

function buffered_dealloc(self: usize): void {
  const b = buffered.at(self);
  b.finalizing = 1;
  if (finalizeStream(self)) return;
  b.ok = 0;
  leaveStream(self);
  if (b.buffer != 0) PyMem_Free(b.buffer);
  b.buffer = 0;
  Py.CLEAR(b.raw_slot);
  freeStream(self);
}

function buffered_clear(self: usize): i32 {
  buffered.at(self).ok = 0;
  return clearReferences(self);
}

function define(o: usize, init: u32, reads: bool): void {
  const t = PyTypeObject.at(o);
  defineStream(o, PyBufferedIOBase_Type, SIZEOF_buffered, buffered_dict, buffered_weakreflist);
  t.tp_init = init;
  t.tp_repr = buffered_repr.index;
  t.tp_dealloc = buffered_dealloc.index;
  t.tp_traverse = buffered_traverse.index;
  t.tp_clear = buffered_clear.index;
  if (reads) t.tp_iternext = buffered_iternext.index;
}

/**
 * @type _io.BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)
 * @order detach flush close seekable fileno isatty _dealloc_warn __reduce__ __reduce_ex__ readable read peek
 * @order read1 readinto readinto1 readline seek tell truncate __sizeof__
 *
 * A buffer before a raw stream that is read from, in pieces.
 *
 * @member _io.BufferedReader.raw = buffered.raw readonly
 *
 * @member _io.BufferedReader._finalizing = buffered.finalizing
 */

/**
 * @type _io.BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)
 * @order detach flush close seekable fileno isatty _dealloc_warn __reduce__ __reduce_ex__ writable write
 * @order seek tell truncate __sizeof__
 *
 * A buffer before a raw stream that is written to.
 *
 * Bytes are gathered until there are buffer_size of them, or flush() is called, or the stream is closed: then they go to the raw stream together.
 *
 * @member _io.BufferedWriter.raw = buffered.raw readonly
 *
 * @member _io.BufferedWriter._finalizing = buffered.finalizing
 */

/**
 * @type _io.BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)
 * @order detach flush close seekable fileno isatty _dealloc_warn __reduce__ __reduce_ex__ readable read peek
 * @order read1 readinto readinto1 readline writable write seek tell truncate __sizeof__
 *
 * A buffer before a raw stream that has positions, for reading and writing.
 *
 * The two share the position, and what was written is seen by reading. Reading ahead and gathering is done in pieces of buffer_size.
 *
 * @member _io.BufferedRandom.raw = buffered.raw readonly
 *
 * @member _io.BufferedRandom._finalizing = buffered.finalizing
 */

export function initBufferedTypes(): void {
  define(PyBufferedReader_Type, bufferedreader_init.index, true);
  define(PyBufferedWriter_Type, bufferedwriter_init.index, false);
  define(PyBufferedRandom_Type, bufferedrandom_init.index, true);
}
