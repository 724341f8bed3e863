// Keys from passwords: PBKDF2 (RFC 8018) and scrypt (RFC 7914), as CPython 3.13's Modules/_hashopenssl.c has them of OpenSSL.
//
// Long loops look whether the program is to be interrupted.

import { Py_TPFLAGS_LONG_SUBCLASS } from "../../generated/constants";
import { hash_state, PyBytesObject } from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_OverflowError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { newBytes } from "../../objects/bytes/bytes";
import { badArgument, strArgument } from "../../objects/define/args";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_AsLongLong, PyLong_AsUnsignedLong } from "../../objects/numbers/int/create";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyNumber_Index } from "../../objects/protocol/number";
import { Interrupts } from "../../thread/interrupts";
import { Scratch } from "../../thread/scratch";
import { DIGEST_MAX, Hash } from "../hashes/state";
import { setWord, wordAt } from "../hashes/words";
import { digestKey, freeKey, newKey, restart, updateKey } from "./hmac";
import { digestArgument } from "./names";

/** How often a loop goes round between two looks. */
const INTERVAL: i64 = 1024;

const INT_MAX: i64 = 0x7fffffff;

/** An int as a C long; -1 with an exception, or without. */
function longArgument(o: usize): i64 {
  const index = PyNumber_Index(o);
  if (index == 0) return -1;
  const v = PyLong_AsLongLong(index);
  Py.DECREF(index);
  return v;
}

/**
 * @native _hashlib.pbkdf2_hmac($module, /, hash_name, password, salt, iterations,
 *             dklen=None)
 *
 * A key from a password, by PBKDF2 of PKCS #5 v2.0 with HMAC, after so many iterations.
 */
export function hashlib_pbkdf2_hmac(
  _m: usize,
  hash_name: usize,
  password: usize,
  salt: usize,
  iterations: i64,
  dklen: usize,
): usize {
  if (!strArgument(hash_name, "pbkdf2_hmac", "argument 'hash_name'")) return 0;
  const view = Buffer.open(password);
  if (view == 0) return 0;
  const saltView = Buffer.open(salt);
  let key: usize = 0;
  if (saltView != 0) {
    const algorithm = digestArgument(hash_name);
    if (algorithm >= 0) key = deriveByPBKDF2(algorithm, view, saltView, iterations, dklen);
    Buffer.close(saltView);
  }
  Buffer.close(view);
  return key;
}

function deriveByPBKDF2(algorithm: Hash, password: usize, salt: usize, iterations: i64, dklen: usize): usize {
  if (iterations < 1) return PyErr_SetString(PyExc_ValueError, "iteration value must be greater than 0.");
  if (iterations > INT_MAX) return PyErr_SetString(PyExc_OverflowError, "iteration value is too great.");
  const k = newKey(algorithm, Buffer.data(password), <usize>Buffer.length(password));
  if (k == 0) return 0;
  const length = dklen == _Py_NoneStruct || dklen == 0 ? hash_state.at(k).digest_size : longArgument(dklen);
  let bytes: usize = 0;
  if (length == -1 && PyErr_Occurred()) bytes = 0;
  else if (length < 1) PyErr_SetString(PyExc_ValueError, "key length must be greater than 0.");
  else if (length > INT_MAX) PyErr_SetString(PyExc_OverflowError, "key length is too great.");
  else bytes = newBytes(<isize>length);
  if (bytes != 0) {
    const out = PyBytesObject.at(bytes).ob_sval;
    if (!pbkdf2(k, Buffer.data(salt), <usize>Buffer.length(salt), iterations, out, <usize>length)) {
      Py.DECREF(bytes);
      bytes = 0;
    }
  }
  freeKey(k);
  return bytes;
}

