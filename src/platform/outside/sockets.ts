/**
 * Sockets of the kernel: those of streams over handles of Node's, which are bound and listen as the system's do; those of
 * datagrams over node:dgram; and pairs that never leave the process.
 */
import { createSocket, type Socket as Datagrams } from "node:dgram";
import { lookup } from "node:dns";
import { linkSync, renameSync } from "node:fs";
import { isIP, Socket } from "node:net";
import { errno } from "../../generated/constants.ts";
import { SystemError } from "../../kernel/errno.ts";
import { Bytes, KernelFile, POLLERR, POLLHUP, POLLIN, POLLOUT } from "./files.ts";

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOL_SOCKET = 1;
const IPPROTO_TCP = 6;
const SO_REUSEADDR = 2;
const SO_TYPE = 3;
const SO_ERROR = 4;
const SO_BROADCAST = 6;
const SO_KEEPALIVE = 9;
const SO_ACCEPTCONN = 30;
const SO_PROTOCOL = 38;
const SO_DOMAIN = 39;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const TCP_NODELAY = 1;
const MSG_PEEK = 2;
/** As much is kept for the other side before a writer has to wait. */
const SEND_BYTES = 1 << 18;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** A handle of Node's, which does at once what node:net does in its own time. */
interface Handle {
  bind(...args: unknown[]): number;
  bind6?(...args: unknown[]): number;
  listen(backlog: number): number;
  getsockname?(out: object): number;
  getpeername?(out: object): number;
  onconnection: (status: number, client: Handle) => void;
  close(): void;
}

type Binding = Record<string, new (kind: number) => Handle> & { constants: { SOCKET: number; SERVER: number } };

function binding(name: string): Binding {
  const get = (process as unknown as { binding?(name: string): Binding }).binding;
  if (get === undefined) throw new SystemError("ENOSYS");
  process.noDeprecation = true;
  return get.call(process, name);
}

/** The error of a number of libuv's: those of Linux, negated. */
function uvError(number: number): SystemError {
  for (const [name, value] of Object.entries(errno)) {
    if (value === -number) return new SystemError(name as keyof typeof errno);
  }
  return new SystemError("EIO");
}

function check(number: number): void {
  if (number < 0) throw uvError(number);
}

interface Name {
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
function lookupError(error: NodeJS.ErrnoException): Error {
  const code = error.code === "EAI_AGAIN" ? 3 : 2;
  return Object.assign(new Error("look-up"), { code: `EAI${code}` });
}

/** An address as the process has it: lines. */
function parse(address: Uint8Array): Name {
  const [host = "", port = "0"] = decoder.decode(address).split("\n");
  return { host, port: Number(port) };
}

function written({ host, port }: Name): Uint8Array {
  return encoder.encode(`${host}\n${port}\n0\n0`);
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
  abstract connect(address: Uint8Array): void | Promise<void>;
  abstract send(data: Uint8Array, flags: number, address: Uint8Array): number | Promise<number>;
  /** Bytes, and who has sent them where that is wanted. */
  abstract receive(most: number, flags: number): { bytes: Uint8Array; from?: Uint8Array };
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
    this.failure = errno[(error as { code?: keyof typeof errno }).code ?? "EIO"] ?? errno.EIO;
    this.changed();
  }

  /** Throws what has failed meanwhile. */
  protected complain(): void {
    const { failure } = this;
    this.failure = 0;
    if (failure !== 0) throw uvError(-failure);
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
    if (level !== SOL_SOCKET && level !== IPPROTO_TCP && level !== 0 && level !== 41)
      throw new SystemError("ENOPROTOOPT");
    return 0;
  }

  setOption(level: number, option: number, value: number): void {
    if (level !== SOL_SOCKET && level !== IPPROTO_TCP && level !== 0 && level !== 41)
      throw new SystemError("ENOPROTOOPT");
    // Linux keeps twice what is asked for.
    const kept =
      level === SOL_SOCKET && (option === SO_SNDBUF || option === SO_RCVBUF) ? Math.max(value * 2, 4608) : value;
    const flag = level === SOL_SOCKET && [SO_REUSEADDR, SO_BROADCAST, SO_KEEPALIVE].includes(option);
    this.options.set(`${level} ${option}`, flag ? Number(value !== 0) : kept);
  }
}

