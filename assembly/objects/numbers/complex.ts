// complex (CPython 3.13's Objects/complexobject.c). Operations of two results leave them in a complexvalue in scratch
// memory.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_LONG_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  complexoperands,
  complexvalue,
  floattext,
  formatspec,
  PyComplexObject,
  PyNumberMethods,
  PyTypeObject,
  SIZEOF_PyComplexObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  ID,
  PyComplex_Type,
  PyExc_DeprecationWarning,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyExc_ZeroDivisionError,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { Scratch } from "../../thread/scratch";
import { PyTuple_Pack2 } from "../containers/tuple";
import { parseTupleAndKeywords, strArgument } from "../define/args";
import { asNumber } from "../define/tables";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { warnObject } from "../errors/warnings";
import { _PyObject_New, PyObject_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_CallNoArgs } from "../object/call";
import { Py_EQ, Py_NE } from "../object/flags";
import { Py } from "../object/head";
import { PyObject_RichCompare } from "../protocol/compare";
import { PyObject_Str } from "../protocol/text";
import { U } from "../text/access";
import { PyTypeName } from "../text/concat";
import { leftPadding, parseSpec, SPEC_SLOTS, unknownType, writeNumber } from "../text/format/formatspec";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { Writer, writeFill, writerDiscard, writerFinish, writeStr } from "../text/format/writer";
import { transformDecimalAndSpaceToASCII } from "../text/properties";
import { _PyObject_LookupSpecial, PyType_IsSubtype } from "../types/lookup";
import { boolObject } from "./bool";
import { _Py_HashDouble, Float, PyFloat_AsDouble, PyFloat_FromDouble } from "./float/float";
import {
  doubleToString,
  FLOAT_ALT,
  FLOAT_NO_NEG_0,
  FLOAT_SIGN,
  parseFloatPrefix,
  stripUnderscores,
  writeFloat,
} from "./float/text";
import { PyLong_AsDouble } from "./int/create";

class Complex {
  @inline static real(o: usize): f64 {
    return PyComplexObject.at(o).real;
  }
  @inline static imag(o: usize): f64 {
    return PyComplexObject.at(o).imag;
  }
  @inline static check(o: usize): bool {
    return Py.IS_TYPE(o, PyComplex_Type) || PyType_IsSubtype(Py.TYPE(o), PyComplex_Type);
  }
}

/** A new complex number. Null with MemoryError. */
export function PyComplex_FromDoubles(real: f64, imag: f64): usize {
  const o = _PyObject_New(PyComplex_Type);
  if (o == 0) return 0;
  PyComplexObject.at(o).real = real;
  PyComplexObject.at(o).imag = imag;
  return o;
}

class Value {
  /** Sets the complexvalue at `v`. */
  @inline static set(v: usize, real: f64, imag: f64): void {
    complexvalue.at(v).real = real;
    complexvalue.at(v).imag = imag;
  }
}

/** Reads an operand into the complexvalue at `out`: 1; 0 where it is no number; -1 with an exception. */
function operand(o: usize, out: usize): i32 {
  if (Complex.check(o)) {
    Value.set(out, Complex.real(o), Complex.imag(o));
    return 1;
  }
  const value = complexvalue.at(out);
  value.imag = 0;
  if (Py.check(o, Py_TPFLAGS_LONG_SUBCLASS)) {
    const v = PyLong_AsDouble(o);
    if (v == -1 && PyErr_Occurred()) return -1;
    value.real = v;
    return 1;
  }
  if (Float.check(o)) {
    value.real = Float.value(o);
    return 1;
  }
  return 0;
}

/**
 * Both operands, a complexoperands in scratch slots, which the caller gives back; null where one is refused: see
 * refused().
 */
function operands(a: usize, b: usize): usize {
  const s = Scratch.take(4);
  let r = operand(a, s);
  if (r > 0) r = operand(b, complexoperands.at(s).right);
  if (r > 0) return s;
  Scratch.give(s);
  return 0;
}

class Operands {
  @inline static left(s: usize): complexvalue {
    return complexvalue.at(complexoperands.at(s).left);
  }
  @inline static right(s: usize): complexvalue {
    return complexvalue.at(complexoperands.at(s).right);
  }
}

/** What an operation returns whose operands were refused. */
function refused(): usize {
  return PyErr_Occurred() ? 0 : _Py_NotImplementedStruct;
}

