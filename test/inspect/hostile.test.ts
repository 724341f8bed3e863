// A process's memory that was changed at random, in images and in cores: an error in words or a report, in bounded time;
// never an exception of JavaScript's. Left out where there is no CPython to take the memory from.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { look, lookAt } from "../../src/inspect/look.ts";
import { why } from "../../src/inspect/queries.ts";
import type { Capture } from "../../src/inspect/source/capture.ts";
import { captureCore } from "../../src/inspect/source/core.ts";
import { ImageError, openImage, saveCapture } from "../../src/inspect/source/image.ts";
import { DamageError, Memory } from "../../src/inspect/source/memory.ts";
import { LookError } from "../../src/inspect/source/process.ts";
import { findingsJson } from "../../src/view/json.ts";
import { page } from "../../src/view/page.ts";
import { report } from "../../src/view/report.ts";
import { pythons, startScene } from "./pythons.ts";

// How often; more by hand: VITRINE_DAMAGE=10000.
const ROUNDS = Number(process.env.VITRINE_DAMAGE ?? 8);
const SECONDS_MAX = 30;
const skip = pythons.length === 0 ? "no CPython that can be looked at" : false;

let state = Number(process.env.VITRINE_SEED ?? 7);
/** A number below `n`. */
function random(n: number): number {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}

const captures: Capture[] = [];
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-hostile-"));
  // The newest and the oldest: their structures differ most.
  for (const python of skip ? [] : [pythons[0]!, pythons.at(-1)!]) {
    const scene = await startScene(python.path);
    captures.push(look(scene.pid).capture);
    scene.end();
  }
});
after(() => rmSync(folder, { recursive: true }));

/** Everything that is shown; only errors of ours may come of it. */
function showAll(make: () => Capture): void {
  const start = Date.now();
  try {
    const found = lookAt(make());
    report(found);
    JSON.stringify(findingsJson(found));
    page(found);
    const { count } = found.survey.blocks;
    for (let i = 0; i < 5 && count > 0; i++) why(found.survey, random(count));
  } catch (error) {
    const isOurs = error instanceof DamageError || error instanceof LookError || error instanceof ImageError;
    assert.ok(isOurs, (error as Error).stack);
  }
  assert.ok(Date.now() - start < SECONDS_MAX * 1000, "it takes too long");
}

/** A copy of the memory in which `change` may write. */
function changed(capture: Capture, change: (words: Uint32Array[], memory: Memory) => void): Capture {
  const memory = new Memory();
  const all: Uint32Array[] = [];
  for (let i = 0; i < capture.memory.size; i++) {
    const words = capture.memory.words(i).slice();
    all.push(words);
    memory.add(capture.memory.base(i), words);
  }
  change(all, capture.memory);
  return { ...capture, memory };
}

test("words of the heap changed at random", { skip }, () => {
  for (let round = 0; round < ROUNDS; round++) {
    const capture = captures[round % captures.length]!;
    const hits = 10 ** (1 + (round % 4));
    showAll(() =>
      changed(capture, (chunks) => {
        for (let i = 0; i < hits; i++) {
          const words = chunks[random(chunks.length)]!;
          const at = random(words.length);
          // Another word of the same memory is often an address, and so the meaner lie.
          words[at] = random(2) ? random(2 ** 32) : words[random(words.length)]!;
          if (random(4) === 0) words[at] = random(8);
        }
      }),
    );
  }
});

test("pointers that lead round in circles", { skip }, () => {
  for (let round = 0; round < ROUNDS; round++) {
    const capture = captures[round % captures.length]!;
    showAll(() =>
      changed(capture, (chunks, memory) => {
        for (let i = 0; i < 2000; i++) {
          const words = chunks[random(chunks.length)]!;
          const at = random(words.length / 2) * 2;
          const number = random(chunks.length);
          const target = memory.base(number) + random(2 ** 16) * 16;
          words[at] = target % 2 ** 32;
          words[at + 1] = Math.floor(target / 2 ** 32);
        }
      }),
    );
  }
});

