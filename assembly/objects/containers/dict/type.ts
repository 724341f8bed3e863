// dict, the type: slots, construction, methods (CPython 3.13's Objects/dictobject.c).

import {
  _Py_TPFLAGS_MATCH_SELF,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_MAPPING,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../../generated/constants";
import {
  PyDictObject,
  PyDictUnicodeEntry,
  PyMappingMethods,
  PyNumberMethods,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_PyDictObject,
} from "../../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  empty_keys,
  ID,
  PyDict_Type,
  PyExc_KeyError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../../generated/statics";
import { Scratch } from "../../../thread/scratch";
import { ArgParser } from "../../define/args";
import { asMapping, asNumber, asSequence } from "../../define/tables";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../errors/raise";
import { boolObject } from "../../numbers/bool";
import { PyLong_FromLong } from "../../numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../object/alloc";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import { PyObject_CallNoArgs, PyObject_CallOneArg } from "../../object/call";
import { Py_EQ, Py_NE } from "../../object/flags";
import { PyObject_GC_UnTrack } from "../../object/gchead";
import { Py, Visit } from "../../object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../object/reprguard";
import { PyObject_GetOptionalAttr } from "../../protocol/access";
import { PyObject_HashNotImplemented, PyObject_RichCompareBool } from "../../protocol/compare";
import { PyObject_SetItem } from "../../protocol/items";
import { PyIter_Next, PyObject_GetIter } from "../../protocol/iterator";
import { PySequence_Fast } from "../../protocol/sequence";
import { PyObject_Repr } from "../../protocol/text";
import { PyUnicode_FromLiteral } from "../../text/create";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../../text/format/writer";
import { _PyObject_LookupSpecial } from "../../types/lookup";
import { fastItems, PyList_Append, PyList_New } from "../list/list";
import { _PySet_HashAt, _PySet_KeyAt, _PySet_NextEntry, PySet_Size, SetObject } from "../set/set";
import { PyTuple_Pack2, Tuple } from "../tuple";
import {
  _PyDict_SizeOf,
  _PyErr_SetKeyError,
  Dict,
  dict_dealloc,
  insertDict,
  PyDict_Clear,
  PyDict_Contains,
  PyDict_Copy,
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_HashAt,
  PyDict_KeyAt,
  PyDict_Merge,
  PyDict_Next,
  PyDict_Pop,
  PyDict_SetDefault,
  PyDict_SetItem,
  PyDict_ValueAt,
  popNewest,
  presize,
} from "./dict";
import { dict_iter, initDictIterTypes } from "./iterators";
import { DK, DKIX_ERROR, lookupIndex, Values } from "./keys";
import { initDictViewTypes } from "./views";

export function dict_traverse(d: usize, visit: u32, arg: usize): i32 {
  const keys = Dict.keys(d);
  const values = Dict.values(d);
  const n = DK.nentries(keys);
  if (DK.isUnicode(keys)) {
    if (values != 0) {
      // Those inside an instance are the instance's to visit.
      if (Values.embedded(values)) return 0;
      const capacity = Values.capacity(values);
      for (let i: isize = 0; i < n && i < capacity; i++) {
        const r = Visit.call(Values.get(values, i), visit, arg);
        if (r != 0) return r;
      }
      return 0;
    }
    for (let i: isize = 0; i < n; i++) {
      const r = Visit.call(PyDictUnicodeEntry.at(DK.unicodeEntry(keys, i)).me_value, visit, arg);
      if (r != 0) return r;
    }
    return 0;
  }
  for (let i: isize = 0; i < n; i++) {
    const pair = DK.pair(keys, i);
    if (PyDictUnicodeEntry.at(pair).me_value == 0) continue;
    let r = Visit.call(PyDictUnicodeEntry.at(pair).me_value, visit, arg);
    if (r == 0) r = Visit.call(PyDictUnicodeEntry.at(pair).me_key, visit, arg);
    if (r != 0) return r;
  }
  return 0;
}

function dict_tp_clear(d: usize): i32 {
  PyDict_Clear(d);
  return 0;
}

function dict_length(d: usize): isize {
  return Dict.used(d);
}

/**
 * mp_subscript of dict: a new reference. Null with KeyError, or what __missing__ or comparing raised.
 *
 * @native dict.__getitem__($self, key, /)
 *
 * Value of a key.
 */
export function dict_subscript(d: usize, key: usize): usize {
  const hash = Dict.hash(key);
  if (hash == -1) return 0;
  const ix = lookupIndex(d, key, hash);
  if (ix == DKIX_ERROR) return 0;
  const value = ix < 0 ? 0 : Dict.valueOf(d, ix);
  if (value != 0) return Py.NewRef(value);
  if (!Py.IS_TYPE(d, PyDict_Type)) {
    const missing = _PyObject_LookupSpecial(d, ID.__missing__);
    if (missing != 0) {
      const r = PyObject_CallOneArg(missing, key);
      Py.DECREF(missing);
      return r;
    }
    if (PyErr_Occurred()) return 0;
  }
  _PyErr_SetKeyError(key);
  return 0;
}

function dict_ass_sub(d: usize, key: usize, value: usize): i32 {
  return value == 0 ? PyDict_DelItem(d, key) : PyDict_SetItem(d, key, value);
}

function dict_repr(d: usize): usize {
  const entered = Py_ReprEnter(d);
  if (entered != 0) return entered > 0 ? PyUnicode_FromLiteral("{...}") : 0;
  if (Dict.used(d) == 0) {
    Py_ReprLeave(d);
    return PyUnicode_FromLiteral("{}");
  }
  const w = Writer.begin(Dict.used(d) * 6);
  let ok = Writer.char(w, 0x7b);
  let pos: isize = 0;
  let first = true;
  while (ok == 0 && (pos = PyDict_Next(d, pos)) != 0) {
    const key = Py.NewRef(PyDict_KeyAt(d, pos));
    const value = Py.NewRef(PyDict_ValueAt(d, pos));
    if (!first) ok = writeLiteral(w, ", ");
    first = false;
    const k = ok == 0 ? PyObject_Repr(key) : 0;
    ok = k == 0 ? -1 : writeStr(w, k);
    Py.XDECREF(k);
    if (ok == 0) ok = writeLiteral(w, ": ");
    const v = ok == 0 ? PyObject_Repr(value) : 0;
    ok = v == 0 ? -1 : writeStr(w, v);
    Py.XDECREF(v);
    Py.DECREF(key);
    Py.DECREF(value);
  }
  if (ok == 0) ok = Writer.char(w, 0x7d);
  Py_ReprLeave(d);
  return ok == 0 ? writerFinish(w) : writerDiscard(w);
}

/** A new list of the keys (0), values (1) or items (2). Null with MemoryError. */
function listOf(d: usize, what: i32): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  let pos: isize = 0;
  while ((pos = PyDict_Next(d, pos)) != 0) {
    const key = PyDict_KeyAt(d, pos);
    const value = PyDict_ValueAt(d, pos);
    const v = what == 2 ? PyTuple_Pack2(key, value) : Py.NewRef(what == 0 ? key : value);
    if (v == 0 || PyList_Append(list, v) < 0) {
      Py.XDECREF(v);
      Py.DECREF(list);
      return 0;
    }
    Py.DECREF(v);
  }
  return list;
}

