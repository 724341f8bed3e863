// type.__new__: making a class from a name, its bases and its namespace (the type_new part of CPython 3.13's
// Objects/typeobject.c).

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HEAPTYPE,
  Py_TPFLAGS_MANAGED_DICT,
  Py_TPFLAGS_MANAGED_WEAKREF,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  PyCellObject,
  PyCompactUnicodeObject,
  PyDictKeysObject,
  PyDictObject,
  PyHeapTypeObject,
  PyMemberDef,
  PyTypeObject,
  SIZEOF_PyMemberDef,
} from "../../generated/layouts";
import {
  ID,
  PyBaseObject_Type,
  PyCell_Type,
  PyExc_RuntimeWarning,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFunction_Type,
  PySuper_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { PyMem_Malloc } from "../../memory/pymem";
import { currentGlobals } from "../code/frameaccess";
import { PyClassMethod_New, PyStaticMethod_New } from "../code/methodwrappers";
import {
  PyDict_Contains,
  PyDict_Copy,
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_KeyAt,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_ValueAt,
} from "../containers/dict/dict";
import { DICT_KEYS_GENERAL } from "../containers/dict/keys";
import { PyList_Append, PyList_AsTuple, PyList_New } from "../containers/list/list";
import { PyList_Sort } from "../containers/list/sort";
import { PyTuple_New, PyTuple_Pack1, Tuple } from "../containers/tuple";
import { Py_T_OBJECT_EX } from "../define/tables";
import { _PyErr_FormatNote } from "../errors/fields";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PyErr_WarnFormat } from "../errors/warnings";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../object/attributes";
import { PyObject_Call, PyObject_CallMethodTwoArgs, PyObject_CallTwoArgs } from "../object/call";
import { Py } from "../object/head";
import { PyObject_GetAttr, PyObject_HasAttrWithError } from "../protocol/access";
import { PySequence_Tuple } from "../protocol/sequence";
import { U } from "../text/access";
import { PyUnicode_IsIdentifier } from "../text/case";
import { PyUnicode_AsUTF8 } from "../text/codecs/utf8";
import { _PyUnicode_Equal } from "../text/compare";
import { cstringLength } from "../text/create";
import { _Py_Mangle } from "../text/mangle";
import { lookupMethod, PyType_IsSubtype } from "./lookup";
import { PyType_Ready } from "./ready";
import { fixupSlotDispatchers } from "./slots";
import { subtype_clear, subtype_dealloc, subtype_traverse, subtypeGetSets } from "./subtype";

/** The metaclass most derived of `metatype` and those of the bases, borrowed; null with TypeError on a conflict. */
export function _PyType_CalculateMetaclass(metatype: usize, bases: usize): usize {
  let winner = metatype;
  const n = Py.SIZE(bases);
  for (let i: isize = 0; i < n; i++) {
    const meta = Py.TYPE(Tuple.get(bases, i));
    if (PyType_IsSubtype(winner, meta)) continue;
    if (PyType_IsSubtype(meta, winner)) {
      winner = meta;
      continue;
    }
    return PyErr_SetString(
      PyExc_TypeError,
      "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
    );
  }
  return winner;
}

/** The class in `type`'s line that gives its instances their structure. */
export function solidBase(type: usize): usize {
  // A class has its base's structure where it is as large: what is below an addition has another size.
  for (let base = PyTypeObject.at(type).tp_base; base != 0; base = PyTypeObject.at(type).tp_base) {
    const t = PyTypeObject.at(type);
    const b = PyTypeObject.at(base);
    if (t.tp_basicsize != b.tp_basicsize || t.tp_itemsize != b.tp_itemsize) return type;
    type = base;
  }
  return type;
}

