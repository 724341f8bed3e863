// type: the class of classes, its attributes and calls (CPython 3.13's Objects/typeobject.c).

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_HAVE_VECTORCALL,
  Py_TPFLAGS_HEAPTYPE,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_IS_ABSTRACT,
  Py_TPFLAGS_ITEMS_AT_END,
  Py_TPFLAGS_TUPLE_SUBCLASS,
  Py_TPFLAGS_TYPE_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  PyHeapTypeObject,
  PyListObject,
  PyNumberMethods,
  PyTypeObject,
  PyTypeObject_tp_dict,
  PyTypeObject_tp_vectorcall,
  PyTypeObject_tp_weaklist,
  SIZEOF_PyHeapTypeObject,
  SIZEOF_PyMemberDef,
} from "../../generated/layouts";
import { _Py_NoneStruct, ID, PyExc_AttributeError, PyExc_TypeError, PyType_Type } from "../../generated/statics";
import { PyMem_Free } from "../../memory/pymem";
import { Scratch } from "../../thread/scratch";
import {
  PyDict_Clear,
  PyDict_Contains,
  PyDict_DelItem,
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_Size,
} from "../containers/dict/dict";
import { _PyDict_KeysSize, _PyDictKeys_DecRef } from "../containers/dict/keys";
import { List, PyList_Append, PyList_New } from "../containers/list/list";
import { PyDictProxy_New } from "../containers/mappingproxy";
import { PyTuple_New, Tuple } from "../containers/tuple";
import { docObject, textSignatureObject } from "../define/docs";
import { asNumber } from "../define/tables";
import { Audit } from "../errors/audit";
import { setAttributeErrorContext } from "../errors/fields";
import {
  _PyType_Name,
  takeLevel,
  Py_LeaveRecursiveCall,
  PyErr_Clear,
  PyErr_Fail,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetString,
} from "../errors/raise";
import { PyLong_FromSsize_t } from "../numbers/int/create";
import { PyObject_GC_Del } from "../object/alloc";
import { _PyObject_GenericSetAttrWithDict } from "../object/attributes";
import { _PyObject_MakeTpCall, Vectorcall } from "../object/call";
import { PyObject_GC_UnTrack } from "../object/gchead";
import { Py, Visit } from "../object/head";
import { PyBool_FromBool } from "../protocol/access";
import { PyObject_IsTrue } from "../protocol/compare";
import { recursiveIsInstance, recursiveIsSubclass } from "../protocol/instancecheck";
import { PySequence_List } from "../protocol/sequence";
import { PyUnicode_EqualToLiteral } from "../text/compare";
import { PyUnicode_FromString, PyUnicode_FromStringAndSize } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";
import { PyUnicode_InternInPlace } from "../text/intern";
import { PyObject_ClearWeakRefs } from "../weak/weakref";
import { compatibleForAssignment } from "./base";
import { PyType_IsSubtype, PyType_Modified, subclassAt, typeAttribute } from "./lookup";
import { mroImplementation, mroInternal } from "./mro";
import { bestBase, type_new, typeName } from "./new";
import { addSubclass, removeSubclass } from "./ready";
import { isDunder, updateAllSlots, updateSlot } from "./slots";
import { PyUnion_Or } from "./union";

/** type.__call__: makes an instance, by tp_new and then tp_init. */
function type_call(type: usize, args: usize, kwargs: usize): usize {
  // type(x) alone asks for the type of x.
  if (type == PyType_Type) {
    const n = Py.SIZE(args);
    const nkw = kwargs == 0 ? 0 : PyDict_Size(kwargs);
    if (n == 1 && nkw == 0) return Py.NewRef(Py.TYPE(Tuple.get(args, 0)));
    if (n != 3) {
      PyErr_SetString(PyExc_TypeError, "type() takes 1 or 3 arguments");
      return 0;
    }
  }
  const t = PyTypeObject.at(type);
  if (t.tp_new == 0) return PyErr_Format(PyExc_TypeError, "cannot create '%s' instances", t.tp_name);
  const o = call_indirect<usize>(t.tp_new, type, args, kwargs);
  if (o == 0) return 0;
  if (!PyType_IsSubtype(Py.TYPE(o), type)) return o;
  const init = PyTypeObject.at(Py.TYPE(o)).tp_init;
  if (init != 0 && call_indirect<i32>(init, o, args, kwargs) < 0) {
    Py.DECREF(o);
    return 0;
  }
  return o;
}

