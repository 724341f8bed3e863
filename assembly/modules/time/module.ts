// The module time (CPython 3.13's Modules/timemodule.c): the calendar's functions, struct_time and the constants. The clocks
// are in clocks.ts, the local zone in moment.ts, strftime in format.ts.
//
// Not there: clock_settime, which no host allows, and pthread_getcpuclockid.

import { EOVERFLOW, Py_TPFLAGS_TUPLE_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { host } from "../../generated/host";
import { instant_answer, tm } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
  PyStructSequence_struct_time,
} from "../../generated/statics";
import { PyStructSequence_New, readyStructType, setStructItem } from "../../objects/containers/structseq";
import { PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser, strArgument } from "../../objects/define/args";
import { PyErr_BadArgument, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyFloat_AsDouble, PyFloat_FromDouble } from "../../objects/numbers/float/float";
import {
  longOverflow,
  longValue,
  PyLong_AsLongLong,
  PyLong_FromLong,
  PyLong_FromLongLong,
} from "../../objects/numbers/int/create";
import { PyObject_Vectorcall } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyNumber_Index } from "../../objects/protocol/number";
import { U } from "../../objects/text/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";
import { cInt } from "../_datetime/fields";
import {
  CLOCK_BOOTTIME,
  CLOCK_MONOTONIC,
  CLOCK_MONOTONIC_RAW,
  CLOCK_PROCESS_CPUTIME_ID,
  CLOCK_REALTIME,
  CLOCK_TAI,
  CLOCK_THREAD_CPUTIME_ID,
  clockSeconds,
} from "./clocks";
import { formatMoment, plainMoment } from "./format";
import { giveMoment, instantOf, setGreenwich, setLocal, setZone, takeMoment } from "./moment";

/** Seconds of a year and a quarter of a day. */
const YEAR: i64 = (365 * 24 + 6) * 3600;

/** Seconds since 1970, or now for None and where `o` is null: false with an exception. Rounded down, at `out`. */
function instantArgument(o: usize, out: usize): bool {
  if (o == 0 || o == _Py_NoneStruct) {
    const now = clockSeconds(CLOCK_REALTIME);
    if (now < 0) return false;
    store<i64>(out, <i64>floor<f64>(now));
    return true;
  }
  if (Py.TYPE(o) == PyFloat_Type || PyType_IsSubtype(Py.TYPE(o), PyFloat_Type)) {
    const t = PyFloat_AsDouble(o);
    if (isNaN(t)) {
      PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
      return false;
    }
    const whole = floor<f64>(t);
    if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0)) {
      PyErr_SetString(PyExc_OverflowError, "timestamp out of range for platform time_t");
      return false;
    }
    store<i64>(out, <i64>whole);
    return true;
  }
  const index = PyNumber_Index(o);
  if (index == 0) return false;
  const overflow = longOverflow(index);
  if (overflow == 0) store<i64>(out, longValue(index));
  Py.DECREF(index);
  if (overflow == 0) return true;
  PyErr_SetString(PyExc_OverflowError, "timestamp out of range for platform time_t");
  return false;
}

/** The argument of gmtime, localtime, ctime as a moment in `t`: false with an exception. */
function momentArgument(fname: string, argv: usize, nargs: isize, t: usize, local: bool): bool {
  if (!ArgParser.count(fname, nargs, 0, 1)) return false;
  const out = Scratch.take(1);
  const ok = instantArgument(nargs > 0 ? Py.item(argv, 0) : 0, out);
  const instant = load<i64>(out);
  Scratch.give(out);
  if (!ok) return false;
  // Beyond these the year does not fit, and the zone need not be asked for.
  if (instant > 67768036191676799 || instant < -67768040609740800) {
    raiseErrno(EOVERFLOW);
    return false;
  }
  return local ? setLocal(t, instant) : setGreenwich(t, instant);
}

