/**
 * The arguments of the command as CPython has them: where they are no text, each such byte is a surrogate (the error
 * handler surrogateescape), from which it comes back when the text names a file.
 */
import { readFileSync } from "node:fs";

/** How many bytes the UTF-8 of one character takes at `i`; 0 where there is none. */
function characterAt(bytes: Uint8Array, i: number): number {
  const first = bytes[i]!;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  // Longer than it needs to be, a surrogate, beyond the last character.
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let k = 1; k < length; k++) {
    const b = bytes[i + k] ?? 0;
    if (k === 1 ? b < least || b > most : (b & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** The text of bytes; `ascii`: every byte from 0x80 on is none. */
export function decodeEscaped(bytes: Uint8Array, ascii = false): string {
  let text = "";
  for (let i = 0; i < bytes.length; ) {
    const n = ascii && bytes[i]! >= 0x80 ? 0 : characterAt(bytes, i);
    text += n === 0 ? String.fromCharCode(0xdc00 + bytes[i]!) : Buffer.from(bytes.subarray(i, i + n)).toString();
    i += n || 1;
  }
  return text;
}

/** The bytes of a text, as decodeEscaped has read it. */
export function encodeEscaped(text: string): Buffer {
  const parts = text
    .split(/([\udc80-\udcff])/u)
    .map((part, i) => (i % 2 === 1 ? Buffer.from([part.charCodeAt(0) & 0xff]) : Buffer.from(part)));
  return Buffer.concat(parts);
}

/** What stands behind the command. Node has lost what is no UTF-8; the system has it, where it has /proc. */
export function nodeArguments(): string[] {
  const known = process.argv.slice(2);
  if (!known.some((text) => text.includes("\ufffd"))) return known;
  try {
    const words: string[] = [];
    const bytes = readFileSync("/proc/self/cmdline");
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(0, at);
      words.push(decodeEscaped(bytes.subarray(at, end)));
      at = end + 1;
    }
    return words.slice(words.length - known.length);
  } catch {
    return known;
  }
}