/** A stream of the internet or of Unix. */
class StreamSocket extends KernelSocket {
  private handle: Handle | undefined;
  private socket: Socket | undefined;
  private path: Uint8Array = new Uint8Array();
  private readonly waiting: Handle[] = [];
  private listening = false;
  private connecting = false;
  private connected = false;
  private ended = false;
  private readsNoMore = false;
  private writesNoMore = false;

  constructor(family: number, protocol: number, accepted?: Handle) {
    super(family, SOCK_STREAM, protocol);
    if (accepted) this.take(accepted);
  }

  private make(kind: "SOCKET" | "SERVER"): Handle {
    const [name, part] = this.family === AF_UNIX ? ["Pipe", "pipe_wrap"] : ["TCP", "tcp_wrap"];
    const from = binding(part!);
    return new from[name!]!(from.constants[kind]);
  }

  /** A connection is made over a handle. */
  private take(handle: Handle): void {
    this.handle = handle;
    this.follow(new Socket({ handle, allowHalfOpen: true, pauseOnCreate: true } as object));
    this.connected = true;
  }

  private follow(socket: Socket): void {
    this.socket = socket;
    socket.on("readable", () => this.changed());
    socket.on("end", () => {
      this.ended = true;
      this.changed();
    });
    socket.on("drain", () => this.changed());
    socket.on("error", (error) => {
      this.connecting = false;
      this.fail(error);
    });
    socket.on("close", () => {
      this.ended = true;
      this.changed();
    });
    socket.on("connect", () => {
      this.connecting = false;
      this.connected = true;
      this.changed();
      socket.read(0);
    });
    socket.read(0);
  }

  async bind(address: Uint8Array): Promise<void> {
    if (this.handle !== undefined) throw new SystemError("EINVAL");
    if (this.family === AF_UNIX) {
      const handle = this.make("SERVER");
      check(handle.bind(decoder.decode(address)));
      this.handle = handle;
      this.path = address;
      return;
    }
    const { host, port } = parse(address);
    const at = await numeric(host, this.family);
    const handle = this.make("SERVER");
    check(this.family === AF_INET6 ? handle.bind6!(at, port, 0) : handle.bind(at, port));
    // What is wrong with an address is told late: here it is wanted at once.
    const out = {};
    check(handle.getsockname!(out));
    this.handle = handle;
  }

  override listen(backlog: number): void {
    if (this.handle === undefined) {
      if (this.family === AF_UNIX) throw new SystemError("EINVAL");
      this.handle = this.make("SERVER");
      check(this.family === AF_INET6 ? this.handle.bind6!("::", 0, 0) : this.handle.bind("0.0.0.0", 0));
    }
    this.handle.onconnection = (status, client) => {
      if (status === 0) this.waiting.push(client);
      this.changed();
    };
    check(this.handle.listen(Math.max(backlog, 1)));
    this.listening = true;
  }

  protected override get listens(): boolean {
    return this.listening;
  }

  override accept(): KernelSocket {
    if (!this.listening) throw new SystemError("EINVAL");
    const client = this.waiting.shift();
    if (client === undefined) throw new SystemError("EAGAIN");
    return new StreamSocket(this.family, this.protocol, client);
  }

  async connect(address: Uint8Array): Promise<void> {
    if (this.connected) throw new SystemError("EISCONN");
    if (this.connecting) throw new SystemError("EALREADY");
    if (this.listening) throw new SystemError("EINVAL");
    const options =
      this.family === AF_UNIX
        ? { path: decoder.decode(address) }
        : await (async () => {
            const { host, port } = parse(address);
            const at = await numeric(host, this.family);
            // To nowhere in particular is to here.
            return { host: at === "0.0.0.0" ? "127.0.0.1" : at === "::" ? "::1" : at, port };
          })();
    this.connecting = true;
    const handle = this.handle;
    const socket = new Socket({ allowHalfOpen: true, ...(handle === undefined ? {} : { handle }) } as object);
    this.follow(socket);
    socket.connect(options as never);
    throw new SystemError("EINPROGRESS");
  }

  ready(): number {
    if (this.listening) return this.waiting.length > 0 ? POLLIN : 0;
    if (this.failure !== 0) return POLLIN | POLLOUT | POLLERR | POLLHUP;
    if (this.connecting) return 0;
    const { socket } = this;
    if (socket === undefined || !this.connected) return POLLOUT | POLLHUP;
    const readable = socket.readableLength > 0 || this.ended || this.readsNoMore;
    const writable = socket.writableLength < SEND_BYTES;
    const gone = this.ended && (this.writesNoMore || socket.destroyed);
    return (readable ? POLLIN : 0) | (writable ? POLLOUT : 0) | (gone ? POLLHUP : 0);
  }

