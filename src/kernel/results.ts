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

/** A number for a field of a structure. */
export function finite(n: number): number {
  if (!Number.isFinite(n)) throw new SystemError("EIO");
  return n;
}

/** A number for a field of 64 bits; fractions are cut off. */
export function integer(n: number | bigint): bigint {
  return typeof n === "bigint" ? n : BigInt(Math.trunc(finite(n)));
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
    const bytes = call();
    if (!ArrayBuffer.isView(bytes) || Object.prototype.toString.call(bytes) !== "[object Uint8Array]") {
      throw new SystemError("EIO");
    }
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
