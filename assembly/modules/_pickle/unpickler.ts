// The types Unpickler and UnpicklerMemoProxy (CPython 3.13's Modules/_pickle.c).

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_DICT_SUBCLASS } from "../../generated/constants";
import {
  PyTypeObject,
  SIZEOF_UnpicklerMemoProxyObject,
  SIZEOF_UnpicklerObject,
  UnpicklerMemoProxyObject,
  UnpicklerObject,
} from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyExc_TypeError,
  PyExc_ValueError,
  PyUnpickler_Type,
  PyUnpicklerMemoProxy_Type,
} from "../../generated/statics";
import { PyMem_Free } from "../../memory/pymem";
import {
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_Size,
  PyDict_ValueAt,
} from "../../objects/containers/dict/dict";
import { parseTupleAndKeywords, strArgument } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Fail, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import {
  UnpicklerMemoProxyObject_clear,
  UnpicklerMemoProxyObject_traverse,
  UnpicklerObject_clear,
  UnpicklerObject_traverse,
} from "../../objects/generated/references";
import { Long } from "../../objects/numbers/int/access";
import { PyLong_AsSsize_t, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyType_GenericAlloc, PyType_GenericNew } from "../../objects/object/alloc";
import { PyBuffer_Release } from "../../objects/object/buffer";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyObject_HashNotImplemented, PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyObject_GetIter } from "../../objects/protocol/iterator";
import { U } from "../../objects/text/access";
import { PyTypeName } from "../../objects/text/concat";
import { cstringLength } from "../../objects/text/create";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { findGlobal } from "./globals";
import { isIdle, loadPickle } from "./load";
import { reduceToDict } from "./pickler";
import { newReferences, newStack, remember, setReferences } from "./stack";

const MEMO_SIZE: isize = 32;

/** A new unpickler without input; null with MemoryError. */
export function newUnpickler(): usize {
  const o = PyType_GenericAlloc(PyUnpickler_Type, 0);
  if (o == 0 || prepare(o) == 0) return o;
  Py.DECREF(o);
  return 0;
}

/** Gives the unpickler a stack and a memo, both empty; -1 with MemoryError. */
function prepare(o: usize): i32 {
  const stack = newStack();
  const memo = stack == 0 ? 0 : newReferences(MEMO_SIZE);
  if (memo == 0) {
    Py.XDECREF(stack);
    return -1;
  }
  Py.SETREF(UnpicklerObject.at(o).stack_slot, stack);
  setReferences(o, memo, MEMO_SIZE, 0);
  return 0;
}

/** Sets the file; -1 with TypeError. */
export function setInputStream(o: usize, file: usize): i32 {
  const s = UnpicklerObject.at(o);
  if (!takeMethod(file, ID.peek, s.peek_slot) || !takeMethod(file, ID.readinto, s.readinto_slot)) return -1;
  if (!takeMethod(file, ID.read, s.read_slot) || !takeMethod(file, ID.readline, s.readline_slot)) return -1;
  if (s.read != 0 && s.readline != 0) return 0;
  Py.CLEAR(s.read_slot);
  return PyErr_Fail(PyExc_TypeError, "file must have 'read' and 'readline' attributes");
}

/** Puts a method, null if it is missing, into the slot: false with an exception. */
function takeMethod(file: usize, name: usize, slot: usize): bool {
  const method = PyObject_GetOptionalAttr(file, name);
  if (method == 0 && PyErr_Occurred()) return false;
  Py.SETREF(slot, method);
  return true;
}

/** Whether an argument is null or a str; otherwise TypeError. */
function isNameOrNull(v: usize, fname: string, argument: string): bool {
  return v == 0 || strArgument(v, fname, argument);
}

/**
 * Sets encoding and errors (strs or null) and what gives the buffers (an iterable, None or null): false with an exception.
 * `fname` is the function whose arguments these are.
 */
export function setOptions(o: usize, fname: string, encoding: usize, errors: usize, buffers: usize): bool {
  if (!isNameOrNull(encoding, fname, "argument 'encoding'")) return false;
  if (!isNameOrNull(errors, fname, "argument 'errors'")) return false;
  const s = UnpicklerObject.at(o);
  Py.SETREF(s.encoding_slot, Py.XNewRef(encoding));
  Py.SETREF(s.errors_slot, Py.XNewRef(errors));
  let it: usize = 0;
  if (buffers != 0 && buffers != _Py_NoneStruct) {
    it = PyObject_GetIter(buffers);
    if (it == 0) return false;
  }
  Py.SETREF(s.buffers_slot, it);
  return true;
}

/**
 * @native _pickle.Unpickler.persistent_load($self, pid, /)
 */
export function unpickler_persistent_load(_o: usize, _pid: usize): usize {
  const message = "A load persistent id instruction was encountered, but no persistent_load function was specified.";
  return PyErr_SetString(pickleRoots.unpickling_error, message);
}

/**
 * @native _pickle.Unpickler.load($self, /)
 *
 * Read a pickle.
 *
 * Returned is an object like the one that was pickled, with all that
 * belongs to it, made from what the file says.
 */
