// The exception hierarchy (CPython 3.13's Objects/exceptions.c). Exception groups are in exception_group.ts.
//
// MemoryError keeps a few instances ready, so that it can be raised when there is no memory for it.

import { Scratch } from "./state";
import { parseTupleAndKeywords } from "./args";
import {
  PyAttributeErrorObject,
  PyBaseExceptionObject,
  PyImportErrorObject,
  PyNameErrorObject,
  PyOSErrorObject,
  PySyntaxErrorObject,
  PyTypeObject,
  PyUnicodeErrorObject,
} from "../generated/layouts";
import { objectsRoots } from "../generated/runtime";
import * as S from "../generated/statics";
import {
  _Py_NoneStruct,
  empty_tuple,
  FIRST_EXCEPTION,
  ID,
  PyExc_AttributeError,
  PyExc_BaseException,
  PyExc_ImportError,
  PyExc_KeyError,
  PyExc_MemoryError,
  PyExc_NameError,
  PyExc_OSError,
  PyExc_StopIteration,
  PyExc_SyntaxError,
  PyExc_SystemExit,
  PyExc_TypeError,
  PyExc_UnicodeDecodeError,
  PyExc_UnicodeEncodeError,
  PyExc_UnicodeTranslateError,
  PyTraceBack_Type,
  STATIC_TYPE_COUNT,
} from "../generated/statics";
import { PyNumber_AsSsize_t } from "./abstract/number";
import { PyObject_Repr, PyObject_SetAttr, PyObject_Str } from "./abstract/object";
import { PySequence_Tuple } from "./abstract/sequence";
import { PyObject_GenericGetAttr, PyObject_GenericGetDict, PyObject_GenericSetAttr } from "./attributes";
import { _Py_T_OBJECT, addGetSet, addMember, addMethod, METH_NOARGS, METH_O, Py_T_BOOL, Py_T_PYSSIZET } from "./define";
import { PyDict_KeyAt, PyDict_Next, PyDict_Size, PyDict_ValueAt } from "./dict/dict";
import { errnoClass } from "./errno";
import {
  _PyType_Name,
  PyErr_Clear,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "./errors";
import { initExceptionGroupTypes } from "./exception_group";
import { AttributeError_getstate, AttributeError_reduce, ImportError_reduce, OSError_reduce } from "./exceptionreduce";
import { PyLong_AsLongLong, PyLong_FromSsize_t } from "./int/int";
import { PyList_Append, PyList_New } from "./list";
import {
  _PyObject_GC_TRACK,
  _PyObject_GC_UNTRACK,
  _PyObject_Init,
  Py,
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
  PyObject_GC_Del,
  PyObject_GC_UnTrack,
  PyType_GenericAlloc,
  Visit,
} from "./object";
import { traceReference } from "./tracing";
import { PyTuple_GetSlice, PyTuple_New, PyTuple_Pack2 } from "./tuple";
import { PyType_IsSubtype } from "./type/lookup";
import { PyUnicode_FromFormat, PyUnicode_FromLiteral } from "./unicode/create";

// BaseException

export function BaseException_new(type: usize, args: usize, _kwargs: usize): usize {
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) return 0;
  const e = PyBaseExceptionObject.at(self);
  e.args = args != 0 ? Py.NewRef(args) : empty_tuple;
  return self;
}

/** No keyword arguments, except for the classes that take them. */
function noKeywords(self: usize, kwargs: usize): bool {
  if (kwargs == 0 || PyDict_Size(kwargs) == 0) return true;
  PyErr_Format(PyExc_TypeError, "%s() takes no keyword arguments", _PyType_Name(Py.TYPE(self)));
  return false;
}

export function BaseException_init(self: usize, args: usize, kwargs: usize): i32 {
  if (!noKeywords(self, kwargs)) return -1;
  Py.SETREF(self + 24, Py.NewRef(args));
  return 0;
}

export function BaseException_clear(self: usize): i32 {
  Py.CLEAR(self + 16);
  Py.CLEAR(self + 24);
  Py.CLEAR(self + 32);
  Py.CLEAR(self + 40);
  Py.CLEAR(self + 56);
  Py.CLEAR(self + 48);
  return 0;
}

export function BaseException_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  // Subclasses' own references lie between the common part and the end of their structure.
  const clear = PyTypeObject.at(exceptionStructType(Py.TYPE(self))).tp_clear;
  call_indirect<i32>(clear, self);
  if (Py.TYPE(self) == PyExc_MemoryError && returnMemoryError(self)) return;
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/** The nearest built-in type: whose tp_clear knows all of the structure. */
function exceptionStructType(type: usize): usize {
  while (PyTypeObject.at(type).tp_flags & (1 << 9)) type = PyTypeObject.at(type).tp_base;
  return type;
}

