// OSError: which of its subclasses an error number makes, and its fields (CPython 3.13's Objects/exceptions.c).

import { Py_TPFLAGS_LONG_SUBCLASS } from "../../generated/constants";
import { PyOSErrorObject, PyTypeObject } from "../../generated/layouts";
import * as S from "../../generated/statics";
import { _Py_NoneStruct, PyExc_AttributeError, PyExc_OSError } from "../../generated/statics";
import { PyTuple_GetSlice, Tuple } from "../containers/tuple";
import { PyLong_AsLongLong, PyLong_FromSsize_t } from "../numbers/int/create";
import { Py } from "../object/head";
import { PyNumber_AsSsize_t } from "../protocol/number";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyType_IsSubtype } from "../types/lookup";
import { BaseException_new, BaseException_str, noKeywords } from "./base";
import { errnoClass } from "./errno";
import { PyErr_Clear, PyErr_Fail, PyErr_Occurred, PyErr_SetString } from "./raise";

// OSError: the class follows errno.

export function OSError_new(type: usize, args: usize, kwargs: usize): usize {
  let actual = type;
  const n = Py.SIZE(args);
  if (type == PyExc_OSError && n >= 2 && n <= 5 && Py.check(Tuple.get(args, 0), Py_TPFLAGS_LONG_SUBCLASS)) {
    const code = PyLong_AsLongLong(Tuple.get(args, 0));
    if (code == -1 && PyErr_Occurred() != 0) PyErr_Clear();
    const special = errnoClass(<i32>code);
    if (special != 0) actual = special;
  }
  const late = filledByInit(actual);
  const self = BaseException_new(actual, late ? 0 : args, 0);
  if (self == 0) return 0;
  PyOSErrorObject.at(self).written = -1;
  if (!late && oserrorFill(self, args, kwargs) < 0) {
    Py.DECREF(self);
    return 0;
  }
  return self;
}

/**
 * Whether __init__ takes the arguments, not __new__: where a class has an __init__ of its own and no __new__, so that the
 * arguments that it is given are not those that it passes on.
 */
function filledByInit(type: usize): bool {
  const t = PyTypeObject.at(type);
  return t.tp_init != OSError_init.index && t.tp_new == OSError_new.index;
}

function oserrorFill(self: usize, args: usize, kwargs: usize): i32 {
  if (!noKeywords(self, kwargs)) return -1;
  const n = Py.SIZE(args);
  if (n >= 2 && n <= 5) {
    Py.SETREF(PyOSErrorObject.at(self).myerrno_slot, Py.NewRef(Tuple.get(args, 0)));
    Py.SETREF(PyOSErrorObject.at(self).strerror_slot, Py.NewRef(Tuple.get(args, 1)));
    if (n > 2 && Tuple.get(args, 2) != _Py_NoneStruct) {
      const filename = Tuple.get(args, 2);
      if (PyType_IsSubtype(Py.TYPE(self), S.PyExc_BlockingIOError) && Py.check(filename, Py_TPFLAGS_LONG_SUBCLASS)) {
        PyOSErrorObject.at(self).written = PyNumber_AsSsize_t(filename, S.PyExc_ValueError);
        if (PyErr_Occurred() != 0) return -1;
      } else {
        Py.SETREF(PyOSErrorObject.at(self).filename_slot, Py.NewRef(filename));
        if (n > 4 && Tuple.get(args, 4) != _Py_NoneStruct)
          Py.SETREF(PyOSErrorObject.at(self).filename2_slot, Py.NewRef(Tuple.get(args, 4)));
        // The arguments keep only what a caller without a file name would have passed.
        const two = PyTuple_GetSlice(args, 0, 2);
        if (two == 0) return -1;
        Py.SETREF(PyOSErrorObject.at(self).args_slot, two);
        return 0;
      }
    }
  }
  Py.SETREF(PyOSErrorObject.at(self).args_slot, Py.NewRef(args));
  return 0;
}

export function OSError_init(self: usize, args: usize, kwargs: usize): i32 {
  return filledByInit(Py.TYPE(self)) ? oserrorFill(self, args, kwargs) : 0;
}

/**
 * @getter OSError.characters_written
 */
export function get_written(self: usize, _c: usize): usize {
  const n = PyOSErrorObject.at(self).written;
  if (n != -1) return PyLong_FromSsize_t(n);
  return PyErr_SetString(PyExc_AttributeError, "characters_written");
}

/**
 * @setter OSError.characters_written
 */
export function set_written(self: usize, value: usize, _c: usize): i32 {
  const e = PyOSErrorObject.at(self);
  if (value == 0) {
    if (e.written == -1) return PyErr_Fail(PyExc_AttributeError, "characters_written");
    e.written = -1;
    return 0;
  }
  const n = PyNumber_AsSsize_t(value, S.PyExc_ValueError);
  if (n == -1 && PyErr_Occurred() != 0) return -1;
  e.written = n;
  return 0;
}

export function orNone(v: usize): usize {
  return v == 0 ? _Py_NoneStruct : v;
}

export function OSError_str(self: usize): usize {
  const e = PyOSErrorObject.at(self);
  if (e.filename != 0) {
    if (e.filename2 != 0) {
      return PyUnicode_FromFormat(
        "[Errno %S] %S: %R -> %R",
        orNone(e.myerrno),
        orNone(e.strerror),
        e.filename,
        e.filename2,
      );
    }
    return PyUnicode_FromFormat("[Errno %S] %S: %R", orNone(e.myerrno), orNone(e.strerror), e.filename);
  }
  if (e.myerrno != 0 && e.strerror != 0) return PyUnicode_FromFormat("[Errno %S] %S", e.myerrno, e.strerror);
  return BaseException_str(self);
}
