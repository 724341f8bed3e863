// int, the type: construction and methods (CPython 3.13's Objects/longobject.c, last part).

import {
  _Py_TPFLAGS_MATCH_SELF,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_LONG_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../../generated/constants";
import {
  divmodresult,
  PyBytesObject,
  PyLongObject,
  PyLongObject_first_digit,
  PyNumberMethods,
  PyTypeObject,
} from "../../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyLong_Type,
} from "../../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../../memory/pymem";
import { Scratch } from "../../../thread/scratch";
import { ByteArray } from "../../bytes/bytearray/bytearray";
import { PyBytes_FromStringAndSize } from "../../bytes/bytes";
import { BytesLike } from "../../bytes/common";
import { PyObject_Bytes } from "../../bytes/type";
import { PyTuple_Pack1, PyTuple_Pack2 } from "../../containers/tuple";
import { ArgParser, parseArguments, parseTupleAndKeywords, ssizeArgument, strArgument } from "../../define/args";
import { asNumber } from "../../define/tables";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../errors/raise";
import { PyObject_Del } from "../../object/alloc";
import { PyObject_GenericGetAttr } from "../../object/attributes";
import { PyObject_CallOneArg } from "../../object/call";
import { Py } from "../../object/head";
import { PyObject_IsTrue } from "../../protocol/compare";
import { PyNumber_AsSsize_t, PyNumber_Index, PyNumber_Long } from "../../protocol/number";
import { U } from "../../text/access";
import { PyUnicode_EqualToLiteral } from "../../text/compare";
import { formatLong } from "../../text/format/formatspec";
import { transformDecimalAndSpaceToASCII } from "../../text/properties";
import { PyFloat_FromDouble } from "../float/float";
import { bitLength, Long } from "./access";
import {
  _PyLong_Add,
  _PyLong_Multiply,
  floorDivmod,
  long_abs,
  long_add,
  long_divmod,
  long_floordiv,
  long_long,
  long_mod,
  long_mul,
  long_neg,
  long_sub,
  long_truediv,
} from "./arithmetic";
import { long_and, long_invert, long_lshift, long_or, long_rshift, long_xor } from "./bitwise";
import { _PyLong_AsByteArray, _PyLong_FromByteArray, fitsBytes } from "./bytes";
import { long_compare, long_hash, long_richcompare } from "./compare";
import { _PyLong_Copy, PyLong_AsDouble, PyLong_FromLong, PyLong_FromLongLong } from "./create";
import { long_pow } from "./power";
import { long_to_decimal_string, PARSE_BAD, PARSE_OK, parseLong } from "./text";

/** A new int from ASCII bytes; `shown` (borrowed) is what the ValueError's message shows. */
function fromAscii(p: usize, n: isize, base: i32, shown: usize): usize {
  const out = Scratch.take(1);
  const status = parseLong(p, n, base, out);
  const r = status == PARSE_OK ? Py.item(out, 0) : 0;
  Scratch.give(out);
  if (status == PARSE_BAD)
    PyErr_Format(PyExc_ValueError, "invalid literal for int() with base %d: %.200R", base, shown);
  return r;
}

/** A new int from a str, in `base` (0: by its prefix). Null with ValueError or MemoryError. */
export function PyLong_FromUnicodeObject(s: usize, base: i32): usize {
  const ascii = transformDecimalAndSpaceToASCII(s);
  if (ascii == 0) return 0;
  const r = fromAscii(U.data(ascii), U.length(ascii), base, s);
  Py.DECREF(ascii);
  return r;
}

/** A new int from `n` bytes of text at `p`, as int(bytes) reads them. Null with ValueError or MemoryError. */
function _PyLong_FromBytes(p: usize, n: isize, base: i32): usize {
  const shown = PyBytes_FromStringAndSize(p, n);
  if (shown == 0) return 0;
  const r = fromAscii(p, n, base, shown);
  Py.DECREF(shown);
  return r;
}

