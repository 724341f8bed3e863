// What error numbers mean: their texts, which stand with them in spec/constants.txt, and the OSError subclass of each.

import {
  EACCES,
  EAGAIN,
  EALREADY,
  ECHILD,
  ECONNABORTED,
  ECONNREFUSED,
  ECONNRESET,
  EEXIST,
  EINPROGRESS,
  EINTR,
  EISDIR,
  ENOENT,
  ENOTDIR,
  EPERM,
  EPIPE,
  ESHUTDOWN,
  ESRCH,
  ETIMEDOUT,
} from "../../generated/constants";
import { ERROR_COUNT, errorTable } from "../../generated/errors";
import * as S from "../../generated/statics";
import { cstringLength, PyUnicode_FromStringAndSize } from "../text/create";
import { PyUnicode_FromFormat } from "../text/format/fromformat";

/** The subclass of OSError for an error number; 0 where it has none. */
export function errnoClass(errno: i32): usize {
  switch (errno) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS:
      return S.PyExc_BlockingIOError;
    case EPIPE:
    case ESHUTDOWN:
      return S.PyExc_BrokenPipeError;
    case ECHILD:
      return S.PyExc_ChildProcessError;
    case ECONNABORTED:
      return S.PyExc_ConnectionAbortedError;
    case ECONNREFUSED:
      return S.PyExc_ConnectionRefusedError;
    case ECONNRESET:
      return S.PyExc_ConnectionResetError;
    case EEXIST:
      return S.PyExc_FileExistsError;
    case ENOENT:
      return S.PyExc_FileNotFoundError;
    case EISDIR:
      return S.PyExc_IsADirectoryError;
    case ENOTDIR:
      return S.PyExc_NotADirectoryError;
    case EINTR:
      return S.PyExc_InterruptedError;
    case EACCES:
    case EPERM:
      return S.PyExc_PermissionError;
    case ESRCH:
      return S.PyExc_ProcessLookupError;
    case ETIMEDOUT:
      return S.PyExc_TimeoutError;
    default:
      return 0;
  }
}

/** The row of the table of errors behind the one at `row`. */
export function nextError(row: usize): usize {
  const text = row + 1 + <usize>cstringLength(row + 1) + 1;
  return text + <usize>cstringLength(text) + 1;
}

/** strerror(errno): a new str. */
export function strerror(errno: i32): usize {
  let row = errorTable;
  for (let i = 0; i < ERROR_COUNT; i++) {
    if (load<u8>(row) == errno) {
      const text = row + 1 + <usize>cstringLength(row + 1) + 1;
      return PyUnicode_FromStringAndSize(text, cstringLength(text));
    }
    row = nextError(row);
  }
  return PyUnicode_FromFormat("Unknown error %d", errno);
}
