/**
 * Source bytes to tokens, one at each `get()`. Mirrors CPython 3.13's `Parser/lexer/lexer.c`: the same tokens, the same
 * errors at the same moment, because what the parser reports depends on how far the tokenizer had read by then.
 *
 * Differences: there is no interactive prompt. Only a stream has other line ends than `\n`.
 */

import { identifierPrefixLength, isPrintable } from "../text/unicode/identifier.ts";
import { FStringMode } from "./fstring.ts";
import { NumberReader } from "./numbers.ts";
import { classes, Done, EOF, isDigit, MAXLEVEL, PART, START } from "./reader.ts";
import { oneCharType, T, threeCharsType, twoCharsType } from "./tokens.ts";
import { typeComment } from "./typecomments.ts";
import { UnicodeDecodeError } from "./utf8.ts";

/** No token was made. */
const NONE = -1 as T;
const TABSIZE = 8;
const MAXINDENT = 100;
const MAXFSTRINGLEVEL = 150;
const MAX_EXPR_NESTING = 3;

export class Tokenizer extends NumberReader {
  private readonly indstack = new Int32Array(MAXINDENT);
  private readonly altindstack = new Int32Array(MAXINDENT);
  private atbol = true;
  private commentNewline = false;

  /** Reads the next token into the `token*` fields and returns its type; keywords are NAME here. */
  get(): T {
    this.metadata = null;
    const mode = this.modes.length ? this.modes[this.modes.length - 1] : null;
    return mode?.literal ? this.getInFString(mode) : this.getNormal(mode);
  }

  /** Whether nothing of what was read counts for what follows, but for the indentation. */
  get atLineStart(): boolean {
    return this.atbol && this.cur === this.inp && this.level === 0 && this.pendin === 0 && this.modes.length === 0;
  }

  /** The columns of the open blocks, those of tabs as one beside them. */
  get indents(): [number, number][] {
    return Array.from({ length: this.indent }, (_, i) => [this.indstack[i + 1], this.altindstack[i + 1]]);
  }

  /** Goes on where a tokenizer stood at the start of a line. */
  resume(lineno: number, indents: readonly (readonly [number, number])[]): void {
    this.lineno = lineno;
    this.indent = indents.length;
    indents.forEach(([col, altcol], i) => {
      this.indstack[i + 1] = col;
      this.altindstack[i + 1] = altcol;
    });
  }

  // ---- outside f-string text

  private getNormal(mode: FStringMode | null): T {
    for (;;) {
      this.start = -1;
      this.startCol = -1;
      let blankline = false;
      if (this.atbol) {
        const state = this.indentation();
        if (state < 0) return T.ERRORTOKEN;
        blankline = state === 1;
      }
      this.start = this.cur;
      this.startCol = this.cur - this.lineStart;
      if (this.pendin !== 0) {
        if (this.pendin < 0) {
          this.pendin++;
          return this.extra ? this.token(T.DEDENT, this.cur, this.cur) : this.bare(T.DEDENT);
        }
        this.pendin--;
        return this.extra ? this.token(T.INDENT, this.buf, this.cur) : this.bare(T.INDENT);
      }
      // Enter the next line while `start` still counts as set.
      this.backup(this.nextc());
      const type = this.getInLine(mode, blankline);
      if (type !== NONE) return type;
    }
  }

  /** -1: an error token was made; 1: the line is blank; 0: neither. */
  private indentation(): number {
    let col = 0;
    let altcol = 0;
    let contLineCol = 0;
    let c: number;
    this.atbol = false;
    for (;;) {
      c = this.nextc();
      if (c === 32) {
        col++;
        altcol++;
      } else if (c === 9) {
        col = (Math.floor(col / TABSIZE) + 1) * TABSIZE;
        altcol++;
      } else if (c === 12) {
        col = altcol = 0;
      } else if (c === 92) {
        // A line cannot be indented by pieces: the first backslash decides.
        contLineCol = contLineCol || col;
        if (!this.continuationLine()) {
          this.bare(T.ERRORTOKEN);
          return -1;
        }
      } else {
        break;
      }
    }
    this.backup(c);
    if (c === 35 || c === 10 || c === 13) return 1;
    if (this.level !== 0) return 0;
    if (contLineCol) col = altcol = contLineCol;
    const current = this.indstack[this.indent];
    if (col === current) {
      if (altcol !== this.altindstack[this.indent]) return this.stop(Done.TABSPACE) && -1;
    } else if (col > current) {
      if (this.indent + 1 >= MAXINDENT) return this.stop(Done.TOODEEP) && -1;
      if (altcol <= this.altindstack[this.indent]) return this.stop(Done.TABSPACE) && -1;
      this.pendin++;
      this.indent++;
      this.indstack[this.indent] = col;
      this.altindstack[this.indent] = altcol;
    } else {
      while (this.indent > 0 && col < this.indstack[this.indent]) {
        this.pendin--;
        this.indent--;
      }
      if (col !== this.indstack[this.indent]) return this.stop(Done.DEDENT) && -1;
      if (altcol !== this.altindstack[this.indent]) return this.stop(Done.TABSPACE) && -1;
    }
    return 0;
  }

