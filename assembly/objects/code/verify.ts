// The verifier of instructions that our compiler did not make: what replace(), marshal and .pyc files bring. The machine
// trusts its instructions; here they are run in the abstract once, when the code object is made, before anything of
// them runs. CPython has no such thing and crashes.
//
// A state says of each local variable and of each place of the value stack what it holds: nothing, an object, or an
// object of which an instruction relies on more (a cell, a list that is being built, an exception). Where ways meet,
// states are joined, until nothing changes any more. A state is a row of 4-byte numbers: the kind in the low byte, above
// it a number that belongs to it:
//
//   ┌────────────┬─────────┬─────────────────────┐
//   │nlocals × 4 │started 4│stack: stacksize × 4 │     a saved state has its depth (4) before it
//   └────────────┴─────────┴─────────────────────┘
//
// `started` says whether the frame has become a generator's. Exceptions are ways, too: from each instruction that a row
// of the exception table covers to its handler.

import {
  CO_ASYNC_GENERATOR,
  CO_COROUTINE,
  CO_FAST_CELL,
  CO_FAST_FREE,
  CO_GENERATOR,
  CO_VARARGS,
  CO_VARKEYWORDS,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  handler_row,
  PyBytesObject,
  PyCodeObject,
  saved_state,
  SIZEOF_handler_row,
  SIZEOF_saved_state,
} from "../../generated/layouts";
import * as op from "../../generated/opcodes";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyCode_Type,
  PyExc_ValueError,
  PyLong_Type,
  PyTuple_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { Tuple } from "../containers/tuple";
import { PyErr_Format, PyErr_NoMemory } from "../errors/raise";
import { Py } from "../object/head";
import { CodeParts } from "./code";

// Kinds.
/** Nothing: an unbound variable, a null. */
const NULL: i32 = 0;
/** An object or nothing. */
const MAYBE: i32 = 1;
/** An object. All that follow are objects, too. */
const OBJECT: i32 = 2;
const BOOL: i32 = 3;
const LIST: i32 = 4;
const SET: i32 = 5;
const DICT: i32 = 6;
/** A tuple; its number of items, ANY where ways with different ones met. */
const TUPLE: i32 = 7;
/** A tuple of cells; how many. */
const CELLS: i32 = 8;
const CELL: i32 = 9;
/** A constant; its index. */
const CONSTANT: i32 = 10;
/** A function just made. */
const FUNCTION: i32 = 11;
/** A function just made that still lacks its closure; of how many cells. */
const OPEN: i32 = 12;
const EXCEPTION: i32 = 13;
/** An exception or None. */
const HANDLED: i32 = 14;
/** A copy of the HANDLED right below it. */
const COPIED: i32 = 15;
/** The index of an instruction, where a handler's row asks for it. */
const LASTI: i32 = 16;
/** A plain int, whose comparison with another is a bool. */
const INT: i32 = 17;

const ANY: i32 = 0xffffff;
const MOST_LOCALS: i32 = 1 << 16;
const MOST_STACK: i32 = 1 << 16;

function kindOf(v: i32): i32 {
  return v & 255;
}

function ofKind(kind: i32, n: i32): i32 {
  return kind | (n << 8);
}

/** What the verifier works on. The code is that of `parts`; addresses and sizes in code units where nothing else is said. */
@unmanaged
class Verifier {
  parts: CodeParts = changetype<CodeParts>(0);
  bytes: usize = 0;
  n: i32 = 0;
  nlocals: i32 = 0;
  nfree: i32 = 0;
  stacksize: i32 = 0;
  /** The state at the instruction that is looked at, and its depth. */
  state: usize = 0;
  depth: i32 = 0;
  /** One byte a unit: 1 where an instruction (its first prefix) begins. */
  starts: usize = 0;
  /** One number a unit: 1 + where its row of `rows` is, 0 where no handler covers it. */
  handlers: usize = 0;
  /** Handlers: target, depth, whether lasti is pushed (4 bytes each). */
  rows: usize = 0;
  nrows: i32 = 0;
  /** One address a unit: the saved state of ways that lead there. */
  saved: usize = 0;
  /** A stack of units from which a way is still to be followed. */
  work: usize = 0;
  nwork: i32 = 0;
  /** The blocks of saved states, linked by their first 8 bytes. */
  blocks: usize = 0;
  /** What is wrong, a literal; where. */
  wrong: usize = 0;
  at: i32 = 0;
  memory: bool = false;
}

/** Notes what is wrong; always false. */
function fail(v: Verifier, message: string): bool {
  if (v.wrong == 0) v.wrong = changetype<usize>(message);
  return false;
}

/**
 * Whether the parts make a code object that can be run; false with ValueError (TypeError is the caller's: the parts have
 * their types) or MemoryError.
 */
export function verifyCode(parts: CodeParts): bool {
  const block = PyMem_Malloc(offsetof<Verifier>());
  if (block == 0) {
    PyErr_NoMemory();
    return false;
  }
  memory.fill(block, 0, offsetof<Verifier>());
  const v = changetype<Verifier>(block);
  v.parts = parts;
  const good = shape(v) && allocate(v) && decode(v) && exceptionTable(v) && lineTable(v) && flow(v);
  if (!good) {
    if (v.memory) PyErr_NoMemory();
    else PyErr_Format(PyExc_ValueError, "code: %L (at instruction %d)", v.wrong, v.at);
  }
  for (let p = v.blocks; p != 0; ) {
    const next: usize = load<u32>(p);
    PyMem_Free(p);
    p = next;
  }
  PyMem_Free(v.state);
  PyMem_Free(v.starts);
  PyMem_Free(v.handlers);
  PyMem_Free(v.rows);
  PyMem_Free(v.saved);
  PyMem_Free(v.work);
  PyMem_Free(block);
  return good;
}

