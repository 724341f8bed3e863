// What the functions of binascii read: bytes, or text of ASCII characters (CPython 3.13's Modules/binascii.c,
// ascii_buffer_converter), and their error.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { Py_buffer, SIZEOF_Py_buffer } from "../../generated/layouts";
import { binasciiRoots } from "../../generated/runtime";
import { PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { PyBUF_SIMPLE, PyObject_GetBuffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyTypeName } from "../../objects/text/concat";
import { Scratch } from "../../thread/scratch";

/** The bytes of a str or of what lends some, in a view of scratch slots; null with an exception. Buffer.close must follow. */
export function openSource(o: usize): usize {
  const view = Scratch.take(<isize>(SIZEOF_Py_buffer >> 3));
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    if (U.isAscii(o)) {
      // The str is its caller's, and cannot change: nothing is to be given back.
      const v = Py_buffer.at(view);
      v.buf = U.asciiData(o);
      v.len = U.length(o);
      v.obj = 0;
      return view;
    }
    PyErr_SetString(PyExc_ValueError, "string argument should contain only ASCII characters");
  } else if (PyObject_GetBuffer(o, view, PyBUF_SIMPLE) == 0) return view;
  else {
    const message = "argument should be bytes, buffer or ASCII string, not '%.100s'";
    PyErr_Format(PyExc_TypeError, message, PyTypeName.of(o));
  }
  Scratch.give(view);
  return 0;
}

/** Sets binascii.Error; returns -1. */
export function wrong(message: string): i32 {
  PyErr_SetString(binasciiRoots.error, message);
  return -1;
}
