// The module _imp: what the import system of the standard library asks of the runtime (CPython 3.13's Python/import.c).
//
// Difference: there are no modules in shared libraries, so create_dynamic and exec_dynamic are not there, and
// extension_suffixes is empty.

import { Py_TPFLAGS_UNICODE_SUBCLASS, WAITING_LOCK } from "../generated/constants";
import { PyCodeObject } from "../generated/layouts";
import { impRoots, objectsRoots } from "../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyCode_Type,
  PyExc_ImportError,
  PyExc_RuntimeError,
  PyExc_TypeError,
} from "../generated/statics";
import { Frozen, findFrozen, frozenCode } from "../imports/frozen";
import { setImportError } from "../imports/importing";
import { PyMarshal_ReadObjectFromString } from "../marshal/read";
import { PyMem_RawFree } from "../memory/pymem";
import { newBytes } from "../objects/bytes/bytes";
import { BytesLike } from "../objects/bytes/common";
import { PyList_New } from "../objects/containers/list/list";
import { PyTuple_Pack3, Tuple } from "../objects/containers/tuple";
import { badArgument, strArgument } from "../objects/define/args";
import { PyErr_Clear, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../objects/errors/raise";
import { builtinModuleInit } from "../objects/module/inittab";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { boolObject } from "../objects/numbers/bool";
import { PyLong_FromLong } from "../objects/numbers/int/create";
import { Buffer, PyObject_CheckBuffer } from "../objects/object/buffer";
import { Py } from "../objects/object/head";
import { PyObject_GetAttr } from "../objects/protocol/access";
import { keyedHash } from "../objects/text/access";
import { _PyUnicode_Equal } from "../objects/text/compare";
import { PyUnicode_FromLiteral } from "../objects/text/create";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { tstate } from "../thread/current";
import { Scratch } from "../thread/scratch";
import { wakeFirst } from "../thread/wait";
import { awaitZero } from "./_thread/waiting";

/**
 * @native _imp.extension_suffixes($module, /)
 *
 * The ends of the names of files that are modules in machine code: there are none.
 */
export function imp_extension_suffixes(_m: usize): usize {
  return PyList_New(0);
}

/**
 * @native _imp.lock_held($module, /)
 *
 * Whether some thread is importing.
 */
export function imp_lock_held(_m: usize): usize {
  return boolObject(impRoots.lock_owner != 0);
}

/**
 * @native _imp.acquire_lock($module, /)
 *
 * Takes the lock of the import system, as often as the thread likes; waits while another holds it.
 */
export function imp_acquire_lock(_m: usize): usize {
  if (impRoots.lock_owner != tstate) {
    if (awaitZero(impRoots.lock_queue_slot, impRoots.lock_owner_slot, -1, WAITING_LOCK) < 0) return 0;
    impRoots.lock_owner = tstate;
  }
  impRoots.lock_count = impRoots.lock_count + 1;
  return _Py_NoneStruct;
}

/**
 * @native _imp.release_lock($module, /)
 *
 * Gives the lock of the import system back.
 */
export function imp_release_lock(_m: usize): usize {
  if (impRoots.lock_owner != tstate) return PyErr_SetString(PyExc_RuntimeError, "not holding the import lock");
  const count = impRoots.lock_count - 1;
  impRoots.lock_count = count;
  if (count == 0) {
    impRoots.lock_owner = 0;
    wakeFirst(impRoots.lock_queue_slot);
  }
  return _Py_NoneStruct;
}

/** The block of a frozen module, null where there is none; `size` as findFrozen has it. */
function blockOf(name: usize, fname: string, size: usize): usize {
  return strArgument(name, fname, "argument 1") ? findFrozen(name, size) : 0;
}

/**
 * @native _imp.find_frozen($module, name, /, *, withdata=False)
 *
 * What is known of a frozen module: a tuple of its data, whether it is a package, and its name in the library.
 *
 * None where there is no such module. Without withdata, None stands for the data.
 */
export function imp_find_frozen(_m: usize, name: usize, withdata: bool): usize {
  const size = Scratch.take(1);
  const block = blockOf(name, "find_frozen", size);
  const n = load<i32>(size);
  Scratch.give(size);
  if (block == 0) return PyErr_Occurred() != 0 ? 0 : _Py_NoneStruct;
  let data: usize = _Py_NoneStruct;
  if (withdata) {
    const code = Frozen.code(block);
    const length = n - <isize>(code - block);
    data = newBytes(length);
    if (data != 0) memory.copy(BytesLike.data(data), code, <usize>length);
  }
  const original = data == 0 ? 0 : Frozen.originalName(block);
  const r =
    original == 0 ? 0 : PyTuple_Pack3(data, Frozen.isPackage(block) ? _Py_TrueStruct : _Py_FalseStruct, original);
  PyMem_RawFree(block);
  Py.XDECREF(original);
  Py.XDECREF(data);
  return r;
}

/**
 * @native _imp.get_frozen_object($module, name, data=None, /)
 *
 * The code of a frozen module, or of its data as find_frozen() gives them.
 */
export function imp_get_frozen_object(_m: usize, name: usize, data: usize): usize {
  if (!strArgument(name, "get_frozen_object", "argument 1")) return 0;
  if (data == 0 || data == _Py_NoneStruct) return frozenCode(name);
  if (!PyObject_CheckBuffer(data)) return badArgument("get_frozen_object", "argument 2", "bytes", data);
  const view = Buffer.open(data);
  if (view == 0) return 0;
  const r = PyMarshal_ReadObjectFromString(Buffer.data(view), Buffer.length(view), true);
  Buffer.close(view);
  if (r == 0) {
    PyErr_Clear();
    const text = PyUnicode_FromFormat("Frozen object named %R is invalid", name);
    if (text != 0) {
      setImportError(PyExc_ImportError, text, name, 0, 0);
      Py.DECREF(text);
    }
    return 0;
  }
  if (Py.TYPE(r) == PyCode_Type) return r;
  Py.DECREF(r);
  return PyErr_Format(PyExc_TypeError, "frozen object %R is not a code object", name);
}

/**
 * @native _imp.is_frozen($module, name, /)
 *
 * Whether there is a frozen module of this name.
 */
export function imp_is_frozen(_m: usize, name: usize): usize {
  const size = Scratch.take(1);
  const block = blockOf(name, "is_frozen", size);
  Scratch.give(size);
  if (block == 0) return PyErr_Occurred() != 0 ? 0 : _Py_FalseStruct;
  PyMem_RawFree(block);
  return _Py_TrueStruct;
}

/**
 * @native _imp.is_frozen_package($module, name, /)
 *
 * Whether the frozen module of this name is a package.
 */
export function imp_is_frozen_package(_m: usize, name: usize): usize {
  const size = Scratch.take(1);
  const block = blockOf(name, "is_frozen_package", size);
  Scratch.give(size);
  if (block != 0) {
    const r = boolObject(Frozen.isPackage(block));
    PyMem_RawFree(block);
    return r;
  }
  if (PyErr_Occurred() != 0) return 0;
  const text = PyUnicode_FromFormat("No such frozen object named %R", name);
  if (text != 0) {
    setImportError(PyExc_ImportError, text, name, 0, 0);
    Py.DECREF(text);
  }
  return 0;
}

/**
 * @native _imp.is_builtin($module, name, /)
 *
 * 1 for a module that is part of the program, -1 for one of those that can be made only once, 0 for any other.
 */
export function imp_is_builtin(_m: usize, name: usize): usize {
  if (!strArgument(name, "is_builtin", "argument 1")) return 0;
  if (_PyUnicode_Equal(name, ID.builtins) || _PyUnicode_Equal(name, ID.sys)) return PyLong_FromLong(-1);
  return PyLong_FromLong(builtinModuleInit(name) != 0 ? 1 : 0);
}

/**
 * @native _imp.create_builtin($module, spec, /)
 *
 * A new module of those that are part of the program, as the spec names it; None where there is none.
 */
export function imp_create_builtin(_m: usize, spec: usize): usize {
  const name = PyObject_GetAttr(spec, ID.name);
  if (name == 0) return 0;
  let m: usize = 0;
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "name must be string, not %.200t", name);
  } else {
    const init = builtinModuleInit(name);
    m = init == 0 ? _Py_NoneStruct : call_indirect<usize>(init);
  }
  Py.DECREF(name);
  return m;
}

