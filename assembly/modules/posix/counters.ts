// Descriptors without a file: counters, memory; and the process groups of terminals (CPython 3.13's Modules/posixmodule.c).
//
// Differences: a counter can only be used by the thread that has made it; memory is a file without a name.

import { ENOSYS, ENOTTY, O_CLOEXEC, O_NONBLOCK, O_RDWR, O_TMPFILE } from "../../generated/constants";
import { host } from "../../generated/host";
import { SIZEOF_FileStatus } from "../../generated/layouts";
import { _Py_NoneStruct } from "../../generated/statics";
import { maskArgument, unsignedArgument } from "../../objects/define/args";
import { PyErr_Occurred } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_FromSsize_t, PyLong_FromUnsignedLongLong } from "../../objects/numbers/int/create";
import { Scratch } from "../../thread/scratch";
import { raiseTransfer, readDescriptor, writeDescriptor } from "../select/transfer";
import { fileDescriptorOf, Path } from "./path";

export const EFD_CLOEXEC: i32 = O_CLOEXEC;
export const MFD_CLOEXEC: i32 = 1;

const EFD_SEMAPHORE: i32 = 1;
const COUNTER_BYTES: usize = 8;

/**
 * @native posix.eventfd($module, /, initval, flags=EFD_CLOEXEC)
 *
 * Make a counter that has a descriptor, which is returned.
 */
export function posix_eventfd(_m: usize, initval: usize, flags: i32): usize {
  const initial = maskArgument(initval);
  if (initial == -1 && PyErr_Occurred()) return 0;
  const r = host.eventfd(<i32>initial, flags & (EFD_CLOEXEC | O_NONBLOCK | EFD_SEMAPHORE));
  return r < 0 ? raiseErrno(-r) : PyLong_FromSsize_t(r);
}

/**
 * @native posix.eventfd_read($module, /, fd)
 *
 * Take what a counter is.
 */
export function posix_eventfd_read(_m: usize, fd: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const slot = Scratch.take(1);
  const r = readDescriptor(number, slot, COUNTER_BYTES);
  const value = load<u64>(slot);
  Scratch.give(slot);
  return r < 0 ? raiseTransfer(r) : PyLong_FromUnsignedLongLong(value);
}

/**
 * @native posix.eventfd_write($module, /, fd, value)
 *
 * Add to a counter.
 */
export function posix_eventfd_write(_m: usize, fd: usize, value: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const added = unsignedArgument(value, true);
  if (PyErr_Occurred()) return 0;
  const slot = Scratch.take(1);
  store<u64>(slot, added);
  const r = writeDescriptor(number, slot, COUNTER_BYTES);
  Scratch.give(slot);
  return r < 0 ? raiseTransfer(r) : _Py_NoneStruct;
}

/** Opens a file without a name in a folder: its descriptor, or a negative error number. */
function openUnnamed(folder: string): isize {
  const block = Scratch.take(2);
  for (let i = 0; i < folder.length; i++) store<u8>(block + <usize>i, folder.charCodeAt(i));
  const r = host.open(block, folder.length, O_TMPFILE | O_RDWR | O_CLOEXEC, 0o600);
  Scratch.give(block);
  return r;
}

/**
 * @native posix.memfd_create($module, /, name, flags=MFD_CLOEXEC)
 */
export function posix_memfd_create(_m: usize, name: usize, flags: usize): usize {
  const p = Path.take(1);
  const ok = Path.convert(p, name, "memfd_create", "name", 0);
  Path.give(p, 1);
  if (!ok) return 0;
  const options = flags == 0 ? MFD_CLOEXEC : maskArgument(flags);
  if (options == -1 && PyErr_Occurred()) return 0;
  let r = openUnnamed("/dev/shm");
  if (r < 0) r = openUnnamed("/tmp");
  if (r < 0) return raiseErrno(-r);
  if ((options & MFD_CLOEXEC) == 0) host.setfl(<i32>r, O_RDWR);
  return PyLong_FromSsize_t(r);
}

/** Why a descriptor has no process group of a terminal: it is none, or one that nobody can ask. */
function noTerminal(fd: i32): usize {
  const status = Scratch.take(SIZEOF_FileStatus >> 3);
  const r = host.fstat(fd, status);
  Scratch.give(status);
  return raiseErrno(r < 0 ? -r : host.isatty(fd) > 0 ? ENOSYS : ENOTTY);
}

/**
 * @native posix.tcgetpgrp($module, fd, /)
 *
 * The process group that a terminal listens to.
 */
export function posix_tcgetpgrp(_m: usize, fd: i32): usize {
  return noTerminal(fd);
}

/**
 * @native posix.tcsetpgrp($module, fd, pgid, /)
 *
 * Set the process group that a terminal listens to.
 */
export function posix_tcsetpgrp(_m: usize, fd: i32, _pgid: i32): usize {
  return noTerminal(fd);
}
