// Making a type usable: inheritance of slots, the method resolution order, and the descriptors of its tables
// (the PyType_Ready part of CPython 3.13's Objects/typeobject.c).

import {
  _Py_TPFLAGS_MATCH_SELF,
  Py_TPFLAGS_BASE_EXC_SUBCLASS,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HAVE_VECTORCALL,
  Py_TPFLAGS_HEAPTYPE,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_INLINE_VALUES,
  Py_TPFLAGS_ITEMS_AT_END,
  Py_TPFLAGS_MANAGED_DICT,
  Py_TPFLAGS_MANAGED_WEAKREF,
  Py_TPFLAGS_MAPPING,
  Py_TPFLAGS_METHOD_DESCRIPTOR,
  Py_TPFLAGS_READY,
  Py_TPFLAGS_SEQUENCE,
  Py_TPFLAGS_STATIC_BUILTIN,
} from "../../generated/constants";
import {
  PyHeapTypeObject,
  PyMethodDef,
  PyTypeObject,
  SIZEOF_PyGetSetDef,
  SIZEOF_PyMemberDef,
  SIZEOF_PyMethodDef,
} from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyBaseObject_Type,
  PyByteArray_Type,
  PyBytes_Type,
  PyComplex_Type,
  PyDict_Type,
  PyEnum_Type,
  PyExc_AttributeError,
  PyExc_BaseException,
  PyExc_Exception,
  PyExc_ExceptionGroup,
  PyExc_NameError,
  PyFilter_Type,
  PyList_Type,
  PyLong_Type,
  PyMap_Type,
  PyMemoryView_Type,
  PyODict_Type,
  PyProperty_Type,
  PyRange_Type,
  PyReversed_Type,
  PySet_Type,
  PySlice_Type,
  PySuper_Type,
  PyTuple_Type,
  PyType_Type,
  PyTypeAlias_Type,
  PyZip_Type,
} from "../../generated/statics";
import { PyStaticMethod_New } from "../code/methodwrappers";
import {
  PyDict_Contains,
  PyDict_ForgetInt,
  PyDict_New,
  PyDict_SetDefault,
  PyDict_SetItem,
  PyDict_Size,
} from "../containers/dict/dict";
import { _PyDict_NewKeysForClass } from "../containers/dict/keys";
import { PyTuple_New, PyTuple_Pack1, PyTuple_Pack2, Tuple } from "../containers/tuple";
import { docWithoutSignature, sharedDoc } from "../define/docs";
import { METH_CLASS, METH_COEXIST, METH_KEYWORDS, METH_STATIC, METH_VARARGS, methodDef } from "../define/tables";
import { PyCFunction_New } from "../descriptors/builtinfunction";
import {
  PyDescr_NewClassMethod,
  PyDescr_NewGetSet,
  PyDescr_NewMember,
  PyDescr_NewMethod,
  PyDescr_NewWrapper,
} from "../descriptors/descriptors";
import { PyLong_FromVoidPtr } from "../numbers/int/create";
import { PyObject_Del, PyObject_GC_Del } from "../object/alloc";
import { Py } from "../object/head";
import { PyObject_HashNotImplemented } from "../protocol/compare";
import { PyUnicode_FromString, PyUnicode_FromStringAndSize, startsWith } from "../text/create";
import { PyUnicode_InternFromString } from "../text/intern";
import { PyWeakref_NewRef } from "../weak/weakref";
import { assignVersionTag } from "./lookup";
import { mroInternal } from "./mro";
import { Slotdef, slotAddress } from "./slotdefs";
import { tp_new_wrapper } from "./wrappers";

const SUBCLASS_FLAGS: u64 = 0xff000000;
// Offsets of slots.
const TP_STR: u32 = 136;
const TP_GETATTRO: u32 = 144;
const TP_INIT: u32 = 296;

