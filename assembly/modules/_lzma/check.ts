// The checks of the format xz: CRC-32, CRC-64, SHA-256, or none.

import { lzma_check } from "../../generated/layouts";
import { beginHash, digestHash, Hash, updateHash } from "../hashes/state";
import { crc32 } from "../zlib/checksums";

export const CHECK_NONE: u32 = 0;
export const CHECK_CRC32: u32 = 1;
export const CHECK_CRC64: u32 = 4;
export const CHECK_SHA256: u32 = 10;
export const CHECK_ID_MAX: u32 = 15;
export const CHECK_UNKNOWN: u32 = 16;

/** For half a byte the remainder of CRC-64's polynomial with its bits reversed. */
// biome-ignore format: a table
const CRC64: usize = memory.data<u64>([
  0x0000000000000000, 0x7d9ba13851336649, 0xfb374270a266cc92, 0x86ace348f355aadb,
  0x64b62bcaebc387a1, 0x192d8af2baf0e1e8, 0x9f8169ba49a54b33, 0xe21ac88218962d7a,
  0xc96c5795d7870f42, 0xb4f7f6ad86b4690b, 0x325b15e575e1c3d0, 0x4fc0b4dd24d2a599,
  0xadda7c5f3c4488e3, 0xd041dd676d77eeaa, 0x56ed3e2f9e224471, 0x2b769f17cf112238,
]);

function crc64(value: u64, p: usize, n: usize): u64 {
  let c = ~value;
  for (const end = p + n; p < end; p++) {
    c ^= load<u8>(p);
    c = (c >> 4) ^ load<u64>(CRC64 + ((<usize>c & 15) << 3));
    c = (c >> 4) ^ load<u64>(CRC64 + ((<usize>c & 15) << 3));
  }
  return ~c;
}

export function isCheckSupported(id: u32): bool {
  return id == CHECK_NONE || id == CHECK_CRC32 || id == CHECK_CRC64 || id == CHECK_SHA256;
}

/** How many bytes a check has, also one of those that do not exist yet. */
export function checkSize(id: u32): u32 {
  return id == 0 ? 0 : (<u32>4) << ((id - 1) / 3);
}

export function beginCheck(x: usize, id: u32): void {
  const s = lzma_check.at(x);
  s.id = id;
  s.crc32 = 0;
  s.crc64 = 0;
  if (id == CHECK_SHA256) beginHash(s.sha256, Hash.sha256);
}

export function updateCheck(x: usize, p: usize, n: usize): void {
  const s = lzma_check.at(x);
  if (s.id == CHECK_CRC32) s.crc32 = crc32(s.crc32, p, <isize>n);
  else if (s.id == CHECK_CRC64) s.crc64 = crc64(s.crc64, p, n);
  else if (s.id == CHECK_SHA256) updateHash(s.sha256, p, n);
}

/** Writes the bytes of the check to `to`. */
export function finishCheck(x: usize, to: usize): void {
  const s = lzma_check.at(x);
  if (s.id == CHECK_CRC32) store<u32>(to, s.crc32);
  else if (s.id == CHECK_CRC64) store<u64>(to, s.crc64);
  else if (s.id == CHECK_SHA256) digestHash(s.sha256, to, 32);
}
