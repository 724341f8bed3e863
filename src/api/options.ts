/**
 * What an interpreter is made with. Options are checked: an unknown one, or a value that means nothing, throws when the
 * interpreter is made, not when it would have mattered.
 */
import type { Clock, Files } from "../kernel/services.ts";
import type { Geometry } from "../process/allocator.ts";

/** A function of the host, as programs call it. Keyword arguments come last, as a plain object. */
export type HostFunction = (...args: never[]) => unknown;

export interface InterpreterOptions {
  /**
   * Memory that the program may have mapped at once: a number of bytes, or a text such as "64M" (K, M, G are powers of
   * 1024). Beyond it the program gets MemoryError. Default: 2 GiB, which is all that there can be. Compiling a source may
   * take as much of the host's memory besides, but at least 32 MiB and at most 1 GiB.
   */
  memoryLimit?: number | string;
  /**
   * Milliseconds that one call (run, evaluate, call, dispose …) may take, counted with what it calls. Then the program gets
   * TimeoutError; where it goes on all the same, it is ended 100 ms later, whatever it catches. Default: no limit.
   */
  timeLimit?: number;
  /** Bytes of output, as UTF-8, from the start to the end. Default: 64 MiB where output is collected, none with a callback. */
  outputLimit?: number | string;
  /** Bytes of the host's memory that a value may take which is read out. Default: 256 MiB. */
  valueLimit?: number | string;
  /** Default: classic. */
  geometry?: Geometry;
  /**
   * Receives what the program prints, as it prints it; without it, `output` collects it. What it throws, or rejects its promise
   * with, the call throws that ran the program; in this thread, where no call can wait for a promise, the next one.
   */
  stdout?: (text: string) => unknown;
  stderr?: (text: string) => unknown;
  /** Standard input. Default: empty. */
  stdin?: string | Uint8Array;
  /** Functions that the program finds under these names in __main__. */
  functions?: Record<string, HostFunction>;
  /** true: the files of the machine; or files of your own. Default: none, open() fails. */
  files?: boolean | Files;
  /** true: the machine's clock; or one of your own. Default: none. */
  clock?: boolean | Clock;
  /** Whether the program gets random bytes. Default: no. */
  entropy?: boolean;
  /** Whether the program learns which process of the machine it is, and may send signals. Default: it is alone. */
  process?: boolean;
  /** What os.environ is at first. Default: empty. */
  environment?: Record<string, string>;
  /** A number fixes the hashes of strings, as PYTHONHASHSEED. Default: random. */
  hashSeed?: number;
  /** How many levels native code may recurse at most. Default: what is left of the calling thread's stack, measured. */
  nativeDepth?: number;
  /**
   * Threads that the program may have at once besides the first, in Interpreter.start(): each takes a worker of the host's, which
   * stays for the next. Default: 64.
   */
  threads?: number;
  /** A memory that other threads can be given, so that they can interrupt() the program. Default: no. */
  shared?: boolean;
  /**
   * The runtime with assertions, and with debug hooks on every block. The package does not contain it.
   * @internal
   */
  debug?: boolean;
}

/** What can be said of one call. */
export interface CallOptions {
  /** Default: the interpreter's. */
  timeLimit?: number | undefined;
}

export interface RunOptions extends CallOptions {
  /** What tracebacks call the source. Default: "<string>". */
  filename?: string | undefined;
}

/** The options, checked, with defaults. */
export interface Settings extends Omit<InterpreterOptions, "memoryLimit" | "outputLimit" | "valueLimit"> {
  /** 0 for none. */
  memoryLimit: number;
  outputLimit: number;
  valueLimit: number;
}

const MIB = 1 << 20;
const OUTPUT_LIMIT = 64 * MIB;
const VALUE_LIMIT = 256 * MIB;
const THREADS_MOST = 1024;
const ADDRESS_SPACE = 2 ** 31;
const UNITS: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

function refuse(name: string, what: string, value: unknown): never {
  const shown =
    typeof value === "string" ? JSON.stringify(value) : typeof value === "object" ? "an object" : String(value);
  throw new TypeError(`${name} must be ${what}, not ${shown}`);
}

/** A number of bytes from 1 to `most`, or a text that says one. */
function bytes(name: string, value: unknown, most: number): number {
  const what = 'a number of bytes, or a text such as "64M"';
  let n: unknown = value;
  if (typeof value === "string") {
    const parts = /^(\d+)([KMG]?)$/i.exec(value.trim());
    if (parts === null) refuse(name, what, value);
    n = Number(parts[1]) * UNITS[parts[2]!.toUpperCase()]!;
  }
  if (typeof n !== "number" || !Number.isInteger(n)) refuse(name, what, value);
  if (n < 1 || n > most) throw new RangeError(`${name} must be from 1 to ${most} bytes, not ${n}`);
  return n;
}

