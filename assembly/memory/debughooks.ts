// CPython's debug hooks around an allocator: padding on both sides of each block, fills, and the report when the
// padding is damaged.
//
//   block ─► ┌────────────────┬────┬──────────────┬───────────────┬────────────────┬──────────────────┐
//            │ n, big-endian 8│id 1│ 0xFD × 7     │ data: n bytes │ 0xFD × 8       │ serial number 8  │
//            └────────────────┴────┴──────────────┴───────────────┴────────────────┴──────────────────┘
//                                     what the program gets ─►
//   id: "r", "m" or "o", the domain. Fresh data is filled with 0xCD, a freed block with 0xDD.
//
// The serial number (which request made the block) is there only when allocation tracking is on, as in a CPython
// compiled with PYMEM_DEBUG_SERIALNO. Mirrors _PyMem_Debug* in Objects/obmalloc.c of CPython 3.13.

import { DEBUG_HOOKS, DOMAIN_RAW, SERIAL_NUMBERS } from "../generated/constants";
import { memoryRoots, osRoots } from "../generated/runtime";
import { text, textByte, textFlush, textHex, textNumber, textTo } from "./text";
import { tracebackFile, tracebackLength, tracebackLine } from "./trace/origins";
import { DEFAULT_DOMAIN, traceIsOn, traceTraceback } from "./trace/trace";

const CLEANBYTE: u8 = 0xcd;
const DEADBYTE: u8 = 0xdd;
const FORBIDDENBYTE: u8 = 0xfd;

const SST: usize = 8;
// How much of each end of a block a resize marks dead.
const ERASED_SIZE: usize = 64;
/** How far the data lies behind the start of the underlying block. */
export const DEBUG_HEAD: usize = 2 * SST;

/** How much a debug block is larger than what was asked for, in bytes. */
export function debugExtra(): usize {
  return memoryRoots.flags & SERIAL_NUMBERS ? 4 * SST : 3 * SST;
}

/** How many bytes were asked for when the debug block with its data at `p` was made. */
export function debugSize(p: usize): usize {
  return bswap<u32>(load<u32>(p - 12));
}

/** The serial number of the request that made or last resized the block with its data at `p`; 0 without tracking. */
export function allocationSerial(p: usize): u64 {
  const both = DEBUG_HOOKS | SERIAL_NUMBERS;
  return (memoryRoots.flags & both) === both ? bswap<u64>(load<u64>(p + debugSize(p) + SST)) : 0;
}

/** Writes head and tail of the block with its data at `data`. */
function decorate(data: usize, n: usize, id: u32, serial: u64): void {
  store<u64>(data - 2 * SST, bswap<u64>(<u64>n));
  memory.fill(data - SST, FORBIDDENBYTE, SST);
  store<u8>(data - SST, <u8>id);
  memory.fill(data + n, FORBIDDENBYTE, SST);
  if (memoryRoots.flags & SERIAL_NUMBERS) store<u64>(data + n + SST, bswap<u64>(serial));
}

/** Makes the underlying block at `p` one of `n` bytes for domain `id`; `clean`: fill the data. Returns the data. */
export function debugWrap(p: usize, n: usize, id: u32, clean: bool): usize {
  const data = p + DEBUG_HEAD;
  decorate(data, n, id, nextSerial());
  if (clean) memory.fill(data, CLEANBYTE, n);
  return data;
}

/** Checks the block with its data at `data` and marks all of it dead. Returns the underlying block. */
export function debugUnwrap(data: usize, id: u32): usize {
  debugCheck(data, id, false);
  const n = debugSize(data);
  memory.fill(data - DEBUG_HEAD, DEADBYTE, n + debugExtra());
  return data - DEBUG_HEAD;
}

/** Where a resize in domain `id` keeps the ends of the block: a resize in mem or object may contain one in raw. */
function saved(id: u32): usize {
  return memoryRoots.debug_saved + (id === DOMAIN_RAW ? 2 * ERASED_SIZE : 0);
}

