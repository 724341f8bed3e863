// Writing JSON (the encoder of CPython 3.13's Modules/_json.c): objects become text by descent, in one writer.
//
// Items of dicts and lists are held while they are encoded, as the functions for strings and for other types may change what
// holds them; where CPython reads what is gone, this goes on with what is there.

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  PyCFunctionObject,
  PyEncoderObject,
  PyFloatObject,
  PyMethodDef,
  PyTypeObject,
  SIZEOF_PyEncoderObject,
} from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyCFunction_Type,
  PyDict_Type,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
  PyJSONEncoder_Type,
} from "../../generated/statics";
import {
  PyDict_Contains,
  PyDict_DelItem,
  PyDict_KeyAt,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_Size,
  PyDict_ValueAt,
} from "../../objects/containers/dict/dict";
import { List } from "../../objects/containers/list/list";
import { PyList_Sort } from "../../objects/containers/list/sort";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { badArgument, parseTupleAndKeywords, ssizeArgument } from "../../objects/define/args";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Fail,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyEncoderObject_clear, PyEncoderObject_traverse } from "../../objects/generated/references";
import { floatRepr } from "../../objects/numbers/float/text";
import { PyLong_FromVoidPtr } from "../../objects/numbers/int/create";
import { long_to_decimal_string } from "../../objects/numbers/int/text";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyMapping_Items, PySequence_Fast_ITEMS, PySequence_Repeat } from "../../objects/protocol/sequence";
import { PyUnicode_Concat } from "../../objects/text/concat";
import { PyUnicode_FromLiteral, unicodeChar } from "../../objects/text/create";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { makeMutable } from "../../objects/types/mutable";
import { PyType_Ready } from "../../objects/types/ready";
import { Interrupts } from "../../thread/interrupts";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { encode_basestring, encode_basestring_ascii } from "./strings";

const WHERE = " while encoding a JSON object";

/** Appends a text (stolen, null for an exception): 0, or -1 with an exception. */
function append(w: usize, text: usize): i32 {
  if (text == 0) return -1;
  const status = writeStr(w, text);
  Py.DECREF(text);
  return status;
}

/** The text of a float: new, null with an exception. */
function floatText(e: PyEncoderObject, o: usize): usize {
  const v = PyFloatObject.at(o).ob_fval;
  if (isFinite(v)) return floatRepr(v);
  if (e.allow_nan == 0) {
    return PyErr_Format(PyExc_ValueError, "Out of range float values are not JSON compliant: %R", o);
  }
  return PyUnicode_FromLiteral(v > 0 ? "Infinity" : v < 0 ? "-Infinity" : "NaN");
}

/** A string as JSON has it: new, null with an exception. */
function stringText(e: PyEncoderObject, s: usize): usize {
  const f = e.fast_encode;
  if (f != 0) return call_indirect<usize>(f, <usize>0, s);
  const r = PyObject_CallOneArg(e.encoder, s);
  if (r == 0 || Py.check(r, Py_TPFLAGS_UNICODE_SUBCLASS)) return r;
  PyErr_Format(PyExc_TypeError, "encoder() must return a string, not %.80t", r);
  Py.DECREF(r);
  return 0;
}

/**
 * Marks an object as one that is being encoded: its mark, new, or None where marks are not wanted. Null with an exception:
 * ValueError where it is already.
 */
function mark(e: PyEncoderObject, o: usize): usize {
  if (e.markers == _Py_NoneStruct) return _Py_NoneStruct;
  const ident = PyLong_FromVoidPtr(o);
  if (ident == 0) return 0;
  const known = PyDict_Contains(e.markers, ident);
  if (known > 0) PyErr_SetString(PyExc_ValueError, "Circular reference detected");
  if (known == 0 && PyDict_SetItem(e.markers, ident, o) == 0) return ident;
  Py.DECREF(ident);
  return 0;
}

/** Takes the mark (stolen) away unless encoding failed: the status. */
function unmark(e: PyEncoderObject, ident: usize, status: i32): i32 {
  if (status == 0 && ident != _Py_NoneStruct) status = PyDict_DelItem(e.markers, ident);
  Py.DECREF(ident);
  return status;
}

