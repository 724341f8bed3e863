// The life of the process: bringing the runtime up on an empty memory, and taking it down until nothing is left
// (CPython 3.13's Python/pylifecycle.c).
//
// The order of the start matters: memory, roots, the thread, the slots of every built-in type, immortal objects, then
// the types' dictionaries, which need strings, dicts and tuples; modules last. The end is the way back, and what is
// then still allocated is a leak.
//
// What initialize() makes depends on its arguments and on the library alone, so a build can do it once and keep the memory: a process then
// starts with resume() on a copy. openStreams() follows either, and is the first to ask the host for anything.

import {
  abandonCollection,
  collectForShutdown,
  initCollector,
  NUM_GENERATIONS,
  PyGC_Collect,
  unfreezeForShutdown,
} from "../gc/collector";
import { finalizableObjects } from "../gc/finalizable";
import { COLLECTION_REASON_SHUTDOWN, SCRATCH_SLOTS } from "../generated/constants";
import {
  PyErr_StackItem,
  PyThreadState,
  PyTypeObject,
  SIZEOF_PyThreadState,
  SIZEOF_PyTypeObject,
} from "../generated/layouts";
import {
  gcRoots,
  gilRoots,
  memoryRoots,
  objectsRoots,
  osRoots,
  ROOT_REFERENCE_COUNT,
  rootReferences,
  signalRoots,
  STATIC_OBJECTS_END_ADDRESS,
  STATIC_TYPES_ADDRESS,
  threadsRoots,
  vmRoots,
} from "../generated/runtime";
import * as S from "../generated/statics";
import {
  _Py_NoDefaultStruct,
  _PyNoDefault_Type,
  STATIC_TYPE_COUNT,
  STATICS_FREE,
  staticTypeNames,
} from "../generated/statics";
import { hasLibrary } from "../imports/frozen";
import { startImportlib } from "../imports/importlib";
import { initImports } from "../imports/importing";
import { returnEmptyArenas } from "../memory/arena";
import { PyObject_Free, PyObject_Malloc, pymemInit } from "../memory/pymem";
import { finalizeAst } from "../modules/_ast/classes";
import { finalizeCodecs, lookupCodec } from "../modules/_codecs/registry";
import { initIo, initIoTypes, makeStandardStreams } from "../modules/_io/module";
import { clearAsyncState, clearOtherThreads, hasThreads, waitForThreads } from "../modules/_thread/bootstrap";
import { callAtExit, hasCallbacks } from "../modules/atexit";
import { finalizeGc, tellGarbageLeft } from "../modules/gc";
import { initHostFunctionType } from "../modules/hostfunction";
import { finalizeUnicodedata } from "../modules/unicodedata/database";
import { clearMonitoring } from "../modules/sys/monitoring";
import { makeIoModule } from "../modules/generated/_io";
import { makeBuiltinsModule } from "../modules/generated/builtins";
import { defineModuleTypes, moduleTable } from "../modules/generated/registry";
import { refreshEnvironment } from "../modules/posix/module";
import { makeSysModule } from "../modules/generated/sys";
import { initSysStructs } from "../modules/sys/structs";
import { initCellType } from "../objects/code/cell";
import { initCodeType } from "../objects/code/code";
import { initFrameType } from "../objects/code/frame";
import { initFrameLocalsType } from "../objects/code/framelocals";
import { initFunctionType } from "../objects/code/function";
import { initMethodWrapperTypes } from "../objects/code/methodwrappers";
import { stopTracing } from "../objects/code/origins";
import {
  PyDict_Clear,
  PyDict_Copy,
  PyDict_DelItem,
  PyDict_GetItemLiteral,
  PyDict_GetItemWithError,
  PyDict_Merge,
  PyDict_New,
  PyDict_Next,
  PyDict_SetItem,
  PyDict_SetItemLiteral,
  PyDict_ValueAt,
} from "../objects/containers/dict/dict";
import { _PyList_AppendTakeRef, List, PyList_New } from "../objects/containers/list/list";
import { initMappingProxyType } from "../objects/containers/mappingproxy";
import { initNamespaceType } from "../objects/containers/namespace";
import { clearValueFreeLists, initValueTypes } from "../objects/define/types";
import { initMethodType } from "../objects/descriptors/boundmethod";
import { initCFunctionType } from "../objects/descriptors/builtinfunction";
import { initDescrTypes } from "../objects/descriptors/descriptors";
import { initPropertyType } from "../objects/descriptors/property";
import { initExceptionTypes } from "../objects/errors/hierarchy";
import { emptyLastResort, freeMemoryErrors, prepareMemoryErrors } from "../objects/errors/memoryerror";
import { PyErr_Clear } from "../objects/errors/raise";
import { initWarnings } from "../objects/errors/warningfilters";
import { defineTypes } from "../objects/generated/natives";
import { initAsyncGeneratorTypes } from "../objects/generators/asyncgen";
import { initGeneratorTypes } from "../objects/generators/generator";
import { initCapsuleType } from "../objects/module/capsule";
import { _PyModule_ClearDict, initModuleType, PyModule_GetDict } from "../objects/module/module";
import { initImmortal, Py } from "../objects/object/head";
import { PyObject_GetAttr } from "../objects/protocol/access";
import { PyUnicode_EqualToLiteral } from "../objects/text/compare";
import { clearInterned } from "../objects/text/intern";
import { initTracebackType } from "../objects/traceback/traceback";
import { initBaseObjectType } from "../objects/types/base";
import { initGenericAliasType } from "../objects/types/genericalias";
import { clearTypeCache, PyType_IsSubtype } from "../objects/types/lookup";
import { forgetAttributes, makeMutable } from "../objects/types/mutable";
import { PyType_Ready } from "../objects/types/ready";
import { documentSlotdefs, initSlotdefs } from "../objects/types/slotdefs";
import { initSubtypeGetSets } from "../objects/types/subtype";
import { initSuperType } from "../objects/types/super";
import { initTypeType } from "../objects/types/type";
import { initGenericTypes } from "../objects/types/params/generic";
import { initParamSpecTypes } from "../objects/types/params/paramspec";
import { initTypeAliasType } from "../objects/types/params/typealias";
import { initTypeVarType } from "../objects/types/params/typevar";
import { initTypeVarTupleType } from "../objects/types/params/typevartuple";
import { initUnionType } from "../objects/types/union";
import { initWeakProxyTypes } from "../objects/weak/weakproxy";
import { initWeakrefTypes, PyWeakref_NewRef, weakrefGet } from "../objects/weak/weakref";
import { machineInit, mmap, munmap, setMemoryLimit, setMemorySpare } from "../os/machine";
import { setThreadState, tstate } from "../thread/current";
import { freeThreadPages, initThreadState } from "../thread/state";
import { finalizeSignals } from "../vm/signals";
import { initMachine } from "../vm/entry";
import { freeDataStack } from "../vm/frame";
import { configIsSet, configItem } from "./config";
import { tellStart } from "./fatal";
import { connectPrompt } from "./interactive";
import { rehash } from "./rehash";

