// tzinfo, what zones are derived from, and timezone, those with a fixed difference from UTC (a part of CPython 3.13's
// Modules/_datetimemodule.c).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  PyDateTime_DateTime,
  PyDateTime_Delta,
  PyDateTime_TimeZone,
  PyTypeObject,
  SIZEOF_PyDateTime_TimeZone,
  SIZEOF_PyObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  empty_tuple,
  ID,
  PyDateTime_TimeZoneType,
  PyDateTime_TZInfoType,
  PyExc_NotImplementedError,
  PyExc_TypeError,
  PyExc_ValueError,
  utc_timezone,
  zero_delta,
} from "../../generated/statics";
import { PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { PyTuple_Pack1, PyTuple_Pack2, PyTuple_Pack3 } from "../../objects/containers/tuple";
import { badArgument, parseTupleAndKeywords, strArgument } from "../../objects/define/args";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyDateTime_TimeZone_clear } from "../../objects/generated/references";
import { PyObject_CallMethodNoArgs, PyObject_CallMethodOneArg, PyObject_CallNoArgs } from "../../objects/object/call";
import { Py_EQ, Py_NE } from "../../objects/object/flags";
import { initImmortal, Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Writer, writeLiteral, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { addDelta } from "./datetime";
import { delta_bool, delta_hash, delta_richcompare, delta_subtract } from "./delta";
import { isDateTime, isDelta, newDelta, plainType } from "./fields";
import { writeOffset } from "./format";

/** Whether a timedelta is less than a day, in both directions. */
function isOffset(o: usize): bool {
  const x = PyDateTime_Delta.at(o);
  return x.days == 0 || (x.days == -1 && (x.seconds != 0 || x.microseconds != 0));
}

/** zone.utcoffset(argument) or zone.dst(argument): a new timedelta or None; null with an exception. */
export function callOffset(zone: usize, name: usize, argument: usize): usize {
  if (zone == _Py_NoneStruct) return zone;
  const r = PyObject_CallMethodOneArg(zone, name, argument);
  if (r == 0 || r == _Py_NoneStruct) return r;
  if (!isDelta(r)) {
    PyErr_Format(PyExc_TypeError, "tzinfo.%U() must return None or timedelta, not '%.200t'", name, r);
  } else if (isOffset(r)) return r;
  else {
    const message = "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24).";
    PyErr_SetString(PyExc_ValueError, message);
  }
  Py.DECREF(r);
  return 0;
}

/** zone.tzname(argument): a new str or None; null with an exception. */
export function callName(zone: usize, argument: usize): usize {
  if (zone == _Py_NoneStruct) return zone;
  const r = PyObject_CallMethodOneArg(zone, ID.tzname, argument);
  if (r == 0 || r == _Py_NoneStruct || Py.check(r, Py_TPFLAGS_UNICODE_SUBCLASS)) return r;
  PyErr_Format(PyExc_TypeError, "tzinfo.tzname() must return None or a string, not '%t'", r);
  Py.DECREF(r);
  return 0;
}

/** The zone of an offset, a timedelta, and of a name or null; null with an exception. */
function newTimezone(offset: usize, name: usize): usize {
  if (name == 0 && delta_bool(offset) == 0) return utc_timezone;
  if (!isOffset(offset)) {
    const message = "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not %R.";
    return PyErr_Format(PyExc_ValueError, message, offset);
  }
  return makeTimezone(offset, name);
}

/** A new zone, of any offset; null with MemoryError. */
function makeTimezone(offset: usize, name: usize): usize {
  const type = PyDateTime_TimeZoneType;
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  PyDateTime_TimeZone.at(o).offset = Py.NewRef(offset);
  PyDateTime_TimeZone.at(o).name = Py.XNewRef(name);
  return o;
}

/** The zone of so many seconds and microseconds; null with an exception. */
export function timezoneOf(seconds: i64, microseconds: i32, name: usize): usize {
  const delta = newDelta(0, seconds, microseconds);
  const r = delta == 0 ? 0 : newTimezone(delta, name);
  Py.XDECREF(delta);
  return r;
}

// tzinfo

function unimplemented(name: string): usize {
  return PyErr_Format(PyExc_NotImplementedError, "a tzinfo subclass must implement %L()", changetype<usize>(name));
}

/**
 * @native datetime.tzinfo.tzname
 *
 * The name of the zone at a datetime.
 */
export function tzinfo_tzname(_o: usize, _dt: usize): usize {
  return unimplemented("tzname");
}

/**
 * @native datetime.tzinfo.utcoffset
 *
 * How far the zone is from UTC at a datetime, below 0 in the west.
 */
export function tzinfo_utcoffset(_o: usize, _dt: usize): usize {
  return unimplemented("utcoffset");
}

/**
 * @native datetime.tzinfo.dst
 *
 * By how much its clocks were put forward for summer.
 */
export function tzinfo_dst(_o: usize, _dt: usize): usize {
  return unimplemented("dst");
}

/** Whether it is a datetime with this zone; otherwise TypeError or ValueError. */
function isOfZone(o: usize, dt: usize): bool {
  if (!isDateTime(dt)) PyErr_SetString(PyExc_TypeError, "fromutc: argument must be a datetime");
  else if (!PyDateTime_DateTime.at(dt).hastzinfo || PyDateTime_DateTime.at(dt).tzinfo != o) {
    PyErr_SetString(PyExc_ValueError, "fromutc: dt.tzinfo is not self");
  } else return true;
  return false;
}

/** Makes None of a method's result a ValueError: the result, or null. */
function required(r: usize, message: string): usize {
  return r == _Py_NoneStruct ? PyErr_SetString(PyExc_ValueError, message) : r;
}

/**
 * @native datetime.tzinfo.fromutc
 *
 * The local time of one in UTC.
 */
export function tzinfo_fromutc(o: usize, dt: usize): usize {
  if (!isOfZone(o, dt)) return 0;
  const offset = required(callOffset(o, ID.utcoffset, dt), "fromutc: non-None utcoffset() result required");
  if (offset == 0) return 0;
  let dst = required(callOffset(o, ID.dst, dt), "fromutc: non-None dst() result required");
  const standard = dst == 0 ? 0 : delta_subtract(offset, dst);
  Py.DECREF(offset);
  Py.XDECREF(dst);
  const r = standard == 0 ? 0 : addDelta(dt, standard, 1);
  Py.XDECREF(standard);
  if (r == 0) return 0;
  const message = "fromutc: tz.dst() gave inconsistent results; cannot convert";
  dst = required(callOffset(o, ID.dst, r), message);
  if (dst != 0 && delta_bool(dst) == 0) {
    Py.DECREF(dst);
    return r;
  }
  const summer = dst == 0 ? 0 : addDelta(r, dst, 1);
  Py.XDECREF(dst);
  Py.DECREF(r);
  return summer;
}

/**
 * @native datetime.tzinfo.__reduce__
 *
 * What makes it again.
 */
export function tzinfo_reduce(o: usize, _: usize): usize {
  const f = PyObject_GetOptionalAttr(o, ID.__getinitargs__);
  if (f == 0 && PyErr_Occurred()) return 0;
  const args = f == 0 ? empty_tuple : PyObject_CallNoArgs(f);
  Py.XDECREF(f);
  const state = args == 0 ? 0 : PyObject_CallMethodNoArgs(o, ID.__getstate__);
  const r = state == 0 ? 0 : PyTuple_Pack3(Py.TYPE(o), args, state);
  Py.XDECREF(state);
  Py.XDECREF(args);
  return r;
}

// timezone

function timezone_new(_type: usize, args: usize, kwds: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("timezone", "offset name", args, kwds, a, 1, 2);
  const offset = Py.item(a, 0);
  const name = Py.item(a, 1);
  Scratch.give(a);
  if (!ok) return 0;
  if (!isDelta(offset)) return badArgument("timezone", "argument 1", "datetime.timedelta", offset);
  if (name != 0 && !strArgument(name, "timezone", "argument 2")) return 0;
  return newTimezone(offset, name);
}

function timezone_dealloc(o: usize): void {
  PyDateTime_TimeZone_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function timezone_richcompare(a: usize, b: usize, op: i32): usize {
  if ((op != Py_EQ && op != Py_NE) || !PyType_IsSubtype(Py.TYPE(b), PyDateTime_TimeZoneType)) {
    return _Py_NotImplementedStruct;
  }
  return delta_richcompare(PyDateTime_TimeZone.at(a).offset, PyDateTime_TimeZone.at(b).offset, op);
}

function timezone_hash(o: usize): i64 {
  return delta_hash(PyDateTime_TimeZone.at(o).offset);
}

function timezone_repr(o: usize): usize {
  const x = PyDateTime_TimeZone.at(o);
  if (o == utc_timezone) return PyUnicode_FromFormat("%t.utc", o);
  if (x.name == 0) return PyUnicode_FromFormat("%t(%R)", o, x.offset);
  return PyUnicode_FromFormat("%t(%R, %R)", o, x.offset, x.name);
}

function timezone_str(o: usize): usize {
  const x = PyDateTime_TimeZone.at(o);
  if (x.name != 0) return Py.NewRef(x.name);
  if (delta_bool(x.offset) == 0) return PyUnicode_FromLiteral("UTC");
  const d = PyDateTime_Delta.at(x.offset);
  const w = Writer.begin();
  const written = writeLiteral(w, "UTC") == 0 && writeOffset(w, d.days, d.seconds, d.microseconds, ":") == 0;
  return written ? writerFinish(w) : writerDiscard(w);
}

/** Whether the argument of a method is None or a datetime; otherwise TypeError. */
function isMoment(dt: usize, name: string): bool {
  if (dt == _Py_NoneStruct || isDateTime(dt)) return true;
  const message = "%L(dt) argument must be a datetime instance or None, not %.200t";
  PyErr_Format(PyExc_TypeError, message, changetype<usize>(name), dt);
  return false;
}

/**
 * @native datetime.timezone.tzname
 *
 * The name it was made with; without one UTC, and how far from it, as UTC+01:00.
 */
export function timezone_tzname(o: usize, dt: usize): usize {
  return isMoment(dt, "tzname") ? timezone_str(o) : 0;
}

/**
 * @native datetime.timezone.utcoffset
 *
 * How far from UTC.
 */
export function timezone_utcoffset(o: usize, dt: usize): usize {
  return isMoment(dt, "utcoffset") ? Py.NewRef(PyDateTime_TimeZone.at(o).offset) : 0;
}

/**
 * @native datetime.timezone.dst
 *
 * None.
 */
export function timezone_dst(_o: usize, dt: usize): usize {
  return isMoment(dt, "dst") ? _Py_NoneStruct : 0;
}

/**
 * @native datetime.timezone.fromutc
 *
 * The local time of one in UTC.
 */
export function timezone_fromutc(o: usize, dt: usize): usize {
  return isOfZone(o, dt) ? addDelta(dt, PyDateTime_TimeZone.at(o).offset, 1) : 0;
}

/**
 * @native datetime.timezone.__getinitargs__
 *
 * For pickling
 */
export function timezone_getinitargs(o: usize, _: usize): usize {
  const x = PyDateTime_TimeZone.at(o);
  return x.name == 0 ? PyTuple_Pack1(x.offset) : PyTuple_Pack2(x.offset, x.name);
}

/** Sets an attribute of the type to a zone of so many seconds, of any: false with an exception. */
function addZone(name: string, seconds: i64): bool {
  const delta = newDelta(0, seconds, 0);
  const zone = delta == 0 ? 0 : makeTimezone(delta, 0);
  Py.XDECREF(delta);
  if (zone == 0) return false;
  const r = PyDict_SetItemLiteral(PyTypeObject.at(PyDateTime_TimeZoneType).tp_dict, name, zone);
  Py.DECREF(zone);
  return r == 0;
}

function tzinfo_new(type: usize, _args: usize, _kwds: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}

/**
 * @type datetime.tzinfo
 *
 * What zones are derived from.
 */

/**
 * @type datetime.timezone
 *
 * A zone that is always as far from UTC.
 */

/** Makes the types: 0, or -1 with an exception. */
export function initZoneTypes(): i32 {
  const t = plainType(PyDateTime_TZInfoType, SIZEOF_PyObject);
  t.tp_new = tzinfo_new.index;
  initImmortal(utc_timezone, PyDateTime_TimeZoneType);
  PyDateTime_TimeZone.at(utc_timezone).offset = zero_delta;
  const z = plainType(PyDateTime_TimeZoneType, SIZEOF_PyDateTime_TimeZone);
  z.tp_base = PyDateTime_TZInfoType;
  z.tp_flags = 0;
  z.tp_getattro = 0;
  z.tp_new = timezone_new.index;
  z.tp_dealloc = timezone_dealloc.index;
  z.tp_repr = timezone_repr.index;
  z.tp_str = timezone_str.index;
  z.tp_hash = timezone_hash.index;
  z.tp_richcompare = timezone_richcompare.index;
  const ready =
    PyType_Ready(PyDateTime_TZInfoType) == 0 &&
    PyType_Ready(PyDateTime_TimeZoneType) == 0 &&
    PyDict_SetItemLiteral(z.tp_dict, "utc", utc_timezone) == 0 &&
    addZone("min", -86340) &&
    addZone("max", 86340);
  return ready ? 0 : -1;
}
