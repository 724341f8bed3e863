// Instructions: calls with keywords and unpacked arguments, making functions, intrinsics. The convention is in eval.ts;
// callKw and callFunctionEx differ: on failure the stack is already without the call's operands, and stacktop says so;
// bit 0 of their result says that it is a new Python frame to run.

import {
  CO_ASYNC_GENERATOR,
  CO_COROUTINE,
  CO_GENERATOR,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_IS_ABSTRACT,
  Py_TPFLAGS_TUPLE_SUBCLASS,
} from "../../generated/constants";
import {
  _PyInterpreterFrame,
  _PyStackChunk,
  PyBaseExceptionObject,
  PyCFunctionObject,
  PyCodeObject,
  PyFunctionObject,
  PyMethodDescrObject,
  PyMethodObject,
  PyThreadState,
  PyTypeObject,
  propertyobject,
} from "../../generated/layouts";
import * as op from "../../generated/opcodes";
import { objectsRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyCFunction_Type,
  PyDict_Type,
  PyExc_AttributeError,
  PyExc_KeyError,
  PyExc_NameError,
  PyExc_SystemError,
  PyExc_TypeError,
  PyFunction_Type,
  PyMethod_Type,
  PyMethodDescr_Type,
  PyTuple_Type,
} from "../../generated/statics";
import { PyFunction_NewWithQualName } from "../../objects/code/function";
import {
  PyDict_New,
  PyDict_Next,
  PyDict_Size,
  PyDict_Update,
  PyDict_ValueAt,
} from "../../objects/containers/dict/dict";
import { PyList_AsTuple } from "../../objects/containers/list/list";
import { PyTuple_FromArray, Tuple } from "../../objects/containers/tuple";
import { callMethodDef } from "../../objects/descriptors/builtinfunction";
import { prepReraiseStar } from "../../objects/errors/group";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { _PyAsyncGenValueWrapperNew } from "../../objects/generators/asyncgen";
import {
  giveArguments,
  keywordNames,
  PY_VECTORCALL_ARGUMENTS_OFFSET,
  PyObject_Call,
  PyObject_Vectorcall,
  takeArguments,
} from "../../objects/object/call";
import { _PyObject_FunctionStr } from "../../objects/object/functionname";
import { Py } from "../../objects/object/head";
import { PyNumber_Positive } from "../../objects/protocol/number";
import { PyMapping_GetOptionalItem, PySequence_Check, PySequence_Tuple } from "../../objects/protocol/sequence";
import { object_new } from "../../objects/types/base";
import { _PyType_Lookup } from "../../objects/types/lookup";
import { setFunctionTypeParams, setTypeParamDefault, subscriptGeneric } from "../../objects/types/params/generic";
import { makeParamSpec } from "../../objects/types/params/paramspec";
import { makeTypeAlias } from "../../objects/types/params/typealias";
import { makeTypeVar, makeTypeVarWithBound, makeTypeVarWithConstraints } from "../../objects/types/params/typevar";
import { makeTypeVarTuple } from "../../objects/types/params/typevartuple";
import { slot_tp_init } from "../../objects/types/slot_functions";
import { tstate } from "../../thread/current";
import { Scratch } from "../../thread/scratch";
import { pushFunctionFrame } from "../arguments";
import { displayHook } from "../displayhook";
import {
  _PyFrame_ClearExceptCode,
  _PyThreadState_PopFrame,
  Frame,
  NewFrame,
  Parameters,
  pushChunkSlots,
} from "../frame";
import { stopIterationError } from "./exceptions";
import { importStar } from "./imports";
import { unaryResult } from "./operators";

/** Whether the function is called by running a frame: it has the usual vectorcall. */
export function isPythonFunction(func: usize): bool {
  return PyFunctionObject.at(func).vectorcall == objectsRoots.function_vectorcall;
}

