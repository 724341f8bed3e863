/**
 * What the grammar-driven parser reads and how it fails: tokens fetched one by one, and the errors of CPython 3.13's
 * `Parser/pegen.c` and `Parser/pegen_errors.c`.
 *
 * Invariant: once `error` is set it stays, unless the rest of the source has an error of the tokenizer's, which comes
 * first; `errorIndicator` then keeps every rule from matching.
 */

import { Kind, Name, TypeIgnore } from "../../generated/ast.ts";
import { PyCompileError, PySyntaxError, type SyntaxErrorType, type WarningSink } from "../errors/errors.ts";
import { charge } from "../errors/limits.ts";
import { normalizeIdentifier } from "../text/unicode/identifier.ts";
import { Done } from "../tokenizer/reader.ts";
import type { Source } from "../tokenizer/source.ts";
import { Tokenizer } from "../tokenizer/tokenizer.ts";
import { keywordList, keywordTypes, operatorTypes, T } from "../tokenizer/tokens.ts";
import { UnicodeDecodeError } from "../tokenizer/utf8.ts";
import { CURRENT_POS, makeSyntaxError, type ProgramText, type Span } from "./errors.ts";
import { literalMessage } from "./literals.ts";
import { nodeSize } from "./tree-size.ts";

export const softKeywords = ["_", "case", "match", "type"];
const operatorText = new Map(
  [...operatorTypes].filter(([op]) => op !== "<>").map(([op, type]) => [type as number, op]),
);

/** What a token takes, and a memo with the node that it may be the last to hold. */
const TOKEN_BYTES = 144;
export const MEMO_BYTES = 128;

/** A result that is remembered at the token where the rule began. */
export interface Memo {
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

interface PegOptions {
  filename: string;
  mode: "exec" | "eval" | "single" | "func_type";
  warn?: WarningSink;
  programText?: ProgramText;
  barryAsBdfl?: boolean;
  dontImplyDedent?: boolean;
  allowIncompleteInput?: boolean;
  typeComments?: boolean;
  /** Syntax that came after 3.N is an error. Left out: none is. */
  featureVersion?: number;
}

export abstract class PegInput {
  readonly tokenizer: Tokenizer;
  readonly tokens: Token[] = [];
  /** The comments `# type: ignore` that have been met. */
  readonly typeIgnores: TypeIgnore[] = [];
  mark = 0;
  /** Set with the first error; nothing is matched any more. */
  errorIndicator = false;
  error: Error | null = null;
  /** The second pass: rules for mistakes are tried. */
  callInvalidRules = false;
  protected parsingStarted = false;
  protected knownErrorToken: Token | null = null;

  constructor(
    readonly source: Source,
    readonly options: PegOptions,
  ) {
    const { filename, warn = () => {}, typeComments } = options;
    this.tokenizer = new Tokenizer(source, { filename, warn, typeComments });
  }

  /** Fetches one token more. False after an error. */
  protected fill(): boolean {
    const t = this.tokenizer;
    let type: number = t.get();
    for (; type === T.TYPE_IGNORE; type = t.get()) {
      this.typeIgnores.push(new TypeIgnore(t.lineno, this.source.decode(t.tokenStart, t.tokenEnd)));
    }
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
    charge(TOKEN_BYTES + nodeSize(type, t.tokenEnd - t.tokenStart));
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

  protected fillOrFail(): boolean {
    if (this.mark < this.tokens.length) return true;
    if (this.fill()) return true;
    this.errorIndicator = true;
    return false;
  }

  protected expect(type: number): Token | null {
    if (!this.fillOrFail()) return null;
    const token = this.tokens[this.mark];
    if (token.type !== type) return null;
    this.mark++;
    return token;
  }

  text(token: Token): string {
    return this.source.text.slice(token.start, token.end);
  }

  protected nameOf(token: Token): Name {
    const id = normalizeIdentifier(this.source.decode(token.start, token.end));
    return new Name(id, Kind.Load, token.lineno, token.col_offset, token.end_lineno, token.end_col_offset);
  }

  protected soft(keyword: string | null): Name | null {
    if (!this.fillOrFail()) return null;
    const token = this.tokens[this.mark];
    if (token.type !== T.NAME) return null;
    const text = this.text(token);
    // Any soft keyword that begins with the name will do, as in CPython.
    if (keyword === null ? !softKeywords.some((word) => word.startsWith(text)) : text !== keyword) return null;
    this.mark++;
    return this.nameOf(token);
  }

  protected forced(type: number): Token | null {
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

  // ---- errors

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
  protected setSyntaxError(lastToken: Token): void {
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
