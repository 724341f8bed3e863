// The program as the command runs it (CPython 3.13's Modules/main.c and Python/pythonrun.c): code, a module, a file, a
// folder or zip with a __main__, a .pyc file, or standard input, as the configuration says.

import {
  CompileMode,
  EXIT_FAILED,
  EXIT_FLUSH_FAILED,
  PyCF_FROM_FILE,
  PyCF_IGNORE_COOKIE,
  Py_TPFLAGS_LIST_SUBCLASS,
  S_IFDIR,
  S_IFMT,
} from "../generated/constants";
import { host } from "../generated/host";
import { FileStatus, PyBytesObject, SIZEOF_FileStatus } from "../generated/layouts";
import { MAGIC_NUMBER } from "../generated/opcodes";
import { vmRoots } from "../generated/runtime";
import {
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_TrueStruct,
  ID,
  PyCode_Type,
  PyExc_EOFError,
  PyExc_ImportError,
  PyExc_RuntimeError,
} from "../generated/statics";
import { readEnvironment } from "../modules/posix/process";
import { compileSource } from "../imports/compiling";
import { evalCode } from "../imports/evaluate";
import { PyMarshal_ReadObjectFromString } from "../marshal/read";
import { PyBytes_FromStringAndSize } from "../objects/bytes/bytes";
import {
  PyDict_DelItem,
  PyDict_GetItemLiteral,
  PyDict_GetItemWithError,
  PyDict_New,
  PyDict_SetItem,
  PyDict_SetItemLiteral,
} from "../objects/containers/dict/dict";
import { PyList_Append, PyList_Insert, PyList_New } from "../objects/containers/list/list";
import { Audit } from "../objects/errors/audit";
import { strerror } from "../objects/errors/errno";
import { standardError, writeTextSteal } from "../objects/errors/fileoutput";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_GetRaisedException,
  PyErr_Occurred,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../objects/errors/raise";
import { raiseErrno } from "../objects/errors/system";
import { PyImport_ImportLiteral } from "../objects/module/import";
import { builtinModuleInit } from "../objects/module/inittab";
import { PyModule_GetDict } from "../objects/module/module";
import {
  PyObject_CallMethodNoArgs,
  PyObject_CallMethodTwoArgs,
  PyObject_CallNoArgs,
  PyObject_CallOneArg,
} from "../objects/object/call";
import { Py } from "../objects/object/head";
import { PyObject_GetOptionalAttr } from "../objects/protocol/access";
import { PyIter_Next, PyObject_GetIter } from "../objects/protocol/iterator";
import { U } from "../objects/text/access";
import { PyUnicode_DecodeFSDefaultAndSize, PyUnicode_EncodeFSDefault } from "../objects/text/codecs/filesystem";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../objects/text/compare";
import { PyUnicode_Substring } from "../objects/text/concat";
import { PyUnicode_FromLiteral } from "../objects/text/create";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { PyUnicode_InternLiteral } from "../objects/text/intern";
import { openFile, readDescriptor } from "../objects/traceback/sourcefiles";
import { Scratch } from "../thread/scratch";
import { configFlag, configIsSet, configItem, Flag } from "./config";
import { interactiveLoop, registerSource } from "./interactive";
import { flushStreams, handleUncaught } from "./run";

/** Exit status where the file cannot be opened. */
const CANNOT_OPEN: i32 = 2;
/** Bytes before the code object of a .pyc file. */
const PYC_HEADER: isize = 16;

/** Runs what the configuration says: the exit status. What is in the buffers of the standard streams is written. */
export function main(): i32 {
  const status = run();
  return flushStreams() < 0 ? EXIT_FLUSH_FAILED : status;
}

function run(): i32 {
  vmRoots.inspect = configFlag(Flag.INSPECT) != 0 ? 1 : 0;
  importWarnings();
  if (configFlag(Flag.NO_SITE) == 0 && importSite() < 0) return handleUncaught();
  if (configIsSet("faulthandler") && enableFaulthandler() < 0) return handleUncaught();
  const filename = configItem("run_filename");
  const importer = filename == 0 ? 0 : importerOf(filename);
  if (importer == 0 && PyErr_Occurred()) return handleUncaught();
  const isPackage = importer != 0 && importer != _Py_NoneStruct;
  Py.XDECREF(importer);
  const path0 = isPackage ? filename : configItem("sys_path_0");
  if (path0 != 0) {
    vmRoots.sys_path_0 = Py.NewRef(path0);
    if (addPath(path0) < 0) return handleUncaught();
  }
  showHeader();
  const status = runProgram(isPackage);
  return vmRoots.leaving ? status : runPrompt(status);
}

