/**
 * What a host may grant a program. Each service is optional: without it the system calls that need it fail with EPERM,
 * so a program without any can compute, and print where `output` is given, nothing else. Where a method of a service is
 * optional, what needs it fails with ENOSYS unless its words say otherwise.
 */
import type { NetworkName } from "./netnames.ts";
import type { FileStatus, FileSystemStatus, ProcessIdentity, ResourceUsage } from "./generated/dispatch.ts";

export type { FileStatus, FileSystemStatus, ProcessIdentity, ResourceUsage };

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
  /** Columns and lines of a terminal. */
  terminalSize?(): [columns: number, lines: number];
  /** What the command stty writes, or does, for a terminal, with these words; ENOTTY where it is none. */
  stty?(words: string[]): string;
  /**
   * Programs that are started get the file: they and the process have one position in common from now on. The number that it
   * has at the host, which may be another than before.
   */
  share?(): number;
  /** Reads at an offset; the position stays. */
  readAt?(into: Uint8Array, offset: number): number;
  /** Writes at an offset; the position stays. */
  writeAt?(bytes: Uint8Array, offset: number): number;
  /** Waits until what was written is on the device. Left out: it is. */
  sync?(dataOnly: boolean): void;
  changeMode?(mode: number): void;
  changeOwner?(uid: number, gid: number): void;
  /** Nanoseconds since 1970. */
  setTimes?(accessed: bigint, modified: bigint): void;
  /** The entries of a folder that is open. */
  list?(): Iterable<DirectoryEntry>;
  /** As enterDirectory of Files, for a folder that is open. */
  enter?(): Uint8Array;
  /** Sets O_APPEND and O_NONBLOCK. Left out: they have no effect. */
  setFlags?(flags: number): void;
  /** Describes the file system that it is in. */
  describeFileSystem?(): FileSystemStatus;
  /**
   * For a file of the host, that any thread can use by its number there: from now on its place is this one. The number.
   * Left out: only the thread that has opened it can use it.
   */
  keepIn?(place: FilePlace): number;
  /** What it is ready for, as poll() has it: POLLIN 1, POLLOUT 4, POLLERR 8, POLLHUP 16. Left out: reading and writing. */
  ready?(): number;
}

/** Where an open file is read and written next, which all threads of a process share. */
export interface FilePlace {
  /** -1 where it cannot seek. */
  position: number;
  /** What is written goes to the end. */
  append: boolean;
}

export interface DirectoryEntry {
  name: Uint8Array;
  /** Linux's d_type: 4 a folder, 8 a file, 10 a symbolic link. Left out: the program asks. */
  kind?: number;
  /** Number of the file in its file system. Left out: the program asks. */
  ino?: number | bigint;
}

/** Paths are bytes, as the program gave them: relative ones only until it has changed its folder. */
export interface Files {
  /** `flags`: Linux's O_*. */
  open(path: Uint8Array, flags: number, mode: number): OpenFile;
  describePath(path: Uint8Array): FileStatus;
  /** Describes what is at a path, a symbolic link itself. Left out: there are no symbolic links. */
  describeLink?(path: Uint8Array): FileStatus;
  /** The entries of a folder, without "." and "..". */
  list?(path: Uint8Array): Iterable<DirectoryEntry>;
  /** The folder in which relative paths begin at first. Left out: "/". */
  currentDirectory?(): Uint8Array;
  /**
   * Whether a program may have a folder as its current one; the folder's absolute path, without symbolic links. Left out:
   * any folder that there is.
   */
  enterDirectory?(path: Uint8Array): Uint8Array;
  makeDirectory?(path: Uint8Array, mode: number): void;
  /** Makes what is no file: a named pipe, a device, by the bits S_IFMT of its mode; or an empty file. */
  makeNode?(path: Uint8Array, mode: number, device: bigint): void;
  removeDirectory?(path: Uint8Array): void;
  remove?(path: Uint8Array): void;
  rename?(from: Uint8Array, to: Uint8Array): void;
  link?(from: Uint8Array, to: Uint8Array): void;
  symlink?(target: Uint8Array, path: Uint8Array): void;
  readLink?(path: Uint8Array): Uint8Array;
  changeMode?(path: Uint8Array, mode: number): void;
  changeOwner?(path: Uint8Array, uid: number, gid: number, follow: boolean): void;
  /** Nanoseconds since 1970. */
  setTimes?(path: Uint8Array, accessed: bigint, modified: bigint, follow: boolean): void;
  /** Whether the program may read (4), write (2), execute (1): throws EACCES where not. Left out: whatever is there. */
  checkAccess?(path: Uint8Array, mode: number): void;
  describeFileSystem?(path: Uint8Array): FileSystemStatus;
  /** A file that another thread has opened, by its number there. */
  adopt?(number: number, place: FilePlace): OpenFile;
}

