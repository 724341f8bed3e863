// Keeps the house tidy: which way imports go, what state may exist, names that may not, how files begin.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pathToPython, readCallGraph, readQuiet, runsPython } from "../tools/build/call-graph.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

function filesBelow(folder: string, suffix: RegExp): string[] {
  const found: string[] = [];
  const visit = (path: string) => {
    for (const name of readdirSync(path).sort()) {
      if (["node_modules", ".git", "generated"].includes(name)) continue;
      const inner = join(path, name);
      if (statSync(inner).isDirectory()) visit(inner);
      else if (suffix.test(name)) found.push(relative(root, inner).split(sep).join("/"));
    }
  };
  visit(join(root, folder));
  return found;
}

const text = (file: string) => readFileSync(join(root, file), "utf8");
const none = (problems: string[]) => assert.equal(problems.join("\n"), "");

/** From left to right: a file imports from its own layer and those before it. */
const layers = [
  "rt",
  "generated",
  "os",
  "memory",
  "thread",
  "objects",
  "gc",
  "marshal",
  "imports",
  "vm",
  "threads",
  "modules",
  "api",
];

test("imports in the runtime go leftwards", () => {
  const problems: string[] = [];
  for (const file of filesBelow("assembly", /\.ts$/)) {
    const own = file.split("/")[1]!.replace(/\.ts$/, "");
    if (own === "index") continue;
    for (const [, path] of text(file).matchAll(/from "(\.[^"]+)"/g)) {
      const target = relative(root, resolve(root, dirname(file), path!)).split(sep)[1]!;
      if (layers.indexOf(target) < 0) problems.push(`${file}: imports ${path}, which is in no layer`);
      else if (layers.indexOf(target) > layers.indexOf(own)) problems.push(`${file}: imports ${path} to its right`);
    }
  }
  none(problems);
});

test("the rooms of src import one way", () => {
  const allowed: Record<string, string[]> = {
    generated: [],
    compiler: ["generated"],
    layouts: ["generated"],
    inspect: ["generated", "layouts"],
    view: ["inspect"],
    snapshot: ["generated", "inspect"],
    library: [],
    kernel: ["generated", "compiler", "library"],
    platform: ["generated", "inspect", "kernel"],
    process: ["generated", "inspect", "library", "snapshot", "kernel"],
    threads: ["generated", "kernel", "platform", "process"],
    api: ["generated", "library", "inspect", "snapshot", "view", "kernel", "platform", "process"],
    cli: ["generated", "compiler", "inspect", "view", "kernel", "platform", "process", "threads"],
  };
  const problems: string[] = [];
  for (const file of filesBelow("src", /\.ts$/)) {
    const own = file.split("/")[1]!;
    // The entries of the package.
    if (own.endsWith(".ts")) continue;
    if (!(own in allowed)) problems.push(`${file}: no room is called ${own}`);
    for (const [, path] of text(file).matchAll(/from "(\.[^"]+)"/g)) {
      const target = relative(root, resolve(root, dirname(file), path!)).split(sep)[1]!;
      if (target !== own && !allowed[own]?.includes(target)) problems.push(`${file}: imports ${path}`);
    }
  }
  none(problems);
});

test("the runtime has no state outside the heap", () => {
  const problems: string[] = [];
  for (const file of filesBelow("assembly", /\.ts$/)) {
    text(file)
      .split("\n")
      .forEach((line, i) => {
        const where = `${file}:${i + 1}: ${line.trim()}`;
        if (/^(export )?(let|var) /.test(line) && file !== "assembly/thread/current.ts") problems.push(where);
        if (/^\s*(@\w+ )?static (?!readonly )\w+\s*(:[^=(]*)?=/.test(line)) problems.push(where);
        if (/\bnew (Array|Map|Set|StaticArray|Uint8Array|ArrayBuffer)\b/.test(line)) problems.push(where);
        if (/^@(inline|lazy|unsafe)/.test(line)) problems.push(where);
      });
  }
  const state = text("assembly/thread/current.ts").match(/^(export )?let .*$/gm) ?? [];
  if (state.length !== 1) problems.push(`assembly/thread/current.ts: ${state.length} globals, one is allowed`);
  none(problems);
});

test("every file says what it is", () => {
  const problems: string[] = [];
  for (const folder of ["assembly", "src", "tools", "test", "bench"]) {
    for (const file of filesBelow(folder, /\.(ts|mts|mjs)$/)) {
      const start = text(file)
        .replace(/^#!.*\n/, "")
        .trimStart();
      if (!start.startsWith("//") && !start.startsWith("/*")) problems.push(`${file}: no opening paragraph`);
    }
  }
  none(problems);
});

test("no machine's paths, no unfinished work", () => {
  const banned = [/\/(root|home|Users)\/\w/, /\/work\//, /\bTODO\b/, /\bFIXME\b/, /\bXXX\b/];
  const problems: string[] = [];
  for (const folder of ["assembly", "src", "tools", "bench", "docs", "examples", "spec"]) {
    for (const file of filesBelow(folder, /\.(ts|mts|mjs|md|py|txt)$/)) {
      text(file)
        .split("\n")
        .forEach((line, i) => {
          for (const pattern of banned) if (pattern.test(line)) problems.push(`${file}:${i + 1}: ${line.trim()}`);
        });
    }
  }
  none(problems);
});

test("packages come from the registry", () => {
  const hosts = new Set([...text("package-lock.json").matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map((m) => m[1]));
  hosts.delete("registry.npmjs.org");
  assert.deepEqual([...hosts], []);
});
test("the specialised forms that the table calls implemented are in the loop and are decided on, and no others", () => {
  const { instructions } = JSON.parse(text("spec/opcodes.json"));
  const rows: { specialized?: Record<string, number>; implemented?: string[] }[] = Object.values(instructions);
  const forms = new Set(rows.flatMap((row) => Object.keys(row.specialized ?? {})));
  const implemented = rows.flatMap((row) => row.implemented ?? []).sort();
  const formsIn = (file: string, pattern: RegExp) => {
    const found = [...text(file).matchAll(pattern)].map((m) => m[1]!);
    return [...new Set(found)].filter((name) => forms.has(name)).sort();
  };
  assert.deepEqual(formsIn("assembly/vm/eval.ts", /case op\.(\w+):/g), implemented);
  assert.deepEqual(formsIn("assembly/vm/specialize.ts", /\bop\.(\w+)/g), implemented);
});

test("what others rely on not to run Python does not", () => {
  const graph = readCallGraph();
  const { quiet, assumed } = readQuiet();
  const by = runsPython(graph, assumed);
  const problems = quiet.filter((name) => by.has(name)).map((name) => pathToPython(by, name).join(" calls "));
  for (const name of [...quiet, ...assumed]) if (!graph.has(name)) problems.push(`no function: ${name}`);
  // An assumption that nobody needs is a false comfort.
  for (const name of assumed) {
    const without = runsPython(graph, new Set([...assumed].filter((other) => other !== name)));
    if (!quiet.some((other) => without.has(other))) problems.push(`not needed: assume ${name}`);
  }
  // The graph itself: what certainly runs Python is seen to.
  for (const name of [
    "objects/protocol/compare.PyObject_RichCompareBool",
    "objects/object/head.Py.DECREF",
    "vm/eval.run",
  ]) {
    if (!by.has(name)) problems.push(`not seen to run Python: ${name}`);
  }
  none(problems);
});
