// A str written below all objects, for the reports of a process that is in trouble (_Py_DumpASCII in Python/traceback.c of
// CPython 3.13).

import { text, textByte, textHex } from "../../memory/text";
import { U } from "./access";

const SHOWN_MAX: isize = 500;

/** Writes the str as ASCII, its other characters escaped; a long one is cut. */
export function dumpASCII(s: usize): void {
  const n = min(U.length(s), SHOWN_MAX);
  for (let i: isize = 0; i < n; i++) {
    const c = U.at(s, i);
    if (c >= 0x20 && c < 0x7f) {
      textByte(c);
      continue;
    }
    if (c < 0x100) text("\\x");
    else if (c < 0x10000) text("\\u");
    else text("\\U");
    textHex(c, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8);
  }
  if (n < U.length(s)) text("...");
}
