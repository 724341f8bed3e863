// The workloads of bench/workloads, warm: a process of each engine runs them all, each once uncounted and then so many
// times, in turns with the others. Every answer is compared with the one that CPython gave (NAME.out: the small size's,
// then the full one's); a wrong one, or none, leaves the engine out of the row.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Engine, median, milliseconds, ratio } from "./engines.ts";

const folder = fileURLToPath(new URL("workloads", import.meta.url));
const script = fileURLToPath(new URL("warm.py", import.meta.url));

/** The names of all workloads. */
export const workloads = readdirSync(folder)
  .filter((file) => file.endsWith(".py"))
  .map((file) => file.slice(0, -3))
  .sort();

/** The file of a workload. */
export const workloadFile = (name: string) => join(folder, `${name}.py`);

/** What a workload returns, for SMALL and for SIZE. */
export function recorded(name: string): [string, string] {
  const [small, full] = readFileSync(join(folder, `${name}.out`), "utf8").split("\n");
  return [small!, full!];
}

/** A process of the engine, as a function that runs a workload once: its answer and its milliseconds, or neither. */
function start(engine: Engine) {
  const [command, ...args] = engine.command;
  const child = spawn(command!, [...args, script, ...workloads.map(workloadFile)], {
    env: { ...process.env, PYTHONHASHSEED: "0", PYTHONWARNINGS: "ignore" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async run(name: string): Promise<{ time: number; answer: string } | undefined> {
      child.stdin.write(`${name} SIZE\n`);
      const { value, done } = await lines.next();
      if (done) return undefined;
      const space = value.indexOf(" ");
      return { time: Number(value.slice(0, space)), answer: value.slice(space + 1) };
    },
    end: () => child.stdin.end(),
  };
}

const geometricMean = (ratios: number[]) => Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length);

/** Prints the table of these workloads: medians of so many runs, ratios of the first engine to the others. */
export async function warmTable(engines: Engine[], names: string[], runs: number): Promise<void> {
  const processes = engines.map(start);
  const heads = engines.map((e) => e.name.padStart(9));
  const ratioHeads = engines.slice(1).map((e) => `/${e.name}`.padStart(9));
  console.log(`${"warm, CPU ms".padEnd(16)}${[...heads, ...ratioHeads].join("")}`);
  const all: number[][] = engines.map(() => []);
  for (const name of names) {
    const times: number[][] = engines.map(() => []);
    const wrong = new Map<string, string>();
    const expected = recorded(name)[1];
    for (let i = 0; i <= runs; i++) {
      for (const [e, engine] of engines.entries()) {
        if (wrong.has(engine.name)) continue;
        const result = await processes[e]!.run(name);
        if (result?.answer !== expected) wrong.set(engine.name, result?.answer ?? "ended");
        else if (i > 0) times[e]!.push(result.time);
      }
    }
    const medians = engines.map((engine, e) => (wrong.has(engine.name) ? undefined : median(times[e]!)));
    for (const [e, m] of medians.entries()) {
      if (medians[0] !== undefined && m !== undefined) all[e]!.push(medians[0] / m);
    }
    const notes = [...wrong].map(([engine, what]) => `   ${engine}: ${what.slice(0, 60)}`).join("");
    const ratios = medians.slice(1).map((m) => ratio(medians[0], m));
    console.log(`${name.padEnd(16)}${medians.map(milliseconds).join("")}${ratios.join("")}${notes}`);
  }
  const means = all.slice(1).map((ratios) => ratio(ratios.length ? geometricMean(ratios) : undefined, 1));
  console.log(`${"geometric mean".padEnd(16 + 9 * engines.length)}${means.join("")}`);
  for (const { end } of processes) end();
}
