// Things that are pickled by the names of their module and of themselves: finding these names, and the things again
// (CPython 3.13's Modules/_pickle.c).

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PicklerObject, PyBytesObject } from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyExc_AttributeError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_UnicodeEncodeError,
} from "../../generated/statics";
import { PyDict_GetItemWithError } from "../../objects/containers/dict/dict";
import { List } from "../../objects/containers/list/list";
import { PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { sysObject } from "../../objects/errors/fileoutput";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyImport_Import } from "../../objects/module/import";
import { PyLong_AsLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyObject_GetItem } from "../../objects/protocol/items";
import { PyMapping_GetOptionalItem, PySequence_List } from "../../objects/protocol/sequence";
import { _PyUnicode_AsASCIIString } from "../../objects/text/codecs/encode";
import { PyUnicode_AsUTF8String } from "../../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyTypeName } from "../../objects/text/concat";
import { latin1Character } from "../../objects/text/create";
import { PyUnicode_Split } from "../../objects/text/split";
import { Scratch } from "../../thread/scratch";
import { EXT1, EXT2, EXT4, GLOBAL, MARK, REDUCE, STACK_GLOBAL, TUPLE, TUPLE2 } from "./opcodes";
import { memoPut, reserve, write, writeOp } from "./output";
import { save } from "./save";

/** The parts of a dotted name in a new list; null with AttributeError where a part is local to a function. */
function dottedPath(obj: usize, name: usize): usize {
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "must be str, not %.100s", PyTypeName.of(name));
  }
  const dot = latin1Character(0x2e);
  const path = PyUnicode_Split(name, dot, -1);
  if (path == 0) return 0;
  const n = List.size(path);
  for (let i: isize = 0; i < n; i++) {
    if (!PyUnicode_EqualToLiteral(List.get(path, i), "<locals>")) continue;
    if (obj == 0) PyErr_Format(PyExc_AttributeError, "Can't get local object %R", name);
    else PyErr_Format(PyExc_AttributeError, "Can't get local attribute %R on %R", name, obj);
    Py.DECREF(path);
    return 0;
  }
  return path;
}

/**
 * What the names lead to from the object: a new reference. Null where there is no such thing, with an exception or without.
 * The 8-byte slot `parent`, if not null, receives a new reference to what has the last name.
 */
function deepAttribute(obj: usize, names: usize, parent: usize): usize {
  let at: usize = Py.NewRef(obj);
  let before: usize = 0;
  for (let i: isize = 0; i < List.size(names) && at != 0; i++) {
    const name = Py.NewRef(List.get(names, i));
    Py.XDECREF(before);
    before = at;
    at = PyObject_GetOptionalAttr(before, name);
    Py.DECREF(name);
  }
  if (at != 0 && parent != 0) store<u64>(parent, before);
  else Py.XDECREF(before);
  return at;
}

/** The attribute of a name, which may have dots if `qualified`: a new reference, null with AttributeError. */
function attributeOf(obj: usize, name: usize, qualified: bool): usize {
  let r: usize;
  if (qualified) {
    const path = dottedPath(obj, name);
    if (path == 0) return 0;
    r = deepAttribute(obj, path, 0);
    Py.DECREF(path);
  } else r = PyObject_GetOptionalAttr(obj, name);
  if (r == 0 && !PyErr_Occurred()) {
    PyErr_Format(PyExc_AttributeError, "Can't get attribute %R on %R", name, obj);
  }
  return r;
}

/** The module of a name, which may have dots: a new reference, null with an exception. */
function importModule(name: usize): usize {
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "module name must be a string");
  }
  const first = PyImport_Import(name);
  if (first == 0) return 0;
  Py.DECREF(first);
  const modules = sysObject(ID.modules);
  if (modules == 0) return PyErr_SetString(PyExc_RuntimeError, "unable to get sys.modules");
  Py.INCREF(modules);
  const r = PyObject_GetItem(modules, name);
  Py.DECREF(modules);
  return r;
}

