/**
 * The text of floats, both ways: what CPython has in `Python/dtoa.c` and `PyOS_double_to_string`.
 *
 * JavaScript's own conversions are exact but for ties, which they round up where Python rounds to the even digit; ties
 * are decided here in integers. The flags are those of floatToText in spec/syscalls.txt.
 */
const SIGN = 1;
const ADD_DOT_0 = 2;
const ALTERNATE = 4;
const NO_NEGATIVE_ZERO = 8;

interface Decimal {
  /** Significant digits, no point. */
  digits: string;
  /** Where the point stands: the value is 0.DIGITS × 10^point. */
  point: number;
}

/** A positive float as integers: mantissa × 2^exponent. */
function parts(value: number): { mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n) & 0x7ff;
  const fraction = bits & 0xfffffffffffffn;
  if (biased === 0) return { mantissa: fraction, exponent: -1074 };
  return { mantissa: fraction | 0x10000000000000n, exponent: biased - 1075 };
}

/** value × 10^scale, rounded to an integer, ties to even. */
function scaled(value: number, scale: number): bigint {
  const { mantissa, exponent } = parts(value);
  let top = mantissa;
  let bottom = 1n;
  if (scale >= 0) top *= 10n ** BigInt(scale);
  else bottom *= 10n ** BigInt(-scale);
  if (exponent >= 0) top <<= BigInt(exponent);
  else bottom <<= BigInt(-exponent);
  const quotient = top / bottom;
  const twice = 2n * (top - quotient * bottom);
  return twice > bottom || (twice === bottom && quotient & 1n) ? quotient + 1n : quotient;
}

/** `count` significant digits of a positive value as toExponential writes them, where Python rounds it likewise. */
function plainExponential(value: number, count: number): string | undefined {
  if (count > 99) return undefined;
  const text = value.toExponential(count - 1);
  // A tie has one digit more than asked for, a 5, and nothing after it. With so many places after the point it is an odd
  // multiple of 2^-(places + 1), with none the text of an integer says it. What may have been rounded up to a power of
  // ten had one place more.
  const places = count - 1 - Number(text.slice(text.indexOf("e") + 1));
  if (places >= 0 && (value * 2 ** (places + 1)) % 2 !== 1 && (value * 2 ** (places + 2)) % 2 !== 1) return text;
  const longer = value.toExponential(count);
  return longer[count + 1] === "5" && Number(longer) === value ? undefined : text;
}

/** `count` significant digits (at least 1) of a positive value. */
function significant(value: number, count: number): Decimal {
  if (value === 0) return { digits: "0".repeat(count), point: 1 };
  const text = plainExponential(value, count);
  if (text !== undefined) {
    const at = text.indexOf("e");
    return { digits: text.slice(0, at).replace(".", ""), point: Number(text.slice(at + 1)) + 1 };
  }
  // With so many digits a float below a power of ten is not rounded up to it.
  let point = Number(value.toExponential(20).split("e")[1]) + 1;
  let digits = scaled(value, count - point).toString();
  if (digits.length > count) {
    digits = digits.slice(0, count);
    point++;
  }
  return { digits, point };
}

/** Whether toFixed writes the value as Python does: it is no tie, an odd multiple of 2^-(places + 1), and not too large. */
function isPlain(value: number, places: number): boolean {
  return value < 1e21 && places <= 100 && (value * 2 ** (places + 1)) % 2 !== 1;
}

/** All digits down to `places` after the point. */
function fixed(value: number, places: number): Decimal {
  let text: string;
  if (isPlain(value, places)) {
    text = value.toFixed(places).replace(".", "");
  } else {
    text = scaled(value, places)
      .toString()
      .padStart(places + 1, "0");
  }
  const point = text.length - places;
  // Leading zeros are no digits.
  const first = text.search(/[1-9]/);
  return first <= 0 ? { digits: text, point } : { digits: text.slice(first), point: point - first };
}

/** The shortest digits that read back as the value. */
function shortest(value: number): Decimal {
  if (value === 0) return { digits: "0", point: 1 };
  const text = value.toExponential();
  const at = text.indexOf("e");
  return { digits: text.slice(0, at).replace(".", ""), point: Number(text.slice(at + 1)) + 1 };
}

function assemble(decimal: Decimal, exponential: boolean, places: number, flags: number): string {
  let { digits, point } = decimal;
  let tail = "";
  if (exponential) {
    const e = digits[0] === "0" ? 0 : point - 1;
    tail = `e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}`;
    point = 1;
  }
  let whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  let rest = point > 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  rest = rest.padEnd(places, "0");
  if (whole[0] === "0") whole = whole.replace(/^0+(?=\d)/, "");
  if (rest !== "") return `${whole}.${rest}${tail}`;
  if (flags & ADD_DOT_0 && !exponential) return `${whole}.0`;
  if (flags & ALTERNATE) return `${whole}.${tail}`;
  return whole + tail;
}

