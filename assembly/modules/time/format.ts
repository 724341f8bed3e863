// strftime: a moment as text by a format, as glibc writes it in the locale C; asctime.

import { host } from "../../generated/host";
import { instant_answer, tm } from "../../generated/layouts";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { Writer, writeFill, writerDiscard, writerFinish, writeSubstring } from "../../objects/text/format/writer";
import { Scratch } from "../../thread/scratch";
import { giveMoment, instantOf, isLeap, setZone, takeMoment } from "./moment";

/** The names of a week's days and of a year's months, each of which begins with a capital. */
const DAYS = "SundayMondayTuesdayWednesdayThursdayFridaySaturday";
const MONTHS = "JanuaryFebruaryMarchAprilMayJuneJulyAugustSeptemberOctoberNovemberDecember";

const SPACE: u32 = 0x20;
const ZERO: u32 = 0x30;
const PERCENT: u32 = 0x25;
/** Flags of a directive: what a number is filled with (as given), and letters as capitals, or the other way. */
const DASH: u32 = 0x2d;
const UNDERSCORE: u32 = 0x5f;
const CARET: u32 = 0x5e;
const HASH: u32 = 0x23;
/** More than any buffer of C's takes. */
const WIDTH_MOST: i32 = 1 << 20;

/** Name `index` of a row of names as (start << 16) | length. */
function nameAt(names: string, index: i32): u32 {
  let start = 0;
  for (let i = 1; i <= names.length; i++) {
    if (i < names.length && names.charCodeAt(i) >= 0x61) continue;
    if (index-- == 0) return ((<u32>start) << 16) | <u32>(i - start);
    start = i;
  }
  return 0;
}

/** Writes a character, as a capital where `upper`: 0 or -1. */
function letter(w: usize, c: u32, upper: bool): i32 {
  return Writer.char(w, upper && c >= 0x61 && c <= 0x7a ? c - 32 : c);
}

/** Fills a text of `n` characters up to a width. */
function padText(w: usize, n: i32, width: i32, pad: u32): i32 {
  if (width <= n || pad == DASH) return 0;
  return writeFill(w, pad == ZERO ? ZERO : SPACE, width - n);
}

/** Writes a name; `short`: its first three letters. */
function name(w: usize, names: string, index: i32, short: bool, width: i32, pad: u32, upper: bool): i32 {
  const at = nameAt(names, index);
  const n = at == 0 ? 1 : short ? 3 : <i32>(at & 0xffff);
  if (padText(w, n, width, pad) < 0) return -1;
  // No day of a week or month of a year.
  if (at == 0) return Writer.char(w, 0x3f);
  for (let i = 0; i < n; i++) {
    if (letter(w, names.charCodeAt(<i32>(at >> 16) + i), upper) < 0) return -1;
  }
  return 0;
}

/** Writes a number of at least `digits` digits, filled as the flag says, `pad` by itself. */
function number(w: usize, v: i64, digits: i32, width: i32, flag: u32, pad: u32): i32 {
  const fill = flag == 0 ? pad : flag;
  const negative = v < 0;
  let magnitude = negative ? <u64>0 - <u64>v : <u64>v;
  let n = 1;
  for (let m = magnitude / 10; m != 0; m /= 10) n++;
  let least = width > digits ? width : digits;
  if (fill == DASH) least = 0;
  const more = least - n - (negative ? 1 : 0);
  if (fill == UNDERSCORE && more > 0 && writeFill(w, SPACE, more) < 0) return -1;
  if (negative && Writer.char(w, DASH) < 0) return -1;
  if (fill != UNDERSCORE && more > 0 && writeFill(w, ZERO, more) < 0) return -1;
  let scale: u64 = 1;
  for (let i = 1; i < n; i++) scale *= 10;
  for (; scale != 0; scale /= 10) {
    if (Writer.char(w, ZERO + <u32>(magnitude / scale)) < 0) return -1;
    magnitude %= scale;
  }
  return 0;
}

/** Writes a str, `n` characters of it. */
function text(w: usize, s: usize, width: i32, pad: u32, upper: bool): i32 {
  const n = <i32>U.length(s);
  if (padText(w, n, width, pad) < 0) return -1;
  for (let i = 0; i < n; i++) if (letter(w, U.at(s, i), upper) < 0) return -1;
  return 0;
}

/** Which day of an ISO week's year it is: negative before the first week, as glibc counts. */
function isoWeekDays(yday: i32, wday: i32): i32 {
  return yday - ((yday - wday + 4 + 371) % 7) + 4 - 1;
}

/** The ISO year and week of a moment, as year * 64 + week. */
function isoWeek(t: usize): i64 {
  const m = tm.at(t);
  let year = m.year;
  let days = isoWeekDays(m.yday, m.wday);
  if (days < 0) {
    year--;
    days = isoWeekDays(m.yday + (isLeap(year) ? 366 : 365), m.wday);
  } else {
    const next = isoWeekDays(m.yday - (isLeap(year) ? 366 : 365), m.wday);
    if (next >= 0) {
      year++;
      days = next;
    }
  }
  return year * 64 + days / 7 + 1;
}

