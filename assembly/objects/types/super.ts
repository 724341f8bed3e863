// super: attribute lookup that starts after a class in the mro of an object's type (CPython 3.13's
// Objects/typeobject.c, superobject).

import {
  CO_FAST_CELL,
  CO_FAST_FREE,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_METHOD_DESCRIPTOR,
  Py_TPFLAGS_TYPE_SUBCLASS,
} from "../../generated/constants";
import {
  _PyInterpreterFrame,
  PyBytesObject,
  PyCellObject,
  PyCodeObject,
  PyTypeObject,
  SIZEOF_superobject,
  superobject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyCell_Type,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PySuper_Type,
} from "../../generated/statics";
import { Scratch } from "../../thread/scratch";
import { currentPythonFrame } from "../code/frameaccess";
import { PyDict_GetItemWithError, PyDict_Size } from "../containers/dict/dict";
import { Tuple } from "../containers/tuple";
import { PyErr_Fail, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { PyObject_CallTwoArgs, Vectorcall } from "../object/call";
import { PyObject_GC_UnTrack } from "../object/gchead";
import { Py, Visit } from "../object/head";
import { PyObject_GetOptionalAttr } from "../protocol/access";
import { _PyUnicode_Equal } from "../text/compare";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { isInMro } from "./lookup";

function super_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  const s = superobject.at(self);
  Py.XDECREF(s.type);
  Py.XDECREF(s.obj);
  Py.XDECREF(s.obj_type);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function super_repr(self: usize): usize {
  const s = superobject.at(self);
  const name = s.type == 0 ? 0 : PyTypeObject.at(s.type).tp_name;
  if (s.obj_type != 0) {
    return PyUnicode_FromFormat("<super: <class '%s'>, <%s object>>", name, PyTypeObject.at(s.obj_type).tp_name);
  }
  return PyUnicode_FromFormat("<super: <class '%s'>, NULL>", name);
}

/** The attribute after `su` in the mro of `objType`, bound to obj; null, perhaps without exception, where missing. */
function lookupAfter(su: usize, obj: usize, objType: usize, name: usize): usize {
  const mro = PyTypeObject.at(objType).tp_mro;
  if (mro == 0) return 0;
  const n = Py.SIZE(mro);
  let i: isize = 0;
  while (i + 1 < n && Tuple.get(mro, i) != su) i++;
  Py.INCREF(mro);
  for (i++; i < n; i++) {
    const dict = PyTypeObject.at(Tuple.get(mro, i)).tp_dict;
    const v = PyDict_GetItemWithError(dict, name);
    if (v != 0) {
      Py.INCREF(v);
      Py.DECREF(mro);
      const get = PyTypeObject.at(Py.TYPE(v)).tp_descr_get;
      if (get == 0) return v;
      // Through the class itself nothing is bound to an instance.
      const r = call_indirect<usize>(get, v, obj == objType ? 0 : obj, objType);
      Py.DECREF(v);
      return r;
    }
    if (PyErr_Occurred() != 0) break;
  }
  Py.DECREF(mro);
  return 0;
}

function super_getattro(self: usize, name: usize): usize {
  const s = superobject.at(self);
  // __class__ is that of the super object itself.
  if (s.obj_type != 0 && !_PyUnicode_Equal(name, ID.__class__)) {
    const r = lookupAfter(s.type, s.obj, s.obj_type, name);
    if (r != 0 || PyErr_Occurred() != 0) return r;
  }
  return PyObject_GenericGetAttr(self, name);
}

/** The type through which `obj` is an instance (or subclass) of `type`: a new reference, or null with TypeError. */
function supercheck(type: usize, obj: usize): usize {
  if (Py.check(obj, Py_TPFLAGS_TYPE_SUBCLASS) && isInMro(obj, type)) return Py.NewRef(obj);
  if (isInMro(Py.TYPE(obj), type)) return Py.NewRef(Py.TYPE(obj));
  const cls = PyObject_GetOptionalAttr(obj, ID.__class__);
  if (cls == 0 && PyErr_Occurred() != 0) return 0;
  if (cls != 0 && Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS) && cls != Py.TYPE(obj) && isInMro(cls, type)) return cls;
  Py.XDECREF(cls);
  const isType = Py.check(obj, Py_TPFLAGS_TYPE_SUBCLASS);
  PyErr_Format(
    PyExc_TypeError,
    isType
      ? "super(type, obj): obj (type %s) is not an instance or subtype of type (%s)."
      : "super(type, obj): obj (instance of %s) is not an instance or subtype of type (%s).",
    isType ? PyTypeObject.at(obj).tp_name : PyTypeObject.at(Py.TYPE(obj)).tp_name,
    PyTypeObject.at(type).tp_name,
  );
  return 0;
}

