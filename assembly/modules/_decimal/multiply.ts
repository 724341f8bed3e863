// Products of natural numbers in base 10**9: by columns up to a few dozen limbs, above by Karatsuba's method.

import { PyMem_Free, PyMem_Malloc } from "../../memory/pymem";
import { Interrupts } from "../../thread/interrupts";
import { addLimbs, clearLimbs, compareLimbs, copyLimbs, Limb, RADIX, subtractLimbs } from "./limbs";

/** Up to so many limbs columns are faster. */
const KARATSUBA_FROM: isize = 40;

/** Products of more limbs look whether they are to be interrupted. */
const LONG: isize = 200;

/** What a column may add up to before its upper part is set aside: a multiple of the radix. */
const SET_ASIDE: u64 = 8000000000000000000;

/** r = a * b by columns; r has na + nb limbs. */
function multiplyByColumns(r: usize, a: usize, na: isize, b: usize, nb: isize): void {
  let sum: u64 = 0;
  let above: u64 = 0;
  const last = na + nb - 1;
  for (let k: isize = 0; k < last; k++) {
    const from = k >= nb ? k - nb + 1 : 0;
    const to = min(k, na - 1);
    let p = Limb.at(a, from);
    let q = Limb.at(b, k - from);
    const end = Limb.at(a, to);
    while (p <= end) {
      sum += <u64>load<u32>(p) * <u64>load<u32>(q);
      if (sum >= SET_ASIDE) {
        sum -= SET_ASIDE;
        above += SET_ASIDE / RADIX;
      }
      p += 4;
      q -= 4;
    }
    const carry = sum / RADIX;
    Limb.set(r, k, <u32>(sum - carry * RADIX));
    sum = carry + above;
    above = 0;
  }
  Limb.set(r, last, <u32>sum);
}

/** Limbs of workspace that Karatsuba's method takes for n limbs. */
function workspaceFor(n: isize): isize {
  let words: isize = 0;
  while (n > KARATSUBA_FROM) {
    n = (n + 1) >> 1;
    words += 6 * n + 1;
  }
  return words;
}

/** r = the difference of a and b, both of n limbs; whether it is negative. */
function difference(r: usize, a: usize, b: usize, n: isize): bool {
  if (compareLimbs(a, b, n) >= 0) {
    subtractLimbs(r, a, n, b, n);
    return false;
  }
  subtractLimbs(r, b, n, a, n);
  return true;
}

/** r = a * b, both of n limbs; `work` is workspace. False where it is interrupted. */
function karatsuba(r: usize, a: usize, b: usize, n: isize, work: usize): bool {
  if (n <= KARATSUBA_FROM) {
    multiplyByColumns(r, a, n, b, n);
    return true;
  }
  if (n > LONG && Interrupts.raised()) return false;
  const h = (n + 1) >> 1;
  const rest = n - h;
  const ah = Limb.at(a, h);
  const bh = Limb.at(b, h);
  const top = Limb.at(r, 2 * h);
  const product = work;
  const middle = Limb.at(work, 2 * h);
  const deeper = Limb.at(work, 6 * h + 1);
  const da = Limb.at(work, 4 * h + 1);
  const db = Limb.at(work, 5 * h + 1);
  // (al - ah) * (bl - bh) = al*bl + ah*bh - (al*bh + ah*bl)
  copyLimbs(product, ah, rest);
  if (rest < h) Limb.set(product, rest, 0);
  let negative = difference(da, a, product, h);
  copyLimbs(product, bh, rest);
  if (rest < h) Limb.set(product, rest, 0);
  if (difference(db, b, product, h)) negative = !negative;
  if (!karatsuba(product, da, db, h, deeper)) return false;
  if (!karatsuba(r, a, b, h, deeper)) return false;
  if (!karatsuba(top, ah, bh, rest, deeper)) return false;
  Limb.set(middle, 2 * h, addLimbs(middle, r, 2 * h, top, 2 * rest));
  if (negative) addLimbs(middle, middle, 2 * h + 1, product, 2 * h);
  else subtractLimbs(middle, middle, 2 * h + 1, product, 2 * h);
  // What it adds at the top is 0 where r ends.
  const room = 2 * n - h;
  addLimbs(Limb.at(r, h), Limb.at(r, h), room, middle, min(room, 2 * h + 1));
  return true;
}

/** r = a * b; r has na + nb limbs and overlaps neither. False where there is no memory, or where it is interrupted. */
export function multiplyLimbs(r: usize, a: usize, na: isize, b: usize, nb: isize): bool {
  if (na < nb) return multiplyLimbs(r, b, nb, a, na);
  if (nb <= KARATSUBA_FROM) {
    multiplyByColumns(r, a, na, b, nb);
    return true;
  }
  // The longer one in pieces as long as the shorter.
  const work = PyMem_Malloc((<usize>(workspaceFor(nb) + 3 * nb)) << 2);
  if (work == 0) return false;
  const product = Limb.at(work, workspaceFor(nb));
  const piece = Limb.at(product, 2 * nb);
  clearLimbs(r, na + nb);
  for (let done: isize = 0; done < na; done += nb) {
    const n = min(nb, na - done);
    let from = Limb.at(a, done);
    if (n < nb) {
      copyLimbs(piece, from, n);
      clearLimbs(Limb.at(piece, n), nb - n);
      from = piece;
    }
    if (!karatsuba(product, from, b, nb, work) || (na > LONG && Interrupts.raised())) {
      PyMem_Free(work);
      return false;
    }
    const room = na + nb - done;
    addLimbs(Limb.at(r, done), Limb.at(r, done), room, product, min(room, 2 * nb));
  }
  PyMem_Free(work);
  return true;
}
