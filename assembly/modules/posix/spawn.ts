// Starting programs without a fork: posix_spawn (CPython 3.13's Modules/posixmodule.c: py_posix_spawn), the spawnv family,
// which CPython's os makes of fork and exec, and system().
//
// What a program finds open is worked out here: a table of its descriptors, which begins with those of ours that are
// inherited, and on which the file actions are carried out in turn. Files that actions open are ours until it runs.
//
// Differences: it begins in our process group, or with setpgroup=0 in a session of its own; its scheduling is ours.

import {
  EBADF,
  EPERM,
  O_CLOEXEC,
  Py_TPFLAGS_LIST_SUBCLASS,
  Py_TPFLAGS_TUPLE_SUBCLASS,
} from "../../generated/constants";
import { host } from "../../generated/host";
import { path_t } from "../../generated/layouts";
import { _Py_NoneStruct, ID, PyExc_OSError, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc, PyMem_RawFree } from "../../memory/pymem";
import { PyBytes_FromStringAndSize } from "../../objects/bytes/bytes";
import { BytesLike } from "../../objects/bytes/common";
import { ByteWriter, byteWriterDiscard, byteWriterFinish, writeByte } from "../../objects/bytes/writer";
import { _PyList_AppendTakeRef, List, PyList_New } from "../../objects/containers/list/list";
import { PyTuple_Pack1, PyTuple_Pack3, Tuple } from "../../objects/containers/tuple";
import { intArgument, parseArguments } from "../../objects/define/args";
import { Audit } from "../../objects/errors/audit";
import {
  PyErr_Clear,
  PyErr_ExceptionMatches,
  PyErr_Format,
  PyErr_NoMemory,
  PyErr_Occurred,
  PyErr_SetString,
} from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_FromLong, PyLong_FromLongLong, PyLong_FromSsize_t } from "../../objects/numbers/int/create";
import { PyObject_CallMethodNoArgs } from "../../objects/object/call";
import { Py } from "../../objects/object/head";
import { PyObject_IsTrue } from "../../objects/protocol/compare";
import {
  PyMapping_Check,
  PySequence_Fast,
  PySequence_Fast_ITEMS,
  PySequence_Tuple,
} from "../../objects/protocol/sequence";
import { cstringLength, PyUnicode_FromLiteral } from "../../objects/text/create";
import { Scratch } from "../../thread/scratch";
import { ignoredSignals, restoreDisposition, SIGINT } from "../../vm/signals";
import { signalsOf } from "../_signal/waiting";
import { Path } from "./path";
import { FIELD_PGRP, FIELD_POLICY, processField, writeDecimal } from "./scheduling";
import { exitCode, waitForStatus } from "./wait";
import { PyUnicode_FSConverter } from "../../objects/text/codecs/filesystem";
import { writeItems, writeNumber, writeSignals } from "../_posixsubprocess";

const POSIX_SPAWN_OPEN: i32 = 0;
const POSIX_SPAWN_CLOSE: i32 = 1;
const POSIX_SPAWN_DUP2: i32 = 2;
const POSIX_SPAWN_CLOSEFROM: i32 = 3;

const P_WAIT: i32 = 0;

const SIGQUIT: i32 = 3;
/** What sigaction() is told for a signal that is ignored. */
const SIGNAL_IGNORED: i32 = 1;
/** The status of a shell that is not there. */
const NO_SHELL: i64 = 127 << 8;

/** Descriptors that a process can have, and a table's entry for one that is not open. */
const FDS: i32 = 1024;
const CLOSED: i32 = -1;
/** Instead of a standard stream's descriptor: there is none. */
const ABSENT: isize = -2;

const SLASH: u32 = 0x2f;
const COLON: u32 = 0x3a;
const EQUALS: u32 = 0x3d;

function fdAt(table: usize, fd: i32): i32 {
  return load<i32>(table + ((<usize>fd) << 2));
}

function setFd(table: usize, fd: i32, to: i32): void {
  store<i32>(table + ((<usize>fd) << 2), to);
}

