// operator.itemgetter and operator.attrgetter (CPython 3.13's Modules/_operator.c): callables that fetch items or attributes
// of their argument.

import { Py_TPFLAGS_HAVE_VECTORCALL, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  attrgetterobject,
  attrgetterobject_vectorcall,
  itemgetterobject,
  itemgetterobject_vectorcall,
  PyTypeObject,
  SIZEOF_attrgetterobject,
  SIZEOF_itemgetterobject,
} from "../../generated/layouts";
import {
  PyAttrGetter_Type,
  PyExc_TypeError,
  PyItemGetter_Type,
  PyLong_Type,
  PyTuple_Type,
} from "../../generated/statics";
import { PyTuple_New, PyTuple_Pack1, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { ArgParser } from "../../objects/define/args";
import { PyErr_Clear, PyErr_SetString } from "../../objects/errors/raise";
import {
  attrgetterobject_clear,
  attrgetterobject_traverse,
  itemgetterobject_clear,
  itemgetterobject_traverse,
} from "../../objects/generated/references";
import { PyLong_AsSsize_t } from "../../objects/numbers/int/create";
import { PyVectorcall_Call, Vectorcall } from "../../objects/object/call";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { Py_ReprEnter, Py_ReprLeave } from "../../objects/object/reprguard";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { PyObject_GetItem } from "../../objects/protocol/items";
import { U } from "../../objects/text/access";
import { PyUnicode_Join, PyUnicode_Substring } from "../../objects/text/concat";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { internSteal } from "../../objects/text/intern";
import { PyType_Ready } from "../../objects/types/ready";
import { collectedType } from "../collectedtype";

/** The only argument of a vectorcall, borrowed; null with TypeError in the name of the type. */
function onlyArgument(name: string, argv: usize, nargsf: usize, kwnames: usize): usize {
  if (!ArgParser.noKeywordNames(name, kwnames)) return 0;
  return ArgParser.count(name, Vectorcall.nargs(nargsf), 1, 1) ? Py.item(argv, 0) : 0;
}

/** The two of __reduce__: the type of `o` and its arguments, a tuple (stolen, null fails). */
function typeAndArguments(o: usize, args: usize): usize {
  if (args == 0) return 0;
  const r = PyTuple_Pack2(Py.TYPE(o), args);
  Py.DECREF(args);
  return r;
}

// itemgetter

function itemgetter_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("itemgetter", kwargs)) return 0;
  const n = Py.SIZE(args);
  if (n < 1) {
    ArgParser.count("itemgetter", n, 1, 1);
    return 0;
  }
  const item = n == 1 ? Tuple.get(args, 0) : args;
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  const x = itemgetterobject.at(o);
  x.nitems = n;
  x.item = Py.NewRef(item);
  x.index = -1;
  x.vectorcall = itemgetter_vectorcall.index;
  if (Py.IS_TYPE(item, PyLong_Type)) {
    const i = PyLong_AsSsize_t(item);
    if (i >= 0) x.index = i;
    else PyErr_Clear();
  }
  return o;
}

function itemgetter_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  itemgetterobject_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function itemgetter_vectorcall(o: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const from = onlyArgument("itemgetter", argv, nargsf, kwnames);
  if (from == 0) return 0;
  const x = itemgetterobject.at(o);
  const n = x.nitems;
  if (n == 1) {
    if (x.index >= 0 && Py.IS_TYPE(from, PyTuple_Type) && x.index < Tuple.size(from)) {
      return Py.NewRef(Tuple.get(from, x.index));
    }
    return PyObject_GetItem(from, x.item);
  }
  const r = PyTuple_New(n);
  if (r == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const v = PyObject_GetItem(from, Tuple.get(x.item, i));
    if (v == 0) {
      Py.DECREF(r);
      return 0;
    }
    Tuple.set(r, i, v);
  }
  return r;
}

function itemgetter_repr(o: usize): usize {
  const entered = Py_ReprEnter(o);
  if (entered != 0) return entered < 0 ? 0 : PyUnicode_FromFormat("%t(...)", o);
  const x = itemgetterobject.at(o);
  const r = x.nitems == 1 ? PyUnicode_FromFormat("%t(%R)", o, x.item) : PyUnicode_FromFormat("%t%R", o, x.item);
  Py_ReprLeave(o);
  return r;
}

