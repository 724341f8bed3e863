// Tracing from the start.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError } from "../../src/process/config.ts";
import { traceFrames } from "../../src/process/tracing.ts";

test("the command line goes before the environment, the first option before others", () => {
  const frames = (value: string | undefined, ...options: string[]) =>
    traceFrames({ PYTHONTRACEMALLOC: value }, options);
  assert.deepEqual([frames(undefined), frames(""), frames("0"), frames("5"), frames(" +7")], [0, 0, 0, 5, 7]);
  assert.deepEqual([frames("5", "tracemalloc"), frames("5", "tracemalloc=0"), frames("5", "other=3")], [1, 0, 5]);
  assert.deepEqual([frames("", "tracemalloc=2", "tracemalloc=3"), frames("", "tracemalloc=")], [2, 0]);
});

test("numbers that there cannot be are refused in CPython's words", () => {
  for (const value of ["x", "5x", "-1", "2147483648", "0x5", "5 "]) {
    assert.throws(() => traceFrames({ PYTHONTRACEMALLOC: value }, ["tracemalloc"]), {
      message: /^Fatal Python error: config_init_tracemalloc: PYTHONTRACEMALLOC: invalid number of frames\nPython/,
    });
    assert.throws(() => traceFrames({}, [`tracemalloc=${value}`]), {
      message: /^Fatal Python error: config_init_tracemalloc: -X tracemalloc=NFRAME: invalid number of frames\nPython/,
    });
  }
  assert.throws(() => traceFrames({ PYTHONTRACEMALLOC: "65536" }, []), ConfigError);
});
