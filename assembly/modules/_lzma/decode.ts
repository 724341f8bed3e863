// Decompressing LZMA and LZMA2 from input that comes in pieces. A symbol takes at most 20 bytes: where as many are there it
// is decoded at once; near the end of the input it is decoded from a copy with zeros behind it, and taken back where it
// needed more than there was.
//
// The window is a ring of the dictionary's size once as much has come; before, it grows with what comes.

import { coding, lzma_decoder, SIZEOF_lzma_decoder } from "../../generated/layouts";
import { PyMem_RawFree, PyMem_RawRealloc } from "../../memory/pymem";
import { PROBABILITIES_MOST, probabilitiesSize, RANGE_LEAST, resetModel } from "./model";
import { Result } from "./result";
import { decodeSymbol, normalize } from "./symbol";

/** What comes next. */
const enum Stage {
  control,
  header,
  range,
  symbols,
  copy,
  end,
}

/** What a chunk must reset. */
const NEEDS_DICTIONARY: u32 = 2;
const NEEDS_PROPERTIES: u32 = 1;

/** More bytes than a symbol takes. */
const SYMBOL_MOST: isize = 21;
const RANGE_BYTES: u32 = 5;
const TAIL: usize = 64;
const WINDOW_FIRST: u32 = 1 << 16;
const DICTIONARY_LEAST: u32 = 4096;
export const SIZE_UNKNOWN: u64 = u64.MAX_VALUE;

/** The bytes that a decoder takes, without its window. */
export const DECODER_SIZE: usize = (SIZEOF_lzma_decoder + 2 * PROBABILITIES_MOST) as usize;

/** Begins LZMA at `d`, DECODER_SIZE zeros, with `size` bytes to come, SIZE_UNKNOWN where a marker ends them. */
export function beginLZMA(d: usize, lc: u32, lp: u32, pb: u32, dictionary: u32, size: u64): void {
  beginDecoder(d, dictionary);
  const s = lzma_decoder.at(d);
  setProperties(d, lc, lp, pb);
  s.size_left = size;
  s.stage = Stage.range;
}

/** Begins LZMA2. */
export function beginLZMA2(d: usize, dictionary: u32): void {
  beginDecoder(d, dictionary);
  const s = lzma_decoder.at(d);
  s.is_lzma2 = 1;
  s.needs = NEEDS_DICTIONARY | NEEDS_PROPERTIES;
  s.stage = Stage.control;
}

/** A decoder that was one before keeps its window. */
function beginDecoder(d: usize, dictionary: u32): void {
  const s = lzma_decoder.at(d);
  const size = max(dictionary, DICTIONARY_LEAST);
  if (s.capacity > size) endDecoder(d);
  s.probabilities = d + SIZEOF_lzma_decoder;
  s.dict_size = size;
  s.offset = 0;
  s.position = 0;
  s.valid = 0;
  s.repeat = 0;
  s.marker = 0;
  s.held_count = 0;
  s.failed = Result.some;
  s.size_left = SIZE_UNKNOWN;
}

/** Frees what a decoder has besides itself. */
export function endDecoder(d: usize): void {
  const s = lzma_decoder.at(d);
  PyMem_RawFree(s.window);
  s.window = 0;
  s.capacity = 0;
}

function setProperties(d: usize, lc: u32, lp: u32, pb: u32): void {
  const s = lzma_decoder.at(d);
  s.lc = lc;
  s.lp = lp;
  s.pb = pb;
  resetModel(d);
}

/** Whether all has been decoded. */
export function isDecoded(d: usize): bool {
  return lzma_decoder.at(d).stage == Stage.end;
}

/** Decodes up to `n` bytes to `to`, and returns how many there were; what stopped it is in `failed`, if anything did. */
export function pullLZMA(d: usize, c: usize, to: usize, n: u32): u32 {
  const s = lzma_decoder.at(d);
  let made: u32 = 0;
  while (s.failed == Result.some && s.stage != Stage.end) {
    let r: Result;
    if (<i32>s.stage < Stage.symbols) r = s.stage == Stage.control ? readControl(d, c) : readHeader(d, c);
    else {
      if (!makeRoom(s)) {
        s.failed = Result.noMemory;
        break;
      }
      const before = s.offset;
      const room = min(n - made, s.capacity - before);
      r = s.stage == Stage.symbols ? decodeSymbols(d, c, room) : copyChunk(d, c, room);
      const m = s.offset - before;
      memory.copy(to + made, s.window + before, m);
      made += m;
      if (r == Result.some && m == room && made < n) r = Result.next;
    }
    if (r == Result.next) continue;
    if (r != Result.some) s.failed = r;
    break;
  }
  return made;
}

