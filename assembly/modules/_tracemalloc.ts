// The module _tracemalloc (CPython 3.13's Modules/_tracemalloc.c), over memory/trace/trace.ts and objects/code/origins.ts.
//
// Objects that tell of traces are made while tracing is paused, so none of them is in what it tells. A traceback becomes
// one tuple in each answer, however many blocks were allocated there.

import { memoryRoots } from "../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../generated/statics";
import { SIZEOF_trace, trace } from "../memory/trace/domains";
import {
  setTracebackObject,
  tracebackFile,
  tracebackLength,
  tracebackLine,
  tracebackObject,
  tracebackTotal,
} from "../memory/trace/origins";
import {
  DEFAULT_DOMAIN,
  traceClear,
  traceIsOn,
  traceOverhead,
  tracePause,
  traceResetPeak,
  traceSnapshot,
  traceTraceback,
} from "../memory/trace/trace";
import { startTracing, stopTracing, TRACE_LIMIT_MAX, tracingOverhead } from "../objects/code/origins";
import { PyList_Append, PyList_New } from "../objects/containers/list/list";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../objects/containers/tuple";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred } from "../objects/errors/raise";
import { PyLong_AsInt, PyLong_FromLong, PyLong_FromLongLong } from "../objects/numbers/int/create";
import { _PyType_PreHeaderSize } from "../objects/object/alloc";
import { Py } from "../objects/object/head";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { libc_free } from "../os/malloc";

/**
 * @module _tracemalloc
 * @order is_tracing clear_traces _get_traces _get_object_traceback start stop get_traceback_limit
 * @order get_tracemalloc_memory get_traced_memory reset_peak
 *
 * Traces of memory: which code has asked for each block of it.
 */

/** Starts tracing: 0, or -1 with ValueError or MemoryError. */
export function _PyTraceMalloc_Start(limit: i32): i32 {
  if (limit < 1 || limit > TRACE_LIMIT_MAX) {
    PyErr_Format(PyExc_ValueError, "the number of frames must be in range [1; %d]", TRACE_LIMIT_MAX);
    return -1;
  }
  if (startTracing(limit)) return 0;
  PyErr_NoMemory();
  return -1;
}

/**
 * @native _tracemalloc.start($module, nframe=1, /)
 *
 * Begin to trace: remember for each block which code asks for it.
 *
 *   nframe
 *     How many frames of it to remember, at most.
 */
