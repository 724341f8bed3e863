/**
 * Programs that the process has started. Their standard streams are files of the host, which they have in common with us, or
 * pipes of the kernel, into and out of which it carries what they write and read.
 */

import { isUtf8 } from "node:buffer";
import { type ChildProcess, type IOType, spawn } from "node:child_process";
import { accessSync, closeSync, constants, realpathSync, statSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { isatty } from "node:tty";
import { errno } from "../../generated/constants.ts";
import { errorName, SystemError } from "../../kernel/errno.ts";
import { POLLIN } from "../../kernel/linux.ts";
import { INHERITED } from "../node.ts";
import { carryIn, carryOut, type ProgramPipe, programPipe, takePipes } from "./carry.ts";
import { KernelFile } from "./files.ts";
import { signalNumber } from "./signals.ts";
import { KernelSocket } from "./socket.ts";

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
  /** Signals that it ignores at first. */
  ignored: number[];
  /** Those that differ from ours. */
  user: number | undefined;
  group: number | undefined;
  /** The groups that it is in besides. Left out: ours. */
  groups: number[] | undefined;
  /** Where it is told that it could not be started. Left out: starting it fails. */
  failed: Given | undefined;
}

const bytesOf = (bytes: string) => Buffer.from(bytes, "latin1");
const text = (bytes: string) => bytesOf(bytes).toString();
/** Node starts programs with texts: what is none it cannot pass on. */
const isText = (bytes: string) => isUtf8(bytesOf(bytes));