/** int(bytes or bytearray, base): a new reference, or null with ValueError or MemoryError. */
export function PyLong_FromBytesLike(o: usize, base: i32): usize {
  return _PyLong_FromBytes(BytesLike.data(o), Py.SIZE(o), base);
}

function longNew(type: usize, x: usize, obase: usize): usize {
  if (type != PyLong_Type) return subtypeNew(type, x, obase);
  if (x == 0) {
    if (obase != 0) return PyErr_SetString(PyExc_TypeError, "int() missing string argument");
    return Long.small(0);
  }
  if (obase == 0) return PyNumber_Long(x);
  const base = PyNumber_AsSsize_t(obase, 0);
  if (base == -1 && PyErr_Occurred()) return 0;
  if ((base != 0 && base < 2) || base > 36) {
    return PyErr_SetString(PyExc_ValueError, "int() base must be >= 2 and <= 36, or 0");
  }
  if (Py.check(x, Py_TPFLAGS_UNICODE_SUBCLASS)) return PyLong_FromUnicodeObject(x, base);
  if (BytesLike.isBytes(x) || ByteArray.check(x)) return PyLong_FromBytesLike(x, base);
  PyErr_SetString(PyExc_TypeError, "int() can't convert non-string with explicit base");
  return 0;
}

function subtypeNew(type: usize, x: usize, obase: usize): usize {
  const value = longNew(PyLong_Type, x, obase);
  if (value == 0) return 0;
  // Room for a digit even where there is none, as everywhere.
  const n = max<isize>(Long.ndigits(value), 1);
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, n);
  if (o != 0) {
    PyLongObject.at(o).lv_tag = PyLongObject.at(value).lv_tag;
    memory.copy(Long.digits(o), Long.digits(value), (<usize>n) << 2);
  }
  Py.DECREF(value);
  return o;
}

function long_new(type: usize, args: usize, kwds: usize): usize {
  const out = Scratch.take(2);
  const ok = parseTupleAndKeywords("int", "- base", args, kwds, out, 0, 2);
  const x = Py.item(out, 0);
  const base = Py.item(out, 1);
  Scratch.give(out);
  return ok ? longNew(type, x, base) : 0;
}

function long_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = <isize>(nargsf & 0x7fffffff);
  if (kwnames != 0 && Py.SIZE(kwnames) > 0) {
    const out = Scratch.take(2);
    const ok = parseArguments("int", "- base", argv, nargs, kwnames, out, 0, 2);
    const x = Py.item(out, 0);
    const base = Py.item(out, 1);
    Scratch.give(out);
    return ok ? longNew(type, x, base) : 0;
  }
  if (nargs == 0) return Long.small(0);
  if (nargs == 1) return PyNumber_Long(Py.item(argv, 0));
  if (nargs == 2) return longNew(type, Py.item(argv, 0), Py.item(argv, 1));
  return PyErr_Format(PyExc_TypeError, "int expected at most 2 arguments, got %d", nargs);
}

function long_float(o: usize): usize {
  const v = PyLong_AsDouble(o);
  return v == -1 && PyErr_Occurred() ? 0 : PyFloat_FromDouble(v);
}

function long_bool(o: usize): i32 {
  return Long.isZero(o) ? 0 : 1;
}

