/**
 * The code object: what the compiler makes of one block of a program, and what `.pyc` files hold.
 *
 * Mirrors `PyCodeObject` (`Objects/codeobject.c`) in the attributes that Python code can see (`co_*`) and in the two
 * from which CPython derives the variable tuples: `localsplusnames` and `localspluskinds`. Names are plain strings:
 * which of them are interned follows from where they stand. Deliberate difference: `co_code` never holds specialised
 * instructions or used caches, because code objects here are never run.
 */
import { FastKind } from "../../generated/constants.ts";
import type { ConstantValue } from "./constant.ts";

/** What `co_consts` may hold. */
export type CodeConstant = ConstantValue | CodeObject;

interface CodeAttributes {
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
