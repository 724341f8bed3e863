// Declarations of attributes: their types and defaults (the ATTLIST roles of expat's xmlparse.c).

import { xmlhandlers_AttlistDecl, xmlparser } from "../../generated/layouts";
import { _Py_NoneStruct, _Py_TrueStruct } from "../../generated/statics";
import { PyDict_GetItemWithError, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, List, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { PyErr_Occurred } from "../../objects/errors/raise";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { _PyUnicode_Equal } from "../../objects/text/compare";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { Scratch } from "../../thread/scratch";
import {
  ATTRIBUTE_CDATA,
  ATTRIBUTE_DEFAULT,
  ATTRIBUTE_FIELDS,
  ATTRIBUTE_NAME,
  attributeValue,
  place,
} from "./attributes";
import { ABORTED, NO_ERROR } from "./errors";
import { handlerOf, nameOf, orNone, tell } from "./events";
import { dropSlots, hasSpace, otherTokens, takeName, takeQuoted, takeSlots, wrong } from "./pieces";
import { isSpace, scanName, scanNameToken, skipSpace, standsAt, TOKEN } from "./scan";

/** Whether the word at `p` is this one, and ends there. */
function isWord(p: usize, end: usize, word: string): bool {
  if (!standsAt(p, end, word)) return false;
  const q = p + word.length;
  return q == end || isSpace(load<u8>(q)) || load<u8>(q) == 0x28;
}

/** The type of an attribute that is one word: that, "" for none. */
function typeWord(p: usize, end: usize): string {
  if (isWord(p, end, "CDATA")) return "CDATA";
  if (isWord(p, end, "ID")) return "ID";
  if (isWord(p, end, "IDREF")) return "IDREF";
  if (isWord(p, end, "IDREFS")) return "IDREFS";
  if (isWord(p, end, "ENTITY")) return "ENTITY";
  if (isWord(p, end, "ENTITIES")) return "ENTITIES";
  if (isWord(p, end, "NMTOKEN")) return "NMTOKEN";
  return isWord(p, end, "NMTOKENS") ? "NMTOKENS" : "";
}

/** Reads the type of an attribute at `p`, a new str in the slot at `out`: an error's code. */
function takeType(x: xmlparser, p: usize, end: usize, main: bool, out: usize): i32 {
  const word = typeWord(p, end);
  const w = Writer.begin();
  let status = writeLiteral(w, word) < 0 ? ABORTED : NO_ERROR;
  if (word.length > 0) x.next = p + word.length;
  else {
    const notation = isWord(p, end, "NOTATION");
    if (notation) {
      if (writeLiteral(w, "NOTATION") < 0) status = ABORTED;
      p = skipSpace(p + 8, end);
    }
    if (p >= end || load<u8>(p) != 0x28) status = wrong(x, p, end, main);
    let opening: u32 = 0x28;
    while (status == NO_ERROR) {
      p = skipSpace(p + 1, end);
      const scanned = notation ? scanName(x, p, end) : scanNameToken(x, p, end);
      if (scanned != TOKEN) {
        status = wrong(x, p, end, main);
        break;
      }
      const token = nameOf(x, x.name, x.name_end);
      if (token == 0 || Writer.char(w, opening) < 0 || writeStr(w, token) < 0) status = ABORTED;
      Py.XDECREF(token);
      opening = 0x7c;
      p = skipSpace(x.name_end, end);
      if (p < end && load<u8>(p) == 0x29) break;
      if (p >= end || load<u8>(p) != 0x7c) status = wrong(x, p, end, main);
    }
    if (status == NO_ERROR && Writer.char(w, 0x29) < 0) status = ABORTED;
    x.next = p + 1;
  }
  if (status != NO_ERROR) {
    writerDiscard(w);
    return status;
  }
  const type = writerFinish(w);
  store<u64>(out, type);
  return type == 0 ? ABORTED : NO_ERROR;
}

/** Enters an attribute for an element, unless it is declared already: 0, or -1 with an exception. */
function enterAttribute(x: xmlparser, element: usize, name: usize, cdata: bool, value: usize): i32 {
  let list = PyDict_GetItemWithError(x.attributes, element);
  if (list == 0) {
    const fresh = PyErr_Occurred() != 0 ? 0 : PyList_New(0);
    const status = fresh == 0 ? -1 : PyDict_SetItem(x.attributes, element, fresh);
    Py.XDECREF(fresh);
    if (status < 0) return -1;
    list = fresh;
  }
  for (let i: isize = 0; i < List.size(list); i++) {
    if (_PyUnicode_Equal(Tuple.get(List.get(list, i), ATTRIBUTE_NAME), name)) return 0;
  }
  const d = PyTuple_New(ATTRIBUTE_FIELDS);
  if (d == 0) return -1;
  Tuple.set(d, ATTRIBUTE_NAME, Py.NewRef(name));
  Tuple.set(d, ATTRIBUTE_CDATA, cdata ? _Py_TrueStruct : _Py_NoneStruct);
  Tuple.set(d, ATTRIBUTE_DEFAULT, orNone(value));
  return _PyList_AppendTakeRef(list, d);
}

/** Reads the default of an attribute at `p` to the slot at `out`: an error's code. */
function takeDefault(x: xmlparser, p: usize, end: usize, cdata: bool, main: bool, out: usize): i32 {
  const status = takeQuoted(x, p, end, main);
  const next = x.next;
  if (status != NO_ERROR) return status;
  const result = attributeValue(x, x.name, x.name_end, cdata, main, out);
  x.next = next;
  return result;
}

/** Reads an attribute of an ATTLIST at `p`: an error's code. The slots: element, attribute, type, default. */
function attribute(x: xmlparser, p: usize, end: usize, main: bool, s: usize): i32 {
  let status = takeName(x, p, end, main, s + 8);
  if (status != NO_ERROR) return status;
  p = x.name_end;
  if (!hasSpace(x, p, end)) return wrong(x, p, end, main);
  p = x.next;
  const cdata = isWord(p, end, "CDATA");
  status = takeType(x, p, end, main, s + 16);
  if (status != NO_ERROR) return status;
  p = x.next;
  if (!hasSpace(x, p, end)) return wrong(x, p, end, main);
  p = x.next;
  let required = false;
  let last = p;
  if (standsAt(p, end, "#REQUIRED")) {
    required = true;
    x.next = p + 9;
  } else if (standsAt(p, end, "#IMPLIED")) x.next = p + 8;
  else {
    if (standsAt(p, end, "#FIXED")) {
      required = true;
      p = skipSpace(p + 6, end);
      last = p;
    }
    status = takeDefault(x, p, end, cdata, main, s + 24);
    if (status != NO_ERROR) return status;
  }
  const next = x.next;
  const value = Py.item(s, 3);
  if (x.keep_processing != 0 && enterAttribute(x, Py.item(s, 0), Py.item(s, 1), cdata, value) < 0) return ABORTED;
  place(x, main, last);
  if (handlerOf(x, xmlhandlers_AttlistDecl) != 0) {
    const a = Scratch.takeArguments(5);
    Py.setItem(a, 0, Py.NewRef(Py.item(s, 0)));
    Py.setItem(a, 1, Py.NewRef(Py.item(s, 1)));
    Py.setItem(a, 2, Py.NewRef(Py.item(s, 2)));
    Py.setItem(a, 3, orNone(value));
    Py.setItem(a, 4, PyLong_FromLong(required ? 1 : 0));
    const good = tell(x, xmlhandlers_AttlistDecl, a, 5);
    Scratch.giveArguments(a);
    if (!good) return ABORTED;
  }
  x.next = next;
  return NO_ERROR;
}

/** <!ATTLIST; `p` is behind the word. An error's code. */
export function attributesDeclaration(x: xmlparser, begin: usize, p: usize, end: usize, main: bool): i32 {
  if (!hasSpace(x, p, end)) return wrong(x, p, end, main);
  const s = takeSlots(4);
  let status = takeName(x, x.next, end, main, s);
  p = x.name_end;
  while (status == NO_ERROR) {
    const behind = p;
    p = skipSpace(p, end);
    x.next = p + 1;
    if (p < end && load<u8>(p) == 0x3e) break;
    if (p == behind) {
      status = wrong(x, p, end, main);
      break;
    }
    status = attribute(x, p, end, main, s);
    for (let i: isize = 1; i < 4; i++) Py.CLEAR(Py.slot(s, i));
    p = x.next;
  }
  const next = x.next;
  dropSlots(s, 4);
  if (status == NO_ERROR && handlerOf(x, xmlhandlers_AttlistDecl) == 0 && !otherTokens(x, begin, next, main))
    return ABORTED;
  x.next = next;
  return status;
}
