// The attributes of a parser object: handlers, switches, places (the getset tables of CPython 3.13's Modules/pyexpat.c).

import { Py_TPFLAGS_LONG_SUBCLASS } from "../../generated/constants";
import {
  xmlhandlers_CharacterData,
  xmlhandlers_Default,
  xmlhandlers_DefaultExpand,
  xmlparseobject,
  xmlparser,
} from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_RuntimeError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_Occurred } from "../../objects/errors/raise";
import { boolObject } from "../../objects/numbers/bool";
import { PyLong_AsLongLong, PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { flushText } from "./events";
import { locate } from "./input";

function stateOf(self: usize): xmlparser {
  return xmlparser.at(xmlparseobject.at(self).itself);
}

/**
 * @getter pyexpat.xmlparser.StartElementHandler [xmlhandlers.StartElement]
 * @getter pyexpat.xmlparser.EndElementHandler [xmlhandlers.EndElement]
 * @getter pyexpat.xmlparser.ProcessingInstructionHandler [xmlhandlers.ProcessingInstruction]
 * @getter pyexpat.xmlparser.CharacterDataHandler [xmlhandlers.CharacterData]
 * @getter pyexpat.xmlparser.UnparsedEntityDeclHandler [xmlhandlers.UnparsedEntityDecl]
 * @getter pyexpat.xmlparser.NotationDeclHandler [xmlhandlers.NotationDecl]
 * @getter pyexpat.xmlparser.StartNamespaceDeclHandler [xmlhandlers.StartNamespaceDecl]
 * @getter pyexpat.xmlparser.EndNamespaceDeclHandler [xmlhandlers.EndNamespaceDecl]
 * @getter pyexpat.xmlparser.CommentHandler [xmlhandlers.Comment]
 * @getter pyexpat.xmlparser.StartCdataSectionHandler [xmlhandlers.StartCdataSection]
 * @getter pyexpat.xmlparser.EndCdataSectionHandler [xmlhandlers.EndCdataSection]
 * @getter pyexpat.xmlparser.DefaultHandler [xmlhandlers.Default]
 * @getter pyexpat.xmlparser.DefaultHandlerExpand [xmlhandlers.DefaultExpand]
 * @getter pyexpat.xmlparser.NotStandaloneHandler [xmlhandlers.NotStandalone]
 * @getter pyexpat.xmlparser.ExternalEntityRefHandler [xmlhandlers.ExternalEntityRef]
 * @getter pyexpat.xmlparser.StartDoctypeDeclHandler [xmlhandlers.StartDoctypeDecl]
 * @getter pyexpat.xmlparser.EndDoctypeDeclHandler [xmlhandlers.EndDoctypeDecl]
 * @getter pyexpat.xmlparser.EntityDeclHandler [xmlhandlers.EntityDecl]
 * @getter pyexpat.xmlparser.XmlDeclHandler [xmlhandlers.XmlDecl]
 * @getter pyexpat.xmlparser.ElementDeclHandler [xmlhandlers.ElementDecl]
 * @getter pyexpat.xmlparser.AttlistDeclHandler [xmlhandlers.AttlistDecl]
 * @getter pyexpat.xmlparser.SkippedEntityHandler [xmlhandlers.SkippedEntity]
 */
export function xmlparse_get_handler(self: usize, closure: usize): usize {
  const handler: usize = load<u32>(xmlparseobject.at(self).handlers + closure);
  return handler == 0 ? _Py_NoneStruct : Py.NewRef(handler);
}

/**
 * @setter pyexpat.xmlparser.StartElementHandler [xmlhandlers.StartElement]
 * @setter pyexpat.xmlparser.EndElementHandler [xmlhandlers.EndElement]
 * @setter pyexpat.xmlparser.ProcessingInstructionHandler [xmlhandlers.ProcessingInstruction]
 * @setter pyexpat.xmlparser.CharacterDataHandler [xmlhandlers.CharacterData]
 * @setter pyexpat.xmlparser.UnparsedEntityDeclHandler [xmlhandlers.UnparsedEntityDecl]
 * @setter pyexpat.xmlparser.NotationDeclHandler [xmlhandlers.NotationDecl]
 * @setter pyexpat.xmlparser.StartNamespaceDeclHandler [xmlhandlers.StartNamespaceDecl]
 * @setter pyexpat.xmlparser.EndNamespaceDeclHandler [xmlhandlers.EndNamespaceDecl]
 * @setter pyexpat.xmlparser.CommentHandler [xmlhandlers.Comment]
 * @setter pyexpat.xmlparser.StartCdataSectionHandler [xmlhandlers.StartCdataSection]
 * @setter pyexpat.xmlparser.EndCdataSectionHandler [xmlhandlers.EndCdataSection]
 * @setter pyexpat.xmlparser.DefaultHandler [xmlhandlers.Default]
 * @setter pyexpat.xmlparser.DefaultHandlerExpand [xmlhandlers.DefaultExpand]
 * @setter pyexpat.xmlparser.NotStandaloneHandler [xmlhandlers.NotStandalone]
 * @setter pyexpat.xmlparser.ExternalEntityRefHandler [xmlhandlers.ExternalEntityRef]
 * @setter pyexpat.xmlparser.StartDoctypeDeclHandler [xmlhandlers.StartDoctypeDecl]
 * @setter pyexpat.xmlparser.EndDoctypeDeclHandler [xmlhandlers.EndDoctypeDecl]
 * @setter pyexpat.xmlparser.EntityDeclHandler [xmlhandlers.EntityDecl]
 * @setter pyexpat.xmlparser.XmlDeclHandler [xmlhandlers.XmlDecl]
 * @setter pyexpat.xmlparser.ElementDeclHandler [xmlhandlers.ElementDecl]
 * @setter pyexpat.xmlparser.AttlistDeclHandler [xmlhandlers.AttlistDecl]
 * @setter pyexpat.xmlparser.SkippedEntityHandler [xmlhandlers.SkippedEntity]
 */
export function xmlparse_set_handler(self: usize, value: usize, closure: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_RuntimeError, "Cannot delete attribute");
  const x = stateOf(self);
  // What was collected is for the old handler.
  if (closure == xmlhandlers_CharacterData && !flushText(x)) return -1;
  if (closure == xmlhandlers_Default || closure == xmlhandlers_DefaultExpand) {
    x.default_handler = <i32>closure;
    x.expands = closure == xmlhandlers_DefaultExpand ? 1 : 0;
  }
  const slot = xmlparseobject.at(self).handlers + closure;
  Py.SETREF(slot, value == _Py_NoneStruct ? 0 : Py.NewRef(value));
  return 0;
}

