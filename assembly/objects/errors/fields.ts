// Exceptions with a few fields of their own: StopIteration, SystemExit, KeyError, ImportError, NameError, AttributeError
// (CPython 3.13's Objects/exceptions.c).

import {
  PyAttributeErrorObject,
  PyAttributeErrorObject_obj,
  PyBaseExceptionObject,
  PyImportErrorObject,
  PyImportErrorObject_name,
  PyNameErrorObject,
  PyNameErrorObject_name,
  PyStopIterationObject,
  PySystemExitObject,
} from "../../generated/layouts";
import * as S from "../../generated/statics";
import { _Py_NoneStruct, empty_tuple, PyExc_AttributeError, PyExc_NameError } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { Tuple } from "../containers/tuple";
import { parseTupleAndKeywords } from "../define/args";
import { Py } from "../object/head";
import { PyObject_Repr } from "../protocol/text";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyType_IsSubtype } from "../types/lookup";
import { BaseException_add_note, BaseException_init, BaseException_str } from "./base";
import { PyErr_Clear, PyErr_GetRaisedException, PyErr_Occurred, PyErr_SetRaisedException } from "./raise";

// StopIteration and SystemExit: their first argument is an attribute.

export function StopIteration_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, kwargs) < 0) return -1;
  Py.SETREF(
    PyStopIterationObject.at(self).value_slot,
    Py.NewRef(Py.SIZE(args) > 0 ? Tuple.get(args, 0) : _Py_NoneStruct),
  );
  return 0;
}

export function SystemExit_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, kwargs) < 0) return -1;
  const n = Py.SIZE(args);
  if (n == 0) return 0;
  Py.SETREF(PySystemExitObject.at(self).code_slot, Py.NewRef(n == 1 ? Tuple.get(args, 0) : args));
  return 0;
}

export function KeyError_str(self: usize): usize {
  const args = PyBaseExceptionObject.at(self).args;
  if (Py.SIZE(args) == 1) return PyObject_Repr(Tuple.get(args, 0));
  return BaseException_str(self);
}

// Exceptions with keyword arguments: ImportError, NameError, AttributeError

/** Keywords, `names` with spaces between, into as many fields from `offset` on; false with TypeError. */
function takeKeywords(self: usize, fname: string, names: string, kwargs: usize, offset: usize, n: i32): bool {
  const argv = Scratch.take(3);
  const ok = parseTupleAndKeywords(fname, names, empty_tuple, kwargs, argv, 0, 0);
  for (let i = 0; i < n && ok; i++) Py.SETREF(Py.slot(self + offset, i), Py.XNewRef(Py.item(argv, i)));
  Scratch.give(argv);
  return ok;
}

export function ImportError_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, 0) < 0) return -1;
  if (!takeKeywords(self, "ImportError", "name path name_from", kwargs, PyImportErrorObject_name, 3)) return -1;
  Py.SETREF(PyImportErrorObject.at(self).msg_slot, Py.SIZE(args) == 1 ? Py.NewRef(Tuple.get(args, 0)) : 0);
  return 0;
}

export function ImportError_str(self: usize): usize {
  const msg = PyImportErrorObject.at(self).msg;
  if (msg != 0 && Py.TYPE(msg) == S.PyUnicode_Type) return Py.NewRef(msg);
  return BaseException_str(self);
}

export function NameError_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, 0) < 0) return -1;
  return takeKeywords(self, "NameError", "name", kwargs, PyNameErrorObject_name, 1) ? 0 : -1;
}

export function AttributeError_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, 0) < 0) return -1;
  return takeKeywords(self, "AttributeError", "obj name", kwargs, PyAttributeErrorObject_obj, 2) ? 0 : -1;
}

/** Tells a raised AttributeError its object and name, where it does not know them; other exceptions are left alone. */
export function setAttributeErrorContext(obj: usize, name: usize): void {
  const exc = PyErr_Occurred();
  if (exc == 0 || !PyType_IsSubtype(Py.TYPE(exc), PyExc_AttributeError)) return;
  const e = PyAttributeErrorObject.at(exc);
  if (e.name != 0 || e.obj != 0) return;
  e.obj = Py.NewRef(obj);
  e.name = Py.NewRef(name);
}

/** Tells a raised NameError its name. */
export function setNameErrorContext(name: usize): void {
  const exc = PyErr_Occurred();
  if (exc == 0 || !PyType_IsSubtype(Py.TYPE(exc), PyExc_NameError)) return;
  if (PyNameErrorObject.at(exc).name == 0) PyNameErrorObject.at(exc).name = Py.NewRef(name);
}

/** Adds a note to the exception that is set; whatever fails on the way replaces nothing. */
export function _PyErr_FormatNote(format: string, a: i64 = 0, b: i64 = 0, c: i64 = 0): void {
  const exc = PyErr_GetRaisedException();
  const note = PyUnicode_FromFormat(format, a, b, c);
  if (note != 0) {
    const r = BaseException_add_note(exc, note);
    if (r == 0) PyErr_Clear();
    Py.DECREF(note);
  } else {
    PyErr_Clear();
  }
  PyErr_SetRaisedException(exc);
}
