/**
 * `.pyc` files: a header of sixteen bytes, then the marshalled code object.
 *
 *      0       4       8               12          16
 *     | magic | flags | mtime         | source size | code     flags 0
 *     | magic | flags | hash of the source (8 bytes) | code     flags 1, or 3 if it is to be checked
 *
 * Mirrors `_code_to_timestamp_pyc` and `_code_to_hash_pyc` (`Lib/importlib/_bootstrap_external.py`, PEP 552) and
 * `_imp.source_hash`.
 */
import { MAGIC_NUMBER } from "../../generated/opcodes.ts";
import { CodeObject } from "../code/code.ts";
import { MarshalError, unmarshal } from "./read.ts";
import { marshalCode } from "./write.ts";

/** The first four bytes, as a little-endian number: the magic number and a line end that text mode would damage. */
const RAW_MAGIC = (0x0a0d << 16) | MAGIC_NUMBER;

const HASH_BASED = 1;
const CHECK_SOURCE = 2;

/** How a reader tells whether the file is up to date. Times are in seconds, sizes in bytes. */
export type PycHeader = { mtime: number; size: number } | { hash: Uint8Array; checkSource: boolean };

export function toPyc(code: CodeObject, header: PycHeader): Uint8Array {
  const body = marshalCode(code);
  const out = new Uint8Array(16 + body.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, RAW_MAGIC, true);
  if ("hash" in header) {
    view.setUint32(4, HASH_BASED | (header.checkSource ? CHECK_SOURCE : 0), true);
    out.set(header.hash, 8);
  } else {
    view.setUint32(8, header.mtime >>> 0, true);
    view.setUint32(12, header.size >>> 0, true);
  }
  out.set(body, 16);
  return out;
}

/** The header and the code object of a file. Throws MarshalError if it is not one of this version's. */
export function fromPyc(data: Uint8Array): { header: PycHeader; code: CodeObject } {
  if (data.length < 16) throw new MarshalError("reached end of file while reading the header");
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (view.getUint32(0, true) !== RAW_MAGIC) throw new MarshalError("bad magic number");
  const flags = view.getUint32(4, true);
  if (flags & ~(HASH_BASED | CHECK_SOURCE)) throw new MarshalError(`invalid flags ${flags}`);
  const header: PycHeader =
    flags & HASH_BASED
      ? { hash: data.slice(8, 16), checkSource: (flags & CHECK_SOURCE) !== 0 }
      : { mtime: view.getUint32(8, true), size: view.getUint32(12, true) };
  const code = unmarshal(data, 16);
  if (!(code instanceof CodeObject)) throw new MarshalError("not a code object");
  return { header, code };
}

const MASK = 0xffffffffffffffffn;

function rotate(v: bigint, by: bigint): bigint {
  return ((v << by) | (v >> (64n - by))) & MASK;
}

/** The eight bytes by which a hash-based file knows its source: SipHash-1-3 keyed with the magic number. */
export function sourceHash(source: Uint8Array): Uint8Array {
  const key = BigInt(RAW_MAGIC >>> 0);
  const v = [key ^ 0x736f6d6570736575n, 0x646f72616e646f6dn, key ^ 0x6c7967656e657261n, 0x7465646279746573n];
  const half = (a: number, b: number, c: number, d: number, s: bigint, t: bigint) => {
    v[a] = (v[a] + v[b]) & MASK;
    v[c] = (v[c] + v[d]) & MASK;
    v[b] = rotate(v[b], s) ^ v[a];
    v[d] = rotate(v[d], t) ^ v[c];
    v[a] = rotate(v[a], 32n);
  };
  const round = () => {
    half(0, 1, 2, 3, 13n, 16n);
    half(2, 1, 0, 3, 17n, 21n);
  };
  const absorb = (word: bigint) => {
    v[3] ^= word;
    round();
    v[0] ^= word;
  };
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const whole = source.length & ~7;
  for (let i = 0; i < whole; i += 8) absorb(view.getBigUint64(i, true));
  let tail = BigInt(source.length & 0xff) << 56n;
  for (let i = whole; i < source.length; i++) tail |= BigInt(source[i]) << BigInt(8 * (i - whole));
  absorb(tail);
  v[2] ^= 0xffn;
  round();
  round();
  round();
  const out = new Uint8Array(8);
  new DataView(out.buffer).setBigUint64(0, v[0] ^ v[1] ^ v[2] ^ v[3], true);
  return out;
}
