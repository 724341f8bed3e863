/**
 * The kind of memory that the runtime's module imports. The build makes the module for a memory that is not shared; one bit
 * of the import makes it the module for one that is.
 *
 *   import section │ count │ module name, field name, kind 2 │ flags │ limits …      flags: bit 0 a maximum, bit 1 shared
 */
import { Cursor } from "./cursor.ts";

const HEAD = 8;
const IMPORTS = 2;
const FUNCTION = 0;
const MEMORY = 2;
const SHARED = 2;

/** Changes the bytes of the module to those of the one for shared memory. */
export function makeShared(bytes: Uint8Array): void {
  const cursor = new Cursor(bytes, HEAD);
  while (cursor.at < bytes.length) {
    const section = cursor.byte();
    const size = cursor.unsigned();
    const end = cursor.at + size;
    if (section === IMPORTS) {
      for (let count = cursor.unsigned(); count > 0; count--) {
        cursor.counted();
        cursor.counted();
        const kind = cursor.byte();
        if (kind === MEMORY) {
          bytes[cursor.at]! |= SHARED;
          return;
        }
        if (kind !== FUNCTION) break;
        cursor.unsigned();
      }
    }
    cursor.at = end;
  }
  throw new Error("the runtime imports no memory");
}
