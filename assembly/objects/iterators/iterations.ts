// enumerate, reversed, zip, map, filter (CPython 3.13's Objects/enumobject.c and Python/bltinmodule.c).
//
// enumerate and zip hand out one tuple again and again as long as nobody else has kept the last one.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  enumobject,
  filterobject,
  mapobject,
  PyTypeObject,
  reversedobject,
  SIZEOF_filterobject,
  SIZEOF_mapobject,
  SIZEOF_zipobject,
  zipobject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  empty_tuple,
  ID,
  PyBool_Type,
  PyEnum_Type,
  PyExc_IndexError,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFilter_Type,
  PyMap_Type,
  PyReversed_Type,
  PyZip_Type,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyDict_Size } from "../containers/dict/dict";
import { PyTuple_New, PyTuple_Pack1, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../containers/tuple";
import { ArgParser, parseArguments, parseTupleAndKeywords } from "../define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors/raise";
import {
  enumobject_clear,
  enumobject_traverse,
  filterobject_clear,
  filterobject_traverse,
  mapobject_clear,
  mapobject_traverse,
  reversedobject_clear,
  reversedobject_traverse,
  zipobject_clear,
  zipobject_traverse,
} from "../generated/references";
import { Long } from "../numbers/int/access";
import { _PyLong_Add } from "../numbers/int/arithmetic";
import { PyLong_AsSsize_t, PyLong_FromLong } from "../numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import {
  giveArguments,
  PyObject_CallNoArgs,
  PyObject_CallOneArg,
  PyObject_Vectorcall,
  takeArguments,
} from "../object/call";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyObject_SelfIter } from "../protocol/access";
import { PyObject_IsTrue } from "../protocol/compare";
import { PyObject_Size } from "../protocol/items";
import { iterNext, PyIter_Next, PyObject_GetIter } from "../protocol/iterator";
import { PyNumber_Index } from "../protocol/number";
import { PySequence_Check, PySequence_GetItem } from "../protocol/sequence";
import { PyUnicode_EqualToLiteral } from "../text/compare";
import { PyTypeName } from "../text/concat";
import { _PyObject_LookupSpecial } from "../types/lookup";

function allocate(type: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, 0);
}

function free(o: usize): void {
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

// enumerate

function enumNew(type: usize, iterable: usize, start: usize): usize {
  let index: isize = 0;
  let large: usize = 0;
  if (start != 0) {
    const i = PyNumber_Index(start);
    if (i == 0) return 0;
    // Beyond what a Py_ssize_t holds here, ints count.
    if (Long.isCompact(i)) {
      index = Long.compactValue(i);
      Py.DECREF(i);
    } else {
      index = 0x7fffffff;
      large = i;
    }
  }
  const o = allocate(type);
  if (o == 0) {
    Py.XDECREF(large);
    return 0;
  }
  const e = enumobject.at(o);
  e.en_index = index;
  e.en_longindex = large;
  e.one = Long.small(1);
  e.en_sit = PyObject_GetIter(iterable);
  e.en_result = e.en_sit == 0 ? 0 : PyTuple_Pack2(_Py_NoneStruct, _Py_NoneStruct);
  if (e.en_result == 0) {
    Py.DECREF(o);
    return 0;
  }
  return o;
}

function enum_new(type: usize, args: usize, kwds: usize): usize {
  const out = Scratch.take(2);
  const ok = parseTupleAndKeywords("enumerate", "iterable start", args, kwds, out, 1, 2);
  const iterable = Py.item(out, 0);
  const start = Py.item(out, 1);
  Scratch.give(out);
  return ok ? enumNew(type, iterable, start) : 0;
}

function enum_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = <isize>(nargsf & 0x7fffffff);
  const named = kwnames == 0 ? 0 : Tuple.size(kwnames);
  const all = nargs + named;
  if (nargs == 0 && all != 1 && all != 2) {
    return PyErr_SetString(PyExc_TypeError, "enumerate() missing required argument 'iterable'");
  }
  if (all > 2) return PyErr_Format(PyExc_TypeError, "enumerate() takes at most 2 arguments (%zd given)", all);
  if (all == 1) return named == 1 && !isNamed(kwnames, 0, "iterable") ? 0 : enumNew(type, Py.item(argv, 0), 0);
  if (named == 2 && PyUnicode_EqualToLiteral(Tuple.get(kwnames, 0), "start")) {
    return isNamed(kwnames, 1, "iterable") ? enumNew(type, Py.item(argv, 1), Py.item(argv, 0)) : 0;
  }
  if (named == 2 && !isNamed(kwnames, 0, "iterable")) return 0;
  if (named > 0 && !isNamed(kwnames, named - 1, "start")) return 0;
  return enumNew(type, Py.item(argv, 0), Py.item(argv, 1));
}

