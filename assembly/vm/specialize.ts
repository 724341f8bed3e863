// Which specialised form an instruction takes, and when (CPython 3.13's Python/specialize.c; the policy is our own).
//
// An instruction that goes the general way tells here what it has met. Where a form of it serves that, its opcode is
// overwritten and its cache filled; the form's own case in the loop checks that what the cache says is still so, and
// goes the general way otherwise. The forms are those that spec/opcodes.json calls implemented.
//
// The first part of every cache is a counter: how many times yet the general way is gone before the next attempt.

import {
  CO_OPTIMIZED,
  CO_VARARGS,
  CO_VARKEYWORDS,
  Py_TPFLAGS_INLINE_VALUES,
  Py_TPFLAGS_MANAGED_DICT,
  Py_TPFLAGS_METHOD_DESCRIPTOR,
} from "../generated/constants";
import {
  _Py_CODEUNIT,
  _PyInterpreterFrame,
  PyCodeObject,
  PyDictKeysObject,
  PyDictObject,
  PyDictUnicodeEntry_me_value,
  PyDictValues,
  PyFunctionObject,
  PyHeapTypeObject,
  PyMemberDef,
  PyMemberDescrObject,
  PyModuleObject,
  PyTypeObject,
  SIZEOF_PyDictKeysObject,
  SIZEOF_PyDictUnicodeEntry,
} from "../generated/layouts";
import * as op from "../generated/opcodes";
import {
  BinaryOpCache,
  CallCache,
  LoadAttrCache,
  LoadGlobalCache,
  StoreAttrCache,
  UnpackSequenceCache,
} from "../generated/opcodes";
import {
  ID,
  PyDict_Type,
  PyFunction_Type,
  PyList_Type,
  PyMemberDescr_Type,
  PyModule_Type,
  PyProperty_Type,
  PyTuple_Type,
  PyType_Type,
} from "../generated/statics";
import { _PyFunction_GetVersionForCurrentState } from "../objects/code/function";
import { _PyDict_KeysGetVersion, _PyDictKeys_StringLookup } from "../objects/containers/dict/keys";
import { Py_READONLY, Py_T_OBJECT_EX } from "../objects/define/tables";
import { Long } from "../objects/numbers/int/access";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../objects/object/attributes";
import { Py } from "../objects/object/head";
import { object_new } from "../objects/types/base";
import { _PyType_Lookup, assignVersionTag, PyType_IsSubtype } from "../objects/types/lookup";
import { Frame } from "./frame";

/** How often an instruction goes the general way before it is specialised again. */
const ATTEMPT_INTERVAL: u16 = 30;

/** What the caches of the instructions that are specialised begin with. */
class Attempts {
  /** Counts one more time of going the general way: whether to try now. */
  @inline static due(pc: usize): bool {
    const cache = BinaryOpCache.of(pc);
    const counter = cache.counter;
    cache.counter = counter == 0 ? ATTEMPT_INTERVAL : counter - 1;
    return counter == 0;
  }

  /** Puts the next one off. */
  @inline static putOff(pc: usize): void {
    BinaryOpCache.of(pc).counter = ATTEMPT_INTERVAL;
  }
}

/**
 * The counter where it is CPython's (Include/internal/pycore_backoff.h): where the general way makes an object that the
 * other does not, how often it is gone is seen. The upper 12 bits are how often it is gone before the next attempt, the
 * lower 4 the binary logarithm of how many times more after one that fails.
 */
class Backoff {
  /** Of an instruction that has not run yet; its cache is 0. */
  static readonly WARMUP: u16 = (1 << 4) | 1;
  /** Of one that has just been specialised. */
  static readonly COOLDOWN: u16 = 52 << 4;
  static readonly MOST: u16 = 12;

  /** The counter after an attempt that has failed. */
  @inline static restarted(counter: u16): u16 {
    const backoff = min<u16>((counter & 15) + 1, Backoff.MOST);
    return <u16>((((1 << backoff) - 1) << 4) | backoff);
  }
}

class Instruction {
  /** The address of the one that runs. */
  @inline static running(f: usize): usize {
    return _PyInterpreterFrame.at(f).instr_ptr;
  }

  /** Makes the one at `pc` another form of itself, unless somebody watches it. */
  @inline static become(pc: usize, form: i32): void {
    const now: i32 = _Py_CODEUNIT.at(pc).code;
    if (now < op.MIN_INSTRUMENTED_OPCODE) _Py_CODEUNIT.at(pc).code = <u8>form;
  }
}

