/**
 * The token stream for those who want tokens and no tree: what CPython 3.13's `tokenize.generate_tokens` yields
 * (`Python/Python-tokenize.c`), comments and blank lines included, all operators as OP.
 */

import { PySyntaxError, type SyntaxErrorType } from "../errors/errors.ts";
import { Done } from "./reader.ts";
import { readSource, rejectSurrogates, type Source } from "./source.ts";
import { Tokenizer } from "./tokenizer.ts";
import { T, tokenNames } from "./tokens.ts";
import { codePointLength, decodeUtf8Replace } from "./utf8.ts";

export interface TokenInfo {
  /** The number of the type, as in Python's `token` module. */
  type: number;
  /** Its name there. */
  name: string;
  string: string;
  /** Row from 1, column in characters from 0. */
  start: readonly [number, number];
  end: readonly [number, number];
  /** The physical line, or lines, of the token. */
  line: string;
}

interface TokenizeOptions {
  filename?: string;
}

/** Throws PySyntaxError when it comes to an error; what came before it has been yielded. */
export function* tokenize(input: string | Uint8Array, options: TokenizeOptions = {}): Generator<TokenInfo, void> {
  const filename = options.filename ?? "<string>";
  if (typeof input === "string") rejectSurrogates(input);
  const source = readSource(input, { filename, appendNewline: true, ignoreCookie: false });
  const last = typeof input === "string" ? input.charCodeAt(input.length - 1) : input[input.length - 1];
  const implicitNewline = last !== 10 && last !== 13;
  const t = new Tokenizer(source, { filename, extraTokens: true });
  for (;;) {
    const token = nextToken(t, true, null, (end) => implicitNewline && end === source.length);
    yield token;
    if (token.type === T.ENDMARKER) return;
  }
}

/**
 * The next token as CPython's TokenizerIter gives it: `extra` says whether as for the `tokenize` module. `last` is the
 * token before it: where the tokenizer is still on its line, that is the line of this one, too. `isFaked` says of the end
 * of a line whether its last character is one that the text has not. Throws PySyntaxError.
 */
export function nextToken(
  t: Tokenizer,
  extra: boolean,
  last: TokenInfo | null,
  isFaked: (end: number) => boolean,
): TokenInfo {
  const { source } = t;
  const type = t.get();
  if (type === T.ERRORTOKEN) throw t.error instanceof PySyntaxError ? t.error : streamError(t);
  const faked = isFaked(t.inp);
  if (extra && (type === T.ENDMARKER || (type === T.DEDENT && t.done === Done.EOF))) {
    const at = [t.lineno + 1, 0] as const;
    return { type, name: tokenNames[type], string: "", start: at, end: at, line: "" };
  }
  const multiLine = type === T.STRING || type === T.FSTRING_MIDDLE;
  const lineStart = multiLine ? t.multiLineStart : t.lineStart;
  const kind = extra && type > T.DEDENT && type < T.OP ? T.OP : type;
  let string = t.tokenStart < 0 ? "" : source.decode(t.tokenStart, t.tokenEnd);
  let endCol = t.tokenEnd < t.lineStart ? -1 : columnOf(source, t.lineStart, t.tokenEnd);
  if (extra && type === T.NEWLINE) {
    string = faked ? "" : source.bytes[t.tokenStart] === 13 ? "\r\n" : "\n";
    endCol++;
  } else if (extra && type === T.NL && faked) {
    string = "";
  }
  return {
    type: kind,
    name: tokenNames[kind],
    string,
    start: [t.tokenLine, t.tokenStart < lineStart ? -1 : columnOf(source, lineStart, t.tokenStart)],
    end: [t.tokenEndLine, endCol],
    line:
      t.lineno === last?.start[0]
        ? last.line
        : decodeUtf8Replace(source.bytes.subarray(lineStart, faked ? t.inp - 1 : t.inp)),
  };
}

function columnOf(source: Source, lineStart: number, at: number): number {
  return source.ascii ? at - lineStart : codePointLength(source.decode(lineStart, at));
}

function streamError(t: Tokenizer): PySyntaxError {
  let type: SyntaxErrorType = "SyntaxError";
  let message: string;
  switch (t.done) {
    case Done.EOF:
      message = "unexpected EOF in multi-line statement";
      return new PySyntaxError(type, message, t.filename, t.lineno, t.kept, t.lineno, null);
    case Done.DEDENT:
      type = "IndentationError";
      message = "unindent does not match any outer indentation level";
      break;
    case Done.TABSPACE:
      type = "TabError";
      message = "inconsistent use of tabs and spaces in indentation";
      break;
    case Done.TOODEEP:
      type = "IndentationError";
      message = "too many levels of indentation";
      break;
    case Done.LINECONT:
      message = "unexpected character after line continuation character";
      break;
    default:
      message = "unknown tokenization error";
  }
  const line = decodeUtf8Replace(t.bytes.subarray(t.buf, t.inp)).replace(/\n$/, "");
  return new PySyntaxError(type, message, t.filename, t.lineno, codePointLength(line) + 1, null, null, line);
}
