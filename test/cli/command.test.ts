// The command as python3: its options and variables, what it runs, the prompt, the standard streams.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "vitrine-"));
after(() => rmSync(folder, { recursive: true }));

const { PYTHONUNBUFFERED: _, PYTHONDONTWRITEBYTECODE: __, ...environment } = process.env;

function vitrine(args: string[], options: { input?: string | Uint8Array; env?: Record<string, string> } = {}) {
  const run = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    input: options.input ?? "",
    env: { ...environment, PYTHONHASHSEED: "0", ...options.env },
  });
  return { status: run.status, out: run.stdout.toString("latin1"), err: run.stderr.toString("latin1") };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, content);
  return name;
}

test("a module of the library, of the current folder, of a package", () => {
  assert.equal(vitrine(["-m", "json.tool", "--compact"], { input: '{"a": [1, 2]}' }).out, '{"a":[1,2]}\n');
  file("here.py", "import sys\nprint(__name__, sys.argv[1:], sys.path[0] == __import__('os').getcwd())");
  assert.equal(vitrine(["-m", "here", "-x"]).out, "__main__ ['-x'] True\n");
  file("pack/__init__.py", "print('init')");
  file("pack/__main__.py", "print('main', __package__)");
  assert.equal(vitrine(["-m", "pack"]).out, "init\nmain pack\n");
  const missing = vitrine(["-m", "nosuch"]);
  assert.equal(missing.status, 1);
  assert.match(missing.err, /: No module named nosuch\n$/);
});

test("a folder, a .pyc file", () => {
  file("app/__main__.py", "import helper\nprint(helper.x)");
  file("app/helper.py", "x = 7");
  assert.equal(vitrine(["app"]).out, "7\n");
  const empty = vitrine(["pack2"]);
  assert.equal(empty.status, 2);
  file("prog.py", "print('compiled', __file__[-8:])");
  assert.equal(vitrine(["compile", "-o", "prog.pyc", "prog.py"]).status, 0);
  assert.equal(vitrine(["prog.pyc"]).out, "compiled prog.pyc\n");
  file("cut.pyc", readFileSync(join(folder, "prog.pyc")).subarray(0, 25));
  assert.match(vitrine(["cut.pyc"]).err, /^RuntimeError: Bad code object in \.pyc file\n$/);
  file("foreign.pyc", "\x01\x02\x03\x04 and so on, without being anything");
  assert.match(vitrine(["foreign.pyc"]).err, /^RuntimeError: Bad magic number in \.pyc file\n$/);
});

