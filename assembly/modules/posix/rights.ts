// Users and groups whose rights the process has (CPython 3.13's Modules/posixmodule.c).
//
// Difference: what is saved at the start is what is in effect; a real and an effective user that are not the same can only
// be set where one of them stays.

import { ENOSYS } from "../../generated/constants";
import { host } from "../../generated/host";
import { ProcessIdentity } from "../../generated/layouts";
import { _Py_NoneStruct, PyExc_TypeError, PyExc_ValueError } from "../../generated/statics";
import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { _PyList_AppendTakeRef, List, PyList_New } from "../../objects/containers/list/list";
import { PyErr_Format, PyErr_NoMemory } from "../../objects/errors/raise";
import { raiseErrno } from "../../objects/errors/system";
import { PyLong_FromLongLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PySequence_Check, PySequence_GetItem, PySequence_Size } from "../../objects/protocol/sequence";
import { _PyUnicode_Equal } from "../../objects/text/compare";
import { Scratch } from "../../thread/scratch";
import { idOf, splitAt, userEntries } from "../userfile";
import { idArgument } from "./status";
import { Py_TPFLAGS_UNICODE_SUBCLASS } from "../../generated/constants";
import { badArgument } from "../../objects/define/args";

// What host.setid sets; the same in effect is two more.
const USER: i32 = 0;
const GROUP: i32 = 1;
const IN_EFFECT: i32 = 2;

const GROUPS_MOST: isize = 65536;
const STAYS: i32 = -1;

/** An id argument: stored at `out`; false with an exception. */
function idFor(o: usize, which: i32, out: usize): bool {
  return idArgument(o, which == USER ? "uid" : "gid", out);
}

function done(r: isize): usize {
  return r < 0 ? raiseErrno(-r) : _Py_NoneStruct;
}

function setOne(o: usize, which: i32, effect: i32): usize {
  const slot = Scratch.take(1);
  const ok = idFor(o, which, slot);
  const id = load<i32>(slot);
  Scratch.give(slot);
  return ok ? done(host.setid(which + effect, id)) : 0;
}

/** Sets two or three ids at once: what stays is -1. */
function setAll(which: i32, real: usize, effective: usize, saved: usize): usize {
  const slots = Scratch.take(3);
  store<i32>(slots + 16, STAYS);
  const ok =
    idFor(real, which, slots) && idFor(effective, which, slots + 8) && (saved == 0 || idFor(saved, which, slots + 16));
  const r = load<i32>(slots);
  const e = load<i32>(slots + 8);
  const s = load<i32>(slots + 16);
  Scratch.give(slots);
  return ok ? done(change(which, r, e, s)) : 0;
}

function change(which: i32, real: i32, effective: i32, saved: i32): isize {
  const out = Scratch.take(4);
  const status = host.identity(out);
  const identity = ProcessIdentity.at(out);
  const realNow = <i32>(which == USER ? identity.uid : identity.gid);
  const effectiveNow = <i32>(which == USER ? identity.euid : identity.egid);
  Scratch.give(out);
  if (status < 0) return status;
  const realStays = real == STAYS || real == realNow;
  const effectiveStays = effective == STAYS || effective == effectiveNow;
  const savedStays = saved == STAYS || saved == effectiveNow || saved == effective;
  if (realStays && effectiveStays && savedStays) return 0;
  if (realStays && savedStays) return host.setid(which + IN_EFFECT, effective);
  if (real == effective && (saved == STAYS || saved == real)) return host.setid(which, real);
  return -ENOSYS;
}

/**
 * @native posix.setuid($module, uid, /)
 *
 * Gives the process another user's rights.
 */
export function posix_setuid(_m: usize, uid: usize): usize {
  return setOne(uid, USER, 0);
}

/**
 * @native posix.setgid($module, gid, /)
 *
 * Gives the process another group's rights.
 */
export function posix_setgid(_m: usize, gid: usize): usize {
  return setOne(gid, GROUP, 0);
}

/**
 * @native posix.seteuid($module, euid, /)
 *
 * Gives the process another user's rights for now.
 */
export function posix_seteuid(_m: usize, euid: usize): usize {
  return setOne(euid, USER, IN_EFFECT);
}

/**
 * @native posix.setegid($module, egid, /)
 *
 * Gives the process another group's rights for now.
 */
export function posix_setegid(_m: usize, egid: usize): usize {
  return setOne(egid, GROUP, IN_EFFECT);
}

/**
 * @native posix.setreuid($module, ruid, euid, /)
 *
 * Sets the user, and the one in effect.
 */
