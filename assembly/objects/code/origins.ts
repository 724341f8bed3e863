// Where the program is, for the traces of allocations (memory/trace/trace.ts): the frames, their files and their lines.
//
// Finding the line of an instruction means reading its code's line table from the start, and an allocating loop asks
// for the same few again and again. So answers are kept, one for each of many instructions, until any code object is
// freed. So are the instructions that the frames were at when they were last asked for: where they are still there, so
// is the traceback. File names are kept, one str for all that are equal, until traces are cleared. All tables are libc
// blocks that no trace shows; nothing here allocates from a domain.
//
// Mirrors tracemalloc_get_frame, tracemalloc_filenames and _PyTraceMalloc_* of Python/tracemalloc.c in CPython 3.13.
// Deliberate difference: CPython takes every new object's traceback twice, for the block and for the reference; here
// only a block that had been kept in a free list gets a second one, with the same result.

import { _PyInterpreterFrame, kept_line, PyCodeObject, PyThreadState, SIZEOF_kept_line } from "../../generated/layouts";
import { memoryRoots, objectsRoots } from "../../generated/runtime";
import { tracebackOfFrames, tracebackTotal } from "../../memory/trace/origins";
import { traceIsOn, traceNewReference, traceStart, traceStop } from "../../memory/trace/trace";
import { libc_calloc, libc_free } from "../../os/malloc";
import { tstate } from "../../thread/current";
import { DK } from "../containers/dict/keys";
import { _PyType_PreHeaderSize } from "../object/alloc";
import { Py } from "../object/head";
import { _PyUnicode_Equal } from "../text/compare";
import { dumpASCII } from "../text/dump";
import { PyCode_Addr2Line } from "./code";
import { currentPythonFrame } from "./frameaccess";

const LINE_PLACES: u32 = 1024;
const FILES_FIRST: u32 = 64;
// No frame has this address.
const NO_FRAME: usize = 1;

/** What start() takes at most. */
export const TRACE_LIMIT_MAX: i32 = 65535;

/** Starts tracing with up to `limit` frames a traceback, in range. False where there is no memory for it. */
export function startTracing(limit: i32): bool {
  if (traceIsOn()) return true;
  const current: () => usize = currentTraceback;
  const forget: () => void = forgetFiles;
  const show: (file: usize) => void = dumpASCII;
  memoryRoots.trace_current = current.index;
  memoryRoots.trace_forget = forget.index;
  memoryRoots.trace_file_text = show.index;
  forgetDepth();
  objectsRoots.trace_lines = libc_calloc(LINE_PLACES, SIZEOF_kept_line);
  objectsRoots.trace_files = libc_calloc(FILES_FIRST, 4);
  objectsRoots.trace_files_places = FILES_FIRST;
  objectsRoots.trace_files_count = 0;
  objectsRoots.trace_memo = libc_calloc(limit, 4);
  objectsRoots.trace_memo_used = 0;
  const made = objectsRoots.trace_lines != 0 && objectsRoots.trace_files != 0 && objectsRoots.trace_memo != 0;
  if (made && traceStart(<u32>limit)) return true;
  endTracing();
  return false;
}

/** Ends tracing and forgets all traces. */
export function stopTracing(): void {
  traceStop();
  endTracing();
}

function endTracing(): void {
  libc_free(objectsRoots.trace_lines);
  libc_free(objectsRoots.trace_files);
  libc_free(objectsRoots.trace_memo);
  objectsRoots.trace_memo = 0;
  objectsRoots.trace_lines = 0;
  objectsRoots.trace_files = 0;
  objectsRoots.trace_files_places = 0;
}

/** The bytes that the tables take. */
export function tracingOverhead(): usize {
  if (!traceIsOn()) return 0;
  return (
    <usize>LINE_PLACES * SIZEOF_kept_line + ((<usize>(objectsRoots.trace_files_places + memoryRoots.trace_limit)) << 2)
  );
}

/** A code object is about to be freed: others will lie where its instructions were. */
export function forgetLines(): void {
  const lines = objectsRoots.trace_lines;
  if (lines == 0) return;
  memory.fill(lines, 0, <usize>LINE_PLACES * SIZEOF_kept_line);
  forgetMemo();
}