/** Whether a keyword of enumerate() has the name; otherwise false with TypeError. */
function isNamed(kwnames: usize, i: isize, name: string): bool {
  const given = Tuple.get(kwnames, i);
  if (PyUnicode_EqualToLiteral(given, name)) return true;
  PyErr_Format(PyExc_TypeError, "'%.200U' is an invalid keyword argument for enumerate()", given);
  return false;
}

function enum_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  enumobject_clear(o);
  free(o);
}

/** The tuple to fill with two new references: the kept one where only we have it, or a new one. Null: MemoryError. */
export function pair(result: usize, a: usize, b: usize): usize {
  if (Py.REFCNT(result) == 1) {
    Py.INCREF(result);
    const oldA = Tuple.get(result, 0);
    const oldB = Tuple.get(result, 1);
    Tuple.set(result, 0, a);
    Tuple.set(result, 1, b);
    Py.DECREF(oldA);
    Py.DECREF(oldB);
    if (!_PyObject_GC_IS_TRACKED(result)) _PyObject_GC_TRACK(result);
    return result;
  }
  const r = PyTuple_New(2);
  if (r == 0) {
    Py.DECREF(a);
    Py.DECREF(b);
    return 0;
  }
  Tuple.set(r, 0, a);
  Tuple.set(r, 1, b);
  return r;
}

function enum_next(o: usize): usize {
  const e = enumobject.at(o);
  const it = e.en_sit;
  const v = iterNext(it);
  if (v == 0) return 0;
  let index: usize;
  if (e.en_index == 0x7fffffff) {
    if (e.en_longindex == 0) e.en_longindex = PyLong_FromLong(0x7fffffff);
    index = e.en_longindex;
    const next = index == 0 ? 0 : _PyLong_Add(index, Long.small(1));
    if (next == 0) {
      Py.DECREF(v);
      return 0;
    }
    e.en_longindex = next;
  } else {
    index = PyLong_FromLong(e.en_index);
    if (index == 0) {
      Py.DECREF(v);
      return 0;
    }
    e.en_index = e.en_index + 1;
  }
  return pair(e.en_result, index, v);
}

/**
 * @native enumerate.__reduce__
 *
 * What a copy is made from.
 */
export function enum_reduce(o: usize, _: usize): usize {
  const e = enumobject.at(o);
  const index = e.en_longindex != 0 ? Py.NewRef(e.en_longindex) : PyLong_FromLong(e.en_index);
  if (index == 0) return 0;
  const args = PyTuple_Pack2(e.en_sit, index);
  Py.DECREF(index);
  if (args == 0) return 0;
  const r = PyTuple_Pack2(Py.TYPE(o), args);
  Py.DECREF(args);
  return r;
}

// reversed