  /** After a backslash: goes to the next line. False with `done` set where there is none. */
  private continuationLine(): boolean {
    if (this.lineEnd(this.nextc()) !== 10) {
      this.done = Done.LINECONT;
      return false;
    }
    const c = this.nextc();
    if (c === EOF) {
      this.done = Done.EOF;
      this.cur = this.inp;
      return false;
    }
    this.backup(c);
    return true;
  }

  /** The character, or what follows where it is the first half of a line end. */
  private lineEnd(c: number): number {
    return c === 13 ? this.nextc() : c;
  }

  /** A token of the current line, or NONE where the line held none that counts. */
  private getInLine(mode: FStringMode | null, blankline: boolean): T {
    const bytes = this.bytes;
    for (;;) {
      this.start = -1;
      let c: number;
      do {
        c = this.nextc();
      } while (c === 32 || c === 9 || c === 12);
      const start = this.cur - 1;
      this.start = start;
      this.startCol = start - this.lineStart;

      if (c === 35) {
        // To the end of the line, which is consumed unless the comment is a token.
        this.cur = this.inp;
        if (this.inp > 0 && bytes[this.inp - 1] === 10) {
          const at = this.options.stream === undefined ? -1 : bytes.subarray(start, this.inp).indexOf(13);
          if (at >= 0) this.cur = start + at + 1;
          c = bytes[this.cur - 1];
        } else {
          c = this.nextc();
        }
        if (this.options.typeComments) {
          const token = this.typeComment(start, c, blankline);
          if (token !== NONE) return token;
        }
        if (this.extra) {
          this.backup(c);
          this.commentNewline = blankline;
          return this.here(T.COMMENT);
        }
      }

      if (c === EOF) return this.bare(this.level || this.done !== Done.EOF ? T.ERRORTOKEN : T.ENDMARKER);

      if (classes[c] & START) {
        if (c === 98 || c === 66 || c === 114 || c === 82 || c === 117 || c === 85 || c === 102 || c === 70) {
          const quoted = this.prefixedString(c);
          if (quoted !== NONE) return quoted;
        }
        let i = this.cur;
        let nonascii = c >= 128;
        let d = bytes[i];
        while (classes[d] & PART) {
          if (d >= 128) nonascii = true;
          d = bytes[++i];
        }
        this.cur = i;
        // A name at the very end lets CPython see the end of the source, which counts in what it reports.
        if (i === this.inp) this.nextc();
        if (nonascii && !this.extra && !this.verifyIdentifier()) return this.bare(T.ERRORTOKEN);
        return this.here(T.NAME);
      }

      c = this.lineEnd(c);
      if (c === 10) {
        this.atbol = true;
        if (blankline || this.level > 0) {
          if (!this.extra) return NONE;
          this.commentNewline = false;
          return this.here(T.NL);
        }
        if (this.commentNewline && this.extra) {
          this.commentNewline = false;
          return this.here(T.NL);
        }
        return this.token(T.NEWLINE, start, this.cur - 1);
      }

      if (c === 46) {
        c = this.nextc();
        if (isDigit(c)) return this.fraction(c);
        if (c === 46) {
          c = this.nextc();
          if (c === 46) return this.here(T.ELLIPSIS);
          this.backup(c);
          this.cur--;
        } else {
          this.backup(c);
        }
        return this.here(T.DOT);
      }
      if (isDigit(c)) return this.number(c);
      if (c === 39 || c === 34) return this.string(c);
      if (c === 92) {
        if (!this.continuationLine()) return this.bare(T.ERRORTOKEN);
        continue;
      }
      return this.punctuation(c, mode);
    }
  }