/** Fills `length` bytes at `out`: false with an exception of an interruption. */
function pbkdf2(k: usize, salt: usize, n: usize, iterations: i64, out: usize, length: usize): bool {
  const size = <usize>hash_state.at(k).digest_size;
  const u = Scratch.take(DIGEST_MAX >> 2);
  const t = u + <usize>DIGEST_MAX;
  let ok: bool = true;
  for (let block: u32 = 1; ok && length > 0; block++) {
    restart(k);
    updateKey(k, salt, n);
    store<u32>(u, bswap<u32>(block));
    updateKey(k, u, 4);
    digestKey(k, u);
    memory.copy(t, u, size);
    for (let i: i64 = 1; ok && i < iterations; i++) {
      restart(k);
      updateKey(k, u, size);
      digestKey(k, u);
      for (let j: usize = 0; j < size; j += 4) store<u32>(t + j, load<u32>(t + j) ^ load<u32>(u + j));
      if (i % INTERVAL == 0) ok = !Interrupts.raised();
    }
    const taken = min(size, length);
    memory.copy(out, t, taken);
    out += taken;
    length -= taken;
  }
  Scratch.give(u);
  return ok;
}

/** As OpenSSL's, where a program sets no other. */
const MAXMEM: u64 = 32 << 20;

/** A parameter of scrypt: u64.MAX_VALUE with TypeError. */
function parameter(o: usize, name: string, message: string): u64 {
  const missing = o == 0 || o == _Py_NoneStruct;
  if (!missing && !Py.check(o, Py_TPFLAGS_LONG_SUBCLASS)) {
    badArgument("scrypt", name, "int", o);
    return u64.MAX_VALUE;
  }
  const v = missing ? u64.MAX_VALUE : PyLong_AsUnsignedLong(o);
  if (v == u64.MAX_VALUE) PyErr_SetString(PyExc_TypeError, message);
  return v;
}

/**
 * @native _hashlib.scrypt($module, /, password, *, salt=None, n=None, r=None, p=None,
 *        maxmem=0, dklen=64)
 *
 * A key from a password, by scrypt.
 */
export function hashlib_scrypt(
  _m: usize,
  password: usize,
  salt: usize,
  n: usize,
  r: usize,
  p: usize,
  maxmem: i64,
  dklen: i64,
): usize {
  if (salt == 0 || salt == _Py_NoneStruct) return PyErr_SetString(PyExc_TypeError, "salt is required");
  const view = Buffer.open(password);
  if (view == 0) return 0;
  const saltView = Buffer.open(salt);
  let key: usize = 0;
  if (saltView != 0) {
    key = deriveByScrypt(view, saltView, n, r, p, maxmem, dklen);
    Buffer.close(saltView);
  }
  Buffer.close(view);
  return key;
}

function deriveByScrypt(
  password: usize,
  salt: usize,
  nObject: usize,
  rObject: usize,
  pObject: usize,
  maxmem: i64,
  dklen: i64,
): usize {
  const n = parameter(nObject, "argument 'n'", "n is required and must be an unsigned int");
  if (n == u64.MAX_VALUE) return 0;
  if (n < 2 || (n & (n - 1)) != 0) return PyErr_SetString(PyExc_ValueError, "n must be a power of 2.");
  const r = parameter(rObject, "argument 'r'", "r is required and must be an unsigned int");
  if (r == u64.MAX_VALUE) return 0;
  const p = parameter(pObject, "argument 'p'", "p is required and must be an unsigned int");
  if (p == u64.MAX_VALUE) return 0;
  if (maxmem < 0 || maxmem > INT_MAX) {
    return PyErr_Format(PyExc_ValueError, "maxmem must be positive and smaller than %d", INT_MAX);
  }
  if (dklen < 1 || dklen > INT_MAX) {
    return PyErr_Format(PyExc_ValueError, "dklen must be greater than 0 and smaller than %d", INT_MAX);
  }
  if (r == 0 || p == 0) {
    return PyErr_SetString(PyExc_ValueError, "Invalid parameter combination for n, r, p, maxmem.");
  }
  const most = maxmem == 0 ? MAXMEM : <u64>maxmem;
  // Each of them bounded first, so that none of the products is too large.
  if (n > most || r > most || p > most || 128 * r > most || p * r * 128 + 32 * r * (n + 2) * 4 > most) {
    return PyErr_SetString(PyExc_ValueError, "[digital envelope routines] memory limit exceeded");
  }
  const key = newKey(Hash.sha256, Buffer.data(password), <usize>Buffer.length(password));
  if (key == 0) return 0;
  let bytes = newBytes(<isize>dklen);
  if (bytes != 0 && !scrypt(key, salt, <usize>n, <usize>r, <usize>p, bytes, <usize>dklen)) {
    Py.DECREF(bytes);
    bytes = 0;
  }
  freeKey(key);
  return bytes;
}

