// Processes among others: groups, sessions, shares of the processors (CPython 3.13's Modules/posixmodule.c). What the system
// says of a process is read from /proc.
//
// Difference: how a process is scheduled can only be set to what it is.

import { EINVAL, ENOSYS, EPERM, ESRCH, O_CLOEXEC } from "../../generated/constants";
import { host } from "../../generated/host";
import { PyTypeObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_TypeError,
  PyExc_ValueError,
  PyStructSequence_sched_param,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { BytesLike } from "../../objects/bytes/common";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte } from "../../objects/bytes/writer";
import { PyStructSequence_New, readyStructType, setStructItem } from "../../objects/containers/structseq";
import { PySet_Add, PySet_New } from "../../objects/containers/set/set";
import { Tuple } from "../../objects/containers/tuple";
import { intArgument, parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PySequence_Tuple } from "../../objects/protocol/sequence";
import { Scratch } from "../../thread/scratch";

// Where they stand in /proc/PID/stat, the first being 1.
export const FIELD_PGRP: i32 = 5;
const FIELD_SESSION: i32 = 6;
const FIELD_NICE: i32 = 19;
const FIELD_RT_PRIORITY: i32 = 40;
export const FIELD_POLICY: i32 = 41;
/** The name of the program is in parentheses, and may have anything in it. */
const FIELD_NAME: i32 = 2;

const FILE_MOST: usize = 4096;

const SCHED_OTHER: i32 = 0;
const SCHED_FIFO: i32 = 1;
const SCHED_RR: i32 = 2;
const SCHED_IDLE: i32 = 5;
const REALTIME_MOST: i32 = 99;
/** Seconds that Linux gives at once. */
const RR_INTERVAL: f64 = 0.1;

const PRIO_PROCESS: i32 = 0;

/** Reads /proc/PID/NAME (0: of this process) to `into`, FILE_MOST bytes, and a NUL behind: false where there is none. */
function readProcess(pid: i32, stat: bool, into: usize): bool {
  const path = Scratch.take(5);
  memory.fill(path, 0, 40);
  let p = putText(path, "/proc/");
  if (pid == 0) p = putText(p, "self");
  else {
    let scale = 1;
    while (pid / scale >= 10) scale *= 10;
    for (; scale > 0; scale /= 10) store<u8>(p++, 0x30 + ((pid / scale) % 10));
  }
  p = putText(p, stat ? "/stat" : "/status");
  const fd = pid < 0 ? -1 : host.open(path, p - path, O_CLOEXEC, 0);
  Scratch.give(path);
  if (fd < 0) return false;
  const n = host.read(<i32>fd, into, FILE_MOST - 1);
  host.close(<i32>fd);
  if (n < 0) return false;
  store<u8>(into + <usize>n, 0);
  return true;
}

function putText(p: usize, text: string): usize {
  for (let i = 0; i < text.length; i++) store<u8>(p++, text.charCodeAt(i));
  return p;
}

/** What no field is: there is no such process, or no memory. */
const NO_PROCESS: i64 = i64.MIN_VALUE;

/** A field of what the system says of a process (0: this one); NO_PROCESS where there is none. */
export function processField(pid: i32, field: i32): i64 {
  const block = PyMem_Malloc(FILE_MOST);
  if (block == 0) return NO_PROCESS;
  let r = NO_PROCESS;
  if (readProcess(pid, true, block)) {
    let p = block;
    for (let q = block; load<u8>(q) != 0; q++) if (load<u8>(q) == 0x29) p = q;
    for (let i = FIELD_NAME; i < field && load<u8>(p) != 0; i++) {
      while (load<u8>(p) != 0 && load<u8>(p) != 0x20) p++;
      if (load<u8>(p) == 0x20) p++;
    }
    const negative = load<u8>(p) == 0x2d;
    if (negative) p++;
    r = 0;
    for (; load<u8>(p) >= 0x30 && load<u8>(p) <= 0x39; p++) r = r * 10 + (load<u8>(p) - 0x30);
    if (negative) r = -r;
  }
  PyMem_Free(block);
  return r;
}

/** The same as an int; null with OSError. */
function fieldObject(pid: i32, field: i32): usize {
  const v = processField(pid, field);
  return v == NO_PROCESS ? raiseErrno(ESRCH) : PyLong_FromLongLong(v);
}

/**
 * @native posix.getpgrp($module, /)
 *
 * The process group that this process is in.
 */
export function posix_getpgrp(_m: usize, _u: usize): usize {
  return fieldObject(0, FIELD_PGRP);
}

/**
 * @native posix.getpgid($module, /, pid)
 *
 * The process group that a process is in.
 */
export function posix_getpgid(_m: usize, pid: i32): usize {
  return fieldObject(pid, FIELD_PGRP);
}

/**
 * @native posix.getsid($module, pid, /)
 *
 * The session that a process is in.
 */
