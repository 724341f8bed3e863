// date, a day of the calendar, and the year, week and day of the week of one (a part of CPython 3.13's
// Modules/_datetimemodule.c).

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  date_bytes,
  datetime_parts,
  PyDateTime_Date,
  PyDateTime_Delta,
  PyNumberMethods,
  PyTypeObject,
  SIZEOF_PyDateTime_Date,
  SIZEOF_PyTupleObject,
} from "../../generated/layouts";
import {
  _Py_NotImplementedStruct,
  ID,
  PyDateTime_DateType,
  PyDateTime_IsoCalendarDateType,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_UnicodeEncodeError,
  PyExc_ValueError,
  PyTuple_Type,
} from "../../generated/statics";
import { newBytes } from "../../objects/bytes/bytes";
import { BytesLike } from "../../objects/bytes/common";
import { PyTuple_Pack1, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { parseArguments, parseTupleAndKeywords, strArgument } from "../../objects/define/args";
import { asNumber } from "../../objects/define/tables";
import { PyErr_ExceptionMatches, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs, PyObject_CallMethodOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_Str } from "../../objects/protocol/text";
import { _Py_HashBytes, U } from "../../objects/text/access";
import { _PyUnicode_AsLatin1String } from "../../objects/text/codecs/encode";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Writer, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { BAD_DAY, BAD_WEEK, BAD_YEAR, dateOfIsoWeek, dateOfOrdinal, isoWeek1Monday, MAXORDINAL } from "./calendar";
import { compared } from "./delta";
import {
  cInt,
  dateOfClass,
  Field,
  giveParts,
  isDate,
  isDateTime,
  isDelta,
  newDate,
  newDelta,
  plainType,
  readDate,
  setDate,
  takeInts,
  takeParts,
  takesExactly,
} from "./fields";
import { callTime, formatByTime, formatCtime, structTimeOf, writeDate } from "./format";
import { localParts, wholeTimestamp } from "./moments";
import { parseDate } from "./parse";

const STATE: isize = 4;

/** Whether a month's byte is one. */
export function isMonth(c: u32): bool {
  return c - 1 < 12;
}

/** A bytes of what is pickled, where it is a str of Latin-1: new, or null with ValueError. */
export function stateBytes(state: usize, message: string): usize {
  const bytes = _PyUnicode_AsLatin1String(state, 0);
  if (bytes == 0 && PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) PyErr_SetString(PyExc_ValueError, message);
  return bytes;
}

/** A new date with the state, a bytes. */
function ofState(type: usize, state: usize): usize {
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  const x = PyDateTime_Date.at(o);
  x.hashcode = -1;
  x.hastzinfo = 0;
  memory.copy(x.data, BytesLike.data(state), STATE);
  return o;
}

function date_new(type: usize, args: usize, kwds: usize): usize {
  if (Py.SIZE(args) == 1) {
    const state = Tuple.get(args, 0);
    if (Py.check(state, Py_TPFLAGS_BYTES_SUBCLASS)) {
      if (Py.SIZE(state) == STATE && isMonth(date_bytes.at(BytesLike.data(state)).month)) return ofState(type, state);
    } else if (Py.check(state, Py_TPFLAGS_UNICODE_SUBCLASS) && U.length(state) == STATE && isMonth(U.at(state, 2))) {
      const message =
        "Failed to encode latin1 string when unpickling a date object. pickle.load(data, encoding='latin1') is assumed.";
      const bytes = stateBytes(state, message);
      const o = bytes == 0 ? 0 : ofState(type, bytes);
      Py.XDECREF(bytes);
      return o;
    }
  }
  const p = takeParts();
  const a = Scratch.take(3);
  const ok = parseTupleAndKeywords("", "year month day", args, kwds, a, 3, 3) && takeInts(a, 3, p, 0);
  Scratch.give(a);
  const o = ok ? newDate(type, p) : 0;
  giveParts(p);
  return o;
}

/**
 * @getter datetime.date.year
 */
export function date_year(o: usize): usize {
  return PyLong_FromLong(Field.year(o));
}

/**
 * @getter datetime.date.month
 */
export function date_month(o: usize): usize {
  return PyLong_FromLong(Field.month(o));
}

/**
 * @getter datetime.date.day
 */
export function date_day(o: usize): usize {
  return PyLong_FromLong(Field.day(o));
}

/**
 * @classmethod datetime.date.fromtimestamp($type, timestamp, /)
 *
 * The day of a time in seconds since 1970 began, where the computer stands.
 *
 * It is a number, as time.time() returns it.
 */
export function date_fromtimestamp(type: usize, timestamp: usize): usize {
  const p = takeParts();
  const out = Scratch.take(1);
  const ok = wholeTimestamp(timestamp, out) && localParts(load<i64>(out), p);
  Scratch.give(out);
  const o = ok ? dateOfClass(type, p) : 0;
  giveParts(p);
  return o;
}

/**
 * @classmethod datetime.date.today
 *
 * Today, as fromtimestamp(time.time()) has it.
 */
export function date_today(type: usize, _: usize): usize {
  const now = callTime();
  const r = now == 0 ? 0 : PyObject_CallMethodOneArg(type, ID.fromtimestamp, now);
  Py.XDECREF(now);
  return r;
}

/**
 * @classmethod datetime.date.fromordinal
 *
 * The day with a number, as toordinal() returns it.
 */
export function date_fromordinal(type: usize, args: usize): usize {
  if (!takesExactly("fromordinal", args, 1)) return 0;
  const ordinal = cInt(Tuple.get(args, 0));
  if (ordinal == -1 && PyErr_Occurred()) return 0;
  if (ordinal < 1) return PyErr_SetString(PyExc_ValueError, "ordinal must be >= 1");
  const p = takeParts();
  setDate(p, dateOfOrdinal(ordinal));
  const o = dateOfClass(type, p);
  giveParts(p);
  return o;
}

/** Sets the ValueError of a text that is no date or time; null. */
export function invalidIso(s: usize): usize {
  return PyErr_Format(PyExc_ValueError, "Invalid isoformat string: %R", s);
}

/** Whether it is a str; otherwise TypeError. */
export function isIsoText(s: usize): bool {
  if (Py.check(s, Py_TPFLAGS_UNICODE_SUBCLASS)) return true;
  PyErr_SetString(PyExc_TypeError, "fromisoformat: argument must be str");
  return false;
}

/**
 * @classmethod datetime.date.fromisoformat
 *
 * The day that a text in a format of ISO 8601 names.
 */
export function date_fromisoformat(type: usize, s: usize): usize {
  if (!isIsoText(s)) return 0;
  const n = U.length(s);
  const p = takeParts();
  const ok = (n == 7 || n == 8 || n == 10) && parseDate(s, n, p);
  const o = ok ? dateOfClass(type, p) : invalidIso(s);
  giveParts(p);
  return o;
}

/**
 * @classmethod datetime.date.fromisocalendar
 *
 * The day of an ISO year, the number of a week in it, and the number of the day in that, from 1 for Monday.
 */
export function date_fromisocalendar(type: usize, args: usize, kwargs: usize): usize {
  const p = takeParts();
  const a = Scratch.take(3);
  let ok = parseTupleAndKeywords("fromisocalendar", "year week day", args, kwargs, a, 3, 3);
  if (ok && !takeInts(a, 3, p, 0)) {
    ok = false;
    if (PyErr_ExceptionMatches(PyExc_OverflowError)) {
      PyErr_SetString(PyExc_ValueError, "ISO calendar component out of range");
    }
  }
  Scratch.give(a);
  let o: usize = 0;
  if (ok) {
    const x = datetime_parts.at(p);
    const ymd = dateOfIsoWeek(x.year, x.month, x.day);
    if (ymd == BAD_YEAR) PyErr_Format(PyExc_ValueError, "Year is out of range: %d", x.year);
    else if (ymd == BAD_WEEK) PyErr_Format(PyExc_ValueError, "Invalid week: %d", x.month);
    else if (ymd == BAD_DAY) PyErr_Format(PyExc_ValueError, "Invalid day: %d (range is [1, 7])", x.day);
    else {
      // The last week of 9999 ends in the year after it, which the parts are checked for.
      setDate(p, ymd);
      o = dateOfClass(type, p);
    }
  }
  giveParts(p);
  return o;
}

/** The date so many days later: null with OverflowError or another exception. */
function plusDays(o: usize, days: i64): usize {
  const ordinal = <i64>Field.ordinal(o) + days;
  if (ordinal < 1 || ordinal > MAXORDINAL) return PyErr_SetString(PyExc_OverflowError, "date value out of range");
  const p = takeParts();
  setDate(p, dateOfOrdinal(<i32>ordinal));
  const r = dateOfClass(Py.TYPE(o), p);
  giveParts(p);
  return r;
}

function date_add(left: usize, right: usize): usize {
  if (isDateTime(left) || isDateTime(right)) return _Py_NotImplementedStruct;
  const date = isDate(left) ? left : right;
  const delta = isDate(left) ? right : left;
  return isDelta(delta) ? plusDays(date, PyDateTime_Delta.at(delta).days) : _Py_NotImplementedStruct;
}

function date_subtract(left: usize, right: usize): usize {
  if (isDateTime(left) || isDateTime(right) || !isDate(left)) return _Py_NotImplementedStruct;
  if (isDate(right)) return newDelta(Field.ordinal(left) - Field.ordinal(right), 0, 0);
  return isDelta(right) ? plusDays(left, -(<i64>PyDateTime_Delta.at(right).days)) : _Py_NotImplementedStruct;
}

function date_repr(o: usize): usize {
  return PyUnicode_FromFormat("%t(%d, %d, %d)", o, Field.year(o), Field.month(o), Field.day(o));
}

/**
 * @native datetime.date.isoformat
 *
 * As text, in the form YYYY-MM-DD.
 */
export function date_isoformat(o: usize, _: usize): usize {
  const w = Writer.begin(10);
  return writeDate(w, o) < 0 ? writerDiscard(w) : writerFinish(w);
}

/** str(): what isoformat(), perhaps a subclass's, returns. */
export function isoText(o: usize): usize {
  const r = PyObject_CallMethodNoArgs(o, ID.isoformat);
  return r;
}

/**
 * @native datetime.date.ctime
 *
 * As text, as ctime() of C has it.
 */
export function date_ctime(o: usize, _: usize): usize {
  return formatCtime(o, 0);
}

/** The only argument of strftime() or __format__(), a str: borrowed, or null with TypeError. */
export function formatArgument(args: usize, kwargs: usize): usize {
  const a = Scratch.take(1);
  const ok = parseTupleAndKeywords("strftime", "format", args, kwargs, a, 1, 1);
  const format = Py.item(a, 0);
  Scratch.give(a);
  return ok && strArgument(format, "strftime", "argument 1") ? format : 0;
}

/**
 * @native datetime.date.strftime
 *
 * As text, by a format.
 */
export function date_strftime(o: usize, args: usize, kwargs: usize): usize {
  const format = formatArgument(args, kwargs);
  const tuple = format == 0 ? 0 : PyObject_CallMethodNoArgs(o, ID.timetuple);
  const r = tuple == 0 ? 0 : formatByTime(o, format, tuple, o);
  Py.XDECREF(tuple);
  return r;
}

/**
 * @native datetime.date.__format__
 *
 * As strftime().
 *
 * @native datetime.time.__format__ = date_format
 *
 * As strftime().
 */
export function date_format(o: usize, args: usize): usize {
  if (!takesExactly("__format__", args, 1)) return 0;
  const format = Tuple.get(args, 0);
  if (!strArgument(format, "__format__", "argument 1")) return 0;
  if (U.length(format) == 0) return PyObject_Str(o);
  const r = PyObject_CallMethodOneArg(o, ID.strftime, format);
  return r;
}

/**
 * @native datetime.date.timetuple
 *
 * A struct_time, as time.localtime() returns.
 */
export function date_timetuple(o: usize, _: usize): usize {
  const p = takeParts();
  readDate(o, p);
  const r = structTimeOf(p, -1);
  giveParts(p);
  return r;
}

/**
 * @native datetime.date.isoweekday
 *
 * The number of the day in its week, from 1 for Monday to 7 for Sunday.
 */
export function date_isoweekday(o: usize, _: usize): usize {
  return PyLong_FromLong(((Field.ordinal(o) + 6) % 7) + 1);
}

/**
 * @native datetime.date.weekday
 *
 * The number of the day in its week, from 0 for Monday to 6 for Sunday.
 */
export function date_weekday(o: usize, _: usize): usize {
  return PyLong_FromLong((Field.ordinal(o) + 6) % 7);
}

/**
 * @native datetime.date.toordinal
 *
 * The number of the day; that of the first one of the year 1 is 1.
 */
export function date_toordinal(o: usize, _: usize): usize {
  return PyLong_FromLong(Field.ordinal(o));
}

/**
 * @native datetime.date.isocalendar
 *
 * Its ISO year, week and day of the week, a tuple with names.
 */
export function date_isocalendar(o: usize, _: usize): usize {
  let year = Field.year(o);
  const today = Field.ordinal(o);
  let first = isoWeek1Monday(year);
  if (today < first) first = isoWeek1Monday(--year);
  else if (today - first >= 52 * 7 && today >= isoWeek1Monday(year + 1)) first = isoWeek1Monday(++year);
  return newIsoDate(PyDateTime_IsoCalendarDateType, year, (today - first) / 7 + 1, ((today - first) % 7) + 1);
}

/**
 * @native datetime.date.replace($self, /, year=unchanged, month=unchanged, day=unchanged)
 *
 * The same, but for what is given.
 *
 * @native datetime.date.__replace__($self, /, **changes) = date_replace
 *
 * As replace().
 */
export function date_replace(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const p = takeParts();
  readDate(o, p);
  const a = Scratch.take(3);
  const ok = parseArguments("replace", "year month day", argv, nargs, kwnames, a, 0, 3) && takeInts(a, 3, p, 0);
  Scratch.give(a);
  const r = ok ? dateOfClass(Py.TYPE(o), p) : 0;
  giveParts(p);
  return r;
}

function date_richcompare(a: usize, b: usize, op: i32): usize {
  if (!isDate(b) || isDateTime(b)) return _Py_NotImplementedStruct;
  return compared(memory.compare(PyDateTime_Date.at(a).data, PyDateTime_Date.at(b).data, STATE), op);
}

/** A bytes of n bytes of fields, `mark` added to the one at `i`: new, or null with MemoryError. */
export function fieldBytes(data: usize, n: isize, i: isize, mark: i32): usize {
  const b = newBytes(n);
  if (b == 0) return 0;
  const to = BytesLike.data(b);
  memory.copy(to, data, n);
  store<u8>(to + i, <u8>(load<u8>(to + i) | mark));
  return b;
}

function date_hash(o: usize): i64 {
  const x = PyDateTime_Date.at(o);
  if (x.hashcode == -1) x.hashcode = _Py_HashBytes(x.data, STATE);
  return x.hashcode;
}

/**
 * @native datetime.date.__reduce__
 *
 * __reduce__(): what makes it again
 */
export function date_reduce(o: usize, _: usize): usize {
  const bytes = fieldBytes(PyDateTime_Date.at(o).data, STATE, 0, 0);
  const args = bytes == 0 ? 0 : PyTuple_Pack1(bytes);
  const r = args == 0 ? 0 : PyTuple_Pack2(Py.TYPE(o), args);
  Py.XDECREF(args);
  Py.XDECREF(bytes);
  return r;
}

// The ISO year, week and day

function newIsoDate(type: usize, year: i32, week: i32, weekday: i32): usize {
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>3);
  if (o == 0) return 0;
  Tuple.set(o, 0, PyLong_FromLong(year));
  Tuple.set(o, 1, PyLong_FromLong(week));
  Tuple.set(o, 2, PyLong_FromLong(weekday));
  if (Tuple.get(o, 0) != 0 && Tuple.get(o, 1) != 0 && Tuple.get(o, 2) != 0) return o;
  Py.DECREF(o);
  return 0;
}

