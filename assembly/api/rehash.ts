// Another hash key for a runtime that stands already: one that was started when it was built (see lifecycle.ts) gets the
// key of this start. Whatever was ordered by the hashes of texts and bytes is ordered anew: the table of static strings,
// dicts, sets.
//
// Invariant: afterwards the runtime's dicts are as if it had been initialised with this key. Sets may differ in the order
// of members whose places collide. No counterpart in CPython, which hashes nothing before it knows its key.

import { Py_TPFLAGS_DICT_SUBCLASS, Py_TPFLAGS_TYPE_SUBCLASS } from "../generated/constants";
import { PyASCIIObject, PyDictObject, PyHeapTypeObject } from "../generated/layouts";
import { PyBytes_Type, PyFrozenSet_Type, PySet_Type, PyUnicode_Type } from "../generated/statics";
import { rehashKeys } from "../objects/containers/dict/keys";
import { rehashSet } from "../objects/containers/set/set";
import { Py } from "../objects/object/head";
import { hashStaticStrings } from "../objects/text/intern";

/**
 * Orders everything by the key that objectsRoots has now. `objects`: `count` addresses (u32), those of every str and
 * bytes object outside the static area first, then those of every dict, set and class made at run time. 0, or -1 with
 * MemoryError.
 */
export function rehash(objects: usize, count: i32): i32 {
  hashStaticStrings();
  for (const end = objects + ((<usize>count) << 2); objects < end; objects += 4) {
    const o: usize = load<u32>(objects);
    const type = Py.TYPE(o);
    if (type == PyUnicode_Type || type == PyBytes_Type) {
      // Asked for again, it is computed again. Both have it in the same place.
      PyASCIIObject.at(o).hash = -1;
    } else if (type == PySet_Type || type == PyFrozenSet_Type) {
      if (rehashSet(o) < 0) return -1;
    } else if (Py.check(o, Py_TPFLAGS_DICT_SUBCLASS)) {
      if (rehashKeys(PyDictObject.at(o).ma_keys) < 0) return -1;
    } else if (Py.check(o, Py_TPFLAGS_TYPE_SUBCLASS)) {
      const keys = PyHeapTypeObject.at(o).ht_cached_keys;
      if (keys != 0 && rehashKeys(keys) < 0) return -1;
    }
  }
  return 0;
}
