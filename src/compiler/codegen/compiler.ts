/**
 * The code generator's state: the stack of blocks being compiled, and the ways to emit an instruction.
 *
 * Mirrors `struct compiler` and its helpers (`Python/compile.c`). The functions that compile each construct are in the
 * other files of this folder; they take the compiler as their first parameter. Errors are thrown, so that nothing has
 * to be unwound: a compilation that failed is abandoned.
 */

import type { stmt } from "../../generated/ast.ts";
import { type expr_context, Kind, type operator } from "../../generated/ast.ts";
import { CodeFlag, CompileFlag } from "../../generated/constants.ts";
import { BinaryOp, Op } from "../../generated/opcodes.ts";
import { assemble } from "../assemble/assemble.ts";
import type { CodeConstant, CodeObject } from "../code/code.ts";
import { type Location, NO_LOCATION, Resume, Location as SourceLocation } from "../code/instruction.ts";
import { PySyntaxError, type WarningSink } from "../errors/errors.ts";
import { charge, charged, releaseTo } from "../errors/limits.ts";
import type { Symtable } from "../symtable/build.ts";
import { Block, Def, Scope, type SymtableEntry } from "../symtable/entry.ts";
import type { FutureFeatures } from "../symtable/future.ts";
import { mangle, maybeMangle } from "../symtable/mangle.ts";
import { FBlock, type FBlockType, indexOf, ScopeType, Unit } from "./unit.ts";

/** More operands than this are gathered in a collection instead of on the stack. */
export const STACK_USE_GUIDELINE = 30;

/** How deep blocks (loops, try, with) may nest in one function. */
const MAXBLOCKS = 21;

/** What a block takes that is being compiled, its instructions and constants not counted. */
const UNIT_BYTES = 2000;

/** What a code object takes, its constants not counted. */
function codeSize(c: CodeObject): number {
  const names = c.co_names.length + c.localsplusnames.length + c.co_consts.length;
  return 1000 + c.co_code.length + c.co_linetable.length + c.co_exceptiontable.length + 8 * names;
}

export class Compiler {
  readonly stack: Unit[] = [];
  u!: Unit;
  interactive = false;
  /** What was charged before each block that is being compiled. */
  private readonly marks: number[] = [];

  constructor(
    readonly filename: string,
    readonly symtable: Symtable,
    readonly future: FutureFeatures,
    readonly flags: number,
    readonly optimize: number,
    readonly warn: WarningSink | undefined,
  ) {}

  get futureAnnotations(): boolean {
    return (this.future.features & CodeFlag.FUTURE_ANNOTATIONS) !== 0;
  }

  /** Whether `await` is allowed here because it stands at the top level of an interactive session. */
  get isTopLevelAwait(): boolean {
    return (this.flags & CompileFlag.ALLOW_TOP_LEVEL_AWAIT) !== 0 && this.u.ste.type === Block.Module;
  }

  error(loc: Location, msg: string): never {
    throw new PySyntaxError(
      "SyntaxError",
      msg,
      this.filename,
      loc.lineno,
      loc.col_offset + 1,
      loc.end_lineno,
      loc.end_col_offset + 1,
    );
  }

  /** Reports a SyntaxWarning; where the receiver makes it an error, that error gets the full location. */
  warning(loc: Location, message: string): void {
    if (this.warn === undefined) return;
    try {
      this.warn({ category: "SyntaxWarning", message, filename: this.filename, lineno: loc.lineno });
    } catch (e) {
      if (e instanceof PySyntaxError) this.error(loc, message);
      throw e;
    }
  }

  // Scopes

  enterScope(name: string, scopeType: ScopeType, ste: SymtableEntry, lineno: number): void {
    const parent = this.u ?? null;
    this.marks.push(charged());
    charge(UNIT_BYTES);
    const unit = new Unit(name, scopeType, ste, lineno, parent);
    if (parent !== null) this.stack.push(parent);
    this.u = unit;
    let startLine = lineno;
    if (scopeType === ScopeType.Module) startLine = 0;
    else this.setQualname();
    this.opI(new SourceLocation(startLine, lineno, 0, 0), Op.RESUME, Resume.AT_FUNC_START);
  }

  exitScope(): void {
    this.u = this.stack.pop()!;
    // What a nested block made is in its code object.
    releaseTo(this.marks.pop()!);
  }

