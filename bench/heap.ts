// The allocators, timed: one malloc and free of a block, and replayed requests, against CPython's pymalloc and the C
// library's malloc, measured in turns in the same run where a CPython with headers and a C compiler are present.
//
// Before it times a trace it checks that every placement is the recorded one. Figures are medians. libc's malloc also
// says how much memory it took for what was asked of it, both at their highest: fragmentation, headers and all.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Heap, loadHeap } from "../tools/heap/heap-module.ts";
import { eventsOf, inferGeometry, readTrace, replayTrace } from "../tools/heap/trace.ts";

const ROUNDS = 7;
const CHURN = 2_000_000;
const PASSES = 8;
const goldens = fileURLToPath(new URL("../test/heap/goldens", import.meta.url));

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

type Peer = { program: string; version: string };

/** Compiles the peer against a CPython with a shared library; the reason where that cannot be done. */
function compilePeer(folder: string): Peer | string {
  const candidates = [process.env.PYTHON_ORACLE, "python3.13", "python3"];
  for (const root of [process.env.PYENV_ROOT, join(process.env.HOME ?? "", ".pyenv")]) {
    if (!root) continue;
    try {
      const versions = readdirSync(join(root, "versions")).filter((v) => v.startsWith("3.13"));
      candidates.push(...versions.map((v) => join(root, "versions", v, "bin/python3.13")));
    } catch {}
  }
  const ask = `import sys, sysconfig as s
for v in s.get_path("include"), *map(s.get_config_var, ("LIBDIR", "LDVERSION", "Py_ENABLE_SHARED")), sys.version.split()[0]: print(v)`;
  let reason = "no CPython 3.13 found (set PYTHON_ORACLE)";
  for (const python of candidates) {
    if (!python) continue;
    const answer = spawnSync(python, ["-c", ask], { encoding: "utf8" });
    if (answer.status !== 0) continue;
    const [include, lib, name, shared, version] = answer.stdout.trim().split("\n");
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
  return reason;
}

/** Nanoseconds of a malloc and free, nanoseconds of an event, and the most bytes that the heap took. */
type Figures = { churn: number; event: number; peak: number };

interface Requests {
  bytes: Uint8Array;
  slots: number;
}

/** Puts the requests into the heap's memory, as events and an empty table of slots. */
function put(heap: Heap, { bytes, slots }: Requests) {
  const events = heap.mmap!(bytes.length) >>> 0;
  const table = heap.mmap!(slots * 4) >>> 0;
  new Uint8Array(heap.memory.buffer).set(bytes, events);
  return { events, table, count: bytes.length / 12 };
}

function measureOurs(heap: Heap, raw: boolean, { events, table, count }: ReturnType<typeof put>): Figures {
  const [churn, replay, size] = raw ? [heap.churnRaw!, heap.replayRaw!, 1000] : [heap.churn!, heap.replay!, 64];
  const start = process.hrtime.bigint();
  churn(size, CHURN);
  const churned = process.hrtime.bigint();
  for (let pass = 0; pass < PASSES; pass++) replay(events, count, table);
  const replayed = process.hrtime.bigint();
  return { churn: Number(churned - start) / CHURN, event: Number(replayed - churned) / (PASSES * count), peak: 0 };
}

function measurePeer(peer: Peer, raw: boolean, file: string): Figures {
  const run = spawnSync(peer.program, [raw ? "raw" : "object", file], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`${peer.program} failed: ${run.stderr}`);
  const [churn, event, peak] = run.stdout.trim().split(" ").map(Number);
  return { churn: churn!, event: event!, peak: peak! };
}

const middle = (rounds: Figures[]): Figures => ({
  churn: median(rounds.map((r) => r.churn)),
  event: median(rounds.map((r) => r.event)),
  peak: median(rounds.map((r) => r.peak)),
});

/** Ours and the peer's in turns, the first of ours not counted. */
function compare(heap: Heap, raw: boolean, requests: Requests, peer: Peer | string, file: string) {
  const at = put(heap, requests);
  writeFileSync(file, requests.bytes);
  measureOurs(heap, raw, at);
  const ours: Figures[] = [];
  const theirs: Figures[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(measureOurs(heap, raw, at));
    if (typeof peer !== "string") theirs.push(measurePeer(peer, raw, file));
  }
  return { ours: middle(ours), theirs: theirs.length ? middle(theirs) : undefined };
}

const number = (n: number | undefined) => (n === undefined ? "–" : n.toFixed(2)).padStart(6);

function line(name: string, ours: Figures, theirs: Figures | undefined, more = "") {
  console.log(
    `${name.padEnd(16)} ${number(ours.churn)} ${number(theirs?.churn)} ${number(theirs && ours.churn / theirs.churn)}` +
      `                ${number(1e3 / ours.event)} ${number(theirs && 1e3 / theirs.event)} ${number(theirs && theirs.event / ours.event)}${more}`,
  );
}

/** Requests as lists, dicts and long strings make them: above 512 bytes, some growing by an eighth. Seeded. */
function largeRequests(count: number): Requests {
  const words: number[] = [];
  const sizes = new Map<number, number>();
  const slots = 3000;
  let state = 1;
  const random = (n: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
  for (let i = 0; i < count; i++) {
    const shrinking = Math.floor(i / 40_000) % 2 === 1;
    const slot = random(slots);
    const size = sizes.get(slot);
    if (size === undefined) {
      if (shrinking && random(4)) continue;
      const n = 513 + random(1 << (6 + random(11)));
      sizes.set(slot, n);
      words.push(0, slot, n);
    } else if (random(100) < 40 && size < 90_000) {
      const n = size + (size >> 3) + 6;
      sizes.set(slot, n);
      words.push(1, slot, n);
    } else if (shrinking || random(3) === 0) {
      sizes.delete(slot);
      words.push(2, slot, 0);
    }
  }
  for (const slot of sizes.keys()) words.push(2, slot, 0);
  return { bytes: new Uint8Array(Uint32Array.from(words).buffer), slots };
}

/** The most bytes that the requests have in use at once. */
function peakRequested({ bytes, slots }: Requests): number {
  const words = new Uint32Array(bytes.buffer);
  const sizes = new Uint32Array(slots);
  let [used, peak] = [0, 0];
  for (let i = 0; i < words.length; i += 3) {
    const size = words[i] === 2 ? 0 : words[i + 2]!;
    used += size - sizes[words[i + 1]!]!;
    sizes[words[i + 1]!] = size;
    peak = Math.max(peak, used);
  }
  return peak;
}

const folder = mkdtempSync(join(tmpdir(), "vitrine-bench-"));
try {
  const peer = compilePeer(folder);
  const events = join(folder, "events");
  if (typeof peer === "string") console.log(`C's side is left out: ${peer}`);
  console.log("trace            malloc+free of one block, ns        events per second, millions");
  console.log("                  ours     C  ours/C                 ours     C  ours/C");
  for (const file of readdirSync(goldens).filter((f) => f.endsWith(".trace.gz"))) {
    const trace = readTrace(join(goldens, file));
    const geometry = inferGeometry(trace);
    const lines = trace.split("\n").filter((l) => l);
    if (replayTrace(trace, loadHeap({ geometry })).join("\n") !== lines.join("\n")) {
      throw new Error(`${file}: placements differ from the recorded ones`);
    }
    const { ours, theirs } = compare(loadHeap({ geometry }), false, eventsOf(trace), peer, events);
    line(file.replace(".trace.gz", ""), ours, theirs);
  }
  console.log("");
  console.log(
    "libc's malloc    malloc+free of 1000 bytes, ns       events per second, millions    peak taken/requested",
  );
  console.log("                  ours     C  ours/C                 ours     C  ours/C     requested     ours     C");
  const workloads = readdirSync(goldens)
    .filter((f) => f.endsWith(".trace.gz"))
    .map((f): [string, Requests] => [f.replace(".trace.gz", ""), eventsOf(readTrace(join(goldens, f)))]);
  for (const [name, requests] of [...workloads, ["large blocks", largeRequests(400_000)] as [string, Requests]]) {
    const { ours, theirs } = compare(loadHeap(), true, requests, peer, events);
    const heap = loadHeap();
    const at = put(heap, requests);
    const before = heap.machineFigure!(0);
    heap.replayRaw!(at.events, at.count, at.table);
    const requested = peakRequested(requests);
    const ratio = (peak: number | undefined) => number(peak === undefined ? undefined : peak / requested);
    const peaks = `${`${(requested / (1 << 20)).toFixed(1)} MiB`.padStart(9)}   ${ratio(heap.machineFigure!(1) - before)} ${ratio(theirs?.peak)}`;
    line(name, ours, theirs, `    ${peaks}`);
  }
  if (typeof peer !== "string")
    console.log(`C: pymalloc of CPython ${peer.version} (geometry radix) and glibc, cc -O2.`);
} finally {
  rmSync(folder, { recursive: true });
}
