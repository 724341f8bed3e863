// functools' cache of results (CPython 3.13's Modules/_functoolsmodule.c): three kinds of wrapper, which keep nothing, all,
// or the newest results. The last has a dict from key to link, and the links in a ring, the oldest first after the root.
//
// Invariant: the dict has one count of each link, the ring another. A link that is in no ring is linked to itself: while
// one is taken out to be used again, comparing keys may run the wrapper once more, which must find that and leave it alone
// (a deliberate difference: CPython would link it twice).

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_METHOD_DESCRIPTOR,
} from "../../generated/constants";
import {
  lru_cache_object,
  lru_cache_object_dict,
  lru_cache_object_weakreflist,
  lru_list_elem,
  PyTypeObject,
  SIZEOF_lru_cache_object,
  SIZEOF_lru_list_elem,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  kwd_mark,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyLong_Type,
  PyLruCacheWrapper_Type,
  PyLruListElem_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import {
  _PyDict_Contains_KnownHash,
  _PyDict_DelItem_KnownHash,
  _PyDict_GetItem_KnownHash,
  _PyDict_SetItem_KnownHash,
  Dict,
  PyDict_Clear,
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
  PyDict_Size,
  PyDict_ValueAt,
} from "../../objects/containers/dict/dict";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { PyMethod_New } from "../../objects/descriptors/boundmethod";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import {
  lru_cache_object_clear,
  lru_cache_object_traverse,
  lru_list_elem_traverse,
} from "../../objects/generated/references";
import { PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { _PyObject_New, PyObject_Del } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import {
  giveArguments,
  PyCallable_Check,
  PyObject_Call,
  PyObject_Vectorcall,
  takeArguments,
} from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../../objects/protocol/number";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";

class Link {
  /** Takes the link out of its ring, if it is in one. */
  @inline static extract(link: usize): void {
    const x = lru_list_elem.at(link);
    const prev = x.prev;
    const next = x.next;
    lru_list_elem.at(prev).next = next;
    lru_list_elem.at(next).prev = prev;
    x.prev = link;
    x.next = link;
  }

  /** Puts it before `next`: before the root as the newest, before the oldest as the oldest. */
  @inline static insertBefore(link: usize, next: usize): void {
    const prev = lru_list_elem.at(next).prev;
    lru_list_elem.at(link).prev = prev;
    lru_list_elem.at(link).next = next;
    lru_list_elem.at(prev).next = link;
    lru_list_elem.at(next).prev = link;
  }
}

function link_dealloc(link: usize): void {
  Py.XDECREF(lru_list_elem.at(link).key);
  Py.XDECREF(lru_list_elem.at(link).result);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(link)).tp_free, link);
}

/** The key of the arguments: a tuple, or the only argument itself where it is a str or an int. New reference or null. */
function makeKey(args: usize, kwargs: usize, typed: bool): usize {
  const n = Py.SIZE(args);
  const nkw = kwargs == 0 ? 0 : PyDict_Size(kwargs);
  if (!typed && nkw == 0) {
    if (n == 1) {
      const only = Tuple.get(args, 0);
      if (Py.IS_TYPE(only, PyUnicode_Type) || Py.IS_TYPE(only, PyLong_Type)) return Py.NewRef(only);
    }
    return Py.NewRef(args);
  }
  const key = PyTuple_New(n + (nkw == 0 ? 0 : nkw * 2 + 1) + (typed ? n + nkw : 0));
  if (key == 0) return 0;
  let at: isize = 0;
  for (let i: isize = 0; i < n; i++) Tuple.set(key, at++, Py.NewRef(Tuple.get(args, i)));
  if (nkw != 0) {
    Tuple.set(key, at++, kwd_mark);
    for (let pos = PyDict_Next(kwargs, 0); pos > 0; pos = PyDict_Next(kwargs, pos)) {
      Tuple.set(key, at++, Py.NewRef(PyDict_KeyAt(kwargs, pos)));
      Tuple.set(key, at++, Py.NewRef(PyDict_ValueAt(kwargs, pos)));
    }
  }
  if (typed) {
    for (let i: isize = 0; i < n; i++) Tuple.set(key, at++, Py.NewRef(Py.TYPE(Tuple.get(args, i))));
    if (nkw != 0) {
      for (let pos = PyDict_Next(kwargs, 0); pos > 0; pos = PyDict_Next(kwargs, pos)) {
        Tuple.set(key, at++, Py.NewRef(Py.TYPE(PyDict_ValueAt(kwargs, pos))));
      }
    }
  }
  return key;
}

