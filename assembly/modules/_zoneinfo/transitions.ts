// When the clocks of a zone are changed, and in which way: what a TZif file has, and what is found in it (a part of CPython
// 3.13's Modules/_zoneinfo.c). The file itself is read by the library's zoneinfo._common.
//
//   trans_list_utc      | -2717640000 | -1633269600 | ...     in UTC; trans_list_wall_0 and _1 as clocks show it,
//   trans_ttinfos       |      │      |      │      | ...     without fold and with it
//   _ttinfos            | utcoff, dstoff, tzname | ... |
//
// Deliberate differences: an index of a way that there is not is refused, also where it is one too large; and what is no
// datetime is asked for its fold.

import { Py_TPFLAGS_BYTES_SUBCLASS } from "../../generated/constants";
import {
  _ttinfo,
  _tzrule,
  PyZoneInfo_ZoneInfo,
  SIZEOF__ttinfo,
  SIZEOF_ttinfo_draft,
  ttinfo_draft,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyDateTime_DateTimeType,
  PyExc_IndexError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_Calloc, PyMem_Free } from "../../memory/pymem";
import { Tuple } from "../../objects/containers/tuple";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_AsInt, PyLong_AsLongLong } from "../../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs } from "../../objects/object/call";
import { Py_EQ } from "../../objects/object/flags";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_IsTrue, PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { Scratch } from "../../thread/scratch";
import { Field, isDateTime } from "../_datetime/fields";
import { clearRule, clearTtinfo, EPOCH_ORDINAL, fillTtinfo, readRules, ttinfoOfLocal, ttinfoOfUtc } from "./rules";

function timeAt(list: usize, i: isize): i64 {
  return load<i64>(Py.slot(list, i));
}

function ttinfoAt(o: usize, i: isize): usize {
  return PyZoneInfo_ZoneInfo.at(o)._ttinfos + <usize>i * SIZEOF__ttinfo;
}

function draftAt(drafts: usize, i: isize): ttinfo_draft {
  return ttinfo_draft.at(drafts + <usize>i * SIZEOF_ttinfo_draft);
}

/** The number of the way that change i is to. */
function wayOf(o: usize, i: isize): isize {
  const x = PyZoneInfo_ZoneInfo.at(o);
  return <isize>((Py.item(x.trans_ttinfos, i) - x._ttinfos) / SIZEOF__ttinfo);
}

/** A block of n items of `size` bytes, zeroed: null with MemoryError. */
function block(n: isize, size: usize): usize {
  const p = PyMem_Calloc(max<isize>(n, 1), size);
  if (p == 0) PyErr_NoMemory();
  return p;
}

/** Reads times and ways of the changes: false with an exception. */
function readChanges(o: usize, ways: usize, times: usize): bool {
  const x = PyZoneInfo_ZoneInfo.at(o);
  for (let i: isize = 0; i < x.num_transitions; i++) {
    const time = PyLong_AsLongLong(Tuple.get(times, i));
    if (time == -1 && PyErr_Occurred()) return false;
    store<i64>(Py.slot(x.trans_list_utc, i), time);
    const way = PyLong_AsLongLong(Tuple.get(ways, i));
    if (way == -1 && PyErr_Occurred()) return false;
    if (way < 0 || way >= x.num_ttinfos) {
      PyErr_Format(PyExc_ValueError, "Invalid transition index found while reading TZif: %d", way);
      return false;
    }
    Py.setItem(x.trans_ttinfos, i, ttinfoAt(o, <isize>way));
  }
  return true;
}

/** Reads offsets and whether it is summer: false with an exception. */
function readDrafts(drafts: usize, n: isize, offsets: usize, summers: usize): bool {
  for (let i: isize = 0; i < n; i++) {
    const utcoff = PyLong_AsLongLong(Tuple.get(offsets, i));
    if (utcoff == -1 && PyErr_Occurred()) return false;
    const isdst = PyObject_IsTrue(Tuple.get(summers, i));
    if (isdst < 0) return false;
    draftAt(drafts, i).utcoff = utcoff;
    draftAt(drafts, i).isdst = isdst;
  }
  return true;
}

