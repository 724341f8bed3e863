// X | Y of types (CPython 3.13's Objects/unionobject.c).

import { Py_TPFLAGS_HAVE_GC, Py_TPFLAGS_TYPE_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  PyMappingMethods,
  PyNumberMethods,
  PyTypeObject,
  SIZEOF_unionobject,
  unionobject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _PyNone_Type,
  _PyUnion_Type,
  Py_GenericAliasType,
  PyTypeAlias_Type,
} from "../../generated/statics";
import { List, PyList_Append, PyList_AsTuple, PyList_New } from "../containers/list/list";
import { PyFrozenSet_New } from "../containers/set/set";
import { Tuple } from "../containers/tuple";
import { asMapping, asNumber } from "../define/tables";
import { unionobject_clear, unionobject_traverse } from "../generated/references";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { Py_EQ, Py_NE } from "../object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyBool_FromBool, PyObject_GetAttr } from "../protocol/access";
import { PyObject_Hash, PyObject_RichCompareBool } from "../protocol/compare";
import { PyNumber_Or } from "../protocol/number";
import { PyUnicode_EqualToLiteral } from "../text/compare";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { genericItemRepr } from "./genericalias";
import { PyType_IsSubtype } from "./lookup";
import { _Py_make_parameters, _Py_subs_parameters } from "./substitution";

function isUnionable(o: usize): bool {
  if (o == _Py_NoneStruct || Py.check(o, Py_TPFLAGS_TYPE_SUBCLASS)) return true;
  const t = Py.TYPE(o);
  return t == _PyUnion_Type || t == PyTypeAlias_Type || PyType_IsSubtype(t, Py_GenericAliasType);
}

/** Appends the member, None as its type, unless an equal one is there: false with an exception. */
function appendMember(list: usize, o: usize): bool {
  if (o == _Py_NoneStruct) o = _PyNone_Type;
  const items = List.items(list);
  for (let i: isize = 0; i < Py.SIZE(list); i++) {
    const x = Py.item(items, i);
    if (x == o) return true;
    // Only aliases can be equal without being the same.
    if (Py.TYPE(x) == Py_GenericAliasType && Py.TYPE(o) == Py_GenericAliasType) {
      const eq = PyObject_RichCompareBool(x, o, Py_EQ);
      if (eq != 0) return eq > 0;
    }
  }
  return PyList_Append(list, o) == 0;
}

function appendAll(list: usize, o: usize): bool {
  if (Py.TYPE(o) != _PyUnion_Type) return appendMember(list, o);
  const args = unionobject.at(o).args;
  for (let i: isize = 0; i < Py.SIZE(args); i++) if (!appendMember(list, Tuple.get(args, i))) return false;
  return true;
}

/** a | b of types: a new reference; NotImplemented where one cannot be part of a union. */
export function PyUnion_Or(a: usize, b: usize): usize {
  if (!isUnionable(a) || !isUnionable(b)) return _Py_NotImplementedStruct;
  const list = PyList_New(0);
  if (list == 0) return 0;
  let r: usize = 0;
  if (appendAll(list, a) && appendAll(list, b)) r = fromList(list);
  Py.DECREF(list);
  return r;
}

/** The union of the list's members; a single one is itself. */
function fromList(list: usize): usize {
  if (Py.SIZE(list) == 1) return Py.NewRef(List.get(list, 0));
  const args = PyList_AsTuple(list);
  if (args == 0) return 0;
  const o = _PyObject_GC_New(_PyUnion_Type);
  if (o == 0) {
    Py.DECREF(args);
    return 0;
  }
  unionobject.at(o).args = args;
  unionobject.at(o).parameters = 0;
  _PyObject_GC_TRACK(o);
  return o;
}

function union_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  unionobject_clear(o);
  PyObject_GC_Del(o);
}

function union_repr(o: usize): usize {
  const args = unionobject.at(o).args;
  let text = PyUnicode_FromLiteral("");
  for (let i: isize = 0; i < Py.SIZE(args) && text != 0; i++) {
    const x = Tuple.get(args, i);
    const item = x == _PyNone_Type ? PyUnicode_FromLiteral("None") : genericItemRepr(x);
    const more = item == 0 ? 0 : PyUnicode_FromFormat(i == 0 ? "%U%U" : "%U | %U", text, item);
    Py.XDECREF(item);
    Py.DECREF(text);
    text = more;
  }
  return text;
}

function union_hash(o: usize): i64 {
  const set = PyFrozenSet_New(unionobject.at(o).args);
  if (set == 0) return -1;
  const h = PyObject_Hash(set);
  Py.DECREF(set);
  return h;
}

function union_richcompare(a: usize, b: usize, op: i32): usize {
  if ((op != Py_EQ && op != Py_NE) || Py.TYPE(b) != _PyUnion_Type) return _Py_NotImplementedStruct;
  const x = PyFrozenSet_New(unionobject.at(a).args);
  const y = x == 0 ? 0 : PyFrozenSet_New(unionobject.at(b).args);
  const eq = y == 0 ? -1 : PyObject_RichCompareBool(x, y, Py_EQ);
  Py.XDECREF(x);
  Py.XDECREF(y);
  return eq < 0 ? 0 : PyBool_FromBool((eq != 0) == (op == Py_EQ));
}

/** The module is the type's, as of a class. */
function union_getattro(o: usize, name: usize): usize {
  if (Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS) && PyUnicode_EqualToLiteral(name, "__module__")) {
    return PyObject_GetAttr(_PyUnion_Type, name);
  }
  return PyObject_GenericGetAttr(o, name);
}

/**
 * @getter types.UnionType.__parameters__
 *
 * What variables there are in the union.
 */
export function union_parameters(o: usize, _c: usize): usize {
  const u = unionobject.at(o);
  if (u.parameters == 0) u.parameters = _Py_make_parameters(u.args);
  return Py.XNewRef(u.parameters);
}

function union_getitem(o: usize, item: usize): usize {
  const params = union_parameters(o, 0);
  if (params == 0) return 0;
  const args = _Py_subs_parameters(o, unionobject.at(o).args, params, item);
  Py.DECREF(params);
  if (args == 0) return 0;
  let r = Py.NewRef(Tuple.get(args, 0));
  for (let i: isize = 1; i < Py.SIZE(args) && r != 0; i++) {
    const more = PyNumber_Or(r, Tuple.get(args, i));
    Py.DECREF(r);
    r = more;
  }
  Py.DECREF(args);
  return r;
}

/**
 * @type types.UnionType
 *
 * What an annotation such as int | str is.
 *
 * @member types.UnionType.__args__ = unionobject.args readonly
 */

export function initUnionType(): void {
  const o = _PyUnion_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_unionobject;
  t.tp_dealloc = union_dealloc.index;
  t.tp_repr = union_repr.index;
  t.tp_hash = union_hash.index;
  t.tp_getattro = union_getattro.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = unionobject_traverse.index;
  t.tp_richcompare = union_richcompare.index;
  PyMappingMethods.at(asMapping(o)).mp_subscript = union_getitem.index;
  PyNumberMethods.at(asNumber(o)).nb_or = PyUnion_Or.index;
}
