// What a collection does at each reference of an object: it takes it from the count of what is referred to, or notes that
// this is reached (CPython 3.13's Python/gc.c, its visitors). For the types that most objects are of, the way through their
// references is written out here, as a call of a visitor for each costs more than the visit; it is the same, in the same
// order, as their tp_traverse goes. Those that end in another's go on with that; for the rest there is tp_traverse.

import { Py_TPFLAGS_HAVE_GC, Py_TPFLAGS_HEAPTYPE, Py_TPFLAGS_MANAGED_DICT } from "../generated/constants";
import {
  PyDictKeyEntry_me_key,
  PyDictUnicodeEntry,
  PyGC_Head,
  PyMemberDef,
  PyTypeObject,
  SIZEOF_PyGC_Head,
  SIZEOF_PyMemberDef,
} from "../generated/layouts";
import { gcRoots } from "../generated/runtime";
import { PyDict_Type, PyTuple_Type } from "../generated/statics";
import { Dict } from "../objects/containers/dict/dict";
import { Instance } from "../objects/containers/dict/instance";
import { DICT_KEYS_GENERAL, DK, Values } from "../objects/containers/dict/keys";
import { dict_traverse } from "../objects/containers/dict/type";
import { List, list_traverse } from "../objects/containers/list/list";
import { Tuple, tuple_traverse } from "../objects/containers/tuple";
import { Py_T_OBJECT_EX } from "../objects/define/tables";
import { _PyObject_ComputedDictPointer } from "../objects/object/attributes";
import { _PyObject_IS_GC, GC } from "../objects/object/gchead";
import { Py } from "../objects/object/head";
import { subtype_traverse } from "../objects/types/subtype";
import { append, COLLECTING, FLAGS, NEXT_UNREACHABLE, ONE_REF, REFS_SHIFT, Ring } from "./ring";

/** What is done at a reference: how the functions below are compiled, each for both. */
const enum Do {
  SUBTRACT,
  REACH,
}

class Visit {
  /** A reference to a collected object. */
  @inline static collected(what: Do, o: usize, young: usize): void {
    const gc = o - SIZEOF_PyGC_Head;
    const p = PyGC_Head.at(gc)._gc_prev;
    if (p & COLLECTING) {
      if (what == Do.SUBTRACT) PyGC_Head.at(gc)._gc_prev = p - ONE_REF;
      else reach(gc, p, young);
    }
  }

  /** A reference to any object: whether that is a collected one. */
  @inline static object(what: Do, o: usize, young: usize): bool {
    const t = PyTypeObject.at(Py.TYPE(o));
    if (!(t.tp_flags & Py_TPFLAGS_HAVE_GC)) return false;
    if (t.tp_is_gc != 0 && !call_indirect<i32>(t.tp_is_gc, o)) return false;
    Visit.collected(what, o, young);
    return true;
  }

  @inline static nullable(what: Do, o: usize, young: usize): void {
    if (o != 0) Visit.object(what, o, young);
  }

  @inline static list(what: Do, o: usize, young: usize): void {
    const items = List.items(o);
    for (let i = List.size(o) - 1; i >= 0; i--) Visit.nullable(what, Py.item(items, i), young);
  }

  /** Whether it is a tuple that cannot be part of a cycle, and need not be tracked. That is asked while objects are reached. */
  @inline static tuple(what: Do, o: usize, young: usize): bool {
    let stays: bool = what == Do.SUBTRACT || !Py.IS_TYPE(o, PyTuple_Type);
    for (let i = Tuple.size(o) - 1; i >= 0; i--) {
      const item = Tuple.get(o, i);
      if (item == 0) {
        // It is still being built.
        stays = true;
      } else if (Visit.object(what, item, young) && !stays) {
        stays = !Py.IS_TYPE(item, PyTuple_Type) || GC.head(item)._gc_next != 0;
      }
    }
    return !stays;
  }

  /** A value of a dict: whether the dict stays tracked for its sake. An exact tuple may be untracked later. */
  @inline static value(what: Do, value: usize, young: usize): bool {
    return value != 0 && Visit.object(what, value, young) && !Py.IS_TYPE(value, PyTuple_Type);
  }

