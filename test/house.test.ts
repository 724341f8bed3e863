// Keeps the house in order: which room asks which, that what is exported is named elsewhere, where imports stand, that
// fields have names. What a rule allows is written beside it, and a test fails where an allowance is no longer needed.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

function sourcesBelow(folder: string): string[] {
  const found: string[] = [];
  const visit = (path: string) => {
    for (const name of readdirSync(path).sort()) {
      if (name === "node_modules") continue;
      const inner = join(path, name);
      if (statSync(inner).isDirectory()) visit(inner);
      else if (/\.(ts|mts|mjs)$/.test(name)) found.push(relative(root, inner).split(sep).join("/"));
    }
  };
  visit(join(root, folder));
  return found;
}

const isGenerated = (file: string) => file.includes("/generated/");
const text = (file: string) => readFileSync(join(root, file), "utf8");
const withoutComments = (source: string) => source.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
const none = (problems: string[]) => assert.equal(problems.join("\n"), "");
const runtime = sourcesBelow("assembly");

/** The files that a file imports, relative to the root. */
function importsOf(file: string): string[] {
  return [...text(file).matchAll(/^(?:import|export) [^;]*? from "(\.[^"]+)";/gm)].map(([, path]) =>
    relative(root, resolve(root, dirname(file), path!))
      .split(sep)
      .join("/"),
  );
}

/** The room that a file of the runtime stands in: its layer, or the family of objects. */
const roomOf = (file: string) => {
  const [, layer, family] = file.split("/");
  return layer === "objects" ? `objects/${family}` : layer!.replace(/\.ts$/, "");
};

// Which families of objects ask which. A new edge is a decision: write it here, or find out that it is not needed.
const EDGES: Record<string, string> = JSON.parse(text("test/rooms.json"));

test("families of objects ask those that they have asked before", () => {
  const found = new Map<string, Set<string>>();
  for (const file of runtime) {
    const own = roomOf(file);
    if (!own.startsWith("objects/") || isGenerated(file)) continue;
    for (const target of importsOf(file)) {
      const room = roomOf(target);
      if (!room.startsWith("objects/") || room === own || room === "objects/generated") continue;
      if (!found.has(own)) found.set(own, new Set());
      found.get(own)!.add(room.slice(8));
    }
  }
  const now = Object.fromEntries([...found].map(([room, asked]) => [room.slice(8), [...asked].sort().join(" ")]));
  assert.deepEqual(now, EDGES);
});

test("what is exported is named elsewhere", () => {
  const problems: string[] = [];
  for (const area of ["assembly", "src"]) {
    const files = area === "src" ? ["src", "test", "tools", "bench"].flatMap(sourcesBelow) : runtime;
    const sources = new Map(files.map((file) => [file, withoutComments(text(file))]));
    const named = new Map<string, number>();
    for (const source of sources.values())
      for (const name of new Set(source.match(/[A-Za-z_$][\w$]*/g))) named.set(name, (named.get(name) ?? 0) + 1);
    for (const [file, source] of sources) {
      // What other programs may use: the entry points.
      if (!file.startsWith(`${area}/`) || isGenerated(file) || ENTRIES.includes(file)) continue;
      const declarations = source.matchAll(
        /^(?:@\w+ )*export (?:declare |abstract )?(?:function|class|const enum|enum|const|let|type|interface) (\w+)/gm,
      );
      for (const [, name] of declarations)
        if (named.get(name!) === 1 && !(name! in UNNAMED)) problems.push(`${file}: ${name}`);
    }
  }
  none(problems);
});

const ENTRIES = ["assembly/index.ts", "assembly/api/heap.ts", "src/index.ts", "src/inspect/index.ts"];

// What nobody names yet, with the reason.
const UNNAMED: Record<string, string> = {
  refreshEnvironment: "for a start image that has posix in it",
};

test("imports stand at the top, and nothing is passed on", () => {
  const problems: string[] = [];
  for (const file of runtime) {
    const source = text(file);
    const body = source.replace(/^import [^;]* from "[^"]+";\n/gm, "\0");
    const last = body.lastIndexOf("\0");
    if (last >= 0 && /^(export|function|const|class|let|@)/m.test(body.slice(0, last).replaceAll("\0", ""))) {
      problems.push(`${file}: an import after the first declaration`);
    }
    if (!ENTRIES.includes(file) && /^export (\{|\*)/m.test(source))
      problems.push(`${file}: passes on what is not its own`);
  }
  none(problems);
});

test("a function of CPython's has one definition", () => {
  const places = new Map<string, string[]>();
  for (const file of runtime.filter((f) => !isGenerated(f))) {
    for (const [, name] of withoutComments(text(file)).matchAll(/^(?:export )?function (_?Py\w+)\(/gm)) {
      places.set(name!, [...(places.get(name!) ?? []), file]);
    }
  }
  none([...places].filter(([, files]) => files.length > 1).map(([name, files]) => `${name}: ${files.join(", ")}`));
});

// Lines that address a field by its number: most are bytes of a text or words of a record in scratch memory. The number may
// only fall.
const NUMBERED_FIELDS_MAX = 43;

test("fields have names", () => {
  const numbered: string[] = [];
  const access = /load<[a-z0-9]+>\([a-zA-Z_]+, [0-9]+\)|store<[a-z0-9]+>\([^,]+, [^,]+, [0-9]+\)/;
  for (const file of runtime.filter((f) => !isGenerated(f))) {
    for (const line of text(file).split("\n")) if (access.test(line)) numbered.push(`${file}: ${line.trim()}`);
  }
  assert.ok(numbered.length <= NUMBERED_FIELDS_MAX, `${numbered.length} lines\n${numbered.join("\n")}`);
});
