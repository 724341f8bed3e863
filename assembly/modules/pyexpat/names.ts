// Names in namespaces: which prefix is bound to what, and what a name is called then (addBinding, storeAtts and getContext of
// expat's xmlparse.c).
//
// `prefixes` has the namespace of each prefix that is bound ("" the default one), `bindings` what the open elements have bound
// it to before.

import { xmlhandlers_EndNamespaceDecl, xmlhandlers_StartNamespaceDecl, xmlparser } from "../../generated/layouts";
import { _Py_NoneStruct, empty_string } from "../../generated/statics";
import {
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_KeyAt,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_ValueAt,
} from "../../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, List, PyList_SetSlice } from "../../objects/containers/list/list";
import { PyErr_Occurred } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_Substring } from "../../objects/text/concat";
import { findCharacter } from "../../objects/text/find";
import { Writer, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import {
  ABORTED,
  NO_ERROR,
  RESERVED_NAMESPACE_URI,
  RESERVED_PREFIX_XML,
  RESERVED_PREFIX_XMLNS,
  UNBOUND_PREFIX,
  UNDECLARING_PREFIX,
} from "./errors";
import { handlerOf, interned, orNone, tell1, tell2 } from "./events";

const XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE = "http://www.w3.org/2000/xmlns/";

/** Where the colon in a name is, -1 where there is none. */
function colonOf(name: usize): isize {
  return findCharacter(U.kind(name), U.data(name), 0, U.length(name), 0x3a);
}

/** The prefix that an attribute binds, a new str, "" for the default namespace; null where it binds none, or an exception. */
export function boundPrefix(x: xmlparser, name: usize): usize {
  if (x.separator < 0) return 0;
  if (PyUnicode_EqualToLiteral(name, "xmlns")) return empty_string;
  if (colonOf(name) != 5) return 0;
  const head = PyUnicode_Substring(name, 0, 5);
  if (head == 0) return 0;
  const binds = PyUnicode_EqualToLiteral(head, "xmlns");
  Py.DECREF(head);
  return binds ? PyUnicode_Substring(name, 6, U.length(name)) : 0;
}

/** Whether a binding is one that may be: an error's code. */
function checkBinding(prefix: usize, uri: usize): i32 {
  const isXml = PyUnicode_EqualToLiteral(prefix, "xml");
  if (U.length(uri) == 0 && U.length(prefix) != 0) return isXml ? RESERVED_PREFIX_XML : UNDECLARING_PREFIX;
  if (PyUnicode_EqualToLiteral(prefix, "xmlns")) return RESERVED_PREFIX_XMLNS;
  if (isXml != PyUnicode_EqualToLiteral(uri, XML_NAMESPACE))
    return isXml ? RESERVED_PREFIX_XML : RESERVED_NAMESPACE_URI;
  return PyUnicode_EqualToLiteral(uri, XMLNS_NAMESPACE) ? RESERVED_NAMESPACE_URI : NO_ERROR;
}

/** Sets what a prefix is bound to, null for nothing: 0, or -1 with an exception. */
function setPrefix(x: xmlparser, prefix: usize, uri: usize): i32 {
  if (uri != 0) return PyDict_SetItem(x.prefixes, prefix, uri);
  const known = PyDict_GetItemWithError(x.prefixes, prefix);
  if (known != 0) return PyDict_DelItem(x.prefixes, prefix);
  return PyErr_Occurred() != 0 ? -1 : 0;
}

/** Binds a prefix to a namespace for the element that begins: an error's code. */
export function addBinding(x: xmlparser, prefix: usize, uri: usize): i32 {
  const bad = checkBinding(prefix, uri);
  if (bad != NO_ERROR) return bad;
  const old = PyDict_GetItemWithError(x.prefixes, prefix);
  if (old == 0 && PyErr_Occurred() != 0) return ABORTED;
  if (_PyList_AppendTakeRef(x.bindings, Py.NewRef(prefix)) < 0) return ABORTED;
  if (_PyList_AppendTakeRef(x.bindings, orNone(old)) < 0) return ABORTED;
  const empty = U.length(uri) == 0;
  if (setPrefix(x, prefix, empty ? 0 : uri) < 0) return ABORTED;
  if (handlerOf(x, xmlhandlers_StartNamespaceDecl) == 0) return NO_ERROR;
  const name = U.length(prefix) == 0 ? _Py_NoneStruct : interned(x, Py.NewRef(prefix));
  // The empty namespace is told as None, too.
  const text = empty ? _Py_NoneStruct : interned(x, Py.NewRef(uri));
  return tell2(x, xmlhandlers_StartNamespaceDecl, name, text) ? NO_ERROR : ABORTED;
}

/** Undoes the last `n` bindings: an error's code. */
export function dropBindings(x: xmlparser, n: isize): i32 {
  for (; n > 0; n--) {
    const size = List.size(x.bindings);
    const prefix = Py.NewRef(List.get(x.bindings, size - 2));
    const old = Py.NewRef(List.get(x.bindings, size - 1));
    let good: bool = PyList_SetSlice(x.bindings, size - 2, size, 0) == 0;
    if (good) good = setPrefix(x, prefix, old == _Py_NoneStruct ? 0 : old) == 0;
    if (good && handlerOf(x, xmlhandlers_EndNamespaceDecl) != 0) {
      const name = U.length(prefix) == 0 ? _Py_NoneStruct : interned(x, Py.NewRef(prefix));
      good = tell1(x, xmlhandlers_EndNamespaceDecl, name);
    }
    Py.DECREF(prefix);
    Py.DECREF(old);
    if (!good) return ABORTED;
  }
  return NO_ERROR;
}

/**
 * A name with its namespace, a new str, in the slot at `out`: an error's code. A name without a prefix is in the default
 * namespace where `isElement`.
 */
export function expandName(x: xmlparser, name: usize, isElement: bool, out: usize): i32 {
  store<u64>(out, 0);
  const colon = x.separator < 0 ? -1 : colonOf(name);
  if (x.separator < 0 || (colon < 0 && !isElement)) {
    store<u64>(out, Py.NewRef(name));
    return NO_ERROR;
  }
  const prefix = colon < 0 ? empty_string : PyUnicode_Substring(name, 0, colon);
  if (prefix == 0) return ABORTED;
  const uri = PyDict_GetItemWithError(x.prefixes, prefix);
  if (uri == 0) {
    Py.DECREF(prefix);
    if (PyErr_Occurred() != 0) return ABORTED;
    if (colon >= 0) return UNBOUND_PREFIX;
    store<u64>(out, Py.NewRef(name));
    return NO_ERROR;
  }
  const w = Writer.begin();
  const local = PyUnicode_Substring(name, colon + 1, U.length(name));
  let status = local == 0 ? -1 : writeStr(w, uri);
  if (status == 0 && x.separator != 0) status = Writer.char(w, x.separator);
  if (status == 0) status = writeStr(w, local);
  if (status == 0 && x.triplets != 0 && colon >= 0) {
    if (x.separator != 0) status = Writer.char(w, x.separator);
    if (status == 0) status = writeStr(w, prefix);
  }
  Py.XDECREF(local);
  Py.DECREF(prefix);
  const r = interned(x, status < 0 ? writerDiscard(w) : writerFinish(w));
  store<u64>(out, r);
  return r == 0 ? ABORTED : NO_ERROR;
}

/** What an external entity is parsed with: the bindings and the open entities as a text. New, null with MemoryError. */
export function contextText(x: xmlparser): usize {
  const w = Writer.begin();
  let status = 0;
  let first = true;
  for (let pos = PyDict_Next(x.prefixes, 0); pos != 0 && status == 0; pos = PyDict_Next(x.prefixes, pos)) {
    if (!first) status = Writer.char(w, 12);
    first = false;
    if (status == 0) status = writeStr(w, PyDict_KeyAt(x.prefixes, pos));
    if (status == 0) status = Writer.char(w, 0x3d);
    if (status == 0) status = writeStr(w, PyDict_ValueAt(x.prefixes, pos));
  }
  for (let i: isize = 0; i < List.size(x.open) && status == 0; i++) {
    if (!first) status = Writer.char(w, 12);
    first = false;
    if (status == 0) status = writeStr(w, List.get(x.open, i));
  }
  return status < 0 ? writerDiscard(w) : writerFinish(w);
}

/** The inverse of contextText: 0, or -1 with an exception. */
export function takeContext(x: xmlparser, context: usize): i32 {
  const n = U.length(context);
  for (let i: isize = 0; i < n; ) {
    let end = findCharacter(U.kind(context), U.data(context), i, n, 12);
    if (end < 0) end = n;
    const equals = findCharacter(U.kind(context), U.data(context), i, end, 0x3d);
    const name = PyUnicode_Substring(context, i, equals < 0 ? end : equals);
    if (name == 0) return -1;
    if (equals < 0) {
      if (_PyList_AppendTakeRef(x.open, name) < 0) return -1;
    } else {
      const uri = PyUnicode_Substring(context, equals + 1, end);
      const status = uri == 0 ? -1 : PyDict_SetItem(x.prefixes, name, uri);
      Py.XDECREF(uri);
      Py.DECREF(name);
      if (status < 0) return -1;
    }
    i = end + 1;
  }
  return 0;
}
