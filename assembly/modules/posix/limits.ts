// What the system's configuration says: sysconf, confstr, pathconf (CPython 3.13's Modules/posixmodule.c), by the numbers of
// Linux and glibc. What depends on the machine is asked; the rest, and of files all, is what glibc says on x86-64.

import { EINVAL, O_CLOEXEC, Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { host } from "../../generated/host";
import { path_t, SIZEOF_FileStatus } from "../../generated/layouts";
import { PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyDict_GetItemWithError, PyDict_New } from "../../objects/containers/dict/dict";
import { intArgument } from "../../objects/define/args";
import { PyErr_Occurred, PyErr_SetString } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { PyLong_FromLong, PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyIndex_Check } from "../../objects/protocol/number";
import { PyUnicode_FromLiteral } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { addNumbers } from "../numbers";
import { fileDescriptorOf, Path } from "./path";

const SYSCONF = `
  SC_2_CHAR_TERM 95 SC_2_C_BIND 47 SC_2_C_DEV 48 SC_2_C_VERSION 96 SC_2_FORT_DEV 49 SC_2_FORT_RUN 50 SC_2_LOCALEDEF 52
  SC_2_SW_DEV 51 SC_2_UPE 97 SC_2_VERSION 46 SC_AIO_LISTIO_MAX 23 SC_AIO_MAX 24 SC_AIO_PRIO_DELTA_MAX 25 SC_ARG_MAX 0
  SC_ASYNCHRONOUS_IO 12 SC_ATEXIT_MAX 87 SC_AVPHYS_PAGES 86 SC_BC_BASE_MAX 36 SC_BC_DIM_MAX 37 SC_BC_SCALE_MAX 38
  SC_BC_STRING_MAX 39 SC_CHARCLASS_NAME_MAX 45 SC_CHAR_BIT 101 SC_CHAR_MAX 102 SC_CHAR_MIN 103 SC_CHILD_MAX 1
  SC_CLK_TCK 2 SC_COLL_WEIGHTS_MAX 40 SC_DELAYTIMER_MAX 26 SC_EQUIV_CLASS_MAX 41 SC_EXPR_NEST_MAX 42 SC_FSYNC 15
  SC_GETGR_R_SIZE_MAX 69 SC_GETPW_R_SIZE_MAX 70 SC_INT_MAX 104 SC_INT_MIN 105 SC_IOV_MAX 60 SC_JOB_CONTROL 7
  SC_LINE_MAX 43 SC_LOGIN_NAME_MAX 71 SC_LONG_BIT 106 SC_MAPPED_FILES 16 SC_MB_LEN_MAX 108 SC_MEMLOCK 17
  SC_MEMLOCK_RANGE 18 SC_MEMORY_PROTECTION 19 SC_MESSAGE_PASSING 20 SC_MINSIGSTKSZ 249 SC_MQ_OPEN_MAX 27
  SC_MQ_PRIO_MAX 28 SC_NGROUPS_MAX 3 SC_NL_ARGMAX 119 SC_NL_LANGMAX 120 SC_NL_MSGMAX 121 SC_NL_NMAX 122 SC_NL_SETMAX
  123 SC_NL_TEXTMAX 124 SC_NPROCESSORS_CONF 83 SC_NPROCESSORS_ONLN 84 SC_NZERO 109 SC_OPEN_MAX 4 SC_PAGESIZE 30
  SC_PAGE_SIZE 30 SC_PASS_MAX 88 SC_PHYS_PAGES 85 SC_PII 53 SC_PII_INTERNET 56 SC_PII_INTERNET_DGRAM 62
  SC_PII_INTERNET_STREAM 61 SC_PII_OSI 57 SC_PII_OSI_CLTS 64 SC_PII_OSI_COTS 63 SC_PII_OSI_M 65 SC_PII_SOCKET 55
  SC_PII_XTI 54 SC_POLL 58 SC_PRIORITIZED_IO 13 SC_PRIORITY_SCHEDULING 10 SC_REALTIME_SIGNALS 9 SC_RE_DUP_MAX 44
  SC_RTSIG_MAX 31 SC_SAVED_IDS 8 SC_SCHAR_MAX 111 SC_SCHAR_MIN 112 SC_SELECT 59 SC_SEMAPHORES 21 SC_SEM_NSEMS_MAX 32
  SC_SEM_VALUE_MAX 33 SC_SHARED_MEMORY_OBJECTS 22 SC_SHRT_MAX 113 SC_SHRT_MIN 114 SC_SIGQUEUE_MAX 34 SC_SSIZE_MAX 110
  SC_STREAM_MAX 5 SC_SYNCHRONIZED_IO 14 SC_THREADS 67 SC_THREAD_ATTR_STACKADDR 77 SC_THREAD_ATTR_STACKSIZE 78
  SC_THREAD_DESTRUCTOR_ITERATIONS 73 SC_THREAD_KEYS_MAX 74 SC_THREAD_PRIORITY_SCHEDULING 79 SC_THREAD_PRIO_INHERIT 80
  SC_THREAD_PRIO_PROTECT 81 SC_THREAD_PROCESS_SHARED 82 SC_THREAD_SAFE_FUNCTIONS 68 SC_THREAD_STACK_MIN 75
  SC_THREAD_THREADS_MAX 76 SC_TIMERS 11 SC_TIMER_MAX 35 SC_TTY_NAME_MAX 72 SC_TZNAME_MAX 6 SC_T_IOV_MAX 66
  SC_UCHAR_MAX 115 SC_UINT_MAX 116 SC_UIO_MAXIOV 60 SC_ULONG_MAX 117 SC_USHRT_MAX 118 SC_VERSION 29 SC_WORD_BIT 107
  SC_XBS5_ILP32_OFF32 125 SC_XBS5_ILP32_OFFBIG 126 SC_XBS5_LP64_OFF64 127 SC_XBS5_LPBIG_OFFBIG 128 SC_XOPEN_CRYPT 92
  SC_XOPEN_ENH_I18N 93 SC_XOPEN_LEGACY 129 SC_XOPEN_REALTIME 130 SC_XOPEN_REALTIME_THREADS 131 SC_XOPEN_SHM 94
  SC_XOPEN_UNIX 91 SC_XOPEN_VERSION 89 SC_XOPEN_XCU_VERSION 90 SC_XOPEN_XPG2 98 SC_XOPEN_XPG3 99 SC_XOPEN_XPG4 100`;

const CONFSTR = `
  CS_GNU_LIBC_VERSION 2 CS_GNU_LIBPTHREAD_VERSION 3 CS_LFS64_CFLAGS 1004 CS_LFS64_LDFLAGS 1005 CS_LFS64_LIBS 1006
  CS_LFS64_LINTFLAGS 1007 CS_LFS_CFLAGS 1000 CS_LFS_LDFLAGS 1001 CS_LFS_LIBS 1002 CS_LFS_LINTFLAGS 1003 CS_PATH 0
  CS_XBS5_ILP32_OFF32_CFLAGS 1100 CS_XBS5_ILP32_OFF32_LDFLAGS 1101 CS_XBS5_ILP32_OFF32_LIBS 1102
  CS_XBS5_ILP32_OFF32_LINTFLAGS 1103 CS_XBS5_ILP32_OFFBIG_CFLAGS 1104 CS_XBS5_ILP32_OFFBIG_LDFLAGS 1105
  CS_XBS5_ILP32_OFFBIG_LIBS 1106 CS_XBS5_ILP32_OFFBIG_LINTFLAGS 1107 CS_XBS5_LP64_OFF64_CFLAGS 1108
  CS_XBS5_LP64_OFF64_LDFLAGS 1109 CS_XBS5_LP64_OFF64_LIBS 1110 CS_XBS5_LP64_OFF64_LINTFLAGS 1111
  CS_XBS5_LPBIG_OFFBIG_CFLAGS 1112 CS_XBS5_LPBIG_OFFBIG_LDFLAGS 1113 CS_XBS5_LPBIG_OFFBIG_LIBS 1114
  CS_XBS5_LPBIG_OFFBIG_LINTFLAGS 1115`;

const PATHCONF = `
  PC_ALLOC_SIZE_MIN 18 PC_ASYNC_IO 10 PC_CHOWN_RESTRICTED 6 PC_FILESIZEBITS 13 PC_LINK_MAX 0 PC_MAX_CANON 1
  PC_MAX_INPUT 2 PC_NAME_MAX 3 PC_NO_TRUNC 7 PC_PATH_MAX 4 PC_PIPE_BUF 5 PC_PRIO_IO 11 PC_REC_INCR_XFER_SIZE 14
  PC_REC_MAX_XFER_SIZE 15 PC_REC_MIN_XFER_SIZE 16 PC_REC_XFER_ALIGN 17 PC_SOCK_MAXBUF 12 PC_SYMLINK_MAX 19 PC_SYNC_IO
  9 PC_VDISABLE 8`;

/** What does not depend on the machine: number and value. */
const VALUES = `
  0 2097152 3 65536 5 16 7 1 8 1 9 200809 10 200809 11 200809 12 200809 13 200809 14 200809 15 200809 16 200809 17
  200809 18 200809 19 200809 20 200809 21 200809 22 200809 25 20 26 2147483647 28 32768 29 200809 30 4096 33
  2147483647 36 99 37 2048 38 99 39 1000 40 255 42 32 43 2048 44 32767 45 2048 46 200809 47 200809 48 200809 51 200809
  52 200809 60 1024 67 200809 68 200809 69 1024 70 1024 71 256 72 32 73 4 74 1024 75 16384 77 200809 78 200809 79
  200809 80 200809 81 200809 82 200809 87 2147483647 88 8192 89 700 90 4 91 1 93 1 94 1 95 200809 96 200809 98 1 99 1
  100 1 101 8 102 127 103 -128 104 2147483647 105 -2147483648 106 64 107 32 108 16 109 20 110 32767 111 127 112 -128
  113 32767 114 -32768 115 255 116 4294967295 118 65535 119 4096 120 2048 121 2147483647 122 2147483647 123 2147483647
  124 2147483647 127 1 129 1 130 1 131 1`;

const SC_CLK_TCK: i32 = 2;
const SC_OPEN_MAX: i32 = 4;
const SC_NPROCESSORS_CONF: i32 = 83;
const SC_NPROCESSORS_ONLN: i32 = 84;
const SC_PHYS_PAGES: i32 = 85;
const SC_AVPHYS_PAGES: i32 = 86;
const SC_MOST: i32 = 249;
const CLOCK_TICKS: i64 = 100;
/** Descriptors that a process can have. */
const OPEN_MOST: i64 = 1024;
const PAGE_KIB: i64 = 4;

const CS_PATH: i32 = 0;
const CS_GNU_LIBC_VERSION: i32 = 2;
const CS_GNU_LIBPTHREAD_VERSION: i32 = 3;
const CS_LFS64_CFLAGS: i32 = 1004;
const CS_LFS64_LINTFLAGS: i32 = 1007;
const CS_LP64_CFLAGS: i32 = 1108;
const CS_LP64_LDFLAGS: i32 = 1109;
const CS_MOST: i32 = 1115;

const PC_MOST: i32 = 20;
/** For each number of pathconf what it is. */
// biome-ignore format: a table
const PATH_VALUES: usize = memory.data<i32>([
  65000, 255, 255, 255, 4096, 4096, 1, 1, 0, -1, -1, -1, -1, 64, -1, -1, 4096, 4096, 4096, -1, -1,
]);

/** The number of a configuration's name, an int or one of a dict: -1 with an exception, or without. */
function configuration(name: usize, names: string): i32 {
  if (PyIndex_Check(name)) return intArgument(name);
  if (!Py.check(name, Py_TPFLAGS_UNICODE_SUBCLASS)) {
    PyErr_SetString(PyExc_TypeError, "configuration names must be strings or integers");
    return -1;
  }
  const d = PyDict_New();
  if (d == 0) return -1;
  const v = addNumbers(d, names) < 0 ? 0 : PyDict_GetItemWithError(d, name);
  const r = v == 0 ? -1 : intArgument(v);
  if (v == 0 && !PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "unrecognized configuration name");
  Py.DECREF(d);
  return r;
}

/** The value that stands behind a number in VALUES; -1 where there is none. */
function staticValue(number: i32): i64 {
  let key: i64 = 0;
  let n: i64 = 0;
  let isKey = true;
  let negative = false;
  for (let i = 0; i <= VALUES.length; i++) {
    const c = i < VALUES.length ? VALUES.charCodeAt(i) : 0x20;
    if (c >= 0x30 && c <= 0x39) n = n * 10 + (c - 0x30);
    else if (c == 0x2d) negative = true;
    else if (i > 0 && VALUES.charCodeAt(i - 1) > 0x20) {
      if (isKey) key = n;
      else if (key == number) return negative ? -n : n;
      isKey = !isKey;
      n = 0;
      negative = false;
    }
  }
  return -1;
}

/** Pages of memory by a line of /proc/meminfo; -1 where that is not known. */
function memoryPages(line: string): i64 {
  const block = Scratch.take(64);
  const path = "/proc/meminfo";
  for (let i = 0; i < path.length; i++) store<u8>(block + i, path.charCodeAt(i));
  const fd = host.open(block, path.length, O_CLOEXEC, 0);
  const n = fd < 0 ? -1 : host.read(<i32>fd, block, 511);
  if (fd >= 0) host.close(<i32>fd);
  let kib: i64 = -1;
  for (let i: isize = 0; i + line.length < n && kib < 0; i++) {
    let same = i == 0 || load<u8>(block + <usize>i - 1) == 10;
    for (let j = 0; same && j < line.length; j++) same = load<u8>(block + <usize>i + j) == line.charCodeAt(j);
    if (!same) continue;
    kib = 0;
    for (let j = i + line.length; j < n && load<u8>(block + <usize>j) != 10; j++) {
      const c = load<u8>(block + <usize>j);
      if (c >= 0x30 && c <= 0x39) kib = kib * 10 + (c - 0x30);
    }
  }
  Scratch.give(block);
  return kib < 0 ? -1 : kib / PAGE_KIB;
}

/**
 * @native posix.sysconf($module, name, /)
 *
 * A number of the system's configuration.
 */
export function posix_sysconf(_m: usize, name: usize): usize {
  const number = configuration(name, SYSCONF);
  if (number == -1 && PyErr_Occurred()) return 0;
  if (number < 0 || number > SC_MOST) return raiseErrno(EINVAL);
  let v: i64;
  if (number == SC_CLK_TCK) v = CLOCK_TICKS;
  else if (number == SC_OPEN_MAX) v = OPEN_MOST;
  else if (number == SC_NPROCESSORS_CONF || number == SC_NPROCESSORS_ONLN) v = host.cpus();
  else if (number == SC_PHYS_PAGES) v = memoryPages("MemTotal:");
  else if (number == SC_AVPHYS_PAGES) v = memoryPages("MemFree:");
  else v = staticValue(number);
  return PyLong_FromLongLong(v);
}

/**
 * @native posix.confstr($module, name, /)
 *
 * A text of the system's configuration.
 */
export function posix_confstr(_m: usize, name: usize): usize {
  const number = configuration(name, CONFSTR);
  if (number == -1 && PyErr_Occurred()) return 0;
  if (number == CS_PATH) return PyUnicode_FromLiteral("/bin:/usr/bin");
  if (number == CS_GNU_LIBC_VERSION) return PyUnicode_FromLiteral("glibc 2.36");
  if (number == CS_GNU_LIBPTHREAD_VERSION) return PyUnicode_FromLiteral("NPTL 2.36");
  if (number == CS_LFS64_CFLAGS || number == CS_LFS64_LINTFLAGS) return PyUnicode_FromLiteral("-D_LARGEFILE64_SOURCE");
  if (number == CS_LP64_CFLAGS || number == CS_LP64_LDFLAGS) return PyUnicode_FromLiteral("-m64");
  if (number < 1000 || number > CS_MOST) return raiseErrno(EINVAL);
  return PyUnicode_FromLiteral("");
}

function pathValue(number: i32): usize {
  if (number < 0 || number > PC_MOST) return raiseErrno(EINVAL);
  return PyLong_FromLong(load<i32>(PATH_VALUES + ((<usize>number) << 2)));
}

/**
 * @native posix.pathconf($module, /, path, name)
 *
 * A limit that there is for a file or folder, -1 for none.
 *
 * Some systems take a descriptor for the path.
 */
export function posix_pathconf(_m: usize, path: usize, name: usize): usize {
  const p = Path.take(1);
  const status = Scratch.take(SIZEOF_FileStatus >> 3);
  let r: usize = 0;
  if (Path.convert(p, path, "pathconf", "path", 2)) {
    const number = configuration(name, PATHCONF);
    if (number != -1 || !PyErr_Occurred()) {
      const fd = path_t.at(p).fd;
      const found = Path.isFd(p) ? host.fstat(fd, status) : host.stat(Path.address(p), Path.length(p), status);
      r = found < 0 ? raiseErrno(-found, path_t.at(p).object) : pathValue(number);
    }
  }
  Scratch.give(status);
  Path.give(p, 1);
  return r;
}

/**
 * @native posix.fpathconf($module, fd, name, /)
 *
 * A limit that there is for an open file, -1 for none.
 */
export function posix_fpathconf(_m: usize, fd: usize, name: usize): usize {
  const n = fileDescriptorOf(fd);
  if (n < 0) return 0;
  const number = configuration(name, PATHCONF);
  if (number == -1 && PyErr_Occurred()) return 0;
  const status = Scratch.take(SIZEOF_FileStatus >> 3);
  const found = host.fstat(n, status);
  Scratch.give(status);
  return found < 0 ? raiseErrno(-found) : pathValue(number);
}

/** Adds the dicts of names to the module: 0, or -1 with an exception. */
export function addConfigurationNames(m: usize): i32 {
  if (addNames(m, "sysconf_names", SYSCONF) < 0 || addNames(m, "confstr_names", CONFSTR) < 0) return -1;
  return addNames(m, "pathconf_names", PATHCONF);
}

function addNames(m: usize, name: string, numbers: string): i32 {
  const d = PyDict_New();
  if (d == 0) return -1;
  if (addNumbers(d, numbers) == 0) return PyModule_AddObjectLiteral(m, name, d);
  Py.DECREF(d);
  return -1;
}
