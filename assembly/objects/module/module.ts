// Modules (CPython 3.13's Objects/moduleobject.c).
//
// Invariant: md_dict is a dict for as long as the module lives.
//
// Differences: native modules are not made from a PyModuleDef, but by a function that fills an empty module
// (imports/importing.ts); repr() tells them by the table of those functions, as they have no __spec__.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  PyModuleObject,
  PyModuleObject_md_dict,
  PyModuleObject_md_weaklist,
  PyTypeObject,
  SIZEOF_PyMethodDef,
  SIZEOF_PyModuleObject,
} from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyExc_AttributeError,
  PyExc_KeyError,
  PyExc_TypeError,
  PyModule_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import {
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_KeyAt,
  PyDict_New,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_SetItemLiteral,
  PyDict_ValueAt,
} from "../containers/dict/dict";
import { parseTupleAndKeywords, strArgument } from "../define/args";
import { moduleName, moduleText } from "../define/natives";
import { PyCFunction_New } from "../descriptors/builtinfunction";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetObject,
} from "../errors/raise";
import { _PyType_AllocNoTrack, PyObject_GC_Del } from "../object/alloc";
import { _PyObject_GenericGetAttrWithDict, PyObject_GenericSetAttr } from "../object/attributes";
import { PyObject_CallMethodOneArg, PyObject_CallNoArgs, PyObject_CallOneArg } from "../object/call";
import { _PyObject_GC_IS_TRACKED, _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../object/gchead";
import { Py, Visit } from "../object/head";
import { PyObject_GetAttr, PyObject_GetOptionalAttr } from "../protocol/access";
import { PyObject_IsTrue } from "../protocol/compare";
import { PyMapping_Keys } from "../protocol/sequence";
import { U } from "../text/access";
import { PyUnicode_EqualToLiteral } from "../text/compare";
import { PyUnicode_FromLiteral, PyUnicode_FromString } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyUnicode_InternFromString, PyUnicode_InternLiteral } from "../text/intern";
import { PyObject_ClearWeakRefs } from "../weak/weakref";
import { isBuiltinModuleName } from "./inittab";
import { noAttribute } from "./missing";

/** The module is made: the collector knows of it, and of its dict whatever is in that. */
function trackModule(o: usize): void {
  const dict = PyModuleObject.at(o).md_dict;
  if (!_PyObject_GC_IS_TRACKED(dict)) _PyObject_GC_TRACK(dict);
  _PyObject_GC_TRACK(o);
}

/** A module of `type` with an empty dict, untracked. */
function newModule(type: usize): usize {
  const o = _PyType_AllocNoTrack(type, 0);
  if (o == 0) return 0;
  const dict = PyDict_New();
  if (dict == 0) {
    Py.DECREF(o);
    return 0;
  }
  PyModuleObject.at(o).md_dict = dict;
  return o;
}

/** Gives the module its first names: 0, or -1 with an exception. `doc` may be null. */
function fillModule(o: usize, name: usize, doc: usize): i32 {
  const m = PyModuleObject.at(o);
  const d = m.md_dict;
  if (PyDict_SetItem(d, ID.__name__, name) < 0) return -1;
  if (PyDict_SetItem(d, ID.__doc__, doc == 0 ? _Py_NoneStruct : doc) < 0) return -1;
  if (PyDict_SetItem(d, ID.__package__, _Py_NoneStruct) < 0) return -1;
  if (PyDict_SetItem(d, ID.__loader__, _Py_NoneStruct) < 0) return -1;
  if (PyDict_SetItem(d, ID.__spec__, _Py_NoneStruct) < 0) return -1;
  if (Py.TYPE(name) == PyUnicode_Type) Py.SETREF(PyModuleObject.at(o).md_name_slot, Py.NewRef(name));
  return 0;
}

/** A new module of the name. */
export function PyModule_New(name: usize): usize {
  return moduleWithDoc(name, _Py_NoneStruct);
}

