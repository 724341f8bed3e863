// What awaiting a future of _asyncio goes by (a part of CPython 3.13's Modules/_asynciomodule.c): it gives the future once,
// and then ends with its result.

import { Py_TPFLAGS_BASE_EXC_SUBCLASS, Py_TPFLAGS_TYPE_SUBCLASS } from "../../generated/constants";
import {
  FutureObj,
  futureiterobject,
  futureiterobject_future,
  PyAsyncMethods,
  SIZEOF_futureiterobject,
} from "../../generated/layouts";
import { freelistsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyFutureIter_Type,
  PyTraceBack_Type,
} from "../../generated/statics";
import { asAsync } from "../../objects/define/tables";
import { PyErr_SetString } from "../../objects/errors/raise";
import {
  _PyGen_SetStopIterationValue,
  Outcome,
  PYGEN_ERROR,
  PYGEN_NEXT,
  PYGEN_RETURN,
  setThrown,
  checkThrowArguments,
} from "../../objects/generators/generator";
import { futureiterobject_clear, futureiterobject_traverse } from "../../objects/generated/references";
import { _PyObject_GC_New } from "../../objects/object/alloc";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { FreeList } from "../../objects/object/kept";
import { PyObject_SelfIter } from "../../objects/protocol/access";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";
import { BLOCKING, future_result, hasBit, isAlive, PENDING, setBit } from "./future";

/** Most of them that are kept for the next. */
const KEPT_MAX: i32 = 255;

/** tp_iter and am_await of a future: null with RuntimeError where that has not begun. */
export function awaitFuture(future: usize): usize {
  if (!isAlive(future)) return 0;
  let o = FreeList.take(freelistsRoots.future_iterators, futureiterobject_future);
  if (o == 0) o = _PyObject_GC_New(PyFutureIter_Type);
  if (o == 0) return 0;
  futureiterobject.at(o).future = Py.NewRef(future);
  _PyObject_GC_TRACK(o);
  return o;
}

function futureiter_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  futureiterobject_clear(o);
  FreeList.give(freelistsRoots.future_iterators, futureiterobject_future, o, KEPT_MAX);
}

function futureiter_am_send(o: usize, _arg: usize): usize {
  const x = futureiterobject.at(o);
  const future = x.future;
  if (future == 0) return Outcome.set(PYGEN_ERROR, 0);
  if (FutureObj.at(future).fut_state == PENDING) {
    if (!hasBit(future, BLOCKING)) {
      setBit(future, BLOCKING, true);
      return Outcome.set(PYGEN_NEXT, Py.NewRef(future));
    }
    PyErr_SetString(PyExc_RuntimeError, "await wasn't used with future");
    return Outcome.set(PYGEN_ERROR, 0);
  }
  x.future = 0;
  const r = future_result(future);
  Py.DECREF(future);
  return Outcome.set(r == 0 ? PYGEN_ERROR : PYGEN_RETURN, r);
}

function futureiter_iternext(o: usize): usize {
  const r = futureiter_am_send(o, _Py_NoneStruct);
  if (Outcome.get() != PYGEN_RETURN) return r;
  _PyGen_SetStopIterationValue(r);
  Py.DECREF(r);
  return 0;
}

/** @native _asyncio.FutureIter.send */
export function futureiter_send(o: usize, _value: usize): usize {
  return futureiter_iternext(o);
}

/** @native _asyncio.FutureIter.throw */
export function futureiter_throw(o: usize, argv: usize, nargs: isize): usize {
  if (!checkThrowArguments(nargs)) return 0;
  const type = Py.item(argv, 0);
  const value = nargs > 1 ? Py.item(argv, 1) : 0;
  const tb = nargs > 2 ? Py.item(argv, 2) : 0;
  if (tb != 0 && tb != _Py_NoneStruct && !Py.IS_TYPE(tb, PyTraceBack_Type)) {
    return PyErr_SetString(PyExc_TypeError, "throw() third argument must be a traceback");
  }
  const isClass = Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS) && Py.hasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS);
  if (!isClass && !Py.check(type, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    const message = "exceptions must be classes deriving BaseException or instances of such a class";
    return PyErr_SetString(PyExc_TypeError, message);
  }
  if (setThrown(type, value, tb)) Py.CLEAR(futureiterobject.at(o).future_slot);
  return 0;
}

/** @native _asyncio.FutureIter.close */
export function futureiter_close(o: usize, _unused: usize): usize {
  futureiterobject_clear(o);
  return _Py_NoneStruct;
}

/**
 * @type _asyncio.FutureIter
 * @order send throw close
 */

/** Makes the type: 0, or -1 with an exception. */
export function initFutureIterType(): i32 {
  const t = collectedType(
    PyFutureIter_Type,
    SIZEOF_futureiterobject,
    futureiter_dealloc.index,
    futureiterobject_traverse.index,
    futureiterobject_clear.index,
    0,
  );
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = futureiter_iternext.index;
  PyAsyncMethods.at(asAsync(PyFutureIter_Type)).am_send = futureiter_am_send.index;
  return PyType_Ready(PyFutureIter_Type);
}