function complex_add(a: usize, b: usize): usize {
  const s = operands(a, b);
  if (s == 0) return refused();
  const l = Operands.left(s);
  const r = Operands.right(s);
  const re = l.real + r.real;
  const im = l.imag + r.imag;
  Scratch.give(s);
  return PyComplex_FromDoubles(re, im);
}

function complex_sub(a: usize, b: usize): usize {
  const s = operands(a, b);
  if (s == 0) return refused();
  const l = Operands.left(s);
  const r = Operands.right(s);
  const re = l.real - r.real;
  const im = l.imag - r.imag;
  Scratch.give(s);
  return PyComplex_FromDoubles(re, im);
}

function complex_mul(a: usize, b: usize): usize {
  const s = operands(a, b);
  if (s == 0) return refused();
  const ar = Operands.left(s).real;
  const ai = Operands.left(s).imag;
  const br = Operands.right(s).real;
  const bi = Operands.right(s).imag;
  Scratch.give(s);
  return PyComplex_FromDoubles(ar * br - ai * bi, ar * bi + ai * br);
}

/** (ar + ai j) / (br + bi j) into the complexvalue at `out`; false where the divisor is 0. */
export function complexQuotient(ar: f64, ai: f64, br: f64, bi: f64, out: usize): bool {
  const size = abs(br);
  const sizeImag = abs(bi);
  if (size >= sizeImag) {
    if (size == 0) return false;
    const ratio = bi / br;
    const d = br + bi * ratio;
    Value.set(out, (ar + ai * ratio) / d, (ai - ar * ratio) / d);
  } else if (sizeImag >= size) {
    const ratio = br / bi;
    const d = br * ratio + bi;
    Value.set(out, (ar * ratio + ai) / d, (ai * ratio - ar) / d);
  } else {
    Value.set(out, NaN, NaN);
  }
  return true;
}

function complex_div(a: usize, b: usize): usize {
  const s = operands(a, b);
  if (s == 0) return refused();
  const l = Operands.left(s);
  const r = Operands.right(s);
  const ok = complexQuotient(l.real, l.imag, r.real, r.imag, s);
  const re = l.real;
  const im = l.imag;
  Scratch.give(s);
  if (ok) return PyComplex_FromDoubles(re, im);
  return PyErr_SetString(PyExc_ZeroDivisionError, "complex division by zero");
}

/** Whole powers up to 100 by multiplication, others by logarithm. */
function powerByInteger(ar: f64, ai: f64, n: i64, out: usize): bool {
  let rr: f64 = 1;
  let ri: f64 = 0;
  let pr = ar;
  let pi = ai;
  for (let m = abs<i64>(n); m > 0; m >>= 1) {
    if (m & 1) {
      const t = rr * pr - ri * pi;
      ri = rr * pi + ri * pr;
      rr = t;
    }
    const t = pr * pr - pi * pi;
    pi = pr * pi + pi * pr;
    pr = t;
  }
  if (n > 0 || n == 0) {
    Value.set(out, rr, ri);
    return true;
  }
  return complexQuotient(1, 0, rr, ri, out);
}

/** nb_power of complex; float's power comes here for a negative base. */
export function complex_pow(a: usize, b: usize, modulus: usize): usize {
  const s = operands(a, b);
  if (s == 0) return refused();
  const ar = Operands.left(s).real;
  const ai = Operands.left(s).imag;
  const br = Operands.right(s).real;
  const bi = Operands.right(s).imag;
  if (modulus != _Py_NoneStruct) {
    Scratch.give(s);
    return PyErr_SetString(PyExc_ValueError, "complex modulo");
  }
  let ok: bool = true;
  if (bi == 0 && br == floor(br) && abs(br) <= 100) ok = powerByInteger(ar, ai, <i64>br, s);
  else if (br == 0 && bi == 0) {
    Value.set(s, 1, 0);
  } else if (ar == 0 && ai == 0) {
    ok = bi == 0 && br >= 0;
    Value.set(s, 0, 0);
  } else {
    const size = NativeMath.hypot(ar, ai);
    let length = NativeMath.pow(size, br);
    const at = NativeMath.atan2(ai, ar);
    let phase = at * br;
    if (bi != 0) {
      length *= NativeMath.exp(-at * bi);
      phase += bi * NativeMath.log(size);
    }
    Value.set(s, length * NativeMath.cos(phase), length * NativeMath.sin(phase));
  }
  const re = Operands.left(s).real;
  const im = Operands.left(s).imag;
  Scratch.give(s);
  if (!ok) return PyErr_SetString(PyExc_ZeroDivisionError, "0.0 to a negative or complex power");
  const finiteInput = ar - ar == 0 && ai - ai == 0 && br - br == 0 && bi - bi == 0;
  if (finiteInput && (abs(re) == Infinity || abs(im) == Infinity)) {
    return PyErr_SetString(PyExc_OverflowError, "complex exponentiation");
  }
  return PyComplex_FromDoubles(re, im);
}