function floorMod(a: i64, b: i64): i64 {
  const r = a % b;
  return r < 0 ? r + b : r;
}

/** A format inside a format. */
function sub(w: usize, t: usize, format: string, width: i32, flag: u32, upper: bool): i32 {
  // It is filled as one text: its length must be known first.
  if (width > 0 && flag != DASH) {
    const v = Writer.begin(32);
    if (writeFormat(v, t, format, upper) < 0) {
      writerDiscard(v);
      return -1;
    }
    const s = writerFinish(v);
    if (s == 0) return -1;
    const r = text(w, s, width, flag, false);
    Py.DECREF(s);
    return r;
  }
  return writeFormat(w, t, format, upper);
}

function writeFormat(w: usize, t: usize, format: string, upper: bool): i32 {
  for (let i = 0; i < format.length; i++) {
    const c = format.charCodeAt(i);
    const r = c == <i32>PERCENT ? directive(w, t, format.charCodeAt(++i), 0, 0, upper, false) : Writer.char(w, c);
    if (r < 0) return -1;
  }
  return 0;
}

/** Writes a moment's zone, whose name may be that of the process's. */
function zoneName(w: usize, t: usize, width: i32, flag: u32, upper: bool, swap: bool): i32 {
  const m = tm.at(t);
  if (m.zone == 0 && m.isdst >= 0) {
    const named = zoneOf(m.isdst != 0);
    if (named == 0) return -1;
    m.zone = named;
  }
  if (m.zone == 0) return padText(w, 0, width, flag);
  if (!swap) return text(w, m.zone, width, flag, upper);
  const n = U.length(m.zone);
  if (padText(w, <i32>n, width, flag) < 0) return -1;
  for (let i: isize = 0; i < n; i++) {
    const c = U.at(m.zone, i);
    if (Writer.char(w, c >= 0x41 && c <= 0x5a ? c + 32 : c) < 0) return -1;
  }
  return 0;
}

/**
 * The name of the local zone in a year's summer or winter: a new str; null with an exception.
 */
function zoneOf(daylight: bool): usize {
  const t = takeMoment();
  let zone: usize = 0;
  const now = host.time();
  const base = now < 0 ? 0 : <i64>now;
  let ok: bool = true;
  for (let i: i64 = 0; ok && zone == 0 && i < 12; i++) {
    ok = setZone(t, base - i * 31 * 86400);
    if (ok && (tm.at(t).isdst != 0) == daylight) zone = Py.NewRef(tm.at(t).zone);
  }
  // A zone without daylight saving time has one name.
  if (ok && zone == 0) zone = Py.NewRef(tm.at(t).zone);
  giveMoment(t);
  return zone;
}