const DEFAULT_RECURSION_LIMIT: i32 = 1000;
/** Address space kept back, never touched, so that a program that has used up its memory can still say so. */
const MEMORY_RESERVE: usize = 0x100000;
/** What a handler of MemoryError may use beyond the limit of the rest, besides an arena. */
const MEMORY_SPARE: usize = 0x20000;

/**
 * Starts the runtime. `memoryLimit` in bytes, 0 for none; `geometry` and `flags` as pymemInit takes them; `seed` keys
 * the hashes of strings (0: they are as with PYTHONHASHSEED=0); `nativeDepth` is how many levels native code may
 * recurse. Returns 0, or -1 where memory does not suffice even for that.
 */
export function initialize(
  memoryLimit: usize,
  geometry: i32,
  flags: i32,
  seed: u64,
  seed1: u64,
  nativeDepth: i32,
): i32 {
  machineInit(memoryLimit);
  pymemInit(geometry, flags);
  memory.fill(objectsRoots.START, 0, objectsRoots.SIZE);
  objectsRoots.static_next = STATICS_FREE;
  objectsRoots.strings_next = STATIC_OBJECTS_END_ADDRESS;
  objectsRoots.hash_seed = seed;
  objectsRoots.hash_seed1 = seed1;
  objectsRoots.next_type_version = 1;
  objectsRoots.next_keys_version = 1;
  objectsRoots.next_func_version = 1;
  memory.fill(vmRoots.START, 0, vmRoots.SIZE);
  vmRoots.recursion_limit = DEFAULT_RECURSION_LIMIT;
  initCollector();
  if (initThread(nativeDepth) < 0) return -1;
  initStaticTypes();
  defineTypes();
  defineModuleTypes();
  initSlotdefs();
  initSubtypeGetSets();
  initObjectTypes();
  initValueTypes();
  documentSlotdefs();
  initMachine();
  initImports();
  connectPrompt();
  initImmortal(_Py_NoDefaultStruct, _PyNoDefault_Type);
  for (let i = 0; i < STATIC_TYPE_COUNT; i++) {
    const type = STATIC_TYPES_ADDRESS + <usize>i * 416;
    if (PyTypeObject.at(type).tp_basicsize == 0 && PyTypeObject.at(type).tp_base == 0) continue;
    if (PyType_Ready(type) < 0) return -1;
  }
  makeMutable(S.PyExc_ExceptionGroup);
  if (prepareMemoryErrors() < 0) return -1;
  vmRoots.memory_reserve = mmap(MEMORY_RESERVE);
  setMemorySpare(memoryRoots.arena_size + MEMORY_SPARE);
  if (initModules() < 0) return -1;
  return hasLibrary() ? startImportlib() : 0;
}

