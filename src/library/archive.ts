/**
 * The archive that the standard library travels in. Bytecode is stored as it is: reading it costs nothing but the reading,
 * and who packs the archive itself makes it smaller than each file by itself could be. Sources, which few programs read,
 * are deflated, with the bytecode beside them as the dictionary: names and texts are in both.
 *
 *   ┌─────────┬─────────┬───────────────┬─────────────┬────────────┬───────┬───────────────────────────────
 *   │ magic 8 │ rows: n │ names: size 4 │ all: size 4 │ n × row 20 │ names │ the files, one after the other
 *   └─────────┴─────────┴───────────────┴─────────────┴────────────┴───────┴───────────────────────────────
 *
 * A row has five numbers of 4 bytes: where the file's path begins in the names, its size, where it begins in the archive,
 * its size there, and the size of the file before it where that is its dictionary, or 0 where it is stored. Rows and paths
 * (UTF-8) are in the order of the paths' bytes: who looks for one searches the bytes as they are, as most programs ask for
 * a few only.
 *
 * A deflated file is in pieces of 8 KiB, each a stream of its own: the sizes of the streams, 2 bytes each, and the streams.
 * The dictionary of a piece is as much of what has come before it as there is room for behind the part of the file before
 * that lies where the piece lies in its own, in proportion: what the compiler makes of a source has its order.
 */
const MAGIC = "vtrlib\0\x04";
const HEAD = MAGIC.length + 12;
const ROW = 20;
const PIECE = 8192;
/** Deflate's. */
const WINDOW = 32768;
/** Of the window, what the file before has. */
const BESIDE = 24576;

/** The inverse of raw deflate with a dictionary. */
type Inflate = (packed: Uint8Array, dictionary: Uint8Array) => Uint8Array;

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
    if (index.length < length || piece(view.getUint32(MAGIC.length + 8, true) - 1, 1).length === 0)
      throw new Error("the archive of the standard library is cut short");
    this.rows = new DataView(index.buffer, index.byteOffset, named);
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
    const [size, at, stored, before] = [4, 8, 12, 16].map((field) => this.rows.getUint32(row + field, true));
    if (before === 0) return this.piece(at!, stored!);
    const both = this.piece(at! - before!, before! + stored!);
    const contents = new Uint8Array(size!);
    const sizes = new DataView(both.buffer, both.byteOffset + before!);
    let from = before! + 2 * piecesOf(size!);
    for (let start = 0, i = 0; start < size!; start += PIECE, i++) {
      const to = from + sizes.getUint16(2 * i, true);
      const piece = this.inflate(both.subarray(from, to), dictionaryOf(both.subarray(0, before), contents, start));
      contents.set(piece, start);
      from = to;
    }
    return contents;
  }
}

const piecesOf = (size: number) => Math.ceil(size / PIECE);

/** What the piece of `contents` that begins at `start` is deflated with. */
function dictionaryOf(before: Uint8Array, contents: Uint8Array, start: number): Uint8Array {
  const size = Math.min(BESIDE, before.length);
  const middle = Math.floor(((start + PIECE / 2) / contents.length) * before.length - size / 2);
  const from = Math.max(0, Math.min(before.length - size, middle));
  const own = contents.subarray(Math.max(0, start - (WINDOW - size)), start);
  const dictionary = new Uint8Array(size + own.length);
  dictionary.set(before.subarray(from, from + size));
  dictionary.set(own, size);
  return dictionary;
}

/** A file to be packed: stored, or `deflated` with the one before it as the dictionary, which is not empty. */
export interface LibraryFile {
  path: string;
  contents: Uint8Array;
  deflated?: boolean;
}

/** What is stored of a file that is deflated. */
function deflated(
  contents: Uint8Array,
  before: Uint8Array,
  deflate: (bytes: Uint8Array, dictionary: Uint8Array) => Uint8Array,
): Uint8Array {
  const head = new DataView(new ArrayBuffer(2 * piecesOf(contents.length)));
  const parts: Uint8Array[] = [new Uint8Array(head.buffer)];
  for (let start = 0; start < contents.length; start += PIECE) {
    const part = deflate(contents.subarray(start, start + PIECE), dictionaryOf(before, contents, start));
    head.setUint16(2 * (parts.length - 1), part.length, true);
    parts.push(part);
  }
  return joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The bytes of an archive of the files, in this order. `deflate` is raw deflate. */
export function packLibrary(
  files: readonly LibraryFile[],
  deflate: (bytes: Uint8Array, dictionary: Uint8Array) => Uint8Array,
): Uint8Array {
  const entries = files.map((file, i) => {
    const before = file.deflated ? files[i - 1]!.contents : new Uint8Array(0);
    const stored = file.deflated ? deflated(file.contents, before, deflate) : file.contents;
    return { path: encoder.encode(file.path), size: file.contents.length, stored, before: before.length, at: 0 };
  });
  const names = entries.reduce((sum, { path }) => sum + path.length, 0);
  const head = new Uint8Array(HEAD + entries.length * ROW);
  let at = head.length + names;
  for (const entry of entries) {
    entry.at = at;
    at += entry.stored.length;
  }
  const sorted = entries.toSorted((a, b) => compareBytes(a.path, b.path));
  const view = new DataView(head.buffer);
  for (let i = 0; i < MAGIC.length; i++) head[i] = MAGIC.charCodeAt(i);
  view.setUint32(MAGIC.length, entries.length, true);
  view.setUint32(MAGIC.length + 4, names, true);
  view.setUint32(MAGIC.length + 8, at, true);
  let name = 0;
  sorted.forEach(({ path, size, at, stored, before }, i) => {
    [name, size, at, stored.length, before].forEach((n, k) => {
      view.setUint32(HEAD + i * ROW + k * 4, n, true);
    });
    name += path.length;
  });
  return joined([head, ...sorted.map(({ path }) => path), ...entries.map(({ stored }) => stored)]);
}
