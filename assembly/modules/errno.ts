// The module errno (CPython 3.13's Modules/errnomodule.c): Linux's error numbers by name, and errorcode the other way.

import { PyDict_New, PyDict_SetItem } from "../objects/containers/dict/dict";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../objects/module/module";
import { PyLong_FromLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PyUnicode_FromKindAndData } from "../objects/text/create";
import { internSteal } from "../objects/text/intern";

/** NAME=number, separated by spaces, by number; of two names of a number the last is errorcode's. */
const NUMBERS =
  "EPERM=1 ENOENT=2 ESRCH=3 EINTR=4 EIO=5 ENXIO=6 E2BIG=7 ENOEXEC=8 EBADF=9 ECHILD=10 EWOULDBLOCK=11 EAGAIN=11 ENOMEM=12 EACCES=13 EFAULT=14 ENOTBLK=15 EBUSY=16 EEXIST=17 EXDEV=18 ENODEV=19 ENOTDIR=20 EISDIR=21 EINVAL=22 ENFILE=23 EMFILE=24 ENOTTY=25 ETXTBSY=26 EFBIG=27 ENOSPC=28 ESPIPE=29 EROFS=30 EMLINK=31 EPIPE=32 EDOM=33 ERANGE=34 EDEADLK=35 EDEADLOCK=35 ENAMETOOLONG=36 ENOLCK=37 ENOSYS=38 ENOTEMPTY=39 ELOOP=40 ENOMSG=42 EIDRM=43 ECHRNG=44 EL2NSYNC=45 EL3HLT=46 EL3RST=47 ELNRNG=48 EUNATCH=49 ENOCSI=50 EL2HLT=51 EBADE=52 EBADR=53 EXFULL=54 ENOANO=55 EBADRQC=56 EBADSLT=57 EBFONT=59 ENOSTR=60 ENODATA=61 ETIME=62 ENOSR=63 ENONET=64 ENOPKG=65 EREMOTE=66 ENOLINK=67 EADV=68 ESRMNT=69 ECOMM=70 EPROTO=71 EMULTIHOP=72 EDOTDOT=73 EBADMSG=74 EOVERFLOW=75 ENOTUNIQ=76 EBADFD=77 EREMCHG=78 ELIBACC=79 ELIBBAD=80 ELIBSCN=81 ELIBMAX=82 ELIBEXEC=83 EILSEQ=84 ERESTART=85 ESTRPIPE=86 EUSERS=87 ENOTSOCK=88 EDESTADDRREQ=89 EMSGSIZE=90 EPROTOTYPE=91 ENOPROTOOPT=92 EPROTONOSUPPORT=93 ESOCKTNOSUPPORT=94 EOPNOTSUPP=95 ENOTSUP=95 EPFNOSUPPORT=96 EAFNOSUPPORT=97 EADDRINUSE=98 EADDRNOTAVAIL=99 ENETDOWN=100 ENETUNREACH=101 ENETRESET=102 ECONNABORTED=103 ECONNRESET=104 ENOBUFS=105 EISCONN=106 ENOTCONN=107 ESHUTDOWN=108 ETOOMANYREFS=109 ETIMEDOUT=110 ECONNREFUSED=111 EHOSTDOWN=112 EHOSTUNREACH=113 EALREADY=114 EINPROGRESS=115 ESTALE=116 EUCLEAN=117 ENOTNAM=118 ENAVAIL=119 EISNAM=120 EREMOTEIO=121 EDQUOT=122 ENOMEDIUM=123 EMEDIUMTYPE=124 ECANCELED=125 ENOKEY=126 EKEYEXPIRED=127 EKEYREVOKED=128 EKEYREJECTED=129 EOWNERDEAD=130 ENOTRECOVERABLE=131 ERFKILL=132";

/** Adds one number under its name, of `length` UTF-16 units at `p`: false with an exception. */
function addNumber(d: usize, codes: usize, p: usize, length: isize, n: i32): bool {
  const name = internSteal(PyUnicode_FromKindAndData(2, p, length));
  const number = name == 0 ? 0 : PyLong_FromLong(n);
  const ok = number != 0 && PyDict_SetItem(d, name, number) == 0 && PyDict_SetItem(codes, number, name) == 0;
  Py.XDECREF(name);
  Py.XDECREF(number);
  return ok;
}

function fill(d: usize, codes: usize): bool {
  const p = changetype<usize>(NUMBERS);
  const end = p + ((<usize>NUMBERS.length) << 1);
  let start = p;
  while (start < end) {
    let q = start;
    while (load<u16>(q) != 0x3d) q += 2;
    const length = <isize>((q - start) >> 1);
    let n = 0;
    for (q += 2; q < end && load<u16>(q) != 0x20; q += 2) n = n * 10 + (load<u16>(q) - 0x30);
    if (!addNumber(d, codes, start, length, n)) return false;
    start = q + 2;
  }
  return true;
}

/**
 * @module errno
 *
 * The numbers of the system's errors, by name.
 *
 * Each name has the number that it has on this system in C: ENOENT, for instance, is 2. An OSError has the number in errno, and os.strerror() has a text for it. The dict errorcode has the names, by number: errorcode[2] is 'ENOENT'.
 *
 * There are more names than numbers, where a system has two names for one error, and not all of them exist on all systems. Most have a class of their own among the exceptions, such as FileNotFoundError.
 */
export function initErrno(m: usize): i32 {
  const codes = PyDict_New();
  if (codes == 0) return -1;
  if (fill(PyModule_GetDict(m), codes)) return PyModule_AddObjectLiteral(m, "errorcode", codes);
  Py.DECREF(codes);
  return -1;
}