function inheritSpecial(type: usize, base: usize): void {
  const t = PyTypeObject.at(type);
  const b = PyTypeObject.at(base);
  if (!(t.tp_flags & Py_TPFLAGS_HAVE_GC) && b.tp_flags & Py_TPFLAGS_HAVE_GC && t.tp_traverse == 0 && t.tp_clear == 0) {
    t.tp_flags = t.tp_flags | Py_TPFLAGS_HAVE_GC;
    t.tp_traverse = b.tp_traverse;
    t.tp_clear = b.tp_clear;
  }
  t.tp_flags =
    t.tp_flags |
    (b.tp_flags & (SUBCLASS_FLAGS | Py_TPFLAGS_MANAGED_DICT | Py_TPFLAGS_MANAGED_WEAKREF | Py_TPFLAGS_ITEMS_AT_END));
  if (t.tp_basicsize == 0) t.tp_basicsize = b.tp_basicsize;
  if (t.tp_itemsize == 0) t.tp_itemsize = b.tp_itemsize;
  if (t.tp_weaklistoffset == 0) t.tp_weaklistoffset = b.tp_weaklistoffset;
  if (t.tp_dictoffset == 0) t.tp_dictoffset = b.tp_dictoffset;
  t.tp_flags = t.tp_flags | (b.tp_flags & _Py_TPFLAGS_MATCH_SELF);
}

/** Copies the slot at `offset` of the tables where the type has none and the base's is its own (not its base's). */
function copySlot(slot: usize, baseSlot: usize, baseBaseSlot: usize): void {
  if (load<u32>(slot) != 0) return;
  const f = load<u32>(baseSlot);
  if (f == 0) return;
  if (baseBaseSlot != 0 && load<u32>(baseBaseSlot) == f) return;
  store<u64>(slot, f);
}

function copyTable(table: usize, baseTable: usize, baseBaseTable: usize, count: i32): void {
  if (table == 0 || baseTable == 0) return;
  for (let i = 0; i < count; i++) {
    const o = (<usize>i) << 3;
    copySlot(table + o, baseTable + o, baseBaseTable == 0 ? 0 : baseBaseTable + o);
  }
}

function inheritOne(type: usize, base: usize, offset: usize): void {
  const bb = PyTypeObject.at(base).tp_base;
  copySlot(type + offset, base + offset, bb == 0 ? 0 : bb + offset);
}

/** Takes the slots that `type` lacks from `base`, one class of its mro. */
function inheritSlots(type: usize, base: usize): void {
  const t = PyTypeObject.at(type);
  const b = PyTypeObject.at(base);
  const bb = b.tp_base;
  const bbt = PyTypeObject.at(bb);
  copyTable(t.tp_as_number, b.tp_as_number, bb == 0 ? 0 : bbt.tp_as_number, 36);
  copyTable(t.tp_as_async, b.tp_as_async, bb == 0 ? 0 : bbt.tp_as_async, 4);
  copyTable(t.tp_as_sequence, b.tp_as_sequence, bb == 0 ? 0 : bbt.tp_as_sequence, 10);
  copyTable(t.tp_as_mapping, b.tp_as_mapping, bb == 0 ? 0 : bbt.tp_as_mapping, 3);
  copyTable(t.tp_as_buffer, b.tp_as_buffer, bb == 0 ? 0 : bbt.tp_as_buffer, 2);
  inheritOne(type, base, 48); // tp_dealloc
  if (t.tp_getattr == 0 && t.tp_getattro == 0) {
    t.tp_getattr = b.tp_getattr;
    t.tp_getattro = b.tp_getattro;
  }
  if (t.tp_setattr == 0 && t.tp_setattro == 0) {
    t.tp_setattr = b.tp_setattr;
    t.tp_setattro = b.tp_setattro;
  }
  inheritOne(type, base, 88); // tp_repr
  inheritOne(type, base, 128); // tp_call
  if (b.tp_flags & Py_TPFLAGS_HAVE_VECTORCALL && t.tp_flags & Py_TPFLAGS_IMMUTABLETYPE) {
    t.tp_flags = t.tp_flags | Py_TPFLAGS_HAVE_VECTORCALL;
  }
  if (t.tp_vectorcall_offset == 0) t.tp_vectorcall_offset = b.tp_vectorcall_offset;
  inheritOne(type, base, 136); // tp_str
  // Comparison and hash go together: who defines one does not inherit the other.
  if (t.tp_richcompare == 0 && t.tp_hash == 0 && !overridesHash(type)) {
    t.tp_richcompare = b.tp_richcompare;
    t.tp_hash = b.tp_hash;
  }
  inheritOne(type, base, 216); // tp_iter
  inheritOne(type, base, 224); // tp_iternext
  inheritOne(type, base, 272); // tp_descr_get
  if (t.tp_descr_get != 0 && t.tp_descr_get == b.tp_descr_get && t.tp_flags & Py_TPFLAGS_IMMUTABLETYPE) {
    t.tp_flags = t.tp_flags | (b.tp_flags & Py_TPFLAGS_METHOD_DESCRIPTOR);
  }
  inheritOne(type, base, 280); // tp_descr_set
  inheritOne(type, base, 288); // tp_dictoffset
  inheritOne(type, base, 296); // tp_init
  inheritOne(type, base, 304); // tp_alloc
  inheritOne(type, base, 328); // tp_is_gc
  inheritOne(type, base, 392); // tp_finalize
  if ((t.tp_flags & Py_TPFLAGS_HAVE_GC) == (b.tp_flags & Py_TPFLAGS_HAVE_GC)) {
    inheritOne(type, base, 320); // tp_free
  } else if (t.tp_flags & Py_TPFLAGS_HAVE_GC && t.tp_free == 0 && b.tp_free == PyObject_Del.index) {
    t.tp_free = PyObject_GC_Del.index;
  }
}

