// The module _collections (CPython 3.13's Modules/_collectionsmodule.c): what counts for Counter, and the attributes of
// namedtuple. Its containers are in files of their own.

import { _tuplegetterobject, PyTypeObject, SIZEOF__tuplegetterobject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyDefaultDict_Type,
  PyDeque_Type,
  PyDequeIter_Type,
  PyDequeRevIter_Type,
  PyDict_Type,
  PyExc_AttributeError,
  PyExc_IndexError,
  PyExc_TypeError,
  PyODict_Type,
  PyTupleGetter_Type,
} from "../../generated/statics";
import { _PyDict_GetItem_KnownHash, _PyDict_SetItem_KnownHash, Dict } from "../../objects/containers/dict/dict";
import { PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser, ssizeArgument } from "../../objects/define/args";
import { _PyType_Name, PyErr_Fail, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { _tuplegetterobject_clear, _tuplegetterobject_traverse } from "../../objects/generated/references";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { Long } from "../../objects/numbers/int/access";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_CallTwoArgs } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_SetItem } from "../../objects/protocol/items";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Add } from "../../objects/protocol/number";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { _PyType_Lookup } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";
import { initDefaultDictType } from "./defaultdict";
import { initDequeTypes } from "./deque";
import { initODictTypes } from "./odict";
/**
 * @native _collections._count_elements($module, mapping, iterable, /)
 *
 * Count the elements in a mapping.
 */
export function collections_count_elements(_m: usize, mapping: usize, iterable: usize): usize {
  const it = PyObject_GetIter(iterable);
  if (it == 0) return 0;
  const type = Py.TYPE(mapping);
  const plain =
    Dict.check(mapping) &&
    _PyType_Lookup(type, ID.get) == _PyType_Lookup(PyDict_Type, ID.get) &&
    _PyType_Lookup(type, ID.__setitem__) == _PyType_Lookup(PyDict_Type, ID.__setitem__);
  const done = plain ? countInDict(mapping, it) : countInMapping(mapping, it);
  Py.DECREF(it);
  return done ? _Py_NoneStruct : 0;
}

/** Counts what the iterator gives, with one hash for each: false with an exception. */
function countInDict(d: usize, it: usize): bool {
  while (true) {
    const key = PyIter_Next(it);
    if (key == 0) return !PyErr_Occurred();
    const hash = Dict.hash(key);
    // The count is held: adding to it may run what removes it.
    const old = hash == -1 ? 0 : Py.XNewRef(_PyDict_GetItem_KnownHash(d, key, hash));
    let done = false;
    if (old != 0) {
      const next = PyNumber_Add(old, Long.small(1));
      Py.DECREF(old);
      if (next != 0) {
        done = _PyDict_SetItem_KnownHash(d, key, next, hash) == 0;
        Py.DECREF(next);
      }
    } else if (!PyErr_Occurred()) done = _PyDict_SetItem_KnownHash(d, key, Long.small(1), hash) == 0;
    Py.DECREF(key);
    if (!done) return false;
  }
  return false;
}

/** As countInDict, by the methods get and __setitem__. */
function countInMapping(mapping: usize, it: usize): bool {
  const get = PyObject_GetAttr(mapping, ID.get);
  if (get == 0) return false;
  let done = true;
  while (done) {
    const key = PyIter_Next(it);
    if (key == 0) break;
    const old = PyObject_CallTwoArgs(get, key, Long.small(0));
    const next = old == 0 ? 0 : PyNumber_Add(old, Long.small(1));
    done = next != 0 && PyObject_SetItem(mapping, key, next) == 0;
    Py.XDECREF(next);
    Py.XDECREF(old);
    Py.DECREF(key);
  }
  Py.DECREF(get);
  return done && !PyErr_Occurred();
}

// _tuplegetter

