// SyntaxError, whose arguments say where (CPython 3.13's Objects/exceptions.c).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PySyntaxErrorObject } from "../../generated/layouts";
import * as S from "../../generated/statics";
import { PyExc_TypeError } from "../../generated/statics";
import { Tuple } from "../containers/tuple";
import { Py } from "../object/head";
import { PySequence_Tuple } from "../protocol/sequence";
import { PyObject_Str } from "../protocol/text";
import { U } from "../text/access";
import { PyUnicode_Substring } from "../text/concat";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { BaseException_init } from "./base";
import { orNone } from "./oserror";
import { PyErr_Format, PyErr_SetString } from "./raise";

// SyntaxError: msg +72, filename, lineno, offset, end_lineno, end_offset, text, print_file_and_line

export function SyntaxError_init(self: usize, args: usize, kwargs: usize): i32 {
  if (BaseException_init(self, args, kwargs) < 0) return -1;
  const n = Py.SIZE(args);
  if (n >= 1) Py.SETREF(PySyntaxErrorObject.at(self).msg_slot, Py.NewRef(Tuple.get(args, 0)));
  if (n == 2) {
    const info = PySequence_Tuple(Tuple.get(args, 1));
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
    placeSyntaxError(self, info);
    Py.DECREF(info);
  }
  return 0;
}

/** Tells a SyntaxError where it is: a tuple of filename, lineno, offset, text, and end_lineno and end_offset where known. */
export function placeSyntaxError(self: usize, info: usize): void {
  Py.SETREF(PySyntaxErrorObject.at(self).filename_slot, Py.NewRef(Tuple.get(info, 0)));
  Py.SETREF(PySyntaxErrorObject.at(self).lineno_slot, Py.NewRef(Tuple.get(info, 1)));
  Py.SETREF(PySyntaxErrorObject.at(self).offset_slot, Py.NewRef(Tuple.get(info, 2)));
  Py.SETREF(PySyntaxErrorObject.at(self).text_slot, Py.NewRef(Tuple.get(info, 3)));
  if (Py.SIZE(info) < 6) return;
  Py.SETREF(PySyntaxErrorObject.at(self).end_lineno_slot, Py.NewRef(Tuple.get(info, 4)));
  Py.SETREF(PySyntaxErrorObject.at(self).end_offset_slot, Py.NewRef(Tuple.get(info, 5)));
}

export function SyntaxError_str(self: usize): usize {
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
