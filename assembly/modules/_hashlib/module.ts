// The module _hashlib (CPython 3.13's Modules/_hashopenssl.c): hashes by OpenSSL's names. They are those of
// assembly/modules/hashes; there is no OpenSSL.
//
//   names   which algorithm a name means
//   hmac    HMAC
//   derive  keys from passwords

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { hash_state, PyTypeObject, SIZEOF_EVPobject } from "../../generated/layouts";
import { hashlibRoots } from "../../generated/runtime";
import {
  PyExc_SystemError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyHashlib_HASH_Type,
  PyHashlib_HASHXOF_Type,
  PyHashlib_HMAC_Type,
} from "../../generated/statics";
import { PyObject_Free } from "../../memory/pymem";
import { PyDict_RequireItemLiteral, PyDict_New, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyDictProxy_New } from "../../objects/containers/mappingproxy";
import { PyFrozenSet_New, PySet_Add } from "../../objects/containers/set/set";
import { PyErr_Clear, PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Py } from "../../objects/object/head";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../../objects/text/codecs/utf8";
import { cstringLength, PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_Ready } from "../../objects/types/ready";
import { freeState, nameOf, newHash, resultOf, stateOf, withMessage } from "../hashes/objects";
import { Hash } from "../hashes/state";
import { initHMACType } from "./hmac";
import { ALGORITHMS, hashByName, isOpen } from "./names";

/** A new object of an algorithm, of the bytes of an argument, or of none for null: null with an exception. */
function newObject(algorithm: i32, message: usize): usize {
  return withMessage(newHash(isOpen(algorithm) ? PyHashlib_HASHXOF_Type : PyHashlib_HASH_Type, algorithm), message);
}

/** Whether an object can be a name: a str that C could have. */
function isText(o: usize): bool {
  if (!Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) return false;
  const utf8 = PyUnicode_AsUTF8(o);
  if (utf8 != 0) return cstringLength(utf8) == PyUnicode_UTF8Length(o);
  PyErr_Clear();
  return false;
}

/**
 * @native _hashlib.new($module, /, name, string=b'', *, usedforsecurity=True)
 *
 * A new object that hashes by the algorithm of this name.
 *
 * Bytes can be given that it begins with, as by
 * update().
 *
 * MD5 and SHA-1 are there always.
 */
export function hashlib_new(_m: usize, name: usize, string: usize, _usedforsecurity: bool): usize {
  if (!isText(name)) return PyErr_SetString(PyExc_TypeError, "name must be a string");
  const algorithm = hashByName(name);
  return algorithm < 0 ? 0 : newObject(algorithm, string);
}

/**
 * @native _hashlib.openssl_md5($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new MD5, of these bytes so far.
 */
export function openssl_md5(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.md5, string);
}

/**
 * @native _hashlib.openssl_sha1($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA-1, of these bytes so far.
 */
export function openssl_sha1(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.sha1, string);
}

/**
 * @native _hashlib.openssl_sha224($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA-224, of these bytes so far.
 */
export function openssl_sha224(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.sha224, string);
}

/**
 * @native _hashlib.openssl_sha256($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA-256, of these bytes so far.
 */
export function openssl_sha256(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.sha256, string);
}

/**
 * @native _hashlib.openssl_sha384($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA-384, of these bytes so far.
 */
export function openssl_sha384(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.sha384, string);
}

/**
 * @native _hashlib.openssl_sha512($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA-512, of these bytes so far.
 */
export function openssl_sha512(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.sha512, string);
}

/**
 * @native _hashlib.openssl_sha3_224($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA3-224, of these bytes so far.
 */
export function openssl_sha3_224(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.sha3_224, string);
}

/**
 * @native _hashlib.openssl_sha3_256($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA3-256, of these bytes so far.
 */
export function openssl_sha3_256(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.sha3_256, string);
}

/**
 * @native _hashlib.openssl_sha3_384($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA3-384, of these bytes so far.
 */
export function openssl_sha3_384(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.sha3_384, string);
}

/**
 * @native _hashlib.openssl_sha3_512($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA3-512, of these bytes so far.
 */
export function openssl_sha3_512(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.sha3_512, string);
}

/**
 * @native _hashlib.openssl_shake_128($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHAKE-128, whose result has any length, of these bytes so far.
 */
export function openssl_shake_128(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.shake_128, string);
}

/**
 * @native _hashlib.openssl_shake_256($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHAKE-256, whose result has any length, of these bytes so far.
 */
export function openssl_shake_256(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return newObject(Hash.shake_256, string);
}

/**
 * @native _hashlib.get_fips_mode($module, /)
 *
 * Whether only what the standard FIPS 140 knows is allowed: an int, 0 if not.
 *
 * It is never so here, where there is no OpenSSL that could be told to be that strict; hashes
 * that the standard does not know are always to be had, whether
 * they are used for security or for anything
 * else. Other values than 0 and 1 have been seen elsewhere.
 */
export function hashlib_get_fips_mode(_m: usize): usize {
  return PyLong_FromLong(0);
}

/**
 * @native _hashlib.compare_digest($module, a, b, /) = operator_compare_digest
 *
 * Whether a and b are equal, told in a time that does not depend on where they differ.
 *
 * So that nobody can find a secret by trying, it is compared to its end. Both are str of ASCII characters
 * alone, or both are bytes of some kind.
 *
 * What can be found out, by the time that it takes, is how long they are, and of
 * which types; not what is in them. If the types do not fit, TypeError.
 */

function hash_repr(self: usize): usize {
  const name = changetype<usize>(nameOf(hash_state.at(stateOf(self)).algorithm));
  return PyUnicode_FromFormat("<%L %t object @ %p>", name, self, self);
}

