// Instructions: operators, comparisons, subscripts. The convention is in eval.ts.

import { _Py_CODEUNIT } from "../../generated/layouts";
import * as op from "../../generated/opcodes";
import { _Py_NoneStruct, PyDict_Type, PyFloat_Type, PyLong_Type, PyUnicode_Type } from "../../generated/statics";
import {
  _PyErr_SetKeyError,
  PyDict_Contains,
  PyDict_GetItemWithError,
  PyDict_SetItem,
} from "../../objects/containers/dict/dict";
import { PySlice_New } from "../../objects/containers/slice";
import { PyErr_Occurred } from "../../objects/errors/raise";
import { Float } from "../../objects/numbers/float/float";
import { Long } from "../../objects/numbers/int/access";
import { longOfSize, PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyBool_FromBool } from "../../objects/protocol/access";
import { PyObject_IsTrue, PyObject_RichCompare } from "../../objects/protocol/compare";
import { PyObject_DelItem, PyObject_GetItem, PyObject_SetItem } from "../../objects/protocol/items";
import { PyObject_GetIter } from "../../objects/protocol/iterator";
import {
  PyNumber_Add,
  PyNumber_And,
  PyNumber_FloorDivide,
  PyNumber_InPlaceAdd,
  PyNumber_InPlaceAnd,
  PyNumber_InPlaceFloorDivide,
  PyNumber_InPlaceLshift,
  PyNumber_InPlaceMatrixMultiply,
  PyNumber_InPlaceMultiply,
  PyNumber_InPlaceOr,
  PyNumber_InPlacePower,
  PyNumber_InPlaceRemainder,
  PyNumber_InPlaceRshift,
  PyNumber_InPlaceSubtract,
  PyNumber_InPlaceTrueDivide,
  PyNumber_InPlaceXor,
  PyNumber_Invert,
  PyNumber_Lshift,
  PyNumber_MatrixMultiply,
  PyNumber_Multiply,
  PyNumber_Negative,
  PyNumber_Or,
  PyNumber_Power,
  PyNumber_Remainder,
  PyNumber_Rshift,
  PyNumber_Subtract,
  PyNumber_TrueDivide,
  PyNumber_Xor,
} from "../../objects/protocol/number";
import { PySequence_Contains } from "../../objects/protocol/sequence";
import { _PyUnicode_Equal } from "../../objects/text/compare";
import { PyUnicode_Append, PyUnicode_Concat } from "../../objects/text/concat";
import { Frame } from "../frame";
import { floatInstruction, intInstruction, specializeBinary, textInstruction } from "../specialize";

/** Drops an operand. Where the instruction fails what is left on the stack must be droppable: it is None then. */
export function drop(slot: usize): void {
  Py.DECREF(takeOperand(slot));
}

/** The operand in the slot, whose reference is the caller's: None is left there, as by drop(). */
export function takeOperand(slot: usize): usize {
  const o: usize = load<u32>(slot);
  store<u64>(slot, _Py_NoneStruct);
  return o;
}

/** Replaces the two operands on top, which are dropped in order, by `result`; 0 where it is null. */
function binaryResult(sp: usize, result: usize): usize {
  if (result == 0) {
    drop(sp - 16);
    drop(sp - 8);
    return 0;
  }
  const v: usize = load<u32>(sp - 16);
  const w: usize = load<u32>(sp - 8);
  store<u64>(sp - 16, result);
  Py.DECREF(v);
  Py.DECREF(w);
  return sp - 8;
}

/** Replaces the operand on top by `result`; 0 where it is null. */
export function unaryResult(sp: usize, result: usize): usize {
  if (result == 0) return 0;
  const v: usize = load<u32>(sp - 8);
  store<u64>(sp - 8, result);
  Py.DECREF(v);
  return sp;
}

