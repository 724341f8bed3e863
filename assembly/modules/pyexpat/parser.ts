// The type of parsers (xmlparseobject of CPython 3.13's Modules/pyexpat.c) and what runs one (XML_Parse of expat's xmlparse.c).
//
// Invariant: while `parsing` is set the input is not touched by anybody else: handlers that ask the parser to parse get an
// exception, where expat does whatever happens.

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  SIZEOF_xmlhandlers,
  SIZEOF_xmlparseobject,
  SIZEOF_xmlparser,
  xmlparseobject,
  xmlparser,
} from "../../generated/layouts";
import { pyexpatRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyByteArray_Type,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyXMLParser_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { PyDict_Copy, PyDict_New } from "../../objects/containers/dict/dict";
import { PyList_New } from "../../objects/containers/list/list";
import { utf8Argument } from "../../objects/define/args";
import {
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetString,
} from "../../objects/errors/raise";
import {
  xmlhandlers_clear,
  xmlhandlers_traverse,
  xmlparseobject_clear,
  xmlparseobject_traverse,
  xmlparser_clear,
} from "../../objects/generated/references";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../../objects/object/alloc";
import { Buffer } from "../../objects/object/buffer";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr, PyObject_SetAttr } from "../../objects/protocol/access";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../../objects/text/codecs/utf8";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";
import { content, DOCUMENT_ENDED } from "./content";
import { ABORTED, CANT_CHANGE_FEATURE_ONCE_PARSING, FINISHED, NO_ERROR, textOfCode } from "./errors";
import { flushText } from "./events";
import { addInput, locate, useDeclared } from "./input";
import { takeContext } from "./names";
import { CONTENT, EPILOG, prolog, START } from "./prolog";

const BUFFER_SIZE_FIRST: i32 = 8192;
const CHUNK_MAX: isize = 1 << 20;
const READ_SIZE: isize = 2048;

// What a parser is for.
const _DOCUMENT: u8 = 0;
const GENERAL: u8 = 1;
const PARAMETER: u8 = 2;

/** A new list, dict or copy (stolen, null for an exception) in the slot: whether it is there. */
function keep(slot: usize, v: usize): bool {
  store<u64>(slot, v);
  return v != 0;
}

/** A new parser without handlers; `encoding` (borrowed) may be null. Null with MemoryError. */
export function newParser(encoding: usize, separator: i32, intern: usize): usize {
  const self = PyType_GenericAlloc(PyXMLParser_Type, 0);
  if (self == 0) return 0;
  const o = xmlparseobject.at(self);
  o.buffer_size = BUFFER_SIZE_FIRST;
  o.reparse_deferral_enabled = 1;
  o.intern = Py.XNewRef(intern);
  const handlers = PyMem_Malloc(SIZEOF_xmlhandlers);
  if (handlers != 0) memory.fill(handlers, 0, SIZEOF_xmlhandlers);
  o.handlers = handlers;
  const itself = handlers == 0 ? 0 : PyMem_Malloc(SIZEOF_xmlparser);
  if (itself == 0) {
    Py.DECREF(self);
    return PyErr_NoMemory();
  }
  memory.fill(itself, 0, SIZEOF_xmlparser);
  o.itself = itself;
  const x = xmlparser.at(itself);
  x.owner = self;
  x.separator = separator;
  x.expands = 1;
  x.keep_processing = 1;
  x.state = START;
  x.given = Py.XNewRef(encoding);
  const good =
    keep(x.tags_slot, PyList_New(0)) &&
    keep(x.bindings_slot, PyList_New(0)) &&
    keep(x.open_slot, PyList_New(0)) &&
    keep(x.prefixes_slot, PyDict_New()) &&
    keep(x.entities_slot, PyDict_New()) &&
    keep(x.parameters_slot, PyDict_New()) &&
    keep(x.attributes_slot, PyDict_New());
  if (good && (separator < 0 || bindXml(x) == 0)) return self;
  Py.DECREF(self);
  return 0;
}

/** Binds the prefix that is bound from the beginning: 0, or -1 with an exception. */
function bindXml(x: xmlparser): i32 {
  const context = PyUnicode_FromLiteral("xml=http://www.w3.org/XML/1998/namespace");
  if (context == 0) return -1;
  const status = takeContext(x, context);
  Py.DECREF(context);
  return status;
}

