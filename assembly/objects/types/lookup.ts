// Finding an attribute along a type's method resolution order, and the cache in front of it (the lookup part of
// CPython 3.13's Objects/typeobject.c).
//
// Invariant: a type's version tag names one state of its attributes and of all its bases' attributes. Whatever changes
// them calls PyType_Modified, which takes the tag from the type and all its subclasses.
//
// An entry of the cache counts only while its version is the type's, and then type and value are alive. Names in it are
// interned, and the entry has a reference of its own to each.

import {
  Py_TPFLAGS_METHOD_DESCRIPTOR,
  Py_TPFLAGS_STATIC_BUILTIN,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_VALID_VERSION_TAG,
} from "../../generated/constants";
import {
  PyHeapTypeObject,
  PyTypeObject,
  PyWeakReference,
  SIZEOF_PyTypeObject,
  SIZEOF_typecacheentry,
  typecacheentry,
} from "../../generated/layouts";
import { objectsRoots, STATIC_TYPES_ADDRESS, TYPE_CACHE_ADDRESS } from "../../generated/runtime";
import { _Py_NoneStruct, _PyWeakref_RefType, STATIC_TYPE_COUNT } from "../../generated/statics";
import { _PyDict_GetItem_KnownHash, PyDict_KeyAt, PyDict_Next, PyDict_ValueAt } from "../containers/dict/dict";
import { Tuple } from "../containers/tuple";
import { PyErr_Clear, PyErr_Occurred } from "../errors/raise";
import { Long } from "../numbers/int/access";
import { Py } from "../object/head";
import { U } from "../text/access";
import { unicode_hash } from "../text/compare";

const CACHE_ENTRIES: u32 = 1024;

/** In tp_versions_used: the class has no version tag, ever. */
export const NEVER_CACHED: u16 = 0xffff;

/** Whether `a` is `b` or derives from it. */
export function PyType_IsSubtype(a: usize, b: usize): bool {
  return a == b || isInMro(a, b);
}

/** Whether `b` is in the mro of `a`, which may leave out `a` itself where a metaclass's mro() made it. */
export function isInMro(a: usize, b: usize): bool {
  const mro = PyTypeObject.at(a).tp_mro;
  if (mro != 0) {
    const n = Py.SIZE(mro);
    for (let i: isize = 0; i < n; i++) if (Tuple.get(mro, i) == b) return true;
    return false;
  }
  // Not ready yet: by tp_base.
  while (a != 0) {
    if (a == b) return true;
    a = PyTypeObject.at(a).tp_base;
  }
  return b == 0;
}

/** Gives `type` a version tag where it can have one: true if it has one. */
export function assignVersionTag(type: usize): bool {
  const t = PyTypeObject.at(type);
  if (t.tp_version_tag != 0) return true;
  const bases = t.tp_bases;
  if (bases == 0 || t.tp_versions_used == NEVER_CACHED) return false;
  const n = Py.SIZE(bases);
  for (let i: isize = 0; i < n; i++) if (!assignVersionTag(Tuple.get(bases, i))) return false;
  const next = objectsRoots.next_type_version;
  if (next == 0xffffffff) return false;
  objectsRoots.next_type_version = next + 1;
  t.tp_version_tag = next;
  t.tp_flags = t.tp_flags | Py_TPFLAGS_VALID_VERSION_TAG;
  return true;
}

// The end of the list of classes below: no address, and not "no tag".
const LAST: u32 = 1;

/**
 * The attributes of `type` have changed: its version and those of all its subclasses end. Cannot fail, and takes neither
 * memory nor native stack: the classes still to be visited are a list through their tags, which end in any case.
 */
export function PyType_Modified(type: usize): void {
  if (PyTypeObject.at(type).tp_version_tag == 0) return;
  PyTypeObject.at(type).tp_version_tag = LAST;
  PyTypeObject.at(type).tp_flags = PyTypeObject.at(type).tp_flags & ~Py_TPFLAGS_VALID_VERSION_TAG;
  let pending: u32 = <u32>type;
  while (pending != LAST) {
    const t = PyTypeObject.at(pending);
    pending = t.tp_version_tag;
    t.tp_version_tag = 0;
    if ((t.tp_flags & Py_TPFLAGS_STATIC_BUILTIN) == 0) PyHeapTypeObject.at(changetype<usize>(t)).getitem = 0;
    const subclasses = t.tp_subclasses;
    if (subclasses == 0) continue;
    for (let pos = PyDict_Next(subclasses, 0); pos > 0; pos = PyDict_Next(subclasses, pos)) {
      const sub = subclassAt(subclasses, pos);
      // A class is on the list, or done, once its flag is gone.
      if (sub == 0 || !Py.hasFeature(sub, Py_TPFLAGS_VALID_VERSION_TAG)) continue;
      const s = PyTypeObject.at(sub);
      s.tp_flags = s.tp_flags & ~Py_TPFLAGS_VALID_VERSION_TAG;
      s.tp_version_tag = pending;
      pending = <u32>sub;
    }
  }
}

/**
 * The class at a position of a table of subclasses, borrowed; null where it has died. Its value is a weak reference,
 * or None beside the address of a type that never dies; the table is an object, and a program may have put anything in.
 */
export function subclassAt(subclasses: usize, pos: isize): usize {
  const value = PyDict_ValueAt(subclasses, pos);
  if (Py.TYPE(value) == _PyWeakref_RefType) {
    const cls = PyWeakReference.at(value).wr_object;
    return Py.REFCNT(cls) != 0 && Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS) ? cls : 0;
  }
  const key = PyDict_KeyAt(subclasses, pos);
  if (value != _Py_NoneStruct || !Long.check(key) || !Long.isShort(key)) return 0;
  const address = <u64>Long.shortValue(key) - STATIC_TYPES_ADDRESS;
  return address < <u64>STATIC_TYPE_COUNT * SIZEOF_PyTypeObject && address % SIZEOF_PyTypeObject == 0
    ? STATIC_TYPES_ADDRESS + <usize>address
    : 0;
}

