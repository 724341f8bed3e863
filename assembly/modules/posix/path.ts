// Arguments that are paths: str, bytes, what has __fspath__, a descriptor where a function takes one (CPython 3.13's
// path_converter in Modules/posixmodule.c). The system has bytes: those of a str are UTF-8 with surrogateescape.

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { host } from "../../generated/host";
import { PyBytesObject, path_t, SIZEOF_path_t } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyBool_Type,
  PyExc_NotImplementedError,
  PyExc_OverflowError,
  PyExc_RuntimeWarning,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { newBytes } from "../../objects/bytes/bytes";
import { PyErr_Clear, PyErr_Fail, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyErr_WarnEx } from "../../objects/errors/warnings";
import { longOverflow, longValue, PyLong_AsInt } from "../../objects/numbers/int/create";
import { PyObject_CallNoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyIndex_Check, PyNumber_Index } from "../../objects/protocol/number";
import { PyUnicode_EncodeFSDefault, callFSPath, isName } from "../../objects/text/codecs/filesystem";
import { _PyObject_LookupSpecial } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";

/** What a path argument may be besides. */
export const NULLABLE: i32 = 1;
export const ALLOW_FD: i32 = 2;
/** What is text stays text; NULs are not looked for. */
export const NONSTRICT: i32 = 4;

const SLASH: u32 = 0x2f;

/** dir_fd where it is not given: AT_FDCWD. */
export const DEFAULT_DIR_FD: i32 = -100;

/** A C int as a descriptor: false with TypeError or OverflowError. */
function fdConverter(o: usize, out: usize): bool {
  if (Py.TYPE(o) == PyBool_Type && PyErr_WarnEx(PyExc_RuntimeWarning, "bool is used as a file descriptor", 1) < 0) {
    return false;
  }
  const index = PyNumber_Index(o);
  if (index == 0) return false;
  const overflow = longOverflow(index);
  const v = overflow == 0 ? longValue(index) : 0;
  Py.DECREF(index);
  if (overflow > 0 || v > i32.MAX_VALUE) {
    PyErr_SetString(PyExc_OverflowError, "fd is greater than maximum");
    return false;
  }
  if (overflow < 0 || v < i32.MIN_VALUE) {
    PyErr_SetString(PyExc_OverflowError, "fd is less than minimum");
    return false;
  }
  path_t.at(out).fd = <i32>v;
  return true;
}

function wrongType(o: usize, fname: string, argument: string, options: i32): bool {
  const fd = (options & ALLOW_FD) != 0;
  const nullable = (options & NULLABLE) != 0;
  const what = fd
    ? nullable
      ? "string, bytes, os.PathLike, integer or None"
      : "string, bytes, os.PathLike or integer"
    : nullable
      ? "string, bytes, os.PathLike or None"
      : "string, bytes or os.PathLike";
  PyErr_Format(
    PyExc_TypeError,
    "%L: %L should be %L, not %.200t",
    changetype<usize>(fname),
    changetype<usize>(argument),
    changetype<usize>(what),
    o,
  );
  return false;
}

/** What o.__fspath__() gives, a str or bytes: new; null with TypeError. */
function callFsPath(o: usize, fname: string, argument: string, options: i32): usize {
  const method = _PyObject_LookupSpecial(o, ID.__fspath__);
  if (method == 0 || method == _Py_NoneStruct) {
    PyErr_Clear();
    wrongType(o, fname, argument, options);
    return 0;
  }
  return callFSPath(method, o);
}

/** The end of a call that a function which is told of audit events has forbidden: the path is given back. */
export function forbidden(p: usize): usize {
  Path.give(p, 1);
  return 0;
}

/** A path in scratch slots, which its user releases. */
export class Path {
  /** Slots for `n` paths, empty; give() must follow on every path. */
  static take(n: isize): usize {
    const p = Scratch.take((n * SIZEOF_path_t) >> 3);
    memory.fill(p, 0, <usize>n * SIZEOF_path_t);
    return p;
  }

  /** Lets go of `n` paths and gives their slots back. */
  static give(p: usize, n: isize): void {
    for (let i: isize = 0; i < n; i++) {
      const path = path_t.at(p + <usize>i * SIZEOF_path_t);
      const object = path.object;
      const bytes = path.bytes;
      path.object = 0;
      path.bytes = 0;
      Py.XDECREF(bytes);
      Py.XDECREF(object);
    }
    Scratch.give(p);
  }