function overridesHash(type: usize): bool {
  const dict = PyTypeObject.at(type).tp_dict;
  return PyDict_Contains(dict, ID.__eq__) > 0 || PyDict_Contains(dict, ID.__hash__) > 0;
}

/** Whether CPython makes the built-in type at run time, as a class: that shows in its dict. */
export function isMadeLater(type: usize): bool {
  const name = PyTypeObject.at(type).tp_name;
  return (
    startsWith(name, "_io.") ||
    startsWith(name, "itertools.") ||
    startsWith(name, "operator.") ||
    startsWith(name, "functools.") ||
    (startsWith(name, "typing.") && type != PyTypeAlias_Type) ||
    (startsWith(name, "collections.") && type != PyODict_Type) ||
    startsWith(name, "_queue.") ||
    startsWith(name, "_random.") ||
    startsWith(name, "_abc.") ||
    startsWith(name, "ast.")
  );
}

/**
 * Whether a slot that a built-in type shares with its base is inherited only, and has no slot wrapper of its own. For
 * some types CPython keeps one: those whose definition names the slot although it is the base's, as far as a list in
 * CPython knows.
 */
function isInherited(type: usize, offset: u32, f: u32): bool {
  const base = PyTypeObject.at(type).tp_base;
  if (base == 0 || isMadeLater(type)) return false;
  const slot = slotAddress(base, offset);
  if (slot == 0 || load<u32>(slot) != f) return false;
  if (offset == TP_INIT) return !Py.hasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS) || type == PyExc_ExceptionGroup;
  if (offset == TP_STR) return type != PyExc_AttributeError && type != PyExc_NameError;
  if (offset == TP_GETATTRO) return !namesGetattro(type);
  return true;
}

function namesGetattro(type: usize): bool {
  return (
    type == PyExc_BaseException ||
    type == PyByteArray_Type ||
    type == PyBytes_Type ||
    type == PyComplex_Type ||
    type == PyDict_Type ||
    type == PyEnum_Type ||
    type == PyFilter_Type ||
    type == PyLong_Type ||
    type == PyList_Type ||
    type == PyMap_Type ||
    type == PyMemoryView_Type ||
    type == PyProperty_Type ||
    type == PyRange_Type ||
    type == PyReversed_Type ||
    type == PySet_Type ||
    type == PySlice_Type ||
    type == PySuper_Type ||
    type == PyTuple_Type ||
    type == PyZip_Type
  );
}

