/**
 * Sockets of streams, over handles of Node's. What has arrived waits here until it is read, and as much as the system does not
 * take at once waits in the handle.
 */

import { errno } from "../../generated/constants.ts";
import { Bytes } from "../../kernel/bytes.ts";
import { SystemError } from "../../kernel/errno.ts";
import {
  AF_INET6,
  AF_UNIX,
  IPPROTO_TCP,
  MSG_PEEK,
  POLLERR,
  POLLHUP,
  POLLIN,
  POLLOUT,
  SO_KEEPALIVE,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_NODELAY,
} from "../../kernel/linux.ts";
import {
  binding,
  bindPath,
  check,
  closePath,
  decoder,
  type Ended,
  encoder,
  type Handle,
  isTaken,
  KernelSocket,
  numeric,
  parse,
  placeOf,
  type Received,
  SEND_BYTES,
  uvError,
  written,
} from "./socket.ts";
import { PairSocket } from "./unix.ts";

/** As much is read ahead before the other side has to wait. */
const RECEIVE_BYTES = 1 << 18;
/** What reading says at the end. */
const UV_EOF = -4095;

/** A pipe or a socket that the process has found open as a descriptor. */
export function inheritedPipe(fd: number): StreamSocket {
  const { Pipe, constants } = binding("pipe_wrap");
  const handle = new Pipe(constants.SOCKET);
  check(handle.open(fd));
  return new StreamSocket(AF_UNIX, 0, handle);
}

/** The sockets of Unix of this process that listen, by their places. */
const listeners = new Map<string, StreamSocket>();

/** An abstract name that nobody has. */
function freeName(): Uint8Array {
  return encoder.encode(`\0${(nextName++ & 0xfffff).toString(16).padStart(5, "0")}`);
}
let nextName = process.pid;

/** A stream of the internet or of Unix. */
export class StreamSocket extends KernelSocket {
  private handle: Handle | undefined;
  private path: Uint8Array = new Uint8Array();
  private peerPath: Uint8Array = new Uint8Array();
  private readonly waiting: (Handle | PairSocket)[] = [];
  /** Of a listener of Unix: where it is found, and how many may wait. */
  private place: string | undefined;
  private most = 0;
  private readonly arrived = new Bytes();
  /** What sends the end, once it was asked to. */
  private finishing: Ended | undefined;
  private state: "new" | "listening" | "connecting" | "connected" | "closed" = "new";
  /** Whether it was bound to an address of the internet. */
  private named = false;
  /** Whether it has made its path. */
  private bound = false;
  private reads = false;
  private ended = false;
  private readsNoMore = false;
  private writesNoMore = false;

  constructor(family: number, protocol: number, accepted?: Handle, path?: Uint8Array) {
    super(family, SOCK_STREAM, protocol);
    if (accepted === undefined) return;
    if (path !== undefined) this.path = path;
    this.begin(accepted);
  }

  private make(): Handle {
    const { TCP, Pipe, constants } = binding(this.family === AF_UNIX ? "pipe_wrap" : "tcp_wrap");
    return new (this.family === AF_UNIX ? Pipe : TCP)(constants.SOCKET);
  }

  /** The handle is connected. */
  private begin(handle: Handle): void {
    this.handle = handle;
    this.state = "connected";
    const { streamBaseState: said, kReadBytesOrError, kArrayBufferOffset } = binding("stream_wrap");
    handle.onread = (data) => {
      const length = said[kReadBytesOrError]!;
      if (length > 0 && data !== undefined) {
        if (!this.readsNoMore) this.arrived.add(new Uint8Array(data, said[kArrayBufferOffset], length));
        if (this.arrived.length >= RECEIVE_BYTES) this.read_(false);
      } else if (length < 0) {
        this.read_(false);
        this.ended = true;
        if (length !== UV_EOF) this.failure = -length;
      }
      this.changed();
    };
    this.read_(true);
  }

  /** Begins or stops to read ahead. */
  private read_(on: boolean): void {
    if (this.reads === on || this.handle === undefined) return;
    this.reads = on;
    if (on) this.handle.readStart();
    else this.handle.readStop();
  }

  async bind(address: Uint8Array): Promise<void> {
    if (this.family === AF_UNIX && isTaken(address)) throw new SystemError("EADDRINUSE");
    if (this.handle !== undefined || this.path.length > 0) throw new SystemError("EINVAL");
    if (this.family === AF_UNIX) {
      if (address.length === 0) address = freeName();
      if (address[0] !== 0) {
        this.handle = bindPath(address);
        this.bound = true;
      } else if (listeners.has(placeOf(address)!)) throw new SystemError("EADDRINUSE");
      this.path = address;
      return;
    }
    const { host, port } = parse(address);
    const at = await numeric(host, this.family);
    const handle = this.make();
    check(this.family === AF_INET6 ? handle.bind6!(at, port, this.onlySix) : handle.bind(at, port));
    // What is wrong with an address is told late: here it is wanted at once.
    check(handle.getsockname!({}));
    this.handle = handle;
    this.named = true;
  }

