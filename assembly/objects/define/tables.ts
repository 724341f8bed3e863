// What built-in types and their tables are made of: static memory, the flags of their entries, tables of slots. The
// tables of methods, members and computed attributes are written down above the functions (natives.ts).

import { PyMethodDef, PyTypeObject, SIZEOF_PyMethodDef } from "../../generated/layouts";
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

export const Py_T_INT: i32 = 1;
export const Py_T_LONG: i32 = 2;
export const Py_T_DOUBLE: i32 = 4;
export const _Py_T_OBJECT: i32 = 6;
export const Py_T_BYTE: i32 = 8;
export const Py_T_UBYTE: i32 = 9;
export const Py_T_UINT: i32 = 11;
export const Py_T_BOOL: i32 = 14;
export const Py_T_OBJECT_EX: i32 = 16;
export const Py_T_LONGLONG: i32 = 17;
export const Py_T_ULONGLONG: i32 = 18;
export const Py_T_PYSSIZET: i32 = 19;
/** Ours: the flags of a type, as CPython has them. */
export const Py_T_TYPE_FLAGS: i32 = 40;
export const Py_READONLY: i32 = 1;

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

/** A single PyMethodDef. `fn` is the function's table index: `list_append.index`. */
export function methodDef(name: string, fn: u32, flags: i32): usize {
  const p = staticAlloc(SIZEOF_PyMethodDef);
  const def = PyMethodDef.at(p);
  def.ml_name = cstring(name);
  def.ml_meth = fn;
  def.ml_flags = flags;
  return p;
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