/**
 * @native operator.itemgetter.__reduce__
 *
 * What a copy of it is to be made from
 */
export function itemgetter_reduce(o: usize, _u: usize): usize {
  const item = itemgetterobject.at(o).item;
  return typeAndArguments(o, itemgetterobject.at(o).nitems == 1 ? PyTuple_Pack1(item) : Py.NewRef(item));
}

/**
 * @getter operator.itemgetter.__text_signature__
 *
 * @getter operator.attrgetter.__text_signature__
 *
 * @getter operator.methodcaller.__text_signature__
 */
export function getter_text_signature(_o: usize, _closure: usize): usize {
  return PyUnicode_FromLiteral("(obj, /)");
}

/**
 * @type operator.itemgetter(item, /, *items)
 *
 * A callable that fetches an item of what it is called with, or several.
 *
 * With f = itemgetter(2), f(r) is r[2]; with
 * g = itemgetter(2, 5, 3), g(r) is the tuple (r[2], r[5], r[3]).
 *
 * @member operator.itemgetter.__vectorcalloffset__ = itemgetterobject.vectorcall readonly
 */

// attrgetter

/** The parts of a name with `dots` dots as a new tuple of interned strings; null with MemoryError. */
function nameParts(name: usize, dots: isize): usize {
  const parts = PyTuple_New(dots + 1);
  if (parts == 0) return 0;
  const n = U.length(name);
  let start: isize = 0;
  for (let i: isize = 0; i <= dots; i++) {
    let end = start;
    while (end < n && U.at(name, end) != 0x2e) end++;
    const part = internSteal(PyUnicode_Substring(name, start, end));
    if (part == 0) {
      Py.DECREF(parts);
      return 0;
    }
    Tuple.set(parts, i, part);
    start = end + 1;
  }
  return parts;
}

function dotsOf(name: usize): isize {
  const n = U.length(name);
  const kind = U.kind(name);
  const data = U.data(name);
  let dots: isize = 0;
  for (let i: isize = 0; i < n; i++) if (U.read(kind, data, i) == 0x2e) dots++;
  return dots;
}

/** The names as a new tuple: for each an interned string, or a tuple of them where it has dots. */
function attributeNames(args: usize): usize {
  const n = Py.SIZE(args);
  const names = PyTuple_New(n);
  if (names == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const name = Tuple.get(args, i);
    let part: usize = 0;
    if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
      PyErr_SetString(PyExc_TypeError, "attribute name must be a string");
    } else {
      const dots = dotsOf(name);
      part = dots == 0 ? internSteal(Py.NewRef(name)) : nameParts(name, dots);
    }
    if (part == 0) {
      Py.DECREF(names);
      return 0;
    }
    Tuple.set(names, i, part);
  }
  return names;
}

function attrgetter_new(type: usize, args: usize, kwargs: usize): usize {
  if (!ArgParser.noKeywords("attrgetter", kwargs)) return 0;
  const n = Py.SIZE(args);
  if (n < 1) {
    ArgParser.count("attrgetter", n, 1, 1);
    return 0;
  }
  const names = attributeNames(args);
  if (names == 0) return 0;
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) {
    Py.DECREF(names);
    return 0;
  }
  const x = attrgetterobject.at(o);
  x.nattrs = n;
  x.attr = names;
  x.vectorcall = attrgetter_vectorcall.index;
  return o;
}