/** Whether the module has the object under its path: 1, 0, or -1 with an exception. */
function isIn(moduleName: usize, module: usize, obj: usize, path: usize): i32 {
  if (module == _Py_NoneStruct) return 0;
  if (Py.check(moduleName, Py_TPFLAGS_UNICODE_SUBCLASS) && PyUnicode_EqualToLiteral(moduleName, "__main__")) return 0;
  const candidate = deepAttribute(module, path, 0);
  if (candidate == 0) return PyErr_Occurred() ? -1 : 0;
  Py.DECREF(candidate);
  return candidate == obj ? 1 : 0;
}

/** The name of the object's module: a new reference, null with an exception. */
function moduleNameOf(obj: usize, path: usize): usize {
  const own = PyObject_GetOptionalAttr(obj, ID.__module__);
  if (own == 0 && PyErr_Occurred()) return 0;
  if (own != 0 && own != _Py_NoneStruct) return own;
  const modules = sysObject(ID.modules);
  if (modules == 0) return PyErr_SetString(PyExc_RuntimeError, "unable to get sys.modules");
  // The names are collected first: looking into a module may import others.
  const names = PySequence_List(modules);
  if (names == 0) return 0;
  Py.INCREF(modules);
  let r: usize = 0;
  let status = 0;
  for (let i: isize = 0; i < List.size(names) && status == 0; i++) {
    const name = Py.NewRef(List.get(names, i));
    const module = PyMapping_GetOptionalItem(modules, name);
    if (module != 0) status = isIn(name, module, obj, path);
    else if (PyErr_Occurred()) status = -1;
    if (status > 0) r = Py.NewRef(name);
    Py.XDECREF(module);
    Py.DECREF(name);
  }
  Py.DECREF(modules);
  Py.DECREF(names);
  return status == 0 ? ID.__main__ : r;
}

