// A string under construction (CPython 3.13's _PyUnicodeWriter): a buffer that widens and grows as text is added. The
// writer itself, a unicodewriter, is in scratch slots.
//
// Invariant: a buffer that is not readonly has one reference, ours, and is not interned.

import {
  PyASCIIObject,
  PyCompactUnicodeObject,
  SIZEOF_PyASCIIObject,
  SIZEOF_PyCompactUnicodeObject,
  SIZEOF_unicodewriter,
  unicodewriter,
} from "../../../generated/layouts";
import { empty_string, PyUnicode_Type } from "../../../generated/statics";
import { PyMem_Free, PyObject_Realloc } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { PyErr_NoMemory } from "../../errors/raise";
import { Py } from "../../object/head";
import { copyCharacters, fillCharacters, findMaxChar, U } from "../access";
import { latin1Character, PyUnicode_New } from "../create";

export class Writer {
  /** A writer in scratch memory; ends with Writer.finish or Writer.discard, which give the memory back. */
  @inline static begin(minLength: isize = 0, overallocate: bool = true): usize {
    const w = Scratch.take(<isize>SIZEOF_unicodewriter / 8);
    memory.fill(w, 0, SIZEOF_unicodewriter);
    const u = unicodewriter.at(w);
    u.min_length = minLength;
    u.overallocate = overallocate ? 1 : 0;
    return w;
  }

  /** Characters written so far. */
  @inline static position(w: usize): isize {
    return unicodewriter.at(w).pos;
  }

  @inline static setOverallocate(w: usize, on: bool): void {
    unicodewriter.at(w).overallocate = on ? 1 : 0;
  }

  /** Makes room for `n` characters up to `maxchar`; -1 with MemoryError. */
  @inline static prepare(w: usize, n: isize, maxchar: u32): i32 {
    const u = unicodewriter.at(w);
    return maxchar <= u.maxchar && n <= u.size - u.pos && u.buffer != 0 ? 0 : prepareSlow(w, n, maxchar);
  }

  /** Writes a character in room that was prepared. */
  @inline static put(w: usize, c: u32): void {
    const u = unicodewriter.at(w);
    const pos = u.pos;
    U.write(u.kind, u.data, pos, c);
    u.pos = pos + 1;
  }

  /** Appends a character; -1 with MemoryError. */
  @inline static char(w: usize, c: u32): i32 {
    if (Writer.prepare(w, 1, c) < 0) return -1;
    Writer.put(w, c);
    return 0;
  }
}

/** Changes the length of an unshared compact string; its new address, or null with MemoryError, `o` then unchanged. */
export function resizeCompact(o: usize, n: isize): usize {
  const kind = U.kind(o);
  const ascii = U.isAscii(o);
  const head = ascii ? SIZEOF_PyASCIIObject : SIZEOF_PyCompactUnicodeObject;
  if (<u32>n >= (0x7ffffff0 - head) / kind) return PyErr_NoMemory();
  const u = PyCompactUnicodeObject.at(o);
  if (!ascii && u.utf8 != 0) {
    PyMem_Free(u.utf8);
    u.utf8 = 0;
    u.utf8_length = 0;
  }
  const r = PyObject_Realloc(o, head + <u32>(n + 1) * kind);
  if (r == 0) return PyErr_NoMemory();
  PyASCIIObject.at(r).length = n;
  PyASCIIObject.at(r).hash = -1;
  U.write(kind, r + head, n, 0);
  return r;
}

function adopt(w: usize, buffer: usize): void {
  const writer = unicodewriter.at(w);
  writer.buffer = buffer;
  writer.data = U.data(buffer);
  writer.kind = U.kind(buffer);
  writer.maxchar = U.maxCharValue(buffer);
  writer.size = writer.readonly ? 0 : U.length(buffer);
}

function prepareSlow(w: usize, n: isize, maxchar: u32): i32 {
  const writer = unicodewriter.at(w);
  const pos = writer.pos;
  if (n > 0x7ffffff0 - pos) {
    PyErr_NoMemory();
    return -1;
  }
  let length = pos + n;
  const old = writer.buffer;
  const top = max<u32>(maxchar, old != 0 ? writer.maxchar : 0x7f);
  if (old == 0) {
    if (writer.overallocate && length <= 0x7ffffff0 - length / 4) length += length / 4;
    if (length < writer.min_length) length = writer.min_length;
    if (length == 0) length = 1;
    const buffer = PyUnicode_New(length, top);
    if (buffer == 0) return -1;
    adopt(w, buffer);
    return 0;
  }
  if (length > writer.size) {
    if (writer.overallocate && length <= 0x7ffffff0 - length / 4) length += length / 4;
    if (length < writer.min_length) length = writer.min_length;
    if (writer.readonly || top > writer.maxchar) {
      return replace(w, length, top);
    }
    const buffer = resizeCompact(old, length);
    if (buffer == 0) return -1;
    adopt(w, buffer);
    return 0;
  }
  if (top > writer.maxchar || writer.readonly) return replace(w, max<isize>(writer.size, length), top);
  return 0;
}

