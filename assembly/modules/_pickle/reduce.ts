// Objects that say themselves what they are made from: what __reduce_ex__() returned, and persistent ids (CPython 3.13's
// Modules/_pickle.c, save_reduce and save_pers).

import {
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import { PicklerObject } from "../../generated/layouts";
import { pickleRoots } from "../../generated/runtime";
import { _Py_NoneStruct, empty_tuple, ID } from "../../generated/statics";
import { PyTuple_GetSlice, PyTuple_New, Tuple } from "../../objects/containers/tuple";
import { PyErr_Format, PyErr_Occurred } from "../../objects/errors/raise";
import { PyCallable_Check, PyObject_Call, PyObject_CallOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyIter_Check } from "../../objects/protocol/iterator";
import { PyObject_Str } from "../../objects/protocol/text";
import { U } from "../../objects/text/access";
import { _PyUnicode_Equal } from "../../objects/text/compare";
import { PyTypeName } from "../../objects/text/concat";
import { BINPERSID, BUILD, NEWOBJ, NEWOBJ_EX, PERSID, POP, REDUCE, TUPLE2 } from "./opcodes";
import { isKnown, memoGet, memoPut, picklingError, write, writeOp } from "./output";
import { save, saveDictItems, saveListItems } from "./save";

/** Item `i` of the tuple, null where it is None or there are not so many. */
function optionalItem(args: usize, i: isize): usize {
  if (i >= Py.SIZE(args)) return 0;
  const item = Tuple.get(args, i);
  return item == _Py_NoneStruct ? 0 : item;
}

/** Sets PicklingError with the name of a type; returns -1. */
function wrongItem(message: string, item: usize): i32 {
  PyErr_Format(pickleRoots.pickling_error, message, PyTypeName.of(item));
  return -1;
}

/** Whether the items of what __reduce__() returned are what they have to be; otherwise PicklingError. */
function checkItems(args: usize): bool {
  const n = Py.SIZE(args);
  if (n < 2 || n > 6) return picklingError("tuple returned by __reduce__ must contain 2 through 6 elements") == 0;
  if (!PyCallable_Check(Tuple.get(args, 0))) {
    return picklingError("first item of the tuple returned by __reduce__ must be callable") == 0;
  }
  if (!Tuple.check(Tuple.get(args, 1))) {
    return picklingError("second item of the tuple returned by __reduce__ must be a tuple") == 0;
  }
  const listitems = optionalItem(args, 3);
  if (listitems != 0 && !PyIter_Check(listitems)) {
    const message = "fourth element of the tuple returned by __reduce__ must be an iterator, not %s";
    return wrongItem(message, listitems) == 0;
  }
  const dictitems = optionalItem(args, 4);
  if (dictitems != 0 && !PyIter_Check(dictitems)) {
    const message = "fifth element of the tuple returned by __reduce__ must be an iterator, not %s";
    return wrongItem(message, dictitems) == 0;
  }
  const setter = optionalItem(args, 5);
  if (setter != 0 && !PyCallable_Check(setter)) {
    const message = "sixth element of the tuple returned by __reduce__ must be a function, not %s";
    return wrongItem(message, setter) == 0;
  }
  return true;
}

/** What a callable means to protocols from 2 on: 0 itself, 1 copyreg.__newobj__, 2 __newobj_ex__; -1 with an exception. */
function newKind(callable: usize): i32 {
  const name = PyObject_GetOptionalAttr(callable, ID.__name__);
  if (name == 0) return PyErr_Occurred() ? -1 : 0;
  let kind = 0;
  if (Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    if (_PyUnicode_Equal(name, ID.__newobj_ex__)) kind = 2;
    else if (_PyUnicode_Equal(name, ID.__newobj__)) kind = 1;
  }
  Py.DECREF(name);
  return kind;
}

/** Writes a call; -1 with an exception. */
function saveCall(o: usize, callable: usize, args: usize): i32 {
  return save(o, callable, false) < 0 || save(o, args, false) < 0 ? -1 : writeOp(o, REDUCE);
}

/** functools.partial(cls.__new__, cls, *args, **kwargs): a new reference, null with an exception. */
function partialNew(cls: usize, args: usize, kwargs: usize): usize {
  const n = Py.SIZE(args);
  const make = PyObject_GetAttr(cls, ID.__new__);
  const all = make == 0 ? 0 : PyTuple_New(n + 2);
  if (all == 0) {
    Py.XDECREF(make);
    return 0;
  }
  Tuple.set(all, 0, make);
  Tuple.set(all, 1, Py.NewRef(cls));
  for (let i: isize = 0; i < n; i++) Tuple.set(all, i + 2, Py.NewRef(Tuple.get(args, i)));
  const r = PyObject_Call(pickleRoots.partial, all, kwargs);
  Py.DECREF(all);
  return r;
}

function saveNewObjEx(o: usize, argtup: usize): i32 {
  const n = Py.SIZE(argtup);
  if (n != 3) {
    const message = "length of the NEWOBJ_EX argument tuple must be exactly 3, not %d";
    PyErr_Format(pickleRoots.pickling_error, message, n);
    return -1;
  }
  const cls = Tuple.get(argtup, 0);
  const args = Tuple.get(argtup, 1);
  const kwargs = Tuple.get(argtup, 2);
  if (!Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS)) {
    return wrongItem("first item from NEWOBJ_EX argument tuple must be a class, not %.200s", cls);
  }
  if (!Tuple.check(args)) {
    return wrongItem("second item from NEWOBJ_EX argument tuple must be a tuple, not %.200s", args);
  }
  if (!Py.check(kwargs, Py_TPFLAGS_DICT_SUBCLASS)) {
    return wrongItem("third item from NEWOBJ_EX argument tuple must be a dict, not %.200s", kwargs);
  }
  if (PicklerObject.at(o).proto >= 4) {
    if (save(o, cls, false) < 0 || save(o, args, false) < 0 || save(o, kwargs, false) < 0) return -1;
    return writeOp(o, NEWOBJ_EX);
  }
  const callable = partialNew(cls, args, kwargs);
  if (callable == 0) return -1;
  const status = saveCall(o, callable, empty_tuple);
  Py.DECREF(callable);
  return status;
}