/** The value of a pair in a mapping of names, borrowed: null where there is none, or with an exception. */
function mappedName(mapping: usize, module: usize, name: usize, what: string): usize {
  const key = PyTuple_Pack2(module, name);
  if (key == 0) return 0;
  const item = PyDict_GetItemWithError(mapping, key);
  Py.DECREF(key);
  if (item == 0) return 0;
  if (!Tuple.check(item) || Py.SIZE(item) != 2) {
    const message = "_compat_pickle.%L values should be 2-tuples, not %.200s";
    return PyErr_Format(PyExc_RuntimeError, message, changetype<usize>(what), PyTypeName.of(item));
  }
  const first = Tuple.get(item, 0);
  const second = Tuple.get(item, 1);
  if (!Py.check(first, Py_TPFLAGS_UNICODE_SUBCLASS) || !Py.check(second, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const message = "_compat_pickle.%L values should be pairs of str, not (%.200s, %.200s)";
    const name = changetype<usize>(what);
    return PyErr_Format(PyExc_RuntimeError, message, name, PyTypeName.of(first), PyTypeName.of(second));
  }
  return item;
}

/** The value of a name in a mapping of modules, borrowed: null where there is none, or with an exception. */
function mappedModule(mapping: usize, module: usize, what: string): usize {
  const item = PyDict_GetItemWithError(mapping, module);
  if (item == 0 || Py.check(item, Py_TPFLAGS_UNICODE_SUBCLASS)) return item;
  const message = "_compat_pickle.%L values should be strings, not %.200s";
  return PyErr_Format(PyExc_RuntimeError, message, changetype<usize>(what), PyTypeName.of(item));
}

/** Replaces the names in the two 8-byte slots by those that Python 2 has; -1 with an exception. */
function toPython2(names: usize): i32 {
  const pair = mappedName(pickleRoots.name_mapping_3to2, Py.item(names, 0), Py.item(names, 1), "REVERSE_NAME_MAPPING");
  if (pair != 0) {
    const name = Py.NewRef(Tuple.get(pair, 1));
    Py.SETREF(names, Py.NewRef(Tuple.get(pair, 0)));
    Py.SETREF(Py.slot(names, 1), name);
    return 0;
  }
  if (PyErr_Occurred()) return -1;
  const module = mappedModule(pickleRoots.import_mapping_3to2, Py.item(names, 0), "REVERSE_IMPORT_MAPPING");
  if (module != 0) Py.SETREF(names, Py.NewRef(module));
  return PyErr_Occurred() ? -1 : 0;
}

/** The thing of that name in that module, as a pickle of the protocol means them: a new reference, null with an exception. */
export function findGlobal(moduleName: usize, name: usize, proto: i32, fixImports: bool): usize {
  let module: usize = Py.NewRef(moduleName);
  let found: usize = Py.NewRef(name);
  if (proto < 3 && fixImports) {
    const pair = mappedName(pickleRoots.name_mapping_2to3, module, found, "NAME_MAPPING");
    if (pair != 0) {
      Py.DECREF(module);
      Py.DECREF(found);
      module = Py.NewRef(Tuple.get(pair, 0));
      found = Py.NewRef(Tuple.get(pair, 1));
    } else if (!PyErr_Occurred()) {
      const mapped = mappedModule(pickleRoots.import_mapping_2to3, module, "IMPORT_MAPPING");
      if (mapped != 0) {
        Py.DECREF(module);
        module = Py.NewRef(mapped);
      }
    }
  }
  const m = PyErr_Occurred() ? 0 : importModule(module);
  const r = m == 0 ? 0 : attributeOf(m, found, proto >= 4);
  Py.XDECREF(m);
  Py.DECREF(module);
  Py.DECREF(found);
  return r;
}

/** Writes a name and ends the line; -1 with an exception. `kind`: "module" or "global". */
function writeName(o: usize, name: usize, kind: string): i32 {
  const proto = PicklerObject.at(o).proto;
  const bytes = proto == 3 ? PyUnicode_AsUTF8String(name, 0) : _PyUnicode_AsASCIIString(name, 0);
  if (bytes == 0) {
    if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
      PyErr_Clear();
      const message = "can't pickle %L identifier '%S' using pickle protocol %d";
      PyErr_Format(pickleRoots.pickling_error, message, changetype<usize>(kind), name, proto);
    }
    return -1;
  }
  const status = write(o, PyBytesObject.at(bytes).ob_sval, Py.SIZE(bytes));
  Py.DECREF(bytes);
  return status < 0 ? -1 : writeOp(o, 0x0a);
}

/** Writes the code that the names are registered under: 1, 0 where they are not, -1 with an exception. */
function saveExtension(o: usize, module: usize, name: usize): i32 {
  const key = PyTuple_Pack2(module, name);
  if (key == 0) return -1;
  const registered = Py.XNewRef(PyDict_GetItemWithError(pickleRoots.extension_registry, key));
  Py.DECREF(key);
  if (registered == 0) return PyErr_Occurred() ? -1 : 0;
  const code = PyLong_AsLongLong(registered);
  Py.DECREF(registered);
  if (code <= 0 || code > 0x7fffffff) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_RuntimeError, "extension code %d is out of range", code);
    return -1;
  }
  const size: isize = code < 0x100 ? 1 : code < 0x10000 ? 2 : 4;
  const to = reserve(o, size + 1);
  if (to == 0) return -1;
  store<u8>(to, size == 1 ? EXT1 : size == 2 ? EXT2 : EXT4);
  if (size == 1) store<u8>(to + 1, <u8>code);
  else if (size == 2) store<u16>(to + 1, <u16>code);
  else store<u32>(to + 1, <u32>code);
  return 1;
}

