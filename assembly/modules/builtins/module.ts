// The module builtins: the names that all code sees (CPython 3.13's Python/bltinmodule.c). Its functions are in the
// files of builtins/; here they are put together with the types, the exceptions and the constants.
//
// `open` is set once the io module exists, by whoever makes the standard streams, as in CPython.

import { Py_TPFLAGS_BASE_EXC_SUBCLASS } from "../../generated/constants";
import { PyTypeObject } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import {
  _Py_EllipsisObject,
  _Py_FalseStruct,
  _Py_NoneStruct,
  _Py_NotImplementedStruct,
  _Py_TrueStruct,
  FIRST_EXCEPTION,
  PyBaseObject_Type,
  PyBool_Type,
  PyByteArray_Type,
  PyBytes_Type,
  PyClassMethod_Type,
  PyComplex_Type,
  PyDict_Type,
  PyEnum_Type,
  PyExc_OSError,
  PyFilter_Type,
  PyFloat_Type,
  PyFrozenSet_Type,
  PyList_Type,
  PyLong_Type,
  PyMap_Type,
  PyMemoryView_Type,
  PyProperty_Type,
  PyRange_Type,
  PyReversed_Type,
  PySet_Type,
  PySlice_Type,
  PyStaticMethod_Type,
  PySuper_Type,
  PyTuple_Type,
  PyType_Type,
  PyUnicode_Type,
  PyZip_Type,
  STATIC_TYPE_COUNT,
} from "../../generated/statics";
import { PyDict_SetItem, PyDict_SetItemLiteral } from "../../objects/containers/dict/dict";
import { PyModule_GetDict } from "../../objects/module/module";
import { Py } from "../../objects/object/head";
import { PyUnicode_InternFromString } from "../../objects/text/intern";

/** Sets a type under its own name: 0, or -1 with an exception. */
function addType(d: usize, type: usize): i32 {
  const name = PyUnicode_InternFromString(PyTypeObject.at(type).tp_name);
  if (name == 0) return -1;
  const r = PyDict_SetItem(d, name, type);
  Py.DECREF(name);
  return r;
}

function addTypes(d: usize): bool {
  return (
    addType(d, PyBool_Type) == 0 &&
    addType(d, PyMemoryView_Type) == 0 &&
    addType(d, PyByteArray_Type) == 0 &&
    addType(d, PyBytes_Type) == 0 &&
    addType(d, PyClassMethod_Type) == 0 &&
    addType(d, PyComplex_Type) == 0 &&
    addType(d, PyDict_Type) == 0 &&
    addType(d, PyEnum_Type) == 0 &&
    addType(d, PyFilter_Type) == 0 &&
    addType(d, PyFloat_Type) == 0 &&
    addType(d, PyFrozenSet_Type) == 0 &&
    addType(d, PyProperty_Type) == 0 &&
    addType(d, PyLong_Type) == 0 &&
    addType(d, PyList_Type) == 0 &&
    addType(d, PyMap_Type) == 0 &&
    addType(d, PyBaseObject_Type) == 0 &&
    addType(d, PyRange_Type) == 0 &&
    addType(d, PyReversed_Type) == 0 &&
    addType(d, PySet_Type) == 0 &&
    addType(d, PySlice_Type) == 0 &&
    addType(d, PyStaticMethod_Type) == 0 &&
    addType(d, PyUnicode_Type) == 0 &&
    addType(d, PySuper_Type) == 0 &&
    addType(d, PyTuple_Type) == 0 &&
    addType(d, PyType_Type) == 0 &&
    addType(d, PyZip_Type) == 0
  );
}

function addExceptions(d: usize): bool {
  for (let i = FIRST_EXCEPTION; i < STATIC_TYPE_COUNT; i++) {
    const type = PyBaseObject_Type + <usize>i * 416;
    if (!Py.hasFeature(type, Py_TPFLAGS_BASE_EXC_SUBCLASS)) continue;
    if (addType(d, type) < 0) return false;
  }
  return (
    PyDict_SetItemLiteral(d, "EnvironmentError", PyExc_OSError) == 0 &&
    PyDict_SetItemLiteral(d, "IOError", PyExc_OSError) == 0
  );
}

function addConstants(d: usize): bool {
  return (
    PyDict_SetItemLiteral(d, "None", _Py_NoneStruct) == 0 &&
    PyDict_SetItemLiteral(d, "Ellipsis", _Py_EllipsisObject) == 0 &&
    PyDict_SetItemLiteral(d, "NotImplemented", _Py_NotImplementedStruct) == 0 &&
    PyDict_SetItemLiteral(d, "False", _Py_FalseStruct) == 0 &&
    PyDict_SetItemLiteral(d, "True", _Py_TrueStruct) == 0 &&
    PyDict_SetItemLiteral(d, "__debug__", _Py_TrueStruct) == 0
  );
}

/** What an import finds: the module made at the start, which stays though a program may take it from sys.modules. */
export function builtinsAgain(): usize {
  return Py.NewRef(vmRoots.builtins_module);
}

/**
 * @module builtins
 * @maker builtinsAgain
 * @order __build_class__ abs bin chr divmod hex oct ord pow round all any aiter anext iter max min next
 * @order sorted sum ascii callable delattr dir format getattr globals hasattr hash id isinstance issubclass
 * @order len locals repr setattr vars compile eval exec __import__ breakpoint input print
 *
 * What every program sees without an import: functions, types, exceptions, constants.
 *
 * A name that is neither in the function nor in the module around it is looked for here: len, int, ValueError, None. Who hides one of them behind a name of his own finds it here as builtins.len. A name that is put here is seen by all modules, which is how site adds exit() and interactive mode adds _ for the last value. Few programs need it.
 */
export function initBuiltins(m: usize): i32 {
  const d = PyModule_GetDict(m);
  return addConstants(d) && addTypes(d) && addExceptions(d) ? 0 : -1;
}
