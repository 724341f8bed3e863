// Random programs that build and break graphs of objects, run by Vitrine and by CPython 3.13: each death, reference count
// and figure of the collector must be equal. graphs.ts says what they are made of.
//
//   npm run fuzz:gc -- [--debug] [--steps N] [PROGRAMS [SEED]]     1000 programs from the seed 1 if left out
//   npm run fuzz:gc -- --record [PROGRAMS [SEED]]                  writes what CPython prints, hashed, for the tests
//
// A program that differs is made smaller, step by step, and printed with both answers. Build first: release, or with
// --debug `node tools/build/build.mjs --quick`.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findOracle } from "../oracle/oracle.ts";
import { answersByCase, graphProgram, prelude } from "./graphs.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    debug: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    steps: { type: "string", default: "200" },
  },
});
const programs = Number(positionals[0] ?? 1000);
const first = Number(positionals[1] ?? 1);
const steps = Number(values.steps);
/** Programs that one process runs. */
const TOGETHER = 50;

const root = fileURLToPath(new URL("../../", import.meta.url));
const oracle = findOracle();
if (oracle === null) {
  console.error("no CPython 3.13 found: set PYTHON_ORACLE");
  process.exit(2);
}
const ours = [
  process.execPath,
  ...(values.debug ? [join(root, "tools/run/run.mjs")] : ["--stack-size=3900", join(root, "dist/cli.js")]),
];
const folder = mkdtempSync(join(tmpdir(), "fuzz-gc-"));
const file = join(folder, "case.py");

interface Answer {
  cases: Map<number, string>;
  /** What it wrote to standard error, and how it ended. */
  rest: string;
}

function answer(command: readonly string[], text: string): Answer {
  writeFileSync(file, text);
  const env = { ...process.env, PYTHONHASHSEED: "0", PYTHONMALLOC: undefined };
  const { stdout, stderr, status, signal } = spawnSync(command[0]!, [...command.slice(1), "-S", "-W", "ignore", file], {
    encoding: "utf8",
    env,
    maxBuffer: 1 << 30,
    timeout: 300_000,
  });
  return { cases: answersByCase(stdout), rest: `${stderr}status ${signal ?? status}` };
}

const theirs = (text: string) => answer([oracle], text);
const numbered = (seeds: readonly number[]) => prelude + seeds.map((seed) => graphProgram(seed, seed, steps)).join("");

/** The statements of a program, those of `try` in one. */
function statements(text: string): string[] {
  const parts: string[] = [];
  for (const line of text.split("\n")) {
    if (/^ {4}(except| {4})/.test(line) && parts.length > 0) parts[parts.length - 1] += `\n${line}`;
    else parts.push(line);
  }
  return parts;
}

/** The smallest of a program's parts that still differ, and both answers. Many candidates are tried in one process. */
function reduce(seed: number): { text: string; ours: string; theirs: string } {
  const lines = statements(graphProgram(0, seed, steps).trimEnd());
  const [names, call] = [lines[1]!, lines.at(-1)!];
  let body = lines.slice(2, -1);
  const whole = (parts: readonly string[], number: number) =>
    [`def case${number}():`, names, ...parts, call.replace("run(0, case0", `run(${number}, case${number}`), ""].join(
      "\n",
    );
  const ask = (candidates: readonly (readonly string[])[]) => {
    const text = prelude + candidates.map(whole).join("");
    const [a, b] = [answer(ours, text), theirs(text)];
    const told = (x: Answer, i: number) => x.cases.get(i) ?? x.rest;
    return candidates.map((body, i) => ({ body, ours: told(a, i), theirs: told(b, i) }));
  };
  /** The first candidate that differs becomes what is made smaller further. */
  const take = (candidates: readonly (readonly string[])[]) => {
    for (let at = 0; at < candidates.length; at += TOGETHER) {
      const found = ask(candidates.slice(at, at + TOGETHER)).find((x) => x.ours !== x.theirs);
      if (found === undefined) continue;
      body = [...found.body];
      return true;
    }
    return false;
  };
  take(body.map((_, i) => body.slice(0, i)));
  for (let size = body.length >> 1; size > 0; ) {
    const starts = Array.from({ length: Math.ceil(body.length / size) }, (_, i) => i * size);
    const smaller = starts.map((at) => [...body.slice(0, at), ...body.slice(at + size)]);
    if (!take(smaller)) size >>= 1;
  }
  const [last] = ask([body]);
  return { text: whole(body, 0), ...last! };
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);
const seeds = Array.from({ length: programs }, (_, i) => first + i);
let differ = 0;
const recorded: string[] = [];
for (let at = 0; at < seeds.length; at += TOGETHER) {
  const batch = seeds.slice(at, at + TOGETHER);
  const text = numbered(batch);
  const b = theirs(text);
  if (values.record) {
    for (const seed of batch) recorded.push(`${seed} ${hash(b.cases.get(seed)!)}`);
    continue;
  }
  const a = answer(ours, text);
  const wrong = batch.filter((seed) => a.cases.get(seed) !== b.cases.get(seed));
  if (a.rest !== b.rest) console.log(`--- from ${batch[0]}: ends as\n${a.rest}\n--- CPython's\n${b.rest}`);
  differ += wrong.length;
  for (const seed of wrong.slice(0, 2)) {
    const found = reduce(seed);
    console.log(`--- program ${seed}\n${found.text}\n--- ours\n${found.ours}\n--- CPython's\n${found.theirs}`);
  }
}
rmSync(folder, { recursive: true });
if (values.record) {
  const out = join(root, "test/fuzz/graphs.txt");
  writeFileSync(out, `${recorded.join("\n")}\n`);
  console.log(`${recorded.length} programs in ${out}`);
} else {
  console.log(`${programs} programs of ${steps} steps, ${differ} differ`);
  process.exitCode = differ > 0 ? 1 : 0;
}