export function posix_getsid(_m: usize, pid: i32): usize {
  return fieldObject(pid, FIELD_SESSION);
}

/**
 * @native posix.getpriority($module, /, which, who)
 *
 * How much others go before a process.
 */
export function posix_getpriority(_m: usize, which: i32, who: i32): usize {
  return which == PRIO_PROCESS ? fieldObject(who, FIELD_NICE) : raiseErrno(which < 0 || which > 2 ? EINVAL : ENOSYS);
}

/**
 * @native posix.setpriority($module, /, which, who, priority)
 *
 * Set how much others go before a process.
 */
export function posix_setpriority(_m: usize, which: i32, who: i32, priority: i32): usize {
  if (which != PRIO_PROCESS) return raiseErrno(which < 0 || which > 2 ? EINVAL : ENOSYS);
  const r = host.setpriority(who, max(min(priority, 19), -20));
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

function isPolicy(policy: i32): bool {
  return policy >= SCHED_OTHER && policy <= SCHED_IDLE && policy != 4;
}

function isRealtime(policy: i32): bool {
  return policy == SCHED_FIFO || policy == SCHED_RR;
}

/**
 * @native posix.sched_get_priority_max($module, /, policy)
 *
 * The greatest priority that there is with a policy.
 */
export function posix_sched_get_priority_max(_m: usize, policy: i32): usize {
  if (!isPolicy(policy)) return raiseErrno(EINVAL);
  return PyLong_FromLong(isRealtime(policy) ? REALTIME_MOST : 0);
}

/**
 * @native posix.sched_get_priority_min($module, /, policy)
 *
 * The least priority that there is with a policy.
 */
export function posix_sched_get_priority_min(_m: usize, policy: i32): usize {
  if (!isPolicy(policy)) return raiseErrno(EINVAL);
  return PyLong_FromLong(isRealtime(policy) ? 1 : 0);
}

/**
 * @native posix.sched_getscheduler($module, pid, /)
 *
 * By which policy a process is scheduled, 0 being this one.
 */
export function posix_sched_getscheduler(_m: usize, pid: i32): usize {
  return fieldObject(pid, FIELD_POLICY);
}

/**
 * @native posix.sched_getparam($module, pid, /)
 *
 * By which parameters a process is scheduled, 0 being this one.
 */
export function posix_sched_getparam(_m: usize, pid: i32): usize {
  const priority = fieldObject(pid, FIELD_RT_PRIORITY);
  return priority == 0 ? 0 : newParam(PyStructSequence_sched_param, priority);
}

/** A sched_param of a priority (stolen): new; null with MemoryError. */
function newParam(type: usize, priority: usize): usize {
  const o = PyStructSequence_New(type);
  if (o == 0) {
    Py.DECREF(priority);
    return 0;
  }
  if (setStructItem(o, 0, priority)) return o;
  Py.DECREF(o);
  return 0;
}

/** sched_param(sched_priority) */
function sched_param_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(1);
  const parsed = parseTupleAndKeywords("sched_param", "sched_priority", args, kwargs, a, 1, 1);
  const priority = Py.item(a, 0);
  Scratch.give(a);
  return parsed ? newParam(type, Py.NewRef(priority)) : 0;
}

/** The priority of a sched_param: -1 with an exception. */
function priorityOf(param: usize): i32 {
  if (Py.TYPE(param) != PyStructSequence_sched_param) {
    PyErr_SetString(PyExc_TypeError, "must have a sched_param object");
    return -1;
  }
  const priority = intArgument(Tuple.get(param, 0));
  if (priority == -1 && PyErr_Occurred()) return -1;
  if (priority >= 0) return priority;
  raiseErrno(EINVAL);
  return -1;
}

/** Sets how a process is scheduled, which must be how it is: None, null with an exception. */
function keepSchedule(pid: i32, policy: i32, param: usize): usize {
  const priority = priorityOf(param);
  if (priority < 0) return 0;
  const now = processField(pid, FIELD_POLICY);
  if (now == NO_PROCESS) return raiseErrno(ESRCH);
  const same = (policy < 0 || now == policy) && processField(pid, FIELD_RT_PRIORITY) == priority;
  return same ? _Py_NoneStruct : raiseErrno(EPERM);
}

/**
 * @native posix.sched_setscheduler($module, pid, policy, param, /)
 *
 * Set by which policy and parameters a process is scheduled, 0 being this one.
 */
export function posix_sched_setscheduler(_m: usize, pid: i32, policy: i32, param: usize): usize {
  return policy < 0 ? raiseErrno(EINVAL) : keepSchedule(pid, policy, param);
}

/**
 * @native posix.sched_setparam($module, pid, param, /)
 *
 * Set by which parameters a process is scheduled, 0 being this one.
 */
export function posix_sched_setparam(_m: usize, pid: i32, param: usize): usize {
  return keepSchedule(pid, -1, param);
}

