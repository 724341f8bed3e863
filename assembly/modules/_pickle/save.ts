// Pickling: which way an object is written, and the containers (CPython 3.13's Modules/_pickle.c, save and batch_*).
//
// Whatever is saved may run Python, which may change the container: an item is held while it is saved, and the size is asked
// for anew at each step.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PicklerObject } from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import {
  _Py_EllipsisObject,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _PyNone_Type,
  _PyNotImplemented_Type,
  ID,
  PyBool_Type,
  PyByteArray_Type,
  PyBytes_Type,
  PyDict_Type,
  PyEllipsis_Type,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
  PyFrozenSet_Type,
  PyFunction_Type,
  PyList_Type,
  PyLong_Type,
  PyPickleBuffer_Type,
  PySet_Type,
  PyTuple_Type,
  PyType_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import {
  PyDict_Contains,
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_Size,
  PyDict_ValueAt,
} from "../../objects/containers/dict/dict";
import { List } from "../../objects/containers/list/list";
import { _PySet_KeyAt, _PySet_NextEntry, PySet_Size } from "../../objects/containers/set/set";
import { PyTuple_Pack1, Tuple } from "../../objects/containers/tuple";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Fail,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyLong_FromLong, PyLong_FromVoidPtr } from "../../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs, PyObject_CallNoArgs, PyObject_CallOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyMapping_GetOptionalItem, PySequence_List } from "../../objects/protocol/sequence";
import { PyTypeName } from "../../objects/text/concat";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import {
  saveBool,
  saveByteArray,
  saveBytes,
  saveFloat,
  saveLong,
  saveMade,
  savePickleBuffer,
  saveUnicode,
} from "./atoms";
import { saveGlobal } from "./globals";
import {
  ADDITEMS,
  APPEND,
  APPENDS,
  BATCHSIZE,
  DICT,
  EMPTY_DICT,
  EMPTY_LIST,
  EMPTY_SET,
  EMPTY_TUPLE,
  FAST_NESTING_LIMIT,
  FROZENSET,
  LIST,
  MARK,
  NONE,
  POP,
  POP_MARK,
  SETITEM,
  SETITEMS,
  TUPLE,
  TUPLE1,
} from "./opcodes";
import { isKnown, memoGet, memoPut, opcodeBoundary, picklingError, writeOp } from "./output";
import { savePersistent, saveReduce } from "./reduce";

/** Without a memo: counts containers in one another, and looks for one that contains itself; false with an exception. */
function enterFast(o: usize, obj: usize): bool {
  const s = PicklerObject.at(o);
  s.fast_nesting = s.fast_nesting + 1;
  if (s.fast_nesting < FAST_NESTING_LIMIT) return true;
  if (s.fast_memo == 0) s.fast_memo = PyDict_New();
  const key = s.fast_memo == 0 ? 0 : PyLong_FromVoidPtr(obj);
  let ok = false;
  if (key != 0) {
    const known = PyDict_Contains(s.fast_memo, key);
    if (known > 0) {
      const message = "fast mode: can't pickle cyclic objects including object type %.200s at %p";
      PyErr_Format(PyExc_ValueError, message, PyTypeName.of(obj), obj);
    } else if (known == 0) ok = PyDict_SetItem(s.fast_memo, key, _Py_NoneStruct) == 0;
    Py.DECREF(key);
  }
  if (!ok) s.fast_nesting = -1;
  return ok;
}

function leaveFast(o: usize, obj: usize): i32 {
  const s = PicklerObject.at(o);
  const nesting = s.fast_nesting;
  s.fast_nesting = nesting - 1;
  if (nesting < FAST_NESTING_LIMIT || s.fast_memo == 0) return 0;
  const key = PyLong_FromVoidPtr(obj);
  if (key == 0) return -1;
  const status = PyDict_DelItem(s.fast_memo, key);
  Py.DECREF(key);
  return status;
}

/** Saves an item that is held meanwhile. */
function saveHeld(o: usize, item: usize): i32 {
  Py.INCREF(item);
  const status = save(o, item, false);
  Py.DECREF(item);
  return status;
}

/** Saves what an iterator gives and takes the reference: a single item, or with `pairs` the two of a tuple. */
function saveGiven(o: usize, given: usize, pairs: bool): i32 {
  let status: i32 = -1;
  if (!pairs) status = save(o, given, false);
  else if (!Tuple.check(given) || Py.SIZE(given) != 2) {
    PyErr_SetString(PyExc_TypeError, "dict items iterator must return 2-tuples");
  } else if (save(o, Tuple.get(given, 0), false) == 0) status = save(o, Tuple.get(given, 1), false);
  Py.DECREF(given);
  return status;
}

