/**
 * Whether a process traces its allocations from the start: PYTHONTRACEMALLOC and `-X tracemalloc[=N]` as CPython reads
 * them (config_init_tracemalloc in Python/initconfig.c).
 */

import { ConfigError } from "./config.ts";

// What tracemalloc.start() takes at most.
const FRAMES_MAX = 65535;
// The largest C int.
const INT_MAX = 0x7fffffff;

/** The number that all of the text says, as C's strtol reads it; undefined where it does not fit. */
function frames(text: string): number | undefined {
  if (text === "") return 0;
  const n = /^[ \t\n\v\f\r]*[-+]?[0-9]+$/.test(text) ? Number(text) : -1;
  return n >= 0 && n <= INT_MAX ? n : undefined;
}

function invalid(what: string): ConfigError {
  return new ConfigError(
    `Fatal Python error: config_init_tracemalloc: ${what}: invalid number of frames\nPython runtime state: preinitialized\n\n`,
  );
}

/**
 * How many frames of each traceback are kept; 0: nothing is traced. `xoptions`: the values of -X, of which the first
 * that is about tracemalloc goes before the environment. Throws ConfigError with CPython's words.
 */
export function traceFrames(
  environment: Readonly<Record<string, string | undefined>>,
  xoptions: readonly string[],
): number {
  let limit = frames(environment.PYTHONTRACEMALLOC ?? "");
  if (limit === undefined) throw invalid("PYTHONTRACEMALLOC");
  const option = xoptions.find((x) => x.split("=", 1)[0] === "tracemalloc");
  if (option !== undefined) {
    limit = option === "tracemalloc" ? 1 : frames(option.slice("tracemalloc=".length));
    if (limit === undefined) throw invalid("-X tracemalloc=NFRAME");
  }
  if (limit > FRAMES_MAX) {
    throw new ConfigError(
      `Fatal Python error: init_interp_main: can't start tracemalloc
Python runtime state: core initialized
ValueError: the number of frames must be in range [1; ${FRAMES_MAX}]

Current thread 0x0000000000000001 (most recent call first):
  <no Python frame>
`,
    );
  }
  return limit;
}
