// The buffer between a program and a raw stream, natively: filling, taking, writing, flushing, seeking (CPython 3.13's
// Modules/_io/bufferedio.c, the parts that work on the buffer). The types that show it are in buffered.ts.
//
//   buffer   0      write_pos      pos       raw_pos      read_end            buffer_size
//            ├───────────┼──────────┼───────────┼───────────┤·····················┤
//
// pos is where the program stands, raw_pos where the raw stream does (-1: elsewhere). Up to read_end the buffer holds what
// the raw stream has (-1: nothing was read); from write_pos to write_end waits what is to be written (-1: nothing waits).
// abs_pos is the raw stream's own position (-1: not known).
//
// Invariant: what works on the buffer for longer than one look at it is done between enter() and leave(), for the raw
// stream may run any code: an operation on the same stream inside is RuntimeError. Not everything can be kept out: inside
// a call of the raw stream the stream may be detached (raw is null then) and initialised anew (another buffer, of another
// size, and nobody inside). So after each call the fields are read again, memory is addressed by what they say then, and
// makeRoom() stands before each copy into the buffer.
//
// Deliberate differences: what is handed to a raw stream that is not a FileIO is a memoryview of an object of its own
// and not of the buffer, so that it can keep it; what the raw stream brings for a buffer that was replaced meanwhile is
// kept, where CPython writes to memory that it has given back.

import {
  EAGAIN,
  EINTR,
  Py_TPFLAGS_BYTES_SUBCLASS,
  Py_TPFLAGS_LONG_SUBCLASS,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
  WAITING_LOCK,
} from "../../generated/constants";
import { host } from "../../generated/host";
import { buffered, buffered_owner, PyBytesObject, PyOSErrorObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyExc_BlockingIOError,
  PyExc_OSError,
  PyExc_RuntimeError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFileIO_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyMem_Realloc } from "../../memory/pymem";
import { ByteArray, PyByteArray_FromStringAndSize } from "../../objects/bytes/bytearray/bytearray";
import { newBytes, PyBytes_FromStringAndSize, firstBytes } from "../../objects/bytes/bytes";
import { PyMemoryView_FromObject } from "../../objects/bytes/memoryview/managed";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeBytes } from "../../objects/bytes/writer";
import { PyTuple_Pack3 } from "../../objects/containers/tuple";
import { PyErr_FormatFromCause } from "../../objects/errors/base";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Fail,
  PyErr_Format,
  PyErr_GetRaisedException,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetObject,
  PyErr_SetRaisedException,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_FromLong, PyLong_FromLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import {
  PyObject_CallMethodNoArgs,
  PyObject_CallMethodOneArg,
  PyObject_CallMethodTwoArgs,
  PyObject_CallNoArgs,
} from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_GetOptionalAttr } from "../../objects/protocol/access";
import { PyNumber_AsSsize_t } from "../../objects/protocol/number";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { tstate } from "../../thread/current";
import { wakeFirst } from "../../thread/wait";
import { awaitZero } from "../_thread/waiting";
import { raiseTransfer, readDescriptor, writeDescriptor } from "../select/transfer";
import { attributeIsTrue, none, positionResult } from "./common";
import { checkReadable, checkWritable, fileDescriptor, readAll } from "./fileio";

/** What reading and writing return where the raw stream would have to wait. */
export const WOULD_BLOCK: isize = -2;

// Who may work on the stream.

/** Whether the stream was initialised and not detached; otherwise false with ValueError. */
export function checkInitialised(self: usize): bool {
  const b = buffered.at(self);
  if (b.ok) return true;
  PyErr_SetString(
    PyExc_ValueError,
    b.detached ? "raw stream has been detached" : "I/O operation on uninitialized object",
  );
  return false;
}

/**
 * Begins an operation, when that of another thread on the same stream has ended; false with RuntimeError inside another one
 * of this thread, or with what a signal's handler has raised. leave() ends it.
 */
export function enter(self: usize): bool {
  const b = buffered.at(self);
  const own = <u64>tstate;
  if (b.owner == own) {
    PyErr_Format(PyExc_RuntimeError, "reentrant call inside %R", self);
    return false;
  }
  if (b.owner != 0 && awaitZero(b.waiters_slot, self + buffered_owner, -1, WAITING_LOCK) < 0) return false;
  b.owner = own;
  return true;
}

