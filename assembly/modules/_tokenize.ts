// The module _tokenize (CPython 3.13's Python/Python-tokenize.c and Parser/tokenizer/readline_tokenizer.c): the tokens of
// lines that a function gives, one after the other.
//
// The tokenizer is the host's and remembers nothing: it gets the lines from the last start of a statement on, and answers
// with the tokens that those hold, which are taken from the answer one by one.
//
// Deliberate differences: where a statement goes over eight lines and more, several are read ahead of what is given; what
// goes wrong in reading is raised when the line is needed. The collector knows the iterator.
//
// Whatever calls readline may run the iterator itself: nothing of it is kept across that.

import {
  ENOMEM,
  EPERM,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
  RECORD_error,
  RECORD_more,
  RECORD_tokenAndLine,
  STREAM_complete,
  STREAM_extra,
} from "../generated/constants";
import { host } from "../generated/host";
import {
  PyBytesObject,
  PyTypeObject,
  SIZEOF_tok_state,
  SIZEOF_tokenanswer,
  SIZEOF_tokenizeriterobject,
  SIZEOF_tokenposition,
  tok_state,
  tokenanswer,
  tokenerror,
  tokenizeriterobject,
  tokenposition,
  tokenrecord,
} from "../generated/layouts";
import { vmRoots } from "../generated/runtime";
import {
  _Py_NoneStruct,
  PyExc_StopIteration,
  PyExc_SystemError,
  PyExc_TypeError,
  PyTokenizerIter_Type,
} from "../generated/statics";
import { PyMem_Calloc, PyMem_Free, PyMem_RawFree, PyMem_Realloc } from "../memory/pymem";
import { PyDict_GetItemWithError } from "../objects/containers/dict/dict";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../objects/containers/tuple";
import { parseTupleAndKeywords, utf8Argument } from "../objects/define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_GetRaisedException,
  PyErr_NoMemory,
  PyErr_SetObject,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../objects/errors/raise";
import { tok_state_clear, tok_state_traverse, tokenizeriterobject_clear } from "../objects/generated/references";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyLong_FromLong } from "../objects/numbers/int/create";
import { PyObject_CallNoArgs } from "../objects/object/call";
import { PyObject_GC_UnTrack } from "../objects/object/gchead";
import { Py } from "../objects/object/head";
import { PyObject_SelfIter } from "../objects/protocol/access";
import { PyObject_IsTrue } from "../objects/protocol/compare";
import { U } from "../objects/text/access";
import { PyUnicode_Decode } from "../objects/text/codecs/decode";
import { PyUnicode_AsUTF8, PyUnicode_DecodeUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { PyUnicode_FromLiteral } from "../objects/text/create";
import { PyType_Ready } from "../objects/types/ready";
import { Interrupts } from "../thread/interrupts";
import { Scratch } from "../thread/scratch";
import { collectedType } from "./collectedtype";

const LINES_MAX: usize = 0x40000000;
const ENDMARKER: u8 = 0;

function tokenizeriter_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(3);
  const parsed = parseTupleAndKeywords("tokenizeriter", "- extra_tokens encoding", args, kwargs, a, 1, 1);
  const readline = Py.item(a, 0);
  const extraTokens = Py.item(a, 1);
  const encoding = Py.item(a, 2);
  Scratch.give(a);
  if (!parsed) return 0;
  if (extraTokens == 0) {
    return PyErr_SetString(PyExc_TypeError, "tokenizeriter() missing required argument 'extra_tokens' (pos 2)");
  }
  const extra = PyObject_IsTrue(extraTokens);
  if (extra < 0) return 0;
  if (encoding != 0 && !utf8Argument(encoding, "tokenizeriter", "argument 'encoding'")) return 0;
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  const state = PyMem_Calloc(1, SIZEOF_tok_state);
  if (state == 0) {
    Py.DECREF(o);
    return PyErr_NoMemory();
  }
  tokenizeriterobject.at(o).tok = state;
  const tok = tok_state.at(state);
  tok.readline = Py.NewRef(readline);
  tok.encoding = Py.XNewRef(encoding);
  tok.flags = extra ? STREAM_extra : 0;
  return o;
}

function tokenizeriter_traverse(o: usize, visit: u32, arg: usize): i32 {
  const tok = tokenizeriterobject.at(o).tok;
  return tok == 0 ? 0 : tok_state_traverse(tok, visit, arg);
}

function tokenizeriter_clear(o: usize): i32 {
  const x = tokenizeriterobject.at(o);
  x.done = 1;
  if (x.tok != 0) tok_state_clear(x.tok);
  return tokenizeriterobject_clear(o);
}

