/** Questions about single objects: what keeps one, where it is by its name, what instances a type has. */

import { whatIs } from "./answer.ts";
import { textOf } from "./objects/describe.ts";
import { Family } from "./objects/types.ts";
import { Place } from "./objects/walk.ts";
import type { Survey } from "./survey.ts";
import type { Frame } from "./traces.ts";

/** An object, and what keeps it. */
export interface Kept {
  block: number;
  address: number;
  type: string;
  value: string;
  /** "a list of 70". */
  what: string;
  /** Bytes of it and its parts; of all that it retains. */
  size: number;
  retained: number;
  /** -1: immortal. */
  refcount: number;
  /** The shortest way from a root; undefined where none leads to it. */
  way: string | undefined;
  /** Where it was allocated, the innermost frame first; nothing where that was not traced. */
  allocated: readonly Frame[];
  /** It is garbage: only objects in its own cycle hold it. */
  garbage: boolean;
  /** Who refers to it: the way to each, and from there the last step. */
  referrers: { what: string; way: string | undefined; step: string }[];
}

const REFERRERS_MAX = 20;

/** The number of the block that an address lies in, or that of the object that it is part of; -1. */
function blockAt(survey: Survey, address: number): number {
  const n = survey.blocks.around(address);
  return n < 0 ? -1 : survey.blocks.ownerOf(n);
}

/** Objects by what people call them: an address, a name as a way has it (`app.cache["users"]`), or a type's name. */
export function find(survey: Survey, text: string, limit: number): number[] {
  if (/^(0x[0-9a-f]+|\d{4,})$/i.test(text)) {
    const block = blockAt(survey, Number(text));
    return block < 0 ? [] : [block];
  }
  const named = byName(survey, text);
  return named >= 0 ? [named] : instances(survey, text, limit);
}

/** The instances of the type with this name that take most, subclasses left out. */
export function instances(survey: Survey, name: string, limit: number): number[] {
  const { blocks } = survey;
  const wanted = new Set(
    blocks.whats
      .filter((w) => w.kind === "object" && (w.name === name || w.name.endsWith(`.${name}`)))
      .map((w) => w.index),
  );
  const found: number[] = [];
  if (wanted.size === 0) return found;
  for (let n = 0; n < blocks.count; n++) if (wanted.has(blocks.what[n]!)) found.push(n);
  const { number } = survey.dominators;
  const { units } = survey.retained;
  return found.sort((a, b) => units[number[b]!]! - units[number[a]!]! || a - b).slice(0, limit);
}

/** The object at the end of a name, -1: a module's, `__main__`'s, or a variable's of a running function. */
function byName(survey: Survey, text: string): number {
  const steps = [...text.matchAll(/\[("(?:[^"\\]|\\.)*"|[^\]]*)\]|\.?([^.[\]]+)/g)].map((m) => m[1] ?? `.${m[2]}`);
  if (steps.length === 0) return -1;
  const { roots, blocks } = survey;
  for (const dict of roots.modules) {
    const modules = blocks.find(dict);
    if (modules < 0) continue;
    // The longest beginning that is a module's name, then __main__.
    for (let i = steps.length; i >= 0; i--) {
      if (!steps.slice(0, i).every((s) => s.startsWith("."))) continue;
      const name = i === 0 ? "__main__" : steps.slice(0, i).join("").slice(1);
      const module = child(survey, modules, `[${JSON.stringify(name)}]`);
      const found = module < 0 ? -1 : follow(survey, module, steps.slice(i));
      if (found >= 0) return found;
    }
  }
  for (const [node, seed] of survey.graph.seedTexts) {
    if (`.${seed.split("\0")[0]}` !== steps[0] || !seed.includes("\0")) continue;
    const found = follow(survey, node, steps.slice(1));
    if (found >= 0) return found;
  }
  return -1;
}

function follow(survey: Survey, node: number, steps: readonly string[]): number {
  for (const step of steps) {
    node = child(survey, node, step.startsWith(".") ? step : `[${step}]`);
    if (node < 0) return -1;
  }
  return node;
}

/** What a step leads to from a node: `.name`, `["key"]`, `[17]`; -1. */
function child(survey: Survey, node: number, step: string): number {
  const { blocks, walk } = survey;
  const type = blocks.type(node);
  if (!type) return -1;
  let found = -1;
  const isName = step.startsWith(".");
  const visit = (holder: number, inDict: boolean) => {
    const its = blocks.type(holder);
    if (!its) return;
    walk.refs(blocks.object(holder), its, (target, place, number) => {
      if (found >= 0 || target === 0) return;
      if (place === Place.Dict && isName && !inDict) {
        const dict = blocks.find(target);
        if (dict >= 0) visit(dict, true);
        return;
      }
      const matches =
        place === Place.Attribute || (place === Place.Value && inDict)
          ? isName && textOf(survey.memory, survey.types, number) === step.slice(1)
          : place === Place.Field
            ? isName && (walk.fieldName(its, number) ?? walk.slotName(its, number)) === step.slice(1)
            : place === Place.Value
              ? step === `[${keyText(survey, number)}]`
              : place === Place.Item && step === `[${number}]`;
      if (matches) found = blocks.find(target);
    });
  };
  visit(node, false);
  return found;
}

function keyText(survey: Survey, key: number): string {
  const node = survey.blocks.find(key);
  if (node >= 0) return survey.describe(node);
  const type = survey.types.of(key);
  return type?.family === Family.Str ? JSON.stringify(textOf(survey.memory, survey.types, key)) : "";
}

/** What keeps the object in block `n`. */
export function why(survey: Survey, n: number): Kept {
  const { blocks, graph, ways, dominators } = survey;
  const { kind, name } = blocks.whats[blocks.what[n]!]!;
  const holders = graph.referrers(n, REFERRERS_MAX);
  ways.prepare([n, ...holders]);
  const referrers = holders.map((r) => ({
    what: whatIs(survey, r),
    way: ways.to(r),
    step: ways.steps([r, n], 1),
  }));
  const isObject = kind === "object";
  return {
    block: n,
    address: blocks.object(n),
    type: name,
    value: survey.describe(n),
    what: whatIs(survey, n),
    size: survey.sizeOf(n),
    retained: survey.retained.units[dominators.number[n]!]! * 16 * (dominators.number[n] === 0 ? 0 : 1),
    refcount: isObject ? survey.refcount(n) : 0,
    way: ways.to(n),
    allocated: survey.traces?.tracebacks[survey.traces.of[n]!] ?? [],
    garbage: survey.garbage?.[n] === 1,
    referrers,
  };
}
