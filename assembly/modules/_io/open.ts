// open() and the module's other functions (CPython 3.13's Modules/_io/_iomodule.c).

import { objectsRoots } from "../../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyBufferedRandom_Type,
  PyBufferedReader_Type,
  PyBufferedWriter_Type,
  PyExc_EncodingWarning,
  PyExc_RuntimeWarning,
  PyExc_ValueError,
  PyFileIO_Type,
  PyTextIOWrapper_Type,
} from "../../generated/statics";
import { intArgument, parseArguments, strArgument, utf8Argument } from "../../objects/define/args";
import { PyErr_Format, PyErr_GetRaisedException, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyErr_WarnEx } from "../../objects/errors/warnings";
import { PyLong_AsInt, PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs, PyObject_Vectorcall } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_SetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyNumber_Check } from "../../objects/protocol/number";
import { U } from "../../objects/text/access";
import { PyOS_FSPath } from "../../objects/text/codecs/filesystem";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Writer, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { Scratch } from "../../thread/scratch";
import { chainExceptions, failed, Letter, methodIsTrue } from "./common";

// The letters of a mode.
const CREATE: u32 = 1;
const READ: u32 = 2;
const WRITE: u32 = 4;
const APPEND: u32 = 8;
const UPDATE: u32 = 16;
const TEXT: u32 = 32;
const BINARY: u32 = 64;

/** The letters of a mode as bits; 0 with ValueError. */
function parseMode(mode: usize): u32 {
  const n = U.length(mode);
  let bits: u32 = 0;
  for (let i: isize = 0; i < n; i++) {
    let bit: u32 = 0;
    switch (U.at(mode, i)) {
      case Letter.x:
        bit = CREATE;
        break;
      case Letter.r:
        bit = READ;
        break;
      case Letter.w:
        bit = WRITE;
        break;
      case Letter.a:
        bit = APPEND;
        break;
      case Letter.plus:
        bit = UPDATE;
        break;
      case Letter.t:
        bit = TEXT;
        break;
      case Letter.b:
        bit = BINARY;
        break;
    }
    if (bit == 0 || bits & bit) {
      PyErr_Format(PyExc_ValueError, "invalid mode: '%U'", mode);
      return 0;
    }
    bits |= bit;
  }
  if ((bits & TEXT) != 0 && (bits & BINARY) != 0) {
    PyErr_SetString(PyExc_ValueError, "can't have text and binary mode at once");
    return 0;
  }
  if (popcnt(bits & (CREATE | READ | WRITE | APPEND)) > 1) {
    PyErr_SetString(PyExc_ValueError, "must have exactly one of create/read/write/append mode");
    return 0;
  }
  // A mode without any letter is found wrong by FileIO.
  return bits | 0x80;
}

/** The mode that the raw stream is opened with: a new str. */
function rawMode(bits: u32): usize {
  const w = Writer.begin(5);
  const written =
    (!(bits & CREATE) || Writer.char(w, Letter.x) == 0) &&
    (!(bits & READ) || Writer.char(w, Letter.r) == 0) &&
    (!(bits & WRITE) || Writer.char(w, Letter.w) == 0) &&
    (!(bits & APPEND) || Writer.char(w, Letter.a) == 0) &&
    (!(bits & UPDATE) || Writer.char(w, Letter.plus) == 0);
  return written ? writerFinish(w) : writerDiscard(w);
}

/** A new instance of `type` with the arguments at `argv`. */
function make(type: usize, argv: usize, n: isize): usize {
  return PyObject_Vectorcall(type, argv, <usize>n, 0);
}

/** As the arguments of open() are, checked and with their defaults. */
class OpenOptions {
  @inline static file(a: usize): usize {
    return Py.item(a, 0);
  }
  @inline static mode(a: usize): usize {
    return Py.item(a, 1);
  }
  @inline static encoding(a: usize): usize {
    return Py.item(a, 3);
  }
  @inline static errors(a: usize): usize {
    return Py.item(a, 4);
  }
  @inline static newline(a: usize): usize {
    return Py.item(a, 5);
  }
}

function given(v: usize): bool {
  return v != 0 && v != _Py_NoneStruct;
}

function optionalText(v: usize, argument: string): bool {
  return !given(v) || utf8Argument(v, "open", argument, "str or None");
}

function checkBinary(a: usize, bits: u32, buffering: i32): bool {
  if (!(bits & BINARY)) return true;
  if (given(OpenOptions.encoding(a))) {
    PyErr_SetString(PyExc_ValueError, "binary mode doesn't take an encoding argument");
  } else if (given(OpenOptions.errors(a))) {
    PyErr_SetString(PyExc_ValueError, "binary mode doesn't take an errors argument");
  } else if (given(OpenOptions.newline(a))) {
    PyErr_SetString(PyExc_ValueError, "binary mode doesn't take a newline argument");
  } else {
    if (buffering != 1) return true;
    const message = "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used";
    return PyErr_WarnEx(PyExc_RuntimeWarning, message, 1) == 0;
  }
  return false;
}

