// builtins that ask one object about itself (CPython 3.13's Python/bltinmodule.c): its attributes, class, identity,
// length, text; and the names that the running frame sees.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyExc_SystemError,
  PyExc_TypeError,
} from "../../generated/statics";
import { frameLocals } from "../../objects/code/framelocals";
import { currentGlobals, currentPythonFrame } from "../../objects/code/frameaccess";
import { PyList_Sort } from "../../objects/containers/list/sort";
import { ArgParser, badArgument } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_FromLongLong, PyLong_FromVoidPtr } from "../../objects/numbers/int/create";
import { PyCallable_Check } from "../../objects/object/call";
import { PyObject_Dir } from "../../objects/object/dir";
import { Py } from "../../objects/object/head";
import {
  PyObject_GetAttr,
  PyObject_GetOptionalAttr,
  PyObject_HasAttrWithError,
  PyObject_SetAttr,
} from "../../objects/protocol/access";
import { PyObject_Hash } from "../../objects/protocol/compare";
import { PyObject_IsInstance, PyObject_IsSubclass } from "../../objects/protocol/instancecheck";
import { lengthObject } from "../../objects/protocol/items";
import { PyMapping_Keys } from "../../objects/protocol/sequence";
import { PyObject_ASCII, PyObject_Format, PyObject_Repr } from "../../objects/protocol/text";

function truth(r: i32): usize {
  return r < 0 ? 0 : r ? _Py_TrueStruct : _Py_FalseStruct;
}

/**
 * @native builtins.getattr
 *
 * getattr(object, name[, default]): the value
 *
 * An attribute by its name: getattr(x, 'y') is x.y, for any name.
 * For one that is missing default is the result, if it is given; if it is not, AttributeError is raised, as x.y itself would do in such a case.
 */
export function builtin_getattr(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("getattr", nargs, 2, 3)) return 0;
  const o = Py.item(argv, 0);
  const name = Py.item(argv, 1);
  if (nargs == 2) return PyObject_GetAttr(o, name);
  const r = PyObject_GetOptionalAttr(o, name);
  return r != 0 || PyErr_Occurred() ? r : Py.NewRef(Py.item(argv, 2));
}

/**
 * @native builtins.hasattr($module, obj, name, /)
 *
 * Whether an object has an attribute of that name.
 *
 * It is asked for it by getattr(); AttributeError means that there is none; others pass.
 */
export function builtin_hasattr(_m: usize, obj: usize, name: usize): usize {
  return truth(PyObject_HasAttrWithError(obj, name));
}

/**
 * @native builtins.setattr($module, obj, name, value, /)
 *
 * Give an object an attribute, by its name.
 *
 * setattr(x, 'y', v) is what x.y = v does, for any name at all.
 */