/** Ends what enter() began. */
export function leave(self: usize): void {
  const b = buffered.at(self);
  b.owner = 0;
  if (b.waiters != 0) wakeFirst(b.waiters_slot);
}

/** The raw stream, a new reference to be held while it is called; null with ValueError where it was detached. */
export function holdRaw(self: usize): usize {
  const raw = buffered.at(self).raw;
  if (raw != 0) return Py.NewRef(raw);
  return PyErr_SetString(PyExc_ValueError, "raw stream has been detached");
}

/** Calls a method of the raw stream without arguments: new, or null with an exception. */
export function callRaw(self: usize, name: usize): usize {
  const raw = holdRaw(self);
  if (raw == 0) return 0;
  const r = PyObject_CallMethodNoArgs(raw, name);
  Py.DECREF(raw);
  return r;
}

/** Whether the raw stream is closed: 1, 0, or -1 with an exception. */
export function rawIsClosed(self: usize): i32 {
  if (!checkInitialised(self)) return -1;
  const raw = holdRaw(self);
  if (raw == 0) return -1;
  const closed = attributeIsTrue(raw, ID.closed);
  Py.DECREF(raw);
  return closed;
}

/** Whether the stream is closed: 1, 0, or -1 with an exception. */
export function isClosed(self: usize): i32 {
  const b = buffered.at(self);
  if (b.buffer == 0) return 1;
  if (b.fast_closed_checks) return fileDescriptor(b.raw) < 0 ? 1 : 0;
  const closed = rawIsClosed(self);
  return closed == 0 && b.buffer == 0 ? 1 : closed;
}

/**
 * Whether the stream can be used; otherwise false with ValueError ("read of closed file"). What was read ahead can be
 * used up although the raw stream is closed.
 */
export function checkUsable(self: usize, message: string): bool {
  if (!checkInitialised(self)) return false;
  const closed = isClosed(self);
  if (closed == 0) return true;
  if (unread(self) == 0) PyErr_SetString(PyExc_ValueError, message);
  return closed > 0 && unread(self) > 0;
}

// The buffer.

/** Gives the stream its buffer, empty, and lets nobody be inside; -1 with ValueError or MemoryError. */
export function allocateBuffer(self: usize, size: isize): i32 {
  const b = buffered.at(self);
  if (size <= 0) return PyErr_Fail(PyExc_ValueError, "buffer size must be strictly positive");
  if (b.buffer != 0) PyMem_Free(b.buffer);
  b.buffer = PyMem_Malloc(<usize>size);
  b.pos = 0;
  b.raw_pos = 0;
  forgetRead(b);
  forgetWritten(b);
  b.owner = 0;
  if (b.buffer == 0) {
    PyErr_NoMemory();
    return -1;
  }
  setSize(b, size);
  if (rawTell(self) < 0) PyErr_Clear();
  return 0;
}

function setSize(b: buffered, size: isize): void {
  b.buffer_size = size;
  b.buffer_mask = (size & (size - 1)) == 0 ? size - 1 : 0;
}

/** Sees that the buffer has room for `n` bytes in all, which only one that was replaced has not; -1 with MemoryError. */
function makeRoom(b: buffered, n: isize): i32 {
  if (b.buffer != 0 && n <= b.buffer_size) return 0;
  const block = PyMem_Realloc(b.buffer, <usize>n);
  if (block == 0) {
    PyErr_NoMemory();
    return -1;
  }
  b.buffer = block;
  setSize(b, n);
  return 0;
}

function forgetRead(b: buffered): void {
  b.read_end = -1;
}

function forgetWritten(b: buffered): void {
  b.write_pos = 0;
  b.write_end = -1;
}

function holdsRead(b: buffered): bool {
  return b.readable != 0 && b.read_end != -1;
}

function holdsWritten(b: buffered): bool {
  return b.writable != 0 && b.write_end != -1;
}

/** Moves the program within the buffer; what it passes over has been read. */
function moveTo(b: buffered, pos: isize): void {
  b.pos = pos;
  if (holdsRead(b) && b.read_end < pos) b.read_end = pos;
}