/** By how much clocks are put forward in each way, from the ways before and after it. */
function deduceSummer(o: usize, drafts: usize): void {
  const x = PyZoneInfo_ZoneInfo.at(o);
  const last = x.num_transitions - 1;
  for (let i: isize = 1; i <= last; i++) {
    const own = draftAt(drafts, wayOf(o, i));
    if (!own.isdst || own.dstoff != 0) continue;
    const before = draftAt(drafts, wayOf(o, i - 1));
    let dstoff: i64 = before.isdst ? 0 : own.utcoff - before.utcoff;
    if (dstoff == 0 && i < last) {
      const after = draftAt(drafts, wayOf(o, i + 1));
      if (after.isdst) continue;
      dstoff = own.utcoff - after.utcoff;
    }
    own.dstoff = <i32>dstoff;
  }
  for (let i: isize = 0; i < x.num_ttinfos; i++) {
    const draft = draftAt(drafts, i);
    if (draft.isdst && draft.dstoff == 0) draft.dstoff = 3600;
  }
}

/** Works out what clocks show at the changes. */
function setWall(o: usize, drafts: usize): void {
  const x = PyZoneInfo_ZoneInfo.at(o);
  for (let i: isize = 0; i < x.num_transitions; i++) {
    const time = timeAt(x.trans_list_utc, i);
    // The first way is taken for the one before all.
    const before = draftAt(drafts, i > 0 ? wayOf(o, i - 1) : 0).utcoff;
    const after = draftAt(drafts, i > 0 || x.num_ttinfos > 1 ? wayOf(o, i) : 0).utcoff;
    store<i64>(Py.slot(x.trans_list_wall_0, i), time + max<i64>(before, after));
    store<i64>(Py.slot(x.trans_list_wall_1, i), time + min<i64>(before, after));
  }
}

/** Sets the rule of the time after the last change, where the file has none: that way goes on. False with an exception. */
function goOn(o: usize): bool {
  const x = PyZoneInfo_ZoneInfo.at(o);
  if (x.num_ttinfos == 0) {
    PyErr_SetString(PyExc_ValueError, "No time zone information found.");
    return false;
  }
  const way = x.num_transitions == 0 ? x.num_ttinfos - 1 : wayOf(o, x.num_transitions - 1);
  const from = _ttinfo.at(ttinfoAt(o, way));
  const rule = _tzrule.at(x.tzrule_after);
  const to = _ttinfo.at(rule.std);
  rule.std_only = 1;
  to.utcoff_seconds = from.utcoff_seconds;
  to.utcoff = Py.NewRef(from.utcoff);
  to.dstoff = Py.NewRef(from.dstoff);
  to.tzname = Py.NewRef(from.tzname);
  return true;
}

/** Whether two ways are the same: 1, 0, or -1 with an exception. */
function sameWay(a: usize, b: usize): i32 {
  const x = _ttinfo.at(a);
  const y = _ttinfo.at(b);
  let r = PyObject_RichCompareBool(x.utcoff, y.utcoff, Py_EQ);
  if (r == 1) r = PyObject_RichCompareBool(x.dstoff, y.dstoff, Py_EQ);
  return r == 1 ? PyObject_RichCompareBool(x.tzname, y.tzname, Py_EQ) : r;
}

function fill(o: usize, data: usize, drafts: usize): bool {
  const x = PyZoneInfo_ZoneInfo.at(o);
  const n = x.num_ttinfos;
  if (!readChanges(o, Tuple.get(data, 0), Tuple.get(data, 1))) return false;
  if (!readDrafts(drafts, n, Tuple.get(data, 2), Tuple.get(data, 3))) return false;
  deduceSummer(o, drafts);
  setWall(o, drafts);
  for (let i: isize = 0; i < n; i++) {
    const draft = draftAt(drafts, i);
    if (!fillTtinfo(ttinfoAt(o, i), draft.utcoff, draft.dstoff, Tuple.get(Tuple.get(data, 4), i))) return false;
    if (x.ttinfo_before == 0 && !draft.isdst) x.ttinfo_before = ttinfoAt(o, i);
  }
  if (x.ttinfo_before == 0 && n > 0) x.ttinfo_before = ttinfoAt(o, 0);
  const text = Tuple.get(data, 5);
  const hasRules = text == _Py_NoneStruct ? 0 : PyObject_IsTrue(text);
  if (hasRules < 0) return false;
  if (hasRules && !Py.check(text, Py_TPFLAGS_BYTES_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "expected bytes, %.200t found", text);
    return false;
  }
  if (hasRules ? !readRules(text, x.tzrule_after) : !goOn(o)) return false;
  const rule = _tzrule.at(x.tzrule_after);
  if (n > 1 || !rule.std_only) return true;
  const fixed = n == 0 ? 1 : sameWay(ttinfoAt(o, 0), rule.std);
  x.fixed_offset = <u8>(fixed == 1 ? 1 : 0);
  return fixed >= 0;
}

