// The module _abc (CPython 3.13's Modules/_abc.c): what abstract base classes remember of other classes.
//
// The three sets of an _abc_data hold weak references, whose callback takes them out of their set. Whatever runs Python
// code, and asking for a subclass always may, can replace or change the sets: nothing of them is kept across it.

import {
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_MAPPING,
  Py_TPFLAGS_SEQUENCE,
  Py_TPFLAGS_TYPE_SUBCLASS,
} from "../generated/constants";
import { _abc_data, PyTypeObject, SIZEOF__abc_data } from "../generated/layouts";
import { abcRoots } from "../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  ID,
  PyAbcData_Type,
  PyExc_AssertionError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyLong_Type,
} from "../generated/statics";
import { PyDict_Pop } from "../objects/containers/dict/dict";
import { List } from "../objects/containers/list/list";
import {
  PyFrozenSet_New,
  PySet_Add,
  PySet_Contains,
  PySet_Discard,
  PySet_New,
  PySet_Size,
  setClear,
} from "../objects/containers/set/set";
import { PyTuple_New, Tuple } from "../objects/containers/tuple";
import { METH_O, methodDef } from "../objects/define/tables";
import { PyCFunction_New } from "../objects/descriptors/builtinfunction";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Occurred,
  PyErr_SetString,
} from "../objects/errors/raise";
import { _abc_data_clear, _abc_data_traverse } from "../objects/generated/references";
import { PyLong_AsLongLong, PyLong_FromUnsignedLongLong } from "../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs, PyObject_CallMethodOneArg } from "../objects/object/call";
import { PyObject_GC_UnTrack } from "../objects/object/gchead";
import { Py } from "../objects/object/head";
import {
  PyBool_FromBool,
  PyObject_GetAttr,
  PyObject_GetOptionalAttr,
  PyObject_SetAttr,
} from "../objects/protocol/access";
import { PyObject_IsTrue } from "../objects/protocol/compare";
import { PyObject_IsSubclass } from "../objects/protocol/instancecheck";
import { PyIter_Next, PyObject_GetIter } from "../objects/protocol/iterator";
import { PyMapping_Items, PySequence_List, PySequence_Tuple } from "../objects/protocol/sequence";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { PyType_IsSubtype } from "../objects/types/lookup";
import { PyType_Ready } from "../objects/types/ready";
import { type_subclasses } from "../objects/types/type";
import { PyWeakref_NewRef, weakrefGet } from "../objects/weak/weakref";
import { collectedType } from "./collectedtype";

const COLLECTION_FLAGS: u64 = Py_TPFLAGS_SEQUENCE | Py_TPFLAGS_MAPPING;

function abc_data_new(type: usize, _args: usize, _kwargs: usize): usize {
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o != 0) _abc_data.at(o)._abc_negative_cache_version = abcRoots.invalidation_counter;
  return o;
}

function abc_data_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  _abc_data_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** What the class remembers: a new reference, null with an exception. */
function dataOf(cls: usize): usize {
  const data = PyObject_GetAttr(cls, ID._abc_impl);
  if (data == 0 || Py.IS_TYPE(data, PyAbcData_Type)) return data;
  Py.DECREF(data);
  return PyErr_SetString(PyExc_TypeError, "_abc_impl is set to a wrong type");
}

// Sets of weak references, each in the slot at an address.

/** Whether the set has a reference to the class: 1, 0, or -1 with an exception. */
function isIn(slot: usize, cls: usize): i32 {
  const set: usize = load<u32>(slot);
  if (set == 0 || PySet_Size(set) == 0) return 0;
  Py.INCREF(set);
  const ref = PyWeakref_NewRef(cls, 0);
  let r = -1;
  if (ref != 0) {
    r = PySet_Contains(set, ref);
    Py.DECREF(ref);
  } else if (PyErr_ExceptionMatches(PyExc_TypeError)) {
    PyErr_Clear();
    r = 0;
  }
  Py.DECREF(set);
  return r;
}