/**
 * super(type, self).name as the machine's LOAD_SUPER_ATTR wants it, without making the super object: a new reference,
 * or null with an exception. With `method`, bit 0 of the result says that it is a function to call with self.
 */
export function _PySuper_Lookup(type: usize, obj: usize, name: usize, method: bool): usize {
  const objType = supercheck(type, obj);
  if (objType == 0) return 0;
  let r: usize = 0;
  if (!_PyUnicode_Equal(name, ID.__class__)) {
    if (method) r = methodAfter(type, obj, objType, name);
    else r = lookupAfter(type, obj, objType, name);
  }
  if (r == 0 && PyErr_Occurred() == 0) {
    const su = makeSuper(type, obj, objType);
    if (su != 0) {
      r = PyObject_GenericGetAttr(su, name);
      Py.DECREF(su);
    }
  }
  Py.DECREF(objType);
  return r;
}

function methodAfter(su: usize, obj: usize, objType: usize, name: usize): usize {
  const mro = PyTypeObject.at(objType).tp_mro;
  if (mro == 0) return 0;
  const n = Py.SIZE(mro);
  let i: isize = 0;
  while (i + 1 < n && Tuple.get(mro, i) != su) i++;
  Py.INCREF(mro);
  let method: usize = 0;
  for (i++; i < n; i++) {
    const v = PyDict_GetItemWithError(PyTypeObject.at(Tuple.get(mro, i)).tp_dict, name);
    if (v == 0 && PyErr_Occurred() == 0) continue;
    if (v != 0 && obj != objType && Py.check(v, Py_TPFLAGS_METHOD_DESCRIPTOR)) method = Py.NewRef(v);
    break;
  }
  Py.DECREF(mro);
  if (method != 0) return method | 1;
  return PyErr_Occurred() ? 0 : lookupAfter(su, obj, objType, name);
}

function makeSuper(type: usize, obj: usize, objType: usize): usize {
  const self = PyType_GenericAlloc(PySuper_Type, 0);
  if (self == 0) return 0;
  const s = superobject.at(self);
  s.type = Py.NewRef(type);
  s.obj = Py.NewRef(obj);
  s.obj_type = Py.NewRef(objType);
  return self;
}

function super_descr_get(self: usize, obj: usize, _type: usize): usize {
  const s = superobject.at(self);
  if (obj == 0 || obj == _Py_NoneStruct || s.obj != 0) return Py.NewRef(self);
  if (Py.TYPE(self) != PySuper_Type) return PyObject_CallTwoArgs(Py.TYPE(self), s.type, obj);
  const objType = supercheck(s.type, obj);
  if (objType == 0) return 0;
  const r = makeSuper(s.type, obj, objType);
  Py.DECREF(objType);
  return r;
}

/** super() without arguments: __class__ and the first argument of the calling function. Sets type and obj, borrowed. */
function argumentsFromFrame(slots: usize): bool {
  const frame = currentPythonFrame();
  if (frame == 0) {
    PyErr_SetString(PyExc_RuntimeError, "super(): no current frame");
    return false;
  }
  const f = _PyInterpreterFrame.at(frame);
  const co = PyCodeObject.at(f.f_executable);
  if (co.co_argcount == 0) {
    PyErr_SetString(PyExc_RuntimeError, "super(): no arguments");
    return false;
  }
  let first = Py.item(f.localsplus, 0);
  // The first argument may be a cell that closures share; whether it is one yet says the kind of the local.
  if (
    first != 0 &&
    Py.TYPE(first) == PyCell_Type &&
    load<u8>(PyBytesObject.at(co.co_localspluskinds).ob_sval) & CO_FAST_CELL
  ) {
    first = PyCellObject.at(first).ob_ref;
  }
  if (first == 0) {
    PyErr_SetString(PyExc_RuntimeError, "super(): arg[0] deleted");
    return false;
  }
  const n = co.co_nlocalsplus;
  for (let i = 0; i < n; i++) {
    if (!(load<u8>(PyBytesObject.at(co.co_localspluskinds).ob_sval + <usize>i) & CO_FAST_FREE)) continue;
    if (!_PyUnicode_Equal(Tuple.get(co.co_localsplusnames, i), ID.__class__)) continue;
    const cell = Py.item(f.localsplus, i);
    if (cell == 0 || Py.TYPE(cell) != PyCell_Type) {
      PyErr_SetString(PyExc_RuntimeError, "super(): bad __class__ cell");
      return false;
    }
    const type = PyCellObject.at(cell).ob_ref;
    if (type == 0) {
      PyErr_SetString(PyExc_RuntimeError, "super(): empty __class__ cell");
      return false;
    }
    if (!Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS)) {
      PyErr_Format(PyExc_RuntimeError, "super(): __class__ is not a type (%t)", type);
      return false;
    }
    Py.setItem(slots, 0, type);
    Py.setItem(slots, 1, first);
    return true;
  }
  PyErr_SetString(PyExc_RuntimeError, "super(): __class__ cell not found");
  return false;
}

