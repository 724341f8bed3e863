/**
 * Arithmetic on floats with the results of CPython's (`Objects/floatobject.c`) on a C library that rounds well.
 *
 * Addition, multiplication, division, remainder and square root are IEEE 754 in JavaScript as in C. `pow` is not: V8's
 * differs from glibc's in the last bit for some operands, so powers are computed here in integers with 160 bits to
 * spare and rounded once. (glibc promises less than 0.52 units in the last place; where the true value is that close
 * to the middle of two doubles the results could differ.)
 */

/** The exact value of a finite double as `mantissa * 2**exponent`, mantissa odd or zero. */
function decompose(x: number): { mantissa: bigint; exponent: number } {
  if (x === 0) return { mantissa: 0n, exponent: 0 };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  let mantissa = bits & 0xfffffffffffffn;
  let exponent = -1074;
  if (biased > 0) {
    mantissa |= 1n << 52n;
    exponent += biased - 1;
  }
  while ((mantissa & 1n) === 0n) {
    mantissa >>= 1n;
    exponent++;
  }
  return { mantissa: x < 0 ? -mantissa : mantissa, exponent };
}

export function bitLength(v: bigint): number {
  const hex = (v < 0n ? -v : v).toString(16);
  return v === 0n ? 0 : hex.length * 4 - Math.clz32(Number.parseInt(hex[0], 16)) + 28;
}

/** `numerator / denominator * 2**exponent` rounded to the nearest double, ties to even; infinite when too large. */
export function roundRatio(numerator: bigint, denominator: bigint, exponent = 0): number {
  if (numerator === 0n) return 0;
  const negative = numerator < 0n !== denominator < 0n;
  let n = numerator < 0n ? -numerator : numerator;
  let d = denominator < 0n ? -denominator : denominator;
  // Scale so that the quotient has 55 or 56 bits, fewer where the result is subnormal.
  let shift = 55 - (bitLength(n) - bitLength(d));
  if (exponent - shift < -1076) shift = exponent + 1076;
  if (shift >= 0) n <<= BigInt(shift);
  else d <<= BigInt(-shift);
  let q = n / d;
  if (n % d !== 0n) q |= 1n;
  let e = exponent - shift;
  const drop = Math.max(bitLength(q) - 53, -1074 - e, 0);
  if (drop > 0) {
    const low = q & ((1n << BigInt(drop)) - 1n);
    const half = 1n << BigInt(drop - 1);
    q >>= BigInt(drop);
    if (low > half || (low === half && (q & 1n) === 1n)) q += 1n;
    e += drop;
  }
  let result = Number(q);
  while (e > 0 && result !== Number.POSITIVE_INFINITY) {
    const step = Math.min(e, 1000);
    result *= 2 ** step;
    e -= step;
  }
  while (e < 0 && result !== 0) {
    const step = Math.min(-e, 1000);
    result /= 2 ** step;
    e += step;
  }
  return negative ? -result : result;
}

const FRACTION = 256n;
const ONE = 1n << FRACTION;

/** ln(2) in fixed point, from 2 * atanh(1/3). */
const LN2 = (() => {
  let term = (ONE << 1n) / 3n;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k += 2n) {
    sum += term / k;
    term /= 9n;
  }
  return sum;
})();

/** Natural logarithm of `mantissa * 2**exponent` (positive), in fixed point. */
function logFixed(mantissa: bigint, exponent: number): bigint {
  // m in [1, 2): ln m = 2 * atanh((m - 1) / (m + 1)).
  const bits = bitLength(mantissa);
  const m = bits - 1 <= 256 ? mantissa << (FRACTION - BigInt(bits - 1)) : mantissa >> (BigInt(bits - 1) - FRACTION);
  const z = ((m - ONE) << FRACTION) / (m + ONE);
  const zz = (z * z) >> FRACTION;
  let term = z << 1n;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k += 2n) {
    sum += term / k;
    term = (term * zz) >> FRACTION;
  }
  return sum + BigInt(exponent + bits - 1) * LN2;
}

/** e**x for x in fixed point, rounded to a double. */
function expFixed(x: bigint): number {
  let k = x / LN2;
  let r = x - k * LN2;
  if (r < 0n) {
    r += LN2;
    k -= 1n;
  }
  let term = ONE;
  let sum = 0n;
  for (let i = 1n; term !== 0n; i += 1n) {
    sum += term;
    term = ((term * r) >> FRACTION) / i;
  }
  return roundRatio(sum, 1n, Number(k) - Number(FRACTION));
}

/** |x| ** y for finite x != 0 and finite y, correctly rounded. */
function powPositive(x: number, y: number): number {
  const base = decompose(Math.abs(x));
  if (Number.isInteger(y) && Math.abs(y) * bitLength(base.mantissa) <= 20000) {
    const n = Math.abs(y);
    const power = base.mantissa ** BigInt(n);
    return y >= 0 ? roundRatio(power, 1n, base.exponent * n) : roundRatio(1n, power, -base.exponent * n);
  }
  const estimate = y * Math.log2(Math.abs(x));
  if (estimate > 1100) return Number.POSITIVE_INFINITY;
  if (estimate < -1100) return 0;
  const exponent = decompose(y);
  const product = logFixed(base.mantissa, base.exponent) * exponent.mantissa;
  const scaled = exponent.exponent >= 0 ? product << BigInt(exponent.exponent) : product >> BigInt(-exponent.exponent);
  return expFixed(scaled);
}

/** Thrown where Python raises ZeroDivisionError, OverflowError or the like: the expression is then left alone. */
export class ArithmeticError extends Error {}

/** C's pow for operands whose result is real. */
export function realPow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (!Number.isFinite(y)) {
    const a = Math.abs(x);
    if (a === 1) return 1;
    return a > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  }
  const odd = Number.isInteger(y) && Math.abs(y % 2) === 1;
  const negative = odd && (x < 0 || Object.is(x, -0));
  let result: number;
  if (!Number.isFinite(x)) result = y > 0 ? Number.POSITIVE_INFINITY : 0;
  else if (x === 0) result = y > 0 ? 0 : Number.POSITIVE_INFINITY;
  else result = powPositive(x, y);
  return negative ? -result : result;
}

/** Python's `//` on floats. */
export function floorDivide(x: number, y: number): number {
  if (y === 0) throw new ArithmeticError("float floor division by zero");
  let mod = x % y;
  let div = (x - mod) / y;
  if (mod !== 0) {
    if (y < 0 !== mod < 0) div -= 1;
  }
  if (div !== 0) {
    let floor = Math.floor(div);
    if (div - floor > 0.5) floor += 1;
    return floor;
  }
  mod = x / y;
  return mod < 0 || Object.is(mod, -0) ? -0 : 0;
}

/** Python's `%` on floats: the sign of the divisor. */
export function floorRemainder(x: number, y: number): number {
  if (y === 0) throw new ArithmeticError("float modulo by zero");
  let mod = x % y;
  if (mod !== 0) {
    if (y < 0 !== mod < 0) mod += y;
  } else {
    mod = y < 0 || Object.is(y, -0) ? -0 : 0;
  }
  return mod;
}
