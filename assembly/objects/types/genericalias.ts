// list[int] and its like (CPython 3.13's Objects/genericaliasobject.c).

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HAVE_VECTORCALL,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  gaiterobject,
  gaobject,
  gaobject_vectorcall,
  gaobject_weakreflist,
  PyMappingMethods,
  PyNumberMethods,
  PyTypeObject,
  SIZEOF_gaiterobject,
  SIZEOF_gaobject,
} from "../../generated/layouts";
import {
  _Py_EllipsisObject,
  _Py_GenericAliasIterType,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  empty_tuple,
  ID,
  Py_GenericAliasType,
  PyEllipsis_Type,
  PyExc_AttributeError,
  PyExc_TypeError,
  PyList_Type,
  PyTuple_Type,
} from "../../generated/statics";
import { List, PyList_Append } from "../containers/list/list";
import { PyTuple_Pack1, PyTuple_Pack2, Tuple } from "../containers/tuple";
import { ArgParser } from "../define/args";
import { asMapping, asNumber } from "../define/tables";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
} from "../errors/raise";
import { gaiterobject_clear, gaiterobject_traverse, gaobject_clear, gaobject_traverse } from "../generated/references";
import { getBuiltin } from "../module/builtinlookup";
import { _PyObject_GC_New, PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../object/attributes";
import { PyCallable_Check, PyVectorcall_Call, passCall } from "../object/call";
import { PyObject_Dir } from "../object/dir";
import { Py_EQ, Py_NE } from "../object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import {
  PyBool_FromBool,
  PyObject_GetAttr,
  PyObject_GetOptionalAttr,
  PyObject_SelfIter,
  PyObject_SetAttr,
} from "../protocol/access";
import { PyObject_Hash, PyObject_RichCompareBool } from "../protocol/compare";
import { PySequence_Contains } from "../protocol/sequence";
import { PyObject_Repr } from "../protocol/text";
import { PyUnicode_EqualToLiteral } from "../text/compare";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyObject_ClearWeakRefs } from "../weak/weakref";
import { PyType_IsSubtype } from "./lookup";
import { _Py_make_parameters, _Py_subs_parameters } from "./substitution";
import { PyUnion_Or } from "./union";

/** origin[args] as an alias: `args` becomes a tuple. New reference. */
export function Py_GenericAlias(origin: usize, item: usize): usize {
  const o = PyType_GenericAlloc(Py_GenericAliasType, 0);
  if (o == 0) return 0;
  if (!setup(o, origin, item)) {
    Py.DECREF(o);
    return 0;
  }
  return o;
}

function setup(o: usize, origin: usize, args: usize): bool {
  const tuple = Tuple.check(args) ? Py.NewRef(args) : PyTuple_Pack1(args);
  if (tuple == 0) return false;
  const g = gaobject.at(o);
  g.origin = Py.NewRef(origin);
  g.args = tuple;
  g.vectorcall = PyCallable_Check(origin) ? ga_vectorcall.index : 0;
  return true;
}

function parameters(o: usize): usize {
  const g = gaobject.at(o);
  if (g.parameters == 0) g.parameters = _Py_make_parameters(g.args);
  return g.parameters;
}

function ga_vectorcall(o: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const r = passCall(gaobject.at(o).origin, argv, nargsf, kwnames);
  if (r == 0) return 0;
  if (PyObject_SetAttr(r, ID.__orig_class__, o) < 0) {
    if (!PyErr_ExceptionMatches(PyExc_AttributeError) && !PyErr_ExceptionMatches(PyExc_TypeError)) {
      Py.DECREF(r);
      return 0;
    }
    PyErr_Clear();
  }
  return r;
}

function ga_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  if (gaobject.at(o).weakreflist != 0) PyObject_ClearWeakRefs(o);
  gaobject_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** How an argument is shown: types by name, the ellipsis as dots; a new str. */