/** A new list of the keys. Null with MemoryError. */
export function PyDict_Keys(d: usize): usize {
  return listOf(d, 0);
}

/** A new list of (key, value) tuples. Null with MemoryError. */
export function PyDict_Items(d: usize): usize {
  return listOf(d, 2);
}

/** Adds the pairs of an iterable of pairs; where `replace` is 0, keys that are there keep their values. -1: exception. */
function PyDict_MergeFromSeq2(d: usize, seq: usize, replace: i32): i32 {
  const it = PyObject_GetIter(seq);
  if (it == 0) return -1;
  let status = 0;
  for (let i: isize = 0; status == 0; i++) {
    const item = PyIter_Next(it);
    if (item == 0) {
      if (PyErr_Occurred()) status = -1;
      break;
    }
    const fast = PySequence_Fast(item, "object is not iterable");
    if (fast == 0) {
      if (PyErr_ExceptionMatches(PyExc_TypeError)) {
        PyErr_Clear();
        PyErr_Format(PyExc_TypeError, "cannot convert dictionary update sequence element #%d to a sequence", i);
      }
      status = -1;
    } else {
      const n = Py.SIZE(fast);
      if (n != 2) {
        PyErr_Format(PyExc_ValueError, "dictionary update sequence element #%d has length %d; 2 is required", i, n);
        status = -1;
      } else {
        const items = fastItems(fast);
        const key = Py.NewRef(Py.item(items, 0));
        const value = Py.NewRef(Py.item(items, 1));
        if (replace != 0) status = PyDict_SetItem(d, key, value);
        else status = PyDict_SetDefault(d, key, value) == 0 ? -1 : 0;
        Py.DECREF(key);
        Py.DECREF(value);
      }
      Py.DECREF(fast);
    }
    Py.DECREF(item);
  }
  Py.DECREF(it);
  return status;
}

