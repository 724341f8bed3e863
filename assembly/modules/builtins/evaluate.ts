// builtins.compile, eval, exec and __import__ (CPython 3.13's Python/bltinmodule.c and the running half of
// Python/pythonrun.c).

import {
  CO_FUTURE_MASK,
  CO_NESTED,
  CompileMode,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_DICT_SUBCLASS,
  Py_TPFLAGS_UNICODE_SUBCLASS,
  PyCF_COMPILE_MASK,
  PyCF_FROM_TREE,
  PyCF_IGNORE_COOKIE,
  PyCF_ONLY_AST,
  PyCF_OPTIMIZED_AST,
} from "../../generated/constants";
import { _PyInterpreterFrame, PyBytesObject, PyCodeObject } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import {
  _Py_NoneStruct,
  ID,
  PyCell_Type,
  PyCode_Type,
  PyExc_SyntaxError,
  PyExc_SystemError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyTuple_Type,
} from "../../generated/statics";
import { compileSource } from "../../imports/compiling";
import { importModuleLevel } from "../../imports/importing";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { currentGlobals, currentPythonFrame } from "../../objects/code/frameaccess";
import { PyDict_Contains, PyDict_SetItem } from "../../objects/containers/dict/dict";
import { Tuple } from "../../objects/containers/tuple";
import { badArgument, parseArguments } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Clear, PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { PyLong_AsInt } from "../../objects/numbers/int/create";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyUnicode_FSDecoder } from "../../objects/text/codecs/filesystem";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyMapping_Check } from "../../objects/protocol/sequence";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../../objects/text/compare";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { PyEval_EvalCode } from "../../vm/entry";
import { buildTree } from "../_ast/build";
import { isTree, takeTree } from "../_ast/take";
import { currentLocals } from "./namespaces";

const PyCF_MASK_OBSOLETE: i32 = CO_NESTED;

/**
 * Compiles source that is a str, bytes, bytearray or another buffer. `what` completes the TypeError for anything else.
 * A new code object, or what else the flags ask for, or null.
 */
