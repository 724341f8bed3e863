// The module _posixsubprocess (CPython 3.13's Modules/_posixsubprocess.c): starts a program.
//
// Difference: there is no fork. The kernel starts the program; what went wrong is written to errpipe_write as the child of a
// fork would do. A preexec_fn cannot be called, and what sets users and groups is refused.

import { host } from "../generated/host";
import { _Py_NoneStruct, empty_tuple, PyExc_NotImplementedError, PyExc_TypeError } from "../generated/statics";
import { BytesLike } from "../objects/bytes/common";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte, writeBytes } from "../objects/bytes/writer";
import { PyTuple_New, PyTuple_Pack1, Tuple } from "../objects/containers/tuple";
import { ArgParser } from "../objects/define/args";
import { PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { raiseErrno } from "../objects/errors/system";
import { PyLong_AsInt, PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PySequence_Fast, PySequence_Fast_ITEMS } from "../objects/protocol/sequence";
import { PyObject_Str } from "../objects/protocol/text";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { PyUnicode_FSConverter } from "../objects/text/codecs/filesystem";

// Where the arguments stand.
const ARGS: isize = 0;
const EXECUTABLES: isize = 1;
const KEEP: isize = 3;
const CWD: isize = 4;
const ENVIRONMENT: isize = 5;
/** The ends of the pipes: eight numbers, then whether signals are restored, and whether a session begins. */
const PIPES: isize = 6;
const SESSION: isize = 15;
const GID: isize = 17;
const GROUPS: isize = 18;
const UID: isize = 19;
const UMASK: isize = 20;
const PREEXEC: isize = 21;
const COUNT: isize = 23;

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

/** Writes the numbers of a tuple as writeItems does. */
function writeNumbers(w: usize, o: usize): i32 {
  if (!Tuple.check(o)) {
    PyErr_SetString(PyExc_TypeError, "fds_to_keep must be a tuple");
    return -1;
  }
  let r = writeNumber(w, Tuple.size(o));
  for (let i: isize = 0; r == 0 && i < Tuple.size(o); i++) r = writeText(w, Tuple.get(o, i));
  return r;
}

/** One path as a tuple: new; null with an exception. */
function onePath(o: usize): usize {
  if (o == _Py_NoneStruct) return empty_tuple;
  const path = PyUnicode_FSConverter(o);
  const r = path == 0 ? 0 : PyTuple_Pack1(path);
  Py.XDECREF(path);
  return r;
}

/** The request of the call spawn, as spec/syscalls.txt has it: new bytes; null with an exception. */
function request(argv: usize): usize {
  const w = ByteWriter.begin(0);
  const environment = Py.item(argv, ENVIRONMENT);
  let ok =
    writeItems(w, encodedItems(Py.item(argv, ARGS), "argv must be a tuple")) == 0 &&
    writeItems(w, encodedItems(Py.item(argv, EXECUTABLES), "executable_list must be a tuple")) == 0 &&
    writeNumbers(w, Py.item(argv, KEEP)) == 0 &&
    writeItems(w, onePath(Py.item(argv, CWD))) == 0 &&
    writeNumber(w, environment == _Py_NoneStruct ? 0 : 1) == 0 &&
    writeItems(w, environment == _Py_NoneStruct ? empty_tuple : encodedItems(environment, "env must be a sequence")) ==
      0;
  for (let i = PIPES; ok && i <= SESSION; i++) {
    const n = PyLong_AsInt(Py.item(argv, i));
    ok = !(n == -1 && PyErr_Occurred() != 0) && writeNumber(w, n) == 0;
  }
  // No signal is held back.
  ok = ok && writeByte(w, 0) == 0;
  const umask = ok ? PyLong_AsInt(Py.item(argv, UMASK)) : 0;
  ok = ok && !(umask == -1 && PyErr_Occurred() != 0) && writeNumber(w, umask) == 0;
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
  if (Py.item(argv, PREEXEC) != _Py_NoneStruct) {
    return PyErr_SetString(PyExc_NotImplementedError, "preexec_fn: there is no fork in which it could be called");
  }
  if (
    Py.item(argv, GID) != _Py_NoneStruct ||
    Py.item(argv, GROUPS) != _Py_NoneStruct ||
    Py.item(argv, UID) != _Py_NoneStruct
  ) {
    return PyErr_SetString(PyExc_NotImplementedError, "users and groups cannot be set");
  }
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
