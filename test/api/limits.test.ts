// Limits that hold for the host too, and options that are checked: a program that crosses a limit gets an error that says so,
// and the interpreter goes on.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import {
  Interpreter,
  InterpreterError,
  type InterpreterOptions,
  interrupt,
  LimitError,
  PythonError,
} from "../../src/index.ts";

const make = (options: unknown) => new Interpreter(options as InterpreterOptions);

test("options are checked when the interpreter is made", () => {
  const wrong: [unknown, RegExp][] = [
    [{ memorylimit: 1 }, /^TypeError: there is no option 'memorylimit': it is 'memoryLimit'$/],
    [{ timeout: 1 }, /^TypeError: there is no option 'timeout'$/],
    [
      { memoryLimit: Number.NaN },
      /^TypeError: memoryLimit must be a number of bytes, or a text such as "64M", not NaN$/,
    ],
    [{ memoryLimit: 1.5 }, /^TypeError: memoryLimit/],
    [{ memoryLimit: "64 apples" }, /^TypeError: memoryLimit .* not "64 apples"$/],
    [{ memoryLimit: -1 }, /^RangeError: memoryLimit must be from 1 to 2147483648 bytes, not -1$/],
    [{ memoryLimit: 2 ** 32 + 2 ** 20 }, /^RangeError: memoryLimit/],
    [{ memoryLimit: "3G" }, /^RangeError: memoryLimit/],
    [{ timeLimit: 0 }, /^TypeError: timeLimit must be a number of milliseconds above 0, not 0$/],
    [{ timeLimit: "1s" }, /^TypeError: timeLimit/],
    [{ stdout: 1 }, /^TypeError: stdout must be a function, not 1$/],
    [{ stdin: 1 }, /^TypeError: stdin/],
    [{ files: {} }, /^TypeError: files must have a method open\(\)$/],
    [{ clock: { time: () => 0 } }, /^TypeError: clock must have a method performance\(\)$/],
    [{ functions: { f: 1 } }, /^TypeError: functions\.f must be a function, not 1$/],
    [{ environment: { A: 1 } }, /^TypeError: environment\.A must be a text, not 1$/],
    [{ geometry: "round" }, /^TypeError: geometry must be "classic" or "radix", not "round"$/],
    [{ hashSeed: -1 }, /^TypeError: hashSeed/],
    [{ entropy: 1 }, /^TypeError: entropy/],
    [null, /^TypeError: options must be an object$/],
  ];
  for (const [options, expected] of wrong) assert.throws(() => make(options), expected);
  const python = make({ memoryLimit: "64M", timeLimit: undefined });
  assert.throws(() => python.run("x = 'x' * (64 << 20)"), { type: "MemoryError" });
  assert.throws(() => python.run("1", { timelimit: 1 } as object), /there is no option 'timelimit': it is 'timeLimit'/);
  assert.throws(() => python.run("1", { timeLimit: -1 }), TypeError);
  python.dispose();
});

test("a call ends when its time is over, whatever the program catches", () => {
  const python = new Interpreter({ timeLimit: 100 });
  const endless = [
    "while True: pass",
    "def f():\n    while True: yield\nfor x in f(): pass",
    "def f(): return f\nwhile True: f()",
    "try:\n    while True: pass\nfinally: cleaned = True",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "class A:\n    def __del__(self):\n        while True: pass\na = A(); del a\nwhile True: pass",
    "def f():\n    try: f()\n    finally: f()\nf()",
  ];
  for (const source of endless) {
    const start = performance.now();
    assert.throws(
      () => python.run(source),
      (error: unknown) => {
        assert.ok(error instanceof LimitError && error instanceof PythonError, String(error));
        assert.equal(error.limit, "time");
        assert.equal(error.type, "TimeoutError");
        return true;
      },
      source,
    );
    assert.ok(performance.now() - start < 5000, source);
    assert.equal(python.evaluate("1 + 1"), 2);
  }
  assert.equal(python.get("cleaned"), true);
  // What a limit of one call's own, and no limit.
  assert.throws(() => python.run("while True: pass", { timeLimit: 20 }), /more than 20 ms/);
  // The program may handle it, in time.
  python.run("try:\n    while True: pass\nexcept TimeoutError: handled = True");
  assert.equal(python.get("handled"), true);
  assert.equal(python.dispose(), 0);
});

test("the end of an interpreter has a limit of time as well", () => {
  const python = new Interpreter({ timeLimit: 100 });
  python.run("import atexit\n@atexit.register\ndef f():\n    while True: pass");
  assert.equal(python.dispose(), 0);
});

