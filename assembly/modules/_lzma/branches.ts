// The filters for machine code: the targets of branches become absolute, so that a routine that is called from many places
// has the same bytes in all of them; and relative again. Each converts what it can of a buffer, and says how much that is:
// of the rest, more must be known.

import { lzma_stage } from "../../generated/layouts";

export const FILTER_X86: u64 = 4;
export const FILTER_POWERPC: u64 = 5;
export const FILTER_IA64: u64 = 6;
export const FILTER_ARM: u64 = 7;
export const FILTER_ARMTHUMB: u64 = 8;
export const FILTER_SPARC: u64 = 9;

/** What the position of the first byte must be a multiple of. */
export function branchAlignment(id: u64): u32 {
  return id == FILTER_X86 ? 1 : id == FILTER_ARMTHUMB ? 2 : id == FILTER_IA64 ? 16 : 4;
}

/** Converts the first of the `n` bytes at `p`, and returns how many. */
export function convertBranches(f: usize, p: usize, n: u32, encode: bool): u32 {
  const s = lzma_stage.at(f);
  const id = s.id;
  const position = s.position;
  let done: u32;
  if (id == FILTER_X86) done = convertX86(f, p, n, encode);
  else if (id == FILTER_POWERPC) done = convertPowerPC(p, n, position, encode);
  else if (id == FILTER_IA64) done = convertIA64(p, n, position, encode);
  else if (id == FILTER_ARM) done = convertARM(p, n, position, encode);
  else if (id == FILTER_ARMTHUMB) done = convertThumb(p, n, position, encode);
  else done = convertSPARC(p, n, position, encode);
  s.position = position + done;
  return done;
}

function converted(target: u32, here: u32, encode: bool): u32 {
  return encode ? target + here : target - here;
}

/** `bl` with a displacement of 26 bits. */
function convertPowerPC(p: usize, n: u32, position: u32, encode: bool): u32 {
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4) {
    const word = bswap<u32>(load<u32>(p + i));
    if ((word & 0xfc000003) != 0x48000001) continue;
    const target = converted(word & 0x03fffffc, position + i, encode);
    store<u32>(p + i, bswap<u32>(0x48000001 | (target & 0x03fffffc)));
  }
  return i;
}

/** `BL`, always executed. */
function convertARM(p: usize, n: u32, position: u32, encode: bool): u32 {
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4) {
    const word = load<u32>(p + i);
    if (word >> 24 != 0xeb) continue;
    const target = converted((word & 0xffffff) << 2, position + i + 8, encode) >> 2;
    store<u32>(p + i, 0xeb000000 | (target & 0xffffff));
  }
  return i;
}

/** `BL` in two halves. */
function convertThumb(p: usize, n: u32, position: u32, encode: bool): u32 {
  let i: u32 = 0;
  for (; i + 4 <= n; i += 2) {
    const high = <u32>load<u16>(p + i);
    const low = <u32>load<u16>(p + i + 2);
    if (high >> 11 != 0x1e || low >> 11 != 0x1f) continue;
    const source = (((high & 0x7ff) << 11) | (low & 0x7ff)) << 1;
    const target = converted(source, position + i + 4, encode) >> 1;
    store<u16>(p + i, 0xf000 | ((target >> 11) & 0x7ff));
    store<u16>(p + i + 2, 0xf800 | (target & 0x7ff));
    i += 2;
  }
  return i;
}

/** `call` with a displacement of 23 bits and its sign. */
function convertSPARC(p: usize, n: u32, position: u32, encode: bool): u32 {
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4) {
    const word = bswap<u32>(load<u32>(p + i));
    if (word >> 22 != 0x100 && word >> 22 != 0x1ff) continue;
    const target = converted(word << 2, position + i, encode) >> 2;
    const sign = (0 - ((target >> 22) & 1)) << 22;
    store<u32>(p + i, bswap<u32>((sign & 0x3fffffff) | (target & 0x3fffff) | 0x40000000));
  }
  return i;
}

