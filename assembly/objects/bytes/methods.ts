// Methods that bytes and bytearray share: searching, case, padding, replacing (CPython 3.13's Objects/bytes_methods.c
// and Objects/stringlib/).

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { Py_buffer, PyBytesObject, SIZEOF_Py_buffer, searchbounds } from "../../generated/layouts";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  empty_string,
  PyBytes_Type,
  PyExc_OverflowError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { Scratch } from "../../thread/scratch";
import { fastItems } from "../containers/list/list";
import { Tuple } from "../containers/tuple";
import { ArgParser, intArgument, ssizeArgument, utf8Argument } from "../define/args";
import {
  PyErr_Clear,
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../errors/raise";
import { boolObject } from "../numbers/bool";
import { PyLong_FromLong } from "../numbers/int/create";
import { digitValue } from "../numbers/int/text";
import { Buffer, PyBUF_SIMPLE, PyBuffer_Release, PyObject_CheckBuffer, PyObject_GetBuffer } from "../object/buffer";
import { Py } from "../object/head";
import { PyObject_Size } from "../protocol/items";
import { PyNumber_AsSsize_t } from "../protocol/number";
import { PySequence_Fast } from "../protocol/sequence";
import { U } from "../text/access";
import { clampBounds, takeBounds } from "../text/bounds";
import { asciiPrefix } from "../text/codecs/utf8";
import { equalBytes } from "../text/compare";
import { PyTypeName } from "../text/concat";
import { PyUnicode_New } from "../text/create";
import { countText, findText, rfindText } from "../text/find";
import { PyUnicode_FromEncodedObject } from "../text/type";
import { ByteArray, PyByteArray_FromStringAndSize } from "./bytearray/bytearray";
import { PyBytes_FromStringAndSize } from "./bytes";
import { BytesLike, makeLike, makeRoom, openNeedle, unchanged } from "./common";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte } from "./writer";

/** Arguments (sub, start, end): searchbounds in scratch memory, not clamped; the caller gives it back; null: exception. */
function bounds(fname: string, argv: usize, nargs: isize): usize {
  return ArgParser.count(fname, nargs, 1, 3) ? takeBounds(argv, nargs) : 0;
}

const FIND: i32 = 0;
const RFIND: i32 = 1;
const COUNT: i32 = 2;

/** The index, or the count; -1 not found, -2 an exception. */
function search(fname: string, o: usize, argv: usize, nargs: isize, what: i32): isize {
  const s = bounds(fname, argv, nargs);
  if (s == 0) return -2;
  const view = openNeedle(Py.item(argv, 0));
  if (view == 0) {
    Scratch.give(s);
    return -2;
  }
  // Nothing calls Python until the view is closed.
  clampBounds(s, BytesLike.size(o));
  const start = searchbounds.at(s).start;
  const end = searchbounds.at(s).end;
  const p = Buffer.data(view);
  const m = Buffer.length(view);
  const data = BytesLike.data(o);
  let r: isize;
  if (what == COUNT) r = countText(1, data, start, end, 1, p, m, 0x7fffffff);
  else if (end - start < m) r = -1;
  else r = what == FIND ? findText(1, data, start, end, 1, p, m) : rfindText(1, data, start, end, 1, p, m);
  Buffer.close(view);
  Scratch.give(s);
  return r;
}

/**
 * @native bytes.find($self, sub[, start[, end]], /)
 * @native bytearray.find($self, sub[, start[, end]], /)
 *
 * Where sub occurs first, the index of its first byte; -1 if nowhere.
 *
 *   start
 *     Where to begin; negative numbers count from the end.
 *   end
 *     Where to stop, in the same way.
 *
 * sub may be a number from 0 to 255, one byte. Indices are those of the whole.
 */
export function bytes_find(o: usize, argv: usize, nargs: isize): usize {
  const r = search("find", o, argv, nargs, FIND);
  return r == -2 ? 0 : PyLong_FromLong(r);
}

/**
 * @native bytes.rfind($self, sub[, start[, end]], /)
 * @native bytearray.rfind($self, sub[, start[, end]], /)
 *
 * Where sub occurs last, the index of its first byte; -1 if nowhere.
 *
 *   start
 *     Where to begin; negative numbers count from the end.
 *   end
 *     Where to stop, in the same way.
 *
 * sub may be a number from 0 to 255, one byte. Indices are those of the whole.
 */
export function bytes_rfind(o: usize, argv: usize, nargs: isize): usize {
  const r = search("rfind", o, argv, nargs, RFIND);
  return r == -2 ? 0 : PyLong_FromLong(r);
}

function indexOf(fname: string, o: usize, argv: usize, nargs: isize, what: i32): usize {
  const r = search(fname, o, argv, nargs, what);
  if (r >= 0) return PyLong_FromLong(r);
  if (r == -1) PyErr_SetString(PyExc_ValueError, "subsection not found");
  return 0;
}

/**
 * @native bytes.index($self, sub[, start[, end]], /)
 * @native bytearray.index($self, sub[, start[, end]], /)
 *
 * Where sub occurs first, the index of its first byte; ValueError if nowhere.
 *
 *   start
 *     Where to begin; negative numbers count from the end.
 *   end
 *     Where to stop, in the same way.
 *
 * sub may be a number from 0 to 255, one byte. Indices are those of the whole. find() does not raise.
 */
