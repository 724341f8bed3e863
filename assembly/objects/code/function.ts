// Python functions (CPython 3.13's Objects/funcobject.c). How a function
// is called is the machine's: its vectorcall field is set to vm's _PyFunction_Vectorcall.

import {
  CO_ASYNC_GENERATOR,
  CO_COROUTINE,
  CO_GENERATOR,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HAVE_VECTORCALL,
  Py_TPFLAGS_METHOD_DESCRIPTOR,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  PyCodeObject,
  PyFunctionObject,
  PyFunctionObject_func_dict,
  PyFunctionObject_func_weakreflist,
  PyFunctionObject_vectorcall,
  PyTypeObject,
  SIZEOF_PyFunctionObject,
} from "../../generated/layouts";
import { objectsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  empty_string,
  ID,
  PyCell_Type,
  PyCode_Type,
  PyExc_DeprecationWarning,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFunction_Type,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../containers/dict/dict";
import { PyTuple_New, Tuple } from "../containers/tuple";
import { badArgument, parseTupleAndKeywords } from "../define/args";
import { PyMethod_New } from "../descriptors/boundmethod";
import { Audit } from "../errors/audit";
import { PyErr_Fail, PyErr_Format, PyErr_Occurred } from "../errors/raise";
import { PyErr_WarnEx } from "../errors/warnings";
import { _PyObject_GC_New, PyObject_GC_Del } from "../object/alloc";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../object/attributes";
import { PyVectorcall_Call } from "../object/call";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py, Visit } from "../object/head";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyObject_ClearWeakRefs } from "../weak/weakref";
import { builtinsOf } from "./frameaccess";

/** A new function of the code object and globals; qualname may be null. Its vectorcall is `vectorcall`. */
export function PyFunction_NewWithQualName(code: usize, globals: usize, qualname: usize, vectorcall: u32): usize {
  const co = PyCodeObject.at(code);
  const builtins = builtinsOf(globals);
  if (builtins == 0) return 0;
  const module = PyDict_GetItemWithError(globals, ID.__name__);
  if (module == 0 && PyErr_Occurred() != 0) return 0;
  const o = _PyObject_GC_New(PyFunction_Type);
  if (o == 0) return 0;
  const f = PyFunctionObject.at(o);
  f.func_globals = Py.NewRef(globals);
  f.func_builtins = Py.NewRef(builtins);
  f.func_name = Py.NewRef(co.co_name);
  f.func_qualname = Py.NewRef(qualname == 0 ? co.co_qualname : qualname);
  f.func_code = Py.NewRef(code);
  f.func_defaults = 0;
  f.func_kwdefaults = 0;
  f.func_closure = 0;
  let doc = _Py_NoneStruct;
  // The first constant, where it is a string.
  if (Py.SIZE(co.co_consts) > 0 && Py.check(Tuple.get(co.co_consts, 0), Py_TPFLAGS_UNICODE_SUBCLASS)) {
    doc = Tuple.get(co.co_consts, 0);
  }
  f.func_doc = Py.NewRef(doc);
  f.func_dict = 0;
  f.func_weakreflist = 0;
  f.func_module = Py.XNewRef(module);
  f.func_annotations = 0;
  f.func_typeparams = 0;
  f.vectorcall = vectorcall;
  f.func_version = 0;
  _PyObject_GC_TRACK(o);
  return o;
}

/** A version that names the function's code, defaults and closure as they are; 0 where versions have run out. */
export function _PyFunction_GetVersionForCurrentState(func: usize): u32 {
  const f = PyFunctionObject.at(func);
  if (f.func_version != 0) return f.func_version;
  const v = objectsRoots.next_func_version;
  if (v == 0) return 0;
  objectsRoots.next_func_version = v + 1;
  f.func_version = v;
  return v;
}

function changed(func: usize): void {
  PyFunctionObject.at(func).func_version = 0;
}

function func_clear(self: usize): i32 {
  const f = PyFunctionObject.at(self);
  changed(self);
  Py.CLEAR(f.func_globals_slot);
  Py.CLEAR(f.func_builtins_slot);
  Py.CLEAR(f.func_module_slot);
  Py.CLEAR(f.func_defaults_slot);
  Py.CLEAR(f.func_kwdefaults_slot);
  Py.CLEAR(f.func_doc_slot);
  Py.CLEAR(f.func_dict_slot);
  Py.CLEAR(f.func_closure_slot);
  Py.CLEAR(f.func_annotations_slot);
  Py.CLEAR(f.func_typeparams_slot);
  // What runs or reports may still read code, name and qualified name.
  assert(f.func_code != 0);
  Py.SETREF(f.func_name_slot, empty_string);
  Py.SETREF(f.func_qualname_slot, empty_string);
  return 0;
}

