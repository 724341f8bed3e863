/** What the compiler reports: errors that end the compilation, and warnings that do not. */

export type SyntaxErrorType = "SyntaxError" | "IndentationError" | "TabError" | "_IncompleteInputError";

/**
 * A source that Python rejects. `lineno` counts from 1; `offset` and `endOffset` are 1-based columns in characters
 * (code points), as the attributes of CPython's exception; null or 0 and -1 stand where CPython has them.
 */
export class PySyntaxError extends Error {
  override name = "PySyntaxError";
  constructor(
    readonly type: SyntaxErrorType,
    readonly msg: string,
    readonly filename: string | null,
    readonly lineno: number | null,
    readonly offset: number | null,
    readonly endLineno: number | null = null,
    readonly endOffset: number | null = null,
    readonly text: string | null = null,
  ) {
    super(msg);
  }
}

/** What is found out about scopes, and `from __future__`: the exception's arguments are the message alone, its attributes the place. */
export class PyScopeError extends PySyntaxError {}

/** A source that CPython rejects with another exception: ValueError (null bytes), MemoryError, RecursionError, … */
export class PyCompileError extends Error {
  override name = "PyCompileError";
  constructor(
    readonly type:
      | "ValueError"
      | "UnicodeEncodeError"
      | "UnicodeDecodeError"
      | "MemoryError"
      | "RecursionError"
      | "OverflowError"
      | "SystemError"
      | "TypeError",
    readonly msg: string,
  ) {
    super(msg);
  }
}

export interface CompileWarning {
  /** A DeprecationWarning is that of `~True`, which has no text: the runtime has it. */
  category: "SyntaxWarning" | "DeprecationWarning";
  message: string;
  filename: string;
  /** From 1; 0 where the warning is about what folding did (`~True`): Python names the caller of compile() then. */
  lineno: number;
}

/** Receives each warning as it is found; throwing a PySyntaxError turns the warning into an error. */
export type WarningSink = (warning: CompileWarning) => void;
