/**
 * How a thread of the process and the kernel beside it speak. A thread posts a message and sleeps on the first word of its
 * reply, a shared buffer, until the kernel has answered there: the thread's own loop of events never turns.
 */

import { errorName } from "../../kernel/errno.ts";
import { sleepWhile } from "../../kernel/words.ts";

/** What a thread asks for: an operation by name, its arguments, and the address of the thread's state. */
export interface Request {
  operation: string;
  args: unknown[];
  thread: number;
}

// Words of a reply.
const STATE = 0;
const KIND = 1;
const LENGTH = 2;
/** Counts what may have changed what files are ready for. */
const CHANGES = 3;
/** A number lies here, an f64; bytes behind it. */
const NUMBER = 2;
const DATA = 24;
const DATA_BYTES = 1 << 18;
const Kind = { number: 0, bytes: 1, value: 2, error: 3 } as const;

/** The most bytes that an answer can have. */
export const ANSWER_MAX = DATA_BYTES;

export function newReply(): SharedArrayBuffer {
  return new SharedArrayBuffer(DATA + DATA_BYTES);
}

/** Tells a thread that what files are ready for may have changed. */
export function announceChange(reply: SharedArrayBuffer): void {
  Atomics.add(new Int32Array(reply), CHANGES, 1);
}

/** How often that has happened. */
export function changesAnnounced(reply: SharedArrayBuffer): number {
  return Atomics.load(new Int32Array(reply), CHANGES);
}

/** An answer: a number, bytes, or any value as JSON; an error goes by its `code`, or what it means. */
export type Answer = number | string | Uint8Array | object | undefined;

/** Writes the answer and wakes the thread. */
export function answer(reply: SharedArrayBuffer, value: Answer): void {
  const words = new Int32Array(reply);
  const data = new Uint8Array(reply, DATA);
  const put = (kind: number, bytes: Uint8Array) => {
    words[KIND] = kind;
    words[LENGTH] = bytes.length;
    data.set(bytes);
  };
  if (typeof value === "number") {
    words[KIND] = Kind.number;
    new Float64Array(reply)[NUMBER] = value;
  } else if (value instanceof Uint8Array) put(Kind.bytes, value);
  else if (value instanceof Error) {
    const { code } = value as { code?: unknown };
    put(Kind.error, new TextEncoder().encode(typeof code === "string" ? code : errorName(value)));
  } else put(Kind.value, new TextEncoder().encode(JSON.stringify(value ?? null)));
  Atomics.store(words, STATE, 1);
  Atomics.notify(words, STATE);
}

/** Posts a request and waits for its answer; throws what the kernel has thrown. */
export function ask(reply: SharedArrayBuffer, post: () => void): Answer {
  const words = new Int32Array(reply);
  Atomics.store(words, STATE, 0);
  post();
  sleepWhile(words, STATE, 0);
  const bytes = () => new Uint8Array(reply, DATA, words[LENGTH]).slice();
  switch (words[KIND]) {
    case Kind.number:
      return new Float64Array(reply)[NUMBER]!;
    case Kind.bytes:
      return bytes();
    case Kind.value:
      return JSON.parse(new TextDecoder().decode(bytes())) as object;
    default:
      throw Object.assign(new Error("the kernel refuses"), { code: new TextDecoder().decode(bytes()) });
  }
}
