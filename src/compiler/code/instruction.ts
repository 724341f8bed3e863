/**
 * Instructions on their way from the code generator to the assembler, and the sequence that the generator writes.
 *
 * Mirrors `_PyInstruction` and `_PyInstructionSequence` (`Python/instruction_sequence.c`) and `cfg_instr`
 * (`Python/flowgraph.c`), in one class: the flow graph moves the generator's instructions into blocks, and the assembler
 * measures them where they are. In the sequence the argument of a jump is a label; in the graph it has a target block.
 */
import { Op, OpFlag, opCaches, opFlags } from "../../generated/opcodes.ts";
import { charge } from "../errors/limits.ts";
import type { Block } from "../flowgraph/block.ts";
import type { Positioned } from "../symtable/entry.ts";

/** Where in the source an instruction comes from. Never changed, so shared between instructions. */
export class Location implements Positioned {
  constructor(
    readonly lineno: number,
    readonly end_lineno: number,
    readonly col_offset: number,
    readonly end_col_offset: number,
  ) {}
}

/** The location of instructions that the source does not show. */
export const NO_LOCATION = new Location(-1, -1, -1, -1);

export function locationOf(node: Positioned): Location {
  return new Location(node.lineno, node.end_lineno, node.col_offset, node.end_col_offset);
}

export class Instruction {
  /** Where a jump or a block push leads; set in the flow graph. */
  target: Block | null = null;
  /** The block that handles an exception raised here; set in the flow graph. */
  except: Block | null = null;
  /** In code units from the start; set by the assembler. */
  offset = 0;

  constructor(
    public opcode: number,
    public oparg: number,
    public loc: Location,
  ) {}

  clone(): Instruction {
    charge(INSTRUCTION_BYTES);
    const copy = new Instruction(this.opcode, this.oparg, this.loc);
    copy.target = this.target;
    copy.except = this.except;
    return copy;
  }

  /** Turns it into an instruction without argument. */
  set0(opcode: number): void {
    this.opcode = opcode;
    this.oparg = 0;
  }

  set1(opcode: number, oparg: number): void {
    this.opcode = opcode;
    this.oparg = oparg;
  }
}

/** SETUP_FINALLY, SETUP_WITH or SETUP_CLEANUP. */
export function isBlockPush(opcode: number): boolean {
  return (opFlags[opcode] & OpFlag.Exc) !== 0;
}

export function isJump(opcode: number): boolean {
  return (opFlags[opcode] & OpFlag.Jump) !== 0;
}

export function hasTarget(opcode: number): boolean {
  return (opFlags[opcode] & (OpFlag.Jump | OpFlag.Exc)) !== 0;
}

export function isUnconditionalJump(opcode: number): boolean {
  return opcode === Op.JUMP || opcode === Op.JUMP_NO_INTERRUPT;
}

export function isScopeExit(opcode: number): boolean {
  return (
    opcode === Op.RETURN_VALUE || opcode === Op.RETURN_CONST || opcode === Op.RAISE_VARARGS || opcode === Op.RERAISE
  );
}

/** Code units of an instruction: extended arguments, itself, its caches. */
export function instructionSize(instr: Instruction): number {
  const { oparg } = instr;
  const extended = oparg <= 0xff ? 0 : oparg <= 0xffff ? 1 : oparg <= 0xffffff ? 2 : 3;
  return extended + 1 + opCaches[instr.opcode];
}

/** Arguments of RESUME. */
export const enum Resume {
  AT_FUNC_START = 0,
  AFTER_YIELD = 1,
  AFTER_YIELD_FROM = 2,
  AFTER_AWAIT = 3,
  DEPTH1_MASK = 4,
}

export const NO_LABEL = -1;

/** An instruction with its location and its places in the sequence, in a block and in the assembler's list. */
const INSTRUCTION_BYTES = 160;

export class InstructionSequence {
  readonly instructions: Instruction[] = [];
  /** For each label, the index of the instruction that it stands before; NO_LABEL until it is placed. */
  readonly labels: number[] = [];

  newLabel(): number {
    return this.labels.push(NO_LABEL) - 1;
  }

  useLabel(label: number): void {
    this.labels[label] = this.instructions.length;
  }

  add(opcode: number, oparg: number, loc: Location): void {
    charge(INSTRUCTION_BYTES);
    this.instructions.push(new Instruction(opcode, oparg, loc));
  }

  /** Puts an instruction before all others. */
  insertFirst(opcode: number, oparg: number, loc: Location): void {
    this.instructions.unshift(new Instruction(opcode, oparg, loc));
    for (let i = 0; i < this.labels.length; i++) if (this.labels[i] >= 0) this.labels[i]++;
  }
}
