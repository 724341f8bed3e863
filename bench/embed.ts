/**
 * What an interpreter in a program costs, beside Pyodide and QuickJS (another language, for scale), each in the same run:
 * time to a first result in a fresh process, a second interpreter, an evaluation, calls both ways, a million ints, a snapshot
 * with a megabyte of state, and what a thousand interpreters take that are alive at once.
 *
 *   npm run bench:embed
 *
 * Results are checked before they are timed. Of several turns the median.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { getQuickJS, type QuickJSContext } from "quickjs-emscripten";
import type { PythonObject } from "../src/index.ts";

const root = new URL("../", import.meta.url);
const bundle = new URL("dist/index.mjs", root).href;
const { Interpreter } = (await import(bundle)) as typeof import("../src/index.ts");
const TURNS = 7;

const median = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1]!;

/** Milliseconds of one call, the median of several turns of `count` calls each. */
function time(count: number, call: () => void): number {
  call();
  const times: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const start = performance.now();
    for (let i = 0; i < count; i++) call();
    times.push((performance.now() - start) / count);
  }
  return median(times);
}

/** Milliseconds to make an interpreter, and to dispose of it, of which none lives longer: medians of several turns. */
function lives(count: number, make: () => { dispose(): number }): [made: number, disposed: number] {
  make().dispose();
  const made: number[] = [];
  const disposed: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    let making = 0;
    let ending = 0;
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      const python = make();
      const end = performance.now();
      assert.equal(python.dispose(), 0);
      making += end - start;
      ending += performance.now() - end;
    }
    made.push(making / count);
    disposed.push(ending / count);
  }
  return [median(made), median(disposed)];
}

/** A fresh process that evaluates 1 + 1. */
function freshProcess(program: string): number {
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const start = performance.now();
    const out = execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: root, encoding: "utf8" });
    times.push(performance.now() - start);
    assert.equal(out.trim(), "2");
  }
  return median(times);
}

type Row = Record<string, number | undefined>;
const results: Record<string, Row> = {};

const MILLION = Array.from({ length: 1_000_000 }, (_, i) => i);

function vitrine(): Row {
  let count = 0;
  const python = new Interpreter({ functions: { add: (a: number, b: number) => a + b } });
  python.run(
    "def loop(n):\n    for i in range(n): add(i, 1)\ndef plus(a): return a + 1\nnumbers = list(range(1_000_000))",
  );
  const loop = python.get("loop") as PythonObject;
  const plus = python.get("plus") as PythonObject;
  assert.equal(plus.call(1), 2);
  assert.deepEqual(python.get("numbers"), MILLION);
  const prepared = new Interpreter();
  prepared.run("import json, re\nstate = [str(i) * 10 for i in range(25_000)]");
  const snapshot = prepared.snapshot();
  const restored = Interpreter.restore(snapshot);
  assert.equal(restored.evaluate("len(json.dumps(state)) > 1_000_000"), true);
  restored.dispose();
  const second = lives(5, () => new Interpreter());
  const restores = lives(5, () => Interpreter.restore(snapshot));
  const forks = lives(5, () => prepared.fork());
  const row: Row = {
    "a first result in a fresh process": freshProcess(
      'import { Interpreter } from "./dist/index.mjs"; console.log(new Interpreter().evaluate("1 + 1"))',
    ),
    "a second interpreter": second[0],
    "its disposal": second[1],
    'evaluate("1 + 1")': time(500, () => void python.evaluate("1 + 1")),
    "evaluate of what is new each time": time(500, () => void python.evaluate(`1 + ${++count}`)),
    "a call from Python to JavaScript": time(1, () => void loop.call(100_000)) / 100_000,
    "a call from JavaScript to Python": time(10_000, () => void plus.call(1)),
    "a million ints in": time(1, () => python.set("v", MILLION)),
    "a million ints out": time(1, () => void python.get("numbers")),
    "snapshot, json and re, 1 MB of state": time(5, () => void prepared.snapshot()),
    "restore of it": restores[0],
    "disposal of what was restored": restores[1],
    "import json, re without it": time(1, () => new Interpreter().run("import json, re")),
    "fork of it": forks[0],
  };
  row["the snapshot's MiB"] = snapshot.length / 2 ** 20;
  return { ...row, ...many() };
}

