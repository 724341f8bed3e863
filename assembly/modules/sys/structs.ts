// The structure sequences of sys (CPython 3.13's Python/sysmodule.c): their fields, and the instances that describe
// this runtime.

import { vmRoots } from "../../generated/runtime";
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
import { PyDict_RequireItemLiteral } from "../../objects/containers/dict/dict";
import { nameStructFields, PyStructSequence_New, structType } from "../../objects/containers/structseq";
import { Tuple } from "../../objects/containers/tuple";
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

/**
 * @type sys.flags
 *
 * sys.flags
 *
 * What options of the command and the environment have switched on.
 *
 * @native sys.flags.__reduce__ = structseq_reduce
 *
 * @native sys.flags.__replace__($self, /, **changes) = structseq_replace
 * A copy of the tuple in which the fields named in changes have other values.
 *
 * @field sys.flags.debug
 * -d
 *
 * @field sys.flags.inspect
 * -i
 *
 * @field sys.flags.interactive
 * -i
 *
 * @field sys.flags.optimize
 * -O or -OO
 *
 * @field sys.flags.dont_write_bytecode
 * -B
 *
 * @field sys.flags.no_user_site
 * -s
 *
 * @field sys.flags.no_site
 * -S
 *
 * @field sys.flags.ignore_environment
 * -E
 *
 * @field sys.flags.verbose
 * -v
 *
 * @field sys.flags.bytes_warning
 * -b
 *
 * @field sys.flags.quiet
 * -q
 *
 * @field sys.flags.hash_randomization
 * -R
 *
 * @field sys.flags.isolated
 * -I
 *
 * @field sys.flags.dev_mode
 * -X dev
 *
 * @field sys.flags.utf8_mode
 * -X utf8
 *
 * @field sys.flags.warn_default_encoding
 * -X warn_default_encoding
 *
 * @field sys.flags.safe_path
 * -P
 *
 * @field sys.flags.int_max_str_digits
 * -X int_max_str_digits
 *
 * @field sys.flags.gil
 * -X gil
 */

/**
 * @type sys.version_info
 *
 * sys.version_info
 *
 * Which Python this is, in five parts.
 *
 * @native sys.version_info.__reduce__ = structseq_reduce
 *
 * @native sys.version_info.__replace__($self, /, **changes) = structseq_replace
 * A copy of the tuple in which the fields named in changes have other values.
 *
 * @field sys.version_info.major
 * the first number
 *
 * @field sys.version_info.minor
 * the second number
 *
 * @field sys.version_info.micro
 * the third number
 *
 * @field sys.version_info.releaselevel
 * how finished: alpha, beta, candidate or final
 *
 * @field sys.version_info.serial
 * which of its kind
 */

/**
 * @type sys.hash_info
 *
 * hash_info
 *
 * How hashes are computed: the parameters, in a tuple with names that cannot be changed.
 *
 * @native sys.hash_info.__reduce__ = structseq_reduce
 *
 * @native sys.hash_info.__replace__($self, /, **changes) = structseq_replace
 * A copy of the tuple in which the fields named in changes have other values.
 *
 * @field sys.hash_info.width
 * of how many bits the type for hashes is made
 *
 * @field sys.hash_info.modulus
 * the prime number by which hashes of numbers are remainders of it
 *
 * @field sys.hash_info.inf
 * what an infinity hashes to, if it is positive
 *
 * @field sys.hash_info.nan
 * was what a nan hashed to; unused
 *
 * @field sys.hash_info.imag
 * what the hash of an imaginary part is to be multiplied with
 *
 * @field sys.hash_info.algorithm
 * what str, bytes and memoryviews are hashed with, by name
 *
 * @field sys.hash_info.hash_bits
 * how many bits that hash has inside
 *
 * @field sys.hash_info.seed_bits
 * how many bits of seed there are
 *
 * @field sys.hash_info.cutoff
 * up to what length others are used
 */

/**
 * @type sys.int_info
 *
 * sys.int_info
 *
 * How ints are stored: digits in a large base, and the limits of their text, in a tuple with names that cannot be changed.
 *
 * @native sys.int_info.__reduce__ = structseq_reduce
 *
 * @native sys.int_info.__replace__($self, /, **changes) = structseq_replace
 * A copy of the tuple in which the fields named in changes have other values.
 *
 * @field sys.int_info.bits_per_digit
 * bits that a digit has
 *
 * @field sys.int_info.sizeof_digit
 * bytes that a digit takes up, unused bits included
 *
 * @field sys.int_info.default_max_str_digits
 * how many digits text may have if nothing is said
 *
 * @field sys.int_info.str_digits_check_threshold
 * the least limit that can be set, 0 aside
 */

