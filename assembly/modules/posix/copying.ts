// Bytes that go from one open file to another without the program (CPython 3.13's Modules/posixmodule.c): through a block
// here, a piece at a time, as the system may do less than it is asked for.

import { EINVAL } from "../../generated/constants";
import { host } from "../../generated/host";
import { FileStatus, SIZEOF_FileStatus } from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_ValueError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyErr_NoMemory, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_AsLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { Scratch } from "../../thread/scratch";
import { raiseTransfer, readDescriptor, writeDescriptor } from "../select/transfer";
import { ESPIPE, S_IFIFO, S_IFMT } from "../../generated/constants";

/** The most that goes at once. */
const PIECE: isize = 1 << 20;
/** As much as a pipe always takes. */
const PIPE_PIECE: isize = 1 << 16;
/** Instead of an offset: where the file stands. */
const HERE: i64 = -1;

/** An offset that may be None: HERE; -2 with an exception. */
function offsetArgument(o: usize): i64 {
  if (o == 0 || o == _Py_NoneStruct) return HERE;
  const v = PyLong_AsLongLong(o);
  if (v == -1 && PyErr_Occurred()) return -2;
  if (v >= 0) return v;
  raiseErrno(EINVAL);
  return -2;
}

/** Copies up to `size` bytes: how many, as an int; null with an exception. */
function copy(src: i32, dst: i32, size: isize, from: i64, to: i64): usize {
  const block = PyMem_Malloc(max<usize>(<usize>size, 1));
  if (block == 0) return PyErr_NoMemory();
  let r = from == HERE ? readDescriptor(src, block, <usize>size) : host.pread(src, block, <usize>size, from);
  if (r > 0) {
    const got = r;
    r = to == HERE ? writeDescriptor(dst, block, <usize>got) : host.pwrite(dst, block, <usize>got, to);
    // What has been read and was not taken is read again, where that can be.
    if (from == HERE && r < got) host.lseek(src, <i64>max<isize>(r, 0) - got, 1);
  }
  PyMem_Free(block);
  return r < 0 ? raiseTransfer(r) : PyLong_FromSsize_t(r);
}

/**
 * @native posix.copy_file_range($module, /, src, dst, count, offset_src=None,
 *                 offset_dst=None)
 *
 * Copy bytes from a file to another; how many there were is returned.
 *
 *   src
 *     From which, its number.
 *   dst
 *     To which, its number.
 *   count
 *     How many.
 *   offset_src
 *     Where they begin.
 *   offset_dst
 *     Where they go.
 *
 * An offset that is None is where the file stands, which is then moved.
 */
export function posix_copy_file_range(
  _m: usize,
  src: i32,
  dst: i32,
  count: isize,
  offset_src: usize,
  offset_dst: usize,
): usize {
  if (count < 0) return PyErr_SetString(PyExc_ValueError, "negative value for 'count' not allowed");
  const from = offsetArgument(offset_src);
  const to = from < HERE ? from : offsetArgument(offset_dst);
  return to < HERE ? 0 : copy(src, dst, min(count, PIECE), from, to);
}

/** Whether a descriptor is a pipe: 1 or 0, or a negative error number. */
function isPipe(fd: i32): isize {
  const status = Scratch.take(SIZEOF_FileStatus >> 3);
  const r = host.fstat(fd, status);
  const pipe = (FileStatus.at(status).mode & S_IFMT) == S_IFIFO;
  Scratch.give(status);
  return r < 0 ? r : pipe ? 1 : 0;
}

/**
 * @native posix.splice($module, /, src, dst, count, offset_src=None, offset_dst=None,
 *        flags=0)
 *
 * Move bytes from a pipe to a file, or the other way; how many there were is returned.
 *
 *   src
 *     From which, its number.
 *   dst
 *     To which, its number.
 *   count
 *     How many.
 *   offset_src
 *     Where they begin, in a file.
 *   offset_dst
 *     Where they go, in a file.
 *   flags
 *     SPLICE_F_MOVE and the like.
 *
 * An offset that is None is where the file stands, which is then moved. A pipe has none.
 */
export function posix_splice(
  _m: usize,
  src: i32,
  dst: i32,
  count: isize,
  offset_src: usize,
  offset_dst: usize,
  _flags: i32,
): usize {
  if (count < 0) return PyErr_SetString(PyExc_ValueError, "negative value for 'count' not allowed");
  const from = offsetArgument(offset_src);
  const to = from < HERE ? from : offsetArgument(offset_dst);
  if (to < HERE) return 0;
  const fromPipe = isPipe(src);
  const toPipe = fromPipe < 0 ? fromPipe : isPipe(dst);
  if (toPipe < 0) return raiseErrno(-toPipe);
  if (fromPipe == 0 && toPipe == 0) return raiseErrno(EINVAL);
  if ((fromPipe && from != HERE) || (toPipe && to != HERE)) return raiseErrno(ESPIPE);
  return copy(src, dst, min(count, PIPE_PIECE), from, to);
}