/** Writes a thing by names in protocols without STACK_GLOBAL: by getattr() where the path has several parts. */
function saveByLines(o: usize, names: usize, path: usize): i32 {
  const s = PicklerObject.at(o);
  const parts = path == 0 ? 1 : List.size(path);
  if (parts > 1) Py.SETREF(Py.slot(names, 1), Py.NewRef(List.get(path, 0)));
  for (let i: isize = 1; i < parts; i++) {
    if (save(o, pickleRoots.getattr, false) < 0) return -1;
    if (s.proto < 2 && writeOp(o, MARK) < 0) return -1;
  }
  if (writeOp(o, GLOBAL) < 0) return -1;
  if (s.proto < 3 && s.fix_imports != 0 && toPython2(names) < 0) return -1;
  if (writeName(o, Py.item(names, 0), "module") < 0 || writeName(o, Py.item(names, 1), "global") < 0) return -1;
  for (let i: isize = 1; i < parts; i++) {
    if (save(o, List.get(path, i), false) < 0) return -1;
    if (writeOp(o, s.proto < 2 ? TUPLE : TUPLE2) < 0 || writeOp(o, REDUCE) < 0) return -1;
  }
  return 0;
}

/** With the names in the slots, the module and the path: writes the object; -1 with an exception. */
function saveNamed(o: usize, obj: usize, names: usize, module: usize, path: usize): i32 {
  const error = pickleRoots.pickling_error;
  const parent = Scratch.take(1);
  store<u64>(parent, 0);
  const found = deepAttribute(module, path, parent);
  const holder = load<u32>(parent);
  Scratch.give(parent);
  Py.XDECREF(found);
  // It is only compared.
  Py.XDECREF(holder);
  if (found == 0) {
    PyErr_Clear();
    const message = "Can't pickle %R: attribute lookup %S on %S failed";
    PyErr_Format(error, message, obj, Py.item(names, 1), Py.item(names, 0));
    return -1;
  }
  if (found != obj) {
    const message = "Can't pickle %R: it's not the same object as %S.%S";
    PyErr_Format(error, message, obj, Py.item(names, 0), Py.item(names, 1));
    return -1;
  }
  const s = PicklerObject.at(o);
  if (s.proto >= 2) {
    const extension = saveExtension(o, Py.item(names, 0), Py.item(names, 1));
    if (extension != 0) return extension < 0 ? -1 : 0;
  }
  if (holder == module) {
    Py.SETREF(Py.slot(names, 1), Py.NewRef(List.get(path, List.size(path) - 1)));
    path = 0;
  }
  if (s.proto >= 4) {
    if (save(o, Py.item(names, 0), false) < 0 || save(o, Py.item(names, 1), false) < 0) return -1;
    if (writeOp(o, STACK_GLOBAL) < 0) return -1;
  } else if (saveByLines(o, names, path) < 0) return -1;
  return memoPut(o, obj);
}

/** Writes an object by its name, or by `name` if that is not null; -1 with an exception. */
export function saveGlobal(o: usize, obj: usize, name: usize): i32 {
  let global: usize = Py.XNewRef(name);
  if (global == 0) {
    global = PyObject_GetOptionalAttr(obj, ID.__qualname__);
    if (global == 0 && !PyErr_Occurred()) global = PyObject_GetAttr(obj, ID.__name__);
    if (global == 0) return -1;
  }
  const path = dottedPath(0, global);
  const moduleName = path == 0 ? 0 : moduleNameOf(obj, path);
  let status: i32 = -1;
  if (moduleName != 0) {
    const module = importModule(moduleName);
    if (module == 0) {
      PyErr_Clear();
      const message = "Can't pickle %R: import of module %R failed";
      PyErr_Format(pickleRoots.pickling_error, message, obj, moduleName);
    } else {
      const names = Scratch.take(2);
      Py.setItem(names, 0, Py.NewRef(moduleName));
      Py.setItem(names, 1, Py.NewRef(global));
      status = saveNamed(o, obj, names, module, path);
      Py.DECREF(Py.item(names, 0));
      Py.DECREF(Py.item(names, 1));
      Scratch.give(names);
      Py.DECREF(module);
    }
    Py.DECREF(moduleName);
  }
  Py.XDECREF(path);
  Py.DECREF(global);
  return status;
}