/** Moves what is written to a new buffer. */
function replace(w: usize, length: isize, maxchar: u32): i32 {
  const writer = unicodewriter.at(w);
  const old = writer.buffer;
  const buffer = PyUnicode_New(max<isize>(length, 1), maxchar);
  if (buffer == 0) return -1;
  copyCharacters(U.kind(buffer), U.data(buffer), 0, writer.kind, writer.data, 0, writer.pos);
  writer.readonly = 0;
  adopt(w, buffer);
  Py.DECREF(old);
  return 0;
}

/** Appends string `s` (borrowed); -1 with MemoryError. */
export function writeStr(w: usize, s: usize): i32 {
  const writer = unicodewriter.at(w);
  const n = U.length(s);
  if (n == 0) return 0;
  const maxchar = U.maxCharValue(s);
  if (writer.buffer == 0 && !writer.overallocate && Py.IS_TYPE(s, PyUnicode_Type)) {
    // The only string written is the result itself, if nothing follows.
    writer.readonly = 1;
    adopt(w, Py.NewRef(s));
    writer.pos = n;
    return 0;
  }
  return writeCharacters(w, U.kind(s), U.data(s), 0, n, maxchar);
}

/** Appends characters start to end of string `s`; -1 with MemoryError. */
export function writeSubstring(w: usize, s: usize, start: isize, end: isize): i32 {
  if (end <= start) return 0;
  if (start == 0 && end == U.length(s)) return writeStr(w, s);
  const kind = U.kind(s);
  const data = U.data(s);
  let top = U.maxCharValue(s);
  if (top > unicodewriter.at(w).maxchar) top = findMaxChar(kind, data + <usize>start * kind, end - start);
  return writeCharacters(w, kind, data, start, end - start, top);
}

/** Appends `n` characters that are not above `maxchar`; -1 with MemoryError. */
export function writeCharacters(w: usize, kind: u32, data: usize, start: isize, n: isize, maxchar: u32): i32 {
  const writer = unicodewriter.at(w);
  if (Writer.prepare(w, n, maxchar) < 0) return -1;
  const pos = writer.pos;
  copyCharacters(writer.kind, writer.data, pos, kind, data, start, n);
  writer.pos = pos + n;
  return 0;
}

/** Appends `n` ASCII bytes; -1 with MemoryError. */
export function writeAscii(w: usize, p: usize, n: isize): i32 {
  return n == 0 ? 0 : writeCharacters(w, 1, p, 0, n, 0x7f);
}

/** Appends a literal of this program; -1 with MemoryError. */
export function writeLiteral(w: usize, s: string): i32 {
  const n = s.length;
  return n == 0 ? 0 : writeCharacters(w, 2, changetype<usize>(s), 0, n, 0x7f);
}

/** Appends `n` times `c`; -1 with MemoryError. */
export function writeFill(w: usize, c: u32, n: isize): i32 {
  if (n <= 0) return 0;
  if (Writer.prepare(w, n, c) < 0) return -1;
  const pos = unicodewriter.at(w).pos;
  fillCharacters(unicodewriter.at(w).kind, unicodewriter.at(w).data, pos, n, c);
  unicodewriter.at(w).pos = pos + n;
  return 0;
}

/** Ends the writer: a new reference to its text; null with MemoryError. */
export function writerFinish(w: usize): usize {
  const writer = unicodewriter.at(w);
  const buffer = writer.buffer;
  const pos = writer.pos;
  const readonly = writer.readonly;
  Scratch.give(w);
  if (pos == 0) {
    if (buffer != 0) Py.DECREF(buffer);
    return empty_string;
  }
  if (readonly) return buffer;
  if (pos == 1 && U.kind(buffer) == 1) {
    const c = U.at(buffer, 0);
    Py.DECREF(buffer);
    return latin1Character(c);
  }
  if (U.length(buffer) == pos) return buffer;
  const r = resizeCompact(buffer, pos);
  if (r == 0) Py.DECREF(buffer);
  return r;
}

/** Ends the writer without a result; returns null. */
export function writerDiscard(w: usize): usize {
  const buffer = unicodewriter.at(w).buffer;
  Scratch.give(w);
  if (buffer != 0) Py.DECREF(buffer);
  return 0;
}