function tokenizeriter_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  tokenizeriter_clear(o);
  const x = tokenizeriterobject.at(o);
  if (x.tok != 0) {
    const tok = tok_state.at(x.tok);
    PyMem_Free(tok.lines);
    if (tok.answer != 0) PyMem_RawFree(tok.answer);
    PyMem_Free(x.tok);
  }
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** What readline gives, as a str: a new reference; the empty one at the end, null with an exception. */
function readLine(tok: tok_state): usize {
  const readline = Py.NewRef(tok.readline);
  const line = PyObject_CallNoArgs(readline);
  Py.DECREF(readline);
  if (line == 0) {
    if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return 0;
    PyErr_Clear();
    return PyUnicode_FromLiteral("");
  }
  let r: usize = 0;
  if (tok.encoding == 0) {
    if (Py.check(line, Py_TPFLAGS_UNICODE_SUBCLASS)) return line;
    PyErr_SetString(PyExc_TypeError, "readline() returned a non-string object");
  } else if (!Py.check(line, Py_TPFLAGS_BYTES_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "readline() returned a non-bytes object");
  } else {
    const replace = PyUnicode_FromLiteral("replace");
    if (replace != 0) {
      r = PyUnicode_Decode(PyBytesObject.at(line).ob_sval, Py.SIZE(line), tok.encoding, replace);
      Py.DECREF(replace);
    }
  }
  Py.DECREF(line);
  return r;
}

/** Puts a line behind those that are kept: false with an exception. */
function keepLine(tok: tok_state, line: usize): bool {
  const text = PyUnicode_AsUTF8(line);
  if (text == 0) return false;
  const n = <usize>PyUnicode_UTF8Length(line);
  const length = tok.lines_length;
  const needed = <usize>length + 4 + n;
  if (needed > LINES_MAX) {
    PyErr_NoMemory();
    return false;
  }
  if (needed > <usize>tok.lines_capacity) {
    const capacity = max<usize>(needed, 2 * <usize>tok.lines_capacity);
    const lines = PyMem_Realloc(tok.lines, capacity);
    if (lines == 0) {
      PyErr_NoMemory();
      return false;
    }
    tok.lines = lines;
    tok.lines_capacity = <u32>capacity;
  }
  store<u32>(tok.lines + <usize>length, <u32>n);
  memory.copy(tok.lines + <usize>length + 4, text, n);
  tok.lines_length = <u32>needed;
  tok.count++;
  return true;
}

/** Reads lines: one, and a quarter of as many as are kept. What goes wrong is for when the next line is needed. */
function readLines(tok: tok_state): void {
  for (let n = max<u32>(tok.count >> 2, 1); n > 0; n--) {
    const line = readLine(tok);
    const isLast = line != 0 && U.length(line) == 0;
    const kept = line != 0 && (isLast || keepLine(tok, line));
    Py.XDECREF(line);
    if (isLast) tok.flags |= STREAM_complete;
    else if (!kept) Py.SETREF(tok.error_slot, PyErr_GetRaisedException());
    if (isLast || !kept) return;
  }
}

/** Bytes of the position at `p`. */
function positionSize(p: usize): usize {
  return SIZEOF_tokenposition + 8 * <usize>tokenposition.at(p).indents;
}

/** Gets a new answer, when everything of the last was given: false with an exception. */
function ask(tok: tok_state): bool {
  const position = tok.position;
  const slot = Scratch.take(1);
  const n = host.tokenize(
    tok.lines,
    <usize>tok.lines_length,
    position,
    positionSize(position),
    <i32>tok.skip,
    tok.flags,
    slot,
  );
  const answer: usize = load<u32>(slot);
  Scratch.give(slot);
  if (n < 0) {
    if (n == -ENOMEM) PyErr_NoMemory();
    else {
      const message = n == -EPERM ? "the host does not provide a tokenizer" : "the host's tokenizer failed";
      PyErr_SetString(PyExc_SystemError, message);
    }
    return false;
  }
  if (tok.answer != 0) PyMem_RawFree(tok.answer);
  tok.answer = answer;
  const head = tokenanswer.at(answer);
  const used = head.used;
  tok.skip = head.skip;
  const size = positionSize(head.position);
  memory.copy(position, head.position, size);
  tok.at = <u32>(SIZEOF_tokenanswer + size);
  tok.lines_length -= used;
  const left = <usize>tok.lines_length;
  memory.copy(tok.lines, tok.lines + <usize>used, left);
  tok.count = 0;
  for (let at: usize = 0; at < left; at += 4 + <usize>load<u32>(tok.lines + at)) tok.count++;
  return true;
}

/** The text at `p`, whose length stands before it: a new str. */
function textAt(p: usize): usize {
  return PyUnicode_DecodeUTF8(p + 4, <isize>load<u32>(p), 0);
}

function afterText(p: usize): usize {
  return p + 4 + <usize>load<u32>(p);
}

