// Random requests in both geometries, every invariant walked after each ten thousand: a long run of what test/heap does.
// Each geometry is also tried, with a tenth of the requests, in PYTHONMALLOC's other modes and under a memory limit that
// moves while the run goes on.
// usage: node --import tsx tools/fuzz/fuzz-heap.ts [REQUESTS [SEED]]     ten million and a seed from the clock where they are left out
import { allocator } from "../../src/generated/constants.ts";
import { loadHeap } from "../heap/heap-module.ts";

const requests = Number(process.argv[2] ?? 10_000_000);
const seed = Number(process.argv[3] ?? Date.now() >>> 0) | 1;
if (!(requests >= 100) || Number.isNaN(Number(process.argv[3] ?? 0))) {
  console.error("usage: node --import tsx tools/fuzz/fuzz-heap.ts [REQUESTS [SEED]]     at least 100 requests");
  process.exit(2);
}
const SLOTS = 40_000;
const MiB = 1 << 20;
const { USE_LIBC, DEBUG_HOOKS, SERIAL_NUMBERS } = allocator;

const modes = [
  { name: "pymalloc", flags: 0, share: 1 },
  { name: "pymalloc_debug", flags: DEBUG_HOOKS | SERIAL_NUMBERS, share: 0.1 },
  { name: "malloc", flags: USE_LIBC, share: 0.1 },
  { name: "malloc_debug", flags: USE_LIBC | DEBUG_HOOKS, share: 0.1 },
  { name: "limited", flags: 0, share: 0.1, limits: [30 * MiB, 8 * MiB, 0, 20 * MiB, 1 * MiB] },
];
const layers = ["", "the heap", "libc's heap", "the pages", "contents"];

for (const geometry of ["classic", "radix"] as const) {
  for (const { name, flags, share, limits = [0] } of modes) {
    const count = Math.ceil(requests * share);
    const heap = loadHeap({ geometry, flags, debug: true });
    const table = heap.fuzzTable!(SLOTS);
    const start = process.hrtime.bigint();
    let broken = 0;
    for (let turn = 0; turn < limits.length * 4 && !broken; turn++) {
      heap.setMemoryLimit!(limits[turn % limits.length]!);
      const part = Math.ceil(count / (limits.length * 4));
      broken = heap.fuzz!(table, SLOTS, turn ? 0 : seed, part, Math.min(200_000, Math.ceil(part / 2)), 10_000);
    }
    broken ||= heap.fuzzEnd!(table, SLOTS);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const arenas = `${heap.arenasTaken!()} arenas mapped, ${heap.arenasMapped!()} kept`;
    console.log(
      `${geometry}, ${name}: ${count} requests, seed ${seed}, ${seconds.toFixed(1)} s, ${arenas}: ${broken || "whole"}`,
    );
    if (broken) {
      console.error(`invariant ${broken % 1000} of ${layers[(broken / 1000) | 0]}`);
      process.exitCode = 1;
    }
  }
}
