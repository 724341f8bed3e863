// Unpickling of what is made by names and calls, and of what goes into objects that are there (CPython 3.13's
// Modules/_pickle.c).

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyTypeObject, UnpicklerObject } from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyExc_TypeError,
  PyExc_UnicodeDecodeError,
  PyExc_ValueError,
  PyList_Type,
  PySet_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import {
  PyDict_GetItemWithError,
  PyDict_KeyAt,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_ValueAt,
} from "../../objects/containers/dict/dict";
import { List, PyList_SetSlice } from "../../objects/containers/list/list";
import { _PySet_Update } from "../../objects/containers/set/set";
import { Tuple } from "../../objects/containers/tuple";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyLong_FromLongLong } from "../../objects/numbers/int/create";
import {
  PyObject_Call,
  PyObject_CallMethodOneArg,
  PyObject_CallMethodTwoArgs,
  PyObject_CallOneArg,
} from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import {
  PyObject_GetAttr,
  PyObject_GetOptionalAttr,
  PyObject_HasAttrWithError,
  PyObject_SetAttr,
} from "../../objects/protocol/access";
import { PyObject_SetItem } from "../../objects/protocol/items";
import { PyUnicode_DecodeASCII } from "../../objects/text/codecs/decode";
import { PyUnicode_DecodeUTF8 } from "../../objects/text/codecs/utf8";
import { PyTypeName } from "../../objects/text/concat";
import { internSteal } from "../../objects/text/intern";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { read, readLine, unpicklingError } from "./input";
import { cutStack, hasItems, pop, popList, popMark, popTuple, push, Stack, underflow } from "./stack";

/** The thing of these names, by the unpickler's find_class(), which a program may have written. New reference or null. */
function findClass(o: usize, module: usize, name: usize): usize {
  return PyObject_CallMethodTwoArgs(o, ID.find_class, module, name);
}

/** The next line as text, of ASCII or of UTF-8: a new str, null with an exception. */
function readName(o: usize, ascii: bool): usize {
  const n = readLine(o, 1);
  if (n < 0) return 0;
  const line = UnpicklerObject.at(o).input_line;
  return ascii ? PyUnicode_DecodeASCII(line, n, 0) : PyUnicode_DecodeUTF8(line, n, 0);
}

/** What the next two lines name: a new reference, null with an exception. */
function readGlobal(o: usize, ascii: bool): usize {
  const module = readName(o, ascii);
  if (module == 0) return 0;
  const name = readName(o, ascii);
  const r = name == 0 ? 0 : findClass(o, module, name);
  Py.XDECREF(name);
  Py.DECREF(module);
  return r;
}

export function loadGlobal(o: usize): i32 {
  return push(o, readGlobal(o, false));
}

/** What the two strs on top name. */
export function loadStackGlobal(o: usize): i32 {
  const name = pop(o);
  const module = name == 0 ? 0 : pop(o);
  let r: usize = 0;
  if (module != 0) {
    if (Py.IS_TYPE(module, PyUnicode_Type) && Py.IS_TYPE(name, PyUnicode_Type)) r = findClass(o, module, name);
    else unpicklingError("STACK_GLOBAL requires str");
  }
  Py.XDECREF(name);
  Py.XDECREF(module);
  return push(o, r);
}

/** An instance of an old class, or the result of a call: a new reference, null with an exception. */
function instantiate(cls: usize, args: usize): usize {
  if (Py.SIZE(args) == 0 && Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS)) {
    const has = PyObject_HasAttrWithError(cls, ID.__getinitargs__);
    if (has < 0) return 0;
    if (!has) return PyObject_CallMethodOneArg(cls, ID.__new__, cls);
  }
  return PyObject_Call(cls, args, 0);
}

/** Calls the class above the last mark with what is above it. */
export function loadObj(o: usize): i32 {
  const start = popMark(o);
  if (start < 0) return -1;
  if (Stack.size(o) - start < 1) return underflow(o);
  const args = popTuple(o, start + 1);
  if (args == 0) return -1;
  const cls = pop(o);
  const r = cls == 0 ? 0 : instantiate(cls, args);
  Py.XDECREF(cls);
  Py.DECREF(args);
  return push(o, r);
}

/** Calls the class that the next two lines name with what is above the last mark. */
export function loadInst(o: usize): i32 {
  const start = popMark(o);
  if (start < 0) return -1;
  const cls = readGlobal(o, true);
  if (cls == 0) return -1;
  const args = popTuple(o, start);
  const r = args == 0 ? 0 : instantiate(cls, args);
  Py.XDECREF(args);
  Py.DECREF(cls);
  return push(o, r);
}

/** Sets UnpicklingError about an operand of NEWOBJ or NEWOBJ_EX; returns null. */
function wrongOperand(message: string, withKeywords: bool, operand: usize): usize {
  const op = changetype<usize>(withKeywords ? "NEWOBJ_EX" : "NEWOBJ");
  return PyErr_Format(pickleRoots.unpickling_error, message, op, PyTypeName.of(operand));
}

