// Audit events: functions that a program has registered are told what happens, before it does, and can forbid it by raising
// (sys_audit_tstate of CPython 3.13's Python/sysmodule.c). The events and their arguments are CPython's.
//
// Invariant: objectsRoots.audit_hooks is a list that the collector does not know, null as long as nobody has registered.

import { PyThreadState } from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import { _Py_NoneStruct, empty_tuple, ID } from "../../generated/statics";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";
import { List } from "../containers/list/list";
import { PyTuple_New, Tuple } from "../containers/tuple";
import { PyLong_FromLong } from "../numbers/int/create";
import { PyObject_CallTwoArgs } from "../object/call";
import { Py } from "../object/head";
import { PyObject_GetOptionalAttr } from "../protocol/access";
import { PyObject_IsTrue } from "../protocol/compare";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyErr_GetRaisedException, PyErr_Occurred, PyErr_SetRaisedException } from "./raise";

export class Audit {
  /** Whether anybody wants to be told. */
  @inline static isOn(): bool {
    return objectsRoots.audit_hooks != 0;
  }

  /**
   * Tells of an event: whether it may happen, otherwise an exception is set. `format` has a letter for each argument: "O"
   * an object, borrowed, null for None; "i" an int; "s" a literal.
   */
  @inline static event(
    event: string,
    format: string = "",
    a: usize = 0,
    b: usize = 0,
    c: usize = 0,
    d: usize = 0,
    e: usize = 0,
  ): bool {
    return !Audit.isOn() || tellFive(event, format, a, b, c, d, e);
  }

  /** Tells that an attribute is read: as event(). */
  @inline static getting(o: usize, name: string): bool {
    return Audit.event("object.__getattr__", "Os", o, changetype<usize>(name));
  }

  /** Tells that an attribute is set, or deleted where `value` is null: as event(). */
  static setting(o: usize, name: string, value: usize): bool {
    if (value == 0) return Audit.event("object.__delattr__", "Os", o, changetype<usize>(name));
    return Audit.event("object.__setattr__", "OsO", o, changetype<usize>(name), value);
  }

  /** As event(), with the arguments in slots. */
  static slots(event: string, format: string, argv: usize): bool {
    return !Audit.isOn() || tellValues(event, format, argv);
  }

  /** Tells of an event with a tuple of arguments, both borrowed. */
  static tuple(event: usize, args: usize): bool {
    if (!Audit.isOn()) return true;
    const exc = PyErr_GetRaisedException();
    const ok = tellHooks(event, args);
    if (ok) PyErr_SetRaisedException(exc);
    else Py.XDECREF(exc);
    return ok;
  }
}

function argument(letter: u32, v: usize): usize {
  if (letter == 0x69) return PyLong_FromLong(<i32>v);
  if (letter == 0x73) return PyUnicode_FromLiteral(changetype<string>(v));
  return Py.NewRef(v == 0 ? _Py_NoneStruct : v);
}

function tellFive(event: string, format: string, a: usize, b: usize, c: usize, d: usize, e: usize): bool {
  const argv = Scratch.take(5);
  Py.setItem(argv, 0, a);
  Py.setItem(argv, 1, b);
  Py.setItem(argv, 2, c);
  Py.setItem(argv, 3, d);
  Py.setItem(argv, 4, e);
  const ok = tellValues(event, format, argv);
  Scratch.give(argv);
  return ok;
}

function tellValues(event: string, format: string, argv: usize): bool {
  const exc = PyErr_GetRaisedException();
  const n: isize = format.length;
  const args = n == 0 ? empty_tuple : PyTuple_New(n);
  let made = args != 0;
  for (let i: isize = 0; i < n && made; i++) {
    const o = argument(load<u16>(changetype<usize>(format) + ((<usize>i) << 1)), Py.item(argv, i));
    if (o == 0) made = false;
    Tuple.set(args, i, o);
  }
  const name = made ? PyUnicode_FromLiteral(event) : 0;
  const ok = name != 0 && tellHooks(name, args);
  Py.XDECREF(name);
  Py.XDECREF(args);
  if (ok) PyErr_SetRaisedException(exc);
  else Py.XDECREF(exc);
  return ok;
}

/** Whether trace functions are told of what the hook does: 1, 0, or -1 with an exception. */
function canTrace(hook: usize): i32 {
  const v = PyObject_GetOptionalAttr(hook, ID.__cantrace__);
  if (v == 0) return PyErr_Occurred() ? -1 : 0;
  const r = PyObject_IsTrue(v);
  Py.DECREF(v);
  return r;
}

function tellHooks(event: usize, args: usize): bool {
  const ts = PyThreadState.at(tstate);
  const hooks = objectsRoots.audit_hooks;
  Py.INCREF(hooks);
  ts.tracing = ts.tracing + 1;
  let ok = true;
  // One may add another.
  for (let i: isize = 0; ok && i < Py.SIZE(hooks); i++) {
    const hook = Py.NewRef(List.get(hooks, i));
    const traced = canTrace(hook);
    if (traced > 0) ts.tracing = ts.tracing - 1;
    const r = traced < 0 ? 0 : PyObject_CallTwoArgs(hook, event, args);
    if (traced > 0) ts.tracing = ts.tracing + 1;
    Py.XDECREF(r);
    Py.DECREF(hook);
    ok = r != 0;
  }
  ts.tracing = ts.tracing - 1;
  Py.DECREF(hooks);
  return ok;
}
