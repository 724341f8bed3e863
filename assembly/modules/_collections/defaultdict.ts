// collections.defaultdict (CPython 3.13's Modules/_collectionsmodule.c): a dict whose __missing__ makes the value.

import { Py_TPFLAGS_BASETYPE } from "../../generated/constants";
import { defdictobject, PyNumberMethods, PyTypeObject, SIZEOF_defdictobject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  ID,
  PyDefaultDict_Type,
  PyDict_Type,
  PyExc_TypeError,
} from "../../generated/statics";
import { _PyErr_SetKeyError, Dict, dict_dealloc, PyDict_Update } from "../../objects/containers/dict/dict";
import { PyTuple_GetSlice, PyTuple_New, PyTuple_Pack1, Tuple } from "../../objects/containers/tuple";
import { asNumber } from "../../objects/define/tables";
import { _PyType_Name, PyErr_BadInternalCall, PyErr_Fail } from "../../objects/errors/raise";
import { defdictobject_clear, defdictobject_traverse } from "../../objects/generated/references";
import {
  PyCallable_Check,
  PyObject_CallMethodNoArgs,
  PyObject_CallNoArgs,
  PyObject_CallTwoArgs,
} from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../objects/object/reprguard";
import { PyObject_SetItem } from "../../objects/protocol/items";
import { PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyObject_Repr } from "../../objects/protocol/text";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";

/** Borrowed: what makes a missing value, None where nothing does. */
function factoryOf(o: usize): usize {
  const f = defdictobject.at(o).default_factory;
  return f == 0 ? _Py_NoneStruct : f;
}

/**
 * @native collections.defaultdict.__missing__
 *
 * __missing__(key): what d[key] calls where the key is missing. It is
 * the same as:
 *   if self.default_factory is None: raise KeyError(key)
 *   self[key] = value = self.default_factory()
 *   return value
 */
export function defdict_missing(o: usize, key: usize): usize {
  const factory = factoryOf(o);
  if (factory == _Py_NoneStruct) {
    _PyErr_SetKeyError(key);
    return 0;
  }
  Py.INCREF(factory);
  const value = PyObject_CallNoArgs(factory);
  Py.DECREF(factory);
  if (value == 0) return 0;
  if (PyObject_SetItem(o, key, value) == 0) return value;
  Py.DECREF(value);
  return 0;
}

/** type(o)(o.default_factory, items): a new reference, null with an exception. */
function remade(o: usize, items: usize): usize {
  const factory = Py.NewRef(factoryOf(o));
  const r = PyObject_CallTwoArgs(Py.TYPE(o), factory, items);
  Py.DECREF(factory);
  return r;
}

/**
 * @native collections.defaultdict.copy
 *
 * @native collections.defaultdict.__copy__
 *
 * D.copy(): a new one with the same items.
 */
export function defdict_copy(o: usize, _u: usize): usize {
  return remade(o, o);
}

/**
 * @native collections.defaultdict.__reduce__
 *
 * What a copy of it is to be made from
 */
export function defdict_reduce(o: usize, _u: usize): usize {
  const factory = factoryOf(o);
  const args = factory == _Py_NoneStruct ? PyTuple_New(0) : PyTuple_Pack1(factory);
  const items = args == 0 ? 0 : PyObject_CallMethodNoArgs(o, ID.items);
  const it = items == 0 ? 0 : PyObject_GetIter(items);
  const r = it == 0 ? 0 : PyTuple_New(5);
  if (r != 0) {
    Tuple.set(r, 0, Py.NewRef(Py.TYPE(o)));
    Tuple.set(r, 1, Py.NewRef(args));
    Tuple.set(r, 2, _Py_NoneStruct);
    Tuple.set(r, 3, _Py_NoneStruct);
    Tuple.set(r, 4, Py.NewRef(it));
  }
  Py.XDECREF(it);
  Py.XDECREF(items);
  Py.XDECREF(args);
  return r;
}

function defdict_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  defdictobject_clear(o);
  dict_dealloc(o);
}