/** A new struct_time of a moment. Null with MemoryError. */
function structTime(t: usize): usize {
  const o = PyStructSequence_New(PyStructSequence_struct_time);
  if (o == 0) return 0;
  const m = tm.at(t);
  if (
    setStructItem(o, 0, PyLong_FromLongLong(m.year)) &&
    setStructItem(o, 1, PyLong_FromLong(m.mon + 1)) &&
    setStructItem(o, 2, PyLong_FromLong(m.mday)) &&
    setStructItem(o, 3, PyLong_FromLong(m.hour)) &&
    setStructItem(o, 4, PyLong_FromLong(m.min)) &&
    setStructItem(o, 5, PyLong_FromLong(m.sec)) &&
    setStructItem(o, 6, PyLong_FromLong((m.wday + 6) % 7)) &&
    setStructItem(o, 7, PyLong_FromLong(m.yday + 1)) &&
    setStructItem(o, 8, PyLong_FromLong(m.isdst)) &&
    setStructItem(o, 9, Py.NewRef(m.zone)) &&
    setStructItem(o, 10, PyLong_FromLongLong(m.gmtoff))
  ) {
    return o;
  }
  Py.DECREF(o);
  return 0;
}

/** A tuple of nine ints, or a struct_time, as a moment in `t`: false with an exception. */
function tupleArgument(fname: string, o: usize, t: usize): bool {
  if (!Py.check(o, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "Tuple or struct_time argument required");
    return false;
  }
  if (Py.SIZE(o) != 9) {
    PyErr_Format(PyExc_TypeError, "%L(): illegal time tuple argument", changetype<usize>(fname));
    return false;
  }
  const m = tm.at(t);
  for (let i: isize = 0; i < 9; i++) {
    const v = cInt(Tuple.get(o, i));
    if (v == -1 && PyErr_Occurred() != 0) return false;
    switch (i) {
      case 0:
        m.year = v;
        break;
      case 1:
        m.mon = v - 1;
        break;
      case 2:
        m.mday = v;
        break;
      case 3:
        m.hour = v;
        break;
      case 4:
        m.min = v;
        break;
      case 5:
        m.sec = v;
        break;
      case 6:
        m.wday = (v + 1) % 7;
        break;
      case 7:
        m.yday = v - 1;
        break;
      default:
        m.isdst = v;
    }
  }
  if (m.year < <i64>i32.MIN_VALUE + 1900) {
    PyErr_SetString(PyExc_OverflowError, "year out of range");
    return false;
  }
  if (Py.TYPE(o) != PyStructSequence_struct_time) return true;
  const zone = Tuple.get(o, 9);
  if (Py.check(zone, Py_TPFLAGS_UNICODE_SUBCLASS)) Py.SETREF(m.zone_slot, Py.NewRef(zone));
  else if (zone != _Py_NoneStruct) {
    PyErr_BadArgument();
    return false;
  }
  const offset = Tuple.get(o, 10);
  if (offset == _Py_NoneStruct) return true;
  m.gmtoff = PyLong_AsLongLong(offset);
  return m.gmtoff != -1 || PyErr_Occurred() == 0;
}

function outOfRange(what: string): bool {
  PyErr_Format(PyExc_ValueError, "%L out of range", changetype<usize>(what));
  return false;
}

/** Whether a moment's parts can be written; parts that are 0 in tuples made by hand become the first of their kind. */
function checkMoment(t: usize): bool {
  const m = tm.at(t);
  if (m.mon == -1) m.mon = 0;
  else if (m.mon < 0 || m.mon > 11) return outOfRange("month");
  if (m.mday == 0) m.mday = 1;
  else if (m.mday < 0 || m.mday > 31) return outOfRange("day of month");
  if (m.hour < 0 || m.hour > 23) return outOfRange("hour");
  if (m.min < 0 || m.min > 59) return outOfRange("minute");
  if (m.sec < 0 || m.sec > 61) return outOfRange("seconds");
  if (m.wday < 0) return outOfRange("day of week");
  if (m.yday == -1) m.yday = 0;
  else if (m.yday < 0 || m.yday > 365) return outOfRange("day of year");
  return true;
}

