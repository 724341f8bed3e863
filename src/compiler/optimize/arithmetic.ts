/**
 * Operators on constants, with Python's results: what constant folding computes.
 *
 * Mirrors the number, sequence and mapping protocols on int, bool, float, complex, str, bytes and tuple, and the limits
 * of `safe_multiply`, `safe_power`, `safe_lshift` and `safe_mod` (`Python/ast_opt.c`), which keep folded constants
 * small. Every function returns `undefined` where Python would raise or where a limit says no: the expression then
 * stays as it is, and raises when it runs.
 */
import { Kind, type operator, type unaryop } from "../../generated/ast.ts";
import { CodePoints, Complex, type ConstantValue, ELLIPSIS, FrozenSet, Tuple } from "../code/constant.ts";
import { codePointsOf, fromCodePoints, isText, joinText, repeatText, textLength } from "../text/text.ts";
import { ArithmeticError, bitLength, floorDivide, floorRemainder, realPow, roundRatio } from "./floats.ts";

const INT_BITS_MAX = 128;
const COLLECTION_ITEMS_MAX = 256;
const TEXT_LENGTH_MAX = 4096;
const TOTAL_ITEMS_MAX = 1024;

type Folded = ConstantValue | undefined;

/** An int or bool as a bigint. */
function asInt(v: ConstantValue): bigint | undefined {
  if (typeof v === "bigint") return v;
  if (typeof v === "boolean") return v ? 1n : 0n;
  return undefined;
}

/** An int, bool or float as a double; throws where an int is too large for one. */
function asFloat(v: ConstantValue): number | undefined {
  if (typeof v === "number") return v;
  const i = asInt(v);
  if (i === undefined) return undefined;
  const x = Number(i);
  if (!Number.isFinite(x)) throw new ArithmeticError("int too large to convert to float");
  return x;
}

function asComplex(v: ConstantValue): Complex | undefined {
  if (v instanceof Complex) return v;
  const x = asFloat(v);
  return x === undefined ? undefined : new Complex(x, 0);
}

/** Python's truth of a constant. */
export function isTrue(v: ConstantValue): boolean {
  switch (typeof v) {
    case "boolean":
      return v;
    case "bigint":
      return v !== 0n;
    case "number":
      return v !== 0;
    case "string":
      return v.length > 0;
    case "symbol":
      return true;
  }
  if (v === null) return false;
  if (v instanceof Complex) return v.real !== 0 || v.imag !== 0;
  if (v instanceof Uint8Array) return v.length > 0;
  if (v instanceof Tuple || v instanceof FrozenSet) return v.items.length > 0;
  return true;
}

export function foldUnary(op: unaryop, v: ConstantValue): Folded {
  if (op === Kind.Not) return !isTrue(v);
  const i = asInt(v);
  if (i !== undefined) return op === Kind.Invert ? ~i : op === Kind.USub ? -i : i;
  if (op === Kind.Invert) return undefined;
  if (typeof v === "number") return op === Kind.USub ? -v : v;
  if (v instanceof Complex) return op === Kind.USub ? new Complex(-v.real, -v.imag) : v;
  return undefined;
}

export function foldBinary(op: operator, a: ConstantValue, b: ConstantValue): Folded {
  try {
    return binary(op, a, b);
  } catch (e) {
    if (e instanceof ArithmeticError) return undefined;
    throw e;
  }
}

function binary(op: operator, a: ConstantValue, b: ConstantValue): Folded {
  const i = asInt(a);
  const j = asInt(b);
  if (i !== undefined && j !== undefined) {
    if (typeof a === "boolean" && typeof b === "boolean") {
      if (op === Kind.BitAnd) return a && b;
      if (op === Kind.BitOr) return a || b;
      if (op === Kind.BitXor) return a !== b;
    }
    return binaryInt(op, i, j);
  }
  if (a instanceof Complex || b instanceof Complex) {
    const x = asComplex(a);
    const y = asComplex(b);
    return x === undefined || y === undefined ? undefined : binaryComplex(op, x, y);
  }
  if (typeof a === "number" || typeof b === "number") {
    const x = asFloat(a);
    const y = asFloat(b);
    return x === undefined || y === undefined ? undefined : binaryFloat(op, x, y);
  }
  if (op === Kind.Add) return concatenate(a, b);
  if (op === Kind.Mult) {
    if (j !== undefined) return repeat(a, j);
    if (i !== undefined) return repeat(b, i);
  }
  return undefined;
}

