// Descriptors of built-in types: methods, members, computed attributes and slot wrappers, and the read-only view of a
// class's dict (CPython 3.13's Objects/descrobject.c). property is in property.ts.

import {
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HAVE_VECTORCALL,
  Py_TPFLAGS_METHOD_DESCRIPTOR,
  Py_TPFLAGS_TYPE_SUBCLASS,
} from "../../generated/constants";
import {
  PyDescrObject,
  PyGetSetDef,
  PyGetSetDescrObject,
  PyMemberDef,
  PyMemberDescrObject,
  PyMethodDef,
  PyMethodDescrObject,
  PyMethodDescrObject_vectorcall,
  PyTypeObject,
  PyWrapperDescrObject,
  SIZEOF_PyASCIIObject,
  SIZEOF_PyGetSetDescrObject,
  SIZEOF_PyMemberDescrObject,
  SIZEOF_PyMethodDescrObject,
  SIZEOF_PyWrapperDescrObject,
  SIZEOF_wrapperobject,
  wrapperobject,
} from "../../generated/layouts";
import {
  _Py_NotImplementedStruct,
  _PyMethodWrapper_Type,
  ID,
  PyClassMethodDescr_Type,
  PyExc_AttributeError,
  PyExc_TypeError,
  PyGetSetDescr_Type,
  PyMemberDescr_Type,
  PyMethodDescr_Type,
  PyWrapperDescr_Type,
} from "../../generated/statics";
import { PyDict_Size } from "../containers/dict/dict";
import { PyTuple_GetSlice, Tuple } from "../containers/tuple";
import { docObject, plainDocObject, textSignatureObject } from "../define/docs";
import { PyMember_GetOne, PyMember_SetOne } from "../define/members";
import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall, PyErr_Format } from "../errors/raise";
import { PyDescrObject_clear, wrapperobject_clear, wrapperobject_traverse } from "../generated/references";
import { reduceToGetattr } from "../module/builtinlookup";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyVectorcall_Call, Vectorcall } from "../object/call";
import { Py_EQ, Py_NE } from "../object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py, Visit } from "../object/head";
import { PyBool_FromBool } from "../protocol/access";
import { Py_HashPointer } from "../protocol/compare";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyUnicode_InternFromString } from "../text/intern";
import { PyType_IsSubtype } from "../types/lookup";
import { Slotdef } from "../types/slotdefs";
import { type_qualname } from "../types/type";
import { callMethodDef, PyCFunction_New } from "./builtinfunction";

/** A new descriptor of the given kind for `type` under the C string `cname`, not yet tracked fields set; or null. */
function newDescr(kind: usize, type: usize, cname: usize): usize {
  const o = _PyObject_GC_New(kind);
  if (o == 0) return 0;
  const d = PyDescrObject.at(o);
  d.d_type = Py.NewRef(type);
  d.d_name = PyUnicode_InternFromString(cname);
  d.d_qualname = 0;
  _PyObject_GC_TRACK(o);
  if (d.d_name == 0) {
    Py.DECREF(o);
    return 0;
  }
  return o;
}

/** A new method descriptor for a PyMethodDef. */
export function PyDescr_NewMethod(type: usize, def: usize): usize {
  const o = newDescr(PyMethodDescr_Type, type, PyMethodDef.at(def).ml_name);
  if (o == 0) return 0;
  const d = PyMethodDescrObject.at(o);
  d.d_method = def;
  d.vectorcall = method_vectorcall.index;
  return o;
}

export function PyDescr_NewClassMethod(type: usize, def: usize): usize {
  const o = newDescr(PyClassMethodDescr_Type, type, PyMethodDef.at(def).ml_name);
  if (o == 0) return 0;
  PyMethodDescrObject.at(o).d_method = def;
  PyMethodDescrObject.at(o).vectorcall = 0;
  return o;
}

export function PyDescr_NewMember(type: usize, def: usize): usize {
  const o = newDescr(PyMemberDescr_Type, type, PyMemberDef.at(def).name);
  if (o != 0) PyMemberDescrObject.at(o).d_member = def;
  return o;
}

export function PyDescr_NewGetSet(type: usize, def: usize): usize {
  const o = newDescr(PyGetSetDescr_Type, type, PyGetSetDef.at(def).name);
  if (o != 0) PyGetSetDescrObject.at(o).d_getset = def;
  return o;
}