/**
 * @native _imp.exec_builtin($module, mod, /)
 *
 * Completes a module that create_builtin() has made: nothing is left to do.
 */
export function imp_exec_builtin(_m: usize, _mod: usize): usize {
  return PyLong_FromLong(0);
}

/**
 * @native _imp._fix_co_filename($module, code, path, /)
 *
 * Gives a code object and those within it the name of the file that it was read from.
 */
export function imp_fix_co_filename(_m: usize, code: usize, path: usize): usize {
  if (Py.TYPE(code) != PyCode_Type) return badArgument("_fix_co_filename", "argument 1", "code", code);
  if (!strArgument(path, "_fix_co_filename", "argument 2")) return 0;
  const old = Py.NewRef(PyCodeObject.at(code).co_filename);
  if (!_PyUnicode_Equal(old, path)) rename(code, old, path);
  Py.DECREF(old);
  return _Py_NoneStruct;
}

function rename(code: usize, old: usize, path: usize): void {
  const co = PyCodeObject.at(code);
  if (!_PyUnicode_Equal(co.co_filename, old)) return;
  Py.SETREF(co.co_filename_slot, Py.NewRef(path));
  for (let i: isize = 0; i < Tuple.size(co.co_consts); i++) {
    const c = Tuple.get(co.co_consts, i);
    if (Py.TYPE(c) == PyCode_Type) rename(c, old, path);
  }
}

/**
 * @native _imp.source_hash($module, /, key, source)
 */
export function imp_source_hash(_m: usize, key: i64, source: usize): usize {
  const view = Buffer.open(source);
  if (view == 0) return 0;
  const h = keyedHash(<u64>key, 0, Buffer.data(view), Buffer.length(view));
  Buffer.close(view);
  const r = newBytes(8);
  if (r != 0) store<u64>(BytesLike.data(r), h);
  return r;
}

/**
 * @native _imp._override_frozen_modules_for_tests($module, override, /)
 *
 * Says whether frozen modules are used: 1 yes, -1 no, 0 as the process was started.
 */
export function imp_override_frozen_modules(_m: usize, override_: i32): usize {
  objectsRoots.frozen_override = override_;
  return _Py_NoneStruct;
}

/**
 * @native _imp._override_multi_interp_extensions_check($module, override, /)
 *
 * What it was, 0: there are no extension modules.
 */
export function imp_override_multi_interp(_m: usize, _override: i32): usize {
  return PyLong_FromLong(0);
}

/**
 * @module _imp
 *
 * What the import system asks of the runtime.
 */
export function initImp(m: usize): i32 {
  return PyModule_AddObjectLiteral(m, "check_hash_based_pycs", PyUnicode_FromLiteral("default"));
}
