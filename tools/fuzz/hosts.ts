/**
 * Hosts that misbehave: every service, every callback and every function of the host throws, gives nonsense, or uses the
 * interpreter that has called it, at random. Whatever they do, a call ends in a value, in an error of the package's, or in
 * what the embedder itself has thrown; the interpreter goes on; and nothing is left over at its end.
 *
 *   npm run fuzz:hosts -- [CASES [SEED]]        default: 100000 cases, seed 1
 */
import {
  type Clock,
  type Files,
  Interpreter,
  InterpreterError,
  PythonError,
  PythonObject,
  type PythonValue,
} from "../../src/index.ts";

const CASES = Number(process.argv[2] ?? 100_000);
const SEED = Number(process.argv[3] ?? 1);
const CASES_EACH = 500;

/** Mulberry32. */
function generator(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = generator(SEED);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

let python!: Interpreter;
let held: PythonObject[] = [];
/** What the embedder has thrown in this case. */
let thrown = new Set<unknown>();
let depth = 0;

const NONSENSE: readonly (() => unknown)[] = [
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -1,
  () => 1e12,
  () => 2 ** 31,
  () => 0.5,
  () => -0,
  () => "text",
  () => "\ud800",
  () => null,
  () => undefined,
  () => true,
  () => 1n << 70n,
  () => Symbol("s"),
  () => ({}),
  () => [],
  () => [[[]], new Map([[1, new Set([2])]])],
  () => new Uint8Array(3),
  () => new Map([[[1], 2]]),
  () => new Float64Array(2),
  () => Promise.resolve(1),
  () => () => 1,
  () => new Date(0),
  () => Object.create(null),
  () =>
    new Proxy(
      {},
      {
        get() {
          const error = new Error("trap");
          thrown.add(error);
          throw error;
        },
      },
    ),
  () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    return cyclic;
  },
  () => pick([...held, 1]),
];

const ERRORS: readonly (() => unknown)[] = [
  () => new Error("an error"),
  () => new TypeError("a type"),
  () => new RangeError("a range"),
  () => Object.assign(new Error("no"), { code: "ENOENT" }),
  () => Object.assign(new Error("no"), { code: "NOT_A_CODE" }),
  () => Object.assign(new Error("no"), { code: 5 }),
  () => new PythonError("ValueError", "raised"),
  () => new PythonError("no such class", "raised"),
  () => new PythonError("SystemExit", "3"),
  () => new PythonError("len", "no class"),
  () => "a text",
  () => null,
  () => undefined,
  () => 0,
  () => Object.defineProperty(new Error("x"), "message", { get: () => ({}) }),
  () =>
    Object.defineProperty({}, "code", {
      get() {
        throw new Error("trap");
      },
    }),
];

const REENTER: readonly (() => unknown)[] = [
  () => python.evaluate("1 + 1"),
  () => python.run("x = [i for i in range(5)]"),
  () => python.run("print('nested')"),
  () => python.run("1 / 0"),
  () => python.run("f()"),
  () => python.dispose(),
  () => python.set("y", [1, { a: 2 }]),
  () => python.get("x"),
  () => python.interrupt(),
  () => python.snapshot(),
  () => python.fork().dispose(),
  () => python.output.length,
  () => python.takeOutput(),
  () => held.pop()?.release(),
  () => keep(python.evaluate("object()")),
  () => python.call("g", 1),
  () => [...(held.at(-1) ?? [])],
  () => String(held.at(-1)),
];

function keep(value: PythonValue): PythonValue {
  if (value instanceof PythonObject && held.length < 20) held.push(value);
  return value;
}

/** What a service does: mostly what it should. */
function behave<T>(proper: () => T): T {
  const r = random();
  if (r < 0.4 || depth > 3) return proper();
  depth++;
  try {
    if (r < 0.6) return pick(NONSENSE)() as T;
    if (r < 0.8) {
      pick(REENTER)();
      return proper();
    }
    const error = pick(ERRORS)();
    thrown.add(error);
    throw error;
  } finally {
    depth--;
  }
}

const status = () => behave(() => ({ mode: 0o100644, size: 10 }));
const files: Files = {
  open: () =>
    behave(() => ({
      read: (into: Uint8Array) => behave(() => Math.min(into.length, 3)),
      write: (bytes: Uint8Array) => behave(() => bytes.length),
      seek: () => behave(() => 0),
      truncate: () => behave(() => {}),
      describe: status,
      close: () => behave(() => {}),
      isTerminal: () => behave(() => false),
    })),
  describePath: status,
  list: () => behave(() => [{ name: new Uint8Array([97]) }]),
  currentDirectory: () => behave(() => new Uint8Array([47])),
  makeDirectory: () => behave(() => {}),
  readLink: () => behave(() => new Uint8Array([97])),
};
const clock: Clock = {
  time: () => behave(() => 1e9),
  performance: () => behave(() => 1),
  sleep: () => behave(() => {}),
  zone: () => behave(() => ({ offset: 3600, daylight: false, name: "CET" })),
};

