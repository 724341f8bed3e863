// types.SimpleNamespace (CPython 3.13's Objects/namespaceobject.c): an object that is its attributes.
// The dict lives as long as the object does.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  _PyNamespaceObject,
  _PyNamespaceObject_ns_dict,
  PyTypeObject,
  SIZEOF__PyNamespaceObject,
} from "../../generated/layouts";
import { _Py_NotImplementedStruct, _PyNamespace_Type, PyDict_Type, PyExc_TypeError } from "../../generated/statics";
import { _PyType_Name, PyErr_Format, PyErr_SetString } from "../errors/raise";
import { _PyNamespaceObject_clear, _PyNamespaceObject_traverse } from "../generated/references";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../object/attributes";
import { PyObject_CallNoArgs, PyObject_CallOneArg } from "../object/call";
import { PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../object/reprguard";
import { PyObject_RichCompare } from "../protocol/compare";
import { U } from "../text/access";
import { PyUnicode_FromString } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../text/format/writer";
import { PyType_IsSubtype } from "../types/lookup";
import { PyDict_KeyAt, PyDict_New, PyDict_Next, PyDict_Size, PyDict_Update, PyDict_ValueAt } from "./dict/dict";
import { PyTuple_New, Tuple } from "./tuple";

function dictOf(o: usize): usize {
  return _PyNamespaceObject.at(o).ns_dict;
}

function namespace_new(type: usize, _args: usize, _kwargs: usize): usize {
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  const d = PyDict_New();
  if (d == 0) {
    Py.DECREF(o);
    return 0;
  }
  _PyNamespaceObject.at(o).ns_dict = d;
  return o;
}

/** SimpleNamespace(mapping_or_iterable=(), /, **kwargs). */
function namespace_init(o: usize, args: usize, kwargs: usize): i32 {
  const n = Py.SIZE(args);
  if (n > 1) {
    PyErr_Format(PyExc_TypeError, "%s expected at most 1 argument, got %d", _PyType_Name(Py.TYPE(o)), n);
    return -1;
  }
  if (n == 1) {
    const d = PyDict_New();
    if (d == 0) return -1;
    const source = Tuple.get(args, 0);
    const r = Py.check(source, Py_TPFLAGS_DICT_SUBCLASS) ? PyDict_Update(d, source) : updateFromAny(d, source);
    const ok = r == 0 && haveStringKeys(d) && PyDict_Update(dictOf(o), d) == 0;
    Py.DECREF(d);
    if (!ok) return -1;
  }
  if (kwargs == 0) return 0;
  return haveStringKeys(kwargs) ? PyDict_Update(dictOf(o), kwargs) : -1;
}

/** As dict(source): a mapping, or an iterable of pairs. */
function updateFromAny(d: usize, source: usize): i32 {
  const made = PyObject_CallOneArg(PyDict_Type, source);
  if (made == 0) return -1;
  const r = PyDict_Update(d, made);
  Py.DECREF(made);
  return r;
}

function haveStringKeys(d: usize): bool {
  for (let pos = PyDict_Next(d, 0); pos > 0; pos = PyDict_Next(d, pos)) {
    if (Py.check(PyDict_KeyAt(d, pos), Py_TPFLAGS_UNICODE_SUBCLASS)) continue;
    PyErr_SetString(PyExc_TypeError, "keywords must be strings");
    return false;
  }
  return true;
}

function namespace_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  _PyNamespaceObject_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function namespace_repr(o: usize): usize {
  const name =
    Py.TYPE(o) == _PyNamespace_Type
      ? PyUnicode_FromFormat("namespace")
      : PyUnicode_FromString(_PyType_Name(Py.TYPE(o)));
  if (name == 0) return 0;
  const entered = Py_ReprEnter(o);
  let r: usize = 0;
  if (entered > 0) r = PyUnicode_FromFormat("%U(...)", name);
  else if (entered == 0) {
    const w = Writer.begin(32);
    r = writePairs(w, name, dictOf(o)) < 0 ? writerDiscard(w) : writerFinish(w);
    Py_ReprLeave(o);
  }
  Py.DECREF(name);
  return r;
}

function writePairs(w: usize, name: usize, d: usize): i32 {
  if (writeStr(w, name) < 0 || Writer.char(w, 0x28) < 0) return -1;
  let first = true;
  for (let pos = PyDict_Next(d, 0); pos > 0; pos = PyDict_Next(d, pos)) {
    const key = PyDict_KeyAt(d, pos);
    if (!Py.check(key, Py_TPFLAGS_UNICODE_SUBCLASS) || U.length(key) == 0) continue;
    if (!first && writeLiteral(w, ", ") < 0) return -1;
    first = false;
    const value = Py.NewRef(PyDict_ValueAt(d, pos));
    Py.INCREF(key);
    const text = PyUnicode_FromFormat("%S=%R", key, value);
    Py.DECREF(key);
    Py.DECREF(value);
    if (text == 0) return -1;
    const r = writeStr(w, text);
    Py.DECREF(text);
    if (r < 0) return -1;
  }
  return Writer.char(w, 0x29);
}

function namespace_richcompare(a: usize, b: usize, op: i32): usize {
  if (!PyType_IsSubtype(Py.TYPE(a), _PyNamespace_Type) || !PyType_IsSubtype(Py.TYPE(b), _PyNamespace_Type)) {
    return _Py_NotImplementedStruct;
  }
  return PyObject_RichCompare(dictOf(a), dictOf(b), op);
}

/**
 * @native types.SimpleNamespace.__reduce__
 *
 * What a copy of it is to be made from
 */
export function namespace_reduce(o: usize, _u: usize): usize {
  const t = PyTuple_New(3);
  if (t == 0) return 0;
  const none = PyTuple_New(0);
  Tuple.set(t, 0, Py.NewRef(Py.TYPE(o)));
  Tuple.set(t, 1, none);
  Tuple.set(t, 2, Py.NewRef(dictOf(o)));
  return t;
}

/**
 * o.__replace__(**changes): a copy with some attributes changed.
 *
 * @native types.SimpleNamespace.__replace__($self, /, **changes)
 *
 * A copy in which the attributes that are named in changes have other values.
 */
export function namespace_replace(o: usize, args: usize, kwargs: usize): usize {
  if (Py.SIZE(args) != 0) return PyErr_Format(PyExc_TypeError, "__replace__() takes no positional arguments");
  const copy = PyObject_CallNoArgs(Py.TYPE(o));
  if (copy == 0) return 0;
  if (!PyType_IsSubtype(Py.TYPE(copy), _PyNamespace_Type)) {
    PyErr_Format(PyExc_TypeError, "expect %N type, but %T() returned '%T' object", _PyNamespace_Type, o, copy);
  } else if (
    PyDict_Update(dictOf(copy), dictOf(o)) == 0 &&
    (kwargs == 0 || PyDict_Size(kwargs) == 0 || PyDict_Update(dictOf(copy), kwargs) == 0)
  ) {
    return copy;
  }
  Py.DECREF(copy);
  return 0;
}

/** A new namespace with the items of a dict (borrowed, may be null). */
export function _PyNamespace_New(kwargs: usize): usize {
  const o = namespace_new(_PyNamespace_Type, 0, 0);
  if (o == 0) return 0;
  if (kwargs != 0 && PyDict_Update(dictOf(o), kwargs) < 0) {
    Py.DECREF(o);
    return 0;
  }
  return o;
}

/**
 * @type types.SimpleNamespace(mapping_or_iterable=(), /, **kwargs)
 *
 * An object with any attributes.
 *
 * @member types.SimpleNamespace.__dict__ = _PyNamespaceObject.ns_dict readonly
 */

export function initNamespaceType(): void {
  const o = _PyNamespace_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF__PyNamespaceObject;
  t.tp_dealloc = namespace_dealloc.index;
  t.tp_repr = namespace_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE;
  t.tp_traverse = _PyNamespaceObject_traverse.index;
  t.tp_clear = _PyNamespaceObject_clear.index;
  t.tp_richcompare = namespace_richcompare.index;
  t.tp_dictoffset = _PyNamespaceObject_ns_dict;
  t.tp_init = namespace_init.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = namespace_new.index;
  t.tp_free = PyObject_GC_Del.index;
}