/**
 * Starts this instance on a copy of a memory that initialize() has made, with another limit, hash key and depth.
 * `objects`: what the key concerns, as rehash() takes it. Returns 0, or -1 where memory does not suffice.
 */
export function resume(memoryLimit: usize, seed: u64, seed1: u64, nativeDepth: i32, objects: usize, count: i32): i32 {
  if (memoryLimit != 0 && osRoots.mapped > memoryLimit) return -1;
  setMemoryLimit(memoryLimit);
  attach();
  // Nobody looks out for signals of this process yet.
  signalRoots.watched = 0;
  PyThreadState.at(vmRoots.main_thread).c_recursion_remaining = nativeDepth;
  PyThreadState.at(vmRoots.main_thread).native_depth = nativeDepth;
  if (objectsRoots.hash_seed == seed && objectsRoots.hash_seed1 == seed1) return 0;
  objectsRoots.hash_seed = seed;
  objectsRoots.hash_seed1 = seed1;
  return rehash(objects, count);
}

/** Reads the environment, and makes the standard streams: 0, or -1 with an exception. */
export function openStreams(): i32 {
  const codec = configItem("stdio_encoding");
  const errors = configItem("stdio_errors");
  if (codec == 0 || errors == 0 || refreshEnvironment() < 0) return -1;
  const name = codecName(codec);
  const status = name == 0 ? -1 : makeStandardStreams(name, errors, configIsSet("buffered_stdio"));
  Py.XDECREF(name);
  if (status < 0) {
    return tellStart("init_stdio_encoding: failed to get the Python codec name of the stdio encoding");
  }
  vmRoots.finalizable_at_start = finalizableObjects();
  return 0;
}

/** The name that a codec gives itself: a new reference; null with an exception. */
function codecName(encoding: usize): usize {
  if (PyUnicode_EqualToLiteral(encoding, "utf-8")) return Py.NewRef(encoding);
  const codec = lookupCodec(encoding);
  const name = codec == 0 ? 0 : PyObject_GetAttr(codec, S.ID.name);
  Py.XDECREF(codec);
  return name;
}

