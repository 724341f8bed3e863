// Reading JSON (the scanner of CPython 3.13's Modules/_json.c): a text becomes objects by descent. What is being read is a
// jsontext in scratch memory, whose `next` says where to go on behind what a function has read.
//
// The text is an argument of the call, which holds it while hooks run.

import {
  jsontext,
  jsontext_next,
  jsontext_value,
  PyScannerObject,
  PyTypeObject,
  SIZEOF_jsontext,
  SIZEOF_PyScannerObject,
} from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_StopIteration,
  PyExc_ValueError,
  PyFloat_Type,
  PyJSONScanner_Type,
  PyLong_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyDict_New, PyDict_SetDefault, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, List, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { parseTupleAndKeywords, ssizeArgument } from "../../objects/define/args";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyScannerObject_clear, PyScannerObject_traverse } from "../../objects/generated/references";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { parseWholeFloat } from "../../objects/numbers/float/text";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { parseLong } from "../../objects/numbers/int/text";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { U } from "../../objects/text/access";
import { PyUnicode_FromKindAndData } from "../../objects/text/create";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { makeMutable } from "../../objects/types/mutable";
import { PyType_Ready } from "../../objects/types/ready";
import { Interrupts } from "../../thread/interrupts";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { attribute, fail, readPair, scanString } from "./scanstring";
import { isString } from "./strings";

const QUOTE: u32 = 0x22;

/** There is no value at this place: StopIteration with it, which json makes an error of; returns null. */
function stop(at: isize): usize {
  const value = PyLong_FromSsize_t(at);
  if (value != 0) PyErr_SetObject(PyExc_StopIteration, value);
  Py.XDECREF(value);
  return 0;
}

/** The first character from `i` on that is no white space, or `n`. */
function skipSpace(kind: u32, data: usize, i: isize, n: isize): isize {
  for (; i < n; i++) {
    const c = U.read(kind, data, i);
    if (c != 32 && c != 9 && c != 10 && c != 13) break;
  }
  return i;
}

/** Puts a key and a value (both stolen) into a list of pairs or a dict: 0, or -1 with an exception. */
function addPair(to: usize, pairs: bool, key: usize, value: usize): i32 {
  let status: i32;
  if (pairs) {
    const pair = PyTuple_Pack2(key, value);
    status = pair == 0 ? -1 : _PyList_AppendTakeRef(to, pair);
  } else status = PyDict_SetItem(to, key, value);
  Py.DECREF(key);
  Py.DECREF(value);
  return status;
}

/** Reads the key at `i` and what is behind its colon, into the dict or list: 0, or -1 with an exception. */
function readMember(t: jsontext, to: usize, pairs: bool, i: isize): i32 {
  const s = t.str;
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  if (i >= n || U.read(kind, data, i) != QUOTE) {
    fail("Expecting property name enclosed in double quotes", s, i);
    return -1;
  }
  const text = scanString(s, i + 1, PyScannerObject.at(t.scanner).strict != 0, changetype<usize>(t) + jsontext_next);
  if (text == 0) return -1;
  const key = Py.XNewRef(PyDict_SetDefault(t.memo, text, text));
  Py.DECREF(text);
  if (key == 0) return -1;
  i = skipSpace(kind, data, t.next, n);
  if (i >= n || U.read(kind, data, i) != 0x3a) {
    Py.DECREF(key);
    fail("Expecting ':' delimiter", s, i);
    return -1;
  }
  const value = scanOnce(t, skipSpace(kind, data, i + 1, n));
  if (value == 0) {
    Py.DECREF(key);
    return -1;
  }
  return addPair(to, pairs, key, value);
}