function complex_neg(o: usize): usize {
  return PyComplex_FromDoubles(-Complex.real(o), -Complex.imag(o));
}

function complex_pos(o: usize): usize {
  if (Py.IS_TYPE(o, PyComplex_Type)) return Py.NewRef(o);
  return PyComplex_FromDoubles(Complex.real(o), Complex.imag(o));
}

function complex_abs(o: usize): usize {
  const re = Complex.real(o);
  const im = Complex.imag(o);
  const size = abs(re) == Infinity || abs(im) == Infinity ? Infinity : NativeMath.hypot(re, im);
  if (size == Infinity && re - re == 0 && im - im == 0) {
    return PyErr_SetString(PyExc_OverflowError, "absolute value too large");
  }
  return PyFloat_FromDouble(size);
}

function complex_bool(o: usize): i32 {
  return Complex.real(o) != 0 || Complex.imag(o) != 0 ? 1 : 0;
}

function complex_hash(o: usize): i64 {
  const h = <u64>_Py_HashDouble(o, Complex.real(o)) + 1000003 * <u64>_Py_HashDouble(o, Complex.imag(o));
  return h == <u64>-1 ? -2 : <i64>h;
}

function complex_richcompare(a: usize, b: usize, op: i32): usize {
  if (op != Py_EQ && op != Py_NE) return _Py_NotImplementedStruct;
  let equal: bool = false;
  if (Complex.check(b)) equal = Complex.real(a) == Complex.real(b) && Complex.imag(a) == Complex.imag(b);
  else if (Float.check(b)) equal = Complex.real(a) == Float.value(b) && Complex.imag(a) == 0;
  else if (Py.check(b, Py_TPFLAGS_LONG_SUBCLASS)) {
    // Through float's comparison, which is exact.
    if (Complex.imag(a) == 0) {
      const re = PyFloat_FromDouble(Complex.real(a));
      if (re == 0) return 0;
      const r = PyObject_RichCompare(re, b, op);
      Py.DECREF(re);
      return r;
    }
  } else return _Py_NotImplementedStruct;
  return boolObject(equal == (op == Py_EQ));
}

function complex_repr(o: usize): usize {
  const re = Complex.real(o);
  const w = Writer.begin(0);
  // A real part of positive zero is left out, and the parentheses with it.
  const bare = re == 0 && reinterpret<u64>(re) == 0;
  let ok = bare ? 0 : Writer.char(w, 0x28);
  if (ok == 0 && !bare) ok = writeFloat(w, re, 0x72, 0, 0);
  if (ok == 0) ok = writeFloat(w, Complex.imag(o), 0x72, 0, bare ? 0 : FLOAT_SIGN);
  if (ok == 0) ok = Writer.char(w, 0x6a);
  if (ok == 0 && !bare) ok = Writer.char(w, 0x29);
  return ok == 0 ? writerFinish(w) : writerDiscard(w);
}

function writePart(w: usize, v: f64, s: usize, type: u32, precision: i32, flags: i32, sign: u32): i32 {
  const block = doubleToString(v, type, precision, flags);
  if (block == 0) return -1;
  let p = floattext.at(block).text;
  let n: isize = floattext.at(block).length;
  const negative = n > 0 && load<u8>(p) == 0x2d;
  if (negative) {
    p++;
    n--;
  }
  let whole: isize = 0;
  while (whole < n && load<u8>(p + <usize>whole) - 48 < 10) whole++;
  // The parts are not padded: the number is, as a whole.
  const spec = formatspec.at(s);
  const width = spec.width;
  const asked = spec.sign;
  const fill = spec.fill;
  spec.width = -1;
  spec.sign = sign;
  spec.fill = 0x20;
  const r = writeNumber(w, s, negative, 0, 0, p, whole, p + <usize>whole, n - whole);
  spec.width = width;
  spec.sign = asked;
  spec.fill = fill;
  PyMem_Free(block);
  return r;
}