/** What a key of a dict is as a string: new; null with an exception, or without one where it is left out. */
function keyText(e: PyEncoderObject, key: usize): usize {
  if (Py.check(key, Py_TPFLAGS_UNICODE_SUBCLASS)) return Py.NewRef(key);
  if (PyType_IsSubtype(Py.TYPE(key), PyFloat_Type)) return floatText(e, key);
  if (key == _Py_TrueStruct) return PyUnicode_FromLiteral("true");
  if (key == _Py_FalseStruct) return PyUnicode_FromLiteral("false");
  if (key == _Py_NoneStruct) return PyUnicode_FromLiteral("null");
  if (Py.check(key, Py_TPFLAGS_LONG_SUBCLASS)) return long_to_decimal_string(key);
  if (e.skipkeys != 0) return 0;
  return PyErr_Format(PyExc_TypeError, "keys must be str, int, float, bool or None, not %.100t", key);
}

/** Writes a key and its value; `separator` (borrowed, null before the first) goes before them. 1: it was left out. */
function encodeMember(e: PyEncoderObject, w: usize, key: usize, value: usize, newline: usize, separator: usize): i32 {
  const name = keyText(e, key);
  if (name == 0) return PyErr_Occurred() != 0 ? -1 : 1;
  if (separator != 0 && writeStr(w, separator) < 0) {
    Py.DECREF(name);
    return -1;
  }
  const text = stringText(e, name);
  Py.DECREF(name);
  if (append(w, text) < 0 || writeStr(w, e.key_separator) < 0) return -1;
  return encodeObject(e, w, value, newline);
}

/** Writes the pairs of a list, or of an exact dict. `newline` and `separator` are borrowed. */
function encodeMembers(e: PyEncoderObject, w: usize, from: usize, newline: usize, separator: usize): i32 {
  const isDict = Py.check(from, Py_TPFLAGS_DICT_SUBCLASS);
  let first = true;
  let pos: isize = 0;
  while (true) {
    let key: usize;
    let value: usize;
    if (isDict) {
      if (Interrupts.raisedIn(pos)) return -1;
      pos = PyDict_Next(from, pos);
      if (pos == 0) return 0;
      key = PyDict_KeyAt(from, pos);
      value = PyDict_ValueAt(from, pos);
    } else {
      if (pos >= List.size(from)) return 0;
      const item = List.get(from, pos++);
      if (!Py.check(item, Py_TPFLAGS_TUPLE_SUBCLASS) || Tuple.size(item) != 2) {
        return PyErr_Fail(PyExc_ValueError, "items must return 2-tuples");
      }
      key = Tuple.get(item, 0);
      value = Tuple.get(item, 1);
    }
    Py.INCREF(key);
    Py.INCREF(value);
    const status = encodeMember(e, w, key, value, newline, first ? 0 : separator);
    Py.DECREF(key);
    Py.DECREF(value);
    if (status < 0) return -1;
    if (status == 0) first = false;
  }
}

/** Writes the items of a list or tuple. */
function encodeItems(e: PyEncoderObject, w: usize, seq: usize, newline: usize, separator: usize): i32 {
  for (let i: isize = 0; i < Py.SIZE(seq); i++) {
    if (i > 0 && (writeStr(w, separator) < 0 || Interrupts.raisedIn(i))) return -1;
    const item = Py.NewRef(Py.item(PySequence_Fast_ITEMS(seq), i));
    const status = encodeObject(e, w, item, newline);
    Py.DECREF(item);
    if (status < 0) return -1;
  }
  return 0;
}

