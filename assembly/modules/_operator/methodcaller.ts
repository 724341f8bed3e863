// operator.methodcaller (CPython 3.13's Modules/_operator.c): a callable that calls a method of its argument.
//
// A deliberate difference: the arguments of a call are laid out for each call, so that one which is made while another
// runs cannot change them; CPython keeps one array in the object. Only the tuple of keyword names is kept.

import { Py_TPFLAGS_HAVE_VECTORCALL, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  methodcallerobject,
  methodcallerobject_vectorcall,
  PyTypeObject,
  SIZEOF_methodcallerobject,
} from "../../generated/layouts";
import { PyExc_RuntimeError, PyExc_TypeError, PyMethodCaller_Type } from "../../generated/statics";
import { PyDict_KeyAt, PyDict_Next, PyDict_Size, PyDict_ValueAt } from "../../objects/containers/dict/dict";
import { PyTuple_GetSlice, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";
import { methodcallerobject_clear, methodcallerobject_traverse } from "../../objects/generated/references";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import {
  giveArguments,
  keywordNames,
  PyObject_Call,
  PyObject_VectorcallMethod,
  PyVectorcall_Call,
  takeArguments,
  Vectorcall,
} from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../objects/object/reprguard";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_Repr } from "../../objects/protocol/text";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Writer, writeLiteral, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { internSteal, PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";

function methodcaller_new(type: usize, args: usize, kwargs: usize): usize {
  if (Py.SIZE(args) < 1) {
    return PyErr_SetString(PyExc_TypeError, "methodcaller needs at least one argument, the method name");
  }
  const name = Tuple.get(args, 0);
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "method name must be a string");
  }
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  const x = methodcallerobject.at(o);
  x.name = internSteal(Py.NewRef(name));
  x.xargs = Py.NewRef(args);
  x.kwds = Py.XNewRef(kwargs);
  x.vectorcall = methodcaller_vectorcall.index;
  return o;
}

function methodcaller_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  methodcallerobject_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** Keyword arguments that it has. */
function keywordCount(x: methodcallerobject): isize {
  return x.kwds == 0 ? 0 : PyDict_Size(x.kwds);
}

function methodcaller_vectorcall(o: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  if (!ArgParser.count("methodcaller", Vectorcall.nargs(nargsf), 1, 1)) return 0;
  if (!ArgParser.noKeywordNames("methodcaller", kwnames)) return 0;
  const x = methodcallerobject.at(o);
  const n = Py.SIZE(x.xargs);
  const nkw = keywordCount(x);
  if (nkw != 0 && (x.vectorcall_kwnames == 0 || Py.SIZE(x.vectorcall_kwnames) != nkw)) {
    const names = keywordNames(x.kwds);
    if (names == 0) return 0;
    Py.SETREF(x.vectorcall_kwnames_slot, names);
  }
  const names = nkw == 0 ? 0 : Py.NewRef(x.vectorcall_kwnames);
  const out = takeArguments(n + nkw);
  if (out == 0) {
    Py.XDECREF(names);
    return PyErr_NoMemory();
  }
  // Whoever drops the object while the method runs must not take its arguments along.
  const args = Py.NewRef(x.xargs);
  Py.setItem(out, 0, Py.item(argv, 0));
  memory.copy(Py.slot(out, 1), Py.slot(Tuple.items(args), 1), (<usize>(n - 1)) << 3);
  let i = n;
  if (nkw != 0) {
    for (let pos = PyDict_Next(x.kwds, 0); pos > 0; pos = PyDict_Next(x.kwds, pos)) {
      Py.setItem(out, i++, Py.NewRef(PyDict_ValueAt(x.kwds, pos)));
    }
  }
  const r = PyObject_VectorcallMethod(x.name, out, <usize>n, names);
  while (i > n) Py.DECREF(Py.item(out, --i));
  giveArguments(out);
  Py.DECREF(args);
  Py.XDECREF(names);
  return r;
}

