/**
 * What a program writes to its standard output and error: given to callbacks as it is written, or collected, in the order
 * in which it was written, both streams together.
 *
 * What a callback throws is the embedder's own: the program gets OSError, and the call that ran the program throws it. Nobody
 * waits for what a callback promises, but the next call throws why it was not kept.
 */
import { SystemError } from "../kernel/errno.ts";

/** Characters may go on in what is written next. */
const CONTINUED = { stream: true } as const;

type Emit = (text: string) => unknown;

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

/** Counts what a program has written, whichever of its threads has. */
export interface Counter {
  /** Counts bytes more, unless there would be more than `most`: whether it has. */
  add(bytes: number, most: number): boolean;
  forget(): void;
  /** Whether the limit was crossed since the last call. */
  takeExceeded(): boolean;
}

/** Counts what one thread has written. */
class OwnCounter implements Counter {
  private written = 0;
  private exceeded = false;

  add(bytes: number, most: number): boolean {
    if (this.written + bytes > most) {
      this.exceeded = true;
      return false;
    }
    this.written += bytes;
    return true;
  }

  forget(): void {
    this.written = 0;
  }

  takeExceeded(): boolean {
    const { exceeded } = this;
    this.exceeded = false;
    return exceeded;
  }
}

export class Output {
  /** Made when they are needed: most interpreters write little, and none to both. */
  private readonly decoders: [TextDecoder?, TextDecoder?] = [];
  private readonly emit: readonly [Emit, Emit];
  private pieces: string[] = [];
  private thrown: { error: unknown } | undefined;
  private readonly failed = (error: unknown) => {
    this.thrown ??= { error };
  };

  constructor(
    stdout: Emit | undefined,
    stderr: Emit | undefined,
    private readonly most: number,
    private readonly counter: Counter = new OwnCounter(),
  ) {
    const collect = (text: string) => {
      this.pieces.push(text);
    };
    this.emit = [stdout ?? collect, stderr ?? collect];
  }

  /** The output of descriptor 1 or 2: how many bytes were taken. */
  write(fd: number, bytes: Uint8Array): number {
    if (!this.counter.add(bytes.length, this.most)) throw new SystemError("EFBIG");
    const stream = fd === 1 ? 0 : 1;
    // A copy: decoders refuse shared memory.
    this.decoders[stream] ??= new TextDecoder();
    const text = this.decoders[stream].decode(bytes.slice(), CONTINUED);
    if (text === "") return bytes.length;
    try {
      const written = this.emit[stream](text);
      if (isPromise(written)) written.then(undefined, this.failed);
    } catch (error) {
      this.failed(error);
      throw new SystemError("EIO");
    }
    return bytes.length;
  }

  /** What was collected. */
  get text(): string {
    if (this.pieces.length > 1) this.pieces = [this.pieces.join("")];
    return this.pieces[0] ?? "";
  }

  /** What was collected, which is forgotten, and counts no more. */
  take(): string {
    const { text } = this;
    this.pieces = [];
    this.forget();
    return text;
  }

  /** What was written counts no more. */
  forget(): void {
    this.counter.forget();
  }

  /** What a callback has thrown since the last call. */
  takeThrown(): { error: unknown } | undefined {
    const { thrown } = this;
    this.thrown = undefined;
    return thrown;
  }

  /** Whether the limit was crossed since the last call. */
  takeExceeded(): boolean {
    return this.counter.takeExceeded();
  }
}