/** Sees to it that there is room in the window: false where there is no memory. */
function makeRoom(s: lzma_decoder): bool {
  if (s.offset < s.capacity) return true;
  if (s.capacity == s.dict_size) {
    s.offset = 0;
    return true;
  }
  const capacity = <u32>min<u64>(max<u64>((<u64>s.capacity) << 1, WINDOW_FIRST), s.dict_size);
  const window = PyMem_RawRealloc(s.window, capacity);
  if (window == 0) return false;
  s.window = window;
  s.capacity = capacity;
  return true;
}

/** Reads bytes that only mean something together: whether all `n` are there. */
function hold(s: lzma_decoder, c: usize, n: u32): bool {
  const k = coding.at(c);
  while (s.held_count < n) {
    if (k.avail_in == 0) return false;
    store<u8>(s.held + s.held_count, load<u8>(k.next_in));
    s.held_count = s.held_count + 1;
    k.next_in = k.next_in + 1;
    k.avail_in = k.avail_in - 1;
    if (s.stage == Stage.range && s.is_lzma2) s.packed_left = s.packed_left - 1;
  }
  s.held_count = 0;
  return true;
}

/** The byte that a chunk of LZMA2 begins with. */
function readControl(d: usize, c: usize): Result {
  const s = lzma_decoder.at(d);
  if (!hold(s, c, 1)) return Result.some;
  const control = <u32>load<u8>(s.held);
  s.control = control;
  if (control == 0) {
    s.stage = Stage.end;
    return Result.end;
  }
  if (control >= 0xe0 || control == 1) {
    s.needs = NEEDS_PROPERTIES;
    s.valid = 0;
    s.position = 0;
  } else if (s.needs & NEEDS_DICTIONARY) return Result.wrongData;
  if (control >= 0xc0) s.needs = 0;
  else if (control >= 0x80 ? s.needs != 0 : control > 2) return Result.wrongData;
  s.stage = Stage.header;
  return Result.next;
}

/** The rest of what a chunk begins with, or the first bytes of the range coder. */
function readHeader(d: usize, c: usize): Result {
  const s = lzma_decoder.at(d);
  if (s.stage == Stage.range) {
    if (!hold(s, c, RANGE_BYTES)) return Result.some;
    s.range = ~0;
    s.code = bswap<u32>(load<u32>(s.held + 1));
    s.stage = Stage.symbols;
    return load<u8>(s.held) == 0 ? Result.next : Result.wrongData;
  }
  const control = s.control;
  if (!hold(s, c, control < 0x80 ? 2 : control < 0xc0 ? 4 : 5)) return Result.some;
  s.chunk_left = <u32>bswap<u16>(load<u16>(s.held)) + 1;
  if (control < 0x80) {
    s.stage = Stage.copy;
    return Result.next;
  }
  s.chunk_left = s.chunk_left + ((control & 0x1f) << 16);
  s.packed_left = <u32>bswap<u16>(load<u16>(s.held + 2)) + 1;
  if (s.packed_left < RANGE_BYTES) return Result.wrongData;
  s.stage = Stage.range;
  if (control < 0xc0) {
    if (control >= 0xa0) resetModel(d);
    return Result.next;
  }
  const properties = <u32>load<u8>(s.held + 4);
  const lc = properties % 9;
  const lp = (properties / 9) % 5;
  if (properties >= 225 || lc + lp > 4) return Result.wrongData;
  setProperties(d, lc, lp, properties / 45);
  return Result.next;
}

/** Bytes that are as they are, up to `room`. */
function copyChunk(d: usize, c: usize, room: u32): Result {
  const s = lzma_decoder.at(d);
  const k = coding.at(c);
  const n = min(min(room, s.chunk_left), <u32>k.avail_in);
  memory.copy(s.window + s.offset, k.next_in, n);
  k.next_in = k.next_in + n;
  k.avail_in = k.avail_in - <isize>n;
  s.offset = s.offset + n;
  s.position = s.position + n;
  s.valid = <u32>min<u64>(<u64>s.valid + n, s.dict_size);
  s.chunk_left = s.chunk_left - n;
  if (s.chunk_left > 0) return Result.some;
  s.stage = Stage.control;
  return Result.next;
}

/** The bytes of a repetition, as far as `limit`. */
function copyRepeat(s: lzma_decoder, limit: u32): void {
  const n = min(s.repeat, limit - s.offset);
  const window = s.window;
  const distance = s.rep0 + 1;
  let from = s.offset >= distance ? s.offset - distance : s.offset + (s.capacity - distance);
  let to = s.offset;
  for (const end = to + n; to < end; to++) {
    store<u8>(window + to, load<u8>(window + from));
    if (++from == s.capacity) from = 0;
  }
  s.offset = to;
  s.position = s.position + n;
  s.valid = <u32>min<u64>(<u64>s.valid + n, s.dict_size);
  s.repeat = s.repeat - n;
}

