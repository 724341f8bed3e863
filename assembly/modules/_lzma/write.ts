// Writing the containers of LZMA: the format xz with one block, LZMA alone, and raw data.
//
//   xz:    header | block | index | footer
//   block: header | data | zeros up to 4 bytes | check

import {
  lzma_chain,
  lzma_check,
  lzma_filter,
  SIZEOF_lzma_chain,
  SIZEOF_lzma_stage,
  SIZEOF_xz_encoder,
  xz_encoder,
} from "../../generated/layouts";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { ByteWriter } from "../../objects/bytes/writer";
import { PyErr_NoMemory } from "../../objects/errors/raise";
import { crc32 } from "../zlib/checksums";
import { beginCheck, checkSize, finishCheck, updateCheck } from "./check";
import { beginEncoder, ENCODER_SIZE, endEncoder } from "./encode";
import { FILTER_LZMA2, propertiesSize, storeProperties } from "./options";
import { beginStage, feed, filterAt, stageAt } from "./stages";

export const enum Format {
  auto,
  xz,
  alone,
  raw,
}

/** What was written last. */
const enum Stage {
  nothing,
  header,
  block,
}

/** Room for the header of a block with four filters, the index with one record, and the rest. */
const HEADER_MOST: isize = 64;
const RECORD_MOST: isize = 48;
const FOOTER: isize = 12;
const CHECK_MOST: isize = 32;
const ALONE_HEADER: isize = 13;

/** A new encoder for filters that are right: null with MemoryError. */
export function newEncoder(format: Format, check: u32, chain: usize): usize {
  const count = lzma_chain.at(chain).count - 1;
  const stagesSize = <usize>count * SIZEOF_lzma_stage;
  const size = SIZEOF_xz_encoder + stagesSize + ENCODER_SIZE;
  const e = PyMem_RawMalloc(size);
  if (e == 0) return PyErr_NoMemory();
  memory.fill(e, 0, size);
  const x = xz_encoder.at(e);
  x.format = format;
  x.stage_count = count;
  x.stages = e + SIZEOF_xz_encoder;
  x.lzma = x.stages + stagesSize;
  memory.copy(x.chain, chain, SIZEOF_lzma_chain);
  for (let i: u32 = 0; i < count; i++) beginStage(stageAt(x.stages, i), filterAt(chain, i));
  const last = filterAt(chain, count);
  beginEncoder(x.lzma, last, lzma_filter.at(last).id == FILTER_LZMA2);
  beginCheck(x.check, check);
  return e;
}

export function freeEncoder(e: usize): void {
  if (e == 0) return;
  endEncoder(xz_encoder.at(e).lzma);
  PyMem_RawFree(e);
}

/** Compresses `n` bytes at `p`: false with MemoryError. */
export function encode(e: usize, p: usize, n: usize, w: usize): bool {
  const x = xz_encoder.at(e);
  if (x.stage == Stage.nothing && !writeHeader(x, w)) return false;
  if (n == 0) return true;
  if (x.stage == Stage.header && !writeBlockHeader(x, w)) return false;
  updateCheck(x.check, p, n);
  x.unpacked = x.unpacked + n;
  const before = ByteWriter.length(w);
  if (!feed(x.stages, x.stage_count, x.lzma, 0, p, n, false, w)) return false;
  x.packed = x.packed + <u64>(ByteWriter.length(w) - before);
  return true;
}

/** Writes what is left, and the end: false with MemoryError. */
export function encodeEnd(e: usize, w: usize): bool {
  const x = xz_encoder.at(e);
  if (x.stage == Stage.nothing && !writeHeader(x, w)) return false;
  if (x.stage == Stage.block) {
    const before = ByteWriter.length(w);
    if (!feed(x.stages, x.stage_count, x.lzma, 0, 0, 0, true, w)) return false;
    x.packed = x.packed + <u64>(ByteWriter.length(w) - before);
  }
  return x.format != Format.xz || writeEnd(x, w);
}

