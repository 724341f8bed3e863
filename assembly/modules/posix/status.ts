// What files are and who may do what with them: stat and its like, access, modes, owners, times (CPython 3.13's
// Modules/posixmodule.c).
//
// Difference: dir_fd is unavailable everywhere, and so is follow_symlinks=False where the host has no call for it.

import { GRANT_FILES, Py_TPFLAGS_TUPLE_SUBCLASS } from "../../generated/constants";
import { host } from "../../generated/host";
import { ProcessIdentity, path_t, SIZEOF_FileStatus, SIZEOF_FileSystemStatus } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
} from "../../generated/statics";
import { Tuple } from "../../objects/containers/tuple";
import { Audit } from "../../objects/errors/audit";
import { PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { boolObject } from "../../objects/numbers/bool";
import { PyFloat_AsDouble } from "../../objects/numbers/float/float";
import { longOverflow, longValue, PyLong_AsLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyNumber_Index } from "../../objects/protocol/number";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";
import { ALLOW_FD, forbidden, Path, pathDone, unavailable } from "./path";
import { statResult, statvfsResult } from "./results";

/** The end of stat, lstat and fstat: what `r` says, and the status at `status`, both with their slots given back. */
function described(p: usize, status: usize, r: isize): usize {
  const o = r < 0 ? raiseErrno(-r, path_t.at(p).object) : statResult(status);
  Scratch.give(status);
  Path.give(p, 1);
  return o;
}

function doStat(fname: string, path: usize, options: i32, dir_fd: usize, follow: bool): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, fname, "path", options) || !Path.within(p, dir_fd, fname)) {
    Path.give(p, 1);
    return 0;
  }
  if (Path.isFd(p) && !follow) {
    Path.give(p, 1);
    return PyErr_Format(PyExc_ValueError, "%L: cannot use fd and follow_symlinks together", changetype<usize>(fname));
  }
  const status = Scratch.take(SIZEOF_FileStatus >> 3);
  const r = Path.isFd(p)
    ? host.fstat(path_t.at(p).fd, status)
    : follow
      ? host.stat(Path.address(p), Path.length(p), status)
      : host.lstat(Path.address(p), Path.length(p), status);
  return described(p, status, r);
}

/**
 * @native posix.stat($module, /, path, *, dir_fd=None, follow_symlinks=True)
 *
 * Ask the system about a file.
 *
 *   path
 *     Which: a str, bytes, an object with a path, or the number of an
 *     open file.
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *   follow_symlinks
 *     If false, a symbolic link is described, and not what it leads to.
 *
 * The two last are not possible with a number. Not every system has
 * dir_fd; where it is not there, NotImplementedError is raised for it.
 */
export function posix_stat(_m: usize, path: usize, dir_fd: usize, follow_symlinks: bool): usize {
  return doStat("stat", path, ALLOW_FD, dir_fd, follow_symlinks);
}

/**
 * @native posix.lstat($module, /, path, *, dir_fd=None)
 *
 * Ask about a file, or about a symbolic link itself.
 *
 * As stat(path, follow_symlinks=False), but with no number for a path.
 */
export function posix_lstat(_m: usize, path: usize, dir_fd: usize): usize {
  return doStat("lstat", path, 0, dir_fd, false);
}

/**
 * @native posix.fstat($module, /, fd)
 *
 * Ask about an open file by its number.
 *
 * As stat(fd).
 */
export function posix_fstat(_m: usize, fd: i32): usize {
  const p = Path.take(1);
  const status = Scratch.take(SIZEOF_FileStatus >> 3);
  return described(p, status, host.fstat(fd, status));
}

/** Whether the rights that the process has are those of the user who has started it. */
function hasOwnRights(): bool {
  const out = Scratch.take(4);
  const r = host.identity(out);
  const identity = ProcessIdentity.at(out);
  const own = identity.uid == identity.euid && identity.gid == identity.egid;
  Scratch.give(out);
  return r < 0 || own;
}

