/**
 * The text that the tokenizer reads: UTF-8 bytes with `\n` line ends, since every column of the syntax tree is counted
 * in UTF-8 bytes. Mirrors `decode_str` and `translate_newlines` of CPython 3.13's `Parser/tokenizer/`.
 *
 * Invariant: `bytes[length]` is a zero byte that is not part of the source, and no other byte is zero.
 * `text` is the same bytes as a string of one unit a byte, from which tokens are cut. In a source without a cookie the
 * bytes need not be valid UTF-8: as in CPython, only a token that has to be decoded reports them.
 */

import { PyCompileError, PySyntaxError } from "../errors/errors.ts";
import { decodeSource, normalEncodingName } from "./encoding.ts";
import { decodeUtf8, decodeUtf8Replace, encodeUtf8, latin1Text, UnicodeDecodeError } from "./utf8.ts";

export class Source {
  constructor(
    readonly bytes: Uint8Array,
    readonly length: number,
    readonly text: string,
    /** Whether every byte is below 128, so that `text` is the source itself. */
    readonly ascii: boolean,
    /** The bytes from which errors quote lines: as they were before a cookie's encoding was undone. */
    readonly quoted: Uint8Array,
  ) {}

  /** The characters between two byte offsets. Throws UnicodeDecodeError. */
  decode(start: number, end: number): string {
    if (this.ascii) return this.text.slice(start, end);
    for (let i = start; i < end; i++) if (this.bytes[i] >= 128) return decodeUtf8(this.bytes.subarray(start, end));
    return this.text.slice(start, end);
  }

  /**
   * The same for a literal with escapes, of which CPython decodes each run of bytes beyond ASCII by itself: an error
   * counts from there.
   */
  decodeEscaped(start: number, end: number): string {
    try {
      return this.decode(start, end);
    } catch (e) {
      for (let i = start; i < end; i++) {
        const run = i;
        while (i < end && this.bytes[i] >= 128) i++;
        if (i > run) decodeUtf8(this.bytes.subarray(run, i));
      }
      throw e;
    }
  }
}

/**
 * Checks a file that is run: CPython reads it line by line, and reports bytes that no source may have, or an encoding that
 * it cannot have, without a place in the source or with another one than for a source in memory.
 */
export function checkFile(file: Uint8Array, filename: string): void {
  const cookie = findCookie(hasBom(file) ? file.subarray(3) : file);
  const fail = (message: string) => new PySyntaxError("SyntaxError", message, null, null, null);
  if (cookie !== null && cookie !== "utf-8") {
    if (hasBom(file)) throw fail(`encoding problem: ${cookie} with BOM`);
    try {
      decodeSource(file, cookie);
    } catch {
      throw fail(`encoding problem: ${cookie}`);
    }
  }
  const zero = file.indexOf(0);
  if (cookie === null && !isUtf8(file)) {
    for (let start = 0, line = 1; start < file.length; line++) {
      const newline = file.indexOf(10, start);
      const end = newline < 0 ? file.length : newline + 1;
      // CPython looks at a line as at a string of C, which a NUL ends.
      const nul = file.subarray(start, end).indexOf(0);
      const bad = firstBadByte(file.subarray(start, nul < 0 ? end : start + nul));
      if (bad !== null) {
        const byte = `\\x${bad.toString(16).padStart(2, "0")}`;
        throw fail(
          `Non-UTF-8 code starting with '${byte}' in file ${filename} on line ${line}, but no encoding declared; ` +
            "see https://peps.python.org/pep-0263/ for details",
        );
      }
      if (zero >= 0 && zero < end) break;
      start = end;
    }
  }
  if (zero < 0) return;
  const start = file.lastIndexOf(10, zero) + 1;
  const lineno = file.subarray(0, start).filter((c) => c === 10).length + 1;
  const text = decodeUtf8Replace(file.subarray(start, zero));
  const message = "source code cannot contain null bytes";
  throw new PySyntaxError("SyntaxError", message, filename, lineno, null, null, null, text);
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The byte with which a line stops being UTF-8. */
function firstBadByte(line: Uint8Array): number | null {
  try {
    decodeUtf8(line);
    return null;
  } catch (e) {
    if (e instanceof UnicodeDecodeError) return line[Number(/position (\d+)/.exec(e.message)![1])]!;
    throw e;
  }
}

/** How a source is read: `appendNewline` for a module, whose last line may lack its end. */
interface SourceOptions {
  filename: string;
  appendNewline: boolean;
  /** A str is never searched for a cookie, nor are bytes under PyCF_IGNORE_COOKIE. */
  ignoreCookie: boolean;
}

export function readSource(input: string | Uint8Array, options: SourceOptions): Source {
  if (typeof input === "string") {
    if (input.includes("\0")) throw nullBytes();
    let text = input.includes("\r") ? input.replace(/\r\n?/g, "\n") : input;
    if (options.appendNewline && text.length && !text.endsWith("\n")) text += "\n";
    return fromUtf8(encodeUtf8(text), text);
  }
  if (input.includes(0)) throw nullBytes();
  let bytes = translateNewlines(input, options.appendNewline);
  if (options.ignoreCookie) return fromUtf8(bytes, null);
  const bom = hasBom(bytes);
  if (bom) bytes = bytes.subarray(3);
  const cookie = findCookie(bytes);
  if (cookie === null) return fromUtf8(bytes, null);
  try {
    if (bom) {
      if (cookie !== "utf-8") throw initError(`encoding problem: ${cookie} with BOM`, options.filename);
      return fromUtf8(bytes, null);
    }
    if (cookie === "utf-8") return fromUtf8(bytes, null);
    const text = decodeSource(bytes, cookie);
    return fromUtf8(encodeUtf8(text), text, bytes);
  } catch (e) {
    if (e instanceof UnicodeDecodeError || e instanceof RangeError) throw initError(e.message, options.filename);
    throw e;
  }
}

/**
 * The lines of a file that is being compiled, for `ParseOptions.programText`: `_PyErr_ProgramDecodedTextObject` of
 * CPython's `Python/errors.c`. Of a line of 1000 bytes or more it is the last piece, as there; null where a line of a
 * file that declares no encoding is not UTF-8.
 */
export function fileLines(file: Uint8Array): (lineno: number) => string | null {
  let bytes: Uint8Array | null = null;
  let cookie: string | null = null;
  return (lineno) => {
    if (!bytes) {
      bytes = translateNewlines(file, false);
      cookie = hasBom(bytes) ? "utf-8" : findCookie(bytes);
    }
    let start = 0;
    for (let i = 1; i < lineno; i++) {
      start = bytes.indexOf(10, start) + 1;
      if (start === 0) return null;
    }
    if (start === bytes.length) return null;
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    start += Math.floor((end - start - 1) / PIECE) * PIECE;
    const line = bytes.subarray(start, end);
    try {
      if (cookie === null) return decodeUtf8(line);
      return cookie === "utf-8" ? decodeUtf8Replace(line) : decodeSource(line, cookie);
    } catch {
      return null;
    }
  };
}

/** What C reads of a line at once. */
const PIECE = 999;

/** Lines of UTF-8, each with its end, as they are. */
export function lineSource(bytes: Uint8Array): Source {
  return fromUtf8(bytes, null);
}

function hasBom(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}

function nullBytes(): PySyntaxError {
  return new PySyntaxError("SyntaxError", "source code string cannot contain null bytes", null, null, null);
}

function initError(message: string, filename: string): PySyntaxError {
  return new PySyntaxError("SyntaxError", message, filename, 0, -1);
}

/** `bytes` without a terminator; `text` the decoded characters where they are known. */
function fromUtf8(bytes: Uint8Array, text: string | null, quoted: Uint8Array | null = null): Source {
  const terminated = new Uint8Array(bytes.length + 1);
  terminated.set(bytes);
  if (text === null && isAscii(bytes)) text = new TextDecoder().decode(bytes);
  const ascii = text !== null && text.length === bytes.length;
  return new Source(terminated, bytes.length, ascii ? text! : latin1Text(bytes), ascii, quoted ?? bytes);
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] >= 128) return false;
  return true;
}

