// Built-in functions and bound built-in methods, and how a PyMethodDef is called (CPython 3.13's
// Objects/methodobject.c and the vectorcall part of descrobject.c).

import { Py_TPFLAGS_HAVE_GC, Py_TPFLAGS_HAVE_VECTORCALL, Py_TPFLAGS_TYPE_SUBCLASS } from "../../generated/constants";
import {
  PyCFunctionObject,
  PyCFunctionObject_m_weakreflist,
  PyCFunctionObject_vectorcall,
  PyMethodDef,
  PyTypeObject,
  SIZEOF_PyCFunctionObject,
  SIZEOF_PyCMethodObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  PyCFunction_Type,
  PyCMethod_Type,
  PyExc_TypeError,
  PyModule_Type,
} from "../../generated/statics";
import { Recursion } from "../../thread/recursion";
import { PyDict_Size } from "../containers/dict/dict";
import { PyTuple_FromArray } from "../containers/tuple";
import { docObject, textSignatureObject } from "../define/docs";
import { METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O, METH_VARARGS } from "../define/tables";
import { Py_EnterRecursiveCall, PyErr_Format } from "../errors/raise";
import { PyCFunctionObject_clear, PyCFunctionObject_traverse } from "../generated/references";
import { reduceToGetattr } from "../module/builtinlookup";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { _PyStack_AsDict, PyVectorcall_Call, Vectorcall } from "../object/call";
import { Py_EQ, Py_NE } from "../object/flags";
import { _PyObject_FunctionStr } from "../object/functionname";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyBool_FromBool } from "../protocol/access";
import { Py_HashPointer } from "../protocol/compare";
import { PyUnicode_FromString } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { type_qualname } from "../types/type";
import { PyObject_ClearWeakRefs } from "../weak/weakref";

/** A new built-in function for the definition, bound to `self` (may be null), of `module` (may be null). */
export function PyCFunction_New(def: usize, self: usize, module: usize): usize {
  const o = _PyObject_GC_New(PyCFunction_Type);
  if (o == 0) return 0;
  const f = PyCFunctionObject.at(o);
  f.m_ml = def;
  f.m_self = Py.XNewRef(self);
  f.m_module = Py.XNewRef(module);
  f.m_weakreflist = 0;
  // What takes a tuple is given the one of the call, where there is one.
  const takesTuple = (PyMethodDef.at(def).ml_flags & (METH_VARARGS | METH_FASTCALL)) == METH_VARARGS;
  f.vectorcall = takesTuple ? 0 : cfunction_vectorcall.index;
  _PyObject_GC_TRACK(o);
  return o;
}

function arityError(callable: usize, format: string, nargs: isize): usize {
  const name = _PyObject_FunctionStr(callable);
  if (name == 0) return 0;
  PyErr_Format(PyExc_TypeError, format, name, nargs);
  Py.DECREF(name);
  return 0;
}

/**
 * Calls the function of a PyMethodDef on `self` with the arguments; `callable` is what was called, for messages. New
 * reference, or null with an exception.
 */
export function callMethodDef(
  def: usize,
  self: usize,
  argv: usize,
  nargs: isize,
  kwnames: usize,
  callable: usize,
): usize {
  const m = PyMethodDef.at(def);
  const flags = m.ml_flags & (METH_VARARGS | METH_KEYWORDS | METH_NOARGS | METH_O | METH_FASTCALL);
  if (kwnames != 0 && !(flags & METH_KEYWORDS) && Py.SIZE(kwnames) != 0) {
    return arityError(callable, "%U takes no keyword arguments", 0);
  }
  if (!Recursion.take()) {
    // It fails once more, and says so.
    Py_EnterRecursiveCall(" while calling a Python object");
    return 0;
  }
  let r: usize = 0;
  if (flags == METH_O) {
    if (nargs != 1) arityError(callable, "%U takes exactly one argument (%d given)", nargs);
    else r = call_indirect<usize>(m.ml_meth, self, load<u32>(argv));
  } else if (flags == METH_NOARGS) {
    if (nargs != 0) arityError(callable, "%U takes no arguments (%d given)", nargs);
    else r = call_indirect<usize>(m.ml_meth, self, <usize>0);
  } else if (flags == METH_FASTCALL) {
    r = call_indirect<usize>(m.ml_meth, self, argv, nargs);
  } else if (flags == (METH_FASTCALL | METH_KEYWORDS)) {
    r = call_indirect<usize>(m.ml_meth, self, argv, nargs, kwnames);
  } else {
    r = callWithTuple(m.ml_meth, flags, self, argv, nargs, kwnames);
  }
  Recursion.leave();
  return r;
}

