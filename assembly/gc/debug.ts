// What gc.set_debug() makes a collection tell (CPython 3.13's Python/gc.c): written to sys.stderr, which may be Python.
//
// Invariant: nothing is held across a write that Python could free. The list that is told of is gone through by taking its
// first object out.

import { host } from "../generated/host";
import { gcRoots } from "../generated/runtime";
import { PySys_WriteStderr } from "../objects/errors/fileoutput";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { merge, move, Ring, size } from "./ring";

export const DEBUG_STATS: i32 = 1;
export const DEBUG_COLLECTABLE: i32 = 2;
export const DEBUG_UNCOLLECTABLE: i32 = 4;
export const DEBUG_SAVEALL: i32 = 32;

/** A collection of generation `g` begins: the clock then, in seconds. */
export function tellBegin(g: i32): f64 {
  PySys_WriteStderr(PyUnicode_FromFormat("gc: collecting generation %d...\n", g));
  PySys_WriteStderr(
    PyUnicode_FromFormat(
      "gc: objects in each generation: %d %d %d\ngc: objects in permanent generation: %d\n",
      size(gcRoots.generation0),
      size(gcRoots.generation1),
      size(gcRoots.generation2),
      size(gcRoots.permanent),
    ),
  );
  return host.monotonic();
}

/** It has ended: what it found, of which it could not free some, since `began`. */
export function tellEnd(unreachable: isize, uncollectable: isize, began: f64): void {
  // Four digits after the point.
  const elapsed = <i64>Math.round((host.monotonic() - began) * 1e4);
  PySys_WriteStderr(
    PyUnicode_FromFormat(
      "gc: done, %d unreachable, %d uncollectable, %d.%04ds elapsed\n",
      unreachable,
      uncollectable,
      elapsed / 10000,
      elapsed % 10000,
    ),
  );
}

/** Tells each object of the list; `told` is the head of one that is not in use. */
export function tellEach(format: string, list: usize, told: usize): void {
  Ring.init(told);
  while (!Ring.isEmpty(list)) {
    const gc = Ring.next(list);
    move(gc, told);
    const o = Ring.object(gc);
    PySys_WriteStderr(PyUnicode_FromFormat(format, o, o));
  }
  merge(told, list);
}
