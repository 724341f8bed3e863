/**
 * What a system call gives the runtime, one function for each kind of result in spec/syscalls.txt. Here, and only here,
 * what a call throws becomes a negative error number; so does a result that no such call can have.
 */
import { errno } from "../generated/constants.ts";
import { errorNumber, SystemError } from "./errno.ts";

/** A whole number from 0 to `most`, as a call must return it. */
function whole(n: number, most: number): number {
  if (!Number.isInteger(n) || n < 0 || n > most) throw new SystemError("EIO");
  return n;
}

/** A number for a field of a structure that may have a fraction. */
export function finite(n: number): number {
  if (!Number.isFinite(n)) throw new SystemError("EIO");
  return n;
}

/** A number for a field of 32 bits, with a sign or without; fractions are cut off. */
export function word(n: number): number {
  if (!(n > -(2 ** 31) - 1 && n < 2 ** 32)) throw new SystemError("EIO");
  return n;
}

/** The same for one of 64 bits. */
export function integer(n: number | bigint): bigint {
  const whole = typeof n === "bigint" ? n : BigInt(Math.trunc(finite(n)));
  if (whole < -(1n << 63n) || whole >= 1n << 64n) throw new SystemError("EIO");
  return whole;
}

/** Bytes as a service gives them, of whichever realm. */
function givenBytes(bytes: Uint8Array): Uint8Array {
  if (!ArrayBuffer.isView(bytes) || Object.prototype.toString.call(bytes) !== "[object Uint8Array]")
    throw new SystemError("EIO");
  return bytes;
}

/** The bytes of a name of a file, or of a path. */
export function givenName(bytes: Uint8Array): Uint8Array {
  if (givenBytes(bytes).length === 0 || bytes.includes(0)) throw new SystemError("EIO");
  return bytes;
}

/** A number of bytes out of `most`. */
export function length(call: () => number, most: number): number {
  try {
    return whole(call(), most >>> 0);
  } catch (thrown) {
    return -errorNumber(thrown);
  }
}

export function number(call: () => number): number {
  return length(call, 0x7fffffff);
}

export function done(call: () => void): number {
  try {
    call();
    return 0;
  } catch (thrown) {
    return -errorNumber(thrown);
  }
}

export function bool(call: () => boolean): number {
  try {
    return call() ? 1 : 0;
  } catch (thrown) {
    return -errorNumber(thrown);
  }
}

export function position(call: () => bigint): bigint {
  try {
    const at = call();
    return at >= 0n && at < 1n << 63n ? at : -BigInt(errno.EIO);
  } catch (thrown) {
    return -BigInt(errorNumber(thrown));
  }
}

/** A time in nanoseconds has 63 bits. */
const SECONDS_MOST = 2 ** 63 / 1e9 - 1;

export function seconds(call: () => number): number {
  try {
    const t = finite(call());
    return t >= 0 && t <= SECONDS_MOST ? t : -errno.EIO;
  } catch (thrown) {
    return -errorNumber(thrown);
  }
}

/**
 * Bytes in a block that `allocate` makes; its address goes to the word at `out`. No other call of another thread can
 * come between.
 */
export function block(
  call: () => Uint8Array,
  memory: WebAssembly.Memory,
  out: number,
  allocate: (size: number) => number,
): number {
  try {
    const bytes = givenBytes(call());
    const p = allocate(bytes.length) >>> 0;
    if (p === 0) return -errno.ENOMEM;
    // The memory may have grown.
    new Uint8Array(memory.buffer, p, bytes.length).set(bytes);
    new DataView(memory.buffer).setBigUint64(out >>> 0, BigInt(p), true);
    return bytes.length;
  } catch (thrown) {
    return -errorNumber(thrown);
  }
}
