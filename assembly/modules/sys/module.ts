// The module sys (CPython 3.13's Python/sysmodule.c). Its functions are in the files of sys/; here are its values.
//
// What the program is called with (argv, path, orig_argv, executable, warnoptions) and the standard streams are set by
// who starts it; until then they are empty or None. The runtime describes itself as the CPython whose bytecode, data
// layouts and messages it has: name, cache tag and version are CPython 3.13.0's.

import { PyMethodDef, SIZEOF_PyMethodDef } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import { _Py_NoneStruct, _Py_TrueStruct } from "../../generated/statics";
import { PyDict_RequireItemLiteral, PyDict_New, PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { PyList_Append, PyList_AsTuple, PyList_New } from "../../objects/containers/list/list";
import { PyList_Sort } from "../../objects/containers/list/sort";
import { _PyNamespace_New } from "../../objects/containers/namespace";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { PyUnicode_InternFromString } from "../../objects/text/intern";
import { makeSysMonitoringModule } from "../generated/sys";
import { libraryModuleNames } from "./library";
import { floatInfo, hashInfo, intInfo, sysFlags, threadInfo, versionInfo } from "./structs";

const HEXVERSION: i32 = 0x030d00f0;
const DEFAULT_SWITCH_INTERVAL: f64 = 0.005;

function addText(m: usize, name: string, text: string): bool {
  return PyModule_AddObjectLiteral(m, name, PyUnicode_FromLiteral(text)) == 0;
}

function addNumber(m: usize, name: string, n: i64): bool {
  return PyModule_AddObjectLiteral(m, name, PyLong_FromLongLong(n)) == 0;
}

function addValue(m: usize, name: string, value: usize): bool {
  return PyModule_AddObjectLiteral(m, name, value) == 0;
}

function addVersion(m: usize): bool {
  return (
    addText(m, "version", "3.13.0 (main) [AssemblyScript]") &&
    addNumber(m, "hexversion", HEXVERSION) &&
    addNumber(m, "api_version", 1013) &&
    addText(
      m,
      "copyright",
      "Copyright (c) 2001-2024 Python Software Foundation.\nAll Rights Reserved.\n\nCopyright (c) 2000 BeOpen.com.\nAll Rights Reserved.\n\nCopyright (c) 1995-2001 Corporation for National Research Initiatives.\nAll Rights Reserved.\n\nCopyright (c) 1991-1995 Stichting Mathematisch Centrum, Amsterdam.\nAll Rights Reserved.",
    ) &&
    addText(m, "platform", "linux") &&
    addText(m, "abiflags", "") &&
    addText(m, "platlibdir", "lib") &&
    addText(m, "byteorder", "little") &&
    addText(m, "float_repr_style", "short") &&
    addNumber(m, "maxsize", i64.MAX_VALUE) &&
    addNumber(m, "maxunicode", 0x10ffff)
  );
}

function addStructs(m: usize): bool {
  return (
    addValue(m, "version_info", versionInfo()) &&
    addValue(m, "flags", sysFlags()) &&
    addValue(m, "hash_info", hashInfo()) &&
    addValue(m, "int_info", intInfo()) &&
    addValue(m, "float_info", floatInfo()) &&
    addValue(m, "thread_info", threadInfo()) &&
    addValue(m, "implementation", implementation())
  );
}

/** A new sys.implementation. */
function implementation(): usize {
  const d = PyDict_New();
  if (d == 0) return 0;
  const ok =
    setSteal(d, "name", PyUnicode_FromLiteral("cpython")) &&
    setSteal(d, "cache_tag", PyUnicode_FromLiteral("cpython-313")) &&
    setSteal(d, "version", versionInfo()) &&
    setSteal(d, "hexversion", PyLong_FromLong(HEXVERSION)) &&
    setSteal(d, "_multiarch", PyUnicode_FromLiteral("x86_64-linux-gnu"));
  const r = ok ? _PyNamespace_New(d) : 0;
  Py.DECREF(d);
  return r;
}

function setSteal(d: usize, name: string, v: usize): bool {
  if (v == 0) return false;
  const r = PyDict_SetItemLiteral(d, name, v);
  Py.DECREF(v);
  return r == 0;
}

/** What whoever starts the program sets. */
function addEnvironment(m: usize): bool {
  return (
    addValue(m, "argv", PyList_New(0)) &&
    addValue(m, "orig_argv", PyList_New(0)) &&
    addValue(m, "path", PyList_New(0)) &&
    addValue(m, "warnoptions", PyList_New(0)) &&
    addValue(m, "_xoptions", PyDict_New()) &&
    addValue(m, "meta_path", PyList_New(0)) &&
    addValue(m, "path_hooks", PyList_New(0)) &&
    addValue(m, "path_importer_cache", PyDict_New()) &&
    addText(m, "executable", "") &&
    addText(m, "_base_executable", "") &&
    addText(m, "prefix", "") &&
    addText(m, "base_prefix", "") &&
    addText(m, "exec_prefix", "") &&
    addText(m, "base_exec_prefix", "") &&
    addText(m, "_framework", "") &&
    addValue(m, "_home", _Py_NoneStruct) &&
    addValue(m, "_stdlib_dir", _Py_NoneStruct) &&
    addValue(m, "pycache_prefix", _Py_NoneStruct) &&
    addValue(m, "dont_write_bytecode", _Py_TrueStruct) &&
    addValue(m, "stdin", _Py_NoneStruct) &&
    addValue(m, "stdout", _Py_NoneStruct) &&
    addValue(m, "stderr", _Py_NoneStruct) &&
    addValue(m, "__stdin__", _Py_NoneStruct) &&
    addValue(m, "__stdout__", _Py_NoneStruct) &&
    addValue(m, "__stderr__", _Py_NoneStruct) &&
    addValue(m, "modules", Py.NewRef(vmRoots.modules)) &&
    addValue(m, "builtin_module_names", builtinNames()) &&
    addValue(m, "stdlib_module_names", libraryModuleNames())
  );
}

/** The names of the native modules, sorted: a new tuple. */
function builtinNames(): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  for (let def = vmRoots.inittab; load<u32>(def) != 0; def += SIZEOF_PyMethodDef) {
    const name = PyUnicode_InternFromString(PyMethodDef.at(def).ml_name);
    const r = name == 0 ? -1 : PyList_Append(list, name);
    Py.XDECREF(name);
    if (r < 0) {
      Py.DECREF(list);
      return 0;
    }
  }
  const r = PyList_Sort(list) < 0 ? 0 : PyList_AsTuple(list);
  Py.DECREF(list);
  return r;
}

