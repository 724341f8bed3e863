// The structure sequences of posix: what stat(), statvfs(), uname(), times() and get_terminal_size() return.

import { FileStatus, FileSystemStatus, PyTypeObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyStructSequence_stat_result,
  PyStructSequence_statvfs_result,
  PyStructSequence_terminal_size,
  PyStructSequence_times_result,
  PyStructSequence_uname_result,
} from "../../generated/statics";
import {
  PyStructSequence_New,
  readyStructType,
  setStructItem,
  structseq_new,
} from "../../objects/containers/structseq";
import { Tuple } from "../../objects/containers/tuple";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_FromLong, PyLong_FromLongLong, PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyUnicode_DecodeFSDefaultAndSize } from "../../objects/text/codecs/filesystem";
import { cstringLength } from "../../objects/text/create";

/**
 * @type os.stat_result
 *
 * What stat() tells of a file.
 *
 * As a tuple it has ten items, of which the times are ints; by name there are more, and st_atime, st_mtime, st_ctime are floats. What a system does not know, its results do not have.
 *
 * posix.stat() and its like make it; see os.stat.
 *
 * @native os.stat_result.__reduce__ = structseq_reduce
 *
 * @native os.stat_result.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field os.stat_result.st_mode
 * what it is, and permissions
 *
 * @field os.stat_result.st_ino
 * number
 *
 * @field os.stat_result.st_dev
 * volume
 *
 * @field os.stat_result.st_nlink
 * how many names
 *
 * @field os.stat_result.st_uid
 * the owner
 *
 * @field os.stat_result.st_gid
 * its group
 *
 * @field os.stat_result.st_size
 * length in bytes
 *
 * @field os.stat_result.-
 *
 * @field os.stat_result.-
 *
 * @field os.stat_result.-
 *
 * @field os.stat_result.st_atime
 * when it was last read
 *
 * @field os.stat_result.st_mtime
 * when it was last written
 *
 * @field os.stat_result.st_ctime
 * when its status last changed
 *
 * @field os.stat_result.st_atime_ns
 * when it was last read, as nanoseconds
 *
 * @field os.stat_result.st_mtime_ns
 * when it was last written, as nanoseconds
 *
 * @field os.stat_result.st_ctime_ns
 * when its status last changed, in nanoseconds
 *
 * @field os.stat_result.st_blksize
 * size of block it is best read in
 *
 * @field os.stat_result.st_blocks
 * how many blocks it takes
 *
 * @field os.stat_result.st_rdev
 * which device, if it is one
 */

/**
 * @type os.terminal_size
 *
 * Width and height of a terminal, as (columns, lines)
 *
 * @native os.terminal_size.__reduce__ = structseq_reduce
 *
 * @native os.terminal_size.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field os.terminal_size.columns
 * how many characters a line has
 *
 * @field os.terminal_size.lines
 * how many lines it has
 */

/**
 * @type posix.uname_result
 *
 * What uname() tells of the system.
 *
 * A tuple of five texts, which have names:
 *
 *   sysname, nodename, release, version, machine
 *
 * os.uname makes it.
 *
 * @native posix.uname_result.__reduce__ = structseq_reduce
 *
 * @native posix.uname_result.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field posix.uname_result.sysname
 * name of the system
 *
 * @field posix.uname_result.nodename
 * name of the machine among others
 *
 * @field posix.uname_result.release
 * which release the system is
 *
 * @field posix.uname_result.version
 * which version
 *
 * @field posix.uname_result.machine
 * what kind of machine
 */

/**
 * @type posix.times_result
 *
 * What times() tells of a process.
 *
 * A tuple of five numbers, which have names:
 *
 *   user, system, children_user, children_system, elapsed
 *
 * os.times makes it.
 *
 * @native posix.times_result.__reduce__ = structseq_reduce
 *
 * @native posix.times_result.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field posix.times_result.user
 * of the program
 *
 * @field posix.times_result.system
 * of the kernel for it
 *
 * @field posix.times_result.children_user
 * of its children
 *
 * @field posix.times_result.children_system
 * of the kernel for those
 *
 * @field posix.times_result.elapsed
 * since some moment
 */

