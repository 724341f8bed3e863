// Services of a host that throw or answer nonsense, beneath whole programs in the debug runtime: every failure is an
// OSError of Python's, the program goes on, and nothing is left over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compileService } from "../../src/kernel/compile.ts";
import { SystemError } from "../../src/kernel/errno.ts";
import type { OpenFile } from "../../src/kernel/services.ts";
import { Process } from "../../src/process/process.ts";
import { leftovers, runtimeModule } from "../process/support.ts";

const program = `
def attempt(name, f):
    try: r = f()
    except OSError as e: r = type(e).__name__ + ": " + str(e)
    print(name, r)

def using(mode, act, **more):
    def f():
        stream = open("/a file", mode, **more)
        try: return act(stream)
        finally:
            try: stream.close()
            except OSError as e: print("close", e)
    return f

attempt("open", using("rb", lambda s: None))
attempt("read", using("rb", lambda s: s.read()))
attempt("read some", using("rb", lambda s: s.read(5)))
attempt("readline", using("r", lambda s: s.readline()))
attempt("iterate", using("r", lambda s: list(s)))
attempt("raw", using("rb", lambda s: s.readinto(bytearray(9)), buffering=0))
attempt("seek", using("rb", lambda s: s.seek(3)))
attempt("tell", using("r+", lambda s: s.tell()))
attempt("write", using("wb", lambda s: (s.write(b"abc"), s.flush())))
attempt("print", using("w", lambda s: print("abc", file=s, flush=True)))
attempt("truncate", using("wb", lambda s: s.truncate(1)))
import sys
attempt("stdin", sys.stdin.readline)
`;

/** What the program prints where files are those of `open`. */
function run(open: () => unknown): string {
  let text = "";
  let errors = "";
  const decoder = new TextDecoder();
  const process = new Process(runtimeModule("debug"), {
    allocator: { geometry: 0, flags: 2, statistics: false },
    memoryLimit: 0,
    hashSeed: [0n, 0n],
    nativeDepth: 60,
    services: {
      streams: {
        output(fd, bytes) {
          if (fd === 1) text += decoder.decode(bytes.slice());
          else errors += decoder.decode(bytes.slice());
          return bytes.length;
        },
        input: () => (open() as OpenFile).read(new Uint8Array(1)),
      },
      files: { open: () => open() as OpenFile, describePath: () => (open() as OpenFile).describe() },
      compile: compileService,
    },
  });
  const status = process.runMain(new TextEncoder().encode(program), "services.py", true);
  process.runtime.finalize();
  assert.equal(errors, "");
  assert.equal(status, 0);
  assert.deepEqual(leftovers(process), { blocks: 0, arenas: 0, names: [] });
  return text;
}

const all = (answer: () => unknown): Partial<Record<keyof OpenFile, () => unknown>> => ({
  read: answer,
  write: answer,
  seek: answer,
  truncate: answer,
  describe: answer,
  isTerminal: answer,
  close: answer,
});

const services: [string, () => unknown][] = [
  [
    "throws",
    () => {
      throw new Error("no reason");
    },
  ],
  [
    "throws what throws",
    () => {
      throw {
        get code() {
          throw new Error("a trap");
        },
      };
    },
  ],
  ["answers undefined", () => undefined],
  ["answers NaN", () => Number.NaN],
  ["answers a negative number", () => -1],
  ["answers too much", () => 1e6],
  ["answers a fraction", () => 0.5],
  ["answers text", () => "text"],
  [
    "answers an object",
    () => ({
      valueOf() {
        throw new Error("a trap");
      },
    }),
  ],
  ["answers a bigint", () => 5n],
];

for (const [name, answer] of services) {
  test(`a file that ${name}`, () => {
    const text = run(() => all(answer));
    for (const line of ["read", "read some", "readline", "iterate", "raw", "write", "print", "stdin"]) {
      assert.match(text, new RegExp(`^${line} OSError: \\[Errno 5\\] Input/output error$`, "m"), line);
    }
  });
  // An object without methods is a file that can do nothing.
  if (name === "answers an object") continue;
  test(`open() that ${name}`, () => {
    const text = run(answer);
    assert.match(text, /^open OSError: \[Errno 5\] Input\/output error: '\/a file'$/m);
  });
}

test("a file whose failures have names", () => {
  const text = run(() =>
    all(() => {
      throw new SystemError("ENOSPC");
    }),
  );
  assert.match(text, /^write OSError: \[Errno 28\] No space left on device$/m);
});
