// The module _blake2 (CPython 3.13's Modules/_blake2): its two types, whose parameters are mixed into the first words.

import { Py_TPFLAGS_IMMUTABLETYPE } from "../../generated/constants";
import {
  BLAKE2bObject_param,
  BLAKE2sObject_param,
  blake2_arguments,
  blake2b_param,
  blake2s_param,
  hash_state,
  PyTypeObject,
  SIZEOF_BLAKE2bObject,
  SIZEOF_BLAKE2sObject,
  SIZEOF_blake2_arguments,
  SIZEOF_blake2b_param,
} from "../../generated/layouts";
import { PyBLAKE2b_Type, PyBLAKE2s_Type, PyExc_OverflowError, PyExc_ValueError } from "../../generated/statics";
import { PyObject_Free } from "../../memory/pymem";
import { PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { intArgument, parseTupleAndKeywords, unsignedArgument } from "../../objects/define/args";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { PyType_GenericAlloc } from "../../objects/object/alloc";
import { PyObject_GenericGetAttr } from "../../objects/object/attributes";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyType_Ready } from "../../objects/types/ready";
import { Scratch } from "../../thread/scratch";
import { addNumbers } from "../numbers";
import { firstBLAKE2b } from "./blake2b";
import { firstBLAKE2s } from "./blake2s";
import { stateOf, withMessage } from "./objects";
import { beginHash, Hash, setLongWord, setShortWord, updateHash } from "./state";
import { longAt, wordAt } from "./words";

const KEYWORDS =
  "- digest_size key salt person fanout depth leaf_size node_offset node_depth inner_size last_node usedforsecurity";

/** Most bytes of result and key: of salt and person there can be a quarter as many. */
const BLAKE2B_OUTBYTES: i32 = 64;
const BLAKE2S_OUTBYTES: i32 = 32;

/** The greatest node_offset of BLAKE2s is below. */
const NODE_OFFSET_END: u64 = 1 << 48;

function isLong(type: usize): bool {
  return type == PyBLAKE2b_Type;
}

/** blake2b and blake2s(data=b'', /, *, digest_size, key=b'', salt=b'', ...) */
function blake2_new(type: usize, args: usize, kwargs: usize): usize {
  const argv = Scratch.take(<isize>(SIZEOF_blake2_arguments >> 3));
  const name = isLong(type) ? "blake2b" : "blake2s";
  let self: usize = 0;
  if (parseTupleAndKeywords(name, KEYWORDS, args, kwargs, argv, 0, 1)) {
    // The parameters of BLAKE2b are those of BLAKE2s, too, until these are made of them.
    const param = Scratch.take(<isize>(SIZEOF_blake2b_param >> 3));
    memory.fill(param, 0, SIZEOF_blake2b_param);
    const lastNode = readParameters(argv, param, isLong(type) ? BLAKE2B_OUTBYTES : BLAKE2S_OUTBYTES);
    if (lastNode >= 0) self = makeBLAKE2(type, param, argv, lastNode);
    Scratch.give(param);
  }
  Scratch.give(argv);
  return self;
}

/** An int of the arguments, `missing` where it is not given: -1 with an exception, or without. */
function intOr(o: usize, missing: i32): i32 {
  return o == 0 ? missing : intArgument(o);
}

function failed(v: i32): bool {
  return v == -1 && PyErr_Occurred() != 0;
}

/** Whether an int lies between two others; otherwise ValueError. */
function isBetween(v: i32, least: i32, most: i32, format: string): bool {
  if (v >= least && v <= most) return true;
  PyErr_Format(PyExc_ValueError, format, most);
  return false;
}

/** Copies the bytes of an argument, of which there may be `most`, to `to`: how many they are, -1 with an exception. */
function copyBytes(o: usize, to: usize, most: i32, format: string): i32 {
  if (o == 0) return 0;
  const view = Buffer.open(o);
  if (view == 0) return -1;
  const n = <i32>Buffer.length(view);
  const ok = n <= most;
  if (ok && to != 0) memory.copy(to, Buffer.data(view), <usize>n);
  Buffer.close(view);
  if (ok) return n;
  PyErr_Format(PyExc_ValueError, format, most);
  return -1;
}

