// Streams that are converted as they are read and written (MultibyteStreamReader and MultibyteStreamWriter of CPython 3.13's
// Modules/cjkcodecs/multibytecodec.c).

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_LONG_SUBCLASS,
} from "../../generated/constants";
import {
  MultibyteStatefulEncoderContext_state,
  MultibyteStreamReaderObject,
  MultibyteStreamReaderObject_stream,
  MultibyteStreamWriterObject,
  MultibyteStreamWriterObject_stream,
  PyBytesObject,
  PyTypeObject,
  SIZEOF_MultibyteStreamReaderObject,
  SIZEOF_MultibyteStreamWriterObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_string,
  ID,
  PyExc_TypeError,
  PyMultibyteStreamReader_Type,
  PyMultibyteStreamWriter_Type,
} from "../../generated/statics";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import {
  MultibyteStreamReaderObject_clear,
  MultibyteStreamReaderObject_traverse,
  MultibyteStreamWriterObject_clear,
  MultibyteStreamWriterObject_traverse,
} from "../../objects/generated/references";
import { PyLong_AsSsize_t, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs, PyObject_CallMethodOneArg } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PySequence_Check, PySequence_GetItem, PySequence_Size } from "../../objects/protocol/sequence";
import { Writer, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { PyUnicode_Splitlines } from "../../objects/text/split";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";
import { encodeText } from "./codec";
import { context_init, decodePiece, encodePiece, newContext, resetDecoder } from "./incremental";

/** What the stream gives for a call of `method`: new bytes; null with an exception. */
function readStream(stream: usize, method: usize, size: isize): usize {
  let bytes: usize = 0;
  if (size < 0) bytes = PyObject_CallMethodNoArgs(stream, method);
  else {
    const n = PyLong_FromSsize_t(size);
    if (n != 0) bytes = PyObject_CallMethodOneArg(stream, method, n);
    Py.XDECREF(n);
  }
  if (bytes == 0 || Py.check(bytes, Py_TPFLAGS_BYTES_SUBCLASS)) return bytes;
  PyErr_Format(PyExc_TypeError, "stream function returned a non-bytes object (%.100t)", bytes);
  Py.DECREF(bytes);
  return 0;
}

/** The text of what `method` of the stream gives, and of as many more bytes as make it one character. */
function read(self: usize, method: usize, size: isize): usize {
  if (size == 0) return empty_string;
  const r = MultibyteStreamReaderObject.at(self);
  const w = Writer.begin(0);
  let hint = size;
  while (true) {
    const bytes = readStream(r.stream, method, hint);
    if (bytes == 0) return writerDiscard(w);
    const n = Py.SIZE(bytes);
    const had = n + r.pendingsize;
    const good = decodePiece(self, PyBytesObject.at(bytes).ob_sval, n, n == 0 || hint < 0, w);
    Py.DECREF(bytes);
    if (!good) return writerDiscard(w);
    if (hint < 0 || Writer.position(w) > 0 || had == 0) return writerFinish(w);
    hint = 1;
  }
}

/** As read(), of as many bytes as an argument says. */
function readSized(self: usize, method: usize, argument: usize): usize {
  let size: isize = -1;
  if (argument != _Py_NoneStruct) {
    if (!Py.check(argument, Py_TPFLAGS_LONG_SUBCLASS)) {
      return PyErr_SetString(PyExc_TypeError, "arg 1 must be an integer");
    }
    size = PyLong_AsSsize_t(argument);
    if (size == -1 && PyErr_Occurred()) return 0;
  }
  return read(self, method, size);
}

/**
 * @native _multibytecodec.MultibyteStreamReader.read($self, sizeobj=None, /)
 */
export function reader_read(self: usize, sizeobj: usize): usize {
  return readSized(self, ID.read, sizeobj);
}

/**
 * @native _multibytecodec.MultibyteStreamReader.readline($self, sizeobj=None, /)
 */
export function reader_readline(self: usize, sizeobj: usize): usize {
  return readSized(self, ID.readline, sizeobj);
}

/**
 * @native _multibytecodec.MultibyteStreamReader.readlines($self, sizehintobj=None, /)
 */
export function reader_readlines(self: usize, sizehintobj: usize): usize {
  const text = readSized(self, ID.read, sizehintobj);
  const r = text == 0 ? 0 : PyUnicode_Splitlines(text, true);
  Py.XDECREF(text);
  return r;
}

/**
 * @native _multibytecodec.MultibyteStreamReader.reset($self, /)
 */
export function reader_reset(self: usize, _: usize): usize {
  return resetDecoder(self);
}

/** Writes bytes (stolen, null for an exception) to the stream: whether that worked. */
function writeStream(self: usize, bytes: usize): bool {
  const stream = MultibyteStreamWriterObject.at(self).stream;
  const r = bytes == 0 ? 0 : PyObject_CallMethodOneArg(stream, ID.write, bytes);
  Py.XDECREF(bytes);
  Py.XDECREF(r);
  return r != 0;
}

/**
 * @native _multibytecodec.MultibyteStreamWriter.write($self, strobj, /)
 */
export function writer_write(self: usize, strobj: usize): usize {
  return writeStream(self, encodePiece(self, strobj, false)) ? _Py_NoneStruct : 0;
}

/**
 * @native _multibytecodec.MultibyteStreamWriter.writelines($self, lines, /)
 */
export function writer_writelines(self: usize, lines: usize): usize {
  if (!PySequence_Check(lines)) return PyErr_SetString(PyExc_TypeError, "arg must be a sequence object");
  // How many there are may change.
  for (let i: isize = 0; i < PySequence_Size(lines); i++) {
    const line = PySequence_GetItem(lines, i);
    if (line == 0) return 0;
    const good = writeStream(self, encodePiece(self, line, false));
    Py.DECREF(line);
    if (!good) return 0;
  }
  return PyErr_Occurred() ? 0 : _Py_NoneStruct;
}

/**
 * @native _multibytecodec.MultibyteStreamWriter.reset($self, /)
 */
export function writer_reset(self: usize, _: usize): usize {
  const c = MultibyteStreamWriterObject.at(self);
  const pending = c.pending;
  if (pending == 0) return _Py_NoneStruct;
  c.pending = 0;
  const bytes = encodeText(c.codec, self + MultibyteStatefulEncoderContext_state, pending, c.errors, true, true, 0);
  Py.DECREF(pending);
  if (bytes == 0) return 0;
  if (Py.SIZE(bytes) > 0) return writeStream(self, bytes) ? _Py_NoneStruct : 0;
  Py.DECREF(bytes);
  return _Py_NoneStruct;
}

function reader_new(type: usize, args: usize, kwds: usize): usize {
  return newContext("StreamReader", type, args, kwds, MultibyteStreamReaderObject_stream, true);
}

function writer_new(type: usize, args: usize, kwds: usize): usize {
  return newContext("StreamWriter", type, args, kwds, MultibyteStreamWriterObject_stream, false);
}

function reader_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  MultibyteStreamReaderObject_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function writer_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  MultibyteStreamWriterObject_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/**
 * @type _multibytecodec.MultibyteStreamReader
 *
 * @member _multibytecodec.MultibyteStreamReader.stream = MultibyteStreamReaderObject.stream readonly
 *
 * @type _multibytecodec.MultibyteStreamWriter
 *
 * @member _multibytecodec.MultibyteStreamWriter.stream = MultibyteStreamWriterObject.stream readonly
 */

/** Makes the types: 0, or -1 with an exception. */
export function initStreamTypes(): i32 {
  const reader = collectedType(
    PyMultibyteStreamReader_Type,
    SIZEOF_MultibyteStreamReaderObject,
    reader_dealloc.index,
    MultibyteStreamReaderObject_traverse.index,
    MultibyteStreamReaderObject_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
  );
  reader.tp_new = reader_new.index;
  reader.tp_init = context_init.index;
  const writer = collectedType(
    PyMultibyteStreamWriter_Type,
    SIZEOF_MultibyteStreamWriterObject,
    writer_dealloc.index,
    MultibyteStreamWriterObject_traverse.index,
    MultibyteStreamWriterObject_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
  );
  writer.tp_new = writer_new.index;
  writer.tp_init = context_init.index;
  return PyType_Ready(PyMultibyteStreamReader_Type) < 0 ? -1 : PyType_Ready(PyMultibyteStreamWriter_Type);
}
