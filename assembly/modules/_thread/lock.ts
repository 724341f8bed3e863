// Locks, and locks that their holder may acquire again (the lock and RLock types of CPython 3.13's
// Modules/_threadmodule.c).
//
// Difference: where no thread can be started, who waits without a limit for a lock that is held would wait for ever; that is
// a RuntimeError there.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_IMMUTABLETYPE,
  WAITING_LOCK,
} from "../../generated/constants";
import {
  lockobject,
  lockobject_in_weakreflist,
  lockobject_locked,
  PyTypeObject,
  rlockobject,
  rlockobject_in_weakreflist,
  rlockobject_rlock_count,
  SIZEOF_lockobject,
  SIZEOF_rlockobject,
} from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_OverflowError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyLock_Type,
  PyRLock_Type,
} from "../../generated/statics";
import { PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { PyFloat_AsDouble } from "../../objects/numbers/float/float";
import { PyLong_AsUnsignedLongLong, PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { wakeFirst } from "../../thread/wait";
import { currentThreadId } from "./ident";
import { awaitZero } from "./waiting";

/** The longest wait that can be asked for, in seconds. */
export const TIMEOUT_MAX: f64 = 9223372036;

/**
 * The arguments of acquire: how many seconds to wait at most, 0 not at all, negative without a limit; NaN with an
 * exception. `timeout` null: it is not given.
 */
function waitingTime(blocking: bool, timeout: usize): f64 {
  const seconds = timeout == 0 ? -1 : PyFloat_AsDouble(timeout);
  if (seconds == -1 && PyErr_Occurred() != 0) return NaN;
  if (isNaN(seconds)) {
    PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
    return NaN;
  }
  if (!blocking && seconds != -1) {
    PyErr_SetString(PyExc_ValueError, "can't specify a timeout for a non-blocking call");
    return NaN;
  }
  if (seconds < 0 && seconds != -1) {
    PyErr_SetString(PyExc_ValueError, "timeout value must be a non-negative number");
    return NaN;
  }
  if (seconds > 9.3e18) {
    PyErr_SetString(PyExc_OverflowError, "timestamp out of range for platform time_t");
    return NaN;
  }
  if (seconds > TIMEOUT_MAX) {
    PyErr_SetString(PyExc_OverflowError, "timeout value is too large");
    return NaN;
  }
  return blocking ? seconds : 0;
}

/**
 * @native _thread.lock.acquire($self, /, blocking=True, timeout=-1)
 *
 * Locks it, after waiting for whoever holds it; whether it did.
 *
 * Without blocking, or when the timeout (in seconds) is over, it gives up and returns False.
 *
 * @native _thread.lock.acquire_lock($self, /, blocking=True, timeout=-1)
 *
 * The old name of acquire().
 */
export function lock_acquire(self: usize, blocking: bool, timeout: usize): usize {
  const seconds = waitingTime(blocking, timeout);
  if (isNaN(seconds)) return 0;
  const l = lockobject.at(self);
  if (l.locked != 0) {
    const r = awaitZero(l.waiters_slot, self + lockobject_locked, seconds, WAITING_LOCK);
    if (r <= 0) return r < 0 ? 0 : _Py_FalseStruct;
  }
  l.locked = 1;
  return _Py_TrueStruct;
}

/**
 * @native _thread.lock.release($self, /)
 *
 * Unlocks it, whoever has locked it; somebody who waits for it goes on.
 *
 * @native _thread.lock.release_lock($self, /)
 *
 * The old name of release().
 */
export function lock_release(self: usize): usize {
  const l = lockobject.at(self);
  if (l.locked == 0) return PyErr_SetString(PyExc_RuntimeError, "release unlocked lock");
  l.locked = 0;
  wakeFirst(l.waiters_slot);
  return _Py_NoneStruct;
}

/**
 * @native _thread.lock.locked($self, /)
 *
 * Whether somebody holds it.
 *
 * @native _thread.lock.locked_lock($self, /)
 *
 * The old name of locked().
 */
export function lock_locked(self: usize): usize {
  return boolObject(lockobject.at(self).locked != 0);
}

/**
 * @native _thread.lock.__enter__($self, /)
 *
 * Locks it.
 */
export function lock_enter(self: usize): usize {
  return lock_acquire(self, true, 0);
}

/**
 * @native _thread.lock.__exit__($self, /, *exc_info)
 *
 * Unlocks it.
 */
export function lock_exit(self: usize, _args: usize): usize {
  return lock_release(self);
}

/**
 * @native _thread.lock._at_fork_reinit($self, /)
 *
 * Unlocks it in the child of a fork.
 */
export function lock_at_fork_reinit(self: usize): usize {
  lockobject.at(self).locked = 0;
  return _Py_NoneStruct;
}

function lock_repr(self: usize): usize {
  const state = lockobject.at(self).locked != 0 ? "locked" : "unlocked";
  return PyUnicode_FromFormat("<%L %t object at 0x%x>", changetype<usize>(state), self, self);
}

function lock_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("lock", kwargs) || !ArgParser.count("lock", Tuple.size(args), 0, 0)) return 0;
  return PyType_GenericAlloc(type, 0);
}