function openRaw(a: usize, path: usize, bits: u32): usize {
  const mode = rawMode(bits);
  if (mode == 0) return 0;
  let closefd = _Py_TrueStruct;
  if (Py.item(a, 6) != 0) {
    const keep = PyObject_IsTrue(Py.item(a, 6));
    if (keep < 0) {
      Py.DECREF(mode);
      return 0;
    }
    if (!keep) closefd = _Py_FalseStruct;
  }
  const argv = Scratch.take(4);
  Py.setItem(argv, 0, path);
  Py.setItem(argv, 1, mode);
  Py.setItem(argv, 2, closefd);
  Py.setItem(argv, 3, given(Py.item(a, 7)) ? Py.item(a, 7) : _Py_NoneStruct);
  const raw = make(PyFileIO_Type, argv, 4);
  Scratch.give(argv);
  Py.DECREF(mode);
  return raw;
}

/** How large the buffer is: buffering=, or what the file system likes; negative with an exception. */
function bufferSize(raw: usize, buffering: i32): i32 {
  if (buffering >= 0) return buffering;
  const size = PyObject_GetAttr(raw, ID._blksize);
  if (size == 0) return -1;
  const n = PyLong_AsInt(size);
  Py.DECREF(size);
  if (n < 0 && !PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "invalid buffering size");
  return n;
}

/** Wraps `raw` (stolen) in a buffer, and that in text where asked; null with an exception, everything closed. */
function wrap(a: usize, raw: usize, bits: u32, buffering: i32): usize {
  let result = raw;
  let lines = buffering == 1;
  if (buffering < 0) {
    const tty = methodIsTrue(raw, ID.isatty);
    if (tty < 0) return abandon(result);
    lines = tty != 0;
  }
  const size = bufferSize(raw, lines ? -1 : buffering);
  if (size < 0) return abandon(result);
  if (size == 0) {
    if (bits & BINARY) return result;
    PyErr_SetString(PyExc_ValueError, "can't have unbuffered text I/O");
    return abandon(result);
  }
  const number = PyLong_FromLong(size);
  if (number == 0) return abandon(result);
  const argv = Scratch.take(5);
  Py.setItem(argv, 0, raw);
  Py.setItem(argv, 1, number);
  const type = bits & UPDATE ? PyBufferedRandom_Type : bits & READ ? PyBufferedReader_Type : PyBufferedWriter_Type;
  const buffer = make(type, argv, 2);
  Py.DECREF(number);
  Scratch.give(argv);
  if (buffer == 0) return abandon(result);
  Py.DECREF(raw);
  result = buffer;
  if (bits & BINARY) return result;
  const textArgv = Scratch.take(5);
  Py.setItem(textArgv, 0, buffer);
  Py.setItem(textArgv, 1, given(OpenOptions.encoding(a)) ? OpenOptions.encoding(a) : _Py_NoneStruct);
  Py.setItem(textArgv, 2, given(OpenOptions.errors(a)) ? OpenOptions.errors(a) : _Py_NoneStruct);
  Py.setItem(textArgv, 3, given(OpenOptions.newline(a)) ? OpenOptions.newline(a) : _Py_NoneStruct);
  Py.setItem(textArgv, 4, lines ? _Py_TrueStruct : _Py_FalseStruct);
  const text = make(PyTextIOWrapper_Type, textArgv, 5);
  Scratch.give(textArgv);
  if (text == 0) return abandon(result);
  Py.DECREF(buffer);
  result = text;
  const mode = given(OpenOptions.mode(a)) ? Py.NewRef(OpenOptions.mode(a)) : PyUnicode_FromLiteral("r");
  const ok = mode == 0 ? -1 : PyObject_SetAttr(text, ID.mode, mode);
  Py.XDECREF(mode);
  return ok < 0 ? abandon(result) : result;
}

/** Closes what was opened (stolen) because of an exception, which stays; returns null. */
function abandon(stream: usize): usize {
  const exc = PyErr_GetRaisedException();
  Py.XDECREF(PyObject_CallMethodNoArgs(stream, ID.close));
  chainExceptions(exc);
  Py.DECREF(stream);
  return 0;
}