/** How far the raw stream is ahead of the program, in bytes. */
function rawOffset(b: buffered): isize {
  return (holdsRead(b) || holdsWritten(b)) && b.raw_pos >= 0 ? b.raw_pos - b.pos : 0;
}

// The raw stream.

/** Whether a system call's interruption is set as an exception, which is cleared then: the call is to be made again. */
function interrupted(): bool {
  if (!PyErr_ExceptionMatches(PyExc_OSError)) return false;
  const exc = PyErr_GetRaisedException();
  const number = PyOSErrorObject.at(exc).myerrno;
  if (number != 0 && Py.check(number, Py_TPFLAGS_LONG_SUBCLASS)) {
    if (PyNumber_AsSsize_t(number, 0) == <isize>EINTR) {
      Py.DECREF(exc);
      return true;
    }
  }
  PyErr_SetRaisedException(exc);
  return false;
}

/** Has any raw stream fill `room`, a bytearray of `n` bytes: the count, WOULD_BLOCK, or -1 with an exception. */
function readinto(self: usize, room: usize, n: isize): isize {
  let r: usize = 0;
  do {
    const raw = holdRaw(self);
    if (raw == 0) return -1;
    const view = PyMemoryView_FromObject(room);
    r = view == 0 ? 0 : PyObject_CallMethodOneArg(raw, ID.readinto, view);
    Py.XDECREF(view);
    Py.DECREF(raw);
  } while (r == 0 && interrupted());
  if (r == 0) return -1;
  if (r == _Py_NoneStruct) return WOULD_BLOCK;
  const got = PyNumber_AsSsize_t(r, PyExc_ValueError);
  Py.DECREF(r);
  if (got == -1 && PyErr_Occurred()) {
    PyErr_FormatFromCause(PyExc_OSError, "raw readinto() failed");
    return -1;
  }
  if (got < 0 || got > n) {
    const message = "raw readinto() returned invalid length %d (should have been between 0 and %d)";
    PyErr_Format(PyExc_OSError, message, got, n);
    return -1;
  }
  return got;
}

/** Reads from a FileIO, which runs no code of Python's: bytes read, 0 at the end, WOULD_BLOCK, or -1 with an exception. */
function readFile(raw: usize, p: usize, n: isize): isize {
  if (!checkReadable(raw)) return -1;
  const got = readDescriptor(fileDescriptor(raw), p, <usize>n);
  if (got >= 0) return got;
  if (got == -EAGAIN) return WOULD_BLOCK;
  raiseTransfer(got);
  return -1;
}

function readsFile(b: buffered): bool {
  return b.raw != 0 && Py.IS_TYPE(b.raw, PyFileIO_Type);
}

function advance(b: buffered, n: isize): void {
  if (n > 0 && b.abs_pos != -1) b.abs_pos += n;
}

/** One read into memory that stays where it is: bytes read, 0 at the end, WOULD_BLOCK, or -1 with an exception. */
function rawRead(self: usize, p: usize, n: isize): isize {
  const b = buffered.at(self);
  let got: isize;
  if (readsFile(b)) got = readFile(b.raw, p, n);
  else {
    const room = PyByteArray_FromStringAndSize(0, n);
    if (room == 0) return -1;
    got = readinto(self, room, n);
    if (got > 0) memory.copy(p, ByteArray.data(room), <usize>got);
    Py.DECREF(room);
  }
  advance(b, got);
  return got;
}

/** Fills the buffer behind what was read: bytes read, 0 at the end, WOULD_BLOCK, or -1 with an exception. */
function fillBuffer(self: usize): isize {
  const b = buffered.at(self);
  const start = holdsRead(b) ? b.read_end : 0;
  const n = b.buffer_size - start;
  if (makeRoom(b, start) < 0) return -1;
  let got: isize;
  if (readsFile(b)) got = readFile(b.raw, b.buffer + <usize>start, n);
  else {
    const room = PyByteArray_FromStringAndSize(0, n);
    if (room == 0) return -1;
    got = readinto(self, room, n);
    if (got > 0) {
      if (makeRoom(b, start + got) < 0) got = -1;
      else memory.copy(b.buffer + <usize>start, ByteArray.data(room), <usize>got);
    }
    Py.DECREF(room);
  }
  advance(b, got);
  if (got > 0) {
    b.read_end = start + got;
    b.raw_pos = start + got;
  }
  return got;
}

