// Declarations of elements: models of content (build_model of expat's xmlparse.c, conv_content_model of CPython 3.13's
// Modules/pyexpat.c).

import { xmlhandlers_ElementDecl, xmlparser } from "../../generated/layouts";
import { _Py_NoneStruct } from "../../generated/statics";
import { _PyList_AppendTakeRef, List, PyList_AsTuple, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall } from "../../objects/errors/raise";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { Scratch } from "../../thread/scratch";
import { place } from "./attributes";
import { ABORTED, NO_ERROR } from "./errors";
import { handlerOf, tell2 } from "./events";
import { closes, dropSlots, hasSpace, otherTokens, takeName, takeSlots, wrong } from "./pieces";
import { skipSpace, standsAt } from "./scan";

// Kinds of content and how often it comes: the numbers of module pyexpat.model.
const CTYPE_EMPTY: i32 = 1;
const CTYPE_ANY: i32 = 2;
const CTYPE_MIXED: i32 = 3;
const CTYPE_NAME: i32 = 4;
const CTYPE_CHOICE: i32 = 5;
const CTYPE_SEQ: i32 = 6;
const CQUANT_NONE: i32 = 0;
const CQUANT_OPT: i32 = 1;
const CQUANT_REP: i32 = 2;
const CQUANT_PLUS: i32 = 3;

/** A model of content: a new tuple of these parts (`name` and `children` are stolen, null for an exception). */
function newModel(type: i32, quantity: i32, name: usize, children: usize): usize {
  const t = name == 0 || children == 0 ? 0 : PyTuple_New(4);
  const a = PyLong_FromLong(type);
  const b = PyLong_FromLong(quantity);
  if (t == 0 || a == 0 || b == 0) {
    Py.XDECREF(a);
    Py.XDECREF(b);
    Py.XDECREF(name);
    Py.XDECREF(children);
    Py.XDECREF(t);
    return 0;
  }
  Tuple.set(t, 0, a);
  Tuple.set(t, 1, b);
  Tuple.set(t, 2, name);
  Tuple.set(t, 3, children);
  return t;
}

/** How often it comes, by the character at `p`; `next` is behind that. */
function takeQuantity(x: xmlparser, p: usize, end: usize): i32 {
  const c: u32 = p < end ? load<u8>(p) : 0;
  const q = c == 0x3f ? CQUANT_OPT : c == 0x2a ? CQUANT_REP : c == 0x2b ? CQUANT_PLUS : CQUANT_NONE;
  x.next = q == CQUANT_NONE ? p : p + 1;
  return q;
}

/** Reads a group of a content model, whose parenthesis was before `p`: a tuple in the slot at `out`. An error's code. */
function takeGroup(x: xmlparser, p: usize, end: usize, main: bool, out: usize): i32 {
  if (Py_EnterRecursiveCall(" in a content model")) return ABORTED;
  const children = PyList_New(0);
  const status = children == 0 ? ABORTED : takeMembers(x, p, end, main, children, out);
  Py.XDECREF(children);
  Py_LeaveRecursiveCall();
  return status;
}

function takeMembers(x: xmlparser, p: usize, end: usize, main: bool, children: usize, out: usize): i32 {
  let separator: u32 = 0;
  let mixed = false;
  const slot = Scratch.take(1);
  let status = NO_ERROR;
  while (status == NO_ERROR) {
    p = skipSpace(p, end);
    store<u64>(slot, 0);
    const first = List.size(children) == 0 && !mixed;
    if (p < end && load<u8>(p) == 0x28 && !mixed) status = takeGroup(x, p + 1, end, main, slot);
    else if (first && standsAt(p, end, "#PCDATA")) {
      mixed = true;
      x.next = p + 7;
    } else {
      status = takeName(x, p, end, main, slot);
      if (status == NO_ERROR) {
        const quantity = mixed ? CQUANT_NONE : takeQuantity(x, x.name_end, end);
        if (mixed) x.next = x.name_end;
        const model = newModel(CTYPE_NAME, quantity, load<u32>(slot), PyTuple_New(0));
        store<u64>(slot, model);
        if (model == 0) status = ABORTED;
      }
    }
    if (status != NO_ERROR) break;
    if (load<u32>(slot) != 0 && _PyList_AppendTakeRef(children, load<u32>(slot)) < 0) {
      status = ABORTED;
      break;
    }
    p = skipSpace(x.next, end);
    const c: u32 = p < end ? load<u8>(p) : 0;
    if (c == 0x29) break;
    if ((c != 0x7c && c != 0x2c) || (separator != 0 && c != separator) || (mixed && c != 0x7c))
      status = wrong(x, p, end, main);
    separator = c;
    p++;
  }
  Scratch.give(slot);
  if (status != NO_ERROR) return status;
  const type = mixed ? CTYPE_MIXED : separator == 0x7c ? CTYPE_CHOICE : CTYPE_SEQ;
  const quantity = takeQuantity(x, p + 1, end);
  // Names beside text must be marked as coming any number of times.
  if (mixed && quantity != CQUANT_REP && (List.size(children) > 0 || quantity != CQUANT_NONE))
    return wrong(x, p + 1, end, main);
  const model = newModel(type, quantity, _Py_NoneStruct, PyList_AsTuple(children));
  store<u64>(out, model);
  return model == 0 ? ABORTED : NO_ERROR;
}

/** <!ELEMENT; `p` is behind the word. An error's code. */
export function elementDeclaration(x: xmlparser, begin: usize, p: usize, end: usize, main: bool): i32 {
  if (!hasSpace(x, p, end)) return wrong(x, p, end, main);
  const s = takeSlots(2);
  let status = takeName(x, x.next, end, main, s);
  if (status == NO_ERROR) {
    p = x.name_end;
    if (!hasSpace(x, p, end)) status = wrong(x, p, end, main);
    p = x.next;
  }
  let last = p;
  if (status == NO_ERROR) {
    const empty = standsAt(p, end, "EMPTY");
    if (empty || standsAt(p, end, "ANY")) {
      x.next = p + (empty ? 5 : 3);
      const model = newModel(empty ? CTYPE_EMPTY : CTYPE_ANY, CQUANT_NONE, _Py_NoneStruct, PyTuple_New(0));
      store<u64>(s + 8, model);
      if (model == 0) status = ABORTED;
    } else if (p < end && load<u8>(p) == 0x28) status = takeGroup(x, p + 1, end, main, s + 8);
    else status = wrong(x, p, end, main);
    if (load<u8>(p) == 0x28) for (last = x.next - 1; last > p && load<u8>(last) != 0x29; ) last--;
  }
  if (status == NO_ERROR) status = closes(x, x.next, end, main);
  const next = x.next;
  if (status == NO_ERROR) {
    place(x, main, last);
    const good =
      handlerOf(x, xmlhandlers_ElementDecl) == 0
        ? otherTokens(x, begin, next, main)
        : tell2(x, xmlhandlers_ElementDecl, Py.NewRef(Py.item(s, 0)), Py.NewRef(Py.item(s, 1)));
    if (!good) status = ABORTED;
  }
  dropSlots(s, 2);
  x.next = next;
  return status;
}
