/**
 * What one compilation may take: memory, and digits in a decimal literal.
 *
 * JavaScript does not say what its objects take, so each stage charges what it is about to make: the text, the tokens,
 * the nodes that the tokens become, memoised results, names of scopes, instructions and blocks, constants, the bytes of
 * tables. The sizes are those of V8 on 64 bits, rounded up. What a stage gives up is released, so that what is charged
 * at any time follows what is alive. Crossing the limit is a MemoryError, and leaves no trace.
 *
 * A compilation runs from its beginning to its end without another in between, so the counts are the module's own.
 */
import { PyCompileError } from "./errors.ts";

export interface Limits {
  /** Bytes. Left out: no limit. */
  memory?: number;
  /** Digits that a decimal literal may have, 0 for any number: `sys.get_int_max_str_digits()`. Left out: 4300. */
  maxStrDigits?: number;
}

const MAX_STR_DIGITS = 4300;

let taken = 0;
let limit = Number.POSITIVE_INFINITY;
let digits = MAX_STR_DIGITS;

/** Begins a compilation. */
export function setLimits({ memory, maxStrDigits }: Limits): void {
  taken = 0;
  limit = memory ?? Number.POSITIVE_INFINITY;
  digits = maxStrDigits ?? MAX_STR_DIGITS;
}

/** Throws MemoryError where so much more would cross the limit. */
export function charge(bytes: number): void {
  taken += bytes;
  if (taken > limit) throw new PyCompileError("MemoryError", "");
}

export function release(bytes: number): void {
  taken -= bytes;
}

/** What is charged now, for `releaseTo`. */
export function charged(): number {
  return taken;
}

/** Releases all that was charged since `mark`. */
export function releaseTo(mark: number): void {
  taken = mark;
}

export function maxStrDigits(): number {
  return digits === 0 ? Number.POSITIVE_INFINITY : digits;
}
