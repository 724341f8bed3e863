/**
 * Number and string tokens to values. Mirrors CPython 3.13's `Parser/string_parser.c` with the escape decoders of
 * `Objects/unicodeobject.c` and `bytesobject.c`, and `parsenumber` of `pegen.c`.
 *
 * A literal that cannot be decoded throws LiteralError, with CPython's text; the parser knows the place.
 * Positions in those texts are counted in what CPython decodes: each character beyond ASCII counts as the ten of
 * `\UXXXXXXXX`.
 */

import { CodePoints, Complex } from "../code/constant.ts";
import { maxStrDigits } from "../errors/limits.ts";
import { lookupCharacterName } from "../text/unicode/names.ts";
import { UnicodeDecodeError } from "../tokenizer/utf8.ts";

export class LiteralError extends Error {
  override name = "LiteralError";
}

/** The text of a str constant. */
export type Text = string | CodePoints;

// ---- numbers

const smallInts = new Map<string, bigint>();

/** Throws LiteralError for a decimal integer beyond the limit of digits. */
export function parseNumber(token: string): bigint | number | Complex {
  const first = token.charCodeAt(0);
  if (token.length < 5) {
    const known = smallInts.get(token);
    if (known !== undefined) return known;
  }
  const digits = token.includes("_") ? token.replaceAll("_", "") : token;
  const second = digits.charCodeAt(1) | 32;
  if (first === 48 && (second === 120 || second === 111 || second === 98)) return BigInt(digits);
  const last = digits.charCodeAt(digits.length - 1) | 32;
  if (last === 106) return new Complex(0, Number(digits.slice(0, -1)));
  for (let i = 0; i < digits.length; i++) {
    const c = digits.charCodeAt(i);
    if (c < 48 || c > 57) return Number(digits);
  }
  // A number that begins with a zero has nothing but zeros, as many as there may be.
  if (first === 48) return 0n;
  if (digits.length > maxStrDigits()) {
    throw new LiteralError(
      `Exceeds the limit (${maxStrDigits()} digits) for integer string conversion: value has ${digits.length} digits; ` +
        "use sys.set_int_max_str_digits() to increase the limit",
    );
  }
  const value = BigInt(digits);
  if (token.length < 5) smallInts.set(token, value);
  return value;
}

// ---- str

/** The first escape of a literal that warrants a warning: what follows the backslash. */
export interface Escapes {
  invalid: string | null;
}

/** The character that a simple escape stands for, by what follows the backslash. */
const simple: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const isHigh = (c: number) => (c & 0xfc00) === 0xd800;
const isLow = (c: number) => (c & 0xfc00) === 0xdc00;
const isOctal = (c: number) => c >= 48 && c <= 55;

function codePointsOf(text: Text): readonly number[] {
  return typeof text === "string" ? Array.from(text, (ch) => ch.codePointAt(0)!) : text.codePoints;
}

/** A string where UTF-16 can hold the code points apart, else CodePoints. */
function textOf(codePoints: number[]): Text {
  let out = "";
  let high = false;
  for (const c of codePoints) {
    if (high && isLow(c)) return new CodePoints(codePoints);
    high = isHigh(c);
    out += String.fromCodePoint(c);
  }
  return out;
}

/** Decodes the escapes of a str literal's body. Throws LiteralError. */
export function unescapeText(body: string, escapes: Escapes): Text {
  const result = tryUnescape(body, escapes);
  if (result !== null) return result;
  // The error's positions count the expanded text.
  let expanded = "";
  for (let i = 0; i < body.length; i++) {
    const c = body.codePointAt(i)!;
    if (c === 92) {
      expanded += "\\";
      i++;
      if (i === body.length || body.charCodeAt(i) > 127) {
        expanded += "u005c";
        i--;
      } else {
        expanded += body[i];
      }
    } else if (c > 127) {
      expanded += "\\U" + c.toString(16).padStart(8, "0");
      if (c > 0xffff) i++;
    } else {
      expanded += body[i];
    }
  }
  tryUnescape(expanded, escapes, true);
  throw new LiteralError("(unicode error) unknown error");
}