/** A frame for `func` (stolen) whose parameters are exactly the n arguments (stolen); null with MemoryError. */
export function pushExact(func: usize, code: usize, argv: usize, n: i32): usize {
  const ts = PyThreadState.at(tstate);
  const co = PyCodeObject.at(code);
  let frame = ts.datastack_top;
  const end = frame + ((<usize>co.co_framesize) << 3);
  if (frame != 0 && end < ts.datastack_limit) {
    ts.datastack_top = end;
  } else {
    frame = pushChunkSlots(co.co_framesize);
    if (frame == 0) {
      for (let i = 0; i < n; i++) Py.DECREF(Py.item(argv, i));
      Py.DECREF(func);
      return 0;
    }
  }
  NewFrame.init(frame, func, code);
  const total = co.co_nlocalsplus;
  let p = Frame.local(frame, 0);
  for (const last = argv + ((<usize>n) << 3); argv < last; argv += 8, p += 8) store<u64>(p, load<u64>(argv));
  for (const last = Frame.local(frame, total); p < last; p += 8) store<u64>(p, 0);
  return frame;
}

/** Calls what is no Python function with `n` positional arguments: a new reference, or null with an exception. */
export function callOther(callable: usize, argv: usize, n: isize): usize {
  if (Py.TYPE(callable) == PyCFunction_Type) {
    const c = PyCFunctionObject.at(callable);
    return callMethodDef(c.m_ml, c.m_self, argv, n, 0, callable);
  } else if (Py.TYPE(callable) == PyMethodDescr_Type && n > 0) {
    const d = PyMethodDescrObject.at(callable);
    const self = load<u32>(argv);
    if (d.d_type == Py.TYPE(self)) return callMethodDef(d.d_method, self, argv + 8, n - 1, 0, callable);
  }
  return PyObject_Vectorcall(callable, argv, <usize>n | PY_VECTORCALL_ARGUMENTS_OFFSET, 0);
}

/** What pushInit returns for an exception. No frame has this address. */
export const INIT_FAILED: usize = 1;

/** What runs_init of a frame is for which nothing but the object is on the calling frame's stack. */
export const INIT_ENTERED: i32 = 1;
/** With more arguments a call without a frame of its own is made: the scratch slots are few, and runs_init is a byte. */
const INIT_ARGUMENTS_MAX: i32 = 30;

/**
 * For a call of a class whose instances are made by object.__new__ and readied by an __init__ in Python: makes the
 * object, leaves it on the calling frame's stack in the place of the call's operands, and gives the frame of the
 * __init__. Null, with nothing done, where the class is another kind; INIT_FAILED with an exception. In both other
 * cases stacktop is set.
 *
 * Where the call is not `specialized`, CPython calls the class as it calls anything: the arguments stay where they are, and
 * are in a tuple besides. Their counts show it, and so does the collector. Then the object is in the place of the class, and
 * the tuple in the one behind it; runs_init is one more than the number of the arguments.
 */
