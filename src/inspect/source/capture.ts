/**
 * A process of the machine as it was read: its mappings, which of their pages were resident, and the bytes of those that
 * matter. Where it came from, a live process, a core or a saved image, makes no difference from here on.
 */
import { CHUNK, type Memory } from "./memory.ts";

export const PAGE = 4096;

export interface Mapping {
  start: number;
  end: number;
  /** "rw-p", as /proc/PID/maps has it. */
  access: string;
  /** Where in the file it begins. */
  offset: number;
  /** The file, "[heap]", "[stack]", or nothing. */
  path: string;
  /** Resident bytes, and those of them that no file has; undefined where that is not known (a core). */
  resident?: number;
  anonymous?: number;
  /** A bit for each page: whether it was resident, as the kernel counts. */
  present?: Uint8Array;
}

export interface Capture {
  memory: Memory;
  /** Ascending by address. */
  mappings: Mapping[];
  pid: number;
  /** The command line. */
  program: string[];
  /** Resident bytes as the kernel counts them; undefined for a core. */
  resident?: number;
  /** How long the process was stopped, in seconds; undefined where it was not. */
  stopped?: number;
  /** Where stack pointers of threads were, as far as that is known. */
  stackPointers: number[];
  /** How many threads the kernel knew. */
  tasks: number;
  /** What could not be read, in sentences. */
  notes: string[];
}

/** The mapping that holds `address`, undefined if there is none. */
export function mappingOf(mappings: readonly Mapping[], address: number): Mapping | undefined {
  let [low, high] = [0, mappings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (mappings[middle]!.end <= address) low = middle + 1;
    else high = middle;
  }
  const found = mappings[low];
  return found && address >= found.start ? found : undefined;
}

/** Whether the page of `mapping` that holds `address` was present; true where that is not known. */
export function isPresent({ start, present }: Pick<Mapping, "start" | "present">, address: number): boolean {
  if (!present) return true;
  const page = Math.floor((address - start) / PAGE);
  return (present[page >> 3]! & (1 << (page & 7))) !== 0;
}

/** How many of the bytes from `from` to `to` within `mapping` were resident: whole pages that begin there. */
export function residentIn(mapping: Mapping, from: number, to: number): number {
  if (!mapping.present) return to - from;
  let bytes = 0;
  for (let at = from - (from % PAGE); at < to; at += PAGE) {
    if (isPresent(mapping, at)) bytes += Math.min(at + PAGE, to) - Math.max(at, from);
  }
  return bytes;
}

/** Collects pages into a memory's chunks, in order of address. */
export class ChunkWriter {
  private base = -1;
  private words: Uint32Array | undefined;

  /** `take`: gives the words of a new chunk, all zero. */
  constructor(
    readonly memory: Memory,
    private readonly take: () => Uint32Array = () => new Uint32Array(CHUNK / 4),
  ) {}

  /** Calls `fill` with bytes for each part of the range that lies in one chunk, and their address. */
  write(start: number, end: number, fill: (bytes: Uint8Array, address: number) => void): void {
    for (let at = start; at < end; ) {
      const base = at - (at % CHUNK);
      if (base !== this.base) {
        this.flush();
        this.base = base;
        this.words = this.take();
      }
      const size = Math.min(end, base + CHUNK) - at;
      fill(new Uint8Array(this.words!.buffer, this.words!.byteOffset + (at - base), size), at);
      at += size;
    }
  }

  /** Adds what was written last. */
  flush(): void {
    if (this.words) this.memory.add(this.base, this.words);
    this.words = undefined;
    this.base = -1;
  }
}
