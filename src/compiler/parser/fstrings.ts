/** The fast parser's string literals: adjacent strings, bytes and f-strings (PEP 701) to one node. */

import { Constant, type expr, JoinedStr, Kind } from "../../generated/ast.ts";
import { T } from "../tokenizer/tokens.ts";
import { BAIL, TokenCursor } from "./cursor.ts";
import { asciiBytes, type Escapes, splitString, type Text, unescapeBytes, unescapeText } from "./literals.ts";
import { concatenateStrings, formatSpec, formattedValue, unpackJoinedStrings } from "./strings.ts";

export abstract class StringParser extends TokenCursor {
  protected abstract annotatedRhs(): expr;

  protected strings(): expr {
    const s = this.pos;
    const first = this.at(T.STRING) ? this.string() : this.fstring();
    if (!this.at(T.STRING) && !this.at(T.FSTRING_START) && first.node === Kind.Constant) return first;
    const parts = [first];
    for (;;) {
      if (this.at(T.STRING)) parts.push(this.string());
      else if (this.at(T.FSTRING_START)) parts.push(this.fstring());
      else break;
    }
    const e = this.pos - 1;
    return concatenateStrings(parts, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]) ?? this.fail();
  }

  private string(): Constant {
    const s = this.pos;
    const { source, starts, ends } = this.tokens;
    const start = starts[s];
    const token = source.text.slice(start, ends[s]);
    const { bytes, raw, from, to } = splitString(token);
    let value: Text | Uint8Array;
    if (bytes) {
      const body = token.slice(from, to);
      for (let i = 0; i < body.length; i++) if (body.charCodeAt(i) > 127) throw BAIL;
      value = raw || !body.includes("\\") ? asciiBytes(body) : this.checked((escapes) => unescapeBytes(body, escapes));
    } else {
      const body = source.ascii ? token.slice(from, to) : source.decode(start + from, start + to);
      value = raw || !body.includes("\\") ? body : this.checked((escapes) => unescapeText(body, escapes));
    }
    const kind = token.charCodeAt(0) === 117 ? "u" : null;
    this.advance();
    return new Constant(value, kind, this.lines[s], this.cols[s], this.endLines[s], this.endCols[s]);
  }

  private checked<V>(decode: (escapes: Escapes) => V): V {
    const escapes: Escapes = { invalid: null };
    const value = decode(escapes);
    if (escapes.invalid !== null && this.strict) throw BAIL;
    return value;
  }

  private fstring(): JoinedStr {
    const s = this.pos;
    const { source, starts, ends } = this.tokens;
    const raw = /r/i.test(source.text.slice(starts[s], ends[s]));
    this.advance();
    let parts: expr[] = [];
    while (!this.at(T.FSTRING_END)) {
      if (this.at(T.FSTRING_MIDDLE)) parts.push(this.fstringText(raw));
      else parts.push(this.replacementField());
    }
    this.advance();
    parts = unpackJoinedStrings(parts).filter((part) => part.node !== Kind.Constant || part.value !== "");
    const e = this.pos - 1;
    return new JoinedStr(parts, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private fstringText(raw: boolean): Constant {
    const s = this.pos;
    const { source, starts, ends } = this.tokens;
    const body = source.decode(starts[s], ends[s]);
    const value = raw || !body.includes("\\") ? body : this.checked((escapes) => unescapeText(body, escapes));
    this.advance();
    return new Constant(value, null, this.lines[s], this.cols[s], this.endLines[s], this.endCols[s]);
  }

  private replacementField(): expr {
    const s = this.pos;
    this.expect(T.LBRACE);
    this.enter();
    const value = this.annotatedRhs();
    const debug = this.accept(T.EQUAL);
    let metadata = -1;
    let conversion: { id: string; lineno: number; col_offset: number } | null = null;
    if (this.at(T.EXCLAMATION)) {
      metadata = this.pos;
      this.advance();
      const at = this.pos;
      const id = this.identifier();
      if (this.lines[metadata] !== this.lines[at] || this.endCols[metadata] !== this.cols[at]) throw BAIL;
      if (id !== "s" && id !== "r" && id !== "a") throw BAIL;
      conversion = { id, lineno: this.lines[at], col_offset: this.cols[at] };
    }
    let format: expr | null = null;
    if (this.at(T.COLON)) {
      if (metadata < 0) metadata = this.pos;
      format = this.formatSpec();
    }
    if (metadata < 0) metadata = this.pos;
    this.expect(T.RBRACE);
    this.leave();
    const e = this.pos - 1;
    const debugText = debug ? (this.tokens.metadata.get(metadata) ?? this.fail()) : null;
    const parts = { debugText, conversion, format };
    return formattedValue(value, parts, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }

  private formatSpec(): expr {
    const s = this.pos;
    this.advance();
    const parts: expr[] = [];
    for (;;) {
      // The text of a format spec is unescaped even in a raw f-string, as CPython 3.13.0 does.
      if (this.at(T.FSTRING_MIDDLE)) parts.push(this.fstringText(false));
      else if (this.at(T.LBRACE)) parts.push(this.replacementField());
      else break;
    }
    const e = this.pos - 1;
    return formatSpec(parts, this.lines[s], this.cols[s], this.endLines[e], this.endCols[e]);
  }
}
