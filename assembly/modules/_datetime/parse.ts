// Dates and times out of texts in the formats of ISO 8601 (a part of CPython 3.13's Modules/_datetimemodule.c).
//
// A deliberate difference: characters are read, not bytes of UTF-8. Beyond the end of a text is the character 0.

import { clock_values, datetime_parts, SIZEOF_clock_values } from "../../generated/layouts";
import { U } from "../../objects/text/access";
import { Scratch } from "../../thread/scratch";
import { dateOfIsoWeek } from "./calendar";
import { setDate } from "./fields";

const BAD: i32 = -1;
const PLAIN: i32 = 0;
/** The text goes on. */
const MORE: i32 = 1;

function at(s: usize, i: isize): u32 {
  return i < U.length(s) ? U.at(s, i) : 0;
}

function isDigit(c: u32): bool {
  return c - 0x30 < 10;
}

/** The number that n digits from i on are; -1 where they are not. */
function digits(s: usize, i: isize, n: isize): i32 {
  let value = 0;
  for (let k: isize = 0; k < n; k++) {
    const c = at(s, i + k);
    if (!isDigit(c)) return -1;
    value = value * 10 + <i32>(c - 0x30);
  }
  return value;
}

const DASH: u32 = 0x2d;
const COLON: u32 = 0x3a;
const WEEK: u32 = 0x57;

/** Reads a date out of the first n characters into the parts: whether it is one. */
export function parseDate(s: usize, n: isize, p: usize): bool {
  const year = digits(s, 0, 4);
  if (year < 0) return false;
  let i: isize = 4;
  const separated = at(s, i) == DASH;
  if (separated) i++;
  if (at(s, i) == WEEK) {
    const week = digits(s, i + 1, 2);
    if (week < 0) return false;
    i += 3;
    let day = 1;
    if (i < n) {
      if (separated && at(s, i++) != DASH) return false;
      day = digits(s, i, 1);
      if (day < 0) return false;
    }
    const ymd = dateOfIsoWeek(year, week, day);
    if (ymd < 0) return false;
    setDate(p, ymd);
    return true;
  }
  const month = digits(s, i, 2);
  if (month < 0 || (separated && at(s, i + 2) != DASH)) return false;
  const day = digits(s, i + (separated ? 3 : 2), 2);
  if (day < 0) return false;
  const x = datetime_parts.at(p);
  x.year = year;
  x.month = month;
  x.day = day;
  return true;
}

/**
 * Reads HH[:MM[:SS[.ffffff]]] from `start` to `end` into the clock_values at `out`: PLAIN, MORE where the text goes on behind it,
 * or BAD.
 */
function parseClock(s: usize, start: isize, end: isize, out: usize): i32 {
  memory.fill(out, 0, SIZEOF_clock_values);
  let i = start;
  let separated = true;
  for (let k: usize = 0; k < 3; k++) {
    const value = digits(s, i, 2);
    if (value < 0) return BAD;
    store<i32>(out + (k << 2), value);
    const c = at(s, i + 2);
    i += 3;
    if (k == 0) separated = c == COLON;
    if (i >= end) return c != 0 ? MORE : PLAIN;
    if (separated && c == COLON) continue;
    if (c == 0x2e || c == 0x2c) break;
    if (separated) return BAD;
    i--;
  }
  const n = min<isize>(end - i, 6);
  let us = digits(s, i, n);
  if (us < 0) return BAD;
  for (let k = n; k < 6; k++) us *= 10;
  clock_values.at(out).microsecond = us;
  // Digits beyond the sixth are dropped.
  i += n;
  while (isDigit(at(s, i))) i++;
  return at(s, i) != 0 ? MORE : PLAIN;
}

/** Reads a time, with an offset if there is one, from `start` on into the parts: 1 with an offset, 0 without, -1 if bad. */
export function parseTime(s: usize, start: isize, p: usize): i32 {
  const end = U.length(s);
  let sign = start;
  do {
    const c = at(s, sign);
    if (c == 0x5a || c == 0x2b || c == DASH) break;
  } while (++sign < end);
  const x = datetime_parts.at(p);
  const out = Scratch.take(SIZEOF_clock_values >> 3);
  const values = clock_values.at(out);
  let r = parseClock(s, start, sign, out);
  x.hour = values.hour;
  x.minute = values.minute;
  x.second = values.second;
  x.microsecond = values.microsecond;
  if (r != BAD && sign >= end) r = r == MORE ? BAD : 0;
  else if (r != BAD && at(s, sign) == 0x5a) r = at(s, sign + 1) != 0 ? BAD : 1;
  else if (r != BAD) {
    r = parseClock(s, sign + 1, end, out) == PLAIN ? 1 : BAD;
    const direction = at(s, sign) == DASH ? -1 : 1;
    x.offset = ((values.hour * 60 + values.minute) * 60 + values.second) * direction;
    x.offset_us = values.microsecond * direction;
  }
  Scratch.give(out);
  return r;
}

/** Where the date of a text of date and time ends. */
export function dateEnd(s: usize): isize {
  const n = U.length(s);
  if (n == 7) return 7;
  if (at(s, 4) == DASH) {
    if (at(s, 5) != WEEK) return 10;
    if (n < 8) return -1;
    if (n > 8 && at(s, 8) == DASH) {
      // YYYY-Www-D or YYYY-Www-HH: the dash is taken for the separator where two digits follow.
      if (n == 9) return -1;
      return n > 10 && isDigit(at(s, 10)) ? 8 : 10;
    }
    return 8;
  }
  if (at(s, 4) != WEEK) return 8;
  // YYYYWww or YYYYWwwD: times have pairs of digits.
  let i: isize = 7;
  while (i < n && isDigit(at(s, i))) i++;
  return i < 9 ? i : i % 2 == 0 ? 7 : 8;
}
