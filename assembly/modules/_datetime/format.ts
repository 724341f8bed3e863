// Dates and times as text (a part of CPython 3.13's Modules/_datetimemodule.c): isoformat(), ctime(), and strftime(), which
// writes what time.strftime() knows nothing of into the format and leaves the rest to that.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { datetime_parts, PyDateTime_Delta } from "../../generated/layouts";
import { _Py_NoneStruct, ID, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { PyErr_Fail, PyErr_SetString } from "../../objects/errors/raise";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import {
  PyObject_CallMethodTwoArgs,
  PyObject_CallNoArgs,
  PyObject_CallOneArg,
  PyObject_CallTwoArgs,
} from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { U } from "../../objects/text/access";
import { PyUnicode_AsUTF8String } from "../../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { findCharacter } from "../../objects/text/find";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { daysBeforeMonth, weekdayOf } from "./calendar";
import { Field, isDate, isDateTime, isTime } from "./fields";
import { callName, callOffset } from "./tzinfo";

/** Writes a number with at least so many digits, its sign before them: 0, or -1 with MemoryError. */
export function writeDigits(w: usize, value: i32, digits: i32): i32 {
  if (value < 0 && Writer.char(w, 0x2d) < 0) return -1;
  const n = abs<i32>(value);
  let divisor = 1;
  let count = 1;
  while (n / divisor >= 10 || count < digits) {
    divisor *= 10;
    count++;
  }
  for (; divisor > 0; divisor /= 10) {
    if (Writer.char(w, 0x30 + <u32>((n / divisor) % 10)) < 0) return -1;
  }
  return 0;
}

/** Writes the date as YYYY-MM-DD. */
export function writeDate(w: usize, o: usize): i32 {
  if (writeDigits(w, Field.year(o), 4) < 0 || writeLiteral(w, "-") < 0) return -1;
  if (writeDigits(w, Field.month(o), 2) < 0 || writeLiteral(w, "-") < 0) return -1;
  return writeDigits(w, Field.day(o), 2);
}

/** What of a time is written: up to hours, minutes, seconds, milliseconds or microseconds; -1 where it is no such name. */
function specOf(timespec: usize, us: i32): i32 {
  if (timespec == 0 || PyUnicode_EqualToLiteral(timespec, "auto")) return us == 0 ? 2 : 4;
  if (PyUnicode_EqualToLiteral(timespec, "hours")) return 0;
  if (PyUnicode_EqualToLiteral(timespec, "minutes")) return 1;
  if (PyUnicode_EqualToLiteral(timespec, "seconds")) return 2;
  if (PyUnicode_EqualToLiteral(timespec, "milliseconds")) return 3;
  return PyUnicode_EqualToLiteral(timespec, "microseconds") ? 4 : -1;
}

/** Writes the time of day up to what `timespec` (a str, or null) names: 0, or -1 with an exception. */
export function writeTime(w: usize, clock: usize, timespec: usize): i32 {
  const us = Field.microsecond(clock);
  const spec = specOf(timespec, us);
  if (spec < 0) return PyErr_Fail(PyExc_ValueError, "Unknown timespec value");
  if (writeDigits(w, Field.hour(clock), 2) < 0) return -1;
  if (spec >= 1 && (writeLiteral(w, ":") < 0 || writeDigits(w, Field.minute(clock), 2) < 0)) return -1;
  if (spec >= 2 && (writeLiteral(w, ":") < 0 || writeDigits(w, Field.second(clock), 2) < 0)) return -1;
  if (spec >= 3 && writeLiteral(w, ".") < 0) return -1;
  if (spec == 3) return writeDigits(w, us / 1000, 3);
  return spec == 4 ? writeDigits(w, us, 6) : 0;
}

/** Writes a difference from UTC as +HH:MM, with what is more, the separator between: 0, or -1 with MemoryError. */
export function writeOffset(w: usize, days: i32, seconds: i32, microseconds: i32, separator: string): i32 {
  let us = (<i64>days * 86400 + seconds) * 1000000 + microseconds;
  if (Writer.char(w, us < 0 ? 0x2d : 0x2b) < 0) return -1;
  us = abs<i64>(us);
  const s = <i32>(us / 1000000);
  const rest = <i32>(us % 1000000);
  if (writeDigits(w, s / 3600, 2) < 0 || writeLiteral(w, separator) < 0 || writeDigits(w, (s / 60) % 60, 2) < 0)
    return -1;
  if (rest == 0 && s % 60 == 0) return 0;
  if (writeLiteral(w, separator) < 0 || writeDigits(w, s % 60, 2) < 0) return -1;
  return rest == 0 ? 0 : writeLiteral(w, ".") < 0 ? -1 : writeDigits(w, rest, 6);
}

/** Writes what zone.utcoffset(argument) is, nothing where that is None: 0, or -1 with an exception. */
export function writeUtcOffset(w: usize, zone: usize, argument: usize, separator: string): i32 {
  const offset = callOffset(zone, ID.utcoffset, argument);
  if (offset == 0) return -1;
  if (offset == _Py_NoneStruct) return 0;
  const x = PyDateTime_Delta.at(offset);
  const r = writeOffset(w, x.days, x.seconds, x.microseconds, separator);
  Py.DECREF(offset);
  return r;
}

const DAYS = "MonTueWedThuFriSatSun";
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

/** Writes three letters of a literal. */
function writeName(w: usize, names: string, i: i32): i32 {
  for (let k = 0; k < 3; k++) if (Writer.char(w, <u32>names.charCodeAt(i * 3 + k)) < 0) return -1;
  return Writer.char(w, 0x20);
}

/** A date and a time of day (null for midnight) as ctime() writes them; null with MemoryError. */
export function formatCtime(o: usize, clock: usize): usize {
  const w = Writer.begin();
  const day = Field.day(o);
  const written =
    writeName(w, DAYS, weekdayOf(Field.year(o), Field.month(o), day)) == 0 &&
    writeName(w, MONTHS, Field.month(o) - 1) == 0 &&
    (day > 9 || Writer.char(w, 0x20) == 0) &&
    writeDigits(w, day, 0) == 0 &&
    writeLiteral(w, " ") == 0 &&
    writeDigits(w, clock == 0 ? 0 : Field.hour(clock), 2) == 0 &&
    writeLiteral(w, ":") == 0 &&
    writeDigits(w, clock == 0 ? 0 : Field.minute(clock), 2) == 0 &&
    writeLiteral(w, ":") == 0 &&
    writeDigits(w, clock == 0 ? 0 : Field.second(clock), 2) == 0 &&
    writeLiteral(w, " ") == 0 &&
    writeDigits(w, Field.year(o), 4) == 0;
  return written ? writerFinish(w) : writerDiscard(w);
}

/** An attribute of the module time, new; null with an exception. */
function timeAttribute(name: string): usize {
  const m = PyImport_ImportLiteral("time");
  const s = m == 0 ? 0 : PyUnicode_InternLiteral(name);
  const r = s == 0 ? 0 : PyObject_GetAttr(m, s);
  Py.XDECREF(s);
  Py.XDECREF(m);
  return r;
}

/** time.time(): null with an exception. */
export function callTime(): usize {
  const f = timeAttribute("time");
  const r = f == 0 ? 0 : PyObject_CallNoArgs(f);
  Py.XDECREF(f);
  return r;
}

/** A tuple of the nine numbers of a struct_time. */
export function timeTuple(p: usize, weekday: i32, yearday: i32, dst: i32): usize {
  const t = PyTuple_New(9);
  if (t == 0) return 0;
  for (let i: isize = 0; i < 9; i++) {
    let value = i == 6 ? weekday : i == 7 ? yearday : dst;
    if (i < 6) value = load<i32>(p + ((<usize>i) << 2));
    const v = PyLong_FromLong(value);
    if (v == 0) {
      Py.DECREF(t);
      return 0;
    }
    Tuple.set(t, i, v);
  }
  return t;
}

/** A time.struct_time of the parts, whose date is one: null with an exception. */
export function structTimeOf(p: usize, dst: i32): usize {
  const x = datetime_parts.at(p);
  const yearday = daysBeforeMonth(x.year, x.month) + x.day;
  const tuple = timeTuple(p, weekdayOf(x.year, x.month, x.day), yearday, dst);
  const type = tuple == 0 ? 0 : timeAttribute("struct_time");
  const r = type == 0 ? 0 : PyObject_CallOneArg(type, tuple);
  Py.XDECREF(type);
  Py.XDECREF(tuple);
  return r;
}

/** Writes the name of the zone, its percent signs doubled, up to a NUL: 0, 1 where there is a NUL, or -1 with an exception. */
function writeZoneName(w: usize, o: usize, argument: usize): i32 {
  const zone = isDate(o) || isTime(o) ? zoneOf(o) : _Py_NoneStruct;
  if (zone == _Py_NoneStruct) return 0;
  const name = callName(zone, argument);
  if (name == 0) return -1;
  if (name == _Py_NoneStruct) return 0;
  const text = doublePercent(name);
  Py.DECREF(name);
  if (text == 0) return -1;
  let r = checkUTF8(text);
  const n = U.length(text);
  const end = findCharacter(U.kind(text), U.data(text), 0, n, 0);
  for (let i: isize = 0; r == 0 && i < (end < 0 ? n : end); i++) r = Writer.char(w, U.at(text, i));
  Py.DECREF(text);
  return r == 0 && end >= 0 ? 1 : r;
}

/** Half of a pair of surrogates has no UTF-8: 0, or -1 with UnicodeEncodeError. */
function checkUTF8(text: usize): i32 {
  const utf8 = PyUnicode_AsUTF8String(text, 0);
  if (utf8 == 0) return -1;
  Py.DECREF(utf8);
  return 0;
}

/** name.replace("%", "%%"), which may be of a subclass: a new str; null with an exception. */
function doublePercent(name: usize): usize {
  const percent = PyUnicode_FromLiteral("%");
  const two = percent == 0 ? 0 : PyUnicode_FromLiteral("%%");
  const text = two == 0 ? 0 : PyObject_CallMethodTwoArgs(name, ID.replace, percent, two);
  Py.XDECREF(two);
  Py.XDECREF(percent);
  if (text == 0 || Py.check(text, Py_TPFLAGS_UNICODE_SUBCLASS)) return text;
  Py.DECREF(text);
  return PyErr_SetString(PyExc_TypeError, "tzname.replace() did not return a string");
}

/** The zone of a time or datetime, None of a date; borrowed. */
function zoneOf(o: usize): usize {
  return isDateTime(o) || isTime(o) ? Field.zone(o) : _Py_NoneStruct;
}

/** Writes the format up to a NUL, what time.strftime() does not know replaced: 0, or -1 with an exception. */
function writeFormat(w: usize, o: usize, format: usize, argument: usize): i32 {
  const n = U.length(format);
  let i: isize = 0;
  while (i < n) {
    const c = U.at(format, i++);
    if (c == 0) break;
    if (c != 0x25 || i >= n || U.at(format, i) == 0) {
      if (Writer.char(w, c) < 0) return -1;
      continue;
    }
    const code = U.at(format, i++);
    let r = 0;
    if (code == 0x7a || (code == 0x3a && i < n && U.at(format, i) == 0x7a)) {
      if (code == 0x3a) i++;
      const zone = zoneOf(o);
      if (zone != _Py_NoneStruct) r = writeUtcOffset(w, zone, argument, code == 0x7a ? "" : ":");
    } else if (code == 0x5a) r = writeZoneName(w, o, argument);
    else if (code == 0x66) {
      r = writeDigits(w, isDateTime(o) || isTime(o) ? Field.microsecond(Field.clock(o)) : 0, 6);
    } else r = Writer.char(w, 0x25) < 0 ? -1 : Writer.char(w, code);
    if (r != 0) return min(r, 0);
  }
  return 0;
}

/** strftime() of a date or time, with its tuple; `argument` is what the methods of the zone get. Null with an exception. */
export function formatByTime(o: usize, format: usize, tuple: usize, argument: usize): usize {
  if (checkUTF8(format) < 0) return 0;
  const w = Writer.begin();
  const text = writeFormat(w, o, format, argument) < 0 ? writerDiscard(w) : writerFinish(w);
  const f = text == 0 ? 0 : timeAttribute("strftime");
  const r = f == 0 ? 0 : PyObject_CallTwoArgs(f, text, tuple);
  Py.XDECREF(f);
  Py.XDECREF(text);
  return r;
}

/** repr of a date or time up to the bracket: its type and n parts from `first` on. 0, or -1 with an exception. */
export function writeParts(w: usize, o: usize, p: usize, first: isize, n: isize): i32 {
  const name = PyUnicode_FromFormat("%t(", o);
  if (name == 0) return -1;
  let r = writeStr(w, name);
  Py.DECREF(name);
  for (let i: isize = 0; i < n && r == 0; i++) {
    if (i > 0) r = writeLiteral(w, ", ");
    if (r == 0) r = writeDigits(w, load<i32>(p + ((<usize>(first + i)) << 2)), 0);
  }
  return r;
}

/** Writes ", fold=1" where it is: 0, or -1 with MemoryError. */
export function writeFold(w: usize, fold: i32): i32 {
  return fold ? writeLiteral(w, ", fold=1") : 0;
}

/** Writes ", tzinfo=..." where there is a zone: 0, or -1 with an exception. */
export function writeZone(w: usize, zone: usize): i32 {
  if (zone == _Py_NoneStruct) return 0;
  const text = PyUnicode_FromFormat(", tzinfo=%R", zone);
  if (text == 0) return -1;
  const r = writeStr(w, text);
  Py.DECREF(text);
  return r;
}
