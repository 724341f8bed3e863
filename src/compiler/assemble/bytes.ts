/** A growing row of bytes, for the tables of a code object and for marshal. */
import { charge } from "../errors/limits.ts";

export class ByteWriter {
  private buffer: Uint8Array;
  length = 0;

  constructor(capacity = 64) {
    this.buffer = new Uint8Array(capacity);
  }

  private reserve(n: number): void {
    if (this.length + n <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + n));
    charge(larger.length - this.buffer.length);
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }

  u8(byte: number): void {
    if (this.length === this.buffer.length) this.reserve(1);
    this.buffer[this.length++] = byte;
  }

  /** Little-endian. */
  u16(v: number): void {
    this.u8(v & 0xff);
    this.u8((v >> 8) & 0xff);
  }

  /** Little-endian, negative numbers in two's complement. */
  u32(v: number): void {
    this.reserve(4);
    this.buffer[this.length++] = v & 0xff;
    this.buffer[this.length++] = (v >> 8) & 0xff;
    this.buffer[this.length++] = (v >> 16) & 0xff;
    this.buffer[this.length++] = (v >> 24) & 0xff;
  }

  bytes(v: Uint8Array): void {
    this.reserve(v.length);
    this.buffer.set(v, this.length);
    this.length += v.length;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }
}
