// datetime, a day and a time of it (a part of CPython 3.13's Modules/_datetimemodule.c).

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  date_bytes,
  datetime_parts,
  PyDateTime_DateTime,
  PyDateTime_Delta,
  PyNumberMethods,
  PyTypeObject,
  SIZEOF_PyDateTime_DateTime,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  ID,
  PyDateTime_DateTimeType,
  PyDateTime_DateType,
  PyDateTime_TimeType,
  PyExc_OverflowError,
  PyExc_TypeError,
  utc_timezone,
} from "../../generated/statics";
import { BytesLike } from "../../objects/bytes/common";
import { Tuple } from "../../objects/containers/tuple";
import { parseArguments, parseTupleAndKeywords } from "../../objects/define/args";
import { asNumber } from "../../objects/define/tables";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyObject_CallMethodOneArg } from "../../objects/object/call";
import { Py_EQ, Py_NE } from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { _Py_HashBytes, U } from "../../objects/text/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Writer, writeLiteral, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { dateOfOrdinal, MAXORDINAL, YMD } from "./calendar";
import { inZone } from "./construct";
import { fieldBytes, isMonth, stateBytes } from "./date";
import { compareDeltas, compared, delta_bool, delta_subtract, delta_total_seconds } from "./delta";
import {
  allocateShort,
  checkZone,
  dateTimeOfClass,
  emptyDateTime,
  Field,
  giveParts,
  isDateTime,
  isDelta,
  newDate,
  newDateTime,
  newDelta,
  newTime,
  plainType,
  readDate,
  readTime,
  setDate,
  takeInts,
  takeParts,
} from "./fields";
import {
  formatCtime,
  structTimeOf,
  writeDate,
  writeFold,
  writeParts,
  writeTime,
  writeUtcOffset,
  writeZone,
} from "./format";
import { instantOfLocal, zoneAt, zoneOfLocal } from "./moments";
import { hashLess, isStateZone, isTimespec, protocolArgument, reducedState, takeTime } from "./time";
import { callName, callOffset } from "./tzinfo";

const STATE: isize = 10;
/** Bytes of one without a zone. */
const SHORT: usize = 40;
const MICROSECONDS_OF_DAY: i64 = 86400000000;

function datetime_alloc(type: usize, aware: isize): usize {
  return allocateShort(type, aware ? SIZEOF_PyDateTime_DateTime : SHORT);
}

