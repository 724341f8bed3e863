// What a copy of an exception is made from, where that is more than its class and its arguments: __reduce__ and
// __getstate__ of ImportError, AttributeError and OSError (CPython 3.13's Objects/exceptions.c).

import {
  PyAttributeErrorObject,
  PyBaseExceptionObject,
  PyImportErrorObject,
  PyOSErrorObject,
} from "../../generated/layouts";
import { _Py_NoneStruct, ID } from "../../generated/statics";
import { PyDict_Copy, PyDict_New, PyDict_SetItem } from "../containers/dict/dict";
import { PyTuple_New, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../containers/tuple";
import { Py } from "../object/head";

/** The exception's attributes in a new dict, or null with an exception. */
function attributes(self: usize): usize {
  const dict = PyBaseExceptionObject.at(self).dict;
  return dict == 0 ? PyDict_New() : PyDict_Copy(dict);
}

/** dict[name] = value; nothing where the value is null. False with an exception. */
function put(dict: usize, name: usize, value: usize): bool {
  return value == 0 || PyDict_SetItem(dict, name, value) == 0;
}

/** ImportError's attributes and what it names: a new dict, or None where there is neither. */
function importState(self: usize): usize {
  const e = PyImportErrorObject.at(self);
  if (e.name == 0 && e.path == 0 && e.name_from == 0) return e.dict == 0 ? _Py_NoneStruct : Py.NewRef(e.dict);
  const dict = attributes(self);
  if (dict == 0) return 0;
  if (put(dict, ID.name, e.name) && put(dict, ID.path, e.path) && put(dict, ID.name_from, e.name_from)) return dict;
  Py.DECREF(dict);
  return 0;
}

/**
 * @native ImportError.__reduce__
 */
export function ImportError_reduce(self: usize, _u: usize): usize {
  const state = importState(self);
  if (state == 0) return 0;
  const args = PyBaseExceptionObject.at(self).args;
  const r = state == _Py_NoneStruct ? PyTuple_Pack2(Py.TYPE(self), args) : PyTuple_Pack3(Py.TYPE(self), args, state);
  Py.DECREF(state);
  return r;
}

/**
 * Its attributes, arguments and name; the object is left out: it could rarely be copied.
 *
 * @native AttributeError.__getstate__
 */
export function AttributeError_getstate(self: usize, _u: usize): usize {
  const e = PyAttributeErrorObject.at(self);
  const dict = attributes(self);
  if (dict == 0) return 0;
  if (put(dict, ID.name, e.name) && put(dict, ID.args, e.args)) return dict;
  Py.DECREF(dict);
  return 0;
}

/**
 * @native AttributeError.__reduce__
 */
export function AttributeError_reduce(self: usize, _u: usize): usize {
  const state = AttributeError_getstate(self, 0);
  if (state == 0) return 0;
  const r = PyTuple_Pack3(Py.TYPE(self), PyBaseExceptionObject.at(self).args, state);
  Py.DECREF(state);
  return r;
}

/** What OSError was called with: its args are without the file names. A new reference, or null with an exception. */
function osErrorArguments(self: usize): usize {
  const e = PyOSErrorObject.at(self);
  if (Py.SIZE(e.args) != 2 || e.filename == 0) return Py.NewRef(e.args);
  const args = PyTuple_New(e.filename2 == 0 ? 3 : 5);
  if (args == 0) return 0;
  for (let i: isize = 0; i < 2; i++) Tuple.set(args, i, Py.NewRef(Tuple.get(e.args, i)));
  Tuple.set(args, 2, Py.NewRef(e.filename));
  if (e.filename2 != 0) {
    // Between the two stands a number that only Windows has.
    Tuple.set(args, 3, _Py_NoneStruct);
    Tuple.set(args, 4, Py.NewRef(e.filename2));
  }
  return args;
}

/**
 * @native OSError.__reduce__
 */
export function OSError_reduce(self: usize, _u: usize): usize {
  const args = osErrorArguments(self);
  if (args == 0) return 0;
  const dict = PyBaseExceptionObject.at(self).dict;
  const r = dict == 0 ? PyTuple_Pack2(Py.TYPE(self), args) : PyTuple_Pack3(Py.TYPE(self), args, dict);
  Py.DECREF(args);
  return r;
}
