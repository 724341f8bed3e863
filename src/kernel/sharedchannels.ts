/**
 * Pipes and pairs of sockets that the threads of a process share, where there is no kernel beside it: the outside of a process
 * that has none. They lie in one buffer, which every thread gets at its start:
 *
 *   ┌──────────────┬───────────────┬───────────┬────────────────────────────────────────
 *   │ lock, places │ who waits: n  │ open ends │ two ways for each channel (channels.ts)
 *   └──────────────┴───────────────┴───────────┴────────────────────────────────────────
 *
 * A thread that waits writes the address of its state to its place, looks what is ready, and sleeps on the word `wake` of the
 * state; who has changed anything wakes all who wait, and they look again.
 */
import * as structs from "../generated/structs.ts";
import { checkPair, pairedSocket, pipeReader, pipeWriter, Way, WAY_BYTES } from "./channels.ts";
import { SystemError } from "./errno.ts";
import { POLLERR, POLLHUP, POLLNVAL } from "./linux.ts";
import type { OpenFile, OutsideFile, OutsideService, SocketFile } from "./services.ts";

/** Channels that may be open at once. */
const CHANNELS = 128;
/** Threads that may wait. */
const WAITERS = 1025;
const LOCK = 0;
/** One more than the highest place that has ever waited. */
const PLACES = 1;
const WAITING = 2;
const OPEN = WAITING + WAITERS;
const WAYS = Math.ceil(((OPEN + CHANNELS) * 4) / 64) * 64;
/** Bytes of the buffer, of which the system takes what is used. */
export const CHANNELS_BYTES = WAYS + CHANNELS * 2 * WAY_BYTES;

/** What is told though nobody has asked. */
const UNASKED = POLLERR | POLLHUP;

/** The ends of a channel: a file's number is four times the channel's, and one of these. */
const End = { reader: 0, writer: 1, first: 2, second: 3 } as const;

const missing = (): never => {
  throw new SystemError("ENOSYS");
};

export class SharedChannels implements OutsideService {
  /** The address of the state of the thread that this one runs. */
  thread = 0;
  private readonly words: Int32Array;

  /** `place`: the thread's own, 0 for the main thread; `memory`: of the process, once it has one. */
  constructor(
    private readonly buffer: SharedArrayBuffer,
    private readonly place: number,
    private readonly memory: () => WebAssembly.Memory,
  ) {
    this.words = new Int32Array(buffer);
  }

  /** Wakes all who wait. */
  private changed(): void {
    const places = Atomics.load(this.words, PLACES);
    for (let place = 0; place < places; place++) {
      if (Atomics.load(this.words, WAITING + place) === 0) continue;
      const thread = Atomics.exchange(this.words, WAITING + place, 0);
      if (thread === 0) continue;
      const memory = new Int32Array(this.memory().buffer);
      const wake = (thread + structs.PyThreadState.wake[0]) >> 2;
      Atomics.add(memory, wake, 1);
      Atomics.notify(memory, wake);
    }
  }

  private way(index: number): Way {
    return new Way(this.buffer, WAYS + index * WAY_BYTES);
  }

  /** The number of a channel that nobody has, with both ends open. */
  private take(): number {
    while (Atomics.compareExchange(this.words, LOCK, 0, 1) !== 0);
    try {
      const open = this.words.subarray(OPEN, OPEN + CHANNELS);
      const channel = open.indexOf(0);
      if (channel < 0) throw new SystemError("ENFILE");
      open[channel] = 2;
      this.way(2 * channel).open();
      this.way(2 * channel + 1).open();
      return channel;
    } finally {
      Atomics.store(this.words, LOCK, 0);
    }
  }

  private readonly use = { changed: () => this.changed() };

  adopt(outside: number): OutsideFile {
    const channel = outside >> 2;
    const end = outside & 3;
    if (end === End.reader) return this.numbered(outside, pipeReader(this.way(2 * channel), this.use));
    if (end === End.writer) return this.numbered(outside, pipeWriter(this.way(2 * channel), this.use));
    return this.socketOf(channel, end);
  }

  private socketOf(channel: number, end: number): SocketFile {
    const [there, back] = [this.way(2 * channel), this.way(2 * channel + 1)];
    const socket = end === End.first ? pairedSocket(back, there, this.use) : pairedSocket(there, back, this.use);
    return this.numbered(4 * channel + end, socket);
  }

  private numbered<T extends OpenFile>(outside: number, file: T): T & { outside: number } {
    const end = file.close;
    const close = () => {
      end();
      Atomics.sub(this.words, OPEN + (outside >> 2), 1);
    };
    return { ...file, outside, close };
  }

  pipe(): [OutsideFile, OutsideFile] {
    const channel = this.take();
    return [this.adopt(4 * channel + End.reader), this.adopt(4 * channel + End.writer)];
  }

  socketPair(family: number, type: number, protocol: number): [SocketFile, SocketFile] {
    checkPair(family, type, protocol);
    const channel = this.take();
    return [this.socketOf(channel, End.first), this.socketOf(channel, End.second)];
  }

  poll(files: readonly number[], events: readonly number[], watch: boolean): number[] {
    const { words, place } = this;
    if (watch) {
      Atomics.store(words, WAITING + place, this.thread);
      for (let n = Atomics.load(words, PLACES); n <= place; n = Atomics.load(words, PLACES))
        Atomics.compareExchange(words, PLACES, n, place + 1);
    }
    return files.map((file, i) => {
      if (Atomics.load(words, OPEN + (file >> 2)) === 0) return POLLNVAL;
      return this.adopt(file).ready!() & (events[i]! | UNASKED);
    });
  }

  /** No program was started. */
  ended(): never {
    throw new SystemError("ECHILD");
  }

  inherit = missing;
  socket = missing;
  resolve = missing;
  nameInfo = missing;
  interfaces = missing;
  spawn = missing;
  timer = missing;
  setTimerFile = missing;
  timerFile = missing;
  processFile = missing;
  pidOf = missing;
}
