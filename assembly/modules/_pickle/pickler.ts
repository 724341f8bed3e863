// The types Pickler and PicklerMemoProxy (CPython 3.13's Modules/_pickle.c).
//
// Deliberate difference: a pickler that is at work cannot be made to pickle something else, nor be initialised: RuntimeError,
// as in later versions of CPython. What it remembers may change meanwhile.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_DICT_SUBCLASS } from "../../generated/constants";
import {
  PicklerMemoProxyObject,
  PicklerObject,
  PyCFunctionObject,
  PyMemoTable,
  PyMethodDef,
  PyTypeObject,
  SIZEOF_PicklerMemoProxyObject,
  SIZEOF_PicklerObject,
  SIZEOF_PyMemoEntry,
  SIZEOF_PyMemoTable,
} from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyCFunction_Type,
  PyDict_Type,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyPickler_Type,
  PyPicklerMemoProxy_Type,
} from "../../generated/statics";
import { PyBytesObject_SIZE } from "../../objects/bytes/bytes";
import { PyDict_Next, PyDict_ValueAt } from "../../objects/containers/dict/dict";
import { PyTuple_Pack1, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_Fail, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import {
  PicklerMemoProxyObject_clear,
  PicklerMemoProxyObject_traverse,
  PicklerObject_clear,
  PicklerObject_traverse,
} from "../../objects/generated/references";
import { PyLong_AsLongLong, PyLong_AsSsize_t, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyType_GenericAlloc, PyType_GenericNew } from "../../objects/object/alloc";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyObject_HashNotImplemented, PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyTypeName } from "../../objects/text/concat";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { copyMemo, freeMemo, memoClear, memoDict, memoSet, memoTraverse, newMemo } from "./memo";
import { DEFAULT_PROTOCOL, HIGHEST_PROTOCOL, PROTO, STOP } from "./opcodes";
import { clearBuffer, commitFrame, flushToFile, reserve, writeOp } from "./output";
import { save } from "./save";

/** Whether the pickler is not at work; otherwise RuntimeError. */
function isIdle(o: usize): bool {
  if (PicklerObject.at(o).running == 0) return true;
  PyErr_SetString(PyExc_RuntimeError, "Pickler object is already used");
  return false;
}

/** Sets protocol and names from arguments; -1 with an exception. */
export function setProtocol(o: usize, protocol: usize, fixImports: bool): i32 {
  let proto: i64 = DEFAULT_PROTOCOL;
  if (protocol != _Py_NoneStruct) {
    proto = PyLong_AsLongLong(protocol);
    if (proto == -1 && PyErr_Occurred()) return -1;
    if (proto < 0) proto = HIGHEST_PROTOCOL;
    if (proto > HIGHEST_PROTOCOL) {
      PyErr_Format(PyExc_ValueError, "pickle protocol must be <= %d", HIGHEST_PROTOCOL);
      return -1;
    }
  }
  const s = PicklerObject.at(o);
  s.proto = <i32>proto;
  s.bin = proto > 0 ? 1 : 0;
  s.fix_imports = fixImports && proto < 3 ? 1 : 0;
  return 0;
}

/** Sets the file; -1 with TypeError. */
export function setOutputStream(o: usize, file: usize): i32 {
  const method = PyObject_GetOptionalAttr(file, ID.write);
  if (method == 0) {
    return PyErr_Occurred() ? -1 : PyErr_Fail(PyExc_TypeError, "file must have a 'write' attribute");
  }
  Py.SETREF(PicklerObject.at(o).write_slot, method);
  return 0;
}

/** Sets what decides about buffers; -1 with ValueError. */
export function setBufferCallback(o: usize, callback: usize): i32 {
  const given = callback == _Py_NoneStruct ? 0 : callback;
  if (given != 0 && PicklerObject.at(o).proto < 5) {
    return PyErr_Fail(PyExc_ValueError, "buffer_callback needs protocol >= 5");
  }
  Py.SETREF(PicklerObject.at(o).buffer_callback_slot, Py.XNewRef(given));
  return 0;
}