/** The first of the paths at which there is a program; an errno name where there is none. */
function findProgram(paths: string[], folder: string | undefined): { path: string } | { code: keyof typeof errno } {
  let code: keyof typeof errno = "ENOENT";
  for (const path of paths) {
    const whole = bytesOf(path.startsWith("/") || folder === undefined ? path : `${folder}/${path}`);
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

/** A word of the shell's language that stands for these bytes. */
function quoted(bytes: string): string {
  if (isText(bytes)) return `'${text(bytes).replaceAll("'", "'\\''")}'`;
  // What a program prints loses the newlines at its end.
  const body = bytes.replace(/\n+$/, "");
  const octal = [...bytesOf(body)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`);
  return `"$(printf '${octal.join("")}')"'${bytes.slice(body.length)}'`;
}

/**
 * What is to be started, as bytes, and the folder and variables that Node can pass on: a shell does what Node cannot ask for
 * itself, with commands that hold signals back, set groups and variables. The program is then called by its path, whatever its
 * first argument is.
 */
function asStarted(path: string, program: Program) {
  const { args, blocked, environment, files, folder, group, groups, ignored, umask, user } = program;
  const [argv0 = "", ...rest] = args;
  const command = [path, ...rest];
  const unfit = environment.filter((variable) => !isText(variable));
  if (blocked.length > 0 || unfit.length > 0) {
    command.unshift("env", ...(blocked.length > 0 ? [`--block-signal=${blocked.join(",")}`] : []), ...unfit);
  }
  if (groups !== undefined && groups.length > 0) {
    if (user !== undefined) command.unshift(`--reuid=${user}`);
    if (group !== undefined) command.unshift(`--regid=${group}`);
    command.unshift("setpriv", `--groups=${groups.join(",")}`);
  }
  const lines: string[] = [];
  if (umask >= 0) lines.push(`umask ${umask.toString(8)}`);
  if (ignored.length > 0) lines.push(`trap '' ${ignored.join(" ")}`);
  const goes = folder !== undefined && !isText(folder);
  if (goes) lines.push(`cd ${quoted(folder)} || exit`);
  const closed = [0, 1, 2].filter((fd) => files[fd] === undefined).map((fd) => ` ${fd}>&-`);
  const isPlain = command.every(isText);
  const common = {
    folder: goes || folder === undefined ? undefined : text(folder),
    environment: environment.filter(isText),
  };
  if (isPlain && lines.length === 0 && closed.length === 0) {
    const [by, ...others] = command.map(text);
    return { path: by!, argv0: by === text(path) ? text(argv0) : by!, args: others, ...common };
  }
  lines.push(`exec ${isPlain ? '"$@"' : command.map(quoted).join(" ")}${closed.join("")}`);
  const shell = "/bin/sh";
  return {
    path: shell,
    argv0: shell,
    args: ["-c", lines.join("\n"), shell, ...(isPlain ? command.map(text) : [])],
    ...common,
  };
}

/**
 * The user and group that Node gives a program, which is then in no other groups. Where there are to be some, setpriv sets all.
 * Throws EPERM where this process may not.
 */
function identity({ user, group, groups }: Program): { uid?: number; gid?: number } {
  if (user === undefined && group === undefined && groups === undefined) return {};
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  const isOurs = groups === undefined && (user ?? uid) === uid && (group ?? gid) === gid;
  if (uid !== 0 && !isOurs) throw new SystemError("EPERM");
  if (isOurs || (groups !== undefined && groups.length > 0)) return {};
  return { ...(user === undefined ? {} : { uid: user }), gid: group ?? gid! };
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

/** Signals that keys of a terminal send. */
const FROM_TERMINALS: readonly (NodeJS.Signals | null)[] = ["SIGINT", "SIGQUIT", "SIGHUP"];

const hasTerminal = () => [0, 1, 2].some((fd) => isatty(fd));

export class Children {
  /** The descriptors of processes. */
  readonly watched = new Set<ProcessFile>();
  private readonly running = new Map<number, ChildProcess>();
  private readonly ends = new Map<number, number>();

  /** `files`: the kernel's. `command`: what this process was started as. `ended` is called when one has; `afterSignal` is Signals.after(). */
  constructor(
    private readonly files: ReadonlyMap<number, KernelFile>,
    private readonly command: string,
    private readonly ended: () => void,
    private readonly afterSignal: (signal: number, then: () => void) => void,
  ) {}

  /** Whether a process was started here and is not forgotten. */
  has(pid: number): boolean {
    return this.running.has(pid) || this.ends.has(pid);
  }

  runs(pid: number): boolean {
    return this.running.has(pid);
  }

  async start(program: Program): Promise<number> {
    const { folder } = program;
    if (folder !== undefined) {
      try {
        if (!statSync(bytesOf(folder)).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
      } catch (error) {
        return this.fail(program, errorName(error), "noexec:chdir");
      }
    }
    const found = findProgram(program.executables, folder);
    if ("code" in found) return this.fail(program, found.code, "");
    let ids: ReturnType<typeof identity>;
    try {
      ids = identity(program);
    } catch (error) {
      return this.fail(program, errorName(error), "noexec");
    }
    const given = [...program.files, ...program.others.map(({ file }) => file)];
    const carriedFiles = given.map((file) => file !== undefined && "outside" in file && this.files.get(file.outside));
    const pipes = await takePipes(carriedFiles.filter((file) => file && !(file instanceof KernelSocket)).length);
    /** What the kernel carries, by descriptors of the program; where there is a pipe of the system, that. */
    const carried: { fd: number; file: KernelFile; pipe?: ProgramPipe | undefined }[] = [];
    const stdio: (IOType | number)[] = [];
    const give = (fd: number, given: Given) => {
      while (stdio.length < fd) stdio.push("ignore");
      if ("host" in given) {
        stdio[fd] = given.host;
        return;
      }
      const file = this.files.get(given.outside);
      if (file === undefined) throw new SystemError("EBADF");
      const unused = file instanceof KernelSocket ? undefined : pipes.pop();
      const pipe = unused === undefined ? undefined : programPipe(unused, file.gives);
      stdio[fd] = pipe?.fd ?? "pipe";
      carried.push({ fd, file, pipe });
    };
    program.files.forEach((file, fd) => {
      if (file !== undefined) give(fd, file);
    });
    for (const { fd, file } of [...program.others].sort((a, b) => a.fd - b.fd)) give(fd, file);
    const { path, argv0, args, folder: cwd, environment } = asStarted(found.path, program);
    const env: Record<string, string> = {};
    for (const variable of environment) {
      const end = variable.indexOf("=", 1);
      if (end > 0) env[text(variable.slice(0, end))] = text(variable.slice(end + 1));
    }
    if (program.others.length > 0 && isSame(text(found.path), this.command)) {
      env[INHERITED] = program.others.map(({ fd }) => fd).join(",");
    }
    const refuse = (error: unknown) => {
      for (const { pipe } of carried) {
        if (pipe === undefined) continue;
        closeSync(pipe.fd);
        pipe.stream.destroy();
      }
      return this.fail(program, errorName(error), "");
    };
    let child: ChildProcess;
    try {
      child = spawn(path, args, {
        argv0,
        stdio,
        env,
        cwd,
        detached: program.session,
        ...ids,
      });
    } catch (error) {
      return refuse(error);
    }
    const { pid } = child;
    if (pid === undefined) {
      // Of want of rights, memory or descriptors Node tells later.
      return refuse(await new Promise((failed) => child.on("error", failed)));
    }
    // Not to be sent a signal, for example: the event must have somebody who hears it.
    child.on("error", () => {});
    for (const { fd, file, pipe } of carried) {
      const stream = pipe?.stream ?? child.stdio[fd];
      const carriesIn = file instanceof KernelSocket ? fd !== 1 && fd !== 2 : file.gives;
      const carriesOut = file instanceof KernelSocket ? fd !== 0 : !file.gives;
      if (carriesIn) carryIn(file, stream as Writable);
      if (carriesOut) carryOut(stream as Readable, file);
      if (pipe !== undefined) closeSync(pipe.fd);
    }
    this.running.set(pid, child);
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      this.running.delete(pid);
      // Who waits to write to it is told, as of Node's own pipes.
      for (const { fd, pipe } of carried) if (fd === 0) pipe?.stream.destroy();
      this.ends.set(pid, signal === null ? (code ?? 0) << 8 : signalNumber(signal));
      for (const file of this.watched) if (file.pid === pid) file.changed();
      this.ended();
    };
    child.on("exit", (code, signal) => {
      // What a terminal sends to all its programs is to be told first.
      if (FROM_TERMINALS.includes(signal) && !program.session && hasTerminal()) {
        this.afterSignal(signalNumber(signal!), () => end(code, signal));
      } else end(code, signal);
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
