// Frames as Python sees them (CPython 3.13's Objects/frameobject.c): the object that is made for an interpreter's frame
// when somebody asks for it, and takes the frame over when its run ends.

import { Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  _PyInterpreterFrame,
  _PyInterpreterFrame_localsplus,
  PyCodeObject,
  PyFrameObject,
  PyFrameObject__f_frame_data,
  PyFrameObject_f_back,
  PyGenObject,
  PyGenObject_gi_iframe,
  PyTypeObject,
} from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyFrame_Type,
} from "../../generated/statics";
import { Audit } from "../errors/audit";
import { PyErr_GetRaisedException, PyErr_SetRaisedException, PyErr_SetString } from "../errors/raise";
import { PyFrameObject_clear, PyFrameObject_traverse } from "../generated/references";
import { PyLong_FromLong, PyLong_FromSsize_t } from "../numbers/int/create";
import { _PyObject_GC_NewVar, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../object/attributes";
import { PyObject_GC_UnTrack } from "../object/gchead";
import { Py, Visit } from "../object/head";
import { PyBool_FromBool } from "../protocol/access";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyCode_Addr2Line } from "./code";
import { _PyFrame_IsIncomplete, FRAME_OWNED_BY_FRAME_OBJECT, FRAME_OWNED_BY_GENERATOR } from "./frameaccess";
import { setLine } from "./framejump";
import { frameMapping } from "./framelocals";

// A frame object without its slots.
const FIXED: usize = PyFrameObject__f_frame_data + _PyInterpreterFrame_localsplus;

/** The frame object of an interpreter's frame, made where there is none: borrowed; null with MemoryError. */
export function frameObjectOf(frame: usize): usize {
  const f = _PyInterpreterFrame.at(frame);
  if (f.frame_obj != 0) return f.frame_obj;
  // What has ended lives in its frame object.
  if (f.owner == FRAME_OWNED_BY_FRAME_OBJECT) return frame - PyFrameObject__f_frame_data;
  const saved = PyErr_GetRaisedException();
  const co = PyCodeObject.at(f.f_executable);
  const o = _PyObject_GC_NewVar(PyFrame_Type, co.co_nlocalsplus + co.co_stacksize);
  if (o == 0) {
    Py.XDECREF(saved);
    return 0;
  }
  PyErr_SetRaisedException(saved);
  memory.fill(o + PyFrameObject_f_back, 0, PyFrameObject__f_frame_data - PyFrameObject_f_back);
  const fo = PyFrameObject.at(o);
  fo.f_frame = frame;
  fo.f_trace_lines = 1;
  f.frame_obj = o;
  return o;
}

/** The line that the frame is at. */
function PyFrame_GetLineNumber(o: usize): i32 {
  const fo = PyFrameObject.at(o);
  if (fo.f_lineno > 0) return fo.f_lineno;
  const line = frameLine(fo.f_frame);
  // A line has begun that nobody has worked out yet.
  if (fo.f_lineno < 0) fo.f_lineno = line < 0 ? 0 : line;
  return line;
}

/** The line that an interpreter's frame is at. */
export function frameLine(frame: usize): i32 {
  const f = _PyInterpreterFrame.at(frame);
  return PyCode_Addr2Line(f.f_executable, <i32>(f.instr_ptr - PyCodeObject.at(f.f_executable).co_code_adaptive));
}

function frame_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  const fo = PyFrameObject.at(o);
  let code: usize = 0;
  const own = fo._f_frame_data;
  if (fo.f_frame == own && _PyInterpreterFrame.at(own).owner == FRAME_OWNED_BY_FRAME_OBJECT) {
    const f = _PyInterpreterFrame.at(own);
    code = f.f_executable;
    Py.CLEAR(f.f_funcobj_slot);
    Py.CLEAR(f.f_locals_slot);
    const n = f.stacktop;
    f.stacktop = 0;
    for (let i = 0; i < n; i++) Py.CLEAR(Py.slot(f.localsplus, i));
  }
  PyFrameObject_clear(o);
  PyObject_GC_Del(o);
  Py.XDECREF(code);
}

