// What a parser tells its handlers (the callbacks of CPython 3.13's Modules/pyexpat.c). An exception in a handler ends the
// parsing: handlers are taken away, and whoever parses sees that `stopped` is set.
//
// While a handler runs, the parser's input stays as it is: nobody can make the parser parse meanwhile.

import { xmlhandlers_CharacterData, xmlparseobject, xmlparser } from "../../generated/layouts";
import { _Py_NoneStruct } from "../../generated/statics";
import { PyDict_GetItemWithError, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyErr_Occurred } from "../../objects/errors/raise";
import { xmlhandlers_clear } from "../../objects/generated/references";
import { PyLong_AsLongLong } from "../../objects/numbers/int/create";
import { PyObject_Vectorcall } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyUnicode_DecodeUTF8 } from "../../objects/text/codecs/utf8";
import { Scratch } from "../../thread/scratch";

/** The handler at an offset of xmlhandlers, borrowed; null for none. */
export function handlerOf(x: xmlparser, which: usize): usize {
  return load<u32>(xmlparseobject.at(x.owner).handlers + which);
}

/** A new str of the bytes from `p` to `end`; null with an exception. */
export function textOf(p: usize, end: usize): usize {
  return PyUnicode_DecodeUTF8(p, <isize>(end - p), 0);
}

/** The one str that the parser has for a text (stolen, null for an exception): a new reference. */
export function interned(x: xmlparser, text: usize): usize {
  const dict = xmlparseobject.at(x.owner).intern;
  if (text == 0 || dict == 0) return text;
  const known = PyDict_GetItemWithError(dict, text);
  if (known != 0) {
    Py.INCREF(known);
    Py.DECREF(text);
    return known;
  }
  if (PyErr_Occurred() == 0 && PyDict_SetItem(dict, text, text) == 0) return text;
  Py.DECREF(text);
  return 0;
}

/** The name from `p` to `end` as a str that is interned: new. */
export function nameOf(x: xmlparser, p: usize, end: usize): usize {
  return interned(x, textOf(p, end));
}

/** A str or null as an argument of a handler: a new reference to it or to None. */
export function orNone(text: usize): usize {
  return text == 0 ? _Py_NoneStruct : Py.NewRef(text);
}

/** Ends the parsing: an exception is set. */
function fail(x: xmlparser): void {
  x.stopped = 1;
  xmlhandlers_clear(xmlparseobject.at(x.owner).handlers);
}

/**
 * Calls a handler, which is there, with the `n` arguments at `argv` (stolen, null for an exception): what it returned, new;
 * null where the parsing is over.
 */
export function call(x: xmlparser, which: usize, argv: usize, n: isize): usize {
  let good: bool = x.stopped == 0 && (which == xmlhandlers_CharacterData || flushText(x));
  for (let i: isize = 0; i < n; i++) if (Py.item(argv, i) == 0) good = false;
  let r: usize = 0;
  const handler = good ? handlerOf(x, which) : 0;
  if (handler != 0) {
    const o = xmlparseobject.at(x.owner);
    Py.INCREF(handler);
    o.in_callback = 1;
    r = PyObject_Vectorcall(handler, argv, n, 0);
    o.in_callback = 0;
    Py.DECREF(handler);
  } else if (good) r = _Py_NoneStruct;
  for (let i: isize = 0; i < n; i++) Py.XDECREF(Py.item(argv, i));
  if (r == 0) fail(x);
  return r;
}

/** As call(), for handlers whose result does not matter: whether parsing goes on. */
export function tell(x: xmlparser, which: usize, argv: usize, n: isize): bool {
  const r = call(x, which, argv, n);
  Py.XDECREF(r);
  return r != 0;
}

/** Calls a handler that returns an int: that, 0 where the parsing is over. */
export function ask(x: xmlparser, which: usize, argv: usize, n: isize): i64 {
  const r = call(x, which, argv, n);
  if (r == 0) return 0;
  const v = PyLong_AsLongLong(r);
  Py.DECREF(r);
  if (v == -1 && PyErr_Occurred() != 0) fail(x);
  return v;
}