  private setQualname(): void {
    const { u, stack } = this;
    if (stack.length < 2) return;
    let parent = stack[stack.length - 1];
    if (parent.scopeType === ScopeType.TypeParams) {
      // A generic function or class is named as if its type parameters had no scope of their own.
      if (stack.length === 2) return;
      parent = stack[stack.length - 2];
    }
    const type = u.scopeType;
    if (type === ScopeType.Function || type === ScopeType.AsyncFunction || type === ScopeType.Class) {
      if (parent.ste.getScope(mangle(parent.privateName, u.name)) === Scope.GLOBAL_EXPLICIT) return;
    }
    const inFunction =
      parent.scopeType === ScopeType.Function ||
      parent.scopeType === ScopeType.AsyncFunction ||
      parent.scopeType === ScopeType.Lambda;
    u.qualname = `${parent.qualname}${inFunction ? ".<locals>" : ""}.${u.name}`;
  }

  /** Ends the current block: its code object, with the scope left. */
  finish(addNone: boolean): CodeObject {
    const u = this.u;
    const flags = this.codeFlags();
    // No code falls off the end, whatever came before.
    if (addNone) this.loadConst(NO_LOCATION, null);
    this.op(NO_LOCATION, Op.RETURN_VALUE);
    const code = assemble(u, flags, this.filename);
    this.exitScope();
    charge(codeSize(code));
    return code;
  }

  private codeFlags(): number {
    const ste = this.u.ste;
    let flags = 0;
    if (ste.isFunctionLike()) {
      flags |= CodeFlag.NEWLOCALS | CodeFlag.OPTIMIZED;
      if (ste.nested) flags |= CodeFlag.NESTED;
      if (ste.generator) flags |= ste.coroutine ? CodeFlag.ASYNC_GENERATOR : CodeFlag.GENERATOR;
      else if (ste.coroutine) flags |= CodeFlag.COROUTINE;
      if (ste.varargs) flags |= CodeFlag.VARARGS;
      if (ste.varkeywords) flags |= CodeFlag.VARKEYWORDS;
    }
    flags |= this.flags & CodeFlag.FUTURE_MASK;
    if (this.isTopLevelAwait && ste.coroutine && !ste.generator) flags |= CodeFlag.COROUTINE;
    return flags;
  }

  // Instructions

  op(loc: Location, opcode: number): void {
    this.u.seq.add(opcode, 0, loc);
  }

  opI(loc: Location, opcode: number, oparg: number): void {
    this.u.seq.add(opcode, oparg, loc);
  }

  jump(loc: Location, opcode: number, label: number): void {
    this.u.seq.add(opcode, label, loc);
  }

  newLabel(): number {
    return this.u.seq.newLabel();
  }

  useLabel(label: number): void {
    this.u.seq.useLabel(label);
  }

  loadConst(loc: Location, value: CodeConstant): void {
    this.u.seq.add(Op.LOAD_CONST, this.u.consts.add(value), loc);
  }

  mangle(name: string): string {
    return maybeMangle(this.u.privateName, this.u.ste, name);
  }

  /** An instruction on an attribute or a global name of `co_names`; the pseudo forms of LOAD_ATTR become real. */
  opName(loc: Location, opcode: number, name: string): void {
    const index = indexOf(this.u.names, this.mangle(name));
    let op = opcode;
    let arg = index;
    switch (opcode) {
      case Op.LOAD_ATTR:
        arg = index << 1;
        break;
      case Op.LOAD_METHOD:
        op = Op.LOAD_ATTR;
        arg = (index << 1) | 1;
        break;
      case Op.LOAD_SUPER_ATTR:
        arg = (index << 2) | 2;
        break;
      case Op.LOAD_SUPER_METHOD:
        op = Op.LOAD_SUPER_ATTR;
        arg = (index << 2) | 3;
        break;
      case Op.LOAD_ZERO_SUPER_ATTR:
        op = Op.LOAD_SUPER_ATTR;
        arg = index << 2;
        break;
      case Op.LOAD_ZERO_SUPER_METHOD:
        op = Op.LOAD_SUPER_ATTR;
        arg = (index << 2) | 1;
        break;
    }
    this.u.seq.add(op, arg, loc);
  }

  /** The same for a name that is never mangled. */
  opNameAsIs(loc: Location, opcode: number, name: string): void {
    this.u.seq.add(opcode, indexOf(this.u.names, name), loc);
  }

  binary(loc: Location, op: operator, inplace: boolean): void {
    this.opI(loc, Op.BINARY_OP, binaryOps[op]! + (inplace ? BinaryOp.NB_INPLACE_ADD : 0));
  }