/** One write of bytes, which are copied for any raw stream but a FileIO: the count, WOULD_BLOCK, -1 with an exception. */
function rawWrite(self: usize, p: usize, n: isize): isize {
  const b = buffered.at(self);
  let done: isize;
  if (readsFile(b)) {
    if (!checkWritable(b.raw)) return -1;
    done = writeDescriptor(fileDescriptor(b.raw), p, <usize>n);
    if (done == -EAGAIN) return WOULD_BLOCK;
    if (done < 0) {
      raiseTransfer(done);
      return -1;
    }
  } else {
    const data = PyBytes_FromStringAndSize(p, n);
    if (data == 0) return -1;
    let r: usize = 0;
    do {
      const raw = holdRaw(self);
      if (raw == 0) break;
      const view = PyMemoryView_FromObject(data);
      r = view == 0 ? 0 : PyObject_CallMethodOneArg(raw, ID.write, view);
      Py.XDECREF(view);
      Py.DECREF(raw);
    } while (r == 0 && interrupted());
    Py.DECREF(data);
    if (r == 0) return -1;
    if (r == _Py_NoneStruct) return WOULD_BLOCK;
    done = PyNumber_AsSsize_t(r, PyExc_ValueError);
    Py.DECREF(r);
    if (done < 0 || done > n) {
      const message = "raw write() returned invalid length %d (should have been between 0 and %d)";
      PyErr_Format(PyExc_OSError, message, done, n);
      return -1;
    }
  }
  advance(b, done);
  return done;
}

/** Notes what the raw stream says where it stands (`r` is stolen, may be null); -1 with an exception. */
function notePosition(self: usize, r: usize): i64 {
  if (r == 0) return -1;
  const at = positionResult(r);
  Py.DECREF(r);
  if (at < 0) {
    if (!PyErr_Occurred()) PyErr_Format(PyExc_OSError, "Raw stream returned invalid position %d", <isize>at);
    return -1;
  }
  buffered.at(self).abs_pos = at;
  return at;
}

/** Moves the raw stream; its new position, or -1 with an exception. */
function rawSeek(self: usize, offset: i64, whence: i32): i64 {
  const b = buffered.at(self);
  if (readsFile(b) && fileDescriptor(b.raw) >= 0) {
    const at = host.lseek(fileDescriptor(b.raw), offset, whence);
    if (at < 0) {
      raiseErrno(<isize>-at);
      return -1;
    }
    b.abs_pos = at;
    return at;
  }
  const raw = holdRaw(self);
  if (raw == 0) return -1;
  const to = PyLong_FromLongLong(offset);
  const how = to == 0 ? 0 : PyLong_FromLong(whence);
  const r = how == 0 ? 0 : PyObject_CallMethodTwoArgs(raw, ID.seek, to, how);
  Py.XDECREF(to);
  Py.XDECREF(how);
  Py.DECREF(raw);
  return notePosition(self, r);
}

/** Asks where the raw stream stands; -1 with an exception. */
export function rawTell(self: usize): i64 {
  return notePosition(self, callRaw(self, ID.tell));
}

// Reading.

/** How many bytes are there to be read without asking the raw stream. */
function unread(self: usize): isize {
  const b = buffered.at(self);
  return holdsRead(b) && b.buffer != 0 ? max<isize>(b.read_end - b.pos, 0) : 0;
}

/** Takes up to `n` bytes that were read ahead. */
function takeUnread(self: usize, p: usize, n: isize): isize {
  const b = buffered.at(self);
  const count = min(unread(self), n);
  if (count <= 0) return 0;
  memory.copy(p, b.buffer + <usize>b.pos, <usize>count);
  b.pos += count;
  return count;
}

/** `n` bytes of those that were read ahead, as many as there are at least: a new bytes object, null with MemoryError. */
function takeBytes(self: usize, n: isize): usize {
  const b = buffered.at(self);
  const r = PyBytes_FromStringAndSize(b.buffer + <usize>b.pos, n);
  if (r != 0) b.pos += n;
  return r;
}

