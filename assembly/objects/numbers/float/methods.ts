// Methods of float (CPython 3.13's Objects/floatobject.c).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../../generated/constants";
import { host } from "../../../generated/host";
import { floattext, PyFloatObject, PyTypeObject } from "../../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
  PyUnicode_Type,
} from "../../../generated/statics";
import { PyMem_Free } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { PyTuple_Pack1, PyTuple_Pack2, Tuple } from "../../containers/tuple";
import { ArgParser, strArgument, utf8Argument } from "../../define/args";
import { PyErr_Clear, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../errors/raise";
import { Buffer, PyObject_CheckBuffer } from "../../object/buffer";
import { PyObject_CallOneArg } from "../../object/call";
import { Py } from "../../object/head";
import { PyNumber_AsSsize_t, PyNumber_Float } from "../../protocol/number";
import { U } from "../../text/access";
import { PyUnicode_EqualToLiteral } from "../../text/compare";
import { PyUnicode_FromLiteral } from "../../text/create";
import { formatFloat } from "../../text/format/formatspec";
import { Writer, writeAscii, writeLiteral, writerDiscard, writerFinish } from "../../text/format/writer";
import { transformDecimalAndSpaceToASCII } from "../../text/properties";
import { boolObject } from "../bool";
import { Long } from "../int/access";
import { scale, shiftLeft } from "../int/arithmetic";
import { PyLong_FromDouble, PyLong_FromLongLong } from "../int/create";
import { Float, float_float, PyFloat_FromDouble } from "./float";
import { doubleToString, parseWholeFloat } from "./text";

/** A new float from ASCII bytes, `shown` (borrowed) being what the ValueError's message shows. */
function fromAscii(p: usize, n: isize, shown: usize): usize {
  const out = Scratch.take(1);
  const status = parseWholeFloat(p, n, out);
  const v = load<f64>(out);
  Scratch.give(out);
  if (status > 0) return PyFloat_FromDouble(v);
  if (status == 0) PyErr_Format(PyExc_ValueError, "could not convert string to float: %R", shown);
  return 0;
}

/** A new float from a str or a bytes-like object. Null with ValueError or TypeError. */
export function PyFloat_FromString(o: usize): usize {
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const ascii = transformDecimalAndSpaceToASCII(o);
    if (ascii == 0) return 0;
    const r = fromAscii(U.data(ascii), U.length(ascii), o);
    Py.DECREF(ascii);
    return r;
  }
  if (PyObject_CheckBuffer(o)) {
    const view = Buffer.open(o);
    if (view != 0) {
      const r = fromAscii(Buffer.data(view), Buffer.length(view), o);
      Buffer.close(view);
      return r;
    }
    PyErr_Clear();
  }
  return PyErr_Format(PyExc_TypeError, "float() argument must be a string or a real number, not '%.200T'", o);
}

function floatOf(type: usize, x: usize): usize {
  if (type == PyFloat_Type) {
    if (x == 0) return PyFloat_FromDouble(0);
    return Py.TYPE(x) == PyUnicode_Type ? PyFloat_FromString(x) : PyNumber_Float(x);
  }
  const v = floatOf(PyFloat_Type, x);
  if (v == 0) return 0;
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, 0);
  if (o != 0) PyFloatObject.at(o).ob_fval = Float.value(v);
  Py.DECREF(v);
  return o;
}

/** tp_new of float. */
export function float_new(type: usize, args: usize, kwds: usize): usize {
  if (!ArgParser.noKeywordsOfNew("float", type, PyFloat_Type, kwds)) return 0;
  if (!ArgParser.count("float", Tuple.size(args), 0, 1)) return 0;
  return floatOf(type, Tuple.size(args) > 0 ? Tuple.get(args, 0) : 0);
}

/** tp_vectorcall of float. */
export function float_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = <isize>(nargsf & 0x7fffffff);
  if (!ArgParser.noKeywordNames("float", kwnames)) return 0;
  if (!ArgParser.count("float", nargs, 0, 1)) return 0;
  return floatOf(type, nargs > 0 ? Py.item(argv, 0) : 0);
}

/**
 * @native float.__trunc__($self, /)
 *
 * Drop the fraction: the int on the side of zero.
 */
export function float_trunc(o: usize, _: usize): usize {
  return PyLong_FromDouble(Float.value(o));
}

/**
 * @native float.__floor__($self, /)
 *
 * The greatest int not above it.
 */
export function float_floor(o: usize, _: usize): usize {
  return PyLong_FromDouble(floor(Float.value(o)));
}

/**
 * @native float.__ceil__($self, /)
 *
 * The least int that is not below it.
 */