function moduleWithDoc(name: usize, doc: usize): usize {
  const o = newModule(PyModule_Type);
  if (o == 0) return 0;
  if (fillModule(o, name, doc) < 0) {
    Py.DECREF(o);
    return 0;
  }
  trackModule(o);
  return o;
}

/** A new module without a text, named by the literal, or null with an exception. */
export function PyModule_NewLiteral(name: string): usize {
  const s = PyUnicode_InternLiteral(name);
  const m = s == 0 ? 0 : moduleWithDoc(s, _Py_NoneStruct);
  Py.XDECREF(s);
  return m;
}

/**
 * A new module with its functions, from its rows (define/natives.ts) and the table made of them, whose functions are put
 * in; null with an exception.
 */
export function PyModule_FromTable(rows: usize, functions: usize): usize {
  const name = PyUnicode_InternFromString(moduleName(rows));
  if (name == 0) return 0;
  const text = moduleText(rows);
  const doc = text == 0 ? _Py_NoneStruct : PyUnicode_FromString(text);
  const m = doc == 0 ? 0 : moduleWithDoc(name, doc);
  Py.XDECREF(doc);
  Py.DECREF(name);
  if (m == 0 || addFunctions(m, name, functions) == 0) return m;
  Py.DECREF(m);
  return 0;
}

/** The module's dict, borrowed. */
export function PyModule_GetDict(m: usize): usize {
  return PyModuleObject.at(m).md_dict;
}

/** m.name = value, which is stolen, also where it fails (and may be null, its exception then passed on). */
export function PyModule_AddObjectLiteral(m: usize, name: string, value: usize): i32 {
  if (value == 0) return -1;
  const r = PyDict_SetItemLiteral(PyModuleObject.at(m).md_dict, name, value);
  Py.DECREF(value);
  return r;
}

/** Adds the functions of a table of PyMethodDef: 0, or -1 with an exception. */
function addFunctions(m: usize, name: usize, table: usize): i32 {
  const d = PyModuleObject.at(m).md_dict;
  for (let def = table; load<u32>(def) != 0; def += SIZEOF_PyMethodDef) {
    const f = PyCFunction_New(def, m, name);
    if (f == 0) return -1;
    const key = PyUnicode_InternFromString(load<u32>(def));
    const r = key == 0 ? -1 : PyDict_SetItem(d, key, f);
    Py.XDECREF(key);
    Py.DECREF(f);
    if (r < 0) return -1;
  }
  return 0;
}

function module_new(type: usize, _args: usize, _kwargs: usize): usize {
  const o = newModule(type);
  if (o != 0) trackModule(o);
  return o;
}

function module_init(self: usize, args: usize, kwargs: usize): i32 {
  const argv = Scratch.take(2);
  let r = -1;
  if (parseTupleAndKeywords("module", "name doc", args, kwargs, argv, 1, 2)) {
    const name: usize = load<u32>(argv);
    const doc: usize = Py.item(argv, 1);
    if (strArgument(name, "module", "argument 'name'")) r = fillModule(self, name, doc);
  }
  Scratch.give(argv);
  return r;
}

function module_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  const m = PyModuleObject.at(self);
  if (m.md_weaklist != 0) PyObject_ClearWeakRefs(self);
  Py.XDECREF(m.md_dict);
  Py.XDECREF(m.md_name);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

// The name, which no cycle goes through, is not visited.
function module_traverse(self: usize, visit: u32, arg: usize): i32 {
  return Visit.call(PyModuleObject.at(self).md_dict, visit, arg);
}

/** Whether a name of a module is cleared first: it begins with one underscore. */
function isPrivate(key: usize): bool {
  const n = U.length(key);
  return n > 0 && U.at(key, 0) == 0x5f && (n == 1 || U.at(key, 1) != 0x5f);
}

/**
 * Makes None of what a module's dict holds, but for __builtins__, without which the module's functions could do nothing:
 * private names first.
 */
