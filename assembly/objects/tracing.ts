// Where the program is, for the traces of allocations (memory/trace.ts): the frames, their files and their lines.
//
// Finding the line of an instruction means reading its code's line table from the start, and an allocating loop asks
// for the same few again and again. So answers are kept, one for each of many instructions, until any code object is
// freed. File names are kept too, one str for all that are equal, until traces are cleared. Both tables are libc blocks
// that no trace shows; nothing here allocates from a domain.
//
//   line ┌───────────────┬────────┬─────────────┬────────┐
//        │ instruction 4 │ line 4 │ file name 4 │ free 4 │      instruction 0: no answer kept
//        └───────────────┴────────┴─────────────┴────────┘
//
// Mirrors tracemalloc_get_frame, tracemalloc_filenames and _PyTraceMalloc_* of Python/tracemalloc.c in CPython 3.13.
// Deliberate difference: CPython takes every new object's traceback twice, for the block and for the reference; here
// only a block that had been kept in a free list gets a second one, with the same result.

import { _PyInterpreterFrame, PyCodeObject, PyThreadState } from "../generated/layouts";
import { memoryRoots, objectsRoots } from "../generated/runtime";
import { text, textByte, textHex } from "../memory/text";
import { traceIsOn, traceNewReference, traceStart, traceStop } from "../memory/trace";
import { libc_calloc, libc_free } from "../os/malloc";
import { PyCode_Addr2Line } from "./codeobject";
import { DK } from "./dict/keys";
import { currentPythonFrame } from "./frameaccess";
import { _PyType_PreHeaderSize, Py } from "./object";
import { tstate } from "./state";
import { U } from "./unicode/access";
import { _PyUnicode_Equal } from "./unicode/compare";

const LINE_PLACES: u32 = 1024;
const SIZEOF_line: usize = 16;
const FILES_FIRST: u32 = 64;
const NAME_SHOWN_MAX: isize = 500;

/** What start() takes at most. */
export const TRACE_LIMIT_MAX: i32 = 65535;

/** Starts tracing with up to `limit` frames a traceback, in range. False where there is no memory for it. */
export function startTracing(limit: i32): bool {
  if (traceIsOn()) return true;
  const frames: (buffer: usize, limit: u32) => u32 = currentFrames;
  const forget: () => void = forgetFiles;
  const show: (file: usize) => void = showFile;
  memoryRoots.trace_frames = frames.index;
  memoryRoots.trace_forget = forget.index;
  memoryRoots.trace_file_text = show.index;
  forgetDepth();
  objectsRoots.trace_lines = libc_calloc(LINE_PLACES, SIZEOF_line);
  objectsRoots.trace_files = libc_calloc(FILES_FIRST, 4);
  objectsRoots.trace_files_places = FILES_FIRST;
  objectsRoots.trace_files_count = 0;
  if (objectsRoots.trace_lines != 0 && objectsRoots.trace_files != 0 && traceStart(<u32>limit)) return true;
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
  objectsRoots.trace_lines = 0;
  objectsRoots.trace_files = 0;
  objectsRoots.trace_files_places = 0;
}

/** The bytes that the tables take. */
export function tracingOverhead(): usize {
  if (!traceIsOn()) return 0;
  return <usize>LINE_PLACES * SIZEOF_line + ((<usize>objectsRoots.trace_files_places) << 2);
}

/** A code object is about to be freed: others will lie where its instructions were. */
export function forgetLines(): void {
  const lines = objectsRoots.trace_lines;
  if (lines != 0) memory.fill(lines, 0, <usize>LINE_PLACES * SIZEOF_line);
}

/** `memoryRoots.trace_frames`: writes the innermost `limit` frames and returns how many there are. */
function currentFrames(buffer: usize, limit: u32): u32 {
  const first = currentPythonFrame();
  if (first == 0) return 0;
  const total = countFrames(first);
  let f = first;
  for (let n = min(limit, total); n != 0; n--) {
    writeFrame(f, buffer);
    buffer += 8;
    f = _PyInterpreterFrame.at(f).previous;
  }
  return total;
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
  objectsRoots.trace_frame = 0;
}

/** Writes file name and line of the frame. */
function writeFrame(frame: usize, to: usize): void {
  const at = _PyInterpreterFrame.at(frame).instr_ptr;
  const place = (<u32>(at >> 1) ^ <u32>(at >> 11)) & (LINE_PLACES - 1);
  const kept = objectsRoots.trace_lines + <usize>place * SIZEOF_line;
  if (load<u32>(kept) != <u32>at) findLine(frame, at, kept);
  store<u32>(to, load<u32>(kept, 8));
  store<u32>(to, load<u32>(kept, 4), 4);
}

function findLine(frame: usize, at: usize, kept: usize): void {
  const code = _PyInterpreterFrame.at(frame).f_executable;
  const co = PyCodeObject.at(code);
  store<u32>(kept, <u32>at);
  store<u32>(kept, max(PyCode_Addr2Line(code, <i32>(at - co.co_code_adaptive)), 0), 4);
  store<u32>(kept, <u32>keptFile(co.co_filename), 8);
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

/** `memoryRoots.trace_file_text`: writes a file name as ASCII, the rest of its characters escaped; a long one is cut. */
function showFile(file: usize): void {
  const n = min(U.length(file), NAME_SHOWN_MAX);
  for (let i: isize = 0; i < n; i++) {
    const c = U.at(file, i);
    if (c >= 0x20 && c < 0x7f) {
      textByte(c);
      continue;
    }
    text(c < 0x100 ? "\\x" : c < 0x10000 ? "\\u" : "\\U");
    textHex(c, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8);
  }
  if (n < U.length(file)) text("...");
}

/** A block that was kept for reuse is an object again (or one that died lives on): it was made here. */
export function traceReference(o: usize): void {
  if (traceIsOn()) traceNewReference(o - _PyType_PreHeaderSize(Py.TYPE(o)));
}