/** The main thread's state; the calling instance becomes that thread. */
function initThread(nativeDepth: i32): i32 {
  memory.fill(threadsRoots.START, 0, threadsRoots.SIZE);
  memory.fill(gilRoots.START, 0, gilRoots.SIZE);
  memory.fill(signalRoots.START, 0, signalRoots.SIZE);
  const ts = vmRoots.main_thread;
  memory.fill(ts, 0, SIZEOF_PyThreadState);
  setThreadState(ts);
  PyThreadState.at(ts).c_recursion_remaining = nativeDepth;
  PyThreadState.at(ts).native_depth = nativeDepth;
  const scratch = PyObject_Malloc(SCRATCH_SLOTS * 8);
  if (scratch == 0) return -1;
  threadsRoots.next_id = 1;
  initThreadState(ts, scratch);
  gilRoots.locked = 1;
  gilRoots.last_holder = ts;
  signalRoots.wakeup_fd = -1;
  return 0;
}

/** Makes this instance, which shares the memory of one that has started, run as the main thread. */
export function attach(): void {
  setThreadState(vmRoots.main_thread);
}

/** The heads and names of all static types. */
function initStaticTypes(): void {
  let name: usize = staticTypeNames;
  for (let i = 0; i < STATIC_TYPE_COUNT; i++) {
    const type = STATIC_TYPES_ADDRESS + <usize>i * 416;
    memory.fill(type, 0, 416);
    initImmortal(type, S.PyType_Type);
    PyTypeObject.at(type).tp_name = name;
    while (load<u8>(name) != 0) name++;
    name++;
  }
}

/** Slots of the types that are not values. */
function initObjectTypes(): void {
  initBaseObjectType();
  initTypeType();
  initSuperType();
  initDescrTypes();
  initMappingProxyType();
  initPropertyType();
  initCFunctionType();
  initFunctionType();
  initMethodWrapperTypes();
  initMethodType();
  initCellType();
  initCodeType();
  initFrameType();
  initFrameLocalsType();
  initTracebackType();
  initGeneratorTypes();
  initAsyncGeneratorTypes();
  initModuleType();
  initCapsuleType();
  initNamespaceType();
  initWeakrefTypes();
  initWeakProxyTypes();
  initGenericAliasType();
  initUnionType();
  initTypeVarType();
  initTypeVarTupleType();
  initParamSpecTypes();
  initTypeAliasType();
  initGenericTypes();
  initExceptionTypes();
  initIoTypes();
  initHostFunctionType();
}

function initModules(): i32 {
  vmRoots.modules = PyDict_New();
  if (vmRoots.modules == 0) return -1;
  const builtins = makeBuiltinsModule();
  if (builtins == 0) return -1;
  vmRoots.builtins_module = builtins;
  vmRoots.builtins = PyModule_GetDict(builtins);
  vmRoots.builtins_copy = PyDict_Copy(vmRoots.builtins);
  if (vmRoots.builtins_copy == 0) return -1;
  if (PyDict_SetItem(vmRoots.modules, S.ID.builtins, builtins) < 0) return -1;
  vmRoots.inittab = moduleTable();
  if (initWarnings() < 0 || initSysStructs() < 0) return -1;
  const sys = makeSysModule();
  if (sys == 0) return -1;
  vmRoots.sys_module = sys;
  vmRoots.sysdict = PyModule_GetDict(sys);
  if (PyDict_SetItem(vmRoots.modules, S.ID.sys, sys) < 0) return -1;
  return initIo(makeIoModule());
}

/** Gives the reserve to the program: its last words need memory. */
export function releaseMemoryReserve(): void {
  const reserve = vmRoots.memory_reserve;
  if (reserve == 0) return;
  vmRoots.memory_reserve = 0;
  munmap(reserve, MEMORY_RESERVE);
}

/**
 * The end of a program whose memory ends with it: as finalize(), but nothing is taken down where nobody would notice.
 */
export function endProgram(): void {
  const callbacks = gcRoots.callbacks;
  const watched =
    (memoryRoots.flags | memoryRoots.log_on) != 0 || gcRoots.debug != 0 || (callbacks != 0 && Py.SIZE(callbacks) != 0);
  if (watched || hasThreads() || hasCallbacks() || finalizableObjects() != vmRoots.finalizable_at_start) finalize();
}

