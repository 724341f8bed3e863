/**
 * The kernel beside the process, as one of its threads sees it. The kernel is a worker of Node's that is started when the
 * program first needs it; only the main thread starts it, and only it may have to.
 */
import { isatty } from "node:tty";
import { fileType } from "../../generated/constants.ts";
import { LookupFailure, SystemError } from "../../kernel/errno.ts";
import type { FileStatus, OutsideFile, OutsideService, SignalService, SocketFile } from "../../kernel/services.ts";
import { forwardClock, isPipe } from "../node.ts";
import { stty, sttySize } from "../nodefiles.ts";
import { interfaces } from "./interfaces.ts";
import { ANSWER_MAX, type Answer, ask, changesAnnounced, type Request } from "./protocol.ts";

/** What a thread needs to speak with the kernel. */
export interface Connection {
  post(request: Request): void;
  reply: SharedArrayBuffer;
}

/** Seconds after which the kernel looks out for signals in any case: programs that only import are not to pay for it. */
const WATCH_AFTER = 0.5;
/** Seconds after the program has first said something. Who has read it may answer with Ctrl-C. */
const WATCH_AFTER_OUTPUT = 0.03;

/** Instead of a descriptor: the program gets no such stream at all. */
const ABSENT = -2;

/** Of what the kernel says of what was received: the head, and as much room as the rest takes besides the bytes. */
const HEAD_BYTES = 12;
const BESIDE_MAX = 8192;
const NOTHING: Uint8Array = new Uint8Array();

const noSeek = (): never => {
  throw new SystemError("ESPIPE");
};
const noTruncate = (): never => {
  throw new SystemError("EINVAL");
};

const sameNumbers = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((n, i) => n === b[i]);

export class Outside implements OutsideService, SignalService {
  /** The address of the state of the thread that this one runs. */
  thread = 0;
  /** When the kernel is to look out for signals; in seconds, as since() has it. */
  private watchAt = WATCH_AFTER;
  /** What poll() was told last: it is so until the kernel announces a change. */
  private polled: { changes: number; files: readonly number[]; events: readonly number[]; ready: number[] } | undefined;

  /**
   * `connect` starts the kernel where it does not run yet; `runs`: whether it does, `since`: in seconds, how long the program
   * has run.
   */
  constructor(
    private readonly connect: () => Connection,
    private readonly runs: () => boolean,
    private readonly since: () => number,
  ) {}

  private call(operation: string, ...args: unknown[]): Answer {
    const { post, reply } = this.connect();
    return ask(reply, () => post({ operation, args, thread: this.thread }));
  }

  inherit(fd: number): OutsideFile {
    return this.socketFile(this.call("inherit", fd) as number);
  }

  timer(clock: number): OutsideFile {
    return this.file(this.call("timer", clock) as number, "timer");
  }

  setTimerFile(file: number, flags: number, initial: bigint, interval: bigint): [bigint, bigint] {
    const [left, every] = this.call("setTimerFile", file, flags, initial, interval) as [string, string];
    return [BigInt(left), BigInt(every)];
  }

  timerFile(file: number): [bigint, bigint] {
    const [left, every] = this.call("timerFile", file) as [string, string];
    return [BigInt(left), BigInt(every)];
  }

  processFile(pid: number): OutsideFile {
    return this.file(this.call("process", pid) as number, "process");
  }

  pidOf(file: number): number {
    return this.call("pid", file) as number;
  }

  adopt(file: number): OutsideFile {
    const kind = this.call("kind", file) as string;
    return kind === "socket" ? this.socketFile(file) : this.file(file, kind);
  }

  /** A pipe or a terminal. */
  private file(outside: number, kind: string): OutsideFile {
    const mode = kind === "terminal" ? fileType.S_IFCHR : kind === "socket" ? fileType.S_IFSOCK : fileType.S_IFIFO;
    const status: FileStatus = { mode: mode | 0o600, blockSize: 4096, size: 0, ino: outside };
    return {
      outside,
      read: (into) => this.receiveInto("read", outside, into),
      write: (bytes) => this.call("write", outside, bytes.slice(0, ANSWER_MAX)) as number,
      seek: noSeek,
      truncate: noTruncate,
      describe: () => status,
      isTerminal: () => kind === "terminal",
      ...(kind === "pipe" ? { keepBytes: (size: number) => this.call("pipeSize", outside, size) as number } : {}),
      // The only terminal that the kernel has is standard input.
      ...(kind === "terminal" ? { stty: (words: string[]) => stty(0, words), terminalSize: () => sttySize(0) } : {}),
      setFlags() {},
      close: () => void this.call("close", outside),
    };
  }

