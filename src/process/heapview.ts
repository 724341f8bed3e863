/**
 * The memory of a running process as typed arrays, renewed where it has grown.
 */
export class HeapView {
  private buffer!: ArrayBufferLike;
  private readonly shared: boolean;
  i32!: Int32Array;
  u32!: Uint32Array;
  f64!: Float64Array;
  u8!: Uint8Array;

  constructor(private readonly memory: WebAssembly.Memory) {
    this.take();
    this.shared = !(this.buffer instanceof ArrayBuffer);
  }

  /** To be called before the memory is looked at, whenever the runtime has run. */
  renew(): this {
    // What has grown has no bytes under its old buffer any more, unless others may still look at them there. To ask an array
    // for its length is much faster than to ask a memory for its buffer.
    if (this.shared ? this.memory.buffer !== this.buffer : this.u8.length === 0) this.take();
    return this;
  }

  private take(): void {
    const { buffer } = this.memory;
    this.buffer = buffer;
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.f64 = new Float64Array(buffer);
    this.u8 = new Uint8Array(buffer);
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
