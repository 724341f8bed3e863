// A syntax tree of objects as steps and values for the compiler (PyAST_obj2mod of CPython 3.13's Python/Python-ast.c). The
// form is described in spec/constants.txt under TreeStep.
//
// Every attribute that is asked for may run Python: lists are asked for their size and items anew at each step, and what is
// being looked at is held. A deliberate difference: a constant of a type that no constant has is reported before what else
// the compiler finds in the tree.

import { AST_CONSTANT, AST_IDENTIFIER, AST_INT, AST_MATCHSINGLETON, AST_ROWS, AST_STRING } from "../../generated/ast";
import {
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  TREE_int,
  TREE_list,
  TREE_none,
  TREE_value,
} from "../../generated/constants";
import { astfield } from "../../generated/layouts";
import {
  _Py_EllipsisObject,
  _Py_NoneStruct,
  PyAST_Type,
  PyBool_Type,
  PyBytes_Type,
  PyComplex_Type,
  PyExc_RecursionError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFloat_Type,
  PyFrozenSet_Type,
  PyLong_Type,
  PyTuple_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { PyMarshal_WriteObjectToString } from "../../marshal/write";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte } from "../../objects/bytes/writer";
import { List, PyList_Append, PyList_AsTuple, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import {
  _PyType_Name,
  Py_EnterRecursiveCall,
  Py_LeaveRecursiveCall,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyLong_AsInt } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyObject_IsInstance } from "../../objects/protocol/instancecheck";
import { PySequence_Tuple } from "../../objects/protocol/sequence";
import { Scratch } from "../../thread/scratch";
import { after, astClass, IS_SINGLE, initAstClasses, LIST, MAY_LACK_END, OPTIONAL, rowAt } from "./classes";

// The rows of the modules that compile() takes, by mode.
const MODULE: i32 = 1;
const INTERACTIVE: i32 = 2;
const EXPRESSION: i32 = 3;
/** The kind of a row that is a base. */
const NO_KIND: u8 = 255;

/** Whether `o` is a node of a syntax tree: 1, 0, or -1 with an exception. */
export function isTree(o: usize): i32 {
  if (Py.TYPE(o) == PyUnicode_Type || Py.TYPE(o) == PyBytes_Type) return 0;
  return initAstClasses() < 0 ? -1 : PyObject_IsInstance(o, PyAST_Type);
}

/** The tree, marshalled: a new bytes object, or null with an exception. `mode`: exec, eval, single. */
export function takeTree(tree: usize, mode: i32): usize {
  const row = mode == 0 ? MODULE : mode == 1 ? EXPRESSION : INTERACTIVE;
  const right = PyObject_IsInstance(tree, astClass(row).type);
  if (right < 0) return 0;
  if (right == 0) {
    return PyErr_Format(PyExc_TypeError, "expected %s node, got %.400s", rowAt(row).name, _PyType_Name(Py.TYPE(tree)));
  }
  const values = PyList_New(0);
  if (values == 0) return 0;
  const w = ByteWriter.begin(64);
  const ok = writeSum(w, values, tree, 0);
  const steps = ok ? byteWriterFinish(w) : byteWriterDiscard(w);
  const tuple = steps == 0 ? 0 : PyList_AsTuple(values);
  Py.DECREF(values);
  const both = tuple == 0 ? 0 : PyTuple_Pack2(steps, tuple);
  Py.XDECREF(tuple);
  Py.XDECREF(steps);
  if (both == 0) return 0;
  const r = PyMarshal_WriteObjectToString(both, 4, false);
  Py.DECREF(both);
  return r;
}

function writeNumber(w: usize, n: u32): bool {
  for (; n > 127; n >>= 7) if (writeByte(w, (n & 127) | 128) < 0) return false;
  return writeByte(w, n) == 0;
}

function writeInt(w: usize, n: i32): bool {
  return writeNumber(w, <u32>((n << 1) ^ (n >> 31)));
}

function writeValue(w: usize, values: usize, value: usize): bool {
  if (value == _Py_NoneStruct) return writeByte(w, TREE_none) == 0;
  return writeByte(w, TREE_value) == 0 && PyList_Append(values, value) == 0;
}

