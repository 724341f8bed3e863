// Images, cores and processes' memories that are damaged at random in each of their structures, read and shown in every
// way: an error in words or a report, in bounded time and memory.
//
//   npm run fuzz:look -- [CASES [SEED]]     1000 cases from the seed 1 if left out
//
// What is damaged: images of a program of ours, the memories of each CPython that is found, with the usual allocator and
// with others; images and cores of these. They are cut to a few objects of each kind (cut.ts), so that a case takes
// milliseconds. What a case does depends on its number and on what it damages, which is kept where one fails: it runs again
// with --cases FOLDER NUMBER 1. Build first.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Findings, inspect } from "../../src/inspect/findings.ts";
import { look, lookAt } from "../../src/inspect/look.ts";
import { captureCore } from "../../src/inspect/source/core.ts";
import { ImageError, openImage, saveCapture } from "../../src/inspect/source/image.ts";
import { saveImage } from "../../src/inspect/source/saved.ts";
import { pythons } from "../../test/inspect/pythons.ts";
import { coreOf } from "./core.ts";
import { cutCPython, cutOurs } from "./cut.ts";
import { damage, damageFile, partsOfImage, type Read, showAll, structuresOf } from "./damage.ts";
import { Random } from "./random.ts";

const SECONDS_MAX = 20;
const MEBIBYTES_MAX = 1500;
const POLL_MS = 1000;
const TICKS = 100;
const LATE = 3;
const root = fileURLToPath(new URL("../../", import.meta.url));
const self = fileURLToPath(import.meta.url);

/** Modules of C alone: what those of Python import would be most of the heap. */
const program = `
import gc, sys
from _collections import deque, OrderedDict
import _tracemalloc
many = [object() for _ in range(60000)]
held = many[::5000]
del many
# Of what was there before nothing is kept.
_tracemalloc.start(3)
class Plain:
    def __init__(self, i):
        self.name, self.value, self.more = "item %d" % i, i, [i, {i}, (i,)]
class Slotted:
    __slots__ = ("left", "__weakref__")
class Sub(dict): pass
def walk(n):
    for i in range(n):
        yield i
gc.collect()
gc.disable()
kept = [Plain(i) for i in range(20)]
others = [Sub(a=i) for i in range(3)] + [deque(range(100)), OrderedDict((i, i) for i in range(20))]
generators = [walk(3) for _ in range(3)]
for g in generators: next(g)
slots = [Slotted() for _ in range(5)]
texts = ["\\u00e9" * 9, "\\u4e2d" * 9, "\\U0001f40d" * 9, 10 ** 40, -7, 0.5, b"bytes", bytearray(b"x" * 700)]
for i in range(5):
    a, b = Plain(i), {}
    a.other, b["x"] = b, a
# The values of a dict whose instance is gone.
left = Plain(99).__dict__
del a, b
`;

/** More for those that have it: threads and other interpreters. */
const more = `
import _thread
_thread.stack_size(1 << 16)
lock = _thread.allocate_lock()
lock.acquire()
def wait(): lock.acquire()
for _ in range(2): _thread.start_new_thread(wait, ())
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
interpreters.create()
`;