  receive(most: number, flags: number): { bytes: Uint8Array } {
    this.complain();
    const { socket } = this;
    if (socket === undefined || !this.connected) throw new SystemError("ENOTCONN");
    const there = Math.min(most, socket.readableLength);
    if (there === 0) {
      if (most === 0 || this.ended || this.readsNoMore) return { bytes: new Uint8Array() };
      // Reads on, and finds the end where that has come.
      socket.read(0);
      throw new SystemError("EAGAIN");
    }
    const bytes = socket.read(there) as Buffer;
    if (flags & MSG_PEEK) socket.unshift(Buffer.from(bytes));
    return { bytes: Uint8Array.from(bytes) };
  }

  send(data: Uint8Array, _flags: number): number {
    this.complain();
    const { socket } = this;
    if (socket === undefined || !this.connected) throw new SystemError(this.writesNoMore ? "EPIPE" : "ENOTCONN");
    if (this.writesNoMore || socket.destroyed) throw new SystemError("EPIPE");
    const room = SEND_BYTES - socket.writableLength;
    if (room <= 0) throw new SystemError("EAGAIN");
    const taken = data.subarray(0, room);
    socket.write(taken);
    return taken.length;
  }

  override write(bytes: Uint8Array): number {
    return this.send(bytes, 0);
  }

  override shutdown(how: number): void {
    const { socket } = this;
    if (how < 0 || how > 2) throw new SystemError("EINVAL");
    if (this.listening) {
      this.listening = false;
      this.failure = errno.EINVAL;
      this.changed();
      return;
    }
    if (socket === undefined || !this.connected) throw new SystemError("ENOTCONN");
    if (how !== 1) this.readsNoMore = true;
    if (how !== 0 && !this.writesNoMore) {
      this.writesNoMore = true;
      socket.end();
    }
    this.changed();
  }

  name(peer: boolean): Uint8Array {
    if (this.family === AF_UNIX) {
      if (peer && !this.connected) throw new SystemError("ENOTCONN");
      return peer ? new Uint8Array() : this.path;
    }
    const { socket } = this;
    if (peer) {
      if (socket?.remoteAddress === undefined) throw new SystemError("ENOTCONN");
      return written({ host: socket.remoteAddress, port: socket.remotePort! });
    }
    if (socket?.localAddress !== undefined) return written({ host: socket.localAddress, port: socket.localPort! });
    const out: { address?: string; port?: number } = {};
    if (this.handle?.getsockname?.(out) === 0 && out.address !== undefined) {
      return written({ host: out.address, port: out.port! });
    }
    return written({ host: this.family === AF_INET6 ? "::" : "0.0.0.0", port: 0 });
  }

  override setOption(level: number, option: number, value: number): void {
    super.setOption(level, option, value);
    if (level === IPPROTO_TCP && option === TCP_NODELAY) this.socket?.setNoDelay(value !== 0);
    if (level === SOL_SOCKET && option === SO_KEEPALIVE) this.socket?.setKeepAlive(value !== 0);
  }

  protected end(): void {
    for (const client of this.waiting.splice(0)) client.close();
    if (this.socket !== undefined) {
      // What was written is sent before the end.
      this.socket.destroySoon();
      this.socket.resume();
    } else if (this.family === AF_UNIX && this.path.length > 0) this.closeKeepingPath();
    else this.handle?.close();
  }

  /** Closes the handle; its path stays, which the handle would take away. */
  private closeKeepingPath(): void {
    const path = decoder.decode(this.path);
    const other = `${path}.${process.pid}`;
    try {
      linkSync(path, other);
    } catch {
      this.handle?.close();
      return;
    }
    this.handle?.close();
    renameSync(other, path);
  }
}

/** Datagrams of the internet. */
class DatagramSocket extends KernelSocket {
  private readonly socket: Datagrams;
  private readonly arrived: { bytes: Uint8Array; from: Name }[] = [];
  private bound = false;
  private peer: Name | undefined;

  constructor(family: number, protocol: number) {
    super(family, SOCK_DGRAM, protocol);
    this.socket = createSocket({ type: family === AF_INET6 ? "udp6" : "udp4" });
    this.socket.on("message", (bytes, { address, port }) => {
      if (this.peer !== undefined && (this.peer.host !== address || this.peer.port !== port)) return;
      this.arrived.push({ bytes: Uint8Array.from(bytes), from: { host: address, port } });
      this.changed();
    });
    this.socket.on("error", (error) => this.fail(error));
  }

