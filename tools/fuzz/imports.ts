/**
 * Fails allocations while modules are imported, in the debug runtime with debug hooks: the n-th alone, and all from the n-th on.
 * An import ends with MemoryError, or well where what failed is done without; then the memory works again, the same import is
 * well, the heap's checks pass, and the end of the process leaves no block.
 *
 *   npm run fuzz:imports -- [CASES [SEED [MODULE...]]]      400 cases of each module, and the seed 1 if left out
 *
 * The first cases are the first allocations, the others are drawn from all.
 */
import { fileURLToPath } from "node:url";
import { allocator } from "../../src/generated/constants.ts";
import { loadLibrary } from "../../src/process/load.ts";
import { leftovers, startProcess } from "../../test/process/support.ts";
import { Random } from "./random.ts";

export const FAIL_ONE = 0;
export const FAIL_FROM = 1;
const FIRST = 60;
/** The first two make room for the program, as its host asks for it. */
const START = 3;

export interface Case {
  module: string;
  n: number;
  mode: number;
}

const encode = (text: string) => new TextEncoder().encode(text);

/** A package's modules stay where the package's own import has failed, and a second import would not bind them. */
const again = (module: string) => `import sys
for name in list(sys.modules):
    if name.startswith("${module}."): del sys.modules[name]
import ${module}
`;

/** Runs one: what is wrong with it, if anything, and whether the import has failed. */
export function tryImport({ module, n, mode }: Case): { wrong?: string; failed: boolean; remaining: bigint } {
  const output = { text: "", errors: "" };
  const process = startProcess("debug", output, {
    allocator: { flags: allocator.DEBUG_HOOKS, geometry: 0, statistics: false },
    library: loadLibrary(),
  });
  const { runtime } = process;
  runtime.setAllocationFailureMode(BigInt(n), mode);
  const status = process.runMain(encode(`import ${module}\n`), "program.py", true);
  const remaining = runtime.allocationsToFailure();
  runtime.setAllocationFailure(0n);
  const failed = status !== 0;
  const wrong = () => {
    if (failed && mode === FAIL_ONE && !/^MemoryError/m.test(output.errors)) return `ends with ${output.errors}`;
    output.errors = "";
    if (process.runMain(encode(again(module)), "again.py", true) !== 0) return `then: ${output.errors}`;
    if (runtime.checkHeap() || runtime.checkMalloc() || runtime.checkPages()) return "the heap is damaged";
    runtime.finalize();
    const left = leftovers(process);
    return left.blocks === 0 ? undefined : `leaves ${left.blocks} blocks: ${left.names.slice(0, 10).join(", ")}`;
  };
  try {
    return { wrong: wrong(), failed, remaining };
  } catch (error) {
    return { wrong: `a trap: ${(error as Error).stack}`, failed, remaining };
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [cases = "400", seed = "1", ...modules] = process.argv.slice(2);
  const random = new Random(Number(seed));
  let found = 0;
  for (const module of modules.length ? modules : ["json", "re", "dataclasses", "asyncio"]) {
    const most = 2 ** 40;
    const count = most - Number(tryImport({ module, n: most, mode: FAIL_ONE }).remaining);
    let failures = 0;
    for (let i = 0; i < Number(cases); i++) {
      const n = i < FIRST ? START + (i >> 1) : START + random.below(count - START);
      const mode = i % 2 === 0 ? FAIL_ONE : FAIL_FROM;
      const { wrong, failed } = tryImport({ module, n, mode });
      if (failed) failures++;
      if (wrong === undefined) continue;
      found++;
      console.log(`import ${module}, allocation ${n}${mode === FAIL_FROM ? " and all after it" : ""}: ${wrong}`);
    }
    console.log(`import ${module}: ${count} allocations, ${cases} cases, ${failures} ended with an exception`);
  }
  console.log(`${found} wrong`);
  process.exitCode = found === 0 ? 0 : 1;
}
