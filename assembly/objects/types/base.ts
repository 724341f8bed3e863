// object: what every class inherits (the object part of CPython 3.13's Objects/typeobject.c).

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HEAPTYPE,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_INLINE_VALUES,
  Py_TPFLAGS_IS_ABSTRACT,
  Py_TPFLAGS_READY,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyHeapTypeObject, PyObject, PyTypeObject, SIZEOF_PyObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  ID,
  PyBaseObject_Type,
  PyExc_TypeError,
  PyModule_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { PyDict_New, PyDict_Size, PyDict_Update } from "../containers/dict/dict";
import { PyObject_MaterializeForClassChange } from "../containers/dict/instance";
import { List } from "../containers/list/list";
import { PyList_Sort } from "../containers/list/sort";
import { Audit } from "../errors/audit";
import { PyErr_Clear, PyErr_Fail, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PyLong_FromSsize_t } from "../numbers/int/create";
import { PyObject_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../object/attributes";
import { Py_EQ, Py_NE } from "../object/flags";
import { Py } from "../object/head";
import { PyBool_FromBool, PyObject_GetAttr, PyObject_GetOptionalAttr } from "../protocol/access";
import { Py_HashPointer, PyObject_IsTrue, PyObject_RichCompareBool } from "../protocol/compare";
import { PyObject_Size } from "../protocol/items";
import { PyMapping_Keys, PySequence_GetItem, PySequence_List } from "../protocol/sequence";
import { PyObject_Str } from "../protocol/text";
import { U } from "../text/access";
import { PyUnicode_EqualToLiteral } from "../text/compare";
import { joinLiteral } from "../text/concat";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyType_IsSubtype } from "./lookup";
import { type_module, type_qualname } from "./type";

/** tp_iternext of a class whose __next__ was deleted. */
export function _PyObject_NextNotImplemented(self: usize): usize {
  PyErr_Format(PyExc_TypeError, "'%t' object is not iterable", self);
  return 0;
}

function excessArgs(args: usize, kwargs: usize): bool {
  return Py.SIZE(args) > 0 || (kwargs != 0 && PyDict_Size(kwargs) > 0);
}

function object_init(self: usize, args: usize, kwargs: usize): i32 {
  const t = PyTypeObject.at(Py.TYPE(self));
  if (excessArgs(args, kwargs)) {
    if (t.tp_init != object_init.index) {
      return PyErr_Fail(PyExc_TypeError, "object.__init__() takes exactly one argument (the instance to initialize)");
    }
    if (t.tp_new == object_new.index) {
      PyErr_Format(PyExc_TypeError, "%s.__init__() takes exactly one argument (the instance to initialize)", t.tp_name);
      return -1;
    }
  }
  return 0;
}

export function object_new(type: usize, args: usize, kwargs: usize): usize {
  const t = PyTypeObject.at(type);
  if (excessArgs(args, kwargs)) {
    if (t.tp_new != object_new.index) {
      return PyErr_SetString(PyExc_TypeError, "object.__new__() takes exactly one argument (the type to instantiate)");
    }
    if (t.tp_init == object_init.index) return PyErr_Format(PyExc_TypeError, "%s() takes no arguments", t.tp_name);
  }
  if (t.tp_flags & Py_TPFLAGS_IS_ABSTRACT) return abstractError(type);
  return call_indirect<usize>(t.tp_alloc, type, <isize>0);
}

function abstractError(type: usize): usize {
  const methods = PyObject_GetAttr(type, ID.__abstractmethods__);
  if (methods == 0) return 0;
  const sorted = PyMapping_KeysSorted(methods);
  Py.DECREF(methods);
  if (sorted == 0) return 0;
  const n = List.size(sorted);
  const joined = joinLiteral("', '", sorted);
  Py.DECREF(sorted);
  if (joined == 0) return 0;
  PyErr_Format(
    PyExc_TypeError,
    n > 1
      ? "Can't instantiate abstract class %s without an implementation for abstract methods '%U'"
      : "Can't instantiate abstract class %s without an implementation for abstract method '%U'",
    PyTypeObject.at(type).tp_name,
    joined,
  );
  Py.DECREF(joined);
  return 0;
}

