// BufferedRWPair: a reader and a writer in one (CPython 3.13's Modules/_io/bufferedio.c, the part of that name). It has a
// BufferedReader and a BufferedWriter, whose methods it calls by their names; both are null until __init__ has made them.
//
// Deliberate difference: initialised anew, it lets go of the reader and the writer that it had, which CPython forgets.

import { PyTypeObject, rwpair, rwpair_dict, rwpair_weakreflist, SIZEOF_rwpair } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  ID,
  PyBufferedIOBase_Type,
  PyBufferedReader_Type,
  PyBufferedRWPair_Type,
  PyBufferedWriter_Type,
  PyExc_AttributeError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyDict_Size } from "../../objects/containers/dict/dict";
import { Tuple } from "../../objects/containers/tuple";
import { ArgParser, ssizeArgument } from "../../objects/define/args";
import { PyErr_Fail, PyErr_GetRaisedException, PyErr_SetObject, PyErr_SetString } from "../../objects/errors/raise";
import { rwpair_clear, rwpair_traverse } from "../../objects/generated/references";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_Call, PyObject_CallNoArgs, PyObject_CallTwoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { chainExceptions, checkAbility, DEFAULT_BUFFER_SIZE, failed, freeStream, leaveStream } from "./common";
import { defineStream } from "./iobase";

/** A stream of `type` over `raw` with a buffer of `size` bytes: new, or null with an exception. */
function makeHalf(type: usize, raw: usize, size: isize): usize {
  const number = PyLong_FromSsize_t(size);
  const half = number == 0 ? 0 : PyObject_CallTwoArgs(type, raw, number);
  Py.XDECREF(number);
  return half;
}

function rwpair_init(self: usize, args: usize, kwargs: usize): i32 {
  if (Py.IS_TYPE(self, PyBufferedRWPair_Type) && kwargs != 0 && PyDict_Size(kwargs) != 0) {
    return PyErr_Fail(PyExc_TypeError, "BufferedRWPair() takes no keyword arguments");
  }
  const n = Py.SIZE(args);
  if (!ArgParser.count("BufferedRWPair", n, 2, 3)) return -1;
  let size = DEFAULT_BUFFER_SIZE;
  if (n == 3) {
    size = ssizeArgument(Tuple.get(args, 2));
    if (size == -1 && failed()) return -1;
  }
  const reader = Tuple.get(args, 0);
  const writer = Tuple.get(args, 1);
  if (!checkAbility(reader, ID.readable, "File or stream is not readable.")) return -1;
  if (!checkAbility(writer, ID.writable, "File or stream is not writable.")) return -1;
  const r = makeHalf(PyBufferedReader_Type, reader, size);
  if (r == 0) return -1;
  const w = makeHalf(PyBufferedWriter_Type, writer, size);
  if (w == 0) {
    Py.DECREF(r);
    return -1;
  }
  const pair = rwpair.at(self);
  Py.SETREF(pair.reader_slot, r);
  Py.SETREF(pair.writer_slot, w);
  return 0;
}

/** Calls a method of one half, which is held meanwhile, with a tuple (null: without arguments): new, or null. */
function forward(half: usize, name: usize, args: usize): usize {
  if (half == 0) return PyErr_SetString(PyExc_ValueError, "I/O operation on uninitialized object");
  Py.INCREF(half);
  const method = PyObject_GetAttr(half, name);
  let r: usize = 0;
  if (method != 0) {
    r = args == 0 ? PyObject_CallNoArgs(method) : PyObject_Call(method, args, 0);
    Py.DECREF(method);
  } else PyErr_SetObject(PyExc_AttributeError, name);
  Py.DECREF(half);
  return r;
}

/**
 * @native _io.BufferedRWPair.read
 */
export function rwpair_read(self: usize, args: usize): usize {
  return forward(rwpair.at(self).reader, ID.read, args);
}

/**
 * @native _io.BufferedRWPair.peek
 */
export function rwpair_peek(self: usize, args: usize): usize {
  return forward(rwpair.at(self).reader, ID.peek, args);
}

