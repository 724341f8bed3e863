/**
 * Optimisation inside basic blocks: conditions on constants, tuples of constants, jumps to jumps, SWAPs.
 *
 * Mirrors `optimize_load_const`, `optimize_basic_block`, `swaptimize` and `apply_static_swaps` (`Python/flowgraph.c`).
 * Instructions that go become NOPs and are removed later.
 */
import { Op } from "../../generated/opcodes.ts";
import { type CodeConstant, CodeObject } from "../code/code.ts";
import { type ConstantValue, Tuple } from "../code/constant.ts";
import type { ConstTable } from "../code/consts.ts";
import { hasTarget, Instruction } from "../code/instruction.ts";
import { isTrue } from "../optimize/arithmetic.ts";
import type { Block } from "./block.ts";

function truth(v: CodeConstant): boolean {
  return v instanceof CodeObject || isTrue(v);
}

/** Constants that are tested, returned or compared with None. */
export function optimizeLoadConst(block: Block, consts: ConstTable): void {
  const list = block.instructions;
  let opcode = 0;
  let oparg = 0;
  for (let i = 0; i < list.length; i++) {
    const instr = list[i];
    // A copy of a constant is as good as the constant.
    if (!(opcode === Op.LOAD_CONST && instr.opcode === Op.COPY && instr.oparg === 1)) {
      opcode = instr.opcode;
      oparg = instr.oparg;
    }
    if (opcode !== Op.LOAD_CONST || i + 1 >= list.length) continue;
    const next = list[i + 1];
    switch (next.opcode) {
      case Op.POP_JUMP_IF_FALSE:
      case Op.POP_JUMP_IF_TRUE:
        instr.set0(Op.NOP);
        if (truth(consts.values[oparg]) === (next.opcode === Op.POP_JUMP_IF_TRUE)) next.opcode = Op.JUMP;
        else next.set0(Op.NOP);
        break;
      case Op.IS_OP: {
        if (consts.values[oparg] !== null || list.length <= i + 2) break;
        let jump = list[i + 2];
        if (jump.opcode === Op.TO_BOOL) {
          jump.set0(Op.NOP);
          if (list.length <= i + 3) break;
          jump = list[i + 3];
        }
        let invert = next.oparg !== 0;
        if (jump.opcode === Op.POP_JUMP_IF_FALSE) invert = !invert;
        else if (jump.opcode !== Op.POP_JUMP_IF_TRUE) break;
        instr.set0(Op.NOP);
        next.set0(Op.NOP);
        jump.opcode = invert ? Op.POP_JUMP_IF_NOT_NONE : Op.POP_JUMP_IF_NONE;
        break;
      }
      case Op.RETURN_VALUE:
        instr.set0(Op.NOP);
        next.set1(Op.RETURN_CONST, oparg);
        i++;
        break;
      case Op.TO_BOOL: {
        const index = consts.add(truth(consts.values[oparg]));
        instr.set0(Op.NOP);
        next.set1(Op.LOAD_CONST, index);
        break;
      }
    }
  }
}

/** LOAD_CONST … LOAD_CONST, BUILD_TUPLE n: one constant. `at`: where BUILD_TUPLE is. */
function foldTuple(list: Instruction[], at: number, n: number, consts: ConstTable): void {
  for (let i = at - n; i < at; i++) if (list[i].opcode !== Op.LOAD_CONST) return;
  const items: ConstantValue[] = [];
  for (let i = at - n; i < at; i++) {
    const v = consts.values[list[i].oparg];
    if (v instanceof CodeObject) return;
    items.push(v);
  }
  const index = consts.add(new Tuple(items));
  for (let i = at - n; i < at; i++) list[i].set0(Op.NOP);
  list[at].set1(Op.LOAD_CONST, index);
}

/** A jump to an unconditional jump: goes to that one's target. The old jump's place is kept for its line. */
function threadJump(block: Block, instr: Instruction, target: Instruction, opcode: number): boolean {
  if (instr.target === target.target) return false;
  instr.set0(Op.NOP);
  instr.target = null;
  const jump = new Instruction(opcode, 0, target.loc);
  jump.target = target.target;
  block.instructions.push(jump);
  return true;
}

