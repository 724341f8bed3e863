// What the host runs: a program as __main__, with the end that CPython gives it (Python/pythonrun.c and
// Modules/main.c), or pieces of source one after the other in one __main__, each with its result or its exception.
//
// Texts come in as UTF-8, in blocks that the host takes with PyMem_RawMalloc and frees.

import {
  CompileMode,
  EXIT_FAILED,
  EXIT_FLUSH_FAILED,
  EXIT_INTERRUPTED,
  Py_TPFLAGS_LONG_SUBCLASS,
  PyCF_FROM_FILE,
  PyCF_IGNORE_COOKIE,
} from "../generated/constants";
import { PyBaseExceptionObject, PySystemExitObject } from "../generated/layouts";
import { osRoots, vmRoots } from "../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyExc_KeyboardInterrupt,
  PyExc_RuntimeError,
  PyExc_SystemError,
  PyExc_SystemExit,
} from "../generated/statics";
import { compileSource } from "../imports/compiling";
import { evalCode } from "../imports/evaluate";
import { setDumpStatistics } from "../memory/arena";
import { debugMallocStats } from "../memory/statistics";
import { attributeIsTrue } from "../modules/_io/common";
import { isFlushed } from "../modules/_io/textio";
import { _PyTraceMalloc_Start } from "../modules/_tracemalloc";
import { PyBytes_FromStringAndSize } from "../objects/bytes/bytes";
import {
  PyDict_GetItemLiteral,
  PyDict_New,
  PyDict_SetItem,
  PyDict_SetItemLiteral,
} from "../objects/containers/dict/dict";
import { PyTuple_New, Tuple } from "../objects/containers/tuple";
import { Audit } from "../objects/errors/audit";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_GetRaisedException,
  PyErr_GivenExceptionMatches,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../objects/errors/raise";
import { standardError, writeText, writeToDescriptor } from "../objects/errors/fileoutput";
import { PyErr_FormatUnraisable, PyErr_WriteUnraisable } from "../objects/errors/unraisable";
import { PyModule_GetDict, PyModule_NewLiteral } from "../objects/module/module";
import { PyLong_AsLongLong } from "../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs, PyObject_CallThreeArgs } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../objects/protocol/access";
import { PyObject_Repr, PyObject_Str } from "../objects/protocol/text";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { PyUnicode_FromLiteral, PyUnicode_FromStringAndSize } from "../objects/text/create";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { formatException, PyErr_Display } from "../objects/traceback/print";
import { type_fullyQualifiedName } from "../objects/types/type";
import { setMemoryLimit } from "../os/machine";
import { writeStandardError } from "../os/standarderror";
import { fatalError } from "./fatal";
import { releaseMemoryReserve } from "./lifecycle";

/** What the host's source may take beyond the limit of memory until it runs. */
const SOURCE_ROOM: usize = 0x80000;

/** Lets the allocators write to standard error, and end the process where memory is damaged; `statistics`: a report of the arenas before each new one. */
export function connectErrors(statistics: bool): void {
  const write: (p: usize, n: usize) => void = writeStandardError;
  osRoots.error_write = write.index;
  const fatal: () => void = fatalError;
  osRoots.fatal_error = fatal.index;
  if (statistics) setDumpStatistics(true);
}

/** Writes the report of the arenas to standard error. */
export function reportArenas(): void {
  debugMallocStats(osRoots.error_write);
}

// __main__ and sys.

/** Makes an empty __main__ and registers it: 0, or -1 with an exception. */
export function prepareMain(): i32 {
  const m = PyModule_NewLiteral("__main__");
  if (m == 0) return -1;
  const d = PyModule_GetDict(m);
  const annotations = PyDict_New();
  let ok = annotations == 0 ? -1 : PyDict_SetItemLiteral(d, "__annotations__", annotations);
  Py.XDECREF(annotations);
  if (ok == 0) ok = PyDict_SetItemLiteral(d, "__builtins__", vmRoots.builtins_module);
  if (ok == 0) ok = setBuiltinLoader(d);
  if (ok == 0) ok = PyDict_SetItem(vmRoots.modules, ID.__main__, m);
  if (ok < 0) {
    Py.DECREF(m);
    return -1;
  }
  const old = vmRoots.main_module;
  vmRoots.main_module = m;
  Py.XDECREF(old);
  return 0;
}

/** The loader of a program without a file: importlib's for what is built in, where the import system has started. */
function setBuiltinLoader(d: usize): i32 {
  if (vmRoots.importlib == 0) return 0;
  const name = PyUnicode_InternLiteral("BuiltinImporter");
  const loader = name == 0 ? 0 : PyObject_GetAttr(vmRoots.importlib, name);
  Py.XDECREF(name);
  const r = loader == 0 ? -1 : PyDict_SetItem(d, ID.__loader__, loader);
  Py.XDECREF(loader);
  return r;
}