export function unpickler_load(o: usize, _unused: usize): usize {
  if (UnpicklerObject.at(o).read == 0 || UnpicklerObject.at(o).stack == 0) {
    const message = "Unpickler.__init__() was not called by %s.__init__()";
    return PyErr_Format(pickleRoots.unpickling_error, message, PyTypeName.of(o));
  }
  return loadPickle(o);
}

/**
 * @native _pickle.Unpickler.find_class($self, module_name, global_name, /)
 *
 * What a module has under a name; the module is imported if need be.
 *
 * Subclasses may decide here what a pickle is allowed to use: a pickle
 * asks for classes and functions by this method, whatever it then does
 * with them. Both arguments are strs.
 */
export function unpickler_find_class(o: usize, module_name: usize, global_name: usize): usize {
  const s = UnpicklerObject.at(o);
  if (!Audit.event("pickle.find_class", "OO", module_name, global_name)) return 0;
  return findGlobal(module_name, global_name, s.proto, s.fix_imports != 0);
}

/**
 * @native _pickle.Unpickler.__sizeof__($self, /)
 *
 * How much memory it takes, in bytes.
 */
export function unpickler_sizeof(o: usize, _unused: usize): usize {
  const s = UnpicklerObject.at(o);
  let size = PyTypeObject.at(Py.TYPE(o)).tp_basicsize;
  if (s.memo != 0) size += s.memo_size << 3;
  if (s.marks != 0) size += s.marks_size << 3;
  if (s.input_line != 0) size += cstringLength(s.input_line) + 1;
  if (s.stack != 0) {
    size += (s.encoding == 0 ? 5 : U.length(s.encoding)) + 1;
    size += (s.errors == 0 ? 6 : U.length(s.errors)) + 1;
  }
  return PyLong_FromSsize_t(size);
}

function unpickler_traverse(o: usize, visit: u32, arg: usize): i32 {
  const s = UnpicklerObject.at(o);
  let r = UnpicklerObject_traverse(o, visit, arg);
  for (let i: isize = 0; i < s.memo_size && r == 0; i++) r = Visit.call(Py.item(s.memo, i), visit, arg);
  return r;
}

/** Frees a block in a slot. */
function freeBlock(slot: usize): void {
  const block = load<u32>(slot);
  store<u64>(slot, 0);
  PyMem_Free(block);
}

function unpickler_clear(o: usize): i32 {
  const s = UnpicklerObject.at(o);
  UnpicklerObject_clear(o);
  s.input_len = 0;
  s.next_read_idx = 0;
  s.prefetched_idx = 0;
  PyBuffer_Release(s.buffer);
  setReferences(o, 0, 0, 0);
  s.num_marks = 0;
  s.marks_size = 0;
  freeBlock(s.marks_slot);
  freeBlock(s.input_line_slot);
  return 0;
}

function unpickler_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  unpickler_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function unpickler_init(o: usize, args: usize, kwargs: usize): i32 {
  const out = Scratch.take(5);
  const names = "file fix_imports encoding errors buffers";
  const parsed = parseTupleAndKeywords("Unpickler", names, args, kwargs, out, 1, 1);
  const file = Py.item(out, 0);
  const fixImports = Py.item(out, 1);
  const encoding = Py.item(out, 2);
  const errors = Py.item(out, 3);
  const buffers = Py.item(out, 4);
  Scratch.give(out);
  const fix = !parsed ? -1 : fixImports == 0 ? 1 : PyObject_IsTrue(fixImports);
  if (fix < 0 || !isIdle(o)) return -1;
  if (UnpicklerObject.at(o).read != 0) unpickler_clear(o);
  if (setInputStream(o, file) < 0 || !setOptions(o, "Unpickler", encoding, errors, buffers)) return -1;
  UnpicklerObject.at(o).fix_imports = fix;
  UnpicklerObject.at(o).proto = 0;
  return prepare(o);
}

// What stands for the memo.

/**
 * @native _pickle.UnpicklerMemoProxy.clear($self, /)
 *
 * Empty the memo.
 */
export function unpicklerproxy_clear(o: usize, _unused: usize): usize {
  const unpickler = UnpicklerMemoProxyObject.at(o).unpickler;
  const memo = newReferences(MEMO_SIZE);
  if (memo == 0) return 0;
  setReferences(unpickler, memo, MEMO_SIZE, 0);
  return _Py_NoneStruct;
}

/**
 * @native _pickle.UnpicklerMemoProxy.copy($self, /)
 *
 * The memo as a dict.
 */
export function unpicklerproxy_copy(o: usize, _unused: usize): usize {
  const s = UnpicklerObject.at(UnpicklerMemoProxyObject.at(o).unpickler);
  const dict = PyDict_New();
  if (dict == 0) return 0;
  for (let i: isize = 0; i < s.memo_size; i++) {
    const value = Py.item(s.memo, i);
    if (value == 0) continue;
    const key = PyLong_FromSsize_t(i);
    const status = key == 0 ? -1 : PyDict_SetItem(dict, key, value);
    Py.XDECREF(key);
    if (status < 0) {
      Py.DECREF(dict);
      return 0;
    }
  }
  return dict;
}

