// The encoding of the system's names: UTF-8 with surrogateescape, both ways (CPython 3.13's PyUnicode_EncodeFSDefault and
// PyUnicode_DecodeFSDefaultAndSize in Objects/unicodeobject.c), and objects that are names.

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../../generated/constants";
import { PyBytesObject } from "../../../generated/layouts";
import { _Py_NoneStruct, ID, PyExc_TypeError, PyExc_ValueError } from "../../../generated/statics";
import { PyErr_Clear, PyErr_Format, PyErr_SetString } from "../../errors/raise";
import { PyObject_CallNoArgs } from "../../object/call";
import { Py } from "../../object/head";
import { _PyUnicode_FromASCII, cstringLength, PyUnicode_FromLiteral } from "../create";
import { U } from "../access";
import { findCharacter } from "../find";
import { _PyObject_LookupSpecial } from "../../types/lookup";
import { asciiPrefix, PyUnicode_AsUTF8String, PyUnicode_DecodeUTF8 } from "./utf8";

/** A new str: bytes of the system, UTF-8 with surrogateescape. Null with MemoryError. */
export function PyUnicode_DecodeFSDefaultAndSize(p: usize, n: isize): usize {
  if (asciiPrefix(p, n) == n) return _PyUnicode_FromASCII(p, n);
  const errors = PyUnicode_FromLiteral("surrogateescape");
  if (errors == 0) return 0;
  const r = PyUnicode_DecodeUTF8(p, n, errors);
  Py.DECREF(errors);
  return r;
}

/** New bytes: a str in UTF-8 with surrogateescape; null with UnicodeEncodeError. */
export function PyUnicode_EncodeFSDefault(s: usize): usize {
  const errors = PyUnicode_FromLiteral("surrogateescape");
  if (errors == 0) return 0;
  const r = PyUnicode_AsUTF8String(s, errors);
  Py.DECREF(errors);
  return r;
}

/** Whether an object is a name as it is: a str or bytes. */
export function isName(o: usize): bool {
  return Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS) || Py.check(o, Py_TPFLAGS_BYTES_SUBCLASS);
}

/** What a method __fspath__ (stolen) of an object gives, a str or bytes: new; null with TypeError. */
export function callFSPath(method: usize, o: usize): usize {
  const r = PyObject_CallNoArgs(method);
  Py.DECREF(method);
  if (r == 0 || isName(r)) return r;
  PyErr_Format(PyExc_TypeError, "expected %.200t.__fspath__() to return str or bytes, not %.200t", o, r);
  Py.DECREF(r);
  return 0;
}

/** A str or bytes as it is, or what __fspath__ returns, which is one. New; null with TypeError. */
export function PyOS_FSPath(path: usize): usize {
  if (isName(path)) return Py.NewRef(path);
  const method = _PyObject_LookupSpecial(path, ID.__fspath__);
  if (method == 0 || method == _Py_NoneStruct) {
    PyErr_Clear();
    return PyErr_Format(PyExc_TypeError, "expected str, bytes or os.PathLike object, not %.200t", path);
  }
  return callFSPath(method, path);
}

/** The name that an object is, as bytes without a NUL: new; null with TypeError or ValueError. */
export function PyUnicode_FSConverter(o: usize): usize {
  let bytes = PyOS_FSPath(o);
  if (bytes != 0 && Py.check(bytes, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const name = bytes;
    bytes = PyUnicode_EncodeFSDefault(name);
    Py.DECREF(name);
  }
  if (bytes == 0 || <isize>cstringLength(PyBytesObject.at(bytes).ob_sval) == Py.SIZE(bytes)) return bytes;
  Py.DECREF(bytes);
  return PyErr_SetString(PyExc_ValueError, "embedded null byte");
}

/** The name that an object is, a str, bytes or what has __fspath__: a new str, null with TypeError or ValueError. */
export function PyUnicode_FSDecoder(o: usize): usize {
  let name = PyOS_FSPath(o);
  if (name != 0 && Py.check(name, Py_TPFLAGS_BYTES_SUBCLASS)) {
    const bytes = name;
    name = PyUnicode_DecodeFSDefaultAndSize(PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
    Py.DECREF(bytes);
  }
  if (name == 0 || findCharacter(U.kind(name), U.data(name), 0, U.length(name), 0) < 0) return name;
  Py.DECREF(name);
  return PyErr_SetString(PyExc_ValueError, "embedded null character");
}