export function optimizeBlock(block: Block, consts: ConstTable): void {
  const list = block.instructions;
  for (let i = 0; i < list.length; i++) {
    const instr = list[i];
    const { opcode, oparg } = instr;
    const next = i + 1 < list.length ? list[i + 1] : null;
    const nextop = next === null ? 0 : next.opcode;
    if (hasTarget(opcode)) {
      const target = instr.target!.instructions[0];
      switch (opcode) {
        case Op.POP_JUMP_IF_NOT_NONE:
        case Op.POP_JUMP_IF_NONE:
        case Op.POP_JUMP_IF_FALSE:
        case Op.POP_JUMP_IF_TRUE:
          if (target.opcode === Op.JUMP && threadJump(block, instr, target, opcode)) i--;
          break;
        case Op.JUMP:
        case Op.JUMP_NO_INTERRUPT:
          if (target.opcode === Op.JUMP) {
            if (threadJump(block, instr, target, Op.JUMP)) i--;
          } else if (target.opcode === Op.JUMP_NO_INTERRUPT) {
            if (threadJump(block, instr, target, opcode)) i--;
          }
          break;
      }
      continue;
    }
    switch (opcode) {
      case Op.BUILD_TUPLE:
        if (nextop === Op.UNPACK_SEQUENCE && oparg === next!.oparg) {
          if (oparg === 1) {
            instr.set0(Op.NOP);
            next!.set0(Op.NOP);
            continue;
          }
          if (oparg === 2 || oparg === 3) {
            instr.set0(Op.NOP);
            next!.opcode = Op.SWAP;
            continue;
          }
        }
        if (i >= oparg) foldTuple(list, i, oparg, consts);
        break;
      case Op.STORE_FAST:
        if (nextop === Op.STORE_FAST && oparg === next!.oparg && instr.loc.lineno === next!.loc.lineno) {
          instr.set0(Op.POP_TOP);
        }
        break;
      case Op.SWAP:
        if (oparg === 1) instr.set0(Op.NOP);
        break;
      case Op.LOAD_GLOBAL:
        if (nextop === Op.PUSH_NULL && (oparg & 1) === 0) {
          instr.oparg = oparg | 1;
          next!.set0(Op.NOP);
        }
        break;
      case Op.COMPARE_OP:
        if (nextop === Op.TO_BOOL) {
          instr.set0(Op.NOP);
          next!.set1(Op.COMPARE_OP, oparg | 16);
        }
        break;
      case Op.CONTAINS_OP:
      case Op.IS_OP:
        if (nextop === Op.TO_BOOL) {
          instr.set0(Op.NOP);
          next!.set1(opcode, oparg);
        }
        break;
      case Op.TO_BOOL:
        if (nextop === Op.TO_BOOL) instr.set0(Op.NOP);
        break;
      case Op.UNARY_NOT:
        if (nextop === Op.TO_BOOL) {
          instr.set0(Op.NOP);
          next!.set0(Op.UNARY_NOT);
        } else if (nextop === Op.UNARY_NOT) {
          instr.set0(Op.NOP);
          next!.set0(Op.NOP);
        }
        break;
    }
  }
  for (let i = 0; i < list.length; i++) {
    if (list[i].opcode !== Op.SWAP) continue;
    i = swaptimize(list, i);
    applyStaticSwaps(list, i);
  }
}

const VISITED = -1;

/** Replaces a run of SWAPs and NOPs by the shortest one of the same effect. Returns the index of its end. */
function swaptimize(list: Instruction[], start: number): number {
  let depth = list[start].oparg;
  let more = false;
  let end = start + 1;
  for (; end < list.length; end++) {
    if (list[end].opcode === Op.SWAP) {
      depth = Math.max(depth, list[end].oparg);
      more = true;
    } else if (list[end].opcode !== Op.NOP) break;
  }
  if (!more) return start;
  const stack: number[] = [];
  for (let i = 0; i < depth; i++) stack.push(i);
  for (let i = start; i < end; i++) {
    if (list[i].opcode !== Op.SWAP) continue;
    const at = list[i].oparg - 1;
    const top = stack[0];
    stack[0] = stack[at];
    stack[at] = top;
  }
  // Undo the permutation cycle by cycle, through the top of the stack, and write the steps backwards.
  let current = end - 1;
  for (let i = 0; i < depth; i++) {
    if (stack[i] === VISITED || stack[i] === i) continue;
    let j = i;
    for (;;) {
      if (j > 0) list[current--].set1(Op.SWAP, j + 1);
      if (stack[j] === VISITED) break;
      const next = stack[j];
      stack[j] = VISITED;
      j = next;
    }
  }
  while (current >= start) list[current--].set0(Op.NOP);
  return end - 1;
}

/** Instructions that only consume the top of the stack, so that two of them can change places. */
function isSwappable(opcode: number): boolean {
  return opcode === Op.STORE_FAST || opcode === Op.STORE_FAST_MAYBE_NULL || opcode === Op.POP_TOP;
}

function storesTo(instr: Instruction): number {
  return instr.opcode === Op.STORE_FAST || instr.opcode === Op.STORE_FAST_MAYBE_NULL ? instr.oparg : -1;
}

/** The next swappable instruction after NOPs, on the line `lineno` unless that is negative; -1 if there is none. */
function nextSwappable(list: Instruction[], from: number, lineno: number): number {
  for (let i = from + 1; i < list.length; i++) {
    const instr = list[i];
    if (lineno >= 0 && instr.loc.lineno !== lineno) return -1;
    if (instr.opcode === Op.NOP) continue;
    return isSwappable(instr.opcode) ? i : -1;
  }
  return -1;
}

/** Swaps the instructions that consume two values instead of the values. */
function applyStaticSwaps(list: Instruction[], from: number): void {
  for (let i = from; i >= 0; i--) {
    const swap = list[i];
    if (swap.opcode !== Op.SWAP) {
      if (swap.opcode === Op.NOP || isSwappable(swap.opcode)) continue;
      return;
    }
    const j = nextSwappable(list, i, -1);
    if (j < 0) return;
    let k = j;
    const lineno = list[j].loc.lineno;
    for (let count = swap.oparg - 1; count > 0; count--) {
      k = nextSwappable(list, k, lineno);
      if (k < 0) return;
    }
    // Two stores to one variable must keep their order.
    const storeJ = storesTo(list[j]);
    const storeK = storesTo(list[k]);
    if (storeJ >= 0 || storeK >= 0) {
      if (storeJ === storeK) return;
      for (let m = j + 1; m < k; m++) {
        const store = storesTo(list[m]);
        if (store >= 0 && (store === storeJ || store === storeK)) return;
      }
    }
    swap.set0(Op.NOP);
    const moved = list[j];
    list[j] = list[k];
    list[k] = moved;
  }
}