function floorDivideInt(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? q - 1n : q;
}

function binaryInt(op: operator, a: bigint, b: bigint): Folded {
  switch (op) {
    case Kind.Add:
      return a + b;
    case Kind.Sub:
      return a - b;
    case Kind.Mult:
      return a !== 0n && b !== 0n && bitLength(a) + bitLength(b) > INT_BITS_MAX ? undefined : a * b;
    case Kind.Div: {
      if (b === 0n) return undefined;
      const q = roundRatio(a, b);
      if (!Number.isFinite(q)) return undefined;
      return a === 0n && b < 0n ? -0 : q;
    }
    case Kind.FloorDiv:
      return b === 0n ? undefined : floorDivideInt(a, b);
    case Kind.Mod:
      return b === 0n ? undefined : a - floorDivideInt(a, b) * b;
    case Kind.Pow:
      if (a !== 0n && b > 0n && BigInt(bitLength(a)) > BigInt(INT_BITS_MAX) / b) return undefined;
      if (b < 0n) return binaryFloat(Kind.Pow, asFloat(a)!, asFloat(b)!);
      if (a === 0n) return b === 0n ? 1n : 0n;
      return a ** b;
    case Kind.LShift: {
      if (b < 0n) return undefined;
      if (a === 0n || b === 0n) return a;
      const max = BigInt(INT_BITS_MAX);
      return b > max || BigInt(bitLength(a)) > max - b ? undefined : a << b;
    }
    case Kind.RShift:
      if (b < 0n) return undefined;
      if (b > BigInt(bitLength(a))) return a < 0n ? -1n : 0n;
      return a >> b;
    case Kind.BitOr:
      return a | b;
    case Kind.BitXor:
      return a ^ b;
    case Kind.BitAnd:
      return a & b;
    default:
      return undefined;
  }
}

function binaryFloat(op: operator, x: number, y: number): Folded {
  switch (op) {
    case Kind.Add:
      return x + y;
    case Kind.Sub:
      return x - y;
    case Kind.Mult:
      return x * y;
    case Kind.Div:
      return y === 0 ? undefined : x / y;
    case Kind.FloorDiv:
      return floorDivide(x, y);
    case Kind.Mod:
      return floorRemainder(x, y);
    case Kind.Pow: {
      if (x === 0 && y < 0 && Number.isFinite(y)) return undefined;
      if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) {
        return complexPow(new Complex(x, 0), new Complex(y, 0));
      }
      const r = realPow(x, y);
      return Number.isFinite(r) || !Number.isFinite(x) || !Number.isFinite(y) ? r : undefined;
    }
    default:
      return undefined;
  }
}

function binaryComplex(op: operator, a: Complex, b: Complex): Folded {
  switch (op) {
    case Kind.Add:
      return new Complex(a.real + b.real, a.imag + b.imag);
    case Kind.Sub:
      return new Complex(a.real - b.real, a.imag - b.imag);
    case Kind.Mult:
      return complexProduct(a, b);
    case Kind.Div:
      return complexQuotient(a, b);
    case Kind.Pow:
      return complexPow(a, b);
    default:
      return undefined;
  }
}

function complexProduct(a: Complex, b: Complex): Complex {
  return new Complex(a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real);
}

/** Smith's method: scale by the larger part of the divisor. */
function complexQuotient(a: Complex, b: Complex): Complex | undefined {
  const re = Math.abs(b.real);
  const im = Math.abs(b.imag);
  if (re >= im) {
    if (re === 0) return undefined;
    const ratio = b.imag / b.real;
    const denominator = b.real + b.imag * ratio;
    return new Complex((a.real + a.imag * ratio) / denominator, (a.imag - a.real * ratio) / denominator);
  }
  if (im >= re) {
    const ratio = b.real / b.imag;
    const denominator = b.real * ratio + b.imag;
    return new Complex((a.real * ratio + a.imag) / denominator, (a.imag * ratio - a.real) / denominator);
  }
  return new Complex(Number.NaN, Number.NaN);
}