/** Writes what goes into an object from an iterator, in batches; -1 with an exception. */
function saveBatches(o: usize, it: usize, pairs: bool): i32 {
  const single = pairs ? SETITEM : APPEND;
  while (true) {
    const first = PyIter_Next(it);
    if (first == 0) return PyErr_Occurred() ? -1 : 0;
    if (PicklerObject.at(o).proto == 0) {
      if (saveGiven(o, first, pairs) < 0 || writeOp(o, single) < 0) return -1;
      continue;
    }
    let next = PyIter_Next(it);
    if (next == 0) {
      if (PyErr_Occurred()) {
        Py.DECREF(first);
        return -1;
      }
      return saveGiven(o, first, pairs) < 0 ? -1 : writeOp(o, single);
    }
    if (writeOp(o, MARK) < 0) {
      Py.DECREF(first);
      Py.DECREF(next);
      return -1;
    }
    if (saveGiven(o, first, pairs) < 0) {
      Py.DECREF(next);
      return -1;
    }
    let n = 1;
    while (next != 0) {
      if (saveGiven(o, next, pairs) < 0) return -1;
      next = ++n == BATCHSIZE ? 0 : PyIter_Next(it);
    }
    if (PyErr_Occurred()) return -1;
    if (writeOp(o, pairs ? SETITEMS : APPENDS) < 0) return -1;
    if (n != BATCHSIZE) return 0;
  }
}

/** Writes what an iterator gives as what a list is extended by; -1 with an exception. */
export function saveListItems(o: usize, it: usize): i32 {
  return saveBatches(o, it, false);
}

/** Writes the pairs that an iterator gives as items of a dict; -1 with an exception. */
export function saveDictItems(o: usize, it: usize): i32 {
  return saveBatches(o, it, true);
}

function saveExactList(o: usize, obj: usize): i32 {
  if (List.size(obj) == 1) return saveHeld(o, List.get(obj, 0)) < 0 ? -1 : writeOp(o, APPEND);
  let i: isize = 0;
  do {
    if (writeOp(o, MARK) < 0) return -1;
    for (let n = 0; n < BATCHSIZE && i < List.size(obj); n++) if (saveHeld(o, List.get(obj, i++)) < 0) return -1;
    if (writeOp(o, APPENDS) < 0) return -1;
  } while (i < List.size(obj));
  return 0;
}

/** Saves the item of a dict that PyDict_Next gave as `pos`. */
function saveEntry(o: usize, d: usize, pos: isize): i32 {
  const key = Py.NewRef(PyDict_KeyAt(d, pos));
  const value = Py.NewRef(PyDict_ValueAt(d, pos));
  const status = save(o, key, false) < 0 ? -1 : save(o, value, false);
  Py.DECREF(key);
  Py.DECREF(value);
  return status;
}

function saveExactDict(o: usize, obj: usize): i32 {
  const size = PyDict_Size(obj);
  let pos: isize = 0;
  if (size == 1) {
    pos = PyDict_Next(obj, 0);
    return pos == 0 || saveEntry(o, obj, pos) < 0 ? -1 : writeOp(o, SETITEM);
  }
  while (true) {
    if (writeOp(o, MARK) < 0) return -1;
    let n = 0;
    for (; n < BATCHSIZE; n++) {
      const next = PyDict_Next(obj, pos);
      if (next == 0) break;
      pos = next;
      if (saveEntry(o, obj, pos) < 0) return -1;
    }
    if (writeOp(o, SETITEMS) < 0) return -1;
    if (PyDict_Size(obj) != size) {
      return PyErr_Fail(PyExc_RuntimeError, "dictionary changed size during iteration");
    }
    if (n != BATCHSIZE) return 0;
  }
}

/** What __iter__ of the object, or of its items, gives, written in batches. */
function saveIterated(o: usize, obj: usize, pairs: bool): i32 {
  const items = pairs ? PyObject_CallMethodNoArgs(obj, ID.items) : Py.NewRef(obj);
  const it = items == 0 ? 0 : PyObject_GetIter(items);
  Py.XDECREF(items);
  if (it == 0) return -1;
  const status = saveBatches(o, it, pairs);
  Py.DECREF(it);
  return status;
}