/** Reads the members of an object from `i` on into a dict or list: 0, or -1 with an exception. */
function readMembers(t: jsontext, to: usize, pairs: bool, i: isize): i32 {
  const s = t.str;
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  i = skipSpace(kind, data, i, n);
  if (i < n && U.read(kind, data, i) == 0x7d) {
    t.next = i + 1;
    return 0;
  }
  let round: i64 = 0;
  while (true) {
    if (readMember(t, to, pairs, i) < 0 || Interrupts.raisedIn(++round)) return -1;
    i = skipSpace(kind, data, t.next, n);
    if (i < n && U.read(kind, data, i) == 0x7d) {
      t.next = i + 1;
      return 0;
    }
    if (i >= n || U.read(kind, data, i) != 0x2c) {
      fail("Expecting ',' delimiter", s, i);
      return -1;
    }
    const comma = i;
    i = skipSpace(kind, data, i + 1, n);
    if (i < n && U.read(kind, data, i) == 0x7d) {
      fail("Illegal trailing comma before end of object", s, comma);
      return -1;
    }
  }
}

/** The object whose brace is before `i`: what the hooks make of it, otherwise a new dict. Null with an exception. */
function readObject(t: jsontext, i: isize): usize {
  const scanner = PyScannerObject.at(t.scanner);
  const pairs = scanner.object_pairs_hook != _Py_NoneStruct;
  const made = pairs ? PyList_New(0) : PyDict_New();
  if (made == 0) return 0;
  if (readMembers(t, made, pairs, i) < 0) {
    Py.DECREF(made);
    return 0;
  }
  const hook = pairs ? scanner.object_pairs_hook : scanner.object_hook;
  if (hook == _Py_NoneStruct) return made;
  const r = PyObject_CallOneArg(hook, made);
  Py.DECREF(made);
  return r;
}

/** Reads the items of an array from `i` on into a list: 0, or -1 with an exception. */
function readItems(t: jsontext, list: usize, i: isize): i32 {
  const s = t.str;
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  i = skipSpace(kind, data, i, n);
  if (i < n && U.read(kind, data, i) == 0x5d) {
    t.next = i + 1;
    return 0;
  }
  while (true) {
    const value = scanOnce(t, i);
    if (value == 0 || _PyList_AppendTakeRef(list, value) < 0 || Interrupts.raisedIn(List.size(list))) return -1;
    i = skipSpace(kind, data, t.next, n);
    if (i < n && U.read(kind, data, i) == 0x5d) {
      t.next = i + 1;
      return 0;
    }
    if (i >= n || U.read(kind, data, i) != 0x2c) {
      fail("Expecting ',' delimiter", s, i);
      return -1;
    }
    const comma = i;
    i = skipSpace(kind, data, i + 1, n);
    if (i < n && U.read(kind, data, i) == 0x5d) {
      fail("Illegal trailing comma before end of array", s, comma);
      return -1;
    }
  }
}

/** The array whose bracket is before `i`: a new list. Null with an exception. */
function readArray(t: jsontext, i: isize): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  if (readItems(t, list, i) == 0) return list;
  Py.DECREF(list);
  return 0;
}

/** Whether the literal stands at `i`. */
function standsAt(kind: u32, data: usize, i: isize, n: isize, literal: string): bool {
  if (literal.length > n - i) return false;
  for (let k: isize = 0; k < literal.length; k++) {
    if (U.read(kind, data, i + k) != load<u16>(changetype<usize>(literal) + ((<usize>k) << 1))) return false;
  }
  return true;
}

/** What the hook makes of a constant that is no JSON. */
function readConstant(t: jsontext, literal: string, i: isize): usize {
  const name = PyUnicode_InternLiteral(literal);
  if (name == 0) return 0;
  t.next = i + literal.length;
  const r = PyObject_CallOneArg(PyScannerObject.at(t.scanner).parse_constant, name);
  Py.DECREF(name);
  return r;
}

function isDigit(kind: u32, data: usize, i: isize, n: isize): bool {
  return i < n && U.read(kind, data, i) - 48 < 10;
}

/** The place behind the digits from `i` on. */
function digitsEnd(kind: u32, data: usize, i: isize, n: isize): isize {
  while (isDigit(kind, data, i, n)) i++;
  return i;
}

