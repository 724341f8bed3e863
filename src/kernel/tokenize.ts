/**
 * The tokenizer as a system call, for text that comes line by line: spec/syscalls.txt describes its answer. Nothing is
 * remembered between calls; the runtime passes the lines from the last start of a statement again.
 */
import { ByteWriter } from "../compiler/assemble/bytes.ts";
import { PyCompileError, PySyntaxError } from "../compiler/errors/errors.ts";
import { setLimits } from "../compiler/errors/limits.ts";
import { encodeText } from "../compiler/text/text.ts";
import { LineNeeded } from "../compiler/tokenizer/reader.ts";
import { lineSource } from "../compiler/tokenizer/source.ts";
import { nextToken, type TokenInfo } from "../compiler/tokenizer/tokenize.ts";
import { Tokenizer } from "../compiler/tokenizer/tokenizer.ts";
import { T } from "../compiler/tokenizer/tokens.ts";
import { StreamFlag, StreamRecord } from "../generated/constants.ts";
import { SystemError } from "./errno.ts";

const FILENAME = "<string>";
const MEMORY_MOST = 1 << 30;

function putText(out: ByteWriter, text: string): void {
  const bytes = encodeText(text);
  out.u32(bytes.length);
  out.bytes(bytes);
}

function putToken(out: ByteWriter, token: TokenInfo, line: string | null): void {
  out.u8(line === token.line ? StreamRecord.token : StreamRecord.tokenAndLine);
  out.u8(token.type);
  for (const n of [...token.start, ...token.end]) out.u32(n);
  putText(out, token.string);
  if (line !== token.line) putText(out, token.line);
}

function putError(out: ByteWriter, e: PySyntaxError): void {
  out.u8(StreamRecord.error);
  for (const n of [e.lineno, e.offset, e.endLineno, e.endOffset]) out.u32(n ?? -1);
  putText(out, e.type);
  putText(out, e.msg);
  out.u8(e.text === null ? 0 : 1);
  if (e.text !== null) putText(out, e.text);
}

interface Lines {
  /** All of them, one after the other, each with a line end. */
  bytes: Uint8Array;
  /** Where a line end stops that its line has not. */
  faked: Set<number>;
  /** The end of each line among those bytes, and where that is in the call's. */
  ends: number[];
  places: number[];
}

function unpackLines(lines: Uint8Array): Lines {
  const view = new DataView(lines.buffer, lines.byteOffset, lines.length);
  const bytes = new Uint8Array(lines.length);
  const faked = new Set<number>();
  const ends: number[] = [];
  const places: number[] = [];
  let n = 0;
  for (let at = 0; at < lines.length; ) {
    const length = view.getUint32(at, true);
    at += 4;
    bytes.set(lines.subarray(at, at + length), n);
    n += length;
    at += length;
    if (bytes[n - 1] !== 10) {
      bytes[n++] = 10;
      faked.add(n);
    }
    ends.push(n);
    places.push(at);
  }
  return { bytes: bytes.subarray(0, n), faked, ends, places };
}

/** The tokenize service of services.ts. */
export function tokenizeService(
  lines: Uint8Array,
  position: Uint8Array,
  skip: number,
  flags: number,
  memory = MEMORY_MOST,
): Uint8Array {
  setLimits({ memory });
  const { bytes, faked, ends, places } = unpackLines(lines);
  const extra = (flags & StreamFlag.extra) !== 0;
  const stream = { ends, complete: (flags & StreamFlag.complete) !== 0 };
  const t = new Tokenizer(lineSource(bytes), { filename: FILENAME, extraTokens: extra, stream });
  const words = new Int32Array(position.slice().buffer);
  t.resume(
    words[0]!,
    Array.from({ length: words[1]! }, (_, i) => [words[2 * i + 2]!, words[2 * i + 3]!]),
  );
  const records = new ByteWriter(1024);
  // Where the last start of a statement is, and how many tokens follow it. Without the line ends, tokens at the end of
  // the text belong to the statement before them.
  let clean = { at: 0, line: words[0]!, indents: t.indents, tokens: 0 };
  let before = clean;
  let last: TokenInfo | null = null;
  let line: string | null = null;
  let given = 0;
  // The first line that does not end before where the tokenizer is.
  let next = 0;
  try {
    for (let type = -1; type !== T.ENDMARKER; ) {
      while (next < ends.length && ends[next]! < t.cur) next++;
      const at = t.atLineStart && ends[next] === t.cur ? places[next]! : 0;
      if (at !== 0 && at !== clean.at) {
        before = extra ? { at, line: t.lineno, indents: t.indents, tokens: given } : clean;
        clean = { at, line: t.lineno, indents: t.indents, tokens: given };
      }
      const token = nextToken(t, extra, last, (end) => faked.has(end));
      last = token;
      type = token.type;
      if (given++ < skip) continue;
      putToken(records, token, line);
      line = token.line;
    }
    records.u8(StreamRecord.end);
  } catch (e) {
    if (e instanceof LineNeeded) records.u8(StreamRecord.more);
    else if (e instanceof PySyntaxError) putError(records, e);
    else if (e instanceof PyCompileError) throw new SystemError("ENOMEM");
    else throw e;
  }
  const out = new ByteWriter(records.length + 64);
  out.u32(before.at);
  out.u32(given - before.tokens);
  out.u32(before.line);
  out.u32(before.indents.length);
  for (const [col, altcol] of before.indents) {
    out.u32(col);
    out.u32(altcol);
  }
  out.bytes(records.finish());
  return out.finish();
}
