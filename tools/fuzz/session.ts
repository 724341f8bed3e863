/**
 * One process of the runtime in which cases of tools/fuzz/natives.ts are run: in the debug build with debug hooks, then
 * the heap's invariants are walked, the process is taken down and what is left over is counted.
 */
import { readFileSync } from "node:fs";
import { memorySource, type Survey, survey } from "../../src/inspect/index.ts";
import type { Block } from "../../src/inspect/survey.ts";
import { compileService } from "../../src/kernel/compile.ts";
import { loadLibrary } from "../../src/process/load.ts";
import { Process } from "../../src/process/process.ts";
import { type FuzzFiles, fuzzFiles } from "./files.ts";

const DEBUG_HOOKS = 2;
const MEMORY_LIMIT = 48 * 1024 * 1024;
/** Each case counts its allocations up to here at most: beyond, none fails. */
const LAST_ALLOCATION = 400;
/** Of what is printed, at least so many pieces are kept. */
const LAST_WRITES = 1000;
/** The status of a program that ends well but for its output, which a case may have closed. */
const UNFLUSHED = 120;
/** How long a case sleeps to have allocations fail from here on, and not any more. */
const ARM = 0.015625;
const DISARM = 0.03125;
/** The end of a session, read from the clock. */
const END = 2 ** 53;
/** A clock goes to some 2^33 seconds: it gives the number of a case in parts of a second. */
const PARTS = 2 ** 20;

const here = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
const lines = (name: string) =>
  here(name)
    .split("\n")
    .filter((line) => line && !line.startsWith("#"));
const quote = (text: string) => JSON.stringify(text);

/** hostile.py, which every program begins with. */
export const hostile = here("hostile.py");
/** The functions of shapes.py, by name. */
export const shapes = new Map(
  here("shapes.py")
    .split(/\n(?=def )/)
    .slice(1)
    .map((text) => [/^def (\w+)/.exec(text)![1]!, `${text.trim()}\n`]),
);

const recipes = lines("recipes.txt").map((line) => {
  const receiver = line.startsWith("receiver ");
  const source = receiver ? line.slice("receiver ".length) : line;
  return `    (${quote(source)}, ${receiver ? "True" : "False"}, lambda: ${source}),`;
});

/** The program that makes one case after another. `explain`: the case that it only describes; `oom`: allocations fail. */
function harness(explain: number | undefined, oom: boolean): string {
  const names = (file: string) => lines(file).map((line) => quote(line.split(/\s/)[0]!));
  return [
    hostile,
    ...shapes.values(),
    `RECIPES = [\n${recipes.join("\n")}\n]`,
    `EXCLUDED = [${names("excluded.txt").join(", ")}]`,
    `SLOW = [${names("slow.txt").join(", ")}]`,
    `EXPLAIN = ${explain ?? "None"}`,
    oom
      ? `arm = _functools.partial(time.sleep, ${ARM})\ndisarm = _functools.partial(time.sleep, ${DISARM})`
      : "def arm(): pass\ndisarm = arm",
    here("harness.py"),
  ].join("\n");
}

/** Random numbers of 53 bits (two of mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  return () => next() * 2 ** 21 + (next() >>> 11);
}

let runtime: WebAssembly.Module | undefined;
const compiled = new Map<string, Uint8Array>();

interface Started {
  process: Process;
  files: FuzzFiles;
  output: { readonly text: string };
}

/** A process; `clock` is asked for the time, and told how long to sleep. */
function start(clock: { time(): number; sleep?(seconds: number): void }): Started {
  runtime ??= new WebAssembly.Module(readFileSync(new URL("../../build/debug.wasm", import.meta.url)));
  const printed: string[] = [];
  const output = {
    get text() {
      return printed.join("");
    },
  };
  const decoder = new TextDecoder();
  const files = fuzzFiles();
  const process = new Process(runtime, {
    allocator: { flags: DEBUG_HOOKS, geometry: 0, statistics: false },
    memoryLimit: MEMORY_LIMIT,
    hashSeed: [0n, 0n],
    nativeDepth: 60,
    services: {
      streams: {
        output(_fd, bytes) {
          if (printed.length >= 2 * LAST_WRITES) printed.splice(0, LAST_WRITES);
          printed.push(decoder.decode(bytes.slice()));
          return bytes.length;
        },
        input: () => 0,
      },
      files,
      library: loadLibrary(),
      clock: { performance: () => 0, sleep() {}, ...clock },
      // The loop is long and always the same.
      compile(source, filename, mode, flags, optimize, file) {
        if (source.length < 5000) return compileService(source, filename, mode, flags, optimize, file);
        const key = Buffer.from(source).toString("latin1");
        let code = compiled.get(key);
        if (!code) {
          code = compileService(source, filename, mode, flags, optimize, file);
          compiled.set(key, code);
        }
        return code;
      },
    },
  });
  return { process, output, files };
}

