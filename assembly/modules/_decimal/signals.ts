// Signal dicts: mappings from exceptions to bools that are views of the flags or the traps of a context (CPython 3.13's
// Modules/_decimal/_decimal.c). The module makes the class SignalDict, of this and MutableMapping, when it is imported.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_IMMUTABLETYPE } from "../../generated/constants";
import {
  flagsword,
  PyDecSignalDictObject,
  PyMappingMethods,
  PyTypeObject,
  SIZEOF_flagsword,
  SIZEOF_PyDecSignalDictObject,
} from "../../generated/layouts";
import { decimalRoots } from "../../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  PyDecSignalDict_Type,
  PyExc_KeyError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import {
  Dict,
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_SetItem,
  PyDict_Size,
} from "../../objects/containers/dict/dict";
import { List, PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { Tuple } from "../../objects/containers/tuple";
import { asMapping } from "../../objects/define/tables";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { Py_EQ, Py_NE } from "../../objects/object/flags";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_HashNotImplemented, PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyObject_Repr } from "../../objects/protocol/text";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { object_new } from "../../objects/types/base";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";
import { SIGNALS, signalFlags } from "./object";

/** What functions give that return flags, where there is an exception. */
export const NO_FLAGS: u32 = 0xffffffff;

const SIGNALS_ERROR =
  "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]";

/** In the field `flags`: the flags are a block of its own, as its context is no more. */
const OWN: usize = 1;

export class SignalDict {
  @inline static check(o: usize): bool {
    return PyType_IsSubtype(Py.TYPE(o), PyDecSignalDict_Type);
  }

  /** The address of the flags, null for an object that never belonged to a context. */
  @inline static address(o: usize): usize {
    return PyDecSignalDictObject.at(o).flags & ~OWN;
  }

  /** Lays it on the flags at an address. */
  @inline static attach(o: usize, address: usize): void {
    PyDecSignalDictObject.at(o).flags = address;
  }

  /** Cuts one that others still have off its context: it keeps the flags as they are. */
  static detach(o: usize): void {
    if (PyDecSignalDictObject.at(o).flags & OWN) return;
    const own = Py.REFCNT(o) > 1 ? PyMem_Malloc(SIZEOF_flagsword) : 0;
    if (own != 0) flagsword.at(own).bits = SignalDict.flags(o);
    SignalDict.attach(o, own == 0 ? 0 : own | OWN);
  }

  @inline static flags(o: usize): u32 {
    return flagsword.at(SignalDict.address(o)).bits;
  }
}

/** The flags of an exception that is a signal; NO_FLAGS with KeyError. */
function flagOf(exception: usize): u32 {
  for (let i: isize = 0; i < SIGNALS; i++) if (Tuple.get(decimalRoots.signals, i) == exception) return signalFlags(i);
  PyErr_SetString(PyExc_KeyError, SIGNALS_ERROR);
  return NO_FLAGS;
}

/** The flags of a list of signals; NO_FLAGS with KeyError. */
export function listFlags(list: usize): u32 {
  let flags: u32 = 0;
  for (let i: isize = 0; i < Py.SIZE(list); i++) {
    const flag = flagOf(List.get(list, i));
    if (flag == NO_FLAGS) return NO_FLAGS;
    flags |= flag;
  }
  return flags;
}

/** The flags of a dict with all signals, or of a signal dict; NO_FLAGS with an exception. */
export function dictFlags(o: usize): u32 {
  if (SignalDict.check(o)) {
    if (SignalDict.address(o) != 0) return SignalDict.flags(o);
    PyErr_SetString(PyExc_ValueError, "invalid signal dict");
    return NO_FLAGS;
  }
  if (!Dict.check(o)) {
    PyErr_SetString(PyExc_TypeError, "argument must be a signal dict");
    return NO_FLAGS;
  }
  let flags: u32 = 0;
  for (let i: isize = 0; i < SIGNALS; i++) {
    // Truth may run Python, so the size is asked for anew.
    const v = PyDict_Size(o) == SIGNALS ? PyDict_GetItemWithError(o, Tuple.get(decimalRoots.signals, i)) : 0;
    if (v == 0) {
      if (!PyErr_Occurred()) PyErr_SetString(PyExc_KeyError, "invalid signal dict");
      return NO_FLAGS;
    }
    Py.INCREF(v);
    const truth = PyObject_IsTrue(v);
    Py.DECREF(v);
    if (truth < 0) return NO_FLAGS;
    if (truth) flags |= signalFlags(i);
  }
  return flags;
}

