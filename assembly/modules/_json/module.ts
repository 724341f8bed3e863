// The module _json (CPython 3.13's Modules/_json.c): what the standard library's json reads and writes with.
//
//   strings   quoting | scanstring, scanner   reading | encoder   writing

import { PyJSONEncoder_Type, PyJSONScanner_Type } from "../../generated/statics";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { Py } from "../../objects/object/head";
import { initEncoderType } from "./encoder";
import { initScannerType } from "./scanner";

/**
 * @module _json
 * @order encode_basestring_ascii encode_basestring scanstring
 *
 * Speeds up json.
 */
export function initJson(m: usize): i32 {
  if (initScannerType() < 0 || initEncoderType() < 0) return -1;
  return PyModule_AddObjectLiteral(m, "make_scanner", Py.NewRef(PyJSONScanner_Type)) == 0 &&
    PyModule_AddObjectLiteral(m, "make_encoder", Py.NewRef(PyJSONEncoder_Type)) == 0
    ? 0
    : -1;
}
