/**
 * Python 3.13's compiler: source text to code objects and `.pyc` files, without a runtime.
 *
 *     source ─► parse ─► tree ─► fold ─► symtable ─► codegen ─► flowgraph ─► assemble ─► code object ─► marshal
 *
 * Mirrors the built-in `compile()` and `_PyAST_Compile` (`Python/compile.c`). Everything here is synchronous and works
 * without Node. Sources that Python rejects throw PySyntaxError or PyCompileError.
 */
import { Kind, type mod } from "../generated/ast.ts";
import { CodeFlag, CompileFlag } from "../generated/constants.ts";
import { Op } from "../generated/opcodes.ts";
import type { CodeObject } from "./code/code.ts";
import { Location } from "./code/instruction.ts";
import { Compiler } from "./codegen/compiler.ts";
import { visitExpr } from "./codegen/expressions.ts";
import { compileBody, hasAnnotations, visitStmts } from "./codegen/statements.ts";
import { ScopeType } from "./codegen/unit.ts";
import { PyCompileError, PyScopeError, PySyntaxError, type WarningSink } from "./errors/errors.ts";
import { type Limits, setLimits } from "./errors/limits.ts";
import { resetNesting } from "./errors/nesting.ts";
import { foldConstants } from "./optimize/fold.ts";
import { type Mode, parse } from "./parser/parse.ts";
import { buildSymtable } from "./symtable/build.ts";
import type { SymtableEntry } from "./symtable/entry.ts";
import { findFutureFeatures } from "./symtable/future.ts";
import { validateTree } from "./trees/validate.ts";

export { CodeFlag, FastKind } from "../generated/constants.ts";
export { type CodeConstant, CodeObject } from "./code/code.ts";
export { type DisOptions, disassemble } from "./code/dis.ts";
export { type CodeRange, codePositions, lineStarts } from "./code/lines.ts";
export { type CompileWarning, PyCompileError, PyScopeError, PySyntaxError, type WarningSink } from "./errors/errors.ts";
export { describeError } from "./errors/report.ts";
export { fromPyc, type PycHeader, sourceHash, toPyc } from "./marshal/pyc.ts";
export { MarshalError, unmarshal } from "./marshal/read.ts";
export { marshalCode } from "./marshal/write.ts";
export { fileLines, parse, tokenize } from "./parser/parse.ts";

export { decodeTree, encodeTree } from "./trees/encode.ts";

export type CompileMode = "exec" | "eval" | "single";

export interface CompileOptions {
  /** Future features and PyCF_* bits, as the `flags` of the built-in `compile()`. */
  flags?: number;
  /** 1 leaves out asserts and makes `__debug__` false; 2 leaves out docstrings too. */
  optimize?: 0 | 1 | 2;
  /** Receives each warning; throwing a PySyntaxError from it turns the warning into an error. */
  warn?: WarningSink;
  /** The lines of the file that `filename` names, for errors to quote; see `fileLines`. */
  programText?: (lineno: number) => string | null;
  /** For a tree: syntax that came after 3.N is an error. Left out: none is. */
  featureVersion?: number;
  /** What the compilation may take. */
  limits?: Limits;
}

/** Compiles source text, or bytes in the encoding that they declare. */
export function compile(
  source: string | Uint8Array,
  filename: string,
  mode: CompileMode,
  options: CompileOptions = {},
): CodeObject {
  const { flags, warn, programText } = options;
  return guarded(options, () =>
    compileTree(parse(source, { filename, mode, flags, warn, programText }), filename, options),
  );
}

/** Compiles a tree that a program has made. Constant folding changes the tree. */
export function compileAst(tree: mod, filename: string, options: CompileOptions = {}): CodeObject {
  return guarded(options, () => {
    validateTree(tree);
    return compileTree(tree, filename, options);
  });
}

