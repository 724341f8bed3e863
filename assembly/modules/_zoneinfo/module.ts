// The module _zoneinfo (CPython 3.13's Modules/_zoneinfo.c): ZoneInfo, a zone of the IANA's, and the caches of zones.
//
//   rules.ts ◄ transitions.ts ◄ module.ts
//
// Zones that are asked for by their names are kept in a WeakValueDictionary, and the last eight of them for good. A
// deliberate difference: those are in a list, the newest first, each key before its zone.

import { Py_TPFLAGS_BASETYPE } from "../../generated/constants";
import {
  _ttinfo,
  PyDateTime_DateTime,
  PyTypeObject,
  PyZoneInfo_ZoneInfo,
  PyZoneInfo_ZoneInfo_weakreflist,
  SIZEOF_PyZoneInfo_ZoneInfo,
} from "../../generated/layouts";
import { zoneinfoRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  empty_tuple,
  ID,
  PyDateTime_DateTimeType,
  PyDateTime_TZInfoType,
  PyExc_TypeError,
  PyExc_ValueError,
  PyZoneInfo_Type,
} from "../../generated/statics";
import { PyDict_New, PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { List, PyList_New, PyList_SetSlice } from "../../objects/containers/list/list";
import { PyTuple_Pack2 } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import {
  chainContext,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyImport_From, PyImport_ImportLiteral } from "../../objects/module/import";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { Long } from "../../objects/numbers/int/access";
import {
  PyObject_Call,
  PyObject_CallMethodNoArgs,
  PyObject_CallMethodTwoArgs,
  PyObject_CallNoArgs,
  PyObject_CallOneArg,
  PyObject_CallTwoArgs,
} from "../../objects/object/call";
import { Py_EQ } from "../../objects/object/flags";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_SetAttr } from "../../objects/protocol/access";
import { PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { PyIter_Next, PyObject_GetIter } from "../../objects/protocol/iterator";
import { PyNumber_Add } from "../../objects/protocol/number";
import { PyObject_Repr } from "../../objects/protocol/text";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { Scratch } from "../../thread/scratch";
import { Field, isDateTime } from "../_datetime/fields";
import { collectedType } from "../collectedtype";
import { clearZone, fillZone, findTtinfo, findTtinfoOfUtc } from "./transitions";

/** Zones that are kept for good. */
const STRONG_MAX: isize = 8;

const SOURCE_CACHE: u8 = 1;
const SOURCE_FILE: u8 = 2;

/** What load_data() makes of a file: a new reference, null with an exception. */
function loadData(file: usize): usize {
  return PyObject_CallOneArg(zoneinfoRoots.load_data, file);
}

/** Closes the file, whatever was raised before: false with that, or where it cannot be closed. */
function closeFile(file: usize): bool {
  const raised = PyErr_GetRaisedException();
  const r = PyObject_CallMethodNoArgs(file, ID.close);
  Py.XDECREF(r);
  if (raised != 0) {
    if (r == 0) {
      const later = PyErr_GetRaisedException();
      PyErr_SetRaisedException(raised);
      chainContext(later);
      PyErr_SetRaisedException(later);
    } else PyErr_SetRaisedException(raised);
  }
  return r != 0 && raised == 0;
}

/** The file of a zone, open: a new reference, null with an exception. */
function openZone(key: usize): usize {
  const path = PyObject_CallOneArg(zoneinfoRoots.find_tzfile, key);
  if (path == 0) return 0;
  let file: usize = 0;
  if (path == _Py_NoneStruct) file = PyObject_CallOneArg(zoneinfoRoots.load_tzdata, key);
  else {
    const mode = PyUnicode_FromLiteral("rb");
    if (mode != 0) file = PyObject_CallTwoArgs(zoneinfoRoots.open, path, mode);
    Py.XDECREF(mode);
  }
  Py.DECREF(path);
  return file;
}

/** A new zone out of an open file: null with an exception. */
function zoneOfFile(type: usize, file: usize): usize {
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  const data = o == 0 ? 0 : loadData(file);
  const ok = data != 0 && fillZone(o, data);
  Py.XDECREF(data);
  if (ok) return o;
  Py.XDECREF(o);
  return 0;
}

/** A new zone of the key: null with an exception. */
function newZone(type: usize, key: usize): usize {
  const file = openZone(key);
  if (file == 0) return 0;
  const o = zoneOfFile(type, file);
  const closed = closeFile(file);
  Py.DECREF(file);
  if (o != 0 && closed) {
    PyZoneInfo_ZoneInfo.at(o).key = Py.NewRef(key);
    return o;
  }
  Py.XDECREF(o);
  return 0;
}

// The caches

/** Where the key is among the strong ones: its index, -1 where it is not, -2 with an exception. */
function strongIndex(key: usize): isize {
  const list = zoneinfoRoots.strong;
  for (let i: isize = 0; i < Py.SIZE(list); i += 2) {
    const k = Py.NewRef(List.get(list, i));
    const same = PyObject_RichCompareBool(key, k, Py_EQ);
    Py.DECREF(k);
    if (same != 0) return same < 0 ? -2 : i;
  }
  return -1;
}

/** Removes the two items at i: false with an exception. */
function removeStrong(i: isize): bool {
  const list = zoneinfoRoots.strong;
  return i + 2 > Py.SIZE(list) || PyList_SetSlice(list, i, i + 2, 0) == 0;
}

/** Makes the zone the newest of the strong ones: false with an exception. */
function keepStrong(key: usize, zone: usize): bool {
  const pair = PyTuple_Pack2(key, zone);
  const r = pair == 0 ? -1 : PyList_SetSlice(zoneinfoRoots.strong, 0, 0, pair);
  Py.XDECREF(pair);
  return r == 0 && PyList_SetSlice(zoneinfoRoots.strong, STRONG_MAX * 2, isize.MAX_VALUE, 0) == 0;
}

/** The zone of the key among the strong ones, which becomes the newest: a new reference, null with an exception or without. */
function fromStrong(type: usize, key: usize): usize {
  if (type != PyZoneInfo_Type) return 0;
  const i = strongIndex(key);
  const list = zoneinfoRoots.strong;
  if (i < 0 || i + 1 >= Py.SIZE(list)) return 0;
  const zone = Py.NewRef(List.get(list, i + 1));
  const k = Py.NewRef(List.get(list, i));
  const ok = i == 0 || (removeStrong(i) && keepStrong(k, zone));
  Py.DECREF(k);
  if (ok) return zone;
  Py.DECREF(zone);
  return 0;
}

/** The weak cache of a class: a new reference, null with an exception. */
function weakCache(type: usize): usize {
  if (type == PyZoneInfo_Type) return Py.NewRef(zoneinfoRoots.weak);
  const name = PyUnicode_InternLiteral("_weak_cache");
  const r = name == 0 ? 0 : PyObject_GetAttr(type, name);
  Py.XDECREF(name);
  return r;
}

function newWeakCache(): usize {
  const type = PyImport_From("weakref", "WeakValueDictionary");
  const r = type == 0 ? 0 : PyObject_CallNoArgs(type);
  Py.XDECREF(type);
  return r;
}

/** The zone of the key in a weak cache, where it is put if it is not there: a new reference, null with an exception. */
function fromWeak(type: usize, key: usize, cache: usize): usize {
  const known = PyObject_CallMethodTwoArgs(cache, ID.get, key, _Py_NoneStruct);
  if (known != _Py_NoneStruct) return known;
  const zone = newZone(type, key);
  const r = zone == 0 ? 0 : PyObject_CallMethodTwoArgs(cache, ID.setdefault, key, zone);
  Py.XDECREF(zone);
  if (r != 0 && PyType_IsSubtype(Py.TYPE(r), PyZoneInfo_Type)) PyZoneInfo_ZoneInfo.at(r).source = SOURCE_CACHE;
  return r;
}

/** The zone of the key as the class has it: a new reference, null with an exception. */
function zoneOfKey(type: usize, key: usize): usize {
  const strong = fromStrong(type, key);
  if (strong != 0 || PyErr_Occurred()) return strong;
  const cache = weakCache(type);
  if (cache == 0) return 0;
  const zone = fromWeak(type, key, cache);
  Py.DECREF(cache);
  if (zone == 0 || type != PyZoneInfo_Type || keepStrong(key, zone)) return zone;
  Py.DECREF(zone);
  return 0;
}

function zone_new(type: usize, args: usize, kwds: usize): usize {
  const a = Scratch.take(1);
  const ok = parseTupleAndKeywords("", "key", args, kwds, a, 1, 1);
  const key = Py.item(a, 0);
  Scratch.give(a);
  return ok ? zoneOfKey(type, key) : 0;
}

/**
 * @classmethod zoneinfo.ZoneInfo.clear_cache($type, /, *, only_keys=None)
 *
 * Forgets the zones that are kept.
 */
export function zone_clear_cache(type: usize, only_keys: usize): usize {
  const cache = weakCache(type);
  if (cache == 0) return 0;
  let ok: bool = false;
  if (only_keys != _Py_NoneStruct) ok = forgetKeys(type, cache, only_keys);
  else {
    const r = PyObject_CallMethodNoArgs(cache, ID.clear);
    ok = r != 0 && (type != PyZoneInfo_Type || PyList_SetSlice(zoneinfoRoots.strong, 0, isize.MAX_VALUE, 0) == 0);
    Py.XDECREF(r);
  }
  Py.DECREF(cache);
  return ok ? _Py_NoneStruct : 0;
}

function forgetKeys(type: usize, cache: usize, keys: usize): bool {
  const it = PyObject_GetIter(keys);
  if (it == 0) return false;
  let ok: bool = true;
  while (ok) {
    const key = PyIter_Next(it);
    if (key == 0) break;
    const i = type == PyZoneInfo_Type ? strongIndex(key) : -1;
    ok = i != -2 && (i < 0 || removeStrong(i));
    const r = ok ? PyObject_CallMethodTwoArgs(cache, ID.pop, key, _Py_NoneStruct) : 0;
    ok = r != 0;
    Py.XDECREF(r);
    Py.DECREF(key);
  }
  Py.DECREF(it);
  return ok && !PyErr_Occurred();
}

// The type

function zone_traverse(o: usize, visit: u32, arg: usize): i32 {
  return Visit.call(PyZoneInfo_ZoneInfo.at(o).key, visit, arg);
}

function zone_clear(o: usize): i32 {
  Py.CLEAR(PyZoneInfo_ZoneInfo.at(o).key_slot);
  Py.CLEAR(PyZoneInfo_ZoneInfo.at(o).file_repr_slot);
  return 0;
}

function zone_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  if (PyZoneInfo_ZoneInfo.at(o).weakreflist != 0) PyObject_ClearWeakRefs(o);
  clearZone(o);
  zone_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/**
 * @classmethod zoneinfo.ZoneInfo.no_cache($type, /, key)
 *
 * A zone of its own, which is not kept.
 */
export function zone_no_cache(type: usize, key: usize): usize {
  return newZone(type, key);
}

/**
 * @classmethod zoneinfo.ZoneInfo.from_file($type, file_obj, /, key=None)
 *
 * A zone out of a file that is open.
 */
export function zone_from_file(type: usize, file_obj: usize, key: usize): usize {
  const repr = PyObject_Repr(file_obj);
  const o = repr == 0 ? 0 : zoneOfFile(type, file_obj);
  if (o == 0) {
    Py.XDECREF(repr);
    return 0;
  }
  const x = PyZoneInfo_ZoneInfo.at(o);
  x.source = SOURCE_FILE;
  x.file_repr = repr;
  x.key = Py.NewRef(key);
  return o;
}

/**
 * @native zoneinfo.ZoneInfo.utcoffset($self, dt, /)
 *
 * How far the zone is from UTC at a datetime, as a timedelta.
 */
export function zone_utcoffset(o: usize, dt: usize): usize {
  const way = findTtinfo(o, dt);
  return way != 0 ? Py.NewRef(_ttinfo.at(way).utcoff) : PyErr_Occurred() ? 0 : _Py_NoneStruct;
}

/**
 * @native zoneinfo.ZoneInfo.dst($self, dt, /)
 *
 * By how much clocks are put forward for summer at a datetime, as a timedelta.
 */
export function zone_dst(o: usize, dt: usize): usize {
  const way = findTtinfo(o, dt);
  return way != 0 ? Py.NewRef(_ttinfo.at(way).dstoff) : PyErr_Occurred() ? 0 : _Py_NoneStruct;
}

/**
 * @native zoneinfo.ZoneInfo.tzname($self, dt, /)
 *
 * The short name that the time in the zone has at a datetime, such as CET or CEST for its summer, as a str.
 */
export function zone_tzname(o: usize, dt: usize): usize {
  const way = findTtinfo(o, dt);
  return way != 0 ? Py.NewRef(_ttinfo.at(way).tzname) : PyErr_Occurred() ? 0 : _Py_NoneStruct;
}

/** The same datetime with fold 1; it is stolen. */
function folded(dt: usize): usize {
  if (Py.IS_TYPE(dt, PyDateTime_DateTimeType)) {
    PyDateTime_DateTime.at(dt).fold = 1;
    return dt;
  }
  const replace = PyObject_GetAttr(dt, ID.replace);
  Py.DECREF(dt);
  const kwargs = replace == 0 ? 0 : PyDict_New();
  const set = kwargs == 0 ? -1 : PyDict_SetItemLiteral(kwargs, "fold", Long.small(1));
  const r = set < 0 ? 0 : PyObject_Call(replace, empty_tuple, kwargs);
  Py.XDECREF(kwargs);
  Py.XDECREF(replace);
  return r;
}

/**
 * @native zoneinfo.ZoneInfo.fromutc
 *
 * The datetime in the zone's time of one in UTC.
 */
export function zone_fromutc(o: usize, dt: usize): usize {
  if (!isDateTime(dt)) return PyErr_SetString(PyExc_TypeError, "fromutc: argument must be a datetime");
  if (Field.zone(dt) != o) return PyErr_SetString(PyExc_ValueError, "fromutc: dt.tzinfo is not self");
  const out = Scratch.take(1);
  const way = findTtinfoOfUtc(o, dt, out);
  const fold = load<u32>(out);
  Scratch.give(out);
  const r = way == 0 ? 0 : PyNumber_Add(dt, _ttinfo.at(way).utcoff);
  return r != 0 && fold ? folded(r) : r;
}

function zone_repr(o: usize): usize {
  const x = PyZoneInfo_ZoneInfo.at(o);
  if (x.key != _Py_NoneStruct) return PyUnicode_FromFormat("%t(key=%R)", o, x.key);
  return PyUnicode_FromFormat("%t.from_file(%U)", o, x.file_repr);
}

function zone_str(o: usize): usize {
  const key = PyZoneInfo_ZoneInfo.at(o).key;
  return key == 0 || key == _Py_NoneStruct ? zone_repr(o) : Py.NewRef(key);
}

/**
 * @native zoneinfo.ZoneInfo.__reduce__
 *
 * What makes it again: its key.
 */
export function zone_reduce(o: usize, _: usize): usize {
  const x = PyZoneInfo_ZoneInfo.at(o);
  if (x.source == SOURCE_FILE) {
    const error = PyImport_From("pickle", "PicklingError");
    if (error != 0) PyErr_SetString(error, "Cannot pickle a ZoneInfo file from a file stream.");
    Py.XDECREF(error);
    return 0;
  }
  const name = PyUnicode_InternLiteral("_unpickle");
  const f = name == 0 ? 0 : PyObject_GetAttr(o, name);
  const args = f == 0 ? 0 : PyTuple_Pack2(x.key, Long.small(x.source == SOURCE_CACHE ? 1 : 0));
  const r = args == 0 ? 0 : PyTuple_Pack2(f, args);
  Py.XDECREF(args);
  Py.XDECREF(f);
  Py.XDECREF(name);
  return r;
}

/**
 * @classmethod zoneinfo.ZoneInfo._unpickle($type, key, from_cache, /)
 *
 * For pickling.
 */
export function zone_unpickle(type: usize, key: usize, from_cache: i32): usize {
  return from_cache & 0xff ? zoneOfKey(type, key) : newZone(type, key);
}

/**
 * @classmethod zoneinfo.ZoneInfo.__init_subclass__
 *
 * Gives subclasses caches.
 */
export function zone_init_subclass(type: usize, _args: usize, _kwargs: usize): usize {
  const cache = newWeakCache();
  const name = cache == 0 ? 0 : PyUnicode_InternLiteral("_weak_cache");
  const r = name == 0 ? -1 : PyObject_SetAttr(type, name, cache);
  Py.XDECREF(name);
  Py.XDECREF(cache);
  return r < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @type zoneinfo.ZoneInfo
 * @order clear_cache no_cache from_file utcoffset dst tzname fromutc __reduce__ _unpickle __init_subclass__
 *
 * @member zoneinfo.ZoneInfo.key = PyZoneInfo_ZoneInfo.key readonly
 */

/** Sets what the module keeps, anew for each import: false with an exception. */
function prepare(): bool {
  const n: isize = 7;
  const a = Scratch.take(n);
  memory.fill(a, 0, (<usize>n) << 3);
  Py.setItem(a, 0, PyImport_From("zoneinfo._tzpath", "find_tzfile"));
  Py.setItem(a, 1, Py.item(a, 0) == 0 ? 0 : PyImport_From("io", "open"));
  Py.setItem(a, 2, Py.item(a, 1) == 0 ? 0 : PyImport_From("zoneinfo._common", "load_data"));
  Py.setItem(a, 3, Py.item(a, 2) == 0 ? 0 : PyImport_From("zoneinfo._common", "load_tzdata"));
  Py.setItem(a, 4, Py.item(a, 3) == 0 ? 0 : PyDict_New());
  Py.setItem(a, 5, Py.item(a, 4) == 0 ? 0 : newWeakCache());
  Py.setItem(a, 6, Py.item(a, 5) == 0 ? 0 : PyList_New(0));
  const ok = Py.item(a, 6) != 0;
  if (ok) exchange(a);
  // What was there before, or what was made in vain.
  for (let i: isize = 0; i < n; i++) Py.XDECREF(Py.item(a, i));
  Scratch.give(a);
  return ok;
}

/** Exchanges what the module keeps and the slots. */
function exchange(a: usize): void {
  const find_tzfile = zoneinfoRoots.find_tzfile;
  const open = zoneinfoRoots.open;
  const load_data = zoneinfoRoots.load_data;
  const load_tzdata = zoneinfoRoots.load_tzdata;
  const deltas = zoneinfoRoots.deltas;
  const weak = zoneinfoRoots.weak;
  const strong = zoneinfoRoots.strong;
  zoneinfoRoots.find_tzfile = Py.item(a, 0);
  zoneinfoRoots.open = Py.item(a, 1);
  zoneinfoRoots.load_data = Py.item(a, 2);
  zoneinfoRoots.load_tzdata = Py.item(a, 3);
  zoneinfoRoots.deltas = Py.item(a, 4);
  zoneinfoRoots.weak = Py.item(a, 5);
  zoneinfoRoots.strong = Py.item(a, 6);
  Py.setItem(a, 0, find_tzfile);
  Py.setItem(a, 1, open);
  Py.setItem(a, 2, load_data);
  Py.setItem(a, 3, load_tzdata);
  Py.setItem(a, 4, deltas);
  Py.setItem(a, 5, weak);
  Py.setItem(a, 6, strong);
}

/**
 * @module _zoneinfo
 *
 * The quick half of the module zoneinfo
 */
export function initZoneinfo(m: usize): i32 {
  const datetime = PyImport_ImportLiteral("_datetime");
  if (datetime == 0) return -1;
  Py.DECREF(datetime);
  const t = collectedType(
    PyZoneInfo_Type,
    SIZEOF_PyZoneInfo_ZoneInfo,
    zone_dealloc.index,
    zone_traverse.index,
    zone_clear.index,
    Py_TPFLAGS_BASETYPE,
  );
  t.tp_base = PyDateTime_TZInfoType;
  t.tp_new = zone_new.index;
  t.tp_repr = zone_repr.index;
  t.tp_str = zone_str.index;
  t.tp_weaklistoffset = <isize>PyZoneInfo_ZoneInfo_weakreflist;
  return PyType_Ready(PyZoneInfo_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "ZoneInfo", PyZoneInfo_Type) == 0 &&
    prepare()
    ? 0
    : -1;
}
