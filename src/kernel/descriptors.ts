/**
 * The descriptors of a process: one table, which begins with the standard streams. As on Linux, a file that is opened
 * gets the lowest number that is free, 0 to 2 included once they are closed.
 */
import { fileType } from "../generated/constants.ts";
import { SystemError } from "./errno.ts";
import type { OpenFile, StandardStreams } from "./services.ts";

// As Linux limits a process at first.
const DESCRIPTORS_MAX = 1024;

export class Descriptors {
  private readonly files: (OpenFile | undefined)[];

  constructor(streams: StandardStreams) {
    this.files = [0, 1, 2].map((fd) => standardStream(streams, fd));
  }

  /** The file of a descriptor; EBADF where it has none. */
  get(fd: number): OpenFile {
    const file = this.files[fd];
    if (file === undefined) throw new SystemError("EBADF");
    return file;
  }

  /** Opens a file under the lowest free descriptor, which it returns. */
  open(open: () => OpenFile): number {
    let fd = this.files.indexOf(undefined);
    if (fd < 0) fd = this.files.length;
    if (fd >= DESCRIPTORS_MAX) throw new SystemError("EMFILE");
    const file = open();
    if (typeof file !== "object" || file === null) throw new SystemError("EIO");
    this.files[fd] = file;
    return fd;
  }

  /** Closes a descriptor, which is free even where that fails. */
  close(fd: number): void {
    const file = this.get(fd);
    this.files[fd] = undefined;
    file.close();
  }
}

/**
 * A standard stream as a file: a character device that cannot seek. Closing it leaves what is behind it open, which
 * belongs to the host.
 */
function standardStream(streams: StandardStreams, fd: number): OpenFile {
  const refuse = (): never => {
    throw new SystemError("EBADF");
  };
  return {
    read: fd !== 0 ? refuse : (into) => (streams.input === undefined ? 0 : streams.input(into)),
    write: (bytes) => {
      if (fd === 0) refuse();
      if (streams.output === undefined) throw new SystemError("EPERM");
      return streams.output(fd, bytes);
    },
    seek: () => {
      throw new SystemError("ESPIPE");
    },
    truncate: () => {
      throw new SystemError("EINVAL");
    },
    describe: () => ({ mode: fileType.S_IFCHR | 0o600, blockSize: 1024, size: 0, modified: 0 }),
    isTerminal: () => streams.isTerminal?.(fd) ?? false,
    close: () => {},
  };
}