// LOAD_SUPER_ATTR

/**
 * Whether the running LOAD_SUPER_ATTR has run before. The first time it makes the super object, as in CPython, where it is
 * specialised the second time: the object counts as an allocation, which may make a collection due.
 */
export function superWarm(f: usize): bool {
  const cache = BinaryOpCache.of(Instruction.running(f));
  if (cache.counter != 0) return true;
  cache.counter = 1;
  return false;
}

// UNPACK_SEQUENCE

/** The form that unpacks the object into `count` values; UNPACK_SEQUENCE where only the general way does. */
function unpackInstruction(o: usize, count: i32): i32 {
  const type = Py.TYPE(o);
  if ((type != PyTuple_Type && type != PyList_Type) || Py.SIZE(o) != count) return op.UNPACK_SEQUENCE;
  if (type == PyList_Type) return op.UNPACK_SEQUENCE_LIST;
  return count == 2 ? op.UNPACK_SEQUENCE_TWO_TUPLE : op.UNPACK_SEQUENCE_TUPLE;
}

/**
 * Whether the running UNPACK_SEQUENCE unpacks the object without an iterator, which would count as an allocation: as what it
 * is specialised for, which may happen here.
 */
export function specializeUnpack(f: usize, o: usize, count: i32): bool {
  const pc = Instruction.running(f);
  const form = unpackInstruction(o, count);
  const now: i32 = _Py_CODEUNIT.at(pc).code;
  if (form == now && form != op.UNPACK_SEQUENCE) return true;
  if (now >= op.MIN_INSTRUMENTED_OPCODE) return false;
  const cache = UnpackSequenceCache.of(pc);
  let counter = cache.counter;
  if (now == op.UNPACK_SEQUENCE && counter == 0) counter = Backoff.WARMUP;
  if (counter >> 4 != 0) {
    cache.counter = counter - (1 << 4);
    return false;
  }
  const served = form != op.UNPACK_SEQUENCE;
  cache.counter = served ? Backoff.COOLDOWN : Backoff.restarted(counter) - (1 << 4);
  Instruction.become(pc, form);
  return served;
}

// RESUME

/** One that has found nothing to do is likely to find nothing the next time. */
export function specializeResume(pc: usize): void {
  Instruction.become(pc, op.RESUME_CHECK);
}

// BINARY_OP

/**
 * Tells that the form `wanted` of the running BINARY_OP (or BINARY_OP itself, for none) would have served. What was
 * specialised for other operands waits first.
 */
export function specializeBinary(f: usize, wanted: i32): void {
  const pc = Instruction.running(f);
  const now: i32 = _Py_CODEUNIT.at(pc).code;
  if (now == wanted) return;
  if (now != op.BINARY_OP) {
    Instruction.become(pc, op.BINARY_OP);
    Attempts.putOff(pc);
  } else if (Attempts.due(pc)) Instruction.become(pc, wanted);
}

/** The form that serves two ints. */
export function intInstruction(v: usize, w: usize, oparg: i32): i32 {
  if (!Long.bothCompact(v, w)) return op.BINARY_OP;
  if (oparg == op.NB_ADD || oparg == op.NB_INPLACE_ADD) return op.BINARY_OP_ADD_INT;
  if (oparg == op.NB_SUBTRACT || oparg == op.NB_INPLACE_SUBTRACT) return op.BINARY_OP_SUBTRACT_INT;
  if (oparg == op.NB_MULTIPLY || oparg == op.NB_INPLACE_MULTIPLY) return op.BINARY_OP_MULTIPLY_INT;
  return op.BINARY_OP;
}

/** The form that serves two floats. */
export function floatInstruction(oparg: i32): i32 {
  if (oparg == op.NB_ADD || oparg == op.NB_INPLACE_ADD) return op.BINARY_OP_ADD_FLOAT;
  if (oparg == op.NB_SUBTRACT || oparg == op.NB_INPLACE_SUBTRACT) return op.BINARY_OP_SUBTRACT_FLOAT;
  if (oparg == op.NB_MULTIPLY || oparg == op.NB_INPLACE_MULTIPLY) return op.BINARY_OP_MULTIPLY_FLOAT;
  return op.BINARY_OP;
}

