// The attributes of instances (CPython 3.13's Objects/dictobject.c, its end): values inside the instance, over the keys
// that its class shares, and the dict that appears when somebody asks for __dict__.
//
//   ┌───────────────────┬────────────────┬───────────┬──────────────┬──────────┐
//   │ weak references 8 │ managed dict 8 │ gc head 16│ the instance │ values … │
//   └───────────────────┴────────────────┴───────────┴──────────────┴──────────┘
//     (Py_TPFLAGS_MANAGED_WEAKREF, _MANAGED_DICT)     ▲ its address   (Py_TPFLAGS_INLINE_VALUES)
//
// The dict's slot is null until there is one.
//
// Invariant: while the values are valid, a managed dict that exists uses them as its own (ma_values points into the
// instance). A key that the shared table cannot take makes the dict grow a table of its own, and the values invalid.

import { Py_TPFLAGS_HEAPTYPE, Py_TPFLAGS_INLINE_VALUES, Py_TPFLAGS_MANAGED_DICT } from "../../../generated/constants";
import { PyDictObject, PyDictValues, PyHeapTypeObject, PyTypeObject } from "../../../generated/layouts";
import { empty_keys, PyExc_AttributeError, PyUnicode_Type } from "../../../generated/statics";
import { PyErr_Format, PyErr_GetRaisedException, PyErr_NoMemory, PyErr_SetRaisedException } from "../../errors/raise";
import { PyErr_WriteUnraisable } from "../../errors/unraisable";
import { _PyObject_ComputedDictPointer } from "../../object/attributes";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_TRACK, MANAGED_DICT_OFFSET } from "../../object/gchead";
import { Py, Visit } from "../../object/head";
import { PyTypeName } from "../../text/concat";
import { maybeTracked } from "../tuple";
import { Dict, newDict, newDictWithSharedKeys, PyDict_DelItem, PyDict_New, PyDict_SetItem } from "./dict";
import { _PyDictKeys_StringLookup, copyValues, DK, DKIX_EMPTY, insertSplitKey, Values, valuesForget } from "./keys";

export class Instance {
  /** Slot of the managed dict. */
  @inline static dictSlot(o: usize): usize {
    return o + <usize>MANAGED_DICT_OFFSET;
  }

  /** The managed dict, borrowed; null where there is none yet. */
  @inline static dict(o: usize): usize {
    return load<u32>(Instance.dictSlot(o));
  }

  /** The inline values; the type must have them. */
  @inline static values(o: usize): usize {
    return o + <usize>PyTypeObject.at(Py.TYPE(o)).tp_basicsize;
  }

  /** Whether the attributes are in inline values now. */
  @inline static hasValues(o: usize): bool {
    return (PyTypeObject.at(Py.TYPE(o)).tp_flags & Py_TPFLAGS_INLINE_VALUES) != 0 && Values.valid(Instance.values(o));
  }

  /** The keys that the instances of a heap type share. */
  @inline static sharedKeys(type: usize): usize {
    return PyHeapTypeObject.at(type).ht_cached_keys;
  }
}

/** A dict over an instance's inline values. Null with MemoryError. */
function dictOverValues(keys: usize, values: usize): usize {
  DK.incref(keys);
  let used: isize = 0;
  let track: bool = false;
  const n = DK.usable(keys) + DK.nentries(keys);
  for (let i: isize = 0; i < n; i++) {
    const v = Values.get(values, i);
    if (v == 0) continue;
    used++;
    track = track || maybeTracked(v);
  }
  const d = newDict(keys, values, used);
  if (d != 0 && track) _PyObject_GC_TRACK(d);
  return d;
}

/** The instance's managed dict, made now where there is none: borrowed. Null with MemoryError. */
export function _PyObject_MaterializeManagedDict(o: usize): usize {
  let d = Instance.dict(o);
  if (d != 0) return d;
  const type = Py.TYPE(o);
  if (Instance.hasValues(o)) d = dictOverValues(Instance.sharedKeys(type), Instance.values(o));
  else d = newInstanceDict(type);
  store<u64>(Instance.dictSlot(o), d);
  return d;
}

/** d[name] = value, or del where value is null; both borrowed. -1 with an exception. */
function setOrDelete(d: usize, name: usize, value: usize): i32 {
  // Comparing keys may put another dict in the place of this one.
  Py.INCREF(d);
  const r = value == 0 ? PyDict_DelItem(d, name) : PyDict_SetItem(d, name, value);
  Py.DECREF(d);
  return r;
}

