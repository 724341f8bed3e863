/**
 * What bytes mean in an encoding with more than one byte a character, as one block: a charset of spec/layouts/multibyte.txt. It
 * is made from two files of the library, "charsets/NAME" with the differences, and the one that they are told by:
 *
 *     base            length (a byte), name
 *     changes         COUNT, then STEP CHARACTER for each: the code from the one before it, the character's difference to that
 *                     before it, zigzag; 0 takes the code's character away
 *     pairs           COUNT, then CODE FIRST SECOND for each
 *     exceptions      COUNT, then CHARACTER CODE for each that is not encoded by the first code that it has; 0 for none
 *     ranges          COUNT, then INDEX CHARACTER COUNT for each range of codes of four bytes
 *
 * Numbers have 7 bits a byte, the lowest first, and a high bit where there is more.
 */
import * as structs from "../generated/structs.ts";
import type { Library } from "./services.ts";

interface Charset {
  characters: Map<number, number>;
  pairs: number[][];
  exceptions: number[][];
  ranges: number[][];
}

class Reader {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  number(): number {
    let n = 0;
    for (let factor = 1; ; factor *= 128) {
      const b = this.bytes[this.at++]!;
      n += (b & 127) * factor;
      if (b < 128) return n;
    }
  }

  signed(): number {
    const n = this.number();
    return n % 2 === 1 ? -(n + 1) / 2 : n / 2;
  }

  rows(width: number): number[][] {
    return Array.from({ length: this.number() }, () => Array.from({ length: width }, () => this.number()));
  }

  text(): string {
    const n = this.bytes[this.at++]!;
    this.at += n;
    return String.fromCharCode(...this.bytes.subarray(this.at - n, this.at));
  }
}

function readCharset(name: string, file: (name: string) => Uint8Array | undefined): Charset | undefined {
  const bytes = file(name);
  if (bytes === undefined) return undefined;
  const reader = new Reader(bytes);
  const base = reader.text();
  const characters = new Map(base === "" ? [] : readCharset(base, file)!.characters);
  let [code, character] = [0, 0];
  for (let n = reader.number(); n > 0; n--) {
    code += reader.number();
    character += reader.signed();
    if (character === 0) characters.delete(code);
    else characters.set(code, character);
  }
  // A NUL is itself, which is no way to take it away.
  characters.set(0, 0);
  return { characters, pairs: reader.rows(3), exceptions: reader.rows(2), ranges: reader.rows(3) };
}

const sorted = (rows: number[][]) => rows.sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);

/** The blocks that were made of a library's files: a program asks anew whenever it gets a codec. */
const made = new WeakMap<Library, Map<string, Uint8Array | undefined>>();

/** The block; undefined where there is no such encoding in the library. */
export function charsetBlock(name: string, library: Library): Uint8Array | undefined {
  let blocks = made.get(library);
  if (blocks === undefined) made.set(library, (blocks = new Map()));
  if (!blocks.has(name))
    blocks.set(
      name,
      makeBlock(name, (file) => library.read(`charsets/${file}`)),
    );
  return blocks.get(name);
}

function makeBlock(name: string, file: (name: string) => Uint8Array | undefined): Uint8Array | undefined {
  const charset = readCharset(name, file);
  if (charset === undefined) return undefined;
  const { characters, pairs, exceptions, ranges } = charset;
  const decode = sorted([...characters, ...pairs.map(([code], i) => [code!, 0x80000000 + i])] as number[][]);
  const codes = new Map<number, number>();
  for (const [code, character] of decode) {
    if (character! < 0x80000000 && !codes.has(character!)) codes.set(character!, code!);
  }
  for (const [character, code] of exceptions) {
    if (code === 0) codes.delete(character!);
    else codes.set(character!, code!);
  }
  const tables: [field: readonly [number, string], count: readonly [number, string], rows: number[][]][] = [
    [structs.charset.decode, structs.charset.decode_count, decode],
    [structs.charset.encode, structs.charset.encode_count, sorted([...codes] as number[][])],
    [structs.charset.pairs, structs.charset.pair_count, pairs.map(([code, first, second]) => [first!, second!, code!])],
    [structs.charset.ranges, structs.charset.range_count, ranges],
  ];
  const head: number = structs.charset.SIZE[0];
  const out = new Uint8Array(head + 4 * tables.reduce((n, [, , rows]) => n + rows.length * (rows[0]?.length ?? 0), 0));
  const view = new DataView(out.buffer);
  let at = head;
  for (const [field, count, rows] of tables) {
    view.setUint32(field[0], at, true);
    view.setUint32(count[0], rows.length, true);
    for (const row of rows) {
      for (const n of row) {
        view.setUint32(at, n, true);
        at += 4;
      }
    }
  }
  return out;
}