function PyMapping_KeysSorted(o: usize): usize {
  const list = PySequence_List(o);
  if (list == 0) return 0;
  if (PyList_Sort(list) < 0) {
    Py.DECREF(list);
    return 0;
  }
  return list;
}

function object_dealloc(self: usize): void {
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/** object.__repr__. */
function object_repr(self: usize): usize {
  const type = Py.TYPE(self);
  const mod = type_module(type, 0);
  if (mod == 0) PyErr_Clear();
  const name = type_qualname(type, 0);
  if (name == 0) {
    Py.XDECREF(mod);
    return 0;
  }
  let r: usize;
  if (mod != 0 && Py.TYPE(mod) == PyUnicode_Type && !PyUnicode_EqualToLiteral(mod, "builtins")) {
    r = PyUnicode_FromFormat("<%U.%U object at 0x%x>", mod, name, self);
  } else {
    r = PyUnicode_FromFormat("<%U object at 0x%x>", name, self);
  }
  Py.XDECREF(mod);
  Py.DECREF(name);
  return r;
}

function object_str(self: usize): usize {
  const f = PyTypeObject.at(Py.TYPE(self)).tp_repr;
  return f == 0 || f == object_str.index ? object_repr(self) : call_indirect<usize>(f, self);
}

export function object_richcompare(self: usize, other: usize, op: i32): usize {
  if (op == Py_EQ) return self == other ? PyBool_FromBool(true) : _Py_NotImplementedStruct;
  if (op == Py_NE) {
    const f = PyTypeObject.at(Py.TYPE(self)).tp_richcompare;
    if (f == 0) return _Py_NotImplementedStruct;
    const r = call_indirect<usize>(f, self, other, Py_EQ);
    if (r == 0 || r == _Py_NotImplementedStruct) return r;
    const ok = PyObject_IsTrue(r);
    Py.DECREF(r);
    return ok < 0 ? 0 : PyBool_FromBool(!ok);
  }
  return _Py_NotImplementedStruct;
}

function object_hash(self: usize): i64 {
  return Py_HashPointer(self);
}

/**
 * @getter object.__class__
 *
 * the type it belongs to
 */
export function object_get_class(self: usize, _closure: usize): usize {
  return Py.NewRef(Py.TYPE(self));
}

/** Whether instances of `type` are laid out as those of its base, give or take a dict and weak references. */
function compatibleWithBase(child: usize): bool {
  const parent = PyTypeObject.at(child).tp_base;
  if (parent == 0) return false;
  const c = PyTypeObject.at(child);
  const p = PyTypeObject.at(parent);
  return (
    c.tp_basicsize == p.tp_basicsize &&
    c.tp_itemsize == p.tp_itemsize &&
    c.tp_dictoffset == p.tp_dictoffset &&
    c.tp_weaklistoffset == p.tp_weaklistoffset &&
    (c.tp_flags & Py_TPFLAGS_HAVE_GC) == (p.tp_flags & Py_TPFLAGS_HAVE_GC)
  );
}

function sameSlotsAdded(a: usize, b: usize): bool {
  const x = PyHeapTypeObject.at(a);
  const y = PyHeapTypeObject.at(b);
  if (!(x.tp_flags & Py_TPFLAGS_HEAPTYPE) || !(y.tp_flags & Py_TPFLAGS_HEAPTYPE)) return false;
  let size = PyTypeObject.at(x.tp_base).tp_basicsize;
  if (x.ht_slots != 0 && y.ht_slots != 0) {
    if (PyObject_RichCompareBool(x.ht_slots, y.ht_slots, Py_EQ) != 1) return false;
    size += Py.SIZE(x.ht_slots) * 8;
  }
  return size == x.tp_basicsize && size == y.tp_basicsize;
}

/** Whether an object (or a class's base) may go from one type to another; TypeError otherwise. */
export function compatibleForAssignment(oldType: usize, newType: usize, attribute: string): bool {
  if (PyTypeObject.at(newType).tp_free != PyTypeObject.at(oldType).tp_free) {
    PyErr_Format(
      PyExc_TypeError,
      "%L assignment: '%s' deallocator differs from '%s'",
      changetype<usize>(attribute),
      PyTypeObject.at(newType).tp_name,
      PyTypeObject.at(oldType).tp_name,
    );
    return false;
  }
  let n = newType;
  let o = oldType;
  while (compatibleWithBase(n)) n = PyTypeObject.at(n).tp_base;
  while (compatibleWithBase(o)) o = PyTypeObject.at(o).tp_base;
  const sameShape = n == o || (PyTypeObject.at(n).tp_base == PyTypeObject.at(o).tp_base && sameSlotsAdded(n, o));
  const different = PyTypeObject.at(oldType).tp_flags ^ PyTypeObject.at(newType).tp_flags;
  if (sameShape && (different & (Py_TPFLAGS_INLINE_VALUES | 0x18)) == 0) return true;
  PyErr_Format(
    PyExc_TypeError,
    "%L assignment: '%s' object layout differs from '%s'",
    changetype<usize>(attribute),
    PyTypeObject.at(newType).tp_name,
    PyTypeObject.at(oldType).tp_name,
  );
  return false;
}

/**
 * @setter object.__class__
 */
export function object_set_class(self: usize, value: usize, _closure: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "can't delete __class__ attribute");
  if (!Py.check(value, Py_TPFLAGS_TYPE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "__class__ must be set to a class, not '%t' object", value);
    return -1;
  }
  if (!Audit.setting(self, "__class__", value)) return -1;
  const oldType = Py.TYPE(self);
  const isModule = PyType_IsSubtype(value, PyModule_Type) && PyType_IsSubtype(oldType, PyModule_Type);
  if (
    !isModule &&
    (PyTypeObject.at(value).tp_flags & Py_TPFLAGS_IMMUTABLETYPE ||
      PyTypeObject.at(oldType).tp_flags & Py_TPFLAGS_IMMUTABLETYPE)
  ) {
    return PyErr_Fail(
      PyExc_TypeError,
      "__class__ assignment only supported for mutable types or ModuleType subclasses",
    );
  }
  // Within mro() a class has neither all of its slots nor its own structure yet.
  if (!Py.hasFeature(value, Py_TPFLAGS_READY)) {
    PyErr_Format(
      PyExc_TypeError,
      "__class__ assignment: '%s' object layout differs from '%s'",
      PyTypeObject.at(value).tp_name,
      PyTypeObject.at(oldType).tp_name,
    );
    return -1;
  }
  if (!compatibleForAssignment(oldType, value, "__class__")) return -1;
  // The values inside the instance are arranged by the old class's shared keys.
  if (PyTypeObject.at(oldType).tp_flags & Py_TPFLAGS_INLINE_VALUES) {
    if (PyObject_MaterializeForClassChange(self) < 0) return -1;
  }
  if (PyTypeObject.at(value).tp_flags & Py_TPFLAGS_HEAPTYPE) Py.INCREF(value);
  PyObject.at(self).ob_type = value;
  if (PyTypeObject.at(oldType).tp_flags & Py_TPFLAGS_HEAPTYPE) Py.DECREF(oldType);
  return 0;
}