export function BaseException_traverse(self: usize, visit: u32, arg: usize): i32 {
  const e = PyBaseExceptionObject.at(self);
  let r = Visit.call(e.dict, visit, arg);
  if (r == 0) r = Visit.call(e.args, visit, arg);
  if (r == 0) r = Visit.call(e.notes, visit, arg);
  if (r == 0) r = Visit.call(e.traceback, visit, arg);
  if (r == 0) r = Visit.call(e.cause, visit, arg);
  if (r == 0) r = Visit.call(e.context, visit, arg);
  return r;
}

export function BaseException_str(self: usize): usize {
  const args = PyBaseExceptionObject.at(self).args;
  const n = Py.SIZE(args);
  if (n == 0) return PyUnicode_FromLiteral("");
  if (n == 1) return PyObject_Str(Py.item(args + 24, 0));
  return PyObject_Str(args);
}

function BaseException_repr(self: usize): usize {
  const args = PyBaseExceptionObject.at(self).args;
  const name = _PyType_Name(Py.TYPE(self));
  if (Py.SIZE(args) == 1) return PyUnicode_FromFormat("%s(%R)", name, Py.item(args + 24, 0));
  return PyUnicode_FromFormat("%s%R", name, args);
}

function BaseException_reduce(self: usize, _u: usize): usize {
  const e = PyBaseExceptionObject.at(self);
  if (e.dict != 0) {
    const t = PyTuple_New(3);
    if (t == 0) return 0;
    Py.setItem(t + 24, 0, Py.NewRef(Py.TYPE(self)));
    Py.setItem(t + 24, 1, Py.NewRef(e.args));
    Py.setItem(t + 24, 2, Py.NewRef(e.dict));
    return t;
  }
  return PyTuple_Pack2(Py.TYPE(self), e.args);
}

function BaseException_setstate(self: usize, state: usize): usize {
  if (state == _Py_NoneStruct) return _Py_NoneStruct;
  if (!Py.check(state, Py_TPFLAGS_DICT_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "state is not a dictionary");
    return 0;
  }
  for (let pos = PyDict_Next(state, 0); pos > 0; pos = PyDict_Next(state, pos)) {
    if (PyObject_SetAttr(self, PyDict_KeyAt(state, pos), PyDict_ValueAt(state, pos)) < 0) return 0;
  }
  return _Py_NoneStruct;
}

function BaseException_with_traceback(self: usize, tb: usize): usize {
  if (set_traceback(self, tb, 0) < 0) return 0;
  return Py.NewRef(self);
}

function BaseException_add_note(self: usize, note: usize): usize {
  if (!Py.check(note, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "note must be a str, not '%t'", note);
  }
  let notes = PyObject_GetOptionalAttr(self, ID.__notes__);
  if (notes == 0) {
    if (PyErr_Occurred() != 0) return 0;
    notes = PyList_New(0);
    if (notes == 0) return 0;
    if (PyObject_SetAttr(self, ID.__notes__, notes) < 0) {
      Py.DECREF(notes);
      return 0;
    }
  } else if (!Py.check(notes, Py_TPFLAGS_LIST_SUBCLASS)) {
    Py.DECREF(notes);
    PyErr_SetString(PyExc_TypeError, "Cannot add note: __notes__ is not a list");
    return 0;
  }
  const r = PyList_Append(notes, note);
  Py.DECREF(notes);
  return r < 0 ? 0 : _Py_NoneStruct;
}

import { PyObject_GetOptionalAttr } from "./abstract/object";

function get_args(self: usize, _c: usize): usize {
  const a = PyBaseExceptionObject.at(self).args;
  return a == 0 ? _Py_NoneStruct : Py.NewRef(a);
}

function set_args(self: usize, value: usize, _c: usize): i32 {
  if (value == 0) {
    PyErr_SetString(PyExc_TypeError, "args may not be deleted");
    return -1;
  }
  const t = PySequence_Tuple(value);
  if (t == 0) return -1;
  Py.SETREF(self + 24, t);
  return 0;
}

function get_traceback(self: usize, _c: usize): usize {
  const tb = PyBaseExceptionObject.at(self).traceback;
  return tb == 0 ? _Py_NoneStruct : Py.NewRef(tb);
}

function set_traceback(self: usize, value: usize, _c: usize): i32 {
  if (value == 0) {
    PyErr_SetString(PyExc_TypeError, "__traceback__ may not be deleted");
    return -1;
  }
  if (value != _Py_NoneStruct && Py.TYPE(value) != PyTraceBack_Type) {
    PyErr_SetString(PyExc_TypeError, "__traceback__ must be a traceback or None");
    return -1;
  }
  Py.SETREF(self + 40, value == _Py_NoneStruct ? 0 : Py.NewRef(value));
  return 0;
}