  /** The token of a comment that says a type, of which `c` is the end, or NONE. */
  private typeComment(start: number, c: number, blankline: boolean): T {
    const end = c === EOF ? this.cur : this.cur - 1;
    const found = typeComment(this.bytes, start, end);
    if (found === null) return NONE;
    this.backup(c);
    this.startCol = found.start - this.lineStart;
    if (found.type === T.TYPE_IGNORE && blankline) {
      // Alone on its line, it takes the line's end with it.
      this.nextc();
      this.atbol = true;
    }
    return this.token(found.type, found.start, this.cur);
  }

  /** A string or f-string whose prefix starts with `c`, or NONE where a name does. */
  private prefixedString(c: number): T {
    const bytes = this.bytes;
    let i = this.cur;
    let b = false;
    let r = false;
    let u = false;
    let f = false;
    for (;;) {
      const lower = c | 32;
      if (lower === 98 && !(b || u || f)) b = true;
      else if (lower === 117 && !(b || u || r || f)) u = true;
      else if (lower === 114 && !(r || u)) r = true;
      else if (lower === 102 && !(f || b || u)) f = true;
      else return NONE;
      c = bytes[i++];
      if (c === 34 || c === 39) {
        this.cur = i;
        return f ? this.fstringStart(c, r) : this.string(c);
      }
    }
  }

  private verifyIdentifier(): boolean {
    let name: string;
    try {
      name = this.source.decode(this.start, this.cur);
    } catch (e) {
      if (!(e instanceof UnicodeDecodeError)) throw e;
      this.error = e;
      this.done = Done.DECODE;
      return false;
    }
    const valid = identifierPrefixLength(name);
    if (valid === name.length) return true;
    const ch = name.codePointAt(valid)!;
    const units = ch > 0xffff ? 2 : 1;
    if (valid + units < name.length) {
      let length = 0;
      for (const part of name.slice(0, valid + units)) {
        const cp = part.codePointAt(0)!;
        length += cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
      }
      this.cur = this.start + length;
    }
    const hex = ch.toString(16).toUpperCase().padStart(4, "0");
    this.syntaxError(
      isPrintable(ch)
        ? `invalid character '${String.fromCodePoint(ch)}' (U+${hex})`
        : `invalid non-printable character U+${hex}`,
    );
    return false;
  }

  // ---- strings

  private string(quote: number): T {
    const bytes = this.bytes;
    let quoteSize = 1;
    let endQuoteSize = 0;
    let escapedQuote = false;
    this.firstLineno = this.lineno;
    this.multiLineStart = this.lineStart;
    let c = this.nextc();
    if (c === quote) {
      c = this.nextc();
      if (c === quote) quoteSize = 3;
      else endQuoteSize = 1;
    }
    if (c !== quote) this.backup(c);
    while (endQuoteSize !== quoteSize) {
      c = this.nextc();
      if (c === EOF || (quoteSize === 1 && c === 10)) return this.unterminated(c, quote, quoteSize, escapedQuote);
      if (c === quote) {
        endQuoteSize++;
        continue;
      }
      endQuoteSize = 0;
      if (c === 92) {
        c = this.lineEnd(this.nextc());
        if (c === quote) escapedQuote = true;
        continue;
      }
      // Plain text up to something that counts; a line end always does.
      let i = this.cur;
      const inp = this.inp;
      while (i < inp) {
        const d = bytes[i];
        if (d === quote || d === 92 || d === 10) break;
        i++;
      }
      this.cur = i;
    }
    return this.here(T.STRING);
  }

  private unterminated(c: number, quote: number, quoteSize: number, escapedQuote: boolean): T {
    this.cur = this.start + 1;
    this.lineStart = this.multiLineStart;
    const detected = this.lineno;
    this.lineno = this.firstLineno;
    const mode = this.modes.length ? this.modes[this.modes.length - 1] : null;
    if (mode && mode.quote === quote && mode.quoteSize === quoteSize) {
      return this.syntaxError("f-string: expecting '}'");
    }
    const triple = quoteSize === 3 ? "triple-quoted " : "";
    const hint = quoteSize === 1 && escapedQuote ? "; perhaps you escaped the end quote?" : "";
    this.syntaxError(`unterminated ${triple}string literal (detected at line ${detected})${hint}`);
    if (c !== 10) this.done = quoteSize === 3 ? Done.EOFS : Done.EOLS;
    return T.ERRORTOKEN;
  }