function uncached(o: usize, args: usize, kwargs: usize): usize {
  const x = lru_cache_object.at(o);
  x.misses = x.misses + 1;
  return PyObject_Call(x.func, args, kwargs);
}

function infinite(o: usize, args: usize, kwargs: usize): usize {
  const x = lru_cache_object.at(o);
  const key = makeKey(args, kwargs, x.typed != 0);
  if (key == 0) return 0;
  const hash = Dict.hash(key);
  let result: usize = hash == -1 ? 0 : Py.XNewRef(_PyDict_GetItem_KnownHash(x.cache, key, hash));
  if (result != 0) x.hits = x.hits + 1;
  else if (!PyErr_Occurred()) {
    x.misses = x.misses + 1;
    result = PyObject_Call(x.func, args, kwargs);
    if (result != 0 && _PyDict_SetItem_KnownHash(x.cache, key, result, hash) < 0) {
      Py.DECREF(result);
      result = 0;
    }
  }
  Py.DECREF(key);
  return result;
}

function bounded(o: usize, args: usize, kwargs: usize): usize {
  const x = lru_cache_object.at(o);
  const key = makeKey(args, kwargs, x.typed != 0);
  if (key == 0) return 0;
  const hash = Dict.hash(key);
  const known = hash == -1 ? 0 : _PyDict_GetItem_KnownHash(x.cache, key, hash);
  let result: usize = 0;
  if (known != 0) {
    if (lru_list_elem.at(known).next != known) {
      Link.extract(known);
      Link.insertBefore(known, o);
    }
    x.hits = x.hits + 1;
    result = Py.NewRef(lru_list_elem.at(known).result);
  } else if (!PyErr_Occurred()) {
    x.misses = x.misses + 1;
    result = PyObject_Call(x.func, args, kwargs);
    if (result != 0 && !keep(o, key, hash, result)) {
      Py.DECREF(result);
      result = 0;
    }
  }
  Py.DECREF(key);
  return result;
}

/** Keeps a result (borrowed, as is the key), unless that was done meanwhile: false with an exception. */
function keep(o: usize, key: usize, hash: i64, result: usize): bool {
  const x = lru_cache_object.at(o);
  if (_PyDict_GetItem_KnownHash(x.cache, key, hash) != 0) return true;
  if (PyErr_Occurred()) return false;
  if (PyDict_Size(x.cache) < x.maxsize || x.next == o) {
    const link = _PyObject_New(PyLruListElem_Type);
    if (link == 0) return false;
    const y = lru_list_elem.at(link);
    y.prev = link;
    y.next = link;
    y.hash = hash;
    y.key = Py.NewRef(key);
    y.result = Py.NewRef(result);
    return put(o, link);
  }
  return replaceOldest(o, key, hash, result);
}

/** Puts a link that is in no ring into dict and ring. Its reference is stolen, and dropped where that fails: false. */
function put(o: usize, link: usize): bool {
  const y = lru_list_elem.at(link);
  if (_PyDict_SetItem_KnownHash(lru_cache_object.at(o).cache, y.key, link, y.hash) < 0) {
    Py.DECREF(link);
    return false;
  }
  Link.insertBefore(link, o);
  return true;
}

