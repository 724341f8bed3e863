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
  for (const call of ["kill(1, 9)", "_exit(3)", "abort()", "getloadavg()"])
    assert.equal(failure(python, `posix.${call}`), files.replace("'files'", "'process'"), call);
  python.dispose();
});

test("a program without a clock has one that begins in 1970 and tells what it has slept", () => {
  const python = new Interpreter();
  python.run("import time, datetime, logging");
  assert.deepEqual(python.evaluate("[time.localtime()[:6], time.time() < 1, time.get_clock_info('time').adjustable]"), [
    [1970, 1, 1, 0, 0, 0],
    true,
    true,
  ]);
  const before = performance.now();
  python.run("time.sleep(86400)");
  assert.ok(performance.now() - before < 5000);
  assert.equal(python.evaluate("str(datetime.date.today())"), "1970-01-02");
  python.run("end = time.monotonic() + 0.01\nwhile time.monotonic() < end: pass");
  python.run("logging.basicConfig(format='%(asctime)s %(message)s'); logging.warning('said')");
  assert.match(python.output, /^1970-01-02 00:00:00,\d+ said\n$/);
  assert.equal(python.dispose(), 0);
});

test("asyncio's own loop runs without a grant", () => {
  for (const options of [{}, { clock: true, shared: true }, { debug: true }]) {
    const python = new Interpreter(options);
    python.run(`
import asyncio, signal, socket
async def told(n, out):
    await asyncio.sleep(n / 100)
    out.append(n)
async def main():
    out = []
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        for n in 3, 1, 2: group.create_task(told(n, out))
    a, b = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=a)
    other, _ = await asyncio.open_connection(sock=b, limit=1 << 20)
    writer.write(b"x" * 300_000 + b"\\n")
    line = await other.readline()
    writer.close()
    try: await asyncio.wait_for(asyncio.Event().wait(), 0.01)
    except TimeoutError: return out, len(line), await other.read()
async def hang(): await asyncio.Event().wait()
`);
    const [out, length, rest] = python.evaluate("asyncio.run(main())") as [number[], number, Uint8Array];
    assert.deepEqual([out, length, rest.length], [[1, 2, 3], 300_001, 0]);
    // Nobody could wake it.
    assert.match(failure(python, "asyncio.run(hang())"), /OSError: \[Errno 35\]/);
    assert.equal(python.dispose(), 0);
  }
});

test("a pair of sockets of the program's own does what one of the system does", () => {
  const python = new Interpreter();
  python.run(`
import socket, select, os, errno
a, b = socket.socketpair()
def error(f, *args):
    try: return f(*args)
    except OSError as e: return errno.errorcode[e.errno]
`);
  const told = (source: string) => python.evaluate(source);
  assert.deepEqual(
    told("[a.send(b'hello'), b.recv(2), b.recv(9, socket.MSG_PEEK), b.recv(9)]"),
    [5, Buffer.from("he"), Buffer.from("llo"), Buffer.from("llo")].map((x) =>
      typeof x === "number" ? x : Uint8Array.from(x),
    ),
  );
  assert.deepEqual(told("[a.family.name, a.type.name, a.getsockname(), a.getpeername()]"), [
    "AF_UNIX",
    "SOCK_STREAM",
    "",
    "",
  ]);
  assert.deepEqual(told("[error(b.recv, 1), error(os.read, b.fileno(), 1)]"), ["EDEADLOCK", "EDEADLOCK"]);
  python.run("a.setblocking(False); b.setblocking(False)");
  assert.deepEqual(told("[error(b.recv, 1), error(os.read, b.fileno(), 1)]"), ["EAGAIN", "EAGAIN"]);
  assert.deepEqual(told("[len(l) for l in select.select([a, b], [a, b], [], 0)]"), [0, 2, 0]);
  assert.deepEqual(told("[a.send(bytes(100_000)) > 4096, error(a.send, b'x'), len(b.recv(1 << 20)) > 4096]"), [
    true,
    "EAGAIN",
    true,
  ]);
  python.run("a.sendall(b'end'); a.shutdown(socket.SHUT_WR)");
  assert.deepEqual(told("[b.recv(9), b.recv(9), error(a.send, b'x'), b.send(b'y'), a.recv(9)]"), [
    Uint8Array.from(Buffer.from("end")),
    new Uint8Array(),
    "EPIPE",
    1,
    Uint8Array.from(Buffer.from("y")),
  ]);
  python.run("a.close()");
  assert.deepEqual(told("[error(b.send, b'x'), error(b.bind, ''), error(b.connect, 'x')]"), [
    "EPIPE",
    "EINVAL",
    "EISCONN",
  ]);
  assert.deepEqual(told("[error(socket.socketpair, socket.AF_INET), error(socket.socket)]"), ["ENOTSUP", "ENOSYS"]);
  assert.equal(python.dispose(), 0);
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
