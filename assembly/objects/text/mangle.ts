// Private names: __x in class C is _C__x (CPython 3.13's _Py_Mangle in Python/compile.c).

import { Py } from "../object/head";
import { U } from "./access";
import { PyUnicode_Substring } from "./concat";
import { PyUnicode_FromFormat } from "./format/fromformat";

/** The name as it is stored by a class called `cls`: a new reference. */
export function _Py_Mangle(cls: usize, name: usize): usize {
  const n = U.length(name);
  const kind = U.kind(name);
  const data = U.data(name);
  if (n < 3 || U.read(kind, data, 0) != 0x5f || U.read(kind, data, 1) != 0x5f) return Py.NewRef(name);
  // Not with underscores at the end too, nor with a dot in it.
  if (U.read(kind, data, n - 1) == 0x5f && U.read(kind, data, n - 2) == 0x5f) return Py.NewRef(name);
  for (let i: isize = 0; i < n; i++) if (U.read(kind, data, i) == 0x2e) return Py.NewRef(name);
  const cn = U.length(cls);
  let start: isize = 0;
  while (start < cn && U.read(U.kind(cls), U.data(cls), start) == 0x5f) start++;
  if (start == cn) return Py.NewRef(name);
  const stripped = PyUnicode_Substring(cls, start, cn);
  if (stripped == 0) return 0;
  const r = PyUnicode_FromFormat("_%U%U", stripped, name);
  Py.DECREF(stripped);
  return r;
}
