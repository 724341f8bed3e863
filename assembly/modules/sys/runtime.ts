// The functions of sys that set up how the runtime works, or look at its frames (CPython 3.13's Python/sysmodule.c).
//
// Differences: trace and profile functions cannot be set, and say so; audit hooks are not kept, and say so, as nothing
// would call them; encodings are UTF-8 always.

import { Py_TPFLAGS_TUPLE_SUBCLASS } from "../../generated/constants";
import { _PyInterpreterFrame, PyThreadState } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_NotImplementedError,
  PyExc_RecursionError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyStructSequence_asyncgen_hooks,
} from "../../generated/statics";
import { frameObjectOf } from "../../objects/code/frame";
import { _PyFrame_IsIncomplete, currentPythonFrame } from "../../objects/code/frameaccess";
import { PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyStructSequence_New } from "../../objects/containers/structseq";
import { Tuple } from "../../objects/containers/tuple";
import { ArgParser, parseArguments } from "../../objects/define/args";
import { addFunction, METH_FASTCALL, METH_KEYWORDS, METH_NOARGS, METH_O } from "../../objects/define/tables";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_AsInt, PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { intMaxStrDigits, setIntMaxStrDigits } from "../../objects/numbers/int/text";
import { PyCallable_Check, PyObject_Call } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { clearTypeCache } from "../../objects/types/lookup";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";

function sys_getrecursionlimit(_m: usize, _u: usize): usize {
  return PyLong_FromLong(vmRoots.recursion_limit);
}

function sys_setrecursionlimit(_m: usize, v: usize): usize {
  const limit = PyLong_AsInt(v);
  if (limit == -1 && PyErr_Occurred()) return 0;
  if (limit < 1) {
    PyErr_SetString(PyExc_ValueError, "recursion limit must be greater or equal than 1");
    return 0;
  }
  const ts = PyThreadState.at(tstate);
  const depth = ts.py_recursion_limit - ts.py_recursion_remaining;
  if (depth >= limit) {
    return PyErr_Format(
      PyExc_RecursionError,
      "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low",
      limit,
      depth,
    );
  }
  vmRoots.recursion_limit = limit;
  ts.py_recursion_limit = limit;
  ts.py_recursion_remaining = limit - depth;
  return _Py_NoneStruct;
}

function sys_getswitchinterval(_m: usize, _u: usize): usize {
  return PyFloat_FromDouble(vmRoots.switch_interval);
}

function sys_setswitchinterval(_m: usize, v: usize): usize {
  const interval = PyFloat_AsDouble(v);
  if (interval == -1 && PyErr_Occurred()) return 0;
  if (interval <= 0) {
    PyErr_SetString(PyExc_ValueError, "switch interval must be strictly positive");
    return 0;
  }
  // Whole microseconds, as the runtime counts them.
  vmRoots.switch_interval = floor<f64>(interval * 1e6) / 1e6;
  return _Py_NoneStruct;
}

function sys_get_int_max_str_digits(_m: usize, _u: usize): usize {
  return PyLong_FromLong(intMaxStrDigits());
}

function sys_set_int_max_str_digits(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(1);
  const ok = parseArguments("set_int_max_str_digits", "maxdigits", argv, nargs, kwnames, a, 1, 1);
  const v = Py.item(a, 0);
  Scratch.give(a);
  if (!ok) return 0;
  const n = PyLong_AsInt(v);
  if (n == -1 && PyErr_Occurred()) return 0;
  if (n != 0 && n < 640) return PyErr_Format(PyExc_ValueError, "maxdigits must be 0 or larger than %d", 640);
  setIntMaxStrDigits(n);
  return _Py_NoneStruct;
}

function sys_utf8(_m: usize, _u: usize): usize {
  return PyUnicode_FromLiteral("utf-8");
}

function sys_getfilesystemencodeerrors(_m: usize, _u: usize): usize {
  return PyUnicode_FromLiteral("surrogateescape");
}

/** The complete frame `depth` calls up, as a frame object: a new reference. */
function sys_getframe(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("_getframe", nargs, 0, 1)) return 0;
  const depth = nargs == 0 ? 0 : PyLong_AsInt(Py.item(argv, 0));
  if (depth == -1 && PyErr_Occurred()) return 0;
  const frame = frameAbove(depth);
  if (frame != 0) return Py.XNewRef(frameObjectOf(frame));
  PyErr_SetString(PyExc_ValueError, "call stack is not deep enough");
  return 0;
}