function isodate_new(type: usize, args: usize, kwds: usize): usize {
  const p = takeParts();
  const a = Scratch.take(3);
  const names = "year week weekday";
  const ok = parseTupleAndKeywords("IsoCalendarDate", names, args, kwds, a, 3, 3) && takeInts(a, 3, p, 0);
  Scratch.give(a);
  const x = datetime_parts.at(p);
  const o = ok ? newIsoDate(type, x.year, x.month, x.day) : 0;
  giveParts(p);
  return o;
}

/**
 * @getter datetime.IsoCalendarDate.year
 */
export function isodate_year(o: usize): usize {
  return Py.NewRef(Tuple.get(o, 0));
}

/**
 * @getter datetime.IsoCalendarDate.week
 */
export function isodate_week(o: usize): usize {
  return Py.NewRef(Tuple.get(o, 1));
}

/**
 * @getter datetime.IsoCalendarDate.weekday
 */
export function isodate_weekday(o: usize): usize {
  return Py.NewRef(Tuple.get(o, 2));
}

function isodate_repr(o: usize): usize {
  const format = "%.200t(year=%S, week=%S, weekday=%S)";
  return PyUnicode_FromFormat(format, o, Tuple.get(o, 0), Tuple.get(o, 1), Tuple.get(o, 2));
}

