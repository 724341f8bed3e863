// Instructions: attributes, with their specialisation (CPython 3.13's Python/specialize.c). The convention is in
// eval.ts.
//
// LOAD_ATTR's cache after the instruction: counter (2), type version (4), index or keys version (4), descriptor (8).
// STORE_ATTR's: counter (2), type version (4), index (2). An index is the byte offset from the object.

import {
  _PyInterpreterFrame,
  PyDictKeysObject,
  PyDictObject,
  PyHeapTypeObject,
  PyMemberDef,
  PyMemberDescrObject,
  PyModuleObject,
  PyTypeObject,
} from "../../generated/layouts";
import {
  LOAD_ATTR_CLASS,
  LOAD_ATTR_INSTANCE_VALUE,
  LOAD_ATTR_METHOD_NO_DICT,
  LOAD_ATTR_METHOD_WITH_VALUES,
  LOAD_ATTR_MODULE,
  LOAD_ATTR_NONDESCRIPTOR_NO_DICT,
  LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES,
  LOAD_ATTR_PROPERTY,
  LOAD_ATTR_SLOT,
  STORE_ATTR_INSTANCE_VALUE,
  STORE_ATTR_SLOT,
} from "../../generated/opcodes";
import {
  PyFunction_Type,
  PyMemberDescr_Type,
  PyModule_Type,
  PyProperty_Type,
  PySuper_Type,
  PyType_Type,
} from "../../generated/statics";
import { _PyDict_KeysGetVersion, _PyDictKeys_StringLookup, Values } from "../../objects/containers/dict/keys";
import { Py_READONLY, Py_T_OBJECT_EX } from "../../objects/define/tables";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../../objects/object/attributes";
import { PyObject_CallNoArgs, PyObject_CallTwoArgs } from "../../objects/object/call";
import {
  Py_TPFLAGS_INLINE_VALUES,
  Py_TPFLAGS_MANAGED_DICT,
  Py_TPFLAGS_METHOD_DESCRIPTOR,
} from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetMethod, PyObject_SetAttr } from "../../objects/protocol/access";
import { _PyType_Lookup, assignVersionTag } from "../../objects/types/lookup";
import { _PySuper_Lookup } from "../../objects/types/super";
import { ATTEMPT_INTERVAL } from "../frame";
import { Entry, nameAt } from "./names";

/** Whether the instance has inline values and its class's shared keys are still those of the version. */
export function valuesHideNothing(o: usize, keysVersion: u32): bool {
  const t = PyHeapTypeObject.at(Py.TYPE(o));
  if (!load<u8>(o + <usize>t.tp_basicsize, 3)) return false;
  return PyDictKeysObject.at(t.ht_cached_keys).dk_version == keysVersion;
}

/** The byte offset from the object of inline value i. */
function valueOffset(t: PyTypeObject, i: isize): usize {
  return <usize>t.tp_basicsize + 8 + ((<usize>i) << 3);
}

/**
 * Whether the running instruction should try to specialise: at once, and again after it has gone the general way
 * ATTEMPT_INTERVAL times. The counter is its cache's first entry.
 */
function attempts(f: usize): bool {
  const pc = _PyInterpreterFrame.at(f).instr_ptr;
  const counter = load<u16>(pc, 2);
  store<u16>(pc, <u16>(counter == 0 ? ATTEMPT_INTERVAL : counter - 1), 2);
  return counter == 0;
}

