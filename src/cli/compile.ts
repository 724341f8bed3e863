/**
 * `vitrine compile [-o FILE | --outdir DIR] [--root DIR] [-O | -OO] [--hash] FILE…`: source files to `.pyc` files.
 *
 * Without a destination each result goes where CPython looks for it, `__pycache__/NAME.cpython-313.pyc` beside the
 * source. With --root and --outdir, and no files, the whole tree below the root is compiled; a result has its source's
 * relative path, with the suffix `.pyc`, and that path as its file name. A file with a syntax error is reported as
 * CPython reports it, gets no result, and the others go on.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import {
  compile,
  describeError,
  fileLines,
  PyCompileError,
  type PycHeader,
  PySyntaxError,
  sourceHash,
  toPyc,
} from "../compiler/index.ts";

const usage = "usage: vitrine compile [-o FILE | --outdir DIR] [--root DIR] [-O | -OO] [--hash] FILE...";

interface Options {
  output: string | null;
  outdir: string | null;
  root: string | null;
  optimize: 0 | 1 | 2;
  hash: boolean;
  files: string[];
}

class UsageError extends Error {}

function parseArguments(argv: readonly string[]): Options {
  const options: Options = { output: null, outdir: null, root: null, optimize: 0, hash: false, files: [] };
  for (let i = 0; i < argv.length; i++) {
    const value = () => {
      if (i + 1 >= argv.length) throw new UsageError(`${argv[i]} needs a value`);
      return argv[++i];
    };
    switch (argv[i]) {
      case "-o":
        options.output = value();
        break;
      case "--outdir":
        options.outdir = value();
        break;
      case "--root":
        options.root = value();
        break;
      case "-O":
        options.optimize = 1;
        break;
      case "-OO":
        options.optimize = 2;
        break;
      case "--hash":
        options.hash = true;
        break;
      default:
        if (argv[i].startsWith("-") && argv[i] !== "-") throw new UsageError(`unknown option ${argv[i]}`);
        options.files.push(argv[i]);
    }
  }
  if (options.output !== null && options.outdir !== null) throw new UsageError("-o and --outdir exclude each other");
  if (options.files.length === 0) {
    if (options.root === null || options.outdir === null) throw new UsageError("no files");
    options.files = sourcesBelow(options.root);
  }
  if (options.output !== null && options.files.length > 1) throw new UsageError("-o takes one file");
  return options;
}

/** Every `.py` file of a tree, sorted. */
export function sourcesBelow(root: string): string[] {
  const found: string[] = [];
  const visit = (directory: string) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith(".py")) found.push(path);
    }
  };
  visit(root);
  return found.sort();
}

/** Where the result goes, and the file name that the code object gets. */
function destination(file: string, options: Options): { path: string; name: string } {
  const name = options.root === null ? file : relative(options.root, file).split(sep).join("/");
  if (options.output !== null) return { path: options.output, name };
  const stem = basename(file).replace(/\.pyw?$/, "");
  if (options.outdir !== null) return { path: join(options.outdir, dirname(name), `${stem}.pyc`), name };
  const level = options.optimize === 0 ? "" : `.opt-${options.optimize}`;
  return { path: join(dirname(file), "__pycache__", `${stem}.cpython-313${level}.pyc`), name };
}

/** A bar on a terminal's last line; nothing elsewhere. */
class Progress {
  private last = 0;

  constructor(private readonly total: number) {}

  show(done: number): void {
    if (!process.stderr.isTTY || this.total < 2) return;
    const now = Date.now();
    if (now - this.last < 50 && done < this.total) return;
    this.last = now;
    const width = 40;
    const filled = Math.round((done / this.total) * width);
    process.stderr.write(`\r[${"#".repeat(filled)}${"-".repeat(width - filled)}] ${done}/${this.total}`);
    if (done === this.total) this.clear();
  }

  clear(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}

const help = `${usage}

Compiles source files to .pyc files: __pycache__/NAME.cpython-313.pyc beside each, where no other place is said.

  -o FILE        the one result
  --outdir DIR   a folder for the results
  --root DIR     names are relative to it; without files, the whole tree below it is compiled
  -O, -OO        without asserts; without docstrings too
  --hash         the results know their sources by a hash instead of the time stamp
`;

export function run(argv: readonly string[]): number {
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(help);
    return 0;
  }
  let options: Options;
  try {
    options = parseArguments(argv);
  } catch (e) {
    if (!(e instanceof UsageError)) throw e;
    console.error(`vitrine compile: ${e.message}\n${usage}`);
    return 2;
  }
  const progress = new Progress(options.files.length);
  let failed = 0;
  options.files.forEach((file, i) => {
    try {
      const source = readFileSync(file);
      const { path, name } = destination(file, options);
      const code = compile(source, name, "exec", { optimize: options.optimize, programText: fileLines(source) });
      const header: PycHeader = options.hash
        ? { hash: sourceHash(source), checkSource: true }
        : { mtime: Math.floor(statSync(file).mtimeMs / 1000), size: source.length };
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, toPyc(code, header));
    } catch (e) {
      failed++;
      progress.clear();
      if (e instanceof PySyntaxError || e instanceof PyCompileError) console.error(describeError(e));
      else if (e instanceof Error && "code" in e) console.error(`vitrine compile: ${e.message}`);
      else throw e;
    }
    progress.show(i + 1);
  });
  return failed > 0 ? 1 : 0;
}