/** Makes a stream for both ways ready to read: what waits is written. -1 with an exception. */
function readyToRead(self: usize): i32 {
  return buffered.at(self).writable ? flushBoth(self) : 0;
}

/**
 * read(n): new bytes, fewer than `n` only at the end of the stream or where it would block; None where it would block and
 * there is nothing, null with an exception.
 */
export function readBytes(self: usize, n: isize): usize {
  if (n <= unread(self)) return takeBytes(self, n);
  if (!enter(self)) return 0;
  const r = n <= unread(self) ? takeBytes(self, n) : readBlocks(self, n);
  leave(self);
  return r;
}

/** As readBytes, from the raw stream: whole blocks go past the buffer, what is left of the last comes from it. */
function readBlocks(self: usize, n: isize): usize {
  const b = buffered.at(self);
  const r = newBytes(n);
  if (r == 0) return 0;
  const out = PyBytesObject.at(r).ob_sval;
  let done = takeUnread(self, out, n);
  let got: isize = 0;
  let ended = false;
  if (readyToRead(self) < 0) got = -1;
  else {
    forgetRead(b);
    while (!ended) {
      const left = n - done;
      const blocks = b.buffer_mask ? left & ~b.buffer_mask : left - (left % b.buffer_size);
      if (blocks == 0) break;
      got = rawRead(self, out + <usize>done, blocks);
      if (got > 0) done += got;
      else ended = true;
    }
    if (!ended) {
      b.pos = 0;
      b.raw_pos = 0;
      b.read_end = 0;
    }
    while (!ended && done < n && b.read_end < b.buffer_size) {
      got = fillBuffer(self);
      if (got > 0) done += takeUnread(self, out + <usize>done, min(got, n - done));
      else ended = true;
    }
  }
  if (got == -1 || (got == WOULD_BLOCK && done == 0)) {
    Py.DECREF(r);
    return got == -1 ? 0 : none();
  }
  return firstBytes(r, done);
}

/** read1(n), n not negative: what is there or one read of the raw stream brings; null with an exception. */
export function readOnce(self: usize, n: isize): usize {
  if (n == 0) return PyBytes_FromStringAndSize(0, 0);
  const ready = unread(self);
  if (ready > 0) return takeBytes(self, min(n, ready));
  const r = newBytes(n);
  if (r == 0) return 0;
  let got: isize = -1;
  if (enter(self)) {
    if (readyToRead(self) == 0) {
      forgetRead(buffered.at(self));
      got = rawRead(self, PyBytesObject.at(r).ob_sval, n);
    }
    leave(self);
  }
  if (got == -1) {
    Py.DECREF(r);
    return 0;
  }
  return firstBytes(r, max<isize>(got, 0));
}

/**
 * readinto() and, where `once`, readinto1(): fills `n` bytes of memory that stays where it is. The count; WOULD_BLOCK
 * where there is nothing yet; -1 with an exception.
 */
export function readInto(self: usize, p: usize, n: isize, once: bool): isize {
  const b = buffered.at(self);
  const ahead = unread(self);
  let done = takeUnread(self, p, n);
  if (ahead > 0 && done == n) return done;
  if (!enter(self)) return -1;
  let got: isize = readyToRead(self) < 0 ? -1 : 0;
  if (got == 0) {
    forgetRead(b);
    b.pos = 0;
  }
  while (got >= 0 && done < n) {
    const left = n - done;
    if (left > b.buffer_size) {
      got = rawRead(self, p + <usize>done, left);
      if (got > 0) done += got;
    } else if (once && done > 0) break;
    else {
      got = fillBuffer(self);
      if (got > 0) done += takeUnread(self, p + <usize>done, min(got, left));
    }
    if (got == 0 || once) break;
  }
  leave(self);
  return got == -1 || (got == WOULD_BLOCK && done == 0) ? got : done;
}

/** peek(): what is there, or what one read brings, and stays there: new bytes, null with an exception. */
export function peek(self: usize): usize {
  const b = buffered.at(self);
  if (!enter(self)) return 0;
  let r: usize = 0;
  if (readyToRead(self) == 0) {
    let from = b.pos;
    let n = unread(self);
    if (n == 0) {
      forgetRead(b);
      n = fillBuffer(self);
      from = 0;
      if (n != -1) b.pos = 0;
    }
    if (n != -1) r = PyBytes_FromStringAndSize(b.buffer + <usize>from, max<isize>(n, 0));
  }
  leave(self);
  return r;
}