function specializeLoad(f: usize, o: usize, name: usize, method: bool): void {
  const type = Py.TYPE(o);
  const t = PyTypeObject.at(type);
  const pc = _PyInterpreterFrame.at(f).instr_ptr;
  if (type == PyModule_Type) specializeModule(pc, o, name);
  else if (type == PyType_Type) specializeClass(pc, o, name);
  if (t.tp_getattro != PyObject_GenericGetAttr.index || !assignVersionTag(type)) return;
  const descr = _PyType_Lookup(type, name);
  if (descr == 0) {
    if (!(t.tp_flags & Py_TPFLAGS_INLINE_VALUES)) return;
    const i = _PyDictKeys_StringLookup(PyHeapTypeObject.at(type).ht_cached_keys, name);
    if (i < 0) return;
    const offset = valueOffset(t, i);
    if (offset > 0xffff) return;
    store<u32>(pc, t.tp_version_tag, 4);
    store<u16>(pc, <u16>offset, 8);
    store<u8>(pc, <u8>LOAD_ATTR_INSTANCE_VALUE);
    return;
  }
  const dt = PyTypeObject.at(Py.TYPE(descr));
  if (Py.TYPE(descr) == PyMemberDescr_Type) {
    const m = PyMemberDef.at(PyMemberDescrObject.at(descr).d_member);
    if (m.type != Py_T_OBJECT_EX || <u32>m.offset > 0xffff) return;
    store<u32>(pc, t.tp_version_tag, 4);
    store<u16>(pc, <u16>m.offset, 8);
    store<u8>(pc, <u8>LOAD_ATTR_SLOT);
    return;
  }
  if (Py.TYPE(descr) == PyProperty_Type) {
    if (method) return;
    store<u32>(pc, <u32>descr, 12);
    store<u32>(pc, t.tp_version_tag, 4);
    store<u8>(pc, <u8>LOAD_ATTR_PROPERTY);
    return;
  }
  // What is left is found in the class where the instance does not hide it: a method, or a value that binds to nothing.
  const isMethod = method && (dt.tp_flags & Py_TPFLAGS_METHOD_DESCRIPTOR) != 0;
  if (!isMethod && (dt.tp_descr_get != 0 || dt.tp_descr_set != 0)) return;
  if (t.tp_flags & Py_TPFLAGS_INLINE_VALUES) {
    const keys = PyHeapTypeObject.at(type).ht_cached_keys;
    if (_PyDictKeys_StringLookup(keys, name) >= 0) return;
    const version = _PyDict_KeysGetVersion(keys);
    if (version == 0) return;
    store<u32>(pc, version, 8);
    store<u32>(pc, <u32>descr, 12);
    store<u32>(pc, t.tp_version_tag, 4);
    store<u8>(pc, <u8>(isMethod ? LOAD_ATTR_METHOD_WITH_VALUES : LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES));
  } else if (t.tp_dictoffset == 0 && !(t.tp_flags & Py_TPFLAGS_MANAGED_DICT)) {
    store<u32>(pc, <u32>descr, 12);
    store<u32>(pc, t.tp_version_tag, 4);
    store<u8>(pc, <u8>(isMethod ? LOAD_ATTR_METHOD_NO_DICT : LOAD_ATTR_NONDESCRIPTOR_NO_DICT));
  }
}

function specializeModule(pc: usize, o: usize, name: usize): void {
  const d = PyModuleObject.at(o).md_dict;
  if (PyDictObject.at(d).ma_values != 0) return;
  const keys = PyDictObject.at(d).ma_keys;
  if (PyDictKeysObject.at(keys).dk_kind == 0) return;
  const i = _PyDictKeys_StringLookup(keys, name);
  const version = _PyDict_KeysGetVersion(keys);
  if (i < 0 || i > 0xffff || version == 0) return;
  store<u32>(pc, version, 4);
  store<u16>(pc, <u16>i, 8);
  store<u8>(pc, <u8>LOAD_ATTR_MODULE);
}

/** An attribute of a class whose metaclass is type, which has none of that name itself. */
function specializeClass(pc: usize, o: usize, name: usize): void {
  if (_PyType_Lookup(PyType_Type, name) != 0 || !assignVersionTag(o)) return;
  const v = _PyType_Lookup(o, name);
  if (v == 0) return;
  // A function asked for from its class is itself.
  if (PyTypeObject.at(Py.TYPE(v)).tp_descr_get != 0 && Py.TYPE(v) != PyFunction_Type) return;
  store<u32>(pc, <u32>v, 12);
  store<u32>(pc, PyTypeObject.at(o).tp_version_tag, 4);
  store<u8>(pc, <u8>LOAD_ATTR_CLASS);
}

/**
 * The value that the cache at `pc` of one of LOAD_ATTR_MODULE, _CLASS and _NONDESCRIPTOR_* names for `o`, borrowed;
 * null where it is stale.
 */
export function cachedAttr(o: usize, pc: usize, opcode: i32): usize {
  const version = load<u32>(pc, 2);
  const type = Py.TYPE(o);
  if (opcode == LOAD_ATTR_MODULE) {
    if (type != PyModule_Type) return 0;
    const keys = PyDictObject.at(PyModuleObject.at(o).md_dict).ma_keys;
    return PyDictKeysObject.at(keys).dk_version == version ? Entry.value(keys, load<u16>(pc, 6)) : 0;
  }
  if (opcode == LOAD_ATTR_CLASS) {
    return type == PyType_Type && PyTypeObject.at(o).tp_version_tag == version ? load<u32>(pc, 10) : 0;
  }
  if (PyTypeObject.at(type).tp_version_tag != version) return 0;
  if (opcode == LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES && !valuesHideNothing(o, load<u32>(pc, 6))) return 0;
  return load<u32>(pc, 10);
}

