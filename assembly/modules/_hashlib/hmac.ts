// HMAC (RFC 2104) over any hash: the objects of hmac_new(), the function hmac_digest(), and what deriving keys needs
// (CPython 3.13's Modules/_hashopenssl.c, which has it of OpenSSL).
//
// A key is three states in one block: at work, as it begins (the inner padding is in it), and what the result of the first
// is added to at last (the outer padding is in it).

import { Py_TPFLAGS_DISALLOW_INSTANTIATION, Py_TPFLAGS_IMMUTABLETYPE } from "../../generated/constants";
import { HMACobject, hash_state, PyTypeObject, SIZEOF_HMACobject } from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_TypeError, PyHashlib_HMAC_Type } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyObject_Free } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { hexOf } from "../../objects/bytes/methods";
import { PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { _PyObject_New } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { nameOf, openMessage } from "../hashes/objects";
import { beginHash, DIGEST_MAX, digestHash, Hash, stateSize, updateHash } from "../hashes/state";
import { digestArgument } from "./names";

const INNER: u8 = 0x36;
const OUTER: u8 = 0x5c;

/** The most bytes of a block. */
const BLOCK_MAX: usize = 168;

/** Bytes of each state of a key. */
function sizeOf(k: usize): usize {
  return stateSize(hash_state.at(k).algorithm);
}

/** A new key of `n` bytes at `p`, ready for a message: null with MemoryError. freeKey must follow. */
export function newKey(algorithm: Hash, p: usize, n: usize): usize {
  const size = stateSize(algorithm);
  const k = PyMem_Malloc(size * 3);
  if (k == 0) return PyErr_NoMemory();
  const begun = k + size;
  const last = begun + size;
  const block = Scratch.take(<isize>(BLOCK_MAX >> 3));
  memory.fill(block, 0, BLOCK_MAX);
  beginHash(begun, algorithm);
  const length = <usize>hash_state.at(begun).block_size;
  if (n > length) {
    updateHash(begun, p, n);
    digestHash(begun, block, hash_state.at(begun).digest_size);
    beginHash(begun, algorithm);
  } else memory.copy(block, p, n);
  for (let i: usize = 0; i < length; i++) store<u8>(block + i, load<u8>(block + i) ^ INNER);
  updateHash(begun, block, length);
  beginHash(last, algorithm);
  for (let i: usize = 0; i < length; i++) store<u8>(block + i, load<u8>(block + i) ^ INNER ^ OUTER);
  updateHash(last, block, length);
  Scratch.give(block);
  memory.copy(k, begun, size);
  return k;
}

export function freeKey(k: usize): void {
  PyMem_Free(k);
}

/** Begins with another message. */
export function restart(k: usize): void {
  const size = sizeOf(k);
  memory.copy(k, k + size, size);
}

/** Adds to the message. */
export function updateKey(k: usize, p: usize, n: usize): void {
  updateHash(k, p, n);
}

/** Writes the HMAC of the message to `out`; more can be added to it afterwards. */
export function digestKey(k: usize, out: usize): void {
  const size = sizeOf(k);
  const n = <usize>hash_state.at(k).digest_size;
  digestHash(k, out, n);
  // The third state is wanted again: what is hashed last is a copy.
  const copy = Scratch.take(<isize>((size + 7) >> 3));
  memory.copy(copy, k + size * 2, size);
  updateHash(copy, out, n);
  digestHash(copy, out, n);
  Scratch.give(copy);
}

/** The HMAC that a key has, as bytes or in hexadecimal: new; null with MemoryError. */
function keyResult(k: usize, hex: bool): usize {
  const n = <isize>hash_state.at(k).digest_size;
  const p = Scratch.take(DIGEST_MAX >> 3);
  digestKey(k, p);
  const r = hex ? hexOf(p, n, 0, 0) : PyBytes_FromStringAndSize(p, n);
  Scratch.give(p);
  return r;
}

/**
 * @native _hashlib.hmac_digest($module, /, key, msg, digest)
 *
 * The HMAC of a message.
 */
export function hashlib_hmac_digest(_m: usize, key: usize, msg: usize, digest: usize): usize {
  const keyView = Buffer.open(key);
  if (keyView == 0) return 0;
  const view = Buffer.open(msg);
  let r: usize = 0;
  if (view != 0) {
    const algorithm = digestArgument(digest);
    const k = algorithm < 0 ? 0 : newKey(algorithm, Buffer.data(keyView), <usize>Buffer.length(keyView));
    if (k != 0) {
      updateKey(k, Buffer.data(view), <usize>Buffer.length(view));
      r = keyResult(k, false);
      freeKey(k);
    }
    Buffer.close(view);
  }
  Buffer.close(keyView);
  return r;
}

/**
 * @native _hashlib.hmac_new($module, /, key, msg=b'', digestmod=None)
 *
 * A new HMAC object.
 */
export function hashlib_hmac_new(_m: usize, key: usize, msg: usize, digestmod: usize): usize {
  const view = Buffer.open(key);
  if (view == 0) return 0;
  const self = newHMAC(Buffer.data(view), <usize>Buffer.length(view), digestmod);
  Buffer.close(view);
  if (self == 0 || msg == 0 || msg == _Py_NoneStruct || addMessage(self, msg)) return self;
  Py.DECREF(self);
  return 0;
}

function newHMAC(p: usize, n: usize, digestmod: usize): usize {
  if (digestmod == 0 || digestmod == _Py_NoneStruct) {
    return PyErr_SetString(PyExc_TypeError, "Missing required parameter 'digestmod'.");
  }
  const algorithm = digestArgument(digestmod);
  return algorithm < 0 ? 0 : objectOf(newKey(algorithm, p, n));
}

/** A new object that has a key (null for an exception, stolen). */
function objectOf(k: usize): usize {
  const self = k == 0 ? 0 : _PyObject_New(PyHashlib_HMAC_Type);
  if (self == 0) {
    freeKey(k);
    return 0;
  }
  HMACobject.at(self).ctx = k;
  HMACobject.at(self).use_mutex = 0;
  return self;
}

function addMessage(self: usize, msg: usize): bool {
  const view = openMessage(msg);
  if (view == 0) return false;
  updateKey(HMACobject.at(self).ctx, Buffer.data(view), <usize>Buffer.length(view));
  Buffer.close(view);
  return true;
}

/**
 * @native _hashlib.HMAC.update($self, /, msg)
 *
 * Add bytes to the message.
 */
export function HMAC_update(self: usize, msg: usize): usize {
  return addMessage(self, msg) ? _Py_NoneStruct : 0;
}

/**
 * @native _hashlib.HMAC.digest($self, /)
 *
 * The HMAC of the message so far, as bytes.
 */
export function HMAC_digest(self: usize): usize {
  return keyResult(HMACobject.at(self).ctx, false);
}

/**
 * @native _hashlib.HMAC.hexdigest($self, /)
 *
 * The HMAC of the message so far, as text.
 *
 * It is in hexadecimal, and so can be sent where other than
 * plain characters cannot.
 */
export function HMAC_hexdigest(self: usize): usize {
  return keyResult(HMACobject.at(self).ctx, true);
}

/**
 * @native _hashlib.HMAC.copy($self, /)
 *
 * A second object of the same key and bytes.
 */
export function HMAC_copy(self: usize): usize {
  const size = sizeOf(HMACobject.at(self).ctx) * 3;
  const k = PyMem_Malloc(size);
  if (k == 0) return PyErr_NoMemory();
  memory.copy(k, HMACobject.at(self).ctx, size);
  return objectOf(k);
}

/**
 * @getter _hashlib.HMAC.digest_size
 */
export function HMAC_digest_size(self: usize, _c: usize): usize {
  return PyLong_FromLong(<i32>hash_state.at(HMACobject.at(self).ctx).digest_size);
}

/**
 * @getter _hashlib.HMAC.block_size
 */
export function HMAC_block_size(self: usize, _c: usize): usize {
  return PyLong_FromLong(<i32>hash_state.at(HMACobject.at(self).ctx).block_size);
}

function nameText(self: usize): usize {
  return changetype<usize>(nameOf(hash_state.at(HMACobject.at(self).ctx).algorithm));
}

/**
 * @getter _hashlib.HMAC.name
 */
export function HMAC_name(self: usize, _c: usize): usize {
  return PyUnicode_FromFormat("hmac-%L", nameText(self));
}

function HMAC_repr(self: usize): usize {
  return PyUnicode_FromFormat("<%L HMAC object @ %p>", nameText(self), self);
}

function HMAC_dealloc(self: usize): void {
  freeKey(HMACobject.at(self).ctx);
  PyObject_Free(self);
}

/**
 * @type _hashlib.HMAC
 *
 * What computes the HMAC of a message.
 *
 * Methods:
 *
 * update() -- adds bytes to the message
 * digest() -- the HMAC so far, bytes
 * hexdigest() -- the same as text in hexadecimal
 * copy() -- a second object of the same key and bytes
 *
 * Attributes:
 *
 * name -- the hash's name, with hmac- before it
 * digest_size -- how many bytes digest() gives
 */
export function initHMACType(): i32 {
  const t = PyTypeObject.at(PyHashlib_HMAC_Type);
  t.tp_basicsize = SIZEOF_HMACobject;
  t.tp_dealloc = HMAC_dealloc.index;
  t.tp_repr = HMAC_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE;
  return PyType_Ready(PyHashlib_HMAC_Type);
}
