// The lines that a traceback shows for one frame: where it is, the source, and carets below the part that failed
// (StackSummary.format_frame_summary of CPython 3.13's Lib/traceback.py).
//
// Difference: whether a character is two columns wide is told by ranges, not by the Unicode character database.

import {
  _PyInterpreterFrame,
  caret_anchors,
  caret_lines,
  caret_place,
  PyCodeObject,
  PyFrameObject,
  PyTracebackObject,
  SIZEOF_caret_lines,
  source_position,
} from "../../generated/layouts";
import { empty_string } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyCode_Addr2Location, setPosition } from "../code/code";
import { PyErr_Clear } from "../errors/raise";
import { Py } from "../object/head";
import { U } from "../text/access";
import { PyUnicode_EqualToLiteral } from "../text/compare";
import { PyUnicode_Substring } from "../text/concat";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { Writer, writeCharacters, writeFill, writerDiscard, writerFinish, writeStr } from "../text/format/writer";
import { PyUnicode_InternLiteral } from "../text/intern";
import { CallKind, callKind, caretAnchors, Lead, leadOf } from "./anchors";
import { isSpace, sourceLine } from "./sourcelines";
import { tracebackLine } from "./traceback";

/** The code object of the frame of a traceback entry, borrowed. */
export function tracebackCode(tb: usize): usize {
  return _PyInterpreterFrame.at(PyFrameObject.at(PyTracebackObject.at(tb).tb_frame).f_frame).f_executable;
}

/** Columns that the first `n` characters of the text take on a terminal, those from `from` on. */
function displayWidth(s: usize, from: isize, n: isize): isize {
  if (U.isAscii(s)) return n;
  let width: isize = 0;
  for (let i = from; i < from + n; i++) width += isWide(U.at(s, i)) ? 2 : 1;
  return width;
}

function isWide(c: u32): bool {
  return (
    (c >= 0x1100 && c <= 0x115f) ||
    (c >= 0x2e80 && c <= 0x303e) ||
    (c >= 0x3041 && c <= 0x33ff) ||
    (c >= 0x3400 && c <= 0x4dbf) ||
    (c >= 0x4e00 && c <= 0xa4cf) ||
    (c >= 0xa960 && c <= 0xa97c) ||
    (c >= 0xac00 && c <= 0xd7a3) ||
    (c >= 0xf900 && c <= 0xfaff) ||
    (c >= 0xfe30 && c <= 0xfe6f) ||
    (c >= 0xff01 && c <= 0xff60) ||
    (c >= 0xffe0 && c <= 0xffe6) ||
    (c >= 0x1f300 && c <= 0x1f64f) ||
    (c >= 0x1f680 && c <= 0x1f6fc) ||
    (c >= 0x1f900 && c <= 0x1f9ff) ||
    (c >= 0x20000 && c <= 0x3fffd)
  );
}

/** The character at byte `offset` of the UTF-8 form of the line from `start` to `end` of `s`, as an index into it. */
function characterOffset(s: usize, start: isize, end: isize, offset: i32): isize {
  let bytes = 0;
  let i = start;
  while (i < end && bytes < offset) {
    const c = U.at(s, i++);
    bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }
  return i - start;
}

/** The index after line `n` (from 0) of the text, its line feed not included; `start` is its first character. */
function lineEnd(s: usize, start: isize): isize {
  const n = U.length(s);
  while (start < n && U.at(s, start) != 0x0a) start++;
  return start;
}

function lineStart(s: usize, line: i32): isize {
  let i: isize = 0;
  while (line-- > 0) i = lineEnd(s, i) + 1;
  return i;
}

function indentOf(s: usize, start: isize, end: isize): isize {
  let i = start;
  while (i < end && isSpace(U.at(s, i))) i++;
  return i - start;
}

/**
 * The text without the white space that all its lines begin with; lines of nothing else become empty. Lines are
 * ended by line feeds, the last perhaps not. A new str.
 */
