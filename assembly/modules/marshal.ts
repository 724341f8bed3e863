// The module marshal (CPython 3.13's Python/marshal.c). The format is read and written in assembly/marshal.

import { Py_TPFLAGS_BYTES_SUBCLASS } from "../generated/constants";
import { host } from "../generated/host";
import { PyExc_TypeError } from "../generated/statics";
import { PyMarshal_ReadObjectFromString, readCompiled, readMarshalFile } from "../marshal/read";
import { Py_MARSHAL_VERSION, PyMarshal_WriteObjectToString } from "../marshal/write";
import { PyBytes_FromStringAndSize } from "../objects/bytes/bytes";
import { intArgument } from "../objects/define/args";
import { Audit } from "../objects/errors/audit";
import { PyErr_Format, PyErr_Occurred } from "../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyLong_FromLong } from "../objects/numbers/int/create";
import { Buffer } from "../objects/object/buffer";
import { PyObject_CallMethodOneArg } from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyUnicode_InternLiteral } from "../objects/text/intern";

/** Bytes below which there is no module's code. */
const COMPILED_LEAST: isize = 100;

/** The bytes of a value; `version` 0 is the newest. */
function dump(value: usize, version: usize, allowCode: bool): usize {
  const v = version == 0 ? Py_MARSHAL_VERSION : intArgument(version);
  if (v == -1 && PyErr_Occurred() != 0) return 0;
  if (!Audit.event("marshal.dumps", "Oi", value, v)) return 0;
  return PyMarshal_WriteObjectToString(value, v, allowCode);
}

/**
 * @native marshal.dump($module, value, file, version=version, /, *, allow_code=True)
 *
 * Writes a value to a binary file, as dumps() has it.
 */
export function marshal_dump(_m: usize, value: usize, file: usize, version: usize, allow_code: bool): usize {
  const bytes = dump(value, version, allow_code);
  const write = bytes == 0 ? 0 : PyUnicode_InternLiteral("write");
  const r = write == 0 ? 0 : PyObject_CallMethodOneArg(file, write, bytes);
  Py.XDECREF(write);
  Py.XDECREF(bytes);
  return r;
}

/**
 * @native marshal.dumps($module, value, version=version, /, *, allow_code=True)
 *
 * A value as bytes.
 *
 * What has no form here, as most objects, is a ValueError.
 */
export function marshal_dumps(_m: usize, value: usize, version: usize, allow_code: bool): usize {
  return dump(value, version, allow_code);
}

/**
 * @native marshal.load($module, file, /, *, allow_code=True)
 *
 * Reads a value from a binary file.
 */
export function marshal_load(_m: usize, file: usize, allow_code: bool): usize {
  return readsBytes(file) && Audit.event("marshal.load") ? readMarshalFile(file, allow_code) : 0;
}

/** Whether the file's read gives bytes; otherwise an exception is set. */
function readsBytes(file: usize): bool {
  const read = PyUnicode_InternLiteral("read");
  const zero = PyLong_FromLong(0);
  const data = read == 0 ? 0 : PyObject_CallMethodOneArg(file, read, zero);
  Py.XDECREF(read);
  if (data == 0) return false;
  const ok = Py.check(data, Py_TPFLAGS_BYTES_SUBCLASS);
  if (!ok) PyErr_Format(PyExc_TypeError, "file.read() returned not bytes but %t", data);
  Py.DECREF(data);
  return ok;
}

/**
 * @native marshal.loads($module, bytes, /, *, allow_code=True)
 *
 * The value that bytes stand for; what follows it is not looked at.
 */
export function marshal_loads(_m: usize, bytes: usize, allow_code: bool): usize {
  const view = Buffer.open(bytes);
  if (view == 0) return 0;
  if (Audit.isOn()) {
    const copy = PyBytes_FromStringAndSize(Buffer.data(view), Buffer.length(view));
    const ok = copy != 0 && Audit.event("marshal.loads", "O", copy);
    Py.XDECREF(copy);
    if (!ok) {
      Buffer.close(view);
      return 0;
    }
  }
  const p = Buffer.data(view);
  const n = Buffer.length(view);
  // What the library's import system reads needs no verifying: nobody else has changed it.
  const ours = allow_code && n >= COMPILED_LEAST && host.compiled(p, n) == 1;
  const r = ours ? readCompiled(p, n) : PyMarshal_ReadObjectFromString(p, n, allow_code);
  Buffer.close(view);
  return r;
}

/**
 * @module marshal
 *
 * Values as bytes and back, in the format of .pyc files.
 *
 * It knows None, numbers, strings, bytes, tuples, lists, sets, dicts and code objects, and may change with the version of Python.
 */
export function initMarshal(m: usize): i32 {
  return PyModule_AddObjectLiteral(m, "version", PyLong_FromLong(Py_MARSHAL_VERSION));
}