type Check = (name: string, value: unknown) => void;

const kind =
  (type: string, what: string): Check =>
  (name, value) => {
    if (typeof value !== type) refuse(name, what, value);
  };
const flag = kind("boolean", "true or false");
const callback = kind("function", "a function");

/** A service of the embedder's own, with methods that it must have; true for the machine's. */
const service =
  (...methods: string[]): Check =>
  (name, value) => {
    if (typeof value === "boolean") return;
    if (typeof value !== "object" || value === null) refuse(name, "true, false or an object", value);
    for (const method of methods) {
      if (typeof (value as Record<string, unknown>)[method] !== "function")
        throw new TypeError(`${name} must have a method ${method}()`);
    }
  };

const record =
  (type: string, what: string): Check =>
  (name, value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(name, "an object", value);
    for (const [key, entry] of Object.entries(value)) {
      if (typeof entry !== type) refuse(`${name}.${key}`, what, entry);
    }
  };

/** Milliseconds. */
function checkTime(name: string, value: unknown): void {
  if (typeof value !== "number" || !(value > 0)) refuse(name, "a number of milliseconds above 0", value);
}

function integer(least: number, most: number): Check {
  return (name, value) => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most)
      refuse(name, `a whole number from ${least} to ${most}`, value);
  };
}

const CHECKS: Record<keyof InterpreterOptions, Check> = {
  memoryLimit: (name, value) => bytes(name, value, ADDRESS_SPACE),
  timeLimit: checkTime,
  outputLimit: (name, value) => bytes(name, value, Number.MAX_SAFE_INTEGER),
  valueLimit: (name, value) => bytes(name, value, Number.MAX_SAFE_INTEGER),
  geometry: (name, value) => {
    if (value !== "classic" && value !== "radix") refuse(name, '"classic" or "radix"', value);
  },
  stdout: callback,
  stderr: callback,
  stdin: (name, value) => {
    if (typeof value !== "string" && !(value instanceof Uint8Array)) refuse(name, "a text or bytes", value);
  },
  functions: record("function", "a function"),
  files: service("open", "describePath"),
  clock: service("time", "performance"),
  entropy: flag,
  process: flag,
  environment: record("string", "a text"),
  hashSeed: integer(0, 0xffffffff),
  nativeDepth: integer(1, 1 << 20),
  threads: integer(0, THREADS_MOST),
  shared: flag,
  debug: flag,
};

/** Throws where an object has a key that is none of these. */
function checkKeys(what: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) throw new TypeError(`${what}s must be an object`);
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const meant = known.find((k) => k.toLowerCase() === name.toLowerCase());
    throw new TypeError(`there is no ${what} '${name}'${meant ? `: it is '${meant}'` : ""}`);
  }
}

/** Checks the options and gives them their defaults. Throws TypeError or RangeError. */
export function checkOptions(options: InterpreterOptions): Settings {
  checkKeys("option", options, Object.keys(CHECKS));
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) CHECKS[name as keyof InterpreterOptions](name, value);
  }
  const { memoryLimit, outputLimit, valueLimit } = options;
  const collected = options.stdout === undefined || options.stderr === undefined;
  return {
    ...options,
    // The address space is the limit of those who have no other.
    memoryLimit: memoryLimit === undefined ? 0 : bytes("memoryLimit", memoryLimit, ADDRESS_SPACE),
    outputLimit:
      outputLimit !== undefined
        ? bytes("outputLimit", outputLimit, Number.MAX_SAFE_INTEGER)
        : collected
          ? OUTPUT_LIMIT
          : Number.POSITIVE_INFINITY,
    valueLimit: valueLimit === undefined ? VALUE_LIMIT : bytes("valueLimit", valueLimit, Number.MAX_SAFE_INTEGER),
  };
}

/** Checks what is said of a run. */
export function runOptions(options: RunOptions | string | undefined): RunOptions {
  if (options === undefined) return {};
  if (typeof options === "string") return { filename: options };
  checkKeys("option", options, ["filename", "timeLimit"]);
  if (options.filename !== undefined && typeof options.filename !== "string")
    refuse("filename", "a text", options.filename);
  if (options.timeLimit !== undefined) checkTime("timeLimit", options.timeLimit);
  return options;
}
