// The module _thread (CPython 3.13's Modules/_threadmodule.c). Locks are in lock.ts.
//
// Difference: a process has one thread; starting another is RuntimeError, as where the system has none left.

import {
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_IMMUTABLETYPE,
} from "../../generated/constants";
import {
  localobject,
  localobject_weakreflist,
  PyThreadHandleObject,
  PyThreadState,
  PyTypeObject,
  SIZEOF_localobject,
  SIZEOF_PyThreadHandleObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyBaseObject_Type,
  PyExc_AttributeError,
  PyExc_KeyboardInterrupt,
  PyExc_RuntimeError,
  PyExc_SystemExit,
  PyExc_TypeError,
  PyExc_ValueError,
  PyLocal_Type,
  PyLock_Type,
  PyRLock_Type,
  PyStructSequence_ExceptHookArgs,
  PyThreadHandle_Type,
} from "../../generated/statics";
import {
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_SetItem,
  PyDict_Size,
} from "../../objects/containers/dict/dict";
import { nameStructFields, structType } from "../../objects/containers/structseq";
import { Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetNone,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { localobject_clear, localobject_traverse } from "../../objects/generated/references";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { boolObject } from "../../objects/numbers/bool";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import {
  PyLong_AsUnsignedLongLong,
  PyLong_FromLong,
  PyLong_FromUnsignedLongLong,
} from "../../objects/numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import {
  _PyObject_GenericGetAttrWithDict,
  _PyObject_GenericSetAttrWithDict,
  PyObject_GenericGetAttr,
} from "../../objects/object/attributes";
import { PyCallable_Check } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyErr_Display } from "../../objects/traceback/print";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { tstate } from "../../thread/current";
import { currentThreadId } from "./ident";
import { initLockType, initRLockType, newLock, TIMEOUT_MAX } from "./lock";

/**
 * @native _thread.allocate_lock($module, /)
 *
 * A new lock that nobody holds.
 *
 * @native _thread.allocate($module, /)
 *
 * The old name of allocate_lock().
 */
export function thread_allocate_lock(_m: usize): usize {
  return newLock();
}

/**
 * @native _thread.get_ident($module, /)
 *
 * A number that tells this thread from all others that are alive.
 */
export function thread_get_ident(_m: usize): usize {
  return PyLong_FromUnsignedLongLong(currentThreadId());
}

/**
 * @native _thread._get_main_thread_ident($module, /)
 *
 * The number of the thread in which the program began.
 */
export function thread_get_main_thread_ident(_m: usize): usize {
  return PyLong_FromUnsignedLongLong(currentThreadId());
}

/**
 * @native _thread.get_native_id($module, /)
 *
 * The number that the system has for this thread.
 */
export function thread_get_native_id(_m: usize): usize {
  return PyLong_FromUnsignedLongLong(PyThreadState.at(tstate).thread_id);
}

/**
 * @native _thread._count($module, /)
 *
 * How many threads have been started and are alive.
 */
export function thread_count(_m: usize): usize {
  return PyLong_FromLong(0);
}

/**
 * @native _thread.daemon_threads_allowed($module, /)
 *
 * Whether threads may be started that the end of the program does not wait for.
 */
export function thread_daemon_threads_allowed(_m: usize): usize {
  return _Py_TrueStruct;
}

/**
 * @native _thread._is_main_interpreter($module, /)
 *
 * Whether this is the interpreter with which the process began.
 */
export function thread_is_main_interpreter(_m: usize): usize {
  return _Py_TrueStruct;
}

/**
 * @native _thread._shutdown($module, /)
 *
 * Waits for the threads that the end of the program waits for.
 */
export function thread_shutdown(_m: usize): usize {
  return _Py_NoneStruct;
}

/**
 * @native _thread.exit($module, /)
 *
 * Ends the thread, by raising SystemExit.
 *
 * @native _thread.exit_thread($module, /)
 *
 * The old name of exit().
 */
export function thread_exit(_m: usize): usize {
  PyErr_SetNone(PyExc_SystemExit);
  return 0;
}

/**
 * @native _thread.interrupt_main($module, signum=signal.SIGINT, /)
 *
 * Has the main thread do what it does when the signal arrives.
 */
