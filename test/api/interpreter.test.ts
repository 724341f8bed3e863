// The public API over the built runtime: values, output, errors, limits, services, the end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Interpreter, InterpreterError, PythonError, PythonObject } from "../../src/index.ts";

const evaluate = (source: string) => {
  const python = new Interpreter();
  const value = python.evaluate(source);
  python.dispose();
  return value;
};

test("values become JavaScript's", () => {
  assert.equal(evaluate("None"), null);
  assert.deepEqual(evaluate("[True, False, 1, -5, 2**40, 1.5, 'aé€😀', b'\\x00\\xff']"), [
    true,
    false,
    1,
    -5,
    2 ** 40,
    1.5,
    "aé€😀",
    new Uint8Array([0, 255]),
  ]);
  assert.equal(evaluate("-2**100"), -(2n ** 100n));
  assert.deepEqual(
    evaluate("{'a': (1, 2), 3: {}}"),
    new Map<unknown, unknown>([
      ["a", [1, 2]],
      [3, new Map()],
    ]),
  );
});

test("what has no JavaScript form is an object with a repr", () => {
  const python = new Interpreter();
  const value = python.evaluate("range(3)");
  assert.ok(value instanceof PythonObject);
  assert.equal(value.typeName, "range");
  assert.equal(String(value), "range(0, 3)");
  value.release();
  python.dispose();
});

test("runs share one __main__; output is collected or handed on", () => {
  const python = new Interpreter();
  python.run("def double(x):\n    return 2 * x");
  python.run("print(double(21))");
  assert.equal(python.output, "42\n");
  python.dispose();
  const pieces: string[] = [];
  const other = new Interpreter({ stdout: (text) => pieces.push(text) });
  other.run("print('a', end='')\nprint('b')");
  assert.equal(pieces.join(""), "ab\n");
  other.dispose();
});

test("an uncaught exception is a PythonError, and the interpreter goes on", () => {
  const python = new Interpreter();
  assert.throws(
    () => python.run("def f():\n    return 1 / 0\nf()", "job.py"),
    (error: unknown) => {
      assert.ok(error instanceof PythonError);
      assert.equal(error.type, "ZeroDivisionError");
      assert.equal(error.message, "division by zero");
      assert.match(error.traceback, /^Traceback \(most recent call last\):\n {2}File "job.py", line 3, in <module>\n/);
      return true;
    },
  );
  assert.throws(() => python.run("1 +"), { type: "SyntaxError" });
  assert.equal(python.evaluate("1 + 1"), 2);
  python.dispose();
});

test("a memory limit raises MemoryError, after which the heap is whole", () => {
  const python = new Interpreter({ memoryLimit: 16 << 20 });
  assert.throws(() => python.run("hoard = []\nwhile True:\n    hoard.append('x' * 100_000)"), { type: "MemoryError" });
  assert.throws(() => python.run("[0] * 10**12"), { type: "MemoryError" });
  python.run("del hoard");
  assert.equal(python.evaluate("len('x' * 1_000_000)"), 1_000_000);
  python.dispose();
});

test("without services a program computes and prints, nothing else", () => {
  const python = new Interpreter({ stdin: "one\ntwo\n" });
  assert.throws(() => python.run("open('/etc/hosts')"), { type: "PermissionError" });
  assert.equal(python.evaluate("input()"), "one");
  python.dispose();
});

test("the heap can be surveyed", () => {
  const python = new Interpreter();
  python.run("class Marked: pass\nkeep = [Marked() for _ in range(1000)]");
  const found = python.survey().totals.find((total) => total.name === "Marked");
  assert.equal(found?.count, 1000);
  assert.match(python.report(), /arenas/);
  assert.ok(python.image().length > 1000);
  python.dispose();
});

test("dispose frees everything", () => {
  const python = new Interpreter();
  python.run("class Node:\n    pass\na = Node()\na.me = a\nprint([a])");
  assert.equal(python.dispose(), 0);
  assert.throws(() => python.run("pass"), /disposed/);
});

