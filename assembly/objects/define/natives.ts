// Tables of native functions, attributes and members: what the generated files in the folders `generated` fill in, from
// the comments above the functions (CONTRIBUTING.md, "How a native function is written").
//
// Names, flags and texts are static data, the "rows" of an owner (a type or a module), written by
// tools/generate/natives.mjs:
//
//   u16 methods, u16 attributes, u16 members, a module's name and a NUL, the owner's text
//   for each method:     u16 ml_flags, name, NUL, text
//   for each attribute:  u16 closure, name, NUL, text
//   for each member:     u8 type, u8 flags, u16 offset, name, NUL, text
//
// where a text is a u16, its length with the NUL (0: there is none), and the C string. The tables are carved from the
// static area, that of the methods first, that of the attributes behind it, each ended by a zeroed entry. Only the
// functions are then missing: a line of code for each puts it in, whose parameter has the type of that kind of function.

import {
  PyGetSetDef,
  PyMemberDef,
  PyMethodDef,
  PyTypeObject,
  SIZEOF_PyGetSetDef,
  SIZEOF_PyMemberDef,
  SIZEOF_PyMethodDef,
} from "../../generated/layouts";
import { staticAlloc } from "./tables";

/** The text at `p`, or 0. */
function textAt(p: usize): usize {
  return load<u16>(p) == 0 ? 0 : p + 2;
}

/** What follows the text at `p`. */
function afterText(p: usize): usize {
  return p + 2 + <usize>load<u16>(p);
}

/** What follows the name at `p`. */
function afterName(p: usize): usize {
  while (load<u8>(p) != 0) p++;
  return p + 1;
}

/** Fills n entries of PyMethodDef from the rows at `p`, but for the functions: what follows the rows. */
function fillMethods(p: usize, table: usize, n: i32): usize {
  for (; n > 0; n--) {
    const def = PyMethodDef.at(table);
    def.ml_flags = <i32>load<u16>(p);
    def.ml_name = p + 2;
    p = afterName(p + 2);
    def.ml_doc = textAt(p);
    p = afterText(p);
    table += SIZEOF_PyMethodDef;
  }
  return p;
}

function fillAttributes(p: usize, table: usize, n: i32): usize {
  for (; n > 0; n--) {
    const def = PyGetSetDef.at(table);
    def.closure = <usize>load<u16>(p);
    def.name = p + 2;
    p = afterName(p + 2);
    def.doc = textAt(p);
    p = afterText(p);
    table += SIZEOF_PyGetSetDef;
  }
  return p;
}

function fillMembers(p: usize, table: usize, n: i32): void {
  for (; n > 0; n--) {
    const def = PyMemberDef.at(table);
    def.type = <i32>load<u8>(p);
    def.flags = <i32>load<u8>(p, 1);
    def.offset = <isize>load<u16>(p, 2);
    def.name = p + 4;
    p = afterName(p + 4);
    def.doc = textAt(p);
    p = afterText(p);
    table += SIZEOF_PyMemberDef;
  }
}

/**
 * Gives a static type its text and tables; the functions are still to be put in. Returns the first entry to have one:
 * of the methods, or of the attributes if there are no methods. For initialisation, once for each type.
 */
export function defineType(type: usize, rows: usize): usize {
  const methods = <i32>load<u16>(rows);
  const attributes = <i32>load<u16>(rows, 2);
  const members = <i32>load<u16>(rows, 4);
  const t = PyTypeObject.at(type);
  t.tp_doc = textAt(rows + 6);
  let p = afterText(rows + 6);
  const methodBytes: usize = methods == 0 ? 0 : <usize>(methods + 1) * SIZEOF_PyMethodDef;
  const attributeBytes: usize = attributes == 0 ? 0 : <usize>(attributes + 1) * SIZEOF_PyGetSetDef;
  const table = staticAlloc(methodBytes + attributeBytes);
  if (methods != 0) {
    t.tp_methods = table;
    p = fillMethods(p, table, methods);
  }
  if (attributes != 0) {
    t.tp_getset = table + methodBytes;
    p = fillAttributes(p, table + methodBytes, attributes);
  }
  if (members != 0) {
    t.tp_members = staticAlloc(<usize>(members + 1) * SIZEOF_PyMemberDef);
    fillMembers(p, t.tp_members, members);
  }
  return table;
}