function translateNewlines(input: Uint8Array, appendNewline: boolean): Uint8Array {
  const returns = input.includes(13);
  const missing = appendNewline && input.length > 0 && input[input.length - 1] !== 10;
  if (!returns && !missing) return input;
  const out = new Uint8Array(input.length + 1);
  let n = 0;
  for (let i = 0; i < input.length; i++) {
    let c = input[i];
    if (c === 13) {
      c = 10;
      if (input[i + 1] === 10) i++;
    }
    out[n++] = c;
  }
  if (missing && out[n - 1] !== 10) out[n++] = 10;
  return out.subarray(0, n);
}

const BLANK = new Set([32, 9, 12]);

/** The encoding that a comment on one of the first two lines declares (PEP 263), its name normalised, or null. */
function findCookie(bytes: Uint8Array): string | null {
  let start = 0;
  for (let line = 0; line < 2; line++) {
    const end = bytes.indexOf(10, start);
    if (end < 0) return null;
    // CPython measures the second line with its line end and the first without.
    const text = latin1Text(bytes.subarray(start, end + line));
    const cookie = cookieInLine(text, latin1Text(bytes.subarray(start, end + 200)));
    if (cookie !== null) return cookie;
    for (let i = start; i < end; i++) {
      if (bytes[i] === 35) break;
      if (!BLANK.has(bytes[i])) return null;
    }
    start = end + 1;
  }
  return null;
}

function cookieInLine(line: string, beyond: string): string | null {
  const limit = line.length - 6;
  let i = 0;
  for (; i < limit; i++) {
    if (line[i] === "#") break;
    if (!BLANK.has(line.charCodeAt(i))) return null;
  }
  for (; i < limit; i++) {
    if (!line.startsWith("coding", i)) continue;
    const match = /^[:=][ \t]*([-\w.]+)/.exec(beyond.slice(i + 6));
    if (match) return normalEncodingName(match[1]);
  }
  return null;
}

/** Whether a string has a surrogate without its other half, which UTF-8 cannot hold. */
export function rejectSurrogates(text: string): void {
  const at = text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
  if (at < 0) return;
  let position = 0;
  for (const _ of text.slice(0, at)) position++;
  throw new PyCompileError(
    "UnicodeEncodeError",
    `'utf-8' codec can't encode character '\\u${text.charCodeAt(at).toString(16)}' in position ${position}: ` +
      "surrogates not allowed",
  );
}
