/**
 * What compresses and decompresses for programs, behind the code* calls of spec/syscalls.txt: libraries that are loaded
 * when a program first needs one.
 */
import { coder } from "../../generated/constants.ts";
import { SystemError } from "../errno.ts";
import type { Coder } from "./coder.ts";
import { openDeflate, openInflate } from "./deflate.ts";

/** A new coder of a kind; EINVAL for parameters that it cannot have. */
export function openCoder(kind: number, parameters: Uint8Array): Coder {
  const numbers = [...new Int32Array(parameters.slice().buffer)];
  switch (kind) {
    case coder.CODER_DEFLATE:
      return openDeflate(numbers);
    case coder.CODER_INFLATE:
      return openInflate(numbers);
    default:
      throw new SystemError("EINVAL");
  }
}