/** cls.__new__(cls, *args, **kwargs): a new reference, null with an exception. */
function makeNew(cls: usize, args: usize, kwargs: usize, withKeywords: bool): usize {
  if (!Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS)) {
    return wrongOperand("%L class argument must be a type, not %.200s", withKeywords, cls);
  }
  const make = PyTypeObject.at(cls).tp_new;
  if (make == 0) {
    return wrongOperand("%L class argument '%.200s' doesn't have __new__", withKeywords, cls);
  }
  if (!Tuple.check(args)) return wrongOperand("%L args argument must be a tuple, not %.200s", withKeywords, args);
  if (withKeywords && !Py.check(kwargs, Py_TPFLAGS_DICT_SUBCLASS)) {
    return wrongOperand("%L kwargs argument must be a dict, not %.200s", withKeywords, kwargs);
  }
  return call_indirect<usize>(make, cls, args, kwargs);
}

/** Makes an instance of the class on top, below its arguments. */
export function loadNewObj(o: usize, withKeywords: bool): i32 {
  const kwargs = withKeywords ? pop(o) : 0;
  if (withKeywords && kwargs == 0) return -1;
  const args = pop(o);
  const cls = args == 0 ? 0 : pop(o);
  const r = cls == 0 ? 0 : makeNew(cls, args, kwargs, withKeywords);
  Py.XDECREF(kwargs);
  Py.XDECREF(args);
  Py.XDECREF(cls);
  return push(o, r);
}

/** Calls what is below the tuple on top. */
export function loadReduce(o: usize): i32 {
  const args = pop(o);
  const callable = args == 0 ? 0 : pop(o);
  let r: usize = 0;
  if (callable != 0) {
    if (Tuple.check(args)) r = PyObject_Call(callable, args, 0);
    else PyErr_SetString(PyExc_TypeError, "argument list must be a tuple");
  }
  Py.XDECREF(callable);
  Py.XDECREF(args);
  return push(o, r);
}

/** What a persistent id, whose reference is taken, stands for. */
function loadPersistent(o: usize, pid: usize): i32 {
  if (pid == 0) return -1;
  const method = Py.NewRef(UnpicklerObject.at(o).persistent_load);
  const r = PyObject_CallOneArg(method, pid);
  Py.DECREF(method);
  Py.DECREF(pid);
  return push(o, r);
}

export function loadPersId(o: usize): i32 {
  const n = readLine(o, 0);
  if (n < 0) return -1;
  const pid = PyUnicode_DecodeASCII(UnpicklerObject.at(o).input_line, n, 0);
  if (pid == 0 && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) {
    PyErr_Clear();
    return unpicklingError("persistent IDs in protocol 0 must be ASCII strings");
  }
  return loadPersistent(o, pid);
}

export function loadBinPersId(o: usize): i32 {
  return loadPersistent(o, pop(o));
}

/** What is registered under a code of `n` bytes. */
export function loadExtension(o: usize, n: isize): i32 {
  const p = read(o, n);
  if (p == 0) return -1;
  const code: i64 = n == 1 ? load<u8>(p) : n == 2 ? load<u16>(p) : <i64>load<i32>(p);
  if (code <= 0) return unpicklingError("EXT specifies code <= 0");
  const key = PyLong_FromLongLong(code);
  if (key == 0) return -1;
  let r = Py.XNewRef(PyDict_GetItemWithError(pickleRoots.extension_cache, key));
  if (r == 0 && !PyErr_Occurred()) {
    r = findExtension(o, key, code);
    if (r != 0 && PyDict_SetItem(pickleRoots.extension_cache, key, r) < 0) {
      Py.DECREF(r);
      r = 0;
    }
  }
  Py.DECREF(key);
  return push(o, r);
}

/** The thing whose names are registered under the code: a new reference, null with an exception. */
function findExtension(o: usize, key: usize, code: i64): usize {
  const pair = PyDict_GetItemWithError(pickleRoots.inverted_registry, key);
  if (pair == 0) {
    return PyErr_Occurred() ? 0 : PyErr_Format(PyExc_ValueError, "unregistered extension code %d", code);
  }
  if (Tuple.check(pair) && Py.SIZE(pair) == 2) {
    const module = Tuple.get(pair, 0);
    const name = Tuple.get(pair, 1);
    if (Py.check(module, Py_TPFLAGS_UNICODE_SUBCLASS) && Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      Py.INCREF(pair);
      const r = findClass(o, module, name);
      Py.DECREF(pair);
      return r;
    }
  }
  return PyErr_Format(PyExc_ValueError, "_inverted_registry[%d] isn't a 2-tuple of strings", code);
}

/** Puts what is above the first `start` objects into the object below, a call of its method each; -1 with an exception. */
function callForEach(o: usize, start: isize, method: usize): i32 {
  let status = 0;
  for (let i = start; i < Stack.size(o) && status == 0; i++) {
    const r = PyObject_CallOneArg(method, Stack.get(o, i));
    if (r == 0) status = -1;
    else Py.DECREF(r);
  }
  Py.DECREF(method);
  cutStack(Stack.of(o), start);
  return status;
}

