/**
 * Sockets of the kernel: which there are, and those of datagrams over node:dgram.
 */

import { createSocket, type Socket as Datagrams } from "node:dgram";
import { SystemError } from "../../kernel/errno.ts";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  IPPROTO_TCP,
  MSG_PEEK,
  POLLERR,
  POLLIN,
  POLLOUT,
  SO_BROADCAST,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
} from "../../kernel/linux.ts";
import { KernelSocket, type Name, numeric, parse, type Received, written } from "./socket.ts";
import { StreamSocket } from "./streams.ts";
import { UnixDatagramSocket } from "./unix.ts";

/** Datagrams of the internet. */
class DatagramSocket extends KernelSocket {
  private socket: Datagrams;
  private readonly arrived: { bytes: Uint8Array; from: Name }[] = [];
  private bound = false;
  private peer: Name | undefined;

  constructor(family: number, protocol: number) {
    super(family, SOCK_DGRAM, protocol);
    this.socket = this.make();
  }

  private make(): Datagrams {
    const socket =
      this.family === AF_INET6 ? createSocket({ type: "udp6", ipv6Only: this.onlySix === 1 }) : createSocket("udp4");
    socket.on("message", (bytes, { address, port }) => {
      if (this.peer !== undefined && (this.peer.host !== address || this.peer.port !== port)) return;
      this.arrived.push({ bytes: Uint8Array.from(bytes), from: { host: address, port } });
      this.changed();
    });
    socket.on("error", (error) => this.fail(error));
    return socket;
  }

  override setOption(level: number, option: number, value: number): void {
    const before = this.onlySix;
    super.setOption(level, option, value);
    if (before === this.onlySix) return;
    if (this.bound) throw new SystemError("EINVAL");
    // It is told when it is made.
    this.socket.close();
    this.socket = this.make();
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

  async connect(address: Uint8Array): Promise<undefined> {
    const { host, port } = parse(address);
    this.peer = { host: await numeric(host, this.family), port };
    if (!this.bound) await this.open({ host: this.family === AF_INET6 ? "::1" : "127.0.0.1", port: 0 });
  }

  ready(): number {
    return (this.arrived.length > 0 ? POLLIN : 0) | POLLOUT | (this.failure !== 0 ? POLLERR : 0);
  }

  receive(most: number, flags: number): Received {
    this.complain();
    const first = flags & MSG_PEEK ? this.arrived[0] : this.arrived.shift();
    if (first === undefined) throw new SystemError("EAGAIN");
    return { bytes: first.bytes.subarray(0, most), from: written(first.from), cut: first.bytes.length > most };
  }

  async send(data: Uint8Array, _flags: number, address: Uint8Array, beside?: Uint8Array): Promise<number> {
    if (beside !== undefined && beside.length > 0) throw new SystemError("EOPNOTSUPP");
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

/** A new socket. */
export function newSocket(family: number, type: number, protocol: number): KernelSocket {
  if (family === AF_UNIX && type === SOCK_DGRAM) return new UnixDatagramSocket(protocol);
  if (family === AF_UNIX && type === SOCK_STREAM) return new StreamSocket(family, protocol);
  if (family !== AF_INET && family !== AF_INET6) throw new SystemError("EAFNOSUPPORT");
  if (type === SOCK_STREAM) return new StreamSocket(family, protocol || IPPROTO_TCP);
  if (type === SOCK_DGRAM) return new DatagramSocket(family, protocol || 17);
  throw new SystemError("EPROTONOSUPPORT");
}