test("a function of the host interrupts the program", () => {
  const python: Interpreter = new Interpreter({ functions: { stop: () => python.interrupt() } });
  assert.throws(() => python.run("stop()\nwhile True: pass"), { type: "KeyboardInterrupt" });
  python.interrupt();
  assert.equal(python.evaluate("1 + 1"), 2);
  assert.equal(python.dispose(), 0);
});

test("where a program has left no memory at all it can still be asked", () => {
  for (const item of ["type('T', (), {})", "[]", "{1: 2}", "'%d' % len(l)", "lambda: l", "b'x' * 700"]) {
    const python = new Interpreter({ memoryLimit: "32M" });
    const source = `l = []\nwhile True:\n    try: l.append(${item})\n    except MemoryError:\n        l.append(0); break\nwhile True: l.append(${item})`;
    assert.throws(() => python.run(source), { type: "MemoryError" });
    assert.equal(python.evaluate("1 + 1"), 2, item);
    python.run("del l; import gc; gc.collect()");
    assert.equal(python.evaluate("len('x' * 10**6)"), 10 ** 6);
    assert.equal(python.dispose(), 0);
  }
});

test("a long operation ends with its time, whatever it is", () => {
  const python = new Interpreter({ memoryLimit: "64M" });
  for (const source of [
    "from decimal import *\ngetcontext().prec = 10**7\nDecimal(2).sqrt()",
    "from decimal import *\ngetcontext().prec = 10**5\nDecimal(2).ln()",
    "from decimal import *\ngetcontext().prec = MAX_PREC; getcontext().Emax = MAX_EMAX\nDecimal(3) ** (10**7)",
    "from decimal import *\nDecimal(1 << 10**7)",
    "from decimal import *\nint(Decimal('7' * 3 * 10**6))",
    "type('A', tuple(type(f'B{i}', (object,), {'mro': 1}) for i in range(10**4)), {})",
    "import zlib\nb = bytes(10**7)\nwhile True: zlib.crc32(b)",
    "import io\nclass R(io.RawIOBase):\n    def writable(s): return True\n    def write(s, b): return 0\nio.BufferedWriter(R()).write(b'x' * 10**6)",
    "b = bytes(2 * 10**7)\nc = b + b''\nwhile True: b == c",
    "9**9**9",
  ]) {
    const start = process.cpuUsage();
    assert.throws(() => python.run(source, { timeLimit: 200 }), { limit: "time" }, source);
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 2_000_000, source);
    assert.equal(python.evaluate("1 + 1"), 2);
  }
  python.run("import unicodedata\nx = unicodedata.normalize('NFD', '\\u0316\\u0301' * 10**6)");
  assert.equal(python.evaluate("x == '\\u0316' * 10**6 + '\\u0301' * 10**6"), true);
  assert.equal(python.dispose(), 0);
});

test("a source that is known runs as one that is new", () => {
  const python = new Interpreter();
  for (let i = 0; i < 3; i++) {
    python.set("x", i);
    assert.equal(python.evaluate("x + 1"), i + 1);
    assert.throws(
      () => python.run("x.nothing", `file${i}.py`),
      (error: unknown) => error instanceof PythonError && error.traceback.includes(`"file${i}.py"`),
    );
    assert.throws(() => python.run("1 +"), { type: "SyntaxError" });
  }
  python.run("import warnings\nseen = []\nwarnings.showwarning = lambda *a: seen.append(a[1].__name__)");
  for (let i = 0; i < 2; i++)
    python.run("warnings.resetwarnings(); warnings.simplefilter('always'); compile('1 is 1', 's', 'eval')");
  assert.deepEqual(python.get("seen"), ["SyntaxWarning", "SyntaxWarning"]);
  python.dispose();
});

test("output has a limit", () => {
  const python = new Interpreter({ outputLimit: "1K" });
  const isOutputLimit = (error: unknown) => error instanceof LimitError && error.limit === "output";
  assert.throws(() => python.run("while True: print('x' * 100)"), isOutputLimit);
  assert.ok(python.output.length <= 1024 && python.output.length > 900);
  assert.throws(() => python.run("try: print('x' * 1000)\nexcept OSError as e: seen = str(e)"), isOutputLimit);
  assert.match(python.get("seen") as string, /Errno 27/);
  assert.ok(python.takeOutput().startsWith("xxx"));
  python.run("print('fits')");
  assert.equal(python.output, "fits\n");
  python.dispose();
});

