// The module pwd (CPython 3.13's Modules/pwdmodule.c): the users of the system.

import { PyExc_KeyError, PyExc_OverflowError, PyStructSequence_struct_passwd } from "../generated/statics";
import { List } from "../objects/containers/list/list";
import { PyStructSequence_New, readyStructType, setStructItem } from "../objects/containers/structseq";
import { strArgument } from "../objects/define/args";
import { PyErr_ExceptionMatches, PyErr_Format, PyErr_SetString } from "../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyLong_FromLongLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { _PyUnicode_Equal } from "../objects/text/compare";
import { Scratch } from "../thread/scratch";
import { idArgument } from "./posix/status";
import { idOf, nameArgument, userEntries } from "./userfile";

const UID: isize = 2;
const GID: isize = 3;
const FIELDS: isize = 7;

function users(): usize {
  return userEntries("/etc/passwd", FIELDS);
}

/** A new struct_passwd of the fields of an entry. Null with MemoryError. */
function userOf(fields: usize): usize {
  const o = PyStructSequence_New(PyStructSequence_struct_passwd);
  for (let i: isize = 0; o != 0 && i < FIELDS; i++) {
    const field = List.get(fields, i);
    const number = i == UID || i == GID;
    if (setStructItem(o, i, number ? PyLong_FromLongLong(max<i64>(idOf(field), 0)) : Py.NewRef(field))) continue;
    Py.DECREF(o);
    return 0;
  }
  return o;
}

/**
 * @native pwd.getpwuid($module, uidobj, /)
 *
 * The user who has this number.
 *
 * What the result is made of, help(pwd) tells; who is not there is a KeyError.
 */
export function pwd_getpwuid(_m: usize, uidobj: usize): usize {
  const slot = Scratch.take(1);
  const ok = idArgument(uidobj, "uid", slot);
  const uid = load<u32>(slot);
  Scratch.give(slot);
  if (!ok) {
    if (!PyErr_ExceptionMatches(PyExc_OverflowError)) return 0;
    return PyErr_SetString(PyExc_KeyError, "getpwuid(): uid not found");
  }
  const entries = users();
  if (entries == 0) return 0;
  for (let i: isize = 0; i < List.size(entries); i++) {
    const fields = List.get(entries, i);
    if (idOf(List.get(fields, UID)) != <i64>uid) continue;
    const o = userOf(fields);
    Py.DECREF(entries);
    return o;
  }
  Py.DECREF(entries);
  return PyErr_Format(PyExc_KeyError, "getpwuid(): uid not found: %d", uid == u32.MAX_VALUE ? -1 : <i64>uid);
}

/**
 * @native pwd.getpwnam($module, name, /)
 *
 * The user who has this name.
 *
 * What the result is made of, help(pwd) tells; no such user: KeyError.
 */
export function pwd_getpwnam(_m: usize, name: usize): usize {
  if (!strArgument(name, "getpwnam", "argument") || !nameArgument(name)) return 0;
  const entries = users();
  if (entries == 0) return 0;
  for (let i: isize = 0; i < List.size(entries); i++) {
    const fields = List.get(entries, i);
    if (!_PyUnicode_Equal(List.get(fields, 0), name)) continue;
    const o = userOf(fields);
    Py.DECREF(entries);
    return o;
  }
  Py.DECREF(entries);
  return PyErr_Format(PyExc_KeyError, "getpwnam(): name not found: %R", name);
}

/**
 * @native pwd.getpwall($module, /)
 *
 * All users that are known, as a list, in no order that can be relied on.
 *
 * What the items are made of, help(pwd) tells.
 */
export function pwd_getpwall(_m: usize, _u: usize): usize {
  const entries = users();
  for (let i: isize = 0; entries != 0 && i < List.size(entries); i++) {
    const fields = List.get(entries, i);
    const o = userOf(fields);
    if (o == 0) {
      Py.DECREF(entries);
      return 0;
    }
    List.set(entries, i, o);
    Py.DECREF(fields);
  }
  return entries;
}

/**
 * @type pwd.struct_passwd
 *
 * pwd.struct_passwd: what is known of a user.
 *
 * It is a tuple,
 *   (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)
 * and its items are attributes, which have the names that stand here in their order.
 *
 * @native pwd.struct_passwd.__reduce__ = structseq_reduce
 *
 * @native pwd.struct_passwd.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field pwd.struct_passwd.pw_name
 * the name
 *
 * @field pwd.struct_passwd.pw_passwd
 * of the password
 *
 * @field pwd.struct_passwd.pw_uid
 * number
 *
 * @field pwd.struct_passwd.pw_gid
 * the group
 *
 * @field pwd.struct_passwd.pw_gecos
 * the real name
 *
 * @field pwd.struct_passwd.pw_dir
 * home folder
 *
 * @field pwd.struct_passwd.pw_shell
 * which shell
 */

/**
 * @module pwd
 *
 * The users that a Unix system knows.
 * It is there on every Unix.
 *
 * A user is a tuple of seven items, as the system's file has them in a line (see passwd(5)); they have names too,
 * which in their order are
 * pw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.
 * The numbers of user and group are ints, everything else is text. Who is not known is a
 * KeyError.
 */
export function initPwd(m: usize): i32 {
  if (readyStructType(PyStructSequence_struct_passwd, FIELDS) < 0) return -1;
  return PyModule_AddObjectLiteral(m, "struct_passwd", PyStructSequence_struct_passwd);
}