/** Everything that is left: new bytes, None where it would block, null with an exception. */
export function readRest(self: usize): usize {
  if (!enter(self)) return 0;
  const w = ByteWriter.begin(0);
  const n = unread(self);
  let r: usize;
  if (n > 0 && writeBytes(w, buffered.at(self).buffer + <usize>buffered.at(self).pos, n) < 0) r = byteWriterDiscard(w);
  else r = readRestTo(self, w, n);
  leave(self);
  return r;
}

function readRestTo(self: usize, w: usize, n: isize): usize {
  const b = buffered.at(self);
  b.pos += n;
  if (readyToRead(self) < 0) return byteWriterDiscard(w);
  forgetRead(b);
  const raw = holdRaw(self);
  if (raw == 0) return byteWriterDiscard(w);
  const isFile = Py.IS_TYPE(raw, PyFileIO_Type);
  const readall = isFile ? 0 : PyObject_GetOptionalAttr(raw, ID.readall);
  if (!isFile && readall == 0) {
    Py.DECREF(raw);
    return PyErr_Occurred() ? byteWriterDiscard(w) : readRestPiecewise(self, w);
  }
  b.abs_pos = -1;
  const rest = isFile ? readAll(raw) : PyObject_CallNoArgs(readall);
  Py.XDECREF(readall);
  Py.DECREF(raw);
  if (rest == 0) return byteWriterDiscard(w);
  if (rest == _Py_NoneStruct) {
    if (ByteWriter.length(w) > 0) return byteWriterFinish(w);
    byteWriterDiscard(w);
    return none();
  }
  if (!Py.check(rest, Py_TPFLAGS_BYTES_SUBCLASS)) {
    Py.DECREF(rest);
    PyErr_SetString(PyExc_TypeError, "readall() should return bytes");
    return byteWriterDiscard(w);
  }
  if (ByteWriter.length(w) == 0) {
    byteWriterDiscard(w);
    return rest;
  }
  const status = writeBytes(w, PyBytesObject.at(rest).ob_sval, Py.SIZE(rest));
  Py.DECREF(rest);
  return status < 0 ? byteWriterDiscard(w) : byteWriterFinish(w);
}

/** As readRestTo, for a raw stream without readall(): by its read(). */
function readRestPiecewise(self: usize, w: usize): usize {
  while (true) {
    const data = callRaw(self, ID.read);
    if (data == 0) return byteWriterDiscard(w);
    if (data != _Py_NoneStruct && !Py.check(data, Py_TPFLAGS_BYTES_SUBCLASS)) {
      Py.DECREF(data);
      PyErr_SetString(PyExc_TypeError, "read() should return bytes");
      return byteWriterDiscard(w);
    }
    const n = data == _Py_NoneStruct ? 0 : Py.SIZE(data);
    if (n == 0) {
      if (ByteWriter.length(w) == 0) {
        byteWriterDiscard(w);
        return data;
      }
      Py.DECREF(data);
      return byteWriterFinish(w);
    }
    advance(buffered.at(self), n);
    const status = writeBytes(w, PyBytesObject.at(data).ob_sval, n);
    Py.DECREF(data);
    if (status < 0) return byteWriterDiscard(w);
  }
}

/** How many of the `n` bytes at `p` there are up to the first line end, it included; 0 where there is none. */
export function lineLength(p: usize, n: isize): isize {
  let i: isize = 0;
  for (; i + 8 <= n; i += 8) {
    // A zero byte in x marks a line end.
    const x = load<u64>(p + <usize>i) ^ 0x0a0a0a0a0a0a0a0a;
    const marks = (x - 0x0101010101010101) & ~x & 0x8080808080808080;
    if (marks) return i + <isize>(ctz(marks) >> 3) + 1;
  }
  for (; i < n; i++) if (load<u8>(p + <usize>i) == 10) return i + 1;
  return 0;
}