/** `value` as text; the arguments are those of spec/syscalls.txt. */
export function floatToText(value: number, code: string, precision: number, flags: number): string {
  const upper = code >= "A" && code <= "Z";
  const kind = code.toLowerCase();
  let negative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  let text: string;
  if (!Number.isFinite(value)) {
    text = Number.isNaN(value) ? "nan" : "inf";
    if (Number.isNaN(value)) negative = false;
  } else if (kind === "r" && magnitude >= 1e-4 && magnitude < 1e16) {
    text = String(magnitude);
    if (flags & ADD_DOT_0 && Number.isInteger(magnitude)) text += ".0";
    else if (flags & ALTERNATE && Number.isInteger(magnitude)) text += ".";
  } else if (kind === "r") {
    const d = shortest(magnitude);
    text = assemble(d, d.point <= -4 || d.point > 16, 0, flags);
  } else if (kind === "f" && precision > 0 && isPlain(magnitude, precision)) {
    text = magnitude.toFixed(precision);
  } else if (kind === "f") {
    text = assemble(fixed(magnitude, precision), false, precision, flags);
  } else if (kind === "e") {
    const plain = magnitude === 0 || flags & ALTERNATE ? undefined : plainExponential(magnitude, precision + 1);
    if (plain === undefined) text = assemble(significant(magnitude, precision + 1), true, precision, flags);
    // Of the exponent at least two digits.
    else text = /[+-]\d$/.test(plain) ? `${plain.slice(0, -1)}0${plain.slice(-1)}` : plain;
  } else {
    const count = precision === 0 ? 1 : precision;
    const d = significant(magnitude, count);
    // Where ".0" would be added, a number that fills its digits takes the exponent instead. Zero counts as one digit.
    const point = magnitude === 0 ? 1 : d.point;
    const exponential = point <= -4 || point > count - (flags & ADD_DOT_0 ? 1 : 0);
    if (flags & ALTERNATE) {
      text = assemble(d, exponential, exponential ? count - 1 : Math.max(0, count - d.point), flags);
    } else {
      if (d.digits.endsWith("0")) d.digits = d.digits.replace(/0+$/, "") || "0";
      text = assemble(d, exponential, 0, flags);
    }
  }
  if (negative && flags & NO_NEGATIVE_ZERO && !/[1-9in]/.test(text.split("e")[0]!)) negative = false;
  if (upper) text = text.toUpperCase();
  return `${negative ? "-" : flags & SIGN ? "+" : ""}${text}`;
}

/** So many digits decide how a float rounds, if what follows them is told from nothing. */
const DIGITS_THAT_COUNT = 800;

/**
 * The float nearest to a decimal number in ASCII, as assembly/host.ts describes it. Of a long one JavaScript sees the digits
 * that count, a 1 in place of those beyond where they are not all zeros, and an exponent that puts them where they belong.
 */
export function textToFloat(text: Uint8Array): number {
  if (text.length <= DIGITS_THAT_COUNT) return Number(String.fromCharCode.apply(null, text as unknown as number[]));
  let digits = "";
  // Where the point stands among the digits, whether it was seen, and whether one of those left out counts.
  let point = 0;
  let fraction = false;
  let more = false;
  let i = text[0] === 43 || text[0] === 45 ? 1 : 0;
  for (; i < text.length; i++) {
    const c = text[i];
    if (c === 46) {
      fraction = true;
      continue;
    }
    if (c < 48 || c > 57) break;
    if (digits === "" && c === 48) {
      if (fraction) point--;
      continue;
    }
    if (digits.length < DIGITS_THAT_COUNT) digits += String.fromCharCode(c);
    else if (c !== 48) more = true;
    if (!fraction) point++;
  }
  const exponent = i < text.length ? exponentOf(text.subarray(i + 1)) : 0;
  const value = digits === "" ? 0 : Number(`0.${digits}${more ? "1" : ""}e${exponent + point}`);
  return text[0] === 45 ? -value : value;
}

/** [sign] digits; beyond what any length of digits could make up for, it is cut off. */
function exponentOf(text: Uint8Array): number {
  let value = 0;
  for (const c of text) if (c >= 48 && c <= 57 && value < 1e12) value = value * 10 + (c - 48);
  return text[0] === 45 ? -value : value;
}