function writeHeader(x: xz_encoder, w: usize): bool {
  x.stage = x.format == Format.xz ? Stage.header : Stage.block;
  if (x.format == Format.raw) return true;
  if (x.format == Format.alone) {
    if (ByteWriter.prepare(w, ALONE_HEADER) < 0) return false;
    const p = ByteWriter.address(w);
    storeProperties(filterAt(x.chain, 0), p);
    store<u64>(p + 5, u64.MAX_VALUE);
    ByteWriter.advance(w, ALONE_HEADER);
    return true;
  }
  if (ByteWriter.prepare(w, FOOTER) < 0) return false;
  const p = ByteWriter.address(w);
  store<u32>(p, 0x587a37fd);
  store<u16>(p + 4, 0x005a);
  store<u8>(p + 6, 0);
  store<u8>(p + 7, lzma_check.at(x.check).id);
  store<u32>(p + 8, crc32(0, p + 6, 2));
  ByteWriter.advance(w, FOOTER);
  return true;
}

/** Writes a number of variable length, and returns where it ends. */
function storeNumber(p: usize, n: u64): usize {
  while (n >= 0x80) {
    store<u8>(p++, <u32>(n & 0x7f) | 0x80);
    n >>= 7;
  }
  store<u8>(p++, <u32>n);
  return p;
}

/** Zeros up to a multiple of four bytes, then the checksum of all from `begin`: where that ends. */
function storeChecksum(begin: usize, p: usize): usize {
  while (((p - begin) & 3) != 0) store<u8>(p++, 0);
  store<u32>(p, crc32(0, begin, <isize>(p - begin)));
  return p + 4;
}

function writeBlockHeader(x: xz_encoder, w: usize): bool {
  x.stage = Stage.block;
  if (ByteWriter.prepare(w, HEADER_MOST) < 0) return false;
  const begin = ByteWriter.address(w);
  store<u8>(begin + 1, x.stage_count);
  let p = begin + 2;
  for (let i: u32 = 0; i <= x.stage_count; i++) {
    const filter = filterAt(x.chain, i);
    const size = propertiesSize(filter);
    p = storeNumber(p, lzma_filter.at(filter).id);
    p = storeNumber(p, size);
    storeProperties(filter, p);
    p += size;
  }
  const size = ((<u32>(p - begin) + 3) & ~3) + 4;
  store<u8>(begin, size / 4 - 1);
  storeChecksum(begin, p);
  x.header_size = size;
  ByteWriter.advance(w, <isize>size);
  return true;
}

/** The end of the block, the index and the footer. */
function writeEnd(x: xz_encoder, w: usize): bool {
  const hasBlock = x.stage == Stage.block;
  if (ByteWriter.prepare(w, CHECK_MOST + RECORD_MOST + FOOTER) < 0) return false;
  const first = ByteWriter.address(w);
  let p = first;
  const checked = checkSize(lzma_check.at(x.check).id);
  if (hasBlock) {
    for (let n = x.packed; (n & 3) != 0; n++) store<u8>(p++, 0);
    finishCheck(x.check, p);
    p += checked;
  }
  const index = p;
  store<u8>(p++, 0);
  p = storeNumber(p, hasBlock ? 1 : 0);
  if (hasBlock) {
    p = storeNumber(p, x.header_size + x.packed + checked);
    p = storeNumber(p, x.unpacked);
  }
  p = storeChecksum(index, p);
  const size = <u32>(p - index);
  store<u32>(p + 4, size / 4 - 1);
  store<u8>(p + 8, 0);
  store<u8>(p + 9, lzma_check.at(x.check).id);
  store<u32>(p, crc32(0, p + 4, 6));
  store<u16>(p + 10, 0x5a59);
  ByteWriter.advance(w, <isize>(p + FOOTER - first));
  return true;
}
