/**
 * What an interpreter in a worker and who has started it say to each other, and how a worker waits for an answer.
 *
 * Values go to the worker as the words that the runtime builds them from, and come from it as structured clones, in which
 * an object of the program is an `ObjectMark` and a function of the host a `FunctionMark`.
 *
 * While a function of the host runs, the worker waits at the first word of a shared buffer. The answer comes in pieces, as
 * large as the buffer; the worker asks for each further one.
 *
 *   words of the buffer   STATE 0 │ LENGTH 4 │ LAST 8 │ TAKEN 12 │ the bytes of a piece, from 16
 */
import { sleepWhile } from "../kernel/words.ts";
import type { Limit } from "../process/errors.ts";
import { LimitError, PythonError } from "../process/errors.ts";

const STATE = 0;
const LENGTH = 1;
const LAST = 2;
/** Bytes of output that have been dealt with; the worker does not run far ahead. */
const TAKEN = 3;
const DATA = 16;
const PIECE = 1 << 16;
/** Bytes of output that may be under way. */
const OUTPUT_AHEAD = 1 << 20;

/** A value on its way to the worker. */
export interface Encoded {
  bytes: Uint8Array;
  /** The functions in it, as often as they occur: number and name. */
  functions: [number: number, name: string][];
}

export interface ObjectMark {
  object: number;
  typeName: string;
  awaitable: boolean;
}

export interface FunctionMark {
  function: number;
}

/** What a worker is asked for. */
export interface Request {
  id: number;
  operation: string;
  args: unknown[];
}

/** An error on its way. */
export interface ErrorMark {
  kind: "python" | "limit" | "other";
  type: string;
  message: string;
  traceback: string;
  limit?: Limit | undefined;
  /** The number of what a function of the host has thrown. */
  cause?: number | undefined;
}

/** What an operation came to. `said`: how many pieces of output had come by then, where they have numbers. */
export type Answer = ({ value: unknown; marks: boolean } | { error: ErrorMark }) & { id: number; said?: number };

/** `number`: of the piece, where threads write, too. */
export interface OutputMessage {
  output: 1 | 2;
  text: string;
  bytes: number;
  number?: number;
}

export type FromWorker =
  | { begun: number }
  | Answer
  | OutputMessage
  | { call: number; args: unknown[]; marks: boolean }
  | { more: true }
  | { dropped: number }
  // The worker of a thread is to be started, for a place; it has failed.
  | { thread: number }
  | { failed: string };

/** A PythonError in the worker for what a function has thrown outside. */
class OutsideError extends PythonError {
  constructor(
    type: string,
    message: string,
    readonly number: number | undefined,
  ) {
    super(type, message);
  }
}

export function markError(error: unknown): ErrorMark {
  if (error instanceof PythonError) {
    const { type, message, traceback, cause } = error;
    const limit = error instanceof LimitError ? error.limit : undefined;
    const number = cause instanceof OutsideError ? cause.number : undefined;
    return { kind: limit ? "limit" : "python", type, message, traceback, limit, cause: number };
  }
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return { kind: "other", type: name, message, traceback: "" };
}

/** A buffer through which one worker gets answers. */
export function newChannel(): SharedArrayBuffer {
  return new SharedArrayBuffer(DATA + PIECE);
}

/** The worker's end. */
export class Receiver {
  private readonly words: Int32Array;
  private sent = 0;

  constructor(private readonly buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
  }

  /** To be called before an answer can come. */
  prepare(): void {
    Atomics.store(this.words, STATE, 0);
  }

  /** Waits for an answer. `more` asks for the next piece. */
  receive(more: () => void): Uint8Array {
    const pieces: Uint8Array[] = [];
    for (;;) {
      sleepWhile(this.words, STATE, 0);
      const length = this.words[LENGTH]!;
      const piece = new Uint8Array(length);
      piece.set(new Uint8Array(this.buffer, DATA, length));
      pieces.push(piece);
      if (this.words[LAST] === 1) break;
      Atomics.store(this.words, STATE, 0);
      more();
    }
    if (pieces.length === 1) return pieces[0]!;
    const whole = new Uint8Array(pieces.reduce((n, piece) => n + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  /** Waits until output that is under way is little enough for `bytes` more. */
  throttle(bytes: number): void {
    this.sent = (this.sent + bytes) | 0;
    for (;;) {
      const taken = Atomics.load(this.words, TAKEN);
      if (((this.sent - taken) | 0) <= OUTPUT_AHEAD) return;
      Atomics.wait(this.words, TAKEN, taken);
    }
  }
}

/** The other end. */
export class Sender {
  private readonly words: Int32Array;
  private rest: Uint8Array | undefined;

  constructor(private readonly buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
  }

  send(bytes: Uint8Array): void {
    this.rest = bytes;
    this.more();
  }

  /** Gives the next piece. */
  more(): void {
    const { rest } = this;
    if (rest === undefined) return;
    const piece = rest.subarray(0, PIECE);
    new Uint8Array(this.buffer, DATA).set(piece);
    this.words[LENGTH] = piece.length;
    this.words[LAST] = piece.length === rest.length ? 1 : 0;
    this.rest = piece.length === rest.length ? undefined : rest.subarray(PIECE);
    Atomics.store(this.words, STATE, 1);
    Atomics.notify(this.words, STATE);
  }

  /** Output has been dealt with. */
  taken(bytes: number): void {
    Atomics.add(this.words, TAKEN, bytes);
    Atomics.notify(this.words, TAKEN);
  }
}

const ERROR = 1;

/** An answer: a value's words, or what was thrown, and which functions are in it. */
export function encodeAnswer(answer: Encoded | { error: [type: string, message: string, number: number] }): Uint8Array {
  const isError = "error" in answer;
  const head = new TextEncoder().encode(JSON.stringify(isError ? answer.error : answer.functions));
  const body = isError ? new Uint8Array() : answer.bytes;
  const start = Math.ceil((8 + head.length) / 4) * 4;
  const out = new Uint8Array(start + body.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, isError ? ERROR : 0, true);
  view.setUint32(4, head.length, true);
  out.set(head, 8);
  out.set(body, start);
  return out;
}

/** Throws OutsideError where it is one. */
export function decodeAnswer(bytes: Uint8Array): Encoded {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint32(4, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as unknown;
  if (view.getUint32(0, true) === ERROR) {
    const [type, message, number] = head as [string, string, number];
    throw new OutsideError(type, message, number);
  }
  return { bytes: bytes.subarray(Math.ceil((8 + length) / 4) * 4), functions: head as [number, string][] };
}
