// The filters before LZMA, at work: one pulls from the next, or feeds it.

import { lzma_chain, lzma_filter, lzma_stage, SIZEOF_lzma_filter, SIZEOF_lzma_stage } from "../../generated/layouts";
import { convertBranches, FILTER_X86 } from "./branches";
import { isDecoded, pullLZMA } from "./decode";
import { feedLZMA } from "./encode";

export const FILTER_DELTA: u64 = 3;

const BUFFER: u32 = 4096;
/** Where x86 has seen nothing yet. */
const X86_NOWHERE: u32 = -5;

export function stageAt(stages: usize, i: u32): usize {
  return stages + <usize>i * SIZEOF_lzma_stage;
}

export function filterAt(chain: usize, i: u32): usize {
  return lzma_chain.at(chain).filters + <usize>i * SIZEOF_lzma_filter;
}

/** Makes a stage of a filter. */
export function beginStage(f: usize, filter: usize): void {
  const s = lzma_stage.at(f);
  const x = lzma_filter.at(filter);
  memory.fill(f, 0, SIZEOF_lzma_stage);
  s.id = x.id;
  s.distance = x.distance;
  if (x.id != FILTER_DELTA) s.position = x.distance;
  if (x.id == FILTER_X86) s.previous_position = X86_NOWHERE;
}

/** Adds to each of `n` bytes the one that lies `distance` back, or subtracts it. */
function applyDelta(f: usize, p: usize, n: u32, encode: bool): void {
  const s = lzma_stage.at(f);
  const history = s.history;
  const distance = s.distance;
  let at = s.position;
  for (const end = p + n; p < end; p++) {
    const byte = <u32>load<u8>(p);
    const before = <u32>load<u8>(history + ((at - distance) & 0xff));
    const result = encode ? byte - before : byte + before;
    store<u8>(p, result);
    store<u8>(history + (at & 0xff), encode ? byte : result);
    at++;
  }
  s.position = at & 0xff;
}

/**
 * Decodes up to `n` bytes to `to`, by the stages from `i` on and the decoder behind them; returns how many there were. Where
 * they are fewer, there is no more input, or no more data.
 */
export function pull(stages: usize, count: u32, lzma: usize, i: u32, c: usize, to: usize, n: u32): u32 {
  if (i == count) return pullLZMA(lzma, c, to, n);
  const f = stageAt(stages, i);
  const s = lzma_stage.at(f);
  if (s.id == FILTER_DELTA) {
    const m = pull(stages, count, lzma, i + 1, c, to, n);
    applyDelta(f, to, m, false);
    return m;
  }
  let made: u32 = 0;
  while (true) {
    const m = min(n - made, s.ready - s.from);
    memory.copy(to + made, s.buffer + s.from, m);
    s.from = s.from + m;
    made += m;
    if (made == n) return made;
    keepUnready(s);
    const room = BUFFER - s.filled;
    const got = pull(stages, count, lzma, i + 1, c, s.buffer + s.filled, room);
    s.filled = s.filled + got;
    if (got > 0) s.ready = convertBranches(f, s.buffer, s.filled, false);
    if (got < room && isDecoded(lzma)) s.ready = s.filled;
    if (s.ready == 0) return made;
  }
}

/** Whether all has been decoded and passed on. */
export function isDrained(stages: usize, count: u32, lzma: usize): bool {
  for (let i: u32 = 0; i < count; i++) {
    const s = lzma_stage.at(stageAt(stages, i));
    if (s.from < s.filled) return false;
  }
  return isDecoded(lzma);
}

/** Moves what is not converted yet to the beginning of the buffer, where all that is has been passed on. */
function keepUnready(s: lzma_stage): void {
  const rest = s.filled - s.ready;
  memory.copy(s.buffer, s.buffer + s.ready, rest);
  s.filled = rest;
  s.from = 0;
  s.ready = 0;
}

/**
 * Encodes `n` bytes at `p`, by the stages from `i` on and the encoder behind them, and with `finish` all that is left:
 * false with MemoryError. What is made goes to the writer `w`.
 */
export function feed(stages: usize, count: u32, lzma: usize, i: u32, p: usize, n: usize, finish: bool, w: usize): bool {
  if (i == count) return feedLZMA(lzma, p, n, finish, w);
  const f = stageAt(stages, i);
  const s = lzma_stage.at(f);
  const delta = s.id == FILTER_DELTA;
  while (n > 0) {
    const m = <u32>min(n, <usize>(BUFFER - s.filled));
    const begin = s.buffer + s.filled;
    memory.copy(begin, p, m);
    s.filled = s.filled + m;
    p += m;
    n -= m;
    if (delta) applyDelta(f, begin, m, true);
    s.ready = delta ? s.filled : convertBranches(f, s.buffer, s.filled, true);
    if (!feed(stages, count, lzma, i + 1, s.buffer, s.ready, false, w)) return false;
    keepUnready(s);
  }
  return !finish || feed(stages, count, lzma, i + 1, s.buffer, s.filled, true, w);
}
