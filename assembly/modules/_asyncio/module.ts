// The module _asyncio (CPython 3.13's Modules/_asynciomodule.c): the quick forms of asyncio's futures and tasks.
//
// Deliberate difference: the types are static.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_MANAGED_DICT, Py_TPFLAGS_MANAGED_WEAKREF } from "../../generated/constants";
import {
  PyAsyncMethods,
  PyTypeObject,
  SIZEOF_FutureObj,
  SIZEOF_TaskObj,
  SIZEOF_TaskStepMethWrapper,
} from "../../generated/layouts";
import { asyncioRoots } from "../../generated/runtime";
import { PyFuture_Type, PyTask_Type, PyTaskStepMethWrapper_Type } from "../../generated/statics";
import { PyObject_ClearManagedDict, PyObject_VisitManagedDict } from "../../objects/containers/dict/instance";
import { PyDict_New } from "../../objects/containers/dict/dict";
import { PySet_New } from "../../objects/containers/set/set";
import { PyTuple_Pack1 } from "../../objects/containers/tuple";
import { asAsync, METH_O, methodDef } from "../../objects/define/tables";
import {
  FutureObj_clear,
  FutureObj_traverse,
  TaskObj_clear,
  TaskObj_traverse,
  TaskStepMethWrapper_clear,
  TaskStepMethWrapper_traverse,
} from "../../objects/generated/references";
import { PyImport_From } from "../../objects/module/import";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyType_GenericNew } from "../../objects/object/alloc";
import { PyObject_CallNoArgs } from "../../objects/object/call";
import { MANAGED_WEAKREF_OFFSET, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_CallFinalizerFromDealloc } from "../../objects/types/subtype";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { collectedType } from "../collectedtype";
import { future_finalize, future_init, future_repr } from "./future";
import { awaitFuture, initFutureIterType } from "./futureiter";
import { stepwrapper_call, task_finalize, task_init, task_repr, task_wakeup } from "./task";

function future_traverse(o: usize, visit: u32, arg: usize): i32 {
  const r = FutureObj_traverse(o, visit, arg);
  return r != 0 ? r : PyObject_VisitManagedDict(o, visit, arg);
}

function future_clear(o: usize): i32 {
  FutureObj_clear(o);
  PyObject_ClearManagedDict(o);
  return 0;
}

function task_traverse(o: usize, visit: u32, arg: usize): i32 {
  const r = TaskObj_traverse(o, visit, arg);
  return r != 0 ? r : PyObject_VisitManagedDict(o, visit, arg);
}

function task_clear(o: usize): i32 {
  TaskObj_clear(o);
  PyObject_ClearManagedDict(o);
  return 0;
}

/** What is left of a deallocator when the finalizer is through. */
function release(o: usize): void {
  PyObject_GC_UnTrack(o);
  if (load<u32>(o + <usize>MANAGED_WEAKREF_OFFSET) != 0) PyObject_ClearWeakRefs(o);
}

