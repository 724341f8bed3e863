// Functions of the module math of which the runtime's own library has others than glibc, which CPython calls: computed
// as there, so that the last bit is the same.

/** The logarithm in base 10 of a positive x, from that in base e of its significand. */
export function log10(x: f64): f64 {
  if (!(x > 0) || x == Infinity) return NativeMath.log(x);
  let e = 0;
  if (x < f64.MIN_NORMAL_VALUE) {
    x *= 18014398509481984;
    e = -54;
  }
  const bits = reinterpret<u64>(x);
  e += <i32>(bits >> 52) - 1023;
  // A significand from 1 up to 2, or for negative exponents from 0.5 up to 1.
  const half = i32(e < 0);
  x = reinterpret<f64>((bits & 0xfffffffffffff) | ((<u64>(1023 - half)) << 52));
  const y = <f64>(e + half);
  return y * 3.69423907715893078616e-13 + 4.34294481903251816668e-1 * NativeMath.log(x) + y * 3.01029995663611771306e-1;
}

const CBRT_2: f64 = 1.2599210498948731648;
const CBRT_4: f64 = 1.5874010519681994748;

/** The cube root: a polynomial for the significand, one step of Halley's method, and a third of the exponent. */
export function cbrt(x: f64): f64 {
  if (x == 0 || !isFinite(x)) return x;
  let m = abs(x);
  let e = 0;
  if (m < f64.MIN_NORMAL_VALUE) {
    m *= 18014398509481984;
    e = -54;
  }
  const bits = reinterpret<u64>(m);
  e += <i32>(bits >> 52) - 1022;
  m = reinterpret<f64>((bits & 0xfffffffffffff) | ((<u64>1022) << 52));
  const u =
    0.35489576504391986 +
    (1.508191937815849 -
      (2.1149949416737129 -
        (2.4469312256353443 - (1.8346927748361308 - (0.78493234497663927 - 0.14526389938548637 * m) * m) * m) * m) *
        m) *
      m;
  const cube = u * u * u;
  const rest = e % 3;
  const factor: f64 = rest == -2 ? 1 / CBRT_4 : rest == -1 ? 1 / CBRT_2 : rest == 0 ? 1 : rest == 1 ? CBRT_2 : CBRT_4;
  const r = ((u * (cube + 2 * m)) / (2 * cube + m)) * factor;
  return NativeMath.scalbn(copysign<f64>(r, x), e / 3);
}

/** x * 2**n for results that are normal numbers, by its exponent's bits. */
function shiftExponent(x: f64, n: i32): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) + ((<u64>n) << 52));
}

/**
 * exp(x) - 1. With x = k * log(2) + r, r not above log(2) / 2, a polynomial gives exp(r) - 1 as r - error; what is done with
 * 2**k depends on how much of it and of 1 remains.
 */
export function expm1(x: f64): f64 {
  if (isNaN(x)) return x;
  if (x < -38.816242113569373) return -1;
  if (x > 709.782712893383973) return Infinity;
  const size = abs(x);
  if (size < 2 ** -54) return x;
  let k = 0;
  let lost: f64 = 0;
  // Half of log(2), one and a half of it; the upper half of its digits and the rest.
  if (size > 0.34657359027997264) {
    k = size < 1.0397207708399179 ? (x > 0 ? 1 : -1) : <i32>(NativeMath.LOG2E * x + (x > 0 ? 0.5 : -0.5));
    const high = x - <f64>k * 6.9314718036912381649e-1;
    const low = <f64>k * 1.90821492927058770002e-10;
    x = high - low;
    lost = high - x - low;
  }
  const half = 0.5 * x;
  const z = x * half;
  const zz = z * z;
  const r =
    1 +
    z * -3.33333333333331316428e-2 +
    zz * (1.58730158725481460165e-3 + z * -7.93650757867487942473e-5) +
    zz * zz * (4.00821782732936239552e-6 + z * -2.01099218183624371326e-7);
  const t = 3 - r * half;
  let error = z * ((r - t) / (6 - x * t));
  if (k == 0) return x - (x * error - z);
  error = x * (error - lost) - lost;
  error -= z;
  if (k == -1) return 0.5 * (x - error) - 0.5;
  if (k == 1) return x < -0.25 ? -2 * (error - (x + 0.5)) : 1 + 2 * (x - error);
  if (k <= -2 || k > 56) return shiftExponent(1 - (error - x), k) - 1;
  const unit = shiftExponent(1, -k);
  return shiftExponent(k < 20 ? 1 - unit - (error - x) : x - (error + unit) + 1, k);
}

/** The hyperbolic tangent, from exp(±2x) - 1. */
export function tanh(x: f64): f64 {
  if (isNaN(x)) return x;
  const size = abs(x);
  if (size >= 22) return copysign<f64>(1, x);
  if (size < 2 ** -55) return x;
  if (size >= 1) return copysign<f64>(1 - 2 / (expm1(2 * size) + 2), x);
  const t = expm1(-2 * size);
  return copysign<f64>(-t / (t + 2), x);
}

/** exp(size) / 2 where exp(size) may overflow. */
function halfOfPower(size: f64): f64 {
  if (size < 709.782712893384) return 0.5 * NativeMath.exp(size);
  if (size > 710.4758600739439) return Infinity;
  const root = NativeMath.exp(0.5 * size);
  return 0.5 * root * root;
}

/** The hyperbolic sine. */
export function sinh(x: f64): f64 {
  if (!isFinite(x)) return x;
  const size = abs(x);
  if (size < 2 ** -28) return x;
  if (size >= 22) return copysign<f64>(halfOfPower(size), x);
  const t = expm1(size);
  return copysign<f64>(0.5, x) * (size < 1 ? 2 * t - (t * t) / (t + 1) : t + t / (t + 1));
}

/** The hyperbolic cosine. */
export function cosh(x: f64): f64 {
  if (isNaN(x)) return x;
  const size = abs(x);
  if (size >= 22) return halfOfPower(size);
  // Half of the logarithm of 2.
  if (size < 0.34657359027997264) {
    const t = expm1(size);
    return size < 2 ** -55 ? 1 + t : 1 + (t * t) / (1 + t + (1 + t));
  }
  const t = NativeMath.exp(size);
  return 0.5 * t + 0.5 / t;
}