/** sys.monitoring, and what belongs to it for as long as the process. */
function addMonitoring(m: usize): bool {
  return addValue(m, "monitoring", makeSysMonitoringModule());
}

/** The hooks are kept under second names, for who wants them back. */
function keepHooks(m: usize): bool {
  const d = PyModule_GetDict(m);
  return (
    keepHook(d, "displayhook", "__displayhook__") &&
    keepHook(d, "excepthook", "__excepthook__") &&
    keepHook(d, "unraisablehook", "__unraisablehook__") &&
    keepHook(d, "breakpointhook", "__breakpointhook__")
  );
}

function keepHook(d: usize, name: string, second: string): bool {
  const hook = PyDict_RequireItemLiteral(d, name);
  return hook != 0 && PyDict_SetItemLiteral(d, second, hook) == 0;
}

/** What an import finds: the module made at the start, which stays though a program may take it from sys.modules. */
export function sysAgain(): usize {
  return Py.NewRef(vmRoots.sys_module);
}

/**
 * @module sys
 * @maker sysAgain
 * @order displayhook excepthook unraisablehook breakpointhook exc_info exception exit getsizeof getrefcount
 * @order getallocatedblocks getunicodeinternedsize intern _is_interned _debugmallocstats getrecursionlimit
 * @order setrecursionlimit getswitchinterval setswitchinterval get_int_max_str_digits set_int_max_str_digits
 * @order getdefaultencoding getfilesystemencoding getfilesystemencodeerrors _getframe _getframemodulename
 * @order _current_frames settrace gettrace setprofile getprofile _settraceallthreads _setprofileallthreads
 * @order call_tracing audit addaudithook is_finalizing _is_gil_enabled is_stack_trampoline_active
 * @order _clear_type_cache _clear_internal_caches get_asyncgen_hooks set_asyncgen_hooks
 * @order get_coroutine_origin_tracking_depth set_coroutine_origin_tracking_depth
 *
 * The interpreter itself: what it knows and what it can be told.
 *
 * argv: the arguments of the command, what it runs first
 * modules: the modules that have been imported, by name
 * path: where modules are looked for
 * stdin, stdout, stderr: the streams that input(), print() and messages of errors use
 * __stdin__, __stdout__, __stderr__: what these were at the beginning
 * displayhook(), excepthook(), unraisablehook(), breakpointhook(): what is called for a value in interactive mode, for an exception that nobody catches, for one that cannot be raised, and by breakpoint(); each can be replaced
 *
 * version, version_info, hexversion, implementation: which Python this is
 * platform, byteorder, maxsize, maxunicode: what it runs on
 * flags, warnoptions: how it was started
 * int_info, float_info, hash_info, thread_info: what its types are made of
 * builtin_module_names: the modules that are part of it
 * executable, prefix, base_prefix: where it lies
 *
 * exc_info(), exception(): the exception that is being handled
 * exit(): end the program
 * getrefcount(), getsizeof(), getallocatedblocks(), _debugmallocstats(): what objects and their memory are doing
 * getrecursionlimit(), setrecursionlimit(): how deeply calls may be nested
 * getswitchinterval(), setswitchinterval(): how long a thread runs while others wait
 * get_int_max_str_digits(), set_int_max_str_digits(): how many digits a number may have when it is converted from or to text
 * intern(): one string of those that are equal
 * _getframe(): the frame of a call, with its variables
 * settrace(), setprofile(), gettrace(), getprofile(): functions that follow a program
 */
export function initSys(m: usize): i32 {
  vmRoots.switch_interval = DEFAULT_SWITCH_INTERVAL;
  return keepHooks(m) && addVersion(m) && addStructs(m) && addEnvironment(m) && addMonitoring(m) ? 0 : -1;
}
