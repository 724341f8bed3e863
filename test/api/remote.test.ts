// An interpreter in a worker: it can be stopped at any moment, and functions of the host may be asynchronous.
import assert from "node:assert/strict";
import { test } from "node:test";
import { awaitable, Interpreter, type InterpreterOptions, LimitError, RemoteObject } from "../../src/index.ts";
import { collector } from "./collector.ts";

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("runs, values, functions, output", async () => {
  const seen: string[] = [];
  const boom = new Error("boom");
  const python = await Interpreter.start({
    stdout: (text) => seen.push(text),
    functions: {
      slow: async (n: number) => {
        await later(10);
        return { twice: 2 * n };
      },
      fail: async () => {
        throw boom;
      },
      large: () => "é".repeat(200_000),
      apply: async (f: RemoteObject, x: unknown) => [f.typeName, x],
      same: (x: unknown) => x,
    },
  });
  await python.run("print('a'); x = slow(21)");
  assert.equal(seen.join(""), "a\n");
  assert.deepEqual(await python.get("x"), new Map([["twice", 42]]));
  assert.equal(await python.evaluate("len(large())"), 200_000);
  assert.deepEqual(await python.evaluate("apply(len, b'x')"), ["builtin_function_or_method", new Uint8Array([120])]);
  await assert.rejects(python.run("fail()"), { type: "RuntimeError", message: "boom", cause: boom });
  await assert.rejects(python.run("1/0"), { name: "PythonError", type: "ZeroDivisionError" });
  await python.set("v", [1n << 70n, "\ud800", new Map([[1, [2]]])]);
  assert.deepEqual(await python.get("v"), [1n << 70n, "\ud800", new Map([[1, [2]]])]);
  await python.set("f", (a: number, { b }: { b: number }) => a + b);
  assert.equal(await python.evaluate("f(1, b=2)"), 3);
  assert.equal(await python.call("max", 1, 5), 5);
  const [range, list] = (await python.evaluate("[range(4), [range(2)]]")) as [RemoteObject, [RemoteObject]];
  assert.equal(await range.size(), 4);
  assert.equal(await range.item(3), 3);
  assert.equal(await list[0].repr(), "range(0, 2)");
  const items: unknown[] = [];
  for await (const item of range) items.push(item);
  assert.deepEqual(items, [0, 1, 2, 3]);
  assert.equal((await python.call("same", range)) instanceof RemoteObject, true);
  range.release();
  await assert.rejects(async () => await range.size(), /was released/);
  await python.run("async def g(): return 5");
  assert.equal(await python.evaluate("g()"), 5);
  assert.equal(await python.dispose(), 0);
  await assert.rejects(python.run("1"), /was disposed of/);
});

test("it is interrupted, limited, stopped", async () => {
  const python = await Interpreter.start({ functions: { hang: () => new Promise(() => {}) } });
  setTimeout(() => python.interrupt(), 100);
  await assert.rejects(python.run("while True: pass"), { type: "KeyboardInterrupt" });
  await assert.rejects(python.run("while True: pass", { timeLimit: 100 }), { limit: "time" });
  assert.equal(await python.evaluate("1 + 1"), 2);
  // A native operation that looks at nothing.
  const snapshot = await python.snapshot();
  const isOver = (error: unknown) => error instanceof LimitError && error.limit === "time";
  await python.run("import lzma, random; noise = random.randbytes(10**7)");
  await assert.rejects(python.run("lzma.compress(noise)", { timeLimit: 50 }), isOver);
  await assert.rejects(python.run("1"), /its time was over/);
  const again = await Interpreter.start({ snapshot });
  const start = performance.now();
  const run = again.run("int('9' * 4000) ** 300000 % 7");
  run.catch(() => {});
  await later(100);
  again.stop();
  await assert.rejects(run, /was stopped/);
  assert.ok(performance.now() - start < 5000);
});

test("a function whose promise is not kept is waited for no longer", async () => {
  let asked = 0;
  const hang = () => {
    asked++;
    return new Promise(() => {});
  };
  const python = await Interpreter.start({
    functions: {
      hang,
      begun: awaitable(hang),
      soon: () => later(20).then(() => 7),
      fail: () => later(150).then(() => Promise.reject(new Error("late"))),
    },
  });
  const limited = { timeLimit: 100 };
  await python.run("import asyncio\nasync def f(): await begun()");
  for (const source of [
    "hang()",
    "soon(); hang()",
    "try: hang()\nfinally: hang()",
    "while True:\n    try: hang()\n    except BaseException: pass",
    "asyncio.run(f())",
    "fail()",
  ]) {
    asked = 0;
    await assert.rejects(python.run(source, limited), { limit: "time" }, source);
    assert.ok(source === "fail()" || asked > 0);
    assert.equal(await python.evaluate("soon()"), 7);
  }
  await python.run("try: hang()\nexcept TimeoutError: handled = True", limited);
  assert.equal(await python.get("handled"), true);
  const timer = setInterval(() => python.interrupt(), 50);
  for (const source of ["hang()", "asyncio.run(f())", "while True: pass"])
    await assert.rejects(python.run(source), { type: "KeyboardInterrupt" }, source);
  clearInterval(timer);
  assert.equal(await python.evaluate("soon()"), 7);
  assert.equal(await python.dispose(), 0);
});

test("objects are given back: released, at the end of a block, when the collector finds them", async () => {
  const gc = collector();
  const python = await Interpreter.start();
  await python.run("count = 0\nclass B:\n    def __del__(self):\n        global count\n        count += 1");
  const object = (await python.evaluate("B()")) as RemoteObject;
  object.release();
  assert.equal(await python.get("count"), 1);
  {
    using other = (await python.evaluate("B()")) as RemoteObject;
    assert.equal(other.typeName, "B");
  }
  assert.equal(await python.get("count"), 2);
  for (let i = 0; i < 50; i++) await python.evaluate("B()");
  for (let i = 0; i < 100 && ((await python.get("count")) as number) < 40; i++) {
    gc();
    await later(10);
  }
  assert.ok(((await python.get("count")) as number) >= 40);
  assert.equal(await python.dispose(), 0);
});

test("output does not run ahead of who takes it", async () => {
  let taken = 0;
  const python = await Interpreter.start({
    stdout: (text) => {
      taken += text.length;
    },
    stderr: () => {},
    timeLimit: 300,
  });
  await assert.rejects(python.run("while True: print('x' * 100_000)"), { limit: "time" });
  assert.ok(taken > 0);
  python.stop();
});

test("what a worker cannot have is refused", async () => {
  const files = { open: () => {}, describePath: () => {} } as unknown as InterpreterOptions["files"];
  await assert.rejects(Interpreter.start({ files }), TypeError);
  await assert.rejects(Interpreter.start({ memorylimit: 1 } as InterpreterOptions), TypeError);
  await assert.rejects(Interpreter.start({ memoryLimit: "64K" }), /no room/);
});
