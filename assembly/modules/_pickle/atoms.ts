// Pickling of numbers, text and bytes (CPython 3.13's Modules/_pickle.c).

import { PicklerObject, Py_buffer, PyBytesObject } from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import { _Py_TrueStruct, empty_tuple, ID, PyByteArray_Type, PyBytes_Type } from "../../generated/statics";
import { ByteArray } from "../../objects/bytes/bytearray/bytearray";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte } from "../../objects/bytes/writer";
import { PyTuple_Pack1, PyTuple_Pack2 } from "../../objects/containers/tuple";
import { PyErr_Clear } from "../../objects/errors/raise";
import { Float } from "../../objects/numbers/float/float";
import { PyFloat_Pack8 } from "../../objects/numbers/float/pack";
import { floatRepr } from "../../objects/numbers/float/text";
import { bitLength, Long } from "../../objects/numbers/int/access";
import { _PyLong_AsByteArray, fitsBytes } from "../../objects/numbers/int/bytes";
import { longOverflow, longValue } from "../../objects/numbers/int/create";
import { PyBuffer_IsContiguous } from "../../objects/object/buffer";
import { PyObject_CallOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyObject_Repr } from "../../objects/protocol/text";
import { U } from "../../objects/text/access";
import { PyUnicode_DecodeLatin1 } from "../../objects/text/codecs/decode";
import { PyUnicode_AsUTF8, PyUnicode_AsUTF8String, PyUnicode_UTF8Length } from "../../objects/text/codecs/utf8";
import { Scratch } from "../../thread/scratch";
import {
  BINBYTES,
  BINFLOAT,
  BININT,
  BININT1,
  BININT2,
  BINUNICODE,
  BYTEARRAY8,
  FLOAT,
  INT,
  LONG,
  LONG1,
  LONG4,
  NEWFALSE,
  NEWTRUE,
  NEXT_BUFFER,
  READONLY_BUFFER,
  SHORT_BINBYTES,
  SHORT_BINUNICODE,
  UNICODE,
} from "./opcodes";
import { memoPut, picklingError, reserve, write, writeDecimal, writeOp, writePayload } from "./output";
import { pickleBufferView } from "./picklebuffer";
import { saveReduce } from "./reduce";

/** Writes True or False; -1 with MemoryError. */
export function saveBool(o: usize, obj: usize): i32 {
  const truth = obj == _Py_TrueStruct;
  if (PicklerObject.at(o).proto >= 2) return writeOp(o, truth ? NEWTRUE : NEWFALSE);
  const to = reserve(o, 4);
  if (to == 0) return -1;
  // I00 or I01, and the end of the line.
  store<u32>(to, truth ? 0x0a313049 : 0x0a303049);
  return 0;
}

/** Writes an int that fits in 32 bits. */
function saveSmall(o: usize, v: i32): i32 {
  if (PicklerObject.at(o).bin == 0) return writeOp(o, INT) < 0 ? -1 : writeDecimal(o, v);
  const bits = <u32>v;
  const to = reserve(o, bits > 0xffff ? 5 : bits > 0xff ? 3 : 2);
  if (to == 0) return -1;
  if (bits > 0xffff) {
    store<u8>(to, BININT);
    store<u32>(to + 1, bits);
  } else if (bits > 0xff) {
    store<u8>(to, BININT2);
    store<u16>(to + 1, <u16>bits);
  } else {
    store<u8>(to, BININT1);
    store<u8>(to + 1, <u8>bits);
  }
  return 0;
}

