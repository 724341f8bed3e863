/**
 * Basic blocks: runs of instructions that are entered at the top and left at the bottom.
 *
 * Mirrors `basicblock` and the construction of the graph (`Python/flowgraph.c`). Blocks are linked by `next` in the
 * order of their code; a block whose last instruction can fall through reaches `next`.
 */
import {
  hasTarget,
  type Instruction,
  type InstructionSequence,
  isBlockPush,
  isJump,
  isScopeExit,
  isUnconditionalJump,
} from "../code/instruction.ts";
import { charge } from "../errors/limits.ts";

/** A block with its list of instructions, those not counted, and a place in the table of those jumped to. */
const BLOCK_BYTES = 240;

/** The handlers in force at a place, innermost first. Shared between blocks, never changed. */
export interface ExceptStack {
  readonly handler: Block;
  readonly outer: ExceptStack | null;
  readonly depth: number;
}

export class Block {
  instructions: Instruction[] = [];
  next: Block | null = null;
  exceptStack: ExceptStack | null = null;
  /** Jumps, block pushes and fall-throughs that lead here. */
  predecessors = 0;
  /** The stack's depth on entry; negative while unknown. */
  startDepth = -1;
  /** The index of its first instruction in the final sequence. */
  start = 0;
  /** Locals 0 to 31 and 32 to 63 that may be unbound on entry, one bit each. */
  unsafeLow = 0;
  unsafeHigh = 0;
  /** An exception handler that finds the index of the raising instruction on the stack. */
  preserveLasti = false;
  visited = false;
  exceptHandler = false;
  /** Reached only from exception handlers. */
  cold = false;
  /** Reached without an exception. */
  warm = false;

  /** `isTarget`: something may jump here. */
  constructor(public isTarget: boolean) {
    charge(BLOCK_BYTES);
  }

  last(): Instruction | undefined {
    return this.instructions[this.instructions.length - 1];
  }

  /** Whether control can go on to `next`. */
  fallsThrough(): boolean {
    const last = this.last();
    return last === undefined || !(isScopeExit(last.opcode) || isUnconditionalJump(last.opcode));
  }

  exitsScope(): boolean {
    const last = this.last();
    return last !== undefined && isScopeExit(last.opcode);
  }

  hasNoLineno(): boolean {
    for (let i = 0; i < this.instructions.length; i++) if (this.instructions[i].loc.lineno >= 0) return false;
    return true;
  }
}

/** The block itself, or the first after it that has instructions. */
export function nonempty(block: Block | null): Block | null {
  let b = block;
  while (b !== null && b.instructions.length === 0) b = b.next;
  return b;
}

/** Cuts a sequence into blocks, and points its jumps to them. The sequence is empty afterwards. Returns the entry block. */
export function buildGraph(seq: InstructionSequence): Block {
  const { instructions, labels } = seq;
  const n = instructions.length;
  const isTarget = new Uint8Array(n + 1);
  for (let i = 0; i < n; i++) {
    const instr = instructions[i];
    if (hasTarget(instr.opcode)) {
      instr.oparg = labels[instr.oparg];
      isTarget[instr.oparg] = 1;
    }
  }
  const entry = new Block(isTarget[0] === 1);
  const starts = new Map<number, Block>();
  if (isTarget[0]) starts.set(0, entry);
  let block = entry;
  let start = 0;
  let terminated = false;
  for (let i = 0; i < n; i++) {
    if (i > 0 && (terminated || isTarget[i])) {
      // A slice is as long as it must be; a list that is pushed to has room for many more.
      block.instructions = instructions.slice(start, i);
      start = i;
      const b = new Block(isTarget[i] === 1);
      if (isTarget[i]) starts.set(i, b);
      block.next = b;
      block = b;
    }
    const instr = instructions[i];
    terminated = isJump(instr.opcode) || isScopeExit(instr.opcode);
  }
  block.instructions = instructions.slice(start);
  for (let i = 0; i < n; i++) {
    const instr = instructions[i];
    if (!hasTarget(instr.opcode)) continue;
    const target = starts.get(instr.oparg)!;
    instr.target = target;
    if (isBlockPush(instr.opcode)) target.exceptHandler = true;
  }
  instructions.length = 0;
  return entry;
}

/** Clears the visited marks of all blocks. */
export function clearVisited(entry: Block): void {
  for (let b: Block | null = entry; b !== null; b = b.next) b.visited = false;
}