/** Reads the arguments into the parameters of BLAKE2b: whether it is the last node, or -1 with an exception. */
function readParameters(argv: usize, param: usize, most: i32): i32 {
  const a = blake2_arguments.at(argv);
  const p = blake2b_param.at(param);
  const size = intOr(a.digest_size, most);
  if (failed(size)) return -1;
  const fanout = intOr(a.fanout, 1);
  if (failed(fanout)) return -1;
  const depth = intOr(a.depth, 1);
  if (failed(depth)) return -1;
  const leaf = a.leaf_size == 0 ? 0 : unsignedArgument(a.leaf_size);
  if (leaf == u64.MAX_VALUE && PyErr_Occurred()) return -1;
  const offset = a.node_offset == 0 ? 0 : unsignedArgument(a.node_offset, true);
  if (offset == u64.MAX_VALUE && PyErr_Occurred()) return -1;
  const nodeDepth = intOr(a.node_depth, 0);
  if (failed(nodeDepth)) return -1;
  const inner = intOr(a.inner_size, 0);
  if (failed(inner)) return -1;
  const lastNode = a.last_node == 0 ? 0 : PyObject_IsTrue(a.last_node);
  if (lastNode < 0 || (a.usedforsecurity != 0 && PyObject_IsTrue(a.usedforsecurity) < 0)) return -1;
  if (!isBetween(size, 1, most, "digest_size must be between 1 and %d bytes")) return -1;
  if (copyBytes(a.salt, p.salt, most >> 2, "maximum salt length is %d bytes") < 0) return -1;
  if (copyBytes(a.person, p.personal, most >> 2, "maximum person length is %d bytes") < 0) return -1;
  if (!isBetween(fanout, 0, 255, "fanout must be between 0 and 255")) return -1;
  if (!isBetween(depth, 1, 255, "depth must be between 1 and 255")) return -1;
  if (leaf > u32.MAX_VALUE) {
    PyErr_SetString(PyExc_OverflowError, "leaf_size is too large");
    return -1;
  }
  if (most == BLAKE2S_OUTBYTES && offset >= NODE_OFFSET_END) {
    PyErr_SetString(PyExc_OverflowError, "node_offset is too large");
    return -1;
  }
  if (!isBetween(nodeDepth, 0, 255, "node_depth must be between 0 and 255")) return -1;
  if (!isBetween(inner, 0, most, "inner_size must be between 0 and is %d")) return -1;
  const key = copyBytes(a.key, 0, most, "maximum key length is %d bytes");
  if (key < 0) return -1;
  p.digest_length = <u8>size;
  p.key_length = <u8>key;
  p.fanout = <u8>fanout;
  p.depth = <u8>depth;
  p.leaf_length = <u32>leaf;
  p.node_offset = offset;
  p.node_depth = <u8>nodeDepth;
  p.inner_length = <u8>inner;
  return lastNode;
}

/** Begins the hash of an object by the parameters at `param`, those of BLAKE2b. */
function begin(self: usize, param: usize, lastNode: bool): void {
  const type = Py.TYPE(self);
  const state = stateOf(self);
  if (isLong(type)) {
    memory.copy(self + BLAKE2bObject_param, param, SIZEOF_blake2b_param);
    beginHash(state, Hash.blake2b);
    for (let i: usize = 0; i < 8; i++) setLongWord(state, i, firstBLAKE2b(i) ^ longAt(param, i));
  } else {
    const p = blake2b_param.at(param);
    const own = self + BLAKE2sObject_param;
    const q = blake2s_param.at(own);
    q.digest_length = p.digest_length;
    q.key_length = p.key_length;
    q.fanout = p.fanout;
    q.depth = p.depth;
    q.leaf_length = p.leaf_length;
    q.node_offset = p.node_offset;
    q.node_depth = p.node_depth;
    q.inner_length = p.inner_length;
    memory.copy(q.salt, p.salt, 8);
    memory.copy(q.personal, p.personal, 8);
    beginHash(state, Hash.blake2s);
    for (let i: usize = 0; i < 8; i++) setShortWord(state, i, firstBLAKE2s(i) ^ wordAt(own, i));
  }
  hash_state.at(state).digest_size = blake2b_param.at(param).digest_length;
  hash_state.at(state).last_node = lastNode ? 1 : 0;
}