function attrgetter_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  attrgetterobject_clear(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

/** The attribute with that name, or along that tuple of names. New reference, null with an exception. */
function dottedAttribute(from: usize, name: usize): usize {
  if (!Py.IS_TYPE(name, PyTuple_Type)) return PyObject_GetAttr(from, name);
  let o = Py.NewRef(from);
  for (let i: isize = 0; i < Tuple.size(name); i++) {
    const next = PyObject_GetAttr(o, Tuple.get(name, i));
    Py.DECREF(o);
    if (next == 0) return 0;
    o = next;
  }
  return o;
}

function attrgetter_vectorcall(o: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const from = onlyArgument("attrgetter", argv, nargsf, kwnames);
  if (from == 0) return 0;
  const x = attrgetterobject.at(o);
  const n = x.nattrs;
  if (n == 1) return dottedAttribute(from, Tuple.get(x.attr, 0));
  const r = PyTuple_New(n);
  if (r == 0) return 0;
  for (let i: isize = 0; i < n; i++) {
    const v = dottedAttribute(from, Tuple.get(x.attr, i));
    if (v == 0) {
      Py.DECREF(r);
      return 0;
    }
    Tuple.set(r, i, v);
  }
  return r;
}

/** A name as it was given: a new reference, null with an exception. */
function joinedName(name: usize): usize {
  if (!Py.IS_TYPE(name, PyTuple_Type)) return Py.NewRef(name);
  const dot = PyUnicode_FromLiteral(".");
  if (dot == 0) return 0;
  const r = PyUnicode_Join(dot, name);
  Py.DECREF(dot);
  return r;
}

/** The names as they were given, in a new tuple; null with an exception. */
function joinedNames(o: usize): usize {
  const x = attrgetterobject.at(o);
  const r = PyTuple_New(x.nattrs);
  if (r == 0) return 0;
  for (let i: isize = 0; i < x.nattrs; i++) {
    const name = joinedName(Tuple.get(x.attr, i));
    if (name == 0) {
      Py.DECREF(r);
      return 0;
    }
    Tuple.set(r, i, name);
  }
  return r;
}

function attrgetter_repr(o: usize): usize {
  const entered = Py_ReprEnter(o);
  if (entered != 0) return entered < 0 ? 0 : PyUnicode_FromFormat("%t(...)", o);
  const one = attrgetterobject.at(o).nattrs == 1;
  const names = one ? joinedName(Tuple.get(attrgetterobject.at(o).attr, 0)) : joinedNames(o);
  let r: usize = 0;
  if (names != 0) {
    r = one ? PyUnicode_FromFormat("%t(%R)", o, names) : PyUnicode_FromFormat("%t%R", o, names);
    Py.DECREF(names);
  }
  Py_ReprLeave(o);
  return r;
}

/**
 * @native operator.attrgetter.__reduce__
 *
 * What a copy of it is to be made from
 */
export function attrgetter_reduce(o: usize, _u: usize): usize {
  return typeAndArguments(o, joinedNames(o));
}

/**
 * @type operator.attrgetter(attr, /, *attrs)
 *
 * A callable that fetches an attribute of what it is called with, or several.
 *
 * With f = attrgetter('name'), f(r) is r.name; with
 * g = attrgetter('name', 'date'), g(r) is the tuple (r.name, r.date). Names may have dots: with
 * h = attrgetter('name.first', 'name.last'), h(r) is (r.name.first, r.name.last).
 *
 * @member operator.attrgetter.__vectorcalloffset__ = attrgetterobject.vectorcall readonly
 */

/** Makes the types: 0, or -1 with an exception. */
export function initGetterTypes(): i32 {
  const item = collectedType(
    PyItemGetter_Type,
    SIZEOF_itemgetterobject,
    itemgetter_dealloc.index,
    itemgetterobject_traverse.index,
    itemgetterobject_clear.index,
    Py_TPFLAGS_HAVE_VECTORCALL,
  );
  item.tp_new = itemgetter_new.index;
  item.tp_repr = itemgetter_repr.index;
  item.tp_call = PyVectorcall_Call.index;
  item.tp_vectorcall_offset = <isize>itemgetterobject_vectorcall;
  const attribute = collectedType(
    PyAttrGetter_Type,
    SIZEOF_attrgetterobject,
    attrgetter_dealloc.index,
    attrgetterobject_traverse.index,
    attrgetterobject_clear.index,
    Py_TPFLAGS_HAVE_VECTORCALL,
  );
  attribute.tp_new = attrgetter_new.index;
  attribute.tp_repr = attrgetter_repr.index;
  attribute.tp_call = PyVectorcall_Call.index;
  attribute.tp_vectorcall_offset = <isize>attrgetterobject_vectorcall;
  return PyType_Ready(PyItemGetter_Type) == 0 ? PyType_Ready(PyAttrGetter_Type) : -1;
}