test("output that is collected has a limit unless one is given", () => {
  const python = new Interpreter();
  assert.throws(() => python.run("while True: print('x' * 10**6)"), { limit: "output" });
  assert.ok(python.output.length > 63e6 && python.output.length <= 64 << 20);
  assert.equal(python.evaluate("1 + 1"), 2);
  assert.equal(python.dispose(), 0);
});

test("values that are read out have a limit", () => {
  const python = new Interpreter({ valueLimit: "1M" });
  const isValueLimit = (error: unknown) => error instanceof LimitError && error.limit === "values";
  for (const value of ["['x' * 10] * 10**6", "'x' * 2 * 10**6", "{n: n for n in range(10**5)}", "bytes(2 * 10**6)"]) {
    assert.throws(() => python.evaluate(value), isValueLimit, value);
  }
  assert.equal((python.evaluate("['x' * 10**5] * 1000") as string[]).length, 1000);
  assert.equal(python.dispose(), 0);
  const large = new Interpreter();
  assert.throws(() => large.evaluate("'x' * 600_000_000"), isValueLimit);
  large.run("d = dict.fromkeys(range(17_000_000))");
  assert.throws(() => large.get("d"), isValueLimit);
  large.run("del d");
  large.dispose();
});

test("a source that takes much of the host's memory to compile is a MemoryError", () => {
  const python = new Interpreter({ memoryLimit: "256M" });
  const start = performance.now();
  assert.throws(() => python.run("exec('a\\n' * 10_000_000)"), { type: "MemoryError" });
  assert.ok(performance.now() - start < 60_000);
  assert.equal(python.evaluate("1 + 1"), 2);
  python.dispose();
});

test("the tokens of a long line are counted", () => {
  const python = new Interpreter({ memoryLimit: "64M" });
  const source = "import tokenize, io\nlist(tokenize.generate_tokens(io.StringIO('a ' * 4_000_000).readline))";
  assert.throws(() => python.run(source), { type: "MemoryError" });
  assert.equal(python.evaluate("len(list(tokenize.generate_tokens(io.StringIO('a = 1\\n' * 100).readline)))"), 401);
  python.dispose();
});

test("a time that cannot be one is an OSError", () => {
  for (const time of [1e300, 2 ** 63, -1, Number.NaN]) {
    const python = new Interpreter({ clock: { time: () => time, performance: () => time } });
    python.run("import time");
    for (const call of ["time_ns", "time", "monotonic_ns", "ctime"])
      assert.throws(() => python.run(`time.${call}()`), { type: "OSError" });
    python.dispose();
  }
});

test("a service that fails is an OSError, and the state is intact", () => {
  const clock = {
    time: (): number => {
      throw new Error("no");
    },
    performance: () => 0,
  };
  const python = new Interpreter({ clock, debug: true });
  python.run("import time");
  for (let i = 0; i < 50; i++) assert.throws(() => python.run("time.time()"), { type: "OSError" });
  python.run("def g(n): return n and g(n - 1)\ng(500)");
  assert.equal(python.dispose(), 0);
});

test("a service may not use the interpreter, and the error says so", () => {
  const seen: unknown[] = [];
  const attempt = (act: () => unknown) => {
    try {
      seen.push(act());
    } catch (error) {
      seen.push(error);
    }
  };
  const python: Interpreter = new Interpreter({
    stdout: (text) => {
      attempt(() => python.evaluate("1"));
      attempt(() => python.dispose());
      attempt(() => python.set("x", 1));
      attempt(() => python.snapshot());
      attempt(() => python.survey().totals.length > 0);
      seen.push(text);
    },
  });
  python.run("print('a', end='')");
  const errors = seen.slice(0, 4);
  assert.ok(
    errors.every((error) => error instanceof InterpreterError),
    String(errors),
  );
  assert.deepEqual(seen.slice(4), [true, "a"]);
  assert.equal(python.dispose(), 0);
});

test("output comes as it is written, in the order of both streams", () => {
  const seen: string[] = [];
  const python = new Interpreter({
    stdout: (text) => seen.push(text),
    stderr: (text) => seen.push(`!${text}`),
    functions: { look: () => seen.push("|") },
  });
  python.run("import sys\nprint('out a', end=''); print('err b', end='', file=sys.stderr); look(); print('out c')");
  assert.equal(seen.join(""), "out a!err b|out c\n");
  const collecting = new Interpreter();
  collecting.run("import sys\nprint('a'); print('b', file=sys.stderr); print('c')");
  assert.equal(collecting.output, "a\nb\nc\n");
  collecting.run("print('€😀')");
  assert.ok(collecting.output.endsWith("€😀\n"));
});