/**
 * `memoryRoots.trace_current`: the traceback of where the program is. The commonest case first: one frame is all that is
 * asked for, it is the one as before, and at an instruction whose traceback is known.
 */
function currentTraceback(): usize {
  const ts = PyThreadState.at(tstate);
  const frame = ts.current_frame;
  if (
    frame == objectsRoots.trace_frame &&
    _PyInterpreterFrame.at(frame).previous == objectsRoots.trace_previous &&
    ts.py_recursion_limit - ts.py_recursion_remaining == objectsRoots.trace_depth &&
    memoryRoots.trace_limit == 1
  ) {
    const at = <u32>_PyInterpreterFrame.at(frame).instr_ptr;
    const kept = linePlace(at);
    const traceback: usize = kept_line.at(kept).traceback;
    if (
      kept_line.at(kept).instruction == at &&
      traceback != 0 &&
      tracebackTotal(traceback) == objectsRoots.trace_total
    ) {
      return traceback;
    }
  }
  return framesTraceback();
}

function framesTraceback(): usize {
  // An instruction that the innermost frame was at before is one of a frame that has begun.
  let first: usize = PyThreadState.at(tstate).current_frame;
  if (first == 0 || _PyInterpreterFrame.at(first).instr_ptr != load<u32>(objectsRoots.trace_memo)) {
    first = currentPythonFrame();
  }
  if (first == 0) {
    // The buffer gets something else.
    forgetMemo();
    return tracebackOfFrames(0);
  }
  const total = countFrames(first);
  const same = writeFrames(first, min(memoryRoots.trace_limit, total)) && total == objectsRoots.trace_memo_total;
  objectsRoots.trace_memo_total = total;
  if (same && memoryRoots.traceback_last != 0) return memoryRoots.traceback_last;
  const traceback = tracebackOfFrames(total);
  if (traceback == 0) forgetMemo();
  else if (memoryRoots.trace_limit == 1) keepTraceback(<u32>_PyInterpreterFrame.at(first).instr_ptr, traceback);
  return traceback;
}

/** Keeps the traceback of the one frame that is at the instruction `at`. */
function keepTraceback(at: u32, traceback: usize): void {
  const kept = linePlace(at);
  if (kept_line.at(kept).instruction == at) kept_line.at(kept).traceback = <u32>traceback;
}

/** Writes the `n` innermost frames into the buffer; whether they were there already. */
function writeFrames(first: usize, n: u32): bool {
  let same = true;
  let memo = objectsRoots.trace_memo;
  let buffer = memoryRoots.traceback_frames;
  let f = first;
  for (let i: u32 = 0; i < n; i++) {
    const at = <u32>_PyInterpreterFrame.at(f).instr_ptr;
    if (load<u32>(memo) != at) {
      store<u32>(memo, at);
      const place = fileAndLine(f, at);
      if (place != load<u64>(buffer)) {
        same = false;
        store<u64>(buffer, place);
      }
    }
    memo += 4;
    buffer += 8;
    f = _PyInterpreterFrame.at(f).previous;
  }
  if (n > objectsRoots.trace_memo_used) objectsRoots.trace_memo_used = n;
  return same;
}

/** Nothing is known any more of what the buffer holds. */
function forgetMemo(): void {
  forgetDepth();
  memory.fill(objectsRoots.trace_memo, 0, (<usize>objectsRoots.trace_memo_used) << 2);
  objectsRoots.trace_memo_used = 0;
  objectsRoots.trace_memo_total = 0;
}

/**
 * How many frames there are from `first`, the innermost that has begun, outwards: all those have begun too. A loop that
 * allocates asks again and again from one frame: while that is the innermost, was called by the same one, and the
 * thread counts as many levels, the answer is the same.
 */