  private receiveInto(operation: string, file: number, into: Uint8Array): number {
    const bytes = this.call(operation, file, Math.min(into.length, ANSWER_MAX)) as Uint8Array;
    into.set(bytes);
    return bytes.length;
  }

  private socketFile(outside: number): SocketFile {
    const call = (operation: string, ...args: unknown[]) => this.call(operation, outside, ...args);
    const send = (data: Uint8Array, flags: number, address = NOTHING, beside = NOTHING) => {
      const part = (from: number, beside: Uint8Array) =>
        call("send", data.slice(from, from + ANSWER_MAX), flags, address.slice(), beside.slice()) as number;
      let sent = part(0, beside);
      try {
        // As much as is taken at once: of more than one piece every one but the last is whole.
        while (sent < data.length && sent % ANSWER_MAX === 0 && sent > 0) sent += part(sent, NOTHING);
      } catch (error) {
        if ((error as { code?: string }).code !== "EAGAIN") throw error;
      }
      return sent;
    };
    const receive = (into: Uint8Array, flags: number, address = NOTHING, beside = NOTHING): number => {
      const size = Math.min(into.length, ANSWER_MAX - BESIDE_MAX);
      const answer = call("recv", size, flags) as Uint8Array;
      const [from, more, cut] = new Uint32Array(answer.buffer, answer.byteOffset, 3) as unknown as number[];
      const bytes = answer.subarray(HEAD_BYTES + from! + more!);
      address.set(answer.subarray(HEAD_BYTES, HEAD_BYTES + from!).subarray(0, address.length));
      if (beside.length >= 8) {
        const words = new DataView(beside.buffer, beside.byteOffset, beside.byteLength);
        words.setUint32(0, more!, true);
        words.setUint32(4, cut!, true);
        beside.set(answer.subarray(HEAD_BYTES + from!, HEAD_BYTES + from! + more!).subarray(0, beside.length - 8), 8);
      }
      into.set(bytes);
      return bytes.length;
    };
    return {
      ...this.file(outside, "socket"),
      outside,
      read: (into) => receive(into, 0),
      write: (data) => send(data, 0),
      bind: (address) => void call("bind", address),
      connect: (address) => void call("connect", address),
      listen: (backlog) => void call("listen", backlog),
      accept: () => this.socketFile(call("accept") as number),
      shutdown: (how) => void call("shutdown", how),
      name: (peer) => call("name", peer) as Uint8Array,
      send,
      receive,
      option: (level, option) => call("option", level, option) as number,
      setOption: (level, option, value) => void call("setOption", level, option, value),
    };
  }

  pipe(): [OutsideFile, OutsideFile] {
    const [reader, writer] = this.call("pipe") as [number, number];
    return [this.file(reader, "pipe"), this.file(writer, "pipe")];
  }

  /** Standard input, where it is a terminal, or where the kernel runs already and it is a pipe. */
  terminal(): OutsideFile | undefined {
    const isTerminal = isatty(0);
    if (!isTerminal && !(this.runs() && isPipe(0))) return undefined;
    return this.file(this.call("terminal") as number, isTerminal ? "terminal" : "pipe");
  }

  /** The program writes to one of its standard streams. */
  says(): void {
    this.watchAt = Math.min(this.watchAt, this.since() + WATCH_AFTER_OUTPUT);
  }

  watch(now: boolean): boolean {
    if (!this.runs()) {
      if (!now && this.since() < this.watchAt) return false;
      this.connect();
    }
    return true;
  }

  socket(family: number, type: number, protocol: number): SocketFile {
    return this.socketFile(this.call("socket", family, type, protocol) as number);
  }

  socketPair(family: number, type: number, protocol: number): [SocketFile, SocketFile] {
    const [first, second] = this.call("socketPair", family, type, protocol) as [number, number];
    return [this.socketFile(first), this.socketFile(second)];
  }

