// Type parameters in the arguments of generic aliases and unions: which there are, and what stands in their place when
// the alias is subscripted (_Py_make_parameters and _Py_subs_parameters of CPython 3.13's Objects/genericaliasobject.c).
// What is a parameter says so itself, by __typing_subst__ and __typing_prepare_subst__.

import { Py_TPFLAGS_TYPE_SUBCLASS } from "../../generated/constants";
import { gaobject, PyTypeObject } from "../../generated/layouts";
import {
  _Py_EllipsisObject,
  _Py_NoneStruct,
  ID,
  Py_GenericAliasType,
  PyExc_TypeError,
  PyTuple_Type,
} from "../../generated/statics";
import { List, PyList_Append, PyList_AsTuple, PyList_New } from "../containers/list/list";
import { PyTuple_Pack1, Tuple } from "../containers/tuple";
import { PyErr_Format, PyErr_Occurred } from "../errors/raise";
import { PyObject_CallOneArg, PyObject_CallTwoArgs } from "../object/call";
import { Py } from "../object/head";
import { PyObject_GetOptionalAttr, PyObject_HasAttrWithError } from "../protocol/access";
import { PyObject_IsTrue } from "../protocol/compare";
import { PyObject_GetItem } from "../protocol/items";

function appendOnce(list: usize, o: usize): bool {
  const items: usize = List.items(list);
  for (let i: isize = 0; i < Py.SIZE(list); i++) if (Py.item(items, i) == o) return true;
  return PyList_Append(list, o) == 0;
}

function appendAll(list: usize, tuple: usize): bool {
  for (let i: isize = 0; i < Py.SIZE(tuple); i++) if (PyList_Append(list, Tuple.get(tuple, i)) < 0) return false;
  return true;
}

/** Appends the type parameters in `arg` to the list, each once: false with an exception. */
function collectParameters(list: usize, arg: usize): bool {
  // A class may have __parameters__ for its instances.
  if (Py.check(arg, Py_TPFLAGS_TYPE_SUBCLASS)) return true;
  const isParameter = PyObject_HasAttrWithError(arg, ID.__typing_subst__);
  if (isParameter != 0) return isParameter > 0 && appendOnce(list, arg);
  const inner = PyObject_GetOptionalAttr(arg, ID.__parameters__);
  if (inner == 0) return PyErr_Occurred() == 0;
  let ok: bool = true;
  if (Tuple.check(inner))
    for (let i: isize = 0; i < Py.SIZE(inner) && ok; i++) ok = appendOnce(list, Tuple.get(inner, i));
  Py.DECREF(inner);
  return ok;
}

/** The type parameters in a tuple of arguments: a new tuple. */
export function _Py_make_parameters(args: usize): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  let ok: bool = true;
  for (let i: isize = 0; i < Py.SIZE(args) && ok; i++) ok = collectParameters(list, Tuple.get(args, i));
  const t = ok ? PyList_AsTuple(list) : 0;
  Py.DECREF(list);
  return t;
}

/** What is in a tuple with a star: a new reference to its arguments; null where it is no such, or with an exception. */
function unpackedTupleArgs(arg: usize): usize {
  if (Py.TYPE(arg) == Py_GenericAliasType && gaobject.at(arg).starred && gaobject.at(arg).origin == PyTuple_Type) {
    return Py.NewRef(gaobject.at(arg).args);
  }
  const r = PyObject_GetOptionalAttr(arg, ID.__typing_unpacked_tuple_args__);
  return r == _Py_NoneStruct ? 0 : r;
}

/** Appends what is given, a tuple with a star of known length by its parts: false with an exception. */
function appendUnpacked(list: usize, item: usize): bool {
  if (Py.check(item, Py_TPFLAGS_TYPE_SUBCLASS)) return PyList_Append(list, item) == 0;
  const inner = unpackedTupleArgs(item);
  if (inner == 0) return PyErr_Occurred() == 0 && PyList_Append(list, item) == 0;
  const n = Tuple.check(inner) ? Py.SIZE(inner) : -1;
  const known = n == 0 || (n > 0 && Tuple.get(inner, n - 1) != _Py_EllipsisObject);
  const ok = known ? appendAll(list, inner) : PyList_Append(list, item) == 0;
  Py.DECREF(inner);
  return ok;
}

/** What is given between the brackets as a new tuple. */
function unpackArguments(item: usize): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  let ok: bool = true;
  if (!Tuple.check(item)) ok = appendUnpacked(list, item);
  else for (let i: isize = 0; i < Py.SIZE(item) && ok; i++) ok = appendUnpacked(list, Tuple.get(item, i));
  const t = ok ? PyList_AsTuple(list) : 0;
  Py.DECREF(list);
  return t;
}

/** Lets every parameter put what is given (stolen) into shape: a new reference, a tuple as a rule. */
function prepare(self: usize, params: usize, items: usize): usize {
  for (let i: isize = 0; items != 0 && i < Py.SIZE(params); i++) {
    const f = PyObject_GetOptionalAttr(Tuple.get(params, i), ID.__typing_prepare_subst__);
    if (f == 0 && PyErr_Occurred()) {
      Py.DECREF(items);
      return 0;
    }
    if (f != 0 && f != _Py_NoneStruct) {
      const given = Tuple.check(items) ? Py.NewRef(items) : PyTuple_Pack1(items);
      const prepared = given == 0 ? 0 : PyObject_CallTwoArgs(f, self, given);
      Py.XDECREF(given);
      Py.DECREF(items);
      items = prepared;
    }
    Py.XDECREF(f);
  }
  return items;
}