const PROGRAMS = [
  "print('a', 'b')",
  "print('c', file=sys.stderr); print('d', end='')",
  "print('x' * 5000)",
  "input()",
  "open('x').read()",
  "with open('x', 'w') as h: h.write('abc' * 1000)",
  "h = open('x', 'rb'); h.seek(3); h.read(2); h.tell(); h.close()",
  "h = open('x', 'r+'); h.truncate(3); del h",
  "os.stat('x'); os.listdir('.'); os.getcwd()",
  "os.mkdir('y'); os.readlink('z')",
  "os.path.exists('x') and os.path.isdir('x')",
  "time.time(); time.monotonic(); time.sleep(0)",
  "time.localtime(0); time.tzset()",
  "time.sleep(0.001); select.select([], [], [], 0.001)",
  "l = threading.Lock(); l.acquire(); l.acquire(timeout=0.001)",
  "f()",
  "f(1, 'a', [None], k={'v': (1, 2)})",
  "g(f)",
  "sorted([3, 1, 2], key=lambda n: (g(n), 0)[1])",
  "[f() for _ in range(3)]",
  "try: f()\nexcept BaseException as e: kept = e",
  "try:\n    f()\nfinally:\n    f()",
  "class D:\n    def __del__(self): f()\nD()",
  "class H:\n    def __hash__(self): return f()\n    def __eq__(self, o): return f()\n{H(): 1}.get(H())",
  "keep(object()); keep([1]); keep(iter([1, 2]))",
  "import no_such_module",
  "sys.stdout.write('w'); sys.stdout.flush()",
  "def gen():\n    while True: yield f()\nit = gen(); next(it); next(it); it.close()",
  "exec('f()\\nprint(1)')",
  "raise SystemExit(f())",
];
const EVALUATIONS = [
  "f()",
  "g",
  "[f, g(1)]",
  "keep(object())",
  "(x for x in [f()])",
  "{1: f}",
  "sys.stdout",
  "time.time()",
];

function fresh(): void {
  held = [];
  python = new Interpreter({
    memoryLimit: "64M",
    // Of the clock on the wall: a busy machine changes nothing.
    timeLimit: 60_000,
    hashSeed: 0,
    stdin: "line\n".repeat(1000),
    stdout: () => behave(() => {}),
    ...(random() < 0.5 ? { stderr: () => behave(() => {}) } : {}),
    files,
    clock,
    functions: {
      f: (...args: unknown[]) => behave(() => args.length),
      g: (x: unknown) => behave(() => x),
      keep: (x: PythonValue) => behave(() => keep(x)),
    },
    debug: process.env.VITRINE_DEBUG !== undefined,
  });
}

/** Ends everything that may still be called for, and checks that nothing is left over. */
function end(at: number): void {
  depth = 10;
  python.run("kept = h = it = None");
  const left = python.dispose();
  depth = 0;
  if (left !== 0) throw new Error(`case ${at}: ${left} blocks are left over`);
}

const counts = { value: 0, python: 0, interpreter: 0, embedder: 0 };

function one(at: number): void {
  thrown = new Set();
  const evaluates = random() < 0.25;
  const source = pick(evaluates ? EVALUATIONS : PROGRAMS);
  try {
    if (evaluates) keep(python.evaluate(source));
    else python.run(source);
    counts.value++;
  } catch (error) {
    if (error instanceof PythonError) counts.python++;
    else if (error instanceof InterpreterError) counts.interpreter++;
    else if (thrown.has(error)) counts.embedder++;
    else throw new Error(`case ${at}, ${JSON.stringify(source)}: ${String((error as Error)?.stack ?? error)}`);
  }
  depth = 10;
  if (python.evaluate("1 + 1") !== 2) throw new Error(`case ${at}: the interpreter does not go on`);
  depth = 0;
}

const PRELUDE = "import sys, os, time, threading, select\nx = y = None";
for (let at = 0; at < CASES; at++) {
  if (at % CASES_EACH === 0) {
    if (at > 0) end(at);
    depth = 10;
    fresh();
    python.run(PRELUDE);
    depth = 0;
  }
  one(at);
}
end(CASES);
console.log(`seed ${SEED}: ${CASES} cases, clean: ${JSON.stringify(counts)}`);
