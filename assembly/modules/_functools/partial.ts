// functools.partial (CPython 3.13's Modules/_functoolsmodule.c): a function with some of its arguments given.
//
// A deliberate difference: what is called, and its arguments, are held while the call runs, for __setstate__ may replace
// them meanwhile.

import { Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_VECTORCALL } from "../../generated/constants";
import {
  PyTypeObject,
  partialobject,
  partialobject_dict,
  partialobject_vectorcall,
  partialobject_weakreflist,
  SIZEOF_partialobject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyDict_Type,
  PyExc_FutureWarning,
  PyExc_TypeError,
  PyPartial_Type,
  PyTuple_Type,
} from "../../generated/statics";
import {
  Dict,
  PyDict_Copy,
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
  PyDict_Size,
  PyDict_Update,
  PyDict_ValueAt,
} from "../../objects/containers/dict/dict";
import { PyTuple_GetSlice, PyTuple_New, PyTuple_Pack1, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { PyErr_WarnEx } from "../../objects/errors/warnings";
import { partialobject_clear, partialobject_traverse } from "../../objects/generated/references";
import { PyObject_GenericSetAttr } from "../../objects/object/attributes";
import {
  _PyObject_MakeTpCall,
  giveArguments,
  PY_VECTORCALL_ARGUMENTS_OFFSET,
  PyCallable_Check,
  PyObject_Call,
  passCall,
  takeArguments,
  Vectorcall,
} from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../objects/object/reprguard";
import { PySequence_Concat, PySequence_Tuple } from "../../objects/protocol/sequence";
import { PyObject_Repr } from "../../objects/protocol/text";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { PyType_IsSubtype } from "../../objects/types/lookup";
import { PyType_Ready } from "../../objects/types/ready";
import { type_module, type_qualname } from "../../objects/types/type";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { collectedType } from "../collectedtype";

function partial_new(type: usize, args: usize, kwargs: usize): usize {
  const n = Py.SIZE(args);
  if (n < 1) return PyErr_SetString(PyExc_TypeError, "type 'partial' takes at least one argument");
  let fn = Tuple.get(args, 0);
  let firstArgs: usize = 0;
  let firstKw: usize = 0;
  if (PyType_IsSubtype(Py.TYPE(fn), PyPartial_Type) && partialobject.at(fn).dict == 0) {
    // What that one calls can be called at once.
    const inner = partialobject.at(fn);
    firstArgs = inner.args;
    firstKw = inner.kw;
    fn = inner.fn;
  }
  if (!PyCallable_Check(fn)) return PyErr_SetString(PyExc_TypeError, "the first argument must be callable");
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  const x = partialobject.at(o);
  x.fn = Py.NewRef(fn);
  const rest = PyTuple_GetSlice(args, 1, n);
  if (rest != 0 && firstArgs != 0) {
    x.args = PySequence_Concat(firstArgs, rest);
    Py.DECREF(rest);
  } else x.args = rest;
  if (x.args != 0) x.kw = keywordsOf(firstKw, kwargs);
  if (x.kw == 0) {
    Py.DECREF(o);
    return 0;
  }
  setVectorcall(x);
  return o;
}

/** The keywords of both dicts, either of which may be null, as a new dict (or the second itself); null with an exception. */
function keywordsOf(first: usize, second: usize): usize {
  if (first == 0 || PyDict_Size(first) == 0) {
    if (second == 0) return PyDict_New();
    return Py.REFCNT(second) == 1 ? Py.NewRef(second) : PyDict_Copy(second);
  }
  const all = PyDict_Copy(first);
  if (all == 0 || second == 0 || PyDict_Update(all, second) == 0) return all;
  Py.DECREF(all);
  return 0;
}

function setVectorcall(x: partialobject): void {
  x.vectorcall = Vectorcall.functionOf(x.fn) == 0 ? 0 : partial_vectorcall.index;
}

function partial_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  if (partialobject.at(o).weakreflist != 0) PyObject_ClearWeakRefs(o);
  partialobject_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function partial_vectorcall(o: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const x = partialobject.at(o);
  const nargs = Vectorcall.nargs(nargsf);
  if (PyDict_Size(x.kw) != 0) {
    // Keywords are merged by tp_call, from now on.
    x.vectorcall = 0;
    return _PyObject_MakeTpCall(o, argv, nargs, kwnames);
  }
  const fn = Py.NewRef(x.fn);
  const args = Py.NewRef(x.args);
  const n = Py.SIZE(args);
  const given = nargs + (kwnames == 0 ? 0 : Py.SIZE(kwnames));
  let r: usize = 0;
  if (given == 0) r = passCall(fn, Tuple.items(args), <usize>n, 0);
  else if (n == 1 && nargsf & PY_VECTORCALL_ARGUMENTS_OFFSET) {
    // The slot before the arguments is lent for this.
    const all = Py.slot(argv, -1);
    const lent = Py.item(all, 0);
    Py.setItem(all, 0, Tuple.get(args, 0));
    r = passCall(fn, all, <usize>(nargs + 1), kwnames);
    Py.setItem(all, 0, lent);
  } else {
    const all = takeArguments(n + given);
    if (all == 0) PyErr_NoMemory();
    else {
      memory.copy(all, Tuple.items(args), (<usize>n) << 3);
      memory.copy(Py.slot(all, n), argv, (<usize>given) << 3);
      r = passCall(fn, all, <usize>(n + nargs), kwnames);
      giveArguments(all);
    }
  }
  Py.DECREF(args);
  Py.DECREF(fn);
  return r;
}

function partial_call(o: usize, args: usize, kwargs: usize): usize {
  const x = partialobject.at(o);
  const fn = Py.NewRef(x.fn);
  let keywords = Py.XNewRef(kwargs);
  let r: usize = 0;
  let merged = true;
  if (PyDict_Size(x.kw) != 0) {
    Py.XDECREF(keywords);
    keywords = PyDict_Copy(x.kw);
    merged = keywords != 0 && (kwargs == 0 || PyDict_Update(keywords, kwargs) == 0);
  }
  const all = merged ? PySequence_Concat(x.args, args) : 0;
  if (all != 0) {
    r = PyObject_Call(fn, all, keywords);
    Py.DECREF(all);
  }
  Py.XDECREF(keywords);
  Py.DECREF(fn);
  return r;
}

function partial_descr_get(o: usize, instance: usize, _type: usize): usize {
  if (instance != 0 && instance != _Py_NoneStruct) {
    const message =
      "functools.partial will be a method descriptor in future Python versions; wrap it in staticmethod() if you want to preserve the old behavior";
    if (PyErr_WarnEx(PyExc_FutureWarning, message, 1) < 0) return 0;
  }
  return Py.NewRef(o);
}

/** Writes the arguments of the repr, each after ", ": false with an exception. */
function writeGiven(w: usize, args: usize, kw: usize): bool {
  for (let i: isize = 0; i < Py.SIZE(args); i++) {
    const text = PyObject_Repr(Tuple.get(args, i));
    const written = text != 0 && writeLiteral(w, ", ") == 0 && writeStr(w, text) == 0;
    Py.XDECREF(text);
    if (!written) return false;
  }
  for (let pos = PyDict_Next(kw, 0); pos > 0; pos = PyDict_Next(kw, pos)) {
    const key = Py.NewRef(PyDict_KeyAt(kw, pos));
    const value = Py.NewRef(PyDict_ValueAt(kw, pos));
    const text = PyUnicode_FromFormat(", %S=%R", key, value);
    Py.DECREF(key);
    Py.DECREF(value);
    const written = text != 0 && writeStr(w, text) == 0;
    Py.XDECREF(text);
    if (!written) return false;
  }
  return true;
}

function reprOf(o: usize): usize {
  const type = Py.TYPE(o);
  const x = partialobject.at(o);
  const fn = Py.NewRef(x.fn);
  const args = Py.NewRef(x.args);
  const kw = Py.NewRef(x.kw);
  const w = Writer.begin();
  const written = writeGiven(w, args, kw);
  const given = written ? writerFinish(w) : writerDiscard(w);
  const mod = given == 0 ? 0 : type_module(type, 0);
  const name = mod == 0 ? 0 : type_qualname(type, 0);
  const r = name == 0 ? 0 : PyUnicode_FromFormat("%S.%S(%R%U)", mod, name, fn, given);
  Py.XDECREF(name);
  Py.XDECREF(mod);
  Py.XDECREF(given);
  Py.DECREF(kw);
  Py.DECREF(args);
  Py.DECREF(fn);
  return r;
}

function partial_repr(o: usize): usize {
  const entered = Py_ReprEnter(o);
  if (entered != 0) return entered < 0 ? 0 : PyUnicode_FromLiteral("...");
  const r = reprOf(o);
  Py_ReprLeave(o);
  return r;
}

/**
 * @native functools.partial.__reduce__
 */
export function partial_reduce(o: usize, _u: usize): usize {
  const x = partialobject.at(o);
  const made = PyTuple_Pack1(x.fn);
  const state = made == 0 ? 0 : PyTuple_New(4);
  if (state != 0) {
    Tuple.set(state, 0, Py.NewRef(x.fn));
    Tuple.set(state, 1, Py.NewRef(x.args));
    Tuple.set(state, 2, Py.NewRef(x.kw));
    Tuple.set(state, 3, Py.NewRef(x.dict == 0 ? _Py_NoneStruct : x.dict));
  }
  const r = state == 0 ? 0 : PyTuple_Pack3(Py.TYPE(o), made, state);
  Py.XDECREF(state);
  Py.XDECREF(made);
  return r;
}

/**
 * @native functools.partial.__setstate__
 */
export function partial_setstate(o: usize, state: usize): usize {
  const shaped = Tuple.check(state) && Tuple.size(state) == 4;
  const fn = shaped ? Tuple.get(state, 0) : 0;
  let args = shaped ? Tuple.get(state, 1) : 0;
  let kw = shaped ? Tuple.get(state, 2) : 0;
  const dict = shaped ? Tuple.get(state, 3) : 0;
  if (!shaped || !PyCallable_Check(fn) || !Tuple.check(args) || (kw != _Py_NoneStruct && !Dict.check(kw))) {
    return PyErr_SetString(PyExc_TypeError, "invalid partial state");
  }
  args = Py.IS_TYPE(args, PyTuple_Type) ? Py.NewRef(args) : PySequence_Tuple(args);
  if (args == 0) return 0;
  kw = kw == _Py_NoneStruct ? PyDict_New() : Py.IS_TYPE(kw, PyDict_Type) ? Py.NewRef(kw) : PyDict_Copy(kw);
  if (kw == 0) {
    Py.DECREF(args);
    return 0;
  }
  const x = partialobject.at(o);
  // All is in place before anything of the old state is dropped, which may run what uses the new one.
  const oldFn = x.fn;
  const oldArgs = x.args;
  const oldKw = x.kw;
  const oldDict = x.dict;
  x.fn = Py.NewRef(fn);
  x.args = args;
  x.kw = kw;
  x.dict = dict == _Py_NoneStruct ? 0 : Py.NewRef(dict);
  setVectorcall(x);
  Py.XDECREF(oldFn);
  Py.XDECREF(oldArgs);
  Py.XDECREF(oldKw);
  Py.XDECREF(oldDict);
  return _Py_NoneStruct;
}

/**
 * @type functools.partial(func, /, *args, **keywords)
 *
 * A function that is called with the arguments given here before its own.
 *
 * @classmethod functools.partial.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 *
 * @member functools.partial.func = partialobject.fn readonly
 * What is called in the end, and with more arguments
 *
 * @member functools.partial.args = partialobject.args readonly
 * The arguments that come first, in a tuple
 *
 * @member functools.partial.keywords = partialobject.kw readonly
 * The arguments that have names, in a dict
 *
 * @member functools.partial.__vectorcalloffset__ = partialobject.vectorcall readonly
 *
 * @getter functools.partial.__dict__ = attributes.PyObject_GenericGetDict
 *
 * @setter functools.partial.__dict__ = attributes.PyObject_GenericSetDict
 */

/** Makes the type: 0, or -1 with an exception. */
export function initPartialType(): i32 {
  const t = collectedType(
    PyPartial_Type,
    SIZEOF_partialobject,
    partial_dealloc.index,
    partialobject_traverse.index,
    partialobject_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_VECTORCALL,
  );
  t.tp_new = partial_new.index;
  t.tp_repr = partial_repr.index;
  t.tp_call = partial_call.index;
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_descr_get = partial_descr_get.index;
  t.tp_vectorcall_offset = <isize>partialobject_vectorcall;
  t.tp_weaklistoffset = <isize>partialobject_weakreflist;
  t.tp_dictoffset = <isize>partialobject_dict;
  return PyType_Ready(PyPartial_Type);
}
