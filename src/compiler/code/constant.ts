/**
 * The values that a literal or a folded expression can have, and how each Python type is represented:
 *
 * | Python              | here                                                        |
 * |---------------------|-------------------------------------------------------------|
 * | None, True, False   | null, true, false                                           |
 * | int                 | bigint                                                      |
 * | float               | number                                                      |
 * | complex             | Complex                                                     |
 * | str                 | string, or CodePoints where UTF-16 would merge two surrogates |
 * | bytes               | Uint8Array                                                  |
 * | Ellipsis            | ELLIPSIS                                                    |
 * | tuple, frozenset    | Tuple, FrozenSet (made by constant folding only)            |
 */
export type ConstantValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | CodePoints
  | Uint8Array
  | Complex
  | typeof ELLIPSIS
  | Tuple
  | FrozenSet;

export const ELLIPSIS: unique symbol = Symbol("Ellipsis");

export class Complex {
  constructor(
    readonly real: number,
    readonly imag: number,
  ) {}
}

/** A str in which a high surrogate is followed by a low one: two code points, which UTF-16 cannot tell from one. */
export class CodePoints {
  constructor(readonly codePoints: readonly number[]) {}
}

export class Tuple {
  constructor(readonly items: readonly ConstantValue[]) {}
}

/** Items in the order in which the compiler met them. */
export class FrozenSet {
  constructor(readonly items: readonly ConstantValue[]) {}
}
