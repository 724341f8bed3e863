// The command as python3 behaves: what is run, arguments, streams, exit statuses, errors.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-"));
after(() => rmSync(folder, { recursive: true }));

function vitrine(args: string[], options: { input?: string; env?: Record<string, string> } = {}) {
  const run = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    encoding: "utf8",
    input: options.input ?? "",
    env: { ...process.env, PYTHONHASHSEED: "0", ...options.env },
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return name;
}

test("runs code, a file, standard input", () => {
  assert.deepEqual(vitrine(["-c", "print(1 + 1)"]), { status: 0, out: "2\n", err: "" });
  assert.deepEqual(vitrine([file("a.py", "import sys\nprint(sys.argv, __name__, __file__)"), "x", "-y"]), {
    status: 0,
    out: "['a.py', 'x', '-y'] __main__ @\n".replace("@", join(folder, "a.py")),
    err: "",
  });
  assert.equal(vitrine(["-", "z"], { input: "import sys\nprint(sys.argv)" }).out, "['-', 'z']\n");
  assert.equal(vitrine(["-c", "import sys\nprint(sys.argv)", "-O"]).out, "['-c', '-O']\n");
});

test("exit statuses", () => {
  const status = (code: string) => vitrine(["-c", `import sys\n${code}`]).status;
  assert.equal(status("sys.exit()"), 0);
  assert.equal(status("sys.exit(3)"), 3);
  assert.equal(status("sys.exit(True)"), 1);
  assert.equal(status("raise SystemExit(None)"), 0);
  assert.equal(status("1 / 0"), 1);
  assert.deepEqual(vitrine(["-c", "print('a')\nraise SystemExit('bye')"]), { status: 1, out: "a\n", err: "bye\n" });
});

test("an uncaught exception ends with a traceback after the output", () => {
  const name = file("boom.py", "def f(x):\n    return x / 0\n\nprint('before')\nf(1)\n");
  assert.deepEqual(vitrine([name]), {
    status: 1,
    out: "before\n",
    err: `Traceback (most recent call last):
  File "${join(folder, name)}", line 5, in <module>
    f(1)
    ~^^^
  File "${join(folder, name)}", line 2, in f
    return x / 0
           ~~^~~
ZeroDivisionError: division by zero
`,
  });
});

test("a traceback quotes the code of -c", () => {
  assert.match(vitrine(["-c", "x = 1\nx / 0"]).err, /File "<string>", line 2, in <module>\n {4}x \/ 0\n {4}~~\^~~\n/);
});

