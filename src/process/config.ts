/**
 * What a process is told at its start: how the program is to be run, and what sys shows of the command line and the
 * environment. Mirrors PyConfig (CPython 3.13's Python/initconfig.c), whose names the runtime gets it under
 * (assembly/api/config.ts).
 */
import { List, type MarshalValue, marshalValue } from "../kernel/marshal.ts";

/** A configuration that there cannot be; the message is for standard error as it is. */
export class ConfigError extends Error {}

/** sys.flags. */
interface Flags {
  debug: number;
  inspect: number;
  interactive: number;
  optimize: number;
  dontWriteBytecode: number;
  noUserSite: number;
  noSite: number;
  ignoreEnvironment: number;
  verbose: number;
  bytesWarning: number;
  quiet: number;
  /** What it is decides the process's hash seed. */
  hashRandomization: number;
  isolated: number;
  devMode: boolean;
  utf8Mode: number;
  warnDefaultEncoding: number;
  safePath: boolean;
  intMaxStrDigits: number;
}

const FLAGS: readonly (keyof Flags)[] = [
  "debug",
  "inspect",
  "interactive",
  "optimize",
  "dontWriteBytecode",
  "noUserSite",
  "noSite",
  "ignoreEnvironment",
  "verbose",
  "bytesWarning",
  "quiet",
  "hashRandomization",
  "isolated",
  "devMode",
  "utf8Mode",
  "warnDefaultEncoding",
  "safePath",
  "intMaxStrDigits",
];

/** What is run: `run_command`, `run_module` or `run_filename` of PyConfig; without any, standard input. */
export type Program =
  | { kind: "code"; code: string }
  | { kind: "module"; name: string }
  | { kind: "file"; path: string }
  | { kind: "stdin" };

export interface Config {
  program: Program;
  /** -x: the first line of the file is not Python. */
  skipFirstLine: boolean;
  /** The name by which messages call the command. */
  programName: string;
  argv: readonly string[];
  origArgv: readonly string[];
  executable: string;
  /** What sys.path has before the library. */
  path: readonly string[];
  /** What comes first in sys.path as the program is run; null for nothing. */
  path0: string | null;
  warnOptions: readonly string[];
  xoptions: ReadonlyMap<string, string | true>;
  flags: Flags;
  pycachePrefix: string | null;
  checkHashPycs: string;
  streamEncoding: string;
  streamErrors: string;
  /** -u: false. */
  streamsBuffered: boolean;
  importTime: boolean;
  faulthandler: boolean;
  /** Whether code objects say in which columns instructions stand. */
  debugRanges: boolean;
  frozenModules: boolean;
  /** How many processors the program is told there are; -1: as many as there are. */
  cpuCount: number;
}

/** Nothing of the environment, no site: as CPython's isolated configuration. */
export const isolatedConfig: Config = {
  program: { kind: "stdin" },
  skipFirstLine: false,
  programName: "vitrine",
  argv: [""],
  origArgv: [],
  executable: "",
  path: [],
  path0: null,
  warnOptions: [],
  xoptions: new Map(),
  flags: {
    debug: 0,
    inspect: 0,
    interactive: 0,
    optimize: 0,
    dontWriteBytecode: 1,
    noUserSite: 0,
    noSite: 1,
    ignoreEnvironment: 0,
    verbose: 0,
    bytesWarning: 0,
    quiet: 0,
    hashRandomization: 0,
    isolated: 0,
    devMode: false,
    utf8Mode: 0,
    warnDefaultEncoding: 0,
    safePath: false,
    intMaxStrDigits: 4300,
  },
  pycachePrefix: null,
  checkHashPycs: "default",
  streamEncoding: "utf-8",
  streamErrors: "strict",
  streamsBuffered: true,
  importTime: false,
  faulthandler: false,
  debugRanges: true,
  frozenModules: true,
  cpuCount: -1,
};

/** The folder's parents: what sys.prefix is for a library in `PREFIX/lib/python3.13`. */
function prefixOf(folder: string): string {
  return folder.replace(/\/[^/]*\/[^/]*$/, "");
}

/** The marshalled dict that the runtime's configure() takes. `library`: the folder of the standard library. */
export function encodeConfig(config: Config, library: string | undefined): Uint8Array {
  const { program, flags } = config;
  const prefix = library === undefined ? "" : prefixOf(library);
  const texts = (list: readonly string[]) => new List(list);
  const sys = new Map<string, MarshalValue>([
    ["argv", texts(config.argv)],
    ["orig_argv", texts(config.origArgv)],
    ["path", texts(library === undefined ? config.path : [...config.path, library])],
    ["warnoptions", texts(config.warnOptions)],
    ["_xoptions", config.xoptions],
    ["executable", config.executable],
    ["_base_executable", config.executable],
    ["prefix", prefix],
    ["base_prefix", prefix],
    ["exec_prefix", prefix],
    ["base_exec_prefix", prefix],
    ["_stdlib_dir", library ?? null],
    ["pycache_prefix", config.pycachePrefix],
    ["dont_write_bytecode", flags.dontWriteBytecode > 0],
  ]);
  const dict = new Map<string, MarshalValue>([
    ["sys", sys],
    ["flags", FLAGS.map((name) => flags[name])],
    ["program_name", config.programName],
    ["run_command", program.kind === "code" ? program.code : null],
    ["run_module", program.kind === "module" ? program.name : null],
    ["run_filename", program.kind === "file" ? program.path : null],
    ["skip_source_first_line", config.skipFirstLine],
    ["sys_path_0", config.path0],
    ["check_hash_pycs_mode", config.checkHashPycs],
    ["stdio_encoding", config.streamEncoding],
    ["stdio_errors", config.streamErrors],
    ["buffered_stdio", config.streamsBuffered],
    ["faulthandler", config.faulthandler],
    ["import_time", config.importTime],
    ["code_debug_ranges", config.debugRanges],
    ["cpu_count", config.cpuCount],
    ["use_frozen_modules", config.frozenModules],
  ]);
  return marshalValue(dict);
}
