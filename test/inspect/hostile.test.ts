// A process's memory that was changed at random, in images and in cores: an error in words or a report, in bounded time;
// never an exception of JavaScript's. Left out where there is no CPython to take the memory from.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findMainArena } from "../../src/inspect/heap/glibc.ts";
import { look, lookAt } from "../../src/inspect/look.ts";
import type { Capture } from "../../src/inspect/source/capture.ts";
import { captureCore } from "../../src/inspect/source/core.ts";
import { ImageError, openImage, saveCapture } from "../../src/inspect/source/image.ts";
import { Memory } from "../../src/inspect/source/memory.ts";
import { LookError } from "../../src/inspect/source/process.ts";
import { findingsJson } from "../../src/view/json.ts";
import { coreOf } from "../../tools/fuzz/core.ts";
import { cutCPython } from "../../tools/fuzz/cut.ts";
import { damage, damageFile, partsOfImage, showAll, structuresOf } from "../../tools/fuzz/damage.ts";
import { Random } from "../../tools/fuzz/random.ts";
import { pythons, startScene } from "./pythons.ts";

// How often; more by hand: VITRINE_DAMAGE=10000.
const ROUNDS = Number(process.env.VITRINE_DAMAGE ?? 12);
const SECONDS_MAX = 30;
const skip = pythons.length === 0 ? "no CPython that can be looked at" : false;

const random = new Random(Number(process.env.VITRINE_SEED ?? 7));

/** As it was read, of the newest. */
let whole: Capture | undefined;
/** Cut to a few objects of each kind: they are read in a moment. */
const captures: Capture[] = [];
let folder: string;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-hostile-"));
  // The newest and the oldest: their structures differ most.
  for (const python of skip ? [] : [pythons[0]!, pythons.at(-1)!]) {
    const scene = await startScene(python.path);
    const found = look(scene.pid);
    scene.end();
    // A copy: what is cut is not there any more.
    whole ??= openImage(saveCapture(found.capture)).capture!;
    captures.push(cutCPython(found));
  }
});
after(() => rmSync(folder, { recursive: true }));

/** Shows everything in time; other errors than ours are thrown. */
function show(make: () => Capture): void {
  const start = Date.now();
  showAll(() => ({ capture: make() }), random);
  assert.ok(Date.now() - start < SECONDS_MAX * 1000, "it takes too long");
}

test("structures and words of the heap changed at random", { skip }, () => {
  const places = captures.map((capture) => structuresOf(lookAt(capture)));
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const which = round % captures.length;
    const { undo } = damage(captures[which]!.memory, places[which]!, random);
    show(() => ({ ...captures[which]! }));
    undo();
  }
});

test("sizes that are not true: no more is read than memory has", { skip }, () => {
  for (const capture of captures) {
    const copy = openImage(saveCapture(capture)).capture!;
    const { memory } = copy;
    const write = (address: number, value: number) => {
      const chunk = memory.chunkOf(address);
      memory.words(chunk).set([value % 2 ** 32, Math.floor(value / 2 ** 32)], (address - memory.base(chunk)) / 4);
    };
    const { survey } = lookAt(copy);
    const { blocks } = survey;
    // Items where memory begins, or where those of another are.
    const others: Record<string, number> = {};
    let damaged = 0;
    for (let n = 0; n < blocks.count; n++) {
      const core = blocks.type(n)?.core ?? "";
      const object = blocks.object(n);
      const items = { list: 24, set: 40, "collections.deque": 24 }[core];
      if (items === undefined) continue;
      const its = memory.u64(object + items);
      if (core === "collections.deque") write(its + 520, its);
      write(object + (core === "set" ? 32 : 16), 2 ** 40);
      if (core !== "collections.deque")
        write(object + items, n % 2 ? memory.base(n % memory.size) : (others[core] ??= its));
      damaged++;
    }
    assert.ok(damaged > 10, `${damaged} were damaged`);
    const { survey: found } = lookAt(copy);
    let visits = 0;
    for (let n = 0; n < blocks.count; n++) {
      const type = found.blocks.type(n);
      if (type) found.walk.refs(found.blocks.object(n), type, () => visits++);
    }
    // A word of memory is visited once; what is believed without asking has few.
    assert.ok(visits < memory.size * 2 ** 17 + 64 * blocks.count, `${visits} references`);
    showAll(() => ({ capture: copy }), random);
  }
});

