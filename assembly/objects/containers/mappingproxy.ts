// mappingproxy: the read-only view of a mapping, as which a class shows its dict (CPython 3.13's
// Objects/descrobject.c).

import {
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_MAPPING,
  Py_TPFLAGS_TUPLE_SUBCLASS,
} from "../../generated/constants";
import {
  mappingproxyobject,
  PyMappingMethods,
  PyNumberMethods,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_mappingproxyobject,
} from "../../generated/layouts";
import { ID, PyDictProxy_Type, PyExc_TypeError } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { asMapping, asNumber, asSequence } from "../define/tables";
import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall, PyErr_Format } from "../errors/raise";
import { mappingproxyobject_clear, mappingproxyobject_traverse } from "../generated/references";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_CallMethodNoArgs, PyObject_VectorcallMethod } from "../object/call";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyObject_Hash, PyObject_RichCompare } from "../protocol/compare";
import { PyObject_GetItem, PyObject_Size } from "../protocol/items";
import { PyObject_GetIter } from "../protocol/iterator";
import { PyNumber_Or } from "../protocol/number";
import { PyMapping_Check, PySequence_Contains } from "../protocol/sequence";
import { PyObject_Str } from "../protocol/text";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { Tuple } from "./tuple";

/** A new proxy of the mapping. */
export function PyDictProxy_New(mapping: usize): usize {
  const o = _PyObject_GC_New(PyDictProxy_Type);
  if (o == 0) return 0;
  mappingproxyobject.at(o).mapping = Py.NewRef(mapping);
  _PyObject_GC_TRACK(o);
  return o;
}

/** Proxies may view proxies: each takes a level. */
const DEEP = " in a mapping proxy";

function viewed(self: usize): usize {
  return mappingproxyobject.at(self).mapping;
}

function proxy_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  mappingproxyobject_clear(self);
  PyObject_GC_Del(self);
}

function proxy_len(self: usize): isize {
  if (Py_EnterRecursiveCall(DEEP)) return -1;
  const r = PyObject_Size(viewed(self));
  Py_LeaveRecursiveCall();
  return r;
}

function proxy_getitem(self: usize, key: usize): usize {
  if (Py_EnterRecursiveCall(DEEP)) return 0;
  const r = PyObject_GetItem(viewed(self), key);
  Py_LeaveRecursiveCall();
  return r;
}

function proxy_contains(self: usize, key: usize): i32 {
  if (Py_EnterRecursiveCall(DEEP)) return -1;
  const r = PySequence_Contains(viewed(self), key);
  Py_LeaveRecursiveCall();
  return r;
}

function proxy_iter(self: usize): usize {
  if (Py_EnterRecursiveCall(DEEP)) return 0;
  const r = PyObject_GetIter(viewed(self));
  Py_LeaveRecursiveCall();
  return r;
}

function proxy_str(self: usize): usize {
  return PyObject_Str(viewed(self));
}

function proxy_repr(self: usize): usize {
  return PyUnicode_FromFormat("mappingproxy(%R)", viewed(self));
}

function proxy_hash(self: usize): i64 {
  if (Py_EnterRecursiveCall(DEEP)) return -1;
  const r = PyObject_Hash(viewed(self));
  Py_LeaveRecursiveCall();
  return r;
}

function proxy_richcompare(self: usize, other: usize, op: i32): usize {
  return PyObject_RichCompare(viewed(self), other, op);
}

function unproxy(o: usize): usize {
  return Py.TYPE(o) == PyDictProxy_Type ? viewed(o) : o;
}

function proxy_or(a: usize, b: usize): usize {
  // What is viewed may be a view itself.
  if (Py_EnterRecursiveCall(DEEP)) return 0;
  const r = PyNumber_Or(unproxy(a), unproxy(b));
  Py_LeaveRecursiveCall();
  return r;
}

function proxy_ior(self: usize, _other: usize): usize {
  return PyErr_Format(PyExc_TypeError, "'|=' is not supported by %t; use '|' instead", self);
}

