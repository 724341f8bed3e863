// Formats of the struct module, from their text to the codes that packing and unpacking follow (CPython 3.13's
// Modules/_struct.c: prepare_s and its tables).
//
// Sizes are counted in 64 bits, as CPython's are: a struct may be larger than the memory of this machine.

import { formatcode, formatcodes, SIZEOF_formatcode, SIZEOF_formatcodes, structextent } from "../../generated/layouts";
import { structRoots } from "../../generated/runtime";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyErr_Fail, PyErr_NoMemory } from "../../objects/errors/raise";

export const NATIVE: u32 = 0;
const LITTLE: u32 = 1;
export const BIG: u32 = 2;

/** Characters, and behind each its native size and its standard one; 0 where it has none. */
const formats: usize = memory.data<u8>([
  // x b B c s p
  0x78, 1, 1, 0x62, 1, 1, 0x42, 1, 1, 0x63, 1, 1, 0x73, 1, 1, 0x70, 1, 1,
  // h H i I l L
  0x68, 2, 2, 0x48, 2, 2, 0x69, 4, 4, 0x49, 4, 4, 0x6c, 8, 4, 0x4c, 8, 4,
  // q Q n N
  0x71, 8, 8, 0x51, 8, 8, 0x6e, 8, 0, 0x4e, 8, 0,
  // ? e f d P, and the end
  0x3f, 1, 1, 0x65, 2, 2, 0x66, 4, 4, 0x64, 8, 8, 0x50, 8, 0, 0,
]);

/** Bytes of an item, 0 for a character that the order does not have. */
function itemSize(c: u32, order: u32): i64 {
  for (let p = formats; load<u8>(p) != 0; p += 3) {
    if (load<u8>(p) == c) return <i64>load<u8>(p + (order == NATIVE ? 1 : 2));
  }
  return 0;
}

/** Sets struct.error; returns -1. */
export function structError(message: string): i32 {
  return PyErr_Fail(structRoots.error, message);
}

class Character {
  @inline static isSpace(c: u32): bool {
    return c == 0x20 || c - 9 < 5;
  }

  @inline static isDigit(c: u32): bool {
    return c - 0x30 < 10;
  }
}

export class Codes {
  /** Whoever follows the codes holds them: meanwhile the struct may get another format. */
  @inline static hold(codes: usize): void {
    formatcodes.at(codes).users++;
  }

  @inline static release(codes: usize): void {
    if (--formatcodes.at(codes).users == 0) PyMem_Free(codes);
  }

  @inline static at(codes: usize, i: u32): formatcode {
    return formatcode.at(formatcodes.at(codes).code + <usize>i * SIZEOF_formatcode);
  }
}

/**
 * The codes of the format at `p`, ended by a NUL: a new block, or null with an exception. Fills the structextent at
 * `extent`.
 */
export function readFormat(p: usize, extent: usize): usize {
  const first = <u32>load<u8>(p);
  let order = NATIVE;
  if (first == 0x3c || first == 0x3d) order = LITTLE;
  else if (first == 0x3e || first == 0x21) order = BIG;
  if (order != NATIVE || first == 0x40) p++;
  const count = walkFormat(p, order, extent, 0);
  if (count < 0) return 0;
  const codes = PyMem_Malloc(SIZEOF_formatcodes + <usize>count * SIZEOF_formatcode);
  if (codes == 0) return PyErr_NoMemory();
  formatcodes.at(codes).users = 1;
  formatcodes.at(codes).count = <u32>count;
  walkFormat(p, order, extent, codes);
  return codes;
}

/** Reads a format, filling the codes where these are not null: how many there are, or -1 with struct.error. */
function walkFormat(p: usize, order: u32, extent: usize, codes: usize): i32 {
  let size: i64 = 0;
  let items: i64 = 0;
  let n: u32 = 0;
  while (true) {
    let c = <u32>load<u8>(p++);
    if (c == 0) break;
    if (Character.isSpace(c)) continue;
    let repeat: i64 = 1;
    if (Character.isDigit(c)) {
      repeat = 0;
      for (; Character.isDigit(c); c = <u32>load<u8>(p++)) {
        const digit = <i64>(c - 0x30);
        if (repeat > (i64.MAX_VALUE - digit) / 10) return structError("total struct size too long");
        repeat = repeat * 10 + digit;
      }
      if (c == 0) return structError("repeat count given without format specifier");
    }
    const itemsize = itemSize(c, order);
    if (itemsize == 0) return structError("bad char in struct format");
    if (order == NATIVE && size > 0) {
      const extra = itemsize - 1 - ((size - 1) % itemsize);
      if (extra > i64.MAX_VALUE - size) return structError("total struct size too long");
      size += extra;
    }
    if (repeat > (i64.MAX_VALUE - size) / itemsize) return structError("total struct size too long");
    const isText = c == 0x73 || c == 0x70;
    if (c != 0x78 && (isText || repeat != 0)) {
      if (codes != 0) {
        const code = Codes.at(codes, n);
        code.format = <u8>c;
        code.order = <u8>order;
        code.offset = <isize>size;
        code.size = <isize>(isText ? repeat : itemsize);
        code.repeat = isText ? 1 : <isize>repeat;
      }
      n++;
      items += isText ? 1 : repeat;
    }
    size += repeat * itemsize;
  }
  structextent.at(extent).size = size;
  structextent.at(extent).items = items;
  return <i32>n;
}
