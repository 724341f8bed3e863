// The content of elements (doContent of expat's xmlparse.c): tags, text, references, CDATA sections. It is read from the input,
// or from the text of an internal entity.

import {
  PyBytesObject,
  xmlhandlers_CharacterData,
  xmlhandlers_Comment,
  xmlhandlers_EndCdataSection,
  xmlhandlers_EndElement,
  xmlhandlers_ExternalEntityRef,
  xmlhandlers_ProcessingInstruction,
  xmlhandlers_SkippedEntity,
  xmlhandlers_StartCdataSection,
  xmlhandlers_StartElement,
  xmlparseobject,
  xmlparser,
} from "../../generated/layouts";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, List, PyList_SetSlice } from "../../objects/containers/list/list";
import {
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_NoMemory,
  PyErr_Occurred,
} from "../../objects/errors/raise";
import { longValue, PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { putUTF8 } from "../../objects/text/codecs/utf8";
import { _PyUnicode_Equal } from "../../objects/text/compare";
import { Scratch } from "../../thread/scratch";
import { collectAttributes, place } from "./attributes";
import { closeEntity, countExpansion, Entity, openEntity } from "./entities";
import {
  ABORTED,
  ASYNC_ENTITY,
  BAD_CHAR_REF,
  BINARY_ENTITY_REF,
  ENTITY_DECLARED_IN_PE,
  EXTERNAL_ENTITY_HANDLING,
  INVALID_TOKEN,
  MISPLACED_XML_PI,
  NO_ELEMENTS,
  NO_ERROR,
  PARTIAL_CHAR,
  TAG_MISMATCH,
  UNCLOSED_CDATA_SECTION,
  UNCLOSED_TOKEN,
  UNDEFINED_ENTITY,
} from "./errors";
import {
  ask,
  characters,
  handlerOf,
  keepsEntities,
  nameOf,
  orNone,
  other,
  tell0,
  tell1,
  tell2,
  textOf,
} from "./events";
import { contextText, dropBindings, expandName } from "./names";
import {
  characterSize,
  INVALID,
  PARTIAL,
  PARTIAL_CHARACTER,
  predefinedEntity,
  referredCharacter,
  reservedTarget,
  scanComment,
  scanEndTag,
  scanInstruction,
  scanLiteral,
  scanReference,
  scanStartTag,
  skipSpace,
  standsAt,
  TOKEN,
} from "./scan";

/** The outermost element has ended; parsing goes on at `next`. */
export const DOCUMENT_ENDED: i32 = -1;
/** The input ends within the token; parsing goes on at it, when there is more. */
export const WAIT: i32 = -2;

/** What a token that is not whole means: WAIT, or an error's code. `p`: where it begins. */
export function unfinished(x: xmlparser, result: i32, p: usize, more: bool, main: bool): i32 {
  if (result == INVALID) {
    place(x, main, x.next);
    return INVALID_TOKEN;
  }
  if (more) {
    x.next = p;
    return WAIT;
  }
  place(x, main, p);
  return result == PARTIAL_CHARACTER ? PARTIAL_CHAR : UNCLOSED_TOKEN;
}

/** A comment or an instruction at `p`, which is whole and ends at `next`: an error's code. */
export function tellComment(x: xmlparser, p: usize): i32 {
  const end = x.next;
  const good =
    handlerOf(x, xmlhandlers_Comment) == 0
      ? other(x, p, end)
      : tell1(x, xmlhandlers_Comment, normalizedText(x.name, x.name_end));
  x.next = end;
  return good ? NO_ERROR : ABORTED;
}

export function tellInstruction(x: xmlparser, p: usize): i32 {
  const end = x.next;
  let good: bool;
  if (handlerOf(x, xmlhandlers_ProcessingInstruction) == 0) good = other(x, p, end);
  else {
    const data = skipSpace(x.name_end, end - 2);
    good = tell2(x, xmlhandlers_ProcessingInstruction, nameOf(x, x.name, x.name_end), normalizedText(data, end - 2));
  }
  x.next = end;
  return good ? NO_ERROR : ABORTED;
}

/** The text from `p` to `end` with every end of a line as a newline: a new str. */
function normalizedText(p: usize, end: usize): usize {
  let q = p;
  while (q < end && load<u8>(q) != 13) q++;
  if (q == end) return textOf(p, end);
  const n = end - p;
  const copy = PyMem_Malloc(n);
  if (copy == 0) return PyErr_NoMemory();
  let to = copy;
  for (; p < end; p++) {
    const c = load<u8>(p);
    if (c == 13 && p + 1 < end && load<u8>(p + 1) == 10) continue;
    store<u8>(to, c == 13 ? 10 : c);
    to++;
  }
  const r = textOf(copy, to);
  PyMem_Free(copy);
  return r;
}

/** Remembers an element that begins: names (stolen) and how many prefixes it binds. 0, or -1 with an exception. */
function pushTag(x: xmlparser, raw: usize, name: usize, bound: i32): i32 {
  const count = PyLong_FromLong(bound);
  let status = count == 0 ? -1 : 0;
  if (_PyList_AppendTakeRef(x.tags, raw) < 0) status = -1;
  if (_PyList_AppendTakeRef(x.tags, name) < 0) status = -1;
  if (count != 0 && _PyList_AppendTakeRef(x.tags, count) < 0) status = -1;
  return status;
}

/** The attributes as the handler gets them (the list is stolen): a list, or a dict. Null with an exception. */
function attributesFor(x: xmlparser, list: usize, specified: i32): usize {
  const o = xmlparseobject.at(x.owner);
  const n = List.size(list);
  if (o.specified_attributes != 0 && specified < n && PyList_SetSlice(list, specified, n, 0) < 0) {
    Py.DECREF(list);
    return 0;
  }
  if (o.ordered_attributes != 0) return list;
  const dict = PyDict_New();
  let status = dict == 0 ? -1 : 0;
  for (let i: isize = 0; i < List.size(list) && status == 0; i += 2) {
    status = PyDict_SetItem(dict, List.get(list, i), List.get(list, i + 1));
  }
  Py.DECREF(list);
  if (status == 0) return dict;
  Py.XDECREF(dict);
  return 0;
}

/** Tells the end of an element: an error's code. `p` to `end` is its tag. */
function tellEnd(x: xmlparser, name: usize, p: usize, end: usize): i32 {
  const good =
    handlerOf(x, xmlhandlers_EndElement) == 0 ? other(x, p, end) : tell1(x, xmlhandlers_EndElement, Py.NewRef(name));
  return good ? NO_ERROR : ABORTED;
}

/** A start tag from `p`, its "<", to `end`, which has been scanned: an error's code. */
function startTag(x: xmlparser, p: usize, end: usize, main: bool): i32 {
  const empty = load<u8>(end - 2) == 0x2f;
  let q = p + 1;
  while (q < end && !isTagSpace(load<u8>(q))) q++;
  const raw = nameOf(x, p + 1, q);
  if (raw == 0) return ABORTED;
  const slots = Scratch.take(4);
  let status = collectAttributes(x, raw, q, end, main, slots);
  const list: usize = load<u32>(slots);
  const specified = load<i32>(slots + 8);
  const bound = load<i32>(slots + 16);
  if (status == NO_ERROR) status = expandName(x, raw, true, slots + 24);
  const name: usize = status == NO_ERROR ? load<u32>(slots + 24) : 0;
  Scratch.give(slots);
  if (status != NO_ERROR) {
    Py.XDECREF(list);
    Py.DECREF(raw);
    return status;
  }
  const starts = handlerOf(x, xmlhandlers_StartElement) != 0;
  const ends = handlerOf(x, xmlhandlers_EndElement) != 0;
  if (starts) {
    const attributes = attributesFor(x, list, specified);
    if (!tell2(x, xmlhandlers_StartElement, Py.NewRef(name), attributes)) status = ABORTED;
  } else {
    Py.DECREF(list);
    if (!(empty && ends) && !other(x, p, end)) status = ABORTED;
  }
  if (status == NO_ERROR && !empty) {
    x.depth = x.depth + 1;
    return pushTag(x, raw, name, bound) < 0 ? ABORTED : NO_ERROR;
  }
  if (status == NO_ERROR && handlerOf(x, xmlhandlers_EndElement) != 0) {
    if (starts) place(x, main, end);
    status = tellEnd(x, name, end, end);
  }
  Py.DECREF(raw);
  Py.DECREF(name);
  return status == NO_ERROR ? dropBindings(x, bound) : status;
}

function isTagSpace(c: u32): bool {
  return c == 32 || c == 9 || c == 10 || c == 13 || c == 0x3e || c == 0x2f;
}

/** An end tag from `p` to `end`, which has been scanned: an error's code. */
function endTag(x: xmlparser, p: usize, end: usize, main: bool, startDepth: i32): i32 {
  if (x.depth == startDepth) return ASYNC_ENTITY;
  const n = List.size(x.tags);
  const raw = nameOf(x, x.name, x.name_end);
  if (raw == 0) return ABORTED;
  const same = _PyUnicode_Equal(raw, List.get(x.tags, n - 3));
  Py.DECREF(raw);
  if (!same) {
    place(x, main, p + 2);
    return TAG_MISMATCH;
  }
  const name = Py.NewRef(List.get(x.tags, n - 2));
  const bound = <isize>longValue(List.get(x.tags, n - 1));
  x.depth = x.depth - 1;
  let status = PyList_SetSlice(x.tags, n - 3, n, 0) < 0 ? ABORTED : NO_ERROR;
  if (status == NO_ERROR) status = tellEnd(x, name, p, end);
  Py.DECREF(name);
  return status == NO_ERROR ? dropBindings(x, bound) : status;
}

/** A CDATA section begins at `p`: an error's code. */
function startCdata(x: xmlparser, p: usize): i32 {
  const starts = handlerOf(x, xmlhandlers_StartCdataSection) != 0;
  const good = starts ? tell0(x, xmlhandlers_StartCdataSection) : other(x, p, p + 9);
  x.in_cdata = 1;
  x.next = p + 9;
  return good ? NO_ERROR : ABORTED;
}

/** What is in a CDATA section at `p`, or ends it: WAIT, or an error's code. */
function cdata(x: xmlparser, p: usize, end: usize, more: bool, main: bool): i32 {
  const c: u32 = load<u8>(p);
  if (c == 0x5d && end - p < 3 && standsAt(p, end, end - p == 2 ? "]]" : "]")) {
    x.next = p;
    return more ? WAIT : UNCLOSED_CDATA_SECTION;
  }
  if (standsAt(p, end, "]]>")) {
    const ends = handlerOf(x, xmlhandlers_EndCdataSection) != 0;
    const good = ends ? tell0(x, xmlhandlers_EndCdataSection) : other(x, p, p + 3);
    x.in_cdata = 0;
    x.next = p + 3;
    return good ? NO_ERROR : ABORTED;
  }
  if (c == 10 || c == 13) return lineEnd(x, p, end, more);
  let q = p;
  while (q < end) {
    const d: u32 = load<u8>(q);
    if (q > p && (d == 10 || d == 13 || d == 0x5d)) break;
    const size = characterSize(q, end);
    if (size <= 0) {
      x.next = q;
      if (q > p) break;
      return unfinished(x, size < 0 ? INVALID : PARTIAL_CHARACTER, p, more, main);
    }
    q += size;
  }
  return characters(x, p, q, p, q) ? restore(x, q) : ABORTED;
}

/** Tells the end of a line, which stands from `p` to `end`. */
function newline(x: xmlparser, p: usize, end: usize): bool {
  if (handlerOf(x, xmlhandlers_CharacterData) == 0) return other(x, p, end);
  const slot = Scratch.take(1);
  store<u8>(slot, 10);
  const good = characters(x, slot, slot + 1, p, end);
  Scratch.give(slot);
  return good;
}

/** Tells one character, which stands from `p` to `end` as a reference. */
function character(x: xmlparser, c: u32, p: usize, end: usize): bool {
  const slot = Scratch.take(1);
  const good = characters(x, slot, putUTF8(slot, c), p, end);
  Scratch.give(slot);
  return good;
}

/** Reads the text of an internal entity as content: an error's code. */
function internalEntity(x: xmlparser, text: usize): i32 {
  let status = countExpansion(x, Py.SIZE(text));
  if (status != NO_ERROR || Py_EnterRecursiveCall(" in an entity")) return status != NO_ERROR ? status : ABORTED;
  const p = PyBytesObject.at(text).ob_sval;
  status = content(x, p, p + <usize>Py.SIZE(text), false, false, x.depth);
  Py_LeaveRecursiveCall();
  return status;
}

/** Tells an external entity: an error's code. */
function externalEntity(x: xmlparser, e: usize): i32 {
  const a = Scratch.takeArguments(4);
  Py.setItem(a, 0, contextText(x));
  Py.setItem(a, 1, orNone(Entity.base(e)));
  Py.setItem(a, 2, orNone(Entity.systemId(e)));
  Py.setItem(a, 3, orNone(Entity.publicId(e)));
  const r = ask(x, xmlhandlers_ExternalEntityRef, a, 4);
  Scratch.giveArguments(a);
  if (x.stopped != 0) return ABORTED;
  return r == 0 ? EXTERNAL_ENTITY_HANDLING : NO_ERROR;
}

/** Tells an entity that is not replaced, from `p` to `end`: an error's code. */
function skipped(x: xmlparser, name: usize, p: usize, end: usize): i32 {
  const good =
    handlerOf(x, xmlhandlers_SkippedEntity) == 0
      ? other(x, p, end)
      : tell2(x, xmlhandlers_SkippedEntity, Py.NewRef(name), PyLong_FromLong(0));
  return good ? NO_ERROR : ABORTED;
}

/** A reference to a declared entity, from `p` to `end`: an error's code. */
function reference(x: xmlparser, name: usize, p: usize, end: usize): i32 {
  const e = PyDict_GetItemWithError(x.entities, name);
  if (e == 0 && PyErr_Occurred() != 0) return ABORTED;
  if (x.has_external == 0 || x.standalone != 0) {
    if (e == 0) return UNDEFINED_ENTITY;
    if (!Entity.isInternal(e)) return ENTITY_DECLARED_IN_PE;
  } else if (e == 0) return skipped(x, name, p, end);
  if (Entity.notation(e) != 0) return BINARY_ENTITY_REF;
  const text = Entity.text(e);
  if (text != 0 && keepsEntities(x)) return skipped(x, name, p, end);
  if (text == 0 && handlerOf(x, xmlhandlers_ExternalEntityRef) == 0) return other(x, p, end) ? NO_ERROR : ABORTED;
  let status = openEntity(x, name);
  if (status != NO_ERROR) return status;
  Py.INCREF(e);
  status = text != 0 ? internalEntity(x, text) : externalEntity(x, e);
  Py.DECREF(e);
  closeEntity(x);
  return status;
}

/** What begins with "&" at `p`: WAIT, or an error's code. */
function ampersand(x: xmlparser, p: usize, end: usize, more: bool, main: bool): i32 {
  const scanned = scanReference(x, p + 1, end);
  if (scanned != TOKEN) return unfinished(x, scanned, p, more, main);
  const next = x.next;
  let status = NO_ERROR;
  if (load<u8>(p + 1) == 0x23) {
    const c = referredCharacter(p);
    if (c < 0) return BAD_CHAR_REF;
    if (!character(x, <u32>c, p, next)) status = ABORTED;
  } else {
    const c = predefinedEntity(x.name, x.name_end - x.name);
    if (c != 0) {
      if (!character(x, c, p, next)) status = ABORTED;
    } else {
      const name = nameOf(x, x.name, x.name_end);
      status = name == 0 ? ABORTED : reference(x, name, p, next);
      Py.XDECREF(name);
    }
  }
  x.next = next;
  return status;
}

/** What begins with "<" at `p`: WAIT, DOCUMENT_ENDED, or an error's code. */
function markup(x: xmlparser, p: usize, end: usize, more: bool, main: bool, startDepth: i32): i32 {
  x.next = p + 1;
  if (p + 1 == end) return unfinished(x, PARTIAL, p, more, main);
  const c: u32 = load<u8>(p + 1);
  let scanned: i32;
  if (c == 0x21) {
    x.next = p + 2;
    if (p + 2 == end) return unfinished(x, PARTIAL, p, more, main);
    if (load<u8>(p + 2) == 0x5b) {
      scanned = scanLiteral(x, p + 2, end, "[CDATA[");
      return scanned == TOKEN ? startCdata(x, p) : unfinished(x, scanned, p, more, main);
    }
    scanned = scanLiteral(x, p + 2, end, "--");
    if (scanned == TOKEN) scanned = scanComment(x, p + 4, end);
    return scanned == TOKEN ? tellComment(x, p) : unfinished(x, scanned, p, more, main);
  }
  if (c == 0x3f) {
    scanned = scanInstruction(x, p + 2, end);
    if (scanned != TOKEN) return unfinished(x, scanned, p, more, main);
    const reserved = reservedTarget(x);
    if (reserved == 1) return MISPLACED_XML_PI;
    if (reserved == 2) {
      place(x, main, x.name_end);
      return INVALID_TOKEN;
    }
    return tellInstruction(x, p);
  }
  const isEnd = c == 0x2f;
  scanned = isEnd ? scanEndTag(x, p + 2, end) : scanStartTag(x, p + 1, end);
  if (scanned != TOKEN) return unfinished(x, scanned, p, more, main);
  const next = x.next;
  const status = isEnd ? endTag(x, p, next, main, startDepth) : startTag(x, p, next, main);
  x.next = next;
  return status == NO_ERROR && x.depth == 0 && startDepth == 0 ? DOCUMENT_ENDED : status;
}

/** Text at `p`: WAIT, or an error's code. */
function text(x: xmlparser, p: usize, end: usize, more: bool, main: bool): i32 {
  let q = p;
  while (q < end) {
    const c: u32 = load<u8>(q);
    if (c == 0x3c || c == 0x26 || c == 10 || c == 13) break;
    if (c == 0x5d) {
      // What ends a CDATA section may not stand here.
      if (standsAt(q, end, "]]>")) {
        if (q > p) break;
        place(x, main, q + 2);
        return INVALID_TOKEN;
      }
      // At the beginning of a piece of text it must be seen what follows.
      if (q == p && more && end - q < 3 && standsAt(q, end, end - q == 2 ? "]]" : "]")) {
        x.next = p;
        return WAIT;
      }
    }
    const size = characterSize(q, end);
    if (size <= 0) {
      x.next = q;
      if (q > p) break;
      return unfinished(x, size < 0 ? INVALID : PARTIAL_CHARACTER, p, more, main);
    }
    q += size;
  }
  x.next = q;
  return characters(x, p, q, p, q) ? restore(x, q) : ABORTED;
}

function restore(x: xmlparser, p: usize): i32 {
  x.next = p;
  return NO_ERROR;
}

/** The end of a line at `p`: WAIT, or an error's code. */
function lineEnd(x: xmlparser, p: usize, end: usize, more: bool): i32 {
  let q = p + 1;
  if (load<u8>(p) == 13) {
    if (q == end && more) {
      x.next = p;
      return WAIT;
    }
    if (q < end && load<u8>(q) == 10) q++;
  }
  return newline(x, p, q) ? restore(x, q) : ABORTED;
}

/**
 * Reads content from `p` to `end`, up to `next`: DOCUMENT_ENDED, or an error's code, which is NO_ERROR where all is read or
 * waits for more. `main`: it is the input. `startDepth`: how many elements were open where it began.
 */
export function content(x: xmlparser, p: usize, end: usize, more: bool, main: bool, startDepth: i32): i32 {
  while (true) {
    x.next = p;
    place(x, main, p);
    if (x.stopped != 0) return ABORTED;
    if (p == end) {
      if (more) return NO_ERROR;
      if (main && x.raw != 0) return UNCLOSED_TOKEN;
      if (x.in_cdata != 0) return UNCLOSED_CDATA_SECTION;
      if (startDepth == 0) return NO_ELEMENTS;
      return x.depth == startDepth ? NO_ERROR : ASYNC_ENTITY;
    }
    const c: u32 = load<u8>(p);
    const status =
      x.in_cdata != 0
        ? cdata(x, p, end, more, main)
        : c == 0x3c
          ? markup(x, p, end, more, main, startDepth)
          : c == 0x26
            ? ampersand(x, p, end, more, main)
            : c == 10 || c == 13
              ? lineEnd(x, p, end, more)
              : text(x, p, end, more, main);
    if (status == WAIT) return NO_ERROR;
    if (status != NO_ERROR) return status;
    p = x.next;
  }
}
