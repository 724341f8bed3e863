/**
 * Compares our syntax trees with CPython's over whole trees of files: `node --import tsx tools/compare/compare-ast.ts [DIR…]`,
 * by default over the standard library of the oracle. Prints each difference and a closing line with the count.
 */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "../../src/compiler/parser/parse.ts";
import { askOracle, findOracle } from "../oracle/oracle.ts";
import { dumpNode } from "./dump-ast.ts";

function pythonFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => {
      const child = join(path, name);
      if (statSync(child).isDirectory()) return pythonFiles(child);
      return name.endsWith(".py") ? [child] : [];
    });
}

/** Where two dumps differ first, and the two values. */
function difference(a: unknown, b: unknown, path: string): string | null {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      const found = difference(a[i], b[i], `${path}.${typeof a[0] === "string" && i === 0 ? "" : (a[0] ?? "")}${i}`);
      if (found) return found;
    }
    return null;
  }
  if (a === b || (a ?? null) === (b ?? null)) return null;
  const show = (v: unknown) => JSON.stringify(v)?.slice(0, 200);
  return `${path}: ours ${show(a)} theirs ${show(b)}`;
}

const args = process.argv.slice(2);
const roots = args.length
  ? args
  : [askOracle(["-c", "import sysconfig; print(sysconfig.get_path('stdlib'))"]).trim() as string];
const files = roots.flatMap(pythonFiles);
let equal = 0;
const BATCH = 100;
for (let start = 0; start < files.length; start += BATCH) {
  const batch = files.slice(start, start + BATCH);
  const lines = (askOracle([join(import.meta.dirname, "dump_ast.py")], batch.join("\n") + "\n") as string).split("\n");
  batch.forEach((file, i) => {
    const theirs = JSON.parse(lines[i]) as { tree?: unknown; error?: Record<string, unknown> };
    let ours: { tree?: unknown; error?: string };
    try {
      ours = { tree: dumpNode(parse(readFileSync(file), { filename: "<string>", mode: "exec" })) };
    } catch (e) {
      ours = { error: `${(e as { type?: string }).type ?? (e as Error).stack}: ${(e as { msg?: string }).msg}` };
    }
    let problem: string | null = null;
    if (theirs.error) {
      const expected = `${theirs.error["type"]}: ${theirs.error["msg"]}`;
      if (ours.error !== expected) problem = `ours ${ours.error ?? "accepted"} theirs ${expected}`;
    } else if (ours.error) {
      problem = `ours ${ours.error} theirs accepted`;
    } else {
      problem = difference(ours.tree, theirs.tree, "");
    }
    if (problem) console.log(`${file}: ${problem}`);
    else equal++;
  });
}
console.log(`${equal} of ${files.length} equal (${findOracle()})`);
