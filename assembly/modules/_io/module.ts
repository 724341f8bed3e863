// The module _io, and the three standard streams made of its classes (CPython 3.13's Modules/_io/_iomodule.c, and
// create_stdio in Python/pylifecycle.c).

import { EBADF } from "../../generated/constants";
import { host } from "../../generated/host";
import { SIZEOF_FileStatus } from "../../generated/layouts";
import { ioRoots, vmRoots } from "../../generated/runtime";
import * as S from "../../generated/statics";
import {
  _Py_FalseStruct,
  _Py_TrueStruct,
  ID,
  PyBufferedReader_Type,
  PyBufferedWriter_Type,
  PyExc_BlockingIOError,
  PyExc_OSError,
  PyExc_ValueError,
  PyFileIO_Type,
  PyTextIOWrapper_Type,
} from "../../generated/statics";
import { PyDict_RequireItemLiteral, PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyObject_CallTwoArgs, PyObject_Vectorcall } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_SetAttr } from "../../objects/protocol/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { initBufferedTypes } from "./buffered";
import { initBytesIOTypes } from "./bytesio";
import { DEFAULT_BUFFER_SIZE } from "./common";
import { initFileIOType } from "./fileio";
import { initIOBaseTypes } from "./iobase";
import { initNewlineDecoderType } from "./newlines";
import { initBufferedRWPairType } from "./rwpair";
import { initStringIOType } from "./stringio";
import { initTextIOWrapperType } from "./textio";

/** Slots of the module's types. */
export function initIoTypes(): void {
  initIOBaseTypes();
  initFileIOType();
  initBufferedTypes();
  initBufferedRWPairType();
  initBytesIOTypes();
  initTextIOWrapperType();
  initStringIOType();
  initNewlineDecoderType();
}

/** The class io.UnsupportedOperation, which is both an OSError and a ValueError: new, or null. */
function makeUnsupportedOperation(): usize {
  const bases = PyTuple_Pack2(PyExc_OSError, PyExc_ValueError);
  if (bases == 0) return 0;
  const r = PyErr_NewException("io", "UnsupportedOperation", bases);
  Py.DECREF(bases);
  return r;
}

function addType(m: usize, name: string, type: usize): i32 {
  return PyModule_AddObjectLiteral(m, name, Py.NewRef(type));
}

/**
 * @module _io
 *
 * Streams: what open() gives, and what it is made of.
 *
 * Three kinds lie on top of one another. A raw stream (RawIOBase, of which FileIO is one for files) passes requests to the system. A buffered one (BufferedIOBase) gathers them, for reading (BufferedReader), for writing (BufferedWriter) or for both (BufferedRandom; BufferedRWPair over two raw streams). One of text (TextIOBase, of which TextIOWrapper is one over any buffered stream) converts between bytes and characters and knows lines. All of them are IOBase.
 *
 * BytesIO is a buffered stream and StringIO a stream of text, in memory.
 *
 * Where a stream cannot do something it raises UnsupportedOperation. DEFAULT_BUFFER_SIZE is how many bytes a buffer has, unless open() is told otherwise or the system recommends another number.
 */
export function addIoNames(m: usize): i32 {
  if (ioRoots.unsupported_operation == 0) {
    ioRoots.unsupported_operation = makeUnsupportedOperation();
    if (ioRoots.unsupported_operation == 0) return -1;
  }
  if (PyModule_AddObjectLiteral(m, "DEFAULT_BUFFER_SIZE", PyLong_FromLong(<i32>DEFAULT_BUFFER_SIZE)) < 0) return -1;
  if (addType(m, "UnsupportedOperation", ioRoots.unsupported_operation) < 0) return -1;
  if (addType(m, "BlockingIOError", PyExc_BlockingIOError) < 0) return -1;
  if (addType(m, "_IOBase", S.PyIOBase_Type) < 0) return -1;
  if (addType(m, "_RawIOBase", S.PyRawIOBase_Type) < 0) return -1;
  if (addType(m, "_BufferedIOBase", S.PyBufferedIOBase_Type) < 0) return -1;
  if (addType(m, "_TextIOBase", S.PyTextIOBase_Type) < 0) return -1;
  if (addType(m, "FileIO", PyFileIO_Type) < 0) return -1;
  if (addType(m, "BytesIO", S.PyBytesIO_Type) < 0) return -1;
  if (addType(m, "_BytesIOBuffer", S.PyBytesIOBuf_Type) < 0) return -1;
  if (addType(m, "BufferedReader", PyBufferedReader_Type) < 0) return -1;
  if (addType(m, "BufferedWriter", PyBufferedWriter_Type) < 0) return -1;
  if (addType(m, "BufferedRWPair", S.PyBufferedRWPair_Type) < 0) return -1;
  if (addType(m, "BufferedRandom", S.PyBufferedRandom_Type) < 0) return -1;
  if (addType(m, "TextIOWrapper", PyTextIOWrapper_Type) < 0) return -1;
  if (addType(m, "StringIO", S.PyStringIO_Type) < 0) return -1;
  return addType(m, "IncrementalNewlineDecoder", S.PyIncrementalNewlineDecoder_Type);
}

