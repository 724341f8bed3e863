// Promises as awaitables of the program, and interpreters that share work.
import assert from "node:assert/strict";
import { test } from "node:test";
import { theHost } from "../../src/api/host.ts";
import { awaitable, Interpreter, InterpreterError, type RemoteObject } from "../../src/index.ts";

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("a promise is an awaitable of the program, which goes on meanwhile", async () => {
  let open = 0;
  let most = 0;
  const boom = new Error("boom");
  const python = await Interpreter.start({
    functions: {
      fetch: awaitable(async (n: number, { more = 0 }: { more?: number } = {}) => {
        open++;
        most = Math.max(most, open);
        await later(50);
        open--;
        return [2 * n, more];
      }),
      fail: awaitable(() => Promise.reject(boom)),
      never: awaitable(() => new Promise(() => {})),
      throws: awaitable(() => {
        throw new TypeError("at once");
      }),
      blocking: async () => 5,
    },
  });
  await python.run(`
async def main():
    begun = [fetch(n, more=1) for n in range(4)]
    return [await x for x in begun]
async def caught():
    try: await fail()
    except RuntimeError as e: return str(e)
async def uncaught(): await fail()
async def hang(): await never()
x = fetch(3)
async def twice(): return await x, await x
`);
  assert.deepEqual(
    await python.evaluate("main()"),
    [0, 2, 4, 6].map((n) => [n, 1]),
  );
  assert.ok(most >= 4);
  assert.equal(await python.evaluate("type(fetch(1)).__name__ + fetch.__name__"), "HostAwaitablefetch");
  // Awaited from outside, as a coroutine is.
  assert.deepEqual(await python.evaluate("fetch(4)"), [8, 0]);
  assert.equal(await python.evaluate("blocking()"), 5);
  assert.equal(await python.evaluate("caught()"), "boom");
  await assert.rejects(async () => await python.evaluate("uncaught()"), { type: "RuntimeError", cause: boom });
  await assert.rejects(python.run("throws()"), { type: "TypeError", message: "at once" });
  await assert.rejects(async () => await python.evaluate("twice()"), { type: "RuntimeError", message: /awaited once/ });
  setTimeout(() => python.interrupt(), 100);
  await assert.rejects(async () => await python.evaluate("hang()"), { type: "KeyboardInterrupt" });
  // A snapshot finds them again by their names.
  const again = await Interpreter.start({
    snapshot: await python.snapshot(),
    functions: { fetch: awaitable((n: number) => Promise.resolve(3 * n)) },
  });
  assert.equal(await again.evaluate("fetch(4)"), 12);
  await assert.rejects(async () => await again.evaluate("fail()"), { type: "RuntimeError", message: /was not given/ });
  again.stop();
  assert.equal(await python.dispose(), 0);
  assert.throws(() => new Interpreter({ functions: { f: awaitable(() => 1) } }), /functions.f can be awaitable in/);
  assert.throws(() => awaitable(1 as never), TypeError);
});

test("output that was taken counts no more", async () => {
  const python = await Interpreter.start({ outputLimit: "1K" });
  for (let i = 0; i < 5; i++) {
    await python.run("print('x' * 900)");
    assert.equal(python.takeOutput().length, 901);
  }
  await assert.rejects(python.run("print('x' * 1100)"), { limit: "output" });
  await python.dispose();
});

test("a pool shares out calls, each to one that is free", async () => {
  let running = 0;
  let most = 0;
  const pool = await Interpreter.pool({
    size: 2,
    functions: {
      slow: async (n: number) => {
        running++;
        most = Math.max(most, running);
        await later(50);
        running--;
        return 2 * n;
      },
    },
  });
  assert.deepEqual(await Promise.all([1, 2, 3, 4, 5].map((n) => pool.evaluate(`slow(${n}) + 1`))), [3, 5, 7, 9, 11]);
  assert.equal(most, 2);
  assert.deepEqual(await pool.call("sorted", [3, 1, 2]), [1, 2, 3]);
  await assert.rejects(pool.run("1 / 0"), { type: "ZeroDivisionError" });
  // What belongs to one of them does not leave it, but can be used there.
  await assert.rejects(pool.evaluate("[{1: object()}]"), {
    name: "TypeError",
    message: /a object object cannot be copied/,
  });
  const sum = await pool.use(async (python) => {
    await python.run("import array\na = array.array('i', [1, 2])");
    const a = (await python.get("a")) as RemoteObject;
    return [await a.size(), await a.item(1)];
  });
  assert.deepEqual(sum, [2, 2]);
  assert.equal(await pool.dispose(), 0);
  await assert.rejects(pool.evaluate("1"), /was disposed of/);
});