/** What the program is among others. Without it the program is alone, process 1 of a user without rights. */
export interface ProcessService {
  identity(): ProcessIdentity;
  /** How many processors it may use. */
  cpus(): number;
  /** Five texts: the system's name, the machine's in the network, the system's release and version, the kind of machine. */
  systemName(): string[];
  groups?(): number[];
  /** Whose rights the program has: 0 the user, 1 the group, 2 the user in effect, 3 the group in effect. */
  setId?(which: number, id: number): void;
  setGroups?(groups: number[]): void;
  setPriority?(pid: number, priority: number): void;
  /** `processors`: numbers with commas. */
  setAffinity?(pid: number, processors: string): void;
  setHostName?(name: Uint8Array): void;
  loadAverage?(): [number, number, number];
  usage?(): ResourceUsage;
  kill?(pid: number, signal: number): void;
  /** Ends the program and what runs it. */
  exit?(status: number): void;
  /** Sets the permission bits that new files do not get; what it was. Left out: each program has its own. */
  umask?(mask: number): number;
}

/** Signals of the system, and timers that send some. What arrives is written to the program's memory. */
export interface SignalService {
  /** What the system does upon a signal: 0 its default, 1 nothing, 2 it tells the program. */
  action(signal: number, disposition: number): void;
  /** Sets one of the three timers; 0 seconds stop it. */
  setTimer(which: number, seconds: number, interval: number): void;
  /** Seconds of the clock that a timer goes by. */
  timerClock(which: number): number;
  /** Begins to look out for signals: at once, or once the program has run for a while; whether it does. */
  watch(now: boolean): boolean;
}

/** What the program finds open as descriptors 0 to 2. */
export interface StandardStreams {
  /** Fills `into` from standard input; 0 at its end. Without it, standard input is empty. */
  input?(into: Uint8Array): number;
  /** Takes what is written to descriptor 1 or 2; how many bytes were taken. The bytes must be copied to be kept. */
  output?(fd: number, bytes: Uint8Array): number;
  /** What is written to descriptor 0 goes to output(), too, which says whether it can be: a terminal's can. */
  bothWays?: boolean;
  isTerminal?(fd: number): boolean;
  /** Columns and lines of a terminal. */
  terminalSize?(fd: number): [columns: number, lines: number];
  /** As stty() of OpenFile. */
  stty?(fd: number, words: string[]): string;
  /** Descriptors beyond these that the program finds open. Left out: none. */
  inherited?: readonly number[];
  /** The file of one of them. */
  inherit?(fd: number): OpenFile;
  /** Standard input as a file of the outside, so that waiting for it can be interrupted; undefined where it is not. */
  terminal?(): OutsideFile | undefined;
  /** Left out: a character device. */
  describe?(fd: number): FileStatus;
}

/** A pipe, a terminal or a socket that belongs to the outside: none of its methods waits, but they fail with EAGAIN. */
export interface OutsideFile extends OpenFile {
  /** By which poll() knows it. */
  readonly outside: number;
  /** How many bytes a pipe keeps, which is set first where the number is not 0. Left out: it is none. */
  keepBytes?(size: number): number;
}

/** A socket. Addresses are as spec/syscalls.txt has them. */
export interface Socket extends OpenFile {
  bind(address: Uint8Array): void;
  connect(address: Uint8Array): void;
  listen(backlog: number): void;
  accept(): Socket;
  shutdown(how: number): void;
  name(peer: boolean): Uint8Array;
  /** `beside`: control messages, as Linux has them; descriptors in them are the process's business. */
  send(data: Uint8Array, flags: number, address: Uint8Array, beside?: Uint8Array): number;
  /**
   * Fills `into`; `address` where that has room; and `beside`: how many bytes of control messages came, whether the datagram
   * was longer (4 bytes each), those messages.
   */
  receive(into: Uint8Array, flags: number, address: Uint8Array, beside?: Uint8Array): number;
  option(level: number, option: number): number;
  setOption(level: number, option: number, value: number): void;
}

/** One that belongs to the outside. */
export type SocketFile = Socket & OutsideFile;

/**
 * What lies outside the program and answers in its own time: pipes, sockets, programs that it starts. Its files are open
 * under descriptors of the program as others are.
 */