/** Writes a list or a dict; -1 with an exception. */
function saveListOrDict(o: usize, obj: usize, isDict: bool): i32 {
  const s = PicklerObject.at(o);
  if (s.fast != 0 && !enterFast(o, obj)) {
    leaveFast(o, obj);
    return -1;
  }
  let status: i32;
  if (s.bin != 0) status = writeOp(o, isDict ? EMPTY_DICT : EMPTY_LIST);
  else status = writeOp(o, MARK) < 0 ? -1 : writeOp(o, isDict ? DICT : LIST);
  if (status == 0) status = memoPut(o, obj);
  if (status == 0 && (isDict ? PyDict_Size(obj) : List.size(obj)) != 0) {
    if (Py_EnterRecursiveCall(" while pickling an object")) status = -1;
    else {
      if (s.proto == 0) status = saveIterated(o, obj, isDict);
      else status = isDict ? saveExactDict(o, obj) : saveExactList(o, obj);
      Py_LeaveRecursiveCall();
    }
  }
  if (s.fast != 0 && leaveFast(o, obj) < 0) status = -1;
  return status;
}

function saveTuple(o: usize, obj: usize): i32 {
  const s = PicklerObject.at(o);
  const n = Py.SIZE(obj);
  if (n == 0) {
    if (s.proto != 0) return writeOp(o, EMPTY_TUPLE);
    return writeOp(o, MARK) < 0 ? -1 : writeOp(o, TUPLE);
  }
  const isShort = n <= 3 && s.proto >= 2;
  if (!isShort && writeOp(o, MARK) < 0) return -1;
  for (let i: isize = 0; i < n; i++) if (save(o, Tuple.get(obj, i), false) < 0) return -1;
  if (isKnown(o, obj)) {
    // It contains itself, and was written while its items were.
    if (!isShort && s.bin != 0) return writeOp(o, POP_MARK) < 0 ? -1 : memoGet(o, obj);
    for (let i: isize = isShort ? 1 : 0; i <= n; i++) if (writeOp(o, POP) < 0) return -1;
    return memoGet(o, obj);
  }
  if (writeOp(o, isShort ? <u8>(TUPLE1 + n - 1) : TUPLE) < 0) return -1;
  return memoPut(o, obj);
}

/** Writes a set or frozenset as the call of its class with a list. */
function saveSetAsList(o: usize, obj: usize, type: usize): i32 {
  const items = PySequence_List(obj);
  if (items == 0) return -1;
  const args = PyTuple_Pack1(items);
  Py.DECREF(items);
  return saveMade(o, obj, type, args);
}

function saveSet(o: usize, obj: usize): i32 {
  if (PicklerObject.at(o).proto < 4) return saveSetAsList(o, obj, PySet_Type);
  if (writeOp(o, EMPTY_SET) < 0 || memoPut(o, obj) < 0) return -1;
  const size = PySet_Size(obj);
  if (size == 0) return 0;
  let pos: isize = 0;
  while (true) {
    if (writeOp(o, MARK) < 0) return -1;
    let n = 0;
    for (; n < BATCHSIZE; n++) {
      const next = _PySet_NextEntry(obj, pos);
      if (next == 0) break;
      pos = next;
      if (saveHeld(o, _PySet_KeyAt(obj, pos)) < 0) return -1;
    }
    if (writeOp(o, ADDITEMS) < 0) return -1;
    if (PySet_Size(obj) != size) return PyErr_Fail(PyExc_RuntimeError, "set changed size during iteration");
    if (n != BATCHSIZE) return 0;
  }
}

function saveFrozenSet(o: usize, obj: usize): i32 {
  const s = PicklerObject.at(o);
  if (s.fast != 0 && !enterFast(o, obj)) return -1;
  if (s.proto < 4) return saveSetAsList(o, obj, PyFrozenSet_Type);
  if (writeOp(o, MARK) < 0) return -1;
  const it = PyObject_GetIter(obj);
  if (it == 0) return -1;
  let status = 0;
  while (status == 0) {
    const item = PyIter_Next(it);
    if (item == 0) break;
    status = save(o, item, false);
    Py.DECREF(item);
  }
  Py.DECREF(it);
  if (status < 0 || PyErr_Occurred()) return -1;
  if (isKnown(o, obj)) return writeOp(o, POP_MARK) < 0 ? -1 : memoGet(o, obj);
  return writeOp(o, FROZENSET) < 0 ? -1 : memoPut(o, obj);
}

/** Writes a class: those of None, Ellipsis and NotImplemented have no name, and are written as type(None) and so on. */
function saveType(o: usize, obj: usize): i32 {
  if (obj == _PyNone_Type) return saveMade(o, obj, PyType_Type, PyTuple_Pack1(_Py_NoneStruct));
  if (obj == PyEllipsis_Type) return saveMade(o, obj, PyType_Type, PyTuple_Pack1(_Py_EllipsisObject));
  if (obj == _PyNotImplemented_Type) return saveMade(o, obj, PyType_Type, PyTuple_Pack1(_Py_NotImplementedStruct));
  return saveGlobal(o, obj, 0);
}

