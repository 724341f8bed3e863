// The modules that are part of the program: which function makes each (what CPython has as PyImport_Inittab, in
// Python/import.c). A table of PyMethodDef, of which name and function are used, at vmRoots.inittab.

import { PyMethodDef, SIZEOF_PyMethodDef } from "../../generated/layouts";
import { vmRoots } from "../../generated/runtime";
import { PyUnicode_EqualToCString } from "../text/compare";

/** The function that makes the native module of the name; 0 where there is none. */
export function builtinModuleInit(name: usize): u32 {
  const table = vmRoots.inittab;
  if (table == 0) return 0;
  for (let def = table; load<u32>(def) != 0; def += SIZEOF_PyMethodDef) {
    const d = PyMethodDef.at(def);
    if (PyUnicode_EqualToCString(name, d.ml_name)) return d.ml_meth;
  }
  return 0;
}

/** Whether a native module of the name exists. */
export function isBuiltinModuleName(name: usize): bool {
  return builtinModuleInit(name) != 0;
}
