// object.__reduce__, __reduce_ex__ and __getstate__: what copy and pickle ask (the reduce part of CPython 3.13's
// Objects/typeobject.c). Protocols below 2 are the standard library's work, in copyreg.

import { Py_TPFLAGS_DICT_SUBCLASS, Py_TPFLAGS_LIST_SUBCLASS, Py_TPFLAGS_MANAGED_DICT } from "../../generated/constants";
import { PyCFunctionObject, PyMethodDef, PyTypeObject, SIZEOF_PyObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyBaseObject_Type,
  PyCFunction_Type,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyDict_GetItemWithError, PyDict_New, PyDict_SetItem, PyDict_Size } from "../containers/dict/dict";
import { _PyObject_IsInstanceDictEmpty } from "../containers/dict/instance";
import { List } from "../containers/list/list";
import { PyTuple_New, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../containers/tuple";
import { PyErr_Fail, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PyImport_ImportLiteral } from "../module/import";
import { PyLong_FromLong } from "../numbers/int/create";
import { PyObject_GenericGetDict } from "../object/attributes";
import {
  PyObject_CallMethodNoArgs,
  PyObject_CallNoArgs,
  PyObject_CallOneArg,
  PyObject_CallTwoArgs,
} from "../object/call";
import { Py } from "../object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../protocol/access";
import { PyObject_GetIter } from "../protocol/iterator";
import { PyTypeName } from "../text/concat";
import { _PyObject_LookupSpecial, _PyType_Lookup } from "./lookup";

/** An attribute of the module copyreg: a new reference, null with an exception. */
function fromCopyreg(name: usize): usize {
  const copyreg = PyImport_ImportLiteral("copyreg");
  if (copyreg == 0) return 0;
  const r = PyObject_GetAttr(copyreg, name);
  Py.DECREF(copyreg);
  return r;
}

/** copyreg._reduce_ex(self, protocol), for protocols 0 and 1. */
function reduceOld(self: usize, protocol: i32): usize {
  const f = fromCopyreg(ID._reduce_ex);
  if (f == 0) return 0;
  const number = PyLong_FromLong(protocol);
  const r = number == 0 ? 0 : PyObject_CallTwoArgs(f, self, number);
  Py.XDECREF(number);
  Py.DECREF(f);
  return r;
}

/** The names of the slots that the class and its bases have, a list or None: a new reference, null with an exception. */
function slotNames(cls: usize): usize {
  const known = PyDict_GetItemWithError(PyTypeObject.at(cls).tp_dict, ID.__slotnames__);
  if (known == 0 && PyErr_Occurred()) return 0;
  let names: usize = Py.XNewRef(known);
  if (known == 0) {
    // It keeps what it finds in the class.
    const f = fromCopyreg(ID._slotnames);
    if (f == 0) return 0;
    names = PyObject_CallOneArg(f, cls);
    Py.DECREF(f);
    if (names == 0) return 0;
  }
  if (names == _Py_NoneStruct || Py.check(names, Py_TPFLAGS_LIST_SUBCLASS)) return names;
  if (known != 0) {
    const message = "%.200s.__slotnames__ should be a list or None, not %.200s";
    PyErr_Format(PyExc_TypeError, message, PyTypeObject.at(cls).tp_name, PyTypeName.of(names));
  } else PyErr_SetString(PyExc_TypeError, "copyreg._slotnames didn't return a list or None");
  Py.DECREF(names);
  return 0;
}

/** Whether an object has nothing but what its state says: otherwise TypeError, as it would be lost. */
function isAllState(o: usize, names: usize): bool {
  const t = PyTypeObject.at(Py.TYPE(o));
  let size = <isize>SIZEOF_PyObject;
  if (t.tp_dictoffset != 0 && (t.tp_flags & Py_TPFLAGS_MANAGED_DICT) == 0) size += 8;
  if (t.tp_weaklistoffset > 0) size += 8;
  if (names != _Py_NoneStruct) size += List.size(names) << 3;
  if (t.tp_basicsize <= size) return true;
  PyErr_Format(PyExc_TypeError, "cannot pickle '%.200s' object", t.tp_name);
  return false;
}

/** The values of the slots that have one, in a new dict; null with an exception. */
function slotValues(o: usize, names: usize): usize {
  const slots = PyDict_New();
  if (slots == 0) return 0;
  const n = List.size(names);
  for (let i: isize = 0; i < n; i++) {
    const name = Py.NewRef(List.get(names, i));
    const value = PyObject_GetOptionalAttr(o, name);
    let status = value == 0 ? (PyErr_Occurred() ? -1 : 0) : PyDict_SetItem(slots, name, value);
    Py.XDECREF(value);
    Py.DECREF(name);
    // The list is the class's, and may have changed.
    if (status == 0 && List.size(names) != n) {
      status = PyErr_Fail(PyExc_RuntimeError, "__slotsname__ changed size during iteration");
    }
    if (status < 0) {
      Py.DECREF(slots);
      return 0;
    }
  }
  return slots;
}

/**
 * The state of an object: its dict or None, or where slots have values a tuple of that and a dict of these. A new reference;
 * null with an exception, TypeError where there is more to the object and `required` is true.
 */
function defaultState(o: usize, required: bool): usize {
  if (required && PyTypeObject.at(Py.TYPE(o)).tp_itemsize != 0) {
    return PyErr_Format(PyExc_TypeError, "cannot pickle %.200s objects", PyTypeName.of(o));
  }
  const state = _PyObject_IsInstanceDictEmpty(o) ? _Py_NoneStruct : PyObject_GenericGetDict(o, 0);
  if (state == 0) return 0;
  const names = slotNames(Py.TYPE(o));
  let r: usize = 0;
  if (names != 0 && (!required || isAllState(o, names))) {
    if (names == _Py_NoneStruct || List.size(names) == 0) r = Py.NewRef(state);
    else {
      const slots = slotValues(o, names);
      if (slots != 0) r = PyDict_Size(slots) == 0 ? Py.NewRef(state) : PyTuple_Pack2(state, slots);
      Py.XDECREF(slots);
    }
  }
  Py.XDECREF(names);
  Py.DECREF(state);
  return r;
}

/** What __getstate__() returns; for the method of object itself, `required` as defaultState has it. */
function stateOf(o: usize, required: bool): usize {
  const method = PyObject_GetAttr(o, ID.__getstate__);
  if (method == 0) return 0;
  const isOwn =
    Py.IS_TYPE(method, PyCFunction_Type) &&
    PyCFunctionObject.at(method).m_self == o &&
    PyMethodDef.at(PyCFunctionObject.at(method).m_ml).ml_meth == object_getstate.index;
  const r = isOwn ? defaultState(o, required) : PyObject_CallNoArgs(method);
  Py.DECREF(method);
  return r;
}

/** As __getstate__() is called by the reductions of built-in types: a new reference, null with an exception. */
export function _PyObject_GetState(o: usize): usize {
  return stateOf(o, false);
}

/**
 * @native object.__getstate__($self, /)
 *
 * What copying uses.
 */
export function object_getstate(self: usize, _unused: usize): usize {
  return defaultState(self, false);
}

/** Whether __getnewargs_ex__() returned a tuple of a tuple and a dict; otherwise an exception. */
function checkNewArgs(pair: usize): bool {
  if (!Tuple.check(pair)) {
    const message = "__getnewargs_ex__ should return a tuple, not '%.200s'";
    PyErr_Format(PyExc_TypeError, message, PyTypeName.of(pair));
    return false;
  }
  if (Py.SIZE(pair) != 2) {
    const message = "__getnewargs_ex__ should return a tuple of length 2, not %d";
    PyErr_Format(PyExc_ValueError, message, Py.SIZE(pair));
    return false;
  }
  const args = Tuple.get(pair, 0);
  const kwargs = Tuple.get(pair, 1);
  if (!Tuple.check(args)) {
    const message = "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%.200s'";
    PyErr_Format(PyExc_TypeError, message, PyTypeName.of(args));
    return false;
  }
  if (!Py.check(kwargs, Py_TPFLAGS_DICT_SUBCLASS)) {
    const message = "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%.200s'";
    PyErr_Format(PyExc_TypeError, message, PyTypeName.of(kwargs));
    return false;
  }
  return true;
}

/** Arguments for __new__ in the two slots, new references or null: false with an exception. */
function newArguments(o: usize, out: usize): bool {
  Py.setItem(out, 0, 0);
  Py.setItem(out, 1, 0);
  const both = _PyObject_LookupSpecial(o, ID.__getnewargs_ex__);
  if (both != 0) {
    const pair = PyObject_CallNoArgs(both);
    Py.DECREF(both);
    const ok = pair != 0 && checkNewArgs(pair);
    if (ok) {
      Py.setItem(out, 0, Py.NewRef(Tuple.get(pair, 0)));
      Py.setItem(out, 1, Py.NewRef(Tuple.get(pair, 1)));
    }
    Py.XDECREF(pair);
    return ok;
  }
  if (PyErr_Occurred()) return false;
  const positional = _PyObject_LookupSpecial(o, ID.__getnewargs__);
  if (positional == 0) return PyErr_Occurred() == 0;
  const args = PyObject_CallNoArgs(positional);
  Py.DECREF(positional);
  if (args != 0 && !Tuple.check(args)) {
    PyErr_Format(PyExc_TypeError, "__getnewargs__ should return a tuple, not '%.200s'", PyTypeName.of(args));
    Py.DECREF(args);
    return false;
  }
  Py.setItem(out, 0, args);
  return args != 0;
}

/** The arguments of copyreg.__newobj__: class and arguments (or null) in a new tuple. */
function withClass(cls: usize, args: usize): usize {
  const n = args == 0 ? 0 : Py.SIZE(args);
  const r = PyTuple_New(n + 1);
  if (r == 0) return 0;
  Tuple.set(r, 0, Py.NewRef(cls));
  for (let i: isize = 0; i < n; i++) Tuple.set(r, i + 1, Py.NewRef(Tuple.get(args, i)));
  return r;
}

/** An iterator over the items of a list, or over those of a dict: a new reference, None for others, null with an exception. */
function itemsOf(o: usize, flag: u64): usize {
  if (!Py.check(o, flag)) return _Py_NoneStruct;
  if (flag == Py_TPFLAGS_LIST_SUBCLASS) return PyObject_GetIter(o);
  const items = PyObject_CallMethodNoArgs(o, ID.items);
  if (items == 0) return 0;
  const r = PyObject_GetIter(items);
  Py.DECREF(items);
  return r;
}

/** What protocols from 2 on make an object of: (function, arguments, state, items, pairs). Null with an exception. */
function reduceNew(o: usize): usize {
  const cls = Py.TYPE(o);
  if (PyTypeObject.at(cls).tp_new == 0) {
    return PyErr_Format(PyExc_TypeError, "cannot pickle '%.200s' object", PyTypeName.of(o));
  }
  const out = Scratch.take(2);
  const ok = newArguments(o, out);
  const args: usize = Py.item(out, 0);
  const kwargs: usize = Py.item(out, 1);
  Scratch.give(out);
  if (!ok) return 0;
  const plain = kwargs == 0 || PyDict_Size(kwargs) == 0;
  const make = fromCopyreg(plain ? ID.__newobj__ : ID.__newobj_ex__);
  let newArgs: usize = 0;
  if (make != 0) newArgs = plain ? withClass(cls, args) : PyTuple_Pack3(cls, args, kwargs);
  const isContainer = Py.check(o, Py_TPFLAGS_LIST_SUBCLASS | Py_TPFLAGS_DICT_SUBCLASS);
  const state = newArgs == 0 ? 0 : stateOf(o, args == 0 && !isContainer);
  const items = state == 0 ? 0 : itemsOf(o, Py_TPFLAGS_LIST_SUBCLASS);
  const pairs = items == 0 ? 0 : itemsOf(o, Py_TPFLAGS_DICT_SUBCLASS);
  Py.XDECREF(args);
  Py.XDECREF(kwargs);
  const r = pairs == 0 ? 0 : PyTuple_New(5);
  if (r == 0) {
    Py.XDECREF(make);
    Py.XDECREF(newArgs);
    Py.XDECREF(state);
    Py.XDECREF(items);
    Py.XDECREF(pairs);
    return 0;
  }
  Tuple.set(r, 0, make);
  Tuple.set(r, 1, newArgs);
  Tuple.set(r, 2, state);
  Tuple.set(r, 3, items);
  Tuple.set(r, 4, pairs);
  return r;
}

/**
 * @native object.__reduce__($self, /)
 *
 * What copying uses.
 */
export function object_reduce(self: usize, _unused: usize): usize {
  return reduceOld(self, 0);
}

/** Whether the object's class has a __reduce__ of its own: 1, 0, or -1 with an exception. */
function hasOwnReduce(self: usize): i32 {
  const own = PyObject_GetAttr(Py.TYPE(self), ID.__reduce__);
  if (own == 0) return -1;
  Py.DECREF(own);
  return own == _PyType_Lookup(PyBaseObject_Type, ID.__reduce__) ? 0 : 1;
}

/**
 * @native object.__reduce_ex__($self, protocol, /)
 *
 * What copying uses.
 */
export function object_reduce_ex(self: usize, protocol: i32): usize {
  const reduce = PyObject_GetOptionalAttr(self, ID.__reduce__);
  if (reduce == 0 && PyErr_Occurred()) return 0;
  if (reduce != 0) {
    const own = hasOwnReduce(self);
    const r = own > 0 ? PyObject_CallNoArgs(reduce) : 0;
    Py.DECREF(reduce);
    if (own != 0) return r;
  }
  return protocol >= 2 ? reduceNew(self) : reduceOld(self, protocol);
}