/** `isPackage`: the file is a folder or an archive that modules can be imported from. */
function runProgram(isPackage: bool): i32 {
  const command = configItem("run_command");
  if (command != 0) return runCommand(command);
  const module = configItem("run_module");
  if (module != 0) return runModule(module, true);
  if (isPackage) return runModule(ID.__main__, false);
  const filename = configItem("run_filename");
  return filename != 0 ? runFile(filename) : runStdin();
}

/** Whether there is something to run besides what is typed. */
function hasProgram(): bool {
  return configItem("run_command") != 0 || configItem("run_module") != 0 || configItem("run_filename") != 0;
}

function isInteractive(): bool {
  return configFlag(Flag.INTERACTIVE) != 0 || host.isatty(0) > 0;
}

/** What an interactive start says of itself. */
function showHeader(): void {
  if (configFlag(Flag.QUIET) != 0) return;
  if (configFlag(Flag.VERBOSE) == 0 && (hasProgram() || !isInteractive())) return;
  const version = PyDict_GetItemLiteral(vmRoots.sysdict, "version");
  const platform = PyDict_GetItemLiteral(vmRoots.sysdict, "platform");
  if (version == 0 || platform == 0) return;
  complain("Python %S on %S\n", version, platform);
  if (configFlag(Flag.NO_SITE) == 0) {
    complain('Type "help", "copyright", "credits" or "license" for more information.\n');
  }
}

/** Runs what is typed after the program, where that is wanted; the status of the command. */
function runPrompt(status: i32): i32 {
  // A program may have said so itself.
  if (vmRoots.inspect == 0 && isInEnvironment("PYTHONINSPECT")) vmRoots.inspect = 1;
  if (vmRoots.inspect == 0 || !isInteractive() || !hasProgram()) return status;
  vmRoots.inspect = 0;
  return callInteractiveHook() < 0 ? handleUncaught() : promptLoop();
}

/** The prompt: the library's own on a terminal that it can control. */
function promptLoop(): i32 {
  const termios = PyUnicode_InternLiteral("termios");
  const controls = termios != 0 && builtinModuleInit(termios) != 0;
  Py.XDECREF(termios);
  if (host.isatty(0) <= 0 || !controls || isInEnvironment("PYTHON_BASIC_REPL")) return interactiveLoop();
  const name = PyUnicode_InternLiteral("_pyrepl");
  const status = name == 0 ? handleUncaught() : runModule(name, false);
  Py.XDECREF(name);
  return status;
}