export function _PyModule_ClearDict(dict: usize): void {
  for (let pass = 0; pass < 2; pass++) {
    for (let pos = PyDict_Next(dict, 0); pos != 0; pos = PyDict_Next(dict, pos)) {
      const key = PyDict_KeyAt(dict, pos);
      if (PyDict_ValueAt(dict, pos) == _Py_NoneStruct || !Py.check(key, Py_TPFLAGS_UNICODE_SUBCLASS)) continue;
      if (pass == 0 ? !isPrivate(key) : PyUnicode_EqualToLiteral(key, "__builtins__")) continue;
      Py.INCREF(key);
      if (PyDict_SetItem(dict, key, _Py_NoneStruct) < 0) PyErr_Clear();
      Py.DECREF(key);
    }
  }
}

function module_clear(self: usize): i32 {
  Py.CLEAR(PyModuleObject.at(self).md_dict_slot);
  return 0;
}

/** As importlib writes a module down; a process without importlib does so here. */
function module_repr(self: usize): usize {
  if (vmRoots.importlib != 0) {
    const method = PyUnicode_InternLiteral("_module_repr");
    const r = method == 0 ? 0 : PyObject_CallMethodOneArg(vmRoots.importlib, method, self);
    Py.XDECREF(method);
    return r;
  }
  const d = PyModuleObject.at(self).md_dict;
  const name = PyDict_GetItemWithError(d, ID.__name__);
  if (name == 0) return PyErr_Occurred() ? 0 : PyUnicode_FromLiteral("<module '?'>");
  const spec = PyDict_GetItemWithError(d, ID.__spec__);
  if (spec == 0 && PyErr_Occurred()) return 0;
  if (spec != 0 && spec != _Py_NoneStruct) return specRepr(spec);
  const file = PyDict_GetItemWithError(d, ID.__file__);
  if (file != 0) return PyUnicode_FromFormat("<module %R from %R>", name, file);
  if (PyErr_Occurred()) return 0;
  const loader = PyDict_GetItemWithError(d, ID.__loader__);
  if (loader == 0 && PyErr_Occurred()) return 0;
  if (loader == 0 || loader == _Py_NoneStruct) {
    return PyUnicode_FromFormat(
      Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS) && isBuiltinModuleName(name)
        ? "<module %R (built-in)>"
        : "<module %R>",
      name,
    );
  }
  return PyUnicode_FromFormat("<module %R (%R)>", name, loader);
}

function specRepr(spec: usize): usize {
  const name = PyObject_GetAttr(spec, ID.name);
  const origin = name == 0 ? 0 : PyObject_GetAttr(spec, ID.origin);
  const loader = origin == 0 ? 0 : PyObject_GetAttr(spec, ID.loader);
  let r: usize = 0;
  if (loader != 0) {
    if (origin == _Py_NoneStruct) {
      r =
        loader == _Py_NoneStruct
          ? PyUnicode_FromFormat("<module %R>", name)
          : PyUnicode_FromFormat("<module %R (%R)>", name, loader);
    } else {
      const located = flag(spec, ID.has_location);
      if (located >= 0) {
        r = PyUnicode_FromFormat(located ? "<module %R from %R>" : "<module %R (%S)>", name, origin);
      }
    }
  }
  Py.XDECREF(name);
  Py.XDECREF(origin);
  Py.XDECREF(loader);
  return r;
}

/** The truth of o.name; 0 where it is missing, -1 with an exception. */
function flag(o: usize, name: usize): i32 {
  const v = PyObject_GetOptionalAttr(o, name);
  if (v == 0) return PyErr_Occurred() ? -1 : 0;
  const r = PyObject_IsTrue(v);
  Py.DECREF(v);
  return r;
}

