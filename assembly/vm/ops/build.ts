// Instructions: building and unpacking containers, formatting. The convention is in eval.ts.

import { PyListObject, PyTypeObject } from "../../generated/layouts";
import {
  empty_string,
  PyExc_AttributeError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyList_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { _PyDict_FromItems, _PyDict_MergeEx, PyDict_SetItem, PyDict_Update } from "../../objects/containers/dict/dict";
import { _PyList_Extend, PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { _PySet_Update, PySet_Add, PySet_New } from "../../objects/containers/set/set";
import { PySlice_New } from "../../objects/containers/slice";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PySequence_Check, PySequence_List } from "../../objects/protocol/sequence";
import { PyObject_ASCII, PyObject_Format, PyObject_Repr, PyObject_Str } from "../../objects/protocol/text";
import { _PyUnicode_JoinArray } from "../../objects/text/concat";
import { specializeUnpack } from "../specialize";
import { formatKwargsError } from "./calls";
import { unaryResult } from "./operators";

/** Moves the n values on top of the stack into the items at `items`. */
function moveInto(sp: usize, n: i32, items: usize): void {
  memory.copy(items, sp - ((<usize>n) << 3), (<usize>n) << 3);
}

/** Drops the n values on top and pushes `result`. */
function dropAndPush(sp: usize, n: i32, result: usize): usize {
  const base = sp - ((<usize>n) << 3);
  for (let p = base; p < sp; p += 8) Py.DECREF(load<u32>(p));
  store<u64>(base, result);
  return base + 8;
}

export function buildTuple(_f: usize, sp: usize, oparg: i32): usize {
  const t = PyTuple_New(oparg);
  if (t == 0) return 0;
  moveInto(sp, oparg, Tuple.items(t));
  const base = sp - ((<usize>oparg) << 3);
  store<u64>(base, t);
  return base + 8;
}

export function buildList(_f: usize, sp: usize, oparg: i32): usize {
  const l = PyList_New(oparg);
  if (l == 0) return 0;
  if (oparg) moveInto(sp, oparg, PyListObject.at(l).ob_item);
  const base = sp - ((<usize>oparg) << 3);
  store<u64>(base, l);
  return base + 8;
}

export function buildSet(_f: usize, sp: usize, oparg: i32): usize {
  const s = PySet_New(0);
  if (s == 0) return 0;
  for (let p = sp - ((<usize>oparg) << 3); p < sp; p += 8) {
    if (PySet_Add(s, load<u32>(p)) < 0) {
      Py.DECREF(s);
      return 0;
    }
  }
  return dropAndPush(sp, oparg, s);
}

export function buildMap(_f: usize, sp: usize, oparg: i32): usize {
  const items = sp - ((<usize>oparg) << 4);
  const d = _PyDict_FromItems(items, 2, items + 8, 2, oparg);
  return d == 0 ? 0 : dropAndPush(sp, oparg << 1, d);
}

export function buildConstKeyMap(_f: usize, sp: usize, oparg: i32): usize {
  const keys: usize = load<u32>(sp - 8);
  const d = _PyDict_FromItems(Tuple.items(keys), 1, sp - 8 - ((<usize>oparg) << 3), 1, oparg);
  return d == 0 ? 0 : dropAndPush(sp, oparg + 1, d);
}

export function buildSlice(_f: usize, sp: usize, oparg: i32): usize {
  const base = sp - ((<usize>oparg) << 3);
  const s = PySlice_New(Py.item(base, 0), Py.item(base, 1), oparg == 3 ? Py.item(base, 2) : 0);
  return s == 0 ? 0 : dropAndPush(sp, oparg, s);
}

export function buildString(_f: usize, sp: usize, oparg: i32): usize {
  const s = _PyUnicode_JoinArray(empty_string, sp - ((<usize>oparg) << 3), oparg);
  return s == 0 ? 0 : dropAndPush(sp, oparg, s);
}

export function listAppend(_f: usize, sp: usize, oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  if (PyList_Append(load<u32>(sp - 8 - ((<usize>oparg) << 3)), v) < 0) return 0;
  Py.DECREF(v);
  return sp - 8;
}

export function listExtend(_f: usize, sp: usize, oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  if (_PyList_Extend(load<u32>(sp - 8 - ((<usize>oparg) << 3)), v) < 0) {
    if (PyErr_ExceptionMatches(PyExc_TypeError) && PyTypeObject.at(Py.TYPE(v)).tp_iter == 0 && !PySequence_Check(v)) {
      PyErr_Clear();
      PyErr_Format(PyExc_TypeError, "Value after * must be an iterable, not %t", v);
    }
    return 0;
  }
  Py.DECREF(v);
  return sp - 8;
}

export function setAdd(_f: usize, sp: usize, oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  if (PySet_Add(load<u32>(sp - 8 - ((<usize>oparg) << 3)), v) < 0) return 0;
  Py.DECREF(v);
  return sp - 8;
}

export function setUpdate(_f: usize, sp: usize, oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  if (_PySet_Update(load<u32>(sp - 8 - ((<usize>oparg) << 3)), v) < 0) return 0;
  Py.DECREF(v);
  return sp - 8;
}

export function mapAdd(_f: usize, sp: usize, oparg: i32): usize {
  const value: usize = load<u32>(sp - 8);
  const key: usize = load<u32>(sp - 16);
  if (PyDict_SetItem(load<u32>(sp - 16 - ((<usize>oparg) << 3)), key, value) < 0) return 0;
  Py.DECREF(key);
  Py.DECREF(value);
  return sp - 16;
}

export function dictUpdate(_f: usize, sp: usize, oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  if (PyDict_Update(load<u32>(sp - 8 - ((<usize>oparg) << 3)), v) < 0) {
    if (PyErr_ExceptionMatches(PyExc_AttributeError)) {
      PyErr_Clear();
      PyErr_Format(PyExc_TypeError, "'%t' object is not a mapping", v);
    }
    return 0;
  }
  Py.DECREF(v);
  return sp - 8;
}

export function dictMerge(_f: usize, sp: usize, oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  const dict: usize = load<u32>(sp - 8 - ((<usize>oparg) << 3));
  if (_PyDict_MergeEx(dict, v, 2) < 0) {
    formatKwargsError(load<u32>(sp - 8 - ((<usize>(oparg + 3)) << 3)), v);
    return 0;
  }
  Py.DECREF(v);
  return sp - 8;
}

/**
 * Unpacks any iterable into `before` values, and where `after` is not negative a list and `after` values behind it.
 * The stack gets them from the last to the first.
 */
function unpackIterable(sp: usize, before: i32, after: i32): usize {
  const o: usize = load<u32>(sp - 8);
  const it = PyObject_GetIter(o);
  if (it == 0) {
    if (PyErr_ExceptionMatches(PyExc_TypeError) && PyTypeObject.at(Py.TYPE(o)).tp_iter == 0 && !PySequence_Check(o)) {
      PyErr_Format(PyExc_TypeError, "cannot unpack non-iterable %t object", o);
    }
    return 0;
  }
  // Filled from the far end, over the place of the object itself.
  const count = before + (after >= 0 ? after + 1 : 0);
  const base = sp - 8;
  let top = base + ((<usize>count) << 3);
  const end = top;
  let ok: bool = true;
  for (let i = 0; i < before; i++) {
    const v = PyIter_Next(it);
    if (v == 0) {
      if (PyErr_Occurred() == 0) {
        if (after == -1) PyErr_Format(PyExc_ValueError, "not enough values to unpack (expected %d, got %d)", before, i);
        else
          PyErr_Format(
            PyExc_ValueError,
            "not enough values to unpack (expected at least %d, got %d)",
            before + after,
            i,
          );
      }
      ok = false;
      break;
    }
    top -= 8;
    store<u64>(top, v);
  }
  if (ok && after == -1) {
    const extra = PyIter_Next(it);
    if (extra != 0) {
      Py.DECREF(extra);
      PyErr_Format(PyExc_ValueError, "too many values to unpack (expected %d)", before);
      ok = false;
    } else if (PyErr_Occurred() != 0) {
      ok = false;
    }
  } else if (ok) {
    const rest = PySequence_List(it);
    if (rest == 0) ok = false;
    else {
      const n = Py.SIZE(rest);
      if (n < after) {
        PyErr_Format(
          PyExc_ValueError,
          "not enough values to unpack (expected at least %d, got %d)",
          before + after,
          before + n,
        );
        Py.DECREF(rest);
        ok = false;
      } else {
        top -= 8;
        store<u64>(top, rest);
        const items = PyListObject.at(rest).ob_item;
        for (let i: isize = n - after; i < n; i++) {
          top -= 8;
          store<u64>(top, Py.item(items, i));
        }
        Py.SET_SIZE(rest, n - after);
      }
    }
  }
  Py.DECREF(it);
  if (!ok) {
    for (let p = top; p < end; p += 8) Py.DECREF(load<u32>(p));
    store<u64>(base, o);
    return 0;
  }
  Py.DECREF(o);
  return base + ((<usize>count) << 3);
}

export function unpackSequence(f: usize, sp: usize, oparg: i32): usize {
  const o: usize = load<u32>(sp - 8);
  if (specializeUnpack(f, o, oparg)) {
    const items = Py.TYPE(o) == PyList_Type ? PyListObject.at(o).ob_item : Tuple.items(o);
    sp -= 8;
    for (let i = oparg - 1; i >= 0; i--) {
      store<u64>(sp, Py.NewRef(Py.item(items, i)));
      sp += 8;
    }
    Py.DECREF(o);
    return sp;
  }
  return unpackIterable(sp, oparg, -1);
}

export function unpackEx(_f: usize, sp: usize, oparg: i32): usize {
  return unpackIterable(sp, oparg & 0xff, oparg >> 8);
}

export function formatSimple(_f: usize, sp: usize, _oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  if (Py.TYPE(v) == PyUnicode_Type) return sp;
  return unaryResult(sp, PyObject_Format(v, 0));
}

export function formatWithSpec(_f: usize, sp: usize, _oparg: i32): usize {
  const spec: usize = load<u32>(sp - 8);
  const v: usize = load<u32>(sp - 16);
  const r = PyObject_Format(v, spec);
  if (r == 0) return 0;
  store<u64>(sp - 16, r);
  Py.DECREF(v);
  Py.DECREF(spec);
  return sp - 8;
}

export function convertValue(_f: usize, sp: usize, oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  let r: usize;
  if (oparg == 1) r = PyObject_Str(v);
  else if (oparg == 2) r = PyObject_Repr(v);
  else r = PyObject_ASCII(v);
  return unaryResult(sp, r);
}
