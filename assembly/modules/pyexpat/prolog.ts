// What stands before and behind the outermost element: declarations, comments, the document type with its subsets (doProlog and
// epilogProcessor of expat's xmlparse.c).

import {
  PyBytesObject,
  xmlhandlers_EndDoctypeDecl,
  xmlhandlers_ExternalEntityRef,
  xmlhandlers_NotStandalone,
  xmlhandlers_SkippedEntity,
  xmlhandlers_StartDoctypeDecl,
  xmlhandlers_XmlDecl,
  xmlparser,
} from "../../generated/layouts";
import { _Py_NoneStruct } from "../../generated/statics";
import { PyDict_GetItemWithError } from "../../objects/containers/dict/dict";
import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall, PyErr_Occurred } from "../../objects/errors/raise";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { Scratch } from "../../thread/scratch";
import { place } from "./attributes";
import { tellComment, tellInstruction, unfinished, WAIT } from "./content";
import { declaration, declarationEnd } from "./declarations";
import { closeEntity, countExpansion, Entity, openEntity } from "./entities";
import {
  ABORTED,
  EXTERNAL_ENTITY_HANDLING,
  INCOMPLETE_PE,
  INCORRECT_ENCODING,
  INVALID_TOKEN,
  JUNK_AFTER_DOC_ELEMENT,
  MISPLACED_XML_PI,
  NO_ELEMENTS,
  NO_ERROR,
  NOT_STANDALONE,
  SYNTAX,
  TEXT_DECL,
  UNCLOSED_TOKEN,
  UNDEFINED_ENTITY,
  XML_DECL,
} from "./errors";
import { ask, handlerOf, nameOf, orNone, other, tell, tell0, tell2, textOf } from "./events";
import { dropSlots, otherTokens, takeExternalId, takeSlots } from "./pieces";
import {
  beginsName,
  characterSize,
  INVALID,
  isSpace,
  PARTIAL,
  PARTIAL_CHARACTER,
  reservedTarget,
  scanComment,
  scanInstruction,
  scanLiteral,
  scanName,
  scanNameToken,
  skipSpace,
  standsAt,
  TOKEN,
} from "./scan";

// What comes next in a document.
/** Nothing has been read: an XML declaration may come. */
export const START: i32 = 0;
/** Before the document type. */
const PROLOG: i32 = 1;
/** In the internal subset, or in an external entity of declarations. */
const SUBSET: i32 = 2;
/** Behind the document type. */
const BEFORE_ELEMENT: i32 = 3;
export const CONTENT: i32 = 4;
export const EPILOG: i32 = 5;

/** What an XML declaration says: three texts, borrowed places within it. */
function attributeIn(x: xmlparser, p: usize, end: usize, name: string): usize {
  const begin = p;
  p = skipSpace(p, end);
  if (p == begin || !standsAt(p, end, name)) return 0;
  p = skipSpace(p + name.length, end);
  if (p == end || load<u8>(p) != 0x3d) return 0;
  p = skipSpace(p + 1, end);
  const quote: u32 = p < end ? load<u8>(p) : 0;
  if (quote != 0x22 && quote != 0x27) return 0;
  x.name = ++p;
  while (p < end && load<u8>(p) != quote) {
    const c: u32 = load<u8>(p);
    const good = (c | 32) - 97 < 26 || c - 48 < 10 || c == 0x2e || c == 0x2d || c == 0x5f;
    if (!good) return 0;
    p++;
  }
  x.name_end = p;
  return p < end ? p + 1 : 0;
}