export function posix_setreuid(_m: usize, ruid: usize, euid: usize): usize {
  return setAll(USER, ruid, euid, 0);
}

/**
 * @native posix.setregid($module, rgid, egid, /)
 *
 * Sets the group, and the one in effect.
 */
export function posix_setregid(_m: usize, rgid: usize, egid: usize): usize {
  return setAll(GROUP, rgid, egid, 0);
}

/**
 * @native posix.setresuid($module, ruid, euid, suid, /)
 *
 * Sets the user, the one in effect and the one that is saved.
 */
export function posix_setresuid(_m: usize, ruid: usize, euid: usize, suid: usize): usize {
  return setAll(USER, ruid, euid, suid);
}

/**
 * @native posix.setresgid($module, rgid, egid, sgid, /)
 *
 * Sets the group, the one in effect and the one that is saved.
 */
export function posix_setresgid(_m: usize, rgid: usize, egid: usize, sgid: usize): usize {
  return setAll(GROUP, rgid, egid, sgid);
}

/**
 * @native posix.setgroups($module, groups, /)
 *
 * Sets which groups the process belongs to besides.
 */
export function posix_setgroups(_m: usize, groups: usize): usize {
  if (!PySequence_Check(groups)) return PyErr_Format(PyExc_TypeError, "setgroups argument must be a sequence");
  const n = PySequence_Size(groups);
  if (n < 0) return 0;
  if (n > GROUPS_MOST) return PyErr_Format(PyExc_ValueError, "too many groups");
  const block = PyMem_Malloc(max<usize>((<usize>n) << 2, 1));
  if (block == 0) return PyErr_NoMemory();
  let ok: bool = true;
  for (let i: isize = 0; ok && i < n; i++) {
    const item = PySequence_GetItem(groups, i);
    ok = item != 0 && idArgument(item, "gid", block + ((<usize>i) << 2));
    Py.XDECREF(item);
  }
  const r = ok ? host.setgroups(block, (<usize>n) << 2) : 0;
  PyMem_Free(block);
  return ok ? done(r) : 0;
}

// Where they stand in an entry of /etc/group.
const GID: isize = 2;
const MEMBERS: isize = 3;
const FIELDS: isize = 4;

/** The groups that a user is in, and `group`, as a list of ints: new; null with an exception. */
function groupsOf(user: usize, group: u32): usize {
  const list = PyList_New(0);
  const entries = list == 0 ? 0 : userEntries("/etc/group", FIELDS);
  const first = entries == 0 ? 0 : PyLong_FromLongLong(group);
  let ok = first != 0 && _PyList_AppendTakeRef(list, first) == 0;
  for (let i: isize = 0; ok && i < List.size(entries); i++) {
    const fields = List.get(entries, i);
    const id = idOf(List.get(fields, GID));
    if (id == <i64>group) continue;
    const members = splitAt(List.get(fields, MEMBERS), ",");
    ok = members != 0;
    for (let j: isize = 0; ok && j < List.size(members); j++) {
      if (!_PyUnicode_Equal(List.get(members, j), user)) continue;
      const number = PyLong_FromLongLong(id);
      ok = number != 0 && _PyList_AppendTakeRef(list, number) == 0;
      break;
    }
    Py.XDECREF(members);
  }
  Py.XDECREF(entries);
  if (ok) return list;
  Py.XDECREF(list);
  return 0;
}

/** The groups of the arguments of the two functions below: new; null with an exception. */
function userGroups(fname: string, user: usize, group: usize): usize {
  if (!Py.check(user, Py_TPFLAGS_UNICODE_SUBCLASS)) return badArgument(fname, "argument 1", "str", user);
  const slot = Scratch.take(1);
  const ok = idArgument(group, "gid", slot);
  const gid = load<u32>(slot);
  Scratch.give(slot);
  return ok ? groupsOf(user, gid) : 0;
}

/**
 * @native posix.getgrouplist($module, user, group, /)
 *
 * The groups that a user is in.
 *
 *   user
 *     The name.
 *   group
 *     One that counts in any case.
 */
export function posix_getgrouplist(_m: usize, user: usize, group: usize): usize {
  return userGroups("getgrouplist", user, group);
}

/**
 * @native posix.initgroups($module, username, gid, /)
 *
 * Lets the process belong to the groups that a user is in.
 *
 * The group that is told counts as well.
 */
export function posix_initgroups(_m: usize, username: usize, gid: usize): usize {
  const list = userGroups("initgroups", username, gid);
  if (list == 0) return 0;
  const r = posix_setgroups(_m, list);
  Py.DECREF(list);
  return r;
}
