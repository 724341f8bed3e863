// From the arguments of a call to the locals of a frame (the initialize_locals part of CPython 3.13's Python/ceval.c).

import { CO_OPTIMIZED, CO_VARARGS, CO_VARKEYWORDS, Py_TPFLAGS_UNICODE_SUBCLASS } from "../generated/constants";
import { PyCodeObject, PyFunctionObject, PyListObject } from "../generated/layouts";
import { PyExc_TypeError } from "../generated/statics";
import { PyDict_GetItemWithError, PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { PyList_Append, PyList_New } from "../objects/containers/list/list";
import { PyTuple_FromArray, Tuple } from "../objects/containers/tuple";
import { PyErr_Format, PyErr_Occurred } from "../objects/errors/raise";
import { closestName } from "../objects/errors/suggestions";
import { Py } from "../objects/object/head";
import { _PyUnicode_Equal } from "../objects/text/compare";
import { joinLiteral } from "../objects/text/concat";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { endFrame } from "./eval";
import { _PyFrame_Initialize, Frame, pushChunkSlots } from "./frame";

/** Drops the n arguments at argv, and the values of the keywords after them. */
function dropArguments(argv: usize, n: isize, kwnames: usize): void {
  const total = n + (kwnames == 0 ? 0 : Py.SIZE(kwnames));
  for (let i: isize = 0; i < total; i++) Py.DECREF(Py.item(argv, i));
}

/**
 * A new frame on the data stack for calling `func` (stolen) with `locals` (stolen, may be null) and the arguments
 * (stolen). Null with an exception; everything stolen is dropped all the same. The frame is not linked to the current
 * one yet.
 */
export function pushFunctionFrame(func: usize, locals: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const code = PyFunctionObject.at(func).func_code;
  const co = PyCodeObject.at(code);
  // Code that is no function's, as compile() makes it, has the globals for its locals.
  if (locals == 0 && !(co.co_flags & CO_OPTIMIZED)) locals = Py.NewRef(PyFunctionObject.at(func).func_globals);
  const frame = pushChunkSlots(co.co_framesize);
  if (frame == 0) {
    dropArguments(argv, nargs, kwnames);
    Py.DECREF(func);
    Py.XDECREF(locals);
    return 0;
  }
  _PyFrame_Initialize(frame, func, locals, code, 0);
  if (initializeLocals(func, frame, argv, nargs, kwnames) < 0) {
    endFrame(frame);
    return 0;
  }
  return frame;
}

/** Fills the parameters. The arguments are stolen, on failure too: 0, or -1 with an exception. */
function initializeLocals(func: usize, frame: usize, argv: usize, nargs: isize, kwnames: usize): i32 {
  const fn = PyFunctionObject.at(func);
  const co = PyCodeObject.at(fn.func_code);
  const flags = co.co_flags;
  const argcount = co.co_argcount;
  const posonly = co.co_posonlyargcount;
  const kwonly = co.co_kwonlyargcount;
  const total = argcount + kwonly;
  const locals = Frame.local(frame, 0);
  let kwdict: usize = 0;
  const nkw = kwnames == 0 ? 0 : Py.SIZE(kwnames);
  // Positional arguments first: from here on each argument is owned by the frame or dropped exactly once.
  const direct = nargs < argcount ? nargs : argcount;
  for (let i: isize = 0; i < direct; i++) Py.setItem(locals, i, Py.item(argv, i));
  let failed: bool = false;
  if (flags & CO_VARARGS) {
    const rest = nargs > argcount ? nargs - argcount : 0;
    const tuple = PyTuple_FromArray(argv + ((<usize>direct) << 3), rest);
    if (tuple == 0) failed = true;
    for (let i = direct; i < nargs; i++) Py.DECREF(Py.item(argv, i));
    Py.setItem(locals, total, tuple);
  } else {
    for (let i = direct; i < nargs; i++) Py.DECREF(Py.item(argv, i));
  }
  if (flags & CO_VARKEYWORDS && !failed) {
    kwdict = PyDict_New();
    if (kwdict == 0) failed = true;
    Py.setItem(locals, total + (flags & CO_VARARGS ? 1 : 0), kwdict);
  }
  const values = argv + ((<usize>nargs) << 3);
  for (let i: isize = 0; i < nkw; i++) {
    const value = Py.item(values, i);
    if (failed || keywordArgument(func, locals, Tuple.get(kwnames, i), value, kwdict, posonly, total, kwnames) < 0) {
      failed = true;
    }
    Py.DECREF(value);
  }
  if (failed) return -1;
  if (nargs > argcount && !(flags & CO_VARARGS)) {
    tooManyPositional(func, locals, nargs);
    return -1;
  }
  if (nargs < argcount) {
    const ndefaults = fn.func_defaults == 0 ? 0 : Py.SIZE(fn.func_defaults);
    const firstDefault = argcount - ndefaults;
    let missing: isize = 0;
    for (let i = nargs; i < firstDefault; i++) if (Py.item(locals, i) == 0) missing++;
    if (missing) {
      missingArguments(func, locals, missing, 0, firstDefault, "positional");
      return -1;
    }
    for (let i: isize = nargs > firstDefault ? nargs : firstDefault; i < argcount; i++) {
      if (Py.item(locals, i) == 0) Py.setItem(locals, i, Py.NewRef(Tuple.get(fn.func_defaults, i - firstDefault)));
    }
  }
  if (kwonly > 0) {
    let missing: isize = 0;
    for (let i = argcount; i < total; i++) {
      if (Py.item(locals, i) != 0) continue;
      if (fn.func_kwdefaults != 0) {
        const v = PyDict_GetItemWithError(fn.func_kwdefaults, Tuple.get(co.co_localsplusnames, i));
        if (v != 0) {
          Py.setItem(locals, i, Py.NewRef(v));
          continue;
        }
        if (PyErr_Occurred() != 0) return -1;
      }
      missing++;
    }
    if (missing) {
      missingArguments(func, locals, missing, argcount, total, "keyword-only");
      return -1;
    }
  }
  return 0;
}

/** Puts one keyword argument (borrowed) where it belongs: 0, or -1 with TypeError. */
function keywordArgument(
  func: usize,
  locals: usize,
  name: usize,
  value: usize,
  kwdict: usize,
  posonly: i32,
  total: i32,
  kwnames: usize,
): i32 {
  const fn = PyFunctionObject.at(func);
  const names = Tuple.items(PyCodeObject.at(fn.func_code).co_localsplusnames);
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "%U() keywords must be strings", fn.func_qualname);
    return -1;
  }
  let at: i32 = -1;
  // Almost always the very same interned string.
  for (let i = posonly; i < total; i++) {
    if (Py.item(names, i) == name) {
      at = i;
      break;
    }
  }
  if (at < 0) {
    for (let i = posonly; i < total; i++) {
      if (_PyUnicode_Equal(Py.item(names, i), name)) {
        at = i;
        break;
      }
    }
  }
  if (at >= 0) {
    if (Py.item(locals, at) != 0) {
      PyErr_Format(PyExc_TypeError, "%U() got multiple values for argument '%S'", fn.func_qualname, name);
      return -1;
    }
    Py.setItem(locals, at, Py.NewRef(value));
    return 0;
  }
  if (kwdict != 0) return PyDict_SetItem(kwdict, name, value);
  if (posonly > 0 && positionalOnlyPassedAsKeyword(func, posonly, kwnames)) return -1;
  const suggestion = suggestKeyword(names, posonly, total, name);
  if (suggestion != 0) {
    PyErr_Format(
      PyExc_TypeError,
      "%U() got an unexpected keyword argument '%S'. Did you mean '%S'?",
      fn.func_qualname,
      name,
      suggestion,
    );
  } else if (PyErr_Occurred() == 0) {
    PyErr_Format(PyExc_TypeError, "%U() got an unexpected keyword argument '%S'", fn.func_qualname, name);
  }
  return -1;
}

