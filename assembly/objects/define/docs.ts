// Where the texts of `__doc__` and `__text_signature__` come from (the doc part of CPython 3.13's
// Objects/typeobject.c). A C string "NAME(SIGNATURE)\n--\n\nTEXT", or the text alone, stands in the structures where
// CPython has it: PyMethodDef.ml_doc, PyGetSetDef.doc, PyMemberDef.doc, tp_doc, a row of the slotdefs. A str is made of
// it at each access.
//
// The strings are static data, generated from spec/docs.txt, a block for each owner (a type, a module, or what all
// types share). A block is a row of entries, ended by a zero byte:
//
//   u8 n   name, n - 1 bytes and a NUL   u16 m   text, m - 1 bytes and a NUL (m is 0: there is none)
//
// The first entry is the owner's own text, under an empty name. The others stand in the order in which the owner's
// tables are written, so that following a table from where the last name was found passes over a block once.

import { docBlocks, moduleDocNames, moduleDocs, sharedDocs, typeDocs } from "../../generated/docs";
import {
  PyTypeObject,
  SIZEOF_PyGetSetDef,
  SIZEOF_PyMemberDef,
  SIZEOF_PyMethodDef,
  SIZEOF_PyTypeObject,
} from "../../generated/layouts";
import { STATIC_TYPES_ADDRESS } from "../../generated/runtime";
import { _Py_NoneStruct, STATIC_TYPE_COUNT } from "../../generated/statics";
import { PyUnicode_FromLiteral, PyUnicode_FromString, PyUnicode_FromStringAndSize } from "../text/create";
import { METH_CLASS, METH_COEXIST, METH_NOARGS, METH_O, METH_STATIC } from "./tables";

/** The entry after the one at `p`. */
function after(p: usize): usize {
  const m = p + 1 + <usize>load<u8>(p);
  return m + 2 + <usize>load<u16>(m);
}

/** The entry's text, or 0. */
export function textOf(p: usize): usize {
  const m = p + 1 + <usize>load<u8>(p);
  return load<u16>(m) == 0 ? 0 : m + 2;
}

function sameName(a: usize, b: usize): bool {
  while (load<u8>(a) == load<u8>(b)) {
    if (load<u8>(a) == 0) return true;
    a++;
    b++;
  }
  return false;
}

/** The entry for the C string in the block, looked for from `start` on and then from the beginning; 0: none. */
function findEntry(block: usize, start: usize, name: usize): usize {
  for (let p = start; load<u8>(p) != 0; p = after(p)) if (sameName(p + 1, name)) return p;
  for (let p = block; p != start; p = after(p)) if (sameName(p + 1, name)) return p;
  return 0;
}

/** Gives the entries of a table their texts: each is `size` bytes, its name at 0, the text's place at `docOffset`. */
function fill(block: usize, table: usize, size: usize, docOffset: usize): void {
  if (table == 0) return;
  let next = block;
  for (; load<u32>(table) != 0; table += size) {
    const p = findEntry(block, next, load<u32>(table));
    if (p == 0) continue;
    store<u64>(table + docOffset, textOf(p));
    next = after(p);
  }
}

/** Gives a built-in type, and the tables that define it, their texts. Before the type is readied. */
export function documentType(type: usize): void {
  const i = (type - STATIC_TYPES_ADDRESS) / SIZEOF_PyTypeObject;
  if (i >= <usize>STATIC_TYPE_COUNT) return;
  const offset = load<u32>(typeDocs + (i << 2));
  if (offset == 0) return;
  const block = docBlocks + <usize>offset;
  const t = PyTypeObject.at(type);
  t.tp_doc = textOf(block);
  fill(block, t.tp_methods, SIZEOF_PyMethodDef, 24);
  fill(block, t.tp_members, SIZEOF_PyMemberDef, 32);
  fill(block, t.tp_getset, SIZEOF_PyGetSetDef, 24);
}

/** The block of the native module whose name the C string is, or 0. */
function moduleBlock(name: usize): usize {
  let i: usize = 0;
  for (let p = moduleDocNames; load<u8>(p) != 0; i++) {
    if (sameName(p, name)) return docBlocks + <usize>load<u32>(moduleDocs + (i << 2));
    while (load<u8>(p) != 0) p++;
    p++;
  }
  return 0;
}