function writeFormatted(w: usize, o: usize, s: usize): i32 {
  const spec = formatspec.at(s);
  if (spec.fill == 0x30) {
    PyErr_SetString(PyExc_ValueError, "Zero padding is not allowed in complex format specifier");
    return -1;
  }
  if (spec.align == 0x3d) {
    PyErr_SetString(PyExc_ValueError, "'=' alignment flag is not allowed in complex format specifier");
    return -1;
  }
  let type = spec.type;
  let precision = spec.precision;
  const re = Complex.real(o);
  const flags = (spec.alternate ? FLOAT_ALT : 0) | (spec.no_negative_zero ? FLOAT_NO_NEG_0 : 0);
  let bare: bool = false;
  let parentheses: bool = false;
  let missing = 6;
  if (type == 0) {
    type = 0x72;
    missing = 0;
    bare = re == 0 && reinterpret<u64>(re) == 0;
    parentheses = !bare;
  }
  if (type == 0x6e) type = 0x67;
  if (precision < 0) precision = missing;
  else if (type == 0x72) type = 0x67;
  const inner = Writer.begin(0);
  let ok = parentheses ? Writer.char(inner, 0x28) : 0;
  if (ok == 0 && !bare) ok = writePart(inner, re, s, type, precision, flags, spec.sign);
  if (ok == 0) ok = writePart(inner, Complex.imag(o), s, type, precision, flags, bare ? spec.sign : 0x2b);
  if (ok == 0) ok = Writer.char(inner, 0x6a);
  if (ok == 0 && parentheses) ok = Writer.char(inner, 0x29);
  const text = ok == 0 ? writerFinish(inner) : writerDiscard(inner);
  if (text == 0) return -1;
  const n = U.length(text);
  const left = leftPadding(s, n);
  const right = max<isize>(spec.width - n, 0) - left;
  ok = writeFill(w, spec.fill, left);
  if (ok == 0) ok = writeStr(w, text);
  if (ok == 0) ok = writeFill(w, spec.fill, right);
  Py.DECREF(text);
  return ok;
}

/**
 * @native complex.__format__($self, format_spec, /)
 *
 * The value as text in the format described.
 */
export function complex___format__(o: usize, spec: usize): usize {
  if (!strArgument(spec, "__format__", "argument")) return 0;
  if (U.length(spec) == 0) return PyObject_Str(o);
  const s = Scratch.take(SPEC_SLOTS);
  const w = Writer.begin(0);
  let ok = parseSpec(o, spec, s, 0, 0x3e) ? 0 : -1;
  if (ok == 0) {
    switch (formatspec.at(s).type) {
      case 0:
      case 0x65: // e
      case 0x45: // E
      case 0x66: // f
      case 0x46: // F
      case 0x67: // g
      case 0x47: // G
      case 0x6e: // n
        ok = writeFormatted(w, o, s);
        break;
      default:
        ok = unknownType(o, formatspec.at(s).type);
    }
  }
  const r = ok == 0 ? writerFinish(w) : writerDiscard(w);
  Scratch.give(s);
  return r;
}

/**
 * @native complex.conjugate($self, /)
 *
 * The number mirrored at the real axis: (1+2j).conjugate() gives 1-2j as (1-2j).
 */
export function complex_conjugate(o: usize, _: usize): usize {
  return PyComplex_FromDoubles(Complex.real(o), -Complex.imag(o));
}

/**
 * @native complex.__complex__($self, /)
 *
 * The same value, a complex and not a subclass.
 */
export function complex_complex(o: usize, _: usize): usize {
  return complex_pos(o);
}

/**
 * @native complex.__getnewargs__($self, /)
 */
export function complex_getnewargs(o: usize, _: usize): usize {
  const re = PyFloat_FromDouble(Complex.real(o));
  const im = re == 0 ? 0 : PyFloat_FromDouble(Complex.imag(o));
  const r = im == 0 ? 0 : PyTuple_Pack2(re, im);
  Py.XDECREF(re);
  Py.XDECREF(im);
  return r;
}

function isSpace(c: u32): bool {
  return c == 32 || (c >= 9 && c <= 13);
}

