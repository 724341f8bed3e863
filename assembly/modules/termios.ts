// The module termios (CPython 3.13's Modules/termios.c): how terminals are set, with the numbers of Linux.
//
// The host asks the command stty, which gives the settings as hexadecimal numbers with colons between: the four words of
// flags, then the characters.
//
// Deliberate differences: tcsetattr() waits until what was written is out, whatever `when` says, and discards nothing;
// tcsendbreak(), tcdrain(), tcflush() and tcflow() are error (ENOSYS) on a terminal.

import { EINVAL, ENOSYS, Py_TPFLAGS_BYTES_SUBCLASS, Py_TPFLAGS_LONG_SUBCLASS } from "../generated/constants";
import { host } from "../generated/host";
import { termiosRoots } from "../generated/runtime";
import { _Py_NoneStruct, PyExc_Exception, PyExc_OverflowError, PyExc_TypeError } from "../generated/statics";
import { PyMem_RawFree } from "../memory/pymem";
import { BytesLike } from "../objects/bytes/common";
import { PyBytes_FromStringAndSize } from "../objects/bytes/bytes";
import { _PyList_AppendTakeRef, List, PyList_AsTuple, PyList_New } from "../objects/containers/list/list";
import { PyTuple_Pack2, Tuple } from "../objects/containers/tuple";
import { PyErr_NewException } from "../objects/errors/newclass";
import { strerror } from "../objects/errors/errno";
import { PyErr_Format, PyErr_Occurred, PyErr_SetObject, PyErr_SetString } from "../objects/errors/raise";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../objects/module/module";
import { PyLong_AsLongLong, PyLong_FromLong, PyLong_FromLongLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PySequence_Check, PySequence_GetItem, PySequence_Size } from "../objects/protocol/sequence";
import { PyUnicode_AsUTF8, PyUnicode_UTF8Length } from "../objects/text/codecs/utf8";
import { PyUnicode_FromLiteral } from "../objects/text/create";
import { PyUnicode_FromFormat } from "../objects/text/format/fromformat";
import { Scratch } from "../thread/scratch";
import { addNumbers } from "./numbers";
import { fileDescriptorOf } from "./posix/path";

