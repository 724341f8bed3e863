/**
 * Who holds an object: the way from it to a module, a frame or the runtime, found by looking for its address in every
 * block in use.
 *
 * A block may hold many references; one of them is shown, by preference one with a name: an entry of a dict before an
 * item of a list, and those before the slots of an object. Borrowed references count as well: bytes do not tell.
 */
import { addresses, structs } from "../generated/memory.ts";
import { describe } from "./objects.ts";
import type { Reader } from "./reader.ts";
import type { ProcessRoots } from "./roots.ts";
import type { Block } from "./survey.ts";
import { derives, type TypeInfo, type Types } from "./types.ts";

/** One step of the way: what holds, and where in it. */
interface Step {
  /** The object that holds; undefined where it is not in a block. */
  object: number | undefined;
  text: string;
  rank: number;
}

const STEPS_MAX = 4;
// The lower, the more it says.
const [NAMED, ITEM, SLOT, ELSEWHERE, INTERNAL] = [0, 1, 2, 3, 4];

/** The ways from the objects in `blocks`, each a list of what holds the one before, the nearest first. */
export function waysTo(
  blocks: readonly Block[],
  all: Iterable<Block>,
  reader: Reader,
  types: Types,
  roots: ProcessRoots,
): Map<Block, string[]> {
  const ways = new Map<Block, string[]>(blocks.map((block) => [block, []]));
  const holders = [...all];
  const known = new Map<number, Step | undefined>();
  /** Finds who holds each of `wanted`, where that is not known yet. */
  const search = (wanted: Iterable<number>) => {
    const targets = new Set([...wanted].filter((address) => !known.has(address)));
    if (targets.size === 0) return;
    const found = findHolders(targets, holders, reader, types, roots);
    for (const address of targets) known.set(address, found.get(address));
  };
  // The object that each way has come to, and those on it.
  let ends = new Map<Block, number>(blocks.map((block) => [block, block.object?.address ?? block.address]));
  const passed = new Map<Block, Set<number>>(blocks.map((block) => [block, new Set([ends.get(block)!])]));
  for (let step = 0; step < STEPS_MAX && ends.size > 0; step++) {
    search(ends.values());
    const next = new Map<Block, number>();
    for (const [block, end] of ends) {
      const holder = known.get(end);
      if (!holder) continue;
      ways.get(block)!.push(holder.text);
      if (holder.object === undefined || passed.get(block)!.has(holder.object)) continue;
      passed.get(block)!.add(holder.object);
      next.set(block, holder.object);
    }
    ends = next;
  }
  return ways;
}

function findHolders(
  targets: Set<number>,
  blocks: readonly Block[],
  reader: Reader,
  types: Types,
  roots: ProcessRoots,
): Map<number, Step> {
  const best = new Map<number, Step>();
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const target of targets) [low, high] = [Math.min(low, target), Math.max(high, target)];
  /** Calls `found` for every word of the `size` bytes at `address` that is a target. */
  const scan = (address: number, size: number, found: (target: number, at: number, view: DataView) => void) => {
    const view = reader.source.view(address, size);
    for (let at = 0; at + 8 <= size; at += 8) {
      const word = view.getUint32(at, true) + view.getUint32(at + 4, true) * 0x100000000;
      if (word >= low && word <= high && targets.has(word)) found(word, at, view);
    }
  };
  const offer = (target: number, rank: number, step: () => Omit<Step, "rank">) => {
    if ((best.get(target)?.rank ?? INTERNAL + 1) > rank) best.set(target, { ...step(), rank });
  };
  for (const block of blocks) {
    const owner = block.kind === "part" ? block.owner : block;
    const object = owner?.object;
    if (block.kind === "part" && !owner) {
      // The runtime's own: of those only the frames say something.
      const rank = block.name === "frames" ? ELSEWHERE : INTERNAL;
      if (block.name !== "scratch memory")
        scan(block.address, block.size, (target) =>
          offer(target, rank, () => ({ object: undefined, text: block.name })),
        );
      continue;
    }
    if (!object) continue;
    scan(block.address, block.size, (target, at, view) => {
      if (target === object.address || (at === object.address + 8 - block.address && block === owner)) return;
      const rank = rankOf(block, object.type, view, at);
      offer(target, rank, () => ({
        // Who holds a module is not the question.
        object: derives(object.type, "PyModule_Type") ? undefined : object.address,
        text: `${nameOf(owner!, reader, types)}${placeOf(block, view, at, reader, types)}`,
      }));
    });
  }
  // Types without instances are not found on the way through the blocks.
  const size = structs.PyTypeObject.SIZE[0];
  for (let at = addresses.STATIC_TYPES; roots.machine && at < addresses.STATIC_OBJECTS; at += size) types.at(at);
  for (const type of types.found()) {
    if (!roots.statics.some(([from, to]) => type.address >= from && type.address < to)) continue;
    const step = () => ({ object: undefined, text: `the type ${type.name}` });
    scan(type.address, size, (target) => offer(target, ELSEWHERE, step));
  }
  if (roots.machine) {
    const step = () => ({ object: undefined, text: "the runtime" });
    scan(addresses.RUNTIME, addresses.ARENA_MAP - addresses.RUNTIME, (target) => offer(target, INTERNAL, step));
  }
  return best;
}

function rankOf(block: Block, type: TypeInfo, view: DataView, at: number): number {
  if (block.name === "dict keys" && block.kind === "part") return isValue(view, at) ? NAMED : SLOT;
  if (derives(type, "PyModule_Type")) return NAMED;
  if (block.kind === "part" || derives(type, "PyTuple_Type")) return ITEM;
  return SLOT;
}

/** The object in the block, as a step of a way names it. */
function nameOf(owner: Block, reader: Reader, types: Types): string {
  const text = describe(reader, owner.object!, types);
  // How long a container is does not tell which it is.
  return text && !/^\d+ items?$/.test(text) ? `${owner.name} ${text}` : owner.name;
}

// A dict's keys: 32 bytes, the table of indices, then entries of two words (key, value), or three (hash, key, value).
function entryOf(view: DataView, at: number): { word: number; general: boolean } | undefined {
  const entries = structs.PyDictKeysObject.SIZE[0] + 2 ** view.getUint8(9);
  const general = view.getUint8(10) === 0;
  if (at < entries) return undefined;
  return { word: ((at - entries) / 8) % (general ? 3 : 2), general };
}

function isValue(view: DataView, at: number): boolean {
  const entry = entryOf(view, at);
  return entry !== undefined && entry.word === (entry.general ? 2 : 1);
}

/** Where in the block the reference is, as Python would write it. */
function placeOf(block: Block, view: DataView, at: number, reader: Reader, types: Types): string {
  if (block.kind !== "part") return "";
  if (block.name === "list items") return ` [${at / 8}]`;
  if (block.name !== "dict keys" || !isValue(view, at)) return "";
  const key = view.getUint32(at - 8, true) + view.getUint32(at - 4, true) * 0x100000000;
  const type = types.at(reader.get(key, structs.PyObject.ob_type));
  const text = type && describe(reader, { address: key, type, refcount: 0 }, types);
  return text ? ` [${text}]` : "";
}
