/**
 * The threads of an interpreter in a worker (Interpreter.start()): each runs in a worker of its own, which whoever has started
 * the interpreter starts, as that one never waits. What they share besides the memory lies in buffers: which worker runs which
 * thread, the descriptors, the channels, standard input, and some words.
 *
 * Threads run while a call does: between calls the main thread holds the lock of the interpreter.
 */
import { roots } from "../generated/memory.ts";
import { TABLE_BYTES } from "../kernel/descriptors.ts";
import type { Clock, Services } from "../kernel/services.ts";
import { CHANNELS_BYTES, SharedChannels } from "../kernel/sharedchannels.ts";
import { giveThread } from "../process/places.ts";
import type { InterpreterOptions } from "./options.ts";
import type { Counter } from "./output.ts";

/** Threads that there may be besides the main thread, unless it is said. */
const PLACES = 64;

// Words of the state.
/** How many pieces of output have come: the number of the next. */
const SAID = 0;
/** How far standard input was read. */
const READ = 1;
/** The call that runs, by its number; below 0 once it was told that its time is over. */
const CALL = 2;
/** 1 once more was written than the limit allows. */
const EXCEEDED = 3;
/** Bytes that were written, of 64 bits. */
const WRITTEN = 2;
/** What the clock of one's own showed, and what another did at that moment, when the first thread was started. */
const SHOWED = 3;
const BEGAN = 4;
const STATE_BYTES = 40;

/** What a program that is granted no clock sees go by when it looks. */
const LOOK = 1e-6;

/** What the threads of an interpreter share; it can be posted. */
export interface Common {
  memory: WebAssembly.Memory;
  places: SharedArrayBuffer;
  table: SharedArrayBuffer;
  channels: SharedArrayBuffer;
  state: SharedArrayBuffer;
  input: SharedArrayBuffer;
  /** How many levels native code may recurse. */
  levels: number;
}

/** What the worker of a thread is started with. */
export interface ThreadStart {
  options: InterpreterOptions;
  common: Common;
  place: number;
  channel: SharedArrayBuffer;
}

type Buffers = Omit<Common, "memory" | "levels">;

export function newBuffers(input: Uint8Array, places = PLACES): Buffers {
  const stdin = new SharedArrayBuffer(input.length);
  new Uint8Array(stdin).set(input);
  return {
    places: new SharedArrayBuffer(places * 4),
    table: new SharedArrayBuffer(TABLE_BYTES),
    channels: new SharedArrayBuffer(CHANNELS_BYTES),
    state: new SharedArrayBuffer(STATE_BYTES),
    input: stdin,
  };
}

/** Which call runs, in the eyes of who watches the time from another thread. */
export class Calls {
  private readonly words: Int32Array;

  constructor(state: SharedArrayBuffer) {
    this.words = new Int32Array(state);
  }

  /** A call begins, which has a number above 0. */
  begin(call: number): void {
    Atomics.store(this.words, CALL, call);
  }

  /** Whether it is the caller who is to tell the call that its time is over: it runs, and was not told. */
  tell(call = Atomics.load(this.words, CALL)): boolean {
    return call > 0 && Atomics.compareExchange(this.words, CALL, call, -call) === call;
  }

  /** Whether it was told: the call that runs, or that of a number, which must still run. */
  wasTold(call?: number): boolean {
    const now = Atomics.load(this.words, CALL);
    return call === undefined ? now < 0 : now === -call;
  }
}

/** What one of the threads has of what they share. */
export class Threads {
  readonly calls: Calls;
  readonly channels: SharedChannels;
  readonly clock: Clock;
  readonly services: Pick<Services, "outside" | "startThread" | "table">;
  /** Bytes that were written, by all. */
  readonly counter: Counter;
  /** The memory of the process, once it has one. */
  memory!: WebAssembly.Memory;
  private readonly words: Int32Array;

  /**
   * `place`: the thread's, 0 for the main thread; `clock`: one that is the same in all threads, and granted or not;
   * `startWorker` has the worker of a place started.
   */
  constructor(
    private readonly buffers: Buffers,
    place: number,
    clock: Clock,
    readonly hasClock: boolean,
    startWorker: (place: number) => void,
  ) {
    const { state, places, table } = buffers;
    this.words = new Int32Array(state);
    this.calls = new Calls(state);
    this.channels = new SharedChannels(buffers.channels, place, () => this.memory);
    this.channels.thread = roots.vm.main_thread[0];
    const own = clockOfOnesOwn(state, clock);
    this.clock = hasClock ? clock : own;
    this.counter = counterOf(state);
    const all = new Int32Array(places);
    this.services = {
      outside: this.channels,
      table,
      startThread: (thread) => {
        own.goOn();
        giveThread(all, thread, startWorker);
      },
    };
  }

  /** The number of the next piece of output. */
  say(): number {
    return Atomics.add(this.words, SAID, 1);
  }

  /** How many pieces there have been. */
  get said(): number {
    return Atomics.load(this.words, SAID);
  }

  /** Standard input. */
  read(into: Uint8Array): number {
    const all = new Uint8Array(this.buffers.input);
    for (;;) {
      const at = Atomics.load(this.words, READ);
      const bytes = all.subarray(at, at + into.length);
      if (Atomics.compareExchange(this.words, READ, at, at + bytes.length) !== at) continue;
      into.set(bytes);
      return bytes.length;
    }
  }
}

function counterOf(state: SharedArrayBuffer): Counter {
  const words = new Int32Array(state);
  const longs = new BigInt64Array(state);
  return {
    add(bytes, most) {
      const before = Number(Atomics.add(longs, WRITTEN, BigInt(bytes)));
      if (before + bytes <= most) return true;
      Atomics.sub(longs, WRITTEN, BigInt(bytes));
      Atomics.store(words, EXCEEDED, 1);
      return false;
    },
    forget: () => void Atomics.store(longs, WRITTEN, 0n),
    takeExceeded: () => Atomics.exchange(words, EXCEEDED, 0) !== 0,
  };
}

/**
 * The clock of a program that is granted none. As long as it has one thread it stands still but for what the program sleeps and
 * how often it looks; from the first thread on it goes on from there as others do, so that threads can wait for each other.
 */
function clockOfOnesOwn(state: SharedArrayBuffer, clock: Clock): Clock & { goOn(): void } {
  const moments = new Float64Array(state);
  let now = 0;
  const look = () => {
    const began = moments[BEGAN]!;
    if (began !== 0) return moments[SHOWED]! + clock.performance() - began;
    now += LOOK;
    return now;
  };
  return {
    time: look,
    performance: look,
    sleep: (seconds) => {
      now += seconds;
    },
    goOn() {
      if (moments[BEGAN] !== 0) return;
      moments[SHOWED] = now;
      moments[BEGAN] = clock.performance();
    },
  };
}