/** Adds what dict() or update() was given as its argument. -1 with an exception. */
function updateFrom(d: usize, arg: usize): i32 {
  if (Py.IS_TYPE(arg, PyDict_Type)) return PyDict_Merge(d, arg, 1);
  const keys = PyObject_GetOptionalAttr(arg, ID.keys);
  if (keys != 0) {
    Py.DECREF(keys);
    return PyDict_Merge(d, arg, 1);
  }
  if (PyErr_Occurred()) return -1;
  return PyDict_MergeFromSeq2(d, arg, 1);
}

function updateCommon(d: usize, args: usize, kwds: usize, name: string): i32 {
  if (!ArgParser.count(name, Tuple.size(args), 0, 1)) return -1;
  if (Tuple.size(args) > 0 && updateFrom(d, Tuple.get(args, 0)) < 0) return -1;
  if (kwds != 0) {
    let pos: isize = 0;
    while ((pos = PyDict_Next(kwds, pos)) != 0) {
      if (!Py.check(PyDict_KeyAt(kwds, pos), Py_TPFLAGS_UNICODE_SUBCLASS)) {
        return PyErr_Fail(PyExc_TypeError, "keywords must be strings");
      }
    }
    return PyDict_Merge(d, kwds, 1);
  }
  return 0;
}

/**
 * @native dict.update
 *
 * D.update([E, ]**F): take over keys and values, those with the same key being replaced.
 *
 * E is a mapping, or something like one that has a method keys() and gives a value for each of these, or an iterable of pairs, key first. The names in F are taken over after it. Nothing is returned.
 */
export function dict_update(d: usize, args: usize, kwds: usize): usize {
  return updateCommon(d, args, kwds, "update") < 0 ? 0 : _Py_NoneStruct;
}

function dict_init(d: usize, args: usize, kwds: usize): i32 {
  return updateCommon(d, args, kwds, "dict");
}

function dict_new(type: usize, _args: usize, _kwds: usize): usize {
  const d = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, 0);
  if (d == 0) return 0;
  PyDictObject.at(d).ma_keys = empty_keys;
  Dict.touch(d);
  // tp_alloc has tracked it: nothing of it can be part of a cycle yet.
  if (type == PyDict_Type) PyObject_GC_UnTrack(d);
  return d;
}

function dict_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = <isize>(nargsf & 0x7fffffff);
  if (!ArgParser.count("dict", nargs, 0, 1)) return 0;
  const d = dict_new(type, 0, 0);
  if (d == 0) return 0;
  let ok = nargs == 1 ? updateFrom(d, Py.item(argv, 0)) : 0;
  const nkw = kwnames == 0 ? 0 : Tuple.size(kwnames);
  for (let i: isize = 0; ok == 0 && i < nkw; i++)
    ok = PyDict_SetItem(d, Tuple.get(kwnames, i), Py.item(argv, nargs + i));
  if (ok == 0) return d;
  Py.DECREF(d);
  return 0;
}

/** dict.fromkeys of any class: a new reference. Null with an exception. */
export function _PyDict_FromKeys(type: usize, iterable: usize, value: usize): usize {
  const d = PyObject_CallNoArgs(type);
  if (d == 0) return 0;
  const plain = Py.IS_TYPE(d, PyDict_Type);
  if (plain && Dict.used(d) == 0) {
    if (Py.IS_TYPE(iterable, PyDict_Type)) return fromDict(d, iterable, value);
    if (SetObject.exact(iterable)) return fromSet(d, iterable, value);
  }
  const it = PyObject_GetIter(iterable);
  let status = it == 0 ? -1 : 0;
  while (status == 0) {
    const key = PyIter_Next(it);
    if (key == 0) {
      if (PyErr_Occurred()) status = -1;
      break;
    }
    status = plain ? PyDict_SetItem(d, key, value) : PyObject_SetItem(d, key, value);
    Py.DECREF(key);
  }
  Py.XDECREF(it);
  if (status == 0) return d;
  Py.DECREF(d);
  return 0;
}