function tuplegetter_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("_tuplegetter", kwargs)) return 0;
  if (!ArgParser.count("_tuplegetter", Py.SIZE(args), 2, 2)) return 0;
  const index = ssizeArgument(Tuple.get(args, 0));
  if (index == -1 && PyErr_Occurred()) return 0;
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  _tuplegetterobject.at(o).index = index;
  _tuplegetterobject.at(o).doc = Py.NewRef(Tuple.get(args, 1));
  return o;
}

function tuplegetter_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  _tuplegetterobject_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function tuplegetter_descr_get(o: usize, instance: usize, _type: usize): usize {
  if (instance == 0) return Py.NewRef(o);
  const index = _tuplegetterobject.at(o).index;
  if (!Tuple.check(instance)) {
    if (instance == _Py_NoneStruct) return Py.NewRef(o);
    const message = "descriptor for index '%d' for tuple subclasses doesn't apply to '%t' object";
    return PyErr_Format(PyExc_TypeError, message, index, instance);
  }
  if (<u32>index >= <u32>Tuple.size(instance)) {
    return PyErr_SetString(PyExc_IndexError, "tuple index out of range");
  }
  return Py.NewRef(Tuple.get(instance, index));
}

function tuplegetter_descr_set(_o: usize, _instance: usize, value: usize): i32 {
  return PyErr_Fail(PyExc_AttributeError, value == 0 ? "can't delete attribute" : "can't set attribute");
}

function tuplegetter_repr(o: usize): usize {
  const x = _tuplegetterobject.at(o);
  const doc = Py.XNewRef(x.doc);
  const r = PyUnicode_FromFormat("%s(%d, %R)", _PyType_Name(Py.TYPE(o)), x.index, doc);
  Py.XDECREF(doc);
  return r;
}

/**
 * @native collections._tuplegetter.__reduce__
 */
export function tuplegetter_reduce(o: usize, _u: usize): usize {
  const x = _tuplegetterobject.at(o);
  const index = PyLong_FromSsize_t(x.index);
  const args = index == 0 ? 0 : PyTuple_Pack2(index, x.doc == 0 ? _Py_NoneStruct : x.doc);
  const r = args == 0 ? 0 : PyTuple_Pack2(Py.TYPE(o), args);
  Py.XDECREF(args);
  Py.XDECREF(index);
  return r;
}

/**
 * @type collections._tuplegetter
 *
 * @member collections._tuplegetter.__doc__ = _tuplegetterobject.doc
 */
function initTupleGetterType(): i32 {
  const t = collectedType(
    PyTupleGetter_Type,
    SIZEOF__tuplegetterobject,
    tuplegetter_dealloc.index,
    _tuplegetterobject_traverse.index,
    _tuplegetterobject_clear.index,
    0,
  );
  t.tp_repr = tuplegetter_repr.index;
  t.tp_descr_get = tuplegetter_descr_get.index;
  t.tp_descr_set = tuplegetter_descr_set.index;
  t.tp_new = tuplegetter_new.index;
  return PyType_Ready(PyTupleGetter_Type);
}

function add(m: usize, name: string, type: usize): bool {
  return PyModule_AddObjectLiteral(m, name, type) == 0;
}

/**
 * @module _collections
 *
 * Containers of other kinds than those that are built in.
 * - deque: a list that is quick at both of its ends
 * - defaultdict: a dict that makes the values it misses
 */
export function initCollections(m: usize): i32 {
  return initDequeTypes() == 0 &&
    initDefaultDictType() == 0 &&
    initTupleGetterType() == 0 &&
    initODictTypes() == 0 &&
    add(m, "deque", PyDeque_Type) &&
    add(m, "defaultdict", PyDefaultDict_Type) &&
    add(m, "OrderedDict", PyODict_Type) &&
    add(m, "_deque_iterator", PyDequeIter_Type) &&
    add(m, "_deque_reverse_iterator", PyDequeRevIter_Type) &&
    add(m, "_tuplegetter", PyTupleGetter_Type)
    ? 0
    : -1;
}
