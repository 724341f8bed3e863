/**
 * What module unicodedata knows of every character but its name, as one block: a unicodedatabase of
 * spec/layouts/unicodedata.txt. It is made from the tables of src/generated/unicode-database.ts, which are texts:
 *
 *     characterRecords  RECORD;…          fields in the order of characterrecord, in base 36
 *     characterRuns     N[*LENGTH] …      from character 0 on: the number of a record, for how many characters
 *     decompositions    [STEP]KIND PARTS;…  STEP: from the character before it, 1 where left out; KIND: ":" canonical, "=" that
 *                                         composition undoes, "<N>" with a prefix; PARTS: characters
 *     corrections       CODE=CODE …
 */
import * as structs from "../generated/structs.ts";
import {
  bidirectionalNames,
  categoryNames,
  characterRecords,
  characterRuns,
  corrections,
  decompositionPrefixes,
  decompositions,
  numericValues,
  widthNames,
} from "../generated/unicode-database.ts";

const CHARACTERS = 0x110000;
const PAGE = 128;
const base36 = (text: string) => Number.parseInt(text, 36);

interface Table {
  bytes: Uint8Array;
  count: number;
}

/** A table of `count` rows of `size` bytes, each written by `row`. */
function table(count: number, size: number, row: (view: DataView, at: number, i: number) => void): Table {
  const bytes = new Uint8Array(count * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) row(view, i * size, i);
  return { bytes, count };
}

/** Strings in cells that NULs end. */
function names(text: string): Table {
  const size = structs.charactername.SIZE[0];
  const list = text.split(" ");
  return table(list.length, size, (view, at, i) => {
    for (let k = 0; k < list[i].length; k++) view.setUint8(at + k, list[i].charCodeAt(k));
  });
}

const numbers = (list: readonly number[], size: 2 | 4) =>
  table(list.length, size, (view, at, i) =>
    size === 2 ? view.setUint16(at, list[i], true) : view.setUint32(at, list[i], true),
  );

/** The two levels that lead from a character to its record. */
function indices(): [Table, Table] {
  const records = new Uint16Array(CHARACTERS);
  let at = 0;
  for (const run of characterRuns.split(" ")) {
    const [record, length] = run.split("*");
    const end = at + (length === undefined ? 1 : base36(length));
    records.fill(base36(record), at, end);
    at = end;
  }
  const pages = new Map<string, number>();
  const second: number[] = [];
  const first: number[] = [];
  for (let start = 0; start < CHARACTERS; start += PAGE) {
    const page = records.subarray(start, start + PAGE);
    const key = page.join();
    let number = pages.get(key);
    if (number === undefined) {
      number = pages.size;
      pages.set(key, number);
      second.push(...page);
    }
    first.push(number);
  }
  return [numbers(first, 2), numbers(second, 2)];
}

/** Decompositions, their parts, and the pairs that are composed again. */
function compositions(): [Table, Table, Table] {
  const D = structs.characterdecomposition;
  const P = structs.characterpair;
  const parts: number[] = [];
  const pairs: [first: number, second: number, composed: number][] = [];
  const entries = decompositions.split(";");
  let code = 0;
  const table1 = table(entries.length, D.SIZE[0], (view, at, i) => {
    const [, step, kind, prefix, rest] = /^(\w*)(:|=|<(\w+)>)(.*)$/.exec(entries[i])!;
    code += step === "" ? 1 : base36(step);
    const characters = rest.split(" ").map(base36);
    if (kind === "=") pairs.push([characters[0], characters[1], code]);
    view.setUint32(at + D.code[0], code, true);
    view.setUint32(at + D.part[0], parts.length, true);
    view.setUint16(at + D.count[0], characters.length, true);
    view.setUint16(at + D.prefix[0], prefix === undefined ? 0 : base36(prefix), true);
    parts.push(...characters);
  });
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const table2 = table(pairs.length, P.SIZE[0], (view, at, i) => {
    const [first, second, composed] = pairs[i];
    view.setUint32(at + P.first[0], first, true);
    view.setUint32(at + P.second[0], second, true);
    view.setUint32(at + P.composed[0], composed, true);
  });
  return [table1, numbers(parts, 4), table2];
}

function records(): Table {
  const list = characterRecords.split(";").map((record) => record.split(" ").map(base36));
  return table(list.length, structs.characterrecord.SIZE[0], (view, at, i) => {
    list[i].forEach((value, k) => {
      view.setUint8(at + k, value);
    });
  });
}

function values(): Table {
  const list = [
    0,
    ...numericValues
      .split(" ")
      .map((text) => text.split("/").map(Number))
      .map(([n, d = 1]) => n / d),
  ];
  return table(list.length, 8, (view, at, i) => view.setFloat64(at, list[i], true));
}

let made: Uint8Array | undefined;

/** The block, the same for all processes. */
export function unicodeDatabase(): Uint8Array {
  made ??= makeDatabase();
  return made;
}

function makeDatabase(): Uint8Array {
  const H = structs.unicodedatabase;
  const [index1, index2] = indices();
  const [decompositionTable, parts, pairs] = compositions();
  const corrected = corrections.split(/[= ]/).map(base36);
  const tables: [field: readonly [number, string], table: Table][] = [
    [H.values, values()],
    [H.index1, index1],
    [H.index2, index2],
    [H.records, records()],
    [H.categories, names(categoryNames)],
    [H.bidirectionals, names(bidirectionalNames)],
    [H.widths, names(widthNames)],
    [H.prefixes, names(decompositionPrefixes)],
    [H.decompositions, decompositionTable],
    [H.parts, parts],
    [H.pairs, pairs],
    [H.corrections, numbers([...corrected, 0, 0], 4)],
  ];
  const head = H.SIZE[0];
  const size = tables.reduce((sum, [, { bytes }]) => sum + bytes.length, head as number);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  let at: number = head;
  for (const [field, { bytes }] of tables) {
    view.setUint32(field[0], at, true);
    out.set(bytes, at);
    at += bytes.length;
  }
  view.setUint32(H.decompositionCount[0], decompositionTable.count, true);
  view.setUint32(H.pairCount[0], pairs.count, true);
  return out;
}
