// The kernel by itself: descriptors as Linux numbers them, and what becomes of services that fail or answer nonsense.
import assert from "node:assert/strict";
import { test } from "node:test";
import { errno, grant } from "../../src/generated/constants.ts";
import { SystemError } from "../../src/kernel/errno.ts";
import { hostImports } from "../../src/kernel/generated/dispatch.ts";
import { systemCalls } from "../../src/kernel/kernel.ts";
import type { Files, OpenFile, Services } from "../../src/kernel/services.ts";

type Call = (...args: (number | bigint)[]) => number | bigint;

const compile = () => new Uint8Array([1, 2, 3]);

/** The calls as an instance of the runtime makes them, over a memory with "name" at 8. Blocks begin at 1024. */
function kernel(services: Partial<Services>, allocate: (n: number) => number = () => 1024) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  new TextEncoder().encodeInto("name", new Uint8Array(memory.buffer, 8));
  const host = { calls: systemCalls({ compile, ...services }) };
  const calls = hostImports(memory, host, allocate) as Record<string, Call>;
  return { calls, memory, open: () => calls.open!(8, 4, 0, 0) };
}

function file(more: Partial<OpenFile> = {}): OpenFile {
  const described = { mode: 0o100644, blockSize: 4096, size: 5, modified: 1500000000n };
  return {
    read: () => 0,
    write: (bytes) => bytes.length,
    seek: () => 0,
    truncate() {},
    describe: () => described,
    close() {},
    ...more,
  };
}

const filesOf = (open: () => OpenFile): Files => ({ open, describePath: () => file().describe() });

test("a file gets the lowest descriptor that is free, of 0 to 2 as well", () => {
  const { calls, open } = kernel({ files: filesOf(() => file()), streams: { isTerminal: () => true } });
  assert.deepEqual([open(), open(), open()], [3, 4, 5]);
  assert.equal(calls.close!(4), 0);
  assert.equal(calls.close!(4), -errno.EBADF);
  assert.equal(calls.isatty!(1), 1);
  assert.equal(calls.close!(1), 0);
  assert.equal(calls.write!(1, 0, 4), -errno.EBADF);
  assert.deepEqual([open(), open(), open()], [1, 4, 6]);
  assert.equal(calls.write!(1, 0, 4), 4);
  assert.equal(calls.isatty!(1), 0);
  for (const fd of [-1, 7, 0x7fffffff]) {
    assert.equal(calls.read!(fd, 0, 4), -errno.EBADF);
    assert.equal(calls.isatty!(fd), -errno.EBADF);
    assert.equal(calls.fstat!(fd, 64), -errno.EBADF);
  }
});

test("a descriptor is free after a close that fails, and not taken by an open that fails", () => {
  let fails = false;
  const close = () => {
    throw new SystemError("ENOSPC");
  };
  const { calls, open } = kernel({
    files: filesOf(() => {
      if (fails) throw new SystemError("EACCES");
      return file({ close });
    }),
  });
  assert.equal(open(), 3);
  assert.equal(calls.close!(3), -errno.ENOSPC);
  fails = true;
  assert.equal(open(), -errno.EACCES);
  fails = false;
  assert.equal(open(), 3);
});

test("descriptors come to an end", () => {
  const { open } = kernel({ files: filesOf(() => file()) });
  let last = 0;
  while (Number(open()) >= 0) last++;
  assert.equal(last, 1024 - 3);
  assert.equal(open(), -errno.EMFILE);
});

