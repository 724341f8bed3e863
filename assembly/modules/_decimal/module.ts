// The module _decimal (CPython 3.13's Modules/_decimal): decimal numbers after the General Decimal Arithmetic
// Specification, natively. Layers, each in files of its own:
//
//   limbs, multiply          natural numbers in base 10**9
//   number                   numbers, contexts, rounding
//   arithmetic, root, compare, unary, logical, fixed, exponential, power, text, format
//                            operations on numbers; none of them runs Python, but for what format() is given
//   object, convert, operations, methods, decimal, signals, context, contextoperations, contextmethods
//                            the objects that programs see
//
// Difference: a module that is imported anew has the same classes as before.

import { decimalRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyDec_Type,
  PyDecContext_Type,
  PyDecSignalDict_Type,
  PyExc_ArithmeticError,
  PyExc_TypeError,
  PyExc_ZeroDivisionError,
  PyType_Type,
} from "../../generated/statics";
import { PyDict_New } from "../../objects/containers/dict/dict";
import { PyTuple_New, PyTuple_Pack1, PyTuple_Pack2, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { parseArguments } from "../../objects/define/args";
import { PyErr_NewException } from "../../objects/errors/newclass";
import { PyErr_SetString } from "../../objects/errors/raise";
import { PyImport_ImportLiteral } from "../../objects/module/import";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyLong_FromLongLong } from "../../objects/numbers/int/create";
import {
  PyObject_CallMethodOneArg,
  PyObject_CallNoArgs,
  PyObject_CallOneArg,
  PyObject_CallThreeArgs,
  PyObject_CallTwoArgs,
} from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetAttr, PyObject_SetAttr } from "../../objects/protocol/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { Scratch } from "../../thread/scratch";
import {
  enterContext,
  initContextType,
  initManagerType,
  makeBasic,
  makeExtended,
  newManager,
  setAttributes,
} from "./context";
import { initDecimalType } from "./decimal";
import { MAX_EMAX, MAX_PREC, MIN_EMIN, MIN_ETINY } from "./number";
import { copyContext, currentContext, Dec, SIGNALS } from "./object";
import { initSignalDictType } from "./signals";

/**
 * @native _decimal.getcontext($module, /)
 *
 * The current context.
 */
export function decimal_getcontext(_m: usize): usize {
  return currentContext();
}

/**
 * @native _decimal.setcontext($module, context, /)
 *
 * Makes a context the current one.
 */
export function decimal_setcontext(_m: usize, context: usize): usize {
  if (!Dec.isContext(context)) return PyErr_SetString(PyExc_TypeError, "argument must be a context");
  return enterContext(context) ? _Py_NoneStruct : 0;
}

/**
 * @native _decimal.localcontext($module, /, ctx=None, **kwargs)
 *
 * A context manager that makes a copy of ctx the current context.
 *
 * At the end of the block the context from before is the current one again. Without ctx it is that one that is copied. Keywords change attributes of the copy.
 */
export function decimal_localcontext(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const global = currentContext();
  if (global == 0) return 0;
  const a = Scratch.take(9);
  const names = "ctx prec rounding Emin Emax capitals clamp flags traps";
  let local: usize = 0;
  if (parseArguments("localcontext", names, argv, nargs, kwnames, a, 0, 9)) {
    const given = Py.item(a, 0);
    if (given == 0 || given == _Py_NoneStruct) local = copyContext(global, true);
    else if (Dec.isContext(given)) local = copyContext(given, true);
    else PyErr_SetString(PyExc_TypeError, "optional argument must be a context");
  }
  if (local != 0 && setAttributes(local, Py.slot(a, 1)) < 0) {
    Py.DECREF(local);
    local = 0;
  }
  Scratch.give(a);
  const r = local == 0 ? 0 : newManager(local, global);
  Py.DECREF(global);
  return r;
}