/** sys.__interactivehook__(), where there is one: 0, or -1 with an exception. */
function callInteractiveHook(): i32 {
  const hook = PyDict_GetItemLiteral(vmRoots.sysdict, "__interactivehook__");
  if (hook == 0) return 0;
  Py.INCREF(hook);
  const r = PyObject_CallNoArgs(hook);
  Py.DECREF(hook);
  if (r == 0) complain("Failed calling sys.__interactivehook__\n");
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

/** Runs the file that PYTHONSTARTUP names: 0, or -1 with an exception. */
function runStartup(): i32 {
  const path = environmentText("PYTHONSTARTUP");
  if (path == 0) return PyErr_Occurred() != 0 ? -1 : 0;
  const fd = openFile(path);
  if (fd < 0) {
    complain("Could not open PYTHONSTARTUP\n");
    raiseErrno(-fd, path);
  } else {
    const bytes = readDescriptor(fd);
    host.close(fd);
    runFileBytes(bytes, path, true);
  }
  Py.DECREF(path);
  return PyErr_Occurred() != 0 ? -1 : 0;
}

function isInEnvironment(name: string): bool {
  const value = environmentText(name);
  PyErr_Clear();
  Py.XDECREF(value);
  return value != 0;
}

/** A variable that is not empty, a new str; null without exception where there is none, or it is not to be looked at. */
function environmentText(name: string): usize {
  if (configFlag(Flag.IGNORE_ENVIRONMENT) != 0) return 0;
  const all = PyDict_New();
  if (all == 0) return 0;
  let text: usize = 0;
  if (readEnvironment(all) == 0) {
    const key = PyUnicode_FromLiteral(name);
    const bytes = key == 0 ? 0 : PyUnicode_EncodeFSDefault(key);
    const value = bytes == 0 ? 0 : PyDict_GetItemWithError(all, bytes);
    if (value != 0 && Py.SIZE(value) > 0) {
      text = PyUnicode_DecodeFSDefaultAndSize(PyBytesObject.at(value).ob_sval, Py.SIZE(value));
    }
    Py.XDECREF(bytes);
    Py.XDECREF(key);
  }
  Py.DECREF(all);
  return text;
}

/** Has faulthandler tell where the program was if it dies: 0, or -1 with an exception. */
function enableFaulthandler(): i32 {
  const module = PyImport_ImportLiteral("faulthandler");
  const name = module == 0 ? 0 : PyUnicode_InternLiteral("enable");
  const r = name == 0 ? 0 : PyObject_CallMethodNoArgs(module, name);
  Py.XDECREF(name);
  Py.XDECREF(module);
  Py.XDECREF(r);
  return r == 0 ? -1 : 0;
}

/** What -W and the like say is for module warnings to read. */
function importWarnings(): void {
  const options = PyDict_GetItemLiteral(vmRoots.sysdict, "warnoptions");
  if (options == 0 || Py.SIZE(options) == 0) return;
  const warnings = PyImport_ImportLiteral("warnings");
  if (warnings == 0) {
    complain("'import warnings' failed; traceback:\n");
    handleUncaught();
  }
  Py.XDECREF(warnings);
}

/** Imports site, which completes sys.path: 0, or -1 with an exception. */
function importSite(): i32 {
  const preloaded = PyDict_GetItemLiteral(vmRoots.modules, "site");
  const site = preloaded != 0 ? runSite(preloaded) : PyImport_ImportLiteral("site");
  if (site == 0) {
    complain(
      "Fatal Python error: init_import_site: Failed to import the site module\nPython runtime state: initialized\n",
    );
  }
  Py.XDECREF(site);
  return site == 0 ? -1 : 0;
}

/**
 * For the image that processes start with: imports site, which with -S does nothing by itself, and linecache: 0, or -1
 * with an exception.
 */
export function preloadSite(): i32 {
  const site = PyImport_ImportLiteral("site");
  const linecache = site == 0 ? 0 : PyImport_ImportLiteral("linecache");
  Py.XDECREF(site);
  Py.XDECREF(linecache);
  return linecache == 0 ? -1 : 0;
}

/** What is left to be done by a module site that was imported before the configuration was known: a new reference. */
function runSite(site: usize): usize {
  const prefix = PyDict_GetItemLiteral(vmRoots.sysdict, "prefix");
  const execPrefix = PyDict_GetItemLiteral(vmRoots.sysdict, "exec_prefix");
  const prefixes = prefix == 0 || execPrefix == 0 ? 0 : PyList_New(0);
  const name = PyUnicode_InternLiteral("main");
  let r: usize = 0;
  if (
    prefixes != 0 &&
    name != 0 &&
    PyList_Append(prefixes, prefix) == 0 &&
    PyList_Append(prefixes, execPrefix) == 0 &&
    PyDict_SetItemLiteral(PyModule_GetDict(site), "PREFIXES", prefixes) == 0
  ) {
    r = PyObject_CallMethodNoArgs(site, name);
  }
  Py.XDECREF(prefixes);
  Py.XDECREF(name);
  return r;
}

/** Puts a path before all others in sys.path: 0, or -1 with an exception. */
function addPath(path: usize): i32 {
  const list = PyDict_GetItemWithError(vmRoots.sysdict, ID.path);
  if (list != 0 && Py.check(list, Py_TPFLAGS_LIST_SUBCLASS)) return PyList_Insert(list, 0, path);
  if (PyErr_Occurred() == 0) PyErr_SetString(PyExc_RuntimeError, "unable to get sys.path");
  return -1;
}

/**
 * What finds modules in the path, a folder or an archive: a new reference, None where nothing does; null with an
 * exception. As PyImport_GetImporter it is kept in sys.path_importer_cache.
 */
function importerOf(path: usize): usize {
  const cache = PyDict_GetItemLiteral(vmRoots.sysdict, "path_importer_cache");
  const hooks = PyDict_GetItemLiteral(vmRoots.sysdict, "path_hooks");
  if (cache == 0 || hooks == 0) return PyErr_SetString(PyExc_RuntimeError, "lost sys.path_hooks");
  const it = PyObject_GetIter(hooks);
  if (it == 0) return 0;
  let importer: usize = 0;
  while (importer == 0) {
    const hook = PyIter_Next(it);
    if (hook == 0) break;
    importer = PyObject_CallOneArg(hook, path);
    Py.DECREF(hook);
    if (importer == 0) {
      if (!PyErr_ExceptionMatches(PyExc_ImportError)) break;
      PyErr_Clear();
    }
  }
  Py.DECREF(it);
  if (importer == 0 && PyErr_Occurred()) return 0;
  if (importer == 0) importer = _Py_NoneStruct;
  if (PyDict_SetItem(cache, path, importer) == 0) return importer;
  Py.DECREF(importer);
  return 0;
}

/** Runs the code of -c. */
function runCommand(text: usize): i32 {
  if (!Audit.event("cpython.run_command", "O", text)) return handleUncaught();
  const p = PyUnicode_AsUTF8(text);
  if (p == 0) {
    complain("Unable to decode the command from the command line:\n");
    return handleUncaught();
  }
  const n = PyUnicode_UTF8Length(text);
  const name = PyUnicode_InternLiteral("<string>");
  let code = name == 0 ? 0 : compileSource(p, n, name, CompileMode.exec, PyCF_IGNORE_COOKIE, -1);
  // Tracebacks quote it.
  if (code != 0 && registerSource(name, text, name) < 0) {
    Py.DECREF(code);
    code = 0;
  }
  Py.XDECREF(name);
  return runCode(code);
}

/** Runs a code object, stolen, in __main__; null passes its exception on. */
function runCode(code: usize): i32 {
  if (code == 0) return handleUncaught();
  const d = PyModule_GetDict(vmRoots.main_module);
  const r = evalCode(code, d, d, 0);
  Py.DECREF(code);
  if (r == 0) return handleUncaught();
  Py.DECREF(r);
  return 0;
}

/** Runs a module as -m does, `asArgument`, or the __main__ of what sys.path begins with. */
function runModule(name: usize, asArgument: bool): i32 {
  const runpy = PyImport_ImportLiteral("runpy");
  if (runpy == 0) {
    complain("Could not import runpy module\n");
    return handleUncaught();
  }
  const method = PyUnicode_InternLiteral("_run_module_as_main");
  const r =
    method == 0 ? 0 : PyObject_CallMethodTwoArgs(runpy, method, name, asArgument ? _Py_TrueStruct : _Py_FalseStruct);
  Py.XDECREF(method);
  Py.DECREF(runpy);
  if (r == 0) return handleUncaught();
  Py.DECREF(r);
  return 0;
}

/** Writes a formatted text to sys.stderr, where there is one. */
function complain(format: string, a: i64 = 0, b: i64 = 0, c: i64 = 0, d: i64 = 0): void {
  const exc = PyErr_GetRaisedException();
  const file = standardError();
  if (file != 0) writeTextSteal(file, PyUnicode_FromFormat(format, a, b, c, d));
  PyErr_Clear();
  PyErr_SetRaisedException(exc);
}

function runFile(filename: usize): i32 {
  if (!Audit.event("cpython.run_file", "O", filename)) return handleUncaught();
  const program = configItem("program_name");
  const fd = openFile(filename);
  if (fd < 0) {
    const why = strerror(-fd);
    if (program != 0 && why != 0) complain("%S: can't open file %R: [Errno %d] %S\n", program, filename, -fd, why);
    Py.XDECREF(why);
    return CANNOT_OPEN;
  }
  if (isFolder(fd)) {
    if (program != 0) complain("%S: %R is a directory, cannot continue\n", program, filename);
    host.close(fd);
    return EXIT_FAILED;
  }
  const bytes = readDescriptor(fd);
  host.close(fd);
  return runFileBytes(bytes, filename, true);
}

function isFolder(fd: i32): bool {
  const out = Scratch.take(SIZEOF_FileStatus >> 3);
  const r = host.fstat(fd, out);
  const mode = FileStatus.at(out).mode;
  Scratch.give(out);
  return r == 0 && (mode & S_IFMT) == S_IFDIR;
}

function runStdin(): i32 {
  if (!Audit.event("cpython.run_stdin")) return handleUncaught();
  if (isInteractive()) {
    // SystemExit ends what is typed.
    vmRoots.inspect = 0;
    return runStartup() < 0 || callInteractiveHook() < 0 ? handleUncaught() : promptLoop();
  }
  const name = PyUnicode_InternLiteral("<stdin>");
  const bytes = name == 0 ? 0 : readDescriptor(0);
  const status = name == 0 ? handleUncaught() : runFileBytes(bytes, name, false);
  Py.XDECREF(name);
  return status;
}

/** Runs what a file has, `bytes`, stolen, as __main__; null was not to be read. `named`: the name is that of a file. */
function runFileBytes(bytes: usize, filename: usize, named: bool): i32 {
  if (bytes == 0) {
    if (PyErr_Occurred() != 0) return handleUncaught();
    bytes = PyBytes_FromStringAndSize(0, 0);
    if (bytes == 0) return handleUncaught();
  }
  const d = PyModule_GetDict(vmRoots.main_module);
  if (PyDict_SetItemLiteral(d, "__file__", filename) < 0 || PyDict_SetItem(d, ID.__cached__, _Py_NoneStruct) < 0) {
    Py.DECREF(bytes);
    return handleUncaught();
  }
  const compiled = named && isCompiled(bytes, filename);
  let code: usize = 0;
  if (named && setLoader(d, filename, compiled ? "SourcelessFileLoader" : "SourceFileLoader") < 0) code = 0;
  else if (compiled) code = readCode(bytes);
  else {
    let p = PyBytesObject.at(bytes).ob_sval;
    const end = p + <usize>Py.SIZE(bytes);
    // The end of a line that is left out stays: lines keep their numbers.
    if (configIsSet("skip_source_first_line")) while (p < end && load<u8>(p) != 0x0a) p++;
    code = compileSource(p, <isize>(end - p), filename, CompileMode.exec, PyCF_FROM_FILE, -1);
  }
  Py.DECREF(bytes);
  const status = runCode(code);
  forgetFile(d);
  return status;
}

/** Whether a file is a .pyc, by its name or its magic number. */
function isCompiled(bytes: usize, filename: usize): bool {
  const n = U.length(filename);
  if (n > 4) {
    const end = PyUnicode_Substring(filename, n - 4, n);
    const named = end != 0 && PyUnicode_EqualToLiteral(end, ".pyc");
    Py.XDECREF(end);
    PyErr_Clear();
    if (named) return true;
  }
  return Py.SIZE(bytes) >= 2 && load<u16>(PyBytesObject.at(bytes).ob_sval) == <u16>MAGIC_NUMBER;
}

/** The code object of a .pyc file: a new reference, or null with an exception. */
function readCode(bytes: usize): usize {
  const p = PyBytesObject.at(bytes).ob_sval;
  const n = Py.SIZE(bytes);
  if (n >= 4 && load<u32>(p) != (0x0a0d0000 | <u32>MAGIC_NUMBER)) {
    return PyErr_SetString(PyExc_RuntimeError, "Bad magic number in .pyc file");
  }
  if (n < PYC_HEADER) return PyErr_SetString(PyExc_EOFError, "EOF read where not expected");
  const code = PyMarshal_ReadObjectFromString(p + <usize>PYC_HEADER, n - PYC_HEADER, true);
  if (code != 0 && Py.TYPE(code) == PyCode_Type) return code;
  Py.XDECREF(code);
  PyErr_Clear();
  return PyErr_SetString(PyExc_RuntimeError, "Bad code object in .pyc file");
}

/** Sets __main__.__loader__ to a loader of importlib's: 0, or -1 with an exception. */
function setLoader(d: usize, filename: usize, type: string): i32 {
  const name = PyUnicode_InternLiteral("_bootstrap_external");
  const external = name == 0 ? 0 : PyObject_GetOptionalAttr(vmRoots.importlib, name);
  Py.XDECREF(name);
  if (external == 0) return PyErr_Occurred() != 0 ? -1 : 0;
  const typeName = PyUnicode_InternLiteral(type);
  const loader = typeName == 0 ? 0 : PyObject_CallMethodTwoArgs(external, typeName, ID.__main__, filename);
  Py.XDECREF(typeName);
  Py.DECREF(external);
  if (loader == 0) return -1;
  const r = PyDict_SetItem(d, ID.__loader__, loader);
  Py.DECREF(loader);
  return r;
}

/** What runs next in __main__ is no file's. */
function forgetFile(d: usize): void {
  const file = PyUnicode_InternLiteral("__file__");
  if (file == 0 || PyDict_DelItem(d, file) < 0) PyErr_Clear();
  Py.XDECREF(file);
  if (PyDict_DelItem(d, ID.__cached__) < 0) PyErr_Clear();
}
