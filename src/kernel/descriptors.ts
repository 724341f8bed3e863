/**
 * The descriptors of a process: one table, which begins with the standard streams. As on Linux, a file that is opened
 * gets the lowest number that is free, 0 to 2 included once they are closed; several numbers may share one open file,
 * which is closed with the last of them.
 */
import { fileFlags, fileType } from "../generated/constants.ts";
import { SystemError } from "./errno.ts";
import type { OpenFile, StandardStreams } from "./services.ts";

// As Linux limits a process at first.
const DESCRIPTORS_MAX = 1024;

const { O_APPEND, O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOCTTY, O_TRUNC } = fileFlags;
/** What open() does once, and no flag of the open file. */
const OPENING = O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC;
/** What can be changed. */
const CHANGEABLE = O_APPEND | O_NONBLOCK;

/** A file that is open: what its descriptors share. */
interface Shared {
  file: OpenFile;
  flags: number;
  descriptors: number;
}

interface Descriptor {
  shared: Shared;
  closeOnExec: boolean;
}

export class Descriptors {
  private readonly table: (Descriptor | undefined)[];

  constructor(streams: StandardStreams) {
    this.table = [0, 1, 2].map((fd) => ({
      shared: { file: standardStream(streams, fd), flags: fd === 0 ? O_RDONLY : O_WRONLY, descriptors: 1 },
      closeOnExec: false,
    }));
  }

  /** The file of a descriptor; EBADF where it has none. */
  get(fd: number): OpenFile {
    return this.entry(fd).shared.file;
  }

  /** The same; undefined where it has none. */
  find(fd: number): OpenFile | undefined {
    return this.table[fd]?.shared.file;
  }

  private entry(fd: number): Descriptor {
    const entry = this.table[fd];
    if (entry === undefined) throw new SystemError("EBADF");
    return entry;
  }

  /** The lowest number that is free and not below `least`. */
  private free(least = 0): number {
    let fd = least;
    while (this.table[fd] !== undefined) fd++;
    if (fd >= DESCRIPTORS_MAX) throw new SystemError("EMFILE");
    return fd;
  }

  /** Opens a file under the lowest free descriptor, which it returns. */
  open(open: () => OpenFile, flags: number): number {
    const fd = this.free();
    const file = open();
    if (typeof file !== "object" || file === null) throw new SystemError("EIO");
    const shared = { file, flags: flags & ~OPENING, descriptors: 1 };
    this.table[fd] = { shared, closeOnExec: (flags & O_CLOEXEC) !== 0 };
    return fd;
  }

  /** Closes a descriptor, which is free even where that fails. */
  close(fd: number): void {
    const { shared } = this.entry(fd);
    this.table[fd] = undefined;
    if (--shared.descriptors === 0) shared.file.close();
  }

  /** A second descriptor of the same open file, which is not inherited. */
  duplicate(fd: number, least: number): number {
    const { shared } = this.entry(fd);
    if (least < 0 || least >= DESCRIPTORS_MAX) throw new SystemError("EINVAL");
    const to = this.free(least);
    this.table[to] = { shared, closeOnExec: true };
    shared.descriptors++;
    return to;
  }

  /** The same, under a number given: what that was is closed, and whether it could be does not matter. */
  duplicateTo(fd: number, to: number): number {
    const { shared } = this.entry(fd);
    if (to < 0 || to >= DESCRIPTORS_MAX) throw new SystemError("EBADF");
    if (to === fd) return to;
    shared.descriptors++;
    try {
      if (this.table[to] !== undefined) this.close(to);
    } catch {
      // As dup2() does.
    }
    this.table[to] = { shared, closeOnExec: false };
    return to;
  }

  /** Two descriptors of a pipe: what reads, and what writes. */
  pipe(flags: number): [number, number] {
    const [reader, writer] = pipe();
    reader.setFlags?.(flags);
    writer.setFlags?.(flags);
    const from = this.open(() => reader, O_RDONLY | flags);
    try {
      return [from, this.open(() => writer, O_WRONLY | flags)];
    } catch (error) {
      this.close(from);
      throw error;
    }
  }

