/** Something that compresses or decompresses, step by step. */

export interface CodeStep {
  /** As the library says it. */
  status: number;
  /** Bytes of the input that are done with. */
  consumed: number;
  /** Bytes that were written. */
  produced: number;
}

export interface Coder {
  /** Goes on, as far as input and room go. Neither of the two is kept. */
  step(input: Uint8Array, into: Uint8Array, flush: number): CodeStep;
  /** Gives it what is known beforehand: a status. */
  dictionary?(bytes: Uint8Array): number;
  /** Another that is where this one is. */
  copy?(): Coder;
  /** What the last call found wrong. */
  message(): string;
}
