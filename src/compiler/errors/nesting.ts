/**
 * How deep a program may nest: the limits that turn endless nesting into a RecursionError.
 *
 * RECURSION_LIMIT is CPython's own (`Py_C_RECURSION_LIMIT` in `Include/cpython/pystate.h` on 64-bit Linux): the
 * optimiser and the symbol table count every statement and expression against it. A JavaScript stack of the default
 * size ends long before that many calls, so the passes walk the shapes that can be that deep (chains of operators,
 * attributes and calls, prefix operators, `elif` and `else` arms) in loops, and count the calls that remain against
 * NESTING_LIMIT. Deliberate difference: other nesting deeper than that limit is a RecursionError here and is compiled
 * by CPython; the tokenizer's and the parser's limits keep sources from reaching it by brackets or indentation.
 */
import { PyCompileError } from "./errors.ts";

export const RECURSION_LIMIT = 10000;

/** The C calls that CPython has already counted when a module's own code calls `compile()`. */
export const START_DEPTH = 2;

/** Calls between one pass's entry and the innermost node; each may take several JavaScript frames. */
const NESTING_LIMIT = 1200;

let nesting = 0;

/** Counts one more level of calls. Every caller balances it with `leaveNesting`, or throws out of the compilation. */
export function enterNesting(): void {
  if (++nesting > NESTING_LIMIT) {
    throw new PyCompileError("RecursionError", "maximum recursion depth exceeded during compilation");
  }
}

export function leaveNesting(): void {
  nesting--;
}

/** Forgets what an abandoned compilation left counted. */
export function resetNesting(): void {
  nesting = 0;
}