/** tp_getattro of modules: their names, then what their __getattr__ says. */
function module_getattro(self: usize, name: usize): usize {
  const v = _PyObject_GenericGetAttrWithDict(self, name, 0, false);
  if (v != 0 || !PyErr_ExceptionMatches(PyExc_AttributeError)) return v;
  const d = PyModuleObject.at(self).md_dict;
  const raised = PyErr_GetRaisedException();
  const getattr = PyDict_GetItemWithError(d, ID.__getattr__);
  if (getattr != 0) {
    Py.DECREF(raised);
    Py.INCREF(getattr);
    const r = PyObject_CallOneArg(getattr, name);
    Py.DECREF(getattr);
    return r;
  }
  Py.DECREF(raised);
  if (!PyErr_Occurred()) noAttribute(self, d, name);
  return 0;
}

/**
 * @native module.__dir__
 *
 * __dir__(): a list
 *
 * The names that the module has.
 */
export function module_dir(self: usize, _u: usize): usize {
  const dict = PyObject_GetAttr(self, ID.__dict__);
  if (dict == 0) return 0;
  let r: usize = 0;
  if (!Py.check(dict, Py_TPFLAGS_DICT_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "<module>.__dict__ is not a dictionary");
  } else {
    const f = PyDict_GetItemWithError(dict, ID.__dir__);
    if (f != 0) r = PyObject_CallNoArgs(f);
    else if (!PyErr_Occurred()) r = PyMapping_Keys(dict);
  }
  Py.DECREF(dict);
  return r;
}

/** The module's __dict__, which must be a dict: a new reference. */
function namesOf(self: usize): usize {
  const dict = PyObject_GetAttr(self, ID.__dict__);
  if (dict == 0 || Py.check(dict, Py_TPFLAGS_DICT_SUBCLASS)) return dict;
  Py.DECREF(dict);
  return PyErr_Format(PyExc_TypeError, "<module>.__dict__ is not a dictionary");
}

/**
 * @getter module.__annotations__
 */
export function get_annotations(self: usize, _c: usize): usize {
  const dict = namesOf(self);
  if (dict == 0) return 0;
  let r = Py.XNewRef(PyDict_GetItemWithError(dict, ID.__annotations__));
  if (r == 0 && !PyErr_Occurred()) {
    r = PyDict_New();
    if (r != 0 && PyDict_SetItem(dict, ID.__annotations__, r) < 0) {
      Py.DECREF(r);
      r = 0;
    }
  }
  Py.DECREF(dict);
  return r;
}

/**
 * @setter module.__annotations__
 */
export function set_annotations(self: usize, value: usize, _c: usize): i32 {
  const dict = namesOf(self);
  if (dict == 0) return -1;
  let r: i32;
  if (value != 0) r = PyDict_SetItem(dict, ID.__annotations__, value);
  else {
    r = PyDict_DelItem(dict, ID.__annotations__);
    if (r < 0 && PyErr_ExceptionMatches(PyExc_KeyError)) {
      PyErr_Clear();
      PyErr_SetObject(PyExc_AttributeError, ID.__annotations__);
    }
  }
  Py.DECREF(dict);
  return r;
}

/**
 * @type module(name, doc=None)
 *
 * A module, with no names in it but those that all have.
 *
 * The name is a str; doc is anything at all.
 *
 * @member module.__dict__ = PyModuleObject.md_dict readonly
 */

export function initModuleType(): void {
  const o = PyModule_Type;
  const t = PyTypeObject.at(o);
  t.tp_basicsize = SIZEOF_PyModuleObject;
  t.tp_dealloc = module_dealloc.index;
  t.tp_repr = module_repr.index;
  t.tp_getattro = module_getattro.index;
  t.tp_setattro = PyObject_GenericSetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE;
  t.tp_traverse = module_traverse.index;
  t.tp_clear = module_clear.index;
  t.tp_weaklistoffset = PyModuleObject_md_weaklist;
  t.tp_dictoffset = PyModuleObject_md_dict;
  t.tp_init = module_init.index;
  t.tp_new = module_new.index;
  t.tp_free = PyObject_GC_Del.index;
}
