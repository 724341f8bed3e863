/**
 * The archive that the standard library travels in: sources and bytecode, each compressed by itself, so that reading one
 * costs that one.
 *
 *   ┌─────────┬─────────────┬───────────────────┬──────────────────────────────────────
 *   │ magic 8 │ index size 4│ index             │ the files, deflated, one after the other
 *   └─────────┴─────────────┴───────────────────┴──────────────────────────────────────
 *
 * The index is UTF-8 text, a line a file: path, size and size in the archive, with tabs between them. It is not
 * compressed: most programs look into it, and many read nothing more.
 */
const MAGIC = "vtrlib\0\x02";
const HEAD = MAGIC.length + 4;

/** The inverse of raw deflate; `size` is what comes out. */
type Inflate = (packed: Uint8Array, size: number) => Uint8Array;

interface Entry {
  size: number;
  start: number;
  packed: number;
}

/** A file or a folder of the archive. */
interface LibraryStatus {
  folder: boolean;
  /** Bytes of a file; 0 for a folder. */
  size: number;
}

/** Reads an archive. Paths are relative, with "/" between their parts, and "" is the root. */
export class LibraryArchive {
  private readonly files = new Map<string, Entry>();
  private readonly folders = new Map<string, Set<string>>([["", new Set()]]);

  /** `piece` gives so many bytes of the archive from an offset. Throws where they are no archive. */
  constructor(
    private readonly piece: (start: number, length: number) => Uint8Array,
    private readonly inflate: Inflate,
  ) {
    const head = piece(0, HEAD);
    if (head.length < HEAD || String.fromCharCode(...head.subarray(0, MAGIC.length)) !== MAGIC)
      throw new Error("not an archive of the standard library");
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const length = view.getUint32(MAGIC.length, true);
    const text = new TextDecoder().decode(piece(HEAD, length));
    let start = HEAD + length;
    for (const line of text.split("\n")) {
      const [path, whole, packed] = line.split("\t");
      if (path === undefined || whole === undefined || packed === undefined) continue;
      this.files.set(path, { size: Number(whole), start, packed: Number(packed) });
      start += Number(packed);
      this.enter(path);
    }
    if (piece(start - 1, 1).length === 0) throw new Error("the archive of the standard library is cut short");
  }

  private enter(path: string): void {
    const slash = path.lastIndexOf("/");
    const folder = slash < 0 ? "" : path.slice(0, slash);
    let names = this.folders.get(folder);
    if (names === undefined) {
      names = new Set();
      this.folders.set(folder, names);
      this.enter(folder);
    }
    names.add(path.slice(slash + 1));
  }

  /** Undefined where there is nothing of this path. */
  status(path: string): LibraryStatus | undefined {
    const file = this.files.get(path);
    if (file !== undefined) return { folder: false, size: file.size };
    return this.folders.has(path) ? { folder: true, size: 0 } : undefined;
  }

  /** The names in a folder; undefined where there is no such folder. */
  list(path: string): readonly string[] | undefined {
    const names = this.folders.get(path);
    return names && [...names];
  }

  /** The contents of a file; undefined where there is no such file. */
  read(path: string): Uint8Array | undefined {
    const file = this.files.get(path);
    if (file === undefined) return undefined;
    return this.inflate(this.piece(file.start, file.packed), file.size);
  }
}

/** The bytes of an archive of the files, in their order. `deflate` is raw deflate. */
export function packLibrary(
  files: Iterable<readonly [path: string, contents: Uint8Array]>,
  deflate: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  const lines: string[] = [];
  const pieces: Uint8Array[] = [];
  for (const [path, contents] of files) {
    const packed = deflate(contents);
    lines.push(`${path}\t${contents.length}\t${packed.length}`);
    pieces.push(packed);
  }
  const index = new TextEncoder().encode(lines.join("\n"));
  const out = new Uint8Array(HEAD + index.length + pieces.reduce((sum, p) => sum + p.length, 0));
  const view = new DataView(out.buffer);
  for (let i = 0; i < MAGIC.length; i++) out[i] = MAGIC.charCodeAt(i);
  view.setUint32(MAGIC.length, index.length, true);
  out.set(index, HEAD);
  let at = HEAD + index.length;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
