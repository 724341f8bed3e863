/**
 * The command line of `vitrine`, read as python3 reads its own (Python/getopt.c and config_parse_cmdline of
 * Python/initconfig.c): options, then what to run, then the program's arguments. One-letter options may be written
 * together, the last of them with its value.
 */
import type { Geometry } from "../process/allocator.ts";
import type { Program } from "../process/config.ts";

/** A command line that cannot be followed; the message is for standard error as it is. */
export class UsageError extends Error {}

/** What the command says of itself instead of running a program. */
export type Answer = { help: "usage" | "environment" | "xoptions" | "all" } | { version: number };

export interface Options {
  program: Program;
  /** sys.argv. */
  argv: string[];
  bytesWarning: number;
  dontWriteBytecode: boolean;
  checkHashPycs: string;
  debug: number;
  ignoreEnvironment: boolean;
  inspect: number;
  isolated: boolean;
  optimize: number;
  safePath: boolean;
  quiet: number;
  randomHashes: boolean;
  noUserSite: boolean;
  noSite: boolean;
  unbuffered: boolean;
  verbose: number;
  skipFirstLine: boolean;
  warnings: string[];
  /** The values of -X, in order. */
  xoptions: string[];
  /** The report of the heap: "" on standard output, or the name of a file. */
  heap?: string;
  image?: string;
  /** Where the log of the heap goes: "-" as a table on standard error, or the name of a file. */
  gcLog?: string;
  /** Where the log of the interpreter's lock goes, the name of a file. */
  gilLog?: string;
  memoryLimit: number;
  geometry?: Geometry;
}

/** Our own options that have a value, which may be written with "=" as well. */
const LONG: ReadonlySet<string> = new Set([
  "--heap-image",
  "--gc-log",
  "--gil-log",
  "--memory-limit",
  "--arena-geometry",
]);

const WITH_VALUE = "cmWX";

/** A size like 64M: bytes. */
function parseSize(text: string): number {
  const match = /^([0-9]+)([KMG]?)(?:i?B)?$/i.exec(text);
  const unit = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match?.[2]?.toUpperCase() ?? ""];
  if (!match || unit === undefined) throw new UsageError(`vitrine: not a size: '${text}' (64M, 1G, ...)\n`);
  const bytes = Number(match[1]) * unit;
  if (bytes === 0) throw new UsageError("vitrine: the memory limit must be more than 0\n");
  // What is beyond the address space limits nothing.
  return Math.min(bytes, 0x7fffffff);
}

/** Reads the arguments. Throws UsageError. */
export function parseArguments(args: readonly string[]): Options | Answer {
  const options: Options = {
    program: { kind: "stdin" },
    argv: [""],
    bytesWarning: 0,
    dontWriteBytecode: false,
    checkHashPycs: "default",
    debug: 0,
    ignoreEnvironment: false,
    inspect: 0,
    isolated: false,
    optimize: 0,
    safePath: false,
    quiet: 0,
    randomHashes: false,
    noUserSite: false,
    noSite: false,
    unbuffered: false,
    verbose: 0,
    skipFirstLine: false,
    warnings: [],
    xoptions: [],
    memoryLimit: 0,
  };
  let version = 0;
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at]!;
    if (!arg.startsWith("-") || arg === "-") break;
    if (arg === "--") {
      at++;
      break;
    }
    if (arg.startsWith("--")) {
      const answer = takeLong(options, arg, () => args[++at]);
      if (answer === "version") version++;
      else if (answer) return answer;
      continue;
    }
    for (let i = 1; i < arg.length; i++) {
      const letter = arg[i]!;
      let value = "";
      if (WITH_VALUE.includes(letter)) {
        const given = i + 1 < arg.length ? arg.slice(i + 1) : args[++at];
        if (given === undefined) throw new UsageError(`Argument expected for the -${letter} option\n`);
        value = given;
        i = arg.length;
      }
      if (letter === "c" || letter === "m") {
        if (version > 0) return { version };
        options.program = letter === "c" ? { kind: "code", code: `${value}\n` } : { kind: "module", name: value };
        options.argv = [`-${letter}`, ...args.slice(at + 1)];
        return options;
      }
      if (letter === "h" || letter === "?") return { help: "usage" };
      if (letter === "V") version++;
      else takeLetter(options, letter, value);
    }
  }
  if (version > 0) return { version };
  const rest = args.slice(at);
  if (rest.length > 0) options.argv = rest;
  if (rest.length > 0 && rest[0] !== "-") options.program = { kind: "file", path: rest[0]! };
  return options;
}

function takeLetter(options: Options, letter: string, value: string): void {
  switch (letter) {
    case "b":
      options.bytesWarning++;
      break;
    case "B":
      options.dontWriteBytecode = true;
      break;
    case "d":
      options.debug++;
      break;
    case "E":
      options.ignoreEnvironment = true;
      break;
    case "i":
      options.inspect++;
      break;
    case "I":
      options.isolated = true;
      break;
    case "O":
      options.optimize++;
      break;
    case "P":
      options.safePath = true;
      break;
    case "q":
      options.quiet++;
      break;
    case "R":
      options.randomHashes = true;
      break;
    case "s":
      options.noUserSite = true;
      break;
    case "S":
      options.noSite = true;
      break;
    case "t":
      break;
    case "u":
      options.unbuffered = true;
      break;
    case "v":
      options.verbose++;
      break;
    case "W":
      options.warnings.push(value);
      break;
    case "x":
      options.skipFirstLine = true;
      break;
    case "X":
      options.xoptions.push(value);
      break;
    case "J":
      throw new UsageError("-J is reserved for Jython\n");
    default:
      throw new UsageError(`Unknown option: -${letter}\n`);
  }
}

/** Takes a long option; what the command is to say instead of running a program, if it is that. */
function takeLong(options: Options, arg: string, next: () => string | undefined): Answer | "version" | undefined {
  const equals = arg.indexOf("=");
  const name = equals < 0 ? arg : arg.slice(0, equals);
  if (name === "--heap") {
    options.heap = equals < 0 ? "" : arg.slice(equals + 1);
    return undefined;
  }
  const own = LONG.has(name);
  const value = (): string => {
    const given = own && equals >= 0 ? arg.slice(equals + 1) : next();
    if (given === undefined) throw new UsageError(`Argument expected for the ${name} option${own ? "" : "s"}\n`);
    return given;
  };
  if (!own) return takePythons(options, arg, value);
  if (name === "--heap-image") options.image = value();
  else if (name === "--gc-log") options.gcLog = value();
  else if (name === "--gil-log") options.gilLog = value();
  else if (name === "--memory-limit") options.memoryLimit = parseSize(value());
  else options.geometry = value() as Geometry;
  return undefined;
}

/** The long options of python3, which have their values as arguments of their own. */
function takePythons(options: Options, arg: string, value: () => string): Answer | "version" | undefined {
  switch (arg) {
    case "--help":
      return { help: "usage" };
    case "--help-env":
      return { help: "environment" };
    case "--help-xoptions":
      return { help: "xoptions" };
    case "--help-all":
      return { help: "all" };
    case "--version":
      return "version";
    case "--check-hash-based-pycs": {
      const mode = value();
      if (!["always", "never", "default"].includes(mode)) {
        throw new UsageError("--check-hash-based-pycs must be one of 'default', 'always', or 'never'\n");
      }
      options.checkHashPycs = mode;
      return undefined;
    }
    default:
      throw new UsageError(`unknown option ${arg}\n`);
  }
}
