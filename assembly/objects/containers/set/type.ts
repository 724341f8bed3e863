// set and frozenset, the types: operations, methods, iterator (CPython 3.13's Objects/setobject.c).

import { _Py_TPFLAGS_MATCH_SELF, Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../../generated/constants";
import {
  PyNumberMethods,
  PySequenceMethods,
  PySetObject,
  PySetObject_weakreflist,
  PyTypeObject,
  SIZEOF_PySetObject,
  SIZEOF_setentry,
  SIZEOF_setiterobject,
  setentry,
  setiterobject,
} from "../../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  PyDict_Type,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyFrozenSet_Type,
  PySet_Type,
  PySetIter_Type,
} from "../../../generated/statics";
import { ArgParser } from "../../define/args";
import { asNumber, asSequence } from "../../define/tables";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_Occurred, PyErr_SetString } from "../../errors/raise";
import { setiterobject_clear, setiterobject_traverse } from "../../generated/references";
import { reduceToList } from "../../iterators/reduce";
import { boolObject } from "../../numbers/bool";
import { PyLong_FromLong } from "../../numbers/int/create";
import { _PyObject_GC_New, PyObject_GC_Del, PyType_GenericAlloc } from "../../object/alloc";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import { Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE } from "../../object/flags";
import { _PyObject_GC_TRACK, _PyObject_GC_UNTRACK } from "../../object/gchead";
import { Py } from "../../object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../object/reprguard";
import { PyObject_SelfIter } from "../../protocol/access";
import { PyObject_HashNotImplemented } from "../../protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../protocol/iterator";
import { PySequence_List } from "../../protocol/sequence";
import { PyObject_Repr } from "../../protocol/text";
import { U } from "../../text/access";
import { PyUnicode_Substring } from "../../text/concat";
import { PyUnicode_FromFormat } from "../../text/format/fromformat";
import { _PyObject_GetState } from "../../types/reduce";
import {
  _PyDict_Contains_KnownHash,
  _PyErr_SetKeyError,
  Dict,
  PyDict_HashAt,
  PyDict_KeyAt,
  PyDict_Next,
} from "../dict/dict";
import { PyTuple_Pack1, PyTuple_Pack3, Tuple } from "../tuple";
import {
  _PySet_HashAt,
  _PySet_KeyAt,
  _PySet_NextEntry,
  _PySet_Update,
  makeNewLike,
  makeNewSet,
  PySet_Contains,
  PySet_Discard,
  SetObject,
  set_dealloc,
  set_tp_clear,
  set_traverse,
  setAddEntry,
  setAddKey,
  setClear,
  setContainsEntry,
  setDiscardEntry,
  setPop,
  setShrink,
  setSwap,
} from "./set";

function set_repr(s: usize): usize {
  const entered = Py_ReprEnter(s);
  if (entered < 0) return 0;
  if (entered > 0) return PyUnicode_FromFormat("%t(...)", s);
  let r: usize = 0;
  if (SetObject.used(s) == 0) r = PyUnicode_FromFormat("%t()", s);
  else {
    const list = PySequence_List(s);
    const text = list == 0 ? 0 : PyObject_Repr(list);
    Py.XDECREF(list);
    if (text != 0) {
      // The list's brackets make way for braces.
      const inner = PyUnicode_Substring(text, 1, U.length(text) - 1);
      Py.DECREF(text);
      if (inner != 0) {
        r = Py.IS_TYPE(s, PySet_Type)
          ? PyUnicode_FromFormat("{%U}", inner)
          : PyUnicode_FromFormat("%t({%U})", s, inner);
        Py.DECREF(inner);
      }
    }
  }
  Py_ReprLeave(s);
  return r;
}

function set_len(s: usize): isize {
  return SetObject.used(s);
}

function shuffleBits(h: u64): u64 {
  return (h ^ 89869747 ^ (h << 16)) * 3644798167;
}

