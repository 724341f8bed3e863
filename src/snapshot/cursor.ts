/** Goes over bytes of a WebAssembly module. */
export class Cursor {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  byte(): number {
    return this.bytes[this.at++]!;
  }

  /** A number in LEB128. */
  unsigned(): number {
    for (let n = 0, shift = 0; ; shift += 7) {
      const byte = this.byte();
      n |= (byte & 0x7f) << shift;
      if (byte < 0x80) return n >>> 0;
    }
  }

  /** Bytes with their number before them. */
  counted(): Uint8Array {
    const length = this.unsigned();
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}
