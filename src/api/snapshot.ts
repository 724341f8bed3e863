/**
 * An interpreter as bytes.
 *
 *   ┌────────────┬───────────────────┬────────────┬──────────────┬─────┬──────────────────────────────
 *   │ "VITRSNAP" │ header's length 4 │ its hash 4 │ header: JSON │ pad │ the bytes of each run in turn
 *   └────────────┴───────────────────┴────────────┴──────────────┴─────┴──────────────────────────────
 *
 * The header says of which build the runtime was: its tables, addresses and code are other builds' no more.
 */
import { SnapshotError } from "../process/errors.ts";
import { buildOf } from "../snapshot/startimage.ts";
import type { CoreState } from "./core.ts";
import { theHost } from "./host.ts";

const MAGIC = "VITRSNAP";
const PREFIX = MAGIC.length + 8;
const ALIGN = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Header {
  build: string;
  end: number;
  library: string | undefined;
  functions: [number, number, string][];
  held: number[];
  runs: [address: number, length: number][];
}

export function encodeSnapshot({ process, functions, held }: CoreState, debug: boolean): Uint8Array {
  const { end, library, runs } = process;
  const header: Header = {
    build: buildOf(theHost().module(debug, false)),
    end,
    library,
    functions,
    held,
    runs: runs.map(([address, bytes]) => [address, bytes.length]),
  };
  const json = encoder.encode(JSON.stringify(header));
  const start = Math.ceil((PREFIX + json.length) / ALIGN) * ALIGN;
  const out = new Uint8Array(start + runs.reduce((sum, [, bytes]) => sum + bytes.length, 0));
  for (let i = 0; i < MAGIC.length; i++) out[i] = MAGIC.charCodeAt(i);
  const view = new DataView(out.buffer);
  view.setUint32(MAGIC.length, json.length, true);
  view.setUint32(MAGIC.length + 4, hash(json), true);
  out.set(json, PREFIX);
  let at = start;
  for (const [, bytes] of runs) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

/** FNV-1a, so that a header that is damaged is not taken for one. */
function hash(bytes: Uint8Array): number {
  let h = 0x811c9dc5;
  for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}

const isAddress = (n: unknown) => Number.isInteger(n) && (n as number) >= 0;

/** Throws SnapshotError. */
export function decodeSnapshot(bytes: Uint8Array, debug: boolean): CoreState {
  if (!(bytes instanceof Uint8Array)) throw new TypeError("a snapshot must be bytes");
  if (bytes.length < PREFIX || String.fromCharCode(...bytes.subarray(0, MAGIC.length)) !== MAGIC)
    throw new SnapshotError("the bytes are no snapshot");
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint32(MAGIC.length, true);
  const json = bytes.slice(PREFIX, PREFIX + length);
  if (json.length < length || hash(json) !== view.getUint32(MAGIC.length + 4, true))
    throw new SnapshotError("the snapshot is damaged");
  const header = JSON.parse(decoder.decode(json)) as Header;
  const build = buildOf(theHost().module(debug, false));
  if (header.build !== build)
    throw new SnapshotError(`the snapshot was taken by another build of Vitrine (${header.build}, this is ${build})`);
  let at = Math.ceil((PREFIX + length) / ALIGN) * ALIGN;
  const runs = header.runs.map(([address, size]): [number, Uint8Array] => {
    if (!isAddress(address) || !isAddress(size)) throw new SnapshotError("the snapshot is damaged");
    const piece = bytes.subarray(at, at + size);
    if (piece.length < size || address + size > header.end) throw new SnapshotError("the snapshot is cut short");
    at += size;
    return [address, piece];
  });
  const { end, library, functions, held } = header;
  return { process: { end, library, runs }, functions, held };
}