/** A table of what is inherited: null with MemoryError. */
function inheritedTable(): usize {
  const table = PyMem_Malloc((<usize>FDS) << 2);
  if (table == 0) return PyErr_NoMemory();
  for (let fd = 0; fd < FDS; fd++) {
    const flags = host.getfl(fd);
    setFd(table, fd, flags < 0 || (flags & O_CLOEXEC) != 0 ? CLOSED : fd);
  }
  return table;
}

/** Writes the descriptors of a table from 3 on as "ITS=OURS": false with MemoryError. */
function writeOthers(w: usize, table: usize): bool {
  let count: isize = 0;
  for (let fd = 3; fd < FDS; fd++) if (fdAt(table, fd) != CLOSED) count++;
  if (writeNumber(w, count) < 0) return false;
  for (let fd = 3; fd < FDS; fd++) {
    if (fdAt(table, fd) == CLOSED) continue;
    if (writeDecimal(w, fd) < 0 || writeByte(w, EQUALS) < 0 || writeNumber(w, fdAt(table, fd)) < 0) return false;
  }
  return true;
}

/**
 * Starts a program: its process, -1 with an exception, which names `path` where the system refuses. Tuples of bytes: its
 * arguments, the paths at which it may be, its environment (null: ours). Sets: signals that it does not get, and ignores, at first.
 */
function start(
  args: usize,
  executables: usize,
  env: usize,
  table: usize,
  session: bool,
  blocked: u64,
  ignored: u64,
  path: usize,
): i32 {
  const w = ByteWriter.begin(0);
  let ok: bool =
    writeItems(w, Py.NewRef(args)) == 0 &&
    writeItems(w, Py.NewRef(executables)) == 0 &&
    writeOthers(w, table) &&
    writeNumber(w, 0) == 0 &&
    writeNumber(w, env == 0 ? 0 : 1) == 0 &&
    (env == 0 ? writeNumber(w, 0) : writeItems(w, Py.NewRef(env))) == 0;
  for (let fd = 0; ok && fd < 3; fd++) {
    const ours = <isize>fdAt(table, fd);
    const given = ours == CLOSED ? ABSENT : ours;
    // Of input the program's end comes first, of the others ours.
    ok = writeNumber(w, fd == 0 ? given : CLOSED) == 0 && writeNumber(w, fd == 0 ? CLOSED : given) == 0;
  }
  ok =
    ok &&
    writeNumber(w, CLOSED) == 0 &&
    writeNumber(w, CLOSED) == 0 &&
    writeNumber(w, session ? 1 : 0) == 0 &&
    writeSignals(w, blocked) &&
    writeNumber(w, CLOSED) == 0 &&
    writeSignals(w, ignored) &&
    // User, group and groups are ours.
    writeByte(w, 0) == 0 &&
    writeByte(w, 0) == 0 &&
    writeByte(w, 0) == 0;
  const request = ok ? byteWriterFinish(w) : byteWriterDiscard(w);
  if (request == 0) return -1;
  const r = host.spawn(BytesLike.data(request), <usize>Py.SIZE(request));
  Py.DECREF(request);
  if (r < 0) raiseErrno(-r, path);
  return r < 0 ? -1 : r;
}

/** A tuple of the items of a list or tuple, as bytes, of which there is one that is not empty: new; null with an exception. */
function argumentsOf(fname: string, argv: usize): usize {
  const f = changetype<usize>(fname);
  const list = Py.check(argv, Py_TPFLAGS_LIST_SUBCLASS);
  if (!list && !Py.check(argv, Py_TPFLAGS_TUPLE_SUBCLASS)) {
    return PyErr_Format(PyExc_TypeError, "%L: argv must be a tuple or list", f);
  }
  if (Py.SIZE(argv) < 1) return PyErr_Format(PyExc_ValueError, "%L: argv must not be empty", f);
  const r = fsTuple(argv, "argv must be a tuple or list");
  if (r != 0 && Py.SIZE(Tuple.get(r, 0)) == 0) {
    Py.DECREF(r);
    return PyErr_Format(PyExc_ValueError, "%L: argv first element cannot be empty", f);
  }
  return r;
}