/** As type_call, from an array of arguments: type(x) needs no tuple. */
function type_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = Vectorcall.nargs(nargsf);
  if (type == PyType_Type && nargs == 1) {
    if (kwnames == 0 || Py.SIZE(kwnames) == 0) return Py.NewRef(Py.TYPE(load<u32>(argv)));
    PyErr_SetString(PyExc_TypeError, "type() takes no keyword arguments");
    return 0;
  }
  return _PyObject_MakeTpCall(type, argv, nargs, kwnames);
}

/** type.__getattribute__. */
function type_getattro(type: usize, name: usize): usize {
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%t'", name);
  }
  const attr = typeAttribute(type, name);
  if (attr != 0 || PyErr_Occurred()) return attr;
  PyErr_Format(PyExc_AttributeError, "type object '%s' has no attribute '%U'", PyTypeObject.at(type).tp_name, name);
  setAttributeErrorContext(type, name);
  return 0;
}

function type_setattro(type: usize, name: usize, value: usize): i32 {
  if (PyTypeObject.at(type).tp_flags & Py_TPFLAGS_IMMUTABLETYPE) {
    PyErr_Format(
      PyExc_TypeError,
      "cannot set %R attribute of immutable type '%s'",
      name,
      PyTypeObject.at(type).tp_name,
    );
    return -1;
  }
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%t'", name);
    return -1;
  }
  // Interned, so that lookups can be cached.
  const slot = Scratch.take(1);
  store<u64>(slot, Py.NewRef(name));
  PyUnicode_InternInPlace(slot);
  const interned = load<u32>(slot);
  Scratch.give(slot);
  // What is replaced lives until the version has ended: while the type's version says that it is there, nobody may find
  // it dying.
  const dict = PyTypeObject.at(type).tp_dict;
  const old = dict == 0 ? 0 : Py.XNewRef(PyDict_GetItemWithError(dict, interned));
  let r = PyErr_Occurred() ? -1 : _PyObject_GenericSetAttrWithDict(type, interned, value, dict);
  PyType_Modified(type);
  if (r == 0 && isDunder(interned)) r = updateSlot(type, interned);
  Py.DECREF(interned);
  Py.XDECREF(old);
  return r;
}

/**
 * type.__name__: a new str.
 *
 * @getter type.__name__
 */
export function type_name(type: usize, _closure: usize): usize {
  if (Py.hasFeature(type, Py_TPFLAGS_HEAPTYPE)) return Py.NewRef(PyHeapTypeObject.at(type).ht_name);
  return PyUnicode_FromString(_PyType_Name(type));
}

/**
 * type.__qualname__: a new str.
 *
 * @getter type.__qualname__
 */
export function type_qualname(type: usize, _closure: usize): usize {
  if (Py.hasFeature(type, Py_TPFLAGS_HEAPTYPE)) return Py.NewRef(PyHeapTypeObject.at(type).ht_qualname);
  return type_name(type, 0);
}

function checkSetSpecial(type: usize, value: usize, name: string): bool {
  if (PyTypeObject.at(type).tp_flags & Py_TPFLAGS_IMMUTABLETYPE) {
    PyErr_Format(
      PyExc_TypeError,
      "cannot set '%L' attribute of immutable type '%s'",
      changetype<usize>(name),
      PyTypeObject.at(type).tp_name,
    );
    return false;
  }
  if (value == 0) {
    PyErr_Format(
      PyExc_TypeError,
      "cannot delete '%L' attribute of immutable type '%s'",
      changetype<usize>(name),
      PyTypeObject.at(type).tp_name,
    );
    return false;
  }
  return Audit.setting(type, name, value);
}