export function float_ceil(o: usize, _: usize): usize {
  return PyLong_FromDouble(ceil(Float.value(o)));
}

/** The exponent of the first decimal digit of a finite number that is not 0. */
function decimalExponent(v: f64): i32 {
  const block = doubleToString(abs(v), 0x65, 25, 0);
  if (block == 0) return i32.MIN_VALUE;
  let p = floattext.at(block).text;
  while (load<u8>(p) != 0x65) p++;
  const negative = load<u8>(p + 1) == 0x2d;
  let e = 0;
  for (p += 2; load<u8>(p) != 0; p++) e = e * 10 + (load<u8>(p) - 48);
  PyMem_Free(block);
  return negative ? -e : e;
}

/** The number rounded to `n` decimal places, correctly, half to even: a new float. Null with an exception. */
function roundTo(v: f64, n: i32): usize {
  let code: i32 = 0x66;
  let precision = n;
  if (n < 0) {
    const e = decimalExponent(v);
    if (e == i32.MIN_VALUE) return 0;
    code = 0x65;
    precision = e + n;
    if (precision < 0) {
      // At most half of the last place kept: it rounds to 0, or up where it is more than half.
      const up = precision == -1 && abs(v) > 5 * powerOfTen(e);
      const one = up ? copysign<f64>(powerOfTen(-n), v) : copysign<f64>(0, v);
      return finite(one);
    }
  }
  const block = doubleToString(v, code, precision, 0);
  if (block == 0) return 0;
  const r = host.floatFromText(floattext.at(block).text, <usize>floattext.at(block).length);
  PyMem_Free(block);
  return finite(r);
}

/** 10 ** n, correctly rounded. */
function powerOfTen(n: i32): f64 {
  const text = Scratch.take(1);
  store<u8>(text, 0x31);
  store<u8>(text + 1, 0x65);
  store<u8>(text + 2, 48 + n / 100);
  store<u8>(text + 3, 48 + ((n / 10) % 10));
  store<u8>(text + 4, 48 + (n % 10));
  const v = host.floatFromText(text, 5);
  Scratch.give(text);
  return v;
}

function finite(v: f64): usize {
  if (v - v == 0) return PyFloat_FromDouble(v);
  return PyErr_SetString(PyExc_OverflowError, "rounded value too large to represent");
}

/**
 * @native float.__round__($self, ndigits=None, /)
 *
 * The nearest int, of two equally near the even one.
 *
 * With ndigits a float is returned, rounded to so many decimal digits.
 */
export function float_round(o: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("__round__", nargs, 0, 1)) return 0;
  const v = Float.value(o);
  if (nargs == 0 || Py.item(argv, 0) == _Py_NoneStruct) {
    // Half to even is what the machine does.
    return PyLong_FromDouble(nearest(v));
  }
  const n = PyNumber_AsSsize_t(Py.item(argv, 0), 0);
  if (n == -1 && PyErr_Occurred()) return 0;
  // Beyond these nothing changes, or nothing is left.
  if (v - v != 0 || v == 0 || n > 323) return PyFloat_FromDouble(v);
  if (n < -308) return PyFloat_FromDouble(0 * v);
  return roundTo(v, n);
}

/**
 * @native float.conjugate($self, /)
 *
 * The number itself: it has no imaginary part.
 */
export function float_conjugate(o: usize, _: usize): usize {
  return float_float(o);
}

/**
 * @native float.is_integer($self, /)
 *
 * Whether there is no fraction.
 */
export function float_is_integer(o: usize, _: usize): usize {
  const v = Float.value(o);
  return boolObject(v - v == 0 && floor(v) == v);
}

/**
 * @native float.as_integer_ratio($self, /)
 *
 * The number exactly, as a fraction of two ints.
 *
 * The fraction cannot be reduced any more, and what is below the line is positive. An infinity has none, which is an OverflowError, and neither has a NaN: ValueError.
 *
 * >>> (2.5).as_integer_ratio()
 * (5, 2)
 * >>> (0.1).as_integer_ratio()
 * (3602879701896397, 36028797018963968)
 */