function frozenset_hash(s: usize): i64 {
  const o = PySetObject.at(s);
  if (o.hash != -1) return o.hash;
  const mask = SetObject.mask(s);
  let hash: u64 = 0;
  // Empty and removed slots go in too, and are taken out by their number: that is faster than asking each.
  for (let i: usize = 0; i <= mask; i++) hash ^= shuffleBits(<u64>setentry.at(SetObject.slot(s, i)).hash);
  const fill = SetObject.fill(s);
  if ((<isize>mask + 1 - fill) & 1) hash ^= shuffleBits(0);
  if ((fill - SetObject.used(s)) & 1) hash ^= shuffleBits(<u64>-1);
  hash ^= (<u64>SetObject.used(s) + 1) * 1927868237;
  hash ^= (hash >> 11) ^ (hash >> 25);
  hash = hash * 69069 + 907133923;
  if (hash == <u64>-1) hash = 590923713;
  o.hash = <i64>hash;
  return <i64>hash;
}

/** 1 or 0 as an element is or is not a member; a set as the element is taken for a frozenset. -1: an exception. */
function set_contains(s: usize, key: usize): i32 {
  const r = PySet_Contains(s, key);
  if (r >= 0) return r;
  const frozen = frozenCopy(key);
  if (frozen == 0) return -1;
  const again = PySet_Contains(s, frozen);
  Py.DECREF(frozen);
  return again;
}

/** After a TypeError: a frozenset of a set that was meant as an element; null, the exception being set, for others. */
function frozenCopy(key: usize): usize {
  if (!SetObject.check(key) || SetObject.isFrozen(key) || !PyErr_ExceptionMatches(PyExc_TypeError)) return 0;
  PyErr_Clear();
  return makeNewSet(PyFrozenSet_Type, key);
}

/**
 * @native set.__contains__($self, object, /)
 * @native frozenset.__contains__($self, object, /)
 *
 * Whether it is one of its elements.
 */
export function set___contains__(s: usize, key: usize): usize {
  const r = set_contains(s, key);
  return r < 0 ? 0 : boolObject(r != 0);
}

/**
 * @native set.add($self, object, /)
 *
 * Put one element in.
 *
 * Nothing happens where one equal to it is already there.
 */
export function set_add(s: usize, key: usize): usize {
  return setAddKey(s, key) < 0 ? 0 : _Py_NoneStruct;
}

function discard(s: usize, key: usize): i32 {
  const r = PySet_Discard(s, key);
  if (r >= 0) return r;
  const frozen = frozenCopy(key);
  if (frozen == 0) return -1;
  const again = PySet_Discard(s, frozen);
  Py.DECREF(frozen);
  return again;
}

/**
 * @native set.remove($self, object, /)
 *
 * Take out one element, which must be there.
 *
 * KeyError where it is not. discard() is the same without.
 */
export function set_remove(s: usize, key: usize): usize {
  const r = discard(s, key);
  if (r == 0) _PyErr_SetKeyError(key);
  return r > 0 ? _Py_NoneStruct : 0;
}

/**
 * @native set.discard($self, object, /)
 *
 * Take out one element, where it is there.
 *
 * Nothing happens where it is not. The method remove() is the one to use where it should be, as it raises KeyError otherwise.
 */
