/**
 * What a program writes to its standard output and error: given to callbacks as it is written, or collected, in the order
 * in which it was written, both streams together.
 *
 * What a callback throws is the embedder's own: the program gets OSError, and the call that ran the program throws it. Nobody
 * waits for what a callback promises, but the next call throws why it was not kept.
 */
import { SystemError } from "../kernel/errno.ts";

type Emit = (text: string) => unknown;

export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

export class Output {
  /** Made when they are needed: most interpreters write little, and none to both. */
  private readonly decoders: [TextDecoder?, TextDecoder?] = [];
  private readonly emit: readonly [Emit, Emit];
  private pieces: string[] = [];
  /** Bytes that were written. */
  private written = 0;
  private thrown: { error: unknown } | undefined;
  /** More was written than the limit allows. */
  private exceeded = false;

  constructor(
    stdout: Emit | undefined,
    stderr: Emit | undefined,
    private readonly most: number,
  ) {
    const collect = (text: string) => {
      this.pieces.push(text);
    };
    this.emit = [stdout ?? collect, stderr ?? collect];
  }

  /** The output of descriptor 1 or 2: how many bytes were taken. */
  write(fd: number, bytes: Uint8Array): number {
    if (this.written + bytes.length > this.most) {
      this.exceeded = true;
      throw new SystemError("EFBIG");
    }
    this.written += bytes.length;
    const stream = fd === 1 ? 0 : 1;
    // A copy: decoders refuse shared memory.
    this.decoders[stream] ??= new TextDecoder();
    const text = this.decoders[stream].decode(Uint8Array.from(bytes), { stream: true });
    if (text === "") return bytes.length;
    const failed = (error: unknown) => {
      this.thrown ??= { error };
    };
    try {
      const written = this.emit[stream](text);
      if (isPromise(written)) written.then(undefined, failed);
    } catch (error) {
      failed(error);
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
    this.written = 0;
  }

  /** What a callback has thrown since the last call. */
  takeThrown(): { error: unknown } | undefined {
    const { thrown } = this;
    this.thrown = undefined;
    return thrown;
  }

  /** Whether the limit was crossed since the last call. */
  takeExceeded(): boolean {
    const { exceeded } = this;
    this.exceeded = false;
    return exceeded;
  }
}
