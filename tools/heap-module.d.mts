// Types of heap-module.mjs.

/** The module's functions, numbers in and out, and how to see what it writes. */
export type Heap = Record<string, (...args: (number | bigint)[]) => number> & {
  memory: WebAssembly.Memory;
  text(f: (sink: number) => void): string;
  written: string[];
  at: { frames: [number, number][] };
};

export function buildHeap(debug?: boolean, shared?: boolean): string;
export function loadHeap(options?: {
  geometry?: "classic" | "radix";
  limit?: number;
  flags?: number;
  debug?: boolean;
  shared?: boolean;
  over?: WebAssembly.Memory;
}): Heap;
