/**
 * Bytes at addresses, and the fields of structures read from them.
 *
 * A `Source` is any place that holds a process's memory: the WebAssembly memory of a running interpreter, or a saved
 * image. A `Reader` reads fields by the tables generated from spec/, which are CPython's own layouts. Nothing here, nor
 * anything else in this folder, writes, or knows an interpreter.
 */
import type { Field, Kind } from "../generated/memory.ts";

export interface Source {
  /** One past the last address that can be read. */
  readonly end: number;
  /** The bytes from `address` on, as a view or a copy; those that do not exist are zero. */
  view(address: number, length: number): DataView;
}

/** A structure that cannot be as it is; the message says where. */
export class DamageError extends Error {}

/** A whole memory, from address 0. */
export function memorySource(buffer: ArrayBufferLike): Source {
  return {
    end: buffer.byteLength,
    view(address, length) {
      if (address >= 0 && address + length <= buffer.byteLength) return new DataView(buffer, address, length);
      return new DataView(new ArrayBuffer(length));
    },
  };
}

const sizes: Record<Kind, number> = {
  ptr: 8,
  fn: 8,
  ssize: 8,
  u8: 1,
  u16: 2,
  u32: 4,
  i32: 4,
  u64: 8,
  i64: 8,
  f64: 8,
  at: 0,
};

// Fields are read through a window of the source, so that reading one does not make a view.
const WINDOW = 1 << 16;

export class Reader {
  private start = 0;
  private stop = 0;
  private window: DataView = new DataView(new ArrayBuffer(0));

  constructor(readonly source: Source) {}

  /** The offset of `address` in the window, which is moved so that it holds `length` bytes from there. */
  private locate(address: number, length: number): number {
    if (address < this.start || address + length > this.stop) {
      this.start = Math.max(0, address - (address % WINDOW));
      const size = address + length > this.start + WINDOW ? 2 * WINDOW : WINDOW;
      this.stop = this.start + size;
      this.window = this.stop <= this.source.end ? this.source.view(this.start, size) : this.clipped(this.start, size);
    }
    return address - this.start;
  }

  /** A window that reaches beyond the source's end, filled up with zeros. */
  private clipped(start: number, size: number): DataView {
    const bytes = new Uint8Array(size);
    const have = Math.max(0, Math.min(size, this.source.end - start));
    const there = this.source.view(start, have);
    bytes.set(new Uint8Array(there.buffer, there.byteOffset, have));
    return new DataView(bytes.buffer);
  }

  u8(address: number): number {
    const at = this.locate(address, 1);
    return this.window.getUint8(at);
  }

  u32(address: number): number {
    const at = this.locate(address, 4);
    return this.window.getUint32(at, true);
  }

  /** A pointer in its 8-byte slot. */
  pointer(address: number): number {
    const at = this.locate(address, 8);
    return this.window.getUint32(at, true) + this.window.getUint32(at + 4, true) * 0x100000000;
  }

  u64(address: number): bigint {
    const at = this.locate(address, 8);
    return this.window.getBigUint64(at, true);
  }

  /** The field `[offset, kind]` of the structure at `base`. An embedded structure gives its address. */
  get(base: number, [offset, kind]: Field): number {
    const address = base + offset;
    if (kind === "at") return address;
    const at = this.locate(address, sizes[kind]);
    switch (kind) {
      case "u8":
        return this.window.getUint8(at);
      case "u16":
        return this.window.getUint16(at, true);
      case "u32":
        return this.window.getUint32(at, true);
      case "i32":
        return this.window.getInt32(at, true);
      case "f64":
        return this.window.getFloat64(at, true);
      case "ssize":
      case "i64":
        return this.window.getInt32(at + 4, true) * 0x100000000 + this.window.getUint32(at, true);
      default:
        return this.pointer(address);
    }
  }

  /** The root `[address, kind]`. */
  root(field: Field): number {
    return this.get(0, field);
  }

  /** A copy of `length` bytes. */
  bytes(address: number, length: number): Uint8Array {
    const view = this.source.view(address, length);
    return new Uint8Array(view.buffer, view.byteOffset, length).slice();
  }

  /** The text at `address` up to a NUL; undefined where that is not UTF-8 text of at most `limit` bytes. */
  text(address: number, limit = 256): string | undefined {
    if (address <= 0 || address >= this.source.end) return undefined;
    const bytes = this.bytes(address, limit);
    const end = bytes.indexOf(0);
    if (end < 0) return undefined;
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end));
    } catch {
      return undefined;
    }
  }
}