function func_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  const f = PyFunctionObject.at(self);
  if (f.func_weakreflist != 0) PyObject_ClearWeakRefs(self);
  func_clear(self);
  Py.DECREF(f.func_code);
  Py.DECREF(f.func_name);
  Py.DECREF(f.func_qualname);
  PyObject_GC_Del(self);
}

function func_traverse(self: usize, visit: u32, arg: usize): i32 {
  const f = PyFunctionObject.at(self);
  let r = Visit.call(f.func_code, visit, arg);
  if (r == 0) r = Visit.call(f.func_globals, visit, arg);
  if (r == 0) r = Visit.call(f.func_builtins, visit, arg);
  if (r == 0) r = Visit.call(f.func_module, visit, arg);
  if (r == 0) r = Visit.call(f.func_defaults, visit, arg);
  if (r == 0) r = Visit.call(f.func_kwdefaults, visit, arg);
  if (r == 0) r = Visit.call(f.func_doc, visit, arg);
  if (r == 0) r = Visit.call(f.func_name, visit, arg);
  if (r == 0) r = Visit.call(f.func_dict, visit, arg);
  if (r == 0) r = Visit.call(f.func_closure, visit, arg);
  if (r == 0) r = Visit.call(f.func_annotations, visit, arg);
  if (r == 0) r = Visit.call(f.func_typeparams, visit, arg);
  if (r == 0) r = Visit.call(f.func_qualname, visit, arg);
  return r;
}

function func_repr(self: usize): usize {
  return PyUnicode_FromFormat("<function %U at 0x%x>", PyFunctionObject.at(self).func_qualname, self);
}

function func_descr_get(self: usize, obj: usize, _type: usize): usize {
  if (obj == 0 || obj == _Py_NoneStruct) return Py.NewRef(self);
  return PyMethod_New(self, obj);
}

/**
 * @getter function.__code__
 */
export function get_code(self: usize, _c: usize): usize {
  if (!Audit.getting(self, "__code__")) return 0;
  return Py.NewRef(PyFunctionObject.at(self).func_code);
}

/**
 * @setter function.__code__
 */
export function set_code(self: usize, value: usize, _c: usize): i32 {
  if (value == 0 || Py.TYPE(value) != PyCode_Type) {
    return PyErr_Fail(PyExc_TypeError, "__code__ must be set to a code object");
  }
  if (!Audit.setting(self, "__code__", value)) return -1;
  const f = PyFunctionObject.at(self);
  const nfree = PyCodeObject.at(value).co_nfreevars;
  const nclosure = f.func_closure == 0 ? 0 : Py.SIZE(f.func_closure);
  if (nclosure != nfree) {
    PyErr_Format(
      PyExc_ValueError,
      "%U() requires a code object with %d free vars, not %d",
      f.func_name,
      nclosure,
      nfree,
    );
    return -1;
  }
  const kinds: i32 = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR;
  if ((PyCodeObject.at(f.func_code).co_flags ^ PyCodeObject.at(value).co_flags) & kinds) {
    const message =
      "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)";
    if (PyErr_WarnEx(PyExc_DeprecationWarning, message, 1) < 0) return -1;
  }
  changed(self);
  Py.SETREF(PyFunctionObject.at(self).func_code_slot, Py.NewRef(value));
  return 0;
}

/**
 * @getter function.__name__
 */
export function get_name(self: usize, _c: usize): usize {
  return Py.NewRef(PyFunctionObject.at(self).func_name);
}

/**
 * @setter function.__name__
 */
export function set_name(self: usize, value: usize, _c: usize): i32 {
  if (value == 0 || !Py.check(value, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "__name__ must be set to a string object");
  }
  Py.SETREF(PyFunctionObject.at(self).func_name_slot, Py.NewRef(value));
  return 0;
}

/**
 * @getter function.__qualname__
 */
export function get_qualname(self: usize, _c: usize): usize {
  return Py.NewRef(PyFunctionObject.at(self).func_qualname);
}

/**
 * @setter function.__qualname__
 */
export function set_qualname(self: usize, value: usize, _c: usize): i32 {
  if (value == 0 || !Py.check(value, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "__qualname__ must be set to a string object");
  }
  Py.SETREF(PyFunctionObject.at(self).func_qualname_slot, Py.NewRef(value));
  return 0;
}