/** Sets the exception of an error at the current event; returns null. */
export function raiseError(x: xmlparser, code: i32): usize {
  locate(x, x.event);
  const reason = textOfCode(code);
  const text = reason == 0 ? 0 : PyUnicode_FromFormat("%U: line %d, column %d", reason, x.line + 1, x.column);
  Py.XDECREF(reason);
  const exc = text == 0 ? 0 : PyObject_CallOneArg(pyexpatRoots.error, text);
  Py.XDECREF(text);
  if (exc == 0) return 0;
  const good =
    setNumber(exc, "code", code) && setNumber(exc, "offset", x.column) && setNumber(exc, "lineno", x.line + 1);
  if (good) PyErr_SetObject(pyexpatRoots.error, exc);
  Py.DECREF(exc);
  return 0;
}

function setNumber(exc: usize, name: string, value: i64): bool {
  const key = PyUnicode_InternLiteral(name);
  const v = key == 0 ? 0 : PyLong_FromLongLong(value);
  const status = v == 0 ? -1 : PyObject_SetAttr(exc, key, v);
  Py.XDECREF(v);
  Py.XDECREF(key);
  return status == 0;
}

/** Goes on with the input that there is: an error's code. */
function process(x: xmlparser): i32 {
  const more = x.final == 0;
  let status = NO_ERROR;
  while (true) {
    const p = x.input + x.start;
    const end = x.input + x.end;
    if (x.state == CONTENT) {
      status = content(x, p, end, more, true, x.is_entity == GENERAL ? 1 : 0);
      if (status == DOCUMENT_ENDED) {
        x.state = EPILOG;
        status = NO_ERROR;
        x.start = <i32>(x.next - x.input);
        continue;
      }
      break;
    }
    const before = x.state;
    status = prolog(x, p, end, more, true);
    if (status == NO_ERROR && x.bad_encoding != 0) {
      x.start = <i32>(x.next - x.input);
      if (useDeclared(x) < 0) return ABORTED;
      continue;
    }
    if (status != NO_ERROR || x.state != CONTENT || before == CONTENT) break;
    x.start = <i32>(x.next - x.input);
  }
  if (status == NO_ERROR) x.start = <i32>(x.next - x.input);
  return status;
}

/** Begins an external general entity, whose declaration may come first: an error's code. */
function processGeneral(x: xmlparser): i32 {
  const n = x.end - x.start;
  const p = x.input + x.start;
  const short = n < 6 && x.final == 0;
  if (short && (n == 0 || load<u8>(p) == 0x3c)) return NO_ERROR;
  const declared =
    n >= 6 && load<u32>(p) == 0x6d783f3c && load<u8>(p + 4) == 0x6c && (load<u8>(p + 5) == 32 || load<u8>(p + 5) == 10);
  if (declared) {
    let q = p;
    while (q + 1 < p + n && !(load<u8>(q) == 0x3f && load<u8>(q + 1) == 0x3e)) q++;
    if (q + 1 >= p + n && x.final == 0) return NO_ERROR;
    const status = prolog(x, p, min(q + 2, p + n), false, true);
    if (status != NO_ERROR) return status;
    x.start = <i32>(x.next - x.input);
  }
  x.state = CONTENT;
  return process(x);
}

/** Parses bytes more: an error's code. ABORTED where an exception is set. */
function feed(x: xmlparser, p: usize, n: isize, final: bool): i32 {
  if (x.final != 0 || x.stopped != 0) return FINISHED;
  if (x.error != NO_ERROR) return x.error;
  x.started = 1;
  if (addInput(x, p, n, final) < 0) return ABORTED;
  const left = x.end - x.start + (x.raw != 0 ? <i32>Py.SIZE(x.raw) : 0);
  if (x.encoding == 0 && !final) {
    x.partial = left;
    return NO_ERROR;
  }
  // A token that was not complete is tried again when there is much more of it.
  if (xmlparseobject.at(x.owner).reparse_deferral_enabled != 0 && !final && left < 2 * x.partial) return NO_ERROR;
  const before = x.start;
  x.parsing = 1;
  x.final = final ? 1 : 0;
  const general = x.is_entity == GENERAL && x.state != CONTENT;
  const status = general ? processGeneral(x) : process(x);
  x.parsing = 0;
  // After an error the same is told again; after the end, that it is over.
  x.error = status;
  x.final = final && status == NO_ERROR ? 1 : 0;
  x.partial = status == NO_ERROR && x.start == before ? left : 0;
  return status;
}

