// Values both ways, functions of the host, objects of the program as JavaScript has them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Interpreter, InterpreterError, PythonAwaitable, PythonError, type PythonObject } from "../../src/index.ts";
import { collector } from "./collector.ts";

test("values come back as they went", () => {
  const python = new Interpreter({ debug: true });
  const shared = "x".repeat(100);
  const cyclic: unknown[] = [1];
  cyclic.push(cyclic);
  const ring = new Map<unknown, unknown>();
  ring.set("me", [ring]);
  for (const value of [
    null,
    true,
    false,
    0,
    -0,
    1,
    -1,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 31,
    2 ** 53 - 1,
    -(2 ** 53) + 1,
    1.5,
    1e300,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1n << 60n,
    -(1n << 200n),
    (1n << 30n) ** 7n - 1n,
    "",
    "a",
    "é",
    "€",
    "😀",
    "a😀\ud800b\udc00",
    "\ud83d",
    "x".repeat(1000),
    "é".repeat(33),
    "\0",
    new Uint8Array([0, 255]),
    new Uint8Array(),
    [],
    [[]],
    [1, "a", [null]],
    new Map(),
    new Map<unknown, unknown>([
      ["a", 1],
      [2, [3]],
    ]),
    [shared, shared, [shared]],
    cyclic,
    ring,
  ] as unknown[]) {
    python.set("value", value);
    assert.deepEqual(python.get("value"), value);
  }
  python.set("value", { a: 1, b: new Set([1]), c: undefined, d: new ArrayBuffer(2) });
  assert.equal(python.evaluate("repr(value)"), "{'a': 1, 'b': {1}, 'c': None, 'd': b'\\x00\\x00'}");
  python.set("value", [shared, shared]);
  assert.equal(python.evaluate("value[0] is value[1]"), true);
  assert.equal(python.evaluate("[type(v).__name__ for v in (1, )]")?.toString(), "int");
  python.set("value", 5n);
  assert.equal(python.evaluate("type(value) is int and value == 5"), true);
  for (const value of [Symbol("s"), new Date(0), Promise.resolve(), new Float64Array(1), /x/, new (class Odd {})()]) {
    assert.throws(() => python.set("value", value), TypeError);
  }
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  python.set("value", deep);
  assert.equal(python.evaluate("len(value)"), 1);
  assert.throws(() => python.set("value", new Map([[[1], 1]])), {
    type: "TypeError",
    message: "unhashable type: 'list'",
  });
  assert.equal(python.dispose(), 0);
});

test("values that change while they are read, or are not what they say, arrive as something", () => {
  const python = new Interpreter({ debug: true });
  const given = (value: unknown) => {
    python.set("value", value);
    return python.evaluate("repr(value)");
  };
  const growing: unknown[] = [
    {
      get x() {
        return growing.push(5, 6);
      },
    },
    2,
  ];
  assert.equal(given(growing), "[{'x': 4}, 2]");
  const shrinking: unknown[] = [
    {
      get x() {
        return shrinking.splice(0).length;
      },
    },
    2,
    3,
  ];
  assert.equal(given([shrinking, 4]), "[[{'x': 3}, None, None], 4]");
  const set = new Set([1, 2, 3]);
  assert.equal(given([Object.defineProperty(set, "size", { value: 99 }), 4]), "[{1, 2, 3}, 4]");
  assert.equal(given([Object.defineProperty(new Map([[1, 2]]), "size", { value: 99 }), 4]), "[{1: 2}, 4]");
  assert.equal(
    given([
      new Proxy([1, 2], {}),
      Object.assign([3], { [Symbol.iterator]: null }),
      Object.assign(Array(3), { 0: 1, 2: 3 }),
    ]),
    "[[1, 2], [3], [1, None, 3]]",
  );
  for (const name of [5, Symbol("n"), undefined, ""])
    assert.equal(
      given([Object.defineProperty(() => 1, "name", { value: name }), 4]),
      "[<host function <function>>, 4]",
    );
  assert.equal(given(Object.freeze({ a: Object.freeze([1]), [Symbol("s")]: 2 })), "{'a': [1]}");
  assert.equal(given(JSON.parse('{"__proto__": 1}')), "{'__proto__': 1}");
  assert.equal(
    given(
      new Map<unknown, unknown>([
        [1, "a"],
        [true, "b"],
      ]),
    ),
    "{1: 'b'}",
  );
  // What a getter or a trap throws is the embedder's own.
  const boom = new Error("boom");
  const fail = () => {
    throw boom;
  };
  for (const value of [
    Object.defineProperty({}, "a", { get: fail, enumerable: true }),
    new Proxy({}, { ownKeys: fail }),
  ])
    for (const inside of [value, [1, [value]]])
      assert.throws(
        () => given(inside),
        (error) => error === boom,
      );
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const detached = new Uint8Array(8);
  structuredClone(detached, { transfer: [detached.buffer] });
  const endless: unknown[] = [];
  endless.length = 2 ** 32 - 1;
  for (const value of [revoked.proxy, detached, detached.buffer, (function* () {})(), Object(1n), new WeakMap()])
    assert.throws(() => given([value]), TypeError);
  assert.throws(() => given(endless), RangeError);
  assert.equal(python.evaluate("1 + 1"), 2);
  assert.equal(python.dispose(), 0);
});