function reversedNew(type: usize, seq: usize): usize {
  const method = _PyObject_LookupSpecial(seq, ID.__reversed__);
  if (method == _Py_NoneStruct) {
    return PyErr_Format(PyExc_TypeError, "'%.200s' object is not reversible", PyTypeName.of(seq));
  }
  if (method != 0) {
    const r = PyObject_CallNoArgs(method);
    Py.DECREF(method);
    return r;
  }
  if (PyErr_Occurred()) return 0;
  if (!PySequence_Check(seq)) {
    return PyErr_Format(PyExc_TypeError, "'%.200s' object is not reversible", PyTypeName.of(seq));
  }
  const n = PyObject_Size(seq);
  if (n == -1) return 0;
  const o = allocate(type);
  if (o == 0) return 0;
  reversedobject.at(o).index = n - 1;
  reversedobject.at(o).seq = Py.NewRef(seq);
  return o;
}

function reversed_new(type: usize, args: usize, kwds: usize): usize {
  if (!ArgParser.noKeywordsOfNew("reversed", type, PyReversed_Type, kwds)) return 0;
  if (!ArgParser.count("reversed", Tuple.size(args), 1, 1)) return 0;
  return reversedNew(type, Tuple.get(args, 0));
}

function reversed_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  if (!ArgParser.noKeywordNames("reversed", kwnames)) return 0;
  if (!ArgParser.count("reversed", <isize>(nargsf & 0x7fffffff), 1, 1)) return 0;
  return reversedNew(type, Py.item(argv, 0));
}

function reversed_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  reversedobject_clear(o);
  free(o);
}

function reversed_next(o: usize): usize {
  const i = reversedobject.at(o).index;
  const seq = reversedobject.at(o).seq;
  if (i >= 0 && seq != 0) {
    // The sequence's own code may go on with the iterator, which lets go of it at the end.
    Py.INCREF(seq);
    const v = PySequence_GetItem(seq, i);
    Py.DECREF(seq);
    if (v != 0) {
      reversedobject.at(o).index = i - 1;
      return v;
    }
    if (PyErr_ExceptionMatches(PyExc_IndexError) || PyErr_ExceptionMatches(PyExc_StopIteration)) PyErr_Clear();
  }
  reversedobject.at(o).index = -1;
  Py.CLEAR(reversedobject.at(o).seq_slot);
  return 0;
}

/**
 * @native reversed.__length_hint__
 *
 * About how many elements are still to come, if known.
 */
export function reversed_len(o: usize, _: usize): usize {
  const seq = reversedobject.at(o).seq;
  if (seq == 0) return Long.small(0);
  Py.INCREF(seq);
  const n = PyObject_Size(seq);
  Py.DECREF(seq);
  if (n == -1) return 0;
  const position = reversedobject.at(o).index + 1;
  return PyLong_FromLong(n < position ? 0 : position);
}

/**
 * @native reversed.__reduce__
 *
 * What a copy is made from.
 */
export function reversed_reduce(o: usize, _: usize): usize {
  const seq = reversedobject.at(o).seq;
  if (seq == 0) {
    const args = PyTuple_Pack1(empty_tuple);
    const r = args == 0 ? 0 : PyTuple_Pack2(Py.TYPE(o), args);
    Py.XDECREF(args);
    return r;
  }
  const args = PyTuple_Pack1(seq);
  const index = args == 0 ? 0 : PyLong_FromLong(reversedobject.at(o).index);
  const r = index == 0 ? 0 : PyTuple_Pack3(Py.TYPE(o), args, index);
  Py.XDECREF(args);
  Py.XDECREF(index);
  return r;
}

/**
 * @native reversed.__setstate__
 *
 * Go on from where a copy was made.
 */
export function reversed_setstate(o: usize, state: usize): usize {
  let i = PyLong_AsSsize_t(state);
  if (i == -1 && PyErr_Occurred()) return 0;
  const seq = reversedobject.at(o).seq;
  if (seq != 0) {
    Py.INCREF(seq);
    const n = PyObject_Size(seq);
    Py.DECREF(seq);
    if (n < 0) return 0;
    i = min(max<isize>(i, -1), n - 1);
    reversedobject.at(o).index = i;
  }
  return _Py_NoneStruct;
}

// zip

