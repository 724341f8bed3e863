// The registry of codecs (the first half of CPython 3.13's Python/codecs.c): functions that find codecs by their
// normalized names, what they found, and what error handlers the program has given names.
//
// Deliberate difference: the package encodings is imported when a codec is looked up or a function registered first, not at
// the start.

import { Py_TPFLAGS_TUPLE_SUBCLASS } from "../../generated/constants";
import { codecsRoots, objectsRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyExc_ImportError, PyExc_LookupError, PyExc_TypeError } from "../../generated/statics";
import { PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { List, PyList_Append, PyList_New, PyList_SetSlice } from "../../objects/containers/list/list";
import { Tuple } from "../../objects/containers/tuple";
import { utf8Argument } from "../../objects/define/args";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { PyCallable_Check, PyObject_CallOneArg } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { DECODER, ENCODER, runCodec } from "../../objects/text/codecs/registry";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Writer, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { internSteal } from "../../objects/text/intern";

/** Makes the lists where they are not there yet: 0, or -1 with MemoryError. */
function ensureRegistry(): i32 {
  if (codecsRoots.search_path == 0) codecsRoots.search_path = PyList_New(0);
  if (codecsRoots.search_cache == 0) codecsRoots.search_cache = PyDict_New();
  return codecsRoots.search_path == 0 || codecsRoots.search_cache == 0 ? -1 : 0;
}

/** Imports the package encodings once, which registers its function; that there is none is no error. -1 with another one. */
function importEncodings(): i32 {
  if (codecsRoots.started != 0) return 0;
  codecsRoots.started = 1;
  const m = PyImport_ImportLiteral("encodings");
  if (m == 0 && !PyErr_ExceptionMatches(PyExc_ImportError)) return -1;
  if (m == 0) PyErr_Clear();
  Py.XDECREF(m);
  return 0;
}

/** Lets go of what the registry keeps. */
export function finalizeCodecs(): void {
  const path = codecsRoots.search_path;
  const cache = codecsRoots.search_cache;
  const errors = objectsRoots.codec_errors;
  const lookup = objectsRoots.codec_lookup;
  codecsRoots.search_path = 0;
  codecsRoots.search_cache = 0;
  objectsRoots.codec_errors = 0;
  objectsRoots.codec_lookup = 0;
  Py.XDECREF(path);
  Py.XDECREF(cache);
  Py.XDECREF(errors);
  Py.XDECREF(lookup);
}

/**
 * @native _codecs.register($module, search_function, /)
 *
 * Registers a function that finds codecs.
 *
 * It is called with the name of an encoding in lower case, spaces and hyphens being underscores, and returns a tuple of
 * functions (encoder, decoder, stream_reader, stream_writer), a CodecInfo, or None.
 */
export function codecs_register(_module: usize, search_function: usize): usize {
  if (ensureRegistry() < 0 || importEncodings() < 0) return 0;
  if (!PyCallable_Check(search_function)) return PyErr_SetString(PyExc_TypeError, "argument must be callable");
  return PyList_Append(codecsRoots.search_path, search_function) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _codecs.unregister($module, search_function, /)
 *
 * Takes a function out of the registry and forgets what was found.
 *
 * One that is not registered is no error, and changes nothing at all.
 */
export function codecs_unregister(_module: usize, search_function: usize): usize {
  const path = codecsRoots.search_path;
  if (path == 0) return _Py_NoneStruct;
  for (let i: isize = 0; i < List.size(path); i++) {
    if (List.get(path, i) != search_function) continue;
    const cache = PyDict_New();
    if (cache == 0 || PyList_SetSlice(path, i, i + 1, 0) < 0) {
      Py.XDECREF(cache);
      return 0;
    }
    const old = codecsRoots.search_cache;
    codecsRoots.search_cache = cache;
    Py.XDECREF(old);
    break;
  }
  return _Py_NoneStruct;
}

/** The name in lower case, what is no letter or digit as one underscore between others: a new, interned str. */
function normalized(name: usize): usize {
  const n = U.length(name);
  const w = Writer.begin(n);
  let gap = false;
  for (let i: isize = 0; i < n; i++) {
    let c = U.at(name, i);
    if (c - 65 < 26) c += 32;
    if (!(c - 97 < 26 || c - 48 < 10 || c == 0x2e)) {
      gap = true;
      continue;
    }
    if (gap && Writer.position(w) > 0 && Writer.char(w, 0x5f) < 0) return writerDiscard(w);
    gap = false;
    if (Writer.char(w, c) < 0) return writerDiscard(w);
  }
  const s = writerFinish(w);
  return s == 0 ? 0 : internSteal(s);
}

/** What the functions of the registry find under a normalized name: a new reference; null also where none does. */
function search(name: usize): usize {
  const path = Py.NewRef(codecsRoots.search_path);
  let r: usize = 0;
  for (let i: isize = 0; i < List.size(path); i++) {
    const f = Py.NewRef(List.get(path, i));
    r = PyObject_CallOneArg(f, name);
    Py.DECREF(f);
    if (r == 0) break;
    if (r == _Py_NoneStruct) {
      r = 0;
      continue;
    }
    if (!Py.check(r, Py_TPFLAGS_TUPLE_SUBCLASS) || Tuple.size(r) != 4) {
      PyErr_SetString(PyExc_TypeError, "codec search functions must return 4-tuples");
      Py.DECREF(r);
      r = 0;
    }
    break;
  }
  Py.DECREF(path);
  return r;
}

/** The codec of an encoding: a new reference to a tuple. Null with LookupError or another exception. */
export function lookupCodec(encoding: usize): usize {
  if (ensureRegistry() < 0 || importEncodings() < 0) return 0;
  const name = normalized(encoding);
  if (name == 0) return 0;
  let r = Py.XNewRef(PyDict_GetItemWithError(codecsRoots.search_cache, name));
  if (r == 0 && !PyErr_Occurred()) {
    r = search(name);
    if (r != 0 && PyDict_SetItem(codecsRoots.search_cache, name, r) < 0) {
      Py.DECREF(r);
      r = 0;
    } else if (r == 0 && !PyErr_Occurred()) PyErr_Format(PyExc_LookupError, "unknown encoding: %U", encoding);
  }
  Py.DECREF(name);
  return r;
}

/**
 * @native _codecs.lookup($module, encoding, /)
 *
 * The codec that the registry has for an encoding, as CodecInfo.
 */
export function codecs_lookup(_module: usize, encoding: usize): usize {
  return utf8Argument(encoding, "lookup", "argument") ? lookupCodec(encoding) : 0;
}

/** Encodes or decodes by the codec of an encoding (a str, null for utf-8): what it made, new. */
function code(which: isize, obj: usize, encoding: usize, errors: usize): usize {
  const name = encoding == 0 ? PyUnicode_FromLiteral("utf-8") : Py.NewRef(encoding);
  if (name == 0) return 0;
  const r = runCodec(lookupCodec(name), which, name, obj, errors);
  Py.DECREF(name);
  return r;
}

/**
 * @native _codecs.encode($module, /, obj, encoding='utf-8', errors='strict')
 *
 * Encodes the object by the codec that is registered for the encoding.
 *
 * That is 'utf-8' where none is given. errors says what happens to what cannot be encoded: 'strict', as it is by
 * default, raises a ValueError (for text UnicodeEncodeError), 'ignore' leaves it out, 'replace' puts a question mark,
 * 'backslashreplace' an escape; other names are those given to codecs.register_error().
 */
export function codecs_encode(_module: usize, obj: usize, encoding: usize, errors: usize): usize {
  if (encoding != 0 && !utf8Argument(encoding, "encode", "argument 'encoding'")) return 0;
  if (errors != 0 && !utf8Argument(errors, "encode", "argument 'errors'")) return 0;
  return code(ENCODER, obj, encoding, errors);
}

/**
 * @native _codecs.decode($module, /, obj, encoding='utf-8', errors='strict')
 *
 * Decodes the object by the codec that is registered for the encoding.
 *
 * That is 'utf-8' where none is given. errors says what happens to what cannot be decoded: 'strict', as it is by
 * default, raises a ValueError (for bytes UnicodeDecodeError), 'ignore' leaves it out, 'replace' puts U+FFFD,
 * 'backslashreplace' an escape; other names are those given to codecs.register_error().
 */
export function codecs_decode(_module: usize, obj: usize, encoding: usize, errors: usize): usize {
  if (encoding != 0 && !utf8Argument(encoding, "decode", "argument 'encoding'")) return 0;
  if (errors != 0 && !utf8Argument(errors, "decode", "argument 'errors'")) return 0;
  return code(DECODER, obj, encoding, errors);
}

/**
 * @native _codecs.register_error($module, errors, handler, /)
 *
 * Registers an error handler under a name.
 *
 * It is called with an exception that tells where and what could not be encoded or decoded, and must return a tuple of
 * two: what is put in its place, and the position at which to go on, or raise an exception.
 */
export function codecs_register_error(_module: usize, errors: usize, handler: usize): usize {
  if (!utf8Argument(errors, "register_error", "argument 1")) return 0;
  if (!PyCallable_Check(handler)) return PyErr_SetString(PyExc_TypeError, "handler must be callable");
  return PyDict_SetItem(objectsRoots.codec_errors, errors, handler) < 0 ? 0 : _Py_NoneStruct;
}

/**
 * @native _codecs.lookup_error($module, name, /)
 *
 * lookup_error(errors): the handler
 *
 * The error handler that is registered under a name; where there is none, that is a LookupError, as is told by its text.
 */
export function codecs_lookup_error(_module: usize, name: usize): usize {
  if (!utf8Argument(name, "lookup_error", "argument")) return 0;
  const h = PyDict_GetItemWithError(objectsRoots.codec_errors, name);
  if (h != 0) return Py.NewRef(h);
  return PyErr_Occurred() ? 0 : PyErr_Format(PyExc_LookupError, "unknown error handler name '%.400U'", name);
}
