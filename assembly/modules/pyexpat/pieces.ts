// The pieces of declarations: names, white space, quoted texts, identifiers, and the tokens that are told where a declaration
// has no handler (expat's xmlrole.c and xmltok.c).

import { xmlparser } from "../../generated/layouts";
import { Py } from "../../objects/object/head";
import { Writer, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { Scratch } from "../../thread/scratch";
import { place } from "./attributes";
import { ABORTED, INVALID_TOKEN, NO_ERROR, PARAM_ENTITY_REF, PUBLICID, SYNTAX } from "./errors";
import { nameOf, other, textOf } from "./events";
import { isSpace, scanName, scanQuoted, skipSpace, standsAt, TOKEN } from "./scan";

/** Reads a name at `p` to the slot at `out`, a new str: an error's code. `next` is behind it. */
export function takeName(x: xmlparser, p: usize, end: usize, main: bool, out: usize): i32 {
  store<u64>(out, 0);
  if (scanName(x, p, end) != TOKEN) return wrong(x, p, end, main);
  const name = nameOf(x, x.name, x.name_end);
  store<u64>(out, name);
  return name == 0 ? ABORTED : NO_ERROR;
}

/** What is at `p` is not what has to be there: an error's code. */
export function wrong(x: xmlparser, p: usize, end: usize, main: bool): i32 {
  place(x, main, p);
  if (p < end && load<u8>(p) == 0x25) return PARAM_ENTITY_REF;
  const c: u32 = p < end ? load<u8>(p) : 0;
  // Characters that are no token of a declaration at all.
  return c == 0x26 ||
    c == 0x3d ||
    c == 0x40 ||
    c == 0x24 ||
    c == 0x5e ||
    c == 0x60 ||
    c == 0x7b ||
    c == 0x7d ||
    c == 0x7e ||
    c == 0x3b
    ? INVALID_TOKEN
    : SYNTAX;
}

/** Skips white space that has to be there: whether it is. */
export function hasSpace(x: xmlparser, p: usize, end: usize): bool {
  x.next = skipSpace(p, end);
  return x.next > p;
}

/** The first character of a public identifier that may not be in one, or `end`. */
function badPublicId(p: usize, end: usize): usize {
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    const letter = (c | 32) - 97 < 26 || c - 48 < 10 || c == 32 || c == 10 || c == 13;
    if (
      !letter &&
      !(c - 0x21 < 15 && c != 0x22 && c != 0x26) &&
      !(c - 0x3a < 7 && c != 0x3c && c != 0x3e) &&
      c != 0x5f
    ) {
      return p;
    }
  }
  return end;
}

/** A public identifier as it is told, blanks between words and none around them: a new str. */
function publicText(p: usize, end: usize): usize {
  const w = Writer.begin();
  let gap = false;
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (isSpace(c)) {
      gap = true;
      continue;
    }
    if (gap && Writer.position(w) > 0 && Writer.char(w, 32) < 0) return writerDiscard(w);
    gap = false;
    if (Writer.char(w, c) < 0) return writerDiscard(w);
  }
  return writerFinish(w);
}

/** Reads a quoted text at `p`; `name` and `name_end` are around it. An error's code. */
export function takeQuoted(x: xmlparser, p: usize, end: usize, main: bool): i32 {
  const quote: u32 = p < end ? load<u8>(p) : 0;
  if (quote != 0x22 && quote != 0x27) return wrong(x, p, end, main);
  if (scanQuoted(x, p + 1, end, quote) == TOKEN) return NO_ERROR;
  place(x, main, x.next);
  return INVALID_TOKEN;
}

/**
 * Reads SYSTEM or PUBLIC and what follows at `p` to two slots at `out`: system and public identifier, new strs or null. An
 * error's code. `optional`: the system identifier may be missing behind a public one.
 */
export function takeExternalId(x: xmlparser, p: usize, end: usize, main: bool, optional: bool, out: usize): i32 {
  store<u64>(out, 0);
  store<u64>(out + 8, 0);
  const isPublic = standsAt(p, end, "PUBLIC");
  if (!isPublic && !standsAt(p, end, "SYSTEM")) return wrong(x, p, end, main);
  if (!hasSpace(x, p + 6, end)) return wrong(x, p + 6, end, main);
  p = x.next;
  let status = takeQuoted(x, p, end, main);
  if (status != NO_ERROR) return status;
  if (isPublic) {
    const bad = badPublicId(x.name, x.name_end);
    if (bad != x.name_end) {
      place(x, main, bad);
      return PUBLICID;
    }
    store<u64>(out + 8, publicText(x.name, x.name_end));
    if (load<u32>(out + 8) == 0) return ABORTED;
    const behind = x.next;
    p = skipSpace(behind, end);
    const quote: u32 = p < end ? load<u8>(p) : 0;
    x.next = p;
    if (quote != 0x22 && quote != 0x27 && optional) return NO_ERROR;
    if (p == behind) return wrong(x, p, end, main);
    status = takeQuoted(x, p, end, main);
    if (status != NO_ERROR) return status;
  }
  const system = textOf(x.name, x.name_end);
  store<u64>(out, system);
  return system == 0 ? ABORTED : NO_ERROR;
}

/** Drops what the slots from `slots` on hold. */
export function dropSlots(slots: usize, n: isize): void {
  for (let i: isize = 0; i < n; i++) Py.XDECREF(Py.item(slots, i));
  Scratch.give(slots);
}

/** Slots that hold nothing. */
export function takeSlots(n: isize): usize {
  const slots = Scratch.take(n);
  memory.fill(slots, 0, (<usize>n) << 3);
  return slots;
}

/** Whether the declaration ends at `p`, behind white space; otherwise an error's code. */
export function closes(x: xmlparser, p: usize, end: usize, main: bool): i32 {
  p = skipSpace(p, end);
  x.next = p + 1;
  return p < end && load<u8>(p) == 0x3e ? NO_ERROR : wrong(x, p, end, main);
}

/** Where the token of a declaration at `p` ends. */
function tokenEnd(p: usize, end: usize): usize {
  const c: u32 = load<u8>(p);
  if (isSpace(c)) return skipSpace(p, end);
  let q = p + 1;
  if (c == 0x22 || c == 0x27) {
    while (q < end && load<u8>(q) != c) q++;
    return min(q + 1, end);
  }
  if (c == 0x28 || c == 0x7c || c == 0x2c || c == 0x3e || c == 0x5b || c == 0x5d) return q;
  // A word, or a closing parenthesis, with what says how often it comes.
  if (c != 0x29) {
    if (c == 0x3c && q < end) q++;
    while (q < end && !isDelimiter(load<u8>(q))) q++;
  }
  const d: u32 = q < end ? load<u8>(q) : 0;
  return d == 0x2a || d == 0x2b || d == 0x3f ? q + 1 : q;
}

function isDelimiter(c: u32): bool {
  return (
    isSpace(c) ||
    c == 0x22 ||
    c == 0x27 ||
    (c >= 0x28 && c <= 0x2c) ||
    c == 0x7c ||
    c == 0x3e ||
    c == 0x5b ||
    c == 0x5d ||
    c == 0x3f
  );
}

/** Tells a declaration that has no handler, token by token: whether parsing goes on. */
export function otherTokens(x: xmlparser, p: usize, end: usize, main: bool): bool {
  while (p < end) {
    const next = tokenEnd(p, end);
    place(x, main, p);
    if (!other(x, p, next)) return false;
    p = next;
  }
  return true;
}
