// Memory of its own, or a file's: the type mmap, its pages and its slots (CPython 3.13's Modules/mmapmodule.c).
//
// The pages are those of the simulated machine, so they are seen in its reports and count for its limits. Deliberate
// difference: the machine has no files. A file's bytes are read when it is mapped; those that were written are put back by
// flush(), resize(), close() and at the end of the object. Two mappings of one file do not see each other before that.

import { EINVAL, ENOMEM, Py_TPFLAGS_BASETYPE } from "../../generated/constants";
import { host } from "../../generated/host";
import {
  FileStatus,
  mmap_object,
  mmap_object_weakreflist,
  PyBufferProcs,
  PyBytesObject,
  PyMappingMethods,
  PySequenceMethods,
  PyTypeObject,
  SIZEOF_FileStatus,
  SIZEOF_mmap_object,
} from "../../generated/layouts";
import {
  _Py_NoneStruct,
  PyExc_BufferError,
  PyExc_IndexError,
  PyExc_OverflowError,
  PyExc_TypeError,
  PyExc_ValueError,
  PyMmap_Type,
} from "../../generated/statics";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { adjustIndices, isSlice, SliceIndices, unpackSlice } from "../../objects/containers/slice";
import { intArgument, parseTupleAndKeywords, ssizeArgument } from "../../objects/define/args";
import { asBuffer, asMapping, asSequence } from "../../objects/define/tables";
import { Audit } from "../../objects/errors/audit";
import { PyErr_Fail, PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { clampSsize, PyLong_AsLongLong, PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Buffer, PyBuffer_FillInfo } from "../../objects/object/buffer";
import { PyObject_GC_UnTrack } from "../../objects/object/gchead";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import { PyIndex_Check, PyNumber_AsSsize_t } from "../../objects/protocol/number";
import { PyTypeName } from "../../objects/text/concat";
import { PyUnicode_FromFormat } from "../../objects/text/format/fromformat";
import { PyType_Ready } from "../../objects/types/ready";
import { PyObject_ClearWeakRefs } from "../../objects/weak/weakref";
import { mmap, munmap } from "../../os/machine";
import { touch } from "../../os/pages";
import { Scratch } from "../../thread/scratch";
import { collectedType } from "../collectedtype";

export const ACCESS_DEFAULT: i32 = 0;
export const ACCESS_READ: i32 = 1;
export const ACCESS_WRITE: i32 = 2;
export const ACCESS_COPY: i32 = 3;
const MAP_SHARED: i32 = 1;
const MAP_PRIVATE: i32 = 2;
const PROT_READ: i32 = 1;
const PROT_WRITE: i32 = 2;

export class Mapping {
  /** Whether it is open; otherwise ValueError. */
  @inline static isValid(o: usize): bool {
    return mmap_object.at(o).data != 0 || closed();
  }

  /** Address of byte `i`. */
  @inline static at(o: usize, i: isize): usize {
    return mmap_object.at(o).data + <usize>i;
  }
}

function closed(): bool {
  PyErr_SetString(PyExc_ValueError, "mmap closed or invalid");
  return false;
}

/** Whether it may be written to; otherwise TypeError. */
export function isWritable(o: usize): bool {
  if (mmap_object.at(o).access != ACCESS_READ) return true;
  PyErr_SetString(PyExc_TypeError, "mmap can't modify a readonly memory map.");
  return false;
}

/** Whether it may be resized; otherwise BufferError or TypeError. */
export function isResizable(o: usize): bool {
  const m = mmap_object.at(o);
  if (m.exports > 0) PyErr_SetString(PyExc_BufferError, "mmap can't resize with extant buffers exported.");
  else if (m.trackfd == 0) PyErr_SetString(PyExc_ValueError, "mmap can't resize with trackfd=False.");
  else if (m.access == ACCESS_WRITE || m.access == ACCESS_DEFAULT) return true;
  else PyErr_SetString(PyExc_TypeError, "mmap can't resize a readonly or copy-on-write memory map.");
  return false;
}

/** Puts bytes back into the file, if it has one that they belong to: 0, or an error number. */
export function writeBack(o: usize, start: isize, n: isize): i32 {
  const m = mmap_object.at(o);
  if (m.fd < 0 || m.shared == 0) return 0;
  let done: isize = 0;
  while (done < n) {
    const written = host.pwrite(m.fd, Mapping.at(o, start + done), <usize>(n - done), m.offset + start + done);
    if (written < 0) return -written;
    if (written == 0) break;
    done += written;
  }
  return 0;
}

/** Reads the file's bytes into the pages: 0, or an error number. What the file has not stays zero. */
function readIn(o: usize, start: isize, n: isize): i32 {
  const m = mmap_object.at(o);
  let done: isize = 0;
  while (done < n) {
    const got = host.pread(m.fd, Mapping.at(o, start + done), <usize>(n - done), m.offset + start + done);
    if (got < 0) return -got;
    if (got == 0) break;
    done += got;
  }
  return 0;
}

/** Gives pages and descriptor back. */
export function closeMapping(o: usize): void {
  const m = mmap_object.at(o);
  if (m.data != 0) {
    writeBack(o, 0, m.size);
    munmap(m.data, <usize>m.size);
    m.data = 0;
  }
  if (m.fd >= 0) host.close(m.fd);
  m.fd = -1;
}

/** The kind of access from the arguments `access`, `flags` and `prot`, into the mapping: false with ValueError. */
function setAccess(o: usize, access: i32, flags: i32, prot: i32): bool {
  const m = mmap_object.at(o);
  m.shared = access == ACCESS_WRITE ? 1 : 0;
  if (access < ACCESS_DEFAULT || access > ACCESS_COPY) {
    PyErr_SetString(PyExc_ValueError, "mmap invalid access parameter.");
    return false;
  }
  if (access == ACCESS_DEFAULT) {
    // What may be done follows from the other two.
    const writes = (prot & PROT_WRITE) != 0;
    if (writes && (prot & PROT_READ) != 0) access = ACCESS_DEFAULT;
    else access = writes ? ACCESS_WRITE : ACCESS_READ;
    m.shared = writes && (flags & MAP_SHARED) != 0 ? 1 : 0;
  }
  m.access = access;
  return true;
}

/** Makes the mapping's size that of the file, where it is 0, and keeps a descriptor: false with an exception. */
function openFile(o: usize, fd: i32, given: isize): bool {
  const m = mmap_object.at(o);
  const status = Scratch.take(<isize>(SIZEOF_FileStatus >> 3));
  const r = host.fstat(fd, status);
  const size = FileStatus.at(status).size;
  Scratch.give(status);
  if (r < 0) {
    raiseErrno(<i32>-r);
    return false;
  }
  let message = "";
  if (given == 0) {
    if (size == 0) message = "cannot mmap an empty file";
    else if (m.offset >= size) message = "mmap offset is greater than file size";
    else m.size = clampSsize(size - m.offset);
  } else if (m.offset > size || size - m.offset < given) message = "mmap length is greater than file size";
  if (message.length != 0) {
    PyErr_SetString(PyExc_ValueError, message);
    return false;
  }
  const own = host.dup(fd, 0);
  if (own < 0) {
    raiseErrno(<i32>-own);
    return false;
  }
  m.fd = <i32>own;
  return true;
}

function tellMaking(fd: i32, size: isize, access: i32, offset: i64): bool {
  const o = Audit.isOn() ? PyLong_FromLongLong(offset) : _Py_NoneStruct;
  const ok = o != 0 && Audit.event("mmap.__new__", "iiiO", fd, size, access, o);
  Py.XDECREF(o);
  return ok;
}

function mmap_new(type: usize, args: usize, kwargs: usize): usize {
  const out = Scratch.take(7);
  const names = "fileno length flags prot access offset trackfd";
  const parsed = parseTupleAndKeywords("", names, args, kwargs, out, 2, 6);
  const fileno: usize = Py.item(out, 0);
  const length: usize = Py.item(out, 1);
  const flagsGiven: usize = Py.item(out, 2);
  const protGiven: usize = Py.item(out, 3);
  const accessGiven: usize = Py.item(out, 4);
  const offsetGiven: usize = Py.item(out, 5);
  const trackGiven: usize = Py.item(out, 6);
  Scratch.give(out);
  if (!parsed) return 0;
  const fd = intArgument(fileno);
  if (fd == -1 && PyErr_Occurred()) return 0;
  const size = ssizeArgument(length);
  if (size == -1 && PyErr_Occurred()) return 0;
  const flags = flagsGiven == 0 ? MAP_SHARED : intArgument(flagsGiven);
  if (flags == -1 && PyErr_Occurred()) return 0;
  const prot = protGiven == 0 ? PROT_READ | PROT_WRITE : intArgument(protGiven);
  if (prot == -1 && PyErr_Occurred()) return 0;
  const access = accessGiven == 0 ? ACCESS_DEFAULT : intArgument(accessGiven);
  if (access == -1 && PyErr_Occurred()) return 0;
  const offset: i64 = offsetGiven == 0 ? 0 : PyLong_AsLongLong(offsetGiven);
  if (offset == -1 && PyErr_Occurred()) return 0;
  if (!tellMaking(fd, size, access, offset)) return 0;
  const track = trackGiven == 0 ? 1 : PyObject_IsTrue(trackGiven);
  if (track < 0) return 0;
  if (size < 0) return PyErr_SetString(PyExc_OverflowError, "memory mapped length must be positive");
  if (offset < 0) return PyErr_SetString(PyExc_OverflowError, "memory mapped offset must be positive");
  if (access != ACCESS_DEFAULT && (flags != MAP_SHARED || prot != (PROT_READ | PROT_WRITE))) {
    return PyErr_SetString(PyExc_ValueError, "mmap can't specify both access and flags, prot.");
  }
  const o = call_indirect<usize>(PyTypeObject.at(type).tp_alloc, type, <isize>0);
  if (o == 0) return 0;
  const m = mmap_object.at(o);
  m.fd = -1;
  m.size = size;
  m.offset = offset;
  m.trackfd = track ? 1 : 0;
  if (setAccess(o, access, flags, prot) && (fd == -1 || openFile(o, fd, size)) && mapPages(o, flags)) return o;
  Py.DECREF(o);
  return 0;
}

/** Maps the pages and reads the file into them: false with OSError. */
function mapPages(o: usize, flags: i32): bool {
  const m = mmap_object.at(o);
  const isKind = (flags & (MAP_SHARED | MAP_PRIVATE)) != 0;
  if (m.size == 0 || !isKind || (m.offset & 4095) != 0) {
    raiseErrno(EINVAL);
    return false;
  }
  m.data = m.size > 0x7ffff000 ? 0 : mmap(<usize>m.size);
  if (m.data == 0) {
    raiseErrno(ENOMEM);
    return false;
  }
  // Nobody says later which of them are written to, so all of them count as used at once.
  touch(m.data, <usize>m.size);
  if (m.fd < 0) return true;
  const error = readIn(o, 0, m.size);
  if (m.trackfd == 0 && m.shared == 0) {
    host.close(m.fd);
    m.fd = -1;
  }
  if (error == 0) return true;
  m.shared = 0;
  raiseErrno(error);
  return false;
}

function mmap_traverse(_o: usize, _visit: u32, _arg: usize): i32 {
  return 0;
}

function mmap_dealloc(o: usize): void {
  PyObject_GC_UnTrack(o);
  closeMapping(o);
  if (mmap_object.at(o).weakreflist != 0) PyObject_ClearWeakRefs(o);
  call_indirect<void>(PyTypeObject.at(Py.TYPE(o)).tp_free, o);
}

function mmap_repr(o: usize): usize {
  const m = mmap_object.at(o);
  const name = PyTypeName.of(o);
  if (m.data == 0) return PyUnicode_FromFormat("<%s closed=True>", name);
  let access = "ACCESS_DEFAULT";
  if (m.access == ACCESS_READ) access = "ACCESS_READ";
  else if (m.access == ACCESS_WRITE) access = "ACCESS_WRITE";
  else if (m.access == ACCESS_COPY) access = "ACCESS_COPY";
  const head = PyUnicode_FromFormat("<%s closed=False, access=%L, length=%d", name, changetype<usize>(access), m.size);
  const r = head == 0 ? 0 : PyUnicode_FromFormat("%U, pos=%d, offset=%d>", head, m.pos, m.offset);
  Py.XDECREF(head);
  return r;
}

function mmap_length(o: usize): isize {
  return Mapping.isValid(o) ? mmap_object.at(o).size : -1;
}

function mmap_item(o: usize, i: isize): usize {
  if (!Mapping.isValid(o)) return 0;
  if (i < 0 || i >= mmap_object.at(o).size) return PyErr_SetString(PyExc_IndexError, "mmap index out of range");
  return PyBytes_FromStringAndSize(Mapping.at(o, i), 1);
}

function mmap_subscript(o: usize, key: usize): usize {
  if (!Mapping.isValid(o)) return 0;
  if (PyIndex_Check(key)) {
    let i = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if ((i == -1 && PyErr_Occurred()) || !Mapping.isValid(o)) return 0;
    if (i < 0) i += mmap_object.at(o).size;
    if (i < 0 || i >= mmap_object.at(o).size) return PyErr_SetString(PyExc_IndexError, "mmap index out of range");
    return PyLong_FromLong(load<u8>(Mapping.at(o, i)));
  }
  if (!isSlice(key)) return PyErr_SetString(PyExc_TypeError, "mmap indices must be integers");
  const s = unpackSlice(key);
  if (s == 0) return 0;
  const n = adjustIndices(mmap_object.at(o).size, s);
  const start = SliceIndices.start(s);
  const step = SliceIndices.step(s);
  Scratch.give(s);
  if (!Mapping.isValid(o)) return 0;
  if (step == 1) return PyBytes_FromStringAndSize(Mapping.at(o, start), n);
  const r = PyBytes_FromStringAndSize(0, n);
  if (r == 0) return 0;
  const to = PyBytesObject.at(r).ob_sval;
  for (let i: isize = 0; i < n; i++) copyByte(to + <usize>i, Mapping.at(o, start + i * step));
  return r;
}

function copyByte(to: usize, from: usize): void {
  store<u8>(to, load<u8>(from));
}

/** Sets byte `i` to an int; -1 with an exception. */
function setByte(o: usize, i: isize, v: usize): i32 {
  if (!PyIndex_Check(v)) return PyErr_Fail(PyExc_TypeError, "mmap item value must be an int");
  const value = PyNumber_AsSsize_t(v, PyExc_TypeError);
  if (value == -1 && PyErr_Occurred()) return -1;
  if (value < 0 || value > 255) return PyErr_Fail(PyExc_ValueError, "mmap item value must be in range(0, 256)");
  if (!Mapping.isValid(o)) return -1;
  if (i >= mmap_object.at(o).size) return PyErr_Fail(PyExc_IndexError, "mmap index out of range");
  const byte = <u8>value;
  store<u8>(Mapping.at(o, i), byte);
  return 0;
}

function mmap_ass_subscript(o: usize, key: usize, value: usize): i32 {
  if (!Mapping.isValid(o) || !isWritable(o)) return -1;
  if (PyIndex_Check(key)) {
    let i = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (i == -1 && PyErr_Occurred()) return -1;
    if (i < 0) i += mmap_object.at(o).size;
    if (i < 0 || i >= mmap_object.at(o).size) return PyErr_Fail(PyExc_IndexError, "mmap index out of range");
    return value == 0 ? PyErr_Fail(PyExc_TypeError, "mmap doesn't support item deletion") : setByte(o, i, value);
  }
  if (!isSlice(key)) return PyErr_Fail(PyExc_TypeError, "mmap indices must be integers");
  if (value == 0) return PyErr_Fail(PyExc_TypeError, "mmap object doesn't support slice deletion");
  const s = unpackSlice(key);
  if (s == 0) return -1;
  const view = Buffer.open(value);
  let status: i32 = -1;
  if (view != 0) {
    // Only now: both may have run Python.
    const n = adjustIndices(mmap_object.at(o).size, s);
    const start = SliceIndices.start(s);
    const step = SliceIndices.step(s);
    if (!Mapping.isValid(o)) status = -1;
    else if (Buffer.length(view) != n) status = PyErr_Fail(PyExc_IndexError, "mmap slice assignment is wrong size");
    else {
      status = 0;
      if (step == 1) memory.copy(Mapping.at(o, start), Buffer.data(view), <usize>n);
      else {
        for (let i: isize = 0; i < n; i++) copyByte(Mapping.at(o, start + i * step), Buffer.data(view) + <usize>i);
      }
    }
    Buffer.close(view);
  }
  Scratch.give(s);
  return status;
}

function mmap_getbuffer(o: usize, view: usize, flags: i32): i32 {
  if (!Mapping.isValid(o)) return -1;
  const m = mmap_object.at(o);
  if (PyBuffer_FillInfo(view, o, m.data, m.size, m.access == ACCESS_READ, flags) < 0) return -1;
  m.exports = m.exports + 1;
  return 0;
}

function mmap_releasebuffer(o: usize, _view: usize): void {
  mmap_object.at(o).exports = mmap_object.at(o).exports - 1;
}

/**
 * @type mmap.mmap
 * @order close find rfind flush madvise move read read_byte readline resize seek seekable size tell write write_byte
 * @order __enter__ __exit__
 *
 * mmap(fileno, length[, flags[, prot[, access[, offset[, trackfd]]]]])
 *
 * The bytes of a file, as an object that is like a bytearray and like a file
 * at once; or memory of its own, with -1 for the file. Of the file there are
 * length bytes from the offset on, and all of them if the length is 0.
 */

/** Makes the type: 0, or -1 with an exception. */
export function initMmapType(): i32 {
  const t = collectedType(
    PyMmap_Type,
    SIZEOF_mmap_object,
    mmap_dealloc.index,
    mmap_traverse.index,
    0,
    Py_TPFLAGS_BASETYPE,
  );
  t.tp_new = mmap_new.index;
  t.tp_repr = mmap_repr.index;
  t.tp_weaklistoffset = <isize>mmap_object_weakreflist;
  const b = PyBufferProcs.at(asBuffer(PyMmap_Type));
  b.bf_getbuffer = mmap_getbuffer.index;
  b.bf_releasebuffer = mmap_releasebuffer.index;
  const s = PySequenceMethods.at(asSequence(PyMmap_Type));
  s.sq_length = mmap_length.index;
  s.sq_item = mmap_item.index;
  const m = PyMappingMethods.at(asMapping(PyMmap_Type));
  m.mp_length = mmap_length.index;
  m.mp_subscript = mmap_subscript.index;
  m.mp_ass_subscript = mmap_ass_subscript.index;
  return PyType_Ready(PyMmap_Type);
}
