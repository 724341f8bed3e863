// Calling: the vectorcall protocol and its bridges to tp_call (CPython 3.13's Objects/call.c).
//
// A vectorcall function receives (callable, argv, nargsf, kwnames): argv is an array of 8-byte slots, positional
// arguments first, then the values of the keywords named by the tuple kwnames. All are borrowed. The top bit of nargsf
// says that argv[-1] may be overwritten during the call, if it is restored.

import { Py_TPFLAGS_HAVE_VECTORCALL, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyModuleObject, PyObject, PyTypeObject } from "../../generated/layouts";
import { ID, PyExc_SystemError, PyExc_TypeError, PyFunction_Type, PyModule_Type } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { Scratch } from "../../thread/scratch";
import {
  PyDict_GetItemWithError,
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_Size,
  PyDict_ValueAt,
} from "../containers/dict/dict";
import { PyTuple_FromArray, PyTuple_New, Tuple } from "../containers/tuple";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors/raise";
import { PyObject_GetMethod } from "../protocol/access";
import { PyType_IsSubtype } from "../types/lookup";
import { Py } from "./head";

export const PY_VECTORCALL_ARGUMENTS_OFFSET: usize = 0x80000000;

/** Arguments beyond this many are laid out in a block instead of scratch slots. */
const SCRATCH_ARGUMENTS: isize = 64;
/** So many are in scratch memory however deep the recursion is. */
const FEW_ARGUMENTS: isize = 4;

export class Vectorcall {
  /** The number of positional arguments. */
  @inline static nargs(nargsf: usize): isize {
    return <isize>(nargsf & ~PY_VECTORCALL_ARGUMENTS_OFFSET);
  }

  /** The table index of the callable's vectorcall function, 0 where it has none. */
  @inline static functionOf(callable: usize): u32 {
    const t = PyTypeObject.at(Py.TYPE(callable));
    if ((t.tp_flags & Py_TPFLAGS_HAVE_VECTORCALL) == 0) return 0;
    return load<u32>(callable + <usize>t.tp_vectorcall_offset);
  }
}

/** Checks that a call returned a result or set an exception, not both and not neither. */
function _Py_CheckFunctionResult(callable: usize, result: usize): usize {
  if (result == 0) {
    if (PyErr_Occurred() == 0) {
      PyErr_Format(PyExc_SystemError, "%R returned NULL without setting an exception", callable);
    }
    return 0;
  }
  if (PyErr_Occurred() != 0) {
    Py.DECREF(result);
    PyErr_Format(PyExc_SystemError, "%R returned a result with an exception set", callable);
    return 0;
  }
  return result;
}

/** Calls with an array of arguments. New reference, or null with an exception. */
export function PyObject_Vectorcall(callable: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const fn = Vectorcall.functionOf(callable);
  if (fn == 0) return _PyObject_MakeTpCall(callable, argv, Vectorcall.nargs(nargsf), kwnames);
  const result = call_indirect<usize>(fn, callable, argv, nargsf, kwnames);
  assert((result == 0) == (PyErr_Occurred() != 0));
  return result;
}

/**
 * Calls for a callable that passes its call on to another. Such callables may stand in a chain of any length, which no
 * frame interrupts: a level is taken for all but a function, with which it ends.
 */
export function passCall(callable: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  if (Py.TYPE(callable) == PyFunction_Type) return PyObject_Vectorcall(callable, argv, nargsf, kwnames);
  if (Py_EnterRecursiveCall(" while calling a Python object")) return 0;
  const r = PyObject_Vectorcall(callable, argv, nargsf, kwnames);
  Py_LeaveRecursiveCall();
  return r;
}

