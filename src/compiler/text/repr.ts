/**
 * `repr()` of constants: for annotations as strings, error messages and disassembly.
 *
 * Mirrors `float_repr_style = 'short'` (`Python/pystrtod.c`), `unicode_repr`, `bytes_repr`, `complex_repr` and
 * `tuplerepr`. What is printable follows the Unicode version of the JavaScript engine, which can know characters that
 * Python 3.13's Unicode 15.1 does not.
 */
import { Complex, type ConstantValue, ELLIPSIS, FrozenSet, Tuple } from "../code/constant.ts";
import { codePointsOf, type Text } from "./text.ts";

/** Shortest digits that read back as the same double, in Python's notation. */
function floatRepr(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (Object.is(x, -0)) return "-0.0";
  const [mantissa, exponentText] = x.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 16) {
    const sign = exponent < 0 ? "-" : "+";
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const negative = mantissa.startsWith("-");
  const digits = mantissa.replace(/[-.]/g, "");
  let text: string;
  if (exponent < 0) text = `0.${"0".repeat(-exponent - 1)}${digits}`;
  else if (digits.length <= exponent + 1) text = `${digits.padEnd(exponent + 1, "0")}.0`;
  else text = `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
  return negative ? `-${text}` : text;
}

/** A part of a complex number: without a fraction of zero. */
function partRepr(x: number): string {
  return floatRepr(x).replace(/\.0$/, "");
}

function complexRepr(z: Complex): string {
  if (z.real === 0 && !Object.is(z.real, -0)) return `${partRepr(z.imag)}j`;
  const imag = partRepr(z.imag);
  const sign = imag.startsWith("-") ? "" : "+";
  return `(${partRepr(z.real)}${sign}${imag}j)`;
}

/** Made when it is first needed: the engine builds sets of all characters for it. */
let unprintable: RegExp | undefined;
function isUnprintable(p: number): boolean {
  unprintable ??= /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;
  return unprintable.test(String.fromCodePoint(p));
}

function textRepr(v: Text): string {
  const points = codePointsOf(v);
  const quote = points.includes(39) && !points.includes(34) ? '"' : "'";
  let out = quote;
  for (const p of points) {
    if (p === quote.charCodeAt(0) || p === 92) out += `\\${String.fromCharCode(p)}`;
    else if (p === 9) out += "\\t";
    else if (p === 10) out += "\\n";
    else if (p === 13) out += "\\r";
    else if (p >= 32 && p < 127) out += String.fromCharCode(p);
    else if (p < 127 || isUnprintable(p)) {
      if (p < 0x100) out += `\\x${p.toString(16).padStart(2, "0")}`;
      else if (p < 0x10000) out += `\\u${p.toString(16).padStart(4, "0")}`;
      else out += `\\U${p.toString(16).padStart(8, "0")}`;
    } else out += String.fromCodePoint(p);
  }
  return out + quote;
}

function bytesRepr(bytes: Uint8Array): string {
  const quote = bytes.includes(39) && !bytes.includes(34) ? '"' : "'";
  let out = `b${quote}`;
  for (const b of bytes) {
    if (b === quote.charCodeAt(0) || b === 92) out += `\\${String.fromCharCode(b)}`;
    else if (b === 9) out += "\\t";
    else if (b === 10) out += "\\n";
    else if (b === 13) out += "\\r";
    else if (b >= 32 && b < 127) out += String.fromCharCode(b);
    else out += `\\x${b.toString(16).padStart(2, "0")}`;
  }
  return out + quote;
}

export function repr(v: ConstantValue): string {
  switch (typeof v) {
    case "string":
      return textRepr(v);
    case "bigint":
      return String(v);
    case "number":
      return floatRepr(v);
    case "boolean":
      return v ? "True" : "False";
  }
  if (v === null) return "None";
  if (v === ELLIPSIS) return "Ellipsis";
  if (v instanceof Uint8Array) return bytesRepr(v);
  if (v instanceof Complex) return complexRepr(v);
  if (v instanceof Tuple) return tupleRepr(v.items.map(repr));
  if (v instanceof FrozenSet) {
    return v.items.length === 0 ? "frozenset()" : `frozenset({${v.items.map(repr).join(", ")}})`;
  }
  return textRepr(v as Text);
}

export function tupleRepr(items: readonly string[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}