/** (line, column) of the numbers at `p`. */
function placeAt(p: usize): usize {
  const line = PyLong_FromLong(load<i32>(p));
  const column = line == 0 ? 0 : PyLong_FromLong(load<i32>(p + 4));
  const r = column == 0 ? 0 : PyTuple_Pack2(line, column);
  Py.XDECREF(column);
  Py.XDECREF(line);
  return r;
}

/** The token whose record comes next: a new tuple. */
function takeToken(o: usize, tok: tok_state): usize {
  const record = tokenrecord.at(tok.answer + <usize>tok.at);
  const type = record.type;
  let end = afterText(record.text);
  if (record.kind == RECORD_tokenAndLine) {
    const line = textAt(end);
    if (line == 0) return 0;
    Py.SETREF(tokenizeriterobject.at(o).last_line_slot, line);
    end = afterText(end);
  }
  const r = PyTuple_New(5);
  if (r == 0) return 0;
  Tuple.set(r, 0, PyLong_FromLong(type));
  Tuple.set(r, 1, textAt(record.text));
  Tuple.set(r, 2, placeAt(record.start));
  Tuple.set(r, 3, placeAt(record.end));
  Tuple.set(r, 4, Py.NewRef(tokenizeriterobject.at(o).last_line));
  for (let i: isize = 0; i < 4; i++) {
    if (Tuple.get(r, i) == 0) {
      Py.DECREF(r);
      return 0;
    }
  }
  tok.at = <u32>(end - tok.answer);
  if (type == ENDMARKER) tokenizeriterobject.at(o).done = 1;
  return r;
}

/** A number of an error, None for -1. */
function numberOrNone(n: i32): usize {
  return n == -1 ? _Py_NoneStruct : PyLong_FromLong(n);
}

/** Raises the error whose record comes next. */
function raiseError(tok: tok_state): void {
  const record = tokenerror.at(tok.answer + <usize>tok.at);
  const type = record.type;
  const message = afterText(type);
  const text = afterText(message);
  const name = textAt(type);
  const exc = name == 0 ? 0 : PyDict_GetItemWithError(vmRoots.builtins, name);
  Py.XDECREF(name);
  const place = exc == 0 ? 0 : PyTuple_New(6);
  if (place == 0) return;
  Tuple.set(place, 0, PyUnicode_FromLiteral("<string>"));
  Tuple.set(place, 1, numberOrNone(record.lineno));
  Tuple.set(place, 2, numberOrNone(record.offset));
  Tuple.set(place, 3, load<u8>(text) == 0 ? _Py_NoneStruct : textAt(text + 1));
  Tuple.set(place, 4, numberOrNone(record.end_lineno));
  Tuple.set(place, 5, numberOrNone(record.end_offset));
  let made = true;
  for (let i: isize = 0; i < 6; i++) if (Tuple.get(place, i) == 0) made = false;
  const args = made ? PyTuple_New(2) : 0;
  if (args != 0) {
    Tuple.set(args, 0, textAt(message));
    Tuple.set(args, 1, Py.NewRef(place));
    if (Tuple.get(args, 0) != 0) PyErr_SetObject(exc, args);
    Py.DECREF(args);
  }
  Py.DECREF(place);
}

function tokenizeriter_next(o: usize): usize {
  const x = tokenizeriterobject.at(o);
  const tok = tok_state.at(x.tok);
  while (x.done == 0) {
    if (tok.answer != 0) {
      const kind = load<u8>(tok.answer + <usize>tok.at);
      if (kind == RECORD_error) {
        raiseError(tok);
        return 0;
      }
      if (kind != RECORD_more) return takeToken(o, tok);
      if (tok.error != 0) {
        const e = tok.error;
        tok.error = 0;
        PyErr_SetRaisedException(e);
        return 0;
      }
    }
    readLines(tok);
    // Reading may have asked already.
    if (tok.answer != 0 && load<u8>(tok.answer + <usize>tok.at) != RECORD_more) continue;
    // A statement may go over any number of lines.
    if (!ask(tok) || Interrupts.raised()) return 0;
  }
  return PyErr_SetString(PyExc_StopIteration, "EOF");
}

/**
 * @type _tokenize.TokenizerIter
 */

/**
 * @module _tokenize
 */
export function initTokenize(m: usize): i32 {
  const t = collectedType(
    PyTokenizerIter_Type,
    SIZEOF_tokenizeriterobject,
    tokenizeriter_dealloc.index,
    tokenizeriter_traverse.index,
    tokenizeriter_clear.index,
    0,
  );
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = tokenizeriter_next.index;
  t.tp_new = tokenizeriter_new.index;
  if (PyType_Ready(PyTokenizerIter_Type) < 0) return -1;
  return PyModule_AddObjectLiteral(m, "TokenizerIter", PyTokenizerIter_Type);
}