function countFrames(first: usize): u32 {
  const ts = PyThreadState.at(tstate);
  const depth = ts.py_recursion_limit - ts.py_recursion_remaining;
  const previous: usize = _PyInterpreterFrame.at(first).previous;
  if (
    first == objectsRoots.trace_frame &&
    previous == objectsRoots.trace_previous &&
    depth == objectsRoots.trace_depth
  ) {
    // (Without assertions their operands would still be computed.)
    if (!ASC_NO_ASSERT) assert(objectsRoots.trace_total == walk(first));
    return objectsRoots.trace_total;
  }
  const total = walk(first);
  objectsRoots.trace_frame = first;
  objectsRoots.trace_previous = previous;
  objectsRoots.trace_depth = depth;
  objectsRoots.trace_total = total;
  return total;
}

function walk(first: usize): u32 {
  let total: u32 = 0;
  for (let f = first; f != 0; f = _PyInterpreterFrame.at(f).previous) total++;
  return total;
}

/** A frame is entered or left that the thread does not count as a level, or the count is changed by itself. */
export function forgetDepth(): void {
  objectsRoots.trace_frame = NO_FRAME;
}

/** File name (the lower half) and line of the frame, which is at the instruction `at`. */
function fileAndLine(frame: usize, at: u32): u64 {
  const kept = linePlace(at);
  if (kept_line.at(kept).instruction != at) findLine(frame, at, kept);
  return kept_line.at(kept).file_and_line;
}

function linePlace(at: u32): usize {
  const place = ((at >> 1) ^ (at >> 11)) & (LINE_PLACES - 1);
  return objectsRoots.trace_lines + <usize>place * SIZEOF_kept_line;
}

function findLine(frame: usize, at: u32, kept: usize): void {
  const code = _PyInterpreterFrame.at(frame).f_executable;
  const co = PyCodeObject.at(code);
  const k = kept_line.at(kept);
  k.instruction = at;
  k.traceback = 0;
  k.file = <u32>keptFile(co.co_filename);
  k.line = max(PyCode_Addr2Line(code, <i32>(<usize>at - co.co_code_adaptive)), 0);
}

/** The one str that is kept for the file name; 0 where there is no memory to keep it. */
function keptFile(file: usize): usize {
  if ((objectsRoots.trace_files_count + 1) << 1 > objectsRoots.trace_files_places && !growFiles()) return 0;
  const place = filePlace(file);
  const there = load<u32>(place);
  if (there != 0) return there;
  store<u32>(place, <u32>Py.NewRef(file));
  objectsRoots.trace_files_count += 1;
  return file;
}

/** The place of the kept str that equals `file`, or the free place where it would go. */
function filePlace(file: usize): usize {
  const mask = objectsRoots.trace_files_places - 1;
  let i = <u32>DK.strHash(file) & mask;
  while (true) {
    const place = objectsRoots.trace_files + ((<usize>i) << 2);
    const there: usize = load<u32>(place);
    if (there == 0 || there == file || _PyUnicode_Equal(there, file)) return place;
    i = (i + 1) & mask;
  }
}

function growFiles(): bool {
  const old = objectsRoots.trace_files;
  const places = objectsRoots.trace_files_places;
  const larger = libc_calloc(places << 1, 4);
  if (larger == 0) return false;
  objectsRoots.trace_files = larger;
  objectsRoots.trace_files_places = places << 1;
  for (let i: u32 = 0; i < places; i++) {
    const file = load<u32>(old + ((<usize>i) << 2));
    if (file != 0) store<u32>(filePlace(file), file);
  }
  libc_free(old);
  return true;
}

/** `memoryRoots.trace_forget`: lets go of the file names. */
function forgetFiles(): void {
  forgetLines();
  const files = objectsRoots.trace_files;
  for (let i: u32 = 0; i < objectsRoots.trace_files_places; i++) {
    const place = files + ((<usize>i) << 2);
    const file = load<u32>(place);
    store<u32>(place, 0);
    Py.XDECREF(file);
  }
  objectsRoots.trace_files_count = 0;
}

/** An object that was kept for reuse is one again, or one that died lives on: it was made here. */
export function traceReference(o: usize): void {
  if (traceIsOn()) traceNewReference(o - _PyType_PreHeaderSize(Py.TYPE(o)));
}
