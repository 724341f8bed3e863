// Running a code object from native code that stands before the machine in the order of the layers: the machine tells
// the objects its entry point (objectsRoots.eval_code).

import { objectsRoots } from "../generated/runtime";

/** Runs a code object; `locals` (a mapping) null means globals, closure may be null. A new reference, or null. */
export function evalCode(code: usize, globals: usize, locals: usize, closure: usize): usize {
  return call_indirect<usize>(objectsRoots.eval_code, code, globals, locals, closure);
}