function apply(v: usize, w: usize, oparg: i32): usize {
  switch (oparg) {
    case op.NB_ADD:
      return PyNumber_Add(v, w);
    case op.NB_AND:
      return PyNumber_And(v, w);
    case op.NB_FLOOR_DIVIDE:
      return PyNumber_FloorDivide(v, w);
    case op.NB_LSHIFT:
      return PyNumber_Lshift(v, w);
    case op.NB_MATRIX_MULTIPLY:
      return PyNumber_MatrixMultiply(v, w);
    case op.NB_MULTIPLY:
      return PyNumber_Multiply(v, w);
    case op.NB_REMAINDER:
      return PyNumber_Remainder(v, w);
    case op.NB_OR:
      return PyNumber_Or(v, w);
    case op.NB_POWER:
      return PyNumber_Power(v, w, _Py_NoneStruct);
    case op.NB_RSHIFT:
      return PyNumber_Rshift(v, w);
    case op.NB_SUBTRACT:
      return PyNumber_Subtract(v, w);
    case op.NB_TRUE_DIVIDE:
      return PyNumber_TrueDivide(v, w);
    case op.NB_XOR:
      return PyNumber_Xor(v, w);
    case op.NB_INPLACE_ADD:
      return PyNumber_InPlaceAdd(v, w);
    case op.NB_INPLACE_AND:
      return PyNumber_InPlaceAnd(v, w);
    case op.NB_INPLACE_FLOOR_DIVIDE:
      return PyNumber_InPlaceFloorDivide(v, w);
    case op.NB_INPLACE_LSHIFT:
      return PyNumber_InPlaceLshift(v, w);
    case op.NB_INPLACE_MATRIX_MULTIPLY:
      return PyNumber_InPlaceMatrixMultiply(v, w);
    case op.NB_INPLACE_MULTIPLY:
      return PyNumber_InPlaceMultiply(v, w);
    case op.NB_INPLACE_REMAINDER:
      return PyNumber_InPlaceRemainder(v, w);
    case op.NB_INPLACE_OR:
      return PyNumber_InPlaceOr(v, w);
    case op.NB_INPLACE_POWER:
      return PyNumber_InPlacePower(v, w, _Py_NoneStruct);
    case op.NB_INPLACE_RSHIFT:
      return PyNumber_InPlaceRshift(v, w);
    case op.NB_INPLACE_SUBTRACT:
      return PyNumber_InPlaceSubtract(v, w);
    case op.NB_INPLACE_TRUE_DIVIDE:
      return PyNumber_InPlaceTrueDivide(v, w);
    default:
      return PyNumber_InPlaceXor(v, w);
  }
}

/**
 * An operator on two exact ints below 2^60 in size: a new reference; null without an exception where it is not for
 * here (a zero divisor, a result beyond 64 bits), null with MemoryError.
 */
function intOp(v: usize, w: usize, oparg: i32): usize {
  if (Long.isCompact(v) && Long.isCompact(w)) {
    const a = Long.compactValue(v);
    const b = Long.compactValue(w);
    switch (oparg) {
      case op.NB_ADD:
      case op.NB_INPLACE_ADD:
        return PyLong_FromLong(a + b);
      case op.NB_SUBTRACT:
      case op.NB_INPLACE_SUBTRACT:
        return PyLong_FromLong(a - b);
      case op.NB_AND:
      case op.NB_INPLACE_AND:
        return PyLong_FromLong(a & b);
      case op.NB_OR:
      case op.NB_INPLACE_OR:
        return PyLong_FromLong(a | b);
      case op.NB_XOR:
      case op.NB_INPLACE_XOR:
        return PyLong_FromLong(a ^ b);
      case op.NB_MULTIPLY:
      case op.NB_INPLACE_MULTIPLY:
        return PyLong_FromLongLong(<i64>a * <i64>b);
      case op.NB_REMAINDER:
      case op.NB_INPLACE_REMAINDER: {
        if (b == 0) return 0;
        const m = a % b;
        return PyLong_FromLong(m != 0 && (m ^ b) < 0 ? m + b : m);
      }
      case op.NB_FLOOR_DIVIDE:
      case op.NB_INPLACE_FLOOR_DIVIDE:
        if (b == 0) return 0;
        return PyLong_FromLong(a / b - (a % b != 0 && (a ^ b) < 0 ? 1 : 0));
      case op.NB_LSHIFT:
      case op.NB_INPLACE_LSHIFT:
        return <u32>b > 29 ? 0 : PyLong_FromLongLong((<i64>a) << (<i64>b));
      case op.NB_RSHIFT:
      case op.NB_INPLACE_RSHIFT:
        return b < 0 ? 0 : PyLong_FromLong(a >> (b > 31 ? 31 : b));
      default:
        return 0;
    }
  }
  if (!Long.isShort(v) || !Long.isShort(w)) return 0;
  // A sum has room for one more digit than the larger, whether there is a carry or not.
  const a = Long.shortValue(v);
  const b = Long.shortValue(w);
  switch (oparg) {
    case op.NB_ADD:
    case op.NB_INPLACE_ADD:
      return a < 0 == b < 0 ? longOfSize(a + b, 3) : PyLong_FromLongLong(a + b);
    case op.NB_SUBTRACT:
    case op.NB_INPLACE_SUBTRACT:
      return a < 0 == b < 0 ? PyLong_FromLongLong(a - b) : longOfSize(a - b, 3);
    case op.NB_AND:
    case op.NB_INPLACE_AND:
      return PyLong_FromLongLong(a & b);
    case op.NB_OR:
    case op.NB_INPLACE_OR:
      return PyLong_FromLongLong(a | b);
    case op.NB_XOR:
    case op.NB_INPLACE_XOR:
      return PyLong_FromLongLong(a ^ b);
    case op.NB_REMAINDER:
    case op.NB_INPLACE_REMAINDER: {
      if (b == 0) return 0;
      const m = a % b;
      return PyLong_FromLongLong(m != 0 && (m ^ b) < 0 ? m + b : m);
    }
    case op.NB_FLOOR_DIVIDE:
    case op.NB_INPLACE_FLOOR_DIVIDE:
      if (b == 0) return 0;
      return PyLong_FromLongLong(a / b - (a % b != 0 && (a ^ b) < 0 ? 1 : 0));
    case op.NB_RSHIFT:
    case op.NB_INPLACE_RSHIFT:
      return b < 0 ? 0 : PyLong_FromLongLong(a >> (b > 63 ? 63 : b));
    default:
      return 0;
  }
}

