// Instructions: names, globals, cells. The convention is in eval.ts.

import { _PyInterpreterFrame, PyCellObject } from "../../generated/layouts";
import {
  ID,
  PyDict_Type,
  PyExc_KeyError,
  PyExc_NameError,
  PyExc_SystemError,
  PyExc_UnboundLocalError,
} from "../../generated/statics";
import {
  PyDict_Contains,
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_SetItem,
} from "../../objects/containers/dict/dict";
import { Tuple } from "../../objects/containers/tuple";
import { setNameErrorContext } from "../../objects/errors/fields";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { PyObject_DelItem, PyObject_SetItem } from "../../objects/protocol/items";
import { PyMapping_GetOptionalItem } from "../../objects/protocol/sequence";
import { Frame } from "../frame";
import { specializeGlobal } from "../specialize";

/** Name i of the frame's code, borrowed. */
export function nameAt(f: usize, i: i32): usize {
  return Tuple.get(Frame.code(f).co_names, i);
}

function localName(f: usize, i: i32): usize {
  return Tuple.get(Frame.code(f).co_localsplusnames, i);
}

function push(sp: usize, v: usize): usize {
  if (v == 0) return 0;
  store<u64>(sp, v);
  return sp + 8;
}

/** Sets the error of reading a local that is not bound. */
export function unboundLocal(f: usize, i: i32): void {
  PyErr_Format(
    PyExc_UnboundLocalError,
    "cannot access local variable '%U' where it is not associated with a value",
    localName(f, i),
  );
}

/** Sets the error of reading a cell or free variable that is empty. */
export function unboundDeref(f: usize, i: i32): void {
  const co = Frame.code(f);
  if (i < co.co_nlocalsplus - co.co_nfreevars) {
    unboundLocal(f, i);
  } else {
    PyErr_Format(
      PyExc_NameError,
      "cannot access free variable '%U' where it is not associated with a value in enclosing scope",
      localName(f, i),
    );
    setNameErrorContext(localName(f, i));
  }
}

/** Sets NameError. */
function nameNotDefined(name: usize): void {
  if (PyErr_Occurred() != 0) return;
  PyErr_Format(PyExc_NameError, "name '%U' is not defined", name);
  setNameErrorContext(name);
}

/** The global or builtin, a new reference; null with an exception, or without one where it is missing. */
function globalOrBuiltin(f: usize, name: usize): usize {
  const frame = _PyInterpreterFrame.at(f);
  const globals = frame.f_globals;
  const v = PyMapping_GetOptionalItem(globals, name);
  if (v != 0 || PyErr_Occurred() != 0) return v;
  return PyMapping_GetOptionalItem(frame.f_builtins, name);
}

export function loadGlobal(f: usize, sp: usize, oparg: i32): usize {
  const name = nameAt(f, oparg >> 1);
  const v = globalOrBuiltin(f, name);
  if (v == 0) {
    nameNotDefined(name);
    return 0;
  }
  specializeGlobal(f, name);
  store<u64>(sp, v);
  sp += 8;
  if (oparg & 1) {
    store<u64>(sp, 0);
    sp += 8;
  }
  return sp;
}

export function loadName(f: usize, sp: usize, oparg: i32): usize {
  const name = nameAt(f, oparg);
  const locals = _PyInterpreterFrame.at(f).f_locals;
  if (locals == 0) {
    PyErr_Format(PyExc_SystemError, "no locals");
    return 0;
  }
  let v: usize;
  if (Py.TYPE(locals) == PyDict_Type) {
    v = PyDict_GetItemWithError(locals, name);
    if (v != 0) {
      Py.INCREF(v);
      store<u64>(sp, v);
      return sp + 8;
    }
  } else v = PyMapping_GetOptionalItem(locals, name);
  if (v == 0 && PyErr_Occurred() == 0) v = globalOrBuiltin(f, name);
  if (v == 0) nameNotDefined(name);
  return push(sp, v);
}

export function storeName(f: usize, sp: usize, oparg: i32): usize {
  const name = nameAt(f, oparg);
  const ns = _PyInterpreterFrame.at(f).f_locals;
  const v: usize = load<u32>(sp - 8);
  if (ns == 0) {
    PyErr_Format(PyExc_SystemError, "no locals found when storing %R", name);
    return 0;
  }
  const r = Py.TYPE(ns) == PyDict_Type ? PyDict_SetItem(ns, name, v) : PyObject_SetItem(ns, name, v);
  if (r < 0) return 0;
  Py.DECREF(v);
  return sp - 8;
}

