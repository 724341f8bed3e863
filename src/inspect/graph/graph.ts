/**
 * The graph of objects: who refers to whom, by the numbers of blocks, in flat arrays; and what is reached from where.
 *
 *   edges of n: targets[first[n]] … targets[first[n + 1] - 1]
 *
 * Parts are not in it: their owner stands for them. Memory without an object is, as far as it is read for addresses.
 *
 * Roots come in turns, those first from which a way reads best: modules, the variables of running functions, the
 * interpreter's own, words of static memory, stacks. What a turn reaches, later ones leave alone: a word on a stack
 * that happens to be an object's address says nothing about an object that a variable holds.
 */
import type { Blocks } from "../blocks.ts";
import type { Place, Walk } from "../objects/walk.ts";

/** An object that is held from outside the heap, and what holds it. */
export interface Seed {
  node: number;
  /** Its way: `sys.modules`, `held in main()`. */
  text: string;
}

/** Seeds that count as long as nothing reached the object before: what holds them may be chance. */
export interface Turn {
  weak: boolean;
  seeds: Seed[];
}

/** In the text of a seed: where the steps of a way go on, if not at its end. */
export const HERE = "\0";
export const UNREACHED = -1;
export const ROOT = -2;

/** A growing array of numbers of 32 bits. */
class Numbers {
  array: Int32Array;
  length = 0;
  constructor(capacity: number) {
    this.array = new Int32Array(Math.max(1024, capacity));
  }
  push(n: number): void {
    if (this.length === this.array.length) {
      const larger = new Int32Array(Math.ceil(this.length * 1.5));
      larger.set(this.array);
      this.array = larger;
    }
    this.array[this.length++] = n;
  }
}

export class Graph {
  readonly count: number;
  readonly first: Uint32Array;
  readonly targets: Int32Array;
  /** The node that each was reached from, ROOT or UNREACHED. */
  readonly parent: Int32Array;
  /** What holds the seeds that were reached as such. */
  readonly seedTexts = new Map<number, string>();
  /**
   * Marks what no certain root leads to. What such a node refers to says nothing of one that a certain root leads to:
   * what dominates that one is asked without it.
   */
  weak: Uint8Array | undefined;
  /** Every seed that counts, for what dominates what. */
  readonly seeds: number[] = [];
  private queue = new Int32Array(0);
  private queued = 0;

  constructor(
    readonly blocks: Blocks,
    private readonly walk: Walk,
  ) {
    this.count = blocks.count;
    this.first = new Uint32Array(this.count + 1);
    this.parent = new Int32Array(this.count).fill(UNREACHED);
    const targets = new Numbers(this.count);
    // Which kinds are nodes: by what they hold.
    const isNode = this.nodeKinds();
    const { what } = blocks;
    const visit = (target: number) => {
      if (target === 0) return;
      const node = blocks.find(target);
      if (node >= 0 && isNode[what[node]!] === 1) targets.push(node);
    };
    for (let n = 0; n < this.count; n++) {
      this.first[n] = targets.length;
      const { kind, type } = blocks.whats[what[n]!]!;
      if (type) walk.refs(blocks.object(n), type, visit);
      else if (kind === "unknown") walk.memoryRefs(blocks.address(n), blocks.room[n]!, visit);
    }
    this.first[this.count] = targets.length;
    this.targets = targets.array.length > targets.length * 1.2 ? targets.array.slice(0, targets.length) : targets.array;
  }

  private nodeKinds(): Uint8Array {
    const { whats } = this.blocks;
    return Uint8Array.from(whats, ({ kind }) => (kind === "object" || kind === "unknown" ? 1 : 0));
  }

  /**
   * Forgets those words of memory without an object that are no references, as such memory has what it had before: words
   * that lead to objects whose reference count is what is known to hold them. `isExplained`: says so of a node, of which
   * so many references are known.
   */
  forgetStale(certain: Iterable<Turn>, isExplained: (node: number, known: number) => boolean): void {
    const { first, targets, count, blocks } = this;
    const isMemory = Uint8Array.from(blocks.whats, ({ kind }) => (kind === "unknown" ? 1 : 0));
    const { what } = blocks;
    let any = false;
    for (let n = 0; n < count && !any; n++) any = isMemory[what[n]!] === 1 && first[n]! < first[n + 1]!;
    if (!any) return;
    const known = new Int32Array(count);
    for (const { seeds } of certain) for (const { node } of seeds) known[node]!++;
    for (let n = 0; n < count; n++) {
      if (isMemory[what[n]!] === 1) continue;
      for (let e = first[n]!, end = first[n + 1]!; e < end; e++) known[targets[e]!]!++;
    }
    let kept = 0;
    for (let n = 0; n < count; n++) {
      const [begin, end] = [first[n]!, first[n + 1]!];
      const filters = isMemory[what[n]!] === 1;
      first[n] = kept;
      for (let e = begin; e < end; e++) {
        const target = targets[e]!;
        if (!filters || isMemory[what[target]!] === 1 || !isExplained(target, known[target]!)) targets[kept++] = target;
      }
    }
    first[count] = kept;
  }

