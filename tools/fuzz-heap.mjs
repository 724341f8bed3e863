#!/usr/bin/env node
// Random requests in both geometries, every invariant walked after each ten thousand: a long run of what test/heap does.
// usage: node tools/fuzz-heap.mjs [REQUESTS [SEED]]     ten million and a seed from the clock where they are left out
import { loadHeap } from "./heap-module.mjs";

const requests = Number(process.argv[2] ?? 10_000_000);
const seed = Number(process.argv[3] ?? Date.now() >>> 0) | 1;
const SLOTS = 40_000;

for (const geometry of ["classic", "radix"]) {
  const heap = loadHeap({ geometry, debug: true });
  const table = heap.fuzzTable(SLOTS);
  const start = process.hrtime.bigint();
  const broken = heap.fuzz(table, SLOTS, seed, requests, 200_000, 10_000) || heap.fuzzEnd(table, SLOTS);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const arenas = `${heap.arenasTaken()} arenas mapped, ${heap.arenasMapped()} kept`;
  console.log(
    `${geometry}: ${requests} requests, seed ${seed}, ${seconds.toFixed(1)} s, ${arenas}: ${broken || "whole"}`,
  );
  if (broken) {
    console.error(
      `invariant ${broken % 1000} of ${["", "the heap", "libc's heap", "the pages", "contents"][(broken / 1000) | 0]}`,
    );
    process.exitCode = 1;
  }
}