/** Uses the oldest link again for a new result: false with an exception. */
function replaceOldest(o: usize, key: usize, hash: i64, result: usize): bool {
  const x = lru_cache_object.at(o);
  const link = x.next;
  const y = lru_list_elem.at(link);
  // The ring's count is now this function's.
  Link.extract(link);
  const oldKey = y.key;
  const oldResult = y.result;
  const there = _PyDict_Contains_KnownHash(x.cache, oldKey, y.hash);
  if (there < 0 || (there > 0 && _PyDict_DelItem_KnownHash(x.cache, oldKey, y.hash) < 0)) {
    Link.insertBefore(link, x.next);
    return false;
  }
  if (there == 0) {
    // The function itself, or what it called, has thrown the key away: so the link is of no more use.
    Py.DECREF(link);
    return true;
  }
  y.hash = hash;
  y.key = Py.NewRef(key);
  y.result = Py.NewRef(result);
  const done = put(o, link);
  Py.DECREF(oldKey);
  Py.DECREF(oldResult);
  return done;
}

/** Empties the ring: its links, each linked to the next and the last to null; their counts go to the caller. */
function unlinkAll(o: usize): usize {
  const x = lru_cache_object.at(o);
  const first = x.next;
  if (first == o) return 0;
  lru_list_elem.at(x.prev).next = 0;
  x.prev = o;
  x.next = o;
  return first;
}

function dropLinks(link: usize): void {
  while (link != 0) {
    const y = lru_list_elem.at(link);
    const next = y.next;
    y.prev = link;
    y.next = link;
    Py.DECREF(link);
    link = next;
  }
}

function lru_cache_new(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(4);
  const names = "user_function maxsize typed cache_info_type";
  const parsed = parseTupleAndKeywords("lru_cache", names, args, kwargs, a, 4, 4);
  const fn = Py.item(a, 0);
  const limit = Py.item(a, 1);
  const typedObject = Py.item(a, 2);
  const info = Py.item(a, 3);
  Scratch.give(a);
  if (!parsed) return 0;
  const typed = PyObject_IsTrue(typedObject);
  if (typed < 0) return 0;
  if (!PyCallable_Check(fn)) return PyErr_SetString(PyExc_TypeError, "the first argument must be callable");
  let maxsize: isize = -1;
  let wrapper: u32 = infinite.index;
  if (limit != _Py_NoneStruct) {
    if (!PyIndex_Check(limit)) return PyErr_SetString(PyExc_TypeError, "maxsize should be integer or None");
    maxsize = PyNumber_AsSsize_t(limit, PyExc_OverflowError);
    if (maxsize == -1 && PyErr_Occurred()) return 0;
    maxsize = max<isize>(maxsize, 0);
    wrapper = maxsize == 0 ? uncached.index : bounded.index;
  }
  const cache = PyDict_New();
  if (cache == 0) return 0;
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) {
    Py.DECREF(cache);
    return 0;
  }
  const x = lru_cache_object.at(o);
  x.prev = o;
  x.next = o;
  x.wrapper = wrapper;
  x.typed = typed;
  x.cache = cache;
  x.func = Py.NewRef(fn);
  x.maxsize = maxsize;
  x.kwd_mark = kwd_mark;
  x.lru_list_elem_type = PyLruListElem_Type;
  x.cache_info_type = Py.NewRef(info);
  return o;
}

function lru_cache_call(o: usize, args: usize, kwargs: usize): usize {
  return call_indirect<usize>(lru_cache_object.at(o).wrapper, o, args, kwargs);
}

function lru_cache_tp_clear(o: usize): i32 {
  const links = unlinkAll(o);
  lru_cache_object_clear(o);
  dropLinks(links);
  return 0;
}

function lru_cache_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  if (lru_cache_object.at(o).weakreflist != 0) PyObject_ClearWeakRefs(o);
  lru_cache_tp_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function lru_cache_traverse(o: usize, visit: u32, arg: usize): i32 {
  for (let link = lru_cache_object.at(o).next; link != o && link != 0; link = lru_list_elem.at(link).next) {
    const r = lru_list_elem_traverse(link, visit, arg);
    if (r != 0) return r;
  }
  return lru_cache_object_traverse(o, visit, arg);
}

function lru_cache_descr_get(o: usize, instance: usize, _type: usize): usize {
  return instance == 0 || instance == _Py_NoneStruct ? Py.NewRef(o) : PyMethod_New(o, instance);
}