function future_dealloc(o: usize): void {
  if (PyObject_CallFinalizerFromDealloc(o)) return;
  release(o);
  future_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function task_dealloc(o: usize): void {
  if (PyObject_CallFinalizerFromDealloc(o)) return;
  release(o);
  task_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function stepwrapper_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  TaskStepMethWrapper_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** What Future and Task have alike. */
function awaitableType(type: usize, size: usize, dealloc: u32, traverse: u32, clear: u32): PyTypeObject {
  const flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_MANAGED_DICT | Py_TPFLAGS_MANAGED_WEAKREF;
  const t = collectedType(type, size, dealloc, traverse, clear, flags);
  t.tp_dictoffset = -1;
  t.tp_weaklistoffset = MANAGED_WEAKREF_OFFSET;
  t.tp_new = PyType_GenericNew.index;
  t.tp_iter = awaitFuture.index;
  PyAsyncMethods.at(asAsync(type)).am_await = awaitFuture.index;
  return t;
}

/**
 * @type _asyncio.Future(*, loop=None)
 * @order result exception set_result set_exception add_done_callback remove_done_callback cancel cancelled done get_loop _make_cancelled_error __class_getitem__
 * @order _state _asyncio_future_blocking _loop _callbacks _result _exception _log_traceback _source_traceback _cancel_message
 *
 * What will be there later.
 *
 * It is much like concurrent.futures.Future, with these differences:
 *
 * - result() and exception() take no timeout: where the future has not ended,
 *   they raise InvalidStateError.
 *
 * - Callbacks are always called by the loop,
 *   which is told of them by call_soon().
 *
 * - wait() and as_completed() of concurrent.futures
 *   do not take it.
 *
 * @classmethod _asyncio.Future.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 */

/**
 * @type _asyncio.Task(coro, *, loop=None, name=None, context=None, eager_start=False)
 * @order result exception add_done_callback remove_done_callback cancelled done set_result set_exception cancel cancelling uncancel get_stack print_stack _make_cancelled_error get_name set_name get_coro get_context __class_getitem__
 *
 * A future that a coroutine ends.
 *
 * @classmethod _asyncio.Task.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 */

/** @type _asyncio.TaskStepMethWrapper */

/** Makes the types: 0, or -1 with an exception. */
function initTypes(): i32 {
  const f = awaitableType(
    PyFuture_Type,
    SIZEOF_FutureObj,
    future_dealloc.index,
    future_traverse.index,
    future_clear.index,
  );
  f.tp_init = future_init.index;
  f.tp_repr = future_repr.index;
  f.tp_finalize = future_finalize.index;
  const t = awaitableType(PyTask_Type, SIZEOF_TaskObj, task_dealloc.index, task_traverse.index, task_clear.index);
  t.tp_base = PyFuture_Type;
  t.tp_init = task_init.index;
  t.tp_repr = task_repr.index;
  t.tp_finalize = task_finalize.index;
  const w = collectedType(
    PyTaskStepMethWrapper_Type,
    SIZEOF_TaskStepMethWrapper,
    stepwrapper_dealloc.index,
    TaskStepMethWrapper_traverse.index,
    TaskStepMethWrapper_clear.index,
    0,
  );
  w.tp_call = stepwrapper_call.index;
  if (initFutureIterType() < 0 || PyType_Ready(PyFuture_Type) < 0) return -1;
  return PyType_Ready(PyTask_Type) < 0 ? -1 : PyType_Ready(PyTaskStepMethWrapper_Type);
}

/** Keeps what a module in Python has, at a slot of the roots: whether that is there; false with an exception. */
function keep(slot: usize, module: string, name: string): bool {
  return keepNew(slot, PyImport_From(module, name));
}

/** Keeps a new object, which is stolen: whether there is one. */
function keepNew(slot: usize, o: usize): bool {
  if (o == 0) return false;
  Py.SETREF(slot, o);
  return true;
}

/** A new WeakSet: null with an exception. */
function newWeakSet(): usize {
  const type = PyImport_From("weakref", "WeakSet");
  if (type == 0) return 0;
  const r = PyObject_CallNoArgs(type);
  Py.DECREF(type);
  return r;
}

function contextKeyword(): usize {
  const name = PyUnicode_InternLiteral("context");
  if (name == 0) return 0;
  const r = PyTuple_Pack1(name);
  Py.DECREF(name);
  return r;
}

/**
 * @module _asyncio
 * @order current_task get_event_loop get_running_loop _get_running_loop _set_running_loop _register_task _register_eager_task _unregister_task _unregister_eager_task _enter_task _leave_task _swap_current_task
 *
 * The quick half of the module asyncio
 */
export function initAsyncio(m: usize): i32 {
  if (asyncioRoots.wakeup_def == 0) asyncioRoots.wakeup_def = methodDef("task_wakeup", task_wakeup.index, METH_O);
  const ready =
    initTypes() == 0 &&
    PyModule_AddObjectLiteral(m, "Future", PyFuture_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "Task", PyTask_Type) == 0 &&
    keepNew(asyncioRoots.current_tasks_slot, PyDict_New()) &&
    keepNew(asyncioRoots.iscoroutine_typecache_slot, PySet_New(0)) &&
    keepNew(asyncioRoots.context_kwname_slot, contextKeyword()) &&
    keep(asyncioRoots.get_event_loop_policy_slot, "asyncio.events", "get_event_loop_policy") &&
    keep(asyncioRoots.future_repr_slot, "asyncio.base_futures", "_future_repr") &&
    keep(asyncioRoots.invalid_state_error_slot, "asyncio.exceptions", "InvalidStateError") &&
    keep(asyncioRoots.cancelled_error_slot, "asyncio.exceptions", "CancelledError") &&
    keep(asyncioRoots.task_repr_slot, "asyncio.base_tasks", "_task_repr") &&
    keep(asyncioRoots.task_get_stack_slot, "asyncio.base_tasks", "_task_get_stack") &&
    keep(asyncioRoots.task_print_stack_slot, "asyncio.base_tasks", "_task_print_stack") &&
    keep(asyncioRoots.iscoroutine_slot, "asyncio.coroutines", "iscoroutine") &&
    keep(asyncioRoots.extract_stack_slot, "traceback", "extract_stack") &&
    keepNew(asyncioRoots.scheduled_tasks_slot, newWeakSet()) &&
    keepNew(asyncioRoots.eager_tasks_slot, PySet_New(0)) &&
    PyModule_AddObjectLiteral(m, "_scheduled_tasks", Py.NewRef(<usize>asyncioRoots.scheduled_tasks)) == 0 &&
    PyModule_AddObjectLiteral(m, "_eager_tasks", Py.NewRef(<usize>asyncioRoots.eager_tasks)) == 0 &&
    PyModule_AddObjectLiteral(m, "_current_tasks", Py.NewRef(<usize>asyncioRoots.current_tasks)) == 0;
  return ready ? 0 : -1;
}
