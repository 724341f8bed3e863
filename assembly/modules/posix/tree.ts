// The tree of files: folders, names, links, the current folder (CPython 3.13's Modules/posixmodule.c).

import { host } from "../../generated/host";
import { path_t, SIZEOF_path_t } from "../../generated/layouts";
import { _Py_NoneStruct } from "../../generated/statics";
import { PyMem_RawFree } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { _PyList_AppendTakeRef, PyList_New } from "../../objects/containers/list/list";
import { Audit } from "../../objects/errors/audit";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyUnicode_DecodeFSDefaultAndSize } from "../../objects/text/codecs/filesystem";
import { cstringLength } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { ALLOW_FD, fileDescriptorOf, forbidden, NULLABLE, Path, pathDone, unavailable } from "./path";

/** The bytes that a call has put into a block, as bytes or a str of the system; the block is freed. */
function blockText(block: usize, n: isize, asBytes: bool): usize {
  const r = asBytes ? PyBytes_FromStringAndSize(block, n) : PyUnicode_DecodeFSDefaultAndSize(block, n);
  PyMem_RawFree(block);
  return r;
}

function currentDirectory(asBytes: bool): usize {
  const out = Scratch.take(1);
  const n = host.getcwd(out);
  const block = <usize>load<u32>(out);
  Scratch.give(out);
  return n < 0 ? raiseErrno(-n) : blockText(block, n, asBytes);
}

/**
 * @native posix.getcwd($module, /)
 *
 * Where relative paths begin, as a str.
 */
export function posix_getcwd(_m: usize, _u: usize): usize {
  return currentDirectory(false);
}

/**
 * @native posix.getcwdb($module, /)
 *
 * Where relative paths begin, in bytes.
 */
export function posix_getcwdb(_m: usize, _u: usize): usize {
  return currentDirectory(true);
}

/**
 * @native posix.chdir($module, /, path)
 *
 * Let relative paths begin in another folder.
 *
 * The number of an open folder is possible for a path, where
 * the system has that; elsewhere it is a NotImplementedError.
 */
export function posix_chdir(_m: usize, path: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "chdir", "path", ALLOW_FD)) {
    Path.give(p, 1);
    return 0;
  }
  if (!Audit.event("os.chdir", "O", path_t.at(p).object)) return forbidden(p);
  return pathDone(p, Path.isFd(p) ? host.fchdir(path_t.at(p).fd) : host.chdir(Path.address(p), Path.length(p)));
}

/**
 * @native posix.fchdir($module, /, fd)
 *
 * Let relative paths begin in an open folder, given by its number.
 *
 * As chdir(fd): what has fileno() is possible as well.
 */
export function posix_fchdir(_m: usize, fd: usize): usize {
  const n = fileDescriptorOf(fd);
  if (n < 0 || !Audit.event("os.chdir", "i", n)) return 0;
  const r = host.fchdir(n);
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

/** Asks for a folder's entries, the block at `out`: their length, or a negative error number. */
export function readFolder(p: usize, out: usize): isize {
  if (Path.isFd(p)) return host.fdreaddir(path_t.at(p).fd, out);
  if (path_t.at(p).bytes != 0) return host.readdir(Path.address(p), Path.length(p), out);
  // The current folder.
  const dot = Scratch.take(1);
  store<u8>(dot, 0x2e);
  const n = host.readdir(dot, 1, out);
  Scratch.give(dot);
  return n;
}

/** Where in an entry of readdir the name begins. */
export const ENTRY_NAME: usize = 9;

/**
 * @native posix.listdir($module, /, path=None)
 *
 * The names that are in a folder, in a list.
 *
 *   path
 *     Which: a str, bytes, an object with a path; None is the current
 *     one. Of bytes the names are bytes. Some systems take the number of
 *     an open folder as well, and NotImplementedError is raised by others.
 *
 * They come in no order, and '.' and '..' are not among them, although each
 * folder has these two.
 */
export function posix_listdir(_m: usize, path: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "listdir", "path", NULLABLE | ALLOW_FD)) {
    Path.give(p, 1);
    return 0;
  }
  if (!Audit.event("os.listdir", "O", path_t.at(p).object)) return forbidden(p);
  const out = Scratch.take(1);
  const n = readFolder(p, out);
  const block = <usize>load<u32>(out);
  Scratch.give(out);
  if (n < 0) {
    raiseErrno(-n, path_t.at(p).object);
    Path.give(p, 1);
    return 0;
  }
  const asBytes = Path.wantsBytes(p);
  Path.give(p, 1);
  const list = names(block, block + <usize>n, asBytes);
  PyMem_RawFree(block);
  return list;
}

/** The names of the entries from `at` to `end`, in a new list. */
function names(at: usize, end: usize, asBytes: bool): usize {
  const list = PyList_New(0);
  while (list != 0 && at < end) {
    const p = at + ENTRY_NAME;
    const n = cstringLength(p);
    const name = asBytes ? PyBytes_FromStringAndSize(p, n) : PyUnicode_DecodeFSDefaultAndSize(p, n);
    if (name == 0 || _PyList_AppendTakeRef(list, name) < 0) {
      Py.DECREF(list);
      return 0;
    }
    at = p + <usize>n + 1;
  }
  return list;
}