/** A new slot wrapper: `row` is the slot's row of the slotdefs, `wrapped` the function in the slot. */
export function PyDescr_NewWrapper(type: usize, row: usize, wrapped: u32): usize {
  const o = _PyObject_GC_New(PyWrapperDescr_Type);
  if (o == 0) return 0;
  const d = PyWrapperDescrObject.at(o);
  d.d_type = Py.NewRef(type);
  d.d_name = Py.NewRef(load<u32>(row));
  d.d_qualname = 0;
  d.d_base = row;
  d.d_wrapped = wrapped;
  _PyObject_GC_TRACK(o);
  return o;
}

/** Whether `o` is a slot wrapper around the function. */
export function PyDescr_IsWrapperOf(o: usize, fn: u32): bool {
  return Py.TYPE(o) == PyWrapperDescr_Type && PyWrapperDescrObject.at(o).d_wrapped == fn;
}

function descr_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PyDescrObject_clear(self);
  PyObject_GC_Del(self);
}

function descr_traverse(self: usize, visit: u32, arg: usize): i32 {
  return Visit.call(PyDescrObject.at(self).d_type, visit, arg);
}

function descr_repr(self: usize, what: string): usize {
  const d = PyDescrObject.at(self);
  return PyUnicode_FromFormat(
    "<%L '%U' of '%s' objects>",
    changetype<usize>(what),
    d.d_name,
    PyTypeObject.at(d.d_type).tp_name,
  );
}

function method_repr(self: usize): usize {
  return descr_repr(self, "method");
}

function member_repr(self: usize): usize {
  return descr_repr(self, "member");
}

function getset_repr(self: usize): usize {
  return descr_repr(self, "attribute");
}

function wrapperdescr_repr(self: usize): usize {
  return descr_repr(self, "slot wrapper");
}

/** Whether the descriptor's type fits the object; TypeError otherwise. */
function checkObject(self: usize, obj: usize): bool {
  const d = PyDescrObject.at(self);
  if (PyType_IsSubtype(Py.TYPE(obj), d.d_type)) return true;
  PyErr_Format(
    PyExc_TypeError,
    "descriptor '%U' for '%s' objects doesn't apply to a '%t' object",
    d.d_name,
    PyTypeObject.at(d.d_type).tp_name,
    obj,
  );
  return false;
}

function method_get(self: usize, obj: usize, _type: usize): usize {
  if (obj == 0) return Py.NewRef(self);
  if (!checkObject(self, obj)) return 0;
  return PyCFunction_New(PyMethodDescrObject.at(self).d_method, obj, 0);
}

function classmethod_get(self: usize, obj: usize, type: usize): usize {
  const d = PyMethodDescrObject.at(self);
  if (type == 0) {
    if (obj == 0) {
      return PyErr_Format(
        PyExc_TypeError,
        "descriptor '%U' for type '%s' needs either an object or a type",
        d.d_name,
        PyTypeObject.at(d.d_type).tp_name,
      );
    }
    type = Py.TYPE(obj);
  }
  if (!Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS)) {
    return PyErr_Format(
      PyExc_TypeError,
      "descriptor '%U' for type '%s' needs a type, not a '%t' as arg 2",
      d.d_name,
      PyTypeObject.at(d.d_type).tp_name,
      type,
    );
  }
  if (!PyType_IsSubtype(type, d.d_type)) {
    return PyErr_Format(
      PyExc_TypeError,
      "descriptor '%U' requires a subtype of '%s' but received '%s'",
      d.d_name,
      PyTypeObject.at(d.d_type).tp_name,
      PyTypeObject.at(type).tp_name,
    );
  }
  return PyCFunction_New(d.d_method, type, 0);
}

function classmethoddescr_call(self: usize, args: usize, kwargs: usize): usize {
  const d = PyMethodDescrObject.at(self);
  if (Py.SIZE(args) < 1) {
    return PyErr_Format(
      PyExc_TypeError,
      "descriptor '%U' of '%s' object needs an argument",
      d.d_name,
      PyTypeObject.at(d.d_type).tp_name,
    );
  }
  const bound = classmethod_get(self, 0, Tuple.get(args, 0));
  if (bound == 0) return 0;
  const rest = PyTuple_GetSlice(args, 1, Py.SIZE(args));
  const r = rest == 0 ? 0 : PyVectorcall_Call(bound, rest, kwargs);
  Py.XDECREF(rest);
  Py.DECREF(bound);
  return r;
}

/** Vectorcall of a method descriptor: the first argument is the object. */
function method_vectorcall(self: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const d = PyMethodDescrObject.at(self);
  const nargs = Vectorcall.nargs(nargsf);
  if (nargs < 1) {
    return PyErr_Format(
      PyExc_TypeError,
      "unbound method %s.%U() needs an argument",
      PyTypeObject.at(d.d_type).tp_name,
      d.d_name,
    );
  }
  const obj = load<u32>(argv);
  if (!checkObject(self, obj)) return 0;
  return callMethodDef(d.d_method, obj, Py.slot(argv, 1), nargs - 1, kwnames, self);
}

