// ints under one name, and a few conversions that other layers ask for.

import { PyByteArrayObject } from "../../../generated/layouts";
import { Py_TPFLAGS_BYTES_SUBCLASS } from "../../object/flags";
import { Py } from "../../object/head";
import { long_hash } from "./compare";
import { longMask64, longOverflow, PyLong_AsUnsignedLongLong, PyLong_FromLongLong, PyLong_FromVoidPtr } from "./create";
import { _PyLong_FromBytes } from "./type";

/** Whether the int is below zero. */
export function PyLong_IsNegative(o: usize): bool {
  return (load<u8>(o, 16) & 3) == 2;
}

/** An address as an int. */
export function PyLong_FromAddress(p: usize): usize {
  return PyLong_FromVoidPtr(p);
}

/** The address that an int made by PyLong_FromAddress holds. */
export function PyLong_AsAddress(o: usize): usize {
  return <usize>PyLong_AsUnsignedLongLong(o);
}

/** A hash as an int. */
export function PyLong_FromHash(h: i64): usize {
  return PyLong_FromLongLong(h);
}

/** What __hash__ returned as a hash: itself where it fits 64 bits, otherwise its own hash. */
export function PyLong_HashAsHash(o: usize): i64 {
  return longOverflow(o) == 0 ? <i64>longMask64(o) : long_hash(o);
}

/** int(bytes or bytearray, base): a new reference, or null with ValueError. */
export function PyLong_FromBytesLike(o: usize, base: i32): usize {
  const isBytes = Py.check(o, Py_TPFLAGS_BYTES_SUBCLASS);
  return _PyLong_FromBytes(isBytes ? o + 32 : PyByteArrayObject.at(o).ob_start, Py.SIZE(o), base);
}