test("one of a pool that is ended is replaced; who waits when the pool ends is told", async () => {
  const pool = await Interpreter.pool({ size: 1, functions: { hang: () => new Promise(() => {}) } });
  const hanging = pool.run("hang()", { timeLimit: 100 });
  const next = pool.evaluate("1 + 1");
  await assert.rejects(hanging, { limit: "time" });
  assert.equal(await next, 2);
  await assert.rejects(
    pool.use((python) => {
      python.stop();
      return python.evaluate("1");
    }),
    /was stopped/,
  );
  assert.equal(await pool.evaluate("2 + 2"), 4);
  const stopped = [pool.run("hang()"), pool.evaluate("1")];
  pool.stop();
  for (const { status } of await Promise.allSettled(stopped)) assert.equal(status, "rejected");
  await assert.rejects(pool.evaluate("1"), InterpreterError);
  await assert.rejects(Interpreter.pool({ size: 0 }), RangeError);
  await assert.rejects(Interpreter.pool({ size: 1, memoryLimit: "64K" }), /no room/);
});

test("where one of a pool cannot be replaced, those that wait are told, and later calls try again", async () => {
  const pool = await Interpreter.pool({ size: 2 });
  const host = theHost();
  const { startWorker } = host;
  const end = () =>
    pool.use((python) => {
      python.stop();
    });
  let tried = 0;
  host.startWorker = () => {
    tried++;
    throw new Error("no workers");
  };
  try {
    // Nobody waits for the first to be replaced, and everybody for the second.
    await end();
    assert.equal(await pool.evaluate("1"), 1);
    await end();
    const waiting = Array.from({ length: 4 }, () => pool.evaluate("1"));
    for (const { status } of await Promise.allSettled(waiting)) assert.equal(status, "rejected");
    await assert.rejects(pool.evaluate("1"), /no workers/);
    assert.ok(tried >= 5, String(tried));
  } finally {
    host.startWorker = startWorker;
  }
  let running = 0;
  let most = 0;
  await Promise.all(
    [1, 2, 3].map(() =>
      pool.use(async (python) => {
        most = Math.max(most, ++running);
        // However long the second takes to start.
        while (most < 2) await python.run("sum(range(1000))");
        running--;
      }),
    ),
  );
  assert.ok(most >= 2);
  // One that ends while it is free is not given to anybody.
  await pool.use(async (python) => {
    setTimeout(() => python.stop(), 50);
  });
  await later(100);
  assert.deepEqual(await Promise.all([1, 2, 3].map((n) => pool.evaluate(`${n}`))), [1, 2, 3]);
  assert.equal(await pool.dispose(), 0);
});

test("the call waits for what a callback for output promises, and throws what it is rejected with", async () => {
  const refused = new Error("refused");
  const taken: string[] = [];
  const python = await Interpreter.start({
    stdout: async (text) => {
      await later(20);
      if (text.includes("bad")) throw refused;
      taken.push(text);
    },
  });
  await python.run("print('good')");
  assert.equal(taken.join(""), "good\n");
  await assert.rejects(python.run("print('bad')"), refused);
  assert.equal(await python.evaluate("1 + 1"), 2);
  await python.run("for i in range(3): print(i)");
  // The end of the line that was refused came by itself.
  assert.equal(taken.join(""), "good\n\n0\n1\n2\n");
  const stopped = python.run("print('good')");
  setTimeout(() => python.stop(), 5);
  await assert.rejects(stopped, /was stopped/);
  // In this thread nobody can wait.
  const here = new Interpreter({ stdout: () => Promise.reject(refused) });
  here.run("print(1)");
  await later(1);
  assert.throws(() => here.evaluate("1"), refused);
  assert.equal(here.evaluate("1"), 1);
  here.dispose();
});