/** Whether a constant may have the value; otherwise an exception is set. */
function isConstant(o: usize): bool {
  const t = Py.TYPE(o);
  if (o == _Py_NoneStruct || o == _Py_EllipsisObject) return true;
  if (t == PyLong_Type || t == PyFloat_Type || t == PyComplex_Type || t == PyBool_Type) return true;
  if (t == PyUnicode_Type || t == PyBytes_Type) return true;
  if (t != PyTuple_Type && t != PyFrozenSet_Type) {
    PyErr_Format(PyExc_TypeError, "got an invalid type in Constant: %s", _PyType_Name(t));
    return false;
  }
  if (Py_EnterRecursiveCall(" during compilation")) return false;
  const items = PySequence_Tuple(o);
  let ok: bool = items != 0;
  for (let i: isize = 0; ok && i < Py.SIZE(items); i++) ok = isConstant(Tuple.get(items, i));
  Py.XDECREF(items);
  Py_LeaveRecursiveCall();
  return ok;
}

/** An int of a node, in the slot at `out`: false with an exception. */
function intOf(o: usize, out: usize): bool {
  if (!Py.check(o, Py_TPFLAGS_LONG_SUBCLASS)) {
    PyErr_Format(PyExc_ValueError, "invalid integer value: %R", o);
    return false;
  }
  const n = PyLong_AsInt(o);
  if (n == -1 && PyErr_Occurred()) return false;
  store<i32>(out, n);
  return true;
}

/** Writes one value of the type that the code says: false with an exception. */
function writeOne(w: usize, values: usize, o: usize, code: u8, isSingleton: bool): bool {
  if (code == AST_IDENTIFIER) {
    if (Py.TYPE(o) == PyUnicode_Type || o == _Py_NoneStruct) return writeValue(w, values, o);
    PyErr_SetString(PyExc_TypeError, "AST identifier must be of type str");
    return false;
  }
  if (code == AST_STRING) {
    if (Py.TYPE(o) == PyUnicode_Type || Py.TYPE(o) == PyBytes_Type) return writeValue(w, values, o);
    PyErr_SetString(PyExc_TypeError, "AST string must be of type str");
    return false;
  }
  if (code == AST_INT) {
    const n = Scratch.take(1);
    const ok = intOf(o, n) && writeByte(w, TREE_int) == 0 && writeInt(w, load<i32>(n));
    Scratch.give(n);
    return ok;
  }
  if (code == AST_CONSTANT) {
    // A pattern for None, True or False has an error of its own for anything else.
    if (isSingleton && o != _Py_NoneStruct && Py.TYPE(o) != PyBool_Type) {
      return writeValue(w, values, _Py_EllipsisObject);
    }
    return isConstant(o) && writeValue(w, values, o);
  }
  return rowAt(code).kind == NO_KIND ? writeSum(w, values, o, code) : writeProduct(w, values, o, code);
}

/** Enters a call for what is inside a node: false with RecursionError. */
function enter(name: usize): bool {
  if (!Py_EnterRecursiveCall("")) return true;
  PyErr_Format(PyExc_RecursionError, "maximum recursion depth exceeded while traversing '%s' node", name);
  return false;
}

/** The same inside the call that recursion is counted by. */
function writeWithin(w: usize, values: usize, o: usize, code: u8, owner: usize, isSingleton: bool): bool {
  if (!enter(owner)) return false;
  const ok = writeOne(w, values, o, code, isSingleton);
  Py_LeaveRecursiveCall();
  return ok;
}

function writeList(w: usize, values: usize, list: usize, code: u8, owner: usize, field: usize): bool {
  if (!Py.check(list, Py_TPFLAGS_LIST_SUBCLASS)) {
    const message = '%s field "%U" must be a list, not a %.200s';
    PyErr_Format(PyExc_TypeError, message, owner, field, _PyType_Name(Py.TYPE(list)));
    return false;
  }
  const n = Py.SIZE(list);
  for (let i: isize = 0; i < n; i++) {
    const item = Py.NewRef(List.get(list, i));
    const ok = writeWithin(w, values, item, code, owner, false);
    Py.DECREF(item);
    if (!ok) return false;
    if (Py.SIZE(list) != n) {
      PyErr_Format(PyExc_RuntimeError, '%s field "%U" changed size during iteration', owner, field);
      return false;
    }
  }
  return writeByte(w, TREE_list) == 0 && writeNumber(w, <u32>n);
}

