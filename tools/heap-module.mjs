// The allocator by itself (assembly/api/heap.ts) in a memory of its own: for tests, benchmarks and the replay of traces.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

// 2 GiB.
const PAGES_MAX = 32768;
const root = new URL("../", import.meta.url);
const path = (p) => fileURLToPath(new URL(p, root));

function newestSource() {
  let newest = 0;
  for (const folder of ["api", "os", "memory", "generated", "rt"])
    for (const file of readdirSync(path(`assembly/${folder}`)))
      newest = Math.max(newest, statSync(path(`assembly/${folder}/${file}`)).mtimeMs);
  return newest;
}

/**
 * Compiles the module where it is missing or older than its sources. `debug`: with assertions; `shared`: for a shared
 * memory. Returns its file.
 */
export function buildHeap(debug = false, shared = false) {
  const out = path(`build/heap${shared ? ".shared" : ""}${debug ? ".debug" : ""}.wasm`);
  if (existsSync(out) && statSync(out).mtimeMs > newestSource()) return out;
  mkdirSync(path("build"), { recursive: true });
  // Several tests may build it at once; each sees a whole file.
  const made = `${out}.${process.pid}.wasm`;
  const asc = path("node_modules/assemblyscript/bin/asc.js");
  const options = ["--runtime", "./assembly/rt/none", "--memoryBase", "4096", "--importMemory", "--exportTable"];
  options.push(...(debug ? ["-O1", "--debug"] : ["-O3", "--noAssert"]), "-o", made);
  if (shared) options.push("--sharedMemory", "--maximumMemory", String(PAGES_MAX), "--enable", "threads");
  const run = spawnSync(process.execPath, [asc, "assembly/api/heap.ts", ...options], {
    cwd: path("."),
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(`asc failed\n${run.stderr}`);
  renameSync(made, out);
  return out;
}

const modules = new Map();

/** The embedder's side of one instance. */
function imports(memory, written, at) {
  const decoder = new TextDecoder();
  const env = {
    memory,
    frames(buffer, limit) {
      new Uint32Array(memory.buffer, buffer, limit * 2).set(at.frames.slice(0, limit).flat());
      return at.frames.length;
    },
    abort(message, file, line) {
      const literal = (p) => {
        const bytes = new Uint32Array(memory.buffer)[(p - 4) >> 2];
        return String.fromCharCode(...new Uint16Array(memory.buffer, p, bytes >> 1));
      };
      throw new Error(`assertion failed: ${message ? literal(message) : ""} at ${literal(file)}:${line}`);
    },
    write(p, length) {
      written.push(decoder.decode(new Uint8Array(memory.buffer, p, length).slice()));
    },
  };
  return { env, heap: env };
}

/**
 * A heap. `geometry`: "classic" or "radix"; `limit`: bytes that may be mapped, 0 for no limit; `flags`: as
 * assembly/memory/flags.ts; `debug`: with assertions; `shared`: in a shared memory; `over`: another instance over this
 * memory, which holds a heap already. Returns the module's exports, its memory, `text(f)`: what `f(sink)` writes, and
 * `at.frames`: the pairs (file name, line) that the program is at, for tracing to see.
 */
export function loadHeap({ geometry = "classic", limit = 0, flags = 0, debug = false, shared = false, over } = {}) {
  const file = buildHeap(debug, shared);
  if (!modules.has(file)) modules.set(file, new WebAssembly.Module(readFileSync(file)));
  const memory = over ?? new WebAssembly.Memory({ initial: 64, maximum: PAGES_MAX, shared });
  const written = [];
  const at = { frames: [] };
  const { exports } = new WebAssembly.Instance(modules.get(file), imports(memory, written, at));
  if (!over) {
    exports.machineInit(limit);
    exports.pymemInit(geometry === "radix" ? 1 : 0, flags);
  }
  const text = (f) => {
    written.length = 0;
    try {
      f(exports.writeSink());
    } finally {
      exports.textFlush();
    }
    return written.join("");
  };
  return { ...exports, memory, text, written, at };
}
