/**
 * Pipes of the system, which programs get instead of files of the kernel, and what carries between the two.
 *
 * Node gives programs pairs of sockets, which nobody can open by a name as /dev/stdin. Where the system can make named pipes,
 * and has /proc to open them by once they have no name any more, they get pipes.
 */

import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import type { Readable, Writable } from "node:stream";
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from "../../kernel/linux.ts";
import type { KernelFile } from "./files.ts";

/** So many are made at once, by a program that is started for it. */
const BATCH = 16;

/** Pipes that nobody has yet, both ends by one descriptor; undefined where the system has none. */
let pipes: number[] | undefined = [];

/** Makes more of them; false where that cannot be. */
function makePipes(): boolean {
  if (process.platform !== "linux") return false;
  let folder: string | undefined;
  try {
    folder = mkdtempSync(`${tmpdir()}/vitrine-`);
    const paths = Array.from({ length: BATCH }, (_, i) => `${folder}/${i}`);
    if (spawnSync("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" }).status !== 0) return false;
    pipes = paths.map((path) => openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** The two ends of a pipe: a descriptor for the program, which blocks, and a stream for the kernel. */
export interface ProgramPipe {
  fd: number;
  stream: Socket;
  /** Closes the stream of a pipe that no program reads any more, which otherwise the next write would find. */
  leave(): void;
}

/** A pipe that a program reads, or writes; undefined where the system has none, or no more. */
export function programPipe(reads: boolean): ProgramPipe | undefined {
  if (pipes === undefined) return undefined;
  if (pipes.length === 0 && !makePipes()) {
    pipes = undefined;
    return undefined;
  }
  const pipe = pipes.pop()!;
  const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
  try {
    const fd = openSync(`/proc/self/fd/${pipe}`, reads ? O_RDONLY : O_WRONLY);
    const own = openSync(`/proc/self/fd/${pipe}`, (reads ? O_WRONLY : O_RDONLY) | O_NONBLOCK);
    const stream = new Socket({ fd: own, readable: !reads, writable: reads });
    const leave = () => {
      if (!reads || stream.destroyed) return;
      try {
        closeSync(openSync(`/proc/self/fd/${own}`, O_WRONLY | O_NONBLOCK));
      } catch {
        stream.destroy();
      }
    };
    return { fd, stream, leave };
  } catch {
    return undefined;
  } finally {
    closeSync(pipe);
  }
}

/** Carries what comes from a file of the kernel into a program. */
export function carryIn(from: KernelFile, into: Writable): void {
  let busy = false;
  let ended = false;
  const carry = () => {
    // Reading tells that the file has changed, too.
    if (busy || ended) return;
    busy = true;
    try {
      while (from.ready() & POLLIN && !ended) {
        const bytes = from.read(65536);
        ended = bytes.length === 0;
        if (!ended && !into.write(bytes)) return;
      }
    } catch {
      // Of a connection that was reset nothing more comes.
      ended = true;
    }
    busy = false;
    if (ended || from.ready() & POLLHUP) {
      ended = true;
      into.end();
    }
  };
  from.retain();
  const before = from.changed;
  from.changed = () => {
    before();
    carry();
  };
  into.on("drain", () => {
    busy = false;
    carry();
  });
  into.on("error", () => {});
  into.on("close", () => {
    ended = true;
    from.release();
  });
  carry();
}

/** Carries what a program writes into a file of the kernel. */
export function carryOut(from: Readable, into: KernelFile): void {
  let waiting: Uint8Array | undefined;
  let ended = false;
  let busy = false;
  const carry = () => {
    // Writing tells that the pipe has changed.
    if (busy) return;
    busy = true;
    try {
      while (waiting !== undefined && into.ready() & (POLLOUT | POLLERR)) {
        const taken = into.write(waiting);
        waiting = taken < waiting.length ? waiting.subarray(taken) : undefined;
      }
    } catch (error) {
      // A few bytes are written together or not at all; where nobody reads, the program is told so.
      if ((error as { code?: string }).code !== "EAGAIN") {
        waiting = undefined;
        from.destroy();
      }
    }
    busy = false;
    if (waiting !== undefined) return;
    if (ended) {
      ended = false;
      into.release();
    } else from.resume();
  };
  into.retain();
  const before = into.changed;
  into.changed = () => {
    before();
    // Where nobody reads any more, the program is told so by what it writes next.
    if (into.ready() & POLLERR) from.destroy();
    else if (waiting !== undefined) carry();
  };
  from.on("data", (data: Buffer) => {
    waiting = waiting === undefined ? Uint8Array.from(data) : Buffer.concat([waiting, data]);
    from.pause();
    carry();
  });
  from.on("error", () => {});
  from.on("close", () => {
    ended = true;
    carry();
  });
}
