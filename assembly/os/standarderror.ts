// Standard error below all objects: what the allocators, the collector and a process that ends have to say.

import { host } from "../generated/host";

const STANDARD_ERROR: i32 = 2;

/** Writes the `n` bytes at `p` to descriptor 2, as far as it takes them. */
export function writeStandardError(p: usize, n: usize): void {
  for (let done: usize = 0; done < n; ) {
    const wrote = host.write(STANDARD_ERROR, p + done, n - done);
    if (wrote <= 0) return;
    done += <usize>wrote;
  }
}