function fromDict(d: usize, source: usize, value: usize): usize {
  const n = Dict.used(source);
  let status = presize(d, n, DK.isUnicode(Dict.keys(source)));
  let pos: isize = 0;
  while (status == 0 && (pos = PyDict_Next(source, pos)) != 0) {
    status = insertDict(d, Py.NewRef(PyDict_KeyAt(source, pos)), PyDict_HashAt(source, pos), Py.NewRef(value));
  }
  if (status == 0) return d;
  Py.DECREF(d);
  return 0;
}

function fromSet(d: usize, source: usize, value: usize): usize {
  const n = PySet_Size(source);
  let status = presize(d, n, false);
  let pos: isize = 0;
  while (status == 0 && (pos = _PySet_NextEntry(source, pos)) != 0) {
    status = insertDict(d, Py.NewRef(_PySet_KeyAt(source, pos)), _PySet_HashAt(source, pos), Py.NewRef(value));
  }
  if (status == 0) return d;
  Py.DECREF(d);
  return 0;
}

/**
 * @classmethod dict.fromkeys($type, iterable, value=None, /)
 *
 * A dict with the elements as its keys, all with the same value, in order.
 */
export function dict_fromkeys(type: usize, iterable: usize, value: usize): usize {
  return _PyDict_FromKeys(type, iterable, value);
}

/**
 * @native dict.copy($self, /)
 *
 * Another dict of the same content.
 */
export function dict_copy(d: usize, _: usize): usize {
  return PyDict_Copy(d);
}

/** Whether two dicts are equal; -1 with an exception. */
function dictEqual(a: usize, b: usize): i32 {
  if (Dict.used(a) != Dict.used(b)) return 0;
  let pos: isize = 0;
  while ((pos = PyDict_Next(a, pos)) != 0) {
    const key = Py.NewRef(PyDict_KeyAt(a, pos));
    const x = Py.NewRef(PyDict_ValueAt(a, pos));
    const ix = lookupIndex(b, key, PyDict_HashAt(a, pos));
    const y = ix >= 0 ? Py.XNewRef(Dict.valueOf(b, ix)) : 0;
    Py.DECREF(key);
    if (y == 0) {
      Py.DECREF(x);
      return ix == DKIX_ERROR ? -1 : 0;
    }
    const equal = PyObject_RichCompareBool(x, y, Py_EQ);
    Py.DECREF(x);
    Py.DECREF(y);
    if (equal <= 0) return equal;
  }
  return 1;
}

function dict_richcompare(a: usize, b: usize, op: i32): usize {
  if (!Dict.check(a) || !Dict.check(b) || (op != Py_EQ && op != Py_NE)) return _Py_NotImplementedStruct;
  const equal = dictEqual(a, b);
  return equal < 0 ? 0 : boolObject((equal != 0) == (op == Py_EQ));
}

/**
 * @native dict.__contains__($self, key, /)
 *
 * Whether there is such a key; values are not looked at here.
 */
export function dict___contains__(d: usize, key: usize): usize {
  const r = PyDict_Contains(d, key);
  return r < 0 ? 0 : boolObject(r != 0);
}

/**
 * @native dict.get($self, key, default=None, /)
 *
 * The value of a key that may be missing: default in that case.
 */
export function dict_get(d: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("get", nargs, 1, 2)) return 0;
  const v = PyDict_GetItemWithError(d, Py.item(argv, 0));
  if (v != 0) return Py.NewRef(v);
  if (PyErr_Occurred()) return 0;
  return nargs > 1 ? Py.NewRef(Py.item(argv, 1)) : _Py_NoneStruct;
}

/**
 * @native dict.setdefault($self, key, default=None, /)
 *
 * The value of a key, which is put in with default where it is missing.
 *
 * One search serves for both, and no other can come in between them.
 */
export function dict_setdefault(d: usize, key: usize, default_: usize): usize {
  return Py.XNewRef(PyDict_SetDefault(d, key, default_));
}