/** A zeroed block, or null with `memory` set. */
function zeroed(v: Verifier, n: usize): usize {
  const p = PyMem_Malloc(n);
  if (p == 0) v.memory = true;
  else memory.fill(p, 0, n);
  return p;
}

function allStrings(tuple: usize): bool {
  for (let i: isize = 0; i < Py.SIZE(tuple); i++) {
    if (!Py.check(Tuple.get(tuple, i), Py_TPFLAGS_UNICODE_SUBCLASS)) return false;
  }
  return true;
}

/** Types, counts and flags. */
function shape(v: Verifier): bool {
  const p = v.parts;
  if (
    !Py.check(p.code, Py_TPFLAGS_BYTES_SUBCLASS) ||
    !Py.check(p.linetable, Py_TPFLAGS_BYTES_SUBCLASS) ||
    !Py.check(p.exceptiontable, Py_TPFLAGS_BYTES_SUBCLASS) ||
    !Py.check(p.localspluskinds, Py_TPFLAGS_BYTES_SUBCLASS) ||
    !Py.check(p.filename, Py_TPFLAGS_UNICODE_SUBCLASS) ||
    !Py.check(p.name, Py_TPFLAGS_UNICODE_SUBCLASS) ||
    !Py.check(p.qualname, Py_TPFLAGS_UNICODE_SUBCLASS) ||
    !Py.check(p.consts, Py_TPFLAGS_TUPLE_SUBCLASS) ||
    !Py.check(p.names, Py_TPFLAGS_TUPLE_SUBCLASS) ||
    !Py.check(p.localsplusnames, Py_TPFLAGS_TUPLE_SUBCLASS)
  ) {
    return fail(v, "a part has the wrong type");
  }
  if (!allStrings(p.names) || !allStrings(p.localsplusnames)) return fail(v, "name tuples must contain only strings");
  const size = Py.SIZE(p.code);
  if (size == 0 || size & 1 || size > 0x1000000) return fail(v, "the instructions have an odd size");
  v.n = <i32>(size >> 1);
  v.bytes = PyBytesObject.at(p.code).ob_sval;
  const n = Py.SIZE(p.localsplusnames);
  if (n != Py.SIZE(p.localspluskinds) || n > MOST_LOCALS)
    return fail(v, "names and kinds of variables differ in number");
  v.nlocals = <i32>n;
  if (p.stacksize < 0 || p.stacksize > MOST_STACK) return fail(v, "co_stacksize is out of range");
  v.stacksize = p.stacksize;
  if (p.argcount < 0 || p.posonlyargcount < 0 || p.kwonlyargcount < 0 || p.posonlyargcount > p.argcount) {
    return fail(v, "the numbers of arguments are out of range");
  }
  // Locals stand first, then cells that are no locals, then free variables; the arguments are the first locals.
  let last = 0;
  let nlocals = 0;
  for (let i = 0; i < v.nlocals; i++) {
    const kind: i32 = load<u8>(PyBytesObject.at(p.localspluskinds).ob_sval + <usize>i);
    const place = kind & LOCAL_MASK ? 0 : kind & CO_FAST_CELL ? 1 : kind & CO_FAST_FREE ? 2 : 3;
    if (place == 3 || place < last || (kind & CO_FAST_FREE && place != 2)) {
      return fail(v, "the kinds of variables are inconsistent");
    }
    last = place;
    if (place == 0) nlocals++;
    if (place == 2) v.nfree++;
  }
  const more = (p.flags & CO_VARARGS ? 1 : 0) + (p.flags & CO_VARKEYWORDS ? 1 : 0);
  if (p.argcount > MOST_LOCALS || p.kwonlyargcount > MOST_LOCALS || p.argcount + p.kwonlyargcount + more > nlocals) {
    return fail(v, "varnames is too small");
  }
  return true;
}

/** CO_FAST_LOCAL, and CO_FAST_HIDDEN of a comprehension's variable in a module or class. */
const LOCAL_MASK: i32 = 0x20;

function allocate(v: Verifier): bool {
  const units = <usize>v.n;
  // Two more than there are: leadsToHandler() keeps what is there.
  v.state = zeroed(v, (<usize>(v.nlocals + 3 + v.stacksize)) << 2);
  if (v.state != 0) v.starts = zeroed(v, units + 1);
  if (v.starts != 0) v.handlers = zeroed(v, units << 2);
  if (v.handlers != 0) v.saved = zeroed(v, units << 2);
  if (v.saved != 0) v.work = zeroed(v, units << 2);
  return v.work != 0;
}

function opAt(v: Verifier, i: i32): i32 {
  return load<u8>(v.bytes + ((<usize>i) << 1));
}

function byteAt(v: Verifier, i: i32): i32 {
  return load<u8>(v.bytes + ((<usize>i) << 1), 1);
}

/** Marks where instructions begin; each is a known one in its general form, with its caches empty behind it. */
function decode(v: Verifier): bool {
  let resumes = false;
  for (let i = 0; i < v.n; ) {
    v.at = i;
    store<u8>(v.starts + <usize>i, 1);
    let prefixes = 0;
    while (opAt(v, i) == op.EXTENDED_ARG) {
      i++;
      if (++prefixes > 3 || i >= v.n) return fail(v, "a prefix without an instruction");
    }
    const code = opAt(v, i);
    if (!isKnown(code)) return fail(v, "unknown opcode");
    if (code == op.RESUME) resumes = true;
    i++;
    let caches: i32 = load<u8>(op.opCaches + <usize>code);
    if (i + caches > v.n) return fail(v, "an instruction without its cache");
    for (; caches > 0; caches--, i++) {
      if (load<u16>(v.bytes + ((<usize>i) << 1)) != 0) return fail(v, "a cache that is not empty");
    }
  }
  v.at = 0;
  // Where a frame begins to show.
  return resumes || fail(v, "no RESUME");
}

