// How a built-in type is written down: tables of methods, members and computed attributes, carved once from the
// static area at initialisation (what CPython has as static C arrays). PyType_Ready turns them into descriptors.
//
// Each table is kept ended by a zeroed entry; one whose calls do not stand in a row moves as it grows. Strings are
// carved from the far end of the static area, so that the entries of a table stay neighbours.

import {
  PyGetSetDef,
  PyMemberDef,
  PyMethodDef,
  PyTypeObject,
  SIZEOF_PyGetSetDef,
  SIZEOF_PyMemberDef,
  SIZEOF_PyMethodDef,
} from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";

// ml_flags
export const METH_VARARGS: i32 = 0x0001;
export const METH_KEYWORDS: i32 = 0x0002;
export const METH_NOARGS: i32 = 0x0004;
export const METH_O: i32 = 0x0008;
export const METH_CLASS: i32 = 0x0010;
export const METH_STATIC: i32 = 0x0020;
export const METH_COEXIST: i32 = 0x0040;
export const METH_FASTCALL: i32 = 0x0080;
export const METH_METHOD: i32 = 0x0200;

// PyMemberDef.type and flags
export const Py_T_SHORT: i32 = 0;
export const Py_T_INT: i32 = 1;
export const Py_T_LONG: i32 = 2;
export const Py_T_FLOAT: i32 = 3;
export const Py_T_DOUBLE: i32 = 4;
export const _Py_T_OBJECT: i32 = 6;
export const Py_T_CHAR: i32 = 7;
export const Py_T_BYTE: i32 = 8;
export const Py_T_UBYTE: i32 = 9;
export const Py_T_UINT: i32 = 11;
export const Py_T_BOOL: i32 = 14;
export const Py_T_OBJECT_EX: i32 = 16;
export const Py_T_LONGLONG: i32 = 17;
export const Py_T_ULONGLONG: i32 = 18;
export const Py_T_PYSSIZET: i32 = 19;
export const Py_READONLY: i32 = 1;
export const Py_RELATIVE_OFFSET: i32 = 8;

/** Zeroed bytes that live as long as the process. For initialisation only. */
export function staticAlloc(size: usize): usize {
  const p = objectsRoots.static_next;
  const next = (p + size + 15) & ~15;
  assert(next < objectsRoots.strings_next);
  objectsRoots.static_next = next;
  memory.fill(p, 0, size);
  return p;
}

/** A literal as UTF-8 bytes ended by a NUL, in static memory. Literals given to it are ASCII. */
export function cstring(text: string): usize {
  const n = text.length;
  const p = objectsRoots.strings_next - <usize>(n + 1);
  assert(p > objectsRoots.static_next);
  objectsRoots.strings_next = p;
  for (let i = 0; i < n; i++) {
    const c = load<u16>(changetype<usize>(text) + ((<usize>i) << 1));
    assert(c < 128);
    store<u8>(p + <usize>i, <u8>c);
  }
  store<u8>(p + <usize>n, 0);
  return p;
}

/** How many entries of `size` bytes the table has. */
function entries(table: usize, size: usize): usize {
  let n: usize = 0;
  while (load<u32>(table + n * size) != 0) n++;
  return n;
}

/**
 * Makes room for one more entry of `size` bytes in the table (0: begins one), ended by a zeroed one; returns the table.
 * A table that is not the last thing carved moves behind what is.
 */
function extend(table: usize, size: usize): usize {
  const used = table == 0 ? 0 : entries(table, size) * size;
  if (table == 0 || table + used + size != objectsRoots.static_next) {
    const moved = objectsRoots.static_next;
    if (used != 0) memory.copy(moved, table, used);
    table = moved;
  }
  memory.fill(table + used, 0, size * 2);
  objectsRoots.static_next = table + used + size * 2;
  assert(objectsRoots.static_next < objectsRoots.strings_next);
  return table;
}

/** The start of a table of PyMethodDef that belongs to no type (a module's functions): then `addFunction` each. */
export function addFunction(table: usize, name: string, fn: u32, flags: i32): usize {
  table = extend(table, SIZEOF_PyMethodDef);
  const def = PyMethodDef.at(table + entries(table, SIZEOF_PyMethodDef) * SIZEOF_PyMethodDef);
  def.ml_name = cstring(name);
  def.ml_meth = fn;
  def.ml_flags = flags;
  return table;
}

/** A single PyMethodDef. `fn` is the function's table index: `list_append.index`. */
export function methodDef(name: string, fn: u32, flags: i32): usize {
  return addFunction(0, name, fn, flags);
}

/**
 * Adds a method to a static type. What `fn` receives, all references borrowed (it returns a new one or null):
 * METH_NOARGS (self, 0) | METH_O (self, arg) | METH_VARARGS (self, args) | METH_VARARGS|METH_KEYWORDS
 * (self, args, kwargs or 0) | METH_FASTCALL (self, argv, nargs: isize) | METH_FASTCALL|METH_KEYWORDS
 * (self, argv, nargs: isize, kwnames or 0).
 */
export function addMethod(type: usize, name: string, fn: u32, flags: i32): void {
  const t = PyTypeObject.at(type);
  t.tp_methods = addFunction(t.tp_methods, name, fn, flags);
}

/** Adds a computed attribute: get(self, closure) and set(self, value or 0, closure): i32; set 0 where read-only. */
export function addGetSet(type: usize, name: string, get: u32, set: u32, closure: usize = 0): void {
  const t = PyTypeObject.at(type);
  t.tp_getset = extend(t.tp_getset, SIZEOF_PyGetSetDef);
  const def = PyGetSetDef.at(t.tp_getset + entries(t.tp_getset, SIZEOF_PyGetSetDef) * SIZEOF_PyGetSetDef);
  def.name = cstring(name);
  def.get = get;
  def.set = set;
  def.closure = closure;
}

/** Adds a field of the structure as an attribute. */
export function addMember(type: usize, name: string, memberType: i32, offset: usize, flags: i32): void {
  const t = PyTypeObject.at(type);
  t.tp_members = extend(t.tp_members, SIZEOF_PyMemberDef);
  const def = PyMemberDef.at(t.tp_members + entries(t.tp_members, SIZEOF_PyMemberDef) * SIZEOF_PyMemberDef);
  def.name = cstring(name);
  def.type = memberType;
  def.offset = <isize>offset;
  def.flags = flags;
}

/** Tables of slots for a static type, zeroed: `number(PyLong_Type).nb_add = …`. */
export function asNumber(type: usize): usize {
  const t = PyTypeObject.at(type);
  if (t.tp_as_number == 0) t.tp_as_number = staticAlloc(288);
  return t.tp_as_number;
}

export function asSequence(type: usize): usize {
  const t = PyTypeObject.at(type);
  if (t.tp_as_sequence == 0) t.tp_as_sequence = staticAlloc(80);
  return t.tp_as_sequence;
}

export function asMapping(type: usize): usize {
  const t = PyTypeObject.at(type);
  if (t.tp_as_mapping == 0) t.tp_as_mapping = staticAlloc(24);
  return t.tp_as_mapping;
}

export function asAsync(type: usize): usize {
  const t = PyTypeObject.at(type);
  if (t.tp_as_async == 0) t.tp_as_async = staticAlloc(32);
  return t.tp_as_async;
}

export function asBuffer(type: usize): usize {
  const t = PyTypeObject.at(type);
  if (t.tp_as_buffer == 0) t.tp_as_buffer = staticAlloc(16);
  return t.tp_as_buffer;
}
