// Several buffers read or written at once, and bytes that go from file to file (CPython 3.13's Modules/posixmodule.c): the
// system is asked once, with a block of all of them.

import { EINVAL, EOPNOTSUPP, ESPIPE, S_IFMT, S_IFREG } from "../../generated/constants";
import { host } from "../../generated/host";
import { FileStatus, Py_buffer, SIZEOF_FileStatus, SIZEOF_Py_buffer } from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_TypeError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { PyErr_Format, PyErr_NoMemory, PyErr_Occurred } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_AsLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyBUF_SIMPLE, PyBUF_WRITABLE, PyBuffer_Release, PyObject_GetBuffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PySequence_Check, PySequence_Fast, PySequence_Fast_ITEMS } from "../../objects/protocol/sequence";
import { Scratch } from "../../thread/scratch";
import { raiseTransfer, readDescriptor, writeDescriptor } from "../select/transfer";

/** Where the position of a file is meant, and not an offset: as Linux has it. */
const HERE: i64 = -1;

/** The last of the kinds of advice. */
const ADVICE_MOST: i32 = 5;

/** The most bytes that go from file to file at once. */
const PIECE: i64 = 1 << 20;

function release(views: usize, n: isize): void {
  for (let i: isize = 0; i < n; i++) PyBuffer_Release(views + <usize>i * SIZEOF_Py_buffer);
  PyMem_Free(views);
}

/** Borrows all buffers of a sequence: their views, null with an exception. release() must follow. */
function borrowAll(items: usize, n: isize, flags: i32): usize {
  const views = PyMem_Malloc(max<usize>(<usize>n * SIZEOF_Py_buffer, 1));
  if (views == 0) return PyErr_NoMemory();
  for (let i: isize = 0; i < n; i++) {
    if (PyObject_GetBuffer(Py.item(PySequence_Fast_ITEMS(items), i), views + <usize>i * SIZEOF_Py_buffer, flags) == 0)
      continue;
    release(views, i);
    return 0;
  }
  return views;
}

/** Copies between a block and the buffers, up to `length` bytes. */
function copyAll(views: usize, n: isize, block: usize, length: isize, out: bool): void {
  for (let i: isize = 0; i < n && length > 0; i++) {
    const view = Py_buffer.at(views + <usize>i * SIZEOF_Py_buffer);
    const size = min(view.len, length);
    if (out) memory.copy(view.buf, block, <usize>size);
    else memory.copy(block, view.buf, <usize>size);
    block += <usize>size;
    length -= size;
  }
}

/** Reads or writes the buffers: how many bytes, as an int; null with an exception. */
function transfer(fname: string, fd: i32, buffers: usize, offset: i64, reads: bool): usize {
  if (!PySequence_Check(buffers)) {
    return PyErr_Format(PyExc_TypeError, "%L() arg 2 must be a sequence", changetype<usize>(fname));
  }
  // As many as there are now: what is lent may change the sequence.
  const items = PySequence_Fast(buffers, "buffers must be a sequence");
  if (items == 0) return 0;
  const n = Py.SIZE(items);
  const views = borrowAll(items, n, reads ? PyBUF_WRITABLE : PyBUF_SIMPLE);
  let r: usize = 0;
  if (views != 0) {
    r = transferViews(fd, views, n, offset, reads);
    release(views, n);
  }
  Py.DECREF(items);
  return r;
}

function transferViews(fd: i32, views: usize, n: isize, offset: i64, reads: bool): usize {
  let total: i64 = 0;
  for (let i: isize = 0; i < n; i++) total += Py_buffer.at(views + <usize>i * SIZEOF_Py_buffer).len;
  if (total > i32.MAX_VALUE) return raiseErrno(EINVAL);
  const block = PyMem_Malloc(max<usize>(<usize>total, 1));
  if (block == 0) return PyErr_NoMemory();
  const size = <usize>total;
  let r: isize;
  if (reads) {
    r = offset == HERE ? readDescriptor(fd, block, size) : host.pread(fd, block, size, offset);
    if (r > 0) copyAll(views, n, block, r, true);
  } else {
    copyAll(views, n, block, <isize>total, false);
    r = offset == HERE ? writeDescriptor(fd, block, size) : host.pwrite(fd, block, size, offset);
  }
  PyMem_Free(block);
  return r < 0 ? raiseTransfer(r) : PyLong_FromSsize_t(r);
}

/**
 * @native posix.readv($module, fd, buffers, /)
 *
 * Read into several buffers, one after the other; how many bytes.
 */
export function posix_readv(_m: usize, fd: i32, buffers: usize): usize {
  return transfer("readv", fd, buffers, HERE, true);
}

/**
 * @native posix.writev($module, fd, buffers, /)
 *
 * Write several buffers, one after the other; how many bytes.
 */
export function posix_writev(_m: usize, fd: i32, buffers: usize): usize {
  return transfer("writev", fd, buffers, HERE, false);
}

