/**
 * The memory of a process that is stopped, of which a few MiB are kept: what is asked for again is read again. With it
 * the figures of a process of a gigabyte are found without a gigabyte of memory.
 */
import { type Mapping, mappingOf, PAGE } from "./capture.ts";
import { CHUNK, Memory } from "./memory.ts";

/** How many bytes are read at once, and how many of these are kept. */
const LINE = 1 << 15;
const LINES_MAX = 128;
/** Of a terabyte no table is made. */
const GRANULES_MAX = 1 << 16;

/** Reads a process's mappings, a piece at a time. */
export interface PageReader {
  readonly mappings: readonly Mapping[];
  /** Calls `run` for each run of pages from `start` to `end` in a mapping that has bytes, and where those come from. */
  eachRun(mapping: Mapping, start: number, end: number, run: (start: number, end: number, from: number) => void): void;
  /** Fills `bytes` with what is at `address`. */
  read(from: number, mapping: Mapping, bytes: Uint8Array, address: number): void;
}

/** The memory of a process that is stopped, of which a few MiB are kept: the rest is read again when it is asked for. */
export class PagedMemory extends Memory {
  private readonly lines = new Map<number, Uint32Array>();
  private readonly wanted: Mapping[];
  private lastLine = -1;
  private lastWords: Uint32Array = new Uint32Array(0);
  private lastMapping: Mapping | undefined;
  private readonly sum: number;
  /** The MiB in which there is anything, by their number: most words that are asked about lie in none of them. */
  private readonly granules = new Set<number>();

  /** `isWanted`: says which mappings are worth having. */
  constructor(
    private readonly reader: PageReader,
    isWanted: (mapping: Mapping) => boolean,
  ) {
    super();
    this.wanted = reader.mappings.filter(isWanted);
    this.end = this.wanted.at(-1)?.end ?? 0;
    for (const { start, end } of this.wanted) {
      for (
        let granule = Math.floor(start / CHUNK);
        granule * CHUNK < end && this.granules.size < GRANULES_MAX;
        granule++
      )
        this.granules.add(granule);
    }
    this.sum = this.wanted.reduce((sum, { start, end }) => sum + end - start, 0);
  }

  override get size(): number {
    return Math.ceil(this.sum / CHUNK);
  }

  override has(address: number): boolean {
    if (this.lastMapping && address >= this.lastMapping.start && address < this.lastMapping.end) return true;
    this.lastMapping = mappingOf(this.wanted, address);
    return this.lastMapping !== undefined;
  }

  override eachPiece(from: number, to: number, found: (from: number, to: number) => void): void {
    found(from, to);
  }

  override bytesFrom(address: number, length: number): number {
    const mapping = mappingOf(this.wanted, address);
    return mapping ? Math.min(length, mapping.end - address) : 0;
  }

  protected override nextLine(address: number): number {
    return address;
  }

  protected override hasWord(low: number, high: number): boolean {
    const isEmpty = this.granules.size < GRANULES_MAX && !this.granules.has((high << 12) | (low >>> 20));
    return !isEmpty && this.has(low + high * 2 ** 32);
  }

  override u32(address: number): number {
    return (address & 3) === 0 ? this.lineAt(address)[(address & (LINE - 1)) >>> 2]! : super.u32(address);
  }

  override u8(address: number): number {
    return (this.lineAt(address)[(address & (LINE - 1)) >>> 2]! >>> ((address & 3) * 8)) & 0xff;
  }

  override u64(address: number): number {
    if ((address & 7) !== 0) return super.u64(address);
    const line = this.lineAt(address);
    const at = (address & (LINE - 1)) >>> 2;
    return line[at]! + line[at + 1]! * 2 ** 32;
  }

  protected override get lineSize(): number {
    return LINE;
  }

  protected override get forgets(): boolean {
    return true;
  }

  override bytes(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const inLine = (address + done) % LINE;
      const line = this.lineAt(address + done);
      const part = new Uint8Array(line.buffer, inLine, Math.min(length - done, LINE - inLine));
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  protected override lineAt(address: number): Uint32Array {
    const number = Math.floor(address / LINE);
    if (number === this.lastLine) return this.lastWords;
    let words = this.lines.get(number);
    if (words === undefined) {
      words = this.load(number * LINE);
      this.lines.set(number, words);
    }
    this.lastLine = number;
    this.lastWords = words;
    return words;
  }

  private load(start: number): Uint32Array {
    // What is asked for anew after it went is read again; which goes first matters little.
    let words: Uint32Array | undefined;
    if (this.lines.size >= LINES_MAX) {
      const [oldest, its] = this.lines.entries().next().value!;
      this.lines.delete(oldest);
      words = its.fill(0);
    }
    words ??= new Uint32Array(LINE / 4);
    const bytes = new Uint8Array(words.buffer);
    for (let at = start; at < start + LINE; ) {
      const mapping = mappingOf(this.wanted, at);
      if (!mapping) {
        at += PAGE;
        continue;
      }
      const end = Math.min(mapping.end, start + LINE);
      this.reader.eachRun(mapping, at, end, (first, past, from) =>
        this.reader.read(from, mapping, bytes.subarray(first - start, past - start), first),
      );
      at = end;
    }
    return words;
  }
}