function hash_dealloc(self: usize): void {
  freeState(self);
  PyObject_Free(self);
}

/**
 * @native _hashlib.HASHXOF.digest($self, /, length)
 *
 * The hash of what was added so far, as so many bytes.
 */
export function HASHXOF_digest(self: usize, length: isize): usize {
  if (length < 0) return PyErr_SetString(PyExc_SystemError, "Negative size passed to PyBytes_FromStringAndSize");
  return resultOf(stateOf(self), length, false);
}

/**
 * @native _hashlib.HASHXOF.hexdigest($self, /, length)
 *
 * The hash of what was added so far, as so many bytes in hexadecimal.
 */
export function HASHXOF_hexdigest(self: usize, length: isize): usize {
  return length < 0 ? PyErr_NoMemory() : resultOf(stateOf(self), length, true);
}

/** Readies a type of hashes and adds it to the module: 0, or -1 with an exception. */
function addHashlibType(m: usize, name: string, type: usize, base: usize): i32 {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_EVPobject;
  if (base != 0) t.tp_base = base;
  t.tp_dealloc = hash_dealloc.index;
  t.tp_repr = hash_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_alloc = PyType_GenericAlloc.index;
  return PyType_Ready(type) < 0 ? -1 : PyModule_AddObjectLiteral(m, name, type);
}

/** The names of all algorithms: a new frozenset, null with MemoryError. */
function allNames(): usize {
  const names = PyFrozenSet_New(0);
  for (let i = 0; names != 0 && i < ALGORITHMS; i++) {
    const name = PyUnicode_FromLiteral(nameOf(i));
    const ok = name != 0 && PySet_Add(names, name) == 0;
    Py.XDECREF(name);
    if (ok) continue;
    Py.DECREF(names);
    return 0;
  }
  return names;
}

/** The names of algorithms by the functions that make them: a new dict, null with an exception. */
function allConstructors(m: usize): usize {
  const dict = PyDict_New();
  for (let i = 0; dict != 0 && i < ALGORITHMS; i++) {
    if (constructorOf(i).length == 0) continue;
    const make = PyDict_RequireItemLiteral(PyModule_GetDict(m), constructorOf(i));
    const name = make == 0 ? 0 : PyUnicode_FromLiteral(nameOf(i));
    const ok = name != 0 && PyDict_SetItem(dict, make, name) == 0;
    Py.XDECREF(name);
    if (ok) continue;
    Py.DECREF(dict);
    return 0;
  }
  return dict;
}

/** The name of the function that makes an algorithm's objects; empty where there is none. */
function constructorOf(algorithm: i32): string {
  switch (algorithm) {
    case Hash.md5:
      return "openssl_md5";
    case Hash.sha1:
      return "openssl_sha1";
    case Hash.sha224:
      return "openssl_sha224";
    case Hash.sha256:
      return "openssl_sha256";
    case Hash.sha384:
      return "openssl_sha384";
    case Hash.sha512:
      return "openssl_sha512";
    case Hash.sha3_224:
      return "openssl_sha3_224";
    case Hash.sha3_256:
      return "openssl_sha3_256";
    case Hash.sha3_384:
      return "openssl_sha3_384";
    case Hash.sha3_512:
      return "openssl_sha3_512";
    case Hash.shake_128:
      return "openssl_shake_128";
    case Hash.shake_256:
      return "openssl_shake_256";
    default:
      return "";
  }
}

/**
 * @type _hashlib.HASH
 *
 * What computes a hash of bytes.
 *
 * Methods:
 *
 * update() -- adds bytes to what is hashed
 * digest() -- the hash so far, bytes
 * hexdigest() -- the same as text in hexadecimal
 * copy() -- a second object of the same bytes
 *
 * Attributes:
 *
 * name -- which algorithm it is
 * digest_size -- how many bytes the hash has
 */

/**
 * @type _hashlib.HASHXOF
 *
 * What computes a hash of bytes, as long as is asked for.
 *
 * Methods:
 *
 * update() -- adds bytes to what is hashed
 * digest(length) -- the hash so far, bytes
 * hexdigest(length) -- the same as text in hexadecimal
 * copy() -- a second object of the same bytes
 *
 * Attributes:
 *
 * name -- which algorithm it is
 * digest_size -- 0
 */

/**
 * @module _hashlib
 *
 * What hashlib has of OpenSSL
 */
export function initHashlib(m: usize): i32 {
  const error = PyErr_NewException("_hashlib", "UnsupportedDigestmodError", PyExc_ValueError);
  if (error == 0) return -1;
  Py.SETREF(hashlibRoots.unsupported_digestmod_error_slot, error);
  const constructors = allConstructors(m);
  if (constructors == 0) return -1;
  Py.SETREF(hashlibRoots.constructors_slot, constructors);
  if (
    initHMACType() < 0 ||
    addHashlibType(m, "HASH", PyHashlib_HASH_Type, 0) < 0 ||
    addHashlibType(m, "HASHXOF", PyHashlib_HASHXOF_Type, PyHashlib_HASH_Type) < 0 ||
    PyModule_AddObjectLiteral(m, "HMAC", PyHashlib_HMAC_Type) < 0 ||
    PyModule_AddObjectLiteral(m, "UnsupportedDigestmodError", Py.NewRef(error)) < 0 ||
    PyModule_AddObjectLiteral(m, "_constructors", PyDictProxy_New(constructors)) < 0
  ) {
    return -1;
  }
  return PyModule_AddObjectLiteral(m, "openssl_md_meth_names", allNames());
}