/**
 * Prepares the resize of the block with its data at `data`: checks it and marks both its ends dead, having saved them.
 * Whoever still uses the block where it was will see 0xDD. Returns its serial number, erased as well.
 */
export function debugErase(data: usize, id: u32): u64 {
  debugCheck(data, id, true);
  const n = debugSize(data);
  const save = saved(id);
  const serial = allocationSerial(data);
  if (n <= 2 * ERASED_SIZE) {
    memory.copy(save, data, n);
    memory.fill(data - DEBUG_HEAD, DEADBYTE, n + debugExtra());
    return serial;
  }
  memory.copy(save, data, ERASED_SIZE);
  memory.copy(save + ERASED_SIZE, data + n - ERASED_SIZE, ERASED_SIZE);
  memory.fill(data - DEBUG_HEAD, DEADBYTE, ERASED_SIZE + DEBUG_HEAD);
  memory.fill(data + n - ERASED_SIZE, DEADBYTE, ERASED_SIZE + debugExtra() - DEBUG_HEAD);
  return serial;
}

/** Completes the resize of a block of `old` bytes of data, now in the underlying block at `p`, to `n`. Returns the data. */
export function debugRestore(p: usize, old: usize, n: usize, id: u32, serial: u64): usize {
  const data = p + DEBUG_HEAD;
  const save = saved(id);
  decorate(data, n, id, serial);
  if (old <= 2 * ERASED_SIZE) {
    memory.copy(data, save, min(n, old));
  } else {
    const last = old - ERASED_SIZE;
    memory.copy(data, save, min(n, ERASED_SIZE));
    if (n > last) memory.copy(data + last, save + ERASED_SIZE, min(n - last, ERASED_SIZE));
  }
  if (n > old) memory.fill(data + old, CLEANBYTE, n - old);
  return data;
}

/** The serial number of the next request. Where it is the one to stop at, the process ends in a trap instead. */
export function nextSerial(): u64 {
  const serial = memoryRoots.serialno + 1;
  memoryRoots.serialno = serial;
  if (serial === memoryRoots.serial_stop) unreachable();
  return serial;
}

/**
 * Ends the process with a trap at the request with serial number `serial` (0: never), so that the embedder sees the
 * stack of whoever makes it: the next run's way to learn where a block that was left over came from.
 */
export function setSerialStop(serial: u64): void {
  memoryRoots.serial_stop = serial;
}

/** Checks id and padding of the block with its data at `p`; reports damage and ends the process. */
function debugCheck(p: usize, id: u32, resizing: bool): void {
  const have: u32 = load<u8>(p - SST);
  if (have !== id) {
    dumpAddress(p);
    fatalStart(resizing);
    text("bad ID: Allocated using API '");
    textByte(have);
    text("', verified using API '");
    textByte(id);
    text("'\n");
    fatalEnd();
  }
  if (!allForbidden(p - SST + 1, SST - 1)) {
    dumpAddress(p);
    fatalStart(resizing);
    text("bad leading pad byte\n");
    fatalEnd();
  }
  if (!allForbidden(p + debugSize(p), SST)) {
    dumpAddress(p);
    fatalStart(resizing);
    text("bad trailing pad byte\n");
    fatalEnd();
  }
}

/** Whether the `n` bytes at `p` are all FORBIDDENBYTE. Bytes outside the machine's memory are not. */
function allForbidden(p: usize, n: usize): bool {
  const end = (<usize>memory.size()) << 16;
  if (p > end - n) return false;
  for (let i: usize = 0; i < n; i++) if (load<u8>(p + i) !== FORBIDDENBYTE) return false;
  return true;
}

function fatalStart(resizing: bool): void {
  text("Fatal Python error: ");
  if (resizing) text("_PyMem_DebugRawRealloc: ");
  else text("_PyMem_DebugRawFree: ");
}

