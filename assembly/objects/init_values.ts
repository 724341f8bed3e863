// The value types in one list: their slots, the immortal objects among them, and the free lists that finalisation
// empties.

import { initBoolType } from "./bool";
import { initByteArrayType } from "./bytearray/type";
import { initStaticBytes } from "./bytes/bytes";
import { initBytesType } from "./bytes/type";
import { initComplexType } from "./complex";
import { clearFreeLists_dict } from "./dict/dict";
import { clearFreeLists_dictKeys, initEmptyKeys } from "./dict/keys";
import { initDictTypes } from "./dict/type";
import { clearFreeLists_float, initFloatType } from "./float";
import { initSmallInts } from "./int/create";
import { initLongType } from "./int/type";
import { initIterationTypes } from "./iterations";
import { clearFreeLists_list } from "./list";
import { initListType } from "./listtype";
import { initMemoryViewTypes } from "./memoryview";
import { initRangeTypes } from "./range";
import { initSequenceIterTypes } from "./sequenceiter";
import { initSetDummy } from "./set/set";
import { initSetTypes } from "./set/type";
import { initSingletonTypes } from "./singletons";
import { clearFreeLists_slice, initSliceType } from "./slice";
import { clearFreeLists_tuple, initTupleType } from "./tuple";
import { initStaticStrings } from "./unicode/intern";
import { initBufferWrapperType } from "./type/bufferslots";
import { initUnicodeType } from "./unicode/type";

/** Makes the immortal values and fills the slots of every value type. Nothing is allocated on the heap. */
export function initValueTypes(): void {
  initValueObjects();
  initSingletonTypes();
  initLongType();
  initBoolType();
  initFloatType();
  initComplexType();
  initUnicodeType();
  initTupleType();
  initListType();
  initDictTypes();
  initSetTypes();
  initBytesType();
  initByteArrayType();
  initMemoryViewTypes();
  initBufferWrapperType();
  initRangeTypes();
  initSliceType();
  initSequenceIterTypes();
  initIterationTypes();
}

/** Makes the immortal values: small ints, characters, the empty ones. The hash key must have been chosen. */
function initValueObjects(): void {
  initEmptyKeys();
  initSmallInts();
  initStaticBytes();
  initStaticStrings();
  initSetDummy();
}

/** Frees what the free lists keep for new objects; a slice stays. A collection of all generations ends with it. */
export function clearFreeLists(): void {
  clearFreeLists_float();
  clearFreeLists_tuple();
  clearFreeLists_list();
  clearFreeLists_dict();
  clearFreeLists_dictKeys();
}

/** Frees all that the free lists keep. For finalisation. */
export function clearValueFreeLists(): void {
  clearFreeLists();
  clearFreeLists_slice();
}