  // ---- f-strings

  private fstringStart(quote: number, raw: boolean): T {
    this.firstLineno = this.lineno;
    this.multiLineStart = this.lineStart;
    let quoteSize = 1;
    const afterQuote = this.nextc();
    if (afterQuote === quote) {
      const afterAfterQuote = this.nextc();
      if (afterAfterQuote === quote) {
        quoteSize = 3;
      } else {
        this.backup(afterAfterQuote);
        this.backup(afterQuote);
      }
    } else {
      this.backup(afterQuote);
    }
    if (this.modes.length + 1 >= MAXFSTRINGLEVEL) return this.syntaxError("too many nested f-strings");
    this.modes.push(new FStringMode(quote, quoteSize, raw, this.start, this.lineStart, this.lineno));
    return this.here(T.FSTRING_START);
  }

  private getInFString(mode: FStringMode): T {
    this.start = this.cur;
    this.firstLineno = this.lineno;
    this.startCol = this.cur - this.lineStart;
    const first = this.nextc();
    if (first === 123) {
      const peek = this.nextc();
      this.backup(peek);
      this.backup(first);
      if (peek !== 123) {
        if (++mode.exprStartDepth >= MAX_EXPR_NESTING) {
          return this.syntaxError("f-string: expressions nested too deeply");
        }
        mode.literal = false;
        return this.getNormal(mode);
      }
    } else {
      this.backup(first);
    }
    let quotes = 0;
    while (quotes < mode.quoteSize) {
      const c = this.nextc();
      if (c !== mode.quote) {
        this.backup(c);
        break;
      }
      quotes++;
    }
    if (quotes < mode.quoteSize) return this.fstringMiddle(mode);
    this.modes.pop();
    return this.here(T.FSTRING_END);
  }

  private fstringMiddle(mode: FStringMode): T {
    let endQuoteSize = 0;
    let unicodeEscape = false;
    this.multiLineStart = this.lineStart;
    while (endQuoteSize !== mode.quoteSize) {
      const c = this.nextc();
      if (this.done === Done.ERROR || this.done === Done.DECODE) return this.bare(T.ERRORTOKEN);
      const inFormatSpec = mode.inFormatSpec && mode.exprStartDepth >= 0;
      if (c === EOF || (mode.quoteSize === 1 && c === 10)) {
        if (inFormatSpec && c === 10) {
          this.backup(c);
          mode.literal = false;
          mode.inFormatSpec = false;
          return this.here(T.FSTRING_MIDDLE);
        }
        return this.unterminatedFString(mode, c);
      }
      if (c === mode.quote) {
        endQuoteSize++;
        continue;
      }
      endQuoteSize = 0;
      if (c === 123) {
        mode.expressionOpens(this.cur);
        const peek = this.nextc();
        if (peek === 123 && !inFormatSpec) return this.token(T.FSTRING_MIDDLE, this.start, this.cur - 1);
        this.backup(peek);
        this.cur--;
        if (++mode.exprStartDepth >= MAX_EXPR_NESTING) {
          return this.syntaxError("f-string: expressions nested too deeply");
        }
        mode.literal = false;
        mode.inFormatSpec = false;
        return this.here(T.FSTRING_MIDDLE);
      }
      if (c === 125) {
        if (unicodeEscape) return this.here(T.FSTRING_MIDDLE);
        const peek = this.nextc();
        if (peek === 125 && !inFormatSpec && mode.depth === 0) {
          return this.token(T.FSTRING_MIDDLE, this.start, this.cur - 1);
        }
        this.backup(peek);
        this.cur--;
        mode.literal = false;
        mode.inFormatSpec = false;
        return this.here(T.FSTRING_MIDDLE);
      }
      if (c === 92) {
        let peek = this.lineEnd(this.nextc());
        if (peek === 123 || peek === 125) {
          if (!mode.raw && !this.warning(`invalid escape sequence '\\${String.fromCharCode(peek)}'`)) {
            return this.bare(T.ERRORTOKEN);
          }
          this.backup(peek);
          continue;
        }
        if (!mode.raw && peek === 78) {
          peek = this.nextc();
          if (peek === 123) unicodeEscape = true;
          else this.backup(peek);
        }
      }
    }
    this.cur -= mode.quoteSize;
    return this.here(T.FSTRING_MIDDLE);
  }