/**
 * @native time.gmtime
 *
 * gmtime([seconds]): a struct_time
 *
 * The date and time of day in Greenwich of a time in seconds since 1970 began, or of now, if it
 * is left out or None. In the tuple tm_isdst is always 0.
 *
 * Systems that know about zones set tm_gmtoff and tm_zone, which can be used
 * by their names only: the tuple has nine items, and these are not among them, on any system.
 */
export function time_gmtime(_m: usize, argv: usize, nargs: isize): usize {
  const t = takeMoment();
  const r = momentArgument("gmtime", argv, nargs, t, false) ? structTime(t) : 0;
  giveMoment(t);
  return r;
}

/**
 * @native time.localtime
 *
 * localtime([seconds]): a struct_time
 *
 * The date and time of day, where the computer stands, of a time in seconds since 1970 began in
 * Greenwich, or of now, if it is left out or None. tm_isdst tells whether clocks were
 * set to summer.
 */
export function time_localtime(_m: usize, argv: usize, nargs: isize): usize {
  const t = takeMoment();
  const r = momentArgument("localtime", argv, nargs, t, true) ? structTime(t) : 0;
  giveMoment(t);
  return r;
}

/**
 * @native time.ctime
 *
 * ctime([seconds]): a str
 *
 * A time in seconds since 1970 began, as asctime(localtime(seconds)) writes it.
 *
 * It is now, if it is left out or None. A time looks as this
 * one does: 'Sat Jan  1 00:00:00 2000', in each locale.
 */
export function time_ctime(_m: usize, argv: usize, nargs: isize): usize {
  const t = takeMoment();
  const r = momentArgument("ctime", argv, nargs, t, true) ? plainMoment(t) : 0;
  giveMoment(t);
  return r;
}

/** A moment of an optional tuple, now where it is not given: false with an exception. */
function optionalTuple(fname: string, o: usize, t: usize): bool {
  if (o != 0) return tupleArgument(fname, o, t) && checkMoment(t);
  const now = clockSeconds(CLOCK_REALTIME);
  return now >= 0 && setLocal(t, <i64>floor<f64>(now));
}

/**
 * @native time.asctime
 *
 * asctime([tuple]): a str
 *
 * A date and time of day as text, as in 'Sat Jan  1 00:00:00 2000'. Without the
 * tuple it is that of now, where the computer stands, which localtime() returns.
 */
export function time_asctime(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("asctime", nargs, 0, 1)) return 0;
  const t = takeMoment();
  const r = optionalTuple("asctime", nargs > 0 ? Py.item(argv, 0) : 0, t) ? plainMoment(t) : 0;
  giveMoment(t);
  return r;
}

/**
 * @native time.strftime
 *
 * strftime(format[, tuple]): a str
 *
 * A date and time of day as text, by a format; of now, if there is no tuple. What it can have:
 *
 * %Y  Year with the century
 * %m  Month, 01 to 12
 * %d  Day of the month, 01 to 31
 * %H  Hour, 00 to 23
 * %M  Minute, 00 to 59
 * %S  Second, 00 to 61
 * %z  Offset from Greenwich, as +0100
 * %a  Short name of the day of the week
 * %A  Long name of the day of the week
 * %b  Short name of the month
 * %B  Long name of the month
 * %c  Date and time of day
 * %I  Hour, 01 to 12
 * %p  AM or PM
 *
 * Systems have more of them: see the C library's manual.
 */
export function time_strftime(_m: usize, argv: usize, nargs: isize): usize {
  if (nargs < 1 || nargs > 2) {
    return PyErr_Format(
      PyExc_TypeError,
      nargs < 1 ? "strftime() takes at least 1 argument (%d given)" : "strftime() takes at most 2 arguments (%d given)",
      nargs,
    );
  }
  const format = Py.item(argv, 0);
  if (!strArgument(format, "strftime", "argument 1")) return 0;
  for (let i: isize = 0; i < U.length(format); i++) {
    if (U.at(format, i) == 0) return PyErr_SetString(PyExc_ValueError, "embedded null character");
  }
  const t = takeMoment();
  let r: usize = 0;
  if (optionalTuple("strftime", nargs > 1 ? Py.item(argv, 1) : 0, t)) {
    const m = tm.at(t);
    if (m.isdst < -1) m.isdst = -1;
    else if (m.isdst > 1) m.isdst = 1;
    r = formatMoment(format, t);
  }
  giveMoment(t);
  return r;
}

