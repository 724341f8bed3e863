// How arrays are pickled: as bytes with a number for what these mean, so that a machine with other sizes or another order
// of bytes can read them (CPython 3.13's Modules/arraymodule.c).

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PyBytesObject, PyTypeObject } from "../../generated/layouts";
import { _Py_NoneStruct, PyArray_Type, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { List, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_New, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { badArgument } from "../../objects/define/args";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyFloat_Unpack4, PyFloat_Unpack8 } from "../../objects/numbers/float/pack";
import { Long } from "../../objects/numbers/int/access";
import { _PyLong_FromByteArray } from "../../objects/numbers/int/bytes";
import { PyLong_AsLongLong, PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { U } from "../../objects/text/access";
import { decodeWide } from "../../objects/text/codecs/decode";
import { PyTypeName } from "../../objects/text/concat";
import { PyUnicode_FromOrdinal } from "../../objects/text/create";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { Arr, makeArray } from "./array";
import { CHARACTER, Descr, descriptorOf, REAL, SIGNED } from "./items";
import { array_tobytes, array_tolist } from "./methods";

// Machine formats: 0 and 1 are bytes without and with a sign; up to 13 ints of 2, 4, 8 bytes, without and with a sign,
// little- and big-endian each; then floats, doubles, UTF-16 and UTF-32, both orders each.
const FLOATS: i32 = 14;
const DOUBLES: i32 = 16;
const UTF16: i32 = 18;
const UTF32: i32 = 20;
const FORMAT_MAX: i32 = 21;

/** The machine format of the descriptor's items. */
function machineFormat(descr: usize): i32 {
  const size = Descr.itemsize(descr);
  const kind = Descr.kind(descr);
  if (kind == CHARACTER) return UTF32;
  if (kind == REAL) return size == 4 ? FLOATS : DOUBLES;
  const signed = kind == SIGNED ? 1 : 0;
  return size == 1 ? signed : (size == 2 ? 2 : size == 4 ? 6 : 10) + 2 * signed;
}

/** Bytes of an item of the format. */
function formatSize(format: i32): isize {
  if (format < 2) return 1;
  if (format < FLOATS) return 2 << ((format - 2) >> 2);
  // Of UTF-16 and UTF-32 CPython says 4 and 8.
  return format < DOUBLES || (format >= UTF16 && format < UTF32) ? 4 : 8;
}

/** The items of bytes in a format: a new list or str, null with an exception. */
function decodeItems(p: usize, n: isize, format: i32): usize {
  const little = (format & 1) == 0;
  if (format >= UTF16) return decodeWide(p, n, 0, format < UTF32 ? 2 : 4, little ? -1 : 1, 0);
  const size = formatSize(format);
  const list = PyList_New(n / size);
  if (list == 0) return 0;
  const signed = format < 2 ? format == 1 : ((format - 2) & 2) != 0;
  for (let i: isize = 0; i < n / size; i++) {
    const at = p + <usize>(i * size);
    let item: usize;
    if (format >= DOUBLES) item = PyFloat_FromDouble(PyFloat_Unpack8(at, little));
    else if (format >= FLOATS) item = PyFloat_FromDouble(PyFloat_Unpack4(at, little));
    else item = _PyLong_FromByteArray(at, size, little, signed);
    if (item == 0) {
      Py.DECREF(list);
      return 0;
    }
    List.set(list, i, item);
  }
  return list;
}

/**
 * @native array._array_reconstructor($module, arraytype, typecode, mformat_code, items,
 *                      /)
 *
 * For pickles.
 */
export function array_reconstructor(
  _module: usize,
  arraytype: usize,
  typecode: usize,
  mformat_code: i32,
  items: usize,
): usize {
  if (!Py.check(typecode, Py_TPFLAGS_UNICODE_SUBCLASS) || U.length(typecode) != 1) {
    return badArgument("_array_reconstructor", "argument 2", "a unicode character", typecode);
  }
  if (!Py.check(arraytype, Py_TPFLAGS_TYPE_SUBCLASS)) {
    const message = "first argument must be a type object, not %.200s";
    return PyErr_Format(PyExc_TypeError, message, PyTypeName.of(arraytype));
  }
  if (!PyType_IsSubtype(arraytype, PyArray_Type)) {
    const message = "%.200s is not a subtype of %.200s";
    return PyErr_Format(
      PyExc_TypeError,
      message,
      PyTypeObject.at(arraytype).tp_name,
      PyTypeObject.at(PyArray_Type).tp_name,
    );
  }
  let descr = descriptorOf(U.at(typecode, 0));
  if (descr == 0) return PyErr_SetString(PyExc_ValueError, "second argument must be a valid type code");
  if (mformat_code < 0 || mformat_code > FORMAT_MAX) {
    return PyErr_SetString(PyExc_ValueError, "third argument must be a valid machine format code.");
  }
  if (!Py.check(items, Py_TPFLAGS_BYTES_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "fourth argument should be bytes, not %.200s", PyTypeName.of(items));
  }
  if (mformat_code == machineFormat(descr)) return makeArray(arraytype, Descr.typecode(descr), items);
  if (Py.SIZE(items) % formatSize(mformat_code) != 0) {
    return PyErr_SetString(PyExc_ValueError, "string length not a multiple of item size");
  }
  const decoded = decodeItems(PyBytesObject.at(items).ob_sval, Py.SIZE(items), mformat_code);
  if (decoded == 0) return 0;
  // Where a type code has just these ints, that is the array's.
  for (let i = 0; i < Descr.count && mformat_code < FLOATS; i++) {
    if ((machineFormat(Descr.at(i)) | 1) == (mformat_code | 1) && Descr.kind(Descr.at(i)) <= SIGNED) {
      if (mformat_code > 1 || machineFormat(Descr.at(i)) == mformat_code) descr = Descr.at(i);
    }
  }
  const r = makeArray(arraytype, Descr.typecode(descr), decoded);
  Py.DECREF(decoded);
  return r;
}

/** array._array_reconstructor: a new reference, null with an exception. */
function reconstructor(): usize {
  const module = PyImport_ImportLiteral("array");
  const name = module == 0 ? 0 : PyUnicode_InternLiteral("_array_reconstructor");
  const r = name == 0 ? 0 : PyObject_GetAttr(module, name);
  Py.XDECREF(name);
  Py.XDECREF(module);
  return r;
}

/**
 * @native array.array.__reduce_ex__($self, value, /)
 *
 * For pickles.
 */
export function array_reduce_ex(o: usize, value: usize): usize {
  if (!Long.check(value)) return PyErr_SetString(PyExc_TypeError, "__reduce_ex__ argument should be an integer");
  const protocol = PyLong_AsLongLong(value);
  if (protocol == -1 && PyErr_Occurred()) return 0;
  const name = PyUnicode_InternLiteral("__dict__");
  let dict = name == 0 ? 0 : PyObject_GetOptionalAttr(o, name);
  Py.XDECREF(name);
  if (dict == 0) {
    if (PyErr_Occurred()) return 0;
    dict = _Py_NoneStruct;
  }
  const typecode = PyUnicode_FromOrdinal(Descr.typecode(Arr.descr(o)));
  const make = protocol < 3 ? Py.NewRef(Py.TYPE(o)) : reconstructor();
  let args: usize = 0;
  if (typecode != 0 && make != 0) {
    if (protocol < 3) {
      // Older Pythons have no bytes.
      const list = array_tolist(o, 0);
      args = list == 0 ? 0 : PyTuple_Pack2(typecode, list);
      Py.XDECREF(list);
    } else {
      const bytes = array_tobytes(o, 0);
      args = bytes == 0 ? 0 : PyTuple_New(4);
      if (args != 0) {
        Tuple.set(args, 0, Py.NewRef(Py.TYPE(o)));
        Tuple.set(args, 1, Py.NewRef(typecode));
        // A small int, which is always there.
        Tuple.set(args, 2, PyLong_FromLong(machineFormat(Arr.descr(o))));
        Tuple.set(args, 3, Py.NewRef(bytes));
      }
      Py.XDECREF(bytes);
    }
  }
  const r = args == 0 ? 0 : PyTuple_Pack3(make, args, dict);
  Py.XDECREF(args);
  Py.XDECREF(make);
  Py.XDECREF(typecode);
  Py.DECREF(dict);
  return r;
}
