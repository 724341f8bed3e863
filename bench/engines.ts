// What is measured: Vitrine's command, and CPython 3.13 and Pyodide where they are found; how figures are printed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findOracle } from "../tools/oracle/oracle.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

export interface Engine {
  name: string;
  /** To which a program's path and arguments are appended. */
  command: string[];
}

/** Ours first, then CPython if there is one. */
export function findEngines(): Engine[] {
  const engines: Engine[] = [{ name: "vitrine", command: [process.execPath, join(root, "dist/cli.js")] }];
  const oracle = findOracle();
  if (oracle) engines.push({ name: "cpython", command: [oracle] });
  if (existsSync(join(root, "node_modules/pyodide"))) {
    engines.push({ name: "pyodide", command: [process.execPath, join(root, "bench/pyodide.mjs")] });
  }
  return engines;
}

export const median = (times: number[]) => [...times].sort((a, b) => a - b)[times.length >> 1]!;
export const milliseconds = (t: number | undefined) => (t === undefined ? "-" : t.toFixed(t < 100 ? 1 : 0)).padStart(9);
export const ratio = (a: number | undefined, b: number | undefined) =>
  (a === undefined || b === undefined ? "-" : `${(a / Math.max(b, 0.1)).toFixed(2)}x`).padStart(9);
