/**
 * `vitrine dis [-C] [-O] FILE`: the bytecode of a source file, as `python3.13 -m dis` prints it. A FILE that ends in
 * `.pyc` is read as what it is. `-` is standard input.
 */
import { readFileSync } from "node:fs";
import {
  compile,
  describeError,
  disassemble,
  fileLines,
  fromPyc,
  MarshalError,
  PyCompileError,
  PySyntaxError,
} from "../compiler/index.ts";

const usage = "usage: vitrine dis [-C | --show-caches] [-O | --show-offsets] FILE";

const help = `${usage}

Shows the bytecode of a source file, a .pyc file, or with - of standard input, as "python3 -m dis" does.

  -C, --show-caches    inline caches too
  -O, --show-offsets   the offset of each instruction
`;

export function run(argv: readonly string[]): number {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(help);
    return 0;
  }
  let showCaches = false;
  let showOffsets = false;
  const files: string[] = [];
  for (const arg of argv) {
    if (arg === "-C" || arg === "--show-caches") showCaches = true;
    else if (arg === "-O" || arg === "--show-offsets") showOffsets = true;
    else files.push(arg);
  }
  const file = files[0];
  if (files.length !== 1 || (file.startsWith("-") && file !== "-")) {
    console.error(usage);
    return 2;
  }
  try {
    const source = readFileSync(file === "-" ? 0 : file);
    const name = file === "-" ? "<stdin>" : file;
    const code = file.endsWith(".pyc")
      ? fromPyc(source).code
      : compile(source, name, "exec", { programText: fileLines(source) });
    process.stdout.write(disassemble(code, { showCaches, showOffsets }));
    return 0;
  } catch (e) {
    if (e instanceof PySyntaxError || e instanceof PyCompileError) console.error(describeError(e));
    else if (e instanceof MarshalError || (e instanceof Error && "code" in e))
      console.error(`vitrine dis: ${e.message}`);
    else throw e;
    return 1;
  }
}
