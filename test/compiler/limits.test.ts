// What a compilation takes is bounded by what it may take, and grows as its source does.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { compile, marshalCode, PyCompileError, PySyntaxError } from "../../src/compiler/index.ts";

const memory = 8 << 20;

/** "ok", or the type of the error. */
function outcome(source: string, mode: "exec" | "eval" = "exec", limits = { memory }): string {
  try {
    marshalCode(compile(new TextEncoder().encode(source), "<test>", mode, { limits }), true, limits);
    return "ok";
  } catch (e) {
    if (e instanceof PyCompileError || e instanceof PySyntaxError) return e.type;
    throw e;
  }
}

const shapes: Record<string, (n: number) => string> = {
  ands: (n) => `1${" and 1".repeat(n)}\n`,
  lists: (n) => `[${"1,".repeat(n)}]\n`,
  statements: (n) => "a\n".repeat(n),
  assignments: (n) => "a=1\n".repeat(n),
  calls: (n) => "f(x, y)\n".repeat(n),
  dicts: (n) => `{${"1:2,".repeat(n)}}\n`,
  comparisons: (n) => `a${"<a".repeat(n)}\n`,
  functions: (n) => "def f(a):\n return a\n".repeat(n),
  lambdas: (n) => `[${"lambda:0,".repeat(n)}]\n`,
  handlers: (n) => "try:a\nexcept:b\n".repeat(n),
  withs: (n) => "with a:b\n".repeat(n),
  "f-strings": (n) => "f'{a}{b}'\n".repeat(n),
  names: (n) => Array.from({ length: n }, (_, i) => `n${i}\n`).join(""),
  comprehensions: (n) => "[a for a in b]\n".repeat(n),
  "folded strings": (n) => `[${"'a'*4096,".repeat(n)}]\n`,
  mistakes: (n) => `${"f(x)\n".repeat(n)})\n`,
  blanks: (n) => "\n".repeat(40 * n),
  "long names": (n) => `class ${"A".repeat(n)}:\n${" def f():0\n".repeat(n / 100)}`,
};

test("a source that would take more than it may is a MemoryError, and the next one is compiled", () => {
  for (const [name, make] of Object.entries(shapes)) {
    assert.equal(outcome(make(200)), name === "mistakes" ? "SyntaxError" : "ok", name);
    assert.equal(outcome(make(200_000)), "MemoryError", name);
  }
});

test("what is counted is no less than what is taken", () => {
  // Each source is far larger than what this process may take, were it not for the count.
  const heap = "--max-old-space-size=64";
  const program = `
    import { compile, marshalCode } from ${JSON.stringify(new URL("../../src/compiler/index.ts", import.meta.url).href)};
    const limits = { memory: ${16 << 20} };
    for (const [part, times] of ${JSON.stringify(
      ["a\n", "[1,\n1]\n", "f(x, y)\n", "def f(a):\n return a\n", "try:a\nexcept:b\n", "f'{a}'\n", "x=lambda:0\n"].map(
        (part) => [part, 4_000_000 / part.length],
      ),
    )}) {
      try { marshalCode(compile(new TextEncoder().encode(part.repeat(times)), "s", "exec", { limits }), true, limits); }
      catch (e) { console.log(e.type); }
    }`;
  const run = spawnSync(
    process.execPath,
    [heap, "--max-semi-space-size=2", "--import", "tsx", "--input-type=module", "-e", program],
    { encoding: "utf8", cwd: fileURLToPath(new URL("../../", import.meta.url)) },
  );
  assert.equal(run.stdout, "MemoryError\n".repeat(7), run.stderr);
});

/** How many times as long `work` takes for four times the size, each the shortest of three. */
function growth(work: (n: number) => unknown, n: number): number {
  const time = (size: number) => {
    const times = [1, 2, 3].map(() => {
      const start = process.cpuUsage().user;
      work(size);
      return process.cpuUsage().user - start;
    });
    return Math.min(...times);
  };
  return time(4 * n) / time(n);
}

test("literals in powers of two take time as they are long", () => {
  for (const [prefix, digit] of ["xf", "o7", "b1"]) {
    const work = (n: number) => {
      assert.equal(outcome(`0${prefix}${digit.repeat(n)}`, "eval", { memory: 1 << 30 }), "ok");
    };
    assert.ok(growth(work, 2_000_000) < 10);
  }
});

test("adjacent strings take time as they are many", () => {
  const work = (n: number) => assert.equal(outcome(`x=${"'abc'".repeat(n)}\n`, "exec", { memory: 1 << 30 }), "ok");
  assert.ok(growth(work, 240_000) < 10);
});

test("decimal literals have as many digits as they may", () => {
  const type = (digits: number, maxStrDigits?: number) => {
    try {
      compile("1".repeat(digits), "<test>", "eval", { limits: { maxStrDigits } });
      return "ok";
    } catch (e) {
      if (e instanceof PySyntaxError) return e.msg.slice(0, 24);
      throw e;
    }
  };
  assert.equal(type(4300), "ok");
  assert.equal(type(4301), "Exceeds the limit (4300 ");
  assert.equal(type(700, 700), "ok");
  assert.equal(type(701, 700), "Exceeds the limit (700 d");
  assert.equal(type(100_000, 0), "ok");
  assert.equal(outcome("0".repeat(5000), "eval"), "ok");
  assert.equal(outcome(`from __future__ import annotations\nx: 0x${"f".repeat(10_000)}\n`), "ValueError");
});

test("an f-string of a hundred thousand fields", () => {
  assert.equal(outcome(`f'${"{a}".repeat(150_000)}'`, "eval", { memory: 1 << 30 }), "ok");
});
