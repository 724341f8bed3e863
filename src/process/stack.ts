/**
 * The native stack: how much of it is left is measured at each entry into the runtime, because it depends on how deep the
 * caller stands and on how the engine was started. The runtime counts levels from there, and raises RecursionError before
 * the stack ends.
 */
import { probe } from "../generated/constants.ts";
import type { RuntimeExports } from "./exports.ts";

/** What one frame of the runtime's probe takes at least (assembly/generated/stackprobe.ts). */
const PROBE_BYTES = 8 * probe.PROBE_WORDS;
/**
 * What a level may take: twice what the deepest users of the stack do take in any build (__next__, __add__ and keys of map
 * written in Python; test/safety/stack.test.ts), which is below 1,100 bytes.
 */
const LEVEL_BYTES = 2560;
/** Kept for what is not counted: the engine, and services that the runtime calls. */
const RESERVE_BYTES = 96 << 10;
/** How many are given at once: what the runtime's scratch memory is made for. */
export const LEVELS_MAX = 1500;
/** How many there may be in all, as in CPython 3.13 (Py_C_RECURSION_LIMIT). */
const LEVELS_IN_ALL = 10_000;
/** With fewer, not even an exception could be told. */
const LEVELS_MIN = 20;

/** Few calls need more. */
const LEVELS_FEW = 32;

/** Too little native stack is left to enter the runtime. Nothing has happened yet. */
export class StackError extends Error {}

/** How many frames of the probe a stack has that has so many levels. */
const framesFor = (levels: number) => Math.ceil((levels * LEVEL_BYTES + RESERVE_BYTES) / PROBE_BYTES);

/** How many levels the native stack has room for here, `most` at most. */
function levelsLeft(runtime: RuntimeExports, most: number): number {
  const frames = framesFor(most);
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  let cleared = false;
  try {
    // Where there is no room for a single frame, nothing is counted: what was left before must not be read then.
    runtime.probeStack(0, 0);
    cleared = true;
    runtime.probeStack(frames, 0);
    return most;
  } catch {
    const left = cleared ? runtime.probesLeft() : 0;
    const bytes = left === 0 ? 0 : (frames - left) * PROBE_BYTES;
    return Math.max(0, Math.min(most, Math.floor((bytes - RESERVE_BYTES) / LEVEL_BYTES)));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** How many levels the runtime may recurse from here, `most` at most. Throws StackError where they are too few. */
export function nativeLevels(runtime: RuntimeExports, most = LEVELS_MAX): number {
  const wanted = Math.min(most, LEVELS_MAX);
  const levels = levelsLeft(runtime, wanted);
  if (levels < Math.min(LEVELS_MIN, wanted)) throw new StackError("too little native stack is left");
  return levels;
}

/** How many levels there are from here, where `taken` of `most` are taken; 0 where there are none. */
export function furtherLevels(runtime: RuntimeExports, taken: number, most = LEVELS_IN_ALL): number {
  const wanted = Math.min(most - taken, LEVELS_MAX);
  return wanted <= 0 ? 0 : levelsLeft(runtime, wanted);
}

/**
 * Enters the runtime with the levels that most calls need; the rest is measured where they do not do (furtherLevels). What to
 * give to `leaveLevels` afterwards. Throws StackError.
 */
export function enterQuickly(exports: RuntimeExports, most = LEVELS_MAX): number {
  const levels = Math.min(most, LEVELS_FEW);
  try {
    return exports.enterLevels(framesFor(levels), levels);
  } catch {
    return exports.enterLevels(0, nativeLevels(exports, levels));
  }
}

/** Enters the runtime: `act` may call what runs Python. Afterwards the levels are those of before. Throws StackError. */
function enterMeasured<T>(exports: RuntimeExports, most: number | undefined, act: () => T): T {
  const before = exports.enterLevels(0, nativeLevels(exports, most));
  try {
    return act();
  } finally {
    exports.leaveLevels(before);
  }
}

/** What runs Python code. */
const ENTRIES = ["main", "runMain", "runSource", "takeException", "flushStreams", "endProgram", "finalize"] as const;

/** The runtime's exports, measured at every entry. */
export function measured(exports: RuntimeExports, most: number | undefined): RuntimeExports {
  const runtime = { ...exports };
  for (const name of ENTRIES) {
    const entry = exports[name] as (...args: unknown[]) => unknown;
    (runtime as Record<string, unknown>)[name] = (...args: unknown[]) =>
      enterMeasured(exports, most, () => entry(...args));
  }
  return runtime;
}
