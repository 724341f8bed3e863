// `vitrine compile` and `vitrine dis`: options, destinations, errors and exit statuses.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { afterEach, beforeEach, mock } from "node:test";
import { run as runCompile } from "../../src/cli/compile.ts";
import { run as runDis } from "../../src/cli/dis.ts";
import { fromPyc } from "../../src/compiler/index.ts";

let folder: string;
let errors: string[];
const path = (...parts: string[]) => join(folder, ...parts);
const load = (file: string) => fromPyc(readFileSync(file));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vitrine-cli-"));
  errors = [];
  mock.method(console, "error", (text: string) => errors.push(text));
  writeFileSync(path("good.py"), 'def f():\n    "doc"\n    assert x\n');
  writeFileSync(path("bad.py"), "x = 1\nif x:\n    return  x\n");
});

afterEach(() => {
  mock.restoreAll();
  rmSync(folder, { recursive: true });
});

test("without a destination, into __pycache__", () => {
  assert.equal(runCompile([path("good.py")]), 0);
  const { header, code } = load(path("__pycache__", "good.cpython-313.pyc"));
  assert.equal("size" in header && header.size, 32);
  assert.equal(code.co_filename, path("good.py"));
});

test("-O and -OO have names of their own", () => {
  assert.equal(runCompile(["-OO", path("good.py")]), 0);
  const { code } = load(path("__pycache__", "good.cpython-313.opt-2.pyc"));
  const [f] = code.co_consts;
  assert.deepEqual(f !== null && typeof f === "object" && "co_consts" in f && f.co_consts, [null]);
});

test("-o, and hash-based files", () => {
  assert.equal(runCompile(["--hash", "-o", path("out.pyc"), path("good.py")]), 0);
  assert.ok("hash" in load(path("out.pyc")).header);
});

test("a tree keeps its shape, and an error does not stop it", () => {
  mkdirSync(path("package"));
  writeFileSync(path("package", "module.py"), "x = 1\n");
  assert.equal(runCompile(["--root", folder, "--outdir", path("out")]), 1);
  assert.equal(load(path("out", "package", "module.pyc")).code.co_filename, "package/module.py");
  assert.ok(existsSync(path("out", "good.pyc")));
  assert.ok(!existsSync(path("out", "bad.pyc")));
  assert.deepEqual(errors, [
    "  File \"bad.py\", line 3\n    return  x\n    ^^^^^^^^^\nSyntaxError: 'return' outside function",
  ]);
});

test("mistakes in the command line", () => {
  assert.equal(runCompile([]), 2);
  assert.equal(runCompile(["--nonsense", "x.py"]), 2);
  assert.equal(runCompile(["-o", "a", "--outdir", "b", "x.py"]), 2);
  assert.equal(runCompile([path("absent.py")]), 1);
  assert.equal(runDis([]), 2);
  assert.equal(runDis([path("absent.py")]), 1);
  assert.equal(runDis([path("bad.py")]), 1);
});

test("dis reads sources and .pyc files", () => {
  const written: string[] = [];
  mock.method(process.stdout, "write", (text: string) => written.push(text));
  runCompile(["-o", path("good.pyc"), path("good.py")]);
  assert.equal(runDis([path("good.py")]), 0);
  assert.equal(runDis([path("good.pyc")]), 0);
  mock.restoreAll();
  assert.equal(written.length, 2);
  assert.equal(written[0], written[1]);
  assert.match(written[0], /LOAD_ASSERTION_ERROR/);
});
