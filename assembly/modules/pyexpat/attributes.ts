// Attributes of a start tag: values with their references replaced, defaults, namespaces (storeAtts and appendAttributeValue of
// expat's xmlparse.c). The tag has been scanned.

import { PyBytesObject, xmlparser } from "../../generated/layouts";
import { _Py_NoneStruct } from "../../generated/statics";
import {
  PyDict_Contains,
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_SetItem,
} from "../../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, List, PyList_New } from "../../objects/containers/list/list";
import { Tuple } from "../../objects/containers/tuple";
import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall, PyErr_Occurred } from "../../objects/errors/raise";
import { Py } from "../../objects/object/head";
import { U } from "../../objects/text/access";
import { _PyUnicode_Equal } from "../../objects/text/compare";
import { Writer, writerDiscard, writerFinish, writeStr } from "../../objects/text/format/writer";
import { Scratch } from "../../thread/scratch";
import { closeEntity, countExpansion, Entity, openEntity } from "./entities";
import {
  ABORTED,
  ATTRIBUTE_EXTERNAL_ENTITY_REF,
  BAD_CHAR_REF,
  BINARY_ENTITY_REF,
  DUPLICATE_ATTRIBUTE,
  ENTITY_DECLARED_IN_PE,
  INVALID_TOKEN,
  NO_ERROR,
  RECURSIVE_ENTITY_REF,
  UNDEFINED_ENTITY,
} from "./errors";
import { nameOf, textOf } from "./events";
import { addBinding, boundPrefix, expandName } from "./names";
import {
  characterSize,
  isSpace,
  predefinedEntity,
  referredCharacter,
  scanName,
  scanReference,
  skipSpace,
  TOKEN,
} from "./scan";

// What is in the tuple of a declared attribute.
export const ATTRIBUTE_NAME: isize = 0;
/** Whether its value is plain text: a bool. */
export const ATTRIBUTE_CDATA: isize = 1;
/** Its default, or None. */
export const ATTRIBUTE_DEFAULT: isize = 2;
export const ATTRIBUTE_FIELDS: isize = 3;

/** Where the event is within the input, if what is parsed is that. */
export function place(x: xmlparser, main: bool, p: usize): void {
  if (main) x.event = <i32>(p - x.input);
}

/** Adds what an internal entity stands for to a value: an error's code. */
function appendEntity(x: xmlparser, w: usize, name: usize): i32 {
  const e = PyDict_GetItemWithError(x.entities, name);
  if (e == 0) {
    if (PyErr_Occurred() != 0) return ABORTED;
    return x.has_external == 0 || x.standalone != 0 ? UNDEFINED_ENTITY : NO_ERROR;
  }
  if ((x.has_external == 0 || x.standalone != 0) && !Entity.isInternal(e)) return ENTITY_DECLARED_IN_PE;
  if (Entity.notation(e) != 0) return BINARY_ENTITY_REF;
  const text = Entity.text(e);
  if (text == 0) return ATTRIBUTE_EXTERNAL_ENTITY_REF;
  let status = openEntity(x, name);
  if (status != NO_ERROR) return status;
  status = countExpansion(x, Py.SIZE(text));
  if (status == NO_ERROR) {
    if (Py_EnterRecursiveCall(" in an entity")) status = ABORTED;
    else {
      const p = PyBytesObject.at(text).ob_sval;
      status = appendValue(x, w, p, p + <usize>Py.SIZE(text), false);
      Py_LeaveRecursiveCall();
    }
  }
  closeEntity(x);
  return status;
}