/** The base whose structure the class takes, borrowed; null with TypeError. */
export function bestBase(bases: usize): usize {
  let base: usize = 0;
  let winner: usize = 0;
  const n = Py.SIZE(bases);
  for (let i: isize = 0; i < n; i++) {
    const b = Tuple.get(bases, i);
    if (!Py.check(b, Py_TPFLAGS_TYPE_SUBCLASS)) {
      PyErr_SetString(PyExc_TypeError, "bases must be types");
      return 0;
    }
    // A class whose mro() runs has its dict, and is not made a second time.
    if (PyTypeObject.at(b).tp_dict == 0 && PyType_Ready(b) < 0) return 0;
    if (!Py.hasFeature(b, Py_TPFLAGS_BASETYPE)) {
      PyErr_Format(PyExc_TypeError, "type '%s' is not an acceptable base type", PyTypeObject.at(b).tp_name);
      return 0;
    }
    const candidate = solidBase(b);
    if (winner == 0) {
      winner = candidate;
      base = b;
    } else if (PyType_IsSubtype(winner, candidate)) {
    } else if (PyType_IsSubtype(candidate, winner)) {
      winner = candidate;
      base = b;
    } else {
      return PyErr_SetString(PyExc_TypeError, "multiple bases have instance lay-out conflict");
    }
  }
  return base;
}

// What a class adds to its base: bits of the answer of slotsToAdd.
const ADD_DICT: i32 = 1;
const ADD_WEAK: i32 = 2;

/** type(name, bases, dict, **kwds). */
export function type_new(metatype: usize, args: usize, kwargs: usize): usize {
  if (Py.SIZE(args) != 3) {
    return PyErr_Format(PyExc_TypeError, "type.__new__() takes exactly 3 arguments (%d given)", Py.SIZE(args));
  }
  const name = Tuple.get(args, 0);
  let bases = Tuple.get(args, 1);
  const origDict = Tuple.get(args, 2);
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "type.__new__() argument 1 must be str, not %t", name);
  }
  if (!Py.check(bases, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "type.__new__() argument 2 must be tuple, not %t", bases);
  }
  if (!Py.check(origDict, Py_TPFLAGS_DICT_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "type.__new__() argument 3 must be dict, not %t", origDict);
  }
  let base: usize;
  if (Py.SIZE(bases) == 0) {
    base = PyBaseObject_Type;
    bases = PyTuple_Pack1(base);
    if (bases == 0) return 0;
  } else {
    for (let i: isize = 0; i < Py.SIZE(bases); i++) {
      const b = Tuple.get(bases, i);
      if (Py.check(b, Py_TPFLAGS_TYPE_SUBCLASS)) continue;
      const has = PyObject_HasAttrWithError(b, ID.__mro_entries__);
      if (has < 0) return 0;
      if (has) {
        return PyErr_SetString(PyExc_TypeError, "type() doesn't support MRO entry resolution; use types.new_class()");
      }
    }
    const winner = _PyType_CalculateMetaclass(metatype, bases);
    if (winner == 0) return 0;
    if (winner != metatype) {
      if (PyTypeObject.at(winner).tp_new != type_new.index) {
        return call_indirect<usize>(PyTypeObject.at(winner).tp_new, winner, args, kwargs);
      }
      metatype = winner;
    }
    base = bestBase(bases);
    if (base == 0) return 0;
    Py.INCREF(bases);
  }
  const type = makeType(metatype, name, bases, base, origDict, kwargs);
  Py.DECREF(bases);
  return type;
}

