// sysconf(): what the system allows a program, and what it is made of (CPython 3.13's Modules/posixmodule.c). The limits
// are those that Linux has where nobody has set others.

import { EINVAL, PAGE_SIZE, Py_TPFLAGS_LONG_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyExc_KeyError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyDict_GetItemLiteral, PyDict_New, PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { PyErr_ExceptionMatches, PyErr_Fail, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyModule_GetDict } from "../../objects/module/module";
import { PyLong_AsInt, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyObject_GetItem } from "../../objects/protocol/items";
import { addNumbers } from "../numbers";
import { posix_cpu_count } from "./process";

const NAMES = `
  SC_ARG_MAX 0 SC_CHILD_MAX 1 SC_CLK_TCK 2 SC_NGROUPS_MAX 3 SC_OPEN_MAX 4 SC_STREAM_MAX 5 SC_TZNAME_MAX 6
  SC_JOB_CONTROL 7 SC_SAVED_IDS 8 SC_VERSION 29 SC_PAGESIZE 30 SC_PAGE_SIZE 30 SC_BC_BASE_MAX 36 SC_LINE_MAX 43
  SC_IOV_MAX 60 SC_LOGIN_NAME_MAX 71 SC_TTY_NAME_MAX 72 SC_ATEXIT_MAX 87 SC_NPROCESSORS_CONF 83 SC_NPROCESSORS_ONLN 84
  SC_HOST_NAME_MAX 180`;

/** The number of a name, or the number itself: -1 with an exception, as any -1 may be. */
function nameArgument(m: usize, name: usize): i32 {
  if (Py.check(name, Py_TPFLAGS_LONG_SUBCLASS)) return PyLong_AsInt(name);
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "configuration names must be strings or integers");
  }
  const names = PyDict_GetItemLiteral(PyModule_GetDict(m), "sysconf_names");
  const number = names == 0 ? 0 : PyObject_GetItem(names, name);
  if (number == 0) {
    if (PyErr_Occurred() == 0 || PyErr_ExceptionMatches(PyExc_KeyError)) {
      PyErr_SetString(PyExc_ValueError, "unrecognized configuration name");
    }
    return -1;
  }
  const n = PyLong_AsInt(number);
  Py.DECREF(number);
  return n;
}

/** What the system says for a number; -2 where it does not know it, -1 where there is no limit. */
function limit(number: i32): i64 {
  switch (number) {
    case 0:
      return 2097152;
    case 1:
      return -1;
    case 2:
      return 100;
    case 3:
      return 65536;
    case 4:
      return 1024;
    case 5:
      return 16;
    case 6:
    case 87:
      return -1;
    case 7:
    case 8:
      return 1;
    case 29:
      return 200809;
    case 30:
      return <i64>PAGE_SIZE;
    case 36:
      return 99;
    case 43:
      return 2048;
    case 60:
      return 1024;
    case 71:
      return 256;
    case 72:
      return 32;
    case 180:
      return 64;
    default:
      return -2;
  }
}

/**
 * @native posix.sysconf($module, name, /)
 *
 * A limit of the system, or a number that says what it is made of.
 */
export function posix_sysconf(m: usize, name: usize): usize {
  const number = nameArgument(m, name);
  if (number == -1 && PyErr_Occurred() != 0) return 0;
  if (number == 83 || number == 84) return posix_cpu_count(m, 0);
  const value = limit(number);
  return value == -2 ? raiseErrno(EINVAL) : PyLong_FromLongLong(value);
}

/** Adds the names to the module: 0, or -1 with an exception. */
export function addLimits(m: usize): i32 {
  const names = PyDict_New();
  const ok =
    names != 0 &&
    addNumbers(names, NAMES) == 0 &&
    PyDict_SetItemLiteral(PyModule_GetDict(m), "sysconf_names", names) == 0;
  Py.XDECREF(names);
  return ok ? 0 : -1;
}