/** Adds the value from `p` to `end` to the writer: an error's code. `main`: it stands in the input. */
function appendValue(x: xmlparser, w: usize, p: usize, end: usize, main: bool): i32 {
  while (p < end) {
    const c: u32 = load<u8>(p);
    if (c == 0x26) {
      if (scanReference(x, p + 1, end) != TOKEN) {
        place(x, main, x.next);
        return INVALID_TOKEN;
      }
      const next = x.next;
      let ch: i32;
      if (load<u8>(p + 1) == 0x23) {
        ch = referredCharacter(p);
        if (ch < 0) {
          place(x, main, p);
          return BAD_CHAR_REF;
        }
      } else ch = <i32>predefinedEntity(x.name, x.name_end - x.name);
      if (ch > 0) {
        if (Writer.char(w, <u32>ch) < 0) return ABORTED;
      } else {
        const name = nameOf(x, x.name, x.name_end);
        if (name == 0) return ABORTED;
        const status = appendEntity(x, w, name);
        Py.DECREF(name);
        if (status != NO_ERROR) {
          const here =
            status == RECURSIVE_ENTITY_REF || status == BINARY_ENTITY_REF || status == ATTRIBUTE_EXTERNAL_ENTITY_REF;
          place(x, main && here, p);
          return status;
        }
      }
      p = next;
      continue;
    }
    if (c == 0x3c) {
      place(x, main, p);
      return INVALID_TOKEN;
    }
    if (isSpace(c)) {
      if (Writer.char(w, 32) < 0) return ABORTED;
      p += c == 13 && p + 1 < end && load<u8>(p + 1) == 10 ? 2 : 1;
      continue;
    }
    const run = p;
    while (p < end && load<u8>(p) > 32 && load<u8>(p) != 0x26 && load<u8>(p) != 0x3c) {
      const size = characterSize(p, end);
      if (size <= 0) {
        place(x, main, p);
        return INVALID_TOKEN;
      }
      p += size;
    }
    if (run == p) {
      place(x, main, p);
      return INVALID_TOKEN;
    }
    const text = textOf(run, p);
    const status = text == 0 ? -1 : writeStr(w, text);
    Py.XDECREF(text);
    if (status < 0) return ABORTED;
  }
  return NO_ERROR;
}

/** A text without spaces at its ends, and one where there are several (stolen): new. */
function collapsed(text: usize): usize {
  if (text == 0) return 0;
  const n = U.length(text);
  const w = Writer.begin(n);
  let gap = false;
  for (let i: isize = 0; i < n; i++) {
    const c = U.at(text, i);
    if (c == 32) gap = true;
    else {
      const status = gap && Writer.position(w) > 0 ? Writer.char(w, 32) : 0;
      gap = false;
      if (status == 0 && Writer.char(w, c) == 0) continue;
      Py.DECREF(text);
      return writerDiscard(w);
    }
  }
  Py.DECREF(text);
  return writerFinish(w);
}

/** The value from `p` to `end`, a new str in the slot at `out`: an error's code. */
export function attributeValue(x: xmlparser, p: usize, end: usize, cdata: bool, main: bool, out: usize): i32 {
  store<u64>(out, 0);
  let plain = true;
  for (let q = p; q < end && plain; q++) plain = load<u8>(q) > 32 && load<u8>(q) != 0x26;
  if (plain) {
    const text = textOf(p, end);
    store<u64>(out, text);
    return text == 0 ? ABORTED : NO_ERROR;
  }
  const w = Writer.begin(<isize>(end - p));
  const status = appendValue(x, w, p, end, main);
  if (status != NO_ERROR) {
    writerDiscard(w);
    return status;
  }
  const text = cdata ? writerFinish(w) : collapsed(writerFinish(w));
  store<u64>(out, text);
  return text == 0 ? ABORTED : NO_ERROR;
}

/** The declaration of an attribute, borrowed: null where there is none. `declared`: a list or null. */
function declarationOf(declared: usize, name: usize): usize {
  if (declared == 0) return 0;
  for (let i: isize = 0; i < List.size(declared); i++) {
    const d = List.get(declared, i);
    if (_PyUnicode_Equal(Tuple.get(d, ATTRIBUTE_NAME), name)) return d;
  }
  return 0;
}

/** Adds an attribute (both stolen), or binds a prefix where it does so: an error's code. `bound` counts. */
function addAttribute(x: xmlparser, list: usize, name: usize, value: usize, bound: usize): i32 {
  const prefix = boundPrefix(x, name);
  if (prefix == 0) {
    if (PyErr_Occurred() == 0 && _PyList_AppendTakeRef(list, name) == 0) {
      return _PyList_AppendTakeRef(list, value) < 0 ? ABORTED : NO_ERROR;
    }
    Py.DECREF(value);
    return ABORTED;
  }
  const status = addBinding(x, prefix, value);
  if (status == NO_ERROR) store<i32>(bound, load<i32>(bound) + 1);
  Py.DECREF(prefix);
  Py.DECREF(name);
  Py.DECREF(value);
  return status;
}

