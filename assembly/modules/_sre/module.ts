// The module _sre (CPython 3.13's Modules/_sre): what the standard library's re runs its compiled patterns with.
//
//   codes       the instructions
//   characters  single characters: categories, sets, case
//   validate    whether code may be run
//   match       matching at one place | search  the first place
//   state       a search while it runs
//   pattern, match_object, scanner, template: the types

import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { PyBool_FromBool } from "../../objects/protocol/access";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Char } from "./characters";
import { SRE_MAGIC, SRE_MAXGROUPS } from "./codes";
import { initMatchType } from "./match_object";
import { initPatternType } from "./pattern";
import { initScannerType } from "./scanner";
import { initTemplateType } from "./template";

const MAX_CHARACTER: u32 = 0x10ffff;

/**
 * @native _sre.getcodesize($module, /)
 */
export function getcodesize(_module: usize): usize {
  return PyLong_FromLong(4);
}

/**
 * @native _sre.ascii_iscased($module, character, /)
 */
export function ascii_iscased(_module: usize, character: i32): usize {
  return PyBool_FromBool((<u32>character | 32) - 97 < 26);
}

/**
 * @native _sre.unicode_iscased($module, character, /)
 */
export function unicode_iscased(_module: usize, character: i32): usize {
  const c = <u32>character;
  return PyBool_FromBool(c <= MAX_CHARACTER && (c != Char.lowerUnicode(c) || c != Char.upperUnicode(c)));
}

/**
 * @native _sre.ascii_tolower($module, character, /)
 */
export function ascii_tolower(_module: usize, character: i32): usize {
  return PyLong_FromLong(<i32>Char.lowerAscii(<u32>character));
}

/**
 * @native _sre.unicode_tolower($module, character, /)
 */
export function unicode_tolower(_module: usize, character: i32): usize {
  const c = <u32>character;
  return PyLong_FromLong(<i32>(c > MAX_CHARACTER ? c : Char.lowerUnicode(c)));
}

/** Adds a value (stolen, null for an exception) to the module: whether that worked. */
function add(m: usize, name: string, value: usize): bool {
  return PyModule_AddObjectLiteral(m, name, value) == 0;
}

/**
 * @module _sre
 * @order compile template getcodesize ascii_iscased unicode_iscased ascii_tolower unicode_tolower
 */
export function initSre(m: usize): i32 {
  return initPatternType() == 0 &&
    initMatchType() == 0 &&
    initScannerType() == 0 &&
    initTemplateType() == 0 &&
    add(m, "MAGIC", PyLong_FromLong(SRE_MAGIC)) &&
    add(m, "CODESIZE", PyLong_FromLong(4)) &&
    add(m, "MAXREPEAT", PyLong_FromLongLong(0xffffffff)) &&
    add(m, "MAXGROUPS", PyLong_FromLong(SRE_MAXGROUPS)) &&
    add(m, "copyright", PyUnicode_FromLiteral(" SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB "))
    ? 0
    : -1;
}