function frameAbove(depth: i32): usize {
  let frame = currentPythonFrame();
  for (; depth > 0 && frame != 0; depth--) {
    frame = _PyInterpreterFrame.at(frame).previous;
    while (frame != 0 && _PyFrame_IsIncomplete(frame)) frame = _PyInterpreterFrame.at(frame).previous;
  }
  return frame;
}

function sys_getframemodulename(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(1);
  const ok = parseArguments("_getframemodulename", "depth", argv, nargs, kwnames, a, 0, 1);
  const v = Py.item(a, 0);
  Scratch.give(a);
  if (!ok) return 0;
  const depth = v == 0 ? 0 : PyLong_AsInt(v);
  if (depth == -1 && PyErr_Occurred()) return 0;
  const frame = frameAbove(depth);
  if (frame == 0) return _Py_NoneStruct;
  const func = _PyInterpreterFrame.at(frame).f_funcobj;
  const name = func == 0 ? 0 : PyDict_GetItemWithError(_PyInterpreterFrame.at(frame).f_globals, ID.__name__);
  if (name == 0 && PyErr_Occurred()) return 0;
  return name == 0 ? _Py_NoneStruct : Py.NewRef(name);
}

function sys_current_frames(_m: usize, _u: usize): usize {
  const d = PyDict_New();
  if (d == 0) return 0;
  const frame = currentPythonFrame();
  if (frame == 0) return d;
  const id = PyLong_FromLongLong(<i64>PyThreadState.at(tstate).thread_id);
  const o = id == 0 ? 0 : frameObjectOf(frame);
  const r = o == 0 ? -1 : PyDict_SetItem(d, id, o);
  Py.XDECREF(id);
  if (r == 0) return d;
  Py.DECREF(d);
  return 0;
}

/** Setting a function that nothing would call is an error; None is what is set already. */
function setNothing(v: usize, message: string): usize {
  if (v == _Py_NoneStruct) return _Py_NoneStruct;
  PyErr_SetString(PyExc_NotImplementedError, message);
  return 0;
}

function sys_settrace(_m: usize, f: usize): usize {
  return setNothing(f, "trace functions are not supported");
}

function sys_setprofile(_m: usize, f: usize): usize {
  return setNothing(f, "profile functions are not supported");
}

function sys_none(_m: usize, _u: usize): usize {
  return _Py_NoneStruct;
}

function sys_call_tracing(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("call_tracing", nargs, 2, 2)) return 0;
  const args = Py.item(argv, 1);
  if (!Py.check(args, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "call_tracing() argument 2 must be tuple, not %.50t", args);
  }
  return PyObject_Call(Py.item(argv, 0), args, 0);
}

function sys_audit(_m: usize, _argv: usize, nargs: isize): usize {
  if (nargs < 1) return PyErr_Format(PyExc_TypeError, "audit() missing 1 required positional argument: 'event'");
  return _Py_NoneStruct;
}

function sys_addaudithook(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(1);
  const ok = parseArguments("addaudithook", "hook", argv, nargs, kwnames, a, 1, 1);
  Scratch.give(a);
  if (!ok) return 0;
  PyErr_SetString(PyExc_NotImplementedError, "audit hooks are not supported");
  return 0;
}

function sys_is_finalizing(_m: usize, _u: usize): usize {
  return vmRoots.finalizing ? _Py_TrueStruct : _Py_FalseStruct;
}

function sys_is_gil_enabled(_m: usize, _u: usize): usize {
  return _Py_TrueStruct;
}

function sys_false(_m: usize, _u: usize): usize {
  return _Py_FalseStruct;
}

function sys_clear_caches(_m: usize, _u: usize): usize {
  clearTypeCache();
  return _Py_NoneStruct;
}

function orNone(v: usize): usize {
  return Py.NewRef(v == 0 ? _Py_NoneStruct : v);
}

function sys_get_asyncgen_hooks(_m: usize, _u: usize): usize {
  const o = PyStructSequence_New(PyStructSequence_asyncgen_hooks);
  if (o == 0) return 0;
  const ts = PyThreadState.at(tstate);
  Tuple.set(o, 0, orNone(ts.async_gen_firstiter));
  Tuple.set(o, 1, orNone(ts.async_gen_finalizer));
  return o;
}

const ASYNC_GEN_FIRSTITER: usize = 192;
const ASYNC_GEN_FINALIZER: usize = 200;

