// The module _posixsubprocess (CPython 3.13's Modules/_posixsubprocess.c): starts a program.
//
// Difference: there is no fork. The kernel starts the program; what went wrong is written to errpipe_write as the child of a
// fork would do. A preexec_fn cannot be called. A process group of its own is a session of its own, and there is no other.

import { EPERM } from "../generated/constants";
import { host } from "../generated/host";
import { vmRoots } from "../generated/runtime";
import {
  _Py_NoneStruct,
  empty_tuple,
  PyExc_NotImplementedError,
  PyExc_PythonFinalizationError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../generated/statics";
import { BytesLike } from "../objects/bytes/common";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte, writeBytes } from "../objects/bytes/writer";
import { List } from "../objects/containers/list/list";
import { PyTuple_New, PyTuple_Pack1, Tuple } from "../objects/containers/tuple";
import { ArgParser } from "../objects/define/args";
import { PyErr_Clear, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { raiseErrno } from "../objects/errors/system";
import { longOverflow, longValue, PyLong_AsInt, PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { Long } from "../objects/numbers/int/access";
import { Py } from "../objects/object/head";
import { PyObject_IsTrue } from "../objects/protocol/compare";
import { PySequence_Fast, PySequence_Fast_ITEMS } from "../objects/protocol/sequence";
import { PyObject_Str } from "../objects/protocol/text";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { PyUnicode_FSConverter } from "../objects/text/codecs/filesystem";
import { Scratch } from "../thread/scratch";
import { ignoredSignals, SIGNALS_RESTORED } from "../vm/signals";
import { FIELD_PGRP, processField, writeDecimal } from "./posix/scheduling";
import { idArgument } from "./posix/status";

// Where the arguments stand.
const ARGS: isize = 0;
const EXECUTABLES: isize = 1;
const CLOSES: isize = 2;
const KEEP: isize = 3;
const CWD: isize = 4;
const ENVIRONMENT: isize = 5;
/** The ends of the pipes: eight numbers, then whether signals are restored, and whether a session begins. */
const PIPES: isize = 6;
const ERROR_PIPE: isize = 13;
const RESTORE: isize = 14;
const SESSION: isize = 15;
const PROCESS_GROUP: isize = 16;
const GID: isize = 17;
const GROUPS: isize = 18;
const UID: isize = 19;
const UMASK: isize = 20;
const PREEXEC: isize = 21;
const COUNT: isize = 23;

/** Signals in a set. */
const SIGNALS: u64 = 64;
/** The most groups that a process can be in besides its own. */
const GROUPS_MAX: isize = 65536;

const COMMA: u8 = 0x2c;
const MINUS: u8 = 0x2d;

/** A tuple of the items of a sequence, each as bytes: new; null with an exception. */
function encodedItems(o: usize, message: string): usize {
  const items = PySequence_Fast(o, message);
  if (items == 0) return 0;
  const n = Py.SIZE(items);
  const r = PyTuple_New(n);
  for (let i: isize = 0; r != 0 && i < n; i++) {
    // __fspath__ may change the list.
    const bytes = i < Py.SIZE(items) ? PyUnicode_FSConverter(Py.item(PySequence_Fast_ITEMS(items), i)) : 0;
    if (bytes == 0) {
      Py.DECREF(r);
      Py.DECREF(items);
      return 0;
    }
    Tuple.set(r, i, bytes);
  }
  Py.DECREF(items);
  return r;
}

/** Writes an object's text and a NUL: -1 with an exception. */
export function writeText(w: usize, o: usize): i32 {
  const text = PyObject_Str(o);
  const p = text == 0 ? 0 : PyUnicode_AsUTF8(text);
  const r = p == 0 || writeBytes(w, p, PyUnicode_UTF8Length(text)) < 0 ? -1 : writeByte(w, 0);
  Py.XDECREF(text);
  return r;
}

/** Writes a number and a NUL: -1 with an exception. */
export function writeNumber(w: usize, n: isize): i32 {
  const number = PyLong_FromSsize_t(n);
  const r = number == 0 ? -1 : writeText(w, number);
  Py.XDECREF(number);
  return r;
}

/** Writes how many items a tuple of bytes has (stolen; null passes its exception on), and each, with a NUL after each. */
export function writeItems(w: usize, items: usize): i32 {
  if (items == 0) return -1;
  let r = writeNumber(w, Py.SIZE(items));
  for (let i: isize = 0; r == 0 && i < Py.SIZE(items); i++) {
    const bytes = Tuple.get(items, i);
    r = writeBytes(w, BytesLike.data(bytes), Py.SIZE(bytes)) < 0 ? -1 : writeByte(w, 0);
  }
  Py.DECREF(items);
  return r;
}

/** Writes the numbers of the signals of a set, with commas, and a NUL: false with MemoryError. */
export function writeSignals(w: usize, set: u64): bool {
  let first = true;
  for (let i: u64 = 0; i < SIGNALS; i++) {
    if (((set >> i) & 1) == 0) continue;
    if (!first && writeByte(w, COMMA) < 0) return false;
    if (writeDecimal(w, <u32>i + 1) < 0) return false;
    first = false;
  }
  return writeByte(w, 0) == 0;
}

/** Whether these are descriptors, each larger than the one before it. */
function areSorted(fds: usize): bool {
  let last: i64 = -1;
  for (let i: isize = 0; i < Tuple.size(fds); i++) {
    const fd = Tuple.get(fds, i);
    if (!Long.check(fd) || longOverflow(fd) != 0) return false;
    const n = longValue(fd);
    if (n <= last || n > i32.MAX_VALUE) return false;
    last = n;
  }
  return true;
}

/** Writes the numbers of a tuple as writeItems does. */
function writeNumbers(w: usize, o: usize): i32 {
  let r = writeNumber(w, Tuple.size(o));
  for (let i: isize = 0; r == 0 && i < Tuple.size(o); i++) r = writeText(w, Tuple.get(o, i));
  return r;
}

/** Writes a user or group, or nothing for None, and a NUL: false with an exception. */
function writeId(w: usize, o: usize, what: string): bool {
  if (o != _Py_NoneStruct) {
    const id = Scratch.take(1);
    const ok = idArgument(o, what, id) && writeDecimal(w, load<u32>(id)) == 0;
    Scratch.give(id);
    if (!ok) return false;
  }
  return writeByte(w, 0) == 0;
}

/** Writes a list of groups with a comma after each, "-" for an empty one, nothing for None, and a NUL: false with an exception. */
function writeGroups(w: usize, o: usize): bool {
  if (o == _Py_NoneStruct) return writeByte(w, 0) == 0;
  if (!List.check(o)) {
    PyErr_SetString(PyExc_TypeError, "setgroups argument must be a list");
    return false;
  }
  if (List.size(o) > GROUPS_MAX) {
    PyErr_SetString(PyExc_ValueError, "too many extra_groups");
    return false;
  }
  if (List.size(o) == 0 && writeByte(w, MINUS) < 0) return false;
  const id = Scratch.take(1);
  let ok: bool = true;
  for (let i: isize = 0; ok && i < List.size(o); i++) {
    const group = List.get(o, i);
    if (!Long.check(group)) {
      PyErr_SetString(PyExc_TypeError, "extra_groups must be integers");
      ok = false;
    } else if (!idArgument(group, "gid", id)) {
      PyErr_Clear();
      PyErr_SetString(PyExc_ValueError, "invalid group id");
      ok = false;
    } else ok = writeDecimal(w, load<u32>(id)) == 0 && writeByte(w, COMMA) == 0;
  }
  Scratch.give(id);
  return ok && writeByte(w, 0) == 0;
}

/** One path as a tuple: new; null with an exception. */
function onePath(o: usize): usize {
  if (o == _Py_NoneStruct) return empty_tuple;
  const path = PyUnicode_FSConverter(o);
  const r = path == 0 ? 0 : PyTuple_Pack1(path);
  Py.XDECREF(path);
  return r;
}

/** Whether the program gets a process group of its own. */
function beginsGroup(argv: usize): bool {
  return PyLong_AsInt(Py.item(argv, PROCESS_GROUP)) == 0;
}

/** Refuses what stands where a number, a tuple and a process group are meant: false with an exception. */
function checkArguments(argv: usize): bool {
  if (Py.item(argv, PREEXEC) != _Py_NoneStruct) {
    if (vmRoots.finalizing) {
      PyErr_SetString(PyExc_PythonFinalizationError, "preexec_fn not supported at interpreter shutdown");
    } else PyErr_SetString(PyExc_NotImplementedError, "preexec_fn: there is no fork in which it could be called");
    return false;
  }
  const keep = Py.item(argv, KEEP);
  if (!Tuple.check(keep)) {
    PyErr_Format(PyExc_TypeError, "fork_exec() argument 4 must be tuple, not %.50t", keep);
    return false;
  }
  const closes = PyObject_IsTrue(Py.item(argv, CLOSES));
  const pipe = closes < 0 ? -1 : PyLong_AsInt(Py.item(argv, ERROR_PIPE));
  if (closes < 0 || (pipe == -1 && PyErr_Occurred() != 0)) return false;
  if (closes && pipe < 3) {
    PyErr_SetString(PyExc_ValueError, "errpipe_write must be >= 3");
    return false;
  }
  if (!areSorted(keep)) {
    PyErr_SetString(PyExc_ValueError, "bad value(s) in fds_to_keep");
    return false;
  }
  const group = PyLong_AsInt(Py.item(argv, PROCESS_GROUP));
  if (group == -1 && PyErr_Occurred() != 0) return false;
  if (group > 0 && <i64>group != processField(0, FIELD_PGRP)) {
    raiseErrno(EPERM);
    return false;
  }
  return true;
}

/** The request of the call spawn, as spec/syscalls.txt has it: new bytes; null with an exception. */
function request(argv: usize): usize {
  const w = ByteWriter.begin(0);
  const environment = Py.item(argv, ENVIRONMENT);
  let ok: bool =
    writeItems(w, encodedItems(Py.item(argv, ARGS), "argv must be a tuple")) == 0 &&
    writeItems(w, encodedItems(Py.item(argv, EXECUTABLES), "executable_list must be a tuple")) == 0 &&
    writeNumbers(w, Py.item(argv, KEEP)) == 0 &&
    writeItems(w, onePath(Py.item(argv, CWD))) == 0 &&
    writeNumber(w, environment == _Py_NoneStruct ? 0 : 1) == 0 &&
    writeItems(w, environment == _Py_NoneStruct ? empty_tuple : encodedItems(environment, "env must be a sequence")) ==
      0;
  let restored: u64 = 0;
  for (let i = PIPES; ok && i <= SESSION; i++) {
    const n = PyLong_AsInt(Py.item(argv, i));
    ok = !(n == -1 && PyErr_Occurred() != 0);
    if (i == RESTORE) {
      if (n != 0) restored = SIGNALS_RESTORED;
    } else ok = ok && writeNumber(w, i == SESSION && beginsGroup(argv) ? 1 : n) == 0;
  }
  // No signal is held back.
  ok = ok && writeByte(w, 0) == 0;
  const umask = ok ? PyLong_AsInt(Py.item(argv, UMASK)) : 0;
  ok = ok && !(umask == -1 && PyErr_Occurred() != 0) && writeNumber(w, umask) == 0;
  ok = ok && writeSignals(w, ignoredSignals() & ~restored);
  ok = ok && writeId(w, Py.item(argv, UID), "uid") && writeId(w, Py.item(argv, GID), "gid");
  ok = ok && writeGroups(w, Py.item(argv, GROUPS));
  return ok ? byteWriterFinish(w) : byteWriterDiscard(w);
}

/**
 * @native _posixsubprocess.fork_exec
 *
 * Starts a program.
 *
 * Its arguments, the paths at which it is looked for, whether other descriptors are closed and which are not, its folder and
 * environment, the ends of the pipes for its standard streams and for errors, and what else is to be set before it begins. Its
 * process is returned.
 */
export function posixsubprocess_fork_exec(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("fork_exec", nargs, COUNT, COUNT)) return 0;
  if (!checkArguments(argv)) return 0;
  const bytes = request(argv);
  if (bytes == 0) return 0;
  const r = host.spawn(BytesLike.data(bytes), <usize>Py.SIZE(bytes));
  Py.DECREF(bytes);
  return r < 0 ? raiseErrno(-r) : PyLong_FromSsize_t(r);
}

/**
 * @module _posixsubprocess
 *
 * What module subprocess needs to start programs.
 */
