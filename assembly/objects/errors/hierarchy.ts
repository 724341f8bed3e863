// The hierarchy of the built-in exceptions: which type derives from which, and what each adds (CPython 3.13's
// Objects/exceptions.c).

import { Py_TPFLAGS_BASE_EXC_SUBCLASS, Py_TPFLAGS_BASETYPE, Py_TPFLAGS_HAVE_GC } from "../../generated/constants";
import {
  PyBaseExceptionObject_dict,
  PyTypeObject,
  SIZEOF_PyAttributeErrorObject,
  SIZEOF_PyBaseExceptionObject,
  SIZEOF_PyImportErrorObject,
  SIZEOF_PyNameErrorObject,
  SIZEOF_PyOSErrorObject,
  SIZEOF_PyStopIterationObject,
  SIZEOF_PySyntaxErrorObject,
  SIZEOF_PySystemExitObject,
  SIZEOF_PyTypeObject,
  SIZEOF_PyUnicodeErrorObject,
} from "../../generated/layouts";
import * as S from "../../generated/statics";
import {
  FIRST_EXCEPTION,
  PyExc_AttributeError,
  PyExc_BaseException,
  PyExc_ImportError,
  PyExc_KeyError,
  PyExc_MemoryError,
  PyExc_NameError,
  PyExc_OSError,
  PyExc_StopIteration,
  PyExc_SyntaxError,
  PyExc_SystemExit,
  PyExc_UnicodeDecodeError,
  PyExc_UnicodeEncodeError,
  PyExc_UnicodeTranslateError,
  STATIC_TYPE_COUNT,
} from "../../generated/statics";
import {
  PyAttributeErrorObject_clear,
  PyAttributeErrorObject_traverse,
  PyBaseExceptionObject_clear,
  PyBaseExceptionObject_traverse,
  PyImportErrorObject_clear,
  PyImportErrorObject_traverse,
  PyNameErrorObject_clear,
  PyNameErrorObject_traverse,
  PyOSErrorObject_clear,
  PyOSErrorObject_traverse,
  PyStopIterationObject_clear,
  PyStopIterationObject_traverse,
  PySyntaxErrorObject_clear,
  PySyntaxErrorObject_traverse,
  PySystemExitObject_clear,
  PySystemExitObject_traverse,
  PyUnicodeErrorObject_clear,
  PyUnicodeErrorObject_traverse,
} from "../generated/references";
import { PyObject_GC_Del, PyType_GenericAlloc } from "../object/alloc";
import { PyObject_GenericGetAttr, PyObject_GenericSetAttr } from "../object/attributes";
import {
  BaseException_dealloc,
  BaseException_init,
  BaseException_new,
  BaseException_repr,
  BaseException_str,
} from "./base";
import {
  AttributeError_init,
  ImportError_init,
  ImportError_str,
  KeyError_str,
  NameError_init,
  StopIteration_init,
  SystemExit_init,
} from "./fields";
import { initExceptionGroupTypes } from "./group";
import { MemoryError_new } from "./memoryerror";
import { OSError_init, OSError_new, OSError_str } from "./oserror";
import { SyntaxError_init, SyntaxError_str } from "./syntaxerror";
import {
  UnicodeDecodeError_init,
  UnicodeDecodeError_str,
  UnicodeEncodeError_init,
  UnicodeEncodeError_str,
  UnicodeTranslateError_init,
  UnicodeTranslateError_str,
} from "./unicodeerror";

// The types

/** What every exception class has of its own; the rest is inherited. */
function plain(type: usize): void {
  const t = PyTypeObject.at(type);
  t.tp_flags = Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASE_EXC_SUBCLASS;
  t.tp_dealloc = BaseException_dealloc.index;
  t.tp_traverse = PyBaseExceptionObject_traverse.index;
  t.tp_clear = PyBaseExceptionObject_clear.index;
  t.tp_dictoffset = PyBaseExceptionObject_dict;
  t.tp_new = BaseException_new.index;
  t.tp_init = BaseException_init.index;
  t.tp_basicsize = SIZEOF_PyBaseExceptionObject;
  t.tp_free = PyObject_GC_Del.index;
}