/** tp_dealloc of int. Shared ints come back where their count was unbalanced. */
function long_dealloc(o: usize): void {
  if (Py.IS_TYPE(o, PyLong_Type) && Long.isCompact(o) && Long.isSmall(Long.compactValue(o))) {
    if (o == Long.small(Long.compactValue(o))) {
      store<u64>(o, 0xffffffff);
      return;
    }
  }
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/**
 * @native int.conjugate
 *
 * The number itself: there is no imaginary part.
 *
 * @native int.__trunc__
 *
 * Nothing to cut off: the number.
 *
 * @native int.__floor__
 *
 * Nothing to round down: the number.
 *
 * @native int.__ceil__
 *
 * Nothing to round up: the number.
 */
export function int_method_long(o: usize, _: usize): usize {
  return long_long(o);
}

/**
 * @native int.bit_length($self, /)
 *
 * How many binary digits self has, sign and leading zeros aside.
 *
 * >>> (1000).bit_length()
 * 10
 */
export function int_bit_length(o: usize, _: usize): usize {
  return PyLong_FromLongLong(bitLength(o));
}

/**
 * @native int.bit_count($self, /)
 *
 * How many of the binary digits of abs(self) are 1.
 *
 * Where the digits are flags it is the number of those flags that are set.
 *
 * >>> (0b10110).bit_count()
 * 3
 */
export function int_bit_count(o: usize, _: usize): usize {
  let count: i64 = 0;
  for (let i = Long.ndigits(o) - 1; i >= 0; i--) count += popcnt<u32>(Long.digit(o, i));
  return PyLong_FromLongLong(count);
}

/**
 * @native int.as_integer_ratio($self, /)
 *
 * The number as a fraction: itself over 1.
 *
 * The floats have the same method, so that the same code can work with both of them.
 *
 * >>> (42).as_integer_ratio()
 * (42, 1)
 * >>> True.as_integer_ratio()
 * (1, 1)
 * >>> (-8).as_integer_ratio()
 * (-8, 1)
 */
export function int_as_integer_ratio(o: usize, _: usize): usize {
  const n = long_long(o);
  if (n == 0) return 0;
  const r = PyTuple_Pack2(n, Long.small(1));
  Py.DECREF(n);
  return r;
}

/**
 * @native int.is_integer($self, /)
 *
 * Always True, so that ints can stand where floats are expected.
 */
export function int_is_integer(_o: usize, _: usize): usize {
  return _Py_TrueStruct;
}

/**
 * @native int.__getnewargs__($self, /)
 */
export function int_getnewargs(o: usize, _: usize): usize {
  const n = _PyLong_Copy(o);
  if (n == 0) return 0;
  const r = PyTuple_Pack1(n);
  Py.DECREF(n);
  return r;
}

/**
 * @native int.__sizeof__($self, /)
 *
 * How many bytes the digits need.
 */
export function int_sizeof(o: usize, _: usize): usize {
  const type = PyTypeObject.at(Py.TYPE(o));
  return PyLong_FromLong(type.tp_basicsize + type.tp_itemsize * max<isize>(Long.ndigits(o), 1));
}

/** 0 big, 1 little; -1 with ValueError. Null is big. */
function littleEndian(byteorder: usize): i32 {
  if (byteorder == 0 || PyUnicode_EqualToLiteral(byteorder, "big")) return 0;
  if (PyUnicode_EqualToLiteral(byteorder, "little")) return 1;
  return PyErr_Fail(PyExc_ValueError, "byteorder must be either 'little' or 'big'");
}

/**
 * @native int.to_bytes($self, /, length=1, byteorder='big', *, signed=False)
 *
 * The number as bytes.
 *
 *   length
 *     How many bytes to make; OverflowError where the number needs more.
 *   byteorder
 *     'big' puts the most significant byte first, 'little' puts it last; sys.byteorder is the machine's own order.
 *   signed
 *     Whether negative numbers are allowed, written in two's complement. Without it they raise OverflowError.
 *
 * >>> (1000).to_bytes(2)
 * b'\x03\xe8'
 * >>> (-2).to_bytes(4, 'little', signed=True)
 * b'\xfe\xff\xff\xff'
 *
 * int.from_bytes() is the way back. What a number needs is (n.bit_length() + 7) // 8 bytes, and one bit more where it has a sign; a longer field is filled with zeros in front, or ones below zero.
 */
export function int_to_bytes(o: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const out = Scratch.take(3);
  const ok = parseArguments("to_bytes", "length byteorder signed", argv, nargs, kwnames, out, 0, 2);
  const lengthArgument = Py.item(out, 0);
  const orderArgument = Py.item(out, 1);
  const signedArgument = Py.item(out, 2);
  Scratch.give(out);
  if (!ok) return 0;
  const length = lengthArgument == 0 ? 1 : ssizeArgument(lengthArgument);
  if (length == -1 && PyErr_Occurred()) return 0;
  if (orderArgument != 0 && !strArgument(orderArgument, "to_bytes", "argument 'byteorder'")) return 0;
  const signed = signedArgument == 0 ? 0 : PyObject_IsTrue(signedArgument);
  if (signed < 0) return 0;
  const little = littleEndian(orderArgument);
  if (little < 0) return 0;
  if (length < 0) return PyErr_SetString(PyExc_ValueError, "length argument must be non-negative");
  if (!signed && Long.isNegative(o)) {
    return PyErr_SetString(PyExc_OverflowError, "can't convert negative int to unsigned");
  }
  if (!fitsBytes(o, length, signed != 0)) return PyErr_SetString(PyExc_OverflowError, "int too big to convert");
  // Filled in aside: a single byte is shared.
  const p = PyMem_Malloc(<usize>length);
  if (p == 0) return PyErr_NoMemory();
  _PyLong_AsByteArray(o, p, length, little != 0);
  const r = PyBytes_FromStringAndSize(p, length);
  PyMem_Free(p);
  return r;
}

/**
 * @classmethod int.from_bytes($type, /, bytes, byteorder='big', *, signed=False)
 *
 * The number that bytes spell.
 *
 *   bytes
 *     Something that has a buffer, or an iterable of numbers from 0 to 255.
 *   byteorder
 *     'big' where the most significant byte comes first, 'little' where it comes last; sys.byteorder is the machine's own order.
 *   signed
 *     Whether the highest bit is a sign, as in two's complement. Without it no number is negative.
 *
 * >>> int.from_bytes(b'\x03\xe8')
 * 1000
 * >>> int.from_bytes(b'\xfe\xff', 'little', signed=True)
 * -2
 *
 * int.to_bytes() is the way back. As a class method it makes an instance of the class that it is called on, so that a subclass of int gets its own. No bytes at all are the number 0.
 */
export function int_from_bytes(type: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const out = Scratch.take(3);
  const ok = parseArguments("from_bytes", "bytes byteorder signed", argv, nargs, kwnames, out, 1, 2);
  const source = Py.item(out, 0);
  const orderArgument = Py.item(out, 1);
  const signedArgument = Py.item(out, 2);
  Scratch.give(out);
  if (!ok) return 0;
  if (orderArgument != 0 && !strArgument(orderArgument, "from_bytes", "argument 'byteorder'")) return 0;
  const signed = signedArgument == 0 ? 0 : PyObject_IsTrue(signedArgument);
  if (signed < 0) return 0;
  const little = littleEndian(orderArgument);
  if (little < 0) return 0;
  const bytes = PyObject_Bytes(source);
  if (bytes == 0) return 0;
  let r = _PyLong_FromByteArray(PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes), little != 0, signed != 0);
  Py.DECREF(bytes);
  if (r != 0 && type != PyLong_Type) {
    const made = PyObject_CallOneArg(type, r);
    Py.DECREF(r);
    r = made;
  }
  return r;
}