/** Traces allocations from now on, with up to `frames` (1 to 65535) of each traceback; -1 with an exception. */
export function startTracing(frames: i32): i32 {
  return _PyTraceMalloc_Start(frames);
}

// Running.

/**
 * Runs source in __main__ and returns what it evaluates to (None but for `mode` eval): a new reference, or null with
 * the exception set. `text`: the source is UTF-8 whatever it declares.
 */
export function runSource(source: usize, length: usize, name: usize, nameLength: usize, mode: i32, text: bool): usize {
  // A program may have left no memory at all, and its host has to be able to say so much.
  const limit = osRoots.memory_limit;
  if (limit != 0) setMemoryLimit(limit + SOURCE_ROOM);
  const filename = PyUnicode_FromStringAndSize(name, <isize>nameLength);
  const flags = text ? PyCF_IGNORE_COOKIE : PyCF_FROM_FILE;
  const code = filename == 0 ? 0 : compileSource(source, <isize>length, filename, mode, flags, -1);
  Py.XDECREF(filename);
  setMemoryLimit(limit);
  if (code == 0) return 0;
  const d = PyModule_GetDict(vmRoots.main_module);
  const r = evalCode(code, d, d, 0);
  Py.DECREF(code);
  return r;
}

/** Runs source as the main program: its exit status. Whatever it left behind in buffers is written. `text`: it is the
 * code of the command line, not a file's. */
export function runMain(source: usize, length: usize, name: usize, nameLength: usize, text: bool): i32 {
  if (text && vmRoots.command_source == 0) {
    // Tracebacks quote it. Without memory for that they do not.
    vmRoots.command_source = PyBytes_FromStringAndSize(source, <isize>length);
    PyErr_Clear();
  }
  const r = runSource(source, length, name, nameLength, CompileMode.exec, text);
  let status = 0;
  if (r == 0) status = handleUncaught();
  else Py.DECREF(r);
  return flushStreams() < 0 ? EXIT_FLUSH_FAILED : status;
}

/** Ends a program by its exception, which is no longer set: SystemExit says how, any other is shown. Its status. */
export function handleUncaught(): i32 {
  releaseMemoryReserve();
  if (PyErr_ExceptionMatches(PyExc_SystemExit) && vmRoots.inspect == 0) {
    vmRoots.leaving = 1;
    const exc = PyErr_GetRaisedException();
    const status = exitStatus(PySystemExitObject.at(exc).code);
    Py.DECREF(exc);
    return status;
  }
  const exc = PyErr_GetRaisedException();
  if (PyDict_SetItemLiteral(vmRoots.sysdict, "last_exc", exc) < 0) PyErr_Clear();
  const hook = PyDict_GetItemLiteral(vmRoots.sysdict, "excepthook");
  if (hook == 0) {
    PyErr_Clear();
    flushStreams();
    showLine("sys.excepthook is missing\n");
    PyErr_Display(exc);
    Py.DECREF(exc);
    return EXIT_FAILED;
  }
  Py.INCREF(hook);
  const traceback = PyBaseExceptionObject.at(exc).traceback;
  const told = Audit.event("sys.excepthook", "OOOO", hook, Py.TYPE(exc), exc, traceback);
  // What forbids the hook by RuntimeError means that nobody is to be told.
  if (!told && PyErr_ExceptionMatches(PyExc_RuntimeError)) {
    PyErr_Clear();
    Py.DECREF(hook);
    Py.DECREF(exc);
    return EXIT_FAILED;
  }
  if (!told) PyErr_WriteUnraisable(0);
  const r = PyObject_CallThreeArgs(hook, Py.TYPE(exc), exc, traceback == 0 ? _Py_NoneStruct : traceback);
  Py.DECREF(hook);
  let status = PyErr_GivenExceptionMatches(exc, PyExc_KeyboardInterrupt) ? EXIT_INTERRUPTED : EXIT_FAILED;
  if (r != 0) Py.DECREF(r);
  else if (PyErr_ExceptionMatches(PyExc_SystemExit) && vmRoots.inspect == 0) status = handleUncaught();
  else {
    const second = PyErr_GetRaisedException();
    flushStreams();
    showLine("Error in sys.excepthook:\n");
    PyErr_Display(second);
    showLine("\nOriginal exception was:\n");
    PyErr_Display(exc);
    Py.DECREF(second);
  }
  Py.DECREF(exc);
  return status;
}

