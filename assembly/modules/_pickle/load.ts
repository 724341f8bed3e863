// The machine that reads pickles: an instruction after the other until STOP (CPython 3.13's Modules/_pickle.c, load).
//
// Deliberate difference: an unpickler that is at work cannot be made to load something else, nor be initialised:
// RuntimeError, as in later versions of CPython. Its memo may change meanwhile.

import { Pdata, UnpicklerObject } from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  empty_tuple,
  ID,
  PyExc_EOFError,
  PyExc_OverflowError,
  PyExc_RuntimeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyDict_New } from "../../objects/containers/dict/dict";
import { PyList_New } from "../../objects/containers/list/list";
import { PySet_New } from "../../objects/containers/set/set";
import { PyErr_ExceptionMatches, PyErr_Fail, PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { longOverflow, longValue } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { Scratch } from "../../thread/scratch";
import {
  doAppend,
  doSetItems,
  loadAddItems,
  loadBinPersId,
  loadBuild,
  loadExtension,
  loadGlobal,
  loadInst,
  loadNewObj,
  loadObj,
  loadPersId,
  loadReduce,
  loadStackGlobal,
} from "./build";
import { read, readLine, skipConsumed } from "./input";
import {
  ADDITEMS,
  APPEND,
  APPENDS,
  BINBYTES,
  BINBYTES8,
  BINFLOAT,
  BINGET,
  BININT,
  BININT1,
  BININT2,
  BINPERSID,
  BINPUT,
  BINSTRING,
  BINUNICODE,
  BINUNICODE8,
  BUILD,
  BYTEARRAY8,
  DICT,
  DUP,
  EMPTY_DICT,
  EMPTY_LIST,
  EMPTY_SET,
  EMPTY_TUPLE,
  EXT1,
  EXT2,
  EXT4,
  FLOAT,
  FRAME,
  FROZENSET,
  GET,
  GLOBAL,
  HIGHEST_PROTOCOL,
  INST,
  INT,
  LIST,
  LONG,
  LONG_BINGET,
  LONG_BINPUT,
  LONG1,
  LONG4,
  MARK,
  MEMOIZE,
  NEWFALSE,
  NEWOBJ,
  NEWOBJ_EX,
  NEWTRUE,
  NEXT_BUFFER,
  NONE,
  OBJ,
  PERSID,
  POP,
  POP_MARK,
  PROTO,
  PUT,
  READONLY_BUFFER,
  REDUCE,
  SETITEM,
  SETITEMS,
  SHORT_BINBYTES,
  SHORT_BINSTRING,
  SHORT_BINUNICODE,
  STACK_GLOBAL,
  STOP,
  STRING,
  TUPLE,
  TUPLE1,
  TUPLE2,
  TUPLE3,
  UNICODE,
} from "./opcodes";
import { cutStack, pop, popMark, popMarkOnTop, push, pushMark, pushRemembered, rememberTop, Stack } from "./stack";
import {
  loadBinBytes,
  loadBinFloat,
  loadBinInt,
  loadBinString,
  loadBinUnicode,
  loadByteArray,
  loadCountedLong,
  loadDict,
  loadFloat,
  loadInt,
  loadLong,
  loadMarked,
  loadNextBuffer,
  loadReadonlyBuffer,
  loadString,
  loadTuple,
  loadUnicode,
  parseLine,
} from "./values";

/** Whether the unpickler is not at work; otherwise RuntimeError. */
export function isIdle(o: usize): bool {
  const stack = Stack.of(o);
  if (stack == 0 || Pdata.at(stack).running == 0) return true;
  PyErr_SetString(PyExc_RuntimeError, "Unpickler object is already used");
  return false;
}

/** Reads a whole pickle: a new reference to what it was made from; null with an exception. */
export function loadPickle(o: usize): usize {
  if (!isIdle(o)) return 0;
  const s = UnpicklerObject.at(o);
  const stack = Py.NewRef(s.stack);
  s.num_marks = 0;
  s.proto = 0;
  Pdata.at(stack).mark_set = 0;
  Pdata.at(stack).fence = 0;
  Pdata.at(stack).running = 1;
  cutStack(stack, 0);
  let r: usize = 0;
  const method = PyObject_GetAttr(o, ID.persistent_load);
  if (method != 0) {
    Py.SETREF(s.persistent_load_slot, method);
    if (run(o) == 0 && skipConsumed(o) == 0) r = pop(o);
    Py.CLEAR(s.persistent_load_slot);
  }
  Pdata.at(stack).running = 0;
  Py.DECREF(stack);
  return r;
}

/** Reads instructions up to STOP: 0, or -1 with an exception. */
function run(o: usize): i32 {
  while (true) {
    const p = read(o, 1);
    if (p == 0) {
      if (PyErr_ExceptionMatches(pickleRoots.unpickling_error)) return PyErr_Fail(PyExc_EOFError, "Ran out of input");
      return -1;
    }
    const op = load<u8>(p);
    if (op == STOP) return 0;
    if (step(o, op) < 0) return -1;
  }
}

/** Runs an instruction: 0, or -1 with an exception. */
function step(o: usize, op: u8): i32 {
  switch (op) {
    case NONE:
      return push(o, _Py_NoneStruct);
    case NEWTRUE:
      return push(o, _Py_TrueStruct);
    case NEWFALSE:
      return push(o, _Py_FalseStruct);
    case BININT:
      return loadBinInt(o, 4);
    case BININT1:
      return loadBinInt(o, 1);
    case BININT2:
      return loadBinInt(o, 2);
    case BINFLOAT:
      return loadBinFloat(o);
    case SHORT_BINUNICODE:
      return loadBinUnicode(o, 1);
    case BINUNICODE:
      return loadBinUnicode(o, 4);
    case BINUNICODE8:
      return loadBinUnicode(o, 8);
    case SHORT_BINBYTES:
      return loadBinBytes(o, 1);
    case BINBYTES:
      return loadBinBytes(o, 4);
    case BINBYTES8:
      return loadBinBytes(o, 8);
    case EMPTY_TUPLE:
      return push(o, empty_tuple);
    case TUPLE1:
      return loadTuple(o, 1);
    case TUPLE2:
      return loadTuple(o, 2);
    case TUPLE3:
      return loadTuple(o, 3);
    case EMPTY_LIST:
      return push(o, PyList_New(0));
    case EMPTY_DICT:
      return push(o, PyDict_New());
    case EMPTY_SET:
      return push(o, PySet_New(0));
    case LIST:
    case TUPLE:
    case FROZENSET:
      return loadMarked(o, op);
    case DICT:
      return loadDict(o);
    case MARK:
      return pushMark(o);
    case MEMOIZE:
      return rememberTop(o, UnpicklerObject.at(o).memo_len);
    case BINPUT:
    case LONG_BINPUT:
    case PUT:
      return loadPut(o, op);
    case BINGET:
    case LONG_BINGET:
    case GET:
      return loadGet(o, op);
    case APPEND:
      return doAppend(o, Stack.size(o) - 1);
    case APPENDS:
      return aboveMark(o, op);
    case SETITEM:
      return doSetItems(o, Stack.size(o) - 2);
    case SETITEMS:
      return aboveMark(o, op);
    case ADDITEMS:
      return loadAddItems(o);
    case STACK_GLOBAL:
      return loadStackGlobal(o);
    case GLOBAL:
      return loadGlobal(o);
    case NEWOBJ:
      return loadNewObj(o, false);
    case NEWOBJ_EX:
      return loadNewObj(o, true);
    case REDUCE:
      return loadReduce(o);
    case BUILD:
      return loadBuild(o);
    case FRAME:
      return loadFrame(o);
    case PROTO:
      return loadProto(o);
  }
  return stepRare(o, op);
}

/** Runs an instruction that pickles of our own rarely have. */
function stepRare(o: usize, op: u8): i32 {
  switch (op) {
    case INT:
      return loadInt(o);
    case LONG:
      return loadLong(o);
    case LONG1:
      return loadCountedLong(o, 1);
    case LONG4:
      return loadCountedLong(o, 4);
    case FLOAT:
      return loadFloat(o);
    case STRING:
      return loadString(o);
    case BINSTRING:
      return loadBinString(o, 4);
    case SHORT_BINSTRING:
      return loadBinString(o, 1);
    case UNICODE:
      return loadUnicode(o);
    case BYTEARRAY8:
      return loadByteArray(o);
    case NEXT_BUFFER:
      return loadNextBuffer(o);
    case READONLY_BUFFER:
      return loadReadonlyBuffer(o);
    case OBJ:
      return loadObj(o);
    case INST:
      return loadInst(o);
    case PERSID:
      return loadPersId(o);
    case BINPERSID:
      return loadBinPersId(o);
    case EXT1:
      return loadExtension(o, 1);
    case EXT2:
      return loadExtension(o, 2);
    case EXT4:
      return loadExtension(o, 4);
    case POP:
      return loadPop(o);
    case POP_MARK: {
      const start = popMark(o);
      if (start < 0) return -1;
      cutStack(Stack.of(o), start);
      return 0;
    }
    case DUP: {
      const top = Stack.top(o);
      return top == 0 ? -1 : push(o, Py.NewRef(top));
    }
  }
  const printable = op >= 0x20 && op < 0x7f && op != 0x27 && op != 0x5c;
  const message = printable ? "invalid load key, '%c'." : "invalid load key, '\\x%02x'.";
  PyErr_Format(pickleRoots.unpickling_error, message, op);
  return -1;
}

/** Appends what is above the last mark, or makes items of it. */
function aboveMark(o: usize, op: u8): i32 {
  const start = popMark(o);
  if (start < 0) return -1;
  return op == APPENDS ? doAppend(o, start) : doSetItems(o, start);
}

function loadPop(o: usize): i32 {
  if (popMarkOnTop(o)) return 0;
  const top = pop(o);
  if (top == 0) return -1;
  Py.DECREF(top);
  return 0;
}

/** The number that an instruction of the memo has: in a byte, four, or a line. False with an exception; at `out` an i64. */
function readIndex(o: usize, op: u8, out: usize): bool {
  if (op == GET || op == PUT) {
    const n = readLine(o, 1);
    const number = n < 0 ? 0 : parseLine(UnpicklerObject.at(o).input_line, n + 1, 10);
    if (number == 0) return false;
    const overflow = longOverflow(number) != 0;
    if (overflow) PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
    else store<i64>(out, longValue(number));
    Py.DECREF(number);
    return !overflow;
  }
  const isShort = op == BINGET || op == BINPUT;
  const p = read(o, isShort ? 1 : 4);
  if (p == 0) return false;
  const index: i64 = isShort ? load<u8>(p) : load<u32>(p);
  store<i64>(out, index);
  return true;
}

function loadGet(o: usize, op: u8): i32 {
  const out = Scratch.take(1);
  const ok = readIndex(o, op, out);
  const index = load<i64>(out);
  Scratch.give(out);
  return ok ? pushRemembered(o, index) : -1;
}

function loadPut(o: usize, op: u8): i32 {
  const out = Scratch.take(1);
  const ok = readIndex(o, op, out);
  const index = load<i64>(out);
  Scratch.give(out);
  if (!ok) return -1;
  if (Stack.top(o) == 0) return -1;
  return index < 0 ? PyErr_Fail(PyExc_ValueError, "negative PUT argument") : rememberTop(o, index);
}

function loadProto(o: usize): i32 {
  const p = read(o, 1);
  if (p == 0) return -1;
  const proto = <i32>load<u8>(p);
  if (proto > HIGHEST_PROTOCOL) {
    PyErr_Format(PyExc_ValueError, "unsupported pickle protocol: %d", proto);
    return -1;
  }
  UnpicklerObject.at(o).proto = proto;
  return 0;
}

/** Sees to it that the frame's bytes are there. */
function loadFrame(o: usize): i32 {
  const p = read(o, 8);
  if (p == 0) return -1;
  const size = load<i64>(p);
  if (size < 0) {
    const message = "FRAME length exceeds system's maximum of %d bytes";
    PyErr_Format(PyExc_OverflowError, message, i64.MAX_VALUE);
    return -1;
  }
  if (read(o, size) == 0) return -1;
  const s = UnpicklerObject.at(o);
  s.next_read_idx = s.next_read_idx - <isize>size;
  return 0;
}
