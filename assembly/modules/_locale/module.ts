// The module _locale (CPython 3.13's Modules/_localemodule.c): what the standard library's locale and gettext ask libc, which
// here has the locales C and C.UTF-8.
//
//   categories   setlocale | langinfo   names, formats, numbers | messages   gettext

import { localeRoots } from "../../generated/runtime";
import { PyExc_Exception } from "../../generated/statics";
import { PyDict_New } from "../../objects/containers/dict/dict";
import { strArgument, withoutNul } from "../../objects/define/args";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyUnicode_Compare } from "../../objects/text/compare";
import {
  initCategories,
  LC_ALL,
  LC_COLLATE,
  LC_CTYPE,
  LC_MESSAGES,
  LC_MONETARY,
  LC_NUMERIC,
  LC_TIME,
} from "./categories";
import { addItems, CHAR_MAX } from "./langinfo";

/**
 * @native _locale.strcoll($module, os1, os2, /)
 *
 * Compares two strings by the locale.
 */
export function locale_strcoll(_module: usize, os1: usize, os2: usize): usize {
  if (!strArgument(os1, "strcoll", "argument 1") || !strArgument(os2, "strcoll", "argument 2")) return 0;
  if (!withoutNul(os1) || !withoutNul(os2)) return 0;
  return PyLong_FromLong(PyUnicode_Compare(os1, os2));
}

/**
 * @native _locale.strxfrm($module, string, /)
 *
 * A string that compares as strcoll() compares this one.
 */
export function locale_strxfrm(_module: usize, string: usize): usize {
  return strArgument(string, "strxfrm", "argument") && withoutNul(string) ? Py.NewRef(string) : 0;
}

/** Adds a value (stolen, null for an exception) to the module: whether that worked. */
function add(m: usize, name: string, value: usize): bool {
  return PyModule_AddObjectLiteral(m, name, value) == 0;
}

/**
 * @module _locale
 * @order setlocale localeconv strcoll strxfrm nl_langinfo gettext dgettext dcgettext textdomain bindtextdomain bind_textdomain_codeset getencoding
 *
 * Locales, as POSIX has them.
 */
export function initLocale(m: usize): i32 {
  if (initCategories() < 0) return -1;
  if (localeRoots.error == 0) localeRoots.error = PyErr_NewException("locale", "Error", PyExc_Exception);
  if (localeRoots.directories == 0) localeRoots.directories = PyDict_New();
  if (localeRoots.codesets == 0) localeRoots.codesets = PyDict_New();
  return localeRoots.error != 0 &&
    localeRoots.directories != 0 &&
    localeRoots.codesets != 0 &&
    add(m, "LC_CTYPE", PyLong_FromLong(LC_CTYPE)) &&
    add(m, "LC_TIME", PyLong_FromLong(LC_TIME)) &&
    add(m, "LC_COLLATE", PyLong_FromLong(LC_COLLATE)) &&
    add(m, "LC_MONETARY", PyLong_FromLong(LC_MONETARY)) &&
    add(m, "LC_MESSAGES", PyLong_FromLong(LC_MESSAGES)) &&
    add(m, "LC_NUMERIC", PyLong_FromLong(LC_NUMERIC)) &&
    add(m, "LC_ALL", PyLong_FromLong(LC_ALL)) &&
    add(m, "CHAR_MAX", PyLong_FromLong(CHAR_MAX)) &&
    add(m, "Error", Py.NewRef(localeRoots.error)) &&
    addItems(m)
    ? 0
    : -1;
}