  /** Reads, writes or deletes a variable. */
  nameop(loc: Location, name: string, ctx: expr_context): void {
    const u = this.u;
    const ste = u.ste;
    this.forbidName(loc, name, ctx);
    const mangled = this.mangle(name);
    const scope = ste.getScope(mangled);
    switch (scope) {
      case Scope.FREE:
      case Scope.CELL: {
        let op: number;
        if (ctx === Kind.Store) op = Op.STORE_DEREF;
        else if (ctx === Kind.Del) op = Op.DELETE_DEREF;
        else if (ste.type === Block.Class && u.inInlinedComp === 0) {
          op = Op.LOAD_FROM_DICT_OR_DEREF;
          this.op(loc, Op.LOAD_LOCALS);
        } else if (ste.canSeeClassScope) {
          op = Op.LOAD_FROM_DICT_OR_DEREF;
          this.opI(loc, Op.LOAD_DEREF, indexOf(u.freevars, "__classdict__"));
        } else op = Op.LOAD_DEREF;
        this.opI(loc, op, indexOf(scope === Scope.FREE ? u.freevars : u.cellvars, mangled));
        return;
      }
      case Scope.LOCAL:
        if (ste.isFunctionLike() || u.fasthidden.get(mangled) === true) {
          const op = ctx === Kind.Load ? Op.LOAD_FAST : ctx === Kind.Store ? Op.STORE_FAST : Op.DELETE_FAST;
          this.opI(loc, op, indexOf(u.varnames, mangled));
          return;
        }
        break;
      case Scope.GLOBAL_IMPLICIT:
        if (!ste.isFunctionLike()) break;
        this.global(loc, mangled, ctx, ste.canSeeClassScope);
        return;
      case Scope.GLOBAL_EXPLICIT:
        this.global(loc, mangled, ctx, false);
        return;
    }
    const index = indexOf(u.names, mangled);
    if (ctx === Kind.Load) {
      if (ste.type === Block.Class && u.inInlinedComp > 0) this.opI(loc, Op.LOAD_GLOBAL, index << 1);
      else this.opI(loc, Op.LOAD_NAME, index);
    } else this.opI(loc, ctx === Kind.Store ? Op.STORE_NAME : Op.DELETE_NAME, index);
  }

  private global(loc: Location, mangled: string, ctx: expr_context, throughClass: boolean): void {
    const u = this.u;
    if (ctx === Kind.Load && throughClass) {
      this.opI(loc, Op.LOAD_DEREF, indexOf(u.freevars, "__classdict__"));
      this.opI(loc, Op.LOAD_FROM_DICT_OR_GLOBALS, indexOf(u.names, mangled));
      return;
    }
    const index = indexOf(u.names, mangled);
    if (ctx === Kind.Load) this.opI(loc, Op.LOAD_GLOBAL, index << 1);
    else this.opI(loc, ctx === Kind.Store ? Op.STORE_GLOBAL : Op.DELETE_GLOBAL, index);
  }

  /** `__debug__` is a constant. */
  forbidName(loc: Location, name: string, ctx: expr_context): void {
    if (name !== "__debug__" || ctx === Kind.Load) return;
    this.error(loc, ctx === Kind.Store ? "cannot assign to __debug__" : "cannot delete __debug__");
  }

  /** The scope of a name that a nested code object refers to. */
  refType(name: string): Scope {
    if (this.u.scopeType === ScopeType.Class && (name === "__class__" || name === "__classdict__")) return Scope.CELL;
    return this.u.ste.getScope(name);
  }

  /** Whether a name is bound by an import in the module. */
  isImported(name: string): boolean {
    return (this.symtable.top.getSymbol(name) & Def.IMPORT) !== 0;
  }

  // Frame blocks

  pushFBlock(
    loc: Location,
    type: FBlockType,
    block: number,
    exit: number,
    finalbody: readonly stmt[] | null = null,
    name: string | null = null,
  ): void {
    if (this.u.fblocks.length >= MAXBLOCKS) this.error(loc, "too many statically nested blocks");
    this.u.fblocks.push(new FBlock(type, block, loc, exit, finalbody, name));
  }

  popFBlock(): void {
    this.u.fblocks.pop();
  }
}

const binaryOps: Partial<Record<Kind, BinaryOp>> = {
  [Kind.Add]: BinaryOp.NB_ADD,
  [Kind.Sub]: BinaryOp.NB_SUBTRACT,
  [Kind.Mult]: BinaryOp.NB_MULTIPLY,
  [Kind.MatMult]: BinaryOp.NB_MATRIX_MULTIPLY,
  [Kind.Div]: BinaryOp.NB_TRUE_DIVIDE,
  [Kind.Mod]: BinaryOp.NB_REMAINDER,
  [Kind.Pow]: BinaryOp.NB_POWER,
  [Kind.LShift]: BinaryOp.NB_LSHIFT,
  [Kind.RShift]: BinaryOp.NB_RSHIFT,
  [Kind.BitOr]: BinaryOp.NB_OR,
  [Kind.BitXor]: BinaryOp.NB_XOR,
  [Kind.BitAnd]: BinaryOp.NB_AND,
  [Kind.FloorDiv]: BinaryOp.NB_FLOOR_DIVIDE,
};
