/**
 * The objects that can be walked in the page, each with what is around it. They are packed by the thousand, and unpacked
 * when one of them is asked for: what is never looked at costs nothing but its bytes.
 */
import type { Findings } from "../inspect/findings.ts";
import { type Neighbours, neighbours, surroundings } from "../inspect/neighbours.ts";

export interface PageObjects {
  /** The address of the first object of each pack; ascending. */
  packs: number[];
  /** How many objects are in them, and how many there are. */
  count: number;
  all: number;
  /** Whether packs are compressed (raw deflate, base64), or JSON as it is. */
  isPacked: boolean;
  /** Whether the page is served, and asks for each object. */
  isServed: boolean;
}

/** Compresses bytes as raw deflate. */
export type Deflate = (bytes: Uint8Array) => Uint8Array;

const PACK = 1000;
const WAY_MAX = 60;

/** The objects that the page embeds, `limit` at most: `nodes`, what leads to them, and what is near. Text of each pack. */
export function packObjects(
  { survey }: Findings,
  nodes: Iterable<number>,
  limit: number,
  deflate: Deflate | undefined,
): { objects: PageObjects; texts: string[] } {
  const chosen = surroundings(survey, nodes, limit);
  const packs: number[] = [];
  const texts: string[] = [];
  const found = neighbours(survey, chosen);
  for (let i = 0; i < found.length; i += PACK) {
    const pack = found.slice(i, i + PACK);
    packs.push(pack[0]!.address);
    const json = JSON.stringify(pack);
    texts.push(deflate ? base64(deflate(new TextEncoder().encode(json))) : json);
  }
  const all = survey.blocks.count;
  return { objects: { packs, count: found.length, all, isPacked: deflate !== undefined, isServed: false }, texts };
}

/** The object at an address and those on the way to it, as JSON; undefined where there is none. */
export function objectAt({ survey }: Findings, address: number): string | undefined {
  const node = survey.blocks.around(address);
  if (node < 0) return undefined;
  const nodes: number[] = [];
  for (let at = node; at >= 0 && nodes.length < WAY_MAX; at = survey.graph.parent[at]!) nodes.push(at);
  return JSON.stringify(neighbours(survey, nodes));
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3 << 12) {
    text += btoa(String.fromCharCode(...bytes.subarray(i, i + (3 << 12))));
  }
  return text;
}

/** What the page asks for objects. */
export interface ObjectStore {
  /** The object at an address, undefined where the page has none. */
  get(address: number): Promise<Neighbours | undefined>;
}

/** Runs in the page, to which it is given as text: it refers to nothing outside itself. */
export function openObjects({ packs, isPacked, isServed }: PageObjects): ObjectStore {
  const known = new Map<number, Neighbours>();
  const reading = new Map<number, Promise<void>>();
  const keep = (all: Neighbours[]) => {
    for (const object of all) known.set(object.address, object);
  };
  const read = async (place: number) => {
    const text = document.getElementById(`objects${place}`)!.textContent!;
    if (!isPacked) return keep(JSON.parse(text));
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    keep(JSON.parse(await new Response(plain).text()));
  };
  return {
    async get(address) {
      if (!known.has(address)) {
        if (isServed) {
          const response = await fetch(`object/${address}`);
          if (response.ok) keep(await response.json());
        } else {
          let [low, high] = [0, packs.length];
          while (low < high) {
            const middle = (low + high) >> 1;
            if (packs[middle]! <= address) low = middle + 1;
            else high = middle;
          }
          if (low > 0) {
            if (!reading.has(low - 1)) reading.set(low - 1, read(low - 1));
            await reading.get(low - 1);
          }
        }
      }
      return known.get(address);
    },
  };
}