/** The form that serves `v + w` of texts: of use where the next instruction stores into the local that holds `v`. */
export function textInstruction(f: usize, v: usize): i32 {
  const follows = _Py_CODEUNIT.at(Instruction.running(f) + 2 + op.BINARY_OP_SKIP);
  const stores = follows.code == op.STORE_FAST && load<u32>(Frame.local(f, follows.arg)) == <u32>v;
  return stores ? op.BINARY_OP_INPLACE_ADD_UNICODE : op.BINARY_OP;
}

// CALL

/** Makes the running CALL expect this function, whose parameters are exactly the arguments, where it is time to. */
export function specializeCall(f: usize, func: usize): void {
  const pc = Instruction.running(f);
  if (!Attempts.due(pc)) return;
  const version = _PyFunction_GetVersionForCurrentState(func);
  if (version == 0) return;
  CallCache.of(pc).func_version = version;
  Instruction.become(pc, op.CALL_PY_EXACT_ARGS);
}

/** Another function is called by the running CALL_PY_EXACT_ARGS: the general way, for a while. */
export function despecializeCall(f: usize): void {
  const pc = Instruction.running(f);
  Instruction.become(pc, op.CALL);
  Attempts.putOff(pc);
}

/** The counter of a CALL that goes the general way for good, as what it has called is called in no other. */
const SETTLED: u16 = 0xffff;

/**
 * Whether the running CALL makes an object of the class and enters its __init__ at once: as what it is specialised for,
 * which may happen here. As often as CPython, it goes the general way instead: that has the arguments in a tuple too, which
 * their reference counts and the collector show.
 */
export function specializeInit(f: usize, type: usize, count: i32): bool {
  const pc = Instruction.running(f);
  const now: i32 = _Py_CODEUNIT.at(pc).code;
  const t = PyTypeObject.at(type);
  const cache = CallCache.of(pc);
  let counter = cache.counter;
  if (now == op.CALL_ALLOC_AND_ENTER_INIT) {
    if (cache.func_version == t.tp_version_tag) return true;
  } else {
    if (now >= op.MIN_INSTRUMENTED_OPCODE || counter == SETTLED) return false;
    if (counter == 0) counter = Backoff.WARMUP;
  }
  if (counter >> 4 != 0) {
    cache.counter = counter - (1 << 4);
    return false;
  }
  Instruction.become(pc, op.CALL);
  cache.counter = SETTLED;
  if (t.tp_new != object_new.index || !(t.tp_flags & Py_TPFLAGS_INLINE_VALUES)) return false;
  const init = _PyType_Lookup(type, ID.__init__);
  if (init == 0 || Py.TYPE(init) != PyFunction_Type) return false;
  const code = PyCodeObject.at(PyFunctionObject.at(init).func_code);
  const flags = code.co_flags;
  if (flags & (CO_VARARGS | CO_VARKEYWORDS) || code.co_kwonlyargcount != 0 || !(flags & CO_OPTIMIZED)) return false;
  if (code.co_argcount != count + 1 || !assignVersionTag(type)) {
    cache.counter = Backoff.restarted(counter) - (1 << 4);
    return false;
  }
  cache.counter = Backoff.COOLDOWN;
  cache.func_version = t.tp_version_tag;
  Instruction.become(pc, op.CALL_ALLOC_AND_ENTER_INIT);
  return true;
}

// LOAD_GLOBAL

/** From a table of keys to the value of its first entry, had it no indices. */
const FIRST_VALUE: usize = SIZEOF_PyDictKeysObject + PyDictUnicodeEntry_me_value;

/** The entries of a table with string keys. */
export class Entry {
  /** The value of entry i, borrowed; null where it has been deleted. */
  @inline static value(keys: usize, i: i32): usize {
    const indexBytes = (<usize>1) << PyDictKeysObject.at(keys).dk_log2_index_bytes;
    return load<u32>(keys + indexBytes + <usize>i * SIZEOF_PyDictUnicodeEntry, FIRST_VALUE);
  }
}