function defdict_traverse(o: usize, visit: u32, arg: usize): i32 {
  const r = defdictobject_traverse(o, visit, arg);
  return r != 0 ? r : call_indirect<i32>(PyTypeObject.at(PyDict_Type).tp_traverse, o, visit, arg);
}

function defdict_tp_clear(o: usize): i32 {
  defdictobject_clear(o);
  return call_indirect<i32>(PyTypeObject.at(PyDict_Type).tp_clear, o);
}

function factoryRepr(o: usize): usize {
  const factory = factoryOf(o);
  if (factory == _Py_NoneStruct) return PyUnicode_FromLiteral("None");
  Py.INCREF(factory);
  const entered = Py_ReprEnter(factory);
  let r: usize = 0;
  if (entered >= 0) {
    r = entered > 0 ? PyUnicode_FromLiteral("...") : PyObject_Repr(factory);
    Py_ReprLeave(factory);
  }
  Py.DECREF(factory);
  return r;
}

function defdict_repr(o: usize): usize {
  const items = call_indirect<usize>(PyTypeObject.at(PyDict_Type).tp_repr, o);
  const factory = items == 0 ? 0 : factoryRepr(o);
  const r = factory == 0 ? 0 : PyUnicode_FromFormat("%s(%U, %U)", _PyType_Name(Py.TYPE(o)), factory, items);
  Py.XDECREF(factory);
  Py.XDECREF(items);
  return r;
}

function defdict_or(left: usize, right: usize): usize {
  const isLeft = PyType_IsSubtype(Py.TYPE(left), PyDefaultDict_Type);
  if (!Dict.check(isLeft ? right : left)) return _Py_NotImplementedStruct;
  const r = remade(isLeft ? left : right, left);
  if (r == 0) return 0;
  if (Dict.check(r) ? PyDict_Update(r, right) == 0 : PyErr_BadInternalCall() != 0) return r;
  Py.DECREF(r);
  return 0;
}

function defdict_init(o: usize, args: usize, kwargs: usize): i32 {
  const n = Py.SIZE(args);
  const factory = n > 0 ? Tuple.get(args, 0) : 0;
  if (n > 0 && factory != _Py_NoneStruct && !PyCallable_Check(factory)) {
    return PyErr_Fail(PyExc_TypeError, "first argument must be callable or None");
  }
  const rest = PyTuple_GetSlice(args, min<isize>(n, 1), n);
  if (rest == 0) return -1;
  const old = defdictobject.at(o).default_factory;
  defdictobject.at(o).default_factory = Py.XNewRef(factory);
  const r = call_indirect<i32>(PyTypeObject.at(PyDict_Type).tp_init, o, rest, kwargs);
  Py.DECREF(rest);
  Py.XDECREF(old);
  return r;
}

/**
 * @type collections.defaultdict
 *
 * defaultdict(default_factory=None, /, [...]) --> a dict that makes what it misses
 *
 * d[key] of a key that is missing calls the factory, without arguments, and
 * what it returns is the value from then on; no other method does so. With the
 * same items, it is equal to any other dict. What comes after the factory is
 * what dict() takes, arguments with names included, and None means no factory.
 *
 * @classmethod collections.defaultdict.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 *
 * @member collections.defaultdict.default_factory = defdictobject.default_factory
 * What __missing__() calls for a new value, or None.
 */
export function initDefaultDictType(): i32 {
  const t = collectedType(
    PyDefaultDict_Type,
    SIZEOF_defdictobject,
    defdict_dealloc.index,
    defdict_traverse.index,
    defdict_tp_clear.index,
    Py_TPFLAGS_BASETYPE,
  );
  t.tp_base = PyDict_Type;
  t.tp_repr = defdict_repr.index;
  t.tp_init = defdict_init.index;
  PyNumberMethods.at(asNumber(PyDefaultDict_Type)).nb_or = defdict_or.index;
  return PyType_Ready(PyDefaultDict_Type);
}