  flags(fd: number): number {
    const { shared, closeOnExec } = this.entry(fd);
    return shared.flags | (closeOnExec ? O_CLOEXEC : 0);
  }

  setFlags(fd: number, flags: number): void {
    const entry = this.entry(fd);
    const { shared } = entry;
    entry.closeOnExec = (flags & O_CLOEXEC) !== 0;
    const changed = (shared.flags & ~CHANGEABLE) | (flags & CHANGEABLE);
    if (changed === shared.flags) return;
    shared.file.setFlags?.(changed);
    shared.flags = changed;
  }
}

function refuse(): never {
  throw new SystemError("EBADF");
}

function noSeek(): never {
  throw new SystemError("ESPIPE");
}

function noTruncate(): never {
  throw new SystemError("EINVAL");
}

/**
 * A standard stream as a file: a character device that cannot seek. Closing it leaves what is behind it open, which
 * belongs to the host.
 */
function standardStream(streams: StandardStreams, fd: number): OpenFile {
  return {
    read: fd !== 0 ? refuse : (into) => (streams.input === undefined ? 0 : streams.input(into)),
    write: (bytes) => {
      if (fd === 0) refuse();
      if (streams.output === undefined) throw new SystemError("EPERM");
      return streams.output(fd, bytes);
    },
    seek: noSeek,
    truncate: noTruncate,
    describe: () => streams.describe?.(fd) ?? { mode: fileType.S_IFCHR | 0o600, blockSize: 1024, size: 0 },
    isTerminal: () => streams.isTerminal?.(fd) ?? false,
    terminalSize: () => {
      if (streams.terminalSize === undefined) throw new SystemError("ENOTTY");
      return streams.terminalSize(fd);
    },
    close: () => {},
  };
}

const POLLIN = 1;
const POLLOUT = 4;
const POLLERR = 8;
const POLLHUP = 16;

/** As many bytes as Linux keeps in a pipe. */
const PIPE_SIZE = 65536;

/** Two files, of which the second writes what the first reads. Both ends are this process's. */
function pipe(): [OpenFile, OpenFile] {
  const kept = new Uint8Array(PIPE_SIZE);
  let first = 0;
  let count = 0;
  let reads = true;
  let writes = true;
  const blocks = { reader: true, writer: true };
  /** Nobody else could end the wait. */
  const wait = (end: "reader" | "writer"): never => {
    throw new SystemError(blocks[end] ? "EDEADLK" : "EAGAIN");
  };
  const end = (of: "reader" | "writer") => ({
    seek: noSeek,
    truncate: noTruncate,
    describe: () => ({ mode: fileType.S_IFIFO | 0o600, blockSize: 4096, size: 0 }),
    setFlags: (flags: number) => {
      blocks[of] = (flags & O_NONBLOCK) === 0;
    },
  });
  const reader: OpenFile = {
    ...end("reader"),
    ready: () => (count > 0 ? POLLIN : 0) | (writes ? 0 : POLLHUP),
    read: (into) => {
      if (into.length === 0) return 0;
      if (count === 0) return writes ? wait("reader") : 0;
      const n = Math.min(count, into.length);
      for (let i = 0; i < n; i++) into[i] = kept[(first + i) % PIPE_SIZE]!;
      first = (first + n) % PIPE_SIZE;
      count -= n;
      return n;
    },
    write: refuse,
    close: () => {
      reads = false;
    },
  };
  const writer: OpenFile = {
    ...end("writer"),
    ready: () => (reads ? 0 : POLLERR) | (count < PIPE_SIZE ? POLLOUT : 0),
    read: refuse,
    write: (bytes) => {
      if (!reads) throw new SystemError("EPIPE");
      const n = Math.min(PIPE_SIZE - count, bytes.length);
      if (n === 0 && bytes.length > 0) wait("writer");
      for (let i = 0; i < n; i++) kept[(first + count + i) % PIPE_SIZE] = bytes[i]!;
      count += n;
      return n;
    },
    close: () => {
      writes = false;
    },
  };
  return [reader, writer];
}
