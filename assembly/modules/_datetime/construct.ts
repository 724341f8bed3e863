// How datetimes are made otherwise than of their parts (a part of CPython 3.13's Modules/_datetimemodule.c): of seconds since
// 1970, of texts, of a date and a time.

import { datetime_parts, timestamp_parts } from "../../generated/layouts";
import { _Py_NoneStruct, ID, PyExc_DeprecationWarning } from "../../generated/statics";
import { Tuple } from "../../objects/containers/tuple";
import { badArgument, parseTupleAndKeywords, strArgument } from "../../objects/define/args";
import { PyErr_WarnEx } from "../../objects/errors/warnings";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { PyObject_CallMethodOneArg, PyObject_CallThreeArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { U } from "../../objects/text/access";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { Scratch } from "../../thread/scratch";
import { CLOCK_REALTIME, clockSeconds } from "../time/clocks";
import { invalidIso, isIsoText } from "./date";
import {
  checkZone,
  dateTimeOfClass,
  giveParts,
  isDate,
  isTime,
  readDate,
  readTime,
  takeParts,
  takesExactly,
} from "./fields";
import { localParts, setFold, splitTimestamp, utcParts } from "./moments";
import { dateEnd, parseDate, parseTime } from "./parse";
import { parsedZone } from "./time";

/** A datetime of an instant, of the clocks here where zone is None, and in UTC with the zone otherwise. */
function ofInstant(type: usize, seconds: i64, us: i32, zone: usize, utc: bool): usize {
  const p = takeParts();
  const x = datetime_parts.at(p);
  const ok = utc ? utcParts(seconds, p) : localParts(seconds, p) && setFold(seconds, p);
  x.microsecond = us;
  x.tzinfo = zone;
  const o = ok ? dateTimeOfClass(type, p) : 0;
  giveParts(p);
  return o;
}

/** zone.fromutc(o), where there is a zone; o is stolen, and may be null. */
export function inZone(o: usize, zone: usize): usize {
  if (o == 0 || zone == _Py_NoneStruct) return o;
  const r = PyObject_CallMethodOneArg(zone, ID.fromutc, o);
  Py.DECREF(o);
  return r;
}

function ofNow(type: usize, zone: usize, utc: bool): usize {
  const now = clockSeconds(CLOCK_REALTIME);
  if (now < 0) return 0;
  const us = <i64>floor<f64>(now * 1e6);
  return ofInstant(type, us / 1000000, <i32>(us % 1000000), zone, utc);
}

/**
 * @classmethod datetime.datetime.now($type, /, tz=None)
 *
 * Now.
 *
 *   tz
 *     A zone.
 *
 * Without a zone what the clocks show where the computer stands, and no zone.
 */
export function datetime_now(type: usize, tz: usize): usize {
  return checkZone(tz) ? inZone(ofNow(type, tz, tz != _Py_NoneStruct), tz) : 0;
}

/**
 * @classmethod datetime.datetime.utcnow
 *
 * Now, in UTC, without a zone.
 */
export function datetime_utcnow(type: usize, _: usize): usize {
  const message =
    "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC).";
  return PyErr_WarnEx(PyExc_DeprecationWarning, message, 1) < 0 ? 0 : ofNow(type, _Py_NoneStruct, true);
}

function ofTimestamp(type: usize, timestamp: usize, zone: usize, utc: bool): usize {
  const out = Scratch.take(2);
  const ok = splitTimestamp(timestamp, out);
  const seconds = timestamp_parts.at(out).seconds;
  const us = <i32>timestamp_parts.at(out).microseconds;
  Scratch.give(out);
  return ok ? ofInstant(type, seconds, us, zone, utc) : 0;
}

/**
 * @classmethod datetime.datetime.fromtimestamp
 *
 * timestamp[, tz]: of a time in seconds since 1970 began
 */
export function datetime_fromtimestamp(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("fromtimestamp", "timestamp tz", args, kwargs, a, 1, 2);
  const timestamp = Py.item(a, 0);
  const given = Py.item(a, 1);
  Scratch.give(a);
  const tz = given == 0 ? _Py_NoneStruct : given;
  if (!ok || !checkZone(tz)) return 0;
  return inZone(ofTimestamp(type, timestamp, tz, tz != _Py_NoneStruct), tz);
}

/**
 * @classmethod datetime.datetime.utcfromtimestamp
 *
 * In UTC, without a zone.
 */
export function datetime_utcfromtimestamp(type: usize, args: usize): usize {
  const message =
    "datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.fromtimestamp(timestamp, datetime.UTC).";
  if (PyErr_WarnEx(PyExc_DeprecationWarning, message, 1) < 0) return 0;
  if (!takesExactly("utcfromtimestamp", args, 1)) return 0;
  return ofTimestamp(type, Tuple.get(args, 0), _Py_NoneStruct, true);
}

/**
 * @classmethod datetime.datetime.strptime
 *
 * string, format: out of a text, as time.strptime() reads it
 */
export function datetime_strptime(type: usize, args: usize): usize {
  if (!takesExactly("strptime", args, 2)) return 0;
  const text = Tuple.get(args, 0);
  const format = Tuple.get(args, 1);
  if (!strArgument(text, "strptime", "argument 1") || !strArgument(format, "strptime", "argument 2")) return 0;
  const m = PyImport_ImportLiteral("_strptime");
  const name = m == 0 ? 0 : PyUnicode_InternLiteral("_strptime_datetime");
  const f = name == 0 ? 0 : PyObject_GetAttr(m, name);
  const r = f == 0 ? 0 : PyObject_CallThreeArgs(f, type, text, format);
  Py.XDECREF(f);
  Py.XDECREF(name);
  Py.XDECREF(m);
  return r;
}

/**
 * @classmethod datetime.datetime.combine
 *
 * date, time: both together
 */
export function datetime_combine(type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(3);
  const ok = parseTupleAndKeywords("combine", "date time tzinfo", args, kwargs, a, 2, 3);
  const date = Py.item(a, 0);
  const time = Py.item(a, 1);
  const zone = Py.item(a, 2);
  Scratch.give(a);
  if (!ok) return 0;
  if (!isDate(date)) return badArgument("combine", "argument 1", "datetime.date", date);
  if (!isTime(time)) return badArgument("combine", "argument 2", "datetime.time", time);
  const p = takeParts();
  readDate(date, p);
  readTime(time, p);
  if (zone != 0) datetime_parts.at(p).tzinfo = zone;
  const o = dateTimeOfClass(type, p);
  giveParts(p);
  return o;
}

/**
 * @classmethod datetime.datetime.fromisoformat
 *
 * The day and time that a text in a format of ISO 8601 names.
 */
export function datetime_fromisoformat(type: usize, s: usize): usize {
  if (!isIsoText(s)) return 0;
  const p = takeParts();
  const n = U.length(s);
  const end = n < 7 ? -1 : dateEnd(s);
  let r = end > 0 && parseDate(s, end, p) ? 0 : -1;
  if (r == 0 && n > end) r = parseTime(s, end + 1, p);
  const zone = r < 0 ? 0 : parsedZone(p, r);
  let o: usize = 0;
  if (r < 0) invalidIso(s);
  else if (zone != 0) o = dateTimeOfClass(type, p);
  Py.XDECREF(zone);
  giveParts(p);
  return o;
}
