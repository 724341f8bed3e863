// The process among others, its environment, what it may use of the system (CPython 3.13's Modules/posixmodule.c).

import { EINVAL } from "../../generated/constants";
import { host } from "../../generated/host";
import {
  ProcessIdentity,
  ProcessIdentity_egid,
  ProcessIdentity_euid,
  ProcessIdentity_gid,
  ProcessIdentity_ppid,
  ProcessIdentity_uid,
  PyBytesObject,
  path_t,
  ResourceUsage,
  SIZEOF_path_t,
  SIZEOF_ResourceUsage,
} from "../../generated/layouts";
import { faulthandlerRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyExc_ValueError } from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyDict_SetDefault } from "../../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack3 } from "../../objects/containers/tuple";
import { Audit } from "../../objects/errors/audit";
import { strerror } from "../../objects/errors/errno";
import { PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_FromLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyOS_FSPath, PyUnicode_FSConverter } from "../../objects/text/codecs/filesystem";
import { cstringLength } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { sleepAlone } from "../../vm/breaker";
import { checkSignals, deliverSignal, NSIG } from "../../vm/signals";
import { Path } from "./path";
import { timesResult, unameResult } from "./results";

/** A field of the ProcessIdentity as an int; null with OSError. */
function identityField(offset: usize): usize {
  const out = Scratch.take(4);
  const r = host.identity(out);
  const v = load<u32>(out + offset);
  Scratch.give(out);
  return r < 0 ? raiseErrno(-r) : PyLong_FromLongLong(v);
}

/**
 * @native posix.getpid($module, /)
 *
 * Which process this is.
 */
export function posix_getpid(_m: usize, _u: usize): usize {
  const pid = host.getpid();
  return pid < 0 ? raiseErrno(-pid) : PyLong_FromLongLong(pid);
}

/**
 * @native posix.getppid($module, /)
 *
 * Which process has started this one.
 *
 * If that has ended, Linux tells another one, of the
 * system; Windows still tells the old one.
 */
export function posix_getppid(_m: usize, _u: usize): usize {
  return identityField(ProcessIdentity_ppid);
}

/**
 * @native posix.getuid($module, /)
 *
 * Which user has started it.
 */
export function posix_getuid(_m: usize, _u: usize): usize {
  return identityField(ProcessIdentity_uid);
}

/**
 * @native posix.geteuid($module, /)
 *
 * Which user's rights it has.
 */
export function posix_geteuid(_m: usize, _u: usize): usize {
  return identityField(ProcessIdentity_euid);
}

/**
 * @native posix.getgid($module, /)
 *
 * Which group has started it.
 */
export function posix_getgid(_m: usize, _u: usize): usize {
  return identityField(ProcessIdentity_gid);
}

/**
 * @native posix.getegid($module, /)
 *
 * Which group's rights it has.
 */
export function posix_getegid(_m: usize, _u: usize): usize {
  return identityField(ProcessIdentity_egid);
}

/** Three fields of the ProcessIdentity as a tuple: null with an exception. */
function threeIds(real: usize, effective: usize): usize {
  const a = identityField(real);
  const b = a == 0 ? 0 : identityField(effective);
  // What is saved at the start of a program are the rights that it has.
  const r = b == 0 ? 0 : PyTuple_Pack3(a, b, b);
  Py.XDECREF(a);
  Py.XDECREF(b);
  return r;
}

/**
 * @native posix.getresuid($module, /)
 *
 * Which user has started it, whose rights it has, and whose it can have again.
 */
export function posix_getresuid(_m: usize, _u: usize): usize {
  return threeIds(ProcessIdentity_uid, ProcessIdentity_euid);
}

/**
 * @native posix.getresgid($module, /)
 *
 * The same of groups: which has started it, whose rights it has, whose it can have again.
 */
export function posix_getresgid(_m: usize, _u: usize): usize {
  return threeIds(ProcessIdentity_gid, ProcessIdentity_egid);
}

/**
 * @native posix.sched_yield($module, /)
 *
 * Let others have the processor.
 */