/** The parameter whose name is most like the wrong one, borrowed; null where none is near. */
function suggestKeyword(names: usize, posonly: i32, total: i32, name: usize): usize {
  return closestName(names + ((<usize>posonly) << 3), total - posonly, name);
}

function positionalOnlyPassedAsKeyword(func: usize, posonly: i32, kwnames: usize): bool {
  const fn = PyFunctionObject.at(func);
  const names = Tuple.items(PyCodeObject.at(fn.func_code).co_localsplusnames);
  const found = PyList_New(0);
  if (found == 0) return true;
  for (let i = 0; i < posonly; i++) {
    const n = Py.item(names, i);
    for (let k: isize = 0; k < Py.SIZE(kwnames); k++) {
      if (_PyUnicode_Equal(n, Tuple.get(kwnames, k)) && PyList_Append(found, n) < 0) {
        Py.DECREF(found);
        return true;
      }
    }
  }
  const any = Py.SIZE(found) > 0;
  if (any) {
    const joined = joinLiteral(", ", found);
    if (joined != 0) {
      PyErr_Format(
        PyExc_TypeError,
        "%U() got some positional-only arguments passed as keyword arguments: '%U'",
        fn.func_qualname,
        joined,
      );
      Py.DECREF(joined);
    }
  }
  Py.DECREF(found);
  return any;
}

