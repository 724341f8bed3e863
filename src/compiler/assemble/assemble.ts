/**
 * From the flow graph to a code object: jump offsets, bytecode, the tables beside it, the names and kinds of variables.
 *
 * Mirrors `Python/assemble.c`. Offsets and sizes are in code units of two bytes; inline caches are written as zeros.
 */

import { FastKind } from "../../generated/constants.ts";
import { Op, OpFlag, opCaches, opFlags } from "../../generated/opcodes.ts";
import { CodeObject } from "../code/code.ts";
import { type Instruction, instructionSize } from "../code/instruction.ts";
import type { Unit } from "../codegen/unit.ts";
import { charge } from "../errors/limits.ts";
import type { Block } from "../flowgraph/block.ts";
import { optimizeGraph } from "../flowgraph/optimize.ts";
import { exceptionTable } from "./exceptiontable.ts";
import { locationTable } from "./linetable.ts";

/** Makes the code object of a unit whose instructions are complete. */
export function assemble(unit: Unit, flags: number, filename: string): CodeObject {
  const nparams = unit.ste.varnames.length;
  const graph = optimizeGraph(unit.seq, unit.consts, unit, nparams, flags, unit.firstlineno);
  const instructions = flatten(graph.entry);
  const size = resolveJumps(instructions);
  const variables = localsPlus(unit);
  return new CodeObject({
    co_argcount: unit.posonlyargcount + unit.argcount,
    co_posonlyargcount: unit.posonlyargcount,
    co_kwonlyargcount: unit.kwonlyargcount,
    co_stacksize: Math.max(graph.stackDepth, 1),
    co_flags: flags,
    co_code: bytecode(instructions, size),
    co_consts: graph.consts,
    co_names: [...unit.names.keys()],
    localsplusnames: variables.names,
    localspluskinds: variables.kinds,
    co_filename: filename,
    co_name: unit.name,
    co_qualname: unit.qualname,
    co_firstlineno: unit.firstlineno,
    co_linetable: locationTable(instructions, unit.firstlineno),
    co_exceptiontable: exceptionTable(instructions),
  });
}

/** The blocks' instructions in one list; each block learns where it starts. */
function flatten(entry: Block): Instruction[] {
  const out: Instruction[] = [];
  for (let b: Block | null = entry; b !== null; b = b.next) {
    b.start = out.length;
    const list = b.instructions;
    for (let i = 0; i < list.length; i++) out.push(list[i]);
  }
  return out;
}

/** Gives unconditional jumps their direction and all jumps their distance. Returns the size of the code. */
function resolveJumps(instructions: Instruction[]): number {
  const jumps: number[] = [];
  for (let i = 0; i < instructions.length; i++) {
    const instr = instructions[i];
    if ((opFlags[instr.opcode] & OpFlag.Jump) === 0) continue;
    jumps.push(i);
    // The index is a first guess of the distance, which decides the first guess of the size.
    instr.oparg = instr.target!.start;
    const forward = instr.oparg > i;
    if (instr.opcode === Op.JUMP) instr.opcode = forward ? Op.JUMP_FORWARD : Op.JUMP_BACKWARD;
    else if (instr.opcode === Op.JUMP_NO_INTERRUPT) {
      instr.opcode = forward ? Op.JUMP_FORWARD : Op.JUMP_BACKWARD_NO_INTERRUPT;
    }
  }
  for (;;) {
    let offset = 0;
    for (let i = 0; i < instructions.length; i++) {
      instructions[i].offset = offset;
      offset += instructionSize(instructions[i]);
    }
    let changed = false;
    for (let k = 0; k < jumps.length; k++) {
      const instr = instructions[jumps[k]];
      const size = instructionSize(instr);
      const end = instr.offset + size;
      const target = instructions[instr.target!.start].offset;
      instr.oparg = target < end ? end - target : target - end;
      if (instructionSize(instr) !== size) changed = true;
    }
    if (!changed) return offset;
  }
}

function bytecode(instructions: readonly Instruction[], size: number): Uint8Array {
  charge(size * 2);
  const code = new Uint8Array(size * 2);
  let at = 0;
  for (let i = 0; i < instructions.length; i++) {
    const { opcode, oparg } = instructions[i];
    if (oparg > 0xff) {
      for (let shift = oparg > 0xffffff ? 24 : oparg > 0xffff ? 16 : 8; shift > 0; shift -= 8) {
        code[at++] = Op.EXTENDED_ARG;
        code[at++] = (oparg >> shift) & 0xff;
      }
    }
    code[at] = opcode;
    code[at + 1] = oparg & 0xff;
    at += 2 + 2 * opCaches[opcode];
  }
  return code;
}

/** Locals first, then the cells that are not locals too, then free variables. */
function localsPlus(unit: Unit): { names: string[]; kinds: Uint8Array } {
  const names: string[] = [];
  const kinds: number[] = [];
  for (const name of unit.varnames.keys()) {
    let kind: number = FastKind.LOCAL;
    if (unit.fasthidden.has(name)) kind |= FastKind.HIDDEN;
    if (unit.cellvars.has(name)) kind |= FastKind.CELL;
    names.push(name);
    kinds.push(kind);
  }
  for (const name of unit.cellvars.keys()) {
    if (unit.varnames.has(name)) continue;
    names.push(name);
    kinds.push(FastKind.CELL);
  }
  for (const name of unit.freevars.keys()) {
    names.push(name);
    kinds.push(FastKind.FREE);
  }
  return { names, kinds: Uint8Array.from(kinds) };
}
