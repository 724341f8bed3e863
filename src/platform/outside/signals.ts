/**
 * Signals of the system, and timers. Node tells only its main thread of signals, and that one runs the program. What Node
 * does that with, its binding signal_wrap, works on any thread: so the kernel's watches. Where there is no such binding,
 * signals do what they do by default.
 */
import { constants } from "node:os";
import { roots } from "../../generated/memory.ts";
import * as structs from "../../generated/structs.ts";
import { timerClock } from "./client.ts";

interface SignalWrap {
  onsignal: (signal: number) => void;
  start(signal: number): number;
  close(): void;
  unref(): void;
}

/** SIGALRM, SIGVTALRM, SIGPROF; 0 for the timer of faulthandler, which goes by the clock too. */
const TIMER_SIGNALS = [14, 26, 27, 0] as const;
/** Between two looks at what the process has used, for timers that go by that. */
const USAGE_LOOK_MS = 5;
/** So long after a program the signal that has ended it may come here. */
const LATE_MS = 100;
/** setTimeout takes no more. */
const TIMEOUT_MAX = 0x7fffffff;

export class Signals {
  private readonly watched = new Map<number, SignalWrap>();
  private readonly timers: (NodeJS.Timeout | undefined)[] = [];
  /** When each signal has arrived last, and whom to tell once it has. */
  private readonly arrivals = new Map<number, number>();
  private readonly waiting: { signal: number; tell: () => void }[] = [];

  constructor(
    private readonly memory: WebAssembly.Memory,
    private readonly wake: (thread: number) => void,
  ) {}

  /** Has a signal arrive in the process. */
  deliver(signal: number): void {
    const words = new Int32Array(this.memory.buffer);
    const main = roots.vm.main_thread[0];
    Atomics.add(words, (roots.signal.arrived[0] >> 2) + signal, 1);
    Atomics.or(words, (main + structs.PyThreadState.eval_breaker[0]) >> 2, 2);
    this.wake(main);
    this.arrivals.set(signal, performance.now());
    for (const one of this.waiting.filter((one) => one.signal === signal)) one.tell();
  }

  /**
   * Calls `then` once a signal has arrived that has just ended a program: a terminal sends it to all its programs, but this one may
   * learn of the other's end first. Where it does not come it was for the other alone.
   */
  after(signal: number, then: () => void): void {
    const before = this.arrivals.get(signal);
    if (!this.isWatched(signal) || (before !== undefined && performance.now() - before < LATE_MS)) {
      then();
      return;
    }
    const one = {
      signal,
      tell: () => {
        clearTimeout(timer);
        this.waiting.splice(this.waiting.indexOf(one), 1);
        then();
      },
    };
    const timer = setTimeout(() => one.tell(), LATE_MS);
    this.waiting.push(one);
  }

  /** What the system does upon a signal: 0 its default, 1 nothing, 2 it tells the process. */
  action(signal: number, disposition: number): void {
    this.watched.get(signal)?.close();
    this.watched.delete(signal);
    if (disposition === 0) return;
    const binding = (process as unknown as { binding?(name: string): { Signal: new () => SignalWrap } }).binding;
    if (binding === undefined) return;
    // Node warns of the binding, which has no other name.
    process.noDeprecation = true;
    const wrap = new (binding.call(process, "signal_wrap").Signal)();
    wrap.onsignal = disposition === 1 ? () => {} : () => this.deliver(signal);
    if (wrap.start(signal) === 0) this.watched.set(signal, wrap);
  }

  /** Whether the process has asked to be told of a signal. */
  isWatched(signal: number): boolean {
    return this.watched.has(signal);
  }

  setTimer(which: number, seconds: number, interval: number): void {
    clearTimeout(this.timers[which]);
    this.timers[which] = undefined;
    this.note(which, seconds === 0 ? 0 : timerClock(which) + seconds, interval);
    if (seconds > 0) this.run(which, timerClock(which) + seconds, interval);
  }

  /** Writes to the roots when a timer ends, and its interval. */
  private note(which: number, end: number, interval: number): void {
    const view = new DataView(this.memory.buffer);
    view.setFloat64(roots.signal.timer_end[0] + which * 8, end, true);
    view.setFloat64(roots.signal.timer_interval[0] + which * 8, interval, true);
  }

  private run(which: number, end: number, interval: number): void {
    const left = (end - timerClock(which)) * 1000;
    if (left > 0) {
      const wait = which === 0 || which === 3 ? Math.min(left, TIMEOUT_MAX) : Math.min(left, USAGE_LOOK_MS);
      this.timers[which] = setTimeout(() => this.run(which, end, interval), wait);
      return;
    }
    const next = interval > 0 ? Math.max(end + interval, timerClock(which)) : 0;
    this.note(which, next, interval);
    if (next > 0) this.run(which, next, interval);
    this.deliver(TIMER_SIGNALS[which]!);
  }
}

/** The number of a signal by the name that Node gives it. */
export const signalNumber = (name: NodeJS.Signals): number => constants.signals[name] ?? 0;