/** A list of the signals that flags stand for: a new reference, null with an exception. */
export function signalList(flags: u32): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  for (let i: isize = 0; i < SIGNALS; i++) {
    if (flags & signalFlags(i) && PyList_Append(list, Tuple.get(decimalRoots.signals, i)) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

/** Whether it belongs to a context; ValueError otherwise. */
function isValid(self: usize): bool {
  if (SignalDict.address(self) != 0) return true;
  PyErr_SetString(PyExc_ValueError, "invalid signal dict");
  return false;
}

function signaldict_init(self: usize, _args: usize, _kwds: usize): i32 {
  if (PyDecSignalDictObject.at(self).flags & OWN) PyMem_Free(SignalDict.address(self));
  SignalDict.attach(self, 0);
  return 0;
}

function signaldict_length(self: usize): isize {
  return isValid(self) ? SIGNALS : -1;
}

function signaldict_iter(self: usize): usize {
  return isValid(self) ? PyObject_GetIter(decimalRoots.signals) : 0;
}

function signaldict_subscript(self: usize, key: usize): usize {
  if (!isValid(self)) return 0;
  const flag = flagOf(key);
  return flag == NO_FLAGS ? 0 : boolObject((SignalDict.flags(self) & flag) != 0);
}

function signaldict_ass_subscript(self: usize, key: usize, value: usize): i32 {
  if (!isValid(self)) return -1;
  if (value == 0) return PyErr_Fail(PyExc_ValueError, "signal keys cannot be deleted");
  const flag = flagOf(key);
  if (flag == NO_FLAGS) return -1;
  const truth = PyObject_IsTrue(value);
  if (truth < 0) return -1;
  const word = flagsword.at(SignalDict.address(self));
  word.bits = truth ? word.bits | flag : word.bits & ~flag;
  return 0;
}

function signaldict_repr(self: usize): usize {
  if (!isValid(self)) return 0;
  const flags = SignalDict.flags(self);
  const w = Writer.begin();
  let ok = true;
  for (let i: isize = 0; i < SIGNALS && ok; i++) {
    const name = PyObject_Repr(Tuple.get(decimalRoots.signals, i));
    ok =
      name != 0 &&
      writeLiteral(w, i == 0 ? "{" : ", ") == 0 &&
      writeStr(w, name) == 0 &&
      writeLiteral(w, flags & signalFlags(i) ? ":True" : ":False") == 0;
    Py.XDECREF(name);
  }
  return ok && writeLiteral(w, "}") == 0 ? writerFinish(w) : writerDiscard(w);
}

function signaldict_richcompare(v: usize, w: usize, op: i32): usize {
  if (!isValid(v)) return 0;
  if (op != Py_EQ && op != Py_NE) return _Py_NotImplementedStruct;
  let flags: u32;
  if (SignalDict.check(w)) {
    if (!isValid(w)) return 0;
    flags = SignalDict.flags(w);
  } else {
    if (!Dict.check(w)) return _Py_NotImplementedStruct;
    flags = dictFlags(w);
    if (flags == NO_FLAGS) {
      if (!PyErr_ExceptionMatches(PyExc_KeyError)) return 0;
      PyErr_Clear();
      return _Py_NotImplementedStruct;
    }
  }
  return boolObject((SignalDict.flags(v) == flags) == (op == Py_EQ));
}

/**
 * @native decimal.SignalDictMixin.copy
 */
export function signaldict_copy(self: usize, _unused: usize): usize {
  if (!isValid(self)) return 0;
  const flags = SignalDict.flags(self);
  const dict = PyDict_New();
  if (dict == 0) return 0;
  for (let i: isize = 0; i < SIGNALS; i++) {
    const v = flags & signalFlags(i) ? _Py_TrueStruct : _Py_FalseStruct;
    if (PyDict_SetItem(dict, Tuple.get(decimalRoots.signals, i), v) < 0) {
      Py.DECREF(dict);
      return 0;
    }
  }
  return dict;
}

function signaldict_traverse(_self: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

function signaldict_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  if (PyDecSignalDictObject.at(self).flags & OWN) PyMem_Free(SignalDict.address(self));
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/**
 * @type decimal.SignalDictMixin
 */

/** Makes the type: 0, or -1 with an exception. */
export function initSignalDictType(): i32 {
  const t = collectedType(
    PyDecSignalDict_Type,
    SIZEOF_PyDecSignalDictObject,
    signaldict_dealloc.index,
    signaldict_traverse.index,
    0,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
  );
  t.tp_new = object_new.index;
  t.tp_init = signaldict_init.index;
  t.tp_repr = signaldict_repr.index;
  t.tp_hash = PyObject_HashNotImplemented.index;
  t.tp_richcompare = signaldict_richcompare.index;
  t.tp_iter = signaldict_iter.index;
  const mapping = PyMappingMethods.at(asMapping(PyDecSignalDict_Type));
  mapping.mp_length = signaldict_length.index;
  mapping.mp_subscript = signaldict_subscript.index;
  mapping.mp_ass_subscript = signaldict_ass_subscript.index;
  return PyType_Ready(PyDecSignalDict_Type);
}
