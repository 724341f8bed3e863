// Frozen modules: code that comes with the standard library and is had by name, before anything can be found in a folder
// (CPython 3.13's Python/frozen.c and the frozen part of Python/import.c).

import { ENOMEM, EPERM } from "../generated/constants";
import { host } from "../generated/host";
import { objectsRoots } from "../generated/runtime";
import { PyExc_ImportError, PyExc_UnicodeEncodeError } from "../generated/statics";
import { readCompiled } from "../marshal/read";
import { PyMem_RawFree } from "../memory/pymem";
import { PyErr_Clear, PyErr_ExceptionMatches, PyErr_NoMemory, PyErr_Occurred } from "../objects/errors/raise";
import { Py } from "../objects/object/head";
import { PyUnicode_AsUTF8, PyUnicode_DecodeUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { PyUnicode_EqualToLiteral } from "../objects/text/compare";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { Scratch } from "../thread/scratch";
import { setImportError } from "./importing";

/** What is known of a frozen module. Valid until freeFrozen. */
export class Frozen {
  /** Whether it is a package. */
  @inline static isPackage(block: usize): bool {
    return load<u8>(block) != 0;
  }
  /** A new str: the name under which the library has it. Null with MemoryError. */
  @inline static originalName(block: usize): usize {
    return PyUnicode_DecodeUTF8(block + 2, load<u8>(block + 1), 0);
  }
  /** Address of the marshalled code. */
  @inline static code(block: usize): usize {
    return block + 2 + <usize>load<u8>(block + 1);
  }
}

/** Whether a frozen module may be used: with -X frozen_modules=off only those that the import system is made of. */
function isWanted(name: usize): bool {
  const override_ = objectsRoots.frozen_override;
  if (override_ > 0 || (override_ == 0 && objectsRoots.without_frozen == 0)) return true;
  return (
    PyUnicode_EqualToLiteral(name, "_frozen_importlib") ||
    PyUnicode_EqualToLiteral(name, "_frozen_importlib_external") ||
    PyUnicode_EqualToLiteral(name, "zipimport")
  );
}

/**
 * The block of the frozen module of this name, a str, and its size in the word at `size`; null where there is none, with
 * an exception only where memory ran out. It is freed by PyMem_RawFree.
 */
export function findFrozen(name: usize, size: usize): usize {
  if (!isWanted(name)) return 0;
  const text = PyUnicode_AsUTF8(name);
  if (text == 0) {
    // A name that has no UTF-8 is the name of nothing.
    if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) PyErr_Clear();
    return 0;
  }
  const slot = Scratch.take(1);
  const n = host.frozen(text, <usize>PyUnicode_UTF8Length(name), slot);
  const block: usize = load<u32>(slot);
  Scratch.give(slot);
  if (n == -ENOMEM) return PyErr_NoMemory();
  if (n < 0) return 0;
  store<i32>(size, n);
  return block;
}

/** Whether the process has a library. */
export function hasLibrary(): bool {
  const slot = Scratch.take(1);
  const n = host.frozen(0, 0, slot);
  Scratch.give(slot);
  return n != -EPERM;
}

/** The code object of a frozen module: a new reference, or null with ImportError. */
export function frozenCode(name: usize): usize {
  const size = Scratch.take(1);
  const block = findFrozen(name, size);
  const n = load<i32>(size);
  Scratch.give(size);
  if (block == 0) {
    if (PyErr_Occurred() == 0) {
      const text = PyUnicode_FromFormat("No such frozen object named %R", name);
      if (text != 0) {
        setImportError(PyExc_ImportError, text, name, 0, 0);
        Py.DECREF(text);
      }
    }
    return 0;
  }
  const code = Frozen.code(block);
  const r = readCompiled(code, n - <isize>(code - block));
  PyMem_RawFree(block);
  return r;
}
