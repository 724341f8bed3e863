// The variance that the constructors of TypeVar and ParamSpec are told (CPython 3.13's Objects/typevarobject.c).

import { PyExc_ValueError } from "../../../generated/statics";
import { PyErr_Fail } from "../../errors/raise";
import { PyObject_IsTrue } from "../../protocol/compare";

// Bits of a variance.
export const COVARIANT: i32 = 1;
export const CONTRAVARIANT: i32 = 2;
export const INFERRED: i32 = 4;

/** The three arguments of the variance, any of which may be null, as bits; -1 with an exception. */
export function varianceOf(covariant: usize, contravariant: usize, infer: usize): i32 {
  const a = covariant == 0 ? 0 : PyObject_IsTrue(covariant);
  const b = a < 0 ? -1 : contravariant == 0 ? 0 : PyObject_IsTrue(contravariant);
  const c = b < 0 ? -1 : infer == 0 ? 0 : PyObject_IsTrue(infer);
  if (c < 0) return -1;
  if (a && b) return PyErr_Fail(PyExc_ValueError, "Bivariant types are not supported.");
  if (c && (a || b)) return PyErr_Fail(PyExc_ValueError, "Variance cannot be specified with infer_variance.");
  return (a ? COVARIANT : 0) | (b ? CONTRAVARIANT : 0) | (c ? INFERRED : 0);
}
