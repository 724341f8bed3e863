// What Decimals can be asked (CPython 3.13's Modules/_decimal/_decimal.c): of which kind they are.

import { mpd_context_t } from "../../generated/layouts";
import { boolObject } from "../../objects/numbers/bool";
import { Py } from "../../objects/object/head";
import { isNormal, isSubnormal } from "./logical";
import { Mpd } from "./number";
import { contextArgument, Dec } from "./object";

/**
 * @native decimal.Decimal.is_canonical($self, /)
 *
 * Whether the number is encoded in the one way that is right. Here all numbers are, and so the answer is True, whatever the number is.
 */
export function decimal_is_canonical(_self: usize, _unused: usize): usize {
  return boolObject(true);
}

/**
 * @native decimal.Decimal.is_finite($self, /)
 *
 * Whether it is an ordinary number: neither infinite nor a NaN of any kind.
 */
export function decimal_is_finite(self: usize, _unused: usize): usize {
  return boolObject(!Mpd.isSpecial(Dec.number(self)));
}

/**
 * @native decimal.Decimal.is_infinite($self, /)
 *
 * Whether it is an infinity, positive or negative; no other number is one.
 */
export function decimal_is_infinite(self: usize, _unused: usize): usize {
  return boolObject(Mpd.isInfinite(Dec.number(self)));
}

/**
 * @native decimal.Decimal.is_nan($self, /)
 *
 * Whether it is a NaN, of the quiet or of the signaling kind.
 */
export function decimal_is_nan(self: usize, _unused: usize): usize {
  return boolObject(Mpd.isNaN(Dec.number(self)));
}

/**
 * @native decimal.Decimal.is_qnan($self, /)
 *
 * Whether it is a NaN, of the quiet kind.
 */
export function decimal_is_qnan(self: usize, _unused: usize): usize {
  return boolObject(Mpd.isQuiet(Dec.number(self)));
}

/**
 * @native decimal.Decimal.is_snan($self, /)
 *
 * Whether it is a NaN, of the signaling kind.
 */
export function decimal_is_snan(self: usize, _unused: usize): usize {
  return boolObject(Mpd.isSignaling(Dec.number(self)));
}

/**
 * @native decimal.Decimal.is_signed($self, /)
 *
 * Whether its sign is negative: zeros and NaNs have signs, too, that may be negative.
 */
export function decimal_is_signed(self: usize, _unused: usize): usize {
  return boolObject(Mpd.isNegative(Dec.number(self)));
}

/**
 * @native decimal.Decimal.is_zero($self, /)
 *
 * Whether it is 0, whatever its sign and its exponent.
 */
export function decimal_is_zero(self: usize, _unused: usize): usize {
  return boolObject(Mpd.isZero(Dec.number(self)));
}

/**
 * @native decimal.Decimal.is_normal($self, /, context=None)
 *
 * Whether it is finite, not 0, and so far from 0 that it can have all the digits of the context: it is not subnormal. False for infinities and NaNs.
 */
export function decimal_is_normal(self: usize, context: usize): usize {
  const c = contextArgument(context);
  if (c == 0) return 0;
  const r = isNormal(Dec.number(self), mpd_context_t.at(Dec.context(c)));
  Py.DECREF(c);
  return boolObject(r);
}

/**
 * @native decimal.Decimal.is_subnormal($self, /, context=None)
 *
 * Whether it is so near to 0, but not 0, that it cannot have all the digits of the context. False for infinities, NaNs.
 */
export function decimal_is_subnormal(self: usize, context: usize): usize {
  const c = contextArgument(context);
  if (c == 0) return 0;
  const r = isSubnormal(Dec.number(self), mpd_context_t.at(Dec.context(c)));
  Py.DECREF(c);
  return boolObject(r);
}
