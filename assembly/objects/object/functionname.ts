// The name by which an error about a call knows what was called (CPython 3.13's _PyObject_FunctionStr, Objects/object.c).

import { _Py_NoneStruct, ID } from "../../generated/statics";
import { PyErr_Occurred } from "../errors/raise";
import { PyObject_GetOptionalAttr } from "../protocol/access";
import { PyObject_RichCompareBool } from "../protocol/compare";
import { PyObject_Str } from "../protocol/text";
import { PyUnicode_FromLiteral } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { Py_NE } from "./flags";
import { Py } from "./head";

/** "module.qualname()", "qualname()" of what is in builtins, or str(o): a new str, null with an exception. */
export function _PyObject_FunctionStr(o: usize): usize {
  const qualname = PyObject_GetOptionalAttr(o, ID.__qualname__);
  if (qualname == 0) return PyErr_Occurred() ? 0 : PyObject_Str(o);
  let r: usize = 0;
  const module = PyObject_GetOptionalAttr(o, ID.__module__);
  if (module != 0 && module != _Py_NoneStruct) {
    const builtins = PyUnicode_FromLiteral("builtins");
    const other = builtins == 0 ? -1 : PyObject_RichCompareBool(module, builtins, Py_NE);
    Py.XDECREF(builtins);
    if (other > 0) r = PyUnicode_FromFormat("%S.%S()", module, qualname);
    else if (other == 0) r = PyUnicode_FromFormat("%S()", qualname);
  } else if (!PyErr_Occurred()) {
    r = PyUnicode_FromFormat("%S()", qualname);
  }
  Py.XDECREF(module);
  Py.DECREF(qualname);
  return r;
}