/**
 * @native _io.open($module, /, file, mode='r', buffering=-1, encoding=None,
 *      errors=None, newline=None, closefd=True, opener=None)
 *
 * Open a file, and return a stream.
 *
 * The file is a path (a str, bytes, or what has __fspath__), or a number that the system has given to it. OSError says that it cannot be opened, or one of its subclasses, such as FileNotFoundError.
 *
 * The mode is made of letters:
 *
 *     r   to read; the default
 *     w   to write, the file being emptied first
 *     x   to write a file that must be new
 *     a   to write at the end
 *     b   bytes
 *     t   text; the default
 *     +   to read and to write
 *
 * A stream of bytes gives and takes bytes. A stream of text gives and takes strings, which it converts: by encoding, which is the one of the locale if it is None; by errors, which says what is done with what cannot be converted ('strict' raises ValueError, the default; 'ignore' drops it; 'replace', 'surrogateescape', 'xmlcharrefreplace', 'backslashreplace' and 'namereplace' put something in its place); and by newline, which says what ends a line. newline=None takes any of '\n', '\r', '\r\n' and gives '\n' for it, and writes os.linesep for that; newline='' takes the same but leaves it as it is; '\n', '\r' or '\r\n' alone are taken for an end, and written for it. None of the three may be given for bytes.
 *
 * buffering says how much is gathered before the system is called: 0, nothing, for bytes only; 1, a line, for text only; more, so many bytes. -1, the default, chooses what is good for the file: a buffer of some thousand bytes, but a line for a terminal.
 *
 * With closefd false, which is possible for numbers only, the system's file stays open when the stream is closed. An opener is called in place of the system, as opener(path, flags), and returns a number. Children of the process do not inherit the file.
 *
 * The stream is one of text (TextIOWrapper) for text; for bytes it is a BufferedReader, a BufferedWriter or, with a '+', a BufferedRandom; without a buffer it is a FileIO. It is best used in a statement that closes it:
 *
 *     with open('spam.txt', encoding='utf-8') as file:
 *         for line in file:
 *             print(line, end='')
 */
export function io_open(_module: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(8);
  const names = "file mode buffering encoding errors newline closefd opener";
  const r = parseArguments("open", names, argv, nargs, kwnames, a, 1, 8) ? open(a) : 0;
  Scratch.give(a);
  return r;
}

function open(a: usize): usize {
  const file = OpenOptions.file(a);
  const mode = OpenOptions.mode(a);
  if (mode != 0 && !utf8Argument(mode, "open", "argument 'mode'")) return 0;
  let buffering = -1;
  if (Py.item(a, 2) != 0) {
    buffering = intArgument(Py.item(a, 2));
    if (buffering == -1 && failed()) return 0;
  }
  if (!optionalText(OpenOptions.encoding(a), "argument 'encoding'")) return 0;
  if (!optionalText(OpenOptions.errors(a), "argument 'errors'")) return 0;
  if (!optionalText(OpenOptions.newline(a), "argument 'newline'")) return 0;
  const path = PyNumber_Check(file) ? Py.NewRef(file) : PyOS_FSPath(file);
  if (path == 0) return 0;
  const bits = mode == 0 ? READ : parseMode(mode);
  const ok = bits != 0 && checkBinary(a, bits, buffering);
  const raw = ok ? openRaw(a, path, bits) : 0;
  Py.DECREF(path);
  return raw == 0 ? 0 : wrap(a, raw, bits, buffering);
}

/**
 * open_code(path): a file of Python code, for reading its bytes.
 *
 * @native _io.open_code($module, /, path)
 *
 * Open a file whose content is going to be run as code, to be read as bytes.
 *
 * It is open(path, 'rb') here; elsewhere, whoever starts Python can look at it more closely first.
 */
export function io_open_code(_module: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(8);
  let r: usize = 0;
  if (parseArguments("open_code", "path", argv, nargs, kwnames, a, 1, 1)) {
    const path = Py.item(a, 0);
    if (strArgument(path, "open_code", "argument 'path'")) {
      memory.fill(a, 0, 64);
      Py.setItem(a, 0, path);
      const mode = PyUnicode_FromLiteral("rb");
      Py.setItem(a, 1, mode);
      r = mode == 0 ? 0 : open(a);
      Py.XDECREF(mode);
    }
  }
  Scratch.give(a);
  return r;
}

/**
 * text_encoding(encoding, stacklevel=2): the encoding, or the default's name for None.
 *
 * @native _io.text_encoding($module, encoding, stacklevel=2, /)
 *
 * Which encoding a function should use that passes one on to open().
 *
 * One that is not None is returned. For None the answer is 'locale', or 'utf-8' where that is the mode of this Python. With -X warn_default_encoding an EncodingWarning then tells the caller of the function that he has chosen none; stacklevel says how many of the calls he is away, as for warnings.warn(): 2 means who called the function that calls this one here.
 */
export function io_text_encoding(_module: usize, encoding: usize, stacklevel: i32): usize {
  if (encoding != _Py_NoneStruct) return Py.NewRef(encoding);
  if (!warnOfDefaultEncoding(stacklevel)) return 0;
  return PyUnicode_FromLiteral(objectsRoots.utf8_mode ? "utf-8" : "locale");
}

/** Tells who is `level` calls away that he has chosen no encoding, if that is wanted; false with an exception. */
export function warnOfDefaultEncoding(level: i32): bool {
  if (objectsRoots.warn_default_encoding == 0) return true;
  return PyErr_WarnEx(PyExc_EncodingWarning, "'encoding' argument not specified", level) == 0;
}
