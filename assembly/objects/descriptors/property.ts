// property (CPython 3.13's Objects/descrobject.c).

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import { PyTypeObject, propertyobject, SIZEOF_propertyobject } from "../../generated/layouts";
import { _Py_NoneStruct, ID, PyExc_AttributeError, PyExc_TypeError, PyProperty_Type } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { _PyObject_IsAbstract } from "../code/methodwrappers";
import { parseTupleAndKeywords } from "../define/args";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { propertyobject_clear, propertyobject_traverse } from "../generated/references";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_CallOneArg, PyObject_CallTwoArgs, PyObject_Vectorcall } from "../object/call";
import { PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyBool_FromBool, PyObject_GetOptionalAttr, PyObject_SetAttr } from "../protocol/access";
import { type_qualname } from "../types/type";

function property_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  propertyobject_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function property_clear(self: usize): i32 {
  Py.CLEAR(propertyobject.at(self).prop_doc_slot);
  return 0;
}

/** The property's name: as set, or its getter's; a new reference, null where it has none. */
function propertyName(self: usize): usize {
  const p = propertyobject.at(self);
  if (p.prop_name != 0) return Py.NewRef(p.prop_name);
  if (p.prop_get != 0 && p.prop_get != _Py_NoneStruct) return PyObject_GetOptionalAttr(p.prop_get, ID.__name__);
  return 0;
}

function missing(self: usize, obj: usize, what: string): void {
  const name = propertyName(self);
  if (name == 0 && PyErr_Occurred() != 0) return;
  const qualname = type_qualname(Py.TYPE(obj), 0);
  if (name != 0 && qualname != 0) {
    PyErr_Format(PyExc_AttributeError, "property %R of %R object has no %L", name, qualname, changetype<usize>(what));
  } else if (qualname != 0) {
    PyErr_Format(PyExc_AttributeError, "property of %R object has no %L", qualname, changetype<usize>(what));
  }
  Py.XDECREF(name);
  Py.XDECREF(qualname);
}

function property_descr_get(self: usize, obj: usize, _type: usize): usize {
  if (obj == 0 || obj == _Py_NoneStruct) return Py.NewRef(self);
  const get = propertyobject.at(self).prop_get;
  if (get == 0) {
    missing(self, obj, "getter");
    return 0;
  }
  return PyObject_CallOneArg(get, obj);
}

function property_descr_set(self: usize, obj: usize, value: usize): i32 {
  const p = propertyobject.at(self);
  const f = value == 0 ? p.prop_del : p.prop_set;
  if (f == 0) {
    missing(self, obj, value == 0 ? "deleter" : "setter");
    return -1;
  }
  const r = value == 0 ? PyObject_CallOneArg(f, obj) : PyObject_CallTwoArgs(f, obj, value);
  if (r == 0) return -1;
  Py.DECREF(r);
  return 0;
}

/** A copy with one accessor exchanged; null ones stay as they are. */
function copyWith(self: usize, get: usize, set: usize, del: usize): usize {
  const p = propertyobject.at(self);
  const argv = Scratch.takeArguments(4);
  Py.setItem(argv, 0, get != 0 && get != _Py_NoneStruct ? get : p.prop_get != 0 ? p.prop_get : _Py_NoneStruct);
  Py.setItem(argv, 1, set != 0 && set != _Py_NoneStruct ? set : p.prop_set != 0 ? p.prop_set : _Py_NoneStruct);
  Py.setItem(argv, 2, del != 0 && del != _Py_NoneStruct ? del : p.prop_del != 0 ? p.prop_del : _Py_NoneStruct);
  // A docstring that came from the getter comes from the new getter too.
  const keepDoc = !(p.getter_doc && Py.item(argv, 0) != _Py_NoneStruct);
  Py.setItem(argv, 3, keepDoc && p.prop_doc != 0 ? p.prop_doc : _Py_NoneStruct);
  const r = PyObject_Vectorcall(Py.TYPE(self), argv, 4, 0);
  Scratch.giveArguments(argv);
  if (r != 0 && Py.TYPE(r) == PyProperty_Type) Py.SETREF(propertyobject.at(r).prop_name_slot, Py.XNewRef(p.prop_name));
  return r;
}

/**
 * @native property.getter
 *
 * A copy of the property that is read by another function.
 */
export function property_getter(self: usize, f: usize): usize {
  return copyWith(self, f, 0, 0);
}

/**
 * @native property.setter
 *
 * A copy of the property that is set by some other function.
 */
export function property_setter(self: usize, f: usize): usize {
  return copyWith(self, 0, f, 0);
}

/**
 * @native property.deleter
 *
 * A copy of the property that is deleted by another function.
 */
export function property_deleter(self: usize, f: usize): usize {
  return copyWith(self, 0, 0, f);
}

/**
 * @native property.__set_name__($self, owner, name, /)
 *
 * Called with the name that it has.
 */