/**
 * @native posix.access($module, /, path, mode, *, dir_fd=None, effective_ids=False,
 *        follow_symlinks=True)
 *
 * Whether the user may do something with a file.
 *
 *   path
 *     Which.
 *   mode
 *     What: F_OK is whether it exists, R_OK, W_OK and X_OK are to read,
 *     write and execute it; they can be combined.
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *   effective_ids
 *     Ask for the user whose rights the process has, not for its own.
 *   follow_symlinks
 *     If false, a symbolic link itself is meant.
 *
 * Not every system has the last three.
 */
export function posix_access(
  _m: usize,
  path: usize,
  mode: i32,
  dir_fd: usize,
  effective_ids: bool,
  follow_symlinks: bool,
): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "access", "path", 0) || !Path.within(p, dir_fd, "access")) {
    Path.give(p, 1);
    return 0;
  }
  if (!follow_symlinks || (effective_ids && !hasOwnRights())) {
    Path.give(p, 1);
    return unavailable("access", follow_symlinks ? "effective_ids" : "follow_symlinks");
  }
  const r = host.access(Path.address(p), Path.length(p), mode);
  // What is not granted is no answer.
  const o = r <= -GRANT_FILES ? raiseErrno(-r, path_t.at(p).object) : boolObject(r == 0);
  Path.give(p, 1);
  return o;
}

/**
 * @native posix.chmod($module, /, path, mode, *, dir_fd=None,
 *       follow_symlinks=(os.name != 'nt'))
 *
 * Set who may do what with a file.
 *
 *   path
 *     Which: a path, or the number of an open file.
 *   mode
 *     The bits for owner, group and others.
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *   follow_symlinks
 *     If false, a symbolic link itself is changed.
 *
 * The two last are not possible with a number, nor on every system, where
 * they raise NotImplementedError.
 */
export function posix_chmod(_m: usize, path: usize, mode: i32, dir_fd: usize, follow_symlinks: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "chmod", "path", ALLOW_FD) || !Path.within(p, dir_fd, "chmod")) {
    Path.give(p, 1);
    return 0;
  }
  const follow = follow_symlinks == 0 ? 1 : PyObject_IsTrue(follow_symlinks);
  if (follow <= 0) {
    Path.give(p, 1);
    return follow < 0 ? 0 : unavailable("chmod", "follow_symlinks");
  }
  if (!Audit.event("os.chmod", "Oii", path_t.at(p).object, mode, path_t.at(p).folder)) return forbidden(p);
  return pathDone(
    p,
    Path.isFd(p) ? host.fchmod(path_t.at(p).fd, mode) : host.chmod(Path.address(p), Path.length(p), mode),
  );
}

/**
 * @native posix.fchmod($module, /, fd, mode)
 *
 * Set who may do what with an open file.
 *
 *   fd
 *     Its number.
 *   mode
 *     The bits for owner, group and others.
 *
 * As chmod(fd, mode).
 */
