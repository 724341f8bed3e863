// A process's memory that was changed at random, in images and in cores: an error in words or a report, in bounded time;
// never an exception of JavaScript's. Left out where there is no CPython to take the memory from.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { look, lookAt } from "../../src/inspect/look.ts";
import type { Capture } from "../../src/inspect/source/capture.ts";
import { captureCore } from "../../src/inspect/source/core.ts";
import { ImageError, openImage, saveCapture } from "../../src/inspect/source/image.ts";
import { findingsJson } from "../../src/view/json.ts";
import { copyOf, coreOf, damage, damageFile, showAll, structuresOf } from "../../tools/fuzz/damage.ts";
import { Random } from "../../tools/fuzz/random.ts";
import { pythons, startScene } from "./pythons.ts";

// How often; more by hand: VITRINE_DAMAGE=10000.
const ROUNDS = Number(process.env.VITRINE_DAMAGE ?? 8);
const SECONDS_MAX = 30;
const skip = pythons.length === 0 ? "no CPython that can be looked at" : false;

const random = new Random(Number(process.env.VITRINE_SEED ?? 7));

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
    show(() => {
      const { memory, chunks } = copyOf(captures[which]!.memory);
      damage(memory, chunks, places[which]!, random);
      return { ...captures[which]!, memory };
    });
  }
});

test("images and cores, cut off and changed", { skip }, () => {
  const image = saveCapture(captures[0]!);
  const core = coreOf(captures[0]!);
  const file = join(folder, "core");
  for (let round = 0; round < ROUNDS; round++) {
    show(() => {
      const { capture } = openImage(damageFile(image, 4000, random));
      if (!capture) throw new ImageError("it is of a process of ours now");
      return capture;
    });
    writeFileSync(file, damageFile(core, 2000, random));
    show(() => captureCore(file));
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
