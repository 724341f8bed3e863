// The module atexit (CPython 3.13's Modules/atexitmodule.c): functions that are called when the process ends.
//
// Difference: they are kept in a list of Python's, so that the collector sees what they refer to.

import { atexitRoots } from "../generated/runtime";
import { _Py_NoneStruct, PyExc_TypeError } from "../generated/statics";
import { _PyList_AppendTakeRef, List, PyList_New, replaceItem } from "../objects/containers/list/list";
import { PyTuple_GetSlice, PyTuple_Pack3, Tuple } from "../objects/containers/tuple";
import { PyErr_SetString } from "../objects/errors/raise";
import { PyErr_FormatUnraisable } from "../objects/errors/unraisable";
import { PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { PyCallable_Check, PyObject_Call } from "../objects/object/call";
import { Py_EQ } from "../objects/object/flags";
import { Py } from "../objects/object/head";
import { PyObject_RichCompareBool } from "../objects/protocol/compare";

/** Whether anything is to be called at the end. */
export function hasCallbacks(): bool {
  return atexitRoots.callbacks != 0 && Py.SIZE(atexitRoots.callbacks) != 0;
}

/** Calls what is registered, the last first, also what these register; exceptions are shown and dropped. */
export function callAtExit(): void {
  const list = atexitRoots.callbacks;
  if (list == 0) return;
  Py.INCREF(list);
  // A function may register others, which are called next, or take some out.
  for (let i = Py.SIZE(list) - 1; i >= 0 && i < Py.SIZE(list); i--) {
    const entry = List.get(list, i);
    if (entry == _Py_NoneStruct) continue;
    Py.INCREF(entry);
    const f = Tuple.get(entry, 0);
    const kwargs = Tuple.get(entry, 2);
    const r = PyObject_Call(f, Tuple.get(entry, 1), kwargs == _Py_NoneStruct ? 0 : kwargs);
    if (r == 0) PyErr_FormatUnraisable("Exception ignored in atexit callback %R", f);
    else Py.DECREF(r);
    Py.DECREF(entry);
  }
  Py.DECREF(list);
  forget();
}

/** Lets go of all callbacks. */
function forget(): void {
  const list = atexitRoots.callbacks;
  atexitRoots.callbacks = 0;
  Py.XDECREF(list);
}

/**
 * @native atexit.register($module, func, /, *args, **kwargs)
 *
 * register(func, *args, **kwargs)
 *
 * Have a function called when the program ends, with these arguments.
 *
 *     func: the function
 *     args: its arguments
 *     kwargs: those by name
 *
 * It is returned, so that this is a decorator as well.
 */
export function atexit_register(_m: usize, args: usize, kwargs: usize): usize {
  if (Py.SIZE(args) == 0) return PyErr_SetString(PyExc_TypeError, "register() takes at least 1 argument (0 given)");
  const f = Tuple.get(args, 0);
  if (!PyCallable_Check(f)) return PyErr_SetString(PyExc_TypeError, "the first argument must be callable");
  if (atexitRoots.callbacks == 0) {
    atexitRoots.callbacks = PyList_New(0);
    if (atexitRoots.callbacks == 0) return 0;
  }
  const rest = PyTuple_GetSlice(args, 1, Py.SIZE(args));
  const entry = rest == 0 ? 0 : PyTuple_Pack3(f, rest, kwargs == 0 ? _Py_NoneStruct : kwargs);
  Py.XDECREF(rest);
  return entry == 0 || _PyList_AppendTakeRef(atexitRoots.callbacks, entry) < 0 ? 0 : Py.NewRef(f);
}

/**
 * @native atexit.unregister($module, func, /)
 *
 * unregister(func)
 *
 * Take out a function that was
 * registered, each time that it was.
 *
 *     func: the function
 */
export function atexit_unregister(_m: usize, func: usize): usize {
  const list = atexitRoots.callbacks;
  if (list == 0) return _Py_NoneStruct;
  Py.INCREF(list);
  let r = _Py_NoneStruct;
  for (let i: isize = 0; i < Py.SIZE(list); i++) {
    const entry = List.get(list, i);
    if (entry == _Py_NoneStruct) continue;
    // To compare may take it out.
    Py.INCREF(entry);
    const same = PyObject_RichCompareBool(Tuple.get(entry, 0), func, Py_EQ);
    Py.DECREF(entry);
    if (same < 0) {
      r = 0;
      break;
    }
    if (same && i < Py.SIZE(list)) replaceItem(list, i, _Py_NoneStruct);
  }
  Py.DECREF(list);
  return r;
}

/**
 * @native atexit._clear($module, /)
 *
 * _clear()
 *
 * Take out all functions that were registered before.
 */
export function atexit_clear(_m: usize, _u: usize): usize {
  forget();
  return _Py_NoneStruct;
}

/**
 * @native atexit._run_exitfuncs($module, /)
 *
 * _run_exitfuncs()
 *
 * Call all functions now that were registered before.
 */
export function atexit_run_exitfuncs(_m: usize, _u: usize): usize {
  callAtExit();
  return _Py_NoneStruct;
}

/**
 * @native atexit._ncallbacks($module, /)
 *
 * _ncallbacks()
 *
 * How many functions have been registered.
 */
export function atexit_ncallbacks(_m: usize, _u: usize): usize {
  return PyLong_FromSsize_t(atexitRoots.callbacks == 0 ? 0 : Py.SIZE(atexitRoots.callbacks));
}

/**
 * @module atexit
 *
 * Functions that are called when the program ends, by itself and not
 * by a signal.
 *
 * There are two of them:
 *
 * register: have one called, with arguments that can be given as well
 * unregister: have it not called
 */