/** Stores into valid inline values. */
function storeIntoValues(o: usize, values: usize, name: usize, value: usize): i32 {
  const keys = Instance.sharedKeys(Py.TYPE(o));
  let d = Instance.dict(o);
  const ix = Py.IS_TYPE(name, PyUnicode_Type) ? insertSplitKey(keys, name, DK.strHash(name)) : DKIX_EMPTY;
  if (ix == DKIX_EMPTY) {
    if (d != 0) return setOrDelete(d, name, value);
    d = dictOverValues(keys, values);
    if (d == 0) return -1;
    if (!Py.IS_TYPE(name, PyUnicode_Type)) {
      // Hashing and comparing such a name runs Python, which must find the dict at its place.
      store<u64>(Instance.dictSlot(o), d);
      return setOrDelete(d, name, value);
    }
    if (setOrDelete(d, name, value) < 0) {
      // The dict never became the instance's: the values stay where they are, if they still are there.
      if (Dict.values(d) == values) Py.DECREF(d);
      else store<u64>(Instance.dictSlot(o), d);
      return -1;
    }
    store<u64>(Instance.dictSlot(o), d);
    return 0;
  }
  const slot = Values.slot(values, ix);
  const old = load<u32>(slot);
  store<u64>(slot, Py.XNewRef(value));
  if (old == 0) {
    if (value == 0) {
      PyErr_Format(PyExc_AttributeError, "'%.100s' object has no attribute '%U'", PyTypeName.of(o), name);
      return -1;
    }
    Values.append(values, ix);
    if (d != 0) Dict.setUsed(d, Dict.used(d) + 1);
  } else {
    if (value == 0) {
      valuesForget(values, ix);
      if (d != 0) Dict.setUsed(d, Dict.used(d) - 1);
    }
    Py.DECREF(old);
  }
  return 0;
}

/**
 * Sets (or, where `value` is null, deletes) an attribute of an instance whose type has a managed dict. -1 with an
 * exception: AttributeError or, from the dict, KeyError for what is not there.
 */
export function _PyObject_StoreInstanceAttribute(o: usize, name: usize, value: usize): i32 {
  if (Instance.hasValues(o)) {
    const values = Instance.values(o);
    const d = Instance.dict(o);
    if (d == 0 || Dict.values(d) == values) return storeIntoValues(o, values, name, value);
    return setOrDelete(d, name, value);
  }
  const d = _PyObject_MaterializeManagedDict(o);
  if (d == 0) return -1;
  return setOrDelete(d, name, value);
}

/**
 * The attribute from valid inline values: a new reference, or null without an exception where it is not there. Only
 * where Instance.hasValues(o); otherwise the dict must be asked.
 */
export function _PyObject_TryGetInstanceAttribute(o: usize, name: usize): usize {
  const ix = _PyDictKeys_StringLookup(Instance.sharedKeys(Py.TYPE(o)), name);
  return ix == DKIX_EMPTY ? 0 : Py.XNewRef(Values.get(Instance.values(o), ix));
}

/** A new empty dict for the attributes of an instance of `type`, over the keys that its class shares. Null with MemoryError. */
export function newInstanceDict(type: usize): usize {
  const keys = Py.hasFeature(type, Py_TPFLAGS_HEAPTYPE) ? Instance.sharedKeys(type) : 0;
  return keys != 0 ? newDictWithSharedKeys(keys) : PyDict_New();
}

/** d[key] = value (or del, where value is null) in the dict in the slot, which is made first. -1 with an exception. */
export function _PyObjectDict_SetItem(type: usize, slot: usize, key: usize, value: usize): i32 {
  let d = load<u32>(slot);
  if (d == 0) {
    d = newInstanceDict(type);
    if (d == 0) return -1;
    store<u64>(slot, d);
  }
  return setOrDelete(d, key, value);
}

/** Whether the object has no attributes of its own. */
export function _PyObject_IsInstanceDictEmpty(o: usize): bool {
  const type = Py.TYPE(o);
  if (PyTypeObject.at(type).tp_dictoffset == 0) return true;
  if (Instance.hasValues(o)) {
    const values = Instance.values(o);
    const n = DK.nentries(Instance.sharedKeys(type));
    for (let i: isize = 0; i < n; i++) if (Values.get(values, i) != 0) return false;
    return true;
  }
  const d = Py.hasFeature(type, Py_TPFLAGS_MANAGED_DICT)
    ? Instance.dict(o)
    : load<u32>(_PyObject_ComputedDictPointer(o));
  return d == 0 || Dict.used(d) == 0;
}

