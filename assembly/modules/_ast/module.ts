// The module _ast (CPython 3.13's Python/Python-ast.c): the classes of syntax trees, and the flags with which compile()
// makes trees.

import { AST_ROWS } from "../../generated/ast";
import {
  PyCF_ALLOW_TOP_LEVEL_AWAIT,
  PyCF_ONLY_AST,
  PyCF_OPTIMIZED_AST,
  PyCF_TYPE_COMMENTS,
} from "../../generated/constants";
import { PyAST_Type } from "../../generated/statics";
import { PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyUnicode_InternFromString } from "../../objects/text/intern";
import { astClass, initAstClasses, rowAt } from "./classes";

/**
 * @module _ast
 */
export function initAst(m: usize): i32 {
  if (initAstClasses() < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "AST", PyAST_Type) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "PyCF_ALLOW_TOP_LEVEL_AWAIT", PyLong_FromLong(PyCF_ALLOW_TOP_LEVEL_AWAIT)) < 0)
    return -1;
  if (PyModule_AddObjectLiteral(m, "PyCF_ONLY_AST", PyLong_FromLong(PyCF_ONLY_AST)) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "PyCF_TYPE_COMMENTS", PyLong_FromLong(PyCF_TYPE_COMMENTS)) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "PyCF_OPTIMIZED_AST", PyLong_FromLong(PyCF_OPTIMIZED_AST)) < 0) return -1;
  for (let row = 0; row < AST_ROWS; row++) {
    const name = PyUnicode_InternFromString(rowAt(row).name);
    const r = name == 0 ? -1 : PyDict_SetItem(PyModule_GetDict(m), name, astClass(row).type);
    Py.XDECREF(name);
    if (r < 0) return -1;
  }
  return 0;
}