function isKnown(code: i32): bool {
  if (load<u8>(op.opDeopt + <usize>code) != code) return false;
  switch (code) {
    case op.CACHE:
    case op.RESERVED:
    case op.ENTER_EXECUTOR:
    case op.INTERPRETER_EXIT:
      return false;
    default:
      return code < op.INSTRUMENTED_RESUME;
  }
}

/** The rows of the exception table, as unwind.ts reads them. */
function exceptionTable(v: Verifier): bool {
  const table = v.parts.exceptiontable;
  const size = <i32>Py.SIZE(table);
  v.rows = zeroed(v, <usize>(size / 4 + 1) * SIZEOF_handler_row);
  if (v.rows == 0) return false;
  let p = PyBytesObject.at(table).ob_sval;
  const end = p + <usize>size;
  let latest = 0;
  while (p < end) {
    const row = handler_row.at(v.rows + <usize>v.nrows * SIZEOF_handler_row);
    let from = 0;
    let length = 0;
    for (let field = 0; field < 4; field++) {
      let value = 0;
      let more = true;
      for (let bytes = 0; more; bytes++) {
        if (p == end || bytes == 4) return fail(v, "the exception table is malformed");
        const b: i32 = load<u8>(p++);
        value = (value << 6) | (b & 63);
        more = (b & 64) != 0;
      }
      if (field == 0) from = value;
      else if (field == 1) length = value;
      else if (field == 2) row.target = value;
      else {
        row.depth = value >> 1;
        row.lasti = value & 1;
      }
    }
    const target = row.target;
    if (from < latest || from + length > v.n) return fail(v, "the exception table is malformed");
    if (target >= v.n || load<u8>(v.starts + <usize>target) == 0) return fail(v, "a handler is at no instruction");
    if (row.depth + row.lasti + 1 > v.stacksize) return fail(v, "a handler's depth is out of range");
    latest = from;
    v.nrows++;
    for (let i = from; i < from + length; i++) {
      const at = v.handlers + ((<usize>i) << 2);
      if (load<i32>(at) == 0) store<i32>(at, v.nrows);
    }
  }
  return true;
}

/** Each entry of the line table has the bytes that its form needs. */
function lineTable(v: Verifier): bool {
  let p: usize = PyBytesObject.at(v.parts.linetable).ob_sval;
  const end = p + <usize>Py.SIZE(v.parts.linetable);
  while (p < end) {
    const first: i32 = load<u8>(p++);
    if (!(first & 0x80)) return fail(v, "the line table is malformed");
    const form = (first >> 3) & 15;
    let numbers = form == 13 ? 1 : form == 14 ? 4 : 0;
    const plain = form < 10 ? 1 : form < 13 ? 2 : 0;
    for (let i = 0; i < plain; i++, p++) {
      if (p == end || load<u8>(p) & 0x80) return fail(v, "the line table is malformed");
    }
    for (; numbers > 0; numbers--) {
      let more = true;
      for (let bytes = 0; more; bytes++) {
        if (p == end || bytes == 6 || load<u8>(p) & 0x80) return fail(v, "the line table is malformed");
        more = (load<u8>(p++) & 64) != 0;
      }
    }
  }
  return true;
}

// States.

function local(v: Verifier, i: i32): i32 {
  return load<i32>(v.state + ((<usize>i) << 2));
}

function setLocal(v: Verifier, i: i32, kind: i32): void {
  store<i32>(v.state + ((<usize>i) << 2), kind);
}

/** The place i from the top of the stack, 1 the top itself; the depth has been checked. */
function peek(v: Verifier, i: i32): i32 {
  return load<i32>(v.state + ((<usize>(v.nlocals + 1 + v.depth - i)) << 2));
}

function poke(v: Verifier, i: i32, kind: i32): void {
  store<i32>(v.state + ((<usize>(v.nlocals + 1 + v.depth - i)) << 2), kind);
}

function has(v: Verifier, n: i32): bool {
  return (n >= 0 && v.depth >= n) || fail(v, "the stack has too few values");
}

function push(v: Verifier, kind: i32): bool {
  if (v.depth >= v.stacksize) return fail(v, "the stack is deeper than co_stacksize");
  v.depth++;
  poke(v, 1, kind);
  return true;
}

/** Takes n objects from the stack. */
function drop(v: Verifier, n: i32): bool {
  if (!has(v, n)) return false;
  for (let i = 1; i <= n; i++) {
    const kind = kindOf(peek(v, i));
    if (kind < OBJECT || kind == OPEN) return fail(v, "no object where one is needed");
  }
  v.depth -= n;
  return true;
}

function objectsAt(v: Verifier, from: i32, n: i32): bool {
  for (let i = from; i < from + n; i++) {
    const kind = kindOf(peek(v, i));
    if (kind < OBJECT || kind == OPEN) return fail(v, "no object where one is needed");
  }
  return true;
}

/** Takes n objects, puts one there. */
function replace(v: Verifier, n: i32, kind: i32): bool {
  return drop(v, n) && push(v, kind);
}

function constant(v: Verifier, i: i32): usize {
  return Tuple.get(v.parts.consts, i);
}

/** A constant as what it is, for where ways meet. */
function general(v: Verifier, value: i32): i32 {
  const kind = kindOf(value);
  if (kind == CELLS) return ofKind(TUPLE, value >> 8);
  if (kind == COPIED) return HANDLED;
  if (kind != CONSTANT) return value;
  const c = constant(v, value >> 8);
  if (c == _Py_TrueStruct || c == _Py_FalseStruct) return BOOL;
  if (c == _Py_NoneStruct) return HANDLED;
  if (Py.TYPE(c) == PyLong_Type) return INT;
  return Py.TYPE(c) == PyTuple_Type ? ofKind(TUPLE, <i32>Py.SIZE(c)) : OBJECT;
}

