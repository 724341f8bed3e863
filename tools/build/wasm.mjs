// The binary format of WebAssembly, as far as the build reads and writes it.

/** Goes over the bytes of a module. */
export class Cursor {
  constructor(bytes, at = 8) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  /** A number in LEB128. */
  unsigned() {
    let n = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      n += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return n;
    }
  }

  /** Goes past bytes with their number before them. */
  skip() {
    const length = this.unsigned();
    this.at += length;
  }
}

/** A custom section of a module, with which the module may end. */
export function customSection(name, payload) {
  const unsigned = (n) => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...unsigned(n >>> 7)]);
  const body = Buffer.concat([Buffer.from([...unsigned(name.length), ...Buffer.from(name)]), payload]);
  return Buffer.concat([Buffer.from([0, ...unsigned(body.length)]), body]);
}