function super_init(self: usize, args: usize, kwargs: usize): i32 {
  if (kwargs != 0 && PyDict_Size(kwargs) > 0) return PyErr_Fail(PyExc_TypeError, "super() takes no keyword arguments");
  return initSuper(self, Tuple.items(args), Py.SIZE(args));
}

/** super(*arguments), n of them: 0, or -1 with an exception. */
function initSuper(self: usize, argv: usize, n: isize): i32 {
  if (n > 2) {
    PyErr_Format(PyExc_TypeError, "super expected at most 2 arguments, got %d", n);
    return -1;
  }
  let type: usize = 0;
  let obj: usize = 0;
  if (n == 0) {
    const slots = Scratch.take(2);
    const ok = argumentsFromFrame(slots);
    type = Py.item(slots, 0);
    obj = Py.item(slots, 1);
    Scratch.give(slots);
    if (!ok) return -1;
  } else {
    type = Py.item(argv, 0);
    if (!Py.check(type, Py_TPFLAGS_TYPE_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "super() argument 1 must be a type, not %t", type);
      return -1;
    }
    if (n == 2) obj = Py.item(argv, 1);
    if (obj == _Py_NoneStruct) obj = 0;
  }
  let objType: usize = 0;
  if (obj != 0) {
    objType = supercheck(type, obj);
    if (objType == 0) return -1;
    Py.INCREF(obj);
  }
  const s = superobject.at(self);
  Py.SETREF(s.type_slot, Py.NewRef(type));
  Py.SETREF(s.obj_slot, obj);
  Py.SETREF(s.obj_type_slot, objType);
  return 0;
}

function super_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  if (kwnames != 0 && Py.SIZE(kwnames) > 0) {
    return PyErr_SetString(PyExc_TypeError, "super() takes no keyword arguments");
  }
  const self = superNew(type, 0, 0);
  if (self == 0 || initSuper(self, argv, Vectorcall.nargs(nargsf)) == 0) return self;
  Py.DECREF(self);
  return 0;
}

function super_traverse(self: usize, visit: u32, arg: usize): i32 {
  const s = superobject.at(self);
  let r = Visit.call(s.obj, visit, arg);
  if (r == 0) r = Visit.call(s.type, visit, arg);
  if (r == 0) r = Visit.call(s.obj_type, visit, arg);
  return r;
}

/**
 * @type super
 *
 * super(): in a method, the same as super(__class__, its first argument)
 * super(type): not bound to anything yet
 * super(type, obj): bound to obj, an instance of type
 * super(type, type2): bound to type2, a subclass of type
 *
 * Finds attributes as if the classes up to type did not exist, in the order of those of obj. A method that replaces one calls what it replaces by it:
 *
 * class Sub(Base):
 *     def add(self, item):
 *         super().add(item)
 *         self.count += 1
 *
 * @member super.__thisclass__ = superobject.type readonly
 * after which class the search starts
 *
 * @member super.__self__ = superobject.obj readonly
 * the object that attributes are bound to; or None
 *
 * @member super.__self_class__ = superobject.obj_type readonly
 * the class whose order of bases is searched; or None
 */

export function initSuperType(): void {
  const t = PyTypeObject.at(PySuper_Type);
  t.tp_basicsize = SIZEOF_superobject;
  t.tp_dealloc = super_dealloc.index;
  t.tp_repr = super_repr.index;
  t.tp_getattro = super_getattro.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE;
  t.tp_traverse = super_traverse.index;
  t.tp_descr_get = super_descr_get.index;
  t.tp_init = super_init.index;
  t.tp_vectorcall = super_vectorcall.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  t.tp_new = superNew.index;
  t.tp_free = PyObject_GC_Del.index;
}

function superNew(type: usize, _args: usize, _kwargs: usize): usize {
  return call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
}
