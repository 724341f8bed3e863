// builtins.__build_class__: what a class statement calls (CPython 3.13's Python/bltinmodule.c).

import {
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyCellObject, PyTypeObject } from "../../generated/layouts";
import {
  ID,
  PyCell_Type,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyFunction_Type,
  PyType_Type,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyDict_New, PyDict_Pop } from "../../objects/containers/dict/dict";
import { PyList_Append, PyList_AsTuple, PyList_New, PyList_SetSlice } from "../../objects/containers/list/list";
import { PyTuple_FromArray, Tuple } from "../../objects/containers/tuple";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { _PyStack_AsDict, PyObject_CallOneArg, PyObject_VectorcallDict } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyObject_SetItem } from "../../objects/protocol/items";
import { PyMapping_Check } from "../../objects/protocol/sequence";
import { _PyType_CalculateMetaclass } from "../../objects/types/new";
import { _PyEval_Vector } from "../../vm/entry";

/** The bases with what stands for others replaced by what __mro_entries__ gives: a new reference, perhaps to `bases`. */
function updateBases(bases: usize): usize {
  const n = Py.SIZE(bases);
  let list: usize = 0;
  for (let i: isize = 0; i < n; i++) {
    const base = Tuple.get(bases, i);
    let entries: usize = 0;
    if (!Py.check(base, Py_TPFLAGS_TYPE_SUBCLASS)) {
      entries = mroEntries(base, bases);
      if (entries == 0 && PyErr_Occurred()) {
        Py.XDECREF(list);
        return 0;
      }
    }
    if (entries == 0) {
      if (list != 0 && PyList_Append(list, base) < 0) {
        Py.DECREF(list);
        return 0;
      }
      continue;
    }
    let ok = true;
    if (list == 0) {
      list = PyList_New(0);
      ok = list != 0;
      for (let j: isize = 0; j < i && ok; j++) ok = PyList_Append(list, Tuple.get(bases, j)) == 0;
    }
    ok = ok && PyList_SetSlice(list, Py.SIZE(list), Py.SIZE(list), entries) == 0;
    Py.DECREF(entries);
    if (!ok) {
      Py.XDECREF(list);
      return 0;
    }
  }
  if (list == 0) return Py.NewRef(bases);
  const r = PyList_AsTuple(list);
  Py.DECREF(list);
  return r;
}

/** base.__mro_entries__(bases): a new tuple; null without exception where there is no such method. */
function mroEntries(base: usize, bases: usize): usize {
  const method = PyObject_GetOptionalAttr(base, ID.__mro_entries__);
  if (method == 0) return 0;
  const entries = PyObject_CallOneArg(method, bases);
  Py.DECREF(method);
  if (entries == 0 || Py.check(entries, Py_TPFLAGS_TUPLE_SUBCLASS)) return entries;
  Py.DECREF(entries);
  return PyErr_SetString(PyExc_TypeError, "__mro_entries__ must return a tuple");
}

/**
 * @native builtins.__build_class__
 *
 * __build_class__(func, name, /, *bases, [metaclass], **kwds)
 *
 * Makes a class: what the statement class calls. Others need not.
 */
export function builtin_build_class(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  if (nargs < 2) return PyErr_SetString(PyExc_TypeError, "__build_class__: not enough arguments");
  const func = Py.item(argv, 0);
  if (Py.TYPE(func) != PyFunction_Type) {
    return PyErr_SetString(PyExc_TypeError, "__build_class__: func must be a function");
  }
  const name = Py.item(argv, 1);
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "__build_class__: name is not a string");
  }
  const given = PyTuple_FromArray(argv + 2 * 8, nargs - 2);
  if (given == 0) return 0;
  const bases = updateBases(given);
  let r: usize = 0;
  if (bases != 0) {
    const kwargs = kwnames == 0 ? 0 : _PyStack_AsDict(argv + ((<usize>nargs) << 3), kwnames);
    if (kwnames == 0 || kwargs != 0) {
      const meta = metaclassOf(bases, kwargs);
      if (meta != 0) {
        r = buildWith(meta, func, name, given, bases, kwargs);
        Py.DECREF(meta);
      }
      Py.XDECREF(kwargs);
    }
    Py.DECREF(bases);
  }
  Py.DECREF(given);
  return r;
}

