/** Descriptors of timers (timerfd of Linux): they are read when their time has come, as a count. */

import { SystemError } from "../../kernel/errno.ts";
import { POLLIN } from "../../kernel/linux.ts";
import { KernelFile } from "./files.ts";

// Clocks: the time of day, the one that goes forward only, the same with the time that the machine sleeps, and those that
// would wake it.
const CLOCK_REALTIME = 0;
const CLOCK_REALTIME_ALARM = 8;
const CLOCKS = [CLOCK_REALTIME, 1, 7, CLOCK_REALTIME_ALARM, 9];
const TFD_TIMER_ABSTIME = 1;
const COUNT_BYTES = 8;
/** setTimeout takes no more. */
const TIMEOUT_MAX = 0x7fffffff;

/** Nanoseconds. */
const forward = (): bigint => process.hrtime.bigint();
const timeOfDay = (): bigint => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));

export class TimerFile extends KernelFile {
  readonly kind = "timer";
  override readonly late = true;
  private readonly clock: () => bigint;
  private timeout: NodeJS.Timeout | undefined;
  /** When it ends next, on its clock; 0 while it does not run. */
  private next = 0n;
  private interval = 0n;
  private count = 0n;

  constructor(clock: number) {
    super();
    if (!CLOCKS.includes(clock)) throw new SystemError("EINVAL");
    this.clock = clock === CLOCK_REALTIME || clock === CLOCK_REALTIME_ALARM ? timeOfDay : forward;
  }

  /** Nanoseconds to its end, and those from one end to the next. */
  get(): [left: string, interval: string] {
    this.look();
    const left = this.next === 0n ? 0n : this.next - this.clock();
    return [String(this.next !== 0n && left <= 0n ? 1n : left), String(this.interval)];
  }

  /** Starts it, or stops it where `initial` is 0; what get() gave before. */
  set(flags: number, initial: bigint, interval: bigint): [left: string, interval: string] {
    if (initial < 0n || interval < 0n) throw new SystemError("EINVAL");
    const before = this.get();
    clearTimeout(this.timeout);
    this.count = 0n;
    this.interval = interval;
    this.next = initial === 0n ? 0n : flags & TFD_TIMER_ABSTIME ? initial : this.clock() + initial;
    this.arm();
    return before;
  }

  private arm(): void {
    if (this.next === 0n) return;
    const left = Number(this.next - this.clock()) / 1e6;
    this.timeout = setTimeout(() => this.arrive(), Math.min(Math.max(left, 0), TIMEOUT_MAX));
  }

  private arrive(): void {
    this.look();
    this.arm();
    if (this.count > 0n) this.changed();
  }

  /** Counts the ends that have come. */
  private look(): void {
    if (this.next === 0n) return;
    const over = this.clock() - this.next;
    if (over < 0n) return;
    const times = this.interval === 0n ? 1n : over / this.interval + 1n;
    this.count += times;
    this.next = this.interval === 0n ? 0n : this.next + times * this.interval;
  }

  ready(): number {
    this.look();
    return this.count > 0n ? POLLIN : 0;
  }

  read(most: number): Uint8Array {
    if (most < COUNT_BYTES) throw new SystemError("EINVAL");
    this.look();
    if (this.count === 0n) throw new SystemError("EAGAIN");
    const bytes = new Uint8Array(new BigUint64Array([this.count]).buffer);
    this.count = 0n;
    return bytes;
  }

  write(): never {
    throw new SystemError("EINVAL");
  }

  protected end(): void {
    clearTimeout(this.timeout);
  }
}