/** The text of the native module whose name the C string is, or 0. */
export function moduleDoc(name: usize): usize {
  const block = moduleBlock(name);
  return block == 0 ? 0 : textOf(block);
}

/** Gives a table of PyMethodDef of the module their texts. */
export function documentFunctions(module: usize, table: usize): void {
  const block = moduleBlock(module);
  if (block != 0) fill(block, table, SIZEOF_PyMethodDef, 24);
}

/**
 * The entry of what all types share under the C string, or 0, looked for after `previous`, an earlier answer (0: from
 * the beginning).
 */
export function sharedEntry(name: usize, previous: usize): usize {
  const block = docBlocks + <usize>sharedDocs;
  return findEntry(block, previous == 0 ? block : after(previous), name);
}

/** The text of what all types share under the C string, or 0. */
export function sharedDoc(name: usize): usize {
  const p = sharedEntry(name, 0);
  return p == 0 ? 0 : textOf(p);
}

/** Where the signature begins, its parenthesis, in a text for `name` (of which the part after the last dot counts). */
function findSignature(name: usize, doc: usize): usize {
  if (doc == 0) return 0;
  let last = name;
  for (let p = name; load<u8>(p) != 0; p++) if (load<u8>(p) == 0x2e) last = p + 1;
  while (load<u8>(last) != 0) {
    if (load<u8>(last) != load<u8>(doc)) return 0;
    last++;
    doc++;
  }
  return load<u8>(doc) == 0x28 ? doc : 0;
}

/** What follows the mark that ends a signature, ")\n--\n\n"; 0 where there is none in the first paragraph. */
function afterSignature(p: usize): usize {
  for (; load<u8>(p) != 0; p++) {
    const c = load<u8>(p);
    if (c == 0x29 && startsBody(p + 1)) return p + 6;
    if (c == 0x0a && load<u8>(p + 1) == 0x0a) return 0;
  }
  return 0;
}

/** Whether "\n--\n\n" begins at `p`. Nothing after a NUL is read. */
function startsBody(p: usize): bool {
  return (
    load<u8>(p) == 0x0a &&
    load<u8>(p + 1) == 0x2d &&
    load<u8>(p + 2) == 0x2d &&
    load<u8>(p + 3) == 0x0a &&
    load<u8>(p + 4) == 0x0a
  );
}

/** The text without the signature: an address in `doc`, which may be null. */
export function docWithoutSignature(name: usize, doc: usize): usize {
  const signature = findSignature(name, doc);
  const body = signature == 0 ? 0 : afterSignature(signature);
  return body == 0 ? doc : body;
}

/** `__doc__` of what bears the name: a new str, or None where there is no text. Null with MemoryError. */
export function docObject(name: usize, doc: usize): usize {
  const body = docWithoutSignature(name, doc);
  return body == 0 || load<u8>(body) == 0 ? _Py_NoneStruct : PyUnicode_FromString(body);
}

/** The text of a getset or a member, which has no signature: a new str, or None. Null with MemoryError. */
export function plainDocObject(doc: usize): usize {
  return doc == 0 ? _Py_NoneStruct : PyUnicode_FromString(doc);
}

/**
 * `__text_signature__` of what bears the name: a new str; None where the text has no signature and the flags of the
 * PyMethodDef (0: there is none) do not say it either. Null with MemoryError.
 */
export function textSignatureObject(name: usize, doc: usize, flags: i32): usize {
  const start = findSignature(name, doc);
  const end = start == 0 ? 0 : afterSignature(start);
  if (end != 0) return PyUnicode_FromStringAndSize(start, <isize>(end - 5 - start));
  switch (flags & ~METH_COEXIST) {
    case METH_NOARGS:
      return PyUnicode_FromLiteral("($self, /)");
    case METH_NOARGS | METH_CLASS:
      return PyUnicode_FromLiteral("($type, /)");
    case METH_NOARGS | METH_STATIC:
      return PyUnicode_FromLiteral("()");
    case METH_O:
      return PyUnicode_FromLiteral("($self, object, /)");
    case METH_O | METH_CLASS:
      return PyUnicode_FromLiteral("($type, object, /)");
    case METH_O | METH_STATIC:
      return PyUnicode_FromLiteral("(object, /)");
    default:
      return _Py_NoneStruct;
  }
}