/** Appends what is above the first `start` objects to the one below; -1 with an exception. */
export function doAppend(o: usize, start: isize): i32 {
  const n = Stack.size(o);
  if (start > n || start <= Stack.fence(o)) return underflow(o);
  if (start == n) return 0;
  const list = Stack.get(o, start - 1);
  if (Py.IS_TYPE(list, PyList_Type)) {
    const items = popList(o, start);
    if (items == 0) return -1;
    const status = PyList_SetSlice(list, List.size(list), List.size(list), items);
    Py.DECREF(items);
    return status;
  }
  const extend = PyObject_GetOptionalAttr(list, ID.extend);
  if (extend == 0) {
    if (PyErr_Occurred()) return -1;
    const append = PyObject_GetAttr(list, ID.append);
    return append == 0 ? -1 : callForEach(o, start, append);
  }
  const items = popList(o, start);
  const r = items == 0 ? 0 : PyObject_CallOneArg(extend, items);
  Py.XDECREF(items);
  Py.DECREF(extend);
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

/** Makes what is above the first `start` objects items of the one below; -1 with an exception. */
export function doSetItems(o: usize, start: isize): i32 {
  const n = Stack.size(o);
  if (start > n || start <= Stack.fence(o)) return underflow(o);
  if (start == n) return 0;
  if (((n - start) & 1) != 0) return unpicklingError("odd number of items for SETITEMS");
  const dict = Stack.get(o, start - 1);
  let status = 0;
  for (let i = start; i + 1 < n && status == 0; i += 2) {
    status = PyObject_SetItem(dict, Stack.get(o, i), Stack.get(o, i + 1));
  }
  cutStack(Stack.of(o), start);
  return status;
}

/** Adds what is above the last mark to the set below. */
export function loadAddItems(o: usize): i32 {
  const start = popMark(o);
  if (start < 0) return -1;
  const n = Stack.size(o);
  if (start > n || start <= Stack.fence(o)) return underflow(o);
  if (start == n) return 0;
  const set = Stack.get(o, start - 1);
  if (Py.IS_TYPE(set, PySet_Type) || PyType_IsSubtype(Py.TYPE(set), PySet_Type)) {
    const items = popTuple(o, start);
    if (items == 0) return -1;
    const status = _PySet_Update(set, items);
    Py.DECREF(items);
    return status;
  }
  const add = PyObject_GetAttr(set, ID.add);
  return add == 0 ? -1 : callForEach(o, start, add);
}

/** Gives the object below the top the state on top. */
export function loadBuild(o: usize): i32 {
  if (!hasItems(o, 2)) return underflow(o);
  const state = pop(o);
  const inst = Py.NewRef(Stack.get(o, Stack.size(o) - 1));
  const setstate = PyObject_GetOptionalAttr(inst, ID.__setstate__);
  let status: i32 = -1;
  if (setstate != 0) {
    const r = PyObject_CallOneArg(setstate, state);
    Py.DECREF(setstate);
    Py.XDECREF(r);
    status = r == 0 ? -1 : 0;
  } else if (!PyErr_Occurred()) {
    if (Tuple.check(state) && Py.SIZE(state) == 2) {
      status = setAttributes(inst, Tuple.get(state, 0), Tuple.get(state, 1));
    } else status = setAttributes(inst, state, 0);
  }
  Py.DECREF(inst);
  Py.DECREF(state);
  return status;
}

/** Sets attributes from a dict, or None, and those in slots from another, or null; -1 with an exception. */
function setAttributes(inst: usize, state: usize, slots: usize): i32 {
  if (state != _Py_NoneStruct) {
    if (!Py.check(state, Py_TPFLAGS_DICT_SUBCLASS)) return unpicklingError("state is not a dictionary");
    const dict = PyObject_GetAttr(inst, ID.__dict__);
    if (dict == 0) return -1;
    const status = copyItems(dict, state, false);
    Py.DECREF(dict);
    if (status < 0) return -1;
  }
  if (slots == 0) return 0;
  if (!Py.check(slots, Py_TPFLAGS_DICT_SUBCLASS)) return unpicklingError("slot state is not a dictionary");
  return copyItems(inst, slots, true);
}

/** Makes the items of a dict items of `to`, or its attributes; -1 with an exception. */
function copyItems(to: usize, from: usize, asAttributes: bool): i32 {
  for (let pos = PyDict_Next(from, 0); pos > 0; pos = PyDict_Next(from, pos)) {
    let key = Py.NewRef(PyDict_KeyAt(from, pos));
    const value = Py.NewRef(PyDict_ValueAt(from, pos));
    // Names of attributes are shared.
    if (!asAttributes && Py.IS_TYPE(key, PyUnicode_Type)) key = internSteal(key);
    const status = asAttributes ? PyObject_SetAttr(to, key, value) : PyObject_SetItem(to, key, value);
    Py.DECREF(key);
    Py.DECREF(value);
    if (status < 0) return -1;
  }
  return 0;
}
