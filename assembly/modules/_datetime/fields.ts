// The fields of dates, times and differences, and how objects are made of them (a part of CPython 3.13's
// Modules/_datetimemodule.c). The parts on the way in and out are a datetime_parts.
//
//   datetime   | head | hash | zone? 1 | year 2 | month 1 | day 1 | hour 1 | minute 1 | second 1 | µs 3 | fold 1 | tzinfo |
//
// Invariant: fields are in their ranges. An object without a zone ends before its tzinfo.

import { Py_TPFLAGS_BASETYPE } from "../../generated/constants";
import {
  clock_bytes,
  date_bytes,
  datetime_parts,
  PyDateTime_Date,
  PyDateTime_Date_data,
  PyDateTime_DateTime,
  PyDateTime_Delta,
  PyDateTime_Time,
  PyDateTime_Time_data,
  PyTypeObject,
  SIZEOF_datetime_parts,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyDateTime_DateTimeType,
  PyDateTime_DateType,
  PyDateTime_DeltaType,
  PyDateTime_TimeType,
  PyDateTime_TZInfoType,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  zero_delta,
} from "../../generated/statics";
import { PyObject_Malloc } from "../../memory/pymem";
import { PyDict_New, PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { Long } from "../../objects/numbers/int/access";
import { longOverflow, longValue, PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { PyObject_Call } from "../../objects/object/call";
import { _PyObject_Init, Py } from "../../objects/object/head";
import { PyNumber_Index } from "../../objects/protocol/number";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { Scratch } from "../../thread/scratch";
import { daysInMonth, MAXYEAR, MINYEAR, ordinalOf, YMD } from "./calendar";

const DAY: i32 = 86400;
const MAX_DELTA_DAYS: i32 = 999999999;

export function isDelta(o: usize): bool {
  return PyType_IsSubtype(Py.TYPE(o), PyDateTime_DeltaType);
}

export function isDate(o: usize): bool {
  return PyType_IsSubtype(Py.TYPE(o), PyDateTime_DateType);
}

export function isTime(o: usize): bool {
  return PyType_IsSubtype(Py.TYPE(o), PyDateTime_TimeType);
}

export function isDateTime(o: usize): bool {
  return PyType_IsSubtype(Py.TYPE(o), PyDateTime_DateTimeType);
}

/** Fields of objects. */
export class Field {
  @inline static date(o: usize): date_bytes {
    return date_bytes.at(o + PyDateTime_Date_data);
  }

  @inline static year(o: usize): i32 {
    const x = Field.date(o);
    return ((<i32>x.year_high) << 8) | x.year_low;
  }

  @inline static month(o: usize): i32 {
    return Field.date(o).month;
  }

  @inline static day(o: usize): i32 {
    return Field.date(o).day;
  }

  /** The number of the day of a date. */
  @inline static ordinal(o: usize): i32 {
    return ordinalOf(Field.year(o), Field.month(o), Field.day(o));
  }

  /** Where hour, minute, second and microsecond of a time or of a datetime are. */
  @inline static clock(o: usize): usize {
    return isDateTime(o) ? o + PyDateTime_Date_data + 4 : o + PyDateTime_Time_data;
  }

  @inline static hour(clock: usize): i32 {
    return clock_bytes.at(clock).hour;
  }

  @inline static minute(clock: usize): i32 {
    return clock_bytes.at(clock).minute;
  }

  @inline static second(clock: usize): i32 {
    return clock_bytes.at(clock).second;
  }

  @inline static microsecond(clock: usize): i32 {
    const x = clock_bytes.at(clock);
    return ((<i32>x.us_high) << 16) | ((<i32>x.us_middle) << 8) | x.us_low;
  }

  /** Seconds since midnight. */
  @inline static seconds(clock: usize): i32 {
    return (Field.hour(clock) * 60 + Field.minute(clock)) * 60 + Field.second(clock);
  }

  /** Whether a time or datetime is the second of two equal ones. */
  @inline static fold(o: usize): i32 {
    return isDateTime(o) ? PyDateTime_DateTime.at(o).fold : PyDateTime_Time.at(o).fold;
  }

  /** The zone of a time or a datetime, borrowed: None where it has none. */
  @inline static zone(o: usize): usize {
    if (!PyDateTime_Date.at(o).hastzinfo) return _Py_NoneStruct;
    return isDateTime(o) ? PyDateTime_DateTime.at(o).tzinfo : PyDateTime_Time.at(o).tzinfo;
  }
}

/** A date or time being made: all 0, without a zone. giveParts must follow. */
export function takeParts(): usize {
  const p = Scratch.take(<isize>SIZEOF_datetime_parts / 8);
  memory.fill(p, 0, SIZEOF_datetime_parts);
  datetime_parts.at(p).tzinfo = _Py_NoneStruct;
  return p;
}

export function giveParts(p: usize): void {
  Scratch.give(p);
}

export function readDate(o: usize, p: usize): void {
  const x = datetime_parts.at(p);
  x.year = Field.year(o);
  x.month = Field.month(o);
  x.day = Field.day(o);
}

/** Reads time, fold and zone of a time or a datetime. */
export function readTime(o: usize, p: usize): void {
  const x = datetime_parts.at(p);
  const clock = Field.clock(o);
  x.hour = Field.hour(clock);
  x.minute = Field.minute(clock);
  x.second = Field.second(clock);
  x.microsecond = Field.microsecond(clock);
  x.fold = Field.fold(o);
  x.tzinfo = Field.zone(o);
}

export function setDate(p: usize, ymd: i64): void {
  const x = datetime_parts.at(p);
  x.year = YMD.year(ymd);
  x.month = YMD.month(ymd);
  x.day = YMD.day(ymd);
}

/** A C int as PyArg_Parse takes it: -1 with TypeError or OverflowError. */
export function cInt(v: usize): i32 {
  const i = PyNumber_Index(v);
  if (i == 0) return -1;
  const overflow = longOverflow(i);
  const value = overflow == 0 ? longValue(i) : 0;
  Py.DECREF(i);
  if (overflow != 0) return PyErr_Fail(PyExc_OverflowError, "Python int too large to convert to C long");
  if (value > i32.MAX_VALUE) return PyErr_Fail(PyExc_OverflowError, "signed integer is greater than maximum");
  if (value < i32.MIN_VALUE) return PyErr_Fail(PyExc_OverflowError, "signed integer is less than minimum");
  return <i32>value;
}

/** Stores the ints of the slots, where given, in the fields from `first` on: false with an exception. */
export function takeInts(slots: usize, n: isize, p: usize, first: isize): bool {
  for (let i: isize = 0; i < n; i++) {
    const v = Py.item(slots, i);
    if (v == 0) continue;
    const value = cInt(v);
    if (value == -1 && PyErr_Occurred()) return false;
    store<i32>(p + ((<usize>(first + i)) << 2), value);
  }
  return true;
}

/** Whether a tuple has so many arguments; otherwise TypeError. */
export function takesExactly(name: string, args: usize, n: isize): bool {
  const given = Py.SIZE(args);
  if (given == n) return true;
  const format = n == 1 ? "%F takes exactly %d argument (%d given)" : "%F takes exactly %d arguments (%d given)";
  PyErr_Format(PyExc_TypeError, format, changetype<usize>(name), n, given);
  return false;
}

/** Where the fields of a time begin among the parts. */
export const HOUR: isize = 3;

function fail(message: string): bool {
  PyErr_SetString(PyExc_ValueError, message);
  return false;
}

export function isYear(year: i64): bool {
  if (year >= MINYEAR && year <= MAXYEAR) return true;
  PyErr_Format(PyExc_ValueError, "year %d is out of range", year);
  return false;
}

function checkDate(p: usize): bool {
  const x = datetime_parts.at(p);
  if (!isYear(x.year)) return false;
  if (x.month < 1 || x.month > 12) return fail("month must be in 1..12");
  if (x.day < 1 || x.day > daysInMonth(x.year, x.month)) return fail("day is out of range for month");
  return true;
}

function checkTime(p: usize): bool {
  const x = datetime_parts.at(p);
  if (x.hour < 0 || x.hour > 23) return fail("hour must be in 0..23");
  if (x.minute < 0 || x.minute > 59) return fail("minute must be in 0..59");
  if (x.second < 0 || x.second > 59) return fail("second must be in 0..59");
  if (x.microsecond < 0 || x.microsecond > 999999) return fail("microsecond must be in 0..999999");
  if (x.fold != 0 && x.fold != 1) return fail("fold must be either 0 or 1");
  return true;
}

/** Whether it is None or a tzinfo; otherwise TypeError. */
export function checkZone(zone: usize): bool {
  if (zone == _Py_NoneStruct || PyType_IsSubtype(Py.TYPE(zone), PyDateTime_TZInfoType)) return true;
  PyErr_Format(PyExc_TypeError, "tzinfo argument must be None or of a tzinfo subclass, not type '%t'", zone);
  return false;
}

function allocate(type: usize, aware: bool): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>(aware ? 1 : 0));
}