  poll(files: readonly number[], events: readonly number[], watch: boolean): number[] {
    const changes = changesAnnounced(this.connect().reply);
    const { polled } = this;
    if (
      polled?.changes === changes &&
      sameNumbers(polled.files, files) &&
      sameNumbers(polled.events, events) &&
      !(watch && polled.ready.every((r) => r === 0))
    ) {
      return polled.ready;
    }
    const ready = this.call("poll", files, events, watch) as number[];
    this.polled = { changes, files, events, ready };
    return ready;
  }

  /** Asks for a look-up, whose failures are of their own kind. */
  private lookUp(operation: string, ...args: unknown[]): Uint8Array {
    try {
      return this.call(operation, ...args) as Uint8Array;
    } catch (error) {
      const code = /^EAI(\d+)$/.exec((error as { code: string }).code);
      throw code ? new LookupFailure(Number(code[1])) : error;
    }
  }

  resolve(...args: [Uint8Array, Uint8Array, number, number, number, number]): Uint8Array {
    return this.lookUp("resolve", ...args);
  }

  nameInfo(...args: [Uint8Array, number, number, number]): Uint8Array {
    return this.lookUp("nameinfo", ...args);
  }

  interfaces = interfaces;

  spawn(
    request: Uint8Array,
    file: (fd: number) => { host: number } | { outside: number },
    current: Uint8Array | undefined,
    inherited: readonly Uint8Array[],
  ): number {
    // Texts are bytes: each byte is a character here, as in what is posted.
    const texts = Buffer.from(request).toString("latin1").split("\0");
    const items = () => texts.splice(0, Number(texts.shift()));
    const args = items();
    const executables = items();
    const keep = items().map((pair) => pair.split("=").map(Number));
    const [said] = items();
    const base = current && Buffer.from(current).toString("latin1");
    const folder = said === undefined ? base : base === undefined || said.startsWith("/") ? said : `${base}/${said}`;
    const given = texts.shift() === "1";
    const variables = items();
    const environment = given ? variables : inherited.map((text) => Buffer.from(text).toString("latin1"));
    const [input, , , output, , errors, , failure] = texts.splice(0, 8).map(Number);
    const [session, blocked, umask, ignored, user, group, groups] = texts;
    const numbers = (list: string | undefined) => (list ?? "").split(",").filter(Boolean).map(Number);
    const id = (number: string | undefined) => (number ? Number(number) : undefined);
    const own = (fd: number, standard: number) => (fd === ABSENT ? undefined : file(fd < 0 ? standard : fd));
    const files = [own(input!, 0), own(output!, 1), own(errors!, 2)];
    const others = keep
      .filter(([fd]) => fd! > 2 && fd !== failure)
      .map(([fd, from = fd]) => ({ fd: fd!, file: file(from!) }));
    const failed = failure! < 0 ? undefined : file(failure!);
    const program = {
      args,
      executables,
      folder,
      environment,
      files,
      others,
      session: session === "1",
      blocked: numbers(blocked),
      umask: Number(umask),
      ignored: numbers(ignored),
      user: id(user),
      group: id(group),
      groups: groups === "-" ? [] : groups ? numbers(groups) : undefined,
      failed,
    };
    return this.call("spawn", program) as number;
  }

  ended(pid: number, watch: boolean): { pid: number; status: number } | undefined {
    return (this.call("ended", pid, watch) as { pid: number; status: number } | null) ?? undefined;
  }

  action(signal: number, disposition: number): void {
    // What Node's signals do by default is what the system's do.
    if (disposition === 0 && !this.runs()) return;
    this.call("action", signal, disposition);
  }

  setTimer(which: number, seconds: number, interval: number): void {
    this.call("setTimer", which, seconds, interval);
  }

  timerClock(which: number): number {
    return timerClock(which);
  }

  /** Has a worker run threads: the one that has the place `place` of the pool. */
  startWorker(place: number): void {
    this.call("startWorker", place);
  }
}

/** Seconds of the clock that a timer goes by. */
export function timerClock(which: number): number {
  if (which === 0 || which === 3) return forwardClock();
  const { user, system } = process.cpuUsage();
  return (which === 1 ? user : user + system) / 1e6;
}