export function thread_interrupt_main(_m: usize, _signum: usize): usize {
  PyErr_SetNone(PyExc_KeyboardInterrupt);
  return 0;
}

/**
 * @native _thread.stack_size($module, size=0, /)
 *
 * How large the stacks of new threads are, 0 for the system's choice; with an argument, what it was before.
 */
export function thread_stack_size(_m: usize, size: isize): usize {
  if (size < 0) return PyErr_SetString(PyExc_ValueError, "size must be 0 or a positive value");
  if (size != 0 && size < 32768) return PyErr_Format(PyExc_ValueError, "size not valid: %d bytes", size);
  return PyLong_FromLong(0);
}

function cannotStart(): usize {
  return PyErr_SetString(PyExc_RuntimeError, "can't start new thread");
}

/**
 * @native _thread.start_new_thread($module, function, args, kwargs={}, /)
 *
 * Calls a function in a new thread; the thread's number.
 *
 * @native _thread.start_new($module, function, args, kwargs={}, /)
 *
 * The old name of start_new_thread().
 */
export function thread_start_new_thread(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("start_new_thread", nargs, 2, 3)) return 0;
  if (!PyCallable_Check(Py.item(argv, 0))) return PyErr_SetString(PyExc_TypeError, "first arg must be callable");
  if (!Tuple.check(Py.item(argv, 1))) return PyErr_SetString(PyExc_TypeError, "2nd arg must be a tuple");
  if (nargs > 2 && !Py.check(Py.item(argv, 2), Py_TPFLAGS_DICT_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "optional 3rd arg must be a dictionary");
  }
  return cannotStart();
}

/**
 * @native _thread.start_joinable_thread($module, /, function, handle=None, daemon=True)
 *
 * Calls a function in a new thread that can be joined; its handle.
 */
export function thread_start_joinable_thread(_m: usize, function_: usize, handle: usize, _daemon: bool): usize {
  if (!PyCallable_Check(function_)) return PyErr_SetString(PyExc_TypeError, "thread function must be callable");
  if (handle != _Py_NoneStruct && handle != 0 && Py.TYPE(handle) != PyThreadHandle_Type) {
    return PyErr_SetString(PyExc_TypeError, "'handle' must be a _ThreadHandle");
  }
  return cannotStart();
}

/**
 * @native _thread._excepthook($module, (exc_type, exc_value, exc_traceback, thread), /)
 *
 * Reports an exception that a thread has not caught.
 */
export function thread_excepthook(_m: usize, args: usize): usize {
  if (Py.TYPE(args) != PyStructSequence_ExceptHookArgs) {
    return PyErr_SetString(PyExc_TypeError, "_thread.excepthook argument type must be ExceptHookArgs");
  }
  if (Tuple.get(args, 0) == PyExc_SystemExit) return _Py_NoneStruct;
  const exc = Tuple.get(args, 1);
  if (Py.check(exc, Py_TPFLAGS_BASE_EXC_SUBCLASS)) PyErr_Display(exc);
  return _Py_NoneStruct;
}

/**
 * @native _thread._make_thread_handle($module, ident, /)
 *
 * The handle of a thread that was not started here.
 */
export function thread_make_thread_handle(_m: usize, ident: usize): usize {
  const id = PyLong_AsUnsignedLongLong(ident);
  if (id == u64.MAX_VALUE && PyErr_Occurred() != 0) return 0;
  const o = PyType_GenericAlloc(PyThreadHandle_Type, 0);
  if (o == 0) return 0;
  PyThreadHandleObject.at(o).ident = id;
  PyThreadHandleObject.at(o).state = State.running;
  return o;
}

const enum State {
  notStarted,
  starting,
  running,
  done,
}

function handle_new(type: usize, _args: usize, _kwargs: usize): usize {
  return PyType_GenericAlloc(type, 0);
}

function handle_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PyObject_GC_Del(self);
}

function handle_repr(self: usize): usize {
  return PyUnicode_FromFormat("<%t object: ident=%lu>", self, PyThreadHandleObject.at(self).ident);
}

/**
 * @getter _thread._ThreadHandle.ident
 */