/** The items of a sequence as PyUnicode_FSConverter gives them, in a tuple: new; null with an exception. */
function fsTuple(o: usize, message: string): usize {
  const list = PyList_New(0);
  const items = list == 0 ? 0 : PySequence_Fast(o, message);
  let ok = items != 0;
  // __fspath__ may change what is a list.
  for (let i: isize = 0; ok && i < Py.SIZE(items); i++) {
    const bytes = fsBytes(Py.item(PySequence_Fast_ITEMS(items), i));
    ok = bytes != 0 && _PyList_AppendTakeRef(list, bytes) == 0;
  }
  Py.XDECREF(items);
  const r = ok ? PySequence_Tuple(list) : 0;
  Py.XDECREF(list);
  return r;
}

/** A path or another text of the system as bytes without a NUL: new; null with an exception. */
function fsBytes(o: usize): usize {
  const held = Py.NewRef(o);
  const bytes = PyUnicode_FSConverter(held);
  Py.DECREF(held);
  return bytes;
}

/** NAME=VALUE for each item of a mapping, in a tuple of bytes: new; null with an exception. */
function environmentOf(env: usize): usize {
  const list = PyList_New(0);
  const keys = list == 0 ? 0 : methodSequence(env, ID.keys, "env.keys() is not a list");
  const values = keys == 0 ? 0 : methodSequence(env, ID.values, "env.values() is not a list");
  let ok = values != 0;
  for (let i: isize = 0; ok && i < Py.SIZE(keys) && i < Py.SIZE(values); i++) {
    const key = fsBytes(Py.item(PySequence_Fast_ITEMS(keys), i));
    const value = key == 0 || i >= Py.SIZE(values) ? 0 : fsBytes(Py.item(PySequence_Fast_ITEMS(values), i));
    const text = value == 0 ? 0 : variable(key, value);
    Py.XDECREF(key);
    Py.XDECREF(value);
    ok = text != 0 && _PyList_AppendTakeRef(list, text) == 0;
  }
  Py.XDECREF(keys);
  Py.XDECREF(values);
  const r = ok ? PySequence_Tuple(list) : 0;
  Py.XDECREF(list);
  return r;
}

function methodSequence(o: usize, name: usize, message: string): usize {
  const r = PyObject_CallMethodNoArgs(o, name);
  if (r == 0) return 0;
  const items = PySequence_Fast(r, message);
  Py.DECREF(r);
  return items;
}

function variable(key: usize, value: usize): usize {
  const name = BytesLike.data(key);
  const n = Py.SIZE(key);
  for (let i: isize = 0; i < n; i++) {
    if (load<u8>(name + <usize>i) != EQUALS) continue;
    return PyErr_SetString(PyExc_ValueError, "illegal environment variable name");
  }
  const r = PyBytes_FromStringAndSize(0, n + 1 + Py.SIZE(value));
  if (r == 0) return 0;
  const p = BytesLike.data(r);
  memory.copy(p, name, <usize>n);
  store<u8>(p + <usize>n, EQUALS);
  memory.copy(p + <usize>n + 1, BytesLike.data(value), <usize>Py.SIZE(value));
  return r;
}

/** Where a program may be: at its path, or with `search` and without a slash in each folder of PATH. New; null with an exception. */
function executablesOf(path: usize, search: bool): usize {
  const list = PyList_New(0);
  if (list == 0) return 0;
  const name = BytesLike.data(path);
  const n = Py.SIZE(path);
  let plain = !search;
  for (let i: isize = 0; i < n; i++) if (load<u8>(name + <usize>i) == SLASH) plain = true;
  const ok = plain ? _PyList_AppendTakeRef(list, Py.NewRef(path)) == 0 : appendFolders(list, name, n);
  const r = ok ? PySequence_Tuple(list) : 0;
  Py.DECREF(list);
  return r;
}