export function pushInit(f: usize, sp: usize, oparg: i32, specialized: bool): usize {
  const base = sp - ((<usize>(oparg + 2)) << 3);
  const type: usize = load<u32>(base);
  const t = PyTypeObject.at(type);
  if (t.tp_new != object_new.index || t.tp_init != slot_tp_init.index || t.tp_flags & Py_TPFLAGS_IS_ABSTRACT) return 0;
  const init = _PyType_Lookup(type, ID.__init__);
  if (init == 0 || Py.TYPE(init) != PyFunction_Type || !isPythonFunction(init) || !mayPushFrame()) return 0;
  const code = PyFunctionObject.at(init).func_code;
  const co = PyCodeObject.at(code);
  if (co.co_flags & (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)) return 0;
  const isGeneral = !specialized && oparg > 0;
  if (isGeneral && oparg > INIT_ARGUMENTS_MAX) return 0;
  Frame.save(f, sp);
  let args: usize = 0;
  if (isGeneral) {
    args = PyTuple_FromArray(base + 16, oparg);
    if (args == 0) return INIT_FAILED;
    Py.setItem(base, 1, args);
  }
  const o = call_indirect<usize>(t.tp_alloc, type, <isize>0);
  if (o == 0) return INIT_FAILED;
  store<u64>(base, o);
  if (isGeneral) {
    Py.INCREF(init);
    // The object holds its type.
    Py.DECREF(type);
    const argv = Scratch.take(oparg + 1);
    Py.setItem(argv, 0, Py.NewRef(o));
    for (let i = 0; i < oparg; i++) Py.setItem(argv, i + 1, Py.NewRef(Tuple.get(args, i)));
    const nf = pushFunctionFrame(init, 0, argv, oparg + 1, 0);
    Scratch.give(argv);
    if (nf == 0) {
      dropInstance(f, oparg + 1);
      return INIT_FAILED;
    }
    _PyInterpreterFrame.at(nf).runs_init = <u8>(oparg + 1);
    return nf;
  }
  Py.setItem(base, 1, Py.NewRef(o));
  Frame.save(f, base + 8);
  Py.INCREF(init);
  // The object holds its type.
  Py.DECREF(type);
  const n = oparg + 1;
  const nf = Parameters.areExactly(code, n)
    ? pushExact(init, code, base + 8, n)
    : pushFunctionFrame(init, 0, base + 8, n, 0);
  if (nf == 0) {
    dropInstance(f, INIT_ENTERED);
    return INIT_FAILED;
  }
  _PyInterpreterFrame.at(nf).runs_init = <u8>INIT_ENTERED;
  return nf;
}

/**
 * Takes the object off the calling frame's stack whose __init__ has failed: the end of the stack. That is its end, before
 * the calling frame shows in the traceback.
 */
export function dropInstance(f: usize, init: i32): usize {
  if (init != INIT_ENTERED) {
    const end = Frame.stack(f);
    const base = end - ((<usize>(init + 1)) << 3);
    const o: usize = load<u32>(base);
    const args: usize = load<u32>(base, 8);
    store<u64>(base, 0);
    Py.DECREF(o);
    store<u64>(base, 0, 8);
    Py.DECREF(args);
    return end;
  }
  const sp = Frame.stack(f) - 8;
  Frame.save(f, sp);
  Py.DECREF(load<u32>(sp));
  return sp;
}

/** Takes what pushInit() has left behind the object off the calling frame's stack: the end of the stack. */
export function dropOperands(f: usize, init: i32): usize {
  const end = Frame.stack(f);
  const sp = end - ((<usize>init) << 3);
  Frame.save(f, sp);
  for (let p = sp; p < end; p += 8) Py.DECREF(load<u32>(p));
  return sp;
}

/**
 * The frame for the getter of the property `p`, called with the object on top of the stack, which moves into it. Null,
 * with nothing done, where it is not that simple; INIT_FAILED with an exception. In both other cases stacktop is set.
 */
export function pushGetter(f: usize, sp: usize, p: usize): usize {
  const func = propertyobject.at(p).prop_get;
  if (func == 0 || Py.TYPE(func) != PyFunction_Type) return 0;
  const code = PyFunctionObject.at(func).func_code;
  if (!Parameters.areExactly(code, 1) || !isPythonFunction(func) || !mayPushFrame()) return 0;
  Frame.save(f, sp - 8);
  Py.INCREF(func);
  const nf = pushExact(func, code, sp - 8, 1);
  return nf == 0 ? INIT_FAILED : nf;
}

/** Sets the error of an __init__ that returned `v` (stolen), which is not None. */
export function initReturned(v: usize): void {
  PyErr_Format(PyExc_TypeError, "__init__() should return None, not '%t'", v);
  Py.DECREF(v);
}

/** The end of a frame on the data stack. */
export function leaveFrame(frame: usize): void {
  const f = _PyInterpreterFrame.at(frame);
  const code = f.f_executable;
  if (f.frame_obj == 0 && f.f_locals == 0) {
    const last = Frame.stack(frame);
    f.stacktop = 0;
    for (let p = Frame.local(frame, 0); p < last; p += 8) {
      const v: usize = load<u32>(p);
      if (v != 0) {
        store<u64>(p, 0);
        Py.DECREF(v);
      }
    }
    Py.DECREF(f.f_funcobj);
  } else {
    _PyFrame_ClearExceptCode(frame);
  }
  Py.DECREF(code);
  const ts = PyThreadState.at(tstate);
  if (frame == _PyStackChunk.at(ts.datastack_chunk).data) _PyThreadState_PopFrame(frame);
  else ts.datastack_top = frame;
}

