// A string's bytes: where they are and how wide, and loops over them. Mirrors the accessors of CPython 3.13's
// Include/cpython/unicodeobject.h.
//
//   compact and ASCII   PyASCIIObject, the characters and a NUL
//   compact             PyCompactUnicodeObject, the characters and a NUL
//   not compact         PyUnicodeObject, whose data is the characters' address: instances of subclasses of str
//
// Invariant (canonical form): kind is the narrowest of 1, 2, 4 that holds every character, and ascii says that all are
// below 128; so equal strings have equal bytes.

import {
  PyASCIIObject,
  PyUnicodeObject,
  SIZEOF_PyASCIIObject,
  SIZEOF_PyCompactUnicodeObject,
} from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";

export const SSTATE_NOT_INTERNED: u32 = 0;
export const SSTATE_INTERNED_MORTAL: u32 = 1;
export const SSTATE_INTERNED_IMMORTAL: u32 = 2;
export const SSTATE_INTERNED_IMMORTAL_STATIC: u32 = 3;

/** Bits of `state` for a compact string; the kind goes in at bit 2. */
export const STATE_COMPACT: u32 = 1 << 5;
export const STATE_ASCII: u32 = 1 << 6;
export const STATE_STATIC: u32 = 1 << 7;

export const MAX_UNICODE: u32 = 0x10ffff;

export class U {
  /** Code points. */
  @inline static length(o: usize): isize {
    return PyASCIIObject.at(o).length;
  }

  @inline static state(o: usize): u32 {
    return PyASCIIObject.at(o).state;
  }

  /** Bytes a character: 1, 2 or 4. */
  @inline static kind(o: usize): u32 {
    return (U.state(o) >> 2) & 7;
  }

  @inline static isAscii(o: usize): bool {
    return (U.state(o) & STATE_ASCII) != 0;
  }

  @inline static interned(o: usize): u32 {
    return U.state(o) & 3;
  }

  /** Address of the first character. */
  @inline static data(o: usize): usize {
    const s = U.state(o);
    return s & STATE_COMPACT ? (s & STATE_ASCII ? U.asciiData(o) : U.compactData(o)) : PyUnicodeObject.at(o).data;
  }

  /** Address of the first character of a compact ASCII string. */
  @inline static asciiData(o: usize): usize {
    return o + SIZEOF_PyASCIIObject;
  }

  /** Address of the first character of a compact string that is not ASCII. */
  @inline static compactData(o: usize): usize {
    return o + SIZEOF_PyCompactUnicodeObject;
  }

  /** Character `i` of `data`. */
  @inline static read(kind: u32, data: usize, i: isize): u32 {
    return kind == 1
      ? load<u8>(data + <usize>i)
      : kind == 2
        ? load<u16>(data + ((<usize>i) << 1))
        : load<u32>(data + ((<usize>i) << 2));
  }

  @inline static write(kind: u32, data: usize, i: isize, c: u32): void {
    if (kind == 1) store<u8>(data + <usize>i, c);
    else if (kind == 2) store<u16>(data + ((<usize>i) << 1), c);
    else store<u32>(data + ((<usize>i) << 2), c);
  }

  /** Character `i` of the string. */
  @inline static at(o: usize, i: isize): u32 {
    return U.read(U.kind(o), U.data(o), i);
  }

  /** An upper bound of the characters: 0x7f, 0xff, 0xffff or 0x10ffff. */
  @inline static maxCharValue(o: usize): u32 {
    const s = U.state(o);
    if (s & STATE_ASCII) return 0x7f;
    const kind = (s >> 2) & 7;
    return kind == 1 ? 0xff : kind == 2 ? 0xffff : MAX_UNICODE;
  }

  /** The hash as stored: -1 where it has not been computed. */
  @inline static hash(o: usize): i64 {
    return PyASCIIObject.at(o).hash;
  }
}

/** The kind that holds characters up to `maxchar`. */
export function kindFor(maxchar: u32): u32 {
  return maxchar < 0x100 ? 1 : maxchar < 0x10000 ? 2 : 4;
}