function complexPow(a: Complex, b: Complex): Complex | undefined {
  let result: Complex | undefined;
  if (b.imag === 0 && Number.isInteger(b.real) && Math.abs(b.real) <= 100) {
    const one = new Complex(1, 0);
    let n = Math.abs(b.real);
    let power = one;
    for (let p = a; n > 0; n >>= 1) {
      if (n & 1) power = complexProduct(power, p);
      p = complexProduct(p, p);
    }
    result = b.real > 0 ? power : complexQuotient(one, power);
  } else if (a.real === 0 && a.imag === 0) {
    if (b.imag !== 0 || b.real < 0) return undefined;
    result = new Complex(0, 0);
  } else {
    const size = Math.hypot(a.real, a.imag);
    let length = realPow(size, b.real);
    const angle = Math.atan2(a.imag, a.real);
    let phase = angle * b.real;
    if (b.imag !== 0) {
      length /= Math.exp(angle * b.imag);
      phase += b.imag * Math.log(size);
    }
    result = new Complex(length * Math.cos(phase), length * Math.sin(phase));
  }
  const infinite = (x: number) => Math.abs(x) === Number.POSITIVE_INFINITY;
  return result !== undefined && (infinite(result.real) || infinite(result.imag)) ? undefined : result;
}

function concatenate(a: ConstantValue, b: ConstantValue): Folded {
  if (isText(a) && isText(b)) return joinText(a, b);
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    const out = new Uint8Array(a.length + b.length);
    out.set(a);
    out.set(b, a.length);
    return out;
  }
  if (a instanceof Tuple && b instanceof Tuple) return new Tuple([...a.items, ...b.items]);
  return undefined;
}

/** What is left of `limit` items after those of a tuple and of the tuples in it; negative when they are too many. */
function remainingItems(v: ConstantValue, limit: number): number {
  if (!(v instanceof Tuple)) return limit;
  let left = limit - v.items.length;
  for (let i = 0; left >= 0 && i < v.items.length; i++) left = remainingItems(v.items[i], left);
  return left;
}

/** Even nothing cannot be repeated more often than an index can count. */
function repeatEmpty(v: ConstantValue, times: bigint): Folded {
  return BigInt.asIntN(64, times) === times ? v : undefined;
}

function repeat(v: ConstantValue, times: bigint): Folded {
  const n = times >= -1n && times <= 1_000_000n ? Number(times) : times < 0n ? -1 : Number.MAX_SAFE_INTEGER;
  if (v instanceof Tuple) {
    const size = v.items.length;
    if (size === 0) return repeatEmpty(v, times);
    if (n < 0 || n > Math.floor(COLLECTION_ITEMS_MAX / size)) return undefined;
    if (n > 0 && remainingItems(v, Math.floor(TOTAL_ITEMS_MAX / n)) < 0) return undefined;
    const items: ConstantValue[] = [];
    for (let i = 0; i < n; i++) items.push(...v.items);
    return new Tuple(items);
  }
  const size = isText(v) ? textLength(v) : v instanceof Uint8Array ? v.length : -1;
  if (size < 0) return undefined;
  if (size === 0) return repeatEmpty(v, times);
  if (n < 0 || n > Math.floor(TEXT_LENGTH_MAX / size)) return undefined;
  if (v instanceof Uint8Array) {
    const out = new Uint8Array(size * n);
    for (let i = 0; i < n; i++) out.set(v, i * size);
    return out;
  }
  return repeatText(v as string | CodePoints, n);
}

/** `v[index]` for an int index. */
export function foldSubscript(v: ConstantValue, index: ConstantValue): Folded {
  const i = asInt(index);
  if (i === undefined) return undefined;
  let size: number;
  if (isText(v)) size = textLength(v);
  else if (v instanceof Uint8Array) size = v.length;
  else if (v instanceof Tuple) size = v.items.length;
  else return undefined;
  if (i >= BigInt(size) || i < BigInt(-size)) return undefined;
  const at = i < 0n ? Number(i) + size : Number(i);
  if (v instanceof Uint8Array) return BigInt(v[at]);
  if (v instanceof Tuple) return v.items[at];
  if (typeof v === "string" && v.length === size) return v[at];
  return fromCodePoints([codePointsOf(v as string | CodePoints)[at]]);
}

/** The name of a constant's type, as it stands in CPython's messages. */
export function typeName(v: ConstantValue): string {
  switch (typeof v) {
    case "boolean":
      return "bool";
    case "bigint":
      return "int";
    case "number":
      return "float";
    case "string":
      return "str";
  }
  if (v === null) return "NoneType";
  if (v === ELLIPSIS) return "ellipsis";
  if (v instanceof CodePoints) return "str";
  if (v instanceof Uint8Array) return "bytes";
  if (v instanceof Complex) return "complex";
  return v instanceof Tuple ? "tuple" : "frozenset";
}
