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

/** The sections of a module: the number of each, where it begins, where its contents do, and where it ends. */
export function* sections(bytes) {
  const cursor = new Cursor(bytes);
  while (cursor.at < bytes.length) {
    const start = cursor.at;
    const id = cursor.byte();
    const size = cursor.unsigned();
    const contents = cursor.at;
    yield { id, start, contents, end: contents + size };
    cursor.at = contents + size;
  }
}

const DATA = 11;
const DATA_COUNT = 12;

/** What a module puts into its memory: addresses and bytes. */
export function dataSegments(bytes) {
  const segments = [];
  for (const { id, contents } of sections(bytes)) {
    if (id !== DATA) continue;
    const cursor = new Cursor(bytes, contents);
    for (let count = cursor.unsigned(); count > 0; count--) {
      if (cursor.unsigned() !== 0) throw new Error("a data segment that is not put into the memory at the start");
      cursor.byte(); // i32.const
      const address = cursor.unsigned();
      cursor.byte(); // end
      const length = cursor.unsigned();
      segments.push([address, bytes.subarray(cursor.at, cursor.at + length)]);
      cursor.at += length;
    }
  }
  return segments;
}

/** The module without what it puts into its memory. */
export function withoutData(bytes) {
  const kept = [...sections(bytes)].filter(({ id }) => id !== DATA && id !== DATA_COUNT);
  return Buffer.concat([bytes.subarray(0, 8), ...kept.map(({ start, end }) => bytes.subarray(start, end))]);
}

/** A custom section of a module, with which the module may end. */
export function customSection(name, payload) {
  const unsigned = (n) => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...unsigned(n >>> 7)]);
  const body = Buffer.concat([Buffer.from([...unsigned(name.length), ...Buffer.from(name)]), payload]);
  return Buffer.concat([Buffer.from([0, ...unsigned(body.length)]), body]);
}
