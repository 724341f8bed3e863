/**
 * The flow graph of a code object from the generator's instructions to the assembler's: all passes, in CPython's order.
 *
 * Mirrors `_PyCfg_OptimizeCodeUnit` and `_PyCfg_OptimizedCfgToInstructionSequence` (`Python/flowgraph.c`). The order is
 * part of the result: each pass sees what the one before left.
 */
import { OpFlag, opFlags } from "../../generated/opcodes.ts";
import type { CodeConstant } from "../code/code.ts";
import type { ConstTable } from "../code/consts.ts";
import type { InstructionSequence } from "../code/instruction.ts";
import { type Block, buildGraph } from "./block.ts";
import {
  inlineSmallOrNoLinenoBlocks,
  removeRedundantNopsAndJumps,
  removeRedundantNopsAndPairs,
  removeUnreachable,
} from "./cleanup.ts";
import { pushColdBlocksToEnd } from "./cold.ts";
import { calculateStackDepth, convertPseudoOps, normalizeJumps, prepareLocalsPlus, type Variables } from "./finish.ts";
import { labelExceptionTargets } from "./handlers.ts";
import { resolveLineNumbers } from "./lines.ts";
import { addLoadChecks, insertSuperinstructions } from "./locals.ts";
import { optimizeBlock, optimizeLoadConst } from "./peephole.ts";

interface OptimizedGraph {
  entry: Block;
  consts: CodeConstant[];
  stackDepth: number;
}

export function optimizeGraph(
  seq: InstructionSequence,
  table: ConstTable,
  variables: Variables,
  nparams: number,
  flags: number,
  firstlineno: number,
): OptimizedGraph {
  const entry = buildGraph(seq);
  labelExceptionTargets(entry);

  inlineSmallOrNoLinenoBlocks(entry);
  removeUnreachable(entry);
  resolveLineNumbers(entry);
  for (let b: Block | null = entry; b !== null; b = b.next) optimizeLoadConst(b, table);
  for (let b: Block | null = entry; b !== null; b = b.next) optimizeBlock(b, table);
  removeRedundantNopsAndPairs(entry);
  removeUnreachable(entry);
  removeRedundantNopsAndJumps(entry);

  const consts = removeUnusedConsts(entry, table.values);
  addLoadChecks(entry, variables.varnames.size, nparams);
  insertSuperinstructions(entry);
  pushColdBlocksToEnd(entry);
  resolveLineNumbers(entry);

  const stackDepth = calculateStackDepth(entry);
  prepareLocalsPlus(entry, variables, flags, firstlineno);
  convertPseudoOps(entry);
  normalizeJumps(entry);
  return { entry, consts, stackDepth };
}

/** The constants in use, and the first, which may be the docstring; renumbers the instructions. */
function removeUnusedConsts(entry: Block, values: CodeConstant[]): CodeConstant[] {
  if (values.length === 0) return values;
  const used = new Uint8Array(values.length);
  used[0] = 1;
  forEachConst(entry, (oparg) => {
    used[oparg] = 1;
    return oparg;
  });
  if (!used.includes(0)) return values;
  const index = new Int32Array(values.length);
  const kept: CodeConstant[] = [];
  for (let i = 0; i < values.length; i++) if (used[i]) index[i] = kept.push(values[i]) - 1;
  forEachConst(entry, (oparg) => index[oparg]);
  return kept;
}

function forEachConst(entry: Block, visit: (oparg: number) => number): void {
  for (let b: Block | null = entry; b !== null; b = b.next) {
    const list = b.instructions;
    for (let i = 0; i < list.length; i++) {
      if (opFlags[list[i].opcode] & OpFlag.Const) list[i].oparg = visit(list[i].oparg);
    }
  }
}
