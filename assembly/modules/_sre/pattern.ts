// re.Pattern: a compiled regular expression (the pattern methods of CPython 3.13's Modules/_sre/sre.c).

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  PatternObject,
  PatternObject_code,
  PatternObject_weakreflist,
  Py_buffer,
  PyTypeObject,
  SIZEOF_PatternObject,
  SIZEOF_Py_buffer,
  SRE_STATE,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  empty_bytes,
  empty_string,
  PyExc_OverflowError,
  PyExc_RuntimeError,
  PySre_Pattern_Type,
} from "../../generated/statics";
import { bytes_join } from "../../objects/bytes/methods";
import { PyDict_New, PyDict_Size } from "../../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, List, PyList_New } from "../../objects/containers/list/list";
import { PyDictProxy_New } from "../../objects/containers/mappingproxy";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { badArgument, intArgument, ssizeArgument } from "../../objects/define/args";
import { PyErr_Clear, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PatternObject_clear, PatternObject_traverse } from "../../objects/generated/references";
import { PyCallIter_New } from "../../objects/iterators/sequence";
import { PyLong_AsUnsignedLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { _PyObject_GC_NewVar, PyObject_GC_Del } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { PyBuffer_Release } from "../../objects/object/buffer";
import { PyCallable_Check, PyObject_CallOneArg } from "../../objects/object/call";
import { Py_EQ, Py_NE } from "../../objects/object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyBool_FromBool, PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_Hash, PyObject_RichCompareBool } from "../../objects/protocol/compare";
import { _Py_HashBytes, U } from "../../objects/text/access";
import { equalBytes } from "../../objects/text/compare";
import { PyUnicode_Join } from "../../objects/text/concat";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { findCharacter } from "../../objects/text/find";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { Scratch } from "../../thread/scratch";
import { FLAG_ASCII, FLAG_LOCALE, FLAG_UNICODE } from "./codes";
import { newMatch } from "./match_object";
import { newScanner } from "./scanner";
import {
  getSlice,
  matchError,
  openText,
  State,
  stateFini,
  stateGroup,
  stateInit,
  stateMatch,
  stateReset,
  stateSearch,
} from "./state";
import { compileTemplate, expandTemplate, templateLiteral } from "./template";
import { validCode } from "./validate";

const SSIZE_MAX: isize = 0x7fffffff;

/**
 * @native _sre.compile($module, /, pattern, flags, code, groups, groupindex,
 *         indexgroup)
 */
export function sre_compile(
  _module: usize,
  pattern: usize,
  flags_: usize,
  code: usize,
  groups_: usize,
  groupindex: usize,
  indexgroup: usize,
): usize {
  const flags = intArgument(flags_);
  if (flags == -1 && PyErr_Occurred()) return 0;
  if (!Py.check(code, Py_TPFLAGS_LIST_SUBCLASS)) return badArgument("compile", "argument 'code'", "list", code);
  const groups = ssizeArgument(groups_);
  if (groups == -1 && PyErr_Occurred()) return 0;
  if (!Py.check(groupindex, Py_TPFLAGS_DICT_SUBCLASS)) {
    return badArgument("compile", "argument 'groupindex'", "dict", groupindex);
  }
  if (!Py.check(indexgroup, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return badArgument("compile", "argument 'indexgroup'", "tuple", indexgroup);
  }
  const n = List.size(code);
  const self = _PyObject_GC_NewVar(PySre_Pattern_Type, n);
  if (self == 0) return 0;
  const x = PatternObject.at(self);
  x.groupindex = 0;
  x.indexgroup = 0;
  x.pattern = 0;
  x.weakreflist = 0;
  x.codesize = n;
  x.flags = flags;
  x.groups = groups;
  x.isbytes = -1;
  _PyObject_GC_TRACK(self);
  if (!fill(self, pattern, code, n)) {
    Py.DECREF(self);
    return 0;
  }
  x.pattern = Py.NewRef(pattern);
  if (PyDict_Size(groupindex) > 0) {
    x.groupindex = Py.NewRef(groupindex);
    if (Py.SIZE(indexgroup) > 0) x.indexgroup = Py.NewRef(indexgroup);
  }
  if (!validCode(self + PatternObject_code, n, groups)) {
    if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "invalid SRE code");
    Py.DECREF(self);
    return 0;
  }
  return self;
}

/** Takes over the code, and finds out what the pattern is of: false with an exception. */
function fill(self: usize, pattern: usize, code: usize, n: isize): bool {
  for (let i: isize = 0; i < n; i++) {
    const v = PyLong_AsUnsignedLong(List.get(code, i));
    if (v == <u64>-1 && PyErr_Occurred()) return false;
    if (v > 0xffffffff) {
      PyErr_SetString(PyExc_OverflowError, "regular expression code size limit exceeded");
      return false;
    }
    store<u32>(self + PatternObject_code + ((<usize>i) << 2), <u32>v);
  }
  if (pattern == _Py_NoneStruct) return true;
  const isText = Py.check(pattern, Py_TPFLAGS_UNICODE_SUBCLASS);
  if (!isText) {
    const view = Scratch.take(<isize>(SIZEOF_Py_buffer >> 3));
    const status = openText(pattern, view);
    if (status == 0) PyBuffer_Release(view);
    Scratch.give(view);
    if (status < 0) return false;
  }
  PatternObject.at(self).isbytes = isText ? 0 : 1;
  return true;
}

/** One match or search of the text: a new match, None, or null with an exception. */
function matchOnce(self: usize, text: usize, pos: isize, endpos: isize, search: bool, whole: bool): usize {
  const state = State.take();
  let r: usize = 0;
  if (stateInit(state, self, text, pos, endpos) == 0) {
    SRE_STATE.at(state).ptr = SRE_STATE.at(state).start;
    if (whole) SRE_STATE.at(state).match_all = 1;
    r = newMatch(self, state, search ? stateSearch(state, self) : stateMatch(state, self));
    stateFini(state);
  }
  State.give(state);
  return r;
}

/**
 * @native re.Pattern.match($self, /, string, pos=0, endpos=sys.maxsize)
 *
 * Matches at the beginning of the string, and not anywhere else.
 */
export function pattern_match(self: usize, string: usize, pos: isize, endpos: isize): usize {
  return matchOnce(self, string, pos, endpos, false, false);
}

/**
 * @native re.Pattern.fullmatch($self, /, string, pos=0, endpos=sys.maxsize)
 *
 * Matches the string as a whole.
 */
export function pattern_fullmatch(self: usize, string: usize, pos: isize, endpos: isize): usize {
  return matchOnce(self, string, pos, endpos, false, true);
}

/**
 * @native re.Pattern.search($self, /, string, pos=0, endpos=sys.maxsize)
 *
 * Looks for the first place in the string where the pattern matches, and returns the match object.
 *
 * None where there is no such place.
 */
export function pattern_search(self: usize, string: usize, pos: isize, endpos: isize): usize {
  return matchOnce(self, string, pos, endpos, true, false);
}

/** Moves on behind the match of a state. */
function advance(state: usize): void {
  const s = SRE_STATE.at(state);
  s.must_advance = s.ptr == s.start ? 1 : 0;
  s.start = s.ptr;
}

/** What findall has of the state's match: what it, its only group, or a tuple of its groups took. */
function found(state: usize, groups: isize): usize {
  const s = SRE_STATE.at(state);
  if (groups == 0) {
    return getSlice(s.isbytes != 0, s.beginning, s.string, State.offset(state, s.start), State.offset(state, s.ptr));
  }
  if (groups == 1) return stateGroup(state, 1, true);
  const r = PyTuple_New(groups);
  if (r == 0) return 0;
  for (let i: isize = 0; i < groups; i++) {
    const item = stateGroup(state, i + 1, true);
    if (item == 0) {
      Py.DECREF(r);
      return 0;
    }
    Tuple.set(r, i, item);
  }
  return r;
}

/** Appends what findall finds to the list: 0, or -1 with an exception. */
function findAll(self: usize, state: usize, list: usize): i32 {
  const s = SRE_STATE.at(state);
  const groups = PatternObject.at(self).groups;
  while (s.start <= s.end) {
    stateReset(state);
    const status = stateSearch(state, self);
    if (status == 0) break;
    if (status < 0) {
      matchError(status);
      return -1;
    }
    const item = found(state, groups);
    if (item == 0 || _PyList_AppendTakeRef(list, item) < 0) return -1;
    advance(state);
  }
  return 0;
}

/**
 * @native re.Pattern.findall($self, /, string, pos=0, endpos=sys.maxsize)
 *
 * All matches in the string that do not overlap, as a list.
 */
export function pattern_findall(self: usize, string: usize, pos: isize, endpos: isize): usize {
  const state = State.take();
  let list: usize = 0;
  if (stateInit(state, self, string, pos, endpos) == 0) {
    list = PyList_New(0);
    if (list != 0 && findAll(self, state, list) < 0) {
      Py.DECREF(list);
      list = 0;
    }
    stateFini(state);
  }
  State.give(state);
  return list;
}

/**
 * @native re.Pattern.finditer($self, /, string, pos=0, endpos=sys.maxsize)
 *
 * An iterator over all of the matches of the pattern in the string that do not overlap.
 *
 * What it gives are match objects.
 */
export function pattern_finditer(self: usize, string: usize, pos: isize, endpos: isize): usize {
  const scanner = newScanner(self, string, pos, endpos);
  if (scanner == 0) return 0;
  const name = PyUnicode_InternLiteral("search");
  const search = name == 0 ? 0 : PyObject_GetAttr(scanner, name);
  Py.XDECREF(name);
  Py.DECREF(scanner);
  if (search == 0) return 0;
  const r = PyCallIter_New(search, _Py_NoneStruct);
  Py.DECREF(search);
  return r;
}

/**
 * @native re.Pattern.scanner($self, /, string, pos=0, endpos=sys.maxsize)
 */
export function pattern_scanner(self: usize, string: usize, pos: isize, endpos: isize): usize {
  return newScanner(self, string, pos, endpos);
}

/** Appends characters start to end of the state's text to the list: 0, or -1 with an exception. */
function appendSlice(state: usize, list: usize, start: isize, end: isize): i32 {
  const s = SRE_STATE.at(state);
  const item = getSlice(s.isbytes != 0, s.beginning, s.string, start, end);
  return item == 0 ? -1 : _PyList_AppendTakeRef(list, item);
}

/** Appends what split gives to the list: 0, or -1 with an exception. */
function split(self: usize, state: usize, list: usize, maxsplit: isize): i32 {
  const s = SRE_STATE.at(state);
  const groups = PatternObject.at(self).groups;
  let last: isize = 0;
  for (let n: isize = 0; maxsplit == 0 || n < maxsplit; n++) {
    stateReset(state);
    const status = stateSearch(state, self);
    if (status == 0) break;
    if (status < 0) {
      matchError(status);
      return -1;
    }
    if (appendSlice(state, list, last, State.offset(state, s.start)) < 0) return -1;
    for (let i: isize = 1; i <= groups; i++) {
      const item = stateGroup(state, i, false);
      if (item == 0 || _PyList_AppendTakeRef(list, item) < 0) return -1;
    }
    last = State.offset(state, s.ptr);
    advance(state);
  }
  return appendSlice(state, list, last, s.endpos);
}

/**
 * @native re.Pattern.split($self, /, string, maxsplit=0)
 *
 * The parts between the matches of the pattern.
 */
export function pattern_split(self: usize, string: usize, maxsplit: isize): usize {
  const state = State.take();
  let list: usize = 0;
  if (stateInit(state, self, string, 0, SSIZE_MAX) == 0) {
    list = PyList_New(0);
    if (list != 0 && split(self, state, list, maxsplit) < 0) {
      Py.DECREF(list);
      list = 0;
    }
    stateFini(state);
  }
  State.give(state);
  return list;
}

// How sub takes its replacement.
const BY_LITERAL: i32 = 0;
const BY_TEMPLATE: i32 = 1;
const BY_CALL: i32 = 2;

/** Whether the replacement is a text without backslashes, to be put in as it is. */
function isLiteral(repl: usize): bool {
  if (Py.check(repl, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return findCharacter(U.kind(repl), U.data(repl), 0, U.length(repl), 0x5c) < 0;
  }
  const view = Scratch.take(<isize>(SIZEOF_Py_buffer >> 3));
  let r = false;
  if (openText(repl, view) == 0) {
    r = findCharacter(1, Py_buffer.at(view).buf, 0, Py_buffer.at(view).len, 0x5c) < 0;
    PyBuffer_Release(view);
  } else PyErr_Clear();
  Scratch.give(view);
  return r;
}

/** Appends the parts of the result to the list: the number of replacements, or -1 with an exception. */
function substitute(self: usize, state: usize, list: usize, filter: usize, by: i32, count: isize): isize {
  const s = SRE_STATE.at(state);
  let n: isize = 0;
  let last: isize = 0;
  while (count == 0 || n < count) {
    stateReset(state);
    const status = stateSearch(state, self);
    if (status == 0) break;
    if (status < 0) {
      matchError(status);
      return -1;
    }
    const start = State.offset(state, s.start);
    if (last < start && appendSlice(state, list, last, start) < 0) return -1;
    let item = filter;
    if (by == BY_LITERAL) Py.INCREF(item);
    else {
      const match = newMatch(self, state, 1);
      if (match == 0) return -1;
      item = by == BY_TEMPLATE ? expandTemplate(filter, match) : PyObject_CallOneArg(filter, match);
      Py.DECREF(match);
      if (item == 0) return -1;
    }
    if (item != _Py_NoneStruct && _PyList_AppendTakeRef(list, item) < 0) return -1;
    last = State.offset(state, s.ptr);
    n++;
    advance(state);
  }
  if (last < s.endpos && appendSlice(state, list, last, s.endpos) < 0) return -1;
  return n;
}

/** sub and subn: a new str or bytes, for subn a pair of it and the number of replacements. */
function sub(self: usize, repl: usize, text: usize, count: isize, pair: bool): usize {
  let by = BY_LITERAL;
  let filter = repl;
  Py.INCREF(filter);
  if (PyCallable_Check(repl)) by = BY_CALL;
  else if (!isLiteral(repl)) {
    Py.DECREF(filter);
    filter = compileTemplate(self, repl);
    if (filter == 0) return 0;
    const literal = templateLiteral(filter);
    if (literal != 0) {
      Py.INCREF(literal);
      Py.DECREF(filter);
      filter = literal;
    } else by = BY_TEMPLATE;
  }
  const state = State.take();
  let joined: usize = 0;
  let n: isize = -1;
  if (stateInit(state, self, text, 0, SSIZE_MAX) == 0) {
    const isbytes = SRE_STATE.at(state).isbytes != 0;
    const list = PyList_New(0);
    if (list != 0) n = substitute(self, state, list, filter, by, count);
    stateFini(state);
    if (n >= 0) joined = isbytes ? join(empty_bytes, list, true) : join(empty_string, list, false);
    Py.XDECREF(list);
  }
  State.give(state);
  Py.DECREF(filter);
  if (joined == 0 || !pair) return joined;
  const r = PyTuple_New(2);
  if (r == 0) {
    Py.DECREF(joined);
    return 0;
  }
  Tuple.set(r, 0, joined);
  const number = PyLong_FromSsize_t(n);
  Tuple.set(r, 1, number);
  if (number != 0) return r;
  Py.DECREF(r);
  return 0;
}

/** The parts in the list as one. */
function join(empty: usize, list: usize, isbytes: bool): usize {
  if (List.size(list) == 0) return empty;
  return isbytes ? bytes_join(empty, list) : PyUnicode_Join(empty, list);
}

/**
 * @native re.Pattern.sub($self, /, repl, string, count=0)
 *
 * The string with the replacement in the place of the leftmost matches that do not overlap, of all of them or so many only.
 */
export function pattern_sub(self: usize, repl: usize, string: usize, count: isize): usize {
  return sub(self, repl, string, count, false);
}

/**
 * @native re.Pattern.subn($self, /, repl, string, count=0)
 *
 * As sub(), but a pair: the new string, and how often something in it was replaced; the leftmost matches of the pattern
 * are the first ones.
 */
export function pattern_subn(self: usize, repl: usize, string: usize, count: isize): usize {
  return sub(self, repl, string, count, true);
}

/**
 * @native re.Pattern.__copy__($self, /)
 */
export function pattern_copy(self: usize): usize {
  return Py.NewRef(self);
}

/**
 * @native re.Pattern.__deepcopy__($self, memo, /)
 */
export function pattern_deepcopy(self: usize, _memo: usize): usize {
  return Py.NewRef(self);
}

/**
 * @getter re.Pattern.groupindex
 *
 * The numbers of the groups that have a name.
 */
export function pattern_get_groupindex(self: usize): usize {
  const d = PatternObject.at(self).groupindex;
  return d == 0 ? PyDict_New() : PyDictProxy_New(d);
}

/** Appends the name of a flag to the list where it is set: 0, or -1 with an exception. */
function appendFlag(list: usize, flags: i32, flag: i32, name: string): i32 {
  if ((flags & flag) == 0) return 0;
  const s = PyUnicode_FromLiteral(name);
  return s == 0 ? -1 : _PyList_AppendTakeRef(list, s);
}

/** Appends the names of the flags to the list, and the others as a number: 0, or -1 with an exception. */
function appendFlags(list: usize, flags: i32): i32 {
  if (appendFlag(list, flags, 2, "re.IGNORECASE") < 0) return -1;
  if (appendFlag(list, flags, 4, "re.LOCALE") < 0) return -1;
  if (appendFlag(list, flags, 8, "re.MULTILINE") < 0) return -1;
  if (appendFlag(list, flags, 16, "re.DOTALL") < 0) return -1;
  if (appendFlag(list, flags, 32, "re.UNICODE") < 0) return -1;
  if (appendFlag(list, flags, 64, "re.VERBOSE") < 0) return -1;
  if (appendFlag(list, flags, 128, "re.DEBUG") < 0) return -1;
  if (appendFlag(list, flags, 256, "re.ASCII") < 0) return -1;
  const others = flags & ~0x1fe;
  if (others == 0) return 0;
  const s = PyUnicode_FromFormat("0x%x", <i64>(<u32>others));
  return s == 0 ? -1 : _PyList_AppendTakeRef(list, s);
}

function pattern_repr(self: usize): usize {
  const x = PatternObject.at(self);
  let flags = x.flags;
  // What patterns of str have as a rule is not said.
  if (x.isbytes == 0 && (flags & (FLAG_LOCALE | FLAG_UNICODE | FLAG_ASCII)) == FLAG_UNICODE) flags &= ~FLAG_UNICODE;
  const list = PyList_New(0);
  if (list == 0) return 0;
  let r: usize = 0;
  if (appendFlags(list, flags) == 0) {
    if (List.size(list) == 0) r = PyUnicode_FromFormat("re.compile(%.200R)", x.pattern);
    else {
      const sep = PyUnicode_FromLiteral("|");
      const names = sep == 0 ? 0 : PyUnicode_Join(sep, list);
      Py.XDECREF(sep);
      if (names != 0) r = PyUnicode_FromFormat("re.compile(%.200R, %S)", x.pattern, names);
      Py.XDECREF(names);
    }
  }
  Py.DECREF(list);
  return r;
}

function pattern_hash(self: usize): i64 {
  const x = PatternObject.at(self);
  const hash = PyObject_Hash(x.pattern);
  if (hash == -1) return -1;
  const r =
    hash ^ _Py_HashBytes(self + PatternObject_code, x.codesize << 2) ^ <i64>x.flags ^ <i64>x.isbytes ^ <i64>x.codesize;
  return r == -1 ? -2 : r;
}

function pattern_richcompare(self: usize, other: usize, op: i32): usize {
  if ((op != Py_EQ && op != Py_NE) || !Py.IS_TYPE(other, PySre_Pattern_Type)) return _Py_NotImplementedStruct;
  if (self == other) return PyBool_FromBool(op == Py_EQ);
  const a = PatternObject.at(self);
  const b = PatternObject.at(other);
  // The code too: what LOCALE compiles to depends on more than the pattern.
  let equal =
    a.flags == b.flags &&
    a.isbytes == b.isbytes &&
    a.codesize == b.codesize &&
    equalBytes(self + PatternObject_code, other + PatternObject_code, (<usize>a.codesize) << 2)
      ? 1
      : 0;
  if (equal != 0) {
    equal = PyObject_RichCompareBool(a.pattern, b.pattern, Py_EQ);
    if (equal < 0) return 0;
  }
  return PyBool_FromBool((equal != 0) == (op == Py_EQ));
}

function pattern_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  if (PatternObject.at(self).weakreflist != 0) PyObject_ClearWeakRefs(self);
  PatternObject_clear(self);
  PyObject_GC_Del(self);
}

/**
 * @type re.Pattern
 * @order match fullmatch search sub subn findall split finditer scanner __copy__ __deepcopy__ __class_getitem__
 *
 * A regular expression, compiled.
 *
 * @classmethod re.Pattern.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 *
 * @member re.Pattern.pattern = PatternObject.pattern readonly
 * What the pattern was compiled from, a str or bytes-like.
 *
 * @member re.Pattern.flags = PatternObject.flags readonly
 * The flags that it has in all.
 *
 * @member re.Pattern.groups = PatternObject.groups readonly
 * The number of the groups that it captures.
 */

/** Makes the type: 0, or -1 with an exception. */
export function initPatternType(): i32 {
  const type = PySre_Pattern_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_PatternObject;
  t.tp_itemsize = 4;
  t.tp_weaklistoffset = PatternObject_weakreflist;
  t.tp_dealloc = pattern_dealloc.index;
  t.tp_repr = pattern_repr.index;
  t.tp_hash = pattern_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  t.tp_traverse = PatternObject_traverse.index;
  t.tp_clear = PatternObject_clear.index;
  t.tp_richcompare = pattern_richcompare.index;
  return PyType_Ready(type);
}