// Linux's flags of one transfer: that it is urgent, which is no more than a wish; that what is written is on the device then.
const RWF_HIPRI: i32 = 1;
const RWF_DSYNC: i32 = 2;
const RWF_SYNC: i32 = 4;

/** The end of preadv() and pwritev(); flags for which there is no call are refused. */
function transferAt(fname: string, fd: i32, buffers: usize, offset: i64, flags: i32, reads: bool): usize {
  if (offset < HERE) return raiseErrno(EINVAL);
  if ((flags & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC)) != 0) return raiseErrno(EOPNOTSUPP);
  const r = transfer(fname, fd, buffers, offset, reads);
  if (r == 0 || reads || (flags & (RWF_DSYNC | RWF_SYNC)) == 0) return r;
  const synced = host.fsync(fd, flags & RWF_SYNC ? 0 : 1);
  if (synced >= 0) return r;
  Py.DECREF(r);
  return raiseErrno(-synced);
}

/**
 * @native posix.preadv($module, fd, buffers, offset, flags=0, /)
 *
 * Read at an offset into several buffers; the position stays.
 */
export function posix_preadv(_m: usize, fd: i32, buffers: usize, offset: i64, flags: i32): usize {
  return transferAt("preadv", fd, buffers, offset, flags, true);
}

/**
 * @native posix.pwritev($module, fd, buffers, offset, flags=0, /)
 *
 * Write several buffers at an offset; the position stays.
 */
export function posix_pwritev(_m: usize, fd: i32, buffers: usize, offset: i64, flags: i32): usize {
  return transferAt("pwritev", fd, buffers, offset, flags, false);
}

/**
 * @native posix.posix_fadvise($module, fd, offset, length, advice, /)
 *
 * Say how a part of a file is going to be read, which can make that faster.
 *
 * The part begins at offset and has length bytes; 0 is up to the end.
 * The advice is one of the POSIX_FADV_ constants.
 */
export function posix_posix_fadvise(_m: usize, fd: i32, _offset: i64, length: i64, advice: i32): usize {
  // It is known that nothing has to be done.
  const flags = host.getfl(fd);
  if (flags < 0) return raiseErrno(-flags);
  return length < 0 || advice < 0 || advice > ADVICE_MOST ? raiseErrno(EINVAL) : _Py_NoneStruct;
}

/**
 * @native posix.posix_fallocate($module, fd, offset, length, /)
 *
 * See to it that a part of a file has its place on the disk.
 *
 * The part begins at offset and has length bytes; the file is made longer where it is too short.
 */
export function posix_posix_fallocate(_m: usize, fd: i32, offset: i64, length: i64): usize {
  if (offset < 0 || length <= 0) return raiseErrno(EINVAL);
  const status = Scratch.take(SIZEOF_FileStatus >> 3);
  let r = host.fstat(fd, status);
  const size = FileStatus.at(status).size;
  const plain = (FileStatus.at(status).mode & S_IFMT) == S_IFREG;
  Scratch.give(status);
  if (r >= 0 && !plain) r = -ESPIPE;
  if (r >= 0 && size < offset + length) r = host.ftruncate(fd, offset + length);
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/** Whether a descriptor is a plain file; otherwise a negative error number. */
function plainFile(fd: i32): isize {
  const status = Scratch.take(SIZEOF_FileStatus >> 3);
  const r = host.fstat(fd, status);
  const plain = r >= 0 && (FileStatus.at(status).mode & S_IFMT) == S_IFREG;
  Scratch.give(status);
  return r < 0 ? r : plain ? 0 : -EINVAL;
}

/**
 * @native posix.sendfile($module, /, out_fd, in_fd, offset, count)
 *
 * Copy up to count bytes from a file to another.
 */
export function posix_sendfile(_m: usize, out_fd: i32, in_fd: i32, offset: usize, count: isize): usize {
  const here = offset == _Py_NoneStruct;
  const from = here ? 0 : PyLong_AsLongLong(offset);
  if (from == -1 && PyErr_Occurred()) return 0;
  if (from < 0 || count < 0) return raiseErrno(EINVAL);
  const kind = plainFile(in_fd);
  if (kind < 0) return raiseErrno(-kind);
  const size = <usize>min<i64>(count, PIECE);
  const block = PyMem_Malloc(max<usize>(size, 1));
  if (block == 0) return PyErr_NoMemory();
  let r = here ? readDescriptor(in_fd, block, size) : host.pread(in_fd, block, size, from);
  if (r > 0) {
    const got = r;
    r = writeDescriptor(out_fd, block, <usize>got);
    // What has been read and was not taken is read again.
    if (here && r < got) host.lseek(in_fd, <i64>max<isize>(r, 0) - got, 1);
  }
  PyMem_Free(block);
  return r < 0 ? raiseTransfer(r) : PyLong_FromSsize_t(r);
}
