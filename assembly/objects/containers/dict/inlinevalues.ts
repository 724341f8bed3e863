// Inline values: after the fixed part of an instance, room for as many attributes as its type's shared keys had when the
// type was made (CPython 3.13's struct _dictvalues in Include/internal/pycore_dict.h).
// Behind the values come as many bytes, which give their order of insertion.

import { PyDictKeysObject, PyDictValues, PyHeapTypeObject, PyTypeObject } from "../../../generated/layouts";

/** How many attributes a split table over `keys` can have: its usable and used entries. */
function sharedKeysCapacity(keys: usize): usize {
  const k = PyDictKeysObject.at(keys);
  return <usize>(k.dk_usable + k.dk_nentries);
}

/** Bytes of the inline values of an instance of `type`. */
export function inlineValuesSize(type: usize): usize {
  const n = sharedKeysCapacity(PyHeapTypeObject.at(type).ht_cached_keys);
  return ((n + 7) & ~7) + (n + 1) * 8;
}

/** Readies the inline values of a new instance, whose memory is zeroed. Each instance costs the shared keys an entry. */
export function initInlineValues(o: usize, type: usize): void {
  const keys = PyHeapTypeObject.at(type).ht_cached_keys;
  const k = PyDictKeysObject.at(keys);
  if (k.dk_usable > 1) k.dk_usable = k.dk_usable - 1;
  const values = PyDictValues.at(o + <usize>PyTypeObject.at(type).tp_basicsize);
  values.capacity = <u8>sharedKeysCapacity(keys);
  values.embedded = 1;
  values.valid = 1;
}
