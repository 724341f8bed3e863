// The other direction: what a slot wrapper (`int.__add__`) calls, to reach the function in a slot from Python
// arguments (the wrap_* part of CPython 3.13's Objects/typeobject.c). Each receives (self, args, wrapped, kwargs):
// args a tuple, wrapped the table index of the slot's function; it returns a new reference or null.

import { Py_TPFLAGS_TYPE_SUBCLASS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_OverflowError,
  PyExc_StopIteration,
  PyExc_TypeError,
  PyRange_Type,
} from "../../generated/statics";
import { rangeLengthObject } from "../containers/range";
import { PyTuple_GetSlice, Tuple } from "../containers/tuple";
import { PyErr_Format, PyErr_Occurred, PyErr_SetNone } from "../errors/raise";
import { PyLong_FromLongLong, PyLong_FromSsize_t } from "../numbers/int/create";
import { Py } from "../object/head";
import { PyBool_FromBool } from "../protocol/access";
import { PyNumber_AsSsize_t } from "../protocol/number";
import { PySequence_Size } from "../protocol/sequence";
import { PyType_IsSubtype } from "./lookup";
import { slot_tp_new, slot_tp_setattro } from "./slot_functions";

/**
 * Checks the number of arguments: true if it is between min and max; TypeError otherwise. Where CPython unpacks them
 * under an empty name, which is where there can be two, its message begins with a space.
 */
export function checkArity(args: usize, min: isize, max: isize): bool {
  const n = Py.SIZE(args);
  if (n >= min && n <= max) return true;
  const limit = n < min ? min : max;
  PyErr_Format(
    PyExc_TypeError,
    min == max
      ? max == 2
        ? " expected %d argument%L, got %d"
        : "expected %d argument%L, got %d"
      : n < min
        ? " expected at least %d argument%L, got %d"
        : " expected at most %d argument%L, got %d",
    limit,
    changetype<usize>(limit == 1 ? "" : "s"),
    n,
  );
  return false;
}

function none(): usize {
  return _Py_NoneStruct;
}

export function wrap_lenfunc(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 0, 0)) return 0;
  if (Py.IS_TYPE(self, PyRange_Type)) return rangeLengthObject(self);
  const n = call_indirect<isize>(f, self);
  if (n == -1 && PyErr_Occurred() != 0) return 0;
  return PyLong_FromSsize_t(n);
}

export function wrap_inquirypred(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 0, 0)) return 0;
  const r = call_indirect<i32>(f, self);
  if (r == -1 && PyErr_Occurred() != 0) return 0;
  return PyBool_FromBool(r != 0);
}

export function wrap_unaryfunc(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 0, 0)) return 0;
  return call_indirect<usize>(f, self);
}

export function wrap_binaryfunc(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  return call_indirect<usize>(f, self, Tuple.get(args, 0));
}

/** For number slots: the left operand. */
export function wrap_binaryfunc_l(self: usize, args: usize, f: u32, _kw: usize): usize {
  return wrap_binaryfunc(self, args, f, _kw);
}

export function wrap_binaryfunc_r(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  return call_indirect<usize>(f, Tuple.get(args, 0), self);
}

export function wrap_ternaryfunc(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 2)) return 0;
  const third = Py.SIZE(args) > 1 ? Tuple.get(args, 1) : _Py_NoneStruct;
  return call_indirect<usize>(f, self, Tuple.get(args, 0), third);
}

export function wrap_ternaryfunc_r(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 2)) return 0;
  const third = Py.SIZE(args) > 1 ? Tuple.get(args, 1) : _Py_NoneStruct;
  return call_indirect<usize>(f, Tuple.get(args, 0), self, third);
}

export function wrap_indexargfunc(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  const i = PyNumber_AsSsize_t(Tuple.get(args, 0), PyExc_OverflowError);
  if (i == -1 && PyErr_Occurred() != 0) return 0;
  return call_indirect<usize>(f, self, i);
}

/** An index argument: negative ones count from the end. Returns false with an exception set. */
function indexArgument(self: usize, arg: usize): isize {
  let i = PyNumber_AsSsize_t(arg, PyExc_OverflowError);
  if (i < 0 && PyErr_Occurred() == 0) {
    const n = PySequence_Size(self);
    if (n < 0) return -1;
    i += n;
  }
  return i;
}