export function posix_fchmod(_m: usize, fd: i32, mode: i32): usize {
  if (!Audit.event("os.chmod", "iii", fd, mode, -1)) return 0;
  const r = host.fchmod(fd, mode);
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/**
 * A user or group: -1, which leaves it, or an unsigned C int. Stored at `out`; false with an exception, whose text begins
 * with `what`.
 */
export function idArgument(o: usize, what: string, out: usize): bool {
  const index = PyNumber_Index(o);
  if (index == 0) {
    if (PyErr_ExceptionMatches(PyExc_TypeError)) {
      PyErr_Format(PyExc_TypeError, "%L should be integer, not %.200t", changetype<usize>(what), o);
    }
    return false;
  }
  const overflow = longOverflow(index);
  const v = overflow == 0 ? longValue(index) : 0;
  Py.DECREF(index);
  // As CPython, which takes what fits a long only for too small.
  if (overflow < 0 || v < -1 || v > 0xffffffff) {
    PyErr_Format(PyExc_OverflowError, "%L is less than minimum", changetype<usize>(what));
    return false;
  }
  if (overflow > 0) {
    PyErr_Format(PyExc_OverflowError, "%L is greater than maximum", changetype<usize>(what));
    return false;
  }
  store<i32>(out, <i32>v);
  return true;
}

function doChown(fname: string, path: usize, options: i32, uid: usize, gid: usize, dir_fd: usize, follow: bool): usize {
  const p = Path.take(1);
  const ids = Scratch.take(2);
  const ok =
    Path.convert(p, path, fname, "path", options) &&
    idArgument(uid, "uid", ids) &&
    idArgument(gid, "gid", ids + 8) &&
    Path.within(p, dir_fd, fname);
  const owner = load<i32>(ids);
  const group = load<i32>(ids, 8);
  Scratch.give(ids);
  if (!ok) {
    Path.give(p, 1);
    return 0;
  }
  if (Path.isFd(p) && !follow) {
    Path.give(p, 1);
    return PyErr_Format(PyExc_ValueError, "%L: cannot use fd and follow_symlinks together", changetype<usize>(fname));
  }
  if (!Audit.event("os.chown", "OOOi", path_t.at(p).object, uid, gid, path_t.at(p).folder)) return forbidden(p);
  return pathDone(
    p,
    Path.isFd(p)
      ? host.fchown(path_t.at(p).fd, owner, group)
      : host.chown(Path.address(p), Path.length(p), owner, group, follow ? 1 : 0),
  );
}

/**
 * @native posix.chown($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)
 *
 * Give a file to a user and a group, by their numbers; -1 leaves what it is.
 *
 *   path
 *     Which: a path, or the number of an open file.
 *   uid
 *     The user.
 *   gid
 *     The group.
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *   follow_symlinks
 *     If false, a symbolic link itself is given.
 *
 * The two last are not possible with a number, nor on every system, where
 * they raise NotImplementedError.
 */
export function posix_chown(
  _m: usize,
  path: usize,
  uid: usize,
  gid: usize,
  dir_fd: usize,
  follow_symlinks: bool,
): usize {
  return doChown("chown", path, ALLOW_FD, uid, gid, dir_fd, follow_symlinks);
}

/**
 * @native posix.lchown($module, /, path, uid, gid)
 *
 * Give a file, or a symbolic link itself, to a user and a group.
 *
 * As chown(path, uid, gid, follow_symlinks=False), in one step with no options.
 */
export function posix_lchown(_m: usize, path: usize, uid: usize, gid: usize): usize {
  return doChown("lchown", path, 0, uid, gid, 0, false);
}

/**
 * @native posix.fchown($module, /, fd, uid, gid)
 *
 * Give an open file to a user and a group.
 *
 *   fd
 *     Its number.
 *   uid
 *     The user, or -1.
 *   gid
 *     The group, or -1.
 *
 * As chown(fd, uid, gid).
 */
export function posix_fchown(_m: usize, fd: i32, uid: usize, gid: usize): usize {
  const ids = Scratch.take(2);
  const ok = idArgument(uid, "uid", ids) && idArgument(gid, "gid", ids + 8);
  const owner = load<i32>(ids);
  const group = load<i32>(ids, 8);
  Scratch.give(ids);
  if (!ok || !Audit.event("os.chown", "iOOi", fd, uid, gid, -1)) return 0;
  const r = host.fchown(fd, owner, group);
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/** Seconds, an int or a float, as nanoseconds rounded down, at `out`: false with an exception. */
function timeArgument(o: usize, out: usize): bool {
  if (Py.TYPE(o) == PyFloat_Type || PyType_IsSubtype(Py.TYPE(o), PyFloat_Type)) {
    const t = PyFloat_AsDouble(o);
    if (isNaN(t)) {
      PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
      return false;
    }
    const whole = floor<f64>(t);
    if (!(whole >= -9223372036 && whole <= 9223372035)) {
      PyErr_SetString(PyExc_OverflowError, "timestamp out of range for platform time_t");
      return false;
    }
    store<i64>(out, <i64>whole * 1000000000 + <i64>floor<f64>((t - whole) * 1e9));
    return true;
  }
  const index = PyNumber_Index(o);
  if (index == 0) return false;
  const overflow = longOverflow(index);
  const v = overflow == 0 ? longValue(index) : 0;
  Py.DECREF(index);
  if (overflow != 0 || v > 9223372035 || v < -9223372036) {
    PyErr_SetString(PyExc_OverflowError, "timestamp out of range for platform time_t");
    return false;
  }
  store<i64>(out, v * 1000000000);
  return true;
}

/** A tuple of two times at `out`: false with an exception. */
function twoTimes(tuple: usize, nanoseconds: bool, out: usize): bool {
  for (let i: isize = 0; i < 2; i++) {
    const item = Tuple.get(tuple, i);
    const slot = out + ((<usize>i) << 3);
    if (!nanoseconds) {
      if (!timeArgument(item, slot)) return false;
      continue;
    }
    const index = PyNumber_Index(item);
    if (index == 0) return false;
    const v = PyLong_AsLongLong(index);
    Py.DECREF(index);
    if (v == -1 && PyErr_Occurred()) return false;
    store<i64>(slot, v);
  }
  return true;
}

function isPair(o: usize): bool {
  return Py.check(o, Py_TPFLAGS_TUPLE_SUBCLASS) && Py.SIZE(o) == 2;
}

/**
 * @native posix.utime($module, /, path, times=None, *, ns=<unrepresentable>,
 *       dir_fd=None, follow_symlinks=True)
 *
 * Set when a file was last read and written.
 *
 *   path
 *     Which: a path, or the number of an open file.
 *   times
 *     (read, written), in seconds since 1970; None: now.
 *   ns
 *     The same, in nanoseconds.
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *   follow_symlinks
 *     If false, a symbolic link itself is meant.
 *
 * Either times or ns can be given, not both.
 */
export function posix_utime(
  _m: usize,
  path: usize,
  times: usize,
  ns: usize,
  dir_fd: usize,
  follow_symlinks: bool,
): usize {
  const p = Path.take(1);
  const both = Scratch.take(2);
  const ok =
    Path.convert(p, path, "utime", "path", ALLOW_FD) && Path.within(p, dir_fd, "utime") && utimeTimes(times, ns, both);
  const accessed = load<i64>(both);
  const modified = load<i64>(both, 8);
  Scratch.give(both);
  if (!ok) {
    Path.give(p, 1);
    return 0;
  }
  if (Path.isFd(p) && !follow_symlinks) {
    Path.give(p, 1);
    return PyErr_SetString(PyExc_ValueError, "utime: cannot use fd and follow_symlinks together");
  }
  if (!Audit.event("os.utime", "OOOi", path_t.at(p).object, times, ns, path_t.at(p).folder)) return forbidden(p);
  return pathDone(
    p,
    Path.isFd(p)
      ? host.futime(path_t.at(p).fd, accessed, modified)
      : host.utime(Path.address(p), Path.length(p), accessed, modified, follow_symlinks ? 1 : 0),
  );
}

function utimeTimes(times: usize, ns: usize, out: usize): bool {
  if (times != _Py_NoneStruct && ns != 0) {
    PyErr_SetString(PyExc_ValueError, "utime: you may specify either 'times' or 'ns' but not both");
    return false;
  }
  if (times != _Py_NoneStruct) {
    if (isPair(times)) return twoTimes(times, false, out);
    PyErr_SetString(PyExc_TypeError, "utime: 'times' must be either a tuple of two ints or None");
    return false;
  }
  if (ns != 0) {
    if (isPair(ns)) return twoTimes(ns, true, out);
    PyErr_SetString(PyExc_TypeError, "utime: 'ns' must be a tuple of two ints");
    return false;
  }
  const now = host.time();
  if (now < 0) {
    raiseErrno(-(<isize>now));
    return false;
  }
  const whole = floor<f64>(now);
  store<i64>(out, <i64>whole * 1000000000 + <i64>((now - whole) * 1e9));
  store<i64>(out, load<i64>(out), 8);
  return true;
}

/**
 * @native posix.statvfs($module, /, path)
 *
 * Ask about the file system that a path is in.
 *
 * The number of an open file is possible for a path, where
 * the system has that; elsewhere it is a NotImplementedError.
 */
export function posix_statvfs(_m: usize, path: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "statvfs", "path", ALLOW_FD)) {
    Path.give(p, 1);
    return 0;
  }
  const status = Scratch.take(SIZEOF_FileSystemStatus >> 3);
  const r = Path.isFd(p)
    ? host.fstatvfs(path_t.at(p).fd, status)
    : host.statvfs(Path.address(p), Path.length(p), status);
  const o = r < 0 ? raiseErrno(-r, path_t.at(p).object) : statvfsResult(status);
  Scratch.give(status);
  Path.give(p, 1);
  return o;
}