  override listen(backlog: number): void {
    if (this.state !== "new" && this.state !== "listening") throw new SystemError("EINVAL");
    if (this.family === AF_UNIX) {
      if (this.path.length === 0) throw new SystemError("EINVAL");
      this.place = placeOf(this.path);
      if (this.place !== undefined) listeners.set(this.place, this);
      this.most = Math.max(backlog, 0) + 1;
      this.state = "listening";
      // An abstract name is known to this process alone.
      if (this.handle === undefined) return;
    }
    if (this.handle === undefined) {
      this.handle = this.make();
      check(this.family === AF_INET6 ? this.handle.bind6!("::", 0, this.onlySix) : this.handle.bind("0.0.0.0", 0));
    }
    this.handle.onconnection = (status, client) => {
      if (status === 0) this.waiting.push(client);
      this.changed();
    };
    check(this.handle.listen(Math.max(backlog, 1)));
    this.state = "listening";
  }

  protected override get listens(): boolean {
    return this.state === "listening";
  }

  override accept(): KernelSocket {
    if (this.state !== "listening") throw new SystemError("EINVAL");
    const client = this.waiting.shift();
    if (client === undefined) throw new SystemError("EAGAIN");
    if (client instanceof PairSocket) return client;
    return new StreamSocket(this.family, this.protocol, client, this.path);
  }

  async connect(address: Uint8Array): Promise<KernelSocket | undefined> {
    if (this.state === "connected") throw new SystemError("EISCONN");
    if (this.state === "connecting") throw new SystemError("EALREADY");
    if (this.state === "listening") throw new SystemError("EINVAL");
    if (this.family === AF_UNIX) {
      const listener = listeners.get(placeOf(address) ?? "");
      if (listener !== undefined) return this.connectWithin(listener, address);
      if (address[0] === 0) throw new SystemError("ECONNREFUSED");
      await this.connectPath(address);
      return undefined;
    }
    // What was not asked about the last attempt is told now.
    this.complain();
    const { host, port } = parse(address);
    const at = await numeric(host, this.family);
    this.handle ??= this.make();
    const { handle } = this;
    const request = new (binding("tcp_wrap").TCPConnectWrap)();
    request.oncomplete = (status) => {
      if (this.state !== "connecting") return;
      if (status === 0) this.begin(handle);
      else {
        this.state = "new";
        this.failure = -status;
        if (!this.named) {
          // What has failed to connect cannot try again.
          this.handle = undefined;
          handle.close();
        }
      }
      this.changed();
    };
    this.state = "connecting";
    const status = this.family === AF_INET6 ? handle.connect6!(request, at, port) : handle.connect(request, at, port)!;
    if (status < 0) {
      this.state = "new";
      throw uvError(status);
    }
    throw new SystemError("EINPROGRESS");
  }

  /** To a listener of this process it is connected within the process. */
  private connectWithin(listener: StreamSocket, address: Uint8Array): KernelSocket {
    if (listener.waiting.length >= listener.most) throw new SystemError("EAGAIN");
    const [one, other] = PairSocket.pair(AF_UNIX, SOCK_STREAM, this.protocol, this.path, address);
    listener.waiting.push(other);
    listener.changed();
    this.end();
    return one;
  }

  /** A path is connected to at once, or not. */
  private connectPath(address: Uint8Array): Promise<void> {
    // A handle that is bound is no good for this: whoever is connected to does not learn the path.
    const handle = this.make();
    if (this.bound) closePath(this.handle!, this.path);
    this.bound = false;
    this.handle = handle;
    this.state = "connecting";
    return new Promise((resolve, reject) => {
      const request = new (binding("pipe_wrap").PipeConnectWrap)();
      const complete = (status: number) => {
        if (status < 0) {
          this.state = "new";
          this.handle = undefined;
          handle.close();
          reject(uvError(status));
          return;
        }
        this.peerPath = address;
        this.begin(handle);
        resolve();
      };
      request.oncomplete = complete;
      const status = handle.connect(request, decoder.decode(address));
      if (status !== undefined && status < 0) complete(status);
    });
  }

  ready(): number {
    if (this.state === "listening") return this.waiting.length > 0 ? POLLIN : 0;
    if (this.failure !== 0) return POLLIN | POLLOUT | POLLERR | POLLHUP;
    if (this.state === "connecting") return 0;
    if (this.state !== "connected") return POLLOUT | POLLHUP;
    const readable = this.arrived.length > 0 || this.ended || this.readsNoMore;
    const writable = this.writesNoMore || this.handle!.writeQueueSize < SEND_BYTES;
    const gone = (this.ended || this.readsNoMore) && this.writesNoMore;
    return (readable ? POLLIN : 0) | (writable ? POLLOUT : 0) | (gone ? POLLHUP : 0);
  }

