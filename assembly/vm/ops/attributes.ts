// Instructions: attributes. The convention is in eval.ts.

import { PyDictKeysObject, PyDictObject, PyDictValues, PyModuleObject, PyTypeObject } from "../../generated/layouts";
import {
  LOAD_ATTR_CLASS,
  LOAD_ATTR_MODULE,
  LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES,
  LoadAttrCache,
} from "../../generated/opcodes";
import { PyModule_Type, PySuper_Type, PyType_Type } from "../../generated/statics";
import { Values } from "../../objects/containers/dict/keys";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { PyObject_CallNoArgs, PyObject_CallTwoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetMethod, PyObject_SetAttr } from "../../objects/protocol/access";
import { _PySuper_Lookup } from "../../objects/types/super";
import { Entry, Inline, specializeLoad, specializeStore, superWarm } from "../specialize";
import { nameAt } from "./names";

/**
 * The value that the cache at `pc` of one of LOAD_ATTR_MODULE, _CLASS and _NONDESCRIPTOR_* names for `o`, borrowed;
 * null where it is stale.
 */
export function cachedAttr(o: usize, pc: usize, opcode: i32): usize {
  const cache = LoadAttrCache.at(pc);
  const version = cache.version;
  const type = Py.TYPE(o);
  if (opcode == LOAD_ATTR_MODULE) {
    if (type != PyModule_Type) return 0;
    const keys = PyDictObject.at(PyModuleObject.at(o).md_dict).ma_keys;
    return PyDictKeysObject.at(keys).dk_version == version ? Entry.value(keys, cache.index) : 0;
  }
  if (opcode == LOAD_ATTR_CLASS) {
    return type == PyType_Type && PyTypeObject.at(o).tp_version_tag == version ? cache.descr : 0;
  }
  if (PyTypeObject.at(type).tp_version_tag != version) return 0;
  if (
    opcode == LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES &&
    !Inline.hideNothing(o, PyTypeObject.at(type), cache.keys_version)
  )
    return 0;
  return cache.descr;
}

export function loadAttr(f: usize, sp: usize, oparg: i32): usize {
  const name = nameAt(f, oparg >> 1);
  const o: usize = load<u32>(sp - 8);
  specializeLoad(f, o, name, (oparg & 1) != 0);
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
export function firstValue(values: PyDictValues, p: usize): void {
  Values.append(changetype<usize>(values), <isize>((p - values.values) >> 3));
}

export function storeAttr(f: usize, sp: usize, oparg: i32): usize {
  const name = nameAt(f, oparg);
  const o: usize = load<u32>(sp - 8);
  const v: usize = load<u32>(sp - 16);
  specializeStore(f, o, name);
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
  if (superWarm(f) && global == PySuper_Type && Py.check(cls, 1 << 31)) {
    const plain = PyTypeObject.at(Py.TYPE(self)).tp_getattro == PyObject_GenericGetAttr.index;
    attr = _PySuper_Lookup(cls, self, name, (oparg & 1) != 0 && plain);
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
