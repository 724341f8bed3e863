// The buffer between a program and a raw stream, natively: filling, taking, writing, flushing, seeking (CPython 3.13's
// Modules/_io/bufferedio.c, the parts that work on the buffer). The types that show it are in buffered.ts.
//
//   buffer   0            pos            read_end        buffer_size
//            ├─ read ──────┼─ to be read ───┤·················┤      read_end is -1 while there is nothing read
//            ├─ to be written ──┤ write_end ·················┤      write_end is -1 while nothing waits
//
// Invariant: bytes wait either to be read or to be written, never both. abs_pos is where the raw stream stands (-1: not
// known); the program stands abs_pos - (read_end - pos), or abs_pos + write_end.
//
// Deliberate differences: a raw stream that is not a FileIO is asked to fill a bytearray and to write a bytes object
// (CPython: memoryviews); a stream for both ways gives up what it has read before it writes, where CPython may write
// into the middle of it.

import { EAGAIN, Py_TPFLAGS_BYTES_SUBCLASS, SEEK_CUR, SEEK_SET } from "../../generated/constants";
import { host } from "../../generated/host";
import { buffered, PyBytesObject } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  ID,
  PyExc_BlockingIOError,
  PyExc_OSError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyFileIO_Type,
} from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { ByteArray, PyByteArray_FromStringAndSize } from "../../objects/bytes/bytearray/bytearray";
import { _PyBytes_Resize, newBytes, PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeBytes } from "../../objects/bytes/writer";
import { PyTuple_Pack3 } from "../../objects/containers/tuple";
import {
  PyErr_Fail,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetObject,
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
import { attributeIsTrue, none, offsetArgument } from "./common";
import { checkReadable, checkWritable, fileDescriptor, readAll } from "./fileio";

/** What reading and writing return where the raw stream would have to wait. */
export const WOULD_BLOCK: isize = -2;

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

/** Whether the raw stream is closed: 1, 0, or -1 with an exception. */
export function rawIsClosed(self: usize): i32 {
  const b = buffered.at(self);
  if (b.buffer == 0) return 1;
  if (b.fast_closed_checks) return fileDescriptor(b.raw) < 0 ? 1 : 0;
  return attributeIsTrue(b.raw, ID.closed);
}

/** Whether the stream can be used; otherwise false with ValueError ("read of closed file"). */
export function checkUsable(self: usize, message: string): bool {
  if (!checkInitialised(self)) return false;
  const closed = rawIsClosed(self);
  if (closed > 0) PyErr_SetString(PyExc_ValueError, message);
  return closed == 0;
}

/** Gives the stream its buffer; -1 with ValueError or MemoryError. */
export function allocateBuffer(self: usize, size: isize): i32 {
  const b = buffered.at(self);
  if (size <= 0) return PyErr_Fail(PyExc_ValueError, "buffer size must be strictly positive");
  if (b.buffer != 0) PyMem_Free(b.buffer);
  b.buffer = PyMem_Malloc(<usize>size);
  if (b.buffer == 0) {
    PyErr_NoMemory();
    return -1;
  }
  b.buffer_size = size;
  b.buffer_mask = (size & (size - 1)) == 0 ? size - 1 : 0;
  b.pos = 0;
  b.read_end = -1;
  b.write_end = -1;
  b.abs_pos = -1;
  return 0;
}

// The raw stream.

/** One read into memory: bytes read, 0 at the end, WOULD_BLOCK, or -1 with an exception. */
export function rawRead(self: usize, p: usize, n: isize): isize {
  const b = buffered.at(self);
  const raw = b.raw;
  let got: isize;
  if (Py.IS_TYPE(raw, PyFileIO_Type)) {
    if (!checkReadable(raw)) return -1;
    got = host.read(fileDescriptor(raw), p, <usize>n);
    if (got < 0) {
      if (got == -EAGAIN) return WOULD_BLOCK;
      raiseErrno(-got);
      return -1;
    }
  } else {
    const room = PyByteArray_FromStringAndSize(0, n);
    if (room == 0) return -1;
    const r = PyObject_CallMethodOneArg(raw, ID.readinto, room);
    got = -1;
    if (r == _Py_NoneStruct) got = WOULD_BLOCK;
    else if (r != 0) {
      got = PyNumber_AsSsize_t(r, PyExc_ValueError);
      Py.DECREF(r);
      if (got < 0 || got > n) {
        if (!PyErr_Occurred()) {
          PyErr_Format(
            PyExc_OSError,
            "raw readinto() returned invalid length %d (should have been between 0 and %d)",
            got,
            n,
          );
        }
        got = -1;
      } else memory.copy(p, ByteArray.data(room), <usize>min(got, ByteArray.size(room)));
    }
    Py.DECREF(room);
    if (got < 0) return got;
  }
  if (b.abs_pos >= 0) b.abs_pos += got;
  return got;
}

/** One write: bytes written, WOULD_BLOCK, or -1 with an exception. */
function rawWrite(self: usize, p: usize, n: isize): isize {
  const b = buffered.at(self);
  const raw = b.raw;
  let done: isize;
  if (Py.IS_TYPE(raw, PyFileIO_Type)) {
    if (!checkWritable(raw)) return -1;
    done = host.write(fileDescriptor(raw), p, <usize>n);
    if (done < 0) {
      if (done == -EAGAIN) return WOULD_BLOCK;
      raiseErrno(-done);
      return -1;
    }
  } else {
    const data = PyBytes_FromStringAndSize(p, n);
    const r = data == 0 ? 0 : PyObject_CallMethodOneArg(raw, ID.write, data);
    Py.XDECREF(data);
    if (r == 0) return -1;
    if (r == _Py_NoneStruct) return WOULD_BLOCK;
    done = PyNumber_AsSsize_t(r, PyExc_ValueError);
    Py.DECREF(r);
    if (done < 0 || done > n) {
      if (!PyErr_Occurred()) {
        PyErr_Format(
          PyExc_OSError,
          "raw write() returned invalid length %d (should have been between 0 and %d)",
          done,
          n,
        );
      }
      return -1;
    }
  }
  if (b.abs_pos >= 0) b.abs_pos += done;
  return done;
}

/** Moves the raw stream; its new position, or -1 with an exception. */
function rawSeek(self: usize, offset: i64, whence: i32): i64 {
  const b = buffered.at(self);
  let at: i64;
  if (Py.IS_TYPE(b.raw, PyFileIO_Type) && fileDescriptor(b.raw) >= 0) {
    at = host.lseek(fileDescriptor(b.raw), offset, whence);
    if (at < 0) {
      raiseErrno(<isize>-at);
      return -1;
    }
  } else {
    const to = PyLong_FromLongLong(offset);
    const how = to == 0 ? 0 : PyLong_FromLong(whence);
    const r = how == 0 ? 0 : PyObject_CallMethodTwoArgs(b.raw, ID.seek, to, how);
    Py.XDECREF(to);
    Py.XDECREF(how);
    if (r == 0) return -1;
    at = offsetArgument(r);
    Py.DECREF(r);
    if (at < 0) {
      if (!PyErr_Occurred()) PyErr_Format(PyExc_OSError, "Raw stream returned invalid position %d", at);
      return -1;
    }
  }
  b.abs_pos = at;
  return at;
}

/** Where the raw stream stands, asked if need be; -1 with an exception. */
function rawTell(self: usize): i64 {
  const b = buffered.at(self);
  if (b.abs_pos >= 0) return b.abs_pos;
  const r = PyObject_CallMethodNoArgs(b.raw, ID.tell);
  if (r == 0) return -1;
  const at = offsetArgument(r);
  Py.DECREF(r);
  if (at < 0 && !PyErr_Occurred()) PyErr_Format(PyExc_OSError, "Raw stream returned invalid position %d", at);
  else if (at >= 0) b.abs_pos = at;
  return at;
}

// Reading.

/** How many bytes are there to be read without asking the raw stream. */
export function unread(self: usize): isize {
  const b = buffered.at(self);
  return b.read_end < 0 ? 0 : b.read_end - b.pos;
}

/** Fills the empty buffer by one read: bytes read, 0 at the end, WOULD_BLOCK, or -1 with an exception. */
export function fillBuffer(self: usize): isize {
  const b = buffered.at(self);
  b.pos = 0;
  b.read_end = 0;
  const n = rawRead(self, b.buffer, b.buffer_size);
  if (n > 0) b.read_end = n;
  return n;
}

/** Forgets what was read ahead; the raw stream goes back over it where `back`. -1 with an exception. */
function dropUnread(self: usize, back: bool): i32 {
  const b = buffered.at(self);
  const n = unread(self);
  b.read_end = -1;
  b.pos = 0;
  return n > 0 && back && rawSeek(self, -n, SEEK_CUR) < 0 ? -1 : 0;
}

/** Makes a stream for both ways ready to read: what waits is written. -1 with an exception. */
export function readyToRead(self: usize): i32 {
  return buffered.at(self).write_end > 0 ? flushWrites(self) : 0;
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

/**
 * Reads `n` bytes to memory, fewer at the end of the stream, or at most once from the raw stream where `once`. The
 * count; WOULD_BLOCK where there is nothing yet; -1 with an exception.
 */
export function readInto(self: usize, p: usize, n: isize, once: bool): isize {
  const b = buffered.at(self);
  let done = takeUnread(self, p, n);
  if (done == n || (once && done > 0)) return done;
  if (readyToRead(self) < 0) return -1;
  while (done < n) {
    const left = n - done;
    let got: isize;
    if (left >= b.buffer_size || once) {
      b.read_end = -1;
      b.pos = 0;
      got = rawRead(self, p + <usize>done, left);
      if (got > 0) done += got;
    } else {
      got = fillBuffer(self);
      if (got > 0) done += takeUnread(self, p + <usize>done, left);
    }
    if (got == -1) return -1;
    if (got == WOULD_BLOCK && done == 0) return WOULD_BLOCK;
    if (got <= 0 || once) break;
  }
  return done;
}

/** `n` bytes as readInto reads them: a new bytes object, None where it would block, null with an exception. */
export function readBytes(self: usize, n: isize, once: bool): usize {
  if (n == 0) return PyBytes_FromStringAndSize(0, 0);
  const r = newBytes(n);
  if (r == 0) return 0;
  const got = readInto(self, PyBytesObject.at(r).ob_sval, n, once);
  if (got == n && n > 1) return r;
  if (got <= 1) {
    const short =
      got == WOULD_BLOCK ? none() : got < 0 ? 0 : PyBytes_FromStringAndSize(PyBytesObject.at(r).ob_sval, got);
    Py.DECREF(r);
    return short;
  }
  const shrunk = _PyBytes_Resize(r, got);
  if (shrunk == 0) Py.DECREF(r);
  return shrunk;
}

/** Everything that is left: new bytes, None where it would block, null with an exception. */
export function readRest(self: usize): usize {
  const b = buffered.at(self);
  if (readyToRead(self) < 0) return 0;
  const w = ByteWriter.begin(0);
  const n = unread(self);
  if (n > 0 && writeBytes(w, b.buffer + <usize>b.pos, n) < 0) return byteWriterDiscard(w);
  b.read_end = -1;
  b.pos = 0;
  const isFile = Py.IS_TYPE(b.raw, PyFileIO_Type);
  const readall = isFile ? 0 : PyObject_GetOptionalAttr(b.raw, ID.readall);
  if (!isFile && readall == 0) {
    if (PyErr_Occurred()) return byteWriterDiscard(w);
    return readRestPiecewise(self, w);
  }
  b.abs_pos = -1;
  const rest = isFile ? readAll(b.raw) : PyObject_CallNoArgs(readall);
  Py.XDECREF(readall);
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
  const ok = writeBytes(w, PyBytesObject.at(rest).ob_sval, Py.SIZE(rest));
  Py.DECREF(rest);
  return ok < 0 ? byteWriterDiscard(w) : byteWriterFinish(w);
}

/** As readRest, for a raw stream without readall(): by its read(). */
function readRestPiecewise(self: usize, w: usize): usize {
  while (true) {
    const data = PyObject_CallMethodNoArgs(buffered.at(self).raw, ID.read);
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
    buffered.at(self).abs_pos = -1;
    const ok = writeBytes(w, PyBytesObject.at(data).ob_sval, n);
    Py.DECREF(data);
    if (ok < 0) return byteWriterDiscard(w);
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
  if (length > 0 || limit == 0) {
    const line = PyBytes_FromStringAndSize(b.buffer + <usize>b.pos, length);
    if (line != 0) b.pos += length;
    return line;
  }
  if (readyToRead(self) < 0) return 0;
  const w = ByteWriter.begin(0);
  while (true) {
    if (n > 0) {
      if (writeBytes(w, b.buffer + <usize>b.pos, n) < 0) return byteWriterDiscard(w);
      b.pos += n;
      if (length > 0 || (limit >= 0 && ByteWriter.length(w) >= limit)) return byteWriterFinish(w);
    }
    const got = fillBuffer(self);
    if (got == -1) return byteWriterDiscard(w);
    if (got <= 0) return byteWriterFinish(w);
    n = limit >= 0 ? min(got, limit - ByteWriter.length(w)) : got;
    length = lineLength(b.buffer, n);
    if (length > 0) n = length;
  }
}

// Writing.

/** Writes what waits: 0, or -1 with an exception; BlockingIOError where the raw stream takes no more. */
export function flushWrites(self: usize): i32 {
  const b = buffered.at(self);
  let from: isize = 0;
  while (from < b.write_end) {
    const n = rawWrite(self, b.buffer + <usize>from, b.write_end - from);
    if (n < 0) {
      // What is left moves to the front, to be written another time.
      memory.copy(b.buffer, b.buffer + <usize>from, <usize>(b.write_end - from));
      b.write_end -= from;
      if (n == WOULD_BLOCK) blocking(0);
      return -1;
    }
    from += n;
  }
  b.write_end = -1;
  return 0;
}

/** Sets BlockingIOError, which says how many bytes of the program's were taken. */
function blocking(taken: isize): void {
  const number = PyLong_FromLong(<i32>EAGAIN);
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

/** Takes `n` bytes to be written: 0, or -1 with an exception. */
export function writeOut(self: usize, p: usize, n: isize): i32 {
  const b = buffered.at(self);
  if (b.read_end >= 0 && dropUnread(self, true) < 0) return -1;
  if (b.write_end < 0) b.write_end = 0;
  const room = b.buffer_size - b.write_end;
  if (n <= room) {
    memory.copy(b.buffer + <usize>b.write_end, p, <usize>n);
    b.write_end += n;
    return 0;
  }
  if (b.write_end > 0 && flushWrites(self) < 0) return -1;
  let done: isize = 0;
  while (n - done > b.buffer_size) {
    const k = rawWrite(self, p + <usize>done, n - done);
    if (k == WOULD_BLOCK) {
      const rest = min(n - done, b.buffer_size);
      memory.copy(b.buffer, p + <usize>done, <usize>rest);
      b.write_end = rest;
      blocking(done + rest);
    }
    if (k < 0) return -1;
    done += k;
  }
  memory.copy(b.buffer, p + <usize>done, <usize>(n - done));
  b.write_end = n - done;
  return 0;
}

/** flush(): writes what waits, and puts the raw stream where the program stands. -1 with an exception. */
export function flushBoth(self: usize): i32 {
  const b = buffered.at(self);
  if (b.write_end > 0 && flushWrites(self) < 0) return -1;
  return b.readable && b.writable && b.read_end >= 0 ? dropUnread(self, true) : 0;
}

// Positions.

/** Where the program stands; -1 with an exception. */
export function tell(self: usize): i64 {
  const b = buffered.at(self);
  const at = rawTell(self);
  if (at < 0) return -1;
  return at - unread(self) + max<isize>(b.write_end, 0);
}

/** Moves: the new position, or -1 with an exception. */
export function seek(self: usize, target: i64, whence: i32): i64 {
  const b = buffered.at(self);
  if (whence != 2 && b.readable && b.write_end <= 0 && b.read_end >= 0) {
    // Within what is in the buffer, only pos moves.
    const at = rawTell(self);
    if (at < 0) return -1;
    const here = at - unread(self);
    const by = whence == SEEK_SET ? target - here : target;
    if (by >= -(<i64>b.pos) && by <= <i64>unread(self)) {
      b.pos += <isize>by;
      return here + by;
    }
  }
  if (b.write_end > 0 && flushWrites(self) < 0) return -1;
  if (whence == SEEK_CUR) target -= unread(self);
  const at = rawSeek(self, target, whence);
  if (at < 0) return -1;
  b.read_end = -1;
  b.pos = 0;
  return at;
}
