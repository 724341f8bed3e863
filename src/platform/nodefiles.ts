/**
 * The files of the machine, for a program that runs under Node.
 *
 * Node has no lseek: positions of regular files are kept here and given with each read and write. What cannot seek
 * (pipes, terminals) is read and written where it is. What Node has no call for, the system's own commands do: times of
 * change to the nanosecond, named pipes, devices.
 */
import * as fs from "node:fs";
import { type errno, fileFlags, fileType } from "../generated/constants.ts";
import { SystemError } from "../kernel/errno.ts";
import type { DirectoryEntry, FilePlace, FileStatus, FileSystemStatus, Files, OpenFile } from "../kernel/services.ts";

const { O_WRONLY, O_RDWR, O_APPEND } = fileFlags;

/** Linux's flags, which are not the same on every machine, as this one has them. */
const FLAGS: [number, number][] = [
  [fileFlags.O_CREAT, fs.constants.O_CREAT],
  [fileFlags.O_EXCL, fs.constants.O_EXCL],
  [fileFlags.O_NOCTTY, fs.constants.O_NOCTTY],
  [fileFlags.O_TRUNC, fs.constants.O_TRUNC],
  [fileFlags.O_APPEND, fs.constants.O_APPEND],
  [fileFlags.O_NONBLOCK, fs.constants.O_NONBLOCK],
  [fileFlags.O_DIRECT, fs.constants.O_DIRECT],
  [fileFlags.O_DIRECTORY, fs.constants.O_DIRECTORY],
  [fileFlags.O_NOFOLLOW, fs.constants.O_NOFOLLOW],
  [fileFlags.O_NOATIME, fs.constants.O_NOATIME],
  [fileFlags.O_SYNC, fs.constants.O_SYNC],
  [fileFlags.O_DSYNC, fs.constants.O_DSYNC],
];

function machineFlags(flags: number): number {
  // What Node has no name for has one number on all machines that have it.
  let own = flags & (fileFlags.O_PATH | (fileFlags.O_TMPFILE & ~fileFlags.O_DIRECTORY));
  own |= flags & O_RDWR ? fs.constants.O_RDWR : flags & O_WRONLY ? fs.constants.O_WRONLY : fs.constants.O_RDONLY;
  for (const [linux, here] of FLAGS) if ((flags & linux) === linux) own |= here ?? 0;
  return own;
}

export function status(s: fs.BigIntStats): FileStatus {
  return {
    mode: Number(s.mode),
    blockSize: Number(s.blksize ?? 4096n),
    size: s.size,
    ino: s.ino,
    dev: s.dev,
    nlink: s.nlink,
    uid: Number(s.uid),
    gid: Number(s.gid),
    blocks: s.blocks ?? 0n,
    rdev: s.rdev,
    accessed: s.atimeNs,
    modified: s.mtimeNs,
    changed: s.ctimeNs,
  };
}