/** What join() gives where two values must not meet. */
const UNLIKE: i32 = 255;

/** The least that both are, or UNLIKE. */
function join(v: Verifier, a: i32, b: i32): i32 {
  if (a == b) return a;
  if (kindOf(a) == OPEN || kindOf(b) == OPEN) return UNLIKE;
  if (kindOf(a) < OBJECT || kindOf(b) < OBJECT) return MAYBE;
  const x = general(v, a);
  const y = general(v, b);
  if (x == y) return x;
  const kx = kindOf(x);
  const ky = kindOf(y);
  if (kx == TUPLE && ky == TUPLE) return ofKind(TUPLE, ANY);
  if ((kx == EXCEPTION && ky == HANDLED) || (kx == HANDLED && ky == EXCEPTION)) return HANDLED;
  return OBJECT;
}

/** A way leads from the state as it is to the unit. */
function leads(v: Verifier, to: i32): bool {
  if (to < 0 || to >= v.n || load<u8>(v.starts + <usize>to) == 0) return fail(v, "a jump leads to no instruction");
  const slot = v.saved + ((<usize>to) << 2);
  const count = v.nlocals + 1 + v.depth;
  const known: usize = load<u32>(slot);
  if (known == 0) {
    const block = PyMem_Malloc(SIZEOF_saved_state + ((<usize>count) << 2));
    if (block == 0) {
      v.memory = true;
      return false;
    }
    saved_state.at(block).next = v.blocks;
    v.blocks = block;
    saved_state.at(block).depth = v.depth;
    memory.copy(block + SIZEOF_saved_state, v.state, (<usize>count) << 2);
    store<u32>(slot, <u32>block);
    later(v, to);
    return true;
  }
  if (saved_state.at(known).depth != v.depth) return fail(v, "ways with different depths of the stack meet");
  let changed = false;
  for (let i = 0; i < count; i++) {
    const p = known + SIZEOF_saved_state + ((<usize>i) << 2);
    const old = load<i32>(p);
    const joined = join(v, old, load<i32>(v.state + ((<usize>i) << 2)));
    if (joined == UNLIKE) return fail(v, "ways with different values meet");
    if (joined != old) {
      store<i32>(p, joined);
      changed = true;
    }
  }
  if (changed) later(v, to);
  return true;
}

/** Notes that the way from there is to be followed; once, until it is. */
function later(v: Verifier, unit: i32): void {
  const mark = v.starts + <usize>unit;
  if (load<u8>(mark) & 2) return;
  store<u8>(mark, load<u8>(mark) | 2);
  store<i32>(v.work + ((<usize>v.nwork) << 2), unit);
  v.nwork++;
}

/** A way leads from the instruction at the unit to its handler, with `left` values of the stack still there. */
function leadsToHandler(v: Verifier, unit: i32, left: i32): bool {
  const index = load<i32>(v.handlers + ((<usize>unit) << 2));
  if (index == 0) return true;
  const row = handler_row.at(v.rows + <usize>(index - 1) * SIZEOF_handler_row);
  const depth = v.depth;
  const keep = row.depth;
  if (keep > left) return fail(v, "a handler's depth is greater than the stack's");
  // The places above are written over and put back.
  const first = v.state + ((<usize>(v.nlocals + 1 + keep)) << 2);
  const a = load<i32>(first);
  const b = load<i32>(first, 4);
  v.depth = keep;
  const ok = (row.lasti == 0 || push(v, LASTI)) && push(v, EXCEPTION) && leads(v, row.target);
  v.depth = depth;
  store<i32>(first, a);
  store<i32>(first, b, 4);
  return ok;
}

/** Follows every way. */
function flow(v: Verifier): bool {
  const p = v.parts;
  // Arguments are bound, nothing else is.
  let bound = p.argcount + p.kwonlyargcount;
  if (p.flags & CO_VARARGS) bound++;
  if (p.flags & CO_VARKEYWORDS) bound++;
  for (let i = 0; i < bound; i++) setLocal(v, i, OBJECT);
  if (!leads(v, 0)) return false;
  while (v.nwork > 0) {
    v.nwork--;
    let i = load<i32>(v.work + ((<usize>v.nwork) << 2));
    const mark = v.starts + <usize>i;
    store<u8>(mark, load<u8>(mark) & ~2);
    const saved: usize = load<u32>(v.saved + ((<usize>i) << 2));
    v.depth = saved_state.at(saved).depth;
    memory.copy(v.state, saved + SIZEOF_saved_state, (<usize>(v.nlocals + 1 + v.depth)) << 2);
    while (true) {
      const next = step(v, i);
      if (next == STOP) break;
      if (next < 0) return false;
      if (next >= v.n) return fail(v, "the instructions have no end");
      // Where other ways lead, too, this one joins them.
      if (load<u32>(v.saved + ((<usize>next) << 2)) != 0) {
        if (!leads(v, next)) return false;
        break;
      }
      i = next;
    }
  }
  return true;
}

/** What step() returns where no instruction follows. */
const STOP: i32 = 0x7fffffff;

/** How many values of the stack an instruction has taken when it fails. */
function taken(code: i32, arg: i32): i32 {
  switch (code) {
    case op.CALL:
      return arg + 2;
    case op.CALL_KW:
      return arg + 3;
    case op.CALL_FUNCTION_EX:
      return 3 + (arg & 1);
    case op.SEND:
    case op.LOAD_ATTR:
    case op.RERAISE:
      return 1;
    default:
      return 0;
  }
}

