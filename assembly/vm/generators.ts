// From a function's frame to a generator (the RETURN_GENERATOR instruction; _Py_MakeCoro of CPython 3.13's
// Objects/genobject.c).

import { CO_ASYNC_GENERATOR, CO_COROUTINE } from "../generated/constants";
import { _PyInterpreterFrame, PyCodeObject, PyFunctionObject, PyGenObject } from "../generated/layouts";
import { PyAsyncGen_Type, PyCoro_Type, PyGen_Type } from "../generated/statics";
import { FRAME_OWNED_BY_GENERATOR } from "../objects/code/frameaccess";
import { FRAME_CREATED } from "../objects/generators/generator";
import { _PyObject_GC_NewVar } from "../objects/object/alloc";
import { _PyObject_GC_TRACK } from "../objects/object/gchead";
import { Py } from "../objects/object/head";

/**
 * A new generator, coroutine or asynchronous generator into which the frame's contents move: afterwards the frame owns
 * nothing. Null with MemoryError, and then the frame is as it was.
 */
export function makeGenerator(frame: usize): usize {
  const f = _PyInterpreterFrame.at(frame);
  const func = PyFunctionObject.at(f.f_funcobj);
  const co = PyCodeObject.at(f.f_executable);
  const type =
    co.co_flags & CO_COROUTINE ? PyCoro_Type : co.co_flags & CO_ASYNC_GENERATOR ? PyAsyncGen_Type : PyGen_Type;
  const gen = _PyObject_GC_NewVar(type, co.co_nlocalsplus + co.co_stacksize);
  if (gen == 0) return 0;
  const g = PyGenObject.at(gen);
  g.gi_weakreflist = 0;
  g.gi_name = Py.NewRef(func.func_name);
  g.gi_qualname = Py.NewRef(func.func_qualname);
  store<u64>(g.gi_exc_state, 0);
  store<u64>(g.gi_exc_state, 0, 8);
  g.gi_origin_or_finalizer = 0;
  g.gi_hooks_inited = 0;
  g.gi_closed = 0;
  g.gi_running_async = 0;
  g.gi_frame_state = FRAME_CREATED;
  memory.copy(g.gi_iframe, frame, 72 + ((<usize>f.stacktop) << 3));
  const gf = _PyInterpreterFrame.at(g.gi_iframe);
  gf.previous = 0;
  gf.owner = FRAME_OWNED_BY_GENERATOR;
  if (gf.frame_obj != 0) store<u64>(gf.frame_obj, g.gi_iframe, 24);
  _PyObject_GC_TRACK(gen);
  return gen;
}
