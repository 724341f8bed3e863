/**
 * Words of a shared buffer that a thread sleeps on.
 */

/**
 * Sleeps while a word is `value`. To be woken says nothing: whoever has written the word wakes the sleeper after that, when it
 * may have seen the word already, and sleep on it again.
 */
export function sleepWhile(words: Int32Array, at: number, value: number): void {
  while (Atomics.load(words, at) === value) Atomics.wait(words, at, value);
}