/** Does in the abstract what the instruction at the unit does: the unit that follows, STOP, or -1. */
function step(v: Verifier, unit: i32): i32 {
  v.at = unit;
  let i = unit;
  let arg = 0;
  for (; opAt(v, i) == op.EXTENDED_ARG; i++) arg = (arg | byteAt(v, i)) << 8;
  arg |= byteAt(v, i);
  if (arg < 0) {
    fail(v, "an argument is out of range");
    return -1;
  }
  const code = opAt(v, i);
  const next = i + 1 + <i32>load<u8>(op.opCaches + <usize>code);
  if (!leadsToHandler(v, i, v.depth - taken(code, arg))) return -1;
  switch (code) {
    case op.JUMP_FORWARD:
      return leads(v, next + arg) ? STOP : -1;
    case op.JUMP_BACKWARD:
    case op.JUMP_BACKWARD_NO_INTERRUPT:
      return arg <= next && leads(v, next - arg) ? STOP : jumpFails(v);
    case op.POP_JUMP_IF_FALSE:
    case op.POP_JUMP_IF_TRUE: {
      if (!has(v, 1)) return -1;
      if (general(v, peek(v, 1)) != BOOL) return wrong(v, "a condition that is no bool");
      v.depth--;
      return leads(v, next + arg) ? next : -1;
    }
    case op.POP_JUMP_IF_NONE:
    case op.POP_JUMP_IF_NOT_NONE: {
      const copied = v.depth > 1 && peek(v, 1) == COPIED && peek(v, 2) == HANDLED;
      if (!drop(v, 1)) return -1;
      const ifNone = code == op.POP_JUMP_IF_NONE;
      if (copied && !ifNone) poke(v, 1, EXCEPTION);
      if (!leads(v, next + arg)) return -1;
      if (copied) poke(v, 1, ifNone ? EXCEPTION : HANDLED);
      return next;
    }
    case op.FOR_ITER: {
      // The end goes on at END_FOR and POP_TOP, or past them.
      const end = next + arg;
      if (end + 1 >= v.n || opAt(v, end) != op.END_FOR || opAt(v, end + 1) != op.POP_TOP) {
        return wrong(v, "FOR_ITER does not lead to END_FOR and POP_TOP");
      }
      if (!has(v, 1) || !objectsAt(v, 1, 1) || !push(v, OBJECT) || !leads(v, end)) return -1;
      return next;
    }
    case op.SEND:
      if (!has(v, 2) || !objectsAt(v, 1, 2)) return -1;
      poke(v, 1, OBJECT);
      return leads(v, next + arg) ? next : -1;
    case op.RETURN_VALUE:
    case op.RETURN_CONST: {
      if (code == op.RETURN_CONST ? !isConstant(v, arg) : !drop(v, 1)) return -1;
      if (v.depth != 0) return wrong(v, "values are left on the stack");
      if (isGenerator(v) && local(v, v.nlocals) != OBJECT) return wrong(v, "a generator returns before it is one");
      return STOP;
    }
    case op.RERAISE:
      if (!has(v, arg > 0 ? 1 + arg : 1)) return -1;
      if (kindOf(peek(v, 1)) != EXCEPTION) return wrong(v, "no exception where one is needed");
      if (arg > 0 && kindOf(peek(v, 1 + arg)) != LASTI) return wrong(v, "no index where one is needed");
      return STOP;
    case op.RAISE_VARARGS:
      return arg <= 2 && drop(v, arg) ? STOP : argumentFails(v);
    default:
      return plain(v, code, arg) ? next : -1;
  }
}

function wrong(v: Verifier, message: string): i32 {
  fail(v, message);
  return -1;
}

function jumpFails(v: Verifier): i32 {
  return wrong(v, "a jump leads to no instruction");
}

function argumentFails(v: Verifier): i32 {
  return wrong(v, "an argument is out of range");
}

function isGenerator(v: Verifier): bool {
  return (v.parts.flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)) != 0;
}

function isConstant(v: Verifier, i: i32): bool {
  return i < Py.SIZE(v.parts.consts) || fail(v, "a constant's index is out of range");
}

function isName(v: Verifier, i: i32): bool {
  return i < Py.SIZE(v.parts.names) || fail(v, "a name's index is out of range");
}

function isLocal(v: Verifier, i: i32): bool {
  return i < v.nlocals || fail(v, "a variable's index is out of range");
}

function isCell(v: Verifier, i: i32): bool {
  return isLocal(v, i) && (kindOf(local(v, i)) == CELL || fail(v, "a variable is no cell"));
}

function loadLocal(v: Verifier, i: i32): bool {
  if (!isLocal(v, i)) return false;
  const kind = local(v, i);
  return (kindOf(kind) >= OBJECT || fail(v, "a variable may be unbound")) && push(v, kind == COPIED ? HANDLED : kind);
}

function storeLocal(v: Verifier, i: i32): bool {
  if (!isLocal(v, i) || !has(v, 1)) return false;
  const kind = peek(v, 1);
  if (kindOf(kind) == OPEN) return fail(v, "a function without its closure");
  v.depth--;
  setLocal(v, i, kind == COPIED ? HANDLED : kind);
  return true;
}

function argument(v: Verifier, good: bool): bool {
  return good || fail(v, "an argument is out of range");
}

/** The value at the place is of the kind. */
function isKind(v: Verifier, place: i32, kind: i32): bool {
  return has(v, place) && (kindOf(peek(v, place)) == kind || fail(v, "a value is not of the kind that is needed"));
}

/** The top is a constant tuple of strings, of at most so many. */
function isNames(v: Verifier, most: i32): bool {
  if (!isKind(v, 1, CONSTANT)) return false;
  const c = constant(v, peek(v, 1) >> 8);
  return (
    (Py.TYPE(c) == PyTuple_Type && Py.SIZE(c) <= most && allStrings(c)) || fail(v, "a constant is not a tuple of names")
  );
}

function isString(v: Verifier, place: i32): bool {
  if (!isKind(v, place, CONSTANT)) return false;
  return Py.check(constant(v, peek(v, place) >> 8), Py_TPFLAGS_UNICODE_SUBCLASS) || fail(v, "a constant is no string");
}