test("the standard streams as files", () => {
  const written: [number, number][] = [];
  const { calls, memory } = kernel({
    streams: {
      input: (into) => into.fill(7).length,
      output: (fd, bytes) => written.push([fd, bytes.length]) && bytes.length,
    },
  });
  assert.equal(calls.read!(0, 64, 3), 3);
  assert.deepEqual([...new Uint8Array(memory.buffer, 64, 4)], [7, 7, 7, 0]);
  assert.equal(calls.read!(1, 64, 3), -errno.EBADF);
  assert.equal(calls.write!(0, 64, 3), -errno.EBADF);
  assert.deepEqual([calls.write!(1, 64, 3), calls.write!(2, 64, 2)], [3, 2]);
  assert.deepEqual(written, [
    [1, 3],
    [2, 2],
  ]);
  assert.equal(calls.lseek!(1, 0n, 0), -BigInt(errno.ESPIPE));
  assert.equal(calls.ftruncate!(1, 0n), -errno.EINVAL);
  assert.equal(calls.fstat!(1, 64), 0);
  assert.equal(new DataView(memory.buffer).getUint32(64, true), 0o020600);
});

test("what is not granted fails with the number that says what grants it", () => {
  const { calls, open } = kernel({});
  assert.equal(open(), -grant.GRANT_FILES);
  for (const call of ["stat", "lstat", "readdir", "chdir", "rmdir", "unlink", "readlink"])
    assert.equal(calls[call]!(8, 4, 64), -grant.GRANT_FILES, call);
  assert.equal(calls.rename!(8, 4, 8, 4), -grant.GRANT_FILES);
  assert.equal(calls.getcwd!(64), -grant.GRANT_FILES);
  assert.equal(calls.write!(1, 0, 4), -errno.EPERM);
  assert.equal(calls.read!(0, 0, 4), 0);
  assert.equal(calls.random!(0, 4), -grant.GRANT_ENTROPY);
  assert.equal(calls.kill!(1, 9), -grant.GRANT_PROCESS);
  assert.equal(calls.exit!(0), -grant.GRANT_PROCESS);
});

test("a clock that is not granted is one of the program's own: it tells what was slept, and goes on when it is looked at", () => {
  const { calls } = kernel({});
  const looks = [calls.time!(), calls.monotonic!(), calls.time!()] as number[];
  assert.ok(looks[0]! > 0 && looks[1]! > looks[0]! && looks[2]! > looks[1]! && looks[2]! < 0.001, String(looks));
  const before = performance.now();
  assert.equal(calls.sleep!(1000), 0);
  assert.ok(performance.now() - before < 500);
  const slept = calls.monotonic!() as number;
  assert.ok(slept > 1000 && slept < 1000.001, String(slept));
});

test("a result that no call can have is EIO", () => {
  for (const nonsense of [Number.NaN, -1, 5, 1.5, Number.POSITIVE_INFINITY, undefined as unknown as number]) {
    const files = filesOf(() => file({ read: () => nonsense, write: () => nonsense }));
    const { calls, open } = kernel({ files });
    const fd = open();
    assert.equal(calls.read!(fd, 64, 4), -errno.EIO);
    assert.equal(calls.write!(fd, 64, 4), -errno.EIO);
  }
  for (const nonsense of [Number.NaN, -1, 1.5, 2 ** 63, "x" as unknown as number]) {
    const { calls, open } = kernel({ files: filesOf(() => file({ seek: () => nonsense })) });
    assert.equal(calls.lseek!(open(), 0n, 0), -BigInt(errno.EIO), String(nonsense));
  }
  for (const nonsense of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const describe = () => ({ mode: 0, blockSize: 0, size: nonsense, modified: nonsense });
    const { calls, open } = kernel({
      files: filesOf(() => file({ describe })),
      clock: { time: () => nonsense, performance: () => nonsense },
    });
    assert.equal(calls.fstat!(open(), 64), -errno.EIO);
    assert.equal(calls.time!(), -errno.EIO);
    assert.equal(calls.monotonic!(), -errno.EIO);
  }
});

