// The module _codecs (CPython 3.13's Modules/_codecsmodule.c and Python/codecs.c): the registry of codecs, and the codecs
// that are native.
//
//   registry  what finds codecs, and error handlers by name | handlers  those that there are from the beginning
//   unicode, utf7, escapes, charmap: the codecs | arguments  what they have in common

import { objectsRoots } from "../../generated/runtime";
import {
  PyDict_DelItem,
  PyDict_RequireItemLiteral,
  PyDict_New,
  PyDict_SetItemLiteral,
} from "../../objects/containers/dict/dict";
import { PyModule_GetDict } from "../../objects/module/module";
import { Py } from "../../objects/object/head";
import { PyUnicode_InternLiteral } from "../../objects/text/intern";
import { initEncodingMapType } from "./charmap";

/** Takes a handler out of the module, and puts it under its name into the registry: whether that worked. */
function move(m: usize, functionName: string, name: string): bool {
  const d = PyModule_GetDict(m);
  const f = PyDict_RequireItemLiteral(d, functionName);
  if (f == 0 || PyDict_SetItemLiteral(objectsRoots.codec_errors, name, f) < 0) return false;
  const key = PyUnicode_InternLiteral(functionName);
  const status = key == 0 ? -1 : PyDict_DelItem(d, key);
  Py.XDECREF(key);
  return status == 0;
}

/**
 * @module _codecs
 * @order register unregister lookup encode decode escape_encode escape_decode utf_8_encode utf_8_decode utf_7_encode utf_7_decode utf_16_encode utf_16_le_encode utf_16_be_encode utf_16_decode utf_16_le_decode utf_16_be_decode utf_16_ex_decode utf_32_encode utf_32_le_encode utf_32_be_encode utf_32_decode utf_32_le_decode utf_32_be_decode utf_32_ex_decode unicode_escape_encode unicode_escape_decode raw_unicode_escape_encode raw_unicode_escape_decode latin_1_encode latin_1_decode ascii_encode ascii_decode charmap_encode charmap_decode charmap_build readbuffer_encode register_error lookup_error
 */
export function initCodecs(m: usize): i32 {
  if (initEncodingMapType() < 0) return -1;
  if (objectsRoots.codec_errors == 0) objectsRoots.codec_errors = PyDict_New();
  if (objectsRoots.codec_errors == 0) return -1;
  const good =
    move(m, "strict_errors", "strict") &&
    move(m, "ignore_errors", "ignore") &&
    move(m, "replace_errors", "replace") &&
    move(m, "xmlcharrefreplace_errors", "xmlcharrefreplace") &&
    move(m, "backslashreplace_errors", "backslashreplace") &&
    move(m, "namereplace_errors", "namereplace") &&
    move(m, "surrogatepass", "surrogatepass") &&
    move(m, "surrogateescape", "surrogateescape");
  if (!good) return -1;
  // What str.encode and bytes.decode do not know themselves they look up by this.
  const lookup = PyDict_RequireItemLiteral(PyModule_GetDict(m), "lookup");
  if (lookup == 0) return -1;
  const old = objectsRoots.codec_lookup;
  objectsRoots.codec_lookup = Py.NewRef(lookup);
  Py.XDECREF(old);
  return 0;
}
