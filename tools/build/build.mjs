#!/usr/bin/env node
// Builds everything that a user runs: the runtime (AssemblyScript to WebAssembly) into build/, the compiler, host and
// command (TypeScript, bundled) into dist/. What is newer than its sources is left alone.
//
//   node tools/build/build.mjs [--quick | --debug | --all] [--force]
//
// Without a flag: the release runtime and the bundles. --debug: only the debug runtime
// (assertions, hardly optimised). --quick: the same, not optimised at all, in half the time, for a loop of edits; any
// other build replaces it. --all: everything.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readConstants } from "./generate/constants.mjs";
import { readAddresses } from "./generate/layouts.mjs";
import { Cursor, customSection, dataSegments, sections } from "./wasm.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const spec = (name) => readFileSync(join(root, "spec", name), "utf8");
const RUNTIME_ADDRESS = readAddresses(spec("runtime.txt")).RUNTIME;
const { WASM_PAGES_MAX } = readConstants(spec("constants.txt"));

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

/** The place of the byte in a module that says whether the memory it imports is shared: bit 1. */
function memoryFlags(bytes) {
  for (const { id, contents } of sections(bytes)) {
    if (id !== 2) continue;
    const cursor = new Cursor(bytes, contents);
    for (let count = cursor.unsigned(); count > 0; count--) {
      cursor.skip();
      cursor.skip();
      const kind = cursor.byte();
      if (kind === 2) return cursor.at;
      if (kind !== 0) throw new Error("the runtime imports functions and a memory, nothing else");
      cursor.unsigned();
    }
  }
  throw new Error("the runtime imports no memory");
}

/**
 * Compiles the runtime to build/NAME.wasm, for a memory that is not shared. For one that is it is the same program:
 * atomic instructions may be used on either, but for those that wait, which the runtime leaves alone on the first. What
 * differs is a bit of the memory that it imports, which src/snapshot/memorykind.ts sets.
 */
