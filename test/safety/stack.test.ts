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

const DEEP = `
class R:
    def __init__(self, n): self.n = n
    def __repr__(self): return "x" if self.n == 0 else repr(R(self.n - 1))
    def __getattr__(self, name): return 1 if self.n == 0 else getattr(R(self.n - 1), name)
def mapped(n): return 0 if n == 0 else max(map(mapped, [n - 1]))
def summed(n): return 0 if n == 0 else 1 + sum(summed(m) for m in [n - 1])
def key(n): return sorted([n], key=lambda k: 0 if k == 0 else key(k - 1))

repr(R(300)), R(300).other, mapped(300), summed(300), key(300)
# What is there for one kind is not there for another, whose levels take more.
def ends(f):
    try: f(100_000)
    except RecursionError: return True
import sys
sys.setrecursionlimit(1_000_000)
print(all(ends(f) for f in [mapped, lambda n: repr(R(n)), lambda n: R(n).other, summed, key] * 2))
`;

test("levels are as many as the stack has room for", () => {
  const python = new Interpreter({ debug: true });
  python.run(DEEP);
  assert.equal(python.output, "True\n");
  assert.equal(python.dispose(), 0);
  const few = new Interpreter({ debug: true, nativeDepth: 100 });
  assert.throws(() => few.run(DEEP), { type: "RecursionError" });
  assert.equal(few.evaluate("mapped(30)"), 0);
  assert.equal(few.dispose(), 0);
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
