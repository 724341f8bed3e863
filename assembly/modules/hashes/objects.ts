// What the objects of all modules of hashes have in common: where their state is, how they are made, copied, added to and
// read (CPython 3.13's Modules/hashlib.h, and what each of the modules repeats).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  BLAKE2bObject_state,
  BLAKE2sObject_state,
  EVPobject_ctx,
  hash_state,
  MD5object_hash_state,
  Py_buffer,
  PyBytesObject,
  PyTypeObject,
  SHA1object_hash_state,
  SIZEOF_PyObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyBLAKE2b_Type,
  PyBLAKE2s_Type,
  PyExc_BufferError,
  PyExc_TypeError,
  PyHashlib_HASH_Type,
  PyHashlib_HASHXOF_Type,
  PySHA1_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { newBytes, PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { hexOf } from "../../objects/bytes/methods";
import { PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Buffer, PyObject_CheckBuffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Interrupts } from "../../thread/interrupts";
import { Scratch } from "../../thread/scratch";
import { beginHash, DIGEST_MAX, digestHash, Hash, stateSize, updateHash } from "./state";

/** Where an object has the address of its state; 0 where the state is a part of it. */
function placeOf(type: usize): usize {
  if (type == PyHashlib_HASH_Type || type == PyHashlib_HASHXOF_Type) return EVPobject_ctx;
  return type == PySHA1_Type ? SHA1object_hash_state : MD5object_hash_state;
}

/** The state of a hash object. */
export function stateOf(self: usize): usize {
  const type = Py.TYPE(self);
  if (type == PyBLAKE2b_Type) return self + BLAKE2bObject_state;
  if (type == PyBLAKE2s_Type) return self + BLAKE2sObject_state;
  return load<u32>(self + placeOf(type));
}

/** A new object of a type whose objects have an address of their state: null with MemoryError. */
export function newHash(type: usize, algorithm: Hash): usize {
  const state = PyMem_Malloc(stateSize(algorithm));
  if (state == 0) return PyErr_NoMemory();
  const self = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) {
    PyMem_Free(state);
    return 0;
  }
  beginHash(state, algorithm);
  store<u32>(self + placeOf(type), state);
  return self;
}

/** Lets go of an object's state. */
export function freeState(self: usize): void {
  PyMem_Free(load<u32>(self + placeOf(Py.TYPE(self))));
}

/** The bytes of an argument in a view of scratch slots; null with an exception. Buffer.close must follow. */
export function openMessage(o: usize): usize {
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "Strings must be encoded before hashing");
  }
  if (!PyObject_CheckBuffer(o)) return PyErr_SetString(PyExc_TypeError, "object supporting the buffer API required");
  const view = Buffer.open(o);
  if (view == 0 || Py_buffer.at(view).ndim <= 1) return view;
  Buffer.close(view);
  return PyErr_SetString(PyExc_BufferError, "Buffer must be single dimension");
}

/** Bytes between two looks whether it is to be interrupted. */
const PIECE: isize = 0x40000;

/** Adds the bytes of a view, which it closes: whether all were added; false with an exception. */
function addMessage(self: usize, view: usize): bool {
  let p = Buffer.data(view);
  let added: bool = true;
  for (let left = Buffer.length(view); added && left > 0; left -= PIECE) {
    const n = min(left, PIECE);
    updateHash(stateOf(self), p, <usize>n);
    p += n;
    added = left <= PIECE || !Interrupts.raised();
  }
  Buffer.close(view);
  return added;
}

/** Adds the bytes of an argument, or nothing for null, to an object that is new: it, or null with an exception. */
export function withMessage(self: usize, message: usize): usize {
  if (self == 0 || message == 0) return self;
  const view = openMessage(message);
  if (view != 0 && addMessage(self, view)) return self;
  Py.DECREF(self);
  return 0;
}

/** The result of a hash of `n` bytes, as bytes or in hexadecimal: new; null with MemoryError. */
export function resultOf(state: usize, n: isize, hex: bool): usize {
  if (n <= DIGEST_MAX) {
    const p = Scratch.take(DIGEST_MAX >> 3);
    digestHash(state, p, <usize>n);
    const r = hex ? hexOf(p, n, 0, 0) : PyBytes_FromStringAndSize(p, n);
    Scratch.give(p);
    return r;
  }
  const bytes = newBytes(n);
  if (bytes == 0) return 0;
  digestHash(state, PyBytesObject.at(bytes).ob_sval, <usize>n);
  if (!hex) return bytes;
  const r = hexOf(PyBytesObject.at(bytes).ob_sval, n, 0, 0);
  Py.DECREF(bytes);
  return r;
}

