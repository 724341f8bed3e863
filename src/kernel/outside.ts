/**
 * The system calls about what lies outside the process: sockets, programs, and what is ready.
 */

import { fileFlags } from "../generated/constants.ts";
import { socketPair } from "./channels.ts";
import type { Descriptors } from "./descriptors.ts";
import { SystemError } from "./errno.ts";
import type { CurrentDirectory } from "./files.ts";
import type { SystemCalls } from "./generated/dispatch.ts";
import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT } from "./linux.ts";
import { matching, networkProtocols, networkServices, textReader } from "./netnames.ts";
import type { OpenFile, OutsideFile, OutsideService, Services, Socket } from "./services.ts";

type OutsideCalls = Pick<
  SystemCalls,
  | "startthread"
  | "watch"
  | "poll"
  | "spawn"
  | "waitpid"
  | "socket"
  | "socketpair"
  | "bind"
  | "connect"
  | "listen"
  | "accept"
  | "shutdown"
  | "sockname"
  | "send"
  | "recv"
  | "sendmsg"
  | "recvmsg"
  | "timerfd"
  | "timerset"
  | "pidfd"
  | "pipesize"
  | "pidfdpid"
  | "getsockopt"
  | "setsockopt"
  | "resolve"
  | "nameinfo"
  | "netnames"
>;

/** As spec/syscalls.txt has them; the third are interfaces. */
const NetworkKind = { service: 0, protocol: 1 } as const;

const POLLFD_BYTES = 8;
/** What is told though nobody has asked. */
const UNASKED = POLLERR | POLLHUP;

const { O_CLOEXEC, O_RDWR } = fileFlags;

// Of a socket's type.
const SOCK_NONBLOCK = 2048;
const SOCK_CLOEXEC = 524288;
const KINDS = ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
/** The flags that a descriptor gets of a socket's type: they have the same numbers. */
const flagsOf = (type: number) => 2 | (type & (SOCK_NONBLOCK | SOCK_CLOEXEC));

function isSocket(file: OpenFile): file is Socket {
  return "accept" in file;
}

export function isOutside(file: OpenFile): file is OutsideFile {
  return "outside" in file;
}