/**
 * @type os.statvfs_result
 *
 * What statvfs() tells of a file system.
 *
 * A tuple of ten items, which have names; there is one more that has only a name.
 *
 * os.statvfs makes it, os.fstatvfs too.
 *
 * @native os.statvfs_result.__reduce__ = structseq_reduce
 *
 * @native os.statvfs_result.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field os.statvfs_result.f_bsize
 *
 * @field os.statvfs_result.f_frsize
 *
 * @field os.statvfs_result.f_blocks
 *
 * @field os.statvfs_result.f_bfree
 *
 * @field os.statvfs_result.f_bavail
 *
 * @field os.statvfs_result.f_files
 *
 * @field os.statvfs_result.f_ffree
 *
 * @field os.statvfs_result.f_favail
 *
 * @field os.statvfs_result.f_flag
 *
 * @field os.statvfs_result.f_namemax
 *
 * @field os.statvfs_result.f_fsid
 */

/** The fields of a stat_result: where its three groups of times begin, and what follows them. */
const SECONDS: isize = 7;
const FLOATS: isize = 10;
const NANOSECONDS: isize = 13;
const BLKSIZE: isize = 16;

const BILLION: i64 = 1000000000;

/** Sets an instant at place `i` of each group of times. False with MemoryError. */
function setTime(o: usize, i: isize, ns: i64): bool {
  let seconds = ns / BILLION;
  let rest = ns % BILLION;
  if (rest < 0) {
    rest += BILLION;
    seconds--;
  }
  return (
    setStructItem(o, SECONDS + i, PyLong_FromLongLong(seconds)) &&
    setStructItem(o, FLOATS + i, PyFloat_FromDouble(<f64>seconds + 1e-9 * <f64>rest)) &&
    setStructItem(o, NANOSECONDS + i, PyLong_FromLongLong(ns))
  );
}

/** A new stat_result of the FileStatus at `status`. Null with MemoryError. */
export function statResult(status: usize): usize {
  const s = FileStatus.at(status);
  const o = PyStructSequence_New(PyStructSequence_stat_result);
  if (o == 0) return 0;
  if (
    setStructItem(o, 0, PyLong_FromLongLong(s.mode)) &&
    setStructItem(o, 1, PyLong_FromUnsignedLongLong(s.ino)) &&
    setStructItem(o, 2, PyLong_FromUnsignedLongLong(s.dev)) &&
    setStructItem(o, 3, PyLong_FromUnsignedLongLong(s.nlink)) &&
    setStructItem(o, 4, PyLong_FromLongLong(s.uid)) &&
    setStructItem(o, 5, PyLong_FromLongLong(s.gid)) &&
    setStructItem(o, 6, PyLong_FromLongLong(s.size)) &&
    setTime(o, 0, s.accessed) &&
    setTime(o, 1, s.modified) &&
    setTime(o, 2, s.changed) &&
    setStructItem(o, BLKSIZE, PyLong_FromLongLong(s.blockSize)) &&
    setStructItem(o, BLKSIZE + 1, PyLong_FromLongLong(s.blocks)) &&
    setStructItem(o, BLKSIZE + 2, PyLong_FromUnsignedLongLong(s.rdev))
  ) {
    return o;
  }
  Py.DECREF(o);
  return 0;
}

/** stat_result(sequence): times that it does not reach as floats are those that it has as ints. */
function stat_result_new(type: usize, args: usize, kwargs: usize): usize {
  const o = structseq_new(type, args, kwargs);
  if (o == 0) return 0;
  for (let i: isize = 0; i < 3; i++) {
    const slot = FLOATS + i;
    if (Tuple.get(o, slot) != _Py_NoneStruct) continue;
    Tuple.set(o, slot, Py.NewRef(Tuple.get(o, SECONDS + i)));
  }
  return o;
}