function orNone(v: usize): usize {
  return v == 0 ? _Py_NoneStruct : Py.NewRef(v);
}

/**
 * @getter function.__defaults__
 */
export function get_defaults(self: usize, _c: usize): usize {
  if (!Audit.getting(self, "__defaults__")) return 0;
  return orNone(PyFunctionObject.at(self).func_defaults);
}

/**
 * @setter function.__defaults__
 */
export function set_defaults(self: usize, value: usize, _c: usize): i32 {
  if (value == _Py_NoneStruct) value = 0;
  if (value != 0 && !Py.check(value, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "__defaults__ must be set to a tuple object");
  }
  if (!Audit.setting(self, "__defaults__", value)) return -1;
  changed(self);
  Py.SETREF(PyFunctionObject.at(self).func_defaults_slot, Py.XNewRef(value));
  return 0;
}

/**
 * @getter function.__kwdefaults__
 */
export function get_kwdefaults(self: usize, _c: usize): usize {
  if (!Audit.getting(self, "__kwdefaults__")) return 0;
  return orNone(PyFunctionObject.at(self).func_kwdefaults);
}

/**
 * @setter function.__kwdefaults__
 */
export function set_kwdefaults(self: usize, value: usize, _c: usize): i32 {
  if (value == _Py_NoneStruct) value = 0;
  if (value != 0 && !Py.check(value, Py_TPFLAGS_DICT_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "__kwdefaults__ must be set to a dict object");
  }
  if (!Audit.setting(self, "__kwdefaults__", value)) return -1;
  changed(self);
  Py.SETREF(PyFunctionObject.at(self).func_kwdefaults_slot, Py.XNewRef(value));
  return 0;
}

/**
 * @getter function.__annotations__
 */