/**
 * @native time.strptime
 *
 * strptime(string, format): a struct_time
 *
 * Read a date and time of day, by a format. What that can have:
 *
 * %Y  Year with the century
 * %m  Month, 01 to 12
 * %d  Day of the month, 01 to 31
 * %H  Hour, 00 to 23
 * %M  Minute, 00 to 59
 * %S  Second, 00 to 61
 * %z  Offset from Greenwich, as +0100
 * %a  Short name of the day of the week
 * %A  Long name of the day of the week
 * %b  Short name of the month
 * %B  Long name of the month
 * %c  Date and time of day
 * %I  Hour, 01 to 12
 * %p  AM or PM
 *
 * There are more of them: see the documentation of the library.
 */
export function time_strptime(_m: usize, argv: usize, nargs: isize): usize {
  const module = PyImport_ImportLiteral("_strptime");
  if (module == 0) return 0;
  const name = PyUnicode_FromLiteral("_strptime_time");
  const f = name == 0 ? 0 : PyObject_GetAttr(module, name);
  Py.XDECREF(name);
  Py.DECREF(module);
  if (f == 0) return 0;
  const r = PyObject_Vectorcall(f, argv, <usize>nargs, 0);
  Py.DECREF(f);
  return r;
}

/**
 * @native time.mktime
 *
 * mktime(tuple): a float
 *
 * Seconds since 1970 began, of a date and time of day where the computer stands. If clocks
 * can show it twice, tm_isdst decides; -1 there lets the system decide. This is the
 * way back from localtime(), and the same time comes out of it in the end. Not every
 * tuple has one.
 */
export function time_mktime(_m: usize, o: usize): usize {
  const t = takeMoment();
  let r: usize = 0;
  if (tupleArgument("mktime", o, t)) {
    const out = Scratch.take(2);
    const instant = instantOf(t, out);
    if (!instant_answer.at(out).failed) {
      r =
        instant > 67768036191676799 || instant < -67768040609740800
          ? PyErr_SetString(PyExc_OverflowError, "mktime argument out of range")
          : PyFloat_FromDouble(<f64>instant);
    }
    Scratch.give(out);
  }
  giveMoment(t);
  return r;
}

/** Adds one of the constants; `v`, which may be null, is stolen. */
function add(m: usize, name: string, v: usize): bool {
  return PyModule_AddObjectLiteral(m, name, v) == 0;
}

/** Sets timezone, altzone, daylight and tzname: 0, or -1 with an exception. */
function setZones(m: usize): i32 {
  const now = host.time();
  const base = now < 0 ? 0 : (<i64>now / YEAR) * YEAR;
  const january = takeMoment();
  const july = takeMoment();
  let status = -1;
  if (setZone(january, base) && setZone(july, base + YEAR / 2)) {
    const first = tm.at(january);
    const second = tm.at(july);
    // South of the equator January is summer.
    const winter = first.gmtoff <= second.gmtoff ? first : second;
    const summer = first.gmtoff <= second.gmtoff ? second : first;
    if (
      add(m, "timezone", PyLong_FromLongLong(-winter.gmtoff)) &&
      add(m, "altzone", PyLong_FromLongLong(-summer.gmtoff)) &&
      add(m, "daylight", PyLong_FromLong(winter.gmtoff != summer.gmtoff ? 1 : 0)) &&
      add(m, "tzname", PyTuple_Pack2(winter.zone, summer.zone))
    ) {
      status = 0;
    }
  }
  giveMoment(july);
  giveMoment(january);
  return status;
}

