/**
 * What the kernel has open for the process: pipes and the terminal. Nothing here waits; a file tells when what it is ready
 * for may have changed.
 */

import { Socket } from "node:net";
import { isatty, ReadStream } from "node:tty";
import { Bytes } from "../../kernel/bytes.ts";
import { SystemError } from "../../kernel/errno.ts";
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from "../../kernel/linux.ts";

/** As many bytes as Linux keeps in a pipe at first, in one at least and in one at most. */
const PIPE_BYTES = 65536;
const PIPE_BYTES_LEAST = 4096;
const PIPE_BYTES_MOST = 1 << 20;

/** An open file of the kernel. Whoever makes one sets `changed`. */
export abstract class KernelFile {
  abstract readonly kind: "pipe" | "terminal" | "socket" | "timer" | "process";
  changed = (): void => {};
  /** Whether it may be ready for something before that is called: it goes by a clock, or looks now and then. */
  readonly late: boolean = false;
  /** Whether a program that gets it reads it. */
  readonly gives: boolean = true;
  /** Who else has it open: programs that were started. It is closed with the last. */
  private users = 1;

  /** What it is ready for, as poll() has it. */
  abstract ready(): number;
  abstract read(most: number): Uint8Array;
  abstract write(bytes: Uint8Array): number;
  protected abstract end(): void;

  retain(): void {
    this.users++;
  }

  release(): void {
    if (--this.users === 0) this.end();
  }
}

/** What the two ends of a pipe share. */
class Pipe {
  readonly bytes = new Bytes();
  most = PIPE_BYTES;
  reads = true;
  writes = true;
  reader: KernelFile | undefined;
  writer: KernelFile | undefined;

  changed(): void {
    this.reader?.changed();
    this.writer?.changed();
  }
}

/** One end of a pipe. */
export abstract class PipeEnd extends KernelFile {
  readonly kind = "pipe";

  constructor(protected readonly pipe: Pipe) {
    super();
  }

  /** How many bytes the pipe keeps, which is set first where the number is not 0. */
  keepBytes(size: number): number {
    const { pipe } = this;
    if (size === 0) return pipe.most;
    if (size < 0) throw new SystemError("EINVAL");
    if (size > PIPE_BYTES_MOST) throw new SystemError("EPERM");
    const most = 2 ** Math.ceil(Math.log2(Math.max(size, PIPE_BYTES_LEAST)));
    if (most < pipe.bytes.length) throw new SystemError("EBUSY");
    pipe.most = most;
    pipe.changed();
    return most;
  }
}

class PipeReader extends PipeEnd {
  ready(): number {
    return (this.pipe.bytes.length > 0 ? POLLIN : 0) | (this.pipe.writes ? 0 : POLLHUP);
  }

  read(most: number): Uint8Array {
    if (this.pipe.bytes.length === 0 && this.pipe.writes && most > 0) throw new SystemError("EAGAIN");
    const bytes = this.pipe.bytes.take(most);
    this.pipe.changed();
    return bytes;
  }

  write(): never {
    throw new SystemError("EBADF");
  }

  protected end(): void {
    this.pipe.reads = false;
    this.pipe.changed();
  }
}

class PipeWriter extends PipeEnd {
  override readonly gives = false;

  ready(): number {
    return (this.pipe.reads ? 0 : POLLERR) | (this.pipe.bytes.length < this.pipe.most ? POLLOUT : 0);
  }

  read(): never {
    throw new SystemError("EBADF");
  }

  write(bytes: Uint8Array): number {
    if (!this.pipe.reads) throw new SystemError("EPIPE");
    const room = this.pipe.most - this.pipe.bytes.length;
    // As POSIX has it, few bytes are written together or not at all.
    if (bytes.length > 0 && (room === 0 || (bytes.length <= 4096 && room < bytes.length))) {
      throw new SystemError("EAGAIN");
    }
    const taken = bytes.subarray(0, room);
    this.pipe.bytes.add(taken);
    this.pipe.changed();
    // A program that was to read it has gone.
    if (!this.pipe.reads) throw new SystemError("EPIPE");
    return taken.length;
  }

  protected end(): void {
    this.pipe.writes = false;
    this.pipe.changed();
  }
}

export function newPipe(): [PipeReader, PipeWriter] {
  const pipe = new Pipe();
  const reader = new PipeReader(pipe);
  const writer = new PipeWriter(pipe);
  pipe.reader = reader;
  pipe.writer = writer;
  return [reader, writer];
}

/** Standard input, a terminal (a line at a time, as it gives them) or a pipe. */
export class Terminal extends KernelFile {
  readonly kind = "terminal";
  private readonly stream = isatty(0) ? new ReadStream(0) : new Socket({ fd: 0, readable: true, writable: false });
  private readonly lines: Uint8Array[] = [];
  private ended = false;

  constructor() {
    super();
    this.stream.on("data", (data: Buffer) => {
      this.lines.push(Uint8Array.from(data));
      this.changed();
    });
    this.stream.on("end", () => {
      this.ended = true;
      this.changed();
    });
    this.stream.on("error", () => {
      this.ended = true;
      this.changed();
    });
  }

  ready(): number {
    return this.lines.length > 0 || this.ended ? POLLIN : 0;
  }

  read(most: number): Uint8Array {
    const line = this.lines.shift();
    if (line === undefined) {
      if (this.ended) return new Uint8Array();
      throw new SystemError("EAGAIN");
    }
    if (line.length > most) this.lines.unshift(line.subarray(most));
    return line.subarray(0, most);
  }

  write(): never {
    throw new SystemError("EBADF");
  }

  protected end(): void {
    this.stream.destroy();
  }
}