function storeDate(data: usize, p: usize): void {
  const x = datetime_parts.at(p);
  const to = date_bytes.at(data);
  to.year_high = <u8>(x.year >> 8);
  to.year_low = <u8>x.year;
  to.month = <u8>x.month;
  to.day = <u8>x.day;
}

function storeTime(clock: usize, p: usize): void {
  const x = datetime_parts.at(p);
  const to = clock_bytes.at(clock);
  to.hour = <u8>x.hour;
  to.minute = <u8>x.minute;
  to.second = <u8>x.second;
  to.us_high = <u8>(x.microsecond >> 16);
  to.us_middle = <u8>(x.microsecond >> 8);
  to.us_low = <u8>x.microsecond;
}

/** A new date of the type; null with an exception. */
export function newDate(type: usize, p: usize): usize {
  const o = checkDate(p) ? allocate(type, false) : 0;
  if (o == 0) return 0;
  const x = PyDateTime_Date.at(o);
  x.hashcode = -1;
  x.hastzinfo = 0;
  storeDate(x.data, p);
  return o;
}

/** A new time of the type; null with an exception. */
export function newTime(type: usize, p: usize): usize {
  const zone = datetime_parts.at(p).tzinfo;
  const o = checkTime(p) && checkZone(zone) ? emptyTime(type, zone) : 0;
  if (o == 0) return 0;
  storeTime(PyDateTime_Time.at(o).data, p);
  PyDateTime_Time.at(o).fold = <u8>datetime_parts.at(p).fold;
  return o;
}

