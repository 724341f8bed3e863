// The codecs of Unicode's own forms, of ASCII and of Latin-1, as functions (CPython 3.13's Modules/_codecsmodule.c).

import { PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { decodeWide, PyUnicode_DecodeASCII, PyUnicode_DecodeLatin1 } from "../../objects/text/codecs/decode";
import { _PyUnicode_AsASCIIString, _PyUnicode_AsLatin1String, encodeWide } from "../../objects/text/codecs/encode";
import { PyUnicode_AsUTF8String, PyUnicode_DecodeUTF8Stateful } from "../../objects/text/codecs/utf8";
import { Scratch } from "../../thread/scratch";
import { codecResult, codecResultOfAll, errorsOf, isErrors, isText } from "./arguments";

/** Decodes UTF-8, UTF-16 or UTF-32, as `unit` is 1, 2 or 4: the pair of text and bytes used. */
function decode(fname: string, data: usize, errors: usize, unit: isize, order: i32, final: bool): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  if (!isErrors(errors, fname)) {
    Buffer.close(view);
    return 0;
  }
  const p = Buffer.data(view);
  const n = Buffer.length(view);
  const consumed = Scratch.take(1);
  store<i64>(consumed, n);
  const out = final ? 0 : consumed;
  const e = errorsOf(errors);
  const text = unit == 1 ? PyUnicode_DecodeUTF8Stateful(p, n, e, out) : decodeWide(p, n, e, unit, order, out);
  const used = load<i32>(consumed);
  Scratch.give(consumed);
  Buffer.close(view);
  return codecResult(text, used);
}

/** As decode, with the byte order that was in effect at the end as a third item. */
function decodeExtended(fname: string, data: usize, errors: usize, unit: isize, order: i32, final: bool): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  let found = order;
  if (order == 0 && Buffer.length(view) >= unit) {
    const p = Buffer.data(view);
    const mark = unit == 2 ? <u32>load<u16>(p) : load<u32>(p);
    found = mark == 0xfeff ? -1 : mark == (unit == 2 ? <u32>0xfffe : 0xfffe0000) ? 1 : 0;
  }
  Buffer.close(view);
  const pair = decode(fname, data, errors, unit, order, final);
  if (pair == 0) return 0;
  const r = PyTuple_New(3);
  if (r != 0) {
    Tuple.set(r, 0, Py.NewRef(Tuple.get(pair, 0)));
    Tuple.set(r, 1, Py.NewRef(Tuple.get(pair, 1)));
    Tuple.set(r, 2, PyLong_FromLong(found));
  }
  Py.DECREF(pair);
  return r;
}

/** Encodes to UTF-16 or UTF-32: the pair of bytes and characters. */
function encode(fname: string, str: usize, errors: usize, unit: i32, order: i32): usize {
  if (!isText(str, fname) || !isErrors(errors, fname)) return 0;
  return codecResult(encodeWide(str, errorsOf(errors), unit, order), U.length(str));
}

/**
 * @native _codecs.utf_8_encode($module, str, errors=None, /)
 */
export function utf_8_encode(_module: usize, str: usize, errors: usize): usize {
  if (!isText(str, "utf_8_encode") || !isErrors(errors, "utf_8_encode")) return 0;
  return codecResult(PyUnicode_AsUTF8String(str, errorsOf(errors)), U.length(str));
}

/**
 * @native _codecs.utf_8_decode($module, data, errors=None, final=False, /)
 */
export function utf_8_decode(_module: usize, data: usize, errors: usize, final: bool): usize {
  return decode("utf_8_decode", data, errors, 1, 0, final);
}

/**
 * @native _codecs.utf_16_encode($module, str, errors=None, byteorder=0, /)
 */
export function utf_16_encode(_module: usize, str: usize, errors: usize, byteorder: i32): usize {
  return encode("utf_16_encode", str, errors, 2, byteorder);
}

/**
 * @native _codecs.utf_16_le_encode($module, str, errors=None, /)
 */
export function utf_16_le_encode(_module: usize, str: usize, errors: usize): usize {
  return encode("utf_16_le_encode", str, errors, 2, -1);
}

/**
 * @native _codecs.utf_16_be_encode($module, str, errors=None, /)
 */
export function utf_16_be_encode(_module: usize, str: usize, errors: usize): usize {
  return encode("utf_16_be_encode", str, errors, 2, 1);
}

/**
 * @native _codecs.utf_16_decode($module, data, errors=None, final=False, /)
 */
