// Free lists of collected objects of one type: what is freed is kept for the next of its kind, chained through one of its
// fields (the lists of CPython 3.13's pycore_freelist.h that are no hot path; tuples, lists, dicts and floats have their own).
//
//   a list, in the roots    first, an 8-byte slot | length, 4 bytes
//
// What is kept has the reference count 0 and is untracked. A collection of all generations frees it.

import { HOOK_TRACE } from "../../generated/constants";
import {
  _PyAsyncGenWrappedValue_agw_val,
  futureiterobject_future,
  PyAsyncGenASend_ags_sendval,
  PyContext_ctx_weakreflist,
} from "../../generated/layouts";
import { freelistsRoots, memoryRoots } from "../../generated/runtime";
import { traceNewReference } from "../../memory/trace/trace";
import { PyObject_GC_Del } from "./alloc";
import { _PyGC_PREV_MASK_FINALIZED, GC, SIZEOF_GC_HEAD } from "./gchead";

const LENGTH: usize = 8;

export class FreeList {
  /** An object of the list, of which only the head is set, with one reference; null where none is kept. `link`: the field's offset. */
  static take(list: usize, link: usize): usize {
    const o = load<u32>(list);
    if (o == 0) return 0;
    store<u64>(list, load<u64>(o + link));
    store<i32>(list, load<i32>(list, LENGTH) - 1, LENGTH);
    store<u64>(o + link, 0);
    store<u64>(o, 1);
    if (memoryRoots.flags & HOOK_TRACE) traceNewReference(o - SIZEOF_GC_HEAD);
    return o;
  }

  /** Keeps `o`, which is untracked and holds nothing any more, or frees it where `most` are kept. */
  static give(list: usize, link: usize, o: usize, most: i32): void {
    const length = load<i32>(list, LENGTH);
    if (length >= most) {
      PyObject_GC_Del(o);
      return;
    }
    GC.head(o)._gc_prev = GC.head(o)._gc_prev & ~_PyGC_PREV_MASK_FINALIZED;
    store<u64>(o + link, load<u64>(list));
    store<u64>(list, o);
    store<i32>(list, length + 1, LENGTH);
  }

  /** Frees all that is kept. */
  static clear(list: usize, link: usize): void {
    let o: usize = load<u32>(list);
    store<u64>(list, 0);
    store<i32>(list, 0, LENGTH);
    while (o != 0) {
      const next: usize = load<u32>(o + link);
      PyObject_GC_Del(o);
      o = next;
    }
  }
}

/** Frees what the lists of this file's kind keep. */
export function clearFreeLists_kept(): void {
  FreeList.clear(freelistsRoots.contexts, PyContext_ctx_weakreflist);
  FreeList.clear(freelistsRoots.wrapped_values, _PyAsyncGenWrappedValue_agw_val);
  FreeList.clear(freelistsRoots.asends, PyAsyncGenASend_ags_sendval);
  FreeList.clear(freelistsRoots.future_iterators, futureiterobject_future);
}