/** A class with a structure, constructor or text of its own; its descendants start from a copy. */
function special(type: usize, size: usize, init: u32, str: u32, clear: u32, traverse: u32, new_: u32): void {
  for (let i = FIRST_EXCEPTION; i < STATIC_TYPE_COUNT; i++) {
    const d = S.PyBaseObject_Type + <usize>i * SIZEOF_PyTypeObject;
    if (!isExceptionType(d) || !derives(d, type)) continue;
    const t = PyTypeObject.at(d);
    if (size != 0) t.tp_basicsize = size;
    if (init != 0) t.tp_init = init;
    if (clear != 0) t.tp_clear = clear;
    if (traverse != 0) t.tp_traverse = traverse;
    if (new_ != 0) t.tp_new = new_;
  }
  if (str != 0) PyTypeObject.at(type).tp_str = str;
}

function isExceptionType(type: usize): bool {
  return (PyTypeObject.at(type).tp_flags & Py_TPFLAGS_BASE_EXC_SUBCLASS) != 0;
}

function derives(type: usize, base: usize): bool {
  while (type != 0) {
    if (type == base) return true;
    type = PyTypeObject.at(type).tp_base;
  }
  return false;
}

/**
 * @type BaseException
 *
 * What everything raised is.
 *
 * @member BaseException.__suppress_context__ = PyBaseExceptionObject.suppress_context
 *
 * @getter BaseException.__dict__ = attributes.PyObject_GenericGetDict
 */

/**
 * @type Exception
 *
 * What is raised for errors, not to end programs.
 */

/**
 * @type GeneratorExit
 *
 * The generator is to be closed.
 */

/**
 * @type KeyboardInterrupt
 *
 * Somebody pressed Ctrl-C.
 */

/**
 * @type SystemExit
 *
 * The program wants to end.
 *
 * @member SystemExit.code = PySystemExitObject.code
 * its exit status
 */

/**
 * @type ArithmeticError
 *
 * What is wrong with a computation.
 */

/**
 * @type AssertionError
 *
 * assert was not true.
 */

/**
 * @type AttributeError
 *
 * No such attribute.
 *
 * @member AttributeError.obj = PyAttributeErrorObject.obj
 * owner
 *
 * @member AttributeError.name = PyAttributeErrorObject.name
 * what was asked for
 */

/**
 * @type BufferError
 *
 * Its memory is held.
 */

/**
 * @type EOFError
 *
 * The input has come to an end.
 */

/**
 * @type ImportError
 *
 * A module, or a name of a module, was not found.
 *
 * @member ImportError.msg = PyImportErrorObject.msg
 * what there is to say
 *
 * @member ImportError.name = PyImportErrorObject.name
 * which module
 *
 * @member ImportError.path = PyImportErrorObject.path
 * where it lies
 *
 * @member ImportError.name_from = PyImportErrorObject.name_from
 * the name that is not in it
 */

/**
 * @type LookupError
 *
 * What an index or key has missed.
 */

/**
 * @type MemoryError
 *
 * No memory is left.
 */

/**
 * @type NameError
 *
 * No variable has that name.
 *
 * @member NameError.name = PyNameErrorObject.name
 * which
 */

/**
 * @type OSError
 *
 * What the system could not do.
 *
 * @member OSError.errno = PyOSErrorObject.myerrno
 * the system's number
 *
 * @member OSError.strerror = PyOSErrorObject.strerror
 * what that stands for
 *
 * @member OSError.filename = PyOSErrorObject.filename
 * which file it was
 *
 * @member OSError.filename2 = PyOSErrorObject.filename2
 * the other file, if there is one
 */