/** The tree of source text, or of bytes in the encoding that they declare; folded where the flags say so. */
export function parseTree(
  source: string | Uint8Array,
  filename: string,
  mode: Mode,
  options: CompileOptions = {},
): mod {
  const { flags, warn, programText, featureVersion } = options;
  return guarded(options, () =>
    foldIfAsked(parse(source, { filename, mode, flags, warn, programText, featureVersion }), filename, options),
  );
}

/** A tree that a program has made, folded where the flags say so. */
export function checkedTree(tree: mod, filename: string, options: CompileOptions = {}): mod {
  return guarded(options, () => {
    validateTree(tree);
    return foldIfAsked(tree, filename, options);
  });
}

/** The outermost block of the symbol table of source text. */
export function symbolTable(
  source: string | Uint8Array,
  filename: string,
  mode: CompileMode,
  options: CompileOptions = {},
): SymtableEntry {
  const { flags = 0, warn, programText } = options;
  return guarded(options, () => {
    const tree = parse(source, { filename, mode, flags, warn, programText });
    const future = findFutureFeatures(tree, filename);
    future.features |= flags;
    return buildSymtable(tree, filename, future).top;
  });
}

function foldIfAsked(tree: mod, filename: string, { flags = 0, optimize = 0, warn }: CompileOptions): mod {
  if ((flags & CompileFlag.OPTIMIZED_AST) === CompileFlag.OPTIMIZED_AST) {
    const features = flags | findFutureFeatures(tree, filename).features;
    foldConstants(tree, optimize, (features & CodeFlag.FUTURE_ANNOTATIONS) !== 0, warn);
  }
  return tree;
}

/**
 * Errors as they leave: with the line that they are about, and none of JavaScript's. Nesting is counted, but our caller
 * may have left little of JavaScript's stack: then that is the limit.
 */
function guarded<T>({ programText, limits = {} }: CompileOptions, run: () => T): T {
  resetNesting();
  setLimits(limits);
  try {
    return run();
  } catch (e) {
    if (isStackOverflow(e)) {
      throw new PyCompileError("RecursionError", "maximum recursion depth exceeded during compilation");
    }
    if (
      e instanceof PySyntaxError &&
      e.text === null &&
      programText !== undefined &&
      e.lineno !== null &&
      e.lineno > 0
    ) {
      const { type, msg, filename, lineno, offset, endLineno, endOffset } = e;
      const Kind = e instanceof PyScopeError ? PyScopeError : PySyntaxError;
      throw new Kind(type, msg, filename, lineno, offset, endLineno, endOffset, programText(lineno));
    }
    throw e;
  } finally {
    setLimits({});
  }
}

/** A regular expression that finds no room to be compiled is reported as a syntax error in it. */
function isStackOverflow(e: unknown): boolean {
  return (
    e instanceof RangeError || (e instanceof SyntaxError && e.message.endsWith("Maximum call stack size exceeded"))
  );
}

function compileTree(tree: mod, filename: string, options: CompileOptions): CodeObject {
  const optimize = options.optimize ?? 0;
  const future = findFutureFeatures(tree, filename);
  const flags = future.features | (options.flags ?? 0);
  future.features = flags;
  foldConstants(tree, optimize, (flags & CodeFlag.FUTURE_ANNOTATIONS) !== 0, options.warn);
  const symtable = buildSymtable(tree, filename, future);
  const c = new Compiler(filename, symtable, future, flags, optimize, options.warn);
  c.enterScope("<module>", ScopeType.Module, symtable.top, 1);
  const loc = new Location(1, 1, 0, 0);
  switch (tree.node) {
    case Kind.Module:
      compileBody(c, loc, tree.body);
      break;
    case Kind.Interactive:
      if (hasAnnotations(tree.body)) c.op(loc, Op.SETUP_ANNOTATIONS);
      c.interactive = true;
      visitStmts(c, tree.body);
      break;
    case Kind.Expression:
      visitExpr(c, tree.body);
      break;
    default:
      throw new PyCompileError("SystemError", `module kind ${tree.node} should not be possible`);
  }
  return c.finish(tree.node !== Kind.Expression);
}