const CONSTANTS = `
  B0 0 B50 1 B75 2 B110 3 B134 4 B150 5 B200 6 B300 7 B600 8 B1200 9 B1800 10 B2400 11 B4800 12 B9600 13 B19200 14
  B38400 15 B57600 4097 B115200 4098 B230400 4099 B460800 4100 B500000 4101 B576000 4102 B921600 4103 B1000000 4104
  B1152000 4105 B1500000 4106 B2000000 4107 B2500000 4108 B3000000 4109 B3500000 4110 B4000000 4111 CBAUDEX 4096
  TCSANOW 0 TCSADRAIN 1 TCSAFLUSH 2 TCIFLUSH 0 TCOFLUSH 1 TCIOFLUSH 2 TCOOFF 0 TCOON 1 TCIOFF 2 TCION 3 IGNBRK 1
  BRKINT 2 IGNPAR 4 PARMRK 8 INPCK 16 ISTRIP 32 INLCR 64 IGNCR 128 ICRNL 256 IUCLC 512 IXON 1024 IXANY 2048
  IXOFF 4096 IMAXBEL 8192 IUTF8 16384 OPOST 1 OLCUC 2 ONLCR 4 OCRNL 8 ONOCR 16 ONLRET 32 OFILL 64 OFDEL 128 NLDLY 256
  CRDLY 1536 TABDLY 6144 BSDLY 8192 VTDLY 16384 FFDLY 32768 NL0 0 NL1 256 CR0 0 CR1 512 CR2 1024 CR3 1536 TAB0 0
  TAB1 2048 TAB2 4096 TAB3 6144 XTABS 6144 BS0 0 BS1 8192 VT0 0 VT1 16384 FF0 0 FF1 32768 CSIZE 48 CSTOPB 64
  CREAD 128 PARENB 256 PARODD 512 HUPCL 1024 CLOCAL 2048 CIBAUD 269418496 CRTSCTS 2147483648 CS5 0 CS6 16 CS7 32
  CS8 48 ISIG 1 ICANON 2 XCASE 4 ECHO 8 ECHOE 16 ECHOK 32 ECHONL 64 ECHOCTL 512 ECHOPRT 1024 ECHOKE 2048 FLUSHO 4096
  NOFLSH 128 TOSTOP 256 PENDIN 16384 IEXTEN 32768 EXTPROC 65536 VINTR 0 VQUIT 1 VERASE 2 VKILL 3 VEOF 4 VTIME 5
  VMIN 6 VSWTC 7 VSWTCH 7 VSTART 8 VSTOP 9 VSUSP 10 VEOL 11 VREPRINT 12 VDISCARD 13 VWERASE 14 VLNEXT 15 VEOL2 16
  CBAUD 4111 CDSUSP 25 CEOF 4 CEOL 0 CEOT 4 CERASE 127 CFLUSH 15 CINTR 3 CKILL 21 CLNEXT 22 CQUIT 28 CRPRNT 18
  CSTART 17 CSTOP 19 CSUSP 26 CWERASE 23 EXTA 14 EXTB 15 FIOASYNC 21586 FIOCLEX 21585 FIONBIO 21537 FIONCLEX 21584
  FIONREAD 21531 IOCSIZE_MASK 1073676288 IOCSIZE_SHIFT 16 NCC 8 NCCS 32 N_MOUSE 2 N_PPP 3 N_SLIP 1 N_STRIP 4 N_TTY 0
  TCFLSH 21515 TCGETA 21509 TCGETS 21505 TCSBRK 21513 TCSBRKP 21541 TCSETA 21510 TCSETAF 21512 TCSETAW 21511
  TCSETS 21506 TCSETSF 21508 TCSETSW 21507 TCXONC 21514 TIOCCONS 21533 TIOCEXCL 21516 TIOCGETD 21540
  TIOCGICOUNT 21597 TIOCGLCKTRMIOS 21590 TIOCGPGRP 21519 TIOCGSERIAL 21534 TIOCGSOFTCAR 21529 TIOCGWINSZ 21523
  TIOCINQ 21531 TIOCLINUX 21532 TIOCMBIC 21527 TIOCMBIS 21526 TIOCMGET 21525 TIOCMIWAIT 21596 TIOCMSET 21528
  TIOCM_CAR 64 TIOCM_CD 64 TIOCM_CTS 32 TIOCM_DSR 256 TIOCM_DTR 2 TIOCM_LE 1 TIOCM_RI 128 TIOCM_RNG 128 TIOCM_RTS 4
  TIOCM_SR 16 TIOCM_ST 8 TIOCNOTTY 21538 TIOCNXCL 21517 TIOCOUTQ 21521 TIOCPKT 21536 TIOCPKT_DATA 0 TIOCPKT_DOSTOP 32
  TIOCPKT_FLUSHREAD 1 TIOCPKT_FLUSHWRITE 2 TIOCPKT_NOSTOP 16 TIOCPKT_START 8 TIOCPKT_STOP 4 TIOCSCTTY 21518
  TIOCSERCONFIG 21587 TIOCSERGETLSR 21593 TIOCSERGETMULTI 21594 TIOCSERGSTRUCT 21592 TIOCSERGWILD 21588
  TIOCSERSETMULTI 21595 TIOCSERSWILD 21589 TIOCSER_TEMT 1 TIOCSETD 21539 TIOCSLCKTRMIOS 21591 TIOCSPGRP 21520
  TIOCSSERIAL 21535 TIOCSSOFTCAR 21530 TIOCSTI 21522 TIOCSWINSZ 21524 _POSIX_VDISABLE 0`;

// Of the settings: the words of flags, the characters, the speeds.
const IFLAG: isize = 0;
const CFLAG: isize = 2;
const LFLAG: isize = 3;
const CC: isize = 4;
const WORDS: isize = 36;
const NCCS: isize = 32;
const VTIME: isize = 5;
const VMIN: isize = 6;
const ICANON: u32 = 2;
const CBAUD: u32 = 4111;

