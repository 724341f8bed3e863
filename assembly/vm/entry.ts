// Where native code enters the machine: calls of Python functions, and running a code object (the entry points of
// CPython 3.13's Python/ceval.c).

import { collectScheduled, serveInterrupts } from "./breaker";
import { PyFunctionObject } from "../generated/layouts";
import { objectsRoots, vmRoots } from "../generated/runtime";
import { PyFunction_NewWithQualName } from "../objects/code/function";
import { Vectorcall } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { pushFunctionFrame } from "./arguments";
import { _PyEval_EvalFrame } from "./eval";
import { _PyFrame_ClearExceptCode, Parameters } from "./frame";
import { setOpcodeTrace } from "./monitoring/legacy";
import { pushExact } from "./ops/calls";

/** Runs `func` with `locals` (borrowed, may be null) and the arguments (borrowed): a new reference or null. */
export function _PyEval_Vector(func: usize, locals: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const total = nargs + (kwnames == 0 ? 0 : Py.SIZE(kwnames));
  for (let i: isize = 0; i < total; i++) Py.INCREF(Py.item(argv, i));
  const frame = pushFunctionFrame(Py.NewRef(func), Py.XNewRef(locals), argv, nargs, kwnames);
  return frame == 0 ? 0 : _PyEval_EvalFrame(frame, false);
}

/** Vectorcall of Python functions. */
function _PyFunction_Vectorcall(func: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const n = Vectorcall.nargs(nargsf);
  if (kwnames == 0 && Parameters.areExactly(PyFunctionObject.at(func).func_code, n)) {
    for (let i: isize = 0; i < n; i++) Py.INCREF(Py.item(argv, i));
    const frame = pushExact(Py.NewRef(func), PyFunctionObject.at(func).func_code, argv, n);
    return frame == 0 ? 0 : _PyEval_EvalFrame(frame, false);
  }
  return _PyEval_Vector(func, 0, argv, n, kwnames);
}

/** Runs a code object in globals and locals (a mapping); closure may be null. */
export function PyEval_EvalCode(code: usize, globals: usize, locals: usize, closure: usize): usize {
  const func = PyFunction_NewWithQualName(code, globals, 0, objectsRoots.function_vectorcall);
  if (func == 0) return 0;
  if (closure != 0) PyFunctionObject.at(func).func_closure = Py.NewRef(closure);
  const r = _PyEval_Vector(func, locals == 0 ? globals : locals, 0, 0, 0);
  Py.DECREF(func);
  return r;
}

/** Tells the objects how functions and generators are run. For initialisation. */
export function initMachine(): void {
  objectsRoots.function_vectorcall = _PyFunction_Vectorcall.index;
  objectsRoots.eval_code = PyEval_EvalCode.index;
  objectsRoots.eval_frame = _PyEval_EvalFrame.index;
  objectsRoots.clear_frame = _PyFrame_ClearExceptCode.index;
  objectsRoots.set_opcode_trace = setOpcodeTrace.index;
  vmRoots.serve_interrupts = serveInterrupts.index;
  vmRoots.collect_scheduled = collectScheduled.index;
}
