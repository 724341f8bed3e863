// Reading the containers of LZMA from input that comes in pieces: the format xz (one stream), LZMA alone, raw data. What only
// means something as a whole is held until it is there.

import {
  coding,
  lzma_chain,
  lzma_check,
  lzma_decoder,
  lzma_filter,
  PyBytesObject,
  SIZEOF_lzma_chain,
  SIZEOF_lzma_stage,
  SIZEOF_xz_decoder,
  xz_decoder,
} from "../../generated/layouts";
import { PyMem_RawFree, PyMem_RawMalloc } from "../../memory/pymem";
import { PyErr_NoMemory } from "../../objects/errors/raise";
import { Scratch } from "../../thread/scratch";
import { crc32 } from "../zlib/checksums";
import { beginCheck, CHECK_NONE, CHECK_UNKNOWN, checkSize, finishCheck, isCheckSupported, updateCheck } from "./check";
import { beginLZMA, beginLZMA2, DECODER_SIZE, endDecoder, SIZE_UNKNOWN } from "./decode";
import { checkChain, FILTER_LZMA1, FILTER_LZMA2, loadProperties } from "./options";
import { Result } from "./result";
import { beginStage, FILTER_DELTA, filterAt, isDrained, pull, stageAt } from "./stages";
import { Format } from "./write";

/** What comes next. */
const enum Stage {
  format,
  alone,
  header,
  headerSize,
  blockHeader,
  data,
  padding,
  check,
  indexCount,
  indexUnpadded,
  indexUnpacked,
  indexPadding,
  indexChecksum,
  footer,
  end,
}

const HEADER: u32 = 12;
const ALONE_HEADER: u32 = 13;
const STAGES_MOST: u32 = 3;
const MAGIC_FIRST: u32 = 0xfd;
/** What liblzma 5.4 says that LZMA takes besides its dictionary, what LZMA2 takes more, and the filters before. */
const LZMA_MEMORY: u64 = 65408;
const LZMA2_MEMORY: u64 = 184;
const DELTA_MEMORY: u64 = 352;
const BRANCHES_MEMORY: u64 = 1024;
/** The longest number of variable length, and the greatest. */
const NUMBER_SHIFT_MOST: u32 = 56;
/** What LZMA alone may be as large as for a file of any format. */
const ALONE_SIZE_MOST: u64 = (<u64>1) << 38;

/** A new decoder: null with MemoryError. */
export function newDecoder(format: Format, memoryMost: u64): usize {
  const stagesSize: usize = <usize>STAGES_MOST * SIZEOF_lzma_stage;
  const size = SIZEOF_xz_decoder + stagesSize + DECODER_SIZE;
  const d = PyMem_RawMalloc(size);
  if (d == 0) return PyErr_NoMemory();
  memory.fill(d, 0, size);
  const x = xz_decoder.at(d);
  x.format = format;
  x.memory_most = memoryMost;
  x.stages = d + SIZEOF_xz_decoder;
  x.lzma = x.stages + stagesSize;
  lzma_check.at(x.check).id = CHECK_UNKNOWN;
  if (format == Format.auto) enter(x, Stage.format, 1);
  else if (format == Format.xz) enter(x, Stage.header, HEADER);
  else if (format == Format.alone) enter(x, Stage.alone, ALONE_HEADER);
  if (format >= Format.alone) lzma_check.at(x.check).id = CHECK_NONE;
  return d;
}

/** Begins raw data, by filters that are right. */
export function beginRaw(d: usize, chain: usize): void {
  beginData(xz_decoder.at(d), chain, SIZE_UNKNOWN);
}

export function freeDecoder(d: usize): void {
  if (d == 0) return;
  endDecoder(xz_decoder.at(d).lzma);
  PyMem_RawFree(d);
}

/** The number of the check that the input has; CHECK_UNKNOWN before that is known. */
export function checkOf(d: usize): u32 {
  return lzma_check.at(xz_decoder.at(d).check).id;
}

function enter(x: xz_decoder, stage: Stage, need: u32): void {
  x.stage = stage;
  x.held_count = 0;
  x.held_need = need;
}

/** Reads what there must be: whether all of it is there. */
function hold(x: xz_decoder, c: usize): bool {
  const k = coding.at(c);
  const n = min(x.held_need - x.held_count, <u32>k.avail_in);
  memory.copy(x.held + x.held_count, k.next_in, n);
  x.held_count = x.held_count + n;
  k.next_in = k.next_in + n;
  k.avail_in = k.avail_in - <isize>n;
  return x.held_count == x.held_need;
}