/**
 * @native posix.mkdir($module, /, path, mode=511, *, dir_fd=None)
 *
 * Make a folder.
 *
 *   path
 *     Where.
 *   mode
 *     Who may do what with it, less what umask() takes away.
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *
 * Not every system has dir_fd; where it is not there, NotImplementedError
 * is raised for it. Windows does not look at the mode,
 * but for 0o700, which makes the folder its owner's own.
 */
export function posix_mkdir(_m: usize, path: usize, mode: i32, dir_fd: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "mkdir", "path", 0) || !Path.within(p, dir_fd, "mkdir")) {
    Path.give(p, 1);
    return 0;
  }
  if (!Audit.event("os.mkdir", "Oii", path_t.at(p).object, mode, path_t.at(p).folder)) return forbidden(p);
  return pathDone(p, host.mkdir(Path.address(p), Path.length(p), mode));
}

/**
 * @native posix.rmdir($module, /, path, *, dir_fd=None)
 *
 * Remove a folder, which must be empty.
 *
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *
 * Not every system has dir_fd; where it is not there, NotImplementedError
 * is raised for it.
 */
export function posix_rmdir(_m: usize, path: usize, dir_fd: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "rmdir", "path", 0) || !Path.within(p, dir_fd, "rmdir")) {
    Path.give(p, 1);
    return 0;
  }
  if (!Audit.event("os.rmdir", "Oi", path_t.at(p).object, path_t.at(p).folder)) return forbidden(p);
  return pathDone(p, host.rmdir(Path.address(p), Path.length(p)));
}

function doUnlink(fname: string, path: usize, dir_fd: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, fname, "path", 0) || !Path.within(p, dir_fd, fname)) {
    Path.give(p, 1);
    return 0;
  }
  if (!Audit.event("os.remove", "Oi", path_t.at(p).object, path_t.at(p).folder)) return forbidden(p);
  return pathDone(p, host.unlink(Path.address(p), Path.length(p)));
}

/**
 * @native posix.unlink($module, /, path, *, dir_fd=None)
 *
 * Remove a file, as remove() does.
 *
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *
 * Not every system has dir_fd; where it is not there, NotImplementedError
 * is raised for it.
 */
export function posix_unlink(_m: usize, path: usize, dir_fd: usize): usize {
  return doUnlink("unlink", path, dir_fd);
}

/**
 * @native posix.remove($module, /, path, *, dir_fd=None)
 *
 * Remove a file, as unlink() does.
 *
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *
 * Not every system has dir_fd; where it is not there, NotImplementedError
 * is raised for it.
 */
export function posix_remove(_m: usize, path: usize, dir_fd: usize): usize {
  return doUnlink("remove", path, dir_fd);
}

/** Takes the two paths of a call, without folders of their own: their slots, or 0 with an exception. */
function twoPaths(fname: string, src: usize, dst: usize, src_dir_fd: usize, dst_dir_fd: usize): usize {
  const p = Path.take(2);
  if (
    Path.convert(p, src, fname, "src", 0) &&
    Path.convert(p + SIZEOF_path_t, dst, fname, "dst", 0) &&
    Path.within(p, src_dir_fd, fname) &&
    Path.within(p + SIZEOF_path_t, dst_dir_fd, fname)
  ) {
    return p;
  }
  Path.give(p, 2);
  return 0;
}

/** Tells of a call with two paths; where it is forbidden, the paths are given back. */
function tellTwo(event: string, p: usize): bool {
  const from = path_t.at(p);
  const to = path_t.at(p + SIZEOF_path_t);
  if (Audit.event(event, "OOii", from.object, to.object, from.folder, to.folder)) return true;
  Path.give(p, 2);
  return false;
}

/** The end of such a call: an error names both paths. */
function twoPathsDone(p: usize, r: isize): usize {
  const o = r < 0 ? raiseErrno(-r, path_t.at(p).object, path_t.at(p + SIZEOF_path_t).object) : _Py_NoneStruct;
  Path.give(p, 2);
  return o;
}

function doRename(fname: string, src: usize, dst: usize, src_dir_fd: usize, dst_dir_fd: usize): usize {
  const p = twoPaths(fname, src, dst, src_dir_fd, dst_dir_fd);
  if (p == 0) return 0;
  if (!tellTwo("os.rename", p)) return 0;
  const q = p + SIZEOF_path_t;
  return twoPathsDone(p, host.rename(Path.address(p), Path.length(p), Path.address(q), Path.length(q)));
}

/**
 * @native posix.rename($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)
 *
 * Move a file or a folder, or give it another name.
 *
 *   src_dir_fd, dst_dir_fd
 *     The numbers of open folders in which relative paths begin.
 *
 * Not every system has them; where they are not there, NotImplementedError
 * is raised for them.
 */
