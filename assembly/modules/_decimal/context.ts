// The type Context, and the context managers of localcontext() (CPython 3.13's Modules/_decimal/_decimal.c).
//
// A context owns its two signal dicts, which lie on its flags and traps. A deliberate difference: one that outlives its
// context keeps the flags as they were; CPython's reads what is in their place.

import {
  Py_TPFLAGS_BASETYPE,
  Py_TPFLAGS_DISALLOW_INSTANTIATION,
  Py_TPFLAGS_IMMUTABLETYPE,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
} from "../../generated/constants";
import {
  mpd_context_t,
  mpd_context_t_status,
  mpd_context_t_traps,
  PyDecContextManagerObject,
  PyDecContextObject,
  PyTypeObject,
  SIZEOF_mpd_context_t,
  SIZEOF_PyDecContextManagerObject,
  SIZEOF_PyDecContextObject,
} from "../../generated/layouts";
import { decimalRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  PyDecContext_Type,
  PyDecContextManager_Type,
  PyExc_AttributeError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyTuple_New, PyTuple_Pack2, Tuple } from "../../objects/containers/tuple";
import { parseTupleAndKeywords } from "../../objects/define/args";
import { PyErr_Fail, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import {
  PyDecContextManagerObject_clear,
  PyDecContextManagerObject_traverse,
  PyDecContextObject_clear,
  PyDecContextObject_traverse,
} from "../../objects/generated/references";
import { Long } from "../../objects/numbers/int/access";
import { longOverflow, longValue, PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { _PyObject_GC_New } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../../objects/object/attributes";
import { PyObject_CallNoArgs } from "../../objects/object/call";
import { _PyObject_GC_TRACK, PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { Writer, writeLiteral, writerDiscard, writerFinish } from "../../objects/text/format/writer";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";
import {
  Clamped,
  Division_by_zero,
  etiny,
  etop,
  Float_operation,
  IEEE_Invalid_operation,
  Inexact,
  MAX_EMAX,
  MAX_PREC,
  MIN_EMIN,
  Overflow,
  ROUND_HALF_EVEN,
  ROUND_HALF_UP,
  Rounded,
  Subnormal,
  Underflow,
} from "./number";
import { copyContext, Dec, roundingOf, setCurrentContext } from "./object";
import { dictFlags, listFlags, NO_FLAGS, SignalDict, signalList } from "./signals";

class Ctx {
  @inline static of(o: usize): mpd_context_t {
    return mpd_context_t.at(Dec.context(o));
  }
}

/** What a context is made with. */
function setDefaults(c: mpd_context_t): void {
  c.prec = 28;
  c.emax = 999999;
  c.emin = -999999;
  c.traps = IEEE_Invalid_operation | Division_by_zero | Overflow;
  c.status = 0;
  c.newtrap = 0;
  c.round = ROUND_HALF_EVEN;
  c.clamp = 0;
  c.allcr = 1;
}

/** Makes it the BasicContext of the specification. */
export function makeBasic(o: usize): void {
  setDefaults(Ctx.of(o));
  Ctx.of(o).prec = 9;
  Ctx.of(o).traps |= Underflow | Clamped;
  Ctx.of(o).round = ROUND_HALF_UP;
}

/** Makes it the ExtendedContext of the specification. */
export function makeExtended(o: usize): void {
  setDefaults(Ctx.of(o));
  Ctx.of(o).prec = 9;
  Ctx.of(o).traps = 0;
}

/** The value of an int, a Py_ssize_t of 64 bits; -1 with an exception. */
function ssize64(o: usize): i64 {
  if (!Long.check(o)) {
    PyErr_SetString(PyExc_TypeError, "an integer is required");
    return -1;
  }
  if (longOverflow(o) != 0) {
    PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C ssize_t");
    return -1;
  }
  return longValue(o);
}

/**
 * @getter decimal.Context.prec
 */
export function context_get_prec(self: usize, _closure: usize): usize {
  return PyLong_FromLongLong(Ctx.of(self).prec);
}

/**
 * @setter decimal.Context.prec
 */
export function context_set_prec(self: usize, value: usize): i32 {
  const v = ssize64(value);
  if (v == -1 && PyErr_Occurred()) return -1;
  if (v < 1 || v > MAX_PREC) return PyErr_Fail(PyExc_ValueError, "valid range for prec is [1, MAX_PREC]");
  Ctx.of(self).prec = v;
  return 0;
}

/**
 * @getter decimal.Context.Emax
 */
export function context_get_emax(self: usize, _closure: usize): usize {
  return PyLong_FromLongLong(Ctx.of(self).emax);
}

/**
 * @setter decimal.Context.Emax
 */
export function context_set_emax(self: usize, value: usize): i32 {
  const v = ssize64(value);
  if (v == -1 && PyErr_Occurred()) return -1;
  if (v < 0 || v > MAX_EMAX) return PyErr_Fail(PyExc_ValueError, "valid range for Emax is [0, MAX_EMAX]");
  Ctx.of(self).emax = v;
  return 0;
}

/**
 * @getter decimal.Context.Emin
 */
export function context_get_emin(self: usize, _closure: usize): usize {
  return PyLong_FromLongLong(Ctx.of(self).emin);
}

/**
 * @setter decimal.Context.Emin
 */
export function context_set_emin(self: usize, value: usize): i32 {
  const v = ssize64(value);
  if (v == -1 && PyErr_Occurred()) return -1;
  if (v > 0 || v < MIN_EMIN) return PyErr_Fail(PyExc_ValueError, "valid range for Emin is [MIN_EMIN, 0]");
  Ctx.of(self).emin = v;
  return 0;
}

/**
 * @getter decimal.Context.rounding
 */
export function context_get_rounding(self: usize, _closure: usize): usize {
  return Py.NewRef(Tuple.get(decimalRoots.roundings, Ctx.of(self).round));
}

/**
 * @setter decimal.Context.rounding
 */
export function context_set_rounding(self: usize, value: usize): i32 {
  const round = roundingOf(value);
  if (round < 0) return -1;
  Ctx.of(self).round = round;
  return 0;
}

/**
 * @getter decimal.Context.capitals
 */
export function context_get_capitals(self: usize, _closure: usize): usize {
  return PyLong_FromLong(PyDecContextObject.at(self).capitals);
}

/**
 * @setter decimal.Context.capitals
 */
export function context_set_capitals(self: usize, value: usize): i32 {
  const v = ssize64(value);
  if (v == -1 && PyErr_Occurred()) return -1;
  if (v != 0 && v != 1) return PyErr_Fail(PyExc_ValueError, "valid values for capitals are 0 or 1");
  PyDecContextObject.at(self).capitals = <i32>v;
  return 0;
}

/**
 * @getter decimal.Context.clamp
 */
export function context_get_clamp(self: usize, _closure: usize): usize {
  return PyLong_FromLong(Ctx.of(self).clamp);
}

/**
 * @setter decimal.Context.clamp
 */
export function context_set_clamp(self: usize, value: usize): i32 {
  const v = ssize64(value);
  if (v == -1 && PyErr_Occurred()) return -1;
  if (v != 0 && v != 1) return PyErr_Fail(PyExc_ValueError, "valid values for clamp are 0 or 1");
  Ctx.of(self).clamp = <i32>v;
  return 0;
}

/** The flags of a list, a dict or a signal dict; NO_FLAGS with an exception. */
function flagsFrom(o: usize): u32 {
  return Py.check(o, Py_TPFLAGS_LIST_SUBCLASS) ? listFlags(o) : dictFlags(o);
}

/** Sets what the eight arguments at `a` say that are not null or None: 0, or -1 with an exception. */
export function setAttributes(self: usize, a: usize): i32 {
  for (let i: isize = 0; i < 8; i++) {
    // Traps come before flags.
    const place: isize = i == 6 ? 7 : i == 7 ? 6 : i;
    const v = Py.item(a, place);
    if (v == 0 || v == _Py_NoneStruct) continue;
    let status = 0;
    if (place == 0) status = context_set_prec(self, v);
    else if (place == 1) status = context_set_rounding(self, v);
    else if (place == 2) status = context_set_emin(self, v);
    else if (place == 3) status = context_set_emax(self, v);
    else if (place == 4) status = context_set_capitals(self, v);
    else if (place == 5) status = context_set_clamp(self, v);
    else {
      const flags = flagsFrom(v);
      if (flags == NO_FLAGS) status = -1;
      else if (place == 7) Ctx.of(self).traps = flags;
      else Ctx.of(self).status = flags;
    }
    if (status < 0) return -1;
  }
  return 0;
}

function context_new(type: usize, _args: usize, _kwds: usize): usize {
  const own = type == PyDecContext_Type;
  const self = own ? _PyObject_GC_New(type) : call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (self == 0) return 0;
  const x = PyDecContextObject.at(self);
  x.traps = 0;
  x.flags = 0;
  x.capitals = 1;
  x.tstate = 0;
  if (decimalRoots.default_context == 0) setDefaults(Ctx.of(self));
  else memory.copy(x.ctx, Dec.context(decimalRoots.default_context), SIZEOF_mpd_context_t);
  x.traps = PyObject_CallNoArgs(decimalRoots.signal_dict);
  if (x.traps != 0) x.flags = PyObject_CallNoArgs(decimalRoots.signal_dict);
  if (x.flags == 0) {
    Py.DECREF(self);
    return 0;
  }
  SignalDict.attach(x.traps, x.ctx + mpd_context_t_traps);
  SignalDict.attach(x.flags, x.ctx + mpd_context_t_status);
  if (own) _PyObject_GC_TRACK(self);
  return self;
}

function context_init(self: usize, args: usize, kwds: usize): i32 {
  const a = Scratch.take(8);
  const names = "prec rounding Emin Emax capitals clamp flags traps";
  const ok = parseTupleAndKeywords("Context", names, args, kwds, a, 0, 8) && setAttributes(self, a) == 0;
  Scratch.give(a);
  return ok ? 0 : -1;
}

/** Cuts the signal dicts off, which others may still have. */
function detach(self: usize): void {
  const x = PyDecContextObject.at(self);
  if (x.traps != 0) SignalDict.detach(x.traps);
  if (x.flags != 0) SignalDict.detach(x.flags);
}

function context_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  detach(self);
  PyDecContextObject_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

function context_clear(self: usize): i32 {
  detach(self);
  return PyDecContextObject_clear(self);
}

function context_getattro(self: usize, name: usize): usize {
  const x = PyDecContextObject.at(self);
  if (Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS) && x.flags != 0) {
    if (PyUnicode_EqualToLiteral(name, "traps")) return Py.NewRef(x.traps);
    if (PyUnicode_EqualToLiteral(name, "flags")) return Py.NewRef(x.flags);
  }
  return PyObject_GenericGetAttr(self, name);
}

function context_setattro(self: usize, name: usize, value: usize): i32 {
  if (value == 0) return PyErr_Fail(PyExc_AttributeError, "context attributes cannot be deleted");
  if (Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    const traps = PyUnicode_EqualToLiteral(name, "traps");
    if (traps || PyUnicode_EqualToLiteral(name, "flags")) {
      const flags = dictFlags(value);
      if (flags == NO_FLAGS) return -1;
      if (traps) Ctx.of(self).traps = flags;
      else Ctx.of(self).status = flags;
      return 0;
    }
  }
  return PyObject_GenericSetAttr(self, name, value);
}

/** The name of the signal of a single flag. */
function flagName(flag: u32): string {
  if (flag & IEEE_Invalid_operation) return "InvalidOperation";
  if (flag == Clamped) return "Clamped";
  if (flag == Division_by_zero) return "DivisionByZero";
  if (flag == Inexact) return "Inexact";
  if (flag == Float_operation) return "FloatOperation";
  if (flag == Overflow) return "Overflow";
  if (flag == Rounded) return "Rounded";
  if (flag == Subnormal) return "Subnormal";
  return "Underflow";
}

/** Writes the names of flags in brackets: -1 with an exception. */
function writeFlags(w: usize, flags: u32): i32 {
  let status = writeLiteral(w, "[");
  let first = true;
  for (let flag: u32 = 1; flag <= Underflow && status == 0; flag <<= 1) {
    if (!(flags & flag)) continue;
    // All conditions of one signal have its name.
    if (flag & IEEE_Invalid_operation) flags &= ~(IEEE_Invalid_operation & ~flag);
    if (!first) status = writeLiteral(w, ", ");
    if (status == 0) status = writeLiteral(w, flagName(flag));
    first = false;
  }
  return status == 0 ? writeLiteral(w, "]") : status;
}

function flagsText(flags: u32): usize {
  const w = Writer.begin();
  return writeFlags(w, flags) == 0 ? writerFinish(w) : writerDiscard(w);
}

function context_repr(self: usize): usize {
  const c = Ctx.of(self);
  const rounding = Tuple.get(decimalRoots.roundings, c.round);
  const start = PyUnicode_FromFormat("prec=%d, rounding=%U, Emin=%d, Emax=%d", c.prec, rounding, c.emin, c.emax);
  const flags = start == 0 ? 0 : flagsText(c.status);
  const traps = flags == 0 ? 0 : flagsText(c.traps);
  const middle =
    traps == 0 ? 0 : PyUnicode_FromFormat("capitals=%d, clamp=%d", PyDecContextObject.at(self).capitals, c.clamp);
  const r = middle == 0 ? 0 : PyUnicode_FromFormat("Context(%U, %U, flags=%U, traps=%U)", start, middle, flags, traps);
  Py.XDECREF(middle);
  Py.XDECREF(traps);
  Py.XDECREF(flags);
  Py.XDECREF(start);
  return r;
}

/**
 * @native decimal.Context.Etiny($self, /)
 *
 * The exponent of the smallest number that there is: Emin - prec + 1. Results that would have a smaller one are rounded so that they have it, or become 0.
 */
export function context_Etiny(self: usize, _unused: usize): usize {
  return PyLong_FromLongLong(etiny(Ctx.of(self)));
}

/**
 * @native decimal.Context.Etop($self, /)
 *
 * The greatest exponent that a number with all digits can have: Emax - prec + 1. With clamp no exponent is greater; zeros are put at the end of a coefficient for that.
 */
export function context_Etop(self: usize, _unused: usize): usize {
  return PyLong_FromLongLong(etop(Ctx.of(self)));
}

/**
 * @native decimal.Context.clear_flags($self, /)
 *
 * Sets all flags to False.
 */
export function context_clear_flags(self: usize, _unused: usize): usize {
  Ctx.of(self).status = 0;
  return _Py_NoneStruct;
}

/**
 * @native decimal.Context.clear_traps($self, /)
 *
 * Sets all traps to False.
 */
export function context_clear_traps(self: usize, _unused: usize): usize {
  Ctx.of(self).traps = 0;
  return _Py_NoneStruct;
}

/**
 * @native decimal.Context.copy($self, /)
 *
 * A copy of the context, with all flags as they are.
 *
 * @native decimal.Context.__copy__ = context_copy
 */
export function context_copy(self: usize, _unused: usize): usize {
  return copyContext(self, true);
}

/**
 * @native decimal.Context.__reduce__
 */
export function context_reduce(self: usize, _unused: usize): usize {
  const c = Ctx.of(self);
  const args = PyTuple_New(8);
  if (args == 0) return 0;
  Tuple.set(args, 0, PyLong_FromLongLong(c.prec));
  Tuple.set(args, 1, Py.NewRef(Tuple.get(decimalRoots.roundings, c.round)));
  Tuple.set(args, 2, PyLong_FromLongLong(c.emin));
  Tuple.set(args, 3, PyLong_FromLongLong(c.emax));
  Tuple.set(args, 4, PyLong_FromLong(PyDecContextObject.at(self).capitals));
  Tuple.set(args, 5, PyLong_FromLong(c.clamp));
  Tuple.set(args, 6, signalList(c.status));
  Tuple.set(args, 7, signalList(c.traps));
  const r = PyErr_Occurred() ? 0 : PyTuple_Pack2(Py.TYPE(self), args);
  Py.DECREF(args);
  return r;
}

/**
 * @type decimal.Context(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)
 * @order abs exp ln log10 minus next_minus next_plus normalize plus to_integral to_integral_exact to_integral_value sqrt add
 * @order compare compare_signal divide divide_int divmod max max_mag min min_mag multiply next_toward quantize remainder
 * @order remainder_near subtract power fma Etiny Etop radix is_canonical is_finite is_infinite is_nan is_normal is_qnan
 * @order is_signed is_snan is_subnormal is_zero _apply canonical copy_abs copy_decimal copy_negate logb logical_invert
 * @order number_class to_sci_string to_eng_string compare_total compare_total_mag copy_sign logical_and logical_or
 * @order logical_xor rotate same_quantum scaleb shift clear_flags clear_traps __copy__ __reduce__ copy create_decimal
 * @order create_decimal_from_float
 *
 * How numbers are rounded, and what comes of conditions.
 *
 * It says how many digits results have (prec), how they are rounded, how great and small exponents may be (Emax, Emin), whether they are bounded in yet another way (clamp), and whether an exponent is written with a capital letter. Signals that are flagged stay flagged until they are cleared; those that are trapped become exceptions.
 */

/** Makes the type: 0, or -1 with an exception. */
export function initContextType(): i32 {
  const t = collectedType(
    PyDecContext_Type,
    SIZEOF_PyDecContextObject,
    context_dealloc.index,
    PyDecContextObject_traverse.index,
    context_clear.index,
    Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
  );
  t.tp_new = context_new.index;
  t.tp_init = context_init.index;
  t.tp_repr = context_repr.index;
  t.tp_getattro = context_getattro.index;
  t.tp_setattro = context_setattro.index;
  return PyType_Ready(PyDecContext_Type);
}

/** A new context manager for a copy of a context, which is stolen, and the one to go back to; null with MemoryError. */
export function newManager(local: usize, global: usize): usize {
  const self = _PyObject_GC_New(PyDecContextManager_Type);
  if (self == 0) {
    Py.DECREF(local);
    return 0;
  }
  PyDecContextManagerObject.at(self).local = local;
  PyDecContextManagerObject.at(self).global = Py.NewRef(global);
  _PyObject_GC_TRACK(self);
  return self;
}

function manager_dealloc(self: usize): void {
  PyObject_GC_UnTrack(self);
  PyDecContextManagerObject_clear(self);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(self)).tp_free, self);
}