test("whatever is thrown has a number", () => {
  const thrown: [unknown, number][] = [
    [new SystemError("ENOENT"), errno.ENOENT],
    [Object.assign(new Error("busy"), { code: "EBUSY" }), errno.EBUSY],
    [{ code: "toString" }, errno.EIO],
    [{ code: 2 }, errno.EIO],
    [new RangeError("deep"), errno.EIO],
    [new RangeError("Array buffer allocation failed"), errno.ENOMEM],
    [Object.assign(new Error("of Node's permissions"), { code: "ERR_ACCESS_DENIED" }), errno.EACCES],
    [Object.assign(new RangeError("a port"), { code: "ERR_SOCKET_BAD_PORT" }), errno.EINVAL],
    [Object.assign(new Error("unknown"), { code: "ERR_UNKNOWN" }), errno.EIO],
    [undefined, errno.EIO],
    [null, errno.EIO],
    [
      {
        get code() {
          throw new Error("a trap");
        },
      },
      errno.EIO,
    ],
    [Proxy.revocable({}, {}).proxy, errno.EIO],
  ];
  for (const [error, number] of thrown) {
    const { open } = kernel({
      files: filesOf(() => {
        throw error;
      }),
    });
    assert.equal(open(), -number);
  }
});

test("an opened file that is no object is EIO, and takes no descriptor", () => {
  for (const nonsense of [undefined, null, 5, "file"]) {
    const { calls, open } = kernel({ files: filesOf(() => nonsense as never) });
    assert.equal(open(), -errno.EIO);
    assert.equal(calls.close!(3), -errno.EBADF);
  }
});

test("a write that takes nothing is EIO, as it would be tried for ever", () => {
  const { calls, open } = kernel({ files: filesOf(() => file({ write: () => 0 })) });
  const fd = open();
  assert.equal(calls.write!(fd, 64, 4), -errno.EIO);
  assert.equal(calls.write!(fd, 64, 0), 0);
});

test("an answer of the compiler that is no bytes is EIO, and no block is made for it", () => {
  for (const nonsense of [undefined, null, 5, "text", { length: 5 }, [1, 2], new Uint16Array(2)]) {
    const { calls } = kernel({ compile: () => nonsense as never });
    assert.equal(calls.compile!(8, 2, 8, 4, 0, 0, 0, 0, 0, 0, 0, 72), -errno.EIO);
  }
});

test("offsets beyond all files", () => {
  const { calls, open } = kernel({ files: filesOf(() => file()) });
  const fd = open();
  assert.equal(calls.lseek!(fd, 1n << 62n, 0), -BigInt(errno.EINVAL));
  assert.equal(calls.ftruncate!(fd, 1n << 62n), -errno.EFBIG);
  assert.equal(calls.ftruncate!(fd, -1n), -errno.EINVAL);
});

test("the answer of the compiler lies in a block of its own, also where another call comes between", () => {
  let depth = 0;
  const blocks: number[] = [];
  const outer = kernel(
    {
      compile: (source) => {
        // What the compiler does may compile, as another thread may meanwhile.
        if (depth++ === 0) assert.equal(outer.calls.compile!(8, 2, 8, 4, 0, 0, 0, 0, 0, 0, 0, 72), 2);
        return source;
      },
    },
    (n) => blocks.push(n) * 1024,
  );
  assert.equal(outer.calls.compile!(8, 4, 8, 4, 0, 0, 0, 0, 0, 0, 0, 64), 4);
  assert.deepEqual(blocks, [2, 4]);
  const view = new DataView(outer.memory.buffer);
  const text = (word: number, n: number) =>
    Buffer.from(outer.memory.buffer, Number(view.getBigUint64(word, true)), n).toString();
  assert.deepEqual([text(72, 2), text(64, 4)], ["na", "name"]);
  assert.equal(outer.calls.compile!(8, 4, 8, 4, 9, 0, 0, 0, 0, 0, 0, 64), -errno.EINVAL);
  const none = kernel({}, () => 0);
  assert.equal(none.calls.compile!(8, 4, 8, 4, 0, 0, 0, 0, 0, 0, 0, 64), -errno.ENOMEM);
});