export function property_set_name(self: usize, argv: usize, nargs: isize): usize {
  if (nargs != 2)
    return PyErr_Format(PyExc_TypeError, "__set_name__() takes 2 positional arguments but %d were given", nargs);
  Py.SETREF(propertyobject.at(self).prop_name_slot, Py.NewRef(Py.item(argv, 1)));
  return _Py_NoneStruct;
}

function property_init(self: usize, args: usize, kwargs: usize): i32 {
  const argv = Scratch.take(4);
  const r = parseTupleAndKeywords("property", "fget fset fdel doc", args, kwargs, argv, 0, 4)
    ? initProperty(self, Py.item(argv, 0), Py.item(argv, 1), Py.item(argv, 2), Py.item(argv, 3))
    : -1;
  Scratch.give(argv);
  return r;
}

/** Each argument borrowed, null where it is not given. */
function initProperty(self: usize, get: usize, set: usize, del: usize, doc: usize): i32 {
  const p = propertyobject.at(self);
  Py.SETREF(p.prop_get_slot, get == _Py_NoneStruct ? 0 : Py.XNewRef(get));
  Py.SETREF(p.prop_set_slot, set == _Py_NoneStruct ? 0 : Py.XNewRef(set));
  Py.SETREF(p.prop_del_slot, del == _Py_NoneStruct ? 0 : Py.XNewRef(del));
  Py.CLEAR(p.prop_doc_slot);
  Py.CLEAR(p.prop_name_slot);
  p.getter_doc = 0;
  let docRef: usize = 0;
  if (doc != 0 && doc != _Py_NoneStruct) {
    docRef = Py.NewRef(doc);
  } else if (p.prop_get != 0) {
    docRef = PyObject_GetOptionalAttr(p.prop_get, ID.__doc__);
    if (docRef == 0 && PyErr_Occurred() != 0) return -1;
    if (docRef == _Py_NoneStruct) docRef = 0;
    if (docRef != 0) p.getter_doc = 1;
  }
  if (Py.TYPE(self) == PyProperty_Type) {
    p.prop_doc = docRef;
    return 0;
  }
  // A subclass keeps it as an attribute, which may be refused.
  if (docRef == 0) docRef = _Py_NoneStruct;
  const r = PyObject_SetAttr(self, ID.__doc__, docRef);
  Py.DECREF(docRef);
  if (r < 0) {
    if (p.getter_doc || !PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
    PyErr_Clear();
  }
  return 0;
}

/**
 * @getter property.__name__
 */
export function property_name_get(self: usize, _c: usize): usize {
  const n = propertyName(self);
  if (n == 0 && PyErr_Occurred() == 0)
    PyErr_SetString(PyExc_AttributeError, "'property' object has no attribute '__name__'");
  return n;
}

/**
 * @setter property.__name__
 */
export function property_name_set(self: usize, value: usize, _c: usize): i32 {
  Py.SETREF(propertyobject.at(self).prop_name_slot, Py.XNewRef(value));
  return 0;
}

/**
 * @getter property.__isabstractmethod__
 */
export function property_isabstract(self: usize, _c: usize): usize {
  const p = propertyobject.at(self);
  let r = _PyObject_IsAbstract(p.prop_get);
  if (r == 0) r = _PyObject_IsAbstract(p.prop_set);
  if (r == 0) r = _PyObject_IsAbstract(p.prop_del);
  return r < 0 ? 0 : PyBool_FromBool(r != 0);
}

function property_new(type: usize, _args: usize, _kwargs: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}

/**
 * @type property(fget=None, fset=None, fdel=None, doc=None)
 *
 * An attribute that functions compute.
 *
 *   fget
 *     Called to read it, with the object.
 *   fset
 *     Called to set it, with the object and the value.
 *   fdel
 *     Called to delete it, with the object.
 *   doc
 *     A text about it; fget's own if none is given.
 *
 * What has no function cannot be done, which is an AttributeError. It is mostly written as a decorator:
 *
 * class Circle:
 *     def __init__(self, r):
 *         self.r = r
 *
 *     @property
 *     def area(self):
 *         "What it covers."
 *         return 3.14159 * self.r ** 2
 *
 *     @area.setter
 *     def area(self, value):
 *         self.r = (value / 3.14159) ** 0.5
 *
 *     @area.deleter
 *     def area(self):
 *         del self.r
 *
 * @member property.fget = propertyobject.prop_get readonly
 *
 * @member property.fset = propertyobject.prop_set readonly
 *
 * @member property.fdel = propertyobject.prop_del readonly
 *
 * @member property.__doc__ = propertyobject.prop_doc
 */

export function initPropertyType(): void {
  const o = PyProperty_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_propertyobject;
  t.tp_dealloc = property_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE;
  t.tp_traverse = propertyobject_traverse.index;
  t.tp_clear = property_clear.index;
  t.tp_descr_get = property_descr_get.index;
  t.tp_descr_set = property_descr_set.index;
  t.tp_init = property_init.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = property_new.index;
  t.tp_free = PyObject_GC_Del.index;
}
