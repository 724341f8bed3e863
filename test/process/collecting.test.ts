// The collector under stress: a collection after every allocation that it knows, while every n-th of the requests that are
// made during collections, by finalizers and callbacks too, fails: no trap, and nothing left over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { roots, structs } from "../../src/generated/memory.ts";
import { collectAlways } from "../../tools/run/collecting.ts";
import { programs } from "./programs.ts";
import { leftovers, startProcess } from "./support.ts";

/** Mode of setAllocationFailureMode: every n-th request during collections. */
const FAIL_COLLECTING = 2;

const garbage = `
import gc, _weakref
told = []
def tell(*what): told.append([what])
def callback(ref): tell("ref", ref())
class P:
    def __init__(self, n): self.n = n
class D(P):
    def __del__(self): tell("del", self.n, {self.n: [self]})
class R(P):
    def __del__(self): kept.append(self)
class B(P):
    def __del__(self):
        self.__dict__.clear()
        self.me.you
class S:
    __slots__ = "me", "you", "n", "__weakref__"
    def __init__(self, n): self.n = n
def g(x):
    try: yield x
    finally: tell("generator", [x])
async def c(x):
    try: await C()
    finally: tell("coroutine", {x})
class C:
    def __await__(self): yield
def phase(name, info): tell(name, dict(info))
gc.callbacks.append(phase)
kept = []
refs = []
for n in range(6):
    for kind in P, D, R, B, S:
        a, b = kind(n), kind(-n)
        a.me, b.me, a.you, b.you = a, [b], {1: b}, (a, a)
        refs.append(_weakref.ref(a, callback))
        refs.append(_weakref.proxy(b, callback))
    it = g(n); next(it)
    ring = [it]; ring.append(ring)
    co = c(n); co.send(None)
    ring.append({"co": co, "ring": ring})
    def f(): return f, ring
    class K(D): me = f
    class L(list): pass
    l = L([l for l in [[]]]); l.append(l); l.k = K
    try: raise KeyError(l)
    except KeyError as e: l.e = e
    del a, b, it, ring, co, f, K, L, l
    gc.collect()
    kept.clear()
`;

/** Runs it with every n-th request during collections failing: what it wrote as errors, and how many collections there were. */
function run(source: string, n: bigint): { errors: string; collections: number } {
  const output = { text: "", errors: "" };
  const process = startProcess("debug", output);
  collectAlways(process.memory);
  process.runtime.setAllocationFailureMode(n, FAIL_COLLECTING);
  const status = process.runMain(new TextEncoder().encode(source), "program.py", true);
  process.runtime.setAllocationFailure(0n);
  const memory = new Int32Array(process.memory.buffer);
  const collections = memory[(roots.gc.generation_stats[0] + structs.gc_generation_stats.collections[0]) >> 2]!;
  process.runtime.finalize();
  const left = leftovers(process);
  assert.equal(left.blocks, 0, `every ${n}th failing leaves ${left.names.join(", ")}`);
  assert.equal(status, 0, `every ${n}th failing: ${output.errors}`);
  return { errors: output.errors, collections };
}

test("a collection after every allocation, every n-th request during one failing", () => {
  assert.ok(run(garbage, 0n).collections > 100);
  for (let n = 1n; n < 60n; n++) {
    const { errors } = run(garbage, n);
    // Where hardly anything succeeds, there is no memory for the text either.
    if (n > 20n) assert.match(errors, /MemoryError/);
  }
});

for (const [name, source] of Object.entries(programs)) {
  test(`${name}, the same`, () => {
    assert.ok(run(source, 0n).collections > 5);
    for (const n of [1n, 2n, 3n, 5n]) run(source, n);
  });
}