/** Calls a handler without arguments. */
export function tell0(x: xmlparser, which: usize): bool {
  const a = Scratch.takeArguments(1);
  const r = tell(x, which, a, 0);
  Scratch.giveArguments(a);
  return r;
}

/** Calls a handler with an argument (stolen, null for an exception). */
export function tell1(x: xmlparser, which: usize, a0: usize): bool {
  const a = Scratch.takeArguments(1);
  Py.setItem(a, 0, a0);
  const r = tell(x, which, a, 1);
  Scratch.giveArguments(a);
  return r;
}

/** Calls a handler with two arguments (stolen, null for an exception). */
export function tell2(x: xmlparser, which: usize, a0: usize, a1: usize): bool {
  const a = Scratch.takeArguments(2);
  Py.setItem(a, 0, a0);
  Py.setItem(a, 1, a1);
  const r = tell(x, which, a, 2);
  Scratch.giveArguments(a);
  return r;
}

/** Tells the text from `p` to `end`: whether parsing goes on. */
function tellText(x: xmlparser, p: usize, end: usize): bool {
  return tell1(x, xmlhandlers_CharacterData, textOf(p, end));
}

/** Tells the text that was collected: whether parsing goes on. */
export function flushText(x: xmlparser): bool {
  const o = xmlparseobject.at(x.owner);
  const n = o.buffer_used;
  if (o.buffer == 0 || n == 0) return true;
  // The handler may change the buffer.
  o.buffer_used = 0;
  const text = textOf(o.buffer, o.buffer + n);
  return handlerOf(x, xmlhandlers_CharacterData) == 0 ? dropText(text) : tell1(x, xmlhandlers_CharacterData, text);
}

function dropText(text: usize): bool {
  Py.XDECREF(text);
  return true;
}

/** Bytes of text that are told at once where the input was not UTF-8. */
const PIECE: usize = 1024;

/** As piece(), for text of any length, which is in the input where it is its own source. */
export function characters(x: xmlparser, p: usize, end: usize, raw: usize, rawEnd: usize): bool {
  const converted = x.encoding > 1 && p >= x.input && p < x.input + x.end;
  while (converted && end - p > PIECE) {
    let next = p + PIECE;
    while ((load<u8>(next) & 0xc0) == 0x80) next--;
    if (!piece(x, p, next, p, next)) return false;
    p = next;
    raw = next;
  }
  return piece(x, p, end, raw, rawEnd);
}

/** Text of the document from `p` to `end`, whose source is from `raw` to `rawEnd`: whether parsing goes on. */
function piece(x: xmlparser, p: usize, end: usize, raw: usize, rawEnd: usize): bool {
  if (handlerOf(x, xmlhandlers_CharacterData) == 0) return other(x, raw, rawEnd);
  const o = xmlparseobject.at(x.owner);
  const n = <i32>(end - p);
  if (o.buffer == 0) return tellText(x, p, end);
  if (n > o.buffer_size - o.buffer_used) {
    if (!flushText(x)) return false;
    // The handler may have gone, or the buffer.
    if (handlerOf(x, xmlhandlers_CharacterData) == 0) return true;
    if (o.buffer == 0 || n > o.buffer_size) return tellText(x, p, end);
  }
  memory.copy(o.buffer + o.buffer_used, p, n);
  o.buffer_used = o.buffer_used + n;
  return true;
}

/** What has no handler of its own: whether parsing goes on. */
export function other(x: xmlparser, p: usize, end: usize): bool {
  const which = <usize>x.default_handler;
  if (which == 0 || end == p || handlerOf(x, which) == 0) return true;
  return tell1(x, which, textOf(p, end));
}

/** Whether the handlers leave internal entities as they are. */
export function keepsEntities(x: xmlparser): bool {
  return x.expands == 0;
}
