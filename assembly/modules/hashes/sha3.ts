// The module _sha3 (CPython 3.13's Modules/sha3module.c): its types make their objects themselves.

import { Py_TPFLAGS_IMMUTABLETYPE } from "../../generated/constants";
import { hash_state, PyTypeObject, SIZEOF_SHA3object } from "../../generated/layouts";
import {
  PyExc_ValueError,
  PySHA3_224_Type,
  PySHA3_256_Type,
  PySHA3_384_Type,
  PySHA3_512_Type,
  PySHAKE_128_Type,
  PySHAKE_256_Type,
} from "../../generated/statics";
import { PyObject_Free } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { parseTupleAndKeywords, unsignedArgument } from "../../objects/define/args";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { freeState, newHash, resultOf, stateOf, withMessage } from "./objects";
import { Hash } from "./state";

/** Bits of the lanes. */
const LANES: i32 = 1600;

/** The most bytes that can be had of SHAKE are fewer than this. */
const LENGTH_END: u64 = 1 << 29;

function algorithmOf(type: usize): Hash {
  if (type == PySHA3_224_Type) return Hash.sha3_224;
  if (type == PySHA3_256_Type) return Hash.sha3_256;
  if (type == PySHA3_384_Type) return Hash.sha3_384;
  if (type == PySHA3_512_Type) return Hash.sha3_512;
  return type == PySHAKE_128_Type ? Hash.shake_128 : Hash.shake_256;
}

/** type(data=b'', /, *, usedforsecurity=True): as in CPython, errors name the first type, whichever it is. */
function SHA3_new(type: usize, args: usize, kwargs: usize): usize {
  const argv = Scratch.take(2);
  const ok = parseTupleAndKeywords("sha3_224", "- usedforsecurity", args, kwargs, argv, 0, 1);
  const data: usize = Py.item(argv, 0);
  const security: usize = Py.item(argv, 1);
  Scratch.give(argv);
  if (!ok || (security != 0 && PyObject_IsTrue(security) < 0)) return 0;
  return withMessage(newHash(type, algorithmOf(type)), data);
}

function SHA3_dealloc(self: usize): void {
  freeState(self);
  PyObject_Free(self);
}

function shakeResult(self: usize, length: usize, hex: bool): usize {
  const n = unsignedArgument(length);
  if (n == u64.MAX_VALUE && PyErr_Occurred()) return 0;
  if (n >= LENGTH_END) return PyErr_SetString(PyExc_ValueError, "length is too large");
  return resultOf(stateOf(self), <isize>n, hex);
}

/**
 * @native _sha3.shake_128.digest($self, length, /)
 * @native _sha3.shake_256.digest($self, length, /)
 *
 * The hash of what was added so far, as so many bytes.
 */
export function shake_digest(self: usize, length: usize): usize {
  return shakeResult(self, length, false);
}

/**
 * @native _sha3.shake_128.hexdigest($self, length, /)
 * @native _sha3.shake_256.hexdigest($self, length, /)
 *
 * The hash of what was added so far, as so many bytes in hexadecimal.
 */
export function shake_hexdigest(self: usize, length: usize): usize {
  return shakeResult(self, length, true);
}

/**
 * @getter _sha3.sha3_224._capacity_bits
 * @getter _sha3.sha3_256._capacity_bits
 * @getter _sha3.sha3_384._capacity_bits
 * @getter _sha3.sha3_512._capacity_bits
 * @getter _sha3.shake_128._capacity_bits
 * @getter _sha3.shake_256._capacity_bits
 */
export function sha3_capacity_bits(self: usize, _c: usize): usize {
  return PyLong_FromLong(LANES - <i32>hash_state.at(stateOf(self)).block_size * 8);
}

/**
 * @getter _sha3.sha3_224._rate_bits
 * @getter _sha3.sha3_256._rate_bits
 * @getter _sha3.sha3_384._rate_bits
 * @getter _sha3.sha3_512._rate_bits
 * @getter _sha3.shake_128._rate_bits
 * @getter _sha3.shake_256._rate_bits
 */
export function sha3_rate_bits(self: usize, _c: usize): usize {
  return PyLong_FromLong(<i32>hash_state.at(stateOf(self)).block_size * 8);
}

/**
 * @getter _sha3.sha3_224._suffix
 * @getter _sha3.sha3_256._suffix
 * @getter _sha3.sha3_384._suffix
 * @getter _sha3.sha3_512._suffix
 * @getter _sha3.shake_128._suffix
 * @getter _sha3.shake_256._suffix
 */
export function sha3_suffix(self: usize, _c: usize): usize {
  const open = hash_state.at(stateOf(self)).digest_size == 0;
  const slot = Scratch.take(1);
  store<u8>(slot, open ? 0x1f : 0x06);
  const r = PyBytes_FromStringAndSize(slot, 1);
  Scratch.give(slot);
  return r;
}

/** Readies a type and adds it to the module: 0, or -1 with an exception. */
function addSHA3Type(m: usize, name: string, type: usize): i32 {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_SHA3object;
  t.tp_dealloc = SHA3_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_new = SHA3_new.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  return PyType_Ready(type) < 0 ? -1 : PyModule_AddObjectLiteral(m, name, type);
}

/**
 * @type _sha3.sha3_224(data=b'', /, *, usedforsecurity=True)
 *
 * A new SHA3-224, of these bytes so far: 28 bytes.
 */

/**
 * @type _sha3.sha3_256(data=b'', /, *, usedforsecurity=True)
 *
 * A new SHA3-256, of these bytes so far: 32 bytes.
 */

/**
 * @type _sha3.sha3_384(data=b'', /, *, usedforsecurity=True)
 *
 * A new SHA3-384, of these bytes so far: 48 bytes.
 */

/**
 * @type _sha3.sha3_512(data=b'', /, *, usedforsecurity=True)
 *
 * A new SHA3-512, of these bytes so far: 64 bytes.
 */

/**
 * @type _sha3.shake_128(data=b'', /, *, usedforsecurity=True)
 *
 * A new SHAKE-128, of these bytes so far.
 */

/**
 * @type _sha3.shake_256(data=b'', /, *, usedforsecurity=True)
 *
 * A new SHAKE-256, of these bytes so far.
 */

/**
 * @module _sha3
 */
export function initSHA3(m: usize): i32 {
  if (
    addSHA3Type(m, "sha3_224", PySHA3_224_Type) < 0 ||
    addSHA3Type(m, "sha3_256", PySHA3_256_Type) < 0 ||
    addSHA3Type(m, "sha3_384", PySHA3_384_Type) < 0 ||
    addSHA3Type(m, "sha3_512", PySHA3_512_Type) < 0 ||
    addSHA3Type(m, "shake_128", PySHAKE_128_Type) < 0 ||
    addSHA3Type(m, "shake_256", PySHAKE_256_Type) < 0
  ) {
    return -1;
  }
  return PyModule_AddObjectLiteral(m, "implementation", PyUnicode_FromLiteral("HACL"));
}