/** The class of the greatest of `n` characters: 0x7f, 0xff, 0xffff or 0x10ffff. */
export function findMaxChar(kind: u32, data: usize, n: isize): u32 {
  let i: isize = 0;
  if (kind == 1) {
    for (; i + 8 <= n; i += 8) if (load<u64>(data + <usize>i) & 0x8080808080808080) return 0xff;
    for (; i < n; i++) if (load<u8>(data + <usize>i) & 0x80) return 0xff;
    return 0x7f;
  }
  let all: u32 = 0;
  if (kind == 2) {
    for (; i < n; i++) all |= load<u16>(data + ((<usize>i) << 1));
  } else {
    for (; i < n; i++) {
      const c = load<u32>(data + ((<usize>i) << 2));
      all |= c;
      if (c > 0xffff) return MAX_UNICODE;
    }
  }
  return all < 0x80 ? 0x7f : all < 0x100 ? 0xff : all < 0x10000 ? 0xffff : MAX_UNICODE;
}

/** Copies `n` characters between buffers of any kinds; the destination's must hold them. */
export function copyCharacters(
  toKind: u32,
  to: usize,
  toIndex: isize,
  fromKind: u32,
  from: usize,
  fromIndex: isize,
  n: isize,
): void {
  let d = to + <usize>toIndex * toKind;
  let s = from + <usize>fromIndex * fromKind;
  if (toKind == fromKind) {
    memory.copy(d, s, <usize>n * toKind);
    return;
  }
  const end = d + <usize>n * toKind;
  if (fromKind == 1) {
    if (toKind == 2) for (; d < end; d += 2) store<u16>(d, load<u8>(s++));
    else for (; d < end; d += 4) store<u32>(d, load<u8>(s++));
  } else if (fromKind == 2) {
    if (toKind == 1) for (; d < end; d++, s += 2) store<u8>(d, load<u16>(s));
    else for (; d < end; d += 4, s += 2) store<u32>(d, load<u16>(s));
  } else {
    if (toKind == 1) for (; d < end; d++, s += 4) store<u8>(d, load<u32>(s));
    else for (; d < end; d += 2, s += 4) store<u16>(d, load<u32>(s));
  }
}

/** Sets `n` characters from `index` on to `c`. */
export function fillCharacters(kind: u32, data: usize, index: isize, n: isize, c: u32): void {
  if (kind == 1) memory.fill(data + <usize>index, <u8>c, <usize>n);
  else for (let i: isize = 0; i < n; i++) U.write(kind, data, index + i, c);
}

function rotl(x: u64, n: u64): u64 {
  return (x << n) | (x >> (64 - n));
}

/** SipHash-1-3 of `n` bytes under the process's key; 0 for none, never -1 (Python/pyhash.c). */
export function _Py_HashBytes(p: usize, n: isize): i64 {
  if (n == 0) return 0;
  const h = <i64>keyedHash(objectsRoots.hash_seed, objectsRoots.hash_seed1, p, n);
  return h == -1 ? -2 : h;
}

/** SipHash-1-3 of the n bytes at p, under a key of two words. */
export function keyedHash(k0: u64, k1: u64, p: usize, n: isize): u64 {
  let v0 = k0 ^ 0x736f6d6570736575;
  let v1 = k1 ^ 0x646f72616e646f6d;
  let v2 = k0 ^ 0x6c7967656e657261;
  let v3 = k1 ^ 0x7465646279746573;
  let b = (<u64>n) << 56;
  const words = p + <usize>(n & ~7);
  let rounds = 1;
  // The last word goes in with the length, then three rounds finish: one loop runs them all.
  let m: u64 = 0;
  for (;;) {
    if (p < words) {
      m = load<u64>(p);
      p += 8;
    } else if (rounds == 1) {
      for (let i: usize = 0; i < (<usize>n & 7); i++) b |= (<u64>load<u8>(p + i)) << ((<u64>i) << 3);
      m = b;
      rounds = 2;
    } else {
      if (rounds == 2) v2 ^= 0xff;
      if (rounds == 5) break;
      rounds++;
      m = 0;
    }
    v3 ^= m;
    v0 += v1;
    v2 += v3;
    v1 = rotl(v1, 13) ^ v0;
    v3 = rotl(v3, 16) ^ v2;
    v0 = rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = rotl(v1, 17) ^ v2;
    v3 = rotl(v3, 21) ^ v0;
    v2 = rotl(v2, 32);
    v0 ^= m;
  }
  return v0 ^ v1 ^ v2 ^ v3;
}