test("nobody sees what another has left in its memory", () => {
  const marker = "a secret of another".repeat(3);
  const holds = (memory: { buffer: ArrayBufferLike }) => Buffer.from(memory.buffer).includes(marker);
  for (let i = 0; i < 5; i++) {
    const first = new Interpreter();
    first.run(`kept = [${JSON.stringify(marker)} * 1000, {n: str(n) for n in range(10_000)}]`);
    first.dispose();
    assert.throws(() => first.memory, InterpreterError);
    const second = new Interpreter();
    assert.equal(second.evaluate("sum(map(ord, 'abc'))"), 294);
    const { memory } = second;
    assert.ok(!holds(memory));
    second.set("marker", marker);
    assert.ok(holds(memory));
    // Who has looked may go on looking.
    second.dispose();
    const third = new Interpreter();
    assert.notEqual(third.memory.buffer, second.memory.buffer);
    assert.ok(holds(memory) && !holds(third.memory));
    third.dispose();
  }
});

test("a second interpreter has the settings that it was given, not those of one before", () => {
  const calls = new Set<string>();
  const first = new Interpreter({
    stdout: () => calls.add("first"),
    functions: { f: () => 1 },
    environment: { A: "1" },
  });
  first.run("print(f())");
  first.dispose();
  assert.deepEqual([...calls.keys()], ["first"]);
  calls.clear();
  const second = new Interpreter({ stdout: () => calls.add("second"), memoryLimit: "32M" });
  second.run("print(1)\nimport os\nx = os.environ.get('A')");
  assert.equal(second.get("x"), null);
  assert.throws(() => second.evaluate("f()"), PythonError);
  assert.throws(() => second.evaluate("'x' * 10**8"), { type: "MemoryError" });
  second.dispose();
  assert.deepEqual([...calls.keys()], ["second"]);
});

test("streams of the program's own are flushed when a call ends", () => {
  const python = new Interpreter();
  python.run("import sys, io\nn = 0\ndef flush():\n    global n\n    n += 1\nsys.stdout.flush = flush");
  const before = python.evaluate("n") as number;
  assert.ok((python.evaluate("n") as number) > before);
  python.run(
    "del sys.stdout.flush\nsys.stdout = io.TextIOWrapper(io.BufferedWriter(sys.stdout.buffer))\nprint('waits')",
  );
  assert.equal(python.output, "waits\n");
  python.run("sys.stdout.detach().detach()\nsys.stdout = sys.__stdout__\nprint('on')");
  assert.equal(python.output, "waits\non\n");
  assert.equal(python.dispose(), 0);
});

test("values nest deeper than JavaScript's stack", () => {
  const python = new Interpreter();
  python.run("x = []\nfor _ in range(100000): x = [x]");
  let depth = 0;
  for (let value = python.evaluate("x"); Array.isArray(value); value = value[0]!) depth++;
  assert.equal(depth, 100001);
  assert.equal(python.dispose(), 0);
});

test("disposal releases what JavaScript holds; what is released is not used", () => {
  const python = new Interpreter({ debug: true });
  const [object, other] = python.evaluate("[object(), range(3)]") as PythonObject[];
  object!.release();
  object!.release();
  assert.equal(String(object), "<released object object>");
  assert.equal(python.dispose(), 0);
  other!.release();
  assert.equal(String(other), "<released range object>");
});

test("what a callback for output throws reaches the caller; the program gets OSError; nothing is left over", () => {
  const full = new Error("full");
  const python = new Interpreter({
    debug: true,
    stdout: () => {
      throw full;
    },
  });
  assert.throws(() => python.run("print(1)"), full);
  assert.throws(() => python.run("try: print(1)\nexcept OSError as e: seen = e.errno"), full);
  assert.equal(python.get("seen"), 5);
  assert.equal(python.evaluate("1 + 1"), 2);
  assert.equal(python.dispose(), 0);
});