export function handle_ident(self: usize, _c: usize): usize {
  return PyLong_FromUnsignedLongLong(PyThreadHandleObject.at(self).ident);
}

/**
 * @native _thread._ThreadHandle.is_done
 */
export function handle_is_done(self: usize, _: usize): usize {
  return boolObject(PyThreadHandleObject.at(self).state == State.done);
}

/**
 * @native _thread._ThreadHandle._set_done
 */
export function handle_set_done(self: usize, _: usize): usize {
  const h = PyThreadHandleObject.at(self);
  if (h.state == State.notStarted) return PyErr_SetString(PyExc_RuntimeError, "thread not started");
  h.state = State.done;
  return _Py_NoneStruct;
}

/**
 * @native _thread._ThreadHandle.join
 */
export function handle_join(self: usize, args: usize): usize {
  if (!ArgParser.count("join", Tuple.size(args), 0, 1)) return 0;
  const h = PyThreadHandleObject.at(self);
  if (h.state == State.notStarted) return PyErr_SetString(PyExc_RuntimeError, "thread not started");
  if (h.state != State.done && h.ident == currentThreadId()) {
    return PyErr_SetString(PyExc_RuntimeError, "Cannot join current thread");
  }
  if (h.state != State.done) return PyErr_SetString(PyExc_RuntimeError, "the thread does not run in this process");
  h.joined = 1;
  return _Py_NoneStruct;
}

function nothing_traverse(_self: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

// Attributes of a thread's own: the dict of the thread holds, under the key of the object, the dict of its attributes.

/** The dict of the running thread, borrowed; null with MemoryError. */
function threadDict(): usize {
  const ts = PyThreadState.at(tstate);
  if (ts.dict == 0) ts.dict = PyDict_New();
  return ts.dict;
}

/** The dict of this thread's attributes of the object, borrowed; made, and __init__ called, where there is none yet. */
function localDict(self: usize): usize {
  const all = threadDict();
  if (all == 0) return 0;
  const l = localobject.at(self);
  let d = PyDict_GetItemWithError(all, l.key);
  if (d != 0 || PyErr_Occurred() != 0) return d;
  d = PyDict_New();
  if (d == 0) return 0;
  const r = PyDict_SetItem(all, l.key, d);
  Py.DECREF(d);
  if (r < 0) return 0;
  const type = PyTypeObject.at(Py.TYPE(self));
  if (type.tp_init != PyTypeObject.at(PyBaseObject_Type).tp_init) {
    if (call_indirect<i32>(type.tp_init, self, l.args, l.kw) < 0) {
      const exc = PyErr_GetRaisedException();
      if (PyDict_DelItem(all, l.key) < 0) PyErr_Clear();
      PyErr_SetRaisedException(exc);
      return 0;
    }
  }
  return PyDict_GetItemWithError(all, l.key);
}

function local_new(type: usize, args: usize, kwargs: usize): usize {
  if (PyTypeObject.at(type).tp_init == PyTypeObject.at(PyBaseObject_Type).tp_init) {
    if (Tuple.size(args) > 0 || (kwargs != 0 && PyDict_Size(kwargs) > 0)) {
      return PyErr_SetString(PyExc_TypeError, "Initialization arguments are not supported");
    }
  }
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) return 0;
  const l = localobject.at(self);
  l.args = Py.NewRef(args);
  l.kw = Py.XNewRef(kwargs);
  l.key = PyUnicode_FromFormat("thread.local.0x%x", self);
  // The thread that makes it calls __init__ as every class does.
  const all = l.key == 0 ? 0 : threadDict();
  const d = all == 0 ? 0 : PyDict_New();
  const ok = d != 0 && PyDict_SetItem(all, l.key, d) == 0;
  Py.XDECREF(d);
  if (ok) return self;
  Py.DECREF(self);
  return 0;
}

function local_clear(self: usize): i32 {
  const l = localobject.at(self);
  const all = PyThreadState.at(tstate).dict;
  if (l.key != 0 && all != 0) {
    const exc = PyErr_GetRaisedException();
    if (PyDict_DelItem(all, l.key) < 0) PyErr_Clear();
    PyErr_SetRaisedException(exc);
  }
  return localobject_clear(self);
}

