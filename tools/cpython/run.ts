// Runs CPython's own tests under Vitrine and says which of those that CPython passes, here, Vitrine passes.
//
//   npm run test:cpython -- [OPTION...] [MODULE | MODULE.CLASS | MODULE.CLASS.TEST]...
//
//   --lib DIR      the folder that holds CPython's package `test` (otherwise: beside the python3.13 that is found)
//   --debug        the debug runtime (node tools/build/build.mjs --quick), instead of the release one
//   --jobs N       how many processes at once (otherwise as many as there are processors)
//   --limit N      seconds that one test may take (60)
//   --list         every test that fails, with its reason (those of a run with names are always listed)
//   --record       writes the table and the failures to docs/; of a run with names of modules their rows and failures
//   --help         this
//
// Each name runs in a process of its own, under CPython first (its answers are kept in build/cpython-tests). When that
// process ends early or a test exceeds the limit, the test counts as failed and another process goes on behind it.
import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { askOracle, findOracle } from "../oracle/oracle.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const driver = join(root, "tools/cpython/driver.py");
const answers = join(root, "build/cpython-tests/expected");
const lastTable = join(root, "build/cpython-tests/last.json");

/** The most of a failure that is recorded. */
const SAID_MAX = 150;

/** How a test ended: passed, failed, skipped, failed as its author expects. */
type Ending = { kind: "P" | "F" | "K" | "X"; reason: string };
type Results = Map<string, Ending>;

/**
 * What a test needs that the design cannot have, being without C API, ctypes, modules of C that an import loads, fork() and
 * other interpreters, and without what the host does not give: OpenSSL, semaphores that processes share, sockets other than
 * those of streams and datagrams, what comes beside datagrams of the internet; `ndarray` is a type of _testbuffer.
 */
const NOT_OURS =
  /requires forking|support fork|UDPLITE sockets|VSOCK sockets|IPV6_RECVHOPLIMIT|[Nn]o ssl module|ssl (support|module) required|ProcessPoolExecutor unavailable|_multiprocessing|_test(capi|internalcapi|limitedcapi|buffer|clinic|multiphase|singlephase|importmultiple|externalinspection)|_xx|ndarray object required|_ctypes|ctypes|xxsubtype|test\.test_capi|Py_DEBUG|requires? C API|gdb|requires pty|out of pty devices|pty and signal modules|working os\.fork|[Ss]ubinterpreters|[Dd]ynamic loading|ContainerNoGC/;

/** Tests that are not even defined, or have no setUpClass that works, without ctypes or modules of C that an import loads. */
const ABSENT = /^test\.(test_code\.CoExtra|test_import\.SinglephaseInitTests)\./;

/** The reason of a test that fails for want of it, in its process or another. */
const FAILS_NOT_OURS =
  /ModuleNotFoundError: No module named '_(test\w+api|testsinglephase|testmultiphase|ctypes)'|preexec_fn: there is no fork|out of pty devices/;

const usage = `usage: npm run test:cpython -- [OPTION...] [MODULE | MODULE.CLASS | MODULE.CLASS.TEST]...

Runs CPython's own tests under Vitrine, all modules of tools/cpython/modules.txt unless some are named, and says which of
those that CPython passes here pass.

  --lib DIR   the folder that holds CPython's package test (otherwise: beside the python3.13 that is found)
  --debug     the debug runtime, instead of the release one
  --jobs N    how many processes at once (otherwise as many as there are processors)
  --limit N   seconds that one test may take (60)
  --list      every test that fails, with its reason (those of a run with names are always listed)
  --record    writes the table and the failures to docs/; of modules that are named their rows and failures
  --help      this`;

/** Says what is wrong with the command line, or with what there is here, and ends. */
function refuse(message: string): never {
  console.error(`test:cpython: ${message}`);
  process.exit(2);
}

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        lib: { type: "string" },
        debug: { type: "boolean", default: false },
        jobs: { type: "string" },
        limit: { type: "string", default: "60" },
        list: { type: "boolean", default: false },
        record: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    return refuse(`${(error as Error).message}\n${usage}`);
  }
}

const { values, positionals } = parsed();
if (values.help) {
  console.log(usage);
  process.exit();
}
for (const name of ["jobs", "limit"] as const) {
  if (!/^[1-9]\d*$/.test(values[name] ?? "1")) refuse(`--${name} takes a number`);
}
const limit = Number(values.limit) * 1000;