/** How many bytes of input the symbols may have. */
function inputLeft(s: lzma_decoder, c: usize): isize {
  const n = coding.at(c).avail_in;
  return s.is_lzma2 ? <isize>min<u32>(<u32>n, s.packed_left) : n;
}

function takeInput(s: lzma_decoder, c: usize, n: isize): void {
  const k = coding.at(c);
  k.next_in = k.next_in + n;
  k.avail_in = k.avail_in - n;
  if (s.is_lzma2) s.packed_left = s.packed_left - <u32>n;
}

/** Symbols that make up to `room` bytes. */
function decodeSymbols(d: usize, c: usize, room: u32): Result {
  const s = lzma_decoder.at(d);
  const left = s.is_lzma2 ? <u64>s.chunk_left : s.size_left;
  const before = s.offset;
  const limit = before + <u32>min<u64>(room, left);
  let r: Result = Result.next;
  while (true) {
    if (s.repeat > 0) copyRepeat(s, limit);
    if (s.offset >= limit || s.marker || r != Result.next) break;
    const n = inputLeft(s, c);
    if (n > SYMBOL_MOST) {
      const first = coding.at(c).next_in;
      const last = first + <usize>(n - SYMBOL_MOST);
      s.next = first;
      while (r == Result.next && s.offset < limit && s.next <= last && !s.marker) {
        if (!decodeSymbol(d)) r = Result.wrongData;
        else if (s.repeat > 0) copyRepeat(s, limit);
      }
      takeInput(s, c, <isize>(s.next - first));
    } else r = decodeTail(d, c, n);
  }
  const m = s.offset - before;
  if (s.is_lzma2) s.chunk_left = s.chunk_left - m;
  else if (s.size_left != SIZE_UNKNOWN) s.size_left = s.size_left - m;
  if (r != Result.next) return r;
  if (s.marker) return endSymbols(d);
  if (<u64>m != left) return Result.some;
  return s.repeat > 0 ? Result.wrongData : endOfSize(d, c);
}

/** A symbol of which the last `n` bytes of input may not have all. */
function decodeTail(d: usize, c: usize, n: isize): Result {
  const s = lzma_decoder.at(d);
  const size = probabilitiesSize(s.lc, s.lp);
  const saved = s.probabilities + PROBABILITIES_MOST;
  memory.copy(saved, s.probabilities, size);
  const range = s.range;
  const code = s.code;
  const state = s.state;
  const rep0 = s.rep0;
  const rep1 = s.rep1;
  const rep2 = s.rep2;
  const rep3 = s.rep3;
  const offset = s.offset;
  const valid = s.valid;
  const position = s.position;
  memory.copy(s.tail, coding.at(c).next_in, <usize>n);
  memory.fill(s.tail + <usize>n, 0, TAIL - <usize>n);
  s.next = s.tail;
  const ok = decodeSymbol(d);
  const used = <isize>(s.next - s.tail);
  if (used <= n) {
    takeInput(s, c, used);
    return ok ? Result.next : Result.wrongData;
  }
  if (s.is_lzma2 && <u32>n == s.packed_left) return Result.wrongData;
  memory.copy(s.probabilities, saved, size);
  s.range = range;
  s.code = code;
  s.state = state;
  s.rep0 = rep0;
  s.rep1 = rep1;
  s.rep2 = rep2;
  s.rep3 = rep3;
  s.offset = offset;
  s.valid = valid;
  s.position = position;
  s.repeat = 0;
  s.marker = 0;
  return Result.some;
}

/** The end of LZMA by its marker, which LZMA2 has not. */
function endSymbols(d: usize): Result {
  const s = lzma_decoder.at(d);
  if (s.is_lzma2 || s.code != 0 || (s.size_left != SIZE_UNKNOWN && s.size_left != 0)) return Result.wrongData;
  s.stage = Stage.end;
  return Result.end;
}

/** The end of a chunk, or of LZMA whose size is known, behind which there may be a marker. */
function endOfSize(d: usize, c: usize): Result {
  const s = lzma_decoder.at(d);
  if (s.range < RANGE_LEAST) {
    const n = inputLeft(s, c);
    if (n == 0) return s.is_lzma2 && s.packed_left == 0 ? Result.wrongData : Result.some;
    s.next = coding.at(c).next_in;
    normalize(d);
    takeInput(s, c, 1);
  }
  if (s.is_lzma2) {
    if (s.code != 0 || s.packed_left != 0) return Result.wrongData;
    s.stage = Stage.control;
    return Result.next;
  }
  if (s.code == 0) {
    s.stage = Stage.end;
    return Result.end;
  }
  const r = decodeTail(d, c, min(inputLeft(s, c), SYMBOL_MOST));
  if (r != Result.next) return r;
  return s.marker ? endSymbols(d) : Result.wrongData;
}
