// Messages in other languages (libc's gettext, by CPython 3.13's Modules/_localemodule.c). In the locales that there are,
// messages are not translated; what is set is kept and told.

import { Py_TPFLAGS_BYTES_SUBCLASS } from "../../generated/constants";
import { PyBytesObject } from "../../generated/layouts";
import { localeRoots } from "../../generated/runtime";
import { _Py_NoneStruct, PyExc_ValueError } from "../../generated/statics";
import { PyDict_GetItemWithError, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { utf8Argument } from "../../objects/define/args";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { PyUnicode_DecodeFSDefaultAndSize } from "../../objects/text/codecs/filesystem";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { findCharacter } from "../../objects/text/find";
import { posix_fspath } from "../posix/process";

/** Whether an argument is None or a str without NULs; otherwise TypeError or ValueError. */
function isNameOrNone(v: usize, fname: string, argument: string): bool {
  return v == _Py_NoneStruct || utf8Argument(v, fname, argument, "str or None");
}

/**
 * @native _locale.gettext($module, msg, /)
 *
 * gettext(msg): its translation.
 */
export function locale_gettext(_module: usize, msg: usize): usize {
  return utf8Argument(msg, "gettext", "argument") ? Py.NewRef(msg) : 0;
}

/**
 * @native _locale.dgettext($module, domain, msg, /)
 *
 * dgettext(domain, msg): its translation in a domain.
 */
export function locale_dgettext(_module: usize, domain: usize, msg: usize): usize {
  if (!isNameOrNone(domain, "dgettext", "argument 1") || !utf8Argument(msg, "dgettext", "argument 2")) return 0;
  return Py.NewRef(msg);
}

/**
 * @native _locale.dcgettext($module, domain, msg, category, /)
 *
 * Its translation in a domain, for a category.
 */
export function locale_dcgettext(_module: usize, domain: usize, msg: usize, _category: i32): usize {
  if (!isNameOrNone(domain, "dcgettext", "argument 1") || !utf8Argument(msg, "dcgettext", "argument 2")) return 0;
  return Py.NewRef(msg);
}

/**
 * @native _locale.textdomain($module, domain, /)
 *
 * The domain that messages are looked up in, after it is set.
 */
export function locale_textdomain(_module: usize, domain: usize): usize {
  if (!isNameOrNone(domain, "textdomain", "argument")) return 0;
  if (domain != _Py_NoneStruct) Py.SETREF(localeRoots.domain_slot, Py.NewRef(domain));
  const current = localeRoots.domain;
  return current == 0 || U.length(current) == 0 ? PyUnicode_FromLiteral("messages") : Py.NewRef(current);
}

/** The path of a directory as a str, new; null with an exception. */
function directoryOf(dir: usize): usize {
  const path = posix_fspath(0, dir);
  if (path == 0) return 0;
  const isBytes = Py.check(path, Py_TPFLAGS_BYTES_SUBCLASS);
  const text = isBytes
    ? PyUnicode_DecodeFSDefaultAndSize(PyBytesObject.at(path).ob_sval, Py.SIZE(path))
    : Py.NewRef(path);
  Py.DECREF(path);
  if (text == 0 || findCharacter(U.kind(text), U.data(text), 0, U.length(text), 0) < 0) return text;
  Py.DECREF(text);
  return PyErr_SetString(PyExc_ValueError, "embedded null byte");
}

/** Sets what a dict has for a domain (unless `value`, stolen, is None) and gives it: new; null also where it has nothing. */
function bind(d: usize, domain: usize, value: usize): usize {
  if (value != _Py_NoneStruct && PyDict_SetItem(d, domain, value) < 0) {
    Py.DECREF(value);
    return 0;
  }
  Py.DECREF(value);
  return Py.XNewRef(PyDict_GetItemWithError(d, domain));
}

/**
 * @native _locale.bindtextdomain($module, domain, dir, /)
 *
 * The directory in which a domain's messages are, after it is set.
 */
export function locale_bindtextdomain(_module: usize, domain: usize, dir: usize): usize {
  if (!utf8Argument(domain, "bindtextdomain", "argument 1")) return 0;
  if (U.length(domain) == 0) return PyErr_SetString(localeRoots.error, "domain must be a non-empty string");
  const wanted = dir == _Py_NoneStruct ? dir : directoryOf(dir);
  if (wanted == 0) return 0;
  const r = bind(localeRoots.directories, domain, wanted);
  return r != 0 || PyErr_Occurred() != 0 ? r : PyUnicode_FromLiteral("/usr/share/locale");
}

/**
 * @native _locale.bind_textdomain_codeset($module, domain, codeset, /)
 *
 * The encoding that a domain's messages are given in, after it is set.
 */
export function locale_bind_textdomain_codeset(_module: usize, domain: usize, codeset: usize): usize {
  if (!utf8Argument(domain, "bind_textdomain_codeset", "argument 1")) return 0;
  if (!isNameOrNone(codeset, "bind_textdomain_codeset", "argument 2")) return 0;
  if (U.length(domain) == 0) return _Py_NoneStruct;
  const r = bind(localeRoots.codesets, domain, Py.NewRef(codeset));
  return r != 0 || PyErr_Occurred() != 0 ? r : _Py_NoneStruct;
}