test("what cannot be read is one line and status 2", () => {
  const missing = vitrine(["nosuch.py"]);
  assert.equal(missing.status, 2);
  assert.match(missing.err, /^vitrine: can't open file '.*nosuch\.py': \[Errno 2\] No such file or directory\n$/);
  assert.equal(vitrine(["--nonsense"]).status, 2);
});

test("bad input is a Python error", () => {
  const broken = vitrine([file("broken.py", "x = (1,\n")]);
  assert.equal(broken.status, 1);
  assert.match(broken.err, /SyntaxError: '\(' was never closed\n$/);
  const latin = vitrine([file("latin.py", new Uint8Array([0x78, 0x20, 0x3d, 0x20, 0x22, 0xe9, 0x22, 0x0a]))]);
  assert.equal(latin.status, 1);
  assert.match(latin.err, /SyntaxError: .*(Non-UTF-8 code|can't decode byte)/);
  const deep = vitrine([file("deep.py", `${"(".repeat(10_000)}${")".repeat(10_000)}\n`)]);
  assert.match(deep.err, /SyntaxError: too many nested parentheses\n$/);
  const errors: Record<string, RegExp> = {
    "def f(): f()\nf()": /RecursionError: maximum recursion depth exceeded\n$/,
    "[0] * 10**12": /MemoryError\n$/,
    "x = []\nfor i in range(100_000): x = [x]\nrepr(x)": /RecursionError: maximum recursion depth exceeded.*\n$/,
    "x = []\nfor i in range(100_000): x = [x]\nx == [x]": /^$|RecursionError/,
  };
  for (const [code, expected] of Object.entries(errors)) {
    const { err } = vitrine(["-c", code]);
    assert.match(err, expected);
    assert.doesNotMatch(err, /RuntimeError: unreachable|wasm|RangeError/);
  }
});

test("a memory limit", () => {
  const limited = vitrine(["--memory-limit", "32M", "-c", "hoard = []\nwhile True: hoard.append(bytes(100_000))"]);
  assert.equal(limited.status, 1);
  assert.match(limited.err, /MemoryError\n$/);
  const caught = "try:\n    x = [0] * 10**8\nexcept MemoryError:\n    print('caught')\nprint(sum(range(10)))";
  assert.equal(vitrine(["--memory-limit=32M", "-c", caught]).out, "caught\n45\n");
  assert.equal(vitrine(["--memory-limit", "lots", "-c", ""]).status, 2);
});

test("hash seeds are CPython's", () => {
  const hash = (seed: string) => vitrine(["-c", "print(hash('spam'))"], { env: { PYTHONHASHSEED: seed } });
  assert.equal(hash("0").out, hash("0").out);
  assert.notEqual(hash("random").out, hash("random").out);
  assert.equal(hash("0").out, "-7643603308804133256\n");
  assert.equal(hash("42").out, "2077617499127640566\n");
  assert.match(hash("x").err, /PYTHONHASHSEED must be "random" or an integer in range \[0; 4294967295\]/);
});

test("the heap, after a run and from an image", () => {
  const run = vitrine(["--heap", "--heap-image", "run.heap", "-c", "print('done')"]);
  assert.equal(run.status, 0);
  assert.match(run.out, /^done\n\nResident: [\d,]+ bytes [^]*\n\nThe operating system's view\n/);
  const read = vitrine(["heap", "run.heap", "--json"]);
  assert.equal(read.status, 0);
  assert.ok(JSON.parse(read.out));
  const radix = vitrine(["--arena-geometry", "radix", "--heap", "-c", "pass"]);
  assert.match(radix.out, /1,?024 KiB|1 MiB/);
  assert.equal(vitrine(["--arena-geometry", "square", "-c", "pass"]).status, 1);
});

test("help, version, the other commands", () => {
  assert.match(vitrine(["--help"]).out, /^usage: vitrine /);
  assert.equal(vitrine(["--version"]).out, "Python 3.13.0\n");
  assert.match(vitrine(["-VV"]).out, /^Python 3\.13\.0 \(Vitrine .*\n$/);
  assert.match(vitrine(["dis", file("d.py", "x = 1\n")]).out, /STORE_NAME/);
  assert.equal(vitrine(["compile", "-o", "d.pyc", "d.py"]).status, 0);
});

test("debug hooks", () => {
  assert.equal(vitrine(["-c", "print(sum(range(1000)))"], { env: { PYTHONMALLOC: "debug" } }).out, "499500\n");
  assert.equal(vitrine(["-c", "print(1)"], { env: { PYTHONMALLOC: "malloc" } }).out, "1\n");
  assert.equal(vitrine(["-c", "print(1)"], { env: { PYTHONMALLOC: "nosuch" } }).status, 1);
});

test("tracing from the start, and options of the implementation", () => {
  const limit = "import _tracemalloc as t, sys; print(t.is_tracing(), t.get_traceback_limit(), sys._xoptions)";
  const on = (args: string[], env = {}) => vitrine([...args, "-c", limit], { env }).out;
  assert.equal(on([]), "False 1 {}\n");
  assert.equal(on([], { PYTHONTRACEMALLOC: "3" }), "True 3 {}\n");
  assert.equal(on(["-X", "tracemalloc"], { PYTHONTRACEMALLOC: "3" }), "True 1 {'tracemalloc': True}\n");
  assert.equal(
    on(["-Xtracemalloc=5", "-X", "a", "-X", "b=c=d"]),
    "True 5 {'tracemalloc': '5', 'a': True, 'b': 'c=d'}\n",
  );
  const bad = vitrine(["-X", "tracemalloc=x", "-c", "pass"]);
  assert.equal(bad.status, 1);
  assert.match(bad.err, /-X tracemalloc=NFRAME: invalid number of frames/);
  assert.equal(vitrine(["-X", "tracemalloc=65535", "--memory-limit", "2M", "-c", "pass"]).status, 1);
  assert.equal(vitrine(["-X"]).status, 2);
});

test("warns of a method of an asynchronous generator that was never awaited", () => {
  const source =
    "async def f(): yield 1\ng = f()\ng.asend(None)\ng.athrow(ValueError)\ng.aclose()\ng.asend(0).close()\n";
  const { status, err } = vitrine(["-c", source]);
  const warned = [...err.matchAll(/RuntimeWarning: coroutine method '(\w+)' of 'f' was never awaited/g)].map(
    (m) => m[1],
  );
  assert.deepEqual([status, warned], [0, ["asend", "athrow", "aclose"]]);
});

test("what is alive at the end is told so, all else just ends", () => {
  const ends: Record<string, string> = {
    "class A:\n    def __del__(self): print('del')\nx = A()": "del\n",
    "class A:\n    __slots__ = ()\n    def __del__(self): print('slots')\nx = A()": "slots\n",
    "class A:\n    def __del__(self): print('cycle')\nx = A(); x.me = x": "cycle\n",
    "def g():\n    try: yield\n    finally: print('closed')\nx = g(); next(x)": "closed\n",
    "import gc\ngc.callbacks.append(lambda phase, info: print(phase))": "start\nstop\n",
    "x = [1]; x.append(x)": "",
  };
  for (const [code, out] of Object.entries(ends)) assert.deepEqual(vitrine(["-c", code]), { status: 0, out, err: "" });
  const name = file("unflushed.py", "f = open('unflushed.txt', 'w')\nf.write('kept')\n");
  assert.equal(vitrine([name]).status, 0);
  assert.equal(readFileSync(join(folder, "unflushed.txt"), "utf8"), "kept");
  const never = vitrine(["-c", "async def f(): pass\nx = f()"]);
  assert.equal(never.err, "<sys>:0: RuntimeWarning: coroutine 'f' was never awaited\n");
});

test("a stream that is not closed is warned about, with where it was opened", () => {
  const program = `import sys, _tracemalloc
import warnings; warnings.simplefilter("default")
def make():
    return open(sys.argv[0], *mode)
for mode in ["r"], ["rb"], ["rb", 0]: make()
_tracemalloc.start(3)
make(
)
with make(): pass
open(1, "w", closefd=False)
warnings.simplefilter("error")
make()
`;
  const name = file("unclosed.py", program);
  const warning = (line: number, what: string, source: string) =>
    `${name}:${line}: ResourceWarning: unclosed file ${what}\n  ${source}\n`;
  const all = 'for mode in ["r"], ["rb"], ["rb", 0]: make()';
  const enable = "ResourceWarning: Enable tracemalloc to get the object allocation traceback\n";
  const text = `<_io.TextIOWrapper name='${name}' mode='r' encoding='UTF-8'>`;
  const raw = `<_io.FileIO name='${name}' mode='rb' closefd=True>`;
  const run = vitrine([name]);
  assert.equal(run.status, 0);
  assert.equal(
    run.err.replace(/[^\s"']*\/unclosed\.py/g, name),
    warning(5, text, all) +
      enable +
      warning(5, `<_io.BufferedReader name='${name}'>`, all) +
      enable +
      warning(5, raw, all) +
      enable +
      warning(7, raw, "make(") +
      `Object allocated at (most recent call last):
  File "${name}", lineno 7
    make(
  File "${name}", lineno 4
    return open(sys.argv[0], *mode)
Exception ignored in: ${raw}
Traceback (most recent call last):
  File "${name}", line 12, in <module>
    make()
ResourceWarning: unclosed file ${raw}
`,
  );
});
