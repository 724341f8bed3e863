// Exceptions as text, with their tracebacks, causes, contexts, notes and groups (TracebackException of CPython 3.13's
// Lib/traceback.py, which is what prints an uncaught exception there; and write_unraisable_exc_file of
// Python/errors.c).
//
// The text is made as a whole and then written to a file object. What is being made is an exception_printer: no exception
// is written twice; each level of exception groups is indented and has a margin.
//
// Invariant: an exception raised by what is asked (str, __notes__, …) is dropped and replaced by a text that says so.

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  exception_printer,
  PyBaseExceptionGroupObject,
  PyBaseExceptionObject,
  PyCodeObject,
  PyListObject,
  PySyntaxErrorObject,
  PyTracebackObject,
  SIZEOF_exception_printer,
} from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import { _Py_NoneStruct, ID, PyExc_BaseExceptionGroup, PyExc_SyntaxError } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyDict_New } from "../containers/dict/dict";
import { PyList_Append, PyList_New } from "../containers/list/list";
import { Tuple } from "../containers/tuple";
import {
  flushFile,
  PyFile_WriteObject,
  PyFile_WriteString,
  sysObject,
  writeText,
  writeToDescriptor,
} from "../errors/fileoutput";
import { PyErr_Clear, PyErr_GetRaisedException, PyErr_Occurred } from "../errors/raise";
import { Long } from "../numbers/int/access";
import { PyLong_AsLongLong } from "../numbers/int/create";
import { Py } from "../object/head";
import { PyObject_GetOptionalAttr } from "../protocol/access";
import { PyIter_Next, PyObject_GetIter } from "../protocol/iterator";
import { PySequence_Check } from "../protocol/sequence";
import { PyObject_Repr, PyObject_Str } from "../protocol/text";
import { U } from "../text/access";
import { _PyUnicode_Equal, PyUnicode_EqualToLiteral } from "../text/compare";
import { PyUnicode_Substring } from "../text/concat";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import {
  Writer,
  writeCharacters,
  writeFill,
  writeLiteral,
  writerDiscard,
  writerFinish,
  writeStr,
} from "../text/format/writer";
import { PyType_IsSubtype } from "../types/lookup";
import { type_module, type_qualname } from "../types/type";
import { formatEntry, shownFile, tracebackCode } from "./frame";
import { isSpace, sourceLine } from "./sourcelines";
import { suggestionText } from "./suggest";
import { tracebackLine } from "./traceback";

const REPEATS_SHOWN: i32 = 3;
const GROUP_WIDTH: isize = 15;
const GROUP_DEPTH: i32 = 10;

/** Writes text, which is stolen, each line after the group's indentation and margin; -1 with an exception. */
function emit(p: usize, text: usize, margin: u32): i32 {
  if (text == 0) return -1;
  const w = exception_printer.at(p).writer;
  let r = 0;
  if (exception_printer.at(p).depth == 0) r = writeStr(w, text);
  else {
    const n = U.length(text);
    for (let start: isize = 0; start < n && r == 0; ) {
      let end = start;
      while (end < n && U.at(text, end) != 0x0a) end++;
      if (end < n) end++;
      r = writeFill(w, 0x20, 2 * exception_printer.at(p).depth);
      if (r == 0) r = Writer.char(w, margin);
      if (r == 0) r = Writer.char(w, 0x20);
      if (r == 0) r = writeCharacters(w, U.kind(text), U.data(text), start, end - start, U.maxCharValue(text));
      start = end;
    }
  }
  Py.DECREF(text);
  return r;
}

const BAR: u32 = 0x7c;
const PLUS: u32 = 0x2b;

function emitLiteral(p: usize, text: string, margin: u32): i32 {
  return emit(p, PyUnicode_FromLiteral(text), margin);
}

/** str(o) or repr(o), or a text that says that it failed: a new str, null only with MemoryError. */
function safeText(o: usize, what: string, repr: bool): usize {
  const s = repr ? PyObject_Repr(o) : PyObject_Str(o);
  if (s != 0) return s;
  PyErr_Clear();
  return PyUnicode_FromFormat("<%L %L() failed>", changetype<usize>(what), changetype<usize>(repr ? "repr" : "str"));
}

// Tracebacks

