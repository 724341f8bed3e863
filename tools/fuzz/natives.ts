/**
 * Calls every native callable, descriptor and slot of the runtime, and every form of instruction, with all kinds of
 * objects, many of which do harm when they are asked for something (hostile.py), in the debug build with debug hooks.
 *
 *   npm run fuzz:natives -- [--calls N] [--seed N] [--workers N] [--reduce SECONDS] [--save FOLDER]
 *   npm run fuzz:oom -- …          the same while allocations fail
 *   npm run fuzz:natives -- --case N          prints the program of one case
 *   npm run fuzz:natives -- --run N,N,…       runs some cases, one after the other, in one process
 *
 * Cases run in sessions, a process each; after each session the heap's invariants are walked and nothing may be left
 * over. A case follows from its number, the numbers from the seed. What traps is named by its error and the innermost
 * functions, looked for alone, and reduced to a small program. Findings that known/ has are run all the same: what no
 * longer fails there is reported, to be taken out. The exit status is 1 where something new was found.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { reduce } from "./reduce.ts";
import { explain, type Failure, isSame, type Outcome, randomNumbers, runCases, runProgram } from "./session.ts";

const SESSION = 10000;
/** A case that takes longer than this many seconds hangs. */
const PATIENCE = 60;

/** The cases of a session. */
function numbers(seed: number, count: number): number[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, random);
}

interface Job {
  seed: number;
  skip: number;
  count: number;
  oom: boolean;
}

interface Finding {
  failure: Failure;
  job: Job;
  at?: number;
  times: number;
}

/** A worker: runs the rest of a session when told, says how it went. `shared`: how many cases, which one. */
function work({ shared }: { shared: SharedArrayBuffer }) {
  const progress = new Float64Array(shared);
  parentPort!.on("message", ({ seed, skip, count, oom }: Job) => {
    const cases = numbers(seed, count).slice(skip);
    let i = 0;
    const outcome = runCases(
      () => cases[i++],
      oom,
      (n) => {
        progress[0]!++;
        progress[1] = n;
      },
    );
    parentPort!.postMessage(outcome);
  });
}

/** What is known: by the first line of each program, `# seen: …`. */
export function knownFindings(): { name: string; seen: string; program: string }[] {
  const folder = new URL("known/", import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".py"))
    .map((name) => {
      const program = readFileSync(new URL(name, folder), "utf8");
      return { name, seen: /^# seen: (.*)$/m.exec(program)?.[1] ?? "", program };
    });
}

/** Runs sessions until so many cases are done; what was found, by its name. */
export async function hunt(calls: number, seed: number, workers: number, oom: boolean): Promise<Map<string, Finding>> {
  const found = new Map<string, Finding>();
  let nextSeed = seed;
  let left = calls;
  const keep = (failure: Failure, job: Job, at: number | undefined) => {
    const known = found.get(failure.what);
    if (known) {
      known.times++;
      return;
    }
    console.log(`seed ${job.seed}, case ${at}: ${failure.what}`);
    found.set(failure.what, { failure, job, ...(at === undefined ? {} : { at }), times: 1 });
  };
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const shared = new SharedArrayBuffer(16);
      const progress = new Float64Array(shared);
      let worker: Worker;
      let job: Job;
      let watch: NodeJS.Timeout;
      const begin = () => {
        if (left <= 0) {
          clearInterval(watch);
          void worker.terminate();
          resolve();
          return;
        }
        const count = Math.min(SESSION, left);
        left -= count;
        job = { seed: nextSeed++, skip: 0, count, oom };
        worker.postMessage(job);
      };
      const goOn = (done: number) => {
        if (job.skip + done >= job.count) begin();
        else worker.postMessage((job = { ...job, skip: job.skip + done }));
      };
      const launch = () => {
        // The loader of TypeScript is registered in the worker before this file is asked for.
        const entry = JSON.stringify(import.meta.url);
        worker = new Worker(`import("tsx/esm/api").then((tsx) => tsx.tsImport(${entry}, ${entry}))`, {
          eval: true,
          workerData: { shared },
        });
        worker.on("error", reject);
        worker.on("message", ({ cases, at, failure }: Outcome) => {
          if (failure) keep(failure, job, at);
          progress[0] = 0;
          goOn(failure && at !== undefined ? cases : job.count);
        });
      };
      let last = -1;
      let still = 0;
      watch = setInterval(() => {
        still = progress[0] === last ? still + 1 : 0;
        last = progress[0]!;
        if (still < PATIENCE) return;
        still = 0;
        keep({ what: `no end of ${explain(progress[1]!).name}`, detail: "" }, job, progress[1]);
        const done = last;
        progress[0] = 0;
        void worker.terminate();
        launch();
        goOn(done);
      }, 1000);
      launch();
      begin();
    });
  await Promise.all(Array.from({ length: workers }, one));
  return found;
}

