// The module _random (CPython 3.13's Modules/_randommodule.c): M. Matsumoto's and T. Nishimura's MT19937, "Mersenne
// Twister: a 623-dimensionally equidistributed uniform pseudo-random number generator", 1998, seeded as their
// init_by_array does.
//
// Invariant: `index` is at most 624, the words of the state that have been given out; at 624 all are made anew.

import { Py_TPFLAGS_BASETYPE } from "../generated/constants";
import { host } from "../generated/host";
import { PyTypeObject, RandomObject, SIZEOF_RandomObject } from "../generated/layouts";
import { _Py_NoneStruct, PyExc_TypeError, PyExc_ValueError, PyRandom_Type } from "../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../memory/pymem";
import { PyDict_Size } from "../objects/containers/dict/dict";
import { PyTuple_New, Tuple } from "../objects/containers/tuple";
import { PyErr_Fail, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyFloat_FromDouble } from "../objects/numbers/float/float";
import { bitLength, Long } from "../objects/numbers/int/access";
import { long_abs } from "../objects/numbers/int/arithmetic";
import { _PyLong_AsByteArray, _PyLong_FromByteArray } from "../objects/numbers/int/bytes";
import {
  PyLong_AsLongLong,
  PyLong_AsUnsignedLong,
  PyLong_FromLong,
  PyLong_FromUnsignedLongLong,
} from "../objects/numbers/int/create";
import { PyObject_Del, PyType_GenericAlloc } from "../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../objects/object/attributes";
import { Py } from "../objects/object/head";
import { PyObject_Hash } from "../objects/protocol/compare";
import { makeMutable } from "../objects/types/mutable";
import { PyType_Ready } from "../objects/types/ready";

/** Words of the state. */
const N: usize = 624;
/** How far ahead the word is that each new word takes in. */
const M: usize = 397;
const UPPER: u32 = 0x80000000;

class State {
  @inline static word(self: usize, i: usize): u32 {
    return load<u32>(RandomObject.at(self).state + (i << 2));
  }

  @inline static setWord(self: usize, i: usize, v: u32): void {
    store<u32>(RandomObject.at(self).state + (i << 2), v);
  }
}

/** Makes all words of the state anew. */
function twist(self: usize): void {
  for (let i: usize = 0; i < N; i++) {
    const y = (State.word(self, i) & UPPER) | (State.word(self, i + 1 == N ? 0 : i + 1) & ~UPPER);
    const ahead = i < N - M ? i + M : i + M - N;
    State.setWord(self, i, State.word(self, ahead) ^ (y >> 1) ^ (y & 1 ? 0x9908b0df : 0));
  }
}

/** The next 32 bits. */
function next(self: usize): u32 {
  const x = RandomObject.at(self);
  if (<usize>x.index >= N) {
    twist(self);
    x.index = 0;
  }
  let y = State.word(self, x.index);
  x.index++;
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >> 18);
}

/** Fills the state from `length` words at `key`, at least one. */
function seedByWords(self: usize, key: usize, length: usize): void {
  let last: u32 = 19650218;
  State.setWord(self, 0, last);
  for (let i: usize = 1; i < N; i++) {
    last = 1812433253 * (last ^ (last >> 30)) + <u32>i;
    State.setWord(self, i, last);
  }
  RandomObject.at(self).index = <i32>N;
  let i: usize = 1;
  let j: usize = 0;
  last = State.word(self, 0);
  for (let k = max(N, length); k > 0; k--) {
    last = (State.word(self, i) ^ ((last ^ (last >> 30)) * 1664525)) + load<u32>(key + (j << 2)) + <u32>j;
    State.setWord(self, i, last);
    i = following(self, i);
    if (++j >= length) j = 0;
  }
  for (let k = N - 1; k > 0; k--) {
    last = (State.word(self, i) ^ ((last ^ (last >> 30)) * 1566083941)) - <u32>i;
    State.setWord(self, i, last);
    i = following(self, i);
  }
  State.setWord(self, 0, UPPER);
}

/** The place after i, from 1 up; from the last on the first word is the same. */
function following(self: usize, i: usize): usize {
  if (i + 1 < N) return i + 1;
  State.setWord(self, 0, State.word(self, N - 1));
  return 1;
}

/** Seeds with what nobody can foretell, or else with the time. -1 with MemoryError. */
function seedAtRandom(self: usize): i32 {
  const key = PyMem_Malloc(N << 2);
  if (key == 0) {
    PyErr_NoMemory();
    return -1;
  }
  let length = N;
  if (host.random(key, N << 2) < 0) {
    const now = <u64>(host.time() * 1e9);
    const passed = <u64>(host.monotonic() * 1e9);
    store<u64>(key, now);
    store<u64>(key + 8, passed);
    length = 4;
  }
  seedByWords(self, key, length);
  PyMem_Free(key);
  return 0;
}

/** Seeds with an int's size, or else with a hash; with None or null at random. -1 with an exception. */
function seed(self: usize, value: usize): i32 {
  if (value == 0 || value == _Py_NoneStruct) return seedAtRandom(self);
  let number: usize;
  if (Long.check(value)) number = long_abs(value);
  else {
    const hash = PyObject_Hash(value);
    if (hash == -1) return -1;
    number = PyLong_FromUnsignedLongLong(<u64>hash);
  }
  if (number == 0) return -1;
  const bits = bitLength(number);
  const length = bits == 0 ? 1 : <usize>((bits - 1) / 32 + 1);
  const key = PyMem_Malloc(length << 2);
  if (key == 0) PyErr_NoMemory();
  else {
    _PyLong_AsByteArray(number, key, <isize>(length << 2), true);
    seedByWords(self, key, length);
    PyMem_Free(key);
  }
  Py.DECREF(number);
  return key == 0 ? -1 : 0;
}