/**
 * @type sys.float_info
 *
 * sys.float_info
 *
 * What the type float can represent: its range and precision, in a tuple with names that cannot be changed. The names are those of the constants in the header float.h of C, where more is said on each of them.
 *
 * @native sys.float_info.__reduce__ = structseq_reduce
 *
 * @native sys.float_info.__replace__($self, /, **changes) = structseq_replace
 * A copy of the tuple in which the fields named in changes have other values.
 *
 * @field sys.float_info.max
 * DBL_MAX: the greatest number that is finite
 *
 * @field sys.float_info.max_exp
 * DBL_MAX_EXP: radix**(e-1) is finite up to this e, the greatest
 *
 * @field sys.float_info.max_10_exp
 * DBL_MAX_10_EXP: 10**e is finite up to this e, the greatest
 *
 * @field sys.float_info.min
 * DBL_MIN: the least positive normal number
 *
 * @field sys.float_info.min_exp
 * DBL_MIN_EXP: radix**(e-1) is a normal number from this e on, the least of such
 *
 * @field sys.float_info.min_10_exp
 * DBL_MIN_10_EXP: 10**e is a normal float, too, from this e on
 *
 * @field sys.float_info.dig
 * DBL_DIG: so many decimal digits survive the way into a float and back, all of the number's own
 *
 * @field sys.float_info.mant_dig
 * DBL_MANT_DIG: digits in the radix
 *
 * @field sys.float_info.epsilon
 * DBL_EPSILON: what lies between 1 and the next larger number
 *
 * @field sys.float_info.radix
 * FLT_RADIX: the base of exponents
 *
 * @field sys.float_info.rounds
 * FLT_ROUNDS: the way sums are rounded, 1 for to the nearest
 */

/**
 * @type sys.thread_info
 *
 * sys.thread_info
 *
 * What threads are made of here, in a tuple with names to it.
 *
 * @native sys.thread_info.__reduce__ = structseq_reduce
 *
 * @native sys.thread_info.__replace__($self, /, **changes) = structseq_replace
 * A copy of the tuple in which the fields named in changes have other values.
 *
 * @field sys.thread_info.name
 * what threads are made with, by name
 *
 * @field sys.thread_info.lock
 * what locks are made with, by name
 *
 * @field sys.thread_info.version
 * which version of them, where known
 */

/**
 * @type UnraisableHookArgs
 *
 * UnraisableHookArgs
 *
 * What sys.unraisablehook receives, with names.
 *
 * @native UnraisableHookArgs.__reduce__ = structseq_reduce
 *
 * @native UnraisableHookArgs.__replace__($self, /, **changes) = structseq_replace
 * A copy of the tuple in which the fields named in changes have other values.
 *
 * @field UnraisableHookArgs.exc_type
 * the exception's type
 *
 * @field UnraisableHookArgs.exc_value
 * the exception
 *
 * @field UnraisableHookArgs.exc_traceback
 * where it was raised
 *
 * @field UnraisableHookArgs.err_msg
 * what to say of it
 *
 * @field UnraisableHookArgs.object
 * what it has happened to, or None
 */

/**
 * @type asyncgen_hooks
 *
 * asyncgen_hooks
 *
 * What is called for asynchronous generators, in a tuple with names that cannot be changed.
 *
 * @native asyncgen_hooks.__reduce__ = structseq_reduce
 *
 * @native asyncgen_hooks.__replace__($self, /, **changes) = structseq_replace
 * A copy of the tuple in which the fields named in changes have other values.
 *
 * @field asyncgen_hooks.firstiter
 * called when one is first iterated
 *
 * @field asyncgen_hooks.finalizer
 * called when one is to be finished
 */

/** Makes all the types: 0, or -1 with an exception. For initialisation. */
export function initSysStructs(): i32 {
  const v = PyStructSequence_sys_version_info;
  if (finishType(v, 5, false) < 0) return -1;

  const f = PyStructSequence_sys_flags;
  if (finishType(f, 18, false) < 0) return -1;

  const h = PyStructSequence_sys_hash_info;
  if (finishType(h, 9, true) < 0) return -1;

  const i = PyStructSequence_sys_int_info;
  if (finishType(i, 4, true) < 0) return -1;

  const d = PyStructSequence_sys_float_info;
  if (finishType(d, 11, true) < 0) return -1;

  const t = PyStructSequence_sys_thread_info;
  if (finishType(t, 3, true) < 0) return -1;

  const u = PyStructSequence_UnraisableHookArgs;
  if (finishType(u, 5, true) < 0) return -1;

  const a = PyStructSequence_asyncgen_hooks;
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

/** Makes sys.flags what the tuple says; an item more is the runtime's own. 0, or -1 with an exception. */
export function setFlags(values: usize): i32 {
  const flags = PyDict_RequireItemLiteral(vmRoots.sysdict, "flags");
  if (flags == 0) return -1;
  for (let i: isize = 0; i < Tuple.size(values); i++) {
    Py.SETREF(Tuple.items(flags) + ((<usize>i) << 3), Py.NewRef(Tuple.get(values, i)));
  }
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