/** A new class of exceptions of one, two or three bases, which are borrowed, in the module decimal. */
function newSignal(name: string, a: usize, b: usize = 0, c: usize = 0): usize {
  if (a == 0) return 0;
  const bases = b == 0 ? PyTuple_Pack1(a) : c == 0 ? PyTuple_Pack2(a, b) : PyTuple_Pack3(a, b, c);
  if (bases == 0) return 0;
  const r = PyErr_NewException("decimal", name, bases);
  Py.DECREF(bases);
  return r;
}

/** Puts a new reference into a tuple; false where it is null. */
function put(t: usize, i: isize, v: usize): bool {
  Tuple.set(t, i, v);
  return v != 0;
}

/** Makes the exceptions, in the order of signalFlags and conditionFlag; false with an exception. */
function makeExceptions(): bool {
  const top = newSignal("DecimalException", PyExc_ArithmeticError);
  decimalRoots.decimal_exception = top;
  const s = top == 0 ? 0 : PyTuple_New(SIGNALS);
  decimalRoots.signals = s;
  if (
    s == 0 ||
    !put(s, 8, newSignal("Clamped", top)) ||
    !put(s, 7, newSignal("Rounded", top)) ||
    !put(s, 6, newSignal("Inexact", top)) ||
    !put(s, 5, newSignal("Subnormal", top)) ||
    !put(s, 4, newSignal("Underflow", Tuple.get(s, 6), Tuple.get(s, 7), Tuple.get(s, 5))) ||
    !put(s, 3, newSignal("Overflow", Tuple.get(s, 6), Tuple.get(s, 7))) ||
    !put(s, 2, newSignal("DivisionByZero", top, PyExc_ZeroDivisionError)) ||
    !put(s, 1, newSignal("FloatOperation", top, PyExc_TypeError)) ||
    !put(s, 0, newSignal("InvalidOperation", top))
  ) {
    return false;
  }
  const invalid = Tuple.get(s, 0);
  const c = PyTuple_New(5);
  decimalRoots.conditions = c;
  return (
    c != 0 &&
    put(c, 0, Py.NewRef(invalid)) &&
    put(c, 1, newSignal("ConversionSyntax", invalid)) &&
    put(c, 2, newSignal("DivisionImpossible", invalid)) &&
    put(c, 3, newSignal("DivisionUndefined", invalid, PyExc_ZeroDivisionError)) &&
    put(c, 4, newSignal("InvalidContext", invalid))
  );
}

function makeRoundings(): bool {
  const t = PyTuple_New(8);
  decimalRoots.roundings = t;
  return (
    t != 0 &&
    put(t, 0, PyUnicode_InternLiteral("ROUND_UP")) &&
    put(t, 1, PyUnicode_InternLiteral("ROUND_DOWN")) &&
    put(t, 2, PyUnicode_InternLiteral("ROUND_CEILING")) &&
    put(t, 3, PyUnicode_InternLiteral("ROUND_FLOOR")) &&
    put(t, 4, PyUnicode_InternLiteral("ROUND_HALF_UP")) &&
    put(t, 5, PyUnicode_InternLiteral("ROUND_HALF_DOWN")) &&
    put(t, 6, PyUnicode_InternLiteral("ROUND_HALF_EVEN")) &&
    put(t, 7, PyUnicode_InternLiteral("ROUND_05UP"))
  );
}

/** An attribute of a module, by literal names: a new reference, null with an exception. */
function fromModule(module: string, name: string): usize {
  const m = PyImport_ImportLiteral(module);
  const key = m == 0 ? 0 : PyUnicode_InternLiteral(name);
  const r = key == 0 ? 0 : PyObject_GetAttr(m, key);
  Py.XDECREF(key);
  Py.XDECREF(m);
  return r;
}

/** Makes Decimal a Number, and notes what a Rational is; false with an exception. */
function registerNumber(): bool {
  const number = fromModule("numbers", "Number");
  const register = number == 0 ? 0 : PyUnicode_InternLiteral("register");
  const r = register == 0 ? 0 : PyObject_CallMethodOneArg(number, register, PyDec_Type);
  Py.XDECREF(r);
  Py.XDECREF(register);
  Py.XDECREF(number);
  if (r != 0) decimalRoots.rational = fromModule("numbers", "Rational");
  return r != 0 && decimalRoots.rational != 0;
}

