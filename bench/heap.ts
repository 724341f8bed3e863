// The allocator, timed: one malloc and free of a block, and the replay of the recorded traces, against CPython's
// pymalloc in C, measured in turns in the same run where a CPython with headers and a C compiler are present.
//
// Before it times a trace it checks that every placement is the recorded one. Figures are medians.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadHeap } from "../tools/heap-module.mjs";
import { eventsOf, inferGeometry, readTrace, replayTrace } from "../tools/trace.mjs";

const ROUNDS = 7;
const CHURN = 2_000_000;
const PASSES = 8;
const goldens = fileURLToPath(new URL("../test/heap/goldens", import.meta.url));

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

/** Compiles the peer against a CPython with a shared library; undefined, with the reason, where that cannot be done. */
function compilePeer(folder: string): { program: string; version: string } | { reason: string } {
  const candidates = [process.env.PYTHON_ORACLE, "python3.13", "python3"];
  for (const root of [process.env.PYENV_ROOT, join(process.env.HOME ?? "", ".pyenv")]) {
    if (!root) continue;
    try {
      const versions = readdirSync(join(root, "versions")).filter((v) => v.startsWith("3.13"));
      candidates.push(...versions.map((v) => join(root, "versions", v, "bin/python3.13")));
    } catch {}
  }
  const ask =
    "import sys,sysconfig as s;v=s.get_config_var;print(s.get_path('include'),v('LIBDIR'),v('LDVERSION'),sys.version.split()[0],v('Py_ENABLE_SHARED'),sep='\\n')";
  let reason = "no CPython 3.13 found (set PYTHON_ORACLE)";
  for (const python of candidates) {
    if (!python) continue;
    const answer = spawnSync(python, ["-c", ask], { encoding: "utf8" });
    if (answer.status !== 0) continue;
    const [include, lib, name, version, shared] = answer.stdout.trim().split("\n");
    if (shared !== "1" || !version?.startsWith("3.13")) {
      reason = `${python} is not a 3.13 with a shared library`;
      continue;
    }
    const program = join(folder, "pymalloc");
    const source = fileURLToPath(new URL("pymalloc.c", import.meta.url));
    const flags = [`-I${include}`, `-L${lib}`, `-Wl,-rpath,${lib}`, `-lpython${name}`, "-lpthread", "-ldl", "-lm"];
    const cc = spawnSync("cc", ["-O2", "-o", program, source, ...flags], { encoding: "utf8" });
    if (cc.status === 0) return { program, version };
    reason = `cc: ${(cc.stderr || "not found").split("\n")[0]}`;
  }
  return { reason };
}

type Figures = { churn: number[]; event: number[] };

/** One round of ours: nanoseconds of a malloc and free, and of an event. */
function measure(heap: ReturnType<typeof loadHeap>, events: number, count: number, slots: number, into: Figures) {
  let start = process.hrtime.bigint();
  heap.churn!(64, CHURN);
  into.churn.push(Number(process.hrtime.bigint() - start) / CHURN);
  start = process.hrtime.bigint();
  for (let pass = 0; pass < PASSES; pass++) heap.replay!(events, count, slots);
  into.event.push(Number(process.hrtime.bigint() - start) / (PASSES * count));
}

const folder = mkdtempSync(join(tmpdir(), "vitrine-bench-"));
try {
  const peer = compilePeer(folder);
  if ("reason" in peer) console.log(`CPython's side is left out: ${peer.reason}`);
  console.log("trace            malloc+free of one block, ns        events per second, millions");
  console.log("                  ours     C  ours/C                 ours     C  ours/C");
  const number = (n: number | undefined) => (n === undefined ? "–" : n.toFixed(2)).padStart(6);
  for (const file of readdirSync(goldens).filter((f) => f.endsWith(".trace.gz"))) {
    const trace = readTrace(join(goldens, file));
    const geometry = inferGeometry(trace);
    const lines = trace.split("\n").filter((line) => line);
    if (replayTrace(trace, loadHeap({ geometry })).join("\n") !== lines.join("\n")) {
      throw new Error(`${file}: placements differ from the recorded ones`);
    }
    const { bytes, slots } = eventsOf(trace);
    const count = bytes.length / 12;
    const eventFile = join(folder, "events");
    writeFileSync(eventFile, bytes);
    const heap = loadHeap({ geometry });
    const at = heap.mmap!(bytes.length) >>> 0;
    const table = heap.mmap!(slots * 4) >>> 0;
    new Uint8Array(heap.memory.buffer).set(bytes, at);
    const ours: Figures = { churn: [], event: [] };
    const theirs: Figures = { churn: [], event: [] };
    measure(heap, at, count, table, { churn: [], event: [] });
    for (let round = 0; round < ROUNDS; round++) {
      measure(heap, at, count, table, ours);
      if ("reason" in peer) continue;
      const run = spawnSync(peer.program, [eventFile, "1"], { encoding: "utf8" });
      if (run.status !== 0) throw new Error(`${peer.program} failed: ${run.stderr}`);
      const [churn, event] = run.stdout.trim().split(" ").map(Number);
      theirs.churn.push(churn!);
      theirs.event.push(event!);
    }
    const c = "reason" in peer ? undefined : { churn: median(theirs.churn), event: median(theirs.event) };
    const [churn, event] = [median(ours.churn), median(ours.event)];
    console.log(
      `${file.replace(".trace.gz", "").padEnd(16)} ${number(churn)} ${number(c?.churn)} ${number(c && churn / c.churn)}` +
        `                ${number(1e3 / event)} ${number(c && 1e3 / c.event)} ${number(c && c.event / event)}`,
    );
  }
  if (!("reason" in peer)) console.log(`C: pymalloc of CPython ${peer.version}, cc -O2 (its own geometry is radix)`);
} finally {
  rmSync(folder, { recursive: true });
}
