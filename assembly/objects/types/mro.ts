// The C3 linearisation of a class's bases (the mro part of CPython 3.13's Objects/typeobject.c).

import { Py_TPFLAGS_TYPE_SUBCLASS } from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import { ID, PyExc_TypeError, PyType_Type } from "../../generated/statics";
import { PyMem_Calloc, PyMem_Free } from "../../memory/pymem";
import { PyList_Append, PyList_AsTuple, PyList_New } from "../containers/list/list";
import { PyTuple_New, Tuple } from "../containers/tuple";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetObject } from "../errors/raise";
import { PyObject_CallNoArgs, PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { PySequence_Tuple } from "../protocol/sequence";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { lookupMethod } from "./lookup";
import { type_name } from "./type";

/** Whether `cls` is among the items of the tuple from index `from` on. */
function tailContains(tuple: usize, from: isize, cls: usize): bool {
  const n = Py.SIZE(tuple);
  for (let j = from + 1; j < n; j++) if (Tuple.get(tuple, j) == cls) return true;
  return false;
}

/** Merges the sequences (tuples in the tuple `seqs`) after `first`: a new tuple, or null with TypeError. */
function merge(first: usize, seqs: usize, bases: usize): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  if (PyList_Append(list, first) < 0) {
    Py.DECREF(list);
    return 0;
  }
  const n = Py.SIZE(seqs);
  // How many items of each sequence are taken.
  const taken = PyMem_Calloc(<usize>n, 4);
  if (taken == 0) {
    Py.DECREF(list);
    return PyErr_NoMemory();
  }
  let result: usize = 0;
  for (;;) {
    let empty = true;
    let next: usize = 0;
    for (let i: isize = 0; i < n; i++) {
      const seq = Tuple.get(seqs, i);
      const at = load<i32>(taken + ((<usize>i) << 2));
      if (at >= Py.SIZE(seq)) continue;
      empty = false;
      const candidate = Tuple.get(seq, at);
      let good = true;
      for (let j: isize = 0; j < n && good; j++) {
        if (tailContains(Tuple.get(seqs, j), load<i32>(taken + ((<usize>j) << 2)), candidate)) good = false;
      }
      if (good) {
        next = candidate;
        break;
      }
    }
    if (empty) {
      result = PyList_AsTuple(list);
      break;
    }
    if (next == 0) {
      conflict(bases);
      break;
    }
    if (PyList_Append(list, next) < 0) break;
    for (let i: isize = 0; i < n; i++) {
      const seq = Tuple.get(seqs, i);
      const at = load<i32>(taken + ((<usize>i) << 2));
      if (at < Py.SIZE(seq) && Tuple.get(seq, at) == next) store<i32>(taken + ((<usize>i) << 2), at + 1);
    }
  }
  PyMem_Free(taken);
  Py.DECREF(list);
  return result;
}

function conflict(bases: usize): void {
  let text = PyUnicode_FromLiteral("Cannot create a consistent method resolution order (MRO) for bases ");
  const n = Py.SIZE(bases);
  for (let i: isize = 0; i < n && text != 0; i++) {
    const name = type_name(Tuple.get(bases, i), 0);
    if (name == 0) {
      Py.DECREF(text);
      return;
    }
    const more = i == 0 ? PyUnicode_FromFormat("%U%U", text, name) : PyUnicode_FromFormat("%U, %U", text, name);
    Py.DECREF(name);
    Py.DECREF(text);
    text = more;
  }
  if (text == 0) return;
  PyErr_SetObject(PyExc_TypeError, text);
  Py.DECREF(text);
}

/** type.mro(): a new tuple, or null with TypeError. */
export function mroImplementation(type: usize): usize {
  const t = PyTypeObject.at(type);
  const bases = t.tp_bases;
  const n = Py.SIZE(bases);
  for (let i: isize = 0; i < n; i++) {
    const base = Tuple.get(bases, i);
    if (PyTypeObject.at(base).tp_mro == 0) {
      PyErr_Format(PyExc_TypeError, "Cannot extend an incomplete type '%s'", PyTypeObject.at(base).tp_name);
      return 0;
    }
  }
  if (n == 1) {
    const baseMro = PyTypeObject.at(Tuple.get(bases, 0)).tp_mro;
    const size = Py.SIZE(baseMro);
    const result = PyTuple_New(size + 1);
    if (result == 0) return 0;
    Tuple.set(result, 0, Py.NewRef(type));
    for (let i: isize = 0; i < size; i++) Tuple.set(result, i + 1, Py.NewRef(Tuple.get(baseMro, i)));
    return result;
  }
  for (let i: isize = 0; i < n; i++) {
    const base = Tuple.get(bases, i);
    for (let j = i + 1; j < n; j++) {
      if (Tuple.get(bases, j) == base) {
        const name = type_name(base, 0);
        if (name != 0) {
          PyErr_Format(PyExc_TypeError, "duplicate base class %U", name);
          Py.DECREF(name);
        }
        return 0;
      }
    }
  }
  const seqs = PyTuple_New(n + 1);
  if (seqs == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    Tuple.set(seqs, i, Py.NewRef(PyTypeObject.at(Tuple.get(bases, i)).tp_mro));
  }
  Tuple.set(seqs, n, Py.NewRef(bases));
  const result = merge(type, seqs, bases);
  Py.DECREF(seqs);
  return result;
}

/** Computes and installs tp_mro, asking an overriding metaclass's mro(): 0, or -1 with an exception. */
export function mroInternal(type: usize): i32 {
  const _t = PyTypeObject.at(type);
  const meta = Py.TYPE(type);
  let mro: usize;
  if (meta == PyType_Type) {
    mro = mroImplementation(type);
  } else {
    const method = lookupMethod(type, ID.mro);
    if (method == 0) {
      if (PyErr_Occurred() == 0) PyErr_Format(PyExc_TypeError, "mro");
      return -1;
    }
    const result = method & 1 ? PyObject_CallOneArg(method & ~1, type) : PyObject_CallNoArgs(method);
    Py.DECREF(method & ~1);
    if (result == 0) return -1;
    mro = PySequence_Tuple(result);
    Py.DECREF(result);
    if (mro != 0) {
      const n = Py.SIZE(mro);
      for (let i: isize = 0; i < n; i++) {
        const cls = Tuple.get(mro, i);
        if (!Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS)) {
          PyErr_Format(PyExc_TypeError, "mro() returned a non-class ('%t')", cls);
          Py.DECREF(mro);
          return -1;
        }
      }
    }
  }
  if (mro == 0) return -1;
  Py.SETREF(PyTypeObject.at(type).tp_mro_slot, mro);
  return 0;
}