export function loadAttr(f: usize, sp: usize, oparg: i32): usize {
  const name = nameAt(f, oparg >> 1);
  const o: usize = load<u32>(sp - 8);
  if (attempts(f)) specializeLoad(f, o, name, (oparg & 1) != 0);
  if (oparg & 1) {
    const m = PyObject_GetMethod(o, name);
    if (m == 0) return 0;
    if (m & 1) {
      store<u64>(sp - 8, m & ~1);
      store<u64>(sp, o);
    } else {
      store<u64>(sp - 8, m);
      store<u64>(sp, 0);
      Py.DECREF(o);
    }
    return sp + 8;
  }
  const v = PyObject_GetAttr(o, name);
  if (v == 0) return 0;
  store<u64>(sp - 8, v);
  Py.DECREF(o);
  return sp;
}

/** Notes that the inline value at `p` was the first of its name: it takes its place in the order of insertion. */
export function firstValue(values: usize, p: usize): void {
  Values.append(values, <isize>((p - values - 8) >> 3));
}

function specializeStore(f: usize, o: usize, name: usize): void {
  const type = Py.TYPE(o);
  const t = PyTypeObject.at(type);
  if (t.tp_setattro != PyObject_GenericSetAttr.index || !assignVersionTag(type)) return;
  const pc = _PyInterpreterFrame.at(f).instr_ptr;
  const descr = _PyType_Lookup(type, name);
  if (descr != 0) {
    if (Py.TYPE(descr) != PyMemberDescr_Type) return;
    const m = PyMemberDef.at(PyMemberDescrObject.at(descr).d_member);
    if (m.type != Py_T_OBJECT_EX || m.flags & Py_READONLY || <u32>m.offset > 0xffff) return;
    store<u32>(pc, t.tp_version_tag, 4);
    store<u16>(pc, <u16>m.offset, 8);
    store<u8>(pc, <u8>STORE_ATTR_SLOT);
    return;
  }
  if (!(t.tp_flags & Py_TPFLAGS_INLINE_VALUES)) return;
  const i = _PyDictKeys_StringLookup(PyHeapTypeObject.at(type).ht_cached_keys, name);
  if (i < 0) return;
  const offset = valueOffset(t, i);
  if (offset > 0xffff) return;
  store<u32>(pc, t.tp_version_tag, 4);
  store<u16>(pc, <u16>offset, 8);
  store<u8>(pc, <u8>STORE_ATTR_INSTANCE_VALUE);
}

export function storeAttr(f: usize, sp: usize, oparg: i32): usize {
  const name = nameAt(f, oparg);
  const o: usize = load<u32>(sp - 8);
  const v: usize = load<u32>(sp - 16);
  if (attempts(f)) specializeStore(f, o, name);
  if (PyObject_SetAttr(o, name, v) < 0) return 0;
  Py.DECREF(v);
  Py.DECREF(o);
  return sp - 16;
}

export function deleteAttr(f: usize, sp: usize, oparg: i32): usize {
  const o: usize = load<u32>(sp - 8);
  if (PyObject_SetAttr(o, nameAt(f, oparg), 0) < 0) return 0;
  Py.DECREF(o);
  return sp - 8;
}

/** super().name: the stack has super, the class and self; bit 0 of the argument: for a call, bit 1: two arguments. */
export function loadSuperAttr(f: usize, sp: usize, oparg: i32): usize {
  const self: usize = load<u32>(sp - 8);
  const cls: usize = load<u32>(sp - 16);
  const global: usize = load<u32>(sp - 24);
  const name = nameAt(f, oparg >> 2);
  let attr: usize;
  if (global == PySuper_Type && Py.check(cls, 1 << 31)) {
    attr = _PySuper_Lookup(cls, self, name, (oparg & 1) != 0);
    if (attr == 0) return 0;
    if (attr & 1) {
      store<u64>(sp - 24, attr & ~1);
      store<u64>(sp - 16, self);
      Py.DECREF(cls);
      return sp - 8;
    }
  } else {
    const su = oparg & 2 ? PyObject_CallTwoArgs(global, cls, self) : PyObject_CallNoArgs(global);
    if (su == 0) return 0;
    attr = PyObject_GetAttr(su, name);
    Py.DECREF(su);
    if (attr == 0) return 0;
  }
  store<u64>(sp - 24, attr);
  Py.DECREF(self);
  Py.DECREF(cls);
  Py.XDECREF(global);
  if (oparg & 1) {
    store<u64>(sp - 16, 0);
    return sp - 8;
  }
  return sp - 16;
}
