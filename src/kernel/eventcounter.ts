/**
 * The counter behind a descriptor of eventfd(): an object of the thread that has opened it. What would wait for another
 * thread fails with EDEADLK, as nobody could end the wait.
 */

import { fileFlags, fileType } from "../generated/constants.ts";
import { SystemError } from "./errno.ts";
import { POLLIN, POLLOUT } from "./linux.ts";
import type { OpenFile } from "./services.ts";

const EFD_SEMAPHORE = 1;
const BYTES = 8;
const MOST = 0xfffffffffffffffen;

/** `flags`: EFD_SEMAPHORE, O_NONBLOCK. */
export function eventCounter(initial: number, flags: number): OpenFile {
  let count = BigInt(initial);
  let waits = (flags & fileFlags.O_NONBLOCK) === 0;
  const view = (bytes: Uint8Array) => {
    if (bytes.length < BYTES) throw new SystemError("EINVAL");
    return new DataView(bytes.buffer, bytes.byteOffset, BYTES);
  };
  const wait = (): never => {
    throw new SystemError(waits ? "EDEADLK" : "EAGAIN");
  };
  return {
    read(into) {
      const to = view(into);
      if (count === 0n) wait();
      const taken = flags & EFD_SEMAPHORE ? 1n : count;
      to.setBigUint64(0, taken, true);
      count -= taken;
      return BYTES;
    },
    write(bytes) {
      const added = view(bytes).getBigUint64(0, true);
      if (added > MOST) throw new SystemError("EINVAL");
      if (count + added > MOST) wait();
      count += added;
      return BYTES;
    },
    ready: () => (count > 0n ? POLLIN : 0) | (count < MOST ? POLLOUT : 0),
    seek() {
      throw new SystemError("ESPIPE");
    },
    truncate() {
      throw new SystemError("EINVAL");
    },
    describe: () => ({ mode: fileType.S_IFIFO | 0o600, blockSize: 4096, size: 0 }),
    setFlags(to) {
      waits = (to & fileFlags.O_NONBLOCK) === 0;
    },
    close() {},
  };
}
