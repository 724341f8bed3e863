/** The tables of table.py, and how the runtime answers. */
import { readFileSync } from "node:fs";
import { loadLibrary } from "../../src/process/load.ts";
import { collectAlways } from "../../tools/run/collecting.ts";
import { leftovers, startProcess } from "../process/support.ts";

const program = readFileSync(new URL("table.py", import.meta.url), "utf8");

export const tables = [...program.matchAll(/^ {4}"(\w+)": \(lambda/gm)].map((match) => match[1]!);

/**
 * The runtime's lines; where it traps, a line ends in "trap: " and what; the last one says what is left over. `collecting`:
 * with a collection after every allocation.
 */
export function answers(table: string, count: number, collecting = false): string[] {
  const lines: string[] = [];
  while (lines.length < count) {
    const output = { text: "", errors: "" };
    // With debug hooks: what is freed is not what it was.
    const allocator = { flags: 2, geometry: 0, statistics: false };
    const process = startProcess("debug", output, { allocator, library: loadLibrary() });
    if (collecting) collectAlways(process.memory);
    const source = `${program}\nmain("${table}", ${lines.length})\n`;
    let trap = "";
    try {
      process.runMain(new TextEncoder().encode(source), "table.py", true);
      process.runtime.finalize();
      const { blocks, names } = leftovers(process);
      if (blocks > 0) lines.push(...output.text.split("\n").slice(0, -1), `${blocks} blocks left: ${names.join(", ")}`);
    } catch (error) {
      trap = `trap: ${(error as Error).message.split("\n")[0]}`;
    }
    if (lines.length >= count) break;
    const more = output.text.split("\n");
    const last = more.pop()!;
    lines.push(...more);
    if (trap !== "") lines.push(`${last.split(" => ")[0]} => ${trap}`);
    else if (lines.length < count) lines.push(`ended: ${output.errors.slice(-300)}`);
  }
  return lines;
}