/** Repeats a call on a descriptor that is not ready yet, after a short sleep. */
export function patiently(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (e) {
      const { code } = e as NodeJS.ErrnoException;
      // The end of input on Windows.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw e;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Writes all bytes, as a descriptor that blocks does: one that is not ready takes some of them. How many that were. */
export function writeWhole(fd: number, bytes: Uint8Array, at: number | null): number {
  let done = 0;
  do {
    const from = at === null ? null : at + done;
    done += patiently(() => fs.writeSync(fd, bytes, done, bytes.length - done, from));
  } while (done < bytes.length);
  return done;
}

function kindOf(entry: fs.Dirent<Buffer>): number {
  if (entry.isFile()) return 8;
  if (entry.isDirectory()) return 4;
  if (entry.isSymbolicLink()) return 10;
  if (entry.isFIFO()) return 1;
  if (entry.isSocket()) return 12;
  if (entry.isCharacterDevice()) return 2;
  return entry.isBlockDevice() ? 6 : 0;
}

function list(path: string | Buffer): DirectoryEntry[] {
  const entries = fs.readdirSync(path, { withFileTypes: true, encoding: "buffer" }) as unknown as fs.Dirent<Buffer>[];
  return entries.map((entry) => ({ name: entry.name as unknown as Buffer, kind: kindOf(entry) }));
}

/** The absolute path of a folder that may be entered, without symbolic links. */
function enter(path: string | Buffer): Buffer {
  if (!fs.statSync(path).isDirectory()) throw new SystemError("ENOTDIR");
  fs.accessSync(path, fs.constants.X_OK);
  return fs.realpathSync.native(path as string, { encoding: "buffer" });
}

/** As Node takes times: it cuts them off at microseconds, which a float of today's date just holds. */
const seconds = (ns: bigint) => (Number(ns / 1000n) + 0.25) / 1e6;

/** Has a command of the system do what Node has no call for; "EIO" where it cannot, or says something else than `errors`. */
export function command(name: string, args: (string | Buffer)[], errors: [RegExp, keyof typeof errno][] = []): void {
  // Loaded late: hardly any program needs it.
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { status, stderr, error } = spawnSync(name, args.map(String), { encoding: "latin1", env: { LC_ALL: "C" } });
  if (error !== undefined) throw new SystemError("ENOSYS");
  if (status === 0) return;
  throw new SystemError(errors.find(([words]) => words.test(stderr))?.[1] ?? "EIO");
}

/** What the command stty says of a terminal that is open as `fd`, or does to it. ENOTTY where it is none. */
export function stty(fd: number, words: string[]): string {
  if (!process.getBuiltinModule("node:tty").isatty(fd)) throw new SystemError("ENOTTY");
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const { status, stdout, error } = spawnSync("stty", words, {
    stdio: [fd, "pipe", "ignore"],
    encoding: "latin1",
    env: { ...process.env, LC_ALL: "C" },
  });
  if (error !== undefined) throw new SystemError("ENOSYS");
  if (status !== 0) throw new SystemError("EINVAL");
  return stdout;
}

/** Columns and lines of a terminal. ENOTTY where it is none. */
export function sttySize(fd: number): [columns: number, lines: number] {
  const [lines = 0, columns = 0] = stty(fd, ["size"]).split(" ").map(Number);
  return [columns, lines];
}

const NODE_ERRORS: [RegExp, keyof typeof errno][] = [
  [/File exists/, "EEXIST"],
  [/No such file/, "ENOENT"],
  [/Not a directory/, "ENOTDIR"],
  [/Permission denied/, "EACCES"],
  [/not permitted/, "EPERM"],
  [/Read-only/, "EROFS"],
];

function makeNode(path: Uint8Array, mode: number, device: bigint): void {
  const name = buffer(path);
  const kind = mode & fileType.S_IFMT;
  if (kind === 0 || kind === fileType.S_IFREG) {
    fs.closeSync(fs.openSync(name, "wx", mode & 0o7777));
    return;
  }
  if (name.length === 0) throw new SystemError("ENOENT");
  if (fs.lstatSync(name, { throwIfNoEntry: false }) !== undefined) throw new SystemError("EEXIST");
  const letter =
    kind === fileType.S_IFIFO ? "p" : kind === fileType.S_IFCHR ? "c" : kind === fileType.S_IFBLK ? "b" : "";
  if (letter === "") throw new SystemError("EINVAL");
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn);
  const minor = (device & 0xffn) | ((device >> 12n) & ~0xffn);
  const numbers = letter === "p" ? [] : [String(major), String(minor)];
  command("mknod", [`--mode=${(mode & 0o7777).toString(8)}`, "--", name, letter, ...numbers], NODE_ERRORS);
}

/** Sets the time of change to the nanosecond, which Node cannot. `follow` false: of a symbolic link itself. */
function setExactTime(path: string | Buffer, modified: bigint, follow: boolean): void {
  if (modified < 0n || modified % 1000n === 0n) return;
  const time = `@${modified / 1000000000n}.${String(modified % 1000000000n).padStart(9, "0")}`;
  try {
    command("touch", ["-c", "-m", ...(follow ? [] : ["-h"]), "-d", time, "--", path]);
  } catch {
    // To the microsecond, then.
  }
}

/** A user or a group: what it was for -1; the number is unsigned. */
const owner = (id: number, was: number) => (id === -1 ? was : id >>> 0);

const SEEK_DATA = 3;
const SEEK_HOLE = 4;

/** What Node says of a file system. */
function fileSystem(path: string | Buffer): FileSystemStatus {
  const s = fs.statfsSync(path, { bigint: true });
  return {
    bsize: s.bsize,
    frsize: s.bsize,
    blocks: s.blocks,
    bfree: s.bfree,
    bavail: s.bavail,
    files: s.files,
    ffree: s.ffree,
    favail: s.ffree,
    namemax: 255,
  };
}

/** Instead of a position: wherever one goes in /dev/null and the like, one stays at the start. */
const NOWHERE = -2;
/** Instead of a position: that of the system, which other processes have in common with this one. */
const SHARED = -3;
/** Linux's number for devices that are memory, or nothing. */
const MEMORY_DEVICES = 1;

/** What the system says of an open file; undefined where it does not. */
function systemSays(fd: number, what: RegExp): string | undefined {
  try {
    return what.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, "latin1"))?.[1];
  } catch {
    return undefined;
  }
}