export function bytes_index(o: usize, argv: usize, nargs: isize): usize {
  return indexOf("index", o, argv, nargs, FIND);
}

/**
 * @native bytes.rindex($self, sub[, start[, end]], /)
 * @native bytearray.rindex($self, sub[, start[, end]], /)
 *
 * Where sub occurs last, the index of its first byte; ValueError if nowhere.
 *
 *   start
 *     Where to begin; negative numbers count from the end.
 *   end
 *     Where to stop, in the same way.
 *
 * sub may be a number from 0 to 255, one byte. Indices are those of the whole. rfind() does not raise.
 */
export function bytes_rindex(o: usize, argv: usize, nargs: isize): usize {
  return indexOf("rindex", o, argv, nargs, RFIND);
}

/**
 * @native bytes.count($self, sub[, start[, end]], /)
 * @native bytearray.count($self, sub[, start[, end]], /)
 *
 * How often sub occurs, occurrences that overlap counted once.
 *
 *   start
 *     Where to begin; negative numbers count from the end.
 *   end
 *     Where to stop, in the same way.
 *
 * sub may be a number from 0 to 255, one byte each.
 */
export function bytes_count(o: usize, argv: usize, nargs: isize): usize {
  const r = search("count", o, argv, nargs, COUNT);
  return r == -2 ? 0 : PyLong_FromLong(r);
}

/** sq_contains: a byte's value or bytes. */
export function bytes_contains(o: usize, v: usize): i32 {
  const c = PyNumber_AsSsize_t(v, 0);
  if (c == -1 && PyErr_Occurred()) {
    PyErr_Clear();
    const view = Buffer.open(v);
    if (view == 0) return -1;
    const at = findText(1, BytesLike.data(o), 0, BytesLike.size(o), 1, Buffer.data(view), Buffer.length(view));
    Buffer.close(view);
    return at >= 0 ? 1 : 0;
  }
  if (c < 0 || c > 255) return PyErr_Fail(PyExc_ValueError, "byte must be in range(0, 256)");
  const data = BytesLike.data(o);
  const n = <usize>BytesLike.size(o);
  for (let i: usize = 0; i < n; i++) if (load<u8>(data + i) == <u8>c) return 1;
  return 0;
}

/**
 * Whether the bytes-like `v` stands at the beginning or end of the bytes that `s`, a searchbounds, names; it is not
 * clamped. -1 with TypeError.
 */
function tailMatch(o: usize, v: usize, s: usize, atEnd: bool): i32 {
  const view = Buffer.open(v);
  if (view == 0) return -1;
  const n = BytesLike.size(o);
  let start = searchbounds.at(s).start;
  let end = searchbounds.at(s).end;
  if (end > n) end = n;
  else if (end < 0) end = max<isize>(end + n, 0);
  if (start < 0) start = max<isize>(start + n, 0);
  const m = Buffer.length(view);
  const at = atEnd ? end - m : start;
  const r = end - start >= m && equalBytes(BytesLike.data(o) + <usize>at, Buffer.data(view), <usize>m);
  Buffer.close(view);
  return r ? 1 : 0;
}

function startsOrEnds(fname: string, o: usize, argv: usize, nargs: isize, atEnd: bool): usize {
  const s = bounds(fname, argv, nargs);
  if (s == 0) return 0;
  const r = startsOrEndsWithin(fname, o, Py.item(argv, 0), s, atEnd);
  Scratch.give(s);
  return r;
}

