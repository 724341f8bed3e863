// sys.monitoring: the functions by which a tool says what it wants to be told (the module at the end of CPython 3.13's
// Python/instrumentation.c), and the functions of sys that make a function such a tool.

import { _PY_EVAL_EVENTS_BITS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyCodeObject } from "../../generated/layouts";
import { monitoringRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyBaseObject_Type,
  PyCode_Type,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyDict_New, PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { _PyNamespace_New } from "../../objects/containers/namespace";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { Py } from "../../objects/object/head";
import { tstate } from "../../thread/current";
import { callableSlot, eventName } from "../../vm/monitoring/events";
import {
  C_RAISE,
  C_RETURN,
  CALL,
  EVENTS,
  LOCAL_EVENTS,
  SYS_PROFILE_ID,
  UNGROUPED_EVENTS,
} from "../../objects/code/events";
import { Monitors, setLocalEvents, setToolEvents, setVersion } from "../../vm/monitoring/instrument";
import { forgetTracing } from "../../vm/monitoring/legacy";

const C_RETURN_EVENTS: i32 = (1 << C_RETURN) | (1 << C_RAISE);

function isTool(id: i32): bool {
  if (id >= 0 && id < SYS_PROFILE_ID) return true;
  PyErr_Format(PyExc_ValueError, "invalid tool %d (must be between 0 and 5)", id);
  return false;
}

/** The slot of what the tool is called. */
function nameSlot(id: i32): usize {
  return monitoringRoots.tool_names + ((<usize>id) << 3);
}

function isInUse(id: i32): bool {
  if (load<u32>(nameSlot(id)) != 0) return true;
  PyErr_Format(PyExc_ValueError, "tool %d is not in use", id);
  return false;
}

function isCode(o: usize): bool {
  if (Py.TYPE(o) == PyCode_Type) return true;
  PyErr_SetString(PyExc_TypeError, "code must be a code object");
  return false;
}

/** The ends of native calls are told with the calls alone. */
function withCalls(events: i32): bool {
  const wanted = C_RETURN_EVENTS | (1 << CALL);
  if (!(events & C_RETURN_EVENTS) || (events & wanted) == wanted) return true;
  PyErr_SetString(PyExc_ValueError, "cannot set C_RETURN or C_RAISE events independently");
  return false;
}

/**
 * @native sys.monitoring.use_tool_id($module, tool_id, name, /)
 */
export function monitoring_use_tool_id(_m: usize, id: i32, name: usize): usize {
  if (!isTool(id)) return 0;
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) return PyErr_SetString(PyExc_ValueError, "tool name must be a str");
  if (load<u32>(nameSlot(id)) != 0) return PyErr_Format(PyExc_ValueError, "tool %d is already in use", id);
  store<u64>(nameSlot(id), Py.NewRef(name));
  return _Py_NoneStruct;
}

/**
 * @native sys.monitoring.free_tool_id($module, tool_id, /)
 */
export function monitoring_free_tool_id(_m: usize, id: i32): usize {
  if (!isTool(id)) return 0;
  Py.CLEAR(nameSlot(id));
  return _Py_NoneStruct;
}

/**
 * @native sys.monitoring.get_tool($module, tool_id, /)
 */
export function monitoring_get_tool(_m: usize, id: i32): usize {
  if (!isTool(id)) return 0;
  const name: usize = load<u32>(nameSlot(id));
  return name == 0 ? _Py_NoneStruct : Py.NewRef(name);
}

/**
 * @native sys.monitoring.register_callback($module, tool_id, event, func, /)
 */
export function monitoring_register_callback(_m: usize, id: i32, event: i32, func: usize): usize {
  if (!isTool(id)) return 0;
  if (popcnt(event) != 1) {
    return PyErr_SetString(PyExc_ValueError, "The callback can only be set for one event at a time");
  }
  const e = ctz(event);
  if (e >= EVENTS) return PyErr_Format(PyExc_ValueError, "invalid event %d", event);
  if (!Audit.event("sys.monitoring.register_callback", "O", func)) return 0;
  const slot = callableSlot(id, e);
  const old: usize = load<u32>(slot);
  store<u64>(slot, func == _Py_NoneStruct ? 0 : Py.NewRef(func));
  return old == 0 ? _Py_NoneStruct : old;
}

/**
 * @native sys.monitoring.get_events($module, tool_id, /)
 */
export function monitoring_get_events(_m: usize, id: i32): usize {
  if (!isTool(id)) return 0;
  return PyLong_FromLong(Monitors.eventsOf(monitoringRoots.monitors, UNGROUPED_EVENTS, id));
}

/**
 * @native sys.monitoring.set_events($module, tool_id, event_set, /)
 */