/** Where the system reads and writes an open file next; undefined where it does not say. */
function systemPosition(fd: number): number | undefined {
  const said = systemSays(fd, /^pos:\s*(\d+)/);
  return said === undefined ? undefined : Number(said);
}

/** With which flags it was opened. */
const systemFlags = (fd: number) => Number.parseInt(systemSays(fd, /^flags:\s*(\d+)/m) ?? "0", 8);
const O_ACCMODE = 3;

/**
 * Has it read and write there, from a position before: Node cannot, but the command dd can, for input as for output. False
 * where there is none.
 */
function setSystemPosition(fd: number, from: number, position: number): boolean {
  if (from === position) return true;
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  // It goes forward only.
  for (const [stdio, words] of [
    [
      [fd, "ignore", "ignore"],
      ["bs=1", "count=0", `skip=${position - from}`],
    ],
    [
      ["ignore", fd, "ignore"],
      ["bs=1", "count=0", "conv=notrunc", `seek=${position - from}`],
    ],
  ] as const) {
    spawnSync("dd", words, { stdio: [...stdio] });
    if (systemPosition(fd) === position) return true;
  }
  return false;
}

/** Where a file begins that has just been opened: -1 where it cannot seek. */
function firstPosition(fd: number): number {
  const s = fs.fstatSync(fd);
  if (s.isFile()) return 0;
  return s.isCharacterDevice() && ((s.rdev >> 8) & 0xfff) === MEMORY_DEVICES ? NOWHERE : -1;
}

/** A file of the machine that is open as Node's `fd`. */
class NodeFile implements OpenFile {
  constructor(
    private fd: number,
    private place: FilePlace,
  ) {}

  keepIn(place: FilePlace): number {
    place.position = this.place.position;
    place.append = this.place.append;
    this.place = place;
    return this.fd;
  }

  private get seeks(): boolean {
    return this.place.position >= 0;
  }

  read(into: Uint8Array): number {
    const at = this.seeks ? this.place.position : null;
    const n = patiently(() => fs.readSync(this.fd, into, 0, into.length, at));
    if (at !== null) this.place.position = at + n;
    return n;
  }

  write(bytes: Uint8Array): number {
    const { append } = this.place;
    const at = append || !this.seeks ? null : this.place.position;
    const n = writeWhole(this.fd, bytes, at);
    if (this.seeks) this.place.position = at === null ? fs.fstatSync(this.fd).size : at + n;
    return n;
  }

  readAt(into: Uint8Array, offset: number): number {
    if (this.place.position === NOWHERE) return this.read(into);
    if (!this.seeks && this.place.position !== SHARED) throw new SystemError("ESPIPE");
    return fs.readSync(this.fd, into, 0, into.length, offset);
  }

  writeAt(bytes: Uint8Array, offset: number): number {
    if (this.place.position === NOWHERE) return this.write(bytes);
    if (!this.seeks && this.place.position !== SHARED) throw new SystemError("ESPIPE");
    return fs.writeSync(this.fd, bytes, 0, bytes.length, offset);
  }

  /** From now on other processes have the file, too: all of them go on where one of them stops. */
  share(): number {
    const { position, append } = this.place;
    if (position < 0 || append) return this.fd;
    let from = systemPosition(this.fd);
    if (from === undefined) return this.fd;
    // The system's position goes back only by opening the file anew.
    if (from > position) {
      this.reopen();
      from = 0;
    }
    if (setSystemPosition(this.fd, from, position)) this.place.position = SHARED;
    return this.fd;
  }

  private reopen(): void {
    const fd = fs.openSync(`/proc/self/fd/${this.fd}`, systemFlags(this.fd) & O_ACCMODE);
    fs.closeSync(this.fd);
    this.fd = fd;
  }

  seek(offset: number, whence: number): number {
    if (this.place.position === NOWHERE) return 0;
    if (this.place.position === SHARED) {
      const at = systemPosition(this.fd) ?? 0;
      if (whence === 1 && offset === 0) return at;
      this.place.position = at;
    }
    if (!this.seeks) throw new SystemError("ESPIPE");
    if (whence < 0 || whence > SEEK_HOLE) throw new SystemError("EINVAL");
    if (whence >= SEEK_DATA) return this.seekData(offset, whence);
    const to = offset + (whence === 0 ? 0 : whence === 1 ? this.place.position : fs.fstatSync(this.fd).size);
    if (to < 0) throw new SystemError("EINVAL");
    this.place.position = to;
    return to;
  }

  /** To the next bytes that are data, or none: all there are are taken for data, as file systems may do. */
  private seekData(offset: number, whence: number): number {
    const { size } = fs.fstatSync(this.fd);
    if (offset < 0 || offset >= size) throw new SystemError("ENXIO");
    this.place.position = whence === SEEK_DATA ? offset : size;
    return this.place.position;
  }