  private open({ host, port }: Name): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once("error", reject);
      this.socket.bind({ address: host, port, exclusive: true }, () => {
        this.socket.removeListener("error", reject);
        this.bound = true;
        if (this.option(SOL_SOCKET, SO_BROADCAST) !== 0) this.socket.setBroadcast(true);
        resolve();
      });
    });
  }

  async bind(address: Uint8Array): Promise<void> {
    if (this.bound) throw new SystemError("EINVAL");
    const { host, port } = parse(address);
    await this.open({ host: await numeric(host, this.family), port });
  }

  async connect(address: Uint8Array): Promise<void> {
    const { host, port } = parse(address);
    this.peer = { host: await numeric(host, this.family), port };
    if (!this.bound) await this.open({ host: this.family === AF_INET6 ? "::1" : "127.0.0.1", port: 0 });
  }

  ready(): number {
    return (this.arrived.length > 0 ? POLLIN : 0) | POLLOUT | (this.failure !== 0 ? POLLERR : 0);
  }

  receive(most: number, flags: number): { bytes: Uint8Array; from: Uint8Array } {
    this.complain();
    const first = flags & MSG_PEEK ? this.arrived[0] : this.arrived.shift();
    if (first === undefined) throw new SystemError("EAGAIN");
    return { bytes: first.bytes.subarray(0, most), from: written(first.from) };
  }

  async send(data: Uint8Array, _flags: number, address: Uint8Array): Promise<number> {
    this.complain();
    const to = address.length > 0 ? parse(address) : this.peer;
    if (to === undefined) throw new SystemError("EDESTADDRREQ");
    const host = await numeric(to.host, this.family);
    if (!this.bound) await this.open({ host: this.family === AF_INET6 ? "::" : "0.0.0.0", port: 0 });
    await new Promise<void>((resolve, reject) => {
      this.socket.send(data, to.port, host, (error) => (error ? reject(error) : resolve()));
    });
    return data.length;
  }

  override write(_bytes: Uint8Array): number {
    throw new SystemError("EDESTADDRREQ");
  }

  override shutdown(): void {
    if (this.peer === undefined) throw new SystemError("ENOTCONN");
  }

  name(peer: boolean): Uint8Array {
    if (peer) {
      if (this.peer === undefined) throw new SystemError("ENOTCONN");
      return written(this.peer);
    }
    if (!this.bound) return written({ host: this.family === AF_INET6 ? "::" : "0.0.0.0", port: 0 });
    const { address, port } = this.socket.address();
    return written({ host: address, port });
  }

  protected end(): void {
    this.socket.close();
  }
}

/** One end of a pair. */
export class PairSocket extends KernelSocket {
  private other: PairSocket | undefined;
  private readonly bytes = new Bytes();
  /** How long each datagram is. */
  private readonly lengths: number[] = [];
  private ended = false;
  private writesNoMore = false;

  static pair(family: number, type: number, protocol: number): [PairSocket, PairSocket] {
    const one = new PairSocket(family, type, protocol);
    const two = new PairSocket(family, type, protocol);
    one.other = two;
    two.other = one;
    return [one, two];
  }

  bind(): void {
    throw new SystemError("EINVAL");
  }

  connect(): void {
    throw new SystemError("EISCONN");
  }

  ready(): number {
    const there = this.bytes.length > 0 || this.lengths.length > 0 || this.ended;
    const room = this.other !== undefined && this.other.bytes.length < SEND_BYTES;
    return (there ? POLLIN : 0) | (room || this.ended ? POLLOUT : 0) | (this.ended && this.writesNoMore ? POLLHUP : 0);
  }

  receive(most: number, flags: number): { bytes: Uint8Array; from: Uint8Array } {
    const from = new Uint8Array();
    const keep = (flags & MSG_PEEK) !== 0;
    if (this.type === SOCK_DGRAM) {
      const length = keep ? this.lengths[0] : this.lengths.shift();
      if (length === undefined) {
        if (this.ended) return { bytes: from, from };
        throw new SystemError("EAGAIN");
      }
      const bytes = this.bytes.take(length, keep).subarray(0, most);
      this.other?.changed();
      return { bytes, from };
    }
    if (this.bytes.length === 0 && !this.ended && most > 0) throw new SystemError("EAGAIN");
    const bytes = this.bytes.take(most, keep);
    this.other?.changed();
    return { bytes, from };
  }

