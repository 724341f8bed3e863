// ContextVar and Token (a part of CPython 3.13's Python/context.c).
//
// A variable keeps the value that was last read or set, with the thread state and its context_ver: as long as both are the
// same, the value is that of the current context, which owns it.
//
// A deliberate difference: what was set before is dropped last, when the new value is in its place and kept, for dropping
// it may set the variable again.

import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import {
  PyContext,
  PyContextToken,
  PyContextVar,
  PyThreadState,
  PyTypeObject,
  SIZEOF_PyContextToken,
  SIZEOF_PyContextVar,
  SIZEOF_PyObject,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _PyContextTokenMissing_Type,
  context_token_missing,
  PyContextToken_Type,
  PyContextVar_Type,
  PyExc_LookupError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { maybeTracked } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_Format, PyErr_SetObject, PyErr_SetString } from "../../objects/errors/raise";
import {
  PyContextToken_clear,
  PyContextToken_traverse,
  PyContextVar_clear,
  PyContextVar_traverse,
} from "../../objects/generated/references";
import { _PyObject_GC_New, PyObject_GC_Del } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { initImmortal, Py } from "../../objects/object/head";
import { Py_HashPointer, PyObject_Hash, PyObject_HashNotImplemented } from "../../objects/protocol/compare";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_Ready } from "../../objects/types/ready";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import { currentContext } from "./context";
import { _PyHamt_Assoc, _PyHamt_Find, _PyHamt_Without } from "./hamt";

// ContextVar

/** The hash of a new variable: those with equal names get different ones. -1 with an exception. */
function hashOf(o: usize, name: usize): i64 {
  const hash = PyObject_Hash(name);
  if (hash == -1) return -1;
  const both = Py_HashPointer(o) ^ hash;
  return both == -1 ? -2 : both;
}

function contextvar_new(_type: usize, args: usize, kwds: usize): usize {
  const a = Scratch.take(2);
  const ok = parseTupleAndKeywords("ContextVar", "- default", args, kwds, a, 1, 1);
  const name = Py.item(a, 0);
  const otherwise = Py.item(a, 1);
  Scratch.give(a);
  if (!ok) return 0;
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    return PyErr_SetString(PyExc_TypeError, "context variable name must be a str");
  }
  const o = _PyObject_GC_New(PyContextVar_Type);
  if (o == 0) return 0;
  const x = PyContextVar.at(o);
  x.var_name = Py.NewRef(name);
  x.var_default = Py.XNewRef(otherwise);
  x.var_cached = 0;
  x.var_cached_tsid = 0;
  x.var_cached_tsver = 0;
  x.var_hash = hashOf(o, name);
  if (x.var_hash == -1) {
    Py.DECREF(o);
    return 0;
  }
  if (maybeTracked(name) || (otherwise != 0 && maybeTracked(otherwise))) _PyObject_GC_TRACK(o);
  return o;
}

/** Notes the value, which the current context owns. */
function keep(o: usize, value: usize): void {
  const x = PyContextVar.at(o);
  x.var_cached = value;
  x.var_cached_tsid = PyThreadState.at(tstate).id;
  x.var_cached_tsver = PyThreadState.at(tstate).context_ver;
}

/** Writes what the variable is set to, borrowed, to the slot, null where it is not set: false with an exception. */
function find(o: usize, slot: usize): bool {
  const ts = PyThreadState.at(tstate);
  const x = PyContextVar.at(o);
  Py.setItem(slot, 0, 0);
  if (ts.context == 0) return true;
  if (x.var_cached != 0 && x.var_cached_tsid == ts.id && x.var_cached_tsver == ts.context_ver) {
    Py.setItem(slot, 0, x.var_cached);
    return true;
  }
  if (_PyHamt_Find(PyContext.at(ts.context).ctx_vars, o, slot) < 0) return false;
  if (Py.item(slot, 0) != 0) keep(o, Py.item(slot, 0));
  return true;
}

/** Sets the variable in the current context: 0, or -1 with an exception. */
function setTo(o: usize, value: usize): i32 {
  const ctx = currentContext();
  if (ctx == 0) return -1;
  const old = PyContext.at(ctx).ctx_vars;
  const vars = _PyHamt_Assoc(old, o, value);
  if (vars == 0) return -1;
  PyContext.at(ctx).ctx_vars = vars;
  keep(o, value);
  Py.DECREF(old);
  return 0;
}

/** Makes it not set in the current context: 0, or -1 with an exception. */
function unset(o: usize): i32 {
  const ctx = currentContext();
  if (ctx == 0) return -1;
  const old = PyContext.at(ctx).ctx_vars;
  const vars = _PyHamt_Without(old, o);
  if (vars == 0) return -1;
  if (vars == old) {
    Py.DECREF(vars);
    PyErr_SetObject(PyExc_LookupError, o);
    return -1;
  }
  PyContextVar.at(o).var_cached = 0;
  PyContext.at(ctx).ctx_vars = vars;
  Py.DECREF(old);
  return 0;
}

/**
 * @native _contextvars.ContextVar.get($self, default=<unrepresentable>, /)
 *
 * What the variable is set to in the current context.
 *
 * Where it is not set, the default given here; else the one it was made
 * with; and if there is none of the two, a LookupError.
 */
export function contextvar_get(o: usize, otherwise: usize): usize {
  const slot = Scratch.take(1);
  const ok = find(o, slot);
  let value = Py.item(slot, 0);
  Scratch.give(slot);
  if (!ok) return 0;
  if (value == 0) value = otherwise;
  if (value == 0) value = PyContextVar.at(o).var_default;
  if (value != 0) return Py.NewRef(value);
  PyErr_SetObject(PyExc_LookupError, o);
  return 0;
}

