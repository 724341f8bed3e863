/**
 * A bundle beside this one, run as a script from V8's code cache where the cache fits this engine: parsing and compiling
 * it anew costs more than everything else at the start. Only for bundles in the CommonJS form.
 */
import { readFileSync } from "node:fs";
import { Script } from "node:vm";

/** What the bundle `name` in `directory` exports. */
export function loadScript(directory: string, name: string): unknown {
  const filename = `${directory}/${name}.js`;
  let cachedData: Buffer | undefined;
  try {
    cachedData = readFileSync(`${directory}/${name}.cache`);
  } catch {
    // Without a cache it only takes longer.
  }
  const script = new Script(wrapScript(readFileSync(filename, "utf8")), { filename, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module, module.exports, require, directory);
  return module.exports;
}

/** The source as it is compiled, and must be compiled for the cache to fit. */
function wrapScript(source: string): string {
  return `(function (module, exports, require, __dirname) {${source}\n})`;
}