  private unterminatedFString(mode: FStringMode, c: number): T {
    this.cur = mode.start + 1;
    this.lineStart = mode.lineStart;
    const detected = this.lineno;
    this.lineno = mode.lineno;
    const triple = mode.quoteSize === 3 ? "triple-quoted " : "";
    this.syntaxError(`unterminated ${triple}f-string literal (detected at line ${detected})`);
    if (mode.quoteSize === 3 && c !== 10) this.done = Done.EOFS;
    return T.ERRORTOKEN;
  }

  // ---- operators and brackets

  private punctuation(c: number, mode: FStringMode | null): T {
    if (mode && mode.exprStartDepth >= 0 && (c === 58 || c === 125 || c === 33 || c === 123)) {
      // The depth without the brace that is just being read.
      const cursor = mode.depth - (c !== 123 ? 1 : 0);
      if (cursor === 0 || (cursor === 1 && (mode.debug || mode.inFormatSpec))) {
        if (c === 123) {
          mode.expressionOpens(this.cur);
        } else {
          mode.expressionEnds(this.start);
          if (mode.debug && this.metadata === null) this.metadata = mode.expressionText(this.source);
        }
      }
      if (c === 58 && cursor === mode.exprStartDepth) {
        mode.literal = true;
        mode.inFormatSpec = true;
        return this.here(T.COLON);
      }
    }
    const c2 = this.nextc();
    const two = twoCharsType(c, c2);
    if (two !== T.OP) {
      const c3 = this.nextc();
      const three = threeCharsType(c, c2, c3);
      if (three !== T.OP) return this.here(three);
      this.backup(c3);
      return this.here(two);
    }
    this.backup(c2);
    switch (c) {
      case 40:
      case 91:
      case 123:
        if (this.level >= MAXLEVEL) return this.syntaxError("too many nested parentheses");
        this.parenstack[this.level] = c;
        this.parenlinenostack[this.level] = this.lineno;
        this.parencolstack[this.level] = this.start - this.lineStart;
        this.level++;
        if (mode) mode.depth++;
        break;
      case 41:
      case 93:
      case 125: {
        const error = this.closeBracket(c, mode);
        if (error !== null) return this.syntaxError(error);
        break;
      }
    }
    if (c < 32 || c === 127) {
      return this.syntaxError(`invalid non-printable character U+${c.toString(16).toUpperCase().padStart(4, "0")}`);
    }
    if (c === 61 && mode && mode.exprStartDepth >= 0) mode.debug = true;
    return this.here(oneCharType(c));
  }

  /** Pops the bracket stack; the message where the bracket is not the one that is open. */
  private closeBracket(c: number, mode: FStringMode | null): string | null {
    const closing = String.fromCharCode(c);
    if (mode && !mode.depth && c === 125) return "f-string: single '}' is not allowed";
    if (!this.extra && !this.level) return `unmatched '${closing}'`;
    if (this.level > 0) {
      this.level--;
      const opening = this.parenstack[this.level];
      const matches = opening === 40 ? c === 41 : c === opening + 2;
      if (!this.extra && !matches) {
        if (mode && opening === 123 && mode.depth - 1 === mode.exprStartDepth) {
          return `f-string: unmatched '${closing}'`;
        }
        const line = this.parenlinenostack[this.level];
        const where = line !== this.lineno ? ` on line ${line}` : "";
        return (
          `closing parenthesis '${closing}' does not match ` +
          `opening parenthesis '${String.fromCharCode(opening)}'${where}`
        );
      }
    }
    if (mode) {
      if (--mode.depth < 0) return `f-string: unmatched '${closing}'`;
      if (c === 125 && mode.depth === mode.exprStartDepth) {
        mode.exprStartDepth--;
        mode.literal = true;
        mode.inFormatSpec = false;
        mode.debug = false;
      }
    }
    return null;
  }
}
