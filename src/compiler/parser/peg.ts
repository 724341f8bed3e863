/**
 * The grammar-driven parser: CPython 3.13's generated `Parser/parser.c` and `Parser/pegen.c` as an interpreter of
 * `src/generated/grammar.ts`. It runs where the fast parser gave up, and what it does is what CPython does: the same
 * rules in the same order with the same memory of results, tokens fetched at the same moment, a first pass without and
 * a second with the rules for mistakes, and the same count of nested rules. Its stack is its own, not JavaScript's.
 *
 * The code of a rule is a chain of alternatives, each
 *
 *     NEXT FLAGS ACTION COUNT (OP ARG)…      NEXT: the next alternative or -1
 *                                            FLAGS: 1 for the second pass only, 2 the action makes a node here
 *                                            ACTION: an index, -1 the only value, -2 any value, -3 a separated list
 *
 * where OP is four times a kind of item plus 0 plain, 1 optional, 2 look-ahead, 3 negative look-ahead.
 */

import type { expr, mod } from "../../generated/ast.ts";
import { firstTokens, grammarActions, grammarCode, ruleTable } from "../../generated/grammar.ts";
import { PyCompileError, PySyntaxError } from "../errors/errors.ts";
import { charge } from "../errors/limits.ts";
import { Done } from "../tokenizer/reader.ts";
import { T } from "../tokenizer/tokens.ts";
import { numberConstant } from "./literal-actions.ts";
import { MEMO_BYTES, type Memo, PegInput, softKeywords } from "./peg-input.ts";

const MAXSTACK = 6000;

const code = Int32Array.from(grammarCode);
const rules = Int32Array.from(ruleTable);
const firsts = Int32Array.from(firstTokens);

/** Below this level no rule that fails at its first token comes near MAXSTACK, and need not be entered. */
const PREDICTED = MAXSTACK - 200;

const enum Op {
  TOKEN,
  CALL,
  NAME,
  NUMBER,
  SOFT,
  ANY_SOFT,
  CUT,
  FORCED,
}

const enum Mode {
  PLAIN,
  OPTIONAL,
  AND,
  NOT,
}

const enum RuleKind {
  NORMAL,
  LOOP0,
  LOOP1,
  LEFT,
}

const MEMO = 1;
const WITHOUT_INVALID = 2;
const PLACED = 4;

const INVALID_ONLY = 1;

/** One call of a rule. */
class Frame {
  rule = 0;
  mark = 0;
  /** The alternative being tried, and the item of it that comes next. */
  alt = 0;
  item = 0;
  /** Where the alternative's values start. */
  base = 0;
  cut = false;
  /** Where to go back to after a look-ahead. */
  lookMark = 0;
  previousInvalid = false;
  /** The elements of a loop. */
  children: unknown[] | null = null;
  /** For left recursion: the best result and where it ends. */
  result: unknown = null;
  resultMark = 0;
}

export class PegParser extends PegInput {
  /** The place that the alternative matched, for an action. */
  startLine = 0;
  startCol = 0;
  endLine = 0;
  endCol = 0;
  private level = 0;
  private readonly frames: Frame[] = [];
  /** The values of the alternatives being tried, a stack of `depth` entries. */
  private readonly values: unknown[] = [];
  private depth = 0;

  /** Both passes. Throws the error. */
  parse(startRule: number): mod {
    const result = this.run(startRule);
    if (result !== null && !this.error) {
      if (this.options.mode === "single" && this.moreStatements()) {
        this.raise("SyntaxError", "multiple statements found while compiling a single statement");
        throw this.error;
      }
      return result as mod;
    }
    if (this.options.allowIncompleteInput && this.endOfSource()) {
      this.error = null;
      this.errorIndicator = false;
      this.raise("_IncompleteInputError", "incomplete input");
      throw this.error;
    }
    if (this.error && !(this.error instanceof PySyntaxError)) throw this.error;
    const lastToken = this.tokens[this.tokens.length - 1];
    for (const token of this.tokens) token.memo = null;
    this.mark = 0;
    this.callInvalidRules = true;
    this.run(startRule);
    this.setSyntaxError(lastToken);
    throw this.error;
  }

  private endOfSource(): boolean {
    const { done } = this.tokenizer;
    return done === Done.EOF || done === Done.EOFS || done === Done.EOLS;
  }

  /** Whether anything but blanks and comments follows. */
  private moreStatements(): boolean {
    const { bytes } = this.source;
    let i = this.tokenizer.cur;
    for (;;) {
      while (bytes[i] === 32 || bytes[i] === 9 || bytes[i] === 10 || bytes[i] === 12) i++;
      if (bytes[i] === 0) return false;
      if (bytes[i] !== 35) return true;
      while (bytes[i] !== 0 && bytes[i] !== 10) i++;
    }
  }

  // ---- the interpreter