export function genericItemRepr(o: usize): usize {
  if (o == _Py_EllipsisObject) return PyUnicode_FromLiteral("...");
  if (o == PyEllipsis_Type) return PyObject_Repr(o);
  if (
    Py.check(o, Py_TPFLAGS_TYPE_SUBCLASS) ||
    (hasAttr(o, ID.__qualname__) && hasAttr(o, ID.__module__) && !hasAttr(o, ID.__origin__))
  ) {
    const qualname = PyObject_GetOptionalAttr(o, ID.__qualname__);
    const module = PyObject_GetOptionalAttr(o, ID.__module__);
    if (qualname != 0 && module != 0 && module != _Py_NoneStruct) {
      const r = PyUnicode_EqualToLiteral(module, "builtins")
        ? PyUnicode_FromFormat("%S", qualname)
        : PyUnicode_FromFormat("%S.%S", module, qualname);
      Py.DECREF(qualname);
      Py.DECREF(module);
      return r;
    }
    Py.XDECREF(qualname);
    Py.XDECREF(module);
    if (PyErr_Occurred() != 0) return 0;
  }
  return PyObject_Repr(o);
}

function hasAttr(o: usize, name: usize): bool {
  const v = PyObject_GetOptionalAttr(o, name);
  if (v == 0) {
    PyErr_Clear();
    return false;
  }
  Py.DECREF(v);
  return true;
}

/** A list as those of its items are shown: a new str. */
function listRepr(list: usize): usize {
  let text = PyUnicode_FromLiteral("[");
  for (let i: isize = 0; i < Py.SIZE(list) && text != 0; i++) {
    const arg = Py.NewRef(List.get(list, i));
    const item = genericItemRepr(arg);
    Py.DECREF(arg);
    const more = item == 0 ? 0 : PyUnicode_FromFormat(i == 0 ? "%U%U" : "%U, %U", text, item);
    Py.XDECREF(item);
    Py.DECREF(text);
    text = more;
  }
  if (text == 0) return 0;
  const r = PyUnicode_FromFormat("%U]", text);
  Py.DECREF(text);
  return r;
}

function ga_repr(o: usize): usize {
  const g = gaobject.at(o);
  const origin = genericItemRepr(g.origin);
  if (origin == 0) return 0;
  let text = PyUnicode_FromFormat(g.starred ? "*%U[" : "%U[", origin);
  Py.DECREF(origin);
  const n = Py.SIZE(g.args);
  for (let i: isize = 0; i < n && text != 0; i++) {
    const arg = Tuple.get(g.args, i);
    // The arguments of a function stand in brackets of their own.
    const item = Py.TYPE(arg) == PyList_Type ? listRepr(arg) : genericItemRepr(arg);
    const more = item == 0 ? 0 : PyUnicode_FromFormat(i == 0 ? "%U%U" : "%U, %U", text, item);
    Py.XDECREF(item);
    Py.DECREF(text);
    text = more;
  }
  if (text == 0) return 0;
  const r = PyUnicode_FromFormat(n == 0 ? "%U()]" : "%U]", text);
  Py.DECREF(text);
  return r;
}

function ga_hash(o: usize): i64 {
  const g = gaobject.at(o);
  if (Py_EnterRecursiveCall(" while hashing an alias")) return -1;
  const a = PyObject_Hash(g.origin);
  const b = a == -1 ? -1 : PyObject_Hash(g.args);
  Py_LeaveRecursiveCall();
  if (b == -1) return -1;
  const h = a ^ b;
  return h == -1 ? -2 : h;
}

function ga_richcompare(a: usize, b: usize, op: i32): usize {
  if ((op != Py_EQ && op != Py_NE) || !PyType_IsSubtype(Py.TYPE(b), Py_GenericAliasType))
    return _Py_NotImplementedStruct;
  const x = gaobject.at(a);
  const y = gaobject.at(b);
  let eq: i32 = x.starred == y.starred ? 1 : 0;
  if (eq == 1) eq = PyObject_RichCompareBool(x.origin, y.origin, Py_EQ);
  if (eq == 1) eq = PyObject_RichCompareBool(x.args, y.args, Py_EQ);
  return eq < 0 ? 0 : PyBool_FromBool((eq != 0) == (op == Py_EQ));
}