/** How many entries of a traceback of `n` are left out at its start, as sys.tracebacklimit says. */
function skippedEntries(n: isize): isize {
  const limitObject = sysObject(ID.tracebacklimit);
  if (limitObject == 0 || !Py.check(limitObject, Py_TPFLAGS_LONG_SUBCLASS)) return 0;
  let limit = PyLong_AsLongLong(limitObject);
  if (limit == -1 && PyErr_Occurred()) {
    PyErr_Clear();
    if (!Long.isNegative(limitObject)) return 0;
  }
  if (limit < 0) limit = 0;
  // As a slice with start n - limit: a negative start counts from the end.
  let start = <i64>n - limit;
  if (start < 0) start += n;
  return start < 0 ? 0 : <isize>start;
}

function sameEntry(a: usize, b: usize): bool {
  const x = PyCodeObject.at(tracebackCode(a));
  const y = PyCodeObject.at(tracebackCode(b));
  return (
    tracebackLine(a) == tracebackLine(b) &&
    _PyUnicode_Equal(x.co_filename, y.co_filename) &&
    _PyUnicode_Equal(x.co_name, y.co_name)
  );
}

function repeated(p: usize, count: i32): i32 {
  if (count <= REPEATS_SHOWN) return 0;
  const more = count - REPEATS_SHOWN;
  const format = more > 1 ? "  [Previous line repeated %d more times]\n" : "  [Previous line repeated %d more time]\n";
  return emit(p, PyUnicode_FromFormat(format, more), BAR);
}

function tracebackLength(tb: usize): isize {
  let n: isize = 0;
  for (let t = tb; t != 0; t = PyTracebackObject.at(t).tb_next) n++;
  return n;
}

/** Writes the traceback with its header; nothing where it is empty or the limit leaves nothing. */
function emitTraceback(p: usize, tb: usize, header: string, margin: u32): i32 {
  const n = tracebackLength(tb);
  let skip = skippedEntries(n);
  if (n == 0 || skip >= n) return 0;
  if (emitLiteral(p, header, margin) < 0) return -1;
  let previous: usize = 0;
  let count = 0;
  for (let t = tb; t != 0; t = PyTracebackObject.at(t).tb_next) {
    if (skip > 0) {
      skip--;
      continue;
    }
    if (previous == 0 || !sameEntry(previous, t)) {
      if (repeated(p, count) < 0) return -1;
      previous = t;
      count = 0;
    }
    if (++count <= REPEATS_SHOWN && emit(p, formatEntry(exception_printer.at(p).sources, t), BAR) < 0) return -1;
  }
  return repeated(p, count);
}

// The exception itself