/**
 * @native time.tzset
 *
 * tzset()
 *
 * Begin to use another time zone.
 *
 * The variable TZ of the environment tells which, and what has been made of it is kept: after
 * os.environ['TZ'] has been set to another one, localtime() and others would go on with the one before
 * if this were not called.
 *
 * Such a variable can name a zone, 'Europe/Rome' for instance, or say in itself how far it is
 * from Greenwich and when clocks are changed. Without the variable, the system's own zone is used.
 *
 * tzname, timezone, altzone and daylight are set anew as well. Most programs
 * do not need any of this.
 */
export function time_tzset(m: usize, _u: usize): usize {
  return setZones(m) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @type time.struct_time
 *
 * What gmtime(), localtime() and strptime() return, and asctime(), strftime()
 *                and mktime() take: a tuple of nine ints, which have names.
 *
 * The others do not look at the zone that is behind them; some take a plain tuple.
 *
 * Indices and names are in the same order, beginning with the year.
 *
 * @native time.struct_time.__reduce__ = structseq_reduce
 *
 * @native time.struct_time.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field time.struct_time.tm_year
 * the year, with its century
 *
 * @field time.struct_time.tm_mon
 * the month, from 1 to 12
 *
 * @field time.struct_time.tm_mday
 * the day in the month, from 1 on
 *
 * @field time.struct_time.tm_hour
 * the hour, from 0 to 23
 *
 * @field time.struct_time.tm_min
 * the minute, up to 59
 *
 * @field time.struct_time.tm_sec
 * the second, up to 61
 *
 * @field time.struct_time.tm_wday
 * the day in the week, from 0, a Monday
 *
 * @field time.struct_time.tm_yday
 * the day in the year, from 1 on
 *
 * @field time.struct_time.tm_isdst
 * whether clocks are set to summer, as 1 or 0, and -1 is not known
 *
 * @field time.struct_time.tm_zone
 * what the zone is called
 *
 * @field time.struct_time.tm_gmtoff
 * seconds from Greenwich, to the east
 */

/**
 * @module time
 * @order time time_ns perf_counter perf_counter_ns monotonic monotonic_ns process_time process_time_ns
 * @order thread_time thread_time_ns sleep
 *
 * Clocks, and waiting.
 *
 * Most times are numbers of seconds: floats, or ints of nanoseconds in functions whose name ends in _ns.
 *
 * time(): the time of day, since 1970 began in Greenwich; it can be set, and go backwards
 * monotonic(): since some moment, never backwards
 * perf_counter(): as that, as fine as possible, to measure how long something takes
 * process_time(): how long the processor has worked for the program
 * thread_time(): the same for the thread
 * sleep(): wait for so many seconds
 */
export function initTime(m: usize): i32 {
  if (readyStructType(PyStructSequence_struct_time, 9) < 0) return -1;
  if (
    add(m, "CLOCK_REALTIME", PyLong_FromLong(CLOCK_REALTIME)) &&
    add(m, "CLOCK_MONOTONIC", PyLong_FromLong(CLOCK_MONOTONIC)) &&
    add(m, "CLOCK_MONOTONIC_RAW", PyLong_FromLong(CLOCK_MONOTONIC_RAW)) &&
    add(m, "CLOCK_PROCESS_CPUTIME_ID", PyLong_FromLong(CLOCK_PROCESS_CPUTIME_ID)) &&
    add(m, "CLOCK_THREAD_CPUTIME_ID", PyLong_FromLong(CLOCK_THREAD_CPUTIME_ID)) &&
    add(m, "CLOCK_BOOTTIME", PyLong_FromLong(CLOCK_BOOTTIME)) &&
    add(m, "CLOCK_TAI", PyLong_FromLong(CLOCK_TAI)) &&
    add(m, "_STRUCT_TM_ITEMS", PyLong_FromLong(11)) &&
    add(m, "struct_time", PyStructSequence_struct_time)
  ) {
    return setZones(m);
  }
  return -1;
}
