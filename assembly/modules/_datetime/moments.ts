// From seconds since 1970 to the local time's parts and back (a part of CPython 3.13's Modules/_datetimemodule.c). The host
// knows the local zone; the way back tries the offsets that it has around a time.

import { datetime_parts, timestamp_parts, tm } from "../../generated/layouts";
import { PyExc_OverflowError, PyExc_ValueError } from "../../generated/statics";
import { PyErr_SetString } from "../../objects/errors/raise";
import { Float, PyFloat_AsDouble } from "../../objects/numbers/float/float";
import { longOverflow, longValue } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyNumber_Index } from "../../objects/protocol/number";
import { giveMoment, setGreenwich, setLocal, takeMoment } from "../time/moment";
import { ordinalOf } from "./calendar";
import { giveParts, isYear, takeParts } from "./fields";
import { timezoneOf } from "./tzinfo";

/** Seconds from the first of January of the year 1, counted as day 1, to 1970. */
const EPOCH: i64 = 719163 * 86400;
/** Clocks are never put back by more. */
const MAX_FOLD_SECONDS: i64 = 86400;
/** What localSeconds() and the like return with an exception; no time is so early. */
const FAILED: i64 = -1;

function tooLarge(): bool {
  PyErr_SetString(PyExc_OverflowError, "timestamp out of range for platform time_t");
  return false;
}

/** Fills the timestamp_parts at `out`, microseconds rounded half to even: false with an exception. */
export function splitTimestamp(v: usize, out: usize): bool {
  timestamp_parts.at(out).microseconds = 0;
  if (!Float.check(v)) return wholeTimestamp(v, out);
  const value = PyFloat_AsDouble(v);
  if (isNaN(value)) {
    PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
    return false;
  }
  let whole = trunc<f64>(value);
  let us = nearest<f64>((value - whole) * 1e6);
  if (us >= 1e6) {
    us -= 1e6;
    whole += 1;
  } else if (us < 0) {
    us += 1e6;
    whole -= 1;
  }
  if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0)) return tooLarge();
  timestamp_parts.at(out).seconds = <i64>whole;
  timestamp_parts.at(out).microseconds = <i64>us;
  return true;
}

/** Writes the seconds, rounded down, to the i64 at `out`: false with an exception. */
export function wholeTimestamp(v: usize, out: usize): bool {
  store<i64>(out, 0);
  if (Float.check(v)) {
    const value = floor<f64>(PyFloat_AsDouble(v));
    if (isNaN(value)) {
      PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
      return false;
    }
    if (!(value >= -9223372036854775808.0 && value < 9223372036854775808.0)) return tooLarge();
    store<i64>(out, <i64>value);
    return true;
  }
  const i = PyNumber_Index(v);
  if (i == 0) return false;
  const overflow = longOverflow(i);
  if (overflow == 0) store<i64>(out, longValue(i));
  Py.DECREF(i);
  return overflow == 0 || tooLarge();
}

/** Sets the parts to a moment's, as struct tm has them: false with ValueError where the year is out of range. */
function setParts(t: usize, p: usize): bool {
  const m = tm.at(t);
  const x = datetime_parts.at(p);
  if (!isYear(m.year)) return false;
  x.year = <i32>m.year;
  x.month = m.mon + 1;
  x.day = m.mday;
  x.hour = m.hour;
  x.minute = m.min;
  x.second = min<i32>(59, m.sec);
  return true;
}

/** Sets the parts to the local time of an instant: false with an exception. */
export function localParts(seconds: i64, p: usize): bool {
  const t = takeMoment();
  const ok = setLocal(t, seconds) && setParts(t, p);
  giveMoment(t);
  return ok;
}

/** Sets the parts to UTC's time of an instant: false with an exception. */
export function utcParts(seconds: i64, p: usize): bool {
  const t = takeMoment();
  const ok = setGreenwich(t, seconds) && setParts(t, p);
  giveMoment(t);
  return ok;
}

/** Seconds from the year 1 to the parts, as if they were UTC. */
function secondsOfParts(p: usize): i64 {
  const x = datetime_parts.at(p);
  return ((<i64>ordinalOf(x.year, x.month, x.day) * 24 + x.hour) * 60 + x.minute) * 60 + x.second;
}

/** What the clocks show, in seconds from the year 1, at an instant counted in the same way: FAILED with an exception. */
function localSeconds(u: i64): i64 {
  const p = takeParts();
  const r = localParts(u - EPOCH, p) ? secondsOfParts(p) : FAILED;
  giveParts(p);
  return r;
}

/** Sets fold of the parts, the local time of an instant, where they are the second of two: false with an exception. */
export function setFold(seconds: i64, p: usize): bool {
  const result = secondsOfParts(p);
  const probe = localSeconds(EPOCH + seconds - MAX_FOLD_SECONDS);
  if (probe == FAILED) return false;
  const transition = result - probe - MAX_FOLD_SECONDS;
  if (transition >= 0) return true;
  const before = localSeconds(EPOCH + seconds + transition);
  if (before == FAILED) return false;
  if (before == result) datetime_parts.at(p).fold = 1;
  return true;
}

/** The instant at which the clocks show these parts, fold deciding, in seconds from the year 1: FAILED with an exception. */
function instantOfParts(p: usize, fold: bool): i64 {
  const t = secondsOfParts(p);
  const shown = localSeconds(t);
  if (shown == FAILED) return FAILED;
  const a = shown - t;
  const u1 = t - a;
  const t1 = localSeconds(u1);
  if (t1 == FAILED) return FAILED;
  let b: i64 = 0;
  if (t1 == t) {
    // One solution; there may be another, earlier or later.
    const u2 = fold ? u1 + MAX_FOLD_SECONDS : u1 - MAX_FOLD_SECONDS;
    const other = localSeconds(u2);
    if (other == FAILED) return FAILED;
    b = other - u2;
    if (a == b) return u1;
  } else b = t1 - u1;
  const u2 = t - b;
  const t2 = localSeconds(u2);
  if (t2 == FAILED) return FAILED;
  if (t2 == t) return u2;
  if (t1 == t) return u1;
  // No clock shows it: it was left out.
  return fold ? min<i64>(u1, u2) : max<i64>(u1, u2);
}

/** Seconds since 1970 of the local time of the parts, in the i64 at `out`: false with an exception. */
export function instantOfLocal(p: usize, out: usize): bool {
  const u = instantOfParts(p, datetime_parts.at(p).fold != 0);
  store<i64>(out, u - EPOCH);
  return u != FAILED;
}

/** A new zone, that of the clocks here at an instant: null with an exception. */
export function zoneAt(seconds: i64): usize {
  const t = takeMoment();
  const zone = setLocal(t, seconds) ? timezoneOf(tm.at(t).gmtoff, 0, tm.at(t).zone) : 0;
  giveMoment(t);
  return zone;
}

/** A new zone, that of the clocks here when they show the parts: null with an exception. */
export function zoneOfLocal(p: usize): usize {
  const fold = datetime_parts.at(p).fold != 0;
  let seconds = instantOfParts(p, fold);
  const other = seconds == FAILED ? FAILED : instantOfParts(p, !fold);
  if (other == FAILED) return 0;
  // In a gap, the other one is on this side of it.
  if (other != seconds && other > seconds == fold) seconds = other;
  return zoneAt(seconds - EPOCH);
}