/** Goes on as far as input and room go. */
export function decode(d: usize, c: usize): Result {
  const x = xz_decoder.at(d);
  while (true) {
    let r: Result;
    if (x.stage == Stage.data) r = readData(x, c);
    else if (x.stage == Stage.end) return Result.end;
    else if (!hold(x, c)) return Result.some;
    else r = readHeld(x);
    if (r != Result.next) return r;
  }
}

function readHeld(x: xz_decoder): Result {
  switch (<Stage>x.stage) {
    case Stage.format:
      return readFormat(x);
    case Stage.alone:
      return readAlone(x);
    case Stage.header:
      return readHeader(x);
    case Stage.headerSize:
      return readHeaderSize(x);
    case Stage.blockHeader:
      return readBlockHeader(x);
    case Stage.padding:
    case Stage.check:
      return readBlockEnd(x);
    case Stage.indexCount:
    case Stage.indexUnpadded:
    case Stage.indexUnpacked:
      return readNumber(x);
    case Stage.indexPadding:
    case Stage.indexChecksum:
      return readIndexEnd(x);
    default:
      return readFooter(x);
  }
}

/** The first byte tells xz from LZMA alone. */
function readFormat(x: xz_decoder): Result {
  const xz = load<u8>(x.held) == MAGIC_FIRST;
  x.stage = xz ? Stage.header : Stage.alone;
  x.held_need = xz ? HEADER : ALONE_HEADER;
  if (!xz) {
    x.picky = 1;
    lzma_check.at(x.check).id = CHECK_NONE;
  }
  return Result.next;
}

/** Whether a dictionary has a size that tools give it: a power of two, three times one, or all that is possible. */
function isUsualDictionary(size: u32): bool {
  if (size == u32.MAX_VALUE) return true;
  const rest = size & (size - 1);
  return size != 0 && (rest == 0 || rest << 1 == size - rest);
}

function readAlone(x: xz_decoder): Result {
  const filter = x.dictionary;
  if (loadProperties(filter, FILTER_LZMA1, x.held, 5) != Result.next) return Result.wrongFormat;
  const size = load<u64>(x.held + 5);
  if (x.picky) {
    if (!isUsualDictionary(lzma_filter.at(filter).dict_size)) return Result.wrongFormat;
    if (size != SIZE_UNKNOWN && size >= ALONE_SIZE_MOST) return Result.wrongFormat;
  }
  if (LZMA_MEMORY + lzma_filter.at(filter).dict_size > x.memory_most) return Result.overLimit;
  beginLast(x, filter, size);
  return Result.next;
}

/** What the filters of a block take. */
function memoryOf(chain: usize): u64 {
  const last = lzma_chain.at(chain).count - 1;
  let n: u64 = LZMA_MEMORY + LZMA2_MEMORY + lzma_filter.at(filterAt(chain, last)).dict_size;
  for (let i: u32 = 0; i < last; i++) {
    n += lzma_filter.at(filterAt(chain, i)).id == FILTER_DELTA ? DELTA_MEMORY : BRANCHES_MEMORY;
  }
  return n;
}

function beginLast(x: xz_decoder, filter: usize, size: u64): void {
  const f = lzma_filter.at(filter);
  if (f.id == FILTER_LZMA2) beginLZMA2(x.lzma, f.dict_size);
  else beginLZMA(x.lzma, f.lc, f.lp, f.pb, f.dict_size, size);
  x.packed = 0;
  x.unpacked = 0;
  x.stage = Stage.data;
}

function beginData(x: xz_decoder, chain: usize, size: u64): void {
  const count = lzma_chain.at(chain).count - 1;
  x.stage_count = count;
  for (let i: u32 = 0; i < count; i++) beginStage(stageAt(x.stages, i), filterAt(chain, i));
  beginLast(x, filterAt(chain, count), size);
}

/** Whether the `n` bytes at `p` have their checksum behind them. */
function isChecked(p: usize, n: u32): bool {
  return crc32(0, p, <isize>n) == load<u32>(p + n);
}

