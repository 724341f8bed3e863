// Exception groups, their splitting and what except* does with them (CPython 3.13's Objects/exceptions.c).

import {
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_MANAGED_WEAKREF,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  PyBaseExceptionGroupObject,
  PyBaseExceptionObject,
  PyListObject,
  PyTypeObject,
  SIZEOF_PyBaseExceptionGroupObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyExc_BaseExceptionGroup,
  PyExc_Exception,
  PyExc_ExceptionGroup,
  PyExc_TypeError,
  PyExc_ValueError,
  PyTuple_Type,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyList_Append, PyList_New } from "../containers/list/list";
import { PyTuple_Pack1, PyTuple_Pack2, Tuple } from "../containers/tuple";
import { PyBaseExceptionGroupObject_clear, PyBaseExceptionGroupObject_traverse } from "../generated/references";
import {
  PyCallable_Check,
  PyObject_Call,
  PyObject_CallMethodOneArg,
  PyObject_CallOneArg,
  PyObject_CallTwoArgs,
} from "../object/call";
import { MANAGED_WEAKREF_OFFSET } from "../object/gchead";
import { Py } from "../object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr, PyObject_SetAttr } from "../protocol/access";
import { PyObject_IsTrue } from "../protocol/compare";
import { PySequence_Check, PySequence_List, PySequence_Tuple } from "../protocol/sequence";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyUnicode_InternLiteral } from "../text/intern";
import { PyType_IsSubtype } from "../types/lookup";
import { PyObject_ClearWeakRefs } from "../weak/weakref";
import { BaseException_dealloc, BaseException_init, BaseException_new } from "./base";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_BadInternalCall,
  PyErr_Fail,
  PyErr_Format,
  PyErr_GivenExceptionMatches,
  PyErr_Occurred,
  PyErr_SetString,
} from "./raise";

function isGroup(o: usize): bool {
  return PyType_IsSubtype(Py.TYPE(o), PyExc_BaseExceptionGroup);
}