/**
 * @type ReferenceError
 *
 * The object of a weak reference no longer exists.
 */

/**
 * @type RuntimeError
 *
 * An error of no particular kind.
 */

/**
 * @type StopAsyncIteration
 *
 * An asynchronous iterator has come to its end.
 */

/**
 * @type StopIteration
 *
 * That an iterator has come to its very end.
 *
 * @member StopIteration.value = PyStopIterationObject.value
 * what it returned
 */

/**
 * @type SyntaxError
 *
 * No Python, this.
 *
 * @member SyntaxError.msg = PySyntaxErrorObject.msg
 * what is wrong
 *
 * @member SyntaxError.filename = PySyntaxErrorObject.filename
 * which file it was
 *
 * @member SyntaxError.lineno = PySyntaxErrorObject.lineno
 * in which line
 *
 * @member SyntaxError.offset = PySyntaxErrorObject.offset
 * in which column
 *
 * @member SyntaxError.end_lineno = PySyntaxErrorObject.end_lineno
 * up to which line
 *
 * @member SyntaxError.end_offset = PySyntaxErrorObject.end_offset
 * up to which column
 *
 * @member SyntaxError.text = PySyntaxErrorObject.text
 * the line as it is
 *
 * @member SyntaxError.print_file_and_line = PySyntaxErrorObject.print_file_and_line
 * whether str() names the place
 */

/**
 * @type SystemError
 *
 * Something is wrong with the interpreter itself.
 *
 * Please tell those who maintain it: the program that does it, the traceback, which version it is and on what system it runs.
 */

/**
 * @type TypeError
 *
 * An object of some other type is needed.
 */

/**
 * @type ValueError
 *
 * The type is as needed, but not the value.
 */

/**
 * @type Warning
 *
 * What a program is warned of.
 */

/**
 * @type FloatingPointError
 *
 * A computation with floats failed.
 */

/**
 * @type OverflowError
 *
 * A number has become too large.
 */

/**
 * @type ZeroDivisionError
 *
 * Something was to be divided by zero, or its remainder taken.
 */

/**
 * @type BytesWarning
 *
 * Warns of bytes that are used as if they were text: printed by str(), or compared with a string, both of which rarely do what was meant.
 */

/**
 * @type DeprecationWarning
 *
 * Warns programmers of what will be taken away.
 */

/**
 * @type EncodingWarning
 *
 * Warns of an encoding that nobody has chosen.
 */

/**
 * @type FutureWarning
 *
 * Warns users of programs of what will mean something else in a later version.
 */

/**
 * @type ImportWarning
 *
 * Warns of an import that is not likely to do what was meant
 */

/**
 * @type PendingDeprecationWarning
 *
 * Warns of what will be taken away some day, though it is not yet decided when.
 */

/**
 * @type ResourceWarning
 *
 * Warns of files and the like left open by it.
 */

/**
 * @type RuntimeWarning
 *
 * Warns of what looks wrong while it runs.
 */

/**
 * @type SyntaxWarning
 *
 * Warns of what looks wrong in the source.
 */

/**
 * @type UnicodeWarning
 *
 * Warns of what is odd about text in Unicode, such as when it is converted from or to bytes.
 */

/**
 * @type UserWarning
 *
 * Warns of what a program thinks worth telling.
 */

/**
 * @type BlockingIOError
 *
 * It would have to wait for it.
 */

/**
 * @type ChildProcessError
 *
 * A child has failed.
 */

/**
 * @type ConnectionError
 *
 * The connection is bad.
 */

/**
 * @type FileExistsError
 *
 * The file exists.
 */

/**
 * @type FileNotFoundError
 *
 * No such file there.
 */

/**
 * @type InterruptedError
 *
 * A signal came first.
 */

/**
 * @type IsADirectoryError
 *
 * A directory where a file should be.
 */

/**
 * @type NotADirectoryError
 *
 * A file where a directory should be.
 */

/**
 * @type PermissionError
 *
 * It is not permitted.
 */

