// Whether code is such as the compiler of regular expressions makes (the validation of CPython 3.13's Modules/_sre/sre.c),
// so that whoever runs it may trust every operand: jumps stay inside, sets end, groups and marks exist.
//
// Code is position-independent: jumps go forward, and those inside a construct stay inside it. Positions here are indices
// of words, in 64 bits, where no operand overflows.
//
// Deliberate differences: the literals that a search skips must be there as instructions (CPython believes the number),
// and the nesting is limited as calls are (RecursionError).

import { Py_EnterRecursiveCall, Py_LeaveRecursiveCall } from "../../objects/errors/raise";
import * as C from "./codes";

/** What validInner says of code that ends with a JUMP, whose operand follows. */
const ENDS_WITH_JUMP: i32 = 1;

/** Code as numbers that do not overflow. */
class Words {
  @inline static at(code: usize, i: i64): i64 {
    return <i64>load<u32>(code + ((<usize>i) << 2));
  }
}

/** Whether the words from `i` to `end` are a set, without the FAILURE that ends it. */
function validSet(code: usize, i: i64, end: i64): bool {
  while (i < end) {
    const op = <u32>Words.at(code, i++);
    switch (op) {
      case C.NEGATE:
        break;
      case C.LITERAL:
        if (i >= end) return false;
        i++;
        break;
      case C.RANGE:
      case C.RANGE_UNI_IGNORE:
        if (end - i < 2) return false;
        i += 2;
        break;
      case C.CHARSET:
        if (end - i < 8) return false;
        i += 8;
        break;
      case C.BIGCHARSET: {
        if (end - i < 65) return false;
        const blocks = Words.at(code, i++);
        for (let b = 0; b < 256; b++) {
          if (<i64>load<u8>(code + ((<usize>i) << 2) + <usize>b) >= blocks) return false;
        }
        i += 64;
        if (end - i < blocks * 8) return false;
        i += blocks * 8;
        break;
      }
      case C.CATEGORY:
        if (i >= end || Words.at(code, i) > <i64>C.CATEGORY_LAST) return false;
        i++;
        break;
      default:
        return false;
    }
  }
  return true;
}

/** Whether the words from `i` on are a set with its FAILURE as the last word before `end`. */
function validSetWithEnd(code: usize, i: i64, end: i64): bool {
  return end > i && Words.at(code, end - 1) == <i64>C.FAILURE && validSet(code, i, end - 1);
}

/** Whether the operands of INFO from `i` to `end` are right; `limit` is the end of the code that follows. */
function validInfo(code: usize, i: i64, end: i64, limit: i64): bool {
  if (end - i < 3) return false;
  const flags = <u32>Words.at(code, i);
  i += 3;
  if ((flags & ~(C.INFO_PREFIX | C.INFO_LITERAL | C.INFO_CHARSET)) != 0) return false;
  if ((flags & C.INFO_PREFIX) != 0 && (flags & C.INFO_CHARSET) != 0) return false;
  if ((flags & C.INFO_LITERAL) != 0 && (flags & C.INFO_PREFIX) == 0) return false;
  if (flags & C.INFO_PREFIX) {
    if (end - i < 2) return false;
    const n = Words.at(code, i);
    const skip = Words.at(code, i + 1);
    i += 2;
    if (end - i < n) return false;
    i += n;
    if (end - i < n) return false;
    for (let k: i64 = 0; k < n; k++) if (Words.at(code, i + k) >= n) return false;
    i += n;
    // A search that has found the prefix goes on behind its first `skip` literals.
    if (skip > n || limit - end < 2 * skip) return false;
    for (let k: i64 = 0; k < skip; k++) if (Words.at(code, end + 2 * k) != <i64>C.LITERAL) return false;
  }
  if (flags & C.INFO_CHARSET) return validSetWithEnd(code, i, end);
  return i == end;
}

/** Whether the words from `i` to `end` are instructions: 0, ENDS_WITH_JUMP, or -1 where they are not (or an exception). */
function validInner(code: usize, start: i64, end: i64, groups: i64): i32 {
  if (Py_EnterRecursiveCall(" in a compiled regular expression")) return -1;
  const r = validInstructions(code, start, end, groups);
  Py_LeaveRecursiveCall();
  return r;
}

/** Whether the words from `i` to `end` are instructions, and `op` follows them. */
function validBody(code: usize, i: i64, end: i64, op: u32, groups: i64): bool {
  return end >= i && validInner(code, i, end, groups) == 0 && Words.at(code, end) == <i64>op;
}