  @inline static dict(what: Do, o: usize, young: usize): void {
    let stays: bool = what == Do.SUBTRACT || !Py.IS_TYPE(o, PyDict_Type);
    const keys = Dict.keys(o);
    const values = Dict.values(o);
    const n = DK.nentries(keys);
    if (values != 0) {
      const count = min(n, Values.capacity(values));
      if (!Values.embedded(values)) {
        for (let i: isize = 0; i < count; i++) if (Visit.value(what, Values.get(values, i), young)) stays = true;
      } else if (!stays) {
        // Those inside an instance are the instance's to visit.
        for (let i: isize = 0; i < count && !stays; i++) {
          const value = Values.get(values, i);
          stays = value != 0 && !Py.IS_TYPE(value, PyTuple_Type) && _PyObject_IS_GC(value);
        }
      }
    } else if (DK.kind(keys) != DICT_KEYS_GENERAL) {
      for (let i: isize = 0; i < n; i++) {
        if (Visit.value(what, PyDictUnicodeEntry.at(DK.unicodeEntry(keys, i)).me_value, young)) stays = true;
      }
    } else {
      for (let i: isize = 0; i < n; i++) {
        const pair = PyDictUnicodeEntry.at(DK.generalEntry(keys, i) + PyDictKeyEntry_me_key);
        if (pair.me_value == 0) continue;
        if (Visit.value(what, pair.me_value, young)) stays = true;
        if (Visit.value(what, pair.me_key, young)) stays = true;
      }
    }
    if (!stays) gcRoots.untrackable = gcRoots.untrackable + 1;
  }

  /** What an instance of a class has beyond its class's base: slots, attributes, the class itself. The base's tp_traverse. */
  @inline static instance(what: Do, o: usize, type: usize, young: usize): u32 {
    let base = type;
    while (PyTypeObject.at(base).tp_traverse == subtype_traverse.index) {
      const members = PyTypeObject.at(base).tp_members;
      for (let i: isize = 0, n = Py.SIZE(base); i < n; i++) {
        const m = PyMemberDef.at(members + <usize>i * SIZEOF_PyMemberDef);
        if (m.type == Py_T_OBJECT_EX) Visit.nullable(what, load<u32>(o + <usize>m.offset), young);
      }
      base = PyTypeObject.at(base).tp_base;
    }
    const t = PyTypeObject.at(type);
    const b = PyTypeObject.at(base);
    if (t.tp_dictoffset != b.tp_dictoffset) {
      if (!(t.tp_flags & Py_TPFLAGS_MANAGED_DICT)) {
        const slot = _PyObject_ComputedDictPointer(o);
        if (slot != 0) Visit.nullable(what, load<u32>(slot), young);
      } else if (Instance.hasValues(o)) {
        const values = Instance.values(o);
        for (let i: isize = 0, n = Values.capacity(values); i < n; i++)
          Visit.nullable(what, Values.get(values, i), young);
      } else {
        Visit.nullable(what, Instance.dict(o), young);
      }
    }
    if (t.tp_flags & Py_TPFLAGS_HEAPTYPE && (b.tp_traverse == 0 || !(b.tp_flags & Py_TPFLAGS_HEAPTYPE))) {
      Visit.collected(what, type, young);
    }
    return b.tp_traverse;
  }

  /** All references of an object: whether it need not be tracked, while objects are reached. */
  @inline static all(what: Do, o: usize, young: usize): bool {
    const type = Py.TYPE(o);
    let way: u32 = PyTypeObject.at(type).tp_traverse;
    if (way == subtype_traverse.index) way = Visit.instance(what, o, type, young);
    if (way == list_traverse.index) Visit.list(what, o, young);
    else if (way == tuple_traverse.index) return Visit.tuple(what, o, young);
    else if (way == dict_traverse.index) Visit.dict(what, o, young);
    else if (way != 0) {
      const visitor = what == Do.SUBTRACT ? visitSubtract.index : visitReach.index;
      call_indirect<i32>(way, o, visitor, young);
    }
    return false;
  }
}

/** What the walk has found may be reached: it takes part, and its _gc_prev is `p`. */
function reach(gc: usize, p: usize, young: usize): void {
  if (PyGC_Head.at(gc)._gc_next & NEXT_UNREACHABLE) {
    // It was put aside too early: back, to be traversed itself. In that list _gc_prev links.
    const prev = Ring.prev(gc);
    const next = Ring.next(gc);
    PyGC_Head.at(prev)._gc_next = next | NEXT_UNREACHABLE;
    Ring.setPrev(next, prev);
    append(gc, young);
    Ring.setRefs(gc, 1);
    gcRoots.unreachable = gcRoots.unreachable - 1;
  } else if (p >> REFS_SHIFT == 0) {
    // Not reached by the walk yet: it will be, and will then be known as reachable.
    PyGC_Head.at(gc)._gc_prev = (p & FLAGS) | ONE_REF;
  }
}

function visitSubtract(o: usize, _arg: usize): i32 {
  Visit.object(Do.SUBTRACT, o, 0);
  return 0;
}

function visitReach(o: usize, young: usize): i32 {
  Visit.object(Do.REACH, o, young);
  return 0;
}

/** Takes the references of `o` from the counts of what takes part. */
export function subtractFrom(o: usize): void {
  Visit.all(Do.SUBTRACT, o, 0);
}

/**
 * What `o` refers to is reachable. `young` is the list in which such objects go on being looked at. Returns whether `o` is a
 * tuple that need not be tracked; a dict of which that may be so is counted in the roots.
 */
export function reachFrom(o: usize, young: usize): bool {
  return Visit.all(Do.REACH, o, young);
}
