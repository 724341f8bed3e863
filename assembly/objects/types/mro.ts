// The C3 linearisation of a class's bases (the mro part of CPython 3.13's Objects/typeobject.c).

import { Py_TPFLAGS_TYPE_SUBCLASS } from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import { ID, PyExc_AttributeError, PyExc_TypeError, PyType_Type } from "../../generated/statics";
import { PyMem_Calloc, PyMem_Free } from "../../memory/pymem";
import { Interrupts } from "../../thread/interrupts";
import { PyList_Append, PyList_AsTuple, PyList_New } from "../containers/list/list";
import { PyTuple_New, Tuple } from "../containers/tuple";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetObject, PyErr_SetString } from "../errors/raise";
import { PyObject_CallNoArgs, PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { PySequence_Tuple } from "../protocol/sequence";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { _PyType_Lookup, lookupMethod, NEVER_CACHED, PyType_IsSubtype, PyType_Modified } from "./lookup";
import { solidBase } from "./new";
import { type_name } from "./type";

/** Merging more sequences looks now and then whether it is to be interrupted. */
const LONG: isize = 64;

/** Whether `cls` is among the items of the tuple from index `from` on. */
function tailContains(tuple: usize, from: isize, cls: usize): bool {
  const n = Py.SIZE(tuple);
  for (let j = from + 1; j < n; j++) if (Tuple.get(tuple, j) == cls) return true;
  return false;
}

/** Merges the sequences (tuples in the tuple `seqs`) after `first`: a new tuple, or null with an exception. */
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
    // What many sequences wait with, as for object, is looked for once.
    let refused: usize = 0;
    let interrupted = false;
    for (let i: isize = 0; i < n; i++) {
      const seq = Tuple.get(seqs, i);
      const at = load<i32>(taken + ((<usize>i) << 2));
      if (at >= Py.SIZE(seq)) continue;
      empty = false;
      const candidate = Tuple.get(seq, at);
      if (candidate == refused) continue;
      if (n > LONG && Interrupts.raised()) {
        interrupted = true;
        break;
      }
      let good = true;
      for (let j: isize = 0; j < n && good; j++) {
        if (tailContains(Tuple.get(seqs, j), load<i32>(taken + ((<usize>j) << 2)), candidate)) good = false;
      }
      if (good) {
        next = candidate;
        break;
      }
      refused = candidate;
    }
    if (interrupted) break;
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

/**
 * TypeError unless every item of what mro() returned is a class, and one whose structure instances of `type` have: what
 * its methods and members touch must be there. False with an exception.
 */
function checkMro(type: usize, mro: usize): bool {
  const solid = solidBase(type);
  const n = Py.SIZE(mro);
  for (let i: isize = 0; i < n; i++) {
    const cls = Tuple.get(mro, i);
    if (!Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "mro() returned a non-class ('%t')", cls);
      return false;
    }
    if (!PyType_IsSubtype(solid, solidBase(cls))) {
      PyErr_Format(PyExc_TypeError, "mro() returned base with unsuitable layout ('%s')", PyTypeObject.at(cls).tp_name);
      return false;
    }
  }
  return true;
}

/** The order of resolution that a class of another metaclass than type has: a new tuple, or null with an exception. */
function askForMro(type: usize): usize {
  const method = lookupMethod(type, ID.mro);
  if (method == 0) return PyErr_Occurred() ? 0 : PyErr_SetString(PyExc_AttributeError, "mro");
  const result = method & 1 ? PyObject_CallOneArg(method & ~1, type) : PyObject_CallNoArgs(method);
  Py.DECREF(method & ~1);
  if (result == 0) return 0;
  const mro = PySequence_Tuple(result);
  Py.DECREF(result);
  if (mro == 0) return 0;
  if (Py.SIZE(mro) == 0) PyErr_SetString(PyExc_TypeError, "type MRO must not be empty");
  else if (checkMro(type, mro)) return mro;
  Py.DECREF(mro);
  return 0;
}

/**
 * A class has a version tag only if the changes of all classes in its mro reach it: not one with a mro() of its own, and
 * not one with a base that its mro leaves out. The tag of such a class ends here, and for good.
 */
function restrictCaching(type: usize): void {
  let cacheable: bool = true;
  if (Py.TYPE(type) != PyType_Type) {
    cacheable = _PyType_Lookup(Py.TYPE(type), ID.mro) == _PyType_Lookup(PyType_Type, ID.mro);
  }
  const bases = PyTypeObject.at(type).tp_bases;
  const n = Py.SIZE(bases);
  for (let i: isize = 0; i < n && cacheable; i++) cacheable = PyType_IsSubtype(type, Tuple.get(bases, i));
  PyTypeObject.at(type).tp_versions_used = cacheable ? 0 : NEVER_CACHED;
}

/**
 * Computes and installs tp_mro, asking an overriding metaclass's mro(): 1; 0 where a call inside has installed another
 * one, which stays; -1 with an exception. What it replaces is put into `old`, if not null, a reference; it may be null.
 */
export function mroInternal(type: usize, old: usize = 0): i32 {
  const t = PyTypeObject.at(type);
  const before = t.tp_mro;
  Py.XINCREF(before);
  const mro = Py.TYPE(type) == PyType_Type ? mroImplementation(type) : askForMro(type);
  const replaced = t.tp_mro != before;
  if (mro == 0 || replaced) {
    Py.XDECREF(before);
    Py.XDECREF(mro);
    return mro == 0 ? -1 : 0;
  }
  // The reference that was taken above takes the place of the type's.
  t.tp_mro = mro;
  restrictCaching(type);
  PyType_Modified(type);
  Py.XDECREF(before);
  if (old != 0) store<u64>(old, before);
  else Py.XDECREF(before);
  return 1;
}