function local_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  if (localobject.at(self).weakreflist != 0) PyObject_ClearWeakRefs(self);
  local_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function isDictName(name: usize): bool {
  return U.length(name) == 8 && PyUnicode_EqualToLiteral(name, "__dict__");
}

function local_getattro(self: usize, name: usize): usize {
  const d = localDict(self);
  if (d == 0) return 0;
  if (isDictName(name)) return Py.NewRef(d);
  Py.INCREF(d);
  const r = _PyObject_GenericGetAttrWithDict(self, name, d, false);
  Py.DECREF(d);
  return r;
}

function local_setattro(self: usize, name: usize, value: usize): i32 {
  const d = localDict(self);
  if (d == 0) return -1;
  if (isDictName(name)) {
    PyErr_Format(PyExc_AttributeError, "'%.100t' object attribute '%U' is read-only", self, name);
    return -1;
  }
  Py.INCREF(d);
  const r = _PyObject_GenericSetAttrWithDict(self, name, value, d);
  Py.DECREF(d);
  return r;
}

/**
 * @type _thread._local()
 *
 * An object whose attributes each thread has for itself.
 */
function initLocalType(): i32 {
  const t = PyTypeObject.at(PyLocal_Type);
  t.tp_basicsize = SIZEOF_localobject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_weaklistoffset = localobject_weakreflist;
  t.tp_dealloc = local_dealloc.index;
  t.tp_traverse = localobject_traverse.index;
  t.tp_clear = local_clear.index;
  t.tp_getattro = local_getattro.index;
  t.tp_setattro = local_setattro.index;
  t.tp_new = local_new.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  return PyType_Ready(PyLocal_Type);
}

/**
 * @type _thread._ThreadHandle
 */
function initHandleType(): i32 {
  const t = PyTypeObject.at(PyThreadHandle_Type);
  t.tp_basicsize = SIZEOF_PyThreadHandleObject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_dealloc = handle_dealloc.index;
  t.tp_traverse = nothing_traverse.index;
  t.tp_repr = handle_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_new = handle_new.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  return PyType_Ready(PyThreadHandle_Type);
}

/**
 * @type _thread._ExceptHookArgs
 *
 * ExceptHookArgs
 *
 * What threading.excepthook() receives.
 *
 * @native _thread._ExceptHookArgs.__reduce__ = structseq_reduce
 *
 * @native _thread._ExceptHookArgs.__replace__($self, /, **changes) = structseq_replace
 * A copy of the tuple in which the fields named in changes have other values.
 *
 * @field _thread._ExceptHookArgs.exc_type
 * The exception's type
 *
 * @field _thread._ExceptHookArgs.exc_value
 * The exception
 *
 * @field _thread._ExceptHookArgs.exc_traceback
 * Where it was raised
 *
 * @field _thread._ExceptHookArgs.thread
 * The thread
 */
function initExceptHookArgs(): i32 {
  structType(PyStructSequence_ExceptHookArgs, 4, true);
  if (PyType_Ready(PyStructSequence_ExceptHookArgs) < 0) return -1;
  return nameStructFields(PyStructSequence_ExceptHookArgs);
}

/**
 * @module _thread
 *
 * Threads and locks, as the module threading needs them.
 */
export function initThread(m: usize): i32 {
  if (
    initLockType() < 0 ||
    initRLockType() < 0 ||
    initLocalType() < 0 ||
    initHandleType() < 0 ||
    initExceptHookArgs() < 0
  ) {
    return -1;
  }
  return PyModule_AddObjectLiteral(m, "TIMEOUT_MAX", PyFloat_FromDouble(TIMEOUT_MAX)) == 0 &&
    PyModule_AddObjectLiteral(m, "error", PyExc_RuntimeError) == 0 &&
    PyModule_AddObjectLiteral(m, "lock", PyLock_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "LockType", PyLock_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "RLock", PyRLock_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "_local", PyLocal_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "_ThreadHandle", PyThreadHandle_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "_ExceptHookArgs", PyStructSequence_ExceptHookArgs) == 0
    ? 0
    : -1;
}
