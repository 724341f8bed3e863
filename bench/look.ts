/**
 * How long it takes to read a heap and to find the answer, and how much memory: our own heap of leak-like programs, and a
 * live CPython with as many objects as are asked for.
 *
 *   npm run bench:look -- [OBJECTS]      (a million)
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { pythons } from "../test/inspect/pythons.ts";

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

/** Runs the command; seconds, and its own highest resident size in MiB. */
function measure(label: string, ...args: string[]): void {
  const start = performance.now();
  const hook = `process.on("exit", () => require("fs").writeSync(2, "max " + process.resourceUsage().maxRSS))`;
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
  if (run.status !== 0) throw new Error(run.stderr);
  const line =
    run.stdout
      .split("\n")
      .find((l) => /retains/.test(l) && /Session/.test(l))
      ?.trim() ?? "no answer";
  const stopped = /stopped for ([\d.]+) s/.exec(run.stdout)?.[1];
  console.log(`${label}: ${seconds} s, ${most} MiB${stopped ? `, stopped for ${stopped} s` : ""}; ${line}`);
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
    child.kill("SIGKILL");
  }
} finally {
  rmSync(folder, { recursive: true });
}