/** An XML or text declaration, from `p` to `end`, its "?>" included: an error's code. */
function xmlDeclaration(x: xmlparser, p: usize, end: usize): i32 {
  const isText = x.is_entity != 0;
  const bad = isText ? TEXT_DECL : XML_DECL;
  const close = end - 2;
  const s = takeSlots(2);
  let q = p + 5;
  let standalone = -1;
  let encodingAt: usize = 0;
  let status = NO_ERROR;
  let r = attributeIn(x, q, close, "version");
  if (r != 0) {
    store<u64>(s, textOf(x.name, x.name_end));
    if (load<u32>(s) == 0) status = ABORTED;
    q = r;
  } else if (!isText) {
    place(x, true, skipSpace(q, close));
    status = bad;
  }
  r = status == NO_ERROR ? attributeIn(x, q, close, "encoding") : 0;
  if (r != 0) {
    encodingAt = x.name;
    const first: u32 = load<u8>(x.name);
    if (x.name == x.name_end || (first | 32) - 97 >= 26) status = bad;
    else {
      store<u64>(s + 8, textOf(x.name, x.name_end));
      if (load<u32>(s + 8) == 0) status = ABORTED;
    }
    q = r;
  } else if (isText && status == NO_ERROR) {
    place(x, true, skipSpace(q, close));
    status = bad;
  }
  r = status == NO_ERROR && !isText ? attributeIn(x, q, close, "standalone") : 0;
  if (r != 0) {
    if (x.name_end - x.name == 3 && standsAt(x.name, x.name_end, "yes")) standalone = 1;
    else if (x.name_end - x.name == 2 && standsAt(x.name, x.name_end, "no")) standalone = 0;
    else status = bad;
    q = r;
  }
  if (status == NO_ERROR && skipSpace(q, close) != close) {
    place(x, true, skipSpace(q, close));
    status = bad;
  }
  if (status == NO_ERROR) {
    if (standalone == 1) x.standalone = 1;
    if (handlerOf(x, xmlhandlers_XmlDecl) != 0) {
      const a = Scratch.takeArguments(3);
      Py.setItem(a, 0, orNone(Py.item(s, 0)));
      Py.setItem(a, 1, orNone(Py.item(s, 1)));
      Py.setItem(a, 2, PyLong_FromLong(standalone));
      if (!tell(x, xmlhandlers_XmlDecl, a, 3)) status = ABORTED;
      Scratch.giveArguments(a);
    } else if (!other(x, p, end)) status = ABORTED;
  }
  if (status == NO_ERROR && x.bad_encoding == 1) {
    place(x, true, encodingAt);
    status = INCORRECT_ENCODING;
  }
  dropSlots(s, 2);
  return status;
}

/** Something that begins with "<?" at `p`: WAIT, or an error's code. `first`: it is where a declaration may stand. */
function instruction(x: xmlparser, p: usize, end: usize, more: bool, main: bool, first: bool): i32 {
  const scanned = scanInstruction(x, p + 2, end);
  if (scanned != TOKEN) return unfinished(x, scanned, p, more, main);
  const reserved = reservedTarget(x);
  if (reserved == 2) {
    place(x, main, x.name_end);
    return INVALID_TOKEN;
  }
  if (reserved == 0) return tellInstruction(x, p);
  if (!first) return MISPLACED_XML_PI;
  const next = x.next;
  const status = xmlDeclaration(x, p, next);
  x.next = next;
  return status;
}

/** A comment at `p`: WAIT, or an error's code. */
function comment(x: xmlparser, p: usize, end: usize, more: bool, main: bool): i32 {
  let scanned = scanLiteral(x, p + 2, end, "--");
  if (scanned == TOKEN) scanned = scanComment(x, p + 4, end);
  return scanned == TOKEN ? tellComment(x, p) : unfinished(x, scanned, p, more, main);
}

/** Asks whether a document that does not stand alone is taken: an error's code. */
function askStandalone(x: xmlparser): i32 {
  if (x.standalone != 0 || handlerOf(x, xmlhandlers_NotStandalone) == 0) return NO_ERROR;
  const a = Scratch.takeArguments(1);
  const r = ask(x, xmlhandlers_NotStandalone, a, 0);
  Scratch.giveArguments(a);
  if (x.stopped != 0) return ABORTED;
  return r == 0 ? NOT_STANDALONE : NO_ERROR;
}

