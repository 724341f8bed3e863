// What type parameters and aliases have in common (the helpers of CPython 3.13's Objects/typevarobject.c): they are
// made alike, what the syntax gives them is computed when it is asked for, and much of what they do is done by functions
// of the typing module.

import {
  PyFunctionObject,
  PyThreadState,
  PyTypeObject,
  SIZEOF_PyObject,
  _PyInterpreterFrame,
  typeparamobject,
} from "../../../generated/layouts";
import { _Py_NoDefaultStruct, _Py_NoneStruct, ID, PyTypeVarTuple_Type } from "../../../generated/statics";
import {
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_MANAGED_DICT,
  Py_TPFLAGS_MANAGED_WEAKREF,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../../generated/constants";
import { tstate } from "../../../thread/current";
import { PyTuple_New, Tuple } from "../../containers/tuple";
import { badArgument } from "../../define/args";
import { PyImport_ImportLiteral } from "../../module/import";
import { _PyObject_GC_New, PyObject_GC_Del, PyType_GenericAlloc } from "../../object/alloc";
import { PyObject_Call, PyObject_CallNoArgs, PyObject_CallThreeArgs, PyObject_CallTwoArgs } from "../../object/call";
import { _PyObject_GC_TRACK, MANAGED_WEAKREF_OFFSET, PyObject_GC_UnTrack } from "../../object/gchead";
import { Py } from "../../object/head";
import { PyObject_GetAttr, PyObject_SetAttr } from "../../protocol/access";
import { PyObject_GetItem } from "../../protocol/items";
import { PyUnicode_InternLiteral } from "../../text/intern";
import { PyUnicode_FromLiteral } from "../../text/create";
import { PyObject_ClearWeakRefs } from "../../weak/weakref";

/** A new object of the type, its fields zero but the first, which is `name` or the origin of args and kwargs. */
export function newParameter(type: usize, name: usize): usize {
  const o = _PyObject_GC_New(type);
  if (o == 0) return 0;
  memory.fill(o + SIZEOF_PyObject, 0, <usize>PyTypeObject.at(type).tp_basicsize - SIZEOF_PyObject);
  typeparamobject.at(o).name = Py.NewRef(name);
  _PyObject_GC_TRACK(o);
  return o;
}

function parameter_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  const t = PyTypeObject.at(Py.TYPE(o));
  if (t.tp_weaklistoffset != 0 && load<u32>(o + <usize>t.tp_weaklistoffset) != 0) PyObject_ClearWeakRefs(o);
  call_indirect<i32>(t.tp_clear, o);
  PyObject_GC_Del(o);
}

/** Fills what the types have alike. Those `withAttributes` have a __dict__, and can be referred to weakly. */
export function parameterType(type: usize, size: usize, traverse: u32, clear: u32, withAttributes: bool): PyTypeObject {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = <isize>size;
  t.tp_dealloc = parameter_dealloc.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC;
  t.tp_traverse = traverse;
  t.tp_clear = clear;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_free = PyObject_GC_Del.index;
  if (withAttributes) {
    t.tp_flags = t.tp_flags | Py_TPFLAGS_MANAGED_DICT | Py_TPFLAGS_MANAGED_WEAKREF;
    t.tp_dictoffset = -1;
    t.tp_weaklistoffset = MANAGED_WEAKREF_OFFSET;
  }
  return t;
}

/** Whether the argument `name` of a constructor is a str; otherwise TypeError. */
export function isName(fname: string, name: usize): bool {
  if (Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) return true;
  badArgument(fname, "argument 'name'", "str", name);
  return false;
}

/** The module of the function that runs, borrowed; None where nothing has one. */
export function callerModule(): usize {
  const frame = PyThreadState.at(tstate).current_frame;
  if (frame == 0) return _Py_NoneStruct;
  const func = _PyInterpreterFrame.at(frame).f_funcobj;
  const module = func == 0 ? 0 : PyFunctionObject.at(func).func_module;
  return module == 0 ? _Py_NoneStruct : module;
}

/** Gives a new parameter its __module__: the parameter itself; null, and it is dropped, with an exception. */
export function withModule(o: usize): usize {
  if (o == 0 || PyObject_SetAttr(o, ID.__module__, callerModule()) == 0) return o;
  Py.DECREF(o);
  return 0;
}

