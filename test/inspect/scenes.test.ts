// CPythons that have of every kind of object what is hard to follow (scenes.py): figures, counts, and a way to each object
// that something holds. The newest and the oldest here; all of them, and from cores: tools/oracle/live-heaps.ts.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect } from "../../src/inspect/findings.ts";
import { sizeClasses } from "../../src/inspect/heap/arenas.ts";
import { look } from "../../src/inspect/look.ts";
import { openImageFile } from "../../src/inspect/source/image.ts";
import { pythons } from "./pythons.ts";

const READY_MS = 60_000;
const program = fileURLToPath(new URL("scenes.py", import.meta.url));
const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-scenes-"));
after(() => rmSync(folder, { recursive: true }));

interface Truth {
  pid: number;
  by_type: Record<string, number>;
  kept: number[];
  ways: Record<string, number>;
  mallocstats: string;
}

async function started(python: string, scene: string): Promise<Truth> {
  const file = join(folder, `${scene}.json`);
  rmSync(file, { force: true });
  const child = spawn(python, [program, scene, file], { stdio: ["ignore", "ignore", "inherit"] });
  for (const end = Date.now() + READY_MS; !existsSync(file); ) {
    assert.ok(child.exitCode === null && Date.now() < end, `${scene} did not get ready`);
    await new Promise((r) => setTimeout(r, 100));
  }
  return JSON.parse(readFileSync(file, "utf8"));
}

const scenes = [...readFileSync(program, "utf8").matchAll(/^@scene\ndef (\w+)/gm)].map((m) => m[1]!);
for (const { minor, path } of new Set([pythons[0], pythons.at(-1)].filter((p) => p !== undefined))) {
  for (const scene of scenes) {
    test(`3.${minor}: ${scene}`, async () => {
      const truth = await started(path, scene);
      try {
        const { survey, ledger, answer } = look(truth.pid);
        const rows = [...truth.mallocstats.matchAll(/^ *\d+ +(\d+) +(\d+) +(\d+) +(\d+)$/gm)];
        assert.deepEqual(
          sizeClasses(survey.heap).map((c) => `${c.size} ${c.pools} ${c.used} ${c.free}`),
          rows.map((m) => m.slice(1).join(" ")),
        );
        assert.equal(survey.heap.damaged, 0);
        const sum = ledger.parts.reduce((all, { bytes }) => all + bytes, 0);
        assert.equal(sum, ledger.total);
        for (const [name, count] of Object.entries(truth.by_type)) {
          assert.equal(survey.totals.find((t) => t.kind === "object" && t.name === name)?.count, count, name);
        }
        const wayTo = (address: number) => survey.ways.to(survey.blocks.find(address));
        for (const [way, address] of Object.entries(truth.ways)) assert.equal(wayTo(address), way);
        assert.deepEqual(
          truth.kept.filter((address) => wayTo(address) === undefined),
          [],
          "something holds each of these",
        );
        assert.deepEqual(answer.garbage, []);
      } finally {
        process.kill(truth.pid, "SIGKILL");
      }
    });
  }
}

test("what suspended generators hold is reached in our own heap, too", () => {
  const image = join(folder, "image");
  const code = `
def walk(load):
    own = [load]
    yield own
def outer(load):
    yield from walk(load)
async def work(load):
    own = [load]
async def stream(load):
    yield load
class Load: pass
made = [walk(Load()), outer(Load()), walk(Load()), work(Load()), stream(Load())]
next(made[0]); next(made[1])`;
  const run = spawnSync(process.execPath, [cli, "--heap-image", image, "-c", code], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  const { survey } = inspect(openImageFile(image).memory);
  const ways: (string | undefined)[] = [];
  for (let n = 0; n < survey.blocks.count; n++) {
    if (survey.blocks.type(n)?.name === "Load") ways.push(survey.ways.to(n));
  }
  assert.deepEqual(
    ways.sort(),
    [0, 1, 2, 3, 4].map((i) => `__main__.made[${i}]:load`),
  );
});
