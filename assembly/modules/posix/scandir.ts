// scandir(): an iterator of what is in a folder, and its entries, which remember what they were asked (CPython 3.13's
// Modules/posixmodule.c).
//
// Difference: the iterator reads the folder once, when it is made; its size is that of CPython's. An entry whose number
// the host does not tell asks for it when it is wanted.

import {
  DT_DIR,
  DT_LNK,
  DT_REG,
  DT_UNKNOWN,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_READY,
  S_IFDIR,
  S_IFLNK,
  S_IFMT,
  S_IFREG,
} from "../../generated/constants";
import { host } from "../../generated/host";
import {
  DirEntry,
  PyBytesObject,
  PyTypeObject,
  path_t,
  ScandirIterator,
  SIZEOF_DirEntry,
  SIZEOF_FileStatus,
  SIZEOF_ScandirIterator,
} from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  PyDirEntry_Type,
  PyExc_FileNotFoundError,
  PyExc_Warning,
  PyScandirIterator_Type,
} from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { Tuple } from "../../objects/containers/tuple";
import { Audit } from "../../objects/errors/audit";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_GetRaisedException,
  PyErr_SetRaisedException,
} from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyErr_WriteUnraisable } from "../../objects/errors/unraisable";
import { PyErr_ResourceWarning } from "../../objects/errors/warnings";
import { boolObject } from "../../objects/numbers/bool";
import {
  PyLong_AsLongLong,
  PyLong_AsUnsignedLongLong,
  PyLong_FromUnsignedLongLong,
} from "../../objects/numbers/int/create";
import { _PyObject_New, PyObject_Del } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Py } from "../../objects/object/head";
import { PyObject_SelfIter } from "../../objects/protocol/access";
import { PyUnicode_DecodeFSDefaultAndSize } from "../../objects/text/codecs/filesystem";
import { cstringLength } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { makeMutable } from "../../objects/types/mutable";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_CallFinalizerFromDealloc } from "../../objects/types/subtype";
import { Scratch } from "../../thread/scratch";
import { ALLOW_FD, DEFAULT_DIR_FD, forbidden, NULLABLE, Path } from "./path";
import { statResult } from "./results";
import { ENTRY_NAME, readFolder } from "./tree";

/** A folder's entry of the entry at `e`, whose name has `n` bytes; new, null with an exception. */
function newEntry(it: usize, e: usize, n: isize): usize {
  const s = ScandirIterator.at(it);
  const o = _PyObject_New(PyDirEntry_Type);
  if (o == 0) return 0;
  const d = DirEntry.at(o);
  d.name = 0;
  d.path = 0;
  d.stat = 0;
  d.lstat = 0;
  d.d_type = load<u8>(e);
  d.d_ino = load<u64>(e, 1);
  d.dir_fd = s.fd == -1 ? DEFAULT_DIR_FD : s.fd;
  const name = e + ENTRY_NAME;
  const asBytes = s.path != 0 && Py.check(s.path, Py_TPFLAGS_BYTES_SUBCLASS);
  d.name = asBytes ? PyBytes_FromStringAndSize(name, n) : PyUnicode_DecodeFSDefaultAndSize(name, n);
  if (d.name != 0) d.path = s.fd != -1 ? Py.NewRef(d.name) : joined(s.bytes, name, n, asBytes);
  if (d.path != 0) return o;
  Py.DECREF(o);
  return 0;
}

/** A folder's path (bytes; null is the current one) and a name of `n` bytes in it: new bytes or str. */
function joined(folder: usize, name: usize, n: isize, asBytes: bool): usize {
  if (folder == 0) {
    // As the path was ".", although it is not told.
    const dot = PyBytes_FromStringAndSize(0, n + 2);
    if (dot == 0) return 0;
    const p = PyBytesObject.at(dot).ob_sval;
    store<u16>(p, 0x2f2e);
    memory.copy(p + 2, name, <usize>n);
    return asText(dot, asBytes);
  }
  const length = Py.SIZE(folder);
  const from = PyBytesObject.at(folder).ob_sval;
  const slash: isize = length > 0 && load<u8>(from + <usize>length - 1) != 0x2f ? 1 : 0;
  const r = PyBytes_FromStringAndSize(0, length + slash + n);
  if (r == 0) return 0;
  const p = PyBytesObject.at(r).ob_sval;
  memory.copy(p, from, <usize>length);
  if (slash) store<u8>(p + <usize>length, 0x2f);
  memory.copy(p + <usize>(length + slash), name, <usize>n);
  return asText(r, asBytes);
}