export function utf_16_decode(_module: usize, data: usize, errors: usize, final: bool): usize {
  return decode("utf_16_decode", data, errors, 2, 0, final);
}

/**
 * @native _codecs.utf_16_le_decode($module, data, errors=None, final=False, /)
 */
export function utf_16_le_decode(_module: usize, data: usize, errors: usize, final: bool): usize {
  return decode("utf_16_le_decode", data, errors, 2, -1, final);
}

/**
 * @native _codecs.utf_16_be_decode($module, data, errors=None, final=False, /)
 */
export function utf_16_be_decode(_module: usize, data: usize, errors: usize, final: bool): usize {
  return decode("utf_16_be_decode", data, errors, 2, 1, final);
}

/**
 * @native _codecs.utf_16_ex_decode($module, data, errors=None, byteorder=0, final=False,
 *                  /)
 */
export function utf_16_ex_decode(_module: usize, data: usize, errors: usize, byteorder: i32, final: bool): usize {
  return decodeExtended("utf_16_ex_decode", data, errors, 2, byteorder, final);
}

/**
 * @native _codecs.utf_32_encode($module, str, errors=None, byteorder=0, /)
 */
export function utf_32_encode(_module: usize, str: usize, errors: usize, byteorder: i32): usize {
  return encode("utf_32_encode", str, errors, 4, byteorder);
}

/**
 * @native _codecs.utf_32_le_encode($module, str, errors=None, /)
 */
export function utf_32_le_encode(_module: usize, str: usize, errors: usize): usize {
  return encode("utf_32_le_encode", str, errors, 4, -1);
}

/**
 * @native _codecs.utf_32_be_encode($module, str, errors=None, /)
 */
export function utf_32_be_encode(_module: usize, str: usize, errors: usize): usize {
  return encode("utf_32_be_encode", str, errors, 4, 1);
}

/**
 * @native _codecs.utf_32_decode($module, data, errors=None, final=False, /)
 */
export function utf_32_decode(_module: usize, data: usize, errors: usize, final: bool): usize {
  return decode("utf_32_decode", data, errors, 4, 0, final);
}

/**
 * @native _codecs.utf_32_le_decode($module, data, errors=None, final=False, /)
 */
export function utf_32_le_decode(_module: usize, data: usize, errors: usize, final: bool): usize {
  return decode("utf_32_le_decode", data, errors, 4, -1, final);
}

/**
 * @native _codecs.utf_32_be_decode($module, data, errors=None, final=False, /)
 */
export function utf_32_be_decode(_module: usize, data: usize, errors: usize, final: bool): usize {
  return decode("utf_32_be_decode", data, errors, 4, 1, final);
}

/**
 * @native _codecs.utf_32_ex_decode($module, data, errors=None, byteorder=0, final=False,
 *                  /)
 */
export function utf_32_ex_decode(_module: usize, data: usize, errors: usize, byteorder: i32, final: bool): usize {
  return decodeExtended("utf_32_ex_decode", data, errors, 4, byteorder, final);
}

/**
 * @native _codecs.latin_1_encode($module, str, errors=None, /)
 */
export function latin_1_encode(_module: usize, str: usize, errors: usize): usize {
  if (!isText(str, "latin_1_encode") || !isErrors(errors, "latin_1_encode")) return 0;
  return codecResult(_PyUnicode_AsLatin1String(str, errorsOf(errors)), U.length(str));
}

/**
 * @native _codecs.latin_1_decode($module, data, errors=None, /)
 */
export function latin_1_decode(_module: usize, data: usize, errors: usize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const text = isErrors(errors, "latin_1_decode") ? PyUnicode_DecodeLatin1(Buffer.data(view), Buffer.length(view)) : 0;
  return codecResultOfAll(text, view);
}

/**
 * @native _codecs.ascii_encode($module, str, errors=None, /)
 */
export function ascii_encode(_module: usize, str: usize, errors: usize): usize {
  if (!isText(str, "ascii_encode") || !isErrors(errors, "ascii_encode")) return 0;
  return codecResult(_PyUnicode_AsASCIIString(str, errorsOf(errors)), U.length(str));
}

/**
 * @native _codecs.ascii_decode($module, data, errors=None, /)
 */
export function ascii_decode(_module: usize, data: usize, errors: usize): usize {
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const text = isErrors(errors, "ascii_decode")
    ? PyUnicode_DecodeASCII(Buffer.data(view), Buffer.length(view), errorsOf(errors))
    : 0;
  return codecResultOfAll(text, view);
}