export function float_as_integer_ratio(o: usize, _: usize): usize {
  const v = Float.value(o);
  if (v - v != 0) {
    if (isNaN(v)) PyErr_SetString(PyExc_ValueError, "cannot convert NaN to integer ratio");
    else PyErr_SetString(PyExc_OverflowError, "cannot convert Infinity to integer ratio");
    return 0;
  }
  const bits = reinterpret<u64>(abs(v));
  let exponent = <i32>(bits >> 52);
  let m = bits & 0xfffffffffffff;
  if (exponent != 0) m |= 0x10000000000000;
  else exponent = 1;
  exponent -= 1075;
  if (m != 0) {
    const zeros = <i32>ctz(m);
    m >>= <u64>zeros;
    exponent += zeros;
  } else exponent = 0;
  let numerator = PyLong_FromLongLong(v < 0 ? -(<i64>m) : <i64>m);
  if (numerator == 0) return 0;
  let denominator: usize = Long.small(1);
  if (exponent > 0) {
    const shifted = shiftLeft(numerator, exponent);
    Py.DECREF(numerator);
    numerator = shifted;
  } else if (exponent < 0) denominator = shiftLeft(Long.small(1), -exponent);
  const r = numerator == 0 || denominator == 0 ? 0 : PyTuple_Pack2(numerator, denominator);
  Py.XDECREF(numerator);
  Py.XDECREF(denominator);
  return r;
}

/**
 * @native float.hex($self, /)
 *
 * The exact value as text in base 16 with a power of two.
 *
 * >>> (3.0).hex()
 * '0x1.8000000000000p+1'
 * >>> (-0.5).hex()
 * '-0x1.0000000000000p-1'
 */