test("images and cores, cut off and changed", { skip }, () => {
  const image = saveCapture(captures[0]!);
  const parts = partsOfImage(image);
  const core = coreOf(captures[0]!);
  const file = join(folder, "core");
  for (let round = 0; round < ROUNDS; round++) {
    show(() => {
      const { capture } = openImage(damageFile(image, parts, random).bytes);
      if (!capture) throw new ImageError("it is of a process of ours now");
      return capture;
    });
    writeFileSync(file, damageFile(core.bytes, core.parts, random).bytes);
    show(() => captureCore(file));
  }
});

test("a core of it is read as the process was", { skip }, () => {
  const file = join(folder, "whole");
  writeFileSync(file, coreOf(whole!).bytes);
  const [live, dead] = [lookAt(whole!), lookAt(captureCore(file))];
  assert.deepEqual(findingsJson(dead).pymalloc, findingsJson(live).pymalloc);
  assert.deepEqual(findingsJson(dead).garbage, findingsJson(live).garbage);
  const ways = ({ answer }: typeof live) => answer.pinned.map((p) => [p.way, p.arenas.length, p.objects]);
  assert.deepEqual(ways(dead)[0], ways(live)[0]);
});

test("what is cut has its own objects, its garbage and its holders", { skip }, () => {
  for (const capture of captures) {
    const { answer, survey } = lookAt(capture);
    assert.equal(survey.heap.damaged, 0);
    assert.equal(answer.pinned[0]?.way, "__main__.kept");
    assert.equal(answer.garbage.find((t) => t.name === "Plain")?.count, 100);
  }
});

test("mappings that say that they have gigabytes, and have nothing, are passed", { timeout: 20_000 }, () => {
  const memory = new Memory();
  const [start, end] = [0x7f0000000000, 0x7f0000000000 + 2 ** 36];
  memory.add(start, new Uint32Array(1 << 18));
  const mappings = [{ start, end, access: "rw-p", offset: 0, path: "/lib/libpython3.13.so.1.0" }];
  const capture = { memory, mappings, pid: 1, program: [], stackPointers: [], tasks: 1, notes: [] };
  assert.throws(() => lookAt(capture), LookError);
  assert.equal(findMainArena(memory, [{ from: start, to: end }]), 0);
});

test("what is not read is refused by its name: newer versions, builds without the GIL, those of 32 bits", () => {
  const start = 0x7f0000000000;
  const refusal = (hexversion: number, freeThreaded: number, elf: number[] = []) => {
    const words = new Uint32Array(1 << 18);
    words.set(elf);
    // _PyRuntime: "xdebugpy", the version, whether it has no GIL.
    words.set([0x62656478, 0x79706775, hexversion, 0, freeThreaded, 0], 1024);
    const memory = new Memory();
    memory.add(start, words);
    const path = "/usr/lib/libpython3.so.1.0";
    const mappings = [{ start, end: start + 2 ** 20, access: "rw-p", offset: 0, path }];
    try {
      lookAt({ memory, mappings, pid: 1, program: [], stackPointers: [], tasks: 1, notes: [] });
    } catch (error) {
      return error instanceof LookError ? error.message : String(error);
    }
    return "it was read";
  };
  assert.match(refusal(0x030d00f0, 1), /^CPython 3\.13\.0 without the GIL \(free-threaded\)/);
  assert.match(refusal(0x030e01f0, 0), /^CPython 3\.14\.1 is not known: versions 3\.8 to 3\.13 are$/);
  assert.match(refusal(0x030d00f0, 0), /^no CPython of version 3\.8 to 3\.13 is in it/);
  assert.match(refusal(0x030d00f0, 0, [0x464c457f, 2]), /^no CPython of version 3\.8 to 3\.13 is in it/);
  assert.match(refusal(0x030d00f0, 0, [0x464c457f, 1]), /^it is a program of 32 bits/);
});
