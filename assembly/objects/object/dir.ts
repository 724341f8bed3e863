// dir(o) (CPython 3.13's PyObject_Dir, Objects/object.c).

import { ID, PyExc_TypeError } from "../../generated/statics";
import { PyList_Sort } from "../containers/list/sort";
import { PyErr_Format, PyErr_Occurred } from "../errors/raise";
import { PySequence_List } from "../protocol/sequence";
import { _PyObject_LookupSpecial } from "../types/lookup";
import { PyObject_CallNoArgs } from "./call";
import { Py } from "./head";

/** The names that o.__dir__() gives, as a new sorted list. */
export function PyObject_Dir(o: usize): usize {
  const f = _PyObject_LookupSpecial(o, ID.__dir__);
  if (f == 0) {
    return PyErr_Occurred() ? 0 : PyErr_Format(PyExc_TypeError, "object does not provide __dir__");
  }
  const names = PyObject_CallNoArgs(f);
  Py.DECREF(f);
  if (names == 0) return 0;
  const list = PySequence_List(names);
  Py.DECREF(names);
  if (list != 0 && PyList_Sort(list) < 0) {
    Py.DECREF(list);
    return 0;
  }
  return list;
}
