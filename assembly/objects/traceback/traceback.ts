// Traceback objects (the object half of CPython 3.13's Python/traceback.c). Printing is in tracebackprint.ts.

import { Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  _PyInterpreterFrame,
  PyBaseExceptionObject,
  PyCodeObject,
  PyFrameObject,
  PyTracebackObject,
  PyTypeObject,
  SIZEOF_PyTracebackObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFrame_Type,
  PyTraceBack_Type,
} from "../../generated/statics";
import { PyCode_Addr2Line } from "../code/code";
import { frameObjectOf } from "../code/frame";
import { PyList_New, PyList_SetItem } from "../containers/list/list";
import { Tuple } from "../containers/tuple";
import {
  PyErr_Fail,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
} from "../errors/raise";
import { PyTracebackObject_clear, PyTracebackObject_traverse } from "../generated/references";
import { PyLong_AsLongLong, PyLong_FromLong } from "../numbers/int/create";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyUnicode_FromLiteral } from "../text/create";

/** A new traceback entry; `next` (borrowed) may be null. */
function newTraceback(next: usize, frameObject: usize, lasti: i32, lineno: i32): usize {
  const o = _PyObject_GC_New(PyTraceBack_Type);
  if (o == 0) return 0;
  const tb = PyTracebackObject.at(o);
  tb.tb_next = Py.XNewRef(next);
  tb.tb_frame = Py.NewRef(frameObject);
  tb.tb_lasti = lasti;
  tb.tb_lineno = lineno;
  _PyObject_GC_TRACK(o);
  return o;
}

/** Puts the frame before the traceback of the exception that is set. Where memory is gone, it goes without. */
export function PyTraceBack_Here(frame: usize): void {
  const exc = PyErr_GetRaisedException();
  assert(exc != 0);
  const f = _PyInterpreterFrame.at(frame);
  const fo = frameObjectOf(frame);
  if (fo != 0) {
    const lasti = <i32>(f.instr_ptr - PyCodeObject.at(f.f_executable).co_code_adaptive);
    const tb = newTraceback(PyBaseExceptionObject.at(exc).traceback, fo, lasti, -1);
    if (tb != 0) Py.SETREF(PyBaseExceptionObject.at(exc).traceback_slot, tb);
  }
  PyErr_SetRaisedException(exc);
}

/** The line of the entry: computed when first asked for. */
export function tracebackLine(o: usize): i32 {
  const tb = PyTracebackObject.at(o);
  if (tb.tb_lineno == -1) {
    const frame = PyFrameObject.at(tb.tb_frame).f_frame;
    tb.tb_lineno = PyCode_Addr2Line(_PyInterpreterFrame.at(frame).f_executable, tb.tb_lasti);
  }
  return tb.tb_lineno;
}

function tb_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  PyTracebackObject_clear(o);
  PyObject_GC_Del(o);
}

/**
 * @getter traceback.tb_next
 */
export function get_next(o: usize, _c: usize): usize {
  const n = PyTracebackObject.at(o).tb_next;
  return n == 0 ? _Py_NoneStruct : Py.NewRef(n);
}

/**
 * @setter traceback.tb_next
 */
export function set_next(o: usize, value: usize, _c: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "can't delete tb_next attribute");
  if (value != _Py_NoneStruct && Py.TYPE(value) != PyTraceBack_Type) {
    PyErr_Format(PyExc_TypeError, "expected traceback object or None, got '%t'", value);
    return -1;
  }
  for (let t = value; t != 0 && t != _Py_NoneStruct; t = PyTracebackObject.at(t).tb_next) {
    if (t == o) return PyErr_Fail(PyExc_ValueError, "traceback loop detected");
  }
  Py.SETREF(PyTracebackObject.at(o).tb_next_slot, value == _Py_NoneStruct ? 0 : Py.NewRef(value));
  return 0;
}

/**
 * @getter traceback.tb_lineno
 */
export function get_lineno(o: usize, _c: usize): usize {
  const line = tracebackLine(o);
  return line == -1 ? _Py_NoneStruct : PyLong_FromLong(line);
}

/**
 * What there is to see of it.
 *
 * @native traceback.__dir__
 */
export function tb_dir(_o: usize, _u: usize): usize {
  const r = PyList_New(4);
  if (r == 0) return 0;
  for (let i = 0; i < 4; i++) {
    const name = PyUnicode_FromLiteral(i == 0 ? "tb_frame" : i == 1 ? "tb_next" : i == 2 ? "tb_lasti" : "tb_lineno");
    if (name == 0) {
      Py.DECREF(r);
      return 0;
    }
    PyList_SetItem(r, i, name);
  }
  return r;
}

function tb_new(_type: usize, args: usize, _kwargs: usize): usize {
  if (Py.SIZE(args) != 4) return PyErr_Format(PyExc_TypeError, "TracebackType() missing required arguments");
  const next = Tuple.get(args, 0);
  const frame = Tuple.get(args, 1);
  if (next != _Py_NoneStruct && Py.TYPE(next) != PyTraceBack_Type) {
    return PyErr_Format(PyExc_TypeError, "expected traceback object or None, got '%t'", next);
  }
  if (Py.TYPE(frame) != PyFrame_Type) {
    return PyErr_Format(PyExc_TypeError, "TracebackType() argument 'tb_frame' must be frame, not %t", frame);
  }
  const lasti = PyLong_AsLongLong(Tuple.get(args, 2));
  if (lasti == -1 && PyErr_Occurred() != 0) return 0;
  const lineno = PyLong_AsLongLong(Tuple.get(args, 3));
  if (lineno == -1 && PyErr_Occurred() != 0) return 0;
  return newTraceback(next == _Py_NoneStruct ? 0 : next, frame, <i32>lasti, <i32>lineno);
}

/**
 * @type traceback(tb_next, tb_frame, tb_lasti, tb_lineno)
 *
 * One entry of where an error was.
 *
 * @member traceback.tb_frame = PyTracebackObject.tb_frame readonly
 *
 * @member traceback.tb_lasti = PyTracebackObject.tb_lasti readonly
 */

export function initTracebackType(): void {
  const o = PyTraceBack_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_PyTracebackObject;
  t.tp_dealloc = tb_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = PyTracebackObject_traverse.index;
  t.tp_clear = PyTracebackObject_clear.index;
  t.tp_new = tb_new.index;
}
