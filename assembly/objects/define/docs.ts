// The texts of `__doc__` and `__text_signature__` (the doc part of CPython 3.13's Objects/typeobject.c). A C string
// "NAME(SIGNATURE)\n--\n\nTEXT", or the text alone, stands in the structures where CPython has it: PyMethodDef.ml_doc,
// PyGetSetDef.doc, PyMemberDef.doc, tp_doc, a row of the slotdefs. A str is made of it at each access.
//
// The texts of a type or module stand in its rows (natives.ts). Those that all types share are static data generated from
// spec/docs.txt, a row of entries ended by a zero byte:
//
//   u8 n   name, n - 1 bytes and a NUL   u16 m   text, m - 1 bytes and a NUL (m is 0: there is none)

import { sharedDocs } from "../../generated/docs";
import { _Py_NoneStruct } from "../../generated/statics";
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

/** The entry for the C string, looked for from `start` on and then from the beginning; 0: none. */
function findEntry(start: usize, name: usize): usize {
  for (let p = start; load<u8>(p) != 0; p = after(p)) if (sameName(p + 1, name)) return p;
  for (let p = sharedDocs; p != start; p = after(p)) if (sameName(p + 1, name)) return p;
  return 0;
}

/**
 * The entry of what all types share under the C string, or 0, looked for after `previous`, an earlier answer (0: from
 * the beginning).
 */
export function sharedEntry(name: usize, previous: usize): usize {
  return findEntry(previous == 0 ? sharedDocs : after(previous), name);
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
