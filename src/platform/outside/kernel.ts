/**
 * The kernel beside the process: a worker whose loop of events stays free. It serves what the threads ask for, one message
 * each, and wakes those that wait for something.
 *
 * A thread is woken by adding to the word `wake` of its state, in the memory of the process; of other words there the kernel
 * writes those of signals and timers. It never waits for the lock of the interpreter.
 */
import { writeSync } from "node:fs";
import { constants } from "node:os";
import { type MessagePort, parentPort, SHARE_ENV, Worker, workerData } from "node:worker_threads";
import * as structs from "../../generated/structs.ts";
import { SystemError } from "../../kernel/errno.ts";
import { Children, ProcessFile, type Program } from "./children.ts";
import { type KernelFile, newPipe, PipeEnd, Terminal } from "./files.ts";
import { type Answer, announceChange, answer, newReply, type Request } from "./protocol.ts";
import { Signals } from "./signals.ts";
import { KernelSocket } from "./socket.ts";
import { nameInfo, resolve } from "./lookup.ts";
import { newSocket } from "./sockets.ts";
import { inheritedPipe } from "./streams.ts";
import { TimerFile } from "./timerfile.ts";
import { PairSocket } from "./unix.ts";

/** What the kernel is started with. */
export interface KernelData {
  memory: WebAssembly.Memory;
  /** The reply of the main thread. */
  reply: SharedArrayBuffer;
  /** The script of the workers that run threads, and what they are started with. */
  threadScript: string;
  threadData: object;
  /** The command that this process was started as. */
  command: string;
  /** Megabytes of their stacks. */
  stackSizeMb: number;
}

const SIGINT = 2;
const SIGCHLD = 17;
const POLLNVAL = 32;
/** What is told though nobody has asked: POLLERR, POLLHUP. */
const UNASKED = 8 | 16;

const NOTHING = new Uint8Array();

/** What a thread waits for. */
interface Watch {
  files: readonly number[];
  events: readonly number[];
  children: boolean;
}

class Kernel {
  private readonly files = new Map<number, KernelFile>();
  private next = 1;
  /** What was found open, by its descriptor. */
  private readonly inherited = new Map<number, number>();
  private readonly watches = new Map<number, Watch>();
  private readonly signals: Signals;
  private readonly children: Children;
  private terminal: number | undefined;
  private failed = false;
  /** Of all threads. */
  private readonly replies = new Set<SharedArrayBuffer>();

  constructor(private readonly data: KernelData) {
    this.signals = new Signals(data.memory, (thread) => this.wake(thread));
    this.children = new Children(
      this.files,
      data.command,
      () => {
        for (const [thread, { children }] of this.watches) if (children) this.wake(thread);
        if (this.signals.isWatched(SIGCHLD)) this.signals.deliver(SIGCHLD);
      },
      (signal, then) => this.signals.after(signal, then),
    );
    // As Python does at its start.
    this.signals.action(SIGINT, 2);
  }

  private wake(thread: number): void {
    this.watches.delete(thread);
    const words = new Int32Array(this.data.memory.buffer);
    const word = (thread + structs.PyThreadState.wake[0]) >> 2;
    Atomics.add(words, word, 1);
    Atomics.notify(words, word);
  }

  private add(file: KernelFile): number {
    const id = this.next++;
    this.files.set(id, file);
    file.changed = () => this.changed(id, file);
    return id;
  }

  private announce(): void {
    for (const reply of this.replies) announceChange(reply);
  }

  /** Wakes who waits for a file that is ready for it now. */
  private changed(id: number, file: KernelFile): void {
    this.announce();
    for (const [thread, { files, events }] of this.watches) {
      const at = files.indexOf(id);
      if (at >= 0 && file.ready() & (events[at]! | UNASKED)) this.wake(thread);
    }
  }

  private file(id: number): KernelFile {
    const file = this.files.get(id);
    if (file === undefined) throw new SystemError("EBADF");
    return file;
  }

  private socket(id: number): KernelSocket {
    const file = this.file(id);
    if (!(file instanceof KernelSocket)) throw new SystemError("ENOTSOCK");
    return file;
  }

  private timerFile(id: number): TimerFile {
    const file = this.file(id);
    if (!(file instanceof TimerFile)) throw new SystemError("EINVAL");
    return file;
  }

  private startWorker(place: number): void {
    const reply = newReply();
    const worker = new Worker(this.data.threadScript, {
      workerData: { ...this.data.threadData, place, reply },
      resourceLimits: { stackSizeMb: this.data.stackSizeMb },
      stdout: true,
      stderr: true,
      env: SHARE_ENV,
      execArgv: [],
      // Files that one thread has opened are all threads'.
      trackUnmanagedFds: false,
    });
    this.listen(worker, reply);
    // One that has ended has taken the thread that it ran with it, whose locks nobody will ever give back.
    worker.on("error", (error) => this.fail(`a thread has failed: ${error.message}`));
    worker.on("exit", () => this.fail("the worker of a thread has ended"));
  }

  /** Ends the process, of which a part is missing. */
  fail(what: string): void {
    // A worker that has failed ends, too: the first is told.
    if (this.failed) return;
    this.failed = true;
    writeSync(2, `Fatal Python error: vitrine: ${what}\n`);
    this.signals.action(constants.signals.SIGABRT, 0);
    process.kill(process.pid, constants.signals.SIGABRT);
  }

  /** Serves what comes from a thread. */
  listen(port: Worker | MessagePort, reply: SharedArrayBuffer): void {
    this.replies.add(reply);
    port.on("message", (request: Request) => {
      void this.serve(request).then(
        (value) => answer(reply, value),
        (error) => answer(reply, asError(error)),
      );
    });
  }

