// Allocation failure on demand: the n-th request from now on fails, or all from the n-th on, or every n-th of those that are
// made while the collector runs, by finalizers and callbacks as well.
//
// The tests run a program once for every n up to its number of allocations; each run must end in MemoryError or in
// nothing at all, with nothing leaked. Every request in any domain counts once: malloc, calloc, and realloc that must
// grow its block. Mirrors `_testcapi.set_nomemory` of CPython; the deliberate difference is that a large request in the
// mem or object domain counts once, though it is passed on to the raw domain.

import { HOOK_FAILURE } from "../generated/constants";
import { gcRoots, memoryRoots } from "../generated/runtime";

/** The n-th request fails, the others do not. */
const FAIL_ONE: u32 = 0;
/** The n-th request and all after it fail. */
const FAIL_FROM: u32 = 1;
/** Of the requests during collections every n-th fails. */
const FAIL_COLLECTING: u32 = 2;

/** Lets the `n`-th allocation from now fail (1 is the next one), in one of the modes; `n` 0 ends it. */
export function setAllocationFailureMode(n: i64, mode: u32): void {
  memoryRoots.failure_countdown = n;
  memoryRoots.failure_period = n;
  memoryRoots.failure_mode = mode;
  if (n > 0) memoryRoots.flags |= HOOK_FAILURE;
  else memoryRoots.flags &= ~HOOK_FAILURE;
}

/** Lets the `n`-th allocation from now, in any domain, fail (1 is the next one); 0 ends it. */
export function setAllocationFailure(n: i64): void {
  setAllocationFailureMode(n, FAIL_ONE);
}

/** How many requests are still to come before the one that fails; 0 or less once it has failed. */
export function allocationsToFailure(): i64 {
  return memoryRoots.failure_countdown;
}

/** Counts one request; true if it is to fail. */
export function requestFails(): bool {
  const collecting = memoryRoots.failure_mode === FAIL_COLLECTING;
  if (collecting && !gcRoots.collecting) return false;
  const left = memoryRoots.failure_countdown - 1;
  memoryRoots.failure_countdown = left;
  if (left > 0) return false;
  if (collecting) {
    memoryRoots.failure_countdown = memoryRoots.failure_period;
    return true;
  }
  if (memoryRoots.failure_mode === FAIL_FROM) return true;
  if (left === 0) return true;
  memoryRoots.flags &= ~HOOK_FAILURE;
  return false;
}