function readHeader(x: xz_decoder): Result {
  const p = x.held;
  if (load<u32>(p) != 0x587a37fd || load<u16>(p + 4) != 0x005a) return Result.wrongFormat;
  if (!isChecked(p + 6, 2)) return Result.wrongData;
  const flags = <u32>load<u16>(p + 6);
  if ((flags & 0xf0ff) != 0) return Result.wrongOptions;
  x.flags = flags;
  lzma_check.at(x.check).id = flags >> 8;
  enter(x, Stage.headerSize, 1);
  return Result.next;
}

/** The byte with which a block or the index begins. */
function readHeaderSize(x: xz_decoder): Result {
  const size = <u32>load<u8>(x.held);
  if (size == 0) {
    x.index_size = 1;
    x.index_checksum = crc32(0, x.held, 1);
    enterNumber(x, Stage.indexCount);
    return Result.next;
  }
  x.header_size = (size + 1) * 4;
  x.stage = Stage.blockHeader;
  x.held_need = x.header_size;
  return Result.next;
}

/** A number of variable length at `p`, which goes to `x.number`: where it ends; null where it does not before `end`. */
function loadNumber(x: xz_decoder, p: usize, end: usize): usize {
  let n: u64 = 0;
  for (let shift: u32 = 0; shift <= NUMBER_SHIFT_MOST && p < end; shift += 7) {
    const byte = <u64>load<u8>(p++);
    n |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      x.number = n;
      return byte == 0 && shift > 0 ? 0 : p;
    }
  }
  return 0;
}

function readBlockHeader(x: xz_decoder): Result {
  const end = x.held + x.header_size - 4;
  if (!isChecked(x.held, x.header_size - 4)) return Result.wrongData;
  const flags = <u32>load<u8>(x.held + 1);
  if (flags & 0x3c) return Result.wrongOptions;
  let p = x.held + 2;
  x.packed_told = SIZE_UNKNOWN;
  x.unpacked_told = SIZE_UNKNOWN;
  if (flags & 0x40) {
    p = loadNumber(x, p, end);
    if (p == 0 || x.number == 0) return Result.wrongData;
    x.packed_told = x.number;
  }
  if (flags & 0x80) {
    p = loadNumber(x, p, end);
    if (p == 0) return Result.wrongData;
    x.unpacked_told = x.number;
  }
  const chain = Scratch.take(<isize>(SIZEOF_lzma_chain >> 3));
  const r = readFilters(x, chain, (flags & 3) + 1, p, end);
  Scratch.give(chain);
  return r;
}

function readFilters(x: xz_decoder, chain: usize, count: u32, p: usize, end: usize): Result {
  memory.fill(chain, 0, SIZEOF_lzma_chain);
  lzma_chain.at(chain).count = count;
  for (let i: u32 = 0; i < count; i++) {
    p = loadNumber(x, p, end);
    if (p == 0) return Result.wrongData;
    const id = x.number;
    p = loadNumber(x, p, end);
    if (p == 0 || x.number > <u64>(end - p)) return Result.wrongData;
    const r = id == FILTER_LZMA1 ? Result.wrongOptions : loadProperties(filterAt(chain, i), id, p, <usize>x.number);
    if (r != Result.next) return r;
    p += <usize>x.number;
  }
  for (; p < end; p++) if (load<u8>(p) != 0) return Result.wrongOptions;
  const r = checkChain(chain, false);
  if (r != Result.next) return r;
  if (memoryOf(chain) > x.memory_most) return Result.overLimit;
  beginData(x, chain, SIZE_UNKNOWN);
  beginCheck(x.check, x.flags >> 8);
  return Result.next;
}

function readData(x: xz_decoder, c: usize): Result {
  const k = coding.at(c);
  const to = PyBytesObject.at(k.bytes).ob_sval + <usize>k.filled;
  const room = <u32>(k.room - k.filled);
  const before = k.avail_in;
  const n = pull(x.stages, x.stage_count, x.lzma, 0, c, to, room);
  k.filled = k.filled + <isize>n;
  x.packed = x.packed + <u64>(before - k.avail_in);
  x.unpacked = x.unpacked + n;
  const xz = <i32>x.format <= Format.xz && !x.picky;
  if (xz) updateCheck(x.check, to, n);
  const failed = <Result>lzma_decoder.at(x.lzma).failed;
  if (failed != Result.some && failed != Result.end) return failed;
  if (xz && (x.packed > x.packed_told || x.unpacked > x.unpacked_told)) return Result.wrongData;
  if (!isDrained(x.stages, x.stage_count, x.lzma)) return Result.some;
  if (!xz) {
    x.stage = Stage.end;
    return Result.end;
  }
  if (x.packed_told != SIZE_UNKNOWN && x.packed_told != x.packed) return Result.wrongData;
  if (x.unpacked_told != SIZE_UNKNOWN && x.unpacked_told != x.unpacked) return Result.wrongData;
  enter(x, Stage.padding, <u32>(0 - x.packed) & 3);
  return Result.next;
}