/**
 * @native _md5.md5.update($self, obj, /)
 * @native _sha1.sha1.update($self, obj, /)
 * @native _sha2.SHA224Type.update($self, obj, /)
 * @native _sha2.SHA256Type.update($self, obj, /)
 * @native _sha2.SHA384Type.update($self, obj, /)
 * @native _sha2.SHA512Type.update($self, obj, /)
 * @native _hashlib.HASH.update($self, obj, /)
 *
 * Add bytes to what is hashed, behind those added before.
 *
 * @native _sha3.sha3_224.update($self, data, /)
 * @native _sha3.sha3_256.update($self, data, /)
 * @native _sha3.sha3_384.update($self, data, /)
 * @native _sha3.sha3_512.update($self, data, /)
 * @native _sha3.shake_128.update($self, data, /)
 * @native _sha3.shake_256.update($self, data, /)
 * @native _blake2.blake2b.update($self, data, /)
 * @native _blake2.blake2s.update($self, data, /)
 *
 * Add bytes of some kind to what is hashed, behind those added before.
 */
export function hash_update(self: usize, obj: usize): usize {
  const view = openMessage(obj);
  return view != 0 && addMessage(self, view) ? _Py_NoneStruct : 0;
}

/**
 * @native _md5.md5.digest($self, /)
 * @native _sha1.sha1.digest($self, /)
 * @native _sha2.SHA224Type.digest($self, /)
 * @native _sha2.SHA256Type.digest($self, /)
 * @native _sha2.SHA384Type.digest($self, /)
 * @native _sha2.SHA512Type.digest($self, /)
 * @native _sha3.sha3_224.digest($self, /)
 * @native _sha3.sha3_256.digest($self, /)
 * @native _sha3.sha3_384.digest($self, /)
 * @native _sha3.sha3_512.digest($self, /)
 * @native _blake2.blake2b.digest($self, /)
 * @native _blake2.blake2s.digest($self, /)
 * @native _hashlib.HASH.digest($self, /)
 *
 * The hash of what was added so far, as bytes.
 */
export function hash_digest(self: usize): usize {
  const state = stateOf(self);
  return resultOf(state, hash_state.at(state).digest_size, false);
}

/**
 * @native _md5.md5.hexdigest($self, /)
 * @native _sha1.sha1.hexdigest($self, /)
 * @native _sha2.SHA224Type.hexdigest($self, /)
 * @native _sha2.SHA256Type.hexdigest($self, /)
 * @native _sha2.SHA384Type.hexdigest($self, /)
 * @native _sha2.SHA512Type.hexdigest($self, /)
 * @native _sha3.sha3_224.hexdigest($self, /)
 * @native _sha3.sha3_256.hexdigest($self, /)
 * @native _sha3.sha3_384.hexdigest($self, /)
 * @native _sha3.sha3_512.hexdigest($self, /)
 * @native _blake2.blake2b.hexdigest($self, /)
 * @native _blake2.blake2s.hexdigest($self, /)
 * @native _hashlib.HASH.hexdigest($self, /)
 *
 * The hash of what was added so far, as text in hexadecimal.
 */
export function hash_hexdigest(self: usize): usize {
  const state = stateOf(self);
  return resultOf(state, hash_state.at(state).digest_size, true);
}

/**
 * @native _md5.md5.copy($self, /)
 * @native _sha1.sha1.copy($self, /)
 * @native _sha2.SHA224Type.copy($self, /)
 * @native _sha2.SHA256Type.copy($self, /)
 * @native _sha2.SHA384Type.copy($self, /)
 * @native _sha2.SHA512Type.copy($self, /)
 * @native _sha3.sha3_224.copy($self, /)
 * @native _sha3.sha3_256.copy($self, /)
 * @native _sha3.sha3_384.copy($self, /)
 * @native _sha3.sha3_512.copy($self, /)
 * @native _sha3.shake_128.copy($self, /)
 * @native _sha3.shake_256.copy($self, /)
 * @native _hashlib.HASH.copy($self, /)
 *
 * A second object of the same bytes.
 */
