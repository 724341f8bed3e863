/**
 * Blocks that only exceptions reach move to the end. Mirrors `push_cold_blocks_to_end` (`Python/flowgraph.c`).
 */
import { Op } from "../../generated/opcodes.ts";
import { Instruction, isJump, NO_LOCATION } from "../code/instruction.ts";
import { Block, clearVisited } from "./block.ts";
import { removeRedundantNopsAndJumps } from "./cleanup.ts";

function markWarm(entry: Block): void {
  clearVisited(entry);
  const todo = [entry];
  entry.visited = true;
  for (let b = todo.pop(); b !== undefined; b = todo.pop()) {
    b.warm = true;
    const reach = (block: Block) => {
      if (block.visited) return;
      block.visited = true;
      todo.push(block);
    };
    if (b.next !== null && b.fallsThrough()) reach(b.next);
    const last = b.last();
    if (last !== undefined && isJump(last.opcode)) reach(last.target!);
  }
}

function markCold(entry: Block): void {
  markWarm(entry);
  clearVisited(entry);
  const todo: Block[] = [];
  const reach = (block: Block) => {
    if (block.warm || block.visited) return;
    block.visited = true;
    todo.push(block);
  };
  for (let b: Block | null = entry; b !== null; b = b.next) {
    if (b.exceptHandler) {
      b.visited = true;
      todo.push(b);
    }
  }
  for (let b = todo.pop(); b !== undefined; b = todo.pop()) {
    b.cold = true;
    if (b.next !== null && b.fallsThrough()) reach(b.next);
    const last = b.last();
    if (last !== undefined && isJump(last.opcode)) reach(last.target!);
  }
}

export function pushColdBlocksToEnd(entry: Block): void {
  if (entry.next === null) return;
  markCold(entry);
  // A cold block that falls through to a warm one must jump to it once they are apart.
  for (let b: Block | null = entry; b !== null; b = b.next) {
    if (!b.cold || b.next === null || !b.next.warm || !b.fallsThrough()) continue;
    const block = new Block(false);
    const jump = new Instruction(Op.JUMP_NO_INTERRUPT, 0, NO_LOCATION);
    jump.target = b.next;
    b.next.isTarget = true;
    block.instructions.push(jump);
    block.cold = true;
    block.predecessors = 1;
    block.next = b.next;
    b.next = block;
  }
  let cold: Block | null = null;
  let coldTail: Block | null = null;
  let b = entry;
  while (b.next !== null) {
    if (!b.next.cold) {
      b = b.next;
      continue;
    }
    // A streak of cold blocks, cut out and put behind those found before.
    const start: Block = b.next;
    let end = start;
    while (end.next?.cold) end = end.next;
    if (coldTail === null) cold = start;
    else coldTail.next = start;
    coldTail = end;
    b.next = end.next;
    end.next = null;
  }
  b.next = cold;
  if (cold !== null) removeRedundantNopsAndJumps(entry);
}
