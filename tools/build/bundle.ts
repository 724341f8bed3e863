/** Runs a script of the command's, for the parts of the build that keep what V8 makes of it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { Script } from "node:vm";

const require = createRequire(import.meta.url);

/** The script in a file that the build has written, and what it exports. Its code is that of no cache. */
export function runBundle<T>(file: string): { script: Script; exports: T } {
  const script = new Script(readFileSync(file, "latin1"), { filename: file });
  const module = { exports: {} };
  script.runInThisContext()(module, module.exports, require, dirname(file));
  return { script, exports: module.exports as T };
}
