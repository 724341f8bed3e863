// The value types in one list: their slots, tables and shared objects.

import { initBoolType } from "./bool";
import { initByteArrayType } from "./bytearray/type";
import { initStaticBytes } from "./bytes/bytes";
import { initBytesType } from "./bytes/type";
import { initComplexType } from "./complex";
import { initDictTypes } from "./dict/type";
import { initFloatType } from "./float";
import { initLongType } from "./int/type";
import { initIterationTypes } from "./iterations";
import { initListType } from "./listtype";
import { initRangeTypes } from "./range";
import { initSequenceIterTypes } from "./sequenceiter";
import { initSetTypes } from "./set/type";
import { initSingletonTypes } from "./singletons";
import { initSliceType } from "./slice";
import { initTupleType } from "./tuple";
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