export function binaryOp(f: usize, sp: usize, oparg: i32): usize {
  const v: usize = load<u32>(sp - 16);
  const w: usize = load<u32>(sp - 8);
  const type = Py.TYPE(v);
  let wanted = op.BINARY_OP;
  let result: usize = 0;
  if (type == Py.TYPE(w)) {
    if (type == PyLong_Type) {
      wanted = intInstruction(v, w, oparg);
      result = intOp(v, w, oparg);
      if (result == 0 && PyErr_Occurred() != 0) return binaryResult(sp, 0);
    } else if (type == PyFloat_Type) {
      wanted = floatInstruction(oparg);
    } else if (type == PyUnicode_Type && (oparg == op.NB_ADD || oparg == op.NB_INPLACE_ADD)) {
      wanted = textInstruction(f, v);
      result = PyUnicode_Concat(v, w);
      if (result == 0) return binaryResult(sp, 0);
    }
  }
  specializeBinary(f, wanted);
  return binaryResult(sp, result != 0 ? result : apply(v, w, oparg));
}

/**
 * `s += t` on texts, where s is the local that the next instruction stores into: appends in place where that can be.
 * Returns the new sp with its lowest bit set where the store is done too.
 */
export function inplaceAddUnicode(f: usize, sp: usize, oparg: i32, pc: usize): usize {
  const v: usize = load<u32>(sp - 16);
  const w: usize = load<u32>(sp - 8);
  const local = Frame.local(f, _Py_CODEUNIT.at(pc).arg);
  if (Py.TYPE(v) != PyUnicode_Type || Py.TYPE(w) != PyUnicode_Type || load<u32>(local) != <u32>v) {
    return binaryOp(f, sp, oparg);
  }
  // The local gives its reference up, so that the text may grow where it is.
  Py.DECREF(v);
  PyUnicode_Append(local, w);
  if (load<u32>(local) == 0) {
    // Both operands are gone: what stays on the stack must be droppable.
    store<u64>(sp - 16, _Py_NoneStruct);
    return 0;
  }
  Py.DECREF(w);
  return (sp - 16) | 1;
}

