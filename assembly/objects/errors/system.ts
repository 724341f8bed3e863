// OSError from what a system call returns (CPython 3.13's PyErr_SetFromErrnoWithFilenameObjects).

import { EPERM, GRANT_ENTROPY, GRANT_FILES, GRANT_PROCESS } from "../../generated/constants";
import { _Py_NoneStruct, PyExc_OSError } from "../../generated/statics";
import { PyTuple_New, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../containers/tuple";
import { PyLong_FromLong } from "../numbers/int/create";
import { Py } from "../object/head";
import { PyUnicode_FromLiteral } from "../text/create";
import { strerror } from "./errno";
import { PyErr_SetObject } from "./raise";

/** The text of an error number, or of a service that is missing: a new str, or null with MemoryError. */
function textOf(errno: i32): usize {
  switch (errno) {
    case GRANT_FILES:
      return PyUnicode_FromLiteral("Operation not permitted (the interpreter's option 'files' grants it)");
    case GRANT_ENTROPY:
      return PyUnicode_FromLiteral("Operation not permitted (the interpreter's option 'entropy' grants it)");
    case GRANT_PROCESS:
      return PyUnicode_FromLiteral("Operation not permitted (the interpreter's option 'process' grants it)");
    default:
      return strerror(errno);
  }
}

/**
 * Sets OSError (the subclass that belongs to the number), with one or two file names where they are not null; returns
 * null. The number is that of a call of the host, no longer negated.
 */
export function raiseErrno(errno: isize, filename: usize = 0, filename2: usize = 0): usize {
  const code = <i32>errno;
  const number = PyLong_FromLong(code >= GRANT_FILES ? EPERM : code);
  const text = number == 0 ? 0 : textOf(code);
  const args =
    text == 0
      ? 0
      : filename == 0
        ? PyTuple_Pack2(number, text)
        : filename2 == 0
          ? PyTuple_Pack3(number, text, filename)
          : withTwoNames(number, text, filename, filename2);
  Py.XDECREF(number);
  Py.XDECREF(text);
  if (args == 0) return 0;
  PyErr_SetObject(PyExc_OSError, args);
  Py.DECREF(args);
  return 0;
}

/** OSError's arguments: number, text, name, what only Windows has, name. */
function withTwoNames(number: usize, text: usize, filename: usize, filename2: usize): usize {
  const args = PyTuple_New(5);
  if (args == 0) return 0;
  Tuple.set(args, 0, Py.NewRef(number));
  Tuple.set(args, 1, Py.NewRef(text));
  Tuple.set(args, 2, Py.NewRef(filename));
  Tuple.set(args, 3, Py.NewRef(_Py_NoneStruct));
  Tuple.set(args, 4, Py.NewRef(filename2));
  return args;
}
