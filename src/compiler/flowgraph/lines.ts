/**
 * Line numbers for instructions that have none (PEP 626): a return or raise must be on some line, so blocks that leave
 * the function without one are copied until each has a single predecessor to take it from.
 *
 * Mirrors `resolve_line_numbers` (`Python/flowgraph.c`).
 */
import { OpFlag, opFlags } from "../../generated/opcodes.ts";
import { isJump, NO_LOCATION } from "../code/instruction.ts";
import { Block, nonempty } from "./block.ts";

export function resolveLineNumbers(entry: Block): void {
  duplicateExitsWithoutLineno(entry);
  propagateLineNumbers(entry);
}

function hasEvalBreak(block: Block): boolean {
  return block.instructions.some((instr) => (opFlags[instr.opcode] & OpFlag.EvalBreak) !== 0);
}

function needsLineno(block: Block): boolean {
  return block.hasNoLineno() && (block.exitsScope() || hasEvalBreak(block));
}

function duplicateExitsWithoutLineno(entry: Block): void {
  for (let b: Block | null = entry; b !== null; b = b.next) {
    const last = b.last();
    if (last === undefined || !isJump(last.opcode)) continue;
    const target = nonempty(last.target);
    if (target === null || target.predecessors <= 1 || !needsLineno(target)) continue;
    const copy = new Block(true);
    copy.instructions = target.instructions.map((instr) => instr.clone());
    copy.instructions[0].loc = last.loc;
    last.target = copy;
    target.predecessors--;
    copy.predecessors = 1;
    copy.next = target.next;
    target.next = copy;
  }
  // The others are reached by falling through, from one block.
  for (let b: Block | null = entry; b !== null; b = b.next) {
    if (b.next === null || b.instructions.length === 0 || !b.fallsThrough()) continue;
    if (b.next.instructions.length > 0 && needsLineno(b.next)) b.next.instructions[0].loc = b.last()!.loc;
  }
}

function propagateLineNumbers(entry: Block): void {
  for (let b: Block | null = entry; b !== null; b = b.next) {
    const list = b.instructions;
    if (list.length === 0) continue;
    let loc = NO_LOCATION;
    for (let i = 0; i < list.length; i++) {
      if (list[i].loc.lineno < 0) list[i].loc = loc;
      else loc = list[i].loc;
    }
    if (b.next !== null && b.next.predecessors === 1 && b.fallsThrough()) inherit(b.next, loc);
    const last = list[list.length - 1];
    if (isJump(last.opcode) && last.target!.predecessors === 1) inherit(last.target!, loc);
  }
}

function inherit(block: Block, loc: typeof NO_LOCATION): void {
  const first = block.instructions[0];
  if (first !== undefined && first.loc.lineno < 0) first.loc = loc;
}