/** Writes what directive `c` stands for: 0, -1 with an exception, or 1 where there is no such directive. */
function directive(w: usize, t: usize, c: u32, width: i32, flag: u32, upper: bool, swap: bool): i32 {
  const m = tm.at(t);
  switch (c) {
    case 0x61: // a
      return name(w, DAYS, m.wday, true, width, flag, upper || swap);
    case 0x41: // A
      return name(w, DAYS, m.wday, false, width, flag, upper || swap);
    case 0x62: // b
    case 0x68: // h
      return name(w, MONTHS, m.mon, true, width, flag, upper || swap);
    case 0x42: // B
      return name(w, MONTHS, m.mon, false, width, flag, upper || swap);
    case 0x63: // c
      return sub(w, t, "%a %b %e %H:%M:%S %Y", width, flag, upper);
    case 0x43: {
      // C
      const negative = m.year < 0;
      return number(w, negative ? -((99 - m.year) / 100) : m.year / 100, 1, width, flag, ZERO);
    }
    case 0x64: // d
      return number(w, m.mday, 2, width, flag, ZERO);
    case 0x44: // D
    case 0x78: // x
      return sub(w, t, "%m/%d/%y", width, flag, upper);
    case 0x65: // e
      return number(w, m.mday, 2, width, flag, UNDERSCORE);
    case 0x46: // F
      return sub(w, t, "%Y-%m-%d", width, flag, upper);
    case 0x67: // g
      return number(w, floorMod(isoWeek(t) >> 6, 100), 2, width, flag, ZERO);
    case 0x47: // G
      return number(w, isoWeek(t) >> 6, 1, width, flag, ZERO);
    case 0x48: // H
      return number(w, m.hour, 2, width, flag, ZERO);
    case 0x49: // I
      return number(w, hour12(m.hour), 2, width, flag, ZERO);
    case 0x6a: // j
      return number(w, m.yday + 1, 3, width, flag, ZERO);
    case 0x6b: // k
      return number(w, m.hour, 2, width, flag, UNDERSCORE);
    case 0x6c: // l
      return number(w, hour12(m.hour), 2, width, flag, UNDERSCORE);
    case 0x6d: // m
      return number(w, m.mon + 1, 2, width, flag, ZERO);
    case 0x4d: // M
      return number(w, m.min, 2, width, flag, ZERO);
    case 0x6e: // n
      return padText(w, 1, width, flag) < 0 ? -1 : Writer.char(w, 0x0a);
    case 0x50: // P
    case 0x70: {
      // p
      if (padText(w, 2, width, flag) < 0) return -1;
      const first: u32 = m.hour > 11 ? 0x50 : 0x41;
      const small: u32 = c == 0x50 || swap ? 32 : 0;
      return Writer.char(w, first + small) < 0 ? -1 : Writer.char(w, 0x4d + small);
    }
    case 0x72: // r
      return sub(w, t, "%I:%M:%S %p", width, flag, upper);
    case 0x52: // R
      return sub(w, t, "%H:%M", width, flag, upper);
    case 0x73: {
      // s
      const out = Scratch.take(2);
      const instant = instantOf(t, out);
      const failed = instant_answer.at(out).failed != 0;
      Scratch.give(out);
      return failed ? -1 : number(w, instant, 1, width, flag, ZERO);
    }
    case 0x53: // S
      return number(w, m.sec, 2, width, flag, ZERO);
    case 0x54: // T
    case 0x58: // X
      return sub(w, t, "%H:%M:%S", width, flag, upper);
    case 0x74: // t
      return padText(w, 1, width, flag) < 0 ? -1 : Writer.char(w, 0x09);
    case 0x75: // u
      return number(w, ((m.wday + 6) % 7) + 1, 1, width, flag, ZERO);
    case 0x55: // U
      return number(w, (m.yday - m.wday + 7) / 7, 2, width, flag, ZERO);
    case 0x56: // V
      return number(w, isoWeek(t) & 63, 2, width, flag, ZERO);
    case 0x77: // w
      return number(w, m.wday, 1, width, flag, ZERO);
    case 0x57: // W
      return number(w, (m.yday - ((m.wday + 6) % 7) + 7) / 7, 2, width, flag, ZERO);
    case 0x79: // y
      return number(w, floorMod(m.year, 100), 2, width, flag, ZERO);
    case 0x59: // Y
      return number(w, m.year, 1, width, flag, ZERO);
    case 0x7a: {
      // z
      if (m.isdst < 0) return 0;
      const minutes = (m.gmtoff < 0 ? -m.gmtoff : m.gmtoff) / 60;
      if (Writer.char(w, m.gmtoff < 0 ? DASH : 0x2b) < 0) return -1;
      return number(w, (minutes / 60) * 100 + (minutes % 60), 4, width - 1, flag, ZERO);
    }
    case 0x5a: // Z
      return zoneName(w, t, width, flag, upper, swap);
    case PERCENT:
      return padText(w, 1, width, flag) < 0 ? -1 : Writer.char(w, PERCENT);
    default:
      return 1;
  }
}

function hour12(hour: i32): i32 {
  return hour % 12 == 0 ? 12 : hour % 12;
}

/** A moment by a format, a str: a new str; null with an exception. */
export function formatMoment(format: usize, t: usize): usize {
  const n = U.length(format);
  const w = Writer.begin(n + 16);
  for (let i: isize = 0; i < n; ) {
    const c = U.at(format, i);
    if (c != PERCENT) {
      if (Writer.char(w, c) < 0) return writerDiscard(w);
      i++;
      continue;
    }
    const start = i++;
    let flag: u32 = 0;
    let upper = false;
    let swap = false;
    for (; i < n; i++) {
      const f = U.at(format, i);
      if (f == UNDERSCORE || f == DASH || f == ZERO) flag = f;
      else if (f == CARET) upper = true;
      else if (f == HASH) swap = true;
      else break;
    }
    let width = 0;
    for (; i < n && U.at(format, i) >= ZERO && U.at(format, i) <= 0x39; i++) {
      if (width < WIDTH_MOST) width = width * 10 + <i32>(U.at(format, i) - ZERO);
    }
    // Other forms of digits and years, which the locale C does not have.
    if (i < n && (U.at(format, i) == 0x45 || U.at(format, i) == 0x4f)) i++;
    const r = i < n ? directive(w, t, U.at(format, i), width, flag, upper, swap) : 1;
    if (r < 0) return writerDiscard(w);
    if (i < n) i++;
    if (r > 0 && writeSubstring(w, format, start, i) < 0) return writerDiscard(w);
  }
  return writerFinish(w);
}

/** A moment as asctime writes it: a new str; null with MemoryError. */
export function plainMoment(t: usize): usize {
  const m = tm.at(t);
  const w = Writer.begin(24);
  const ok =
    name(w, DAYS, m.wday, true, 0, 0, false) == 0 &&
    Writer.char(w, SPACE) == 0 &&
    name(w, MONTHS, m.mon, true, 0, 0, false) == 0 &&
    number(w, m.mday, 3, 0, 0, UNDERSCORE) == 0 &&
    Writer.char(w, SPACE) == 0 &&
    writeFormat(w, t, "%H:%M:%S %Y", false) == 0;
  return ok ? writerFinish(w) : writerDiscard(w);
}
