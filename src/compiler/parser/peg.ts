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
import { Name, Kind } from "../../generated/ast.ts";
import { grammarActions, grammarCode, ruleTable } from "../../generated/grammar.ts";
import { PyCompileError, PySyntaxError, type SyntaxErrorType, type WarningSink } from "../errors.ts";
import type { Source } from "../tokenizer/source.ts";
import { Done, Tokenizer } from "../tokenizer/tokenizer.ts";
import { T, keywordList, keywordTypes, operatorTypes } from "../tokenizer/tokens.ts";
import { UnicodeDecodeError } from "../tokenizer/utf8.ts";
import { normalizeIdentifier } from "../unicode/identifier.ts";
import { numberConstant } from "./actions.ts";
import { CURRENT_POS, makeSyntaxError, type ProgramText, type Span } from "./errors.ts";
import { literalMessage } from "./literals.ts";

const MAXSTACK = 6000;

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

const softKeywords = ["_", "case", "match", "type"];
const operatorText = new Map(
  [...operatorTypes].filter(([op]) => op !== "<>").map(([op, type]) => [type as number, op]),
);

interface Memo {
  rule: number;
  node: unknown;
  mark: number;
  next: Memo | null;
}

/** A token as the grammar sees it; it can stand where a node does to say where an error is. */
export class Token {
  memo: Memo | null = null;
  constructor(
    readonly type: number,
    readonly level: number,
    readonly lineno: number,
    readonly col_offset: number,
    readonly end_lineno: number,
    readonly end_col_offset: number,
    readonly start: number,
    readonly end: number,
    readonly metadata: string | null,
  ) {}
}

/** What has a place: a token or a node. */
export interface Placed {
  lineno: number;
  col_offset: number;
  end_lineno: number;
  end_col_offset: number;
}

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

export interface PegOptions {
  filename: string;
  mode: "exec" | "eval" | "single" | "func_type";
  warn?: WarningSink;
  programText?: ProgramText;
  barryAsBdfl?: boolean;
  dontImplyDedent?: boolean;
  allowIncompleteInput?: boolean;
}

export class PegParser {
  readonly tokenizer: Tokenizer;
  readonly tokens: Token[] = [];
  mark = 0;
  /** Set with the first error; nothing is matched any more. */
  errorIndicator = false;
  error: Error | null = null;
  /** The second pass: rules for mistakes are tried. */
  callInvalidRules = false;
  /** The place that the alternative matched, for an action. */
  startLine = 0;
  startCol = 0;
  endLine = 0;
  endCol = 0;
  private level = 0;
  private parsingStarted = false;
  private knownErrorToken: Token | null = null;
  private readonly frames: Frame[] = [];
  private values: unknown[] = [];

  constructor(
    readonly source: Source,
    readonly options: PegOptions,
  ) {
    this.tokenizer = new Tokenizer(source, { filename: options.filename, warn: options.warn ?? (() => {}) });
  }

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

  // ---- tokens

  /** Fetches one token more. False after an error. */
  private fill(): boolean {
    const t = this.tokenizer;
    let type: number = t.get();
    if (this.options.mode === "single" && type === T.ENDMARKER && this.parsingStarted) {
      // A statement without its line end.
      type = T.NEWLINE;
      this.parsingStarted = false;
      if (t.indent && !this.options.dontImplyDedent) {
        t.pendin = -t.indent;
        t.indent = 0;
      }
    } else {
      this.parsingStarted = true;
    }
    if (type === T.NAME) {
      const text = this.source.text.slice(t.tokenStart, t.tokenEnd);
      type = keywordTypes.get(text) ?? T.NAME;
    }
    this.tokens.push(
      new Token(
        type,
        t.tokenLevel,
        t.tokenLine,
        t.tokenCol,
        t.tokenEndLine,
        t.tokenEndCol,
        t.tokenStart,
        t.tokenEnd,
        t.metadata,
      ),
    );
    if (type !== T.ERRORTOKEN) return true;
    this.tokenizerError();
    return false;
  }