export function monitoring_set_events(_m: usize, id: i32, events: i32): usize {
  if (!isTool(id)) return 0;
  if (events < 0 || events >= 1 << EVENTS) return PyErr_Format(PyExc_ValueError, "invalid event set 0x%x", events);
  if (!withCalls(events) || !isInUse(id)) return 0;
  return setToolEvents(id, events & ~C_RETURN_EVENTS) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native sys.monitoring.get_local_events($module, tool_id, code, /)
 */
export function monitoring_get_local_events(_m: usize, id: i32, code: usize): usize {
  if (!isCode(code) || !isTool(id)) return 0;
  if (PyCodeObject.at(code)._co_monitoring == 0) return PyLong_FromLong(0);
  return PyLong_FromLong(Monitors.eventsOf(Monitors.data(code).local_monitors, LOCAL_EVENTS, id));
}

/**
 * @native sys.monitoring.set_local_events($module, tool_id, code, event_set, /)
 */
export function monitoring_set_local_events(_m: usize, id: i32, code: usize, events: i32): usize {
  if (!isCode(code) || !isTool(id) || !withCalls(events)) return 0;
  const local = events & ~C_RETURN_EVENTS;
  if (local < 0 || local >= 1 << LOCAL_EVENTS) {
    return PyErr_Format(PyExc_ValueError, "invalid local event set 0x%x", local);
  }
  if (!isInUse(id)) return 0;
  return setLocalEvents(code, id, local) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native sys.monitoring.restart_events($module, /)
 */
export function monitoring_restart_events(_m: usize, _unused: usize): usize {
  const step = 1 << _PY_EVAL_EVENTS_BITS;
  // What was turned off before this version is turned on again by the next.
  const restart = monitoringRoots.version + step;
  const version = restart + step;
  if (version <= <u32>step) return PyErr_SetString(PyExc_OverflowError, "events set too many times");
  monitoringRoots.last_restart_version = restart;
  return setVersion(version) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native sys.monitoring._all_events($module, /)
 */
export function monitoring_all_events(_m: usize, _unused: usize): usize {
  const d = PyDict_New();
  if (d == 0) return 0;
  for (let e = 0; e < UNGROUPED_EVENTS; e++) {
    const tools = Monitors.everywhere(e);
    if (tools == 0) continue;
    const v = PyLong_FromLong(tools);
    const r = v == 0 ? -1 : PyDict_SetItemLiteral(d, eventName(e), v);
    Py.XDECREF(v);
    if (r < 0) {
      Py.DECREF(d);
      return 0;
    }
  }
  return d;
}

/** A new namespace of the events, a bit each. */
function eventNumbers(): usize {
  const d = PyDict_New();
  if (d == 0) return 0;
  for (let e = 0; e <= EVENTS; e++) {
    const v = PyLong_FromLong(e < EVENTS ? 1 << e : 0);
    const r = v == 0 ? -1 : PyDict_SetItemLiteral(d, e < EVENTS ? eventName(e) : "NO_EVENTS", v);
    Py.XDECREF(v);
    if (r < 0) {
      Py.DECREF(d);
      return 0;
    }
  }
  const events = _PyNamespace_New(d);
  Py.DECREF(d);
  return events;
}

/**
 * @module sys.monitoring
 * @order use_tool_id free_tool_id get_tool register_callback get_events set_events get_local_events set_local_events
 * @order restart_events _all_events
 */
export function initMonitoring(m: usize): i32 {
  monitoringRoots.disable = PyType_GenericAlloc(PyBaseObject_Type, 0);
  monitoringRoots.missing = PyType_GenericAlloc(PyBaseObject_Type, 0);
  return PyModule_AddObjectLiteral(m, "DISABLE", Py.XNewRef(monitoringRoots.disable)) == 0 &&
    PyModule_AddObjectLiteral(m, "MISSING", Py.XNewRef(monitoringRoots.missing)) == 0 &&
    PyModule_AddObjectLiteral(m, "events", eventNumbers()) == 0 &&
    PyModule_AddObjectLiteral(m, "DEBUGGER_ID", PyLong_FromLong(0)) == 0 &&
    PyModule_AddObjectLiteral(m, "COVERAGE_ID", PyLong_FromLong(1)) == 0 &&
    PyModule_AddObjectLiteral(m, "PROFILER_ID", PyLong_FromLong(2)) == 0 &&
    PyModule_AddObjectLiteral(m, "OPTIMIZER_ID", PyLong_FromLong(5)) == 0
    ? 0
    : -1;
}

/** Forgets all tools, those of sys.settrace() and sys.setprofile() too. For the end of the process. */
export function clearMonitoring(): void {
  forgetTracing(tstate);
  memory.fill(monitoringRoots.monitors, 0, UNGROUPED_EVENTS);
  for (let slot = monitoringRoots.callables, n = 8 * EVENTS; n > 0; n--, slot += 8) Py.CLEAR(slot);
  for (let id = 0; id < SYS_PROFILE_ID; id++) Py.CLEAR(nameSlot(id));
  const disable = monitoringRoots.disable;
  const missing = monitoringRoots.missing;
  monitoringRoots.disable = 0;
  monitoringRoots.missing = 0;
  Py.XDECREF(disable);
  Py.XDECREF(missing);
}
