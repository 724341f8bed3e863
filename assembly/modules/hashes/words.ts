// The words of a hash's state and of its message.

/** Word `i` of those at `p`. */
export function wordAt(p: usize, i: usize): u32 {
  return load<u32>(p + (i << 2));
}

/** Stores word `i` of those at `p`. */
export function setWord(p: usize, i: usize, v: u32): void {
  store<u32>(p + (i << 2), v);
}

/** Adds to word `i` of those at `p`. */
export function addWord(p: usize, i: usize, v: u32): void {
  setWord(p, i, wordAt(p, i) + v);
}

/** Long word `i` of those at `p`. */
export function longAt(p: usize, i: usize): u64 {
  return load<u64>(p + (i << 3));
}

/** Stores long word `i` of those at `p`. */
export function setLong(p: usize, i: usize, v: u64): void {
  store<u64>(p + (i << 3), v);
}

/** Adds to long word `i` of those at `p`. */
export function addLong(p: usize, i: usize, v: u64): void {
  setLong(p, i, longAt(p, i) + v);
}
