// The modules _md5, _sha1 and _sha2, whose objects the collector tracks though they refer to nothing (CPython 3.13's
// Modules/md5module.c, Modules/sha1module.c, Modules/sha2module.c).

import { Py_TPFLAGS_DISALLOW_INSTANTIATION, Py_TPFLAGS_IMMUTABLETYPE } from "../../generated/constants";
import { SIZEOF_MD5object, SIZEOF_SHA1object, SIZEOF_SHA2object } from "../../generated/layouts";
import {
  PyMD5_Type,
  PySHA1_Type,
  PySHA224_Type,
  PySHA256_Type,
  PySHA384_Type,
  PySHA512_Type,
} from "../../generated/statics";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyObject_GC_Del } from "../../objects/object/alloc";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";
import { freeState, newHash, withMessage } from "./objects";
import { Hash } from "./state";

function hash_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  freeState(self);
  PyObject_GC_Del(self);
}

function hash_traverse(_self: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

/** Readies a type and adds it to its module: 0, or -1 with an exception. */
function addHashType(m: usize, name: string, type: usize, size: usize): i32 {
  const flags = Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE;
  collectedType(type, size, hash_dealloc.index, hash_traverse.index, 0, flags);
  return PyType_Ready(type) < 0 ? -1 : PyModule_AddObjectLiteral(m, name, type);
}

/**
 * @native _md5.md5($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new MD5, of these bytes so far.
 */
export function md5_md5(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return withMessage(newHash(PyMD5_Type, Hash.md5), string);
}

/**
 * @native _sha1.sha1($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA-1, of these bytes so far.
 */
export function sha1_sha1(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return withMessage(newHash(PySHA1_Type, Hash.sha1), string);
}

/**
 * @native _sha2.sha224($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA-224, of these bytes so far.
 */
export function sha2_sha224(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return withMessage(newHash(PySHA224_Type, Hash.sha224), string);
}

/**
 * @native _sha2.sha256($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA-256, of these bytes so far.
 */
export function sha2_sha256(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return withMessage(newHash(PySHA256_Type, Hash.sha256), string);
}

/**
 * @native _sha2.sha384($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA-384, of these bytes so far.
 */
export function sha2_sha384(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return withMessage(newHash(PySHA384_Type, Hash.sha384), string);
}

/**
 * @native _sha2.sha512($module, /, string=b'', *, usedforsecurity=True)
 *
 * A new SHA-512, of these bytes so far.
 */
export function sha2_sha512(_m: usize, string: usize, _usedforsecurity: bool): usize {
  return withMessage(newHash(PySHA512_Type, Hash.sha512), string);
}

/**
 * @type _md5.md5
 */

/**
 * @type _sha1.sha1
 */

/**
 * @type _sha2.SHA224Type
 */

/**
 * @type _sha2.SHA256Type
 */

/**
 * @type _sha2.SHA384Type
 */

/**
 * @type _sha2.SHA512Type
 */

/**
 * @module _md5
 */
export function initMD5(m: usize): i32 {
  return addHashType(m, "MD5Type", PyMD5_Type, SIZEOF_MD5object);
}

/**
 * @module _sha1
 */
export function initSHA1(m: usize): i32 {
  return addHashType(m, "SHA1Type", PySHA1_Type, SIZEOF_SHA1object);
}

/**
 * @module _sha2
 * @order sha256 sha224 sha512 sha384
 */
export function initSHA2(m: usize): i32 {
  if (
    addHashType(m, "SHA224Type", PySHA224_Type, SIZEOF_SHA2object) < 0 ||
    addHashType(m, "SHA256Type", PySHA256_Type, SIZEOF_SHA2object) < 0 ||
    addHashType(m, "SHA384Type", PySHA384_Type, SIZEOF_SHA2object) < 0
  ) {
    return -1;
  }
  return addHashType(m, "SHA512Type", PySHA512_Type, SIZEOF_SHA2object);
}