function member_get(self: usize, obj: usize, _type: usize): usize {
  if (obj == 0) return Py.NewRef(self);
  if (!checkObject(self, obj)) return 0;
  return PyMember_GetOne(obj, PyMemberDescrObject.at(self).d_member);
}

function checkSet(self: usize, obj: usize): bool {
  return checkObject(self, obj);
}

function member_set(self: usize, obj: usize, value: usize): i32 {
  if (!checkSet(self, obj)) return -1;
  return PyMember_SetOne(obj, PyMemberDescrObject.at(self).d_member, value);
}

function getset_get(self: usize, obj: usize, _type: usize): usize {
  if (obj == 0) return Py.NewRef(self);
  if (!checkObject(self, obj)) return 0;
  const g = PyGetSetDef.at(PyGetSetDescrObject.at(self).d_getset);
  if (g.get != 0) return call_indirect<usize>(g.get, obj, g.closure);
  const d = PyDescrObject.at(self);
  return PyErr_Format(
    PyExc_AttributeError,
    "attribute '%U' of '%s' objects is not readable",
    d.d_name,
    PyTypeObject.at(d.d_type).tp_name,
  );
}

function getset_set(self: usize, obj: usize, value: usize): i32 {
  if (!checkSet(self, obj)) return -1;
  const g = PyGetSetDef.at(PyGetSetDescrObject.at(self).d_getset);
  if (g.set != 0) return call_indirect<i32>(g.set, obj, value, g.closure);
  const d = PyDescrObject.at(self);
  PyErr_Format(
    PyExc_AttributeError,
    "attribute '%U' of '%s' objects is not writable",
    d.d_name,
    PyTypeObject.at(d.d_type).tp_name,
  );
  return -1;
}

/** Calls the slot function that a wrapper stands for. */
function rawWrapperCall(descr: usize, self: usize, args: usize, kwargs: usize): usize {
  const d = PyWrapperDescrObject.at(descr);
  const row = d.d_base;
  const name = load<u32>(row);
  if (kwargs != 0 && PyDict_Size(kwargs) != 0 && name != ID.__init__ && name != ID.__call__) {
    return PyErr_Format(PyExc_TypeError, "wrapper %U() takes no keyword arguments", name);
  }
  return call_indirect<usize>(load<u32>(row, 12), self, args, d.d_wrapped, kwargs);
}

function wrapperdescr_call(self: usize, args: usize, kwargs: usize): usize {
  const d = PyWrapperDescrObject.at(self);
  if (Py.SIZE(args) < 1) {
    return PyErr_Format(
      PyExc_TypeError,
      "descriptor '%U' of '%s' object needs an argument",
      d.d_name,
      PyTypeObject.at(d.d_type).tp_name,
    );
  }
  const obj = Tuple.get(args, 0);
  if (!PyType_IsSubtype(Py.TYPE(obj), d.d_type)) {
    return PyErr_Format(
      PyExc_TypeError,
      "descriptor '%U' requires a '%s' object but received a '%t'",
      d.d_name,
      PyTypeObject.at(d.d_type).tp_name,
      obj,
    );
  }
  const rest = PyTuple_GetSlice(args, 1, Py.SIZE(args));
  if (rest == 0) return 0;
  const r = rawWrapperCall(self, obj, rest, kwargs);
  Py.DECREF(rest);
  return r;
}

function wrapperdescr_get(self: usize, obj: usize, _type: usize): usize {
  if (obj == 0) return Py.NewRef(self);
  if (!checkObject(self, obj)) return 0;
  return PyWrapper_New(self, obj);
}

/** A new method-wrapper: a slot wrapper bound to an object. */
function PyWrapper_New(descr: usize, obj: usize): usize {
  const o = _PyObject_GC_New(_PyMethodWrapper_Type);
  if (o == 0) return 0;
  const w = wrapperobject.at(o);
  w.descr = Py.NewRef(descr);
  w.self = Py.NewRef(obj);
  _PyObject_GC_TRACK(o);
  return o;
}

function wrapper_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  wrapperobject_clear(self);
  PyObject_GC_Del(self);
}

function wrapper_repr(self: usize): usize {
  const w = wrapperobject.at(self);
  return PyUnicode_FromFormat(
    "<method-wrapper '%U' of %t object at 0x%x>",
    PyDescrObject.at(w.descr).d_name,
    w.self,
    w.self,
  );
}