/**
 * @native object.__format__($self, format_spec, /)
 *
 * Formats any object.
 *
 * An empty format_spec gives str(self); any other one is a TypeError.
 */
export function object_format(self: usize, spec: usize): usize {
  if (Py.TYPE(spec) != PyUnicode_Type && !Py.check(spec, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "__format__() argument must be str, not %t", spec);
  }
  if (U.length(spec) > 0) {
    return PyErr_Format(PyExc_TypeError, "unsupported format string passed to %t.__format__", self);
  }
  return PyObject_Str(self);
}

/** Bytes of the instance: fixed part and items; not its preheader, nor values inside (which 3.13.0 forgets, too). */
function objectSize(self: usize): isize {
  const t = PyTypeObject.at(Py.TYPE(self));
  let size = t.tp_basicsize;
  if (t.tp_itemsize > 0) {
    const n = Py.SIZE(self);
    size += (n < 0 ? -n : n) * t.tp_itemsize;
  }
  return size;
}

/**
 * @native object.__sizeof__($self, /)
 *
 * How many bytes the object takes up.
 */
export function object_sizeof(self: usize, _unused: usize): usize {
  return PyLong_FromSsize_t(objectSize(self));
}

/**
 * @classmethod object.__init_subclass__
 *
 * Called on the parents each time a class is derived from them.
 *
 * Here it does nothing; define it where subclasses should register.
 */
