/**
 * The keys of string hashes from PYTHONHASHSEED, as CPython derives them (Python/bootstrap_hash.c): a number gives the
 * same two keys as there, so that sets come in the same order.
 */

import { ConfigError } from "./config.ts";

/** `value`: of the environment variable. `entropy` fills bytes at random. Throws ConfigError. */
export function hashSeed(value: string | undefined, entropy: (into: Uint8Array) => void): [bigint, bigint] {
  const bytes = new Uint8Array(16);
  if (value === undefined || value === "" || value === "random") entropy(bytes);
  else {
    if (!/^[0-9]+$/.test(value) || Number(value) > 0xffffffff) {
      throw new ConfigError(
        'Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be "random" or an integer in range [0; 4294967295]\nPython runtime state: preinitialized\n\n',
      );
    }
    const seed = Number(value);
    // A linear congruential generator, a byte of each state.
    if (seed !== 0) {
      let x = seed;
      for (let i = 0; i < bytes.length; i++) {
        x = (Math.imul(x, 214013) + 2531011) >>> 0;
        bytes[i] = (x >>> 16) & 0xff;
      }
    }
  }
  const view = new DataView(bytes.buffer);
  return [view.getBigUint64(0, true), view.getBigUint64(8, true)];
}
