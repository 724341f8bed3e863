// The module grp (CPython 3.13's Modules/grpmodule.c): the groups of users that the system knows.

import { PyExc_KeyError, PyStructSequence_struct_group } from "../generated/statics";
import { List, PyList_New } from "../objects/containers/list/list";
import { PyStructSequence_New, readyStructType, setStructItem } from "../objects/containers/structseq";
import { strArgument } from "../objects/define/args";
import { PyErr_Format } from "../objects/errors/raise";
import { PyModule_AddObjectLiteral } from "../objects/module/module";
import { PyLong_FromLongLong } from "../objects/numbers/int/create";
import { Py } from "../objects/object/head";
import { U } from "../objects/text/access";
import { _PyUnicode_Equal } from "../objects/text/compare";
import { Scratch } from "../thread/scratch";
import { idArgument } from "./posix/status";
import { idOf, nameArgument, splitAt, userEntries } from "./userfile";

const GID: isize = 2;
const MEMBERS: isize = 3;
const FIELDS: isize = 4;

function groups(): usize {
  return userEntries("/etc/group", FIELDS);
}

/** A new struct_group of the fields of an entry. Null with MemoryError. */
function groupOf(fields: usize): usize {
  const o = PyStructSequence_New(PyStructSequence_struct_group);
  if (o == 0) return 0;
  const members = List.get(fields, MEMBERS);
  if (
    setStructItem(o, 0, Py.NewRef(List.get(fields, 0))) &&
    setStructItem(o, 1, Py.NewRef(List.get(fields, 1))) &&
    setStructItem(o, GID, PyLong_FromLongLong(idOf(List.get(fields, GID)))) &&
    setStructItem(o, MEMBERS, U.length(members) == 0 ? PyList_New(0) : splitAt(members, ","))
  ) {
    return o;
  }
  Py.DECREF(o);
  return 0;
}

/**
 * @native grp.getgrgid($module, /, id)
 *
 * The group that has this number.
 *
 * If there is none, KeyError is raised.
 */
export function grp_getgrgid(_m: usize, id: usize): usize {
  const slot = Scratch.take(1);
  const ok = idArgument(id, "gid", slot);
  const gid = load<u32>(slot);
  Scratch.give(slot);
  const entries = ok ? groups() : 0;
  if (entries == 0) return 0;
  for (let i: isize = 0; i < List.size(entries); i++) {
    const fields = List.get(entries, i);
    if (idOf(List.get(fields, GID)) != <i64>gid) continue;
    const o = groupOf(fields);
    Py.DECREF(entries);
    return o;
  }
  Py.DECREF(entries);
  return PyErr_Format(PyExc_KeyError, "getgrgid(): gid not found: %d", gid == u32.MAX_VALUE ? -1 : <i64>gid);
}

/**
 * @native grp.getgrnam($module, /, name)
 *
 * The group that has this name.
 *
 * If there is none, KeyError is raised.
 */
export function grp_getgrnam(_m: usize, name: usize): usize {
  if (!strArgument(name, "getgrnam", "argument 1") || !nameArgument(name)) return 0;
  const entries = groups();
  if (entries == 0) return 0;
  for (let i: isize = 0; i < List.size(entries); i++) {
    const fields = List.get(entries, i);
    if (!_PyUnicode_Equal(List.get(fields, 0), name)) continue;
    const o = groupOf(fields);
    Py.DECREF(entries);
    return o;
  }
  Py.DECREF(entries);
  return PyErr_Format(PyExc_KeyError, "getgrnam(): name not found: %R", name);
}

/**
 * @native grp.getgrall($module, /)
 *
 * All groups that are known, as a list, in no order that can be relied on.
 *
 * Where NIS is in use, names that begin with '+' or '-' stand for what it adds or takes away, and
 * are no groups.
 */
export function grp_getgrall(_m: usize, _u: usize): usize {
  const entries = groups();
  for (let i: isize = 0; entries != 0 && i < List.size(entries); i++) {
    const fields = List.get(entries, i);
    const o = groupOf(fields);
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
 * @type grp.struct_group
 *
 * grp.struct_group: what is known of a group.
 *
 * It is a tuple,
 *   (gr_name,gr_passwd,gr_gid,gr_mem)
 * and its items are attributes, which have the names that stand here.
 *
 * @native grp.struct_group.__reduce__ = structseq_reduce
 *
 * @native grp.struct_group.__replace__($self, /, **changes) = structseq_replace
 * A copy in which the fields named in changes have other values.
 *
 * @field grp.struct_group.gr_name
 * the name
 *
 * @field grp.struct_group.gr_passwd
 * password
 *
 * @field grp.struct_group.gr_gid
 * number
 *
 * @field grp.struct_group.gr_mem
 * who is in it
 */

/**
 * @module grp
 *
 * The groups that a Unix system knows.
 *
 * A group is a tuple of four items, as the system's file has them in a line (see group(5)), and they have names:
 *
 *   gr_name   - how it is called
 *   gr_passwd - its password, encrypted; most have none
 *   gr_gid    - its number
 *   gr_mem    - the names of those who are in it, a list
 *
 * The number is an int, name and password are text. A user whose own group it is need not stand in the list:
 * that is told by the user's entry (see pwd). What is not known is a KeyError.
 */
export function initGrp(m: usize): i32 {
  if (readyStructType(PyStructSequence_struct_group, FIELDS) < 0) return -1;
  return PyModule_AddObjectLiteral(m, "struct_group", PyStructSequence_struct_group);
}