/** What is between the brackets of a container; `newline` is the line break that is before it, null without indentation. */
function encodeContents(e: PyEncoderObject, w: usize, o: usize, newline: usize): i32 {
  let items: usize = 0;
  const isDict = Py.check(o, Py_TPFLAGS_DICT_SUBCLASS);
  if (isDict && (e.sort_keys != 0 || !Py.IS_TYPE(o, PyDict_Type))) {
    items = PyMapping_Items(o);
    if (items == 0 || (e.sort_keys != 0 && PyList_Sort(items) < 0)) {
      Py.XDECREF(items);
      return -1;
    }
  }
  let status = 0;
  let inner: usize = 0;
  let separator = Py.NewRef(e.item_separator);
  if (e.indent != _Py_NoneStruct) {
    inner = PyUnicode_Concat(newline, e.indent);
    const both = inner == 0 ? 0 : PyUnicode_Concat(separator, inner);
    Py.DECREF(separator);
    separator = both;
    status = both == 0 ? -1 : writeStr(w, inner);
  }
  if (status == 0) {
    status = isDict
      ? encodeMembers(e, w, items != 0 ? items : o, inner, separator)
      : encodeItems(e, w, o, inner, separator);
  }
  if (status == 0 && inner != 0) status = writeStr(w, newline);
  Py.XDECREF(separator);
  Py.XDECREF(inner);
  Py.XDECREF(items);
  return status;
}

/** Writes a dict, list or tuple. */
function encodeContainer(e: PyEncoderObject, w: usize, o: usize, newline: usize): i32 {
  const isDict = Py.check(o, Py_TPFLAGS_DICT_SUBCLASS);
  if ((isDict ? PyDict_Size(o) : Py.SIZE(o)) == 0) return writeLiteral(w, isDict ? "{}" : "[]");
  const ident = mark(e, o);
  if (ident == 0) return -1;
  let status = Writer.char(w, isDict ? 0x7b : 0x5b);
  if (status == 0) status = encodeContents(e, w, o, newline);
  status = unmark(e, ident, status);
  return status == 0 ? Writer.char(w, isDict ? 0x7d : 0x5d) : -1;
}

/** Writes what the function for other types makes of an object. */
function encodeOther(e: PyEncoderObject, w: usize, o: usize, newline: usize): i32 {
  const ident = mark(e, o);
  if (ident == 0) return -1;
  const made = PyObject_CallOneArg(e.defaultfn, o);
  let status = -1;
  if (made != 0 && !Py_EnterRecursiveCall(WHERE)) {
    status = encodeObject(e, w, made, newline);
    Py_LeaveRecursiveCall();
  }
  Py.XDECREF(made);
  return unmark(e, ident, status);
}

/** Writes an object: 0, or -1 with an exception. */
function encodeObject(e: PyEncoderObject, w: usize, o: usize, newline: usize): i32 {
  if (o == _Py_NoneStruct) return writeLiteral(w, "null");
  if (o == _Py_TrueStruct) return writeLiteral(w, "true");
  if (o == _Py_FalseStruct) return writeLiteral(w, "false");
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) return append(w, stringText(e, o));
  if (Py.check(o, Py_TPFLAGS_LONG_SUBCLASS)) return append(w, long_to_decimal_string(o));
  if (PyType_IsSubtype(Py.TYPE(o), PyFloat_Type)) return append(w, floatText(e, o));
  if (!Py.check(o, Py_TPFLAGS_LIST_SUBCLASS | Py_TPFLAGS_TUPLE_SUBCLASS | Py_TPFLAGS_DICT_SUBCLASS)) {
    return encodeOther(e, w, o, newline);
  }
  if (Py_EnterRecursiveCall(WHERE)) return -1;
  const status = encodeContainer(e, w, o, newline);
  Py_LeaveRecursiveCall();
  return status;
}

/** The line break at a level of indentation: new. Null with an exception. */
function firstNewline(indent: usize, level: isize): usize {
  const newline = unicodeChar(10);
  if (level == 0) return newline;
  const repeated = PySequence_Repeat(indent, level);
  const r = repeated == 0 ? 0 : PyUnicode_Concat(newline, repeated);
  Py.XDECREF(repeated);
  return r;
}

function encoder_call(self: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("_iterencode", "obj _current_indent_level", args, kwargs, a, 2, 2);
  const o = Py.item(a, 0);
  const depth = ok ? Py.item(a, 1) : 0;
  Scratch.give(a);
  if (!ok) return 0;
  const level = ssizeArgument(depth);
  if (level == -1 && PyErr_Occurred() != 0) return 0;
  const e = PyEncoderObject.at(self);
  const newline = e.indent == _Py_NoneStruct ? 0 : firstNewline(e.indent, level);
  if (newline == 0 && e.indent != _Py_NoneStruct) return 0;
  const w = Writer.begin();
  const text = encodeObject(e, w, o, newline) < 0 ? writerDiscard(w) : writerFinish(w);
  Py.XDECREF(newline);
  if (text == 0) return 0;
  const r = PyTuple_New(1);
  if (r == 0) Py.DECREF(text);
  else Tuple.set(r, 0, text);
  return r;
}

