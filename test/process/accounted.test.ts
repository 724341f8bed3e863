// After a program has run, the reader can name what each block in use holds: an object by its type, a part of one or of
// the runtime, or what is kept for reuse. The programs leave behind what is hard to name: suspended generators,
// tracebacks, classes, open files, iterators in the middle.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { allocator } from "../../src/generated/constants.ts";
import { inspect } from "../../src/inspect/findings.ts";
import { memorySource } from "../../src/inspect/source/memory.ts";
import { survey } from "../../src/inspect/survey.ts";
import { compileService } from "../../src/kernel/compile.ts";
import { nodeClock, nodeEntropy } from "../../src/platform/node.ts";
import { nodeFiles } from "../../src/platform/nodefiles.ts";
import { loadLibrary } from "../../src/process/load.ts";
import { Process } from "../../src/process/process.ts";
import { runtimeModule } from "./support.ts";

const { DEBUG_HOOKS } = allocator;

// A program runs in one of them: in turn.
const modes = [
  { geometry: 0, flags: 0 },
  { geometry: 1, flags: 0 },
  { geometry: 0, flags: DEBUG_HOOKS },
];

const root = fileURLToPath(new URL("../..", import.meta.url));
const programs = ["test/process/heaps", "test/python", "examples"].flatMap((folder) =>
  readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".py"))
    .map((path) => `${folder}/${path}`)
    .sort(),
);
assert.ok(programs.length > 40);

function run(program: string, { geometry, flags }: (typeof modes)[number]): Process {
  const path = `${root}/${program}`;
  const process = new Process(runtimeModule("debug"), {
    allocator: { flags, geometry, statistics: false },
    memoryLimit: 0,
    hashSeed: [0n, 0n],
    nativeDepth: 60,
    config: { program: { kind: "file", path }, argv: [path], path0: dirname(path) },
    services: {
      streams: { output: (_fd, bytes) => bytes.length, input: () => 0, isTerminal: () => false },
      files: nodeFiles,
      clock: nodeClock,
      entropy: nodeEntropy,
      compile: compileService,
      library: loadLibrary(),
    },
  });
  process.main();
  return process;
}

programs.forEach((program, i) => {
  test(`${program}: every block is accounted for`, () => {
    const { memory, runtime } = run(program, modes[i % modes.length]!);
    const found = survey(memorySource(memory.buffer));
    const { inPools: blocks, chunks, heap, libc, machine } = found;
    assert.equal(blocks.length + heap.rawBlocks!, runtime.getallocatedblocks());
    const unknown = [...blocks, ...chunks].filter((block) => block.kind === "unknown");
    assert.deepEqual(
      unknown.slice(0, 5).map((b) => `${b.name}: ${b.size} bytes at 0x${b.address.toString(16)}`),
      [],
    );
    for (const block of [...blocks, ...chunks]) assert.equal(typeof found.describe(block.number), "string");
    const parts = machine!.mappings.filter((m) => m.kind === "block");
    assert.equal(parts.length, libc!.chunks.mapped);
    assert.equal(runtime.checkHeap() + runtime.checkMalloc() + runtime.checkPages(), 0);
  });
});

test("what keeps nearly empty arenas: the objects, and who holds them", () => {
  const { memory } = run("test/process/heaps/holes.py", modes[0]!);
  const found = inspect(memorySource(memory.buffer));
  const { survey: s } = found;
  const byValue = (type: string, value: string) =>
    s.inPools.find((b) => b.name === type && s.describe(b.number) === value)!;
  const kept = byValue("int", "104979");
  assert.equal(s.ways.to(kept.number), "__main__.k[21][0]");
  assert.deepEqual([kept.object!.refcount, kept.generation, kept.size], [1, undefined, 32]);
  assert.equal(s.ways.to(s.walk.blocks.ownerOf(kept.number)), "__main__.k[21][0]");
  const holders = found.answer.pinned.filter((p) => p.single).map((p) => p.way);
  assert.ok(holders.includes("__main__.k"), holders.join());
});
