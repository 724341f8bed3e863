// The module mmap (CPython 3.13's Modules/mmapmodule.c). mapping.ts has the type, methods.ts its methods.

import { PyExc_OSError, PyMmap_Type } from "../../generated/statics";
import { PyDict_SetItem } from "../../objects/containers/dict/dict";
import { PyModule_AddObjectLiteral, PyModule_GetDict } from "../../objects/module/module";
import { PyLong_FromLong } from "../../objects/numbers/int/create";
import { Py } from "../../objects/object/head";
import { PyUnicode_FromKindAndData } from "../../objects/text/create";
import { initMmapType } from "./mapping";

/** The constants, those of Linux: names in a list that a space ends, and their values. */
const NAMES: string =
  "ACCESS_DEFAULT ACCESS_READ ACCESS_WRITE ACCESS_COPY PROT_READ PROT_WRITE PROT_EXEC MAP_SHARED MAP_PRIVATE MAP_ANON MAP_ANONYMOUS MAP_32BIT MAP_DENYWRITE MAP_EXECUTABLE MAP_NORESERVE MAP_POPULATE MAP_STACK PAGESIZE ALLOCATIONGRANULARITY MADV_NORMAL MADV_RANDOM MADV_SEQUENTIAL MADV_WILLNEED MADV_DONTNEED MADV_FREE MADV_REMOVE MADV_DONTFORK MADV_DOFORK MADV_MERGEABLE MADV_UNMERGEABLE MADV_HUGEPAGE MADV_NOHUGEPAGE MADV_DONTDUMP MADV_DODUMP MADV_HWPOISON ";
// biome-ignore format: in the order of the names
const VALUES: usize = memory.data<i32>([
  0, 1, 2, 3, 1, 2, 4, 1, 2, 32, 32, 64, 2048, 4096, 16384, 32768, 131072, 4096, 4096,
  0, 1, 2, 3, 4, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 100,
]);

/** Adds the constants: 0, or -1 with an exception. */
function addConstants(m: usize): i32 {
  const text = changetype<usize>(NAMES);
  const end = NAMES.length;
  let start = 0;
  let value = VALUES;
  for (let i = 0; i < end; i++) {
    if (load<u16>(text + ((<usize>i) << 1)) != 0x20) continue;
    const name = PyUnicode_FromKindAndData(2, text + ((<usize>start) << 1), i - start);
    const number = name == 0 ? 0 : PyLong_FromLong(load<i32>(value));
    const status = number == 0 ? -1 : PyDict_SetItem(PyModule_GetDict(m), name, number);
    Py.XDECREF(number);
    Py.XDECREF(name);
    if (status < 0) return -1;
    start = i + 1;
    value += 4;
  }
  return 0;
}

/**
 * @module mmap
 */
export function initMmap(m: usize): i32 {
  return initMmapType() == 0 &&
    PyModule_AddObjectLiteral(m, "mmap", PyMmap_Type) == 0 &&
    PyModule_AddObjectLiteral(m, "error", PyExc_OSError) == 0 &&
    addConstants(m) == 0
    ? 0
    : -1;
}
