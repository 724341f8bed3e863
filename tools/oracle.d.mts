/** Asks a CPython 3.13: see oracle.mjs. */

/** The path of a CPython 3.13, or null. */
export function findOracle(): string | null;

/** What the oracle prints when run with `args`. */
export function askOracle(args: readonly string[], input?: string): string;
