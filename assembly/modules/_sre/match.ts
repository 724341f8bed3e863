// The matching of compiled code at one place of a text (match and count of CPython 3.13's Modules/_sre/sre_lib.h), for
// characters of 1, 2 and 4 bytes: C is u8, u16 or u32.
//
// No native recursion: a match inside a match is a context on a stack in the heap, which says where to go on and what its
// caller does with the result. The loop switches over steps: an instruction, or one of the steps below, by which an
// instruction continues with a result.
//
//   data_stack  | context 0 | marks it saved, or its repetition | context 1 | ... | context n, the current | ...
//
// Invariant: what stands above a context belongs to it or to those that it called, and is gone when it ends. So nothing
// has to be taken off one by one, and a repetition needs no block of its own (CPython allocates one, and loses it where an
// exception ends the match).
//
// Code was validated (validate.ts): operands are trusted.

import {
  matchcontext,
  repeatcontext,
  SIZEOF_matchcontext,
  SIZEOF_repeatcontext,
  SRE_STATE,
} from "../../generated/layouts";
import { PyMem_Realloc } from "../../memory/pymem";
import { Interrupts } from "../../thread/interrupts";
import { Char, isInSet, isInSetIgnoringLocaleCase, isOfCategory } from "./characters";
import * as Op from "./codes";
import { Code } from "./codes";

// Steps beside the instructions.
const CALL: u32 = 64; // begins a context for `next`
const RETURN: u32 = 65; // ends the current one with `result`
const FINISHED: u32 = 66; // the first context has ended
const BRANCH_NEXT: u32 = 67;
const BRANCH_TRIED: u32 = 68;
const REPEAT_DONE: u32 = 69;
const MAX_UNTIL_LEAST: u32 = 70;
const MAX_UNTIL_MORE: u32 = 71;
const MAX_UNTIL_TAIL: u32 = 72;
const MAX_UNTIL_DONE: u32 = 73;
const MIN_UNTIL_TAIL: u32 = 74;
const MIN_UNTIL_MORE: u32 = 75;
const REPEAT_ONE_COUNTED: u32 = 76;
const REPEAT_ONE_TRY: u32 = 77;
const REPEAT_ONE_TRIED: u32 = 78;
const MIN_REPEAT_ONE_COUNTED: u32 = 79;
const MIN_REPEAT_ONE_TRY: u32 = 80;
const MIN_REPEAT_ONE_TRIED: u32 = 81;
const MIN_REPEAT_ONE_MORE: u32 = 82;
const POSSESSIVE_ONE_COUNTED: u32 = 83;
const POSSESSIVE_LEAST: u32 = 84;
const POSSESSIVE_LEAST_TRIED: u32 = 85;
const POSSESSIVE_MORE: u32 = 86;
const POSSESSIVE_MORE_TRIED: u32 = 87;
const ATOMIC_DONE: u32 = 88;
const ASSERT_DONE: u32 = 89;
const ASSERT_NOT_DONE: u32 = 90;
const COUNT: u32 = 91; // counts items with a context of their own
const COUNT_MORE: u32 = 92;
const COUNT_TRIED: u32 = 93;

/** How many instructions are run before it is asked whether to stop. */
const SIGNAL_INTERVAL: u32 = 0xfff;

/** Asks that: true with an exception. */
function interrupted(): bool {
  Interrupts.collect();
  return Interrupts.raised();
}

/** What countSingle says of an item that it cannot count. */
const NOT_SINGLE: i32 = -1;

/** Makes the stack hold `n` bytes: false where there is no memory for them. */
function growStack(state: usize, n: usize): bool {
  const s = SRE_STATE.at(state);
  const size = n + n / 4 + 1024;
  if (size > 0x7fff0000 || size < n) return false;
  const stack = PyMem_Realloc(s.data_stack, size);
  if (stack == 0) return false;
  s.data_stack = stack;
  s.data_stack_size = <isize>size;
  return true;
}

/** Copies the marks up to `last` behind the context at offset `at`: false where there is no memory for them. */
function saveMarks(state: usize, at: usize, last: i32): bool {
  const s = SRE_STATE.at(state);
  const bytes = (<usize>(last + 1)) << 2;
  const end = at + SIZEOF_matchcontext + bytes;
  if (end > <usize>s.data_stack_size && !growStack(state, end)) return false;
  const ctx = s.data_stack + at;
  matchcontext.at(ctx).saved = last + 1;
  memory.copy(ctx + SIZEOF_matchcontext, s.mark, bytes);
  return true;
}

/** What the loop does all the time. */
class Engine {
  /** Keeps the last mark and group in the context, and the marks themselves where `all` is true. */
  @inline static save(state: usize, at: usize, all: bool): bool {
    const s = SRE_STATE.at(state);
    const ctx = matchcontext.at(s.data_stack + at);
    const last = s.lastmark;
    ctx.lastmark = last;
    ctx.lastindex = s.lastindex;
    ctx.saved = 0;
    return !all || last < 0 || saveMarks(state, at, last);
  }

