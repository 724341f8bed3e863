// The module _pickle (CPython 3.13's Modules/_pickle.c): what the standard library's pickle is made of.
//
//   opcodes   the instructions
//   output    the bytes that are written: buffer, frames    input    the bytes that are read
//   memo      what was pickled already                      stack    the stack, the memo
//   save      which way an object is pickled, containers    load     the machine that reads
//   atoms     numbers, text, bytes                          values   numbers, text, bytes, containers
//   reduce    what objects say of themselves                build    names, calls, what goes into objects
//   globals   names of modules, classes and functions, for both
//   pickler, unpickler, picklebuffer: the types
//
// What other modules register for pickles (copyreg, _compat_pickle) is looked up when the module is made.

import { UnpicklerObject } from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyDict_Type,
  PyExc_Exception,
  PyExc_RuntimeError,
  PyPickleBuffer_Type,
  PyPickler_Type,
  PyUnpickler_Type,
} from "../../generated/statics";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyErr_Format } from "../../objects/errors/raise";
import { getBuiltin } from "../../objects/module/builtinlookup";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { setInput } from "./input";
import { loadPickle } from "./load";
import { flushToFile, takeOutput } from "./output";
import { initPickleBufferType } from "./picklebuffer";
import { dump, initPicklerTypes, newPickler, setBufferCallback, setOutputStream, setProtocol } from "./pickler";
import { initStackType } from "./stack";
import { initUnpicklerTypes, newUnpickler, setInputStream, setOptions } from "./unpickler";

/** module.name: a new reference, null with an exception. */
function imported(module: string, name: string): usize {
  const m = PyImport_ImportLiteral(module);
  const text = m == 0 ? 0 : PyUnicode_InternLiteral(name);
  const r = text == 0 ? 0 : PyObject_GetAttr(m, text);
  Py.XDECREF(text);
  Py.XDECREF(m);
  return r;
}

/** Keeps a dict of another module in the slot: whether that worked. */
function keepDict(slot: usize, module: string, name: string): bool {
  const d = imported(module, name);
  if (d == 0) return false;
  if (!Py.IS_TYPE(d, PyDict_Type)) {
    const message = "%L.%L should be a dict, not %.200t";
    PyErr_Format(PyExc_RuntimeError, message, changetype<usize>(module), changetype<usize>(name), d);
    Py.DECREF(d);
    return false;
  }
  Py.SETREF(slot, d);
  return true;
}

/** Keeps an object (stolen, null for an exception) in the slot: whether there is one. */
function keep(slot: usize, o: usize): bool {
  if (o == 0) return false;
  Py.SETREF(slot, o);
  return true;
}

/** Looks up what other modules have: whether that worked. */
function prepareState(): bool {
  if (!keep(pickleRoots.getattr_slot, getBuiltin(ID.getattr))) return false;
  if (!keepDict(pickleRoots.dispatch_table_slot, "copyreg", "dispatch_table")) return false;
  if (!keepDict(pickleRoots.extension_registry_slot, "copyreg", "_extension_registry")) return false;
  if (!keepDict(pickleRoots.inverted_registry_slot, "copyreg", "_inverted_registry")) return false;
  if (!keepDict(pickleRoots.extension_cache_slot, "copyreg", "_extension_cache")) return false;
  if (!keepDict(pickleRoots.name_mapping_2to3_slot, "_compat_pickle", "NAME_MAPPING")) return false;
  if (!keepDict(pickleRoots.import_mapping_2to3_slot, "_compat_pickle", "IMPORT_MAPPING")) return false;
  if (!keepDict(pickleRoots.name_mapping_3to2_slot, "_compat_pickle", "REVERSE_NAME_MAPPING")) return false;
  if (!keepDict(pickleRoots.import_mapping_3to2_slot, "_compat_pickle", "REVERSE_IMPORT_MAPPING")) return false;
  if (!keep(pickleRoots.codecs_encode_slot, imported("codecs", "encode"))) return false;
  return keep(pickleRoots.partial_slot, imported("functools", "partial"));
}

/** Makes the exceptions, once: whether that worked. */
function prepareErrors(): bool {
  if (pickleRoots.error == 0) pickleRoots.error = PyErr_NewException("_pickle", "PickleError", PyExc_Exception);
  const base = pickleRoots.error;
  if (base == 0) return false;
  if (pickleRoots.pickling_error == 0) {
    pickleRoots.pickling_error = PyErr_NewException("_pickle", "PicklingError", base);
  }
  if (pickleRoots.unpickling_error == 0) {
    pickleRoots.unpickling_error = PyErr_NewException("_pickle", "UnpicklingError", base);
  }
  return pickleRoots.pickling_error != 0 && pickleRoots.unpickling_error != 0;
}

/**
 * @native _pickle.dump($module, /, obj, file, protocol=None, *, fix_imports=True,
 *      buffer_callback=None)
 *
 * Pickle an object into a binary file.
 *
 * It does what Pickler(file, protocol).dump(obj) does, and is quicker.
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
 * is called for each, and a buffer for which it returns something false is not
 * written, and has to be given to load(). This needs protocol 5.
 */
