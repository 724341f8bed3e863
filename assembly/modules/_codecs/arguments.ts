// What the functions of _codecs have in common: their arguments and their results.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { _Py_NoneStruct } from "../../generated/statics";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { badArgument, utf8Argument } from "../../objects/define/args";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";

/** Bytes of the longest name that a character may have. */
export const NAME_BYTES_MAX: isize = 256;

/** Whether the second argument names an error handler or is None. */
export function isErrors(v: usize, fname: string): bool {
  return v == _Py_NoneStruct || utf8Argument(v, fname, "argument 2", "str or None");
}

/** Whether the first argument is a str; otherwise TypeError. */
export function isText(v: usize, fname: string): bool {
  if (Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) return true;
  badArgument(fname, "argument 1", "str", v);
  return false;
}

/** The name of an error handler as the codecs take it: null for None. */
export function errorsOf(v: usize): usize {
  return v == _Py_NoneStruct ? 0 : v;
}

/** A pair of what a codec made (stolen, null for an exception) and how much it used. */
export function codecResult(made: usize, n: isize): usize {
  if (made == 0) return 0;
  const r = PyTuple_New(2);
  if (r == 0) {
    Py.DECREF(made);
    return 0;
  }
  Tuple.set(r, 0, made);
  const used = PyLong_FromSsize_t(n);
  Tuple.set(r, 1, used);
  if (used != 0) return r;
  Py.DECREF(r);
  return 0;
}

/** As codecResult for the whole of the bytes in a view, which is closed. */
export function codecResultOfAll(made: usize, view: usize): usize {
  const n = Buffer.length(view);
  Buffer.close(view);
  return codecResult(made, n);
}