/** A line, at most `limit` bytes of it (-1: all): new bytes, or null with an exception. */
export function readLine(self: usize, limit: isize): usize {
  const b = buffered.at(self);
  let n = unread(self);
  if (limit >= 0 && n > limit) n = limit;
  let length = n > 0 ? lineLength(b.buffer + <usize>b.pos, n) : 0;
  if (length == 0 && n == limit) length = n;
  if (length > 0) return takeBytes(self, length);
  if (limit == 0) return PyBytes_FromStringAndSize(0, 0);
  if (!enter(self)) return 0;
  const w = ByteWriter.begin(0);
  let r: usize;
  if (n > 0 && writeBytes(w, b.buffer + <usize>b.pos, n) < 0) r = byteWriterDiscard(w);
  else r = readLineTo(self, w, limit, n);
  leave(self);
  return r;
}

/** The rest of a line from the raw stream, behind the `n` bytes that were taken to `w` (stolen). */
function readLineTo(self: usize, w: usize, limit: isize, n: isize): usize {
  const b = buffered.at(self);
  b.pos += n;
  if (readyToRead(self) < 0) return byteWriterDiscard(w);
  while (true) {
    forgetRead(b);
    const got = fillBuffer(self);
    if (got == -1) return byteWriterDiscard(w);
    if (got <= 0) return byteWriterFinish(w);
    n = limit >= 0 ? min(got, limit - ByteWriter.length(w)) : got;
    const length = lineLength(b.buffer, n);
    if (length > 0) n = length;
    if (writeBytes(w, b.buffer, n) < 0) return byteWriterDiscard(w);
    b.pos = n;
    if (length > 0 || (limit >= 0 && ByteWriter.length(w) >= limit)) return byteWriterFinish(w);
  }
}

// Writing.

/** Writes what waits: 0, or -1 with an exception; BlockingIOError where the raw stream takes no more. */
function flushWrites(self: usize): i32 {
  const b = buffered.at(self);
  if (holdsWritten(b) && b.write_pos != b.write_end) {
    // The raw stream goes back to where the first of the waiting bytes belongs.
    const back = rawOffset(b) + (b.pos - b.write_pos);
    if (back != 0) {
      if (rawSeek(self, -back, SEEK_CUR) < 0) return -1;
      b.raw_pos -= back;
    }
    while (b.write_pos < b.write_end && b.buffer != 0) {
      const n = rawWrite(self, b.buffer + <usize>b.write_pos, b.write_end - b.write_pos);
      if (n < 0) {
        if (n == WOULD_BLOCK) blocking(b, 0);
        return -1;
      }
      b.write_pos += n;
      b.raw_pos = b.write_pos;
    }
  }
  forgetWritten(b);
  return 0;
}

/** flush() inside: writes what waits, and puts the raw stream where the program stands. -1 with an exception. */
export function flushBoth(self: usize): i32 {
  const b = buffered.at(self);
  if (flushWrites(self) < 0) return -1;
  if (!b.readable) return 0;
  const at = rawSeek(self, -rawOffset(b), SEEK_CUR);
  forgetRead(b);
  return at < 0 ? -1 : 0;
}

/** Sets BlockingIOError, which says how many bytes of the program's were taken; only a FileIO has an error's number. */
function blocking(b: buffered, taken: isize): void {
  const number = PyLong_FromLong(readsFile(b) ? <i32>EAGAIN : 0);
  const text = PyUnicode_FromLiteral("write could not complete without blocking");
  const count = PyLong_FromSsize_t(taken);
  const args = text == 0 || count == 0 ? 0 : PyTuple_Pack3(number, text, count);
  Py.XDECREF(number);
  Py.XDECREF(text);
  Py.XDECREF(count);
  if (args == 0) return;
  PyErr_SetObject(PyExc_BlockingIOError, args);
  Py.DECREF(args);
}

/** Takes `n` bytes to be written, from memory that stays where it is: 0, or -1 with an exception. */
export function writeOut(self: usize, p: usize, n: isize): i32 {
  if (!enter(self)) return -1;
  let status = -1;
  if (isClosed(self) != 0) PyErr_SetString(PyExc_ValueError, "write to closed file");
  else status = takeWritten(self, p, n);
  leave(self);
  return status;
}

