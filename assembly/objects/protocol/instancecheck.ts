// isinstance and issubclass (CPython 3.13's Objects/abstract.c).

import { Py_TPFLAGS_TUPLE_SUBCLASS, Py_TPFLAGS_TYPE_SUBCLASS } from "../../generated/constants";
import { unionobject } from "../../generated/layouts";
import { _PyUnion_Type, ID, PyExc_TypeError, PyType_Type } from "../../generated/statics";
import { Tuple } from "../containers/tuple";
import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PyObject_CallOneArg } from "../object/call";
import { Py } from "../object/head";
import { _PyObject_LookupSpecial, PyType_IsSubtype } from "../types/lookup";
import { PyObject_GetOptionalAttr } from "./access";
import { PyObject_IsTrue } from "./compare";

/** isinstance(o, cls): 1, 0, or -1 with an exception. */
export function PyObject_IsInstance(o: usize, cls: usize): i32 {
  if (Py.TYPE(o) == cls) return 1;
  if (Py.TYPE(cls) == PyType_Type) return recursiveIsInstance(o, cls);
  if (isUnion(cls)) cls = unionArgs(cls);
  if (isTuple(cls)) {
    if (Py_EnterRecursiveCall(" in __instancecheck__")) return -1;
    let r: i32 = 0;
    const n = Py.SIZE(cls);
    for (let i: isize = 0; i < n && r == 0; i++) r = PyObject_IsInstance(o, Tuple.get(cls, i));
    Py_LeaveRecursiveCall();
    return r;
  }
  const checker = _PyObject_LookupSpecial(cls, ID.__instancecheck__);
  if (checker != 0) return callChecker(checker, o, " in __instancecheck__");
  if (PyErr_Occurred() != 0) return -1;
  return recursiveIsInstance(o, cls);
}

/** The truth of checker(o), whose reference it takes: 1, 0, or -1 with an exception. */
function callChecker(checker: usize, o: usize, where: string): i32 {
  if (Py_EnterRecursiveCall(where)) {
    Py.DECREF(checker);
    return -1;
  }
  const res = PyObject_CallOneArg(checker, o);
  Py_LeaveRecursiveCall();
  Py.DECREF(checker);
  if (res == 0) return -1;
  const ok = PyObject_IsTrue(res);
  Py.DECREF(res);
  return ok;
}

function isTuple(o: usize): bool {
  return Py.check(o, Py_TPFLAGS_TUPLE_SUBCLASS);
}

function isUnion(o: usize): bool {
  return Py.TYPE(o) == _PyUnion_Type;
}

function unionArgs(o: usize): usize {
  return unionobject.at(o).args;
}

/** type.__instancecheck__: by the type, then by __class__. */
export function recursiveIsInstance(o: usize, cls: usize): i32 {
  if (Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS)) {
    if (PyType_IsSubtype(Py.TYPE(o), cls)) return 1;
    const c = PyObject_GetOptionalAttr(o, ID.__class__);
    if (c == 0) return PyErr_Occurred() ? -1 : 0;
    let r: i32 = 0;
    if (c != Py.TYPE(o) && Py.check(c, Py_TPFLAGS_TYPE_SUBCLASS)) r = PyType_IsSubtype(c, cls) ? 1 : 0;
    Py.DECREF(c);
    return r;
  }
  if (!checkClass(cls, "isinstance() arg 2 must be a type, a tuple of types, or a union")) return -1;
  const c = PyObject_GetOptionalAttr(o, ID.__class__);
  if (c == 0) return PyErr_Occurred() ? -1 : 0;
  const r = abstractIsSubclass(c, cls);
  Py.DECREF(c);
  return r;
}

/** The tuple cls.__bases__, a new reference; null without exception where it is no class. */
function abstractGetBases(cls: usize): usize {
  const bases = PyObject_GetOptionalAttr(cls, ID.__bases__);
  if (bases != 0 && !isTuple(bases)) {
    Py.DECREF(bases);
    return 0;
  }
  return bases;
}

function checkClass(cls: usize, message: string): bool {
  const bases = abstractGetBases(cls);
  if (bases == 0) {
    if (PyErr_Occurred() == 0) PyErr_SetString(PyExc_TypeError, message);
    return false;
  }
  Py.DECREF(bases);
  return true;
}

function abstractIsSubclass(derived: usize, cls: usize): i32 {
  if (derived == cls) return 1;
  const bases = abstractGetBases(derived);
  if (bases == 0) return PyErr_Occurred() ? -1 : 0;
  if (Py_EnterRecursiveCall(" in __issubclass__")) {
    Py.DECREF(bases);
    return -1;
  }
  let r: i32 = 0;
  const n = Py.SIZE(bases);
  for (let i: isize = 0; i < n && r == 0; i++) r = abstractIsSubclass(Tuple.get(bases, i), cls);
  Py_LeaveRecursiveCall();
  Py.DECREF(bases);
  return r;
}

/** type.__subclasscheck__. */
export function recursiveIsSubclass(derived: usize, cls: usize): i32 {
  if (Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS) && Py.check(derived, Py_TPFLAGS_TYPE_SUBCLASS)) {
    return PyType_IsSubtype(derived, cls) ? 1 : 0;
  }
  if (!checkClass(derived, "issubclass() arg 1 must be a class")) return -1;
  if (!isUnion(cls) && !checkClass(cls, "issubclass() arg 2 must be a class, a tuple of classes, or a union"))
    return -1;
  return abstractIsSubclass(derived, cls);
}

/** issubclass(derived, cls): 1, 0, or -1 with an exception. */
export function PyObject_IsSubclass(derived: usize, cls: usize): i32 {
  if (Py.TYPE(cls) == PyType_Type) {
    if (derived == cls) return 1;
    return recursiveIsSubclass(derived, cls);
  }
  if (isUnion(cls)) cls = unionArgs(cls);
  if (isTuple(cls)) {
    if (Py_EnterRecursiveCall(" in __subclasscheck__")) return -1;
    let r: i32 = 0;
    const n = Py.SIZE(cls);
    for (let i: isize = 0; i < n && r == 0; i++) r = PyObject_IsSubclass(derived, Tuple.get(cls, i));
    Py_LeaveRecursiveCall();
    return r;
  }
  const checker = _PyObject_LookupSpecial(cls, ID.__subclasscheck__);
  if (checker != 0) return callChecker(checker, derived, " in __subclasscheck__");
  if (PyErr_Occurred() != 0) return -1;
  return recursiveIsSubclass(derived, cls);
}