/** Names that the alias answers itself; everything else is asked of the origin. */
function ownName(i: i32): string {
  switch (i) {
    case 0:
      return "__class__";
    case 1:
      return "__origin__";
    case 2:
      return "__args__";
    case 3:
      return "__unpacked__";
    case 4:
      return "__parameters__";
    case 5:
      return "__typing_unpacked_tuple_args__";
    case 6:
      return "__mro_entries__";
    case 7:
      return "__reduce_ex__";
    case 8:
      return "__reduce__";
    case 9:
      return "__bases__";
    case 10:
      return "__copy__";
    default:
      return "__deepcopy__";
  }
}

const OWN_NAMES: i32 = 12;

function isOwnName(name: usize): bool {
  for (let i = 0; i < OWN_NAMES; i++) if (PyUnicode_EqualToLiteral(name, ownName(i))) return true;
  return false;
}

/**
 * What the origin shows, and its own names.
 *
 * @native types.GenericAlias.__dir__
 */
export function ga_dir(o: usize, _u: usize): usize {
  const dir = PyObject_Dir(gaobject.at(o).origin);
  for (let i = 0; i < OWN_NAMES && dir != 0; i++) {
    const name = PyUnicode_FromLiteral(ownName(i));
    const has = name == 0 ? -1 : PySequence_Contains(dir, name);
    const r = has < 0 ? -1 : has > 0 ? 0 : PyList_Append(dir, name);
    Py.XDECREF(name);
    if (r < 0) {
      Py.DECREF(dir);
      return 0;
    }
  }
  return dir;
}

function ga_getattro(o: usize, name: usize): usize {
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS) || isOwnName(name)) return PyObject_GenericGetAttr(o, name);
  // The origin may be an alias itself.
  if (Py_EnterRecursiveCall(" while getting an attribute of an alias")) return 0;
  const r = PyObject_GetAttr(gaobject.at(o).origin, name);
  Py_LeaveRecursiveCall();
  return r;
}

function ga_getitem(o: usize, item: usize): usize {
  const params = parameters(o);
  if (params == 0) return 0;
  const args = _Py_subs_parameters(o, gaobject.at(o).args, params, item);
  if (args == 0) return 0;
  const r = Py_GenericAlias(gaobject.at(o).origin, args);
  Py.DECREF(args);
  if (r != 0) gaobject.at(r).starred = gaobject.at(o).starred;
  return r;
}

function ga_or(a: usize, b: usize): usize {
  return PyUnion_Or(a, b);
}

/**
 * @native types.GenericAlias.__mro_entries__
 */
export function ga_mro_entries(o: usize, _bases: usize): usize {
  return PyTuple_Pack1(gaobject.at(o).origin);
}

/**
 * @native types.GenericAlias.__instancecheck__
 */
export function ga_instancecheck(_o: usize, _x: usize): usize {
  return PyErr_Format(PyExc_TypeError, "isinstance() argument 2 cannot be a parameterized generic");
}

/**
 * @native types.GenericAlias.__subclasscheck__
 */
export function ga_subclasscheck(_o: usize, _x: usize): usize {
  return PyErr_Format(PyExc_TypeError, "issubclass() argument 2 cannot be a parameterized generic");
}

/** One with a star is what iteration gives. */
function reduceStarred(o: usize): usize {
  const next = getBuiltin(ID.next);
  if (next == 0) return 0;
  const plain = Py_GenericAlias(gaobject.at(o).origin, gaobject.at(o).args);
  const it = plain == 0 ? 0 : ga_iter(plain);
  const args = it == 0 ? 0 : PyTuple_Pack1(it);
  const r = args == 0 ? 0 : PyTuple_Pack2(next, args);
  Py.XDECREF(args);
  Py.XDECREF(it);
  Py.XDECREF(plain);
  Py.DECREF(next);
  return r;
}

/**
 * @native types.GenericAlias.__reduce__
 */
export function ga_reduce(o: usize, _u: usize): usize {
  if (gaobject.at(o).starred) return reduceStarred(o);
  const args = PyTuple_Pack2(gaobject.at(o).origin, gaobject.at(o).args);
  if (args == 0) return 0;
  const r = PyTuple_Pack2(Py_GenericAliasType, args);
  Py.DECREF(args);
  return r;
}