  private memoized(rule: number): Memo | null {
    for (let memo = this.tokens[this.mark].memo; memo; memo = memo.next) if (memo.rule === rule) return memo;
    return null;
  }

  private remember(mark: number, rule: number, node: unknown): void {
    charge(MEMO_BYTES);
    const token = this.tokens[mark];
    token.memo = { rule, node, mark: this.mark, next: token.memo };
  }

  private updateMemo(mark: number, rule: number, node: unknown): void {
    for (let memo = this.tokens[mark].memo; memo; memo = memo.next) {
      if (memo.rule === rule) {
        memo.node = node;
        memo.mark = this.mark;
        return;
      }
    }
    this.remember(mark, rule, node);
  }

  private run(startRule: number): unknown {
    const { frames } = this;
    let top = -1;
    let entering = startRule;
    let value: unknown = null;
    this.depth = 0;
    for (;;) {
      // Enter a rule, or have its value at once.
      if (entering >= 0) {
        const rule = entering;
        entering = -1;
        const kind = rules[3 * rule];
        const flags = rules[3 * rule + 1];
        value = null;
        let done = false;
        if (this.level++ === MAXSTACK) this.overflow();
        if (kind !== RuleKind.LEFT && this.errorIndicator) {
          done = true;
        } else if (kind === RuleKind.LEFT || flags & MEMO) {
          if (!this.fillOrFail()) {
            done = true;
          } else {
            const memo = this.memoized(rule);
            if (memo) {
              this.mark = memo.mark;
              value = memo.node;
              done = true;
            }
          }
        }
        if (!done && flags & PLACED && !this.fillOrFail()) done = true;
        if (done) {
          this.level--;
        } else {
          if (++top === frames.length) frames.push(new Frame());
          const frame = frames[top];
          frame.rule = rule;
          frame.mark = this.mark;
          frame.base = this.depth;
          frame.cut = false;
          frame.children = kind === RuleKind.LOOP0 || kind === RuleKind.LOOP1 ? [] : null;
          if (flags & WITHOUT_INVALID) {
            frame.previousInvalid = this.callInvalidRules;
            this.callInvalidRules = false;
          }
          if (kind === RuleKind.LEFT) {
            frame.result = null;
            frame.resultMark = this.mark;
            this.updateMemo(frame.mark, rule, null);
            entering = rules[3 * rule + 2];
            continue;
          }
          frame.alt = rules[3 * rule + 2];
          frame.item = -1;
          const outcome = this.step(frame, kind);
          if (outcome >= 0) {
            entering = outcome;
            continue;
          }
          value = this.returned;
          this.leave(frame, flags);
          top--;
        }
      }
      // Hand the value to the caller, which may be done by it.
      for (;;) {
        if (top < 0) return value;
        const frame = frames[top];
        const { rule } = frame;
        const kind = rules[3 * rule];
        if (kind === RuleKind.LEFT) {
          if (this.errorIndicator) {
            value = null;
          } else if (value !== null && this.mark > frame.resultMark) {
            frame.resultMark = this.mark;
            frame.result = value;
            this.updateMemo(frame.mark, rule, value);
            this.mark = frame.mark;
            entering = rules[3 * rule + 2];
            break;
          } else {
            this.mark = frame.resultMark;
            value = frame.result;
          }
          this.level--;
          top--;
          continue;
        }
        const outcome = this.resume(frame, kind, value);
        if (outcome >= 0) {
          entering = outcome;
          break;
        }
        value = this.returned;
        this.leave(frame, rules[3 * rule + 1]);
        top--;
      }
    }
  }

  private leave(frame: Frame, flags: number): void {
    this.depth = frame.base;
    if (flags & WITHOUT_INVALID) this.callInvalidRules = frame.previousInvalid;
    this.level--;
  }

  /** What step() left behind when it answered -1. */
  private returned: unknown = null;

  private resume(frame: Frame, kind: number, value: unknown): number {
    const mode = code[frame.alt + 4 + 2 * frame.item] & 3;
    let ok = true;
    switch (mode) {
      case Mode.PLAIN:
        if (value === null) ok = false;
        else this.values[this.depth++] = value;
        break;
      case Mode.OPTIONAL:
        if (this.errorIndicator) ok = false;
        else this.values[this.depth++] = value;
        break;
      default:
        this.mark = frame.lookMark;
        ok = (value !== null) === (mode === Mode.AND);
    }
    if (!ok) {
      if (!this.nextAlternative(frame, kind)) return -1;
    } else {
      frame.item++;
    }
    return this.step(frame, kind);
  }

  /** After an alternative that does not match. False with `returned` set where it was the last. */
  private nextAlternative(frame: Frame, kind: number): boolean {
    this.mark = frame.mark;
    this.depth = frame.base;
    if (frame.cut) {
      this.returned = null;
      return false;
    }
    const next = code[frame.alt];
    if (next >= 0) {
      frame.alt = next;
      frame.item = -1;
      return true;
    }
    if (kind === RuleKind.NORMAL) this.finish(frame, null);
    else if (kind === RuleKind.LOOP1 && (!frame.children!.length || this.errorIndicator)) this.returned = null;
    else this.returned = frame.children;
    return false;
  }