/**
 * With the arguments in a tuple. That of METH_VARARGS | METH_FASTCALL is only held (spec/packed.txt): the function takes
 * them from where they are.
 */
function callWithTuple(fn: u32, flags: i32, self: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const args = PyTuple_FromArray(argv, nargs);
  if (args == 0) return 0;
  let r: usize = 0;
  if (flags & METH_FASTCALL) {
    if (flags & METH_KEYWORDS) r = call_indirect<usize>(fn, self, argv, nargs, kwnames);
    else r = call_indirect<usize>(fn, self, argv, nargs);
  } else if (flags & METH_KEYWORDS) {
    let kwargs: usize = 0;
    if (kwnames != 0 && Py.SIZE(kwnames) > 0) {
      kwargs = _PyStack_AsDict(argv + ((<usize>nargs) << 3), kwnames);
      if (kwargs == 0) {
        Py.DECREF(args);
        return 0;
      }
    }
    r = call_indirect<usize>(fn, self, args, kwargs);
    Py.XDECREF(kwargs);
  } else {
    r = call_indirect<usize>(fn, self, args);
  }
  Py.DECREF(args);
  return r;
}

/** Vectorcall of a built-in function. */
function cfunction_vectorcall(self: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const f = PyCFunctionObject.at(self);
  return callMethodDef(f.m_ml, f.m_self, argv, Vectorcall.nargs(nargsf), kwnames, self);
}

function cfunction_call(self: usize, args: usize, kwargs: usize): usize {
  const f = PyCFunctionObject.at(self);
  if (f.vectorcall != 0) return PyVectorcall_Call(self, args, kwargs);
  const m = PyMethodDef.at(f.m_ml);
  if (m.ml_flags & METH_KEYWORDS) return call_indirect<usize>(m.ml_meth, f.m_self, args, kwargs);
  if (kwargs != 0 && PyDict_Size(kwargs) != 0) return arityError(self, "%U takes no keyword arguments", 0);
  return call_indirect<usize>(m.ml_meth, f.m_self, args);
}

function meth_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  const f = PyCFunctionObject.at(self);
  if (f.m_weakreflist != 0) PyObject_ClearWeakRefs(self);
  PyCFunctionObject_clear(self);
  PyObject_GC_Del(self);
}

function meth_repr(self: usize): usize {
  const f = PyCFunctionObject.at(self);
  const name = PyMethodDef.at(f.m_ml).ml_name;
  if (f.m_self == 0 || Py.TYPE(f.m_self) == PyModule_Type) return PyUnicode_FromFormat("<built-in function %s>", name);
  return PyUnicode_FromFormat("<built-in method %s of %t object at 0x%x>", name, f.m_self, f.m_self);
}

function meth_richcompare(a: usize, b: usize, op: i32): usize {
  if ((op != Py_EQ && op != Py_NE) || Py.TYPE(a) != PyCFunction_Type || Py.TYPE(b) != PyCFunction_Type) {
    return _Py_NotImplementedStruct;
  }
  const x = PyCFunctionObject.at(a);
  const y = PyCFunctionObject.at(b);
  const equal = x.m_self == y.m_self && PyMethodDef.at(x.m_ml).ml_meth == PyMethodDef.at(y.m_ml).ml_meth;
  return PyBool_FromBool(equal == (op == Py_EQ));
}