/** For each template of a bundle, which of its three instructions may be branches. */
// biome-ignore format: a table
const BRANCHES: usize = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 6, 6, 0, 0, 7, 7, 4, 4, 0, 0, 4, 4, 0, 0,
]);

/** Bundles of three instructions of 41 bits behind a template of 5. */
function convertIA64(p: usize, n: u32, position: u32, encode: bool): u32 {
  let i: u32 = 0;
  for (; i + 16 <= n; i += 16) {
    const mask = <u32>load<u8>(BRANCHES + (load<u8>(p + i) & 0x1f));
    for (let slot: u32 = 0; slot < 3; slot++) {
      if (((mask >> slot) & 1) == 0) continue;
      const bit = 5 + slot * 41;
      const at = p + i + (bit >> 3);
      const shift = <u64>(bit & 7);
      const bytes = <u64>load<u32>(at) | ((<u64>load<u16>(at + 4)) << 32);
      let instruction = bytes >> shift;
      if (((instruction >> 37) & 0xf) != 5 || ((instruction >> 9) & 7) != 0) continue;
      const source = <u32>((instruction >> 13) & 0xfffff) | ((<u32>((instruction >> 36) & 1)) << 20);
      const target = <u64>(converted(source << 4, position + i, encode) >> 4);
      instruction &= ~((<u64>0x8fffff) << 13);
      instruction |= (target & 0xfffff) << 13;
      instruction |= (target & 0x100000) << 16;
      const result = (bytes & (((<u64>1) << shift) - 1)) | (instruction << shift);
      store<u32>(at, <u32>result);
      store<u16>(at + 4, <u32>(result >> 32));
    }
  }
  return i;
}

/** Whether a byte can be the highest of a displacement. */
function isHighByte(b: u32): bool {
  return b == 0 || b == 0xff;
}

/** After which bytes that looked like branches another one is taken for one: by the last three. */
const TAKEN: u32 = 0b00010111;
/** Which byte of the displacement the last that looked like a branch is. */
const BYTE_OF: usize = memory.data<u8>([0, 1, 2, 2, 3, 3, 3, 3]);

/** `CALL` and `JMP` with a displacement of 32 bits, of which nothing says where they begin. */
function convertX86(f: usize, p: usize, n: u32, encode: bool): u32 {
  const s = lzma_stage.at(f);
  if (n < 5) return 0;
  let mask = s.previous_mask;
  let previous = s.previous_position;
  const position = s.position;
  if (position - previous > 5) previous = position - 5;
  const last = n - 5;
  let i: u32 = 0;
  while (i <= last) {
    const opcode = <u32>load<u8>(p + i);
    if (opcode != 0xe8 && opcode != 0xe9) {
      i++;
      continue;
    }
    const distance = position + i - previous;
    previous = position + i;
    if (distance > 5) mask = 0;
    else for (let j: u32 = 0; j < distance; j++) mask = (mask & 0x77) << 1;
    const high = <u32>load<u8>(p + i + 4);
    if (isHighByte(high) && ((TAKEN >> ((mask >> 1) & 7)) & 1) != 0 && mask >> 1 < 0x10) {
      store<u32>(p + i + 1, x86Target(load<u32>(p + i + 1), position + i + 5, mask, encode));
      i += 5;
      mask = 0;
    } else {
      i++;
      mask |= isHighByte(high) ? 0x11 : 1;
    }
  }
  s.previous_mask = mask;
  s.previous_position = previous;
  return i;
}

function x86Target(source: u32, here: u32, mask: u32, encode: bool): u32 {
  let target: u32;
  while (true) {
    target = converted(source, here, encode);
    if (mask == 0) break;
    const shift = (<u32>load<u8>(BYTE_OF + (mask >> 1))) << 3;
    if (!isHighByte((target >> (24 - shift)) & 0xff)) break;
    source = target ^ ((1 << (32 - shift)) - 1);
  }
  return (target & 0x1ffffff) | (0 - (target & 0x1000000));
}
