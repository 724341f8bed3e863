// The search for the first place where code matches (search of CPython 3.13's Modules/_sre/sre_lib.h): by what INFO says
// of how every match begins, a literal prefix or a set of characters, and else at one place after the other.

import { SRE_STATE } from "../../generated/layouts";
import { findCharacter } from "../../objects/text/find";
import { isInSet } from "./characters";
import * as Op from "./codes";
import { Code } from "./codes";
import { matchAt } from "./match";

/** What a search does all the time. */
class Search {
  /** A match at another place begins without groups. */
  @inline static forgetGroups(state: usize): void {
    SRE_STATE.at(state).lastmark = -1;
    SRE_STATE.at(state).lastindex = -1;
  }

  /** Index of the character from `p` to `end`: its address, or `end`. */
  @inline static find<C>(p: usize, end: usize, c: u32): usize {
    const n = <isize>((end - p) / sizeof<C>());
    const i = findCharacter(sizeof<C>(), p, 0, n, c);
    return i < 0 ? end : p + <usize>i * sizeof<C>();
  }
}

/** Whether all `n` literals can be characters of the text at all. */
function fit<C>(prefix: usize, n: usize): bool {
  if (sizeof<C>() == 4) return true;
  const limit: u32 = sizeof<C>() == 1 ? 0xff : 0xffff;
  for (let i: usize = 0; i < n; i++) if (Code.word(prefix, i) > limit) return false;
  return true;
}

/** Searches a code whose matches begin with `n` literals at `prefix`; `rest` is the code behind the first `skip`. */
function searchPrefix<C>(state: usize, rest: usize, prefix: usize, n: usize, skip: usize, isAll: bool): i32 {
  const s = SRE_STATE.at(state);
  const end = s.end;
  let p = s.start;
  if ((end - p) / sizeof<C>() < n || !fit<C>(prefix, n)) return 0;
  // For each length of a prefix that was there, how much of it is also the end of that: where the next may begin.
  const overlap = prefix + ((n - 1) << 2);
  const first = load<u32>(prefix);
  s.must_advance = 0;
  let i: usize = 0;
  while (true) {
    if (i == 0) {
      p = Search.find<C>(p, end, first);
      if (p >= end) return 0;
      i = 1;
      p += sizeof<C>();
    }
    // `i` literals stand before `p`.
    while (i < n) {
      if (p >= end) return 0;
      if (<u32>load<C>(p) != Code.word(prefix, i)) break;
      i++;
      p += sizeof<C>();
    }
    if (i == n) {
      const start = p - n * sizeof<C>();
      s.start = start;
      s.ptr = start + skip * sizeof<C>();
      if (isAll) return 1;
      const r = matchAt<C>(state, rest, false);
      if (r != 0) return r;
      Search.forgetGroups(state);
      if (n == 1) {
        i = 0;
        continue;
      }
      if (p >= end) return 0;
    }
    i = Code.word(overlap, i);
  }
  return unreachable();
}

/**
 * Searches from state.start: 1 with the match from state.start to state.ptr, 0 where there is none, or one of ERROR_*.
 */
export function searchFrom<C>(state: usize, code: usize): i32 {
  const s = SRE_STATE.at(state);
  let p = s.start;
  let end = s.end;
  if (p > end) return 0;
  let set: usize = 0;
  if (Code.word(code, 0) == Op.INFO) {
    const flags = Code.word(code, 2);
    const least = <usize>Code.word(code, 3);
    const room = (end - p) / sizeof<C>();
    if (room < least) return 0;
    const rest = code + ((Code.word(code, 1) + 1) << 2);
    if (flags & Op.INFO_PREFIX) {
      const n = <usize>Code.word(code, 5);
      const skip = <usize>Code.word(code, 6);
      if (n > 0) {
        return searchPrefix<C>(state, rest + (skip << 3), code + 28, n, skip, (flags & Op.INFO_LITERAL) != 0);
      }
    } else if (flags & Op.INFO_CHARSET) set = code + 20;
    // The last place where a match of this length can begin.
    if (least > 1) end -= (least - 1) * sizeof<C>();
    code = rest;
  }
  if (set != 0) {
    end = s.end;
    s.must_advance = 0;
    while (true) {
      while (p < end && !isInSet(set, <u32>load<C>(p))) p += sizeof<C>();
      if (p >= end) return 0;
      s.start = p;
      s.ptr = p;
      const r = matchAt<C>(state, code, false);
      if (r != 0) return r;
      p += sizeof<C>();
      Search.forgetGroups(state);
    }
  }
  s.start = p;
  s.ptr = p;
  let r = matchAt<C>(state, code, true);
  s.must_advance = 0;
  if (
    r == 0 &&
    Code.word(code, 0) == Op.AT &&
    (Code.word(code, 1) == Op.AT_BEGINNING || Code.word(code, 1) == Op.AT_BEGINNING_STRING)
  ) {
    s.start = end;
    s.ptr = end;
    return 0;
  }
  while (r == 0 && p < end) {
    p += sizeof<C>();
    Search.forgetGroups(state);
    s.start = p;
    s.ptr = p;
    r = matchAt<C>(state, code, false);
  }
  return r;
}