/** Sets the TypeError, which names what a module may have been mistaken for; returns null. */
function notCallable(o: usize): usize {
  if (Py.TYPE(o) == PyModule_Type || PyType_IsSubtype(Py.TYPE(o), PyModule_Type)) {
    const dict = PyModuleObject.at(o).md_dict;
    const name = dict == 0 ? 0 : Py.XNewRef(PyDict_GetItemWithError(dict, ID.__name__));
    if (name != 0 && Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      const attribute = PyDict_GetItemWithError(dict, name);
      if (attribute != 0 && PyCallable_Check(attribute)) {
        const message = "'%t' object is not callable. Did you mean: '%U.%U(...)'?";
        PyErr_Format(PyExc_TypeError, message, o, name, name);
        Py.DECREF(name);
        return 0;
      }
    }
    Py.XDECREF(name);
    if (PyErr_Occurred()) return 0;
  }
  return PyErr_Format(PyExc_TypeError, "'%t' object is not callable", o);
}

/** Calls through tp_call, packing the arguments into a tuple and a dict. */
export function _PyObject_MakeTpCall(callable: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const call = PyTypeObject.at(Py.TYPE(callable)).tp_call;
  if (call == 0) return notCallable(callable);
  const args = PyTuple_FromArray(argv, nargs);
  if (args == 0) return 0;
  let kwargs: usize = 0;
  if (kwnames != 0 && Py.SIZE(kwnames) > 0) {
    kwargs = _PyStack_AsDict(argv + ((<usize>nargs) << 3), kwnames);
    if (kwargs == 0) {
      Py.DECREF(args);
      return 0;
    }
  }
  const result = callSlot(call, callable, args, kwargs);
  Py.DECREF(args);
  Py.XDECREF(kwargs);
  return result;
}

function callSlot(call: u32, callable: usize, args: usize, kwargs: usize): usize {
  if (Py_EnterRecursiveCall(" while calling a Python object")) return 0;
  const result = call_indirect<usize>(call, callable, args, kwargs);
  Py_LeaveRecursiveCall();
  return _Py_CheckFunctionResult(callable, result);
}

/** A new dict of the keyword values at `values`, named by the tuple `kwnames`. */
export function _PyStack_AsDict(values: usize, kwnames: usize): usize {
  const kwargs = PyDict_New();
  if (kwargs == 0) return 0;
  const n = Py.SIZE(kwnames);
  for (let i: isize = 0; i < n; i++) {
    if (PyDict_SetItem(kwargs, Tuple.get(kwnames, i), Py.item(values, i)) < 0) {
      Py.DECREF(kwargs);
      return 0;
    }
  }
  return kwargs;
}

/** Calls with a tuple and a dict (or null). New reference, or null with an exception. */
export function PyObject_Call(callable: usize, args: usize, kwargs: usize): usize {
  const fn = Vectorcall.functionOf(callable);
  if (fn != 0) return vectorcallCall(fn, callable, args, kwargs);
  const call = PyTypeObject.at(Py.TYPE(callable)).tp_call;
  if (call == 0) return notCallable(callable);
  return callSlot(call, callable, args, kwargs);
}

/** tp_call of types whose instances have a vectorcall function, and of subclasses, which inherit it without the flag. */
export function PyVectorcall_Call(callable: usize, args: usize, kwargs: usize): usize {
  const offset = PyTypeObject.at(Py.TYPE(callable)).tp_vectorcall_offset;
  const fn: u32 = offset > 0 ? load<u32>(callable + <usize>offset) : 0;
  if (fn == 0) {
    PyErr_Format(PyExc_TypeError, "'%t' object does not support vectorcall", callable);
    return 0;
  }
  return vectorcallCall(fn, callable, args, kwargs);
}

function vectorcallCall(fn: u32, callable: usize, args: usize, kwargs: usize): usize {
  if (kwargs == 0 || PyDict_Size(kwargs) == 0)
    return call_indirect<usize>(fn, callable, Tuple.items(args), <usize>Py.SIZE(args), <usize>0);
  return vectorcallWithDict(fn, callable, 0, Tuple.items(args), Py.SIZE(args), kwargs);
}

