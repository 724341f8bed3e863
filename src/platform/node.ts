/**
 * The services of a program that runs under Node: the real files, streams, clock and random numbers.
 *
 * Node has no lseek: positions of regular files are kept here and given with each read and write. What cannot seek
 * (pipes, terminals) is read and written where it is.
 */
import * as fs from "node:fs";
import { devNull } from "node:os";
import { fileFlags } from "../generated/constants.ts";
import { SystemError } from "../kernel/errno.ts";
import type { Clock, FileStatus, Files, OpenFile, StandardStreams } from "../kernel/services.ts";

const { O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND } = fileFlags;

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

/** A file of the machine that is open as Node's `fd`. */
class NodeFile implements OpenFile {
  /** Null where the file cannot seek. */
  private position: number | null;

  constructor(
    private readonly fd: number,
    private readonly append: boolean,
  ) {
    this.position = fs.fstatSync(fd).isFile() ? 0 : null;
  }

  read(into: Uint8Array): number {
    const n = patiently(() => fs.readSync(this.fd, into, 0, into.length, this.position));
    if (this.position !== null) this.position += n;
    return n;
  }

  write(bytes: Uint8Array): number {
    const at = this.append ? null : this.position;
    const n = patiently(() => fs.writeSync(this.fd, bytes, 0, bytes.length, at));
    if (this.position !== null) this.position = this.append ? fs.fstatSync(this.fd).size : this.position + n;
    return n;
  }

  seek(offset: number, whence: number): number {
    if (this.position === null) throw new SystemError("ESPIPE");
    if (whence < 0 || whence > 2) throw new SystemError("EINVAL");
    const to = offset + (whence === 0 ? 0 : whence === 1 ? this.position : fs.fstatSync(this.fd).size);
    if (to < 0) throw new SystemError("EINVAL");
    this.position = to;
    return to;
  }

  truncate(length: number): void {
    fs.ftruncateSync(this.fd, length);
  }

  describe(): FileStatus {
    return status(fs.fstatSync(this.fd));
  }

  close(): void {
    fs.closeSync(this.fd);
  }
}

export const nodeFiles: Files = {
  open(path, flags, mode) {
    const { constants } = fs;
    let own = flags & O_RDWR ? constants.O_RDWR : flags & O_WRONLY ? constants.O_WRONLY : constants.O_RDONLY;
    if (flags & O_CREAT) own |= constants.O_CREAT;
    if (flags & O_EXCL) own |= constants.O_EXCL;
    if (flags & O_TRUNC) own |= constants.O_TRUNC;
    if (flags & O_APPEND) own |= constants.O_APPEND;
    return new NodeFile(fs.openSync(Buffer.from(path), own, mode), (flags & O_APPEND) !== 0);
  },
  describePath: (path) => status(fs.statSync(Buffer.from(path))),
};

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