/** Takes everything down. What is allocated afterwards has leaked. Returns 0. */
export function finalize(): i32 {
  releaseMemoryReserve();
  PyErr_Clear();
  waitForThreads();
  callAtExit();
  vmRoots.finalizing = 1;
  vmRoots.finalizing_thread = tstate;
  abandonCollection();
  clearOtherThreads();
  PyErr_Clear();
  forgetHandled();
  Py.CLEAR(PyThreadState.at(vmRoots.main_thread).dict_slot);
  // While the modules are still there, as CPython: it also puts the objects in the order in which they are finalised.
  if (gcRoots.enabled) PyGC_Collect(NUM_GENERATIONS - 1, COLLECTION_REASON_SHUTDOWN);
  emptyLastResort();
  finalizeModules();
  Py.CLEAR(objectsRoots.audit_hooks_slot);
  clearRoots();
  finalizeAst();
  finalizeCodecs();
  finalizeSignals();
  clearMonitoring();
  const command = vmRoots.command_source;
  vmRoots.command_source = 0;
  Py.XDECREF(command);
  clearAsyncState(vmRoots.main_thread);
  const config = vmRoots.config;
  vmRoots.config = 0;
  Py.XDECREF(config);
  const path0 = vmRoots.sys_path_0;
  vmRoots.sys_path_0 = 0;
  Py.XDECREF(path0);
  forgetAbstractMethods();
  for (let i = 0; i < STATIC_TYPE_COUNT; i++) forgetAttributes(STATIC_TYPES_ADDRESS + <usize>i * SIZEOF_PyTypeObject);
  finalizeGc();
  unfreezeForShutdown();
  collectForShutdown();
  collectForShutdown();
  // Finalizers may have made another: repr() keeps its guard there.
  Py.CLEAR(PyThreadState.at(vmRoots.main_thread).dict_slot);
  clearStaticTypes();
  PyErr_Clear();
  clearTypeCache();
  // Only now: what dies may still ask for traces.
  stopTracing();
  freeMemoryErrors();
  finalizeUnicodedata();
  clearInterned();
  clearValueFreeLists();
  freeDataStack();
  const t = PyThreadState.at(vmRoots.main_thread);
  PyObject_Free(t.scratch_base);
  freeThreadPages();
  returnEmptyArenas();
  return 0;
}

/** Drops what modules keep besides their objects. */
function clearRoots(): void {
  for (let i = 0; i < ROOT_REFERENCE_COUNT; i++) Py.CLEAR(load<u32>(rootReferences + ((<usize>i) << 2)));
}

/** Code that no compiler made may have entered a handler and never left it: what it handled is dropped. */
function forgetHandled(): void {
  const ts = PyThreadState.at(vmRoots.main_thread);
  ts.exc_info = ts.exc_state;
  Py.CLEAR(PyErr_StackItem.at(ts.exc_state).exc_value_slot);
}

/** Makes None of what sys has under the name: it may hold what the program should let go of. */
function forget(name: string): void {
  if (PyDict_GetItemLiteral(vmRoots.sysdict, name) != 0) {
    PyDict_SetItemLiteral(vmRoots.sysdict, name, S._Py_NoneStruct);
  }
  PyErr_Clear();
}

/** Gives sys a stream again that the program has put another in the place of. */
function restoreStream(name: string, original: string): void {
  const stream = PyDict_GetItemLiteral(vmRoots.sysdict, original);
  PyDict_SetItemLiteral(vmRoots.sysdict, name, stream == 0 ? S._Py_NoneStruct : stream);
  PyErr_Clear();
}

/** Takes the modules out of sys.modules: a new list of weak references to them, null where memory has ended. */
function removeModules(): usize {
  const modules = vmRoots.modules;
  const list = PyList_New(0);
  for (let pos = PyDict_Next(modules, 0); pos != 0; pos = PyDict_Next(modules, pos)) {
    const module = PyDict_ValueAt(modules, pos);
    if (list == 0 || !PyType_IsSubtype(Py.TYPE(module), S.PyModule_Type)) continue;
    const ref = PyWeakref_NewRef(module, 0);
    if (ref != 0) _PyList_AppendTakeRef(list, ref);
  }
  PyDict_Clear(modules);
  PyErr_Clear();
  return list;
}

