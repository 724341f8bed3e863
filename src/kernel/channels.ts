/**
 * Pipes and pairs of sockets both ends of which are this process's, where it is granted nothing that lies outside. Each
 * direction is a ring of bytes in a buffer; where that is shared (sharedchannels.ts), any thread of the process can have
 * the ends. Where it is not, there is one thread: what would wait for another fails with EDEADLK, as nobody could end the wait.
 */

import { fileFlags, fileType } from "../generated/constants.ts";
import { SystemError } from "./errno.ts";
import {
  AF_UNIX,
  MSG_PEEK,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  SO_DOMAIN,
  SO_ERROR,
  SO_RCVBUF,
  SO_SNDBUF,
  SO_TYPE,
  SOCK_STREAM,
  SOL_SOCKET,
} from "./linux.ts";
import type { OpenFile, Socket } from "./services.ts";

const { O_NONBLOCK } = fileFlags;

const BUFFER_BYTES = 212992;

/** As many bytes as Linux keeps in a pipe. */
const CAPACITY = 65536;

// Words of a way, before its bytes: a lock; where the first byte is, and how many there are; 1 while somebody may still
// take some, and give some.
const LOCK = 0;
const START = 1;
const COUNT = 2;
const TAKEN = 3;
const GIVEN = 4;
const HEAD_BYTES = 32;
/** Bytes of a buffer that a way takes. */
export const WAY_BYTES = HEAD_BYTES + CAPACITY;

/** Bytes on their way from one end to the other. */
export class Way {
  private readonly words: Int32Array;
  private readonly data: Uint8Array;

  /** A way in a buffer, as it is there; of its own, one that is open. */
  constructor(buffer?: ArrayBufferLike, at = 0) {
    const own = buffer ?? new ArrayBuffer(WAY_BYTES);
    this.words = new Int32Array(own, at, HEAD_BYTES / 4);
    this.data = new Uint8Array(own, at + HEAD_BYTES, CAPACITY);
    if (buffer === undefined) this.open();
  }

  /** Begins anew: nothing is in it, and both ends are open. */
  open(): void {
    this.words.set([0, 0, 0, 1, 1]);
  }

  /** Whether somebody may still take some. */
  get taken(): boolean {
    return Atomics.load(this.words, TAKEN) !== 0;
  }

  endTaking(): void {
    Atomics.store(this.words, TAKEN, 0);
  }

  /** Whether somebody may still give some. */
  get given(): boolean {
    return Atomics.load(this.words, GIVEN) !== 0;
  }

  endGiving(): void {
    Atomics.store(this.words, GIVEN, 0);
  }

  get count(): number {
    return Atomics.load(this.words, COUNT);
  }

  get full(): boolean {
    return this.count === CAPACITY;
  }

  /** Does something that no other thread may come between. */
  private alone<T>(act: () => T): T {
    while (Atomics.compareExchange(this.words, LOCK, 0, 1) !== 0);
    try {
      return act();
    } finally {
      Atomics.store(this.words, LOCK, 0);
    }
  }

  /** Takes what there is, as far as there is room; `peek`: it stays. */
  take(into: Uint8Array, peek = false): number {
    const { words, data } = this;
    return this.alone(() => {
      const n = Math.min(into.length, words[COUNT]!);
      const start = words[START]!;
      const first = Math.min(n, CAPACITY - start);
      into.set(data.subarray(start, start + first));
      into.set(data.subarray(0, n - first), first);
      if (!peek) {
        words[START] = (start + n) % CAPACITY;
        Atomics.store(words, COUNT, words[COUNT]! - n);
      }
      return n;
    });
  }

  /** Gives as many as there is room for. */
  give(bytes: Uint8Array): number {
    const { words, data } = this;
    return this.alone(() => {
      const n = Math.min(bytes.length, CAPACITY - words[COUNT]!);
      const end = (words[START]! + words[COUNT]!) % CAPACITY;
      const first = Math.min(n, CAPACITY - end);
      data.set(bytes.subarray(0, first), end);
      data.set(bytes.subarray(first, n), 0);
      Atomics.store(words, COUNT, words[COUNT]! + n);
      return n;
    });
  }
}

/** How an end is used: where nobody else could end a wait, or by any thread, each of which is told of changes. */
export interface Use {
  /** Called when others may be waiting for what has changed. Left out: there are none. */
  changed?(): void;
}

const refuse = (): never => {
  throw new SystemError("EBADF");
};

/** What both kinds of ends are alike in. `mode`: as stat() has it. */
function channelEnd(mode: number, { changed }: Use) {
  let blocks = true;
  return {
    wait: (): never => {
      throw new SystemError(blocks && changed === undefined ? "EDEADLK" : "EAGAIN");
    },
    /** What was done, which may have changed what the ends are ready for. */
    did<T>(result: T): T {
      changed?.();
      return result;
    },
    file: {
      seek: (): never => {
        throw new SystemError("ESPIPE");
      },
      truncate: (): never => {
        throw new SystemError("EINVAL");
      },
      describe: () => ({ mode, blockSize: 4096, size: 0 }),
      setFlags: (flags: number) => {
        blocks = (flags & O_NONBLOCK) === 0;
      },
    },
  };
}