function saveNewObj(o: usize, argtup: usize, obj: usize): i32 {
  const n = Py.SIZE(argtup);
  if (n < 1) return picklingError("__newobj__ arglist is empty");
  const cls = Tuple.get(argtup, 0);
  if (!Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS)) return picklingError("args[0] from __newobj__ args is not a type");
  let own = PyObject_GetOptionalAttr(obj, ID.__class__);
  if (own == 0) {
    if (PyErr_Occurred()) return -1;
    own = Py.NewRef(Py.TYPE(obj));
  }
  Py.DECREF(own);
  if (own != cls) return picklingError("args[0] from __newobj__ args has the wrong class");
  if (save(o, cls, false) < 0) return -1;
  const rest = PyTuple_GetSlice(argtup, 1, n);
  if (rest == 0) return -1;
  const status = save(o, rest, false);
  Py.DECREF(rest);
  return status < 0 ? -1 : writeOp(o, NEWOBJ);
}

/** Writes how the object is made, from the tuple that __reduce__() returned; -1 with an exception. */
export function saveReduce(o: usize, args: usize, obj: usize): i32 {
  if (!checkItems(args)) return -1;
  const callable = Tuple.get(args, 0);
  const argtup = Tuple.get(args, 1);
  const kind = PicklerObject.at(o).proto >= 2 ? newKind(callable) : 0;
  if (kind < 0) return -1;
  let status: i32;
  if (kind == 2) status = saveNewObjEx(o, argtup);
  else if (kind == 1) status = saveNewObj(o, argtup, obj);
  else status = saveCall(o, callable, argtup);
  if (status < 0) return -1;
  // An argument may have contained the object itself.
  if (isKnown(o, obj)) return writeOp(o, POP) < 0 ? -1 : memoGet(o, obj);
  if (memoPut(o, obj) < 0) return -1;
  const listitems = optionalItem(args, 3);
  if (listitems != 0 && saveListItems(o, listitems) < 0) return -1;
  const dictitems = optionalItem(args, 4);
  if (dictitems != 0 && saveDictItems(o, dictitems) < 0) return -1;
  const state = optionalItem(args, 2);
  if (state == 0) return 0;
  const setter = optionalItem(args, 5);
  if (setter == 0) return save(o, state, false) < 0 ? -1 : writeOp(o, BUILD);
  if (save(o, setter, false) < 0 || save(o, obj, false) < 0 || save(o, state, false) < 0) return -1;
  return writeOp(o, TUPLE2) < 0 || writeOp(o, REDUCE) < 0 ? -1 : writeOp(o, POP);
}

/** Writes the object's persistent id: 1, 0 where it has none, -1 with an exception. */
export function savePersistent(o: usize, obj: usize): i32 {
  const pid = PyObject_CallOneArg(PicklerObject.at(o).persistent_id, obj);
  if (pid == 0) return -1;
  if (pid == _Py_NoneStruct) return 0;
  let status: i32 = -1;
  if (PicklerObject.at(o).bin != 0) {
    if (save(o, pid, true) == 0) status = writeOp(o, BINPERSID);
  } else {
    const text = PyObject_Str(pid);
    if (text != 0) {
      if (!U.isAscii(text)) picklingError("persistent IDs in protocol 0 must be ASCII strings");
      else if (writeOp(o, PERSID) == 0 && write(o, U.data(text), U.length(text)) == 0) status = writeOp(o, 0x0a);
      Py.DECREF(text);
    }
  }
  Py.DECREF(pid);
  return status < 0 ? -1 : 1;
}
