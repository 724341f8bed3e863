// The two questions that people come with, asked of programs of which the answer is known, under Vitrine and each CPython:
// "I dropped it; why is the process still big?" and "it grows; what holds it?". The report's first lines name the holder;
// what it says would be returned is returned when the holder is let go.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Pinned, Retained } from "../../src/inspect/answer.ts";
import { type Findings, inspect } from "../../src/inspect/findings.ts";
import { look } from "../../src/inspect/look.ts";
import { openImageFile } from "../../src/inspect/source/image.ts";
import { report } from "../../src/view/report.ts";
import { pythons } from "./pythons.ts";

// As many objects as VITRINE_OBJECTS says: by hand, five million.
const OBJECTS = Number(process.env.VITRINE_OBJECTS ?? 1_000_000);
const LINES = 16;
const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-questions-"));
after(() => rmSync(folder, { recursive: true }));

const records = `
class Record:
    def __init__(self, i):
        self.id, self.name, self.tags = i, "user-%d" % i, ["a%d" % i, "b"]
`;
const objects = (each: number) =>
  `many = [object() for _ in range(${OBJECTS})]\nheld = many[::${each}]\ndel many\ndef drop(): held.clear()`;

const programs: Record<string, { text: string; holder: string; leaks?: true }> = {
  "a cache that was emptied, of which something keeps a few": {
    text: `${records}
cache = {i: Record(i) for i in range(200_000)}
recent = [r for i, r in cache.items() if i % 997 == 0]
cache.clear()
del cache
def drop(): recent.clear()`,
    holder: "recent",
  },
  "sessions that are closed, and stay": {
    text: `${records}
class Session:
    log = []
    def __init__(self, n): self.rows = {i: Record(i) for i in range(n)}
for _ in range(7): Session.log.append(Session(20_000))
def drop(): Session.log.clear()`,
    holder: "Session.log",
    leaks: true,
  },
  "objects, every 65,000th kept": { text: objects(65_000), holder: "held" },
  "objects, every 1,000th kept": { text: objects(1_000), holder: "held" },
};

/** The first lines name the holder, and what it keeps, or retains. Returns that. */
function checkAnswer(found: Findings, { holder, leaks }: (typeof programs)[string]): Pinned | Retained {
  const lines = report(found).split("\n");
  const begin = lines.findIndex((line) => line.startsWith("Resident: "));
  const first = lines
    .slice(begin, begin + LINES)
    .join(" ")
    .replace(/\s+/g, " ");
  const { pinned, retained } = found.answer;
  if (!leaks) {
    const held = pinned[0]!;
    assert.equal(held.name, holder);
    const arenas = held.arenas.length.toLocaleString("en-US");
    assert.match(first, new RegExp(`• ${holder}, a list of [\\d,]+ keeps ${arenas} arenas`));
    assert.match(first, new RegExp(`If it went, ${arenas} arenas would be empty and .* would be returned`));
    return held;
  }
  const held = retained[0]!;
  assert.equal(held.name, holder);
  // Next to nothing is free: who retains what comes before who keeps arenas.
  assert.match(
    first,
    /accounted for below\. What retains most: .* that would go • Session\.log, a list of 7, retains \d+ MiB/,
  );
  return held;
}

for (const [name, program] of Object.entries(programs)) {
  test(`${name}: Vitrine`, () => {
    const [file, images] = [join(folder, "program.py"), [join(folder, "before"), join(folder, "after")]];
    const [before, after] = images.map((image, i) => {
      writeFileSync(file, program.text + (i ? "\ndrop()\nimport gc\ngc.collect()" : "\nimport gc"));
      const run = spawnSync(process.execPath, ["--stack-size=3900", cli, "--heap-image", image, file], {
        encoding: "utf8",
      });
      assert.equal(run.status, 0, run.stderr);
      return inspect(openImageFile(image).memory);
    });
    const held = checkAnswer(before!, program);
    const told = "returns" in held ? held.returns : held.bytes;
    const { arenaSize } = before!.survey.heap;
    const fell = before!.ledger.total - after!.ledger.total;
    // What a list and a dict have in libc's heap goes as well, and is not foretold.
    const more = program.leaks ? 4 * 2 ** 20 : arenaSize;
    assert.ok(
      fell - told >= -1.1 * arenaSize && fell - told <= 1.1 * more,
      `${told} were to be returned, ${fell} were`,
    );
  });

  for (const { minor, path } of pythons) {
    test(`${name}: CPython 3.${minor}`, async () => {
      const file = join(folder, "process.py");
      const wait = `
import gc, os, signal, sys
def let_go(number, frame):
    drop()
    gc.collect()
    os.write(1, b"dropped\\n")
signal.signal(signal.SIGUSR1, let_go)
os.write(1, b"ready\\n")
while True: signal.pause()`;
      writeFileSync(file, program.text + wait);
      const child = spawn(path, [file], { stdio: ["ignore", "pipe", "inherit"] });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const residentOf = () =>
        Number(/^Rss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/smaps_rollup`, "utf8"))![1]) * 1024;
      try {
        await lines.next();
        const found = look(child.pid!);
        const before = residentOf();
        const held = checkAnswer(found, program);
        child.kill("SIGUSR1");
        await lines.next();
        const told = "returns" in held ? held.returns : held.bytes;
        const { arenaSize } = found.survey.heap;
        const fell = before - residentOf();
        const more = program.leaks ? 4 * 2 ** 20 : arenaSize;
        assert.ok(
          fell - told >= -1.1 * arenaSize && fell - told <= 1.1 * more,
          `${told} were to be returned, ${fell} were`,
        );
      } finally {
        child.kill("SIGKILL");
      }
    });
  }
}
