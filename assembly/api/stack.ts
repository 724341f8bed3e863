// How much native stack is left. WebAssembly cannot see the stack that it runs on, and where it ends depends on who called
// and on how the machine was started. So it is measured: the host lets probeStack() (generated/stackprobe.ts) recurse until
// the engine refuses, and reads how far it came. The count of native levels (thread/recursion.ts) begins with what that gives.

import { PyThreadState } from "../generated/layouts";
import { objectsRoots } from "../generated/runtime";
import { probeStack } from "../generated/stackprobe";
import { tstate } from "../thread/current";

/** The frames that the last probeStack() had still to make. */
export function probesLeft(): i32 {
  return objectsRoots.probes_left;
}

/** Who entered before is packed: how many levels it had, and how many are left, which may be less than none. */
const LEFT_BITS: i32 = 16;

/**
 * From here on native code may recurse `levels` levels, for which the stack has room enough if it has for `frames` frames of
 * the probe: where it has not, the engine stops this before anything has changed. What to give to leaveLevels().
 */
export function enterLevels(frames: i32, levels: i32): i32 {
  if (frames > 0) probeStack(frames, false);
  const ts = PyThreadState.at(tstate);
  const before = (ts.native_depth << LEFT_BITS) | (ts.c_recursion_remaining & ((1 << LEFT_BITS) - 1));
  ts.native_depth = levels;
  ts.c_recursion_remaining = levels;
  return before;
}

/** The levels are again what they were before enterLevels(), which gave `before`. */
export function leaveLevels(before: i32): void {
  const ts = PyThreadState.at(tstate);
  ts.native_depth = before >> LEFT_BITS;
  ts.c_recursion_remaining = <i32>(<i16>before);
}
