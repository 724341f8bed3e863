// Native recursion, counted so that WebAssembly's stack never overflows (CPython 3.13's c_recursion_remaining).

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

  /** Gives one level of native recursion back. */
  @inline static leave(): void {
    const ts = PyThreadState.at(tstate);
    ts.c_recursion_remaining = ts.c_recursion_remaining + 1;
  }
}