/** A new time with a zone, or without one, which has no fields yet. */
export function emptyTime(type: usize, zone: usize): usize {
  const aware = zone != _Py_NoneStruct;
  const o = allocate(type, aware);
  if (o == 0) return 0;
  const x = PyDateTime_Time.at(o);
  x.hashcode = -1;
  x.hastzinfo = aware ? 1 : 0;
  if (aware) x.tzinfo = Py.NewRef(zone);
  return o;
}

/** A new datetime of the type; null with an exception. */
export function newDateTime(type: usize, p: usize): usize {
  const zone = datetime_parts.at(p).tzinfo;
  const o = checkDate(p) && checkTime(p) && checkZone(zone) ? emptyDateTime(type, zone) : 0;
  if (o == 0) return 0;
  const x = PyDateTime_DateTime.at(o);
  storeDate(x.data, p);
  storeTime(x.data + 4, p);
  x.fold = <u8>datetime_parts.at(p).fold;
  return o;
}

/** A new datetime with a zone, or without one, which has no fields yet. */
export function emptyDateTime(type: usize, zone: usize): usize {
  const aware = zone != _Py_NoneStruct;
  const o = allocate(type, aware);
  if (o == 0) return 0;
  const x = PyDateTime_DateTime.at(o);
  x.hashcode = -1;
  x.hastzinfo = aware ? 1 : 0;
  if (aware) x.tzinfo = Py.NewRef(zone);
  return o;
}

