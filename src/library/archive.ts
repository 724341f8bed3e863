/**
 * The archive that the standard library travels in: sources and bytecode, each compressed by itself, so that reading one
 * costs that one.
 *
 *   ┌─────────┬─────────┬──────────────┬──────────────┬───────┬───────────────────────────────────────
 *   │ magic 8 │ rows: n │ names: size 4│ n × row 16   │ names │ the files, deflated, one after the other
 *   └─────────┴─────────┴──────────────┴──────────────┴───────┴───────────────────────────────────────
 *
 * A row has four numbers of 4 bytes: where the file's path begins in the names, its size, where it begins in the archive,
 * and its size there. Rows and paths (UTF-8) are in the order of the paths' bytes: who looks for one searches the bytes as
 * they are, as most programs ask for a few only.
 */
const MAGIC = "vtrlib\0\x03";
const HEAD = MAGIC.length + 8;
const ROW = 16;

/** The inverse of raw deflate; `size` is what comes out. */
type Inflate = (packed: Uint8Array, size: number) => Uint8Array;

/** A file or a folder of the archive. */
interface LibraryStatus {
  folder: boolean;
  /** Bytes of a file; 0 for a folder. */
  size: number;
}

const encoder = new TextEncoder();
const SLASH = 0x2f;
/** The character behind the slash. */
const BEHIND = "0";

/** How the paths of what is in a folder begin. */
const prefixOf = (folder: string) => encoder.encode(folder === "" ? "" : `${folder}/`);

/** Negative, 0 or positive, as the bytes of one come before, with or after those of the other. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** Reads an archive. Paths are relative, with "/" between their parts, and "" is the root. */
export class LibraryArchive {
  private readonly rows: DataView;
  private readonly names: Uint8Array;
  private readonly count: number;

  /** `piece` gives so many bytes of the archive from an offset. Throws where they are no archive. */
  constructor(
    private readonly piece: (start: number, length: number) => Uint8Array,
    private readonly inflate: Inflate,
  ) {
    const head = piece(0, HEAD);
    if (head.length < HEAD || String.fromCharCode(...head.subarray(0, MAGIC.length)) !== MAGIC)
      throw new Error("not an archive of the standard library");
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    this.count = view.getUint32(MAGIC.length, true);
    const named = this.count * ROW;
    const length = named + view.getUint32(MAGIC.length + 4, true);
    const index = piece(HEAD, length);
    const last = index.length < length ? undefined : new DataView(index.buffer, index.byteOffset, named);
    const at = named - ROW;
    const end = last === undefined || at < 0 ? 0 : last.getUint32(at + 8, true) + last.getUint32(at + 12, true);
    if (last === undefined || piece(end - 1, 1).length === 0)
      throw new Error("the archive of the standard library is cut short");
    this.rows = last;
    this.names = index.subarray(named);
  }

  private path(row: number): Uint8Array {
    const start = this.rows.getUint32(row * ROW, true);
    const end = row + 1 < this.count ? this.rows.getUint32((row + 1) * ROW, true) : this.names.length;
    return this.names.subarray(start, end);
  }

  /** The first row whose path is not before this one. */
  private search(path: Uint8Array): number {
    let from = 0;
    for (let to = this.count; from < to; ) {
      const middle = (from + to) >> 1;
      if (compareBytes(this.path(middle), path) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** Where the row of a file is; undefined where there is none. */
  private file(path: string): number | undefined {
    const bytes = encoder.encode(path);
    const row = this.search(bytes);
    return row < this.count && compareBytes(this.path(row), bytes) === 0 ? row * ROW : undefined;
  }

  /** Undefined where there is nothing of this path. */
  status(path: string): LibraryStatus | undefined {
    const row = this.file(path);
    if (row !== undefined) return { folder: false, size: this.rows.getUint32(row + 4, true) };
    const prefix = prefixOf(path);
    return this.below(this.search(prefix), prefix) ? { folder: true, size: 0 } : undefined;
  }

  /** The path of a row that is below a folder, without the folder's. */
  private below(row: number, prefix: Uint8Array): Uint8Array | undefined {
    if (row === this.count) return undefined;
    const path = this.path(row);
    return compareBytes(path.subarray(0, prefix.length), prefix) === 0 ? path.subarray(prefix.length) : undefined;
  }

  /** The names in a folder; undefined where there is no such folder. */
  list(path: string): readonly string[] | undefined {
    const decoder = new TextDecoder();
    const prefix = prefixOf(path);
    const names: string[] = [];
    let row = this.search(prefix);
    for (let rest = this.below(row, prefix); rest !== undefined; rest = this.below(row, prefix)) {
      const slash = rest.indexOf(SLASH);
      const name = decoder.decode(slash < 0 ? rest : rest.subarray(0, slash));
      names.push(name);
      // Past what is in a folder.
      row = slash < 0 ? row + 1 : this.search(encoder.encode(`${path === "" ? "" : `${path}/`}${name}${BEHIND}`));
    }
    return names.length > 0 ? names : undefined;
  }

  /** The contents of a file; undefined where there is no such file. */
  read(path: string): Uint8Array | undefined {
    const row = this.file(path);
    if (row === undefined) return undefined;
    const { rows } = this;
    const packed = this.piece(rows.getUint32(row + 8, true), rows.getUint32(row + 12, true));
    return this.inflate(packed, rows.getUint32(row + 4, true));
  }
}

/** The bytes of an archive of the files. `deflate` is raw deflate. */
export function packLibrary(
  files: Iterable<readonly [path: string, contents: Uint8Array]>,
  deflate: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const entries = [...files]
    .map(([path, contents]) => ({ path: encoder.encode(path), size: contents.length, packed: deflate(contents) }))
    .sort((a, b) => compareBytes(a.path, b.path));
  const names = entries.reduce((sum, { path }) => sum + path.length, 0);
  const start = HEAD + entries.length * ROW + names;
  const out = new Uint8Array(entries.reduce((sum, { packed }) => sum + packed.length, start));
  const view = new DataView(out.buffer);
  for (let i = 0; i < MAGIC.length; i++) out[i] = MAGIC.charCodeAt(i);
  view.setUint32(MAGIC.length, entries.length, true);
  view.setUint32(MAGIC.length + 4, names, true);
  let name = 0;
  let at = start;
  entries.forEach(({ path, size, packed }, i) => {
    [name, size, at, packed.length].forEach((n, k) => {
      view.setUint32(HEAD + i * ROW + k * 4, n, true);
    });
    out.set(path, start - names + name);
    out.set(packed, at);
    name += path.length;
    at += packed.length;
  });
  return out;
}