/** Has an external entity of declarations read by the handler: an error's code. Null stands for what is missing. */
function readExternal(x: xmlparser, base: usize, system: usize, pub: usize): i32 {
  x.entity_read = 0;
  const a = Scratch.takeArguments(4);
  Py.setItem(a, 0, _Py_NoneStruct);
  Py.setItem(a, 1, orNone(base));
  Py.setItem(a, 2, orNone(system));
  Py.setItem(a, 3, orNone(pub));
  const r = ask(x, xmlhandlers_ExternalEntityRef, a, 4);
  Scratch.giveArguments(a);
  if (x.stopped != 0) return ABORTED;
  return r == 0 ? EXTERNAL_ENTITY_HANDLING : NO_ERROR;
}

/** Whether external entities of declarations are read. */
function readsParameters(x: xmlparser): bool {
  return x.param_parsing == 2 || (x.param_parsing == 1 && x.standalone == 0);
}

/** The external subset, or the one that is asked for though the document has none: an error's code. */
function externalSubset(x: xmlparser): i32 {
  if (x.system == 0 && x.foreign_dtd == 0) return NO_ERROR;
  const had = x.has_external;
  x.has_external = 1;
  const foreign = x.foreign_dtd != 0;
  x.foreign_dtd = 0;
  if (readsParameters(x) && handlerOf(x, xmlhandlers_ExternalEntityRef) != 0) {
    const status = readExternal(x, x.base, x.system, x.pubid);
    if (status != NO_ERROR) return status;
    if (x.entity_read != 0) return askStandalone(x);
    if (x.system == 0 && foreign) x.has_external = had;
  }
  return NO_ERROR;
}

/** The end of the document type: an error's code. `p` to `end` is what closes it. */
function endDoctype(x: xmlparser, p: usize, end: usize): i32 {
  const status = externalSubset(x);
  if (status != NO_ERROR) return status;
  const good =
    handlerOf(x, xmlhandlers_EndDoctypeDecl) == 0 ? otherTokens(x, p, end, true) : tell0(x, xmlhandlers_EndDoctypeDecl);
  x.state = BEFORE_ELEMENT;
  x.in_subset = 0;
  return good ? NO_ERROR : ABORTED;
}

/** Where the head of a document type ends, at its "[" or ">"; null where it does not. */
function doctypeHeadEnd(p: usize, end: usize): usize {
  let quote: u32 = 0;
  for (; p < end; p++) {
    const c: u32 = load<u8>(p);
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == 0x22 || c == 0x27) quote = c;
    else if (c == 0x3e || c == 0x5b) return p;
  }
  return 0;
}

/** <!DOCTYPE at `p`: WAIT, or an error's code. */
function doctype(x: xmlparser, p: usize, end: usize, more: bool): i32 {
  const close = doctypeHeadEnd(p + 9, end);
  if (close == 0) return unfinished(x, PARTIAL, p, more, true);
  let q = skipSpace(p + 9, close);
  if (q == p + 9) {
    place(x, true, q);
    return INVALID_TOKEN;
  }
  if (scanName(x, q, close + 1) != TOKEN) {
    place(x, true, x.next);
    return x.next == q ? SYNTAX : INVALID_TOKEN;
  }
  const name = nameOf(x, x.name, x.name_end);
  Py.SETREF(x.doctype_slot, name);
  if (name == 0) return ABORTED;
  q = skipSpace(x.name_end, close);
  if (q < close) {
    const s = takeSlots(2);
    let status = q == x.name_end ? INVALID_TOKEN : takeExternalId(x, q, close, true, false, s);
    if (q == x.name_end) place(x, true, q);
    if (status == NO_ERROR && skipSpace(x.next, close) != close) {
      place(x, true, skipSpace(x.next, close));
      status = SYNTAX;
    }
    Py.SETREF(x.system_slot, Py.item(s, 0));
    Py.SETREF(x.pubid_slot, Py.item(s, 1));
    Scratch.give(s);
    if (status != NO_ERROR) return status;
    x.has_external = 1;
    place(x, true, x.name - 1);
    if (!readsParameters(x)) {
      status = askStandalone(x);
      if (status != NO_ERROR) return status;
    }
  }
  const subset = load<u8>(close) == 0x5b;
  place(x, true, close);
  if (handlerOf(x, xmlhandlers_StartDoctypeDecl) != 0) {
    const a = Scratch.takeArguments(4);
    Py.setItem(a, 0, Py.NewRef(x.doctype));
    Py.setItem(a, 1, orNone(x.system));
    Py.setItem(a, 2, orNone(x.pubid));
    Py.setItem(a, 3, PyLong_FromLong(subset ? 1 : 0));
    const good = tell(x, xmlhandlers_StartDoctypeDecl, a, 4);
    Scratch.giveArguments(a);
    if (!good) return ABORTED;
  } else if (!otherTokens(x, p, close + 1, true)) return ABORTED;
  x.next = close + 1;
  if (!subset) {
    const status = endDoctype(x, close + 1, close + 1);
    x.next = close + 1;
    return status;
  }
  x.state = SUBSET;
  x.in_subset = 1;
  return NO_ERROR;
}

