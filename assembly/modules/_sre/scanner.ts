// The scanner of Pattern.scanner() and finditer(): matches one after the other (the scanner methods of CPython 3.13's
// Modules/_sre/sre.c).

import { Py_TPFLAGS_DISALLOW_INSTANTIATION, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  PyTypeObject,
  ScannerObject,
  ScannerObject_state,
  SIZEOF_ScannerObject,
  SIZEOF_SRE_STATE,
  SRE_STATE,
} from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_TypeError, PyExc_ValueError, PySre_Scanner_Type } from "../../generated/statics";
import { PyErr_SetString } from "../../objects/errors/raise";
import { ScannerObject_clear, ScannerObject_traverse } from "../../objects/generated/references";
import { _PyObject_GC_New, PyObject_GC_Del } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyType_Ready } from "../../objects/types/ready";
import { newMatch } from "./match_object";
import { stateFini, stateInit, stateMatch, stateReset, stateSearch } from "./state";

/** A new scanner of the text; null with an exception. */
export function newScanner(pattern: usize, text: usize, pos: isize, endpos: isize): usize {
  const self = _PyObject_GC_New(PySre_Scanner_Type);
  if (self == 0) return 0;
  const x = ScannerObject.at(self);
  x.pattern = 0;
  x.executing = 0;
  if (stateInit(x.state, pattern, text, pos, endpos) < 0) {
    // The state has nothing that would have to be given back.
    memory.fill(x.state, 0, SIZEOF_SRE_STATE);
    Py.DECREF(self);
    return 0;
  }
  x.pattern = Py.NewRef(pattern);
  _PyObject_GC_TRACK(self);
  return self;
}

/** The next match, by searching or only where the scanner stands. */
function next(self: usize, search: bool): usize {
  const x = ScannerObject.at(self);
  if (x.executing != 0) return PyErr_SetString(PyExc_ValueError, "regular expression scanner already executing");
  const state = self + ScannerObject_state;
  const s = SRE_STATE.at(state);
  if (s.start == 0) return _Py_NoneStruct;
  x.executing = 1;
  stateReset(state);
  const status = search ? stateSearch(state, x.pattern) : stateMatch(state, x.pattern);
  const m = newMatch(x.pattern, state, status);
  if (status == 0) s.start = 0;
  else if (status > 0) {
    s.must_advance = s.ptr == s.start ? 1 : 0;
    s.start = s.ptr;
  }
  x.executing = 0;
  return m;
}

/**
 * @native _sre.SRE_Scanner.match($self, /)
 */
export function scanner_match(self: usize, _argv: usize, nargs: isize, kwnames: usize): usize {
  if (nargs == 0 && (kwnames == 0 || Py.SIZE(kwnames) == 0)) return next(self, false);
  return PyErr_SetString(PyExc_TypeError, "match() takes no arguments");
}

/**
 * @native _sre.SRE_Scanner.search($self, /)
 */
export function scanner_search(self: usize, _argv: usize, nargs: isize, kwnames: usize): usize {
  if (nargs == 0 && (kwnames == 0 || Py.SIZE(kwnames) == 0)) return next(self, true);
  return PyErr_SetString(PyExc_TypeError, "search() takes no arguments");
}

function scanner_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  stateFini(self + ScannerObject_state);
  ScannerObject_clear(self);
  PyObject_GC_Del(self);
}

/**
 * @type _sre.SRE_Scanner
 *
 * @member _sre.SRE_Scanner.pattern = ScannerObject.pattern readonly
 */

/** Makes the type: 0, or -1 with an exception. */
export function initScannerType(): i32 {
  const type = PySre_Scanner_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_ScannerObject;
  t.tp_dealloc = scanner_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  t.tp_traverse = ScannerObject_traverse.index;
  t.tp_clear = ScannerObject_clear.index;
  return PyType_Ready(type);
}