/** Specialises the running LOAD_GLOBAL where globals and builtins are plain dicts with string keys and small versions. */
export function specializeGlobal(f: usize, name: usize): void {
  const frame = _PyInterpreterFrame.at(f);
  const g = frame.f_globals;
  const b = frame.f_builtins;
  if (Py.TYPE(g) != PyDict_Type || PyDictObject.at(g).ma_values != 0) return;
  const gk = PyDictObject.at(g).ma_keys;
  if (PyDictKeysObject.at(gk).dk_kind == 0) return;
  const pc = frame.instr_ptr;
  const cache = LoadGlobalCache.of(pc);
  let index = _PyDictKeys_StringLookup(gk, name);
  const gv = _PyDict_KeysGetVersion(gk);
  if (gv == 0 || gv > 0xffff) return;
  if (index >= 0) {
    if (index > 0xffff) return;
    cache.module_keys_version = <u16>gv;
    cache.index = <u16>index;
    Instruction.become(pc, op.LOAD_GLOBAL_MODULE);
    return;
  }
  if (Py.TYPE(b) != PyDict_Type || PyDictObject.at(b).ma_values != 0) return;
  const bk = PyDictObject.at(b).ma_keys;
  if (PyDictKeysObject.at(bk).dk_kind == 0) return;
  index = _PyDictKeys_StringLookup(bk, name);
  if (index < 0 || index > 0xffff) return;
  const bv = _PyDict_KeysGetVersion(bk);
  if (bv == 0 || bv > 0xffff) return;
  cache.module_keys_version = <u16>gv;
  cache.builtin_keys_version = <u16>bv;
  cache.index = <u16>index;
  Instruction.become(pc, op.LOAD_GLOBAL_BUILTIN);
}

// LOAD_ATTR and STORE_ATTR. An index is the byte offset from the object, of LOAD_ATTR_MODULE that of the entry.

/** An instance's attributes that are part of it. */
export class Inline {
  /** The inline values of an object of type `t`, which has such. */
  @inline static values(o: usize, t: PyTypeObject): PyDictValues {
    return PyDictValues.at(o + <usize>t.tp_basicsize);
  }

  /** Whether the instance has inline values and its class's shared keys are still those of the version. */
  @inline static hideNothing(o: usize, t: PyTypeObject, keysVersion: u32): bool {
    const keys = PyHeapTypeObject.at(changetype<usize>(t)).ht_cached_keys;
    return Inline.values(o, t).valid != 0 && PyDictKeysObject.at(keys).dk_version == keysVersion;
  }
}

/** The byte offset from the object of inline value i. */
function valueOffset(t: PyTypeObject, i: isize): usize {
  return <usize>t.tp_basicsize + PyDictValues.at(0).values + ((<usize>i) << 3);
}

/** Whether what the descriptor names is a part of instances of `type`: it may stand in a class that it was not made for. */
function isOfItsClass(type: usize, descr: usize): bool {
  return PyType_IsSubtype(type, PyMemberDescrObject.at(descr).d_type);
}

/** Specialises the running LOAD_ATTR for `o`, where it is time to; `method`: it is to be called. */
export function specializeLoad(f: usize, o: usize, name: usize, method: bool): void {
  const pc = Instruction.running(f);
  if (!Attempts.due(pc)) return;
  const cache = LoadAttrCache.of(pc);
  const type = Py.TYPE(o);
  const t = PyTypeObject.at(type);
  if (type == PyModule_Type) specializeModule(pc, o, name);
  else if (type == PyType_Type) specializeClass(pc, o, name);
  if (t.tp_getattro != PyObject_GenericGetAttr.index || !assignVersionTag(type)) return;
  const descr = _PyType_Lookup(type, name);
  if (descr == 0) {
    if (!(t.tp_flags & Py_TPFLAGS_INLINE_VALUES)) return;
    const i = _PyDictKeys_StringLookup(PyHeapTypeObject.at(type).ht_cached_keys, name);
    if (i < 0) return;
    const offset = valueOffset(t, i);
    if (offset > 0xffff) return;
    cache.version = t.tp_version_tag;
    cache.index = <u16>offset;
    Instruction.become(pc, op.LOAD_ATTR_INSTANCE_VALUE);
    return;
  }
  const dt = PyTypeObject.at(Py.TYPE(descr));
  if (Py.TYPE(descr) == PyMemberDescr_Type) {
    const m = PyMemberDef.at(PyMemberDescrObject.at(descr).d_member);
    if (m.type != Py_T_OBJECT_EX || <u32>m.offset > 0xffff || !isOfItsClass(type, descr)) return;
    cache.version = t.tp_version_tag;
    cache.index = <u16>m.offset;
    Instruction.become(pc, op.LOAD_ATTR_SLOT);
    return;
  }
  if (Py.TYPE(descr) == PyProperty_Type) {
    if (method) return;
    cache.descr = descr;
    cache.version = t.tp_version_tag;
    Instruction.become(pc, op.LOAD_ATTR_PROPERTY);
    return;
  }
  // What is left is found in the class where the instance does not hide it: a method, or a value that binds to nothing.
  const isMethod = method && (dt.tp_flags & Py_TPFLAGS_METHOD_DESCRIPTOR) != 0;
  if (!isMethod && (dt.tp_descr_get != 0 || dt.tp_descr_set != 0)) return;
  if (t.tp_flags & Py_TPFLAGS_INLINE_VALUES) {
    const keys = PyHeapTypeObject.at(type).ht_cached_keys;
    if (_PyDictKeys_StringLookup(keys, name) >= 0) return;
    const version = _PyDict_KeysGetVersion(keys);
    if (version == 0) return;
    cache.keys_version = version;
    cache.descr = descr;
    cache.version = t.tp_version_tag;
    Instruction.become(pc, isMethod ? op.LOAD_ATTR_METHOD_WITH_VALUES : op.LOAD_ATTR_NONDESCRIPTOR_WITH_VALUES);
  } else if (t.tp_dictoffset == 0 && !(t.tp_flags & Py_TPFLAGS_MANAGED_DICT)) {
    cache.descr = descr;
    cache.version = t.tp_version_tag;
    Instruction.become(pc, isMethod ? op.LOAD_ATTR_METHOD_NO_DICT : op.LOAD_ATTR_NONDESCRIPTOR_NO_DICT);
  }
}

