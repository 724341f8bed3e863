/**
 * The compiler, timed against CPython's in the same run: the top-level files of CPython's `Lib/`, source bytes to code
 * objects, without reading files or writing results.
 *
 * Each side compiles all files in a fresh process (the first pass), then again and again; the fastest later pass is the
 * warm one. Before anything is timed, all code objects are checked to be equal. Ours runs as one bundled module, as it
 * is shipped.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { oracleAnswers, ourAnswer } from "../tools/compare/describe-code.ts";
import { askOracle } from "../tools/oracle/oracle.ts";

const PASSES = 12;

const ours = `
import { readFileSync } from "node:fs";
const { compile } = await import(process.argv[2]);
const sources = JSON.parse(process.argv[3]).map((path) => readFileSync(path));
const times = [];
for (let pass = 0; pass < ${PASSES}; pass++) {
  const start = performance.now();
  for (const source of sources) compile(source, "<source>", "exec");
  times.push(performance.now() - start);
}
console.log(JSON.stringify({ times, peak: process.resourceUsage().maxRSS / 1024 }));
`;

const theirs = `
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
sources = [open(path, "rb").read() for path in json.loads(sys.argv[1])]
times = []
for i in range(${PASSES}):
    start = time.perf_counter()
    for source in sources:
        compile(source, "<source>", "exec", dont_inherit=True)
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps({"times": times, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
`;

interface Result {
  times: number[];
  /** Mebibytes. */
  peak: number;
}

const lib: string = askOracle(["-c", "import os; print(os.path.dirname(os.__file__))"]).trim();
const files = readdirSync(lib)
  .filter((name) => name.endsWith(".py"))
  .map((name) => join(lib, name));
const requests = files.map((file) => ({ base64: readFileSync(file).toString("base64"), digest: true }));

let i = 0;
for await (const answer of oracleAnswers(requests)) {
  if (answer.code !== ourAnswer(requests[i]).code) throw new Error(`${files[i]} is compiled differently`);
  i++;
}

const folder = mkdtempSync(join(tmpdir(), "vitrine-bench-"));
try {
  const bundle = join(folder, "compiler.mjs");
  buildSync({
    entryPoints: [fileURLToPath(new URL("../src/compiler/index.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outfile: bundle,
    logLevel: "error",
  });
  const script = join(folder, "run.mjs");
  writeFileSync(script, ours);
  const list = JSON.stringify(files);
  const quiet = { encoding: "utf8", maxBuffer: 1 << 26 } as const;
  const us: Result = JSON.parse(execFileSync(process.execPath, [script, bundle, list], quiet));
  const python: Result = JSON.parse(askOracle(["-c", theirs, list]));
  const warm = (r: Result) => Math.min(...r.times.slice(1));
  const row = (name: string, a: number, b: number, unit: string) =>
    console.log(
      `${name.padEnd(16)}${a.toFixed(0).padStart(8)}${b.toFixed(0).padStart(10)} ${unit}${(a / b).toFixed(2).padStart(8)}`,
    );
  console.log(
    `${files.length} files, ${requests.reduce((n, r) => n + (r.base64.length * 3) / 4, 0) >> 10} KiB, all equal`,
  );
  console.log(`${"".padEnd(16)} Vitrine   CPython          ratio`);
  row("fresh process", us.times[0], python.times[0], "ms");
  row("warm", warm(us), warm(python), "ms");
  row("peak memory", us.peak, python.peak, "MiB");
} finally {
  rmSync(folder, { recursive: true });
}