export function pickle_dump(
  _module: usize,
  obj: usize,
  file: usize,
  protocol: usize,
  fix_imports: bool,
  buffer_callback: usize,
): usize {
  const o = newPickler();
  if (o == 0) return 0;
  const ok =
    setProtocol(o, protocol, fix_imports) == 0 &&
    setOutputStream(o, file) == 0 &&
    setBufferCallback(o, buffer_callback) == 0 &&
    dump(o, obj) == 0 &&
    flushToFile(o) == 0;
  Py.DECREF(o);
  return ok ? _Py_NoneStruct : 0;
}

/**
 * @native _pickle.dumps($module, /, obj, protocol=None, *, fix_imports=True,
 *       buffer_callback=None)
 *
 * Pickle an object into bytes.
 *
 * The protocol is a number from 0 to 5. Without one, or with None, it is 4,
 * which Python 3.4 and later can read; a negative one means the highest that
 * there is. The higher it is, the newer a Python has to be to read the pickle.
 *
 * If fix_imports is true and the protocol is less than 3, modules are written
 * by the names that they have in Python 2, so that it can read the pickle.
 *
 * With buffer_callback=None buffers are written into the pickle. Otherwise it
 * is called for each, and a buffer for which it returns something false is not
 * written, and has to be given to loads(). This needs protocol 5.
 */
export function pickle_dumps(
  _module: usize,
  obj: usize,
  protocol: usize,
  fix_imports: bool,
  buffer_callback: usize,
): usize {
  const o = newPickler();
  if (o == 0) return 0;
  const ok =
    setProtocol(o, protocol, fix_imports) == 0 && setBufferCallback(o, buffer_callback) == 0 && dump(o, obj) == 0;
  const r = ok ? takeOutput(o) : 0;
  Py.DECREF(o);
  return r;
}

/**
 * @native _pickle.load($module, /, file, *, fix_imports=True, encoding='ASCII',
 *      errors='strict', buffers=())
 *
 * Make an object from the pickle in a binary file.
 *
 * It does what Unpickler(file).load() does. Which protocol was used is seen
 * from the bytes, and what follows the pickle is not read.
 *
 * The file has two methods: read(), which takes a number of bytes, and
 * readline(), which takes nothing; both return bytes. If there is readinto()
 * too, large bytes need not be copied. A file opened for binary reading,
 * io.BytesIO, or any other object with these methods will do.
 *
 * What else is given is for pickles of Python 2. If fix_imports is true, the
 * names that modules have there are replaced by those that they have here. Its
 * strs are decoded by the encoding, and errors in them are treated as errors
 * says; with encoding='bytes' they stay bytes.
 *
 * The buffers are those that were not written into the pickle.
 */
export function pickle_load(
  _module: usize,
  file: usize,
  fix_imports: bool,
  encoding: usize,
  errors: usize,
  buffers: usize,
): usize {
  const o = newUnpickler();
  if (o == 0) return 0;
  UnpicklerObject.at(o).fix_imports = fix_imports ? 1 : 0;
  const ok = setInputStream(o, file) == 0 && setOptions(o, "load", encoding, errors, buffers);
  const r = ok ? loadPickle(o) : 0;
  Py.DECREF(o);
  return r;
}

/**
 * @native _pickle.loads($module, data, /, *, fix_imports=True, encoding='ASCII',
 *       errors='strict', buffers=())
 *
 * Make an object from the pickle in bytes.
 *
 * Which protocol was used is seen from the bytes, and what follows the pickle
 * is not read.
 *
 * What else is given is for pickles of Python 2. If fix_imports is true, the
 * names that modules have there are replaced by those that they have here. Its
 * strs are decoded by the encoding, and errors in them are treated as errors
 * says; with encoding='bytes' they stay bytes.
 *
 * The buffers are those that were not written into the pickle, in the order
 * in which they were met.
 */
export function pickle_loads(
  _module: usize,
  data: usize,
  fix_imports: bool,
  encoding: usize,
  errors: usize,
  buffers: usize,
): usize {
  const o = newUnpickler();
  if (o == 0) return 0;
  UnpicklerObject.at(o).fix_imports = fix_imports ? 1 : 0;
  const ok = setInput(o, data) >= 0 && setOptions(o, "loads", encoding, errors, buffers);
  const r = ok ? loadPickle(o) : 0;
  Py.DECREF(o);
  return r;
}

/**
 * @module _pickle
 * @order dump dumps load loads
 *
 * What the module pickle has natively
 */
export function initPickle(m: usize): i32 {
  return initStackType() == 0 &&
    initPicklerTypes() == 0 &&
    initUnpicklerTypes() == 0 &&
    initPickleBufferType() == 0 &&
    PyModule_AddObjectLiteral(m, "PickleBuffer", PyPickleBuffer_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "Pickler", PyPickler_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "Unpickler", PyUnpickler_Type) == 0 &&
    prepareErrors() &&
    PyModule_AddObjectLiteral(m, "PickleError", Py.NewRef(pickleRoots.error)) == 0 &&
    PyModule_AddObjectLiteral(m, "PicklingError", Py.NewRef(pickleRoots.pickling_error)) == 0 &&
    PyModule_AddObjectLiteral(m, "UnpicklingError", Py.NewRef(pickleRoots.unpickling_error)) == 0 &&
    prepareState()
    ? 0
    : -1;
}