/** The int or float in the `n` ASCII bytes at `p`, which are one: new, or null with an exception. */
function makeNumber(t: jsontext, p: usize, n: isize, isFloat: bool): usize {
  if (isFloat)
    return parseWholeFloat(p, n, changetype<usize>(t) + jsontext_value) < 0 ? 0 : PyFloat_FromDouble(t.value);
  const slot = Scratch.take(1);
  const r = parseLong(p, n, 10, slot) > 0 ? load<u32>(slot) : 0;
  Scratch.give(slot);
  return r;
}

/** The number at `start`, by parse_int or parse_float where those are not the types. Null with an exception. */
function readNumber(t: jsontext, start: isize): usize {
  const s = t.str;
  const n = U.length(s);
  const kind = U.kind(s);
  const data = U.data(s);
  let i = start;
  if (U.read(kind, data, i) == 0x2d) i++;
  if (!isDigit(kind, data, i, n)) return stop(start);
  i = U.read(kind, data, i) == 48 ? i + 1 : digitsEnd(kind, data, i, n);
  let isFloat = false;
  if (i < n && U.read(kind, data, i) == 0x2e && isDigit(kind, data, i + 1, n)) {
    isFloat = true;
    i = digitsEnd(kind, data, i + 1, n);
  }
  if (i < n && (U.read(kind, data, i) | 32) == 0x65) {
    let e = i + 1;
    if (e < n && (U.read(kind, data, e) == 0x2d || U.read(kind, data, e) == 0x2b)) e++;
    if (isDigit(kind, data, e, n)) {
      isFloat = true;
      i = digitsEnd(kind, data, e, n);
    }
  }
  t.next = i;
  const scanner = PyScannerObject.at(t.scanner);
  const parse = isFloat ? scanner.parse_float : scanner.parse_int;
  const length = i - start;
  if (parse != (isFloat ? PyFloat_Type : PyLong_Type)) {
    const text = PyUnicode_FromKindAndData(kind, data + <usize>start * kind, length);
    const r = text == 0 ? 0 : PyObject_CallOneArg(parse, text);
    Py.XDECREF(text);
    return r;
  }
  if (kind == 1) return makeNumber(t, data + <usize>start, length, isFloat);
  const copy = PyMem_Malloc(<usize>length);
  if (copy == 0) return PyErr_NoMemory();
  for (let k: isize = 0; k < length; k++) store<u8>(copy + <usize>k, U.read(kind, data, start + k));
  const r = makeNumber(t, copy, length, isFloat);
  PyMem_Free(copy);
  return r;
}

/** The value at `i`: a new reference. Null with an exception, which is StopIteration where there is none. */
function scanOnce(t: jsontext, i: isize): usize {
  const s = t.str;
  const n = U.length(s);
  if (i < 0) return PyErr_SetString(PyExc_ValueError, "idx cannot be negative");
  if (i >= n) return stop(i);
  const kind = U.kind(s);
  const data = U.data(s);
  switch (U.read(kind, data, i)) {
    case QUOTE:
      return scanString(s, i + 1, PyScannerObject.at(t.scanner).strict != 0, changetype<usize>(t) + jsontext_next);
    case 0x7b: {
      if (Py_EnterRecursiveCall(" while decoding a JSON object from a unicode string")) return 0;
      const r = readObject(t, i + 1);
      Py_LeaveRecursiveCall();
      return r;
    }
    case 0x5b: {
      if (Py_EnterRecursiveCall(" while decoding a JSON array from a unicode string")) return 0;
      const r = readArray(t, i + 1);
      Py_LeaveRecursiveCall();
      return r;
    }
    case 0x6e: // n
      if (!standsAt(kind, data, i, n, "null")) break;
      t.next = i + 4;
      return _Py_NoneStruct;
    case 0x74: // t
      if (!standsAt(kind, data, i, n, "true")) break;
      t.next = i + 4;
      return _Py_TrueStruct;
    case 0x66: // f
      if (!standsAt(kind, data, i, n, "false")) break;
      t.next = i + 5;
      return _Py_FalseStruct;
    case 0x4e: // N
      if (standsAt(kind, data, i, n, "NaN")) return readConstant(t, "NaN", i);
      break;
    case 0x49: // I
      if (standsAt(kind, data, i, n, "Infinity")) return readConstant(t, "Infinity", i);
      break;
    case 0x2d: // -
      if (standsAt(kind, data, i, n, "-Infinity")) return readConstant(t, "-Infinity", i);
      break;
  }
  return readNumber(t, i);
}

