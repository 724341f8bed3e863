// The structure sequences of sys (CPython 3.13's Python/sysmodule.c): their fields, and the instances that describe
// this runtime.

import { objectsRoots, vmRoots } from "../../generated/runtime";
import {
  _Py_FalseStruct,
  PyStructSequence_asyncgen_hooks,
  PyStructSequence_sys_flags,
  PyStructSequence_sys_float_info,
  PyStructSequence_sys_hash_info,
  PyStructSequence_sys_int_info,
  PyStructSequence_sys_thread_info,
  PyStructSequence_sys_version_info,
  PyStructSequence_UnraisableHookArgs,
} from "../../generated/statics";
import { PyDict_GetItemLiteral } from "../../objects/containers/dict/dict";
import { nameStructFields, PyStructSequence_New, structField, structType } from "../../objects/containers/structseq";
import { Tuple } from "../../objects/containers/tuple";
import { PyErr_Occurred } from "../../objects/errors/raise";
import { PyFloat_FromDouble } from "../../objects/numbers/float/float";
import { PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { intMaxStrDigits } from "../../objects/numbers/int/text";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyType_Ready } from "../../objects/types/ready";

/** Completes a type whose fields are added: 0, or -1 with an exception. */
function finishType(type: usize, fields: isize, instantiable: bool): i32 {
  structType(type, fields, instantiable);
  return PyType_Ready(type) < 0 ? -1 : nameStructFields(type);
}

/** Makes all the types: 0, or -1 with an exception. For initialisation. */
export function initSysStructs(): i32 {
  const v = PyStructSequence_sys_version_info;
  structField(v, "major");
  structField(v, "minor");
  structField(v, "micro");
  structField(v, "releaselevel");
  structField(v, "serial");
  if (finishType(v, 5, false) < 0) return -1;

  const f = PyStructSequence_sys_flags;
  structField(f, "debug");
  structField(f, "inspect");
  structField(f, "interactive");
  structField(f, "optimize");
  structField(f, "dont_write_bytecode");
  structField(f, "no_user_site");
  structField(f, "no_site");
  structField(f, "ignore_environment");
  structField(f, "verbose");
  structField(f, "bytes_warning");
  structField(f, "quiet");
  structField(f, "hash_randomization");
  structField(f, "isolated");
  structField(f, "dev_mode");
  structField(f, "utf8_mode");
  structField(f, "warn_default_encoding");
  structField(f, "safe_path");
  structField(f, "int_max_str_digits");
  structField(f, "gil");
  if (finishType(f, 18, false) < 0) return -1;

  const h = PyStructSequence_sys_hash_info;
  structField(h, "width");
  structField(h, "modulus");
  structField(h, "inf");
  structField(h, "nan");
  structField(h, "imag");
  structField(h, "algorithm");
  structField(h, "hash_bits");
  structField(h, "seed_bits");
  structField(h, "cutoff");
  if (finishType(h, 9, true) < 0) return -1;

  const i = PyStructSequence_sys_int_info;
  structField(i, "bits_per_digit");
  structField(i, "sizeof_digit");
  structField(i, "default_max_str_digits");
  structField(i, "str_digits_check_threshold");
  if (finishType(i, 4, true) < 0) return -1;

  const d = PyStructSequence_sys_float_info;
  structField(d, "max");
  structField(d, "max_exp");
  structField(d, "max_10_exp");
  structField(d, "min");
  structField(d, "min_exp");
  structField(d, "min_10_exp");
  structField(d, "dig");
  structField(d, "mant_dig");
  structField(d, "epsilon");
  structField(d, "radix");
  structField(d, "rounds");
  if (finishType(d, 11, true) < 0) return -1;

  const t = PyStructSequence_sys_thread_info;
  structField(t, "name");
  structField(t, "lock");
  structField(t, "version");
  if (finishType(t, 3, true) < 0) return -1;

  const u = PyStructSequence_UnraisableHookArgs;
  structField(u, "exc_type");
  structField(u, "exc_value");
  structField(u, "exc_traceback");
  structField(u, "err_msg");
  structField(u, "object");
  if (finishType(u, 5, true) < 0) return -1;

  const a = PyStructSequence_asyncgen_hooks;
  structField(a, "firstiter");
  structField(a, "finalizer");
  return finishType(a, 2, true);
}