/** Writes an int; -1 with an exception. */
export function saveLong(o: usize, obj: usize): i32 {
  if (longOverflow(obj) == 0) {
    const v = longValue(obj);
    if (v >= i32.MIN_VALUE && v <= i32.MAX_VALUE) return saveSmall(o, <i32>v);
  }
  if (PicklerObject.at(o).proto < 2) {
    const text = PyObject_Repr(obj);
    if (text == 0) return -1;
    let status = writeOp(o, LONG);
    if (status == 0) status = write(o, U.data(text), U.length(text));
    Py.DECREF(text);
    return status < 0 || writeOp(o, 0x4c) < 0 ? -1 : writeOp(o, 0x0a);
  }
  // Two's complement, with room for a sign; the least number of a size needs none.
  const bytes = (bitLength(obj) >> 3) + 1;
  const n = <isize>(Long.isNegative(obj) && fitsBytes(obj, <isize>(bytes - 1), true) ? bytes - 1 : bytes);
  const header: isize = n < 256 ? 2 : 5;
  const to = reserve(o, header);
  if (to == 0) return -1;
  store<u8>(to, n < 256 ? LONG1 : LONG4);
  if (n < 256) store<u8>(to + 1, <u8>n);
  else store<u32>(to + 1, n);
  const digits = reserve(o, n);
  if (digits == 0) return -1;
  _PyLong_AsByteArray(obj, digits, n, true);
  return 0;
}

/** Writes a float; -1 with an exception. */
export function saveFloat(o: usize, obj: usize): i32 {
  const v = Float.value(obj);
  if (PicklerObject.at(o).bin != 0) {
    const to = reserve(o, 9);
    if (to == 0) return -1;
    store<u8>(to, BINFLOAT);
    PyFloat_Pack8(v, to + 1, false);
    return 0;
  }
  const text = floatRepr(v);
  if (text == 0) return -1;
  let status = writeOp(o, FLOAT);
  if (status == 0) status = write(o, U.data(text), U.length(text));
  Py.DECREF(text);
  return status < 0 ? -1 : writeOp(o, 0x0a);
}

/** Writes `n` bytes, with the opcode for few, for many or (protocol 4) for more; -1 with an exception. */
function saveSized(o: usize, few: u8, many: u8, data: usize, n: isize, payload: usize): i32 {
  const header = Scratch.take(1);
  const isFew = few != 0 && n < 256;
  store<u8>(header, isFew ? few : many);
  if (isFew) store<u8>(header + 1, <u8>n);
  else store<u32>(header + 1, n);
  const status = writePayload(o, header, isFew ? 2 : 5, data, n, payload);
  Scratch.give(header);
  return status;
}

/** Writes bytes, as protocols from 3 on do, and remembers the object; -1 with an exception. */
function saveBytesData(o: usize, obj: usize, data: usize, n: isize): i32 {
  return saveSized(o, SHORT_BINBYTES, BINBYTES, data, n, obj) < 0 ? -1 : memoPut(o, obj);
}

/** Writes the bytes of a bytearray, as protocol 5 does, and remembers the object; -1 with an exception. */
function saveByteArrayData(o: usize, obj: usize, data: usize, n: isize): i32 {
  const header = Scratch.take(2);
  store<u8>(header, BYTEARRAY8);
  store<u64>(header + 1, n);
  const status = writePayload(o, header, 9, data, n, obj);
  Scratch.give(header);
  return status < 0 ? -1 : memoPut(o, obj);
}

/** Writes how the object is made: a call with arguments, whose references are taken and may be null. */
export function saveMade(o: usize, obj: usize, callable: usize, args: usize): i32 {
  const value = args == 0 ? 0 : PyTuple_Pack2(callable, args);
  Py.XDECREF(args);
  if (value == 0) return -1;
  const status = saveReduce(o, value, obj);
  Py.DECREF(value);
  return status;
}

/** Writes bytes; -1 with an exception. */
export function saveBytes(o: usize, obj: usize): i32 {
  const data = PyBytesObject.at(obj).ob_sval;
  const n = Py.SIZE(obj);
  if (PicklerObject.at(o).proto >= 3) return saveBytesData(o, obj, data, n);
  // Python 2 has no such type: text that is encoded again.
  if (n == 0) return saveMade(o, obj, PyBytes_Type, empty_tuple);
  const text = PyUnicode_DecodeLatin1(data, n);
  if (text == 0) return -1;
  const args = PyTuple_Pack2(text, ID.latin1);
  Py.DECREF(text);
  return saveMade(o, obj, pickleRoots.codecs_encode, args);
}