function datetime_dealloc(o: usize): void {
  if (PyDateTime_DateTime.at(o).hastzinfo) Py.XDECREF(PyDateTime_DateTime.at(o).tzinfo);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** A new datetime with the state, a bytes: the highest bit of the month says fold. */
function ofState(type: usize, state: usize, zone: usize): usize {
  const o = isStateZone(zone) ? emptyDateTime(type, zone) : 0;
  if (o == 0) return 0;
  const x = PyDateTime_DateTime.at(o);
  memory.copy(x.data, BytesLike.data(state), STATE);
  const date = date_bytes.at(x.data);
  x.fold = date.month >> 7;
  date.month &= 0x7f;
  return o;
}

const NAMES = "year month day hour minute second microsecond tzinfo fold";

function datetime_new(type: usize, args: usize, kwds: usize): usize {
  const n = Py.SIZE(args);
  if (n == 1 || n == 2) {
    const state = Tuple.get(args, 0);
    const zone = n == 2 ? Tuple.get(args, 1) : _Py_NoneStruct;
    if (Py.check(state, Py_TPFLAGS_BYTES_SUBCLASS)) {
      const isState = Py.SIZE(state) == STATE && isMonth(date_bytes.at(BytesLike.data(state)).month & 0x7f);
      if (isState) return ofState(type, state, zone);
    } else if (
      Py.check(state, Py_TPFLAGS_UNICODE_SUBCLASS) &&
      U.length(state) == STATE &&
      isMonth(U.at(state, 2) & 0x7f)
    ) {
      const message =
        "Failed to encode latin1 string when unpickling a datetime object. pickle.load(data, encoding='latin1') is assumed.";
      const bytes = stateBytes(state, message);
      const o = bytes == 0 ? 0 : ofState(type, bytes, zone);
      Py.XDECREF(bytes);
      return o;
    }
  }
  const p = takeParts();
  const a = Scratch.take(9);
  const ok =
    parseTupleAndKeywords("", NAMES, args, kwds, a, 3, 8) && takeInts(a, 3, p, 0) && takeTime(Py.slot(a, 3), p);
  Scratch.give(a);
  const o = ok ? newDateTime(type, p) : 0;
  giveParts(p);
  return o;
}

/**
 * @native datetime.datetime.utcoffset
 *
 * What utcoffset() of the zone says.
 */
export function datetime_utcoffset(o: usize, _: usize): usize {
  return callOffset(Field.zone(o), ID.utcoffset, o);
}

/**
 * @native datetime.datetime.dst
 *
 * What dst() of the zone says.
 */
export function datetime_dst(o: usize, _: usize): usize {
  return callOffset(Field.zone(o), ID.dst, o);
}

/**
 * @native datetime.datetime.tzname
 *
 * What tzname() of the zone says.
 */
export function datetime_tzname(o: usize, _: usize): usize {
  return callName(Field.zone(o), o);
}

/** Microseconds of the day. */
function microsecondsOfDay(o: usize): i64 {
  const clock = Field.clock(o);
  return <i64>Field.seconds(clock) * 1000000 + Field.microsecond(clock);
}

/** A datetime and a difference, times 1 or -1, with the zone of the first, of its class: null with an exception. */
export function addDelta(o: usize, delta: usize, factor: i32): usize {
  const d = PyDateTime_Delta.at(delta);
  const us = microsecondsOfDay(o) + (<i64>d.seconds * 1000000 + d.microseconds) * factor;
  const carried = us < 0 ? -1 : us >= MICROSECONDS_OF_DAY ? 1 : 0;
  const ordinal = <i64>Field.ordinal(o) + <i64>d.days * factor + carried;
  if (ordinal < 1 || ordinal > MAXORDINAL) return PyErr_SetString(PyExc_OverflowError, "date value out of range");
  const rest = us - MICROSECONDS_OF_DAY * carried;
  const seconds = <i32>(rest / 1000000);
  const p = takeParts();
  const x = datetime_parts.at(p);
  setDate(p, dateOfOrdinal(<i32>ordinal));
  x.hour = seconds / 3600;
  x.minute = (seconds / 60) % 60;
  x.second = seconds % 60;
  x.microsecond = <i32>(rest % 1000000);
  x.tzinfo = Field.zone(o);
  const r = dateTimeOfClass(Py.TYPE(o), p);
  giveParts(p);
  return r;
}

function datetime_add(left: usize, right: usize): usize {
  if (isDateTime(left)) return isDelta(right) ? addDelta(left, right, 1) : _Py_NotImplementedStruct;
  return isDelta(left) ? addDelta(right, left, 1) : _Py_NotImplementedStruct;
}

/** The offsets of two of different zones, in two slots: false with an exception, or where only one has any. */
function offsetsOf(a: usize, b: usize, out: usize): bool {
  const first = datetime_utcoffset(a, 0);
  const second = first == 0 ? 0 : datetime_utcoffset(b, 0);
  Py.setItem(out, 0, first);
  Py.setItem(out, 1, second);
  if (second != 0) return true;
  Py.XDECREF(first);
  return false;
}

/** What is between two datetimes: a new timedelta; null with an exception. */
function between(left: usize, right: usize): usize {
  const days = Field.ordinal(left) - Field.ordinal(right);
  const delta = newDelta(days, 0, microsecondsOfDay(left) - microsecondsOfDay(right));
  if (delta == 0 || Field.zone(left) == Field.zone(right)) return delta;
  const out = Scratch.take(2);
  const ok = offsetsOf(left, right, out);
  const a = Py.item(out, 0);
  const b = Py.item(out, 1);
  Scratch.give(out);
  if (!ok) {
    Py.DECREF(delta);
    return 0;
  }
  let r: usize = 0;
  if ((a == _Py_NoneStruct) != (b == _Py_NoneStruct)) {
    PyErr_SetString(PyExc_TypeError, "can't subtract offset-naive and offset-aware datetimes");
  } else if (a == b || compareDeltas(a, b) == 0) r = Py.NewRef(delta);
  else {
    const offset = delta_subtract(a, b);
    if (offset != 0) r = delta_subtract(delta, offset);
    Py.XDECREF(offset);
  }
  Py.DECREF(b);
  Py.DECREF(a);
  Py.DECREF(delta);
  return r;
}

function datetime_subtract(left: usize, right: usize): usize {
  if (!isDateTime(left)) return _Py_NotImplementedStruct;
  if (isDateTime(right)) return between(left, right);
  return isDelta(right) ? addDelta(left, right, -1) : _Py_NotImplementedStruct;
}

function datetime_repr(o: usize): usize {
  const p = takeParts();
  readDate(o, p);
  readTime(o, p);
  const x = datetime_parts.at(p);
  const w = Writer.begin();
  const written =
    writeParts(w, o, p, 0, x.microsecond ? 7 : x.second ? 6 : 5) == 0 &&
    writeFold(w, x.fold) == 0 &&
    writeZone(w, x.tzinfo) == 0 &&
    writeLiteral(w, ")") == 0;
  const r = written ? writerFinish(w) : writerDiscard(w);
  giveParts(p);
  return r;
}

function datetime_str(o: usize): usize {
  const space = PyUnicode_FromLiteral(" ");
  const r = space == 0 ? 0 : PyObject_CallMethodOneArg(o, ID.isoformat, space);
  Py.XDECREF(space);
  return r;
}

/** Whether a separator is a str of one character, or not given; otherwise TypeError. */
function isSeparator(v: usize): bool {
  if (v == 0 || (Py.check(v, Py_TPFLAGS_UNICODE_SUBCLASS) && U.length(v) == 1)) return true;
  PyErr_Format(PyExc_TypeError, "isoformat() argument 1 must be a unicode character, not %.50t", v);
  return false;
}

/**
 * @native datetime.datetime.isoformat
 *
 * As text, in the form YYYY-MM-DDTHH:MM:SS.ffffff+HH:MM; microseconds and offset where there are any.
 *
 * sep
 *   What stands between day and time, a character; T if not given.
 * timespec
 *   How much of the time: 'hours', 'minutes', 'seconds', 'milliseconds' or
 *   'microseconds'; with 'auto', as if not given.
 */
export function datetime_isoformat(o: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("isoformat", "sep timespec", args, kwargs, a, 0, 2);
  const sep = Py.item(a, 0);
  const timespec = Py.item(a, 1);
  Scratch.give(a);
  if (!ok || !isSeparator(sep) || !isTimespec(timespec, "argument 2")) return 0;
  const w = Writer.begin();
  const written =
    writeDate(w, o) == 0 &&
    Writer.char(w, sep == 0 ? 0x54 : U.at(sep, 0)) == 0 &&
    writeTime(w, Field.clock(o), timespec) == 0 &&
    writeUtcOffset(w, Field.zone(o), o, ":") == 0;
  return written ? writerFinish(w) : writerDiscard(w);
}

/**
 * @native datetime.datetime.ctime
 *
 * As text, as ctime() of C has it.
 */
export function datetime_ctime(o: usize, _: usize): usize {
  return formatCtime(o, Field.clock(o));
}

/** The offset of a datetime with another fold: a new timedelta or None; null with an exception. */
function otherOffset(o: usize): usize {
  const p = takeParts();
  readDate(o, p);
  readTime(o, p);
  datetime_parts.at(p).fold = datetime_parts.at(p).fold ? 0 : 1;
  const other = newDateTime(Py.TYPE(o), p);
  giveParts(p);
  const r = other == 0 ? 0 : datetime_utcoffset(other, 0);
  Py.XDECREF(other);
  return r;
}

/** Whether fold decides its offset: 1, 0, or -1 with an exception. */
function dependsOnFold(o: usize, offset: usize): i32 {
  const other = otherOffset(o);
  if (other == 0) return -1;
  const none = other == _Py_NoneStruct || offset == _Py_NoneStruct;
  const differs = other != offset && (none || compareDeltas(other, offset) != 0);
  Py.DECREF(other);
  return differs ? 1 : 0;
}

/** compared() of a difference; those of which fold decides the offset equal no datetime of another zone. */
function comparedWithFold(a: usize, b: usize, offsetA: usize, offsetB: usize, d: i32, op: i32): usize {
  if (d != 0 || (op != Py_EQ && op != Py_NE)) return compared(d, op);
  const first = dependsOnFold(a, offsetA);
  const depends = first != 0 ? first : dependsOnFold(b, offsetB);
  return depends < 0 ? 0 : compared(depends, op);
}

function compareOffsets(a: usize, b: usize, offsetA: usize, offsetB: usize, op: i32): usize {
  const aware = offsetA != _Py_NoneStruct && offsetB != _Py_NoneStruct;
  if (offsetA == offsetB || (aware && compareDeltas(offsetA, offsetB) == 0)) {
    const d = memory.compare(PyDateTime_DateTime.at(a).data, PyDateTime_DateTime.at(b).data, STATE);
    return comparedWithFold(a, b, offsetA, offsetB, d, op);
  }
  if (aware) {
    const delta = between(a, b);
    if (delta == 0) return 0;
    const x = PyDateTime_Delta.at(delta);
    const d = x.days != 0 ? x.days : x.seconds | x.microseconds;
    Py.DECREF(delta);
    return comparedWithFold(a, b, offsetA, offsetB, d, op);
  }
  if (op == Py_EQ || op == Py_NE) return boolObject(op == Py_NE);
  return PyErr_SetString(PyExc_TypeError, "can't compare offset-naive and offset-aware datetimes");
}

function datetime_richcompare(a: usize, b: usize, op: i32): usize {
  if (!isDateTime(b)) return _Py_NotImplementedStruct;
  if (Field.zone(a) == Field.zone(b)) {
    return compared(memory.compare(PyDateTime_DateTime.at(a).data, PyDateTime_DateTime.at(b).data, STATE), op);
  }
  const out = Scratch.take(2);
  const ok = offsetsOf(a, b, out);
  const offsetA = Py.item(out, 0);
  const offsetB = Py.item(out, 1);
  Scratch.give(out);
  if (!ok) return 0;
  const r = compareOffsets(a, b, offsetA, offsetB, op);
  Py.DECREF(offsetB);
  Py.DECREF(offsetA);
  return r;
}

function datetime_hash(o: usize): i64 {
  const x = PyDateTime_DateTime.at(o);
  if (x.hashcode != -1) return x.hashcode;
  // Both of two equal times have the hash of the first.
  const offset = x.fold ? otherOffset(o) : datetime_utcoffset(o, 0);
  if (offset == 0) return -1;
  if (offset == _Py_NoneStruct) x.hashcode = _Py_HashBytes(x.data, STATE);
  else x.hashcode = hashLess(newDelta(Field.ordinal(o), 0, microsecondsOfDay(o)), offset);
  Py.DECREF(offset);
  return x.hashcode;
}

/**
 * @native datetime.datetime.replace($self, /, year=unchanged, month=unchanged, day=unchanged,
 *         hour=unchanged, minute=unchanged, second=unchanged,
 *         microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)
 *
 * The same, but for what is given.
 *
 * @native datetime.datetime.__replace__($self, /, **changes) = datetime_replace
 *
 * As replace().
 */
export function datetime_replace(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const p = takeParts();
  readDate(o, p);
  readTime(o, p);
  const a = Scratch.take(9);
  const ok =
    parseArguments("replace", NAMES, argv, nargs, kwnames, a, 0, 8) &&
    takeInts(a, 3, p, 0) &&
    takeTime(Py.slot(a, 3), p);
  Scratch.give(a);
  const r = ok ? dateTimeOfClass(Py.TYPE(o), p) : 0;
  giveParts(p);
  return r;
}

/** The zone of the clocks here when they show this datetime: new, or null with an exception. */
function localZone(o: usize): usize {
  const p = takeParts();
  readDate(o, p);
  readTime(o, p);
  const zone = zoneOfLocal(p);
  giveParts(p);
  return zone;
}

/** Seconds since 1970 of a datetime whose fields are UTC. */
function secondsOfUtc(o: usize): i64 {
  return <i64>(Field.ordinal(o) - 719163) * 86400 + Field.seconds(Field.clock(o));
}

/** A copy of a datetime of UTC with this zone, of its class without asking that; null with an exception. */
function withZone(o: usize, zone: usize): usize {
  const p = takeParts();
  readDate(o, p);
  readTime(o, p);
  datetime_parts.at(p).tzinfo = zone;
  const r = newDateTime(Py.TYPE(o), p);
  giveParts(p);
  return r;
}

/**
 * @native datetime.datetime.astimezone
 *
 * tz: the same time in another zone
 */
export function datetime_astimezone(o: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(1);
  const ok = parseTupleAndKeywords("astimezone", "tz", args, kwargs, a, 0, 1);
  const given = Py.item(a, 0);
  Scratch.give(a);
  const tz = given == 0 ? _Py_NoneStruct : given;
  if (!ok || !checkZone(tz)) return 0;
  let own = Field.zone(o);
  own = own == _Py_NoneStruct ? localZone(o) : Py.NewRef(own);
  if (own == tz) {
    Py.DECREF(own);
    return Py.NewRef(o);
  }
  let offset = own == 0 ? 0 : callOffset(own, ID.utcoffset, o);
  Py.XDECREF(own);
  if (offset == _Py_NoneStruct) {
    own = localZone(o);
    if (own == tz) {
      Py.DECREF(own);
      return Py.NewRef(o);
    }
    offset = own == 0 ? 0 : callOffset(own, ID.utcoffset, o);
    Py.XDECREF(own);
  }
  const utc = offset == 0 ? 0 : addDelta(o, offset, -1);
  Py.XDECREF(offset);
  if (utc == 0) return 0;
  const zone = tz == _Py_NoneStruct ? zoneAt(secondsOfUtc(utc)) : Py.NewRef(tz);
  const moved = zone == 0 ? 0 : withZone(utc, zone);
  Py.DECREF(utc);
  const r = zone == 0 ? 0 : inZone(moved, zone);
  Py.XDECREF(zone);
  return r;
}

/**
 * @native datetime.datetime.timetuple
 *
 * A struct_time, as time.localtime() returns.
 */
export function datetime_timetuple(o: usize, _: usize): usize {
  let dst = -1;
  if (Field.zone(o) != _Py_NoneStruct) {
    const delta = datetime_dst(o, 0);
    if (delta == 0) return 0;
    if (delta != _Py_NoneStruct) dst = delta_bool(delta);
    Py.DECREF(delta);
  }
  return structTime(o, dst);
}

function structTime(o: usize, dst: i32): usize {
  const p = takeParts();
  readDate(o, p);
  readTime(o, p);
  const r = structTimeOf(p, dst);
  giveParts(p);
  return r;
}

/**
 * @native datetime.datetime.utctimetuple
 *
 * A struct_time in UTC, as time.gmtime() returns.
 */
export function datetime_utctimetuple(o: usize, _: usize): usize {
  const offset = datetime_utcoffset(o, 0);
  if (offset == 0) return 0;
  const utc = offset == _Py_NoneStruct ? Py.NewRef(o) : addDelta(o, offset, -1);
  Py.DECREF(offset);
  const r = utc == 0 ? 0 : structTime(utc, 0);
  Py.XDECREF(utc);
  return r;
}

/**
 * @native datetime.datetime.timestamp
 *
 * Seconds since 1970, a float.
 */
export function datetime_timestamp(o: usize, _: usize): usize {
  const p = takeParts();
  let r: usize = 0;
  if (Field.zone(o) != _Py_NoneStruct) {
    setDate(p, YMD.of(1970, 1, 1));
    datetime_parts.at(p).tzinfo = utc_timezone;
    const epoch = newDateTime(PyDateTime_DateTimeType, p);
    const delta = epoch == 0 ? 0 : between(o, epoch);
    if (delta != 0) r = delta_total_seconds(delta, 0);
    Py.XDECREF(delta);
    Py.XDECREF(epoch);
  } else {
    readDate(o, p);
    readTime(o, p);
    const out = Scratch.take(1);
    if (instantOfLocal(p, out)) {
      r = PyFloat_FromDouble(<f64>load<i64>(out) + <f64>datetime_parts.at(p).microsecond / 1e6);
    }
    Scratch.give(out);
  }
  giveParts(p);
  return r;
}

/**
 * @native datetime.datetime.date
 *
 * The day alone, a date.
 */
export function datetime_date(o: usize, _: usize): usize {
  const p = takeParts();
  readDate(o, p);
  const r = newDate(PyDateTime_DateType, p);
  giveParts(p);
  return r;
}

/**
 * @native datetime.datetime.time
 *
 * The time alone, without a zone.
 */
export function datetime_time(o: usize, _: usize): usize {
  const p = takeParts();
  readTime(o, p);
  datetime_parts.at(p).tzinfo = _Py_NoneStruct;
  const r = newTime(PyDateTime_TimeType, p);
  giveParts(p);
  return r;
}

/**
 * @native datetime.datetime.timetz
 *
 * The time alone, with the zone.
 */
export function datetime_timetz(o: usize, _: usize): usize {
  const p = takeParts();
  readTime(o, p);
  const r = newTime(PyDateTime_TimeType, p);
  giveParts(p);
  return r;
}

/**
 * @native datetime.datetime.__reduce_ex__
 *
 * __reduce_ex__(protocol)
 */
export function datetime_reduce_ex(o: usize, args: usize): usize {
  const protocol = protocolArgument(args);
  if (protocol == -1 && PyErr_Occurred()) return 0;
  const x = PyDateTime_DateTime.at(o);
  return reducedState(o, fieldBytes(x.data, STATE, 2, protocol > 3 && x.fold ? 0x80 : 0));
}

/**
 * @native datetime.datetime.__reduce__
 *
 * __reduce__(): what makes it again
 */
export function datetime_reduce(o: usize, _: usize): usize {
  return reducedState(o, fieldBytes(PyDateTime_DateTime.at(o).data, STATE, 2, 0));
}

/**
 * @type datetime.datetime
 * @order now utcnow fromtimestamp utcfromtimestamp strptime combine fromisoformat date time timetz ctime timetuple
 * @order timestamp utctimetuple isoformat utcoffset tzname dst replace __replace__ astimezone __reduce_ex__ __reduce__
 *
 * datetime(year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)
 *
 * The day must be given. tzinfo is a zone, an instance of a class derived from tzinfo, or None; the others are ints.
 */
export function initDateTimeType(): i32 {
  const t = plainType(PyDateTime_DateTimeType, SIZEOF_PyDateTime_DateTime);
  t.tp_base = PyDateTime_DateType;
  t.tp_alloc = datetime_alloc.index;
  t.tp_dealloc = datetime_dealloc.index;
  t.tp_new = datetime_new.index;
  t.tp_repr = datetime_repr.index;
  t.tp_str = datetime_str.index;
  t.tp_hash = datetime_hash.index;
  t.tp_richcompare = datetime_richcompare.index;
  PyNumberMethods.at(asNumber(PyDateTime_DateTimeType)).nb_add = datetime_add.index;
  PyNumberMethods.at(asNumber(PyDateTime_DateTimeType)).nb_subtract = datetime_subtract.index;
  return PyType_Ready(PyDateTime_DateTimeType);
}