/** A new lock that nobody holds; null with MemoryError. */
export function newLock(): usize {
  return PyType_GenericAlloc(PyLock_Type, 0);
}

function lock_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  if (lockobject.at(self).in_weakreflist != 0) PyObject_ClearWeakRefs(self);
  PyObject_GC_Del(self);
}

function rlock_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  if (rlockobject.at(self).in_weakreflist != 0) PyObject_ClearWeakRefs(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function nothing_traverse(_self: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

/**
 * @native _thread.RLock.acquire($self, /, blocking=True, timeout=-1)
 *
 * Locks it, after waiting for another thread that holds it; whether it did.
 *
 * The thread that holds it already locks it once more, and has to release it as often.
 */
export function rlock_acquire(self: usize, blocking: bool, timeout: usize): usize {
  const seconds = waitingTime(blocking, timeout);
  if (isNaN(seconds)) return 0;
  const l = rlockobject.at(self);
  const id = currentThreadId();
  if (l.rlock_count != 0 && l.rlock_owner != id) {
    const r = awaitZero(l.waiters_slot, self + rlockobject_rlock_count, seconds, WAITING_LOCK);
    if (r <= 0) return r < 0 ? 0 : _Py_FalseStruct;
  }
  if (l.rlock_count == u64.MAX_VALUE) {
    return PyErr_SetString(PyExc_OverflowError, "Internal lock count overflowed");
  }
  l.rlock_owner = id;
  l.rlock_count = l.rlock_count + 1;
  return _Py_TrueStruct;
}

function isOwned(self: usize): bool {
  const l = rlockobject.at(self);
  return l.rlock_count != 0 && l.rlock_owner == currentThreadId();
}

/**
 * @native _thread.RLock.release($self, /)
 *
 * Unlocks it once; as often as it was acquired, and others may have it.
 */
export function rlock_release(self: usize): usize {
  if (!isOwned(self)) return PyErr_SetString(PyExc_RuntimeError, "cannot release un-acquired lock");
  const l = rlockobject.at(self);
  l.rlock_count = l.rlock_count - 1;
  if (l.rlock_count != 0) return _Py_NoneStruct;
  l.rlock_owner = 0;
  wakeFirst(l.waiters_slot);
  return _Py_NoneStruct;
}

/**
 * @native _thread.RLock._is_owned($self, /)
 *
 * Whether this thread holds it.
 */
export function rlock_is_owned(self: usize): usize {
  return boolObject(isOwned(self));
}

/**
 * @native _thread.RLock._recursion_count($self, /)
 *
 * How many times this thread has acquired it.
 */
export function rlock_recursion_count(self: usize): usize {
  return PyLong_FromUnsignedLongLong(isOwned(self) ? rlockobject.at(self).rlock_count : 0);
}

/**
 * @native _thread.RLock._release_save($self, /)
 *
 * Unlocks it altogether; what _acquire_restore() needs to lock it as before.
 */
export function rlock_release_save(self: usize): usize {
  const l = rlockobject.at(self);
  if (l.rlock_count == 0) return PyErr_SetString(PyExc_RuntimeError, "cannot release un-acquired lock");
  const count = PyLong_FromUnsignedLongLong(l.rlock_count);
  const owner = count == 0 ? 0 : PyLong_FromUnsignedLongLong(l.rlock_owner);
  const r = owner == 0 ? 0 : PyTuple_Pack2(count, owner);
  Py.XDECREF(count);
  Py.XDECREF(owner);
  if (r == 0) return 0;
  l.rlock_count = 0;
  l.rlock_owner = 0;
  wakeFirst(l.waiters_slot);
  return r;
}

/**
 * @native _thread.RLock._acquire_restore($self, state, /)
 *
 * Locks it as it was before _release_save().
 */
export function rlock_acquire_restore(self: usize, state: usize): usize {
  if (!Tuple.check(state) || Tuple.size(state) != 2) {
    return PyErr_Format(PyExc_TypeError, "_acquire_restore() argument 1 must be 2-item sequence, not %t", state);
  }
  const count = PyLong_AsUnsignedLongLong(Tuple.get(state, 0));
  if (count == u64.MAX_VALUE && PyErr_Occurred() != 0) return 0;
  const owner = PyLong_AsUnsignedLongLong(Tuple.get(state, 1));
  if (owner == u64.MAX_VALUE && PyErr_Occurred() != 0) return 0;
  const l = rlockobject.at(self);
  if (awaitZero(l.waiters_slot, self + rlockobject_rlock_count, -1, WAITING_LOCK) < 0) return 0;
  l.rlock_count = count;
  l.rlock_owner = owner;
  return _Py_NoneStruct;
}

/**
 * @native _thread.RLock.__enter__($self, /)
 *
 * Locks it.
 */
export function rlock_enter(self: usize): usize {
  return rlock_acquire(self, true, 0);
}

/**
 * @native _thread.RLock.__exit__($self, /, *exc_info)
 *
 * Unlocks it once.
 */
export function rlock_exit(self: usize, _args: usize): usize {
  return rlock_release(self);
}

/**
 * @native _thread.RLock._at_fork_reinit($self, /)
 *
 * Unlocks it in the child of a fork.
 */
export function rlock_at_fork_reinit(self: usize): usize {
  rlockobject.at(self).rlock_count = 0;
  rlockobject.at(self).rlock_owner = 0;
  return _Py_NoneStruct;
}

function rlock_repr(self: usize): usize {
  const l = rlockobject.at(self);
  const held = PyUnicode_FromFormat("owner=%lu count=%lu at 0x%x", l.rlock_owner, l.rlock_count, self);
  if (held == 0) return 0;
  const state = changetype<usize>(l.rlock_count != 0 ? "locked" : "unlocked");
  const r = PyUnicode_FromFormat("<%L %t object %U>", state, self, held);
  Py.DECREF(held);
  return r;
}

function rlock_new(type: usize, _args: usize, _kwargs: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}

/**
 * @type _thread.lock()
 *
 * A lock that one thread at a time can hold.
 *
 * It belongs to nobody: any thread may release it.
 */
export function initLockType(): i32 {
  const t = PyTypeObject.at(PyLock_Type);
  t.tp_basicsize = SIZEOF_lockobject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_weaklistoffset = lockobject_in_weakreflist;
  t.tp_dealloc = lock_dealloc.index;
  t.tp_traverse = nothing_traverse.index;
  t.tp_repr = lock_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_new = lock_new.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  return PyType_Ready(PyLock_Type);
}

/**
 * @type _thread.RLock
 */
export function initRLockType(): i32 {
  const t = PyTypeObject.at(PyRLock_Type);
  t.tp_basicsize = SIZEOF_rlockobject;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_weaklistoffset = rlockobject_in_weakreflist;
  t.tp_dealloc = rlock_dealloc.index;
  t.tp_traverse = nothing_traverse.index;
  t.tp_repr = rlock_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_new = rlock_new.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  return PyType_Ready(PyRLock_Type);
}