/** The fewest cases of a session after which the same is found, by halves, as far as the time allows. */
async function fewest({ job, at, failure }: Finding, seconds: number): Promise<number[]> {
  const end = Date.now() + seconds * 1000;
  const all = numbers(job.seed, job.count).slice(job.skip);
  let cases = at === undefined ? all : all.slice(0, all.indexOf(at) + 1);
  const fails = async (some: number[]) => {
    // The memory of the processes before has gone by the time that the engine has had a turn.
    await new Promise((resolve) => setTimeout(resolve, 10));
    let i = 0;
    return isSame(runCases(() => some[i++], job.oom).failure, failure);
  };
  if (at !== undefined && (await fails([at]))) return [at];
  for (let size = Math.ceil(cases.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < cases.length && cases.length > 1 && Date.now() < end; ) {
      const fewer = [...cases.slice(0, from), ...cases.slice(from + size)];
      if (fewer.length > 0 && (await fails(fewer))) cases = fewer;
      else from += size;
    }
  }
  return cases;
}

/** A small program that shows the finding, where one case alone does; otherwise which cases do. */
async function show(finding: Finding, seconds: number): Promise<string> {
  if (finding.failure.what.startsWith("no end") || finding.job.oom) return `case ${finding.at}`;
  const cases = await fewest(finding, 3 * seconds);
  if (cases.length > 20) return `# ${cases.length} cases of seed ${finding.job.seed} together`;
  if (cases.length > 1) return `# only together: ${cases.map((n) => `${n} ${explain(n).name}`).join(", ")}`;
  const fails = (text: string) => isSame(runProgram(text), finding.failure);
  const { program } = explain(cases[0]!);
  return fails(program) ? reduce(program, fails, seconds * 1000) : `# only in the loop: case ${cases[0]}`;
}

async function main() {
  const { values } = parseArgs({
    options: {
      calls: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      workers: { type: "string", default: "1" },
      reduce: { type: "string", default: "60" },
      save: { type: "string" },
      case: { type: "string" },
      run: { type: "string" },
      oom: { type: "boolean", default: false },
    },
  });
  if (values.case !== undefined) {
    console.log(explain(Number(values.case)).program);
    return;
  }
  if (values.run !== undefined) {
    const cases = values.run.split(",").map(Number);
    const { failure, output } = runCases(() => cases.shift(), values.oom);
    console.log(failure ? `${failure.what}\n${failure.detail}` : output);
    process.exitCode = failure ? 1 : 0;
    return;
  }
  const begun = Date.now();
  const calls = Number(values.calls);
  const found = await hunt(calls, Number(values.seed), Number(values.workers), values.oom);
  const seconds = (Date.now() - begun) / 1000;
  console.log(`${calls} cases in ${seconds.toFixed(1)} s, ${(calls / seconds).toFixed(0)} a second`);
  const known = knownFindings();
  for (const { name, seen, program } of known) {
    if (runProgram(program)?.what !== seen) console.log(`known/${name}: no longer fails as it says`);
  }
  let fresh = 0;
  for (const [what, finding] of found) {
    const is = known.find(({ seen }) => seen === what);
    console.log(`\n${is ? `known (${is.name})` : "NEW"}, ${finding.times} times: ${what}`);
    if (is) continue;
    fresh++;
    const program = await show(finding, Number(values.reduce));
    console.log(program);
    if (!program.includes("\n")) console.log(finding.failure.detail);
    if (values.save !== undefined) {
      mkdirSync(values.save, { recursive: true });
      writeFileSync(`${values.save}/${fresh}-${finding.job.seed}.py`, `# seen: ${what}\n${program}\n`);
    }
  }
  process.exitCode = fresh > 0 ? 1 : 0;
}

if (!isMainThread && workerData?.shared) work(workerData as { shared: SharedArrayBuffer });
else if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
