// What the host provides for the objects: the text of floats, correctly rounded both ways, which JavaScript's engine
// has anyway. Everything else of a float is computed here.

/**
 * Writes `value` as ASCII to `buffer`, of `size` bytes, and returns its length; where that is greater than `size`,
 * nothing is written. Semantics of CPython's PyOS_double_to_string: `code` is one of the characters e E f F g G r
 * ("r" is the shortest text that reads back as the same value, and takes precision 0); `flags`: 1 sign always, 2 ".0"
 * where the text would look like an int, 4 alternate form (always a point, no stripping of zeros for g), 8 no sign of a
 * negative zero. Infinities and not-a-number are "inf" and "nan" (capitals for E F G).
 */
export declare function float_to_text(
  value: f64,
  code: i32,
  precision: i32,
  flags: i32,
  buffer: usize,
  size: usize,
): isize;

/**
 * The float nearest to the decimal number in the `length` ASCII bytes at `text`: [sign] digits [. digits] [e [sign]
 * digits], at least one digit before the exponent. Infinite where it is out of range.
 */
export declare function float_from_text(text: usize, length: usize): f64;
