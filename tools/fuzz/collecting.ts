// Programs in the debug runtime, with a collection after every allocation that the collector knows: what they print must be
// what CPython printed, and nothing may be left over.
//
//   npm run fuzz:collecting -- [PART...]             those below test whose path has one of the parts, the tables of reentrance too
//   npm run fuzz:collecting -- --in FOLDER [PART...]  those below that folder: every NAME.py that has a NAME.out
//
// Build first: `node tools/build/build.mjs --quick`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { answers, tables } from "../../test/reentrance/tables.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Print when collections are due, how many there were, or the thresholds. */
const LEFT_OUT = ["python/modules/collector", "memory/generations"];

const { values, positionals: parts } = parseArgs({ allowPositionals: true, options: { in: { type: "string" } } });
const folder = resolve(values.in ?? join(root, "test"));
const asked = (path: string) => parts.length === 0 || parts.some((part) => path.includes(part));

/** How a program is run, so that it prints what was recorded: from where, by which name, and whether errors were, too. */
function manner(path: string): { cwd: string; name: string; errors: boolean; temporary?: true } {
  if (path.startsWith(join(root, "test/python"))) return { cwd: root, name: path.slice(root.length), errors: true };
  if (path.startsWith(join(root, "test/io"))) {
    return { cwd: mkdtempSync(join(tmpdir(), "collecting-")), name: path, errors: true, temporary: true };
  }
  return { cwd: dirname(path), name: basename(path), errors: false };
}

/** What the program prints and how it ends, where that is not as it should be. */
function difference(path: string): string | null {
  const { cwd, name, errors, temporary } = manner(path);
  const child = spawnSync(
    process.execPath,
    [join(root, "tools/run/run.mjs"), "--gc-stress", ...(errors ? [] : ["-W", "ignore"]), name],
    {
      cwd,
      encoding: "utf8",
      env: { ...process.env, PYTHONHASHSEED: "0" },
      input: "",
      maxBuffer: 1 << 28,
      timeout: 1_800_000,
    },
  );
  if (temporary) rmSync(cwd, { recursive: true });
  const { stdout, signal } = child;
  let { stderr, status } = child;
  // What a daemonic thread that is still at work has in its frames is left over, in CPython too.
  if (status === 3 && readFileSync(path, "utf8").includes("daemon=True")) {
    status = 0;
    stderr = stderr.replace(/^\d+ blocks are left over:\n( {2}0x.*\n)*/m, "");
  }
  const expected = readFileSync(path.replace(/py$/, "out"), "utf8");
  const same = (errors ? stdout + stderr : stdout) === expected && status !== 3 && status !== 4 && signal === null;
  return same ? null : `status ${signal ?? status}\n${stdout}${stderr}`;
}

/** The answers of a table that are not those recorded, except where CPython crashed and this did not. */
function wrongAnswers(table: string): string | null {
  const read = (name: string) =>
    readFileSync(join(root, "test/reentrance", name), "latin1")
      .trimEnd()
      .split("\n");
  const listed = read("differs.txt").find((line) => line.startsWith(`${table} `));
  const known = new Set(listed?.split(" ").slice(1).map(Number));
  const expected = read(`${table}.out`);
  const got = answers(table, expected.length, true);
  const wrong = expected.flatMap((line, i) => {
    const right = line.endsWith("=> crash") ? !got[i]!.includes("=> trap: ") : got[i] === line;
    return right || known.has(i) ? [] : [`- ${line}\n+ ${got[i]}`];
  });
  return [...wrong, ...got.slice(expected.length)].join("\n") || null;
}

let count = 0;
let differ = 0;
function judge(name: string, what: () => string | null) {
  if (!asked(name)) return;
  count++;
  const began = Date.now();
  const found = what();
  console.log(
    `${name}: ${found === null ? "same" : `differs, ${found}`} (${Math.round((Date.now() - began) / 1000)} s)`,
  );
  if (found !== null) differ++;
}

const programs = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
for (const path of programs.filter((path) => path.endsWith(".py"))) {
  const name = path.slice(0, -".py".length);
  if (programs.includes(`${name}.out`) && !LEFT_OUT.includes(name)) judge(name, () => difference(join(folder, path)));
}
if (values.in === undefined) for (const table of tables) judge(`reentrance/${table}`, () => wrongAnswers(table));
console.log(`${count} programs, ${differ} differ`);
process.exitCode = differ > 0 ? 1 : 0;
