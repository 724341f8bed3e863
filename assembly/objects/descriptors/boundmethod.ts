// Bound methods (CPython 3.13's Objects/classobject.c).

import { Py_TPFLAGS_HAVE_GC, Py_TPFLAGS_HAVE_VECTORCALL, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  PyMethodObject,
  PyMethodObject_im_weakreflist,
  PyMethodObject_vectorcall,
  PyTypeObject,
  SIZEOF_PyMethodObject,
} from "../../generated/layouts";
import { _Py_NoneStruct, _Py_NotImplementedStruct, ID, PyExc_TypeError, PyMethod_Type } from "../../generated/statics";
import { Tuple } from "../containers/tuple";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors/raise";
import { PyMethodObject_clear, PyMethodObject_traverse } from "../generated/references";
import { reduceToGetattr } from "../module/builtinlookup";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericSetAttr } from "../object/attributes";
import {
  giveArguments,
  PY_VECTORCALL_ARGUMENTS_OFFSET,
  PyCallable_Check,
  PyVectorcall_Call,
  passCall,
  takeArguments,
  Vectorcall,
} from "../object/call";
import { Py_EQ, Py_NE } from "../object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyBool_FromBool, PyObject_GetAttr, PyObject_GetOptionalAttr } from "../protocol/access";
import { Py_HashPointer, PyObject_Hash, PyObject_RichCompareBool } from "../protocol/compare";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { _PyType_Lookup } from "../types/lookup";
import { PyObject_ClearWeakRefs } from "../weak/weakref";

/** A new method: `func` bound to `self`. */
export function PyMethod_New(func: usize, self: usize): usize {
  const o = _PyObject_GC_New(PyMethod_Type);
  if (o == 0) return 0;
  const m = PyMethodObject.at(o);
  m.im_func = Py.NewRef(func);
  m.im_self = Py.NewRef(self);
  m.im_weakreflist = 0;
  m.vectorcall = method_vectorcall.index;
  _PyObject_GC_TRACK(o);
  return o;
}

function method_vectorcall(self: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const m = PyMethodObject.at(self);
  const nargs = Vectorcall.nargs(nargsf);
  if (nargsf & PY_VECTORCALL_ARGUMENTS_OFFSET) {
    // The slot before the arguments is lent for the call.
    const slot = Py.slot(argv, -1);
    const saved = load<u64>(slot);
    store<u64>(slot, m.im_self);
    const r = passCall(m.im_func, slot, <usize>(nargs + 1), kwnames);
    store<u64>(slot, saved);
    return r;
  }
  const total = nargs + (kwnames == 0 ? 0 : Py.SIZE(kwnames));
  const all = takeArguments(total + 1);
  if (all == 0) return PyErr_NoMemory();
  Py.setItem(all, 0, m.im_self);
  memory.copy(Py.slot(all, 1), argv, (<usize>total) << 3);
  const r = passCall(m.im_func, all, <usize>(nargs + 1), kwnames);
  giveArguments(all);
  return r;
}

function method_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  const m = PyMethodObject.at(self);
  if (m.im_weakreflist != 0) PyObject_ClearWeakRefs(self);
  PyMethodObject_clear(self);
  PyObject_GC_Del(self);
}

/** Attributes that the method itself lacks are those of its function. */
function method_getattro(self: usize, name: usize): usize {
  const type = Py.TYPE(self);
  const descr = _PyType_Lookup(type, name);
  if (descr != 0) {
    const get = PyTypeObject.at(Py.TYPE(descr)).tp_descr_get;
    if (get != 0) return call_indirect<usize>(get, descr, self, type);
    return Py.NewRef(descr);
  }
  // The function may be a bound method itself.
  if (Py_EnterRecursiveCall(" while getting an attribute of a method")) return 0;
  const r = PyObject_GetAttr(PyMethodObject.at(self).im_func, name);
  Py_LeaveRecursiveCall();
  return r;
}

