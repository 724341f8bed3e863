/**
 * The command line of `vitrine`, read as python3 reads its own: options, then what to run, then the program's arguments.
 */
import { heap } from "../generated/constants.ts";
import type { Geometry } from "../process/allocator.ts";

export const usage = "usage: vitrine [OPTION...] [FILE | -c CODE | -] [ARGUMENT...]";

const kib = (bytes: number) => `${bytes / 1024} KiB`;

export const help = `${usage}
       vitrine heap | look | diff | compile | dis ...

Runs a Python 3.13 program on a heap that can be seen. Without FILE, or with -, the program is read from standard
input.

  -c CODE               run CODE
  -O, -OO               leave out asserts; leave out docstrings too
  --heap                report the heap after the run: what holds memory, what is in it, and a map
  --heap-image FILE     save the memory after the run; "vitrine heap FILE" reads it
  --memory-limit SIZE   at most this much memory (64M, 1G, ...): beyond it the program gets MemoryError
  --arena-geometry G    classic (arenas of ${kib(heap.CLASSIC_ARENA_SIZE)}, pools of ${kib(heap.CLASSIC_POOL_SIZE)}; the default) or
                        radix (${kib(heap.RADIX_ARENA_SIZE)}, ${kib(heap.RADIX_POOL_SIZE)}; as 3.13)
  -X OPTION[=VALUE]     set an option of the implementation, as sys._xoptions shows it; -X tracemalloc[=N] traces
                        allocations from the start, with N frames (1) of each traceback
  -V, --version         the version
  -h, --help            this text

Commands:
  vitrine heap FILE     what a saved heap image holds, as a report, JSON or a page for the browser
  vitrine look PID      the same of a running CPython, 3.8 to 3.13, or of a core
  vitrine diff A B      what grew between two images
  vitrine compile ...   source files to .pyc files
  vitrine dis FILE      the bytecode of a source file
  "vitrine COMMAND --help" says more of each. A program with such a name runs as ./heap.

Environment:
  PYTHONHASHSEED        random (the default), or a number that fixes the hashes of strings
  PYTHONMALLOC          pymalloc, malloc, debug, pymalloc_debug or malloc_debug
  PYTHONMALLOCSTATS     if set, a report of the arenas before each new one and at the end
  PYTHONTRACEMALLOC     a number of frames: as -X tracemalloc=N
  VITRINE_ARENA_GEOMETRY  as --arena-geometry
`;

/** A command line that cannot be followed. */
export class UsageError extends Error {}

export type Program = { kind: "file"; path: string } | { kind: "code"; code: string } | { kind: "stdin" };

export interface Options {
  program: Program;
  /** sys.argv. */
  argv: string[];
  optimize: 0 | 1 | 2;
  heap: boolean;
  image?: string;
  memoryLimit: number;
  /** The values of -X, in order. */
  xoptions: string[];
  geometry?: Geometry;
}

/** A size like 64M: bytes. */
export function parseSize(text: string): number {
  const match = /^([0-9]+)([KMG]?)(?:i?B)?$/i.exec(text);
  const unit = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match?.[2]?.toUpperCase() ?? ""];
  if (!match || unit === undefined) throw new UsageError(`not a size: '${text}' (64M, 1G, ...)`);
  const bytes = Number(match[1]) * unit;
  if (bytes === 0) throw new UsageError("the memory limit must be more than 0");
  // What is beyond the address space limits nothing.
  return Math.min(bytes, 0x7fffffff);
}

/** Reads the arguments; "help" or "version" where that is all that is asked for. */
export function parseArguments(args: readonly string[]): Options | "help" | "version" {
  const options: Options = {
    program: { kind: "stdin" },
    argv: [""],
    optimize: 0,
    heap: false,
    memoryLimit: 0,
    xoptions: [],
  };
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = splitOption(args[i]!);
    const value = (): string => {
      if (inline !== undefined) return inline;
      if (i + 1 >= args.length) throw new UsageError(`argument expected for the ${name} option`);
      return args[++i]!;
    };
    switch (name) {
      case "-h":
      case "--help":
        return "help";
      case "-V":
      case "--version":
        return "version";
      case "-O":
        options.optimize = options.optimize === 0 ? 1 : 2;
        break;
      case "-OO":
        options.optimize = 2;
        break;
      case "--heap":
        options.heap = true;
        break;
      case "--heap-image":
        options.image = value();
        break;
      case "--memory-limit":
        options.memoryLimit = parseSize(value());
        break;
      case "--arena-geometry":
        options.geometry = value() as Geometry;
        break;
      case "-X":
        options.xoptions.push(value());
        break;
      case "-c":
        options.program = { kind: "code", code: value() };
        options.argv = ["-c", ...args.slice(i + 1)];
        return options;
      case "-m":
        throw new UsageError("-m is not supported yet: the standard library is not there to find modules in");
      case "-":
        options.argv = args.slice(i);
        return options;
      case "--":
        if (i + 1 < args.length) setFile(options, args, i + 1);
        return options;
      default:
        if (name.startsWith("-")) throw new UsageError(`unknown option ${name}`);
        setFile(options, args, i);
        return options;
    }
  }
  return options;
}

function setFile(options: Options, args: readonly string[], i: number): void {
  options.program = { kind: "file", path: args[i]! };
  options.argv = args.slice(i);
}

/** An option's name and the value that is written with it: --name=VALUE, -cCODE, -XOPTION. */
function splitOption(arg: string): [string, string | undefined] {
  const long = /^(--[a-z-]+)=(.*)$/s.exec(arg);
  if (long) return [long[1]!, long[2]!];
  return /^-[cX]./s.test(arg) ? [arg.slice(0, 2), arg.slice(2)] : [arg, undefined];
}