  send(data: Uint8Array, _flags: number): number {
    const { other } = this;
    if (other === undefined || this.writesNoMore) throw new SystemError("EPIPE");
    const room = SEND_BYTES - other.bytes.length;
    if (this.type === SOCK_DGRAM) {
      if (room < data.length) throw new SystemError("EAGAIN");
      other.lengths.push(data.length);
    } else if (room <= 0 && data.length > 0) throw new SystemError("EAGAIN");
    const taken = data.subarray(0, room);
    other.bytes.add(taken);
    other.changed();
    return taken.length;
  }

  override write(bytes: Uint8Array): number {
    return this.send(bytes, 0);
  }

  override shutdown(how: number): void {
    if (how !== 1) this.ended = true;
    if (how !== 0) {
      this.writesNoMore = true;
      if (this.other !== undefined) {
        this.other.ended = true;
        this.other.changed();
      }
    }
    this.changed();
  }

  name(): Uint8Array {
    return new Uint8Array();
  }

  protected end(): void {
    if (this.other === undefined) return;
    this.other.ended = true;
    this.other.other = undefined;
    this.other.changed();
  }
}

/** A new socket. */
export function newSocket(family: number, type: number, protocol: number): KernelSocket {
  if (family === AF_UNIX && type === SOCK_STREAM) return new StreamSocket(family, protocol);
  if (family !== AF_INET && family !== AF_INET6) throw new SystemError("EAFNOSUPPORT");
  if (type === SOCK_STREAM) return new StreamSocket(family, protocol || IPPROTO_TCP);
  if (type === SOCK_DGRAM) return new DatagramSocket(family, protocol || 17);
  throw new SystemError("EPROTONOSUPPORT");
}

/** Addresses by name, as spec/syscalls.txt has the call resolve. */
export function resolve(
  host: string,
  service: string,
  family: number,
  type: number,
  protocol: number,
  flags: number,
): Promise<Uint8Array> {
  const refuse = (code: number): never => {
    throw Object.assign(new Error("look-up"), { code: `EAI${code}` });
  };
  const AI_PASSIVE = 1;
  const AI_CANONNAME = 2;
  const AI_NUMERICHOST = 4;
  if (host === "" && service === "") return Promise.resolve().then(() => refuse(2));
  if (![0, AF_INET, AF_INET6].includes(family)) return Promise.resolve().then(() => refuse(6));
  const port = service === "" ? 0 : /^\d+$/.test(service) ? Number(service) & 0xffff : (SERVICES[service] ?? -1);
  if (port < 0) return Promise.resolve().then(() => refuse(8));
  const kinds = [
    [SOCK_STREAM, 6],
    [SOCK_DGRAM, 17],
    [3, 0],
  ].filter(
    ([kind, number]) => (type === 0 || kind === type) && (protocol === 0 || number === protocol || number === 0),
  );
  if (kinds.length === 0) return Promise.resolve().then(() => refuse(7));
  const list = (addresses: { address: string; family: number }[]) => {
    const name = flags & AI_CANONNAME ? host : "";
    const lines: string[] = [];
    for (const { address, family: version } of addresses) {
      const at = version === 6 ? AF_INET6 : AF_INET;
      if (family !== 0 && family !== at) continue;
      kinds.forEach(([kind, number], i) => {
        lines.push(`${at} ${kind} ${number} ${i === 0 ? name : ""}`, address, String(port), "0", "0");
      });
    }
    if (lines.length === 0) refuse(9);
    return encoder.encode(lines.join("\n"));
  };
  if (host === "") {
    const any = flags & AI_PASSIVE ? ["0.0.0.0", "::"] : ["127.0.0.1", "::1"];
    return Promise.resolve(any.map((address, i) => ({ address, family: i === 0 ? 4 : 6 }))).then(list);
  }
  const version = isIP(host);
  if (version !== 0) return Promise.resolve([{ address: host, family: version }]).then(list);
  if (flags & AI_NUMERICHOST) return Promise.resolve().then(() => refuse(2));
  return new Promise<{ address: string; family: number }[]>((found, failed) => {
    lookup(host, { all: true, family: family === AF_INET ? 4 : family === AF_INET6 ? 6 : 0 }, (error, addresses) => {
      if (error) failed(lookupError(error));
      else found(addresses);
    });
  }).then(list);
}

/** The services that programs name. */
const SERVICES: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  http: 80,
  pop3: 110,
  nntp: 119,
  ntp: 123,
  imap: 143,
  https: 443,
};