export function builtin_setattr(_m: usize, obj: usize, name: usize, value: usize): usize {
  return PyObject_SetAttr(obj, name, value) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native builtins.delattr($module, obj, name, /)
 *
 * Take an attribute away from an object.
 *
 * delattr(x, 'y') is what del x.y does, for any name.
 */
export function builtin_delattr(_m: usize, obj: usize, name: usize): usize {
  return PyObject_SetAttr(obj, name, 0) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native builtins.isinstance($module, obj, class_or_tuple, /)
 *
 * Whether an object is of a class, or of one that is derived from it.
 *
 * A tuple of classes, as well as a union such as int | str, is satisfied by any of them. A class can have a say in it, by __instancecheck__() in the metaclass of it.
 */
export function builtin_isinstance(_m: usize, obj: usize, class_or_tuple: usize): usize {
  return truth(PyObject_IsInstance(obj, class_or_tuple));
}

/**
 * @native builtins.issubclass($module, cls, class_or_tuple, /)
 *
 * Whether cls is a class derived from another one, or that class itself.
 *
 * A tuple of classes, as well as a union such as int | str, is satisfied by any. A class can have a say in it, by __subclasscheck__() in the metaclass that it has.
 */
export function builtin_issubclass(_m: usize, cls: usize, class_or_tuple: usize): usize {
  return truth(PyObject_IsSubclass(cls, class_or_tuple));
}

/**
 * @native builtins.callable($module, obj, /)
 *
 * Whether it can be called: whether its class has a method __call__().
 *
 * Classes can, as they make instances. The call may fail all the same, for other reasons.
 */
export function builtin_callable(_m: usize, o: usize): usize {
  return truth(PyCallable_Check(o) ? 1 : 0);
}

/**
 * @native builtins.id($module, obj, /)
 *
 * A number that no other object has as long as this one lives.
 *
 * It is the address of the object in memory, just as it is in CPython as well.
 */
export function builtin_id(_m: usize, o: usize): usize {
  const id = PyLong_FromVoidPtr(o);
  if (id == 0 || Audit.event("builtins.id", "O", id)) return id;
  Py.DECREF(id);
  return 0;
}

/**
 * @native builtins.hash($module, obj, /)
 *
 * A whole number that equal objects share, by which dicts and sets find them.
 *
 * Others may have the same by chance. What can be changed has none as a rule: TypeError.
 */
export function builtin_hash(_m: usize, o: usize): usize {
  const h = PyObject_Hash(o);
  return h == -1 ? 0 : PyLong_FromLongLong(h);
}

/**
 * @native builtins.len($module, obj, /)
 *
 * How many elements there are in a container.
 */
export function builtin_len(_m: usize, o: usize): usize {
  return lengthObject(o);
}

/**
 * @native builtins.repr($module, obj, /)
 *
 * The object as text for programmers.
 *
 * Where possible it is what would make an equal object if it stood in a program here.
 */
export function builtin_repr(_m: usize, o: usize): usize {
  return PyObject_Repr(o);
}

/**
 * @native builtins.ascii($module, obj, /)
 *
 * As repr() has it, but all in ASCII.
 *
 * What is beyond it is written as a program would write it in a string: \x, \u or \U with the number of the character in base 16. So it can be shown and printed everywhere, and no two characters look the same that are not so:
 *
 * >>> ascii('na\xefve')
 * "'na\\xefve'"
 */
export function builtin_ascii(_m: usize, o: usize): usize {
  return PyObject_ASCII(o);
}

/**
 * @native builtins.format($module, value, format_spec='', /)
 *
 * The value as text, by what its type knows of format_spec.
 *
 * It is the same as in f'{value:format_spec}'. An empty format_spec, the default, gives what str() does. Numbers and strings have a small language for it: filling, side, sign, width, thousands, precision, type.
 *
 * >>> format(1234.5, '>12,.2f')
 * '    1,234.50'
 */
export function builtin_format(_m: usize, value: usize, format_spec: usize): usize {
  const spec = format_spec == 0 ? 0 : format_spec;
  if (spec != 0 && !Py.check(spec, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return badArgument("format", "argument 2", "str", spec);
  }
  return PyObject_Format(value, spec);
}

/** The local names of the running frame: a new reference. */
export function currentLocals(): usize {
  const frame = currentPythonFrame();
  if (frame == 0) return PyErr_SetString(PyExc_SystemError, "frame does not exist");
  return frameLocals(frame);
}

/**
 * @native builtins.locals($module, /)
 *
 * The local variables where it is called, in a dict.
 *
 * In a function that is a new dict at each call: to change it changes no variable. In a module and in the body of a class it is the dict of the variables itself, so that a change shows; but do not rely on it there.
 */
export function builtin_locals(_m: usize, _u: usize): usize {
  return currentLocals();
}

/**
 * @native builtins.globals($module, /)
 *
 * The dict of the global variables where it is called.
 *
 * It is the dict itself: what is put in is a variable afterwards. In a function it is that of the module which defines it.
 */
export function builtin_globals(_m: usize, _u: usize): usize {
  const g = currentGlobals();
  return g == 0 ? _Py_NoneStruct : Py.NewRef(g);
}

/**
 * @native builtins.vars
 *
 * vars([object]): a dict
 *
 * The attributes that an object has by itself, its __dict__.
 * Without one it is the same as locals().
 */
export function builtin_vars(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("vars", nargs, 0, 1)) return 0;
  if (nargs == 0) return currentLocals();
  const d = PyObject_GetOptionalAttr(Py.item(argv, 0), ID.__dict__);
  if (d == 0 && !PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "vars() argument must have __dict__ attribute");
  return d;
}

/**
 * @native builtins.dir
 *
 * dir([object]): a list of names
 *
 * The names that an object has, in order; without one, those of the scope where it is called.
 * An object that has a method __dir__() is asked by it. Otherwise:
 *   a module shows what is in it;
 *   a class shows its own names and those of its bases, but none of its metaclass;
 *   anything else shows its own names, and what its class would show.
 * This is meant for people who look around in an interactive session. It leaves out what is of little interest, and is no full account: attributes that __getattr__() makes up, for instance, are not in it at all. vars() shows the values as well.
 */
export function builtin_dir(_m: usize, argv: usize, nargs: isize): usize {
  if (!ArgParser.count("dir", nargs, 0, 1)) return 0;
  if (nargs == 1) return PyObject_Dir(Py.item(argv, 0));
  const locals = currentLocals();
  if (locals == 0) return 0;
  const names = PyMapping_Keys(locals);
  Py.DECREF(locals);
  if (names != 0 && PyList_Sort(names) < 0) {
    Py.DECREF(names);
    return 0;
  }
  return names;
}