function readBlockEnd(x: xz_decoder): Result {
  const id = x.flags >> 8;
  if (x.stage == Stage.padding) {
    for (let i: u32 = 0; i < x.held_need; i++) if (load<u8>(x.held + i) != 0) return Result.wrongData;
    enter(x, Stage.check, checkSize(id));
    return Result.next;
  }
  if (isCheckSupported(id) && id != CHECK_NONE) {
    const expected = x.held + x.held_need;
    finishCheck(x.check, expected);
    if (memory.compare(x.held, expected, x.held_need) != 0) return Result.wrongData;
  }
  x.block_count = x.block_count + 1;
  x.blocks_crc = addRecord(x, x.blocks_crc, x.header_size + x.packed + checkSize(id), x.unpacked);
  enter(x, Stage.headerSize, 1);
  return Result.next;
}

/** The checksum of a block's sizes behind those of others, by which the index is compared with the blocks. */
function addRecord(x: xz_decoder, crc: u32, unpadded: u64, unpacked: u64): u32 {
  store<u64>(x.held, unpadded);
  store<u64>(x.held + 8, unpacked);
  return crc32(crc, x.held, 16);
}

function enterNumber(x: xz_decoder, stage: Stage): void {
  enter(x, stage, 1);
  x.number = 0;
  x.shift = 0;
}

/** A byte of a number of the index. */
function readNumber(x: xz_decoder): Result {
  const byte = <u64>load<u8>(x.held);
  x.index_size = x.index_size + 1;
  x.index_checksum = crc32(x.index_checksum, x.held, 1);
  x.held_count = 0;
  x.number = x.number | ((byte & 0x7f) << x.shift);
  if (byte >= 0x80) {
    x.shift = x.shift + 7;
    return x.shift > NUMBER_SHIFT_MOST ? Result.wrongData : Result.next;
  }
  if (byte == 0 && x.shift > 0) return Result.wrongData;
  if (x.stage == Stage.indexCount) {
    if (x.number != x.block_count) return Result.wrongData;
    x.index_left = x.number;
  } else if (x.stage == Stage.indexUnpadded) {
    x.packed = x.number;
    enterNumber(x, Stage.indexUnpacked);
    return Result.next;
  } else {
    x.index_crc = addRecord(x, x.index_crc, x.packed, x.number);
    x.index_left = x.index_left - 1;
  }
  if (x.index_left > 0) enterNumber(x, Stage.indexUnpadded);
  else enter(x, Stage.indexPadding, <u32>(0 - x.index_size) & 3);
  return Result.next;
}

function readIndexEnd(x: xz_decoder): Result {
  if (x.stage == Stage.indexPadding) {
    for (let i: u32 = 0; i < x.held_need; i++) if (load<u8>(x.held + i) != 0) return Result.wrongData;
    x.index_checksum = crc32(x.index_checksum, x.held, <isize>x.held_need);
    x.index_size = x.index_size + x.held_need;
    if (x.index_crc != x.blocks_crc) return Result.wrongData;
    enter(x, Stage.indexChecksum, 4);
    return Result.next;
  }
  if (load<u32>(x.held) != x.index_checksum) return Result.wrongData;
  x.index_size = x.index_size + 4;
  enter(x, Stage.footer, HEADER);
  return Result.next;
}

function readFooter(x: xz_decoder): Result {
  const p = x.held;
  if (load<u16>(p + 10) != 0x5a59) return Result.wrongData;
  if (crc32(0, p + 4, 6) != load<u32>(p)) return Result.wrongData;
  if (load<u16>(p + 8) != x.flags || (<u64>load<u32>(p + 4) + 1) * 4 != x.index_size) return Result.wrongData;
  x.stage = Stage.end;
  return Result.end;
}
