/**
 * Part of the build: initialises the runtime of a module and appends the memory that this makes to the module, for
 * processes to start with (src/snapshot/startimage.ts), and what the module itself puts into the memory, instead of that.
 *
 *   node --import tsx tools/build/start-image.ts FILE.wasm
 */
import { readFileSync, writeFileSync } from "node:fs";
import { machine } from "../../src/generated/constants.ts";
import { addresses } from "../../src/generated/memory.ts";
import { memorySource, survey } from "../../src/inspect/index.ts";
import { usedRuns } from "../../src/inspect/source/saved.ts";
import { hostImports } from "../../src/kernel/generated/dispatch.ts";
import { systemCalls } from "../../src/kernel/kernel.ts";
import { encodeConfig, isolatedConfig } from "../../src/process/config.ts";
import type { RuntimeExports } from "../../src/process/exports.ts";
import { loadLibrary } from "../../src/process/load.ts";
import { differences, encodeStartImage, type ImageKind, sections } from "../../src/snapshot/startimage.ts";
import { customSection, dataSegments, withoutData } from "./wasm.mjs";

const DEPTH = 100;

const file = process.argv[2]!;
const bytes = readFileSync(file);
const module = new WebAssembly.Module(bytes);
const base = start("base");
const images = { data: dataOf(bytes), base: imageOf(base), site: imageOf(start("site"), base) };
const appended = Object.entries(images).map(([kind, image]) => customSection(sections[kind as ImageKind], image));
writeFileSync(file, Buffer.concat([withoutData(bytes), ...appended]));

/** The module's static data: one run, with zeros between the segments. */
function dataOf(wasm: Buffer): Uint8Array {
  const segments = dataSegments(wasm);
  const start = Math.min(...segments.map(([address]) => address));
  const end = Math.max(...segments.map(([address, { length }]) => address + length));
  const data = new Uint8Array(end - start);
  for (const [address, contents] of segments) data.set(contents, address - start);
  return encodeStartImage({ end, objects: new Uint8Array(), runs: [[start, data]] });
}

/** The memory of a runtime that has been initialised and, for site, has imported that without running it. */
function start(kind: "base" | "site"): WebAssembly.Memory {
  const memory = new WebAssembly.Memory({ initial: 64, maximum: machine.WASM_PAGES_MAX, shared: true });
  const abort = (): never => {
    throw new Error("assertion failed");
  };
  const allocate = (n: number): number => runtime.PyMem_RawMalloc(n);
  const calls = systemCalls({ compile: abort, library: loadLibrary() });
  const host = hostImports(memory, { calls }, allocate);
  const instance = new WebAssembly.Instance(module, { env: { memory, abort }, host });
  const runtime = instance.exports as unknown as RuntimeExports;
  if (runtime.initialize(0, 0, 0, 0n, 0n, DEPTH) < 0) throw new Error("the runtime does not start");
  if (kind === "site") {
    // Where the library lies is known only when a process starts.
    const config = encodeConfig(isolatedConfig, undefined);
    const p = runtime.PyMem_RawMalloc(config.length);
    new Uint8Array(memory.buffer, p, config.length).set(config);
    const ok = runtime.configure(p, config.length) === 0 && runtime.preloadSite() === 0;
    runtime.PyMem_RawFree(p);
    if (!ok) throw new Error("site cannot be imported");
  }
  return memory;
}

/** The image of a memory; what it puts over another, `below`, where that is given. */
function imageOf({ buffer }: WebAssembly.Memory, below?: WebAssembly.Memory): Uint8Array {
  // What lies below is the module's data.
  const used = usedRuns(buffer, addresses.RUNTIME);
  const runs = used.map(([at, length]): [number, Uint8Array] => [at, new Uint8Array(buffer, at, length)]);
  const [memory, under] = [new Uint8Array(buffer), below && new Uint8Array(below.buffer)];
  if (under && under.length > memory.length) throw new Error("the memory that lies below is longer");
  const end = buffer.byteLength;
  const [lastAddress, lastLength] = used.at(-1)!;
  if (lastAddress + lastLength > end - machine.WASM_PAGE_SIZE) throw new Error("no free page at the end of the memory");

  const { inPools, chunks } = survey(memorySource(buffer));
  const objects = [...inPools, ...chunks].flatMap((b) => (b.object ? [b.object] : []));
  const named = (...names: string[]) => objects.filter((o) => names.includes(o.type.name)).map((o) => o.address);
  // Classes made at run time are of other metaclasses too.
  const classes = named("type", "ABCMeta");
  const concerned = Uint32Array.from([...named("str", "bytes"), ...named("dict", "set", "frozenset"), ...classes]);
  return encodeStartImage({
    end,
    objects: new Uint8Array(concerned.buffer),
    runs: under ? differences(under, memory) : runs,
  });
}