  receive(most: number, flags: number): Received {
    if (this.arrived.length === 0) this.complain();
    if (this.state !== "connected") throw new SystemError("ENOTCONN");
    if (this.arrived.length === 0 && most > 0 && !this.ended && !this.readsNoMore) throw new SystemError("EAGAIN");
    const bytes = this.arrived.take(most, (flags & MSG_PEEK) !== 0);
    if (this.arrived.length < RECEIVE_BYTES && !this.ended) this.read_(true);
    return { bytes };
  }

  send(data: Uint8Array, _flags: number, _address?: Uint8Array, beside?: Uint8Array): number {
    if (beside !== undefined && beside.length > 0) throw new SystemError("EOPNOTSUPP");
    this.complain();
    const { handle } = this;
    if (this.writesNoMore) throw new SystemError("EPIPE");
    if (handle === undefined || this.state !== "connected") {
      throw new SystemError(this.state === "connecting" ? "EAGAIN" : this.family === AF_UNIX ? "ENOTCONN" : "EPIPE");
    }
    const room = SEND_BYTES - handle.writeQueueSize;
    if (data.length > 0 && room <= 0) throw new SystemError("EAGAIN");
    const taken = data.slice(0, room);
    if (taken.length === 0) return 0;
    const request = new (binding("stream_wrap").WriteWrap)();
    request.oncomplete = (status) => {
      if (status < 0 && this.state === "connected") this.failure = -status;
      this.changed();
    };
    request.buffer = taken;
    check(handle.writeBuffer(request, taken));
    return taken.length;
  }

  override write(bytes: Uint8Array): number {
    return this.send(bytes, 0);
  }

  override shutdown(how: number): void {
    if (how < 0 || how > 2) throw new SystemError("EINVAL");
    if (this.state === "listening") {
      this.state = "closed";
      if (this.place !== undefined) listeners.delete(this.place);
      this.failure = errno.EINVAL;
      this.changed();
      return;
    }
    if (this.state !== "connected") throw new SystemError("ENOTCONN");
    if (how !== 1) this.readsNoMore = true;
    if (how !== 0 && !this.writesNoMore) {
      this.writesNoMore = true;
      // That the other side has gone already is told by reading.
      this.finish(() => {});
    }
    this.changed();
  }

  name(peer: boolean): Uint8Array {
    if (this.family === AF_UNIX) {
      if (peer && this.state !== "connected") throw new SystemError("ENOTCONN");
      return peer ? this.peerPath : this.path;
    }
    if (peer && this.state !== "connected") throw new SystemError("ENOTCONN");
    const out: { address?: string; port?: number } = {};
    const status = peer ? this.handle!.getpeername!(out) : (this.handle?.getsockname?.(out) ?? 0);
    if (peer && status < 0) throw new SystemError("ENOTCONN");
    const any = this.family === AF_INET6 ? "::" : "0.0.0.0";
    return written({ host: out.address ?? any, port: out.port ?? 0 });
  }

  override setOption(level: number, option: number, value: number): void {
    super.setOption(level, option, value);
    if (level === IPPROTO_TCP && option === TCP_NODELAY) this.handle?.setNoDelay?.(value !== 0);
    if (level === SOL_SOCKET && option === SO_KEEPALIVE) this.handle?.setKeepAlive?.(value !== 0, 7200);
  }

  protected end(): void {
    const { handle, state } = this;
    this.state = "closed";
    if (this.place !== undefined && listeners.get(this.place) === this) listeners.delete(this.place);
    for (const client of this.waiting.splice(0)) {
      if (client instanceof PairSocket) client.release();
      else client.close();
    }
    if (handle === undefined) return;
    if (state !== "connected") {
      this.close(handle);
      return;
    }
    // As the system has it, the other side is told of what was sent and never read.
    if (this.arrived.length > 0 && handle.writeQueueSize === 0 && handle.reset !== undefined) {
      handle.reset(() => {});
      return;
    }
    this.read_(false);
    if (handle.writeQueueSize === 0) this.close(handle);
    else this.finish(() => this.close(handle));
  }

  /** Sends what was written, and then that nothing follows, once; calls `then` afterwards. */
  private finish(then: () => void): void {
    if (this.finishing !== undefined) {
      this.finishing.oncomplete = then;
      return;
    }
    const request = new (binding("stream_wrap").ShutdownWrap)();
    request.oncomplete = then;
    if (this.handle!.shutdown(request) < 0) then();
    else this.finishing = request;
  }

  /** Closes the handle; the path that it was bound to stays. */
  private close(handle: Handle): void {
    if (this.bound) closePath(handle, this.path);
    else handle.close();
  }
}
