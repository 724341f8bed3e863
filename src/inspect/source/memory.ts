/**
 * A process's memory, as bytes at addresses of up to 47 bits, wherever they come from: the WebAssembly memory of an
 * interpreter of ours, an image of one, a copy of a live process's memory, a core.
 *
 *   address   46 ┌────────────┬──────────┬─────────────────┐ 0
 *                │ GiB        │ MiB in it│ byte            │
 *                └─────┬──────┴────┬─────┴────────┬────────┘
 *   tops[GiB] ─► Int32Array[MiB] ─►chunks[number] ─► words
 *
 * Chunks are numbered upwards by address, so that the place of a 16-byte unit, number × 2^16 + unit, fits 32 bits and
 * orders as the addresses do. What is not there reads as zero. Nothing here writes to a process, or knows an interpreter.
 */
import type { Field } from "../../layouts/field.ts";

/** A structure that cannot be as it is; the message says where. */
export class DamageError extends Error {}

export const CHUNK = 1 << 20;
const CHUNK_WORDS = CHUNK / 4;
const TOPS = 1 << 17;
const CHUNKS_MAX = 1 << 16;
/** One past the highest address that a process can have. */
const ADDRESS_END = 2 ** 47;
/** No program has anything below. */
const FIRST_ADDRESS = 4096;
const HIGH = 0x100000000;
const none = new Uint32Array(0);
/** How many chunks of those that are read when they are asked for are there at once. */
const FILLED_MAX = 128;

export class Memory {
  // Grown to its whole length only for what has addresses beyond those of WebAssembly.
  private tops: (Int32Array | undefined)[] = [undefined, undefined, undefined, undefined];
  private readonly chunks: (Uint32Array | undefined)[] = [];
  private readonly bases: number[] = [];
  /** In bytes. */
  private readonly lengths: number[] = [];
  // What fills chunks that are read when they are asked for, and which of these are there, the oldest first.
  private readonly fillers: ((words: Uint32Array) => void)[] = [];
  private readonly filled: number[] = [];
  private nextFilled = 0;
  // The chunk that was read last.
  private lastIndex = -1;
  private last: Uint32Array = none;
  /** One past the last address. */
  end = 0;

  /** Adds a chunk of at most 1 MiB at an address that is a multiple of 1 MiB, above those that are there. */
  add(base: number, words: Uint32Array): void {
    this.place(base, words.length * 4);
    this.chunks.push(words);
  }

  /** Adds a chunk that is read when it is asked for, and may be forgotten again. `fill`: writes its words, which are 0. */
  addLater(base: number, length: number, fill: (words: Uint32Array) => void): void {
    this.fillers[this.chunks.length] = fill;
    this.place(base, length);
    this.chunks.push(undefined);
  }

  private place(base: number, length: number): void {
    if (base % CHUNK !== 0 || base < this.end || base + CHUNK > ADDRESS_END)
      throw new DamageError("chunks out of order");
    if (this.chunks.length === CHUNKS_MAX) throw new DamageError("more than 64 GiB of memory");
    const index = base / CHUNK;
    if (index >>> 10 >= this.tops.length) this.tops.length = TOPS;
    const top = (this.tops[index >>> 10] ??= new Int32Array(1024));
    this.bases.push(base);
    this.lengths.push(length);
    top[index & 1023] = this.bases.length;
    this.end = base + length;
  }

  private fill(chunk: number): Uint32Array {
    const length = this.lengths[chunk]! / 4;
    let words: Uint32Array | undefined;
    if (this.filled.length < FILLED_MAX) this.filled.push(chunk);
    else {
      const oldest = this.filled[this.nextFilled]!;
      words = this.chunks[oldest];
      this.chunks[oldest] = undefined;
      this.filled[this.nextFilled] = chunk;
      this.nextFilled = (this.nextFilled + 1) % FILLED_MAX;
    }
    words = words?.length === length ? words.fill(0) : new Uint32Array(length);
    this.lastIndex = -1;
    this.fillers[chunk]!(words);
    this.chunks[chunk] = words;
    return words;
  }