function dedent(s: usize): usize {
  const n = U.length(s);
  let margin: isize = -1;
  let first: isize = 0;
  for (let start: isize = 0; start < n; ) {
    const end = lineEnd(s, start);
    let k: isize = 0;
    while (start + k < end && (U.at(s, start + k) == 0x20 || U.at(s, start + k) == 9)) k++;
    if (start + k < end) {
      if (margin < 0) {
        margin = k;
        first = start;
      } else {
        let same: isize = 0;
        while (same < margin && same < k && U.at(s, first + same) == U.at(s, start + same)) same++;
        margin = same;
      }
    }
    start = end + 1;
  }
  const w = Writer.begin(n);
  for (let start: isize = 0; start < n; ) {
    const end = lineEnd(s, start);
    const blank = start + indentOf(s, start, end) == end;
    const from = margin < 0 ? start : min<isize>(start + margin, end);
    if (!blank && writePart(w, s, from, end) < 0) return writerDiscard(w);
    if (end < n && Writer.char(w, 0x0a) < 0) return writerDiscard(w);
    start = end + 1;
  }
  return writerFinish(w);
}

function writePart(w: usize, s: usize, start: isize, end: isize): i32 {
  return end <= start ? 0 : writeCharacters(w, U.kind(s), U.data(s), start, end - start, U.maxCharValue(s));
}

/** The text with `indent` spaces before each of its lines; a new str. `s` is stolen. */
function indented(s: usize, indent: isize): usize {
  if (s == 0) return 0;
  const n = U.length(s);
  const w = Writer.begin(n + 16);
  for (let start: isize = 0; start < n; ) {
    const end = lineEnd(s, start);
    if (writeFill(w, 0x20, indent) < 0 || writePart(w, s, start, min<isize>(end + 1, n)) < 0) {
      Py.DECREF(s);
      return writerDiscard(w);
    }
    start = end + 1;
  }
  Py.DECREF(s);
  return writerFinish(w);
}

/** The source from the first to the last line, each without white space at its end and a line feed after it. */
function sourceLines(cache: usize, filename: usize, first: i32, last: i32): usize {
  const w = Writer.begin(80);
  for (let i = first; i <= last; i++) {
    const line = sourceLine(cache, filename, i);
    if (line == 0 || writeStr(w, line) < 0 || Writer.char(w, 0x0a) < 0) {
      Py.XDECREF(line);
      return writerDiscard(w);
    }
    Py.DECREF(line);
  }
  return writerFinish(w);
}

/**
 * The lines of one traceback entry: a new str. `cache` keeps source text (sourcelines.ts). Null with an exception
 * where memory runs out.
 */
export function formatEntry(cache: usize, tb: usize): usize {
  const code = tracebackCode(tb);
  const co = PyCodeObject.at(code);
  const at = Scratch.take(2);
  const lasti = PyTracebackObject.at(tb).tb_lasti;
  if (lasti < 0) setPosition(at, -1, -1, -1, -1);
  else PyCode_Addr2Location(code, lasti, at);
  let line = source_position.at(at).line;
  let last = source_position.at(at).end_line;
  const column = source_position.at(at).column;
  const endColumn = source_position.at(at).end_column;
  Scratch.give(at);
  if (line < 0) line = tracebackLine(tb);
  if (last < line) last = line;
  const head = entryHead(co.co_filename, line, co.co_name);
  if (head == 0 || line < 0) return head;
  const source = sourceLines(cache, co.co_filename, line, last);
  let body: usize = 0;
  if (source != 0) {
    body = entryBody(source, line, last, column, endColumn);
    Py.DECREF(source);
  }
  if (body == 0) {
    Py.DECREF(head);
    return 0;
  }
  const r = PyUnicode_FromFormat("%U%U", head, body);
  Py.DECREF(head);
  Py.DECREF(body);
  return r;
}

function entryHead(file: usize, line: i32, name: usize): usize {
  const filename = shownFile(file);
  const r =
    filename == 0
      ? 0
      : line < 0
        ? PyUnicode_FromFormat('  File "%U", line None, in %U\n', filename, name)
        : PyUnicode_FromFormat('  File "%U", line %d, in %U\n', filename, line, name);
  Py.XDECREF(filename);
  return r;
}