/** A new terminal_size. Null with MemoryError. */
export function terminalSize(columns: i32, lines: i32): usize {
  const o = PyStructSequence_New(PyStructSequence_terminal_size);
  if (o == 0) return 0;
  if (setStructItem(o, 0, PyLong_FromLong(columns)) && setStructItem(o, 1, PyLong_FromLong(lines))) return o;
  Py.DECREF(o);
  return 0;
}

/** A new uname_result of five texts, a NUL after each. Null with MemoryError. */
export function unameResult(p: usize): usize {
  const o = PyStructSequence_New(PyStructSequence_uname_result);
  if (o == 0) return 0;
  for (let i: isize = 0; i < 5; i++) {
    const n = cstringLength(p);
    if (!setStructItem(o, i, PyUnicode_DecodeFSDefaultAndSize(p, n))) {
      Py.DECREF(o);
      return 0;
    }
    p += <usize>n + 1;
  }
  return o;
}

/** A new times_result. Null with MemoryError. */
export function timesResult(user: f64, system: f64, elapsed: f64): usize {
  const o = PyStructSequence_New(PyStructSequence_times_result);
  if (o == 0) return 0;
  if (
    setStructItem(o, 0, PyFloat_FromDouble(user)) &&
    setStructItem(o, 1, PyFloat_FromDouble(system)) &&
    setStructItem(o, 2, PyFloat_FromDouble(0)) &&
    setStructItem(o, 3, PyFloat_FromDouble(0)) &&
    setStructItem(o, 4, PyFloat_FromDouble(elapsed))
  ) {
    return o;
  }
  Py.DECREF(o);
  return 0;
}

/** A new statvfs_result of the FileSystemStatus at `status`. Null with MemoryError. */
export function statvfsResult(status: usize): usize {
  const o = PyStructSequence_New(PyStructSequence_statvfs_result);
  if (o == 0) return 0;
  const s = FileSystemStatus.at(status);
  if (
    setStructItem(o, 0, PyLong_FromUnsignedLongLong(s.bsize)) &&
    setStructItem(o, 1, PyLong_FromUnsignedLongLong(s.frsize)) &&
    setStructItem(o, 2, PyLong_FromUnsignedLongLong(s.blocks)) &&
    setStructItem(o, 3, PyLong_FromUnsignedLongLong(s.bfree)) &&
    setStructItem(o, 4, PyLong_FromUnsignedLongLong(s.bavail)) &&
    setStructItem(o, 5, PyLong_FromUnsignedLongLong(s.files)) &&
    setStructItem(o, 6, PyLong_FromUnsignedLongLong(s.ffree)) &&
    setStructItem(o, 7, PyLong_FromUnsignedLongLong(s.favail)) &&
    setStructItem(o, 8, PyLong_FromUnsignedLongLong(s.flag)) &&
    setStructItem(o, 9, PyLong_FromUnsignedLongLong(s.namemax)) &&
    setStructItem(o, 10, PyLong_FromUnsignedLongLong(s.fsid))
  ) {
    return o;
  }
  Py.DECREF(o);
  return 0;
}

/** Completes the types: 0, or -1 with an exception. */
export function initResultTypes(): i32 {
  if (readyStructType(PyStructSequence_stat_result, 10) < 0) return -1;
  PyTypeObject.at(PyStructSequence_stat_result).tp_new = stat_result_new.index;
  if (readyStructType(PyStructSequence_terminal_size, 2) < 0) return -1;
  if (readyStructType(PyStructSequence_uname_result, 5) < 0) return -1;
  if (readyStructType(PyStructSequence_times_result, 5) < 0) return -1;
  return readyStructType(PyStructSequence_statvfs_result, 10);
}
