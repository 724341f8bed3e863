#!/usr/bin/env node
// Builds everything that a user runs: the runtime (AssemblyScript to WebAssembly) into build/, the compiler, host and
// command (TypeScript, bundled) into dist/. What is newer than its sources is left alone.
//
//   node tools/build.mjs [--debug | --all] [--force]
//
// Without a flag: the release runtime, unshared and for shared memory, and the bundles. --debug: only the debug runtime
// (assertions, no optimiser to wait for). --all: everything.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
// Roots and tables of the runtime begin at 1 MiB: see spec/runtime.txt.
const RUNTIME_ADDRESS = 0x100000;
const PAGES_MAX = 32768;

/** The time of the newest file below the paths. */
function newest(...paths) {
  let time = 0;
  for (const path of paths) {
    const stat = statSync(path);
    if (!stat.isDirectory()) time = Math.max(time, stat.mtimeMs);
    else for (const name of readdirSync(path)) time = Math.max(time, newest(join(path, name)));
  }
  return time;
}

const isFresh = (out, time) => existsSync(out) && statSync(out).mtimeMs >= time;

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (status) => (status === 0 ? resolve() : reject(new Error(`${args.join(" ")}: status ${status}`))));
  });
}

/** One past the last byte of a module's data segments. */
function staticDataEnd(bytes) {
  let at = 8;
  const unsigned = () => {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const b = bytes[at++];
      result += (b & 0x7f) * 2 ** shift;
      if (b < 0x80) return result;
    }
  };
  while (at < bytes.length) {
    const id = bytes[at++];
    const size = unsigned();
    const end = at + size;
    if (id === 11) {
      let last = 0;
      for (let count = unsigned(); count > 0; count--) {
        if (unsigned() === 1) {
          at += unsigned();
          continue;
        }
        at++; // i32.const
        const offset = unsigned();
        at++; // end
        const length = unsigned();
        at += length;
        last = Math.max(last, offset + length);
      }
      return last;
    }
    at = end;
  }
  return 0;
}

/** Compiles the runtime to build/NAME.wasm. */
async function buildRuntime({ name, debug, shared }) {
  const out = join(root, "build", `${name}.wasm`);
  if (!force && isFresh(out, runtimeTime)) return;
  const started = Date.now();
  // Several processes may build at once; each sees a whole file.
  const made = `${out}.${process.pid}.wasm`;
  await run([
    "--stack-size=8000",
    "node_modules/assemblyscript/bin/asc.js",
    "assembly/index.ts",
    ...["--runtime", "./assembly/rt/none", "--memoryBase", "4096", "--importMemory", "--exportTable"],
    ...["--transform", "./tools/out-of-line.mjs"],
    ...(debug ? ["-O1", "--debug"] : ["-O3", "--noAssert"]),
    ...(shared ? ["--sharedMemory", "--maximumMemory", String(PAGES_MAX), "--enable", "threads"] : []),
    ...["-o", made],
  ]);
  const end = staticDataEnd(readFileSync(made));
  if (end > RUNTIME_ADDRESS) throw new Error(`${name}: static data reaches 0x${end.toString(16)}, into the roots`);
  renameSync(made, out);
  console.error(
    `${name}.wasm ${(statSync(out).size / 1024).toFixed(0)} KiB, ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
}

async function buildBundles() {
  const out = join(root, "dist");
  if (!force && isFresh(join(out, "cli.js"), newest(join(root, "src"), join(root, "package.json")))) return;
  const options = { bundle: true, platform: "node", format: "esm", target: "node20", logLevel: "warning" };
  await build({
    ...options,
    entryPoints: { cli: join(root, "src/cli/main.ts"), index: join(root, "src/index.ts") },
    outdir: out,
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
  });
}

const flags = new Set(process.argv.slice(2));
const force = flags.has("--force");
const runtimeTime = newest(join(root, "assembly"), join(root, "tools/build.mjs"), join(root, "tools/out-of-line.mjs"));
mkdirSync(join(root, "build"), { recursive: true });

const release = [
  { name: "vitrine", debug: false, shared: false },
  { name: "vitrine.shared", debug: false, shared: true },
];
const debug = [
  { name: "debug", debug: true, shared: false },
  { name: "debug.shared", debug: true, shared: true },
];
const wanted = flags.has("--debug") ? debug.slice(0, 1) : flags.has("--all") ? [...release, ...debug] : release;
try {
  // Two compilers at a time: each takes a core and its share of memory.
  const queue = [...wanted];
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await buildRuntime(next);
  };
  await Promise.all([work(), work(), flags.has("--debug") ? undefined : buildBundles()]);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
