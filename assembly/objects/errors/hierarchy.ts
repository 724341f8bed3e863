// The hierarchy of the built-in exceptions: which type derives from which, and what each adds (CPython 3.13's
// Objects/exceptions.c).

import { Py_TPFLAGS_BASE_EXC_SUBCLASS, Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  PyAttributeErrorObject_obj,
  PyBaseExceptionObject_dict,
  PyBaseExceptionObject_suppress_context,
  PyImportErrorObject_msg,
  PyMemberDef,
  PyNameErrorObject_name,
  PyOSErrorObject_myerrno,
  PyStopIterationObject_value,
  PySyntaxErrorObject_msg,
  PySystemExitObject_code,
  PyTypeObject,
  PyUnicodeErrorObject_encoding,
  PyUnicodeErrorObject_end,
  PyUnicodeErrorObject_reason,
  PyUnicodeErrorObject_start,
  SIZEOF_PyAttributeErrorObject,
  SIZEOF_PyBaseExceptionObject,
  SIZEOF_PyImportErrorObject,
  SIZEOF_PyMemberDef,
  SIZEOF_PyNameErrorObject,
  SIZEOF_PyOSErrorObject,
  SIZEOF_PyStopIterationObject,
  SIZEOF_PySyntaxErrorObject,
  SIZEOF_PySystemExitObject,
  SIZEOF_PyTypeObject,
  SIZEOF_PyUnicodeErrorObject,
} from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import * as S from "../../generated/statics";
import {
  FIRST_EXCEPTION,
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
  PyExc_UnicodeDecodeError,
  PyExc_UnicodeEncodeError,
  PyExc_UnicodeTranslateError,
  STATIC_TYPE_COUNT,
} from "../../generated/statics";
import {
  _Py_T_OBJECT,
  addGetSet,
  addMember,
  addMethod,
  METH_NOARGS,
  METH_O,
  Py_T_BOOL,
  Py_T_PYSSIZET,
} from "../define/tables";
import {
  PyAttributeErrorObject_clear,
  PyAttributeErrorObject_traverse,
  PyBaseExceptionObject_clear,
  PyBaseExceptionObject_traverse,
  PyImportErrorObject_clear,
  PyImportErrorObject_traverse,
  PyNameErrorObject_clear,
  PyNameErrorObject_traverse,
  PyOSErrorObject_clear,
  PyOSErrorObject_traverse,
  PyStopIterationObject_clear,
  PyStopIterationObject_traverse,
  PySyntaxErrorObject_clear,
  PySyntaxErrorObject_traverse,
  PySystemExitObject_clear,
  PySystemExitObject_traverse,
  PyUnicodeErrorObject_clear,
  PyUnicodeErrorObject_traverse,
} from "../generated/references";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr, PyObject_GenericGetDict, PyObject_GenericSetAttr } from "../object/attributes";
import {
  BaseException_add_note,
  BaseException_dealloc,
  BaseException_init,
  BaseException_new,
  BaseException_reduce,
  BaseException_repr,
  BaseException_setstate,
  BaseException_str,
  BaseException_with_traceback,
  get_args,
  get_linked,
  get_traceback,
  set_args,
  set_dict,
  set_linked,
  set_traceback,
} from "./base";
import {
  AttributeError_init,
  ImportError_init,
  ImportError_str,
  KeyError_str,
  NameError_init,
  StopIteration_init,
  SystemExit_init,
} from "./fields";
import { initExceptionGroupTypes } from "./group";
import { MemoryError_new } from "./memoryerror";
import { get_written, OSError_init, OSError_new, OSError_str, set_written } from "./oserror";
import { AttributeError_getstate, AttributeError_reduce, ImportError_reduce, OSError_reduce } from "./reduce";
import { SyntaxError_init, SyntaxError_str } from "./syntaxerror";
import {
  UnicodeDecodeError_init,
  UnicodeDecodeError_str,
  UnicodeEncodeError_init,
  UnicodeEncodeError_str,
  UnicodeTranslateError_init,
  UnicodeTranslateError_str,
} from "./unicodeerror";

// The types

/** What every exception class has of its own; the rest is inherited. */
function plain(type: usize): void {
  const t = PyTypeObject.at(type);
  t.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASE_EXC_SUBCLASS;
  t.tp_dealloc = BaseException_dealloc.index;
  t.tp_traverse = PyBaseExceptionObject_traverse.index;
  t.tp_clear = PyBaseExceptionObject_clear.index;
  t.tp_dictoffset = PyBaseExceptionObject_dict;
  t.tp_new = BaseException_new.index;
  t.tp_init = BaseException_init.index;
  t.tp_basicsize = SIZEOF_PyBaseExceptionObject;
  t.tp_free = PyObject_GC_Del.index;
}

