/**
 * Reading the location table of a code object: which code is on which line.
 *
 * Mirrors `co_lines()` and `co_positions()` (`Objects/codeobject.c`); `assemble/linetable.ts` writes the table.
 */
import type { CodeObject } from "./code.ts";

export interface CodeRange {
  /** Offsets in bytes, the end excluded. */
  start: number;
  end: number;
  /** Null where the instructions have no location. Columns are in UTF-8 bytes. */
  line: number | null;
  endLine: number | null;
  column: number | null;
  endColumn: number | null;
}

/** Every entry of the table, in the order of the code. */
export function* codePositions(code: CodeObject): Generator<CodeRange> {
  const table = code.co_linetable;
  let pos = 0;
  const varint = () => {
    let byte = table[pos++];
    let value = byte & 63;
    for (let shift = 6; byte & 64; shift += 6) {
      byte = table[pos++];
      value |= (byte & 63) << shift;
    }
    return value;
  };
  const signedVarint = () => {
    const v = varint();
    return v & 1 ? -(v >>> 1) : v >>> 1;
  };
  let line = code.co_firstlineno;
  let start = 0;
  while (pos < table.length) {
    const first = table[pos++];
    const end = start + ((first & 7) + 1) * 2;
    const kind = (first >> 3) & 15;
    const range: CodeRange = { start, end, line: null, endLine: null, column: null, endColumn: null };
    if (kind < 10) {
      const second = table[pos++];
      range.column = (kind << 3) | (second >> 4);
      range.endColumn = range.column + (second & 15);
      range.line = range.endLine = line;
    } else if (kind < 13) {
      line += kind - 10;
      range.column = table[pos++];
      range.endColumn = table[pos++];
      range.line = range.endLine = line;
    } else if (kind === 13) {
      line += signedVarint();
      range.line = range.endLine = line;
    } else if (kind === 14) {
      line += signedVarint();
      range.line = line;
      range.endLine = line + varint();
      const column = varint();
      const endColumn = varint();
      range.column = column === 0 ? null : column - 1;
      range.endColumn = endColumn === 0 ? null : endColumn - 1;
    }
    yield range;
    start = end;
  }
}

/** The offsets at which a new line starts, null standing for code without one. Mirrors `dis.findlinestarts`. */
export function lineStarts(code: CodeObject): Map<number, number | null> {
  const starts = new Map<number, number | null>();
  let last: number | null | undefined;
  for (const { start, line } of codePositions(code)) {
    if (line === last) continue;
    last = line;
    starts.set(start, line);
  }
  return starts;
}
