// Functions of the host, as the program has them: callables that ask the host for what they do. CPython has no counterpart
// but its built-in functions, as which they behave: they have a name, and are not bound to instances.

import { Py_TPFLAGS_HAVE_VECTORCALL } from "../generated/constants";
import { host } from "../generated/host";
import {
  PyHostFunctionObject,
  PyHostFunctionObject_vectorcall,
  PyTypeObject,
  SIZEOF_PyHostFunctionObject,
} from "../generated/layouts";
import { PyExc_SystemError, PyHostFunction_Type } from "../generated/statics";
import { PyObject_Free, PyObject_Malloc } from "../memory/pymem";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { PyVectorcall_Call, Vectorcall } from "../objects/object/call";
import { _PyObject_Init, Py } from "../objects/object/head";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";

/** A new function; `name`, a str, is stolen, also where it fails. Null with MemoryError. */
export function newHostFunction(number: u32, name: usize): usize {
  const o = PyObject_Malloc(SIZEOF_PyHostFunctionObject);
  if (o == 0) {
    Py.DECREF(name);
    return PyErr_NoMemory();
  }
  _PyObject_Init(o, PyHostFunction_Type);
  const f = PyHostFunctionObject.at(o);
  f.number = number;
  f.name = name;
  f.vectorcall = hostfunction_vectorcall.index;
  return o;
}

function hostfunction_vectorcall(o: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const names = kwnames != 0 && Py.SIZE(kwnames) != 0 ? kwnames : 0;
  const r = <usize>host.callFunction(PyHostFunctionObject.at(o).number, argv, Vectorcall.nargs(nargsf), names);
  if (r == 0 && PyErr_Occurred() == 0) return PyErr_SetString(PyExc_SystemError, "the host has given no result");
  return r;
}

function hostfunction_dealloc(o: usize): void {
  host.dropFunction(PyHostFunctionObject.at(o).number);
  const name = PyHostFunctionObject.at(o).name;
  PyObject_Free(o);
  Py.DECREF(name);
}

function hostfunction_repr(o: usize): usize {
  return PyUnicode_FromFormat("<host function %U>", PyHostFunctionObject.at(o).name);
}

/**
 * @type host_function
 *
 * A function of the program that has started this one.
 *
 * @member host_function.__name__ = PyHostFunctionObject.name readonly
 * Its name.
 */
export function initHostFunctionType(): void {
  const t = PyTypeObject.at(PyHostFunction_Type);
  t.tp_basicsize = <isize>SIZEOF_PyHostFunctionObject;
  t.tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL;
  t.tp_vectorcall_offset = <isize>PyHostFunctionObject_vectorcall;
  t.tp_dealloc = hostfunction_dealloc.index;
  t.tp_repr = hostfunction_repr.index;
  t.tp_call = PyVectorcall_Call.index;
}