/** A new tuple of iterators over the `n` iterables at `argv`; `message` for one that is none. Null: an exception. */
function iteratorsOf(argv: usize, n: isize): usize {
  const iters = PyTuple_New(n);
  for (let i: isize = 0; iters != 0 && i < n; i++) {
    const it = PyObject_GetIter(Py.item(argv, i));
    if (it == 0) {
      Py.DECREF(iters);
      return 0;
    }
    Tuple.set(iters, i, it);
  }
  return iters;
}

function zip_new(type: usize, args: usize, kwds: usize): usize {
  let strict = 0;
  if (kwds != 0 && PyDict_Size(kwds) > 0) {
    const out = Scratch.take(1);
    const ok = parseArguments("zip", "strict", 0, 0, kwds, out, 0, 0);
    const v = Py.item(out, 0);
    Scratch.give(out);
    if (!ok) return 0;
    strict = v == 0 ? 0 : PyObject_IsTrue(v);
    if (strict < 0) return 0;
  }
  const n = Tuple.size(args);
  const iters = iteratorsOf(Tuple.items(args), n);
  if (iters == 0) return 0;
  const result = PyTuple_New(n);
  if (result == 0) {
    Py.DECREF(iters);
    return 0;
  }
  for (let i: isize = 0; i < n; i++) Tuple.set(result, i, _Py_NoneStruct);
  const o = allocate(type);
  if (o == 0) {
    Py.DECREF(iters);
    Py.DECREF(result);
    return 0;
  }
  const z = zipobject.at(o);
  z.tuplesize = n;
  z.ittuple = iters;
  z.result = result;
  z.strict = strict;
  return o;
}

function zip_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  zipobject_clear(o);
  free(o);
}

/** Iterator `i` has ended first: whether all have is to be told in a strict zip. Returns null. */
function strictEnd(o: usize, i: isize): usize {
  if (PyErr_Occurred()) {
    if (!PyErr_ExceptionMatches(PyExc_StopIteration)) return 0;
    PyErr_Clear();
  }
  const iters = zipobject.at(o).ittuple;
  if (i > 0) {
    return PyErr_Format(
      PyExc_ValueError,
      i == 1 ? "zip() argument %d is shorter than argument %d" : "zip() argument %d is shorter than arguments 1-%d",
      i + 1,
      i,
    );
  }
  for (let k: isize = 1; k < Tuple.size(iters); k++) {
    const v = PyIter_Next(Tuple.get(iters, k));
    if (v != 0) {
      Py.DECREF(v);
      return PyErr_Format(
        PyExc_ValueError,
        k == 1 ? "zip() argument %d is longer than argument %d" : "zip() argument %d is longer than arguments 1-%d",
        k + 1,
        k,
      );
    }
    if (PyErr_Occurred()) return 0;
  }
  return 0;
}

function zip_next(o: usize): usize {
  const z = zipobject.at(o);
  const n = z.tuplesize;
  if (n == 0) return 0;
  let result = z.result;
  const shared = Py.REFCNT(result) != 1;
  if (shared) {
    result = PyTuple_New(n);
    if (result == 0) return 0;
  } else Py.INCREF(result);
  for (let i: isize = 0; i < n; i++) {
    const it = Tuple.get(z.ittuple, i);
    const v = iterNext(it);
    if (v == 0) {
      Py.DECREF(result);
      return z.strict ? strictEnd(o, i) : 0;
    }
    const old = Tuple.get(result, i);
    Tuple.set(result, i, v);
    Py.XDECREF(old);
  }
  if (!shared && !_PyObject_GC_IS_TRACKED(result)) _PyObject_GC_TRACK(result);
  return result;
}

/**
 * @native zip.__reduce__
 *
 * What a copy is made from.
 */
export function zip_reduce(o: usize, _: usize): usize {
  const z = zipobject.at(o);
  return z.strict ? PyTuple_Pack3(Py.TYPE(o), z.ittuple, _Py_TrueStruct) : PyTuple_Pack2(Py.TYPE(o), z.ittuple);
}

/**
 * @native zip.__setstate__
 *
 * Go on from where a copy was made.
 */