/** Writes the files that are damaged to the folder: images of ours, of CPythons, and cores. */
async function prepare(folder: string): Promise<void> {
  const file = join(folder, "program.py");
  writeFileSync(file, program);
  for (const [name, env] of Object.entries({
    ours: {},
    "ours-debug": { PYTHONMALLOC: "debug" },
    "ours-radix": { VITRINE_ARENA_GEOMETRY: "radix" },
  })) {
    const image = join(folder, "whole");
    const args = ["--stack-size=3900", join(root, "dist/cli.js"), "--heap-image", image, file];
    const made = spawnSync(process.execPath, args, { encoding: "utf8", env: { ...process.env, ...env } });
    if (made.status !== 0) throw new Error(made.stderr);
    const memory = cutOurs(inspect(openImage(new Uint8Array(readFileSync(image))).memory));
    writeFileSync(join(folder, `${name}.image`), saveImage(memory.bytes(0, memory.end).buffer, ["program.py"]));
    rmSync(image);
  }
  const variants = pythons.flatMap(({ minor, path }) => [{ name: `cpython${minor}`, path, env: {}, text: program }]);
  const [newest, oldest] = [pythons[0], pythons.at(-1)];
  for (const { minor, path } of new Set([newest, oldest].filter((p) => p !== undefined))) {
    for (const allocator of ["debug", "malloc"])
      variants.push({ name: `cpython${minor}-${allocator}`, path, env: { PYTHONMALLOC: allocator }, text: program });
  }
  if (newest) variants.push({ name: `cpython${newest.minor}-more`, path: newest.path, env: {}, text: program + more });
  for (const { name, path, env, text } of variants) {
    writeFileSync(file, `${text}print("ready", flush=True)\nsys.stdin.read()\n`);
    const stdio = ["pipe", "pipe", "inherit"] as const;
    const child = spawn(path, ["-s", "-S", file], { stdio: [...stdio], env: { ...process.env, ...env } });
    await createInterface({ input: child.stdout! })[Symbol.asyncIterator]().next();
    const capture = cutCPython(look(child.pid!));
    child.kill("SIGKILL");
    writeFileSync(join(folder, `${name}.image`), saveCapture(capture));
    writeFileSync(join(folder, `${name}.core`), coreOf(capture).bytes);
  }
}

/** A process that is damaged: as it is, and as files. */
class Subject {
  readonly image: Uint8Array;
  readonly read: Read;
  readonly places: ReturnType<typeof structuresOf>;
  private readonly parts: ReturnType<typeof partsOfImage>;
  private readonly core: ReturnType<typeof coreOf> | undefined;

  constructor(
    folder: string,
    readonly name: string,
  ) {
    this.image = new Uint8Array(readFileSync(join(folder, `${name}.image`)));
    const { memory, capture } = openImage(this.image.slice());
    this.read = capture ? { capture } : { memory };
    const found: Findings = capture ? lookAt(capture) : inspect(memory);
    if (found.survey.heap.damaged > 0 || found.answer.retained.length === 0)
      throw new Error(`${name} is not whole before it is damaged`);
    this.places = structuresOf(found);
    this.parts = partsOfImage(this.image);
    if (capture) this.core = coreOf(capture);
  }

  /** What a case reads, and what was done to it; `end` puts back what must be. */
  damaged(coreFile: string, random: Random): { what: string; make(): Read; end(): void } {
    const kind = random.below(15);
    const end = () => {};
    if (kind === 0 && this.core) {
      const { bytes, what } = damageFile(this.core.bytes, this.core.parts, random);
      const make = () => {
        writeFileSync(coreFile, bytes);
        return { capture: captureCore(coreFile) };
      };
      return { what: `core, ${what}`, make, end };
    }
    if (kind < 3) {
      const { bytes, what } = damageFile(this.image, this.parts, random);
      const make = () => {
        const { capture, memory } = openImage(bytes);
        if ((capture === undefined) !== "memory" in this.read) throw new ImageError("it is of another kind now");
        return capture ? { capture } : { memory };
      };
      return { what: `image, ${what}`, make, end };
    }
    const { what, undo } = damage(
      "capture" in this.read ? this.read.capture.memory : this.read.memory,
      this.places,
      random,
    );
    // What is added to a capture is added to a copy.
    const make = () => ("capture" in this.read ? { capture: { ...this.read.capture } } : this.read);
    return { what: `memory, ${what}`, make, end: undo };
  }
}