function makeDecimalTuple(): bool {
  const make = fromModule("collections", "namedtuple");
  const name = make == 0 ? 0 : PyUnicode_FromLiteral("DecimalTuple");
  const fields = name == 0 ? 0 : PyUnicode_FromLiteral("sign digits exponent");
  const t = fields == 0 ? 0 : PyObject_CallTwoArgs(make, name, fields);
  const key = t == 0 ? 0 : PyUnicode_InternLiteral("__module__");
  const module = key == 0 ? 0 : PyUnicode_InternLiteral("decimal");
  const ok = module != 0 && PyObject_SetAttr(t, key, module) == 0;
  Py.XDECREF(module);
  Py.XDECREF(key);
  Py.XDECREF(fields);
  Py.XDECREF(name);
  Py.XDECREF(make);
  decimalRoots.decimal_tuple = t;
  return ok;
}

/** Makes the class SignalDict; false with an exception. */
function makeSignalDict(): bool {
  const mapping = fromModule("_collections_abc", "MutableMapping");
  const bases = mapping == 0 ? 0 : PyTuple_Pack2(PyDecSignalDict_Type, mapping);
  const name = bases == 0 ? 0 : PyUnicode_FromLiteral("SignalDict");
  const dict = name == 0 ? 0 : PyDict_New();
  if (dict != 0) decimalRoots.signal_dict = PyObject_CallThreeArgs(PyType_Type, name, bases, dict);
  Py.XDECREF(dict);
  Py.XDECREF(name);
  Py.XDECREF(bases);
  Py.XDECREF(mapping);
  return decimalRoots.signal_dict != 0;
}

function makeContexts(): bool {
  decimalRoots.default_context = PyObject_CallNoArgs(PyDecContext_Type);
  if (decimalRoots.default_context != 0) decimalRoots.basic_context = PyObject_CallNoArgs(PyDecContext_Type);
  if (decimalRoots.basic_context != 0) decimalRoots.extended_context = PyObject_CallNoArgs(PyDecContext_Type);
  if (decimalRoots.extended_context == 0) return false;
  makeBasic(decimalRoots.basic_context);
  makeExtended(decimalRoots.extended_context);
  const name = PyUnicode_FromLiteral("decimal_context");
  if (name == 0) return false;
  const variable = fromModule("_contextvars", "ContextVar");
  if (variable != 0) decimalRoots.context_var = PyObject_CallOneArg(variable, name);
  Py.XDECREF(variable);
  Py.DECREF(name);
  return decimalRoots.context_var != 0;
}

/** Drops what was made before something failed. */
function dropRoots(): void {
  Py.CLEAR(decimalRoots.decimal_exception_slot);
  Py.CLEAR(decimalRoots.signals_slot);
  Py.CLEAR(decimalRoots.conditions_slot);
  Py.CLEAR(decimalRoots.roundings_slot);
  Py.CLEAR(decimalRoots.rational_slot);
  Py.CLEAR(decimalRoots.decimal_tuple_slot);
  Py.CLEAR(decimalRoots.signal_dict_slot);
  Py.CLEAR(decimalRoots.default_context_slot);
  Py.CLEAR(decimalRoots.basic_context_slot);
  Py.CLEAR(decimalRoots.extended_context_slot);
}

/** Makes all that there is once; false with an exception. */
function makeRoots(): bool {
  if (decimalRoots.context_var != 0) return true;
  dropRoots();
  return (
    initDecimalType() == 0 &&
    initContextType() == 0 &&
    initManagerType() == 0 &&
    initSignalDictType() == 0 &&
    makeExceptions() &&
    makeRoundings() &&
    registerNumber() &&
    makeDecimalTuple() &&
    makeSignalDict() &&
    makeContexts()
  );
}