function get_linked(self: usize, offset: usize): usize {
  const v = load<u32>(self + offset);
  return v == 0 ? _Py_NoneStruct : Py.NewRef(v);
}

function set_linked(self: usize, value: usize, offset: usize): i32 {
  const name = offset == 48 ? "__context__" : "__cause__";
  if (value == 0) {
    PyErr_Format(PyExc_TypeError, "%L may not be deleted", changetype<usize>(name));
    return -1;
  }
  if (value != _Py_NoneStruct && !Py.check(value, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    PyErr_SetString(
      PyExc_TypeError,
      offset == 48
        ? "exception context must be None or derive from BaseException"
        : "exception cause must be None or derive from BaseException",
    );
    return -1;
  }
  if (offset == 56) PyBaseExceptionObject.at(self).suppress_context = 1;
  Py.SETREF(self + offset, value == _Py_NoneStruct ? 0 : Py.NewRef(value));
  return 0;
}

/** Sets the cause (stolen, may be null), which hides the context. */
export function PyException_SetCause(self: usize, cause: usize): void {
  PyBaseExceptionObject.at(self).suppress_context = 1;
  Py.SETREF(self + 56, cause);
}

function set_dict(self: usize, value: usize, _c: usize): i32 {
  if (value == 0 || !Py.check(value, Py_TPFLAGS_DICT_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "__dict__ must be set to a dictionary");
    return -1;
  }
  Py.SETREF(self + 16, Py.NewRef(value));
  return 0;
}

// MemoryError

const READY_ERRORS: i32 = 16;

/** A new MemoryError: one of those kept, or a fresh one; there is always one, at the worst the immortal last resort. */
export function newMemoryError(): usize {
  const kept = objectsRoots.memerrors_freelist;
  if (kept != 0) {
    objectsRoots.memerrors_freelist = PyBaseExceptionObject.at(kept).dict;
    objectsRoots.memerrors_count = objectsRoots.memerrors_count - 1;
    const e = PyBaseExceptionObject.at(kept);
    e.dict = 0;
    e.args = empty_tuple;
    _PyObject_Init(kept, PyExc_MemoryError);
    traceReference(kept);
    _PyObject_GC_TRACK(kept);
    return kept;
  }
  return objectsRoots.last_resort_memory_error;
}

/** Keeps a dead MemoryError; false where enough are kept. Its references are cleared already, it is untracked. */
function returnMemoryError(self: usize): bool {
  if (objectsRoots.memerrors_count >= READY_ERRORS || objectsRoots.memerrors_closed) return false;
  const e = PyBaseExceptionObject.at(self);
  e.dict = objectsRoots.memerrors_freelist;
  objectsRoots.memerrors_freelist = self;
  objectsRoots.memerrors_count = objectsRoots.memerrors_count + 1;
  return true;
}

/** Makes the instances that are kept ready: 0, or -1 where memory is too small even for them. */
export function prepareMemoryErrors(): i32 {
  const last = staticAlloc(16 + 72) + 16;
  initImmortal(last, PyExc_MemoryError);
  PyBaseExceptionObject.at(last).args = empty_tuple;
  objectsRoots.last_resort_memory_error = last;
  objectsRoots.memerrors_closed = 0;
  for (let i = 0; i < READY_ERRORS; i++) {
    const e = PyType_GenericAlloc(PyExc_MemoryError, 0);
    if (e == 0) return -1;
    PyBaseExceptionObject.at(e).args = empty_tuple;
    // Chained by hand: all are alive until all are made.
    _PyObject_GC_UNTRACK(e);
    returnMemoryError(e);
  }
  return 0;
}

/** Takes from the immortal last resort where it was raised last: that keeps frames alive. For finalisation. */
export function emptyLastResort(): void {
  BaseException_clear(objectsRoots.last_resort_memory_error);
  PyBaseExceptionObject.at(objectsRoots.last_resort_memory_error).args = empty_tuple;
}

/** Frees the instances that were kept. For finalisation. */
export function freeMemoryErrors(): void {
  objectsRoots.memerrors_closed = 1;
  while (objectsRoots.memerrors_freelist != 0) {
    const e = objectsRoots.memerrors_freelist;
    objectsRoots.memerrors_freelist = PyBaseExceptionObject.at(e).dict;
    PyObject_GC_Del(e);
  }
  objectsRoots.memerrors_count = 0;
}

import { staticAlloc } from "./define";
import { initImmortal } from "./object";

function MemoryError_new(type: usize, args: usize, kwargs: usize): usize {
  if (type == PyExc_MemoryError) {
    const kept = objectsRoots.memerrors_freelist;
    if (kept != 0) {
      const self = newMemoryError();
      PyBaseExceptionObject.at(self).args = args != 0 ? Py.NewRef(args) : empty_tuple;
      return self;
    }
  }
  return BaseException_new(type, args, kwargs);
}

// StopIteration and SystemExit: their first argument is an attribute.

function StopIteration_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, kwargs) < 0) return -1;
  Py.SETREF(self + 72, Py.NewRef(Py.SIZE(args) > 0 ? Py.item(args + 24, 0) : _Py_NoneStruct));
  return 0;
}