/** The bytes themselves, or decoded; `bytes` is stolen. */
function asText(bytes: usize, asBytes: bool): usize {
  if (asBytes) return bytes;
  const r = PyUnicode_DecodeFSDefaultAndSize(PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
  Py.DECREF(bytes);
  return r;
}

/** Ends the iteration. */
function close(it: usize): void {
  const s = ScandirIterator.at(it);
  const block = s.entries;
  s.entries = 0;
  if (block != 0) PyMem_RawFree(block);
}

function ScandirIterator_next(it: usize): usize {
  const s = ScandirIterator.at(it);
  if (s.entries == 0) return 0;
  if (s.at >= s.end) {
    close(it);
    return 0;
  }
  const e = s.entries + <usize>s.at;
  const n = cstringLength(e + ENTRY_NAME);
  s.at = s.at + <u32>ENTRY_NAME + <u32>n + 1;
  const o = newEntry(it, e, n);
  if (o == 0) close(it);
  return o;
}

/**
 * @native posix.ScandirIterator.close
 */
export function ScandirIterator_close(self: usize, _u: usize): usize {
  close(self);
  return _Py_NoneStruct;
}

/**
 * @native posix.ScandirIterator.__enter__
 */
export function ScandirIterator_enter(self: usize, _u: usize): usize {
  return Py.NewRef(self);
}

/**
 * @native posix.ScandirIterator.__exit__
 */
export function ScandirIterator_exit(self: usize, _args: usize): usize {
  close(self);
  return _Py_NoneStruct;
}

function ScandirIterator_finalize(self: usize): void {
  const exc = PyErr_GetRaisedException();
  if (ScandirIterator.at(self).entries != 0) {
    close(self);
    if (PyErr_ResourceWarning(self, 1, "unclosed scandir iterator %R", self) < 0) {
      // As at the end, when warnings are no longer there.
      if (PyErr_ExceptionMatches(PyExc_Warning)) PyErr_WriteUnraisable(self);
    }
  }
  PyErr_SetRaisedException(exc);
}

function ScandirIterator_dealloc(self: usize): void {
  if (PyObject_CallFinalizerFromDealloc(self)) return;
  const s = ScandirIterator.at(self);
  const path = s.path;
  const bytes = s.bytes;
  PyObject_Del(self);
  Py.XDECREF(path);
  Py.XDECREF(bytes);
}

/**
 * @native posix.scandir($module, /, path=None)
 *
 * What is in a folder, as an iterator of DirEntry objects.
 *
 *   path
 *     Which: a str, bytes, an object with a path; None is the current
 *     one. Of bytes the names and paths of entries are bytes.
 *
 * Entries often know what kind of file they are, so that to ask them is
 * faster than to ask the system.
 */
export function posix_scandir(_m: usize, path: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "scandir", "path", NULLABLE | ALLOW_FD)) {
    Path.give(p, 1);
    return 0;
  }
  if (!Audit.event("os.scandir", "O", path_t.at(p).object)) return forbidden(p);
  const it = _PyObject_New(PyScandirIterator_Type);
  if (it == 0) {
    Path.give(p, 1);
    return 0;
  }
  const s = ScandirIterator.at(it);
  s.path = Py.XNewRef(path_t.at(p).object);
  s.bytes = Py.XNewRef(path_t.at(p).bytes);
  s.fd = path_t.at(p).fd;
  s.entries = 0;
  s.at = 0;
  const out = Scratch.take(1);
  const n = readFolder(p, out);
  if (n >= 0) {
    s.entries = <usize>load<u32>(out);
    s.end = <u32>n;
  }
  Scratch.give(out);
  if (n < 0) {
    raiseErrno(-n, path_t.at(p).object);
    Py.DECREF(it);
  }
  Path.give(p, 1);
  return n < 0 ? 0 : it;
}

/** What the system tells of an entry: a new stat_result. */
function fetch(self: usize, follow: bool): usize {
  const d = DirEntry.at(self);
  const p = Path.take(1);
  const status = Scratch.take(SIZEOF_FileStatus >> 3);
  let o: usize = 0;
  if (Path.convert(p, d.path, "stat", "path", 0) && (d.dir_fd == DEFAULT_DIR_FD || Path.beginIn(p, d.dir_fd))) {
    const at = Path.address(p);
    const n = Path.length(p);
    const r = follow ? host.stat(at, n, status) : host.lstat(at, n, status);
    o = r < 0 ? raiseErrno(-r, d.path) : statResult(status);
  }
  Scratch.give(status);
  Path.give(p, 1);
  return o;
}

/** The entry's lstat, asked for once: new. */
function getLstat(self: usize): usize {
  const d = DirEntry.at(self);
  if (d.lstat == 0) d.lstat = fetch(self, false);
  return Py.XNewRef(d.lstat);
}

/** The entry's stat, new: that of a symbolic link itself where `follow` is false. */
function getStat(self: usize, follow: bool): usize {
  if (!follow) return getLstat(self);
  const d = DirEntry.at(self);
  if (d.stat == 0) {
    const link = isSymlink(self);
    if (link < 0) return 0;
    d.stat = link ? fetch(self, true) : getLstat(self);
  }
  return Py.XNewRef(d.stat);
}

