// The registry of codecs and error handlers, as text asks it: module _codecs brings it, and is imported by the first question.

import { objectsRoots } from "../../../generated/runtime";
import { PyImport_ImportLiteral } from "../../module/import";
import { Py } from "../../object/head";

/** Whether the registry is there, in objectsRoots.codec_lookup and objectsRoots.codec_errors; false with an exception. */
export function hasRegistry(): bool {
  if (objectsRoots.codec_lookup != 0) return true;
  const m = PyImport_ImportLiteral("_codecs");
  Py.XDECREF(m);
  return m != 0;
}
