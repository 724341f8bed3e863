// A syntax tree of objects, from the steps and values that the compiler gives (PyAST_mod2obj of CPython 3.13's
// Python/Python-ast.c). The form is described in spec/constants.txt under TreeStep. The stack is a block of its own, so
// that deep trees take none of WebAssembly's.

import { astKinds } from "../../generated/ast";
import { TREE_int, TREE_list, TREE_none, TREE_value } from "../../generated/constants";
import { AST_object, astclass, PyBytesObject, SIZEOF_treestack, treestack } from "../../generated/layouts";
import { _Py_NoneStruct } from "../../generated/statics";
import { PyMem_Free, PyMem_Realloc } from "../../memory/pymem";
import { _PyObjectDict_SetItem } from "../../objects/containers/dict/instance";
import { List, PyList_New } from "../../objects/containers/list/list";
import { Tuple } from "../../objects/containers/tuple";
import { PyErr_NoMemory } from "../../objects/errors/raise";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { Py } from "../../objects/object/head";
import { Scratch } from "../../thread/scratch";
import { astClass, initAstClasses } from "./classes";

/** Puts a reference (stolen; null where it could not be made) on the stack: false with an exception. */
function push(stack: treestack, o: usize): bool {
  if (o == 0) return false;
  if (stack.used == stack.room) {
    const room = max<u32>(64, 2 * stack.room);
    const items = PyMem_Realloc(stack.items, (<usize>room) << 3);
    if (items == 0) {
      Py.DECREF(o);
      PyErr_NoMemory();
      return false;
    }
    stack.items = items;
    stack.room = room;
  }
  Py.setItem(stack.items, <isize>stack.used, o);
  stack.used++;
  return true;
}

/** Takes the topmost reference. */
function pop(stack: treestack): usize {
  stack.used--;
  return Py.item(stack.items, <isize>stack.used);
}

function nextByte(stack: treestack): u8 {
  const byte = load<u8>(stack.next);
  stack.next++;
  return byte;
}

function nextNumber(stack: treestack): u32 {
  let n: u32 = 0;
  for (let shift: u32 = 0; ; shift += 7) {
    const byte = nextByte(stack);
    n |= (<u32>(byte & 127)) << shift;
    if (byte < 128) return n;
  }
  return unreachable();
}

function nextInt(stack: treestack): usize {
  const n = nextNumber(stack);
  return PyLong_FromLong(<i32>((n >> 1) ^ -(<i32>(n & 1))));
}

/** A list of the n topmost. */
function makeList(stack: treestack, n: u32): usize {
  const list = PyList_New(<isize>n);
  if (list == 0) return 0;
  stack.used -= n;
  for (let i: isize = 0; i < <isize>n; i++) List.set(list, i, Py.item(stack.items, <isize>stack.used + i));
  return list;
}

/** Gives the node an attribute, whose value is stolen: false with an exception. */
function setAttribute(node: usize, name: usize, value: usize): bool {
  if (value == 0) return false;
  const r = _PyObjectDict_SetItem(Py.TYPE(node), AST_object.at(node).dict_slot, name, value);
  Py.DECREF(value);
  return r == 0;
}

/** A node of the class, its fields from the stack and its place from the steps. */
function makeNode(stack: treestack, c: astclass): usize {
  if (c.single != 0) return Py.NewRef(c.single);
  const node = PyType_GenericAlloc(c.type, 0);
  if (node == 0) return 0;
  const fields = c.fields;
  const n = Py.SIZE(fields);
  let ok: bool = true;
  const first = <isize>stack.used - n;
  for (let i: isize = 0; ok && i < n; i++) {
    ok = setAttribute(node, Tuple.get(fields, i), Py.NewRef(Py.item(stack.items, first + i)));
  }
  const attributes = c.attributes;
  for (let i: isize = 0; ok && i < Py.SIZE(attributes); i++) {
    ok = setAttribute(node, Tuple.get(attributes, i), nextInt(stack));
  }
  if (!ok) {
    Py.DECREF(node);
    return 0;
  }
  for (let i: isize = 0; i < n; i++) Py.DECREF(pop(stack));
  return node;
}

function runSteps(stack: treestack, end: usize, values: usize): bool {
  let value: isize = 0;
  while (stack.next < end) {
    const step = nextByte(stack);
    let o: usize;
    if (step == TREE_none) o = _Py_NoneStruct;
    else if (step == TREE_value) o = Py.NewRef(Tuple.get(values, value++));
    else if (step == TREE_int) o = nextInt(stack);
    else if (step == TREE_list) o = makeList(stack, nextNumber(stack));
    else o = makeNode(stack, astClass(load<u8>(astKinds + <usize>step)));
    if (!push(stack, o)) return false;
  }
  return true;
}

/** The tree of (steps, values): a new reference, or null with MemoryError. */
export function buildTree(encoded: usize): usize {
  if (initAstClasses() < 0) return 0;
  const steps = Tuple.get(encoded, 0);
  const slot = Scratch.take(SIZEOF_treestack / 8);
  const stack = treestack.at(slot);
  stack.items = 0;
  stack.used = 0;
  stack.room = 0;
  stack.next = PyBytesObject.at(steps).ob_sval;
  let tree: usize = 0;
  if (runSteps(stack, stack.next + <usize>Py.SIZE(steps), Tuple.get(encoded, 1))) {
    tree = pop(stack);
  }
  while (stack.used > 0) Py.DECREF(pop(stack));
  PyMem_Free(stack.items);
  Scratch.give(slot);
  return tree;
}
