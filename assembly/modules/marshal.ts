// The module marshal (CPython 3.13's Python/marshal.c). The format is read and written in assembly/marshal.

import { PyExc_TypeError } from "../generated/statics";
import { PyMarshal_ReadObjectFromString, readMarshalFile } from "../marshal/read";
import { Py_MARSHAL_VERSION, PyMarshal_WriteObjectToString } from "../marshal/write";
import { intArgument, parseArguments } from "../objects/define/args";
import { addFunction, METH_FASTCALL, METH_KEYWORDS } from "../objects/define/tables";
import { PyErr_Format, PyErr_Occurred } from "../objects/errors/raise";
import { PyModule_AddFunctions, PyModule_AddObjectLiteral, PyModule_NewLiteral } from "../objects/module/module";
import { PyLong_FromLong } from "../objects/numbers/int/create";
import { Buffer } from "../objects/object/buffer";
import { PyObject_CallMethodOneArg } from "../objects/object/call";
import { Py_TPFLAGS_BYTES_SUBCLASS } from "../objects/object/flags";
import { Py } from "../objects/object/head";
import { PyObject_IsTrue } from "../objects/protocol/compare";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { Scratch } from "../thread/scratch";

/** The argument allow_code, true where it is not given; -1 with an exception. */
function allowCode(v: usize): i32 {
  return v == 0 ? 1 : PyObject_IsTrue(v);
}

/** The bytes of a value; the arguments are value, version and allow_code. */
function dump(value: usize, version: usize, allow: usize): usize {
  const v = version == 0 ? Py_MARSHAL_VERSION : intArgument(version);
  if (v == -1 && PyErr_Occurred() != 0) return 0;
  const code = allowCode(allow);
  return code < 0 ? 0 : PyMarshal_WriteObjectToString(value, v, code != 0);
}

function marshal_dump(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(4);
  let r: usize = 0;
  if (parseArguments("dump", "- - - allow_code", argv, nargs, kwnames, a, 2, 3)) {
    const bytes = dump(Py.item(a, 0), Py.item(a, 2), Py.item(a, 3));
    const write = bytes == 0 ? 0 : PyUnicode_InternLiteral("write");
    if (write != 0) r = PyObject_CallMethodOneArg(Py.item(a, 1), write, bytes);
    Py.XDECREF(write);
    Py.XDECREF(bytes);
  }
  Scratch.give(a);
  return r;
}

function marshal_dumps(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(3);
  let r: usize = 0;
  if (parseArguments("dumps", "- - allow_code", argv, nargs, kwnames, a, 1, 2)) {
    r = dump(Py.item(a, 0), Py.item(a, 1), Py.item(a, 2));
  }
  Scratch.give(a);
  return r;
}

function marshal_load(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(2);
  let r: usize = 0;
  if (parseArguments("load", "- allow_code", argv, nargs, kwnames, a, 1, 1)) {
    const code = allowCode(Py.item(a, 1));
    if (code >= 0 && readsBytes(Py.item(a, 0))) r = readMarshalFile(Py.item(a, 0), code != 0);
  }
  Scratch.give(a);
  return r;
}

/** Whether the file's read gives bytes; otherwise TypeError. */
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

function marshal_loads(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(2);
  let r: usize = 0;
  if (parseArguments("loads", "- allow_code", argv, nargs, kwnames, a, 1, 1)) {
    const view = Buffer.open(Py.item(a, 0));
    if (view != 0) {
      const code = allowCode(Py.item(a, 1));
      if (code >= 0) r = PyMarshal_ReadObjectFromString(Buffer.data(view), Buffer.length(view), code != 0);
      Buffer.close(view);
    }
  }
  Scratch.give(a);
  return r;
}

/** A new module marshal, or null with an exception. */
export function makeMarshalModule(): usize {
  const m = PyModule_NewLiteral("marshal");
  if (m == 0) return 0;
  const keywords = METH_FASTCALL | METH_KEYWORDS;
  const table = addFunction(0, "dump", marshal_dump.index, keywords);
  addFunction(table, "load", marshal_load.index, keywords);
  addFunction(table, "dumps", marshal_dumps.index, keywords);
  addFunction(table, "loads", marshal_loads.index, keywords);
  if (
    PyModule_AddFunctions(m, table) == 0 &&
    PyModule_AddObjectLiteral(m, "version", PyLong_FromLong(Py_MARSHAL_VERSION)) == 0
  ) {
    return m;
  }
  Py.DECREF(m);
  return 0;
}
