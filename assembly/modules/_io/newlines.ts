// Universal newlines: "\r" and "\r\n" seen, and where asked turned into "\n", across the borders of the pieces in which
// text arrives. Used by text streams, by StringIO and by IncrementalNewlineDecoder, which is here too (CPython 3.13's
// Modules/_io/textio.c, first part).
//
// The state is two bytes wherever the user keeps them: +0 whether a "\r" at the end of the last piece is being held back
// until it is known what follows, +1 which line ends have been seen.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { newline_state, nldecoder_object, PyTypeObject, SIZEOF_nldecoder_object } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_bytes,
  ID,
  PyExc_TypeError,
  PyExc_ValueError,
  PyIncrementalNewlineDecoder_Type,
} from "../../generated/statics";
import { PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { parseArguments, parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { nldecoder_object_clear, nldecoder_object_traverse } from "../../objects/generated/references";
import { boolObject } from "../../objects/numbers/bool";
import { longMask64, PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import {
  PyObject_CallMethodNoArgs,
  PyObject_CallMethodOneArg,
  PyObject_CallMethodTwoArgs,
} from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { U } from "../../objects/text/access";
import { PyUnicode_Concat, PyUnicode_Substring } from "../../objects/text/concat";
import { latin1Character, PyUnicode_FromLiteral } from "../../objects/text/create";
import { findCharacter } from "../../objects/text/find";
import { Writer, writerDiscard, writerFinish, writeSubstring } from "../../objects/text/format/writer";
import { object_new } from "../../objects/types/base";
import { Scratch } from "../../thread/scratch";
import { none } from "./common";

const SEEN_CR: u8 = 1;
const SEEN_LF: u8 = 2;
const SEEN_CRLF: u8 = 4;

/** Notes which line ends the text has; returns whether it has any "\r". */
function note(text: usize, state: usize): bool {
  const kind = U.kind(text);
  const data = U.data(text);
  const n = U.length(text);
  const told = newline_state.at(state);
  let seen = told.seennl;
  if (findCharacter(kind, data, 0, n, 13) < 0) {
    if (!(seen & SEEN_LF) && findCharacter(kind, data, 0, n, 10) >= 0) told.seennl = seen | SEEN_LF;
    return false;
  }
  for (let j: isize = 0; j < n && seen != 7; j++) {
    const c = U.read(kind, data, j);
    if (c == 10) seen |= SEEN_LF;
    else if (c == 13) {
      if (j + 1 < n && U.read(kind, data, j + 1) == 10) {
        seen |= SEEN_CRLF;
        j++;
      } else seen |= SEEN_CR;
    }
  }
  told.seennl = seen;
  return true;
}

/**
 * Passes a piece of text on: `text` is stolen (null: stays null), the result new. `state` is a newline_state. `final`:
 * nothing follows, so that nothing is held back.
 */
export function decodeNewlines(text: usize, state: usize, translate: bool, final: bool): usize {
  if (text == 0) return 0;
  if (newline_state.at(state).pendingcr && (final || U.length(text) > 0)) {
    const joined = PyUnicode_Concat(latin1Character(13), text);
    Py.DECREF(text);
    if (joined == 0) return 0;
    text = joined;
    newline_state.at(state).pendingcr = 0;
  }
  let n = U.length(text);
  if (!final && n > 0 && U.at(text, n - 1) == 13) {
    const shorter = PyUnicode_Substring(text, 0, n - 1);
    Py.DECREF(text);
    if (shorter == 0) return 0;
    text = shorter;
    n--;
    newline_state.at(state).pendingcr = 1;
  }
  if (n == 0 || !note(text, state) || !translate) return text;
  const kind = U.kind(text);
  const data = U.data(text);
  const w = Writer.begin(n);
  let start: isize = 0;
  while (true) {
    const at = findCharacter(kind, data, start, n, 13);
    const end = at < 0 ? n : at;
    if (writeSubstring(w, text, start, end) < 0) break;
    if (at < 0) {
      Py.DECREF(text);
      return writerFinish(w);
    }
    if (Writer.char(w, 10) < 0) break;
    start = at + 1;
    if (start < n && U.read(kind, data, start) == 10) start++;
  }
  Py.DECREF(text);
  return writerDiscard(w);
}

/** The line ends seen, as the attribute `newlines` shows them: None, a str or a tuple; new. */
export function seenNewlines(seen: u8): usize {
  if (seen == 0) return none();
  const cr = latin1Character(13);
  const lf = latin1Character(10);
  if (seen == SEEN_CR) return cr;
  if (seen == SEEN_LF) return lf;
  const crlf = PyUnicode_FromLiteral("\r\n");
  if (crlf == 0 || seen == SEEN_CRLF) return crlf;
  const r =
    seen == (SEEN_CR | SEEN_LF)
      ? PyTuple_Pack2(cr, lf)
      : seen == (SEEN_CR | SEEN_CRLF)
        ? PyTuple_Pack2(cr, crlf)
        : seen == (SEEN_LF | SEEN_CRLF)
          ? PyTuple_Pack2(lf, crlf)
          : PyTuple_Pack3(cr, lf, crlf);
  Py.DECREF(crlf);
  return r;
}

// IncrementalNewlineDecoder: universal newlines behind any decoder.

function decoder_init(self: usize, args: usize, kwargs: usize): i32 {
  const d = nldecoder_object.at(self);
  const a = Scratch.take(3);
  let r = -1;
  if (parseTupleAndKeywords("IncrementalNewlineDecoder", "decoder translate errors", args, kwargs, a, 2, 3)) {
    const translate = PyObject_IsTrue(Py.item(a, 1));
    if (translate >= 0) {
      Py.SETREF(d.decoder_slot, Py.NewRef(Py.item(a, 0)));
      const errors = Py.item(a, 2);
      Py.SETREF(d.errors_slot, errors == 0 ? ID.strict : Py.NewRef(errors));
      d.translate = <u8>translate;
      d.seennl = 0;
      d.pendingcr = 0;
      r = 0;
    }
  }
  Scratch.give(a);
  return r;
}

function decoder_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  nldecoder_object_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function initialised(d: nldecoder_object): bool {
  if (d.decoder != 0) return true;
  PyErr_SetString(PyExc_ValueError, "IncrementalNewlineDecoder.__init__() not called");
  return false;
}

/**
 * @native _io.IncrementalNewlineDecoder.decode($self, /, input, final=False)
 */
export function decoder_decode(self: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const d = nldecoder_object.at(self);
  if (!initialised(d)) return 0;
  const a = Scratch.take(2);
  let r: usize = 0;
  if (parseArguments("decode", "input final", argv, nargs, kwnames, a, 1, 2)) {
    const final = Py.item(a, 1) == 0 ? 0 : PyObject_IsTrue(Py.item(a, 1));
    if (final >= 0) r = decodeInput(self, Py.item(a, 0), final != 0);
  }
  Scratch.give(a);
  return r;
}

function decodeInput(self: usize, input: usize, final: bool): usize {
  const d = nldecoder_object.at(self);
  const text =
    d.decoder == _Py_NoneStruct
      ? Py.NewRef(input)
      : PyObject_CallMethodTwoArgs(d.decoder, ID.decode, input, boolObject(final));
  if (text == 0) return 0;
  if (!Py.check(text, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "decoder should return a string result, not '%.200t'", text);
    Py.DECREF(text);
    return 0;
  }
  return decodeNewlines(text, d.newlines, d.translate != 0, final);
}

/** Whether it is a tuple of anything and an int, as the state of a decoder is; TypeError with that text where it is not. */
function isState(state: usize, refusal: string): bool {
  if (
    Py.check(state, Py_TPFLAGS_TUPLE_SUBCLASS) &&
    Py.SIZE(state) == 2 &&
    Py.check(Tuple.get(state, 1), Py_TPFLAGS_LONG_SUBCLASS)
  ) {
    return true;
  }
  PyErr_SetString(PyExc_TypeError, refusal);
  return false;
}

/**
 * The state of the decoder behind, with ours in the lowest bit of its flag.
 *
 * @native _io.IncrementalNewlineDecoder.getstate($self, /)
 */
export function decoder_getstate(self: usize, _: usize): usize {
  const d = nldecoder_object.at(self);
  if (!initialised(d)) return 0;
  let buffer = empty_bytes;
  let flag: u64 = 0;
  let state: usize = 0;
  if (d.decoder != _Py_NoneStruct) {
    state = PyObject_CallMethodNoArgs(d.decoder, ID.getstate);
    if (state == 0) return 0;
    if (!isState(state, "illegal decoder state")) {
      Py.DECREF(state);
      return 0;
    }
    buffer = Tuple.get(state, 0);
    flag = longMask64(Tuple.get(state, 1));
  }
  const number = PyLong_FromUnsignedLongLong((flag << 1) | <u64>d.pendingcr);
  const r = number == 0 ? 0 : PyTuple_Pack2(buffer, number);
  Py.XDECREF(number);
  Py.XDECREF(state);
  return r;
}

/**
 * @native _io.IncrementalNewlineDecoder.setstate($self, state, /)
 */
export function decoder_setstate(self: usize, state: usize): usize {
  const d = nldecoder_object.at(self);
  if (!initialised(d)) return 0;
  if (!Py.check(state, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "state argument must be a tuple");
  }
  if (!isState(state, "setstate(): illegal state argument")) return 0;
  const flag = longMask64(Tuple.get(state, 1));
  d.pendingcr = <u8>(flag & 1);
  if (d.decoder == _Py_NoneStruct) return none();
  const rest = PyLong_FromUnsignedLongLong(flag >> 1);
  const inner = rest == 0 ? 0 : PyTuple_Pack2(Tuple.get(state, 0), rest);
  Py.XDECREF(rest);
  if (inner == 0) return 0;
  const r = PyObject_CallMethodOneArg(d.decoder, ID.setstate, inner);
  Py.DECREF(inner);
  return r;
}

/**
 * @native _io.IncrementalNewlineDecoder.reset($self, /)
 */
export function decoder_reset(self: usize, _: usize): usize {
  const d = nldecoder_object.at(self);
  if (!initialised(d)) return 0;
  d.seennl = 0;
  d.pendingcr = 0;
  return d.decoder == _Py_NoneStruct ? none() : PyObject_CallMethodNoArgs(d.decoder, ID.reset);
}

/**
 * @getter _io.IncrementalNewlineDecoder.newlines
 */
export function decoder_newlines(self: usize, _c: usize): usize {
  const d = nldecoder_object.at(self);
  return initialised(d) ? seenNewlines(d.seennl) : 0;
}

/**
 * @type _io.IncrementalNewlineDecoder(decoder, translate, errors='strict')
 *
 * Finds the ends of lines in what a decoder gives, piece by piece.
 *
 * With translate, '\r\n' and '\r' become '\n', in whatever pieces they come; without it they are only noticed, and remembered in newlines. A '\r' at the end of a piece is kept until it is known what follows. The decoder may be None where there already are characters instead. Streams of text use it to read files that come from any of the systems.
 */

export function initNewlineDecoderType(): void {
  const o = PyIncrementalNewlineDecoder_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_nldecoder_object;
  t.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  t.tp_new = object_new.index;
  t.tp_init = decoder_init.index;
  t.tp_dealloc = decoder_dealloc.index;
  t.tp_traverse = nldecoder_object_traverse.index;
  t.tp_clear = nldecoder_object_clear.index;
}