export interface OutsideService {
  /** A file that another thread has opened. */
  adopt(file: number): OutsideFile;
  pipe(): [OutsideFile, OutsideFile];
  /** What the process has found open as a descriptor of the host: a pipe or a socket. */
  inherit(fd: number): OutsideFile;
  socket(family: number, type: number, protocol: number): SocketFile;
  socketPair(family: number, type: number, protocol: number): [SocketFile, SocketFile];
  /**
   * What files are ready for, as poll() has it, for each of what is asked. Where none is and `watch` is set, the calling
   * thread is woken when one may be.
   */
  poll(files: readonly number[], events: readonly number[], watch: boolean): number[];
  resolve(
    host: Uint8Array,
    service: Uint8Array,
    family: number,
    type: number,
    protocol: number,
    flags: number,
  ): Uint8Array;
  /** The names of a numeric address and of a service, as spec/syscalls.txt has nameinfo. */
  nameInfo(host: Uint8Array, port: number, scope: number, flags: number): Uint8Array;
  /** What connects the machine with networks. */
  interfaces(): NetworkName[];
  /**
   * Starts a program, as the marshalled request says: its process. `file`: which file a descriptor is, a number of the
   * host's or one of the outside's. `folder`: where it begins unless it is said, undefined where that is the host's.
   * `environment`: its variables, NAME=VALUE each, where the request names none.
   */
  spawn(
    request: Uint8Array,
    file: (fd: number) => { host: number } | { outside: number },
    folder: Uint8Array | undefined,
    environment: readonly Uint8Array[],
  ): number;
  /** A timer that is read when its time has come; `clock`: CLOCK_REALTIME and so on. */
  timer(clock: number): OutsideFile;
  /** Starts or stops it, nanoseconds; what timerFile() gave before. */
  setTimerFile(file: number, flags: number, initial: bigint, interval: bigint): [left: bigint, interval: bigint];
  /** Nanoseconds to its end, 0 while it does not run; from one end to the next. */
  timerFile(file: number): [left: bigint, interval: bigint];
  /** What is readable when a process has ended. */
  processFile(pid: number): OutsideFile;
  /** Which process that is. */
  pidOf(file: number): number;
  /** A program that has ended, and its status as Linux has it; undefined where none has. `watch` as for poll(). */
  ended(pid: number, watch: boolean): { pid: number; status: number } | undefined;
}

export interface Clock {
  /** Seconds since 1970. */
  time(): number;
  /** Seconds of a clock that only goes forward. */
  performance(): number;
  /** Waits. Left out: the clock is watched. */
  sleep?(seconds: number): void;
  /** The local time zone at an instant, in seconds since 1970. `zone`: what the program has set TZ to. Left out: UTC. */
  zone?(seconds: number, zone: string | undefined): LocalZone;
}

export interface LocalZone {
  /** Seconds east of Greenwich. */
  offset: number;
  /** Whether that is daylight saving time. */
  daylight: boolean;
  name: string;
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
 * `filename` names, for errors to quote; null where it cannot be read. `featureVersion`: N where syntax that came after 3.N
 * is an error. `fatal`: how many warnings there are before one is an error.
 */
export type CompileService = (
  source: Uint8Array,
  filename: Uint8Array,
  mode: "exec" | "eval" | "single" | "func_type",
  flags: number,
  optimize: number,
  file?: () => Uint8Array | null,
  limits?: CompileLimits,
  asked?: { featureVersion?: number; fatal?: number },
) => Uint8Array;

/** The tokens of lines: what spec/syscalls.txt describes. `memory`: what they may take of the host's, in bytes. */
type TokenizeService = (
  lines: Uint8Array,
  position: Uint8Array,
  skip: number,
  flags: number,
  memory?: number,
) => Uint8Array;

export interface Services {
  streams?: StandardStreams;
  files?: Files;
  clock?: Clock;
  /** Fills the bytes at random. */
  entropy?(into: Uint8Array): void;
  process?: ProcessService;
  signals?: SignalService;
  outside?: OutsideService;
  /** Runs threads. Left out: there is one. `thread`: the address of its state. */
  startThread?(thread: number): void;
  /** Where the descriptors lie, of TABLE_BYTES: threads of one process share them. Left out: nobody else sees them. */
  table?: ArrayBufferLike;
  /** The environment's variables, NAME=VALUE each, as the program finds them. Left out: none. */
  environment?: readonly Uint8Array[];
  compile: CompileService;
  tokenize?: TokenizeService;
  library?: Library;
  embedder?: Embedder;
  /** How many levels native code may recurse further from here, where `taken` are taken. */
  moreLevels?: (taken: number) => number;
  /** Where the log of the heap goes. */
  heapLog?: HeapLogService;
  /** Where the log of the interpreter's lock goes, from this thread. */
  gilLog?: GilLogService;
}

/** Who has started the program, and is within reach of it: spec/syscalls.txt says what its methods do. */
interface Embedder {
  wanted(): number;
  /** How many seconds the program may wait at once before it asks what is wanted. */
  patience(): number;
  callFunction(number: number, argv: number, count: number, names: number): number;
  dropFunction(number: number): number;
}

/** What keeps the log of the heap. */
export interface HeapLogService {
  /** Seconds of a clock that only goes forward, the same for all threads. */
  clock(): number;
  /** Takes events, a heapevent each; the bytes are the service's own. */
  write(events: Uint8Array): void;
}

/** What keeps the log of the interpreter's lock. */
export interface GilLogService {
  /** As logGil of spec/syscalls.txt. */
  note(event: number, thread: number, waiting: number): void;
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
  /** Whether these bytes are what the last .pyc file that was read has behind its head. */
  compiled(code: Uint8Array): boolean;
}