/** Tells a parameter entity that is left out, from `p` to `end`: an error's code. */
function skippedParameter(x: xmlparser, name: usize, p: usize, end: usize): i32 {
  x.keep_processing = x.standalone;
  const good =
    handlerOf(x, xmlhandlers_SkippedEntity) == 0
      ? other(x, p, end)
      : tell2(x, xmlhandlers_SkippedEntity, Py.NewRef(name), PyLong_FromLong(1));
  return good ? NO_ERROR : ABORTED;
}

/** Reads the text of a parameter entity as declarations: an error's code. */
function internalParameter(x: xmlparser, text: usize): i32 {
  let status = countExpansion(x, Py.SIZE(text));
  if (status != NO_ERROR || Py_EnterRecursiveCall(" in an entity")) return status != NO_ERROR ? status : ABORTED;
  const p = PyBytesObject.at(text).ob_sval;
  x.nested = x.nested + 1;
  status = prolog(x, p, p + <usize>Py.SIZE(text), false, false);
  x.nested = x.nested - 1;
  Py_LeaveRecursiveCall();
  return status;
}

/** A reference to a parameter entity, from `p` to `end`: an error's code. */
function parameterReference(x: xmlparser, name: usize, p: usize, end: usize): i32 {
  const had = x.has_external;
  x.has_external = 1;
  if (!readsParameters(x)) {
    x.keep_processing = x.standalone;
    const status = other(x, p, end) ? NO_ERROR : ABORTED;
    return status == NO_ERROR ? askStandalone(x) : status;
  }
  const e = PyDict_GetItemWithError(x.parameters, name);
  if (e == 0) {
    if (PyErr_Occurred() != 0) return ABORTED;
    if (x.is_entity == 0 && x.nested == 0 && (x.standalone != 0 || had == 0)) return UNDEFINED_ENTITY;
    return skippedParameter(x, name, p, end);
  }
  let status = openEntity(x, name);
  if (status != NO_ERROR) return status;
  Py.INCREF(e);
  const text = Entity.text(e);
  if (text != 0) status = internalParameter(x, text);
  else if (handlerOf(x, xmlhandlers_ExternalEntityRef) != 0) {
    status = readExternal(x, Entity.base(e), Entity.systemId(e), Entity.publicId(e));
    x.keep_processing = x.entity_read != 0 ? x.keep_processing : x.standalone;
  } else {
    x.keep_processing = x.standalone;
    if (!other(x, p, end)) status = ABORTED;
  }
  Py.DECREF(e);
  closeEntity(x);
  return status == NO_ERROR ? askStandalone(x) : status;
}