  /** Puts back what save kept. */
  @inline static restore(state: usize, ctx: usize): void {
    const s = SRE_STATE.at(state);
    const c = matchcontext.at(ctx);
    s.lastmark = c.lastmark;
    s.lastindex = c.lastindex;
    const n = c.saved;
    if (n > 0) memory.copy(s.mark, ctx + SIZEOF_matchcontext, (<usize>n) << 2);
  }

  @inline static character<C>(p: usize): u32 {
    return <u32>load<C>(p);
  }

  /** Sets the mark at the character, and those that were left out before it to none. */
  @inline static setMark(state: usize, i: i32, p: usize): void {
    const s = SRE_STATE.at(state);
    if (i & 1) s.lastindex = i / 2 + 1;
    const marks = s.mark;
    const last = s.lastmark;
    if (i > last) {
      for (let j = last + 1; j < i; j++) store<u32>(marks + ((<usize>j) << 2), 0);
      s.lastmark = i;
    }
    store<u32>(marks + ((<usize>i) << 2), <u32>p);
  }
}

function isWordBefore<C>(beginning: usize, p: usize, unicode: bool): bool {
  if (p <= beginning) return false;
  const c = Engine.character<C>(p - sizeof<C>());
  return unicode ? Char.isUnicodeWord(c) : Char.isWord(c);
}

function isWordAt<C>(end: usize, p: usize, unicode: bool): bool {
  if (p >= end) return false;
  const c = Engine.character<C>(p);
  return unicode ? Char.isUnicodeWord(c) : Char.isWord(c);
}

/** Whether the position `p` is where AT says. */
function isAt<C>(state: usize, p: usize, where: u32): bool {
  const s = SRE_STATE.at(state);
  const beginning = s.beginning;
  const end = s.end;
  switch (where) {
    case Op.AT_BEGINNING:
    case Op.AT_BEGINNING_STRING:
      return p == beginning;
    case Op.AT_BEGINNING_LINE:
      return p == beginning || Engine.character<C>(p - sizeof<C>()) == 10;
    case Op.AT_END:
      return p == end || (end - p == sizeof<C>() && Engine.character<C>(p) == 10);
    case Op.AT_END_LINE:
      return p == end || Engine.character<C>(p) == 10;
    case Op.AT_END_STRING:
      return p == end;
    default: {
      // Where there is no text, there is neither a boundary nor anything else.
      if (beginning == end) return false;
      const unicode = where >= Op.AT_UNI_BOUNDARY;
      const boundary = isWordBefore<C>(beginning, p, unicode) != isWordAt<C>(end, p, unicode);
      const wanted = where == Op.AT_BOUNDARY || where == Op.AT_LOC_BOUNDARY || where == Op.AT_UNI_BOUNDARY;
      return boundary == wanted;
    }
  }
}

/** How many characters from `p` to `end` are in the set, one after the other: where the first stands that is not. */
function spanSet<C>(set: usize, p: usize, end: usize): usize {
  const op = Code.word(set, 0);
  // The sets that there are most: one category, one bitmap.
  if (op == Op.CATEGORY && Code.word(set, 2) == Op.FAILURE) {
    const category = Code.word(set, 1);
    if ((category & ~1) == Op.CATEGORY_UNI_WORD) {
      const wanted = category == Op.CATEGORY_UNI_WORD;
      while (p < end && Char.isUnicodeWord(Engine.character<C>(p)) == wanted) p += sizeof<C>();
      return p;
    }
    while (p < end && isOfCategory(category, Engine.character<C>(p))) p += sizeof<C>();
    return p;
  }
  if (op == Op.CHARSET && Code.word(set, 9) == Op.FAILURE) {
    while (p < end) {
      const c = Engine.character<C>(p);
      if (c > 255 || (load<u32>(set + 4 + ((c >> 5) << 2)) & (1 << (c & 31))) == 0) break;
      p += sizeof<C>();
    }
    return p;
  }
  while (p < end && isInSet(set, Engine.character<C>(p))) p += sizeof<C>();
  return p;
}