/** Calls with n positional arguments and a dict (or null). New reference, or null with an exception. */
export function PyObject_VectorcallDict(callable: usize, argv: usize, n: isize, kwargs: usize): usize {
  if (kwargs == 0 || PyDict_Size(kwargs) == 0) return PyObject_Vectorcall(callable, argv, <usize>n, 0);
  const fn = Vectorcall.functionOf(callable);
  if (fn != 0) return vectorcallWithDict(fn, callable, 0, argv, n, kwargs);
  const args = PyTuple_FromArray(argv, n);
  if (args == 0) return 0;
  const result = PyObject_Call(callable, args, kwargs);
  Py.DECREF(args);
  return result;
}

/** With keyword arguments from a dict that is not empty, and `first`, where it is not null, before all others. */
function vectorcallWithDict(fn: u32, callable: usize, first: usize, values: usize, count: isize, kwargs: usize): usize {
  const before: isize = first == 0 ? 0 : 1;
  const n = before + count;
  const kwnames = keywordNames(kwargs);
  if (kwnames == 0) return 0;
  const total = n + PyDict_Size(kwargs);
  const argv = takeArguments(total);
  if (argv == 0) {
    Py.DECREF(kwnames);
    return PyErr_NoMemory();
  }
  if (first != 0) Py.setItem(argv, 0, first);
  memory.copy(Py.slot(argv, before), values, (<usize>count) << 3);
  // The callee may change the dict while it runs: the values are held.
  let i = n;
  for (let pos = PyDict_Next(kwargs, 0); pos > 0; pos = PyDict_Next(kwargs, pos)) {
    Py.setItem(argv, i++, Py.NewRef(PyDict_ValueAt(kwargs, pos)));
  }
  const result = call_indirect<usize>(fn, callable, argv, <usize>n, kwnames);
  for (i = n; i < total; i++) Py.DECREF(Py.item(argv, i));
  giveArguments(argv);
  Py.DECREF(kwnames);
  return result;
}

/** The keys of a dict of keyword arguments as a new tuple; null with TypeError where one is not a string. */
export function keywordNames(kwargs: usize): usize {
  const names = PyTuple_New(PyDict_Size(kwargs));
  if (names == 0) return 0;
  let i: isize = 0;
  let strings = true;
  for (let pos = PyDict_Next(kwargs, 0); pos > 0; pos = PyDict_Next(kwargs, pos)) {
    const key = PyDict_KeyAt(kwargs, pos);
    if (!Py.check(key, Py_TPFLAGS_UNICODE_SUBCLASS)) strings = false;
    Tuple.set(names, i++, Py.NewRef(key));
  }
  if (!strings) {
    Py.DECREF(names);
    return PyErr_SetString(PyExc_TypeError, "keywords must be strings");
  }
  return names;
}

/** `n` slots for arguments, with one writable slot before them; null where memory is gone (no exception is set). */
export function takeArguments(n: isize): usize {
  if (n <= SCRATCH_ARGUMENTS && (n <= FEW_ARGUMENTS || Scratch.isRoomy())) return Scratch.takeArguments(n);
  const p = PyMem_Malloc((<usize>n + 1) << 3);
  return p == 0 ? 0 : Py.slot(p, 1);
}

export function giveArguments(argv: usize): void {
  if (Scratch.has(Py.slot(argv, -1))) Scratch.giveArguments(argv);
  else PyMem_Free(Py.slot(argv, -1));
}

export function PyObject_CallNoArgs(callable: usize): usize {
  return PyObject_Vectorcall(callable, 0, 0, 0);
}

export function PyObject_CallOneArg(callable: usize, a: usize): usize {
  const argv = Scratch.takeArguments(1);
  Py.setItem(argv, 0, a);
  const result = PyObject_Vectorcall(callable, argv, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET, 0);
  Scratch.giveArguments(argv);
  return result;
}

