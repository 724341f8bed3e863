// Instructions: pattern matching. The convention is in eval.ts.

import {
  _Py_TPFLAGS_MATCH_SELF,
  Py_TPFLAGS_MAPPING,
  Py_TPFLAGS_SEQUENCE,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyBaseObject_Type,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyList_Append, PyList_AsTuple, PyList_New } from "../../objects/containers/list/list";
import { PySet_Add, PySet_Contains, PySet_New } from "../../objects/containers/set/set";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { PyErr_Format, PyErr_Occurred } from "../../objects/errors/raise";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_CallNoArgs, PyObject_CallTwoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyObject_IsInstance } from "../../objects/protocol/instancecheck";
import { PyObject_Size } from "../../objects/protocol/items";

export function getLen(_f: usize, sp: usize, _oparg: i32): usize {
  const n = PyObject_Size(load<u32>(sp - 8));
  if (n < 0) return 0;
  const v = PyLong_FromSsize_t(n);
  if (v == 0) return 0;
  store<u64>(sp, v);
  return sp + 8;
}

function pushFlag(sp: usize, flag: u64): usize {
  store<u64>(sp, Py.check(load<u32>(sp - 8), flag) ? _Py_TrueStruct : _Py_FalseStruct);
  return sp + 8;
}

export function matchMapping(_f: usize, sp: usize, _oparg: i32): usize {
  return pushFlag(sp, Py_TPFLAGS_MAPPING);
}

export function matchSequence(_f: usize, sp: usize, _oparg: i32): usize {
  return pushFlag(sp, Py_TPFLAGS_SEQUENCE);
}

/** The stack has the mapping and a tuple of keys; pushes a tuple of their values, or None where one is missing. */
export function matchKeys(_f: usize, sp: usize, _oparg: i32): usize {
  const keys: usize = load<u32>(sp - 8);
  const map: usize = load<u32>(sp - 16);
  const r = keyValues(map, keys);
  if (r == 0) return 0;
  store<u64>(sp, r);
  return sp + 8;
}

function keyValues(map: usize, keys: usize): usize {
  const n = Py.SIZE(keys);
  if (n == 0) return PyTuple_New(0);
  // get() with a default of our own: indexing could have effects (defaultdict).
  const get = PyObject_GetAttr(map, ID.get);
  if (get == 0) return 0;
  const dummy = PyObject_CallNoArgs(PyBaseObject_Type);
  const seen = dummy == 0 ? 0 : PySet_New(0);
  const values = seen == 0 ? 0 : PyTuple_New(n);
  let r = values;
  for (let i: isize = 0; i < n && r == values && r != 0; i++) {
    const key = Tuple.get(keys, i);
    const dup = PySet_Contains(seen, key);
    if (dup != 0 || PySet_Add(seen, key) < 0) {
      if (dup > 0) PyErr_Format(PyExc_ValueError, "mapping pattern checks duplicate key (%R)", key);
      r = 0;
      break;
    }
    const v = PyObject_CallTwoArgs(get, key, dummy);
    if (v == 0) {
      r = 0;
    } else if (v == dummy) {
      Py.DECREF(v);
      r = _Py_NoneStruct;
    } else {
      Tuple.set(values, i, v);
    }
  }
  if (r != values) Py.XDECREF(values);
  Py.XDECREF(seen);
  Py.XDECREF(dummy);
  Py.DECREF(get);
  return r;
}

/** An attribute for a class pattern, each at most once: a new reference; null, perhaps without exception. */
function matchAttribute(subject: usize, type: usize, name: usize, seen: usize): usize {
  const dup = PySet_Contains(seen, name);
  if (dup != 0 || PySet_Add(seen, name) < 0) {
    if (dup > 0)
      PyErr_Format(
        PyExc_TypeError,
        "%s() got multiple sub-patterns for attribute %R",
        PyTypeObject.at(type).tp_name,
        name,
      );
    return 0;
  }
  return PyObject_GetOptionalAttr(subject, name);
}

/** The tuple of attributes of a class pattern; null, without exception where it does not match. */
function classAttributes(subject: usize, type: usize, nargs: i32, kwattrs: usize): usize {
  if (!Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "called match pattern must be a class");
    return 0;
  }
  if (PyObject_IsInstance(subject, type) <= 0) return 0;
  const seen = PySet_New(0);
  if (seen == 0) return 0;
  const attrs = PyList_New(0);
  let ok: bool = attrs != 0;
  if (ok && nargs) {
    let matchSelf: bool = false;
    let matchArgs = PyObject_GetOptionalAttr(type, ID.__match_args__);
    if (matchArgs != 0) {
      if (!Py.check(matchArgs, Py_TPFLAGS_TUPLE_SUBCLASS)) {
        PyErr_Format(
          PyExc_TypeError,
          "%s.__match_args__ must be a tuple (got %t)",
          PyTypeObject.at(type).tp_name,
          matchArgs,
        );
        ok = false;
      }
    } else if (PyErr_Occurred() != 0) {
      ok = false;
    } else {
      matchArgs = PyTuple_New(0);
      matchSelf = Py.hasFeature(type, _Py_TPFLAGS_MATCH_SELF);
    }
    if (ok) {
      const allowed: isize = matchSelf ? 1 : Py.SIZE(matchArgs);
      if (allowed < nargs) {
        PyErr_Format(
          PyExc_TypeError,
          "%s() accepts %d positional sub-pattern%L (%d given)",
          PyTypeObject.at(type).tp_name,
          allowed,
          changetype<usize>(allowed == 1 ? "" : "s"),
          nargs,
        );
        ok = false;
      }
    }
    if (ok && matchSelf) {
      ok = PyList_Append(attrs, subject) == 0;
    } else {
      for (let i = 0; i < nargs && ok; i++) {
        const name = Tuple.get(matchArgs, i);
        if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
          PyErr_Format(PyExc_TypeError, "__match_args__ elements must be strings (got %t)", name);
          ok = false;
          break;
        }
        ok = appendAttribute(attrs, subject, type, name, seen);
      }
    }
    Py.XDECREF(matchArgs);
  }
  for (let i: isize = 0; ok && i < Py.SIZE(kwattrs); i++) {
    ok = appendAttribute(attrs, subject, type, Tuple.get(kwattrs, i), seen);
  }
  const r = ok ? PyList_AsTuple(attrs) : 0;
  Py.XDECREF(attrs);
  Py.DECREF(seen);
  return r;
}

function appendAttribute(attrs: usize, subject: usize, type: usize, name: usize, seen: usize): bool {
  const v = matchAttribute(subject, type, name, seen);
  if (v == 0) return false;
  const r = PyList_Append(attrs, v);
  Py.DECREF(v);
  return r == 0;
}

/** The stack has the subject, the class and the keyword names; afterwards the attributes or None. */
export function matchClass(_f: usize, sp: usize, oparg: i32): usize {
  const names: usize = load<u32>(sp - 8);
  const type: usize = load<u32>(sp - 16);
  const subject: usize = load<u32>(sp - 24);
  let attrs = classAttributes(subject, type, oparg, names);
  if (attrs == 0) {
    if (PyErr_Occurred() != 0) return 0;
    attrs = _Py_NoneStruct;
  }
  store<u64>(sp - 24, attrs);
  Py.DECREF(subject);
  Py.DECREF(type);
  Py.DECREF(names);
  return sp - 16;
}