/** Adds the attributes in the tag from `p` on: an error's code. */
function addSpecified(
  x: xmlparser,
  list: usize,
  seen: usize,
  declared: usize,
  p: usize,
  end: usize,
  main: bool,
  bound: usize,
): i32 {
  const slot = Scratch.take(1);
  let status = NO_ERROR;
  while (status == NO_ERROR) {
    p = skipSpace(p, end);
    const c: u32 = load<u8>(p);
    if (c == 0x3e || c == 0x2f) break;
    const begin = p;
    scanName(x, p, end);
    const name = nameOf(x, x.name, x.name_end);
    if (name == 0) {
      status = ABORTED;
      break;
    }
    p = skipSpace(x.name_end, end);
    p = skipSpace(p + 1, end);
    const quote: u32 = load<u8>(p);
    const value = ++p;
    while (load<u8>(p) != quote) p++;
    const known = PyDict_Contains(seen, name);
    if (known != 0 || PyDict_SetItem(seen, name, _Py_NoneStruct) < 0) {
      place(x, main, begin);
      Py.DECREF(name);
      status = known > 0 ? DUPLICATE_ATTRIBUTE : ABORTED;
      break;
    }
    const d = declarationOf(declared, name);
    const cdata = d == 0 || Tuple.get(d, ATTRIBUTE_CDATA) != _Py_NoneStruct;
    status = attributeValue(x, value, p, cdata, main, slot);
    if (status == NO_ERROR) status = addAttribute(x, list, name, load<u32>(slot), bound);
    else Py.DECREF(name);
    p++;
  }
  Scratch.give(slot);
  return status;
}

/** Adds the defaults of attributes that are not there: an error's code. */
function addDefaults(x: xmlparser, list: usize, seen: usize, declared: usize, bound: usize): i32 {
  for (let i: isize = 0; i < List.size(declared); i++) {
    const d = List.get(declared, i);
    const value = Tuple.get(d, ATTRIBUTE_DEFAULT);
    const known = value == _Py_NoneStruct ? 1 : PyDict_Contains(seen, Tuple.get(d, ATTRIBUTE_NAME));
    if (known < 0) return ABORTED;
    if (known > 0) continue;
    const status = addAttribute(x, list, Py.NewRef(Tuple.get(d, ATTRIBUTE_NAME)), Py.NewRef(value), bound);
    if (status != NO_ERROR) return status;
  }
  return NO_ERROR;
}

/** Gives the names in the list their namespaces: an error's code. */
function expandNames(x: xmlparser, list: usize): i32 {
  const seen = PyDict_New();
  if (seen == 0) return ABORTED;
  const slot = Scratch.take(1);
  let status = NO_ERROR;
  for (let i: isize = 0; i < List.size(list) && status == NO_ERROR; i += 2) {
    status = expandName(x, List.get(list, i), false, slot);
    if (status != NO_ERROR) break;
    const name: usize = load<u32>(slot);
    const known = PyDict_Contains(seen, name);
    if (known != 0) status = known > 0 ? DUPLICATE_ATTRIBUTE : ABORTED;
    else if (PyDict_SetItem(seen, name, _Py_NoneStruct) < 0) status = ABORTED;
    Py.SETREF(List.items(list) + ((<usize>i) << 3), name);
  }
  Scratch.give(slot);
  Py.DECREF(seen);
  return status;
}

/**
 * The attributes of a tag from `p`, behind its name, to `end`: a new list of names and values in the slot at `out`. The words
 * behind it get how many items are from the tag itself, and how many prefixes were bound. An error's code.
 */
export function collectAttributes(x: xmlparser, element: usize, p: usize, end: usize, main: bool, out: usize): i32 {
  store<u64>(out, 0);
  store<u64>(out + 8, 0);
  store<u64>(out + 16, 0);
  const declared = PyDict_GetItemWithError(x.attributes, element);
  if (declared == 0 && PyErr_Occurred() != 0) return ABORTED;
  const list = PyList_New(0);
  if (list == 0) return ABORTED;
  store<u64>(out, list);
  const c: u32 = load<u8>(skipSpace(p, end));
  if (declared == 0 && (c == 0x3e || c == 0x2f)) return NO_ERROR;
  const seen = PyDict_New();
  if (seen == 0) return ABORTED;
  let status = addSpecified(x, list, seen, declared, p, end, main, out + 16);
  store<i32>(out + 8, <i32>List.size(list));
  if (status == NO_ERROR && declared != 0) status = addDefaults(x, list, seen, declared, out + 16);
  Py.DECREF(seen);
  return status == NO_ERROR && x.separator >= 0 ? expandNames(x, list) : status;
}