function group_new(type: usize, args: usize, kwargs: usize): usize {
  if (Py.SIZE(args) != 2) {
    return PyErr_Format(
      PyExc_TypeError,
      "BaseExceptionGroup.__new__() takes exactly 2 arguments (%d given)",
      Py.SIZE(args),
    );
  }
  const message = Tuple.get(args, 0);
  const sequence = Tuple.get(args, 1);
  if (!Py.check(message, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "BaseExceptionGroup.__new__() argument 1 must be str, not %t", message);
  }
  if (!PySequence_Check(sequence)) {
    return PyErr_SetString(PyExc_TypeError, "second argument (exceptions) must be a sequence");
  }
  const excs = PySequence_Tuple(sequence);
  if (excs == 0) return 0;
  const n = Py.SIZE(excs);
  let cls = type;
  let ok: bool = n > 0;
  if (!ok) PyErr_SetString(PyExc_ValueError, "second argument (exceptions) must be a non-empty sequence");
  let nestedBase = false;
  for (let i: isize = 0; i < n && ok; i++) {
    const e = Tuple.get(excs, i);
    if (!Py.check(e, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
      PyErr_Format(PyExc_ValueError, "Item %d of second argument (exceptions) is not an exception", i);
      ok = false;
    } else if (!PyType_IsSubtype(Py.TYPE(e), PyExc_Exception)) {
      nestedBase = true;
    }
  }
  if (ok && cls == PyExc_BaseExceptionGroup) {
    // All of them ordinary: then so is the group.
    if (!nestedBase) cls = PyExc_ExceptionGroup;
  } else if (ok && nestedBase) {
    if (cls == PyExc_ExceptionGroup) {
      PyErr_SetString(PyExc_TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
      ok = false;
    } else if (PyType_IsSubtype(cls, PyExc_Exception)) {
      PyErr_Format(PyExc_TypeError, "Cannot nest BaseExceptions in '%s'", PyTypeObject.at(cls).tp_name);
      ok = false;
    }
  }
  const self = ok ? BaseException_new(cls, args, kwargs) : 0;
  if (self == 0) {
    Py.DECREF(excs);
    return 0;
  }
  const g = PyBaseExceptionGroupObject.at(self);
  g.msg = Py.NewRef(message);
  g.excs = excs;
  return self;
}

/** A new (Base)ExceptionGroup with the message and a sequence of exceptions. */
function makeGroup(message: usize, excs: usize): usize {
  return PyObject_CallTwoArgs(PyExc_BaseExceptionGroup, message, excs);
}

function group_str(self: usize): usize {
  const g = PyBaseExceptionGroupObject.at(self);
  const n = Py.SIZE(g.excs);
  return PyUnicode_FromFormat("%S (%d sub-exception%L)", g.msg, n, changetype<usize>(n > 1 ? "s" : ""));
}

/**
 * @native BaseExceptionGroup.derive
 */
export function group_derive(self: usize, excs: usize): usize {
  const args = PyTuple_Pack2(PyBaseExceptionGroupObject.at(self).msg, excs);
  if (args == 0) return 0;
  const r = PyObject_Call(PyExc_BaseExceptionGroup, args, 0);
  Py.DECREF(args);
  return r;
}

/** orig.derive(excs), of a bound method and with a tuple, as C calls it. */
function callDerive(orig: usize, excs: usize): usize {
  const derive = PyObject_GetAttr(orig, ID.derive);
  const args = derive == 0 ? 0 : PyTuple_Pack1(excs);
  const g = args == 0 ? 0 : PyObject_Call(derive, args, 0);
  Py.XDECREF(args);
  Py.XDECREF(derive);
  return g;
}

/** A group like `orig` around the list of exceptions: derived, with its metadata. None for an empty list. */
function subset(orig: usize, excs: usize): usize {
  if (Py.SIZE(excs) == 0) return _Py_NoneStruct;
  const g = callDerive(orig, excs);
  if (g == 0) return 0;
  if (!isGroup(g)) {
    PyErr_SetString(PyExc_TypeError, "derive must return an instance of BaseExceptionGroup");
    Py.DECREF(g);
    return 0;
  }
  const o = PyBaseExceptionObject.at(orig);
  Py.SETREF(PyBaseExceptionGroupObject.at(g).traceback_slot, Py.XNewRef(o.traceback));
  Py.SETREF(PyBaseExceptionGroupObject.at(g).context_slot, Py.XNewRef(o.context));
  Py.SETREF(PyBaseExceptionGroupObject.at(g).cause_slot, Py.XNewRef(o.cause));
  PyBaseExceptionObject.at(g).suppress_context = o.suppress_context;
  const notes = PyObject_GetOptionalAttr(orig, ID.__notes__);
  if (notes == 0) {
    if (PyErr_Occurred() != 0) {
      Py.DECREF(g);
      return 0;
    }
    return g;
  }
  if (PySequence_Check(notes)) {
    const copy = PySequence_List(notes);
    if (copy == 0 || PyObject_SetAttr(g, ID.__notes__, copy) < 0) {
      Py.XDECREF(copy);
      Py.DECREF(notes);
      Py.DECREF(g);
      return 0;
    }
    Py.DECREF(copy);
  }
  Py.DECREF(notes);
  return g;
}

const BY_TYPE: i32 = 0;
const BY_PREDICATE: i32 = 1;
const BY_INSTANCES: i32 = 2;

/** Whether the exception meets the condition: 1, 0, or -1. */
function check(exc: usize, how: i32, condition: usize): i32 {
  if (how == BY_TYPE) return PyErr_GivenExceptionMatches(exc, condition) ? 1 : 0;
  if (how == BY_PREDICATE) {
    const r = PyObject_CallOneArg(condition, exc);
    if (r == 0) return -1;
    const truth = PyObject_IsTrue(r);
    Py.DECREF(r);
    return truth;
  }
  // A leaf is one of the instances in the list.
  if (isGroup(exc)) return 0;
  const items = PyListObject.at(condition).ob_item;
  for (let i: isize = 0; i < Py.SIZE(condition); i++) if (Py.item(items, i) == exc) return 1;
  return 0;
}

/** Splits: writes what meets the condition and what does not (new references, None for nothing) into two slots. */
function split(exc: usize, how: i32, condition: usize, wantRest: bool, out: usize): bool {
  Py.setItem(out, 0, _Py_NoneStruct);
  Py.setItem(out, 1, _Py_NoneStruct);
  const whole = check(exc, how, condition);
  if (whole < 0) return false;
  if (whole > 0) {
    Py.setItem(out, 0, Py.NewRef(exc));
    return true;
  }
  if (!isGroup(exc)) {
    if (wantRest) Py.setItem(out, 1, Py.NewRef(exc));
    return true;
  }
  const excs = PyBaseExceptionGroupObject.at(exc).excs;
  const matches = PyList_New(0);
  const rests = matches == 0 || !wantRest ? 0 : PyList_New(0);
  let ok: bool = matches != 0 && (rests != 0 || !wantRest);
  const inner = Scratch.take(2);
  for (let i: isize = 0; ok && i < Py.SIZE(excs); i++) {
    if (Py_EnterRecursiveCall(" in exceptiongroup_split_recursive")) {
      ok = false;
      break;
    }
    ok = split(Tuple.get(excs, i), how, condition, wantRest, inner);
    Py_LeaveRecursiveCall();
    if (!ok) break;
    const m: usize = Py.item(inner, 0);
    const r: usize = Py.item(inner, 1);
    if (m != _Py_NoneStruct && PyList_Append(matches, m) < 0) ok = false;
    if (ok && r != _Py_NoneStruct && PyList_Append(rests, r) < 0) ok = false;
    Py.DECREF(m);
    Py.DECREF(r);
  }
  Scratch.give(inner);
  if (ok) {
    const m = subset(exc, matches);
    if (m == 0) ok = false;
    else Py.setItem(out, 0, m);
  }
  if (ok && wantRest) {
    const r = subset(exc, rests);
    if (r == 0) {
      Py.DECREF(Py.item(out, 0));
      ok = false;
    } else {
      Py.setItem(out, 1, r);
    }
  }
  Py.XDECREF(matches);
  Py.XDECREF(rests);
  return ok;
}

/** How a condition is to be understood; -1 with TypeError. */
function conditionKind(condition: usize): i32 {
  if (Py.check(condition, Py_TPFLAGS_TYPE_SUBCLASS) && Py.hasFeature(condition, Py_TPFLAGS_BASE_EXC_SUBCLASS))
    return BY_TYPE;
  if (Py.check(condition, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    let all = true;
    for (let i: isize = 0; i < Py.SIZE(condition); i++) {
      const c = Tuple.get(condition, i);
      if (!Py.check(c, Py_TPFLAGS_TYPE_SUBCLASS) || !Py.hasFeature(c, Py_TPFLAGS_BASE_EXC_SUBCLASS)) all = false;
    }
    if (all) return BY_TYPE;
  } else if (PyCallable_Check(condition) && !Py.check(condition, Py_TPFLAGS_TYPE_SUBCLASS)) {
    return BY_PREDICATE;
  }
  return PyErr_Fail(
    PyExc_TypeError,
    "expected an exception type, a tuple of exception types, or a callable (other than a class)",
  );
}

/**
 * @native BaseExceptionGroup.split
 */
export function group_split(self: usize, condition: usize): usize {
  const how = conditionKind(condition);
  if (how < 0) return 0;
  const out = Scratch.take(2);
  let r: usize = 0;
  if (split(self, how, condition, true, out)) {
    r = PyTuple_Pack2(Py.item(out, 0), Py.item(out, 1));
    Py.DECREF(Py.item(out, 0));
    Py.DECREF(Py.item(out, 1));
  }
  Scratch.give(out);
  return r;
}

/**
 * @native BaseExceptionGroup.subgroup
 */
export function group_subgroup(self: usize, condition: usize): usize {
  const how = conditionKind(condition);
  if (how < 0) return 0;
  const out = Scratch.take(2);
  const r: usize = split(self, how, condition, false, out) ? Py.item(out, 0) : 0;
  Scratch.give(out);
  return r;
}

/** What except* catches: writes the matching part and the rest (new references, or None) into two slots. */
export function exceptionGroupMatch(exc: usize, type: usize, out: usize): bool {
  Py.setItem(out, 0, _Py_NoneStruct);
  Py.setItem(out, 1, _Py_NoneStruct);
  if (exc == _Py_NoneStruct) return true;
  if (PyErr_GivenExceptionMatches(exc, type)) {
    if (isGroup(exc)) {
      Py.setItem(out, 0, Py.NewRef(exc));
      return true;
    }
    // A single exception is caught as a group of one.
    const excs = PyTuple_Pack1(exc);
    const message = excs == 0 ? 0 : PyUnicode_FromLiteral("");
    const wrapped = message == 0 ? 0 : makeGroup(message, excs);
    Py.XDECREF(message);
    Py.XDECREF(excs);
    if (wrapped == 0) return false;
    Py.setItem(out, 0, wrapped);
    return true;
  }
  if (isGroup(exc)) return splitByMethod(exc, type, out);
  Py.setItem(out, 1, Py.NewRef(exc));
  return true;
}

/** What the group's own split(), which a class may have overridden, makes of it: two slots as of split. */
function splitByMethod(exc: usize, type: usize, out: usize): bool {
  const name = PyUnicode_InternLiteral("split");
  const pair = name == 0 ? 0 : PyObject_CallMethodOneArg(exc, name, type);
  Py.XDECREF(name);
  if (pair == 0) return false;
  if (Py.TYPE(pair) != PyTuple_Type) {
    PyErr_Format(PyExc_TypeError, "%t.split must return a tuple, not %t", exc, pair);
  } else if (Py.SIZE(pair) < 2) {
    PyErr_Format(PyExc_TypeError, "%t.split must return a 2-tuple, got tuple of size %zd", exc, Py.SIZE(pair));
  } else {
    Py.setItem(out, 0, Py.NewRef(Tuple.get(pair, 0)));
    Py.setItem(out, 1, Py.NewRef(Tuple.get(pair, 1)));
    Py.DECREF(pair);
    return true;
  }
  Py.DECREF(pair);
  return false;
}

/** Appends the leaves of a group to the list. */
function collectLeaves(exc: usize, list: usize): bool {
  if (exc == _Py_NoneStruct) return true;
  if (!isGroup(exc)) return PyList_Append(list, exc) == 0;
  const excs = PyBaseExceptionGroupObject.at(exc).excs;
  if (Py_EnterRecursiveCall(" in collect_exception_group_leaf_ids")) return false;
  let ok: bool = true;
  for (let i: isize = 0; i < Py.SIZE(excs) && ok; i++) ok = collectLeaves(Tuple.get(excs, i), list);
  Py_LeaveRecursiveCall();
  return ok;
}

function sameMetadata(a: usize, b: usize): bool {
  const x = PyBaseExceptionObject.at(a);
  const y = PyBaseExceptionObject.at(b);
  return x.notes == y.notes && x.traceback == y.traceback && x.cause == y.cause && x.context == y.context;
}

/** What remains to be raised after the except* clauses: `excs` is the list of what they raised or did not catch. */
export function prepReraiseStar(orig: usize, excs: usize): usize {
  const n = Py.SIZE(excs);
  if (n == 0) return _Py_NoneStruct;
  const items = PyListObject.at(excs).ob_item;
  // Code that no compiler made may have put anything into the list.
  for (let i: isize = 0; i < n; i++) {
    const e = Py.item(items, i);
    if (e != _Py_NoneStruct && !Py.check(e, Py_TPFLAGS_BASE_EXC_SUBCLASS)) return PyErr_BadInternalCall();
  }
  if (!isGroup(orig)) {
    // A single exception: it was either handled or raised again, and what else was raised comes with it.
    const only = Py.item(items, 0);
    if (n == 1 || only != _Py_NoneStruct) return Py.NewRef(only);
  }
  const raised = PyList_New(0);
  const reraised = raised == 0 ? 0 : PyList_New(0);
  let ok: bool = reraised != 0;
  for (let i: isize = 0; i < n && ok; i++) {
    const e = Py.item(items, i);
    if (e == _Py_NoneStruct) continue;
    ok = PyList_Append(sameMetadata(e, orig) ? reraised : raised, e) == 0;
  }
  // What was raised again is put together as it was in the original group.
  let rebuilt: usize = 0;
  if (ok) {
    const leaves = PyList_New(0);
    ok = leaves != 0;
    for (let i: isize = 0; ok && i < Py.SIZE(reraised); i++) {
      ok = collectLeaves(Py.item(PyListObject.at(reraised).ob_item, i), leaves);
    }
    if (ok) {
      const out = Scratch.take(2);
      ok = split(orig, BY_INSTANCES, leaves, false, out);
      if (ok) rebuilt = Py.item(out, 0);
      Scratch.give(out);
    }
    Py.XDECREF(leaves);
  }
  let r: usize = 0;
  if (ok) {
    if (Py.SIZE(raised) == 0) {
      r = Py.NewRef(rebuilt);
    } else if (rebuilt != _Py_NoneStruct && PyList_Append(raised, rebuilt) < 0) {
      r = 0;
    } else if (Py.SIZE(raised) > 1) {
      const message = PyUnicode_FromLiteral("");
      r = message == 0 ? 0 : makeGroup(message, raised);
      Py.XDECREF(message);
    } else {
      r = Py.NewRef(Py.item(PyListObject.at(raised).ob_item, 0));
    }
  }
  Py.XDECREF(rebuilt);
  Py.XDECREF(raised);
  Py.XDECREF(reraised);
  return r;
}

/** The end of an ExceptionGroup, to which there may be weak references. */
function group_dealloc(self: usize): void {
  if (load<u32>(self + <usize>MANAGED_WEAKREF_OFFSET) != 0) PyObject_ClearWeakRefs(self);
  BaseException_dealloc(self);
}

/**
 * @type BaseExceptionGroup
 * @order __class_getitem__ derive split subgroup
 *
 * Several exceptions at once, raised as one.
 *
 * @classmethod BaseExceptionGroup.__class_getitem__ = Py_GenericAlias
 * For annotations
 *
 * @member BaseExceptionGroup.message = PyBaseExceptionGroupObject.msg readonly
 * what there is to say
 *
 * @member BaseExceptionGroup.exceptions = PyBaseExceptionGroupObject.excs readonly
 * what it is made of
 */

/**
 * @type ExceptionGroup
 */

export function initExceptionGroupTypes(): void {
  setupGroup(PyExc_BaseExceptionGroup);
  setupGroup(PyExc_ExceptionGroup);
  const group = PyTypeObject.at(PyExc_ExceptionGroup);
  // As a class made by a call of `type` has it.
  group.tp_flags = group.tp_flags | Py_TPFLAGS_MANAGED_WEAKREF;
  group.tp_weaklistoffset = MANAGED_WEAKREF_OFFSET;
  group.tp_dealloc = group_dealloc.index;
}

function setupGroup(type: usize): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_PyBaseExceptionGroupObject;
  t.tp_new = group_new.index;
  t.tp_init = BaseException_init.index;
  t.tp_str = group_str.index;
  t.tp_clear = PyBaseExceptionGroupObject_clear.index;
  t.tp_traverse = PyBaseExceptionGroupObject_traverse.index;
}
