// BaseException: what every exception has (CPython 3.13's Objects/exceptions.c).

import {
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyBaseExceptionObject, PyTypeObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_tuple,
  ID,
  PyExc_MemoryError,
  PyExc_TypeError,
  PyTraceBack_Type,
} from "../../generated/statics";
import { PyDict_KeyAt, PyDict_Next, PyDict_Size, PyDict_ValueAt } from "../containers/dict/dict";
import { PyList_Append, PyList_New } from "../containers/list/list";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../containers/tuple";
import { PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyObject_GetOptionalAttr, PyObject_SetAttr } from "../protocol/access";
import { PySequence_Tuple } from "../protocol/sequence";
import { PyObject_Str } from "../protocol/text";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { returnMemoryError } from "./memoryerror";
import {
  _PyType_Name,
  PyErr_Fail,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "./raise";

// BaseException

export function BaseException_new(type: usize, args: usize, _kwargs: usize): usize {
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) return 0;
  const e = PyBaseExceptionObject.at(self);
  e.args = args != 0 ? Py.NewRef(args) : empty_tuple;
  return self;
}

/** No keyword arguments, except for the classes that take them. */
export function noKeywords(self: usize, kwargs: usize): bool {
  if (kwargs == 0 || PyDict_Size(kwargs) == 0) return true;
  PyErr_Format(PyExc_TypeError, "%s() takes no keyword arguments", _PyType_Name(Py.TYPE(self)));
  return false;
}

export function BaseException_init(self: usize, args: usize, kwargs: usize): i32 {
  if (!noKeywords(self, kwargs)) return -1;
  Py.SETREF(PyBaseExceptionObject.at(self).args_slot, Py.NewRef(args));
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

export function BaseException_str(self: usize): usize {
  const args = PyBaseExceptionObject.at(self).args;
  const n = Py.SIZE(args);
  if (n == 0) return PyUnicode_FromLiteral("");
  if (n == 1) return PyObject_Str(Tuple.get(args, 0));
  return PyObject_Str(args);
}

export function BaseException_repr(self: usize): usize {
  const args = PyBaseExceptionObject.at(self).args;
  const name = _PyType_Name(Py.TYPE(self));
  if (Py.SIZE(args) == 1) return PyUnicode_FromFormat("%s(%R)", name, Tuple.get(args, 0));
  return PyUnicode_FromFormat("%s%R", name, args);
}

/**
 * @native BaseException.__reduce__
 */
export function BaseException_reduce(self: usize, _u: usize): usize {
  const e = PyBaseExceptionObject.at(self);
  if (e.dict != 0) {
    const t = PyTuple_New(3);
    if (t == 0) return 0;
    Tuple.set(t, 0, Py.NewRef(Py.TYPE(self)));
    Tuple.set(t, 1, Py.NewRef(e.args));
    Tuple.set(t, 2, Py.NewRef(e.dict));
    return t;
  }
  return PyTuple_Pack2(Py.TYPE(self), e.args);
}

/**
 * @native BaseException.__setstate__
 */
export function BaseException_setstate(self: usize, state: usize): usize {
  if (state == _Py_NoneStruct) return _Py_NoneStruct;
  if (!Py.check(state, Py_TPFLAGS_DICT_SUBCLASS)) return PyErr_SetString(PyExc_TypeError, "state is not a dictionary");
  for (let pos = PyDict_Next(state, 0); pos > 0; pos = PyDict_Next(state, pos)) {
    // The key's __hash__ may empty the dict.
    const key = Py.NewRef(PyDict_KeyAt(state, pos));
    const value = Py.NewRef(PyDict_ValueAt(state, pos));
    const r = PyObject_SetAttr(self, key, value);
    Py.DECREF(key);
    Py.DECREF(value);
    if (r < 0) return 0;
  }
  return _Py_NoneStruct;
}

/**
 * @native BaseException.with_traceback
 *
 * Exception.with_traceback(tb):
 *     make tb the place that it was raised at; returns it.
 */
export function BaseException_with_traceback(self: usize, tb: usize): usize {
  if (set_traceback(self, tb, 0) < 0) return 0;
  return Py.NewRef(self);
}

/**
 * @native BaseException.add_note
 *
 * Exception.add_note(note):
 *     print a line of text below the message
 */
export function BaseException_add_note(self: usize, note: usize): usize {
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
    return PyErr_SetString(PyExc_TypeError, "Cannot add note: __notes__ is not a list");
  }
  const r = PyList_Append(notes, note);
  Py.DECREF(notes);
  return r < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @getter BaseException.args
 */
export function get_args(self: usize, _c: usize): usize {
  const a = PyBaseExceptionObject.at(self).args;
  return a == 0 ? _Py_NoneStruct : Py.NewRef(a);
}

/**
 * @setter BaseException.args
 */
export function set_args(self: usize, value: usize, _c: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "args may not be deleted");
  const t = PySequence_Tuple(value);
  if (t == 0) return -1;
  Py.SETREF(PyBaseExceptionObject.at(self).args_slot, t);
  return 0;
}

