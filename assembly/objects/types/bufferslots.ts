// __buffer__ and __release_buffer__: classes that lend bytes in Python, and the methods of the built-in types that do
// (the bf_ part of CPython 3.13's Objects/typeobject.c).
//
// What a class's __buffer__ returns is a memoryview; the loan is the memoryview's, and its obj is a bufferwrapper that
// keeps both it and the instance, so that the same memoryview is given to __release_buffer__.

import { Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import { bufferwrapper, Py_buffer, PyBufferProcs, PyTypeObject, SIZEOF_bufferwrapper } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyBufferWrapper_Type,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyMemoryView_Type,
} from "../../generated/statics";
import { forgetBuffer, memoryOwner, PyMemoryView_FromBuffer, PyMemoryView_FromProc } from "../bytes/memoryview/managed";
import { memory_release } from "../bytes/memoryview/memoryview";
import { Tuple } from "../containers/tuple";
import { asBuffer } from "../define/tables";
import { PyErr_GetRaisedException, PyErr_Occurred, PyErr_SetRaisedException, PyErr_SetString } from "../errors/raise";
import { PyErr_WriteUnraisable } from "../errors/unraisable";
import { bufferwrapper_traverse } from "../generated/references";
import { PyLong_FromLong } from "../numbers/int/create";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyBuffer_Release, PyObject_GetBuffer } from "../object/buffer";
import { _PyObject_GC_TRACK, _PyObject_GC_UNTRACK } from "../object/gchead";
import { Py } from "../object/head";
import { PyNumber_AsSsize_t } from "../protocol/number";
import { callSpecial } from "./slot_functions";
import { checkArity } from "./wrappers";

/** bf_getbuffer of a class with __buffer__. */
export function slot_bf_getbuffer(self: usize, view: usize, flags: i32): i32 {
  const number = PyLong_FromLong(flags);
  if (number == 0) return -1;
  const mv = callSpecial(self, ID.__buffer__, number);
  Py.DECREF(number);
  if (mv == 0) return -1;
  if (!Py.IS_TYPE(mv, PyMemoryView_Type)) {
    PyErr_SetString(PyExc_TypeError, "__buffer__ returned non-memoryview object");
    Py.DECREF(mv);
    return -1;
  }
  const got = PyObject_GetBuffer(mv, view, flags);
  if (got < 0) {
    Py.DECREF(mv);
    return -1;
  }
  const o = _PyObject_GC_New(PyBufferWrapper_Type);
  if (o == 0) {
    PyBuffer_Release(view);
    Py.DECREF(mv);
    return -1;
  }
  bufferwrapper.at(o).mv = mv;
  bufferwrapper.at(o).obj = Py.NewRef(self);
  _PyObject_GC_TRACK(o);
  // The view's own reference to the memoryview gives way to the wrapper, which has one.
  Py_buffer.at(view).obj = o;
  Py.DECREF(mv);
  return 0;
}

/** Calls __release_buffer__ with the memoryview; what it raises is reported, what was raised before stays. */
function releaseInPython(self: usize, view: usize): void {
  const saved = PyErr_GetRaisedException();
  const lender = Py_buffer.at(view).obj;
  const wrapped = Py.IS_TYPE(lender, PyBufferWrapper_Type);
  const mv = wrapped ? Py.NewRef(bufferwrapper.at(lender).mv) : PyMemoryView_FromBuffer(view);
  if (mv == 0) PyErr_WriteUnraisable(self);
  else {
    const r = callSpecial(self, ID.__release_buffer__, mv);
    if (r == 0) PyErr_WriteUnraisable(self);
    else Py.DECREF(r);
    // Views that the method kept must not reach bytes that are about to move.
    if (!wrapped) forgetBuffer(mv);
    Py.DECREF(mv);
  }
  PyErr_SetRaisedException(saved);
}

/** bf_releasebuffer of a class with __release_buffer__: the method, then that of the built-in base. */
export function slot_bf_releasebuffer(self: usize, view: usize): void {
  releaseInPython(self, view);
  const mro = PyTypeObject.at(Py.TYPE(self)).tp_mro;
  for (let i: isize = 1; i < Py.SIZE(mro); i++) {
    const procs = PyTypeObject.at(Tuple.get(mro, i)).tp_as_buffer;
    const f = procs == 0 ? 0 : PyBufferProcs.at(procs).bf_releasebuffer;
    if (f != 0 && f != slot_bf_releasebuffer.index) {
      call_indirect<void>(f, self, view);
      return;
    }
  }
}

function wrapper_releasebuffer(o: usize, view: usize): void {
  const mv = bufferwrapper.at(o).mv;
  const obj = bufferwrapper.at(o).obj;
  const procs = PyBufferProcs.at(PyTypeObject.at(PyMemoryView_Type).tp_as_buffer);
  call_indirect<void>(procs.bf_releasebuffer, mv, view);
  // A method in Python is called here; a built-in one when the memoryview lets go.
  const own = PyTypeObject.at(Py.TYPE(obj)).tp_as_buffer;
  if (memoryOwner(mv) != obj && PyBufferProcs.at(own).bf_releasebuffer == slot_bf_releasebuffer.index) {
    releaseInPython(obj, view);
  }
}

function wrapper_dealloc(o: usize): void {
  _PyObject_GC_UNTRACK(o);
  Py.XDECREF(bufferwrapper.at(o).mv);
  Py.XDECREF(bufferwrapper.at(o).obj);
  PyObject_GC_Del(o);
}

/** x.__buffer__(flags) of a built-in type: a memoryview. */
export function wrap_buffer(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  const flags = PyNumber_AsSsize_t(Tuple.get(args, 0), PyExc_OverflowError);
  if (flags == -1 && PyErr_Occurred() != 0) return 0;
  return PyMemoryView_FromProc(self, flags, f);
}

/** x.__release_buffer__(memoryview) of a built-in type. */
export function wrap_releasebuffer(self: usize, args: usize, _f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  const mv = Tuple.get(args, 0);
  if (!Py.IS_TYPE(mv, PyMemoryView_Type)) {
    PyErr_SetString(PyExc_TypeError, "expected a memoryview object");
    return 0;
  }
  const owner = memoryOwner(mv);
  if (owner == 0) return _Py_NoneStruct;
  if (owner != self) return PyErr_SetString(PyExc_ValueError, "memoryview's buffer is not this object");
  return memory_release(mv, 0);
}

/**
 * @type _buffer_wrapper
 */

export function initBufferWrapperType(): void {
  const t = PyTypeObject.at(PyBufferWrapper_Type);
  t.tp_basicsize = SIZEOF_bufferwrapper;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_dealloc = wrapper_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = bufferwrapper_traverse.index;
  PyBufferProcs.at(asBuffer(PyBufferWrapper_Type)).bf_releasebuffer = wrapper_releasebuffer.index;
}