/** Adds what is in the type's own slots to its dict as slot wrappers. */
function addOperators(type: usize): i32 {
  const dict = PyTypeObject.at(type).tp_dict;
  const n = objectsRoots.slotdefs_count;
  for (let i: u32 = 0; i < n; i++) {
    if (Slotdef.wrapper(i) == 0) continue;
    const slot = slotAddress(type, Slotdef.offset(i));
    if (slot == 0) continue;
    const f = load<u32>(slot);
    if (f == 0 || isInherited(type, Slotdef.offset(i), f)) continue;
    const name = Slotdef.name(i);
    const has = PyDict_Contains(dict, name);
    if (has < 0) return -1;
    if (has) continue;
    if (f == PyObject_HashNotImplemented.index) {
      // "Not hashable" is said by None.
      if (PyDict_SetItem(dict, name, _Py_NoneStruct) < 0) return -1;
      continue;
    }
    const descr = PyDescr_NewWrapper(type, Slotdef.row(i), f);
    if (descr == 0) return -1;
    const r = PyDict_SetItem(dict, name, descr);
    Py.DECREF(descr);
    if (r < 0) return -1;
  }
  return 0;
}

/** Puts `descr` (consumed) in the dict under the C string; kept out where the name is taken, unless `replace`. */
function addDescriptor(dict: usize, cname: usize, descr: usize, replace: bool): i32 {
  if (descr == 0) return -1;
  const name = PyUnicode_InternFromString(cname);
  if (name == 0) {
    Py.DECREF(descr);
    return -1;
  }
  let r: i32;
  if (replace) {
    r = PyDict_SetItem(dict, name, descr);
  } else {
    const v = PyDict_SetDefault(dict, name, descr);
    r = v == 0 ? -1 : 0;
  }
  Py.DECREF(name);
  Py.DECREF(descr);
  return r;
}

function addTables(type: usize): i32 {
  const t = PyTypeObject.at(type);
  const dict = t.tp_dict;
  for (let m = t.tp_methods; m != 0 && load<u32>(m) != 0; m += SIZEOF_PyMethodDef) {
    const def = PyMethodDef.at(m);
    let descr: usize;
    if (def.ml_flags & METH_CLASS) {
      descr = PyDescr_NewClassMethod(type, m);
    } else if (def.ml_flags & METH_STATIC) {
      const f = PyCFunction_New(m, type, 0);
      if (f == 0) return -1;
      descr = PyStaticMethod_New(f);
      Py.DECREF(f);
    } else {
      descr = PyDescr_NewMethod(type, m);
    }
    if (addDescriptor(dict, def.ml_name, descr, (def.ml_flags & METH_COEXIST) != 0) < 0) return -1;
  }
  for (let m = t.tp_members; m != 0 && load<u32>(m) != 0; m += SIZEOF_PyMemberDef) {
    if (addDescriptor(dict, load<u32>(m), PyDescr_NewMember(type, m), false) < 0) return -1;
  }
  for (let g = t.tp_getset; g != 0 && load<u32>(g) != 0; g += SIZEOF_PyGetSetDef) {
    if (addDescriptor(dict, load<u32>(g), PyDescr_NewGetSet(type, g), false) < 0) return -1;
  }
  return 0;
}

/** __module__ is in the dict of a type that CPython makes as a class: the name's part before the last dot. */
function addModule(type: usize): i32 {
  const t = PyTypeObject.at(type);
  if (type == PyExc_ExceptionGroup) return PyDict_SetItem(t.tp_dict, ID.__module__, ID.builtins);
  if (!isMadeLater(type)) return 0;
  let n: isize = 0;
  while (load<u8>(t.tp_name + <usize>n) != 0x2e) n++;
  const module = PyUnicode_FromStringAndSize(t.tp_name, n);
  if (module == 0) return -1;
  const r = PyDict_SetItem(t.tp_dict, ID.__module__, module);
  Py.DECREF(module);
  return r;
}