/** `variables`: the environment, NAME=VALUE each. */
export function outsideCalls(
  { outside, signals, startThread, files }: Services,
  descriptors: Descriptors,
  current: CurrentDirectory,
  variables: () => Uint8Array[],
): OutsideCalls {
  const service = (): OutsideService => {
    if (outside === undefined) throw new SystemError("ENOSYS");
    return outside;
  };
  const socket = (fd: number): Socket => {
    const file = descriptors.get(fd);
    if (!isSocket(file)) throw new SystemError("ENOTSOCK");
    return file;
  };
  /** A file of the outside; EINVAL where the descriptor is another. */
  const outsideFile = (fd: number): number => {
    const file = descriptors.get(fd);
    if (!isOutside(file)) throw new SystemError("EINVAL");
    return file.outside;
  };
  const file = (fd: number): { host: number } | { outside: number } => {
    const one = descriptors.get(fd);
    if (isOutside(one)) return { outside: one.outside };
    const number = descriptors.hostFile(fd);
    if (number === undefined) throw new SystemError("EBADF");
    return { host: one.share === undefined ? number : descriptors.moved(fd, one.share()) };
  };
  return {
    startthread(thread) {
      if (startThread === undefined) throw new SystemError("EAGAIN");
      startThread(thread);
    },
    watch: (now) => signals?.watch(now !== 0) ?? true,
    poll(fds, watch) {
      const view = new DataView(fds.buffer, fds.byteOffset, fds.byteLength);
      const asked: { at: number; file: number; events: number }[] = [];
      let count = 0;
      const answer = (at: number, revents: number) => {
        view.setUint16(at + 6, revents, true);
        if (revents !== 0) count++;
      };
      for (let at = 0; at + POLLFD_BYTES <= fds.length; at += POLLFD_BYTES) {
        const fd = view.getInt32(at, true);
        const events = view.getUint16(at + 4, true);
        if (fd < 0) {
          answer(at, 0);
          continue;
        }
        const file = descriptors.find(fd, true);
        if (file === undefined) answer(at, POLLNVAL);
        else if (isOutside(file)) asked.push({ at, file: file.outside, events });
        else answer(at, (file.ready?.() ?? POLLIN | POLLOUT) & (events | UNASKED));
      }
      if (asked.length > 0) {
        const files = asked.map(({ file }) => file);
        const events = asked.map((one) => one.events);
        const answers = service().poll(files, events, watch !== 0 && count === 0);
        asked.forEach(({ at }, i) => {
          answer(at, answers[i]!);
        });
      }
      return count;
    },
    spawn: (request) => service().spawn(request.slice(), file, current.changed, variables()),
    waitpid(pid, watch) {
      if (outside === undefined) throw new SystemError("ECHILD");
      const one = outside.ended(pid, watch !== 0);
      return one === undefined ? 0n : (BigInt(one.pid) << 32n) | BigInt(one.status);
    },
    socket: (family, type, protocol) =>
      descriptors.open(() => service().socket(family, type & KINDS, protocol), flagsOf(type)),
    socketpair(family, type, protocol) {
      const pair = outside === undefined ? socketPair : outside.socketPair.bind(outside);
      const [first, second] = pair(family, type & KINDS, protocol);
      const flags = flagsOf(type);
      const one = descriptors.open(() => first, flags);
      return descriptors.open(() => second, flags) * 65536 + one;
    },
    bind: (fd, address) => socket(fd).bind(address.slice()),
    connect: (fd, address) => socket(fd).connect(address.slice()),
    listen: (fd, backlog) => socket(fd).listen(backlog),
    accept(fd) {
      const accepted = socket(fd).accept();
      return descriptors.open(() => accepted, flagsOf(SOCK_CLOEXEC));
    },
    shutdown: (fd, how) => socket(fd).shutdown(how),
    sockname: (fd, peer) => socket(fd).name(peer !== 0),
    send: (fd, data, flags, address) => socket(fd).send(data, flags, address),
    recv: (fd, into, flags, address) => socket(fd).receive(into, flags, address),
    sendmsg: (fd, data, flags, address, beside) => socket(fd).send(data, flags, address, beside),
    recvmsg: (fd, into, flags, address, beside) => socket(fd).receive(into, flags, address, beside),
    timerfd: (clock, flags) => descriptors.open(() => service().timer(clock), O_RDWR | flags),
    timerset(fd, flags, initial, interval, before) {
      const file = outsideFile(fd);
      const [left, every] =
        flags < 0 ? service().timerFile(file) : service().setTimerFile(file, flags, initial, interval);
      const view = new DataView(before.buffer, before.byteOffset, before.byteLength);
      view.setBigInt64(0, left, true);
      view.setBigInt64(8, every, true);
      return 16;
    },
    pidfd: (pid, flags) => descriptors.open(() => service().processFile(pid), O_RDWR | O_CLOEXEC | flags),
    pipesize(fd, size) {
      const file = descriptors.get(fd);
      if (!isOutside(file) || file.keepBytes === undefined) throw new SystemError("EBADF");
      return file.keepBytes(size);
    },
    pidfdpid(fd) {
      const file = descriptors.get(fd);
      if (isOutside(file)) return service().pidOf(file.outside);
      // The folder of a process in /proc stands for it, too.
      const number = descriptors.hostFile(fd);
      const link =
        number === undefined ? undefined : files?.readLink?.(new TextEncoder().encode(`/proc/self/fd/${number}`));
      const pid = /^\/proc\/(\d+)$/.exec(new TextDecoder().decode(link))?.[1];
      if (pid === undefined) throw new SystemError("EBADF");
      return Number(pid);
    },
    getsockopt: (fd, level, option) => socket(fd).option(level, option),
    setsockopt: (fd, level, option, value) => socket(fd).setOption(level, option, value),
    resolve: (host, name, family, type, protocol, flags) =>
      service().resolve(host.slice(), name.slice(), family, type, protocol, flags),
    nameinfo: (host, port, scope, flags) => service().nameInfo(host.slice(), port, scope, flags),
    netnames(kind, name, number, protocol) {
      const decoder = new TextDecoder();
      const read = textReader(files);
      const all =
        kind === NetworkKind.service
          ? networkServices(read)
          : kind === NetworkKind.protocol
            ? networkProtocols(read)
            : service().interfaces();
      const found = matching(all, decoder.decode(name.slice()), number, decoder.decode(protocol.slice()));
      return new TextEncoder().encode(found.map((one) => `${one.number} ${one.names[0]}\n`).join(""));
    },
  };
}
