// The module itertools (CPython 3.13's Modules/itertoolsmodule.c): its types are in the files of itertools/.
//
// Not there: tee, combinations_with_replacement, and pickling of the iterators.

import * as S from "../../generated/statics";
import { PyModule_AddObjectLiteral, PyModule_NewLiteral } from "../../objects/module/module";
import { Py } from "../../objects/object/head";
import { initArrangementTypes } from "./arrangements";
import { initGroupTypes } from "./groupby";
import { initStreamTypes } from "./streams";

function add(m: usize, name: string, type: usize): bool {
  return PyModule_AddObjectLiteral(m, name, type) == 0;
}

function fill(m: usize): bool {
  return (
    initStreamTypes() == 0 &&
    initArrangementTypes() == 0 &&
    initGroupTypes() == 0 &&
    add(m, "accumulate", S.PyItertools_accumulate_Type) &&
    add(m, "batched", S.PyItertools_batched_Type) &&
    add(m, "chain", S.PyItertools_chain_Type) &&
    add(m, "combinations", S.PyItertools_combinations_Type) &&
    add(m, "compress", S.PyItertools_compress_Type) &&
    add(m, "count", S.PyItertools_count_Type) &&
    add(m, "cycle", S.PyItertools_cycle_Type) &&
    add(m, "dropwhile", S.PyItertools_dropwhile_Type) &&
    add(m, "filterfalse", S.PyItertools_filterfalse_Type) &&
    add(m, "groupby", S.PyItertools_groupby_Type) &&
    add(m, "_grouper", S.PyItertools_grouper_Type) &&
    add(m, "islice", S.PyItertools_islice_Type) &&
    add(m, "pairwise", S.PyItertools_pairwise_Type) &&
    add(m, "permutations", S.PyItertools_permutations_Type) &&
    add(m, "product", S.PyItertools_product_Type) &&
    add(m, "repeat", S.PyItertools_repeat_Type) &&
    add(m, "starmap", S.PyItertools_starmap_Type) &&
    add(m, "takewhile", S.PyItertools_takewhile_Type) &&
    add(m, "zip_longest", S.PyItertools_zip_longest_Type)
  );
}

/** A new module itertools, or null with an exception. */
export function makeItertoolsModule(): usize {
  const m = PyModule_NewLiteral("itertools");
  if (m == 0) return 0;
  if (fill(m)) return m;
  Py.DECREF(m);
  return 0;
}
