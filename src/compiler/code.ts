/**
 * The code object: what the compiler makes of one block of a program, and what `.pyc` files hold.
 *
 * Mirrors `PyCodeObject` (`Objects/codeobject.c`) in the attributes that Python code can see (`co_*`) and in the two
 * from which CPython derives the variable tuples: `localsplusnames` and `localspluskinds`. Names are plain strings:
 * which of them are interned follows from where they stand. Deliberate difference: `co_code` never holds specialised
 * instructions or used caches, because code objects here are never run.
 */
import type { ConstantValue } from "./constant.ts";

/** Bits of `co_flags`, and of the `flags` that `compile()` takes. */
export const enum CodeFlag {
  OPTIMIZED = 0x1,
  NEWLOCALS = 0x2,
  VARARGS = 0x4,
  VARKEYWORDS = 0x8,
  NESTED = 0x10,
  GENERATOR = 0x20,
  COROUTINE = 0x80,
  ITERABLE_COROUTINE = 0x100,
  ASYNC_GENERATOR = 0x200,
  FUTURE_DIVISION = 0x20000,
  FUTURE_ABSOLUTE_IMPORT = 0x40000,
  FUTURE_WITH_STATEMENT = 0x80000,
  FUTURE_PRINT_FUNCTION = 0x100000,
  FUTURE_UNICODE_LITERALS = 0x200000,
  FUTURE_BARRY_AS_BDFL = 0x400000,
  FUTURE_GENERATOR_STOP = 0x800000,
  FUTURE_ANNOTATIONS = 0x1000000,
  /** The flags that code inherits from the compiler's own. */
  FUTURE_MASK = 0x1fe0000,
}

/** Compiler flags that do not show in `co_flags`. */
export const PyCF_ALLOW_TOP_LEVEL_AWAIT = 0x2000;

/** Bits of `localspluskinds`, one byte per variable. */
export const enum FastKind {
  HIDDEN = 0x10,
  LOCAL = 0x20,
  CELL = 0x40,
  FREE = 0x80,
}

/** What `co_consts` may hold. */
export type CodeConstant = ConstantValue | CodeObject;

export interface CodeAttributes {
  co_argcount: number;
  co_posonlyargcount: number;
  co_kwonlyargcount: number;
  co_stacksize: number;
  co_flags: number;
  co_code: Uint8Array;
  co_consts: readonly CodeConstant[];
  co_names: readonly string[];
  localsplusnames: readonly string[];
  localspluskinds: Uint8Array;
  co_filename: string;
  co_name: string;
  co_qualname: string;
  co_firstlineno: number;
  co_linetable: Uint8Array;
  co_exceptiontable: Uint8Array;
}

export class CodeObject implements CodeAttributes {
  readonly co_argcount: number;
  readonly co_posonlyargcount: number;
  readonly co_kwonlyargcount: number;
  readonly co_stacksize: number;
  readonly co_flags: number;
  readonly co_code: Uint8Array;
  readonly co_consts: readonly CodeConstant[];
  readonly co_names: readonly string[];
  readonly localsplusnames: readonly string[];
  readonly localspluskinds: Uint8Array;
  readonly co_filename: string;
  readonly co_name: string;
  readonly co_qualname: string;
  readonly co_firstlineno: number;
  readonly co_linetable: Uint8Array;
  readonly co_exceptiontable: Uint8Array;

  constructor(a: CodeAttributes) {
    this.co_argcount = a.co_argcount;
    this.co_posonlyargcount = a.co_posonlyargcount;
    this.co_kwonlyargcount = a.co_kwonlyargcount;
    this.co_stacksize = a.co_stacksize;
    this.co_flags = a.co_flags;
    this.co_code = a.co_code;
    this.co_consts = a.co_consts;
    this.co_names = a.co_names;
    this.localsplusnames = a.localsplusnames;
    this.localspluskinds = a.localspluskinds;
    this.co_filename = a.co_filename;
    this.co_name = a.co_name;
    this.co_qualname = a.co_qualname;
    this.co_firstlineno = a.co_firstlineno;
    this.co_linetable = a.co_linetable;
    this.co_exceptiontable = a.co_exceptiontable;
  }

  get co_nlocals(): number {
    return this.co_varnames.length;
  }

  get co_varnames(): string[] {
    return this.variables(FastKind.LOCAL);
  }

  get co_cellvars(): string[] {
    return this.variables(FastKind.CELL);
  }

  get co_freevars(): string[] {
    return this.variables(FastKind.FREE);
  }

  private variables(kind: FastKind): string[] {
    return this.localsplusnames.filter((_, i) => (this.localspluskinds[i] & kind) !== 0);
  }
}