export function hash_copy(self: usize): usize {
  const algorithm: Hash = hash_state.at(stateOf(self)).algorithm;
  const copy = newHash(Py.TYPE(self), algorithm);
  if (copy != 0) memory.copy(stateOf(copy), stateOf(self), stateSize(algorithm));
  return copy;
}

/**
 * @native _blake2.blake2b.copy($self, /)
 * @native _blake2.blake2s.copy($self, /)
 *
 * A second object of the same bytes.
 */
export function blake2_copy(self: usize): usize {
  const type = Py.TYPE(self);
  const copy = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (copy == 0) return 0;
  const size = <usize>PyTypeObject.at(Py.TYPE(self)).tp_basicsize - SIZEOF_PyObject;
  memory.copy(copy + SIZEOF_PyObject, self + SIZEOF_PyObject, size);
  return copy;
}

/**
 * @getter _md5.md5.block_size
 * @getter _sha1.sha1.block_size
 * @getter _sha2.SHA224Type.block_size
 * @getter _sha2.SHA256Type.block_size
 * @getter _sha2.SHA384Type.block_size
 * @getter _sha2.SHA512Type.block_size
 * @getter _sha3.sha3_224.block_size
 * @getter _sha3.sha3_256.block_size
 * @getter _sha3.sha3_384.block_size
 * @getter _sha3.sha3_512.block_size
 * @getter _sha3.shake_128.block_size
 * @getter _sha3.shake_256.block_size
 * @getter _blake2.blake2b.block_size
 * @getter _blake2.blake2s.block_size
 * @getter _hashlib.HASH.block_size
 */
export function hash_block_size(self: usize, _c: usize): usize {
  return PyLong_FromLong(<i32>hash_state.at(stateOf(self)).block_size);
}

/**
 * @getter _md5.md5.digest_size
 * @getter _sha1.sha1.digest_size
 * @getter _sha2.SHA224Type.digest_size
 * @getter _sha2.SHA256Type.digest_size
 * @getter _sha2.SHA384Type.digest_size
 * @getter _sha2.SHA512Type.digest_size
 * @getter _sha3.sha3_224.digest_size
 * @getter _sha3.sha3_256.digest_size
 * @getter _sha3.sha3_384.digest_size
 * @getter _sha3.sha3_512.digest_size
 * @getter _sha3.shake_128.digest_size
 * @getter _sha3.shake_256.digest_size
 * @getter _blake2.blake2b.digest_size
 * @getter _blake2.blake2s.digest_size
 * @getter _hashlib.HASH.digest_size
 * @getter _hashlib.HASHXOF.digest_size
 */
export function hash_digest_size(self: usize, _c: usize): usize {
  return PyLong_FromLong(<i32>hash_state.at(stateOf(self)).digest_size);
}

/** The name of an algorithm. */
export function nameOf(algorithm: Hash): string {
  switch (algorithm) {
    case Hash.md5:
      return "md5";
    case Hash.sha1:
      return "sha1";
    case Hash.sha224:
      return "sha224";
    case Hash.sha256:
      return "sha256";
    case Hash.sha384:
      return "sha384";
    case Hash.sha512:
      return "sha512";
    case Hash.sha512_224:
      return "sha512_224";
    case Hash.sha512_256:
      return "sha512_256";
    case Hash.sha3_224:
      return "sha3_224";
    case Hash.sha3_256:
      return "sha3_256";
    case Hash.sha3_384:
      return "sha3_384";
    case Hash.sha3_512:
      return "sha3_512";
    case Hash.shake_128:
      return "shake_128";
    case Hash.shake_256:
      return "shake_256";
    case Hash.blake2b:
      return "blake2b";
    default:
      return "blake2s";
  }
}

/**
 * @getter _md5.md5.name
 * @getter _sha1.sha1.name
 * @getter _sha2.SHA224Type.name
 * @getter _sha2.SHA256Type.name
 * @getter _sha2.SHA384Type.name
 * @getter _sha2.SHA512Type.name
 * @getter _sha3.sha3_224.name
 * @getter _sha3.sha3_256.name
 * @getter _sha3.sha3_384.name
 * @getter _sha3.sha3_512.name
 * @getter _sha3.shake_128.name
 * @getter _sha3.shake_256.name
 * @getter _blake2.blake2b.name
 * @getter _blake2.blake2s.name
 *
 * @getter _hashlib.HASH.name
 * which algorithm
 */
export function hash_name(self: usize, _c: usize): usize {
  return PyUnicode_FromLiteral(nameOf(hash_state.at(stateOf(self)).algorithm));
}
