// Types of heap-module.mjs.

/** A number goes in and comes out of every function of the module, save these. */
type Exports = { [name: string]: (...args: number[]) => number };

export interface Heap {
  [name: string]: (...args: number[]) => number;
}

export function buildHeap(debug?: boolean): string;
export function loadHeap(options?: {
  geometry?: "classic" | "radix";
  limit?: number;
  flags?: number;
  debug?: boolean;
}): Exports & { memory: WebAssembly.Memory; text(f: (sink: number) => void): string; written: string[] };