/** How many of at most `most` characters at `p` the item matches, an instruction of one character; else NOT_SINGLE. */
function countSingle<C>(item: usize, p: usize, end: usize, most: u32): i32 {
  const start = p;
  if (most != Op.SRE_MAXREPEAT && <usize>most < (end - p) / sizeof<C>()) end = p + <usize>most * sizeof<C>();
  const operand = Code.word(item, 1);
  switch (Code.word(item, 0)) {
    case Op.IN:
      p = spanSet<C>(item + 8, p, end);
      break;
    case Op.IN_IGNORE:
      while (p < end && isInSet(item + 8, Char.lowerAscii(Engine.character<C>(p)))) p += sizeof<C>();
      break;
    case Op.IN_UNI_IGNORE:
      while (p < end && isInSet(item + 8, Char.lowerUnicode(Engine.character<C>(p)))) p += sizeof<C>();
      break;
    case Op.IN_LOC_IGNORE:
      while (p < end && isInSetIgnoringLocaleCase(item + 8, Engine.character<C>(p))) p += sizeof<C>();
      break;
    case Op.CATEGORY:
      while (p < end && isOfCategory(operand, Engine.character<C>(p))) p += sizeof<C>();
      break;
    case Op.ANY:
      while (p < end && Engine.character<C>(p) != 10) p += sizeof<C>();
      break;
    case Op.ANY_ALL:
      p = end;
      break;
    case Op.LITERAL:
      while (p < end && Engine.character<C>(p) == operand) p += sizeof<C>();
      break;
    case Op.LITERAL_IGNORE:
      while (p < end && Char.lowerAscii(Engine.character<C>(p)) == operand) p += sizeof<C>();
      break;
    case Op.LITERAL_UNI_IGNORE:
      while (p < end && Char.lowerUnicode(Engine.character<C>(p)) == operand) p += sizeof<C>();
      break;
    case Op.LITERAL_LOC_IGNORE:
      while (p < end && Char.equalsIgnoringLocaleCase(operand, Engine.character<C>(p))) p += sizeof<C>();
      break;
    case Op.NOT_LITERAL:
      while (p < end && Engine.character<C>(p) != operand) p += sizeof<C>();
      break;
    case Op.NOT_LITERAL_IGNORE:
      while (p < end && Char.lowerAscii(Engine.character<C>(p)) != operand) p += sizeof<C>();
      break;
    case Op.NOT_LITERAL_UNI_IGNORE:
      while (p < end && Char.lowerUnicode(Engine.character<C>(p)) != operand) p += sizeof<C>();
      break;
    case Op.NOT_LITERAL_LOC_IGNORE:
      while (p < end && !Char.equalsIgnoringLocaleCase(operand, Engine.character<C>(p))) p += sizeof<C>();
      break;
    default:
      return NOT_SINGLE;
  }
  return <i32>((p - start) / sizeof<C>());
}

/** Where the text at `p` goes on behind a repetition of the group (of GROUPREF and its forms); 0 where it is none. */
function matchGroup<C>(state: usize, p: usize, end: usize, group: u32, op: u32): usize {
  const s = SRE_STATE.at(state);
  const index = <i32>group * 2;
  if (index >= s.lastmark) return 0;
  const marks = s.mark + ((<usize>index) << 2);
  let q: usize = load<u32>(marks);
  const behind: usize = load<u32>(marks, 4);
  if (q == 0 || behind == 0 || behind < q) return 0;
  if (end - p < behind - q) return 0;
  for (; q < behind; q += sizeof<C>(), p += sizeof<C>()) {
    const a = Engine.character<C>(p);
    const b = Engine.character<C>(q);
    if (a == b) continue;
    if (op == Op.GROUPREF) return 0;
    if (op == Op.GROUPREF_UNI_IGNORE) {
      if (Char.lowerUnicode(a) != Char.lowerUnicode(b)) return 0;
    } else if (Char.lowerAscii(a) != Char.lowerAscii(b)) return 0;
  }
  return p;
}

/**
 * Matches the code at state.ptr: 1 with state.ptr behind the match, 0 where it does not match, or one of ERROR_*.
 * `whole` says whether the end of the code is the end of what the caller wants.
 */
