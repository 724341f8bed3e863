// Hashes by their names, as Python and OpenSSL have them (CPython 3.13's Modules/_hashopenssl.c).
//
// Deliberate difference: OpenSSL has ripemd160, sm3 and md5-sha1, too.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { hashlibRoots } from "../../generated/runtime";
import { PyExc_ValueError } from "../../generated/statics";
import { PyDict_GetItemWithError } from "../../objects/containers/dict/dict";
import { PyErr_Fail, PyErr_Format, PyErr_Occurred } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { nameOf } from "../hashes/objects";
import { Hash } from "../hashes/state";

/** How many algorithms there are. */
export const ALGORITHMS: i32 = 16;

/** OpenSSL's names for an algorithm, whatever the case of their letters. */
function openSSLNames(algorithm: i32): string {
  switch (algorithm) {
    case Hash.md5:
      return "MD5 SSL3-MD5";
    case Hash.sha1:
      return "SHA1 SHA-1 SSL3-SHA1";
    case Hash.sha224:
      return "SHA224 SHA-224 SHA2-224";
    case Hash.sha256:
      return "SHA256 SHA-256 SHA2-256";
    case Hash.sha384:
      return "SHA384 SHA-384 SHA2-384";
    case Hash.sha512:
      return "SHA512 SHA-512 SHA2-512";
    case Hash.sha512_224:
      return "SHA512-224 SHA-512/224 SHA2-512/224";
    case Hash.sha512_256:
      return "SHA512-256 SHA-512/256 SHA2-512/256";
    case Hash.sha3_224:
      return "SHA3-224";
    case Hash.sha3_256:
      return "SHA3-256";
    case Hash.sha3_384:
      return "SHA3-384";
    case Hash.sha3_512:
      return "SHA3-512";
    case Hash.shake_128:
      return "SHAKE128 SHAKE-128";
    case Hash.shake_256:
      return "SHAKE256 SHAKE-256";
    case Hash.blake2b:
      return "BLAKE2B512 BLAKE2B-512";
    default:
      return "BLAKE2S256 BLAKE2S-256";
  }
}

/** A character as names are compared: a capital for a small letter. */
function folded(c: u32): u32 {
  return c >= 0x61 && c <= 0x7a ? c - 0x20 : c;
}

/** Whether a str is one of the names. */
function isOneOf(s: usize, names: string): bool {
  const n = U.length(s);
  for (let at = 0; at < names.length; at++) {
    let end = at;
    while (end < names.length && names.charCodeAt(end) != 0x20) end++;
    let i = 0;
    if (end - at == n) while (i < n && folded(U.at(s, i)) == <u32>names.charCodeAt(at + i)) i++;
    if (i > 0 && i == n) return true;
    at = end;
  }
  return false;
}

/** The algorithm that a str names: -1 with UnsupportedDigestmodError. */
export function hashByName(s: usize): i32 {
  for (let i = 0; i < ALGORITHMS; i++) {
    if (PyUnicode_EqualToLiteral(s, nameOf(i)) || isOneOf(s, openSSLNames(i))) return i;
  }
  return PyErr_Fail(hashlibRoots.unsupported_digestmod_error, "[digital envelope routines] unsupported");
}

/** Whether any number of bytes can be had of an algorithm. */
export function isOpen(algorithm: i32): bool {
  return algorithm == Hash.shake_128 || algorithm == Hash.shake_256;
}

/** The algorithm of a key, that a str names or a function of the module makes: -1 with an exception. */
export function digestArgument(o: usize): i32 {
  let name = o;
  if (!Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    name = PyDict_GetItemWithError(hashlibRoots.constructors, o);
    if (name == 0) {
      if (!PyErr_Occurred()) PyErr_Format(hashlibRoots.unsupported_digestmod_error, "Unsupported digestmod %R", o);
      return -1;
    }
  }
  const algorithm = hashByName(name);
  if (algorithm < 0 || !isOpen(algorithm)) return algorithm;
  return PyErr_Fail(PyExc_ValueError, "no reason supplied");
}
