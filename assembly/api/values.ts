// Values that the host gives, and what it does with objects: every function that takes references borrows them, and the
// host holds what it has been given until it calls release().
//
// The host writes its values as words (group build of spec/constants.txt) into a block of the raw domain. A container is made
// empty and given to what it is in before its items are read, so that it can contain itself, and nesting needs no stack but
// an array of frames. What may occur again is kept in a list, by number.
//
//   frames │ container, left, key │ container, left, key │ … the innermost last

import {
  BUILD_AGAIN,
  BUILD_BIG,
  BUILD_BYTES,
  BUILD_DICT,
  BUILD_FALSE,
  BUILD_FLOAT,
  BUILD_FUNCTION,
  BUILD_INT,
  BUILD_KEPT_UNITS,
  BUILD_LIST,
  BUILD_LONG,
  BUILD_OBJECT,
  BUILD_SET,
  BUILD_TEXT,
  BUILD_TRUE,
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
} from "../generated/constants";
import { BuildFrame, PyTypeObject, SIZEOF_BuildFrame } from "../generated/layouts";
import { vmRoots } from "../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_RuntimeError,
  PyExc_SystemError,
  PyList_Type,
  PySet_Type,
} from "../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyMem_Realloc } from "../memory/pymem";
import { newHostFunction } from "../modules/hostfunction";
import { PyBytes_FromStringAndSize } from "../objects/bytes/bytes";
import { PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { List, newPreallocatedList, PyList_Append, PyList_AsTuple, PyList_New } from "../objects/containers/list/list";
import { PySet_Add, PySet_New } from "../objects/containers/set/set";
import {
  PyErr_Clear,
  PyErr_GetRaisedException,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../objects/errors/raise";
import { _PyCoro_GetAwaitableIter } from "../objects/generators/generator";
import { PyModule_GetDict } from "../objects/module/module";
import { PyFloat_FromDouble } from "../objects/numbers/float/float";
import { Long } from "../objects/numbers/int/access";
import { _PyLong_New, longFinish, PyLong_FromLong, PyLong_FromLongLong } from "../objects/numbers/int/create";
import {
  giveArguments,
  PY_VECTORCALL_ARGUMENTS_OFFSET,
  PyObject_Call,
  PyObject_Vectorcall,
  takeArguments,
} from "../objects/object/call";
import { PyObject_GC_UnTrack } from "../objects/object/gchead";
import { Py } from "../objects/object/head";
import { PyObject_GetAttr, PyObject_SetAttr } from "../objects/protocol/access";
import { PyObject_GetItem, PyObject_SetItem, PyObject_Size } from "../objects/protocol/items";
import { PyIter_Next, PyObject_GetIter } from "../objects/protocol/iterator";
import { Scratch } from "../thread/scratch";
import { send } from "../vm/ops/generators";
import { PyUnicode_New } from "../objects/text/create";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { U } from "../objects/text/access";

const FRAMES_FIRST: isize = 16;

/** A str of `n` UTF-16 code units: pairs of surrogates are one character, others stay. New reference, or null. */
export function newText(units: usize, n: isize): usize {
  let maxchar: u32 = 0;
  let count = n;
  const end = units + ((<usize>n) << 1);
  for (let p = units; p < end; p += 2) {
    const c: u32 = load<u16>(p);
    if (isPair(p, end)) {
      maxchar = 0x10ffff;
      count--;
      p += 2;
    } else maxchar |= c;
  }
  const o = PyUnicode_New(count, min<u32>(maxchar, 0x10ffff));
  if (o == 0 || count == 0) return o;
  const kind = U.kind(o);
  const data = U.data(o);
  let i: isize = 0;
  for (let p = units; p < end; p += 2) {
    let c: u32 = load<u16>(p);
    if (isPair(p, end)) {
      p += 2;
      c = 0x10000 + ((c & 0x3ff) << 10) + (load<u16>(p) & 0x3ff);
    }
    U.write(kind, data, i++, c);
  }
  return o;
}

function isPair(p: usize, end: usize): bool {
  return (load<u16>(p) & 0xfc00) == 0xd800 && p + 2 < end && (load<u16>(p + 2) & 0xfc00) == 0xdc00;
}

/** An int where the number is one that JavaScript has exactly, otherwise a float. New reference, or null. */
export function newNumber(v: f64): usize {
  const n = <i64>v;
  const whole = <f64>n == v && abs<i64>(n) < 1 << 53 && (n != 0 || reinterpret<u64>(v) == 0);
  return whole ? PyLong_FromLongLong(n) : PyFloat_FromDouble(v);
}

/** None, True or False, as BUILD_ has them: a new reference. */
export function newConstant(which: i32): usize {
  return Py.NewRef(which == BUILD_TRUE ? _Py_TrueStruct : which == BUILD_FALSE ? _Py_FalseStruct : _Py_NoneStruct);
}

/** Builds the value that is written in the `size` bytes at `p`: a new reference, or null with an exception. */
export function buildValue(p: usize, size: usize): usize {
  const memo = PyList_New(0);
  if (memo == 0) return 0;
  // Keys may run Python, which is not to find it.
  PyObject_GC_UnTrack(memo);
  let frames = PyMem_Malloc(<usize>FRAMES_FIRST * SIZEOF_BuildFrame);
  if (frames == 0) {
    Py.DECREF(memo);
    return PyErr_NoMemory();
  }
  let room = FRAMES_FIRST;
  let depth: isize = 0;
  let root: usize = 0;
  const end = p + size;
  let failed = false;
  while (p < end) {
    const op = load<i32>(p);
    const n = <isize>load<i32>(p + 4);
    const data = p + 8;
    let value: usize = 0;
    let items: isize = -1;
    let kept = true;
    p += 4;
    if (op == BUILD_INT) {
      value = PyLong_FromLong(<i32>n);
      kept = false;
      p += 4;
    } else if (op == BUILD_FLOAT) {
      value = PyFloat_FromDouble(load<f64>(p));
      kept = false;
      p += 8;
    } else if (op == BUILD_TEXT) {
      value = newText(data, n);
      kept = n >= BUILD_KEPT_UNITS;
      p = data + (((<usize>n + 1) >> 1) << 2);
    } else if (op <= BUILD_FALSE) {
      value = newConstant(op);
      kept = false;
    } else if (op == BUILD_LONG) {
      value = PyLong_FromLongLong(load<i64>(p));
      kept = false;
      p += 8;
    } else if (op == BUILD_BIG) {
      const digits = <isize>load<i32>(data);
      value = newBig(<i32>n, digits, data + 4);
      p = data + 4 + ((<usize>digits) << 2);
    } else if (op == BUILD_BYTES) {
      value = PyBytes_FromStringAndSize(data, n);
      p = data + ((<usize>n + 3) & ~3);
    } else if (op == BUILD_LIST) {
      value = newPreallocatedList(n);
      items = n;
      p += 4;
    } else if (op == BUILD_DICT) {
      value = PyDict_New();
      items = n << 1;
      p += 4;
    } else if (op == BUILD_SET) {
      value = PySet_New(0);
      items = n;
      p += 4;
    } else if (op == BUILD_AGAIN) {
      value = Py.NewRef(List.get(memo, n));
      kept = false;
      p += 4;
    } else if (op == BUILD_OBJECT) {
      value = Py.NewRef(<usize>n);
      kept = false;
      p += 4;
    } else if (op == BUILD_FUNCTION) {
      const units = <isize>load<i32>(data);
      const name = newText(data + 4, units);
      value = name == 0 ? 0 : newHostFunction(<u32>n, name);
      kept = false;
      p = data + 4 + (((<usize>units + 1) >> 1) << 2);
    } else value = PyErr_SetString(PyExc_SystemError, "the host has written no value");
    if (value == 0 || (kept && PyList_Append(memo, value) < 0)) {
      Py.XDECREF(value);
      failed = true;
      break;
    }
    // It is given to what it is in; what nobody holds is the result.
    if (depth == 0) {
      if (root != 0) Py.DECREF(root);
      root = value;
    } else if (give(BuildFrame.at(frames + <usize>(depth - 1) * SIZEOF_BuildFrame), value) < 0) {
      failed = true;
      break;
    }
    if (items > 0) {
      if (depth == room) {
        const more = PyMem_Realloc(frames, ((<usize>room) << 1) * SIZEOF_BuildFrame);
        if (more == 0) {
          PyErr_NoMemory();
          failed = true;
          break;
        }
        frames = more;
        room <<= 1;
      }
      const frame = BuildFrame.at(frames + <usize>depth * SIZEOF_BuildFrame);
      // The memo holds it.
      frame.container = value;
      frame.left = items;
      frame.key = 0;
      depth++;
    }
    while (depth > 0 && BuildFrame.at(frames + <usize>(depth - 1) * SIZEOF_BuildFrame).left == 0) depth--;
  }
  while (depth > 0) Py.XDECREF(BuildFrame.at(frames + <usize>--depth * SIZEOF_BuildFrame).key);
  PyMem_Free(frames);
  Py.DECREF(memo);
  if (!failed && root != 0) return root;
  Py.XDECREF(root);
  return failed ? 0 : PyErr_SetString(PyExc_SystemError, "the host has written no value");
}

/** Puts a value, which is stolen, in its container: 0, or -1 with an exception. */
function give(frame: BuildFrame, value: usize): i32 {
  const container = frame.container;
  frame.left = frame.left - 1;
  if (Py.TYPE(container) == PyList_Type) {
    const r = PyList_Append(container, value);
    Py.DECREF(value);
    return r;
  }
  if (Py.TYPE(container) == PySet_Type) {
    const r = PySet_Add(container, value);
    Py.DECREF(value);
    return r;
  }
  const key = frame.key;
  if (key == 0) {
    frame.key = value;
    return 0;
  }
  frame.key = 0;
  const r = PyDict_SetItem(container, key, value);
  Py.DECREF(key);
  Py.DECREF(value);
  return r;
}

function newBig(sign: i32, n: isize, digits: usize): usize {
  const o = _PyLong_New(n);
  if (o == 0) return 0;
  for (let i: isize = 0; i < n; i++) Long.setDigit(o, i, load<u32>(digits + ((<usize>i) << 2)));
  return longFinish(o, sign);
}

/**
 * Sets an exception: of the built-in class whose name is `name`, RuntimeError where there is none, with a text. `number`: by
 * which the host knows what it has caught; -1 for nothing.
 */
export function raiseError(name: usize, nameUnits: isize, message: usize, messageUnits: isize, number: i32): void {
  const key = newText(name, nameUnits);
  const text = key == 0 ? 0 : newText(message, messageUnits);
  if (text == 0) {
    Py.XDECREF(key);
    return;
  }
  let type = PyDict_GetItemWithError(vmRoots.builtins, key);
  PyErr_Clear();
  const isClass =
    type != 0 &&
    Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS) &&
    (PyTypeObject.at(type).tp_flags & Py_TPFLAGS_BASE_EXC_SUBCLASS) != 0;
  if (!isClass) type = PyExc_RuntimeError;
  PyErr_SetObject(type, text);
  Py.DECREF(key);
  Py.DECREF(text);
  if (number < 0) return;
  const exc = PyErr_GetRaisedException();
  const attribute = PyUnicode_InternLiteral("__host_error__");
  const value = attribute == 0 ? 0 : PyLong_FromLong(number);
  if (value == 0 || PyObject_SetAttr(exc, attribute, value) < 0) PyErr_Clear();
  Py.XDECREF(value);
  Py.XDECREF(attribute);
  PyErr_SetRaisedException(exc);
}

/** The dict of __main__, borrowed. */
export function mainDict(): usize {
  return PyModule_GetDict(vmRoots.main_module);
}

/**
 * Calls an object with `n` arguments, whose words the host has written to the place that there is for them (call_words of
 * spec/runtime.txt): numbers, short texts, objects, None, True and False. New reference, or null with an exception.
 */
export function callWords(callable: usize, n: isize): usize {
  const argv = takeArguments(n);
  if (argv == 0) return PyErr_NoMemory();
  let p = vmRoots.call_words;
  let made: isize = 0;
  for (; made < n; made++) {
    const op = load<i32>(p);
    p += 4;
    let value: usize;
    if (op == BUILD_INT) {
      value = PyLong_FromLong(load<i32>(p));
      p += 4;
    } else if (op == BUILD_OBJECT) {
      value = Py.NewRef(<usize>load<u32>(p));
      p += 4;
    } else if (op == BUILD_FLOAT) {
      value = newNumber(load<f64>(p));
      p += 8;
    } else if (op == BUILD_TEXT) {
      const units = load<i32>(p);
      value = newText(p + 4, units);
      p += 4 + (((<usize>units + 1) >> 1) << 2);
    } else value = newConstant(op);
    if (value == 0) break;
    Py.setItem(argv, made, value);
  }
  let r: usize = 0;
  if (made == n) {
    // What its host holds may be let go of meanwhile.
    Py.INCREF(callable);
    r = PyObject_Vectorcall(callable, argv, <usize>n | PY_VECTORCALL_ARGUMENTS_OFFSET, 0);
    Py.DECREF(callable);
  }
  for (let i: isize = 0; i < made; i++) Py.DECREF(Py.item(argv, i));
  giveArguments(argv);
  return r;
}

/** Calls an object with a list of arguments. New reference, or null with an exception. */
export function callObject(callable: usize, args: usize): usize {
  const tuple = PyList_AsTuple(args);
  if (tuple == 0) return 0;
  const r = PyObject_Call(callable, tuple, 0);
  Py.DECREF(tuple);
  return r;
}

/** o.name. New reference, or null with an exception. */
export function getAttribute(o: usize, name: usize): usize {
  return PyObject_GetAttr(o, name);
}

/** o.name = value: 0, or -1 with an exception. */
export function setAttribute(o: usize, name: usize, value: usize): i32 {
  return PyObject_SetAttr(o, name, value);
}

/** o[key]. New reference, or null with an exception. */
export function getItem(o: usize, key: usize): usize {
  return PyObject_GetItem(o, key);
}

/** o[key] = value: 0, or -1 with an exception. */
export function setItem(o: usize, key: usize, value: usize): i32 {
  return PyObject_SetItem(o, key, value);
}

/** len(o), or -1 with an exception. */
export function sizeOf(o: usize): isize {
  return PyObject_Size(o);
}

/** iter(o). New reference, or null with an exception. */
export function iterate(o: usize): usize {
  return PyObject_GetIter(o);
}

/** The next item of an iterator: a new reference, or null, with an exception where that is not because of its end. */
export function nextItem(iterator: usize): usize {
  return PyIter_Next(iterator);
}

/** Whether an exception is set. */
export function hasFailed(): bool {
  return PyErr_Occurred() != 0;
}

/**
 * What awaiting an object gives: it is run to its end, as long as it waits for nothing that only an event loop can give. New
 * reference, or null with an exception.
 */
export function awaitObject(o: usize): usize {
  const it = _PyCoro_GetAwaitableIter(o);
  if (it == 0) return 0;
  // send() of vm/ops/generators takes the iterator and a value on a stack, and leaves the result in the value's place.
  const stack = Scratch.take(2);
  store<u64>(stack, it);
  store<u64>(stack + 8, _Py_NoneStruct);
  const sent = send(0, stack + 16, 0);
  let r: usize = sent == 0 ? 0 : <usize>load<u32>(stack + 8);
  Scratch.give(stack);
  if (r != 0 && (sent & 1) == 0) {
    Py.DECREF(r);
    r = PyErr_SetString(PyExc_RuntimeError, "it waits for what only an event loop can give");
  }
  Py.DECREF(it);
  return r;
}