/** The metaclass, a new reference, taken out of the keywords where it is there. */
function metaclassOf(bases: usize, kwargs: usize): usize {
  let meta: usize = 0;
  if (kwargs != 0) {
    meta = PyDict_Pop(kwargs, ID.metaclass, 0);
    if (meta == 0 && PyErr_Occurred()) return 0;
  }
  if (meta == 0) meta = Py.NewRef(Py.SIZE(bases) == 0 ? PyType_Type : Py.TYPE(Tuple.get(bases, 0)));
  if (!Py.check(meta, Py_TPFLAGS_TYPE_SUBCLASS)) return meta;
  const winner = Py.XNewRef(_PyType_CalculateMetaclass(meta, bases));
  Py.DECREF(meta);
  return winner;
}

function buildWith(meta: usize, func: usize, name: usize, given: usize, bases: usize, kwargs: usize): usize {
  const ns = prepareNamespace(meta, name, bases, kwargs);
  if (ns == 0) return 0;
  let cls: usize = 0;
  const cell = _PyEval_Vector(func, ns, 0, 0, 0);
  if (cell != 0) {
    if (bases == given || PyObject_SetItem(ns, ID.__orig_bases__, given) == 0) {
      const argv = Scratch.takeArguments(3);
      Py.setItem(argv, 0, name);
      Py.setItem(argv, 1, bases);
      Py.setItem(argv, 2, ns);
      cls = PyObject_VectorcallDict(meta, argv, 3, kwargs);
      Scratch.giveArguments(argv);
      if (cls != 0 && !checkCell(cell, cls, name)) {
        Py.DECREF(cls);
        cls = 0;
      }
    }
    Py.DECREF(cell);
  }
  Py.DECREF(ns);
  return cls;
}

/** What meta.__prepare__ gives, or a dict: a new reference. */
function prepareNamespace(meta: usize, name: usize, bases: usize, kwargs: usize): usize {
  const prepare = PyObject_GetOptionalAttr(meta, ID.__prepare__);
  if (prepare == 0) return PyErr_Occurred() ? 0 : PyDict_New();
  const argv = Scratch.takeArguments(2);
  Py.setItem(argv, 0, name);
  Py.setItem(argv, 1, bases);
  const ns = PyObject_VectorcallDict(prepare, argv, 2, kwargs);
  Scratch.giveArguments(argv);
  Py.DECREF(prepare);
  if (ns == 0 || PyMapping_Check(ns)) return ns;
  if (Py.check(meta, Py_TPFLAGS_TYPE_SUBCLASS)) {
    PyErr_Format(
      PyExc_TypeError,
      "%.200s.__prepare__() must return a mapping, not %.200t",
      PyTypeObject.at(meta).tp_name,
      ns,
    );
  } else {
    PyErr_Format(PyExc_TypeError, "<metaclass>.__prepare__() must return a mapping, not %.200t", ns);
  }
  Py.DECREF(ns);
  return 0;
}

/** Whether the cell of __class__ holds the class that was made; otherwise an exception is set. */
function checkCell(cell: usize, cls: usize, name: usize): bool {
  if (!Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS) || Py.TYPE(cell) != PyCell_Type) return true;
  const held = PyCellObject.at(cell).ob_ref;
  if (held == cls) return true;
  if (held == 0) {
    PyErr_Format(
      PyExc_RuntimeError,
      "__class__ not set defining %.200R as %.200R. Was __classcell__ propagated to type.__new__?",
      name,
      cls,
    );
  } else {
    Py.INCREF(held);
    PyErr_Format(PyExc_TypeError, "__class__ set to %.200R defining %.200R as %.200R", held, name, cls);
    Py.DECREF(held);
  }
  return false;
}
