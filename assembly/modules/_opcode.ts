// The module _opcode (CPython 3.13's Modules/_opcode.c): what is known of the instructions, for opcode and dis. The facts
// are those of spec/opcodes.json. There are no executors, as in a CPython that is built without them.

import {
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyCode_Type,
} from "../generated/statics";
import * as op from "../generated/opcodes";
import { List, PyList_New } from "../objects/containers/list/list";
import { PyTuple_Pack2 } from "../objects/containers/tuple";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyLong_AsLongLong, PyLong_FromLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PyBool_FromBool } from "../objects/protocol/access";
import { cstringLength, PyUnicode_FromString } from "../objects/text/create";

/** Whether all the facts are true of the instruction. */
function has(opcode: i32, facts: u8): usize {
  const known = opcode >= 0 && opcode < op.OPCODES ? load<u8>(op.opFacts + <usize>opcode) : 0;
  return PyBool_FromBool((known & facts) == facts);
}

/**
 * @native _opcode.stack_effect($module, opcode, oparg=None, /, *, jump=None)
 *
 * By how much an instruction changes the depth.
 */
export function opcode_stack_effect(_m: usize, opcode: i32, oparg: usize, jump: usize): usize {
  let arg = 0;
  if (oparg != _Py_NoneStruct) {
    arg = <i32>PyLong_AsLongLong(oparg);
    if (arg == -1 && PyErr_Occurred()) return 0;
  }
  if (jump != _Py_NoneStruct && jump != _Py_TrueStruct && jump != _Py_FalseStruct) {
    return PyErr_SetString(PyExc_ValueError, "stack_effect: jump must be False, True or None");
  }
  const at = <usize>opcode;
  const fixed = opcode >= 0 && opcode < op.OPCODES ? load<i8>(op.opEffects + at) : op.NO_EFFECT;
  const least = fixed == op.NO_EFFECT ? op.ANY_ARGUMENT : load<i8>(op.opLeast + at);
  if (fixed == op.NO_EFFECT || (least != op.ANY_ARGUMENT && arg < <i32>least)) {
    return PyErr_SetString(PyExc_ValueError, "invalid opcode or oparg");
  }
  const ofJump = load<i8>(op.opEffectsOfJump + at);
  if (ofJump != 0 && jump != _Py_FalseStruct) return PyLong_FromLong(ofJump);
  return PyLong_FromLong(fixed == op.EFFECT_VARIES ? op.effectOf(opcode, arg) : <i32>fixed);
}

/**
 * @native _opcode.is_valid($module, /, opcode)
 *
 * Whether there is such an instruction.
 */
export function opcode_is_valid(_m: usize, opcode: i32): usize {
  return has(opcode, op.IS_VALID);
}

/**
 * @native _opcode.has_arg($module, /, opcode)
 *
 * Whether it has an argument that counts.
 */
export function opcode_has_arg(_m: usize, opcode: i32): usize {
  return has(opcode, op.IS_ARG);
}

/**
 * @native _opcode.has_const($module, /, opcode)
 *
 * Whether the argument is that of a constant.
 */
export function opcode_has_const(_m: usize, opcode: i32): usize {
  return has(opcode, op.IS_CONST);
}

/**
 * @native _opcode.has_name($module, /, opcode)
 *
 * Whether the argument is that of a name.
 */
export function opcode_has_name(_m: usize, opcode: i32): usize {
  return has(opcode, op.IS_NAME);
}

/**
 * @native _opcode.has_jump($module, /, opcode)
 *
 * Whether the argument is that of a target.
 */
export function opcode_has_jump(_m: usize, opcode: i32): usize {
  return has(opcode, op.IS_JUMP);
}

/**
 * @native _opcode.has_free($module, /, opcode)
 *
 * Whether the argument is that of a free variable or a cell.
 */
export function opcode_has_free(_m: usize, opcode: i32): usize {
  return has(opcode, op.IS_FREE);
}

/**
 * @native _opcode.has_local($module, /, opcode)
 *
 * Whether the argument is that of a local variable.
 */
export function opcode_has_local(_m: usize, opcode: i32): usize {
  return has(opcode, op.IS_LOCAL);
}

/**
 * @native _opcode.has_exc($module, /, opcode)
 *
 * Whether it sets a handler of exceptions.
 */
export function opcode_has_exc(_m: usize, opcode: i32): usize {
  return has(opcode, op.IS_EXC);
}

/**
 * @native _opcode.get_specialization_stats($module, /)
 *
 * What was counted of specialisations: nothing is.
 */
export function opcode_get_specialization_stats(_m: usize): usize {
  return _Py_NoneStruct;
}

/** A list of `n` names, each ended by a NUL; with `pairs` each is a tuple with the text that follows it. */
function namesAt(p: usize, n: i32, pairs: bool): usize {
  const list = PyList_New(n);
  for (let i = 0; list != 0 && i < n; i++) {
    let item = PyUnicode_FromString(p);
    p += <usize>cstringLength(p) + 1;
    if (item != 0 && pairs) {
      const name = item;
      const symbol = PyUnicode_FromString(p);
      p += <usize>cstringLength(p) + 1;
      item = symbol == 0 ? 0 : PyTuple_Pack2(name, symbol);
      Py.XDECREF(symbol);
      Py.DECREF(name);
    }
    if (item == 0) {
      Py.DECREF(list);
      return 0;
    }
    List.set(list, i, item);
  }
  return list;
}

/**
 * @native _opcode.get_nb_ops($module, /)
 *
 * The operators, as BINARY_OP counts them: names and symbols.
 */
export function opcode_get_nb_ops(_m: usize): usize {
  return namesAt(op.nbOps, op.nbOpsCount, true);
}

/**
 * @native _opcode.get_intrinsic1_descs($module, /)
 *
 * The names of the intrinsics that take one operand.
 */
export function opcode_get_intrinsic1_descs(_m: usize): usize {
  return namesAt(op.intrinsic1Names, op.intrinsic1Count, false);
}

/**
 * @native _opcode.get_intrinsic2_descs($module, /)
 *
 * The names of the intrinsics that take two.
 */
export function opcode_get_intrinsic2_descs(_m: usize): usize {
  return namesAt(op.intrinsic2Names, op.intrinsic2Count, false);
}

/**
 * @native _opcode.get_executor($module, /, code, offset)
 *
 * The executor at an offset of a code object, where there are executors.
 */
export function opcode_get_executor(_m: usize, code: usize, _offset: i32): usize {
  if (Py.TYPE(code) != PyCode_Type) return PyErr_Format(PyExc_TypeError, "expected a code object, not '%.100t'", code);
  return PyErr_SetString(PyExc_RuntimeError, "Executors are not available in this build");
}

/**
 * @module _opcode
 *
 * What is known of instructions.
 */
export function initOpcode(m: usize): i32 {
  return PyModule_AddObjectLiteral(m, "ENABLE_SPECIALIZATION", PyLong_FromLong(1));
}
