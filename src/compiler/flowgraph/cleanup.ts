/**
 * Removing what has no effect: unreachable blocks, NOPs, jumps to the next instruction, and jumps to small blocks that
 * can be copied instead.
 *
 * Mirrors the functions of the same names in `Python/flowgraph.c`. A NOP stays where it is all that shows a line.
 */
import { Op } from "../../generated/opcodes.ts";
import { type Instruction, isBlockPush, isJump, isUnconditionalJump } from "../code/instruction.ts";
import { type Block, nonempty } from "./block.ts";

/** Counts predecessors, and empties the blocks that have none. */
export function removeUnreachable(entry: Block): void {
  for (let b: Block | null = entry; b !== null; b = b.next) {
    b.predecessors = 0;
    b.visited = false;
  }
  entry.predecessors = 1;
  entry.visited = true;
  const todo = [entry];
  const reach = (block: Block) => {
    if (!block.visited) {
      block.visited = true;
      todo.push(block);
    }
    block.predecessors++;
  };
  for (let b = todo.pop(); b !== undefined; b = todo.pop()) {
    if (b.next !== null && b.fallsThrough()) reach(b.next);
    const list = b.instructions;
    for (let i = 0; i < list.length; i++) {
      const opcode = list[i].opcode;
      if (isJump(opcode) || isBlockPush(opcode)) reach(list[i].target!);
    }
  }
  for (let b: Block | null = entry; b !== null; b = b.next) {
    if (b.predecessors === 0) {
      b.instructions.length = 0;
      b.exceptHandler = false;
    }
  }
}

function removeRedundantNopsIn(block: Block): number {
  const list = block.instructions;
  const n = list.length;
  let dest = 0;
  let previous = -1;
  for (let src = 0; src < n; src++) {
    const instr = list[src];
    const lineno = instr.loc.lineno;
    if (instr.opcode === Op.NOP) {
      if (lineno < 0 || previous === lineno) continue;
      if (src < n - 1) {
        const next = list[src + 1];
        if (next.loc.lineno === lineno) continue;
        if (next.loc.lineno < 0) {
          next.loc = instr.loc;
          continue;
        }
      } else if (firstLineno(nonempty(block.next)) === lineno) continue;
    }
    list[dest++] = instr;
    previous = lineno;
  }
  list.length = dest;
  return n - dest;
}

/** The line on which a block starts, past NOPs without one. */
function firstLineno(block: Block | null): number {
  if (block === null) return -1;
  for (const instr of block.instructions) {
    if (instr.opcode !== Op.NOP || instr.loc.lineno >= 0) return instr.loc.lineno;
  }
  return -1;
}

export function removeRedundantNops(entry: Block): number {
  let removed = 0;
  for (let b: Block | null = entry; b !== null; b = b.next) removed += removeRedundantNopsIn(b);
  return removed;
}

/** Also removes constants and copies that are popped at once. */
export function removeRedundantNopsAndPairs(entry: Block): void {
  let done = false;
  while (!done) {
    done = true;
    let instr: Instruction | null = null;
    for (let b: Block | null = entry; b !== null; b = b.next) {
      removeRedundantNopsIn(b);
      if (b.isTarget) instr = null;
      const list = b.instructions;
      for (let i = 0; i < list.length; i++) {
        const previous: Instruction | null = instr;
        instr = list[i];
        if (instr.opcode !== Op.POP_TOP || previous === null) continue;
        if (previous.opcode === Op.LOAD_CONST || (previous.opcode === Op.COPY && previous.oparg === 1)) {
          previous.set0(Op.NOP);
          instr.set0(Op.NOP);
          done = false;
        }
      }
      if ((instr !== null && isJump(instr.opcode)) || !b.fallsThrough()) instr = null;
    }
  }
}

function removeRedundantJumps(entry: Block): number {
  let removed = 0;
  for (let b: Block | null = entry; b !== null; b = b.next) {
    const last = b.last();
    if (last === undefined || !isUnconditionalJump(last.opcode)) continue;
    if (nonempty(last.target) === nonempty(b.next)) {
      last.set0(Op.NOP);
      removed++;
    }
  }
  return removed;
}

export function removeRedundantNopsAndJumps(entry: Block): void {
  for (;;) {
    const nops = removeRedundantNops(entry);
    if (nops + removeRedundantJumps(entry) === 0) return;
  }
}

/** A block of at most so many instructions that leaves the function is copied to where it is jumped to. */
const COPY_SIZE_MAX = 4;

function inlineTarget(block: Block): boolean {
  const last = block.last();
  if (last === undefined || !isUnconditionalJump(last.opcode)) return false;
  const target = last.target!;
  const smallExit = target.exitsScope() && target.instructions.length <= COPY_SIZE_MAX;
  const noLineno = !target.fallsThrough() && target.hasNoLineno();
  if (!smallExit && !noLineno) return false;
  const removed = last.opcode;
  last.set0(Op.NOP);
  const copied = target.instructions;
  const n = copied.length;
  for (let i = 0; i < n; i++) block.instructions.push(copied[i].clone());
  if (noLineno) {
    // The copied jump takes over the check for signals that the removed one made.
    const end = block.last()!;
    if (isUnconditionalJump(end.opcode) && removed === Op.JUMP) end.opcode = Op.JUMP;
  }
  target.predecessors--;
  return true;
}

export function inlineSmallOrNoLinenoBlocks(entry: Block): void {
  let changed = true;
  while (changed) {
    changed = false;
    for (let b: Block | null = entry; b !== null; b = b.next) if (inlineTarget(b)) changed = true;
  }
}
