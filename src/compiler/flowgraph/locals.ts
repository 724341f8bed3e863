/**
 * Local variables: loads that must check for an unbound variable, and pairs of loads and stores in one instruction.
 *
 * Mirrors `add_checks_for_loads_of_uninitialized_variables` and `insert_superinstructions` (`Python/flowgraph.c`). The
 * first 64 variables are followed through the graph as a bit set; the others are looked at block by block.
 */
import { Op } from "../../generated/opcodes.ts";
import { type Instruction, isJump } from "../code/instruction.ts";
import { type Block, clearVisited } from "./block.ts";
import { removeRedundantNops } from "./cleanup.ts";

const TRACKED = 64;

export function addLoadChecks(entry: Block, nlocals: number, nparams: number): void {
  if (nlocals === 0) return;
  if (nlocals > TRACKED) scanManyLocals(entry, nlocals);
  const todo: Block[] = [];
  clearVisited(entry);
  let low = 0;
  let high = 0;
  for (let i = nparams; i < nlocals && i < TRACKED; i++) {
    if (i < 32) low |= 1 << i;
    else high |= 1 << (i - 32);
  }
  spread(entry, low, high, todo);
  for (let b: Block | null = entry; b !== null; b = b.next) scan(b, todo);
  for (let b = todo.pop(); b !== undefined; b = todo.pop()) {
    b.visited = false;
    scan(b, todo);
  }
}

/** Notes variables that may be unbound on entry to a block, and puts it on the list if that is news. */
function spread(block: Block, low: number, high: number, todo: Block[]): void {
  const bothLow = block.unsafeLow | low;
  const bothHigh = block.unsafeHigh | high;
  if (bothLow === block.unsafeLow && bothHigh === block.unsafeHigh) return;
  block.unsafeLow = bothLow;
  block.unsafeHigh = bothHigh;
  if (!block.visited) {
    block.visited = true;
    todo.push(block);
  }
}

function scan(block: Block, todo: Block[]): void {
  let low = block.unsafeLow;
  let high = block.unsafeHigh;
  const list = block.instructions;
  for (let i = 0; i < list.length; i++) {
    const instr = list[i];
    if (instr.except !== null) spread(instr.except, low, high, todo);
    const { opcode, oparg } = instr;
    if (oparg >= TRACKED) continue;
    const lowBit = oparg < 32 ? 1 << oparg : 0;
    const highBit = oparg < 32 ? 0 : 1 << (oparg - 32);
    switch (opcode) {
      case Op.DELETE_FAST:
      case Op.LOAD_FAST_AND_CLEAR:
      case Op.STORE_FAST_MAYBE_NULL:
        low |= lowBit;
        high |= highBit;
        break;
      case Op.LOAD_FAST:
        if ((low & lowBit) !== 0 || (high & highBit) !== 0) instr.opcode = Op.LOAD_FAST_CHECK;
        low &= ~lowBit;
        high &= ~highBit;
        break;
      case Op.STORE_FAST:
      case Op.LOAD_FAST_CHECK:
        low &= ~lowBit;
        high &= ~highBit;
        break;
    }
  }
  if (block.next !== null && block.fallsThrough()) spread(block.next, low, high, todo);
  const last = block.last();
  if (last !== undefined && isJump(last.opcode)) spread(last.target!, low, high, todo);
}

function scanManyLocals(entry: Block, nlocals: number): void {
  // The number of the last block that bound each variable before using it.
  const states = new Int32Array(nlocals - TRACKED);
  let number = 0;
  for (let b: Block | null = entry; b !== null; b = b.next) {
    number++;
    for (const instr of b.instructions) {
      if (instr.oparg < TRACKED) continue;
      const i = instr.oparg - TRACKED;
      switch (instr.opcode) {
        case Op.DELETE_FAST:
        case Op.LOAD_FAST_AND_CLEAR:
        case Op.STORE_FAST_MAYBE_NULL:
          states[i] = number - 1;
          break;
        case Op.STORE_FAST:
          states[i] = number;
          break;
        case Op.LOAD_FAST:
          if (states[i] !== number) instr.opcode = Op.LOAD_FAST_CHECK;
          states[i] = number;
          break;
      }
    }
  }
}

function combine(first: Instruction, second: Instruction, opcode: number): void {
  const a = first.loc.lineno;
  const b = second.loc.lineno;
  if (a >= 0 && b >= 0 && a !== b) return;
  if (first.oparg >= 16 || second.oparg >= 16) return;
  first.set1(opcode, (first.oparg << 4) | second.oparg);
  second.set0(Op.NOP);
}

export function insertSuperinstructions(entry: Block): void {
  for (let b: Block | null = entry; b !== null; b = b.next) {
    const list = b.instructions;
    for (let i = 0; i + 1 < list.length; i++) {
      const first = list[i];
      const second = list[i + 1];
      if (first.opcode === Op.LOAD_FAST) {
        if (second.opcode === Op.LOAD_FAST) combine(first, second, Op.LOAD_FAST_LOAD_FAST);
      } else if (first.opcode === Op.STORE_FAST) {
        if (second.opcode === Op.LOAD_FAST) combine(first, second, Op.STORE_FAST_LOAD_FAST);
        else if (second.opcode === Op.STORE_FAST) combine(first, second, Op.STORE_FAST_STORE_FAST);
      }
    }
  }
  removeRedundantNops(entry);
}
