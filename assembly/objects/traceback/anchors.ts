// Which part of an expression an error points at: of a binary operation its operator, of a subscript or call its
// brackets (CPython 3.13's _extract_caret_anchors_from_line_segment, Lib/traceback.py). CPython parses the segment;
// here it is cut into tokens, which is enough to tell what kind of expression stands outermost.

import { caret_anchors, caret_token, SIZEOF_caret_token } from "../../generated/layouts";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { U } from "../text/access";
import { isSpace } from "./sourcelines";

const enum Kind {
  name,
  literal,
  operator,
  open,
  close,
}

class T {
  @inline static start(t: usize, i: i32): i32 {
    return caret_token.at(t + <usize>i * SIZEOF_caret_token).start;
  }
  @inline static end(t: usize, i: i32): i32 {
    return caret_token.at(t + <usize>i * SIZEOF_caret_token).end;
  }
  @inline static kind(t: usize, i: i32): i32 {
    return caret_token.at(t + <usize>i * SIZEOF_caret_token).kind;
  }
  @inline static depth(t: usize, i: i32): i32 {
    return caret_token.at(t + <usize>i * SIZEOF_caret_token).depth;
  }
}

function at(s: usize, i: i32): u32 {
  return <isize>i < U.length(s) ? U.at(s, i) : 0;
}