export function float_hex(o: usize, _: usize): usize {
  const v = Float.value(o);
  if (v - v != 0) return PyUnicode_FromLiteral(isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf");
  const bits = reinterpret<u64>(v);
  const negative = bits >> 63 != 0;
  if (v == 0) return PyUnicode_FromLiteral(negative ? "-0x0.0p+0" : "0x0.0p+0");
  const biased = <i32>(bits >> 52) & 0x7ff;
  const mantissa = bits & 0xfffffffffffff;
  const exponent = biased == 0 ? -1022 : biased - 1023;
  const w = Writer.begin(26);
  if (negative && Writer.char(w, 0x2d) < 0) return writerDiscard(w);
  if (writeLiteral(w, biased == 0 ? "0x0." : "0x1.") < 0) return writerDiscard(w);
  for (let shift: i64 = 48; shift >= 0; shift -= 4) {
    const d = <u32>(mantissa >> <u64>shift) & 15;
    if (Writer.char(w, d < 10 ? 48 + d : 87 + d) < 0) return writerDiscard(w);
  }
  if (writeLiteral(w, exponent < 0 ? "p-" : "p+") < 0) return writerDiscard(w);
  const digits = Scratch.take(1);
  let q = digits + 8;
  let e = abs<i32>(exponent);
  do {
    store<u8>(--q, 48 + (e % 10));
    e /= 10;
  } while (e != 0);
  const ok = writeAscii(w, q, <isize>(digits + 8 - q));
  Scratch.give(digits);
  return ok < 0 ? writerDiscard(w) : writerFinish(w);
}

function badHex(): usize {
  return PyErr_SetString(PyExc_ValueError, "invalid hexadecimal floating-point string");
}

function hugeHex(): usize {
  return PyErr_SetString(PyExc_OverflowError, "hexadecimal value too large to represent as a float");
}

function hexValue(c: u32): i32 {
  if (c - 48 < 10) return <i32>(c - 48);
  const l = (c | 32) - 97;
  return l < 6 ? <i32>l + 10 : -1;
}

function isSpace(c: u32): bool {
  return c == 32 || (c >= 9 && c <= 13);
}

/** Whether the rest from `p` to `end` is the lower-case literal, whatever its case, then only spaces. */
function restIs(p: usize, end: usize, s: string): bool {
  const n = <usize>s.length;
  if (end - p < n) return false;
  for (let i: usize = 0; i < n; i++)
    if ((load<u8>(p + i) | 32) != load<u16>(changetype<usize>(s) + (i << 1))) return false;
  for (p += n; p < end; p++) if (!isSpace(load<u8>(p))) return false;
  return true;
}

/**
 * @classmethod float.fromhex($type, string, /)
 *
 * The float that a text in base 16, such as hex() makes it, stands for.
 *
 * >>> float.fromhex('0x1.8p+1')
 * 3.0
 * >>> float.fromhex('-0x.8')
 * -0.5
 */
export function float_fromhex(type: usize, text: usize): usize {
  if (!strArgument(text, "fromhex", "argument")) return 0;
  if (!U.isAscii(text)) return badHex();
  let p = U.data(text);
  const end = p + <usize>U.length(text);
  while (p < end && isSpace(load<u8>(p))) p++;
  let negative = false;
  if (p < end && (load<u8>(p) == 0x2d || load<u8>(p) == 0x2b)) negative = load<u8>(p++) == 0x2d;
  let v: f64 = 0;
  if (restIs(p, end, "infinity") || restIs(p, end, "inf")) v = Infinity;
  else if (restIs(p, end, "nan")) v = NaN;
  else {
    if (p + 1 < end && load<u8>(p) == 0x30 && (load<u8>(p + 1) | 32) == 0x78) p += 2;
    // Digits go into 64 bits; what does not fit only says whether there is more.
    let m: u64 = 0;
    let sticky = false;
    let digits = 0;
    let exponent: i64 = 0;
    let point = false;
    for (; p < end; p++) {
      const c = load<u8>(p);
      if (c == 0x2e) {
        if (point) return badHex();
        point = true;
        continue;
      }
      const d = hexValue(c);
      if (d < 0) break;
      digits++;
      if (m >> 60 == 0) {
        m = (m << 4) | d;
        if (point) exponent -= 4;
      } else {
        if (d != 0) sticky = true;
        if (!point) exponent += 4;
      }
    }
    if (digits == 0) return badHex();
    if (p < end && (load<u8>(p) | 32) == 0x70) {
      p++;
      let negativeExponent = false;
      if (p < end && (load<u8>(p) == 0x2d || load<u8>(p) == 0x2b)) negativeExponent = load<u8>(p++) == 0x2d;
      if (p >= end || load<u8>(p) - 48 >= 10) return badHex();
      let e: i64 = 0;
      for (; p < end && load<u8>(p) - 48 < 10; p++) if (e < 1000000000000) e = e * 10 + (load<u8>(p) - 48);
      exponent += negativeExponent ? -e : e;
    }
    while (p < end && isSpace(load<u8>(p))) p++;
    if (p < end) return badHex();
    if (m != 0) {
      const length = 64 - <i64>clz(m);
      const top = length + exponent;
      if (top > 1024) return hugeHex();
      if (top >= -1075) {
        const drop = max<i64>(length - 53, -1074 - exponent);
        if (drop > 0) {
          const rest = drop >= 64 ? m : m & (((<u64>1) << (<u64>drop)) - 1);
          const below = <u64>drop - 1;
          const half: u64 = drop > 64 ? 0 : (<u64>1) << below;
          const kept = drop >= 64 ? 0 : m >> <u64>drop;
          const up = drop <= 64 && (rest > half || (rest == half && (sticky || (kept & 1) != 0)));
          v = scale(<f64>(kept + (up ? 1 : 0)), exponent + drop);
        } else v = scale(<f64>m, exponent);
        if (v - v != 0) return hugeHex();
      }
    }
  }
  const r = PyFloat_FromDouble(negative ? -v : v);
  if (r == 0 || type == PyFloat_Type) return r;
  const made = PyObject_CallOneArg(type, r);
  Py.DECREF(r);
  return made;
}

/**
 * @native float.__getnewargs__($self, /)
 */
export function float_getnewargs(o: usize, _: usize): usize {
  const v = PyFloat_FromDouble(Float.value(o));
  if (v == 0) return 0;
  const r = PyTuple_Pack1(v);
  Py.DECREF(v);
  return r;
}

/**
 * @classmethod float.__getformat__($type, typestr, /)
 *
 * How floats lie in memory; meant for Python's tests.
 *
 *   typestr
 *     Which C type is asked about: 'double' or 'float'.
 *
 * The answer names the format of IEEE 754 and the order of its bytes: 'IEEE, little-endian' or 'IEEE, big-endian'. A machine with any other would say 'unknown'; but such a machine is not simulated.
 */
export function float_getformat(_type: usize, name: usize): usize {
  if (!utf8Argument(name, "__getformat__", "argument")) return 0;
  if (PyUnicode_EqualToLiteral(name, "double") || PyUnicode_EqualToLiteral(name, "float")) {
    return PyUnicode_FromLiteral("IEEE, little-endian");
  }
  return PyErr_SetString(PyExc_ValueError, "__getformat__() argument 1 must be 'double' or 'float'");
}

/**
 * @native float.__format__($self, format_spec, /)
 *
 * The number as text in the format described.
 */
export function float___format__(o: usize, spec: usize): usize {
  if (!strArgument(spec, "__format__", "argument")) return 0;
  return formatFloat(o, Float.value(o), spec);
}

/**
 * @getter float.real
 *
 * the part that is not imaginary
 */
export function float_getreal(o: usize, _closure: usize): usize {
  return float_float(o);
}

/**
 * @getter float.imag
 *
 * the factor of the imaginary unit
 */
export function float_getimag(_o: usize, _closure: usize): usize {
  return PyFloat_FromDouble(0);
}

/** Adds float's methods: part of initFloatType. */
export function addFloatMethods(): void {}
