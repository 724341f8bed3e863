/**
 * How a process is to start, from the command line and the environment, of which the command line goes first (CPython
 * 3.13's preconfig_read in Python/preconfig.c and config_read in Python/initconfig.c, and the computation of sys.path[0] in
 * Python/pathconfig.c).
 */
import { realpathSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { decodeEscaped, encodeEscaped } from "../platform/arguments.ts";
import { type Config, ConfigError, type Program } from "../process/config.ts";
import type { Options } from "./options.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const INT_MAX = 0x7fffffff;
const LEAST_STR_DIGITS = 640;
const DEFAULT_STR_DIGITS = 4300;

const fatal = (where: string, what: string, state = "preinitialized") =>
  new ConfigError(`Fatal Python error: ${where}${what}\nPython runtime state: ${state}\n\n`);

/** A C int that all of the text says; undefined where it says none. */
function toInt(text: string): number | undefined {
  const n = /^\s*[-+]?\d+$/.test(text) ? Number(text) : undefined;
  return n !== undefined && n >= -INT_MAX - 1 && n <= INT_MAX ? n : undefined;
}

/** The environment, as far as it counts, and the values of -X. */
class Settings {
  constructor(
    private readonly variables: Environment,
    private readonly xoptions: readonly string[],
  ) {}

  /** A variable that is not empty. */
  variable(name: string): string | undefined {
    return this.variables[name] || undefined;
  }

  /** A level: the greater of what options say and what the variable does, which any text raises to 1. */
  level(given: number, name: string): number {
    const text = this.variable(name);
    if (text === undefined) return given;
    const n = toInt(text);
    return Math.max(given, n === undefined || n < 0 ? 1 : n);
  }

  /** The first -X of the name: its value, "" where it has none, undefined where it is not given. */
  xoption(name: string): string | undefined {
    const option = this.xoptions.find((x) => x.split("=", 1)[0] === name);
    return option?.slice(name.length + 1);
  }

  isGiven(xoption: string, variable: string): boolean {
    return this.variable(variable) !== undefined || this.xoption(xoption) !== undefined;
  }
}

/** The locale of characters that the environment chooses; "C" where it chooses none. */
function locale(variables: Environment): string {
  return variables.LC_ALL || variables.LC_CTYPE || variables.LANG || "C";
}

/** Whether a locale is C, or one that is not there: there is C and what is UTF-8. */
const isC = (name: string) => !/utf-?8/i.test(name);

/** How CPython reads texts from outside where nothing makes them UTF-8: in the locale C, what is not ASCII is none. */
function localeReader(settings: Settings, variables: Environment, utf8: number): (text: string) => string {
  const coerced = !variables.LC_ALL && settings.variable("PYTHONCOERCECLOCALE") !== "0";
  if (utf8 > 0 || coerced || !isC(locale(variables))) return (text) => text;
  return (text) => decodeEscaped(encodeEscaped(text), true);
}

function readProgram(program: Program, read: (text: string) => string): Program {
  switch (program.kind) {
    case "code":
      return { kind: "code", code: read(program.code) };
    case "module":
      return { kind: "module", name: read(program.name) };
    case "file":
      return { kind: "file", path: read(absolute(program.path)) };
    default:
      return program;
  }
}

function utf8Mode(settings: Settings, variables: Environment): number {
  const option = settings.xoption("utf8");
  if (option !== undefined) {
    if (!["", "0", "1"].includes(option)) {
      throw fatal("preconfig_init_utf8_mode: ", "invalid -X utf8 option value", "preinitializing");
    }
    return option === "0" ? 0 : 1;
  }
  const variable = settings.variable("PYTHONUTF8");
  if (variable === undefined) return isC(locale(variables)) ? 1 : 0;
  if (variable !== "0" && variable !== "1") {
    throw fatal("preconfig_init_utf8_mode: ", "invalid PYTHONUTF8 environment variable value", "preinitializing");
  }
  return Number(variable);
}

function intMaxStrDigits(settings: Settings): number {
  let digits = DEFAULT_STR_DIGITS;
  const take = (text: string, what: string) => {
    const n = toInt(text);
    if (n === undefined || (n !== 0 && n < LEAST_STR_DIGITS)) {
      const limits = `invalid limit; must be >= ${LEAST_STR_DIGITS} or 0 for unlimited.`;
      throw fatal("config_init_int_max_str_digits: ", `${what}: ${limits}`);
    }
    digits = n;
  };
  const variable = settings.variable("PYTHONINTMAXSTRDIGITS");
  if (variable !== undefined) take(variable, "PYTHONINTMAXSTRDIGITS");
  const option = settings.xoption("int_max_str_digits");
  if (option !== undefined) take(option, "-X int_max_str_digits");
  return digits;
}

/** How many processors the program is told there are; -1: as many as there are. */
function cpuCount(settings: Settings): number {
  let count = -1;
  for (const text of [settings.variable("PYTHON_CPU_COUNT"), settings.xoption("cpu_count")]) {
    if (text === undefined) continue;
    count = text === "default" ? -1 : (toInt(text) ?? 0);
    if (count < 1 && text !== "default") {
      throw fatal(
        "config_init_cpu_count: ",
        "-X cpu_count=n option: n is missing or an invalid number, n must be greater than 0",
      );
    }
  }
  return count;
}

function frozenModules(settings: Settings): boolean {
  const variable = settings.variable("PYTHON_FROZEN_MODULES");
  if (variable !== undefined && variable !== "on" && variable !== "off") {
    throw fatal("", 'bad value for PYTHON_FROZEN_MODULES (expected "on" or "off")');
  }
  const option = settings.xoption("frozen_modules");
  if (option !== undefined && !["", "on", "off"].includes(option)) {
    throw fatal("", 'bad value for option -X frozen_modules (expected "on" or "off")');
  }
  return (option ?? variable) !== "off";
}

/** Encoding and errors of the standard streams. */
function streamCodec(settings: Settings, variables: Environment, utf8: number): [string, string] {
  const variable = settings.variable("PYTHONIOENCODING");
  const colon = variable === undefined ? -1 : variable.indexOf(":");
  const encoding = variable === undefined ? "" : colon < 0 ? variable : variable.slice(0, colon);
  let errors = variable === undefined || colon < 0 ? "" : variable.slice(colon + 1);
  if (errors === "" && encoding !== "") errors = "strict";
  // The locales that C is coerced to are as forgiving.
  const forgiving = utf8 > 0 || /^(C|POSIX|C\.UTF-8|C\.utf8|UTF-8)$/.test(locale(variables));
  return [encoding || "utf-8", errors || (forgiving ? "surrogateescape" : "strict")];
}

function warnOptions(options: Options, settings: Settings, devMode: boolean): string[] {
  const all = new Set<string>();
  if (devMode) all.add("default");
  for (const text of settings.variable("PYTHONWARNINGS")?.split(",") ?? []) if (text !== "") all.add(text);
  for (const text of options.warnings) all.add(text);
  if (options.bytesWarning > 0) all.add(options.bytesWarning > 1 ? "error::BytesWarning" : "default::BytesWarning");
  return [...all];
}

/** -X NAME is True, -X NAME=VALUE the value. */
function xoptionTable(xoptions: readonly string[]): Map<string, string | true> {
  const table = new Map<string, string | true>();
  for (const option of xoptions) {
    const equals = option.indexOf("=");
    if (equals < 0) table.set(option, true);
    else table.set(option.slice(0, equals), option.slice(equals + 1));
  }
  return table;
}

/** What sys.path begins with: the folder of the program, links followed. */
function firstPath({ program, argv }: Options): string {
  if (program.kind === "code") return "";
  if (program.kind === "module") return process.cwd();
  const name = argv[0] ?? "";
  if (name === "") return "";
  try {
    return dirname(decodeEscaped(realpathSync(encodeEscaped(name), "buffer")));
  } catch {
    return name.includes("/") ? dirname(name) : "";
  }
}

interface Configuration extends Config {
  /** The variables that count: none with -E. */
  variables: Environment;
}

/**
 * The configuration of a process. `variables`: the environment. `executable`: what sys.executable is to be. `args`: all
 * arguments of the command. Throws ConfigError.
 */
export function configuration(
  options: Options,
  variables: Environment,
  executable: string,
  args: readonly string[],
): Configuration {
  const { program, isolated } = options;
  const ignoreEnvironment = isolated || options.ignoreEnvironment;
  const effective = ignoreEnvironment ? {} : variables;
  const settings = new Settings(effective, options.xoptions);
  const devMode = settings.isGiven("dev", "PYTHONDEVMODE");
  const utf8 = utf8Mode(settings, variables);
  const read = localeReader(settings, variables, utf8);
  const safePath = isolated || options.safePath || settings.variable("PYTHONSAFEPATH") !== undefined;
  const [streamEncoding, streamErrors] = streamCodec(settings, variables, utf8);
  const prefix = settings.xoption("pycache_prefix") ?? settings.variable("PYTHONPYCACHEPREFIX") ?? "";
  const flag = (given: boolean, name: string) => settings.level(given ? 1 : 0, name) > 0;
  return {
    program: readProgram(program, read),
    skipFirstLine: options.skipFirstLine,
    programName: "vitrine",
    argv: options.argv.map(read),
    origArgv: [executable, ...args.map(read)],
    executable,
    path:
      settings
        .variable("PYTHONPATH")
        ?.split(":")
        .map((path) => resolve(path)) ?? [],
    path0: safePath ? null : firstPath(options),
    warnOptions: warnOptions(options, settings, devMode),
    xoptions: xoptionTable(options.xoptions),
    flags: {
      debug: settings.level(options.debug, "PYTHONDEBUG") > 0 ? 1 : 0,
      inspect: settings.level(options.inspect, "PYTHONINSPECT"),
      interactive: options.inspect,
      optimize: settings.level(options.optimize, "PYTHONOPTIMIZE"),
      dontWriteBytecode: flag(options.dontWriteBytecode, "PYTHONDONTWRITEBYTECODE") ? 1 : 0,
      noUserSite: isolated || flag(options.noUserSite, "PYTHONNOUSERSITE") ? 1 : 0,
      noSite: options.noSite ? 1 : 0,
      ignoreEnvironment: ignoreEnvironment ? 1 : 0,
      verbose: settings.level(options.verbose, "PYTHONVERBOSE"),
      bytesWarning: options.bytesWarning,
      quiet: options.quiet,
      hashRandomization: 1,
      isolated: isolated ? 1 : 0,
      devMode,
      utf8Mode: utf8,
      warnDefaultEncoding: settings.isGiven("warn_default_encoding", "PYTHONWARNDEFAULTENCODING") ? 1 : 0,
      safePath,
      intMaxStrDigits: intMaxStrDigits(settings),
    },
    pycachePrefix: prefix === "" ? null : prefix,
    checkHashPycs: options.checkHashPycs,
    streamEncoding,
    streamErrors,
    streamsBuffered: !flag(options.unbuffered, "PYTHONUNBUFFERED"),
    importTime: settings.isGiven("importtime", "PYTHONPROFILEIMPORTTIME"),
    faulthandler: devMode || settings.isGiven("faulthandler", "PYTHONFAULTHANDLER"),
    debugRanges: !settings.isGiven("no_debug_ranges", "PYTHONNODEBUGRANGES"),
    frozenModules: frozenModules(settings),
    variables: effective,
    cpuCount: cpuCount(settings),
  };
}

/** A path from the root, otherwise as it was written, `./` too. */
function absolute(path: string): string {
  if (path === ".") return process.cwd();
  return isAbsolute(path) ? path : `${process.cwd()}/${path}`;
}
