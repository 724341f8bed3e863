// The arguments start and end of find, count, startswith and their like, of str and of bytes.

import { SIZEOF_searchbounds, searchbounds, searchbounds_end, searchbounds_start } from "../../generated/layouts";
import { Scratch } from "../../thread/scratch";
import { sliceBound } from "../define/args";
import { Py } from "../object/head";

/**
 * The bounds that arguments (what, start, end) give, as they are: a searchbounds in scratch memory, which the caller gives
 * back; clampBounds follows. Null with TypeError. May run Python: the length that they are clamped to is read afterwards.
 */
export function takeBounds(argv: usize, nargs: isize): usize {
  const p = Scratch.take(<isize>SIZEOF_searchbounds / 8);
  const b = searchbounds.at(p);
  b.start = 0;
  b.end = 0x7fffffff;
  const start = p + searchbounds_start;
  const end = p + searchbounds_end;
  if ((nargs > 1 && !sliceBound(Py.item(argv, 1), start)) || (nargs > 2 && !sliceBound(Py.item(argv, 2), end))) {
    Scratch.give(p);
    return 0;
  }
  return p;
}

/** Clamps bounds to a length as slices clamp theirs. */
export function clampBounds(p: usize, length: isize): void {
  const b = searchbounds.at(p);
  if (b.end > length) b.end = length;
  else if (b.end < 0) b.end = max<isize>(b.end + length, 0);
  if (b.start < 0) b.start = max<isize>(b.start + length, 0);
}