/** Writes a bytearray; -1 with an exception. */
export function saveByteArray(o: usize, obj: usize): i32 {
  const n = ByteArray.size(obj);
  if (PicklerObject.at(o).proto >= 5) return saveByteArrayData(o, obj, ByteArray.data(obj), n);
  if (n == 0) return saveMade(o, obj, PyByteArray_Type, empty_tuple);
  const bytes = PyBytes_FromStringAndSize(ByteArray.data(obj), n);
  if (bytes == 0) return -1;
  const args = PyTuple_Pack1(bytes);
  Py.DECREF(bytes);
  return saveMade(o, obj, PyByteArray_Type, args);
}

/** Writes a PickleBuffer, or that it is elsewhere; -1 with an exception. */
export function savePickleBuffer(o: usize, obj: usize): i32 {
  const s = PicklerObject.at(o);
  if (s.proto < 5) return picklingError("PickleBuffer can only be pickled with protocol >= 5");
  const view = pickleBufferView(obj);
  if (view == 0) return -1;
  if (!PyBuffer_IsContiguous(view, false) && !PyBuffer_IsContiguous(view, true)) {
    return picklingError("PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
  }
  let inBand = 1;
  if (s.buffer_callback != 0) {
    const answer = PyObject_CallOneArg(s.buffer_callback, obj);
    if (answer == 0) return -1;
    inBand = PyObject_IsTrue(answer);
    Py.DECREF(answer);
    if (inBand < 0) return -1;
    // It may have been released.
    if (pickleBufferView(obj) == 0) return -1;
  }
  const v = Py_buffer.at(view);
  if (inBand) return v.readonly ? saveBytesData(o, obj, v.buf, v.len) : saveByteArrayData(o, obj, v.buf, v.len);
  if (writeOp(o, NEXT_BUFFER) < 0) return -1;
  return v.readonly ? writeOp(o, READONLY_BUFFER) : 0;
}

/** Writes an escape of so many digits: a backslash and the letter before them; -1 with MemoryError. */
function writeEscape(w: usize, letter: u32, c: u32, digits: i32): i32 {
  if (ByteWriter.prepare(w, digits + 2) < 0) return -1;
  ByteWriter.put(w, 0x5c);
  ByteWriter.put(w, letter);
  for (let shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    const digit = (c >> shift) & 15;
    ByteWriter.put(w, digit < 10 ? 48 + digit : 87 + digit);
  }
  return 0;
}

/** The text as protocol 0 has it, a line with escapes: new bytes, null with MemoryError. */
function rawUnicodeEscape(obj: usize): usize {
  const n = U.length(obj);
  const w = ByteWriter.begin(n);
  for (let i: isize = 0; i < n; i++) {
    const c = U.at(obj, i);
    let status: i32;
    if (c > 0xffff) status = writeEscape(w, 0x55, c, 8);
    else if (c > 0xff || c == 0x5c || c == 0 || c == 0x0a || c == 0x0d || c == 0x1a) {
      status = writeEscape(w, 0x75, c, 4);
    } else status = writeByte(w, c);
    if (status < 0) return byteWriterDiscard(w);
  }
  return byteWriterFinish(w);
}

/** Writes a str; -1 with an exception. */
export function saveUnicode(o: usize, obj: usize): i32 {
  let status: i32;
  if (PicklerObject.at(o).bin == 0) {
    const bytes = rawUnicodeEscape(obj);
    if (bytes == 0) return -1;
    status = writeOp(o, UNICODE);
    if (status == 0) status = write(o, PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
    Py.DECREF(bytes);
    if (status == 0) status = writeOp(o, 0x0a);
  } else {
    const few: u8 = PicklerObject.at(o).proto >= 4 ? SHORT_BINUNICODE : 0;
    const data = PyUnicode_AsUTF8(obj);
    if (data != 0) status = saveSized(o, few, BINUNICODE, data, PyUnicode_UTF8Length(obj), 0);
    else {
      // Surrogates by themselves.
      PyErr_Clear();
      const bytes = PyUnicode_AsUTF8String(obj, ID.surrogatepass);
      if (bytes == 0) return -1;
      status = saveSized(o, few, BINUNICODE, PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes), bytes);
      Py.DECREF(bytes);
    }
  }
  return status < 0 ? -1 : memoPut(o, obj);
}