/**
 * @native mappingproxy.get($self, key, default=None, /)
 *
 * The value of a key that may be missing: default in that case.
 */
export function proxy_get(self: usize, argv: usize, nargs: isize): usize {
  if (nargs < 1 || nargs > 2)
    return PyErr_Format(
      PyExc_TypeError,
      nargs < 1 ? "get expected at least 1 argument, got %d" : "get expected at most 2 arguments, got %d",
      nargs,
    );
  const a = Scratch.take(3);
  Py.setItem(a, 0, viewed(self));
  Py.setItem(a, 1, Py.item(argv, 0));
  Py.setItem(a, 2, nargs > 1 ? Py.item(argv, 1) : 0);
  const r = PyObject_VectorcallMethod(ID.get, a, <usize>(nargs + 1), 0);
  Scratch.give(a);
  return r;
}

/**
 * @native mappingproxy.keys
 *
 * D.keys(): a view of the keys, of which it has all sets' ways
 */
export function proxy_keys(self: usize, _u: usize): usize {
  return PyObject_CallMethodNoArgs(viewed(self), ID.keys);
}

/**
 * @native mappingproxy.values
 *
 * D.values(): a view of the values in the mapping
 */
export function proxy_values(self: usize, _u: usize): usize {
  return PyObject_CallMethodNoArgs(viewed(self), ID.values);
}

/**
 * @native mappingproxy.items
 *
 * D.items(): a view of pairs of a key and its value, like a set
 */
export function proxy_items(self: usize, _u: usize): usize {
  return PyObject_CallMethodNoArgs(viewed(self), ID.items);
}

/**
 * @native mappingproxy.copy
 *
 * D.copy(): the same, to be changed
 */
export function proxy_copy(self: usize, _u: usize): usize {
  return PyObject_CallMethodNoArgs(viewed(self), ID.copy);
}

/**
 * @native mappingproxy.__reversed__
 *
 * D.__reversed__(): from last to first
 */
export function proxy_reversed(self: usize, _u: usize): usize {
  return PyObject_CallMethodNoArgs(viewed(self), ID.__reversed__);
}

function proxy_new(_type: usize, args: usize, kwargs: usize): usize {
  if (Py.SIZE(args) != 1 || kwargs != 0) {
    return PyErr_Format(PyExc_TypeError, "mappingproxy() missing required argument 'mapping' (pos 1)");
  }
  const m = Tuple.get(args, 0);
  if (!PyMapping_Check(m) || Py.check(m, Py_TPFLAGS_LIST_SUBCLASS | Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "mappingproxy() argument must be a mapping, not %t", m);
  }
  return PyDictProxy_New(m);
}

/**
 * @type mappingproxy(mapping)
 * @order get keys values items copy __class_getitem__ __reversed__
 *
 * Shows a mapping, changes nothing.
 *
 * @classmethod mappingproxy.__class_getitem__ = Py_GenericAlias
 * For annotations
 */

export function initMappingProxyType(): void {
  const o = PyDictProxy_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_mappingproxyobject;
  t.tp_dealloc = proxy_dealloc.index;
  t.tp_repr = proxy_repr.index;
  t.tp_hash = proxy_hash.index;
  t.tp_str = proxy_str.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_MAPPING;
  t.tp_traverse = mappingproxyobject_traverse.index;
  t.tp_richcompare = proxy_richcompare.index;
  t.tp_iter = proxy_iter.index;
  t.tp_new = proxy_new.index;
  const m = PyMappingMethods.at(asMapping(o));
  m.mp_length = proxy_len.index;
  m.mp_subscript = proxy_getitem.index;
  PySequenceMethods.at(asSequence(o)).sq_contains = proxy_contains.index;
  const n = PyNumberMethods.at(asNumber(o));
  n.nb_or = proxy_or.index;
  n.nb_inplace_or = proxy_ior.index;
}