async function buildRuntime({ name, debug }) {
  const out = join(root, "build", `${name}.wasm`);
  if (!force && !quick && isFresh(out, debug ? runtimeTime : imageTime)) return;
  const started = Date.now();
  // Several processes may build at once; each sees a whole file.
  const made = `${out}.${process.pid}.wasm`;
  await run([
    "--stack-size=8000",
    // The compiler makes garbage by the gigabyte: a large young generation halves its time.
    "--max-semi-space-size=64",
    "node_modules/assemblyscript/bin/asc.js",
    "assembly/index.ts",
    ...["--runtime", "./assembly/rt/none", "--memoryBase", "4096", "--importMemory", "--exportTable"],
    ...["--transform", "./tools/build/out-of-line.mjs"],
    // Pointers are 32 bits: no code here is meant for 64.
    ...["--disableWarning", "201"],
    ...(debug ? [quick ? "-O0" : "-O1", "--debug"] : ["-O3", "--noAssert"]),
    ...["--sharedMemory", "--maximumMemory", String(WASM_PAGES_MAX), "--enable", "threads"],
    ...["-o", made],
  ]);
  const end = Math.max(...dataSegments(readFileSync(made)).map(([address, bytes]) => address + bytes.length));
  if (end > RUNTIME_ADDRESS) throw new Error(`${name}: static data reaches 0x${end.toString(16)}, into the roots`);
  // Debug builds initialise at every start, so that this is tested too.
  if (!debug) {
    await library;
    await run(["--import", "tsx", "tools/build/start-image.ts", made]);
  }
  const bytes = readFileSync(made);
  bytes[memoryFlags(bytes)] &= ~2;
  // By which a snapshot knows the build that has taken it.
  const id = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  writeFileSync(made, Buffer.concat([bytes, customSection("vitrine.build", Buffer.from(id))]));
  // As old as its beginning: what was edited meanwhile is newer. A quick build is never fresh.
  const time = quick ? 0 : started / 1000;
  utimesSync(made, time, time);
  renameSync(made, out);
  console.error(
    `${name}.wasm ${(statSync(out).size / 1024).toFixed(0)} KiB, ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
}

/**
 * Parts of the command that are loaded when one of their functions is called, as scripts of their own: the modules of each, and
 * what those export.
 */
const PARTS = {
  compiler: {
    "src/kernel/frontend.ts": ["compileService", "tokenizeService"],
    "src/cli/compile.ts": ["run"],
    "src/cli/dis.ts": ["run"],
  },
  reader: {
    "src/view/index.ts": ["heapReport", "saveImage"],
    "src/cli/diff.ts": ["run"],
    "src/cli/heap.ts": ["run"],
    "src/cli/look.ts": ["run"],
  },
  coders: { "src/kernel/coders/index.ts": ["openCoder"] },
  names: { "src/compiler/text/unicode/names.ts": ["characterName", "charactersNamed", "lookupCharacterName"] },
  unicode: { "src/kernel/unicodedata.ts": ["unicodeDatabase"] },
};

/** As a part exports what a module does. */
const exportedAs = (module) => module.replace(/\W/g, "_");

/** In a bundle of the command, replaces these parts by functions that load them. */
const lazyParts = (names) => ({
  name: "lazy-parts",
  setup({ onLoad }) {
    for (const name of names) {
      for (const [module, exports] of Object.entries(PARTS[name])) {
        const file = join(root, module);
        onLoad({ filter: new RegExp(`^${file.replace(/[.\\]/g, "\\$&")}$`) }, () => ({
          loader: "js",
          resolveDir: root,
          contents: `import { loadScript } from "./src/process/script.ts";
            const get = () => loadScript(__dirname, "${name}").${exportedAs(module)};
            ${exports.map((e) => `export const ${e} = (...args) => get().${e}(...args);`).join("\n")}`,
        }));
      }
    }
  },
});

/** Generated modules that the scripts of the command and the modules of the package have in common, as they are large. */
const TABLES = ["character-names", "unicode-database"];
const tableSymbol = (name) => `globalThis[Symbol.for("vitrine.${name}")]`;

/**
 * In place of a table, takes it from the script dist/tables/NAME.js, which sets a global symbol: so the one file is a script
 * and a module. `above`: from the bundle to dist/.
 */
const sharedTables = (above) => ({
  name: "shared-tables",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^table:/ }, ({ path }) => ({
      path: `${above}tables/${path.slice("table:".length)}.js`,
      external: true,
    }));
    onLoad({ filter: new RegExp(`src/generated/(${TABLES.join("|")})\\.ts$`) }, ({ path }) => {
      const name = basename(path, ".ts");
      const exported = [...readFileSync(path, "utf8").matchAll(/^export const (\w+)/gm)].map(([, e]) => e);
      return {
        loader: "js",
        contents: `import "table:${name}"; export const { ${exported.join(", ")} } = ${tableSymbol(name)};`,
      };
    });
  },
});

async function buildTables() {
  for (const name of TABLES)
    await build({
      ...common,
      platform: "neutral",
      format: "iife",
      globalName: "table",
      footer: { js: `${tableSymbol(name)}=table;` },
      entryPoints: [join(root, `src/generated/${name}.ts`)],
      outfile: join(root, `dist/tables/${name}.js`),
    });
}

/** What of Node takes time to load, and few programs need: loaded in the command where its names are used. */
const lazyBuiltins = {
  name: "lazy-builtins",
  setup({ onResolve, onLoad }) {
    const filter = /^node:(module|os|tty|url|v8|worker_threads|zlib)$/;
    onResolve({ filter }, ({ path, namespace }) =>
      namespace === "lazy-builtin" ? { path, external: true } : { path, namespace: "lazy-builtin" },
    );
    // A bundle takes over the prototype of what it imports.
    onLoad({ filter, namespace: "lazy-builtin" }, ({ path }) => ({
      loader: "js",
      contents: `module.exports = Object.create(new Proxy({}, { get: (_, name) => require("${path}")[name] }));`,
    }));
  },
};

/** Packs the standard library. */
async function buildLibrary() {
  const out = join(root, "build/library.bin");
  const sources = [
    "src/compiler",
    "src/library",
    // What the compiler reads of what is generated: the rest changes with every structure.
    ...["ast", "character-names", "constants", "encodings", "grammar", "identifiers", "opcodes"].map(
      (name) => `src/generated/${name}.ts`,
    ),
    "tools/build/library.ts",
    "node_modules/pyodide/package.json",
  ];
  if (!force && isFresh(out, newest(...inRoot(...sources)))) return;
  await run(["--import", "tsx", "tools/build/library.ts"]);
}

/** A script that is called with what Node gives a module of its own (src/process/script.ts). */
const asFunction = (banner = "") => ({
  banner: { js: `(function (module, exports, require, __dirname) {${banner}` },
  footer: { js: "})" },
});

const common = { bundle: true, platform: "node", target: "node20", logLevel: "warning", minify: true };
const scripts = {
  ...common,
  format: "cjs",
  banner: { js: 'const __vitrineRoot=require("node:path").join(__dirname,"..");' },
  define: { VITRINE_ROOT: "__vitrineRoot" },
  logOverride: { "empty-import-meta": "silent" },
};

/** The script of a part, beside the command's. */
function buildPart(name) {
  return build({
    ...scripts,
    ...asFunction(),
    define: { VITRINE_ROOT: "__dirname" },
    stdin: {
      contents: Object.keys(PARTS[name])
        .map((module) => `export * as ${exportedAs(module)} from "./${module}";`)
        .join("\n"),
      resolveDir: root,
    },
    // The names of characters are half of what the compiler weighs, and few programs write them.
    plugins: name === "names" ? [sharedTables("./")] : [sharedTables("./"), lazyParts(["names"]), lazyBuiltins],
    outfile: join(root, "dist", `${name}.js`),
  });
}

/** The scripts of the workers: the kernel beside a process, and what runs its threads. */
async function buildWorkers() {
  await build({
    ...scripts,
    entryPoints: [join(root, "src/platform/outside/kernel.ts")],
    outfile: join(root, "dist/kernel.js"),
  });
  await build({
    ...scripts,
    entryPoints: [join(root, "src/threads/worker.ts")],
    outfile: join(root, "dist/thread.js"),
    plugins: [lazyParts(["compiler", "names", "unicode"])],
  });
}

/** What threads need of the bundles, for a command that is run from its sources. */
async function buildThreadScripts() {
  const out = join(root, "dist");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "package.json"), '{ "type": "commonjs" }\n');
  await Promise.all([...["compiler", "names", "unicode"].map(buildPart), buildTables(), buildWorkers()]);
}

/**
 * The modules that programs import, for Node and for browsers: what several need is in chunks, so that each part is there
 * once. src/process/load.ts relies on the chunks' folder.
 */
async function buildModules() {
  const out = join(root, "dist");
  rmSync(join(out, "chunks"), { recursive: true, force: true });
  await build({
    ...common,
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    outExtension: { ".js": ".mjs" },
    external: ["node:*"],
    define: { VITRINE_MODULES: "true" },
    plugins: [sharedTables("../")],
    entryPoints: {
      index: join(root, "src/index.ts"),
      worker: join(root, "src/api/nodeworker.ts"),
      browser: join(root, "src/browser.ts"),
      browserworker: join(root, "src/api/browserworker.ts"),
      compiler: join(root, "src/compiler/index.ts"),
      inspect: join(root, "src/inspect/index.ts"),
    },
    outdir: out,
  });
}

/** Of the declarations, leaves those that the entries lead to: others say what is within. */
function pruneTypes(folder, entries) {
  const reached = new Set();
  const reach = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, path] of text.matchAll(/(?:from|import\()\s*"(\.[^"]+)\.ts"/g))
      reach(join(dirname(file), `${path}.d.ts`));
  };
  for (const entry of entries) reach(join(folder, `${entry}.d.ts`));
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (name.endsWith(".d.ts") && !reached.has(file)) rmSync(file);
  }
}

async function buildBundles() {
  const out = join(root, "dist");
  const time = Math.max(
    newest(join(root, "src"), join(root, "package.json")),
    statSync(join(root, "tools/build/build.mjs")).mtimeMs,
  );
  if (!force && isFresh(join(out, "index.mjs"), time)) return;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "package.json"), '{ "type": "commonjs" }\n');
  await build({
    ...scripts,
    entryPoints: [join(root, "src/cli/start.ts")],
    plugins: [lazyBuiltins],
    outfile: join(out, "cli.js"),
    banner: { js: "#!/usr/bin/env -S node --stack-size=3900" },
    define: { VITRINE_ROOT: "__dirname" },
  });
  await build({
    ...scripts,
    ...asFunction(scripts.banner.js),
    entryPoints: [join(root, "src/cli/main.ts")],
    outfile: join(out, "command.js"),
    plugins: [lazyParts(Object.keys(PARTS)), lazyBuiltins],
  });
  // What sys.executable names can be started.
  chmodSync(join(out, "cli.js"), 0o755);
  for (const name of Object.keys(PARTS)) await buildPart(name);
  await buildTables();
  await buildWorkers();
  await buildModules();
  rmSync(join(out, "types"), { recursive: true, force: true });
  await run(["node_modules/typescript/bin/tsc", "-p", "tools/build/tsconfig.types.json"]);
  pruneTypes(join(out, "types"), ["index", "browser", "compiler/index", "inspect/index"]);
  writeFileSync(join(out, "types/package.json"), '{ "type": "module" }\n');
}

const flags = new Set(process.argv.slice(2));
const force = flags.has("--force");
const quick = flags.has("--quick");
const inRoot = (...paths) => paths.map((path) => join(root, path));
const runtimeTime = newest(...inRoot("assembly", "tools/build/build.mjs", "tools/build/out-of-line.mjs"));
// A release build is run once by these.
const imageTime = Math.max(
  runtimeTime,
  newest(
    ...inRoot(
      "tools/build/start-image.ts",
      "tools/build/library.ts",
      "src/compiler",
      "src/kernel",
      "src/process",
      "src/snapshot",
      "src/inspect",
    ),
  ),
);
mkdirSync(join(root, "build"), { recursive: true });

const release = { name: "vitrine", debug: false };
const debug = { name: "debug", debug: true };
const onlyDebug = quick || flags.has("--debug");
const wanted = onlyDebug ? [debug] : flags.has("--all") ? [release, debug] : [release];
const library = buildLibrary();
try {
  await Promise.all([...wanted.map(buildRuntime), library, onlyDebug ? buildThreadScripts() : buildBundles()]);
  // The scripts are tried with the runtime that goes with them.
  if (!onlyDebug) {
    await run(["--import", "tsx", "tools/build/code-cache.ts"]);
    // Without it the command only starts more slowly.
    await run(["--import", "tsx", "tools/build/machine-code.ts"]).catch(() => {
      console.error("this engine does not let machine code be kept");
    });
  }
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