function ownsFrame(o: usize): bool {
  const fo = PyFrameObject.at(o);
  return fo.f_frame == fo._f_frame_data && _PyInterpreterFrame.at(fo.f_frame).owner == FRAME_OWNED_BY_FRAME_OBJECT;
}

function frame_traverse(o: usize, visit: u32, arg: usize): i32 {
  let r = PyFrameObject_traverse(o, visit, arg);
  if (r || !ownsFrame(o)) return r;
  const f = _PyInterpreterFrame.at(PyFrameObject.at(o).f_frame);
  r = Visit.call(f.f_locals, visit, arg);
  if (r == 0) r = Visit.call(f.f_funcobj, visit, arg);
  if (r == 0) r = Visit.call(f.f_executable, visit, arg);
  const n = f.stacktop;
  for (let i = 0; i < n && r == 0; i++) r = Visit.call(Py.item(f.localsplus, i), visit, arg);
  return r;
}

function frame_tp_clear(o: usize): i32 {
  Py.CLEAR(PyFrameObject.at(o).f_trace_slot);
  Py.CLEAR(PyFrameObject.at(o).f_extra_locals_slot);
  Py.CLEAR(PyFrameObject.at(o).f_locals_cache_slot);
  if (!ownsFrame(o)) return 0;
  const frame = PyFrameObject.at(o).f_frame;
  const f = _PyInterpreterFrame.at(frame);
  const n = f.stacktop;
  f.stacktop = 0;
  for (let i = 0; i < n; i++) Py.CLEAR(Py.slot(f.localsplus, i));
  Py.CLEAR(f.f_locals_slot);
  return 0;
}

/**
 * @native frame.clear
 *
 * F.clear(): let go of its variables, if it can be
 */
export function frame_clear(o: usize, _u: usize): usize {
  const frame = PyFrameObject.at(o).f_frame;
  const f = _PyInterpreterFrame.at(frame);
  if (f.owner == FRAME_OWNED_BY_GENERATOR) {
    const gen = frame - PyGenObject_gi_iframe;
    const state = <i8>PyGenObject.at(gen).gi_frame_state;
    if (state == 0) {
      PyErr_SetString(PyExc_RuntimeError, "cannot clear an executing frame");
      return 0;
    }
    if (state == -2 || state == -1) {
      PyErr_SetString(PyExc_RuntimeError, "cannot clear a suspended frame");
      return 0;
    }
    Py.INCREF(gen);
    call_indirect<void>(PyTypeObject.at(Py.TYPE(gen)).tp_finalize, gen);
    Py.DECREF(gen);
    return _Py_NoneStruct;
  }
  if (f.owner != FRAME_OWNED_BY_FRAME_OBJECT) {
    return PyErr_SetString(PyExc_RuntimeError, "cannot clear an executing frame");
  }
  frame_tp_clear(o);
  return _Py_NoneStruct;
}

/**
 * @getter frame.f_locals
 */
export function get_locals(o: usize, _c: usize): usize {
  return frameMapping(o);
}

/**
 * @getter frame.f_lineno
 */
export function get_lineno(o: usize, _c: usize): usize {
  const line = PyFrame_GetLineNumber(o);
  return line < 0 ? _Py_NoneStruct : PyLong_FromLong(line);
}

/**
 * @setter frame.f_lineno
 */
export function set_lineno(o: usize, value: usize, _c: usize): i32 {
  return setLine(o, value);
}

/**
 * @getter frame.f_lasti
 */
export function get_lasti(o: usize, _c: usize): usize {
  const f = _PyInterpreterFrame.at(PyFrameObject.at(o).f_frame);
  return PyLong_FromLong(<i32>(f.instr_ptr - PyCodeObject.at(f.f_executable).co_code_adaptive));
}

/**
 * @getter frame.f_globals
 */
export function get_globals(o: usize, _c: usize): usize {
  return Py.NewRef(_PyInterpreterFrame.at(PyFrameObject.at(o).f_frame).f_globals);
}

/**
 * @getter frame.f_builtins
 */
export function get_builtins(o: usize, _c: usize): usize {
  return Py.NewRef(_PyInterpreterFrame.at(PyFrameObject.at(o).f_frame).f_builtins);
}

/**
 * @getter frame.f_code
 */