class Cache {
  @inline static at(i: u32): typecacheentry {
    return typecacheentry.at(TYPE_CACHE_ADDRESS + <usize>i * SIZEOF_typecacheentry);
  }

  /** The only entry that may hold what `name` is in a type of this version. */
  @inline static entry(version: u32, name: usize): typecacheentry {
    return Cache.at((version ^ (<u32>name >> 3)) & (CACHE_ENTRIES - 1));
  }
}

/** Empties the cache, dropping the names it keeps. For finalisation. */
export function clearTypeCache(): void {
  for (let i: u32 = 0; i < CACHE_ENTRIES; i++) {
    const e = Cache.at(i);
    const kept = e.kept;
    memory.fill(changetype<usize>(e), 0, SIZEOF_typecacheentry);
    if (kept != 0) Py.DECREF(kept);
  }
}

/** The attribute `name` of `type` or of one of its bases, borrowed; null where there is none. Never raises. */
export function _PyType_Lookup(type: usize, name: usize): usize {
  const version = PyTypeObject.at(type).tp_version_tag;
  const e = Cache.entry(version, name);
  if (version != 0 && e.version == version && e.name == name) return e.value;
  return lookupAndCache(type, name);
}

function lookupAndCache(type: usize, name: usize): usize {
  const value = findInMro(type, name);
  if (PyErr_Occurred() != 0) {
    PyErr_Clear();
    return 0;
  }
  if (U.interned(name) != 0 && assignVersionTag(type)) {
    const version = PyTypeObject.at(type).tp_version_tag;
    const e = Cache.entry(version, name);
    const kept = e.kept;
    e.version = version;
    e.name = <u32>name;
    e.value = <u32>value;
    e.kept = <u32>Py.NewRef(name);
    if (kept != 0) Py.DECREF(kept);
  }
  return value;
}

/** The attribute in the dicts along the mro, borrowed; an exception may be set (a failing hash or comparison). */
function findInMro(type: usize, name: usize): usize {
  const hash = unicode_hash(name);
  if (hash == -1) return 0;
  const mro = PyTypeObject.at(type).tp_mro;
  if (mro == 0) return 0;
  Py.INCREF(mro);
  let result: usize = 0;
  const n = Py.SIZE(mro);
  for (let i: isize = 0; i < n; i++) {
    const dict = PyTypeObject.at(Tuple.get(mro, i)).tp_dict;
    if (dict == 0) continue;
    result = _PyDict_GetItem_KnownHash(dict, name, hash);
    if (result != 0 || PyErr_Occurred() != 0) break;
  }
  Py.DECREF(mro);
  return result;
}

/** The special method `name` of o's type, bound to o: a new reference, null (perhaps with an exception) without. */
export function _PyObject_LookupSpecial(o: usize, name: usize): usize {
  const type = Py.TYPE(o);
  const found = _PyType_Lookup(type, name);
  if (found == 0) return 0;
  const get = PyTypeObject.at(Py.TYPE(found)).tp_descr_get;
  if (get == 0) return Py.NewRef(found);
  Py.INCREF(found);
  const bound = call_indirect<usize>(get, found, o, type);
  Py.DECREF(found);
  return bound;
}

/**
 * The special method `name` of o's type for a call: a new reference, bit 0 set where o must be passed as the first
 * argument. Null where there is none, perhaps with an exception.
 */
export function lookupMethod(o: usize, name: usize): usize {
  const found = _PyType_Lookup(Py.TYPE(o), name);
  return found == 0 ? 0 : boundMethod(o, found);
}

/** What lookupMethod gives for what was found in o's type; with an exception where it is null. */
export function boundMethod(o: usize, found: usize): usize {
  Py.INCREF(found);
  const ft = PyTypeObject.at(Py.TYPE(found));
  if (ft.tp_flags & Py_TPFLAGS_METHOD_DESCRIPTOR) return found | 1;
  const get = ft.tp_descr_get;
  if (get == 0) return found;
  const bound = call_indirect<usize>(get, found, o, Py.TYPE(o));
  Py.DECREF(found);
  return bound;
}

/**
 * What type.__getattribute__ finds: as for instances, but attributes found in the class and its bases are bound to none.
 * A new reference; null without an exception where there is none, or with that of a descriptor.
 */
export function typeAttribute(type: usize, name: usize): usize {
  const meta = Py.TYPE(type);
  const metaAttr = _PyType_Lookup(meta, name);
  let metaGet: u32 = 0;
  if (metaAttr != 0) {
    Py.INCREF(metaAttr);
    const mt = PyTypeObject.at(Py.TYPE(metaAttr));
    metaGet = mt.tp_descr_get;
    if (metaGet != 0 && mt.tp_descr_set != 0) {
      const r = call_indirect<usize>(metaGet, metaAttr, type, meta);
      Py.DECREF(metaAttr);
      return r;
    }
  }
  const attr = _PyType_Lookup(type, name);
  if (attr != 0) {
    Py.XDECREF(metaAttr);
    const get = PyTypeObject.at(Py.TYPE(attr)).tp_descr_get;
    if (get == 0) return Py.NewRef(attr);
    Py.INCREF(attr);
    const r = call_indirect<usize>(get, attr, <usize>0, type);
    Py.DECREF(attr);
    return r;
  }
  if (metaGet != 0) {
    const r = call_indirect<usize>(metaGet, metaAttr, type, meta);
    Py.DECREF(metaAttr);
    return r;
  }
  return metaAttr;
}
