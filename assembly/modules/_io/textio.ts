// TextIOWrapper: text over a buffered stream (CPython 3.13's Modules/_io/textio.c). Writing and everything but reading,
// which is in textread.ts.
//
//   text ─► newlines ─► encode ─► pending_bytes ─► buffer.write          decoded_chars ◄─ newlines ◄─ decode ◄─ buffer
//
// pending_bytes is a block of chunk_size bytes with pending_bytes_count in it (in CPython a list of the pieces). The stream
// below may run any code, which may write to this one, detach it or initialise it anew: it is held while it is called,
// what is handed to it belongs to the caller, and fields are read again after the call.

import { Py_TPFLAGS_UNICODE_SUBCLASS, SEEK_CUR, SEEK_END, SEEK_SET } from "../../generated/constants";
import {
  fileio,
  PyBytesObject,
  PyTypeObject,
  SIZEOF_textio,
  textio,
  textio_dict,
  textio_weakreflist,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyBufferedRandom_Type,
  PyBufferedWriter_Type,
  PyExc_AttributeError,
  PyExc_OSError,
  PyExc_RuntimeError,
  PyExc_SystemError,
  PyExc_LookupError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFileIO_Type,
  PyTextIOBase_Type,
  PyTextIOWrapper_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { newBytes, PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyDict_GetItemWithError } from "../../objects/containers/dict/dict";
import {
  ArgParser,
  badArgument,
  intArgument,
  parseArguments,
  parseTupleAndKeywords,
  ssizeArgument,
  utf8Argument,
} from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { textio_clear, textio_traverse } from "../../objects/generated/references";
import { Long } from "../../objects/numbers/int/access";
import { longOverflow, PyLong_FromLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import {
  PyObject_CallMethodNoArgs,
  PyObject_CallMethodOneArg,
  PyObject_CallMethodTwoArgs,
} from "../../objects/object/call";
import { Py_EQ, Py_LT } from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../objects/object/reprguard";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue, PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { PyNumber_Index } from "../../objects/protocol/number";
import { U } from "../../objects/text/access";
import { checkCodecNames } from "../../objects/text/codecs/decode";
import { PyUnicode_AsUTF8 } from "../../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { findCharacter } from "../../objects/text/find";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Writer, writerDiscard, writerFinish, writeStr, writeSubstring } from "../../objects/text/format/writer";
import { Scratch } from "../../thread/scratch";
import { buffered_writeBytes } from "./buffered";
import {
  attributeIsTrue,
  callForEffect,
  chainExceptions,
  closedError,
  DEFAULT_BUFFER_SIZE,
  failed,
  freeStream,
  leaveStream,
  methodIsTrue,
  none,
  optionalSize,
  unsupported,
  warnUnclosed,
} from "./common";
import { defineStream, finalizeStream } from "./iobase";
import { seenNewlines } from "./newlines";
import { warnOfDefaultEncoding } from "./open";
import { asciiIsItself, beginDecoder, beginsWithMark, encodeText, lookupCodec, resetDecoder } from "./textcodec";
import { makeCoders, placeEncoder } from "./textcoders";
import { seekText, tellText } from "./textposition";
import { callBelow, dropDecoded, holdBuffer, readLineText, readText } from "./textread";

/** Whether the stream was initialised; otherwise false with ValueError. */
function checkInitialised(self: usize): bool {
  if (textio.at(self).ok) return true;
  PyErr_SetString(PyExc_ValueError, "I/O operation on uninitialized object");
  return false;
}

/** Whether the stream was initialised and not detached; otherwise false with ValueError. */
function checkAttached(self: usize): bool {
  if (!checkInitialised(self)) return false;
  if (!textio.at(self).detached) return true;
  PyErr_SetString(PyExc_ValueError, "underlying buffer has been detached");
  return false;
}

function isNativeWriter(buffer: usize): bool {
  return Py.IS_TYPE(buffer, PyBufferedWriter_Type) || Py.IS_TYPE(buffer, PyBufferedRandom_Type);
}

/** Whether the stream is attached and open; otherwise false with ValueError. A subclass may know better. */
function checkOpen(self: usize): bool {
  if (!checkAttached(self)) return false;
  const asked = Py.IS_TYPE(self, PyTextIOWrapper_Type) ? holdBuffer(self) : Py.NewRef(self);
  if (asked == 0) return false;
  const closed = attributeIsTrue(asked, ID.closed);
  Py.DECREF(asked);
  if (closed > 0) closedError();
  return closed == 0;
}

// Making.

/** A str argument without a NUL, that may be None or left out: true; otherwise false with TypeError, ValueError. */
function optionalText(v: usize, fname: string, argument: string): bool {
  if (v == 0 || v == _Py_NoneStruct) return true;
  return utf8Argument(v, fname, argument, "str or None");
}

/** An argument of reconfigure() that is a str, with a NUL where it likes, None or left out: otherwise false with an exception. */
function optionalStr(v: usize, argument: string): bool {
  if (v == 0 || v == _Py_NoneStruct) return true;
  if (Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS)) return PyUnicode_AsUTF8(v) != 0;
  badArgument("reconfigure", argument, "str or None", v);
  return false;
}

function hasNul(v: usize): bool {
  return findCharacter(U.kind(v), U.data(v), 0, U.length(v), 0) >= 0;
}

/** A flag of reconfigure(), which is an int; `before` where it is None or left out; -1 with an exception. */
function optionalFlag(v: usize, before: i32): i32 {
  if (v == 0 || v == _Py_NoneStruct) return before;
  const n = PyNumber_Index(v);
  if (n == 0) return -1;
  const overflows = longOverflow(n) != 0;
  const isTrue = Long.sign(n) != 0;
  Py.DECREF(n);
  if (overflows) return PyErr_Fail(PyExc_OverflowError, "Python int too large to convert to C long");
  return isTrue ? 1 : 0;
}

/** Whether the value is one of those that newline= takes: None, "", "\n", "\r", "\r\n". */
function checkNewline(v: usize): bool {
  if (v == 0 || v == _Py_NoneStruct) return true;
  const n = U.length(v);
  if (n == 0) return true;
  const c = U.at(v, 0);
  if (n == 1 && (c == 10 || c == 13)) return true;
  if (n == 2 && c == 13 && U.at(v, 1) == 10) return true;
  PyErr_Format(PyExc_ValueError, "illegal newline value: %U", v);
  return false;
}

/** Takes over the value of newline=. */
function setNewline(self: usize, v: usize): void {
  const t = textio.at(self);
  const given = v != 0 && v != _Py_NoneStruct;
  Py.SETREF(t.readnl_slot, given ? Py.NewRef(v) : 0);
  t.readuniversal = !given || U.length(v) == 0 ? 1 : 0;
  t.readtranslate = given ? 0 : 1;
  t.writetranslate = !given || U.length(v) != 0 ? 1 : 0;
  // "\n" stays as it is.
  const changes = given && U.length(v) != 0 && !(U.length(v) == 1 && U.at(v, 0) == 10);
  Py.SETREF(t.writenl_slot, changes ? Py.NewRef(v) : 0);
}

function textiowrapper_init(self: usize, args: usize, kwargs: usize): i32 {
  const a = Scratch.take(6);
  const names = "buffer encoding errors newline line_buffering write_through";
  const r = parseTupleAndKeywords("TextIOWrapper", names, args, kwargs, a, 1, 6) ? initialise(self, a) : -1;
  Scratch.give(a);
  return r;
}

function initialise(self: usize, a: usize): i32 {
  const t = textio.at(self);
  t.ok = 0;
  t.detached = 0;
  const encoding = Py.item(a, 1);
  const errors = Py.item(a, 2);
  const newline = Py.item(a, 3);
  if (!optionalText(encoding, "TextIOWrapper", "argument 'encoding'")) return -1;
  if (!optionalText(errors, "TextIOWrapper", "argument 'errors'")) return -1;
  if (!optionalText(newline, "TextIOWrapper", "argument 'newline'")) return -1;
  const noEncoding = encoding == 0 || encoding == _Py_NoneStruct;
  if (noEncoding && !warnOfDefaultEncoding(1)) return -1;
  if (errors != 0 && errors != _Py_NoneStruct && !checkCodecNames(0, errors)) return -1;
  if (!checkNewline(newline)) return -1;
  const lineBuffering = Py.item(a, 4) == 0 ? 0 : PyObject_IsTrue(Py.item(a, 4));
  const writeThrough = Py.item(a, 5) == 0 ? 0 : PyObject_IsTrue(Py.item(a, 5));
  if (lineBuffering < 0 || writeThrough < 0) return -1;
  if (setEncoding(self, encoding, errors) < 0) return -1;
  if (t.pending_bytes != 0) {
    PyMem_Free(t.pending_bytes);
    t.pending_bytes = 0;
  }
  t.pending_bytes_count = 0;
  dropDecoded(self);
  setNewline(self, newline);
  t.line_buffering = <u8>lineBuffering;
  t.write_through = <u8>writeThrough;
  t.chunk_size = DEFAULT_BUFFER_SIZE;
  const buffer = Py.item(a, 0);
  Py.SETREF(t.buffer_slot, Py.NewRef(buffer));
  const readable = methodIsTrue(buffer, ID.readable);
  if (readable < 0) return -1;
  const writable = methodIsTrue(buffer, ID.writable);
  if (writable < 0) return -1;
  const seekable = methodIsTrue(buffer, ID.seekable);
  if (seekable < 0) return -1;
  t.readable = <u8>readable;
  t.writable = <u8>writable;
  t.seekable = <u8>seekable;
  t.telling = <u8>seekable;
  t.b2cratio = 0;
  if (makeCoders(self) < 0) return -1;
  beginDecoder(self);
  t.encoding_start_of_stream = 1;
  if (markWhereDue(self) < 0) return -1;
  t.ok = 1;
  return 0;
}

/** Finds out whether what is written next begins the stream, so that it gets the encoding's mark: -1 on failure. */
function markWhereDue(self: usize): i32 {
  const t = textio.at(self);
  if (!t.seekable || !t.writable) return 0;
  t.encoding_start_of_stream = 1;
  const at = callBelow(self, ID.tell);
  if (at == 0) return -1;
  const atStart = PyObject_RichCompareBool(at, Long.small(0), Py_EQ);
  Py.DECREF(at);
  if (atStart < 0) return -1;
  t.encoding_start_of_stream = <u8>atStart;
  return atStart ? 0 : placeEncoder(self, false);
}

/** Takes over encoding and error handler (null or None: UTF-8, strict); -1 with LookupError. */
function setEncoding(self: usize, encoding: usize, errors: usize): i32 {
  const t = textio.at(self);
  let name: usize;
  if (encoding == 0 || encoding == _Py_NoneStruct || PyUnicode_EqualToLiteral(encoding, "locale")) {
    name = PyUnicode_FromLiteral("UTF-8");
  } else name = Py.NewRef(encoding);
  if (name == 0) return -1;
  const codec = lookupCodec(name);
  if (codec == 0) {
    Py.DECREF(name);
    return -1;
  }
  t.codec = codec;
  Py.SETREF(t.encoding_slot, name);
  Py.SETREF(t.errors_slot, errors == 0 || errors == _Py_NoneStruct ? ID.strict : Py.NewRef(errors));
  return 0;
}

/**
 * @native _io.TextIOWrapper.reconfigure($self, /, *, encoding=None, errors=None, newline=None,
 *             line_buffering=None, write_through=None)
 *
 * Change how it converts, from here on; what is not given stays.
 *
 * What has been written goes out first.
 */
export function textiowrapper_reconfigure(self: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(5);
  const names = "encoding errors newline line_buffering write_through";
  const ok = parseArguments("reconfigure", names, argv, nargs, kwnames, a, 0, 0) && reconfigure(self, a) == 0;
  Scratch.give(a);
  return ok ? none() : 0;
}

function reconfigure(self: usize, a: usize): i32 {
  if (!checkAttached(self)) return -1;
  const t = textio.at(self);
  const encoding = Py.item(a, 0);
  const errors = Py.item(a, 1);
  const newline = Py.item(a, 2);
  if (!optionalStr(encoding, "argument 'encoding'") || !optionalStr(errors, "argument 'errors'")) return -1;
  if (encoding != 0 && encoding != _Py_NoneStruct && hasNul(encoding)) {
    PyErr_Format(PyExc_LookupError, "unknown encoding: %s", PyUnicode_AsUTF8(encoding));
    return -1;
  }
  if (!optionalStr(newline, "argument 'newline'") || !checkNewline(newline)) return -1;
  const newEncoding = encoding != 0 && encoding != _Py_NoneStruct;
  const newErrors = errors != 0 && errors != _Py_NoneStruct;
  if (t.decoded_chars != 0 && (newEncoding || newErrors || newline != 0)) {
    unsupported("It is not possible to set the encoding or newline of stream after the first read");
    return -1;
  }
  const lineBuffering = optionalFlag(Py.item(a, 3), t.line_buffering);
  if (lineBuffering < 0) return -1;
  const writeThrough = optionalFlag(Py.item(a, 4), t.write_through);
  if (writeThrough < 0 || callForEffect(self, ID.flush) < 0) return -1;
  if (newEncoding || newErrors) {
    // A new encoding starts with a strict handler, a new handler keeps the encoding.
    const handler = newErrors ? errors : newEncoding ? 0 : t.errors;
    if (setEncoding(self, newEncoding ? encoding : t.encoding, handler) < 0 || makeCoders(self) < 0) return -1;
    // An encoder of its own begins anew, whatever was written before.
    if (beginsWithMark(t.codec)) t.encoding_start_of_stream = 1;
  }
  t.b2cratio = 0;
  if (newline != 0) setNewline(self, newline);
  if (newEncoding || newErrors || newline != 0) {
    if (resetDecoder(self) < 0 || markWhereDue(self) < 0) return -1;
  }
  t.line_buffering = <u8>lineBuffering;
  t.write_through = <u8>writeThrough;
  return 0;
}

// Writing.

/** Hands bytes of the caller's to the stream below: 0, or -1 with an exception. */
function writeBelow(self: usize, p: usize, n: isize): i32 {
  const buffer = holdBuffer(self);
  if (buffer == 0) return -1;
  let status = -1;
  if (isNativeWriter(buffer)) status = buffered_writeBytes(buffer, p, n);
  else {
    const bytes = PyBytes_FromStringAndSize(p, n);
    const r = bytes == 0 ? 0 : PyObject_CallMethodOneArg(buffer, ID.write, bytes);
    Py.XDECREF(bytes);
    Py.XDECREF(r);
    if (r != 0) status = 0;
  }
  Py.DECREF(buffer);
  return status;
}

/** Hands on what waits: 0, or -1 with an exception. What is written meanwhile waits in another block. */
function flushPending(self: usize): i32 {
  const t = textio.at(self);
  const n = t.pending_bytes_count;
  if (n == 0) return 0;
  const block = t.pending_bytes;
  const size = t.chunk_size;
  t.pending_bytes = 0;
  t.pending_bytes_count = 0;
  const status = writeBelow(self, block, n);
  if (t.pending_bytes == 0 && t.chunk_size == size) t.pending_bytes = block;
  else PyMem_Free(block);
  return status;
}

/** Appends encoded text of the caller's to what waits, which goes on when it is a chunk: 0, or -1 with an exception. */
function appendPending(self: usize, p: usize, n: isize): i32 {
  const t = textio.at(self);
  if (n >= t.chunk_size) {
    while (t.pending_bytes_count > 0) if (flushPending(self) < 0) return -1;
    return writeBelow(self, p, n);
  }
  const waits = t.pending_bytes_count;
  if (waits + n >= t.chunk_size) {
    const joined = newBytes(waits + n);
    if (joined == 0) return -1;
    const to = PyBytesObject.at(joined).ob_sval;
    memory.copy(to, t.pending_bytes, <usize>waits);
    memory.copy(to + <usize>waits, p, <usize>n);
    t.pending_bytes_count = 0;
    const status = writeBelow(self, to, waits + n);
    Py.DECREF(joined);
    return status;
  }
  if (t.pending_bytes == 0) {
    t.pending_bytes = PyMem_Malloc(<usize>t.chunk_size);
    if (t.pending_bytes == 0) {
      PyErr_NoMemory();
      return -1;
    }
  }
  memory.copy(t.pending_bytes + <usize>waits, p, <usize>n);
  t.pending_bytes_count = waits + n;
  return 0;
}

/** `text` with every "\n" replaced; new, or null with MemoryError. */
export function replaceLineEnds(text: usize, by: usize): usize {
  const n = U.length(text);
  const kind = U.kind(text);
  const data = U.data(text);
  const w = Writer.begin(n);
  let start: isize = 0;
  while (true) {
    const at = findCharacter(kind, data, start, n, 10);
    if (writeSubstring(w, text, start, at < 0 ? n : at) < 0) return writerDiscard(w);
    if (at < 0) return writerFinish(w);
    if (writeStr(w, by) < 0) return writerDiscard(w);
    start = at + 1;
  }
}

/** Flushes the stream below: 0, or -1 with an exception. */
function flushBelow(self: usize): i32 {
  const r = callBelow(self, ID.flush);
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

/** Encodes and appends: 0, or -1 with an exception. */
function appendText(self: usize, text: usize): i32 {
  const t = textio.at(self);
  if (U.isAscii(text) && asciiIsItself(t.codec)) {
    t.encoding_start_of_stream = 0;
    return appendPending(self, U.data(text), U.length(text));
  }
  const bytes = encodeText(self, text);
  if (bytes == 0) return -1;
  const r = appendPending(self, PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
  Py.DECREF(bytes);
  return r;
}

/**
 * write(): `text` is known to be a str. The number of characters as an int; null with an exception.
 *
 * @native _io.TextIOWrapper.write($self, text, /)
 */
export function textiowrapper_write(self: usize, text: usize): usize {
  if (!checkAttached(self)) return 0;
  if (!Py.check(text, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "write() argument must be str, not %.200t", text);
  }
  if (!checkOpen(self)) return 0;
  const t = textio.at(self);
  if (!t.writable) return unsupported("not writable");
  const n = U.length(text);
  const kind = U.kind(text);
  const data = U.data(text);
  const translates = t.writetranslate && t.writenl != 0;
  const hasLF = (t.line_buffering || translates) && findCharacter(kind, data, 0, n, 10) >= 0;
  const endsLine = t.line_buffering && (hasLF || findCharacter(kind, data, 0, n, 13) >= 0);
  let r: i32;
  if (hasLF && translates) {
    const changed = replaceLineEnds(text, t.writenl);
    if (changed == 0) return 0;
    r = appendText(self, changed);
    Py.DECREF(changed);
  } else r = appendText(self, text);
  if (r < 0) return 0;
  if ((t.write_through || endsLine) && flushPending(self) < 0) return 0;
  if (endsLine && flushBelow(self) < 0) return 0;
  if (t.snapshot != 0) dropDecoded(self);
  if (t.readable && resetDecoder(self) < 0) return 0;
  return PyLong_FromSsize_t(n);
}

// Reading.

/**
 * @native _io.TextIOWrapper.read($self, size=-1, /)
 */
export function textiowrapper_read(self: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("read", nargs, 0, 1)) return 0;
  const n = optionalSize(argv, nargs);
  if (n == -1 && failed()) return 0;
  if (!checkOpen(self)) return 0;
  if (!textio.at(self).readable) return unsupported("not readable");
  return flushPending(self) < 0 ? 0 : readText(self, n);
}

/**
 * @native _io.TextIOWrapper.readline($self, size=-1, /)
 */
export function textiowrapper_readline(self: usize, limit: isize): usize {
  return checkOpen(self) && flushPending(self) == 0 ? readLineText(self, limit < 0 ? -1 : limit) : 0;
}

function textiowrapper_iternext(self: usize): usize {
  if (!checkAttached(self)) return 0;
  const t = textio.at(self);
  t.telling = 0;
  let line: usize;
  if (Py.IS_TYPE(self, PyTextIOWrapper_Type)) {
    line = checkOpen(self) && flushPending(self) == 0 ? readLineText(self, -1) : 0;
  } else {
    line = PyObject_CallMethodNoArgs(self, ID.readline);
    if (line != 0 && !Py.check(line, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_Format(PyExc_OSError, "readline() should have returned a str object, not '%.200t'", line);
      Py.DECREF(line);
      return 0;
    }
  }
  if (line == 0 || U.length(line) > 0) return line;
  // The end: positions can be told again.
  Py.CLEAR(t.snapshot_slot);
  t.telling = t.seekable;
  Py.DECREF(line);
  return 0;
}

// Positions.

/**
 * @native _io.TextIOWrapper.tell($self, /)
 *
 * At which position it stands, as a number to be given to seek().
 *
 * Nothing else can be told from it: it has the state of the decoder in it.
 */
export function textiowrapper_tell(self: usize, _: usize): usize {
  if (!checkOpen(self)) return 0;
  const t = textio.at(self);
  if (!t.seekable) return unsupported("underlying stream is not seekable");
  if (!t.telling) return PyErr_SetString(PyExc_OSError, "telling position disabled by next() call");
  if (flushPending(self) < 0 || callForEffect(self, ID.flush) < 0) return 0;
  return tellText(self);
}

/**
 * @native _io.TextIOWrapper.seek($self, cookie, whence=os.SEEK_SET, /)
 *
 * Go to another position, and return it.
 *
 *   cookie
 *     0, or what tell() has returned.
 *   whence
 *     0, or os.SEEK_SET, the default: from the beginning.
 *     1, or os.SEEK_CUR: from the current position, where only 0 is allowed, which does nothing.
 *     2, or os.SEEK_END: from the end, where only 0 is allowed.
 *
 * A position is not a number of characters, as these take different numbers of bytes, and as a decoder may be in a state of its own between them: the number that tell() gives has all that in it. What has been written goes out first, and the decoder starts anew.
 */
export function textiowrapper_seek(self: usize, cookie: usize, whence_: usize): usize {
  let whence = SEEK_SET;
  if (whence_ != 0) {
    whence = intArgument(whence_);
    if (whence == -1 && failed()) return 0;
  }
  if (!checkOpen(self)) return 0;
  if (!textio.at(self).seekable) return unsupported("underlying stream is not seekable");
  if (whence == SEEK_SET) return seekTo(self, Py.NewRef(cookie));
  if (whence != SEEK_CUR && whence != SEEK_END) {
    return PyErr_Format(PyExc_ValueError, "invalid whence (%d, should be 0, 1 or 2)", whence);
  }
  const zero = PyObject_RichCompareBool(cookie, Long.small(0), Py_EQ);
  if (zero < 0) return 0;
  if (whence == SEEK_CUR) {
    if (!zero) return unsupported("can't do nonzero cur-relative seeks");
    const here = PyObject_CallMethodNoArgs(self, ID.tell);
    return here == 0 ? 0 : seekTo(self, here);
  }
  return zero ? seekToEnd(self) : unsupported("can't do nonzero end-relative seeks");
}

/** Goes to a position (stolen), which is returned; null with an exception. */
function seekTo(self: usize, cookie: usize): usize {
  const negative = PyObject_RichCompareBool(cookie, Long.small(0), Py_LT);
  if (negative > 0) PyErr_Format(PyExc_ValueError, "negative seek position %R", cookie);
  if (negative == 0 && callForEffect(self, ID.flush) == 0 && seekText(self, cookie) == 0) return cookie;
  Py.DECREF(cookie);
  return 0;
}

function seekToEnd(self: usize): usize {
  if (callForEffect(self, ID.flush) < 0) return 0;
  const t = textio.at(self);
  dropDecoded(self);
  if (t.readable && resetDecoder(self) < 0) return 0;
  const buffer = holdBuffer(self);
  if (buffer == 0) return 0;
  const end = PyLong_FromLong(SEEK_END);
  const r = end == 0 ? 0 : PyObject_CallMethodTwoArgs(buffer, ID.seek, Long.small(0), end);
  Py.XDECREF(end);
  Py.DECREF(buffer);
  if (r == 0 || !t.writable) return r;
  const atStart = PyObject_RichCompareBool(r, Long.small(0), Py_EQ);
  if (atStart >= 0) {
    t.encoding_start_of_stream = <u8>atStart;
    if (placeEncoder(self, atStart != 0) == 0) return r;
  }
  Py.DECREF(r);
  return 0;
}

/**
 * @native _io.TextIOWrapper.truncate($self, pos=None, /)
 */
export function textiowrapper_truncate(self: usize, pos: usize): usize {
  if (!checkAttached(self)) return 0;
  if (callForEffect(self, ID.flush) < 0) return 0;
  const buffer = holdBuffer(self);
  if (buffer == 0) return 0;
  const r = PyObject_CallMethodOneArg(buffer, ID.truncate, pos);
  Py.DECREF(buffer);
  return r;
}

// Closing.

const DETACHED_TWICE = "<method 'detach' of '%.200t' objects> returned NULL without setting an exception";

/**
 * Whether to flush a stream would do nothing: it is text over a descriptor without a buffer, none waits, and both flush as
 * their classes do. Runs no Python.
 */
export function isFlushed(stream: usize): bool {
  if (Py.TYPE(stream) != PyTextIOWrapper_Type) return false;
  const t = textio.at(stream);
  const raw = t.buffer;
  if (t.pending_bytes_count != 0 || raw == 0 || Py.TYPE(raw) != PyFileIO_Type) return false;
  return !hasOwnFlush(t.dict) && !hasOwnFlush(fileio.at(raw).dict);
}

/** Whether a stream's attributes, null without any, have a function in the place of the class's. */
function hasOwnFlush(dict: usize): bool {
  return dict != 0 && PyDict_GetItemWithError(dict, ID.flush) != 0;
}

/**
 * @native _io.TextIOWrapper.flush($self, /)
 */
export function textiowrapper_flush(self: usize, _: usize): usize {
  if (!checkOpen(self)) return 0;
  const t = textio.at(self);
  t.telling = t.seekable;
  return flushPending(self) < 0 ? 0 : callBelow(self, ID.flush);
}

/**
 * @native _io.TextIOWrapper.close($self, /)
 */
export function textiowrapper_close(self: usize, _: usize): usize {
  if (!checkAttached(self)) return 0;
  const buffer = holdBuffer(self);
  if (buffer == 0) return 0;
  const closed = attributeIsTrue(buffer, ID.closed);
  if (closed == 0 && textio.at(self).finalizing) warnUnclosed(buffer, self);
  Py.DECREF(buffer);
  if (closed != 0) return closed < 0 ? 0 : none();
  const flushed = PyObject_CallMethodNoArgs(self, ID.flush);
  Py.XDECREF(flushed);
  const exc = PyErr_GetRaisedException();
  const r = callBelow(self, ID.close);
  if (exc == 0) return r;
  Py.XDECREF(r);
  chainExceptions(exc);
  return 0;
}

/**
 * @native _io.TextIOWrapper.detach($self, /)
 */
export function textiowrapper_detach(self: usize, _: usize): usize {
  if (!checkAttached(self) || callForEffect(self, ID.flush) < 0) return 0;
  const t = textio.at(self);
  const buffer = t.buffer;
  t.buffer = 0;
  t.detached = 1;
  // flush() has detached it already: CPython finds that out when it returns nothing.
  if (buffer == 0) return PyErr_Format(PyExc_SystemError, DETACHED_TWICE, self);
  return buffer;
}

// What the stream below answers, and attributes.

function askBelow(self: usize, name: usize): usize {
  return checkAttached(self) ? callBelow(self, name) : 0;
}

function getBelow(self: usize, name: usize): usize {
  const buffer = checkAttached(self) ? holdBuffer(self) : 0;
  if (buffer == 0) return 0;
  const r = PyObject_GetAttr(buffer, name);
  Py.DECREF(buffer);
  return r;
}

/**
 * @native _io.TextIOWrapper.fileno($self, /)
 */
export function textiowrapper_fileno(self: usize, _: usize): usize {
  return askBelow(self, ID.fileno);
}

/**
 * @native _io.TextIOWrapper.seekable($self, /)
 */
export function textiowrapper_seekable(self: usize, _: usize): usize {
  return askBelow(self, ID.seekable);
}

/**
 * @native _io.TextIOWrapper.readable($self, /)
 */
export function textiowrapper_readable(self: usize, _: usize): usize {
  return askBelow(self, ID.readable);
}

/**
 * @native _io.TextIOWrapper.writable($self, /)
 */
export function textiowrapper_writable(self: usize, _: usize): usize {
  return askBelow(self, ID.writable);
}

/**
 * @native _io.TextIOWrapper.isatty($self, /)
 */
export function textiowrapper_isatty(self: usize, _: usize): usize {
  return askBelow(self, ID.isatty);
}

/**
 * @getter _io.TextIOWrapper.name
 */
export function textiowrapper_name(self: usize, _c: usize): usize {
  return getBelow(self, ID.name);
}

/**
 * @getter _io.TextIOWrapper.closed
 */
export function textiowrapper_closed(self: usize, _c: usize): usize {
  return getBelow(self, ID.closed);
}

/**
 * @getter _io.TextIOWrapper.newlines
 */
export function textiowrapper_newlines(self: usize, _c: usize): usize {
  if (!checkAttached(self)) return 0;
  const t = textio.at(self);
  return t.readuniversal ? seenNewlines(t.seennl) : none();
}

/**
 * @getter _io.TextIOWrapper.errors
 */
export function textiowrapper_errors(self: usize, _c: usize): usize {
  return checkInitialised(self) ? Py.NewRef(textio.at(self).errors) : 0;
}

/**
 * @getter _io.TextIOWrapper._CHUNK_SIZE
 */
export function textiowrapper_chunkSize(self: usize, _c: usize): usize {
  return checkAttached(self) ? PyLong_FromSsize_t(textio.at(self).chunk_size) : 0;
}

/**
 * @setter _io.TextIOWrapper._CHUNK_SIZE
 */
export function textiowrapper_setChunkSize(self: usize, value: usize, _c: usize): i32 {
  if (!checkAttached(self)) return -1;
  if (value == 0) return PyErr_Fail(PyExc_AttributeError, "cannot delete attribute");
  const n = ssizeArgument(value);
  if (n <= 0) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "a strictly positive integer is required");
    return -1;
  }
  const t = textio.at(self);
  while (t.pending_bytes_count > 0) if (flushPending(self) < 0) return -1;
  if (t.pending_bytes != 0) PyMem_Free(t.pending_bytes);
  t.pending_bytes = 0;
  t.chunk_size = n;
  return 0;
}

/** Appends " NAME=REPR" for an attribute that is there; -1 with an exception. */
function describeAttribute(w: usize, self: usize, name: usize): i32 {
  const v = PyObject_GetOptionalAttr(self, name);
  if (v == 0) {
    // A stream that was detached has no name, which is no error here.
    if (PyErr_Occurred()) {
      if (!PyErr_ExceptionMatches(PyExc_ValueError)) return -1;
      PyErr_Clear();
    }
    return 0;
  }
  const text = PyUnicode_FromFormat(" %U=%R", name, v);
  Py.DECREF(v);
  const r = text == 0 ? -1 : writeStr(w, text);
  Py.XDECREF(text);
  return r;
}

function textiowrapper_repr(self: usize): usize {
  if (!checkInitialised(self)) return 0;
  const entered = Py_ReprEnter(self);
  if (entered != 0) {
    return entered < 0 ? 0 : PyErr_Format(PyExc_RuntimeError, "reentrant call inside %.100t.__repr__", self);
  }
  const w = Writer.begin(64);
  const head = PyUnicode_FromFormat("<%.100t", self);
  let ok =
    head != 0 &&
    writeStr(w, head) == 0 &&
    describeAttribute(w, self, ID.name) == 0 &&
    describeAttribute(w, self, ID.mode) == 0;
  const tail = ok ? PyUnicode_FromFormat(" encoding=%R>", textio.at(self).encoding) : 0;
  ok = tail != 0 && writeStr(w, tail) == 0;
  Py.XDECREF(head);
  Py.XDECREF(tail);
  Py_ReprLeave(self);
  return ok ? writerFinish(w) : writerDiscard(w);
}

/**
 * @native _io.TextIOWrapper.__reduce__
 */
export function textiowrapper_reduce(self: usize, _: usize): usize {
  return PyErr_Format(PyExc_TypeError, "cannot pickle '%.100t' instances", self);
}

/**
 * @native _io.TextIOWrapper.__reduce_ex__
 */
export function textiowrapper_reduce_ex(self: usize, protocol: usize): usize {
  return textiowrapper_reduce(self, protocol);
}

function textiowrapper_dealloc(self: usize): void {
  const t = textio.at(self);
  t.finalizing = 1;
  if (finalizeStream(self)) return;
  leaveStream(self);
  if (t.pending_bytes != 0) PyMem_Free(t.pending_bytes);
  t.pending_bytes = 0;
  t.pending_bytes_count = 0;
  textiowrapper_clear(self);
  freeStream(self);
}

function textiowrapper_clear(self: usize): i32 {
  textio.at(self).ok = 0;
  return textio_clear(self);
}

/**
 * @type _io.TextIOWrapper(buffer, encoding=None, errors=None, newline=None,
 *               line_buffering=False, write_through=False)
 * @order detach reconfigure write read readline flush close fileno seekable readable writable isatty seek
 * @order tell truncate __reduce__ __reduce_ex__
 *
 * A stream of text over a stream of bytes.
 *
 * The encoding says which bytes stand for which characters; None takes the one of the locale. What is done with bytes or characters that do not fit is what errors says, as for str.encode(): 'strict' raises, and so on.
 *
 * The ends of lines are what newline says. When reading: None takes '\n', '\r' and '\r\n' as ends, and all are returned as '\n'; '' takes the same, but leaves them as they are; any other of these strings is the only end, and is left as it is. When writing: None writes the system's own, os.linesep, for each '\n'; '' and '\n' write them as they are; the other strings are written in their place.
 *
 * With line_buffering, what is written goes on to the stream of bytes as soon as there is an end of a line in it. With write_through nothing is kept back at all, so that print() and the like can be seen at once.
 *
 * In the middle of a text positions are no numbers of characters: only what tell() has returned may be given to seek(). The stream of bytes, which is in buffer, is closed together with this one; detach() saves it from that.
 *
 * @member _io.TextIOWrapper.encoding = textio.encoding readonly
 *
 * @member _io.TextIOWrapper.buffer = textio.buffer readonly
 *
 * @member _io.TextIOWrapper.line_buffering = textio.line_buffering readonly
 *
 * @member _io.TextIOWrapper.write_through = textio.write_through readonly
 *
 * @member _io.TextIOWrapper._finalizing = textio.finalizing
 */

export function initTextIOWrapperType(): void {
  const o = PyTextIOWrapper_Type;
  const t = PyTypeObject.at(o);
  defineStream(o, PyTextIOBase_Type, SIZEOF_textio, textio_dict, textio_weakreflist);
  t.tp_init = textiowrapper_init.index;
  t.tp_repr = textiowrapper_repr.index;
  t.tp_dealloc = textiowrapper_dealloc.index;
  t.tp_traverse = textio_traverse.index;
  t.tp_clear = textiowrapper_clear.index;
  t.tp_iternext = textiowrapper_iternext.index;
}
