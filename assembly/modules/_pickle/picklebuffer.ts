// pickle.PickleBuffer: bytes that may travel beside a pickle instead of in it (CPython 3.13's Objects/picklebufobject.c).

import {
  Py_buffer,
  PyBufferProcs,
  PyPickleBufferObject,
  PyPickleBufferObject_weakreflist,
  PyTypeObject,
  SIZEOF_PyPickleBufferObject,
} from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_BufferError, PyExc_ValueError, PyPickleBuffer_Type } from "../../generated/statics";
import { makeRaw, PyMemoryView_FromObject } from "../../objects/bytes/memoryview/managed";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { asBuffer } from "../../objects/define/tables";
import { PyErr_SetString } from "../../objects/errors/raise";
import { Py_buffer_traverse } from "../../objects/generated/references";
import {
  PyBUF_FULL_RO,
  PyBuffer_IsContiguous,
  PyBuffer_Release,
  PyObject_GetBuffer,
} from "../../objects/object/buffer";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";

/** The Py_buffer of a PickleBuffer, in the object; null with ValueError where it was released. */
export function pickleBufferView(o: usize): usize {
  const view = PyPickleBufferObject.at(o).view;
  if (Py_buffer.at(view).obj != 0) return view;
  return PyErr_SetString(PyExc_ValueError, "operation forbidden on released PickleBuffer object");
}

function picklebuf_new(type: usize, args: usize, kwargs: usize): usize {
  const out = Scratch.take(1);
  const parsed = parseTupleAndKeywords("PickleBuffer", "-", args, kwargs, out, 1, 1);
  const base = Py.item(out, 0);
  Scratch.give(out);
  const o = parsed ? call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0) : 0;
  if (o == 0) return 0;
  const view = PyPickleBufferObject.at(o).view;
  if (PyObject_GetBuffer(base, view, PyBUF_FULL_RO) == 0) return o;
  Py_buffer.at(view).obj = 0;
  Py.DECREF(o);
  return 0;
}

function picklebuf_traverse(o: usize, visit: u32, arg: usize): i32 {
  return Py_buffer_traverse(PyPickleBufferObject.at(o).view, visit, arg);
}

function picklebuf_clear(o: usize): i32 {
  PyBuffer_Release(PyPickleBufferObject.at(o).view);
  return 0;
}

function picklebuf_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  if (PyPickleBufferObject.at(o).weakreflist != 0) PyObject_ClearWeakRefs(o);
  picklebuf_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** Lends what it stands for: the loan is the other object's. */
function picklebuf_getbuffer(o: usize, view: usize, flags: i32): i32 {
  const own = pickleBufferView(o);
  return own == 0 ? -1 : PyObject_GetBuffer(Py_buffer.at(own).obj, view, flags);
}

function picklebuf_releasebuffer(_o: usize, _view: usize): void {}

/**
 * @native pickle.PickleBuffer.raw($self, /)
 *
 * A memoryview of the bytes as they lie in memory, in one dimension.
 * BufferError is raised where they have gaps.
 */
export function picklebuf_raw(o: usize, _unused: usize): usize {
  const view = pickleBufferView(o);
  if (view == 0) return 0;
  if (!PyBuffer_IsContiguous(view, false) && !PyBuffer_IsContiguous(view, true)) {
    return PyErr_SetString(PyExc_BufferError, "cannot extract raw buffer from non-contiguous buffer");
  }
  const m = PyMemoryView_FromObject(o);
  if (m != 0) makeRaw(m);
  return m;
}

/**
 * @native pickle.PickleBuffer.release($self, /)
 *
 * Let go of the bytes; it is of no use then.
 */
export function picklebuf_release(o: usize, _unused: usize): usize {
  PyBuffer_Release(PyPickleBufferObject.at(o).view);
  return _Py_NoneStruct;
}

/**
 * @type pickle.PickleBuffer
 *
 * What stands for bytes beside a pickle
 */

/** Makes the type: 0, or -1 with an exception. */
export function initPickleBufferType(): i32 {
  const t = collectedType(
    PyPickleBuffer_Type,
    SIZEOF_PyPickleBufferObject,
    picklebuf_dealloc.index,
    picklebuf_traverse.index,
    picklebuf_clear.index,
    0,
  );
  t.tp_new = picklebuf_new.index;
  t.tp_weaklistoffset = <isize>PyPickleBufferObject_weakreflist;
  const b = PyBufferProcs.at(asBuffer(PyPickleBuffer_Type));
  b.bf_getbuffer = picklebuf_getbuffer.index;
  b.bf_releasebuffer = picklebuf_releasebuffer.index;
  return PyType_Ready(PyPickleBuffer_Type);
}
