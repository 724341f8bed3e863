// What no program should survive by luck: recursion of every kind through native code, memory used up, and the end of a
// program that still holds things. Never a trap, never a JavaScript stack, and the program goes on where it can.
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

function vitrine(source: string, { node = [], options = [] }: { node?: string[]; options?: string[] } = {}) {
  const file = join(folder, "program.py");
  writeFileSync(file, source);
  const run = spawnSync(process.execPath, [...node, command, ...options, file], {
    cwd: folder,
    encoding: "utf8",
    input: "",
    env: { ...process.env, PYTHONHASHSEED: "0" },
  });
  return { status: run.status, signal: run.signal, out: run.stdout, err: run.stderr };
}

const LARGE_STACK = ["--stack-size=3900"];

const endless = {
  "a function": "def f(): f()\nf()",
  __repr__: "class A:\n def __repr__(self): return repr(self)\nrepr(A())",
  __getattr__: "class A:\n def __getattr__(self, name): return getattr(self, name)\nA().x",
  __eq__: "class A:\n def __eq__(self, o): return o == self\nA() == A()",
  __next__: "class A:\n def __iter__(self): return self\n def __next__(self): return list(self)\nlist(A())",
  __add__: "class A:\n def __add__(self, o): return self + o\nA() + 1",
  "a sort key": "def key(x): return sorted([2, 1], key=key)\nkey(1)",
  map: "def f(x): return list(map(f, [1]))\nf(1)",
  "map of many": "def f(*a): return list(map(f, *[[1]] * 500))\nf()",
  "many arguments": "class A:\n def __call__(self, *a, **k): return self(*a, **k)\nA()(*range(60), **{'k': 1})",
  "a generator": "def g(): yield from g()\nlist(g())",
  exec: "def f(): exec('f()')\nf()",
};

for (const [name, source] of Object.entries(endless)) {
  test(`endless recursion through ${name}`, () => {
    for (const node of [[], LARGE_STACK]) {
      const run = vitrine(source, { node });
      assert.match(run.err, /^RecursionError: maximum recursion depth exceeded[a-z A-Z]*\n$/m);
      assert.equal(run.status, 1);
    }
  });
}

test("the recursion limit is CPython's to the frame", () => {
  const count = "n = 0\ndef f():\n global n\n n += 1\n f()\ntry: f()\nexcept RecursionError: print(n)\n";
  assert.equal(vitrine(count).out, "999\n");
});

test("objects nested a hundred thousand deep", () => {
  const kinds = {
    list: "x = [x]",
    tuple: "x = (x,)",
    dict: "x = {1: x}",
    map: "x = map(int, x or [])",
    filter: "x = filter(None, x or [])",
    zip: "x = zip(x or [])",
    enumerate: "x = enumerate(x or [])",
    generator: "x = (lambda i: (j for j in i))(x or [])",
    method: "x = (x or (lambda: 1)).__call__",
    class: "x = P(x)",
    property: "x = property(x)",
    slice: "x = slice(x)",
    exception: "x = ValueError(x)",
    subclass: "x = L([x])",
    closure: "x = (lambda y: lambda: y)(x)",
  };
  for (const [name, make] of Object.entries(kinds)) {
    const use =
      "\nfor f in (repr, next, hash, lambda v: v == v, lambda v: v()):\n try: f(x)\n except Exception: pass\n";
    const classes = "class P:\n def __init__(self, x): self.x = x\nclass L(list): pass\n";
    const run = vitrine(`${classes}x = None\nfor i in range(100000): ${make}${use}del x\nprint("end")`);
    assert.deepEqual(run, { status: 0, signal: null, out: "end\n", err: "" }, name);
  }
});

test("memory used up is handled by the program itself", () => {
  const fill = {
    list: "while True: x.append([0] * 100)",
    strings: "while True: x.append('x' * 1000 + str(len(x)))",
    objects: "while True: x.append(type('X', (), {})())",
    text: "s = 'a'\nwhile True: s += s",
    int: "n = 3\nwhile True: n = n * n",
    generators: "while True: x.append((i for i in x))",
  };
  for (const [name, source] of Object.entries(fill)) {
    const body = source.replaceAll("\n", "\n    ");
    const program = `def fill():\n    x = []\n    ${body}\ntry: fill()\nexcept MemoryError as e: print(repr(e))\nprint(sum(range(1000)))\nfill()`;
    for (const limit of ["5M", "16M"]) {
      const run = vitrine(program, { options: ["--memory-limit", limit] });
      assert.equal(run.out, "MemoryError()\n499500\n", `${name} ${limit}: ${run.err}`);
      assert.match(run.err, /MemoryError\n$/);
      assert.equal(run.status, 1);
    }
  }
  for (const huge of ["[0] * 10**12", "'a' * 10**12", "bytearray(10**12)", "bytes(10**12)", "list(range(10**12))"]) {
    assert.match(vitrine(huge).err, /MemoryError\n$/);
  }
});

test("the end of a program runs the finalizers of what it holds, in CPython's order", () => {
  const program = `class A:
    def __init__(self, n): self.n = n
    def __del__(self): print('del', self.n)
def f(): pass
def g():
    try: yield
    finally: print('closed')
a = A(1)
d = {'x': A('in dict')}; l = [A(2), A(3)]
b = A(4)
t = (A(5), A(6))
it = g(); next(it)
f = open('out.txt', 'w'); f.write('written')
`;
  const out = "del 1\ndel 4\nclosed\ndel in dict\ndel 3\ndel 2\ndel 6\ndel 5\n";
  assert.deepEqual(vitrine(program), { status: 0, signal: null, out, err: "" });
  assert.equal(readFileSync(join(folder, "out.txt"), "utf8"), "written");
  assert.equal(vitrine(`${program}raise SystemExit(3)`).status, 3);
  const failing = vitrine("class A:\n    def __del__(self): 1/0\na = A()\n");
  assert.match(failing.err, /^Exception ignored in: <function A.__del__ at 0x[0-9a-f]+>\nTraceback/);
  assert.equal(failing.status, 0);
});

test("a finalizer that makes another of its kind comes to an end", () => {
  const run = vitrine("class A:\n    def __del__(self): A()\nA()\nprint('end')");
  assert.equal(run.out, "end\n");
  assert.equal(run.status, 0);
});

test("KeyboardInterrupt ends the command by the signal", () => {
  const run = vitrine("print('a')\nraise KeyboardInterrupt");
  assert.equal(run.signal, "SIGINT");
  assert.equal(run.out, "a\n");
});

test("a future statement imports its module", () => {
  const source =
    "from __future__ import annotations\nimport __future__\nx: undefined = 1\nprint(annotations.mandatory)";
  assert.equal(vitrine(source).out, "None\n");
});