export function zip_setstate(o: usize, state: usize): usize {
  const strict = PyObject_IsTrue(state);
  if (strict < 0) return 0;
  zipobject.at(o).strict = strict;
  return _Py_NoneStruct;
}

// map

function mapNew(type: usize, argv: usize, nargs: isize): usize {
  if (nargs < 2) {
    PyErr_SetString(PyExc_TypeError, "map() must have at least two arguments.");
    return 0;
  }
  // After the function.
  const iters = iteratorsOf(argv + 8, nargs - 1);
  if (iters == 0) return 0;
  const o = allocate(type);
  if (o == 0) {
    Py.DECREF(iters);
    return 0;
  }
  mapobject.at(o).iters = iters;
  mapobject.at(o).func = Py.NewRef(Py.item(argv, 0));
  return o;
}

function map_new(type: usize, args: usize, kwds: usize): usize {
  if (!ArgParser.noKeywordsOfNew("map", type, PyMap_Type, kwds)) return 0;
  return mapNew(type, Tuple.items(args), Tuple.size(args));
}

function map_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  if (!ArgParser.noKeywordNames("map", kwnames)) return 0;
  return mapNew(type, argv, <isize>(nargsf & 0x7fffffff));
}

function map_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  mapobject_clear(o);
  free(o);
}

function map_next(o: usize): usize {
  const iters = mapobject.at(o).iters;
  const n = Tuple.size(iters);
  const argv = takeArguments(n);
  if (argv == 0) return PyErr_NoMemory();
  let got: isize = 0;
  while (got < n) {
    const it = Tuple.get(iters, got);
    const v = iterNext(it);
    if (v == 0) break;
    Py.setItem(argv, got++, v);
  }
  const r = got == n ? PyObject_Vectorcall(mapobject.at(o).func, argv, <usize>n, 0) : 0;
  for (let i: isize = 0; i < got; i++) Py.DECREF(Py.item(argv, i));
  giveArguments(argv);
  return r;
}

/**
 * @native map.__reduce__
 *
 * What a copy is made from.
 */
export function map_reduce(o: usize, _: usize): usize {
  const iters = mapobject.at(o).iters;
  const n = Tuple.size(iters);
  const args = PyTuple_New(n + 1);
  if (args == 0) return 0;
  Tuple.set(args, 0, Py.NewRef(mapobject.at(o).func));
  for (let i: isize = 0; i < n; i++) Tuple.set(args, i + 1, Py.NewRef(Tuple.get(iters, i)));
  const r = PyTuple_Pack2(Py.TYPE(o), args);
  Py.DECREF(args);
  return r;
}

// filter

function filterNew(type: usize, f: usize, iterable: usize): usize {
  const it = PyObject_GetIter(iterable);
  if (it == 0) return 0;
  const o = allocate(type);
  if (o == 0) {
    Py.DECREF(it);
    return 0;
  }
  filterobject.at(o).func = Py.NewRef(f);
  filterobject.at(o).it = it;
  return o;
}

function filter_new(type: usize, args: usize, kwds: usize): usize {
  if (!ArgParser.noKeywordsOfNew("filter", type, PyFilter_Type, kwds)) return 0;
  if (!ArgParser.count("filter", Tuple.size(args), 2, 2)) return 0;
  return filterNew(type, Tuple.get(args, 0), Tuple.get(args, 1));
}

function filter_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  if (!ArgParser.noKeywordNames("filter", kwnames)) return 0;
  if (!ArgParser.count("filter", <isize>(nargsf & 0x7fffffff), 2, 2)) return 0;
  return filterNew(type, Py.item(argv, 0), Py.item(argv, 1));
}

function filter_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  filterobject_clear(o);
  free(o);
}