/**
 * @native _io.BufferedRWPair.read1
 */
export function rwpair_read1(self: usize, args: usize): usize {
  return forward(rwpair.at(self).reader, ID.read1, args);
}

/**
 * @native _io.BufferedRWPair.readinto
 */
export function rwpair_readinto(self: usize, args: usize): usize {
  return forward(rwpair.at(self).reader, ID.readinto, args);
}

/**
 * @native _io.BufferedRWPair.readinto1
 */
export function rwpair_readinto1(self: usize, args: usize): usize {
  return forward(rwpair.at(self).reader, ID.readinto1, args);
}

/**
 * @native _io.BufferedRWPair.write
 */
export function rwpair_write(self: usize, args: usize): usize {
  return forward(rwpair.at(self).writer, ID.write, args);
}

/**
 * @native _io.BufferedRWPair.flush($self, /)
 */
export function rwpair_flush(self: usize, _: usize): usize {
  return forward(rwpair.at(self).writer, ID.flush, 0);
}

/**
 * @native _io.BufferedRWPair.readable($self, /)
 */
export function rwpair_readable(self: usize, _: usize): usize {
  return forward(rwpair.at(self).reader, ID.readable, 0);
}

/**
 * @native _io.BufferedRWPair.writable($self, /)
 */
export function rwpair_writable(self: usize, _: usize): usize {
  return forward(rwpair.at(self).writer, ID.writable, 0);
}

/**
 * Closes both; where both fail, the reader's exception has the writer's as its context.
 *
 * @native _io.BufferedRWPair.close($self, /)
 */
export function rwpair_close(self: usize, _: usize): usize {
  const written = forward(rwpair.at(self).writer, ID.close, 0);
  const exc = written == 0 ? PyErr_GetRaisedException() : 0;
  Py.XDECREF(written);
  const r = forward(rwpair.at(self).reader, ID.close, 0);
  if (exc == 0) return r;
  Py.XDECREF(r);
  chainExceptions(exc);
  return 0;
}

/**
 * @native _io.BufferedRWPair.isatty($self, /)
 */
export function rwpair_isatty(self: usize, _: usize): usize {
  const r = forward(rwpair.at(self).writer, ID.isatty, 0);
  if (r != _Py_FalseStruct) return r;
  Py.DECREF(r);
  return forward(rwpair.at(self).reader, ID.isatty, 0);
}

/**
 * @getter _io.BufferedRWPair.closed
 */
export function rwpair_closed(self: usize, _c: usize): usize {
  const writer = rwpair.at(self).writer;
  if (writer == 0) {
    return PyErr_SetString(PyExc_RuntimeError, "the BufferedRWPair object is being garbage-collected");
  }
  Py.INCREF(writer);
  const r = PyObject_GetAttr(writer, ID.closed);
  Py.DECREF(writer);
  return r;
}

/** Nothing is closed here: the two streams do that when they die. */
function rwpair_dealloc(self: usize): void {
  leaveStream(self);
  const pair = rwpair.at(self);
  Py.CLEAR(pair.reader_slot);
  Py.CLEAR(pair.writer_slot);
  freeStream(self);
}

/**
 * @type _io.BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)
 * @order read peek read1 readinto readinto1 write flush readable writable close isatty
 *
 * Two raw streams as one: bytes are read from the first, and what is written goes to the second.
 *
 * Each has a buffer of buffer_size bytes of its own, and the two have nothing to do with each other, as the two directions of a pipe or of a socket. There are no positions to go to.
 */

export function initBufferedRWPairType(): void {
  const o = PyBufferedRWPair_Type;
  const t = PyTypeObject.at(o);
  defineStream(o, PyBufferedIOBase_Type, SIZEOF_rwpair, rwpair_dict, rwpair_weakreflist);
  t.tp_init = rwpair_init.index;
  t.tp_dealloc = rwpair_dealloc.index;
  t.tp_traverse = rwpair_traverse.index;
  t.tp_clear = rwpair_clear.index;
}