function makeType(metatype: usize, name: usize, bases: usize, base: usize, origDict: usize, kwargs: usize): usize {
  const dict = PyDict_Copy(origDict);
  if (dict == 0) return 0;
  const b = PyTypeObject.at(base);
  const mayAddDict = b.tp_dictoffset == 0;
  const mayAddWeak = b.tp_weaklistoffset == 0 && b.tp_itemsize == 0;
  let add: i32 = 0;
  let slots: usize = PyDict_GetItemWithError(dict, ID.__slots__);
  if (slots == 0) {
    if (PyErr_Occurred() != 0) {
      Py.DECREF(dict);
      return 0;
    }
    add = (mayAddDict ? ADD_DICT : 0) | (mayAddWeak ? ADD_WEAK : 0);
  } else {
    slots =
      Py.TYPE(slots) == PyUnicode_Type || Py.check(slots, Py_TPFLAGS_UNICODE_SUBCLASS)
        ? PyTuple_Pack1(slots)
        : PySequence_Tuple(slots);
    if (slots == 0) {
      Py.DECREF(dict);
      return 0;
    }
    add = slotsToAdd(slots, base, bases, mayAddDict, mayAddWeak);
    const own = add < 0 ? 0 : ownSlots(slots, name, dict, add);
    Py.DECREF(slots);
    if (own == 0) {
      Py.DECREF(dict);
      return 0;
    }
    slots = own;
    if (Py.SIZE(bases) > 1) add = addFromOtherBases(add, bases, base, mayAddDict, mayAddWeak);
  }
  const nslots = slots == 0 ? 0 : Py.SIZE(slots);
  const type = call_indirect<usize>(PyTypeObject.at(metatype).tp_alloc, metatype, nslots);
  if (type == 0) {
    Py.DECREF(dict);
    Py.XDECREF(slots);
    return 0;
  }
  const t = PyHeapTypeObject.at(type);
  t.tp_flags = Py_TPFLAGS_HEAPTYPE | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC;
  t.tp_as_async = t.as_async;
  t.tp_as_number = t.as_number;
  t.tp_as_sequence = t.as_sequence;
  t.tp_as_mapping = t.as_mapping;
  t.tp_as_buffer = t.as_buffer;
  t.tp_bases = Py.NewRef(bases);
  t.tp_base = Py.NewRef(base);
  t.tp_dealloc = subtype_dealloc.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  t.tp_traverse = subtype_traverse.index;
  t.tp_clear = subtype_clear.index;
  t.ht_name = Py.NewRef(name);
  t.ht_slots = slots;
  t.tp_dict = dict;
  if (
    setAttributes(type, name, add) < 0 ||
    PyType_Ready(type) < 0 ||
    warnOfKeys(type) < 0 ||
    finishType(type, kwargs) < 0
  ) {
    Py.DECREF(type);
    return 0;
  }
  return type;
}

/** Warns where a key of the class's dict is not a str: 0, or -1 with an exception. */
function warnOfKeys(type: usize): i32 {
  const t = PyTypeObject.at(type);
  if (PyDictKeysObject.at(PyDictObject.at(t.tp_dict).ma_keys).dk_kind != <u8>DICT_KEYS_GENERAL) return 0;
  for (let pos: isize = 0; (pos = PyDict_Next(t.tp_dict, pos)) != 0; ) {
    if (Py.check(PyDict_KeyAt(t.tp_dict, pos), Py_TPFLAGS_UNICODE_SUBCLASS)) continue;
    return PyErr_WarnFormat(PyExc_RuntimeWarning, 1, "non-string key in the __dict__ of class %.200s", t.tp_name);
  }
  return 0;
}

/** Which of dict and weak references the names in __slots__ ask for: bits, or -1 with TypeError. */
function slotsToAdd(slots: usize, base: usize, _bases: usize, mayAddDict: bool, mayAddWeak: bool): i32 {
  const n = Py.SIZE(slots);
  if (n > 0 && PyTypeObject.at(base).tp_itemsize != 0) {
    PyErr_Format(
      PyExc_TypeError,
      "nonempty __slots__ not supported for subtype of '%s'",
      PyTypeObject.at(base).tp_name,
    );
    return -1;
  }
  let add: i32 = 0;
  for (let i: isize = 0; i < n; i++) {
    const s = Tuple.get(slots, i);
    if (!Py.check(s, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "__slots__ items must be strings, not '%t'", s);
      return -1;
    }
    if (!PyUnicode_IsIdentifier(s)) return PyErr_Fail(PyExc_TypeError, "__slots__ must be identifiers");
    if (_PyUnicode_Equal(s, ID.__dict__)) {
      if (!mayAddDict || add & ADD_DICT) {
        return PyErr_Fail(PyExc_TypeError, "__dict__ slot disallowed: we already got one");
      }
      add |= ADD_DICT;
    }
    if (_PyUnicode_Equal(s, ID.__weakref__)) {
      if (!mayAddWeak || add & ADD_WEAK) {
        return PyErr_Fail(PyExc_TypeError, "__weakref__ slot disallowed: we already got one");
      }
      add |= ADD_WEAK;
    }
  }
  return add;
}