/** cls(...) with n parts from `first` on, with zone where told, with fold where it is not 0. */
function callClass(cls: usize, p: usize, first: isize, n: isize, zone: bool): usize {
  const args = PyTuple_New(zone ? n + 1 : n);
  if (args == 0) return 0;
  let complete: bool = true;
  for (let i: isize = 0; i < n && complete; i++) {
    const v = PyLong_FromLong(load<i32>(p + ((<usize>(first + i)) << 2)));
    Tuple.set(args, i, v);
    complete = v != 0;
  }
  if (zone) Tuple.set(args, n, Py.NewRef(datetime_parts.at(p).tzinfo));
  let kwargs: usize = 0;
  if (complete && zone && datetime_parts.at(p).fold) {
    kwargs = PyDict_New();
    complete = kwargs != 0 && PyDict_SetItemLiteral(kwargs, "fold", Long.small(1)) == 0;
  }
  const r = complete ? PyObject_Call(cls, args, kwargs) : 0;
  Py.XDECREF(kwargs);
  Py.DECREF(args);
  return r;
}

/** A date as the class, date or a subclass, makes it. */
export function dateOfClass(cls: usize, p: usize): usize {
  if (cls == PyDateTime_DateType) return newDate(cls, p);
  if (cls == PyDateTime_DateTimeType) return newDateTime(cls, p);
  return callClass(cls, p, 0, 3, false);
}

export function timeOfClass(cls: usize, p: usize): usize {
  return cls == PyDateTime_TimeType ? newTime(cls, p) : callClass(cls, p, HOUR, 4, true);
}

export function dateTimeOfClass(cls: usize, p: usize): usize {
  return cls == PyDateTime_DateTimeType ? newDateTime(cls, p) : callClass(cls, p, 0, 7, true);
}

function floorDiv(a: i64, b: i64): i64 {
  const q = a / b;
  return q * b > a ? q - 1 : q;
}

/** A new timedelta of the type; seconds and microseconds are carried. Null with OverflowError or MemoryError. */
export function newDeltaOf(type: usize, days: i64, seconds: i64, microseconds: i64): usize {
  const second = floorDiv(microseconds, 1000000);
  const us = microseconds - second * 1000000;
  const total = seconds + second;
  const day = floorDiv(total, DAY);
  const s = total - day * DAY;
  const d = days + day;
  if (d < -MAX_DELTA_DAYS || d > MAX_DELTA_DAYS) {
    return PyErr_Format(PyExc_OverflowError, "days=%d; must have magnitude <= %d", d, MAX_DELTA_DAYS);
  }
  if (d == 0 && s == 0 && us == 0 && type == PyDateTime_DeltaType) return zero_delta;
  const o = allocate(type, false);
  if (o == 0) return 0;
  const x = PyDateTime_Delta.at(o);
  x.hashcode = -1;
  x.days = <i32>d;
  x.seconds = <i32>s;
  x.microseconds = <i32>us;
  return o;
}

export function newDelta(days: i64, seconds: i64, microseconds: i64): usize {
  return newDeltaOf(PyDateTime_DeltaType, days, seconds, microseconds);
}

/** The slots of a type of instances of `size` bytes that the collector does not track. */
export function plainType(type: usize, size: usize): PyTypeObject {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = <isize>size;
  t.tp_flags = Py_TPFLAGS_BASETYPE;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  return t;
}

/** tp_alloc of a type whose instances take `size` bytes without a zone. */
export function allocateShort(type: usize, size: usize): usize {
  const o = PyObject_Malloc(size);
  if (o == 0) return PyErr_NoMemory();
  _PyObject_Init(o, type);
  return o;
}