function SystemExit_init(self: usize, args: usize, kwargs: usize): i32 {
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

function clear1(self: usize): i32 {
  return clearFields(self, 1);
}
function traverse1(self: usize, visit: u32, arg: usize): i32 {
  return traverseFields(self, 1, visit, arg);
}
function clear2(self: usize): i32 {
  return clearFields(self, 2);
}
function traverse2(self: usize, visit: u32, arg: usize): i32 {
  return traverseFields(self, 2, visit, arg);
}
function clear4(self: usize): i32 {
  return clearFields(self, 4);
}
function traverse4(self: usize, visit: u32, arg: usize): i32 {
  return traverseFields(self, 4, visit, arg);
}
function clear8(self: usize): i32 {
  return clearFields(self, 8);
}
function traverse8(self: usize, visit: u32, arg: usize): i32 {
  return traverseFields(self, 8, visit, arg);
}

// UnicodeError: encoding +72, object +80, start +88, end +96, reason +104
function clearUnicode(self: usize): i32 {
  Py.CLEAR(self + 72);
  Py.CLEAR(self + 80);
  Py.CLEAR(self + 104);
  return BaseException_clear(self);
}
function traverseUnicode(self: usize, visit: u32, arg: usize): i32 {
  let r = Visit.call(load<u32>(self, 72), visit, arg);
  if (r == 0) r = Visit.call(load<u32>(self, 80), visit, arg);
  if (r == 0) r = Visit.call(load<u32>(self, 104), visit, arg);
  return r ? r : BaseException_traverse(self, visit, arg);
}

function KeyError_str(self: usize): usize {
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

function ImportError_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, 0) < 0) return -1;
  if (!takeKeywords(self, "ImportError", "name path name_from", kwargs, 80, 3)) return -1;
  if (Py.SIZE(args) == 1) Py.SETREF(self + 72, Py.NewRef(Py.item(args + 24, 0)));
  return 0;
}

function ImportError_str(self: usize): usize {
  const msg = PyImportErrorObject.at(self).msg;
  if (msg != 0 && Py.TYPE(msg) == S.PyUnicode_Type) return Py.NewRef(msg);
  return BaseException_str(self);
}

function NameError_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, 0) < 0) return -1;
  return takeKeywords(self, "NameError", "name", kwargs, 72, 1) ? 0 : -1;
}

