// Which loop runs in a thread, and which task each loop runs (a part of CPython 3.13's Modules/_asynciomodule.c).

import { PyThreadState } from "../../generated/layouts";
import { asyncioRoots } from "../../generated/runtime";
import { _Py_NoneStruct, ID, PyExc_RuntimeError } from "../../generated/statics";
import {
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_Pop,
  PyDict_SetDefault,
  PyDict_SetItem,
} from "../../objects/containers/dict/dict";
import { PySet_Add, PySet_Discard } from "../../objects/containers/set/set";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyObject_CallMethodNoArgs, PyObject_CallMethodOneArg, PyObject_CallNoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { tstate } from "../../thread/current";

/** The loop that runs in this thread, borrowed; null where none does. */
function runningLoop(): usize {
  return PyThreadState.at(tstate).asyncio_running_loop;
}

/** The loop that runs in this thread, or that of the policy: a new reference, null with an exception. */
export function eventLoop(): usize {
  const loop = runningLoop();
  if (loop != 0) return Py.NewRef(loop);
  const policy = PyObject_CallNoArgs(asyncioRoots.get_event_loop_policy);
  if (policy == 0) return 0;
  const r = PyObject_CallMethodNoArgs(policy, ID.get_event_loop);
  Py.DECREF(policy);
  return r;
}

