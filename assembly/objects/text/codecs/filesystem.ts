// The encoding of the system's names: UTF-8 with surrogateescape, both ways (CPython 3.13's PyUnicode_EncodeFSDefault and
// PyUnicode_DecodeFSDefaultAndSize in Objects/unicodeobject.c).

import { Py } from "../../object/head";
import { _PyUnicode_FromASCII, PyUnicode_FromLiteral } from "../create";
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