/**
 * @getter BaseException.__traceback__
 */
export function get_traceback(self: usize, _c: usize): usize {
  const tb = PyBaseExceptionObject.at(self).traceback;
  return tb == 0 ? _Py_NoneStruct : Py.NewRef(tb);
}

/**
 * @setter BaseException.__traceback__
 */
export function set_traceback(self: usize, value: usize, _c: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "__traceback__ may not be deleted");
  if (value != _Py_NoneStruct && Py.TYPE(value) != PyTraceBack_Type) {
    return PyErr_Fail(PyExc_TypeError, "__traceback__ must be a traceback or None");
  }
  Py.SETREF(PyBaseExceptionObject.at(self).traceback_slot, value == _Py_NoneStruct ? 0 : Py.NewRef(value));
  return 0;
}

/**
 * @getter BaseException.__context__ [PyBaseExceptionObject.context]
 *
 * raised while handling
 *
 * @getter BaseException.__cause__ [PyBaseExceptionObject.cause]
 *
 * raised because of
 */
export function get_linked(self: usize, offset: usize): usize {
  const v = load<u32>(self + offset);
  return v == 0 ? _Py_NoneStruct : Py.NewRef(v);
}

/**
 * @setter BaseException.__context__
 *
 * @setter BaseException.__cause__
 */
export function set_linked(self: usize, value: usize, offset: usize): i32 {
  const name = offset == 48 ? "__context__" : "__cause__";
  if (value == 0) {
    PyErr_Format(PyExc_TypeError, "%L may not be deleted", changetype<usize>(name));
    return -1;
  }
  if (value != _Py_NoneStruct && !Py.check(value, Py_TPFLAGS_BASE_EXC_SUBCLASS)) {
    return PyErr_Fail(
      PyExc_TypeError,
      offset == 48
        ? "exception context must be None or derive from BaseException"
        : "exception cause must be None or derive from BaseException",
    );
  }
  if (offset == 56) PyBaseExceptionObject.at(self).suppress_context = 1;
  Py.SETREF(self + offset, value == _Py_NoneStruct ? 0 : Py.NewRef(value));
  return 0;
}

/** Sets the cause (stolen, may be null), which hides the context. */
export function PyException_SetCause(self: usize, cause: usize): void {
  PyBaseExceptionObject.at(self).suppress_context = 1;
  Py.SETREF(PyBaseExceptionObject.at(self).cause_slot, cause);
}

/**
 * @setter BaseException.__dict__
 */
export function set_dict(self: usize, value: usize, _c: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "cannot delete __dict__");
  if (!Py.check(value, Py_TPFLAGS_DICT_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "__dict__ must be set to a dictionary, not a '%t'", value);
    return -1;
  }
  Py.SETREF(PyBaseExceptionObject.at(self).dict_slot, Py.NewRef(value));
  return 0;
}

/** Sets a formatted exception whose cause and context are the one that was set; returns null. */
export function PyErr_FormatFromCause(type: usize, format: string, a: i64 = 0, b: i64 = 0): usize {
  const cause = PyErr_GetRaisedException();
  PyErr_Format(type, format, a, b);
  const exc = PyErr_GetRaisedException();
  PyException_SetCause(exc, Py.NewRef(cause));
  Py.SETREF(PyBaseExceptionObject.at(exc).context_slot, cause);
  PyErr_SetRaisedException(exc);
  return 0;
}