function startsOrEndsWithin(fname: string, o: usize, v: usize, s: usize, atEnd: bool): usize {
  if (Py.check(v, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    for (let i: isize = 0; i < Tuple.size(v); i++) {
      const r = tailMatch(o, Tuple.get(v, i), s, atEnd);
      if (r != 0) return r < 0 ? 0 : _Py_TrueStruct;
    }
    return _Py_FalseStruct;
  }
  if (!PyObject_CheckBuffer(v)) {
    return PyErr_Format(
      PyExc_TypeError,
      "%L first arg must be bytes or a tuple of bytes, not %s",
      changetype<usize>(fname),
      PyTypeName.of(v),
    );
  }
  const r = tailMatch(o, v, s, atEnd);
  return r < 0 ? 0 : boolObject(r != 0);
}

/**
 * @native bytes.startswith($self, prefix[, start[, end]], /)
 *
 * Whether they begin with prefix.
 *
 *   prefix
 *     What to compare with: something with a buffer, or a tuple of such, any of which will do.
 *   start
 *     Where they are taken to begin, from the end if negative.
 *   end
 *     Where they are taken to end, likewise.
 *
 * @native bytearray.startswith($self, prefix[, start[, end]], /)
 *
 * Whether they begin with prefix.
 *
 *   prefix
 *     What to compare with: something that has a buffer, or a tuple of such, any of which will do.
 *   start
 *     Where they are taken to begin, from the end if negative.
 *   end
 *     Where they are taken to end, in the same way too.
 */
export function bytes_startswith(o: usize, argv: usize, nargs: isize): usize {
  return startsOrEnds("startswith", o, argv, nargs, false);
}

/**
 * @native bytes.endswith($self, suffix[, start[, end]], /)
 * @native bytearray.endswith($self, suffix[, start[, end]], /)
 *
 * Whether they end with suffix.
 *
 *   suffix
 *     What to compare with: something with a buffer, or a tuple of such, any of which will do.
 *   start
 *     Where they are taken to begin, from the end if negative.
 *   end
 *     Where they are taken to end, likewise.
 */
export function bytes_endswith(o: usize, argv: usize, nargs: isize): usize {
  return startsOrEnds("endswith", o, argv, nargs, true);
}

function withoutAffix(o: usize, v: usize, atEnd: bool): usize {
  const view = Buffer.open(v);
  if (view == 0) return 0;
  const m = Buffer.length(view);
  const n = BytesLike.size(o);
  const data = BytesLike.data(o);
  const matches = m > 0 && m <= n && equalBytes(data + (atEnd ? <usize>(n - m) : 0), Buffer.data(view), <usize>m);
  // The result before the loan's end, which may run Python.
  const r = matches ? makeLike(o, atEnd ? data : data + <usize>m, n - m) : unchanged(o);
  Buffer.close(view);
  return r;
}

/**
 * @native bytes.removeprefix($self, prefix, /)
 *
 * A copy without prefix, if it begins with that.
 *
 * Otherwise a plain copy. prefix is taken as a whole and at most once; lstrip() takes off any of a set of bytes, as often as they do come.
 *
 * @native bytearray.removeprefix($self, prefix, /)
 *
 * A copy without prefix, if it begins with that.
 *
 * Otherwise a plain copy. prefix is taken as a whole and at most once; lstrip() takes off any of a set of bytes, as often as they come. self stays as it is.
 */
export function bytes_removeprefix(o: usize, v: usize): usize {
  return withoutAffix(o, v, false);
}

/**
 * @native bytes.removesuffix($self, suffix, /)
 * @native bytearray.removesuffix($self, suffix, /)
 *
 * A copy without suffix, where it ends with that.
 *
 * Otherwise a plain copy. suffix is taken as a whole and at most once; rstrip() takes off any of a set of bytes, as often as they come. An empty one does not change anything.
 */
export function bytes_removesuffix(o: usize, v: usize): usize {
  return withoutAffix(o, v, true);
}

class Ascii {
  @inline static lower(c: u32): bool {
    return c - 97 < 26;
  }
  @inline static upper(c: u32): bool {
    return c - 65 < 26;
  }
  @inline static alpha(c: u32): bool {
    return (c | 32) - 97 < 26;
  }
  @inline static digit(c: u32): bool {
    return c - 48 < 10;
  }
  @inline static space(c: u32): bool {
    return c == 32 || (c >= 9 && c <= 13);
  }
}

const LOWER: i32 = 0;
const UPPER: i32 = 1;
const TITLE: i32 = 2;
const CAPITALIZE: i32 = 3;
const SWAP: i32 = 4;

function convert(o: usize, how: i32): usize {
  const n = BytesLike.size(o);
  const block = PyMem_Malloc(<usize>n);
  if (block == 0) return PyErr_NoMemory();
  const data = BytesLike.data(o);
  let inside: bool = false;
  for (let i: usize = 0; i < <usize>n; i++) {
    let c = <u32>load<u8>(data + i);
    const lower = Ascii.lower(c);
    const upper = Ascii.upper(c);
    const wantUpper =
      how == UPPER || (how == TITLE && !inside) || (how == CAPITALIZE && i == 0) || (how == SWAP && lower);
    if (lower && wantUpper) c -= 32;
    else if (upper && !wantUpper) c += 32;
    inside = lower || upper;
    store<u8>(block + i, c);
  }
  const r = makeLike(o, block, n);
  PyMem_Free(block);
  return r;
}

/**
 * @native bytes.lower
 * @native bytearray.lower
 *
 * A copy with small letters.
 *
 * Only those of ASCII are converted: other bytes remain as they are.
 */
export function bytes_lower(o: usize, _: usize): usize {
  return convert(o, LOWER);
}
/**
 * @native bytes.upper
 * @native bytearray.upper
 *
 * A copy with capital letters.
 *
 * Only those of ASCII are converted: other bytes remain as they are.
 */
export function bytes_upper(o: usize, _: usize): usize {
  return convert(o, UPPER);
}
/**
 * @native bytes.title
 * @native bytearray.title
 *
 * A copy in which each word begins with a capital.
 *
 * A word is a row of letters of ASCII: the first becomes upper case, the others lower case, and other bytes stay.
 */
export function bytes_title(o: usize, _: usize): usize {
  return convert(o, TITLE);
}
/**
 * @native bytes.capitalize
 * @native bytearray.capitalize
 *
 * A copy that begins with a capital.
 *
 * Other letters become lower case; what is no letter of ASCII remains exactly as it was before.
 */
export function bytes_capitalize(o: usize, _: usize): usize {
  return convert(o, CAPITALIZE);
}
/**
 * @native bytes.swapcase
 * @native bytearray.swapcase
 *
 * A copy with upper case where there was lower case, and vice versa.
 *
 * Only the letters of ASCII are converted, other bytes stay.
 */
export function bytes_swapcase(o: usize, _: usize): usize {
  return convert(o, SWAP);
}

const ALNUM: i32 = 0;
const ALPHA: i32 = 1;
const DIGIT: i32 = 2;
const SPACE: i32 = 3;

function all(o: usize, what: i32): usize {
  const n = <usize>BytesLike.size(o);
  const data = BytesLike.data(o);
  for (let i: usize = 0; i < n; i++) {
    const c = <u32>load<u8>(data + i);
    const ok = what == SPACE ? Ascii.space(c) : (what != DIGIT && Ascii.alpha(c)) || (what != ALPHA && Ascii.digit(c));
    if (!ok) return _Py_FalseStruct;
  }
  return n > 0 ? _Py_TrueStruct : _Py_FalseStruct;
}

/**
 * @native bytes.isalnum
 * @native bytearray.isalnum
 *
 * Whether all bytes are letters or digits.
 *
 * Those of ASCII are meant, whatever the encoding; of no bytes at all it is not true.
 */
export function bytes_isalnum(o: usize, _: usize): usize {
  return all(o, ALNUM);
}
/**
 * @native bytes.isalpha
 * @native bytearray.isalpha
 *
 * Whether all bytes are letters.
 *
 * Those of ASCII are meant, from A to Z and from a to z; of no bytes at all this is not true.
 */
export function bytes_isalpha(o: usize, _: usize): usize {
  return all(o, ALPHA);
}
/**
 * @native bytes.isdigit
 * @native bytearray.isdigit
 *
 * Whether all bytes are digits.
 *
 * Those of ASCII are meant, from 0 to 9, which int() understands; of no bytes at all it is not true.
 */
export function bytes_isdigit(o: usize, _: usize): usize {
  return all(o, DIGIT);
}
/**
 * @native bytes.isspace
 * @native bytearray.isspace
 *
 * Whether all bytes are white space.
 *
 * That is the blank, the tab and whatever ends a line or a page; of no bytes it is not true.
 */
export function bytes_isspace(o: usize, _: usize): usize {
  return all(o, SPACE);
}

/**
 * @native bytes.isascii
 * @native bytearray.isascii
 *
 * Whether all bytes are below 128, as those of ASCII are.
 *
 * Also of no bytes at all it is so.
 */
export function bytes_isascii(o: usize, _: usize): usize {
  return boolObject(asciiPrefix(BytesLike.data(o), BytesLike.size(o)) == BytesLike.size(o));
}

function oneCase(o: usize, upper: bool): usize {
  const n = <usize>BytesLike.size(o);
  const data = BytesLike.data(o);
  let cased = false;
  for (let i: usize = 0; i < n; i++) {
    const c = <u32>load<u8>(data + i);
    if (upper ? Ascii.lower(c) : Ascii.upper(c)) return _Py_FalseStruct;
    if (upper ? Ascii.upper(c) : Ascii.lower(c)) cased = true;
  }
  return cased ? _Py_TrueStruct : _Py_FalseStruct;
}

/**
 * @native bytes.islower
 * @native bytearray.islower
 *
 * Whether there are letters among the bytes, all of them in lower case.
 *
 * Those of ASCII are meant, from a to z; bytes that are no letters do not matter.
 */
export function bytes_islower(o: usize, _: usize): usize {
  return oneCase(o, false);
}
/**
 * @native bytes.isupper
 * @native bytearray.isupper
 *
 * Whether there are letters among the bytes, all of them in upper case.
 *
 * Those of ASCII are meant, from A to Z; bytes that are no letters do not matter.
 */
export function bytes_isupper(o: usize, _: usize): usize {
  return oneCase(o, true);
}

/**
 * @native bytes.istitle
 * @native bytearray.istitle
 *
 * Whether every word begins with a capital and goes on in lower case.
 *
 * A word is a row of letters of ASCII, as for title(), and there must be one. Digits and other bytes separate words; no bytes at all are not a title.
 */
export function bytes_istitle(o: usize, _: usize): usize {
  const n = <usize>BytesLike.size(o);
  const data = BytesLike.data(o);
  let any = false;
  let inside = false;
  for (let i: usize = 0; i < n; i++) {
    const c = <u32>load<u8>(data + i);
    if (Ascii.upper(c)) {
      if (inside) return _Py_FalseStruct;
      inside = true;
      any = true;
    } else if (Ascii.lower(c)) {
      if (!inside) return _Py_FalseStruct;
      any = true;
    } else inside = false;
  }
  return any ? _Py_TrueStruct : _Py_FalseStruct;
}

/** The bytes with `left` and `right` times `fill` around them. */
function pad(o: usize, left: isize, right: isize, fill: u32): usize {
  const n = BytesLike.size(o);
  if (<i64>n + left + right > 0x7fffff00) return PyErr_NoMemory();
  const r = makeRoom(o, left + n + right);
  if (r == 0) return 0;
  const to = BytesLike.data(r);
  memory.fill(to, <u8>fill, <usize>left);
  memory.copy(to + <usize>left, BytesLike.data(o), <usize>n);
  memory.fill(to + <usize>(left + n), <u8>fill, <usize>right);
  return r;
}

function justify(fname: string, o: usize, argv: usize, nargs: isize, how: i32): usize {
  if (!ArgParser.count(fname, nargs, 1, 2)) return 0;
  const width = ssizeArgument(Py.item(argv, 0));
  if (width == -1 && PyErr_Occurred()) return 0;
  let fill: u32 = 32;
  if (nargs > 1) {
    const f = Py.item(argv, 1);
    const ok = (Py.check(f, Py_TPFLAGS_BYTES_SUBCLASS) || ByteArray.check(f)) && Py.SIZE(f) == 1;
    if (!ok) {
      return PyErr_Format(
        PyExc_TypeError,
        "%L() argument 2 must be a byte string of length 1, not %.50s",
        changetype<usize>(fname),
        PyTypeName.of(f),
      );
    }
    fill = load<u8>(BytesLike.data(f));
  }
  const n = BytesLike.size(o);
  if (n >= width) return unchanged(o);
  const room = width - n;
  const left = how < 0 ? 0 : how > 0 ? room : room / 2 + (room & width & 1);
  return pad(o, left, room - left, fill);
}

/**
 * @native bytes.ljust($self, width, fillchar=b' ', /)
 * @native bytearray.ljust($self, width, fillchar=b' ', /)
 *
 * The bytes at the left of a field so wide.
 *
 * The right side is filled up with the fillchar.
 */
export function bytes_ljust(o: usize, argv: usize, nargs: isize): usize {
  return justify("ljust", o, argv, nargs, -1);
}
/**
 * @native bytes.rjust($self, width, fillchar=b' ', /)
 * @native bytearray.rjust($self, width, fillchar=b' ', /)
 *
 * The bytes at the right of a field so wide.
 *
 * The left side is filled up with the fillchar.
 */
export function bytes_rjust(o: usize, argv: usize, nargs: isize): usize {
  return justify("rjust", o, argv, nargs, 1);
}
/**
 * @native bytes.center($self, width, fillchar=b' ', /)
 * @native bytearray.center($self, width, fillchar=b' ', /)
 *
 * The bytes in the middle of a field so wide.
 *
 * What is missing is filled with the fillchar.
 */
export function bytes_center(o: usize, argv: usize, nargs: isize): usize {
  return justify("center", o, argv, nargs, 0);
}

/**
 * @native bytes.zfill($self, width, /)
 * @native bytearray.zfill($self, width, /)
 *
 * The number, written in ASCII, with zeros before it until it is so wide.
 *
 * A sign stays in front of them; nothing is ever cut.
 */
export function bytes_zfill(o: usize, arg: usize): usize {
  const width = ssizeArgument(arg);
  if (width == -1 && PyErr_Occurred()) return 0;
  const n = BytesLike.size(o);
  if (n >= width) return unchanged(o);
  const fill = width - n;
  const r = pad(o, fill, 0, 48);
  if (r == 0) return 0;
  const p = BytesLike.data(r);
  const c = n > 0 ? load<u8>(p + <usize>fill) : 0;
  if (c == 0x2b || c == 0x2d) {
    store<u8>(p, c);
    store<u8>(p + <usize>fill, 48);
  }
  return r;
}

/**
 * @native bytes.expandtabs($self, /, tabsize=8)
 * @native bytearray.expandtabs($self, /, tabsize=8)
 *
 * A copy with blanks in place of tabs.
 *
 * Each tab reaches the next column that tabsize divides: 8, 16, 24, ... by default so.
 */
export function bytes_expandtabs(o: usize, tabsize: usize): usize {
  let tab: isize = 8;
  if (tabsize != 0) {
    tab = intArgument(tabsize);
    if (tab == -1 && PyErr_Occurred()) return 0;
  }
  const n = <usize>BytesLike.size(o);
  const data = BytesLike.data(o);
  const w = ByteWriter.begin(<isize>n);
  let column: isize = 0;
  for (let i: usize = 0; i < n; i++) {
    const c = load<u8>(data + i);
    if (c == 9) {
      if (tab <= 0) continue;
      const step = tab - (column % tab);
      if (column > 0x7fffffff - step) {
        byteWriterDiscard(w);
        return PyErr_SetString(PyExc_OverflowError, "result too long");
      }
      column += step;
      if (ByteWriter.prepare(w, step) < 0) return byteWriterDiscard(w);
      memory.fill(ByteWriter.address(w), 32, <usize>step);
      ByteWriter.advance(w, step);
      continue;
    }
    column = c == 10 || c == 13 ? 0 : column + 1;
    if (writeByte(w, c) < 0) return byteWriterDiscard(w);
  }
  return finishLike(o, w);
}

/** Ends a byte writer with a result of `o`'s kind. */
function finishLike(o: usize, w: usize): usize {
  const bytes = byteWriterFinish(w);
  if (bytes == 0 || BytesLike.isBytes(o)) return bytes;
  const r = PyByteArray_FromStringAndSize(PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
  Py.DECREF(bytes);
  return r;
}

/**
 * @native bytes.replace($self, old, new, count=-1, /)
 * @native bytearray.replace($self, old, new, count=-1, /)
 *
 * A copy in which new stands wherever old stood.
 *
 *   count
 *     Replace only so many, from the left. A negative number, which is the default, means all of them.
 *
 * An empty old is found before each element and at the end, so that new is put between all of these elements.
 */
export function bytes_replace(o: usize, old: usize, new_: usize, count: usize): usize {
  const from = Buffer.open(old);
  if (from == 0) return 0;
  const to = Buffer.open(new_);
  let limit: isize = -1;
  let ok = to != 0;
  if (ok && count != 0) {
    limit = ssizeArgument(count);
    ok = !(limit == -1 && PyErr_Occurred());
  }
  const r = ok ? replace(o, Buffer.data(from), Buffer.length(from), Buffer.data(to), Buffer.length(to), limit) : 0;
  if (to != 0) Buffer.close(to);
  Buffer.close(from);
  return r;
}

function replace(o: usize, from: usize, m: isize, to: usize, k: isize, limit: isize): usize {
  const n = BytesLike.size(o);
  const data = BytesLike.data(o);
  if (limit < 0) limit = 0x7fffffff;
  const count = limit == 0 || n < m ? 0 : countText(1, data, 0, n, 1, from, m, limit);
  if (count == 0) return unchanged(o);
  const total = <i64>n + <i64>count * <i64>(k - m);
  if (total > 0x7fffff00) return PyErr_NoMemory();
  const block = PyMem_Malloc(<usize>total);
  if (block == 0) return PyErr_NoMemory();
  let p = block;
  let start: isize = 0;
  for (let i: isize = 0; i < count; i++) {
    // An empty needle is found before each byte, and after the last.
    const at = m == 0 ? i : findText(1, data, start, n, 1, from, m);
    memory.copy(p, data + <usize>start, <usize>(at - start));
    p += <usize>(at - start);
    memory.copy(p, to, <usize>k);
    p += <usize>k;
    start = at + m;
  }
  memory.copy(p, data + <usize>start, <usize>(n - start));
  const r = makeLike(o, block, <isize>total);
  PyMem_Free(block);
  return r;
}

/**
 * @native bytes.translate($self, table, /, delete=b'')
 * @native bytearray.translate($self, table, /, delete=b'')
 *
 * A copy in which a table decides what becomes of each byte.
 *
 *   table
 *     256 bytes, at the place of each the one to put there, as bytes.maketrans() makes them; None changes no byte.
 *   delete
 *     Bytes to leave out before the others are looked up.
 *
 * >>> b'hello'.translate(None, b'l')
 * b'heo'
 */
export function bytes_translate(o: usize, table: usize, delete_: usize): usize {
  let tableView: usize = 0;
  if (table != _Py_NoneStruct) {
    tableView = Buffer.open(table);
    if (tableView == 0) return 0;
    if (Buffer.length(tableView) != 256) {
      Buffer.close(tableView);
      return PyErr_SetString(PyExc_ValueError, "translation table must be 256 characters long");
    }
  }
  let deleteView: usize = 0;
  if (delete_ != 0) {
    deleteView = Buffer.open(delete_);
    if (deleteView == 0) {
      if (tableView != 0) Buffer.close(tableView);
      return 0;
    }
  }
  const n = BytesLike.size(o);
  const data = BytesLike.data(o);
  const block = PyMem_Malloc(<usize>n + 256);
  let r: usize = 0;
  if (block == 0) PyErr_NoMemory();
  else {
    const drop = block + <usize>n;
    memory.fill(drop, 0, 256);
    if (deleteView != 0) {
      const d = Buffer.data(deleteView);
      for (let i: usize = 0; i < <usize>Buffer.length(deleteView); i++) store<u8>(drop + load<u8>(d + i), 1);
    }
    let p = block;
    for (let i: usize = 0; i < <usize>n; i++) {
      const c = load<u8>(data + i);
      if (load<u8>(drop + c)) continue;
      store<u8>(p++, tableView != 0 ? load<u8>(Buffer.data(tableView) + c) : c);
    }
    const size = <isize>(p - block);
    r =
      Py.IS_TYPE(o, PyBytes_Type) && size == n && equalBytes(block, data, <usize>n)
        ? Py.NewRef(o)
        : makeLike(o, block, size);
    PyMem_Free(block);
  }
  if (deleteView != 0) Buffer.close(deleteView);
  if (tableView != 0) Buffer.close(tableView);
  return r;
}

/**
 * bytes.maketrans, a static method.
 *
 * @staticmethod bytes.maketrans(frm, to, /)
 * @staticmethod bytearray.maketrans(frm, to, /)
 *
 * A table for the method translate() of bytes and bytearray.
 *
 * Each byte of frm is replaced by the one at its place in to; they must be of the same length. Bytes that do not occur in frm stay. The table itself is made of bytes, 256 in all.
 */
export function bytes_maketrans(_null: usize, frm: usize, to_: usize): usize {
  const from = Buffer.open(frm);
  if (from == 0) return 0;
  const to = Buffer.open(to_);
  let r: usize = 0;
  if (to != 0) {
    if (Buffer.length(from) != Buffer.length(to)) {
      PyErr_SetString(PyExc_ValueError, "maketrans arguments must have same length");
    } else {
      r = PyBytes_FromStringAndSize(0, 256);
      if (r != 0) {
        for (let i: usize = 0; i < 256; i++) store<u8>(PyBytesObject.at(r).ob_sval + i, <u8>i);
        for (let i: usize = 0; i < <usize>Buffer.length(from); i++) {
          store<u8>(PyBytesObject.at(r).ob_sval + load<u8>(Buffer.data(from) + i), load<u8>(Buffer.data(to) + i));
        }
      }
    }
    Buffer.close(to);
  }
  Buffer.close(from);
  return r;
}

/**
 * join: the bytes-like items of an iterable with `o` between.
 *
 * @native bytes.join($self, iterable_of_bytes, /)
 *
 * The bytes of all elements of the iterable in a row, with these between each and the next.
 *
 * An element is anything that has a buffer.
 *
 * >>> b', '.join([b'one', bytearray(b'two')])
 * b'one, two'
 *
 * Of none nothing.
 *
 * @native bytearray.join($self, iterable_of_bytes, /)
 *
 * The bytes of all elements of the iterable in a row, with these between each and the next.
 *
 * An element is anything that has a buffer. A new bytearray, also where there are none.
 */
export function bytes_join(o: usize, iterable: usize): usize {
  if (BytesLike.isBytes(o)) return join(o, iterable);
  // The iterable and its items may do anything but resize the separator.
  const view = Buffer.open(o);
  if (view == 0) return 0;
  const r = join(o, iterable);
  Buffer.close(view);
  return r;
}

/** Few enough items for their views to be in scratch memory. */
const FEW_VIEWS: isize = 10;

function join(o: usize, iterable: usize): usize {
  const fast = PySequence_Fast(iterable, "can only join an iterable");
  if (fast == 0) return 0;
  const n = Py.SIZE(fast);
  if (n == 0) {
    Py.DECREF(fast);
    return makeLike(o, 0, 0);
  }
  if (n == 1 && BytesLike.isBytes(o)) {
    const only = Py.item(fastItems(fast), 0);
    if (Py.IS_TYPE(only, PyBytes_Type)) {
      Py.INCREF(only);
      Py.DECREF(fast);
      return only;
    }
  }
  // All lend their bytes until the last has: what one does cannot change another.
  const few = n <= FEW_VIEWS && Scratch.isRoomy();
  const bytes = <usize>n * SIZEOF_Py_buffer;
  const views = few ? Scratch.take(<isize>(bytes >> 3)) : PyMem_Malloc(bytes);
  if (views == 0) {
    Py.DECREF(fast);
    return PyErr_NoMemory();
  }
  let total: i64 = 0;
  let opened: isize = 0;
  let ok = true;
  while (ok && opened < n) {
    const view = views + <usize>opened * SIZEOF_Py_buffer;
    const item = Py.NewRef(Py.item(fastItems(fast), opened));
    if (PyObject_GetBuffer(item, view, PyBUF_SIMPLE) < 0) {
      const format = "sequence item %d: expected a bytes-like object, %.80s found";
      PyErr_Clear();
      PyErr_Format(PyExc_TypeError, format, opened, PyTypeName.of(item));
      ok = false;
    } else {
      total += Py_buffer.at(view).len;
      if (opened > 0) total += BytesLike.size(o);
      opened++;
    }
    Py.DECREF(item);
    if (ok && Py.SIZE(fast) != n) {
      PyErr_SetString(PyExc_RuntimeError, "sequence changed size during iteration");
      ok = false;
    }
  }
  let r: usize = 0;
  if (ok) r = total > 0x7fffff00 ? PyErr_NoMemory() : makeRoom(o, <isize>total);
  if (r != 0) joinViews(o, BytesLike.data(r), views, n);
  Py.DECREF(fast);
  for (let i: isize = 0; i < opened; i++) PyBuffer_Release(views + <usize>i * SIZEOF_Py_buffer);
  if (few) Scratch.give(views);
  else PyMem_Free(views);
  return r;
}

/** Copies the bytes of `n` views to `p`, those of `o` between each and the next. */
function joinViews(o: usize, p: usize, views: usize, n: isize): void {
  const separator = BytesLike.data(o);
  const m = <usize>BytesLike.size(o);
  for (let i: isize = 0; i < n; i++) {
    if (i > 0) {
      memory.copy(p, separator, m);
      p += m;
    }
    const view = Py_buffer.at(views + <usize>i * SIZEOF_Py_buffer);
    memory.copy(p, view.buf, <usize>view.len);
    p += <usize>view.len;
  }
}

/**
 * hex([sep[, bytes_per_sep]]): a new str.
 *
 * @native bytes.hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)
 *
 * The bytes as text, two digits in base 16 each.
 *
 *   sep
 *     What to put between groups of digits: a single character, or else one byte.
 *   bytes_per_sep
 *     How many of the bytes make a group, counted from the right; from the left where the number is negative.
 *
 * >>> b'Hello'.hex()
 * '48656c6c6f'
 * >>> b'Hello'.hex(' ')
 * '48 65 6c 6c 6f'
 * >>> b'Hello'.hex('_', 2)
 * '48_656c_6c6f'
 * >>> b'Hello'.hex('_', -2)
 * '4865_6c6c_6f'
 *
 * @native bytearray.hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)
 *
 * The bytes as text, two digits in base 16 each.
 *
 *   sep
 *     What to put between groups of digits: one character, or one byte; by default there is no such thing.
 *   bytes_per_sep
 *     How many bytes make a group, counted from the right; from the left where the number is negative.
 *
 * >>> data = bytearray(b'Hello')
 * >>> data.hex()
 * '48656c6c6f'
 * >>> data.hex(' ')
 * '48 65 6c 6c 6f'
 * >>> data.hex('_', 2)
 * '48_656c_6c6f'
 * >>> data.hex('_', -2)
 * '4865_6c6c_6f'
 */
export function bytes_hex(o: usize, sep: usize, bytes_per_sep: usize): usize {
  let group = 1;
  if (bytes_per_sep != 0) {
    group = intArgument(bytes_per_sep);
    if (group == -1 && PyErr_Occurred()) return 0;
  }
  // The separator may be asked for its length.
  const view = Buffer.open(o);
  if (view == 0) return 0;
  const r = hexOf(Buffer.data(view), Buffer.length(view), sep, group);
  Buffer.close(view);
  return r;
}

/** The separator of hexadecimal text, 0 where there is none (null), `most` at most; -1 with an exception. */
function hexSeparator(sep: usize, most: u32): i32 {
  if (sep == 0) return 0;
  const length = PyObject_Size(sep);
  if (length < 0) return -1;
  if (length != 1) return PyErr_Fail(PyExc_ValueError, "sep must be length 1.");
  let separator: u32;
  if (Py.check(sep, Py_TPFLAGS_UNICODE_SUBCLASS)) separator = U.at(sep, 0);
  else if (Py.check(sep, Py_TPFLAGS_BYTES_SUBCLASS)) separator = load<u8>(PyBytesObject.at(sep).ob_sval);
  else return PyErr_Fail(PyExc_TypeError, "sep must be str or bytes.");
  return separator > most ? PyErr_Fail(PyExc_ValueError, "sep must be ASCII.") : <i32>separator;
}

/** How many characters the text of `n` bytes has, with a separator after every `group` of them; -1 with MemoryError. */
function hexLength(n: isize, group: i32): isize {
  const size = abs<i32>(group);
  const separators = size == 0 || n == 0 ? 0 : (n - 1) / size;
  if (n <= 0x3fffff00 - separators) return n * 2 + separators;
  PyErr_NoMemory();
  return -1;
}

function putHex(p: usize, data: usize, n: isize, separator: i32, group: i32): void {
  const size = abs<i32>(group);
  for (let i: isize = 0; i < n; i++) {
    const before = group > 0 ? n - i : i;
    if (i > 0 && size != 0 && before % size == 0) store<u8>(p++, separator);
    const c = <u32>load<u8>(data + <usize>i);
    store<u8>(p++, c >> 4 < 10 ? 48 + (c >> 4) : 87 + (c >> 4));
    store<u8>(p++, (c & 15) < 10 ? 48 + (c & 15) : 87 + (c & 15));
  }
}

/**
 * The bytes as hexadecimal text, `sep` (a str or bytes, or null) after every `group` bytes, counted from the right if that
 * is positive: a new str, or null with an exception.
 */
export function hexOf(data: usize, n: isize, sep: usize, group: i32): usize {
  const separator = hexSeparator(sep, 0x7f);
  if (separator < 0) return 0;
  if (sep == 0) group = 0;
  const length = hexLength(n, group);
  if (length < 0) return 0;
  if (length == 0) return empty_string;
  const r = PyUnicode_New(length, 127);
  if (r != 0) putHex(U.asciiData(r), data, n, separator, group);
  return r;
}

/** As hexOf, but new bytes. */
export function hexBytesOf(data: usize, n: isize, sep: usize, group: i32): usize {
  const separator = hexSeparator(sep, 0xff);
  if (separator < 0) return 0;
  if (sep == 0) group = 0;
  const length = hexLength(n, group);
  const r = length < 0 ? 0 : PyBytes_FromStringAndSize(0, length);
  if (r != 0) putHex(PyBytesObject.at(r).ob_sval, data, n, separator, group);
  return r;
}

/** Reads pairs of hexadecimal digits, spaces between them, into a byte writer; -1 with an exception. */
export function readHex(w: usize, text: usize): i32 {
  const n = U.length(text);
  let i: isize = 0;
  while (i < n) {
    while (i < n && Ascii.space(U.at(text, i))) i++;
    if (i >= n) break;
    const high = digitValue(U.at(text, i));
    const low = i + 1 < n && high < 16 ? digitValue(U.at(text, i + 1)) : 37;
    if (high > 15 || low > 15) {
      const at = high > 15 ? i : i + 1;
      PyErr_Format(PyExc_ValueError, "non-hexadecimal number found in fromhex() arg at position %d", at);
      return -1;
    }
    if (writeByte(w, (high << 4) | low) < 0) return -1;
    i += 2;
  }
  return 0;
}

/**
 * @native bytes.decode($self, /, encoding='utf-8', errors='strict')
 *
 * The bytes as text.
 *
 *   encoding
 *     Which character they stand for, by name.
 *   errors
 *     What to do with bytes that stand for no one. 'strict', the default, raises UnicodeDecodeError; 'ignore' leaves them out; 'replace' writes U+FFFD, a question mark in a black diamond; 'surrogateescape' keeps each as a special character, from which encoding gets it back; 'backslashreplace' writes its number in base 16. codecs.register_error() adds more.
 *
 * @native bytearray.decode($self, /, encoding='utf-8', errors='strict')
 *
 * The bytes as text.
 *
 *   encoding
 *     Which character they stand for, by name.
 *   errors
 *     What to do with bytes that stand for none. 'strict', the default, raises UnicodeDecodeError; 'ignore' leaves them out; 'replace' writes U+FFFD, a question mark in a diamond; 'surrogateescape' keeps each as a special character, from which encoding gets it back; 'backslashreplace' writes its number in base 16. The bytearray stays as it was. codecs.register_error() adds more names.
 */
export function bytes_decode(o: usize, encoding: usize, errors: usize): usize {
  if (encoding != 0 && !utf8Argument(encoding, "decode", "argument 'encoding'")) return 0;
  if (errors != 0 && !utf8Argument(errors, "decode", "argument 'errors'")) return 0;
  return PyUnicode_FromEncodedObject(o, encoding, errors);
}