test("arguments of a call arrive as they were given, however many and long", () => {
  const python = new Interpreter({ debug: true });
  python.run("def same(*args): return list(args)\ndef kinds(*args): return [type(a).__name__ for a in args]");
  const object = python.evaluate("object()") as PythonObject;
  const few = [
    null,
    undefined,
    true,
    false,
    0,
    -0,
    1,
    -(2 ** 31),
    2 ** 31,
    2 ** 53 - 1,
    2 ** 53,
    0.5,
    Number.NaN,
    -Infinity,
  ];
  const texts = ["", "a", "ab", "abc", "\ud800", "\u{1f600}x", "é", "x".repeat(240), "y".repeat(249), "z".repeat(1000)];
  const back = (args: unknown[]) => args.map((value) => value ?? null);
  for (const args of [
    [],
    few,
    texts,
    few.flatMap((value) => [value, "t"]),
    Array(1000).fill(7),
    [[1], ...few],
    [1n << 70n],
  ])
    assert.deepEqual(python.call("same", ...args), back(args));
  for (const text of texts) assert.deepEqual(python.call("same", 1.5, text, text), [1.5, text, text]);
  assert.deepEqual(python.call("kinds", 1, 2 ** 53 - 1, 2 ** 53, 1.5, -0, object, "", null, true), [
    "int",
    "int",
    "float",
    "float",
    "float",
    "object",
    "str",
    "NoneType",
    "bool",
  ]);
  const [first, second] = python.call("same", object, object) as PythonObject[];
  assert.equal(first!.address, object.address);
  assert.equal(second!.address, object.address);
  const other = new Interpreter({ debug: true });
  assert.throws(() => other.call("print", object), InterpreterError);
  object.release();
  assert.throws(() => python.call("same", 1, object), InterpreterError);
  other.dispose();
  assert.equal(python.dispose(), 0);
});

test("big ints go in and out in linear time", () => {
  const python = new Interpreter();
  const time = (bits: bigint) => {
    const start = process.cpuUsage().user;
    python.set("n", 1n << bits);
    assert.ok(python.get("n") === 1n << bits);
    return process.cpuUsage().user - start;
  };
  const least = (bits: bigint) => Math.min(...Array.from({ length: 6 }, () => time(bits)));
  assert.ok(least(1_600_000n) < 10 * Math.max(least(400_000n), 1000));
  python.dispose();
});

test("functions of the host are called with values, positional and by keyword, and give some", () => {
  const python = new Interpreter({ debug: true });
  const calls: unknown[][] = [];
  python.set("f", (...args: unknown[]) => {
    calls.push(args);
    return args.length;
  });
  assert.equal(python.evaluate("f(1, 'a', [None], x=2, y={'z': 3})"), 4);
  assert.deepEqual(calls, [[1, "a", [null], { x: 2, y: new Map([["z", 3]]) }]]);
  assert.deepEqual(python.evaluate("list(map(f, [1, 2]))"), [1, 1]);
  assert.equal(python.evaluate("f.__name__, callable(f), repr(f)")?.toString(), "f,true,<host function f>");
  assert.deepEqual(python.evaluate("sorted([3, 1, 2], key=f)"), [3, 1, 2]);
  // It comes back as itself.
  const g = () => 1;
  python.set("g", g);
  assert.equal(python.get("g"), g);
  // What it takes and gives may be functions and objects.
  python.set("twice", (fn: PythonObject) => (x: unknown) => fn.call(fn.call(x)));
  assert.equal(python.evaluate("twice(lambda x: x * 3)(2)"), 18);
  assert.throws(() => python.evaluate("(lambda: f)()(1)(2)"), { type: "TypeError" });
  assert.equal(python.dispose(), 0);
});

test("what the arguments of a call share is converted once", () => {
  const python = new Interpreter({ memoryLimit: "64M", functions: { f: (...args: unknown[]) => args.length } });
  python.run("x = 'x' * 10**7");
  assert.equal(python.evaluate("f(*[x] * 50_000)"), 50_000);
  assert.equal(python.evaluate("f(*[[x]] * 50_000, k=[x] * 50_000)"), 50_001);
  python.set("same", (a: unknown, b: unknown, { c }: { c: unknown }) => a === b && b === c);
  assert.equal(python.evaluate("(lambda v: same(v, v, c=v))([1])"), true);
  assert.equal(python.dispose(), 0);
});