function specializeModule(pc: usize, o: usize, name: usize): void {
  const d = PyModuleObject.at(o).md_dict;
  if (PyDictObject.at(d).ma_values != 0) return;
  const keys = PyDictObject.at(d).ma_keys;
  if (PyDictKeysObject.at(keys).dk_kind == 0) return;
  const i = _PyDictKeys_StringLookup(keys, name);
  const version = _PyDict_KeysGetVersion(keys);
  if (i < 0 || i > 0xffff || version == 0) return;
  const cache = LoadAttrCache.of(pc);
  cache.version = version;
  cache.index = <u16>i;
  Instruction.become(pc, op.LOAD_ATTR_MODULE);
}

/** An attribute of a class whose metaclass is type, which has none of that name itself. */
function specializeClass(pc: usize, o: usize, name: usize): void {
  if (_PyType_Lookup(PyType_Type, name) != 0 || !assignVersionTag(o)) return;
  const v = _PyType_Lookup(o, name);
  if (v == 0) return;
  // A function asked for from its class is itself.
  if (PyTypeObject.at(Py.TYPE(v)).tp_descr_get != 0 && Py.TYPE(v) != PyFunction_Type) return;
  const cache = LoadAttrCache.of(pc);
  cache.descr = v;
  cache.version = PyTypeObject.at(o).tp_version_tag;
  Instruction.become(pc, op.LOAD_ATTR_CLASS);
}

/** Specialises the running STORE_ATTR for `o`, where it is time to. */
export function specializeStore(f: usize, o: usize, name: usize): void {
  const pc = Instruction.running(f);
  if (!Attempts.due(pc)) return;
  const cache = StoreAttrCache.of(pc);
  const type = Py.TYPE(o);
  const t = PyTypeObject.at(type);
  if (t.tp_setattro != PyObject_GenericSetAttr.index || !assignVersionTag(type)) return;
  const descr = _PyType_Lookup(type, name);
  if (descr != 0) {
    if (Py.TYPE(descr) != PyMemberDescr_Type) return;
    const m = PyMemberDef.at(PyMemberDescrObject.at(descr).d_member);
    if (m.type != Py_T_OBJECT_EX || m.flags & Py_READONLY || <u32>m.offset > 0xffff) return;
    if (!isOfItsClass(type, descr)) return;
    cache.version = t.tp_version_tag;
    cache.index = <u16>m.offset;
    Instruction.become(pc, op.STORE_ATTR_SLOT);
    return;
  }
  if (!(t.tp_flags & Py_TPFLAGS_INLINE_VALUES)) return;
  const i = _PyDictKeys_StringLookup(PyHeapTypeObject.at(type).ht_cached_keys, name);
  if (i < 0) return;
  const offset = valueOffset(t, i);
  if (offset > 0xffff) return;
  cache.version = t.tp_version_tag;
  cache.index = <u16>offset;
  Instruction.become(pc, op.STORE_ATTR_INSTANCE_VALUE);
}
