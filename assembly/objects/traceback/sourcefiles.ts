// Files that the runtime itself reads: the program, source lines to show. A path is a str; what cannot be read,
// or may not be, is not there.

import { ENOENT } from "../../generated/constants";
import { host } from "../../generated/host";
import { PyBytesObject } from "../../generated/layouts";
import { _PyBytes_Resize, PyBytes_FromStringAndSize, firstBytes } from "../bytes/bytes";
import { PyErr_Clear } from "../errors/raise";
import { Py } from "../object/head";
import { PyUnicode_EncodeFSDefault } from "../text/codecs/filesystem";

const CHUNK: isize = 1 << 16;

/** Opens a file to be read: its descriptor, or an error number, negated. */
export function openFile(path: usize): i32 {
  const name = PyUnicode_EncodeFSDefault(path);
  if (name == 0) {
    PyErr_Clear();
    return -ENOENT;
  }
  const fd = <i32>host.open(PyBytesObject.at(name).ob_sval, <usize>Py.SIZE(name), 0, 0);
  Py.DECREF(name);
  return fd;
}

/** The bytes of a file: a new bytes object; null without exception where it cannot be read, or with MemoryError. */
export function readFile(path: usize): usize {
  const fd = openFile(path);
  if (fd < 0) return 0;
  const bytes = readDescriptor(fd);
  host.close(fd);
  return bytes;
}

/** What is left to be read of an open file: a new bytes object, or null as readFile(). */
export function readDescriptor(fd: i32): usize {
  let capacity = CHUNK;
  let n: isize = 0;
  let bytes = PyBytes_FromStringAndSize(0, capacity);
  while (bytes != 0) {
    if (n == capacity) {
      capacity *= 2;
      const more = _PyBytes_Resize(bytes, capacity);
      if (more == 0) {
        Py.DECREF(bytes);
        return 0;
      }
      bytes = more;
    }
    const got = host.read(fd, PyBytesObject.at(bytes).ob_sval + <usize>n, <usize>(capacity - n));
    if (got < 0) {
      Py.DECREF(bytes);
      bytes = 0;
    } else if (got == 0) return firstBytes(bytes, n);
    n += got;
  }
  return 0;
}
