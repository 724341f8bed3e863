// Thread states (CPython 3.13's Python/pystate.c). The main thread's lies in the roots. Those of others lie in pages that
// are mapped for nothing else: the kernel adds to the word `wake` of a state, and may do so once more when the thread has
// ended already.
//
// Invariant: the states of all threads that have not ended are a chain from threadsRoots.newest by `next`, back by `prev`.

import { PAGE_SIZE, SCOPES_MAX, SCRATCH_SLOTS } from "../generated/constants";
import { nativescopes, PyThreadState, SIZEOF_nativescope, SIZEOF_PyThreadState } from "../generated/layouts";
import { threadsRoots, vmRoots } from "../generated/runtime";
import { PyMem_RawFree, PyMem_RawMalloc } from "../memory/pymem";
import { mmap, munmap } from "../os/machine";

/** Bytes of a page before its first state. */
const PAGE_HEAD: usize = 64;

/** Cuts a new page into free states: false where there is no memory. */
function addPage(): bool {
  const page = mmap(PAGE_SIZE);
  if (page == 0) return false;
  store<u64>(page, <u64>threadsRoots.pages);
  threadsRoots.pages = page;
  for (let p = page + PAGE_HEAD; p + SIZEOF_PyThreadState <= page + PAGE_SIZE; p += SIZEOF_PyThreadState) {
    PyThreadState.at(p).next = threadsRoots.free;
    threadsRoots.free = p;
  }
  return true;
}

/** Readies a zeroed thread state, with scratch slots at `scratch`, and puts it into the chain. */
export function initThreadState(ts: usize, scratch: usize): void {
  const t = PyThreadState.at(ts);
  t.py_recursion_limit = vmRoots.recursion_limit;
  t.py_recursion_remaining = vmRoots.recursion_limit;
  t.exc_info = t.exc_state;
  t.what_event = -1;
  t.id = threadsRoots.next_id;
  t.native_thread_id = t.id;
  t.thread_id = <u64>ts;
  t.scratch_base = scratch;
  nativescopes.at(scratch).count = 0;
  t.scratch_top = nativescopes.at(scratch).scopes + SCOPES_MAX * SIZEOF_nativescope;
  t.scratch_limit = scratch + SCRATCH_SLOTS * 8;
  threadsRoots.next_id++;
  const newest = threadsRoots.newest;
  t.next = newest;
  if (newest != 0) PyThreadState.at(newest).prev = ts;
  threadsRoots.newest = ts;
}

/** A new thread state, in the chain; null where there is no memory. */
export function newThreadState(): usize {
  if (threadsRoots.free == 0 && !addPage()) return 0;
  const scratch = PyMem_RawMalloc(SCRATCH_SLOTS * 8);
  if (scratch == 0) return 0;
  const ts = threadsRoots.free;
  threadsRoots.free = PyThreadState.at(ts).next;
  // Somebody may still wake the thread that had it.
  const wake = PyThreadState.at(ts).wake;
  memory.fill(ts, 0, SIZEOF_PyThreadState);
  PyThreadState.at(ts).wake = wake;
  initThreadState(ts, scratch);
  return ts;
}

/** Takes a state out of the chain and frees it; its references are dropped already. */
export function freeThreadState(ts: usize): void {
  const t = PyThreadState.at(ts);
  if (t.prev == 0) threadsRoots.newest = t.next;
  else PyThreadState.at(t.prev).next = t.next;
  if (t.next != 0) PyThreadState.at(t.next).prev = t.prev;
  PyMem_RawFree(t.scratch_base);
  t.next = threadsRoots.free;
  threadsRoots.free = ts;
}

/** Gives the pages of free states back. For the end of the process. */
export function freeThreadPages(): void {
  threadsRoots.free = 0;
  while (threadsRoots.pages != 0) {
    const page = threadsRoots.pages;
    threadsRoots.pages = load<u32>(page);
    munmap(page, PAGE_SIZE);
  }
}
