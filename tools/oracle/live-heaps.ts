// Processes of every CPython on this machine whose heaps are known, read in every way, and compared with what they say of
// themselves: live, from gcore's core and from the kernel's, each with the files of its program and without them.
//
//   node --import tsx tools/oracle/live-heaps.ts PROGRAM [--python PATH]... [--scene NAME]... [--live]
//
// PROGRAM builds a heap and waits: it is called with the name of a scene and that of a file, to which it writes the truth
// as JSON when it is ready: `pid`; `mallocstats`, what sys._debugmallocstats() wrote; `by_type`, how many objects of each
// type there are; `kept`, addresses that a way leads to; and where it has them `ways`, addresses by the ways that lead
// there, and then `by_type` is of the program's own types alone. Scenes are its functions marked @scene; test/inspect/scenes.py
// is such a program. Build first.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { type Looked, look, lookAt, statistics } from "../../src/inspect/look.ts";
import { captureCore } from "../../src/inspect/source/core.ts";
import { findingsJson } from "../../src/view/json.ts";
import { forgetFiles } from "../../test/inspect/cores.ts";
import { pythons } from "../../test/inspect/pythons.ts";

interface Truth {
  pid: number;
  version: string;
  mallocstats: string;
  by_type: Record<string, number>;
  kept: number[];
  ways?: Record<string, number>;
}

const OWN = ["Plain", "Slotted", "Ghost"];
const DICTS_MORE = 10;
const READY_MS = 120_000;
const SCRATCH = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
type Json = ReturnType<typeof findingsJson>;

/** What sys._debugmallocstats() says, in the shape of what the reader says. */
function figuresOf(text: string) {
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1]?.replaceAll(",", ""));
  return {
    classes: [...text.matchAll(/^ *\d+ +(\d+) +(\d+) +(\d+) +(\d+)$/gm)].map(([, size, pools, used, free]) => ({
      size: Number(size),
      pools: Number(pools),
      used: Number(used),
      free: Number(free),
    })),
    arenas: number(/# arenas allocated current += +([\d,]+)/),
    freePools: number(/^([\d,]+) unused pools/m),
  };
}

/** The size classes that were read, in that shape. */
const inUse = (classes: Json["pymalloc"]["classes"]) =>
  classes.filter((c) => c.pools > 0).map(({ size, pools, used, free }) => ({ size, pools, used, free }));

/** Throws where what was read is not what is true. */
function compare(found: Json, ways: (address: number) => string | undefined, truth: Truth, scene: string): void {
  const { classes, arenas, freePools } = figuresOf(truth.mallocstats);
  assert.ok(classes.length > 0 && arenas > 0);
  const { pymalloc, types, resident, garbage, process } = found;
  assert.deepEqual(inUse(pymalloc.classes), classes, "size classes");
  assert.deepEqual([pymalloc.arenas, pymalloc.freePools], [arenas, freePools], "arenas, free pools");
  assert.deepEqual([process.pid, process.version], [truth.pid, truth.version], "pid and version");
  for (const name of truth.ways ? Object.keys(truth.by_type) : OWN) {
    assert.equal(types.find((t) => t.name === name)?.count ?? 0, truth.by_type[name] ?? 0, name);
  }
  assert.equal(
    resident.parts.reduce((sum, { bytes }) => sum + bytes, 0),
    resident.total,
    "the ledger adds up",
  );
  for (const [way, address] of Object.entries(truth.ways ?? {})) assert.equal(ways(address), way);
  for (const address of truth.kept) assert.ok(ways(address), `no way to 0x${address.toString(16)}`);
  const [, minor] = truth.version.split(".").map(Number);
  const count = (name: string) => garbage.find((t) => t.name === name)?.count ?? 0;
  const pairs = truth.by_type.Plain ?? 0;
  const [plain, dicts] = scene === "cycles" ? [pairs, minor! <= 10 ? 2 * pairs : pairs] : [0, 0];
  assert.equal(count("Plain"), plain, "garbage: instances");
  // Where no collection ran, some of what imports made is garbage, too.
  const more = count("dict") - dicts;
  assert.ok(more >= 0 && more <= (scene === "cycles" ? DICTS_MORE : 0), `garbage: ${count("dict")} dicts`);
}

/**
 * What sys._debugmallocstats() writes now. What a program does between its figures and waiting may change them: an
 * attribute that it looks up takes another's place in the cache of methods, which may have been the last to have that
 * one's name.
 */
function figuresNow(pid: number): string {
  const before = readFileSync(`/proc/${pid}/fd/2`).length;
  const calls = [
    "set $state = ((int (*)())PyGILState_Ensure)()",
    "call ((int (*)(void *))_PyObject_DebugMallocStats)(*(void **)&stderr)",
    "call ((void (*)(int))PyGILState_Release)($state)",
  ];
  const run = spawnSync("gdb", ["-p", String(pid), "-batch", ...calls.flatMap((c) => ["-ex", c])], {
    encoding: "utf8",
  });
  const text = readFileSync(`/proc/${pid}/fd/2`).subarray(before).toString();
  if (!figuresOf(text).classes.length) throw new Error(`the process could not be asked: ${run.stderr}`);
  return text;
}