/** A file's name as it is shown, a new str: what was typed is numbered, but for nobody to see. */
export function shownFile(filename: usize): usize {
  if (U.length(filename) < 9 || U.at(filename, 0) != 0x3c) return Py.NewRef(filename);
  const head = PyUnicode_Substring(filename, 0, 8);
  if (head == 0) return 0;
  const typed = PyUnicode_EqualToLiteral(head, "<stdin>-");
  Py.DECREF(head);
  return typed ? PyUnicode_InternLiteral("<stdin>") : Py.NewRef(filename);
}

/** Whether there is more than white space from `start` to `end`. */
function hasText(s: usize, start: isize, end: isize): bool {
  return start + indentOf(s, start, end) < end;
}

function entryBody(original: usize, line: i32, last: i32, column: i32, endColumn: i32): usize {
  if (!hasText(original, 0, U.length(original))) return empty_string;
  if (column < 0 || endColumn < 0) {
    const start = indentOf(original, 0, lineEnd(original, 0));
    return indented(PyUnicode_Substring(original, start, lineEnd(original, 0) + 1), 4);
  }
  const text = dedent(original);
  if (text == 0) return 0;
  const r = caretLines(original, text, last - line + 1, column, endColumn);
  Py.DECREF(text);
  const plain = r == 0 ? 0 : dedent(r);
  Py.XDECREF(r);
  return indented(plain, 4);
}

/** The significant lines of the dedented text, each with its carets where carets are shown; a new str. */
function caretLines(original: usize, text: usize, lines: i32, column: i32, endColumn: i32): usize {
  const firstEnd = lineEnd(original, 0);
  const lastStart = lineStart(original, lines - 1);
  const lastEnd = lineEnd(original, lastStart);
  const removed = firstEnd - lineEnd(text, 0);
  const start = max<isize>(0, characterOffset(original, 0, firstEnd, column) - removed);
  const end = max<isize>(0, characterOffset(original, lastStart, lastEnd, endColumn) - removed);
  const textLast = lineStart(text, lines - 1);
  const textLastEnd = lineEnd(text, textLast);
  const segment = PyUnicode_Substring(text, start, textLast + end);
  if (segment == 0) return 0;
  const p = Scratch.take(<isize>(SIZEOF_caret_lines >> 3));
  const anchors = Scratch.take(1);
  const c = caret_lines.at(p);
  c.text = text;
  c.lines = lines;
  c.start_column = <i32>displayWidth(text, 0, min<isize>(start, lineEnd(text, 0)));
  c.end_column = <i32>displayWidth(text, textLast, min<isize>(end, textLastEnd - textLast));
  const anchored = caretAnchors(segment, anchors);
  PyErr_Clear();
  c.anchored = anchored ? 1 : 0;
  if (anchored) {
    placeAnchor(caret_place.at(c.left), text, start + caret_anchors.at(anchors).left);
    placeAnchor(caret_place.at(c.right), text, start + caret_anchors.at(anchors).right);
  }
  const show = showCarets(text, segment, lines, start, textLast + end, textLastEnd, anchored);
  c.show = show ? 1 : 0;
  Scratch.give(anchors);
  const r = significantLines(p);
  Scratch.give(p);
  Py.DECREF(segment);
  return r;
}

/** Stores line and column of the character at index `i` of the text. */
function placeAnchor(place: caret_place, text: usize, i: isize): void {
  let line = 0;
  let start: isize = 0;
  for (let end = lineEnd(text, 0); end < i; end = lineEnd(text, start)) {
    line++;
    start = end + 1;
  }
  place.line = line;
  place.column = <i32>displayWidth(text, start, i - start);
}

/** Whether the carets say more than that the whole line failed. */
function showCarets(
  text: usize,
  segment: usize,
  _lines: i32,
  start: isize,
  end: isize,
  lastEnd: isize,
  anchored: bool,
): bool {
  if (isWholeValue(text, segment, start, end)) return false;
  if (anchored) return true;
  return hasText(text, 0, start) || hasText(text, end, lastEnd);
}

/**
 * Whether the segment, from start to end, is a call that is all a statement assigns to a name, or the call of a name
 * that it returns. CPython compares places in bytes with places in characters, so lines that are not ASCII never are.
 */