/** Writes ", " and the repr of each argument: false with an exception. */
function writeArguments(w: usize, x: methodcallerobject): bool {
  for (let i: isize = 1; i < Py.SIZE(x.xargs); i++) {
    const text = PyObject_Repr(Tuple.get(x.xargs, i));
    const written = text != 0 && writeLiteral(w, ", ") == 0 && writeStr(w, text) == 0;
    Py.XDECREF(text);
    if (!written) return false;
  }
  const count = keywordCount(x);
  if (count == 0) return true;
  for (let pos = PyDict_Next(x.kwds, 0); pos > 0; pos = PyDict_Next(x.kwds, pos)) {
    const key = Py.NewRef(PyDict_KeyAt(x.kwds, pos));
    const value = Py.NewRef(PyDict_ValueAt(x.kwds, pos));
    const text = PyUnicode_FromFormat(", %U=%R", key, value);
    Py.DECREF(key);
    Py.DECREF(value);
    const written = text != 0 && writeStr(w, text) == 0;
    Py.XDECREF(text);
    if (!written) return false;
    if (PyDict_Size(x.kwds) != count) {
      PyErr_SetString(PyExc_RuntimeError, "keywords dict changed size during iteration");
      return false;
    }
  }
  return true;
}

function methodcaller_repr(o: usize): usize {
  const entered = Py_ReprEnter(o);
  if (entered != 0) return entered < 0 ? 0 : PyUnicode_FromFormat("%t(...)", o);
  const x = methodcallerobject.at(o);
  const head = PyUnicode_FromFormat("%t(%R", o, x.name);
  let r: usize = 0;
  if (head != 0) {
    const w = Writer.begin();
    const written = writeStr(w, head) == 0 && writeArguments(w, x) && writeLiteral(w, ")") == 0;
    r = written ? writerFinish(w) : writerDiscard(w);
    Py.DECREF(head);
  }
  Py_ReprLeave(o);
  return r;
}

/**
 * @native operator.methodcaller.__reduce__
 *
 * What a copy of it is to be made from
 */
export function methodcaller_reduce(o: usize, _u: usize): usize {
  const x = methodcallerobject.at(o);
  const n = Py.SIZE(x.xargs);
  if (keywordCount(x) == 0) {
    const args = PyTuple_GetSlice(x.xargs, 0, n);
    if (args == 0) return 0;
    const r = PyTuple_Pack2(Py.TYPE(o), args);
    Py.DECREF(args);
    return r;
  }
  // Keywords have no place in it: functools.partial brings them along.
  const functools = PyImport_ImportLiteral("functools");
  const name = functools == 0 ? 0 : PyUnicode_InternLiteral("partial");
  const partial = name == 0 ? 0 : PyObject_GetAttr(functools, name);
  const given = partial == 0 ? 0 : PyTuple_Pack2(Py.TYPE(o), x.name);
  const maker = given == 0 ? 0 : PyObject_Call(partial, given, x.kwds);
  const args = maker == 0 ? 0 : PyTuple_GetSlice(x.xargs, 1, n);
  const r = args == 0 ? 0 : PyTuple_Pack2(maker, args);
  Py.XDECREF(functools);
  Py.XDECREF(name);
  Py.XDECREF(partial);
  Py.XDECREF(given);
  Py.XDECREF(maker);
  Py.XDECREF(args);
  return r;
}

/**
 * @type operator.methodcaller(name, /, *args, **kwargs)
 *
 * A callable that calls a method of what it is called with.
 *
 * With f = methodcaller('name'), f(r) is r.name(); with
 * g = methodcaller('name', 'date', foo=1), g(r) is
 * r.name('date', foo=1).
 *
 * @member operator.methodcaller.__vectorcalloffset__ = methodcallerobject.vectorcall readonly
 */

/** Makes the type: 0, or -1 with an exception. */
export function initMethodCallerType(): i32 {
  const t = collectedType(
    PyMethodCaller_Type,
    SIZEOF_methodcallerobject,
    methodcaller_dealloc.index,
    methodcallerobject_traverse.index,
    methodcallerobject_clear.index,
    Py_TPFLAGS_HAVE_VECTORCALL,
  );
  t.tp_new = methodcaller_new.index;
  t.tp_repr = methodcaller_repr.index;
  t.tp_call = PyVectorcall_Call.index;
  t.tp_vectorcall_offset = <isize>methodcallerobject_vectorcall;
  return PyType_Ready(PyMethodCaller_Type);
}
