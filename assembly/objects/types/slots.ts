// Filling the slots of Python classes from their special methods, at their making and whenever one is assigned (the
// update_slot part of CPython 3.13's Objects/typeobject.c).

import { Py_TPFLAGS_HAVE_VECTORCALL } from "../../generated/constants";
import { PyCFunctionObject, PyMethodDef, PyTypeObject, PyWrapperDescrObject, slotdef } from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyCFunction_Type, PyWrapperDescr_Type } from "../../generated/statics";
import { PyDict_GetItemWithError, PyDict_Next } from "../containers/dict/dict";
import { takeLevel, Py_LeaveRecursiveCall, PyErr_Occurred } from "../errors/raise";
import { Py } from "../object/head";
import { PyObject_HashNotImplemented } from "../protocol/compare";
import { U } from "../text/access";
import { _PyObject_NextNotImplemented } from "./base";
import { _PyType_Lookup, PyType_IsSubtype, PyType_Modified, subclassAt } from "./lookup";
import { slot_tp_call } from "./slot_functions";
import { Slotdef, slotAddress } from "./slotdefs";
import { tp_new_wrapper } from "./wrappers";

const TP_HASH: u32 = 120;
const TP_ITERNEXT: u32 = 224;
const TP_NEW: u32 = 312;

/** Where several slots serve one name (`__add__`: nb_add, sq_concat), the only one that the type has filled; 0 else. */
function resolveSlotDuplicates(type: usize, name: usize): usize {
  let result: usize = 0;
  const n = objectsRoots.slotdefs_count;
  for (let i: u32 = 0; i < n; i++) {
    if (Slotdef.name(i) != name) continue;
    const slot = slotAddress(type, Slotdef.offset(i));
    if (slot == 0 || load<u32>(slot) == 0) continue;
    if (result != 0 && result != slot) return 0;
    result = slot;
  }
  return result;
}

/** Fills the slot that row `i` begins; returns the row after the last of that slot. */
function updateOneSlot(type: usize, i: u32): u32 {
  const n = objectsRoots.slotdefs_count;
  const offset = Slotdef.offset(i);
  const slot = slotAddress(type, offset);
  if (slot == 0) {
    while (i < n && Slotdef.offset(i) == offset) i++;
    return i;
  }
  let specific: u32 = 0;
  let generic: u32 = 0;
  let useGeneric = false;
  for (; i < n && Slotdef.offset(i) == offset; i++) {
    const name = Slotdef.name(i);
    const descr = _PyType_Lookup(type, name);
    if (descr == 0) {
      if (offset == TP_ITERNEXT) specific = _PyObject_NextNotImplemented.index;
      continue;
    }
    if (Py.TYPE(descr) == PyWrapperDescr_Type && wrapperName(descr) == name) {
      const unique = resolveSlotDuplicates(type, name);
      if (unique == 0 || unique == slot) generic = Slotdef.fn(i);
      const d = PyWrapperDescrObject.at(descr);
      if (
        (specific == 0 || specific == d.d_wrapped) &&
        slotdef.at(d.d_base).wrapper == Slotdef.wrapper(i) &&
        PyType_IsSubtype(type, d.d_type)
      ) {
        specific = d.d_wrapped;
      } else {
        useGeneric = true;
      }
    } else if (offset == TP_NEW && isNewWrapper(descr)) {
      // What was inherited already; __new__ of a built-in type is not a method like others.
      specific = PyTypeObject.at(type).tp_new;
    } else if (descr == _Py_NoneStruct && offset == TP_HASH) {
      specific = PyObject_HashNotImplemented.index;
    } else {
      useGeneric = true;
      generic = Slotdef.fn(i);
      if (generic == slot_tp_call.index) {
        const t = PyTypeObject.at(type);
        t.tp_flags = t.tp_flags & ~Py_TPFLAGS_HAVE_VECTORCALL;
      }
    }
  }
  store<u64>(slot, specific != 0 && !useGeneric ? specific : generic);
  return i;
}