/** A new pickler without a file; null with MemoryError. */
export function newPickler(): usize {
  const o = PyType_GenericAlloc(PyPickler_Type, 0);
  if (o == 0) return 0;
  const s = PicklerObject.at(o);
  s.frame_start = -1;
  s.memo = newMemo();
  if (s.memo != 0) return o;
  Py.DECREF(o);
  return 0;
}

/** The method persistent_id of a pickler: a new reference; null for the built-in one, or with an exception. */
function persistentIdOf(o: usize): usize {
  const method = PyObject_GetAttr(o, ID.persistent_id);
  if (method == 0 || !Py.IS_TYPE(method, PyCFunction_Type)) return method;
  const f = PyCFunctionObject.at(method);
  if (f.m_self != o || PyMethodDef.at(f.m_ml).ml_meth != pickler_persistent_id.index) return method;
  Py.DECREF(method);
  return 0;
}

/** Pickles the object into the buffer; -1 with an exception. */
export function dump(o: usize, obj: usize): i32 {
  if (!isIdle(o)) return -1;
  const s = PicklerObject.at(o);
  s.running = 1;
  const status = dumpWhole(o, obj);
  s.running = 0;
  s.framing = 0;
  Py.CLEAR(s.persistent_id_slot);
  Py.CLEAR(s.reducer_override_slot);
  return status;
}

function dumpWhole(o: usize, obj: usize): i32 {
  const s = PicklerObject.at(o);
  const persistent = persistentIdOf(o);
  if (persistent == 0 && PyErr_Occurred()) return -1;
  Py.SETREF(s.persistent_id_slot, persistent);
  const reducer = PyObject_GetOptionalAttr(o, ID.reducer_override);
  if (reducer == 0 && PyErr_Occurred()) return -1;
  Py.SETREF(s.reducer_override_slot, reducer);
  if (s.proto >= 2) {
    const to = reserve(o, 2);
    if (to == 0) return -1;
    store<u8>(to, PROTO);
    store<u8>(to + 1, <u8>s.proto);
    if (s.proto >= 4) s.framing = 1;
  }
  if (save(o, obj, false) < 0 || writeOp(o, STOP) < 0) return -1;
  commitFrame(o);
  return 0;
}

/**
 * @native _pickle.Pickler.persistent_id($self, obj, /)
 */
export function pickler_persistent_id(_o: usize, _obj: usize): usize {
  return _Py_NoneStruct;
}

/**
 * @native _pickle.Pickler.dump($self, obj, /)
 *
 * Pickle an object into the file.
 */