/** One that goes on with the next instruction. */
function plain(v: Verifier, code: i32, arg: i32): bool {
  switch (code) {
    case op.NOP:
      return true;
    case op.RESUME:
      return argument(v, arg < 8);
    case op.LOAD_FAST:
      return loadLocal(v, arg);
    case op.LOAD_FAST_LOAD_FAST:
      return loadLocal(v, arg >> 4) && loadLocal(v, arg & 15);
    case op.LOAD_FAST_CHECK:
      if (!isLocal(v, arg)) return false;
      if (kindOf(local(v, arg)) < OBJECT) setLocal(v, arg, OBJECT);
      return loadLocal(v, arg);
    case op.LOAD_FAST_AND_CLEAR: {
      if (!isLocal(v, arg)) return false;
      const kind = local(v, arg);
      setLocal(v, arg, NULL);
      return push(v, kind);
    }
    case op.STORE_FAST:
      return storeLocal(v, arg);
    case op.STORE_FAST_LOAD_FAST:
      return storeLocal(v, arg >> 4) && loadLocal(v, arg & 15);
    case op.STORE_FAST_STORE_FAST:
      return storeLocal(v, arg >> 4) && storeLocal(v, arg & 15);
    case op.DELETE_FAST:
      if (!isLocal(v, arg)) return false;
      setLocal(v, arg, NULL);
      return true;
    case op.LOAD_CONST:
      return isConstant(v, arg) && push(v, ofKind(CONSTANT, arg));
    case op.MAKE_CELL:
      // Of a free variable, too: so CPython compiles a comprehension in a type alias.
      if (!isLocal(v, arg)) return false;
      setLocal(v, arg, CELL);
      return true;
    case op.COPY_FREE_VARS:
      if (arg != v.nfree) return fail(v, "COPY_FREE_VARS has the wrong number");
      for (let i = v.nlocals - arg; i < v.nlocals; i++) setLocal(v, i, CELL);
      return true;
    case op.LOAD_DEREF:
      return isCell(v, arg) && push(v, OBJECT);
    case op.STORE_DEREF:
      return isCell(v, arg) && drop(v, 1);
    case op.DELETE_DEREF:
      return isCell(v, arg);
    case op.LOAD_FROM_DICT_OR_DEREF:
      return isCell(v, arg) && replace(v, 1, OBJECT);
    case op.LOAD_FROM_DICT_OR_GLOBALS:
      return isName(v, arg) && replace(v, 1, OBJECT);
    case op.LOAD_GLOBAL:
      return isName(v, arg >> 1) && push(v, OBJECT) && ((arg & 1) == 0 || push(v, NULL));
    case op.LOAD_NAME:
      return isName(v, arg) && push(v, OBJECT);
    case op.STORE_NAME:
    case op.STORE_GLOBAL:
      return isName(v, arg) && drop(v, 1);
    case op.DELETE_NAME:
    case op.DELETE_GLOBAL:
      return isName(v, arg);
    case op.LOAD_ATTR:
      return isName(v, arg >> 1) && replace(v, 1, OBJECT) && ((arg & 1) == 0 || push(v, MAYBE));
    case op.LOAD_SUPER_ATTR:
      return isName(v, arg >> 2) && replace(v, 3, OBJECT) && ((arg & 1) == 0 || push(v, MAYBE));
    case op.STORE_ATTR:
      return isName(v, arg) && drop(v, 2);
    case op.DELETE_ATTR:
      return isName(v, arg) && drop(v, 1);
    case op.IMPORT_NAME:
      return isName(v, arg) && replace(v, 2, OBJECT);
    case op.IMPORT_FROM:
      return isName(v, arg) && has(v, 1) && objectsAt(v, 1, 1) && push(v, OBJECT);
    case op.POP_TOP:
    case op.END_FOR:
      return drop(v, 1);
    case op.PUSH_NULL:
      return push(v, NULL);
    case op.COPY: {
      if (!argument(v, arg >= 1) || !has(v, arg)) return false;
      const kind = peek(v, arg);
      if (kindOf(kind) == OPEN) return fail(v, "a function without its closure");
      return push(v, arg == 1 && kind == HANDLED ? COPIED : general(v, kind) == HANDLED ? HANDLED : kind);
    }
    case op.SWAP: {
      if (!argument(v, arg >= 1) || !has(v, arg)) return false;
      // What is moved is no longer above what it was copied from.
      for (let i = 1; i <= v.depth; i++) if (peek(v, i) == COPIED) poke(v, i, HANDLED);
      const a = peek(v, 1);
      const b = peek(v, arg);
      if (arg > 1 && (kindOf(a) == OPEN || kindOf(b) == OPEN)) return fail(v, "a function without its closure");
      poke(v, 1, b);
      poke(v, arg, a);
      return true;
    }
    case op.TO_BOOL:
    case op.IS_OP:
    case op.CONTAINS_OP:
      return replace(v, code == op.TO_BOOL ? 1 : 2, BOOL);
    case op.COMPARE_OP:
      if (!argument(v, arg >> 5 < 6) || !has(v, 2)) return false;
      // Patterns jump by the comparison of a length with a constant.
      return replace(v, 2, arg & 16 || (general(v, peek(v, 1)) == INT && peek(v, 2) == INT) ? BOOL : OBJECT);
    case op.UNARY_NOT:
      if (!has(v, 1)) return false;
      if (general(v, peek(v, 1)) != BOOL) return fail(v, "a condition that is no bool");
      poke(v, 1, BOOL);
      return true;
    case op.UNARY_NEGATIVE:
    case op.UNARY_INVERT:
    case op.GET_ITER:
    case op.GET_YIELD_FROM_ITER:
    case op.GET_AITER:
    case op.FORMAT_SIMPLE:
      return replace(v, 1, OBJECT);
    case op.GET_AWAITABLE:
      return argument(v, arg <= 2) && replace(v, 1, OBJECT);
    case op.CONVERT_VALUE:
      return argument(v, arg >= 1 && arg <= 3) && replace(v, 1, OBJECT);
    case op.BINARY_OP:
      return argument(v, arg <= op.NB_INPLACE_XOR) && replace(v, 2, OBJECT);
    case op.BINARY_SUBSCR:
    case op.FORMAT_WITH_SPEC:
      return replace(v, 2, OBJECT);
    case op.BINARY_SLICE:
      return replace(v, 3, OBJECT);
    case op.STORE_SLICE:
      return drop(v, 4);
    case op.STORE_SUBSCR:
      return drop(v, 3);
    case op.DELETE_SUBSCR:
      return drop(v, 2);
    case op.BUILD_SLICE:
      return argument(v, arg == 2 || arg == 3) && replace(v, arg, OBJECT);
    case op.BUILD_STRING:
      return replace(v, arg, OBJECT);
    case op.BUILD_TUPLE: {
      let cells = arg > 0 && has(v, arg);
      for (let i = 1; i <= arg && cells; i++) if (kindOf(peek(v, i)) != CELL) cells = false;
      return argument(v, arg < ANY) && replace(v, arg, ofKind(cells ? CELLS : TUPLE, arg));
    }
    case op.BUILD_LIST:
      return replace(v, arg, LIST);
    case op.BUILD_SET:
      return replace(v, arg, SET);
    case op.BUILD_MAP:
      return argument(v, arg < ANY) && replace(v, 2 * arg, DICT);
    case op.BUILD_CONST_KEY_MAP: {
      if (!isKind(v, 1, CONSTANT)) return false;
      const keys = constant(v, peek(v, 1) >> 8);
      if (Py.TYPE(keys) != PyTuple_Type || Py.SIZE(keys) != arg) return fail(v, "a constant is not the tuple of keys");
      return replace(v, arg + 1, DICT);
    }
    case op.LIST_APPEND:
    case op.LIST_EXTEND:
      return argument(v, arg >= 1) && drop(v, 1) && isKind(v, arg, LIST);
    case op.SET_ADD:
    case op.SET_UPDATE:
      return argument(v, arg >= 1) && drop(v, 1) && isKind(v, arg, SET);
    case op.MAP_ADD:
      return argument(v, arg >= 1) && drop(v, 2) && isKind(v, arg, DICT);
    case op.DICT_UPDATE:
      return argument(v, arg >= 1) && drop(v, 1) && isKind(v, arg, DICT);
    case op.DICT_MERGE:
      return argument(v, arg >= 1) && drop(v, 1) && isKind(v, arg, DICT) && has(v, arg + 3) && objectsAt(v, arg + 3, 1);
    case op.UNPACK_SEQUENCE:
    case op.UNPACK_EX: {
      const count = code == op.UNPACK_EX ? (arg & 0xff) + (arg >> 8) + 1 : arg;
      if (!argument(v, arg <= MOST_STACK << 8) || !drop(v, 1)) return false;
      for (let i = 0; i < count; i++) if (!push(v, OBJECT)) return false;
      return true;
    }
    case op.CALL:
    case op.CALL_KW: {
      const names = code == op.CALL_KW ? 1 : 0;
      if (names && !isNames(v, arg)) return false;
      if (!drop(v, names) || !drop(v, arg) || !has(v, 2)) return false;
      if (kindOf(peek(v, 1)) == OPEN) return fail(v, "a function without its closure");
      v.depth--;
      return replace(v, 1, OBJECT);
    }
    case op.CALL_FUNCTION_EX:
      if (!argument(v, arg <= 1) || !drop(v, 1 + arg) || !has(v, 2)) return false;
      if (kindOf(peek(v, 1)) != NULL) return fail(v, "CALL_FUNCTION_EX without a null");
      v.depth--;
      return replace(v, 1, OBJECT);
    case op.CALL_INTRINSIC_1:
      return intrinsic1(v, arg);
    case op.CALL_INTRINSIC_2:
      return intrinsic2(v, arg);
    case op.MAKE_FUNCTION: {
      if (!isKind(v, 1, CONSTANT)) return false;
      const c = constant(v, peek(v, 1) >> 8);
      if (Py.TYPE(c) != PyCode_Type) return fail(v, "a constant is no code");
      const nfree = freeVariables(c);
      poke(v, 1, nfree == 0 ? FUNCTION : ofKind(OPEN, nfree));
      return true;
    }
    case op.SET_FUNCTION_ATTRIBUTE:
      return setFunctionAttribute(v, arg);
    case op.LOAD_BUILD_CLASS:
    case op.LOAD_ASSERTION_ERROR:
    case op.LOAD_LOCALS:
      return push(v, OBJECT);
    case op.SETUP_ANNOTATIONS:
      return true;
    case op.EXIT_INIT_CHECK:
      return drop(v, 1);
    case op.GET_LEN:
      return has(v, 1) && objectsAt(v, 1, 1) && push(v, INT);
    case op.MATCH_MAPPING:
    case op.MATCH_SEQUENCE:
      return has(v, 1) && objectsAt(v, 1, 1) && push(v, BOOL);
    case op.MATCH_KEYS:
      if (!has(v, 2) || !objectsAt(v, 1, 2)) return false;
      if (kindOf(general(v, peek(v, 1))) != TUPLE) return fail(v, "MATCH_KEYS without a tuple");
      return push(v, OBJECT);
    case op.MATCH_CLASS:
      return argument(v, arg <= MOST_STACK) && isNames(v, ANY) && replace(v, 3, OBJECT);
    case op.BEFORE_WITH:
    case op.BEFORE_ASYNC_WITH:
      return replace(v, 1, OBJECT) && push(v, OBJECT);
    case op.WITH_EXCEPT_START:
      return isKind(v, 1, EXCEPTION) && has(v, 4) && objectsAt(v, 2, 3) && push(v, OBJECT);
    case op.PUSH_EXC_INFO:
      if (!isKind(v, 1, EXCEPTION)) return false;
      poke(v, 1, HANDLED);
      return push(v, EXCEPTION);
    case op.POP_EXCEPT:
      if (!has(v, 1)) return false;
      if (kindOf(peek(v, 1)) != EXCEPTION && general(v, peek(v, 1)) != HANDLED) {
        return fail(v, "no exception where one is needed");
      }
      return drop(v, 1);
    case op.CHECK_EXC_MATCH:
      if (!has(v, 2)) return false;
      if (kindOf(peek(v, 2)) != EXCEPTION) return fail(v, "no exception where one is needed");
      return replace(v, 1, BOOL);
    case op.CHECK_EG_MATCH: {
      if (!has(v, 2)) return false;
      if (kindOf(peek(v, 2)) != EXCEPTION && general(v, peek(v, 2)) != HANDLED) {
        return fail(v, "no exception where one is needed");
      }
      return drop(v, 2) && push(v, HANDLED) && push(v, HANDLED);
    }
    case op.CLEANUP_THROW:
      if (!isKind(v, 1, EXCEPTION)) return false;
      return drop(v, 3) && push(v, OBJECT) && push(v, OBJECT);
    case op.END_ASYNC_FOR:
      return isKind(v, 1, EXCEPTION) && drop(v, 2);
    case op.GET_ANEXT:
      return has(v, 1) && objectsAt(v, 1, 1) && push(v, OBJECT);
    case op.END_SEND: {
      if (!has(v, 2) || !objectsAt(v, 1, 2)) return false;
      const kind = peek(v, 1);
      v.depth--;
      poke(v, 1, kind);
      return true;
    }
    case op.RETURN_GENERATOR:
      if (!isGenerator(v) || local(v, v.nlocals) != NULL || v.depth != 0)
        return fail(v, "RETURN_GENERATOR out of place");
      setLocal(v, v.nlocals, OBJECT);
      return push(v, OBJECT);
    case op.YIELD_VALUE:
      if (local(v, v.nlocals) != OBJECT) return fail(v, "YIELD_VALUE outside a generator");
      return argument(v, arg <= 1) && replace(v, 1, OBJECT);
    default:
      return fail(v, "unknown opcode");
  }
}

