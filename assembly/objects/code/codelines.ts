// What a code object says of its lines and columns: co_lines(), co_positions() and the old co_lnotab (CPython 3.13's
// Objects/codeobject.c).

import { PyBytesObject, PyCodeObject } from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_DeprecationWarning } from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyBytes_FromStringAndSize, firstBytes } from "../bytes/bytes";
import { PyList_Append, PyList_New } from "../containers/list/list";
import { PyTuple_New, Tuple } from "../containers/tuple";
import { PyErr_Occurred } from "../errors/raise";
import { PyErr_WarnEx } from "../errors/warnings";
import { PyLong_FromLong } from "../numbers/int/create";
import { Py } from "../object/head";
import { PyObject_GetIter } from "../protocol/iterator";
import { entryPosition, lineDelta } from "./code";

function lineOrNone(line: i32): usize {
  return line < 0 ? _Py_NoneStruct : PyLong_FromLong(line);
}

/**
 * co_lines(): an iterator of (start, end, line), neighbours with the same line joined.
 *
 * @native code.co_lines
 */
export function code_lines(o: usize, _u: usize): usize {
  const co = PyCodeObject.at(o);
  const list = PyList_New(0);
  if (list == 0) return 0;
  let p: usize = PyBytesObject.at(co.co_linetable).ob_sval;
  const end = p + <usize>Py.SIZE(co.co_linetable);
  let line = co.co_firstlineno;
  let at = 0;
  let from = 0;
  let current = -2;
  while (p < end) {
    line += lineDelta(p);
    const shown = ((load<u8>(p) >> 3) & 15) == 15 ? -1 : line;
    if (shown != current) {
      if (current != -2 && !appendTriple(list, from, at, current)) return 0;
      from = at;
      current = shown;
    }
    at += ((load<u8>(p) & 7) + 1) << 1;
    p++;
    while (p < end && !(load<u8>(p) & 0x80)) p++;
  }
  if (current != -2 && !appendTriple(list, from, at, current)) return 0;
  const it = PyObject_GetIter(list);
  Py.DECREF(list);
  return it;
}

function appendTriple(list: usize, from: i32, to: i32, line: i32): bool {
  const t = PyTuple_New(3);
  if (t == 0) {
    Py.DECREF(list);
    return false;
  }
  Tuple.set(t, 0, PyLong_FromLong(from));
  Tuple.set(t, 1, PyLong_FromLong(to));
  Tuple.set(t, 2, lineOrNone(line));
  if (PyErr_Occurred() == 0 && PyList_Append(list, t) == 0) {
    Py.DECREF(t);
    return true;
  }
  Py.DECREF(t);
  Py.DECREF(list);
  return false;
}

/**
 * co_positions(): an iterator of (line, end line, column, end column), one a code unit.
 *
 * @native code.co_positions
 */
export function code_positions(o: usize, _u: usize): usize {
  const co = PyCodeObject.at(o);
  const list = PyList_New(0);
  if (list == 0) return 0;
  const out = Scratch.take(2);
  let p: usize = PyBytesObject.at(co.co_linetable).ob_sval;
  const end = p + <usize>Py.SIZE(co.co_linetable);
  let line = co.co_firstlineno;
  let ok: bool = true;
  while (p < end && ok) {
    line += lineDelta(p);
    entryPosition(p, line, out);
    for (let i = (load<u8>(p) & 7) + 1; i > 0 && ok; i--) {
      const t = PyTuple_New(4);
      if (t == 0) {
        ok = false;
        break;
      }
      for (let k: isize = 0; k < 4; k++) {
        const v = load<i32>(out + ((<usize>k) << 2));
        Tuple.set(t, k, lineOrNone(v));
      }
      ok = PyErr_Occurred() == 0 && PyList_Append(list, t) == 0;
      Py.DECREF(t);
    }
    p++;
    while (p < end && !(load<u8>(p) & 0x80)) p++;
  }
  Scratch.give(out);
  const it = ok ? PyObject_GetIter(list) : 0;
  Py.DECREF(list);
  return it;
}

/**
 * @getter code.co_lnotab
 */
export function get_lnotab(o: usize, _c: usize): usize {
  if (PyErr_WarnEx(PyExc_DeprecationWarning, "co_lnotab is deprecated, use co_lines instead.", 1) < 0) return 0;
  const bytes = PyBytes_FromStringAndSize(0, <isize>writeLnotab(o, 0));
  if (bytes != 0) writeLnotab(o, PyBytesObject.at(bytes).ob_sval);
  return bytes;
}

/** The line table as it was before 3.10, pairs of steps of offset and line: its size. Written to `out` unless that is null. */
function writeLnotab(code: usize, out: usize): i32 {
  const co = PyCodeObject.at(code);
  let p: usize = PyBytesObject.at(co.co_linetable).ob_sval;
  const end = p + <usize>Py.SIZE(co.co_linetable);
  let line = co.co_firstlineno;
  let shown = line;
  let at = 0;
  let from = 0;
  let size = 0;
  while (p < end) {
    line += lineDelta(p);
    if (line != shown) {
      let offset = at - from;
      let lines = line - shown;
      let more: bool = true;
      while (more) {
        const a = min(offset, 255);
        const b = offset > 255 ? 0 : max(min(lines, 127), -128);
        if (out != 0) store<u16>(out + <usize>size, <u16>(a | ((b & 255) << 8)));
        size += 2;
        offset -= a;
        lines -= b;
        more = offset != 0 || lines != 0;
      }
      from = at;
      shown = line;
    }
    at += ((load<u8>(p) & 7) + 1) << 1;
    p++;
    while (p < end && !(load<u8>(p) & 0x80)) p++;
  }
  return size;
}

/**
 * A line table that has the lines of another, and no columns: new bytes, null with MemoryError. None of its entries is
 * longer than before.
 */
export function withoutColumns(table: usize): usize {
  const size = Py.SIZE(table);
  const bytes = PyBytes_FromStringAndSize(0, size);
  if (bytes == 0) return 0;
  let p: usize = PyBytesObject.at(table).ob_sval;
  const end = p + <usize>size;
  const start: usize = PyBytesObject.at(bytes).ob_sval;
  let q = start;
  while (p < end) {
    const b = load<u8>(p);
    if (((b >> 3) & 15) == 15) store<u8>(q++, b);
    else {
      store<u8>(q++, 0x80 | (13 << 3) | (b & 7));
      const delta = lineDelta(p);
      let n: u32 = delta < 0 ? ((<u32>-delta) << 1) | 1 : (<u32>delta) << 1;
      for (; n >= 64; n >>= 6) store<u8>(q++, <u8>(64 | (n & 63)));
      store<u8>(q++, <u8>n);
    }
    p++;
    while (p < end && !(load<u8>(p) & 0x80)) p++;
  }
  return firstBytes(bytes, <isize>(q - start));
}
