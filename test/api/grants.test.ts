// What a program may reach: nothing that is not granted, and the error says which option grants it; files of the
// embedder's own, as few methods as they have.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type FileStatus, type Files, Interpreter, PythonError } from "../../src/index.ts";

/** The exception of a program: its class and text. */
function failure(python: Interpreter, source: string): string {
  try {
    python.run(source);
  } catch (e) {
    if (e instanceof PythonError) return `${e.type}: ${e.message}`;
    throw e;
  }
  return "none";
}

test("a module imports without a grant, and its calls say what grants them", () => {
  const python = new Interpreter();
  python.run("import posix, time, errno, atexit");
  const files = "PermissionError: [Errno 1] Operation not permitted (the interpreter's option 'files' grants it)";
  for (const call of [
    "stat('x')",
    "lstat('x')",
    "listdir('x')",
    "mkdir('x')",
    "readlink('x')",
    "access('x', 0)",
    "chdir('x')",
  ])
    assert.equal(failure(python, `posix.${call}`), `${files}: 'x'`, call);
  assert.equal(failure(python, "posix.open('x', 0)"), `${files}: 'x'`);
  assert.equal(failure(python, "open('x')"), `${files}: 'x'`);
  assert.equal(failure(python, "posix.rename('x', 'y')"), `${files}: 'x' -> 'y'`);
  assert.equal(failure(python, "posix.getcwd()"), files);
  assert.equal(failure(python, "posix.urandom(3)"), files.replace("'files'", "'entropy'"));
  for (const call of ["time()", "monotonic()", "sleep(0)", "localtime()"])
    assert.equal(failure(python, `time.${call}`), files.replace("'files'", "'clock'"), call);
  for (const call of ["kill(1, 9)", "_exit(3)", "abort()", "getloadavg()"])
    assert.equal(failure(python, `posix.${call}`), files.replace("'files'", "'process'"), call);
  python.dispose();
});

test("a program without grants is a process of its own, with an environment of its own", () => {
  const python = new Interpreter({ environment: { HOME: "/é", EMPTY: "" } });
  python.run("import posix, time");
  assert.deepEqual(
    python.evaluate("[posix.getpid(), posix.getppid(), posix.getuid(), posix.cpu_count()]"),
    [1, 0, 65534, 1],
  );
  assert.deepEqual(python.evaluate("sorted((k.decode(), v.decode()) for k, v in posix.environ.items())"), [
    ["EMPTY", ""],
    ["HOME", "/é"],
  ]);
  python.run("posix.putenv('TZ', 'Europe/Berlin'); time.tzset()");
  assert.deepEqual(python.evaluate("[time.timezone, time.tzname, tuple(time.localtime(0))[3]]"), [
    0,
    ["UTC", "UTC"],
    0,
  ]);
  assert.equal(new Interpreter().evaluate("len(__import__('posix').environ)"), 0);
  python.dispose();
});

test("files of the embedder's own: what they have not is not implemented, relative paths follow chdir", () => {
  const tree = new Map<string, FileStatus>([
    ["/", { mode: 0o40755, size: 0 }],
    ["/folder", { mode: 0o40755, size: 0 }],
    ["/folder/x", { mode: 0o100644, size: 3, modified: 5_000_000_000n }],
  ]);
  const name = (path: Uint8Array) => new TextDecoder().decode(path);
  const files: Files = {
    open: () => {
      throw Object.assign(new Error("no"), { code: "EROFS" });
    },
    describePath(path) {
      const status = tree.get(name(path));
      if (status === undefined) throw Object.assign(new Error("no"), { code: "ENOENT" });
      return status;
    },
    list: (path) =>
      [...tree.keys()]
        .filter((p) => p.startsWith(`${name(path)}/`))
        .map((p) => ({ name: new TextEncoder().encode(p.slice(name(path).length + 1)) })),
  };
  const python = new Interpreter({ files });
  python.run("import posix");
  assert.equal(python.evaluate("posix.getcwd()"), "/");
  assert.deepEqual(python.evaluate("posix.listdir('/folder')"), ["x"]);
  python.run("posix.chdir('/folder/../folder/.')");
  assert.equal(python.evaluate("posix.getcwd()"), "/folder");
  assert.deepEqual(
    python.evaluate("[posix.stat('x').st_size, posix.stat('x').st_mtime, posix.lstat('x').st_atime]"),
    [3, 5, 5],
  );
  assert.deepEqual(
    python.evaluate("[(e.name, e.is_file(), e.is_dir(), e.is_symlink()) for e in posix.scandir('/folder')]"),
    [["x", true, false, false]],
  );
  assert.equal(failure(python, "posix.chdir('x')"), "NotADirectoryError: [Errno 20] Not a directory: 'x'");
  assert.equal(failure(python, "posix.mkdir('y')"), "OSError: [Errno 38] Function not implemented: 'y'");
  assert.equal(failure(python, "posix.open('y', 0)"), "OSError: [Errno 30] Read-only file system: 'y'");
  assert.equal(python.evaluate("posix.access('x', 0)"), true);
  python.dispose();
});

test("with the process granted it is this one", () => {
  const python = new Interpreter({ process: true, files: true });
  python.run("import posix");
  assert.equal(python.evaluate("posix.getpid()"), process.pid);
  assert.equal(python.evaluate("posix.kill(posix.getpid(), 0)"), null);
  assert.equal(python.evaluate("posix.getcwd()"), process.cwd());
  // Its folder is its own.
  python.run("posix.chdir('/')");
  assert.notEqual(process.cwd(), "/");
  assert.equal(python.evaluate("posix.getcwd()"), "/");
  python.dispose();
});
