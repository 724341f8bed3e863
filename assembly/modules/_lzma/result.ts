// How a step of coding ended, and the exception that a program gets (CPython 3.13's Modules/_lzmamodule.c: catch_lzma_error).

import { lzmaRoots } from "../../generated/runtime";
import { PyErr_NoMemory, PyErr_SetString } from "../../objects/errors/raise";

export const enum Result {
  /** More input is needed, or more room. */
  some,
  /** A part is done; the next can begin. */
  next,
  end,
  wrongFormat,
  wrongOptions,
  wrongData,
  overLimit,
  noMemory,
  internal,
}

/** Sets the exception for a result that is an error; returns null. */
export function setResult(r: Result): usize {
  switch (r) {
    case Result.wrongFormat:
      return PyErr_SetString(lzmaRoots.error, "Input format not supported by decoder");
    case Result.wrongOptions:
      return PyErr_SetString(lzmaRoots.error, "Invalid or unsupported options");
    case Result.wrongData:
      return PyErr_SetString(lzmaRoots.error, "Corrupt input data");
    case Result.overLimit:
      return PyErr_SetString(lzmaRoots.error, "Memory usage limit exceeded");
    case Result.noMemory:
      return PyErr_NoMemory();
    default:
      return PyErr_SetString(lzmaRoots.error, "Internal error");
  }
}