export function set_discard(s: usize, key: usize): usize {
  return discard(s, key) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native set.clear($self, /)
 *
 * Leave no element in the set.
 */
export function set_clear(s: usize, _: usize): usize {
  setClear(s);
  return _Py_NoneStruct;
}

/**
 * @native set.pop($self, /)
 *
 * Take out one element, whichever, and return it.
 *
 * KeyError where there is none.
 */
export function set_pop(s: usize, _: usize): usize {
  return setPop(s);
}

/** A new set or frozenset with the same members, as `s` is one or the other. */
function copyOf(s: usize): usize {
  return makeNewLike(s, s);
}

/**
 * @native set.copy($self, /)
 *
 * Another one of the same elements.
 */
export function set_copy(s: usize, _: usize): usize {
  return copyOf(s);
}

/**
 * @native frozenset.copy($self, /)
 *
 * Another one of the same elements.
 */
export function frozenset_copy(s: usize, _: usize): usize {
  return Py.IS_TYPE(s, PyFrozenSet_Type) ? Py.NewRef(s) : set_copy(s, 0);
}

function updateAll(s: usize, argv: usize, nargs: isize): i32 {
  for (let i: isize = 0; i < nargs; i++) if (_PySet_Update(s, Py.item(argv, i)) < 0) return -1;
  return 0;
}

/**
 * @native set.update($self, /, *others)
 *
 * Put in the elements of all the others as well.
 */
export function set_update(s: usize, argv: usize, nargs: isize): usize {
  return updateAll(s, argv, nargs) < 0 ? 0 : _Py_NoneStruct;
}

/** `r`, or null with it released where the status says that something failed. */
function resultOf(r: usize, status: i32): usize {
  if (status == 0) return r;
  Py.DECREF(r);
  return 0;
}

/**
 * @native set.union($self, /, *others)
 * @native frozenset.union($self, /, *others)
 *
 * The elements that occur in this one or in any of the others.
 */
export function set_union(s: usize, argv: usize, nargs: isize): usize {
  const r = set_copy(s, 0);
  return r == 0 ? 0 : resultOf(r, updateAll(r, argv, nargs));
}

/** A new set of the members that an iterable has too. Null with an exception. */
function intersect(s: usize, other: usize): usize {
  if (s == other) return copyOf(s);
  const r = makeNewLike(s, 0);
  if (r == 0) return 0;
  let status = 0;
  if (SetObject.check(other)) {
    // The smaller one is gone through.
    if (SetObject.used(other) > SetObject.used(s)) {
      const t = s;
      s = other;
      other = t;
    }
    let pos: isize = 0;
    while (status == 0 && (pos = _PySet_NextEntry(other, pos)) != 0) {
      const key = Py.NewRef(_PySet_KeyAt(other, pos));
      const hash = _PySet_HashAt(other, pos);
      const has = setContainsEntry(s, key, hash);
      if (has < 0) status = -1;
      else if (has > 0) status = setAddEntry(r, Py.NewRef(key), hash);
      Py.DECREF(key);
    }
    return resultOf(r, status);
  }
  const it = PyObject_GetIter(other);
  if (it == 0) return resultOf(r, -1);
  while (status == 0) {
    const key = PyIter_Next(it);
    if (key == 0) {
      if (PyErr_Occurred()) status = -1;
      break;
    }
    const hash = SetObject.hash(key);
    const has = hash == -1 ? -1 : setContainsEntry(s, key, hash);
    if (has < 0) status = -1;
    else if (has > 0) {
      status = setAddEntry(r, Py.NewRef(key), hash);
      // Nothing more can be found.
      if (status == 0 && SetObject.used(r) >= SetObject.used(s)) {
        Py.DECREF(key);
        break;
      }
    }
    Py.DECREF(key);
  }
  Py.DECREF(it);
  return resultOf(r, status);
}

/**
 * @native set.intersection($self, /, *others)
 * @native frozenset.intersection($self, /, *others)
 *
 * The elements that occur in this one and in all of the others.
 */
export function set_intersection(s: usize, argv: usize, nargs: isize): usize {
  if (nargs == 0) return set_copy(s, 0);
  let r = Py.NewRef(s);
  for (let i: isize = 0; i < nargs && r != 0; i++) {
    const next = intersect(r, Py.item(argv, i));
    Py.DECREF(r);
    r = next;
  }
  return r;
}

/**
 * @native set.intersection_update($self, /, *others)
 *
 * Take out the elements that not all of the others have too.
 */
export function set_intersection_update(s: usize, argv: usize, nargs: isize): usize {
  const t = set_intersection(s, argv, nargs);
  if (t == 0) return 0;
  setSwap(s, t);
  Py.DECREF(t);
  return _Py_NoneStruct;
}

/**
 * @native set.isdisjoint($self, other, /)
 * @native frozenset.isdisjoint($self, other, /)
 *
 * Whether they have no single element in common.
 */
export function set_isdisjoint(s: usize, other: usize): usize {
  if (s == other) return boolObject(SetObject.used(s) == 0);
  if (SetObject.exact(other)) {
    if (SetObject.used(other) > SetObject.used(s)) {
      const t = s;
      s = other;
      other = t;
    }
    let pos: isize = 0;
    while ((pos = _PySet_NextEntry(other, pos)) != 0) {
      const key = Py.NewRef(_PySet_KeyAt(other, pos));
      const has = setContainsEntry(s, key, _PySet_HashAt(other, pos));
      Py.DECREF(key);
      if (has != 0) return has < 0 ? 0 : _Py_FalseStruct;
    }
    return _Py_TrueStruct;
  }
  const it = PyObject_GetIter(other);
  if (it == 0) return 0;
  for (;;) {
    const key = PyIter_Next(it);
    if (key == 0) break;
    const has = PySet_Contains(s, key);
    Py.DECREF(key);
    if (has != 0) {
      Py.DECREF(it);
      return has < 0 ? 0 : _Py_FalseStruct;
    }
  }
  Py.DECREF(it);
  return PyErr_Occurred() ? 0 : _Py_TrueStruct;
}

/** Removes what an iterable has. -1 with an exception. */
function differenceUpdate(s: usize, other: usize): i32 {
  if (s == other) {
    setClear(s);
    return 0;
  }
  if (SetObject.check(other)) {
    // Against a much larger set, the members are looked up in it instead.
    if (SetObject.used(other) >> 3 > SetObject.used(s)) {
      const common = intersect(s, other);
      if (common == 0) return -1;
      const r = differenceUpdate(s, common);
      Py.DECREF(common);
      return r;
    }
    let pos: isize = 0;
    while ((pos = _PySet_NextEntry(other, pos)) != 0) {
      const key = Py.NewRef(_PySet_KeyAt(other, pos));
      const r = setDiscardEntry(s, key, _PySet_HashAt(other, pos));
      Py.DECREF(key);
      if (r < 0) return -1;
    }
    return setShrink(s);
  }
  const it = PyObject_GetIter(other);
  if (it == 0) return -1;
  let r = 0;
  while (r >= 0) {
    const key = PyIter_Next(it);
    if (key == 0) break;
    r = PySet_Discard(s, key);
    Py.DECREF(key);
  }
  Py.DECREF(it);
  return r < 0 || PyErr_Occurred() ? -1 : setShrink(s);
}

/**
 * @native set.difference_update($self, /, *others)
 *
 * Take out the elements that any of the others has.
 */
export function set_difference_update(s: usize, argv: usize, nargs: isize): usize {
  for (let i: isize = 0; i < nargs; i++) if (differenceUpdate(s, Py.item(argv, i)) < 0) return 0;
  return _Py_NoneStruct;
}

/** A new set of the members that an iterable has not. Null with an exception. */
function difference(s: usize, other: usize): usize {
  const isSet = SetObject.check(other);
  if (!isSet && !Py.IS_TYPE(other, PyDict_Type)) {
    const r = copyOf(s);
    return r == 0 ? 0 : resultOf(r, differenceUpdate(r, other));
  }
  const n = isSet ? SetObject.used(other) : Dict.used(other);
  // A much smaller other is taken out of a copy.
  if (SetObject.used(s) >> 2 > n) {
    const r = copyOf(s);
    return r == 0 ? 0 : resultOf(r, differenceUpdate(r, other));
  }
  const r = makeNewLike(s, 0);
  if (r == 0) return 0;
  let status = 0;
  let pos: isize = 0;
  while (status == 0 && (pos = _PySet_NextEntry(s, pos)) != 0) {
    const key = Py.NewRef(_PySet_KeyAt(s, pos));
    const hash = _PySet_HashAt(s, pos);
    const has = isSet ? setContainsEntry(other, key, hash) : _PyDict_Contains_KnownHash(other, key, hash);
    if (has < 0) status = -1;
    else if (has == 0) status = setAddEntry(r, Py.NewRef(key), hash);
    Py.DECREF(key);
  }
  return resultOf(r, status);
}

/**
 * @native set.difference($self, /, *others)
 * @native frozenset.difference($self, /, *others)
 *
 * The elements that occur in this one and in none of the others.
 */
export function set_difference(s: usize, argv: usize, nargs: isize): usize {
  if (nargs == 0) return set_copy(s, 0);
  const r = difference(s, Py.item(argv, 0));
  if (r == 0) return 0;
  for (let i: isize = 1; i < nargs; i++) if (differenceUpdate(r, Py.item(argv, i)) < 0) return resultOf(r, -1);
  return r;
}

/** Removes one key where it is a member, adds it where not. -1 with an exception. */
function toggle(s: usize, key: usize, hash: i64): i32 {
  const r = setDiscardEntry(s, key, hash);
  return r < 0 ? -1 : r > 0 ? 0 : setAddEntry(s, Py.NewRef(key), hash);
}

/** Keeps what exactly one of the set and an iterable has. -1 with an exception. */
function symmetricDifferenceUpdate(s: usize, other: usize): i32 {
  if (s == other) {
    setClear(s);
    return 0;
  }
  let status = 0;
  let pos: isize = 0;
  if (Py.IS_TYPE(other, PyDict_Type)) {
    while (status == 0 && (pos = PyDict_Next(other, pos)) != 0) {
      const key = Py.NewRef(PyDict_KeyAt(other, pos));
      status = toggle(s, key, PyDict_HashAt(other, pos));
      Py.DECREF(key);
    }
    return status;
  }
  const members = SetObject.check(other) ? Py.NewRef(other) : makeNewLike(s, other);
  if (members == 0) return -1;
  while (status == 0 && (pos = _PySet_NextEntry(members, pos)) != 0) {
    const key = Py.NewRef(_PySet_KeyAt(members, pos));
    status = toggle(s, key, _PySet_HashAt(members, pos));
    Py.DECREF(key);
  }
  Py.DECREF(members);
  return status;
}

/**
 * @native set.symmetric_difference_update($self, other, /)
 *
 * Take out the elements that both have, and put in those only the other has.
 */
export function set_symmetric_difference_update(s: usize, other: usize): usize {
  return symmetricDifferenceUpdate(s, other) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native set.symmetric_difference($self, other, /)
 * @native frozenset.symmetric_difference($self, other, /)
 *
 * The elements that occur in one of both, but not in the other too.
 */
export function set_symmetric_difference(s: usize, other: usize): usize {
  const r = makeNewLike(s, other);
  return r == 0 ? 0 : resultOf(r, symmetricDifferenceUpdate(r, s));
}

/** 1 where every member of a is one of b, 0 where not, -1 with an exception. */
function isSubset(a: usize, b: usize): i32 {
  if (SetObject.used(a) > SetObject.used(b)) return 0;
  let pos: isize = 0;
  while ((pos = _PySet_NextEntry(a, pos)) != 0) {
    const key = Py.NewRef(_PySet_KeyAt(a, pos));
    const has = setContainsEntry(b, key, _PySet_HashAt(a, pos));
    Py.DECREF(key);
    if (has <= 0) return has;
  }
  return 1;
}

/**
 * @native set.issubset($self, other, /)
 * @native frozenset.issubset($self, other, /)
 *
 * Whether all its elements occur in the other.
 */
export function set_issubset(s: usize, other: usize): usize {
  if (SetObject.check(other)) {
    const r = isSubset(s, other);
    return r < 0 ? 0 : boolObject(r != 0);
  }
  const common = intersect(s, other);
  if (common == 0) return 0;
  const r = SetObject.used(common) == SetObject.used(s);
  Py.DECREF(common);
  return boolObject(r);
}

/**
 * @native set.issuperset($self, other, /)
 * @native frozenset.issuperset($self, other, /)
 *
 * Whether all elements of the other occur in it.
 */
export function set_issuperset(s: usize, other: usize): usize {
  if (SetObject.check(other)) {
    const r = isSubset(other, s);
    return r < 0 ? 0 : boolObject(r != 0);
  }
  const it = PyObject_GetIter(other);
  if (it == 0) return 0;
  for (;;) {
    const key = PyIter_Next(it);
    if (key == 0) break;
    const has = PySet_Contains(s, key);
    Py.DECREF(key);
    if (has <= 0) {
      Py.DECREF(it);
      return has < 0 ? 0 : _Py_FalseStruct;
    }
  }
  Py.DECREF(it);
  return PyErr_Occurred() ? 0 : _Py_TrueStruct;
}

function set_richcompare(a: usize, b: usize, op: i32): usize {
  if (!SetObject.check(b)) return _Py_NotImplementedStruct;
  const na = SetObject.used(a);
  const nb = SetObject.used(b);
  let r = 0;
  switch (op) {
    case Py_EQ:
    case Py_NE: {
      const ha = PySetObject.at(a).hash;
      const hb = PySetObject.at(b).hash;
      if (na == nb && !(ha != -1 && hb != -1 && ha != hb)) r = isSubset(a, b);
      if (op == Py_NE && r >= 0) r = 1 - r;
      break;
    }
    case Py_LE:
      r = isSubset(a, b);
      break;
    case Py_GE:
      r = isSubset(b, a);
      break;
    case Py_LT:
      if (na < nb) r = isSubset(a, b);
      break;
    case Py_GT:
      if (na > nb) r = isSubset(b, a);
      break;
  }
  return r < 0 ? 0 : boolObject(r != 0);
}

class Both {
  @inline static sets(a: usize, b: usize): bool {
    return SetObject.check(a) && SetObject.check(b);
  }
}

function set_or(a: usize, b: usize): usize {
  if (!Both.sets(a, b)) return _Py_NotImplementedStruct;
  const r = copyOf(a);
  if (r == 0 || a == b) return r;
  return resultOf(r, _PySet_Update(r, b));
}

function set_and(a: usize, b: usize): usize {
  return Both.sets(a, b) ? intersect(a, b) : _Py_NotImplementedStruct;
}

function set_sub(a: usize, b: usize): usize {
  return Both.sets(a, b) ? difference(a, b) : _Py_NotImplementedStruct;
}

function set_xor(a: usize, b: usize): usize {
  return Both.sets(a, b) ? set_symmetric_difference(a, b) : _Py_NotImplementedStruct;
}

function set_ior(a: usize, b: usize): usize {
  if (!SetObject.check(b)) return _Py_NotImplementedStruct;
  return _PySet_Update(a, b) < 0 ? 0 : Py.NewRef(a);
}

function set_iand(a: usize, b: usize): usize {
  if (!SetObject.check(b)) return _Py_NotImplementedStruct;
  const t = intersect(a, b);
  if (t == 0) return 0;
  setSwap(a, t);
  Py.DECREF(t);
  return Py.NewRef(a);
}

function set_isub(a: usize, b: usize): usize {
  if (!SetObject.check(b)) return _Py_NotImplementedStruct;
  return differenceUpdate(a, b) < 0 ? 0 : Py.NewRef(a);
}

function set_ixor(a: usize, b: usize): usize {
  if (!SetObject.check(b)) return _Py_NotImplementedStruct;
  return symmetricDifferenceUpdate(a, b) < 0 ? 0 : Py.NewRef(a);
}

/**
 * @native set.__sizeof__($self, /)
 * @native frozenset.__sizeof__($self, /)
 *
 * S.__sizeof__(): bytes, its table included.
 */
export function set_sizeof(s: usize, _: usize): usize {
  let size = PyTypeObject.at(Py.TYPE(s)).tp_basicsize;
  if (SetObject.table(s) != PySetObject.at(s).smalltable)
    size += (<isize>SetObject.mask(s) + 1) * <isize>SIZEOF_setentry;
  return PyLong_FromLong(size);
}

/**
 * @native set.__reduce__($self, /)
 * @native frozenset.__reduce__($self, /)
 *
 * What a copy is made from.
 */
export function set_reduce(s: usize, _: usize): usize {
  const keys = PySequence_List(s);
  const args = keys == 0 ? 0 : PyTuple_Pack1(keys);
  const state = args == 0 ? 0 : _PyObject_GetState(s);
  const r = state == 0 ? 0 : PyTuple_Pack3(Py.TYPE(s), args, state);
  Py.XDECREF(keys);
  Py.XDECREF(args);
  Py.XDECREF(state);
  return r;
}

function set_init(s: usize, args: usize, kwds: usize): i32 {
  if (!ArgParser.noKeywords("set", kwds)) return -1;
  if (!ArgParser.count("set", Tuple.size(args), 0, 1)) return -1;
  if (SetObject.fill(s) != 0) setClear(s);
  PySetObject.at(s).hash = -1;
  return Tuple.size(args) > 0 ? _PySet_Update(s, Tuple.get(args, 0)) : 0;
}

function set_new(type: usize, _args: usize, _kwds: usize): usize {
  return makeNewSet(type, 0);
}

function set_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = <isize>(nargsf & 0x7fffffff);
  if (!ArgParser.noKeywordNames("set", kwnames) || !ArgParser.count("set", nargs, 0, 1)) return 0;
  return makeNewSet(type, nargs > 0 ? Py.item(argv, 0) : 0);
}

function frozensetOf(type: usize, iterable: usize): usize {
  if (type == PyFrozenSet_Type && iterable != 0 && Py.IS_TYPE(iterable, PyFrozenSet_Type)) return Py.NewRef(iterable);
  return makeNewSet(type, iterable);
}

function frozenset_new(type: usize, args: usize, kwds: usize): usize {
  if (!ArgParser.noKeywordsOfNew("frozenset", type, PyFrozenSet_Type, kwds)) return 0;
  if (!ArgParser.count("frozenset", Tuple.size(args), 0, 1)) return 0;
  return frozensetOf(type, Tuple.size(args) > 0 ? Tuple.get(args, 0) : 0);
}

function frozenset_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = <isize>(nargsf & 0x7fffffff);
  if (!ArgParser.noKeywordNames("frozenset", kwnames) || !ArgParser.count("frozenset", nargs, 0, 1)) return 0;
  return frozensetOf(type, nargs > 0 ? Py.item(argv, 0) : 0);
}