/**
 * @setter type.__name__
 */
export function type_set_name(type: usize, value: usize, _closure: usize): i32 {
  if (!checkSetSpecial(type, value, "__name__")) return -1;
  if (!Py.check(value, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(
      PyExc_TypeError,
      "can only assign string to %s.__name__, not '%t'",
      PyTypeObject.at(type).tp_name,
      value,
    );
    return -1;
  }
  const utf8 = typeName(value);
  if (utf8 == 0) return -1;
  PyTypeObject.at(type).tp_name = utf8;
  Py.SETREF(PyHeapTypeObject.at(type).ht_name_slot, Py.NewRef(value));
  return 0;
}

/**
 * @setter type.__qualname__
 */
export function type_set_qualname(type: usize, value: usize, _closure: usize): i32 {
  if (!checkSetSpecial(type, value, "__qualname__")) return -1;
  if (!Py.check(value, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(
      PyExc_TypeError,
      "can only assign string to %s.__qualname__, not '%t'",
      PyTypeObject.at(type).tp_name,
      value,
    );
    return -1;
  }
  Py.SETREF(PyHeapTypeObject.at(type).ht_qualname_slot, Py.NewRef(value));
  return 0;
}

/**
 * type.__module__: a new reference, or null with AttributeError.
 *
 * @getter type.__module__
 */
export function type_module(type: usize, _closure: usize): usize {
  const t = PyTypeObject.at(type);
  if (t.tp_flags & Py_TPFLAGS_HEAPTYPE) {
    const mod = PyDict_GetItemWithError(t.tp_dict, ID.__module__);
    if (mod == 0 && PyErr_Occurred() == 0) PyErr_SetObject(PyExc_AttributeError, ID.__module__);
    return Py.XNewRef(mod);
  }
  const name = t.tp_name;
  const last = _PyType_Name(type);
  if (last == name) return Py.NewRef(ID.builtins);
  return PyUnicode_FromStringAndSize(name, <isize>(last - name) - 1);
}

/**
 * @setter type.__module__
 */
export function type_set_module(type: usize, value: usize, _closure: usize): i32 {
  if (!checkSetSpecial(type, value, "__module__")) return -1;
  PyType_Modified(type);
  const dict = PyTypeObject.at(type).tp_dict;
  if (PyDict_SetItem(dict, ID.__module__, value) < 0) return -1;
  // The line is one of the file of the module before.
  const held = PyDict_Contains(dict, ID.__firstlineno__);
  return held == 1 ? PyDict_DelItem(dict, ID.__firstlineno__) : held;
}

/** The class's name with its module, but for builtins: a new str. */
export function type_fullyQualifiedName(type: usize): usize {
  const qualname = type_qualname(type, 0);
  if (qualname == 0) return 0;
  const mod = type_module(type, 0);
  if (mod == 0) {
    PyErr_Clear();
    return qualname;
  }
  if (
    !Py.check(mod, Py_TPFLAGS_UNICODE_SUBCLASS) ||
    PyUnicode_EqualToLiteral(mod, "builtins") ||
    PyUnicode_EqualToLiteral(mod, "__main__")
  ) {
    Py.DECREF(mod);
    return qualname;
  }
  const r = PyUnicode_FromFormat("%U.%U", mod, qualname);
  Py.DECREF(mod);
  Py.DECREF(qualname);
  return r;
}

function type_repr(type: usize): usize {
  const mod = type_module(type, 0);
  if (mod == 0) PyErr_Clear();
  const name = type_qualname(type, 0);
  if (name == 0) {
    Py.XDECREF(mod);
    return 0;
  }
  let r: usize;
  if (mod != 0 && Py.check(mod, Py_TPFLAGS_UNICODE_SUBCLASS) && !PyUnicode_EqualToLiteral(mod, "builtins")) {
    r = PyUnicode_FromFormat("<class '%U.%U'>", mod, name);
  } else {
    r = PyUnicode_FromFormat("<class '%s'>", PyTypeObject.at(type).tp_name);
  }
  Py.XDECREF(mod);
  Py.DECREF(name);
  return r;
}

/**
 * @getter type.__bases__
 */
export function type_get_bases(type: usize, _closure: usize): usize {
  return Py.NewRef(PyTypeObject.at(type).tp_bases);
}

/**
 * @setter type.__bases__
 */
export function type_set_bases(type: usize, value: usize, _closure: usize): i32 {
  if (!checkSetSpecial(type, value, "__bases__")) return -1;
  const t = PyTypeObject.at(type);
  if (!Py.check(value, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "can only assign tuple to %s.__bases__, not %t", t.tp_name, value);
    return -1;
  }
  const n = Py.SIZE(value);
  if (n == 0) {
    PyErr_Format(PyExc_TypeError, "can only assign non-empty tuple to %s.__bases__, not ()", t.tp_name);
    return -1;
  }
  for (let i: isize = 0; i < n; i++) {
    const b = Tuple.get(value, i);
    if (!Py.check(b, Py_TPFLAGS_TYPE_SUBCLASS)) {
      PyErr_Format(PyExc_TypeError, "%s.__bases__ must be tuple of classes, not '%t'", t.tp_name, b);
      return -1;
    }
    if (PyType_IsSubtype(b, type) || (PyTypeObject.at(b).tp_mro != 0 && isInBaseChain(b, type)))
      return PyErr_Fail(PyExc_TypeError, "a __bases__ item causes an inheritance cycle");
  }
  const newBase = bestBase(value);
  if (newBase == 0) return -1;
  if (!compatibleForAssignment(t.tp_base, newBase, "__bases__")) return -1;
  const oldBases = t.tp_bases;
  const oldBase = t.tp_base;
  t.tp_bases = Py.NewRef(value);
  t.tp_base = Py.NewRef(newBase);
  const changes = PyList_New(0);
  let status = changes == 0 ? -1 : changeMro(type, changes);
  if (status < 0) {
    if (changes != 0) undoChanges(changes);
    if (t.tp_bases == value) {
      t.tp_bases = oldBases;
      t.tp_base = oldBase;
      Py.DECREF(value);
      Py.DECREF(newBase);
    } else {
      Py.DECREF(oldBases);
      Py.DECREF(oldBase);
    }
    Py.XDECREF(changes);
    return -1;
  }
  Py.DECREF(changes);
  // A mro() may have assigned other bases meanwhile, and those are.
  if (t.tp_bases == value) {
    for (let i: isize = 0; i < Py.SIZE(oldBases); i++) removeSubclass(Tuple.get(oldBases, i), type);
    for (let i: isize = 0; i < n; i++) if (addSubclass(Tuple.get(value, i), type) < 0) status = -1;
    if (updateAllSlots(type) < 0) status = -1;
  }
  Py.DECREF(oldBases);
  Py.DECREF(oldBase);
  return status < 0 ? -1 : 0;
}

/** Whether `base` is among the bases of `type` by tp_base: its mro may not say so yet. */
function isInBaseChain(type: usize, base: usize): bool {
  for (; type != 0; type = PyTypeObject.at(type).tp_base) if (type == base) return true;
  return false;
}

/**
 * A new mro for the class and those below it, each with the old one (None for none) a tuple in the list `changes`: 0 or
 * more, or -1 with an exception. Classes of the list are held by it, whatever mro() does.
 */
function changeMro(type: usize, changes: usize): i32 {
  const old = Scratch.take(1);
  let status = mroInternal(type, old);
  const oldMro = load<u32>(old);
  Scratch.give(old);
  if (status <= 0) return status;
  const mro = PyTypeObject.at(type).tp_mro;
  const change = PyTuple_New(3);
  if (change == 0) {
    PyTypeObject.at(type).tp_mro = oldMro;
    PyType_Modified(type);
    Py.DECREF(mro);
    return -1;
  }
  Tuple.set(change, 0, Py.NewRef(type));
  Tuple.set(change, 1, Py.NewRef(mro));
  Tuple.set(change, 2, oldMro == 0 ? _Py_NoneStruct : oldMro);
  status = PyList_Append(changes, change);
  if (status < 0) undoChange(change);
  Py.DECREF(change);
  if (status < 0 || PyTypeObject.at(type).tp_subclasses == 0) return status;
  // A list of its own: mro() may change the table.
  const subclasses = type_subclasses(type, 0);
  if (subclasses == 0) return -1;
  if (takeLevel(" while computing the mro of subclasses")) status = -1;
  else {
    for (let i: isize = 0; i < List.size(subclasses) && status >= 0; i++) {
      status = changeMro(Py.item(PyListObject.at(subclasses).ob_item, i), changes);
    }
    Py_LeaveRecursiveCall();
  }
  Py.DECREF(subclasses);
  return status;
}

/** Gives a class its former mro back, unless it has another one already. */
function undoChange(change: usize): void {
  const type = Tuple.get(change, 0);
  const t = PyTypeObject.at(type);
  const mro = Tuple.get(change, 1);
  if (t.tp_mro != mro) return;
  const old = Tuple.get(change, 2);
  t.tp_mro = old == _Py_NoneStruct ? 0 : Py.NewRef(old);
  PyType_Modified(type);
  Py.DECREF(mro);
}

function undoChanges(changes: usize): void {
  for (let i = List.size(changes) - 1; i >= 0; i--) undoChange(Py.item(PyListObject.at(changes).ob_item, i));
}

/**
 * @getter type.__mro__
 */
export function type_get_mro(type: usize, _closure: usize): usize {
  const mro = PyTypeObject.at(type).tp_mro;
  return mro == 0 ? _Py_NoneStruct : Py.NewRef(mro);
}

/**
 * @getter type.__dict__
 */
export function type_get_dict(type: usize, _closure: usize): usize {
  const d = PyTypeObject.at(type).tp_dict;
  return d == 0 ? _Py_NoneStruct : PyDictProxy_New(d);
}

/**
 * @getter type.__doc__
 */
export function type_get_doc(type: usize, _closure: usize): usize {
  const t = PyTypeObject.at(type);
  if (!(t.tp_flags & Py_TPFLAGS_HEAPTYPE) && t.tp_doc != 0) return docObject(t.tp_name, t.tp_doc);
  const doc = PyDict_GetItemWithError(t.tp_dict, ID.__doc__);
  if (doc == 0) return PyErr_Occurred() ? 0 : _Py_NoneStruct;
  const get = PyTypeObject.at(Py.TYPE(doc)).tp_descr_get;
  if (get != 0) return call_indirect<usize>(get, doc, <usize>0, type);
  return Py.NewRef(doc);
}

/**
 * @getter type.__text_signature__
 */
export function type_get_text_signature(type: usize, _closure: usize): usize {
  const t = PyTypeObject.at(type);
  return textSignatureObject(t.tp_name, t.tp_doc, 0);
}

/**
 * @setter type.__doc__
 */
export function type_set_doc(type: usize, value: usize, _closure: usize): i32 {
  if (!checkSetSpecial(type, value, "__doc__")) return -1;
  PyType_Modified(type);
  return PyDict_SetItem(PyTypeObject.at(type).tp_dict, ID.__doc__, value);
}

/**
 * @getter type.__abstractmethods__
 */
export function type_get_abstractmethods(type: usize, _closure: usize): usize {
  if (type != PyType_Type) {
    const v = PyDict_GetItemWithError(PyTypeObject.at(type).tp_dict, ID.__abstractmethods__);
    if (v != 0) return Py.NewRef(v);
    if (PyErr_Occurred() != 0) return 0;
  }
  PyErr_SetObject(PyExc_AttributeError, ID.__abstractmethods__);
  return 0;
}

/**
 * @setter type.__abstractmethods__
 */
export function type_set_abstractmethods(type: usize, value: usize, _closure: usize): i32 {
  const t = PyTypeObject.at(type);
  let isAbstract: i32 = 0;
  let r: i32;
  if (value != 0) {
    isAbstract = PyObject_IsTrue(value);
    if (isAbstract < 0) return -1;
    r = PyDict_SetItem(t.tp_dict, ID.__abstractmethods__, value);
  } else {
    r = PyDict_DelItem(t.tp_dict, ID.__abstractmethods__);
    if (r < 0) PyErr_SetObject(PyExc_AttributeError, ID.__abstractmethods__);
  }
  if (r < 0) return -1;
  PyType_Modified(type);
  if (isAbstract) t.tp_flags = t.tp_flags | Py_TPFLAGS_IS_ABSTRACT;
  else t.tp_flags = t.tp_flags & ~Py_TPFLAGS_IS_ABSTRACT;
  return 0;
}

/**
 * @getter type.__annotations__
 */
export function type_get_annotations(type: usize, _closure: usize): usize {
  const t = PyTypeObject.at(type);
  if (!(t.tp_flags & Py_TPFLAGS_HEAPTYPE)) {
    return PyErr_Format(PyExc_AttributeError, "type object '%s' has no attribute '__annotations__'", t.tp_name);
  }
  const a = PyDict_GetItemWithError(t.tp_dict, ID.__annotations__);
  if (a != 0) {
    const get = PyTypeObject.at(Py.TYPE(a)).tp_descr_get;
    if (get != 0) return call_indirect<usize>(get, a, <usize>0, type);
    return Py.NewRef(a);
  }
  if (PyErr_Occurred() != 0) return 0;
  const made = PyDict_New();
  if (made == 0) return 0;
  if (PyDict_SetItem(t.tp_dict, ID.__annotations__, made) < 0) {
    Py.DECREF(made);
    return 0;
  }
  PyType_Modified(type);
  return made;
}

/**
 * @setter type.__annotations__
 */
export function type_set_annotations(type: usize, value: usize, _closure: usize): i32 {
  const t = PyTypeObject.at(type);
  if (t.tp_flags & Py_TPFLAGS_IMMUTABLETYPE) {
    PyErr_Format(PyExc_TypeError, "cannot set '__annotations__' attribute of immutable type '%s'", t.tp_name);
    return -1;
  }
  let r: i32;
  if (value != 0) r = PyDict_SetItem(t.tp_dict, ID.__annotations__, value);
  else {
    const has = PyDict_Contains(t.tp_dict, ID.__annotations__);
    if (has < 0) return -1;
    if (has == 0) return PyErr_Fail(PyExc_AttributeError, "__annotations__");
    r = PyDict_DelItem(t.tp_dict, ID.__annotations__);
  }
  if (r == 0) PyType_Modified(type);
  return r;
}

/**
 * @getter type.__type_params__
 */
export function type_get_type_params(type: usize, _closure: usize): usize {
  if (type != PyType_Type) {
    const v = PyDict_GetItemWithError(PyTypeObject.at(type).tp_dict, ID.__type_params__);
    if (v != 0) return Py.NewRef(v);
    if (PyErr_Occurred() != 0) return 0;
  }
  return PyTuple_New(0);
}

/**
 * @setter type.__type_params__
 */
export function type_set_type_params(type: usize, value: usize, _closure: usize): i32 {
  if (!checkSetSpecial(type, value, "__type_params__")) return -1;
  const r = PyDict_SetItem(PyTypeObject.at(type).tp_dict, ID.__type_params__, value);
  PyType_Modified(type);
  return r;
}

/**
 * @native type.__subclasses__($self, /)
 *
 * The classes derived directly from it.
 */
export function type_subclasses(type: usize, _unused: usize): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  const d = PyTypeObject.at(type).tp_subclasses;
  if (d == 0) return list;
  for (let pos = PyDict_Next(d, 0); pos > 0; pos = PyDict_Next(d, pos)) {
    const sub = subclassAt(d, pos);
    if (sub == 0) continue;
    if (PyList_Append(list, sub) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

/**
 * @native type.mro($self, /)
 *
 * The classes in which attributes are searched.
 */
export function type_mro(type: usize, _unused: usize): usize {
  const t = mroImplementation(type);
  if (t == 0) return 0;
  const list = PySequence_List(t);
  Py.DECREF(t);
  return list;
}

/**
 * @native type.__instancecheck__($self, instance, /)
 *
 * Whether it is one of its instances.
 */
export function type_instancecheck(type: usize, o: usize): usize {
  const r = recursiveIsInstance(o, type);
  return r < 0 ? 0 : PyBool_FromBool(r != 0);
}

/**
 * @native type.__subclasscheck__($self, subclass, /)
 *
 * Whether it is one of its subclasses.
 */
export function type_subclasscheck(type: usize, o: usize): usize {
  const r = recursiveIsSubclass(o, type);
  return r < 0 ? 0 : PyBool_FromBool(r != 0);
}

/**
 * @classmethod type.__prepare__($cls, name, bases, /, **kwds)
 *
 * The mapping that will hold a new class's names.
 */
export function type_prepare(_cls: usize, _argv: usize, _nargs: isize, _kwnames: usize): usize {
  return PyDict_New();
}

/**
 * @native type.__sizeof__($self, /)
 *
 * How many bytes the class itself takes up.
 */
export function type_sizeof(type: usize, _unused: usize): usize {
  const t = PyTypeObject.at(type);
  if (!(t.tp_flags & Py_TPFLAGS_HEAPTYPE)) return PyLong_FromSsize_t(416);
  const h = PyHeapTypeObject.at(type);
  let size = PyTypeObject.at(Py.TYPE(type)).tp_basicsize;
  if (h.ht_cached_keys != 0) size += _PyDict_KeysSize(h.ht_cached_keys);
  return PyLong_FromSsize_t(size);
}

function type_init(_type: usize, args: usize, kwargs: usize): i32 {
  const n = Py.SIZE(args);
  if (n == 1 && kwargs != 0 && PyDict_Size(kwargs) != 0) {
    return PyErr_Fail(PyExc_TypeError, "type.__init__() takes no keyword arguments");
  }
  if (n != 1 && n != 3) return PyErr_Fail(PyExc_TypeError, "type.__init__() takes 1 or 3 arguments");
  return 0;
}

/** Frees a class. Only classes made in Python are ever freed. */
function type_dealloc(type: usize): void {
  const t = PyTypeObject.at(type);
  const h = PyHeapTypeObject.at(type);
  PyObject_GC_UnTrack(type);
  const bases = t.tp_bases;
  if (bases != 0) {
    for (let i: isize = 0; i < Py.SIZE(bases); i++) removeSubclass(Tuple.get(bases, i), type);
  }
  PyType_Modified(type);
  PyObject_ClearWeakRefs(type);
  Py.XDECREF(t.tp_base);
  Py.XDECREF(t.tp_dict);
  Py.XDECREF(bases);
  Py.XDECREF(t.tp_mro);
  Py.XDECREF(t.tp_cache);
  Py.XDECREF(t.tp_subclasses);
  if (t.tp_doc != 0) PyMem_Free(t.tp_doc);
  Py.XDECREF(h.ht_name);
  Py.XDECREF(h.ht_qualname);
  Py.XDECREF(h.ht_slots);
  if (h.ht_cached_keys != 0) _PyDictKeys_DecRef(h.ht_cached_keys);
  Py.XDECREF(h.ht_module);
  if (h._ht_tpname != 0) PyMem_Free(h._ht_tpname);
  const meta = Py.TYPE(type);
  call_indirect<void>(PyTypeObject.at(meta).tp_free, type);
}

function type_traverse(type: usize, visit: u32, arg: usize): i32 {
  const t = PyTypeObject.at(type);
  if (!(t.tp_flags & Py_TPFLAGS_HEAPTYPE)) return 0;
  let r = Visit.call(t.tp_dict, visit, arg);
  if (r == 0) r = Visit.call(t.tp_cache, visit, arg);
  if (r == 0) r = Visit.call(t.tp_mro, visit, arg);
  if (r == 0) r = Visit.call(t.tp_bases, visit, arg);
  if (r == 0) r = Visit.call(t.tp_base, visit, arg);
  if (r == 0) r = Visit.call(PyHeapTypeObject.at(type).ht_module, visit, arg);
  return r;
}

function type_clear(type: usize): i32 {
  const t = PyTypeObject.at(type);
  PyType_Modified(type);
  if (t.tp_dict != 0) PyDict_Clear(t.tp_dict);
  Py.CLEAR(PyHeapTypeObject.at(type).ht_module_slot);
  // A class's mro holds the class itself: without it, it would never reach zero.
  Py.CLEAR(t.tp_mro_slot);
  return 0;
}

function type_is_gc(type: usize): i32 {
  return Py.hasFeature(type, Py_TPFLAGS_HEAPTYPE) ? 1 : 0;
}

function type_or(a: usize, b: usize): usize {
  return PyUnion_Or(a, b);
}

/**
 * @type type
 * @order mro __subclasses__ __prepare__ __instancecheck__ __subclasscheck__ __dir__ __sizeof__ __name__
 * @order __qualname__ __bases__ __mro__ __module__ __abstractmethods__ __dict__ __doc__ __text_signature__
 * @order __annotations__ __type_params__
 *
 * type(object): what kind of object it is
 * type(name, bases, dict, **kwds): a class
 *
 * @member type.__basicsize__ = PyTypeObject.tp_basicsize readonly
 *
 * @member type.__itemsize__ = PyTypeObject.tp_itemsize readonly
 *
 * @member type.__flags__ = PyTypeObject.tp_flags readonly typeflags
 *
 * @member type.__weakrefoffset__ = PyTypeObject.tp_weaklistoffset readonly
 *
 * @member type.__base__ = PyTypeObject.tp_base readonly
 *
 * @member type.__dictoffset__ = PyTypeObject.tp_dictoffset readonly
 */

/** The type object: slots and tables. */
export function initTypeType(): void {
  const t = PyTypeObject.at(PyType_Type);
  t.tp_basicsize = SIZEOF_PyHeapTypeObject;
  t.tp_itemsize = SIZEOF_PyMemberDef;
  t.tp_dealloc = type_dealloc.index;
  t.tp_repr = type_repr.index;
  t.tp_call = type_call.index;
  t.tp_vectorcall = type_vectorcall.index;
  t.tp_getattro = type_getattro.index;
  t.tp_setattro = type_setattro.index;
  t.tp_flags =
    Py_TPFLAGS_HAVE_GC |
    Py_TPFLAGS_BASETYPE |
    Py_TPFLAGS_TYPE_SUBCLASS |
    Py_TPFLAGS_HAVE_VECTORCALL |
    Py_TPFLAGS_ITEMS_AT_END;
  t.tp_vectorcall_offset = PyTypeObject_tp_vectorcall;
  t.tp_traverse = type_traverse.index;
  t.tp_clear = type_clear.index;
  t.tp_weaklistoffset = PyTypeObject_tp_weaklist;
  t.tp_dictoffset = PyTypeObject_tp_dict;
  t.tp_init = type_init.index;
  t.tp_new = type_new.index;
  t.tp_free = PyObject_GC_Del.index;
  t.tp_is_gc = type_is_gc.index;
  PyNumberMethods.at(asNumber(PyType_Type)).nb_or = type_or.index;
}
