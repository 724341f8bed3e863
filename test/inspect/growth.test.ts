// Two states of a program that grows, under Vitrine and under each CPython, kept as files and compared: what grew is named
// by holder, by type and, where tracemalloc was on, by the line that allocated it; so is what went.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Findings, inspect } from "../../src/inspect/findings.ts";
import { look, lookAt } from "../../src/inspect/look.ts";
import { openImage, openImageFile, saveCapture } from "../../src/inspect/source/image.ts";
import { diff, diffText } from "../../src/view/diff.ts";
import { pythons } from "./pythons.ts";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-growth-"));
after(() => rmSync(folder, { recursive: true }));

const RECORDS = 20_000;
const TEXTS = 6_000;
const program = `import gc
class Record:
    def __init__(self, i):
        self.id, self.tags = i, ["tag %d" % i]
class Session:
    log = []
    def __init__(self, n):
        self.rows = {i: Record(i) for i in range(n)}
settings = {i: "setting %d" % i for i in range(${TEXTS})}
drafts = [b"draft %d" % i for i in range(${TEXTS})]
Session.log.append(Session(${RECORDS}))
def grow():
    Session.log.append(Session(${RECORDS}))
    drafts.clear()
    gc.collect()
gc.collect()
`;
const lineOf = (text: string) => program.split("\n").findIndex((line) => line.includes(text)) + 1;
const LINES = { tags: lineOf("self.tags ="), rows: lineOf("self.rows ="), drafts: lineOf("drafts =") };

/** What grew and what went is named, first, by how much, and nothing that stayed is. */
function checkGrowth(before: Findings, after: Findings, file: string, traced: boolean): void {
  const found = diff(before, after);
  const { holders, types, sites, resident, parts } = found;
  const grown = resident[1] - resident[0];
  assert.ok(grown > 2 ** 21, `it grew by ${grown} bytes`);
  assert.equal(
    parts.reduce((sum, c) => sum + c.after - c.before, 0),
    grown,
    "what each byte is for adds up",
  );
  const [log] = holders;
  assert.equal(log?.name, "Session.log");
  const more = log.countAfter - log.countBefore;
  // A record, its list, its text; its id where it is no small one, and its dict where it has one.
  assert.ok(more > 3 * RECORDS && more < 6 * RECORDS, `${more} objects more`);
  assert.ok(!holders.some((c) => c.name === "settings"), "what stayed is not told");
  const drafts = holders.find((c) => c.name === "drafts");
  // The list that is left is too small to be told.
  assert.ok(drafts && [TEXTS, TEXTS + 1].includes(drafts.countBefore - drafts.countAfter), JSON.stringify(drafts));
  const counts = new Map(types.filter((c) => c.kind === "object").map((c) => [c.name, c.countAfter - c.countBefore]));
  assert.equal(counts.get("Record"), RECORDS);
  assert.equal(counts.get("Session"), 1);
  assert.ok(Math.abs(counts.get("list")! - RECORDS) < 10, `${counts.get("list")} lists more`);
  assert.ok(counts.get("bytes")! <= -TEXTS + 10, `${counts.get("bytes")} bytes objects more`);
  const text = diffText(found, 12);
  assert.match(text, /^Resident: .*: \+.*\nArenas: .*\nWhat grew most: Session\.log, by /);
  assert.match(text, /\nWhat holders retain\n.*\n {2}─.*\n {2}Session\.log +\+/);
  for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  if (!traced) {
    assert.deepEqual(sites, []);
    return;
  }
  const at = (line: number) => sites.find((c) => c.name === `${file}:${line}`);
  assert.ok(
    sites.slice(0, 2).some((c) => c.name === `${file}:${LINES.tags}`),
    `${LINES.tags} is told first: ${JSON.stringify(sites.slice(0, 3))}`,
  );
  // A list, its items and a text for each record.
  const tags = at(LINES.tags)!;
  assert.ok(tags.countAfter - tags.countBefore >= 3 * RECORDS, JSON.stringify(tags));
  const rows = at(LINES.rows)!;
  assert.ok(rows.countAfter - rows.countBefore >= RECORDS, JSON.stringify(rows));
  const went = at(LINES.drafts)!;
  assert.ok(went.countBefore - went.countAfter >= TEXTS, JSON.stringify(went));
  assert.match(
    text.replaceAll("\n", " "),
    new RegExp(`Most that is new was allocated at .*:(${LINES.tags}|${LINES.rows}): `),
  );
  assert.match(text, /\ntracemalloc itself has [\d,]+ [KM]iB more\.\n/);
  assert.match(text, /\nWhere blocks were allocated\n/);
}

for (const traced of [false, true]) {
  const how = traced ? ", tracemalloc on" : "";
  const options = traced ? ["-X", "tracemalloc=3"] : [];
  test(`Vitrine${how}`, () => {
    const file = join(folder, "ours.py");
    const [before, after] = ["", "grow()\n"].map((last, i) => {
      const image = join(folder, `image-${i}`);
      writeFileSync(file, program + last);
      const run = spawnSync(process.execPath, ["--stack-size=3900", cli, ...options, "--heap-image", image, file], {
        encoding: "utf8",
      });
      assert.equal(run.status, 0, run.stderr);
      return inspect(openImageFile(image).memory);
    });
    checkGrowth(before!, after!, file, traced);
  });
  for (const { minor, path } of pythons) {
    test(`CPython 3.${minor}${how}`, async () => {
      const file = join(folder, "theirs.py");
      const wait = `import os, signal
signal.signal(signal.SIGUSR1, lambda number, frame: (grow(), os.write(1, b"grown\\n")))
os.write(1, b"ready\\n")
while True: signal.pause()
`;
      writeFileSync(file, program + wait);
      const child = spawn(path, [...options, file], { stdio: ["ignore", "pipe", "inherit"] });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const saved: Uint8Array[] = [];
      try {
        for (const signal of ["SIGUSR1", "SIGKILL"] as const) {
          await lines.next();
          saved.push(saveCapture(look(child.pid!).capture));
          child.kill(signal);
        }
      } finally {
        child.kill("SIGKILL");
      }
      const [before, after] = saved.map((image) => lookAt(openImage(image).capture!));
      checkGrowth(before!, after!, file, traced);
    });
  }
}