/** Null at an undecodable escape, or with `report` a LiteralError. */
function tryUnescape(body: string, escapes: Escapes, report = false): Text | null {
  let out = "";
  let points: number[] | null = null;
  let i = 0;
  const n = body.length;
  const fail = (start: number, end: number, reason: string): null => {
    if (!report) return null;
    const where =
      end - start === 1
        ? `byte 0x${body.charCodeAt(start).toString(16).padStart(2, "0")} in position ${start}`
        : `bytes in position ${start}-${end - 1}`;
    throw new LiteralError(`(unicode error) 'unicodeescape' codec can't decode ${where}: ${reason}`);
  };
  while (i < n) {
    const backslash = body.indexOf("\\", i);
    const plain = backslash < 0 ? body.slice(i) : body.slice(i, backslash);
    if (points) for (const point of codePointsOf(plain)) points.push(point);
    else out += plain;
    if (backslash < 0) break;
    i = backslash + 1;
    if (i === n) {
      if (points) points.push(92);
      else out += "\\";
      break;
    }
    const ch = body[i];
    const known = simple[ch];
    if (known !== undefined) {
      if (points) {
        if (known) points.push(known.charCodeAt(0));
      } else {
        out += known;
      }
      i++;
      continue;
    }
    let code = -1;
    const c = body.charCodeAt(i++);
    if (isOctal(c)) {
      code = c - 48;
      const first = i - 1;
      while (i < n && i < first + 3 && isOctal(body.charCodeAt(i))) code = code * 8 + body.charCodeAt(i++) - 48;
      if (code > 0o377) escapes.invalid ??= body.slice(i - 3, i);
    } else if (c === 120 || c === 117 || c === 85) {
      const count = c === 120 ? 2 : c === 117 ? 4 : 8;
      const end = i + count;
      code = 0;
      for (; i < end; i++) {
        const digit = i < n ? hexDigit(body.charCodeAt(i)) : -1;
        if (digit < 0) return fail(backslash, i, `truncated \\${ch}${"X".repeat(count)} escape`);
        code = code * 16 + digit;
      }
      if (code > 0x10ffff) return fail(backslash, i, "illegal Unicode character");
    } else if (c === 78) {
      if (body[i] !== "{") return fail(backslash, i, "malformed \\N character escape");
      const close = body.indexOf("}", i);
      if (close < 0) return fail(backslash, n, "malformed \\N character escape");
      const name = body.slice(i + 1, close);
      if (!name) return fail(backslash, close, "malformed \\N character escape");
      i = close + 1;
      code = lookupCharacterName(name);
      if (code < 0) return fail(backslash, i, "unknown Unicode character name");
    } else {
      if (c < 128) escapes.invalid ??= ch;
      i--;
      if (points) points.push(92);
      else out += "\\";
      if (c < 128) {
        if (points) points.push(c);
        else out += ch;
        i++;
      }
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff && !points) points = [...codePointsOf(out)];
    if (points) points.push(code);
    else out += String.fromCodePoint(code);
  }
  return points ? textOf(points) : out;
}

function hexDigit(c: number): number {
  if (c >= 48 && c <= 57) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

// ---- bytes

/** Decodes the escapes of a bytes literal's body, which is ASCII. Throws LiteralError. */
export function unescapeBytes(body: string, escapes: Escapes): Uint8Array {
  const out = new Uint8Array(body.length);
  let n = 0;
  for (let i = 0; i < body.length; ) {
    const c = body.charCodeAt(i++);
    if (c !== 92) {
      out[n++] = c;
      continue;
    }
    if (i === body.length) throw new LiteralError("(value error) Trailing \\ in string");
    const known = simple[body[i]];
    if (known !== undefined) {
      if (known) out[n++] = known.charCodeAt(0);
      i++;
      continue;
    }
    const d = body.charCodeAt(i++);
    if (isOctal(d)) {
      let code = d - 48;
      const first = i - 1;
      while (i < body.length && i < first + 3 && isOctal(body.charCodeAt(i))) {
        code = code * 8 + body.charCodeAt(i++) - 48;
      }
      if (code > 0o377) escapes.invalid ??= body.slice(i - 3, i);
      out[n++] = code;
    } else if (d === 120) {
      const high = i + 1 < body.length ? hexDigit(body.charCodeAt(i)) : -1;
      const low = high < 0 ? -1 : hexDigit(body.charCodeAt(i + 1));
      if (low < 0) throw new LiteralError(`(value error) invalid \\x escape at position ${i - 2}`);
      out[n++] = high * 16 + low;
      i += 2;
    } else {
      escapes.invalid ??= body[i - 1];
      out[n++] = 92;
      i--;
    }
  }
  return out.subarray(0, n);
}

export function asciiBytes(body: string): Uint8Array {
  const out = new Uint8Array(body.length);
  for (let i = 0; i < body.length; i++) out[i] = body.charCodeAt(i);
  return out;
}

// ---- tokens

/** A STRING token taken apart. `from` and `to` are offsets of the body in the token. */
export interface StringParts {
  bytes: boolean;
  raw: boolean;
  from: number;
  to: number;
}

/** Takes the token's text, of one unit a byte, apart. */
export function splitString(token: string): StringParts {
  let i = 0;
  let bytes = false;
  let raw = false;
  for (; ; i++) {
    const c = token.charCodeAt(i) | 32;
    if (c === 98) bytes = true;
    else if (c === 114) raw = true;
    else if (c !== 117) break;
  }
  const triple = token.length - i >= 6 && token[i + 1] === token[i] && token[i + 2] === token[i];
  const quotes = triple ? 3 : 1;
  return { bytes, raw, from: i + quotes, to: token.length - quotes };
}

/** What CPython prefixes to an error that decoding a literal raised. */
export function literalMessage(error: unknown): string | null {
  if (error instanceof LiteralError) return error.message;
  if (error instanceof UnicodeDecodeError) return `(unicode error) ${error.message}`;
  return null;
}