/** What Parse returns after feed(): a new reference. */
function result(x: xmlparser, status: i32): usize {
  if (PyErr_Occurred() != 0) return 0;
  if (status != NO_ERROR) return raiseError(x, status);
  return flushText(x) ? PyLong_FromLong(1) : 0;
}

/** Whether parsing has begun and is not over. */
function isParsing(x: xmlparser): bool {
  return x.started != 0 && x.final == 0 && x.stopped == 0;
}

/** Whether the parser may be used to parse; otherwise an exception is set. */
function isIdle(x: xmlparser): bool {
  if (x.parsing == 0) return true;
  PyErr_SetString(PyExc_RuntimeError, "the parser is parsing");
  return false;
}

/**
 * @native pyexpat.xmlparser.Parse($self, data, isfinal=False, /)
 *
 * Parses a piece of a document.
 *
 * isfinal says that it is the last.
 */
export function xmlparse_Parse(self: usize, data: usize, isfinal: bool): usize {
  const x = xmlparser.at(xmlparseobject.at(self).itself);
  let view: usize = 0;
  let p: usize;
  let n: isize;
  if (Py.check(data, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    p = PyUnicode_AsUTF8(data);
    if (p == 0) return 0;
    n = PyUnicode_UTF8Length(data);
    if (x.started == 0) {
      const name = PyUnicode_FromLiteral("utf-8");
      if (name == 0) return 0;
      Py.SETREF(x.given_slot, name);
    }
  } else {
    view = Buffer.open(data);
    if (view == 0) return 0;
    p = Buffer.data(view);
    n = Buffer.length(view);
  }
  let status = NO_ERROR;
  if (isIdle(x)) {
    for (; n > CHUNK_MAX && status == NO_ERROR; n -= CHUNK_MAX, p += CHUNK_MAX) status = feed(x, p, CHUNK_MAX, false);
    if (status == NO_ERROR) status = feed(x, p, n, isfinal);
  }
  if (view != 0) Buffer.close(view);
  return result(x, status);
}

/** Reads a piece of a file: a new bytes or bytearray, null with an exception. */
function readPiece(read: usize): usize {
  const size = PyLong_FromLong(<i32>READ_SIZE);
  const piece = size == 0 ? 0 : PyObject_CallOneArg(read, size);
  Py.XDECREF(size);
  if (piece == 0) return 0;
  if (!Py.check(piece, Py_TPFLAGS_BYTES_SUBCLASS) && !PyType_IsSubtype(Py.TYPE(piece), PyByteArray_Type)) {
    PyErr_Format(PyExc_TypeError, "read() did not return a bytes object (type=%.400t)", piece);
  } else if (Py.SIZE(piece) > READ_SIZE) {
    const message = "read() returned too much data: %d bytes requested, %d returned";
    PyErr_Format(PyExc_ValueError, message, READ_SIZE, Py.SIZE(piece));
  } else return piece;
  Py.DECREF(piece);
  return 0;
}

/**
 * @native pyexpat.xmlparser.ParseFile($self, file, /)
 *
 * Parses what a file gives to its end.
 */
export function xmlparse_ParseFile(self: usize, file: usize): usize {
  const x = xmlparser.at(xmlparseobject.at(self).itself);
  const name = PyUnicode_InternLiteral("read");
  const read = name == 0 ? 0 : PyObject_GetOptionalAttr(file, name);
  Py.XDECREF(name);
  if (read == 0) {
    return PyErr_Occurred() != 0 ? 0 : PyErr_SetString(PyExc_TypeError, "argument must have 'read' attribute");
  }
  let status = NO_ERROR;
  let last = false;
  while (status == NO_ERROR && !last) {
    const piece = isIdle(x) ? readPiece(read) : 0;
    const view = piece == 0 ? 0 : Buffer.open(piece);
    if (view != 0 && isIdle(x)) {
      last = Buffer.length(view) == 0;
      status = feed(x, Buffer.data(view), Buffer.length(view), last);
    }
    if (view != 0) Buffer.close(view);
    Py.XDECREF(piece);
    if (PyErr_Occurred() != 0) break;
  }
  Py.DECREF(read);
  return result(x, status);
}

/**
 * @native pyexpat.xmlparser.SetBase($self, base, /)
 *
 * Sets what relative identifiers relate to.
 */
export function xmlparse_SetBase(self: usize, base: usize): usize {
  if (!utf8Argument(base, "SetBase", "argument")) return 0;
  Py.SETREF(xmlparser.at(xmlparseobject.at(self).itself).base_slot, Py.NewRef(base));
  return _Py_NoneStruct;
}

/**
 * @native pyexpat.xmlparser.GetBase($self, /)
 *
 * What relative identifiers relate to.
 */
export function xmlparse_GetBase(self: usize): usize {
  const base = xmlparser.at(xmlparseobject.at(self).itself).base;
  return base == 0 ? _Py_NoneStruct : Py.NewRef(base);
}

/**
 * @native pyexpat.xmlparser.GetInputContext($self, /)
 *
 * The input from the current event on, as far as it has come, as it was given.
 *
 * Outside of a handler it is None. It may be longer than what the event is about, and shorter where that is long.
 */
export function xmlparse_GetInputContext(self: usize): usize {
  if (xmlparseobject.at(self).in_callback == 0) return _Py_NoneStruct;
  const x = xmlparser.at(xmlparseobject.at(self).itself);
  return PyBytes_FromStringAndSize(x.input + x.event, x.end - x.event);
}

/** Gives a parser for an external entity what it has from the one that refers to it: 0, or -1 with an exception. */
function inherit(x: xmlparser, from: xmlparser, context: usize): i32 {
  x.is_entity = context == _Py_NoneStruct ? PARAMETER : GENERAL;
  x.base = Py.XNewRef(from.base);
  x.triplets = from.triplets;
  x.standalone = from.standalone;
  x.has_external = from.has_external;
  x.keep_processing = from.keep_processing;
  x.param_parsing = from.param_parsing;
  x.expands = from.expands;
  x.default_handler = from.default_handler;
  x.expanded = from.expanded;
  x.direct = from.direct;
  if (x.is_entity == PARAMETER) {
    // Declarations are made in common.
    Py.SETREF(x.entities_slot, Py.NewRef(from.entities));
    Py.SETREF(x.parameters_slot, Py.NewRef(from.parameters));
    Py.SETREF(x.attributes_slot, Py.NewRef(from.attributes));
    from.entity_read = 1;
    return 0;
  }
  const entities = PyDict_Copy(from.entities);
  Py.SETREF(x.entities_slot, entities);
  const attributes = PyDict_Copy(from.attributes);
  Py.SETREF(x.attributes_slot, attributes);
  x.depth = 1;
  return entities == 0 || attributes == 0 ? -1 : takeContext(x, context);
}

/**
 * @native pyexpat.xmlparser.ExternalEntityParserCreate($self, context, encoding=<unrepresentable>, /)
 *
 * A parser for an external entity, of the context that the handler of such was told.
 */
export function xmlparse_ExternalEntityParserCreate(self: usize, context: usize, encoding: usize): usize {
  const fname = "ExternalEntityParserCreate";
  if (context != _Py_NoneStruct && !utf8Argument(context, fname, "argument 1", "str or None")) return 0;
  if (encoding != 0 && !utf8Argument(encoding, fname, "argument 2")) return 0;
  const old = xmlparseobject.at(self);
  const from = xmlparser.at(old.itself);
  const child = newParser(encoding, from.separator, old.intern);
  if (child == 0) return 0;
  const o = xmlparseobject.at(child);
  o.buffer_size = old.buffer_size;
  o.ordered_attributes = old.ordered_attributes;
  o.specified_attributes = old.specified_attributes;
  o.ns_prefixes = old.ns_prefixes;
  o.reparse_deferral_enabled = old.reparse_deferral_enabled;
  if (old.buffer != 0) {
    o.buffer = PyMem_Malloc(o.buffer_size);
    if (o.buffer == 0) PyErr_NoMemory();
  }
  if ((old.buffer != 0 && o.buffer == 0) || inherit(xmlparser.at(o.itself), from, context) < 0) {
    Py.DECREF(child);
    return 0;
  }
  for (let i: usize = 0; i < SIZEOF_xmlhandlers; i += 8) {
    store<u64>(o.handlers + i, Py.XNewRef(load<u32>(old.handlers + i)));
  }
  return child;
}

/**
 * @native pyexpat.xmlparser.SetParamEntityParsing($self, flag, /)
 *
 * Sets whether external entities of declarations are read, the external subset among them.
 *
 * flag is XML_PARAM_ENTITY_PARSING_NEVER, XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE or XML_PARAM_ENTITY_PARSING_ALWAYS. The result says whether that was done.
 */
export function xmlparse_SetParamEntityParsing(self: usize, flag: i32): usize {
  const x = xmlparser.at(xmlparseobject.at(self).itself);
  if (isParsing(x)) return PyLong_FromLong(0);
  x.param_parsing = <u8>flag;
  return PyLong_FromLong(1);
}

/**
 * @native pyexpat.xmlparser.UseForeignDTD($self, flag=True, /)
 *
 * Lets the program provide an external subset for documents that have none.
 *
 * The handler of external entities is asked for it then, as for any other. Without the flag that is as it was before.
 */
export function xmlparse_UseForeignDTD(self: usize, flag: bool): usize {
  const x = xmlparser.at(xmlparseobject.at(self).itself);
  if (isParsing(x)) return raiseError(x, CANT_CHANGE_FEATURE_ONCE_PARSING);
  x.foreign_dtd = flag ? 1 : 0;
  return _Py_NoneStruct;
}

/**
 * @native pyexpat.xmlparser.SetReparseDeferralEnabled($self, enabled, /)
 *
 * Sets whether tokens that are not complete wait for much more input.
 */
export function xmlparse_SetReparseDeferralEnabled(self: usize, enabled: bool): usize {
  xmlparseobject.at(self).reparse_deferral_enabled = enabled ? 1 : 0;
  return _Py_NoneStruct;
}

/**
 * @native pyexpat.xmlparser.GetReparseDeferralEnabled($self, /)
 *
 * Whether tokens that are not complete wait for much more input.
 */
export function xmlparse_GetReparseDeferralEnabled(self: usize): usize {
  return boolObject(xmlparseobject.at(self).reparse_deferral_enabled != 0);
}

function xmlparse_traverse(self: usize, visit: u32, arg: usize): i32 {
  const handlers = xmlparseobject.at(self).handlers;
  if (handlers != 0) {
    const r = xmlhandlers_traverse(handlers, visit, arg);
    if (r != 0) return r;
  }
  return xmlparseobject_traverse(self, visit, arg);
}

function xmlparse_clear(self: usize): i32 {
  if (xmlparseobject.at(self).handlers != 0) xmlhandlers_clear(xmlparseobject.at(self).handlers);
  xmlparseobject_clear(self);
  return 0;
}

function xmlparse_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  xmlparse_clear(self);
  const o = xmlparseobject.at(self);
  if (o.itself != 0) {
    xmlparser_clear(o.itself);
    PyMem_Free(xmlparser.at(o.itself).input);
    PyMem_Free(o.itself);
  }
  PyMem_Free(o.handlers);
  PyMem_Free(o.buffer);
  PyObject_GC_Del(self);
}

/**
 * @type pyexpat.xmlparser
 *
 * Parses XML
 *
 * @member pyexpat.xmlparser.intern = xmlparseobject.intern readonly
 */

/** Makes the type: 0, or -1 with an exception. */
export function initParserType(): i32 {
  collectedType(
    PyXMLParser_Type,
    SIZEOF_xmlparseobject,
    xmlparse_dealloc.index,
    xmlparse_traverse.index,
    xmlparse_clear.index,
    Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
  );
  return PyType_Ready(PyXMLParser_Type);
}
