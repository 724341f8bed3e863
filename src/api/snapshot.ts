/**
 * An interpreter as bytes.
 *
 *   ┌────────────┬───────────────────┬──────────────┬─────┬──────────────────────────────
 *   │ "VITRSNAP" │ header's length 4 │ header: JSON │ pad │ the bytes of each run in turn
 *   └────────────┴───────────────────┴──────────────┴─────┴──────────────────────────────
 *
 * The header says of which build the runtime was: its tables, addresses and code are other builds' no more.
 */
import { SnapshotError } from "../process/errors.ts";
import type { CoreState } from "./core.ts";
import { theHost } from "./host.ts";

const MAGIC = "VITRSNAP";
const PREFIX = MAGIC.length + 4;
const ALIGN = 8;

/** Runs of pages. */
const PAGE = 4096;
const WASM_PAGE = 65536;

interface Header {
  build: string;
  end: number;
  library: string | undefined;
  functions: [number, number, string][];
  held: number[];
  runs: [address: number, length: number][];
}

/** Which build a module is. */
function buildOf(debug: boolean): string {
  const section = WebAssembly.Module.customSections(theHost().module(debug, false), "vitrine.build")[0];
  return section ? new TextDecoder().decode(section) : "unknown";
}

export function encodeSnapshot({ process, functions, held }: CoreState, debug: boolean): Uint8Array {
  const { end, library, runs } = process;
  const header: Header = {
    build: buildOf(debug),
    end,
    library,
    functions,
    held,
    runs: runs.map(([address, bytes]) => [address, bytes.length]),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((PREFIX + json.length) / ALIGN) * ALIGN;
  const out = new Uint8Array(start + runs.reduce((sum, [, bytes]) => sum + bytes.length, 0));
  for (let i = 0; i < MAGIC.length; i++) out[i] = MAGIC.charCodeAt(i);
  new DataView(out.buffer).setUint32(MAGIC.length, json.length, true);
  out.set(json, PREFIX);
  let at = start;
  for (const [, bytes] of runs) {
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

/** Whether a header of this build says what it must. */
function isSound({ end, library, functions, held, runs }: Header): boolean {
  const isNumber = (n: unknown) => typeof n === "number" && Number.isInteger(n) && n >= 0 && n < 2 ** 31;
  return (
    isNumber(end) &&
    end % WASM_PAGE === 0 &&
    (library === undefined || typeof library === "string") &&
    Array.isArray(held) &&
    held.every(isNumber) &&
    Array.isArray(functions) &&
    functions.every(([number, uses, name]) => isNumber(number) && isNumber(uses) && typeof name === "string") &&
    Array.isArray(runs) &&
    runs.every(([address, size]) => isNumber(address) && isNumber(size) && address % PAGE === 0)
  );
}

/** Throws SnapshotError. */
export function decodeSnapshot(bytes: Uint8Array, debug: boolean): CoreState {
  if (!(bytes instanceof Uint8Array)) throw new TypeError("a snapshot must be bytes");
  if (bytes.length < PREFIX || String.fromCharCode(...bytes.subarray(0, MAGIC.length)) !== MAGIC)
    throw new SnapshotError("the bytes are no snapshot");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  let header: Header;
  try {
    if (!(length > 0)) throw new SyntaxError();
    header = JSON.parse(new TextDecoder().decode(bytes.slice(PREFIX, PREFIX + length))) as Header;
  } catch {
    throw new SnapshotError("the snapshot is damaged");
  }
  const build = buildOf(debug);
  if (header.build !== build)
    throw new SnapshotError(`the snapshot was taken by another build of Vitrine (${header.build}, this is ${build})`);
  if (!isSound(header)) throw new SnapshotError("the snapshot is damaged");
  let at = Math.ceil((PREFIX + length) / ALIGN) * ALIGN;
  const runs = header.runs.map(([address, size]): [number, Uint8Array] => {
    const piece = bytes.subarray(at, at + size);
    if (piece.length < size || address + size > header.end) throw new SnapshotError("the snapshot is cut short");
    at += size;
    return [address, piece];
  });
  const { end, library, functions, held } = header;
  return { process: { end, library, runs }, functions, held };
}
