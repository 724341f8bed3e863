// Error numbers of Linux that the host reports, their texts, and the OSError subclass of each.

import * as S from "../../generated/statics";
import { PyUnicode_FromFormat } from "../text/format/fromformat";

export const EPERM: i32 = 1;
export const ENOENT: i32 = 2;
export const EIO: i32 = 5;
export const EBADF: i32 = 9;
export const EACCES: i32 = 13;
export const EEXIST: i32 = 17;
export const ENOTDIR: i32 = 20;
export const EISDIR: i32 = 21;
export const EINVAL: i32 = 22;
export const ENOSYS: i32 = 38;

/** The subclass of OSError for an error number; 0 where it has none. */
export function errnoClass(errno: i32): usize {
  switch (errno) {
    case 11:
    case 114:
    case 115:
      return S.PyExc_BlockingIOError;
    case 32:
    case 108:
      return S.PyExc_BrokenPipeError;
    case 10:
      return S.PyExc_ChildProcessError;
    case 103:
      return S.PyExc_ConnectionAbortedError;
    case 111:
      return S.PyExc_ConnectionRefusedError;
    case 104:
      return S.PyExc_ConnectionResetError;
    case EEXIST:
      return S.PyExc_FileExistsError;
    case ENOENT:
      return S.PyExc_FileNotFoundError;
    case EISDIR:
      return S.PyExc_IsADirectoryError;
    case ENOTDIR:
      return S.PyExc_NotADirectoryError;
    case 4:
      return S.PyExc_InterruptedError;
    case EACCES:
    case EPERM:
      return S.PyExc_PermissionError;
    case 3:
      return S.PyExc_ProcessLookupError;
    case 110:
      return S.PyExc_TimeoutError;
    default:
      return 0;
  }
}

function text(errno: i32): string {
  switch (errno) {
    case EPERM:
      return "Operation not permitted";
    case ENOENT:
      return "No such file or directory";
    case EIO:
      return "Input/output error";
    case EBADF:
      return "Bad file descriptor";
    case EACCES:
      return "Permission denied";
    case EEXIST:
      return "File exists";
    case ENOTDIR:
      return "Not a directory";
    case EISDIR:
      return "Is a directory";
    case EINVAL:
      return "Invalid argument";
    case 24:
      return "Too many open files";
    case 27:
      return "File too large";
    case 28:
      return "No space left on device";
    case 29:
      return "Illegal seek";
    case 30:
      return "Read-only file system";
    case 32:
      return "Broken pipe";
    case 36:
      return "File name too long";
    case ENOSYS:
      return "Function not implemented";
    case 39:
      return "Directory not empty";
    case 40:
      return "Too many levels of symbolic links";
    default:
      return "";
  }
}

/** strerror(errno): a new str. */
export function strerror(errno: i32): usize {
  const t = text(errno);
  if (t.length == 0) return PyUnicode_FromFormat("Unknown error %d", errno);
  return PyUnicode_FromFormat("%L", changetype<usize>(t));
}