/**
 * A standard stream over a descriptor: a new TextIOWrapper, None where the descriptor is closed, or null with an exception.
 * `codec` and `errors` are str; `buffered`: what is written waits for the buffer to be full, or on a terminal for a line.
 */
function makeStream(fd: i32, name: string, codec: usize, errors: usize, buffered: bool): usize {
  if (!isOpen(fd)) return S._Py_NoneStruct;
  const raw = makeRaw(fd, name);
  if (raw == 0) return 0;
  const buffer = fd == 0 || buffered ? bufferOf(raw, fd == 0) : Py.NewRef(raw);
  Py.DECREF(raw);
  if (buffer == 0) return 0;
  const newline = PyUnicode_FromLiteral("\n");
  const argv = Scratch.take(6);
  Py.setItem(argv, 0, buffer);
  Py.setItem(argv, 1, codec);
  Py.setItem(argv, 2, errors);
  Py.setItem(argv, 3, newline);
  Py.setItem(argv, 4, buffered && (fd == 2 || host.isatty(fd) > 0) ? _Py_TrueStruct : _Py_FalseStruct);
  Py.setItem(argv, 5, buffered ? _Py_FalseStruct : _Py_TrueStruct);
  let stream = newline == 0 ? 0 : PyObject_Vectorcall(PyTextIOWrapper_Type, argv, 6, 0);
  Scratch.give(argv);
  Py.XDECREF(newline);
  Py.DECREF(buffer);
  const mode = PyUnicode_FromLiteral(fd == 0 ? "r" : "w");
  if (stream != 0 && (mode == 0 || PyObject_SetAttr(stream, ID.mode, mode) < 0)) {
    Py.DECREF(stream);
    stream = 0;
  }
  Py.XDECREF(mode);
  return stream;
}

function isOpen(fd: i32): bool {
  const out = Scratch.take(SIZEOF_FileStatus >> 3);
  const r = host.fstat(fd, out);
  Scratch.give(out);
  return r != -EBADF;
}

/** A new buffer around a raw stream, which is read or written. */
function bufferOf(raw: usize, read: bool): usize {
  const size = PyLong_FromLong(<i32>DEFAULT_BUFFER_SIZE);
  if (size == 0) return 0;
  const r = PyObject_CallTwoArgs(read ? PyBufferedReader_Type : PyBufferedWriter_Type, raw, size);
  Py.DECREF(size);
  return r;
}

function makeRaw(fd: i32, name: string): usize {
  const argv = Scratch.take(3);
  const number = PyLong_FromLong(fd);
  const mode = PyUnicode_FromLiteral(fd == 0 ? "rb" : "wb");
  Py.setItem(argv, 0, number);
  Py.setItem(argv, 1, mode);
  Py.setItem(argv, 2, _Py_FalseStruct);
  let raw = number == 0 || mode == 0 ? 0 : PyObject_Vectorcall(PyFileIO_Type, argv, 3, 0);
  Scratch.give(argv);
  Py.XDECREF(number);
  Py.XDECREF(mode);
  const text = PyUnicode_FromLiteral(name);
  if (raw != 0 && (text == 0 || PyObject_SetAttr(raw, ID.name, text) < 0)) {
    Py.DECREF(raw);
    raw = 0;
  }
  Py.XDECREF(text);
  return raw;
}

/** Puts a stream under both its names into sys: 0, or -1 with an exception. `stream` is stolen. */
function publish(stream: usize, name: string, original: string): i32 {
  if (stream == 0) return -1;
  const sys = vmRoots.sysdict;
  const ok = PyDict_SetItemLiteral(sys, name, stream) < 0 || PyDict_SetItemLiteral(sys, original, stream) < 0 ? -1 : 0;
  Py.DECREF(stream);
  return ok;
}

/** Makes sys.stdin, sys.stdout, sys.stderr, which encode by `codec` and `errors`, two str: 0, or -1 with an exception. */
export function makeStandardStreams(codec: usize, errors: usize, buffered: bool): i32 {
  const stdin = makeStream(0, "<stdin>", codec, errors, buffered);
  if (publish(stdin, "stdin", "__stdin__") < 0) return -1;
  const stdout = makeStream(1, "<stdout>", codec, errors, buffered);
  if (publish(stdout, "stdout", "__stdout__") < 0) return -1;
  const lenient = PyUnicode_FromLiteral("backslashreplace");
  if (lenient == 0) return -1;
  const stderr = makeStream(2, "<stderr>", codec, lenient, buffered);
  Py.DECREF(lenient);
  return publish(stderr, "stderr", "__stderr__");
}

/** Makes the module known and open() a built-in: 0, or -1 with an exception. `m`, null after an error, is stolen. */
export function initIo(m: usize): i32 {
  if (m == 0) return -1;
  const open = PyDict_RequireItemLiteral(PyModule_GetDict(m), "open");
  let ok = open == 0 ? -1 : PyDict_SetItemLiteral(vmRoots.builtins, "open", open);
  if (ok == 0) ok = PyDict_SetItemLiteral(vmRoots.modules, "_io", m);
  Py.DECREF(m);
  return ok;
}