/** The callback of a reference that has died: takes it out of the set that `self` refers to, if that lives. */
function destroy(self: usize, ref: usize): usize {
  const set = weakrefGet(self);
  if (set == 0) return _Py_NoneStruct;
  const r = PySet_Discard(set, ref);
  Py.DECREF(set);
  return r < 0 ? 0 : _Py_NoneStruct;
}

/** Adds a reference to the class: false with an exception. */
function addTo(slot: usize, cls: usize): bool {
  if (load<u32>(slot) == 0) {
    const made = PySet_New(0);
    if (made == 0) return false;
    Py.SETREF(slot, made);
  }
  const set = Py.NewRef(load<u32>(slot));
  const setRef = PyWeakref_NewRef(set, 0);
  const callback = setRef == 0 ? 0 : PyCFunction_New(abcRoots.destroy_def, setRef, 0);
  const ref = callback == 0 ? 0 : PyWeakref_NewRef(cls, callback);
  const done = ref != 0 && PySet_Add(set, ref) == 0;
  Py.XDECREF(ref);
  Py.XDECREF(callback);
  Py.XDECREF(setRef);
  Py.DECREF(set);
  return done;
}

/** Empties the set: false with an exception. */
function emptySet(slot: usize): void {
  const set: usize = load<u32>(slot);
  if (set == 0) return;
  Py.INCREF(set);
  setClear(set);
  Py.DECREF(set);
}

// Abstract methods.

/** Whether a value is abstract: 1, 0, or -1 with an exception. */
function isAbstract(value: usize): i32 {
  const mark = PyObject_GetOptionalAttr(value, ID.__isabstractmethod__);
  if (mark == 0) return PyErr_Occurred() ? -1 : 0;
  const r = PyObject_IsTrue(mark);
  Py.DECREF(mark);
  return r;
}

/** Adds the names of abstract values in the class's own dict: false with an exception. */
function addOwn(abstracts: usize, cls: usize): bool {
  const ns = PyObject_GetAttr(cls, ID.__dict__);
  const items = ns == 0 ? 0 : PyMapping_Items(ns);
  Py.XDECREF(ns);
  if (items == 0) return false;
  let done = true;
  for (let i: isize = 0; done && i < Py.SIZE(items); i++) {
    const pair = PySequence_Tuple(List.get(items, i));
    done = pair != 0;
    if (!done) break;
    if (Py.SIZE(pair) != 2) {
      PyErr_SetString(PyExc_TypeError, "Iteration over items() returned item which is not a key-value pair");
      done = false;
    } else {
      const is = isAbstract(Tuple.get(pair, 1));
      done = is >= 0 && (is == 0 || PySet_Add(abstracts, Tuple.get(pair, 0)) == 0);
    }
    Py.DECREF(pair);
  }
  Py.DECREF(items);
  return done;
}

/** Adds those of a base's abstract names that are still abstract in the class: false with an exception. */
function addInherited(abstracts: usize, cls: usize, base: usize): bool {
  const names = PyObject_GetOptionalAttr(base, ID.__abstractmethods__);
  if (names == 0) return !PyErr_Occurred();
  const it = PyObject_GetIter(names);
  Py.DECREF(names);
  if (it == 0) return false;
  let done = true;
  while (done) {
    const name = PyIter_Next(it);
    if (name == 0) break;
    const value = PyObject_GetOptionalAttr(cls, name);
    if (value == 0) done = !PyErr_Occurred();
    else {
      const is = isAbstract(value);
      Py.DECREF(value);
      done = is >= 0 && (is == 0 || PySet_Add(abstracts, name) == 0);
    }
    Py.DECREF(name);
  }
  Py.DECREF(it);
  return done && !PyErr_Occurred();
}

/** Sets the class's __abstractmethods__: false with an exception. */
function computeAbstractMethods(cls: usize): bool {
  const abstracts = PyFrozenSet_New(0);
  if (abstracts == 0) return false;
  let done = addOwn(abstracts, cls);
  const bases = done ? PyObject_GetAttr(cls, ID.__bases__) : 0;
  if (bases == 0) done = false;
  else if (!Tuple.check(bases)) {
    PyErr_SetString(PyExc_TypeError, "__bases__ is not tuple");
    done = false;
  } else
    for (let i: isize = 0; done && i < Py.SIZE(bases); i++) done = addInherited(abstracts, cls, Tuple.get(bases, i));
  Py.XDECREF(bases);
  if (done) done = PyObject_SetAttr(cls, ID.__abstractmethods__, abstracts) == 0;
  Py.DECREF(abstracts);
  return done;
}

