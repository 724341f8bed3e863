// The functions of sys that set up how the runtime works, or look at its frames (CPython 3.13's Python/sysmodule.c).
//
// Differences: encodings are UTF-8 always.

import { Py_TPFLAGS_TUPLE_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { _PyInterpreterFrame, PyThreadState } from "../../generated/layouts";
import { objectsRoots, threadsRoots, vmRoots } from "../../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_Exception,
  PyExc_RecursionError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyStructSequence_asyncgen_hooks,
} from "../../generated/statics";
import { frameObjectOf } from "../../objects/code/frame";
import { _PyFrame_IsIncomplete, currentPythonFrame, pythonFrameOf } from "../../objects/code/frameaccess";
import {
  PyDict_GetItemLiteral,
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_SetItem,
} from "../../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { PyStructSequence_New } from "../../objects/containers/structseq";
import { PyTuple_FromArray, Tuple } from "../../objects/containers/tuple";
import { ArgParser, parseArguments } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import {
  handledExceptionOf,
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_AsInt, PyLong_FromLong, PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { intMaxStrDigits, setIntMaxStrDigits } from "../../objects/numbers/int/text";
import { PyCallable_Check, PyObject_Call } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { clearTypeCache } from "../../objects/types/lookup";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";
import { setProfile, setProfileAll, setTrace, setTraceAll } from "../../vm/monitoring/legacy";

/**
 * @native sys.getrecursionlimit($module, /)
 *
 * How deeply calls may be nested.
 *
 * Where a call would be nested more deeply a RecursionError is raised in place of it, so that a function that calls itself without end ends all the same. setrecursionlimit() can change the number.
 */
export function sys_getrecursionlimit(_m: usize, _u: usize): usize {
  return PyLong_FromLong(vmRoots.recursion_limit);
}

/**
 * @native sys._get_cpu_count_config($module, /)
 *
 * How many processors the program was told that there are; -1 where nothing was told.
 */
export function sys__get_cpu_count_config(_m: usize, _u: usize): usize {
  const count = PyDict_GetItemLiteral(vmRoots.config, "cpu_count");
  return count == 0 ? PyLong_FromLong(-1) : Py.NewRef(count);
}

/**
 * @native sys.setrecursionlimit($module, limit, /)
 *
 * Say how deeply calls may be nested.
 *
 * The calls that are being made at the moment must fit in it. A function that calls itself without end is stopped by the limit; others can be given more levels of them.
 */
export function sys_setrecursionlimit(_m: usize, v: usize): usize {
  const limit = PyLong_AsInt(v);
  if (limit == -1 && PyErr_Occurred()) return 0;
  if (limit < 1) return PyErr_SetString(PyExc_ValueError, "recursion limit must be greater or equal than 1");
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

/**
 * @native sys.getswitchinterval($module, /)
 *
 * How long a thread may run while others wait for it, in seconds.
 */
export function sys_getswitchinterval(_m: usize, _u: usize): usize {
  return PyFloat_FromDouble(vmRoots.switch_interval);
}

/**
 * @native sys.setswitchinterval($module, interval, /)
 *
 * Say how long a thread may run while others wait for it, in seconds.
 *
 * After that time it is asked to give way, which it does at the next place that allows it: functions that are not written in Python may take longer than that. Which of those that wait is next is for the system to decide. The time is a float, more than 0; 0.005 at first, which is rarely worth changing.
 */
export function sys_setswitchinterval(_m: usize, v: usize): usize {
  const interval = PyFloat_AsDouble(v);
  if (interval == -1 && PyErr_Occurred()) return 0;
  if (interval <= 0) return PyErr_SetString(PyExc_ValueError, "switch interval must be strictly positive");
  // Whole microseconds, as the runtime counts them.
  vmRoots.switch_interval = floor<f64>(interval * 1e6) / 1e6;
  return _Py_NoneStruct;
}

/**
 * @native sys.get_int_max_str_digits($module, /)
 *
 * How many digits an int may have when it becomes text in base 10, or comes from it.
 */
export function sys_get_int_max_str_digits(_m: usize, _u: usize): usize {
  return PyLong_FromLong(intMaxStrDigits());
}

/**
 * @native sys.set_int_max_str_digits($module, /, maxdigits)
 *
 * Say how many digits an int may have as text in base 10. 0 means any number.
 */
export function sys_set_int_max_str_digits(_m: usize, maxdigits: i32): usize {
  if (maxdigits != 0 && maxdigits < 640)
    return PyErr_Format(PyExc_ValueError, "maxdigits must be 0 or larger than %d", 640);
  setIntMaxStrDigits(maxdigits);
  return _Py_NoneStruct;
}

/**
 * @native sys.getdefaultencoding($module, /)
 *
 * The encoding of str.encode() when none is given: 'utf-8'.
 *
 * @native sys.getfilesystemencoding($module, /)
 *
 * The encoding in which the system's names of files are: 'utf-8'.
 */
export function sys_utf8(_m: usize, _u: usize): usize {
  return PyUnicode_FromLiteral("utf-8");
}

/**
 * @native sys.getfilesystemencodeerrors($module, /)
 *
 * What is done with names of files that are not in that encoding.
 */
export function sys_getfilesystemencodeerrors(_m: usize, _u: usize): usize {
  return PyUnicode_FromLiteral("surrogateescape");
}

/**
 * The complete frame `depth` calls up, as a frame object: a new reference.
 *
 * @native sys._getframe($module, depth=0, /)
 *
 * The frame of a call that is being made.
 *
 * With 0, the default, it is that of the function that calls this; with 1 that of its caller, and so on. A ValueError is raised for more than there are.
 *
 * A frame has the variables of the call, the line that it is in and the frame it came from. It is meant for debuggers and the like. To keep it keeps all variables alive.
 */
export function sys_getframe(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("_getframe", nargs, 0, 1)) return 0;
  const depth = nargs == 0 ? 0 : PyLong_AsInt(Py.item(argv, 0));
  if (depth == -1 && PyErr_Occurred()) return 0;
  const frame = frameAbove(depth);
  if (frame != 0) {
    const o = frameObjectOf(frame);
    return o != 0 && Audit.event("sys._getframe", "O", o) ? Py.NewRef(o) : 0;
  }
  return PyErr_SetString(PyExc_ValueError, "call stack is not deep enough");
}

function frameAbove(depth: i32): usize {
  let frame = currentPythonFrame();
  for (; depth > 0 && frame != 0; depth--) {
    frame = _PyInterpreterFrame.at(frame).previous;
    while (frame != 0 && _PyFrame_IsIncomplete(frame)) frame = _PyInterpreterFrame.at(frame).previous;
  }
  return frame;
}

/**
 * @native sys._getframemodulename($module, /, depth=0)
 *
 * The name of the module in which a call stands that is being made.
 *
 * With 0, the default, it is the one that calls this; with 1 it is the caller's, as for functions that make a class for somebody and want to know where it belongs. None is returned where it is not known by any name.
 */
export function sys_getframemodulename(_m: usize, depth: i32): usize {
  if (!Audit.event("sys._getframemodulename", "i", depth)) return 0;
  const frame = frameAbove(depth);
  if (frame == 0) return _Py_NoneStruct;
  const func = _PyInterpreterFrame.at(frame).f_funcobj;
  const name = func == 0 ? 0 : PyDict_GetItemWithError(_PyInterpreterFrame.at(frame).f_globals, ID.__name__);
  if (name == 0 && PyErr_Occurred()) return 0;
  return name == 0 ? _Py_NoneStruct : Py.NewRef(name);
}

/**
 * @native sys._current_frames($module, /)
 *
 * The frame of the innermost call of each thread, by the number of the thread, in a dict.
 *
 * It helps to find out where one hangs.
 */
export function sys_current_frames(_m: usize, _u: usize): usize {
  if (!Audit.event("sys._current_frames")) return 0;
  const d = PyDict_New();
  for (let ts = threadsRoots.newest; d != 0 && ts != 0; ts = PyThreadState.at(ts).next) {
    const frame = pythonFrameOf(ts);
    if (frame == 0) continue;
    const id = PyLong_FromUnsignedLongLong(PyThreadState.at(ts).thread_id);
    const o = id == 0 ? 0 : frameObjectOf(frame);
    const r = o == 0 ? -1 : PyDict_SetItem(d, id, o);
    Py.XDECREF(id);
    if (r == 0) continue;
    Py.DECREF(d);
    return 0;
  }
  return d;
}

/**
 * @native sys._current_exceptions($module, /)
 *
 * The exception that each thread handles, by the number of the thread, in a dict; None where it handles none.
 *
 * It helps to find out what goes wrong.
 */
export function sys_current_exceptions(_m: usize, _u: usize): usize {
  if (!Audit.event("sys._current_exceptions")) return 0;
  const d = PyDict_New();
  for (let ts = threadsRoots.newest; d != 0 && ts != 0; ts = PyThreadState.at(ts).next) {
    if (pythonFrameOf(ts) == 0) continue;
    const id = PyLong_FromUnsignedLongLong(PyThreadState.at(ts).thread_id);
    const exc = handledExceptionOf(ts);
    const r = id == 0 ? -1 : PyDict_SetItem(d, id, exc == 0 ? _Py_NoneStruct : exc);
    Py.XDECREF(id);
    if (r == 0) continue;
    Py.DECREF(d);
    return 0;
  }
  return d;
}

/**
 * @native sys._settraceallthreads($module, function, /)
 *
 * Have a function called for every call, line and return, in all threads that are running.
 *
 * settrace() is for one of them, and threading.settrace() for those to be started; None ends it.
 */
export function sys_settraceallthreads(_m: usize, f: usize): usize {
  if (!Audit.event("sys.settrace")) return 0;
  return setTraceAll(f == _Py_NoneStruct ? 0 : f) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native sys.settrace($module, function, /)
 *
 * Have a function called for every call, line and return, as a debugger needs.
 *
 * It can say what else it wants to see; None ends it.
 */
export function sys_settrace(_m: usize, f: usize): usize {
  if (!Audit.event("sys.settrace")) return 0;
  return setTrace(f == _Py_NoneStruct ? 0 : f) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native sys._setprofileallthreads($module, function, /)
 *
 * Have a function called for every call and return, in all threads that are running.
 *
 * setprofile() is for the one that calls it, and threading.setprofile() for those that will be started; None ends it.
 */
export function sys_setprofileallthreads(_m: usize, f: usize): usize {
  if (!Audit.event("sys.setprofile")) return 0;
  return setProfileAll(f == _Py_NoneStruct ? 0 : f) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native sys.setprofile($module, function, /)
 *
 * Have a function called for every call and return, as a profiler needs it.
 *
 * Those of native functions are among them; None ends it.
 */
export function sys_setprofile(_m: usize, f: usize): usize {
  if (!Audit.event("sys.setprofile")) return 0;
  return setProfile(f == _Py_NoneStruct ? 0 : f) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native sys.gettrace($module, /)
 *
 * What settrace() was given, or None: the function that is called for calls, lines, returns and exceptions.
 */
export function sys_gettrace(_m: usize, _u: usize): usize {
  const f = PyThreadState.at(tstate).c_traceobj;
  return f == 0 ? _Py_NoneStruct : Py.NewRef(f);
}

/**
 * @native sys.getprofile($module, /)
 *
 * What setprofile() was given, or None: what is called for calls and for the returns of them.
 */
export function sys_getprofile(_m: usize, _u: usize): usize {
  const f = PyThreadState.at(tstate).c_profileobj;
  return f == 0 ? _Py_NoneStruct : Py.NewRef(f);
}

/**
 * @native sys._clear_internal_caches($module, /)
 *
 * Forget everything that only makes it faster.
 */
export function sys_none(_m: usize, _u: usize): usize {
  return _Py_NoneStruct;
}

/**
 * @native sys.call_tracing($module, func, args, /)
 *
 * Call func(*args) with tracing on, and return what it returns.
 *
 * A debugger that is itself called by a trace function uses this, as no other is called in the meantime: it wants to follow what the user has typed.
 */
export function sys_call_tracing(_m: usize, func: usize, args: usize): usize {
  if (!Py.check(args, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "call_tracing() argument 2 must be tuple, not %.50t", args);
  }
  const ts = PyThreadState.at(tstate);
  const tracing = ts.tracing;
  ts.tracing = 0;
  const r = PyObject_Call(func, args, 0);
  ts.tracing = tracing;
  return r;
}

/**
 * @native sys.audit($module, event, /, *args)
 *
 * Tell those who asked for it that something happens.
 */
export function sys_audit(_m: usize, argv: usize, nargs: isize): usize {
  if (nargs < 1) return PyErr_Format(PyExc_TypeError, "audit() missing 1 required positional argument: 'event'");
  if (!Audit.isOn()) return _Py_NoneStruct;
  const event = Py.item(argv, 0);
  if (!Py.check(event, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "expected str for argument 'event', not %.200t", event);
  }
  const args = PyTuple_FromArray(argv + 8, nargs - 1);
  const ok = args != 0 && Audit.tuple(event, args);
  Py.XDECREF(args);
  return ok ? _Py_NoneStruct : 0;
}

/**
 * @native sys.addaudithook($module, /, hook)
 *
 * Have a function told of events.
 */
export function sys_addaudithook(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(1);
  const ok = parseArguments("addaudithook", "hook", argv, nargs, kwnames, a, 1, 1);
  const hook = Py.item(a, 0);
  Scratch.give(a);
  if (!ok) return 0;
  // One that is there can keep another away, which is not told why.
  if (!Audit.event("sys.addaudithook")) {
    if (!PyErr_ExceptionMatches(PyExc_Exception)) return 0;
    PyErr_Clear();
    return _Py_NoneStruct;
  }
  if (objectsRoots.audit_hooks == 0) {
    const hooks = PyList_New(0);
    if (hooks == 0) return 0;
    PyObject_GC_UnTrack(hooks);
    objectsRoots.audit_hooks = hooks;
  }
  return PyList_Append(objectsRoots.audit_hooks, hook) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native sys._baserepl($module, /)
 *
 * Run what is typed, a statement after the other: a prompt that needs nothing of the terminal.
 */
export function sys_baserepl(_m: usize, _u: usize): usize {
  call_indirect<i32>(vmRoots.base_repl);
  return _Py_NoneStruct;
}

/**
 * @native sys.is_finalizing($module, /)
 *
 * Whether the program is ending.
 */
export function sys_is_finalizing(_m: usize, _u: usize): usize {
  return vmRoots.finalizing ? _Py_TrueStruct : _Py_FalseStruct;
}

/**
 * @native sys._is_gil_enabled($module, /)
 *
 * Whether one thread runs at a time only, which is always so here.
 */
export function sys_is_gil_enabled(_m: usize, _u: usize): usize {
  return _Py_TrueStruct;
}

/**
 * @native sys.is_stack_trampoline_active($module, /)
 *
 * Whether perf can see Python's functions by name.
 */
export function sys_false(_m: usize, _u: usize): usize {
  return _Py_FalseStruct;
}

/**
 * @native sys._clear_type_cache($module, /)
 *
 * Forget where methods were found.
 */
export function sys_clear_caches(_m: usize, _u: usize): usize {
  clearTypeCache();
  return _Py_NoneStruct;
}

function orNone(v: usize): usize {
  return Py.NewRef(v == 0 ? _Py_NoneStruct : v);
}

/**
 * @native sys.get_asyncgen_hooks($module, /)
 *
 * What is called for asynchronous generators, in a tuple.
 *
 * Its fields are firstiter and finalizer, both None at first.
 */
export function sys_get_asyncgen_hooks(_m: usize, _u: usize): usize {
  const o = PyStructSequence_New(PyStructSequence_asyncgen_hooks);
  if (o == 0) return 0;
  const ts = PyThreadState.at(tstate);
  Tuple.set(o, 0, orNone(ts.async_gen_firstiter));
  Tuple.set(o, 1, orNone(ts.async_gen_finalizer));
  return o;
}

/**
 * @native sys.set_asyncgen_hooks
 *
 * set_asyncgen_hooks([firstiter] [, finalizer])
 *
 * Say what is called for asynchronous generators.
 */
export function sys_set_asyncgen_hooks(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(2);
  const ok = parseArguments("set_asyncgen_hooks", "firstiter finalizer", argv, nargs, kwnames, a, 0, 2);
  const first = Py.item(a, 0);
  const last = Py.item(a, 1);
  Scratch.give(a);
  if (!ok || !isHook(last, "finalizer") || !isHook(first, "firstiter")) return 0;
  if (last != 0 && !Audit.event("sys.set_asyncgen_hook_finalizer")) return 0;
  if (first != 0 && !Audit.event("sys.set_asyncgen_hook_firstiter")) return 0;
  if (last != 0)
    Py.SETREF(PyThreadState.at(tstate).async_gen_finalizer_slot, last == _Py_NoneStruct ? 0 : Py.NewRef(last));
  if (first != 0)
    Py.SETREF(PyThreadState.at(tstate).async_gen_firstiter_slot, first == _Py_NoneStruct ? 0 : Py.NewRef(first));
  return _Py_NoneStruct;
}

function isHook(v: usize, what: string): bool {
  if (v == 0 || v == _Py_NoneStruct || PyCallable_Check(v)) return true;
  PyErr_Format(PyExc_TypeError, "callable %L expected, got %.50t", changetype<usize>(what), v);
  return false;
}

/**
 * @native sys.get_coroutine_origin_tracking_depth($module, /)
 *
 * How many calls are remembered of where a coroutine was made, or 0.
 */
export function sys_get_coroutine_origin_tracking_depth(_m: usize, _u: usize): usize {
  return PyLong_FromLong(PyThreadState.at(tstate).coroutine_origin_tracking_depth);
}

/**
 * @native sys.set_coroutine_origin_tracking_depth($module, /, depth)
 *
 * Have it remembered where coroutines are made.
 *
 * The number says how many calls, the innermost first, in the attribute cr_origin: file, line and function of each. 0 remembers none, as at first. It holds for the thread that calls this.
 */
export function sys_set_coroutine_origin_tracking_depth(_m: usize, depth: i32): usize {
  if (depth < 0) return PyErr_SetString(PyExc_ValueError, "depth must be >= 0");
  PyThreadState.at(tstate).coroutine_origin_tracking_depth = depth;
  return _Py_NoneStruct;
}
