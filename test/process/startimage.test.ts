// A process that starts from its module's image is the one that initialising makes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { systemCalls as kinds, machine } from "../../src/generated/constants.ts";
import { addresses, roots } from "../../src/generated/memory.ts";
import { hostImports } from "../../src/kernel/generated/dispatch.ts";
import { systemCalls } from "../../src/kernel/kernel.ts";
import { encodeConfig, isolatedConfig } from "../../src/process/config.ts";
import type { RuntimeExports } from "../../src/process/exports.ts";
import { loadLibrary } from "../../src/process/load.ts";
import { readStartImage } from "../../src/snapshot/startimage.ts";
import { runtimeModule, startProcess } from "./support.ts";

const library = loadLibrary();

function initialised(shared: boolean, depth: number): Uint8Array {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: machine.WASM_PAGES_MAX, shared });
  const imports = {
    env: { memory, abort: () => assert.fail("abort") },
    host: hostImports(
      memory,
      {
        calls: systemCalls({
          streams: { output: (_, b) => b.length, input: () => 0, isTerminal: () => false },
          compile: () => assert.fail("compile"),
          library,
        }),
      },
      (n) => runtime.PyMem_RawMalloc(n),
    ),
  };
  readStartImage(runtimeModule("vitrine", shared), "data")!.fill(new Uint8Array(memory.buffer));
  const runtime: RuntimeExports = new WebAssembly.Instance(runtimeModule("vitrine", shared), imports)
    .exports as unknown as RuntimeExports;
  assert.equal(runtime.initialize(0, 0, 0, 0n, 0n, depth), 0);
  runtime.connectErrors(0);
  const config = encodeConfig(isolatedConfig, library.folder);
  const p = runtime.PyMem_RawMalloc(config.length + 1);
  new Uint8Array(memory.buffer, p, config.length).set(config);
  assert.equal(runtime.configure(p, config.length), 0);
  runtime.PyMem_RawFree(p);
  assert.equal(runtime.openStreams(), 0);
  assert.equal(runtime.prepareMain(), 0);
  return new Uint8Array(memory.buffer);
}

for (const shared of [false, true]) {
  test(`the same bytes (${shared ? "a shared memory" : "a memory of its own"})`, () => {
    assert.ok(readStartImage(runtimeModule("vitrine", shared), "base"), "no image");
    const resumed = startProcess("vitrine", { text: "", errors: "" }, { shared, library });
    const [a, b] = [initialised(shared, 60), new Uint8Array(resumed.memory.buffer)];
    assert.equal(a.length, b.length);
    const differences: string[] = [];
    // How often this process has looked for signals, and whether it has asked the host to: since it began.
    const asked = roots.os.system_calls[0] + 4 * kinds.indexOf("other");
    const own = [roots.signal.watched[0], roots.signal.looks[0], asked].map((address) => address & ~3);
    for (let at = addresses.RUNTIME; at < a.length; at++) {
      if (a[at] !== b[at] && !own.includes(at & ~3) && differences.length < 10)
        differences.push(`0x${at.toString(16)}`);
    }
    assert.deepEqual(differences, []);
  });
}

// Every key of every dict and set that stands after the start is found where its hash says.
const LOOK = `
import sys, gc
def look(d):
    global n
    for key in list(d):
        n += 1
        assert key in d, key
        assert isinstance(d, frozenset) or d[key] is d[str(bytes(key, "utf-8"), "utf-8") if type(key) is str else key]
n = 0
seen = [object]
for t in seen:
    look(vars(t))
    for name in vars(t):
        try: getattr(t, name)
        except AttributeError: pass
    seen += [s for s in type.__subclasses__(t) if s not in seen]
for m in sys.modules.values(): look(vars(m))
for o in gc.get_objects():
    if type(o) is dict: look(o)
look(sys.stdlib_module_names)
assert sys.intern("zip" + str()) is "zip"[:]
print(n > 1500, sys.flags.hash_randomization, hash("abc"), hash(b"abc"))
`;

test("with another hash key everything is found", () => {
  const texts = new Set<string>();
  for (const seed of [0n, 1n, 0x123456789abcdefn]) {
    for (const name of ["vitrine", "debug"]) {
      const output = { text: "", errors: "" };
      const process = startProcess(name, output, { hashSeed: [seed, seed * 3n] });
      assert.equal(process.runMain(new TextEncoder().encode(LOOK), "look.py", true), 0, output.errors);
      assert.match(output.text, seed === 0n ? /^True 0 / : /^True 1 /);
      texts.add(output.text);
      process.runtime.finalize();
      assert.equal(process.runtime.getallocatedblocks(), 0);
    }
  }
  // The same for both builds, another for each key.
  assert.equal(texts.size, 3);
});
