// The value types in one list: their slots, tables and shared objects.

import { initBoolType } from "./bool";
import { initByteArrayType } from "./bytearray/type";
import { initStaticBytes } from "./bytes/bytes";
import { initBytesType } from "./bytes/type";
import { initComplexType } from "./complex";
import { clearFreeLists_dict } from "./dict/dict";
import { clearFreeLists_dictKeys } from "./dict/keys";
import { initDictTypes } from "./dict/type";
import { clearFreeLists_float, initFloatType } from "./float";
import { initLongType } from "./int/type";
import { initIterationTypes } from "./iterations";
import { clearFreeLists_list } from "./list";
import { initListType } from "./listtype";
import { initRangeTypes } from "./range";
import { initSequenceIterTypes } from "./sequenceiter";
import { initSetTypes } from "./set/type";
import { initSingletonTypes } from "./singletons";
import { clearFreeLists_slice, initSliceType } from "./slice";
import { clearFreeLists_tuple, initTupleType } from "./tuple";
import { initStaticStrings } from "./unicode/intern";
import { initUnicodeType } from "./unicode/type";

/**
 * Fills the slots and tables of every value type and makes the shared objects. Allocates nothing from the heap; the
 * hash key must have been chosen. PyType_Ready follows for each.
 */
export function initValueTypes(): void {
  initStaticStrings();
  initStaticBytes();
  initSingletonTypes();
  initUnicodeType();
  initLongType();
  initBoolType();
  initFloatType();
  initComplexType();
  initTupleType();
  initListType();
  initDictTypes();
  initSetTypes();
  initBytesType();
  initByteArrayType();
  initRangeTypes();
  initSliceType();
  initSequenceIterTypes();
  initIterationTypes();
}

/** Frees what the free lists keep. */
export function clearValueFreeLists(): void {
  clearFreeLists_list();
  clearFreeLists_tuple();
  clearFreeLists_float();
  clearFreeLists_slice();
  clearFreeLists_dict();
  clearFreeLists_dictKeys();
}
