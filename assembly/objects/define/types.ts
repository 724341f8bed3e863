// The value types in one list: their slots, the immortal objects among them, and the free lists that finalisation
// empties.

import { initByteArrayType } from "../bytes/bytearray/type";
import { initStaticBytes } from "../bytes/bytes";
import { initMemoryViewTypes } from "../bytes/memoryview/memoryview";
import { initBytesType } from "../bytes/type";
import { clearFreeLists_dict } from "../containers/dict/dict";
import { clearFreeLists_dictKeys, initEmptyKeys } from "../containers/dict/keys";
import { initDictTypes } from "../containers/dict/type";
import { clearFreeLists_list } from "../containers/list/list";
import { initListType } from "../containers/list/type";
import { initRangeTypes } from "../containers/range";
import { initSetDummy } from "../containers/set/set";
import { initSetTypes } from "../containers/set/type";
import { clearFreeLists_slice, initSliceType } from "../containers/slice";
import { clearFreeLists_tuple, initTupleType } from "../containers/tuple";
import { initIterationTypes } from "../iterators/iterations";
import { initSequenceIterTypes } from "../iterators/sequence";
import { initBoolType } from "../numbers/bool";
import { initComplexType } from "../numbers/complex";
import { clearFreeLists_float, initFloatType } from "../numbers/float/float";
import { initSmallInts } from "../numbers/int/create";
import { initLongType } from "../numbers/int/type";
import { clearFreeLists_kept } from "../object/kept";
import { initSingletonTypes } from "../object/singletons";
import { initStaticStrings } from "../text/intern";
import { initUnicodeType } from "../text/type";
import { initBufferWrapperType } from "../types/bufferslots";

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
  clearFreeLists_kept();
}

/** Frees all that the free lists keep. For finalisation. */
export function clearValueFreeLists(): void {
  clearFreeLists();
  clearFreeLists_slice();
}