// The iterator: +16 si_set | +24 si_used | +32 si_pos | +40 len.

function set_iter(s: usize): usize {
  const it = _PyObject_GC_New(PySetIter_Type);
  if (it == 0) return 0;
  const i = setiterobject.at(it);
  i.si_set = Py.NewRef(s);
  i.si_used = SetObject.used(s);
  i.si_pos = 0;
  i.len = SetObject.used(s);
  _PyObject_GC_TRACK(it);
  return it;
}

function setiter_dealloc(it: usize): void {
  _PyObject_GC_UNTRACK(it);
  setiterobject_clear(it);
  PyObject_GC_Del(it);
}

function setiter_next(it: usize): usize {
  const i = setiterobject.at(it);
  const s = i.si_set;
  if (s == 0) return 0;
  if (i.si_used != SetObject.used(s)) {
    PyErr_SetString(PyExc_RuntimeError, "Set changed size during iteration");
    i.si_used = -1;
    return 0;
  }
  const pos = _PySet_NextEntry(s, i.si_pos);
  if (pos == 0) {
    i.si_set = 0;
    Py.DECREF(s);
    return 0;
  }
  i.si_pos = pos;
  i.len = i.len - 1;
  return Py.NewRef(_PySet_KeyAt(s, pos));
}

/**
 * @native set_iterator.__length_hint__
 *
 * About how many elements are still to come, if known.
 */