function meth_hash(self: usize): i64 {
  const f = PyCFunctionObject.at(self);
  const h = Py_HashPointer(f.m_self) ^ Py_HashPointer(<usize>PyMethodDef.at(f.m_ml).ml_meth);
  return h == -1 ? -2 : h;
}

/**
 * @getter builtin_function_or_method.__name__
 */
export function meth_name(self: usize, _c: usize): usize {
  return PyUnicode_FromString(PyMethodDef.at(PyCFunctionObject.at(self).m_ml).ml_name);
}

/**
 * @getter builtin_function_or_method.__qualname__
 */
export function meth_qualname(self: usize, _c: usize): usize {
  const f = PyCFunctionObject.at(self);
  const name = PyMethodDef.at(f.m_ml).ml_name;
  if (f.m_self == 0 || Py.TYPE(f.m_self) == PyModule_Type) return PyUnicode_FromString(name);
  const type = Py.check(f.m_self, Py_TPFLAGS_TYPE_SUBCLASS) ? f.m_self : Py.TYPE(f.m_self);
  const q = type_qualname(type, 0);
  if (q == 0) return 0;
  const r = PyUnicode_FromFormat("%U.%s", q, name);
  Py.DECREF(q);
  return r;
}

/**
 * @getter builtin_function_or_method.__self__
 */
export function meth_self(self: usize, _c: usize): usize {
  const s = PyCFunctionObject.at(self).m_self;
  return s == 0 ? _Py_NoneStruct : Py.NewRef(s);
}

/**
 * The name of a module's function; of a method how to get it.
 *
 * @native builtin_function_or_method.__reduce__
 */
export function meth_reduce(self: usize, _u: usize): usize {
  const f = PyCFunctionObject.at(self);
  const name = PyUnicode_FromString(PyMethodDef.at(f.m_ml).ml_name);
  if (name == 0 || f.m_self == 0 || Py.TYPE(f.m_self) == PyModule_Type) return name;
  const r = reduceToGetattr(f.m_self, name);
  Py.DECREF(name);
  return r;
}

/**
 * @getter builtin_function_or_method.__doc__
 */
export function meth_doc(self: usize, _c: usize): usize {
  const def = PyMethodDef.at(PyCFunctionObject.at(self).m_ml);
  return docObject(def.ml_name, def.ml_doc);
}

/**
 * @getter builtin_function_or_method.__text_signature__
 */
export function meth_text_signature(self: usize, _c: usize): usize {
  const def = PyMethodDef.at(PyCFunctionObject.at(self).m_ml);
  return textSignatureObject(def.ml_name, def.ml_doc, def.ml_flags);
}

/**
 * @type builtin_function_or_method
 * @order __doc__ __name__ __qualname__ __self__ __text_signature__
 *
 * @member builtin_function_or_method.__module__ = PyCFunctionObject.m_module
 */

/**
 * @type builtin_method
 */

export function initCFunctionType(): void {
  const t = PyTypeObject.at(PyCFunction_Type);
  t.tp_basicsize = SIZEOF_PyCFunctionObject;
  t.tp_dealloc = meth_dealloc.index;
  t.tp_vectorcall_offset = PyCFunctionObject_vectorcall;
  t.tp_repr = meth_repr.index;
  t.tp_hash = meth_hash.index;
  t.tp_call = cfunction_call.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL;
  t.tp_traverse = PyCFunctionObject_traverse.index;
  t.tp_richcompare = meth_richcompare.index;
  t.tp_weaklistoffset = PyCFunctionObject_m_weakreflist;
  const c = PyTypeObject.at(PyCMethod_Type);
  c.tp_basicsize = SIZEOF_PyCMethodObject;
  c.tp_base = PyCFunction_Type;
}