/** Visits the inline values and the managed dict, which leaves those out: part of the tp_traverse of heap types. */
export function PyObject_VisitManagedDict(o: usize, visit: u32, arg: usize): i32 {
  if (!Py.check(o, Py_TPFLAGS_MANAGED_DICT)) return 0;
  if (Instance.hasValues(o)) {
    const values = Instance.values(o);
    const n = Values.capacity(values);
    for (let i: isize = 0; i < n; i++) {
      const r = Visit.call(Values.get(values, i), visit, arg);
      if (r != 0) return r;
    }
    return 0;
  }
  return Visit.call(Instance.dict(o), visit, arg);
}

/**
 * Makes a dict stop using the values inside the instance: it gets a copy, and refers to them from now on. -1 with
 * MemoryError, the dict then empty.
 */
function _PyDict_DetachFromObject(d: usize, o: usize): i32 {
  const values = Instance.values(o);
  if (Dict.values(d) != values) return 0;
  const copy = copyValues(values);
  if (copy == 0) {
    const keys = Dict.keys(d);
    PyDictObject.at(d).ma_values = 0;
    PyDictObject.at(d).ma_keys = empty_keys;
    Dict.setUsed(d, 0);
    DK.decref(keys);
    PyErr_NoMemory();
    return -1;
  }
  PyDictObject.at(d).ma_values = copy;
  PyDictValues.at(values).valid = 0;
  // Attributes that were set meanwhile may be what cycles are made of. (CPython 3.13 forgets them here.)
  if (!_PyObject_GC_IS_TRACKED(d) && holdsTracked(copy)) _PyObject_GC_TRACK(d);
  return 0;
}

function holdsTracked(values: usize): bool {
  const n = Values.capacity(values);
  for (let i: isize = 0; i < n; i++) {
    const v = Values.get(values, i);
    if (v != 0 && maybeTracked(v)) return true;
  }
  return false;
}

/** Sets the managed dict (borrowed, may be null), dropping the attributes that were there. -1 with an exception. */
export function _PyObject_SetManagedDict(o: usize, d: usize): i32 {
  const old = Instance.dict(o);
  if (Py.check(o, Py_TPFLAGS_INLINE_VALUES)) {
    if (old == 0) {
      store<u64>(Instance.dictSlot(o), Py.XNewRef(d));
      dropValues(o);
      return 0;
    }
    if (_PyDict_DetachFromObject(old, o) < 0) return -1;
  }
  store<u64>(Instance.dictSlot(o), Py.XNewRef(d));
  Py.XDECREF(old);
  return 0;
}

/**
 * Drops all attributes: part of the tp_clear and tp_dealloc of heap types. Never fails: a dict that outlives the object
 * gets the values by a copy, and where memory is gone it is left empty, which is reported.
 */
export function PyObject_ClearManagedDict(o: usize): void {
  if (_PyObject_SetManagedDict(o, 0) == 0) return;
  const saved = PyErr_GetRaisedException();
  dropValues(o);
  Py.CLEAR(Instance.dictSlot(o));
  PyErr_SetRaisedException(saved);
  PyErr_WriteUnraisable(0);
}

/** The values inside the object end. */
function dropValues(o: usize): void {
  const values = Instance.values(o);
  if (!Values.valid(values)) return;
  PyDictValues.at(values).valid = 0;
  const n = Values.capacity(values);
  for (let i: isize = 0; i < n; i++) Py.CLEAR(Values.slot(values, i));
}

/** Address of the instance's inline values where they are valid; null where it has none. */
export function instanceValues(o: usize): usize {
  return Instance.hasValues(o) ? Instance.values(o) : 0;
}

/** The managed dict as it is, borrowed; null where none was made. Only for types with a managed dict. */
export function _PyObject_GetManagedDict(o: usize): usize {
  return Instance.dict(o);
}

/** Takes the values out of the instance, whose class is about to change: 0, or -1 with MemoryError. */
export function PyObject_MaterializeForClassChange(o: usize): i32 {
  const d = _PyObject_MaterializeManagedDict(o);
  return d == 0 ? -1 : _PyDict_DetachFromObject(d, o);
}