function filter_next(o: usize): usize {
  const f = filterobject.at(o).func;
  const it = filterobject.at(o).it;
  const byTruth = f == _Py_NoneStruct || f == PyBool_Type;
  for (;;) {
    const v = iterNext(it);
    if (v == 0) return 0;
    let ok: i32;
    if (byTruth) ok = PyObject_IsTrue(v);
    else {
      const good = PyObject_CallOneArg(f, v);
      ok = good == 0 ? -1 : PyObject_IsTrue(good);
      Py.XDECREF(good);
    }
    if (ok > 0) return v;
    Py.DECREF(v);
    if (ok < 0) return 0;
  }
  return unreachable();
}

/**
 * @native filter.__reduce__
 *
 * What a copy is made from.
 */
export function filter_reduce(o: usize, _: usize): usize {
  const args = PyTuple_Pack2(filterobject.at(o).func, filterobject.at(o).it);
  const r = args == 0 ? 0 : PyTuple_Pack2(Py.TYPE(o), args);
  Py.XDECREF(args);
  return r;
}

function initOne(type: usize, size: isize, make: u32, vectorcall: u32, dealloc: u32, traverse: u32, next: u32): void {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = size;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE;
  t.tp_dealloc = dealloc;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_traverse = traverse;
  t.tp_iter = PyObject_SelfIter.index;
  t.tp_iternext = next;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = make;
  t.tp_free = PyObject_GC_Del.index;
  t.tp_vectorcall = vectorcall;
}

/**
 * @type enumerate(iterable, start=0)
 *
 * Elements, each with its number.
 *
 *   iterable
 *     Where they all come from.
 *   start
 *     The number of the first.
 *
 * An iterator of tuples: the number, then the element. This is the usual way to know in a loop where one is in it:
 *
 * >>> for i, name in enumerate(['a', 'b'], 1):
 * ...     print(i, name)
 * 1 a
 * 2 b
 *
 * @classmethod enumerate.__class_getitem__ = Py_GenericAlias
 * For annotations
 */

/**
 * @type reversed(sequence, /)
 * @order __reduce__ __length_hint__ __setstate__
 *
 * The elements of a sequence, from the last one to the first.
 */

/**
 * @type zip(*iterables, strict=False)
 *
 * Several iterables side by side.
 *
 * An iterator of tuples, each with the next element of every iterable. It ends with the shortest of them; elements of others that are left over then are not used, and one of them may be lost. With strict a ValueError says that they are not of the same length.
 *
 * >>> list(zip('abc', [1, 2, 3]))
 * [('a', 1), ('b', 2), ('c', 3)]
 * >>> list(zip('abc', [1, 2]))
 * [('a', 1), ('b', 2)]
 *
 * The way back is zip(*pairs) as well.
 */

/**
 * @type map(function, iterable, /, *iterables)
 *
 * What a function makes of each element.
 *
 * With several iterables it receives an element of each; the shortest of them is the end.
 */

/**
 * @type filter(function, iterable, /)
 *
 * The elements that a function likes.
 *
 * Those for which it returns something true; with None in its place, those that are true by themselves.
 */

/** Fills the slots and tables of the five types. */
export function initIterationTypes(): void {
  initOne(
    PyEnum_Type,
    56,
    enum_new.index,
    enum_vectorcall.index,
    enum_dealloc.index,
    enumobject_traverse.index,
    enum_next.index,
  );
  initOne(
    PyReversed_Type,
    32,
    reversed_new.index,
    reversed_vectorcall.index,
    reversed_dealloc.index,
    reversedobject_traverse.index,
    reversed_next.index,
  );
  initOne(PyZip_Type, SIZEOF_zipobject, zip_new.index, 0, zip_dealloc.index, zipobject_traverse.index, zip_next.index);
  initOne(
    PyMap_Type,
    SIZEOF_mapobject,
    map_new.index,
    map_vectorcall.index,
    map_dealloc.index,
    mapobject_traverse.index,
    map_next.index,
  );
  initOne(
    PyFilter_Type,
    SIZEOF_filterobject,
    filter_new.index,
    filter_vectorcall.index,
    filter_dealloc.index,
    filterobject_traverse.index,
    filter_next.index,
  );
}
