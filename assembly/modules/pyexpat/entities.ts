// Entities: what a document type declares, by tuples, and which of them are open (struct ENTITY of expat's xmlparse.c).

import { xmlparser } from "../../generated/layouts";
import { _Py_NoneStruct } from "../../generated/statics";
import { _PyList_AppendTakeRef, List, PyList_SetSlice } from "../../objects/containers/list/list";
import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { Py } from "../../objects/object/head";
import { _PyUnicode_Equal } from "../../objects/text/compare";
import { ABORTED, AMPLIFICATION_LIMIT_BREACH, NO_ERROR, RECURSIVE_ENTITY_REF } from "./errors";

// What is in a tuple: None where an entity has nothing of the kind.
const TEXT: isize = 0;
const SYSTEM: isize = 1;
const PUBLIC: isize = 2;
const BASE: isize = 3;
const NOTATION: isize = 4;
/** Whether it was declared in the internal subset, outside of parameter entities: a bool. */
const INTERNAL: isize = 5;
const FIELDS: isize = 6;

/** What entities may give, as a multiple of the input, beyond the threshold. */
const AMPLIFICATION_MAX: i64 = 100;
const AMPLIFICATION_THRESHOLD: i64 = 8388608;

export class Entity {
  /** The text that replaces it, bytes; null for an external one. */
  @inline static text(e: usize): usize {
    return item(e, TEXT);
  }
  @inline static systemId(e: usize): usize {
    return item(e, SYSTEM);
  }
  @inline static publicId(e: usize): usize {
    return item(e, PUBLIC);
  }
  @inline static base(e: usize): usize {
    return item(e, BASE);
  }
  /** The notation of an unparsed one. */
  @inline static notation(e: usize): usize {
    return item(e, NOTATION);
  }
  @inline static isInternal(e: usize): bool {
    return item(e, INTERNAL) != 0;
  }
}

function item(e: usize, i: isize): usize {
  const v = Tuple.get(e, i);
  return v == _Py_NoneStruct ? 0 : v;
}

function set(e: usize, i: isize, v: usize): void {
  Tuple.set(e, i, v == 0 ? _Py_NoneStruct : Py.NewRef(v));
}

/** A new entity of these parts (borrowed, null for none). Null with MemoryError. */
export function newEntity(
  text: usize,
  system: usize,
  pub: usize,
  base: usize,
  notation: usize,
  internal: usize,
): usize {
  const e = PyTuple_New(FIELDS);
  if (e == 0) return 0;
  set(e, TEXT, text);
  set(e, SYSTEM, system);
  set(e, PUBLIC, pub);
  set(e, BASE, base);
  set(e, NOTATION, notation);
  set(e, INTERNAL, internal);
  return e;
}

/** Opens an entity: an error's code, which is that of recursion where it is open. closeEntity must follow otherwise. */
export function openEntity(x: xmlparser, name: usize): i32 {
  for (let i: isize = 0; i < List.size(x.open); i++) {
    if (_PyUnicode_Equal(List.get(x.open, i), name)) return RECURSIVE_ENTITY_REF;
  }
  return _PyList_AppendTakeRef(x.open, Py.NewRef(name)) < 0 ? ABORTED : NO_ERROR;
}

/** Closes the entity that was opened last. */
export function closeEntity(x: xmlparser): void {
  const n = List.size(x.open);
  PyList_SetSlice(x.open, n - 1, n, 0);
}

/** Counts what an entity gives: an error's code where that is too much for the input. */
export function countExpansion(x: xmlparser, n: isize): i32 {
  x.expanded = x.expanded + n;
  const all = x.expanded + x.direct;
  return all > AMPLIFICATION_THRESHOLD && all / max<i64>(x.direct, 1) > AMPLIFICATION_MAX
    ? AMPLIFICATION_LIMIT_BREACH
    : NO_ERROR;
}
