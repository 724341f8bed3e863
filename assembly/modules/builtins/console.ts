// builtins.print, input and breakpoint (CPython 3.13's Python/bltinmodule.c).
//
// Difference: input() always reads through sys.stdin's readline(); there is no line editing at a terminal.

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyBytesObject } from "../../generated/layouts";
import { _Py_NoneStruct, ID, PyExc_EOFError, PyExc_RuntimeError, PyExc_TypeError } from "../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyTuple_FromArray } from "../../objects/containers/tuple";
import { ArgParser, parseArguments, wrongKeyword } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { flushFile, PyFile_WriteObject, sysObject, writeText } from "../../objects/errors/fileoutput";
import { PyErr_Clear, PyErr_Format, PyErr_SetString } from "../../objects/errors/raise";
import { PyObject_CallMethodNoArgs, PyObject_Vectorcall } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { U } from "../../objects/text/access";
import { PyUnicode_Substring } from "../../objects/text/concat";
import { latin1Character } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";

/** A separator argument: null for the default, false with TypeError where it is no str. */
function isText(o: usize, what: string): bool {
  if (o == 0 || Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) return true;
  PyErr_Format(PyExc_TypeError, "%L must be None or a string, not %.200t", changetype<usize>(what), o);
  return false;
}

function asMissing(o: usize): usize {
  return o == _Py_NoneStruct ? 0 : o;
}

/**
 * @native builtins.print($module, /, *args, sep=' ', end='\n', file=None, flush=False)
 *
 * Write the objects, as str() shows them.
 *
 *   sep
 *     What to write between them.
 *   end
 *     What to write after the last.
 *   file
 *     Where to write: what has a method write(); sys.stdout, if None.
 *   flush
 *     Whether to write out at once what is gathered.
 *
 * Without objects only the end is written. Nothing is returned.
 */
export function builtin_print(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  // CPython's argument parser makes a tuple of what is printed. Who counts allocations sees it.
  const objects = PyTuple_FromArray(argv, nargs);
  if (objects == 0) return 0;
  const r = print(argv, nargs, kwnames);
  Py.DECREF(objects);
  return r;
}

function print(argv: usize, nargs: isize, kwnames: usize): usize {
  let sep: usize = 0;
  let end: usize = 0;
  let file: usize = 0;
  let flush = 0;
  if (kwnames != 0) {
    const a = Scratch.take(4);
    const names = "sep end file flush";
    // What takes any number of arguments does not count those with a keyword either.
    const ok =
      Py.SIZE(kwnames) > 4
        ? wrongKeyword("print", names, 4, 0, kwnames, Py.SIZE(kwnames))
        : parseArguments("print", names, argv + ((<usize>nargs) << 3), 0, kwnames, a, 0, 0);
    sep = asMissing(Py.item(a, 0));
    end = asMissing(Py.item(a, 1));
    file = asMissing(Py.item(a, 2));
    const flushArgument = Py.item(a, 3);
    Scratch.give(a);
    if (!ok) return 0;
    if (flushArgument != 0) {
      flush = PyObject_IsTrue(flushArgument);
      if (flush < 0) return 0;
    }
  }
  if (file == 0) {
    file = sysObject(ID.stdout);
    if (file == 0) return PyErr_SetString(PyExc_RuntimeError, "lost sys.stdout");
    if (file == _Py_NoneStruct) return _Py_NoneStruct;
  }
  if (!isText(sep, "sep") || !isText(end, "end")) return 0;
  Py.INCREF(file);
  const ok = printAll(argv, nargs, sep, end, file) == 0 && (!flush || flushFile(file) == 0);
  Py.DECREF(file);
  return ok ? _Py_NoneStruct : 0;
}

function printAll(argv: usize, nargs: isize, sep: usize, end: usize, file: usize): i32 {
  for (let i: isize = 0; i < nargs; i++) {
    if (i > 0 && writeText(file, sep == 0 ? latin1Character(0x20) : sep) < 0) return -1;
    if (PyFile_WriteObject(Py.item(argv, i), file, true) < 0) return -1;
  }
  return writeText(file, end == 0 ? latin1Character(0x0a) : end);
}

/** sys.<name>, borrowed, for input(): null with RuntimeError. */
function stream(name: usize, message: string): usize {
  const f = sysObject(name);
  if (f != 0 && f != _Py_NoneStruct) return f;
  return PyErr_SetString(PyExc_RuntimeError, message);
}

/**
 * @native builtins.input($module, prompt='', /)
 *
 * A line that somebody types, without its end.
 *
 * The prompt, if there is one, is written before it, without an end of its own. EOFError says that there are no more lines: the user has pressed Ctrl-D, or the file has come to its end. What is read is what sys.stdin gives, and the prompt goes to sys.stdout.
 */
export function builtin_input(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("input", nargs, 0, 1)) return 0;
  const fin = stream(ID.stdin, "input(): lost sys.stdin");
  const fout = fin == 0 ? 0 : stream(ID.stdout, "input(): lost sys.stdout");
  const ferr = fout == 0 ? 0 : stream(ID.stderr, "input(): lost sys.stderr");
  if (ferr == 0) return 0;
  if (!Audit.event("builtins.input", "O", nargs == 0 ? 0 : Py.item(argv, 0))) return 0;
  Py.INCREF(fin);
  Py.INCREF(fout);
  if (flushFile(ferr) < 0) PyErr_Clear();
  let r: usize = 0;
  if (nargs == 0 || PyFile_WriteObject(Py.item(argv, 0), fout, true) == 0) {
    if (flushFile(fout) < 0) PyErr_Clear();
    r = readLine(fin);
  }
  if (r != 0 && !Audit.event("builtins.input/result", "O", r)) {
    Py.DECREF(r);
    r = 0;
  }
  Py.DECREF(fin);
  Py.DECREF(fout);
  return r;
}

/** The next line without its line feed: a new str (or bytes); null with EOFError at the end. */
function readLine(file: usize): usize {
  const line = PyObject_CallMethodNoArgs(file, ID.readline);
  if (line == 0) return 0;
  const text = Py.check(line, Py_TPFLAGS_UNICODE_SUBCLASS);
  let r: usize = 0;
  if (!text && !Py.check(line, Py_TPFLAGS_BYTES_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "object.readline() returned non-string");
  } else {
    const n = text ? U.length(line) : Py.SIZE(line);
    if (n == 0) PyErr_SetString(PyExc_EOFError, "EOF when reading a line");
    else {
      const last: u32 = text ? U.at(line, n - 1) : load<u8>(PyBytesObject.at(line).ob_sval + <usize>(n - 1));
      if (last != 0x0a) r = Py.NewRef(line);
      else
        r = text
          ? PyUnicode_Substring(line, 0, n - 1)
          : PyBytes_FromStringAndSize(PyBytesObject.at(line).ob_sval, n - 1);
    }
  }
  Py.DECREF(line);
  return r;
}

/**
 * @native builtins.breakpoint($module, /, *args, **kws)
 *
 * Stop here, to look around: sys.breakpointhook() is called, with all arguments.
 *
 * At first that starts the debugger, pdb; PYTHONBREAKPOINT can name another function.
 */
export function builtin_breakpoint(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const hook = sysObject(ID.breakpointhook);
  if (hook == 0) return PyErr_SetString(PyExc_RuntimeError, "lost sys.breakpointhook");
  Py.INCREF(hook);
  const ok = Audit.event("builtins.breakpoint", "O", hook);
  const r = ok ? PyObject_Vectorcall(hook, argv, <usize>nargs, kwnames) : 0;
  Py.DECREF(hook);
  return r;
}