/** A class with a structure, constructor or text of its own; its descendants start from a copy. */
function special(type: usize, size: usize, init: u32, str: u32, clear: u32, traverse: u32, new_: u32): void {
  for (let i = FIRST_EXCEPTION; i < STATIC_TYPE_COUNT; i++) {
    const d = S.PyBaseObject_Type + <usize>i * SIZEOF_PyTypeObject;
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
  while (PyMemberDef.at(m + SIZEOF_PyMemberDef).name != 0) m += SIZEOF_PyMemberDef;
  const name = staticAllocString(n);
  for (let i = 0; i < n; i++) store<u8>(name + <usize>i, load<u8>(utf16 + ((<usize>i) << 1)));
  store<u8>(name + <usize>n, 0);
  PyMemberDef.at(m).name = name;
}

function staticAllocString(n: i32): usize {
  objectsRoots.strings_next = objectsRoots.strings_next - <usize>(n + 1);
  return objectsRoots.strings_next;
}

export function initExceptionTypes(): void {
  for (let i = FIRST_EXCEPTION; i < STATIC_TYPE_COUNT; i++) {
    const type = S.PyBaseObject_Type + <usize>i * SIZEOF_PyTypeObject;
    const base = load<u8>(S.staticTypeBases + <usize>i);
    if (base == 0 && type != PyExc_BaseException) continue;
    plain(type);
    PyTypeObject.at(type).tp_base = S.PyBaseObject_Type + <usize>base * SIZEOF_PyTypeObject;
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
  addMember(o, "__suppress_context__", Py_T_BOOL, PyBaseExceptionObject_suppress_context, 0);
  addGetSet(o, "__dict__", PyObject_GenericGetDict.index, set_dict.index);
  addGetSet(o, "args", get_args.index, set_args.index);
  addGetSet(o, "__traceback__", get_traceback.index, set_traceback.index);
  addGetSet(o, "__context__", get_linked.index, set_linked.index, 48);
  addGetSet(o, "__cause__", get_linked.index, set_linked.index, 56);

  special(
    PyExc_StopIteration,
    SIZEOF_PyStopIterationObject,
    StopIteration_init.index,
    0,
    PyStopIterationObject_clear.index,
    PyStopIterationObject_traverse.index,
    0,
  );
  members(PyExc_StopIteration, "value", PyStopIterationObject_value);
  special(
    PyExc_SystemExit,
    SIZEOF_PySystemExitObject,
    SystemExit_init.index,
    0,
    PySystemExitObject_clear.index,
    PySystemExitObject_traverse.index,
    0,
  );
  members(PyExc_SystemExit, "code", PySystemExitObject_code);
  special(PyExc_MemoryError, 0, 0, 0, 0, 0, MemoryError_new.index);
  special(PyExc_KeyError, 0, 0, KeyError_str.index, 0, 0, 0);
  special(
    PyExc_ImportError,
    SIZEOF_PyImportErrorObject,
    ImportError_init.index,
    ImportError_str.index,
    PyImportErrorObject_clear.index,
    PyImportErrorObject_traverse.index,
    0,
  );
  addMethod(PyExc_ImportError, "__reduce__", ImportError_reduce.index, METH_NOARGS);
  members(PyExc_ImportError, "msg name path name_from", PyImportErrorObject_msg);
  special(
    PyExc_NameError,
    SIZEOF_PyNameErrorObject,
    NameError_init.index,
    BaseException_str.index,
    PyNameErrorObject_clear.index,
    PyNameErrorObject_traverse.index,
    0,
  );
  members(PyExc_NameError, "name", PyNameErrorObject_name);
  special(
    PyExc_AttributeError,
    SIZEOF_PyAttributeErrorObject,
    AttributeError_init.index,
    BaseException_str.index,
    PyAttributeErrorObject_clear.index,
    PyAttributeErrorObject_traverse.index,
    0,
  );
  addMethod(PyExc_AttributeError, "__getstate__", AttributeError_getstate.index, METH_NOARGS);
  addMethod(PyExc_AttributeError, "__reduce__", AttributeError_reduce.index, METH_NOARGS);
  members(PyExc_AttributeError, "obj name", PyAttributeErrorObject_obj);
  special(
    PyExc_OSError,
    SIZEOF_PyOSErrorObject,
    OSError_init.index,
    OSError_str.index,
    PyOSErrorObject_clear.index,
    PyOSErrorObject_traverse.index,
    OSError_new.index,
  );
  members(PyExc_OSError, "errno strerror filename filename2", PyOSErrorObject_myerrno);
  addMethod(PyExc_OSError, "__reduce__", OSError_reduce.index, METH_NOARGS);
  addGetSet(PyExc_OSError, "characters_written", get_written.index, set_written.index);
  special(
    PyExc_SyntaxError,
    SIZEOF_PySyntaxErrorObject,
    SyntaxError_init.index,
    SyntaxError_str.index,
    PySyntaxErrorObject_clear.index,
    PySyntaxErrorObject_traverse.index,
    0,
  );
  members(
    PyExc_SyntaxError,
    "msg filename lineno offset end_lineno end_offset text print_file_and_line",
    PySyntaxErrorObject_msg,
  );
  unicodeType(PyExc_UnicodeEncodeError, UnicodeEncodeError_init.index, UnicodeEncodeError_str.index);
  unicodeType(PyExc_UnicodeDecodeError, UnicodeDecodeError_init.index, UnicodeDecodeError_str.index);
  unicodeType(PyExc_UnicodeTranslateError, UnicodeTranslateError_init.index, UnicodeTranslateError_str.index);
  initExceptionGroupTypes();
  inheritNew();
}

/** Classes that CPython defines without a constructor inherit it: they have no __new__ of their own. */
function inheritNew(): void {
  for (let i = FIRST_EXCEPTION; i < STATIC_TYPE_COUNT; i++) {
    const type = S.PyBaseObject_Type + <usize>i * SIZEOF_PyTypeObject;
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
  special(
    type,
    SIZEOF_PyUnicodeErrorObject,
    init,
    str,
    PyUnicodeErrorObject_clear.index,
    PyUnicodeErrorObject_traverse.index,
    0,
  );
  members(type, "encoding object", PyUnicodeErrorObject_encoding);
  addMember(type, "start", Py_T_PYSSIZET, PyUnicodeErrorObject_start, 0);
  addMember(type, "end", Py_T_PYSSIZET, PyUnicodeErrorObject_end, 0);
  addMember(type, "reason", _Py_T_OBJECT, PyUnicodeErrorObject_reason, 0);
}
