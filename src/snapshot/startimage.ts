/**
 * The memory of a runtime that has been initialised, carried by its module in a custom section (tools/build/start-image.ts
 * puts it there): a process begins with a copy of it, which takes a millisecond, where initialising takes a hundred. There
 * are two: one with the import system, and one with the module site and what that imports besides, which is what it puts over
 * the first. A third section of this form holds the static data that lie below both, which a process puts there before anything else: as data of the module,
 * every instance of it would do so again, and an engine would keep a copy.
 *
 *   ┌───────┬───────────┬─────────────┬───────────────────────┬──────────────┬────────────────────────
 *   │ end 4 │ runs: n 4 │ objects: m 4│ n × (address 4, size 4)│ m × address 4│ the bytes of each run in turn
 *   └───────┴───────────┴─────────────┴───────────────────────┴──────────────┴────────────────────────
 *
 * `end` is how long the memory is at first: whole WebAssembly pages, the last of which holds zeros. `objects` are those
 * that another hash key concerns, as assembly/api/rehash.ts wants them.
 */
import { Cursor } from "./cursor.ts";
import { makeShared } from "./memorykind.ts";

export interface StartImage {
  end: number;
  /** The addresses of the objects, as bytes. */
  objects: Uint8Array;
  /** Parts of the memory that fill() writes, ascending. */
  runs: readonly (readonly [address: number, length: number])[];
  /** Puts what is not zero into a memory that is as long. */
  fill(memory: Uint8Array): void;
}

/** What an image is made of. */
interface StartImageParts extends Pick<StartImage, "end" | "objects"> {
  /** Address and bytes of what is not zero. */
  runs: [number, Uint8Array][];
}

/** The names of the sections. */
export const sections = { data: "vitrine.data", base: "vitrine.start", site: "vitrine.site" } as const;
export type ImageKind = keyof typeof sections;
const imageKinds = Object.keys(sections) as ImageKind[];

const HEAD = 12;

/** A file of which pieces are read. */
export interface PieceReader {
  /** `length` bytes from `start`, or as many as there are; they may be those that others get too. */
  read(start: number, length: number): Uint8Array<ArrayBuffer>;
  /** Fills `target` with the bytes from `start`. */
  readInto(target: Uint8Array, start: number): void;
}

/** Reads from what is in memory. Where that is shared with other threads pieces are copies, which everything takes that takes bytes. */
export function readerOf(bytes: Uint8Array<ArrayBuffer>): PieceReader {
  const isOwn = bytes.buffer instanceof ArrayBuffer;
  const read = (start: number, length: number) =>
    isOwn ? bytes.subarray(start, start + length) : bytes.slice(start, start + length);
  return { read, readInto: (target, start) => target.set(bytes.subarray(start, start + target.length)) };
}

/** The section that says which build a module is. */
const buildSection = "vitrine.build";

/** What a module has behind its code. */
interface Behind {
  images: Map<ImageKind, () => StartImage>;
  build: string;
}

const known = new WeakMap<WebAssembly.Module, Behind>();

/** An image of the module's; undefined where it has none. */
export function readStartImage(module: WebAssembly.Module, kind: ImageKind): StartImage | undefined {
  return known.get(module)?.images.get(kind)?.();
}

/** Which build a module is. */
export function buildOf(module: WebAssembly.Module): string {
  return known.get(module)?.build ?? "unknown";
}

/**
 * Compiles the module of a file, without its images: an engine copies all that it is given, which would cost more than
 * to compile. They follow the code, and are read when a process starts with one. `shared`: for a memory that is. `compile`:
 * what makes the module of its bytes, told which build it is.
 */
export function compileRuntime(
  file: PieceReader,
  shared = false,
  compile = (code: Uint8Array<ArrayBuffer>, _build: string) => new WebAssembly.Module(code),
): WebAssembly.Module {
  const { codeEnd, behind } = scan(file);
  const module = compile(codeOf(file, codeEnd, shared), behind.build);
  known.set(module, behind);
  return module;
}

/** The same, where compiling must not block. */
export async function compileRuntimeAsync(file: PieceReader, shared: boolean): Promise<WebAssembly.Module> {
  const { codeEnd, behind } = scan(file);
  const module = await WebAssembly.compile(codeOf(file, codeEnd, shared));
  known.set(module, behind);
  return module;
}

/** Takes a module that another thread has compiled of the file. */
export function adoptRuntime(file: PieceReader, module: WebAssembly.Module): void {
  known.set(module, scan(file).behind);
}

