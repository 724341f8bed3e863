/**
 * Which handler is in force at each instruction. Mirrors `label_exception_targets` (`Python/flowgraph.c`).
 */
import { Op } from "../../generated/opcodes.ts";
import { isBlockPush, isJump, Resume } from "../code/instruction.ts";
import { type Block, clearVisited, type ExceptStack } from "./block.ts";

/** Follows the block pushes and pops along all ways, and notes each instruction's handler. POP_BLOCKs become NOPs. */
export function labelExceptionTargets(entry: Block): void {
  clearVisited(entry);
  const todo: Block[] = [entry];
  entry.visited = true;
  entry.exceptStack = null;
  for (let b = todo.pop(); b !== undefined; b = todo.pop()) {
    let stack: ExceptStack | null = b.exceptStack;
    b.exceptStack = null;
    let handler: Block | null = stack === null ? null : stack.handler;
    let lastYieldDepth = -1;
    const list = b.instructions;
    for (let i = 0; i < list.length; i++) {
      const instr = list[i];
      const opcode = instr.opcode;
      if (isBlockPush(opcode)) {
        const target = instr.target!;
        visit(target, stack, todo);
        if (opcode === Op.SETUP_WITH || opcode === Op.SETUP_CLEANUP) target.preserveLasti = true;
        stack = { handler: target, outer: stack, depth: (stack?.depth ?? 0) + 1 };
        handler = target;
      } else if (opcode === Op.POP_BLOCK) {
        stack = stack!.outer;
        handler = stack === null ? null : stack.handler;
        instr.set0(Op.NOP);
      } else {
        instr.except = handler;
        if (isJump(opcode)) visit(instr.target!, stack, todo);
        else if (opcode === Op.YIELD_VALUE) lastYieldDepth = stack?.depth ?? 0;
        else if (opcode === Op.RESUME && instr.oparg !== Resume.AT_FUNC_START) {
          if (lastYieldDepth === 1) instr.oparg |= Resume.DEPTH1_MASK;
          lastYieldDepth = -1;
        }
      }
    }
    if (b.fallsThrough() && b.next !== null) visit(b.next, stack, todo);
  }
}

function visit(block: Block, stack: ExceptStack | null, todo: Block[]): void {
  if (block.visited) return;
  block.exceptStack = stack;
  block.visited = true;
  todo.push(block);
}
