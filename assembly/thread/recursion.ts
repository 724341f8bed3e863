// Native recursion, counted so that WebAssembly's stack never overflows (CPython 3.13's c_recursion_remaining).
//
// To measure the whole stack takes longer than most calls of an embedder's: it may enter the runtime with the few levels that
// nearly every call does with, and measure the rest from where they are used up.

import { host } from "../generated/host";
import { PyThreadState } from "../generated/layouts";
import { tstate } from "./current";

/** Native recursion, counted so that WebAssembly's stack never overflows (c_recursion_remaining). */
export class Recursion {
  /** Takes one level of native recursion. Returns false where none is left. */
  @inline static enter(): bool {
    const ts = PyThreadState.at(tstate);
    const left = ts.c_recursion_remaining - 1;
    ts.c_recursion_remaining = left;
    return left >= 0;
  }

  /** Asks the host for the levels that it has not measured yet: whether there are any. None is left. */
  static more(): bool {
    const levels = host.moreLevels();
    if (levels <= 0) return false;
    const ts = PyThreadState.at(tstate);
    ts.c_recursion_remaining = ts.c_recursion_remaining + levels;
    ts.native_depth = ts.native_depth + levels;
    return true;
  }

  /** Gives one level of native recursion back. */
  @inline static leave(): void {
    const ts = PyThreadState.at(tstate);
    ts.c_recursion_remaining = ts.c_recursion_remaining + 1;
  }
}