  truncate(length: number): void {
    if (length < 0) throw new SystemError("EINVAL");
    fs.ftruncateSync(this.fd, length);
  }

  sync(dataOnly: boolean): void {
    if (dataOnly) fs.fdatasyncSync(this.fd);
    else fs.fsyncSync(this.fd);
  }

  describe(): FileStatus {
    return status(fs.fstatSync(this.fd, { bigint: true }));
  }

  changeMode(mode: number): void {
    fs.fchmodSync(this.fd, mode);
  }

  changeOwner(uid: number, gid: number): void {
    const s = fs.fstatSync(this.fd);
    fs.fchownSync(this.fd, owner(uid, s.uid), owner(gid, s.gid));
  }

  setTimes(accessed: bigint, modified: bigint): void {
    // Node's own first: it says what is wrong.
    fs.futimesSync(this.fd, seconds(accessed), seconds(modified));
    setExactTime(`/proc/${process.pid}/fd/${this.fd}`, modified, true);
  }

  // Node reads folders by their paths; Linux has one for what is open.
  list(): DirectoryEntry[] {
    return list(`/proc/self/fd/${this.fd}`);
  }

  enter(): Uint8Array {
    return enter(`/proc/self/fd/${this.fd}`);
  }

  describeFileSystem(): FileSystemStatus {
    return fileSystem(`/proc/self/fd/${this.fd}`);
  }

  setFlags(flags: number): void {
    this.place.append = (flags & O_APPEND) !== 0;
  }

  terminalSize(): [columns: number, lines: number] {
    return sttySize(this.fd);
  }

  stty(words: string[]): string {
    return stty(this.fd, words);
  }

  close(): void {
    fs.closeSync(this.fd);
  }
}

/** Node takes paths as bytes in a Buffer. */
const buffer = (path: Uint8Array) => Buffer.from(path.buffer as ArrayBuffer, path.byteOffset, path.byteLength);

/** What is at a path, without the price of Node's own error where nothing is. */
function describe(stat: typeof fs.statSync, path: Uint8Array): FileStatus {
  const s = stat(buffer(path), { bigint: true, throwIfNoEntry: false });
  if (s === undefined) throw new SystemError("ENOENT");
  return status(s);
}

/** A file that the process has found open, which others have in common with it. */
export function inheritedFile(fd: number): OpenFile {
  const position = firstPosition(fd);
  return new NodeFile(fd, { position: position === 0 ? SHARED : position, append: false });
}

export const nodeFiles: Files = {
  open(path, flags, mode) {
    const fd = fs.openSync(buffer(path), machineFlags(flags), mode);
    return new NodeFile(fd, { position: firstPosition(fd), append: (flags & O_APPEND) !== 0 });
  },
  adopt: (number, place) => new NodeFile(number, place),
  describePath: (path) => describe(fs.statSync, path),
  describeLink: (path) => describe(fs.lstatSync as typeof fs.statSync, path),
  list: (path) => list(buffer(path)),
  currentDirectory() {
    try {
      // As bytes, where the system has it so.
      return fs.readlinkSync("/proc/self/cwd", { encoding: "buffer" });
    } catch {
      return Buffer.from(process.cwd());
    }
  },
  enterDirectory: (path) => enter(buffer(path)),
  makeDirectory: (path, mode) => {
    fs.mkdirSync(buffer(path), mode);
  },
  makeNode,
  removeDirectory: (path) => fs.rmdirSync(buffer(path)),
  remove: (path) => fs.unlinkSync(buffer(path)),
  rename: (from, to) => fs.renameSync(buffer(from), buffer(to)),
  link: (from, to) => fs.linkSync(buffer(from), buffer(to)),
  symlink: (target, path) => fs.symlinkSync(buffer(target), buffer(path)),
  readLink: (path) => fs.readlinkSync(buffer(path), { encoding: "buffer" }),
  changeMode: (path, mode) => fs.chmodSync(buffer(path), mode),
  changeOwner(path, uid, gid, follow) {
    const p = buffer(path);
    const s = follow ? fs.statSync(p) : fs.lstatSync(p);
    (follow ? fs.chownSync : fs.lchownSync)(p, owner(uid, s.uid), owner(gid, s.gid));
  },
  setTimes(path, accessed, modified, follow) {
    (follow ? fs.utimesSync : fs.lutimesSync)(buffer(path), seconds(accessed), seconds(modified));
    setExactTime(buffer(path), modified, follow);
  },
  checkAccess: (path, mode) => fs.accessSync(buffer(path), mode),
  describeFileSystem: (path) => fileSystem(buffer(path)),
};