/** The multiple of b (positive) nearest to a, the even one in the middle: a new int. Null with an exception. */
function nearestMultiple(a: usize, b: usize): usize {
  const out = Scratch.take(2);
  const ok = floorDivmod(a, b, out);
  const q = divmodresult.at(out).quotient;
  const rest = divmodresult.at(out).rest;
  Scratch.give(out);
  if (!ok) return 0;
  const twice = _PyLong_Add(rest, rest);
  Py.DECREF(rest);
  let r: usize = 0;
  if (twice != 0) {
    const c = long_compare(twice, b);
    Py.DECREF(twice);
    const odd = !Long.isZero(q) && (Long.digit(q, 0) & 1) != 0;
    const up = c > 0 || (c == 0 && odd);
    const nearest = up ? _PyLong_Add(q, Long.small(1)) : Py.NewRef(q);
    if (nearest != 0) {
      r = _PyLong_Multiply(nearest, b);
      Py.DECREF(nearest);
    }
  }
  Py.DECREF(q);
  return r;
}

/**
 * @native int.__round__($self, ndigits=<unrepresentable>, /)
 *
 * The number, already whole.
 *
 * A negative ndigits rounds to tens, hundreds and so on, ties to even.
 */
export function int_round(o: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("__round__", nargs, 0, 1)) return 0;
  if (nargs == 0) return long_long(o);
  const n = PyNumber_Index(Py.item(argv, 0));
  if (n == 0) return 0;
  if (!Long.isNegative(n)) {
    Py.DECREF(n);
    return long_long(o);
  }
  const places = long_neg(n);
  Py.DECREF(n);
  if (places == 0) return 0;
  const scale = long_pow(Long.small(10), places, _Py_NoneStruct);
  Py.DECREF(places);
  if (scale == 0) return 0;
  const r = nearestMultiple(o, scale);
  Py.DECREF(scale);
  return r;
}