export function object_init_subclass(_cls: usize, _unused: usize): usize {
  return _Py_NoneStruct;
}

/**
 * @classmethod object.__subclasshook__
 *
 * Decides in place of issubclass() whether a class counts as a subclass.
 *
 * abc.ABCMeta.__subclasscheck__() asks it first. An abstract class may define it and answer True or False; the answer NotImplemented, which is all that this one gives, leaves the decision to the ordinary rules, whose result is remembered.
 */
export function object_subclasshook(_cls: usize, _arg: usize): usize {
  return _Py_NotImplementedStruct;
}

function mergeClassDict(dict: usize, cls: usize): i32 {
  const classDict = PyObject_GetOptionalAttr(cls, ID.__dict__);
  if (classDict == 0) {
    if (PyErr_Occurred() != 0) return -1;
  } else {
    const r = PyDict_Update(dict, classDict);
    Py.DECREF(classDict);
    if (r < 0) return -1;
  }
  const bases = PyObject_GetOptionalAttr(cls, ID.__bases__);
  if (bases == 0) return PyErr_Occurred() ? -1 : 0;
  let r: i32 = 0;
  const n = PyObject_Size(bases);
  for (let i: isize = 0; i < n && r == 0; i++) {
    const base = PySequence_GetItem(bases, i);
    if (base == 0) r = -1;
    else {
      r = mergeClassDict(dict, base);
      Py.DECREF(base);
    }
  }
  Py.DECREF(bases);
  return n < 0 ? -1 : r;
}

/**
 * type.__dir__: the names of the class and its bases.
 *
 * @native type.__dir__($self, /)
 *
 * The names of a class and those that it inherits.
 */
export function type_dir(self: usize, _unused: usize): usize {
  const dict = PyDict_New();
  if (dict == 0) return 0;
  let r: usize = 0;
  if (mergeClassDict(dict, self) == 0) r = PyMapping_Keys(dict);
  Py.DECREF(dict);
  return r;
}

/**
 * @native object.__dir__($self, /)
 *
 * The names that dir() shows.
 */
export function object_dir(self: usize, _unused: usize): usize {
  let dict = PyObject_GetOptionalAttr(self, ID.__dict__);
  if (dict == 0) {
    if (PyErr_Occurred() != 0) return 0;
    dict = PyDict_New();
  } else if (!Py.check(dict, Py_TPFLAGS_DICT_SUBCLASS)) {
    Py.DECREF(dict);
    dict = PyDict_New();
  } else {
    const copy = PyDict_New();
    if (copy != 0 && PyDict_Update(copy, dict) < 0) {
      Py.DECREF(copy);
      Py.DECREF(dict);
      return 0;
    }
    Py.DECREF(dict);
    dict = copy;
  }
  if (dict == 0) return 0;
  const cls = PyObject_GetOptionalAttr(self, ID.__class__);
  let r: usize = 0;
  if (cls == 0 && PyErr_Occurred() != 0) {
    Py.DECREF(dict);
    return 0;
  }
  if (cls == 0 || mergeClassDict(dict, cls) == 0) r = PyMapping_Keys(dict);
  Py.XDECREF(cls);
  Py.DECREF(dict);
  return r;
}

/**
 * @type object()
 * @order __reduce_ex__ __reduce__ __getstate__ __subclasshook__ __init_subclass__ __format__ __sizeof__
 * @order __dir__
 *
 * Everything is an object: this class stands above all others.
 *
 * Called without arguments, it makes a bare object, which equals nothing but itself and takes no attributes.
 */

/** The type object: slots and tables. */
export function initBaseObjectType(): void {
  const t = PyTypeObject.at(PyBaseObject_Type);
  t.tp_basicsize = SIZEOF_PyObject;
  t.tp_dealloc = object_dealloc.index;
  t.tp_repr = object_repr.index;
  t.tp_hash = object_hash.index;
  t.tp_str = object_str.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_flags = Py_TPFLAGS_BASETYPE;
  t.tp_richcompare = object_richcompare.index;
  t.tp_init = object_init.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = object_new.index;
  t.tp_free = PyObject_Del.index;
}
