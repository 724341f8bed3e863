// Slots in the heap for the arguments of calls that native functions make: WebAssembly's own stack has no addresses.

import { SCRATCH_SLOTS } from "../generated/constants";
import { PyThreadState } from "../generated/layouts";
import { tstate } from "./current";

const SLOT: usize = 8;

/**
 * Slots for the arguments of a call that a native function makes: WebAssembly's own stack has no addresses. A stack
 * of 8-byte slots in the heap, one per thread; what is taken last is given back first, on every path.
 */
export class Scratch {
  /** Address of `n` slots, not initialised. There is always room: native recursion ends long before the slots do. */
  @inline static take(n: isize): usize {
    const ts = PyThreadState.at(tstate);
    const p = ts.scratch_top;
    ts.scratch_top = p + ((<usize>n) << 3);
    assert(ts.scratch_top <= ts.scratch_limit);
    return p;
  }

  /** Address of `n` slots for the arguments of a vectorcall, with one before them that the callee may borrow. */
  @inline static takeArguments(n: isize): usize {
    return Scratch.take(n + 1) + SLOT;
  }

  /** Gives back what takeArguments gave. */
  @inline static giveArguments(argv: usize): void {
    Scratch.give(argv - SLOT);
  }

  /** Whether more than half of the slots are free. */
  @inline static isRoomy(): bool {
    const ts = PyThreadState.at(tstate);
    return ts.scratch_limit - ts.scratch_top > SCRATCH_SLOTS * 4;
  }

  /** Whether the slots at `p` are scratch slots. */
  @inline static has(p: usize): bool {
    return PyThreadState.at(tstate).scratch_limit - p <= SCRATCH_SLOTS * 8;
  }

  /** Gives back the slots at `p` and all taken after them. */
  @inline static give(p: usize): void {
    PyThreadState.at(tstate).scratch_top = p;
  }
}