/** What stands in a subset at `p`: WAIT, or an error's code. */
function subsetItem(x: xmlparser, p: usize, end: usize, more: bool, main: bool): i32 {
  const c: u32 = load<u8>(p);
  if (c == 0x25) {
    const scanned = scanName(x, p + 1, end);
    if (scanned != TOKEN) return unfinished(x, scanned, p, more, main);
    const next = x.name_end + 1;
    if (load<u8>(x.name_end) != 0x3b) {
      x.next = x.name_end;
      return unfinished(x, INVALID, p, more, main);
    }
    const name = nameOf(x, x.name, x.name_end);
    const status = name == 0 ? ABORTED : parameterReference(x, name, p, next);
    Py.XDECREF(name);
    x.next = next;
    return status;
  }
  if (c == 0x5d && x.is_entity == 0 && x.nested == 0) {
    const close = skipSpace(p + 1, end);
    if (close == end) return unfinished(x, PARTIAL, p, more, main);
    if (load<u8>(close) != 0x3e) {
      place(x, main, close);
      return SYNTAX;
    }
    place(x, main, close);
    const status = endDoctype(x, p, close + 1);
    x.next = close + 1;
    return status;
  }
  if (c != 0x3c) {
    place(x, main, p);
    const size = characterSize(p, end);
    if (size == 0) return unfinished(x, PARTIAL_CHARACTER, p, more, main);
    return size < 0 || c == 0x26 || c == 0x3d ? INVALID_TOKEN : SYNTAX;
  }
  x.next = p + 1;
  if (p + 1 == end) return unfinished(x, PARTIAL, p, more, main);
  if (load<u8>(p + 1) == 0x3f) return instruction(x, p, end, more, main, false);
  if (load<u8>(p + 1) != 0x21) return unfinished(x, INVALID, p, more, main);
  if (p + 2 < end && load<u8>(p + 2) == 0x2d) return comment(x, p, end, more, main);
  if (p + 2 < end && load<u8>(p + 2) == 0x5b && (x.is_entity == 2 || x.nested > 0))
    return section(x, p, end, more, main);
  const close = declarationEnd(p, end);
  if (close == 0) return unfinished(x, PARTIAL, p, more, main);
  return declaration(x, p, close, main);
}

/** <![INCLUDE[ or <![IGNORE[ at `p`: WAIT, or an error's code. It is read when all of it is there. */
function section(x: xmlparser, p: usize, end: usize, more: bool, main: bool): i32 {
  let q = skipSpace(p + 3, end);
  const include = standsAt(q, end, "INCLUDE");
  if (!include && !standsAt(q, end, "IGNORE")) {
    if (more && end - q < 7) return unfinished(x, PARTIAL, p, more, main);
    place(x, main, q);
    return SYNTAX;
  }
  q = skipSpace(q + (include ? 7 : 6), end);
  if (q == end) return unfinished(x, PARTIAL, p, more, main);
  if (load<u8>(q) != 0x5b) {
    place(x, main, q);
    return SYNTAX;
  }
  const begin = q + 1;
  let level = 1;
  for (q = begin; q < end; q++) {
    if (standsAt(q, end, "<![")) level++;
    else if (standsAt(q, end, "]]>") && --level == 0) break;
  }
  if (q >= end) return unfinished(x, PARTIAL, p, more, main);
  let status = NO_ERROR;
  if (include) {
    x.nested = x.nested + 1;
    status = prolog(x, begin, q, false, false);
    x.nested = x.nested - 1;
  } else if (!other(x, p, q + 3)) status = ABORTED;
  x.next = q + 3;
  return status;
}

/** Whether the character can stand behind a name among declarations. */
function isNameDelimiter(c: u32): bool {
  return (
    isSpace(c) ||
    c == 0x3e ||
    c == 0x29 ||
    c == 0x2c ||
    c == 0x7c ||
    c == 0x5b ||
    c == 0x25 ||
    c == 0x2b ||
    c == 0x2a ||
    c == 0x3f
  );
}