/** Reads ASCII text as a complex number into the slots at `out`; false where it is none. */
function parseText(p: usize, end: usize, out: usize): bool {
  while (p < end && isSpace(load<u8>(p))) p++;
  let parenthesis = false;
  if (p < end && load<u8>(p) == 0x28) {
    parenthesis = true;
    p++;
    while (p < end && isSpace(load<u8>(p))) p++;
  }
  let x: f64 = 0;
  let y: f64 = 0;
  let q = parseFloatPrefix(p, end, out);
  if (q != p) {
    p = q;
    const v = load<f64>(out);
    const c = p < end ? load<u8>(p) : 0;
    if (c == 0x2b || c == 0x2d) {
      // A real part; the imaginary part follows, perhaps only a sign.
      x = v;
      q = parseFloatPrefix(p, end, out);
      if (q != p) {
        y = load<f64>(out);
        p = q;
      } else {
        y = c == 0x2d ? -1 : 1;
        p++;
      }
      if (p >= end || (load<u8>(p) | 32) != 0x6a) return false;
      p++;
    } else if ((c | 32) == 0x6a) {
      p++;
      y = v;
    } else x = v;
  } else {
    y = 1;
    if (p < end && (load<u8>(p) == 0x2b || load<u8>(p) == 0x2d)) {
      y = load<u8>(p) == 0x2d ? -1 : 1;
      p++;
    }
    if (p >= end || (load<u8>(p) | 32) != 0x6a) return false;
    p++;
  }
  while (p < end && isSpace(load<u8>(p))) p++;
  if (parenthesis) {
    if (p >= end || load<u8>(p) != 0x29) return false;
    p++;
    while (p < end && isSpace(load<u8>(p))) p++;
  }
  Value.set(out, x, y);
  return p == end;
}

function fromText(type: usize, text: usize): usize {
  const ascii = transformDecimalAndSpaceToASCII(text);
  if (ascii == 0) return 0;
  const n = U.length(ascii);
  const copy = PyMem_Malloc(<usize>n + 1);
  if (copy == 0) {
    Py.DECREF(ascii);
    return PyErr_NoMemory();
  }
  const out = Scratch.take(2);
  let start: isize = 0;
  let end = n;
  // Underscores count between digits only; spaces around are not part of the number.
  while (start < end && isSpace(load<u8>(U.data(ascii) + <usize>start))) start++;
  while (end > start && isSpace(load<u8>(U.data(ascii) + <usize>end - 1))) end--;
  const length = stripUnderscores(copy, U.data(ascii) + <usize>start, end - start);
  if (length < 0) {
    Scratch.give(out);
    PyMem_Free(copy);
    Py.DECREF(ascii);
    return PyErr_Format(PyExc_ValueError, "could not convert string to complex: %R", text);
  }
  const ok = parseText(copy, copy + <usize>length, out);
  const re = complexvalue.at(out).real;
  const im = complexvalue.at(out).imag;
  Scratch.give(out);
  PyMem_Free(copy);
  Py.DECREF(ascii);
  if (ok) return newOf(type, re, im);
  return PyErr_SetString(PyExc_ValueError, "complex() arg is a malformed string");
}

function newOf(type: usize, re: f64, im: f64): usize {
  if (type == PyComplex_Type) return PyComplex_FromDoubles(re, im);
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, 0);
  if (o == 0) return 0;
  PyComplexObject.at(o).real = re;
  PyComplexObject.at(o).imag = im;
  return o;
}

/** What __complex__ gives, a complex; null without an exception where there is no such method. */
function tryComplexSpecial(o: usize): usize {
  if (Py.IS_TYPE(o, PyComplex_Type)) return Py.NewRef(o);
  const f = _PyObject_LookupSpecial(o, ID.__complex__);
  if (f == 0) return 0;
  const r = PyObject_CallNoArgs(f);
  Py.DECREF(f);
  if (r == 0 || Py.IS_TYPE(r, PyComplex_Type)) return r;
  if (!Complex.check(r)) {
    PyErr_Format(PyExc_TypeError, "__complex__ returned non-complex (type %.200s)", PyTypeName.of(r));
    Py.DECREF(r);
    return 0;
  }
  const text = PyUnicode_FromFormat(
    "__complex__ returned non-complex (type %.200s).  The ability to return an instance of a strict subclass of complex is deprecated, and may be removed in a future version of Python.",
    PyTypeName.of(r),
  );
  const warned = text == 0 ? -1 : warnObject(PyExc_DeprecationWarning, text, 1);
  Py.XDECREF(text);
  if (warned >= 0) return r;
  Py.DECREF(r);
  return 0;
}

/** Reads a number by __complex__, or as a float, into the complexvalue at `out`; false with an exception. */
export function PyComplex_AsCComplex(o: usize, out: usize): bool {
  const special = Complex.check(o) ? Py.NewRef(o) : tryComplexSpecial(o);
  if (special != 0) {
    Value.set(out, Complex.real(special), Complex.imag(special));
    Py.DECREF(special);
    return true;
  }
  if (PyErr_Occurred()) return false;
  const v = PyFloat_AsDouble(o);
  Value.set(out, v, 0);
  return v != -1 || !PyErr_Occurred();
}

