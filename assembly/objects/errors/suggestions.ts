// "Did you mean": the nearest of some names (CPython 3.13's Python/suggestions.c).

import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { Py } from "../object/head";
import { U } from "../text/access";

const MAX_STRING_SIZE: isize = 40;
const MOVE_COST: i32 = 2;
const CASE_COST: i32 = 1;

function lower(c: u32): u32 {
  return c >= 0x41 && c <= 0x5a ? c + 32 : c;
}

function substitutionCost(a: u32, b: u32): i32 {
  if ((a & 31) != (b & 31)) return MOVE_COST;
  if (a == b) return 0;
  return lower(a) == lower(b) ? CASE_COST : MOVE_COST;
}

/** The edit distance of two strings, a move costing 2 and a change of case 1; more than `max` is not told apart. */
function distance(a: usize, b: usize, max: i32, row: usize): i32 {
  const ka = U.kind(a);
  const kb = U.kind(b);
  const da = U.data(a);
  const db = U.data(b);
  let na = U.length(a);
  let nb = U.length(b);
  let start: isize = 0;
  while (start < na && start < nb && U.read(ka, da, start) == U.read(kb, db, start)) start++;
  while (na > start && nb > start && U.read(ka, da, na - 1) == U.read(kb, db, nb - 1)) {
    na--;
    nb--;
  }
  const la = na - start;
  const lb = nb - start;
  if (la == 0 || lb == 0) return <i32>(la + lb) * MOVE_COST;
  if (la > MAX_STRING_SIZE || lb > MAX_STRING_SIZE) return max + 1;
  const gap = la > lb ? la - lb : lb - la;
  if (<i32>gap * MOVE_COST > max) return max + 1;
  for (let i: isize = 0; i < la; i++) store<i32>(row + ((<usize>i) << 2), (<i32>i + 1) * MOVE_COST);
  let result: i32 = 0;
  for (let j: isize = 0; j < lb; j++) {
    const code = U.read(kb, db, start + j);
    let dist = <i32>j * MOVE_COST;
    result = dist;
    let least: i32 = 0x7fffffff;
    for (let i: isize = 0; i < la; i++) {
      const substitute = dist + substitutionCost(code, U.read(ka, da, start + i));
      dist = load<i32>(row + ((<usize>i) << 2));
      const insertDelete = (result < dist ? result : dist) + MOVE_COST;
      result = insertDelete < substitute ? insertDelete : substitute;
      store<i32>(row + ((<usize>i) << 2), result);
      if (result < least) least = result;
    }
    if (least > max) return max + 1;
  }
  return result;
}

/** The nearest of the `n` strings in the slots at `names`, borrowed; null where none is near enough. Never raises. */
export function closestName(names: usize, n: isize, name: usize): usize {
  const size = U.length(name);
  if (n > 750 || size > MAX_STRING_SIZE) return 0;
  const row = PyMem_Malloc(<usize>MAX_STRING_SIZE * 4 + 4);
  if (row == 0) return 0;
  let best: usize = 0;
  let bestDistance: i32 = 0x7fffffff;
  for (let i: isize = 0; i < n; i++) {
    const item = Py.item(names, i);
    if (!Py.check(item, 1 << 28) || item == name) continue;
    // At most a third of the characters may differ.
    let max = (<i32>(size + U.length(item) + 3) * MOVE_COST) / 6;
    if (max > bestDistance - 1) max = bestDistance - 1;
    const d = distance(name, item, max, row);
    if (d > max) continue;
    if (best == 0 || d < bestDistance) {
      best = item;
      bestDistance = d;
    }
  }
  PyMem_Free(row);
  return best;
}