function AttributeError_init(self: usize, args: usize, kwargs: usize): i32 {
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

// OSError: the class follows errno.

function OSError_new(type: usize, args: usize, kwargs: usize): usize {
  let actual = type;
  const n = Py.SIZE(args);
  if (type == PyExc_OSError && n >= 2 && n <= 5 && Py.check(Py.item(args + 24, 0), Py_TPFLAGS_LONG_SUBCLASS)) {
    const code = PyLong_AsLongLong(Py.item(args + 24, 0));
    if (code == -1 && PyErr_Occurred() != 0) PyErr_Clear();
    const special = errnoClass(<i32>code);
    if (special != 0) actual = special;
  }
  const self = BaseException_new(actual, args, 0);
  if (self == 0) return 0;
  PyOSErrorObject.at(self).written = -1;
  if (PyTypeObject.at(actual).tp_init == OSError_init.index || actual != type) {
    if (oserrorFill(self, args, kwargs) < 0) {
      Py.DECREF(self);
      return 0;
    }
  }
  return self;
}

function oserrorFill(self: usize, args: usize, kwargs: usize): i32 {
  if (!noKeywords(self, kwargs)) return -1;
  const n = Py.SIZE(args);
  if (n >= 2 && n <= 5) {
    Py.SETREF(self + 72, Py.NewRef(Py.item(args + 24, 0)));
    Py.SETREF(self + 80, Py.NewRef(Py.item(args + 24, 1)));
    if (n > 2 && Py.item(args + 24, 2) != _Py_NoneStruct) {
      const filename = Py.item(args + 24, 2);
      if (PyType_IsSubtype(Py.TYPE(self), S.PyExc_BlockingIOError) && Py.check(filename, Py_TPFLAGS_LONG_SUBCLASS)) {
        PyOSErrorObject.at(self).written = PyNumber_AsSsize_t(filename, S.PyExc_ValueError);
        if (PyErr_Occurred() != 0) return -1;
      } else {
        Py.SETREF(self + 88, Py.NewRef(filename));
        if (n > 4 && Py.item(args + 24, 4) != _Py_NoneStruct) Py.SETREF(self + 96, Py.NewRef(Py.item(args + 24, 4)));
        // The arguments keep only what a caller without a file name would have passed.
        const two = PyTuple_GetSlice(args, 0, 2);
        if (two == 0) return -1;
        Py.SETREF(self + 24, two);
        return 0;
      }
    }
  }
  Py.SETREF(self + 24, Py.NewRef(args));
  return 0;
}

function OSError_init(self: usize, args: usize, kwargs: usize): i32 {
  // Done by OSError_new, unless a subclass has its own __new__.
  if (PyOSErrorObject.at(self).myerrno != 0 || PyTypeObject.at(Py.TYPE(self)).tp_new == OSError_new.index) {
    if (PyTypeObject.at(Py.TYPE(self)).tp_init == OSError_init.index) return 0;
  }
  return oserrorFill(self, args, kwargs);
}

function get_written(self: usize, _c: usize): usize {
  const n = PyOSErrorObject.at(self).written;
  if (n != -1) return PyLong_FromSsize_t(n);
  PyErr_SetString(PyExc_AttributeError, "characters_written");
  return 0;
}

function set_written(self: usize, value: usize, _c: usize): i32 {
  const e = PyOSErrorObject.at(self);
  if (value == 0) {
    if (e.written == -1) {
      PyErr_SetString(PyExc_AttributeError, "characters_written");
      return -1;
    }
    e.written = -1;
    return 0;
  }
  const n = PyNumber_AsSsize_t(value, S.PyExc_ValueError);
  if (n == -1 && PyErr_Occurred() != 0) return -1;
  e.written = n;
  return 0;
}

function orNone(v: usize): usize {
  return v == 0 ? _Py_NoneStruct : v;
}

function OSError_str(self: usize): usize {
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

// SyntaxError: msg +72, filename, lineno, offset, end_lineno, end_offset, text, print_file_and_line

function SyntaxError_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, kwargs) < 0) return -1;
  const n = Py.SIZE(args);
  if (n >= 1) Py.SETREF(self + 72, Py.NewRef(Py.item(args + 24, 0)));
  if (n == 2) {
    const info = PySequence_Tuple(Py.item(args + 24, 1));
    if (info == 0) return -1;
    const k = Py.SIZE(info);
    if (k != 4 && k != 6) {
      if (k == 5) PyErr_SetString(PyExc_TypeError, "end_offset must be provided when end_lineno is provided");
      else {
        const message =
          k < 4 ? "function takes at least 4 arguments (%d given)" : "function takes at most 6 arguments (%d given)";
        PyErr_Format(PyExc_TypeError, message, k);
      }
      Py.DECREF(info);
      return -1;
    }
    // In the tuple: filename, lineno, offset, text, end_lineno, end_offset.
    Py.SETREF(self + 80, Py.NewRef(Py.item(info + 24, 0)));
    Py.SETREF(self + 88, Py.NewRef(Py.item(info + 24, 1)));
    Py.SETREF(self + 96, Py.NewRef(Py.item(info + 24, 2)));
    Py.SETREF(self + 120, Py.NewRef(Py.item(info + 24, 3)));
    if (k >= 6) {
      Py.SETREF(self + 104, Py.NewRef(Py.item(info + 24, 4)));
      Py.SETREF(self + 112, Py.NewRef(Py.item(info + 24, 5)));
    }
    Py.DECREF(info);
  }
  return 0;
}

function SyntaxError_str(self: usize): usize {
  const e = PySyntaxErrorObject.at(self);
  const haveFile = e.filename != 0 && Py.check(e.filename, Py_TPFLAGS_UNICODE_SUBCLASS);
  const haveLine = e.lineno != 0 && Py.TYPE(e.lineno) == S.PyLong_Type;
  const msg = orNone(e.msg);
  if (!haveFile && !haveLine) return PyObject_Str(msg);
  if (haveFile) {
    const base = basename(e.filename);
    if (base == 0) return 0;
    const r = haveLine
      ? PyUnicode_FromFormat("%S (%U, line %S)", msg, base, e.lineno)
      : PyUnicode_FromFormat("%S (%U)", msg, base);
    Py.DECREF(base);
    return r;
  }
  return PyUnicode_FromFormat("%S (line %S)", msg, e.lineno);
}

/** The part of the path after its last slash: a new str. */
function basename(path: usize): usize {
  const kind = U.kind(path);
  const data = U.data(path);
  const n = U.length(path);
  let start: isize = 0;
  for (let i: isize = 0; i < n; i++) if (U.read(kind, data, i) == 0x2f) start = i + 1;
  return start == 0 ? Py.NewRef(path) : PyUnicode_Substring(path, start, n);
}

import { U } from "./unicode/access";
import { PyUnicode_Substring } from "./unicode/concat";

// UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError

function unicodeInit(self: usize, args: usize, kwargs: usize, kind: i32): i32 {
  if (BaseException_init(self, args, kwargs) < 0) return -1;
  const want: isize = kind == 2 ? 4 : 5;
  if (Py.SIZE(args) != want) {
    PyErr_Format(PyExc_TypeError, "function takes exactly %d arguments (%d given)", want, Py.SIZE(args));
    return -1;
  }
  let i: isize = 0;
  if (kind != 2) {
    const enc = Py.item(args + 24, i++);
    if (!Py.check(enc, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "argument 1 must be str, not %t", enc);
      return -1;
    }
    Py.SETREF(self + 72, Py.NewRef(enc));
  }
  const object = Py.item(args + 24, i++);
  if (kind == 1) {
    if (!Py.check(object, 1 << 27) && !PyType_IsSubtype(Py.TYPE(object), S.PyByteArray_Type)) {
      PyErr_Format(PyExc_TypeError, "a bytes-like object is required, not '%t'", object);
      return -1;
    }
  } else if (!Py.check(object, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "argument %d must be str, not %t", i, object);
    return -1;
  }
  Py.SETREF(self + 80, Py.NewRef(object));
  const e = PyUnicodeErrorObject.at(self);
  e.start = PyNumber_AsSsize_t(Py.item(args + 24, i++), S.PyExc_OverflowError);
  if (e.start == -1 && PyErr_Occurred() != 0) return -1;
  e.end = PyNumber_AsSsize_t(Py.item(args + 24, i++), S.PyExc_OverflowError);
  if (e.end == -1 && PyErr_Occurred() != 0) return -1;
  const reason = Py.item(args + 24, i);
  if (!Py.check(reason, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "argument %d must be str, not %t", i + 1, reason);
    return -1;
  }
  Py.SETREF(self + 104, Py.NewRef(reason));
  return 0;
}

function UnicodeEncodeError_init(self: usize, args: usize, kwargs: usize): i32 {
  return unicodeInit(self, args, kwargs, 0);
}
function UnicodeDecodeError_init(self: usize, args: usize, kwargs: usize): i32 {
  return unicodeInit(self, args, kwargs, 1);
}
function UnicodeTranslateError_init(self: usize, args: usize, kwargs: usize): i32 {
  return unicodeInit(self, args, kwargs, 2);
}

function badCharacter(o: usize, at: isize): u32 {
  return U.read(U.kind(o), U.data(o), at);
}

/** \xe9, \u20ac or \U0001f600 as the messages show a character. */
function escaped(c: u32): usize {
  if (c <= 0xff) return PyUnicode_FromFormat("\\x%02x", c);
  if (c <= 0xffff) return PyUnicode_FromFormat("\\u%04x", c);
  return PyUnicode_FromFormat("\\U%08x", c);
}

function UnicodeEncodeError_str(self: usize): usize {
  const e = PyUnicodeErrorObject.at(self);
  if (e.object == 0) return PyUnicode_FromLiteral("");
  if (e.start < U.length(e.object) && e.end == e.start + 1) {
    const c = escaped(badCharacter(e.object, e.start));
    if (c == 0) return 0;
    const r = PyUnicode_FromFormat(
      "'%U' codec can't encode character '%U' in position %d: %U",
      e.encoding,
      c,
      e.start,
      e.reason,
    );
    Py.DECREF(c);
    return r;
  }
  const range = PyUnicode_FromFormat("%d-%d", e.start, e.end - 1);
  if (range == 0) return 0;
  const r = PyUnicode_FromFormat("'%U' codec can't encode characters in position %U: %U", e.encoding, range, e.reason);
  Py.DECREF(range);
  return r;
}

function UnicodeDecodeError_str(self: usize): usize {
  const e = PyUnicodeErrorObject.at(self);
  if (e.object == 0) return PyUnicode_FromLiteral("");
  if (Py.check(e.object, 1 << 27) && e.start < Py.SIZE(e.object) && e.end == e.start + 1) {
    const byte = load<u8>(e.object + 32 + <usize>e.start);
    return PyUnicode_FromFormat(
      "'%U' codec can't decode byte 0x%02x in position %d: %U",
      e.encoding,
      byte,
      e.start,
      e.reason,
    );
  }
  const range = PyUnicode_FromFormat("%d-%d", e.start, e.end - 1);
  if (range == 0) return 0;
  const r = PyUnicode_FromFormat("'%U' codec can't decode bytes in position %U: %U", e.encoding, range, e.reason);
  Py.DECREF(range);
  return r;
}