/** Whether every item of the sequence is there; otherwise it is dropped and null returned. */
function complete(o: usize): usize {
  const n = Py.SIZE(o);
  for (let i: isize = 0; i < n; i++) {
    if (Tuple.get(o, i) == 0) {
      Py.DECREF(o);
      return 0;
    }
  }
  return o;
}

function put(o: usize, i: isize, n: i64): void {
  Tuple.set(o, i, PyLong_FromLongLong(n));
}

/** A new sys.version_info: the Python that this is. */
export function versionInfo(): usize {
  const o = PyStructSequence_New(PyStructSequence_sys_version_info);
  if (o == 0) return 0;
  put(o, 0, 3);
  put(o, 1, 13);
  put(o, 2, 0);
  Tuple.set(o, 3, PyUnicode_FromLiteral("final"));
  put(o, 4, 0);
  return complete(o);
}

/** A new sys.flags. */
export function sysFlags(): usize {
  const o = PyStructSequence_New(PyStructSequence_sys_flags);
  if (o == 0) return 0;
  for (let i: isize = 0; i < 18; i++) put(o, i, 0);
  put(o, 4, 1);
  put(o, 18, 1);
  put(o, 17, intMaxStrDigits());
  // dev_mode and safe_path are bools. What put() made is immortal.
  Tuple.set(o, 13, _Py_FalseStruct);
  Tuple.set(o, 16, _Py_FalseStruct);
  return complete(o);
}

/** Writes into sys.flags whether hashes have a key in this process: 0, or -1 with an exception. */
export function noteHashSeed(): i32 {
  const flags = PyDict_GetItemLiteral(vmRoots.sysdict, "flags");
  if (flags == 0) return PyErr_Occurred() != 0 ? -1 : 0;
  put(flags, 11, objectsRoots.hash_seed != 0 || objectsRoots.hash_seed1 != 0 ? 1 : 0);
  return 0;
}

/** A new sys.hash_info. */
export function hashInfo(): usize {
  const o = PyStructSequence_New(PyStructSequence_sys_hash_info);
  if (o == 0) return 0;
  put(o, 0, 64);
  put(o, 1, 2305843009213693951);
  put(o, 2, 314159);
  put(o, 3, 0);
  put(o, 4, 1000003);
  Tuple.set(o, 5, PyUnicode_FromLiteral("siphash13"));
  put(o, 6, 64);
  put(o, 7, 128);
  put(o, 8, 0);
  return complete(o);
}

/** A new sys.int_info. */
export function intInfo(): usize {
  const o = PyStructSequence_New(PyStructSequence_sys_int_info);
  if (o == 0) return 0;
  put(o, 0, 30);
  put(o, 1, 4);
  put(o, 2, 4300);
  put(o, 3, 640);
  return complete(o);
}

/** A new sys.float_info. */
export function floatInfo(): usize {
  const o = PyStructSequence_New(PyStructSequence_sys_float_info);
  if (o == 0) return 0;
  Tuple.set(o, 0, PyFloat_FromDouble(f64.MAX_VALUE));
  put(o, 1, 1024);
  put(o, 2, 308);
  Tuple.set(o, 3, PyFloat_FromDouble(f64.MIN_NORMAL_VALUE));
  put(o, 4, -1021);
  put(o, 5, -307);
  put(o, 6, 15);
  put(o, 7, 53);
  Tuple.set(o, 8, PyFloat_FromDouble(f64.EPSILON));
  put(o, 9, 2);
  put(o, 10, 1);
  return complete(o);
}

/** A new sys.thread_info. */
export function threadInfo(): usize {
  const o = PyStructSequence_New(PyStructSequence_sys_thread_info);
  if (o == 0) return 0;
  Tuple.set(o, 0, PyUnicode_FromLiteral("pthread"));
  Tuple.set(o, 1, PyUnicode_FromLiteral("semaphore"));
  Tuple.set(o, 2, PyUnicode_FromLiteral("NPTL 2.36"));
  return complete(o);
}