  /** Reaches what the seeds lead to, nearest first; what `skip` marks is left out. */
  reach({ weak, seeds }: Turn, skip?: Uint8Array): void {
    if (this.queue.length === 0) this.queue = new Int32Array(this.count);
    const { parent, queue } = this;
    const begin = this.queued;
    for (const { node, text } of seeds) {
      if (skip?.[node]) continue;
      if (parent[node] === UNREACHED) {
        parent[node] = ROOT;
        this.seedTexts.set(node, text);
        queue[this.queued++] = node;
        this.seeds.push(node);
      } else if (!weak && parent[node] !== ROOT) this.seeds.push(node);
    }
    this.spread(begin, skip);
  }

  /** Notes that what is reached from now on is reached by what may be chance. */
  beginWeak(): void {
    const { parent, count } = this;
    const weak = new Uint8Array(count);
    for (let n = 0; n < count; n++) if (parent[n] === UNREACHED) weak[n] = 1;
    this.weak = weak;
  }

  /** Lets go of what only the search needs. */
  finish(): void {
    this.queue = new Int32Array(0);
  }

  private spread(begin: number, skip: Uint8Array | undefined): void {
    const { parent, queue, first, targets } = this;
    for (let at = begin; at < this.queued; at++) {
      const node = queue[at]!;
      for (let e = first[node]!, end = first[node + 1]!; e < end; e++) {
        const target = targets[e]!;
        if (parent[target] !== UNREACHED || skip?.[target]) continue;
        parent[target] = node;
        queue[this.queued++] = target;
      }
    }
  }

  /** Reaches the classes of all that was reached. */
  reachTypes(skip?: Uint8Array): void {
    const { blocks, parent } = this;
    const known = new Map<number, number>();
    for (;;) {
      const seeds: Seed[] = [];
      const seen = new Set<number>();
      for (let n = 0; n < this.count; n++) {
        if (parent[n] === UNREACHED) continue;
        const what = blocks.what[n]!;
        const type = blocks.whats[what]!.type;
        if (!type?.isHeap || seen.has(what)) continue;
        seen.add(what);
        let node = known.get(what);
        if (node === undefined) known.set(what, (node = blocks.find(type.address)));
        if (node >= 0 && parent[node] === UNREACHED) seeds.push({ node, text: `the class of a ${type.name}` });
      }
      if (seeds.length === 0) return;
      this.reach({ weak: true, seeds }, skip);
    }
  }

  /** The nodes from a root to `node`, the root's first; undefined where none leads there. */
  pathTo(node: number): number[] | undefined {
    if (node < 0 || this.parent[node] === UNREACHED) return undefined;
    const path = [node];
    for (let at = this.parent[node]!; at >= 0; at = this.parent[at]!) path.push(at);
    return path.reverse();
  }

  /** Every node that refers to `node`, `limit` at most. */
  referrers(node: number, limit: number): number[] {
    const found: number[] = [];
    const { first, targets, count } = this;
    for (let n = 0; n < count && found.length < limit; n++) {
      for (let e = first[n]!, end = first[n + 1]!; e < end; e++) {
        if (targets[e] === node) {
          found.push(n);
          break;
        }
      }
    }
    return found;
  }

  /**
   * Who refers to each of `nodes`: for each, in their order, `limit` of those at most, and how many there are, each counted
   * once for each reference.
   */
  referrersOf(nodes: readonly number[], limit: number): { found: number[][]; counts: Int32Array } {
    const { first, targets, count } = this;
    const place = new Int32Array(count).fill(-1);
    nodes.forEach((node, i) => {
      place[node] = i;
    });
    const found: number[][] = nodes.map(() => []);
    const counts = new Int32Array(nodes.length);
    for (let n = 0; n < count; n++) {
      for (let e = first[n]!, end = first[n + 1]!; e < end; e++) {
        const i = place[targets[e]!]!;
        if (i < 0) continue;
        counts[i]!++;
        const its = found[i]!;
        if (its.length < limit && its.at(-1) !== n) its.push(n);
      }
    }
    return { found, counts };
  }

  /** Calls `visit` with each reference from `node`: the node that it leads to, -1, and where it is. */
  eachReference(node: number, visit: (target: number, place: Place, number: number, address: number) => void): void {
    const { blocks } = this;
    const type = blocks.type(node);
    const each = (address: number, place: Place, number: number) => {
      if (address !== 0) visit(blocks.find(address), place, number, address);
    };
    if (type) this.walk.refs(blocks.object(node), type, each);
    else this.walk.memoryRefs(blocks.address(node), blocks.room[node]!, each);
  }

  /** Calls `visit` with the places of the references from `node` to `target`. */
  placesOf(node: number, target: number, visit: Parameters<Walk["refs"]>[2]): void {
    this.eachReference(node, (its, place, number, address) => {
      if (its === target) visit(address, place, number);
    });
  }
}