function isWholeValue(text: usize, segment: usize, start: isize, end: isize): bool {
  if (!isAscii(text, 0, start) || !isAscii(text, lineStart(text, lineCount(text, end)), end)) return false;
  const kind = callKind(segment);
  if (kind == CallKind.none) return false;
  // Parentheses around the call are no part of it.
  const n = U.length(text);
  while (true) {
    while (start > 0 && isSpace(U.at(text, start - 1))) start--;
    while (end < n && (U.at(text, end) == 0x20 || U.at(text, end) == 9)) end++;
    if (start == 0 || end == n || U.at(text, start - 1) != 0x28 || U.at(text, end) != 0x29) break;
    start--;
    end++;
  }
  if (end < n && U.at(text, end) != 0x0a && U.at(text, end) != 0x23 && U.at(text, end) != 0x3b) return false;
  const before = PyUnicode_Substring(text, 0, start);
  if (before == 0) {
    PyErr_Clear();
    return false;
  }
  const lead = leadOf(before);
  Py.DECREF(before);
  return lead == Lead.assigns || (lead == Lead.returns && kind == CallKind.name);
}

function isAscii(s: usize, start: isize, end: isize): bool {
  for (let i = start; i < end; i++) if (U.at(s, i) > 127) return false;
  return true;
}

/** How many lines end before `end`. */
function lineCount(s: usize, end: isize): i32 {
  let n = 0;
  for (let i: isize = 0; i < end; i++) if (U.at(s, i) == 0x0a) n++;
  return n;
}

/** Whether the line is shown: the first, the last, and those around the anchors. */
function isSignificant(p: usize, line: i32): bool {
  if (line == 0 || line == caret_lines.at(p).lines - 1) return true;
  if (!caret_lines.at(p).anchored) return false;
  const a = line - caret_place.at(caret_lines.at(p).left).line;
  const b = line - caret_place.at(caret_lines.at(p).right).line;
  return (a >= -1 && a <= 1) || (b >= -1 && b <= 1);
}

function significantLines(p: usize): usize {
  const w = Writer.begin(160);
  const lines = caret_lines.at(p).lines;
  let previous = 0;
  for (let i = 0; i < lines; i++) {
    if (!isSignificant(p, i)) continue;
    let r = 0;
    if (i - previous == 2) r = writeSourceLine(w, p, i - 1);
    else if (i - previous > 2) r = writeOmitted(w, i - previous - 1);
    if (r == 0) r = writeSourceLine(w, p, i);
    if (r < 0) return writerDiscard(w);
    previous = i;
  }
  return writerFinish(w);
}

function writeOmitted(w: usize, n: i32): i32 {
  const s = PyUnicode_FromFormat("...<%d lines>...\n", n);
  if (s == 0) return -1;
  const r = writeStr(w, s);
  Py.DECREF(s);
  return r;
}

/** Writes a line and the carets below it. */
function writeSourceLine(w: usize, p: usize, line: i32): i32 {
  const text: usize = caret_lines.at(p).text;
  const start = lineStart(text, line);
  const end = lineEnd(text, start);
  if (writePart(w, text, start, end) < 0 || Writer.char(w, 0x0a) < 0) return -1;
  if (!caret_lines.at(p).show) return 0;
  const spaces = <i32>indentOf(text, start, end);
  const last = caret_lines.at(p).lines - 1;
  const columns = line == last ? caret_lines.at(p).end_column : <i32>displayWidth(text, start, end - start);
  for (let column = 0; column < columns; column++) {
    const c =
      column < spaces || (line == 0 && column < caret_lines.at(p).start_column) ? 0x20 : caretAt(p, line, column);
    if (Writer.char(w, c) < 0) return -1;
  }
  return Writer.char(w, 0x0a);
}

function caretAt(p: usize, line: i32, column: i32): u32 {
  if (!caret_lines.at(p).anchored) return 0x5e;
  const a = caret_place.at(caret_lines.at(p).left).line;
  const b = caret_place.at(caret_lines.at(p).right).line;
  const after = line > a || (line == a && column >= caret_place.at(caret_lines.at(p).left).column);
  const before = line < b || (line == b && column < caret_place.at(caret_lines.at(p).right).column);
  return after && before ? 0x5e : 0x7e;
}