/**
 * @native _pickle.UnpicklerMemoProxy.__reduce__($self, /)
 *
 * For pickles and copies.
 */
export function unpicklerproxy_reduce(o: usize, _unused: usize): usize {
  return reduceToDict(unpicklerproxy_copy(o, 0));
}

function unpicklerproxy_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  UnpicklerMemoProxyObject_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/**
 * @getter _pickle.Unpickler.memo
 */
export function unpickler_get_memo(o: usize, _closure: usize): usize {
  const proxy = PyType_GenericAlloc(PyUnpicklerMemoProxy_Type, 0);
  if (proxy != 0) UnpicklerMemoProxyObject.at(proxy).unpickler = Py.NewRef(o);
  return proxy;
}

/** Makes copies of another's references the memo; -1 with MemoryError. */
function copyReferences(o: usize, from: usize): i32 {
  const f = UnpicklerObject.at(from);
  const n = f.memo_size;
  const memo = newReferences(n);
  if (memo == 0) return -1;
  for (let i: isize = 0; i < n; i++) Py.setItem(memo, i, Py.XNewRef(Py.item(f.memo, i)));
  setReferences(o, memo, n, f.memo_len);
  return 0;
}

/** Makes the values of a dict the memo, by the numbers that are its keys; -1 with an exception, the memo empty. */
function fillReferences(o: usize, dict: usize): i32 {
  const memo = newReferences(PyDict_Size(dict));
  if (memo == 0) return -1;
  setReferences(o, memo, PyDict_Size(dict), 0);
  for (let pos = PyDict_Next(dict, 0); pos > 0; pos = PyDict_Next(dict, pos)) {
    const key = PyDict_KeyAt(dict, pos);
    if (!Long.check(key)) return PyErr_Fail(PyExc_TypeError, "memo key must be integers");
    const index = PyLong_AsSsize_t(key);
    if (index == -1 && PyErr_Occurred()) return -1;
    if (index < 0) return PyErr_Fail(PyExc_ValueError, "memo key must be positive integers.");
    if (remember(o, index, PyDict_ValueAt(dict, pos)) < 0) return -1;
  }
  return 0;
}

/**
 * @setter _pickle.Unpickler.memo
 */
export function unpickler_set_memo(o: usize, value: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "attribute deletion is not supported");
  if (Py.IS_TYPE(value, PyUnpicklerMemoProxy_Type)) {
    return copyReferences(o, UnpicklerMemoProxyObject.at(value).unpickler);
  }
  if (Py.check(value, Py_TPFLAGS_DICT_SUBCLASS)) return fillReferences(o, value);
  const message = "'memo' attribute must be an UnpicklerMemoProxy object or dict, not %.200s";
  PyErr_Format(PyExc_TypeError, message, PyTypeName.of(value));
  return -1;
}

/**
 * @type _pickle.Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict',
 *           buffers=())
 *
 * It makes objects from the bytes of a binary file that a Pickler wrote.
 *
 * Which protocol was used is seen from the bytes.
 *
 * The file has two methods: read(), which takes a number of bytes, and
 * readline(), which takes nothing; both return bytes. If there is readinto()
 * too, large bytes need not be copied. A file opened for binary reading,
 * io.BytesIO, or any other object with these methods will do.
 *
 * What else is given is for pickles of Python 2. If fix_imports is true, the
 * names that modules have there are replaced by those that they have here. Its
 * strs are decoded by the encoding, and errors in them are treated as errors
 * says, both names as bytes.decode() takes them; with encoding='bytes' they
 * stay bytes.
 *
 * The buffers are those that the Pickler did not write into the pickle, in
 * the same order.
 */

/**
 * @type _pickle.UnpicklerMemoProxy
 */

/** Makes the types: 0, or -1 with an exception. */
export function initUnpicklerTypes(): i32 {
  const t = collectedType(
    PyUnpickler_Type,
    SIZEOF_UnpicklerObject,
    unpickler_dealloc.index,
    unpickler_traverse.index,
    unpickler_clear.index,
    Py_TPFLAGS_BASETYPE,
  );
  t.tp_init = unpickler_init.index;
  t.tp_new = PyType_GenericNew.index;
  const p = collectedType(
    PyUnpicklerMemoProxy_Type,
    SIZEOF_UnpicklerMemoProxyObject,
    unpicklerproxy_dealloc.index,
    UnpicklerMemoProxyObject_traverse.index,
    UnpicklerMemoProxyObject_clear.index,
    Py_TPFLAGS_BASETYPE,
  );
  p.tp_hash = PyObject_HashNotImplemented.index;
  return PyType_Ready(PyUnpickler_Type) == 0 && PyType_Ready(PyUnpicklerMemoProxy_Type) == 0 ? 0 : -1;
}
