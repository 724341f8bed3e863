// The module _contextvars (CPython 3.13's Modules/_contextvarsmodule.c). The types are in the files of the folder, the
// values of a context in an immutable mapping: nodes.ts ◄ hamt.ts ◄ context.ts ◄ variable.ts.

import { PyContext_Type, PyContextToken_Type, PyContextVar_Type } from "../../generated/statics";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { initContextType, PyContext_CopyCurrent } from "./context";
import { initHamtTypes } from "./hamt";
import { initVariableTypes } from "./variable";

/**
 * @native _contextvars.copy_context($module, /)
 */
export function contextvars_copy_context(_m: usize): usize {
  return PyContext_CopyCurrent();
}

/**
 * @module _contextvars
 *
 * Context variables.
 */
export function initContextvars(m: usize): i32 {
  const ready =
    initHamtTypes() == 0 &&
    initContextType() == 0 &&
    initVariableTypes() == 0 &&
    PyModule_AddObjectLiteral(m, "Context", PyContext_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "ContextVar", PyContextVar_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "Token", PyContextToken_Type) == 0;
  return ready ? 0 : -1;
}