test("images and cores, cut off and changed", { skip }, () => {
  const image = saveCapture(captures[0]!);
  const core = coreOf(captures[0]!);
  const file = join(folder, "core");
  for (let round = 0; round < ROUNDS; round++) {
    const damaged = image.slice(0, round % 3 === 0 ? random(image.length) : image.length);
    for (let i = 0; i < 1 + random(20); i++) damaged[random(round % 2 ? 4000 : damaged.length)] = random(256);
    showAll(() => {
      const { capture } = openImage(damaged);
      if (!capture) throw new ImageError("it is of a process of ours now");
      return capture;
    });
    const bytes = core.slice(0, round % 3 === 0 ? random(core.length) : core.length);
    for (let i = 0; i < 1 + random(20); i++) bytes[random(round % 2 ? 2000 : bytes.length)] = random(256);
    writeFileSync(file, bytes);
    showAll(() => captureCore(file));
  }
});

test("a core of it is read as the process was", { skip }, () => {
  const file = join(folder, "whole");
  writeFileSync(file, coreOf(captures[0]!));
  const [live, dead] = [lookAt(captures[0]!), lookAt(captureCore(file))];
  assert.deepEqual(findingsJson(dead).pymalloc, findingsJson(live).pymalloc);
  assert.deepEqual(findingsJson(dead).garbage, findingsJson(live).garbage);
  const ways = ({ answer }: typeof live) => answer.pinned.map((p) => [p.way, p.arenas.length, p.objects]);
  assert.deepEqual(ways(dead)[0], ways(live)[0]);
});

/** An ELF core with the mappings of a capture: a segment each, and the names of files in a note. */
function coreOf({ memory, mappings, pid }: Capture): Uint8Array {
  const kept = mappings.filter((m) => m.access.startsWith("rw") || (m.access[0] === "r" && m.path.startsWith("/")));
  const named = kept.filter((m) => m.path.startsWith("/"));
  const names = new TextEncoder().encode(named.map((m) => `${m.path}\0`).join(""));
  const noteSize = 16 + named.length * 24 + names.length;
  const note = new Uint8Array(20 + Math.ceil(noteSize / 4) * 4);
  const view = new DataView(note.buffer);
  const u64 = (at: DataView, offset: number, n: number) => {
    at.setUint32(offset, n % 2 ** 32, true);
    at.setUint32(offset + 4, Math.floor(n / 2 ** 32), true);
  };
  [5, noteSize, 0x46494c45].forEach((n, i) => view.setUint32(4 * i, n, true));
  note.set(new TextEncoder().encode("CORE"), 12);
  u64(view, 20, named.length);
  u64(view, 28, 4096);
  named.forEach((m, i) => [m.start, m.end, m.offset / 4096].forEach((n, k) => u64(view, 36 + 24 * i + 8 * k, n)));
  note.set(names, 36 + 24 * named.length);
  const heads = 64 + 56 * (kept.length + 1);
  const total = kept.reduce((sum, m) => sum + m.end - m.start, Math.ceil((heads + note.length) / 4096) * 4096);
  const core = new Uint8Array(total);
  const head = new DataView(core.buffer);
  core.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head.setUint16(16, 4, true);
  head.setUint16(18, 62, true);
  u64(head, 32, 64);
  head.setUint16(54, 56, true);
  head.setUint16(56, kept.length + 1, true);
  const segment = (i: number, kind: number, flags: number, offset: number, start: number, size: number) => {
    const at = 64 + 56 * i;
    head.setUint32(at, kind, true);
    head.setUint32(at + 4, flags, true);
    [offset, start, 0, size, size].forEach((n, k) => u64(head, at + 8 + 8 * k, n));
  };
  segment(0, 4, 0, heads, 0, note.length);
  core.set(note, heads);
  let at = Math.ceil((heads + note.length) / 4096) * 4096;
  kept.forEach((m, i) => {
    segment(i + 1, 1, 4 + (m.access[1] === "w" ? 2 : 0), at, m.start, m.end - m.start);
    core.set(memory.bytes(m.start, m.end - m.start), at);
    at += m.end - m.start;
  });
  assert.ok(pid > 0);
  return core;
}