/** Runs cases and tells of each before it begins, and how it ended. */
function runCases(folder: string, first: number, count: number): void {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".image"))
    .map((name) => name.slice(0, -".image".length))
    .sort();
  const subjects = new Map<string, Subject>();
  const coreFile = join(existsSync("/dev/shm") ? "/dev/shm" : folder, `vitrine-fuzz-core.${process.pid}`);
  const tell = (text: string) => void process.stdout.write(`${text}\n`);
  for (let seed = first; seed < first + count; seed++) {
    const random = new Random(Math.imul(seed, 2654435761) >>> 0 || 1);
    const name = random.pick(names);
    let subject = subjects.get(name);
    if (!subject) subjects.set(name, (subject = new Subject(folder, name)));
    const { what, make, end } = subject.damaged(coreFile, random);
    tell(`begin ${seed} ${name}, ${what}`);
    try {
      tell(showAll(make, random) ? "refused" : "shown");
    } catch (error) {
      const stack = ((error as Error).stack ?? String(error)).split("\n").slice(0, 6).join(" | ");
      tell(`failed ${seed} ${name}, ${what}: ${stack}`);
    }
    end();
    if (process.resourceUsage().maxRSS / 1024 > MEBIBYTES_MAX) {
      tell(`failed ${seed} ${name}, ${what}: it took more than ${MEBIBYTES_MAX} MiB`);
      break;
    }
  }
  rmSync(coreFile, { force: true });
}

/** Runs the cases in a process that is kept; one that does not end, or takes too much, is replaced. */
async function main(cases: number, first: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-fuzz-"));
  const counts = { shown: 0, refused: 0, failed: 0 };
  try {
    await prepare(folder);
    const bundle = join(folder, "look.mjs");
    // Plain, it takes half the time that it takes through a loader. What runs the cases does not have this module.
    const { buildSync } = await import("esbuild");
    buildSync({
      entryPoints: [self],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "esm",
      external: ["esbuild"],
    });
    for (let next = first; next < first + cases; ) {
      const child = spawn(
        process.execPath,
        [
          "--max-old-space-size=1000",
          "--max-semi-space-size=32",
          bundle,
          "--cases",
          folder,
          String(next),
          String(first + cases - next),
        ],
        { stdio: ["ignore", "pipe", "inherit"], cwd: root },
      );
      let current = "";
      // Processor time of the child, which a busy machine does not lengthen: since when it is at the same case. What it has
      // told may not be read yet: it is asked again before it is ended.
      let [at, since, late] = ["", 0, 0];
      const ended = new Promise((resolve) => child.on("exit", resolve));
      const timer = setInterval(() => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
        const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS;
        if (current !== at) [at, since, late] = [current, seconds, 0];
        else if (seconds - since > SECONDS_MAX && ++late === LATE) child.kill("SIGKILL");
      }, POLL_MS);
      for await (const line of createInterface({ input: child.stdout! })) {
        const [word, ...rest] = line.split(" ");
        if (word === "begin") {
          current = rest.join(" ");
          next = Number(rest[0]) + 1;
          continue;
        }
        if (word === "failed") console.log(line);
        counts[word as keyof typeof counts]++;
        const all = counts.shown + counts.refused + counts.failed;
        if (all % 1000 === 0)
          console.log(`${all} cases: ${counts.shown} shown, ${counts.refused} refused, ${counts.failed} failed`);
        current = "";
      }
      await ended;
      clearInterval(timer);
      if (current !== "") {
        counts.failed++;
        console.log(`failed ${current}: its process ended by ${child.signalCode ?? child.exitCode}`);
      } else if (next < first + cases && child.exitCode !== 0) throw new Error(`no case could be run after ${next}`);
    }
  } finally {
    if (counts.failed > 0) console.log(`what was damaged is in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
  const { shown, refused, failed } = counts;
  console.log(`${shown + refused + failed} cases: ${shown} shown, ${refused} refused in words, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

const [flag, ...rest] = process.argv.slice(2);
if (flag === "--prepare") await prepare(rest[0]!);
else if (flag === "--cases") runCases(rest[0]!, Number(rest[1]), Number(rest[2]));
else await main(Number(flag ?? 1000), Number(rest[0] ?? 1));
