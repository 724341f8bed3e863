// The module _posixsubprocess (CPython 3.13's Modules/_posixsubprocess.c): starts a program.
//
// Difference: there is no fork. The kernel starts the program; what went wrong is written to errpipe_write as the child of a
// fork would do. A preexec_fn cannot be called, and what sets users and groups is refused.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../generated/constants";
import { host } from "../generated/host";
import { _Py_NoneStruct, PyExc_NotImplementedError } from "../generated/statics";
import { PyMarshal_WriteObjectToString } from "../marshal/write";
import { BytesLike } from "../objects/bytes/common";
import { PyTuple_New, Tuple } from "../objects/containers/tuple";
import { ArgParser } from "../objects/define/args";
import { PyErr_SetString } from "../objects/errors/raise";
import { raiseErrno } from "../objects/errors/system";
import { PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PySequence_Fast, PySequence_Fast_ITEMS } from "../objects/protocol/sequence";
import { PyUnicode_EncodeFSDefault } from "../objects/text/codecs/filesystem";
import { fsPath } from "./_io/fileio";

const MARSHAL_VERSION: i32 = 4;

// Where the arguments stand.
const ARGS: isize = 0;
const EXECUTABLES: isize = 1;
const CWD: isize = 4;
const ENVIRONMENT: isize = 5;
const GID: isize = 17;
const GROUPS: isize = 18;
const UID: isize = 19;
const PREEXEC: isize = 21;
const COUNT: isize = 23;

/** A path, or the text of an argument, as bytes: new; null with an exception. */
function encoded(o: usize): usize {
  const path = fsPath(o);
  if (path == 0 || !Py.check(path, Py_TPFLAGS_UNICODE_SUBCLASS)) return path;
  const bytes = PyUnicode_EncodeFSDefault(path);
  Py.DECREF(path);
  return bytes;
}

/** A tuple of the items of a sequence, each as bytes: new; null with an exception. */
function encodedItems(o: usize, message: string): usize {
  const items = PySequence_Fast(o, message);
  if (items == 0) return 0;
  const n = Py.SIZE(items);
  const r = PyTuple_New(n);
  for (let i: isize = 0; r != 0 && i < n; i++) {
    // __fspath__ may change the list.
    const bytes = i < Py.SIZE(items) ? encoded(Py.item(PySequence_Fast_ITEMS(items), i)) : 0;
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

/** An argument as it goes into the request: new; null with an exception. */
function requested(i: isize, o: usize): usize {
  if (i == ARGS) return encodedItems(o, "argv must be a tuple");
  if (i == EXECUTABLES) return encodedItems(o, "executable_list must be a tuple");
  if (i == ENVIRONMENT && o != _Py_NoneStruct) return encodedItems(o, "env must be a sequence");
  if (i == CWD && o != _Py_NoneStruct) return encoded(o);
  return Py.NewRef(i == PREEXEC ? _Py_NoneStruct : o);
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
  const request = PyTuple_New(COUNT);
  for (let i: isize = 0; request != 0 && i < COUNT; i++) {
    const item = requested(i, Py.item(argv, i));
    if (item == 0) {
      Py.DECREF(request);
      return 0;
    }
    Tuple.set(request, i, item);
  }
  const bytes = request == 0 ? 0 : PyMarshal_WriteObjectToString(request, MARSHAL_VERSION, false);
  Py.XDECREF(request);
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
