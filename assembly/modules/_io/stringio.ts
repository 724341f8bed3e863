// StringIO: text in memory (CPython 3.13's Modules/_io/stringio.c). The text is a block of 4-byte characters.
// Deliberate difference: CPython collects what is only written in a narrower buffer first.

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyTypeObject, SIZEOF_stringio, stringio, stringio_dict, stringio_weakreflist } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_string,
  ID,
  PyExc_OSError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyStringIO_Type,
  PyTextIOBase_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Realloc } from "../../memory/pymem";
import { PyDict_Copy, PyDict_Update } from "../../objects/containers/dict/dict";
import { PyTuple_FromArray, Tuple } from "../../objects/containers/tuple";
import { ArgParser, parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { stringio_clear, stringio_traverse } from "../../objects/generated/references";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_AsSsize_t, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { copyCharacters, U } from "../../objects/text/access";
import { PyUnicode_AsUTF8 } from "../../objects/text/codecs/utf8";
import { latin1Character, PyUnicode_FromKindAndData } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { failed, freeStream, leaveStream, none, optionalSize, sizeOrNone } from "./common";
import { defineStream } from "./iobase";
import { decodeNewlines, seenNewlines } from "./newlines";
import { replaceLineEnds } from "./textio";
import { findLineEnd } from "./textread";

const SIZE_MAX: isize = 0x1ffffff0;

function usable(self: usize): bool {
  const s = stringio.at(self);
  if (!s.ok) {
    PyErr_SetString(PyExc_ValueError, "I/O operation on uninitialized object");
    return false;
  }
  if (s.closed) {
    PyErr_SetString(PyExc_ValueError, "I/O operation on closed file");
    return false;
  }
  return true;
}

/** Makes room for `n` characters: 0, or -1 with an exception. */
function reserve(self: usize, n: isize): i32 {
  const s = stringio.at(self);
  if (n <= s.buf_size) return 0;
  if (n > SIZE_MAX) return PyErr_Fail(PyExc_OverflowError, "new buffer size too large");
  const size = n < (s.buf_size * 9) / 8 ? n + (n >> 3) + (n < 9 ? 3 : 6) : n + 1;
  const buf = PyMem_Realloc(s.buf, (<usize>size) << 2);
  if (buf == 0) {
    PyErr_NoMemory();
    return -1;
  }
  s.buf = buf;
  s.buf_size = size;
  return 0;
}

/** Writes a str: 0, or -1 with an exception. */
function writeText(self: usize, text: usize): i32 {
  const s = stringio.at(self);
  let t = Py.NewRef(text);
  if (s.readuniversal) t = decodeNewlines(t, s.newlines, s.readtranslate != 0, true);
  if (t != 0 && s.writenl != 0) {
    const changed = replaceLineEnds(t, s.writenl);
    Py.DECREF(t);
    t = changed;
  }
  if (t == 0) return -1;
  const n = U.length(t);
  const ok = reserve(self, n > SIZE_MAX - s.pos ? SIZE_MAX + 1 : s.pos + n);
  if (ok == 0 && n > 0) {
    // Behind the end there are NUL characters.
    if (s.pos > s.string_size)
      memory.fill(s.buf + ((<usize>s.string_size) << 2), 0, (<usize>(s.pos - s.string_size)) << 2);
    copyCharacters(4, s.buf, s.pos, U.kind(t), U.data(t), 0, n);
    s.pos += n;
    if (s.string_size < s.pos) s.string_size = s.pos;
  }
  Py.DECREF(t);
  return ok;
}

function stringio_init(self: usize, args: usize, kwargs: usize): i32 {
  const a = Scratch.take(2);
  const r = parseTupleAndKeywords("StringIO", "initial_value newline", args, kwargs, a, 0, 2)
    ? initialise(self, Py.item(a, 0), Py.item(a, 1) == 0 ? latin1Character(10) : Py.item(a, 1))
    : -1;
  Scratch.give(a);
  return r;
}

function initialise(self: usize, value: usize, newline: usize): i32 {
  const s = stringio.at(self);
  if (newline != _Py_NoneStruct && !Py.check(newline, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "newline must be str or None, not %.200t", newline);
    return -1;
  }
  const given = newline != _Py_NoneStruct;
  if (given && PyUnicode_AsUTF8(newline) == 0) return -1;
  const n = given ? U.length(newline) : 0;
  const first: u32 = n > 0 ? U.at(newline, 0) : 0;
  if (
    given &&
    n > 0 &&
    !((n == 1 && (first == 10 || first == 13)) || (n == 2 && first == 13 && U.at(newline, 1) == 10))
  ) {
    PyErr_Format(PyExc_ValueError, "illegal newline value: %R", newline);
    return -1;
  }
  if (value != 0 && value != _Py_NoneStruct && !Py.check(value, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "initial_value must be str or None, not %.200t", value);
    return -1;
  }
  s.ok = 0;
  Py.SETREF(s.readnl_slot, given ? Py.NewRef(newline) : 0);
  s.readuniversal = n == 0 ? 1 : 0;
  s.readtranslate = given ? 0 : 1;
  Py.SETREF(s.writenl_slot, first == 13 ? Py.NewRef(newline) : 0);
  s.pendingcr = 0;
  s.seennl = 0;
  s.pos = 0;
  s.string_size = 0;
  s.closed = 0;
  s.ok = 1;
  if (value != 0 && value != _Py_NoneStruct && writeText(self, value) < 0) return -1;
  s.pos = 0;
  return 0;
}

/**
 * @native _io.StringIO.getvalue($self, /)
 *
 * All the text in it, wherever it stands now.
 */
export function stringio_getvalue(self: usize, _: usize): usize {
  if (!usable(self)) return 0;
  const s = stringio.at(self);
  return PyUnicode_FromKindAndData(4, s.buf, s.string_size);
}

/**
 * @native _io.StringIO.read($self, size=-1, /)
 *
 * The next characters, at most size of them.
 *
 * Without a number, or with one that is negative, all that are left. At the end of them there are none.
 */
export function stringio_read(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("read", nargs, 0, 1)) return 0;
  let n = optionalSize(argv, nargs);
  if ((n == -1 && failed()) || !usable(self)) return 0;
  const s = stringio.at(self);
  const left = max<isize>(s.string_size - s.pos, 0);
  if (n < 0 || n > left) n = left;
  const r = PyUnicode_FromKindAndData(4, s.buf + ((<usize>s.pos) << 2), n);
  if (r != 0) s.pos += n;
  return r;
}

