// Cores whose processes' files are not there any more.
import { closeSync, openSync, readSync, writeSync } from "node:fs";

const PT_NOTE = 4;
const NT_FILE = 0x46494c45;

/** Changes the names of files in a core, where they stand, to such as are not there. */
export function forgetFiles(core: string, isForgotten: (path: string) => boolean = () => true): void {
  const file = openSync(core, "r+");
  const read = (at: number, length: number) => {
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, at);
    return bytes;
  };
  const head = read(0, 64);
  const table = Number(head.readBigUInt64LE(32));
  for (let i = 0; i < head.readUInt16LE(56); i++) {
    const segment = read(table + 56 * i, 56);
    if (segment.readUInt32LE(0) !== PT_NOTE) continue;
    const offset = Number(segment.readBigUInt64LE(8));
    const notes = read(offset, Number(segment.readBigUInt64LE(32)));
    for (let at = 0; at + 12 <= notes.length; ) {
      const begin = at + 12 + Math.ceil(notes.readUInt32LE(at) / 4) * 4;
      const size = notes.readUInt32LE(at + 4);
      at += 8;
      if (notes.readUInt32LE(at) === NT_FILE) {
        let name = begin + 16 + 24 * Number(notes.readBigUInt64LE(begin));
        for (let end = name; name < begin + size; name = end + 1) {
          end = notes.indexOf(0, name);
          if (end < 0) break;
          if (isForgotten(notes.toString("utf8", name, end))) writeSync(file, "~", offset + name + 1);
        }
      }
      at = begin + Math.ceil(size / 4) * 4;
    }
  }
  closeSync(file);
}