/** Adds a name behind each folder of PATH to a list: false with an exception. */
function appendFolders(list: usize, name: usize, n: isize): bool {
  const out = Scratch.take(1);
  const length = host.environment(out);
  const block = <usize>load<u32>(out);
  Scratch.give(out);
  if (length < 0) {
    raiseErrno(-length);
    return false;
  }
  let p = block;
  const end = block + <usize>length;
  while (p < end && !(load<u32>(p) == 0x48544150 && load<u8>(p + 4) == EQUALS)) p += <usize>cstringLength(p) + 1;
  let ok: bool = true;
  let from = p < end ? p + 5 : 0;
  while (ok && from != 0) {
    let to = from;
    while (load<u8>(to) != 0 && load<u8>(to) != COLON) to++;
    // Without a name it is the current folder.
    const folder = max<isize>(<isize>(to - from), 1);
    const whole = PyBytes_FromStringAndSize(0, folder + 1 + n);
    ok = whole != 0;
    if (ok) {
      const q = BytesLike.data(whole);
      if (to == from) store<u8>(q, 0x2e);
      else memory.copy(q, from, <usize>folder);
      store<u8>(q + <usize>folder, SLASH);
      memory.copy(q + <usize>folder + 1, name, <usize>n);
      ok = _PyList_AppendTakeRef(list, whole) == 0;
    }
    from = load<u8>(to) == COLON ? to + 1 : 0;
  }
  PyMem_RawFree(block);
  return ok;
}

/** The int at place `i` of an action: false with an exception. */
function actionFd(action: usize, i: isize, out: usize): bool {
  const n = intArgument(Tuple.get(action, i));
  store<i32>(out, n);
  return n != -1 || PyErr_Occurred() == 0;
}

function wrongAction(kind: string, size: i32): bool {
  PyErr_Format(PyExc_TypeError, "A %L file_action tuple must have %d elements", changetype<usize>(kind), size);
  return false;
}

/** Refuses a descriptor that no program has. */
function isFd(fd: i32, path: usize): bool {
  if (fd >= 0 && fd < FDS) return true;
  raiseErrno(EBADF, path);
  return false;
}

/** Carries one action out on a table; files that it opens are added to the list `opened`. False with an exception. */
function act(action: usize, table: usize, opened: usize, path: usize): bool {
  if (!Py.check(action, Py_TPFLAGS_TUPLE_SUBCLASS) || Tuple.size(action) == 0) {
    PyErr_SetString(PyExc_TypeError, "Each file_actions element must be a non-empty tuple");
    return false;
  }
  const size = Tuple.size(action);
  const slots = Scratch.take(3);
  const fd = slots;
  const other = slots + 8;
  let ok: bool = actionFd(action, 0, fd);
  const tag = load<i32>(fd);
  if (ok && tag == POSIX_SPAWN_OPEN) {
    ok =
      size == 5
        ? actionFd(action, 1, fd) && actionFd(action, 3, other) && actionFd(action, 4, slots + 16)
        : wrongAction("open", 5);
    ok = ok && openFor(action, load<i32>(fd), load<i32>(other), load<i32>(slots + 16), table, opened, path);
  } else if (ok && tag == POSIX_SPAWN_CLOSE) {
    ok = (size == 2 ? actionFd(action, 1, fd) : wrongAction("close", 2)) && isFd(load<i32>(fd), path);
    if (ok) setFd(table, load<i32>(fd), CLOSED);
  } else if (ok && tag == POSIX_SPAWN_DUP2) {
    ok = size == 3 ? actionFd(action, 1, fd) && actionFd(action, 2, other) : wrongAction("dup2", 3);
    ok = ok && isFd(load<i32>(fd), path) && isFd(load<i32>(other), path);
    if (ok) {
      const from = openDescriptor(table, load<i32>(fd));
      if (from == CLOSED) {
        raiseErrno(EBADF, path);
        ok = false;
      } else setFd(table, load<i32>(other), from);
    }
  } else if (ok && tag == POSIX_SPAWN_CLOSEFROM) {
    ok = size == 2 ? actionFd(action, 1, fd) : wrongAction("closefrom", 2);
    for (let i = max(load<i32>(fd), 0); ok && i < FDS; i++) setFd(table, i, CLOSED);
  } else if (ok) {
    PyErr_SetString(PyExc_TypeError, "Unknown file_actions identifier");
    ok = false;
  }
  Scratch.give(slots);
  return ok;
}