export function compareOp(_f: usize, sp: usize, oparg: i32): usize {
  const v: usize = load<u32>(sp - 16);
  const w: usize = load<u32>(sp - 8);
  const type = Py.TYPE(v);
  const how = oparg >> 5;
  if (type == PyUnicode_Type && Py.TYPE(w) == PyUnicode_Type && (how == 2 || how == 3)) {
    return binaryResult(sp, PyBool_FromBool(_PyUnicode_Equal(v, w) == (how == 2)));
  }
  if (type == PyFloat_Type && Py.TYPE(w) == PyFloat_Type) {
    const a = Float.value(v);
    const b = Float.value(w);
    let r: bool;
    if (how == 0) r = a < b;
    else if (how == 1) r = a <= b;
    else if (how == 2) r = a == b;
    else if (how == 3) r = a != b;
    else if (how == 4) r = a > b;
    else r = a >= b;
    return binaryResult(sp, PyBool_FromBool(r));
  }
  let r = PyObject_RichCompare(v, w, how);
  if (r != 0 && oparg & 16) {
    // The result is for a jump: it must be True or False.
    const truth = PyObject_IsTrue(r);
    Py.DECREF(r);
    r = truth < 0 ? 0 : PyBool_FromBool(truth != 0);
  }
  return binaryResult(sp, r);
}

export function containsOp(_f: usize, sp: usize, oparg: i32): usize {
  const o: usize = load<u32>(sp - 8);
  const v: usize = load<u32>(sp - 16);
  const r = Py.TYPE(o) == PyDict_Type ? PyDict_Contains(o, v) : PySequence_Contains(o, v);
  return binaryResult(sp, r < 0 ? 0 : PyBool_FromBool((r != 0) != (oparg != 0)));
}

export function binarySubscr(_f: usize, sp: usize, _oparg: i32): usize {
  const o: usize = load<u32>(sp - 16);
  const k: usize = load<u32>(sp - 8);
  if (Py.TYPE(o) == PyDict_Type) {
    const v = PyDict_GetItemWithError(o, k);
    if (v != 0) return binaryResult(sp, Py.NewRef(v));
    if (PyErr_Occurred() == 0) _PyErr_SetKeyError(k);
    return binaryResult(sp, 0);
  }
  return binaryResult(sp, PyObject_GetItem(o, k));
}

export function storeSubscr(_f: usize, sp: usize, _oparg: i32): usize {
  const k: usize = load<u32>(sp - 8);
  const o: usize = load<u32>(sp - 16);
  const v: usize = load<u32>(sp - 24);
  const r = Py.TYPE(o) == PyDict_Type ? PyDict_SetItem(o, k, v) : PyObject_SetItem(o, k, v);
  drop(sp - 24);
  drop(sp - 16);
  drop(sp - 8);
  return r < 0 ? 0 : sp - 24;
}

export function deleteSubscr(_f: usize, sp: usize, _oparg: i32): usize {
  const k: usize = load<u32>(sp - 8);
  const o: usize = load<u32>(sp - 16);
  const r = PyObject_DelItem(o, k);
  drop(sp - 16);
  drop(sp - 8);
  return r < 0 ? 0 : sp - 16;
}

/** The slice of the two operands on top, which it takes; null with MemoryError. */
function takeSlice(sp: usize): usize {
  const slice = PySlice_New(load<u32>(sp - 16), load<u32>(sp - 8), _Py_NoneStruct);
  drop(sp - 16);
  drop(sp - 8);
  return slice;
}

/** o[start:stop] */
export function binarySlice(_f: usize, sp: usize, _oparg: i32): usize {
  const slice = takeSlice(sp);
  const r = slice == 0 ? 0 : PyObject_GetItem(load<u32>(sp - 24), slice);
  Py.XDECREF(slice);
  drop(sp - 24);
  if (r == 0) return 0;
  store<u64>(sp - 24, r);
  return sp - 16;
}

export function storeSlice(_f: usize, sp: usize, _oparg: i32): usize {
  const slice = takeSlice(sp);
  const r = slice == 0 ? -1 : PyObject_SetItem(load<u32>(sp - 24), slice, load<u32>(sp - 32));
  Py.XDECREF(slice);
  drop(sp - 32);
  drop(sp - 24);
  return r < 0 ? 0 : sp - 32;
}

export function unaryNegative(_f: usize, sp: usize, _oparg: i32): usize {
  return unaryResult(sp, PyNumber_Negative(load<u32>(sp - 8)));
}

export function unaryInvert(_f: usize, sp: usize, _oparg: i32): usize {
  return unaryResult(sp, PyNumber_Invert(load<u32>(sp - 8)));
}

export function getIter(_f: usize, sp: usize, _oparg: i32): usize {
  return unaryResult(sp, PyObject_GetIter(load<u32>(sp - 8)));
}