function wrapper_call(self: usize, args: usize, kwargs: usize): usize {
  const w = wrapperobject.at(self);
  if (Py_EnterRecursiveCall(" while calling a Python object")) return 0;
  const r = rawWrapperCall(w.descr, w.self, args, kwargs);
  Py_LeaveRecursiveCall();
  return r;
}

function wrapper_richcompare(a: usize, b: usize, op: i32): usize {
  if ((op != Py_EQ && op != Py_NE) || Py.TYPE(a) != _PyMethodWrapper_Type || Py.TYPE(b) != _PyMethodWrapper_Type) {
    return _Py_NotImplementedStruct;
  }
  const x = wrapperobject.at(a);
  const y = wrapperobject.at(b);
  const equal = x.descr == y.descr && x.self == y.self;
  return PyBool_FromBool(equal == (op == Py_EQ));
}

function wrapper_hash(self: usize): i64 {
  const w = wrapperobject.at(self);
  const h = Py_HashPointer(w.self) ^ Py_HashPointer(w.descr);
  return h == -1 ? -2 : h;
}

/**
 * @getter method-wrapper.__objclass__
 */
export function wrapper_objclass(self: usize, _c: usize): usize {
  return Py.NewRef(PyDescrObject.at(wrapperobject.at(self).descr).d_type);
}

/**
 * @getter method-wrapper.__name__
 */
export function wrapper_name(self: usize, _c: usize): usize {
  return Py.NewRef(PyDescrObject.at(wrapperobject.at(self).descr).d_name);
}

/**
 * @getter method-wrapper.__qualname__
 */
export function wrapper_qualname(self: usize, c: usize): usize {
  return descr_qualname(wrapperobject.at(self).descr, c);
}

/**
 * @getter method_descriptor.__doc__
 *
 * @getter classmethod_descriptor.__doc__
 */
export function method_doc(self: usize, _c: usize): usize {
  const def = PyMethodDef.at(PyMethodDescrObject.at(self).d_method);
  return docObject(def.ml_name, def.ml_doc);
}

/**
 * @getter method_descriptor.__text_signature__
 *
 * @getter classmethod_descriptor.__text_signature__
 */
export function method_text_signature(self: usize, _c: usize): usize {
  const def = PyMethodDef.at(PyMethodDescrObject.at(self).d_method);
  return textSignatureObject(def.ml_name, def.ml_doc, def.ml_flags);
}

/**
 * @getter member_descriptor.__doc__
 */
export function member_doc(self: usize, _c: usize): usize {
  return plainDocObject(PyMemberDef.at(PyMemberDescrObject.at(self).d_member).doc);
}

/**
 * @getter getset_descriptor.__doc__
 */
export function getset_doc(self: usize, _c: usize): usize {
  return plainDocObject(PyGetSetDef.at(PyGetSetDescrObject.at(self).d_getset).doc);
}

/** The name in a row of the slotdefs, an identifier, as bytes ended by a NUL. */
function slotName(row: usize): usize {
  return load<u32>(row) + SIZEOF_PyASCIIObject;
}

/**
 * @getter wrapper_descriptor.__doc__
 */
export function wrapperdescr_doc(self: usize, _c: usize): usize {
  const row = PyWrapperDescrObject.at(self).d_base;
  return docObject(slotName(row), Slotdef.doc(row));
}

/**
 * @getter wrapper_descriptor.__text_signature__
 */
export function wrapperdescr_text_signature(self: usize, _c: usize): usize {
  const row = PyWrapperDescrObject.at(self).d_base;
  return textSignatureObject(slotName(row), Slotdef.doc(row), 0);
}

/**
 * @getter method-wrapper.__doc__
 */
export function wrapper_doc(self: usize, c: usize): usize {
  return wrapperdescr_doc(wrapperobject.at(self).descr, c);
}

/**
 * @getter method-wrapper.__text_signature__
 */
export function wrapper_text_signature(self: usize, c: usize): usize {
  return wrapperdescr_text_signature(wrapperobject.at(self).descr, c);
}

/**
 * @native method_descriptor.__reduce__
 *
 * @native member_descriptor.__reduce__
 *
 * @native wrapper_descriptor.__reduce__
 */
export function descr_reduce(self: usize, _u: usize): usize {
  return reduceToGetattr(PyDescrObject.at(self).d_type, PyDescrObject.at(self).d_name);
}

/**
 * @native method-wrapper.__reduce__
 */
