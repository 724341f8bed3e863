/**
 * Damages what is read from outside (pickles, marshalled objects, formats and data of struct, text for binascii, JSON,
 * regular expressions and their code, archives, what is compressed, files of code) at random
 * and reads it: an exception may come of it, never a trap, a damaged heap or a block left over.
 *
 *   npm run fuzz:formats -- [CASES [SEED]]      900,000 cases, a ninth of each kind, and the seed 1 if left out
 *
 * formats.py makes the cases. The clock gives the number of each, as in session.ts.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Failure, runSessions } from "./session.ts";

const SESSION = 20000;
const loop = readFileSync(new URL("formats.py", import.meta.url), "utf8");

/** Runs so many cases; what broke, by its name, with the number of a case where one is to blame. */
export function damageFormats(
  cases: number,
  seed: number,
): { found: Map<string, Failure & { at?: number }>; read: number } {
  let read = 0;
  const found = runSessions(loop, cases, seed, SESSION, (output) => {
    for (const n of /read ([\d ]+)/.exec(output)?.[1]?.split(" ") ?? []) read += Number(n);
  });
  return { found, read };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cases = Number(process.argv[2] ?? 900000);
  const { found, read } = damageFormats(cases, Number(process.argv[3] ?? 1));
  console.log(`${cases} cases, of which ${read} could be read`);
  for (const [what, { detail, at }] of found) console.log(`${what}\n  case ${at}\n${detail}`);
  process.exitCode = found.size > 0 ? 1 : 0;
}
