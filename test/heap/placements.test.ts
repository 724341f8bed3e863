// Every block at the address where CPython's pymalloc puts it, and every arena mapped and returned at the same moment.
// The recorded traces are CPython's own: 3.9's for the classic geometry, 3.10's for the radix one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { loadHeap } from "../../tools/heap/heap-module.ts";
import { checkTrace, inferGeometry, readTrace, replayTrace } from "../../tools/heap/trace.ts";

const goldens = fileURLToPath(new URL("goldens/", import.meta.url));
const tool = fileURLToPath(new URL("../../tools/heap/replay-trace.js", import.meta.url));
const traces = readdirSync(goldens).filter((file) => file.endsWith(".trace.gz"));

for (const file of traces) {
  test(`${file}: all placements equal, all invariants hold, everything is given back`, () => {
    const trace = readTrace(join(goldens, file));
    assert.equal(inferGeometry(trace), file.split("-")[0]);
    const heap = loadHeap({ geometry: inferGeometry(trace), debug: true });
    assert.deepEqual(
      replayTrace(trace, heap),
      trace.split("\n").filter((line) => line),
    );
    assert.equal(heap.checkAll!(), 0);
    assert.equal(heap.getallocatedblocks!(), 0);
    assert.equal(heap.arenasMapped!(), 1, "one arena is kept");
  });
}

test("the command says how many placements are equal, and fails where one is not", () => {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-trace-"));
  try {
    const plain = join(folder, "plain.trace");
    const lines = readTrace(join(goldens, traces[0]!)).split("\n").slice(0, 2000);
    writeFileSync(plain, lines.join("\n"));
    const good = spawnSync(process.execPath, [tool, plain], { encoding: "utf8" });
    assert.deepEqual([good.stdout, good.status], ["2000 of 2000 placements equal\n", 0]);
    const at = lines.findIndex((line, i) => i > 1000 && /^m .*:/.test(line));
    lines[at] = lines[at]!.replace(/\d+$/, (offset) => String(Number(offset) + 16));
    writeFileSync(plain, lines.join("\n"));
    const bad = spawnSync(process.execPath, [tool, plain, "--geometry", "classic"], { encoding: "utf8" });
    assert.deepEqual([bad.stdout, bad.status], ["1999 of 2000 placements equal\n", 1]);
    assert.match(bad.stderr, new RegExp(`event ${at + 1}:`));
    const missing = spawnSync(process.execPath, [tool, join(folder, "none")], { encoding: "utf8" });
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /^replay-trace: cannot read /);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the geometry shows in the placements, however few", () => {
  for (const [trace, geometry] of [
    ["A 0\nm 1 32 0:48\nm 2 64 0:4144", "classic"],
    ["A 0\nm 1 32 0:48\nm 2 64 0:16432", "radix"],
    ["A 0\nm 1 64 0:48\nm 2 64 0:4080", "radix"],
    ["A 0\nm 1 64 0:48", "classic"],
  ])
    assert.equal(inferGeometry(trace!), geometry);
});

test("what is no trace is refused in one line", () => {
  const bad = {
    "": /it holds no events/,
    hello: /line 1 is not an event: "hello"/,
    "A 0\nm 1 24": /line 2 is not an event: "m 1 24"/,
    "m 1 24.5 0:48": /line 1 is not an event/,
    "m 1 4294967296 L": /line 1 asks for too much/,
    "f 3": /line 1: slot 3 holds no block/,
    "r 3 20 0:48": /line 1: slot 3 holds no block/,
    "m 1 24 0:48\nm 1 24 0:80": /line 2: slot 1 holds a block already/,
  };
  for (const [trace, message] of Object.entries(bad)) assert.throws(() => checkTrace(trace), message);
  const folder = mkdtempSync(join(tmpdir(), "vitrine-trace-"));
  try {
    const cut = join(folder, "cut.trace.gz");
    writeFileSync(cut, readFileSync(join(goldens, traces[0]!)).subarray(0, 1000));
    const text = join(folder, "text");
    writeFileSync(text, "A 0\r\nm 1 24 0:48\r\n");
    const run = (...argv: string[]) => spawnSync(process.execPath, [tool, ...argv], { encoding: "utf8" });
    for (const argv of [[cut], [folder], [text, "--geometry", "square"], [text, "--nonsense"], []]) {
      const { status, stderr, stdout } = run(...argv);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, /^(replay-trace: [^\n]+\n)?(usage: [^\n]+\n)?$/);
    }
    const both = run(cut, text);
    assert.deepEqual([both.status, both.stdout], [2, "2 of 2 placements equal\n"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