function isNameCharacter(c: u32): bool {
  return (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || (c >= 0x30 && c <= 0x39) || c == 0x5f || c > 127;
}

/** The index after the string literal whose quote is at `i`; -1 where it does not end. */
function skipString(s: usize, i: i32): i32 {
  const q = at(s, i);
  const triple = at(s, i + 1) == q && at(s, i + 2) == q;
  i += triple ? 3 : 1;
  const n = <i32>U.length(s);
  while (i < n) {
    const c = at(s, i);
    if (c == 0x5c) i += 2;
    else if (c == q && (!triple || (at(s, i + 1) == q && at(s, i + 2) == q))) return i + (triple ? 3 : 1);
    else if (c == 0x0a && !triple) return -1;
    else i++;
  }
  return -1;
}

/** Length of the operator at `i`. */
function operatorLength(s: usize, i: i32): i32 {
  const a = at(s, i);
  const b = at(s, i + 1);
  if ((a == 0x2a || a == 0x2f || a == 0x3c || a == 0x3e) && b == a) return at(s, i + 2) == 0x3d ? 3 : 2;
  if (b == 0x3d && a != 0x2c && a != 0x2e && a != 0x7e) return 2;
  if (a == 0x2d && b == 0x3e) return 2;
  return 1;
}

/** Cuts `s` into tokens at `t`, room for one a character: how many, or -1 where it is no expression. */
function tokenize(s: usize, t: usize): i32 {
  const n = <i32>U.length(s);
  let count = 0;
  let depth = 0;
  let i = 0;
  while (i < n) {
    const c = at(s, i);
    if (isSpace(c) || c == 0x5c) {
      i++;
      continue;
    }
    if (c == 0x23) {
      while (i < n && at(s, i) != 0x0a) i++;
      continue;
    }
    const start = i;
    let kind: i32 = Kind.operator;
    let level = depth;
    if (c == 0x22 || c == 0x27) {
      kind = Kind.literal;
      i = skipString(s, i);
    } else if ((c >= 0x30 && c <= 0x39) || (c == 0x2e && at(s, i + 1) >= 0x30 && at(s, i + 1) <= 0x39)) {
      kind = Kind.literal;
      i++;
      for (; i < n; i++) {
        const d = at(s, i);
        if (isNameCharacter(d) || d == 0x2e) continue;
        const e = at(s, i - 1) | 32;
        if ((d == 0x2b || d == 0x2d) && e == 0x65 && at(s, start + 1) != 0x78 && at(s, start + 1) != 0x58) continue;
        break;
      }
    } else if (isNameCharacter(c)) {
      kind = Kind.name;
      while (i < n && isNameCharacter(at(s, i))) i++;
      // A prefix of a string literal.
      if (i - start <= 2 && (at(s, i) == 0x22 || at(s, i) == 0x27)) {
        kind = Kind.literal;
        i = skipString(s, i);
      }
    } else if (c == 0x28 || c == 0x5b || c == 0x7b) {
      kind = Kind.open;
      depth++;
      i++;
    } else if (c == 0x29 || c == 0x5d || c == 0x7d) {
      kind = Kind.close;
      level = --depth;
      i++;
    } else {
      i += operatorLength(s, i);
    }
    if (i < 0 || level < 0) return -1;
    const token = caret_token.at(t + <usize>count * SIZEOF_caret_token);
    token.start = start;
    token.end = i;
    token.kind = <u8>kind;
    token.depth = <u16>level;
    count++;
  }
  return depth == 0 ? count : -1;
}

/** Whether token `i` is the word. */
function isWord(s: usize, t: usize, i: i32, word: string): bool {
  const start = T.start(t, i);
  const n = T.end(t, i) - start;
  if (n != word.length) return false;
  for (let k = 0; k < n; k++) {
    if (at(s, start + k) != load<u16>(changetype<usize>(word) + ((<usize>k) << 1))) return false;
  }
  return true;
}

/** Whether an operand may end with token `i`. */
function endsOperand(s: usize, t: usize, i: i32): bool {
  const kind = T.kind(t, i);
  if (kind == Kind.operator) return isWord(s, t, i, "...");
  return kind == Kind.literal || kind == Kind.close || (kind == Kind.name && !isWord(s, t, i, "await"));
}

/** How tightly the binary operator binds, 1 the loosest; 0 where it is none that has anchors. */
function precedence(s: usize, t: usize, i: i32): i32 {
  const start = T.start(t, i);
  const n = T.end(t, i) - start;
  const c = at(s, start);
  if (n == 2) {
    const d = at(s, start + 1);
    if (c == 0x2a && d == 0x2a) return 7;
    if (c == 0x2f && d == 0x2f) return 6;
    return (c == 0x3c || c == 0x3e) && d == c ? 4 : 0;
  }
  if (n != 1) return 0;
  if (c == 0x7c) return 1;
  if (c == 0x5e) return 2;
  if (c == 0x26) return 3;
  if (c == 0x2b || c == 0x2d) return 5;
  return c == 0x2a || c == 0x2f || c == 0x25 || c == 0x40 ? 6 : 0;
}

/** Words that make an expression something without anchors, or no expression. */
function isLooseWord(s: usize, t: usize, i: i32): bool {
  return (
    isWord(s, t, i, "if") ||
    isWord(s, t, i, "else") ||
    isWord(s, t, i, "or") ||
    isWord(s, t, i, "and") ||
    isWord(s, t, i, "not") ||
    isWord(s, t, i, "in") ||
    isWord(s, t, i, "is") ||
    isWord(s, t, i, "lambda") ||
    isWord(s, t, i, "yield") ||
    isWord(s, t, i, "for") ||
    isWord(s, t, i, "return") ||
    isWord(s, t, i, "raise") ||
    isWord(s, t, i, "import") ||
    isWord(s, t, i, "from") ||
    isWord(s, t, i, "assert") ||
    isWord(s, t, i, "del") ||
    isWord(s, t, i, "with") ||
    isWord(s, t, i, "while") ||
    isWord(s, t, i, "class") ||
    isWord(s, t, i, "def") ||
    isWord(s, t, i, "async") ||
    isWord(s, t, i, "as")
  );
}

/** The token that opens the bracket that token `i` closes. */
function opening(t: usize, i: i32): i32 {
  const depth = T.depth(t, i);
  while (--i >= 0) if (T.kind(t, i) == Kind.open && T.depth(t, i) == depth) return i;
  return -1;
}

function closing(t: usize, i: i32, end: i32): i32 {
  const depth = T.depth(t, i);
  while (++i < end) if (T.kind(t, i) == Kind.close && T.depth(t, i) == depth) return i;
  return -1;
}

/** Whether the parentheses opened by token `i` and closed by `j` only group: they hold one plain expression. */
function groups(s: usize, t: usize, i: i32, j: i32): bool {
  if (at(s, T.start(t, i)) != 0x28 || j == i + 1) return false;
  const inner = T.depth(t, i) + 1;
  for (let k = i + 1; k < j; k++) {
    if (T.depth(t, k) != inner) continue;
    if (at(s, T.start(t, k)) == 0x2c || isWord(s, t, k, "for") || isWord(s, t, k, "async")) return false;
  }
  return true;
}

/** The next character that is not past the end of its line. */
function validCharacter(s: usize, i: i32): i32 {
  while (at(s, i) == 0x0a) i++;
  return i;
}

/** From `i`, the character where `stop` says: 0 the operator (no space, no closing bracket), else that character. */
function until(s: usize, i: i32, stop: u32): i32 {
  const n = <i32>U.length(s);
  i = validCharacter(s, i);
  while (i < n) {
    const c = at(s, i);
    if (c == 0x5c || c == 0x23) {
      while (i < n && at(s, i) != 0x0a) i++;
      i = validCharacter(s, i);
    } else if (stop == 0 ? !isSpace(c) && c != 0x29 : c == stop) return i;
    else i = validCharacter(s, i + 1);
  }
  return -1;
}

/**
 * Where the part of `segment` that is to be told apart starts and ends, into the caret_anchors at `out`; false where there is none.
 * Memory that cannot be had is as no anchors.
 */
export function caretAnchors(segment: usize, out: usize): bool {
  const n = U.length(segment);
  if (n == 0) return false;
  const t = PyMem_Malloc((<usize>n + 1) * SIZEOF_caret_token);
  if (t == 0) return false;
  const count = tokenize(segment, t);
  const r = count > 0 && anchorsOf(segment, t, 0, count, out);
  PyMem_Free(t);
  return r;
}

function anchorsOf(s: usize, t: usize, from: i32, end: i32, out: usize): bool {
  // Parentheses around the whole are no part of the expression.
  while (end - from > 2 && T.kind(t, from) == Kind.open && closing(t, from, end) == end - 1) {
    if (!groups(s, t, from, end - 1)) return false;
    from++;
    end--;
  }
  const level = T.depth(t, from);
  let best = 0;
  let found = -1;
  let prefix = false;
  let operand = false;
  for (let i = from; i < end; i++) {
    if (T.depth(t, i) != level || T.kind(t, i) == Kind.open) continue;
    const kind = T.kind(t, i);
    if (kind == Kind.name && isLooseWord(s, t, i)) return false;
    if (kind == Kind.name && isWord(s, t, i, "await")) {
      if (i == from) prefix = true;
      operand = false;
      continue;
    }
    if (kind != Kind.operator) {
      operand = true;
      continue;
    }
    if (isDot(s, t, i)) continue;
    if (!operand) {
      // A sign or ~ before an operand; a star is no expression.
      if (at(s, T.start(t, i)) == 0x2a) return false;
      if (i == from) prefix = true;
      continue;
    }
    const p = precedence(s, t, i);
    if (p == 0) return false;
    operand = false;
    // The loosest splits the expression: the last of equals, but of powers the first.
    if (found < 0 || p < best || (p == best && p != 7)) {
      best = p;
      found = i;
    }
  }
  if (!operand) return false;
  if (found >= 0) {
    // A sign before a power is applied to the power.
    if (prefix && best == 7 && !isWord(s, t, from, "await")) return false;
    return operatorAnchors(s, t, found, end, out);
  }
  if (prefix || T.kind(t, end - 1) != Kind.close) return false;
  const open = opening(t, end - 1);
  if (open <= from) return false;
  const bracket = at(s, T.start(t, open));
  if (bracket == 0x7b) return false;
  const left = until(s, T.end(t, open - 1), bracket);
  if (left < 0) return false;
  caret_anchors.at(out).left = left;
  caret_anchors.at(out).right = T.end(t, end - 1);
  return true;
}

function isDot(s: usize, t: usize, i: i32): bool {
  return at(s, T.start(t, i)) == 0x2e;
}

function operatorAnchors(s: usize, t: usize, i: i32, end: i32, out: usize): bool {
  // The left operand without the parentheses around it ends before them.
  let last = i - 1;
  while (last > 0 && T.kind(t, last) == Kind.close) {
    const open = opening(t, last);
    const first = open == 0 || !endsOperand(s, t, open - 1);
    if (!first || !groups(s, t, open, last)) break;
    last--;
  }
  const left = until(s, T.end(t, last), 0);
  if (left < 0) return false;
  let right = left + 1;
  // The right operand starts inside the parentheses around it.
  let first = i + 1;
  while (first < end && T.kind(t, first) == Kind.open) {
    const close = closing(t, first, end);
    const whole = close == end - 1 || !continuesOperand(s, t, close + 1);
    if (!whole || !groups(s, t, first, close)) break;
    first++;
  }
  const c = at(s, right);
  if (
    c != 0 &&
    c != 0x0a &&
    right < (first < end ? T.start(t, first) : right + 1) &&
    !isSpace(c) &&
    c != 0x5c &&
    c != 0x23
  ) {
    right++;
  }
  caret_anchors.at(out).left = left;
  caret_anchors.at(out).right = right;
  return true;
}

/** Whether token `i` continues an operand that a bracket before it closed: a trailer or an operator that binds. */
function continuesOperand(s: usize, t: usize, i: i32): bool {
  return T.kind(t, i) == Kind.open || T.kind(t, i) == Kind.operator || isDot(s, t, i);
}

/** What a segment is that is one call and nothing else. */
export const enum CallKind {
  none,
  /** of a plain name: NAME(…) */
  name,
  other,
}

export function callKind(segment: usize): i32 {
  const t = PyMem_Malloc((<usize>U.length(segment) + 1) * SIZEOF_caret_token);
  if (t == 0) return CallKind.none;
  const r = callKindOf(segment, t, tokenize(segment, t));
  PyMem_Free(t);
  return r;
}

function callKindOf(s: usize, t: usize, count: i32): i32 {
  if (count < 3) return CallKind.none;
  // An atom, then what follows it: names after dots, and brackets. The last of them are the parentheses of the call.
  const first = T.kind(t, 0);
  let i = 1;
  if (first == Kind.open) i = closing(t, 0, count) + 1;
  else if (first == Kind.literal) while (i < count && T.kind(t, i) == Kind.literal) i++;
  else if (first != Kind.name || isLooseWord(s, t, 0) || isWord(s, t, 0, "await")) return CallKind.none;
  let last = 0;
  while (i < count) {
    if (isDot(s, t, i) && i + 1 < count && T.kind(t, i + 1) == Kind.name) i += 2;
    else if (T.kind(t, i) == Kind.open) {
      last = i;
      i = closing(t, i, count) + 1;
    } else return CallKind.none;
  }
  if (last == 0 || at(s, T.start(t, last)) != 0x28 || closing(t, last, count) != count - 1) return CallKind.none;
  return first == Kind.name && last == 1 ? CallKind.name : CallKind.other;
}

/** What a text is that ends before an expression. */
export const enum Lead {
  other,
  /** "return" */
  returns,
  /** "NAME =" */
  assigns,
}

export function leadOf(text: usize): i32 {
  const t = PyMem_Malloc((<usize>U.length(text) + 1) * SIZEOF_caret_token);
  if (t == 0) return Lead.other;
  const count = tokenize(text, t);
  let r: i32 = Lead.other;
  if (count == 1 && isWord(text, t, 0, "return")) r = Lead.returns;
  else if (count == 2 && T.kind(t, 0) == Kind.name && isWord(text, t, 1, "=")) r = Lead.assigns;
  PyMem_Free(t);
  return r;
}
