/**
 * The memory of a runtime that has been initialised, carried by its module in a custom section (tools/build/start-image.ts
 * puts it there): a process begins with a copy of it, which takes a millisecond, where initialising takes a hundred. There
 * are two: one with the import system, and one with the module site and what that imports besides.
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
  /** Address and bytes of what is not zero. */
  runs: [number, Uint8Array][];
}

/** The names of the sections. */
export const sections = { base: "vitrine.start", site: "vitrine.site" } as const;
export type ImageKind = keyof typeof sections;
const imageKinds: readonly ImageKind[] = ["base", "site"];

const HEAD = 12;

/** `length` bytes of a file from `start`, or as many as there are. */
export type ReadPiece = (start: number, length: number) => Uint8Array<ArrayBuffer>;

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
 * to compile. They follow the code, and are read when a process starts with one. `shared`: for a memory that is.
 */
export function compileRuntime(read: ReadPiece, shared = false): WebAssembly.Module {
  const { codeEnd, behind } = scan(read);
  const module = new WebAssembly.Module(codeOf(read, codeEnd, shared));
  known.set(module, behind);
  return module;
}

/** The same, where compiling must not block. */
export async function compileRuntimeAsync(read: ReadPiece, shared: boolean): Promise<WebAssembly.Module> {
  const { codeEnd, behind } = scan(read);
  const module = await WebAssembly.compile(codeOf(read, codeEnd, shared));
  known.set(module, behind);
  return module;
}

/** Takes a module that another thread has compiled of the file. */
export function adoptRuntime(read: ReadPiece, module: WebAssembly.Module): void {
  known.set(module, scan(read).behind);
}

function codeOf(read: ReadPiece, codeEnd: number, shared: boolean): Uint8Array<ArrayBuffer> {
  const code = read(0, codeEnd);
  if (!shared) return code;
  const copy = code.slice();
  makeShared(copy);
  return copy;
}

/** Finds what is behind the code, and where that ends. */
function scan(read: ReadPiece): { codeEnd: number; behind: Behind } {
  const images: Behind["images"] = new Map();
  const behind: Behind = { images, build: "unknown" };
  let at = 8;
  let codeEnd = at;
  for (;;) {
    // The number of the section, its length, and the length and text of its name where it is a custom one.
    const head = read(at, 32);
    if (head.length === 0) break;
    const cursor = new Cursor(head, 1);
    const length = cursor.unsigned();
    const end = at + cursor.at + length;
    if (head[0] !== 0) codeEnd = end;
    else {
      const name = new TextDecoder().decode(cursor.counted());
      const start = at + cursor.at;
      const kind = imageKinds.find((k) => sections[k] === name);
      if (name === buildSection) behind.build = new TextDecoder().decode(read(start, end - start));
      if (kind !== undefined)
        images.set(
          kind,
          once(() => decode(read(start, end - start))),
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

function decode(section: Uint8Array): StartImage {
  const view = new DataView(section.buffer, section.byteOffset);
  const word = (at: number) => view.getUint32(at, true);
  const [end, runCount, objectCount] = [word(0), word(4), word(8)];
  const objects = HEAD + runCount * 8;
  const runs: [number, Uint8Array][] = [];
  let at = objects + objectCount * 4;
  for (let i = HEAD; i < objects; i += 8) {
    const length = word(i + 4);
    runs.push([word(i), section.subarray(at, at + length)]);
    at += length;
  }
  return { end, objects: section.subarray(objects, objects + objectCount * 4), runs };
}

/** The bytes of a section. */
export function encodeStartImage({ end, objects, runs }: StartImage): Uint8Array {
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