  private fillOrFail(): boolean {
    if (this.mark < this.tokens.length) return true;
    if (this.fill()) return true;
    this.errorIndicator = true;
    return false;
  }

  private expect(type: number): Token | null {
    if (!this.fillOrFail()) return null;
    const token = this.tokens[this.mark];
    if (token.type !== type) return null;
    this.mark++;
    return token;
  }

  text(token: Token): string {
    return this.source.text.slice(token.start, token.end);
  }

  private nameOf(token: Token): Name {
    const id = normalizeIdentifier(this.source.decode(token.start, token.end));
    return new Name(id, Kind.Load, token.lineno, token.col_offset, token.end_lineno, token.end_col_offset);
  }

  private soft(keyword: string | null): Name | null {
    if (!this.fillOrFail()) return null;
    const token = this.tokens[this.mark];
    if (token.type !== T.NAME) return null;
    const text = this.text(token);
    // Any soft keyword that begins with the name will do, as in CPython.
    if (keyword === null ? !softKeywords.some((word) => word.startsWith(text)) : text !== keyword) return null;
    this.mark++;
    return this.nameOf(token);
  }

  private number(): expr | null {
    const token = this.expect(T.NUMBER);
    return token && numberConstant(this, token);
  }

  private forced(type: number): Token | null {
    if (this.errorIndicator || !this.fillOrFail()) return null;
    const token = this.tokens[this.mark];
    if (token.type !== type) {
      const expected = operatorText.get(type) ?? keywordList[type - T.FALSE];
      this.raiseRange(token, token, `expected '${expected}'`);
      return null;
    }
    this.mark++;
    return token;
  }

  // ---- the interpreter

  private memoized(rule: number): Memo | null {
    for (let memo = this.tokens[this.mark].memo; memo; memo = memo.next) if (memo.rule === rule) return memo;
    return null;
  }

