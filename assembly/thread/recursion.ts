// Native recursion, counted so that WebAssembly's stack never overflows (CPython 3.13's c_recursion_remaining).
//
// How many levels the stack has room for is measured, and a level counts as much as the largest takes. So where the levels
// are used up much of the stack may be left: from there it is measured again, which opens a scope. Its levels are there as
// long as the level that opened it is taken, because the stack below is what was measured. Scopes lie within one another.
//
// Invariant: c_recursion_remaining <= native_depth, the levels of the innermost scope.

import { SCOPES_MAX } from "../generated/constants";
import { host } from "../generated/host";
import { nativescope, nativescopes, PyThreadState, SIZEOF_nativescope } from "../generated/layouts";
import { tstate } from "./current";

/** Scratch memory that there must be for each level, in bytes. */
const SCRATCH_A_LEVEL: usize = 32 * 8;
/** To open a scope for fewer levels is not worth it. */
const LEVELS_MIN: i32 = 8;
/** What may need many levels, as finalizers do, should have as many. */
const LEVELS_MANY: i32 = 80;
/** Levels lent, native ones and of Python, for making a RecursionError. */
export const HEADROOM: i32 = 50;

/** Native recursion, counted so that WebAssembly's stack never overflows (c_recursion_remaining). */
export class Recursion {
  /** Takes one level of native recursion. Returns false, with nothing taken, where there is none. */
  @inline static take(): bool {
    const ts = PyThreadState.at(tstate);
    const left = ts.c_recursion_remaining - 1;
    ts.c_recursion_remaining = left;
    return left >= 0 || Recursion.open();
  }

  /** Gives one level of native recursion back. */
  @inline static leave(): void {
    const ts = PyThreadState.at(tstate);
    const left = ts.c_recursion_remaining + 1;
    ts.c_recursion_remaining = left;
    if (left > ts.native_depth) Recursion.close();
  }

  /** Opens a scope for the level that was taken; gives it back and returns false where there is no stack for one. */
  private static open(): bool {
    const ts = PyThreadState.at(tstate);
    const all = nativescopes.at(ts.scratch_base);
    if (all.count < SCOPES_MAX) {
      const room = <i32>((ts.scratch_limit - ts.scratch_top) / SCRATCH_A_LEVEL);
      const levels = min(Recursion.measure(), room);
      if (levels >= LEVELS_MIN) {
        const scope = nativescope.at(all.scopes + all.count * SIZEOF_nativescope);
        scope.depth = ts.native_depth;
        scope.remaining = ts.c_recursion_remaining;
        all.count++;
        ts.native_depth = levels;
        ts.c_recursion_remaining = levels;
        return true;
      }
    }
    ts.c_recursion_remaining = ts.c_recursion_remaining + 1;
    return false;
  }

  /** Closes the innermost scope: the level that opened it has been given back. */
  private static close(): void {
    const ts = PyThreadState.at(tstate);
    const all = nativescopes.at(ts.scratch_base);
    assert(all.count > 0);
    all.count--;
    const scope = nativescope.at(all.scopes + all.count * SIZEOF_nativescope);
    ts.native_depth = scope.depth;
    ts.c_recursion_remaining = scope.remaining + 1;
  }

  /** How many levels the host finds to be left here. */
  private static measure(): i32 {
    const ts = PyThreadState.at(tstate);
    const all = nativescopes.at(ts.scratch_base);
    let taken = ts.native_depth - ts.c_recursion_remaining;
    for (let i: u32 = 0; i < all.count; i++) taken += nativescope.at(all.scopes + i * SIZEOF_nativescope).depth;
    return host.moreLevels(taken);
  }

  /**
   * Whether there are levels for what may need many: `share` times as many where it need not have them now. Of a stack that
   * has only few, 1 / 4 of them, or `share` / 4.
   */
  static isRoomy(share: i32): bool {
    const ts = PyThreadState.at(tstate);
    const left = ts.c_recursion_remaining;
    if (left >= share * LEVELS_MANY) return true;
    if (nativescopes.at(ts.scratch_base).count == 0 && left >= (ts.native_depth >> 2) * share) return true;
    return Recursion.measure() >= share * LEVELS_MANY;
  }

  /** Lends levels for making a RecursionError; takeBack() ends it. */
  static lend(): void {
    const ts = PyThreadState.at(tstate);
    ts.c_recursion_remaining = ts.c_recursion_remaining + HEADROOM;
    ts.native_depth = ts.native_depth + HEADROOM;
  }

  static takeBack(): void {
    const ts = PyThreadState.at(tstate);
    ts.c_recursion_remaining = ts.c_recursion_remaining - HEADROOM;
    ts.native_depth = ts.native_depth - HEADROOM;
  }
}