/** Clears the modules of the list that something holds still, those first that were imported last. */
function clearModules(list: usize): void {
  for (let i = Py.SIZE(list) - 1; i >= 0; i--) {
    const module = weakrefGet(List.get(list, i));
    if (module == 0) continue;
    const dict = PyModule_GetDict(module);
    if (dict != vmRoots.builtins && dict != vmRoots.sysdict) _PyModule_ClearDict(dict);
    Py.DECREF(module);
  }
}

/**
 * Lets go of the modules: what only they hold dies, cycles by the collector; then what those hold that are held
 * themselves, sys and builtins at last, which finalizers need.
 */
function finalizeModules(): void {
  PyDict_SetItem(vmRoots.builtins, S.ID._, S._Py_NoneStruct);
  PyErr_Clear();
  forget("path");
  forget("argv");
  forget("ps1");
  forget("ps2");
  forget("last_exc");
  forget("last_type");
  forget("last_value");
  forget("last_traceback");
  forget("__interactivehook__");
  forget("path_importer_cache");
  forget("meta_path");
  restoreStream("stdin", "__stdin__");
  restoreStream("stdout", "__stdout__");
  restoreStream("stderr", "__stderr__");
  const importlib = vmRoots.importlib;
  vmRoots.importlib = 0;
  Py.XDECREF(importlib);
  const main = vmRoots.main_module;
  vmRoots.main_module = 0;
  Py.XDECREF(main);
  const modules = removeModules();
  restoreBuiltins();
  collectForShutdown();
  tellGarbageLeft();
  if (modules != 0) clearModules(modules);
  Py.XDECREF(modules);
  _PyModule_ClearDict(vmRoots.sysdict);
  _PyModule_ClearDict(vmRoots.builtins);
  PyDict_Clear(vmRoots.modules);
  PyDict_Clear(vmRoots.sysdict);
  PyDict_Clear(vmRoots.builtins);
  Py.DECREF(vmRoots.sys_module);
  Py.DECREF(vmRoots.builtins_module);
  Py.DECREF(vmRoots.modules);
  vmRoots.modules = 0;
  vmRoots.builtins = 0;
  vmRoots.sysdict = 0;
}

/**
 * A built-in type can be said to be abstract, through the descriptor of `type`, with anything at all: it must not hold
 * what reaches the program's classes when the collector runs for the last time.
 */
function forgetAbstractMethods(): void {
  for (let i = 0; i < STATIC_TYPE_COUNT; i++) {
    const type = PyTypeObject.at(STATIC_TYPES_ADDRESS + <usize>i * SIZEOF_PyTypeObject);
    if (type.tp_dict == 0 || PyDict_GetItemWithError(type.tp_dict, S.ID.__abstractmethods__) == 0) continue;
    PyDict_DelItem(type.tp_dict, S.ID.__abstractmethods__);
  }
}

/** What the program has put among the built-in names goes. */
function restoreBuiltins(): void {
  // What it holds dies when all is in its place again.
  const dict = PyDict_Copy(vmRoots.builtins);
  PyDict_Clear(vmRoots.builtins);
  PyDict_Merge(vmRoots.builtins, vmRoots.builtins_copy, 1);
  PyErr_Clear();
  Py.XDECREF(dict);
  Py.CLEAR(vmRoots.builtins_copy_slot);
}

/** Takes from the built-in types what they hold on the heap: descriptors, bases, orders of resolution. */
function clearStaticTypes(): void {
  for (let i = STATIC_TYPE_COUNT - 1; i >= 0; i--) {
    const type = PyTypeObject.at(STATIC_TYPES_ADDRESS + <usize>i * SIZEOF_PyTypeObject);
    Py.CLEAR(type.tp_dict_slot);
    Py.CLEAR(type.tp_cache_slot);
    Py.CLEAR(type.tp_subclasses_slot);
  }
  for (let i = STATIC_TYPE_COUNT - 1; i >= 0; i--) {
    const type = PyTypeObject.at(STATIC_TYPES_ADDRESS + <usize>i * SIZEOF_PyTypeObject);
    Py.CLEAR(type.tp_bases_slot);
    Py.CLEAR(type.tp_mro_slot);
  }
}
