/**
 * Sockets of Unix that never leave the process: pairs, which also connect those who are in the same process, and datagrams.
 * Beside the bytes they carry control messages, which the process has made and takes apart itself.
 */

import { Bytes } from "../../kernel/bytes.ts";
import { SystemError } from "../../kernel/errno.ts";
import { AF_UNIX, MSG_PEEK, POLLHUP, POLLIN, POLLOUT, SOCK_DGRAM } from "../../kernel/linux.ts";
import {
  bindPath,
  closePath,
  type Handle,
  isTaken,
  KernelSocket,
  placeOf,
  type Received,
  SEND_BYTES,
} from "./socket.ts";

const NOTHING: Uint8Array = new Uint8Array();

/** Datagrams that wait to be read. */
class Datagrams {
  private readonly messages: { bytes: Uint8Array; from: Uint8Array; beside: Uint8Array }[] = [];
  private bytes = 0;

  get any(): boolean {
    return this.messages.length > 0;
  }

  hasRoomFor(length: number): boolean {
    return this.messages.length === 0 || this.bytes + length <= SEND_BYTES;
  }

  add(bytes: Uint8Array, from: Uint8Array, beside: Uint8Array): void {
    this.messages.push({ bytes: bytes.slice(), from, beside });
    this.bytes += bytes.length;
  }

  take(most: number, keep: boolean): Received | undefined {
    const first = keep ? this.messages[0] : this.messages.shift();
    if (first === undefined) return undefined;
    if (!keep) this.bytes -= first.bytes.length;
    return { ...first, bytes: first.bytes.subarray(0, most), cut: first.bytes.length > most };
  }
}

/** One end of a pair. */
export class PairSocket extends KernelSocket {
  private other: PairSocket | undefined;
  private readonly bytes = new Bytes();
  private readonly datagrams = new Datagrams();
  /** Bytes of a stream that ever came, and were taken; which of those that came had something beside them. */
  private came = 0;
  private went = 0;
  private readonly marks: { from: number; to: number; beside: Uint8Array }[] = [];
  private ended = false;
  private writesNoMore = false;

  private constructor(
    family: number,
    type: number,
    protocol: number,
    private readonly path: Uint8Array,
    private readonly peerPath: Uint8Array,
  ) {
    super(family, type, protocol);
  }

  /** Two ends; `path`: of the first, `peerPath`: of the second. */
  static pair(
    family: number,
    type: number,
    protocol: number,
    path: Uint8Array = NOTHING,
    peerPath: Uint8Array = NOTHING,
  ): [PairSocket, PairSocket] {
    const one = new PairSocket(family, type, protocol, path, peerPath);
    const two = new PairSocket(family, type, protocol, peerPath, path);
    one.other = two;
    two.other = one;
    return [one, two];
  }

  private get sendsDatagrams(): boolean {
    return this.type === SOCK_DGRAM;
  }

  bind(): void {
    throw new SystemError("EINVAL");
  }

  connect(): undefined {
    throw new SystemError("EISCONN");
  }

  ready(): number {
    const there = this.bytes.length > 0 || this.datagrams.any || this.ended;
    const { other } = this;
    const room = other !== undefined && other.bytes.length < SEND_BYTES && other.datagrams.hasRoomFor(1);
    return (there ? POLLIN : 0) | (room || this.ended ? POLLOUT : 0) | (this.ended && this.writesNoMore ? POLLHUP : 0);
  }

  receive(most: number, flags: number): Received {
    const keep = (flags & MSG_PEEK) !== 0;
    const received = this.sendsDatagrams ? this.datagrams.take(most, keep) : this.takeBytes(most, keep);
    if (received !== undefined) {
      this.other?.changed();
      return received;
    }
    if (!this.ended && (most > 0 || this.sendsDatagrams)) throw new SystemError("EAGAIN");
    return { bytes: NOTHING, from: NOTHING };
  }

  /** Not beyond the end of the first bytes that had something beside them. */
  private takeBytes(most: number, keep: boolean): Received | undefined {
    if (this.bytes.length === 0) return undefined;
    const mark = this.marks[0];
    const limit = mark === undefined ? most : Math.min(most, mark.to - this.went);
    const bytes = this.bytes.take(limit, keep);
    const beside = mark !== undefined && this.went + bytes.length > mark.from ? mark.beside : NOTHING;
    if (!keep) {
      this.went += bytes.length;
      if (mark !== undefined && this.went > mark.from) {
        // What is left of them has nothing beside it any more.
        if (this.went >= mark.to) this.marks.shift();
        else mark.beside = NOTHING;
      }
    }
    return { bytes, from: NOTHING, beside };
  }