export function wrapper_reduce(self: usize, _u: usize): usize {
  const w = wrapperobject.at(self);
  return reduceToGetattr(w.self, PyDescrObject.at(w.descr).d_name);
}

/**
 * Type.name: computed once and kept.
 *
 * @getter method_descriptor.__qualname__
 *
 * @getter classmethod_descriptor.__qualname__
 *
 * @getter member_descriptor.__qualname__
 *
 * @getter getset_descriptor.__qualname__
 *
 * @getter wrapper_descriptor.__qualname__
 */
export function descr_qualname(self: usize, _c: usize): usize {
  const d = PyDescrObject.at(self);
  if (d.d_qualname == 0) {
    const tq = type_qualname(d.d_type, 0);
    if (tq == 0) return 0;
    const q = PyUnicode_FromFormat("%U.%U", tq, d.d_name);
    Py.DECREF(tq);
    if (q == 0) return 0;
    d.d_qualname = q;
  }
  return Py.NewRef(d.d_qualname);
}

/** The slots of a kind of descriptor. */
function descrType(type: usize, size: usize, repr: u32, get: u32, set: u32): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = size;
  t.tp_dealloc = descr_dealloc.index;
  t.tp_repr = repr;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = descr_traverse.index;
  t.tp_descr_get = get;
  t.tp_descr_set = set;
}

/**
 * @type method_descriptor
 * @order __qualname__ __doc__ __text_signature__
 *
 * @member method_descriptor.__objclass__ = PyDescrObject.d_type readonly
 *
 * @member method_descriptor.__name__ = PyDescrObject.d_name readonly
 */

/**
 * @type classmethod_descriptor
 * @order __qualname__ __doc__ __text_signature__
 *
 * @member classmethod_descriptor.__objclass__ = PyDescrObject.d_type readonly
 *
 * @member classmethod_descriptor.__name__ = PyDescrObject.d_name readonly
 */

/**
 * @type member_descriptor
 * @order __qualname__ __doc__
 *
 * @member member_descriptor.__objclass__ = PyDescrObject.d_type readonly
 *
 * @member member_descriptor.__name__ = PyDescrObject.d_name readonly
 */

/**
 * @type getset_descriptor
 * @order __qualname__ __doc__
 *
 * @member getset_descriptor.__objclass__ = PyDescrObject.d_type readonly
 *
 * @member getset_descriptor.__name__ = PyDescrObject.d_name readonly
 */

/**
 * @type wrapper_descriptor
 * @order __qualname__ __doc__ __text_signature__
 *
 * @member wrapper_descriptor.__objclass__ = PyDescrObject.d_type readonly
 *
 * @member wrapper_descriptor.__name__ = PyDescrObject.d_name readonly
 */

/**
 * @type method-wrapper
 *
 * @member method-wrapper.__self__ = wrapperobject.self readonly
 */

export function initDescrTypes(): void {
  descrType(PyMethodDescr_Type, SIZEOF_PyMethodDescrObject, method_repr.index, method_get.index, 0);
  const m = PyTypeObject.at(PyMethodDescr_Type);
  m.tp_flags = m.tp_flags | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR;
  m.tp_vectorcall_offset = PyMethodDescrObject_vectorcall;
  m.tp_call = PyVectorcall_Call.index;
  descrType(PyClassMethodDescr_Type, SIZEOF_PyMethodDescrObject, method_repr.index, classmethod_get.index, 0);
  PyTypeObject.at(PyClassMethodDescr_Type).tp_call = classmethoddescr_call.index;
  descrType(PyMemberDescr_Type, SIZEOF_PyMemberDescrObject, member_repr.index, member_get.index, member_set.index);
  descrType(PyGetSetDescr_Type, SIZEOF_PyGetSetDescrObject, getset_repr.index, getset_get.index, getset_set.index);
  descrType(PyWrapperDescr_Type, SIZEOF_PyWrapperDescrObject, wrapperdescr_repr.index, wrapperdescr_get.index, 0);
  const w = PyTypeObject.at(PyWrapperDescr_Type);
  w.tp_call = wrapperdescr_call.index;
  w.tp_flags = w.tp_flags | Py_TPFLAGS_METHOD_DESCRIPTOR;

  const t = PyTypeObject.at(_PyMethodWrapper_Type);
  t.tp_basicsize = SIZEOF_wrapperobject;
  t.tp_dealloc = wrapper_dealloc.index;
  t.tp_repr = wrapper_repr.index;
  t.tp_hash = wrapper_hash.index;
  t.tp_call = wrapper_call.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = wrapperobject_traverse.index;
  t.tp_richcompare = wrapper_richcompare.index;
}