function codeOf(file: PieceReader, codeEnd: number, shared: boolean): Uint8Array<ArrayBuffer> {
  if (!shared) return file.read(0, codeEnd);
  const code = new Uint8Array(codeEnd);
  file.readInto(code, 0);
  makeShared(code);
  return code;
}

/** Finds what is behind the code, and where that ends. */
function scan(file: PieceReader): { codeEnd: number; behind: Behind } {
  const images: Behind["images"] = new Map();
  const behind: Behind = { images, build: "unknown" };
  let at = 8;
  let codeEnd = at;
  for (;;) {
    // The number of the section, its length, and the length and text of its name where it is a custom one.
    const head = file.read(at, 32);
    if (head.length === 0) break;
    const cursor = new Cursor(head, 1);
    const length = cursor.unsigned();
    const end = at + cursor.at + length;
    if (head[0] !== 0) codeEnd = end;
    else {
      const name = new TextDecoder().decode(cursor.counted());
      const start = at + cursor.at;
      const kind = imageKinds.find((k) => sections[k] === name);
      if (name === buildSection) behind.build = new TextDecoder().decode(file.read(start, end - start));
      if (kind !== undefined)
        images.set(
          kind,
          once(() => decode(file, start, kind === "site" ? images.get("base") : undefined)),
        );
    }
    at = end;
  }
  return { codeEnd, behind };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** The image of the section whose contents begin at `start` of the file, and which lies over the one `below`. */
function decode(file: PieceReader, start: number, below?: () => StartImage): StartImage {
  const words = (at: number, count: number) => {
    const { buffer, byteOffset, byteLength } = file.read(start + at, count * 4);
    const view = new DataView(buffer, byteOffset, byteLength);
    return Array.from({ length: count }, (_, i) => view.getUint32(i * 4, true));
  };
  const [end, runCount, objectCount] = words(0, HEAD / 4) as [number, number, number];
  const table = words(HEAD, runCount * 2);
  const objects = HEAD + runCount * 8;
  const first = start + objects + objectCount * 4;
  const runs = Array.from({ length: runCount }, (_, i) => [table[2 * i]!, table[2 * i + 1]!] as const);
  const size = runs.reduce((sum, [, length]) => sum + length, 0);
  let fills = 0;
  let kept: PieceReader | undefined;
  return {
    end,
    objects: file.read(start + objects, objectCount * 4),
    // What lies over another image is in pieces between its runs.
    runs: below?.().runs ?? runs,
    fill(memory) {
      below?.().fill(memory);
      // Many short runs are read at once. Otherwise the only process of a program is spared a copy; where there are several,
      // the file is not read again.
      if (++fills === 2 || below) kept ??= readerOf(file.read(first, size));
      let at = kept ? 0 : first;
      for (const [address, length] of runs) {
        (kept ?? file).readInto(memory.subarray(address, address + length), at);
        at += length;
      }
    },
  };
}

/** Bytes that are alike between two runs that are not made one. */
const RUN_GAP = 256;

/** The runs that make one memory, with zeros behind it, the other, which is as long or longer. */
export function differences(from: Uint8Array, to: Uint8Array): [number, Uint8Array][] {
  const runs: [number, Uint8Array][] = [];
  const isAlike = (i: number) => (i < from.length ? from[i] : 0) === to[i];
  for (let start = 0; start < to.length; start++) {
    if (isAlike(start)) continue;
    let end = start + 1;
    for (let i = end; i < to.length && i - end < RUN_GAP; i++) if (!isAlike(i)) end = i + 1;
    runs.push([start, to.subarray(start, end)]);
    start = end;
  }
  return runs;
}

/** The bytes of a section. */
export function encodeStartImage({ end, objects, runs }: StartImageParts): Uint8Array {
  const size = runs.reduce((sum, [, bytes]) => sum + 8 + bytes.length, HEAD + objects.length);
  const section = new Uint8Array(size);
  const view = new DataView(section.buffer);
  [end, runs.length, objects.length / 4].forEach((word, i) => {
    view.setUint32(i * 4, word, true);
  });
  runs.forEach(([address, bytes], i) => {
    view.setUint32(HEAD + i * 8, address, true);
    view.setUint32(HEAD + i * 8 + 4, bytes.length, true);
  });
  let at = HEAD + runs.length * 8;
  for (const bytes of [objects, ...runs.map(([, b]) => b)]) {
    section.set(bytes, at);
    at += bytes.length;
  }
  return section;
}
