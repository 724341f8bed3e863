// The methods of arrays, and of their iterators (CPython 3.13's Modules/arraymodule.c).

import { Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_LIST_SUBCLASS } from "../../generated/constants";
import { arrayiterobject, arrayobject, Py_buffer, PyTypeObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_tuple,
  ID,
  PyExc_EOFError,
  PyExc_IndexError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { List, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack1, PyTuple_Pack2, PyTuple_Pack3 } from "../../objects/containers/tuple";
import { ArgParser, strArgument } from "../../objects/define/args";
import { PyErr_Fail, PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { getBuiltin } from "../../objects/module/builtinlookup";
import { PyLong_AsSsize_t, PyLong_FromSsize_t, PyLong_FromVoidPtr } from "../../objects/numbers/int/create";
import { Buffer } from "../../objects/object/buffer";
import { PyObject_CallMethodOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../../objects/protocol/number";
import { copyCharacters, MAX_UNICODE, U } from "../../objects/text/access";
import { decodeWide } from "../../objects/text/codecs/decode";
import { PyUnicode_FromKindAndData, PyUnicode_FromOrdinal } from "../../objects/text/create";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { Scratch } from "../../thread/scratch";
import { Arr, array_do_extend, array_resize, array_slice, deleteItems, getItem, insertItem, isItem } from "./array";
import { Descr, storeItem } from "./items";

/**
 * @native array.array.append($self, v, /)
 *
 * Put an item at the end.
 */
export function array_append(o: usize, v: usize): usize {
  return insertItem(o, Py.SIZE(o), v) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native array.array.insert($self, i, v, /)
 *
 * Put an item before the one at position i.
 */
export function array_insert(o: usize, i: isize, v: usize): usize {
  return insertItem(o, i, v) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native array.array.extend($self, bb, /)
 *
 * Append items from an iterable.
 */
export function array_extend(o: usize, bb: usize): usize {
  return array_do_extend(o, bb) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native array.array.clear($self, /)
 *
 * Take out all items.
 */
export function array_clear(o: usize, _: usize): usize {
  return array_resize(o, 0) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native array.array.pop($self, i=-1, /)
 *
 * Take out an item and return it: the one at i, or the last if i is left
 * out.
 */
export function array_pop(o: usize, i: isize): usize {
  const n = Py.SIZE(o);
  if (n == 0) return PyErr_SetString(PyExc_IndexError, "pop from empty array");
  if (i < 0) i += n;
  if (i < 0 || i >= n) return PyErr_SetString(PyExc_IndexError, "pop index out of range");
  const item = getItem(o, i);
  if (item == 0 || deleteItems(o, i, i + 1) == 0) return item;
  Py.DECREF(item);
  return 0;
}

/**
 * @native array.array.remove($self, v, /)
 *
 * Take out the first item that equals v.
 */
export function array_remove(o: usize, v: usize): usize {
  for (let i: isize = 0; i < Py.SIZE(o); i++) {
    const equal = isItem(o, i, v);
    if (equal < 0) return 0;
    // Comparing may have made it shorter.
    if (equal) return deleteItems(o, min(i, Py.SIZE(o)), min(i + 1, Py.SIZE(o))) < 0 ? 0 : _Py_NoneStruct;
  }
  return PyErr_SetString(PyExc_ValueError, "array.remove(x): x not in array");
}

/**
 * @native array.array.count($self, v, /)
 *
 * How many items equal v.
 */
export function array_count(o: usize, v: usize): usize {
  let count: isize = 0;
  for (let i: isize = 0; i < Py.SIZE(o); i++) {
    const equal = isItem(o, i, v);
    if (equal < 0) return 0;
    count += equal;
  }
  return PyLong_FromSsize_t(count);
}

/** A bound of index(), in the i64 slot at `out`; false with TypeError. */
function indexBound(argv: usize, nargs: isize, i: isize, out: usize): bool {
  if (i >= nargs) return true;
  const v = Py.item(argv, i);
  if (!PyIndex_Check(v)) {
    PyErr_SetString(PyExc_TypeError, "slice indices must be integers or have an __index__ method");
    return false;
  }
  const bound = PyNumber_AsSsize_t(v, 0);
  if (bound == -1 && PyErr_Occurred()) return false;
  store<i64>(out, bound);
  return true;
}

/**
 * @native array.array.index($self, v, start=0, stop=sys.maxsize, /)
 *
 * Where the first item is that equals v.
 *
 * If there is none, ValueError is raised.
 */
export function array_index(o: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("index", nargs, 1, 3)) return 0;
  const bounds = Scratch.take(2);
  store<i64>(bounds, 0);
  store<i64>(Py.slot(bounds, 1), isize.MAX_VALUE);
  const ok = indexBound(argv, nargs, 1, bounds) && indexBound(argv, nargs, 2, Py.slot(bounds, 1));
  let start = load<i32>(bounds);
  let stop = load<i32>(Py.slot(bounds, 1));
  Scratch.give(bounds);
  if (!ok) return 0;
  if (start < 0) start = max(start + Py.SIZE(o), 0);
  if (stop < 0) stop += Py.SIZE(o);
  for (let i: isize = start; i < stop && i < Py.SIZE(o); i++) {
    const equal = isItem(o, i, Py.item(argv, 0));
    if (equal < 0) return 0;
    if (equal) return PyLong_FromSsize_t(i);
  }
  return PyErr_SetString(PyExc_ValueError, "array.index(x): x not in array");
}

/**
 * @native array.array.reverse($self, /)
 *
 * Turn the order of the items round.
 */
export function array_reverse(o: usize, _: usize): usize {
  const size = <usize>Arr.itemsize(o);
  const raw = Scratch.take(1);
  for (let i: isize = 0, j = Py.SIZE(o) - 1; i < j; i++, j--) {
    memory.copy(raw, Arr.item(o, i), size);
    memory.copy(Arr.item(o, i), Arr.item(o, j), size);
    memory.copy(Arr.item(o, j), raw, size);
  }
  Scratch.give(raw);
  return _Py_NoneStruct;
}

/**
 * @native array.array.byteswap($self, /)
 *
 * Turn round the bytes of each item.
 *
 * Items of other sizes than 1, 2, 4 or 8 bytes, of which there are none
 * here, raise RuntimeError.
 */
export function array_byteswap(o: usize, _: usize): usize {
  const n = Py.SIZE(o);
  const size = Arr.itemsize(o);
  for (let i: isize = 0; i < n; i++) {
    const p = Arr.item(o, i);
    if (size == 2) store<u16>(p, bswap<u16>(load<u16>(p)));
    else if (size == 4) store<u32>(p, bswap<u32>(load<u32>(p)));
    else if (size == 8) store<u64>(p, bswap<u64>(load<u64>(p)));
  }
  return _Py_NoneStruct;
}

/**
 * @native array.array.buffer_info($self, /)
 *
 * Where the items are in memory and how many there are, as a tuple.
 *
 * The number of bytes is that of the items times the attribute itemsize.
 * The address is good for as long as nothing changes how many items there
 * are, and as the array exists.
 */
export function array_buffer_info(o: usize, _: usize): usize {
  const address = PyLong_FromVoidPtr(arrayobject.at(o).ob_item);
  const n = address == 0 ? 0 : PyLong_FromSsize_t(Py.SIZE(o));
  const r = n == 0 ? 0 : PyTuple_Pack2(address, n);
  Py.XDECREF(address);
  Py.XDECREF(n);
  return r;
}

/**
 * @native array.array.__copy__($self, /)
 *
 * Another array like it.
 */
export function array_copy(o: usize, _: usize): usize {
  return array_slice(o, 0, Py.SIZE(o));
}

/**
 * @native array.array.__deepcopy__($self, unused, /)
 *
 * Another array like it.
 */
export function array_deepcopy(o: usize, _memo: usize): usize {
  return array_slice(o, 0, Py.SIZE(o));
}

/**
 * @native array.array.__sizeof__($self, /)
 *
 * How many bytes of memory it takes.
 */
export function array_sizeof(o: usize, _: usize): usize {
  const size = PyTypeObject.at(Py.TYPE(o)).tp_basicsize;
  return PyLong_FromSsize_t(size + arrayobject.at(o).allocated * Arr.itemsize(o));
}

/**
 * @native array.array.tolist($self, /)
 *
 * The items in a list, in the same order.
 */
export function array_tolist(o: usize, _: usize): usize {
  const n = Py.SIZE(o);
  const list = PyList_New(n);
  if (list == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const item = getItem(o, i);
    if (item == 0) {
      Py.DECREF(list);
      return 0;
    }
    List.set(list, i, item);
  }
  return list;
}

/**
 * @native array.array.fromlist($self, list, /)
 *
 * Append the items of a list.
 */
export function array_fromlist(o: usize, list: usize): usize {
  if (!Py.check(list, Py_TPFLAGS_LIST_SUBCLASS)) return PyErr_SetString(PyExc_TypeError, "arg must be list");
  const n = List.size(list);
  if (n == 0) return _Py_NoneStruct;
  const size = Arr.itemsize(o);
  if (arrayobject.at(o).ob_exports > 0) return array_resize(o, Py.SIZE(o) + n) < 0 ? 0 : _Py_NoneStruct;
  // They are converted beside the array, which so has all of them or none. An item takes up to 8 bytes on the way.
  const raw = n > 0x7fffff00 / size ? 0 : PyMem_Malloc(<usize>(n * size + 8));
  if (raw == 0) return PyErr_NoMemory();
  let status = 0;
  for (let i: isize = 0; i < n && status == 0; i++) {
    const v = Py.NewRef(List.get(list, i));
    status = storeItem(raw + <usize>(i * size), v, Arr.descr(o));
    Py.DECREF(v);
    if (status == 0 && List.size(list) != n) {
      status = PyErr_Fail(PyExc_RuntimeError, "list changed size during iteration");
    }
  }
  if (status == 0) status = appendRaw(o, raw, n);
  PyMem_Free(raw);
  return status < 0 ? 0 : _Py_NoneStruct;
}

/** Appends the `n` items at `p`, which is not in the array; -1 with an exception. */
function appendRaw(o: usize, p: usize, n: isize): i32 {
  const size = Py.SIZE(o);
  if (n > 0x7fffffc0 / Arr.itemsize(o) - size) {
    PyErr_NoMemory();
    return -1;
  }
  if (array_resize(o, size + n) < 0) return -1;
  memory.copy(Arr.item(o, size), p, <usize>(n * Arr.itemsize(o)));
  return 0;
}

/** Appends items from what lends bytes; -1 with an exception. */
export function extendBytes(o: usize, bytes: usize): i32 {
  const view = Buffer.open(bytes);
  if (view == 0) return -1;
  const size = Arr.itemsize(o);
  const n = Buffer.length(view);
  let status = 0;
  if (Py_buffer.at(view).itemsize != 1) status = PyErr_Fail(PyExc_TypeError, "a bytes-like object is required");
  else if (n % size != 0) status = PyErr_Fail(PyExc_ValueError, "bytes length not a multiple of item size");
  else if (n > 0) status = appendRaw(o, Buffer.data(view), n / size);
  Buffer.close(view);
  return status;
}

/**
 * @native array.array.frombytes($self, buffer, /)
 *
 * Append items from bytes that are laid out as the array is, such as
 * tobytes() gives them: a file would have been read in the same way.
 */
export function array_frombytes(o: usize, buffer: usize): usize {
  return extendBytes(o, buffer) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native array.array.tobytes($self, /)
 *
 * The bytes of the items, as they lie in memory, in an object.
 */
export function array_tobytes(o: usize, _: usize): usize {
  return PyBytes_FromStringAndSize(arrayobject.at(o).ob_item, Py.SIZE(o) * Arr.itemsize(o));
}

/** Calls a method with an argument, which is stolen and may be null: a new reference, null with an exception. */
function callMethod(o: usize, name: string, argument: usize): usize {
  const text = argument == 0 ? 0 : PyUnicode_InternLiteral(name);
  const r = text == 0 ? 0 : PyObject_CallMethodOneArg(o, text, argument);
  Py.XDECREF(text);
  Py.XDECREF(argument);
  return r;
}

/**
 * @native array.array.fromfile($self, f, n, /)
 *
 * Read n items from a file and append them.
 */
export function array_fromfile(o: usize, f: usize, n: isize): usize {
  if (n < 0) return PyErr_SetString(PyExc_ValueError, "negative count");
  if (n > 0x7fffffc0 / Arr.itemsize(o)) return PyErr_NoMemory();
  const size = n * Arr.itemsize(o);
  const bytes = callMethod(f, "read", PyLong_FromSsize_t(size));
  if (bytes == 0) return 0;
  let status: i32;
  if (!Py.check(bytes, Py_TPFLAGS_BYTES_SUBCLASS)) {
    status = PyErr_Fail(PyExc_TypeError, "read() didn't return bytes");
  } else {
    const enough = Py.SIZE(bytes) == size;
    status = extendBytes(o, bytes);
    if (status == 0 && !enough) status = PyErr_Fail(PyExc_EOFError, "read() didn't return enough bytes");
  }
  Py.DECREF(bytes);
  return status < 0 ? 0 : _Py_NoneStruct;
}

/** So many bytes are written at once. */
const BLOCK_SIZE: isize = 65536;

/**
 * @native array.array.tofile($self, f, /)
 *
 * Write the bytes of the items to a file.
 */
export function array_tofile(o: usize, f: usize): usize {
  // Writing may change how many items there are.
  for (let at: isize = 0; at < Py.SIZE(o) * Arr.itemsize(o); at += BLOCK_SIZE) {
    const n = min(Py.SIZE(o) * Arr.itemsize(o) - at, BLOCK_SIZE);
    const r = callMethod(f, "write", PyBytes_FromStringAndSize(arrayobject.at(o).ob_item + <usize>at, n));
    if (r == 0) return 0;
    Py.DECREF(r);
  }
  return _Py_NoneStruct;
}

/** Appends the characters of a str; -1 with an exception. */
export function extendText(o: usize, text: usize): i32 {
  const size = Py.SIZE(o);
  const n = U.length(text);
  if (n > 0x1fffff00 - size) {
    PyErr_NoMemory();
    return -1;
  }
  if (n == 0) return 0;
  if (array_resize(o, size + n) < 0) return -1;
  copyCharacters(4, arrayobject.at(o).ob_item, size, U.kind(text), U.data(text), 0, n);
  return 0;
}

/**
 * @native array.array.fromunicode($self, ustr, /)
 *
 * Append the characters of a str.
 *
 * Only an array of characters can do so, any other raises ValueError. To
 * put the bytes of text in an array of numbers, write
 * array.frombytes(ustr.encode(...)).
 */
export function array_fromunicode(o: usize, ustr: usize): usize {
  if (!strArgument(ustr, "fromunicode", "argument")) return 0;
  if (!Arr.isText(o)) {
    const message = "fromunicode() may only be called on unicode type arrays ('u' or 'w')";
    return PyErr_SetString(PyExc_ValueError, message);
  }
  return extendText(o, ustr) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native array.array.tounicode($self, /)
 *
 * The characters of the array as a str.
 *
 * Only an array of characters can do so, any other raises ValueError. For
 * text whose bytes are in an array of numbers, write
 * array.tobytes().decode(...), with the name of the encoding that was used
 * for them.
 */
export function array_tounicode(o: usize, _: usize): usize {
  if (!Arr.isText(o)) {
    const message = "tounicode() may only be called on unicode type arrays ('u' or 'w')";
    return PyErr_SetString(PyExc_ValueError, message);
  }
  const p = arrayobject.at(o).ob_item;
  const n = Py.SIZE(o);
  if (Descr.typecode(Arr.descr(o)) == 0x77) return decodeWide(p, n << 2, 0, 4, 0, 0);
  for (let i: isize = 0; i < n; i++) {
    const c = load<u32>(Arr.item(o, i));
    if (c > MAX_UNICODE) {
      return PyErr_Format(PyExc_ValueError, "character U+%x is not in range [U+0000; U+10ffff]", c);
    }
  }
  return PyUnicode_FromKindAndData(4, p, n);
}

/**
 * @getter array.array.typecode
 *
 * the type code that it was made with
 */
export function array_get_typecode(o: usize, _closure: usize): usize {
  return PyUnicode_FromOrdinal(Descr.typecode(Arr.descr(o)));
}

/**
 * @getter array.array.itemsize
 *
 * how many bytes an item has
 */
export function array_get_itemsize(o: usize, _closure: usize): usize {
  return PyLong_FromSsize_t(Arr.itemsize(o));
}

/**
 * @native array.arrayiterator.__reduce__($self, /)
 *
 * What a copy of it is to be made from.
 */
export function arrayiter_reduce(it: usize, _: usize): usize {
  const i = arrayiterobject.at(it);
  const iter = getBuiltin(ID.iter);
  if (iter == 0) return 0;
  // Looking it up may have run the iterator.
  const args = PyTuple_Pack1(i.ao == 0 ? empty_tuple : i.ao);
  const index = args == 0 || i.ao == 0 ? 0 : PyLong_FromSsize_t(i.index);
  let r: usize = 0;
  if (index != 0) r = PyTuple_Pack3(iter, args, index);
  else if (args != 0 && i.ao == 0) r = PyTuple_Pack2(iter, args);
  Py.XDECREF(index);
  Py.XDECREF(args);
  Py.DECREF(iter);
  return r;
}

/**
 * @native array.arrayiterator.__setstate__($self, state, /)
 *
 * Go to another item.
 */
export function arrayiter_setstate(it: usize, state: usize): usize {
  const index = PyLong_AsSsize_t(state);
  if (index == -1 && PyErr_Occurred()) return 0;
  const i = arrayiterobject.at(it);
  if (i.ao != 0) i.index = min(max<isize>(index, 0), Py.SIZE(i.ao));
  return _Py_NoneStruct;
}
