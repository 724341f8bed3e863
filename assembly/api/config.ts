// What the process is told at its start (CPython 3.13's PyConfig, in Python/initconfig.c): a marshalled dict, made by
// src/process/config.ts, with PyConfig's names. It is kept for as long as the process; what sys shows of it is put there.

import { objectsRoots, vmRoots } from "../generated/runtime";
import { _Py_FalseStruct, _Py_NoneStruct, _Py_TrueStruct } from "../generated/statics";
import { readCompiled } from "../marshal/read";
import { setFlags } from "../modules/sys/structs";
import { PyDict_GetItemLiteral, PyDict_Merge, PyDict_SetItemLiteral } from "../objects/containers/dict/dict";
import { Tuple } from "../objects/containers/tuple";
import { PyErr_Clear, PyErr_NoMemory } from "../objects/errors/raise";
import { PyLong_AsLongLong } from "../objects/numbers/int/create";
import { setIntMaxStrDigits } from "../objects/numbers/int/text";

/** The places of some of sys.flags. */
const enum Flag {
  OPTIMIZE = 3,
  VERBOSE = 8,
  BYTES_WARNING = 9,
  INT_MAX_STR_DIGITS = 17,
}

/** Takes the configuration in the n bytes at p: 0, or -1 with an exception. */
export function configure(p: usize, n: isize): i32 {
  const config = readCompiled(p, n);
  if (config == 0) return -1;
  vmRoots.config = config;
  const flags = configItem("flags");
  const sys = configItem("sys");
  if (flags == 0 || sys == 0) {
    PyErr_NoMemory();
    return -1;
  }
  setFlags(flags);
  setIntMaxStrDigits(configFlag(Flag.INT_MAX_STR_DIGITS));
  objectsRoots.optimize = configFlag(Flag.OPTIMIZE);
  objectsRoots.bytes_warning = configFlag(Flag.BYTES_WARNING);
  objectsRoots.verbose = configFlag(Flag.VERBOSE);
  const debug = objectsRoots.optimize == 0 ? _Py_TrueStruct : _Py_FalseStruct;
  if (PyDict_SetItemLiteral(vmRoots.builtins, "__debug__", debug) < 0) return -1;
  return PyDict_Merge(vmRoots.sysdict, sys, 1);
}

/** What the configuration has under the name, borrowed; null where that is None, or not to be had. */
export function configItem(name: string): usize {
  const value = vmRoots.config == 0 ? 0 : PyDict_GetItemLiteral(vmRoots.config, name);
  if (value == 0) PyErr_Clear();
  return value == _Py_NoneStruct ? 0 : value;
}

/** Whether what the configuration has under the name is neither None nor False. */
export function configIsSet(name: string): bool {
  const value = configItem(name);
  return value != 0 && value != _Py_FalseStruct;
}

/** One of the flags, as it was given. */
function configFlag(flag: Flag): i32 {
  const flags = configItem("flags");
  return flags == 0 ? 0 : <i32>PyLong_AsLongLong(Tuple.get(flags, <isize>flag));
}
