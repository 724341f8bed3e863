// How much native stack is left. WebAssembly cannot see the stack that it runs on, and where it ends depends on who called
// and on how the machine was started. So it is measured: the host lets probeStack() (generated/stackprobe.ts) recurse until
// the engine refuses, and reads how far it came. The count of native levels (thread/recursion.ts) begins with what that gives.

import { PyThreadState } from "../generated/layouts";
import { objectsRoots } from "../generated/runtime";
import { tstate } from "../thread/current";

/** The frames that the last probeStack() had still to make. */
export function probesLeft(): i32 {
  return objectsRoots.probes_left;
}

/** How many levels there were when the thread of this instance entered the runtime. */
export function nativeDepth(): i32 {
  return PyThreadState.at(tstate).native_depth;
}

/** How many levels are left. */
export function nativeLevelsLeft(): i32 {
  return PyThreadState.at(tstate).c_recursion_remaining;
}

/** From here on native code may recurse `left` levels, of `depth` that there are. */
export function setNativeDepth(depth: i32, left: i32): void {
  PyThreadState.at(tstate).c_recursion_remaining = left;
  PyThreadState.at(tstate).native_depth = depth;
}