export function matchAt<C>(state: usize, code: usize, whole: bool): i32 {
  const s = SRE_STATE.at(state);
  const end = s.end;
  let sigcount = s.sigcount;
  // The current context, its offset on the stack, and where the code and the text stand.
  let here: usize = 0;
  if (<usize>s.data_stack_size < SIZEOF_matchcontext && !growStack(state, SIZEOF_matchcontext)) {
    return Op.ERROR_MEMORY;
  }
  let ctx = s.data_stack;
  matchcontext.at(ctx).jump = FINISHED;
  matchcontext.at(ctx).toplevel = whole ? 1 : 0;
  matchcontext.at(ctx).previous = 0;
  matchcontext.at(ctx).saved = 0;
  let pattern = code;
  let p = s.ptr;
  // The innermost repetition that is not complete, by its offset; 0 for none, as the first context is there.
  let repeat: usize = 0;
  // What CALL needs, and what RETURN gives.
  let next: usize = 0;
  let jump: u32 = 0;
  let toplevel = 0;
  let result = 0;
  let step: u32 = 0;
  let enter = true;

  while (true) {
    if (enter) {
      enter = false;
      p = s.ptr;
      if (Code.word(pattern, 0) == Op.INFO) {
        const least = Code.word(pattern, 3);
        if (least != 0 && (end - p) / sizeof<C>() < <usize>least) {
          result = 0;
          step = RETURN;
        } else {
          pattern += (Code.word(pattern, 1) + 1) << 2;
          step = load<u32>(pattern);
          pattern += 4;
        }
      } else {
        step = load<u32>(pattern);
        pattern += 4;
      }
    }
    switch (step) {
      case Op.LITERAL:
        if (p < end && Engine.character<C>(p) == load<u32>(pattern)) {
          pattern += 4;
          p += sizeof<C>();
          break;
        }
        result = 0;
        step = RETURN;
        continue;
      case Op.NOT_LITERAL:
        if (p < end && Engine.character<C>(p) != load<u32>(pattern)) {
          pattern += 4;
          p += sizeof<C>();
          break;
        }
        result = 0;
        step = RETURN;
        continue;
      case Op.MARK:
        Engine.setMark(state, <i32>load<u32>(pattern), p);
        pattern += 4;
        break;
      case Op.SUCCESS:
        if (
          matchcontext.at(ctx).toplevel != 0 &&
          ((s.match_all != 0 && p != end) || (s.must_advance != 0 && p == s.start))
        ) {
          result = 0;
        } else {
          s.ptr = p;
          result = 1;
        }
        step = RETURN;
        continue;
      case Op.FAILURE:
        result = 0;
        step = RETURN;
        continue;
      case Op.AT:
        if (isAt<C>(state, p, load<u32>(pattern))) {
          pattern += 4;
          break;
        }
        result = 0;
        step = RETURN;
        continue;
      case Op.CATEGORY:
        if (p < end && isOfCategory(load<u32>(pattern), Engine.character<C>(p))) {
          pattern += 4;
          p += sizeof<C>();
          break;
        }
        result = 0;
        step = RETURN;
        continue;
      case Op.ANY:
        if (p < end && Engine.character<C>(p) != 10) {
          p += sizeof<C>();
          break;
        }
        result = 0;
        step = RETURN;
        continue;
      case Op.ANY_ALL:
        if (p < end) {
          p += sizeof<C>();
          break;
        }
        result = 0;
        step = RETURN;
        continue;
      case Op.IN:
        if (p < end && isInSet(pattern + 4, Engine.character<C>(p))) {
          pattern += load<u32>(pattern) << 2;
          p += sizeof<C>();
          break;
        }
        result = 0;
        step = RETURN;
        continue;
      case Op.LITERAL_IGNORE:
      case Op.LITERAL_UNI_IGNORE:
      case Op.LITERAL_LOC_IGNORE:
      case Op.NOT_LITERAL_IGNORE:
      case Op.NOT_LITERAL_UNI_IGNORE:
      case Op.NOT_LITERAL_LOC_IGNORE:
        // The item's instruction is the word before its operands.
        if (p < end && countSingle<C>(pattern - 4, p, end, 1) == 1) {
          pattern += 4;
          p += sizeof<C>();
          break;
        }
        result = 0;
        step = RETURN;
        continue;
      case Op.IN_IGNORE:
      case Op.IN_UNI_IGNORE:
      case Op.IN_LOC_IGNORE:
        if (p < end && countSingle<C>(pattern - 4, p, end, 1) == 1) {
          pattern += load<u32>(pattern) << 2;
          p += sizeof<C>();
          break;
        }
        result = 0;
        step = RETURN;
        continue;
      case Op.JUMP:
      case Op.INFO:
        pattern += load<u32>(pattern) << 2;
        break;

      // BRANCH: distance to the next alternative, its code, a JUMP, ..., 0
      case Op.BRANCH:
        if (!Engine.save(state, here, repeat != 0)) return Op.ERROR_MEMORY;
        ctx = s.data_stack + here;
        step = BRANCH_NEXT;
        continue;
      case BRANCH_NEXT: {
        // An alternative whose first character is not there is not begun.
        let skip = load<u32>(pattern);
        while (skip != 0) {
          const first = Code.word(pattern, 1);
          if (first == Op.LITERAL) {
            if (p < end && Engine.character<C>(p) == Code.word(pattern, 2)) break;
          } else if (first == Op.IN) {
            if (p < end && isInSet(pattern + 12, Engine.character<C>(p))) break;
          } else break;
          pattern += skip << 2;
          skip = load<u32>(pattern);
        }
        if (skip == 0) {
          result = 0;
          step = RETURN;
          continue;
        }
        s.ptr = p;
        next = pattern + 4;
        jump = BRANCH_TRIED;
        toplevel = matchcontext.at(ctx).toplevel;
        step = CALL;
        continue;
      }
      case BRANCH_TRIED:
        if (result != 0) {
          step = RETURN;
          continue;
        }
        Engine.restore(state, ctx);
        pattern += load<u32>(pattern) << 2;
        step = BRANCH_NEXT;
        continue;

      // REPEAT_ONE: distance to the tail, least, most, an item of one character, SUCCESS
      case Op.REPEAT_ONE:
      case Op.POSSESSIVE_REPEAT_ONE: {
        if ((end - p) / sizeof<C>() < <usize>Code.word(pattern, 1)) {
          result = 0;
          step = RETURN;
          continue;
        }
        jump = step == Op.REPEAT_ONE ? REPEAT_ONE_COUNTED : POSSESSIVE_ONE_COUNTED;
        result = countSingle<C>(pattern + 12, p, end, Code.word(pattern, 2));
        if (result == NOT_SINGLE) {
          s.ptr = p;
          result = <i32>Code.word(pattern, 2);
          step = COUNT;
          continue;
        }
        step = jump;
        continue;
      }
      case REPEAT_ONE_COUNTED: {
        if (<u32>result < Code.word(pattern, 1)) {
          result = 0;
          step = RETURN;
          continue;
        }
        p += <usize>result * sizeof<C>();
        const c = matchcontext.at(ctx);
        c.count = result;
        const tail = pattern + (load<u32>(pattern) << 2);
        if (load<u32>(tail) == Op.SUCCESS && p == end && !(c.toplevel != 0 && s.must_advance != 0 && p == s.start)) {
          // The tail is empty.
          s.ptr = p;
          result = 1;
          step = RETURN;
          continue;
        }
        if (!Engine.save(state, here, repeat != 0)) return Op.ERROR_MEMORY;
        ctx = s.data_stack + here;
        step = REPEAT_ONE_TRY;
        continue;
      }
      case REPEAT_ONE_TRY: {
        const c = matchcontext.at(ctx);
        const least = <i32>Code.word(pattern, 1);
        const tail = pattern + (load<u32>(pattern) << 2);
        let count = c.count;
        if (load<u32>(tail) == Op.LITERAL) {
          // Where the character of the tail is not, the tail is not either.
          const wanted = load<u32>(tail, 4);
          while (count >= least && (p >= end || Engine.character<C>(p) != wanted)) {
            p -= sizeof<C>();
            count--;
          }
        }
        if (count < least) {
          result = 0;
          step = RETURN;
          continue;
        }
        c.count = count;
        s.ptr = p;
        next = tail;
        jump = REPEAT_ONE_TRIED;
        toplevel = c.toplevel;
        step = CALL;
        continue;
      }
      case REPEAT_ONE_TRIED:
        if (result != 0) {
          step = RETURN;
          continue;
        }
        Engine.restore(state, ctx);
        p -= sizeof<C>();
        matchcontext.at(ctx).count--;
        step = REPEAT_ONE_TRY;
        continue;
      case POSSESSIVE_ONE_COUNTED:
        if (<u32>result < Code.word(pattern, 1)) {
          result = 0;
          step = RETURN;
          continue;
        }
        p += <usize>result * sizeof<C>();
        pattern += load<u32>(pattern) << 2;
        break;

      // MIN_REPEAT_ONE: as REPEAT_ONE
      case Op.MIN_REPEAT_ONE: {
        const least = Code.word(pattern, 1);
        if ((end - p) / sizeof<C>() < <usize>least) {
          result = 0;
          step = RETURN;
          continue;
        }
        result = least == 0 ? 0 : countSingle<C>(pattern + 12, p, end, least);
        if (result == NOT_SINGLE) {
          s.ptr = p;
          result = <i32>least;
          jump = MIN_REPEAT_ONE_COUNTED;
          step = COUNT;
          continue;
        }
        step = MIN_REPEAT_ONE_COUNTED;
        continue;
      }
      case MIN_REPEAT_ONE_COUNTED: {
        if (<u32>result < Code.word(pattern, 1)) {
          result = 0;
          step = RETURN;
          continue;
        }
        p += <usize>result * sizeof<C>();
        const c = matchcontext.at(ctx);
        c.count = result;
        if (
          load<u32>(pattern + (load<u32>(pattern) << 2)) == Op.SUCCESS &&
          !(c.toplevel != 0 && ((s.match_all != 0 && p != end) || (s.must_advance != 0 && p == s.start)))
        ) {
          // The tail is empty.
          s.ptr = p;
          result = 1;
          step = RETURN;
          continue;
        }
        if (!Engine.save(state, here, repeat != 0)) return Op.ERROR_MEMORY;
        ctx = s.data_stack + here;
        step = MIN_REPEAT_ONE_TRY;
        continue;
      }
      case MIN_REPEAT_ONE_TRY: {
        const most = Code.word(pattern, 2);
        if (most != Op.SRE_MAXREPEAT && <u32>matchcontext.at(ctx).count > most) {
          result = 0;
          step = RETURN;
          continue;
        }
        s.ptr = p;
        next = pattern + (load<u32>(pattern) << 2);
        jump = MIN_REPEAT_ONE_TRIED;
        toplevel = matchcontext.at(ctx).toplevel;
        step = CALL;
        continue;
      }
      case MIN_REPEAT_ONE_TRIED:
        if (result != 0) {
          step = RETURN;
          continue;
        }
        Engine.restore(state, ctx);
        result = countSingle<C>(pattern + 12, p, end, 1);
        if (result == NOT_SINGLE) {
          s.ptr = p;
          result = 1;
          jump = MIN_REPEAT_ONE_MORE;
          step = COUNT;
          continue;
        }
        step = MIN_REPEAT_ONE_MORE;
        continue;
      case MIN_REPEAT_ONE_MORE:
        if (result == 0) {
          step = RETURN;
          continue;
        }
        p += <usize>result * sizeof<C>();
        matchcontext.at(ctx).count++;
        step = MIN_REPEAT_ONE_TRY;
        continue;

      // Items that are more than one instruction: a context of its own counts them, `result` at most, from state.ptr,
      // and gives the characters that they took to `jump`.
      case COUNT: {
        const start = s.ptr;
        const room = (end - start) / sizeof<C>();
        const limit =
          <u32>result != Op.SRE_MAXREPEAT && <usize>(<u32>result) < room
            ? start + <usize>(<u32>result) * sizeof<C>()
            : end;
        matchcontext.at(ctx).pattern = pattern;
        matchcontext.at(ctx).ptr = <u32>p;
        const at = here + SIZEOF_matchcontext + ((<usize>matchcontext.at(ctx).saved) << 2);
        const top = at + SIZEOF_matchcontext;
        if (top > <usize>s.data_stack_size && !growStack(state, top)) return Op.ERROR_MEMORY;
        ctx = s.data_stack + at;
        const c = matchcontext.at(ctx);
        c.previous = <i32>here;
        c.jump = <i32>jump;
        c.toplevel = 0;
        c.saved = 0;
        c.rep = <u32>limit;
        c.count = 0;
        c.last_ptr = <u32>start;
        here = at;
        pattern += 12;
        p = start;
        step = COUNT_MORE;
        continue;
      }
      case COUNT_MORE:
        // `p` is where the last item ended.
        if (p < <usize>matchcontext.at(ctx).rep) {
          s.ptr = p;
          next = pattern;
          jump = COUNT_TRIED;
          toplevel = 0;
          step = CALL;
          continue;
        }
        result = <i32>((p - <usize>matchcontext.at(ctx).last_ptr) / sizeof<C>());
        step = RETURN;
        continue;
      case COUNT_TRIED:
        // One that takes nothing would be counted for ever.
        if (result != 0 && s.ptr > p) {
          p = s.ptr;
          step = COUNT_MORE;
          continue;
        }
        result = <i32>((p - <usize>matchcontext.at(ctx).last_ptr) / sizeof<C>());
        step = RETURN;
        continue;

      // REPEAT: distance to the UNTIL, least, most, the item, MAX_UNTIL or MIN_UNTIL, the tail
      case Op.REPEAT: {
        const at = here + SIZEOF_matchcontext;
        const top = at + SIZEOF_repeatcontext;
        if (top > <usize>s.data_stack_size) {
          if (!growStack(state, top)) return Op.ERROR_MEMORY;
          ctx = s.data_stack + here;
        }
        const r = repeatcontext.at(s.data_stack + at);
        r.count = -1;
        r.pattern = <u32>pattern;
        r.prev = <i32>repeat;
        r.last_ptr = 0;
        const c = matchcontext.at(ctx);
        c.rep = <u32>at;
        // The repetition stands where saved marks would.
        c.saved = SIZEOF_repeatcontext >> 2;
        repeat = at;
        s.ptr = p;
        next = pattern + (load<u32>(pattern) << 2);
        jump = REPEAT_DONE;
        toplevel = c.toplevel;
        step = CALL;
        continue;
      }
      case REPEAT_DONE:
        repeat = <usize>repeatcontext.at(s.data_stack + <usize>matchcontext.at(ctx).rep).prev;
        step = RETURN;
        continue;
      case Op.MAX_UNTIL: {
        if (repeat == 0) return Op.ERROR_STATE;
        const r = repeatcontext.at(s.data_stack + repeat);
        const c = matchcontext.at(ctx);
        const count = r.count + 1;
        const operands = <usize>r.pattern;
        s.ptr = p;
        c.rep = <u32>repeat;
        c.count = count;
        toplevel = c.toplevel;
        if (<u32>count < Code.word(operands, 1)) {
          r.count = count;
          c.saved = 0;
          next = operands + 12;
          jump = MAX_UNTIL_LEAST;
          step = CALL;
          continue;
        }
        const most = Code.word(operands, 2);
        if ((<u32>count < most || most == Op.SRE_MAXREPEAT) && p != <usize>r.last_ptr) {
          // One more item, if there is one that takes something.
          r.count = count;
          c.last_ptr = r.last_ptr;
          r.last_ptr = <u32>p;
          if (!Engine.save(state, here, true)) return Op.ERROR_MEMORY;
          ctx = s.data_stack + here;
          next = operands + 12;
          jump = MAX_UNTIL_MORE;
          step = CALL;
          continue;
        }
        c.saved = 0;
        step = MAX_UNTIL_TAIL;
        continue;
      }
      case MAX_UNTIL_LEAST:
        if (result == 0) {
          const c = matchcontext.at(ctx);
          repeatcontext.at(s.data_stack + <usize>c.rep).count = c.count - 1;
          s.ptr = p;
        }
        step = RETURN;
        continue;
      case MAX_UNTIL_MORE: {
        const c = matchcontext.at(ctx);
        const r = repeatcontext.at(s.data_stack + <usize>c.rep);
        r.last_ptr = c.last_ptr;
        if (result != 0) {
          step = RETURN;
          continue;
        }
        Engine.restore(state, ctx);
        c.saved = 0;
        r.count = c.count - 1;
        s.ptr = p;
        step = MAX_UNTIL_TAIL;
        continue;
      }
      case MAX_UNTIL_TAIL: {
        const c = matchcontext.at(ctx);
        repeat = <usize>repeatcontext.at(s.data_stack + <usize>c.rep).prev;
        next = pattern;
        jump = MAX_UNTIL_DONE;
        toplevel = c.toplevel;
        step = CALL;
        continue;
      }
      case MAX_UNTIL_DONE:
        repeat = <usize>matchcontext.at(ctx).rep;
        if (result == 0) s.ptr = p;
        step = RETURN;
        continue;
      case Op.MIN_UNTIL: {
        if (repeat == 0) return Op.ERROR_STATE;
        const r = repeatcontext.at(s.data_stack + repeat);
        const c = matchcontext.at(ctx);
        const count = r.count + 1;
        s.ptr = p;
        c.rep = <u32>repeat;
        c.count = count;
        toplevel = c.toplevel;
        if (<u32>count < Code.word(<usize>r.pattern, 1)) {
          r.count = count;
          c.saved = 0;
          next = <usize>r.pattern + 12;
          jump = MAX_UNTIL_LEAST;
          step = CALL;
          continue;
        }
        // The tail first.
        repeat = <usize>r.prev;
        if (!Engine.save(state, here, repeat != 0)) return Op.ERROR_MEMORY;
        ctx = s.data_stack + here;
        next = pattern;
        jump = MIN_UNTIL_TAIL;
        step = CALL;
        continue;
      }
      case MIN_UNTIL_TAIL: {
        const c = matchcontext.at(ctx);
        repeat = <usize>c.rep;
        if (result != 0) {
          step = RETURN;
          continue;
        }
        Engine.restore(state, ctx);
        c.saved = 0;
        s.ptr = p;
        const r = repeatcontext.at(s.data_stack + repeat);
        const most = Code.word(<usize>r.pattern, 2);
        if ((<u32>c.count >= most && most != Op.SRE_MAXREPEAT) || p == <usize>r.last_ptr) {
          step = RETURN;
          continue;
        }
        r.count = c.count;
        c.last_ptr = r.last_ptr;
        r.last_ptr = <u32>p;
        next = <usize>r.pattern + 12;
        jump = MIN_UNTIL_MORE;
        toplevel = c.toplevel;
        step = CALL;
        continue;
      }
      case MIN_UNTIL_MORE: {
        const c = matchcontext.at(ctx);
        const r = repeatcontext.at(s.data_stack + <usize>c.rep);
        r.last_ptr = c.last_ptr;
        if (result == 0) {
          r.count = c.count - 1;
          s.ptr = p;
        }
        step = RETURN;
        continue;
      }

      // POSSESSIVE_REPEAT: distance to the SUCCESS, least, most, the item, SUCCESS, the tail
      case Op.POSSESSIVE_REPEAT:
        s.ptr = p;
        matchcontext.at(ctx).count = 0;
        matchcontext.at(ctx).saved = 0;
        step = POSSESSIVE_LEAST;
        continue;
      case POSSESSIVE_LEAST:
        if (<u32>matchcontext.at(ctx).count < Code.word(pattern, 1)) {
          next = pattern + 12;
          jump = POSSESSIVE_LEAST_TRIED;
          toplevel = 0;
          step = CALL;
          continue;
        }
        // No position yet at which an item began.
        p = 0;
        step = POSSESSIVE_MORE;
        continue;
      case POSSESSIVE_LEAST_TRIED:
        if (result == 0) {
          s.ptr = p;
          step = RETURN;
          continue;
        }
        matchcontext.at(ctx).count++;
        step = POSSESSIVE_LEAST;
        continue;
      case POSSESSIVE_MORE: {
        const most = Code.word(pattern, 2);
        if ((<u32>matchcontext.at(ctx).count < most || most == Op.SRE_MAXREPEAT) && s.ptr != p) {
          if (!Engine.save(state, here, true)) return Op.ERROR_MEMORY;
          ctx = s.data_stack + here;
          p = s.ptr;
          next = pattern + 12;
          jump = POSSESSIVE_MORE_TRIED;
          toplevel = 0;
          step = CALL;
          continue;
        }
        pattern += (load<u32>(pattern) + 1) << 2;
        p = s.ptr;
        break;
      }
      case POSSESSIVE_MORE_TRIED:
        if (result != 0) {
          matchcontext.at(ctx).count++;
          step = POSSESSIVE_MORE;
          continue;
        }
        Engine.restore(state, ctx);
        pattern += (load<u32>(pattern) + 1) << 2;
        break;

      case Op.ATOMIC_GROUP:
        s.ptr = p;
        matchcontext.at(ctx).saved = 0;
        next = pattern + 4;
        jump = ATOMIC_DONE;
        toplevel = 0;
        step = CALL;
        continue;
      case ATOMIC_DONE:
        if (result == 0) {
          s.ptr = p;
          step = RETURN;
          continue;
        }
        pattern += load<u32>(pattern) << 2;
        p = s.ptr;
        break;

      case Op.GROUPREF:
      case Op.GROUPREF_IGNORE:
      case Op.GROUPREF_UNI_IGNORE:
      case Op.GROUPREF_LOC_IGNORE: {
        const behind = matchGroup<C>(state, p, end, load<u32>(pattern), step);
        if (behind == 0) {
          result = 0;
          step = RETURN;
          continue;
        }
        p = behind;
        pattern += 4;
        break;
      }
      // GROUPREF_EXISTS: group, distance to the second part, the first part, perhaps a JUMP, the second part
      case Op.GROUPREF_EXISTS: {
        const index = <i32>load<u32>(pattern) * 2;
        const marks = s.mark + ((<usize>index) << 2);
        const exists =
          index < s.lastmark &&
          load<u32>(marks) != 0 &&
          load<u32>(marks, 4) != 0 &&
          load<u32>(marks, 4) >= load<u32>(marks);
        pattern += exists ? 8 : load<u32>(pattern, 4) << 2;
        break;
      }

      // ASSERT: distance to the tail, characters to go back, the code, SUCCESS
      case Op.ASSERT: {
        const back = <usize>Code.word(pattern, 1);
        if ((p - s.beginning) / sizeof<C>() < back) {
          result = 0;
          step = RETURN;
          continue;
        }
        s.ptr = p - back * sizeof<C>();
        matchcontext.at(ctx).saved = 0;
        next = pattern + 8;
        jump = ASSERT_DONE;
        toplevel = 0;
        step = CALL;
        continue;
      }
      case ASSERT_DONE:
        if (result == 0) {
          step = RETURN;
          continue;
        }
        pattern += load<u32>(pattern) << 2;
        break;
      case Op.ASSERT_NOT: {
        const back = <usize>Code.word(pattern, 1);
        if ((p - s.beginning) / sizeof<C>() >= back) {
          s.ptr = p - back * sizeof<C>();
          if (!Engine.save(state, here, repeat != 0)) return Op.ERROR_MEMORY;
          ctx = s.data_stack + here;
          next = pattern + 8;
          jump = ASSERT_NOT_DONE;
          toplevel = 0;
          step = CALL;
          continue;
        }
        pattern += load<u32>(pattern) << 2;
        break;
      }
      case ASSERT_NOT_DONE:
        if (result != 0) {
          result = 0;
          step = RETURN;
          continue;
        }
        Engine.restore(state, ctx);
        pattern += load<u32>(pattern) << 2;
        break;

      case CALL: {
        const c = matchcontext.at(ctx);
        c.pattern = <u32>pattern;
        c.ptr = <u32>p;
        const at = here + SIZEOF_matchcontext + ((<usize>c.saved) << 2);
        const top = at + SIZEOF_matchcontext;
        if (top > <usize>s.data_stack_size && !growStack(state, top)) return Op.ERROR_MEMORY;
        ctx = s.data_stack + at;
        const d = matchcontext.at(ctx);
        d.previous = <i32>here;
        d.jump = <i32>jump;
        d.toplevel = toplevel;
        d.saved = 0;
        here = at;
        pattern = next;
        enter = true;
        // Going back may take very long without an instruction that succeeds.
        sigcount++;
        if ((sigcount & SIGNAL_INTERVAL) == 0 && interrupted()) return Op.ERROR_INTERRUPTED;
        continue;
      }
      case RETURN: {
        const c = matchcontext.at(ctx);
        step = <u32>c.jump;
        here = <usize>c.previous;
        ctx = s.data_stack + here;
        pattern = <usize>matchcontext.at(ctx).pattern;
        p = <usize>matchcontext.at(ctx).ptr;
        continue;
      }
      case FINISHED:
        s.sigcount = sigcount;
        return result;
      default:
        return Op.ERROR_ILLEGAL;
    }
    // The next instruction.
    sigcount++;
    if ((sigcount & SIGNAL_INTERVAL) == 0 && interrupted()) return Op.ERROR_INTERRUPTED;
    step = load<u32>(pattern);
    pattern += 4;
  }
}