function wrapperName(descr: usize): usize {
  return slotdef.at(PyWrapperDescrObject.at(descr).d_base).name;
}

function isNewWrapper(descr: usize): bool {
  if (Py.TYPE(descr) != PyCFunction_Type) return false;
  return PyMethodDef.at(PyCFunctionObject.at(descr).m_ml).ml_meth == tp_new_wrapper.index;
}

/** Fills every slot of a class that was just made. */
export function fixupSlotDispatchers(type: usize): void {
  const n = objectsRoots.slotdefs_count;
  for (let i: u32 = 0; i < n; ) i = updateOneSlot(type, i);
}

/** Whether the name has slots: two underscores around it. */
export function isDunder(name: usize): bool {
  const n = U.length(name);
  if (n <= 4 || !U.isAscii(name)) return false;
  const p = U.asciiData(name);
  // Two underscores at once.
  return load<u16>(p) == 0x5f5f && load<u16>(p + <usize>n - 2) == 0x5f5f;
}

/**
 * The special method `name` was assigned or deleted: refills its slots in the type and the classes that inherit. 0, or -1
 * with an exception.
 */
export function updateSlot(type: usize, name: usize): i32 {
  const n = objectsRoots.slotdefs_count;
  let last: u32 = 0xffffffff;
  for (let i: u32 = 0; i < n; i++) {
    if (Slotdef.name(i) != name) continue;
    // The first row of this slot.
    let first = i;
    while (first > 0 && Slotdef.offset(first - 1) == Slotdef.offset(i)) first--;
    if (first == last) continue;
    last = first;
    if (updateRecursively(type, name, first) < 0) return -1;
  }
  return 0;
}

// What follows goes down the tree of subclasses. Nothing of the program runs but comparisons of a str of its own class
// with a name; still the table may be another one after it, and the class gone.

function updateRecursively(type: usize, name: usize, row: u32): i32 {
  updateOneSlot(type, row);
  const subclasses = PyTypeObject.at(type).tp_subclasses;
  if (subclasses == 0) return 0;
  if (takeLevel(" while updating the slots of subclasses")) return -1;
  let status: i32 = 0;
  Py.INCREF(subclasses);
  for (let pos = PyDict_Next(subclasses, 0); pos > 0 && status == 0; pos = PyDict_Next(subclasses, pos)) {
    const subclass = subclassAt(subclasses, pos);
    if (subclass == 0) continue;
    Py.INCREF(subclass);
    const dict = PyTypeObject.at(subclass).tp_dict;
    const own = dict != 0 && PyDict_GetItemWithError(dict, name) != 0;
    if (PyErr_Occurred() != 0) status = -1;
    else if (!own) status = updateRecursively(subclass, name, row);
    Py.DECREF(subclass);
  }
  Py.DECREF(subclasses);
  Py_LeaveRecursiveCall();
  return status;
}

/** All slots of the type and its subclasses, after its bases changed: 0, or -1 with RecursionError. */
export function updateAllSlots(type: usize): i32 {
  PyType_Modified(type);
  fixupSlotDispatchers(type);
  const subclasses = PyTypeObject.at(type).tp_subclasses;
  if (subclasses == 0) return 0;
  if (takeLevel(" while updating the slots of subclasses")) return -1;
  let status: i32 = 0;
  Py.INCREF(subclasses);
  for (let pos = PyDict_Next(subclasses, 0); pos > 0 && status == 0; pos = PyDict_Next(subclasses, pos)) {
    const subclass = subclassAt(subclasses, pos);
    if (subclass == 0) continue;
    Py.INCREF(subclass);
    status = updateAllSlots(subclass);
    Py.DECREF(subclass);
  }
  Py.DECREF(subclasses);
  Py_LeaveRecursiveCall();
  return status;
}