/**
 * A folder in which `test` is CPython's package, and `_pydecimal` CPython's module, which tests compare with the native one
 * and Vitrine's library does not have; nothing else of its library is there.
 */
function testFolder(): string {
  const oracle = findOracle();
  let lib = values.lib;
  if (lib === undefined) {
    if (!oracle) refuse("no CPython 3.13 found: name the folder of its library with --lib, or set PYTHON_ORACLE");
    lib = dirname(askOracle(["-c", "import test; print(test.__path__[0])"]).trim());
  }
  if (!existsSync(join(lib, "test/support/__init__.py"))) refuse(`${lib} has no package test`);
  const folder = mkdtempSync(join(tmpdir(), "cpython-tests-"));
  symlinkSync(realpathSync(join(lib, "test")), join(folder, "test"));
  if (existsSync(join(lib, "_pydecimal.py")))
    symlinkSync(realpathSync(join(lib, "_pydecimal.py")), join(folder, "_pydecimal.py"));
  return folder;
}

/**
 * The command, in a copy of the package that has CPython's package `test` among its site-packages: programs that tests start
 * with -I or -E find it as they do in CPython.
 */
function installed(folder: string): string {
  const prefix = join(folder, "vitrine");
  for (const part of ["package.json", "dist", "build/vitrine.wasm", "build/library.bin"]) {
    cpSync(join(root, part), join(prefix, part), { recursive: true });
  }
  const site = join(prefix, "lib/python3.13/site-packages");
  mkdirSync(site, { recursive: true });
  symlinkSync(realpathSync(join(folder, "test")), join(site, "test"));
  return join(prefix, "dist/cli.js");
}

function parseEvents(text: string) {
  const results: Results = new Map();
  let running: string | null = null;
  let ended = false;
  for (const line of text.split("\n")) {
    const [kind, name, reason] = line.split("\t");
    if (kind === "S") running = name;
    else if (kind === "E") ended = true;
    else if (name !== undefined) {
      results.set(name, { kind: kind as Ending["kind"], reason: reason ?? "" });
      running = null;
    }
  }
  return { results, running, ended };
}