export function pickler_dump(o: usize, obj: usize): usize {
  if (PicklerObject.at(o).write == 0) {
    const message = "Pickler.__init__() was not called by %s.__init__()";
    return PyErr_Format(pickleRoots.pickling_error, message, PyTypeName.of(o));
  }
  if (!isIdle(o) || clearBuffer(o) < 0) return 0;
  return dump(o, obj) < 0 || flushToFile(o) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _pickle.Pickler.clear_memo($self, /)
 *
 * Forget what was pickled.
 *
 * A pickler remembers its objects, and pickles those that it has met once
 * only. Use this to pickle them again, as a new pickler would do it.
 *
 * Programs that go on with a pickler will want it.
 */
export function pickler_clear_memo(o: usize, _unused: usize): usize {
  const memo = PicklerObject.at(o).memo;
  return memo != 0 && memoClear(memo) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _pickle.Pickler.__sizeof__($self, /)
 *
 * How much memory it takes, in bytes.
 */
export function pickler_sizeof(o: usize, _unused: usize): usize {
  const s = PicklerObject.at(o);
  let size = PyTypeObject.at(Py.TYPE(o)).tp_basicsize;
  if (s.memo != 0) {
    size += <isize>SIZEOF_PyMemoTable + PyMemoTable.at(s.memo).mt_allocated * <isize>SIZEOF_PyMemoEntry;
  }
  if (s.output_buffer != 0) size += <isize>PyBytesObject_SIZE + Py.SIZE(s.output_buffer);
  return PyLong_FromSsize_t(size);
}

function pickler_traverse(o: usize, visit: u32, arg: usize): i32 {
  const r = PicklerObject_traverse(o, visit, arg);
  return r != 0 ? r : memoTraverse(PicklerObject.at(o).memo, visit, arg);
}

function pickler_clear(o: usize): i32 {
  PicklerObject_clear(o);
  const memo = PicklerObject.at(o).memo;
  PicklerObject.at(o).memo = 0;
  freeMemo(memo);
  return 0;
}

function pickler_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  pickler_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function pickler_init(o: usize, args: usize, kwargs: usize): i32 {
  const out = Scratch.take(4);
  const names = "file protocol fix_imports buffer_callback";
  const parsed = parseTupleAndKeywords("Pickler", names, args, kwargs, out, 1, 4);
  const file = Py.item(out, 0);
  const protocol = Py.item(out, 1);
  const fixImports = Py.item(out, 2);
  const callback = Py.item(out, 3);
  Scratch.give(out);
  const fix = !parsed ? -1 : fixImports == 0 ? 1 : PyObject_IsTrue(fixImports);
  if (fix < 0 || !isIdle(o)) return -1;
  const s = PicklerObject.at(o);
  if (s.write != 0) pickler_clear(o);
  if (setProtocol(o, protocol == 0 ? _Py_NoneStruct : protocol, fix != 0) < 0) return -1;
  if (setOutputStream(o, file) < 0 || setBufferCallback(o, callback == 0 ? _Py_NoneStruct : callback) < 0) return -1;
  if (s.memo == 0) {
    s.memo = newMemo();
    if (s.memo == 0) return -1;
  }
  if (s.output_buffer == 0 && clearBuffer(o) < 0) return -1;
  s.output_len = 0;
  s.frame_start = -1;
  s.fast = 0;
  s.fast_nesting = 0;
  Py.CLEAR(s.fast_memo_slot);
  if (s.dispatch_table != 0) return 0;
  const table = PyObject_GetOptionalAttr(o, ID.dispatch_table);
  if (table == 0 && PyErr_Occurred()) return -1;
  Py.SETREF(s.dispatch_table_slot, table);
  return 0;
}

// What stands for the memo.

/**
 * @native _pickle.PicklerMemoProxy.clear($self, /)
 *
 * Empty the memo.
 */
export function picklerproxy_clear(o: usize, _unused: usize): usize {
  return pickler_clear_memo(PicklerMemoProxyObject.at(o).pickler, 0);
}

/**
 * @native _pickle.PicklerMemoProxy.copy($self, /)
 *
 * The memo as a dict.
 */
export function picklerproxy_copy(o: usize, _unused: usize): usize {
  return memoDict(PicklerObject.at(PicklerMemoProxyObject.at(o).pickler).memo);
}

/**
 * @native _pickle.PicklerMemoProxy.__reduce__($self, /)
 *
 * For pickles and copies.
 */
export function picklerproxy_reduce(o: usize, _unused: usize): usize {
  return reduceToDict(picklerproxy_copy(o, 0));
}

/** (dict, (contents,)), the reference to the contents taken; null with an exception, or where it is null. */
export function reduceToDict(contents: usize): usize {
  if (contents == 0) return 0;
  const args = PyTuple_Pack1(contents);
  Py.DECREF(contents);
  const r = args == 0 ? 0 : PyTuple_Pack2(PyDict_Type, args);
  Py.XDECREF(args);
  return r;
}

function picklerproxy_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  PicklerMemoProxyObject_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/**
 * @getter _pickle.Pickler.memo
 */
export function pickler_get_memo(o: usize, _closure: usize): usize {
  const proxy = PyType_GenericAlloc(PyPicklerMemoProxy_Type, 0);
  if (proxy != 0) PicklerMemoProxyObject.at(proxy).pickler = Py.NewRef(o);
  return proxy;
}

/** A new memo with what a dict says; null with an exception. */
function memoFromDict(dict: usize): usize {
  const memo = newMemo();
  if (memo == 0) return 0;
  let status = 0;
  for (let pos = PyDict_Next(dict, 0); pos > 0 && status == 0; pos = PyDict_Next(dict, pos)) {
    const pair = PyDict_ValueAt(dict, pos);
    if (!Tuple.check(pair) || Py.SIZE(pair) != 2) {
      status = PyErr_Fail(PyExc_TypeError, "'memo' values must be 2-item tuples");
      break;
    }
    const number = PyLong_AsSsize_t(Tuple.get(pair, 0));
    status = number == -1 && PyErr_Occurred() ? -1 : memoSet(memo, Tuple.get(pair, 1), number);
  }
  if (status == 0) return memo;
  freeMemo(memo);
  return 0;
}

/**
 * @setter _pickle.Pickler.memo
 */
export function pickler_set_memo(o: usize, value: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "attribute deletion is not supported");
  let memo: usize;
  if (Py.IS_TYPE(value, PyPicklerMemoProxy_Type)) {
    const from = PicklerObject.at(PicklerMemoProxyObject.at(value).pickler).memo;
    memo = from == 0 ? newMemo() : copyMemo(from);
  } else if (Py.check(value, Py_TPFLAGS_DICT_SUBCLASS)) memo = memoFromDict(value);
  else {
    const message = "'memo' attribute must be a PicklerMemoProxy object or dict, not %.200s";
    PyErr_Format(PyExc_TypeError, message, PyTypeName.of(value));
    return -1;
  }
  if (memo == 0) return -1;
  const old = PicklerObject.at(o).memo;
  PicklerObject.at(o).memo = memo;
  freeMemo(old);
  return 0;
}

/**
 * @type _pickle.Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)
 *
 * It writes objects as bytes to a binary file, from which an Unpickler makes
 * others like them.
 *
 * The protocol is a number from 0 to 5. Without one, or with None, it is 4,
 * which Python 3.4 and later can read; a negative one means the highest that
 * there is. The higher it is, the newer a Python has to be to read the pickle.
 *
 * The file has a method write(), which takes bytes: a file opened for binary
 * writing, io.BytesIO, or any other object that has it.
 *
 * If fix_imports is true and the protocol is less than 3, modules are written
 * by the names that they have in Python 2, so that it can read the pickle.
 *
 * With buffer_callback=None buffers are written into the pickle. Otherwise it
 * is called for each, and a buffer for which it returns a true value, or None
 * taken for false, is treated accordingly: false means that the buffer is not
 * in the pickle, and has to be given to the Unpickler. This needs protocol 5.
 *
 * @member _pickle.Pickler.bin = PicklerObject.bin
 *
 * @member _pickle.Pickler.fast = PicklerObject.fast
 *
 * @member _pickle.Pickler.dispatch_table = PicklerObject.dispatch_table deletable
 */

/**
 * @type _pickle.PicklerMemoProxy
 */

/** Makes the types: 0, or -1 with an exception. */
export function initPicklerTypes(): i32 {
  const t = collectedType(
    PyPickler_Type,
    SIZEOF_PicklerObject,
    pickler_dealloc.index,
    pickler_traverse.index,
    pickler_clear.index,
    Py_TPFLAGS_BASETYPE,
  );
  t.tp_init = pickler_init.index;
  t.tp_new = PyType_GenericNew.index;
  const p = collectedType(
    PyPicklerMemoProxy_Type,
    SIZEOF_PicklerMemoProxyObject,
    picklerproxy_dealloc.index,
    PicklerMemoProxyObject_traverse.index,
    PicklerMemoProxyObject_clear.index,
    Py_TPFLAGS_BASETYPE,
  );
  p.tp_hash = PyObject_HashNotImplemented.index;
  return PyType_Ready(PyPickler_Type) == 0 && PyType_Ready(PyPicklerMemoProxy_Type) == 0 ? 0 : -1;
}
