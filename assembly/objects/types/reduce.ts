// object.__reduce__ and __reduce_ex__: what copy and pickle ask (the reduce part of CPython 3.13's
// Objects/typeobject.c). The work itself is done by the standard library's copyreg.

import { ID, PyBaseObject_Type } from "../../generated/statics";
import { PyErr_Occurred } from "../errors/raise";
import { PyImport_ImportLiteral } from "../module/import";
import { PyLong_AsLongLong, PyLong_FromLong } from "../numbers/int/create";
import { PyObject_CallMethodTwoArgs, PyObject_CallNoArgs } from "../object/call";
import { Py } from "../object/head";
import { PyObject_GetAttr } from "../protocol/access";
import { PyUnicode_InternLiteral } from "../text/intern";
import { _PyType_Lookup } from "./lookup";

function viaCopyreg(self: usize, protocol: i64): usize {
  const copyreg = PyImport_ImportLiteral("copyreg");
  if (copyreg == 0) return 0;
  const number = PyLong_FromLong(<i32>protocol);
  let r: usize = 0;
  if (number != 0) {
    const name = PyUnicode_InternLiteral(protocol >= 2 ? "__reduce_ex__" : "_reduce_ex");
    if (name != 0) {
      r = PyObject_CallMethodTwoArgs(copyreg, name, self, number);
      Py.DECREF(name);
    }
    Py.DECREF(number);
  }
  Py.DECREF(copyreg);
  return r;
}

/**
 * @native object.__reduce__($self, /)
 *
 * What copying uses.
 */
export function object_reduce(self: usize, _unused: usize): usize {
  return viaCopyreg(self, 0);
}

/**
 * @native object.__reduce_ex__($self, protocol, /)
 *
 * What copying uses.
 */
export function object_reduce_ex(self: usize, protocol: usize): usize {
  const p = PyLong_AsLongLong(protocol);
  if (p == -1 && PyErr_Occurred() != 0) return 0;
  const own = _PyType_Lookup(Py.TYPE(self), ID.__reduce__);
  const inherited = _PyType_Lookup(PyBaseObject_Type, ID.__reduce__);
  if (own != 0 && own != inherited) {
    const f = PyObject_GetAttr(self, ID.__reduce__);
    if (f == 0) return 0;
    const r = PyObject_CallNoArgs(f);
    Py.DECREF(f);
    return r;
  }
  return viaCopyreg(self, p);
}