test("errors cross in both directions, with their cause", () => {
  const python = new Interpreter({ debug: true });
  const boom = new Error("boom");
  python.set("fail", () => {
    throw boom;
  });
  python.set("type_error", () => {
    throw new TypeError("wrong");
  });
  python.set("value_error", () => {
    throw new PythonError("ValueError", "of its own");
  });
  python.set("promise", () => Promise.resolve(1));
  python.set("odd", () => {
    throw null;
  });
  assert.throws(
    () => python.run("def f(): fail()\nf()"),
    (error: unknown) => {
      assert.ok(error instanceof PythonError);
      assert.equal(error.type, "RuntimeError");
      assert.equal(error.message, "boom");
      assert.equal(error.cause, boom);
      assert.match(error.traceback, /in f\nRuntimeError: boom\n$/);
      return true;
    },
  );
  python.run(`
seen = []
for f in fail, type_error, value_error, promise, odd:
    try: f()
    except Exception as e: seen.append(f'{type(e).__name__}: {e}')
`);
  assert.deepEqual(python.get("seen"), [
    "RuntimeError: boom",
    "TypeError: wrong",
    "ValueError: of its own",
    "TypeError: an object of class Promise cannot be passed to Python",
    "RuntimeError: null",
  ]);
  assert.equal(python.dispose(), 0);
});

test("functions of the host may use the interpreter", () => {
  const python: Interpreter = new Interpreter({
    debug: true,
    functions: {
      evaluate: (source: string) => python.evaluate(source),
      run: (source: string) => python.run(source),
      dispose: () => python.dispose(),
      deep: (n: number): unknown => (n > 0 ? python.evaluate(`deep(${n - 1})`) : "end"),
    },
  });
  python.run("x = 1\ndef f(): return evaluate('x + 1')\nrun('y = f()')");
  assert.equal(python.get("y"), 2);
  assert.throws(() => python.run("evaluate('1/0')"), { type: "ZeroDivisionError" });
  assert.throws(() => python.run("dispose()"), /cannot be disposed of while it runs/);
  assert.equal(python.evaluate("deep(5)"), "end");
  assert.throws(() => python.evaluate("deep(10000)"), { type: "RecursionError" });
  assert.equal(python.evaluate("1 + 1"), 2);
  assert.equal(python.dispose(), 0);
});

test("objects of the program are read, changed, called, iterated", () => {
  const python = new Interpreter({ debug: true });
  python.run("class Point:\n    def __init__(self, x): self.x = x\n    def plus(self, n): return Point(self.x + n)");
  python.run("class Table(dict): pass\ntable = Table(a=1)");
  const point = python.evaluate("Point(3)") as PythonObject;
  assert.equal(point.typeName, "Point");
  assert.equal(point.get("x"), 3);
  point.set("x", 5);
  assert.equal((point.callMethod("plus", 2) as PythonObject).get("x"), 7);
  const table = python.get("table") as PythonObject;
  table.setItem("b", [1]);
  assert.deepEqual(table.item("b"), [1]);
  assert.equal(table.length, 2);
  assert.deepEqual([...table], ["a", "b"]);
  assert.equal(String(table), "{'a': 1, 'b': [1]}");
  assert.throws(() => table.item("c"), { type: "KeyError" });
  assert.throws(() => [...point], { type: "TypeError" });
  // They go back as themselves.
  python.set("again", [point]);
  assert.equal(python.evaluate("again[0].x"), 5);
  for (const item of python.evaluate("iter(range(10**9))") as PythonObject) if (item === 3) break;
  assert.equal(python.call("max", 1, 3, 2), 3);
  assert.equal(
    python
      .call(python.evaluate("Point.plus") as PythonObject, point, 1)
      ?.toString()
      .slice(0, 17),
    "<__main__.Point o",
  );
  assert.throws(() => python.call("nothing"), { type: "NameError" });
  const other = new Interpreter();
  assert.throws(() => other.set("p", point), InterpreterError);
  point.release();
  assert.throws(() => point.get("x"), /was released/);
  assert.equal(python.dispose(), 0);
  assert.throws(() => table.length, /was disposed of/);
  other.dispose();
});

test("an object is let go of when JavaScript's collector finds it", async () => {
  const gc = collector();
  const python = new Interpreter();
  python.run("class A: pass\ncount = 0\nclass B:\n    def __del__(self):\n        global count\n        count += 1");
  for (let i = 0; i < 100; i++) python.evaluate("B()");
  for (let i = 0; i < 20 && (python.get("count") as number) < 90; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.ok((python.get("count") as number) >= 90);
  assert.equal(python.dispose(), 0);
});

test("coroutines are awaited", async () => {
  const python = new Interpreter({ debug: true });
  python.run("async def f(n): return n if n == 0 else 1 + await f(n - 1)\nasync def g(): raise ValueError('g')");
  const coroutine = python.evaluate("f(3)") as PythonAwaitable;
  assert.ok(coroutine instanceof PythonAwaitable);
  assert.equal(await coroutine, 3);
  await assert.rejects(async () => await python.evaluate("g()"), { type: "ValueError" });
  coroutine.release();
  assert.equal(python.dispose(), 0);
});
