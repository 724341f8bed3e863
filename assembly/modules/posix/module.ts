// The module posix (CPython 3.13's Modules/posixmodule.c): its functions are in the files of posix/; its constants, and
// the environment as the process finds it.
//
// Not there: fork, exec, extended attributes, pseudo-terminals. A folder that dir_fd tells is asked where it is. _have_functions says what there is.

import { vmRoots } from "../../generated/runtime";
import {
  PyDirEntry_Type,
  PyExc_OSError,
  PyStructSequence_sched_param,
  PyStructSequence_stat_result,
  PyStructSequence_statvfs_result,
  PyStructSequence_terminal_size,
  PyStructSequence_times_result,
  PyStructSequence_uname_result,
  PyStructSequence_waitid_result,
} from "../../generated/statics";
import { PyDict_Clear, PyDict_GetItemLiteral, PyDict_New } from "../../objects/containers/dict/dict";
import { PyErr_Occurred } from "../../objects/errors/raise";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { Py } from "../../objects/object/head";
import { addNumbers, listOfWords } from "../numbers";
import { readEnvironment } from "./process";
import { initResultTypes } from "./results";
import { addConfigurationNames } from "./limits";
import { initScandirTypes } from "./scandir";
import { initSchedulingTypes } from "./scheduling";
import { initWaitTypes } from "./wait";

/** Linux's numbers, by name. */
const CONSTANTS = `
  EX_OK 0 EX_USAGE 64 EX_DATAERR 65 EX_NOINPUT 66 EX_NOUSER 67 EX_NOHOST 68 EX_UNAVAILABLE 69 EX_SOFTWARE 70
  EX_OSERR 71 EX_OSFILE 72 EX_CANTCREAT 73 EX_IOERR 74 EX_TEMPFAIL 75 EX_PROTOCOL 76 EX_NOPERM 77 EX_CONFIG 78
  F_OK 0 X_OK 1 W_OK 2 R_OK 4 GRND_NONBLOCK 1 GRND_RANDOM 2 NGROUPS_MAX 65536 O_ACCMODE 3 O_APPEND 1024 O_ASYNC 8192
  O_CLOEXEC 524288 O_CREAT 64 O_DIRECT 16384 O_DIRECTORY 65536 O_DSYNC 4096 O_EXCL 128 O_FSYNC 1052672 O_LARGEFILE 0
  O_NDELAY 2048 O_NOATIME 262144 O_NOCTTY 256 O_NOFOLLOW 131072 O_NONBLOCK 2048 O_PATH 2097152 O_RDONLY 0 O_RDWR 2
  O_RSYNC 1052672 O_SYNC 1052672 O_TMPFILE 4259840 O_TRUNC 512 O_WRONLY 1 ST_APPEND 256 ST_MANDLOCK 64 ST_NOATIME 1024
  ST_NODEV 4 ST_NODIRATIME 2048 ST_NOEXEC 8 ST_NOSUID 2 ST_RDONLY 1 ST_RELATIME 4096 ST_SYNCHRONOUS 16 ST_WRITE 128
  SEEK_DATA 3 SEEK_HOLE 4 F_LOCK 1 F_TLOCK 2 F_ULOCK 0 F_TEST 3 P_WAIT 0 P_NOWAIT 1 P_NOWAITO 1 P_ALL 0 P_PID 1 P_PGID 2
  P_PIDFD 3 CLD_EXITED 1 CLD_KILLED 2 CLD_DUMPED 3 CLD_TRAPPED 4 CLD_STOPPED 5 CLD_CONTINUED 6 PRIO_PROCESS 0 PRIO_PGRP 1
  PRIO_USER 2 SCHED_OTHER 0 SCHED_FIFO 1 SCHED_RR 2 SCHED_BATCH 3 SCHED_IDLE 5 SCHED_RESET_ON_FORK 1073741824 RWF_HIPRI 1
  RWF_DSYNC 2 RWF_SYNC 4 RWF_NOWAIT 8 RWF_APPEND 16 SPLICE_F_MOVE 1 SPLICE_F_NONBLOCK 2 SPLICE_F_MORE 4
  TFD_NONBLOCK 2048 TFD_CLOEXEC 524288 TFD_TIMER_ABSTIME 1 TFD_TIMER_CANCEL_ON_SET 2
  EFD_CLOEXEC 524288 EFD_NONBLOCK 2048 EFD_SEMAPHORE 1 MFD_CLOEXEC 1 MFD_ALLOW_SEALING 2 POSIX_SPAWN_OPEN 0 POSIX_SPAWN_CLOSE 1 POSIX_SPAWN_DUP2 2 POSIX_SPAWN_CLOSEFROM 3
  RTLD_LAZY 1 RTLD_NOW 2
  RTLD_GLOBAL 256 RTLD_LOCAL 0 RTLD_NODELETE 4096 RTLD_NOLOAD 4 RTLD_DEEPBIND 8 POSIX_FADV_NORMAL 0 POSIX_FADV_RANDOM 1
  POSIX_FADV_SEQUENTIAL 2 POSIX_FADV_WILLNEED 3 POSIX_FADV_DONTNEED 4 POSIX_FADV_NOREUSE 5 TMP_MAX 238328 WCONTINUED 8 WEXITED 4 WNOHANG 1 WNOWAIT 16777216 WSTOPPED 2 WUNTRACED 2`;