/** Which of our descriptors is the program's `fd`: those that are not inherited are still there while actions run. */
function openDescriptor(table: usize, fd: i32): i32 {
  const ours = fdAt(table, fd);
  return ours != CLOSED ? ours : host.getfl(fd) >= 0 ? fd : CLOSED;
}

/** Opens a file for the program's descriptor `fd`: false with an exception. */
function openFor(action: usize, fd: i32, flags: i32, mode: i32, table: usize, opened: usize, path: usize): bool {
  const name = fsBytes(Tuple.get(action, 2));
  if (name == 0) return false;
  const r = host.open(BytesLike.data(name), <usize>Py.SIZE(name), flags | O_CLOEXEC, mode);
  Py.DECREF(name);
  if (r < 0) {
    raiseErrno(-r, path);
    return false;
  }
  const number = PyLong_FromSsize_t(r);
  if (number == 0 || _PyList_AppendTakeRef(opened, number) < 0) {
    host.close(<i32>r);
    return false;
  }
  if (!isFd(fd, path)) return false;
  setFd(table, fd, <i32>r);
  return true;
}

/** Carries actions out (null or None: there are none): false with an exception. */
function actAll(actions: usize, table: usize, opened: usize, path: usize): bool {
  if (actions == 0 || actions == _Py_NoneStruct) return true;
  const items = PySequence_Fast(actions, "file_actions must be a sequence or None");
  let ok: bool = items != 0;
  for (let i: isize = 0; ok && i < Py.SIZE(items); i++) {
    const action = Py.NewRef(Py.item(PySequence_Fast_ITEMS(items), i));
    ok = act(action, table, opened, path);
    Py.DECREF(action);
  }
  Py.XDECREF(items);
  return ok;
}

/** What the arguments of posix_spawn say besides, at `out`: whether a session begins, signals held back, those set to their default. */
function readSettings(a: usize, out: usize): bool {
  const group = Py.item(a, 4);
  let session = Py.item(a, 6) == 0 ? 0 : PyObject_IsTrue(Py.item(a, 6));
  if (session < 0) return false;
  store<u64>(out + 8, 0);
  if (group != 0) {
    const n = intArgument(group);
    if (n == -1 && PyErr_Occurred()) return false;
    if (n == 0) session = 1;
    else if (<i64>n != processField(0, FIELD_PGRP)) {
      raiseErrno(EPERM);
      return false;
    }
  }
  store<u32>(out, session);
  const resets = Py.item(a, 5) == 0 ? 0 : PyObject_IsTrue(Py.item(a, 5));
  if (resets < 0) return false;
  const held = out + 8;
  if (Py.item(a, 7) != 0 && !signalsOf(Py.item(a, 7), held)) return false;
  const defaults = out + 16;
  store<u64>(defaults, 0);
  if (Py.item(a, 8) != 0 && !signalsOf(Py.item(a, 8), defaults)) return false;
  return Py.item(a, 9) == 0 || checkScheduler(Py.item(a, 9));
}

/** A scheduler's policy and parameters must be those that there are: false with an exception. */
function checkScheduler(scheduler: usize): bool {
  if (!Py.check(scheduler, Py_TPFLAGS_TUPLE_SUBCLASS) || Tuple.size(scheduler) != 2) {
    PyErr_SetString(PyExc_TypeError, "A scheduler tuple must have two elements");
    return false;
  }
  const policy = Tuple.get(scheduler, 0);
  const number = policy == _Py_NoneStruct ? 0 : intArgument(policy);
  if (number == -1 && PyErr_Occurred()) return false;
  if (number == <i32>processField(0, FIELD_POLICY)) return true;
  raiseErrno(EPERM);
  return false;
}