/** What is at the current event: counts up to it. */
function here(self: usize): xmlparser {
  const x = stateOf(self);
  locate(x, x.event);
  return x;
}

/**
 * @getter pyexpat.xmlparser.ErrorLineNumber
 * @getter pyexpat.xmlparser.CurrentLineNumber
 */
export function xmlparse_get_line(self: usize): usize {
  return PyLong_FromLongLong(here(self).line + 1);
}

/**
 * @getter pyexpat.xmlparser.ErrorColumnNumber
 * @getter pyexpat.xmlparser.CurrentColumnNumber
 */
export function xmlparse_get_column(self: usize): usize {
  return PyLong_FromLongLong(here(self).column);
}

/**
 * @getter pyexpat.xmlparser.ErrorByteIndex
 * @getter pyexpat.xmlparser.CurrentByteIndex
 */
export function xmlparse_get_index(self: usize): usize {
  const x = here(self);
  return PyLong_FromLongLong(x.started != 0 ? x.index : -1);
}

/**
 * @getter pyexpat.xmlparser.ErrorCode
 */
export function xmlparse_get_error(self: usize): usize {
  return PyLong_FromLong(stateOf(self).error);
}

/** Whether a switch is to be on: -1 with an exception. */
function truthOf(value: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_RuntimeError, "Cannot delete attribute");
  return PyObject_IsTrue(value);
}

/**
 * @getter pyexpat.xmlparser.buffer_text
 */
export function xmlparse_get_buffer_text(self: usize): usize {
  return boolObject(xmlparseobject.at(self).buffer != 0);
}

/**
 * @setter pyexpat.xmlparser.buffer_text
 */