export function setiter_len(it: usize, _: usize): usize {
  const i = setiterobject.at(it);
  return PyLong_FromLong(i.si_set != 0 && i.si_used == SetObject.used(i.si_set) ? i.len : 0);
}

/**
 * @native set_iterator.__reduce__
 *
 * What a copy is made from.
 */
export function setiter_reduce(it: usize, _: usize): usize {
  const i = setiterobject.at(it);
  const copy = _PyObject_GC_New(PySetIter_Type);
  if (copy == 0) return 0;
  const c = setiterobject.at(copy);
  c.si_set = Py.XNewRef(i.si_set);
  c.si_used = i.si_used;
  c.si_pos = i.si_pos;
  c.len = i.len;
  _PyObject_GC_TRACK(copy);
  const list = PySequence_List(copy);
  Py.DECREF(copy);
  return reduceToList(list);
}

function initCommon(type: usize): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_PySetObject;
  t.tp_weaklistoffset = PySetObject_weakreflist;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | _Py_TPFLAGS_MATCH_SELF;
  t.tp_dealloc = set_dealloc.index;
  t.tp_repr = set_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = set_traverse.index;
  t.tp_clear = set_tp_clear.index;
  t.tp_richcompare = set_richcompare.index;
  t.tp_iter = set_iter.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  const s = PySequenceMethods.at(asSequence(type));
  s.sq_length = set_len.index;
  s.sq_contains = set_contains.index;
  const n = PyNumberMethods.at(asNumber(type));
  n.nb_subtract = set_sub.index;
  n.nb_and = set_and.index;
  n.nb_xor = set_xor.index;
  n.nb_or = set_or.index;
}

