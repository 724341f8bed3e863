// The declarations of a document type, those of entities and notations themselves (the roles of expat's xmlrole.c and what
// doProlog of its xmlparse.c does about them). A declaration is read when all of it is there.
//
// Difference: parameter entities are replaced between declarations, not within them.

import {
  PyBytesObject,
  xmlhandlers_EntityDecl,
  xmlhandlers_NotationDecl,
  xmlhandlers_UnparsedEntityDecl,
  xmlparser,
} from "../../generated/layouts";
import { _Py_NoneStruct, _Py_TrueStruct } from "../../generated/statics";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte, writeBytes } from "../../objects/bytes/writer";
import { PyDict_GetItemWithError, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { Tuple } from "../../objects/containers/tuple";
import { PyErr_Occurred } from "../../objects/errors/raise";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { putUTF8 } from "../../objects/text/codecs/utf8";
import { Scratch } from "../../thread/scratch";
import { attributesDeclaration } from "./attlist";
import { place } from "./attributes";
import { elementDeclaration } from "./elements";
import { newEntity } from "./entities";
import { ABORTED, BAD_CHAR_REF, INVALID_TOKEN, NO_ERROR, PARAM_ENTITY_REF, SYNTAX } from "./errors";
import { handlerOf, nameOf, orNone, tell, textOf } from "./events";
import {
  closes,
  dropSlots,
  hasSpace,
  otherTokens,
  takeExternalId,
  takeName,
  takeQuoted,
  takeSlots,
  wrong,
} from "./pieces";
import {
  isSpace,
  predefinedEntity,
  referredCharacter,
  scanName,
  scanReference,
  skipSpace,
  standsAt,
  TOKEN,
} from "./scan";

/** The text of an entity from `p` to `end`, references to characters replaced: bytes in the slot at `out`. An error's code. */
function entityValue(x: xmlparser, p: usize, end: usize, main: bool, out: usize): i32 {
  const w = ByteWriter.begin(<isize>(end - p));
  const slot = Scratch.take(1);
  let status = NO_ERROR;
  while (p < end && status == NO_ERROR) {
    const c: u32 = load<u8>(p);
    if (c == 0x26) {
      if (scanReference(x, p + 1, end) != TOKEN) {
        place(x, main, x.next);
        status = INVALID_TOKEN;
      } else if (load<u8>(p + 1) == 0x23) {
        const ch = referredCharacter(p);
        if (ch < 0) {
          place(x, main, p);
          status = BAD_CHAR_REF;
        } else if (writeBytes(w, slot, <isize>(putUTF8(slot, <u32>ch) - slot)) < 0) status = ABORTED;
      } else if (writeBytes(w, p, <isize>(x.next - p)) < 0) status = ABORTED;
      if (status == NO_ERROR) p = x.next;
    } else if (c == 0x25) {
      // Only in external entities could this be a reference.
      status = parameterInValue(x, w, p, end, main);
      if (status == NO_ERROR) p = x.next;
    } else {
      const crlf = c == 13 && p + 1 < end && load<u8>(p + 1) == 10;
      if (writeByte(w, c == 13 ? 10 : c) < 0) status = ABORTED;
      p += crlf ? 2 : 1;
    }
  }
  Scratch.give(slot);
  if (status != NO_ERROR) {
    byteWriterDiscard(w);
    return status;
  }
  const bytes = byteWriterFinish(w);
  store<u64>(out, bytes);
  return bytes == 0 ? ABORTED : NO_ERROR;
}

/** A reference to a parameter entity at `p` in the text of an entity: an error's code. */
function parameterInValue(x: xmlparser, w: usize, p: usize, end: usize, main: bool): i32 {
  if (scanName(x, p + 1, end) != TOKEN || load<u8>(x.name_end) != 0x3b) {
    place(x, main, p);
    return INVALID_TOKEN;
  }
  if (x.is_entity == 0 && x.nested == 0) {
    place(x, main, p);
    return PARAM_ENTITY_REF;
  }
  const next = x.name_end + 1;
  const name = nameOf(x, x.name, x.name_end);
  if (name == 0) return ABORTED;
  const e = PyDict_GetItemWithError(x.parameters, name);
  Py.DECREF(name);
  if (e == 0 && PyErr_Occurred() != 0) return ABORTED;
  const text = e == 0 ? _Py_NoneStruct : Tuple.get(e, 0);
  x.next = next;
  if (text == _Py_NoneStruct) return NO_ERROR;
  return writeBytes(w, PyBytesObject.at(text).ob_sval, Py.SIZE(text)) < 0 ? ABORTED : NO_ERROR;
}

/** Tells an entity that was declared: an error's code. The slots have name, value, system and public identifier, notation. */
function tellEntity(x: xmlparser, s: usize, isParameter: bool): i32 {
  const notation = Py.item(s, 4);
  if (notation != 0 && handlerOf(x, xmlhandlers_UnparsedEntityDecl) != 0) {
    const a = Scratch.takeArguments(5);
    Py.setItem(a, 0, Py.NewRef(Py.item(s, 0)));
    Py.setItem(a, 1, orNone(x.base));
    Py.setItem(a, 2, orNone(Py.item(s, 2)));
    Py.setItem(a, 3, orNone(Py.item(s, 3)));
    Py.setItem(a, 4, Py.NewRef(notation));
    const good = tell(x, xmlhandlers_UnparsedEntityDecl, a, 5);
    Scratch.giveArguments(a);
    return good ? NO_ERROR : ABORTED;
  }
  const value = Py.item(s, 1);
  const bytes = value == 0 ? 0 : PyBytesObject.at(value).ob_sval;
  const a = Scratch.takeArguments(7);
  Py.setItem(a, 0, Py.NewRef(Py.item(s, 0)));
  Py.setItem(a, 1, PyLong_FromLong(isParameter ? 1 : 0));
  Py.setItem(a, 2, value == 0 ? _Py_NoneStruct : textOf(bytes, bytes + <usize>Py.SIZE(value)));
  Py.setItem(a, 3, orNone(x.base));
  Py.setItem(a, 4, orNone(Py.item(s, 2)));
  Py.setItem(a, 5, orNone(Py.item(s, 3)));
  Py.setItem(a, 6, orNone(notation));
  const good = tell(x, xmlhandlers_EntityDecl, a, 7);
  Scratch.giveArguments(a);
  return good ? NO_ERROR : ABORTED;
}

/** Reads the rest of an entity's declaration, behind its name, to the slots: an error's code. */
function takeEntity(x: xmlparser, p: usize, end: usize, main: bool, isParameter: bool, s: usize): i32 {
  if (!hasSpace(x, p, end)) return wrong(x, p, end, main);
  p = x.next;
  const c: u32 = p < end ? load<u8>(p) : 0;
  let status: i32;
  if (c == 0x22 || c == 0x27) {
    status = takeQuoted(x, p, end, main);
    const behind = x.next;
    if (status == NO_ERROR) status = entityValue(x, x.name, x.name_end, main, s + 8);
    if (status == NO_ERROR) status = closes(x, behind, end, main);
    if (status == NO_ERROR) place(x, main, p);
    return status;
  }
  status = takeExternalId(x, p, end, main, false, s + 16);
  if (status != NO_ERROR) return status;
  p = skipSpace(x.next, end);
  if (!isParameter && p > x.next && standsAt(p, end, "NDATA")) {
    if (!hasSpace(x, p + 5, end)) return wrong(x, p + 5, end, main);
    status = takeName(x, x.next, end, main, s + 32);
    if (status != NO_ERROR) return status;
    const name = x.name;
    status = closes(x, x.name_end, end, main);
    if (status == NO_ERROR) place(x, main, name);
    return status;
  }
  status = closes(x, p, end, main);
  if (status == NO_ERROR) place(x, main, x.next - 1);
  return status;
}

/** Whether an entity is declared for the first time, and put where it is found: 1, 0, or -1 with an exception. */
function enterEntity(x: xmlparser, s: usize, isParameter: bool): i32 {
  const name = Py.item(s, 0);
  const table = isParameter ? x.parameters : x.entities;
  const known = PyDict_GetItemWithError(table, name);
  if (known != 0) return 0;
  if (PyErr_Occurred() != 0) return -1;
  const internal = x.in_subset != 0 && x.nested == 0 ? _Py_TrueStruct : 0;
  const e = newEntity(Py.item(s, 1), Py.item(s, 2), Py.item(s, 3), x.base, Py.item(s, 4), internal);
  const status = e == 0 ? -1 : PyDict_SetItem(table, name, e);
  Py.XDECREF(e);
  return status < 0 ? -1 : 1;
}

/** <!ENTITY at `begin`; `p` is behind the word. An error's code. */
function entityDeclaration(x: xmlparser, begin: usize, p: usize, end: usize, main: bool): i32 {
  if (!hasSpace(x, p, end)) return wrong(x, p, end, main);
  p = x.next;
  const isParameter = p + 1 < end && load<u8>(p) == 0x25 && isSpace(load<u8>(p + 1));
  if (isParameter) p = skipSpace(p + 1, end);
  // name, value, system identifier, public identifier, notation
  const s = takeSlots(5);
  let status = takeName(x, p, end, main, s);
  const predefined = status == NO_ERROR && !isParameter && predefinedEntity(x.name, x.name_end - x.name) != 0;
  if (status == NO_ERROR) status = takeEntity(x, x.name_end, end, main, isParameter, s);
  const next = x.next;
  if (status == NO_ERROR && !predefined) {
    const fresh = x.keep_processing != 0 ? enterEntity(x, s, isParameter) : 0;
    if (fresh < 0) status = ABORTED;
    else if (fresh > 0 && (handlerOf(x, xmlhandlers_EntityDecl) != 0 || Py.item(s, 4) != 0)) {
      if (handlerOf(x, xmlhandlers_EntityDecl) != 0 || handlerOf(x, xmlhandlers_UnparsedEntityDecl) != 0) {
        status = tellEntity(x, s, isParameter);
      } else if (!otherTokens(x, begin, next, main)) status = ABORTED;
    } else if (!otherTokens(x, begin, next, main)) status = ABORTED;
  }
  dropSlots(s, 5);
  x.next = next;
  return status;
}

/** <!NOTATION; `p` is behind the word. An error's code. */
function notationDeclaration(x: xmlparser, begin: usize, p: usize, end: usize, main: bool): i32 {
  if (!hasSpace(x, p, end)) return wrong(x, p, end, main);
  const s = takeSlots(3);
  let status = takeName(x, x.next, end, main, s);
  if (status == NO_ERROR) {
    p = x.name_end;
    status = hasSpace(x, p, end) ? takeExternalId(x, x.next, end, main, true, s + 8) : wrong(x, p, end, main);
  }
  const literal = x.name - 1;
  if (status == NO_ERROR) status = closes(x, x.next, end, main);
  const next = x.next;
  if (status == NO_ERROR) {
    place(x, main, Py.item(s, 1) != 0 ? literal : next - 1);
    if (handlerOf(x, xmlhandlers_NotationDecl) == 0) {
      if (!otherTokens(x, begin, next, main)) status = ABORTED;
    } else {
      const a = Scratch.takeArguments(4);
      Py.setItem(a, 0, Py.NewRef(Py.item(s, 0)));
      Py.setItem(a, 1, orNone(x.base));
      Py.setItem(a, 2, orNone(Py.item(s, 1)));
      Py.setItem(a, 3, orNone(Py.item(s, 2)));
      if (!tell(x, xmlhandlers_NotationDecl, a, 4)) status = ABORTED;
      Scratch.giveArguments(a);
    }
  }
  dropSlots(s, 3);
  x.next = next;
  return status;
}

/** Where a declaration at `p` ends, behind its ">"; null where it does not. */
export function declarationEnd(p: usize, end: usize): usize {
  let quote: u32 = 0;
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == 0x22 || c == 0x27) quote = c;
    else if (c == 0x3e) return p + 1;
  }
  return 0;
}

/** A declaration from `p`, its "<!", to `end`, behind its ">": an error's code. `next` is behind it. */
export function declaration(x: xmlparser, p: usize, end: usize, main: bool): i32 {
  let q = p + 2;
  while (q < end && (<u32>load<u8>(q) | 32) - 97 < 26) q++;
  if (q == p + 2 || !isSpace(load<u8>(q))) {
    place(x, main, q);
    return INVALID_TOKEN;
  }
  if (standsAt(p, end, "<!ENTITY")) return entityDeclaration(x, p, p + 8, end, main);
  if (standsAt(p, end, "<!ELEMENT")) return elementDeclaration(x, p, p + 9, end, main);
  if (standsAt(p, end, "<!ATTLIST")) return attributesDeclaration(x, p, p + 9, end, main);
  if (standsAt(p, end, "<!NOTATION")) return notationDeclaration(x, p, p + 10, end, main);
  place(x, main, p);
  return SYNTAX;
}
