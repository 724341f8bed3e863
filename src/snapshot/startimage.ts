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

const HEAD = 12;
const images = new WeakMap<WebAssembly.Module, Map<ImageKind, StartImage | undefined>>();

/** An image of the module's; undefined where it has none. */
export function readStartImage(module: WebAssembly.Module, kind: ImageKind): StartImage | undefined {
  let known = images.get(module);
  if (known === undefined) {
    known = new Map();
    images.set(module, known);
  }
  if (!known.has(kind)) {
    const section = WebAssembly.Module.customSections(module, sections[kind])[0];
    known.set(kind, section && decode(section));
  }
  return known.get(kind);
}

function decode(section: ArrayBuffer): StartImage {
  const view = new DataView(section);
  const word = (at: number) => view.getUint32(at, true);
  const [end, runCount, objectCount] = [word(0), word(4), word(8)];
  const objects = HEAD + runCount * 8;
  const runs: [number, Uint8Array][] = [];
  let at = objects + objectCount * 4;
  for (let i = HEAD; i < objects; i += 8) {
    const length = word(i + 4);
    runs.push([word(i), new Uint8Array(section, at, length)]);
    at += length;
  }
  return { end, objects: new Uint8Array(section, objects, objectCount * 4), runs };
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
