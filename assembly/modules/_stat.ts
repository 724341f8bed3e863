// The module _stat (CPython 3.13's Modules/_stat.c): what the bits of a file's mode mean, with Linux's numbers.

import { Py_TPFLAGS_LONG_SUBCLASS } from "../generated/constants";
import { _Py_FalseStruct, PyExc_OverflowError, PyExc_TypeError } from "../generated/statics";
import { PyErr_Fail } from "../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { bitLength, long_sign } from "../objects/numbers/int/access";
import { PyLong_AsLongLong, PyLong_FromLongLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { PyBool_FromBool } from "../objects/protocol/access";
import { PyUnicode_FromStringAndSize } from "../objects/text/create";
import { Scratch } from "../thread/scratch";

// The kinds of file, in the four highest bits of a mode.
const S_IFMT: u32 = 0xf000;
const S_IFDIR: u32 = 0x4000;
const S_IFCHR: u32 = 0x2000;
const S_IFBLK: u32 = 0x6000;
const S_IFREG: u32 = 0x8000;
const S_IFIFO: u32 = 0x1000;
const S_IFLNK: u32 = 0xa000;
const S_IFSOCK: u32 = 0xc000;

/** The mode that an int is: -1 with an exception. */
function modeOf(o: usize): i64 {
  if (!Py.check(o, Py_TPFLAGS_LONG_SUBCLASS)) return PyErr_Fail(PyExc_TypeError, "an integer is required");
  if (long_sign(o) < 0) return PyErr_Fail(PyExc_OverflowError, "can't convert negative value to unsigned int");
  if (bitLength(o) > 64) return PyErr_Fail(PyExc_OverflowError, "Python int too large to convert to C unsigned long");
  if (bitLength(o) > 32) return PyErr_Fail(PyExc_OverflowError, "mode out of range");
  return PyLong_AsLongLong(o);
}

function isKind(o: usize, kind: u32): usize {
  const mode = modeOf(o);
  return mode < 0 ? 0 : PyBool_FromBool((<u32>mode & S_IFMT) == kind);
}

/**
 * @native _stat.S_ISDIR
 *
 * S_ISDIR(mode) -> bool: whether it is that of
 * a directory.
 */
export function stat_S_ISDIR(_m: usize, mode: usize): usize {
  return isKind(mode, S_IFDIR);
}

/**
 * @native _stat.S_ISCHR
 *
 * S_ISCHR(mode) -> bool: whether it is that of
 * a device of characters.
 */
export function stat_S_ISCHR(_m: usize, mode: usize): usize {
  return isKind(mode, S_IFCHR);
}

/**
 * @native _stat.S_ISBLK
 *
 * S_ISBLK(mode) -> bool: whether it is that of
 * a device of blocks.
 */
export function stat_S_ISBLK(_m: usize, mode: usize): usize {
  return isKind(mode, S_IFBLK);
}

/**
 * @native _stat.S_ISREG
 *
 * S_ISREG(mode) -> bool: whether it is that of
 * a regular file.
 */
export function stat_S_ISREG(_m: usize, mode: usize): usize {
  return isKind(mode, S_IFREG);
}

/**
 * @native _stat.S_ISFIFO
 *
 * S_ISFIFO(mode) -> bool: whether it is that of
 * a FIFO, a pipe with a name.
 */
export function stat_S_ISFIFO(_m: usize, mode: usize): usize {
  return isKind(mode, S_IFIFO);
}

/**
 * @native _stat.S_ISLNK
 *
 * S_ISLNK(mode) -> bool: whether it is that of
 * a symbolic link.
 */
export function stat_S_ISLNK(_m: usize, mode: usize): usize {
  return isKind(mode, S_IFLNK);
}

/**
 * @native _stat.S_ISSOCK
 *
 * S_ISSOCK(mode) -> bool: whether it is that of
 * a socket.
 */
export function stat_S_ISSOCK(_m: usize, mode: usize): usize {
  return isKind(mode, S_IFSOCK);
}

/**
 * @native _stat.S_ISDOOR
 *
 * S_ISDOOR(mode) -> bool: whether it is that of
 * a door.
 */
export function stat_S_ISDOOR(_m: usize, mode: usize): usize {
  return modeOf(mode) < 0 ? 0 : _Py_FalseStruct;
}

/**
 * @native _stat.S_ISPORT
 *
 * S_ISPORT(mode) -> bool: whether it is that of
 * an event port.
 */
export function stat_S_ISPORT(_m: usize, mode: usize): usize {
  return modeOf(mode) < 0 ? 0 : _Py_FalseStruct;
}

/**
 * @native _stat.S_ISWHT
 *
 * S_ISWHT(mode) -> bool: whether it is that of
 * a whiteout.
 */
export function stat_S_ISWHT(_m: usize, mode: usize): usize {
  return modeOf(mode) < 0 ? 0 : _Py_FalseStruct;
}

/**
 * @native _stat.S_IMODE
 *
 * The bits of a mode that os.chmod() can change
 */
export function stat_S_IMODE(_m: usize, o: usize): usize {
  const mode = modeOf(o);
  return mode < 0 ? 0 : PyLong_FromLongLong(mode & 0xfff);
}

/**
 * @native _stat.S_IFMT
 *
 * The bits of a mode that say what kind of file it is
 */
export function stat_S_IFMT(_m: usize, o: usize): usize {
  const mode = modeOf(o);
  return mode < 0 ? 0 : PyLong_FromLongLong(mode & S_IFMT);
}

/** The letter of a kind of file. */
function letterOf(mode: u32): u8 {
  const kind = mode & S_IFMT;
  if (kind == S_IFREG) return 0x2d; // -
  if (kind == S_IFDIR) return 0x64; // d
  if (kind == S_IFLNK) return 0x6c; // l
  if (kind == S_IFBLK) return 0x62; // b
  if (kind == S_IFCHR) return 0x63; // c
  if (kind == S_IFIFO) return 0x70; // p
  return kind == S_IFSOCK ? 0x73 : 0x3f; // s ?
}

/** Writes the three letters of who may do what; `special` is the letter in place of x where that bit is set. */
function putRights(to: usize, bits: u32, special: bool, letter: u8): void {
  store<u8>(to, bits & 4 ? 0x72 : 0x2d);
  store<u8>(to, bits & 2 ? 0x77 : 0x2d, 1);
  store<u8>(to, special ? (bits & 1 ? letter : letter - 0x20) : bits & 1 ? 0x78 : 0x2d, 2);
}

/**
 * @native _stat.filemode
 *
 * A mode as ls -l has it, as in '-rwxr-x---'
 */
export function stat_filemode(_m: usize, o: usize): usize {
  const value = modeOf(o);
  if (value < 0) return 0;
  const mode = <u32>value;
  const text = Scratch.take(2);
  store<u8>(text, letterOf(mode));
  putRights(text + 1, mode >> 6, (mode & 0x800) != 0, 0x73);
  putRights(text + 4, mode >> 3, (mode & 0x400) != 0, 0x73);
  putRights(text + 7, mode, (mode & 0x200) != 0, 0x74);
  const r = PyUnicode_FromStringAndSize(text, 10);
  Scratch.give(text);
  return r;
}

function add(m: usize, name: string, value: i64): bool {
  return PyModule_AddObjectLiteral(m, name, PyLong_FromLongLong(value)) == 0;
}

function addKinds(m: usize): bool {
  return (
    add(m, "S_IFDIR", 0x4000) &&
    add(m, "S_IFCHR", 0x2000) &&
    add(m, "S_IFBLK", 0x6000) &&
    add(m, "S_IFREG", 0x8000) &&
    add(m, "S_IFIFO", 0x1000) &&
    add(m, "S_IFLNK", 0xa000) &&
    add(m, "S_IFSOCK", 0xc000) &&
    add(m, "S_IFDOOR", 0) &&
    add(m, "S_IFPORT", 0) &&
    add(m, "S_IFWHT", 0)
  );
}

function addRights(m: usize): bool {
  return (
    add(m, "S_ISUID", 0x800) &&
    add(m, "S_ISGID", 0x400) &&
    add(m, "S_ISVTX", 0x200) &&
    add(m, "S_ENFMT", 0x400) &&
    add(m, "S_IREAD", 0x100) &&
    add(m, "S_IWRITE", 0x80) &&
    add(m, "S_IEXEC", 0x40) &&
    add(m, "S_IRWXU", 0x1c0) &&
    add(m, "S_IRUSR", 0x100) &&
    add(m, "S_IWUSR", 0x80) &&
    add(m, "S_IXUSR", 0x40) &&
    add(m, "S_IRWXG", 0x38) &&
    add(m, "S_IRGRP", 0x20) &&
    add(m, "S_IWGRP", 0x10) &&
    add(m, "S_IXGRP", 8) &&
    add(m, "S_IRWXO", 7) &&
    add(m, "S_IROTH", 4) &&
    add(m, "S_IWOTH", 2) &&
    add(m, "S_IXOTH", 1)
  );
}

function addFlags(m: usize): bool {
  return (
    add(m, "UF_SETTABLE", 0xffff) &&
    add(m, "UF_NODUMP", 1) &&
    add(m, "UF_IMMUTABLE", 2) &&
    add(m, "UF_APPEND", 4) &&
    add(m, "UF_OPAQUE", 8) &&
    add(m, "UF_NOUNLINK", 0x10) &&
    add(m, "UF_COMPRESSED", 0x20) &&
    add(m, "UF_TRACKED", 0x40) &&
    add(m, "UF_DATAVAULT", 0x80) &&
    add(m, "UF_HIDDEN", 0x8000) &&
    add(m, "SF_SETTABLE", 0xffff0000) &&
    add(m, "SF_ARCHIVED", 0x10000) &&
    add(m, "SF_IMMUTABLE", 0x20000) &&
    add(m, "SF_APPEND", 0x40000) &&
    add(m, "SF_NOUNLINK", 0x100000) &&
    add(m, "SF_SNAPSHOT", 0x200000) &&
    add(m, "SF_FIRMLINK", 0x800000) &&
    add(m, "SF_DATALESS", 0x40000000)
  );
}

/** The places of a stat_result. */
function addPlaces(m: usize): bool {
  return (
    add(m, "ST_MODE", 0) &&
    add(m, "ST_INO", 1) &&
    add(m, "ST_DEV", 2) &&
    add(m, "ST_NLINK", 3) &&
    add(m, "ST_UID", 4) &&
    add(m, "ST_GID", 5) &&
    add(m, "ST_SIZE", 6) &&
    add(m, "ST_ATIME", 7) &&
    add(m, "ST_MTIME", 8) &&
    add(m, "ST_CTIME", 9)
  );
}

/**
 * @module _stat
 *
 * What the bits of a file's mode mean, which os.stat() and its relatives give.
 *
 * S_IFMT() and the constants that begin in the same way are about the kind of file:
 * S_ISDIR() and its like ask for one kind; S_IMODE() gives the other bits, of which S_IRUSR, S_IWUSR and S_IXUSR say what
 * the owner may do, those on GRP and OTH what its group and all others may. S_ISUID, S_ISGID and S_ISVTX are the special
 * ones. filemode() makes a text of all of it.
 *
 * The flags that begin in UF_ and SF_ are those of some systems' os.chflags(), ST_MODE and so on the places of a
 * stat_result.
 */
export function initStat(m: usize): i32 {
  return addKinds(m) && addRights(m) && addFlags(m) && addPlaces(m) ? 0 : -1;
}
