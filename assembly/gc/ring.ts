// Rings of PyGC_Heads, which the collector sorts objects into (CPython 3.13's Python/gc.c, its list functions). While they
// are sorted, the flags of a link are kept:
//
//   _gc_prev  bit 0 finalized | bit 1 collecting | bits 2… gc_refs while collecting, the previous head otherwise
//   _gc_next  bit 0 unreachable (tentative, during the move)

import { PyGC_Head, SIZEOF_PyGC_Head } from "../generated/layouts";
import { _PyGC_PREV_MASK_COLLECTING, _PyGC_PREV_MASK_FINALIZED } from "../objects/object/gchead";

export const COLLECTING: usize = _PyGC_PREV_MASK_COLLECTING;
export const FLAGS: usize = _PyGC_PREV_MASK_FINALIZED | COLLECTING;
export const REFS_SHIFT: usize = 2;
export const ONE_REF: usize = 1 << REFS_SHIFT;
export const NEXT_UNREACHABLE: usize = 1;

export class Ring {
  @inline static init(head: usize): void {
    PyGC_Head.at(head)._gc_next = head;
    PyGC_Head.at(head)._gc_prev = head;
  }
  @inline static next(gc: usize): usize {
    return PyGC_Head.at(gc)._gc_next & ~NEXT_UNREACHABLE;
  }
  @inline static prev(gc: usize): usize {
    return PyGC_Head.at(gc)._gc_prev & ~FLAGS;
  }
  @inline static setPrev(gc: usize, p: usize): void {
    PyGC_Head.at(gc)._gc_prev = (PyGC_Head.at(gc)._gc_prev & FLAGS) | p;
  }
  /** Sets gc_refs and the mark that it is there. */
  @inline static setRefs(gc: usize, refs: usize): void {
    const h = PyGC_Head.at(gc);
    h._gc_prev = (h._gc_prev & _PyGC_PREV_MASK_FINALIZED) | COLLECTING | (refs << REFS_SHIFT);
  }
  @inline static clearCollecting(gc: usize): void {
    PyGC_Head.at(gc)._gc_prev = PyGC_Head.at(gc)._gc_prev & ~COLLECTING;
  }
  @inline static isEmpty(head: usize): bool {
    return PyGC_Head.at(head)._gc_next == head;
  }
  @inline static object(gc: usize): usize {
    return gc + SIZEOF_PyGC_Head;
  }
}

export function append(gc: usize, list: usize): void {
  const last = PyGC_Head.at(list)._gc_prev;
  PyGC_Head.at(last)._gc_next = gc;
  Ring.setPrev(gc, last);
  PyGC_Head.at(gc)._gc_next = list;
  PyGC_Head.at(list)._gc_prev = gc;
}

export function remove(gc: usize): void {
  const prev = Ring.prev(gc);
  const next = Ring.next(gc);
  PyGC_Head.at(prev)._gc_next = next;
  Ring.setPrev(next, prev);
  PyGC_Head.at(gc)._gc_next = 0;
}

export function move(gc: usize, list: usize): void {
  const prev = Ring.prev(gc);
  const next = Ring.next(gc);
  PyGC_Head.at(prev)._gc_next = next;
  Ring.setPrev(next, prev);
  append(gc, list);
}

/** Puts everything of `from` behind `to`. */
export function merge(from: usize, to: usize): void {
  if (!Ring.isEmpty(from)) {
    const toTail = PyGC_Head.at(to)._gc_prev;
    const fromHead = Ring.next(from);
    const fromTail = PyGC_Head.at(from)._gc_prev;
    PyGC_Head.at(toTail)._gc_next = fromHead;
    Ring.setPrev(fromHead, toTail);
    PyGC_Head.at(fromTail)._gc_next = to;
    PyGC_Head.at(to)._gc_prev = fromTail;
  }
  Ring.init(from);
}

export function size(list: usize): isize {
  let n: isize = 0;
  for (let gc = Ring.next(list); gc != list; gc = Ring.next(gc)) n++;
  return n;
}
