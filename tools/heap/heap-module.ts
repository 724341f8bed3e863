// The allocator by itself (assembly/api/heap.ts) in a memory of its own: for tests, benchmarks and the replay of traces.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { geometryKind, machine } from "../../src/generated/constants.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const path = (p: string) => join(root, p);

const ENTRY = "assembly/api/heap.ts";
const RUNTIME = "assembly/rt/none";

type Call = (...args: (number | bigint)[]) => number;

/** The module's functions, numbers in and out, and how to see what it writes. */
export type Heap = Record<string, Call> & {
  memory: WebAssembly.Memory;
  text(f: (sink: number) => void): string;
  written: string[];
  at: { frames: [number, number][] };
};

/** The files that the module is made of: those that its first one imports, and theirs. */
function sources(): Set<string> {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, imported] of readFileSync(path(file), "utf8").matchAll(/ from "(\.[^"]+)"/g)) {
      visit(`${join(dirname(file), imported!)}.ts`);
    }
  };
  visit(ENTRY);
  visit(`${RUNTIME}.ts`);
  return found;
}

/**
 * Compiles the module where it is missing or older than its sources. `debug`: with assertions; `shared`: for a shared
 * memory. Returns its file.
 */
export function buildHeap(debug = false, shared = false): string {
  const out = path(`build/heap${shared ? ".shared" : ""}${debug ? ".debug" : ""}.wasm`);
  const newest = Math.max(...[...sources()].map((file) => statSync(path(file)).mtimeMs));
  if (existsSync(out) && statSync(out).mtimeMs > newest) return out;
  mkdirSync(path("build"), { recursive: true });
  // Several tests may build it at once; each sees a whole file.
  const made = `${out}.${process.pid}.wasm`;
  const asc = path("node_modules/assemblyscript/bin/asc.js");
  const options = ["--runtime", `./${RUNTIME}`, "--memoryBase", "4096", "--importMemory", "--exportTable"];
  options.push(...(debug ? ["-O1", "--debug"] : ["-O3", "--noAssert"]), "-o", made);
  if (shared) options.push("--sharedMemory", "--maximumMemory", String(machine.WASM_PAGES_MAX), "--enable", "threads");
  const run = spawnSync(process.execPath, [asc, ENTRY, ...options], { cwd: root, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`asc failed\n${run.stderr}`);
  renameSync(made, out);
  return out;
}

const modules = new Map<string, WebAssembly.Module>();

/** The embedder's side of one instance. */
function imports(memory: WebAssembly.Memory, written: string[], at: Heap["at"]): WebAssembly.Imports {
  const decoder = new TextDecoder();
  const env = {
    memory,
    frames(buffer: number, limit: number) {
      new Uint32Array(memory.buffer, buffer, limit * 2).set(at.frames.slice(0, limit).flat());
      return at.frames.length;
    },
    abort(message: number, file: number, line: number) {
      const literal = (p: number) => {
        const bytes = new Uint32Array(memory.buffer)[(p - 4) >> 2]!;
        return String.fromCharCode(...new Uint16Array(memory.buffer, p, bytes >> 1));
      };
      throw new Error(`assertion failed: ${message ? literal(message) : ""} at ${literal(file)}:${line}`);
    },
    write(p: number, length: number) {
      written.push(decoder.decode(new Uint8Array(memory.buffer, p, length).slice()));
    },
  };
  // The log of the heap, which is off here.
  const host = { logClock: () => 0, logHeap: () => 0 };
  return { env, heap: env, host };
}

export interface HeapOptions {
  geometry?: "classic" | "radix";
  /** Bytes that may be mapped, 0 for no limit. */
  limit?: number;
  /** The flags of the allocator in spec/constants.txt. */
  flags?: number;
  /** With assertions. */
  debug?: boolean;
  /** In a shared memory. */
  shared?: boolean;
  /** Another instance over this memory, which holds a heap already. */
  over?: WebAssembly.Memory;
}

/**
 * A heap: the module's exports, its memory, `text(f)`: what `f(sink)` writes, and `at.frames`: the pairs (file name,
 * line) that the program is at, for tracing to see.
 */
export function loadHeap(options: HeapOptions = {}): Heap {
  const { geometry = "classic", limit = 0, flags = 0, debug = false, shared = false, over } = options;
  const file = buildHeap(debug, shared);
  let module = modules.get(file);
  if (module === undefined) modules.set(file, (module = new WebAssembly.Module(readFileSync(file))));
  const memory = over ?? new WebAssembly.Memory({ initial: 64, maximum: machine.WASM_PAGES_MAX, shared });
  const written: string[] = [];
  const at: Heap["at"] = { frames: [] };
  const exports = new WebAssembly.Instance(module, imports(memory, written, at)).exports as Record<string, Call>;
  if (!over) {
    exports.machineInit!(limit);
    exports.pymemInit!(geometry === "radix" ? geometryKind.GEOMETRY_RADIX : geometryKind.GEOMETRY_CLASSIC, flags);
  }
  const text = (f: (sink: number) => void) => {
    written.length = 0;
    try {
      f(exports.writeSink!());
    } finally {
      exports.textFlush!();
    }
    return written.join("");
  };
  return { ...exports, memory, text, written, at } as unknown as Heap;
}
