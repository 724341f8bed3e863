// Containers that contain themselves: which objects the running thread is in the middle of writing down (CPython
// 3.13's Py_ReprEnter and Py_ReprLeave, Objects/object.c). A list in the thread's dict, under the name Py_Repr.

import { PyListObject, PyThreadState } from "../../generated/layouts";
import { ID } from "../../generated/statics";
import { tstate } from "../../thread/current";
import { PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../containers/dict/dict";
import { PyList_Append, PyList_New, PyList_SetSlice } from "../containers/list/list";
import { PyErr_Clear, PyErr_GetRaisedException, PyErr_Occurred, PyErr_SetRaisedException } from "../errors/raise";
import { Py } from "./head";

/** The thread's list of objects being written, borrowed; null where it has none yet or with an exception. */
function guardList(create: bool): usize {
  const ts = PyThreadState.at(tstate);
  if (ts.dict == 0) {
    if (!create) return 0;
    ts.dict = PyDict_New();
    if (ts.dict == 0) return 0;
  }
  let list = PyDict_GetItemWithError(ts.dict, ID.Py_Repr);
  if (list == 0 && create && !PyErr_Occurred()) {
    const made = PyList_New(0);
    if (made != 0) {
      if (PyDict_SetItem(ts.dict, ID.Py_Repr, made) == 0) list = made;
      Py.DECREF(made);
    }
  }
  return list;
}

/** 0: `o` may be written, and Py_ReprLeave must follow; 1: it is being written already; -1: an exception. */
export function Py_ReprEnter(o: usize): i32 {
  const list = guardList(true);
  if (list == 0) return -1;
  const items = PyListObject.at(list).ob_item;
  for (let i = Py.SIZE(list) - 1; i >= 0; i--) if (Py.item(items, i) == o) return 1;
  return PyList_Append(list, o);
}

/** Ends what Py_ReprEnter began. Never fails; an exception that is set stays. */
export function Py_ReprLeave(o: usize): void {
  const exc = PyErr_GetRaisedException();
  const list = guardList(false);
  if (list != 0) {
    const items = PyListObject.at(list).ob_item;
    for (let i = Py.SIZE(list) - 1; i >= 0; i--) {
      if (Py.item(items, i) == o) {
        PyList_SetSlice(list, i, i + 1, 0);
        break;
      }
    }
  }
  PyErr_Clear();
  PyErr_SetRaisedException(exc);
}
