// What is in a file system besides files and folders: named pipes and devices (CPython 3.13's Modules/posixmodule.c).

import { S_IFIFO } from "../../generated/constants";
import { host } from "../../generated/host";
import { SIZEOF_FileSystemStatus } from "../../generated/layouts";
import { _Py_NoneStruct } from "../../generated/statics";
import { PyErr_Occurred } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_AsLongLong } from "../../objects/numbers/int/create";
import { Scratch } from "../../thread/scratch";
import { Path } from "./path";
import { statvfsResult } from "./results";

function makeNode(fname: string, path: usize, mode: i32, device: i64, dir_fd: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, fname, "path", 0) || !Path.within(p, dir_fd, fname)) {
    Path.give(p, 1);
    return 0;
  }
  // The exception does not name the path, as CPython's.
  const r = host.mknod(Path.address(p), Path.length(p), mode, device);
  Path.give(p, 1);
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/**
 * @native posix.mkfifo($module, /, path, mode=438, *, dir_fd=None)
 *
 * Make a named pipe.
 *
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 */
export function posix_mkfifo(_m: usize, path: usize, mode: i32, dir_fd: usize): usize {
  return makeNode("mkfifo", path, S_IFIFO | (mode & 0o7777), 0, dir_fd);
}

/**
 * @native posix.mknod($module, /, path, mode=384, device=0, *, dir_fd=None)
 *
 * Make a named pipe, a device or an empty file.
 *
 *   mode
 *     Which of these, S_IFIFO, S_IFCHR, S_IFBLK or S_IFREG, and who may do what with it.
 *   device
 *     Of a device the number that makedev() makes.
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 */
export function posix_mknod(_m: usize, path: usize, mode: i32, device: usize, dir_fd: usize): usize {
  const number = device == 0 ? 0 : PyLong_AsLongLong(device);
  if (number == -1 && PyErr_Occurred()) return 0;
  return makeNode("mknod", path, mode, number, dir_fd);
}

/**
 * @native posix.fstatvfs($module, fd, /)
 *
 * Ask about the file system that an open file is in.
 *
 * As statvfs(fd).
 */
export function posix_fstatvfs(_m: usize, fd: i32): usize {
  const status = Scratch.take(SIZEOF_FileSystemStatus >> 3);
  const r = host.fstatvfs(fd, status);
  const o = r < 0 ? raiseErrno(-r) : statvfsResult(status);
  Scratch.give(status);
  return o;
}