/** Whether the object is a number by nb_float or nb_index. */
function isReal(o: usize): bool {
  const nb = PyTypeObject.at(Py.TYPE(o)).tp_as_number;
  return nb != 0 && (PyNumberMethods.at(nb).nb_float != 0 || PyNumberMethods.at(nb).nb_index != 0);
}

function complexNew(type: usize, r: usize, i: usize): usize {
  if (r != 0 && i == 0 && type == PyComplex_Type && Py.IS_TYPE(r, PyComplex_Type)) return Py.NewRef(r);
  if (r != 0 && Py.check(r, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    if (i != 0) return PyErr_SetString(PyExc_TypeError, "complex() can't take second arg if first is a string");
    return fromText(type, r);
  }
  if (i != 0 && Py.check(i, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "complex() second arg can't be a string");
  }
  let re: f64 = 0;
  let im: f64 = 0;
  let imFromReal: f64 = 0;
  let realIsComplex: bool = false;
  if (r != 0) {
    const special = tryComplexSpecial(r);
    if (special == 0 && PyErr_Occurred()) return 0;
    const number = special != 0 ? special : r;
    if (special == 0 && !isReal(r)) {
      return PyErr_Format(
        PyExc_TypeError,
        "complex() first argument must be a string or a number, not '%.200s'",
        PyTypeName.of(r),
      );
    }
    if (Complex.check(number)) {
      re = Complex.real(number);
      imFromReal = Complex.imag(number);
      realIsComplex = true;
      Py.XDECREF(special);
    } else {
      Py.XDECREF(special);
      re = PyFloat_AsDouble(r);
      if (re == -1 && PyErr_Occurred()) return 0;
    }
  }
  if (i != 0) {
    if (Complex.check(i)) {
      re -= Complex.imag(i);
      im = Complex.real(i);
    } else {
      if (!isReal(i)) {
        return PyErr_Format(
          PyExc_TypeError,
          "complex() second argument must be a number, not '%.200s'",
          PyTypeName.of(i),
        );
      }
      im = PyFloat_AsDouble(i);
      if (im == -1 && PyErr_Occurred()) return 0;
    }
  }
  if (realIsComplex) im = i == 0 ? imFromReal : im + imFromReal;
  return newOf(type, re, im);
}

function complex_new(type: usize, args: usize, kwds: usize): usize {
  const out = Scratch.take(2);
  const ok = parseTupleAndKeywords("complex", "real imag", args, kwds, out, 0, 2);
  const r = Py.item(out, 0);
  const i = Py.item(out, 1);
  Scratch.give(out);
  return ok ? complexNew(type, r, i) : 0;
}

/**
 * @type complex(real=0, imag=0)
 * @order conjugate __complex__ __getnewargs__ __format__
 *
 * A complex number, from a text or from its two parts.
 *
 * A text such as '1+2j' must be the only argument. Numbers are added up as real + imag*1j, so that one alone is simply converted to complex. Objects may say their value by __complex__, __float__ or __index__, tried in this order.
 *
 * @member complex.real = PyComplexObject.real readonly
 * the part that is not imaginary
 *
 * @member complex.imag = PyComplexObject.imag readonly
 * the factor of the imaginary unit
 */

/** Fills the type's slots and tables. */
export function initComplexType(): void {
  const t = PyTypeObject.at(PyComplex_Type);
  t.tp_basicsize = SIZEOF_PyComplexObject;
  t.tp_flags = Py_TPFLAGS_BASETYPE;
  t.tp_repr = complex_repr.index;
  t.tp_hash = complex_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_richcompare = complex_richcompare.index;
  t.tp_new = complex_new.index;
  t.tp_free = PyObject_Del.index;
  const n = PyNumberMethods.at(asNumber(PyComplex_Type));
  n.nb_add = complex_add.index;
  n.nb_subtract = complex_sub.index;
  n.nb_multiply = complex_mul.index;
  n.nb_power = complex_pow.index;
  n.nb_negative = complex_neg.index;
  n.nb_positive = complex_pos.index;
  n.nb_absolute = complex_abs.index;
  n.nb_bool = complex_bool.index;
  n.nb_true_divide = complex_div.index;
}