export function get_annotations(self: usize, _c: usize): usize {
  const f = PyFunctionObject.at(self);
  const a = f.func_annotations;
  if (a == 0) {
    const d = PyDict_New();
    if (d == 0) return 0;
    f.func_annotations = d;
    return Py.NewRef(d);
  }
  if (Py.check(a, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    // As the compiler leaves them: name, value, name, value, …
    const d = PyDict_New();
    if (d == 0) return 0;
    for (let i: isize = 0; i < Py.SIZE(a); i += 2) {
      if (PyDict_SetItem(d, Tuple.get(a, i), Tuple.get(a, i + 1)) < 0) {
        Py.DECREF(d);
        return 0;
      }
    }
    Py.SETREF(PyFunctionObject.at(self).func_annotations_slot, d);
    return Py.NewRef(d);
  }
  return Py.NewRef(a);
}

/**
 * @setter function.__annotations__
 */
export function set_annotations(self: usize, value: usize, _c: usize): i32 {
  if (value == _Py_NoneStruct) value = 0;
  if (value != 0 && !Py.check(value, Py_TPFLAGS_DICT_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "__annotations__ must be set to a dict object");
  }
  Py.SETREF(PyFunctionObject.at(self).func_annotations_slot, Py.XNewRef(value));
  return 0;
}

/**
 * @getter function.__type_params__
 */
export function get_type_params(self: usize, _c: usize): usize {
  const p = PyFunctionObject.at(self).func_typeparams;
  return p == 0 ? PyTuple_New(0) : Py.NewRef(p);
}

/**
 * @setter function.__type_params__
 */
export function set_type_params(self: usize, value: usize, _c: usize): i32 {
  if (value == 0 || !Py.check(value, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return PyErr_Fail(PyExc_TypeError, "__type_params__ must be set to a tuple");
  }
  Py.SETREF(PyFunctionObject.at(self).func_typeparams_slot, Py.NewRef(value));
  return 0;
}

/**
 * @setter function.__dict__
 */
export function setDict(self: usize, value: usize, _c: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "cannot delete __dict__");
  if (!Py.check(value, Py_TPFLAGS_DICT_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "__dict__ must be set to a dictionary, not a '%t'", value);
    return -1;
  }
  Py.SETREF(PyFunctionObject.at(self).func_dict_slot, Py.NewRef(value));
  return 0;
}

function func_new(_type: usize, args: usize, kwargs: usize): usize {
  const a = Scratch.take(6);
  const names = "code globals name argdefs closure kwdefaults";
  const r = parseTupleAndKeywords("function", names, args, kwargs, a, 2, 6) ? newFunction(a) : 0;
  Scratch.give(a);
  return r;
}

function itemOrNone(argv: usize, i: isize): usize {
  const v = Py.item(argv, i);
  return v == 0 ? _Py_NoneStruct : v;
}

function newFunction(argv: usize): usize {
  const code = Py.item(argv, 0);
  const globals = Py.item(argv, 1);
  if (Py.TYPE(code) != PyCode_Type) return badArgument("function", "argument 'code'", "code", code);
  if (!Py.check(globals, Py_TPFLAGS_DICT_SUBCLASS)) {
    return badArgument("function", "argument 'globals'", "dict", globals);
  }
  const name = itemOrNone(argv, 2);
  const defaults = itemOrNone(argv, 3);
  const closure = itemOrNone(argv, 4);
  const kwdefaults = itemOrNone(argv, 5);
  if (name != _Py_NoneStruct && !Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "arg 3 (name) must be None or string");
  }
  if (defaults != _Py_NoneStruct && !Py.check(defaults, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "arg 4 (defaults) must be None or tuple");
  }
  const nfree = PyCodeObject.at(code).co_nfreevars;
  if (closure == _Py_NoneStruct ? nfree > 0 : !Py.check(closure, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return PyErr_Format(
      PyExc_TypeError,
      closure == _Py_NoneStruct ? "arg 5 (closure) must be tuple" : "arg 5 (closure) must be None or tuple",
    );
  }
  if (kwdefaults != _Py_NoneStruct && !Py.check(kwdefaults, Py_TPFLAGS_DICT_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "arg 6 (kwdefaults) must be None or dict");
  }
  const nclosure = closure == _Py_NoneStruct ? 0 : Py.SIZE(closure);
  if (nclosure != nfree) {
    return PyErr_Format(
      PyExc_ValueError,
      "%U requires closure of length %d, not %d",
      PyCodeObject.at(code).co_name,
      nfree,
      nclosure,
    );
  }
  // Instructions take the free variables for cells.
  for (let i: isize = 0; i < nclosure; i++) {
    const cell = Tuple.get(closure, i);
    if (Py.TYPE(cell) != PyCell_Type)
      return PyErr_Format(PyExc_TypeError, "arg 5 (closure) expected cell, found %t", cell);
  }
  if (!Audit.event("function.__new__", "O", code)) return 0;
  const o = PyFunction_NewWithQualName(code, globals, 0, objectsRoots.function_vectorcall);
  if (o == 0) return 0;
  const f = PyFunctionObject.at(o);
  if (name != _Py_NoneStruct) Py.SETREF(PyFunctionObject.at(o).func_name_slot, Py.NewRef(name));
  if (defaults != _Py_NoneStruct) f.func_defaults = Py.NewRef(defaults);
  if (nclosure) f.func_closure = Py.NewRef(closure);
  if (kwdefaults != _Py_NoneStruct) f.func_kwdefaults = Py.NewRef(kwdefaults);
  return o;
}

/**
 * @type function(code, globals, name=None, argdefs=None, closure=None,
 *          kwdefaults=None)
 * @order __code__ __defaults__ __kwdefaults__ __annotations__ __dict__ __name__ __qualname__ __type_params__
 *
 * A function, made by hand.
 *
 *   code
 *     What it runs.
 *   globals
 *     The dict in which it finds global names.
 *   name
 *     What it is called; None takes the name of the code.
 *   argdefs
 *     A tuple of defaults for the last positional parameters.
 *   closure
 *     A tuple of cells, one for each free variable of the code.
 *   kwdefaults
 *     Defaults of parameters given by name.
 *
 * @member function.__closure__ = PyFunctionObject.func_closure readonly
 *
 * @member function.__doc__ = PyFunctionObject.func_doc
 *
 * @member function.__globals__ = PyFunctionObject.func_globals readonly
 *
 * @member function.__module__ = PyFunctionObject.func_module
 *
 * @member function.__builtins__ = PyFunctionObject.func_builtins readonly
 *
 * @getter function.__dict__ = attributes.PyObject_GenericGetDict
 */

export function initFunctionType(): void {
  const o = PyFunction_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_PyFunctionObject;
  t.tp_dealloc = func_dealloc.index;
  t.tp_vectorcall_offset = PyFunctionObject_vectorcall;
  t.tp_repr = func_repr.index;
  t.tp_call = PyVectorcall_Call.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR;
  t.tp_traverse = func_traverse.index;
  t.tp_clear = func_clear.index;
  t.tp_weaklistoffset = PyFunctionObject_func_weakreflist;
  t.tp_dictoffset = PyFunctionObject_func_dict;
  t.tp_descr_get = func_descr_get.index;
  t.tp_new = func_new.index;
}
