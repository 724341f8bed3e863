/**
 * The blocks that libc gave out, ascending by address, in flat arrays: a process may have millions.
 */
import type { Chunk } from "../roots/roots.ts";

export class Chunks implements Iterable<Chunk> {
  length = 0;
  private addresses = new Float64Array(1024);
  private sizes = new Float64Array(1024);
  private own = new Uint8Array(1024);

  /** Adds a block above those that are there; `mapped`: a mapping of its own. */
  push(address: number, size: number, mapped: boolean): void {
    const n = this.length;
    // What lies below the last one can only be there in a damaged heap.
    if (n > 0 && address <= this.addresses[n - 1]!) return;
    if (n === this.addresses.length) this.grow();
    this.addresses[n] = address;
    this.sizes[n] = size;
    this.own[n] = mapped ? 1 : 0;
    this.length++;
  }

  private grow(): void {
    const size = this.length * 2;
    const { addresses, sizes, own } = this;
    this.addresses = new Float64Array(size);
    this.sizes = new Float64Array(size);
    this.own = new Uint8Array(size);
    this.addresses.set(addresses);
    this.sizes.set(sizes);
    this.own.set(own);
  }

  /** Where the program's bytes of block `i` begin. */
  address(i: number): number {
    return this.addresses[i]!;
  }

  /** How many of them there are. */
  size(i: number): number {
    return this.sizes[i]!;
  }

  /** Whether it is a mapping of its own. */
  isMapped(i: number): boolean {
    return this.own[i] === 1;
  }

  /** The place of the block at `address`, -1. */
  indexOf(address: number): number {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.addresses[middle]! < address) low = middle + 1;
      else high = middle;
    }
    return low < this.length && this.addresses[low] === address ? low : -1;
  }

  /** Takes the blocks out that are marked, in order of address. */
  remove(marks: Uint8Array, removed: (address: number, size: number) => void): void {
    let kept = 0;
    for (let i = 0; i < this.length; i++) {
      if (marks[i] !== 0) {
        removed(this.addresses[i]!, this.sizes[i]!);
        continue;
      }
      this.addresses[kept] = this.addresses[i]!;
      this.sizes[kept] = this.sizes[i]!;
      this.own[kept++] = this.own[i]!;
    }
    this.length = kept;
  }

  /** How many are mappings of their own. */
  get mapped(): number {
    let count = 0;
    for (let i = 0; i < this.length; i++) count += this.own[i]!;
    return count;
  }

  /** The bytes of all. */
  get bytes(): number {
    let sum = 0;
    for (let i = 0; i < this.length; i++) sum += this.sizes[i]!;
    return sum;
  }

  *[Symbol.iterator](): Iterator<Chunk> {
    for (let i = 0; i < this.length; i++) {
      yield { address: this.addresses[i]!, size: this.sizes[i]!, mapped: this.own[i] === 1 };
    }
  }
}