/** Fills the bytes with a key: false with an exception. */
function scrypt(key: usize, salt: usize, n: usize, r: usize, p: usize, bytes: usize, length: usize): bool {
  const size = r << 7;
  // The blocks that are mixed, one more for the mixing, and all that a block was.
  const blocks = PyMem_Malloc(size * (p + 1 + n));
  if (blocks == 0) {
    PyErr_NoMemory();
    return false;
  }
  const spare = blocks + size * p;
  let ok = pbkdf2(key, Buffer.data(salt), <usize>Buffer.length(salt), 1, blocks, size * p);
  for (let i: usize = 0; ok && i < p; i++) ok = mix(blocks + i * size, spare, spare + size, n, r);
  if (ok) ok = pbkdf2(key, blocks, size * p, 1, PyBytesObject.at(bytes).ob_sval, length);
  PyMem_Free(blocks);
  return ok;
}

/** Mixes a block of 128 r bytes at `b`, with room for another at `t` and for `n` at `v`: false with an exception. */
function mix(b: usize, t: usize, v: usize, n: usize, r: usize): bool {
  const size = r << 7;
  for (let i: usize = 0; i < n; i++) {
    memory.copy(v + i * size, b, size);
    mixBlocks(b, t, r);
    if ((i & 1023) == 1023 && Interrupts.raised()) return false;
  }
  for (let i: usize = 0; i < n; i++) {
    const j = <usize>wordAt(b + size - 64, 0) & (n - 1);
    const other = v + j * size;
    for (let k: usize = 0; k < size; k += 8) store<u64>(b + k, load<u64>(b + k) ^ load<u64>(other + k));
    mixBlocks(b, t, r);
    if ((i & 1023) == 1023 && Interrupts.raised()) return false;
  }
  return true;
}

/** Mixes the 2 r parts of a block, each of 64 bytes, into one another; the even ones come first then. */
function mixBlocks(b: usize, t: usize, r: usize): void {
  let last = b + (r << 7) - 64;
  for (let i: usize = 0; i < r << 1; i++) {
    const part = b + (i << 6);
    for (let k: usize = 0; k < 64; k += 8) store<u64>(part + k, load<u64>(part + k) ^ load<u64>(last + k));
    salsa(part);
    last = part;
  }
  for (let i: usize = 0; i < r << 1; i++) {
    memory.copy(t + (((i >> 1) + (i & 1 ? r : 0)) << 6), b + (i << 6), 64);
  }
  memory.copy(b, t, r << 7);
}

/** Turns word `to` by the sum of two others. */
function turn(x: usize, to: usize, a: usize, b: usize, by: u32): void {
  setWord(x, to, wordAt(x, to) ^ rotl<u32>(wordAt(x, a) + wordAt(x, b), by));
}

function quarter(x: usize, a: usize, b: usize, c: usize, d: usize): void {
  turn(x, b, a, d, 7);
  turn(x, c, b, a, 9);
  turn(x, d, c, b, 13);
  turn(x, a, d, c, 18);
}

/** Salsa20/8 of the 16 words at `p`. */
function salsa(p: usize): void {
  const x = Scratch.take(8);
  memory.copy(x, p, 64);
  for (let i = 0; i < 4; i++) {
    quarter(x, 0, 4, 8, 12);
    quarter(x, 5, 9, 13, 1);
    quarter(x, 10, 14, 2, 6);
    quarter(x, 15, 3, 7, 11);
    quarter(x, 0, 1, 2, 3);
    quarter(x, 5, 6, 7, 4);
    quarter(x, 10, 11, 8, 9);
    quarter(x, 15, 12, 13, 14);
  }
  for (let i: usize = 0; i < 16; i++) setWord(p, i, wordAt(p, i) + wordAt(x, i));
  Scratch.give(x);
}