function method_richcompare(a: usize, b: usize, op: i32): usize {
  if ((op != Py_EQ && op != Py_NE) || Py.TYPE(a) != PyMethod_Type || Py.TYPE(b) != PyMethod_Type) {
    return _Py_NotImplementedStruct;
  }
  const x = PyMethodObject.at(a);
  const y = PyMethodObject.at(b);
  let eq = PyObject_RichCompareBool(x.im_func, y.im_func, Py_EQ);
  if (eq == 1) eq = x.im_self == y.im_self ? 1 : 0;
  if (eq < 0) return 0;
  return PyBool_FromBool((eq != 0) == (op == Py_EQ));
}

function method_hash(self: usize): i64 {
  const m = PyMethodObject.at(self);
  // The function may be a bound method itself.
  if (Py_EnterRecursiveCall(" while hashing a method")) return -1;
  const f = PyObject_Hash(m.im_func);
  Py_LeaveRecursiveCall();
  if (f == -1) return -1;
  const h = Py_HashPointer(m.im_self) ^ f;
  return h == -1 ? -2 : h;
}

function method_repr(self: usize): usize {
  const m = PyMethodObject.at(self);
  let name = PyObject_GetOptionalAttr(m.im_func, ID.__qualname__);
  if (name == 0) {
    if (PyErr_Occurred() != 0) return 0;
    name = PyObject_GetOptionalAttr(m.im_func, ID.__name__);
    if (name == 0 && PyErr_Occurred() != 0) return 0;
  }
  if (name != 0 && !Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    Py.DECREF(name);
    name = 0;
  }
  const r =
    name == 0
      ? PyUnicode_FromFormat("<bound method ? of %R>", m.im_self)
      : PyUnicode_FromFormat("<bound method %U of %R>", name, m.im_self);
  Py.XDECREF(name);
  return r;
}

/**
 * @getter method.__doc__
 */
export function method_get_doc(self: usize, _c: usize): usize {
  return PyObject_GetAttr(PyMethodObject.at(self).im_func, ID.__doc__);
}

function method_descr_get(self: usize, _obj: usize, _type: usize): usize {
  return Py.NewRef(self);
}

/**
 * @native method.__reduce__($self, /)
 */
export function method_reduce(self: usize, _u: usize): usize {
  const m = PyMethodObject.at(self);
  const name = PyObject_GetAttr(m.im_func, ID.__name__);
  if (name == 0) return 0;
  const r = reduceToGetattr(m.im_self, name);
  Py.DECREF(name);
  return r;
}

function method_new(_type: usize, args: usize, kwargs: usize): usize {
  if (kwargs != 0 || Py.SIZE(args) != 2) {
    return PyErr_Format(PyExc_TypeError, "method expected 2 arguments, got %d", Py.SIZE(args));
  }
  const f = Tuple.get(args, 0);
  const self = Tuple.get(args, 1);
  if (!PyCallable_Check(f)) {
    PyErr_SetString(PyExc_TypeError, "first argument must be callable");
    return 0;
  }
  if (self == _Py_NoneStruct) {
    PyErr_SetString(PyExc_TypeError, "instance must not be None");
    return 0;
  }
  return PyMethod_New(f, self);
}

/**
 * @type method(function, instance, /)
 *
 * A function, bound to an instance.
 *
 * @member method.__func__ = PyMethodObject.im_func readonly
 * what is called: a function, as a general rule
 *
 * @member method.__self__ = PyMethodObject.im_self readonly
 * what becomes its first argument
 */

export function initMethodType(): void {
  const o = PyMethod_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_PyMethodObject;
  t.tp_dealloc = method_dealloc.index;
  t.tp_vectorcall_offset = PyMethodObject_vectorcall;
  t.tp_repr = method_repr.index;
  t.tp_hash = method_hash.index;
  t.tp_call = PyVectorcall_Call.index;
  t.tp_getattro = method_getattro.index;
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL;
  t.tp_traverse = PyMethodObject_traverse.index;
  t.tp_richcompare = method_richcompare.index;
  t.tp_weaklistoffset = PyMethodObject_im_weakreflist;
  t.tp_descr_get = method_descr_get.index;
  t.tp_new = method_new.index;
}
