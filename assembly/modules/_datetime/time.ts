// time, a time of day (a part of CPython 3.13's Modules/_datetimemodule.c).

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  clock_bytes,
  datetime_parts,
  PyDateTime_Delta,
  PyDateTime_Time,
  PyTypeObject,
  SIZEOF_PyDateTime_Time,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  ID,
  PyDateTime_TimeType,
  PyExc_TypeError,
  utc_timezone,
} from "../../generated/statics";
import { BytesLike } from "../../objects/bytes/common";
import { PyTuple_Pack1, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { parseArguments, parseTupleAndKeywords, strArgument } from "../../objects/define/args";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py_EQ, Py_NE } from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { _Py_HashBytes, U } from "../../objects/text/access";
import { Writer, writeLiteral, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { YMD } from "./calendar";
import { fieldBytes, formatArgument, invalidIso, isIsoText, isoText, stateBytes } from "./date";
import { compareDeltas, compared, delta_hash, delta_subtract } from "./delta";
import {
  allocateShort,
  checkZone,
  cInt,
  emptyTime,
  Field,
  giveParts,
  HOUR,
  isTime,
  newDelta,
  newTime,
  plainType,
  readTime,
  setDate,
  takeInts,
  takeParts,
  takesExactly,
  timeOfClass,
} from "./fields";
import { formatByTime, timeTuple, writeFold, writeParts, writeTime, writeUtcOffset, writeZone } from "./format";
import { parseTime } from "./parse";
import { callName, callOffset, timezoneOf } from "./tzinfo";

const STATE: isize = 6;
/** Bytes of a time without a zone. */
const SHORT: usize = 32;

function time_alloc(type: usize, aware: isize): usize {
  return allocateShort(type, aware ? SIZEOF_PyDateTime_Time : SHORT);
}

function time_dealloc(o: usize): void {
  if (PyDateTime_Time.at(o).hastzinfo) Py.XDECREF(PyDateTime_Time.at(o).tzinfo);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** Whether what is pickled as a zone is one; otherwise TypeError. */
export function isStateZone(zone: usize): bool {
  if (checkZone(zone)) return true;
  PyErr_SetString(PyExc_TypeError, "bad tzinfo state arg");
  return false;
}

/** A new time with the state, a bytes: the highest bit of the hour says fold. */
function ofState(type: usize, state: usize, zone: usize): usize {
  const o = isStateZone(zone) ? emptyTime(type, zone) : 0;
  if (o == 0) return 0;
  const x = PyDateTime_Time.at(o);
  memory.copy(x.data, BytesLike.data(state), STATE);
  const clock = clock_bytes.at(x.data);
  x.fold = clock.hour >> 7;
  clock.hour &= 0x7f;
  return o;
}

function isStateHour(c: u32): bool {
  return (c & 0x7f) < 24;
}

function time_new(type: usize, args: usize, kwds: usize): usize {
  const n = Py.SIZE(args);
  if (n == 1 || n == 2) {
    const state = Tuple.get(args, 0);
    const zone = n == 2 ? Tuple.get(args, 1) : _Py_NoneStruct;
    if (Py.check(state, Py_TPFLAGS_BYTES_SUBCLASS)) {
      if (Py.SIZE(state) == STATE && isStateHour(clock_bytes.at(BytesLike.data(state)).hour))
        return ofState(type, state, zone);
    } else if (
      Py.check(state, Py_TPFLAGS_UNICODE_SUBCLASS) &&
      U.length(state) == STATE &&
      isStateHour(U.at(state, 0))
    ) {
      const message =
        "Failed to encode latin1 string when unpickling a time object. pickle.load(data, encoding='latin1') is assumed.";
      const bytes = stateBytes(state, message);
      const o = bytes == 0 ? 0 : ofState(type, bytes, zone);
      Py.XDECREF(bytes);
      return o;
    }
  }
  const p = takeParts();
  const a = Scratch.take(6);
  const names = "hour minute second microsecond tzinfo fold";
  const ok = parseTupleAndKeywords("", names, args, kwds, a, 0, 5) && takeTime(a, p);
  Scratch.give(a);
  const o = ok ? newTime(type, p) : 0;
  giveParts(p);
  return o;
}

/** Takes hour, minute, second, microsecond, tzinfo and fold out of six slots, where given: false with an exception. */
export function takeTime(slots: usize, p: usize): bool {
  const zone = Py.item(slots, 4);
  if (zone != 0) datetime_parts.at(p).tzinfo = zone;
  return takeInts(slots, 4, p, HOUR) && takeInts(Py.slot(slots, 5), 1, p, HOUR + 4);
}

/**
 * @getter datetime.time.hour
 *
 * @getter datetime.datetime.hour = time_hour
 */
export function time_hour(o: usize): usize {
  return PyLong_FromLong(Field.hour(Field.clock(o)));
}

/**
 * @getter datetime.time.minute
 *
 * @getter datetime.datetime.minute = time_minute
 */
export function time_minute(o: usize): usize {
  return PyLong_FromLong(Field.minute(Field.clock(o)));
}

/**
 * @getter datetime.time.second
 *
 * @getter datetime.datetime.second = time_second
 */
export function time_second(o: usize): usize {
  return PyLong_FromLong(Field.second(Field.clock(o)));
}

/**
 * @getter datetime.time.microsecond
 *
 * @getter datetime.datetime.microsecond = time_microsecond
 */
export function time_microsecond(o: usize): usize {
  return PyLong_FromLong(Field.microsecond(Field.clock(o)));
}

/**
 * @getter datetime.time.tzinfo
 *
 * @getter datetime.datetime.tzinfo = time_tzinfo
 */
export function time_tzinfo(o: usize): usize {
  return Py.NewRef(Field.zone(o));
}

/**
 * @getter datetime.time.fold
 *
 * @getter datetime.datetime.fold = time_fold
 */
export function time_fold(o: usize): usize {
  return PyLong_FromLong(Field.fold(o));
}

/**
 * @native datetime.time.utcoffset
 *
 * What utcoffset() of the zone says.
 */
export function time_utcoffset(o: usize, _: usize): usize {
  return callOffset(Field.zone(o), ID.utcoffset, _Py_NoneStruct);
}

/**
 * @native datetime.time.dst
 *
 * What dst() of the zone says.
 */
export function time_dst(o: usize, _: usize): usize {
  return callOffset(Field.zone(o), ID.dst, _Py_NoneStruct);
}

/**
 * @native datetime.time.tzname
 *
 * What tzname() of the zone says.
 */
export function time_tzname(o: usize, _: usize): usize {
  return callName(Field.zone(o), _Py_NoneStruct);
}

function time_repr(o: usize): usize {
  const p = takeParts();
  readTime(o, p);
  const x = datetime_parts.at(p);
  const w = Writer.begin();
  const written =
    writeParts(w, o, p, HOUR, x.microsecond ? 4 : x.second ? 3 : 2) == 0 &&
    writeZone(w, x.tzinfo) == 0 &&
    writeFold(w, x.fold) == 0 &&
    writeLiteral(w, ")") == 0;
  const r = written ? writerFinish(w) : writerDiscard(w);
  giveParts(p);
  return r;
}

/** The timespec in a slot is a str, or not given; otherwise TypeError. */
export function isTimespec(v: usize, argument: string): bool {
  return v == 0 || strArgument(v, "isoformat", argument);
}

/**
 * @native datetime.time.isoformat
 *
 * As text, in the form HH:MM:SS.ffffff+HH:MM; microseconds and offset where there are any.
 *
 * timespec
 *   How much of it: 'hours', 'minutes', 'seconds', 'milliseconds' or
 *   'microseconds'; with 'auto', as if not given.
 */
export function time_isoformat(o: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(1);
  const ok = parseTupleAndKeywords("isoformat", "timespec", args, kwargs, a, 0, 1);
  const timespec = Py.item(a, 0);
  Scratch.give(a);
  if (!ok || !isTimespec(timespec, "argument 1")) return 0;
  const w = Writer.begin();
  const written =
    writeTime(w, PyDateTime_Time.at(o).data, timespec) == 0 &&
    writeUtcOffset(w, Field.zone(o), _Py_NoneStruct, ":") == 0;
  return written ? writerFinish(w) : writerDiscard(w);
}

/**
 * @native datetime.time.strftime
 *
 * As text, by a format.
 */
export function time_strftime(o: usize, args: usize, kwargs: usize): usize {
  const format = formatArgument(args, kwargs);
  if (format == 0) return 0;
  // The day does not matter, but must be one that strftime() takes.
  const p = takeParts();
  readTime(o, p);
  setDate(p, YMD.of(1900, 1, 1));
  const tuple = timeTuple(p, 0, 1, -1);
  giveParts(p);
  const r = tuple == 0 ? 0 : formatByTime(o, format, tuple, _Py_NoneStruct);
  Py.XDECREF(tuple);
  return r;
}

/** How two of different offsets compare: seconds of UTC first. */
function difference(a: usize, b: usize, offsetA: usize, offsetB: usize): i32 {
  const x = PyDateTime_Time.at(a).data;
  const y = PyDateTime_Time.at(b).data;
  const dx = PyDateTime_Delta.at(offsetA);
  const dy = PyDateTime_Delta.at(offsetB);
  const d = Field.seconds(x) - dx.days * 86400 - dx.seconds - (Field.seconds(y) - dy.days * 86400 - dy.seconds);
  return d != 0 ? d : Field.microsecond(x) - Field.microsecond(y);
}

function time_richcompare(a: usize, b: usize, op: i32): usize {
  if (!isTime(b)) return _Py_NotImplementedStruct;
  const x = PyDateTime_Time.at(a).data;
  const y = PyDateTime_Time.at(b).data;
  if (Field.zone(a) == Field.zone(b)) return compared(memory.compare(x, y, STATE), op);
  const offsetA = time_utcoffset(a, 0);
  const offsetB = offsetA == 0 ? 0 : time_utcoffset(b, 0);
  let r: usize = 0;
  if (offsetB != 0) {
    const aware = offsetA != _Py_NoneStruct && offsetB != _Py_NoneStruct;
    if (offsetA == offsetB || (aware && compareDeltas(offsetA, offsetB) == 0)) {
      r = compared(memory.compare(x, y, STATE), op);
    } else if (aware) r = compared(difference(a, b, offsetA, offsetB), op);
    else if (op == Py_EQ || op == Py_NE) r = boolObject(op == Py_NE);
    else PyErr_SetString(PyExc_TypeError, "can't compare offset-naive and offset-aware times");
  }
  Py.XDECREF(offsetB);
  Py.XDECREF(offsetA);
  return r;
}

/** The hash of a difference, which is stolen, less an offset: -1 with an exception. */
export function hashLess(delta: usize, offset: usize): i64 {
  const less = delta == 0 ? 0 : delta_subtract(delta, offset);
  const h = less == 0 ? -1 : delta_hash(less);
  Py.XDECREF(less);
  Py.XDECREF(delta);
  return h;
}

function time_hash(o: usize): i64 {
  const x = PyDateTime_Time.at(o);
  if (x.hashcode != -1) return x.hashcode;
  // Both of two equal times have the hash of the first.
  let first = Py.NewRef(o);
  if (x.fold) {
    Py.DECREF(o);
    const p = takeParts();
    readTime(o, p);
    datetime_parts.at(p).fold = 0;
    first = newTime(Py.TYPE(o), p);
    giveParts(p);
    if (first == 0) return -1;
  }
  const offset = time_utcoffset(first, 0);
  Py.DECREF(first);
  if (offset == 0) return -1;
  if (offset == _Py_NoneStruct) x.hashcode = _Py_HashBytes(x.data, STATE);
  else x.hashcode = hashLess(newDelta(0, Field.seconds(x.data), Field.microsecond(x.data)), offset);
  Py.DECREF(offset);
  return x.hashcode;
}

/**
 * @native datetime.time.replace($self, /, hour=unchanged, minute=unchanged, second=unchanged,
 *         microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)
 *
 * The same, but for what is given.
 *
 * @native datetime.time.__replace__($self, /, **changes) = time_replace
 *
 * As replace().
 */
export function time_replace(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const p = takeParts();
  readTime(o, p);
  const a = Scratch.take(6);
  const names = "hour minute second microsecond tzinfo fold";
  const ok = parseArguments("replace", names, argv, nargs, kwnames, a, 0, 5) && takeTime(a, p);
  Scratch.give(a);
  const r = ok ? timeOfClass(Py.TYPE(o), p) : 0;
  giveParts(p);
  return r;
}

/** Sets the zone of the parts to what a text had, `r` as parseTime() returned it: a new reference, null with an exception. */
export function parsedZone(p: usize, r: i32): usize {
  const x = datetime_parts.at(p);
  const zone = r == 0 ? _Py_NoneStruct : x.offset == 0 ? utc_timezone : timezoneOf(x.offset, x.offset_us, 0);
  x.tzinfo = zone;
  return zone;
}

/**
 * @classmethod datetime.time.fromisoformat
 *
 * The time that a text in a format of ISO 8601 names.
 */
export function time_fromisoformat(type: usize, s: usize): usize {
  if (!isIsoText(s)) return 0;
  const p = takeParts();
  const start: isize = U.length(s) > 0 && U.at(s, 0) == 0x54 ? 1 : 0;
  const r = parseTime(s, start, p);
  const zone = r < 0 ? 0 : parsedZone(p, r);
  let o: usize = 0;
  if (r < 0) invalidIso(s);
  else if (zone != 0) o = timeOfClass(type, p);
  Py.XDECREF(zone);
  giveParts(p);
  return o;
}

/** (bytes,) or (bytes, zone) as __reduce__ has them; the bytes are stolen. Null with an exception, or where they are null. */
export function reducedState(o: usize, bytes: usize): usize {
  const zone = Field.zone(o);
  const args = bytes == 0 ? 0 : zone == _Py_NoneStruct ? PyTuple_Pack1(bytes) : PyTuple_Pack2(bytes, zone);
  const r = args == 0 ? 0 : PyTuple_Pack2(Py.TYPE(o), args);
  Py.XDECREF(args);
  Py.XDECREF(bytes);
  return r;
}

/** The protocol that __reduce_ex__() is called with; -1 with an exception. */
export function protocolArgument(args: usize): i32 {
  return takesExactly("__reduce_ex__", args, 1) ? cInt(Tuple.get(args, 0)) : -1;
}

/**
 * @native datetime.time.__reduce_ex__
 *
 * __reduce_ex__(protocol)
 */
export function time_reduce_ex(o: usize, args: usize): usize {
  const protocol = protocolArgument(args);
  if (protocol == -1 && PyErr_Occurred()) return 0;
  const x = PyDateTime_Time.at(o);
  return reducedState(o, fieldBytes(x.data, STATE, 0, protocol > 3 && x.fold ? 0x80 : 0));
}

/**
 * @native datetime.time.__reduce__
 *
 * __reduce__(): what makes it again
 */
export function time_reduce(o: usize, _: usize): usize {
  return reducedState(o, fieldBytes(PyDateTime_Time.at(o).data, STATE, 0, 0));
}

/**
 * @type datetime.time
 *
 * time(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)
 *
 * None of them need be given. tzinfo is a zone, an instance of a class derived from tzinfo, or None; the others are ints.
 */
export function initTimeType(): i32 {
  const t = plainType(PyDateTime_TimeType, SIZEOF_PyDateTime_Time);
  t.tp_alloc = time_alloc.index;
  t.tp_dealloc = time_dealloc.index;
  t.tp_new = time_new.index;
  t.tp_repr = time_repr.index;
  t.tp_str = isoText.index;
  t.tp_hash = time_hash.index;
  t.tp_richcompare = time_richcompare.index;
  return PyType_Ready(PyDateTime_TimeType);
}
