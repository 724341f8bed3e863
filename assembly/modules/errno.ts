// The module errno (CPython 3.13's Modules/errnomodule.c): Linux's error numbers by name, and errorcode the other way.

import { ERROR_COUNT, errorTable } from "../generated/errors";
import { PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { nextError } from "../objects/errors/errno";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../objects/module/module";
import { PyLong_FromLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { cstringLength, PyUnicode_FromStringAndSize } from "../objects/text/create";
import { internSteal } from "../objects/text/intern";

/** Adds a row of the table of errors: false with an exception. */
function addNumber(d: usize, codes: usize, row: usize): bool {
  const name = internSteal(PyUnicode_FromStringAndSize(row + 1, cstringLength(row + 1)));
  const number = name == 0 ? 0 : PyLong_FromLong(load<u8>(row));
  const ok = number != 0 && PyDict_SetItem(d, name, number) == 0 && PyDict_SetItem(codes, number, name) == 0;
  Py.XDECREF(name);
  Py.XDECREF(number);
  return ok;
}

function fill(d: usize, codes: usize): bool {
  let row = errorTable;
  for (let i = 0; i < ERROR_COUNT; i++) {
    if (!addNumber(d, codes, row)) return false;
    row = nextError(row);
  }
  return true;
}

/**
 * @module errno
 *
 * The numbers of the system's errors, by name.
 *
 * Each name has the number that it has on this system in C: ENOENT, for instance, is 2. An OSError has the number in errno, and os.strerror() has a text for it. The dict errorcode has the names, by number: errorcode[2] is 'ENOENT'.
 *
 * There are more names than numbers, where a system has two names for one error, and not all of them exist on all systems. Most have a class of their own among the exceptions, such as FileNotFoundError.
 */
export function initErrno(m: usize): i32 {
  const codes = PyDict_New();
  if (codes == 0) return -1;
  if (fill(PyModule_GetDict(m), codes)) return PyModule_AddObjectLiteral(m, "errorcode", codes);
  Py.DECREF(codes);
  return -1;
}
