/**
 * What a host may grant a program. Each service is optional: without it the system calls that need it fail with EPERM,
 * so a program without any can compute, and print where `output` is given, nothing else.
 */
import type { FileStatus } from "./generated/dispatch.ts";

export type { FileStatus };

/**
 * A file that is open. Methods throw an error whose `code` is an errno name (ENOENT, …). The bytes that they are given
 * lie in the program's memory: what is kept must be copied.
 */
export interface OpenFile {
  /** Fills `into`; how many bytes there were, 0 at the end. */
  read(into: Uint8Array): number;
  /** How many of the bytes were taken. */
  write(bytes: Uint8Array): number;
  /** Moves the position: `whence` 0 from the start, 1 from here, 2 from the end; the new position. */
  seek(offset: number, whence: number): number;
  truncate(length: number): void;
  describe(): FileStatus;
  /** Left out: it is none. */
  isTerminal?(): boolean;
  close(): void;
}

export interface Files {
  /** `path`: bytes, as the program gave them. `flags`: Linux's O_*. */
  open(path: Uint8Array, flags: number, mode: number): OpenFile;
  describePath(path: Uint8Array): FileStatus;
}

/** What the program finds open as descriptors 0 to 2. */
export interface StandardStreams {
  /** Fills `into` from standard input; 0 at its end. Without it, standard input is empty. */
  input?(into: Uint8Array): number;
  /** Takes what is written to descriptor 1 or 2; how many bytes were taken. The bytes must be copied to be kept. */
  output?(fd: number, bytes: Uint8Array): number;
  isTerminal?(fd: number): boolean;
}

export interface Clock {
  /** Seconds since 1970. */
  time(): number;
  /** Seconds of a clock that only goes forward. */
  performance(): number;
}

/** What a compilation may take. */
export interface CompileLimits {
  /** Bytes of the host's memory. */
  memory: number;
  /** Digits of a decimal literal; 0 for any number. */
  maxStrDigits: number;
}

/**
 * Compiles a source: the marshalled tuple that spec/syscalls.txt describes. `file` gives the contents of the file that
 * `filename` names, for errors to quote; null where it cannot be read.
 */
export type CompileService = (
  source: Uint8Array,
  filename: Uint8Array,
  mode: "exec" | "eval" | "single",
  flags: number,
  optimize: number,
  file?: () => Uint8Array | null,
  limits?: CompileLimits,
) => Uint8Array;

export interface Services {
  streams?: StandardStreams;
  files?: Files;
  clock?: Clock;
  /** Fills the bytes at random. */
  entropy?(into: Uint8Array): void;
  compile: CompileService;
  library?: Library;
}

/** The standard library. */
export interface Library {
  /** The path of the folder in which programs see its files, without a slash at the end. */
  folder: string;
  /** A frozen module, as spec/syscalls.txt has it; undefined where there is none of this name. */
  frozen(name: string): Uint8Array | undefined;
  // Its files and folders, by paths below the folder, "" being itself; undefined where there is nothing.
  status(path: string): { folder: boolean; size: number } | undefined;
  list(path: string): readonly string[] | undefined;
  read(path: string): Uint8Array | undefined;
}