function UnicodeTranslateError_str(self: usize): usize {
  const e = PyUnicodeErrorObject.at(self);
  if (e.object == 0) return PyUnicode_FromLiteral("");
  if (e.start < U.length(e.object) && e.end == e.start + 1) {
    const c = escaped(badCharacter(e.object, e.start));
    if (c == 0) return 0;
    const r = PyUnicode_FromFormat("can't translate character '%U' in position %d: %U", c, e.start, e.reason);
    Py.DECREF(c);
    return r;
  }
  return PyUnicode_FromFormat("can't translate characters in position %d-%d: %U", e.start, e.end - 1, e.reason);
}

// The types

/** What every exception class has of its own; the rest is inherited. */
function plain(type: usize): void {
  const t = PyTypeObject.at(type);
  t.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASE_EXC_SUBCLASS;
  t.tp_dealloc = BaseException_dealloc.index;
  t.tp_traverse = BaseException_traverse.index;
  t.tp_clear = BaseException_clear.index;
  t.tp_dictoffset = 16;
  t.tp_new = BaseException_new.index;
  t.tp_init = BaseException_init.index;
  t.tp_basicsize = 72;
  t.tp_free = PyObject_GC_Del.index;
}

/** A class with a structure, constructor or text of its own; its descendants start from a copy. */
function special(type: usize, size: isize, init: u32, str: u32, clear: u32, traverse: u32, new_: u32): void {
  for (let i = FIRST_EXCEPTION; i < STATIC_TYPE_COUNT; i++) {
    const d = S.PyBaseObject_Type + <usize>i * 416;
    if (!isExceptionType(d) || !derives(d, type)) continue;
    const t = PyTypeObject.at(d);
    if (size != 0) t.tp_basicsize = size;
    if (init != 0) t.tp_init = init;
    if (clear != 0) t.tp_clear = clear;
    if (traverse != 0) t.tp_traverse = traverse;
    if (new_ != 0) t.tp_new = new_;
  }
  if (str != 0) PyTypeObject.at(type).tp_str = str;
}

function isExceptionType(type: usize): bool {
  return (PyTypeObject.at(type).tp_flags & Py_TPFLAGS_BASE_EXC_SUBCLASS) != 0;
}

function derives(type: usize, base: usize): bool {
  while (type != 0) {
    if (type == base) return true;
    type = PyTypeObject.at(type).tp_base;
  }
  return false;
}

function members(type: usize, names: string, from: usize): void {
  // A space-separated list of object fields that lie in a row.
  let start = 0;
  let offset = from;
  for (let i = 0; i <= names.length; i++) {
    if (i < names.length && load<u16>(changetype<usize>(names) + ((<usize>i) << 1)) != 0x20) continue;
    addMemberNamed(type, changetype<usize>(names) + ((<usize>start) << 1), i - start, _Py_T_OBJECT, offset);
    offset += 8;
    start = i + 1;
  }
}

function addMemberNamed(type: usize, utf16: usize, n: i32, memberType: i32, offset: usize): void {
  addMember(type, "", memberType, offset, 0);
  // The entry just added is the last of the type's table: give it its name.
  let m = PyTypeObject.at(type).tp_members;
  while (load<u32>(m + 40) != 0) m += 40;
  const name = staticAllocString(n);
  for (let i = 0; i < n; i++) store<u8>(name + <usize>i, load<u8>(utf16 + ((<usize>i) << 1)));
  store<u8>(name + <usize>n, 0);
  store<u64>(m, name);
}

function staticAllocString(n: i32): usize {
  objectsRoots.strings_next = objectsRoots.strings_next - <usize>(n + 1);
  return objectsRoots.strings_next;
}