/** Starts a program by the arguments of posix_spawn at `a`: its process as an int; null with an exception. */
function spawn(fname: string, a: usize, search: bool): usize {
  const p = Path.take(1);
  const settings = Scratch.take(3);
  const env = Py.item(a, 2);
  let r: usize = 0;
  let ok: bool = Path.convert(p, Py.item(a, 0), fname, "path", 0);
  const args = ok ? argumentsOf(fname, Py.item(a, 1)) : 0;
  ok = args != 0;
  if (ok && env != _Py_NoneStruct && !PyMapping_Check(env)) {
    PyErr_Format(PyExc_TypeError, "%L: environment must be a mapping object or None", changetype<usize>(fname));
    ok = false;
  }
  const variables = ok && env != _Py_NoneStruct ? environmentOf(env) : 0;
  ok = ok && (env == _Py_NoneStruct || variables != 0);
  const opened = ok ? PyList_New(0) : 0;
  const table = opened == 0 ? 0 : inheritedTable();
  const executables = table == 0 ? 0 : executablesOf(path_t.at(p).bytes, search);
  if (executables != 0 && readSettings(a, settings) && actAll(Py.item(a, 3), table, opened, path_t.at(p).object)) {
    const session = load<u32>(settings) != 0;
    const ignored = ignoredSignals() & ~load<u64>(settings + 16);
    const held = load<u64>(settings + 8);
    const pid = start(args, executables, variables, table, session, held, ignored, path_t.at(p).object);
    if (pid >= 0) r = PyLong_FromLong(pid);
  }
  if (opened != 0) for (let i: isize = 0; i < List.size(opened); i++) host.close(intArgument(List.get(opened, i)));
  Py.XDECREF(executables);
  Py.XDECREF(opened);
  Py.XDECREF(variables);
  Py.XDECREF(args);
  PyMem_Free(table);
  Scratch.give(settings);
  Path.give(p, 1);
  return r;
}

const NAMES = "- - - file_actions setpgroup resetids setsid setsigmask setsigdef scheduler";

function spawnCall(fname: string, argv: usize, nargs: isize, kwnames: usize, search: bool): usize {
  const a = Scratch.take(10);
  const r = parseArguments(fname, NAMES, argv, nargs, kwnames, a, 3, 3) ? spawn(fname, a, search) : 0;
  Scratch.give(a);
  return r;
}

/**
 * @native posix.posix_spawn($module, path, argv, env, /, *, file_actions=(),
 *             setpgroup=<unrepresentable>, resetids=False, setsid=False,
 *             setsigmask=(), setsigdef=(), scheduler=<unrepresentable>)
 *
 * Starts a program; its process is returned.
 *
 *   path
 *     Where the program is.
 *   argv
 *     Its arguments, a tuple or list, its name first.
 *   env
 *     Its environment, a mapping, or None for the one of this process.
 *   file_actions
 *     What is done to its descriptors first: tuples that begin with one of POSIX_SPAWN_OPEN,
 *     POSIX_SPAWN_CLOSE, POSIX_SPAWN_DUP2, POSIX_SPAWN_CLOSEFROM.
 *   setpgroup
 *     The process group that it gets.
 *   resetids
 *     Whether the rights in effect become those of the user who has started this one.
 *   setsid
 *     Whether it gets a session of its own.
 *   setsigmask
 *     Signals that it does not get at first.
 *   setsigdef
 *     Signals that do what they do by default.
 *   scheduler
 *     A tuple of a policy, or None, and its parameters.
 */
export function posix_posix_spawn(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  return spawnCall("posix_spawn", argv, nargs, kwnames, false);
}

/**
 * @native posix.posix_spawnp($module, path, argv, env, /, *, file_actions=(),
 *              setpgroup=<unrepresentable>, resetids=False, setsid=False,
 *              setsigmask=(), setsigdef=(), scheduler=<unrepresentable>)
 *
 * Starts a program, which is looked for as PATH says; its process is returned.
 *
 * The arguments are those of posix_spawn().
 */
export function posix_posix_spawnp(_m: usize, argv: usize, nargs: isize, kwnames: usize): usize {
  return spawnCall("posix_spawnp", argv, nargs, kwnames, true);
}

