/**
 * What all sockets of the kernel have alike, and the handles of Node's under them: those do at once what node:net does in its
 * own time.
 */

import { lookup } from "node:dns";
import { existsSync, linkSync, renameSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { errno } from "../../generated/constants.ts";
import { errorName, SystemError } from "../../kernel/errno.ts";
import {
  AF_INET6,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_V6ONLY,
  SO_ACCEPTCONN,
  SO_BROADCAST,
  SO_DOMAIN,
  SO_ERROR,
  SO_KEEPALIVE,
  SO_PROTOCOL,
  SO_RCVBUF,
  SO_REUSEADDR,
  SO_SNDBUF,
  SO_TYPE,
  SOL_SOCKET,
} from "../../kernel/linux.ts";
import { KernelFile } from "./files.ts";
import { interfaceName, interfaceNumber } from "./interfaces.ts";

/** As much is kept for the other side before a writer has to wait. */
export const SEND_BYTES = 1 << 18;

export const decoder = new TextDecoder();
export const encoder = new TextEncoder();

/** What a handle of Node's tells when an operation of it has ended. */
export interface Ended {
  oncomplete?: (status: number) => void;
  /** What is being written: the system reads it until then, and nobody else holds it. */
  buffer?: Uint8Array;
}

/** A handle of Node's for streams. Numbers that are returned are 0, or errors of libuv's. */
export interface Handle {
  open(fd: number): number;
  bind(...args: unknown[]): number;
  bind6?(...args: unknown[]): number;
  listen(backlog: number): number;
  connect(request: Ended, ...to: unknown[]): number | undefined;
  connect6?(request: Ended, ...to: unknown[]): number;
  getsockname?(out: object): number;
  getpeername?(out: object): number;
  setNoDelay?(on: boolean): number;
  setKeepAlive?(on: boolean, seconds: number): number;
  onconnection: (status: number, client: Handle) => void;
  onread: (data: ArrayBuffer | undefined) => void;
  readonly writeQueueSize: number;
  readStart(): number;
  readStop(): number;
  writeBuffer(request: Ended, data: Uint8Array): number;
  shutdown(request: Ended): number;
  reset?(ended: () => void): number;
  close(ended?: () => void): void;
}

type Making<T> = new (...args: number[]) => T;
interface StreamBinding {
  constants: { SOCKET: number; SERVER: number };
  TCP: Making<Handle>;
  Pipe: Making<Handle>;
  TCPConnectWrap: Making<Ended>;
  PipeConnectWrap: Making<Ended>;
  WriteWrap: Making<Ended>;
  ShutdownWrap: Making<Ended>;
  kReadBytesOrError: number;
  kArrayBufferOffset: number;
  kLastWriteWasAsync: number;
  streamBaseState: Int32Array;
}

/** A binding of Node's: tcp_wrap, pipe_wrap, stream_wrap. */
export function binding(name: string): StreamBinding {
  const get = (process as unknown as { binding?(name: string): StreamBinding }).binding;
  if (get === undefined) throw new SystemError("ENOSYS");
  process.noDeprecation = true;
  return get.call(process, name);
}

/** Binds a handle to a path, at which there is a socket then. */
export function bindPath(address: Uint8Array): Handle {
  const { Pipe, constants } = binding("pipe_wrap");
  const handle = new Pipe(constants.SOCKET);
  check(handle.bind(decoder.decode(address)));
  return handle;
}

/** Closes such a handle; its path stays, which the handle would take away. */
export function closePath(handle: Handle, address: Uint8Array): void {
  const path = decoder.decode(address);
  const other = `${path}.${process.pid}`;
  try {
    linkSync(path, other);
  } catch {
    handle.close();
    return;
  }
  handle.close();
  renameSync(other, path);
}

/** Whether there is something at a path already. */
export function isTaken(address: Uint8Array): boolean {
  return address.length > 0 && address[0] !== 0 && existsSync(decoder.decode(address));
}

/** By what a socket of Unix is found, whatever its path is called: undefined where there is none at the path. */
export function placeOf(address: Uint8Array): string | undefined {
  if (address[0] === 0) return decoder.decode(address);
  const s = statSync(decoder.decode(address), { throwIfNoEntry: false });
  return s?.isSocket() ? `${s.dev}:${s.ino}` : undefined;
}

/** The error of a number of libuv's: those of Linux, negated. */
export function uvError(number: number): SystemError {
  for (const [name, value] of Object.entries(errno)) {
    if (value === -number) return new SystemError(name as keyof typeof errno);
  }
  return new SystemError("EIO");
}

export function check(number: number): void {
  if (number < 0) throw uvError(number);
}

export interface Name {
  host: string;
  port: number;
}

/** The numeric address of a host, looked up where it is a name. */
export function numeric(host: string, family: number): Promise<string> {
  if (host === "") return Promise.resolve(family === AF_INET6 ? "::" : "0.0.0.0");
  if (host === "<broadcast>") return Promise.resolve("255.255.255.255");
  if (isIP(host) !== 0) return Promise.resolve(host);
  return new Promise((resolve, reject) => {
    lookup(host, { family: family === AF_INET6 ? 6 : 4 }, (error, address) => {
      if (error) reject(lookupError(error));
      else resolve(address);
    });
  });
}

/** What a look-up that failed throws: an errno number of a kind of its own, as spec/syscalls.txt has it. */
export function lookupError(error: NodeJS.ErrnoException): Error {
  const code = error.code === "EAI_AGAIN" ? 3 : 2;
  return Object.assign(new Error("look-up"), { code: `EAI${code}` });
}

/** An address as the process has it: lines. */
export function parse(address: Uint8Array): Name {
  const [host = "", port = "0", , scope = "0"] = decoder.decode(address).split("\n");
  const zoned = scope !== "0" && host.includes(":") && !host.includes("%");
  return { host: zoned ? `${host}%${interfaceName(Number(scope))}` : host, port: Number(port) };
}

export function written({ host, port }: Name): Uint8Array {
  const [address, zone] = host.split("%");
  return encoder.encode(`${address}\n${port}\n0\n${zone === undefined ? 0 : (interfaceNumber(zone) ?? 0)}`);
}

/** What is received: the bytes, who has sent them, what came beside them, whether there were more in the datagram. */
export interface Received {
  bytes: Uint8Array;
  from?: Uint8Array;
  beside?: Uint8Array;
  cut?: boolean;
}

/** What all sockets do. */
export abstract class KernelSocket extends KernelFile {
  readonly kind = "socket";
  /** The error of something that failed meanwhile, until it is asked for. */
  protected failure = 0;
  private readonly options = new Map<string, number>();

  constructor(
    readonly family: number,
    readonly type: number,
    readonly protocol: number,
  ) {
    super();
  }

  abstract bind(address: Uint8Array): void | Promise<void>;
  /** Connects it; where that makes another socket of it, that one. */
  abstract connect(address: Uint8Array): KernelSocket | undefined | Promise<KernelSocket | undefined>;
  /** `beside`: control messages that go with the bytes; only sockets of Unix within the process take any. */
  abstract send(data: Uint8Array, flags: number, address: Uint8Array, beside?: Uint8Array): number | Promise<number>;
  abstract receive(most: number, flags: number): Received;
  abstract name(peer: boolean): Uint8Array;

  listen(_backlog: number): void {
    throw new SystemError("EOPNOTSUPP");
  }

  accept(): KernelSocket {
    throw new SystemError("EOPNOTSUPP");
  }

  shutdown(_how: number): void {
    throw new SystemError("ENOTCONN");
  }

  protected get listens(): boolean {
    return false;
  }

  read(most: number): Uint8Array {
    return this.receive(most, 0).bytes;
  }

  write(_bytes: Uint8Array): number {
    throw new SystemError("EBADF");
  }

  protected fail(error: unknown): void {
    this.failure = errno[errorName(error)];
    this.changed();
  }

  /** Throws what has failed meanwhile. */
  protected complain(): void {
    const { failure } = this;
    this.failure = 0;
    if (failure !== 0) throw uvError(-failure);
  }

  /** As libuv has it: 1 where nothing of the internet of 4 bytes is to arrive at an address of 16. */
  protected get onlySix(): number {
    return this.options.get(`${IPPROTO_IPV6} ${IPV6_V6ONLY}`) ? 1 : 0;
  }

  option(level: number, option: number): number {
    if (level === SOL_SOCKET) {
      if (option === SO_TYPE) return this.type;
      if (option === SO_DOMAIN) return this.family;
      if (option === SO_PROTOCOL) return this.protocol;
      if (option === SO_ACCEPTCONN) return this.listens ? 1 : 0;
      if (option === SO_ERROR) {
        const { failure } = this;
        this.failure = 0;
        return failure;
      }
    }
    const known = this.options.get(`${level} ${option}`);
    if (known !== undefined) return known;
    if (level === SOL_SOCKET && (option === SO_SNDBUF || option === SO_RCVBUF)) return 212992;
    if (level !== SOL_SOCKET && level !== IPPROTO_TCP && level !== 0 && level !== IPPROTO_IPV6)
      throw new SystemError("ENOPROTOOPT");
    return 0;
  }

  setOption(level: number, option: number, value: number): void {
    if (level !== SOL_SOCKET && level !== IPPROTO_TCP && level !== 0 && level !== IPPROTO_IPV6)
      throw new SystemError("ENOPROTOOPT");
    // Linux keeps twice what is asked for.
    const kept =
      level === SOL_SOCKET && (option === SO_SNDBUF || option === SO_RCVBUF) ? Math.max(value * 2, 4608) : value;
    const flag = level === SOL_SOCKET && [SO_REUSEADDR, SO_BROADCAST, SO_KEEPALIVE].includes(option);
    this.options.set(`${level} ${option}`, flag ? Number(value !== 0) : kept);
  }
}
