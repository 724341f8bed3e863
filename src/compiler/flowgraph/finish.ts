/**
 * The last steps on the graph: the depth of the stack, the layout of variables and cells, pseudo instructions made real,
 * conditional jumps made to go forward.
 *
 * Mirrors `calculate_stackdepth`, `prepare_localsplus`, `convert_pseudo_ops` and `normalize_jumps`
 * (`Python/flowgraph.c`).
 */

import { CodeFlag } from "../../generated/constants.ts";
import { Op, stackEffect } from "../../generated/opcodes.ts";
import {
  hasTarget,
  Instruction,
  isBlockPush,
  isJump,
  isScopeExit,
  isUnconditionalJump,
  Location,
  NO_LOCATION,
} from "../code/instruction.ts";
import { Block, clearVisited } from "./block.ts";
import { removeRedundantNopsAndJumps } from "./cleanup.ts";

/** The depth that the stack needs; notes each block's depth on entry. */
export function calculateStackDepth(entry: Block): number {
  for (let b: Block | null = entry; b !== null; b = b.next) b.startDepth = -1;
  const todo: Block[] = [];
  const reach = (block: Block, depth: number) => {
    if (block.startDepth >= 0) {
      if (block.startDepth !== depth) throw new Error("Invalid CFG, inconsistent stackdepth");
      return;
    }
    block.startDepth = depth;
    todo.push(block);
  };
  reach(entry, 0);
  let max = 0;
  for (let b = todo.pop(); b !== undefined; b = todo.pop()) {
    let depth = b.startDepth;
    let next = b.next;
    const list = b.instructions;
    for (let i = 0; i < list.length; i++) {
      const { opcode, oparg, target } = list[i];
      const after = depth + stackEffect(opcode, oparg, false);
      if (after < 0) throw new Error("Invalid CFG, stack underflow");
      if (after > max) max = after;
      if (hasTarget(opcode)) {
        const atTarget = depth + stackEffect(opcode, oparg, true);
        if (atTarget > max) max = atTarget;
        reach(target!, atTarget);
      }
      depth = after;
      if (isUnconditionalJump(opcode) || isScopeExit(opcode)) {
        next = null;
        break;
      }
    }
    if (next !== null) reach(next, depth);
  }
  return max;
}

/** The variables of a code object, by kind, each with its index in its kind. */
export interface Variables {
  readonly varnames: ReadonlyMap<string, number>;
  readonly cellvars: ReadonlyMap<string, number>;
  readonly freevars: ReadonlyMap<string, number>;
}

const GENERATOR_LIKE = CodeFlag.GENERATOR | CodeFlag.COROUTINE | CodeFlag.ASYNC_GENERATOR;

/** Puts the instructions before the first that make generators and cells, and numbers cells behind the locals. */
export function prepareLocalsPlus(entry: Block, v: Variables, flags: number, firstlineno: number): void {
  const nlocals = v.varnames.size;
  const ncells = v.cellvars.size;
  const nfree = v.freevars.size;
  const prefix: Instruction[] = [];
  // Where each cell is: a parameter that is a cell too keeps the parameter's place.
  const fixed: number[] = [];
  for (let i = 0; i < ncells + nfree; i++) fixed.push(nlocals + i);
  for (const [name, index] of v.cellvars) {
    const local = v.varnames.get(name);
    if (local !== undefined) fixed[index] = local;
  }
  if (nfree > 0) prefix.push(new Instruction(Op.COPY_FREE_VARS, nfree, NO_LOCATION));
  if (ncells > 0) {
    const cells = [...v.cellvars.values()].sort((a, b) => fixed[a] - fixed[b]);
    for (const index of cells) prefix.push(new Instruction(Op.MAKE_CELL, index, NO_LOCATION));
  }
  if (flags & GENERATOR_LIKE) {
    const loc = new Location(firstlineno, firstlineno, -1, -1);
    prefix.push(new Instruction(Op.RETURN_GENERATOR, 0, loc), new Instruction(Op.POP_TOP, 0, loc));
  }
  if (prefix.length > 0) entry.instructions = prefix.concat(entry.instructions);
  if (ncells + nfree === 0) return;
  let dropped = 0;
  for (let i = 0; i < fixed.length; i++) {
    if (fixed[i] === i + nlocals) fixed[i] -= dropped;
    else dropped++;
  }
  for (let b: Block | null = entry; b !== null; b = b.next) {
    for (const instr of b.instructions) {
      switch (instr.opcode) {
        case Op.MAKE_CELL:
        case Op.LOAD_CLOSURE:
        case Op.LOAD_DEREF:
        case Op.STORE_DEREF:
        case Op.DELETE_DEREF:
        case Op.LOAD_FROM_DICT_OR_DEREF:
          instr.oparg = fixed[instr.oparg];
      }
    }
  }
}

export function convertPseudoOps(entry: Block): void {
  for (let b: Block | null = entry; b !== null; b = b.next) {
    const list = b.instructions;
    for (let i = 0; i < list.length; i++) {
      const instr = list[i];
      if (isBlockPush(instr.opcode)) instr.set0(Op.NOP);
      else if (instr.opcode === Op.LOAD_CLOSURE) instr.opcode = Op.LOAD_FAST;
      else if (instr.opcode === Op.STORE_FAST_MAYBE_NULL) instr.opcode = Op.STORE_FAST;
    }
  }
  removeRedundantNopsAndJumps(entry);
}

function reversed(opcode: number): number {
  switch (opcode) {
    case Op.POP_JUMP_IF_NOT_NONE:
      return Op.POP_JUMP_IF_NONE;
    case Op.POP_JUMP_IF_NONE:
      return Op.POP_JUMP_IF_NOT_NONE;
    case Op.POP_JUMP_IF_FALSE:
      return Op.POP_JUMP_IF_TRUE;
    case Op.POP_JUMP_IF_TRUE:
      return Op.POP_JUMP_IF_FALSE;
    default:
      throw new Error(`instruction ${opcode} jumps backwards`);
  }
}

/** A conditional jump backwards becomes its opposite over an unconditional one. */
export function normalizeJumps(entry: Block): void {
  clearVisited(entry);
  for (let b: Block | null = entry; b !== null; b = b.next) {
    b.visited = true;
    const last = b.last();
    if (last === undefined || !isJump(last.opcode) || isUnconditionalJump(last.opcode)) continue;
    if (!last.target!.visited) continue;
    const back = new Block(false);
    const jump = new Instruction(Op.JUMP, 0, last.loc);
    jump.target = last.target;
    back.instructions.push(jump);
    back.visited = true;
    last.opcode = reversed(last.opcode);
    last.target = b.next;
    back.cold = b.cold;
    back.next = b.next;
    b.next = back;
  }
}