/** Ends the process: through the hook at `osRoots.fatal_error`, which prints where the threads were, if there is one. */
function fatalEnd(): void {
  textFlush();
  const hook = osRoots.fatal_error;
  if (hook) call_indirect<void>(hook);
  unreachable();
}

/** Lists the padding bytes from `at` on, those that are damaged marked. `label` and `first` name their places. */
function listPadding(at: usize, n: usize, leading: bool): void {
  for (let i: usize = 0; i < n; i++) {
    const byte = load<u8>(at + i);
    if (leading) {
      text("        at p-");
      textNumber(n - i, 0);
    } else {
      text("        at tail+");
      textNumber(i, 0);
    }
    text(": 0x");
    textHex(byte, 2);
    if (byte !== FORBIDDENBYTE) text(" *** OUCH");
    textByte(10);
  }
}

/** Describes the padding of `n` bytes at `at`; true if it is whole. */
function describePadding(at: usize, n: usize, leading: bool): bool {
  if (allForbidden(at, n)) {
    text("FORBIDDENBYTE, as expected.\n");
    return true;
  }
  text("not all FORBIDDENBYTE (0xfd):\n");
  listPadding(at, n, leading);
  return false;
}

/** Writes what is known about the block with its data at `p` to standard error. */
function dumpAddress(p: usize): void {
  textTo(osRoots.error_write);
  text("Debug memory block at address p=0x");
  textHex(p, 0);
  text(": API '");
  textByte(load<u8>(p - SST));
  text("'\n    ");
  const n = bswap<u64>(load<u64>(p - 2 * SST));
  textNumber(n, 0);
  text(" bytes originally requested\n    The 7 pad bytes at p-7 are ");
  if (!describePadding(p - SST + 1, SST - 1, true)) {
    text("    Because memory is corrupted at the start, the count of bytes requested\n");
    text("       may be bogus, and checking the trailing pad bytes may segfault.\n");
  }
  const end = ((<u64>memory.size()) << 16) - 2 * SST;
  const tail = <u64>p + n;
  if (n > end || tail > end) {
    // CPython reads on and most likely dies here; the count is bogus, and there is nothing more to show.
    textByte(10);
    dumpTraceback(p);
    return;
  }
  text("    The 8 pad bytes at tail=0x");
  textHex(tail, 0);
  text(" are ");
  describePadding(<usize>tail, SST, false);
  if (memoryRoots.flags & SERIAL_NUMBERS) {
    text("    The block was made by call #");
    textNumber(bswap<u64>(load<u64>(<usize>tail + SST)), 0);
    text(" to debug malloc/realloc.\n");
  }
  if (n > 0) dumpData(p, <usize>n);
  textByte(10);
  dumpTraceback(p);
}

/** Writes where the block was allocated, if that is known. File names are written by the hook `trace_file_text`. */
function dumpTraceback(p: usize): void {
  if (!traceIsOn()) {
    text("Enable tracemalloc to get the memory block allocation traceback\n\n");
    return;
  }
  const traceback = traceTraceback(DEFAULT_DOMAIN, p);
  if (traceback === 0) return;
  const name = memoryRoots.trace_file_text;
  text("Memory block allocated at (most recent call first):\n");
  for (let i: u32 = 0; i < tracebackLength(traceback); i++) {
    const file = tracebackFile(traceback, i);
    text('  File "');
    if (file !== 0 && name !== 0) call_indirect<void>(name, file);
    else text("<unknown>");
    text('", line ');
    textNumber(tracebackLine(traceback, i), 0);
    textByte(10);
  }
  textByte(10);
}

/** Writes the first and the last eight of `n` data bytes at `p`. */
function dumpData(p: usize, n: usize): void {
  text("    Data at p:");
  for (let i: usize = 0; i < n; i++) {
    if (i === 8 && n > 16) {
      text(" ...");
      i = n - 8;
    }
    textByte(32);
    textHex(load<u8>(p + i), 2);
  }
  textByte(10);
}
