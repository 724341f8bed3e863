/**
 * Python's str over JavaScript's: lengths, indices and joins by code point. A str is a `string`, or `CodePoints` where
 * a high surrogate stands before a low one (see `constant.ts`); every function here keeps that rule.
 */
import { CodePoints, type ConstantValue } from "../code/constant.ts";

export type Text = string | CodePoints;

const surrogate = /[\ud800-\udfff]/;

export function isText(v: ConstantValue): v is Text {
  return typeof v === "string" || v instanceof CodePoints;
}

export function codePointsOf(v: Text): readonly number[] {
  if (typeof v !== "string") return v.codePoints;
  const out: number[] = [];
  for (let i = 0; i < v.length; i++) {
    const c = v.codePointAt(i)!;
    out.push(c);
    if (c > 0xffff) i++;
  }
  return out;
}

export function fromCodePoints(points: readonly number[]): Text {
  for (let i = 1; i < points.length; i++) {
    if (points[i] >>> 10 === 0x37 && points[i - 1] >>> 10 === 0x36) return new CodePoints(points);
  }
  let out = "";
  for (let i = 0; i < points.length; i += 4096) out += String.fromCodePoint(...points.slice(i, i + 4096));
  return out;
}

export function textLength(v: Text): number {
  if (typeof v === "string" && !surrogate.test(v)) return v.length;
  return codePointsOf(v).length;
}

export function joinText(a: Text, b: Text): Text {
  if (typeof a === "string" && typeof b === "string" && !(surrogate.test(a) && surrogate.test(b))) return a + b;
  return fromCodePoints([...codePointsOf(a), ...codePointsOf(b)]);
}

const isHigh = (unit: number) => unit >>> 10 === 0x36;
const isLow = (unit: number) => unit >>> 10 === 0x37;
const lastUnit = (text: string) => text.charCodeAt(text.length - 1);

/** All joined, in linear time: asking a joined string for its end would flatten it each time. */
export function joinTexts(list: readonly Text[]): Text {
  const parts = list.filter((text) => text !== "");
  const apart = (text: Text, i: number) =>
    typeof text === "string" && (i === 0 || !isLow(text.charCodeAt(0)) || !isHigh(lastUnit(parts[i - 1] as string)));
  if (parts.every(apart)) return parts.join("");
  const points: number[] = [];
  for (const text of parts) for (const point of codePointsOf(text)) points.push(point);
  return fromCodePoints(points);
}

export function repeatText(a: Text, times: number): Text {
  if (typeof a === "string" && !surrogate.test(a)) return a.repeat(times);
  const points = codePointsOf(a);
  const out: number[] = [];
  for (let i = 0; i < times; i++) out.push(...points);
  return fromCodePoints(out);
}

/** Orders two names as Python orders str: by code point. */
export function compareText(a: string, b: string): number {
  if (!surrogate.test(a) && !surrogate.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  const x = codePointsOf(a);
  const y = codePointsOf(b);
  for (let i = 0; i < x.length && i < y.length; i++) if (x[i] !== y[i]) return x[i] - y[i];
  return x.length - y.length;
}

/** UTF-8, with lone surrogates as their three bytes (`surrogatepass`). */
export function encodeText(v: Text): Uint8Array {
  if (typeof v === "string" && !surrogate.test(v)) return new TextEncoder().encode(v);
  const out: number[] = [];
  for (const c of codePointsOf(v)) {
    if (c < 0x80) out.push(c);
    else if (c < 0x800) out.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) out.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else out.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  }
  return Uint8Array.from(out);
}

/** The reverse of `encodeText`, for bytes that it could have written. */
export function decodeText(bytes: Uint8Array): Text {
  let ascii = true;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] >= 0x80) {
      ascii = false;
      break;
    }
  }
  if (ascii && bytes.length < 4096) return String.fromCharCode(...bytes);
  const out: number[] = [];
  for (let i = 0; i < bytes.length; ) {
    const b = bytes[i];
    if (b < 0x80) {
      out.push(b);
      i++;
    } else if (b < 0xe0) {
      out.push(((b & 31) << 6) | (bytes[i + 1] & 63));
      i += 2;
    } else if (b < 0xf0) {
      out.push(((b & 15) << 12) | ((bytes[i + 1] & 63) << 6) | (bytes[i + 2] & 63));
      i += 3;
    } else {
      out.push(((b & 7) << 18) | ((bytes[i + 1] & 63) << 12) | ((bytes[i + 2] & 63) << 6) | (bytes[i + 3] & 63));
      i += 4;
    }
  }
  return fromCodePoints(out);
}