/** Whether the data are tuples of the lengths that they must have; otherwise TypeError or ValueError. */
function isData(data: usize): bool {
  let shaped: bool = Tuple.check(data) && Py.SIZE(data) >= 6;
  for (let i: isize = 0; i < 5 && shaped; i++) shaped = Tuple.check(Tuple.get(data, i));
  if (!shaped) {
    PyErr_Format(PyExc_TypeError, "Invalid data result type: %R", data);
    return false;
  }
  const changes = Py.SIZE(Tuple.get(data, 1));
  const ways = Py.SIZE(Tuple.get(data, 2));
  if (
    Py.SIZE(Tuple.get(data, 0)) >= changes &&
    Py.SIZE(Tuple.get(data, 3)) >= ways &&
    Py.SIZE(Tuple.get(data, 4)) >= ways
  ) {
    return true;
  }
  PyErr_SetString(PyExc_IndexError, "tuple index out of range");
  return false;
}

/** Fills an empty zone with what load_data() has read: false with an exception, and the zone can be dropped. */
export function fillZone(o: usize, data: usize): bool {
  if (!isData(data)) return false;
  const x = PyZoneInfo_ZoneInfo.at(o);
  const changes = Py.SIZE(Tuple.get(data, 1));
  const ways = Py.SIZE(Tuple.get(data, 2));
  x._ttinfos = block(ways, SIZEOF__ttinfo);
  if (x._ttinfos == 0) return false;
  x.num_ttinfos = ways;
  x.trans_list_utc = block(changes, 8);
  if (x.trans_list_utc == 0) return false;
  x.trans_list_wall_0 = block(changes, 8);
  if (x.trans_list_wall_0 == 0) return false;
  x.trans_list_wall_1 = block(changes, 8);
  if (x.trans_list_wall_1 == 0) return false;
  x.trans_ttinfos = block(changes, 8);
  if (x.trans_ttinfos == 0) return false;
  x.num_transitions = changes;
  const drafts = block(ways, SIZEOF_ttinfo_draft);
  if (drafts == 0) return false;
  const ok = fill(o, data, drafts);
  PyMem_Free(drafts);
  return ok;
}

/** Drops all that a zone has, but for key and file_repr. */
export function clearZone(o: usize): void {
  const x = PyZoneInfo_ZoneInfo.at(o);
  for (let i: isize = 0; i < x.num_ttinfos; i++) clearTtinfo(ttinfoAt(o, i));
  clearRule(x.tzrule_after);
  PyMem_Free(x._ttinfos);
  PyMem_Free(x.trans_list_utc);
  PyMem_Free(x.trans_list_wall_0);
  PyMem_Free(x.trans_list_wall_1);
  PyMem_Free(x.trans_ttinfos);
}

/** How many of the times are not after this one. */
function bisect(time: i64, list: usize, n: isize): isize {
  let lo: isize = 0;
  let hi = n;
  while (lo < hi) {
    const m = (lo + hi) >> 1;
    if (timeAt(list, m) > time) hi = m;
    else lo = m + 1;
  }
  return hi;
}

/** An attribute of what is like a datetime, a C int: -1 with an exception. */
function attribute(dt: usize, name: usize): i32 {
  const v = PyObject_GetAttr(dt, name);
  const r = v == 0 ? -1 : PyLong_AsInt(v);
  Py.XDECREF(v);
  return r;
}

