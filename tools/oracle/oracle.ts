// Asks a CPython 3.13 for what our tables and recorded answers are made of. PYTHON_ORACLE names one; otherwise the one
// that ../shared/oracle/find prints or python3.13 on PATH is used.
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from "node:child_process";

const quiet: ExecFileSyncOptionsWithStringEncoding = { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };

const candidates = [
  () => process.env.PYTHON_ORACLE,
  () => execFileSync(new URL("../../../shared/oracle/find", import.meta.url).pathname, ["3.13"], quiet).trim(),
  () => "python3.13",
];

/** The path of a CPython 3.13, or null. */
export function findOracle(): string | null {
  for (const candidate of candidates) {
    try {
      const path = candidate();
      if (path && execFileSync(path, ["--version"], quiet).startsWith("Python 3.13.")) return path;
    } catch {}
  }
  return null;
}

/** What the oracle prints when run with `args`. */
export function askOracle(args: string[], input?: string): string {
  const python = findOracle();
  if (!python) throw new Error("no CPython 3.13 found: set PYTHON_ORACLE");
  return execFileSync(python, args, { encoding: "utf8", input, maxBuffer: 1 << 30 });
}