/** The table of a module's functions, which are still to be put in. */
export function functionTable(rows: usize): usize {
  const methods = <i32>load<u16>(rows);
  const table = staticAlloc(<usize>(methods + 1) * SIZEOF_PyMethodDef);
  fillMethods(afterText(afterName(rows + 6)), table, methods);
  return table;
}

/** The name in a module's rows, a C string. */
export function moduleName(rows: usize): usize {
  return rows + 6;
}

/** The text in a module's rows, or 0. */
export function moduleText(rows: usize): usize {
  return textAt(afterName(rows + 6));
}

/** Puts functions into tables. Each returns the next entry. */
export class Row {
  /** METH_NOARGS. As with all kinds: references are borrowed, the result is new, or null with an exception. */
  @inline static noArgs(p: usize, fn: (self: usize, unused: usize) => usize): usize {
    PyMethodDef.at(p).ml_meth = fn.index;
    return p + SIZEOF_PyMethodDef;
  }

  /** METH_O. */
  @inline static one(p: usize, fn: (self: usize, arg: usize) => usize): usize {
    PyMethodDef.at(p).ml_meth = fn.index;
    return p + SIZEOF_PyMethodDef;
  }

  /** METH_VARARGS. */
  @inline static tuple(p: usize, fn: (self: usize, args: usize) => usize): usize {
    PyMethodDef.at(p).ml_meth = fn.index;
    return p + SIZEOF_PyMethodDef;
  }

  /** METH_VARARGS | METH_KEYWORDS; kwargs may be null. */
  @inline static tupleAndDict(p: usize, fn: (self: usize, args: usize, kwargs: usize) => usize): usize {
    PyMethodDef.at(p).ml_meth = fn.index;
    return p + SIZEOF_PyMethodDef;
  }

  /** METH_FASTCALL. */
  @inline static vector(p: usize, fn: (self: usize, argv: usize, nargs: isize) => usize): usize {
    PyMethodDef.at(p).ml_meth = fn.index;
    return p + SIZEOF_PyMethodDef;
  }

  /** METH_FASTCALL | METH_KEYWORDS; kwnames may be null. */
  @inline static vectorAndNames(
    p: usize,
    fn: (self: usize, argv: usize, nargs: isize, kwnames: usize) => usize,
  ): usize {
    PyMethodDef.at(p).ml_meth = fn.index;
    return p + SIZEOF_PyMethodDef;
  }

  /** What an import of a module calls. */
  @inline static maker(p: usize, fn: () => usize): usize {
    PyMethodDef.at(p).ml_meth = fn.index;
    return p + SIZEOF_PyMethodDef;
  }

  /** Over the end of the table of methods, to that of the attributes. */
  @inline static end(p: usize): usize {
    return p + SIZEOF_PyMethodDef;
  }

  /** An attribute that can only be read. */
  @inline static computed(p: usize, get: (self: usize, closure: usize) => usize): usize {
    PyGetSetDef.at(p).get = get.index;
    return p + SIZEOF_PyGetSetDef;
  }

  /** An attribute that can be set, and deleted (a null value) if the setter says so; -1 with an exception. */
  @inline static attribute(
    p: usize,
    get: (self: usize, closure: usize) => usize,
    set: (self: usize, value: usize, closure: usize) => i32,
  ): usize {
    PyGetSetDef.at(p).get = get.index;
    PyGetSetDef.at(p).set = set.index;
    return p + SIZEOF_PyGetSetDef;
  }
}
