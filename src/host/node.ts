/**
 * The services of a program that runs under Node: the real files, streams, clock and random numbers.
 *
 * Node has no lseek: positions of regular files are kept here and given with each read and write. What cannot seek
 * (pipes, terminals) is read and written where it is.
 */
import * as fs from "node:fs";
import { devNull } from "node:os";
import { SystemError } from "./errno.ts";
import type { Clock, FileStatus, Files, StandardStreams } from "./services.ts";

const O_WRONLY = 1;
const O_RDWR = 2;
const O_CREAT = 0o100;
const O_EXCL = 0o200;
const O_TRUNC = 0o1000;
const O_APPEND = 0o2000;

interface OpenFile {
  /** Null where the file cannot seek. */
  position: number | null;
  append: boolean;
}

function status(s: fs.Stats): FileStatus {
  return { mode: s.mode, size: s.size, blockSize: s.blksize ?? 4096, modified: s.mtimeMs / 1000 };
}

/** Repeats a call on a descriptor that is not ready yet, after a short sleep. */
function patiently(call: () => number): number {
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

export class NodeFiles implements Files {
  private readonly opened = new Map<number, OpenFile>();

  open(path: Uint8Array, flags: number, mode: number): number {
    const { constants } = fs;
    let own = flags & O_RDWR ? constants.O_RDWR : flags & O_WRONLY ? constants.O_WRONLY : constants.O_RDONLY;
    if (flags & O_CREAT) own |= constants.O_CREAT;
    if (flags & O_EXCL) own |= constants.O_EXCL;
    if (flags & O_TRUNC) own |= constants.O_TRUNC;
    if (flags & O_APPEND) own |= constants.O_APPEND;
    const fd = fs.openSync(Buffer.from(path), own, mode);
    this.opened.set(fd, { position: fs.fstatSync(fd).isFile() ? 0 : null, append: (flags & O_APPEND) !== 0 });
    return fd;
  }

  private file(fd: number): OpenFile {
    const file = this.opened.get(fd);
    if (file === undefined) throw new SystemError("EBADF");
    return file;
  }

  close(fd: number): void {
    this.file(fd);
    this.opened.delete(fd);
    fs.closeSync(fd);
  }

  read(fd: number, into: Uint8Array): number {
    const file = this.file(fd);
    const n = patiently(() => fs.readSync(fd, into, 0, into.length, file.position));
    if (file.position !== null) file.position += n;
    return n;
  }

  write(fd: number, bytes: Uint8Array): number {
    const file = this.file(fd);
    const at = file.append ? null : file.position;
    const n = patiently(() => fs.writeSync(fd, bytes, 0, bytes.length, at));
    if (file.position !== null) file.position = file.append ? fs.fstatSync(fd).size : file.position + n;
    return n;
  }

  seek(fd: number, offset: number, whence: number): number {
    const file = this.file(fd);
    if (file.position === null) throw new SystemError("ESPIPE");
    if (whence < 0 || whence > 2) throw new SystemError("EINVAL");
    const to = offset + (whence === 0 ? 0 : whence === 1 ? file.position : fs.fstatSync(fd).size);
    if (to < 0) throw new SystemError("EINVAL");
    file.position = to;
    return to;
  }

  truncate(fd: number, length: number): void {
    this.file(fd);
    fs.ftruncateSync(fd, length);
  }

  describe(fd: number): FileStatus {
    this.file(fd);
    return status(fs.fstatSync(fd));
  }

  describePath(path: Uint8Array): FileStatus {
    return status(fs.statSync(Buffer.from(path)));
  }
}

export const nodeStreams: StandardStreams = {
  input: (into) => patiently(() => fs.readSync(0, into, 0, into.length, null)),
  output: (fd, bytes) => patiently(() => fs.writeSync(fd, bytes)),
  isTerminal: (fd) => fs.fstatSync(fd).isCharacterDevice() && isTerminal(fd),
};

/** Asks Node's stream, which is slow to make: not for /dev/null, a character device too. */
function isTerminal(fd: number): boolean {
  if (fs.fstatSync(fd).rdev === fs.statSync(devNull, { throwIfNoEntry: false })?.rdev) return false;
  const stream = [process.stdin, process.stdout, process.stderr][fd];
  return stream?.isTTY === true;
}

export const nodeClock: Clock = {
  time: () => Date.now() / 1000,
  performance: () => performance.now() / 1000,
};

/** Random bytes from the kernel where it has them as a file: Node's own source costs a module that is slow to load. */
export function nodeEntropy(into: Uint8Array): void {
  let fd: number;
  try {
    fd = fs.openSync("/dev/urandom", "r");
  } catch {
    for (let i = 0; i < into.length; i += 65536) {
      crypto.getRandomValues(into.subarray(i, i + 65536) as Uint8Array<ArrayBuffer>);
    }
    return;
  }
  try {
    for (let at = 0; at < into.length; ) at += fs.readSync(fd, into, at, into.length - at, null);
  } finally {
    fs.closeSync(fd);
  }
}
