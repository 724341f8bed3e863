// Cells: variables that closures share (CPython 3.13's Objects/cellobject.c).

import { Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import { PyCellObject, PyTypeObject, SIZEOF_PyCellObject } from "../../generated/layouts";
import { _Py_NotImplementedStruct, PyCell_Type, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { Tuple } from "../containers/tuple";
import { PyErr_Format, PyErr_SetString } from "../errors/raise";
import { PyCellObject_clear, PyCellObject_traverse } from "../generated/references";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { Py_EQ, Py_GT, Py_LE, Py_LT, Py_NE } from "../object/flags";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py } from "../object/head";
import { PyBool_FromBool } from "../protocol/access";
import { PyObject_RichCompare } from "../protocol/compare";
import { PyUnicode_FromFormat } from "../text/format/fromformat";

/** A new cell holding `value` (borrowed, may be null). */
export function PyCell_New(value: usize): usize {
  const o = _PyObject_GC_New(PyCell_Type);
  if (o == 0) return 0;
  PyCellObject.at(o).ob_ref = Py.XNewRef(value);
  _PyObject_GC_TRACK(o);
  return o;
}

function cell_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PyCellObject_clear(self);
  PyObject_GC_Del(self);
}

function cell_repr(self: usize): usize {
  const v = PyCellObject.at(self).ob_ref;
  if (v == 0) return PyUnicode_FromFormat("<cell at 0x%x: empty>", self);
  return PyUnicode_FromFormat("<cell at 0x%x: %t object at 0x%x>", self, v, v);
}

function cell_richcompare(a: usize, b: usize, op: i32): usize {
  if (Py.TYPE(a) != PyCell_Type || Py.TYPE(b) != PyCell_Type) return _Py_NotImplementedStruct;
  const x = PyCellObject.at(a).ob_ref;
  const y = PyCellObject.at(b).ob_ref;
  if (x != 0 && y != 0) return PyObject_RichCompare(x, y, op);
  // An empty cell is less than any other.
  const p = x == 0 ? 0 : 1;
  const q = y == 0 ? 0 : 1;
  let r: bool;
  if (op == Py_EQ) r = p == q;
  else if (op == Py_NE) r = p != q;
  else if (op == Py_LT) r = p < q;
  else if (op == Py_LE) r = p <= q;
  else if (op == Py_GT) r = p > q;
  else r = p >= q;
  return PyBool_FromBool(r);
}

/**
 * @getter cell.cell_contents
 */
export function cell_get_contents(self: usize, _c: usize): usize {
  const v = PyCellObject.at(self).ob_ref;
  if (v == 0) return PyErr_SetString(PyExc_ValueError, "cell is empty");
  return Py.NewRef(v);
}

/**
 * @setter cell.cell_contents
 */
export function cell_set_contents(self: usize, value: usize, _c: usize): i32 {
  Py.SETREF(PyCellObject.at(self).ob_ref_slot, Py.XNewRef(value));
  return 0;
}

function cell_new(_type: usize, args: usize, _kwargs: usize): usize {
  const n = Py.SIZE(args);
  if (n > 1) return PyErr_Format(PyExc_TypeError, "cell expected at most 1 argument, got %d", n);
  return PyCell_New(n == 1 ? Tuple.get(args, 0) : 0);
}

/**
 * @type cell([contents])
 *
 * A place for one variable that several functions share.
 *
 *   contents
 *     What is in it; without it there is nothing yet, and to ask for it raises ValueError.
 *
 * The compiler makes one for each such variable.
 */

export function initCellType(): void {
  const t = PyTypeObject.at(PyCell_Type);
  t.tp_basicsize = SIZEOF_PyCellObject;
  t.tp_dealloc = cell_dealloc.index;
  t.tp_repr = cell_repr.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = PyCellObject_traverse.index;
  t.tp_clear = PyCellObject_clear.index;
  t.tp_richcompare = cell_richcompare.index;
  t.tp_new = cell_new.index;
}