/** Adds an object, borrowed, under the name that it has itself or the one given: false with an exception. */
function addNamed(m: usize, name: string, o: usize): bool {
  return PyModule_AddObjectLiteral(m, name, Py.NewRef(o)) == 0;
}

function addNumber(m: usize, name: string, v: i64): bool {
  return PyModule_AddObjectLiteral(m, name, PyLong_FromLongLong(v)) == 0;
}

function addSignals(m: usize): bool {
  const s = decimalRoots.signals;
  const c = decimalRoots.conditions;
  return (
    addNamed(m, "Clamped", Tuple.get(s, 8)) &&
    addNamed(m, "Rounded", Tuple.get(s, 7)) &&
    addNamed(m, "Inexact", Tuple.get(s, 6)) &&
    addNamed(m, "Subnormal", Tuple.get(s, 5)) &&
    addNamed(m, "Underflow", Tuple.get(s, 4)) &&
    addNamed(m, "Overflow", Tuple.get(s, 3)) &&
    addNamed(m, "DivisionByZero", Tuple.get(s, 2)) &&
    addNamed(m, "FloatOperation", Tuple.get(s, 1)) &&
    addNamed(m, "InvalidOperation", Tuple.get(s, 0)) &&
    addNamed(m, "ConversionSyntax", Tuple.get(c, 1)) &&
    addNamed(m, "DivisionImpossible", Tuple.get(c, 2)) &&
    addNamed(m, "DivisionUndefined", Tuple.get(c, 3)) &&
    addNamed(m, "InvalidContext", Tuple.get(c, 4))
  );
}

function addRoundings(m: usize): bool {
  const t = decimalRoots.roundings;
  return (
    addNamed(m, "ROUND_UP", Tuple.get(t, 0)) &&
    addNamed(m, "ROUND_DOWN", Tuple.get(t, 1)) &&
    addNamed(m, "ROUND_CEILING", Tuple.get(t, 2)) &&
    addNamed(m, "ROUND_FLOOR", Tuple.get(t, 3)) &&
    addNamed(m, "ROUND_HALF_UP", Tuple.get(t, 4)) &&
    addNamed(m, "ROUND_HALF_DOWN", Tuple.get(t, 5)) &&
    addNamed(m, "ROUND_HALF_EVEN", Tuple.get(t, 6)) &&
    addNamed(m, "ROUND_05UP", Tuple.get(t, 7))
  );
}

/**
 * @module _decimal
 * @order getcontext setcontext localcontext
 *
 * Decimal arithmetic, natively
 */
export function initDecimal(m: usize): i32 {
  return makeRoots() &&
    addNamed(m, "Decimal", PyDec_Type) &&
    addNamed(m, "Context", PyDecContext_Type) &&
    addNamed(m, "DecimalTuple", decimalRoots.decimal_tuple) &&
    addNamed(m, "DecimalException", decimalRoots.decimal_exception) &&
    addSignals(m) &&
    addNamed(m, "DefaultContext", decimalRoots.default_context) &&
    addNamed(m, "HAVE_CONTEXTVAR", _Py_TrueStruct) &&
    addNamed(m, "HAVE_THREADS", _Py_TrueStruct) &&
    addNamed(m, "BasicContext", decimalRoots.basic_context) &&
    addNamed(m, "ExtendedContext", decimalRoots.extended_context) &&
    addNumber(m, "MAX_PREC", MAX_PREC) &&
    addNumber(m, "MAX_EMAX", MAX_EMAX) &&
    addNumber(m, "MIN_EMIN", MIN_EMIN) &&
    addNumber(m, "MIN_ETINY", MIN_ETINY) &&
    addRoundings(m) &&
    PyModule_AddObjectLiteral(m, "__version__", PyUnicode_FromLiteral("1.70")) == 0 &&
    PyModule_AddObjectLiteral(m, "__libmpdec_version__", PyUnicode_FromLiteral("2.5.1")) == 0
    ? 0
    : -1;
}