/** A thousand interpreters, each of which has run something, in a process of their own. */
function many(): Row {
  const program = `
    import { Interpreter } from "./dist/index.mjs";
    new Interpreter().dispose();
    const before = process.memoryUsage().rss;
    const alive = [];
    const make = () => { const python = new Interpreter(); python.run("x = [1]"); alive.push(python); };
    const time = (n) => { const start = performance.now(); for (let i = 0; i < n; i++) make(); return (performance.now() - start) / n; };
    const first = time(50);
    while (alive.length < 1000) make();
    const each = (process.memoryUsage().rss - before) / alive.length / 2 ** 20;
    console.log(JSON.stringify([first, time(50), each]));`;
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: root, encoding: "utf8" });
  const [first, last, each] = JSON.parse(out) as [number, number, number];
  return { "one of the first 50 that live": first, "one after 1,000 that live": last, "each, resident, MiB": each };
}

async function pyodide(): Promise<Row> {
  const { loadPyodide } = await import("pyodide");
  const python = await loadPyodide();
  python.globals.set("add", (a: number, b: number) => a + b);
  python.runPython(
    "def loop(n):\n    for i in range(n): add(i, 1)\ndef plus(a): return a + 1\nnumbers = list(range(1_000_000))",
  );
  const loop = python.globals.get("loop");
  const plus = python.globals.get("plus");
  const numbers = python.globals.get("numbers");
  assert.equal(plus(1), 2);
  assert.equal(numbers.toJs().length, 1_000_000);
  const start = performance.now();
  await loadPyodide();
  const second = performance.now() - start;
  return {
    "a first result in a fresh process": freshProcess(
      'import { loadPyodide } from "pyodide"; console.log((await loadPyodide()).runPython("1 + 1"))',
    ),
    "a second interpreter": second,
    'evaluate("1 + 1")': time(500, () => void python.runPython("1 + 1")),
    "a call from Python to JavaScript": time(1, () => void loop(100_000)) / 100_000,
    "a call from JavaScript to Python": time(10_000, () => void plus(1)),
    "a million ints in": time(1, () => void python.toPy(MILLION).destroy()),
    "a million ints out": time(1, () => void numbers.toJs()),
  };
}

async function quickjs(): Promise<Row> {
  const quick = await getQuickJS();
  const context: QuickJSContext = quick.newContext();
  const value = (source: string) => {
    const handle = context.unwrapResult(context.evalCode(source));
    const result: unknown = context.dump(handle);
    handle.dispose();
    return result;
  };
  assert.equal(value("1 + 1"), 2);
  const add = context.newFunction("add", (a, b) => context.newNumber(context.getNumber(a) + context.getNumber(b)));
  context.setProp(context.global, "add", add);
  value("globalThis.loop = (n) => { for (let i = 0; i < n; i++) add(i, 1); }");
  value("globalThis.plus = (a) => a + 1; globalThis.numbers = Array.from({ length: 1e6 }, (_, i) => i); 0");
  const plus = context.getProp(context.global, "plus");
  const one = context.newNumber(1);
  const row: Row = {
    "a first result in a fresh process": freshProcess(
      'import { getQuickJS } from "quickjs-emscripten"; const c = (await getQuickJS()).newContext(); console.log(c.dump(c.unwrapResult(c.evalCode("1 + 1"))))',
    ),
    "a second interpreter": time(5, () => quick.newContext().dispose()),
    'evaluate("1 + 1")': time(500, () => void value("1 + 1")),
    "a call from Python to JavaScript": time(1, () => void value("loop(100000)")) / 100_000,
    "a call from JavaScript to Python": time(10_000, () =>
      context.unwrapResult(context.callFunction(plus, context.undefined, one)).dispose(),
    ),
    "a million ints out": time(1, () => void value("numbers")),
  };
  for (const handle of [plus, one, add]) handle.dispose();
  context.dispose();
  return row;
}

results.Vitrine = vitrine();
results.Pyodide = await pyodide();
results.QuickJS = await quickjs();

const show = (ms: number | undefined) =>
  ms === undefined ? "" : ms >= 1 ? `${ms.toFixed(1)} ms` : `${(ms * 1000).toFixed(ms < 0.01 ? 2 : 1)} µs`;
const names = Object.keys(results);
console.log(["", ...names].map((name, i) => (i === 0 ? name.padEnd(36) : name.padStart(12))).join(""));
for (const row of Object.keys(results.Vitrine)) {
  const cells = names.map((name) => {
    const value = results[name]![row];
    return row.endsWith("MiB") ? (value?.toFixed(1) ?? "") : show(value);
  });
  console.log(row.padEnd(36) + cells.map((cell) => cell.padStart(12)).join(""));
}
