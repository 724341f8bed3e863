// Where a text stream stands (CPython 3.13's Modules/_io/textio.c, seek() and tell()). A position is a number to go back
// to and nothing else:
//
//   bytes 0           8        12              16              20           21
//         ├ start ────┼ flags ─┼ bytes to feed ┼ chars to skip ┼ end needed ┤
//
// The decoder can begin at byte `start` with `flags` and no bytes kept; from there it is fed, and characters are skipped.
// Mostly all but `start` is 0, and the position is that of a byte.
//
// Invariant: what is decoded to find out a position leaves the decoder as it was.

import { Py_TPFLAGS_BYTES_SUBCLASS } from "../../generated/constants";
import { PyBytesObject, position_cookie, SIZEOF_position_cookie, textio } from "../../generated/layouts";
import { empty_bytes, ID, PyExc_OSError, PyExc_OverflowError, PyExc_TypeError } from "../../generated/statics";
import {
  PyErr_Fail,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_SetRaisedException,
} from "../../objects/errors/raise";
import { Long } from "../../objects/numbers/int/access";
import { _PyLong_AsByteArray, _PyLong_FromByteArray, fitsBytes } from "../../objects/numbers/int/bytes";
import { PyLong_AsLongLong, PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { PyObject_CallMethodOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyNumber_Long } from "../../objects/protocol/number";
import { U } from "../../objects/text/access";
import { Scratch } from "../../thread/scratch";
import { failed } from "./common";
import { decoderFlags, resetDecoder, setDecoderState } from "./textcodec";
import { placeEncoder, readState } from "./textcoders";
import { callBelow, decode, dropDecoded, holdBuffer, setDecoded } from "./textread";

/** How many bytes of a position_cookie make the int. */
const SIZE: isize = 21;

/** The position as an int: new, or null with MemoryError. */
function build(c: usize): usize {
  return _PyLong_FromByteArray(c, SIZE, true, false);
}

/** Takes a position apart into the block at `c`: 0, or -1 with an exception. */
function parse(c: usize, position: usize): i32 {
  const i = PyNumber_Long(position);
  if (i == 0) return -1;
  let status = 0;
  if (Long.isNegative(i)) status = PyErr_Fail(PyExc_OverflowError, "can't convert negative int to unsigned");
  else if (!fitsBytes(i, SIZE, false)) status = PyErr_Fail(PyExc_OverflowError, "int too big to convert");
  else _PyLong_AsByteArray(i, c, SIZE, true);
  Py.DECREF(i);
  return status;
}

/** Puts the decoder where a position begins: 0, or -1 with an exception. */
function setDecoder(self: usize, c: usize): i32 {
  const at = position_cookie.at(c);
  if (at.start_pos == 0 && at.dec_flags == 0) return resetDecoder(self);
  return setDecoderState(self, 0, at.dec_flags);
}

/** How many characters `n` bytes give, which the decoder takes; -1 with an exception. */
function feed(self: usize, p: usize, n: isize, final: bool): isize {
  const text = decode(self, p, n, final);
  if (text == 0) return -1;
  const count = U.length(text);
  Py.DECREF(text);
  return readState(self) < 0 ? -1 : count;
}

function keeps(t: textio): isize {
  return t.undecoded == 0 ? 0 : Py.SIZE(t.undecoded);
}

/** tell(), after what waits was written: a position, or null with an exception. */
export function tellText(self: usize): usize {
  const t = textio.at(self);
  const below = callBelow(self, ID.tell);
  if (below == 0 || !t.readable || t.snapshot == 0) return below;
  const at = PyLong_AsLongLong(below);
  Py.DECREF(below);
  if (at == -1 && failed()) return 0;
  const c = Scratch.take(3);
  memory.fill(c, 0, SIZEOF_position_cookie);
  position_cookie.at(c).start_pos = at - <i64>Py.SIZE(t.snapshot);
  position_cookie.at(c).dec_flags = <i32>t.snapshot_state;
  let r: usize = 0;
  if (t.decoded_chars_used == 0) r = build(c);
  else {
    if (readState(self) < 0) {
      Scratch.give(c);
      return 0;
    }
    // The bytes are held: what handles errors in them may run any code.
    const input = Py.NewRef(t.snapshot);
    const undecoded = Py.XNewRef(t.undecoded);
    const flags = decoderFlags(t);
    const seen = t.seennl;
    if (retrace(self, c, input, t.decoded_chars_used) == 0) r = build(c);
    // What went wrong before counts.
    const exc = PyErr_GetRaisedException();
    const status = setDecoderState(self, undecoded, flags);
    if (exc != 0) PyErr_SetRaisedException(exc);
    else if (status < 0) {
      Py.XDECREF(r);
      r = 0;
    }
    t.seennl = seen;
    Py.DECREF(input);
  }
  Scratch.give(c);
  return r;
}

/**
 * Decodes `input` again until it has given `skip` characters, and writes the nearest position before that where the
 * decoder keeps nothing to `c`: 0, or -1 with an exception.
 */
function retrace(self: usize, c: usize, input: usize, skip: isize): i32 {
  const t = textio.at(self);
  const place = position_cookie.at(c);
  const size = Py.SIZE(input);
  const p = PyBytesObject.at(input).ob_sval;
  // A place near by is guessed from how long the characters are.
  let guess = min<isize>(<isize>(t.b2cratio * <f64>skip), size);
  let back: isize = 1;
  while (guess > 0) {
    if (setDecoder(self, c) < 0) return -1;
    const given = feed(self, p, guess, false);
    if (given < 0) return -1;
    if (given <= skip) {
      const kept = keeps(t);
      if (kept == 0) {
        place.dec_flags = decoderFlags(t);
        skip -= given;
        break;
      }
      guess -= kept;
      back = 1;
    } else {
      guess -= back;
      back *= 2;
    }
  }
  if (guess <= 0) {
    guess = 0;
    if (setDecoder(self, c) < 0) return -1;
  }
  place.start_pos += guess;
  if (skip == 0) return 0;
  // From there byte for byte.
  let given: isize = 0;
  let fed = 0;
  let at = guess;
  for (; at < size; at++) {
    const n = feed(self, p + <usize>at, 1, false);
    if (n < 0) return -1;
    given += n;
    fed++;
    if (keeps(t) == 0 && given <= skip) {
      place.start_pos += fed;
      place.dec_flags = decoderFlags(t);
      skip -= given;
      given = 0;
      fed = 0;
    }
    if (given >= skip) break;
  }
  place.bytes_to_feed = fed;
  place.chars_to_skip = <i32>skip;
  if (at < size) return 0;
  const n = feed(self, p, 0, true);
  if (n < 0) return -1;
  place.need_eof = 1;
  if (given + n >= skip) return 0;
  return PyErr_Fail(PyExc_OSError, "can't reconstruct logical file position");
}

/** Goes to a position, after what waits was written: 0, or -1 with an exception. */
export function seekText(self: usize, position: usize): i32 {
  const c = Scratch.take(3);
  const status = parse(c, position) < 0 ? -1 : goTo(self, c);
  Scratch.give(c);
  return status;
}

function goTo(self: usize, c: usize): i32 {
  const t = textio.at(self);
  const buffer = holdBuffer(self);
  if (buffer == 0) return -1;
  const place = position_cookie.at(c);
  const start = PyLong_FromLongLong(place.start_pos);
  const moved = start == 0 ? 0 : PyObject_CallMethodOneArg(buffer, ID.seek, start);
  Py.XDECREF(start);
  Py.DECREF(buffer);
  if (moved == 0) return -1;
  Py.DECREF(moved);
  dropDecoded(self);
  if (t.readable && setDecoder(self, c) < 0) return -1;
  if (place.chars_to_skip != 0) {
    if (skipTo(self, c) < 0) return -1;
  } else {
    Py.SETREF(t.snapshot_slot, empty_bytes);
    t.snapshot_state = <u64>place.dec_flags;
  }
  const atStart = place.start_pos == 0 && place.dec_flags == 0;
  t.encoding_start_of_stream = atStart ? 1 : 0;
  return placeEncoder(self, atStart);
}

/** Reads the piece that a position is in, and skips to it: 0, or -1 with an exception. */
function skipTo(self: usize, c: usize): i32 {
  const t = textio.at(self);
  const buffer = holdBuffer(self);
  if (buffer == 0) return -1;
  const place = position_cookie.at(c);
  const size = PyLong_FromLong(place.bytes_to_feed);
  const input = size == 0 ? 0 : PyObject_CallMethodOneArg(buffer, ID.read, size);
  Py.XDECREF(size);
  Py.DECREF(buffer);
  if (input == 0) return -1;
  if (!Py.check(input, Py_TPFLAGS_BYTES_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "underlying read() should have returned a bytes object, not '%.200t'", input);
    Py.DECREF(input);
    return -1;
  }
  Py.SETREF(t.snapshot_slot, Py.NewRef(input));
  t.snapshot_state = <u64>place.dec_flags;
  const text = decode(self, PyBytesObject.at(input).ob_sval, Py.SIZE(input), place.need_eof != 0);
  Py.DECREF(input);
  if (text == 0) return -1;
  const skip = place.chars_to_skip;
  setDecoded(self, text);
  if (skip < 0 || U.length(text) < skip) return PyErr_Fail(PyExc_OSError, "can't restore logical file position");
  t.decoded_chars_used = skip;
  return 0;
}
