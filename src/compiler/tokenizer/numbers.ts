/** The numbers of the tokenizer, and what may not follow one. */

import { classes, isDigit, isPart, isXDigit, PART, SourceReader } from "./reader.ts";
import { T } from "./tokens.ts";

export abstract class NumberReader extends SourceReader {
  protected number(c: number): T {
    if (c !== 48) {
      c = this.decimalTail();
      return c === 0 ? T.ERRORTOKEN : this.afterDigits(c);
    }
    c = this.nextc();
    if (c === 120 || c === 88) return this.radix("hexadecimal", isXDigit);
    if (c === 111 || c === 79) return this.radix("octal", (d) => d >= 48 && d < 56);
    if (c === 98 || c === 66) return this.radix("binary", (d) => d === 48 || d === 49);
    for (;;) {
      if (c === 95) {
        c = this.nextc();
        if (!isDigit(c)) {
          this.backup(c);
          return this.syntaxError("invalid decimal literal");
        }
      }
      if (c !== 48) break;
      c = this.nextc();
    }
    const zerosEnd = this.cur;
    let nonzero = false;
    if (isDigit(c)) {
      nonzero = true;
      c = this.decimalTail();
      if (c === 0) return T.ERRORTOKEN;
    }
    if (c === 46) return this.fraction(this.nextc());
    if (c === 101 || c === 69) return this.exponent(c);
    if (c === 106 || c === 74) return this.imaginary();
    if (nonzero && !this.extra) {
      this.backup(c);
      return this.syntaxError(
        "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
        this.start + 1 - this.lineStart,
        zerosEnd - this.lineStart,
      );
    }
    return this.endOfNumber(c, "decimal");
  }

  /** After 0x, 0o or 0b. */
  protected radix(kind: string, isOne: (c: number) => boolean): T {
    const hex = kind === "hexadecimal";
    let c = this.nextc();
    do {
      if (c === 95) c = this.nextc();
      if (!isOne(c)) {
        if (!hex && isDigit(c)) return this.invalidDigit(c, kind);
        this.backup(c);
        return this.syntaxError(`invalid ${kind} literal`);
      }
      do {
        c = this.nextc();
      } while (isOne(c));
    } while (c === 95);
    if (!hex && isDigit(c)) return this.invalidDigit(c, kind);
    return this.endOfNumber(c, kind);
  }

  protected invalidDigit(c: number, kind: string): T {
    return this.syntaxError(`invalid digit '${String.fromCharCode(c)}' in ${kind} literal`);
  }

  /** The character after digits with underscores; 0 after an error. */
  protected decimalTail(): number {
    for (;;) {
      let c: number;
      do {
        c = this.nextc();
      } while (isDigit(c));
      if (c !== 95) return c;
      c = this.nextc();
      if (!isDigit(c)) {
        this.backup(c);
        this.syntaxError("invalid decimal literal");
        return 0;
      }
    }
  }

  protected afterDigits(c: number): T {
    if (c === 46) return this.fraction(this.nextc());
    if (c === 101 || c === 69) return this.exponent(c);
    if (c === 106 || c === 74) return this.imaginary();
    return this.endOfNumber(c, "decimal");
  }

  /** `c` is the character after the point. */
  protected fraction(c: number): T {
    if (isDigit(c)) {
      c = this.decimalTail();
      if (c === 0) return T.ERRORTOKEN;
    }
    if (c === 101 || c === 69) return this.exponent(c);
    if (c === 106 || c === 74) return this.imaginary();
    return this.endOfNumber(c, "decimal");
  }

  protected exponent(e: number): T {
    let c = this.nextc();
    if (c === 43 || c === 45) {
      c = this.nextc();
      if (!isDigit(c)) {
        this.backup(c);
        return this.syntaxError("invalid decimal literal");
      }
    } else if (!isDigit(c)) {
      this.backup(c);
      if (!this.verifyEndOfNumber(e, "decimal")) return this.bare(T.ERRORTOKEN);
      this.backup(e);
      return this.here(T.NUMBER);
    }
    c = this.decimalTail();
    if (c === 0) return T.ERRORTOKEN;
    if (c === 106 || c === 74) return this.imaginary();
    return this.endOfNumber(c, "decimal");
  }

  protected imaginary(): T {
    return this.endOfNumber(this.nextc(), "imaginary");
  }

  protected endOfNumber(c: number, kind: string): T {
    if (!this.verifyEndOfNumber(c, kind)) return this.bare(T.ERRORTOKEN);
    this.backup(c);
    return this.here(T.NUMBER);
  }

  /** A number that runs into a word: a warning where the word is a keyword that may follow one, else an error. */
  protected verifyEndOfNumber(c: number, kind: string): boolean {
    if (this.extra || !isPart(c)) return true;
    let keyword = false;
    switch (c) {
      case 97:
        keyword = this.lookahead("nd");
        break;
      case 101:
        keyword = this.lookahead("lse");
        break;
      case 102:
        keyword = this.lookahead("or");
        break;
      case 105: {
        const d = this.nextc();
        keyword = d === 102 || d === 110 || d === 115;
        this.backup(d);
        break;
      }
      case 111:
        keyword = this.lookahead("r");
        break;
      case 110:
        keyword = this.lookahead("ot");
        break;
    }
    if (keyword) {
      this.backup(c);
      if (!this.warning(`invalid ${kind} literal`)) return false;
      this.nextc();
    } else if (c < 128) {
      this.backup(c);
      this.syntaxError(`invalid ${kind} literal`);
      return false;
    }
    return true;
  }

  protected lookahead(word: string): boolean {
    const i = this.cur;
    for (let k = 0; k < word.length; k++) if (this.bytes[i + k] !== word.charCodeAt(k)) return false;
    return !(classes[this.bytes[i + word.length]] & PART);
  }
}