/** Writes the fields of a node of the row's class, then what must not be missing is looked for. */
function writeFields(w: usize, values: usize, o: usize, row: i32): bool {
  const x = rowAt(row);
  const c = astClass(row);
  const name = x.name;
  const isSingleton = row == AST_MATCHSINGLETON;
  let missing: usize = 0;
  let at = c.row;
  for (let i: isize = 0; i < <isize>x.fields; i++) {
    const f = astfield.at(at);
    const code = f.type;
    const field = Tuple.get(c.fields, i);
    const value = PyObject_GetOptionalAttr(o, field);
    if (value == 0 && PyErr_Occurred()) return false;
    let ok: bool;
    if (f.quantity == LIST) {
      ok =
        value == 0 ? writeByte(w, TREE_list) == 0 && writeNumber(w, 0) : writeList(w, values, value, code, name, field);
    } else if (f.quantity == OPTIONAL && (value == 0 || value == _Py_NoneStruct)) {
      // The level of an import is a number, whatever is said.
      ok = code == AST_INT ? writeByte(w, TREE_int) == 0 && writeInt(w, 0) : writeByte(w, TREE_none) == 0;
    } else if (value == 0) {
      PyErr_Format(PyExc_TypeError, 'required field "%U" missing from %s', field, name);
      return false;
    } else {
      ok = writeWithin(w, values, value, code, name, isSingleton);
      if (value == _Py_NoneStruct && code != AST_CONSTANT && missing == 0 && !isProduct(code)) missing = field;
    }
    Py.XDECREF(value);
    if (!ok) return false;
    at = after(f.name);
  }
  if (missing == 0) return true;
  PyErr_Format(PyExc_ValueError, "field '%U' is required for %s", missing, name);
  return false;
}

function isProduct(code: u8): bool {
  return code < AST_IDENTIFIER && rowAt(code).kind != NO_KIND;
}

/** The place of a node, as four ints at `place`, which are named in errors as parts of `row`: false with an exception. */
function takePlace(o: usize, row: i32, place: usize): bool {
  const c = astClass(row);
  const optional = (rowAt(row).flags & MAY_LACK_END) != 0;
  const name = rowAt(row).name;
  for (let i: isize = 0; i < Py.SIZE(c.attributes); i++) {
    const slot = place + ((<usize>i) << 2);
    const attribute = Tuple.get(c.attributes, i);
    const value = PyObject_GetOptionalAttr(o, attribute);
    if (value == 0 && PyErr_Occurred()) return false;
    let ok: bool = true;
    if (optional && i >= 2 && (value == 0 || value == _Py_NoneStruct)) {
      // It ends where it begins.
      store<i32>(slot, load<i32>(slot - 8));
    } else if (value == 0) {
      PyErr_Format(PyExc_TypeError, 'required field "%U" missing from %s', attribute, name);
      return false;
    } else {
      ok = enter(name);
      if (ok) {
        ok = intOf(value, slot);
        Py_LeaveRecursiveCall();
      }
    }
    Py.XDECREF(value);
    if (!ok) return false;
  }
  return true;
}

function writePlace(w: usize, row: i32, place: usize): bool {
  const n = Py.SIZE(astClass(row).attributes);
  for (let i: isize = 0; i < n; i++) if (!writeInt(w, load<i32>(place + ((<usize>i) << 2)))) return false;
  return true;
}

/** The row of the class among those of a sum that `o` is an instance of; -1 with an exception. */
function variantOf(o: usize, sum: i32): i32 {
  for (let row = sum + 1; isVariant(row, sum); row++) if (Py.TYPE(o) == astClass(row).type) return row;
  for (let row = sum + 1; isVariant(row, sum); row++) {
    const r = PyObject_IsInstance(o, astClass(row).type);
    if (r != 0) return r < 0 ? -1 : row;
  }
  PyErr_Format(PyExc_TypeError, "expected some sort of %s, but got %R", rowAt(sum).name, o);
  return -1;
}

function isVariant(row: i32, sum: i32): bool {
  return row < AST_ROWS && <i32>rowAt(row).base == sum;
}

/** Writes a node of one of several classes. */
function writeSum(w: usize, values: usize, o: usize, sum: i32): bool {
  const isSimple = (rowAt(sum + 1).flags & IS_SINGLE) != 0;
  if (o == _Py_NoneStruct && !isSimple) return writeByte(w, TREE_none) == 0;
  const place = Scratch.take(2);
  let ok = takePlace(o, sum, place);
  const row = ok ? variantOf(o, sum) : -1;
  ok = row >= 0 && (isSimple || writeFields(w, values, o, row));
  ok = ok && writeByte(w, rowAt(row).kind) == 0 && writePlace(w, sum, place);
  Scratch.give(place);
  return ok;
}

/** Writes a node of a class that stands alone. */
function writeProduct(w: usize, values: usize, o: usize, row: i32): bool {
  const place = Scratch.take(2);
  const ok =
    writeFields(w, values, o, row) &&
    takePlace(o, row, place) &&
    writeByte(w, rowAt(row).kind) == 0 &&
    writePlace(w, row, place);
  Scratch.give(place);
  return ok;
}