/** The function of this module that an object is; 0 where it is another. */
function ownFunction(o: usize): u32 {
  if (!Py.IS_TYPE(o, PyCFunction_Type)) return 0;
  const f = PyMethodDef.at(PyCFunctionObject.at(o).m_ml).ml_meth;
  return f == encode_basestring_ascii.index || f == encode_basestring.index ? f : 0;
}

function encoder_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(9);
  let ok = parseTupleAndKeywords(
    "make_encoder",
    "markers default encoder indent key_separator item_separator sort_keys skipkeys allow_nan",
    args,
    kwargs,
    a,
    9,
    9,
  );
  for (let i: isize = 4; i < 6 && ok; i++) {
    if (Py.check(Py.item(a, i), Py_TPFLAGS_UNICODE_SUBCLASS)) continue;
    badArgument("make_encoder", i == 4 ? "argument 5" : "argument 6", "str", Py.item(a, i));
    ok = false;
  }
  const sort = ok ? PyObject_IsTrue(Py.item(a, 6)) : -1;
  const skip = sort < 0 ? -1 : PyObject_IsTrue(Py.item(a, 7));
  const nan = skip < 0 ? -1 : PyObject_IsTrue(Py.item(a, 8));
  let self: usize = 0;
  if (nan >= 0) {
    const markers = Py.item(a, 0);
    if (markers != _Py_NoneStruct && !Py.check(markers, Py_TPFLAGS_DICT_SUBCLASS)) {
      badArgument("make_encoder", "argument 1", "dict or None", markers);
    } else self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  }
  if (self != 0) {
    const e = PyEncoderObject.at(self);
    e.markers = Py.NewRef(Py.item(a, 0));
    e.defaultfn = Py.NewRef(Py.item(a, 1));
    e.encoder = Py.NewRef(Py.item(a, 2));
    e.indent = Py.NewRef(Py.item(a, 3));
    e.key_separator = Py.NewRef(Py.item(a, 4));
    e.item_separator = Py.NewRef(Py.item(a, 5));
    e.sort_keys = <u8>sort;
    e.skipkeys = <u8>skip;
    e.allow_nan = nan;
    e.fast_encode = ownFunction(e.encoder);
  }
  Scratch.give(a);
  return self;
}

function encoder_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PyEncoderObject_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/**
 * @type _json.Encoder
 *
 * Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan): writes JSON values
 *
 * @member _json.Encoder.markers = PyEncoderObject.markers readonly
 * markers
 *
 * @member _json.Encoder.default = PyEncoderObject.defaultfn readonly
 * default
 *
 * @member _json.Encoder.encoder = PyEncoderObject.encoder readonly
 * encoder
 *
 * @member _json.Encoder.indent = PyEncoderObject.indent readonly
 * indent
 *
 * @member _json.Encoder.key_separator = PyEncoderObject.key_separator readonly
 * key_separator
 *
 * @member _json.Encoder.item_separator = PyEncoderObject.item_separator readonly
 * item_separator
 *
 * @member _json.Encoder.sort_keys = PyEncoderObject.sort_keys readonly
 * sort_keys
 *
 * @member _json.Encoder.skipkeys = PyEncoderObject.skipkeys readonly
 * skipkeys
 */

/** Makes the type: 0, or -1 with an exception. */
export function initEncoderType(): i32 {
  const t = collectedType(
    PyJSONEncoder_Type,
    SIZEOF_PyEncoderObject,
    encoder_dealloc.index,
    PyEncoderObject_traverse.index,
    PyEncoderObject_clear.index,
    0,
  );
  t.tp_new = encoder_new.index;
  t.tp_call = encoder_call.index;
  if (PyType_Ready(PyJSONEncoder_Type) < 0) return -1;
  makeMutable(PyJSONEncoder_Type);
  return 0;
}
