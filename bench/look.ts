/**
 * How long it takes to read a heap and to find the answer, and how much memory: our own heap of leak-like programs, a live
 * CPython with as many objects as are asked for, its figures alone; and the dominators of a random graph. Processor time
 * is told beside that of the clock: on a busy machine only that can be compared.
 *
 *   npm run bench:look -- [OBJECTS]      (a million)
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { dominators } from "../src/inspect/graph/dominators.ts";
import { pythons } from "../test/inspect/pythons.ts";
import { Random } from "../tools/fuzz/random.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const objects = Number(process.argv[2] ?? 1_000_000);
const program = (n: number, more: string) => `
class Record:
    def __init__(self, i):
        self.id, self.name, self.tags = i, "user-%d" % i, ["a%d" % i, "b"]
class Session:
    log = []
Session.log.extend({i: Record(i) for i in range(1000)} for _ in range(${Math.ceil(n / 5000)}))
${more}`;

/** Runs the command; seconds of the clock and of the processor, and its own highest resident size in MiB. */
function measure(label: string, ...args: string[]): void {
  const start = performance.now();
  const hook = `process.on("exit", () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    require("fs").writeSync(2, "max " + maxRSS + " cpu " + (userCPUTime + systemCPUTime));
  })`;
  const run = spawnSync(
    process.execPath,
    [
      "-e",
      `${hook}; process.argv.splice(1, 0, "vitrine"); require(${JSON.stringify(join(root, "dist/cli.js"))})`,
      "--",
      ...args,
    ],
    {
      encoding: "utf8",
      maxBuffer: 1 << 30,
    },
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const most = (Number(/max (\d+)/.exec(run.stderr)?.[1]) / 1024).toFixed(0);
  const cpu = (Number(/cpu (\d+)/.exec(run.stderr)?.[1]) / 1e6).toFixed(1);
  if (run.status !== 0) throw new Error(run.stderr);
  const line =
    run.stdout
      .split("\n")
      .find((l) => /retains/.test(l) && /Session/.test(l))
      ?.trim() ?? (args.includes("--statistics") ? /^Resident.*/m.exec(run.stdout)?.[0] : "no answer");
  const stopped = /stopped for ([\d.]+) s/.exec(run.stdout)?.[1];
  console.log(
    `${label}: ${seconds} s (${cpu} s of the processor), ${most} MiB${stopped ? `, stopped for ${stopped} s` : ""}; ${line}`,
  );
}

/** A graph as heaps are: each node is referred to by an earlier one, some by others besides. */
function timeDominators(count: number): void {
  const random = new Random(1);
  const from = new Int32Array(count * 2);
  const first = new Uint32Array(count + 1);
  for (let n = 1; n < count; n++) {
    from[2 * n] = Math.max(0, n - 1 - random.below(1000));
    from[2 * n + 1] = random.below(3) === 0 ? random.below(count) : -1;
  }
  const each = (found: (source: number, target: number) => void) => {
    for (let n = 1; n < count; n++) {
      found(from[2 * n]!, n);
      if (from[2 * n + 1]! >= 0) found(from[2 * n + 1]!, n);
    }
  };
  each((source) => first[source + 1]!++);
  for (let n = 0; n < count; n++) first[n + 1]! += first[n]!;
  const targets = new Int32Array(first[count]!);
  const next = first.slice();
  each((source, target) => {
    targets[next[source]!++] = target;
  });
  const before = process.cpuUsage();
  const start = performance.now();
  const found = dominators({ count, first, targets, seeds: [0] });
  const { user, system } = process.cpuUsage(before);
  const label = `dominators of ${count.toLocaleString("en-US")} nodes, ${targets.length.toLocaleString("en-US")} edges`;
  if (found.count !== count + 1) throw new Error("a node was not reached");
  console.log(
    `${label}: ${((performance.now() - start) / 1000).toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of the processor)`,
  );
}

const folder = mkdtempSync(join(tmpdir(), "vitrine-look-"));
try {
  const file = join(folder, "leak.py");
  writeFileSync(file, program(objects, ""));
  const image = join(folder, "image");
  const made = spawnSync(
    process.execPath,
    ["--stack-size=3900", join(root, "dist/cli.js"), "--heap-image", image, file],
    { encoding: "utf8" },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  measure(`our own heap, ${objects.toLocaleString("en-US")} objects`, "heap", image);
  for (const { minor, path } of pythons) {
    writeFileSync(file, program(objects, "print('ready', flush=True)\nimport signal\nsignal.pause()"));
    const child = spawn(path, [file], { stdio: ["ignore", "pipe", "inherit"] });
    await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    measure(`CPython 3.${minor}, ${objects.toLocaleString("en-US")} objects`, "look", String(child.pid));
    measure(`CPython 3.${minor}, its figures`, "look", String(child.pid), "--statistics");
    child.kill("SIGKILL");
  }
  timeDominators(objects);
} finally {
  rmSync(folder, { recursive: true });
}
