// The registry of codecs and error handlers, as text asks it: module _codecs brings it, and is imported by the first question.

import { Py_TPFLAGS_TUPLE_SUBCLASS } from "../../../generated/constants";
import { objectsRoots } from "../../../generated/runtime";
import { PyExc_LookupError, PyExc_TypeError, PyTuple_Type } from "../../../generated/statics";
import { Scratch } from "../../../thread/scratch";
import { Tuple } from "../../containers/tuple";
import { _PyErr_FormatNote } from "../../errors/fields";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../errors/raise";
import { PyImport_ImportLiteral } from "../../module/import";
import { PyObject_CallOneArg, PyObject_Vectorcall } from "../../object/call";
import { Py } from "../../object/head";
import { PyObject_GetOptionalAttr } from "../../protocol/access";
import { PyObject_IsTrue } from "../../protocol/compare";
import { PyUnicode_InternLiteral } from "../intern";

/** The function of a codec that encodes, and the one that decodes. */
export const ENCODER: isize = 0;
export const DECODER: isize = 1;

/** Whether the registry is there, in objectsRoots.codec_lookup and objectsRoots.codec_errors; false with an exception. */
export function hasRegistry(): bool {
  if (objectsRoots.codec_lookup != 0) return true;
  const m = PyImport_ImportLiteral("_codecs");
  Py.XDECREF(m);
  return m != 0;
}

/**
 * Runs ENCODER or DECODER of a codec (stolen, null for an exception), which is registered under a name: what it made, new.
 * Null with an exception, which tells the codec where it is the function's.
 */
export function runCodec(codec: usize, which: isize, name: usize, o: usize, errors: usize): usize {
  if (codec == 0) return 0;
  const f = Py.NewRef(Tuple.get(codec, which));
  Py.DECREF(codec);
  const argv = Scratch.take(2);
  Py.setItem(argv, 0, o);
  Py.setItem(argv, 1, errors);
  const pair = PyObject_Vectorcall(f, argv, errors != 0 ? 2 : 1, 0);
  Scratch.give(argv);
  Py.DECREF(f);
  if (pair == 0) {
    _PyErr_FormatNote(which == ENCODER ? "encoding with '%U' codec failed" : "decoding with '%U' codec failed", name);
    return 0;
  }
  let r: usize = 0;
  if (Py.check(pair, Py_TPFLAGS_TUPLE_SUBCLASS) && Tuple.size(pair) == 2) r = Py.NewRef(Tuple.get(pair, 0));
  else if (which == ENCODER) PyErr_SetString(PyExc_TypeError, "encoder must return a tuple (object, integer)");
  else PyErr_SetString(PyExc_TypeError, "decoder must return a tuple (object,integer)");
  Py.DECREF(pair);
  return r;
}

/** Whether a codec that was looked up is one of text; otherwise LookupError. A plain tuple is taken for one. */
function isTextCodec(codec: usize, name: usize, alternative: string): bool {
  if (Py.IS_TYPE(codec, PyTuple_Type)) return true;
  const key = PyUnicode_InternLiteral("_is_text_encoding");
  const attribute = key == 0 ? 0 : PyObject_GetOptionalAttr(codec, key);
  Py.XDECREF(key);
  if (attribute == 0) return PyErr_Occurred() == 0;
  const isText = PyObject_IsTrue(attribute);
  Py.DECREF(attribute);
  if (isText == 0) {
    const message = "'%.400U' is not a text encoding; use %L to handle arbitrary codecs";
    PyErr_Format(PyExc_LookupError, message, name, changetype<usize>(alternative));
  }
  return isText > 0;
}

/** The codec of text that is registered under a name: new; null with LookupError. `alternative`: what takes any codec. */
export function lookupTextCodec(name: usize, alternative: string): usize {
  const codec = hasRegistry() ? PyObject_CallOneArg(objectsRoots.codec_lookup, name) : 0;
  if (codec == 0 || isTextCodec(codec, name, alternative)) return codec;
  Py.DECREF(codec);
  return 0;
}

/** Encodes or decodes by the codec of text that is registered under a name: what it made, new. Null with an exception. */
export function runTextCodec(which: isize, name: usize, o: usize, errors: usize): usize {
  const codec = lookupTextCodec(name, which == ENCODER ? "codecs.encode()" : "codecs.decode()");
  return runCodec(codec, which, name, o, errors);
}