test("names, paths, figures and zones that there cannot be are EIO", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const folder = { mode: 0o040755, size: 0 };
  const status = (calls: Record<string, Call>) => calls.stat!(8, 4, 64);
  const wrong: [Partial<Files>, (calls: Record<string, Call>) => number | bigint][] = [
    ...["", "a/b", "a\0"].map((name): (typeof wrong)[0] => [
      { list: () => [{ name: bytes(name) }] },
      (calls) => calls.readdir!(8, 4, 64),
    ]),
    ...[undefined, "a", [97], { length: 1e12 }].map((name): (typeof wrong)[0] => [
      { list: () => [{ name }] as never },
      (calls) => calls.readdir!(8, 4, 64),
    ]),
    [{ list: () => [{ name: bytes("a"), ino: 1n << 64n }] }, (calls) => calls.readdir!(8, 4, 64)],
    ...["", "relative", "/a\0"].map((path): (typeof wrong)[0] => [
      { currentDirectory: () => bytes(path) },
      (calls) => calls.getcwd!(64),
    ]),
    [{ currentDirectory: () => "/" as never }, (calls) => calls.getcwd!(64)],
    [{ readLink: () => bytes("") }, (calls) => calls.readlink!(8, 4, 64)],
    ...[{ size: 1n << 80n }, { mode: 2 ** 40 }, { mode: Number.NaN }, { uid: -(2 ** 40) }, { modified: 1e300 }].map(
      (figure): (typeof wrong)[0] => [{ describePath: () => ({ mode: 0o100644, size: 1, ...figure }) }, status],
    ),
  ];
  for (const [service, call] of wrong) {
    const { calls } = kernel({ files: { ...filesOf(() => file()), ...service } });
    assert.equal(call(calls), -errno.EIO, JSON.stringify(Object.entries(service).map(String)));
  }
  const right: Partial<Files> = {
    list: () => [{ name: bytes("a"), ino: (1n << 64n) - 1n }],
    describePath: () => ({ ...folder, size: (1n << 63n) - 1n, uid: -1, ino: (1n << 64n) - 1n }),
    currentDirectory: () => bytes("/a"),
  };
  const { calls } = kernel({ files: { ...filesOf(() => file()), ...right } });
  assert.deepEqual([calls.readdir!(8, 4, 64), status(calls), calls.getcwd!(64)], [11, 0, 2]);
  const zones = [{ offset: Number.NaN }, { offset: 86400 }, { offset: "1" }, { name: 5 }, { name: undefined }];
  for (const zone of zones) {
    const clock = {
      time: () => 0,
      performance: () => 0,
      zone: () => ({ offset: 0, daylight: false, name: "A", ...zone }),
    };
    const { calls } = kernel({ clock: clock as NonNullable<Services["clock"]> });
    assert.equal(calls.zone!(0, 64), -errno.EIO, JSON.stringify(zone));
  }
});

test("who waits asks what an embedder wants as often as it says, unless waiting takes no time", () => {
  const embedder = { wanted: () => 0, callFunction: () => 0, dropFunction: () => 0, patience: () => 0.02 };
  let now = 0;
  const waits: number[] = [];
  const simulated = kernel({
    embedder,
    clock: {
      time: () => now,
      performance: () => now,
      sleep: (seconds) => {
        waits.push(seconds);
        now += seconds;
      },
    },
  });
  assert.equal(simulated.calls.sleep!(0.01), 0);
  assert.equal(simulated.calls.sleep!(86400), 0);
  assert.deepEqual(waits, [0.01, 0.02, 86400 - 0.02]);
  const forward = () => performance.now() / 1000;
  const watched = kernel({ embedder, clock: { time: forward, performance: forward } });
  const left = watched.calls.sleep!(5) as number;
  assert.equal(left, 5 - 0.02);
  assert.equal(watched.calls.sleep!(0.01), 0);
});

test("a clock that stands still is not waited for", () => {
  for (const time of [1, Number.NaN, undefined as unknown as number]) {
    const { calls } = kernel({ clock: { time: () => time, performance: () => time } });
    assert.equal(calls.sleep!(3600), -errno.EIO);
  }
});
