/**
 * The exception table: for each range of code the handler, the depth to which the stack is cut, and whether the index
 * of the raising instruction is pushed.
 *
 * Mirrors `assemble_exception_table` (`Python/assemble.c`); the format is CPython's `InternalDocs/exception_handling.md`:
 * start, size, target and depth << 1 | lasti, each in groups of six bits, the highest first, 0x40 where more follow, and
 * 0x80 on the first byte of an entry.
 */

import { type Instruction, instructionSize } from "../code/instruction.ts";
import type { Block } from "../flowgraph/block.ts";
import { ByteWriter } from "./bytes.ts";

function item(out: ByteWriter, value: number, start: number): void {
  let mark = start;
  for (const shift of [24, 18, 12, 6]) {
    if (value >= 1 << shift) {
      out.u8(((value >> shift) & 0x3f) | 0x40 | mark);
      mark = 0;
    }
  }
  out.u8((value & 0x3f) | mark);
}

export function exceptionTable(instructions: readonly Instruction[]): Uint8Array {
  const out = new ByteWriter(32);
  let handler: Block | null = null;
  let start = 0;
  const flush = (end: number) => {
    if (handler === null) return;
    const depth = handler.startDepth - (handler.preserveLasti ? 2 : 1);
    item(out, start, 0x80);
    item(out, end - start, 0);
    item(out, instructions[handler.start].offset, 0);
    item(out, (depth << 1) | (handler.preserveLasti ? 1 : 0), 0);
  };
  let offset = 0;
  for (let i = 0; i < instructions.length; i++) {
    const instr = instructions[i];
    const except = instr.except;
    if (except !== handler && (except === null || handler === null || except.start !== handler.start)) {
      flush(offset);
      start = offset;
      handler = except;
    }
    offset += instructionSize(instr);
  }
  flush(offset);
  return out.finish();
}
