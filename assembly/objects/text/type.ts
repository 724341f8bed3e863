// str, the type: slots, construction, methods table (CPython 3.13's Objects/unicodeobject.c, last part).

import {
  _Py_TPFLAGS_MATCH_SELF,
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  PyBytesObject,
  PyCompactUnicodeObject,
  PyMappingMethods,
  PyNumberMethods,
  PyObject,
  PySequenceMethods,
  PyTypeObject,
  PyUnicodeObject,
  SIZEOF_PyASCIIObject,
  SIZEOF_PyCompactUnicodeObject,
  SIZEOF_PyUnicodeObject,
} from "../../generated/layouts";
import {
  _Py_NotImplementedStruct,
  empty_string,
  PyExc_IndexError,
  PyExc_TypeError,
  PyUnicode_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { Scratch } from "../../thread/scratch";
import { adjustIndices, isSlice, SliceIndices, unpackSlice } from "../containers/slice";
import { PyTuple_Pack1, Tuple } from "../containers/tuple";
import { ArgParser, parseArguments, parseTupleAndKeywords, strArgument, utf8Argument } from "../define/args";
import { asMapping, asNumber, asSequence } from "../define/tables";
import { PyErr_Clear, PyErr_Format, PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../errors/raise";
import { unicode_iter } from "../iterators/sequence";
import { PyLong_FromLongLong } from "../numbers/int/create";
import { PyObject_Del } from "../object/alloc";
import { PyObject_GenericGetAttr } from "../object/attributes";
import { Buffer } from "../object/buffer";
import { IMMORTAL_REFCNT, Py } from "../object/head";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../protocol/number";
import { PyObject_Str } from "../protocol/text";
import { SSTATE_INTERNED_MORTAL, STATE_ASCII, STATE_COMPACT, STATE_STATIC, U } from "./access";
import { checkCodecNames, PyUnicode_AsEncodedString, PyUnicode_Decode } from "./codecs/decode";
import { PyUnicode_RichCompare, unicode_hash } from "./compare";
import { PyTypeName, PyUnicode_Concat, PyUnicode_Join, PyUnicode_Substring, unicode_repeat } from "./concat";
import { _PyUnicode_Copy, PyUnicode_New, unicodeChar, unicodeResultUnchanged } from "./create";
import { formatText } from "./format/formatspec";
import { PyUnicode_Format } from "./format/percent";
import { forgetInterned } from "./intern";
import { PyUnicode_Contains } from "./methods";
import { unicode_repr } from "./repr";

function unicode_dealloc(o: usize): void {
  const state = U.state(o);
  if (state & STATE_STATIC) {
    PyObject.at(o).ob_refcnt = IMMORTAL_REFCNT;
    return;
  }
  const interned = state & 3;
  if (interned == SSTATE_INTERNED_MORTAL) forgetInterned(o);
  else if (interned != 0) {
    PyObject.at(o).ob_refcnt = IMMORTAL_REFCNT;
    return;
  }
  if ((state & (STATE_COMPACT | STATE_ASCII)) != (STATE_COMPACT | STATE_ASCII)) {
    const utf8 = PyCompactUnicodeObject.at(o).utf8;
    const data = state & STATE_COMPACT ? 0 : PyUnicodeObject.at(o).data;
    if (utf8 != 0 && utf8 != data) PyMem_Free(utf8);
    if (data != 0) PyMem_Free(data);
  }
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function unicode_str(o: usize): usize {
  return unicodeResultUnchanged(o);
}

function unicode_length(o: usize): isize {
  return U.length(o);
}

function unicode_getitem(o: usize, i: isize): usize {
  if (<u32>i >= <u32>U.length(o)) return PyErr_SetString(PyExc_IndexError, "string index out of range");
  return unicodeChar(U.at(o, i));
}

function unicode_subscript(o: usize, item: usize): usize {
  const n = U.length(o);
  if (PyIndex_Check(item)) {
    const i = PyNumber_AsSsize_t(item, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return 0;
    return unicode_getitem(o, i < 0 ? i + n : i);
  }
  if (!isSlice(item)) {
    return PyErr_Format(PyExc_TypeError, "string indices must be integers, not '%.200s'", PyTypeName.of(item));
  }
  const s = unpackSlice(item);
  if (s == 0) return 0;
  const length = adjustIndices(n, s);
  const start = SliceIndices.start(s);
  const step = SliceIndices.step(s);
  Scratch.give(s);
  if (length <= 0) return empty_string;
  if (step == 1) return PyUnicode_Substring(o, start, start + length);
  const kind = U.kind(o);
  const data = U.data(o);
  let top: u32 = 0x7f;
  for (let i: isize = 0, at = start; i < length && !U.isAscii(o); i++, at += step)
    top = max(top, U.read(kind, data, at));
  if (length == 1) return unicodeChar(U.read(kind, data, start));
  const r = PyUnicode_New(length, top);
  if (r == 0) return 0;
  const rkind = U.kind(r);
  const rdata = U.data(r);
  for (let i: isize = 0, at = start; i < length; i++, at += step) U.write(rkind, rdata, i, U.read(kind, data, at));
  return r;
}

function unicode_concat(a: usize, b: usize): usize {
  return PyUnicode_Concat(a, b);
}

function unicode_mod(a: usize, b: usize): usize {
  return Py.check(a, Py_TPFLAGS_UNICODE_SUBCLASS) ? PyUnicode_Format(a, b) : _Py_NotImplementedStruct;
}

/**
 * @native str.join($self, iterable, /)
 *
 * The strings of the iterable in a row, with this one between each and the next.
 *
 * For one string nothing is put in, for none the result is an empty string.
 *
 * >>> '-'.join(['2026', '07', '14'])
 * '2026-07-14'
 */
export function unicode_join(o: usize, iterable: usize): usize {
  return PyUnicode_Join(o, iterable);
}

/**
 * @native str.encode($self, /, encoding='utf-8', errors='strict')
 *
 * The text as bytes.
 *
 *   encoding
 *     Which bytes stand for which character, by its name.
 *   errors
 *     What to do with characters that the encoding lacks. 'strict', the default, raises UnicodeEncodeError; 'ignore' leaves them out; 'replace' writes a question mark; 'xmlcharrefreplace' and 'backslashreplace' write their number in the form of XML or of Python. 'surrogateescape' undoes what it has done. codecs.register_error() adds more names.
 */
export function unicode_encode(o: usize, encoding: usize, errors: usize): usize {
  if (encoding != 0 && !utf8Argument(encoding, "encode", "argument 'encoding'")) return 0;
  if (errors != 0 && !utf8Argument(errors, "encode", "argument 'errors'")) return 0;
  return PyUnicode_AsEncodedString(o, encoding, errors);
}

/**
 * @native str.__format__($self, format_spec, /)
 *
 * The text set into a field as format_spec says: width, side, filling.
 */
export function unicode___format__(o: usize, spec: usize): usize {
  if (!strArgument(spec, "__format__", "argument")) return 0;
  if (U.length(spec) == 0) return Py.IS_TYPE(o, PyUnicode_Type) ? Py.NewRef(o) : PyObject_Str(o);
  return formatText(o, spec);
}

/**
 * @native str.__getnewargs__
 */
export function unicode_getnewargs(o: usize, _: usize): usize {
  const copy = _PyUnicode_Copy(o);
  if (copy == 0) return 0;
  const r = PyTuple_Pack1(copy);
  Py.DECREF(copy);
  return r;
}

/**
 * @native str.__sizeof__($self, /)
 *
 * How many bytes the text takes up, head included.
 */
export function unicode_sizeof(o: usize, _: usize): usize {
  const state = U.state(o);
  const n = <i64>(U.length(o) + 1) * <i64>U.kind(o);
  let size: i64;
  if (state & STATE_COMPACT) size = n + (state & STATE_ASCII ? SIZEOF_PyASCIIObject : SIZEOF_PyCompactUnicodeObject);
  else size = SIZEOF_PyUnicodeObject + (PyUnicodeObject.at(o).data != 0 ? n : 0);
  const ascii = (state & (STATE_COMPACT | STATE_ASCII)) == (STATE_COMPACT | STATE_ASCII);
  const u = PyCompactUnicodeObject.at(o);
  if (!ascii && u.utf8 != 0 && u.utf8 != U.data(o)) size += u.utf8_length + 1;
  return PyLong_FromLongLong(size);
}

/** What `n` bytes at `p` say; none of them say "" in any encoding. */
function decodeAny(p: usize, n: isize, encoding: usize, errors: usize): usize {
  if (n > 0) return PyUnicode_Decode(p, n, encoding, errors);
  return checkCodecNames(encoding, errors) ? empty_string : 0;
}

/** str(object, encoding, errors): a new str from a bytes-like object. Null with an exception. */
export function PyUnicode_FromEncodedObject(o: usize, encoding: usize, errors: usize): usize {
  if (Py.check(o, Py_TPFLAGS_BYTES_SUBCLASS)) {
    return decodeAny(PyBytesObject.at(o).ob_sval, Py.SIZE(o), encoding, errors);
  }
  if (Py.check(o, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "decoding str is not supported");
  }
  const view = Buffer.open(o);
  if (view == 0) {
    PyErr_Clear();
    return PyErr_Format(PyExc_TypeError, "decoding to str: need a bytes-like object, %.80s found", PyTypeName.of(o));
  }
  const r = decodeAny(Buffer.data(view), Buffer.length(view), encoding, errors);
  Buffer.close(view);
  return r;
}

function subtypeNew(type: usize, text: usize): usize {
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, 0);
  if (o == 0) return 0;
  const kind = U.kind(text);
  const n = U.length(text);
  const ascii = U.isAscii(text);
  const u = PyUnicodeObject.at(o);
  u.length = n;
  u.hash = U.hash(text);
  u.state_word = (kind << 2) | (ascii ? STATE_ASCII : 0);
  const bytes = <usize>(n + 1) * kind;
  const data = PyMem_Malloc(bytes);
  if (data == 0) {
    Py.DECREF(o);
    return PyErr_NoMemory();
  }
  memory.copy(data, U.data(text), bytes);
  u.data = data;
  if (ascii) {
    u.utf8_length = n;
    u.utf8 = data;
  }
  return o;
}

function unicodeNew(type: usize, x: usize, encoding: usize, errors: usize): usize {
  if (encoding != 0 && !utf8Argument(encoding, "str", "argument 'encoding'")) return 0;
  if (errors != 0 && !utf8Argument(errors, "str", "argument 'errors'")) return 0;
  let text: usize = empty_string;
  if (x != 0) text = encoding == 0 && errors == 0 ? PyObject_Str(x) : PyUnicode_FromEncodedObject(x, encoding, errors);
  if (text == 0 || type == PyUnicode_Type) return text;
  const r = subtypeNew(type, text);
  Py.DECREF(text);
  return r;
}

function unicode_new(type: usize, args: usize, kwds: usize): usize {
  const out = Scratch.take(3);
  const ok = parseTupleAndKeywords("str", "object encoding errors", args, kwds, out, 0, 3);
  const x = Py.item(out, 0);
  const encoding = Py.item(out, 1);
  const errors = Py.item(out, 2);
  Scratch.give(out);
  return ok ? unicodeNew(type, x, encoding, errors) : 0;
}

function unicode_vectorcall(type: usize, argv: usize, nargsf: usize, kwnames: usize): usize {
  const nargs = <isize>(nargsf & 0x7fffffff);
  if (kwnames != 0 && Tuple.size(kwnames) != 0) {
    const out = Scratch.take(3);
    const ok = parseArguments("str", "object encoding errors", argv, nargs, kwnames, out, 0, 3);
    const x = Py.item(out, 0);
    const encoding = Py.item(out, 1);
    const errors = Py.item(out, 2);
    Scratch.give(out);
    return ok ? unicodeNew(type, x, encoding, errors) : 0;
  }
  if (!ArgParser.count("str", nargs, 0, 3)) return 0;
  if (nargs == 0) return empty_string;
  return unicodeNew(type, Py.item(argv, 0), nargs > 1 ? Py.item(argv, 1) : 0, nargs > 2 ? Py.item(argv, 2) : 0);
}

function addMethods(): void {}

/**
 * @type str
 * @order encode replace split rsplit join capitalize casefold title center count expandtabs find partition
 * @order index ljust lower lstrip rfind rindex rjust rstrip rpartition splitlines strip swapcase translate
 * @order upper startswith endswith removeprefix removesuffix isascii islower isupper istitle isspace
 * @order isdecimal isdigit isnumeric isalpha isalnum isidentifier isprintable zfill format format_map
 * @order __format__ maketrans __sizeof__ __getnewargs__
 *
 * str(object=''): the text that the object shows to people
 * str(bytes, encoding='utf-8', errors='strict'): decoded bytes
 *
 * In the first form the object's __str__ is called, or where its class has none, __repr__. In the second form anything with a buffer is decoded; errors says what happens to bytes which are not text: 'strict' raises, 'ignore' drops them, 'replace' puts U+FFFD in their places.
 */

/** Fills the type's slots and tables. The immortal strings are made apart (intern.ts), before any type. */
export function initUnicodeType(): void {
  const t = PyTypeObject.at(PyUnicode_Type);
  t.tp_basicsize = SIZEOF_PyUnicodeObject;
  t.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_UNICODE_SUBCLASS | _Py_TPFLAGS_MATCH_SELF;
  t.tp_dealloc = unicode_dealloc.index;
  t.tp_repr = unicode_repr.index;
  t.tp_str = unicode_str.index;
  t.tp_hash = unicode_hash.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_richcompare = PyUnicode_RichCompare.index;
  t.tp_iter = unicode_iter.index;
  t.tp_new = unicode_new.index;
  t.tp_free = PyObject_Del.index;
  t.tp_vectorcall = unicode_vectorcall.index;
  PyNumberMethods.at(asNumber(PyUnicode_Type)).nb_remainder = unicode_mod.index;
  const s = PySequenceMethods.at(asSequence(PyUnicode_Type));
  s.sq_length = unicode_length.index;
  s.sq_concat = unicode_concat.index;
  s.sq_repeat = unicode_repeat.index;
  s.sq_item = unicode_getitem.index;
  s.sq_contains = PyUnicode_Contains.index;
  const m = PyMappingMethods.at(asMapping(PyUnicode_Type));
  m.mp_length = unicode_length.index;
  m.mp_subscript = unicode_subscript.index;
  addMethods();
}