/** Sets error of an error number; returns null. */
function refuse(errno: isize): usize {
  const number = PyLong_FromLong(<i32>errno);
  const text = number == 0 ? 0 : strerror(<i32>errno);
  const args = text == 0 ? 0 : PyTuple_Pack2(number, text);
  Py.XDECREF(number);
  Py.XDECREF(text);
  if (args != 0) PyErr_SetObject(termiosRoots.error, args);
  Py.XDECREF(args);
  return 0;
}

/** Has stty do what the words (a str that is stolen, or null) ask for: the block it writes, of *length bytes; null with an exception. */
function ask(fd: i32, words: usize, length: usize): usize {
  if (words == 0) return 0;
  const out = Scratch.take(1);
  const n = host.stty(fd, PyUnicode_AsUTF8(words), <usize>PyUnicode_UTF8Length(words), out);
  const block: usize = load<u32>(out);
  Scratch.give(out);
  Py.DECREF(words);
  store<u64>(length, <u64>n);
  return n < 0 ? refuse(-n) : block;
}

function digit(c: u32): i32 {
  return c >= 0x30 && c <= 0x39 ? c - 0x30 : c >= 0x61 && c <= 0x66 ? c - 0x57 : -1;
}

/** The settings of a terminal, into 36 words: false with an exception. */
function read(fd: i32, settings: usize): bool {
  const length = Scratch.take(1);
  const text = ask(fd, PyUnicode_FromLiteral("-g"), length);
  const n = load<u32>(length);
  Scratch.give(length);
  if (text == 0) return false;
  memory.fill(settings, 0, (<usize>WORDS) << 2);
  let at: isize = 0;
  for (let i: u32 = 0; i < n && at < WORDS; i++) {
    const d = digit(load<u8>(text + i));
    const word = settings + ((<usize>at) << 2);
    if (d >= 0) store<u32>(word, (load<u32>(word) << 4) | d);
    else at++;
  }
  PyMem_RawFree(text);
  // Other systems than Linux write it otherwise.
  if (at > CC) return true;
  refuse(ENOSYS);
  return false;
}

function wordAt(settings: usize, i: isize): u32 {
  return load<u32>(settings + ((<usize>i) << 2));
}

/** The characters: a new list, null with an exception. */
function characters(settings: usize): usize {
  const canonical = (wordAt(settings, LFLAG) & ICANON) != 0;
  const list = PyList_New(0);
  for (let i: isize = 0; list != 0 && i < NCCS; i++) {
    const word = settings + ((<usize>(CC + i)) << 2);
    const isNumber = !canonical && (i == VMIN || i == VTIME);
    const item = isNumber ? PyLong_FromLong(load<u8>(word)) : PyBytes_FromStringAndSize(word, 1);
    if (item != 0 && _PyList_AppendTakeRef(list, item) == 0) continue;
    Py.DECREF(list);
    return 0;
  }
  return list;
}

/**
 * @native termios.tcgetattr($module, fd, /)
 *
 * How a terminal is set.
 *
 * A list [iflag, oflag, cflag, lflag, ispeed, ospeed, cc], in which
 * cc is a list of the characters that mean something, each a bytes of
 * length 1, but for VMIN and VTIME, which are ints where they are in use.
 * What the flags, the speeds and the places in cc mean, the constants
 * of this module say.
 */
export function termios_tcgetattr(_m: usize, fd: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const settings = Scratch.take(WORDS / 2);
  const list = read(number, settings) ? listOf(settings) : 0;
  Scratch.give(settings);
  return list;
}

function listOf(settings: usize): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  const speed = wordAt(settings, CFLAG) & CBAUD;
  for (let i: isize = 0; i < 7; i++) {
    const item = i == 6 ? characters(settings) : PyLong_FromLongLong(i < CC ? wordAt(settings, IFLAG + i) : speed);
    if (item != 0 && _PyList_AppendTakeRef(list, item) == 0) continue;
    Py.DECREF(list);
    return 0;
  }
  return list;
}

