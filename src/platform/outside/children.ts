/**
 * Programs that the process has started. Their standard streams are files of the host, which they have in common with us, or
 * pipes of the kernel, into and out of which it carries what they write and read.
 */

import { type ChildProcess, type IOType, spawn } from "node:child_process";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { Readable, type Writable } from "node:stream";
import { errno } from "../../generated/constants.ts";
import { errorName, SystemError } from "../../kernel/errno.ts";
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from "../../kernel/linux.ts";
import { INHERITED } from "../node.ts";
import { KernelFile } from "./files.ts";
import { signalNumber } from "./signals.ts";

/** A file that a program gets. */
type Given = { host: number } | { outside: number };

/** What is to be started. Texts are bytes, a character each. */
export interface Program {
  args: string[];
  executables: string[];
  folder?: string;
  /** NAME=VALUE each. */
  environment: string[];
  /** Standard input, output and errors, where there is to be one. */
  files: (Given | undefined)[];
  others: { fd: number; file: Given }[];
  session: boolean;
  /** Signals that it does not get at first. */
  blocked: number[];
  /** The permission bits that its files do not get, -1 for ours. */
  umask: number;
  /** Where it is told that it could not be started. Left out: starting it fails. */
  failed: Given | undefined;
}

const text = (bytes: string) => Buffer.from(bytes, "latin1").toString("utf8");

/** The first of the paths at which there is a program; an errno name where there is none. */
function findProgram(paths: string[], folder: string | undefined): { path: string } | { code: keyof typeof errno } {
  let code: keyof typeof errno = "ENOENT";
  for (const bytes of paths) {
    const path = text(bytes);
    const whole = path.startsWith("/") || folder === undefined ? path : `${folder}/${path}`;
    try {
      if (statSync(whole).isDirectory()) throw Object.assign(new Error(), { code: "EACCES" });
      accessSync(whole, constants.X_OK);
      return { path };
    } catch (error) {
      const found = errorName(error);
      if (found !== "ENOENT" && found !== "ENOTDIR") code = found;
    }
  }
  return { code };
}

/**
 * What is to be started, for what Node cannot ask for itself: a shell closes standard streams, env holds signals back. The
 * program is then called by its path, whatever its first argument is.
 */
function asStarted(
  path: string,
  { args, files, blocked, umask }: Program,
): { path: string; argv0: string; args: string[] } {
  const [argv0 = "", ...rest] = args.map(text);
  let started = { path, argv0, args: rest };
  const wrap = (by: string, ...before: string[]) => {
    started = { path: by, argv0: by, args: [...before, started.path, ...started.args] };
  };
  if (umask >= 0) wrap("/bin/sh", "-c", `umask ${umask.toString(8)}; exec "$0" "$@"`);
  if (blocked.length > 0) wrap("env", `--block-signal=${blocked.join(",")}`);
  const absent = [0, 1, 2].filter((fd) => files[fd] === undefined);
  if (absent.length > 0) wrap("/bin/sh", "-c", `exec "$0" "$@" ${absent.map((fd) => `${fd}>&-`).join(" ")}`);
  return started;
}

/** Carries what is in a pipe into a program. */
function carryIn(from: KernelFile, into: Writable): void {
  let busy = false;
  const carry = () => {
    if (busy) return;
    while (from.ready() & POLLIN) {
      if (!into.write(from.read(65536))) {
        busy = true;
        return;
      }
    }
    if (from.ready() & POLLHUP) into.end();
  };
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
  into.on("close", () => from.release());
  carry();
}