/** Adds __new__ to the dict of a type that has its own tp_new. */
function addNew(type: usize): i32 {
  const t = PyTypeObject.at(type);
  const has = PyDict_Contains(t.tp_dict, ID.__new__);
  if (has != 0) return has < 0 ? -1 : 0;
  // Such a type inherits object's, which a built-in one has to name.
  if (isMadeLater(type) && t.tp_new == PyTypeObject.at(PyBaseObject_Type).tp_new) return 0;
  const f = PyCFunction_New(newWrapperDef(), type, 0);
  if (f == 0) return -1;
  const r = PyDict_SetItem(t.tp_dict, ID.__new__, f);
  Py.DECREF(f);
  return r;
}

/** The one method definition that every type's __new__ shares. */
function newWrapperDef(): usize {
  if (objectsRoots.new_wrapper_def == 0) {
    const def = methodDef("__new__", tp_new_wrapper.index, METH_VARARGS | METH_KEYWORDS);
    PyMethodDef.at(def).ml_doc = sharedDoc(PyMethodDef.at(def).ml_name);
    objectsRoots.new_wrapper_def = def;
  }
  return objectsRoots.new_wrapper_def;
}

/** __doc__ is a str of the type's text, None where the type has none. */
function addDoc(type: usize): i32 {
  const t = PyTypeObject.at(type);
  const has = PyDict_Contains(t.tp_dict, ID.__doc__);
  if (has != 0) return has < 0 ? -1 : 0;
  const text = docWithoutSignature(t.tp_name, t.tp_doc);
  const doc = text == 0 ? _Py_NoneStruct : PyUnicode_FromString(text);
  if (doc == 0) return -1;
  const r = PyDict_SetItem(t.tp_dict, ID.__doc__, doc);
  Py.DECREF(doc);
  return r;
}

/** Shared keys for the instances' attributes; values inside the instance where it has nothing else. */
function readyManagedDict(type: usize): i32 {
  const h = PyHeapTypeObject.at(type);
  if (!Py.hasFeature(type, Py_TPFLAGS_HEAPTYPE)) return 0;
  if (h.ht_cached_keys == 0) {
    h.ht_cached_keys = _PyDict_NewKeysForClass();
    if (h.ht_cached_keys == 0) return -1;
  }
  if (h.tp_itemsize == 0 && h.tp_basicsize == 16) h.tp_flags = h.tp_flags | Py_TPFLAGS_INLINE_VALUES;
  return 0;
}

/**
 * Registers `type` with its base: 0, or -1 with MemoryError. The key is its address; the value is a weak reference to a
 * class that may die, None for a type that lives for ever.
 */
export function addSubclass(base: usize, type: usize): i32 {
  const b = PyTypeObject.at(base);
  if (b.tp_subclasses == 0) {
    const d = PyDict_New();
    if (d == 0) return -1;
    b.tp_subclasses = d;
  }
  const key = PyLong_FromVoidPtr(type);
  if (key == 0) return -1;
  const ref = Py.hasFeature(type, Py_TPFLAGS_HEAPTYPE) ? PyWeakref_NewRef(type, 0) : _Py_NoneStruct;
  const r = ref == 0 ? -1 : PyDict_SetItem(b.tp_subclasses, key, ref);
  Py.XDECREF(ref);
  Py.DECREF(key);
  return r;
}

/** Takes `type` from its base's subclasses. Cannot fail, and takes no memory: it happens while types die. */
export function removeSubclass(base: usize, type: usize): void {
  const b = PyTypeObject.at(base);
  if (b.tp_subclasses == 0) return;
  PyDict_ForgetInt(b.tp_subclasses, type);
  if (PyDict_Size(b.tp_subclasses) == 0) Py.CLEAR(b.tp_subclasses_slot);
}

/**
 * Completes a type: bases, dict, mro, inherited slots and descriptors. 0, or -1 with an exception. For a class made in
 * Python the caller has set the bases and the dict.
 */