test("a script's path is that of the folder and what was written, of the folder alone for a dot", () => {
  file("where/it.py", "print(__file__.replace(__import__('os').getcwd(), 'CWD'))");
  for (const path of ["./where/it.py", "where/it.py", "././where/it.py", "where/../where/it.py"]) {
    assert.equal(vitrine([path]).out, `CWD/${path}\n`);
  }
  assert.match(vitrine(["."]).err, /: can't find '__main__' module in '[^']*[^./]'\n$/);
});

test("a line is looked at up to its first NUL", () => {
  file("nul.py", Buffer.from("PK\x03\0\x81\xff\n", "latin1"));
  assert.match(vitrine(["nul.py"]).err, /line 1\n {4}PK\x03\nSyntaxError: source code cannot contain null bytes\n$/);
  file("bytes.py", Buffer.from("x = '\x81'\0\n", "latin1"));
  assert.match(vitrine(["bytes.py"]).err, /^SyntaxError: Non-UTF-8 code starting with '\\x81' in file /);
});

test("a locale that is not there is C", () => {
  const show = "import sys; print(sys.stdout.encoding, sys.stdout.errors, sys.flags.utf8_mode)";
  for (const name of ["C", "POSIX", "xx_YY.ISO-8859-1"]) {
    assert.equal(vitrine(["-c", show], { env: { LC_ALL: name } }).out, "utf-8 surrogateescape 1\n");
  }
  assert.equal(vitrine(["-c", show], { env: { LC_ALL: "C.UTF-8", PYTHONUTF8: "0" } }).out, "utf-8 surrogateescape 0\n");
});

test("sys.flags says what options and variables have said", () => {
  const show =
    "import sys; print(*[f'{n}={getattr(sys.flags, n)}' for n in dir(sys.flags) if n[0] != '_' and n not in " +
    "('count', 'index', 'n_fields', 'n_sequence_fields', 'n_unnamed_fields', 'gil', 'int_max_str_digits', " +
    "'hash_randomization') and getattr(sys.flags, n)])";
  const flags = (args: string[], env: Record<string, string> = {}) =>
    vitrine([...args, "-c", show], { env: { LC_ALL: "C.UTF-8", ...env } }).out.trim();
  assert.equal(flags([]), "");
  assert.equal(flags(["-bBqs"]), "bytes_warning=1 dont_write_bytecode=1 no_user_site=1 quiet=1");
  assert.equal(flags(["-I"]), "ignore_environment=1 isolated=1 no_user_site=1 safe_path=True");
  assert.equal(flags(["-E", "-S", "-OO"]), "ignore_environment=1 no_site=1 optimize=2");
  assert.equal(flags(["-X", "dev", "-Xutf8"]), "dev_mode=True utf8_mode=1");
  assert.equal(flags([], { PYTHONOPTIMIZE: "2", PYTHONSAFEPATH: "x" }), "optimize=2 safe_path=True");
  assert.equal(flags(["-E"], { PYTHONOPTIMIZE: "2", PYTHONDONTWRITEBYTECODE: "1" }), "ignore_environment=1");
});

test("other options", () => {
  const run = (args: string[], code: string, env: Record<string, string> = {}) =>
    vitrine([...args, "-c", code], { env });
  assert.equal(run(["-O"], "assert 0; print(__debug__)").out, "False\n");
  assert.equal(
    run(["-W", "error", "-bb"], "import sys; print(sys.warnoptions)").out,
    "['error', 'error::BytesWarning']\n",
  );
  assert.equal(
    run([], "import sys; print(sys.warnoptions)", { PYTHONWARNINGS: "ignore,default" }).out,
    "['ignore', 'default']\n",
  );
  assert.equal(run(["-X", "a=b", "-X", "c"], "import sys; print(sys._xoptions)").out, "{'a': 'b', 'c': True}\n");
  assert.equal(run(["-X", "int_max_str_digits=700"], "import sys; print(sys.get_int_max_str_digits())").out, "700\n");
  assert.equal(run(["-X", "pycache_prefix=/p"], "import sys; print(sys.pycache_prefix)").out, "/p\n");
  assert.equal(run([], "import sys; print(sys.path[1])", { PYTHONPATH: "/one:two" }).out, "/one\n");
  assert.equal(run(["-P"], "import sys; print(sys.path[0] == '')").out, "False\n");
  assert.equal(run([], "import sys; print(sys.orig_argv[1:2], sys.argv)").out, "['-c'] ['-c']\n");
  assert.match(run(["-X", "importtime"], "import textwrap").err, /\nimport time: +\d+ \| +\d+ \| textwrap\n/);
  assert.match(
    run(["-X", "utf8=2"], "").err,
    /^Fatal Python error: preconfig_init_utf8_mode: invalid -X utf8 option value\n/,
  );
  assert.equal(vitrine(["-x", file("x.py", "this is not Python\nprint(1)\n")]).out, "1\n");
  const unknown = vitrine(["-z"]);
  assert.equal(unknown.status, 2);
  assert.match(unknown.err, /^Unknown option: -z\nusage: vitrine /);
  assert.match(vitrine(["-c"]).err, /^Argument expected for the -c option\n/);
  assert.match(vitrine(["--help-env"]).out, /PYTHONPATH/);
});

test("exit, quit, help and copyright", () => {
  assert.equal(vitrine(["-c", "exit(3)"]).status, 3);
  assert.match(vitrine(["-c", "print(exit, quit, copyright)"]).out, /^Use exit\(\).*\n?.*Copyright/s);
  assert.match(vitrine(["-S", "-c", "exit"]).err, /NameError/);
});

test("what is typed", () => {
  const typed = "1/0\nx = 2\nif x:\n  print(x)\n\nx +\ndef f():\n  raise KeyError(x)\n\nf()\nraise SystemExit(3)\n";
  assert.deepEqual(vitrine(["-i", "-q"], { input: typed }), {
    status: 3,
    out: "2\n",
    err: `>>> Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
    1/0
    ~^~
ZeroDivisionError: division by zero
>>> >>> ... ... >>>   File "<stdin>", line 1
    x +
       ^
SyntaxError: invalid syntax
>>> ... ... >>> Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
    f()
    ~^^
  File "<stdin>", line 2, in f
    raise KeyError(x)
KeyError: 2
>>> `,
  });
  const after = vitrine(["-i", "-q", "-c", "y = 5\nraise SystemExit(4)"], { input: "print(y)\n" });
  assert.equal(after.out, "5\n");
  assert.equal(after.status, 0);
  assert.match(after.err, /SystemExit: 4\n>>> >>> \n$/);
  assert.match(vitrine(["-i"], {}).err, /^Python 3\.13\.0 .*\nType "help", "copyright"/);
  const startup = { PYTHONSTARTUP: join(folder, file("startup.py", "print('started')")) };
  assert.equal(vitrine(["-i", "-q"], { env: startup }).out, "started\n");
});

test("standard streams", () => {
  const io = (env: Record<string, string>, code: string, input: string | Uint8Array = "") =>
    vitrine(["-c", code], { env, input });
  assert.equal(
    io({ LC_ALL: "C.UTF-8" }, "print(ascii(input()))", new Uint8Array([0x63, 0xe9, 10])).out,
    "'c\\udce9'\n",
  );
  assert.equal(io({ PYTHONIOENCODING: "latin-1" }, "print('\\xe9', end='')").out, "\xe9");
  assert.equal(
    io({ PYTHONIOENCODING: ":replace", LC_ALL: "C.UTF-8" }, "import sys; print(sys.stdout.errors)").out,
    "replace\n",
  );
  assert.equal(io({ PYTHONUNBUFFERED: "1" }, "import sys; print(type(sys.stdout.buffer).__name__)").out, "FileIO\n");
  assert.equal(io({ PYTHONIOENCODING: "latin1" }, "import sys; print(sys.stdin.encoding)").out, "iso8859-1\n");
  const unknown = io({ PYTHONIOENCODING: "nosuch" }, "");
  assert.equal(unknown.status, 1);
  assert.match(unknown.err, /^Fatal Python error: .*\n.*\nLookupError: unknown encoding: nosuch\n/);
});

test("__pycache__ is written and read", () => {
  file("cache/mod.py", "x = 1\n");
  const env = { PYTHONPATH: "cache" };
  const code = "import mod; print(mod.x, mod.__cached__.endswith('/mod.cpython-313.pyc'))";
  const cached = join(folder, "cache/__pycache__/mod.cpython-313.pyc");
  assert.equal(vitrine(["-B", "-c", code], { env }).out, "1 True\n");
  assert.ok(!existsSync(cached));
  assert.equal(vitrine(["-c", code], { env }).status, 0);
  assert.ok(existsSync(cached));
  const first = readFileSync(cached);
  assert.equal(vitrine(["-c", code], { env }).status, 0);
  assert.deepEqual(readFileSync(cached), first);
  file("cache/mod.py", "x = 222\n");
  assert.match(vitrine(["-c", code], { env }).out, /^222 /);
  assert.notDeepEqual(readFileSync(cached), first);
  assert.deepEqual(readdirSync(join(folder, "cache/__pycache__")), ["mod.cpython-313.pyc"]);
  assert.match(vitrine(["-O", "-c", "import mod; print(mod.__cached__)"], { env }).out, /\.opt-1\.pyc\n$/);
  vitrine(["-X", `pycache_prefix=${folder}/elsewhere`, "-c", code], { env });
  assert.ok(existsSync(join(folder, "elsewhere", folder, "cache/mod.cpython-313.pyc")));
  // What is damaged is told, or made anew.
  writeFileSync(cached, first.subarray(0, 7));
  assert.match(vitrine(["-c", code], { env }).out, /^222 /);
});

test("arguments that are no text, as CPython decodes them", {
  skip: process.platform !== "linux" && "arguments are bytes on Linux alone",
}, () => {
  // A shell makes the bytes, which Node would not pass on.
  const shell = (options: string, env: Record<string, string>, code = "import sys; print(ascii(sys.argv[1:]))") =>
    spawnSync(
      "sh",
      ["-c", `exec "$0" "$1" ${options} -c "$2" "$(printf '\\377\\303\\251')"`, process.execPath, command, code],
      {
        cwd: folder,
        env: { ...environment, ...env },
      },
    ).stdout.toString();
  assert.equal(shell("", { LC_ALL: "C.UTF-8" }), "['\\udcff\\xe9']\n");
  assert.equal(shell("", { LC_ALL: "C" }), "['\\udcff\\xe9']\n");
  assert.equal(shell("-X utf8=0", { LC_ALL: "C" }), "['\\udcff\\udcc3\\udca9']\n");
  assert.equal(shell("", {}, "import os, sys; print(os.fsencode(sys.argv[1]))"), "b'\\xff\\xc3\\xa9'\n");
});

test("sys.displayhook escapes what the stream cannot encode, and only that", () => {
  const input = "'\\xe9 \\u20ac'\n";
  const shown = (encoding: string) => vitrine(["-i", "-q"], { input, env: { PYTHONIOENCODING: encoding } }).out;
  assert.match(shown("latin-1"), /'\xe9 \\u20ac'/);
  assert.match(shown("ascii"), /'\\xe9 \\u20ac'/);
});

test("development mode looks up what encodes nothing", () => {
  const code =
    "for f in lambda: b''.decode('no'), lambda: ''.encode('ascii', 'no'):\n  try: print(repr(f()))\n  except LookupError as e: print(e)";
  assert.equal(vitrine(["-c", code]).out, "''\nb''\n");
  const dev = "unknown encoding: no\nunknown error handler name 'no'\n";
  assert.equal(vitrine(["-X", "dev", "-c", code]).out, dev);
});

test("a traceback shows lines of a file in its own encoding", () => {
  const name = file("latin.py", Buffer.from("# coding: latin-1\nraise RuntimeError('\xe9')\n", "latin1"));
  const { err } = vitrine([name], { env: { PYTHONIOENCODING: "utf-8" } });
  assert.match(Buffer.from(err, "latin1").toString(), /raise RuntimeError\('é'\)\nRuntimeError: é\n/);
});

test("os.process_cpu_count() is what -X cpu_count says", () => {
  const code = "import os; print(os.cpu_count(), os.process_cpu_count())";
  assert.equal(vitrine(["-X", "cpu_count=4321", "-c", code]).out, "4321 4321\n");
});
