// Statements that are typed, one after the other, each run as soon as it is whole (PyRun_InteractiveLoop of CPython 3.13's
// Python/pythonrun.c, and PyOS_StdioReadline of Parser/myreadline.c). The prompt goes to standard error.
//
// What descriptor 0 gave beyond the line that was asked for is kept in vmRoots.typed, as C's stdin would.

import { CO_FUTURE_MASK, CompileMode, PyCF_IGNORE_COOKIE } from "../generated/constants";
import { PyBytesObject, PyCodeObject, PySyntaxErrorObject } from "../generated/layouts";
import { vmRoots } from "../generated/runtime";
import {
  _Py_NoneStruct,
  PyExc_MemoryError,
  PyExc_SyntaxError,
  PyExc_SystemExit,
  PyLong_Type,
} from "../generated/statics";
import { compileSource, compileTyped } from "../imports/compiling";
import { evalCode } from "../imports/evaluate";
import { PyBytes_FromStringAndSize, firstBytes } from "../objects/bytes/bytes";
import { PyDict_GetItemLiteral, PyDict_SetItemLiteral } from "../objects/containers/dict/dict";
import { List } from "../objects/containers/list/list";
import { writeToDescriptor } from "../objects/errors/fileoutput";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
} from "../objects/errors/raise";
import { PyLong_AsLongLong } from "../objects/numbers/int/create";
import { PyUnicode_Splitlines } from "../objects/text/split";
import { isSpace } from "../objects/traceback/sourcelines";
import { PyImport_ImportLiteral } from "../objects/module/import";
import { PyModule_GetDict } from "../objects/module/module";
import { PyObject_CallThreeArgs } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyObject_GetAttr } from "../objects/protocol/access";
import { PyObject_Str } from "../objects/protocol/text";
import { U } from "../objects/text/access";
import { PyUnicode_AsUTF8, PyUnicode_DecodeUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { PyUnicode_FromLiteral } from "../objects/text/create";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { Scratch } from "../thread/scratch";
import { RAISED } from "../modules/select/ready";
import { readDescriptor } from "../modules/select/transfer";
import { flushStreams, handleUncaught } from "./run";

/** So many statements in a row may fail for want of memory. */
const MEMORY_ERRORS_MOST = 16;
/** What a read of standard input asks for. */
const CHUNK: isize = 4096;

/** How a statement went. */
const enum Typed {
  done,
  failed,
  /** There are no more. */
  end,
}

/** Runs what is typed until it ends: the exit status. */
export function interactiveLoop(): i32 {
  if (setPrompt("ps1", ">>> ") < 0 || setPrompt("ps2", "... ") < 0) return handleUncaught();
  let memoryErrors = 0;
  while (true) {
    const how = runStatement();
    if (how == Typed.end) break;
    if (how == Typed.failed) {
      const leaves = PyErr_ExceptionMatches(PyExc_SystemExit) && vmRoots.inspect == 0;
      memoryErrors = PyErr_ExceptionMatches(PyExc_MemoryError) ? memoryErrors + 1 : 0;
      const status = handleUncaught();
      if (leaves || memoryErrors > MEMORY_ERRORS_MOST) return status;
    } else memoryErrors = 0;
    flushStreams();
  }
  const typed = vmRoots.typed;
  vmRoots.typed = 0;
  Py.XDECREF(typed);
  return 0;
}

/** What sys._baserepl() calls, for initialisation. */
export function connectPrompt(): void {
  const loop: () => i32 = interactiveLoop;
  vmRoots.base_repl = loop.index;
}

/** Sets a prompt in sys, where there is none: 0, or -1 with an exception. */
function setPrompt(name: string, text: string): i32 {
  if (PyDict_GetItemLiteral(vmRoots.sysdict, name) != 0) return 0;
  const prompt = PyUnicode_FromLiteral(text);
  const r = prompt == 0 ? -1 : PyDict_SetItemLiteral(vmRoots.sysdict, name, prompt);
  Py.XDECREF(prompt);
  return r;
}

/** Reads a statement and runs it. */
function runStatement(): Typed {
  const filename = PyUnicode_FromFormat("<stdin>-%d", vmRoots.statements);
  if (filename == 0) return Typed.failed;
  vmRoots.statements++;
  const slot = Scratch.take(1);
  const code = readStatement(filename, slot);
  const source: usize = load<u32>(slot);
  Scratch.give(slot);
  let how = Typed.failed;
  if (code == 0 && source != 0) quoteLine(source);
  if (code == _Py_NoneStruct) how = Typed.end;
  else if (code == 0 && PyErr_Occurred() == 0) how = Typed.done;
  else if (code != 0 && registerStatement(filename, source) == 0) {
    const d = PyModule_GetDict(vmRoots.main_module);
    const r = evalCode(code, d, d, 0);
    if (r != 0) how = Typed.done;
    Py.XDECREF(r);
  }
  if (code != _Py_NoneStruct) Py.XDECREF(code);
  Py.XDECREF(source);
  Py.DECREF(filename);
  return how;
}

function registerStatement(filename: usize, source: usize): i32 {
  const shown = PyUnicode_InternLiteral("<stdin>");
  const r = shown == 0 ? -1 : registerSource(filename, source, shown);
  Py.XDECREF(shown);
  return r;
}

/** Gives a SyntaxError that knows its line the text of it, which no file has. */
function quoteLine(source: usize): void {
  if (!PyErr_ExceptionMatches(PyExc_SyntaxError)) return;
  const exc = PyErr_GetRaisedException();
  const e = PySyntaxErrorObject.at(exc);
  const missing = e.text == 0 || e.text == _Py_NoneStruct;
  if (missing && e.lineno != 0 && Py.TYPE(e.lineno) == PyLong_Type) {
    const lines = PyUnicode_Splitlines(source, true);
    const line = PyLong_AsLongLong(e.lineno);
    if (lines != 0 && line >= 1 && line <= <i64>Py.SIZE(lines)) {
      Py.SETREF(e.text_slot, Py.NewRef(List.get(lines, <isize>line - 1)));
    }
    Py.XDECREF(lines);
    PyErr_Clear();
  }
  PyErr_SetRaisedException(exc);
}

function isBlank(line: usize): bool {
  for (let i: isize = 0; i < U.length(line); i++) if (!isSpace(U.at(line, i))) return false;
  return true;
}

/**
 * The code of a statement, a new reference, and its source, a new str, in the word at `out`; None where there are no more;
 * null with an exception, or, for an empty line, without.
 */
function readStatement(filename: usize, out: usize): usize {
  store<u32>(out, 0);
  let source = readLine("ps1");
  if (source != 0 && U.length(source) == 0) {
    Py.DECREF(source);
    return _Py_NoneStruct;
  }
  store<u32>(out, <u32>source);
  if (source != 0 && isBlank(source)) return 0;
  let code: usize = 0;
  while (source != 0) {
    code = endsLine(source) ? compileText(source, filename, false) : _Py_NoneStruct;
    if (code != _Py_NoneStruct) break;
    const line = readLine("ps2");
    if (line != 0 && U.length(line) == 0) {
      Py.DECREF(line);
      code = compileText(source, filename, true);
      break;
    }
    const more = line == 0 ? 0 : PyUnicode_FromFormat("%U%U", source, line);
    Py.XDECREF(line);
    Py.DECREF(source);
    source = more;
  }
  store<u32>(out, <u32>source);
  return source == 0 ? 0 : code;
}

function endsLine(text: usize): bool {
  const n = U.length(text);
  return n > 0 && U.at(text, n - 1) == 0x0a;
}

/**
 * Compiles what was typed: a new code object; None where it is not whole, unless it is the `last` that comes; null with an
 * exception.
 */
function compileText(text: usize, filename: usize, last: bool): usize {
  const p = PyUnicode_AsUTF8(text);
  if (p == 0) return 0;
  const n = PyUnicode_UTF8Length(text);
  const flags = vmRoots.typed_flags;
  const code = last
    ? compileSource(p, n, filename, CompileMode.single, flags | PyCF_IGNORE_COOKIE, -1)
    : compileTyped(p, n, filename, flags);
  // What is imported from __future__ holds for all that follows.
  if (code != 0 && code != _Py_NoneStruct)
    vmRoots.typed_flags = flags | (PyCodeObject.at(code).co_flags & CO_FUTURE_MASK);
  return code;
}

/** Has linecache know the source, for tracebacks, which call the file `shown`: 0, or -1 with an exception. */
export function registerSource(filename: usize, source: usize, shown: usize): i32 {
  const linecache = PyImport_ImportLiteral("linecache");
  const method = linecache == 0 ? 0 : PyUnicode_InternLiteral("_register_code");
  const register = method == 0 ? 0 : PyObject_GetAttr(linecache, method);
  const r = register == 0 ? 0 : PyObject_CallThreeArgs(register, filename, source, shown);
  Py.XDECREF(linecache);
  Py.XDECREF(method);
  Py.XDECREF(register);
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

/** The next line with its end, a new str, which is empty after the last; null with an exception. */
function readLine(prompt: string): usize {
  showPrompt(prompt);
  let end = lineLength();
  while (end < 0) {
    const got = readMore();
    if (got < 0) return 0;
    if (got == 0) break;
    end = lineLength();
  }
  const typed = vmRoots.typed;
  if (typed == 0) {
    endPrompt();
    return PyUnicode_FromLiteral("");
  }
  const p = PyBytesObject.at(typed).ob_sval;
  const n = Py.SIZE(typed);
  if (end < 0) end = n;
  const line = PyUnicode_DecodeUTF8(p, end, 0);
  const rest = end == n ? 0 : PyBytes_FromStringAndSize(p + <usize>end, n - end);
  vmRoots.typed = rest;
  Py.DECREF(typed);
  if (end == n || rest != 0) return line;
  Py.XDECREF(line);
  return 0;
}

/** How long the first line of what was read is, with its end; -1 where that has not been read. */
function lineLength(): isize {
  const typed = vmRoots.typed;
  if (typed == 0) return -1;
  const p = PyBytesObject.at(typed).ob_sval;
  for (let i: isize = 0; i < Py.SIZE(typed); i++) if (load<u8>(p + <usize>i) == 0x0a) return i + 1;
  return -1;
}

/** Reads what comes next from standard input: how many bytes there were, 0 at its end; -1 with an exception. */
function readMore(): isize {
  const typed = vmRoots.typed;
  const n = typed == 0 ? 0 : Py.SIZE(typed);
  const all = PyBytes_FromStringAndSize(0, n + CHUNK);
  if (all == 0) return -1;
  const p = PyBytesObject.at(all).ob_sval;
  const got = readDescriptor(0, p + <usize>n, <usize>CHUNK);
  if (got <= 0) {
    Py.DECREF(all);
    return got == RAISED ? -1 : 0;
  }
  if (typed != 0) memory.copy(p, PyBytesObject.at(typed).ob_sval, <usize>n);
  vmRoots.typed = firstBytes(all, n + got);
  Py.XDECREF(typed);
  return vmRoots.typed == 0 ? -1 : got;
}

/** Writes a prompt of sys; whatever fails leaves it out. */
function showPrompt(name: string): void {
  flushStreams();
  const prompt = PyDict_GetItemLiteral(vmRoots.sysdict, name);
  if (prompt == 0) return;
  Py.INCREF(prompt);
  const text = PyObject_Str(prompt);
  Py.DECREF(prompt);
  if (text != 0) {
    writeToDescriptor(text);
    Py.DECREF(text);
  }
  PyErr_Clear();
}

/** What is written next does not stand behind a prompt. */
function endPrompt(): void {
  const end = PyUnicode_FromLiteral("\n");
  if (end != 0) {
    writeToDescriptor(end);
    Py.DECREF(end);
  }
  PyErr_Clear();
}
