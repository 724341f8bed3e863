// Keeps the house tidy: which way imports go, what state may exist, names that may not, how files begin.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

function filesBelow(folder: string, suffix: RegExp): string[] {
  const found: string[] = [];
  const visit = (path: string) => {
    for (const name of readdirSync(path).sort()) {
      if (["node_modules", "build", "dist", ".git", "generated"].includes(name)) continue;
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
  "host",
  "os",
  "memory",
  "objects",
  "gc",
  "vm",
  "threads",
  "marshal",
  "modules",
  "api",
];

// Places where a layer asks one to its right, each with the reason. Everything else goes leftwards.
const exceptions: Record<string, string> = {
  "assembly/objects/compiling.ts -> marshal": "a compiled code object arrives as marshal",
  "assembly/objects/importing.ts -> marshal": "an imported file may be bytecode",
};

test("imports in the runtime go leftwards", () => {
  const problems: string[] = [];
  for (const file of filesBelow("assembly", /\.ts$/)) {
    const own = file.split("/")[1]!.replace(/\.ts$/, "");
    if (own === "index") continue;
    for (const [, path] of text(file).matchAll(/from "(\.[^"]+)"/g)) {
      const target = relative(root, resolve(root, dirname(file), path!)).split(sep)[1]!;
      if (layers.indexOf(target) < 0) problems.push(`${file}: imports ${path}, which is in no layer`);
      else if (layers.indexOf(target) > layers.indexOf(own) && !(`${file} -> ${target}` in exceptions))
        problems.push(`${file}: imports ${path} to its right`);
    }
  }
  none(problems);
});

test("the host's folders import one way", () => {
  const allowed: Record<string, string[]> = {
    generated: [],
    compiler: ["generated"],
    layouts: ["generated"],
    inspect: ["generated", "layouts"],
    view: ["inspect"],
    host: ["generated", "compiler", "inspect"],
    cli: ["generated", "compiler", "inspect", "view", "host"],
  };
  const problems: string[] = [];
  for (const file of filesBelow("src", /\.ts$/)) {
    const own = file.split("/")[1]!;
    if (!(own in allowed)) continue;
    for (const [, path] of text(file).matchAll(/from "(\.[^"]+)"/g)) {
      const target = relative(root, resolve(root, dirname(file), path!)).split(sep)[1]!;
      if (target !== own && !allowed[own]!.includes(target)) problems.push(`${file}: imports ${path}`);
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
        if (/^(export )?(let|var) /.test(line) && file !== "assembly/objects/state.ts") problems.push(where);
        if (/^\s*(@\w+ )?static (?!readonly )\w+\s*(:[^=(]*)?=/.test(line)) problems.push(where);
        if (/\bnew (Array|Map|Set|StaticArray|Uint8Array|ArrayBuffer)\b/.test(line)) problems.push(where);
        if (/^@(inline|lazy|unsafe)/.test(line)) problems.push(where);
      });
  }
  const state = text("assembly/objects/state.ts").match(/^(export )?let .*$/gm) ?? [];
  if (state.length !== 1) problems.push(`assembly/objects/state.ts: ${state.length} globals, one is allowed`);
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

test("the system calls are those of the table, on both sides", () => {
  const rows = text("spec/syscalls.txt")
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => line.split(" ")[0]!);
  const declared = [...text("assembly/host.ts").matchAll(/^export declare function (\w+)/gm)].map((m) => m[1]!);
  assert.deepEqual(declared.sort(), [...rows].sort());
  const provided = [...text("src/host/system.ts").matchAll(/^ {4}((?:sys|float)_\w+)/gm)].map((m) => m[1]!);
  assert.deepEqual(provided.sort(), [...rows].sort());
});