/** The end of a pipe that reads. */
export function pipeReader(way: Way, use: Use = {}): OpenFile {
  const { file, wait, did } = channelEnd(fileType.S_IFIFO | 0o600, use);
  return {
    ...file,
    ready: () => (way.count > 0 ? POLLIN : 0) | (way.given ? 0 : POLLHUP),
    read: (into) => {
      if (into.length === 0) return 0;
      // Whoever gives does not end before he has given all.
      const given = way.given;
      if (way.count === 0) return given ? wait() : 0;
      return did(way.take(into));
    },
    write: refuse,
    close: () => did(way.endTaking()),
  };
}

/** The end of a pipe that writes. */
export function pipeWriter(way: Way, use: Use = {}): OpenFile {
  const { file, wait, did } = channelEnd(fileType.S_IFIFO | 0o600, use);
  return {
    ...file,
    ready: () => (way.taken ? 0 : POLLERR) | (way.full ? 0 : POLLOUT),
    read: refuse,
    write: (bytes) => {
      if (!way.taken) throw new SystemError("EPIPE");
      return way.full && bytes.length > 0 ? wait() : did(way.give(bytes));
    },
    close: () => did(way.endGiving()),
  };
}

/** Two files, of which the second writes what the first reads. */
export function pipe(): [OpenFile, OpenFile] {
  const way = new Way();
  return [pipeReader(way), pipeWriter(way)];
}

/** One of two sockets, which takes from one way and gives to the other. */
export function pairedSocket(from: Way, to: Way, use: Use = {}): Socket {
  const { file, wait, did } = channelEnd(fileType.S_IFSOCK | 0o777, use);
  const connected = (): never => {
    throw new SystemError("EINVAL");
  };
  const receive = (into: Uint8Array, peek: boolean, empty: () => never): number => {
    const open = from.given && from.taken;
    if (from.count === 0 && into.length > 0) return open ? empty() : 0;
    return did(from.take(into, peek));
  };
  const send = (bytes: Uint8Array, full: () => never): number => {
    if (!to.given || !to.taken) throw new SystemError("EPIPE");
    return to.full && bytes.length > 0 ? full() : did(to.give(bytes));
  };
  // The calls of sockets wait by themselves.
  const again = (): never => {
    throw new SystemError("EAGAIN");
  };
  return {
    ...file,
    ready: () => {
      const ended = !from.given || !from.taken;
      const readable = from.count > 0 || ended ? POLLIN : 0;
      return readable | (to.full ? 0 : POLLOUT) | (ended && !(to.given && to.taken) ? POLLHUP : 0);
    },
    read: (into) => receive(into, false, wait),
    write: (bytes) => send(bytes, wait),
    bind: connected,
    connect: () => {
      throw new SystemError("EISCONN");
    },
    listen: connected,
    accept: connected,
    shutdown: (how) => {
      if (how !== 1) from.endTaking();
      if (how !== 0) to.endGiving();
      did(undefined);
    },
    name: () => new Uint8Array(),
    send: (bytes, _flags, address, beside) => {
      if (address.length > 0) throw new SystemError("EISCONN");
      // Descriptors would be of this process, which has them.
      if (beside && beside.length > 0) throw new SystemError("EOPNOTSUPP");
      return send(bytes, again);
    },
    receive: (into, flags, _address, beside) => {
      beside?.fill(0, 0, 8);
      return receive(into, (flags & MSG_PEEK) !== 0, again);
    },
    option: (level, option) => {
      if (level !== SOL_SOCKET) throw new SystemError("EOPNOTSUPP");
      if (option === SO_TYPE) return SOCK_STREAM;
      if (option === SO_DOMAIN) return AF_UNIX;
      if (option === SO_ERROR) return 0;
      if (option === SO_SNDBUF || option === SO_RCVBUF) return BUFFER_BYTES;
      return 0;
    },
    setOption: (level) => {
      if (level !== SOL_SOCKET) throw new SystemError("EOPNOTSUPP");
    },
    close: () => {
      from.endTaking();
      to.endGiving();
      did(undefined);
    },
  };
}

/** Checks that a pair of sockets of such a kind can be made: streams of Unix alone. */
export function checkPair(family: number, type: number, protocol: number): void {
  if (family !== AF_UNIX) throw new SystemError("EOPNOTSUPP");
  if (type !== SOCK_STREAM || protocol !== 0) throw new SystemError("EPROTONOSUPPORT");
}

/** Two sockets that are connected. */
export function socketPair(family: number, type: number, protocol: number): [Socket, Socket] {
  checkPair(family, type, protocol);
  const [there, back] = [new Way(), new Way()];
  return [pairedSocket(there, back), pairedSocket(back, there)];
}