/** Calls a method of the set of all tasks: 0, or -1 with an exception. */
function tellTasks(name: usize, task: usize): i32 {
  const r = PyObject_CallMethodOneArg(asyncioRoots.scheduled_tasks, name, task);
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

/** Adds a task to those of the loops: 0, or -1 with an exception. */
export function registerTask(task: usize): i32 {
  return tellTasks(ID.add, task);
}

/** Has a loop run a task: 0, or -1 with RuntimeError where it runs another. */
export function enterTask(loop: usize, task: usize): i32 {
  const tasks = asyncioRoots.current_tasks;
  const other = PyDict_GetItemWithError(tasks, loop);
  if (other == 0) return PyErr_Occurred() == 0 && PyDict_SetDefault(tasks, loop, task) != 0 ? 0 : -1;
  Py.INCREF(other);
  PyErr_Format(PyExc_RuntimeError, "Cannot enter into task %R while another task %R is being executed.", task, other);
  Py.DECREF(other);
  return -1;
}

/** Ends that: 0, or -1 with RuntimeError where the loop does not run the task. */
export function leaveTask(loop: usize, task: usize): i32 {
  const tasks = asyncioRoots.current_tasks;
  const current = PyDict_GetItemWithError(tasks, loop);
  if (current == task) return PyDict_DelItem(tasks, loop);
  if (PyErr_Occurred() != 0) return -1;
  const shown = current == 0 ? _Py_NoneStruct : Py.NewRef(current);
  PyErr_Format(PyExc_RuntimeError, "Leaving task %R does not match the current task %R.", task, shown);
  Py.DECREF(shown);
  return -1;
}

/** Has a loop run a task, or none for None, in the place of what it ran, which is returned: a new reference, None for nothing. */
export function swapTask(loop: usize, task: usize): usize {
  const tasks = asyncioRoots.current_tasks;
  if (task == _Py_NoneStruct) {
    return PyDict_Pop(tasks, loop, _Py_NoneStruct);
  }
  const before = Py.XNewRef(PyDict_GetItemWithError(tasks, loop));
  if (before == 0 && PyErr_Occurred() != 0) return 0;
  if (PyDict_SetItem(tasks, loop, task) == 0) return before == 0 ? _Py_NoneStruct : before;
  Py.XDECREF(before);
  return 0;
}

function done(status: i32): usize {
  return status < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _asyncio.current_task($module, /, loop=None)
 *
 * The task that a loop runs, None where it runs none.
 */
export function asyncio_current_task(_m: usize, loop: usize): usize {
  const key = loop == _Py_NoneStruct ? asyncio_get_running_loop(_m) : Py.NewRef(loop);
  if (key == 0) return 0;
  const task = PyDict_GetItemWithError(asyncioRoots.current_tasks, key);
  const r = task != 0 ? Py.NewRef(task) : PyErr_Occurred() != 0 ? 0 : _Py_NoneStruct;
  Py.DECREF(key);
  return r;
}

/**
 * @native _asyncio.get_event_loop($module, /)
 *
 * The loop that runs in this thread; where none does, that of the policy:
 * what get_event_loop_policy().get_event_loop() gives.
 *
 * In a coroutine, and in what a loop calls, there is always one that runs.
 */
export function asyncio_get_event_loop(_m: usize): usize {
  return eventLoop();
}

/**
 * @native _asyncio.get_running_loop($module, /)
 *
 * The loop that runs in this thread.
 *
 * RuntimeError is raised where none does.
 */
export function asyncio_get_running_loop(_m: usize): usize {
  const loop = runningLoop();
  return loop == 0 ? PyErr_SetString(PyExc_RuntimeError, "no running event loop") : Py.NewRef(loop);
}

/**
 * @native _asyncio._get_running_loop($module, /)
 *
 * The loop that runs in this thread, or None.
 *
 * It is there for loops: others are better off with get_running_loop(). Each thread has
 * its own.
 */
export function asyncio__get_running_loop(_m: usize): usize {
  const loop = runningLoop();
  return loop == 0 ? _Py_NoneStruct : Py.NewRef(loop);
}

/**
 * @native _asyncio._set_running_loop($module, loop, /)
 *
 * Says which loop runs in this thread; None for none.
 *
 * It is there for loops. Each thread has
 * its own.
 */
export function asyncio__set_running_loop(_m: usize, loop: usize): usize {
  const value = loop == _Py_NoneStruct ? 0 : Py.NewRef(loop);
  Py.SETREF(PyThreadState.at(tstate).asyncio_running_loop_slot, value);
  return _Py_NoneStruct;
}

/**
 * @native _asyncio._register_task($module, /, task)
 *
 * Adds a task to those of the loops.
 *
 * None is returned.
 */
export function asyncio__register_task(_m: usize, task: usize): usize {
  return done(registerTask(task));
}

/**
 * @native _asyncio._register_eager_task($module, /, task)
 *
 * Adds a task to those that run since they were made.
 *
 * None is returned.
 */
export function asyncio__register_eager_task(_m: usize, task: usize): usize {
  return done(PySet_Add(asyncioRoots.eager_tasks, task));
}

/**
 * @native _asyncio._unregister_task($module, /, task)
 *
 * Takes a task away from those of the loops.
 *
 * None is returned.
 */
export function asyncio__unregister_task(_m: usize, task: usize): usize {
  return done(tellTasks(ID.discard, task));
}

/**
 * @native _asyncio._unregister_eager_task($module, /, task)
 *
 * Takes a task away from those that run since they were made.
 *
 * None is returned.
 */
export function asyncio__unregister_eager_task(_m: usize, task: usize): usize {
  return done(min(PySet_Discard(asyncioRoots.eager_tasks, task), 0));
}

/**
 * @native _asyncio._enter_task($module, /, loop, task)
 *
 * Notes that a loop begins a task, or goes on with it.
 *
 * None is returned.
 */
export function asyncio__enter_task(_m: usize, loop: usize, task: usize): usize {
  return done(enterTask(loop, task));
}

/**
 * @native _asyncio._leave_task($module, /, loop, task)
 *
 * Notes that a loop ends a task, or has it wait.
 *
 * None is returned.
 */
export function asyncio__leave_task(_m: usize, loop: usize, task: usize): usize {
  return done(leaveTask(loop, task));
}

/**
 * @native _asyncio._swap_current_task($module, /, loop, task)
 *
 * Notes that a loop runs another task for a while, and returns the one that it ran, or None.
 *
 * Tasks that run since they were made need it.
 */
export function asyncio__swap_current_task(_m: usize, loop: usize, task: usize): usize {
  return swapTask(loop, task);
}