/** The place of a parameter among the others; -1 where it is none of them. */
function indexOf(params: usize, o: usize): isize {
  for (let i: isize = 0; i < Py.SIZE(params); i++) if (Tuple.get(params, i) == o) return i;
  return -1;
}

/** Appends what stands in the place of the parameters in `own`, those of an argument: false with an exception. */
function appendSubstitutes(list: usize, own: usize, params: usize, items: usize): bool {
  for (let i: isize = 0; i < Py.SIZE(own); i++) {
    const arg = Tuple.get(own, i);
    const at = indexOf(params, arg);
    const value = at < 0 ? arg : Tuple.get(items, at);
    // A TypeVarTuple stands for several.
    const several = at >= 0 && PyTypeObject.at(Py.TYPE(arg)).tp_iter != 0 && Tuple.check(value);
    if (several ? !appendAll(list, value) : PyList_Append(list, value) < 0) return false;
  }
  return true;
}

/** An argument that is no parameter itself, with `items` in the place of those in it: a new reference. */
function substituteWithin(arg: usize, params: usize, items: usize): usize {
  const own = PyObject_GetOptionalAttr(arg, ID.__parameters__);
  if (own == 0) return PyErr_Occurred() ? 0 : Py.NewRef(arg);
  let r: usize = 0;
  if (!Tuple.check(own) || Py.SIZE(own) == 0) r = Py.NewRef(arg);
  else {
    const list = PyList_New(0);
    const inner = list != 0 && appendSubstitutes(list, own, params, items) ? PyList_AsTuple(list) : 0;
    if (inner != 0) r = PyObject_GetItem(arg, inner);
    Py.XDECREF(inner);
    Py.XDECREF(list);
  }
  Py.DECREF(own);
  return r;
}

/** An argument with `items` in the place of the parameters: a new reference. */
function substitute(arg: usize, params: usize, items: usize): usize {
  const f = PyObject_GetOptionalAttr(arg, ID.__typing_subst__);
  if (f == 0) return PyErr_Occurred() ? 0 : substituteWithin(arg, params, items);
  const at = indexOf(params, arg);
  const r = at < 0 ? Py.NewRef(arg) : PyObject_CallOneArg(f, Tuple.get(items, at));
  Py.DECREF(f);
  return r;
}

/** Whether the argument is a TypeVarTuple with a star: 1, 0, or -1 with an exception. */
function isUnpackedTypeVarTuple(arg: usize): i32 {
  const flag = PyObject_GetOptionalAttr(arg, ID.__typing_is_unpacked_typevartuple__);
  if (flag == 0) return PyErr_Occurred() ? -1 : 0;
  const r = PyObject_IsTrue(flag);
  Py.DECREF(flag);
  return r;
}

/** Appends an argument with `items` in the place of the parameters: false with an exception. */
function appendSubstituted(list: usize, arg: usize, params: usize, items: usize): bool {
  if (Py.check(arg, Py_TPFLAGS_TYPE_SUBCLASS)) return PyList_Append(list, arg) == 0;
  const unpack = isUnpackedTypeVarTuple(arg);
  const value = unpack < 0 ? 0 : substitute(arg, params, items);
  if (value == 0) return false;
  let ok: bool = false;
  if (!unpack) ok = PyList_Append(list, value) == 0;
  else if (Tuple.check(value)) ok = appendAll(list, value);
  else PyErr_Format(PyExc_TypeError, "expected __typing_subst__ of %t objects to return a tuple, not %t", arg, value);
  Py.DECREF(value);
  return ok;
}

/** The arguments with `item` in the place of the parameters: a new tuple, or null with TypeError. */
export function _Py_subs_parameters(self: usize, args: usize, params: usize, item: usize): usize {
  const n = Py.SIZE(params);
  if (n == 0) return PyErr_Format(PyExc_TypeError, "%R is not a generic class", self);
  let items = prepare(self, params, unpackArguments(item));
  if (items != 0 && !Tuple.check(items)) {
    const one = PyTuple_Pack1(items);
    Py.DECREF(items);
    items = one;
  }
  if (items == 0) return 0;
  const given = Py.SIZE(items);
  const list = given == n ? PyList_New(0) : 0;
  if (given != n) {
    PyErr_Format(
      PyExc_TypeError,
      given > n
        ? "Too many arguments for %R; actual %d, expected %d"
        : "Too few arguments for %R; actual %d, expected %d",
      self,
      given,
      n,
    );
  }
  let ok: bool = list != 0;
  for (let i: isize = 0; ok && i < Py.SIZE(args); i++) ok = appendSubstituted(list, Tuple.get(args, i), params, items);
  const r = ok ? PyList_AsTuple(list) : 0;
  Py.XDECREF(list);
  Py.DECREF(items);
  return r;
}