/** How many free variables a code object has. */
function freeVariables(code: usize): i32 {
  return PyCodeObject.at(code).co_nfreevars;
}

function setFunctionAttribute(v: Verifier, arg: i32): bool {
  if (!has(v, 2)) return false;
  const func = peek(v, 1);
  const value = peek(v, 2);
  if (kindOf(func) != FUNCTION && kindOf(func) != OPEN) return fail(v, "SET_FUNCTION_ATTRIBUTE without a function");
  const what = general(v, value);
  let good = false;
  // Defaults come as arguments where there are type parameters: the machine looks at them.
  if (arg == 1 || arg == 2) good = kindOf(what) >= OBJECT && kindOf(what) != OPEN;
  else if (arg == 4)
    good = kindOf(what) == DICT || (kindOf(what) == TUPLE && what >> 8 != ANY && ((what >> 8) & 1) == 0);
  else if (arg == 8) good = kindOf(func) == OPEN && value == ofKind(CELLS, func >> 8);
  if (!good) return fail(v, "SET_FUNCTION_ATTRIBUTE with the wrong value");
  v.depth--;
  poke(v, 1, arg == 8 ? FUNCTION : func);
  return true;
}

function intrinsic1(v: Verifier, arg: i32): bool {
  if (arg < op.INTRINSIC_PRINT || arg > op.INTRINSIC_TYPEALIAS) return argument(v, false);
  if (arg == op.INTRINSIC_LIST_TO_TUPLE) {
    return isKind(v, 1, LIST) && replace(v, 1, ofKind(TUPLE, ANY));
  }
  if (arg == op.INTRINSIC_STOPITERATION_ERROR) return isKind(v, 1, EXCEPTION) && replace(v, 1, EXCEPTION);
  if (arg == op.INTRINSIC_TYPEVAR || arg == op.INTRINSIC_PARAMSPEC || arg == op.INTRINSIC_TYPEVARTUPLE) {
    return isString(v, 1) && replace(v, 1, OBJECT);
  }
  if (arg == op.INTRINSIC_TYPEALIAS && peek(v, 1) != ofKind(TUPLE, 3)) {
    return fail(v, "a type alias is not made of a tuple of three");
  }
  return replace(v, 1, OBJECT);
}

function intrinsic2(v: Verifier, arg: i32): bool {
  if (arg < op.INTRINSIC_PREP_RERAISE_STAR || arg > op.INTRINSIC_SET_TYPEPARAM_DEFAULT) return argument(v, false);
  if (!has(v, 2)) return false;
  if (arg == op.INTRINSIC_PREP_RERAISE_STAR) {
    if (kindOf(peek(v, 2)) != EXCEPTION) return fail(v, "no exception where one is needed");
    return isKind(v, 1, LIST) && replace(v, 2, HANDLED);
  }
  if (arg == op.INTRINSIC_TYPEVAR_WITH_BOUND || arg == op.INTRINSIC_TYPEVAR_WITH_CONSTRAINTS) {
    return isString(v, 2) && replace(v, 2, OBJECT);
  }
  if (arg == op.INTRINSIC_SET_FUNCTION_TYPE_PARAMS) {
    if (kindOf(general(v, peek(v, 1))) != TUPLE) return fail(v, "type parameters are no tuple");
    return isKind(v, 2, FUNCTION) && replace(v, 2, FUNCTION);
  }
  return replace(v, 2, OBJECT);
}