/**
 * @type ProcessLookupError
 *
 * No such process.
 */

/**
 * @type TimeoutError
 *
 * It took too long.
 */

/**
 * @type IndentationError
 *
 * Indented badly.
 */

/**
 * @type IndexError
 *
 * No element is at that index.
 */

/**
 * @type KeyError
 *
 * No such key there.
 */

/**
 * @type ModuleNotFoundError
 *
 * No such module.
 */

/**
 * @type NotImplementedError
 *
 * A method that a subclass has still to provide.
 */

/**
 * @type PythonFinalizationError
 *
 * Not possible any more while the program ends.
 */

/**
 * @type RecursionError
 *
 * Calls are nested too deeply.
 */

/**
 * @type UnboundLocalError
 *
 * A variable of the function has no value as yet.
 */

/**
 * @type UnicodeError
 *
 * Text and bytes.
 */

/**
 * @type BrokenPipeError
 *
 * No reader is there.
 */

/**
 * @type ConnectionAbortedError
 *
 * The peer gave it up.
 */

/**
 * @type ConnectionRefusedError
 *
 * The peer refused it.
 */

/**
 * @type ConnectionResetError
 *
 * The peer dropped it.
 */

/**
 * @type _IncompleteInputError
 *
 * The source ends where it cannot.
 */

/**
 * @type TabError
 *
 * Tabs and blanks indent ambiguously.
 */

/**
 * @type UnicodeDecodeError
 *
 * Bytes are not text.
 *
 * @member UnicodeDecodeError.encoding = PyUnicodeErrorObject.encoding
 * in which encoding
 *
 * @member UnicodeDecodeError.object = PyUnicodeErrorObject.object
 * what was converted
 *
 * @member UnicodeDecodeError.start = PyUnicodeErrorObject.start
 * from where on
 *
 * @member UnicodeDecodeError.end = PyUnicodeErrorObject.end
 * up to where
 *
 * @member UnicodeDecodeError.reason = PyUnicodeErrorObject.reason
 * what is wrong
 */

/**
 * @type UnicodeEncodeError
 *
 * Not encodable.
 *
 * @member UnicodeEncodeError.encoding = PyUnicodeErrorObject.encoding
 * in which encoding
 *
 * @member UnicodeEncodeError.object = PyUnicodeErrorObject.object
 * what was converted
 *
 * @member UnicodeEncodeError.start = PyUnicodeErrorObject.start
 * from where on
 *
 * @member UnicodeEncodeError.end = PyUnicodeErrorObject.end
 * up to where
 *
 * @member UnicodeEncodeError.reason = PyUnicodeErrorObject.reason
 * what is wrong
 */

/**
 * @type UnicodeTranslateError
 *
 * The text cannot be translated.
 *
 * @member UnicodeTranslateError.encoding = PyUnicodeErrorObject.encoding
 * in which encoding
 *
 * @member UnicodeTranslateError.object = PyUnicodeErrorObject.object
 * what was converted
 *
 * @member UnicodeTranslateError.start = PyUnicodeErrorObject.start
 * from where on
 *
 * @member UnicodeTranslateError.end = PyUnicodeErrorObject.end
 * up to where
 *
 * @member UnicodeTranslateError.reason = PyUnicodeErrorObject.reason
 * what is wrong
 */