export function tracemalloc_start(_m: usize, argv: usize, nargs: isize): usize {
  if (nargs > 1) return PyErr_Format(PyExc_TypeError, "start expected at most 1 argument, got %d", nargs);
  const limit = nargs == 0 ? 1 : PyLong_AsInt(Py.item(argv, 0));
  if (limit == -1 && PyErr_Occurred()) return 0;
  return _PyTraceMalloc_Start(limit) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _tracemalloc.stop($module, /)
 *
 * End the tracing, and forget all the traces.
 *
 * Blocks that are asked for later have none of it.
 */
export function tracemalloc_stop(_m: usize, _u: usize): usize {
  stopTracing();
  return _Py_NoneStruct;
}

/**
 * @native _tracemalloc.is_tracing($module, /)
 *
 * Whether blocks are being traced: between start() and stop(), that is to say.
 */
export function tracemalloc_is_tracing(_m: usize, _u: usize): usize {
  return traceIsOn() ? _Py_TrueStruct : _Py_FalseStruct;
}

/**
 * @native _tracemalloc.clear_traces($module, /)
 *
 * Forget all traces that there are at this moment.
 */
export function tracemalloc_clear_traces(_m: usize, _u: usize): usize {
  traceClear();
  return _Py_NoneStruct;
}

/**
 * @native _tracemalloc.get_traceback_limit($module, /)
 *
 * How many frames a trace has at most.
 *
 * It is 1 at first, the place itself, and otherwise what start() was given, with as many of its callers; it stays so even after stop().
 */
export function tracemalloc_get_traceback_limit(_m: usize, _u: usize): usize {
  return PyLong_FromLong(max(memoryRoots.trace_limit, 1));
}

/**
 * @native _tracemalloc.get_tracemalloc_memory($module, /)
 *
 * How many bytes are needed for the traces themselves.
 *
 * They are not among what they are traces of, by the way.
 */
export function tracemalloc_get_tracemalloc_memory(_m: usize, _u: usize): usize {
  return PyLong_FromLongLong(<i64>(traceOverhead() + tracingOverhead()));
}

/**
 * @native _tracemalloc.get_traced_memory($module, /)
 *
 * How many bytes are in use in traced blocks, and how many were at most, both in a tuple: (current, peak).
 */
export function tracemalloc_get_traced_memory(_m: usize, _u: usize): usize {
  // Both before either object is made, which may be traced itself.
  const size = memoryRoots.trace_memory;
  const peak = memoryRoots.trace_peak;
  return pairOf(PyLong_FromLongLong(<i64>size), PyLong_FromLongLong(<i64>peak));
}

/**
 * @native _tracemalloc.reset_peak($module, /)
 *
 * Take what is in use now for the most there ever was.
 *
 * From here on the peak is counted anew; without tracing there is nothing to do for it.
 */
export function tracemalloc_reset_peak(_m: usize, _u: usize): usize {
  traceResetPeak();
  return _Py_NoneStruct;
}

/** A new tuple of two references, both stolen; null, also where one of them is null. */
function pairOf(a: usize, b: usize): usize {
  const pair = a == 0 || b == 0 ? 0 : PyTuple_Pack2(a, b);
  Py.XDECREF(a);
  Py.XDECREF(b);
  return pair;
}

/** The frames of a traceback as pairs of file name and line: a new tuple, or null with an exception. */
function framesOf(traceback: usize): usize {
  const n = tracebackLength(traceback);
  const frames = PyTuple_New(<isize>n);
  if (frames == 0) return 0;
  for (let i: u32 = 0; i < n; i++) {
    const file = tracebackFile(traceback, i);
    const line = PyLong_FromLongLong(<i64>tracebackLine(traceback, i));
    const frame = pairOf(file == 0 ? PyUnicode_InternLiteral("<unknown>") : Py.NewRef(file), line);
    if (frame == 0) {
      Py.DECREF(frames);
      return 0;
    }
    Tuple.set(frames, <isize>i, frame);
  }
  return frames;
}

/** As framesOf, made once for each traceback until forgetObjects. */
function sharedFrames(traceback: usize): usize {
  const known = tracebackObject(traceback);
  if (known != 0) return Py.NewRef(known);
  const frames = framesOf(traceback);
  if (frames != 0) setTracebackObject(traceback, Py.NewRef(frames));
  return frames;
}

/** Lets go of the tuples that stand for the tracebacks of the `n` traces. */
function forgetObjects(traces: usize, n: u32): void {
  for (let i: u32 = 0; i < n; i++) {
    const traceback = trace.traceback(traces + <usize>i * SIZEOF_trace);
    const frames = tracebackObject(traceback);
    setTracebackObject(traceback, 0);
    Py.XDECREF(frames);
  }
}

/** A trace as (domain, size, frames, number of frames): a new tuple, or null with an exception. */
function traceObject(t: usize): usize {
  const o = PyTuple_New(4);
  if (o == 0) return 0;
  const domain = PyLong_FromLongLong(<i64>trace.domain(t));
  if (domain != 0) Tuple.set(o, 0, domain);
  const size = domain == 0 ? 0 : PyLong_FromLongLong(<i64>trace.size(t));
  if (size != 0) Tuple.set(o, 1, size);
  const frames = size == 0 ? 0 : sharedFrames(trace.traceback(t));
  if (frames != 0) Tuple.set(o, 2, frames);
  const total = frames == 0 ? 0 : PyLong_FromLong(<i32>tracebackTotal(trace.traceback(t)));
  if (total != 0) {
    Tuple.set(o, 3, total);
    return o;
  }
  Py.DECREF(o);
  return 0;
}

/** Appends the `n` traces to the list; false with an exception. */
function appendTraces(list: usize, traces: usize, n: u32): bool {
  for (let i: u32 = 0; i < n; i++) {
    const o = traceObject(traces + <usize>i * SIZEOF_trace);
    const ok = o != 0 && PyList_Append(list, o) == 0;
    Py.XDECREF(o);
    if (!ok) return false;
  }
  return true;
}

/**
 * @native _tracemalloc._get_traces($module, /)
 *
 * The traces of all blocks that are in use, in a list.
 *
 * Each is a tuple: the domain, the size, the frames, each with a file and a line, and how many frames there were in all. The list is empty where nothing is being traced.
 */
export function tracemalloc_get_traces(_m: usize, _u: usize): usize {
  const list = PyList_New(0);
  if (list == 0 || !traceIsOn()) return list;
  const n = memoryRoots.trace_count;
  const traces = traceSnapshot();
  if (traces == 0) {
    Py.DECREF(list);
    return PyErr_NoMemory();
  }
  tracePause(true);
  const ok = appendTraces(list, traces, n);
  forgetObjects(traces, n);
  tracePause(false);
  libc_free(traces);
  if (ok) return list;
  Py.DECREF(list);
  return 0;
}

/**
 * @native _tracemalloc._get_object_traceback($module, obj, /)
 *
 * Where the memory of an object was asked for, as a tuple of frames.
 *
 * A frame is a file and a line, the innermost first. None is returned wherever that is not known, as nothing was being traced by then.
 */
export function tracemalloc_get_object_traceback(_m: usize, o: usize): usize {
  const traceback = traceTraceback(DEFAULT_DOMAIN, o - _PyType_PreHeaderSize(Py.TYPE(o)));
  return traceback == 0 ? _Py_NoneStruct : framesOf(traceback);
}
