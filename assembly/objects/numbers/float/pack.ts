// Floats as bytes and back, in IEEE 754's formats of 16, 32 and 64 bits (CPython 3.13's Objects/floatobject.c:
// PyFloat_Pack2, PyFloat_Unpack2 and so on).

import { PyExc_OverflowError } from "../../../generated/statics";
import { PyErr_Fail } from "../../errors/raise";

const INFINITY_16: u64 = 0x7c00;
const NAN_16: u64 = 0x7e00;

/** Stores the nearest number of 16 bits at `p`; -1 with OverflowError. */
export function PyFloat_Pack2(v: f64, p: usize, little: bool): i32 {
  const bits = reinterpret<u64>(v);
  const exponent = <i32>((bits >> 52) & 0x7ff) - 1023;
  const mantissa = bits & 0xfffffffffffff;
  let half: u64 = 0;
  if (exponent == 1024) half = mantissa == 0 ? INFINITY_16 : NAN_16;
  else if (exponent >= 16) return tooLarge("float too large to pack with e format");
  else if (exponent >= -25) {
    // Below the least exponent, what is not stored of the mantissa, and its leading one, are dropped bits as well.
    const drop = 42 + <u64>max(-14 - exponent, 0);
    const whole = exponent < -14 ? mantissa | (1 << 52) : ((<u64>(exponent + 15)) << 52) | mantissa;
    half = whole >> drop;
    const rest = whole & (((<u64>1) << drop) - 1);
    const middle = (<u64>1) << (drop - 1);
    if (rest > middle || (rest == middle && half & 1)) half++;
    if (half >= INFINITY_16) return tooLarge("float too large to pack with e format");
  }
  const r = <u16>(half | ((bits >> 63) << 15));
  store<u16>(p, little ? r : bswap<u16>(r));
  return 0;
}

function tooLarge(message: string): i32 {
  return PyErr_Fail(PyExc_OverflowError, message);
}

/** Stores the nearest number of 32 bits at `p`; -1 with OverflowError. */
export function PyFloat_Pack4(v: f64, p: usize, little: bool): i32 {
  const f = <f32>v;
  if (abs(f) == Infinity && abs(v) != Infinity) return tooLarge("float too large to pack with f format");
  const r = reinterpret<u32>(f);
  store<u32>(p, little ? r : bswap<u32>(r));
  return 0;
}

export function PyFloat_Pack8(v: f64, p: usize, little: bool): void {
  const r = reinterpret<u64>(v);
  store<u64>(p, little ? r : bswap<u64>(r));
}

/** The number in the 16 bits at `p`. */
export function PyFloat_Unpack2(p: usize, little: bool): f64 {
  const half = <u64>(little ? load<u16>(p) : bswap<u16>(load<u16>(p)));
  const sign = (half >> 15) << 63;
  const exponent = (half >> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent == 0) {
    const v = <f64>mantissa * (1.0 / 16777216.0);
    return sign != 0 ? -v : v;
  }
  if (exponent == 0x1f) return reinterpret<f64>(sign | (mantissa == 0 ? 0x7ff0000000000000 : 0x7ff8000000000000));
  return reinterpret<f64>(sign | ((exponent + 1008) << 52) | (mantissa << 42));
}

/** The number in the 32 bits at `p`. */
export function PyFloat_Unpack4(p: usize, little: bool): f64 {
  const bits = load<u32>(p);
  return <f64>reinterpret<f32>(little ? bits : bswap<u32>(bits));
}

/** The number in the 64 bits at `p`. */
export function PyFloat_Unpack8(p: usize, little: bool): f64 {
  const bits = load<u64>(p);
  return reinterpret<f64>(little ? bits : bswap<u64>(bits));
}
