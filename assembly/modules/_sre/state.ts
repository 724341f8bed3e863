// What a search keeps while it runs (SRE_STATE of CPython 3.13's Modules/_sre/sre.c): in scratch slots, or in a scanner.
//
// Invariant: from stateInit to stateFini the text is owned and its buffer is lent, so that the addresses of characters
// stay good, whatever runs in between.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  PatternObject,
  PatternObject_code,
  Py_buffer,
  SIZEOF_SRE_STATE,
  SRE_STATE,
  SRE_STATE_buffer,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_bytes,
  empty_string,
  PyBytes_Type,
  PyExc_RuntimeError,
  PyExc_SystemError,
  PyExc_TypeError,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyBUF_SIMPLE, PyBuffer_Release, PyObject_GetBuffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyTypeName, PyUnicode_Substring } from "../../objects/text/concat";
import { Scratch } from "../../thread/scratch";
import { ERROR_INTERRUPTED, ERROR_MEMORY, FLAG_DEBUG } from "./codes";
import { matchAt } from "./match";
import { searchFrom } from "./search";

/** The bytes of a text that is not a str in the view: 0, or -1 with TypeError. */
export function openText(text: usize, view: usize): i32 {
  if (PyObject_GetBuffer(text, view, PyBUF_SIMPLE) == 0) return 0;
  PyErr_Format(PyExc_TypeError, "expected string or bytes-like object, got '%.200s'", PyTypeName.of(text));
  return -1;
}

export class State {
  /** A state in scratch slots; `stateInit` must follow, and `give`. */
  @inline static take(): usize {
    return Scratch.take(<isize>(SIZEOF_SRE_STATE >> 3));
  }

  @inline static give(state: usize): void {
    Scratch.give(state);
  }

  /** How many characters the address is behind the text's beginning. */
  @inline static offset(state: usize, p: usize): isize {
    const s = SRE_STATE.at(state);
    return <isize>(p - s.beginning) >> (s.charsize >> 1);
  }
}

/** Begins a search of the text from `start` to `end`, which are clamped to it: 0, or -1 with an exception. */
export function stateInit(state: usize, pattern: usize, text: usize, start: isize, end: isize): i32 {
  const s = SRE_STATE.at(state);
  const x = PatternObject.at(pattern);
  memory.fill(state, 0, SIZEOF_SRE_STATE);
  // Code may set the marks of one group more than there are.
  const groups = x.groups;
  s.mark = groups >= 0x0ffffff0 ? 0 : PyMem_Malloc((<usize>groups + 1) << 3);
  if (s.mark == 0) {
    PyErr_NoMemory();
    return -1;
  }
  s.lastmark = -1;
  s.lastindex = -1;
  let length: isize;
  let data: usize;
  if (Py.check(text, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    length = U.length(text);
    data = U.data(text);
    s.charsize = <i32>U.kind(text);
  } else {
    const view = state + SRE_STATE_buffer;
    if (openText(text, view) < 0) {
      dropMarks(state);
      return -1;
    }
    length = Py_buffer.at(view).len;
    // An empty buffer may have no address; what is null has a meaning of its own here.
    data = Py_buffer.at(view).buf == 0 ? state : Py_buffer.at(view).buf;
    s.charsize = 1;
    s.isbytes = 1;
  }
  const wrong =
    s.isbytes != 0 && x.isbytes == 0
      ? "cannot use a string pattern on a bytes-like object"
      : s.isbytes == 0 && x.isbytes > 0
        ? "cannot use a bytes pattern on a string-like object"
        : "";
  if (wrong.length > 0) {
    PyErr_SetString(PyExc_TypeError, wrong);
    if (s.isbytes) PyBuffer_Release(state + SRE_STATE_buffer);
    dropMarks(state);
    return -1;
  }
  start = min<isize>(max<isize>(start, 0), length);
  end = min<isize>(max<isize>(end, 0), length);
  s.debug = x.flags & FLAG_DEBUG ? 1 : 0;
  s.beginning = data;
  s.start = data + <usize>start * s.charsize;
  s.end = data + <usize>end * s.charsize;
  s.string = Py.NewRef(text);
  s.pos = start;
  s.endpos = end;
  return 0;
}

function dropMarks(state: usize): void {
  const s = SRE_STATE.at(state);
  const marks = s.mark;
  s.mark = 0;
  PyMem_Free(marks);
}

/** Ends the search; nothing to do where it did not begin. */
export function stateFini(state: usize): void {
  const s = SRE_STATE.at(state);
  if (s.isbytes) PyBuffer_Release(state + SRE_STATE_buffer);
  PyMem_Free(s.data_stack);
  s.data_stack = 0;
  s.data_stack_size = 0;
  if (s.mark != 0) dropMarks(state);
  Py.CLEAR(s.string_slot);
}

/** Makes ready for another match. */
export function stateReset(state: usize): void {
  const s = SRE_STATE.at(state);
  s.lastmark = -1;
  s.lastindex = -1;
  s.ptr = s.start;
}

/** Matches the pattern at state.ptr, as a whole: what matchAt gives. */
export function stateMatch(state: usize, pattern: usize): i32 {
  const code = pattern + PatternObject_code;
  const size = SRE_STATE.at(state).charsize;
  return size == 1
    ? matchAt<u8>(state, code, true)
    : size == 2
      ? matchAt<u16>(state, code, true)
      : matchAt<u32>(state, code, true);
}

/** Searches for the pattern from state.start on: what searchFrom gives. */
export function stateSearch(state: usize, pattern: usize): i32 {
  const code = pattern + PatternObject_code;
  const size = SRE_STATE.at(state).charsize;
  return size == 1
    ? searchFrom<u8>(state, code)
    : size == 2
      ? searchFrom<u16>(state, code)
      : searchFrom<u32>(state, code);
}

/** Sets the exception of a status below 0, where it has none yet; returns null. */
export function matchError(status: i32): usize {
  if (PyErr_Occurred() || status == ERROR_INTERRUPTED) return 0;
  if (status == ERROR_MEMORY) return PyErr_NoMemory();
  return PyErr_SetString(PyExc_RuntimeError, "internal error in regular expression engine");
}

/** Characters start to end of the text, whose first is at `data`: a new str, or bytes. Null with an exception. */
export function getSlice(isbytes: bool, data: usize, text: usize, start: isize, end: isize): usize {
  if (!isbytes) return PyUnicode_Substring(text, start, end);
  if (Py.IS_TYPE(text, PyBytes_Type) && start == 0 && end == Py.SIZE(text)) return Py.NewRef(text);
  return PyBytes_FromStringAndSize(data + <usize>start, end - start);
}

/** Sets the exception of a group that ends before it begins; returns -1. */
export function wrongSpan(): i32 {
  return PyErr_Fail(PyExc_SystemError, "The span of capturing group is wrong, please report a bug for the re module.");
}

/** What the group took (from 1): a new str or bytes; where it took no part None, or nothing of it where `empty`. */
export function stateGroup(state: usize, group: isize, empty: bool): usize {
  const s = SRE_STATE.at(state);
  const index = (group - 1) * 2;
  const marks = s.mark + ((<usize>index) << 2);
  if (index >= s.lastmark || load<u32>(marks) == 0 || load<u32>(marks, 4) == 0) {
    return empty ? (s.isbytes ? empty_bytes : empty_string) : _Py_NoneStruct;
  }
  const i = State.offset(state, load<u32>(marks));
  const j = State.offset(state, load<u32>(marks, 4));
  if (i > j) {
    wrongSpan();
    return 0;
  }
  return getSlice(s.isbytes != 0, s.beginning, s.string, i, j);
}
