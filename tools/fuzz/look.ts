// Images, cores and processes' memories that are damaged at random in each of their structures, read and shown in every
// way: an error in words or a report, in bounded time and memory.
//
//   npm run fuzz:look -- [CASES [SEED]]     1000 cases from the seed 1 if left out
//
// What is damaged: the image of a program of ours, the memory of each CPython that is found, images and cores of these.
// A case that fails is printed with its number: as SEED, with one case, it runs again. Build first.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { inspect } from "../../src/inspect/findings.ts";
import { look, lookAt } from "../../src/inspect/look.ts";
import { captureCore } from "../../src/inspect/source/core.ts";
import { ImageError, openImage, saveCapture } from "../../src/inspect/source/image.ts";
import { pythons } from "../../test/inspect/pythons.ts";
import { copyOf, coreOf, damage, damageFile, showAll, structuresOf } from "./damage.ts";
import { Random } from "./random.ts";

const SECONDS_MAX = 60;
const MEBIBYTES_MAX = 2500;
const root = fileURLToPath(new URL("../../", import.meta.url));
const self = fileURLToPath(import.meta.url);

const program = `
import collections, gc, sys, threading
try:
    import tracemalloc
    tracemalloc.start(3)
except ImportError:
    pass
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
kept = [Plain(i) for i in range(300)]
others = [Sub(a=i) for i in range(30)] + [collections.deque(range(100)), collections.OrderedDict((i, i) for i in range(90))]
generators = [walk(3) for _ in range(20)]
for g in generators: next(g)
slots = [Slotted() for _ in range(50)]
for i in range(50):
    a, b = Plain(i), {}
    a.other, b["x"] = b, a
many = [object() for _ in range(60000)]
held = many[::5000]
del many, a, b
`;

/** Tells what may be damaged in the folder: files there, by their kind. */
async function prepare(folder: string): Promise<void> {
  const file = join(folder, "program.py");
  writeFileSync(file, program);
  const made = spawnSync(
    process.execPath,
    ["--stack-size=3900", join(root, "dist/cli.js"), "--heap-image", join(folder, "ours"), file],
    { encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  writeFileSync(file, `${program}print("ready", flush=True)\nsys.stdin.read()\n`);
  for (const { minor, path } of pythons) {
    const child = spawn(path, ["-I", "-S", file], { stdio: ["pipe", "pipe", "inherit"] });
    await createInterface({ input: child.stdout! })[Symbol.asyncIterator]().next();
    const { capture } = look(child.pid!);
    child.kill("SIGKILL");
    writeFileSync(join(folder, `cpython${minor}`), saveCapture(capture));
    if (minor === pythons[0]!.minor) writeFileSync(join(folder, "core"), coreOf(capture));
  }
}

/** Runs cases and tells of each before it begins, and how it ended. */
function runCases(folder: string, first: number, count: number): void {
  const open = (name: string) => {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const { memory, capture } = openImage(bytes);
    const found = capture ? lookAt(capture) : inspect(memory);
    return { bytes, memory, capture, places: structuresOf(found) };
  };
  const names = ["ours", ...pythons.map(({ minor }) => `cpython${minor}`)];
  const subjects = new Map<string, ReturnType<typeof open>>();
  const core = pythons.length > 0 ? new Uint8Array(readFileSync(join(folder, "core"))) : undefined;
  const coreFile = join(folder, `core.${process.pid}`);
  const tell = (text: string) => void process.stdout.write(`${text}\n`);
  for (let seed = first; seed < first + count; seed++) {
    const random = new Random(Math.imul(seed, 2654435761) >>> 0 || 1);
    // Ours is read in a moment: most cases are of it.
    const name = random.below(3) > 0 ? "ours" : names[random.below(names.length)]!;
    let subject = subjects.get(name);
    if (!subject) subjects.set(name, (subject = open(name)));
    const { bytes, memory, capture, places } = subject;
    const kind = random.below(5) > 0 ? "memory" : core && random.below(3) === 0 ? "core" : "image";
    tell(`begin ${seed} ${name}, ${kind}`);
    let what: string = kind;
    try {
      const wrong = showAll(() => {
        if (kind === "core") {
          writeFileSync(coreFile, damageFile(core!, 20_000, random));
          return { capture: captureCore(coreFile) };
        }
        if (kind === "image") {
          const opened = openImage(damageFile(bytes, 20_000, random));
          if ((opened.capture === undefined) !== (capture === undefined))
            throw new ImageError("it is of another kind now");
          return opened.capture ? { capture: opened.capture } : { memory: opened.memory };
        }
        const copy = copyOf(memory);
        what = damage(copy.memory, copy.chunks, places, random);
        return capture ? { capture: { ...capture, memory: copy.memory } } : { memory: copy.memory };
      }, random);
      tell(wrong ? "refused" : "shown");
    } catch (error) {
      tell(
        `failed ${seed} ${name}, ${what}: ${((error as Error).stack ?? String(error)).split("\n").slice(0, 6).join(" | ")}`,
      );
    }
    if (process.resourceUsage().maxRSS / 1024 > MEBIBYTES_MAX) {
      tell(`failed ${seed} ${name}, ${what}: it took more than ${MEBIBYTES_MAX} MiB`);
      break;
    }
  }
  rmSync(coreFile, { force: true });
}

/** Runs the cases in processes of their own: one that does not end is ended. */
async function main(cases: number, first: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-fuzz-"));
  const counts = { shown: 0, refused: 0, failed: 0 };
  const began = new Map<string, number>();
  try {
    await prepare(folder);
    for (let next = first; next < first + cases; ) {
      const child = spawn(
        process.execPath,
        [
          "--max-old-space-size=2000",
          "--import",
          "tsx",
          self,
          "--cases",
          folder,
          String(next),
          String(first + cases - next),
        ],
        { stdio: ["ignore", "pipe", "inherit"], cwd: root },
      );
      let current = "";
      // Processor time of the child, which a busy machine does not lengthen.
      const ended = new Promise((resolve) => child.on("exit", resolve));
      const timer = setInterval(() => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
        const seconds = (Number(fields[11]) + Number(fields[12])) / 100;
        if (seconds - (began.get(current) ?? seconds) > SECONDS_MAX) child.kill("SIGKILL");
        else if (current !== "" && !began.has(current)) began.set(current, seconds);
      }, 1000);
      for await (const line of createInterface({ input: child.stdout! })) {
        const [word, ...rest] = line.split(" ");
        if (word === "begin") {
          began.delete(current);
          current = rest.join(" ");
          next = Number(rest[0]) + 1;
          continue;
        }
        if (word === "failed") console.log(line);
        counts[word as keyof typeof counts]++;
        const all = counts.shown + counts.refused + counts.failed;
        if (all % 200 === 0)
          console.log(`${all} cases: ${counts.shown} shown, ${counts.refused} refused, ${counts.failed} failed`);
        current = "";
      }
      await ended;
      clearInterval(timer);
      if (current !== "") {
        counts.failed++;
        console.log(`failed ${current}: its process ended by ${child.signalCode ?? child.exitCode}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const { shown, refused, failed } = counts;
  console.log(`${shown + refused + failed} cases: ${shown} shown, ${refused} refused in words, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

const [flag, ...rest] = process.argv.slice(2);
if (flag === "--cases") runCases(rest[0]!, Number(rest[1]), Number(rest[2]));
else await main(Number(flag ?? 1000), Number(rest[0] ?? 1));
