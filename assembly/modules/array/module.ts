// The module array (CPython 3.13's Modules/arraymodule.c).
//
//   items     single items: type codes, conversions
//   array     the type: its memory, its slots, its iterator
//   methods   its methods
//   pickling  how it is copied into pickles

import { PyArray_Type } from "../../generated/statics";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { PyObject_CallMethodOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { initArrayTypes } from "./array";

/** Makes the type a subclass of collections.abc.MutableSequence: 0, or -1 with an exception. */
function register(): i32 {
  const abc = PyImport_ImportLiteral("_collections_abc");
  const name = abc == 0 ? 0 : PyUnicode_InternLiteral("MutableSequence");
  const base = name == 0 ? 0 : PyObject_GetAttr(abc, name);
  const method = base == 0 ? 0 : PyUnicode_InternLiteral("register");
  const r = method == 0 ? 0 : PyObject_CallMethodOneArg(base, method, PyArray_Type);
  Py.XDECREF(method);
  Py.XDECREF(base);
  Py.XDECREF(name);
  Py.XDECREF(abc);
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

/**
 * @module array
 *
 * A type of sequences that keep numbers, or characters, as they are in
 * memory, without an object for each. They are like lists in everything
 * else, but that they say what can be an item: all are of the type which
 * a code of one character names.
 */
export function initArray(m: usize): i32 {
  return initArrayTypes() == 0 &&
    PyModule_AddObjectLiteral(m, "ArrayType", PyArray_Type) == 0 &&
    register() == 0 &&
    PyModule_AddObjectLiteral(m, "array", PyArray_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "typecodes", PyUnicode_FromLiteral("bBuwhHiIlLqQfd")) == 0
    ? 0
    : -1;
}