export function initExceptionTypes(): void {
  for (let i = FIRST_EXCEPTION; i < STATIC_TYPE_COUNT; i++) {
    const type = S.PyBaseObject_Type + <usize>i * 416;
    const base = load<u8>(S.staticTypeBases + <usize>i);
    if (base == 0 && type != PyExc_BaseException) continue;
    plain(type);
    PyTypeObject.at(type).tp_base = S.PyBaseObject_Type + <usize>base * 416;
  }
  const b = PyTypeObject.at(PyExc_BaseException);
  b.tp_repr = BaseException_repr.index;
  b.tp_str = BaseException_str.index;
  b.tp_getattro = PyObject_GenericGetAttr.index;
  b.tp_setattro = PyObject_GenericSetAttr.index;
  b.tp_alloc = PyType_GenericAlloc.index;
  const o = PyExc_BaseException;
  addMethod(o, "__reduce__", BaseException_reduce.index, METH_NOARGS);
  addMethod(o, "__setstate__", BaseException_setstate.index, METH_O);
  addMethod(o, "with_traceback", BaseException_with_traceback.index, METH_O);
  addMethod(o, "add_note", BaseException_add_note.index, METH_O);
  addMember(o, "__suppress_context__", Py_T_BOOL, 64, 0);
  addGetSet(o, "__dict__", PyObject_GenericGetDict.index, set_dict.index);
  addGetSet(o, "args", get_args.index, set_args.index);
  addGetSet(o, "__traceback__", get_traceback.index, set_traceback.index);
  addGetSet(o, "__context__", get_linked.index, set_linked.index, 48);
  addGetSet(o, "__cause__", get_linked.index, set_linked.index, 56);

  special(PyExc_StopIteration, 80, StopIteration_init.index, 0, clear1.index, traverse1.index, 0);
  members(PyExc_StopIteration, "value", 72);
  special(PyExc_SystemExit, 80, SystemExit_init.index, 0, clear1.index, traverse1.index, 0);
  members(PyExc_SystemExit, "code", 72);
  special(PyExc_MemoryError, 0, 0, 0, 0, 0, MemoryError_new.index);
  special(PyExc_KeyError, 0, 0, KeyError_str.index, 0, 0, 0);
  special(PyExc_ImportError, 104, ImportError_init.index, ImportError_str.index, clear4.index, traverse4.index, 0);
  addMethod(PyExc_ImportError, "__reduce__", ImportError_reduce.index, METH_NOARGS);
  members(PyExc_ImportError, "msg name path name_from", 72);
  special(PyExc_NameError, 80, NameError_init.index, BaseException_str.index, clear1.index, traverse1.index, 0);
  members(PyExc_NameError, "name", 72);
  special(
    PyExc_AttributeError,
    88,
    AttributeError_init.index,
    BaseException_str.index,
    clear2.index,
    traverse2.index,
    0,
  );
  addMethod(PyExc_AttributeError, "__getstate__", AttributeError_getstate.index, METH_NOARGS);
  addMethod(PyExc_AttributeError, "__reduce__", AttributeError_reduce.index, METH_NOARGS);
  members(PyExc_AttributeError, "obj name", 72);
  special(PyExc_OSError, 112, OSError_init.index, OSError_str.index, clear4.index, traverse4.index, OSError_new.index);
  members(PyExc_OSError, "errno strerror filename filename2", 72);
  addMethod(PyExc_OSError, "__reduce__", OSError_reduce.index, METH_NOARGS);
  addGetSet(PyExc_OSError, "characters_written", get_written.index, set_written.index);
  special(PyExc_SyntaxError, 136, SyntaxError_init.index, SyntaxError_str.index, clear8.index, traverse8.index, 0);
  members(PyExc_SyntaxError, "msg filename lineno offset end_lineno end_offset text print_file_and_line", 72);
  unicodeType(PyExc_UnicodeEncodeError, UnicodeEncodeError_init.index, UnicodeEncodeError_str.index);
  unicodeType(PyExc_UnicodeDecodeError, UnicodeDecodeError_init.index, UnicodeDecodeError_str.index);
  unicodeType(PyExc_UnicodeTranslateError, UnicodeTranslateError_init.index, UnicodeTranslateError_str.index);
  initExceptionGroupTypes();
  inheritNew();
}

/** Classes that CPython defines without a constructor inherit it: they have no __new__ of their own. */
function inheritNew(): void {
  for (let i = FIRST_EXCEPTION; i < STATIC_TYPE_COUNT; i++) {
    const type = S.PyBaseObject_Type + <usize>i * 416;
    if (!isExceptionType(type)) continue;
    if (
      type == PyExc_StopIteration ||
      type == PyExc_SystemExit ||
      type == PyExc_KeyError ||
      type == PyExc_AttributeError ||
      type == S.PyExc_ExceptionGroup ||
      derives(type, PyExc_ImportError) ||
      derives(type, PyExc_NameError) ||
      derives(type, PyExc_SyntaxError) ||
      (derives(type, PyExc_OSError) && type != PyExc_OSError)
    ) {
      PyTypeObject.at(type).tp_new = 0;
    }
  }
}

function unicodeType(type: usize, init: u32, str: u32): void {
  special(type, 112, init, str, clearUnicode.index, traverseUnicode.index, 0);
  members(type, "encoding object", 72);
  addMember(type, "start", Py_T_PYSSIZET, 88, 0);
  addMember(type, "end", Py_T_PYSSIZET, 96, 0);
  addMember(type, "reason", _Py_T_OBJECT, 104, 0);
}

/** Sets a formatted exception whose cause and context are the one that was set; returns null. */
export function PyErr_FormatFromCause(type: usize, format: string, a: i64 = 0, b: i64 = 0): usize {
  const cause = PyErr_GetRaisedException();
  PyErr_Format(type, format, a, b);
  const exc = PyErr_GetRaisedException();
  PyException_SetCause(exc, Py.NewRef(cause));
  Py.SETREF(exc + 48, cause);
  PyErr_SetRaisedException(exc);
  return 0;
}