export function initExceptionTypes(): void {
  for (let i = FIRST_EXCEPTION; i < STATIC_TYPE_COUNT; i++) {
    const type = S.PyBaseObject_Type + <usize>i * SIZEOF_PyTypeObject;
    const base = load<u8>(S.staticTypeBases + <usize>i);
    if (base == 0 && type != PyExc_BaseException) continue;
    plain(type);
    PyTypeObject.at(type).tp_base = S.PyBaseObject_Type + <usize>base * SIZEOF_PyTypeObject;
  }
  const b = PyTypeObject.at(PyExc_BaseException);
  b.tp_repr = BaseException_repr.index;
  b.tp_str = BaseException_str.index;
  b.tp_getattro = PyObject_GenericGetAttr.index;
  b.tp_setattro = PyObject_GenericSetAttr.index;
  b.tp_alloc = PyType_GenericAlloc.index;

  special(
    PyExc_StopIteration,
    SIZEOF_PyStopIterationObject,
    StopIteration_init.index,
    0,
    PyStopIterationObject_clear.index,
    PyStopIterationObject_traverse.index,
    0,
  );
  special(
    PyExc_SystemExit,
    SIZEOF_PySystemExitObject,
    SystemExit_init.index,
    0,
    PySystemExitObject_clear.index,
    PySystemExitObject_traverse.index,
    0,
  );
  special(PyExc_MemoryError, 0, 0, 0, 0, 0, MemoryError_new.index);
  special(PyExc_KeyError, 0, 0, KeyError_str.index, 0, 0, 0);
  special(
    PyExc_ImportError,
    SIZEOF_PyImportErrorObject,
    ImportError_init.index,
    ImportError_str.index,
    PyImportErrorObject_clear.index,
    PyImportErrorObject_traverse.index,
    0,
  );
  special(
    PyExc_NameError,
    SIZEOF_PyNameErrorObject,
    NameError_init.index,
    BaseException_str.index,
    PyNameErrorObject_clear.index,
    PyNameErrorObject_traverse.index,
    0,
  );
  special(
    PyExc_AttributeError,
    SIZEOF_PyAttributeErrorObject,
    AttributeError_init.index,
    BaseException_str.index,
    PyAttributeErrorObject_clear.index,
    PyAttributeErrorObject_traverse.index,
    0,
  );
  special(
    PyExc_OSError,
    SIZEOF_PyOSErrorObject,
    OSError_init.index,
    OSError_str.index,
    PyOSErrorObject_clear.index,
    PyOSErrorObject_traverse.index,
    OSError_new.index,
  );
  special(
    PyExc_SyntaxError,
    SIZEOF_PySyntaxErrorObject,
    SyntaxError_init.index,
    SyntaxError_str.index,
    PySyntaxErrorObject_clear.index,
    PySyntaxErrorObject_traverse.index,
    0,
  );
  unicodeType(PyExc_UnicodeEncodeError, UnicodeEncodeError_init.index, UnicodeEncodeError_str.index);
  unicodeType(PyExc_UnicodeDecodeError, UnicodeDecodeError_init.index, UnicodeDecodeError_str.index);
  unicodeType(PyExc_UnicodeTranslateError, UnicodeTranslateError_init.index, UnicodeTranslateError_str.index);
  initExceptionGroupTypes();
  inheritNew();
}

/** Classes that CPython defines without a constructor inherit it: they have no __new__ of their own. */
function inheritNew(): void {
  for (let i = FIRST_EXCEPTION; i < STATIC_TYPE_COUNT; i++) {
    const type = S.PyBaseObject_Type + <usize>i * SIZEOF_PyTypeObject;
    if (!isExceptionType(type)) continue;
    if (
      type == PyExc_StopIteration ||
      type == PyExc_SystemExit ||
      type == PyExc_KeyError ||
      type == PyExc_AttributeError ||
      type == S.PyExc_ExceptionGroup ||
      derives(type, PyExc_ImportError) ||
      derives(type, PyExc_NameError) ||
      derives(type, PyExc_SyntaxError) ||
      (derives(type, PyExc_OSError) && type != PyExc_OSError)
    ) {
      PyTypeObject.at(type).tp_new = 0;
    }
  }
}

function unicodeType(type: usize, init: u32, str: u32): void {
  special(
    type,
    SIZEOF_PyUnicodeErrorObject,
    init,
    str,
    PyUnicodeErrorObject_clear.index,
    PyUnicodeErrorObject_traverse.index,
    0,
  );
}