function typingFunction(name: string): usize {
  const typing = PyImport_ImportLiteral("typing");
  if (typing == 0) return 0;
  const key = PyUnicode_InternLiteral(name);
  const f = key == 0 ? 0 : PyObject_GetAttr(typing, key);
  Py.XDECREF(key);
  Py.DECREF(typing);
  return f;
}

/** Calls a function of the typing module. New reference. */
export function callTyping(name: string, a: usize, b: usize): usize {
  const f = typingFunction(name);
  if (f == 0) return 0;
  const r = PyObject_CallTwoArgs(f, a, b);
  Py.DECREF(f);
  return r;
}

/** Calls a function of the typing module with `first` before the arguments of a tuple and a dict or null. */
export function callTypingWith(name: string, first: usize, args: usize, kwargs: usize): usize {
  const f = typingFunction(name);
  if (f == 0) return 0;
  const n = Py.SIZE(args);
  const all = PyTuple_New(n + 1);
  let r: usize = 0;
  if (all != 0) {
    Tuple.set(all, 0, Py.NewRef(first));
    for (let i: isize = 0; i < n; i++) Tuple.set(all, i + 1, Py.NewRef(Tuple.get(args, i)));
    r = PyObject_Call(f, all, kwargs);
    Py.DECREF(all);
  }
  Py.DECREF(f);
  return r;
}

/** The type that an argument is, as the typing module sees it: a new reference, or null with TypeError. */
export function typeArgument(arg: usize, message: string): usize {
  // None is asked for while typing is being imported.
  if (arg == _Py_NoneStruct) return Py.NewRef(Py.TYPE(arg));
  const text = PyUnicode_FromLiteral(message);
  if (text == 0) return 0;
  const r = callTyping("_type_check", arg, text);
  Py.DECREF(text);
  return r;
}

/** The nb_or of type variables: a typing.Union, which takes strings, too. */
export function parameterOr(a: usize, b: usize): usize {
  return callTyping("_make_union", a, b);
}

/**
 * The value of a field that the function `evaluate` gives when it is asked for, kept in the slot once it is known. A
 * new reference, to `absent` where there is neither.
 */
export function evaluated(o: usize, slot: usize, evaluate: usize, absent: usize): usize {
  const known: usize = load<u32>(slot);
  if (known != 0) return Py.NewRef(known);
  if (evaluate == 0) return Py.NewRef(absent);
  Py.INCREF(o);
  Py.INCREF(evaluate);
  const v = PyObject_CallNoArgs(evaluate);
  // Whoever computed it meanwhile has given it to somebody: the last one is kept.
  if (v != 0) Py.SETREF(slot, Py.NewRef(v));
  Py.DECREF(evaluate);
  Py.DECREF(o);
  return v;
}

/** Whether there is a default, known or to be computed. */
export function hasDefault(value: usize, evaluate: usize): bool {
  return evaluate != 0 || (value != 0 && value != _Py_NoDefaultStruct);
}

/** What a function of typing makes of the arguments of an alias, for a parameter. New reference. */
export function prepareSubstitution(name: string, o: usize, alias: usize, args: usize): usize {
  const f = typingFunction(name);
  if (f == 0) return 0;
  const r = PyObject_CallThreeArgs(f, o, alias, args);
  Py.DECREF(f);
  return r;
}

/** typing.Unpack[variable]: a new reference. */
export function unpackTypeVarTuple(variable: usize): usize {
  const unpack = typingFunction("Unpack");
  if (unpack == 0) return 0;
  const r = PyObject_GetItem(unpack, variable);
  Py.DECREF(unpack);
  return r;
}

/** The parameters with each TypeVarTuple unpacked: a new reference to a tuple. */
export function unpackTypeVarTuples(params: usize): usize {
  const n = Py.SIZE(params);
  let found = false;
  for (let i: isize = 0; i < n; i++) if (Py.TYPE(Tuple.get(params, i)) == PyTypeVarTuple_Type) found = true;
  if (!found) return Py.NewRef(params);
  const r = PyTuple_New(n);
  for (let i: isize = 0; r != 0 && i < n; i++) {
    const param = Tuple.get(params, i);
    const item = Py.TYPE(param) == PyTypeVarTuple_Type ? unpackTypeVarTuple(param) : Py.NewRef(param);
    if (item == 0) {
      Py.DECREF(r);
      return 0;
    }
    Tuple.set(r, i, item);
  }
  return r;
}
