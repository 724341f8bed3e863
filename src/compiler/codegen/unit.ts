/**
 * What the code generator knows of the block that it is compiling.
 *
 * Mirrors `struct compiler_unit` and `compiler_enter_scope` (`Python/compile.c`). The maps from names to indices keep
 * the order in which names were added, which is the order of `co_names`, `co_varnames` and the rest.
 */

import type { stmt } from "../../generated/ast.ts";
import { ConstTable } from "../code/consts.ts";
import { InstructionSequence, type Location } from "../code/instruction.ts";
import { Def, SCOPE_MASK, SCOPE_OFFSET, Scope, type SymtableEntry } from "../symtable/entry.ts";
import { compareText } from "../text/text.ts";

export const enum ScopeType {
  Module,
  Class,
  Function,
  AsyncFunction,
  Lambda,
  Comprehension,
  TypeParams,
}

/** What must be undone when control leaves a statement: "frame blocks". */
export const enum FBlockType {
  WHILE_LOOP,
  FOR_LOOP,
  TRY_EXCEPT,
  FINALLY_TRY,
  FINALLY_END,
  WITH,
  ASYNC_WITH,
  HANDLER_CLEANUP,
  POP_VALUE,
  EXCEPTION_HANDLER,
  EXCEPTION_GROUP_HANDLER,
  ASYNC_COMPREHENSION_GENERATOR,
  STOP_ITERATION,
}

export class FBlock {
  constructor(
    readonly type: FBlockType,
    readonly block: number,
    readonly loc: Location,
    readonly exit: number,
    /** The body to run on the way out of FINALLY_TRY. */
    readonly finalbody: readonly stmt[] | null,
    /** The name to unbind on the way out of HANDLER_CLEANUP. */
    readonly name: string | null,
  ) {}
}

/** The index of a name, added if it is new. */
export function indexOf(map: Map<string, number>, name: string): number {
  let index = map.get(name);
  if (index === undefined) {
    index = map.size;
    map.set(name, index);
  }
  return index;
}

/** The names of a scope, or with a flag, sorted and numbered from `offset`. */
function namesByType(symbols: Map<string, number>, scope: Scope, flag: Def, offset: number): Map<string, number> {
  const names: string[] = [];
  for (const [name, value] of symbols) {
    if (((value >> SCOPE_OFFSET) & SCOPE_MASK) === scope || value & flag) names.push(name);
  }
  const map = new Map<string, number>();
  if (names.length > 1) names.sort(compareText);
  for (const name of names) map.set(name, offset + map.size);
  return map;
}

export class Unit {
  readonly seq = new InstructionSequence();
  readonly consts = new ConstTable();
  readonly names = new Map<string, number>();
  readonly varnames = new Map<string, number>();
  readonly cellvars: Map<string, number>;
  readonly freevars: Map<string, number>;
  /** Names that an inlined comprehension makes fast locals of a class or module: true while it is being compiled. */
  readonly fasthidden = new Map<string, boolean>();
  readonly fblocks: FBlock[] = [];
  /** In a class: the attributes that its methods set on `self`. */
  readonly staticAttributes: Set<string> | null;
  qualname: string;
  /** The class whose private names are mangled here. */
  privateName: string | null = null;
  inInlinedComp = 0;
  argcount = 0;
  posonlyargcount = 0;
  kwonlyargcount = 0;

  constructor(
    readonly name: string,
    readonly scopeType: ScopeType,
    readonly ste: SymtableEntry,
    readonly firstlineno: number,
    readonly parent: Unit | null,
  ) {
    for (const v of ste.varnames) indexOf(this.varnames, v);
    this.cellvars = namesByType(ste.symbols, Scope.CELL, Def.COMP_CELL, 0);
    if (ste.needsClassClosure) indexOf(this.cellvars, "__class__");
    if (ste.needsClassdict) indexOf(this.cellvars, "__classdict__");
    this.freevars = namesByType(ste.symbols, Scope.FREE, Def.FREE_CLASS, this.cellvars.size);
    this.staticAttributes = scopeType === ScopeType.Class ? new Set() : null;
    if (parent !== null) this.privateName = parent.privateName;
    this.qualname = name;
  }
}