  /** How many chunks there are. */
  get size(): number {
    return this.chunks.length;
  }

  /** The address of chunk `number`. */
  base(number: number): number {
    return this.bases[number]!;
  }

  /** The words of chunk `number`; of one that is read when it is asked for, until another one is. */
  words(number: number): Uint32Array {
    return this.chunks[number] ?? this.fill(number);
  }

  /** The number of the chunk that holds `address`, -1 if there is none. */
  chunkOf(address: number): number {
    if (!(address >= 0 && address < ADDRESS_END)) return -1;
    const index = (address / CHUNK) | 0;
    const top = this.tops[index >>> 10];
    return top === undefined ? -1 : top[index & 1023]! - 1;
  }

  /** Whether there are bytes at `address`. */
  has(address: number): boolean {
    const chunk = this.chunkOf(address);
    return chunk >= 0 && address - this.bases[chunk]! < this.lengths[chunk]!;
  }

  /** How many chunks begin below `address`. */
  chunksBelow(address: number): number {
    let [low, high] = [0, this.bases.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.bases[middle]! < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private chunkAt(address: number): Uint32Array {
    const index = (address / CHUNK) | 0;
    if (index === this.lastIndex) return this.last;
    const chunk = this.chunkOf(address);
    if (chunk < 0) return none;
    this.last = this.chunks[chunk] ?? this.fill(chunk);
    this.lastIndex = index;
    return this.last;
  }

  u32(address: number): number {
    if ((address & 3) !== 0) return this.unaligned(address, 4) >>> 0;
    return this.chunkAt(address)[(address & (CHUNK - 1)) >>> 2]! >>> 0;
  }

  i32(address: number): number {
    return this.u32(address) | 0;
  }

  u8(address: number): number {
    const word = this.chunkAt(address)[(address & (CHUNK - 1)) >>> 2]! >>> 0;
    return (word >>> ((address & 3) * 8)) & 0xff;
  }

  u16(address: number): number {
    return this.u8(address) | (this.u8(address + 1) << 8);
  }

  /** Eight bytes as a number: exact below 2^53, which every address is. */
  u64(address: number): number {
    if ((address & 7) !== 0) return this.unaligned(address, 4) + this.unaligned(address + 4, 4) * HIGH;
    const chunk = this.chunkAt(address);
    const at = (address & (CHUNK - 1)) >>> 2;
    return (chunk[at]! >>> 0) + (chunk[at + 1]! >>> 0) * HIGH;
  }

  /** Eight signed bytes: exact within 2^53. */
  i64(address: number): number {
    return this.u32(address) + this.i32(address + 4) * HIGH;
  }

  f64(address: number): number {
    return this.view(address, 8).getFloat64(0, true);
  }

  private unaligned(address: number, length: number): number {
    let value = 0;
    for (let i = length - 1; i >= 0; i--) value = value * 256 + this.u8(address + i);
    return value;
  }

  /** The words of what is read as one, of `lineSize` bytes, that holds `address`; none where there is nothing. */
  protected lineAt(address: number): Uint32Array {
    return this.chunkAt(address);
  }

  protected get lineSize(): number {
    return CHUNK;
  }

  /** Whether the words of a line are forgotten when others are read. */
  protected get forgets(): boolean {
    return this.filled.length > 0;
  }

  /** Calls `found` with the pieces of the range in which there is anything: a damaged mapping can be of terabytes. */
  eachPiece(from: number, to: number, found: (from: number, to: number) => void): void {
    for (let i = this.chunksBelow(from - CHUNK + 1); i < this.bases.length && this.bases[i]! < to; i++) {
      const base = this.bases[i]!;
      found(Math.max(from, base), Math.min(to, base + CHUNK));
    }
  }

  /** How many of `length` bytes there are from `address` on, without a gap. */
  bytesFrom(address: number, length: number): number {
    let at = address;
    while (at < address + length) {
      const chunk = this.chunkOf(at);
      const past = chunk < 0 ? at : this.bases[chunk]! + this.lengths[chunk]!;
      if (past <= at) break;
      at = past;
    }
    return Math.min(length, at - address);
  }

  /** Where, from `address` on, anything may be: the beginning of a line. */
  protected nextLine(address: number): number {
    return this.bases[this.chunksBelow(address)] ?? ADDRESS_END;
  }

  /** Whether there are bytes at the address of which these are the halves, `high` below 2^15: has() in whole numbers. */
  protected hasWord(low: number, high: number): boolean {
    const index = (high << 12) | (low >>> 20);
    const top = this.tops[index >>> 10];
    const chunk = top === undefined ? -1 : top[index & 1023]! - 1;
    return chunk >= 0 && (low & (CHUNK - 1)) < this.lengths[chunk]!;
  }

  /** Calls `found` with each word from `from` to `to` that is an address of this memory, a multiple of 8; and where it is. */
  eachAddress(from: number, to: number, found: (word: number, at: number) => void): void {
    const size = this.lineSize;
    for (let at = Math.ceil(from / 8) * 8; at + 8 <= to; ) {
      const line = at - (at % size);
      const all = this.lineAt(at);
      if (all.length === 0) {
        at = this.nextLine(line + size);
        continue;
      }
      const begin = (at - line) / 4;
      const end = Math.min(all.length, (Math.min(to, line + size) - line) >>> 2);
      // What is found may ask for other lines.
      const words = this.forgets ? all.slice(begin, end) : all.subarray(begin, end);
      for (let i = 0; i + 1 < words.length; i += 2) {
        const low = words[i]!;
        const high = words[i + 1]!;
        if ((low & 7) !== 0 || high >= ADDRESS_END / HIGH || (high === 0 && low < FIRST_ADDRESS)) continue;
        if (this.hasWord(low, high)) found(low + high * HIGH, at + 4 * i);
      }
      at = line + size;
    }
  }

  /** The field `[offset, kind]` of the structure at `base`. An embedded structure gives its address. */
  get(base: number, [offset, kind]: Field): number {
    const address = base + offset;
    switch (kind) {
      case "at":
        return address;
      case "u8":
        return this.u8(address);
      case "u16":
        return this.u16(address);
      case "u32":
        return this.u32(address);
      case "i32":
        return this.i32(address);
      case "f64":
        return this.f64(address);
      case "ssize":
      case "i64":
        return this.i64(address);
      default:
        return this.u64(address);
    }
  }

  /** The root `[address, kind]`. */
  root(field: Field): number {
    return this.get(0, field);
  }

  /** A copy of `length` bytes. */
  bytes(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const at = address + done;
      const inChunk = at % CHUNK;
      const size = Math.min(length - done, CHUNK - inChunk);
      const chunk = this.chunkOf(at);
      if (chunk >= 0) {
        const words = this.words(chunk);
        const there = Math.min(size, words.length * 4 - inChunk);
        if (there > 0) bytes.set(new Uint8Array(words.buffer, words.byteOffset + inChunk, there), done);
      }
      done += size;
    }
    return bytes;
  }

  /** A copy of `length` bytes, to read numbers from. */
  view(address: number, length: number): DataView {
    return new DataView(this.bytes(address, length).buffer);
  }

  /** The text at `address` up to a NUL; undefined where that is not UTF-8 text of at most `limit` bytes. */
  text(address: number, limit = 256): string | undefined {
    if (!this.has(address)) return undefined;
    // Most text is ASCII and short.
    let ascii = "";
    for (let i = 0; i < limit; i++) {
      const byte = this.u8(address + i);
      if (byte === 0) return ascii;
      if (byte >= 0x80) break;
      ascii += String.fromCharCode(byte);
    }
    const bytes = this.bytes(address, limit);
    const end = bytes.indexOf(0);
    if (end < 0) return undefined;
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end));
    } catch {
      return undefined;
    }
  }
}

/** A whole memory, from address 0. */
export function memorySource(buffer: ArrayBufferLike): Memory {
  const memory = new Memory();
  for (let base = 0; base < buffer.byteLength; base += CHUNK) {
    memory.add(base, new Uint32Array(buffer, base, Math.min(CHUNK_WORDS, (buffer.byteLength - base) >>> 2)));
  }
  return memory;
}
