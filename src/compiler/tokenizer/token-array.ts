/**
 * All tokens of a source in typed arrays, for the parser of valid programs: one entry a token, keywords already told
 * from names, each different name one string. `clean` is false where the tokenizer found an error or a warning; the
 * tokens after it are missing, and the caller takes the slow way.
 */

import { charge, release } from "../errors/limits.ts";
import { normalizeIdentifier } from "../text/unicode/identifier.ts";
import type { Source } from "./source.ts";
import { Tokenizer } from "./tokenizer.ts";
import { keywordTypes, T } from "./tokens.ts";

/** What an entry of the arrays takes, and what a new name takes with its places in the tables. */
const TOKEN_BYTES = 29;
const NAME_BYTES = 160;

export class TokenArray {
  length = 0;
  clean = true;
  types: Uint8Array;
  lines: Int32Array;
  cols: Int32Array;
  endLines: Int32Array;
  endCols: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
  /** For a NAME the index of its string in `names`. */
  nameIds: Int32Array;
  readonly names: string[] = [];
  /** The texts of `{expr=}` by the token that ends them. */
  readonly metadata = new Map<number, string>();

  // Open addressing: name ids, -1 where free; and for each id where it was first seen and its type.
  private table = new Int32Array(64).fill(-1);
  private readonly nameStarts: number[] = [];
  private readonly nameLengths: number[] = [];
  private readonly nameHashes: number[] = [];
  private readonly nameTypes: T[] = [];

  constructor(
    readonly source: Source,
    filename: string,
  ) {
    const capacity = (source.length >> 2) + 64;
    charge(capacity * TOKEN_BYTES);
    // One block for all, as a small source is compiled in hardly more time than seven take.
    const block = new ArrayBuffer(capacity * TOKEN_BYTES);
    const words = (i: number) => new Int32Array(block, 4 * capacity * i, capacity);
    this.lines = words(0);
    this.cols = words(1);
    this.endLines = words(2);
    this.endCols = words(3);
    this.starts = words(4);
    this.ends = words(5);
    this.nameIds = words(6);
    this.types = new Uint8Array(block, 28 * capacity, capacity);
    this.fill(new Tokenizer(source, { filename }));
  }

  private fill(tokenizer: Tokenizer): void {
    for (;;) {
      let type = tokenizer.get();
      if (type === T.ERRORTOKEN || tokenizer.warned) {
        this.clean = false;
        return;
      }
      const i = this.length++;
      if (i === this.types.length) this.grow();
      const start = tokenizer.tokenStart;
      const end = tokenizer.tokenEnd;
      if (type === T.NAME) {
        const id = this.intern(start, end);
        this.nameIds[i] = id;
        type = this.nameTypes[id];
      }
      this.types[i] = type;
      this.lines[i] = tokenizer.tokenLine;
      this.cols[i] = tokenizer.tokenCol;
      this.endLines[i] = tokenizer.tokenEndLine;
      this.endCols[i] = tokenizer.tokenEndCol;
      this.starts[i] = start;
      this.ends[i] = end;
      if (tokenizer.metadata !== null) this.metadata.set(i, tokenizer.metadata);
      if (type === T.ENDMARKER) return;
    }
  }

  private intern(start: number, end: number): number {
    const bytes = this.source.bytes;
    const length = end - start;
    let hash = length;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0;
    const mask = this.table.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const id = this.table[slot];
      if (id < 0) break;
      if (this.nameHashes[id] === hash && this.nameLengths[id] === length) {
        const other = this.nameStarts[id];
        let i = 0;
        while (i < length && bytes[start + i] === bytes[other + i]) i++;
        if (i === length) return id;
      }
      slot = (slot + 1) & mask;
    }
    const id = this.names.length;
    charge(NAME_BYTES + length);
    const name = normalizeIdentifier(this.source.decode(start, end));
    this.table[slot] = id;
    this.names.push(name);
    this.nameStarts.push(start);
    this.nameLengths.push(length);
    this.nameHashes.push(hash);
    // A keyword is told by its bytes: a name that only becomes one by normalisation is a name.
    this.nameTypes.push((name.length === length && keywordTypes.get(name)) || T.NAME);
    if (this.names.length * 2 > this.table.length) this.rehash();
    return id;
  }

  private rehash(): void {
    this.table = new Int32Array(this.table.length * 2).fill(-1);
    const mask = this.table.length - 1;
    for (let id = 0; id < this.names.length; id++) {
      const hash = this.nameHashes[id];
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (this.table[slot] >= 0) slot = (slot + 1) & mask;
      this.table[slot] = id;
    }
  }

  private grow(): void {
    const before = this.types.length * TOKEN_BYTES;
    charge(2 * before);
    const types = new Uint8Array(this.types.length * 2);
    types.set(this.types);
    this.types = types;
    const twice = (old: Int32Array) => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    this.lines = twice(this.lines);
    this.cols = twice(this.cols);
    this.endLines = twice(this.endLines);
    this.endCols = twice(this.endCols);
    this.starts = twice(this.starts);
    this.ends = twice(this.ends);
    this.nameIds = twice(this.nameIds);
    release(before);
  }
}