function validInstructions(code: usize, i: i64, end: i64, groups: i64): i32 {
  if (i > end) return -1;
  while (i < end) {
    const op = <u32>Words.at(code, i++);
    // All that have operands have one word at least, which for most is the distance to what follows.
    const left = end - i;
    const operand = left > 0 ? Words.at(code, i) : 0;
    switch (op) {
      case C.SUCCESS:
      case C.FAILURE:
      case C.ANY:
      case C.ANY_ALL:
        break;
      case C.MARK:
        if (left < 1 || operand > 2 * groups + 1) return -1;
        i++;
        break;
      case C.LITERAL:
      case C.NOT_LITERAL:
      case C.LITERAL_IGNORE:
      case C.NOT_LITERAL_IGNORE:
      case C.LITERAL_UNI_IGNORE:
      case C.NOT_LITERAL_UNI_IGNORE:
      case C.LITERAL_LOC_IGNORE:
      case C.NOT_LITERAL_LOC_IGNORE:
        if (left < 1) return -1;
        i++;
        break;
      case C.AT:
        if (left < 1 || operand > <i64>C.AT_LAST) return -1;
        i++;
        break;
      case C.IN:
      case C.IN_IGNORE:
      case C.IN_UNI_IGNORE:
      case C.IN_LOC_IGNORE:
        if (left < 1 || operand > left || !validSetWithEnd(code, i + 1, i + operand)) return -1;
        i += operand;
        break;
      case C.INFO:
        if (left < 1 || operand > left || !validInfo(code, i + 1, i + operand, end)) return -1;
        i += operand;
        break;
      case C.BRANCH: {
        // Alternatives, each with the distance to the next before and a JUMP to behind them all after it.
        let target: i64 = -1;
        while (true) {
          if (i >= end) return -1;
          const skip = Words.at(code, i);
          if (skip == 0) {
            i++;
            break;
          }
          const next = i + skip;
          if (skip < 3 || next > end || !validBody(code, i + 1, next - 2, C.JUMP, groups)) return -1;
          const to = next - 1 + Words.at(code, next - 1);
          if (to > end || (target >= 0 && to != target)) return -1;
          target = to;
          i = next;
        }
        if (i != target) return -1;
        break;
      }
      case C.REPEAT_ONE:
      case C.MIN_REPEAT_ONE:
      case C.POSSESSIVE_REPEAT_ONE:
        if (left < 3 || operand > left || Words.at(code, i + 1) > Words.at(code, i + 2)) return -1;
        if (!validBody(code, i + 3, i + operand - 1, C.SUCCESS, groups)) return -1;
        i += operand;
        break;
      case C.REPEAT:
      case C.POSSESSIVE_REPEAT: {
        if (left < 3 || operand >= left || Words.at(code, i + 1) > Words.at(code, i + 2)) return -1;
        const until = <u32>Words.at(code, i + operand);
        const ends = op == C.POSSESSIVE_REPEAT ? until == C.SUCCESS : until == C.MAX_UNTIL || until == C.MIN_UNTIL;
        if (!ends || !validBody(code, i + 3, i + operand, until, groups)) return -1;
        i += operand + 1;
        break;
      }
      case C.ATOMIC_GROUP:
        if (left < 1 || operand > left || !validBody(code, i + 1, i + operand - 1, C.SUCCESS, groups)) return -1;
        i += operand;
        break;
      case C.GROUPREF:
      case C.GROUPREF_IGNORE:
      case C.GROUPREF_UNI_IGNORE:
      case C.GROUPREF_LOC_IGNORE:
        if (left < 1 || operand >= groups) return -1;
        i++;
        break;
      case C.GROUPREF_EXISTS: {
        // The group, the distance to the second part, the first part; where that ends with a JUMP, the second part up
        // to the JUMP's target.
        if (left < 2 || operand >= groups) return -1;
        const second = i + Words.at(code, i + 1);
        if (second > end || second < i + 2) return -1;
        const r = validInner(code, i + 2, second, groups);
        if (r < 0) return -1;
        if (r == ENDS_WITH_JUMP) {
          const behind = second - 1 + Words.at(code, second - 1);
          if (behind > end || validInner(code, second, behind, groups) != 0) return -1;
          i = behind;
        } else i = second;
        break;
      }
      case C.ASSERT:
      case C.ASSERT_NOT:
        if (left < 2 || operand > left || !validBody(code, i + 2, i + operand - 1, C.SUCCESS, groups)) return -1;
        i += operand;
        break;
      case C.JUMP:
        return i + 1 == end ? ENDS_WITH_JUMP : -1;
      default:
        return -1;
    }
  }
  return 0;
}

/** Whether the `n` words at `code` are valid for so many groups. An exception may be set where they are not. */
export function validCode(code: usize, n: isize, groups: isize): bool {
  return (
    groups >= 0 &&
    groups <= C.SRE_MAXGROUPS &&
    n > 0 &&
    Words.at(code, n - 1) == <i64>C.SUCCESS &&
    validInner(code, 0, n - 1, groups) == 0
  );
}
