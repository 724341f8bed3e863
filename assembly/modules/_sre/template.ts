// The compiled form of a replacement, texts between references to groups (the templates of CPython 3.13's
// Modules/_sre/sre.c). Only this module sees objects of the type.
//
// Deliberate difference: re._compile_template is looked up each time that it is needed, not kept.

import {
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_HAVE_GC,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  MatchObject,
  PyTypeObject,
  SIZEOF_TemplateObject,
  SIZEOF_templateitem,
  TemplateObject,
  TemplateObject_items,
  templateitem,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  empty_bytes,
  empty_string,
  PyBytes_Type,
  PyExc_IndexError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PySre_Template_Type,
  PyUnicode_Type,
} from "../../generated/statics";
import { bytes_join } from "../../objects/bytes/methods";
import { PyBytes_FromObject } from "../../objects/bytes/type";
import { List, PyList_Append, PyList_New } from "../../objects/containers/list/list";
import { badArgument } from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { TemplateObject_clear, TemplateObject_traverse } from "../../objects/generated/references";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { PyLong_AsSsize_t } from "../../objects/numbers/int/create";
import { _PyObject_GC_NewVar, PyObject_GC_Del } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { PyObject_CheckBuffer } from "../../objects/object/buffer";
import { PyObject_CallTwoArgs } from "../../objects/object/call";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py, Visit } from "../../objects/object/head";
import { PyObject_GetAttr } from "../../objects/protocol/access";
import { U } from "../../objects/text/access";
import { PyTypeName, PyUnicode_Join } from "../../objects/text/concat";
import { _PyUnicode_Copy } from "../../objects/text/create";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { PyType_Ready } from "../../objects/types/ready";
import { Interrupts } from "../../thread/interrupts";
import { groupAt } from "./match_object";

function itemAt(self: usize, i: isize): templateitem {
  return templateitem.at(self + TemplateObject_items + <usize>i * SIZEOF_templateitem);
}

/**
 * @native _sre.template($module, pattern, template, /)
 *
 * A replacement in its compiled form.
 *
 *   template
 *     A list of texts and numbers of groups by turns, with a text as its first and its last, as
 *     re._parser.parse_template() gives it: [text1, group1, ..., textN].
 */
export function template_new(_module: usize, _pattern: usize, template: usize): usize {
  if (!Py.check(template, Py_TPFLAGS_LIST_SUBCLASS)) return badArgument("template", "argument 2", "list", template);
  const size = List.size(template);
  if ((size & 1) == 0) return PyErr_SetString(PyExc_TypeError, "invalid template");
  const n = size >> 1;
  const self = _PyObject_GC_NewVar(PySre_Template_Type, n);
  if (self == 0) return 0;
  const x = TemplateObject.at(self);
  x.literal = Py.NewRef(List.get(template, 0));
  memory.fill(self + TemplateObject_items, 0, <usize>n * SIZEOF_templateitem);
  let chunks = 1 + 2 * n;
  for (let i: isize = 0; i < n; i++) {
    const index = PyLong_AsSsize_t(List.get(template, 2 * i + 1));
    if (index < 0) {
      if (!PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "invalid template");
      Py.DECREF(self);
      return 0;
    }
    itemAt(self, i).index = index;
    const literal = List.get(template, 2 * i + 2);
    const isEmpty =
      (Py.check(literal, Py_TPFLAGS_UNICODE_SUBCLASS) && U.length(literal) == 0) ||
      (Py.check(literal, Py_TPFLAGS_BYTES_SUBCLASS) && Py.SIZE(literal) == 0);
    if (isEmpty) chunks--;
    else itemAt(self, i).literal = Py.NewRef(literal);
  }
  x.chunks = chunks;
  _PyObject_GC_TRACK(self);
  return self;
}