  private remember(mark: number, rule: number, node: unknown): void {
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
    this.values.length = 0;
    for (;;) {
      // Enter a rule, or have its value at once.
      if (entering >= 0) {
        const rule = entering;
        entering = -1;
        const kind = ruleTable[3 * rule];
        const flags = ruleTable[3 * rule + 1];
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
          frame.base = this.values.length;
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
            entering = ruleTable[3 * rule + 2];
            continue;
          }
          frame.alt = ruleTable[3 * rule + 2];
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
        const kind = ruleTable[3 * rule];
        if (kind === RuleKind.LEFT) {
          if (this.errorIndicator) {
            value = null;
          } else if (value !== null && this.mark > frame.resultMark) {
            frame.resultMark = this.mark;
            frame.result = value;
            this.updateMemo(frame.mark, rule, value);
            this.mark = frame.mark;
            entering = ruleTable[3 * rule + 2];
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
        this.leave(frame, ruleTable[3 * rule + 1]);
        top--;
      }
    }
  }

  private leave(frame: Frame, flags: number): void {
    this.values.length = frame.base;
    if (flags & WITHOUT_INVALID) this.callInvalidRules = frame.previousInvalid;
    this.level--;
  }

  /** What step() left behind when it answered -1. */
  private returned: unknown = null;

  private resume(frame: Frame, kind: number, value: unknown): number {
    const mode = grammarCode[frame.alt + 4 + 2 * frame.item] & 3;
    let ok = true;
    switch (mode) {
      case Mode.PLAIN:
        if (value === null) ok = false;
        else this.values.push(value);
        break;
      case Mode.OPTIONAL:
        if (this.errorIndicator) ok = false;
        else this.values.push(value);
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
    this.values.length = frame.base;
    if (frame.cut) {
      this.returned = null;
      return false;
    }
    const next = grammarCode[frame.alt];
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
    if (ruleTable[3 * frame.rule + 1] & MEMO) this.remember(frame.mark, frame.rule, value);
    this.returned = value;
  }

  /**
   * Goes on with a frame: item -1 begins the alternative. Answers the rule to call, or -1 when the rule is done and
   * `returned` is its value.
   */
  private step(frame: Frame, kind: number): number {
    const code = grammarCode;
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
        if (op === Op.CALL) {
          frame.lookMark = mark;
          return arg;
        }
        const value = this.match(op, arg);
        if (mode === Mode.PLAIN) {
          if (value === null) {
            matched = false;
            break;
          }
          this.values.push(value);
        } else if (mode === Mode.OPTIONAL) {
          if (this.errorIndicator) {
            matched = false;
            break;
          }
          this.values.push(value);
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
      this.values.length = frame.base;
      frame.item = 0;
    }
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
    const action = grammarCode[frame.alt + 2];
    const { values } = this;
    const { base } = frame;
    if (action >= 0) {
      if (grammarCode[frame.alt + 1] & 2) {
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

  // ---- errors

  private overflow(): void {
    this.errorIndicator = true;
    this.error = stackOverflow();
  }

  /** At the last token read, or with `useMark` at the next one to match. Answers null, for actions. */
  raise(type: SyntaxErrorType, message: string, useMark = false): null {
    if (this.errorIndicator && this.error) return null;
    if (this.tokens.length === 0) {
      this.raiseAt(type, message, { lineno: 0, col: 0, endLineno: 0, endCol: -1 });
      return null;
    }
    if (useMark && !this.fillOrFail()) return null;
    const token = this.knownErrorToken ?? this.tokens[useMark ? this.mark : this.tokens.length - 1];
    const t = this.tokenizer;
    const col = token.col_offset === -1 ? (t.cur === t.buf ? 0 : t.cur - t.lineStart) : token.col_offset + 1;
    const endCol = token.end_col_offset === -1 ? -1 : token.end_col_offset + 1;
    this.raiseAt(type, message, { lineno: token.lineno, col, endLineno: token.end_lineno, endCol });
    return null;
  }

  /** From the start of `a` to the end of `b`. */
  raiseRange(a: Placed, b: Placed, message: string): null {
    return this.raiseAt("SyntaxError", message, {
      lineno: a.lineno,
      col: a.col_offset + 1,
      endLineno: b.end_lineno,
      endCol: b.end_col_offset + 1,
    });
  }

  /** From the start of `a` to where the tokenizer is. */
  raiseSince(a: Placed, message: string): null {
    return this.raiseAt("SyntaxError", message, {
      lineno: a.lineno,
      col: a.col_offset + 1,
      endLineno: CURRENT_POS,
      endCol: CURRENT_POS,
    });
  }

  /** `span` has 1-based columns. */
  raiseAt(type: SyntaxErrorType, message: string, span: Span): null {
    if (this.errorIndicator && this.error) return null;
    this.errorIndicator = true;
    const { filename, mode, programText } = this.options;
    const text = mode === "exec" ? programText : undefined;
    this.error = makeSyntaxError(this.tokenizer, filename, type, message, span, text);
    return null;
  }

  /** What decoding a literal threw becomes a SyntaxError at the last token read. */
  raiseLiteral(error: unknown): null {
    const message = literalMessage(error);
    if (message === null) throw error;
    return this.raise("SyntaxError", message);
  }

  /** Reports an escape that means nothing. False where the sink made it an error. */
  warnEscape(token: Token, sequence: string): boolean {
    if (this.callInvalidRules || !this.options.warn) return true;
    // The tokenizer has seen these.
    const fstring = token.type === T.FSTRING_MIDDLE || token.type === T.FSTRING_END;
    if (fstring && (sequence === "{" || sequence === "}")) return true;
    const octal = /^[4-7]/.test(sequence);
    const message = `invalid ${octal ? "octal " : ""}escape sequence '\\${sequence}'`;
    try {
      this.options.warn({
        category: "SyntaxWarning",
        message,
        filename: this.options.filename,
        lineno: token.lineno,
      });
      return true;
    } catch (e) {
      if (e instanceof PySyntaxError) {
        this.knownErrorToken = token;
        this.raise("SyntaxError", message);
      } else {
        this.error = e as Error;
        this.errorIndicator = true;
      }
      return false;
    }
  }

  private unclosedBracket(): void {
    const t = this.tokenizer;
    const lineno = t.parenlinenostack[t.level - 1];
    const col = t.parencolstack[t.level - 1] + 1;
    const bracket = String.fromCharCode(t.parenstack[t.level - 1]);
    this.raiseAt("SyntaxError", `'${bracket}' was never closed`, { lineno, col, endLineno: lineno, endCol: 0 });
  }

  /** After an ERRORTOKEN. */
  private tokenizerError(): void {
    const t = this.tokenizer;
    if (t.done === Done.DECODE) {
      this.raiseLiteral(t.error);
      return;
    }
    if (t.error) {
      this.error ??= t.error;
      return;
    }
    if (this.error) return;
    this.errorIndicator = true;
    let type: SyntaxErrorType = "SyntaxError";
    let message: string;
    let col = 0;
    switch (t.done) {
      case Done.EOF:
        if (t.level) this.unclosedBracket();
        else this.raise("SyntaxError", "unexpected EOF while parsing");
        return;
      case Done.DEDENT:
        this.raise("IndentationError", "unindent does not match any outer indentation level");
        return;
      case Done.TABSPACE:
        type = "TabError";
        message = "inconsistent use of tabs and spaces in indentation";
        break;
      case Done.TOODEEP:
        type = "IndentationError";
        message = "too many levels of indentation";
        break;
      case Done.LINECONT:
        col = Math.max(t.cur - t.buf - 1, 0);
        message = "unexpected character after line continuation character";
        break;
      default:
        message = "unknown parsing error";
    }
    this.raiseAt(type, message, { lineno: t.lineno, col: col + 1, endLineno: t.lineno, endCol: 0 });
  }

  /** After the second pass: the error that it found, or a general one. */
  private setSyntaxError(lastToken: Token): void {
    const t = this.tokenizer;
    if (this.error) {
      if (t.done === Done.OK && this.error instanceof PySyntaxError) this.tokenizeRest();
      return;
    }
    if (lastToken.type === T.ERRORTOKEN && t.done === Done.EOF) {
      if (t.level) this.unclosedBracket();
      else this.raise("SyntaxError", "unexpected EOF while parsing");
      return;
    }
    if (lastToken.type === T.INDENT || lastToken.type === T.DEDENT) {
      this.raise("IndentationError", lastToken.type === T.INDENT ? "unexpected indent" : "unexpected unindent");
      return;
    }
    this.raiseRange(lastToken, lastToken, "invalid syntax");
    this.tokenizeRest();
  }

  /** Errors of the tokenizer in what was not read yet come first, if they are no f-string's. */
  private tokenizeRest(): void {
    const t = this.tokenizer;
    const parserError = this.error;
    const line = (this.knownErrorToken ?? this.tokens[this.tokens.length - 1]).lineno;
    this.error = null;
    for (;;) {
      const type = t.get();
      if (type === T.ENDMARKER) break;
      if (type !== T.ERRORTOKEN) continue;
      if (t.error instanceof UnicodeDecodeError) {
        // CPython lets this one through as it is.
        this.error = new PyCompileError("UnicodeDecodeError", t.error.message);
      } else if (t.error) {
        this.error = t.error;
      } else if (t.level !== 0 && line > t.parenlinenostack[t.level - 1]) {
        this.unclosedBracket();
      }
      break;
    }
    if (!this.error || t.modes.length > 0) this.error = parserError;
  }
}

export function stackOverflow(): PyCompileError {
  return new PyCompileError("MemoryError", "Parser stack overflowed - Python source too complex to parse");
}

function isLayout(type: number): boolean {
  return type === T.ENDMARKER || (type >= T.NEWLINE && type <= T.DEDENT);
}