/** Whether an entry is of the kind that st_mode calls `bits`: 1, 0, or -1 with an exception. */
function testMode(self: usize, follow: bool, bits: u32): i32 {
  const d = DirEntry.at(self);
  const link = d.d_type == DT_LNK;
  if (d.d_type != DT_UNKNOWN && !(follow && link)) {
    if (link) return 0;
    return d.d_type == (bits == S_IFDIR ? DT_DIR : DT_REG) ? 1 : 0;
  }
  const stat = getStat(self, follow);
  if (stat == 0) {
    if (!PyErr_ExceptionMatches(PyExc_FileNotFoundError)) return -1;
    // It is gone, and so is nothing of the kind.
    PyErr_Clear();
    return 0;
  }
  const mode = <u32>PyLong_AsLongLong(Tuple.get(stat, 0));
  Py.DECREF(stat);
  return (mode & S_IFMT) == bits ? 1 : 0;
}

function isSymlink(self: usize): i32 {
  const d = DirEntry.at(self);
  if (d.d_type != DT_UNKNOWN) return d.d_type == DT_LNK ? 1 : 0;
  return testMode(self, false, S_IFLNK);
}

function truth(r: i32): usize {
  return r < 0 ? 0 : boolObject(r != 0);
}

/**
 * @native posix.DirEntry.is_dir($self, /, *, follow_symlinks=True)
 *
 * Whether it is a folder; the answer is remembered.
 */
export function DirEntry_is_dir(self: usize, follow_symlinks: bool): usize {
  return truth(testMode(self, follow_symlinks, S_IFDIR));
}

/**
 * @native posix.DirEntry.is_file($self, /, *, follow_symlinks=True)
 *
 * Whether it is a plain file; that is remembered.
 */
export function DirEntry_is_file(self: usize, follow_symlinks: bool): usize {
  return truth(testMode(self, follow_symlinks, S_IFREG));
}

/**
 * @native posix.DirEntry.is_symlink($self, /)
 *
 * Whether it is a symbolic link; that is remembered.
 */
export function DirEntry_is_symlink(self: usize): usize {
  return truth(isSymlink(self));
}

/**
 * @native posix.DirEntry.is_junction($self, /)
 *
 * Whether it is a junction, which only Windows has.
 */
export function DirEntry_is_junction(_self: usize): usize {
  return _Py_FalseStruct;
}

/**
 * @native posix.DirEntry.stat($self, /, *, follow_symlinks=True)
 *
 * What stat() tells of it, asked for once.
 */
export function DirEntry_stat(self: usize, follow_symlinks: bool): usize {
  return getStat(self, follow_symlinks);
}

/**
 * @native posix.DirEntry.inode($self, /)
 *
 * The number of the file; remembered.
 */
export function DirEntry_inode(self: usize, _u: usize): usize {
  const d = DirEntry.at(self);
  if (d.d_ino == 0) {
    const stat = getLstat(self);
    if (stat == 0) return 0;
    d.d_ino = PyLong_AsUnsignedLongLong(Tuple.get(stat, 1));
    Py.DECREF(stat);
  }
  return PyLong_FromUnsignedLongLong(d.d_ino);
}

/**
 * @native posix.DirEntry.__fspath__($self, /)
 *
 * Its path.
 */
export function DirEntry_fspath(self: usize, _u: usize): usize {
  return Py.NewRef(DirEntry.at(self).path);
}

function DirEntry_repr(self: usize): usize {
  return PyUnicode_FromFormat("<DirEntry %R>", DirEntry.at(self).name);
}

function DirEntry_dealloc(self: usize): void {
  const d = DirEntry.at(self);
  const name = d.name;
  const path = d.path;
  const stat = d.stat;
  const lstat = d.lstat;
  PyObject_Del(self);
  Py.XDECREF(name);
  Py.XDECREF(path);
  Py.XDECREF(stat);
  Py.XDECREF(lstat);
}

/**
 * @type posix.DirEntry
 *
 * @member posix.DirEntry.name = DirEntry.name readonly
 * what it is called in its folder, which is the last part of the path of it
 *
 * @member posix.DirEntry.path = DirEntry.path readonly
 * the folder's path that scandir() had, and the name behind it: what open() and others take
 *
 * @classmethod posix.DirEntry.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 */
export function initScandirTypes(): i32 {
  let t = PyTypeObject.at(PyDirEntry_Type);
  if (t.tp_flags & Py_TPFLAGS_READY) return 0;
  t.tp_basicsize = SIZEOF_DirEntry;
  t.tp_dealloc = DirEntry_dealloc.index;
  t.tp_repr = DirEntry_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_DISALLOW_INSTANTIATION;
  if (PyType_Ready(PyDirEntry_Type) < 0) return -1;
  makeMutable(PyDirEntry_Type);
  t = PyTypeObject.at(PyScandirIterator_Type);
  t.tp_basicsize = SIZEOF_ScandirIterator;
  t.tp_dealloc = ScandirIterator_dealloc.index;
  t.tp_finalize = ScandirIterator_finalize.index;
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = ScandirIterator_next.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_DISALLOW_INSTANTIATION;
  return PyType_Ready(PyScandirIterator_Type);
}

/**
 * @type posix.ScandirIterator
 */
