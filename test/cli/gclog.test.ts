// The log of the heap: that its sums are what the machine and gc.get_stats() count, and what is made of it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { forEachEvent } from "../../src/cli/gclog.ts";
import { Course, type LogEvent } from "../../src/view/heaplog.ts";

const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "gclog-"));
after(() => rmSync(folder, { recursive: true }));
const vitrine = (...args: string[]) =>
  spawnSync(process.execPath, ["--stack-size=3900", command, ...args], { cwd: folder, encoding: "utf8" });

const PROGRAM = `import gc, sys
class N: pass
class R:
    def __del__(self): back.append(self)
back = []
kept = []
for k in range(20):
    for i in range(2000):
        a, b = N(), N()
        a.b, b.a = b, a
    kept.append([[i] for i in range(4000)])
    if k % 5 == 4: del kept[:4]
r = R(); r.r = r; del r
gc.collect()
big = bytearray(1 << 20); del big
sys.stderr.flush()
print(gc.get_stats())
sys._debugmallocstats()
`;

function run(log: string, program = PROGRAM): { events: LogEvent[]; stdout: string; stderr: string } {
  writeFileSync(join(folder, "program.py"), program);
  const { stdout, stderr, status } = vitrine("--gc-log", log, "--heap-image", "image", "program.py");
  assert.equal(status, 0, stderr);
  const events: LogEvent[] = [];
  if (log !== "-") forEachEvent(join(folder, log), (event) => events.push(event));
  return { events, stdout, stderr };
}

const sum = (events: readonly LogEvent[], of: (e: LogEvent) => number) => events.reduce((n, e) => n + of(e), 0);

test("the sums of the log are what the machine counts", () => {
  const { events, stdout, stderr } = run("log");
  const [start, end] = [events[0]!, events.at(-1)!];
  assert.equal(start.event, "start");
  assert.equal(end.event, "end");
  const figure = (name: string) => Number(new RegExp(`${name} *= *([0-9,]+)`).exec(stderr)![1]!.replaceAll(",", ""));
  // The report was made before the process was taken down.
  const before = events.filter((e) => e.reason !== "shutdown" && e.event !== "end");
  const ended = events.findIndex((e) => e.reason === "shutdown");
  const until = events.slice(0, ended);
  assert.ok(until.some((e) => e.event === "arena returned"));
  const taken = start.arenasTaken! + until.filter((e) => e.event === "arena taken").length;
  const returned = start.arenasReturned! + until.filter((e) => e.event === "arena returned").length;
  assert.equal(taken, figure("# arenas allocated total"));
  assert.equal(returned, figure("# arenas reclaimed"));
  assert.equal(end.arenas, 0);
  assert.equal(
    start.arenas + events.filter((e) => e.event === "arena taken").length,
    events.filter((e) => e.event === "arena returned").length,
  );
  const collections = before.filter((e) => e.event === "collection");
  const stats = [...stdout.matchAll(/'collections': (\d+), 'collected': (\d+)/g)].map((m) => [
    Number(m[1]),
    Number(m[2]),
  ]);
  for (const g of [1, 2]) {
    const ours = collections.filter((e) => e.generation === g);
    assert.deepEqual([ours.length, sum(ours, (e) => e.freed!)], stats[g], `generation ${g}`);
  }
  // Bytes: what was mapped is what was there, and what came, less what went.
  assert.ok(sum(events, (e) => e.bytesReturned) >= sum(events, (e) => (e.event === "arena returned" ? 1 << 18 : 0)));
  const explicit = collections.find((e) => e.reason === "explicit")!;
  assert.equal(explicit.generation, 2);
  assert.equal(explicit.resurrected, 1);
  assert.equal(explicit.moved, 0);
  for (const e of collections) {
    assert.ok(e.unreachable! <= e.examined!);
    if (e.generation! < 2) assert.equal(e.moved, e.examined! - e.unreachable! + e.resurrected!);
  }
  const image = readFileSync(join(folder, "image"));
  assert.ok(image.length > 0);
});

test("a table on standard error", () => {
  const { stderr } = run("-", "import gc; gc.collect()");
  assert.match(stderr, /^ +seconds +event +gen +reason/);
  assert.match(stderr, /collection +2 +explicit +\d+/);
  assert.match(stderr, /\bend\b/);
});

test("also where the program ends the process at once", () => {
  const { status } = vitrine("--gc-log", "exit", "-c", "import os; os._exit(3)");
  assert.equal(status, 3);
  const events: LogEvent[] = [];
  forEachEvent(join(folder, "exit"), (event) => events.push(event));
  assert.equal(events.at(-1)!.event, "end");
});

test("the page draws the run, the trace has each collection", () => {
  const { events } = run("log");
  assert.equal(vitrine("heap", "image", "--gc-log", "log", "--html", "page.html").status, 0);
  const page = readFileSync(join(folder, "page.html"), "utf8");
  assert.match(page, /<h2>The run<\/h2>/);
  assert.equal(vitrine("heap", "--gc-log", "log", "--trace", "trace.json").status, 0);
  const { traceEvents } = JSON.parse(readFileSync(join(folder, "trace.json"), "utf8"));
  const spans = traceEvents.filter((e: { ph: string }) => e.ph === "X");
  assert.equal(spans.length, events.filter((e) => e.event === "collection").length);
});

test("a log that is none, or is not there, is told", () => {
  writeFileSync(join(folder, "bad"), "{}\n");
  for (const [log, words] of [
    ["bad", /line 1 is no event of a log/],
    ["missing", /ENOENT/],
  ] as const) {
    const { status, stderr } = vitrine("heap", "--gc-log", log, "--trace", "out");
    assert.equal(status, 2);
    assert.match(stderr, words);
  }
  const { status, stderr } = vitrine("--gc-log", "no/such/folder", "-c", "1");
  assert.equal(status, 2);
  assert.match(stderr, /cannot write the log/);
});

test("the course of a million collections has few steps, and loses none", () => {
  const course = new Course(900);
  for (let i = 0; i < 1_000_000; i++) {
    const level = { mapped: i, resident: i, arenas: 1, chunks: 0, large: 0, bytesReturned: 0 };
    course.add({ event: "collection", time: i * 0.0036, generation: i % 3, duration: 1e-4, freed: 1, ...level });
  }
  const steps = course.filled();
  assert.ok(steps.length <= 900);
  assert.ok(steps.length > 400);
  assert.equal(
    steps.reduce((n, s) => n + s.collections[0] + s.collections[1] + s.collections[2], 0),
    1_000_000,
  );
  assert.equal(course.totals.freed, 1_000_000);
  assert.equal(Math.max(...steps.map((s) => s.mapped)), 999_999);
});
