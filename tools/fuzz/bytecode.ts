/**
 * Damages bytecode at random and runs what the verifier (assembly/objects/code/verify.ts) lets through: an exception may
 * come of it, never a trap, a damaged heap or a block left over.
 *
 *   npm run fuzz:bytecode -- [CASES [SEED]]      100,000 cases and the seed 1 if left out
 *
 * The functions of bytecode.py are damaged by replace(): bytes of the instructions, of the exception table and of the
 * line table, constants, sizes and flags. The clock gives the number of each case, as in session.ts.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Failure, runSessions } from "./session.ts";

const SESSION = 5000;
const loop = readFileSync(new URL("bytecode.py", import.meta.url), "utf8");

/** Runs so many cases; what broke, by its name, with the number of a case where one is to blame. */
export function damage(
  cases: number,
  seed: number,
): { found: Map<string, Failure & { at?: number }>; accepted: number } {
  let accepted = 0;
  const found = runSessions(loop, cases, seed, SESSION, (output) => {
    accepted += Number(/accepted (\d+)/.exec(output)?.[1] ?? 0);
  });
  return { found, accepted };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cases = Number(process.argv[2] ?? 100000);
  const { found, accepted } = damage(cases, Number(process.argv[3] ?? 1));
  console.log(`${cases} cases, of which ${accepted} were accepted and run`);
  for (const [what, { detail, at }] of found) console.log(`${what}\n  case ${at}\n${detail}`);
  process.exitCode = found.size > 0 ? 1 : 0;
}