/**
 * @native functools._lru_cache_wrapper.cache_info($self, /)
 *
 * What it has counted
 */
export function lru_cache_info(o: usize): usize {
  const x = lru_cache_object.at(o);
  const a = takeArguments(4);
  if (a == 0) return PyErr_NoMemory();
  Py.setItem(a, 0, PyLong_FromSsize_t(x.hits));
  Py.setItem(a, 1, PyLong_FromSsize_t(x.misses));
  Py.setItem(a, 2, x.maxsize == -1 ? _Py_NoneStruct : PyLong_FromSsize_t(x.maxsize));
  Py.setItem(a, 3, PyLong_FromSsize_t(PyDict_Size(x.cache)));
  let made = true;
  for (let i: isize = 0; i < 4; i++) if (Py.item(a, i) == 0) made = false;
  const r = made ? PyObject_Vectorcall(x.cache_info_type, a, 4, 0) : 0;
  for (let i: isize = 0; i < 4; i++) Py.XDECREF(Py.item(a, i));
  giveArguments(a);
  return r;
}

/**
 * @native functools._lru_cache_wrapper.cache_clear($self, /)
 *
 * Forget all results, and the counts
 */
export function lru_cache_clear(o: usize): usize {
  const x = lru_cache_object.at(o);
  const links = unlinkAll(o);
  x.hits = 0;
  x.misses = 0;
  // Whatever is dropped may run the wrapper; the dict is empty before anything of it is.
  PyDict_Clear(x.cache);
  dropLinks(links);
  return _Py_NoneStruct;
}

/**
 * @native functools._lru_cache_wrapper.__reduce__
 */
export function lru_cache_reduce(o: usize, _u: usize): usize {
  return PyObject_GetAttr(o, ID.__qualname__);
}

/**
 * @native functools._lru_cache_wrapper.__copy__
 */
export function lru_cache_copy(o: usize, _args: usize): usize {
  return Py.NewRef(o);
}

/**
 * @native functools._lru_cache_wrapper.__deepcopy__
 */
export function lru_cache_deepcopy(o: usize, _args: usize): usize {
  return Py.NewRef(o);
}

/**
 * @type functools._lru_cache_wrapper
 *
 * A function that remembers what it has returned.
 *
 *     user_function: the function that is called for what is not yet known.
 *
 *     maxsize:       how many results are kept at most: 0 for none, None for
 *                    all of them.
 *
 *     typed:         whether f(3) and f(3.0) are two calls, and not the same.
 *
 *     cache_info_type: what is called with hits, misses, maxsize and currsize,
 *                      and makes the result of cache_info().
 *
 * @getter functools._lru_cache_wrapper.__dict__ = attributes.PyObject_GenericGetDict
 *
 * @setter functools._lru_cache_wrapper.__dict__ = attributes.PyObject_GenericSetDict
 */

/**
 * @type functools._lru_list_elem
 */

/** Makes the types: 0, or -1 with an exception. */
export function initLruCacheTypes(): i32 {
  const link = PyTypeObject.at(PyLruListElem_Type);
  link.tp_basicsize = <isize>SIZEOF_lru_list_elem;
  link.tp_dealloc = link_dealloc.index;
  link.tp_getattro = PyObject_GenericGetAttr.index;
  link.tp_flags = Py_TPFLAGS_DISALLOW_INSTANTIATION;
  link.tp_free = PyObject_Del.index;
  const t = collectedType(
    PyLruCacheWrapper_Type,
    SIZEOF_lru_cache_object,
    lru_cache_dealloc.index,
    lru_cache_traverse.index,
    lru_cache_tp_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_METHOD_DESCRIPTOR,
  );
  t.tp_new = lru_cache_new.index;
  t.tp_call = lru_cache_call.index;
  t.tp_descr_get = lru_cache_descr_get.index;
  t.tp_weaklistoffset = <isize>lru_cache_object_weakreflist;
  t.tp_dictoffset = <isize>lru_cache_object_dict;
  return PyType_Ready(PyLruListElem_Type) == 0 ? PyType_Ready(PyLruCacheWrapper_Type) : -1;
}
