// Filters as programs describe them, and as files do (CPython 3.13's Modules/_lzmamodule.c: parse_filter_spec and
// build_filter_spec; liblzma's presets and properties).

import { Py_TPFLAGS_DICT_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { lzma_chain, lzma_filter, SIZEOF_lzma_chain, SIZEOF_lzma_filter } from "../../generated/layouts";
import { lzmaRoots } from "../../generated/runtime";
import { PyExc_OverflowError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import {
  PyDict_GetItemLiteralWithError,
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
  PyDict_SetItemLiteral,
} from "../../objects/containers/dict/dict";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_AsUnsignedLongLong, PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import {
  PyMapping_Check,
  PyMapping_GetOptionalItem,
  PySequence_GetItem,
  PySequence_Size,
} from "../../objects/protocol/sequence";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { branchAlignment, FILTER_SPARC, FILTER_X86 } from "./branches";
import { LENGTH_MOST } from "./model";
import { Result, setResult } from "./result";
import { FILTER_DELTA, filterAt } from "./stages";

export const FILTER_LZMA1: u64 = 0x4000000000000001;
export const FILTER_LZMA2: u64 = 0x21;

const FILTERS_MOST: isize = 4;

export const PRESET_DEFAULT: u32 = 6;
const PRESET_LEVEL: u32 = 0x1f;
const PRESET_EXTREME: u32 = 1 << 31;

const MODE_FAST: u32 = 1;
const MODE_NORMAL: u32 = 2;
const MF_HC3: u32 = 3;
const MF_HC4: u32 = 4;
const MF_BT2: u32 = 0x12;
const MF_BT4: u32 = 0x14;

const DICT_LEAST: u32 = 4096;
const DICT_MOST: u32 = (1 << 30) + (1 << 29);
const DELTA_MOST: u32 = 256;

/** For each level of presets the power of two that the dictionary has. */
const DICT_BITS: usize = memory.data<u8>([18, 20, 21, 22, 22, 23, 23, 24, 25, 26]);
/** The depth of the first four. */
const DEPTHS: usize = memory.data<u8>([4, 8, 24, 48]);

/** Fills in the options of a preset: false where there is no such one. */
function setPreset(filter: usize, preset: u32): bool {
  const level = preset & PRESET_LEVEL;
  if (level > 9 || (preset & ~(PRESET_LEVEL | PRESET_EXTREME)) != 0) return false;
  const x = lzma_filter.at(filter);
  x.dict_size = 1 << load<u8>(DICT_BITS + level);
  x.lc = 3;
  x.lp = 0;
  x.pb = 2;
  if (level < 4) {
    x.mode = MODE_FAST;
    x.mf = level == 0 ? MF_HC3 : MF_HC4;
    x.nice_len = level < 2 ? 128 : LENGTH_MOST;
    x.depth = load<u8>(DEPTHS + level);
  } else {
    x.mode = MODE_NORMAL;
    x.mf = MF_BT4;
    x.nice_len = level == 4 ? 16 : level == 5 ? 32 : 64;
    x.depth = 0;
  }
  if (preset & PRESET_EXTREME) {
    x.mode = MODE_NORMAL;
    x.mf = MF_BT4;
    const some = level == 3 || level == 5;
    x.nice_len = some ? 192 : LENGTH_MOST;
    x.depth = some ? 0 : 512;
  }
  return true;
}

/** Sets the exception of a preset that there is not. */
export function wrongPreset(preset: u32): void {
  PyErr_Format(lzmaRoots.error, "Invalid compression preset: %u", preset);
}

/** An int that fits 32 bits: -1 with an exception. */
export function wordArgument(v: usize, type: string = "uint32_t"): i64 {
  const n = PyLong_AsUnsignedLongLong(v);
  if (n == u64.MAX_VALUE && PyErr_Occurred()) return -1;
  if (n <= u32.MAX_VALUE) return <i64>n;
  PyErr_Format(PyExc_OverflowError, "Value too large for %L type", changetype<usize>(type));
  return -1;
}

/** An option of a filter, or `otherwise` where it is not told: -1 with an exception. */
function option(spec: usize, name: string, otherwise: u32, type: string = "uint32_t"): i64 {
  const v = PyDict_GetItemLiteralWithError(spec, name);
  if (v == 0) return PyErr_Occurred() != 0 ? -1 : otherwise;
  Py.INCREF(v);
  const n = wordArgument(v, type);
  Py.DECREF(v);
  return n;
}

/** Makes the chain of one filter that LZMA has at a preset: false, without exception, where there is no such one. */
export function presetChain(chain: usize, id: u64, preset: u32): bool {
  memory.fill(chain, 0, SIZEOF_lzma_chain);
  lzma_chain.at(chain).count = 1;
  const filter = filterAt(chain, 0);
  lzma_filter.at(filter).id = id;
  return setPreset(filter, preset);
}

/** The item of a mapping under a literal: null where it is missing, or with an exception. */
function itemOf(spec: usize, name: string): usize {
  const key = PyUnicode_FromLiteral(name);
  if (key == 0) return 0;
  const r = PyMapping_GetOptionalItem(spec, key);
  Py.DECREF(key);
  return r;
}

/** Whether a dict has only keys that stand among the words of `names`. */
function hasOnly(spec: usize, lzma: bool, delta: bool): bool {
  let pos: isize = 0;
  while ((pos = PyDict_Next(spec, pos)) != 0) {
    const key = PyDict_KeyAt(spec, pos);
    if (!Py.check(key, Py_TPFLAGS_UNICODE_SUBCLASS)) return false;
    if (PyUnicode_EqualToLiteral(key, "id")) continue;
    if (!lzma) {
      if (delta ? PyUnicode_EqualToLiteral(key, "dist") : PyUnicode_EqualToLiteral(key, "start_offset")) continue;
      return false;
    }
    if (
      !PyUnicode_EqualToLiteral(key, "preset") &&
      !PyUnicode_EqualToLiteral(key, "dict_size") &&
      !PyUnicode_EqualToLiteral(key, "lc") &&
      !PyUnicode_EqualToLiteral(key, "lp") &&
      !PyUnicode_EqualToLiteral(key, "pb") &&
      !PyUnicode_EqualToLiteral(key, "mode") &&
      !PyUnicode_EqualToLiteral(key, "nice_len") &&
      !PyUnicode_EqualToLiteral(key, "mf") &&
      !PyUnicode_EqualToLiteral(key, "depth")
    ) {
      return false;
    }
  }
  return true;
}

function isDict(spec: usize): bool {
  return Py.check(spec, Py_TPFLAGS_DICT_SUBCLASS);
}

function readLZMAOptions(filter: usize, spec: usize): bool {
  const x = lzma_filter.at(filter);
  if (!isDict(spec) || !hasOnly(spec, true, false)) return false;
  const dictSize = option(spec, "dict_size", x.dict_size);
  const lc = dictSize < 0 ? -1 : option(spec, "lc", x.lc);
  const lp = lc < 0 ? -1 : option(spec, "lp", x.lp);
  const pb = lp < 0 ? -1 : option(spec, "pb", x.pb);
  const mode = pb < 0 ? -1 : option(spec, "mode", x.mode, "lzma_mode");
  const niceLen = mode < 0 ? -1 : option(spec, "nice_len", x.nice_len);
  const mf = niceLen < 0 ? -1 : option(spec, "mf", x.mf, "lzma_match_finder");
  const depth = mf < 0 ? -1 : option(spec, "depth", x.depth);
  if (depth < 0) return false;
  x.dict_size = <u32>dictSize;
  x.lc = <u32>lc;
  x.lp = <u32>lp;
  x.pb = <u32>pb;
  x.mode = <u32>mode;
  x.nice_len = <u32>niceLen;
  x.mf = <u32>mf;
  x.depth = <u32>depth;
  return true;
}

/** One option with a name, of filters that have no other. */
function readDistance(filter: usize, spec: usize, delta: bool): bool {
  if (!isDict(spec) || !hasOnly(spec, false, delta)) return false;
  const n = delta ? option(spec, "dist", 1) : option(spec, "start_offset", 0);
  lzma_filter.at(filter).distance = <u32>n;
  return n >= 0;
}

/** Reads a filter that a program describes: false with an exception. */
export function readFilter(filter: usize, spec: usize): bool {
  memory.fill(filter, 0, SIZEOF_lzma_filter);
  if (!PyMapping_Check(spec)) {
    PyErr_SetString(PyExc_TypeError, "Filter specifier must be a dict or dict-like object");
    return false;
  }
  const idObject = itemOf(spec, "id");
  if (idObject == 0) {
    if (PyErr_Occurred() == 0) PyErr_SetString(PyExc_ValueError, 'Filter specifier must have an "id" entry');
    return false;
  }
  const id = PyLong_AsUnsignedLongLong(idObject);
  Py.DECREF(idObject);
  if (PyErr_Occurred()) return false;
  lzma_filter.at(filter).id = id;
  if (id == FILTER_LZMA1 || id == FILTER_LZMA2) {
    const presetObject = itemOf(spec, "preset");
    let preset: i64 = PRESET_DEFAULT;
    if (presetObject != 0) {
      preset = wordArgument(presetObject);
      Py.DECREF(presetObject);
    }
    if (preset < 0 || PyErr_Occurred()) return false;
    if (!setPreset(filter, <u32>preset)) {
      wrongPreset(<u32>preset);
      return false;
    }
    if (readLZMAOptions(filter, spec)) return true;
    PyErr_SetString(PyExc_ValueError, "Invalid filter specifier for LZMA filter");
  } else if (id == FILTER_DELTA) {
    if (readDistance(filter, spec, true)) return true;
    PyErr_SetString(PyExc_ValueError, "Invalid filter specifier for delta filter");
  } else if (id >= FILTER_X86 && id <= FILTER_SPARC) {
    if (readDistance(filter, spec, false)) return true;
    PyErr_SetString(PyExc_ValueError, "Invalid filter specifier for BCJ filter");
  } else PyErr_Format(PyExc_ValueError, "Invalid filter ID: %llu", id);
  return false;
}

/** Reads a sequence of filters: false with an exception. */
export function readChain(chain: usize, specs: usize): bool {
  const count = PySequence_Size(specs);
  if (count < 0) return false;
  if (count > FILTERS_MOST) {
    PyErr_Format(PyExc_ValueError, "Too many filters - liblzma supports a maximum of %d", FILTERS_MOST);
    return false;
  }
  memory.fill(chain, 0, SIZEOF_lzma_chain);
  lzma_chain.at(chain).count = <u32>count;
  for (let i: isize = 0; i < count; i++) {
    const spec = PySequence_GetItem(specs, i);
    const ok = spec != 0 && readFilter(filterAt(chain, <u32>i), spec);
    Py.XDECREF(spec);
    if (!ok) return false;
  }
  return true;
}

/** Whether filters can stand in this order, and have options that mean something. `encode`: those for compressing, too. */
export function checkChain(chain: usize, encode: bool): Result {
  const count = lzma_chain.at(chain).count;
  if (count == 0) return Result.internal;
  for (let i: u32 = 0; i < count; i++) {
    const x = lzma_filter.at(filterAt(chain, i));
    const lzma = x.id == FILTER_LZMA1 || x.id == FILTER_LZMA2;
    if (lzma != (i == count - 1)) return Result.wrongOptions;
    if (lzma) {
      if (x.lc > 4 || x.lp > 4 || x.lc + x.lp > 4 || x.pb > 4) return Result.wrongOptions;
      if (encode && !canEncode(x)) return Result.wrongOptions;
    } else if (x.id == FILTER_DELTA) {
      if (x.distance < 1 || x.distance > DELTA_MOST) return Result.wrongOptions;
    } else if ((x.distance & (branchAlignment(x.id) - 1)) != 0) return Result.wrongOptions;
  }
  return Result.next;
}

function canEncode(x: lzma_filter): bool {
  const knownFinder = x.mf == MF_HC3 || x.mf == MF_HC4 || (x.mf >= MF_BT2 && x.mf <= MF_BT4);
  return (
    x.dict_size >= DICT_LEAST &&
    x.dict_size <= DICT_MOST &&
    (x.mode == MODE_FAST || x.mode == MODE_NORMAL) &&
    knownFinder &&
    x.nice_len >= (x.mf & 0xf) &&
    x.nice_len <= LENGTH_MOST
  );
}

/** How many bytes the options of a filter take in a file. */
export function propertiesSize(filter: usize): u32 {
  const x = lzma_filter.at(filter);
  if (x.id == FILTER_LZMA1) return 5;
  if (x.id == FILTER_LZMA2 || x.id == FILTER_DELTA) return 1;
  return x.distance == 0 ? 0 : 4;
}

/** The size of a dictionary as LZMA2 has it: twice a power of two, or three times one, at least as large. */
function dictionaryCode(size: u32): u32 {
  const d = max(size, DICT_LEAST) - 1;
  let code: u32 = 0;
  while (code < 40 && <u32>((2 | (code & 1)) << (code / 2 + 11)) <= d) code++;
  return code;
}

/** Writes the options as files have them, which are right, to `p`. */
export function storeProperties(filter: usize, p: usize): void {
  const x = lzma_filter.at(filter);
  if (x.id == FILTER_LZMA1) {
    store<u8>(p, (x.pb * 5 + x.lp) * 9 + x.lc);
    store<u32>(p + 1, x.dict_size);
  } else if (x.id == FILTER_LZMA2) store<u8>(p, dictionaryCode(x.dict_size));
  else if (x.id == FILTER_DELTA) store<u8>(p, x.distance - 1);
  else if (x.distance != 0) store<u32>(p, x.distance);
}

/** Reads options from the `n` bytes at `p` that a file has for a filter. */
export function loadProperties(filter: usize, id: u64, p: usize, n: usize): Result {
  memory.fill(filter, 0, SIZEOF_lzma_filter);
  const x = lzma_filter.at(filter);
  x.id = id;
  if (id == FILTER_LZMA1) {
    const properties = n == 5 ? <u32>load<u8>(p) : 225;
    x.lc = properties % 9;
    x.lp = (properties / 9) % 5;
    x.pb = properties / 45;
    if (properties >= 225 || x.lc + x.lp > 4) return Result.wrongOptions;
    x.dict_size = load<u32>(p + 1);
    return Result.next;
  }
  if (id == FILTER_LZMA2) {
    const code = n == 1 ? <u32>load<u8>(p) : 41;
    if (code > 40) return Result.wrongOptions;
    x.dict_size = code == 40 ? u32.MAX_VALUE : (2 | (code & 1)) << (code / 2 + 11);
    return Result.next;
  }
  if (id == FILTER_DELTA) {
    if (n != 1) return Result.wrongOptions;
    x.distance = <u32>load<u8>(p) + 1;
    return Result.next;
  }
  if (id < FILTER_X86 || id > FILTER_SPARC || (n != 0 && n != 4)) return Result.wrongOptions;
  if (n == 4) x.distance = load<u32>(p);
  return Result.next;
}

function addField(d: usize, name: string, value: u64): bool {
  const v = PyLong_FromUnsignedLongLong(value);
  if (v == 0) return false;
  const status = PyDict_SetItemLiteral(d, name, v);
  Py.DECREF(v);
  return status == 0;
}

/** A filter as programs describe it, from the options that files have: new; null with an exception. */
export function describeFilter(id: u64, filter: usize, withOffset: bool): usize {
  const x = lzma_filter.at(filter);
  const d = PyDict_New();
  if (d == 0) return 0;
  let ok = addField(d, "id", id);
  if (id == FILTER_LZMA1) {
    ok =
      ok &&
      addField(d, "lc", x.lc) &&
      addField(d, "lp", x.lp) &&
      addField(d, "pb", x.pb) &&
      addField(d, "dict_size", x.dict_size);
  } else if (id == FILTER_LZMA2) ok = ok && addField(d, "dict_size", x.dict_size);
  else if (id == FILTER_DELTA) ok = ok && addField(d, "dist", x.distance);
  else if (withOffset) ok = ok && addField(d, "start_offset", x.distance);
  if (ok) return d;
  Py.DECREF(d);
  return 0;
}

/** Sets the exception of a result where it is an error: whether it is none. */
export function isRight(r: Result): bool {
  if (r == Result.next) return true;
  setResult(r);
  return false;
}