export function posix_sched_yield(_m: usize, _u: usize): usize {
  return sleepAlone(0) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native posix.cpu_count($module, /)
 *
 * How many processors the program may use.
 *
 * None where that is not known; not the same as os.process_cpu_count().
 */
export function posix_cpu_count(_m: usize, _u: usize): usize {
  const n = host.cpus();
  return n < 0 ? raiseErrno(-n) : PyLong_FromLongLong(n);
}

/**
 * @native posix.getgroups($module, /)
 *
 * Which groups it belongs to besides.
 */
export function posix_getgroups(_m: usize, _u: usize): usize {
  const out = Scratch.take(1);
  const n = host.groups(out);
  const block = <usize>load<u32>(out);
  Scratch.give(out);
  if (n < 0) return raiseErrno(-n);
  const list = PyList_New(0);
  for (let i: isize = 0; list != 0 && i < n; i += 4) {
    const v = PyLong_FromLongLong(load<u32>(block + <usize>i));
    if (v == 0 || _PyList_AppendTakeRef(list, v) < 0) {
      PyMem_RawFree(block);
      Py.DECREF(list);
      return 0;
    }
  }
  PyMem_RawFree(block);
  return list;
}

/**
 * @native posix.fspath($module, /, path)
 *
 * The path that an object has.
 *
 * A str or bytes is returned as it is; otherwise __fspath__() is called,
 * which has to return one of these. Everything
 * else is a TypeError.
 */
export function posix_fspath(_m: usize, path: usize): usize {
  return PyOS_FSPath(path);
}

/**
 * @native posix.strerror($module, code, /)
 *
 * The text of an error by its number.
 */
export function posix_strerror(_m: usize, code: i32): usize {
  return strerror(code);
}

/**
 * @native posix.urandom($module, size, /)
 *
 * Bytes that nobody can foretell.
 */
export function posix_urandom(_m: usize, size: isize): usize {
  if (size < 0) return PyErr_SetString(PyExc_ValueError, "negative argument not allowed");
  return randomBytes(size);
}

function randomBytes(size: isize): usize {
  const bytes = PyBytes_FromStringAndSize(0, size);
  if (bytes == 0 || size == 0) return bytes;
  const r = host.random(PyBytesObject.at(bytes).ob_sval, <usize>size);
  if (r >= 0) return bytes;
  Py.DECREF(bytes);
  return raiseErrno(-r);
}

/**
 * @native posix.getrandom($module, /, size, flags=0)
 *
 * Random bytes, up to a number of them.
 */
export function posix_getrandom(_m: usize, size: isize, _flags: i32): usize {
  return size < 0 ? raiseErrno(EINVAL) : randomBytes(size);
}

/**
 * @native posix._exit($module, /, status)
 *
 * End the process now, with a status and without anything that is done at the end.
 */
export function posix__exit(_m: usize, status: i32): usize {
  return raiseErrno(-host.exit(status));
}

/**
 * @native posix.abort($module, /)
 *
 * End the process now, as one that has failed.
 *
 * It ends by a signal, and the system can keep what it was, which is a 'core dump'; that
 * does not happen otherwise.
 */
export function posix_abort(_m: usize, _u: usize): usize {
  if (faulthandlerRoots.report != 0) call_indirect<void>(faulthandlerRoots.report, SIGABRT);
  const out = Scratch.take(4);
  host.identity(out);
  const pid = ProcessIdentity.at(out).pid;
  Scratch.give(out);
  const r = host.kill(<i32>pid, SIGABRT);
  return r < 0 ? raiseErrno(-r) : raiseErrno(-host.exit(128 + SIGABRT));
}

const SIGABRT: i32 = 6;

/**
 * @native posix.kill($module, pid, signal, /)
 *
 * Send a signal to a process.
 */
export function posix_kill(_m: usize, pid: i32, signal: i32): usize {
  if (!Audit.event("os.kill", "ii", pid, signal)) return 0;
  const own = host.getpid();
  if (own < 0) return raiseErrno(-own);
  const isOwn = <i32>own == pid;
  if (isOwn && (signal < 0 || signal >= NSIG)) return raiseErrno(EINVAL);
  return afterSignal(isOwn ? deliverSignal(signal) : host.kill(pid, signal));
}

/** None where a signal has been sent, and what it has this process do is done; null with an exception. */
function afterSignal(r: i32): usize {
  if (r < 0) return raiseErrno(-r);
  return checkSignals() < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native posix.killpg($module, pgid, signal, /)
 *
 * Send a signal to all processes of a group.
 */
export function posix_killpg(_m: usize, pgid: i32, signal: i32): usize {
  if (!Audit.event("os.killpg", "ii", pgid, signal)) return 0;
  return afterSignal(pgid < 0 ? -EINVAL : host.kill(-pgid, signal));
}

/**
 * @native posix.umask($module, mask, /)
 *
 * Set what new files do not permit; what it was is returned.
 */
export function posix_umask(_m: usize, mask: i32): usize {
  const r = host.umask(mask);
  return r < 0 ? raiseErrno(-r) : PyLong_FromSsize_t(r);
}

/**
 * @native posix.uname($module, /)
 *
 * Which system this is.
 *
 * The result is a tuple with names:
 * (sysname, nodename, release, version, machine).
 */
export function posix_uname(_m: usize, _u: usize): usize {
  const out = Scratch.take(1);
  const n = host.uname(out);
  const block = <usize>load<u32>(out);
  Scratch.give(out);
  if (n < 0) return raiseErrno(-n);
  const r = unameResult(block);
  PyMem_RawFree(block);
  return r;
}

/**
 * @native posix.times($module, /)
 *
 * How long processors have worked.
 *
 * The result is a tuple with names:
 * (user, system, children_user, children_system, elapsed), in seconds, which
 * are floats.
 */
export function posix_times(_m: usize, _u: usize): usize {
  const usage = Scratch.take(SIZEOF_ResourceUsage >> 3);
  const r = host.rusage(usage);
  const user = ResourceUsage.at(usage).user;
  const system = ResourceUsage.at(usage).system;
  Scratch.give(usage);
  if (r < 0) return raiseErrno(-r);
  const now = host.monotonic();
  return now < 0 ? raiseErrno(-(<isize>now)) : timesResult(user, system, now);
}

/**
 * @native posix.getloadavg($module, /)
 *
 * How many processes were waiting to run in the last 1, 5 and 15 minutes, on average.
 *
 * If nothing is known of that, OSError is raised.
 */
export function posix_getloadavg(_m: usize, _u: usize): usize {
  const out = Scratch.take(3);
  const n = host.loadavg(out, 24);
  const one = load<f64>(out);
  const five = load<f64>(out, 8);
  const fifteen = load<f64>(out, 16);
  Scratch.give(out);
  if (n < 0) return raiseErrno(-n);
  const a = PyFloat_FromDouble(one);
  const b = PyFloat_FromDouble(five);
  const c = PyFloat_FromDouble(fifteen);
  const r = a == 0 || b == 0 || c == 0 ? 0 : PyTuple_Pack3(a, b, c);
  Py.XDECREF(a);
  Py.XDECREF(b);
  Py.XDECREF(c);
  return r;
}

/** The text of a variable, as bytes in the path at `p`: false with an exception. */
function variableArgument(p: usize, o: usize): bool {
  const bytes = PyUnicode_FSConverter(o);
  path_t.at(p).bytes = bytes;
  return bytes != 0;
}

/**
 * @native posix.putenv($module, name, value, /)
 *
 * Set a variable of the environment.
 */
export function posix_putenv(_m: usize, name: usize, value: usize): usize {
  const p = Path.take(2);
  const q = p + SIZEOF_path_t;
  let o: usize = 0;
  if (variableArgument(p, name) && variableArgument(q, value)) {
    const at = Path.address(p);
    const n = Path.length(p);
    let equals: usize = 0;
    while (equals < n && load<u8>(at + equals) != 0x3d) equals++;
    if (equals < n) o = PyErr_SetString(PyExc_ValueError, "illegal environment variable name");
    else if (Audit.event("os.putenv", "OO", path_t.at(p).bytes, path_t.at(q).bytes)) {
      const r = host.setenv(at, n, Path.address(q), Path.length(q));
      o = r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
    }
  }
  Path.give(p, 2);
  return o;
}

/**
 * @native posix.unsetenv($module, name, /)
 *
 * Remove a variable from the environment.
 */
export function posix_unsetenv(_m: usize, name: usize): usize {
  const p = Path.take(1);
  let o: usize = 0;
  if (variableArgument(p, name) && Audit.event("os.unsetenv", "O", path_t.at(p).bytes)) {
    const r = host.unsetenv(Path.address(p), Path.length(p));
    o = r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
  }
  Path.give(p, 1);
  return o;
}

/** Fills the dict `d` with the environment, bytes by bytes: 0, or -1 with an exception. */
export function readEnvironment(d: usize): i32 {
  const out = Scratch.take(1);
  const n = host.environment(out);
  const block = <usize>load<u32>(out);
  Scratch.give(out);
  if (n < 0) {
    raiseErrno(-n);
    return -1;
  }
  let status = 0;
  for (let p = block; status == 0 && p < block + <usize>n; ) {
    const length = cstringLength(p);
    let equals: isize = 1;
    while (equals < length && load<u8>(p + <usize>equals) != 0x3d) equals++;
    if (equals < length) {
      const name = PyBytes_FromStringAndSize(p, equals);
      const value = PyBytes_FromStringAndSize(p + <usize>equals + 1, length - equals - 1);
      // The first of several counts.
      status = name == 0 || value == 0 || PyDict_SetDefault(d, name, value) == 0 ? -1 : 0;
      Py.XDECREF(name);
      Py.XDECREF(value);
    }
    p += <usize>length + 1;
  }
  PyMem_RawFree(block);
  return status;
}
