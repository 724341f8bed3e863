// A string under construction (CPython 3.13's _PyUnicodeWriter): a buffer that widens and grows as text is added. The
// writer itself is six scratch slots:
//
//   +0  buffer    the str being filled, or the only string written so far (readonly)
//   +8  data      address of its characters
//   +16 kind u32, +20 maxchar u32, +24 size i32 (room), +28 pos i32 (characters written)
//   +32 minLength i32, +36 overallocate u8, +37 readonly u8
//
// Invariant: a buffer that is not readonly has one reference, ours, and is not interned.

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
    const w = Scratch.take(5);
    memory.fill(w, 0, 40);
    store<i32>(w, minLength, 32);
    store<u8>(w, overallocate ? 1 : 0, 36);
    return w;
  }

  /** Characters written so far. */
  @inline static position(w: usize): isize {
    return load<i32>(w, 28);
  }

  @inline static setOverallocate(w: usize, on: bool): void {
    store<u8>(w, on ? 1 : 0, 36);
  }

  /** Makes room for `n` characters up to `maxchar`; -1 with MemoryError. */
  @inline static prepare(w: usize, n: isize, maxchar: u32): i32 {
    return maxchar <= load<u32>(w, 20) && n <= load<i32>(w, 24) - load<i32>(w, 28) && load<u32>(w) != 0
      ? 0
      : prepareSlow(w, n, maxchar);
  }

  /** Writes a character in room that was prepared. */
  @inline static put(w: usize, c: u32): void {
    const pos = load<i32>(w, 28);
    U.write(load<u32>(w, 16), load<u32>(w, 8), pos, c);
    store<i32>(w, pos + 1, 28);
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
  const head: u32 = U.isAscii(o) ? 40 : 56;
  if (<u32>n >= (0x7ffffff0 - head) / kind) return PyErr_NoMemory();
  if (head == 56 && load<u32>(o, 48) != 0) {
    PyMem_Free(load<u32>(o, 48));
    store<u64>(o, 0, 48);
    store<u64>(o, 0, 40);
  }
  const r = PyObject_Realloc(o, head + <u32>(n + 1) * kind);
  if (r == 0) return PyErr_NoMemory();
  store<i64>(r, n, 16);
  store<i64>(r, -1, 24);
  U.write(kind, r + head, n, 0);
  return r;
}

function adopt(w: usize, buffer: usize): void {
  store<u64>(w, buffer);
  store<u64>(w, U.data(buffer), 8);
  store<u32>(w, U.kind(buffer), 16);
  store<u32>(w, U.maxCharValue(buffer), 20);
  store<i32>(w, load<u8>(w, 37) ? 0 : U.length(buffer), 24);
}

function prepareSlow(w: usize, n: isize, maxchar: u32): i32 {
  const pos = load<i32>(w, 28);
  if (n > 0x7ffffff0 - pos) {
    PyErr_NoMemory();
    return -1;
  }
  let length = pos + n;
  const old = load<u32>(w);
  const top = max<u32>(maxchar, old != 0 ? load<u32>(w, 20) : 0x7f);
  if (old == 0) {
    if (load<u8>(w, 36) && length <= 0x7ffffff0 - length / 4) length += length / 4;
    if (length < load<i32>(w, 32)) length = load<i32>(w, 32);
    if (length == 0) length = 1;
    const buffer = PyUnicode_New(length, top);
    if (buffer == 0) return -1;
    adopt(w, buffer);
    return 0;
  }
  if (length > load<i32>(w, 24)) {
    if (load<u8>(w, 36) && length <= 0x7ffffff0 - length / 4) length += length / 4;
    if (length < load<i32>(w, 32)) length = load<i32>(w, 32);
    if (load<u8>(w, 37) || top > load<u32>(w, 20)) {
      return replace(w, length, top);
    }
    const buffer = resizeCompact(old, length);
    if (buffer == 0) return -1;
    adopt(w, buffer);
    return 0;
  }
  if (top > load<u32>(w, 20) || load<u8>(w, 37)) return replace(w, max<isize>(load<i32>(w, 24), length), top);
  return 0;
}

/** Moves what is written to a new buffer. */
function replace(w: usize, length: isize, maxchar: u32): i32 {
  const old = load<u32>(w);
  const buffer = PyUnicode_New(max<isize>(length, 1), maxchar);
  if (buffer == 0) return -1;
  copyCharacters(U.kind(buffer), U.data(buffer), 0, load<u32>(w, 16), load<u32>(w, 8), 0, load<i32>(w, 28));
  store<u8>(w, 0, 37);
  adopt(w, buffer);
  Py.DECREF(old);
  return 0;
}

/** Appends string `s` (borrowed); -1 with MemoryError. */
export function writeStr(w: usize, s: usize): i32 {
  const n = U.length(s);
  if (n == 0) return 0;
  const maxchar = U.maxCharValue(s);
  if (load<u32>(w) == 0 && !load<u8>(w, 36) && Py.IS_TYPE(s, PyUnicode_Type)) {
    // The only string written is the result itself, if nothing follows.
    store<u8>(w, 1, 37);
    adopt(w, Py.NewRef(s));
    store<i32>(w, n, 28);
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
  if (top > load<u32>(w, 20)) top = findMaxChar(kind, data + <usize>start * kind, end - start);
  return writeCharacters(w, kind, data, start, end - start, top);
}

/** Appends `n` characters that are not above `maxchar`; -1 with MemoryError. */
export function writeCharacters(w: usize, kind: u32, data: usize, start: isize, n: isize, maxchar: u32): i32 {
  if (Writer.prepare(w, n, maxchar) < 0) return -1;
  const pos = load<i32>(w, 28);
  copyCharacters(load<u32>(w, 16), load<u32>(w, 8), pos, kind, data, start, n);
  store<i32>(w, pos + n, 28);
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
  const pos = load<i32>(w, 28);
  fillCharacters(load<u32>(w, 16), load<u32>(w, 8), pos, n, c);
  store<i32>(w, pos + n, 28);
  return 0;
}

/** Ends the writer: a new reference to its text; null with MemoryError. */
export function writerFinish(w: usize): usize {
  const buffer = load<u32>(w);
  const pos = load<i32>(w, 28);
  const readonly = load<u8>(w, 37);
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
  const buffer = load<u32>(w);
  Scratch.give(w);
  if (buffer != 0) Py.DECREF(buffer);
  return 0;
}
