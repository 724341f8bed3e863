/**
 * The hostile programs of test/api/hostile.ts, each in an interpreter of its own under limits of memory and time, in one
 * process: each must end in a documented error or by itself, in time (of the processor, so that a busy machine changes
 * nothing) and within the memory of the host; then 1 + 1 must be 2, and nothing may be left over.
 *
 *   npm run fuzz:hostile -- [PART_OF_A_NAME]
 *
 * A program that ends the process, or hangs, is reported, and the next process goes on behind it. Linux says how much memory
 * a program took at most; elsewhere what is resident after it is looked at.
 */
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { attempt, programs } from "../../test/api/hostile.ts";

const TIME_LIMIT = 2000;
const SECONDS_MOST = 3;
const RESIDENT_MOST = 400 * 2 ** 20;
/** How much of the processor a program may take until its process is ended, in seconds; and how long it may stand still. */
const BUSY_MOST = 30;
const IDLE_MOST = 600;
/** How often that is looked at, in milliseconds. */
const LOOK = 2000;
/** Of the processor's time, in which Linux counts. */
const TICKS_A_SECOND = 100;

interface Outcome {
  name: string;
  /** What the program ended in. */
  ended: string;
  /** What was wrong, if something was. */
  wrong: string;
  seconds: number;
  resident: number;
}

function resetPeak(): void {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {}
}

function peak(): number {
  try {
    return Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))![1]) * 1024;
  } catch {
    return process.memoryUsage.rss();
  }
}

/** Seconds of the processor that a process has taken; not a number where nobody says. */
function processorTime(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return Number.NaN;
  }
}

/** Ends a process that hangs. Returns what ends the watch. */
function watch(child: ChildProcess): () => void {
  const begun = { time: performance.now(), busy: processorTime(child.pid!) };
  const timer = setInterval(() => {
    const stood = (performance.now() - begun.time) / 1000;
    if (processorTime(child.pid!) - begun.busy > BUSY_MOST || stood > IDLE_MOST) child.kill("SIGKILL");
  }, LOOK);
  return () => clearInterval(timer);
}

/** Runs one program in this process. */
function measured(name: string, source: string): Outcome {
  resetPeak();
  const start = process.cpuUsage();
  const { ended, wrong } = attempt(source, TIME_LIMIT);
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  const resident = peak();
  if (seconds > SECONDS_MOST) wrong.push(`took ${seconds.toFixed(1)} s`);
  if (resident > RESIDENT_MOST) wrong.push(`took ${resident >> 20} MiB of the host`);
  return { name, ended, wrong: wrong.join("; "), seconds, resident };
}

if (process.argv[2] === "--from") {
  // A process of the parent's: from the number that it was given on.
  for (const [name, source] of programs.slice(Number(process.argv[3])).filter(([n]) => n.includes(process.argv[4]!))) {
    process.send!({ begun: name });
    process.send!(measured(name, source));
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.disconnect();
} else {
  const filter = process.argv[2] ?? "";
  const chosen = programs.filter(([name]) => name.includes(filter));
  const outcomes: Outcome[] = [];
  const report = (outcome: Outcome) => {
    outcomes.push(outcome);
    if (outcome.wrong === "" && !process.env.VERBOSE) return;
    const source = programs.find(([name]) => name === outcome.name)![1];
    const { name, ended, seconds, resident, wrong } = outcome;
    console.log(
      `${name}: ${wrong || "right"} (${ended}, ${seconds.toFixed(1)} s, ${resident >> 20} MiB)\n  ${JSON.stringify(source.slice(0, 200))}`,
    );
  };
  while (outcomes.length < chosen.length) {
    const from = programs.indexOf(chosen[outcomes.length]!);
    const child = fork(fileURLToPath(import.meta.url), ["--from", String(from), filter], {
      execArgv: process.execArgv,
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    let running = "";
    let errors = "";
    let unwatch = () => {};
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-500);
    });
    child.on("message", (message: { begun: string } | Outcome) => {
      unwatch();
      if ("begun" in message) {
        running = message.begun;
        unwatch = watch(child);
      } else {
        running = "";
        report(message);
      }
    });
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
      child.on("exit", (...how) => resolve(how)),
    );
    unwatch();
    if (running !== "") {
      const wrong = `the process ended: ${signal ?? code} ${errors}`;
      report({ name: running, ended: "", wrong, seconds: 0, resident: 0 });
    }
  }
  const ends = new Map<string, number>();
  for (const { ended } of outcomes) ends.set(ended, (ends.get(ended) ?? 0) + 1);
  const most = (of: (outcome: Outcome) => number) => outcomes.reduce((a, b) => (of(b) > of(a) ? b : a));
  const slowest = most((outcome) => outcome.seconds);
  const largest = most((outcome) => outcome.resident);
  const wrong = outcomes.filter((outcome) => outcome.wrong !== "").length;
  console.log(
    [...ends]
      .sort((a, b) => b[1] - a[1])
      .map(([end, n]) => `${n} ${end}`)
      .join(", "),
  );
  console.log(
    `${outcomes.length} programs, ${wrong} wrong; at most ${slowest.seconds.toFixed(1)} s (${slowest.name}), ${largest.resident >> 20} MiB of the host (${largest.name})`,
  );
  process.exitCode = wrong === 0 ? 0 : 1;
}
