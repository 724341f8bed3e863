/**
 * The location table (PEP 657): for each instruction its line, end line and columns.
 *
 * Mirrors `assemble_location_info` (`Python/assemble.c`); the format is CPython's `InternalDocs/locations.md`. Each entry
 * covers up to eight code units:
 *
 *     1 | code (4 bits) | units - 1 (3 bits)      then, by code:
 *     0-9    short: column group, then one byte with the low bits of the column and the width
 *     10-12  one line, 0 to 2 below the last: column, end column
 *     13     line delta only
 *     14     long: line delta, height, column + 1, end column + 1, as variable-length integers
 *     15     nothing known
 */
import { type Instruction, instructionSize, type Location, NO_LOCATION } from "../code/instruction.ts";
import { ByteWriter } from "./bytes.ts";

const ONE_LINE = 10;
const NO_COLUMNS = 13;
const LONG = 14;
const NONE = 15;
const UNITS_MAX = 8;

function sameLocation(a: Location, b: Location): boolean {
  return (
    a === b ||
    (a.lineno === b.lineno &&
      a.end_lineno === b.end_lineno &&
      a.col_offset === b.col_offset &&
      a.end_col_offset === b.end_col_offset)
  );
}

export function locationTable(instructions: readonly Instruction[], firstlineno: number): Uint8Array {
  const table = new LocationTable(firstlineno);
  let loc = NO_LOCATION;
  let size = 0;
  for (let i = 0; i < instructions.length; i++) {
    const instr = instructions[i];
    if (!sameLocation(loc, instr.loc)) {
      table.add(loc, size);
      loc = instr.loc;
      size = 0;
    }
    size += instructionSize(instr);
  }
  table.add(loc, size);
  return table.out.finish();
}

class LocationTable {
  readonly out = new ByteWriter(128);

  constructor(private lineno: number) {}

  add(loc: Location, size: number): void {
    let left = size;
    for (; left > UNITS_MAX; left -= UNITS_MAX) this.entry(loc, UNITS_MAX);
    if (left > 0) this.entry(loc, left);
  }

  private start(code: number, units: number): void {
    this.out.u8(0x80 | (code << 3) | (units - 1));
  }

  /** Six bits a byte, the lowest first. */
  private varint(v: number): void {
    let rest = v;
    while (rest >= 64) {
      this.out.u8(0x40 | (rest & 0x3f));
      rest >>>= 6;
    }
    this.out.u8(rest);
  }

  private signedVarint(v: number): void {
    this.varint(v < 0 ? (-v << 1) | 1 : v << 1);
  }

  private entry(loc: Location, units: number): void {
    if (loc.lineno < 0) {
      this.start(NONE, units);
      return;
    }
    const delta = loc.lineno - this.lineno;
    const column = loc.col_offset;
    const endColumn = loc.end_col_offset;
    if (column < 0 || endColumn < 0) {
      if (loc.end_lineno === loc.lineno || loc.end_lineno === -1) {
        this.start(NO_COLUMNS, units);
        this.signedVarint(delta);
        this.lineno = loc.lineno;
        return;
      }
    } else if (loc.end_lineno === loc.lineno) {
      if (delta === 0 && column < 80 && endColumn - column < 16 && endColumn >= column) {
        this.start(column >> 3, units);
        this.out.u8(((column & 7) << 4) | (endColumn - column));
        return;
      }
      if (delta >= 0 && delta < 3 && column < 128 && endColumn < 128) {
        this.start(ONE_LINE + delta, units);
        this.out.u8(column);
        this.out.u8(endColumn);
        this.lineno = loc.lineno;
        return;
      }
    }
    this.start(LONG, units);
    this.signedVarint(delta);
    this.varint(loc.end_lineno - loc.lineno);
    this.varint(column + 1);
    this.varint(endColumn + 1);
    this.lineno = loc.lineno;
  }
}
