// What libc's nl_langinfo and localeconv say in the locales C and C.UTF-8, which agree in all but the name of the encoding.

import { PyExc_ValueError } from "../../generated/statics";
import { PyDict_New, PyDict_SetItem, PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { PyList_New } from "../../objects/containers/list/list";
import { PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_GetDict } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromKindAndData, PyUnicode_FromLiteral } from "../../objects/text/create";
import { isUTF8, LC_CTYPE } from "./categories";

/** What a number of localeconv is that the locale does not set. */
export const CHAR_MAX: i32 = 127;

const CODESET: i32 = 14;

/** The items of nl_langinfo: NAME=NUMBER=VALUE; each. */
const ITEMS =
  "CODESET=14=ANSI_X3.4-1968;RADIXCHAR=65536=.;THOUSEP=65537=;ABDAY_1=131072=Sun;ABDAY_2=131073=Mon;ABDAY_3=131074=Tue;ABDAY_4=131075=Wed;ABDAY_5=131076=Thu;ABDAY_6=131077=Fri;ABDAY_7=131078=Sat;DAY_1=131079=Sunday;DAY_2=131080=Monday;DAY_3=131081=Tuesday;DAY_4=131082=Wednesday;DAY_5=131083=Thursday;DAY_6=131084=Friday;DAY_7=131085=Saturday;ABMON_1=131086=Jan;ABMON_2=131087=Feb;ABMON_3=131088=Mar;ABMON_4=131089=Apr;ABMON_5=131090=May;ABMON_6=131091=Jun;ABMON_7=131092=Jul;ABMON_8=131093=Aug;ABMON_9=131094=Sep;ABMON_10=131095=Oct;ABMON_11=131096=Nov;ABMON_12=131097=Dec;MON_1=131098=January;MON_2=131099=February;MON_3=131100=March;MON_4=131101=April;MON_5=131102=May;MON_6=131103=June;MON_7=131104=July;MON_8=131105=August;MON_9=131106=September;MON_10=131107=October;MON_11=131108=November;MON_12=131109=December;AM_STR=131110=AM;PM_STR=131111=PM;D_T_FMT=131112=%a %b %e %H:%M:%S %Y;D_FMT=131113=%m/%d/%y;T_FMT=131114=%H:%M:%S;T_FMT_AMPM=131115=%I:%M:%S %p;ERA=131116=;ERA_D_FMT=131118=;ALT_DIGITS=131119=;ERA_D_T_FMT=131120=;ERA_T_FMT=131121=;_DATE_FMT=131180=%a %b %e %H:%M:%S %Z %Y;CRNCYSTR=262159=-;YESEXPR=327680=^[yY];NOEXPR=327681=^[nN];";

/** The place of the character from `i` on in the items. */
function behind(i: i32, c: i32): i32 {
  while (ITEMS.charCodeAt(i) != c) i++;
  return i + 1;
}

/** The number that stands at `i`. */
function numberAt(i: i32): i32 {
  let v = 0;
  for (; ITEMS.charCodeAt(i) != 0x3d; i++) v = v * 10 + ITEMS.charCodeAt(i) - 48;
  return v;
}

/** A new str: characters start to end of the items. */
function itemText(start: i32, end: i32): usize {
  return PyUnicode_FromKindAndData(2, changetype<usize>(ITEMS) + ((<usize>start) << 1), end - start);
}

/** Adds the items' numbers to the module: whether that worked. */
export function addItems(m: usize): bool {
  for (let i = 0; i < ITEMS.length; ) {
    const number = behind(i, 0x3d);
    const name = itemText(i, number - 1);
    const value = name == 0 ? 0 : PyLong_FromLong(numberAt(number));
    const status = value == 0 ? -1 : PyDict_SetItem(PyModule_GetDict(m), name, value);
    Py.XDECREF(value);
    Py.XDECREF(name);
    if (status < 0) return false;
    i = behind(number, 0x3b);
  }
  return true;
}

/** The name of the encoding of the current locale, a new str. */
function codeset(): usize {
  return PyUnicode_FromLiteral(isUTF8(LC_CTYPE) ? "UTF-8" : "ANSI_X3.4-1968");
}

/**
 * @native _locale.getencoding($module, /)
 *
 * The name of the encoding of the current locale.
 */
export function locale_getencoding(_module: usize): usize {
  return codeset();
}

/**
 * @native _locale.nl_langinfo($module, key, /)
 *
 * What the current locale has under a number, a string.
 */
export function locale_nl_langinfo(_module: usize, key: i32): usize {
  if (key == CODESET) return codeset();
  for (let i = 0; i < ITEMS.length; ) {
    const number = behind(i, 0x3d);
    const value = behind(number, 0x3d);
    i = behind(value, 0x3b);
    if (numberAt(number) == key) return itemText(value, i - 1);
  }
  return PyErr_SetString(PyExc_ValueError, "unsupported langinfo constant");
}

/** Sets a key to a value (stolen, null for an exception): whether that worked. */
function put(d: usize, key: string, value: usize): bool {
  const status = value == 0 ? -1 : PyDict_SetItemLiteral(d, key, value);
  Py.XDECREF(value);
  return status == 0;
}

function putText(d: usize, key: string, text: string): bool {
  return put(d, key, PyUnicode_FromLiteral(text));
}

function putUnset(d: usize, key: string): bool {
  return put(d, key, PyLong_FromLong(CHAR_MAX));
}

/**
 * @native _locale.localeconv($module, /)
 *
 * How the current locale writes numbers and amounts of money.
 */
export function locale_localeconv(_module: usize): usize {
  const d = PyDict_New();
  if (d == 0) return 0;
  const good =
    putText(d, "int_curr_symbol", "") &&
    putText(d, "currency_symbol", "") &&
    putText(d, "mon_decimal_point", "") &&
    putText(d, "mon_thousands_sep", "") &&
    put(d, "mon_grouping", PyList_New(0)) &&
    putText(d, "positive_sign", "") &&
    putText(d, "negative_sign", "") &&
    putUnset(d, "int_frac_digits") &&
    putUnset(d, "frac_digits") &&
    putUnset(d, "p_cs_precedes") &&
    putUnset(d, "p_sep_by_space") &&
    putUnset(d, "n_cs_precedes") &&
    putUnset(d, "n_sep_by_space") &&
    putUnset(d, "p_sign_posn") &&
    putUnset(d, "n_sign_posn") &&
    putText(d, "decimal_point", ".") &&
    putText(d, "thousands_sep", "") &&
    put(d, "grouping", PyList_New(0));
  if (good) return d;
  Py.DECREF(d);
  return 0;
}
