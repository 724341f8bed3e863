// staticmethod and classmethod (CPython 3.13's Objects/funcobject.c).

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  PyClassMethodObject,
  PyClassMethodObject_cm_dict,
  PyStaticMethodObject,
  PyTypeObject,
  SIZEOF_PyClassMethodObject,
} from "../../generated/layouts";
import { ID, PyClassMethod_Type, PyExc_TypeError, PyStaticMethod_Type } from "../../generated/statics";
import { PyDict_Size } from "../containers/dict/dict";
import { Tuple } from "../containers/tuple";
import { PyMethod_New } from "../descriptors/boundmethod";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors/raise";
import { PyClassMethodObject_clear, PyClassMethodObject_traverse } from "../generated/references";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_Call } from "../object/call";
import { PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyBool_FromBool, PyObject_GetOptionalAttr, PyObject_SetAttr } from "../protocol/access";
import { PyObject_IsTrue } from "../protocol/compare";
import { PyUnicode_FromFormat } from "../text/format/fromformat";

// staticmethod and classmethod: a callable at +16, a dict of their own at +24.

function newMethod(type: usize, callable: usize): usize {
  const o = PyType_GenericAlloc(type, 0);
  if (o != 0) PyClassMethodObject.at(o).cm_callable = Py.NewRef(callable);
  return o;
}

/** A new staticmethod around the callable, which it does not look like: only those made by calling the class do. */
export function PyStaticMethod_New(callable: usize): usize {
  return newMethod(PyStaticMethod_Type, callable);
}

/** A new classmethod around the callable. */
export function PyClassMethod_New(callable: usize): usize {
  return newMethod(PyClassMethod_Type, callable);
}

function copyAttribute(to: usize, from: usize, name: usize): i32 {
  const v = PyObject_GetOptionalAttr(from, name);
  if (v == 0) return PyErr_Occurred() ? -1 : 0;
  const r = PyObject_SetAttr(to, name, v);
  Py.DECREF(v);
  return r;
}

/** Sets the callable, and takes over what makes it look like the function. */
function initMethod(self: usize, callable: usize): i32 {
  Py.SETREF(PyClassMethodObject.at(self).cm_callable_slot, Py.NewRef(callable));
  if (copyAttribute(self, callable, ID.__module__) < 0) return -1;
  if (copyAttribute(self, callable, ID.__name__) < 0) return -1;
  if (copyAttribute(self, callable, ID.__qualname__) < 0) return -1;
  if (copyAttribute(self, callable, ID.__doc__) < 0) return -1;
  const annotations = PyObject_GetOptionalAttr(callable, ID.__annotations__);
  if (annotations == 0) return PyErr_Occurred() ? -1 : 0;
  const r = PyObject_SetAttr(self, ID.__annotations__, annotations);
  Py.DECREF(annotations);
  return r;
}

function methodInit(self: usize, args: usize, kwargs: usize, what: string): i32 {
  if (kwargs != 0 && PyDict_Size(kwargs) > 0) {
    PyErr_Format(PyExc_TypeError, "%L() takes no keyword arguments", changetype<usize>(what));
    return -1;
  }
  if (Py.SIZE(args) != 1) {
    PyErr_Format(PyExc_TypeError, "%L expected 1 argument, got %d", changetype<usize>(what), Py.SIZE(args));
    return -1;
  }
  return initMethod(self, Tuple.get(args, 0));
}

function sm_init(self: usize, args: usize, kwargs: usize): i32 {
  return methodInit(self, args, kwargs, "staticmethod");
}

function cm_init(self: usize, args: usize, kwargs: usize): i32 {
  return methodInit(self, args, kwargs, "classmethod");
}

function m_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PyClassMethodObject_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function sm_descr_get(self: usize, _obj: usize, _type: usize): usize {
  const c = PyStaticMethodObject.at(self).sm_callable;
  if (c == 0) return PyErr_SetString(PyExc_TypeError, "uninitialized staticmethod object");
  return Py.NewRef(c);
}

function cm_descr_get(self: usize, obj: usize, type: usize): usize {
  const c = PyClassMethodObject.at(self).cm_callable;
  if (c == 0) return PyErr_SetString(PyExc_TypeError, "uninitialized classmethod object");
  return PyMethod_New(c, type == 0 ? Py.TYPE(obj) : type);
}