/**
 * @native datetime.IsoCalendarDate.__reduce__
 *
 * __reduce__(): what makes it again
 */
export function isodate_reduce(o: usize, _: usize): usize {
  const plain = PyTuple_Pack3(Tuple.get(o, 0), Tuple.get(o, 1), Tuple.get(o, 2));
  const args = plain == 0 ? 0 : PyTuple_Pack1(plain);
  const r = args == 0 ? 0 : PyTuple_Pack2(PyTuple_Type, args);
  Py.XDECREF(args);
  Py.XDECREF(plain);
  return r;
}

/**
 * @type datetime.date
 *
 * date(year, month, day)
 */

/**
 * @type datetime.IsoCalendarDate(year, week, weekday)
 *
 * What isocalendar() of a date or datetime returns.
 *
 * It is a tuple of three numbers
 *   (year, week, weekday)
 * which are also attributes of it, with these names.
 */

/** Makes both types: 0, or -1 with an exception. */
export function initDateTypes(): i32 {
  const t = plainType(PyDateTime_DateType, SIZEOF_PyDateTime_Date);
  t.tp_new = date_new.index;
  t.tp_repr = date_repr.index;
  t.tp_str = isoText.index;
  t.tp_hash = date_hash.index;
  t.tp_richcompare = date_richcompare.index;
  PyNumberMethods.at(asNumber(PyDateTime_DateType)).nb_add = date_add.index;
  PyNumberMethods.at(asNumber(PyDateTime_DateType)).nb_subtract = date_subtract.index;
  const iso = PyTypeObject.at(PyDateTime_IsoCalendarDateType);
  iso.tp_base = PyTuple_Type;
  iso.tp_basicsize = <isize>SIZEOF_PyTupleObject;
  iso.tp_new = isodate_new.index;
  iso.tp_repr = isodate_repr.index;
  return PyType_Ready(PyDateTime_DateType) == 0 && PyType_Ready(PyDateTime_IsoCalendarDateType) == 0 ? 0 : -1;
}