  /** Takes the argument `o` (null: not given) into the empty path at `p`; false with an exception. */
  static convert(p: usize, o: usize, fname: string, argument: string, options: i32): bool {
    const path = path_t.at(p);
    path.fd = -1;
    if (o == 0 || (o == _Py_NoneStruct && (options & NULLABLE) != 0)) return true;
    if ((options & ALLOW_FD) != 0 && PyIndex_Check(o)) {
      path.object = Py.NewRef(o);
      return fdConverter(o, p);
    }
    const object = isName(o) ? Py.NewRef(o) : callFsPath(o, fname, argument, options);
    if (object == 0) return false;
    path.object = object;
    if (Py.check(object, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      // Of text alone, which no system sees, nothing is asked.
      if ((options & NONSTRICT) != 0) return true;
      path.bytes = PyUnicode_EncodeFSDefault(object);
      if (path.bytes == 0) return false;
    } else path.bytes = Py.NewRef(object);
    if ((options & NONSTRICT) != 0) return true;
    const at = Path.address(p);
    const n = Path.length(p);
    for (let i: usize = 0; i < n; i++) {
      if (load<u8>(at + i) != 0) continue;
      PyErr_Format(
        PyExc_ValueError,
        "%L: embedded null character in %L",
        changetype<usize>(fname),
        changetype<usize>(argument),
      );
      return false;
    }
    return true;
  }

  /**
   * Lets a relative path begin in the folder that the argument dir_fd of a function tells, or as it is where there is none;
   * false with an exception.
   */
  static within(p: usize, dirFd: usize, fname: string): bool {
    const fd = dirFdOf(dirFd);
    if (fd == -1 && PyErr_Occurred()) return false;
    path_t.at(p).folder = fd == DEFAULT_DIR_FD ? -1 : fd;
    if (fd == DEFAULT_DIR_FD) return true;
    if (!Path.isFd(p)) return Path.beginIn(p, fd);
    PyErr_Format(PyExc_ValueError, "%L: can't specify dir_fd without matching path", changetype<usize>(fname));
    return false;
  }

  /** Lets a relative path begin in a folder that is open; false with an exception. */
  static beginIn(p: usize, fd: i32): bool {
    const path = path_t.at(p);
    if (Path.length(p) == 0 || load<u8>(Path.address(p)) == SLASH) return true;
    const out = Scratch.take(1);
    const n = host.fdpath(fd, out);
    const block = <usize>load<u32>(out);
    Scratch.give(out);
    if (n < 0) {
      raiseErrno(-n, path.object);
      return false;
    }
    const bytes = joined(block, n, path.bytes);
    PyMem_RawFree(block);
    if (bytes == 0) return false;
    Py.SETREF(path.bytes_slot, bytes);
    return true;
  }

  @inline static address(p: usize): usize {
    return PyBytesObject.at(path_t.at(p).bytes).ob_sval;
  }

  @inline static length(p: usize): usize {
    return <usize>Py.SIZE(path_t.at(p).bytes);
  }

  /** Whether a descriptor was given. */
  @inline static isFd(p: usize): bool {
    return path_t.at(p).fd != -1;
  }

  /** Whether what comes from the path is bytes. */
  static wantsBytes(p: usize): bool {
    const o = path_t.at(p).object;
    return o != 0 && Py.check(o, Py_TPFLAGS_BYTES_SUBCLASS);
  }
}

/** A function's end: None where the call succeeded, otherwise null with OSError, which names the path. Gives it back. */
export function pathDone(p: usize, result: isize): usize {
  const r = result < 0 ? raiseErrno(-result, path_t.at(p).object) : _Py_NoneStruct;
  Path.give(p, 1);
  return r;
}

/** The argument dir_fd: a descriptor, DEFAULT_DIR_FD where none is given; -1 with an exception, or without. */
function dirFdOf(o: usize): i32 {
  if (o == 0 || o == _Py_NoneStruct) return DEFAULT_DIR_FD;
  if (!PyIndex_Check(o)) {
    PyErr_Format(PyExc_TypeError, "argument should be integer or None, not %.200t", o);
    return -1;
  }
  const slots = Path.take(1);
  const fd = fdConverter(o, slots) ? path_t.at(slots).fd : -1;
  Path.give(slots, 1);
  return fd;
}

/** The bytes of a path that begins in another, which has `n` bytes at `folder`: new, null with MemoryError. */
function joined(folder: usize, n: isize, path: usize): usize {
  const length = Py.SIZE(path);
  const bytes = newBytes(n + 1 + length);
  if (bytes == 0) return 0;
  const to = PyBytesObject.at(bytes).ob_sval;
  memory.copy(to, folder, <usize>n);
  store<u8>(to + <usize>n, SLASH);
  memory.copy(to + <usize>n + 1, PyBytesObject.at(path).ob_sval, <usize>length);
  return bytes;
}

/** Sets NotImplementedError for an argument that needs what the host has not; returns null. */
export function unavailable(fname: string, argument: string): usize {
  return PyErr_Format(
    PyExc_NotImplementedError,
    "%L: %L unavailable on this platform",
    changetype<usize>(fname),
    changetype<usize>(argument),
  );
}

/** PyObject_AsFileDescriptor: an int, or what has fileno(); -1 with an exception. */
export function fileDescriptorOf(o: usize): i32 {
  let fd: i32;
  if (Py.check(o, Py_TPFLAGS_LONG_SUBCLASS)) {
    if (Py.TYPE(o) == PyBool_Type && PyErr_WarnEx(PyExc_RuntimeWarning, "bool is used as a file descriptor", 1) < 0) {
      return -1;
    }
    fd = PyLong_AsInt(o);
  } else {
    const method = PyObject_GetOptionalAttr(o, ID.fileno);
    if (method == 0) {
      if (PyErr_Occurred()) return -1;
      return PyErr_Fail(PyExc_TypeError, "argument must be an int, or have a fileno() method.");
    }
    const r = PyObject_CallNoArgs(method);
    Py.DECREF(method);
    if (r == 0) return -1;
    if (!Py.check(r, Py_TPFLAGS_LONG_SUBCLASS)) {
      Py.DECREF(r);
      return PyErr_Fail(PyExc_TypeError, "fileno() returned a non-integer");
    }
    fd = PyLong_AsInt(r);
    Py.DECREF(r);
  }
  if (fd == -1 && PyErr_Occurred()) return -1;
  if (fd < 0) {
    PyErr_Format(PyExc_ValueError, "file descriptor cannot be a negative integer (%i)", fd);
    return -1;
  }
  return fd;
}
