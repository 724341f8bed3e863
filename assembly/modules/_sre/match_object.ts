// re.Match: where a pattern matched (the match methods of CPython 3.13's Modules/_sre/sre.c).

import {
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  MatchObject,
  MatchObject_mark,
  PatternObject,
  Py_buffer,
  PyMappingMethods,
  PyTypeObject,
  SIZEOF_MatchObject,
  SIZEOF_Py_buffer,
  SRE_STATE,
} from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_IndexError, PySre_Match_Type } from "../../generated/statics";
import {
  _PyDict_SetItem_KnownHash,
  PyDict_GetItemWithError,
  PyDict_HashAt,
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
} from "../../objects/containers/dict/dict";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { asMapping } from "../../objects/define/tables";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { MatchObject_clear, MatchObject_traverse } from "../../objects/generated/references";
import { Long } from "../../objects/numbers/int/access";
import { PyLong_AsSsize_t, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { _PyObject_GC_NewVar, PyObject_GC_Del } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { PyBuffer_Release } from "../../objects/object/buffer";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../../objects/protocol/number";
import { U } from "../../objects/text/access";
import { PyUnicode_Substring } from "../../objects/text/concat";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { getSlice, matchError, openText, State, wrongSpan } from "./state";
import { compileTemplate, expandTemplate } from "./template";

/** Marks: indices of characters, -1 where their group took no part. */
class Mark {
  /** Mark `i` of the match, an index of a character; -1 where its group took no part. */
  @inline static get(self: usize, i: isize): isize {
    return load<i32>(self + MatchObject_mark + ((<usize>i) << 3));
  }

  @inline static set(self: usize, i: isize, v: isize): void {
    store<i64>(self + MatchObject_mark + ((<usize>i) << 3), v);
  }
}

/** The result of a status: a new match from the state, None for 0, null with an exception below. */
export function newMatch(pattern: usize, state: usize, status: i32): usize {
  if (status < 0) return matchError(status);
  if (status == 0) return _Py_NoneStruct;
  const groups = PatternObject.at(pattern).groups;
  const m = _PyObject_GC_NewVar(PySre_Match_Type, 2 * (groups + 1));
  if (m == 0) return 0;
  const s = SRE_STATE.at(state);
  const x = MatchObject.at(m);
  x.pattern = Py.NewRef(pattern);
  x.string = Py.NewRef(s.string);
  x.regs = 0;
  x.groups = groups + 1;
  x.pos = s.pos;
  x.endpos = s.endpos;
  x.lastindex = s.lastindex;
  Mark.set(m, 0, State.offset(state, s.start));
  Mark.set(m, 1, State.offset(state, s.ptr));
  const last = s.lastmark;
  let marks = s.mark;
  for (let j: isize = 0; j < 2 * groups; j += 2, marks += 8) {
    let i: isize = -1;
    let k: isize = -1;
    if (j + 1 <= last && load<u32>(marks) != 0 && load<u32>(marks, 4) != 0) {
      i = State.offset(state, load<u32>(marks));
      k = State.offset(state, load<u32>(marks, 4));
      if (i > k) {
        wrongSpan();
        Py.DECREF(m);
        return 0;
      }
    }
    Mark.set(m, j + 2, i);
    Mark.set(m, j + 3, k);
  }
  _PyObject_GC_TRACK(m);
  return m;
}

/** The text of group `index`, which exists; a new reference to `missing` where it took no part. */
export function groupAt(self: usize, index: isize, missing: usize): usize {
  const text = MatchObject.at(self).string;
  const i = Mark.get(self, 2 * index);
  if (text == _Py_NoneStruct || i < 0) return Py.NewRef(missing);
  const j = Mark.get(self, 2 * index + 1);
  if (Py.check(text, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const n = U.length(text);
    return PyUnicode_Substring(text, min(i, n), min(j, n));
  }
  // The text may have become shorter.
  const view = Scratch.take(<isize>(SIZEOF_Py_buffer >> 3));
  let r: usize = 0;
  if (openText(text, view) == 0) {
    const n = Py_buffer.at(view).len;
    r = getSlice(true, Py_buffer.at(view).buf, text, min(i, n), min(j, n));
    PyBuffer_Release(view);
  }
  Scratch.give(view);
  return r;
}

/** The number of the group that an argument names; -1 with IndexError or another exception. */
function groupIndex(self: usize, group: usize): isize {
  let i: isize = -1;
  if (PyIndex_Check(group)) i = PyNumber_AsSsize_t(group, 0);
  else {
    const names = PatternObject.at(MatchObject.at(self).pattern).groupindex;
    if (names != 0) {
      const v = PyDict_GetItemWithError(names, group);
      if (v != 0 && Long.check(v)) i = PyLong_AsSsize_t(v);
    }
  }
  if (i >= 0 && i < MatchObject.at(self).groups) return i;
  if (!PyErr_Occurred()) PyErr_SetString(PyExc_IndexError, "no such group");
  return -1;
}

function groupOf(self: usize, group: usize, missing: usize): usize {
  const i = groupIndex(self, group);
  return i < 0 ? 0 : groupAt(self, i, missing);
}

/**
 * @native re.Match.group
 *
 * group([group1, ...]): the text of one group or a tuple of several, by number or name.
 * Without an argument what the whole pattern took.
 */
export function match_group(self: usize, argv: usize, nargs: isize): usize {
  if (nargs == 0) return groupAt(self, 0, _Py_NoneStruct);
  if (nargs == 1) return groupOf(self, Py.item(argv, 0), _Py_NoneStruct);
  const r = PyTuple_New(nargs);
  if (r == 0) return 0;
  for (let i: isize = 0; i < nargs; i++) {
    const item = groupOf(self, Py.item(argv, i), _Py_NoneStruct);
    if (item == 0) {
      Py.DECREF(r);
      return 0;
    }
    Tuple.set(r, i, item);
  }
  return r;
}

function match_getitem(self: usize, group: usize): usize {
  return groupOf(self, group, _Py_NoneStruct);
}

/**
 * @native re.Match.start($self, group=0, /)
 *
 * The index at which the text begins that the group took.
 */
export function match_start(self: usize, group: usize): usize {
  const i = group == 0 ? 0 : groupIndex(self, group);
  return i < 0 ? 0 : PyLong_FromSsize_t(Mark.get(self, 2 * i));
}

/**
 * @native re.Match.end($self, group=0, /)
 *
 * The index at which the text ends that the group took.
 */
export function match_end(self: usize, group: usize): usize {
  const i = group == 0 ? 0 : groupIndex(self, group);
  return i < 0 ? 0 : PyLong_FromSsize_t(Mark.get(self, 2 * i + 1));
}

/** A new tuple of start and end of the group. */
function span(self: usize, i: isize): usize {
  const r = PyTuple_New(2);
  if (r == 0) return 0;
  const a = PyLong_FromSsize_t(Mark.get(self, 2 * i));
  Tuple.set(r, 0, a);
  const b = a == 0 ? 0 : PyLong_FromSsize_t(Mark.get(self, 2 * i + 1));
  Tuple.set(r, 1, b);
  if (b != 0) return r;
  Py.DECREF(r);
  return 0;
}

/**
 * @native re.Match.span($self, group=0, /)
 *
 * What both m.start(group) and m.end(group) give, as a pair.
 */
export function match_span(self: usize, group: usize): usize {
  const i = group == 0 ? 0 : groupIndex(self, group);
  return i < 0 ? 0 : span(self, i);
}

/**
 * @native re.Match.groups($self, /, default=None)
 *
 * What all the groups took, from the first on, as a tuple.
 *
 *   default
 *     What stands there for those groups that took no part in the match.
 */
export function match_groups(self: usize, default_: usize): usize {
  const n = MatchObject.at(self).groups;
  const r = PyTuple_New(n - 1);
  if (r == 0) return 0;
  for (let i: isize = 1; i < n; i++) {
    const item = groupAt(self, i, default_);
    if (item == 0) {
      Py.DECREF(r);
      return 0;
    }
    Tuple.set(r, i - 1, item);
  }
  return r;
}

/**
 * @native re.Match.groupdict($self, /, default=None)
 *
 * What all of the groups took that have a name, as a dictionary with these names as keys.
 *
 *   default
 *     What stands there for those groups that took no part in the match.
 */
export function match_groupdict(self: usize, default_: usize): usize {
  const r = PyDict_New();
  const names = PatternObject.at(MatchObject.at(self).pattern).groupindex;
  if (r == 0 || names == 0) return r;
  for (let pos = PyDict_Next(names, 0); pos != 0; pos = PyDict_Next(names, pos)) {
    const key = Py.NewRef(PyDict_KeyAt(names, pos));
    const hash = PyDict_HashAt(names, pos);
    const value = groupOf(self, key, default_);
    const status = value == 0 ? -1 : _PyDict_SetItem_KnownHash(r, key, value, hash);
    Py.XDECREF(value);
    Py.DECREF(key);
    if (status < 0) {
      Py.DECREF(r);
      return 0;
    }
  }
  return r;
}

/**
 * @native re.Match.expand($self, /, template)
 *
 * The template with what the groups took in the places of its references, in the way that sub() makes it.
 */
export function match_expand(self: usize, template: usize): usize {
  const t = compileTemplate(MatchObject.at(self).pattern, template);
  if (t == 0) return 0;
  const r = expandTemplate(t, self);
  Py.DECREF(t);
  return r;
}

/**
 * @native re.Match.__copy__($self, /)
 */
export function match_copy(self: usize): usize {
  return Py.NewRef(self);
}

/**
 * @native re.Match.__deepcopy__($self, memo, /)
 */
export function match_deepcopy(self: usize, _memo: usize): usize {
  return Py.NewRef(self);
}

/**
 * @getter re.Match.lastindex
 *
 * The number of the group that closed last.
 */
export function match_get_lastindex(self: usize): usize {
  const i = MatchObject.at(self).lastindex;
  return i < 0 ? _Py_NoneStruct : PyLong_FromSsize_t(i);
}

/**
 * @getter re.Match.lastgroup
 *
 * The name of the group that was closed last.
 */
export function match_get_lastgroup(self: usize): usize {
  const names = PatternObject.at(MatchObject.at(self).pattern).indexgroup;
  const i = MatchObject.at(self).lastindex;
  if (names == 0 || i < 0 || i >= Py.SIZE(names)) return _Py_NoneStruct;
  return Py.NewRef(Tuple.get(names, i));
}

/**
 * @getter re.Match.regs
 */
export function match_get_regs(self: usize): usize {
  const x = MatchObject.at(self);
  if (x.regs != 0) return Py.NewRef(x.regs);
  const n = x.groups;
  const r = PyTuple_New(n);
  if (r == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const item = span(self, i);
    if (item == 0) {
      Py.DECREF(r);
      return 0;
    }
    Tuple.set(r, i, item);
  }
  x.regs = Py.NewRef(r);
  return r;
}

function match_repr(self: usize): usize {
  const text = groupAt(self, 0, _Py_NoneStruct);
  if (text == 0) return 0;
  const r = PyUnicode_FromFormat(
    "<%t object; span=(%d, %d), match=%.50R>",
    self,
    Mark.get(self, 0),
    Mark.get(self, 1),
    text,
  );
  Py.DECREF(text);
  return r;
}

function match_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  MatchObject_clear(self);
  PyObject_GC_Del(self);
}

/**
 * @type re.Match
 * @order group start end span groups groupdict expand __copy__ __deepcopy__ __class_getitem__
 *
 * What re.match() and re.search() found: the spans of the groups.
 * As a truth value it is true.
 *
 * @classmethod re.Match.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 *
 * @member re.Match.string = MatchObject.string readonly
 * The text that match() or search() was given.
 *
 * @member re.Match.re = MatchObject.pattern readonly
 * The pattern that matched.
 *
 * @member re.Match.pos = MatchObject.pos readonly
 * The index in the string from which on the match was looked for at first.
 *
 * @member re.Match.endpos = MatchObject.endpos readonly
 * The index in the string at which it ends for the match.
 */

/** Makes the type: 0, or -1 with an exception. */
export function initMatchType(): i32 {
  const type = PySre_Match_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_MatchObject;
  t.tp_itemsize = 8;
  t.tp_dealloc = match_dealloc.index;
  t.tp_repr = match_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  t.tp_traverse = MatchObject_traverse.index;
  t.tp_clear = MatchObject_clear.index;
  PyMappingMethods.at(asMapping(type)).mp_subscript = match_getitem.index;
  return PyType_Ready(type);
}
