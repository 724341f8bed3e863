// The methods of mmap, most of them those of files (CPython 3.13's Modules/mmapmodule.c).

import { EBADF, EINVAL, ENOMEM } from "../../generated/constants";
import { host } from "../../generated/host";
import { FileStatus, mmap_object, SIZEOF_FileStatus } from "../../generated/layouts";
import {
  _Py_NoneStruct,
  _Py_TrueStruct,
  PyExc_BufferError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
} from "../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { ArgParser, intArgument, ssizeArgument } from "../../objects/define/args";
import { PyErr_Format, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import {
  PyLong_AsLongLong,
  PyLong_FromLong,
  PyLong_FromLongLong,
  PyLong_FromSsize_t,
} from "../../objects/numbers/int/create";
import { Buffer } from "../../objects/object/buffer";
import { Py } from "../../objects/object/head";
import { PyBool_FromBool } from "../../objects/protocol/access";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../../objects/protocol/number";
import { PyTypeName } from "../../objects/text/concat";
import { findText, rfindText } from "../../objects/text/find";
import { mremap } from "../../os/machine";
import { touch } from "../../os/pages";
import { Scratch } from "../../thread/scratch";
import { ACCESS_COPY, ACCESS_READ, closeMapping, isResizable, isWritable, Mapping, writeBack } from "./mapping";

/**
 * @native mmap.mmap.close
 */
export function mmap_close(o: usize, _unused: usize): usize {
  if (mmap_object.at(o).exports > 0) {
    return PyErr_SetString(PyExc_BufferError, "cannot close exported pointers exist");
  }
  closeMapping(o);
  return _Py_NoneStruct;
}

/** Where the bytes are in the mapping, from the arguments of find() and rfind(): a new int, null with an exception. */
function search(o: usize, argv: usize, nargs: isize, name: string, backwards: bool): usize {
  if (!Mapping.isValid(o) || !ArgParser.count(name, nargs, 1, 3)) return 0;
  const view = Buffer.open(Py.item(argv, 0));
  if (view == 0) return 0;
  let r: usize = 0;
  let start = nargs > 1 ? ssizeArgument(Py.item(argv, 1)) : mmap_object.at(o).pos;
  if (nargs < 2 || start != -1 || !PyErr_Occurred()) {
    let end = nargs > 2 ? ssizeArgument(Py.item(argv, 2)) : mmap_object.at(o).size;
    if ((nargs < 3 || end != -1 || !PyErr_Occurred()) && Mapping.isValid(o)) {
      const size = mmap_object.at(o).size;
      start = min(max<isize>(start < 0 ? start + size : start, 0), size);
      end = min(max<isize>(end < 0 ? end + size : end, 0), size);
      const data = mmap_object.at(o).data;
      const n = Buffer.length(view);
      let at: isize = -1;
      if (end >= start) {
        at = backwards
          ? rfindText(1, data, start, end, 1, Buffer.data(view), n)
          : findText(1, data, start, end, 1, Buffer.data(view), n);
      }
      r = PyLong_FromSsize_t(at);
    }
  }
  Buffer.close(view);
  return r;
}

/**
 * @native mmap.mmap.find
 */
export function mmap_find(o: usize, argv: usize, nargs: isize): usize {
  return search(o, argv, nargs, "find", false);
}

/**
 * @native mmap.mmap.rfind
 */
export function mmap_rfind(o: usize, argv: usize, nargs: isize): usize {
  return search(o, argv, nargs, "rfind", true);
}

/**
 * @native mmap.mmap.flush
 */
export function mmap_flush(o: usize, argv: usize, nargs: isize): usize {
  if (!Mapping.isValid(o) || !ArgParser.count("flush", nargs, 0, 2)) return 0;
  const start = nargs > 0 ? ssizeArgument(Py.item(argv, 0)) : 0;
  if (start == -1 && PyErr_Occurred()) return 0;
  const n = nargs > 1 ? ssizeArgument(Py.item(argv, 1)) : mmap_object.at(o).size;
  if ((n == -1 && PyErr_Occurred()) || !Mapping.isValid(o)) return 0;
  const size = mmap_object.at(o).size;
  if (start < 0 || n < 0 || size - start < n) {
    return PyErr_SetString(PyExc_ValueError, "flush values out of range");
  }
  if (mmap_object.at(o).access == ACCESS_READ || mmap_object.at(o).access == ACCESS_COPY) return _Py_NoneStruct;
  if ((start & 4095) != 0) return raiseErrno(EINVAL);
  const error = writeBack(o, start, n);
  return error != 0 ? raiseErrno(error) : _Py_NoneStruct;
}

/**
 * @native mmap.mmap.madvise
 */
export function mmap_madvise(o: usize, argv: usize, nargs: isize): usize {
  if (!Mapping.isValid(o) || !ArgParser.count("madvise", nargs, 1, 3)) return 0;
  const option = intArgument(Py.item(argv, 0));
  if (option == -1 && PyErr_Occurred()) return 0;
  const start = nargs > 1 ? ssizeArgument(Py.item(argv, 1)) : 0;
  if (start == -1 && PyErr_Occurred()) return 0;
  const n = nargs > 2 ? ssizeArgument(Py.item(argv, 2)) : mmap_object.at(o).size;
  if ((n == -1 && PyErr_Occurred()) || !Mapping.isValid(o)) return 0;
  if (start < 0 || start >= mmap_object.at(o).size) {
    return PyErr_SetString(PyExc_ValueError, "madvise start out of bounds");
  }
  if (n < 0) return PyErr_SetString(PyExc_ValueError, "madvise length invalid");
  if (n > isize.MAX_VALUE - start) return PyErr_SetString(PyExc_OverflowError, "madvise length too large");
  if (option < 0 || option > 100 || (start & 4095) != 0) return raiseErrno(EINVAL);
  // Advice: nothing here has use for it.
  return _Py_NoneStruct;
}

/**
 * @native mmap.mmap.move
 */
export function mmap_move(o: usize, argv: usize, nargs: isize): usize {
  if (!Mapping.isValid(o) || !ArgParser.count("move", nargs, 3, 3)) return 0;
  const to = ssizeArgument(Py.item(argv, 0));
  if (to == -1 && PyErr_Occurred()) return 0;
  const from = ssizeArgument(Py.item(argv, 1));
  if (from == -1 && PyErr_Occurred()) return 0;
  const n = ssizeArgument(Py.item(argv, 2));
  if ((n == -1 && PyErr_Occurred()) || !isWritable(o) || !Mapping.isValid(o)) return 0;
  const size = mmap_object.at(o).size;
  if (to < 0 || from < 0 || n < 0 || size - to < n || size - from < n) {
    return PyErr_SetString(PyExc_ValueError, "source, destination, or count out of range");
  }
  memory.copy(Mapping.at(o, to), Mapping.at(o, from), <usize>n);
  return _Py_NoneStruct;
}

/** The next `n` bytes, as many as there are; they count as read. */
function take(o: usize, n: isize): usize {
  const m = mmap_object.at(o);
  const left = m.pos < m.size ? m.size - m.pos : 0;
  const count = n < 0 || n > left ? left : n;
  const r = PyBytes_FromStringAndSize(Mapping.at(o, m.pos), count);
  if (r != 0) m.pos = m.pos + count;
  return r;
}

/**
 * @native mmap.mmap.read
 */
export function mmap_read(o: usize, argv: usize, nargs: isize): usize {
  if (!Mapping.isValid(o) || !ArgParser.count("read", nargs, 0, 1)) return 0;
  let n: isize = -1;
  if (nargs > 0 && Py.item(argv, 0) != _Py_NoneStruct) {
    const v = Py.item(argv, 0);
    if (!PyIndex_Check(v)) {
      return PyErr_Format(PyExc_TypeError, "argument should be integer or None, not '%.200s'", PyTypeName.of(v));
    }
    n = PyNumber_AsSsize_t(v, PyExc_OverflowError);
    if ((n == -1 && PyErr_Occurred()) || !Mapping.isValid(o)) return 0;
  }
  return take(o, n);
}

/**
 * @native mmap.mmap.read_byte
 */
export function mmap_read_byte(o: usize, _unused: usize): usize {
  if (!Mapping.isValid(o)) return 0;
  const m = mmap_object.at(o);
  if (m.pos >= m.size) return PyErr_SetString(PyExc_ValueError, "read byte out of range");
  const at = m.pos;
  m.pos = at + 1;
  return PyLong_FromLong(load<u8>(Mapping.at(o, at)));
}

/**
 * @native mmap.mmap.readline
 */
export function mmap_readline(o: usize, _unused: usize): usize {
  if (!Mapping.isValid(o)) return 0;
  const m = mmap_object.at(o);
  let end = m.pos;
  while (end < m.size && load<u8>(Mapping.at(o, end)) != 0x0a) end++;
  return take(o, min(end + 1, m.size) - min(m.pos, m.size));
}

/**
 * @native mmap.mmap.resize
 */
export function mmap_resize(o: usize, size: usize): usize {
  if (!Mapping.isValid(o)) return 0;
  const newsize = ssizeArgument(size);
  if ((newsize == -1 && PyErr_Occurred()) || !Mapping.isValid(o) || !isResizable(o)) return 0;
  const m = mmap_object.at(o);
  if (newsize < 0) return PyErr_SetString(PyExc_ValueError, "new size out of range");
  if (newsize == 0 || newsize > 0x7ffff000) return raiseErrno(newsize == 0 ? EINVAL : ENOMEM);
  const old = m.size;
  if (m.fd >= 0 && m.shared != 0) {
    let error = writeBack(o, 0, old);
    if (error == 0) error = <i32>-min<isize>(host.ftruncate(m.fd, m.offset + newsize), 0);
    if (error != 0) return raiseErrno(error);
  }
  const moved = mremap(m.data, <usize>old, <usize>newsize);
  if (moved == 0) return raiseErrno(ENOMEM);
  m.data = moved;
  m.size = newsize;
  touch(moved, <usize>newsize);
  // What lay behind the end in the last page is not a part of what is new.
  if (newsize > old) memory.fill(Mapping.at(o, old), 0, <usize>(min((old + 4095) & ~4095, newsize) - old));
  return _Py_NoneStruct;
}

/**
 * @native mmap.mmap.seek
 */
export function mmap_seek(o: usize, argv: usize, nargs: isize): usize {
  if (!Mapping.isValid(o) || !ArgParser.count("seek", nargs, 1, 2)) return 0;
  const distance = ssizeArgument(Py.item(argv, 0));
  if (distance == -1 && PyErr_Occurred()) return 0;
  const whence = nargs > 1 ? intArgument(Py.item(argv, 1)) : 0;
  if ((whence == -1 && PyErr_Occurred()) || !Mapping.isValid(o)) return 0;
  const m = mmap_object.at(o);
  if (whence < 0 || whence > 2) return PyErr_SetString(PyExc_ValueError, "unknown seek type");
  const to = <i64>distance + <i64>(whence == 0 ? 0 : whence == 1 ? m.pos : m.size);
  if (to < 0 || to > m.size) return PyErr_SetString(PyExc_ValueError, "seek out of range");
  m.pos = <isize>to;
  return PyLong_FromLongLong(to);
}

/**
 * @native mmap.mmap.seekable
 */
export function mmap_seekable(_o: usize, _unused: usize): usize {
  return _Py_TrueStruct;
}

/**
 * @native mmap.mmap.size
 */
export function mmap_size(o: usize, _unused: usize): usize {
  if (!Mapping.isValid(o)) return 0;
  const m = mmap_object.at(o);
  if (m.fd < 0) return raiseErrno(EBADF);
  const status = Scratch.take(<isize>(SIZEOF_FileStatus >> 3));
  const r = host.fstat(m.fd, status);
  const size = FileStatus.at(status).size;
  Scratch.give(status);
  return r < 0 ? raiseErrno(<i32>-r) : PyLong_FromLongLong(size);
}

/**
 * @native mmap.mmap.tell
 */
export function mmap_tell(o: usize, _unused: usize): usize {
  return Mapping.isValid(o) ? PyLong_FromSsize_t(mmap_object.at(o).pos) : 0;
}

/**
 * @native mmap.mmap.write
 */
export function mmap_write(o: usize, data: usize): usize {
  if (!Mapping.isValid(o)) return 0;
  const view = Buffer.open(data);
  if (view == 0) return 0;
  let r: usize = 0;
  if (isWritable(o) && Mapping.isValid(o)) {
    const m = mmap_object.at(o);
    const n = Buffer.length(view);
    if (m.pos > m.size || m.size - m.pos < n) PyErr_SetString(PyExc_ValueError, "data out of range");
    else {
      memory.copy(Mapping.at(o, m.pos), Buffer.data(view), <usize>n);
      m.pos = m.pos + n;
      r = PyLong_FromSsize_t(n);
    }
  }
  Buffer.close(view);
  return r;
}

/**
 * @native mmap.mmap.write_byte
 */
export function mmap_write_byte(o: usize, byte: usize): usize {
  if (!Mapping.isValid(o)) return 0;
  const v = PyLong_AsLongLong(byte);
  if (v == -1 && PyErr_Occurred()) return 0;
  if (v < 0) return PyErr_SetString(PyExc_OverflowError, "unsigned byte integer is less than minimum");
  if (v > 255) return PyErr_SetString(PyExc_OverflowError, "unsigned byte integer is greater than maximum");
  if (!isWritable(o) || !Mapping.isValid(o)) return 0;
  const m = mmap_object.at(o);
  if (m.pos >= m.size) return PyErr_SetString(PyExc_ValueError, "write byte out of range");
  const value = <u8>v;
  store<u8>(Mapping.at(o, m.pos), value);
  m.pos = m.pos + 1;
  return _Py_NoneStruct;
}

/**
 * @native mmap.mmap.__enter__
 */
export function mmap_enter(o: usize, _unused: usize): usize {
  return Mapping.isValid(o) ? Py.NewRef(o) : 0;
}

/**
 * @native mmap.mmap.__exit__
 */
export function mmap_exit(o: usize, _args: usize): usize {
  return mmap_close(o, 0);
}

/**
 * @getter mmap.mmap.closed
 */
export function mmap_get_closed(o: usize, _closure: usize): usize {
  return PyBool_FromBool(mmap_object.at(o).data == 0);
}
