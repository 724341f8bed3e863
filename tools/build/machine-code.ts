/**
 * Part of the build: keeps the machine code that V8's optimising compiler makes of what a start of the command calls
 * (src/process/machinecode.ts takes it). Works on the runtime and the command that are built.
 *
 *   node --import tsx tools/build/machine-code.ts
 */
import { readFileSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { start } from "../../src/cli/main.ts";
import { buildOf, compileRuntime, readerOf } from "../../src/snapshot/startimage.ts";
import { runBundle } from "./bundle.ts";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
const file = `${root}/dist/vitrine.cache`;
// With the flags that the command has.
Object.assign(globalThis, { VITRINE_ROOT: root });
const { setFlag } = await import("../../src/process/script.ts");
const { keepMachineCode } = await import("../../src/process/machinecode.ts");

const script = `${root}/dist/command.js`;
const runtimeFile = `${root}/build/vitrine.wasm`;
const made = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if ([script, runtimeFile].every((part) => statSync(part).mtimeMs < made)) process.exit();
rmSync(file, { force: true });
const build = buildOf(compileRuntime(readerOf(new Uint8Array(readFileSync(runtimeFile)))));
const { Module } = WebAssembly;
let runtime: WebAssembly.Module | undefined;
WebAssembly.Module = class extends Module {
  constructor(bytes: BufferSource) {
    super(bytes);
    runtime = this;
  }
};
// What is called is compiled by the optimising compiler at once.
setFlag("--no-liftoff");
process.argv.splice(1, process.argv.length, `${root}/dist/cli.js`, "-c", "pass");
runBundle<{ start: typeof start }>(script).exports.start();
// The first flag has taken the other with it.
for (const flag of ["--liftoff", "--wasm-dynamic-tiering"]) setFlag(flag);
keepMachineCode(file, build, runtime!);
