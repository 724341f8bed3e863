// The module _weakref (CPython 3.13's Modules/_weakref.c): what the standard library's weakref is made of.

import { PyWeakReference } from "../generated/layouts";
import {
  _Py_NoneStruct,
  _PyWeakref_CallableProxyType,
  _PyWeakref_ProxyType,
  _PyWeakref_RefType,
  PyDict_Type,
  PyExc_TypeError,
} from "../generated/statics";
import { PyDict_DelItem, PyDict_GetItemWithError } from "../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../objects/containers/list/list";
import { ArgParser } from "../objects/define/args";
import { PyErr_Format, PyErr_Occurred } from "../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyLong_FromSsize_t } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PyType_IsSubtype } from "../objects/types/lookup";
import {
  _PyWeakref_GetWeakrefCount,
  isWeakrefObject,
  PyWeakref_NewProxy,
  weakrefGet,
  weakrefList,
} from "../objects/weak/weakref";

/**
 * @native _weakref.getweakrefcount($module, object, /)
 *
 * How many weak references the object has.
 */
export function getweakrefcount(_m: usize, o: usize): usize {
  return PyLong_FromSsize_t(_PyWeakref_GetWeakrefCount(o));
}

/**
 * @native _weakref.getweakrefs($module, object, /)
 *
 * The weak references that the object has, in a new list of them.
 */
export function getweakrefs(_m: usize, o: usize): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  const slot = weakrefList(o);
  if (slot == 0) return list;
  for (let ref: usize = load<u32>(slot); ref != 0; ref = PyWeakReference.at(ref).wr_next) {
    // A reference that is being deallocated has no count left.
    if (Py.REFCNT(ref) > 0 && PyList_Append(list, ref) < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  return list;
}

/**
 * @native _weakref.proxy($module, object, callback=None, /)
 *
 * A weak reference that behaves as its object while that lives.
 *
 * Afterwards to use it is a ReferenceError; callback, if there is one, is called with it before.
 */
export function proxy(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("proxy", nargs, 1, 2)) return 0;
  const callback = nargs > 1 ? Py.item(argv, 1) : 0;
  return PyWeakref_NewProxy(Py.item(argv, 0), callback == _Py_NoneStruct ? 0 : callback);
}

/**
 * Removes a key from a dict of weak references where its reference is dead by now.
 *
 * @native _weakref._remove_dead_weakref($module, dct, key, /)
 *
 * Take a key out of a dict if its value is dead, in one step.
 */
export function remove_dead_weakref(_m: usize, d: usize, key: usize): usize {
  if (!PyType_IsSubtype(Py.TYPE(d), PyDict_Type)) {
    return PyErr_Format(PyExc_TypeError, "_remove_dead_weakref() argument 1 must be dict, not %.50t", d);
  }
  const ref = PyDict_GetItemWithError(d, key);
  if (ref == 0) return PyErr_Occurred() ? 0 : _Py_NoneStruct;
  if (!isWeakrefObject(ref)) return PyErr_Format(PyExc_TypeError, "not a weakref");
  const o = weakrefGet(ref);
  if (o != 0) {
    Py.DECREF(o);
    return _Py_NoneStruct;
  }
  return PyDict_DelItem(d, key) < 0 ? 0 : _Py_NoneStruct;
}

function addType(m: usize, name: string, type: usize): bool {
  return PyModule_AddObjectLiteral(m, name, type) == 0;
}

/**
 * @module _weakref
 *
 * Weak references, inside.
 */
export function initWeakref(m: usize): i32 {
  return addType(m, "ref", _PyWeakref_RefType) &&
    addType(m, "ReferenceType", _PyWeakref_RefType) &&
    addType(m, "ProxyType", _PyWeakref_ProxyType) &&
    addType(m, "CallableProxyType", _PyWeakref_CallableProxyType)
    ? 0
    : -1;
}