function sys_set_asyncgen_hooks(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(2);
  const ok = parseArguments("set_asyncgen_hooks", "firstiter finalizer", argv, nargs, kwnames, a, 0, 2);
  const first = Py.item(a, 0);
  const last = Py.item(a, 1);
  Scratch.give(a);
  if (!ok || !isHook(last, "finalizer") || !isHook(first, "firstiter")) return 0;
  if (last != 0) Py.SETREF(tstate + ASYNC_GEN_FINALIZER, last == _Py_NoneStruct ? 0 : Py.NewRef(last));
  if (first != 0) Py.SETREF(tstate + ASYNC_GEN_FIRSTITER, first == _Py_NoneStruct ? 0 : Py.NewRef(first));
  return _Py_NoneStruct;
}

function isHook(v: usize, what: string): bool {
  if (v == 0 || v == _Py_NoneStruct || PyCallable_Check(v)) return true;
  PyErr_Format(PyExc_TypeError, "callable %L expected, got %.50t", changetype<usize>(what), v);
  return false;
}

function sys_get_coroutine_origin_tracking_depth(_m: usize, _u: usize): usize {
  return PyLong_FromLong(PyThreadState.at(tstate).coroutine_origin_tracking_depth);
}

function sys_set_coroutine_origin_tracking_depth(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(1);
  const ok = parseArguments("set_coroutine_origin_tracking_depth", "depth", argv, nargs, kwnames, a, 1, 1);
  const v = Py.item(a, 0);
  Scratch.give(a);
  if (!ok) return 0;
  const depth = PyLong_AsInt(v);
  if (depth == -1 && PyErr_Occurred()) return 0;
  if (depth < 0) {
    PyErr_SetString(PyExc_ValueError, "depth must be >= 0");
    return 0;
  }
  PyThreadState.at(tstate).coroutine_origin_tracking_depth = depth;
  return _Py_NoneStruct;
}

/** Adds these functions to the module's table. */
export function addRuntimeFunctions(table: usize): usize {
  table = addFunction(table, "getrecursionlimit", sys_getrecursionlimit.index, METH_NOARGS);
  addFunction(table, "setrecursionlimit", sys_setrecursionlimit.index, METH_O);
  addFunction(table, "getswitchinterval", sys_getswitchinterval.index, METH_NOARGS);
  addFunction(table, "setswitchinterval", sys_setswitchinterval.index, METH_O);
  addFunction(table, "get_int_max_str_digits", sys_get_int_max_str_digits.index, METH_NOARGS);
  addFunction(table, "set_int_max_str_digits", sys_set_int_max_str_digits.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "getdefaultencoding", sys_utf8.index, METH_NOARGS);
  addFunction(table, "getfilesystemencoding", sys_utf8.index, METH_NOARGS);
  addFunction(table, "getfilesystemencodeerrors", sys_getfilesystemencodeerrors.index, METH_NOARGS);
  addFunction(table, "_getframe", sys_getframe.index, METH_FASTCALL);
  addFunction(table, "_getframemodulename", sys_getframemodulename.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "_current_frames", sys_current_frames.index, METH_NOARGS);
  addFunction(table, "settrace", sys_settrace.index, METH_O);
  addFunction(table, "gettrace", sys_none.index, METH_NOARGS);
  addFunction(table, "setprofile", sys_setprofile.index, METH_O);
  addFunction(table, "getprofile", sys_none.index, METH_NOARGS);
  addFunction(table, "_settraceallthreads", sys_settrace.index, METH_O);
  addFunction(table, "_setprofileallthreads", sys_setprofile.index, METH_O);
  addFunction(table, "call_tracing", sys_call_tracing.index, METH_FASTCALL);
  addFunction(table, "audit", sys_audit.index, METH_FASTCALL);
  addFunction(table, "addaudithook", sys_addaudithook.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "is_finalizing", sys_is_finalizing.index, METH_NOARGS);
  addFunction(table, "_is_gil_enabled", sys_is_gil_enabled.index, METH_NOARGS);
  addFunction(table, "is_stack_trampoline_active", sys_false.index, METH_NOARGS);
  addFunction(table, "_clear_type_cache", sys_clear_caches.index, METH_NOARGS);
  addFunction(table, "_clear_internal_caches", sys_none.index, METH_NOARGS);
  addFunction(table, "get_asyncgen_hooks", sys_get_asyncgen_hooks.index, METH_NOARGS);
  addFunction(table, "set_asyncgen_hooks", sys_set_asyncgen_hooks.index, METH_FASTCALL | METH_KEYWORDS);
  addFunction(table, "get_coroutine_origin_tracking_depth", sys_get_coroutine_origin_tracking_depth.index, METH_NOARGS);
  addFunction(
    table,
    "set_coroutine_origin_tracking_depth",
    sys_set_coroutine_origin_tracking_depth.index,
    METH_FASTCALL | METH_KEYWORDS,
  );
  return table;
}