/**
 * @type set(iterable=(), /)
 * @order __contains__ difference intersection isdisjoint issubset issuperset __reduce__ __sizeof__
 * @order symmetric_difference union __class_getitem__ add clear copy discard difference_update
 * @order intersection_update pop remove symmetric_difference_update update
 *
 * Elements without order, each of them only once.
 *
 * @classmethod set.__class_getitem__ = Py_GenericAlias
 * For annotations
 */

/**
 * @type frozenset(iterable=(), /)
 * @order __contains__ difference intersection isdisjoint issubset issuperset __reduce__ __sizeof__
 * @order symmetric_difference union __class_getitem__ copy
 *
 * As a set, but it cannot be changed, so that it has a hash.
 *
 * @classmethod frozenset.__class_getitem__ = Py_GenericAlias
 * For annotations
 */

/**
 * @type set_iterator
 */

/** Fills the slots and tables of set, frozenset and their iterator. */
export function initSetTypes(): void {
  initCommon(PySet_Type);
  const t = PyTypeObject.at(PySet_Type);
  t.tp_hash = PyObject_HashNotImplemented.index;
  t.tp_init = set_init.index;
  t.tp_new = set_new.index;
  t.tp_vectorcall = set_vectorcall.index;
  const n = PyNumberMethods.at(asNumber(PySet_Type));
  n.nb_inplace_subtract = set_isub.index;
  n.nb_inplace_and = set_iand.index;
  n.nb_inplace_xor = set_ixor.index;
  n.nb_inplace_or = set_ior.index;
  initCommon(PyFrozenSet_Type);
  const f = PyTypeObject.at(PyFrozenSet_Type);
  f.tp_hash = frozenset_hash.index;
  f.tp_new = frozenset_new.index;
  f.tp_vectorcall = frozenset_vectorcall.index;
  const i = PyTypeObject.at(PySetIter_Type);
  i.tp_basicsize = SIZEOF_setiterobject;
  i.tp_flags = Py_TPFLAGS_HAVE_GC;
  i.tp_dealloc = setiter_dealloc.index;
  i.tp_getattro = PyObject_GenericGetAttr.index;
  i.tp_traverse = setiterobject_traverse.index;
  i.tp_iter = PyObject_SelfIter.index;
  i.tp_iternext = setiter_next.index;
}
