// The rules at the end of a TZif file, which say how all years after its last change go (a part of CPython 3.13's
// Modules/_zoneinfo.c):
//
//   CET-1CEST,M3.5.0,M10.5.0/3
//   └── name and offset outside of summer, name in summer (and offset, if it is not an hour more), its start, its end
//
// Local times are in seconds since 1970, as if they were UTC.

import {
  _ttinfo,
  _tzrule,
  _tzrule_end,
  _tzrule_start,
  CalendarRule,
  DayRule,
  SIZEOF_CalendarRule,
  SIZEOF_DayRule,
  SIZEOF_tz_cursor,
  tz_cursor,
} from "../../generated/layouts";
import { zoneinfoRoots } from "../../generated/runtime";
import { PyExc_ValueError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { BytesLike } from "../../objects/bytes/common";
import { PyDict_GetItemWithError, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyErr_Format, PyErr_Occurred } from "../../objects/errors/raise";
import { PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromStringAndSize } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { daysInMonth, ordinalOf } from "../_datetime/calendar";
import { newDelta } from "../_datetime/fields";

/** The number of the first of January 1970. */
export const EPOCH_ORDINAL: i32 = 719163;

/** The local time of a rule's hour, minute and second on a day. */
function timeOf(rule: usize, ordinal: i32): i64 {
  const r = CalendarRule.at(rule);
  const hour = <i64>(<i16>r.hour);
  return <i64>(ordinal - EPOCH_ORDINAL) * 86400 + hour * 3600 + <i64>(<i8>r.minute) * 60 + <i64>(<i8>r.second);
}

/** When a rule of month, week and day of the week is, in a year. */
function calendarTime(rule: usize, year: i32): i64 {
  const r = CalendarRule.at(rule);
  const first = ordinalOf(year, r.month, 1);
  // Days of the week begin with Sunday here.
  let day = (<i32>r.day - (first % 7) + 7) % 7;
  day += (<i32>r.week - 1) * 7;
  if (day >= daysInMonth(year, r.month)) day -= 7;
  return timeOf(rule, first + day);
}

/** When a rule of a number of a day is, in a year. */
function dayTime(rule: usize, year: i32): i64 {
  const r = DayRule.at(rule);
  let day: i32 = r.day;
  if (r.julian && day >= 59 && daysInMonth(year, 2) == 29) day++;
  return timeOf(rule, ordinalOf(year, 1, 1) - 1 + day);
}

function startOf(rule: usize, year: i32): i64 {
  const r = _tzrule.at(rule).start;
  return call_indirect<i64>(<u32>CalendarRule.at(r).year_to_timestamp, r, year);
}

function endOf(rule: usize, year: i32): i64 {
  const r = _tzrule.at(rule).end;
  return call_indirect<i64>(<u32>CalendarRule.at(r).year_to_timestamp, r, year);
}

function isWithin(time: i64, start: i64, end: i64): bool {
  return start < end ? time >= start && time < end : time < end || time >= start;
}

/** The _ttinfo of a local time. */
export function ttinfoOfLocal(rule: usize, time: i64, fold: i32, year: i32): usize {
  const r = _tzrule.at(rule);
  if (r.std_only) return r.std;
  let start = startOf(rule, year);
  let end = endOf(rule, year);
  // With fold, the hour that is there twice belongs to what comes after it.
  if ((fold != 0) == r.dst_diff >= 0) end -= r.dst_diff;
  else start += r.dst_diff;
  return isWithin(time, start, end) ? r.dst : r.std;
}

/** The _ttinfo of a time in UTC; writes whether it is the second of two to the u32 at `fold`. */
export function ttinfoOfUtc(rule: usize, time: i64, year: i32, fold: usize): usize {
  const r = _tzrule.at(rule);
  store<u32>(fold, 0);
  if (r.std_only) return r.std;
  const start = startOf(rule, year) - _ttinfo.at(r.std).utcoff_seconds;
  const end = endOf(rule, year) - _ttinfo.at(r.dst).utcoff_seconds;
  const back = r.dst_diff > 0 ? end : start;
  if (time >= back && time < back + abs<i32>(r.dst_diff)) store<u32>(fold, 1);
  return isWithin(time, start, end) ? r.dst : r.std;
}

// _ttinfo

/** The timedelta of so many seconds, which there is one of: a new reference, null with MemoryError. */
function deltaOf(seconds: i64): usize {
  const key = PyLong_FromLongLong(seconds);
  if (key == 0) return 0;
  let delta = Py.XNewRef(PyDict_GetItemWithError(zoneinfoRoots.deltas, key));
  if (delta == 0 && !PyErr_Occurred()) {
    delta = newDelta(0, seconds, 0);
    if (delta != 0 && PyDict_SetItem(zoneinfoRoots.deltas, key, delta) < 0) {
      Py.DECREF(delta);
      delta = 0;
    }
  }
  Py.DECREF(key);
  return delta;
}

/** Fills an empty _ttinfo: false with an exception. */
export function fillTtinfo(at: usize, utcoff: i64, dstoff: i64, name: usize): bool {
  const x = _ttinfo.at(at);
  x.utcoff_seconds = utcoff;
  x.utcoff = deltaOf(utcoff);
  if (x.utcoff == 0) return false;
  x.dstoff = deltaOf(dstoff);
  if (x.dstoff == 0) return false;
  x.tzname = Py.NewRef(name);
  return true;
}

export function clearTtinfo(at: usize): void {
  const x = _ttinfo.at(at);
  Py.CLEAR(x.utcoff_slot);
  Py.CLEAR(x.dstoff_slot);
  Py.CLEAR(x.tzname_slot);
}

export function clearRule(rule: usize): void {
  const r = _tzrule.at(rule);
  clearTtinfo(r.std);
  clearTtinfo(r.dst);
  PyMem_Free(r.start);
  PyMem_Free(r.end);
  r.start = 0;
  r.end = 0;
}

// The text

function next(c: usize): u32 {
  return load<u8>(tz_cursor.at(c).at);
}

function skip(c: usize): void {
  tz_cursor.at(c).at++;
}

/** Skips the character, if it is the next: whether it was. */
function accept(c: usize, character: u32): bool {
  if (next(c) != character) return false;
  skip(c);
  return true;
}

function isDigit(c: u32): bool {
  return c - 0x30 < 10;
}

function isLetter(c: u32): bool {
  return (c | 0x20) - 0x61 < 26;
}

/** A number of `least` to `most` digits; -1 where it is none. */
function digits(c: usize, least: i32, most: i32): i32 {
  let value = 0;
  for (let i = 0; i < most; i++) {
    if (!isDigit(next(c))) return i < least ? -1 : value;
    value = value * 10 + <i32>(next(c) - 0x30);
    skip(c);
  }
  return value;
}

/** A name, of letters, or of more within < and >: a new str; null with an exception or without. */
function readName(c: usize): usize {
  const quoted = accept(c, 0x3c);
  const start = tz_cursor.at(c).at;
  while (isLetter(next(c)) || (quoted && (isDigit(next(c)) || next(c) == 0x2b || next(c) == 0x2d))) skip(c);
  const n = <isize>(tz_cursor.at(c).at - start);
  if (quoted ? !accept(c, 0x3e) : n == 0) return 0;
  return PyUnicode_FromStringAndSize(start, n);
}

/** A time, [+-]h[h[h]][:mm[:ss]], into the cursor: whether it was one. */
function readTime(c: usize): bool {
  const x = tz_cursor.at(c);
  x.minute = 0;
  x.second = 0;
  const sign = accept(c, 0x2d) ? -1 : 1;
  if (sign > 0) accept(c, 0x2b);
  const hour = digits(c, 1, 3);
  if (hour < 0) return false;
  x.hour = hour * sign;
  if (!accept(c, 0x3a)) return true;
  const minute = digits(c, 2, 2);
  if (minute < 0) return false;
  x.minute = minute * sign;
  if (!accept(c, 0x3a)) return true;
  const second = digits(c, 2, 2);
  x.second = second * sign;
  return second >= 0;
}

/** More than any offset. */
const NO_OFFSET: i64 = i64.MIN_VALUE;

/** An offset in seconds, which the text has with the other sign; NO_OFFSET where it is none. */
function readOffset(c: usize): i64 {
  if (!readTime(c)) return NO_OFFSET;
  const x = tz_cursor.at(c);
  if (x.hour > 24 || x.hour < -24) return NO_OFFSET;
  return -((<i64>x.hour * 60 + x.minute) * 60 + x.second);
}

/** The time of a rule behind a slash, 2 o'clock if there is none: whether it is right. */
function readRuleTime(c: usize): bool {
  const x = tz_cursor.at(c);
  x.hour = 2;
  x.minute = 0;
  x.second = 0;
  if (next(c) != 0x2f) return true;
  skip(c);
  return readTime(c) && x.hour >= -167 && x.hour <= 167;
}

/** A new rule in the slot: whether it is one. */
function readRule(c: usize, slot: usize): bool {
  const x = tz_cursor.at(c);
  if (accept(c, 0x4d)) {
    const month = digits(c, 1, 2);
    if (month < 1 || month > 12 || !accept(c, 0x2e)) return false;
    const week = digits(c, 1, 1);
    if (week < 1 || week > 5 || !accept(c, 0x2e)) return false;
    const day = digits(c, 1, 1);
    if (day < 0 || day > 6 || !readRuleTime(c)) return false;
    const rule = PyMem_Malloc(SIZEOF_CalendarRule);
    if (rule == 0) return false;
    const r = CalendarRule.at(rule);
    r.year_to_timestamp = calendarTime.index;
    r.month = <u8>month;
    r.week = <u8>week;
    r.day = <u8>day;
    r.hour = <u16>x.hour;
    r.minute = <u8>x.minute;
    r.second = <u8>x.second;
    Py.setItem(slot, 0, rule);
    return true;
  }
  const julian = accept(c, 0x4a) ? 1 : 0;
  const day = digits(c, 1, 3);
  if (day < julian || day > 365 || !readRuleTime(c)) return false;
  const rule = PyMem_Malloc(SIZEOF_DayRule);
  if (rule == 0) return false;
  const r = DayRule.at(rule);
  r.year_to_timestamp = dayTime.index;
  r.julian = <u8>julian;
  r.day = <u16>day;
  r.hour = <u16>x.hour;
  r.minute = <u8>x.minute;
  r.second = <u8>x.second;
  Py.setItem(slot, 0, rule);
  return true;
}

/** Raises the ValueError of a text, unless something else was raised: false. */
function malformed(message: string, text: usize): bool {
  if (!PyErr_Occurred()) PyErr_Format(PyExc_ValueError, message, text);
  return false;
}

/** Reads what follows the first name: false with an exception. `std` is that name. */
function readRest(c: usize, text: usize, std: usize, rule: usize): bool {
  const standard = readOffset(c);
  if (standard == NO_OFFSET) return malformed("Invalid STD offset in %R", text);
  const r = _tzrule.at(rule);
  if (!fillTtinfo(r.std, standard, 0, std)) return false;
  r.std_only = 1;
  if (next(c) == 0) return true;
  const dst = readName(c);
  if (dst == 0) return malformed("Invalid DST format in %R", text);
  const summer = next(c) == 0x2c ? standard + 3600 : readOffset(c);
  let ok = summer != NO_OFFSET || malformed("Invalid DST offset in %R", text);
  if (ok) {
    r.std_only = 0;
    r.dst_diff = <i32>(summer - standard);
    ok = fillTtinfo(r.dst, summer, r.dst_diff, dst);
  }
  Py.DECREF(dst);
  for (let i: usize = 0; i < 2 && ok; i++) {
    const slot = rule + (i == 0 ? _tzrule_start : _tzrule_end);
    if (!accept(c, 0x2c)) ok = malformed("Missing transition rules in TZ string: %R", text);
    else if (!readRule(c, slot)) ok = malformed("Malformed transition rule in TZ string: %R", text);
  }
  return ok && (next(c) == 0 || malformed("Extraneous characters at end of TZ string: %R", text));
}

/** Reads the rules of the text, a bytes, into an empty _tzrule: false with an exception. */
export function readRules(text: usize, rule: usize): bool {
  const c = Scratch.take(<isize>SIZEOF_tz_cursor / 8);
  tz_cursor.at(c).at = BytesLike.data(text);
  const std = readName(c);
  const ok = std == 0 ? malformed("Invalid STD format in %R", text) : readRest(c, text, std, rule);
  Py.XDECREF(std);
  Scratch.give(c);
  return ok;
}
