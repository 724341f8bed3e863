/**
 * Pipes of the system, which programs get instead of files of the kernel, and what carries between the two.
 *
 * Node gives programs pairs of sockets, which nobody can open by a name as /dev/stdin, and has no call that makes a pipe. A
 * shell makes some for its here-documents; where there is /proc, they are opened there.
 */

import { spawn } from "node:child_process";
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from "../../kernel/linux.ts";
import type { KernelFile } from "./files.ts";

/** Descriptors that a shell can redirect, each to a pipe. */
const BATCH = [3, 4, 5, 6, 7, 8, 9];
/** What makes it: each is read from an empty here-document, and the shell stays until its input ends. */
const SCRIPT = `exec ${BATCH.map((fd) => `${fd}<<E`).join(" ")}\n${"E\n".repeat(BATCH.length)}echo; read line`;

/** Pipes that nobody has yet, both ends by one descriptor; undefined where the system has none. */
let pipes: number[] | undefined = process.platform === "linux" ? [] : undefined;
/** While more of them are being made. */
let making: Promise<void> | undefined;

/** The pipes that a shell has made; undefined where it has not: some make files. */
function opened(shell: number): number[] | undefined {
  const all: number[] = [];
  try {
    for (const fd of BATCH) all.push(openSync(`/proc/${shell}/fd/${fd}`, constants.O_RDWR | constants.O_NONBLOCK));
    if (all.every((fd) => fstatSync(fd).isFIFO())) return all;
  } catch {
    // As below.
  }
  all.forEach(closeSync);
  return undefined;
}

function makePipes(): Promise<void> {
  making ??= new Promise((made) => {
    const shell = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "pipe", "ignore"] });
    let over = false;
    const end = (found: number[] | undefined) => {
      if (over) return;
      over = true;
      if (found === undefined) pipes?.forEach(closeSync);
      pipes = found && [...(pipes ?? []), ...found];
      making = undefined;
      shell.stdin.end();
      made();
    };
    shell.stdin.on("error", () => {});
    shell.stdout.once("data", () => end(opened(shell.pid!)));
    shell.on("error", () => end(undefined));
    shell.on("exit", () => end(undefined));
  });
  return making;
}

/** So many pipes of the system, both ends of each by one descriptor; none where the system has none. */
export async function takePipes(count: number): Promise<number[]> {
  while (pipes !== undefined && pipes.length < count) await makePipes();
  return pipes?.splice(0, count) ?? [];
}

/** The two ends of a pipe: a descriptor for the program, which blocks, and a stream for the kernel. */
export interface ProgramPipe {
  fd: number;
  stream: Socket;
}

/** One of the pipes as it is for a program, which reads it, or writes it; undefined where there are no descriptors for it. */
export function programPipe(pipe: number, reads: boolean): ProgramPipe | undefined {
  const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
  try {
    const fd = openSync(`/proc/self/fd/${pipe}`, reads ? O_RDONLY : O_WRONLY);
    const own = openSync(`/proc/self/fd/${pipe}`, (reads ? O_WRONLY : O_RDONLY) | O_NONBLOCK);
    return { fd, stream: new Socket({ fd: own, readable: !reads, writable: reads }) };
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
  let left = false;
  const leave = () => {
    ended = true;
    if (left) return;
    left = true;
    from.release();
  };
  const carry = () => {
    // Reading tells that the file has changed, too.
    if (busy || ended) return;
    busy = true;
    try {
      while (from.ready() & POLLIN && !ended) {
        const bytes = from.read(65536);
        ended = bytes.length === 0;
        const goesOn = ended || into.write(bytes);
        // Nobody reads it any more: who writes is told at once.
        if (into.errored) leave();
        else if (!goesOn) return;
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
  into.on("close", leave);
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