function readLine(self: usize, limit: isize): usize {
  const s = stringio.at(self);
  if (s.pos >= s.string_size || limit == 0) return empty_string;
  let n = s.string_size;
  if (limit >= 0 && limit < n - s.pos) n = s.pos + limit;
  const at = findLineEnd(4, s.buf, s.pos, n, s.readtranslate != 0, s.readuniversal != 0, s.readnl);
  const end = at < 0 ? n : at;
  const r = PyUnicode_FromKindAndData(4, s.buf + ((<usize>s.pos) << 2), end - s.pos);
  if (r != 0) s.pos = end;
  return r;
}

/**
 * @native _io.StringIO.readline($self, size=-1, /)
 *
 * The next line, with its end.
 *
 * At the end of the stream it is an empty string.
 */
export function stringio_readline(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("readline", nargs, 0, 1)) return 0;
  const limit = optionalSize(argv, nargs);
  if ((limit == -1 && failed()) || !usable(self)) return 0;
  return readLine(self, limit);
}

function stringio_iternext(self: usize): usize {
  if (!usable(self)) return 0;
  let line: usize;
  if (Py.IS_TYPE(self, PyStringIO_Type)) line = readLine(self, -1);
  else {
    line = PyObject_CallMethodNoArgs(self, ID.readline);
    if (line != 0 && !Py.check(line, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_Format(PyExc_OSError, "readline() should have returned a str object, not '%.200t'", line);
      Py.DECREF(line);
      return 0;
    }
  }
  if (line == 0 || U.length(line) > 0) return line;
  Py.DECREF(line);
  return 0;
}

/**
 * @native _io.StringIO.tell($self, /)
 *
 * At which character it stands.
 */
export function stringio_tell(self: usize, _: usize): usize {
  return usable(self) ? PyLong_FromSsize_t(stringio.at(self).pos) : 0;
}

/**
 * @native _io.StringIO.truncate($self, pos=None, /)
 *
 * Cut the text to a size, by default the current position, and return that.
 *
 * The position stays, even where it is beyond the end then. A larger size does nothing at all here.
 */
export function stringio_truncate(self: usize, pos_: usize): usize {
  let n: isize = 0;
  if (pos_ != _Py_NoneStruct) {
    n = sizeOrNone(pos_);
    if (n == -1 && failed()) return 0;
  }
  if (!usable(self)) return 0;
  const s = stringio.at(self);
  if (pos_ == _Py_NoneStruct) n = s.pos;
  if (n < 0) return PyErr_Format(PyExc_ValueError, "Negative size value %d", n);
  if (n < s.string_size) s.string_size = n;
  return PyLong_FromSsize_t(n);
}

/**
 * @native _io.StringIO.seek($self, pos, whence=0, /)
 *
 * Go to another position, and return it.
 *
 * It is counted in characters from where whence says: 0, the default, from the beginning, not negative; 1 from the current position and 2 from the end, where only 0 is allowed. Beyond the end there is nothing, but zeros are written.
 */
export function stringio_seek(self: usize, to: isize, whence: i32): usize {
  if (!usable(self)) return 0;
  const s = stringio.at(self);
  if (whence < 0 || whence > 2) {
    return PyErr_Format(PyExc_ValueError, "Invalid whence (%d, should be 0, 1 or 2)", whence);
  }
  if (to < 0 && whence == 0) return PyErr_Format(PyExc_ValueError, "Negative seek position %d", to);
  if (to > SIZE_MAX) return PyErr_SetString(PyExc_OverflowError, "new position too large");
  if (whence != 0 && to != 0) return PyErr_SetString(PyExc_OSError, "Can't do nonzero cur-relative seeks");
  if (whence != 1) s.pos = whence == 0 ? to : s.string_size;
  return PyLong_FromSsize_t(s.pos);
}

/**
 * @native _io.StringIO.write($self, s, /)
 *
 * Write a text at the position, and return how many characters it has.
 *
 * What has stood there is written over by it.
 */
export function stringio_write(self: usize, text: usize): usize {
  if (!stringio.at(self).ok) {
    usable(self);
    return 0;
  }
  if (!Py.check(text, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "string argument expected, got '%.200t'", text);
  }
  if (!usable(self)) return 0;
  if (U.length(text) > 0 && writeText(self, text) < 0) return 0;
  return PyLong_FromSsize_t(U.length(text));
}

/**
 * @native _io.StringIO.close($self, /)
 *
 * End it, and free what it has.
 *
 * Afterwards to read, to write or to ask for the text is a ValueError. To close it again does nothing, as with all streams.
 */
export function stringio_close(self: usize, _: usize): usize {
  const s = stringio.at(self);
  s.closed = 1;
  release(self);
  return none();
}

function release(self: usize): void {
  const s = stringio.at(self);
  if (s.buf != 0) PyMem_Free(s.buf);
  s.buf = 0;
  s.buf_size = 0;
  s.string_size = 0;
}

/**
 * @native _io.StringIO.seekable($self, /)
 *
 * Whether it has positions: as long as it is open.
 *
 * @native _io.StringIO.readable($self, /)
 *
 * Whether it can be read from: as long as open.
 *
 * @native _io.StringIO.writable($self, /)
 *
 * Whether it can be written to: as long as open.
 */
export function stringio_yes(self: usize, _: usize): usize {
  return usable(self) ? boolObject(true) : 0;
}

/**
 * @getter _io.StringIO.closed
 */
export function stringio_closed(self: usize, _c: usize): usize {
  return boolObject(stringio.at(self).closed != 0);
}

/**
 * @getter _io.StringIO.line_buffering
 */
export function stringio_line_buffering(self: usize, _c: usize): usize {
  return usable(self) ? boolObject(false) : 0;
}

/**
 * @getter _io.StringIO.newlines
 */
export function stringio_newlines(self: usize, _c: usize): usize {
  if (!usable(self)) return 0;
  const s = stringio.at(self);
  return s.readuniversal ? seenNewlines(s.seennl) : none();
}

/**
 * (text, newline, position, dict).
 *
 * @native _io.StringIO.__getstate__($self, /)
 */
export function stringio_getstate(self: usize, _: usize): usize {
  const value = stringio_getvalue(self, 0);
  if (value == 0) return 0;
  const s = stringio.at(self);
  const position = PyLong_FromSsize_t(s.pos);
  const dict = s.dict == 0 ? none() : PyDict_Copy(s.dict);
  const a = Scratch.take(4);
  Py.setItem(a, 0, value);
  Py.setItem(a, 1, s.readnl == 0 ? _Py_NoneStruct : s.readnl);
  Py.setItem(a, 2, position);
  Py.setItem(a, 3, dict);
  const r = position == 0 || dict == 0 ? 0 : PyTuple_FromArray(a, 4);
  Scratch.give(a);
  Py.DECREF(value);
  Py.XDECREF(position);
  Py.XDECREF(dict);
  return r;
}

/**
 * @native _io.StringIO.__setstate__($self, state, /)
 */
export function stringio_setstate(self: usize, state: usize): usize {
  // One that __init__ has not seen may be given a state.
  if (stringio.at(self).closed) return PyErr_SetString(PyExc_ValueError, "I/O operation on closed file");
  if (!Py.check(state, Py_TPFLAGS_TUPLE_SUBCLASS) || Py.SIZE(state) < 4) {
    return PyErr_Format(PyExc_TypeError, "%.200t.__setstate__ argument should be 4-tuple, got %.200t", self, state);
  }
  // Which line ends the text has is found out again; it is taken as it is, as they were translated when it was written.
  const text = Tuple.get(state, 0);
  if (initialise(self, text, Tuple.get(state, 1)) < 0) return 0;
  const s = stringio.at(self);
  if (text != _Py_NoneStruct) {
    if (reserve(self, U.length(text)) < 0) return 0;
    copyCharacters(4, s.buf, 0, U.kind(text), U.data(text), 0, U.length(text));
    s.string_size = U.length(text);
  }
  const position = Tuple.get(state, 2);
  if (!Py.check(position, Py_TPFLAGS_LONG_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "third item of state must be an integer, got %.200t", position);
  }
  const to = PyLong_AsSsize_t(position);
  if (to == -1 && failed()) return 0;
  if (to < 0) return PyErr_SetString(PyExc_ValueError, "position value cannot be negative");
  s.pos = to;
  return restoreDict(stringio.at(self).dict_slot, Tuple.get(state, 3), "fourth");
}

/** Puts the attributes of a pickled stream back in the slot of its dict: None, or null with an exception. */
export function restoreDict(slot: usize, dict: usize, which: string): usize {
  if (dict == _Py_NoneStruct) return none();
  if (!Py.check(dict, Py_TPFLAGS_DICT_SUBCLASS)) {
    const name = changetype<usize>(which);
    return PyErr_Format(PyExc_TypeError, "%L item of state should be a dict, got a %.200t", name, dict);
  }
  const own = load<u32>(slot);
  if (own == 0) {
    store<u64>(slot, Py.NewRef(dict));
    return none();
  }
  Py.INCREF(own);
  const status = PyDict_Update(own, dict);
  Py.DECREF(own);
  return status < 0 ? 0 : none();
}

/** A StringIO is not closed when it dies; one of a subclass is, by the subclass's deallocator. */
function stringio_dealloc(self: usize): void {
  const s = stringio.at(self);
  s.ok = 0;
  leaveStream(self);
  release(self);
  Py.CLEAR(s.readnl_slot);
  Py.CLEAR(s.writenl_slot);
  freeStream(self);
}

function stringio_new(type: usize, _args: usize, _kwargs: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}

/**
 * @type _io.StringIO(initial_value='', newline='\n')
 * @order close getvalue read readline tell truncate seek write seekable readable writable __getstate__
 * @order __setstate__ closed newlines line_buffering
 *
 * A stream of text that lies in the memory and not in a file.
 *
 * At the beginning it has initial_value in it. The ends of lines are what newline says, as for TextIOWrapper.
 */

export function initStringIOType(): void {
  const o = PyStringIO_Type;
  const t = PyTypeObject.at(o);
  defineStream(o, PyTextIOBase_Type, SIZEOF_stringio, stringio_dict, stringio_weakreflist);
  t.tp_new = stringio_new.index;
  t.tp_init = stringio_init.index;
  t.tp_dealloc = stringio_dealloc.index;
  t.tp_traverse = stringio_traverse.index;
  t.tp_clear = stringio_clear.index;
  t.tp_iternext = stringio_iternext.index;
}
