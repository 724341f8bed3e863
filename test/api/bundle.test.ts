// What `import "vitrine"` gives: the bundle finds its runtime from wherever the importing program is, and has types.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Bytes of the package, of which the library is 5.8 million. */
const PACKED_MOST = 8e6;

test("the bundle runs in another folder", () => {
  const bundle = new URL("../../dist/index.mjs", import.meta.url).href;
  const folder = mkdtempSync(join(tmpdir(), "vitrine-"));
  try {
    const program = join(folder, "program.mjs");
    const source = `import { Interpreter, PythonError } from ${JSON.stringify(bundle)};
      const python = new Interpreter();
      python.run("x = [n * n for n in range(4)]");
      try { python.run("x[9]"); } catch (e) { console.log(e instanceof PythonError, e.type); }
      console.log(JSON.stringify(python.evaluate("x")), python.dispose());`;
    writeFileSync(program, source);
    const out = execFileSync(process.execPath, [program], { cwd: folder, encoding: "utf8" });
    assert.equal(out, "true IndexError\n[0,1,4,9] 0\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the engine is left as it was: what is no module is refused at once", () => {
  const bundle = new URL("../../dist/index.mjs", import.meta.url).href;
  // A function with an instruction that there is not.
  const bytes = "0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,10,6,1,4,0,254,255,11";
  const program = `import { Interpreter } from ${JSON.stringify(bundle)};
    new Interpreter().evaluate("1");
    try { new WebAssembly.Module(new Uint8Array([${bytes}])); } catch (e) { console.log(e.name); }`;
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  assert.equal(out, "CompileError\n");
});

test("what is exported has its name; what the package does not have is refused", () => {
  const bundle = new URL("../../dist/index.mjs", import.meta.url).href;
  const program = `import * as vitrine from ${JSON.stringify(bundle)};
    const { Interpreter, ...others } = vitrine;
    for (const [name, value] of Object.entries(vitrine))
      if (/^[A-Z]/.test(name) && value.name !== name) console.log(name, value.name);
    const disposed = new Interpreter();
    disposed.dispose();
    const python = new Interpreter();
    for (const act of [
      () => python.run("1/0"),
      () => python.run("while True: pass", { timeLimit: 20 }),
      () => Interpreter.restore(new Uint8Array(3)),
      () => disposed.run("1"),
      () => new Interpreter({ memoryLimit: "64K" }),
    ]) {
      try { act(); } catch (e) { console.log(e.name, e.constructor.name, String(e).split(":")[0], e instanceof others[e.name]); }
    }`;
  const out = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const names = ["PythonError", "LimitError", "SnapshotError", "InterpreterError", "StartError"];
  assert.equal(out, names.map((name) => `${name} ${name} ${name} true\n`).join(""));
});

test("the compiler and the reader can be used alone", () => {
  project((folder) => {
    const program = `import { Interpreter } from "vitrine";
      import { compile, marshalCode } from "vitrine/compiler";
      import * as inspect from "vitrine/inspect";
      console.log(marshalCode(compile("x = 1 + 2", "a.py", "exec")).constructor.name, Object.keys(inspect).length > 0);`;
    writeFileSync(join(folder, "program.mjs"), program);
    const out = execFileSync(process.execPath, [join(folder, "program.mjs")], { cwd: folder, encoding: "utf8" });
    assert.equal(out, "Uint8Array true\n");
  });
});

/** A folder in which the package is installed. */
function project(use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/vitrine"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ways = [
  ["--module", "nodenext"],
  ["--module", "preserve", "--moduleResolution", "bundler"],
];
for (const [i, way] of ways.entries()) {
  test(`the package has types, without those of Node or a page: ${way.at(-1)}`, () => {
    project((folder) => {
      const program = join(folder, "program.ts");
      const source = `import { Interpreter, LimitError, load, PythonObject, type PythonValue, type Survey } from "vitrine";
        import { compile, parse, type PySyntaxError } from "vitrine/compiler";
        ${i === 0 ? "" : "export type Code = ReturnType<typeof compile> & typeof parse & PySyntaxError;"}
        await load();
        const python = new Interpreter({ memoryLimit: "64M", functions: { f: (n: number) => n } });
        const survey: Survey = python.survey();
        export const count: number = survey.totals[0]!.count;
        const value: PythonValue = python.evaluate("1");
        if (value instanceof PythonObject) value.call(1, [2]);
        using copy = python.fork();
        copy.run("1", { timeLimit: 5 });
        const remote = await Interpreter.start({ stdout: (text: string) => text });
        export const text: Promise<Uint8Array> = remote.snapshot();
        export const isTime = (error: unknown) => error instanceof LimitError && error.limit === "time";
        // @ts-expect-error: a number
        export const left: string = python.dispose();
        // @ts-expect-error: no such option
        new Interpreter({ memorylimit: 1 });`;
      writeFileSync(program, source);
      const flags = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022", ...way, "--types", ""];
      execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...flags, program], {
        cwd: folder,
        encoding: "utf8",
      });
    });
  });
}

test("a bundle for Node finds the package's parts", async () => {
  const { build } = await import("esbuild");
  const folder = mkdtempSync(join(tmpdir(), "vitrine-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/vitrine"));
    const source =
      'import { Interpreter } from "vitrine";\nconst python = await Interpreter.start();\nconsole.log(await python.evaluate("1 + 1"), new Interpreter().evaluate("2 + 2"));\nawait python.dispose();\n';
    writeFileSync(join(folder, "program.mjs"), source);
    await build({
      absWorkingDir: folder,
      entryPoints: ["program.mjs"],
      bundle: true,
      platform: "node",
      format: "esm",
      outfile: "out/program.mjs",
      logLevel: "error",
    });
    const out = execFileSync(process.execPath, [join(folder, "out/program.mjs")], { cwd: folder, encoding: "utf8" });
    assert.equal(out, "2 4\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("what is packed is what is needed, once", () => {
  const json = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [{ files, size }] = JSON.parse(json) as [{ files: { path: string; size: number }[]; size: number }];
  const names = files.map(({ path }) => path);
  for (const needed of [
    "LICENSE",
    "README.md",
    "build/vitrine.wasm",
    "build/library.bin",
    "dist/index.mjs",
    "dist/browser.mjs",
  ])
    assert.ok(names.includes(needed), needed);
  assert.deepEqual(
    names.filter((name) => /\.map$|\.cache$|debug|\.shared\./.test(name)),
    [],
  );
  const contents = names.map((name) =>
    createHash("sha256")
      .update(readFileSync(join(root, name)))
      .digest("hex"),
  );
  assert.equal(new Set(contents).size, names.length);
  // Whoever packs a fresh clone builds first; what the package points to is in it.
  const { scripts, exports, typesVersions, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  assert.equal(scripts.prepack, scripts.build);
  const named = JSON.stringify([exports, typesVersions, bin]).match(/(?<=")(\.\/)?(dist|build)\/[^"]+/g)!;
  for (const name of named) assert.ok(names.includes(name.replace("./", "")), name);
  assert.equal(names.filter((name) => name.endsWith(".wasm")).length, 1);
  assert.ok(size < PACKED_MOST, `${size} bytes`);
});

// Engines that do not let machine code be kept have none.
const machineCode = join(root, "dist/vitrine.cache");
const skip = existsSync(machineCode) ? false : "this engine keeps no machine code";
test("the command takes the machine code of its own build, and does without that of another", { skip }, () => {
  const copy = mkdtempSync(join(tmpdir(), "vitrine-package-"));
  try {
    for (const part of ["build/vitrine.wasm", "build/library.bin", "dist", "package.json"])
      cpSync(join(root, part), join(copy, part), { recursive: true });
    const tell = join(copy, "tell.cjs");
    writeFileSync(
      tell,
      "const { Module } = WebAssembly; WebAssembly.Module = class extends Module {\n" +
        '  constructor(bytes) { super(bytes); process.on("exit", () => console.log("compiled")); }\n};\n',
    );
    const run = () =>
      execFileSync(process.execPath, ["--require", tell, join(copy, "dist/cli.js"), "-c", "print(6 * 7)"], {
        encoding: "utf8",
      });
    assert.equal(run(), "42\n");
    const cache = join(copy, "dist/vitrine.cache");
    const code = readFileSync(cache);
    for (const other of [
      Buffer.concat([Buffer.from("another build id"), code.subarray(16)]),
      code.subarray(0, 9),
      code.subarray(0, code.length - 1000),
      Buffer.alloc(0),
    ]) {
      writeFileSync(cache, other);
      assert.equal(run(), "42\ncompiled\n");
    }
    rmSync(cache);
    assert.equal(run(), "42\ncompiled\n");
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test("a package without V8's caches makes them when it first runs, and takes them the next time", () => {
  const copy = mkdtempSync(join(tmpdir(), "vitrine-package-"));
  try {
    for (const part of ["build/vitrine.wasm", "build/library.bin", "dist", "package.json"])
      cpSync(join(root, part), join(copy, part), { recursive: true, filter: (path) => !path.endsWith(".cache") });
    const run = () =>
      execFileSync(process.execPath, [join(copy, "dist/cli.js"), "-c", "print(6 * 7)"], { encoding: "utf8" });
    const caches = () => ["command", "compiler"].map((name) => statSync(join(copy, `dist/${name}.cache`)).mtimeMs);
    assert.equal(run(), "42\n");
    const made = caches();
    assert.equal(run(), "42\n");
    assert.deepEqual(caches(), made);
    assert.deepEqual(
      readdirSync(join(copy, "dist")).filter((name) => /\.cache\./.test(name)),
      [],
    );
  } finally {
    rmSync(copy, { recursive: true });
  }
});
