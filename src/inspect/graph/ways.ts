/**
 * Ways from the roots to an object, written as Python would write them: `__main__.app.cache["users"][17].tags`.
 */
import { describe, textOf } from "../objects/describe.ts";
import { Family } from "../objects/types.ts";
import { Place, type Walk } from "../objects/walk.ts";
import { type Graph, HERE, UNREACHED } from "./graph.ts";

/** A reference's place: the best of those from one object to another. */
export interface Where {
  place: Place;
  number: number;
}

/** The lower, the more it says. */
export const RANK: Record<Place, number> = {
  [Place.Attribute]: 0,
  [Place.Value]: 0,
  [Place.Item]: 1,
  [Place.Dict]: 1,
  [Place.Local]: 2,
  [Place.Field]: 3,
  [Place.Key]: 4,
  [Place.Word]: 5,
};

const NAME = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;
const KEY_MAX = 40;
const MODULES = "sys.modules";

/** Of a dict that is an object's: not a step of a way, but its last. */
const DICT_STEP = ".__dict__";

export class Ways {
  /** Where each of these nodes is in the one that it was reached from. */
  private readonly prepared = new Map<number, Where>();

  constructor(
    private readonly graph: Graph,
    private readonly walk: Walk,
  ) {}

  /** The way to `node`; undefined where no root leads to it. */
  to(node: number): string | undefined {
    const path = this.graph.pathTo(node);
    return path && this.along(path);
  }

  /**
   * Finds where the nodes are, and all on the ways to them, with one walk over each of those that hold them: of many nodes
   * in one list each would cost a walk of its own.
   */
  prepare(nodes: Iterable<number>): void {
    const { parent } = this.graph;
    const held = new Map<number, Map<number, { rank: number }>>();
    for (let node of nodes) {
      for (let holder = parent[node]!; holder >= 0; node = holder, holder = parent[node]!) {
        let its = held.get(holder);
        if (!its) held.set(holder, (its = new Map()));
        if (this.prepared.has(node) || its.has(node)) break;
        its.set(node, { rank: Number.POSITIVE_INFINITY });
      }
    }
    for (const [holder, its] of held) {
      if (its.size === 0) continue;
      this.graph.eachReference(holder, (node, place, number) => {
        const best = node < 0 ? undefined : its.get(node);
        if (!best || RANK[place] >= best.rank) return;
        best.rank = RANK[place];
        this.prepared.set(node, { place, number });
      });
    }
  }

  /**
   * The last step of the way to a node, and the node before it, -1 where it begins the way, as a module's name does;
   * undefined where no root leads to it. In the text of a beginning `HERE` may stand.
   */
  last(node: number): { step: string; before: number } | undefined {
    const { parent, seedTexts } = this.graph;
    const before = parent[node]!;
    if (before === UNREACHED) return undefined;
    if (before < 0) return { step: seedTexts.get(node) ?? this.nameOf(node), before: -1 };
    if (parent[before]! < 0 && seedTexts.get(before) === MODULES && this.family(node) === Family.Module) {
      const step = this.keyText(this.where(before, node).number);
      if (step) return { step, before: -1 };
    }
    const path = parent[before]! < 0 ? [before, node] : [parent[before]!, before, node];
    return { step: this.steps(path, path.length - 1), before };
  }

  /** The way along nodes of which the first is held by a root. */
  along(path: readonly number[]): string {
    const { graph } = this;
    let text = graph.seedTexts.get(path[0]!) ?? this.nameOf(path[0]!);
    let from = 1;
    // A module's own name says it all.
    if (text === MODULES && path.length > 1) {
      const name = this.keyText(this.where(path[0]!, path[1]!).number);
      if (name && this.family(path[1]!) === Family.Module) {
        text = name;
        from = 2;
      }
    }
    const steps = this.steps(path, from);
    return text.includes(HERE) ? text.replace(HERE, steps) : text + steps;
  }

  /** The steps of the way from node to node, the first of which leads to `path[from]`. */
  steps(path: readonly number[], from: number): string {
    let text = "";
    for (let i = from; i < path.length; i++) {
      const [holder, target] = [path[i - 1]!, path[i]!];
      const where = this.where(holder, target);
      // An object's dict is not a step: the names in it are attributes.
      if (where.place === Place.Dict) {
        if (i + 1 === path.length) text += DICT_STEP;
        continue;
      }
      const inDict = i > 1 && where.place === Place.Value && this.isDictOf(path[i - 2]!, holder);
      const rootDict = i === 1 && where.place === Place.Value && this.isNamespace(holder);
      text += this.step(holder, where, inDict || rootDict);
    }
    return text;
  }

  private isDictOf(owner: number, dict: number): boolean {
    return this.where(owner, dict).place === Place.Dict;
  }

  /** Whether a dict that a root holds is one of names: sys, builtins. */
  private isNamespace(node: number): boolean {
    const text = this.graph.seedTexts.get(node);
    return text === "sys" || text === "builtins";
  }

  private step(holder: number, { place, number }: Where, isAttribute: boolean): string {
    const { walk, graph } = this;
    switch (place) {
      case Place.Attribute:
        return this.attribute(this.keyText(number) ?? "?");
      case Place.Value: {
        const text = this.keyText(number);
        if (isAttribute && text !== undefined) return this.attribute(text);
        return `[${this.keyRepr(number)}]`;
      }
      case Place.Item:
        return `[${number}]`;
      case Place.Local: {
        const name = number === 0 ? "" : textOf(walk.memory, walk.types, number);
        return name ? `:${name}` : ":stack";
      }
      case Place.Key:
        return this.family(holder) === Family.Set ? "{…}" : ".keys()";
      case Place.Field: {
        const type = graph.blocks.type(holder)!;
        const name = walk.fieldName(type, number) ?? walk.slotName(type, number);
        return name ? this.attribute(name) : `.<${type.name}+${number}>`;
      }
      default:
        return ".<memory>";
    }
  }

  private attribute(name: string): string {
    return NAME.test(name.replace("()", "")) ? `.${name}` : `.__dict__[${JSON.stringify(name)}]`;
  }

  private family(node: number): Family | undefined {
    return this.graph.blocks.type(node)?.family;
  }

  /** The text of a key that is a str. */
  private keyText(address: number): string | undefined {
    const type = this.walk.types.of(address);
    return type?.family === Family.Str ? textOf(this.walk.memory, this.walk.types, address) : undefined;
  }

  private keyRepr(address: number): string {
    const { memory, types } = this.walk;
    const type = types.of(address);
    if (!type) return "?";
    const text = describe(memory, types, address, type);
    if (type.family === Family.Tuple || text === "") return `<${type.name}>`;
    return text.length > KEY_MAX ? `${text.slice(0, KEY_MAX)}…` : text;
  }

  /** An object as a root that has no name of its own. */
  private nameOf(node: number): string {
    const { blocks } = this.graph;
    return blocks.whats[blocks.what[node]!]!.name;
  }

  /** What a reference is called that is at this place of `holder`. */
  stepOf(holder: number, where: Where): string {
    return where.place === Place.Dict ? DICT_STEP : this.step(holder, where, false);
  }

  /** Where in `holder` the reference to `target` is that says most. */
  where(holder: number, target: number): Where {
    const known = this.graph.parent[target] === holder ? this.prepared.get(target) : undefined;
    if (known) return known;
    let best: Where = { place: Place.Word, number: 0 };
    let rank = Number.POSITIVE_INFINITY;
    this.graph.placesOf(holder, target, (_, place, number) => {
      if (RANK[place] >= rank) return;
      rank = RANK[place];
      best = { place, number };
    });
    return best;
  }
}
