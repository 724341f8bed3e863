// The module itertools (CPython 3.13's Modules/itertoolsmodule.c): its types are in the files of itertools/.

import * as S from "../../generated/statics";
import { PyModule_AddObjectLiteral } from "../../objects/module/module";
import { initArrangementTypes } from "./arrangements";
import { initCounterTypes } from "./counters";
import { initGroupTypes } from "./groupby";
import { initJoinTypes } from "./joins";
import { initSelectionTypes } from "./selections";
import { initTeeTypes } from "./tee";

function add(m: usize, name: string, type: usize): bool {
  return PyModule_AddObjectLiteral(m, name, type) == 0;
}

/**
 * @module itertools
 *
 * Iterators for building others, which need no lists in between.
 *
 * Without end:
 * count(start=0, step=1): numbers
 * cycle(p): the elements of p, again and again
 * repeat(elem [,n]): the same, or n times
 *
 * Up to the shortest, or a place:
 * accumulate(p[, func]): sums so far
 * batched(p, n): tuples of n
 * chain(p, q, ...), chain.from_iterable([p, q, ...]): p, then q, and so on
 * compress(data, selectors): those that are selected
 * dropwhile(predicate, p), takewhile(predicate, p): from where, or up to where it is not true
 * filterfalse(predicate, p): those for which it is not true
 * groupby(p[, key]): neighbours with the same key
 * islice(p, [start,] stop [, step]): a slice
 * pairwise(p): each with the next
 * tee(it, n=2): n iterators of the same
 * starmap(func, p): what func(*element) returns
 * zip_longest(p, q, ...): side by side, up to the longest
 *
 * Of finite ones:
 * product(p, q, ... [repeat=1]): one of each
 * permutations(p[, r]): r in a row
 * combinations(p, r): r in their order
 * combinations_with_replacement(p, r): r in their order, each as often as one likes
 */
export function initItertools(m: usize): i32 {
  return initCounterTypes() == 0 &&
    initSelectionTypes() == 0 &&
    initJoinTypes() == 0 &&
    initTeeTypes() == 0 &&
    initArrangementTypes() == 0 &&
    initGroupTypes() == 0 &&
    add(m, "accumulate", S.PyItertools_accumulate_Type) &&
    add(m, "batched", S.PyItertools_batched_Type) &&
    add(m, "chain", S.PyItertools_chain_Type) &&
    add(m, "combinations", S.PyItertools_combinations_Type) &&
    add(m, "combinations_with_replacement", S.PyItertools_combinations_with_replacement_Type) &&
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
    add(m, "_tee", S.PyItertools_tee_Type) &&
    add(m, "_tee_dataobject", S.PyItertools_teedataobject_Type) &&
    add(m, "zip_longest", S.PyItertools_zip_longest_Type)
    ? 0
    : -1;
}