test("errors keep their names", () => {
  const disposed = new Interpreter();
  disposed.dispose();
  const python = new Interpreter();
  for (const [act, name] of [
    [() => python.run("1/0"), "PythonError"],
    [() => python.run("while True: pass", { timeLimit: 20 }), "LimitError"],
    [() => Interpreter.restore(new Uint8Array(3)), "SnapshotError"],
    [() => disposed.run("1"), "InterpreterError"],
    [() => new Interpreter({ memoryLimit: "64K" }), "StartError"],
  ] as const) {
    assert.throws(
      act,
      (error: unknown) => error instanceof Error && error.name === name && error.constructor.name === name,
    );
  }
});

test("run from the end of the stack is RecursionError or works", () => {
  const python = new Interpreter();
  const ends: string[] = [];
  const dive = (): void => {
    try {
      python.run("1 + 1");
    } catch (error) {
      ends.push(error instanceof PythonError ? error.type : String(error));
    }
    dive();
  };
  assert.throws(dive, RangeError);
  assert.ok(
    ends.filter((end) => end !== "RecursionError").every((end) => /RangeError/.test(end)),
    ends.slice(-3).join(),
  );
  assert.equal(python.dispose(), 0);
});

test("to wait counts as time, whatever is waited for", () => {
  const waits = [
    "import time; time.sleep(60)",
    "import time\ntry: time.sleep(60)\nexcept TimeoutError: time.sleep(60)",
    "import time\nwhile True:\n    try: time.sleep(60)\n    except BaseException: pass",
    "import threading; lock = threading.Lock(); lock.acquire(); lock.acquire(timeout=60)",
    "import threading; threading.Event().wait(60)",
    "import threading; c = threading.Condition(); c.acquire(); c.wait(60)",
    "import queue; queue.Queue().get(timeout=60)",
    "import select; select.select([], [], [], 60)",
    "import socket; a, b = socket.socketpair(); a.settimeout(60); a.recv(1)",
    "import asyncio; asyncio.run(asyncio.sleep(60))",
    "import asyncio; asyncio.run(asyncio.wait_for(asyncio.Event().wait(), 60))",
  ];
  const forward = () => performance.now() / 1000;
  for (const options of [
    { clock: true },
    { clock: true, shared: true },
    { clock: { time: forward, performance: forward } },
  ]) {
    const python = new Interpreter({ ...options, timeLimit: 100 });
    for (const source of waits) {
      python.run(source.split(/[;\n]/)[0]!, { timeLimit: 60_000 });
      const start = performance.now();
      assert.throws(() => python.run(source), { limit: "time" }, source);
      assert.ok(performance.now() - start < 10_000, source);
      assert.equal(python.evaluate("1 + 1"), 2);
    }
    // What is over in time is waited for to its end.
    python.run("import time, threading; start = time.monotonic()");
    python.run("time.sleep(0.15); threading.Lock().acquire(timeout=0.01)", { timeLimit: 60_000 });
    assert.ok((python.evaluate("time.monotonic() - start") as number) >= 0.15);
    assert.equal(python.dispose(), 0);
  }
});

test("a clock that does not go on is an OSError for who waits", () => {
  const python = new Interpreter({ clock: { time: () => 1, performance: () => 1 } });
  assert.throws(() => python.run("import time; time.sleep(1)"), { type: "OSError" });
  assert.throws(() => python.run("import threading; l = threading.Lock(); l.acquire(); l.acquire(timeout=1)"), {
    type: "OSError",
  });
  assert.equal(python.dispose(), 0);
});

test("another thread interrupts the program of a memory that is shared", async () => {
  const python = new Interpreter({ shared: true, clock: true });
  python.run("import time");
  const source = `import { interrupt } from ${JSON.stringify(new URL("../../dist/index.mjs", import.meta.url).href)};
    import { parentPort, workerData } from "node:worker_threads";
    parentPort.on("message", () => setInterval(() => interrupt(workerData.memory), 100));
    parentPort.postMessage("");`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { memory: python.memory },
  });
  await once(worker, "message");
  worker.postMessage("");
  for (const endless of [
    "while True: pass",
    "time.sleep(60)",
    "9**9**9",
    "import select; select.select([], [], [], 60)",
  ]) {
    const start = performance.now();
    assert.throws(() => python.run(endless), { type: "KeyboardInterrupt" }, endless);
    assert.ok(performance.now() - start < 30_000, endless);
  }
  await worker.terminate();
  interrupt(python.memory);
  assert.equal(python.evaluate("1 + 1"), 2);
  assert.equal(python.dispose(), 0);
});