/** What clocks show at a datetime, in seconds since 1970, to the i64 at `out`: false with an exception. */
function localTime(dt: usize, out: usize): bool {
  if (Py.IS_TYPE(dt, PyDateTime_DateTimeType)) {
    store<i64>(out, <i64>(Field.ordinal(dt) - EPOCH_ORDINAL) * 86400 + Field.seconds(Field.clock(dt)));
    return true;
  }
  const ordinal = PyObject_CallMethodNoArgs(dt, ID.toordinal);
  if (ordinal == 0) return false;
  const day = PyLong_AsInt(ordinal);
  Py.DECREF(ordinal);
  if (day == -1 && PyErr_Occurred()) return false;
  const hour = attribute(dt, ID.hour);
  if (hour == -1 && PyErr_Occurred()) return false;
  const minute = attribute(dt, ID.minute);
  if (minute == -1 && PyErr_Occurred()) return false;
  const second = attribute(dt, ID.second);
  if (second == -1 && PyErr_Occurred()) return false;
  store<i64>(out, <i64>(day - EPOCH_ORDINAL) * 86400 + (<i64>hour * 60 + minute) * 60 + second);
  return true;
}

/** The _ttinfo of a datetime or what is like it: null with an exception. */
function findAt(o: usize, dt: usize, time: i64): usize {
  const x = PyZoneInfo_ZoneInfo.at(o);
  const fold = isDateTime(dt) ? Field.fold(dt) : attribute(dt, ID.fold);
  if (fold == -1 && PyErr_Occurred()) return 0;
  const list = fold ? x.trans_list_wall_1 : x.trans_list_wall_0;
  const n = x.num_transitions;
  if (n > 0 && time < timeAt(list, 0)) return x.ttinfo_before;
  if (n > 0 && time <= timeAt(list, n - 1)) return Py.item(x.trans_ttinfos, bisect(time, list, n) - 1);
  const year = isDateTime(dt) ? Field.year(dt) : attribute(dt, ID.year);
  return year == -1 && PyErr_Occurred() ? 0 : ttinfoOfLocal(x.tzrule_after, time, fold, year);
}

/**
 * The _ttinfo of a datetime, or of None: what a zone that never changes has. Null with an exception, and null without one
 * for None in a zone that does change.
 */
export function findTtinfo(o: usize, dt: usize): usize {
  const x = PyZoneInfo_ZoneInfo.at(o);
  if (dt == _Py_NoneStruct) return x.fixed_offset ? _tzrule.at(x.tzrule_after).std : 0;
  const out = Scratch.take(1);
  const r = localTime(dt, out) ? findAt(o, dt, load<i64>(out)) : 0;
  Scratch.give(out);
  return r;
}

/** The _ttinfo of a datetime in UTC; writes whether it is the second of two to the u32 at `fold`. Null with an exception. */
export function findTtinfoOfUtc(o: usize, dt: usize, fold: usize): usize {
  const out = Scratch.take(1);
  const ok = localTime(dt, out);
  const time = load<i64>(out);
  Scratch.give(out);
  store<u32>(fold, 0);
  if (!ok) return 0;
  const x = PyZoneInfo_ZoneInfo.at(o);
  const n = x.num_transitions;
  if (n > 0 && time < timeAt(x.trans_list_utc, 0)) return x.ttinfo_before;
  // The change after which this time is, and the ways on both sides of it.
  const i = n == 0 || time > timeAt(x.trans_list_utc, n - 1) ? n - 1 : bisect(time, x.trans_list_utc, n) - 1;
  const isLast = n == 0 || time > timeAt(x.trans_list_utc, n - 1);
  const after = isLast ? ttinfoOfUtc(x.tzrule_after, time, Field.year(dt), fold) : Py.item(x.trans_ttinfos, i);
  if (n == 0) return after;
  const before = i == 0 ? x.ttinfo_before : Py.item(x.trans_ttinfos, i - 1);
  const back = _ttinfo.at(before).utcoff_seconds - _ttinfo.at(after).utcoff_seconds;
  if (back > time - timeAt(x.trans_list_utc, i)) store<u32>(fold, 1);
  return after;
}