/**
 * @native _contextvars.ContextVar.set($self, value, /)
 *
 * Sets the variable in the current context.
 *
 * The Token that is returned is what ContextVar.reset() takes to make the variable what it was before.
 */
export function contextvar_set(o: usize, value: usize): usize {
  const ctx = currentContext();
  const token = ctx == 0 ? 0 : _PyObject_GC_New(PyContextToken_Type);
  if (token == 0) return 0;
  const x = PyContextToken.at(token);
  x.tok_ctx = Py.NewRef(ctx);
  x.tok_var = Py.NewRef(o);
  x.tok_oldval = 0;
  x.tok_used = 0;
  _PyObject_GC_TRACK(token);
  if (find(o, x.tok_oldval_slot)) {
    Py.XINCREF(x.tok_oldval);
    if (setTo(o, value) == 0) return token;
  }
  Py.DECREF(token);
  return 0;
}

/** What keeps the variable from being set back with the token, with that exception; false if nothing does. */
function isRefused(o: usize, token: usize): bool {
  const x = PyContextToken.at(token);
  if (x.tok_used) PyErr_Format(PyExc_RuntimeError, "%R has already been used once", token);
  else if (x.tok_var != o) PyErr_Format(PyExc_ValueError, "%R was created by a different ContextVar", token);
  else if (x.tok_ctx != PyThreadState.at(tstate).context) {
    PyErr_Format(PyExc_ValueError, "%R was created in a different Context", token);
  } else return false;
  return true;
}

/**
 * @native _contextvars.ContextVar.reset($self, token, /)
 *
 * Makes the variable what it was before the ContextVar.set() that
 * gave the token, in the same context.
 */
export function contextvar_reset(o: usize, token: usize): usize {
  if (!Py.IS_TYPE(token, PyContextToken_Type)) {
    return PyErr_Format(PyExc_TypeError, "expected an instance of Token, got %R", token);
  }
  if (isRefused(o, token)) return 0;
  const x = PyContextToken.at(token);
  x.tok_used = 1;
  const failed = x.tok_oldval == 0 ? unset(o) : setTo(o, x.tok_oldval);
  return failed ? 0 : _Py_NoneStruct;
}

function contextvar_hash(o: usize): i64 {
  return PyContextVar.at(o).var_hash;
}

function contextvar_repr(o: usize): usize {
  const x = PyContextVar.at(o);
  if (x.var_default == 0) return PyUnicode_FromFormat("<ContextVar name=%R at %p>", x.var_name, o);
  return PyUnicode_FromFormat("<ContextVar name=%R default=%R at %p>", x.var_name, x.var_default, o);
}

function contextvar_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  PyContextVar_clear(o);
  PyObject_GC_Del(o);
}

// Token

function token_new(_type: usize, _args: usize, _kwds: usize): usize {
  return PyErr_SetString(PyExc_RuntimeError, "Tokens can only be created by ContextVars");
}

/**
 * @getter _contextvars.Token.var
 */
export function token_get_var(o: usize): usize {
  return Py.NewRef(PyContextToken.at(o).tok_var);
}

/**
 * @getter _contextvars.Token.old_value
 */
export function token_get_old_value(o: usize): usize {
  const old = PyContextToken.at(o).tok_oldval;
  return old == 0 ? context_token_missing : Py.NewRef(old);
}

function token_repr(o: usize): usize {
  const x = PyContextToken.at(o);
  return PyUnicode_FromFormat(x.tok_used ? "<Token used var=%R at %p>" : "<Token var=%R at %p>", x.tok_var, o);
}

function token_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  PyContextToken_clear(o);
  PyObject_GC_Del(o);
}

function missing_repr(_o: usize): usize {
  return PyUnicode_FromLiteral("<Token.MISSING>");
}

/**
 * @type _contextvars.ContextVar
 * @order get set reset __class_getitem__
 *
 * @member _contextvars.ContextVar.name = PyContextVar.var_name readonly
 *
 * @classmethod _contextvars.ContextVar.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 */

/**
 * @type _contextvars.Token
 *
 * @classmethod _contextvars.Token.__class_getitem__ = Py_GenericAlias
 * See PEP 585
 */

/**
 * @type Token.MISSING
 */

/** Makes the types: 0, or -1 with an exception. */
export function initVariableTypes(): i32 {
  const variable = collectedType(
    PyContextVar_Type,
    SIZEOF_PyContextVar,
    contextvar_dealloc.index,
    PyContextVar_traverse.index,
    PyContextVar_clear.index,
    0,
  );
  variable.tp_new = contextvar_new.index;
  variable.tp_hash = contextvar_hash.index;
  variable.tp_repr = contextvar_repr.index;
  const token = collectedType(
    PyContextToken_Type,
    SIZEOF_PyContextToken,
    token_dealloc.index,
    PyContextToken_traverse.index,
    PyContextToken_clear.index,
    0,
  );
  token.tp_new = token_new.index;
  token.tp_hash = PyObject_HashNotImplemented.index;
  token.tp_repr = token_repr.index;
  initImmortal(context_token_missing, _PyContextTokenMissing_Type);
  const missing = PyTypeObject.at(_PyContextTokenMissing_Type);
  missing.tp_basicsize = SIZEOF_PyObject;
  missing.tp_getattro = PyObject_GenericGetAttr.index;
  missing.tp_repr = missing_repr.index;
  const ready =
    PyType_Ready(PyContextVar_Type) == 0 &&
    PyType_Ready(PyContextToken_Type) == 0 &&
    PyType_Ready(_PyContextTokenMissing_Type) == 0;
  return ready ? PyDict_SetItemLiteral(token.tp_dict, "MISSING", context_token_missing) : -1;
}