/** What stands outside of the document type and the outermost element at `p`: WAIT, or an error's code. */
function outsideItem(x: xmlparser, p: usize, end: usize, more: bool, first: bool): i32 {
  const epilog = x.state == EPILOG;
  const c: u32 = load<u8>(p);
  if (c != 0x3c) {
    const size = characterSize(p, end);
    if (size == 0) return unfinished(x, PARTIAL_CHARACTER, p, more, true);
    if (size < 0 || c == 0x26 || c == 0x3d) return INVALID_TOKEN;
    // A name must be followed by what can follow one.
    if (scanNameToken(x, p, end) == TOKEN && !isNameDelimiter(load<u8>(x.name_end))) {
      place(x, true, x.name_end);
      return INVALID_TOKEN;
    }
    return epilog ? JUNK_AFTER_DOC_ELEMENT : SYNTAX;
  }
  x.next = p + 1;
  if (p + 1 == end) return unfinished(x, PARTIAL, p, more, true);
  const d: u32 = load<u8>(p + 1);
  if (d == 0x3f) return instruction(x, p, end, more, true, first);
  if (d == 0x21) {
    x.next = p + 2;
    if (p + 2 == end) return unfinished(x, PARTIAL, p, more, true);
    const e: u32 = load<u8>(p + 2);
    if (e == 0x2d) return comment(x, p, end, more, true);
    if (epilog || x.state == BEFORE_ELEMENT) return epilog ? JUNK_AFTER_DOC_ELEMENT : SYNTAX;
    const scanned = scanLiteral(x, p + 2, end, "DOCTYPE");
    if (scanned == TOKEN) return doctype(x, p, end, more);
    return e == 0x44 || scanned == PARTIAL
      ? unfinished(x, scanned, p, more, true)
      : (e | 32) - 97 < 26
        ? SYNTAX
        : unfinished(x, scanned, p, more, true);
  }
  if (!beginsName(p + 1, end) && characterSize(p + 1, end) != 0) return unfinished(x, INVALID, p, more, true);
  if (epilog) return JUNK_AFTER_DOC_ELEMENT;
  // The outermost element: content goes on here.
  x.state = CONTENT;
  x.next = p;
  return x.foreign_dtd != 0 ? foreignSubset(x, p) : NO_ERROR;
}

/** The external subset that is asked for, of a document without a type: an error's code. */
function foreignSubset(x: xmlparser, p: usize): i32 {
  const status = externalSubset(x);
  x.next = p;
  return status;
}

/**
 * Reads what is no content from `p` to `end`, up to `next`: an error's code, which is NO_ERROR where all is read, waits for
 * more, or content begins. `main`: it is the input.
 */
export function prolog(x: xmlparser, p: usize, end: usize, more: bool, main: bool): i32 {
  if (main && x.state == START && standsAt(p, end, "\u{ef}\u{bb}\u{bf}")) p += 3;
  while (true) {
    x.next = p;
    place(x, main, p);
    if (x.stopped != 0) return ABORTED;
    if (main && x.state == CONTENT) return NO_ERROR;
    if (p == end) {
      if (more || !main) return NO_ERROR;
      if (x.raw != 0) return UNCLOSED_TOKEN;
      return x.state == EPILOG || x.is_entity != 0 ? NO_ERROR : NO_ELEMENTS;
    }
    if (isSpace(load<u8>(p))) {
      const next = skipSpace(p, end);
      if (x.state == START) x.state = x.is_entity == 2 ? SUBSET : PROLOG;
      if (!other(x, p, next)) return ABORTED;
      p = next;
      continue;
    }
    const first = x.state == START;
    const inSubset = !main || x.state == SUBSET || x.is_entity == 2;
    const status =
      inSubset && !(first && standsAt(p, end, "<?"))
        ? subsetItem(x, p, end, more, main)
        : outsideItem(x, p, end, more, first);
    if (status == WAIT) return main ? NO_ERROR : INCOMPLETE_PE;
    if (status != NO_ERROR) return status;
    if (x.state == START) x.state = x.is_entity == 2 ? SUBSET : PROLOG;
    p = x.next;
    // What follows is in an encoding that must be asked for.
    if (main && x.bad_encoding != 0) return NO_ERROR;
  }
}