function scanner_call(self: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("scan_once", "string idx", args, kwargs, a, 2, 2);
  const string = Py.item(a, 0);
  const start = ok ? Py.item(a, 1) : 0;
  Scratch.give(a);
  if (!ok) return 0;
  const i = ssizeArgument(start);
  if ((i == -1 && PyErr_Occurred() != 0) || !isString(string)) return 0;
  const memo = PyDict_New();
  if (memo == 0) return 0;
  const p = Scratch.take(<isize>(SIZEOF_jsontext >> 3));
  const t = jsontext.at(p);
  t.scanner = self;
  t.memo = memo;
  t.str = string;
  t.next = -1;
  const made = scanOnce(t, i);
  const end = t.next;
  Scratch.give(p);
  Py.DECREF(memo);
  return readPair(made, end);
}

/** Fills the fields from the context's attributes: whether all are there; otherwise an exception is set. */
function takeContext(s: PyScannerObject, context: usize): bool {
  const strict = attribute(context, "strict");
  if (strict == 0) return false;
  const truth = PyObject_IsTrue(strict);
  Py.DECREF(strict);
  if (truth < 0) return false;
  s.strict = truth > 0 ? 1 : 0;
  s.object_hook = attribute(context, "object_hook");
  if (s.object_hook == 0) return false;
  s.object_pairs_hook = attribute(context, "object_pairs_hook");
  if (s.object_pairs_hook == 0) return false;
  s.parse_float = attribute(context, "parse_float");
  if (s.parse_float == 0) return false;
  s.parse_int = attribute(context, "parse_int");
  if (s.parse_int == 0) return false;
  s.parse_constant = attribute(context, "parse_constant");
  return s.parse_constant != 0;
}

function scanner_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(1);
  const ok = parseTupleAndKeywords("make_scanner", "context", args, kwargs, a, 1, 1);
  const context = Py.item(a, 0);
  Scratch.give(a);
  const self = ok ? call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0) : 0;
  if (self == 0) return 0;
  if (takeContext(PyScannerObject.at(self), context)) return self;
  Py.DECREF(self);
  return 0;
}

function scanner_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PyScannerObject_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/**
 * @type _json.Scanner
 *
 * Reads JSON values.
 *
 * @member _json.Scanner.strict = PyScannerObject.strict readonly
 * strict
 *
 * @member _json.Scanner.object_hook = PyScannerObject.object_hook readonly
 * object_hook
 *
 * @member _json.Scanner.object_pairs_hook = PyScannerObject.object_pairs_hook readonly
 *
 * @member _json.Scanner.parse_float = PyScannerObject.parse_float readonly
 * parse_float
 *
 * @member _json.Scanner.parse_int = PyScannerObject.parse_int readonly
 * parse_int
 *
 * @member _json.Scanner.parse_constant = PyScannerObject.parse_constant readonly
 * parse_constant
 */

/** Makes the type: 0, or -1 with an exception. */
export function initScannerType(): i32 {
  const t = collectedType(
    PyJSONScanner_Type,
    SIZEOF_PyScannerObject,
    scanner_dealloc.index,
    PyScannerObject_traverse.index,
    PyScannerObject_clear.index,
    0,
  );
  t.tp_new = scanner_new.index;
  t.tp_call = scanner_call.index;
  if (PyType_Ready(PyJSONScanner_Type) < 0) return -1;
  makeMutable(PyJSONScanner_Type);
  return 0;
}
