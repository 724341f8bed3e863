// Tables of constants that modules of the system have, written down as texts of words.

import { PyDict_SetItem } from "../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, PyList_New } from "../objects/containers/list/list";
import { PyLong_FromLongLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PyUnicode_FromKindAndData } from "../objects/text/create";
import { internSteal } from "../objects/text/intern";

/** Where the word ends that begins at character `i`. */
function wordEnd(text: string, i: i32): i32 {
  while (i < text.length && text.charCodeAt(i) > 0x20) i++;
  return i;
}

/** Where the next word begins, at character `i` or behind it. */
function wordStart(text: string, i: i32): i32 {
  while (i < text.length && text.charCodeAt(i) <= 0x20) i++;
  return i;
}

/** A word of the text as a new str, interned. */
function wordOf(text: string, from: i32, to: i32): usize {
  return internSteal(PyUnicode_FromKindAndData(2, changetype<usize>(text) + ((<usize>from) << 1), to - from));
}

/** Adds "NAME NUMBER NAME NUMBER ..." to a dict: 0, or -1 with an exception. */
export function addNumbers(d: usize, text: string): i32 {
  for (let i = wordStart(text, 0); i < text.length; ) {
    const end = wordEnd(text, i);
    let n: i64 = 0;
    let j = wordStart(text, end);
    const negative = text.charCodeAt(j) == 0x2d;
    if (negative) j++;
    for (; j < text.length && text.charCodeAt(j) > 0x20; j++) n = n * 10 + text.charCodeAt(j) - 0x30;
    const name = wordOf(text, i, end);
    const number = name == 0 ? 0 : PyLong_FromLongLong(negative ? -n : n);
    const status = number == 0 ? -1 : PyDict_SetItem(d, name, number);
    Py.XDECREF(name);
    Py.XDECREF(number);
    if (status < 0) return -1;
    i = wordStart(text, j);
  }
  return 0;
}

/** A new list of the words of a text. */
export function listOfWords(text: string): usize {
  const list = PyList_New(0);
  for (let i = wordStart(text, 0); list != 0 && i < text.length; ) {
    const end = wordEnd(text, i);
    const word = wordOf(text, i, end);
    if (word == 0 || _PyList_AppendTakeRef(list, word) < 0) {
      Py.DECREF(list);
      return 0;
    }
    i = wordStart(text, end);
  }
  return list;
}