/**
 * @native posix.sched_rr_get_interval($module, pid, /)
 *
 * How many seconds a process gets in its turn, where processes take turns.
 */
export function posix_sched_rr_get_interval(_m: usize, pid: i32): usize {
  if (pid < 0) return raiseErrno(EINVAL);
  if (processField(pid, FIELD_POLICY) == NO_PROCESS) return raiseErrno(ESRCH);
  return PyFloat_FromDouble(RR_INTERVAL);
}

/**
 * @native posix.sched_getaffinity($module, pid, /)
 *
 * On which processors a process may run, 0 being this one: a set of their numbers.
 */
export function posix_sched_getaffinity(_m: usize, pid: i32): usize {
  const block = PyMem_Malloc(FILE_MOST);
  if (block == 0) return PyErr_NoMemory();
  // Of itself a process knows it without any file: all there are.
  const isOwn = pid == 0 || pid == <i32>host.getpid();
  const r = readProcess(pid, false, block)
    ? processorsIn(block)
    : isOwn
      ? addProcessors(PySet_New(0), 0, host.cpus() - 1)
      : raiseErrno(ESRCH);
  PyMem_Free(block);
  return r;
}

/** Adds the numbers of processors to a set, which it returns: null where that failed. */
function addProcessors(set: usize, first: i32, last: i32): usize {
  for (let i = first; set != 0 && i <= last; i++) {
    const number = PyLong_FromLong(i);
    const status = number == 0 ? -1 : PySet_Add(set, number);
    Py.XDECREF(number);
    if (status == 0) continue;
    Py.DECREF(set);
    return 0;
  }
  return set;
}

/** Whether a text begins with a literal. */
function beginsWith(p: usize, text: string): bool {
  for (let i = 0; i < text.length; i++) if (load<u8>(p + <usize>i) != text.charCodeAt(i)) return false;
  return true;
}

/** The set of the numbers and ranges in the line Cpus_allowed_list: new; null with an exception. */
function processorsIn(p: usize): usize {
  while (load<u8>(p) != 0 && !beginsWith(p, "\nCpus_allowed_list:")) p++;
  let set = PySet_New(0);
  if (set == 0 || load<u8>(p) == 0) return set;
  p += 20;
  let first = -1;
  while (true) {
    let n = 0;
    for (; load<u8>(p) >= 0x30 && load<u8>(p) <= 0x39; p++) n = n * 10 + (load<u8>(p) - 0x30);
    const c = <u32>load<u8>(p++);
    if (c == 0x2d) {
      first = n;
      continue;
    }
    set = addProcessors(set, first < 0 ? n : first, n);
    first = -1;
    if (set == 0 || c != 0x2c) return set;
  }
}

/**
 * @native posix.sched_setaffinity($module, pid, mask, /)
 *
 * Set on which processors a process may run, 0 being this one.
 */
export function posix_sched_setaffinity(_m: usize, pid: i32, mask: usize): usize {
  if (processField(pid, FIELD_POLICY) == NO_PROCESS) return raiseErrno(ESRCH);
  const items = PySequence_Tuple(mask);
  if (items == 0) return 0;
  const w = ByteWriter.begin(0);
  let ok: bool = true;
  for (let i: isize = 0; ok && i < Tuple.size(items); i++) {
    const n = intArgument(Tuple.get(items, i));
    ok = n != -1 || PyErr_Occurred() == 0;
    if (ok && n < 0) {
      PyErr_SetString(PyExc_ValueError, "negative CPU number");
      ok = false;
    }
    ok = ok && (i == 0 || writeByte(w, 0x2c) == 0) && writeDecimal(w, <u32>n) == 0;
  }
  Py.DECREF(items);
  const text = ok ? byteWriterFinish(w) : byteWriterDiscard(w);
  if (text == 0) return 0;
  const n = Py.SIZE(text);
  const r = n == 0 ? -EINVAL : host.setaffinity(pid, BytesLike.data(text), <usize>n);
  Py.DECREF(text);
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/** Writes a number: -1 with MemoryError. */
export function writeDecimal(w: usize, n: u32): i32 {
  if (n >= 10 && writeDecimal(w, n / 10) < 0) return -1;
  return writeByte(w, 0x30 + (n % 10));
}

/**
 * @type posix.sched_param(sched_priority)
 *
 * The parameters by which a process is scheduled.
 *
 * @native posix.sched_param.__reduce__ = structseq_reduce
 *
 * @native posix.sched_param.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field posix.sched_param.sched_priority
 * the priority
 */

/** Completes the type: 0, or -1 with an exception. */
export function initSchedulingTypes(): i32 {
  if (readyStructType(PyStructSequence_sched_param, 1) < 0) return -1;
  PyTypeObject.at(PyStructSequence_sched_param).tp_new = sched_param_new.index;
  return 0;
}
