/**
 * Pipes and pairs of sockets both ends of which are this process's, where it is granted nothing that lies outside. What would
 * wait for another thread fails with EDEADLK, as nobody could end the wait.
 */

import { fileFlags, fileType } from "../generated/constants.ts";
import { Bytes } from "./bytes.ts";
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

/** Bytes on their way from one end to the other. */
class Way {
  private readonly bytes = new Bytes();
  /** Whether somebody may still take some, and give some. */
  taken = true;
  given = true;

  get count(): number {
    return this.bytes.length;
  }

  get full(): boolean {
    return this.count === CAPACITY;
  }

  /** Takes what there is, as far as there is room; `peek`: it stays. */
  take(into: Uint8Array, peek = false): number {
    const bytes = this.bytes.take(into.length, peek);
    into.set(bytes);
    return bytes.length;
  }

  /** Gives as many as there is room for. */
  give(bytes: Uint8Array): number {
    const given = bytes.slice(0, CAPACITY - this.count);
    this.bytes.add(given);
    return given.length;
  }
}

const refuse = (): never => {
  throw new SystemError("EBADF");
};

/** What both kinds of ends are alike in. `mode`: as stat() has it. */
function channelEnd(mode: number) {
  let blocks = true;
  return {
    /** Nobody else could end the wait. */
    wait: (): never => {
      throw new SystemError(blocks ? "EDEADLK" : "EAGAIN");
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

/** Two files, of which the second writes what the first reads. */
export function pipe(): [OpenFile, OpenFile] {
  const way = new Way();
  const from = channelEnd(fileType.S_IFIFO | 0o600);
  const to = channelEnd(fileType.S_IFIFO | 0o600);
  const reader: OpenFile = {
    ...from.file,
    ready: () => (way.count > 0 ? POLLIN : 0) | (way.given ? 0 : POLLHUP),
    read: (into) => {
      if (into.length === 0) return 0;
      if (way.count === 0) return way.given ? from.wait() : 0;
      return way.take(into);
    },
    write: refuse,
    close: () => {
      way.taken = false;
    },
  };
  const writer: OpenFile = {
    ...to.file,
    ready: () => (way.taken ? 0 : POLLERR) | (way.full ? 0 : POLLOUT),
    read: refuse,
    write: (bytes) => {
      if (!way.taken) throw new SystemError("EPIPE");
      return way.full && bytes.length > 0 ? to.wait() : way.give(bytes);
    },
    close: () => {
      way.given = false;
    },
  };
  return [reader, writer];
}

/** One of two sockets, which takes from one way and gives to the other. */
function pairedSocket(from: Way, to: Way): Socket {
  const { wait, file } = channelEnd(fileType.S_IFSOCK | 0o777);
  const connected = (): never => {
    throw new SystemError("EINVAL");
  };
  const receive = (into: Uint8Array, peek: boolean, empty: () => never): number => {
    if (from.count === 0 && into.length > 0) return from.given && from.taken ? empty() : 0;
    return from.take(into, peek);
  };
  const send = (bytes: Uint8Array, full: () => never): number => {
    if (!to.given || !to.taken) throw new SystemError("EPIPE");
    return to.full && bytes.length > 0 ? full() : to.give(bytes);
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
      if (how !== 1) from.taken = false;
      if (how !== 0) to.given = false;
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
      from.taken = false;
      to.given = false;
    },
  };
}

/** Two sockets that are connected; only streams of Unix. */
export function socketPair(family: number, type: number, protocol: number): [Socket, Socket] {
  if (family !== AF_UNIX) throw new SystemError("EOPNOTSUPP");
  if (type !== SOCK_STREAM || protocol !== 0) throw new SystemError("EPROTONOSUPPORT");
  const [there, back] = [new Way(), new Way()];
  return [pairedSocket(there, back), pairedSocket(back, there)];
}
