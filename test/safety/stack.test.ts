// The native stack's end, from wherever the runtime is entered: an exception of Python's, never one of JavaScript's, and
// nothing left over. The stack may be used up by the caller to any depth.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Interpreter, PythonError } from "../../src/index.ts";

const program = readFileSync(new URL("recursion.py", import.meta.url), "utf8");

/** Calls `then` from `depth` frames of JavaScript further down. */
function descend(depth: number, then: () => void): void {
  if (depth === 0) then();
  else descend(depth - 1, then);
}

/** How many such frames there is room for. */
function room(): number {
  let deepest = 0;
  const count = (n: number): void => {
    deepest = n;
    count(n + 1);
  };
  try {
    count(0);
  } catch {}
  return deepest;
}

const RECURSIONS = 35;

test("recursion of every kind ends in RecursionError, from any depth of the caller", () => {
  const frames = room();
  for (const share of [0, 0.7]) {
    const python = new Interpreter({ debug: true });
    descend(Math.floor(frames * share), () => python.run(program));
    assert.equal(python.output, `${RECURSIONS} of ${RECURSIONS}\n`, `${share} of the stack in use`);
    assert.equal(python.dispose(), 0);
  }
});

test("where the caller has used up the stack nothing is entered", () => {
  const python = new Interpreter({ debug: true });
  let refused = 0;
  const down = (): void => {
    try {
      down();
    } catch (error) {
      // On the way up: from no stack at all to some.
      if (!(error instanceof RangeError)) throw error;
      try {
        python.run("def f(x): return [f(x)]\ntry: list(map(f, [1]))\nexcept RecursionError: print('ok')");
      } catch (inner) {
        if (!(inner instanceof PythonError)) throw error;
        assert.equal(inner.type, "RecursionError");
        refused++;
        throw error;
      }
    }
  };
  down();
  assert.ok(refused > 0);
  assert.equal(python.output, "ok\n");
  assert.equal(python.evaluate("1 + 1"), 2);
  assert.equal(python.dispose(), 0);
});