function makeBLAKE2(type: usize, param: usize, argv: usize, lastNode: i32): usize {
  const self = PyType_GenericAlloc(type, 0);
  if (self == 0) return 0;
  begin(self, param, lastNode != 0);
  const a = blake2_arguments.at(argv);
  if (blake2b_param.at(param).key_length > 0 && !addKey(self, a.key)) {
    Py.DECREF(self);
    return 0;
  }
  return withMessage(self, a.data);
}

/** Adds the key as the first block: false with an exception. */
function addKey(self: usize, key: usize): bool {
  const state = stateOf(self);
  const size = hash_state.at(state).block_size;
  const block = Scratch.take(<isize>(size >> 3));
  memory.fill(block, 0, size);
  const most = isLong(Py.TYPE(self)) ? BLAKE2B_OUTBYTES : BLAKE2S_OUTBYTES;
  const ok = copyBytes(key, block, most, "maximum key length is %d bytes") >= 0;
  if (ok) updateHash(state, block, size);
  Scratch.give(block);
  return ok;
}

function blake2_dealloc(self: usize): void {
  // As CPython: no key is left behind.
  const size = <usize>PyTypeObject.at(Py.TYPE(self)).tp_basicsize;
  memory.fill(stateOf(self), 0, self + size - stateOf(self));
  PyObject_Free(self);
}

function addConstant(dict: usize, name: string, value: i32): i32 {
  const v = PyLong_FromLong(value);
  if (v == 0) return -1;
  const r = PyDict_SetItemLiteral(dict, name, v);
  Py.DECREF(v);
  return r;
}

/** Readies a type and adds it to the module: 0, or -1 with an exception. */
function addBLAKE2Type(m: usize, name: string, type: usize, size: usize, most: i32): i32 {
  const t = PyTypeObject.at(type);
  t.tp_basicsize = size;
  t.tp_dealloc = blake2_dealloc.index;
  t.tp_getattro = PyObject_GenericGetAttr.index;
  t.tp_flags = Py_TPFLAGS_IMMUTABLETYPE;
  t.tp_new = blake2_new.index;
  t.tp_alloc = PyType_GenericAlloc.index;
  if (PyType_Ready(type) < 0) return -1;
  if (
    addConstant(t.tp_dict, "SALT_SIZE", most >> 2) < 0 ||
    addConstant(t.tp_dict, "PERSON_SIZE", most >> 2) < 0 ||
    addConstant(t.tp_dict, "MAX_KEY_SIZE", most) < 0 ||
    addConstant(t.tp_dict, "MAX_DIGEST_SIZE", most) < 0
  ) {
    return -1;
  }
  return PyModule_AddObjectLiteral(m, name, type);
}

/**
 * @type _blake2.blake2b(data=b'', /, *, digest_size=_blake2.blake2b.MAX_DIGEST_SIZE,
 *         key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0,
 *         node_offset=0, node_depth=0, inner_size=0, last_node=False,
 *         usedforsecurity=True)
 *
 * A new BLAKE2b, of these bytes so far.
 */

/**
 * @type _blake2.blake2s(data=b'', /, *, digest_size=_blake2.blake2s.MAX_DIGEST_SIZE,
 *         key=b'', salt=b'', person=b'', fanout=1, depth=1, leaf_size=0,
 *         node_offset=0, node_depth=0, inner_size=0, last_node=False,
 *         usedforsecurity=True)
 *
 * A new BLAKE2s, of these bytes so far.
 */

/**
 * @module _blake2
 *
 * BLAKE2b and BLAKE2s, with all that they can be told
 */
export function initBLAKE2(m: usize): i32 {
  if (
    addBLAKE2Type(m, "blake2b", PyBLAKE2b_Type, SIZEOF_BLAKE2bObject, BLAKE2B_OUTBYTES) < 0 ||
    addBLAKE2Type(m, "blake2s", PyBLAKE2s_Type, SIZEOF_BLAKE2sObject, BLAKE2S_OUTBYTES) < 0
  ) {
    return -1;
  }
  return addNumbers(
    PyModule_GetDict(m),
    `BLAKE2B_SALT_SIZE 16 BLAKE2B_PERSON_SIZE 16 BLAKE2B_MAX_KEY_SIZE 64 BLAKE2B_MAX_DIGEST_SIZE 64
     BLAKE2S_SALT_SIZE 8 BLAKE2S_PERSON_SIZE 8 BLAKE2S_MAX_KEY_SIZE 32 BLAKE2S_MAX_DIGEST_SIZE 32`,
  );
}