export function get_code(o: usize, _c: usize): usize {
  if (!Audit.getting(o, "f_code")) return 0;
  return Py.NewRef(_PyInterpreterFrame.at(PyFrameObject.at(o).f_frame).f_executable);
}

/** The caller's frame object: a new reference; null without exception where there is none. */
function PyFrame_GetBack(o: usize): usize {
  const fo = PyFrameObject.at(o);
  if (fo.f_back != 0) return Py.NewRef(fo.f_back);
  let previous: usize = _PyInterpreterFrame.at(fo.f_frame).previous;
  while (previous != 0 && _PyFrame_IsIncomplete(previous)) previous = _PyInterpreterFrame.at(previous).previous;
  return previous == 0 ? 0 : Py.XNewRef(frameObjectOf(previous));
}

/**
 * @getter frame.f_back
 */
export function get_back(o: usize, _c: usize): usize {
  const back = PyFrame_GetBack(o);
  return back == 0 ? _Py_NoneStruct : back;
}

/**
 * @getter frame.f_trace
 */
export function get_trace(o: usize, _c: usize): usize {
  const t = PyFrameObject.at(o).f_trace;
  return t == 0 ? _Py_NoneStruct : Py.NewRef(t);
}

/**
 * @setter frame.f_trace
 */
export function set_trace(o: usize, value: usize, _c: usize): i32 {
  const fo = PyFrameObject.at(o);
  const func = value == _Py_NoneStruct ? 0 : value;
  if (func == fo.f_trace) return 0;
  Py.SETREF(fo.f_trace_slot, Py.XNewRef(func));
  return func != 0 && fo.f_trace_opcodes ? traceOpcodes(o, true) : 0;
}

/** Has the instructions of the frame's code traced, or not: 0, or -1 with an exception. */
function traceOpcodes(o: usize, enable: bool): i32 {
  return call_indirect<i32>(objectsRoots.set_opcode_trace, o, enable);
}

/**
 * @getter frame.f_trace_opcodes
 */
export function get_trace_opcodes(o: usize, _c: usize): usize {
  return PyBool_FromBool(PyFrameObject.at(o).f_trace_opcodes != 0);
}

/**
 * @setter frame.f_trace_opcodes
 */
export function set_trace_opcodes(o: usize, value: usize, _c: usize): i32 {
  const fo = PyFrameObject.at(o);
  if (value != _Py_TrueStruct && value != _Py_FalseStruct) {
    PyErr_SetString(PyExc_TypeError, "attribute value type must be bool");
    return -1;
  }
  fo.f_trace_opcodes = value == _Py_TrueStruct ? 1 : 0;
  if (!fo.f_trace_opcodes) return traceOpcodes(o, false);
  return fo.f_trace != 0 ? traceOpcodes(o, true) : 0;
}

function frame_repr(o: usize): usize {
  const f = _PyInterpreterFrame.at(PyFrameObject.at(o).f_frame);
  const co = PyCodeObject.at(f.f_executable);
  return PyUnicode_FromFormat(
    "<frame at 0x%x, file %R, line %d, code %U>",
    o,
    co.co_filename,
    PyFrame_GetLineNumber(o),
    co.co_name,
  );
}

/**
 * @native frame.__sizeof__
 *
 * F.__sizeof__(): bytes, all its variables included
 */
export function frame_sizeof(o: usize, _u: usize): usize {
  const co = PyCodeObject.at(_PyInterpreterFrame.at(PyFrameObject.at(o).f_frame).f_executable);
  return PyLong_FromSsize_t(<isize>FIXED + (co.co_nlocalsplus + co.co_stacksize) * 8);
}

/**
 * @type frame
 * @order f_back f_locals f_lineno f_trace f_lasti f_globals f_builtins f_code f_trace_opcodes
 *
 * @member frame.f_trace_lines = PyFrameObject.f_trace_lines
 */

export function initFrameType(): void {
  const o = PyFrame_Type;
  const t = PyTypeObject.at(o);
  // The slots of its copy of the interpreter's frame are its items.
  t.tp_basicsize = FIXED;
  t.tp_itemsize = 8;
  t.tp_dealloc = frame_dealloc.index;
  t.tp_repr = frame_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = frame_traverse.index;
  t.tp_clear = frame_tp_clear.index;
}