/** Makes a context the current one, or a copy of it where it is a template; false with an exception. */
export function enterContext(context: usize): bool {
  const template =
    context == decimalRoots.default_context ||
    context == decimalRoots.basic_context ||
    context == decimalRoots.extended_context;
  const entered = template ? copyContext(context, false) : Py.NewRef(context);
  if (entered == 0 || !setCurrentContext(entered)) return false;
  Py.DECREF(entered);
  return true;
}

/**
 * @native decimal.ContextManager.__enter__
 */
export function manager_enter(self: usize, _unused: usize): usize {
  const local = PyDecContextManagerObject.at(self).local;
  return enterContext(local) ? Py.NewRef(local) : 0;
}

/**
 * @native decimal.ContextManager.__exit__
 */
export function manager_exit(self: usize, _args: usize): usize {
  return enterContext(PyDecContextManagerObject.at(self).global) ? _Py_NoneStruct : 0;
}

/**
 * @type decimal.ContextManager
 */

/** Makes the type: 0, or -1 with an exception. */
export function initManagerType(): i32 {
  collectedType(
    PyDecContextManager_Type,
    SIZEOF_PyDecContextManagerObject,
    manager_dealloc.index,
    PyDecContextManagerObject_traverse.index,
    PyDecContextManagerObject_clear.index,
    Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
  );
  return PyType_Ready(PyDecContextManager_Type);
}