/**
 * @getter types.GenericAlias.__parameters__
 *
 * What variables there are in it.
 */
export function ga_parameters(o: usize, _c: usize): usize {
  return Py.XNewRef(parameters(o));
}

/**
 * @getter types.GenericAlias.__typing_unpacked_tuple_args__
 */
export function ga_unpacked_args(o: usize, _c: usize): usize {
  const g = gaobject.at(o);
  return g.starred && g.origin == PyTuple_Type ? Py.NewRef(g.args) : _Py_NoneStruct;
}

function ga_iter(o: usize): usize {
  const it = _PyObject_GC_New(_Py_GenericAliasIterType);
  if (it == 0) return 0;
  gaiterobject.at(it).obj = Py.NewRef(o);
  _PyObject_GC_TRACK(it);
  return it;
}

/** Gives one item: the alias with a star. */
function ga_iter_next(it: usize): usize {
  const o = gaiterobject.at(it).obj;
  if (o == 0) return 0;
  const star = Py_GenericAlias(gaobject.at(o).origin, gaobject.at(o).args);
  if (star == 0) return 0;
  gaobject.at(star).starred = 1;
  gaiterobject_clear(it);
  return star;
}

/**
 * @native generic_alias_iterator.__reduce__
 */
export function ga_iter_reduce(it: usize, _u: usize): usize {
  const iter = getBuiltin(ID.iter);
  if (iter == 0) return 0;
  const o = gaiterobject.at(it).obj;
  const args = PyTuple_Pack1(o == 0 ? empty_tuple : o);
  const r = args == 0 ? 0 : PyTuple_Pack2(iter, args);
  Py.XDECREF(args);
  Py.DECREF(iter);
  return r;
}

function ga_iter_dealloc(it: usize): void {
  PyObject_GC_UnTrack(it);
  gaiterobject_clear(it);
  PyObject_GC_Del(it);
}

function ga_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("GenericAlias", kwargs) || !ArgParser.count("GenericAlias", Py.SIZE(args), 2, 2)) return 0;
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  if (!setup(o, Tuple.get(args, 0), Tuple.get(args, 1))) {
    Py.DECREF(o);
    return 0;
  }
  return o;
}

/**
 * @type types.GenericAlias(origin, args, /)
 * @order __mro_entries__ __instancecheck__ __subclasscheck__ __reduce__ __dir__
 *
 * What an annotation such as list[int] is.
 *
 * Its __origin__ is the class, its __args__ what stands in brackets.
 *
 * @member types.GenericAlias.__origin__ = gaobject.origin readonly
 *
 * @member types.GenericAlias.__args__ = gaobject.args readonly
 *
 * @member types.GenericAlias.__unpacked__ = gaobject.starred readonly
 */

/**
 * @type generic_alias_iterator
 */

export function initGenericAliasType(): void {
  const o = Py_GenericAliasType;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_gaobject;
  t.tp_dealloc = ga_dealloc.index;
  t.tp_vectorcall_offset = gaobject_vectorcall;
  t.tp_repr = ga_repr.index;
  t.tp_hash = ga_hash.index;
  t.tp_call = PyVectorcall_Call.index;
  t.tp_getattro = ga_getattro.index;
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_VECTORCALL;
  t.tp_traverse = gaobject_traverse.index;
  t.tp_richcompare = ga_richcompare.index;
  t.tp_weaklistoffset = gaobject_weakreflist;
  t.tp_iter = ga_iter.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = ga_new.index;
  t.tp_free = PyObject_GC_Del.index;
  PyMappingMethods.at(asMapping(o)).mp_subscript = ga_getitem.index;
  PyNumberMethods.at(asNumber(o)).nb_or = ga_or.index;
  const it = PyTypeObject.at(_Py_GenericAliasIterType);
  it.tp_basicsize = SIZEOF_gaiterobject;
  it.tp_dealloc = ga_iter_dealloc.index;
  it.tp_flags = Py_TPFLAGS_HAVE_GC;
  it.tp_traverse = gaiterobject_traverse.index;
  it.tp_iter = PyObject_SelfIter.index;
  it.tp_iternext = ga_iter_next.index;
}