/** The template of a replacement, by re._compile_template: a new reference, or null with an exception. */
export function compileTemplate(pattern: usize, template: usize): usize {
  const re = PyImport_ImportLiteral("re");
  if (re == 0) return 0;
  const name = PyUnicode_InternLiteral("_compile_template");
  const f = name == 0 ? 0 : PyObject_GetAttr(re, name);
  Py.XDECREF(name);
  Py.DECREF(re);
  if (f == 0) return 0;
  let r = PyObject_CallTwoArgs(f, pattern, template);
  if (r == 0 && PyErr_ExceptionMatches(PyExc_TypeError)) {
    // What has no hash is tried again as the plain str or bytes that it is like.
    let plain: usize = 0;
    const isText = Py.check(template, Py_TPFLAGS_UNICODE_SUBCLASS);
    if (isText ? !Py.IS_TYPE(template, PyUnicode_Type) : isBufferBesideBytes(template)) {
      PyErr_Clear();
      plain = isText ? _PyUnicode_Copy(template) : PyBytes_FromObject(template);
      if (plain != 0) r = PyObject_CallTwoArgs(f, pattern, plain);
      Py.XDECREF(plain);
    }
  }
  Py.DECREF(f);
  if (r != 0 && !Py.IS_TYPE(r, PySre_Template_Type)) {
    PyErr_Format(PyExc_RuntimeError, "the result of compiling a replacement string is %.200s", PyTypeName.of(r));
    Py.DECREF(r);
    return 0;
  }
  return r;
}

function isBufferBesideBytes(o: usize): bool {
  return PyObject_CheckBuffer(o) && !Py.IS_TYPE(o, PyBytes_Type);
}

/** The text of a template that has no references, borrowed; null where it has some. */
export function templateLiteral(self: usize): usize {
  return Py.SIZE(self) == 0 ? TemplateObject.at(self).literal : 0;
}

/** The template with what the groups of the match took: a new str or bytes, or null with an exception. */
export function expandTemplate(self: usize, match: usize): usize {
  const literal = TemplateObject.at(self).literal;
  const n = Py.SIZE(self);
  if (n == 0) return Py.NewRef(literal);
  const list = PyList_New(0);
  if (list == 0) return 0;
  let status = PyList_Append(list, literal);
  for (let i: isize = 0; i < n && status == 0; i++) {
    if (Interrupts.raisedIn(i)) {
      status = -1;
      break;
    }
    const index = itemAt(self, i).index;
    if (index >= MatchObject.at(match).groups) {
      PyErr_SetString(PyExc_IndexError, "no such group");
      status = -1;
      break;
    }
    const item = groupAt(match, index, _Py_NoneStruct);
    if (item == 0) {
      status = -1;
      break;
    }
    if (item != _Py_NoneStruct) status = PyList_Append(list, item);
    Py.DECREF(item);
    const text = itemAt(self, i).literal;
    if (text != 0 && status == 0) status = PyList_Append(list, text);
  }
  const r =
    status < 0
      ? 0
      : Py.check(literal, Py_TPFLAGS_UNICODE_SUBCLASS)
        ? PyUnicode_Join(empty_string, list)
        : bytes_join(empty_bytes, list);
  Py.DECREF(list);
  return r;
}

function template_traverse(self: usize, visit: u32, arg: usize): i32 {
  const n = Py.SIZE(self);
  for (let i: isize = 0; i < n; i++) {
    const r = Visit.call(itemAt(self, i).literal, visit, arg);
    if (r != 0) return r;
  }
  return TemplateObject_traverse(self, visit, arg);
}

function template_clear(self: usize): i32 {
  TemplateObject_clear(self);
  const n = Py.SIZE(self);
  for (let i: isize = 0; i < n; i++) Py.CLEAR(itemAt(self, i).literal_slot);
  return 0;
}

function template_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  template_clear(self);
  PyObject_GC_Del(self);
}

/**
 * @type _sre.SRE_Template
 */

/** Makes the type: 0, or -1 with an exception. */
export function initTemplateType(): i32 {
  const type = PySre_Template_Type;
  const t = PyTypeObject.at(type);
  t.tp_basicsize = SIZEOF_TemplateObject;
  t.tp_itemsize = SIZEOF_templateitem;
  t.tp_dealloc = template_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  t.tp_traverse = template_traverse.index;
  t.tp_clear = template_clear.index;
  return PyType_Ready(type);
}