/**
 * @native int.__format__($self, format_spec, /)
 *
 * The value as text in the format described.
 */
export function int_format(o: usize, spec: usize): usize {
  if (!strArgument(spec, "__format__", "argument")) return 0;
  return formatLong(o, spec);
}

/**
 * @getter int.real
 *
 * the part that is not imaginary
 *
 * @getter int.numerator
 *
 * as a fraction: what stands above the line
 */
export function int_get_numerator(o: usize, _closure: usize): usize {
  return long_long(o);
}

/**
 * @getter int.imag
 *
 * the factor of the imaginary unit
 */
export function int_get_zero(_o: usize, _closure: usize): usize {
  return Long.small(0);
}

/**
 * @getter int.denominator
 *
 * as a fraction: what stands below the line
 */
export function int_get_one(_o: usize, _closure: usize): usize {
  return Long.small(1);
}

/**
 * @type int
 * @order conjugate bit_length bit_count to_bytes from_bytes as_integer_ratio __trunc__ __floor__ __ceil__
 * @order __round__ __getnewargs__ __format__ __sizeof__ is_integer real imag numerator denominator
 *
 * int(x=0): x as a whole number
 * int(text, base=10): the number that the text spells
 *
 * A number that is not whole loses its fraction: int(-2.9) is -2. Other objects say their value by __int__, __index__ or __trunc__.
 *
 * Text is a str, bytes or bytearray with a sign, where wanted, digits, and single underscores between them; blanks around it are ignored. The base is 2 to 36. With base 0 the text says it by itself, as in a program: 0b101, 0o17, 0xff, and decimal otherwise. Very long decimal texts are refused, see sys.set_int_max_str_digits().
 */

/** Fills the type's slots and tables. */
export function initLongType(): void {
  const t = PyTypeObject.at(PyLong_Type);
  t.tp_basicsize = PyLongObject_first_digit;
  t.tp_itemsize = 4;
  t.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_LONG_SUBCLASS | _Py_TPFLAGS_MATCH_SELF;
  t.tp_dealloc = long_dealloc.index;
  t.tp_repr = long_to_decimal_string.index;
  t.tp_hash = long_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_richcompare = long_richcompare.index;
  t.tp_new = long_new.index;
  t.tp_free = PyObject_Del.index;
  t.tp_vectorcall = long_vectorcall.index;
  const n = PyNumberMethods.at(asNumber(PyLong_Type));
  n.nb_add = long_add.index;
  n.nb_subtract = long_sub.index;
  n.nb_multiply = long_mul.index;
  n.nb_remainder = long_mod.index;
  n.nb_divmod = long_divmod.index;
  n.nb_power = long_pow.index;
  n.nb_negative = long_neg.index;
  n.nb_positive = long_long.index;
  n.nb_absolute = long_abs.index;
  n.nb_bool = long_bool.index;
  n.nb_invert = long_invert.index;
  n.nb_lshift = long_lshift.index;
  n.nb_rshift = long_rshift.index;
  n.nb_and = long_and.index;
  n.nb_xor = long_xor.index;
  n.nb_or = long_or.index;
  n.nb_int = long_long.index;
  n.nb_float = long_float.index;
  n.nb_floor_divide = long_floordiv.index;
  n.nb_true_divide = long_truediv.index;
  n.nb_index = long_long.index;
}