function sm_call(self: usize, args: usize, kwargs: usize): usize {
  return PyObject_Call(PyStaticMethodObject.at(self).sm_callable, args, kwargs);
}

function sm_repr(self: usize): usize {
  return PyUnicode_FromFormat("<staticmethod(%R)>", PyStaticMethodObject.at(self).sm_callable);
}

function cm_repr(self: usize): usize {
  return PyUnicode_FromFormat("<classmethod(%R)>", PyClassMethodObject.at(self).cm_callable);
}

/**
 * @getter classmethod.__isabstractmethod__
 *
 * @getter staticmethod.__isabstractmethod__
 */
export function m_isabstract(self: usize, _c: usize): usize {
  const r = _PyObject_IsAbstract(PyClassMethodObject.at(self).cm_callable);
  return r < 0 ? 0 : PyBool_FromBool(r != 0);
}

/** Whether the object says that it is abstract: 1, 0 or -1. */
export function _PyObject_IsAbstract(o: usize): i32 {
  if (o == 0) return 0;
  // What a wrapper wraps may be another one.
  if (Py_EnterRecursiveCall(" while asking whether a method is abstract")) return -1;
  const v = PyObject_GetOptionalAttr(o, ID.__isabstractmethod__);
  Py_LeaveRecursiveCall();
  if (v == 0) return PyErr_Occurred() ? -1 : 0;
  const r = PyObject_IsTrue(v);
  Py.DECREF(v);
  return r;
}

function m_new(type: usize, _args: usize, _kwargs: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}

function methodType(o: usize): void {
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_PyClassMethodObject;
  t.tp_dealloc = m_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = PyClassMethodObject_traverse.index;
  t.tp_clear = PyClassMethodObject_clear.index;
  t.tp_dictoffset = PyClassMethodObject_cm_dict;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = m_new.index;
  t.tp_free = PyObject_GC_Del.index;
}

/**
 * @type classmethod(function, /)
 *
 * A method that receives the class in place of the instance.
 *
 * It is mostly written as a decorator, and mostly serves to make instances in another way than the class itself does:
 *
 * class Point:
 *     def __init__(self, x, y):
 *         self.x, self.y = x, y
 *
 *     @classmethod
 *     def polar(cls, r, angle):
 *         return cls(r * cos(angle), r * sin(angle))
 *
 * It can be called on the class, as in Point.polar(1, 0), or on an instance, of which the class alone counts. A class derived from this one passes itself, so that what is made belongs to it. Where neither the class nor an instance matters, a staticmethod will do, and this is not the same as one in C++ or Java.
 *
 * @member classmethod.__func__ = PyClassMethodObject.cm_callable readonly
 *
 * @member classmethod.__wrapped__ = PyClassMethodObject.cm_callable readonly
 *
 * @getter classmethod.__dict__ = attributes.PyObject_GenericGetDict
 *
 * @setter classmethod.__dict__ = attributes.PyObject_GenericSetDict
 */

/**
 * @type staticmethod(function, /)
 *
 * A method that receives neither the instance nor the class.
 *
 * It is a plain function that lies in a class because it belongs there. It is mostly written as a decorator:
 *
 * class Text:
 *     @staticmethod
 *     def words(line):
 *         return line.split()
 *
 * It can be called on the class, as in Text.words('a b'), or on an instance, which makes no difference. It can be called in the body of the class, too. Where the class matters, for instance because it makes instances of it, a classmethod is what should be used in its place instead.
 *
 * @member staticmethod.__func__ = PyStaticMethodObject.sm_callable readonly
 *
 * @member staticmethod.__wrapped__ = PyStaticMethodObject.sm_callable readonly
 *
 * @getter staticmethod.__dict__ = attributes.PyObject_GenericGetDict
 *
 * @setter staticmethod.__dict__ = attributes.PyObject_GenericSetDict
 */

export function initMethodWrapperTypes(): void {
  methodType(PyStaticMethod_Type);
  const s = PyTypeObject.at(PyStaticMethod_Type);
  s.tp_descr_get = sm_descr_get.index;
  s.tp_init = sm_init.index;
  s.tp_call = sm_call.index;
  s.tp_repr = sm_repr.index;
  methodType(PyClassMethod_Type);
  const c = PyTypeObject.at(PyClassMethod_Type);
  c.tp_descr_get = cm_descr_get.index;
  c.tp_init = cm_init.index;
  c.tp_repr = cm_repr.index;
}
