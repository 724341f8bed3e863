// The module resource (CPython 3.13's Modules/resource.c): what the process has used, and what it may use.
//
// Deliberate difference: the limits are those of the simulated machine. RLIMIT_AS is its memory limit, which can be set;
// others are what they are, and setting them to anything else is OSError (ENOSYS). The process has no children: they have
// used nothing.

import { EINVAL, ENOSYS, EPERM, ESRCH, PAGE_SIZE } from "../generated/constants";
import { host } from "../generated/host";
import {
  ProcessIdentity,
  ResourceUsage,
  rlimit,
  SIZEOF_ProcessIdentity,
  SIZEOF_ResourceUsage,
} from "../generated/layouts";
import { osRoots, resourceRoots } from "../generated/runtime";
import { _Py_NoneStruct, PyExc_OSError, PyExc_ValueError, PyStructSequence_struct_rusage } from "../generated/statics";
import { PyStructSequence_New, readyStructType, setStructItem } from "../objects/containers/structseq";
import { PyTuple_Pack2, Tuple } from "../objects/containers/tuple";
import { Audit } from "../objects/errors/audit";
import { PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { raiseErrno } from "../objects/errors/system";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../objects/module/module";
import { PyFloat_FromDouble } from "../objects/numbers/float/float";
import { PyLong_AsLongLong, PyLong_FromLong, PyLong_FromLongLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PySequence_Tuple } from "../objects/protocol/sequence";
import { setMemoryLimit } from "../os/machine";
import { Scratch } from "../thread/scratch";
import { addNumbers } from "./numbers";

const RUSAGE_CHILDREN: i32 = -1;
const RUSAGE_THREAD: i32 = 1;

const RLIMIT_CORE: i32 = 4;
const RLIMIT_NOFILE: i32 = 7;
const RLIMIT_AS: i32 = 9;
const RLIM_NLIMITS: i32 = 16;
const RLIM_INFINITY: i64 = -1;

/** As src/kernel/descriptors.ts has it. */
const DESCRIPTORS_MAX: i64 = 1024;

const CONSTANTS = `
  RLIMIT_CPU 0 RLIMIT_FSIZE 1 RLIMIT_DATA 2 RLIMIT_STACK 3 RLIMIT_CORE 4 RLIMIT_NOFILE 7 RLIMIT_OFILE 7 RLIMIT_AS 9
  RLIMIT_RSS 5 RLIMIT_NPROC 6 RLIMIT_MEMLOCK 8 RLIMIT_MSGQUEUE 12 RLIMIT_NICE 13 RLIMIT_RTPRIO 14 RLIMIT_RTTIME 15
  RLIMIT_SIGPENDING 11 RUSAGE_SELF 0 RUSAGE_CHILDREN -1 RUSAGE_THREAD 1 RLIM_INFINITY -1`;

/**
 * @native resource.getrusage($module, who, /)
 */
export function resource_getrusage(_m: usize, who: i32): usize {
  if (who < RUSAGE_CHILDREN || who > RUSAGE_THREAD) {
    return PyErr_SetString(PyExc_ValueError, "invalid who parameter");
  }
  const usage = Scratch.take(SIZEOF_ResourceUsage >> 3);
  memory.fill(usage, 0, SIZEOF_ResourceUsage);
  const r = who == RUSAGE_CHILDREN ? 0 : host.rusage(usage);
  const o = r < 0 ? raiseErrno(-r) : usageResult(usage);
  Scratch.give(usage);
  return o;
}

/** A new struct_rusage of the ResourceUsage at `usage`. Null with MemoryError. */
function usageResult(usage: usize): usize {
  const u = ResourceUsage.at(usage);
  const o = PyStructSequence_New(PyStructSequence_struct_rusage);
  if (o == 0) return 0;
  if (
    setStructItem(o, 0, PyFloat_FromDouble(u.user)) &&
    setStructItem(o, 1, PyFloat_FromDouble(u.system)) &&
    setStructItem(o, 2, PyLong_FromLongLong(u.maxrss)) &&
    // Linux keeps none of the sizes in memory.
    setStructItem(o, 3, PyLong_FromLong(0)) &&
    setStructItem(o, 4, PyLong_FromLong(0)) &&
    setStructItem(o, 5, PyLong_FromLong(0)) &&
    setStructItem(o, 6, PyLong_FromLongLong(u.minflt)) &&
    setStructItem(o, 7, PyLong_FromLongLong(u.majflt)) &&
    // Nor swaps.
    setStructItem(o, 8, PyLong_FromLong(0)) &&
    setStructItem(o, 9, PyLong_FromLongLong(u.inblock)) &&
    setStructItem(o, 10, PyLong_FromLongLong(u.oublock)) &&
    // Nor messages and signals.
    setStructItem(o, 11, PyLong_FromLong(0)) &&
    setStructItem(o, 12, PyLong_FromLong(0)) &&
    setStructItem(o, 13, PyLong_FromLong(0)) &&
    setStructItem(o, 14, PyLong_FromLong(u.nvcsw)) &&
    setStructItem(o, 15, PyLong_FromLong(u.nivcsw))
  ) {
    return o;
  }
  Py.DECREF(o);
  return 0;
}

/** What a limit is; RLIM_INFINITY for none. */
function limitOf(resource: i32): i64 {
  if (resource == RLIMIT_CORE) return 0;
  if (resource == RLIMIT_NOFILE) return DESCRIPTORS_MAX;
  if (resource == RLIMIT_AS && osRoots.memory_limit != 0) return osRoots.memory_limit;
  return RLIM_INFINITY;
}

/** The limit above which it cannot be set. */
function mostOf(resource: i32): i64 {
  if (resource == RLIMIT_AS && resourceRoots.memory_limit_set) {
    return resourceRoots.memory_limit_most == 0 ? RLIM_INFINITY : <i64>resourceRoots.memory_limit_most;
  }
  return limitOf(resource);
}

function pairOf(current: i64, most: i64): usize {
  const a = PyLong_FromLongLong(current);
  const b = a == 0 ? 0 : PyLong_FromLongLong(most);
  const r = b == 0 ? 0 : PyTuple_Pack2(a, b);
  Py.XDECREF(a);
  Py.XDECREF(b);
  return r;
}

function checkResource(resource: i32): bool {
  if (resource >= 0 && resource < RLIM_NLIMITS) return true;
  PyErr_SetString(PyExc_ValueError, "invalid resource specified");
  return false;
}

/** Two limits, stored at `out`: false with an exception. */
function limitsArgument(limits: usize, out: usize): bool {
  const pair = PySequence_Tuple(limits);
  if (pair == 0) return false;
  let ok = Tuple.size(pair) == 2;
  if (!ok) PyErr_SetString(PyExc_ValueError, "expected a tuple of 2 integers");
  for (let i: isize = 0; ok && i < 2; i++) {
    const v = PyLong_AsLongLong(Tuple.get(pair, i));
    ok = v != -1 || PyErr_Occurred() == 0;
    store<i64>(out + ((<usize>i) << 3), v);
  }
  Py.DECREF(pair);
  return ok;
}

/** The memory limit that the machine has for one of this module's; 0 there is none. */
function machineLimit(limit: i64): usize {
  return isAbove(limit, u32.MAX_VALUE) ? 0 : max<usize>(<usize>limit, 1);
}

/** Whether a limit lies above another; RLIM_INFINITY above all. */
function isAbove(a: i64, b: i64): bool {
  return <u64>a > <u64>b;
}

/** Sets limits: 0, or a negative error number. */
function setLimits(resource: i32, current: i64, most: i64): isize {
  if (isAbove(current, most)) return -EINVAL;
  if (resource != RLIMIT_AS) return current == limitOf(resource) && most == mostOf(resource) ? 0 : -ENOSYS;
  if (isAbove(most, mostOf(resource))) return -EPERM;
  resourceRoots.memory_limit_set = 1;
  resourceRoots.memory_limit_most = machineLimit(most);
  setMemoryLimit(machineLimit(current));
  return 0;
}

/**
 * @native resource.getrlimit($module, resource, /)
 */
export function resource_getrlimit(_m: usize, resource: i32): usize {
  return checkResource(resource) ? pairOf(limitOf(resource), mostOf(resource)) : 0;
}

/**
 * @native resource.setrlimit($module, resource, limits, /)
 */
export function resource_setrlimit(_m: usize, resource: i32, limits: usize): usize {
  if (!checkResource(resource) || !Audit.event("resource.setrlimit", "iO", resource, limits)) return 0;
  const pair = Scratch.take(2);
  const ok = limitsArgument(limits, pair);
  const current = rlimit.at(pair).rlim_cur;
  const most = rlimit.at(pair).rlim_max;
  Scratch.give(pair);
  if (!ok) return 0;
  const r = setLimits(resource, current, most);
  if (r == -EINVAL) return PyErr_SetString(PyExc_ValueError, "current limit exceeds maximum limit");
  if (r == -EPERM) return PyErr_SetString(PyExc_ValueError, "not allowed to raise maximum limit");
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/**
 * @native resource.prlimit($module, pid, resource, limits=None, /)
 */
export function resource_prlimit(_m: usize, pid: i32, resource: i32, limits: usize): usize {
  if (!checkResource(resource) || !Audit.event("resource.prlimit", "iiO", pid, resource, limits)) return 0;
  const pair = Scratch.take(max<isize>(2, SIZEOF_ProcessIdentity >> 3));
  const wanted = limits != 0 && limits != _Py_NoneStruct;
  const ok = !wanted || limitsArgument(limits, pair);
  const current = rlimit.at(pair).rlim_cur;
  const most = rlimit.at(pair).rlim_max;
  let r: isize = 0;
  // Only this process is known.
  if (ok && pid != 0) {
    r = host.identity(pair);
    if (r >= 0 && ProcessIdentity.at(pair).pid != <u32>pid) r = -ESRCH;
  }
  Scratch.give(pair);
  if (!ok) return 0;
  const currentWas = limitOf(resource);
  const mostWas = mostOf(resource);
  if (r >= 0 && wanted) r = setLimits(resource, current, most);
  if (r == -EINVAL) return PyErr_SetString(PyExc_ValueError, "current limit exceeds maximum limit");
  return r < 0 ? raiseErrno(-r) : pairOf(currentWas, mostWas);
}

/**
 * @native resource.getpagesize($module, /)
 */
export function resource_getpagesize(_m: usize, _u: usize): usize {
  return PyLong_FromLong(<i32>PAGE_SIZE);
}

/**
 * @type resource.struct_rusage
 *
 * struct_rusage: what getrusage() tells.
 *
 * It is a tuple,
 *     (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,
 *     nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)
 * and its items are attributes, with ru_ before the names: ru_utime, ru_stime, and so on.
 *
 * @native resource.struct_rusage.__reduce__ = structseq_reduce
 *
 * @native resource.struct_rusage.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field resource.struct_rusage.ru_utime
 * seconds of the program
 *
 * @field resource.struct_rusage.ru_stime
 * of the kernel for it
 *
 * @field resource.struct_rusage.ru_maxrss
 * most memory it had
 *
 * @field resource.struct_rusage.ru_ixrss
 * shared memory
 *
 * @field resource.struct_rusage.ru_idrss
 * memory for data
 *
 * @field resource.struct_rusage.ru_isrss
 * memory for stacks
 *
 * @field resource.struct_rusage.ru_minflt
 * page faults without reading
 *
 * @field resource.struct_rusage.ru_majflt
 * page faults with it
 *
 * @field resource.struct_rusage.ru_nswap
 * swapped how often
 *
 * @field resource.struct_rusage.ru_inblock
 * blocks read
 *
 * @field resource.struct_rusage.ru_oublock
 * blocks written
 *
 * @field resource.struct_rusage.ru_msgsnd
 * messages sent
 *
 * @field resource.struct_rusage.ru_msgrcv
 * messages received
 *
 * @field resource.struct_rusage.ru_nsignals
 * signals received
 *
 * @field resource.struct_rusage.ru_nvcsw
 * gave way by itself
 *
 * @field resource.struct_rusage.ru_nivcsw
 * had to give way
 */

/**
 * @module resource
 */
export function initResource(m: usize): i32 {
  if (readyStructType(PyStructSequence_struct_rusage, 16) < 0) return -1;
  if (
    PyModule_AddObjectLiteral(m, "error", PyExc_OSError) < 0 ||
    PyModule_AddObjectLiteral(m, "struct_rusage", PyStructSequence_struct_rusage) < 0
  ) {
    return -1;
  }
  return addNumbers(PyModule_GetDict(m), CONSTANTS);
}