/**
 * @native dict.clear($self, /)
 *
 * Leave nothing in the dict.
 */
export function dict_clear(d: usize, _: usize): usize {
  PyDict_Clear(d);
  return _Py_NoneStruct;
}

/**
 * @native dict.pop($self, key, default=<unrepresentable>, /)
 *
 * D.pop(k[,d]): take out a key, and return its value.
 *
 * For a key that is missing the answer is d, where it is given; where it is not, a KeyError is raised.
 */
export function dict_pop(d: usize, key: usize, default_: usize): usize {
  const r = PyDict_Pop(d, key, default_);
  if (r == 0 && !PyErr_Occurred()) _PyErr_SetKeyError(key);
  return r;
}

/**
 * @native dict.popitem($self, /)
 *
 * Take out the key that came last, and return it with its value, in a tuple.
 *
 * KeyError where there is none. Repeated, it empties the whole dict.
 */
export function dict_popitem(d: usize, _: usize): usize {
  // The pair is made first: nothing may fail once the item is out.
  const r = PyTuple_Pack2(_Py_NoneStruct, _Py_NoneStruct);
  if (r == 0) return 0;
  const out = Scratch.take(2);
  const found = popNewest(d, out);
  if (found > 0) {
    Tuple.set(r, 0, load<u32>(out));
    Tuple.set(r, 1, Py.item(out, 1));
  }
  Scratch.give(out);
  if (found > 0) return r;
  Py.DECREF(r);
  if (found == 0) PyErr_SetString(PyExc_KeyError, "popitem(): dictionary is empty");
  return 0;
}

/**
 * @native dict.__sizeof__($self, /)
 *
 * How many bytes it takes up, tables included.
 */
export function dict_sizeof(d: usize, _: usize): usize {
  return PyLong_FromLong(<i32>_PyDict_SizeOf(d));
}

function dict_or(a: usize, b: usize): usize {
  if (!Dict.check(a) || !Dict.check(b)) return _Py_NotImplementedStruct;
  const r = PyDict_Copy(a);
  if (r == 0) return 0;
  if (updateFrom(r, b) == 0) return r;
  Py.DECREF(r);
  return 0;
}

function dict_ior(a: usize, b: usize): usize {
  return updateFrom(a, b) < 0 ? 0 : Py.NewRef(a);
}

/**
 * @type dict
 * @order __contains__ __getitem__ __sizeof__ get setdefault pop popitem keys items values update fromkeys
 * @order clear copy __reversed__ __class_getitem__
 *
 * dict(): an empty one
 * dict(mapping): the same keys and values, asked for by keys() and [...]
 * dict(iterable): from pairs of a key and its value
 * dict(..., **kwargs): and the names given, as keys
 *
 * This finds a value by its key. Keys have a hash, are told apart by ==, and remain in the order in which they came. A key that comes twice has the value that came last.
 *
 * @classmethod dict.__class_getitem__ = Py_GenericAlias
 * For annotations
 */

/** Fills the slots and tables of dict, its views and iterators. */
export function initDictTypes(): void {
  const type = PyDict_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_PyDictObject;
  t.tp_flags =
    Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DICT_SUBCLASS | _Py_TPFLAGS_MATCH_SELF | Py_TPFLAGS_MAPPING;
  t.tp_dealloc = dict_dealloc.index;
  t.tp_repr = dict_repr.index;
  t.tp_hash = PyObject_HashNotImplemented.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = dict_traverse.index;
  t.tp_clear = dict_tp_clear.index;
  t.tp_richcompare = dict_richcompare.index;
  t.tp_iter = dict_iter.index;
  t.tp_init = dict_init.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = dict_new.index;
  t.tp_free = PyObject_GC_Del.index;
  t.tp_vectorcall = dict_vectorcall.index;
  const m = PyMappingMethods.at(asMapping(type));
  m.mp_length = dict_length.index;
  m.mp_subscript = dict_subscript.index;
  m.mp_ass_subscript = dict_ass_sub.index;
  PySequenceMethods.at(asSequence(type)).sq_contains = PyDict_Contains.index;
  const n = PyNumberMethods.at(asNumber(type));
  n.nb_or = dict_or.index;
  n.nb_inplace_or = dict_ior.index;
  initDictViewTypes();
  initDictIterTypes();
}
