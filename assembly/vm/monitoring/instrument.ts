// Code that tells of what it does (the writing half of CPython 3.13's Python/instrumentation.c).
//
// An instruction from which an event may come has its INSTRUMENTED_ form while a tool wants the event there; one that
// begins a line is hidden by INSTRUMENTED_LINE, and any may be hidden by INSTRUMENTED_INSTRUCTION (see
// assembly/objects/code/instrumented.ts). Which tools want what is in the monitors: of the process for all code, of a
// code object for itself; together they are active. With the arrays `tools`, `line_tools` and `per_instruction_tools`
// a tool can turn an event off for one instruction; without them there is one tool alone.
//
// Invariant: the instructions of a code object are right for its _co_instrumentation_version. The events' version is in
// the upper bits of the eval breaker; a frame compares it at its RESUME, and code that runs already is brought up to date
// when the version changes.

import { _PY_EVAL_EVENTS_BITS, CO_NO_MONITORING_EVENTS } from "../../generated/constants";
import {
  _Py_CODEUNIT,
  _PyCoMonitoringData,
  _PyInterpreterFrame,
  exception_entry,
  PyBytesObject,
  PyCodeObject,
  PyThreadState,
  SIZEOF__PyCoLineInstrumentationData,
  SIZEOF__PyCoMonitoringData,
} from "../../generated/layouts";
import * as op from "../../generated/opcodes";
import { monitoringRoots, threadsRoots } from "../../generated/runtime";
import { PyExc_OverflowError, PyExc_SystemError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import {
  PY_START,
  PY_RESUME,
  PY_RETURN,
  PY_YIELD,
  CALL,
  LINE,
  INSTRUCTION,
  JUMP,
  BRANCH,
  STOP_ITERATION,
  LOCAL_EVENTS,
  UNGROUPED_EVENTS,
} from "../../objects/code/events";
import { codeLines, readExceptionEntry } from "../../objects/code/code";
import {
  _Py_GetBaseOpcode,
  COMPUTED_LINE,
  COMPUTED_LINE_CHANGE,
  instructionLength,
  NO_LINE,
  Watched,
} from "../../objects/code/instrumented";
import { PyErr_Format, PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { tstate } from "../../thread/current";
import { Breaker } from "../../thread/gil";
import { Scratch } from "../../thread/scratch";

/** The event of an instruction in its generic form; -1 where none comes from it. */
function eventOf(opcode: i32, oparg: i32): i32 {
  switch (opcode) {
    case op.RESUME:
      return oparg != 0 ? PY_RESUME : PY_START;
    case op.RETURN_VALUE:
    case op.RETURN_CONST:
      return PY_RETURN;
    case op.YIELD_VALUE:
      return PY_YIELD;
    case op.CALL:
    case op.CALL_KW:
    case op.CALL_FUNCTION_EX:
    case op.LOAD_SUPER_ATTR:
      return CALL;
    case op.JUMP_FORWARD:
    case op.JUMP_BACKWARD:
      return JUMP;
    case op.POP_JUMP_IF_FALSE:
    case op.POP_JUMP_IF_TRUE:
    case op.POP_JUMP_IF_NONE:
    case op.POP_JUMP_IF_NOT_NONE:
    case op.FOR_ITER:
      return BRANCH;
    case op.END_FOR:
    case op.END_SEND:
      return STOP_ITERATION;
    default:
      return -1;
  }
}

/** The tools of the events, a byte each, and what a code object keeps of them. */
export class Monitors {
  /** The tools that want an event of all code. */
  @inline static everywhere(event: i32): u8 {
    return load<u8>(monitoringRoots.monitors + <usize>event);
  }

  /** The tools to whom this code tells an event. */
  @inline static active(code: usize, event: i32): u8 {
    return load<u8>(Monitors.data(code).active_monitors + <usize>event);
  }

  /** What the code keeps for being watched. */
  @inline static data(code: usize): _PyCoMonitoringData {
    return _PyCoMonitoringData.at(PyCodeObject.at(code)._co_monitoring);
  }

  /** The events that a tool wants, a bit each, of those that the `n` bytes at `monitors` are for. */
  static eventsOf(monitors: usize, n: i32, tool: i32): i32 {
    let events = 0;
    for (let e = 0; e < n; e++) events |= ((<i32>load<u8>(monitors + <usize>e) >> tool) & 1) << e;
    return events;
  }

  /** Makes these events, and no others of the `n`, those that the tool wants. */
  static setEvents(monitors: usize, n: i32, tool: i32, events: i32): void {
    for (let e = 0; e < n; e++) {
      const p = monitors + <usize>e;
      store<u8>(p, (<i32>load<u8>(p) & ~(1 << tool)) | (((events >> e) & 1) << tool));
    }
  }
}

/** The address of the opcode of code unit i that is hidden by no INSTRUMENTED_LINE. */
function belowLine(code: usize, i: i32): usize {
  const p = Watched.unit(code, i);
  return load<u8>(p) == op.INSTRUMENTED_LINE ? changetype<usize>(Watched.line(code, i)) : p;
}

/** The address of its opcode that nothing hides. */
function belowAll(code: usize, i: i32): usize {
  const p = belowLine(code, i);
  return load<u8>(p) == op.INSTRUMENTED_INSTRUCTION ? Watched.hidden(code, i) : p;
}

/** Writes a generic opcode; its cache, which begins with a counter as all do, begins anew, as it is not that of the form that stood there. */
function writeGeneric(code: usize, i: i32, p: usize, opcode: i32): void {
  store<u8>(p, <u8>opcode);
  if (load<u8>(op.opCaches + <usize>opcode)) op.BinaryOpCache.of(Watched.unit(code, i)).counter = 0;
}

function deInstrument(code: usize, i: i32): void {
  const p = belowAll(code, i);
  const opcode: i32 = load<u8>(p);
  if (opcode >= op.MIN_INSTRUMENTED_OPCODE) writeGeneric(code, i, p, load<u8>(op.opDeopt + <usize>opcode));
}

function deInstrumentLine(code: usize, i: i32): void {
  const p = Watched.unit(code, i);
  if (load<u8>(p) != op.INSTRUMENTED_LINE) return;
  const entry = Watched.line(code, i);
  const opcode: i32 = entry.original_opcode;
  // Whoever tells of this line now goes on with what is there, and tells of no instruction that does not hide itself.
  if (opcode == op.INSTRUMENTED_INSTRUCTION) entry.original_opcode = load<u8>(Watched.hidden(code, i));
  writeBack(code, i, p, opcode);
}

function deInstrumentInstruction(code: usize, i: i32): void {
  const p = belowLine(code, i);
  if (load<u8>(p) == op.INSTRUMENTED_INSTRUCTION) writeBack(code, i, p, load<u8>(Watched.hidden(code, i)));
}

/** Writes what was hidden. */
function writeBack(code: usize, i: i32, p: usize, opcode: i32): void {
  if (opcode >= op.MIN_INSTRUMENTED_OPCODE) store<u8>(p, <u8>opcode);
  else writeGeneric(code, i, p, opcode);
}

function instrument(code: usize, i: i32): void {
  const p = belowAll(code, i);
  const opcode: i32 = load<u8>(p);
  if (opcode >= op.MIN_INSTRUMENTED_OPCODE) return;
  const base = load<u8>(op.opDeopt + <usize>opcode);
  store<u8>(p, load<u8>(op.opInstrumented + <usize>base));
  if (load<u8>(op.opCaches + <usize>base)) op.BinaryOpCache.of(Watched.unit(code, i)).counter = 0;
}

/** What is hidden is generic, or tells of itself. */
function hideable(opcode: i32): i32 {
  return opcode >= op.MIN_INSTRUMENTED_OPCODE ? opcode : <i32>load<u8>(op.opDeopt + <usize>opcode);
}

function instrumentLine(code: usize, i: i32): void {
  const p = Watched.unit(code, i);
  const opcode: i32 = load<u8>(p);
  if (opcode == op.INSTRUMENTED_LINE) return;
  Watched.line(code, i).original_opcode = <u8>hideable(opcode);
  store<u8>(p, <u8>op.INSTRUMENTED_LINE);
}

function instrumentInstruction(code: usize, i: i32): void {
  const p = belowLine(code, i);
  const opcode: i32 = load<u8>(p);
  if (opcode == op.INSTRUMENTED_INSTRUCTION) return;
  store<u8>(Watched.hidden(code, i), <u8>hideable(opcode));
  store<u8>(p, <u8>op.INSTRUMENTED_INSTRUCTION);
}

/** Takes tools from an array, or from the one tool there is where there is no array: whether none is left. */
function noneLeft(code: usize, array: usize, i: i32, event: i32, tools: u8): bool {
  if (array == 0) return (Monitors.active(code, event) & ~tools) == 0;
  const p = array + <usize>i;
  store<u8>(p, load<u8>(p) & ~tools);
  return load<u8>(p) == 0;
}

function addTools(array: usize, i: i32, tools: u8): void {
  if (array != 0) store<u8>(array + <usize>i, load<u8>(array + <usize>i) | tools);
}

/** Turns an event off for these tools at one instruction. */
export function removeTools(code: usize, i: i32, event: i32, tools: u8): void {
  const data = Monitors.data(code);
  if (event == LINE) {
    if (noneLeft(code, data.line_tools, i, LINE, tools)) deInstrumentLine(code, i);
  } else if (event == INSTRUCTION) {
    if (noneLeft(code, data.per_instruction_tools, i, INSTRUCTION, tools)) deInstrumentInstruction(code, i);
  } else if (noneLeft(code, data.tools, i, event, tools)) deInstrument(code, i);
}

/** Whether a line event may come from the instruction: the others are jumped over, or are the watching's own. */
function mayBeginLine(opcode: i32): bool {
  return opcode != op.END_ASYNC_FOR && opcode != op.END_FOR && opcode != op.END_SEND && opcode != op.RESUME;
}

/** Whether an instruction event comes from the instruction. */
function mayTellInstruction(opcode: i32): bool {
  return opcode != op.RESUME && opcode != op.END_FOR;
}

/** Fills `lines`: where lines begin, in order or by a jump. False with MemoryError. */
function initializeLines(code: usize): bool {
  const co = PyCodeObject.at(code);
  const lineOf = PyMem_Malloc((<usize>Py.SIZE(code)) << 2);
  if (lineOf == 0) {
    PyErr_NoMemory();
    return false;
  }
  codeLines(code, lineOf);
  const n = Py.SIZE(code);
  memory.fill(changetype<usize>(Watched.line(code, 0)), 0, <usize>n * SIZEOF__PyCoLineInstrumentationData);
  for (let i = 0; i < n; i++) {
    Watched.line(code, i).line_delta = <u8>(i < co._co_firsttraceable ? COMPUTED_LINE_CHANGE : NO_LINE);
  }
  let current = -1;
  for (let i: i32 = co._co_firsttraceable; i < n; i += instructionLength(code, i)) {
    const opcode = _Py_GetBaseOpcode(code, i);
    const line = load<i32>(lineOf + ((<usize>i) << 2));
    const entry = Watched.line(code, i);
    const delta = line - co.co_firstlineno - (i >> 4);
    if (line >= 0) entry.line_delta = <u8>(delta > COMPUTED_LINE && delta < 128 ? delta : COMPUTED_LINE);
    if (!mayBeginLine(opcode)) continue;
    if (line != current && line >= 0) {
      entry.original_opcode = <u8>opcode;
      if (<i32>(<i8>entry.line_delta) == COMPUTED_LINE) entry.line_delta = <u8>COMPUTED_LINE_CHANGE;
    }
    current = line;
  }
  PyMem_Free(lineOf);
  for (let i: i32 = co._co_firsttraceable; i < n; ) {
    let opcode = _Py_GetBaseOpcode(code, i);
    let oparg: i32 = _Py_CODEUNIT.at(Watched.unit(code, i)).arg;
    while (opcode == op.EXTENDED_ARG) {
      i++;
      opcode = _Py_GetBaseOpcode(code, i);
      oparg = (oparg << 8) | <i32>_Py_CODEUNIT.at(Watched.unit(code, i)).arg;
    }
    i += instructionLength(code, i);
    let target = -1;
    switch (opcode) {
      case op.POP_JUMP_IF_FALSE:
      case op.POP_JUMP_IF_TRUE:
      case op.POP_JUMP_IF_NONE:
      case op.POP_JUMP_IF_NOT_NONE:
      case op.JUMP_FORWARD:
        target = i + oparg;
        break;
      case op.FOR_ITER:
      case op.SEND:
        // Past END_FOR or END_SEND.
        target = i + oparg + 1;
        break;
      case op.JUMP_BACKWARD:
      case op.JUMP_BACKWARD_NO_INTERRUPT:
        target = i - oparg;
        break;
    }
    if (target < 0) continue;
    const entry = Watched.line(code, target);
    const delta = <i32>(<i8>entry.line_delta);
    if (delta == NO_LINE) continue;
    entry.original_opcode = <u8>_Py_GetBaseOpcode(code, target);
    if (delta == COMPUTED_LINE_CHANGE) entry.line_delta = <u8>COMPUTED_LINE;
  }
  let p: usize = PyBytesObject.at(co.co_exceptiontable).ob_sval;
  const end = p + <usize>Py.SIZE(co.co_exceptiontable);
  const row = Scratch.take(2);
  while (p < end) {
    p = readExceptionEntry(p, row);
    const target = exception_entry.at(row).target;
    const opcode = _Py_GetBaseOpcode(code, target);
    const line = Watched.line(code, target);
    if (<i32>(<i8>line.line_delta) != NO_LINE && opcode != op.END_ASYNC_FOR) line.original_opcode = <u8>opcode;
  }
  Scratch.give(row);
  return true;
}

/** Fills `tools`, when a second tool comes: the first has what is instrumented already. */
function initializeTools(code: usize): void {
  const tools = Monitors.data(code).tools;
  const n = Py.SIZE(code);
  for (let i = 0; i < n; i++) store<u8>(tools + <usize>i, 0);
  for (let i: i32 = 0; i < n; i += instructionLength(code, i)) {
    const opcode: i32 = load<u8>(belowAll(code, i));
    if (opcode < op.MIN_INSTRUMENTED_OPCODE) continue;
    const event = eventOf(load<u8>(op.opDeopt + <usize>opcode), _Py_CODEUNIT.at(Watched.unit(code, i)).arg);
    store<u8>(tools + <usize>i, Monitors.active(code, event));
  }
}

/** A block of `size` bytes in the slot, if there is none: 1 if it is new, 0, or -1 with MemoryError. */
function need(slot: usize, size: usize): i32 {
  if (load<u32>(slot) != 0) return 0;
  const p = PyMem_Malloc(size);
  if (p == 0) {
    PyErr_NoMemory();
    return -1;
  }
  store<u64>(slot, p);
  return 1;
}

/** What the code keeps for being watched, if there is nothing yet: 0, or -1 with MemoryError. */
export function allocateMonitoring(code: usize): i32 {
  const r = need(PyCodeObject.at(code)._co_monitoring_slot, SIZEOF__PyCoMonitoringData);
  if (r == 1) memory.fill(PyCodeObject.at(code)._co_monitoring, 0, SIZEOF__PyCoMonitoringData);
  return r < 0 ? -1 : 0;
}

/** The tools that want an event of this code, of it alone or of all. */
function wanted(code: usize, event: i32): u8 {
  return Monitors.everywhere(event) | load<u8>(Monitors.data(code).local_monitors + <usize>event);
}

/** Readies the arrays that the wanted events need: 0, or -1 with MemoryError. */
function updateArrays(code: usize): i32 {
  if (allocateMonitoring(code) < 0) return -1;
  const data = Monitors.data(code);
  const n = <usize>Py.SIZE(code);
  let several = false;
  for (let e = 0; e < LOCAL_EVENTS; e++) if (popcnt(<i32>wanted(code, e)) > 1) several = true;
  if (several) {
    const r = need(data.tools_slot, n);
    if (r < 0) return -1;
    if (r == 1) initializeTools(code);
  }
  if (wanted(code, LINE)) {
    let r = need(data.lines_slot, n * SIZEOF__PyCoLineInstrumentationData);
    if (r < 0) return -1;
    if (r == 1 && !initializeLines(code)) {
      PyMem_Free(data.lines);
      data.lines = 0;
      return -1;
    }
    if (several) {
      r = need(data.line_tools_slot, n);
      if (r < 0) return -1;
      if (r == 1) memory.fill(data.line_tools, wanted(code, LINE), n);
    }
  }
  if (wanted(code, INSTRUCTION)) {
    let r = need(data.per_instruction_opcodes_slot, n);
    if (r < 0) return -1;
    if (r == 1) memory.fill(data.per_instruction_opcodes, 0, n);
    if (several) {
      r = need(data.per_instruction_tools_slot, n);
      if (r < 0) return -1;
      if (r == 1) memory.fill(data.per_instruction_tools, 0, n);
    }
  }
  return 0;
}

/** The difference that the wanted events make, for one event: those to be removed in the upper byte, new ones below. */
function changeOf(code: usize, event: i32, restarted: bool, wantedTools: u8): i32 {
  const had = Monitors.active(code, event);
  if (restarted) return ((<i32>had) << 8) | <i32>wantedTools;
  return ((<i32>had & ~(<i32>wantedTools)) << 8) | (<i32>wantedTools & ~(<i32>had));
}

/** Changes of the local events, a changeOf() each: 0 for all that stays. */
class Changes {
  @inline static at(changes: usize, event: i32): i32 {
    return load<i32>(changes + ((<usize>event) << 2));
  }
  @inline static removed(changes: usize, event: i32): u8 {
    return <u8>(Changes.at(changes, event) >> 8);
  }
  @inline static added(changes: usize, event: i32): u8 {
    return <u8>Changes.at(changes, event);
  }
}

/** Makes the instructions tell what is wanted now: 0, or -1 with MemoryError. */
function forceInstrument(code: usize): i32 {
  const co = PyCodeObject.at(code);
  if (co.co_flags & CO_NO_MONITORING_EVENTS) {
    co._co_instrumentation_version = monitoringRoots.version;
    return 0;
  }
  if (updateArrays(code) < 0) return -1;
  const data = Monitors.data(code);
  const n = Py.SIZE(code);
  const restarted = monitoringRoots.last_restart_version > co._co_instrumentation_version;
  // On the thread's scratch slots: ten numbers of four bytes.
  const changes = Scratch.take(LOCAL_EVENTS);
  let any = 0;
  for (let e = 0; e < LOCAL_EVENTS; e++) {
    const change = changeOf(code, e, restarted, wanted(code, e));
    store<i32>(changes + ((<usize>e) << 2), change);
    any |= change;
  }
  // What is asked of the one tool there is, when there is no array, is asked with the old monitors for what is removed.
  if (any) {
    const first: i32 = co._co_firsttraceable;
    for (let i: i32 = first; i < n; i += instructionLength(code, i)) {
      const opcode = _Py_GetBaseOpcode(code, i);
      const event = eventOf(opcode, _Py_CODEUNIT.at(Watched.unit(code, i)).arg);
      if (event < 0) continue;
      const removed = Changes.removed(changes, event);
      if (removed) removeTools(code, i, event, removed);
    }
    const lines = Changes.removed(changes, LINE);
    const instructions = Changes.removed(changes, INSTRUCTION);
    if (lines | instructions) {
      for (let i: i32 = first; i < n; i += instructionLength(code, i)) {
        if (lines && Watched.line(code, i).original_opcode) removeTools(code, i, LINE, lines);
      }
      for (let i: i32 = first; i < n; i += instructionLength(code, i)) {
        if (instructions && mayTellInstruction(_Py_GetBaseOpcode(code, i))) {
          removeTools(code, i, INSTRUCTION, instructions);
        }
      }
    }
  }
  for (let e = 0; e < LOCAL_EVENTS; e++) store<u8>(data.active_monitors + <usize>e, wanted(code, e));
  if (any) addAll(code, changes);
  Scratch.give(changes);
  co._co_instrumentation_version = monitoringRoots.version;
  return 0;
}

/** Adds what is new. */
function addAll(code: usize, changes: usize): void {
  const data = Monitors.data(code);
  const n = Py.SIZE(code);
  const first: i32 = PyCodeObject.at(code)._co_firsttraceable;
  for (let i: i32 = first; i < n; i += instructionLength(code, i)) {
    const event = eventOf(_Py_GetBaseOpcode(code, i), _Py_CODEUNIT.at(Watched.unit(code, i)).arg);
    const added: u8 = event < 0 ? 0 : Changes.added(changes, event);
    if (added) {
      addTools(data.tools, i, added);
      instrument(code, i);
    }
  }
  const lines = Changes.added(changes, LINE);
  if (lines) {
    for (let i: i32 = first; i < n; i += instructionLength(code, i)) {
      if (!Watched.line(code, i).original_opcode) continue;
      addTools(data.line_tools, i, lines);
      instrumentLine(code, i);
    }
  }
  const instructions = Changes.added(changes, INSTRUCTION);
  if (instructions) {
    for (let i: i32 = first; i < n; i += instructionLength(code, i)) {
      if (!mayTellInstruction(_Py_GetBaseOpcode(code, i))) continue;
      addTools(data.per_instruction_tools, i, instructions);
      instrumentInstruction(code, i);
    }
  }
}

/** Brings a code object up to date: 0, or -1 with MemoryError. */
export function _Py_Instrument(code: usize): i32 {
  return PyCodeObject.at(code)._co_instrumentation_version == monitoringRoots.version ? 0 : forceInstrument(code);
}

/** Gives the events a new version, and brings all code that runs up to date: 0, or -1 with MemoryError. */
export function setVersion(version: u32): i32 {
  monitoringRoots.version = version;
  // Other threads see it when they take the lock of the interpreter.
  Breaker.setVersion(tstate, version);
  for (let ts: usize = threadsRoots.newest; ts != 0; ts = PyThreadState.at(ts).next) {
    for (let f: usize = PyThreadState.at(ts).current_frame; f != 0; f = _PyInterpreterFrame.at(f).previous) {
      if (_Py_Instrument(_PyInterpreterFrame.at(f).f_executable) < 0) return -1;
    }
  }
  return 0;
}

/** Makes these the events that a tool wants of all code: 0, or -1 with an exception. */
export function setToolEvents(tool: i32, events: i32): i32 {
  const monitors = monitoringRoots.monitors;
  if (Monitors.eventsOf(monitors, UNGROUPED_EVENTS, tool) == events) return 0;
  Monitors.setEvents(monitors, UNGROUPED_EVENTS, tool, events);
  const version = monitoringRoots.version + (1 << _PY_EVAL_EVENTS_BITS);
  if (version == 0) {
    PyErr_SetString(PyExc_OverflowError, "events set too many times");
    return -1;
  }
  return setVersion(version);
}

/** Makes these the events that a tool wants of this code alone: 0, or -1 with an exception. */
export function setLocalEvents(code: usize, tool: i32, events: i32): i32 {
  if (PyCodeObject.at(code)._co_firsttraceable >= Py.SIZE(code)) {
    PyErr_Format(PyExc_SystemError, "cannot instrument shim code object '%U'", PyCodeObject.at(code).co_name);
    return -1;
  }
  if (allocateMonitoring(code) < 0) return -1;
  const monitors = Monitors.data(code).local_monitors;
  if (Monitors.eventsOf(monitors, LOCAL_EVENTS, tool) == events) return 0;
  Monitors.setEvents(monitors, LOCAL_EVENTS, tool, events);
  return forceInstrument(code);
}