function takeWritten(self: usize, p: usize, n: isize): i32 {
  const b = buffered.at(self);
  if (!holdsRead(b) && !holdsWritten(b)) {
    b.pos = 0;
    b.raw_pos = 0;
  }
  if (n <= b.buffer_size - b.pos && n < b.buffer_size) {
    memory.copy(b.buffer + <usize>b.pos, p, <usize>n);
    if (!holdsWritten(b) || b.write_pos > b.pos) b.write_pos = b.pos;
    moveTo(b, b.pos + n);
    if (b.pos > b.write_end) b.write_end = b.pos;
    return 0;
  }
  if (flushWrites(self) < 0) return PyErr_ExceptionMatches(PyExc_BlockingIOError) ? keepBlocked(b, p, n) : -1;
  // The raw stream goes back over what was read ahead and not changed.
  const ahead = rawOffset(b);
  if (ahead != 0) {
    if (rawSeek(self, -ahead, SEEK_CUR) < 0) return -1;
    b.raw_pos -= ahead;
  }
  let done: isize = 0;
  while (n - done >= b.buffer_size) {
    const k = rawWrite(self, p + <usize>done, n - done);
    if (k == WOULD_BLOCK) {
      const rest = min(n - done, b.buffer_size);
      if (n - done == rest) break;
      if (makeRoom(b, rest) < 0) return -1;
      memory.copy(b.buffer, p + <usize>done, <usize>rest);
      b.raw_pos = 0;
      moveTo(b, rest);
      b.write_end = rest;
      blocking(b, done + rest);
      return -1;
    }
    if (k < 0) return -1;
    done += k;
  }
  const left = n - done;
  if (b.readable) forgetRead(b);
  if (makeRoom(b, left) < 0) return -1;
  memory.copy(b.buffer, p + <usize>done, <usize>left);
  b.write_pos = 0;
  b.write_end = left;
  moveTo(b, left);
  b.raw_pos = 0;
  return 0;
}

/** As much of the `n` bytes as there is room for behind what the raw stream would not take: 0 if all, otherwise -1. */
function keepBlocked(b: buffered, p: usize, n: isize): i32 {
  if (b.readable) forgetRead(b);
  if (b.buffer == 0) return -1;
  const waits = max<isize>(b.write_end - b.write_pos, 0);
  memory.copy(b.buffer, b.buffer + <usize>b.write_pos, <usize>waits);
  b.raw_pos -= b.write_pos;
  b.pos = max<isize>(b.pos - b.write_pos, 0);
  b.write_pos = 0;
  const taken = min(n, b.buffer_size - waits);
  memory.copy(b.buffer + <usize>waits, p, <usize>taken);
  b.write_end = waits + taken;
  b.pos = min(b.pos + taken, b.buffer_size);
  PyErr_Clear();
  if (taken == n) return 0;
  blocking(b, taken);
  return -1;
}

// Positions.

/** Where the program stands; -1 with an exception. */
export function tell(self: usize): i64 {
  const at = rawTell(self);
  return at < 0 ? -1 : max<i64>(at - rawOffset(buffered.at(self)), 0);
}

/** Moves: the new position, or -1 with an exception. */
export function seek(self: usize, target: i64, whence: i32): i64 {
  const b = buffered.at(self);
  if (whence != SEEK_END && b.readable) {
    // Within what is in the buffer, only pos moves.
    const at = b.abs_pos != -1 ? b.abs_pos : rawTell(self);
    const ahead = unread(self);
    if (ahead > 0) {
      const by = whence == SEEK_SET ? target - (at - rawOffset(b)) : target;
      if (by >= -(<i64>b.pos) && by <= <i64>ahead) {
        b.pos += <isize>by;
        if (at < 0) PyErr_Clear();
        return max<i64>(at - ahead + by, 0);
      }
    }
    if (at < 0) PyErr_Clear();
  }
  if (!enter(self)) return -1;
  let at: i64 = b.writable ? flushWrites(self) : 0;
  if (at == 0) {
    if (whence == SEEK_CUR) target -= rawOffset(b);
    at = rawSeek(self, target, whence);
    if (at >= 0) {
      b.raw_pos = -1;
      if (b.readable) forgetRead(b);
    }
  }
  leave(self);
  return at;
}