export function posix_rename(_m: usize, src: usize, dst: usize, src_dir_fd: usize, dst_dir_fd: usize): usize {
  return doRename("rename", src, dst, src_dir_fd, dst_dir_fd);
}

/**
 * @native posix.replace($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)
 *
 * Move a file or a folder in the place of what is at its new name.
 *
 *   src_dir_fd, dst_dir_fd
 *     The numbers of open folders in which relative paths begin.
 *
 * Not every system has them; where they are not there, NotImplementedError
 * is raised for them.
 */
export function posix_replace(_m: usize, src: usize, dst: usize, src_dir_fd: usize, dst_dir_fd: usize): usize {
  return doRename("replace", src, dst, src_dir_fd, dst_dir_fd);
}

/**
 * @native posix.link($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None,
 *      follow_symlinks=True)
 *
 * Give a file a second name.
 *
 *   src
 *     The file.
 *   dst
 *     The name.
 *   src_dir_fd, dst_dir_fd
 *     The numbers of open folders in which relative paths begin.
 *   follow_symlinks
 *     If false, a symbolic link itself gets the name.
 *
 * Not every system has the last three; where they are not there,
 * NotImplementedError is raised for them.
 */
export function posix_link(
  _m: usize,
  src: usize,
  dst: usize,
  src_dir_fd: usize,
  dst_dir_fd: usize,
  follow_symlinks: bool,
): usize {
  const p = twoPaths("link", src, dst, src_dir_fd, dst_dir_fd);
  if (p == 0) return 0;
  if (!follow_symlinks) {
    Path.give(p, 2);
    return unavailable("link", "follow_symlinks");
  }
  if (!tellTwo("os.link", p)) return 0;
  const q = p + SIZEOF_path_t;
  return twoPathsDone(p, host.link(Path.address(p), Path.length(p), Path.address(q), Path.length(q)));
}

/**
 * @native posix.symlink($module, /, src, dst, target_is_directory=False, *, dir_fd=None)
 *
 * Make a symbolic link.
 *
 *   src
 *     Where it leads.
 *   dst
 *     Where it is.
 *   target_is_directory
 *     Windows wants to know whether that is a folder.
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *
 * Not every system has dir_fd; where it is not there, NotImplementedError
 * is raised for it.
 */
export function posix_symlink(_m: usize, src: usize, dst: usize, _target_is_directory: bool, dir_fd: usize): usize {
  const p = twoPaths("symlink", src, dst, 0, dir_fd);
  if (p == 0) return 0;
  const q = p + SIZEOF_path_t;
  if (!Audit.event("os.symlink", "OOi", path_t.at(p).object, path_t.at(q).object, path_t.at(q).folder)) {
    Path.give(p, 2);
    return 0;
  }
  return twoPathsDone(p, host.symlink(Path.address(p), Path.length(p), Path.address(q), Path.length(q)));
}

/**
 * @native posix.readlink($module, /, path, *, dir_fd=None)
 *
 * Where a symbolic link leads, a str, or bytes if the path is bytes.
 *
 *   dir_fd
 *     The number of an open folder in which a relative path begins.
 *
 * Not every system has dir_fd; where it is not there, NotImplementedError
 * is raised for it. A target that is not absolute begins where the link is.
 */
export function posix_readlink(_m: usize, path: usize, dir_fd: usize): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "readlink", "path", 0) || !Path.within(p, dir_fd, "readlink")) {
    Path.give(p, 1);
    return 0;
  }
  const out = Scratch.take(1);
  const n = host.readlink(Path.address(p), Path.length(p), out);
  const block = <usize>load<u32>(out);
  Scratch.give(out);
  const o = n < 0 ? raiseErrno(-n, path_t.at(p).object) : blockText(block, n, Path.wantsBytes(p));
  Path.give(p, 1);
  return o;
}

/** Tells that a file is to be cut, by its path or number: false with an exception. */
export function tellTruncation(file: usize, length: i64): bool {
  const n = Audit.isOn() ? PyLong_FromLongLong(length) : _Py_NoneStruct;
  const ok = n != 0 && Audit.event("os.truncate", "OO", file, n);
  Py.XDECREF(n);
  return ok;
}

/**
 * @native posix.truncate($module, /, path, length)
 *
 * Cut a file, or make it longer, to a length in bytes.
 *
 * The number of an open file is possible for a path, where
 * the system has that; elsewhere it is a NotImplementedError.
 */
export function posix_truncate(_m: usize, path: usize, length: i64): usize {
  const p = Path.take(1);
  if (!Path.convert(p, path, "truncate", "path", ALLOW_FD)) {
    Path.give(p, 1);
    return 0;
  }
  if (!tellTruncation(path_t.at(p).object, length)) return forbidden(p);
  return pathDone(
    p,
    Path.isFd(p) ? host.ftruncate(path_t.at(p).fd, length) : host.truncate(Path.address(p), Path.length(p), length),
  );
}
