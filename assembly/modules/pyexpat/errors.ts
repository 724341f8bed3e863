// The errors of XML by their numbers, as expat has them: names and texts (error_info_of of CPython 3.13's Modules/pyexpat.c).

import { _Py_NoneStruct } from "../../generated/statics";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromKindAndData } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";

export const NO_ERROR: i32 = 0;
export const SYNTAX: i32 = 2;
export const NO_ELEMENTS: i32 = 3;
export const INVALID_TOKEN: i32 = 4;
export const UNCLOSED_TOKEN: i32 = 5;
export const PARTIAL_CHAR: i32 = 6;
export const TAG_MISMATCH: i32 = 7;
export const DUPLICATE_ATTRIBUTE: i32 = 8;
export const JUNK_AFTER_DOC_ELEMENT: i32 = 9;
export const PARAM_ENTITY_REF: i32 = 10;
export const UNDEFINED_ENTITY: i32 = 11;
export const RECURSIVE_ENTITY_REF: i32 = 12;
export const ASYNC_ENTITY: i32 = 13;
export const BAD_CHAR_REF: i32 = 14;
export const BINARY_ENTITY_REF: i32 = 15;
export const ATTRIBUTE_EXTERNAL_ENTITY_REF: i32 = 16;
export const MISPLACED_XML_PI: i32 = 17;
export const INCORRECT_ENCODING: i32 = 19;
export const UNCLOSED_CDATA_SECTION: i32 = 20;
export const EXTERNAL_ENTITY_HANDLING: i32 = 21;
export const NOT_STANDALONE: i32 = 22;
export const ENTITY_DECLARED_IN_PE: i32 = 24;
export const CANT_CHANGE_FEATURE_ONCE_PARSING: i32 = 26;
export const UNBOUND_PREFIX: i32 = 27;
export const UNDECLARING_PREFIX: i32 = 28;
export const INCOMPLETE_PE: i32 = 29;
export const XML_DECL: i32 = 30;
export const TEXT_DECL: i32 = 31;
export const PUBLICID: i32 = 32;
export const ABORTED: i32 = 35;
export const FINISHED: i32 = 36;
export const RESERVED_PREFIX_XML: i32 = 38;
export const RESERVED_PREFIX_XMLNS: i32 = 39;
export const RESERVED_NAMESPACE_URI: i32 = 40;
export const AMPLIFICATION_LIMIT_BREACH: i32 = 43;

/** NAME=text; of every error, from 1 on. */
const ERRORS =
  "NO_MEMORY=out of memory;SYNTAX=syntax error;NO_ELEMENTS=no element found;INVALID_TOKEN=not well-formed (invalid token);UNCLOSED_TOKEN=unclosed token;PARTIAL_CHAR=partial character;TAG_MISMATCH=mismatched tag;DUPLICATE_ATTRIBUTE=duplicate attribute;JUNK_AFTER_DOC_ELEMENT=junk after document element;PARAM_ENTITY_REF=illegal parameter entity reference;UNDEFINED_ENTITY=undefined entity;RECURSIVE_ENTITY_REF=recursive entity reference;ASYNC_ENTITY=asynchronous entity;BAD_CHAR_REF=reference to invalid character number;BINARY_ENTITY_REF=reference to binary entity;ATTRIBUTE_EXTERNAL_ENTITY_REF=reference to external entity in attribute;MISPLACED_XML_PI=XML or text declaration not at start of entity;UNKNOWN_ENCODING=unknown encoding;INCORRECT_ENCODING=encoding specified in XML declaration is incorrect;UNCLOSED_CDATA_SECTION=unclosed CDATA section;EXTERNAL_ENTITY_HANDLING=error in processing external entity reference;NOT_STANDALONE=document is not standalone;UNEXPECTED_STATE=unexpected parser state - please send a bug report;ENTITY_DECLARED_IN_PE=entity declared in parameter entity;FEATURE_REQUIRES_XML_DTD=requested feature requires XML_DTD support in Expat;CANT_CHANGE_FEATURE_ONCE_PARSING=cannot change setting once parsing has begun;UNBOUND_PREFIX=unbound prefix;UNDECLARING_PREFIX=must not undeclare prefix;INCOMPLETE_PE=incomplete markup in parameter entity;XML_DECL=XML declaration not well-formed;TEXT_DECL=text declaration not well-formed;PUBLICID=illegal character(s) in public id;SUSPENDED=parser suspended;NOT_SUSPENDED=parser not suspended;ABORTED=parsing aborted;FINISHED=parsing finished;SUSPEND_PE=cannot suspend in external parameter entity;RESERVED_PREFIX_XML=reserved prefix (xml) must not be undeclared or bound to another namespace name;RESERVED_PREFIX_XMLNS=reserved prefix (xmlns) must not be declared or undeclared;RESERVED_NAMESPACE_URI=prefix must not be bound to one of the reserved namespace names;INVALID_ARGUMENT=invalid argument;NO_BUFFER=a successful prior call to function XML_GetBuffer is required;AMPLIFICATION_LIMIT_BREACH=limit on input amplification factor (from DTD and entities) breached;";

/** The place behind the character from `i` on in the errors. */
function behind(i: i32, c: i32): i32 {
  while (ERRORS.charCodeAt(i) != c) i++;
  return i + 1;
}

/** Where the error after the one at `i` stands; 0 behind the last. The first stands at 0. */
export function nextError(i: i32): i32 {
  const next = behind(i, 0x3b);
  return next == ERRORS.length ? 0 : next;
}

/** A new str: "XML_ERROR_" and the name of the error at `i`; null with MemoryError. */
export function errorName(i: i32): usize {
  const name = part(i, behind(i, 0x3d) - 1);
  const r = name == 0 ? 0 : PyUnicode_FromFormat("XML_ERROR_%U", name);
  Py.XDECREF(name);
  return r;
}

/** A new str: the text of the error at `i`; null with MemoryError. */
export function errorText(i: i32): usize {
  const start = behind(i, 0x3d);
  return part(start, behind(start, 0x3b) - 1);
}

function part(start: i32, end: i32): usize {
  return PyUnicode_FromKindAndData(2, changetype<usize>(ERRORS) + ((<usize>start) << 1), end - start);
}

/** The text of an error, a new str; None where there is no such number; null with MemoryError. */
export function textOfCode(code: i64): usize {
  let i = 0;
  for (let n: i64 = 1; code > 0; n++) {
    if (n == code) return errorText(i);
    i = nextError(i);
    if (i == 0) break;
  }
  return _Py_NoneStruct;
}