export function xmlparse_set_buffer_text(self: usize, value: usize): i32 {
  const on = truthOf(value);
  if (on < 0) return -1;
  const o = xmlparseobject.at(self);
  if (on > 0) return o.buffer == 0 ? newBuffer(self, o.buffer_size) : 0;
  if (o.buffer == 0) return 0;
  if (!flushText(stateOf(self))) return -1;
  const old = o.buffer;
  o.buffer = 0;
  PyMem_Free(old);
  return 0;
}

/** Gives the parser a buffer for text in the place of what it has: 0, or -1 with MemoryError. */
function newBuffer(self: usize, size: i32): i32 {
  const buffer = PyMem_Malloc(size);
  if (buffer == 0) {
    PyErr_NoMemory();
    return -1;
  }
  const o = xmlparseobject.at(self);
  const old = o.buffer;
  o.buffer = buffer;
  o.buffer_size = size;
  o.buffer_used = 0;
  PyMem_Free(old);
  return 0;
}

/**
 * @getter pyexpat.xmlparser.buffer_size
 */
export function xmlparse_get_buffer_size(self: usize): usize {
  return PyLong_FromLong(xmlparseobject.at(self).buffer_size);
}

/**
 * @setter pyexpat.xmlparser.buffer_size
 */
export function xmlparse_set_buffer_size(self: usize, value: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_RuntimeError, "Cannot delete attribute");
  if (!Py.check(value, Py_TPFLAGS_LONG_SUBCLASS)) return PyErr_Fail(PyExc_TypeError, "buffer_size must be an integer");
  const size = PyLong_AsLongLong(value);
  if (size <= 0) {
    return PyErr_Occurred() != 0 ? -1 : PyErr_Fail(PyExc_ValueError, "buffer_size must be greater than zero");
  }
  const o = xmlparseobject.at(self);
  if (size == o.buffer_size) return 0;
  if (size > i32.MAX_VALUE) {
    PyErr_Format(PyExc_ValueError, "buffer_size must not be greater than %d", i32.MAX_VALUE);
    return -1;
  }
  if (o.buffer != 0 && !flushText(stateOf(self))) return -1;
  return newBuffer(self, <i32>size);
}

/**
 * @getter pyexpat.xmlparser.buffer_used
 */
export function xmlparse_get_buffer_used(self: usize): usize {
  return PyLong_FromLong(xmlparseobject.at(self).buffer_used);
}

/**
 * @getter pyexpat.xmlparser.namespace_prefixes
 */
export function xmlparse_get_namespace_prefixes(self: usize): usize {
  return boolObject(xmlparseobject.at(self).ns_prefixes != 0);
}

/**
 * @setter pyexpat.xmlparser.namespace_prefixes
 */
export function xmlparse_set_namespace_prefixes(self: usize, value: usize): i32 {
  const on = truthOf(value);
  if (on < 0) return -1;
  xmlparseobject.at(self).ns_prefixes = on;
  const x = stateOf(self);
  // Not while something is parsed already.
  if (x.started == 0) x.triplets = <u8>on;
  return 0;
}

/**
 * @getter pyexpat.xmlparser.ordered_attributes
 */
export function xmlparse_get_ordered_attributes(self: usize): usize {
  return boolObject(xmlparseobject.at(self).ordered_attributes != 0);
}

/**
 * @setter pyexpat.xmlparser.ordered_attributes
 */
export function xmlparse_set_ordered_attributes(self: usize, value: usize): i32 {
  const on = truthOf(value);
  if (on >= 0) xmlparseobject.at(self).ordered_attributes = on;
  return on < 0 ? -1 : 0;
}

/**
 * @getter pyexpat.xmlparser.specified_attributes
 */
export function xmlparse_get_specified_attributes(self: usize): usize {
  return boolObject(xmlparseobject.at(self).specified_attributes != 0);
}

/**
 * @setter pyexpat.xmlparser.specified_attributes
 */
export function xmlparse_set_specified_attributes(self: usize, value: usize): i32 {
  const on = truthOf(value);
  if (on >= 0) xmlparseobject.at(self).specified_attributes = on;
  return on < 0 ? -1 : 0;
}
