/**
 * Comments that say a type (PEP 484), which are tokens where they are asked for: CPython 3.13's `Parser/lexer/lexer.c`.
 */
import { isPart } from "./reader.ts";
import { T } from "./tokens.ts";
import { latin1Text } from "./utf8.ts";

interface TypeComment {
  type: T.TYPE_COMMENT | T.TYPE_IGNORE;
  /** Where what it says begins. */
  start: number;
}

/** What the comment between two places of the source says, or null where it is one like others. */
export function typeComment(bytes: Uint8Array, start: number, end: number): TypeComment | null {
  const text = latin1Text(bytes.subarray(start, end));
  const prefix = /^#[ \t]*type:[ \t]*/.exec(text);
  if (prefix === null) return null;
  const at = start + prefix[0].length;
  if (!text.startsWith("ignore", prefix[0].length)) return { type: T.TYPE_COMMENT, start: at };
  const after = at + 6;
  const ends = after >= end || !isPart(bytes[after]!) || bytes[after] === 95;
  return ends ? { type: T.TYPE_IGNORE, start: after } : { type: T.TYPE_COMMENT, start: at };
}