/** What broke the machine; `what` names the kind and the place. */
export interface Failure {
  what: string;
  detail: string;
}

/** Functions through which everything goes. */
const COMMON =
  /Py\.\w*(DECREF|INCREF|CLEAR|SETREF|XNewRef|NewRef)|_Py_Dealloc|head\/|assert|abort|pymem|debughooks|call_indirect/;

function describeTrap(error: unknown, output: string): Failure {
  const { name, message, stack = "" } = error as Error;
  const frames: string[] = [];
  for (const [, frame] of stack.matchAll(/^\s+at (\S+) \(wasm:/gm)) {
    if (COMMON.test(frame!)) continue;
    // The function alone: files move.
    const name = frame!.replace(/^.*\//, "");
    if (frames.at(-1) !== name) frames.push(name);
  }
  const fatal = /Fatal Python error: .*/.exec(output)?.[0] ?? "";
  const text = `${name}: ${message.split("\n")[0]} ${fatal}`.replace(/0x[0-9a-f]+/g, "0x…").trim();
  return { what: `${text} in ${frames.slice(0, 2).join(" < ")}`, detail: `${stack}\n${output.slice(-600)}` };
}

const LEFT_OVER = "blocks are left over";

/** Whether two failures are taken for the same: of what is left over there is less when less was done. */
export function isSame(a: Failure | null, b: Failure): boolean {
  return a !== null && (a.what === b.what || (a.what.startsWith(LEFT_OVER) && b.what.startsWith(LEFT_OVER)));
}

/** Of what is left over, objects that have more references than the others hold; all, where there are none. */
function unexplained(found: Survey): Block[] {
  const { graph, inPools } = found;
  const held = new Map<number, number>();
  for (const target of graph.targets.subarray(0, graph.first[graph.count]))
    held.set(target, (held.get(target) ?? 0) + 1);
  const some = inPools.filter((b) => b.object && b.object.refcount > (held.get(b.number) ?? 0));
  return some.length > 0 ? some : inPools;
}

/** A block, and what it refers to. */
function describeBlock(found: Survey, { number, name }: Block): string {
  const { first, targets } = found.graph;
  const to = [...targets.subarray(first[number], first[number + 1])].slice(0, 8);
  const names = to.map((n) => `${found.block(n).name} ${found.describe(n)}`.trim());
  return `${name} ${found.describe(number)} (${names.join(", ")})`;
}

/** Walks the invariants, takes the process down, counts what is left; null where all is well. */
function takeDown({ process, output }: Started): Failure | null {
  const { runtime: exports } = process;
  try {
    const damage = exports.checkHeap() || exports.checkMalloc() || exports.checkPages();
    if (damage) return { what: `the heap is damaged (${damage})`, detail: "" };
    exports.finalize();
    const left = exports.getallocatedblocks();
    if (left === 0) return null;
    const found = survey(memorySource(process.memory.buffer));
    const held = unexplained(found);
    const what = [...new Set(held.map(({ name }) => name))].sort().slice(0, 5).join(", ");
    const detail = held.slice(0, 20).map((b) => describeBlock(found, b));
    return { what: `${LEFT_OVER} (${what})`, detail: `${left}: ${detail.join("\n")}` };
  } catch (error) {
    const failure = describeTrap(error, output.text);
    return { what: `at the end: ${failure.what}`, detail: failure.detail };
  }
}

export interface Outcome {
  /** Cases that were begun. */
  cases: number;
  /** The case that trapped; undefined where the end of the process showed the fault, or none. */
  at?: number;
  failure: Failure | null;
  /** The end of what was printed. */
  output: string;
}

/**
 * Runs cases in one process until `next` gives undefined or one of them traps. `oom`: in each one allocation fails, or
 * all from one on. `progress` is told of each case before it begins.
 */
export function runCases(next: () => number | undefined, oom: boolean, progress?: (n: number) => void): Outcome {
  return runLoop(harness(undefined, oom), next, progress);
}

/**
 * Runs so many cases of a program, as runLoop() does, at most `size` in a process; what broke, by its name, with the number of a case where one is to
 * blame. `told` gets what each session has printed.
 */
export function runSessions(
  program: string,
  cases: number,
  seed: number,
  size: number,
  told: (output: string) => void,
): Map<string, Failure & { at?: number }> {
  const random = randomNumbers(seed);
  const found = new Map<string, Failure & { at?: number }>();
  for (let left = cases; left > 0; ) {
    let session = Math.min(size, left);
    const next = () => {
      if (session === 0) return undefined;
      session--;
      left--;
      return random();
    };
    const { cases: begun, at, failure, output } = runLoop(program, next, false);
    if (failure && begun === 0) throw new Error(`${failure.what}\n${failure.detail}`);
    told(output);
    if (failure && !found.has(failure.what))
      found.set(failure.what, { ...failure, ...(at === undefined ? {} : { at }) });
  }
  return found;
}

/** The same with another program, which reads the numbers of its cases from the clock. */
export function runLoop(
  program: string,
  next: () => number | undefined,
  progress?: ((n: number) => void) | false,
): Outcome {
  let cases = 0;
  let current: number | undefined;
  const started: Started = start({
    time() {
      const n = next();
      current = n;
      if (n === undefined) return END / PARTS;
      cases++;
      started.files.reset();
      if (progress) progress(n);
      return n / PARTS;
    },
    sleep(seconds) {
      const random = current ?? 0;
      const exports = started.process.runtime;
      if (seconds === ARM) {
        exports.setAllocationFailureMode(BigInt(2 + (random % LAST_ALLOCATION)), random & 0x100000 ? 1 : 0);
      } else if (seconds === DISARM) exports.setAllocationFailure(0n);
    },
  });
  try {
    const status = started.process.runMain(new TextEncoder().encode(program), "cases.py", true);
    const { text: output } = started.output;
    const where = current === undefined ? {} : { at: current };
    if (current !== undefined || (status !== 0 && status !== UNFLUSHED)) {
      return { cases, ...where, failure: { what: `the loop ended (${status})`, detail: output }, output };
    }
    return { cases, failure: takeDown(started), output };
  } catch (error) {
    const { text: output } = started.output;
    const where = current === undefined ? {} : { at: current };
    return { cases, ...where, failure: describeTrap(error, output), output };
  }
}

/** What stands before the description of a case: other things may have been printed. */
const DESCRIPTION = "-- the case --\n";

/** The program of one case by itself, and how its call is named. */
export function explain(n: number): { name: string; program: string } {
  const { process, output } = start({ time: () => 0 });
  if (process.runMain(new TextEncoder().encode(harness(n, false)), "explain.py", true)) throw new Error(output.text);
  const described = output.text.slice(output.text.lastIndexOf(DESCRIPTION) + DESCRIPTION.length);
  const [name, word, seed, times, ...sources] = described.trimEnd().split("\n");
  const shape = shapes.get(name!);
  const target = shape === undefined ? FIND + `TARGET[0] = find(${quote(name!)})\n` : `${shape}\nTARGET[0] = ${name}\n`;
  const last = sources.length - 1;
  const argument = (_: string, i: number) => (word && i === last ? `${word}=args[${i}]` : `args[${i}]`);
  const program = `${hostile}
${target}
for i in range(${times}):
    STATE[:] = [${seed}, LIMIT]
    try:
        args = [
${sources.map((source) => `            ${source},`).join("\n")}
        ]
        VICTIMS[:] = args
        STATE[1] = 0
        TARGET[0](${sources.map(argument).join(", ")})
    except BaseException as e: pass
    VICTIMS.clear()
    args = None
`;
  return { name: name!, program };
}

/** How a program finds what has no name in it. */
const FIND = `
def find(name):
    def types(t, seen):
        if t not in seen:
            seen.append(t)
            for s in type.__subclasses__(t): types(s, seen)
        return seen
    for t in types(object, []):
        where = t.__module__ + "." + t.__qualname__
        if name == where: return t
        if name.startswith(where + ".") and t.__module__ != "__main__":
            parts = name[len(where) + 1:].split(".")
            if parts[0] in t.__dict__:
                if len(parts) > 1: return getattr(t.__dict__[parts[0]], parts[1])
                v = t.__dict__[parts[0]]
                return v if type(v).__name__ in ("wrapper_descriptor", "method_descriptor") else getattr(t, parts[0])
    module, n = name.rsplit(".", 1)
    return getattr(__import__(module), n)
`;

/** Runs a program by itself, with the checks; what it breaks, or null. */
export function runProgram(program: string): Failure | null {
  const started = start({ time: () => 0 });
  try {
    started.process.runMain(new TextEncoder().encode(program), "program.py", true);
  } catch (error) {
    return describeTrap(error, started.output.text);
  }
  return takeDown(started);
}
