/**
 * The kind of memory that the runtime's module imports. The build makes the module for a memory that is not shared; one bit
 * of the import makes it the module for one that is.
 *
 *   import section │ count │ module name, field name, kind 2 │ flags │ limits …      flags: bit 0 a maximum, bit 1 shared
 */
const IMPORTS = 2;
const FUNCTION = 0;
const MEMORY = 2;
const SHARED = 2;

/** Changes the bytes of the module to those of the one for shared memory. */
export function makeShared(bytes: Uint8Array): void {
  let at = 8;
  const unsigned = () => {
    let n = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      n |= (byte & 0x7f) << shift;
      if (byte < 0x80) return n >>> 0;
    }
  };
  const skipName = () => {
    const length = unsigned();
    at += length;
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const end = unsigned() + at;
    if (section === IMPORTS) {
      for (let count = unsigned(); count > 0; count--) {
        skipName();
        skipName();
        const kind = bytes[at++];
        if (kind === MEMORY) {
          bytes[at]! |= SHARED;
          return;
        }
        if (kind !== FUNCTION) break;
        unsigned();
      }
    }
    at = end;
  }
  throw new Error("the runtime imports no memory");
}
