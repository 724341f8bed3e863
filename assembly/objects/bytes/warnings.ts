// What -b tells of: bytes compared with str or int, which they never equal, and str() of bytes, which decodes nothing.

import { objectsRoots } from "../../generated/runtime";
import { PyExc_BytesWarning } from "../../generated/statics";
import { PyErr_WarnEx } from "../errors/warnings";

/** Gives a BytesWarning where the process was started with -b: 0, or -1 where it is an exception. */
export function warnOfBytes(message: string): i32 {
  return objectsRoots.bytes_warning == 0 ? 0 : PyErr_WarnEx(PyExc_BytesWarning, message, 1);
}