/**
 * @native _random.Random.random($self, /)
 *
 * A float from 0 up to 1.
 */
export function random_random(self: usize, _unused: usize): usize {
  const a = next(self) >> 5;
  const b = next(self) >> 6;
  return PyFloat_FromDouble((<f64>a * 67108864 + <f64>b) * (1 / 9007199254740992));
}

/**
 * @native _random.Random.seed($self, n=None, /)
 *
 * Begins anew at a place that n decides.
 *
 * Without it the system says where; if it cannot, the clock does, which others may know, too.
 */
export function random_seed(self: usize, n: usize): usize {
  return seed(self, n) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _random.Random.getstate($self, /)
 *
 * The state of the generator as a tuple.
 */
export function random_getstate(self: usize, _unused: usize): usize {
  const state = PyTuple_New(<isize>N + 1);
  if (state == 0) return 0;
  for (let i: usize = 0; i <= N; i++) {
    const v = i < N ? PyLong_FromUnsignedLongLong(State.word(self, i)) : PyLong_FromLong(RandomObject.at(self).index);
    if (v == 0) {
      Py.DECREF(state);
      return 0;
    }
    Tuple.set(state, i, v);
  }
  return state;
}

/**
 * @native _random.Random.setstate($self, state, /)
 *
 * Takes up a state that getstate() gave.
 */
export function random_setstate(self: usize, state: usize): usize {
  if (!Tuple.check(state)) return PyErr_SetString(PyExc_TypeError, "state vector must be a tuple");
  if (Tuple.size(state) != <isize>N + 1) {
    return PyErr_SetString(PyExc_ValueError, "state vector is the wrong size");
  }
  const words = PyMem_Malloc(N << 2);
  if (words == 0) return PyErr_NoMemory();
  for (let i: usize = 0; i < N; i++) {
    const v = PyLong_AsUnsignedLong(Tuple.get(state, i));
    if (v == <u64>-1 && PyErr_Occurred()) {
      PyMem_Free(words);
      return 0;
    }
    store<u32>(words + (i << 2), <u32>v);
  }
  const index = PyLong_AsLongLong(Tuple.get(state, N));
  const valid = index >= 0 && index <= <i64>N;
  if (valid) {
    memory.copy(RandomObject.at(self).state, words, N << 2);
    RandomObject.at(self).index = <i32>index;
  } else if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "invalid state");
  PyMem_Free(words);
  return valid ? _Py_NoneStruct : 0;
}

/**
 * @native _random.Random.getrandbits($self, k, /)
 *
 * An int of k bits, each of them random.
 */
export function random_getrandbits(self: usize, k: i32): usize {
  if (k < 0) return PyErr_SetString(PyExc_ValueError, "number of bits must be non-negative");
  if (k == 0) return PyLong_FromLong(0);
  if (k <= 32) return PyLong_FromUnsignedLongLong(next(self) >> (32 - k));
  const size = (<usize>((k - 1) / 32 + 1)) << 2;
  const words = PyMem_Malloc(size);
  if (words == 0) return PyErr_NoMemory();
  for (let at: usize = 0; at < size; at += 4) {
    const bits = next(self);
    store<u32>(words + at, k < 32 ? bits >> (32 - k) : bits);
    k -= 32;
  }
  const r = _PyLong_FromByteArray(words, <isize>size, true, false);
  PyMem_Free(words);
  return r;
}

function random_new(type: usize, _args: usize, _kwds: usize): usize {
  return PyType_GenericAlloc(type, 0);
}

function random_init(self: usize, args: usize, kwds: usize): i32 {
  // A subclass with an __init__ of its own may take what it likes and hand it on.
  const own = PyTypeObject.at(Py.TYPE(self)).tp_init == PyTypeObject.at(PyRandom_Type).tp_init;
  if (own && kwds != 0 && PyDict_Size(kwds) > 0) {
    return PyErr_Fail(PyExc_TypeError, "Random() takes no keyword arguments");
  }
  if (Py.SIZE(args) > 1) return PyErr_Fail(PyExc_TypeError, "Random() requires 0 or 1 argument");
  return seed(self, Py.SIZE(args) == 1 ? Tuple.get(args, 0) : 0);
}

function random_dealloc(self: usize): void {
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/**
 * @module _random
 *
 * The generator of random numbers behind random.
 *
 * @type _random.Random
 *
 * A generator of random numbers that has a state of its own.
 */
export function initRandom(m: usize): i32 {
  const t = PyTypeObject.at(PyRandom_Type);
  t.tp_basicsize = SIZEOF_RandomObject;
  t.tp_dealloc = random_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_BASETYPE;
  t.tp_new = random_new.index;
  t.tp_init = random_init.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_Del.index;
  if (PyType_Ready(PyRandom_Type) < 0) return -1;
  makeMutable(PyRandom_Type);
  return PyModule_AddObjectLiteral(m, "Random", PyRandom_Type);
}
