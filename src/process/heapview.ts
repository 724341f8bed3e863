/**
 * The memory of a running process as typed arrays, renewed where it has grown.
 */
export class HeapView {
  private buffer: ArrayBufferLike | undefined;
  u32!: Uint32Array;
  f64!: Float64Array;
  u8!: Uint8Array;

  constructor(private readonly memory: WebAssembly.Memory) {
    this.renew();
  }

  /** To be called before the memory is looked at, whenever the runtime has run. */
  renew(): this {
    const { buffer } = this.memory;
    if (buffer !== this.buffer) {
      this.buffer = buffer;
      this.u32 = new Uint32Array(buffer);
      this.f64 = new Float64Array(buffer);
      this.u8 = new Uint8Array(buffer);
    }
    return this;
  }

  /** The 32-bit word at an address: an address, or a number that is small enough. */
  word(address: number): number {
    return this.u32[address >>> 2]!;
  }

  /** A copy of bytes. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return this.u8.slice(address, address + length);
  }
}