export function deleteName(f: usize, sp: usize, oparg: i32): usize {
  const name = nameAt(f, oparg);
  const ns = _PyInterpreterFrame.at(f).f_locals;
  if (ns == 0) {
    PyErr_Format(PyExc_SystemError, "no locals when deleting %R", name);
    return 0;
  }
  if (PyObject_DelItem(ns, name) < 0) {
    if (PyErr_ExceptionMatches(PyExc_KeyError)) {
      PyErr_Clear();
      nameNotDefined(name);
    }
    return 0;
  }
  return sp;
}

export function storeGlobal(f: usize, sp: usize, oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  if (PyDict_SetItem(_PyInterpreterFrame.at(f).f_globals, nameAt(f, oparg), v) < 0) return 0;
  Py.DECREF(v);
  return sp - 8;
}

export function deleteGlobal(f: usize, sp: usize, oparg: i32): usize {
  const name = nameAt(f, oparg);
  const globals = _PyInterpreterFrame.at(f).f_globals;
  const has = PyDict_Contains(globals, name);
  if (has < 0) return 0;
  if (!has) {
    nameNotDefined(name);
    return 0;
  }
  return PyDict_DelItem(globals, name) < 0 ? 0 : sp;
}

export function deleteFast(f: usize, sp: usize, oparg: i32): usize {
  const p = Frame.local(f, oparg);
  if (load<u32>(p) == 0) {
    unboundLocal(f, oparg);
    return 0;
  }
  Py.CLEAR(p);
  return sp;
}

export function deleteDeref(f: usize, sp: usize, oparg: i32): usize {
  const cell: usize = load<u32>(Frame.local(f, oparg));
  if (PyCellObject.at(cell).ob_ref == 0) {
    unboundDeref(f, oparg);
    return 0;
  }
  Py.CLEAR(PyCellObject.at(cell).ob_ref_slot);
  return sp;
}

export function loadLocals(f: usize, sp: usize, _oparg: i32): usize {
  const locals = _PyInterpreterFrame.at(f).f_locals;
  if (locals == 0) {
    PyErr_Format(PyExc_SystemError, "no locals");
    return 0;
  }
  return push(sp, Py.NewRef(locals));
}

/** The name in the mapping on top of the stack, then as a global. */
export function loadFromDictOrGlobals(f: usize, sp: usize, oparg: i32): usize {
  const name = nameAt(f, oparg);
  const mapping: usize = load<u32>(sp - 8);
  let v = PyMapping_GetOptionalItem(mapping, name);
  if (v == 0 && PyErr_Occurred() == 0) v = globalOrBuiltin(f, name);
  if (v == 0) {
    nameNotDefined(name);
    return 0;
  }
  store<u64>(sp - 8, v);
  Py.DECREF(mapping);
  return sp;
}

export function loadFromDictOrDeref(f: usize, sp: usize, oparg: i32): usize {
  const mapping: usize = load<u32>(sp - 8);
  let v = PyMapping_GetOptionalItem(mapping, localName(f, oparg));
  if (v == 0) {
    if (PyErr_Occurred() != 0) return 0;
    const cell: usize = load<u32>(Frame.local(f, oparg));
    v = Py.XNewRef(PyCellObject.at(cell).ob_ref);
    if (v == 0) {
      unboundDeref(f, oparg);
      return 0;
    }
  }
  store<u64>(sp - 8, v);
  Py.DECREF(mapping);
  return sp;
}

export function setupAnnotations(f: usize, sp: usize, _oparg: i32): usize {
  const locals = _PyInterpreterFrame.at(f).f_locals;
  if (locals == 0) {
    PyErr_Format(PyExc_SystemError, "no locals found when setting up annotations");
    return 0;
  }
  const has = PyMapping_GetOptionalItem(locals, ID.__annotations__);
  if (has != 0) {
    Py.DECREF(has);
    return sp;
  }
  if (PyErr_Occurred() != 0) return 0;
  const d = PyDict_New();
  if (d == 0) return 0;
  const r = PyObject_SetItem(locals, ID.__annotations__, d);
  Py.DECREF(d);
  return r < 0 ? 0 : sp;
}