export function compileObject(
  source: usize,
  fname: string,
  what: string,
  filename: usize,
  mode: i32,
  flags: i32,
  optimize: i32,
  skipBlanks: bool,
  version: i32 = -1,
): usize {
  let p: usize;
  let n: isize;
  let copy: usize = 0;
  if (Py.check(source, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    flags |= PyCF_IGNORE_COOKIE;
    p = PyUnicode_AsUTF8(source);
    if (p == 0) return 0;
    n = PyUnicode_UTF8Length(source);
  } else if (Py.check(source, Py_TPFLAGS_BYTES_SUBCLASS)) {
    p = PyBytesObject.at(source).ob_sval;
    n = Py.SIZE(source);
  } else {
    const view = Buffer.open(source);
    if (view != 0) {
      // A copy, that the buffer may change while the compiler reads.
      copy = PyBytes_FromStringAndSize(Buffer.data(view), Buffer.length(view));
      Buffer.close(view);
      if (copy == 0) return 0;
    } else PyErr_Clear();
    p = copy == 0 ? 0 : PyBytesObject.at(copy).ob_sval;
    n = copy == 0 ? 0 : Py.SIZE(copy);
  }
  if (p == 0) {
    return PyErr_Format(
      PyExc_TypeError,
      "%L() arg 1 must be a %L object",
      changetype<usize>(fname),
      changetype<usize>(what),
    );
  }
  let code: usize = 0;
  if (Audit.isOn() && !tellCompilation(p, n, filename)) {
    Py.XDECREF(copy);
    return 0;
  }
  if (hasNul(p, n)) PyErr_SetString(PyExc_SyntaxError, "source code string cannot contain null bytes");
  else {
    if (skipBlanks) {
      while (n > 0 && (load<u8>(p) == 0x20 || load<u8>(p) == 9)) {
        p++;
        n--;
      }
    }
    code = compileSource(p, n, filename, mode, flags, optimize, version);
  }
  Py.XDECREF(copy);
  return code;
}

function tellCompilation(p: usize, n: isize, filename: usize): bool {
  const bytes = PyBytes_FromStringAndSize(p, n);
  const ok = bytes != 0 && Audit.event("compile", "OO", bytes, filename);
  Py.XDECREF(bytes);
  return ok;
}

function hasNul(p: usize, n: isize): bool {
  for (let i: isize = 0; i < n; i++) if (load<u8>(p + <usize>i) == 0) return true;
  return false;
}

/** The future features of the running code. */
function inheritedFlags(): i32 {
  const f = currentPythonFrame();
  return f == 0 ? 0 : PyCodeObject.at(_PyInterpreterFrame.at(f).f_executable).co_flags & CO_FUTURE_MASK;
}

/** An optional int argument: -2 with an exception (no argument of compile() may be -2). */
function optionalInt(o: usize, missing: i32): i32 {
  if (o == 0) return missing;
  const v = PyLong_AsInt(o);
  return v == -1 && PyErr_Occurred() ? -2 : v;
}

/**
 * @native builtins.compile($module, /, source, filename, mode, flags=0,
 *         dont_inherit=False, optimize=-1, *, _feature_version=-1)
 *
 * Turn source into code, to be run by exec() or eval().
 *
 *   source
 *     A str, or bytes in an encoding that they may name.
 *   filename
 *     What tracebacks call it; '<string>' is usual for what is in no file.
 *   mode
 *     'exec' for statements, 'eval' for an expression, 'single' for one statement, whose value is shown.
 *   flags
 *     Which features of later versions to allow, and the like.
 *   dont_inherit
 *     Whether not to allow those that the code that calls this has allowed by imports from __future__.
 *   optimize
 *     0 keeps assert, 1 drops it, 2 drops docstrings too; -1 does as the command was told.
 *
 * SyntaxError says that it is no Python; ValueError that there are null bytes in it.
 */
export function builtin_compile(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(7);
  let r: usize = 0;
  const names = "source filename mode flags dont_inherit optimize _feature_version";
  if (parseArguments("compile", names, argv, nargs, kwnames, a, 3, 6)) r = compileArguments(a);
  Scratch.give(a);
  return r;
}

function compileArguments(a: usize): usize {
  const source = Py.item(a, 0);
  const mode = Py.item(a, 2);
  if (!Py.check(mode, Py_TPFLAGS_UNICODE_SUBCLASS)) return badArgument("compile", "argument 'mode'", "str", mode);
  const filename = PyUnicode_FSDecoder(Py.item(a, 1));
  if (filename == 0) return 0;
  const r = compileChecked(source, filename, mode, Py.item(a, 3), Py.item(a, 4), Py.item(a, 5), Py.item(a, 6));
  Py.DECREF(filename);
  return r;
}

function valueError(message: string): usize {
  return PyErr_SetString(PyExc_ValueError, message);
}

function compileChecked(
  source: usize,
  filename: usize,
  mode: usize,
  flagsArgument: usize,
  dontInherit: usize,
  optimizeArgument: usize,
  versionArgument: usize,
): usize {
  let flags = optionalInt(flagsArgument, 0);
  if (flags == -2 && PyErr_Occurred()) return 0;
  const alone = dontInherit == 0 ? 0 : PyObject_IsTrue(dontInherit);
  if (alone < 0) return 0;
  const optimize = optionalInt(optimizeArgument, -1);
  if (optimize == -2 && PyErr_Occurred()) return 0;
  const version = optionalInt(versionArgument, -1);
  if (version == -2 && PyErr_Occurred()) return 0;
  if (flags & ~(CO_FUTURE_MASK | PyCF_MASK_OBSOLETE | PyCF_COMPILE_MASK))
    return valueError("compile(): unrecognised flags");
  if (optimize < -1 || optimize > 2) return valueError("compile(): invalid optimize value");
  if (!alone) flags |= inheritedFlags();
  let m: i32;
  if (PyUnicode_EqualToLiteral(mode, "exec")) m = CompileMode.exec;
  else if (PyUnicode_EqualToLiteral(mode, "eval")) m = CompileMode.eval;
  else if (PyUnicode_EqualToLiteral(mode, "single")) m = CompileMode.single;
  else if (PyUnicode_EqualToLiteral(mode, "func_type")) {
    if (!(flags & PyCF_ONLY_AST)) return valueError("compile() mode 'func_type' requires flag PyCF_ONLY_AST");
    m = CompileMode.func_type;
  } else {
    return valueError(
      flags & PyCF_ONLY_AST
        ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
        : "compile() mode must be 'exec', 'eval' or 'single'",
    );
  }
  const fromTree = isTree(source);
  if (fromTree < 0) return 0;
  if (fromTree > 0) return compileNodes(source, filename, m, flags, optimize);
  const what = "string, bytes or AST";
  // Only a tree can be asked for in the syntax of an earlier version.
  const since = flags & PyCF_ONLY_AST ? version : -1;
  return treeOf(compileObject(source, "compile", what, filename, m, flags, optimize, false, since), flags);
}

/** What was compiled (stolen, may be null), a tree of objects where that was wanted. */
function treeOf(result: usize, flags: i32): usize {
  if (result == 0 || (flags & PyCF_ONLY_AST) == 0) return result;
  const tree = buildTree(result);
  Py.DECREF(result);
  return tree;
}

/** Compiles a syntax tree, or gives another that is optimised. */
function compileNodes(tree: usize, filename: usize, mode: i32, flags: i32, optimize: i32): usize {
  // Unless it is to be optimised, it is what was asked for.
  if ((flags & PyCF_OPTIMIZED_AST) == PyCF_ONLY_AST) return Py.NewRef(tree);
  if (mode == CompileMode.func_type) return PyErr_SetString(PyExc_SystemError, "a signature cannot be optimised");
  if (!Audit.event("compile", "OO", tree)) return 0;
  const taken = takeTree(tree, mode);
  if (taken == 0) return 0;
  const p = PyBytesObject.at(taken).ob_sval;
  const r = compileSource(p, Py.SIZE(taken), filename, mode, flags | PyCF_FROM_TREE, optimize);
  Py.DECREF(taken);
  return treeOf(r, flags);
}

/** Gives globals their __builtins__ where they have none: false with an exception. */
function ensureBuiltins(globals: usize): bool {
  const has = PyDict_Contains(globals, ID.__builtins__);
  if (has != 0) return has > 0;
  const f = currentPythonFrame();
  return (
    PyDict_SetItem(globals, ID.__builtins__, f == 0 ? vmRoots.builtins : _PyInterpreterFrame.at(f).f_builtins) == 0
  );
}

function asMissing(o: usize): usize {
  return o == _Py_NoneStruct ? 0 : o;
}

/** Compiles a string and runs it. */
function runString(source: usize, fname: string, mode: i32, globals: usize, locals: usize): usize {
  const filename = PyUnicode_FromLiteral("<string>");
  if (filename == 0) return 0;
  const blanks = mode == CompileMode.eval;
  const code = compileObject(source, fname, "string, bytes or code", filename, mode, inheritedFlags(), -1, blanks);
  Py.DECREF(filename);
  if (code == 0) return 0;
  const r = Audit.event("exec", "O", code) ? PyEval_EvalCode(code, globals, locals, 0) : 0;
  Py.DECREF(code);
  return r;
}

/**
 * @native builtins.eval($module, source, /, globals=None, locals=None)
 *
 * The value of an expression, a str or code.
 *
 * Its global names are looked up in globals, a dict, its local ones in locals, a mapping: by default those where it is called; with globals only, both are it. __builtins__ is added to globals where it is missing. Do not give it text from strangers: it can do all that a program can.
 */
export function builtin_eval(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(3);
  const ok = parseArguments("eval", "- globals locals", argv, nargs, kwnames, a, 1, 3);
  const source = Py.item(a, 0);
  const globals = asMissing(Py.item(a, 1));
  const locals = asMissing(Py.item(a, 2));
  Scratch.give(a);
  if (!ok) return 0;
  if (locals != 0 && !PyMapping_Check(locals)) return PyErr_SetString(PyExc_TypeError, "locals must be a mapping");
  if (globals != 0 && !Py.check(globals, Py_TPFLAGS_DICT_SUBCLASS)) {
    return PyErr_SetString(
      PyExc_TypeError,
      PyMapping_Check(globals) ? "globals must be a real dict; try eval(expr, {}, mapping)" : "globals must be a dict",
    );
  }
  const g = globals != 0 ? globals : currentGlobals();
  const l = locals != 0 ? Py.NewRef(locals) : globals != 0 ? Py.NewRef(globals) : currentLocals();
  if (l == 0) return 0;
  const r = g == 0 || !ensureBuiltins(g) ? 0 : evalIn(source, g, l);
  Py.DECREF(l);
  return r;
}

function evalIn(source: usize, globals: usize, locals: usize): usize {
  if (Py.TYPE(source) != PyCode_Type) return runString(source, "eval", CompileMode.eval, globals, locals);
  if (!Audit.event("exec", "O", source)) return 0;
  if (PyCodeObject.at(source).co_nfreevars > 0) {
    return PyErr_SetString(PyExc_TypeError, "code object passed to eval() may not contain free variables");
  }
  return PyEval_EvalCode(source, globals, locals, 0);
}

/**
 * @native builtins.exec($module, source, /, globals=None, locals=None, *, closure=None)
 *
 * Run statements, a str or code.
 *
 * Their global names are looked up in globals, a dict, their local ones in locals, a mapping: by default those where it is called; with globals only, both are it. If they differ, it is as if the statements stood in a class. __builtins__ is added to globals where it is missing. The closure is a tuple of cells, as many as the code has free variables, for code only. Do not give it text from strangers: it can do all that a program can.
 */
export function builtin_exec(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(4);
  const ok = parseArguments("exec", "- globals locals closure", argv, nargs, kwnames, a, 1, 3);
  const source = Py.item(a, 0);
  const globals = asMissing(Py.item(a, 1));
  const locals = asMissing(Py.item(a, 2));
  const closure = asMissing(Py.item(a, 3));
  Scratch.give(a);
  if (!ok) return 0;
  const g = globals != 0 ? globals : currentGlobals();
  const l = locals != 0 ? Py.NewRef(locals) : globals != 0 ? Py.NewRef(globals) : currentLocals();
  if (l == 0) return 0;
  let r: usize = 0;
  if (g == 0) PyErr_SetString(PyExc_SystemError, "globals and locals cannot be NULL");
  else if (!Py.check(g, Py_TPFLAGS_DICT_SUBCLASS)) {
    PyErr_Format(PyExc_TypeError, "exec() globals must be a dict, not %.100t", g);
  } else if (!PyMapping_Check(l)) {
    PyErr_Format(PyExc_TypeError, "locals must be a mapping or None, not %.100t", l);
  } else if (ensureBuiltins(g)) {
    r = execIn(source, g, l, closure);
  }
  Py.DECREF(l);
  if (r == 0) return 0;
  Py.DECREF(r);
  return _Py_NoneStruct;
}

function execIn(source: usize, globals: usize, locals: usize, closure: usize): usize {
  if (Py.TYPE(source) != PyCode_Type) {
    if (closure != 0) return PyErr_SetString(PyExc_TypeError, "closure can only be used when source is a code object");
    return runString(source, "exec", CompileMode.exec, globals, locals);
  }
  const free = PyCodeObject.at(source).co_nfreevars;
  if (free == 0 && closure != 0) return PyErr_SetString(PyExc_TypeError, "cannot use a closure with this code object");
  if (free > 0 && !isClosure(closure, free)) {
    return PyErr_Format(PyExc_TypeError, "code object requires a closure of exactly length %d", free);
  }
  if (!Audit.event("exec", "O", source)) return 0;
  return PyEval_EvalCode(source, globals, locals, closure);
}

/** Whether `closure` is a tuple of `n` cells. */
function isClosure(closure: usize, n: isize): bool {
  if (closure == 0 || Py.TYPE(closure) != PyTuple_Type || Py.SIZE(closure) != n) return false;
  for (let i: isize = 0; i < n; i++) if (Py.TYPE(Tuple.get(closure, i)) != PyCell_Type) return false;
  return true;
}

/**
 * @native builtins.__import__($module, /, name, globals=None, locals=None, fromlist=(),
 *            level=0)
 *
 * Import a module: what the statement import calls.
 *
 * To import by a name that is not known before, importlib.import_module() is easier to use.
 *
 * globals tells where the statement stands, for imports that are relative; locals is not used. Of a name with dots, what is before the first is returned, as in import a.b, unless there are names in fromlist, as in from a.b import c: then it is the module itself, and those of the names that are modules in a package have been imported as well. level says where to begin: 0 with the name itself, 1 in the package of the module that globals belongs to, 2 in the one above it, and so on, as many as there are dots before the name.
 *
 * It can be replaced by another function, to change what imports do; hooks in sys.meta_path are better for that.
 */
export function builtin_import(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  const a = Scratch.take(5);
  let r: usize = 0;
  if (parseArguments("__import__", "name globals locals fromlist level", argv, nargs, kwnames, a, 1, 5)) {
    const levelArgument = Py.item(a, 4);
    const level = levelArgument == 0 ? 0 : PyLong_AsInt(levelArgument);
    if (level != -1 || !PyErr_Occurred()) {
      r = importModuleLevel(Py.item(a, 0), Py.item(a, 1), Py.item(a, 3), level);
    }
  }
  Scratch.give(a);
  return r;
}
