// A collector that is always due, for tests and tools.
import { roots, structs } from "../../src/generated/memory.ts";

/**
 * Makes the youngest generation of the process in this memory due whatever was allocated, the middle and the oldest at every
 * fourth of those that are younger.
 */
export function collectAlways(memory: WebAssembly.Memory): void {
  const threshold = structs.gc_generation.threshold[0];
  const words = new Int32Array(memory.buffer);
  words[(roots.gc.generation0[0] + threshold) >> 2] = -1;
  words[(roots.gc.generation1[0] + threshold) >> 2] = 3;
  words[(roots.gc.generation2[0] + threshold) >> 2] = 3;
}