export function wrap_sq_item(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  const i = indexArgument(self, Tuple.get(args, 0));
  if (i == -1 && PyErr_Occurred() != 0) return 0;
  return call_indirect<usize>(f, self, i);
}

export function wrap_sq_setitem(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 2, 2)) return 0;
  const i = indexArgument(self, Tuple.get(args, 0));
  if (i == -1 && PyErr_Occurred() != 0) return 0;
  return call_indirect<i32>(f, self, i, Tuple.get(args, 1)) < 0 ? 0 : none();
}

export function wrap_sq_delitem(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  const i = indexArgument(self, Tuple.get(args, 0));
  if (i == -1 && PyErr_Occurred() != 0) return 0;
  return call_indirect<i32>(f, self, i, <usize>0) < 0 ? 0 : none();
}

export function wrap_objobjproc(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  const r = call_indirect<i32>(f, self, Tuple.get(args, 0));
  if (r == -1 && PyErr_Occurred() != 0) return 0;
  return PyBool_FromBool(r != 0);
}

export function wrap_objobjargproc(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 2, 2)) return 0;
  return call_indirect<i32>(f, self, Tuple.get(args, 0), Tuple.get(args, 1)) < 0 ? 0 : none();
}

export function wrap_delitem(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  return call_indirect<i32>(f, self, Tuple.get(args, 0), <usize>0) < 0 ? 0 : none();
}

/**
 * object.__setattr__(cls, …) must not change a class behind its metaclass's back (known as the Carlo Verre hack): the
 * slot may only be that of the class's own built-in base. False with TypeError.
 */
function hackcheck(self: usize, f: u32, what: string): bool {
  const type = Py.TYPE(self);
  const mro = PyTypeObject.at(type).tp_mro;
  if (mro == 0) return true;
  // Which class brought in what the type has: its own mro() may have hidden some on the way.
  let base = type;
  for (let i = Py.SIZE(mro) - 1; i >= 0; i--) {
    const b = Tuple.get(mro, i);
    const set = PyTypeObject.at(b).tp_setattro;
    if (set == slot_tp_setattro.index || set != PyTypeObject.at(type).tp_setattro) continue;
    base = b;
    break;
  }
  for (; base != 0; base = PyTypeObject.at(base).tp_base) {
    const set = PyTypeObject.at(base).tp_setattro;
    if (set == f) return true;
    if (set == slot_tp_setattro.index) continue;
    PyErr_Format(
      PyExc_TypeError,
      "can't apply this %L to %s object",
      changetype<usize>(what),
      PyTypeObject.at(type).tp_name,
    );
    return false;
  }
  return true;
}

/** Not every slot looks whether the name is a string: none gets another from elsewhere. */
export function wrap_getattr(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  const name = Tuple.get(args, 0);
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%t'", name);
  }
  return call_indirect<usize>(f, self, name);
}

export function wrap_setattr(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 2, 2)) return 0;
  if (!hackcheck(self, f, "__setattr__")) return 0;
  return call_indirect<i32>(f, self, Tuple.get(args, 0), Tuple.get(args, 1)) < 0 ? 0 : none();
}

export function wrap_delattr(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 1)) return 0;
  if (!hackcheck(self, f, "__delattr__")) return 0;
  return call_indirect<i32>(f, self, Tuple.get(args, 0), <usize>0) < 0 ? 0 : none();
}

export function wrap_hashfunc(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 0, 0)) return 0;
  const h = call_indirect<i64>(f, self);
  if (h == -1 && PyErr_Occurred() != 0) return 0;
  return PyLong_FromLongLong(h);
}

export function wrap_call(self: usize, args: usize, f: u32, kwargs: usize): usize {
  return call_indirect<usize>(f, self, args, kwargs);
}

export function wrap_del(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 0, 0)) return 0;
  call_indirect<void>(f, self);
  return none();
}