/** What the object's class is registered with to be reduced: a new reference; null without one, or with an exception. */
function registeredReducer(o: usize, type: usize): usize {
  const own = PicklerObject.at(o).dispatch_table;
  if (own == 0) return Py.XNewRef(PyDict_GetItemWithError(pickleRoots.dispatch_table, type));
  Py.INCREF(own);
  const r = PyMapping_GetOptionalItem(own, type);
  Py.DECREF(own);
  return r;
}

/** What the object says that it is made from: a new reference, null with an exception. */
function reduceObject(o: usize, obj: usize): usize {
  let method = PyObject_GetOptionalAttr(obj, ID.__reduce_ex__);
  let r: usize = 0;
  if (method != 0) {
    const proto = PyLong_FromLong(PicklerObject.at(o).proto);
    if (proto != 0) r = PyObject_CallOneArg(method, proto);
  } else if (!PyErr_Occurred()) {
    method = PyObject_GetOptionalAttr(obj, ID.__reduce__);
    if (method != 0) r = PyObject_CallNoArgs(method);
    else if (!PyErr_Occurred()) {
      PyErr_Format(pickleRoots.pickling_error, "can't pickle '%.200s' object: %R", PyTypeName.of(obj), obj);
    }
  }
  Py.XDECREF(method);
  return r;
}

/** Writes an object of any other type; -1 with an exception. */
function saveOther(o: usize, obj: usize): i32 {
  const type = Py.TYPE(obj);
  let value: usize = 0;
  if (PicklerObject.at(o).reducer_override != 0) {
    value = PyObject_CallOneArg(PicklerObject.at(o).reducer_override, obj);
    if (value == 0) return -1;
    if (value == _Py_NotImplementedStruct) value = 0;
  }
  if (value == 0) {
    if (type == PyType_Type) return saveType(o, obj);
    if (type == PyFunction_Type) return saveGlobal(o, obj, 0);
    const reducer = registeredReducer(o, type);
    if (reducer != 0) {
      value = PyObject_CallOneArg(reducer, obj);
      Py.DECREF(reducer);
    } else if (PyErr_Occurred()) return -1;
    else if (PyType_IsSubtype(type, PyType_Type)) return saveGlobal(o, obj, 0);
    else value = reduceObject(o, obj);
    if (value == 0) return -1;
  }
  let status: i32;
  if (Py.check(value, Py_TPFLAGS_UNICODE_SUBCLASS)) status = saveGlobal(o, obj, value);
  else if (Tuple.check(value)) status = saveReduce(o, value, obj);
  else status = picklingError("__reduce__ must return a string or tuple");
  Py.DECREF(value);
  return status;
}

/** Writes an object, by its persistent id if it has one and `plain` is false; -1 with an exception. The caller holds it. */
export function save(o: usize, obj: usize, plain: bool): i32 {
  if (opcodeBoundary(o) < 0) return -1;
  if (!plain && PicklerObject.at(o).persistent_id != 0) {
    const status = savePersistent(o, obj);
    if (status != 0) return min(status, 0);
  }
  const type = Py.TYPE(obj);
  if (obj == _Py_NoneStruct) return writeOp(o, NONE);
  if (type == PyBool_Type) return saveBool(o, obj);
  if (type == PyLong_Type) return saveLong(o, obj);
  if (type == PyFloat_Type) return saveFloat(o, obj);
  if (isKnown(o, obj)) return memoGet(o, obj);
  if (type == PyBytes_Type) return saveBytes(o, obj);
  if (type == PyUnicode_Type) return saveUnicode(o, obj);
  if (Py_EnterRecursiveCall(" while pickling an object")) return -1;
  let status: i32;
  if (type == PyDict_Type) status = saveListOrDict(o, obj, true);
  else if (type == PySet_Type) status = saveSet(o, obj);
  else if (type == PyFrozenSet_Type) status = saveFrozenSet(o, obj);
  else if (type == PyList_Type) status = saveListOrDict(o, obj, false);
  else if (type == PyTuple_Type) status = saveTuple(o, obj);
  else if (type == PyByteArray_Type) status = saveByteArray(o, obj);
  else if (type == PyPickleBuffer_Type) status = savePickleBuffer(o, obj);
  else status = saveOther(o, obj);
  Py_LeaveRecursiveCall();
  return status;
}