  private finish(frame: Frame, value: unknown): void {
    if (rules[3 * frame.rule + 1] & MEMO) this.remember(frame.mark, frame.rule, value);
    this.returned = value;
  }

  /**
   * Goes on with a frame: item -1 begins the alternative. Answers the rule to call, or -1 when the rule is done and
   * `returned` is its value.
   */
  private step(frame: Frame, kind: number): number {
    for (;;) {
      const { alt } = frame;
      if (frame.item < 0) {
        if (code[alt + 1] & INVALID_ONLY && !this.callInvalidRules) {
          // The alternative does not exist in this pass.
          if (code[alt] < 0) {
            if (kind === RuleKind.NORMAL) this.finish(frame, null);
            else this.returned = frame.children;
            return -1;
          }
          frame.alt = code[alt];
          continue;
        }
        if (this.errorIndicator) {
          this.returned = null;
          return -1;
        }
        frame.item = 0;
        frame.cut = false;
      }
      const count = code[alt + 3];
      let matched = true;
      while (frame.item < count) {
        const at = alt + 4 + 2 * frame.item;
        const op = code[at] >> 2;
        const mode = code[at] & 3;
        const arg = code[at + 1];
        if (op === Op.CUT) {
          frame.cut = true;
          frame.item++;
          continue;
        }
        const mark = this.mark;
        let value: unknown = null;
        if (op !== Op.CALL) {
          value = this.match(op, arg);
        } else if (this.canBegin(arg)) {
          frame.lookMark = mark;
          return arg;
        }
        if (mode === Mode.PLAIN) {
          if (value === null) {
            matched = false;
            break;
          }
          this.values[this.depth++] = value;
        } else if (mode === Mode.OPTIONAL) {
          if (this.errorIndicator) {
            matched = false;
            break;
          }
          this.values[this.depth++] = value;
        } else {
          this.mark = mark;
          if ((value !== null) !== (mode === Mode.AND)) {
            matched = false;
            break;
          }
        }
        frame.item++;
      }
      if (!matched) {
        if (!this.nextAlternative(frame, kind)) return -1;
        continue;
      }
      const value = this.act(frame);
      if (value === null && this.error) {
        this.errorIndicator = true;
        this.returned = null;
        return -1;
      }
      if (kind === RuleKind.NORMAL) {
        this.finish(frame, value);
        return -1;
      }
      frame.children!.push(value);
      frame.mark = this.mark;
      this.depth = frame.base;
      frame.item = 0;
    }
  }

  /** False where the next token, already read, cannot begin the rule: then it fails without a trace. */
  private canBegin(rule: number): boolean {
    if (this.mark >= this.tokens.length || this.errorIndicator || this.level >= PREDICTED) return true;
    const { type } = this.tokens[this.mark];
    return ((firsts[4 * rule + (type >> 5)] >> (type & 31)) & 1) === 1;
  }

  private match(op: number, arg: number): unknown {
    switch (op) {
      case Op.TOKEN:
        return this.expect(arg);
      case Op.NAME: {
        const token = this.expect(T.NAME);
        return token && this.nameOf(token);
      }
      case Op.NUMBER:
        return this.number();
      case Op.SOFT:
        return this.soft(softKeywords[arg]);
      case Op.ANY_SOFT:
        return this.soft(null);
    }
    return this.forced(arg);
  }

  private act(frame: Frame): unknown {
    const action = code[frame.alt + 2];
    const { values } = this;
    const { base } = frame;
    if (action >= 0) {
      if (code[frame.alt + 1] & 2) {
        const first = this.tokens[frame.mark];
        let m = this.mark - 1;
        if (m < 0) return null;
        while (m > 0 && isLayout(this.tokens[m].type)) m--;
        const last = this.tokens[m];
        this.startLine = first.lineno;
        this.startCol = first.col_offset;
        this.endLine = last.end_lineno;
        this.endCol = last.end_col_offset;
      }
      // biome-ignore lint/suspicious/noExplicitAny: values are as different as the rules
      return grammarActions[action](this, values as any[], base);
    }
    if (action === -1) return values[base];
    if (action === -3) return [values[base], ...(values[base + 1] as unknown[])];
    return this;
  }

  private number(): expr | null {
    const token = this.expect(T.NUMBER);
    return token && numberConstant(this, token);
  }

  private overflow(): void {
    this.errorIndicator = true;
    this.error = stackOverflow();
  }
}

export function stackOverflow(): PyCompileError {
  return new PyCompileError("MemoryError", "Parser stack overflowed - Python source too complex to parse");
}

function isLayout(type: number): boolean {
  return type === T.ENDMARKER || (type >= T.NEWLINE && type <= T.DEDENT);
}