function richcmp(self: usize, args: usize, f: u32, op: i32): usize {
  if (!checkArity(args, 1, 1)) return 0;
  return call_indirect<usize>(f, self, Tuple.get(args, 0), op);
}
export function richcmp_lt(self: usize, args: usize, f: u32, _kw: usize): usize {
  return richcmp(self, args, f, 0);
}
export function richcmp_le(self: usize, args: usize, f: u32, _kw: usize): usize {
  return richcmp(self, args, f, 1);
}
export function richcmp_eq(self: usize, args: usize, f: u32, _kw: usize): usize {
  return richcmp(self, args, f, 2);
}
export function richcmp_ne(self: usize, args: usize, f: u32, _kw: usize): usize {
  return richcmp(self, args, f, 3);
}
export function richcmp_gt(self: usize, args: usize, f: u32, _kw: usize): usize {
  return richcmp(self, args, f, 4);
}
export function richcmp_ge(self: usize, args: usize, f: u32, _kw: usize): usize {
  return richcmp(self, args, f, 5);
}

export function wrap_next(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 0, 0)) return 0;
  const r = call_indirect<usize>(f, self);
  if (r == 0 && PyErr_Occurred() == 0) PyErr_SetNone(PyExc_StopIteration);
  return r;
}

export function wrap_descr_get(self: usize, args: usize, f: u32, _kw: usize): usize {
  if (!checkArity(args, 1, 2)) return 0;
  let obj = Tuple.get(args, 0);
  let type = Py.SIZE(args) > 1 ? Tuple.get(args, 1) : 0;
  if (obj == _Py_NoneStruct) obj = 0;
  if (type == _Py_NoneStruct) type = 0;
  if (obj == 0 && type == 0) return PyErr_Format(PyExc_TypeError, "__get__(None, None) is invalid");
  return call_indirect<usize>(f, self, obj, type);
}

export function wrap_descr_set(self: usize, args: usize, f: u32, kw: usize): usize {
  return wrap_objobjargproc(self, args, f, kw);
}

export function wrap_descr_delete(self: usize, args: usize, f: u32, kw: usize): usize {
  return wrap_delitem(self, args, f, kw);
}

export function wrap_init(self: usize, args: usize, f: u32, kwargs: usize): usize {
  return call_indirect<i32>(f, self, args, kwargs) < 0 ? 0 : none();
}

/** type.__new__ as an attribute: (self = the type whose tp_new it is, args = (cls, …)). */
export function tp_new_wrapper(self: usize, args: usize, kwargs: usize): usize {
  const type = self;
  if (Py.SIZE(args) < 1) {
    return PyErr_Format(PyExc_TypeError, "%s.__new__(): not enough arguments", PyTypeObject.at(type).tp_name);
  }
  const cls = Tuple.get(args, 0);
  if (!Py.check(cls, Py_TPFLAGS_TYPE_SUBCLASS)) {
    return PyErr_Format(
      PyExc_TypeError,
      "%s.__new__(X): X is not a type object (%t)",
      PyTypeObject.at(type).tp_name,
      cls,
    );
  }
  if (!PyType_IsSubtype(cls, type)) {
    const t = PyTypeObject.at(type).tp_name;
    return PyErr_Format(
      PyExc_TypeError,
      "%s.__new__(%s): %s is not a subtype of %s",
      t,
      PyTypeObject.at(cls).tp_name,
      PyTypeObject.at(cls).tp_name,
      t,
    );
  }
  // The tp_new that Python classes share says nothing about the structure: look below them.
  let base = cls;
  while (base != 0 && PyTypeObject.at(base).tp_new == slot_tp_new.index) base = PyTypeObject.at(base).tp_base;
  if (base != 0 && PyTypeObject.at(base).tp_new != PyTypeObject.at(type).tp_new) {
    return PyErr_Format(
      PyExc_TypeError,
      "%s.__new__(%s) is not safe, use %s.__new__()",
      PyTypeObject.at(type).tp_name,
      PyTypeObject.at(cls).tp_name,
      PyTypeObject.at(base).tp_name,
    );
  }
  const rest = PyTuple_GetSlice(args, 1, Py.SIZE(args));
  if (rest == 0) return 0;
  const r = call_indirect<usize>(PyTypeObject.at(type).tp_new, cls, rest, kwargs);
  Py.DECREF(rest);
  return r;
}
