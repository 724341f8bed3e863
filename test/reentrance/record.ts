/**
 * Records what CPython 3.13 prints for the tables of table.py: test/reentrance/NAME.out. Where it crashes, the line ends
 * in "crash", and the table goes on behind it.
 *
 *   node --import tsx test/reentrance/record.ts [TABLE...]
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findOracle } from "../../tools/oracle/oracle.ts";
import { tables } from "./tables.ts";

const program = fileURLToPath(new URL("table.py", import.meta.url));
const python = findOracle();
if (python === null) throw new Error("no CPython 3.13 found: set PYTHON_ORACLE");

for (const table of process.argv.length > 2 ? process.argv.slice(2) : tables) {
  const lines: string[] = [];
  for (let ended = false; !ended; ) {
    const run = spawnSync(python, ["-W", "ignore", program, table, String(lines.length)], {
      encoding: "latin1",
      env: { PYTHONHASHSEED: "0" },
      timeout: 20000,
    });
    const more = run.stdout.split("\n");
    const last = more.pop()!;
    lines.push(...more);
    ended = run.status === 0;
    if (!ended) lines.push(last === "" ? `${lines.length} => crash` : `${last.split(" => ")[0]} => crash`);
  }
  writeFileSync(new URL(`${table}.out`, import.meta.url), `${lines.join("\n")}\n`);
  console.log(`${table}: ${lines.length} lines, ${lines.filter((line) => line.endsWith("=> crash")).length} crashes`);
}
