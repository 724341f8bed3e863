/**
 * UTF-8 as CPython 3.13 decodes and encodes it (`Objects/stringlib/codecs.h`): the same errors at the same positions,
 * and under "replace" the same number of replacement characters.
 */

export class UnicodeDecodeError extends Error {
  override name = "UnicodeDecodeError";
}

const CHUNK = 8192;

/** A string of one unit a byte. */
export function latin1Text(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += CHUNK) {
    text += String.fromCharCode.apply(null, bytes.subarray(i, i + CHUNK) as unknown as number[]);
  }
  return text;
}

const encoder = new TextEncoder();

/** UTF-8 of a string without lone surrogates. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** The length of the invalid sequence at `i`, and why; null where the sequence is valid. */
function invalidAt(bytes: Uint8Array, i: number): { length: number; reason: string } | null {
  const c = bytes[i];
  const start = { length: 1, reason: "invalid start byte" };
  if (c < 0x80) return null;
  if (c < 0xc2 || c > 0xf4) return start;
  const need = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
  const low = c === 0xe0 ? 0xa0 : c === 0xf0 ? 0x90 : 0x80;
  const high = c === 0xed ? 0x9f : c === 0xf4 ? 0x8f : 0xbf;
  for (let k = 1; k <= need; k++) {
    if (i + k >= bytes.length) return { length: k, reason: "unexpected end of data" };
    const d = bytes[i + k];
    const ok = k === 1 ? d >= low && d <= high : d >= 0x80 && d <= 0xbf;
    if (!ok) return { length: k, reason: "invalid continuation byte" };
  }
  return null;
}

const sequenceLength = (c: number) => (c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4);

/** Made when it is first needed. */
let strict: TextDecoder | undefined;

/** Decodes, or throws the engine's error. */
function decodeStrictly(bytes: Uint8Array): string {
  strict ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return strict.decode(bytes);
}

/** Decodes, or throws UnicodeDecodeError with CPython's message. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decodeStrictly(bytes);
  } catch {
    for (let i = 0; i < bytes.length; i += sequenceLength(bytes[i])) {
      const bad = invalidAt(bytes, i);
      if (bad) throw new UnicodeDecodeError(decodeErrorMessage("utf-8", bytes, i, bad.length, bad.reason));
    }
    throw new UnicodeDecodeError("'utf-8' codec can't decode the source");
  }
}

/** The text of CPython's UnicodeDecodeError for `length` bytes at `position`. */
export function decodeErrorMessage(
  encoding: string,
  bytes: Uint8Array,
  position: number,
  length: number,
  reason: string,
): string {
  const what =
    length === 1
      ? `byte 0x${bytes[position].toString(16).padStart(2, "0")} in position ${position}`
      : `bytes in position ${position}-${position + length - 1}`;
  return `'${encoding}' codec can't decode ${what}: ${reason}`;
}

/** Decodes with one U+FFFD for each invalid sequence. */
export function decodeUtf8Replace(bytes: Uint8Array): string {
  try {
    return decodeStrictly(bytes);
  } catch {
    let out = "";
    let valid = 0;
    for (let i = 0; i < bytes.length; ) {
      const bad = invalidAt(bytes, i);
      if (!bad) {
        i += sequenceLength(bytes[i]);
        continue;
      }
      out += decodeStrictly(bytes.subarray(valid, i)) + "\ufffd";
      i += bad.length;
      valid = i;
    }
    return out + decodeStrictly(bytes.subarray(valid));
  }
}

/** The number of code points in a string. */
export function codePointLength(text: string): number {
  let n = text.length;
  for (let i = 0; i + 1 < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      n--;
      i++;
    }
  }
  return n;
}