/** The class's name with its module, as the last line shows it: a new str. */
function className(type: usize): usize {
  const qualname = type_qualname(type, 0);
  if (qualname == 0) return 0;
  const module = type_module(type, 0);
  if (module == 0) PyErr_Clear();
  let r: usize;
  if (module == 0 || !Py.check(module, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    r = PyUnicode_FromFormat("<unknown>.%U", qualname);
  } else if (PyUnicode_EqualToLiteral(module, "__main__") || PyUnicode_EqualToLiteral(module, "builtins")) {
    r = Py.NewRef(qualname);
  } else {
    r = PyUnicode_FromFormat("%U.%U", module, qualname);
  }
  Py.XDECREF(module);
  Py.DECREF(qualname);
  return r;
}

/** Writes the exception's class, message and notes. */
function emitException(p: usize, exc: usize): i32 {
  const name = className(Py.TYPE(exc));
  if (name == 0) return -1;
  let r: i32;
  if (PyType_IsSubtype(Py.TYPE(exc), PyExc_SyntaxError)) r = emitSyntaxError(p, exc, name);
  else {
    let text = safeText(exc, "exception", false);
    if (text != 0) text = withSuggestion(exc, text);
    if (text == 0) r = -1;
    else {
      r = emit(
        p,
        U.length(text) == 0 ? PyUnicode_FromFormat("%U\n", name) : PyUnicode_FromFormat("%U: %U\n", name, text),
        BAR,
      );
      Py.DECREF(text);
    }
  }
  Py.DECREF(name);
  return r < 0 ? r : emitNotes(p, exc);
}

/** The text (stolen) with what the exception suggests after it. */
function withSuggestion(exc: usize, text: usize): usize {
  const more = suggestionText(exc);
  if (more == 0) {
    PyErr_Clear();
    return text;
  }
  const r = PyUnicode_FromFormat("%U%U", text, more);
  Py.DECREF(text);
  Py.DECREF(more);
  return r;
}

function emitNotes(p: usize, exc: usize): i32 {
  const notes = PyObject_GetOptionalAttr(exc, ID.__notes__);
  if (notes == 0) {
    if (!PyErr_Occurred()) return 0;
    const error = PyErr_GetRaisedException();
    const text = safeText(error, "__notes__", true);
    Py.DECREF(error);
    if (text == 0) return -1;
    const r = emit(p, PyUnicode_FromFormat("Ignored error getting __notes__: %U\n", text), BAR);
    Py.DECREF(text);
    return r;
  }
  let r: i32;
  if (notes == _Py_NoneStruct) r = 0;
  else if (!PySequence_Check(notes) || Py.check(notes, Py_TPFLAGS_UNICODE_SUBCLASS | Py_TPFLAGS_BYTES_SUBCLASS)) {
    const text = safeText(notes, "__notes__", true);
    r = text == 0 ? -1 : emit(p, PyUnicode_FromFormat("%U\n", text), BAR);
    Py.XDECREF(text);
  } else {
    r = emitNoteList(p, notes);
  }
  Py.DECREF(notes);
  return r;
}

function emitNoteList(p: usize, notes: usize): i32 {
  const it = PyObject_GetIter(notes);
  if (it == 0) return -1;
  let r = 0;
  while (r == 0) {
    const note = PyIter_Next(it);
    if (note == 0) {
      if (PyErr_Occurred()) r = -1;
      break;
    }
    const text = safeText(note, "note", false);
    Py.DECREF(note);
    if (text == 0) r = -1;
    else {
      r = emit(p, PyUnicode_FromFormat("%U\n", text), BAR);
      Py.DECREF(text);
    }
  }
  Py.DECREF(it);
  return r;
}

// SyntaxError

/** An attribute that is an int as i64; `missing` where it is anything else. */
function intField(v: usize, missing: i64): i64 {
  if (v == 0 || !Py.check(v, Py_TPFLAGS_LONG_SUBCLASS)) return missing;
  const n = PyLong_AsLongLong(v);
  if (n == -1 && PyErr_Occurred()) {
    PyErr_Clear();
    return missing;
  }
  return n;
}

function given(v: usize): bool {
  return v != 0 && v != _Py_NoneStruct;
}

function emitSyntaxError(p: usize, exc: usize, name: usize): i32 {
  const e = PySyntaxErrorObject.at(exc);
  if (given(e.lineno)) {
    const full = given(e.filename) ? PyObject_Str(e.filename) : PyUnicode_FromLiteral("<string>");
    const file = full == 0 ? 0 : shownFile(full);
    Py.XDECREF(full);
    const r = file == 0 ? -1 : emit(p, PyUnicode_FromFormat('  File "%U", line %S\n', file, e.lineno), BAR);
    Py.XDECREF(file);
    if (r < 0) return -1;
  }
  if (given(e.text) && Py.check(e.text, Py_TPFLAGS_UNICODE_SUBCLASS) && emitSyntaxText(p, exc) < 0) return -1;
  const message = given(e.msg) ? PyObject_Str(e.msg) : PyUnicode_FromLiteral("<no detail available>");
  if (message == 0) return -1;
  const text =
    !given(e.lineno) && given(e.filename)
      ? PyUnicode_FromFormat("%U: %U (%S)\n", name, message, e.filename)
      : PyUnicode_FromFormat("%U: %U\n", name, message);
  Py.DECREF(message);
  return emit(p, text, BAR);
}

/** Writes the line with the error and the carets below it. */
function emitSyntaxText(p: usize, exc: usize): i32 {
  const e = PySyntaxErrorObject.at(exc);
  const text = e.text;
  let n = U.length(text);
  const whole = n;
  while (n > 0 && U.at(text, n - 1) == 0x0a) n--;
  let spaces: isize = 0;
  while (spaces < n && (U.at(text, spaces) == 0x20 || U.at(text, spaces) == 0x0a || U.at(text, spaces) == 0x0c))
    spaces++;
  const line = PyUnicode_Substring(text, spaces, n);
  if (line == 0) return -1;
  let r = emit(p, PyUnicode_FromFormat("    %U\n", line), BAR);
  if (r == 0 && given(e.offset)) {
    let offset = intField(e.offset, 0);
    let end: i64;
    if (intField(e.lineno, -1) == intField(e.end_lineno, -2)) {
      end = intField(e.end_offset, 0);
      if (end == 0) end = offset;
    } else {
      end = n + 1;
    }
    if (whole > 0 && offset > whole) offset = n + 1;
    if (whole > 0 && end > whole) end = n + 1;
    if (offset >= end || end < 0) end = offset + 1;
    if (offset - 1 - spaces >= 0) r = emitCarets(p, line, <isize>offset - 1 - spaces, <isize>(end - offset));
  }
  Py.DECREF(line);
  return r;
}

/** Writes carets below `count` characters of the line from `column` on; spaces that are no blanks stay before them. */
function emitCarets(p: usize, line: usize, column: isize, count: isize): i32 {
  const w = Writer.begin(column + count + 5);
  let r = writeFill(w, 0x20, 4);
  for (let i: isize = 0; i < column && r == 0; i++) {
    const c: u32 = i < U.length(line) ? U.at(line, i) : 0x20;
    if (i >= U.length(line)) break;
    r = Writer.char(w, isSpace(c) ? c : 0x20);
  }
  if (r == 0) r = writeFill(w, 0x5e, count);
  if (r == 0) r = Writer.char(w, 0x0a);
  return emit(p, r < 0 ? writerDiscard(w) : writerFinish(w), BAR);
}

// Chains and groups

function wasSeen(p: usize, exc: usize): bool {
  const seen = exception_printer.at(p).seen;
  const items: usize = PyListObject.at(seen).ob_item;
  for (let i = Py.SIZE(seen) - 1; i >= 0; i--) if (Py.item(items, i) == exc) return true;
  return false;
}

/** Writes the exception after those that it comes from. */
function emitChain(p: usize, exc: usize): i32 {
  // The chain from the exception back to its origin, each with the reason why the one before it is shown.
  const chain = PyList_New(0);
  if (chain == 0) return -1;
  let r = 0;
  let e = exc;
  while (e != 0 && r == 0) {
    r = PyList_Append(chain, e) | PyList_Append(exception_printer.at(p).seen, e);
    const x = PyBaseExceptionObject.at(e);
    if (x.cause != 0 && !wasSeen(p, x.cause)) e = x.cause;
    else if (x.context != 0 && !x.suppress_context && !wasSeen(p, x.context)) e = x.context;
    else e = 0;
  }
  for (let i = Py.SIZE(chain) - 1; i >= 0 && r == 0; i--) {
    const items: usize = PyListObject.at(chain).ob_item;
    const one = Py.item(items, i);
    r = emitOne(p, one);
    if (r == 0 && i > 0) {
      const next = Py.item(items, i - 1);
      r = emitLiteral(
        p,
        PyBaseExceptionObject.at(next).cause == one
          ? "\nThe above exception was the direct cause of the following exception:\n\n"
          : "\nDuring handling of the above exception, another exception occurred:\n\n",
        BAR,
      );
    }
  }
  Py.DECREF(chain);
  return r;
}

function emitOne(p: usize, exc: usize): i32 {
  const tb = PyBaseExceptionObject.at(exc).traceback;
  if (PyType_IsSubtype(Py.TYPE(exc), PyExc_BaseExceptionGroup)) {
    if (exception_printer.at(p).depth > GROUP_DEPTH) return emitLiteral(p, "... (max_group_depth is 10)\n", BAR);
    return emitGroup(p, exc, tb);
  }
  if (emitTraceback(p, tb, "Traceback (most recent call last):\n", BAR) < 0) return -1;
  return emitException(p, exc);
}

/** Writes a line that belongs to the frame around a group, after the indentation only. */
function rule(p: usize, text: usize): i32 {
  if (text == 0) return -1;
  const w = exception_printer.at(p).writer;
  let r = writeFill(w, 0x20, 2 * exception_printer.at(p).depth);
  if (r == 0) r = writeStr(w, text);
  Py.DECREF(text);
  return r;
}

function emitGroup(p: usize, exc: usize, tb: usize): i32 {
  const top = exception_printer.at(p).depth == 0;
  if (top) exception_printer.at(p).depth = 1;
  if (emitTraceback(p, tb, "Exception Group Traceback (most recent call last):\n", top ? PLUS : BAR) < 0) return -1;
  if (emitException(p, exc) < 0) return -1;
  const excs: usize = PyBaseExceptionGroupObject.at(exc).excs;
  const total = Py.SIZE(excs);
  const n = total <= GROUP_WIDTH ? total : GROUP_WIDTH + 1;
  exception_printer.at(p).need_close = 0;
  for (let i: isize = 0; i < n; i++) {
    const last = i == n - 1;
    if (last) exception_printer.at(p).need_close = 1;
    const cut = i >= GROUP_WIDTH;
    const start = changetype<usize>(i == 0 ? "+-" : "  ");
    const title = cut
      ? PyUnicode_FromFormat("%L+---------------- ... ----------------\n", start)
      : PyUnicode_FromFormat("%L+---------------- %d ----------------\n", start, i + 1);
    if (rule(p, title) < 0) return -1;
    exception_printer.at(p).depth = exception_printer.at(p).depth + 1;
    if (!cut) {
      if (emitChain(p, Tuple.get(excs, i)) < 0) return -1;
    } else {
      const rest = total - GROUP_WIDTH;
      const format = rest > 1 ? "and %d more exceptions\n" : "and %d more exception\n";
      if (emit(p, PyUnicode_FromFormat(format, rest), BAR) < 0) return -1;
    }
    if (last && exception_printer.at(p).need_close) {
      if (rule(p, PyUnicode_FromLiteral("+------------------------------------\n")) < 0) return -1;
      exception_printer.at(p).need_close = 0;
    }
    exception_printer.at(p).depth = exception_printer.at(p).depth - 1;
  }
  if (top) exception_printer.at(p).depth = 0;
  return 0;
}

/** The exception with all that belongs to it as CPython prints it: a new str, or null with an exception. */
export function formatException(exc: usize): usize {
  const p = Scratch.take(<isize>(SIZEOF_exception_printer >> 3));
  const seen = PyList_New(0);
  const sources = seen == 0 ? 0 : PyDict_New();
  let r: usize = 0;
  if (sources != 0) {
    const printer = exception_printer.at(p);
    printer.depth = 0;
    printer.need_close = 0;
    printer.seen = seen;
    printer.sources = sources;
    const w = Writer.begin(256);
    printer.writer = w;
    r = emitChain(p, exc) < 0 ? writerDiscard(w) : writerFinish(w);
  }
  Py.XDECREF(seen);
  Py.XDECREF(sources);
  Scratch.give(p);
  return r;
}

/** Prints the exception (borrowed) to a file object. What fails on the way is dropped. */
function PyErr_DisplayTo(exc: usize, file: usize): void {
  const text = formatException(exc);
  if (text == 0) {
    PyErr_Clear();
    // Without memory for the text: at least which exception it was.
    if (PyFile_WriteObject(Py.TYPE(exc), file, false) == 0) PyFile_WriteString("\n", file);
    PyErr_Clear();
    return;
  }
  if (writeText(file, text) < 0 || flushFile(file) < 0) PyErr_Clear();
  Py.DECREF(text);
}

/** Prints the exception (borrowed) to sys.stderr, or where there is none to descriptor 2; nowhere where it is None. */
export function PyErr_Display(exc: usize): void {
  const file = sysObject(ID.stderr);
  if (file == _Py_NoneStruct) return;
  if (file != 0) {
    Py.INCREF(file);
    PyErr_DisplayTo(exc, file);
    Py.DECREF(file);
    return;
  }
  const text = formatException(exc);
  if (text == 0) {
    PyErr_Clear();
    return;
  }
  writeToDescriptor(text);
  Py.DECREF(text);
}

// Exceptions that nobody can catch

/** Writes such an exception to sys.stderr; `message` (a str) and `o` may be null. Never fails. */
export function writeUnraisable(exc: usize, message: usize, o: usize): void {
  const w = Writer.begin(128);
  const text = unraisableText(w, exc, message, o) < 0 ? writerDiscard(w) : writerFinish(w);
  PyErr_Clear();
  if (text == 0) return;
  const file = sysObject(ID.stderr);
  if (file != 0 && file != _Py_NoneStruct) {
    Py.INCREF(file);
    if (writeText(file, text) < 0 || flushFile(file) < 0) PyErr_Clear();
    Py.DECREF(file);
  }
  Py.DECREF(text);
}

/** Writes a str, which is stolen. */
function put(w: usize, s: usize): i32 {
  if (s == 0) return -1;
  const r = writeStr(w, s);
  Py.DECREF(s);
  return r;
}

function unraisableText(w: usize, exc: usize, message: usize, o: usize): i32 {
  if (given(o)) {
    if (given(message)) {
      if (put(w, PyObject_Str(message)) < 0 || writeLiteral(w, ": ") < 0) return -1;
    } else if (writeLiteral(w, "Exception ignored in: ") < 0) return -1;
    let text = PyObject_Repr(o);
    if (text == 0) {
      PyErr_Clear();
      text = PyUnicode_FromLiteral("<object repr() failed>");
    }
    if (put(w, text) < 0 || Writer.char(w, 0x0a) < 0) return -1;
  } else if (given(message)) {
    if (put(w, PyObject_Str(message)) < 0 || writeLiteral(w, ":\n") < 0) return -1;
  }
  const tb = PyBaseExceptionObject.at(exc).traceback;
  if (tb != 0 && plainTraceback(w, tb) < 0) return -1;
  if (put(w, className(Py.TYPE(exc))) < 0 || writeLiteral(w, ": ") < 0) return -1;
  if (put(w, safeText(exc, "exception", false)) < 0) return -1;
  return Writer.char(w, 0x0a);
}

/** A traceback as PyTraceBack_Print writes it: source lines, no carets. */
function plainTraceback(w: usize, tb: usize): i32 {
  let skip = tracebackLength(tb) - 1000;
  const limitObject = sysObject(ID.tracebacklimit);
  if (limitObject != 0 && Py.check(limitObject, Py_TPFLAGS_LONG_SUBCLASS)) {
    const limit = intField(limitObject, 1000);
    if (limit <= 0) return 0;
    skip = tracebackLength(tb) - <isize>min<i64>(limit, 0x7fffffff);
  }
  const sources = PyDict_New();
  if (sources == 0) return -1;
  let r = writeLiteral(w, "Traceback (most recent call last):\n");
  let previous: usize = 0;
  let count = 0;
  for (let t = tb; t != 0 && r == 0; t = PyTracebackObject.at(t).tb_next) {
    if (skip-- > 0) continue;
    if (previous == 0 || !sameEntry(previous, t)) {
      r = plainRepeated(w, count);
      previous = t;
      count = 0;
    }
    if (r == 0 && ++count <= REPEATS_SHOWN) r = plainEntry(w, sources, t);
  }
  if (r == 0) r = plainRepeated(w, count);
  Py.DECREF(sources);
  return r;
}

function plainRepeated(w: usize, count: i32): i32 {
  if (count <= REPEATS_SHOWN) return 0;
  const more = count - REPEATS_SHOWN;
  const format = more > 1 ? "  [Previous line repeated %d more times]\n" : "  [Previous line repeated %d more time]\n";
  return put(w, PyUnicode_FromFormat(format, more));
}

function plainEntry(w: usize, sources: usize, tb: usize): i32 {
  const co = PyCodeObject.at(tracebackCode(tb));
  const line = tracebackLine(tb);
  if (put(w, PyUnicode_FromFormat('  File "%U", line %d, in %U\n', co.co_filename, line, co.co_name)) < 0) return -1;
  // As CPython, which knows the code of -c only where a traceback is shown by its traceback module.
  // Nor can it read files at the end.
  if (vmRoots.finalizing || U.length(co.co_filename) == 0 || U.at(co.co_filename, 0) == 0x3c) return 0;
  const source = sourceLine(sources, co.co_filename, line);
  if (source == 0) return -1;
  let start: isize = 0;
  while (start < U.length(source) && isSpace(U.at(source, start))) start++;
  let r = 0;
  if (start < U.length(source)) {
    const text = PyUnicode_Substring(source, start, U.length(source));
    r = text == 0 ? -1 : put(w, PyUnicode_FromFormat("    %U\n", text));
    Py.XDECREF(text);
  }
  Py.DECREF(source);
  return r;
}
