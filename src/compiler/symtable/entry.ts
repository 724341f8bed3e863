/**
 * One block of the program as the symbol table sees it: a module, class, function, comprehension, annotation or
 * type-parameter scope, with the flags and the scope of every name in it.
 *
 * Mirrors `PySTEntryObject` (`Include/internal/pycore_symtable.h`). A symbol's value packs two things:
 *
 *     bit 31 ........ 16 | 15 .. 12 | 11 ............ 0
 *          unused        |  Scope   |  Def flags
 *
 * The scope is zero until analysis has run. The order of `symbols` is the order of first mention, which decides the
 * order in which an inlined comprehension saves its names.
 */

import { charge } from "../errors/limits.ts";

/** What is known of a name's uses in a block: one bit each. */
export const enum Def {
  GLOBAL = 1,
  LOCAL = 2,
  PARAM = 4,
  NONLOCAL = 8,
  USE = 16,
  FREE = 32,
  FREE_CLASS = 64,
  IMPORT = 128,
  ANNOT = 256,
  COMP_ITER = 512,
  TYPE_PARAM = 1024,
  COMP_CELL = 2048,
  BOUND = LOCAL | PARAM | IMPORT,
}

/** Where a name lives. NONE: the name does not occur in the block. */
export const enum Scope {
  NONE = 0,
  LOCAL = 1,
  GLOBAL_EXPLICIT = 2,
  GLOBAL_IMPLICIT = 3,
  FREE = 4,
  CELL = 5,
}

export const SCOPE_OFFSET = 12;
export const SCOPE_MASK = 15;

export const enum Block {
  Function,
  Class,
  Module,
  /** An annotation under `from __future__ import annotations`: never evaluated, binds nothing. */
  Annotation,
  TypeAlias,
  TypeParameters,
  TypeVariable,
}

export const enum Comprehension {
  None,
  List,
  Dict,
  Set,
  Generator,
}

/** A place in the source: lines from 1, columns in UTF-8 bytes from 0. */
export interface Positioned {
  readonly lineno: number;
  readonly col_offset: number;
  readonly end_lineno: number;
  readonly end_col_offset: number;
}

interface Directive {
  readonly name: string;
  readonly at: Positioned;
}

/** What a block takes, with what its analysis needs, and a symbol of it. */
const ENTRY_BYTES = 1000;
export const SYMBOL_BYTES = 100;

export class SymtableEntry {
  symbols = new Map<string, number>();
  varnames: string[] = [];
  children: SymtableEntry[] = [];
  /** The `global` and `nonlocal` statements of the block, and what assignment expressions imply. */
  directives: Directive[] | null = null;
  /** In the scope of a generic class's type parameters: the only names that are mangled. */
  mangledNames: Set<string> | null = null;
  /** What the block is called in an error about an expression that it must not hold. */
  scopeInfo: string | null = null;
  nested = false;
  free = false;
  childFree = false;
  generator = false;
  coroutine = false;
  comprehension: Comprehension = Comprehension.None;
  varargs = false;
  varkeywords = false;
  needsClassClosure = false;
  needsClassdict = false;
  compInlined = false;
  compIterTarget = false;
  canSeeClassScope = false;
  /** How many comprehension iterables enclose the current position: assignment expressions are errors there. */
  compIterExpr = 0;

  constructor(
    readonly name: string,
    readonly type: Block,
    readonly at: Positioned,
  ) {
    charge(ENTRY_BYTES);
  }

  getSymbol(name: string): number {
    return this.symbols.get(name) ?? 0;
  }

  getScope(name: string): Scope {
    return ((this.symbols.get(name) ?? 0) >> SCOPE_OFFSET) & SCOPE_MASK;
  }

  isFunctionLike(): boolean {
    const t = this.type;
    return t === Block.Function || t === Block.TypeVariable || t === Block.TypeAlias || t === Block.TypeParameters;
  }
}