/** Carries what a program writes into a pipe. */
function carryOut(from: Readable, into: KernelFile): void {
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

/** How often somebody else's process is looked for. */
const LOOK_MS = 50;

/** A descriptor of a process, which is readable when that has ended. */
export class ProcessFile extends KernelFile {
  readonly kind = "process";
  override readonly late = true;
  private readonly look: NodeJS.Timeout | undefined;

  constructor(
    readonly pid: number,
    private readonly children: Children,
  ) {
    super();
    if (pid <= 0) throw new SystemError("EINVAL");
    if (children.has(pid)) children.watched.add(this);
    else {
      if (!exists(pid)) throw new SystemError("ESRCH");
      // Our own does not end while anybody looks.
      if (pid !== process.pid) this.look = setInterval(() => this.lookAgain(), LOOK_MS);
    }
  }

  private lookAgain(): void {
    if (exists(this.pid)) return;
    clearInterval(this.look);
    this.changed();
  }

  ready(): number {
    return this.children.runs(this.pid) || (!this.children.has(this.pid) && exists(this.pid)) ? 0 : POLLIN;
  }

  read(): never {
    throw new SystemError("EINVAL");
  }

  write(): never {
    throw new SystemError("EINVAL");
  }

  protected end(): void {
    clearInterval(this.look);
    this.children.watched.delete(this);
  }
}

/** Whether two paths lead to the same file. */
function isSame(path: string, other: string): boolean {
  try {
    return realpathSync(path) === realpathSync(other);
  } catch {
    return false;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

export class Children {
  /** The descriptors of processes. */
  readonly watched = new Set<ProcessFile>();
  private readonly running = new Map<number, ChildProcess>();
  private readonly ends = new Map<number, number>();

  /** `files`: the kernel's. `command`: what this process was started as. `ended` is called when one has. */
  constructor(
    private readonly files: ReadonlyMap<number, KernelFile>,
    private readonly command: string,
    private readonly ended: () => void,
  ) {}

  /** Whether a process was started here and is not forgotten. */
  has(pid: number): boolean {
    return this.running.has(pid) || this.ends.has(pid);
  }

  runs(pid: number): boolean {
    return this.running.has(pid);
  }

  async start(program: Program): Promise<number> {
    const folder = program.folder === undefined ? undefined : text(program.folder);
    if (folder !== undefined) {
      try {
        if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
      } catch (error) {
        return this.fail(program, errorName(error), "noexec:chdir");
      }
    }
    const found = findProgram(program.executables, folder);
    if ("code" in found) return this.fail(program, found.code, "");
    const carried: [number, KernelFile][] = [];
    const stdio: (IOType | number)[] = [];
    const give = (fd: number, given: Given) => {
      while (stdio.length < fd) stdio.push("ignore");
      if ("host" in given) {
        stdio[fd] = given.host;
        return;
      }
      const file = this.files.get(given.outside);
      if (file === undefined) throw new SystemError("EBADF");
      stdio[fd] = "pipe";
      carried.push([fd, file]);
    };
    program.files.forEach((file, fd) => {
      if (file !== undefined) give(fd, file);
    });
    for (const { fd, file } of [...program.others].sort((a, b) => a.fd - b.fd)) give(fd, file);
    const { path, argv0, args } = asStarted(found.path, program);
    const env: Record<string, string> = {};
    for (const variable of program.environment) {
      const end = variable.indexOf("=", 1);
      if (end > 0) env[text(variable.slice(0, end))] = text(variable.slice(end + 1));
    }
    if (program.others.length > 0 && isSame(found.path, this.command)) {
      env[INHERITED] = program.others.map(({ fd }) => fd).join(",");
    }
    let child: ChildProcess;
    try {
      child = spawn(path, args, {
        argv0,
        stdio,
        env,
        cwd: folder,
        detached: program.session,
      });
    } catch (error) {
      return this.fail(program, errorName(error), "");
    }
    const { pid } = child;
    if (pid === undefined) {
      // Of want of rights, memory or descriptors Node tells later.
      const error = await new Promise((failed) => child.on("error", failed));
      return this.fail(program, errorName(error), "");
    }
    // Not to be sent a signal, for example: the event must have somebody who hears it.
    child.on("error", () => {});
    for (const [fd, file] of carried) {
      const stream = child.stdio[fd];
      file.retain();
      if (stream instanceof Readable && fd !== 0) carryOut(stream, file);
      else carryIn(file, stream as Writable);
    }
    this.running.set(pid, child);
    child.on("exit", (code, signal) => {
      this.running.delete(pid);
      this.ends.set(pid, signal === null ? (code ?? 0) << 8 : signalNumber(signal));
      for (const file of this.watched) if (file.pid === pid) file.changed();
      this.ended();
    });
    return pid;
  }

  /** A program that could not be started: as the child of a fork that ends at once, having said why. */
  private fail(program: Program, code: keyof typeof errno, where: string): number {
    const number = errno[code];
    if (program.failed === undefined) throw new SystemError(code);
    const pipe = "outside" in program.failed ? this.files.get(program.failed.outside) : undefined;
    pipe?.write(new TextEncoder().encode(`OSError:${number.toString(16)}:${where}`));
    const pid = nextFailed--;
    this.ends.set(pid, 255 << 8);
    this.ended();
    return pid;
  }

  /** One that has ended, this one or any (-1), which is forgotten. Throws ECHILD where there is none at all. */
  take(pid: number): { pid: number; status: number } | undefined {
    const one = pid > 0 ? pid : this.ends.keys().next().value;
    const status = one === undefined ? undefined : this.ends.get(one);
    if (one === undefined || status === undefined) {
      if (pid > 0 ? !this.running.has(pid) : this.running.size === 0) throw new SystemError("ECHILD");
      return undefined;
    }
    this.ends.delete(one);
    return { pid: one, status };
  }
}

/** Numbers of processes that there were never: beyond those that systems give. */
let nextFailed = 0x7ffffffe;