/** The result of a call takes its place on the stack, which ends at `base`. */
function pushResult(f: usize, base: usize, r: usize): usize {
  if (r == 0) {
    Frame.save(f, base);
    return 0;
  }
  store<u64>(base, r);
  return base + 8;
}

function mayPushFrame(): bool {
  return PyThreadState.at(tstate).py_recursion_remaining > 0;
}

export function callKw(f: usize, sp: usize, oparg: i32): usize {
  const kwnames: usize = load<u32>(sp - 8);
  sp -= 8;
  const base = sp - ((<usize>(oparg + 2)) << 3);
  let callable: usize = load<u32>(base);
  let self = Py.item(base, 1);
  if (self == 0 && Py.TYPE(callable) == PyMethod_Type) {
    const m = PyMethodObject.at(callable);
    self = Py.NewRef(m.im_self);
    const func = Py.NewRef(m.im_func);
    store<u64>(base, func);
    Py.setItem(base, 1, self);
    Py.DECREF(callable);
    callable = func;
  }
  const argv = self != 0 ? base + 8 : base + 16;
  const total = self != 0 ? oparg + 1 : oparg;
  const positional = total - Py.SIZE(kwnames);
  if (Py.TYPE(callable) == PyFunction_Type && isPythonFunction(callable) && mayPushFrame()) {
    Frame.save(f, base);
    const nf = pushFunctionFrame(callable, 0, argv, positional, kwnames);
    Py.DECREF(kwnames);
    return nf == 0 ? 0 : nf | 1;
  }
  Frame.save(f, sp + 8);
  const r = PyObject_Vectorcall(callable, argv, <usize>positional | PY_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
  Py.DECREF(kwnames);
  Py.DECREF(callable);
  for (let p = argv; p < sp; p += 8) Py.DECREF(load<u32>(p));
  return pushResult(f, base, r);
}

/** "Class.method()" or "name()" for a message; a new str, null with an exception. */
function functionText(func: usize): usize {
  return _PyObject_FunctionStr(func);
}

/** Makes the error of ** with something that is no mapping, or with a key given twice, say which function. */
export function formatKwargsError(func: usize, kwargs: usize): void {
  if (PyErr_ExceptionMatches(PyExc_AttributeError)) {
    PyErr_Clear();
    const name = functionText(func);
    if (name != 0) {
      PyErr_Format(PyExc_TypeError, "%U argument after ** must be a mapping, not %t", name, kwargs);
      Py.DECREF(name);
    }
  } else if (PyErr_ExceptionMatches(PyExc_KeyError)) {
    const exc = PyErr_GetRaisedException();
    const args = PyBaseExceptionObject.at(exc).args;
    if (args != 0 && Py.SIZE(args) == 1) {
      const key = Tuple.get(args, 0);
      const name = functionText(func);
      if (name != 0) {
        PyErr_Format(PyExc_TypeError, "%U got multiple values for keyword argument '%S'", name, key);
        Py.DECREF(name);
      }
      Py.DECREF(exc);
    } else {
      PyErr_SetRaisedException(exc);
    }
  }
}

/**
 * Makes what is below `sp` for f(*args, **kwargs) a tuple and, with bit 0, a dict, in their places: whether they are
 * such; false with an exception. The frame's stacktop is right.
 */
export function plainArguments(func: usize, sp: usize, oparg: i32): bool {
  const slot = oparg & 1 ? sp - 16 : sp - 8;
  const args: usize = load<u32>(slot);
  if (Py.TYPE(args) != PyTuple_Type) {
    if (PyTypeObject.at(Py.TYPE(args)).tp_iter == 0 && !PySequence_Check(args)) {
      const name = functionText(func);
      if (name != 0) {
        PyErr_Format(PyExc_TypeError, "%U argument after * must be an iterable, not %t", name, args);
        Py.DECREF(name);
      }
      return false;
    }
    const tuple = PySequence_Tuple(args);
    if (tuple == 0) return false;
    store<u64>(slot, tuple);
    Py.DECREF(args);
  }
  if (!(oparg & 1)) return true;
  const kwargs: usize = load<u32>(sp - 8);
  if (Py.TYPE(kwargs) == PyDict_Type) return true;
  const d = PyDict_New();
  if (d == 0) return false;
  if (PyDict_Update(d, kwargs) < 0) {
    formatKwargsError(func, kwargs);
    Py.DECREF(d);
    return false;
  }
  store<u64>(sp - 8, d);
  Py.DECREF(kwargs);
  return true;
}

/** f(*args, **kwargs): the stack has the function, null, the arguments, and with bit 0 the keywords. */
export function callFunctionEx(f: usize, sp: usize, oparg: i32): usize {
  const base = oparg & 1 ? sp - 32 : sp - 24;
  const func: usize = load<u32>(base);
  Frame.save(f, sp);
  const ok = plainArguments(func, sp, oparg);
  const args = Py.item(base, 2);
  const kwargs: usize = oparg & 1 ? Py.item(base, 3) : 0;
  if (ok && Py.TYPE(func) == PyFunction_Type && isPythonFunction(func) && mayPushFrame()) {
    const nf = pushFromTuple(func, 0, args, kwargs);
    // The function went into the frame, or is dropped.
    Frame.save(f, base);
    Py.DECREF(args);
    Py.XDECREF(kwargs);
    return nf == 0 ? 0 : nf | 1;
  }
  const r: usize = ok ? PyObject_Call(func, args, kwargs) : 0;
  // Where it is not called the handler drops them, from the top.
  if (ok) Py.DECREF(func);
  else Py.XDECREF(kwargs);
  Py.DECREF(args);
  if (ok) Py.XDECREF(kwargs);
  else Py.DECREF(func);
  return pushResult(f, base, r);
}

/** A frame for `func` (stolen) from a tuple and a dict (borrowed; may be null); null with an exception. */
function pushFromTuple(func: usize, locals: usize, args: usize, kwargs: usize): usize {
  const n = Py.SIZE(args);
  const nkw = kwargs == 0 ? 0 : PyDict_Size(kwargs);
  const argv = takeArguments(n + nkw);
  if (argv == 0) {
    Py.DECREF(func);
    Py.XDECREF(locals);
    return PyErr_NoMemory();
  }
  let kwnames: usize = 0;
  if (nkw) {
    kwnames = keywordNames(kwargs);
    if (kwnames == 0) {
      giveArguments(argv);
      Py.DECREF(func);
      Py.XDECREF(locals);
      return 0;
    }
  }
  for (let i: isize = 0; i < n; i++) Py.setItem(argv, i, Py.NewRef(Tuple.get(args, i)));
  if (nkw) {
    let i: isize = 0;
    for (let pos = PyDict_Next(kwargs, 0); pos > 0; pos = PyDict_Next(kwargs, pos)) {
      Py.setItem(argv, n + i, Py.NewRef(PyDict_ValueAt(kwargs, pos)));
      i++;
    }
  }
  const frame = pushFunctionFrame(func, locals, argv, n, kwnames);
  giveArguments(argv);
  Py.XDECREF(kwnames);
  return frame;
}

export function makeFunction(f: usize, sp: usize, _oparg: i32): usize {
  const code: usize = load<u32>(sp - 8);
  const func = PyFunction_NewWithQualName(
    code,
    _PyInterpreterFrame.at(f).f_globals,
    0,
    objectsRoots.function_vectorcall,
  );
  if (func == 0) return 0;
  store<u64>(sp - 8, func);
  Py.DECREF(code);
  return sp;
}

export function setFunctionAttribute(_f: usize, sp: usize, oparg: i32): usize {
  const func: usize = load<u32>(sp - 8);
  const v: usize = load<u32>(sp - 16);
  const fn = PyFunctionObject.at(func);
  if (oparg < 4 && !Py.check(v, oparg == 1 ? Py_TPFLAGS_TUPLE_SUBCLASS : Py_TPFLAGS_DICT_SUBCLASS)) {
    return PyErr_Format(PyExc_SystemError, "bad defaults of a function: %t", v);
  }
  if (oparg == 8) fn.func_closure = v;
  else if (oparg == 4) fn.func_annotations = v;
  else if (oparg == 2) fn.func_kwdefaults = v;
  else fn.func_defaults = v;
  store<u64>(sp - 16, func);
  return sp - 8;
}

export function loadBuildClass(f: usize, sp: usize, _oparg: i32): usize {
  const v = PyMapping_GetOptionalItem(_PyInterpreterFrame.at(f).f_builtins, ID.__build_class__);
  if (v == 0) {
    if (PyErr_Occurred() == 0) PyErr_SetString(PyExc_NameError, "__build_class__ not found");
    return 0;
  }
  store<u64>(sp, v);
  return sp + 8;
}

export function exitInitCheck(_f: usize, sp: usize, _oparg: i32): usize {
  const v: usize = load<u32>(sp - 8);
  if (v != _Py_NoneStruct) {
    PyErr_Format(PyExc_TypeError, "__init__() should return None, not '%t'", v);
    return 0;
  }
  return sp - 8;
}

function intrinsic1(f: usize, v: usize, oparg: i32): usize {
  switch (oparg) {
    case op.INTRINSIC_PRINT:
      return displayHook(v);
    case op.INTRINSIC_IMPORT_STAR:
      return importStar(f, v);
    case op.INTRINSIC_STOPITERATION_ERROR:
      return stopIterationError(f, v);
    case op.INTRINSIC_ASYNC_GEN_WRAP:
      return _PyAsyncGenValueWrapperNew(v);
    case op.INTRINSIC_UNARY_POSITIVE:
      return PyNumber_Positive(v);
    case op.INTRINSIC_LIST_TO_TUPLE:
      return PyList_AsTuple(v);
    case op.INTRINSIC_TYPEVAR:
      return makeTypeVar(v);
    case op.INTRINSIC_PARAMSPEC:
      return makeParamSpec(v);
    case op.INTRINSIC_TYPEVARTUPLE:
      return makeTypeVarTuple(v);
    case op.INTRINSIC_SUBSCRIPT_GENERIC:
      return subscriptGeneric(v);
    case op.INTRINSIC_TYPEALIAS:
      return makeTypeAlias(v);
    default:
      return PyErr_SetString(PyExc_SystemError, "invalid intrinsic function");
  }
}

export function callIntrinsic1(f: usize, sp: usize, oparg: i32): usize {
  return unaryResult(sp, intrinsic1(f, load<u32>(sp - 8), oparg));
}

export function callIntrinsic2(_f: usize, sp: usize, oparg: i32): usize {
  const b: usize = load<u32>(sp - 8);
  const a: usize = load<u32>(sp - 16);
  let r: usize;
  if (oparg == op.INTRINSIC_PREP_RERAISE_STAR) r = prepReraiseStar(a, b);
  else if (oparg == op.INTRINSIC_TYPEVAR_WITH_BOUND) r = makeTypeVarWithBound(a, b);
  else if (oparg == op.INTRINSIC_TYPEVAR_WITH_CONSTRAINTS) r = makeTypeVarWithConstraints(a, b);
  else if (oparg == op.INTRINSIC_SET_FUNCTION_TYPE_PARAMS) r = setFunctionTypeParams(a, b);
  else r = setTypeParamDefault(a, b);
  if (r == 0) return 0;
  store<u64>(sp - 16, r);
  Py.DECREF(a);
  Py.DECREF(b);
  return sp - 8;
}
