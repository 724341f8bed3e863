/**
 * Which functions of the runtime may run Python, as far as the call graph of the sources tells: those that call through a
 * table (a type's slot, a vectorcall function, a hook), and those that call one that does. Drop a reference, compare,
 * hash, iterate: all of that ends in such a call.
 *
 *   npm run runs-python -- assembly/objects/bytes/split.ts        the functions of a file: what may run Python, and by what
 *   npm run runs-python -- assembly/objects/bytes/split.ts split  one of them, call by call
 *
 * spec/quiet.txt lists the functions on which others rely not to: test/tidy.test.ts holds them to it.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Calls through these are no calls of Python: they make and free memory, or go through references. */
const QUIET_SLOTS = /\.(tp_alloc|tp_free|tp_traverse)$|^visit$/;

/** The node that every indirect call leads to. */
const INDIRECT = "call_indirect";

/** Functions by "path.name" (path below assembly/, without its ending; a class's method is Class.method), with what they call. */
export type CallGraph = Map<string, Set<string>>;

/** What the file's names mean: its own functions and classes, and those it imports. */
function scopeOf(path: string, text: string): Map<string, string> {
  const scope = new Map<string, string>();
  for (const [, name] of text.matchAll(/^(?:export )?(?:function|class) (\w+)/gm)) scope.set(name!, `${path}.${name}`);
  for (const [, names, star, from] of text.matchAll(/^import (?:\{([^}]*)\}|\* as (\w+)) from "([^"]+)";/gm)) {
    const file = posix.join(posix.dirname(path), from!);
    if (star) scope.set(star, file);
    for (const binding of names?.split(",") ?? []) {
      const [name, local] = binding.trim().split(" as ");
      if (name) scope.set(local ?? name, `${file}.${name}`);
    }
  }
  return scope;
}

function callsOf(body: string, scope: Map<string, string>): Set<string> {
  const calls = new Set<string>();
  for (const [, owner, name, slot] of body.matchAll(
    /(?<![\w.])(?:(\w+)\.)?(\w+)(?:<\w+>)?\(([^,()]*(?:\([^()]*\)[^,()]*)*)/g,
  )) {
    if (name === INDIRECT) {
      if (!QUIET_SLOTS.test(slot!.trim())) calls.add(INDIRECT);
    } else {
      const target = scope.get(owner ?? name!);
      if (target) calls.add(owner ? `${target}.${name}` : target);
    }
  }
  return calls;
}

/** The call graph of all that is below assembly/. */
export function readCallGraph(): CallGraph {
  const graph: CallGraph = new Map([[INDIRECT, new Set()]]);
  const visitFolder = (folder: string): void => {
    for (const entry of readdirSync(join(root, "assembly", folder), { withFileTypes: true })) {
      const inner = posix.join(folder, entry.name);
      if (entry.isDirectory()) visitFolder(inner);
      else if (inner.endsWith(".ts")) addFile(graph, inner.slice(0, -3));
    }
  };
  visitFolder("");
  return graph;
}

/** Reads a file, relying on how the formatter sets it: what begins at the margin ends at the margin. */
function addFile(graph: CallGraph, path: string): void {
  const source = readFileSync(join(root, "assembly", `${path}.ts`), "utf8");
  const text = source.replace(/\/\*[^]*?\*\/|(?<!:)\/\/.*$/gm, "");
  const scope = scopeOf(path, text);
  const code = text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
  for (const [, kind, name, body] of code.matchAll(/^(?:export )?(function|class) (\w+)([^]*?)^\}/gm)) {
    if (kind === "function") graph.set(`${path}.${name}`, callsOf(body!, scope));
    else {
      for (const [, method, inner] of body!.matchAll(
        /^ {2}(?:@\w+ )*(?:static )?(?:get |set )?(\w+)(\([^]*?)^ {2}\}/gm,
      )) {
        graph.set(`${path}.${name}.${method}`, callsOf(inner!, scope));
      }
    }
  }
}

/**
 * For each function that may run Python, the call by which it soonest does. Functions in `assumed` are taken not to.
 */
export function runsPython(graph: CallGraph, assumed: ReadonlySet<string>): Map<string, string> {
  const callers = new Map<string, string[]>();
  for (const [caller, calls] of graph) {
    for (const callee of calls) (callers.get(callee) ?? callers.set(callee, []).get(callee)!).push(caller);
  }
  const by = new Map<string, string>();
  const queue = [INDIRECT];
  for (let callee = queue.shift(); callee !== undefined; callee = queue.shift()) {
    for (const caller of callers.get(callee) ?? []) {
      if (by.has(caller) || assumed.has(caller)) continue;
      by.set(caller, callee);
      queue.push(caller);
    }
  }
  return by;
}

/** The calls by which a function comes to run Python. */
export function pathToPython(by: ReadonlyMap<string, string>, from: string): string[] {
  const path = [from];
  for (let next = by.get(from); next !== undefined; next = by.get(next)) path.push(next);
  return path;
}

/** The lines of spec/quiet.txt: functions that must not run Python, and those that are assumed not to. */
export function readQuiet(): { quiet: string[]; assumed: Set<string> } {
  const quiet: string[] = [];
  const assumed = new Set<string>();
  for (const line of readFileSync(join(root, "spec/quiet.txt"), "utf8").split("\n")) {
    const [kind, name] = line.split(/\s+/);
    if (kind === "quiet") quiet.push(name!);
    else if (kind === "assume") assumed.add(name!);
    else if (line !== "" && !line.startsWith("#")) throw new Error(`spec/quiet.txt: ${line}`);
  }
  return { quiet, assumed };
}

function main(file: string, only: string | undefined): void {
  const prefix = `${posix
    .normalize(file)
    .replace(/^assembly\//, "")
    .replace(/\.ts$/, "")}.`;
  const graph = readCallGraph();
  const by = runsPython(graph, readQuiet().assumed);
  for (const name of graph.keys()) {
    if (!name.startsWith(prefix)) continue;
    const short = name.slice(prefix.length);
    if (only !== undefined && short !== only) continue;
    const path = pathToPython(by, name);
    if (only !== undefined) console.log(path.join("\n  calls "));
    else console.log(path.length === 1 ? `        ${short}` : `python  ${short}  (${path[1]!.replace(/^.*\//, "")})`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  if (process.argv[2] === undefined) throw new Error("which file? npm run runs-python -- FILE [FUNCTION]");
  main(process.argv[2], process.argv[3]);
}
