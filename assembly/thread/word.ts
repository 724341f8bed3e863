// Sleeping on a word of the shared memory until somebody notifies it: what locks are made of, as a futex is for CPython's.
//
// The instruction has this function to itself and the build keeps it out of line (tools/build/out-of-line.mjs): V8's
// baseline compiler, in Node 20, forgets assignments to the locals of a function that waits, so that a loop around it
// counts for ever from the same number.
//
// A word has a counter of its sleepers beside it, so that nobody notifies it in vain: the engine takes a lock for that. Whoever
// changes the word does so before he reads the counter, and a sleeper is counted before the word is compared for the last
// time. Hosts, which change words seldom, notify without asking.

/** How often a word is looked at before the thread sleeps: what comes sooner than falling asleep and waking take is awaited awake. */
const LOOKS: i32 = 8000;

/**
 * Sleeps while the word is `expected`, for so many nanoseconds at most, -1 for no limit: whether that time is over. `sleepers`:
 * where those are counted who sleep on it.
 */
export function sleepOnWord(word: usize, sleepers: usize, expected: u32, nanoseconds: i64): bool {
  for (let i = 0; i < LOOKS; i++) if (atomic.load<u32>(word) != expected) return false;
  atomic.add<u32>(sleepers, 1);
  const isOver = waitOnWord(word, expected, nanoseconds);
  atomic.sub<u32>(sleepers, 1);
  return isOver;
}

/** Wakes as many as `count` of those who sleep on a word that was changed. */
export function wakeSleepers(word: usize, sleepers: usize, count: i32): void {
  if (atomic.load<u32>(sleepers) != 0) atomic.notify(word, count);
}

function waitOnWord(word: usize, expected: u32, nanoseconds: i64): bool {
  return atomic.wait<i32>(word, <i32>expected, nanoseconds) == 2;
}