  send(data: Uint8Array, _flags: number, _address?: Uint8Array, beside: Uint8Array = NOTHING): number {
    const { other } = this;
    if (other === undefined || this.writesNoMore || other.ended) throw new SystemError("EPIPE");
    if (this.sendsDatagrams) {
      if (!other.datagrams.hasRoomFor(data.length)) throw new SystemError("EAGAIN");
      other.datagrams.add(data, NOTHING, beside);
      other.changed();
      return data.length;
    }
    const room = SEND_BYTES - other.bytes.length;
    if (room <= 0 && data.length > 0) throw new SystemError("EAGAIN");
    const taken = data.subarray(0, room);
    if (beside.length > 0) other.marks.push({ from: other.came, to: other.came + taken.length, beside });
    other.came += taken.length;
    other.bytes.add(taken);
    other.changed();
    return taken.length;
  }

  override write(bytes: Uint8Array): number {
    return this.send(bytes, 0);
  }

  override shutdown(how: number): void {
    if (how < 0 || how > 2) throw new SystemError("EINVAL");
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

  name(peer: boolean): Uint8Array {
    return peer ? this.peerPath : this.path;
  }

  protected end(): void {
    if (this.other === undefined) return;
    this.other.ended = true;
    this.other.other = undefined;
    this.other.changed();
  }
}

/** Datagrams between sockets of this process, which find each other by their paths. */
export class UnixDatagramSocket extends KernelSocket {
  private static readonly bound = new Map<string, UnixDatagramSocket>();
  private static readonly all = new Set<UnixDatagramSocket>();
  private path: Uint8Array = NOTHING;
  private place: string | undefined;
  private handle: Handle | undefined;
  private peer: UnixDatagramSocket | undefined;
  private peerPath: Uint8Array = NOTHING;
  private closed = false;
  private readonly datagrams = new Datagrams();

  constructor(protocol: number) {
    super(AF_UNIX, SOCK_DGRAM, protocol);
    UnixDatagramSocket.all.add(this);
  }

  bind(address: Uint8Array): void {
    if (isTaken(address)) throw new SystemError("EADDRINUSE");
    if (this.path.length > 0 || address.length === 0) throw new SystemError("EINVAL");
    if (address[0] !== 0) this.handle = bindPath(address);
    else if (UnixDatagramSocket.bound.has(placeOf(address)!)) throw new SystemError("EADDRINUSE");
    this.path = address;
    this.place = placeOf(address);
    if (this.place !== undefined) UnixDatagramSocket.bound.set(this.place, this);
  }

  private static at(address: Uint8Array): UnixDatagramSocket {
    const place = placeOf(address);
    if (place === undefined) throw new SystemError("ENOENT");
    const socket = UnixDatagramSocket.bound.get(place);
    if (socket === undefined) throw new SystemError("ECONNREFUSED");
    return socket;
  }

  connect(address: Uint8Array): undefined {
    this.peer = UnixDatagramSocket.at(address);
    this.peerPath = address;
    return undefined;
  }

  ready(): number {
    const room = this.peer === undefined || this.peer.closed || this.peer.datagrams.hasRoomFor(1);
    return (this.datagrams.any ? POLLIN : 0) | (room ? POLLOUT : 0);
  }

  receive(most: number, flags: number): Received {
    const received = this.datagrams.take(most, (flags & MSG_PEEK) !== 0);
    if (received === undefined) throw new SystemError("EAGAIN");
    // Whoever has waited for room may go on.
    for (const socket of UnixDatagramSocket.all) if (socket.peer === this) socket.changed();
    return received;
  }

  send(data: Uint8Array, _flags: number, address: Uint8Array = NOTHING, beside: Uint8Array = NOTHING): number {
    const to = address.length > 0 ? UnixDatagramSocket.at(address) : this.peer;
    if (to === undefined) throw new SystemError("ENOTCONN");
    if (to.closed) throw new SystemError("ECONNREFUSED");
    if (data.length > SEND_BYTES) throw new SystemError("EMSGSIZE");
    if (!to.datagrams.hasRoomFor(data.length)) throw new SystemError("EAGAIN");
    to.datagrams.add(data, this.path, beside);
    to.changed();
    return data.length;
  }

  override write(bytes: Uint8Array): number {
    return this.send(bytes, 0);
  }

  override shutdown(): void {
    if (this.peer === undefined) throw new SystemError("ENOTCONN");
  }

  name(peer: boolean): Uint8Array {
    if (!peer) return this.path;
    if (this.peer === undefined) throw new SystemError("ENOTCONN");
    return this.peerPath;
  }

  protected end(): void {
    this.closed = true;
    UnixDatagramSocket.all.delete(this);
    if (this.place !== undefined) UnixDatagramSocket.bound.delete(this.place);
    if (this.handle !== undefined) closePath(this.handle, this.path);
  }
}