/** An int into a word: false with an exception. */
function putInt(o: usize, word: usize): bool {
  const v = PyLong_AsLongLong(o);
  store<u32>(word, <u32>v);
  return v != -1 || PyErr_Occurred() == 0;
}

/** What tcsetattr() is given, a tuple, into the settings: false with an exception. */
function putAll(given: usize, settings: usize): bool {
  const speeds = Scratch.take(1);
  let ok: bool = true;
  for (let i: isize = 0; ok && i < 6; i++) {
    const word = i < CC ? settings + ((<usize>i) << 2) : speeds + ((<usize>(i - CC)) << 2);
    ok = putInt(Tuple.get(given, i), word);
  }
  const input = load<u32>(speeds);
  const output = load<u32>(speeds, 4);
  Scratch.give(speeds);
  if (!ok) return false;
  const cc = Tuple.get(given, 6);
  if (!List.check(cc) || Py.SIZE(cc) != NCCS) {
    PyErr_Format(PyExc_TypeError, "tcsetattr: attributes[6] must be %d element list", NCCS);
    return false;
  }
  for (let i: isize = 0; i < NCCS && i < Py.SIZE(cc); i++) {
    const item = List.get(cc, i);
    const word = settings + ((<usize>(CC + i)) << 2);
    if (Py.check(item, Py_TPFLAGS_BYTES_SUBCLASS) && Py.SIZE(item) == 1) {
      store<u32>(word, load<u8>(BytesLike.data(item)));
    } else if (Py.check(item, Py_TPFLAGS_LONG_SUBCLASS)) {
      if (!putInt(item, word)) return false;
      store<u32>(word, load<u8>(word));
    } else {
      PyErr_SetString(PyExc_TypeError, "tcsetattr: elements of attributes must be characters or integers");
      return false;
    }
  }
  if ((input & ~CBAUD) != 0 || (output & ~CBAUD) != 0) {
    refuse(EINVAL);
    return false;
  }
  const cflag = settings + ((<usize>CFLAG) << 2);
  store<u32>(cflag, (load<u32>(cflag) & ~CBAUD) | output);
  return true;
}

/** The settings as stty takes them: a new str, null with an exception. */
function written(settings: usize): usize {
  let text = PyUnicode_FromFormat("%x", wordAt(settings, 0));
  for (let i: isize = 1; text != 0 && i < WORDS; i++) {
    const longer = PyUnicode_FromFormat("%U:%x", text, wordAt(settings, i));
    Py.DECREF(text);
    text = longer;
  }
  return text;
}

/** Has stty set something, as the words (a str that is stolen, or null) say: None, or null with an exception. */
function set(fd: i32, words: usize): usize {
  const length = Scratch.take(1);
  const block = ask(fd, words, length);
  Scratch.give(length);
  if (block != 0) PyMem_RawFree(block);
  return PyErr_Occurred() == 0 ? _Py_NoneStruct : 0;
}

/**
 * @native termios.tcsetattr($module, fd, when, attributes, /)
 *
 * Sets a terminal.
 *
 * The attributes are a list as tcgetattr() gives it; `when` says
 * when they count: TCSANOW at once, TCSADRAIN when all that was
 * written is out, TCSAFLUSH then, too, and what was typed and not
 * read yet is forgotten.
 */
export function termios_tcsetattr(_m: usize, fd: usize, when: i32, attributes: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  if (!List.check(attributes) || Py.SIZE(attributes) != 7) {
    return PyErr_SetString(PyExc_TypeError, "tcsetattr, arg 3: must be 7 element list");
  }
  const settings = Scratch.take(WORDS / 2);
  // Numbers may be Python's, and change the list.
  const given = PyList_AsTuple(attributes);
  const words = given != 0 && read(number, settings) && putAll(given, settings) ? written(settings) : 0;
  Py.XDECREF(given);
  Scratch.give(settings);
  if (words != 0 && (when < 0 || when > 2)) {
    Py.DECREF(words);
    return refuse(EINVAL);
  }
  return words == 0 ? 0 : set(number, words);
}

/** Says of a terminal what cannot be done with it. */
function unserved(fd: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const size = host.ttysize(number);
  return refuse(size >= 0 ? ENOSYS : -size);
}

