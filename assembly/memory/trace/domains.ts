// Traces of what is not the allocators' but was announced to tracing, in domains of its own: memory on another device, a
// page of a database. Addresses may be anything there.
//
// The traces lie in one table, found by address and domain through open addressing: a trace is at its home, computed from
// both, or in the next free place behind it, and removing one moves those behind it forward, so no place is ever marked
// as deleted. At most half of the places are taken. There is no table until there is such a trace.
//
// CPython has a table of tables, one a domain.

import { domain_trace, SIZEOF_domain_trace } from "../../generated/layouts";
import { memoryRoots } from "../../generated/runtime";
import { libc_calloc, libc_free } from "../../os/malloc";

export const SIZEOF_trace: usize = SIZEOF_domain_trace;
const PLACES_FIRST: u32 = 64;

/** One place of the table, or one trace of a snapshot. */
export class trace {
  @inline static address(t: usize): usize {
    return domain_trace.at(t).address;
  }
  @inline static size(t: usize): usize {
    return domain_trace.at(t).size;
  }
  @inline static traceback(t: usize): usize {
    return domain_trace.at(t).traceback;
  }
  @inline static domain(t: usize): u32 {
    return domain_trace.at(t).domain;
  }
  @inline static set(t: usize, address: usize, size: usize, traceback: usize, domain: u32): void {
    const d = domain_trace.at(t);
    d.address = <u32>address;
    d.size = <u32>size;
    d.traceback = <u32>traceback;
    d.domain = domain;
  }
}

/** The bytes that the table takes. */
export function domainTraceMemory(): usize {
  return <usize>memoryRoots.trace_places * SIZEOF_trace;
}

/** Forgets the traces. */
export function clearDomainTraces(): void {
  libc_free(memoryRoots.traces);
  memoryRoots.traces = 0;
  memoryRoots.trace_places = 0;
  memoryRoots.domain_count = 0;
}

function homeOf(address: usize, domain: u32): u32 {
  const mixed = (<u32>address ^ (domain * 0x85ebca6b)) * 0x9e3779b1;
  return mixed >> clz<u32>(memoryRoots.trace_places - 1);
}

function placeAt(i: u32): usize {
  return memoryRoots.traces + <usize>i * SIZEOF_trace;
}

/** The trace of `address`, or the free place where it would go; 0 where there is no table. */
export function findDomainTrace(address: usize, domain: u32): usize {
  if (memoryRoots.trace_places === 0) return 0;
  const mask = memoryRoots.trace_places - 1;
  let i = homeOf(address, domain);
  while (true) {
    const place = placeAt(i);
    if (trace.traceback(place) === 0 || (trace.address(place) === address && trace.domain(place) === domain)) {
      return place;
    }
    i = (i + 1) & mask;
  }
}

/** Makes sure that one more trace has room. False when there is no memory for a larger table. */
function reserve(): bool {
  const old = memoryRoots.trace_places;
  if ((memoryRoots.domain_count + 1) << 1 <= old) return true;
  const places = old === 0 ? PLACES_FIRST : old << 1;
  const table = libc_calloc(places, SIZEOF_trace);
  if (table === 0) return false;
  const from = memoryRoots.traces;
  memoryRoots.traces = table;
  memoryRoots.trace_places = places;
  for (let i: u32 = 0; i < old; i++) {
    const t = from + <usize>i * SIZEOF_trace;
    if (trace.traceback(t)) memory.copy(findDomainTrace(trace.address(t), trace.domain(t)), t, SIZEOF_trace);
  }
  libc_free(from);
  return true;
}

/** The place to record a trace of `address` in, taken already or counted as taken now; 0 where there is no memory. */
export function takeDomainTrace(address: usize, domain: u32): usize {
  if (!reserve()) return 0;
  const place = findDomainTrace(address, domain);
  if (trace.traceback(place) === 0) memoryRoots.domain_count += 1;
  return place;
}

/** Removes the trace at `place`. */
export function removeDomainTrace(place: usize): void {
  memoryRoots.domain_count -= 1;
  // Every trace behind it that may live here or before moves forward, until a free place ends the row.
  const mask = memoryRoots.trace_places - 1;
  let hole = <u32>((place - memoryRoots.traces) / SIZEOF_trace);
  for (let i = (hole + 1) & mask; ; i = (i + 1) & mask) {
    const next = placeAt(i);
    if (trace.traceback(next) === 0) break;
    const home = homeOf(trace.address(next), trace.domain(next));
    if (((i - home) & mask) < ((i - hole) & mask)) continue;
    memory.copy(place, next, SIZEOF_trace);
    place = next;
    hole = i;
  }
  trace.set(place, 0, 0, 0, 0);
}

/** Copies the traces to `to`, SIZEOF_trace bytes each. */
export function copyDomainTraces(to: usize): void {
  for (let i: u32 = 0; i < memoryRoots.trace_places; i++) {
    const place = placeAt(i);
    if (trace.traceback(place) === 0) continue;
    memory.copy(to, place, SIZEOF_trace);
    to += SIZEOF_trace;
  }
}