  private async serve({ operation, args, thread }: Request): Promise<Answer> {
    const act = this.operations[operation];
    if (act === undefined) throw new SystemError("ENOSYS");
    try {
      return (await act(thread, ...(args as never[]))) as Answer;
    } finally {
      if (operation !== "poll") this.announce();
    }
  }

  private readonly operations: Record<string, (thread: number, ...args: never[]) => unknown> = {
    kind: (_thread, id: number) => this.file(id).kind,
    read: (_thread, id: number, most: number) => this.file(id).read(most),
    write: (_thread, id: number, bytes: Uint8Array) => this.file(id).write(bytes),
    close: (_thread, id: number) => {
      const file = this.file(id);
      this.files.delete(id);
      file.release();
    },
    pipe: () => newPipe().map((file) => this.add(file)),
    pipeSize: (_thread, id: number, size: number) => {
      const file = this.file(id);
      if (!(file instanceof PipeEnd)) throw new SystemError("EBADF");
      return file.keepBytes(size);
    },
    terminal: () => {
      this.terminal ??= this.add(new Terminal());
      return this.terminal;
    },
    socket: (_thread, family: number, type: number, protocol: number) => this.add(newSocket(family, type, protocol)),
    socketPair: (_thread, family: number, type: number, protocol: number) => {
      if (family !== 1) throw new SystemError("EOPNOTSUPP");
      return PairSocket.pair(family, type, protocol).map((file) => this.add(file));
    },
    bind: async (_thread, id: number, address: Uint8Array) => {
      await this.socket(id).bind(address);
    },
    connect: async (_thread, id: number, address: Uint8Array) => {
      const other = await this.socket(id).connect(address);
      if (other === undefined) return;
      other.changed = () => this.changed(id, other);
      this.files.set(id, other);
    },
    listen: (_thread, id: number, backlog: number) => this.socket(id).listen(backlog),
    accept: (_thread, id: number) => this.add(this.socket(id).accept()),
    shutdown: (_thread, id: number, how: number) => this.socket(id).shutdown(how),
    name: (_thread, id: number, peer: boolean) => this.socket(id).name(peer),
    send: (_thread, id: number, data: Uint8Array, flags: number, address: Uint8Array, beside: Uint8Array) =>
      this.socket(id).send(data, flags, address, beside),
    // It begins with how long the address is, and what came beside the bytes, and whether there was more.
    recv: (_thread, id: number, most: number, flags: number) => {
      const { bytes, from = NOTHING, beside = NOTHING, cut = false } = this.socket(id).receive(most, flags);
      const head = new Uint32Array([from.length, beside.length, cut ? 1 : 0]);
      return Buffer.concat([new Uint8Array(head.buffer), from, beside, bytes]);
    },
    option: (_thread, id: number, level: number, option: number) => this.socket(id).option(level, option),
    setOption: (_thread, id: number, level: number, option: number, value: number) =>
      this.socket(id).setOption(level, option, value),
    poll: (thread, files: number[], events: number[], watch: boolean) => {
      const ready = files.map((id, i) => {
        const file = this.files.get(id);
        return file === undefined ? POLLNVAL : file.ready() & (events[i]! | UNASKED);
      });
      // Of such a file the answer is not to be kept.
      if (files.some((id) => this.files.get(id)?.late)) this.announce();
      if (watch && ready.every((r) => r === 0)) this.watches.set(thread, { files, events, children: false });
      return ready;
    },
    // A file that several threads ask for is one.
    inherit: (_thread, fd: number) => {
      const known = this.inherited.get(fd);
      if (known !== undefined) return known;
      const id = this.add(inheritedPipe(fd));
      this.inherited.set(fd, id);
      return id;
    },
    timer: (_thread, clock: number) => this.add(new TimerFile(clock)),
    setTimerFile: (_thread, id: number, flags: number, initial: bigint, interval: bigint) =>
      this.timerFile(id).set(flags, initial, interval),
    timerFile: (_thread, id: number) => this.timerFile(id).get(),
    process: (_thread, pid: number) => this.add(new ProcessFile(pid, this.children)),
    pid: (_thread, id: number) => {
      const file = this.file(id);
      if (!(file instanceof ProcessFile)) throw new SystemError("EBADF");
      return file.pid;
    },
    resolve: (
      _thread,
      host: Uint8Array,
      service: Uint8Array,
      family: number,
      type: number,
      protocol: number,
      flags: number,
    ) => {
      const decoder = new TextDecoder();
      return resolve(decoder.decode(host), decoder.decode(service), family, type, protocol, flags);
    },
    nameinfo: (_thread, host: Uint8Array, port: number, scope: number, flags: number) =>
      nameInfo(new TextDecoder().decode(host), port, scope, flags),
    spawn: (_thread, program: Program) => this.children.start(program),
    ended: (thread, pid: number, watch: boolean) => {
      const one = this.children.take(pid);
      if (one === undefined && watch) this.watches.set(thread, { files: [], events: [], children: true });
      return one;
    },
    action: (_thread, signal: number, disposition: number) => this.signals.action(signal, disposition),
    setTimer: (_thread, which: number, seconds: number, interval: number) =>
      this.signals.setTimer(which, seconds, interval),
    startWorker: (_thread, place: number) => this.startWorker(place),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new SystemError("EIO");
}

const data = workerData as KernelData;
const kernel = new Kernel(data);
kernel.listen(parentPort!, data.reply);
// The threads would wait for answers for ever.
process.on("uncaughtException", (error) => kernel.fail(`the kernel has failed: ${error.message}`));