/** Has in the truth the figures of the process as it waits, and says so where they are not those that it wrote. */
function askAgain(truth: Truth): void {
  const found = inUse(statistics(truth.pid).pymalloc.classes);
  if (isDeepStrictEqual(found, figuresOf(truth.mallocstats).classes)) return;
  truth.mallocstats = figuresNow(truth.pid);
  console.log("  its figures have changed since it wrote them: it was asked again");
}

const waysOf =
  ({ survey }: Looked) =>
  (address: number) =>
    survey.ways.to(survey.blocks.find(address));

const residentOf = (pid: number) =>
  Number(/^Rss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))![1]) * 1024;

function checkLive(truth: Truth, scene: string): void {
  const before = residentOf(truth.pid);
  const run = spawnSync(process.execPath, ["--stack-size=3900", command, "look", String(truth.pid), "--json"], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  assert.equal(run.status, 0, run.stderr);
  assert.equal(residentOf(truth.pid), before, "what is resident does not change");
  const found = JSON.parse(run.stdout) as Json;
  assert.equal(found.resident.total, before, "what is resident");
  compare(found, waysOf(look(truth.pid)), truth, scene);
}

function checkCore(core: string, truth: Truth, scene: string): void {
  const found = lookAt(captureCore(core));
  compare(JSON.parse(JSON.stringify(findingsJson(found))), waysOf(found), truth, scene);
}

const absences: [name: string, isForgotten: (path: string) => boolean][] = [
  ["", () => false],
  [" without its program", (path) => /python[^/]*$/.test(path)],
  [" without any file", () => true],
];

/** Checks a core in each way; the names of files in it are lost. */
function checkCores(name: string, core: string, check: (name: string, run: () => void) => void, of: [Truth, string]) {
  for (const [without, isForgotten] of absences) {
    forgetFiles(core, isForgotten);
    check(`${name}${without}`, () => checkCore(core, ...of));
  }
}

async function started(python: string, program: string, scene: string, folder: string): Promise<Truth> {
  const truth = join(folder, "truth.json");
  const shell = 'ulimit -c unlimited; exec "$0" "$@"';
  const child = spawn("/bin/sh", ["-c", shell, python, program, scene, truth], { cwd: folder, stdio: "inherit" });
  const end = Date.now() + READY_MS;
  while (!existsSync(truth)) {
    if (child.exitCode !== null || Date.now() > end) throw new Error(`${python} ${scene} did not get ready`);
    await new Promise((r) => setTimeout(r, 100));
  }
  return JSON.parse(readFileSync(truth, "utf8"));
}

async function main(): Promise<void> {
  const [name, ...rest] = process.argv.slice(2);
  if (name === undefined) throw new Error("a program is missing");
  // It is started in another folder.
  const program = resolve(name);
  const options = (name: string) => rest.flatMap((o, i) => (o === name ? [rest[i + 1]!] : []));
  const all = [...readFileSync(program, "utf8").matchAll(/^@scene\s+def (\w+)/gm)].map((m) => m[1]!);
  const scenes = options("--scene").length > 0 ? options("--scene") : all;
  const known = [...pythons.map((p) => p.path), "/usr/bin/python3"];
  const paths = options("--python").length > 0 ? options("--python") : known;
  let [right, wrong] = [0, 0];
  for (const path of paths) {
    for (const scene of scenes) {
      const folder = mkdtempSync(join(SCRATCH, "vitrine-scenes-"));
      const failed: string[] = [];
      let checked = 0;
      let truth: Truth | undefined;
      const check = (name: string, run: () => void) => {
        try {
          run();
          checked++;
        } catch (error) {
          failed.push(`${name}: ${(error as Error).message}`);
        }
      };
      try {
        truth = await started(path, program, scene, folder);
        const { pid } = truth;
        askAgain(truth);
        check("live", () => checkLive(truth!, scene));
        if (!rest.includes("--live")) {
          const made = spawnSync("gcore", ["-o", join(folder, "gcore"), String(pid)], { encoding: "utf8" });
          if (made.status !== 0) failed.push(`gcore: ${made.stderr}`);
          const cored = join(folder, `gcore.${pid}`);
          if (made.status === 0) checkCores("gcore", cored, check, [truth, scene]);
          rmSync(cored, { force: true });
          process.kill(pid, "SIGABRT");
          while (existsSync(`/proc/${pid}/maps`) && readFileSync(`/proc/${pid}/maps`, "utf8") !== "")
            await new Promise((r) => setTimeout(r, 50));
          await new Promise((r) => setTimeout(r, 200));
          const core = readdirSync(folder).find((name) => name.startsWith("core"));
          if (core === undefined) failed.push("the system keeps no cores in the folder where the process was");
          else checkCores("the kernel's core", join(folder, core), check, [truth, scene]);
        }
      } catch (error) {
        failed.push(String(error));
      } finally {
        if (truth) {
          try {
            process.kill(truth.pid, "SIGKILL");
          } catch {}
        }
        rmSync(folder, { recursive: true });
      }
      right += checked;
      wrong += failed.length;
      console.log(`${truth?.version ?? path} (${path}) ${scene}: ${checked} right, ${failed.length} wrong`);
      for (const text of failed) console.log(`  ${text.split("\n").slice(0, 12).join("\n    ")}`);
    }
  }
  console.log(`${right} right, ${wrong} wrong`);
  process.exitCode = wrong > 0 ? 1 : 0;
}

await main();