/** What the argument of SystemExit makes of the exit status; what is no number is shown on standard error. */
function exitStatus(code: usize): i32 {
  if (code == 0 || code == _Py_NoneStruct) return 0;
  if (Py.check(code, Py_TPFLAGS_LONG_SUBCLASS)) {
    const n = PyLong_AsLongLong(code);
    if (PyErr_Occurred()) {
      PyErr_Clear();
      return 255;
    }
    return <i32>n & 0xff;
  }
  flushStreams();
  const text = PyUnicode_FromFormat("%S\n", code);
  const file = Py.XNewRef(standardError());
  if (text != 0) {
    if (file == 0) writeToDescriptor(text);
    else writeText(file, text);
    Py.DECREF(text);
  }
  PyErr_Clear();
  Py.XDECREF(file);
  flushStreams();
  return EXIT_FAILED;
}

/** Writes a str to descriptor 2. */
function show(text: usize): void {
  const p = PyUnicode_AsUTF8(text);
  if (p == 0) PyErr_Clear();
  else writeStandardError(p, <usize>PyUnicode_UTF8Length(text));
}

function showLine(s: string): void {
  const text = PyUnicode_FromLiteral(s);
  if (text == 0) {
    PyErr_Clear();
    return;
  }
  show(text);
  Py.DECREF(text);
}

/** Flushes sys.stdout and sys.stderr: 0, or -1 where standard output cannot be written, which is shown. */
export function flushStreams(): i32 {
  const saved = PyErr_GetRaisedException();
  const status = flushStream("stdout") < 0 ? -1 : 0;
  flushStream("stderr");
  PyErr_SetRaisedException(saved);
  return status;
}

function flushStream(name: string): i32 {
  const stream = PyDict_GetItemLiteral(vmRoots.sysdict, name);
  if (stream == 0 || stream == _Py_NoneStruct) {
    PyErr_Clear();
    return 0;
  }
  if (isFlushed(stream)) return 0;
  Py.INCREF(stream);
  let status = 0;
  const closed = attributeIsTrue(stream, ID.closed);
  if (closed < 0) PyErr_Clear();
  if (closed <= 0) {
    const r = PyObject_CallMethodNoArgs(stream, ID.flush);
    if (r != 0) Py.DECREF(r);
    else {
      PyErr_FormatUnraisable("Exception ignored on flushing sys.%L", changetype<usize>(name));
      status = -1;
    }
  }
  Py.DECREF(stream);
  return status;
}

// For hosts that run pieces of source.

/**
 * The exception that is set, taken: a new tuple (type's name, message, all as it is printed, the number by which the host
 * knows what it has thrown, or None); 0 where that failed.
 */
export function takeException(): usize {
  const exc = PyErr_GetRaisedException();
  if (exc == 0) return PyErr_SetString(PyExc_SystemError, "no exception is set");
  const name = type_fullyQualifiedName(Py.TYPE(exc));
  let message = PyObject_Str(exc);
  if (message == 0) {
    PyErr_Clear();
    message = PyUnicode_FromLiteral("");
  }
  let text = formatException(exc);
  if (text == 0) {
    PyErr_Clear();
    text = PyUnicode_FromLiteral("");
  }
  const attribute = PyUnicode_InternLiteral("__host_error__");
  let thrown = attribute == 0 ? 0 : PyObject_GetOptionalAttr(exc, attribute);
  Py.XDECREF(attribute);
  if (thrown == 0) {
    PyErr_Clear();
    thrown = Py.NewRef(_Py_NoneStruct);
  }
  const r = name == 0 || message == 0 || text == 0 ? 0 : PyTuple_New(4);
  if (r != 0) {
    Tuple.set(r, 0, Py.NewRef(name));
    Tuple.set(r, 1, Py.NewRef(message));
    Tuple.set(r, 2, Py.NewRef(text));
    Tuple.set(r, 3, Py.NewRef(thrown));
  }
  Py.DECREF(thrown);
  Py.XDECREF(name);
  Py.XDECREF(message);
  Py.XDECREF(text);
  Py.DECREF(exc);
  PyErr_Clear();
  return r;
}

/** repr(o): a new str, or null; whatever it raises is dropped. */
export function reprOf(o: usize): usize {
  const r = PyObject_Repr(o);
  if (r == 0) PyErr_Clear();
  return r;
}

/** Gives a reference that the host held back. */
export function release(o: usize): void {
  Py.DECREF(o);
}

/** Takes a reference for the host. */
export function retain(o: usize): void {
  Py.INCREF(o);
}
