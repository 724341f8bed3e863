// Exceptions with a few fields of their own: StopIteration, SystemExit, KeyError, ImportError, NameError, AttributeError
// (CPython 3.13's Objects/exceptions.c).

import {
  PyAttributeErrorObject,
  PyBaseExceptionObject,
  PyImportErrorObject,
  PyNameErrorObject,
} from "../../generated/layouts";
import * as S from "../../generated/statics";
import { _Py_NoneStruct, empty_tuple, PyExc_AttributeError, PyExc_NameError } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { parseTupleAndKeywords } from "../define/args";
import { Py, Visit } from "../object/head";
import { PyObject_Repr } from "../protocol/text";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyType_IsSubtype } from "../types/lookup";
import {
  BaseException_add_note,
  BaseException_clear,
  BaseException_init,
  BaseException_str,
  BaseException_traverse,
} from "./base";
import { PyErr_Clear, PyErr_GetRaisedException, PyErr_Occurred, PyErr_SetRaisedException } from "./raise";

// StopIteration and SystemExit: their first argument is an attribute.

export function StopIteration_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, kwargs) < 0) return -1;
  Py.SETREF(self + 72, Py.NewRef(Py.SIZE(args) > 0 ? Py.item(args + 24, 0) : _Py_NoneStruct));
  return 0;
}

export function SystemExit_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, kwargs) < 0) return -1;
  const n = Py.SIZE(args);
  if (n == 0) return 0;
  Py.SETREF(self + 72, Py.NewRef(n == 1 ? Py.item(args + 24, 0) : args));
  return 0;
}

/** Clears `n` reference fields from the end of the common part, then that part. */
function clearFields(self: usize, n: i32): i32 {
  for (let i = 0; i < n; i++) Py.CLEAR(self + 72 + ((<usize>i) << 3));
  return BaseException_clear(self);
}

function traverseFields(self: usize, n: i32, visit: u32, arg: usize): i32 {
  for (let i = 0; i < n; i++) {
    const r = Visit.call(load<u32>(self + 72 + ((<usize>i) << 3)), visit, arg);
    if (r) return r;
  }
  return BaseException_traverse(self, visit, arg);
}

export function clear1(self: usize): i32 {
  return clearFields(self, 1);
}

export function traverse1(self: usize, visit: u32, arg: usize): i32 {
  return traverseFields(self, 1, visit, arg);
}

export function clear2(self: usize): i32 {
  return clearFields(self, 2);
}

export function traverse2(self: usize, visit: u32, arg: usize): i32 {
  return traverseFields(self, 2, visit, arg);
}

export function clear4(self: usize): i32 {
  return clearFields(self, 4);
}

export function traverse4(self: usize, visit: u32, arg: usize): i32 {
  return traverseFields(self, 4, visit, arg);
}

export function clear8(self: usize): i32 {
  return clearFields(self, 8);
}

export function traverse8(self: usize, visit: u32, arg: usize): i32 {
  return traverseFields(self, 8, visit, arg);
}

// UnicodeError: encoding +72, object +80, start +88, end +96, reason +104
export function clearUnicode(self: usize): i32 {
  Py.CLEAR(self + 72);
  Py.CLEAR(self + 80);
  Py.CLEAR(self + 104);
  return BaseException_clear(self);
}

export function traverseUnicode(self: usize, visit: u32, arg: usize): i32 {
  let r = Visit.call(load<u32>(self, 72), visit, arg);
  if (r == 0) r = Visit.call(load<u32>(self, 80), visit, arg);
  if (r == 0) r = Visit.call(load<u32>(self, 104), visit, arg);
  return r ? r : BaseException_traverse(self, visit, arg);
}

export function KeyError_str(self: usize): usize {
  const args = PyBaseExceptionObject.at(self).args;
  if (Py.SIZE(args) == 1) return PyObject_Repr(Py.item(args + 24, 0));
  return BaseException_str(self);
}

// Exceptions with keyword arguments: ImportError, NameError, AttributeError

/** Keywords, `names` with spaces between, into as many fields from `offset` on; false with TypeError. */
function takeKeywords(self: usize, fname: string, names: string, kwargs: usize, offset: usize, n: i32): bool {
  const argv = Scratch.take(3);
  const ok = parseTupleAndKeywords(fname, names, empty_tuple, kwargs, argv, 0, 0);
  for (let i: usize = 0; i < <usize>n && ok; i++) {
    Py.SETREF(self + offset + (i << 3), Py.XNewRef(load<u32>(argv + (i << 3))));
  }
  Scratch.give(argv);
  return ok;
}

export function ImportError_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, 0) < 0) return -1;
  if (!takeKeywords(self, "ImportError", "name path name_from", kwargs, 80, 3)) return -1;
  if (Py.SIZE(args) == 1) Py.SETREF(self + 72, Py.NewRef(Py.item(args + 24, 0)));
  return 0;
}

export function ImportError_str(self: usize): usize {
  const msg = PyImportErrorObject.at(self).msg;
  if (msg != 0 && Py.TYPE(msg) == S.PyUnicode_Type) return Py.NewRef(msg);
  return BaseException_str(self);
}

export function NameError_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, 0) < 0) return -1;
  return takeKeywords(self, "NameError", "name", kwargs, 72, 1) ? 0 : -1;
}

export function AttributeError_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, 0) < 0) return -1;
  return takeKeywords(self, "AttributeError", "obj name", kwargs, 72, 2) ? 0 : -1;
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