/** Starts a program, and with P_WAIT waits for its end: what os.spawnv and the like return, null with an exception. */
function spawnAndWait(fname: string, mode: i32, file: usize, args: usize, env: usize, search: bool): usize {
  const a = Scratch.take(10);
  memory.fill(a, 0, 80);
  Py.setItem(a, 0, file);
  Py.setItem(a, 1, args);
  Py.setItem(a, 2, env);
  const pid = spawn(fname, a, search);
  Scratch.give(a);
  if (pid == 0 || mode != P_WAIT) return pid;
  const number = intArgument(pid);
  Py.DECREF(pid);
  const status = waitForStatus(number);
  return status < 0 ? 0 : PyLong_FromLong(exitCode(<i32>status));
}

/**
 * @native posix.spawnv($module, mode, path, argv, /)
 *
 * Starts a program.
 *
 * With P_NOWAIT its process is returned; with P_WAIT its status, once it has ended, or a signal's number, negated.
 */
export function posix_spawnv(_m: usize, mode: i32, path: usize, argv: usize): usize {
  return spawnAndWait("spawnv", mode, path, argv, _Py_NoneStruct, false);
}

/**
 * @native posix.spawnve($module, mode, path, argv, env, /)
 *
 * As spawnv(), with another environment, a mapping.
 */
export function posix_spawnve(_m: usize, mode: i32, path: usize, argv: usize, env: usize): usize {
  return spawnAndWait("spawnve", mode, path, argv, env, false);
}

/**
 * @native posix.spawnvp($module, mode, path, argv, /)
 *
 * As spawnv(); the program is looked for as PATH says.
 */
export function posix_spawnvp(_m: usize, mode: i32, path: usize, argv: usize): usize {
  return spawnAndWait("spawnvp", mode, path, argv, _Py_NoneStruct, true);
}

/**
 * @native posix.spawnvpe($module, mode, path, argv, env, /)
 *
 * As spawnvp(), with another environment, a mapping.
 */
export function posix_spawnvpe(_m: usize, mode: i32, path: usize, argv: usize, env: usize): usize {
  return spawnAndWait("spawnvpe", mode, path, argv, env, true);
}

/** A text of ours as the bytes of a path: new; null with an exception. */
function literalBytes(text: string): usize {
  const o = PyUnicode_FromLiteral(text);
  const bytes = o == 0 ? 0 : fsBytes(o);
  Py.XDECREF(o);
  return bytes;
}

/** Has the shell run a line, while this process ignores the keys of a terminal: how it ended, -1 with an exception. */
function runShell(line: usize): i64 {
  const path = literalBytes("/bin/sh");
  const name = path == 0 ? 0 : literalBytes("sh");
  const option = name == 0 ? 0 : literalBytes("-c");
  const args = option == 0 ? 0 : PyTuple_Pack3(name, option, line);
  const executables = args == 0 ? 0 : PyTuple_Pack1(path);
  const table = executables == 0 ? 0 : inheritedTable();
  let status: i64 = -1;
  if (table != 0) {
    const ignored = ignoredSignals();
    host.sigaction(SIGINT, SIGNAL_IGNORED);
    host.sigaction(SIGQUIT, SIGNAL_IGNORED);
    const pid = start(args, executables, 0, table, false, 0, ignored, path);
    if (pid >= 0) status = waitForStatus(pid);
    else if (PyErr_ExceptionMatches(PyExc_OSError)) {
      // As the child of a fork that finds no shell.
      PyErr_Clear();
      status = NO_SHELL;
    }
    restoreDisposition(SIGINT);
    restoreDisposition(SIGQUIT);
  }
  PyMem_Free(table);
  Py.XDECREF(executables);
  Py.XDECREF(args);
  Py.XDECREF(option);
  Py.XDECREF(name);
  Py.XDECREF(path);
  return status;
}

/**
 * @native posix.system($module, /, command)
 *
 * Have the shell run a command.
 */
export function posix_system(_m: usize, command: usize): usize {
  const line = fsBytes(command);
  if (line == 0) return 0;
  const status = Audit.event("os.system", "O", line) ? runShell(line) : -1;
  Py.DECREF(line);
  return status < 0 ? 0 : PyLong_FromLongLong(status);
}