/** What os asks for, to say which functions take a descriptor, or a symbolic link itself. */
const FUNCTIONS = `
  HAVE_FACCESSAT HAVE_FCHDIR HAVE_FCHMOD HAVE_FCHMODAT HAVE_FCHOWN HAVE_FCHOWNAT HAVE_FDOPENDIR HAVE_FSTATAT
  HAVE_FTRUNCATE HAVE_FUTIMENS HAVE_FUTIMES HAVE_FUTIMESAT HAVE_LCHOWN HAVE_LINKAT HAVE_LSTAT HAVE_LUTIMES HAVE_MKDIRAT
  HAVE_MKFIFOAT HAVE_MKNODAT HAVE_FPATHCONF HAVE_FSTATVFS HAVE_OPENAT HAVE_READLINKAT HAVE_RENAMEAT HAVE_SYMLINKAT HAVE_UNLINKAT HAVE_UTIMENSAT`;

/** The dict of the environment: new; null with an exception. */
function environment(): usize {
  const d = PyDict_New();
  if (d == 0 || readEnvironment(d) == 0) return d;
  Py.DECREF(d);
  return 0;
}

/**
 * @module posix
 *
 * What the system offers, as POSIX has it. Programs import os, which has
 * more, is the same on every system, and stands for this module here. For the functions, and what is known
 * about errors of the system, see there.
 */
export function initPosix(m: usize): i32 {
  if (
    addConfigurationNames(m) < 0 ||
    initSchedulingTypes() < 0 ||
    initWaitTypes() < 0 ||
    initResultTypes() < 0 ||
    initScandirTypes() < 0
  )
    return -1;
  if (
    PyModule_AddObjectLiteral(m, "stat_result", PyStructSequence_stat_result) < 0 ||
    PyModule_AddObjectLiteral(m, "statvfs_result", PyStructSequence_statvfs_result) < 0 ||
    PyModule_AddObjectLiteral(m, "terminal_size", PyStructSequence_terminal_size) < 0 ||
    PyModule_AddObjectLiteral(m, "uname_result", PyStructSequence_uname_result) < 0 ||
    PyModule_AddObjectLiteral(m, "times_result", PyStructSequence_times_result) < 0 ||
    PyModule_AddObjectLiteral(m, "waitid_result", PyStructSequence_waitid_result) < 0 ||
    PyModule_AddObjectLiteral(m, "sched_param", PyStructSequence_sched_param) < 0 ||
    PyModule_AddObjectLiteral(m, "DirEntry", PyDirEntry_Type) < 0 ||
    PyModule_AddObjectLiteral(m, "error", PyExc_OSError) < 0
  ) {
    return -1;
  }
  if (addNumbers(PyModule_GetDict(m), CONSTANTS) < 0) return -1;
  if (PyModule_AddObjectLiteral(m, "_have_functions", listOfWords(FUNCTIONS)) < 0) return -1;
  return PyModule_AddObjectLiteral(m, "environ", environment());
}

/**
 * Reads the environment anew where the module is there already, as in a process that goes on from another's image: 0, or
 * -1 with an exception.
 */
export function refreshEnvironment(): i32 {
  const m = PyDict_GetItemLiteral(vmRoots.modules, "posix");
  if (m == 0) return PyErr_Occurred() ? -1 : 0;
  const d = PyDict_GetItemLiteral(PyModule_GetDict(m), "environ");
  if (d == 0) return PyErr_Occurred() ? -1 : 0;
  PyDict_Clear(d);
  return readEnvironment(d);
}