export function PyType_Ready(type: usize): i32 {
  const t = PyTypeObject.at(type);
  if (t.tp_flags & Py_TPFLAGS_READY) return 0;
  if ((t.tp_flags & Py_TPFLAGS_HEAPTYPE) == 0) {
    t.tp_flags = t.tp_flags | Py_TPFLAGS_STATIC_BUILTIN | Py_TPFLAGS_IMMUTABLETYPE;
  }
  if (t.tp_base == 0 && type != PyBaseObject_Type) t.tp_base = PyBaseObject_Type;
  const base = t.tp_base;
  if (base != 0 && PyTypeObject.at(base).tp_dict == 0 && PyType_Ready(base) < 0) return -1;
  if (Py.TYPE(type) == 0) t.ob_type = base == 0 ? PyType_Type : Py.TYPE(base);
  if (t.tp_bases == 0) {
    // The one built-in class with two bases.
    if (type == PyExc_ExceptionGroup) t.tp_bases = PyTuple_Pack2(base, PyExc_Exception);
    else t.tp_bases = base == 0 ? PyTuple_New(0) : PyTuple_Pack1(base);
    if (t.tp_bases == 0) return -1;
  }
  if (t.tp_dict == 0) {
    t.tp_dict = PyDict_New();
    if (t.tp_dict == 0) return -1;
  }
  if (mroInternal(type) < 0) return -1;
  // Own operators first: what is inherited is found through the mro, not copied into the dict.
  if (!(t.tp_flags & Py_TPFLAGS_HEAPTYPE) && addOperators(type) < 0) return -1;
  if (addTables(type) < 0) return -1;
  if (addDoc(type) < 0 || addModule(type) < 0) return -1;
  if (base != 0) inheritSpecial(type, base);
  const isStatic = (t.tp_flags & Py_TPFLAGS_HEAPTYPE) == 0;
  if (t.tp_new != 0) {
    if (isStatic && addNew(type) < 0) return -1;
  } else if (isStatic && base == PyBaseObject_Type) {
    // Built-in types directly below object do not inherit its __new__: who has none cannot be made by calling.
    t.tp_flags = t.tp_flags | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  } else if (!(t.tp_flags & Py_TPFLAGS_DISALLOW_INSTANTIATION)) {
    t.tp_new = PyTypeObject.at(base).tp_new;
  }
  const mro = t.tp_mro;
  const n = Py.SIZE(mro);
  for (let i: isize = 1; i < n; i++) inheritSlots(type, Tuple.get(mro, i));
  // Patterns: a type is a sequence or a mapping where its base is.
  for (let i: isize = 1; i < n; i++) {
    const bf = PyTypeObject.at(Tuple.get(mro, i)).tp_flags & (Py_TPFLAGS_SEQUENCE | Py_TPFLAGS_MAPPING);
    if (bf && !(t.tp_flags & (Py_TPFLAGS_SEQUENCE | Py_TPFLAGS_MAPPING))) t.tp_flags = t.tp_flags | bf;
  }
  // A base may have tables that the type lacks: share them.
  if (t.tp_flags & Py_TPFLAGS_MANAGED_DICT && readyManagedDict(type) < 0) return -1;
  if (base != 0) {
    const b = PyTypeObject.at(base);
    if (t.tp_as_async == 0) t.tp_as_async = b.tp_as_async;
    if (t.tp_as_number == 0) t.tp_as_number = b.tp_as_number;
    if (t.tp_as_sequence == 0) t.tp_as_sequence = b.tp_as_sequence;
    if (t.tp_as_mapping == 0) t.tp_as_mapping = b.tp_as_mapping;
    if (t.tp_as_buffer == 0) t.tp_as_buffer = b.tp_as_buffer;
  }
  if (t.tp_hash == 0) {
    const has = PyDict_Contains(t.tp_dict, ID.__hash__);
    if (has < 0) return -1;
    if (!has) {
      if (PyDict_SetItem(t.tp_dict, ID.__hash__, _Py_NoneStruct) < 0) return -1;
      t.tp_hash = PyObject_HashNotImplemented.index;
    }
  }
  const bases = t.tp_bases;
  for (let i: isize = 0; i < Py.SIZE(bases); i++) if (addSubclass(Tuple.get(bases, i), type) < 0) return -1;
  t.tp_flags = t.tp_flags | Py_TPFLAGS_READY;
  if (isStatic) assignVersionTag(type);
  return 0;
}