/** "'a', 'b', and 'c'": how CPython names missing arguments; a new str. */
function nameList(names: usize): usize {
  const n = Py.SIZE(names);
  const items = PyListObject.at(names).ob_item;
  if (n == 1) return PyUnicode_FromFormat("%R", Py.item(items, 0));
  if (n == 2) return PyUnicode_FromFormat("%R and %R", Py.item(items, 0), Py.item(items, 1));
  let text = PyUnicode_FromFormat("%R", Py.item(items, 0));
  for (let i: isize = 1; i < n && text != 0; i++) {
    const more =
      i == n - 1
        ? PyUnicode_FromFormat("%U, and %R", text, Py.item(items, i))
        : PyUnicode_FromFormat("%U, %R", text, Py.item(items, i));
    Py.DECREF(text);
    text = more;
  }
  return text;
}

function missingArguments(func: usize, locals: usize, missing: isize, from: i32, to: isize, kind: string): void {
  const fn = PyFunctionObject.at(func);
  const names = Tuple.items(PyCodeObject.at(fn.func_code).co_localsplusnames);
  const list = PyList_New(0);
  if (list == 0) return;
  for (let i: isize = from; i < to; i++) {
    if (Py.item(locals, i) == 0 && PyList_Append(list, Py.item(names, i)) < 0) {
      Py.DECREF(list);
      return;
    }
  }
  const text = nameList(list);
  Py.DECREF(list);
  if (text == 0) return;
  const what = PyUnicode_FromFormat(
    "%d required %L argument%L",
    missing,
    changetype<usize>(kind),
    changetype<usize>(missing == 1 ? "" : "s"),
  );
  if (what != 0) {
    PyErr_Format(PyExc_TypeError, "%U() missing %U: %U", fn.func_qualname, what, text);
    Py.DECREF(what);
  }
  Py.DECREF(text);
}

function tooManyPositional(func: usize, locals: usize, given: isize): void {
  const fn = PyFunctionObject.at(func);
  const co = PyCodeObject.at(fn.func_code);
  let kwonlyGiven = 0;
  for (let i = co.co_argcount; i < co.co_argcount + co.co_kwonlyargcount; i++)
    if (Py.item(locals, i) != 0) kwonlyGiven++;
  const ndefaults = fn.func_defaults == 0 ? 0 : Py.SIZE(fn.func_defaults);
  const plural = ndefaults > 0 || co.co_argcount != 1;
  const sig =
    ndefaults > 0
      ? PyUnicode_FromFormat("from %d to %d", co.co_argcount - ndefaults, co.co_argcount)
      : PyUnicode_FromFormat("%d", co.co_argcount);
  if (sig == 0) return;
  const kwonly =
    kwonlyGiven > 0
      ? PyUnicode_FromFormat(
          " positional argument%L (and %d keyword-only argument%L)",
          changetype<usize>(given != 1 ? "s" : ""),
          kwonlyGiven,
          changetype<usize>(kwonlyGiven != 1 ? "s" : ""),
        )
      : PyUnicode_FromFormat("");
  if (kwonly != 0) {
    const head = PyUnicode_FromFormat(
      "%U() takes %U positional argument%L",
      fn.func_qualname,
      sig,
      changetype<usize>(plural ? "s" : ""),
    );
    if (head != 0) {
      PyErr_Format(
        PyExc_TypeError,
        "%U but %d%U %L given",
        head,
        given,
        kwonly,
        changetype<usize>(given == 1 && !kwonlyGiven ? "was" : "were"),
      );
      Py.DECREF(head);
    }
    Py.DECREF(kwonly);
  }
  Py.DECREF(sig);
}
