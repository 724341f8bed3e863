// However deep a program nests, the compiler's stack does not overflow: chains that CPython compiles are compiled, and
// at CPython's limits there is CPython's error.
import assert from "node:assert/strict";
import test from "node:test";
import { compile, PyCompileError, PySyntaxError } from "../../src/compiler/index.ts";

/** "ok", or the type of the error. */
function outcome(source: string): string {
  try {
    compile(source, "<test>", "exec");
    return "ok";
  } catch (e) {
    if (e instanceof PyCompileError || e instanceof PySyntaxError) return e.type;
    throw e;
  }
}

const chains: Record<string, (n: number) => string> = {
  attributes: (n) => `a${".b".repeat(n)}`,
  subscripts: (n) => `a${"[0]".repeat(n)}`,
  calls: (n) => `a${"()".repeat(n)}`,
  operators: (n) => `a${"+a".repeat(n)}`,
  constants: (n) => `1${"+1".repeat(n)}`,
  annotations: (n) => `from __future__ import annotations\nx: a${".b".repeat(n)}`,
};

for (const [name, make] of Object.entries(chains)) {
  test(`a chain of ${name} ends where CPython's ends`, () => {
    assert.equal(outcome(make(8000)), "ok");
    assert.equal(outcome(make(9996)), "ok");
    assert.equal(outcome(make(9997)), "RecursionError");
    assert.equal(outcome(make(100000)), "RecursionError");
  });
}

const nested: Record<string, (n: number) => string> = {
  "prefix operators": (n) => `${"-".repeat(n)}a`,
  not: (n) => `if ${"not ".repeat(n)}a: pass`,
  "conditional expressions": (n) => `${"a if b else ".repeat(n)}c`,
  "conditions on conditions": (n) => `if ${"a if b else ".repeat(n)}c: pass`,
};

for (const [name, make] of Object.entries(nested)) {
  test(`3000 of ${name} compile`, () => {
    assert.equal(outcome(make(3000)), "ok");
  });
}

test("elif, 3000 times", () => {
  assert.equal(outcome(`if a: pass\n${"elif b: pass\n".repeat(3000)}`), "ok");
});

test("nesting that the parser does not limit is limited", () => {
  assert.equal(outcome(`[x${" for x in y".repeat(100000)}]`), "RecursionError");
});

test("a caller deep in the stack gets an error, not an overflow", () => {
  const outcomes = new Set<string>();
  const dive = (depth: number): void => {
    try {
      dive(depth + 1);
    } catch (e) {
      if (!(e instanceof RangeError)) throw e;
    }
    if (depth % 50 !== 0) return;
    try {
      outcomes.add(outcome(`x = ${"(".repeat(50)}1${")".repeat(50)}`));
    } catch (e) {
      // No room to call the compiler at all.
      if (!(e instanceof RangeError || e instanceof SyntaxError)) throw e;
    }
  };
  dive(0);
  assert.ok(outcomes.has("ok"));
});