/** Runs one process over `name`, without the tests in `done`, until it ends or a test exceeds the limit. */
function runOnce(command: string[], folder: string, name: string, done: Iterable<string>) {
  const scratch = mkdtempSync(join(tmpdir(), "cpython-test-"));
  const events = join(scratch, "events");
  const doneFile = join(scratch, "done");
  const work = join(scratch, "work");
  mkdirSync(work);
  writeFileSync(events, "");
  writeFileSync(doneFile, [...done].join("\n"));
  return new Promise<ReturnType<typeof parseEvents> & { last: string }>((resolve) => {
    const child = spawn(command[0], [...command.slice(1), driver, events, doneFile, name, folder], {
      cwd: work,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1", TMPDIR: work },
    });
    let output = "";
    const keep = (chunk: Buffer) => {
      output = (output + chunk).slice(-4000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    let size = -1;
    let since = Date.now();
    let timedOut = false;
    const watch = setInterval(() => {
      const now = statSync(events).size;
      if (now !== size) {
        size = now;
        since = Date.now();
      } else if (Date.now() - since > limit) {
        timedOut = true;
        stop();
      }
    }, 500);
    const stop = () => {
      try {
        process.kill(-(child.pid as number), "SIGKILL");
      } catch {}
    };
    child.on("exit", (status, signal) => {
      clearInterval(watch);
      stop();
      const parsed = parseEvents(readFileSync(events, "utf8"));
      rmSync(scratch, { recursive: true, force: true });
      const trap = /RuntimeError: .*|RangeError: .*|TypeError: .*|Error: .*/.exec(
        output.slice(Math.max(0, output.search(/\n\s+at .*(wasm|\.js|\.ts)/) - 400)),
      );
      const words = output.trim().split("\n").at(-1) ?? "";
      resolve({
        ...parsed,
        last: timedOut ? `no end within ${limit / 1000} s` : `process ended: ${signal ?? status} ${trap?.[0] ?? words}`,
      });
    });
  });
}

/** Runs all of `name`, however many processes it takes. */
async function runAll(command: string[], folder: string, name: string): Promise<Results> {
  const results: Results = new Map();
  for (let round = 0; round < 40; round++) {
    const part = await runOnce(command, folder, name, results.keys());
    for (const [test, ending] of part.results) results.set(test, ending);
    if (part.ended) break;
    if (part.running === null) {
      results.set(`test.${name}`, { kind: "F", reason: part.last });
      break;
    }
    results.set(part.running, { kind: "F", reason: part.last });
  }
  return results;
}

/** What CPython's processes said, kept from one run to the next. */
async function expectation(python: string, folder: string, name: string): Promise<Results> {
  const file = join(answers, `${name}.json`);
  if (existsSync(file)) return new Map(Object.entries(JSON.parse(readFileSync(file, "utf8"))));
  const results = await runAll([python], folder, name);
  writeFileSync(file, JSON.stringify(Object.fromEntries(results)));
  return results;
}

interface Row {
  name: string;
  wanted: number;
  passed: number;
  excluded: number;
  failures: [string, string][];
}

function compare(name: string, expected: Results, actual: Results): Row {
  const row: Row = { name, wanted: 0, passed: 0, excluded: 0, failures: [] };
  /** Why a test never ran: its module could not be imported, or what comes before its class or module failed. */
  const whyNot = (test: string): string | undefined => {
    const [, { reason }] = [...actual].find(([other, { kind }]) => {
      if (kind === "P" || expected.has(other)) return false;
      const before = /^setUp(?:Class|Module) \((.*)\)$/.exec(other);
      if (before) return test.startsWith(`${before[1]}.`);
      return other.startsWith(`test.${name}`) || other.startsWith("unittest.loader._FailedTest.");
    }) ?? ["", { reason: undefined }];
    return reason;
  };
  for (const [test, { kind }] of expected) {
    if (kind !== "P") continue;
    const ending = actual.get(test);
    const missing = ending === undefined ? whyNot(test) : undefined;
    const lacking = ending === undefined ? missing : ending.kind === "K" ? ending.reason : undefined;
    const foreign =
      ABSENT.test(test) || (lacking !== undefined ? NOT_OURS.test(lacking) : FAILS_NOT_OURS.test(ending?.reason ?? ""));
    if (foreign) {
      row.excluded++;
      continue;
    }
    row.wanted++;
    if (ending?.kind === "P") row.passed++;
    else if (ending) row.failures.push([test, ending.kind === "K" ? `skipped: ${ending.reason}` : ending.reason]);
    else row.failures.push([test, missing ? `not run: ${missing}` : "not run"]);
  }
  return row;
}

/** A line for each failure; what never ran for one reason is one line. */
function list(failures: [string, string][]): string[] {
  const lines: string[] = [];
  const notRun = new Map<string, string[]>();
  for (const [test, reason] of failures) {
    if (!reason.startsWith("not run")) lines.push(`${test}: ${reason}`);
    else if (notRun.has(reason)) notRun.get(reason)?.push(test);
    else notRun.set(reason, [test]);
  }
  for (const [reason, tests] of notRun) {
    lines.push(`${tests[0]}${tests.length > 1 ? ` and ${tests.length - 1} more` : ""}: ${reason}`);
  }
  return lines;
}

const percent = (row: { passed: number; wanted: number }) =>
  row.wanted === 0 ? "-" : ((100 * row.passed) / row.wanted).toFixed(1);

const all = positionals.length === 0;
const names = all
  ? readFileSync(new URL("modules.txt", import.meta.url), "utf8")
      .split(/\s+/)
      .filter(Boolean)
  : positionals.map((name) => name.replace(/^test\./, ""));
const python = findOracle();
if (!python) refuse("no CPython 3.13 found: set PYTHON_ORACLE");
mkdirSync(answers, { recursive: true });
const folder = testFolder();
const vitrine = values.debug ? [process.execPath, join(root, "tools/run/run.mjs")] : [installed(folder)];
const before: Record<string, number> = existsSync(lastTable) ? JSON.parse(readFileSync(lastTable, "utf8")) : {};
const rows: Row[] = [];
const width = Math.max(12, ...names.map((name) => name.length));
console.log(`${"".padEnd(width)}  CPython  Vitrine      %  change`);
const queue = [...names];
async function work() {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const expected = await expectation(python as string, folder, name);
    const row = compare(name, expected, await runAll(vitrine, folder, name));
    rows.push(row);
    const change = name in before ? row.passed - before[name] : 0;
    before[name] = row.passed;
    const note = row.excluded ? `  (${row.excluded} left out)` : "";
    console.log(
      `${name.padEnd(width)} ${String(row.wanted).padStart(8)} ${String(row.passed).padStart(8)} ${percent(row).padStart(6)}  ${change ? `${change > 0 ? "+" : ""}${change}` : ""}${note}`,
    );
    if (!all || values.list) for (const line of list(row.failures)) console.log(`    ${line}`);
  }
}
await Promise.all(Array.from({ length: Number(values.jobs ?? availableParallelism()) }, work));
rmSync(folder, { recursive: true, force: true });
writeFileSync(lastTable, JSON.stringify(before));
const total = rows.reduce((sum, row) => ({ wanted: sum.wanted + row.wanted, passed: sum.passed + row.passed }), {
  wanted: 0,
  passed: 0,
});
console.log(
  `${"all".padEnd(width)} ${String(total.wanted).padStart(8)} ${String(total.passed).padStart(8)} ${percent(total).padStart(6)}`,
);
/** A row of the table. */
function tableRow({ name, wanted, passed, excluded }: Omit<Row, "failures">): string {
  return `| ${name} | ${wanted} | ${passed} | ${percent({ wanted, passed })} | ${excluded || ""} |`;
}

/** Why tests fail, by patterns of their names. */
const reasons = readFileSync(new URL("reasons.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => {
    const [pattern, reason] = line.split("\t");
    return { pattern: new RegExp(pattern!), reason: reason! };
  });

/** Lines of failures with why, and what the test says: without the package of all tests and paths of this machine, not too long. */
const failureLines = (row: Row) =>
  list(row.failures).map((line) => {
    const [, test, said] = /^(?:test\.(?=test_))?([^:]*): (.*)$/.exec(line.replace(/(?:\/[\w.+-]+){2,}/g, "PATH"))!;
    const why = reasons.find(({ pattern }) => pattern.test(test!))?.reason ?? "no reason is known yet";
    return `${test}: ${why}. ${said!.length > SAID_MAX ? `${said!.slice(0, SAID_MAX)}...` : said}`;
  });

/** Writes the rows and their failures to docs/, where those of other modules stay. */
function record(rows: Row[]): void {
  const tableFile = join(root, "docs/cpython-tests.md");
  const failuresFile = join(root, "docs/cpython-failures.txt");
  const measured = new Map(rows.map((row) => [row.name, row]));
  const head: string[] = [];
  const lines: string[] = [];
  const kept = new Set<string>();
  const total = { wanted: 0, passed: 0 };
  for (const line of readFileSync(tableFile, "utf8").trimEnd().split("\n")) {
    const [, name, wanted, passed] = /^\| (test_\w+) \| (\d+|not measured) \|(?: (\d+) \|)?/.exec(line) ?? [];
    if (name === undefined) {
      if (!line.startsWith("| all ")) head.push(line);
      continue;
    }
    const row = measured.get(name);
    kept.add(name);
    lines.push(row === undefined ? line : tableRow(row));
    total.wanted += row?.wanted ?? (Number(wanted) || 0);
    total.passed += row?.passed ?? Number(passed ?? 0);
  }
  for (const row of rows) {
    if (kept.has(row.name) || row.name.includes(".")) continue;
    lines.push(tableRow(row));
    total.wanted += row.wanted;
    total.passed += row.passed;
  }
  lines.push(`| all | ${total.wanted} | ${total.passed} | ${percent(total)} | |`);
  writeFileSync(tableFile, `${[...head, ...lines].join("\n")}\n`);

  // A module's failures take the place of those that it had, or go to the end.
  const failures: string[] = [];
  const written = new Set<string>();
  const moduleOf = (line: string) => /^(test_\w+)/.exec(line)?.[1];
  const put = (name: string) => {
    const row = measured.get(name);
    if (row !== undefined && !written.has(name)) failures.push(...failureLines(row));
    written.add(name);
  };
  for (const line of readFileSync(failuresFile, "utf8").trimEnd().split("\n")) {
    const name = moduleOf(line);
    if (name !== undefined && measured.has(name)) put(name);
    else if (!all) failures.push(line);
  }
  for (const { name } of rows) if (!name.includes(".")) put(name);
  writeFileSync(failuresFile, `${failures.join("\n")}\n`);
}

if (values.record) record(rows);