/** Takes __abc_tpflags__ out of the class, and gives it those flags: false with an exception. */
function applyFlags(cls: usize): bool {
  const flags = PyDict_Pop(PyTypeObject.at(cls).tp_dict, ID.__abc_tpflags__, 0);
  if (flags == 0) return !PyErr_Occurred();
  const isInt = Py.IS_TYPE(flags, PyLong_Type);
  const value = isInt ? PyLong_AsLongLong(flags) : 0;
  Py.DECREF(flags);
  if (!isInt) return true;
  if (value == -1 && PyErr_Occurred()) return false;
  if ((<u64>value & COLLECTION_FLAGS) == COLLECTION_FLAGS) {
    PyErr_SetString(PyExc_TypeError, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
    return false;
  }
  PyTypeObject.at(cls).tp_flags = PyTypeObject.at(cls).tp_flags | (<u64>value & COLLECTION_FLAGS);
  return true;
}

/** Gives the class, and all below it that can change, the flag in place of what it has: false with an exception. */
function setCollectionFlag(cls: usize, flag: u64): bool {
  const t = PyTypeObject.at(cls);
  if (t.tp_flags & Py_TPFLAGS_IMMUTABLETYPE || (t.tp_flags & COLLECTION_FLAGS) == flag) return true;
  t.tp_flags = (t.tp_flags & ~COLLECTION_FLAGS) | flag;
  const below = type_subclasses(cls, 0);
  if (below == 0) return false;
  let done: bool = true;
  for (let i: isize = 0; done && i < Py.SIZE(below); i++) done = setCollectionFlag(List.get(below, i), flag);
  Py.DECREF(below);
  return done;
}

/**
 * @native _abc.get_cache_token($module, /)
 *
 * What tells whether what is known of abstract classes may have changed.
 *
 * It is an object of which only this is promised: it differs from what it was before as soon as a class has been registered
 * with any ABC.
 */
export function abc_get_cache_token(_m: usize): usize {
  return PyLong_FromUnsignedLongLong(abcRoots.invalidation_counter);
}

/**
 * @native _abc._abc_init($module, self, /)
 *
 * Make a class an abstract one, as ABCMeta does. For ABCMeta.
 */
export function abc_init(_m: usize, self: usize): usize {
  if (!computeAbstractMethods(self)) return 0;
  const data = abc_data_new(PyAbcData_Type, 0, 0);
  if (data == 0) return 0;
  const set = PyObject_SetAttr(self, ID._abc_impl, data);
  Py.DECREF(data);
  if (set < 0) return 0;
  return !Py.check(self, Py_TPFLAGS_TYPE_SUBCLASS) || applyFlags(self) ? _Py_NoneStruct : 0;
}

/**
 * @native _abc._reset_registry($module, self, /)
 *
 * Forget the classes that were registered. For refleak.py, and nobody else.
 */
export function abc_reset_registry(_m: usize, self: usize): usize {
  const data = dataOf(self);
  if (data == 0) return 0;
  emptySet(_abc_data.at(data)._abc_registry_slot);
  Py.DECREF(data);
  return _Py_NoneStruct;
}

/**
 * @native _abc._reset_caches($module, self, /)
 *
 * Forget what is known of classes. For refleak.py, and nobody else at all.
 */
export function abc_reset_caches(_m: usize, self: usize): usize {
  const data = dataOf(self);
  if (data == 0) return 0;
  emptySet(_abc_data.at(data)._abc_cache_slot);
  emptySet(_abc_data.at(data)._abc_negative_cache_slot);
  Py.DECREF(data);
  return _Py_NoneStruct;
}

/**
 * @native _abc._get_dump($module, self, /)
 *
 * What is known of classes, to be looked at when something is wrong.
 *
 * A tuple of four: the classes that were registered, what is known to be a subclass, what is known to be none, and since when.
 */
export function abc_get_dump(_m: usize, self: usize): usize {
  const data = dataOf(self);
  if (data == 0) return 0;
  const x = _abc_data.at(data);
  const r = PyTuple_New(4);
  let done = r != 0;
  for (let i: isize = 0; done && i < 4; i++) {
    const part =
      i == 3
        ? PyLong_FromUnsignedLongLong(x._abc_negative_cache_version)
        : PySet_New(i == 0 ? x._abc_registry : i == 1 ? x._abc_cache : x._abc_negative_cache);
    done = part != 0;
    if (done) Tuple.set(r, i, part);
  }
  Py.DECREF(data);
  if (done) return r;
  Py.XDECREF(r);
  return 0;
}

/**
 * @native _abc._abc_register($module, self, subclass, /)
 *
 * Let a class count as a subclass. For ABCMeta.register(), which does it.
 */
export function abc_register(_m: usize, self: usize, subclass: usize): usize {
  if (!Py.check(subclass, Py_TPFLAGS_TYPE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "Can only register classes");
  }
  const already = PyObject_IsSubclass(subclass, self);
  if (already != 0) return already < 0 ? 0 : Py.NewRef(subclass);
  const cycle = PyObject_IsSubclass(self, subclass);
  if (cycle != 0) {
    return cycle < 0 ? 0 : PyErr_SetString(PyExc_RuntimeError, "Refusing to create an inheritance cycle");
  }
  const data = dataOf(self);
  if (data == 0) return 0;
  let done = addTo(_abc_data.at(data)._abc_registry_slot, subclass);
  Py.DECREF(data);
  if (!done) return 0;
  abcRoots.invalidation_counter = abcRoots.invalidation_counter + 1;
  if (Py.check(self, Py_TPFLAGS_TYPE_SUBCLASS)) {
    const flag = PyTypeObject.at(self).tp_flags & COLLECTION_FLAGS;
    if (flag != 0) done = setCollectionFlag(subclass, flag);
  }
  return done ? Py.NewRef(subclass) : 0;
}

/**
 * @native _abc._abc_instancecheck($module, self, instance, /)
 *
 * What isinstance() asks an abstract class. For ABCMeta.
 */
export function abc_instancecheck(_m: usize, self: usize, instance: usize): usize {
  const data = dataOf(self);
  if (data == 0) return 0;
  const subclass = PyObject_GetAttr(instance, ID.__class__);
  const r = subclass == 0 ? 0 : checkInstance(self, instance, subclass, _abc_data.at(data));
  Py.XDECREF(subclass);
  Py.DECREF(data);
  return r;
}

function checkInstance(self: usize, instance: usize, subclass: usize, data: _abc_data): usize {
  const known = isIn(data._abc_cache_slot, subclass);
  if (known != 0) return known < 0 ? 0 : _Py_TrueStruct;
  const type = Py.TYPE(instance);
  if (type == subclass && data._abc_negative_cache_version == abcRoots.invalidation_counter) {
    const none = isIn(data._abc_negative_cache_slot, subclass);
    if (none != 0) return none < 0 ? 0 : _Py_FalseStruct;
  }
  const first = PyObject_CallMethodOneArg(self, ID.__subclasscheck__, subclass);
  if (type == subclass || first == 0) return first;
  const is = PyObject_IsTrue(first);
  if (is > 0) return first;
  Py.DECREF(first);
  if (is < 0) return 0;
  // The instance may have changed its class by now.
  return PyObject_CallMethodOneArg(self, ID.__subclasscheck__, Py.TYPE(instance));
}

/**
 * @native _abc._abc_subclasscheck($module, self, subclass, /)
 *
 * What issubclass() asks an abstract class. For ABCMeta.
 */
export function abc_subclasscheck(_m: usize, self: usize, subclass: usize): usize {
  if (!Py.check(subclass, Py_TPFLAGS_TYPE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "issubclass() arg 1 must be a class");
  }
  const data = dataOf(self);
  if (data == 0) return 0;
  const is = checkSubclass(self, subclass, _abc_data.at(data));
  Py.DECREF(data);
  return is < 0 ? 0 : PyBool_FromBool(is != 0);
}

/** Notes what was found out, 1 or 0: that; -1 with an exception. */
function note(data: _abc_data, subclass: usize, is: i32): i32 {
  return addTo(is ? data._abc_cache_slot : data._abc_negative_cache_slot, subclass) ? is : -1;
}

/** Whether it is a subclass: 1, 0, or -1 with an exception. */
function checkSubclass(self: usize, subclass: usize, data: _abc_data): i32 {
  const known = isIn(data._abc_cache_slot, subclass);
  if (known != 0) return known;
  if (data._abc_negative_cache_version < abcRoots.invalidation_counter) {
    emptySet(data._abc_negative_cache_slot);
    data._abc_negative_cache_version = abcRoots.invalidation_counter;
  } else {
    const none = isIn(data._abc_negative_cache_slot, subclass);
    if (none != 0) return none < 0 ? -1 : 0;
  }
  const answer = PyObject_CallMethodOneArg(self, ID.__subclasshook__, subclass);
  if (answer == 0) return -1;
  Py.DECREF(answer);
  if (answer == _Py_TrueStruct) return note(data, subclass, 1);
  if (answer == _Py_FalseStruct) return note(data, subclass, 0);
  if (answer != _Py_NotImplementedStruct) {
    return PyErr_Fail(PyExc_AssertionError, "__subclasshook__ must return either False, True, or NotImplemented");
  }
  if (PyType_IsSubtype(subclass, self)) return note(data, subclass, 1);
  const registered = checkRegistry(subclass, data);
  if (registered != 0) return registered;
  const below = checkBelow(self, subclass);
  return below < 0 ? -1 : note(data, subclass, below);
}

/** Whether it is a class that was registered, or a subclass of one: 1, 0, or -1 with an exception. */
function checkRegistry(subclass: usize, data: _abc_data): i32 {
  const registered = isIn(data._abc_registry_slot, subclass);
  if (registered != 0) return registered;
  if (data._abc_registry == 0) return 0;
  // Classes may be registered, or die, while these are asked.
  const refs = PySequence_List(data._abc_registry);
  if (refs == 0) return -1;
  let r = 0;
  for (let i: isize = 0; r == 0 && i < Py.SIZE(refs); i++) {
    const cls = weakrefGet(List.get(refs, i));
    if (cls == 0) continue;
    r = PyObject_IsSubclass(subclass, cls);
    Py.DECREF(cls);
  }
  Py.DECREF(refs);
  return r > 0 ? note(data, subclass, 1) : r;
}

/** Whether it is a subclass of one of the class's subclasses: 1, 0, or -1 with an exception. */
function checkBelow(self: usize, subclass: usize): i32 {
  const name = PyUnicode_InternLiteral("__subclasses__");
  const below = name == 0 ? 0 : PyObject_CallMethodNoArgs(self, name);
  Py.XDECREF(name);
  if (below == 0) return -1;
  let r = 0;
  if (!Py.check(below, Py_TPFLAGS_LIST_SUBCLASS)) {
    r = PyErr_Fail(PyExc_TypeError, "__subclasses__() must return a list");
  } else {
    for (let i: isize = 0; r == 0 && i < Py.SIZE(below); i++) {
      const cls = Py.NewRef(List.get(below, i));
      r = PyObject_IsSubclass(subclass, cls);
      Py.DECREF(cls);
    }
  }
  Py.DECREF(below);
  return r;
}

/**
 * @type _abc._abc_data
 *
 * What an ABC knows of others.
 */
function initAbcDataType(): i32 {
  const t = collectedType(
    PyAbcData_Type,
    SIZEOF__abc_data,
    abc_data_dealloc.index,
    _abc_data_traverse.index,
    _abc_data_clear.index,
    0,
  );
  t.tp_new = abc_data_new.index;
  return PyType_Ready(PyAbcData_Type);
}

/**
 * @module _abc
 *
 * What the module abc is made of.
 */
export function initAbc(_m: usize): i32 {
  if (abcRoots.destroy_def == 0) abcRoots.destroy_def = methodDef("_destroy", destroy.index, METH_O);
  return initAbcDataType();
}