/** The sorted tuple of mangled names that become members: a new reference, or null with an exception. */
function ownSlots(slots: usize, name: usize, dict: usize, add: i32): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  for (let i: isize = 0; i < Py.SIZE(slots); i++) {
    const s = Tuple.get(slots, i);
    if (add & ADD_DICT && _PyUnicode_Equal(s, ID.__dict__)) continue;
    if (add & ADD_WEAK && _PyUnicode_Equal(s, ID.__weakref__)) continue;
    const mangled = _Py_Mangle(name, s);
    if (mangled == 0) {
      Py.DECREF(list);
      return 0;
    }
    const r = PyDict_Contains(dict, mangled);
    if (
      r > 0 &&
      !_PyUnicode_Equal(mangled, ID.__qualname__) &&
      !_PyUnicode_Equal(mangled, ID.__classcell__) &&
      !_PyUnicode_Equal(mangled, ID.__classdictcell__)
    ) {
      PyErr_Format(PyExc_ValueError, "%R in __slots__ conflicts with class variable", mangled);
    } else if (r >= 0) {
      PyList_Append(list, mangled);
    }
    Py.DECREF(mangled);
    if (PyErr_Occurred() != 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  if (PyList_Sort(list) < 0) {
    Py.DECREF(list);
    return 0;
  }
  const tuple = PyList_AsTuple(list);
  Py.DECREF(list);
  return tuple;
}

function addFromOtherBases(add: i32, bases: usize, base: usize, mayAddDict: bool, mayAddWeak: bool): i32 {
  for (let i: isize = 0; i < Py.SIZE(bases); i++) {
    const other = Tuple.get(bases, i);
    if (other == base) continue;
    const o = PyTypeObject.at(other);
    if (mayAddDict && o.tp_dictoffset != 0) add |= ADD_DICT;
    if (mayAddWeak && o.tp_weaklistoffset != 0) add |= ADD_WEAK;
  }
  return add;
}

/** The UTF-8 text of a class's name, which the name keeps; null with an exception where it cannot be one. */
export function typeName(name: usize): usize {
  const utf8 = PyUnicode_AsUTF8(name);
  if (utf8 == 0) return 0;
  for (let p = utf8; p < utf8 + <usize>utf8Length(name); p++) {
    if (load<u8>(p) == 0) return PyErr_SetString(PyExc_ValueError, "type name must not contain null characters");
  }
  return utf8;
}

function setAttributes(type: usize, name: usize, add: i32): i32 {
  const t = PyHeapTypeObject.at(type);
  const dict = t.tp_dict;
  // tp_name is the name's UTF-8 text, which the name keeps.
  const utf8 = typeName(name);
  if (utf8 == 0) return -1;
  t.tp_name = utf8;
  if (PyDict_Contains(dict, ID.__module__) == 0) {
    const globals = currentGlobals();
    if (globals != 0) {
      const mod = PyDict_GetItemWithError(globals, ID.__name__);
      if (mod != 0 && PyDict_SetItem(dict, ID.__module__, mod) < 0) return -1;
      if (mod == 0 && PyErr_Occurred() != 0) return -1;
    }
  }
  const qualname = PyDict_GetItemWithError(dict, ID.__qualname__);
  if (qualname != 0) {
    if (!Py.check(qualname, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "type __qualname__ must be a str, not %t", qualname);
      return -1;
    }
    t.ht_qualname = Py.NewRef(qualname);
    if (PyDict_DelItem(dict, ID.__qualname__) < 0) return -1;
  } else {
    if (PyErr_Occurred() != 0) return -1;
    t.ht_qualname = Py.NewRef(t.ht_name);
  }
  if (setDoc(type) < 0) return -1;
  if (wrapFunction(dict, ID.__new__, true) < 0) return -1;
  if (wrapFunction(dict, ID.__init_subclass__, false) < 0) return -1;
  if (wrapFunction(dict, ID.__class_getitem__, false) < 0) return -1;
  if (setMembers(type, add) < 0) return -1;
  // With a dict or members of its own an object has attributes to get and set.
  const base = PyTypeObject.at(t.tp_base);
  if (t.tp_dictoffset != 0 || (t.ht_slots != 0 && Py.SIZE(t.ht_slots) > 0)) {
    if (base.tp_getattr == 0 && base.tp_getattro == 0) t.tp_getattro = PyObject_GenericGetAttr.index;
    if (base.tp_setattr == 0 && base.tp_setattro == 0) t.tp_setattro = PyObject_GenericSetAttr.index;
  }
  t.tp_getset = subtypeGetSets((add & ADD_DICT) != 0, (add & ADD_WEAK) != 0);
  return setCells(type);
}

/** tp_doc is a copy of the UTF-8 text of __doc__ where that is a str, up to a NUL in it. */
function setDoc(type: usize): i32 {
  const t = PyHeapTypeObject.at(type);
  const doc = PyDict_GetItemWithError(t.tp_dict, ID.__doc__);
  if (doc == 0) return PyErr_Occurred() ? -1 : 0;
  if (!Py.check(doc, Py_TPFLAGS_UNICODE_SUBCLASS)) return 0;
  const utf8 = PyUnicode_AsUTF8(doc);
  if (utf8 == 0) return -1;
  const size = <usize>cstringLength(utf8) + 1;
  const copy = PyMem_Malloc(size);
  if (copy == 0) {
    PyErr_NoMemory();
    return -1;
  }
  memory.copy(copy, utf8, size);
  t.tp_doc = copy;
  return 0;
}

function utf8Length(name: usize): isize {
  return U.isAscii(name) ? U.length(name) : PyCompactUnicodeObject.at(name).utf8_length;
}

/** A plain function that stands for a static or class method is made one. */
function wrapFunction(dict: usize, name: usize, isStatic: bool): i32 {
  const f = PyDict_GetItemWithError(dict, name);
  if (f == 0) return PyErr_Occurred() ? -1 : 0;
  if (Py.TYPE(f) != PyFunction_Type) return 0;
  const wrapped = isStatic ? PyStaticMethod_New(f) : PyClassMethod_New(f);
  if (wrapped == 0) return -1;
  const r = PyDict_SetItem(dict, name, wrapped);
  Py.DECREF(wrapped);
  return r;
}

/** The members for __slots__ lie after the type's own structure, as its items. 0, or -1 with MemoryError. */
function setMembers(type: usize, add: i32): i32 {
  const t = PyHeapTypeObject.at(type);
  const base = PyTypeObject.at(t.tp_base);
  let offset = base.tp_basicsize;
  const members = type + <usize>PyTypeObject.at(Py.TYPE(type)).tp_basicsize;
  if (t.ht_slots != 0) {
    const n = Py.SIZE(t.ht_slots);
    for (let i: isize = 0; i < n; i++) {
      const m = PyMemberDef.at(members + <usize>i * SIZEOF_PyMemberDef);
      const text = PyUnicode_AsUTF8(Tuple.get(t.ht_slots, i));
      if (text == 0) return -1;
      m.name = text;
      m.type = Py_T_OBJECT_EX;
      m.offset = offset;
      offset += 8;
    }
  }
  if (add & ADD_WEAK) {
    t.tp_flags = t.tp_flags | Py_TPFLAGS_MANAGED_WEAKREF;
    t.tp_weaklistoffset = -32;
  }
  if (add & ADD_DICT) {
    t.tp_flags = t.tp_flags | Py_TPFLAGS_MANAGED_DICT;
    t.tp_dictoffset = -1;
  }
  t.tp_basicsize = offset;
  t.tp_itemsize = base.tp_itemsize;
  t.tp_members = members;
  // Classes are called by vectorcall like every type.
  t.tp_vectorcall = 0;
  return 0;
}

/** __classcell__ and __classdictcell__, left by the class body, are filled and taken away. */
function setCells(type: usize): i32 {
  const dict = PyTypeObject.at(type).tp_dict;
  let cell = PyDict_GetItemWithError(dict, ID.__classcell__);
  if (cell != 0) {
    if (Py.TYPE(cell) != PyCell_Type) {
      PyErr_Format(PyExc_TypeError, "__classcell__ must be a nonlocal cell, not <class '%t'>", cell);
      return -1;
    }
    Py.SETREF(PyCellObject.at(cell).ob_ref_slot, Py.NewRef(type));
    if (PyDict_DelItem(dict, ID.__classcell__) < 0) return -1;
  } else if (PyErr_Occurred() != 0) return -1;
  cell = PyDict_GetItemWithError(dict, ID.__classdictcell__);
  if (cell != 0) {
    if (Py.TYPE(cell) != PyCell_Type) {
      PyErr_Format(PyExc_TypeError, "__classdictcell__ must be a nonlocal cell, not <class '%t'>", cell);
      return -1;
    }
    Py.SETREF(PyCellObject.at(cell).ob_ref_slot, Py.NewRef(dict));
    if (PyDict_DelItem(dict, ID.__classdictcell__) < 0) return -1;
  } else if (PyErr_Occurred() != 0) return -1;
  return 0;
}

function finishType(type: usize, kwargs: usize): i32 {
  fixupSlotDispatchers(type);
  if (setNames(type) < 0) return -1;
  // super(type, type).__init_subclass__(**kwargs)
  const parent = PyObject_CallTwoArgs(PySuper_Type, type, type);
  if (parent == 0) return -1;
  const f = PyObject_GetAttr(parent, ID.__init_subclass__);
  Py.DECREF(parent);
  if (f == 0) return -1;
  const none = PyTuple_New(0);
  const r = none == 0 ? 0 : PyObject_Call(f, none, kwargs);
  Py.XDECREF(none);
  Py.DECREF(f);
  if (r == 0) return -1;
  Py.DECREF(r);
  return 0;
}

/** Tells each attribute that wants to know (__set_name__) its class and name. */
function setNames(type: usize): i32 {
  const names = PyDict_Copy(PyTypeObject.at(type).tp_dict);
  if (names == 0) return -1;
  for (let pos = PyDict_Next(names, 0); pos > 0; pos = PyDict_Next(names, pos)) {
    const key = PyDict_KeyAt(names, pos);
    const value = PyDict_ValueAt(names, pos);
    const method = lookupMethod(value, ID.__set_name__);
    if (method == 0) {
      if (PyErr_Occurred() != 0) {
        Py.DECREF(names);
        return -1;
      }
      continue;
    }
    Py.DECREF(method & ~1);
    const r = PyObject_CallMethodTwoArgs(value, ID.__set_name__, type, key);
    if (r == 0) {
      _PyErr_FormatNote(
        "Error calling __set_name__ on '%t' instance %R in '%s'",
        value,
        key,
        PyTypeObject.at(type).tp_name,
      );
      Py.DECREF(names);
      return -1;
    }
    Py.DECREF(r);
  }
  Py.DECREF(names);
  return 0;
}
