/**
 * Part of the build: writes V8's code caches of the command and of the compiler, with what a first use compiles in them
 * (src/process/script.ts takes them).
 *
 *   node --import tsx tools/build/code-cache.ts
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { start } from "../../src/cli/main.ts";
import { CompileFlag } from "../../src/generated/constants.ts";
import type * as Compiler from "../../src/kernel/frontend.ts";
import { runBundle } from "./bundle.ts";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
// With the flags that the command has.
Object.assign(globalThis, { VITRINE_ROOT: dist });
const { underFlags } = await import("../../src/process/script.ts");

function writeCache<T>(name: string, use: (exports: T) => void): void {
  const file = `${dist}/${name}.js`;
  const cache = `${dist}/${name}.cache`;
  if ((statSync(cache, { throwIfNoEntry: false })?.mtimeMs ?? 0) > statSync(file).mtimeMs) return;
  const { script, exports } = runBundle<T>(file);
  use(exports);
  writeFileSync(
    cache,
    underFlags(() => script.createCachedData()),
  );
}

writeCache("compiler", ({ src_kernel_frontend_ts: compiler }: { src_kernel_frontend_ts: typeof Compiler }) => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const sample = readFileSync(`${dist}/../examples/tour.py`);
  compiler.compileService(sample, bytes("tour.py"), "exec", 0, 0);
  compiler.compileService(bytes("pass"), bytes("<string>"), "exec", CompileFlag.IGNORE_COOKIE, 0);
});
writeCache("command", (command: { start: typeof start }) => {
  process.argv.splice(1, process.argv.length, `${dist}/cli.js`, "-c", "pass");
  command.start();
});
