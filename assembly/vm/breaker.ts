// What the eval breaker asks for: a collection, an exception from outside, the host's stop (the _Py_HandlePending part
// of CPython 3.13's Python/ceval_gil.c).

import { _Py_RunGC } from "../gc/collector";
import { PyThreadState } from "../generated/layouts";
import { PyExc_KeyboardInterrupt } from "../generated/statics";
import { PyErr_SetNone } from "../objects/errors/raise";
import { _PY_ASYNC_EXCEPTION_BIT, _PY_GC_SCHEDULED_BIT, _PY_HOST_REQUEST_BIT } from "../objects/object/flags";
import { Py } from "../objects/object/head";
import { tstate } from "../thread/current";

/** Serves what is asked for: 0, or -1 with an exception. */
export function handlePending(): i32 {
  const ts = PyThreadState.at(tstate);
  const bits = ts.eval_breaker;
  if (bits & _PY_GC_SCHEDULED_BIT) {
    ts.eval_breaker = ts.eval_breaker & ~_PY_GC_SCHEDULED_BIT;
    _Py_RunGC();
  }
  if (bits & _PY_ASYNC_EXCEPTION_BIT) {
    ts.eval_breaker = ts.eval_breaker & ~_PY_ASYNC_EXCEPTION_BIT;
    const exc = ts.async_exc;
    if (exc != 0) {
      ts.async_exc = 0;
      PyErr_SetNone(exc);
      Py.DECREF(exc);
      return -1;
    }
  }
  if (bits & _PY_HOST_REQUEST_BIT) {
    ts.eval_breaker = ts.eval_breaker & ~_PY_HOST_REQUEST_BIT;
    PyErr_SetNone(PyExc_KeyboardInterrupt);
    return -1;
  }
  return 0;
}
