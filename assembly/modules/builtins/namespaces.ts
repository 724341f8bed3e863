// builtins that ask one object about itself (CPython 3.13's Python/bltinmodule.c): its attributes, class, identity,
// length, text; and the names that the running frame sees.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_SystemError,
  PyExc_TypeError,
} from "../../generated/statics";
import { frameLocals } from "../../objects/code/frame";
import { currentGlobals, currentPythonFrame } from "../../objects/code/frameaccess";
import { PyList_Sort } from "../../objects/containers/list/sort";
import { ArgParser, badArgument } from "../../objects/define/args";
import { addFunction, METH_FASTCALL, METH_NOARGS, METH_O } from "../../objects/define/tables";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_FromLongLong, PyLong_FromVoidPtr } from "../../objects/numbers/int/create";
import { PyCallable_Check } from "../../objects/object/call";
import { PyObject_Dir } from "../../objects/object/dir";
import { Py } from "../../objects/object/head";
import {
  PyObject_GetAttr,
  PyObject_GetOptionalAttr,
  PyObject_HasAttrWithError,
  PyObject_SetAttr,
} from "../../objects/protocol/access";
import { PyObject_Hash } from "../../objects/protocol/compare";
import { PyObject_IsInstance, PyObject_IsSubclass } from "../../objects/protocol/instancecheck";
import { lengthObject } from "../../objects/protocol/items";
import { PyMapping_Keys } from "../../objects/protocol/sequence";
import { PyObject_ASCII, PyObject_Format, PyObject_Repr } from "../../objects/protocol/text";

function truth(r: i32): usize {
  return r < 0 ? 0 : r ? _Py_TrueStruct : _Py_FalseStruct;
}

function builtin_getattr(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("getattr", nargs, 2, 3)) return 0;
  const o = Py.item(argv, 0);
  const name = Py.item(argv, 1);
  if (nargs == 2) return PyObject_GetAttr(o, name);
  const r = PyObject_GetOptionalAttr(o, name);
  return r != 0 || PyErr_Occurred() ? r : Py.NewRef(Py.item(argv, 2));
}

function builtin_hasattr(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("hasattr", nargs, 2, 2)) return 0;
  return truth(PyObject_HasAttrWithError(Py.item(argv, 0), Py.item(argv, 1)));
}

function builtin_setattr(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("setattr", nargs, 3, 3)) return 0;
  return PyObject_SetAttr(Py.item(argv, 0), Py.item(argv, 1), Py.item(argv, 2)) < 0 ? 0 : _Py_NoneStruct;
}

function builtin_delattr(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("delattr", nargs, 2, 2)) return 0;
  return PyObject_SetAttr(Py.item(argv, 0), Py.item(argv, 1), 0) < 0 ? 0 : _Py_NoneStruct;
}

function builtin_isinstance(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("isinstance", nargs, 2, 2)) return 0;
  return truth(PyObject_IsInstance(Py.item(argv, 0), Py.item(argv, 1)));
}

function builtin_issubclass(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("issubclass", nargs, 2, 2)) return 0;
  return truth(PyObject_IsSubclass(Py.item(argv, 0), Py.item(argv, 1)));
}

function builtin_callable(_m: usize, o: usize): usize {
  return truth(PyCallable_Check(o) ? 1 : 0);
}

function builtin_id(_m: usize, o: usize): usize {
  return PyLong_FromVoidPtr(o);
}

function builtin_hash(_m: usize, o: usize): usize {
  const h = PyObject_Hash(o);
  return h == -1 ? 0 : PyLong_FromLongLong(h);
}

function builtin_len(_m: usize, o: usize): usize {
  return lengthObject(o);
}

function builtin_repr(_m: usize, o: usize): usize {
  return PyObject_Repr(o);
}

function builtin_ascii(_m: usize, o: usize): usize {
  return PyObject_ASCII(o);
}

function builtin_format(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("format", nargs, 1, 2)) return 0;
  const spec = nargs < 2 ? 0 : Py.item(argv, 1);
  if (spec != 0 && !Py.check(spec, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return badArgument("format", "argument 2", "str", spec);
  }
  return PyObject_Format(Py.item(argv, 0), spec);
}

/** The local names of the running frame: a new reference. */
export function currentLocals(): usize {
  const frame = currentPythonFrame();
  if (frame == 0) {
    PyErr_SetString(PyExc_SystemError, "frame does not exist");
    return 0;
  }
  return frameLocals(frame);
}

function builtin_locals(_m: usize, _u: usize): usize {
  return currentLocals();
}

function builtin_globals(_m: usize, _u: usize): usize {
  const g = currentGlobals();
  return g == 0 ? _Py_NoneStruct : Py.NewRef(g);
}

function builtin_vars(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("vars", nargs, 0, 1)) return 0;
  if (nargs == 0) return currentLocals();
  const d = PyObject_GetOptionalAttr(Py.item(argv, 0), ID.__dict__);
  if (d == 0 && !PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "vars() argument must have __dict__ attribute");
  return d;
}

function builtin_dir(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("dir", nargs, 0, 1)) return 0;
  if (nargs == 1) return PyObject_Dir(Py.item(argv, 0));
  const locals = currentLocals();
  if (locals == 0) return 0;
  const names = PyMapping_Keys(locals);
  Py.DECREF(locals);
  if (names != 0 && PyList_Sort(names) < 0) {
    Py.DECREF(names);
    return 0;
  }
  return names;
}

/** Adds these functions to the module's table. */
export function addAttributeFunctions(table: usize): usize {
  table = addFunction(table, "ascii", builtin_ascii.index, METH_O);
  addFunction(table, "callable", builtin_callable.index, METH_O);
  addFunction(table, "delattr", builtin_delattr.index, METH_FASTCALL);
  addFunction(table, "dir", builtin_dir.index, METH_FASTCALL);
  addFunction(table, "format", builtin_format.index, METH_FASTCALL);
  addFunction(table, "getattr", builtin_getattr.index, METH_FASTCALL);
  addFunction(table, "globals", builtin_globals.index, METH_NOARGS);
  addFunction(table, "hasattr", builtin_hasattr.index, METH_FASTCALL);
  addFunction(table, "hash", builtin_hash.index, METH_O);
  addFunction(table, "id", builtin_id.index, METH_O);
  addFunction(table, "isinstance", builtin_isinstance.index, METH_FASTCALL);
  addFunction(table, "issubclass", builtin_issubclass.index, METH_FASTCALL);
  addFunction(table, "len", builtin_len.index, METH_O);
  addFunction(table, "locals", builtin_locals.index, METH_NOARGS);
  addFunction(table, "repr", builtin_repr.index, METH_O);
  addFunction(table, "setattr", builtin_setattr.index, METH_FASTCALL);
  addFunction(table, "vars", builtin_vars.index, METH_FASTCALL);
  return table;
}