export function PyObject_CallTwoArgs(callable: usize, a: usize, b: usize): usize {
  const argv = Scratch.takeArguments(2);
  Py.setItem(argv, 0, a);
  Py.setItem(argv, 1, b);
  const result = PyObject_Vectorcall(callable, argv, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, 0);
  Scratch.giveArguments(argv);
  return result;
}

export function PyObject_CallThreeArgs(callable: usize, a: usize, b: usize, c: usize): usize {
  const argv = Scratch.takeArguments(3);
  Py.setItem(argv, 0, a);
  Py.setItem(argv, 1, b);
  Py.setItem(argv, 2, c);
  const result = PyObject_Vectorcall(callable, argv, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, 0);
  Scratch.giveArguments(argv);
  return result;
}

/** Calls the method named `name` of argv[0]; the remaining arguments follow it. */
export function PyObject_VectorcallMethod(name: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const self = Py.item(argv, 0);
  const method = PyObject_GetMethod(self, name);
  if (method == 0) return 0;
  const nargs = <usize>Vectorcall.nargs(nargsf);
  let result: usize;
  if (method & 1) {
    // A method of the type, not bound: self goes first.
    const f = method & ~1;
    result = PyObject_Vectorcall(f, argv, nargs, kwnames);
    Py.DECREF(f);
  } else {
    result = PyObject_Vectorcall(method, Py.slot(argv, 1), (nargs - 1) | PY_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
    Py.DECREF(method);
  }
  return result;
}

export function PyObject_CallMethodNoArgs(self: usize, name: usize): usize {
  const argv = Scratch.takeArguments(1);
  Py.setItem(argv, 0, self);
  const result = PyObject_VectorcallMethod(name, argv, 1, 0);
  Scratch.giveArguments(argv);
  return result;
}

export function PyObject_CallMethodOneArg(self: usize, name: usize, a: usize): usize {
  const argv = Scratch.takeArguments(2);
  Py.setItem(argv, 0, self);
  Py.setItem(argv, 1, a);
  const result = PyObject_VectorcallMethod(name, argv, 2, 0);
  Scratch.giveArguments(argv);
  return result;
}

export function PyObject_CallMethodTwoArgs(self: usize, name: usize, a: usize, b: usize): usize {
  const argv = Scratch.takeArguments(3);
  Py.setItem(argv, 0, self);
  Py.setItem(argv, 1, a);
  Py.setItem(argv, 2, b);
  const result = PyObject_VectorcallMethod(name, argv, 3, 0);
  Scratch.giveArguments(argv);
  return result;
}

/** Calls with `first` before the arguments of the tuple. */
export function _PyObject_Call_Prepend(callable: usize, first: usize, args: usize, kwargs: usize): usize {
  const n = Py.SIZE(args);
  if (kwargs != 0 && PyDict_Size(kwargs) > 0) {
    const fn = Vectorcall.functionOf(callable);
    if (fn != 0) return vectorcallWithDict(fn, callable, first, Tuple.items(args), n, kwargs);
    const all = PyTuple_New(n + 1);
    if (all == 0) return 0;
    Tuple.set(all, 0, Py.NewRef(first));
    for (let i: isize = 0; i < n; i++) Tuple.set(all, i + 1, Py.NewRef(Tuple.get(args, i)));
    const result = PyObject_Call(callable, all, kwargs);
    Py.DECREF(all);
    return result;
  }
  const argv = takeArguments(n + 1);
  if (argv == 0) return PyErr_NoMemory();
  Py.setItem(argv, 0, first);
  memory.copy(Py.slot(argv, 1), Tuple.items(args), (<usize>n) << 3);
  const result = PyObject_Vectorcall(callable, argv, <usize>(n + 1), 0);
  giveArguments(argv);
  return result;
}

/** Whether the object can be called. */
export function PyCallable_Check(o: usize): bool {
  return o != 0 && PyTypeObject.at(PyObject.at(o).ob_type).tp_call != 0;
}
