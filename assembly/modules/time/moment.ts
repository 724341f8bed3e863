// Moments in parts: the calendar, the local time zone, which the host tells for an instant, and the way back.

import { EOVERFLOW } from "../../generated/constants";
import { host } from "../../generated/host";
import { instant_answer, SIZEOF_tm, SIZEOF_zone_answer, tm, zone_answer } from "../../generated/layouts";
import { PyMem_RawFree } from "../../memory/pymem";
import { raiseErrno } from "../../objects/errors/system";
import { Py } from "../../objects/object/head";
import { PyUnicode_DecodeFSDefaultAndSize } from "../../objects/text/codecs/filesystem";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";

const DAY: i64 = 86400;
/** How far from an instant another state of daylight saving time is looked for, and in which steps. */
const ZONE_REACH: i64 = 366 * DAY;
const ZONE_STEP: i64 = 7 * DAY;
/** A year as C has it, counted from 1900 in 32 bits. */
const YEAR_LEAST: i64 = <i64>i32.MIN_VALUE + 1900;
const YEAR_MOST: i64 = <i64>i32.MAX_VALUE + 1900;

/** Slots for a moment, empty; giveMoment must follow. */
export function takeMoment(): usize {
  const t = Scratch.take(SIZEOF_tm >> 3);
  memory.fill(t, 0, SIZEOF_tm);
  return t;
}

export function giveMoment(t: usize): void {
  const zone = tm.at(t).zone;
  tm.at(t).zone = 0;
  Scratch.give(t);
  Py.XDECREF(zone);
}

function floorDiv(a: i64, b: i64): i64 {
  const q = a / b;
  return q * b > a ? q - 1 : q;
}

/** Days from 1970 to a day of the calendar; months beyond the year are carried. */
function daysTo(year: i64, month: i64, day: i64): i64 {
  const carry = floorDiv(month, 12);
  const m = month - carry * 12;
  // The year begins in March, so that February is its end.
  const y = year + carry - (m < 2 ? 1 : 0);
  const era = floorDiv(y, 400);
  const yoe = y - era * 400;
  const doy = (153 * (m < 2 ? m + 10 : m - 2) + 2) / 5 + day - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

export function isLeap(year: i64): bool {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/** Fills the date and time of day of a moment from seconds since 1970: false with OSError where the year is too far. */
function setCalendar(t: usize, seconds: i64): bool {
  const days = floorDiv(seconds, DAY);
  const rest = <i32>(seconds - days * DAY);
  const z = days + 719468;
  const era = floorDiv(z, 146097);
  const doe = z - era * 146097;
  const yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const mp = (5 * doy + 2) / 153;
  const month = mp < 10 ? mp + 2 : mp - 10;
  const year = yoe + era * 400 + (month < 2 ? 1 : 0);
  if (year < YEAR_LEAST || year > YEAR_MOST) {
    raiseErrno(EOVERFLOW);
    return false;
  }
  const m = tm.at(t);
  m.year = year;
  m.mon = <i32>month;
  m.mday = <i32>(doy - (153 * mp + 2) / 5 + 1);
  m.hour = rest / 3600;
  m.min = (rest / 60) % 60;
  m.sec = rest % 60;
  m.wday = <i32>((((days + 4) % 7) + 7) % 7);
  m.yday = <i32>(days - daysTo(year, 0, 1));
  return true;
}

/** Seconds since 1970 of a moment's date and time of day in Greenwich; parts beyond their range are carried. */
function secondsOf(t: usize): i64 {
  const m = tm.at(t);
  const days = daysTo(m.year, m.mon, m.mday);
  return days * DAY + <i64>m.hour * 3600 + <i64>m.min * 60 + m.sec;
}

/** Sets offset, daylight saving time and zone of a moment at an instant: false with an exception. */
export function setZone(t: usize, seconds: i64): bool {
  const out = Scratch.take(1);
  const n = host.zone(<f64>seconds, out);
  const block = <usize>load<u32>(out);
  Scratch.give(out);
  if (n < 0) {
    raiseErrno(-n);
    return false;
  }
  const m = tm.at(t);
  m.gmtoff = zone_answer.at(block).gmtoff;
  m.isdst = zone_answer.at(block).isdst;
  const name = PyUnicode_DecodeFSDefaultAndSize(block + SIZEOF_zone_answer, n - <i32>SIZEOF_zone_answer);
  PyMem_RawFree(block);
  if (name == 0) return false;
  Py.SETREF(m.zone_slot, name);
  return true;
}

/** Fills a moment with the local time of an instant: false with an exception. */
export function setLocal(t: usize, seconds: i64): bool {
  return setZone(t, seconds) && setCalendar(t, seconds + tm.at(t).gmtoff);
}

/** Fills a moment with Greenwich's time of an instant: false with an exception. */
export function setGreenwich(t: usize, seconds: i64): bool {
  const m = tm.at(t);
  m.gmtoff = 0;
  m.isdst = 0;
  const name = PyUnicode_FromLiteral("GMT");
  if (name == 0) return false;
  Py.SETREF(m.zone_slot, name);
  return setCalendar(t, seconds);
}

/**
 * The instant at which local clocks show a moment, in seconds since 1970. Where they show it twice, or never, its isdst
 * decides: clocks are taken to be set as that says, or as they were before a change. Sets `failed` of the answer at `out` with
 * an exception.
 */
export function instantOf(t: usize, out: usize): i64 {
  const answer = instant_answer.at(out);
  answer.failed = 1;
  const shown = secondsOf(t);
  const wanted = tm.at(t).isdst;
  const z = takeMoment();
  let result: i64 = 0;
  // As clocks are set a day before and a day after.
  if (setZone(z, shown - DAY)) {
    const before = tm.at(z).gmtoff;
    if (setZone(z, shown + DAY)) {
      const after = tm.at(z).gmtoff;
      result = shown - before;
      const ok = candidate(z, shown, before, after, wanted, out);
      if (ok) {
        answer.failed = 0;
        result = answer.instant;
      }
    }
  }
  giveMoment(z);
  return result;
}

/** Stores the instant of instantOf in the answer at `out`: false with an exception. */
function candidate(z: usize, shown: i64, before: i64, after: i64, wanted: i32, out: usize): bool {
  const m = tm.at(z);
  const answer = instant_answer.at(out);
  let found = false;
  for (let i = 0; i < 2; i++) {
    const offset = i == 0 ? before : after;
    const instant = shown - offset;
    if (!setZone(z, instant)) return false;
    if (m.gmtoff != offset) continue;
    if (!found || m.isdst == wanted) answer.instant = instant;
    found = true;
    if (wanted < 0 || m.isdst == wanted) return true;
  }
  if (!found) answer.instant = shown - before;
  if (wanted < 0) return true;
  const nearest = answer.instant;
  // Clocks are not set so at that time: as they are when they are.
  for (let distance = ZONE_STEP; distance <= ZONE_REACH; distance += ZONE_STEP) {
    for (let sign: i64 = -1; sign <= 1; sign += 2) {
      if (!setZone(z, nearest + sign * distance)) return false;
      if (m.isdst != wanted) continue;
      answer.instant = shown - m.gmtoff;
      return true;
    }
  }
  // They never are: as if it were an hour.
  answer.instant = wanted > 0 ? nearest - 3600 : nearest + 3600;
  return true;
}