/**
 * @native termios.tcsendbreak($module, fd, duration, /)
 *
 * Sends a break on a line.
 *
 * 0 is a quarter to half a second; what another duration means, the system says.
 */
export function termios_tcsendbreak(_m: usize, fd: usize, _duration: i32): usize {
  return unserved(fd);
}

/**
 * @native termios.tcdrain($module, fd, /)
 *
 * Waits until all that was written to a terminal is out.
 */
export function termios_tcdrain(_m: usize, fd: usize): usize {
  return unserved(fd);
}

/**
 * @native termios.tcflush($module, fd, queue, /)
 *
 * Forgets what is under way.
 *
 * Which of it, the queue says: TCIFLUSH what was typed, TCOFLUSH
 * what was written, TCIOFLUSH both.
 */
export function termios_tcflush(_m: usize, fd: usize, _queue: i32): usize {
  return unserved(fd);
}

/**
 * @native termios.tcflow($module, fd, action, /)
 *
 * Holds up what is read or written, or lets it go on.
 *
 * TCOOFF holds up what is written, TCOON lets it go on; TCIOFF and TCION do the same
 * for what is typed.
 */
export function termios_tcflow(_m: usize, fd: usize, _action: i32): usize {
  return unserved(fd);
}

/**
 * @native termios.tcgetwinsize($module, fd, /)
 *
 * How large a terminal is.
 *
 * A pair (ws_row, ws_col).
 */
export function termios_tcgetwinsize(_m: usize, fd: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  const size = host.ttysize(number);
  if (size < 0) return refuse(-size);
  const rows = PyLong_FromLong(<i32>(size >> 16));
  const columns = rows == 0 ? 0 : PyLong_FromLong(<i32>size & 0xffff);
  const r = columns == 0 ? 0 : PyTuple_Pack2(rows, columns);
  Py.XDECREF(columns);
  Py.XDECREF(rows);
  return r;
}

/** An item of a window's size: -1 with an exception. */
function sizeItem(winsize: usize, i: isize): i32 {
  const item = PySequence_GetItem(winsize, i);
  if (item == 0) return -1;
  const v = PyLong_AsLongLong(item);
  Py.DECREF(item);
  if (v == -1 && PyErr_Occurred() != 0) return -1;
  if (v >= 0 && v <= 0xffff) return <i32>v;
  PyErr_SetString(PyExc_OverflowError, "winsize value(s) out of range.");
  return -1;
}

/**
 * @native termios.tcsetwinsize($module, fd, winsize, /)
 *
 * Says how large a terminal is.
 *
 * The size is a pair (ws_row, ws_col), as tcgetwinsize() gives it.
 */
export function termios_tcsetwinsize(_m: usize, fd: usize, winsize: usize): usize {
  const number = fileDescriptorOf(fd);
  if (number < 0) return 0;
  if (!PySequence_Check(winsize) || PySequence_Size(winsize) != 2) {
    return PyErr_SetString(PyExc_TypeError, "tcsetwinsize, arg 2: must be a two-item sequence");
  }
  const rows = sizeItem(winsize, 0);
  const columns = rows < 0 ? -1 : sizeItem(winsize, 1);
  return columns < 0 ? 0 : set(number, PyUnicode_FromFormat("rows %d cols %d", rows, columns));
}

/**
 * @module termios
 * @order tcgetattr tcsetattr tcsendbreak tcdrain tcflush tcflow tcgetwinsize tcsetwinsize
 *
 * How terminals are set, for systems that have what Posix calls termios.
 *
 * All functions take a descriptor first: a number, as
 * sys.stdin.fileno() gives it, or a file, as sys.stdin is one.
 */
export function initTermios(m: usize): i32 {
  if (termiosRoots.error == 0) termiosRoots.error = PyErr_NewException("termios", "error", PyExc_Exception);
  if (termiosRoots.error == 0 || PyModule_AddObjectLiteral(m, "error", Py.NewRef(<usize>termiosRoots.error)) < 0)
    return -1;
  return addNumbers(PyModule_GetDict(m), CONSTANTS);
}
