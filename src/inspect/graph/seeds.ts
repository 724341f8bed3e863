/**
 * What holds objects from outside the heap, in turns: the modules, the variables of running functions, the
 * interpreter's own dicts, then words that may be addresses of objects.
 */
import type { Blocks } from "../blocks.ts";
import { textOf } from "../objects/describe.ts";
import { Family } from "../objects/types.ts";
import { Place, type Walk } from "../objects/walk.ts";
import type { Roots } from "../roots/roots.ts";
import { HERE, type Seed, type Turn } from "./graph.ts";

const FRAMES_MAX = 100_000;
const THREADS_MAX = 10_000;

/** What holds objects for certain. */
export function strongTurns(blocks: Blocks, walk: Walk, roots: Roots): Turn[] {
  const seed = (address: number, text: string): Seed[] => {
    const node = address === 0 ? -1 : blocks.find(address);
    return node >= 0 && blocks.type(node) ? [{ node, text }] : [];
  };
  const main = roots.modules.flatMap((dict) => seed(mainModule(walk, dict), "__main__"));
  const modules = roots.modules.flatMap((dict) => seed(dict, "sys.modules"));
  const frames: Seed[] = [];
  const seen = new Set<number>();
  for (const thread of roots.threads.slice(0, THREADS_MAX)) {
    eachVariable(walk, thread, false, seen, (address, text) => frames.push(...seed(address, text)));
  }
  const named = roots.named.flatMap(([address, text]) => seed(address, text));
  return [[...main, ...modules], frames, named].map((seeds) => ({ weak: false, seeds }));
}

/** The module `__main__` in a dict of modules, 0 where there is none. */
function mainModule(walk: Walk, dict: number): number {
  const { memory, types } = walk;
  const type = types.of(dict);
  let found = 0;
  if (type?.family !== Family.Dict) return 0;
  walk.refs(dict, type, (target, place, key) => {
    if (place === Place.Value && found === 0 && textOf(memory, types, key) === "__main__") found = target;
  });
  return found;
}

/**
 * Calls `found` with the variables of the functions that a thread runs; or, for `stacks`, with what may be on the stacks
 * of those that are at work: how high these are is not kept. `seen`: frames that other threads had, which no two have.
 */
function eachVariable(
  walk: Walk,
  thread: number,
  stacks: boolean,
  seen: Set<number>,
  found: (address: number, text: string) => void,
): void {
  const { memory, layout, types } = walk;
  const function_ = (code: number) =>
    textOf(memory, types, memory.u64(code + layout.at("PyCodeObject.co_name"))) || "?";
  const variable = (code: number) => {
    const where = `${function_(code)}()`;
    return (target: number, place: Place, number: number) => {
      if (place !== Place.Local) return found(target, `the frame of ${where}`);
      const name = number === 0 ? "" : textOf(memory, types, number);
      found(target, name ? `${name}${HERE} in ${where}` : `the stack of ${where}`);
    };
  };
  if (!layout.since(11)) {
    let frame = memory.u64(thread + layout.at("PyThreadState.frame"));
    for (
      ;
      frame !== 0 && memory.has(frame) && !seen.has(frame) && seen.size < FRAMES_MAX;
      frame = walk.frameBack(frame)
    ) {
      seen.add(frame);
      const code = walk.frameCode(frame);
      if (types.of(code)?.core !== "code") continue;
      if (!stacks) walk.frameLocals(frame, variable(code));
      if (stacks) walk.frameStack(frame, (target) => found(target, `the stack of ${function_(code)}()`));
      else found(frame, `the frame of ${function_(code)}()`);
    }
    return;
  }
  const cframe = layout.find("PyThreadState.cframe");
  let frame =
    cframe >= 0
      ? memory.u64(memory.u64(thread + cframe) + layout.at("_PyCFrame.current_frame"))
      : memory.u64(thread + layout.at("PyThreadState.current_frame"));
  for (; frame !== 0 && memory.has(frame) && !seen.has(frame) && seen.size < FRAMES_MAX; frame = walk.previous(frame)) {
    seen.add(frame);
    const code = walk.codeOf(frame);
    if (types.of(code)?.core !== "code") continue;
    if (stacks) walk.interpreterStack(frame, (target) => found(target, `the stack of ${function_(code)}()`));
    else walk.interpreterFrame(frame, variable(code));
  }
}

/** What may hold objects: the words of static memory and of stacks. */
export function* weakTurns(blocks: Blocks, walk: Walk, roots: Roots): Iterable<Turn> {
  const stacks: Seed[] = [];
  const seen = new Set<number>();
  for (const thread of roots.threads.slice(0, THREADS_MAX)) {
    eachVariable(walk, thread, true, seen, (address, text) => {
      const node = blocks.find(address);
      if (node >= 0 && blocks.type(node)) stacks.push({ node, text });
    });
  }
  yield { weak: true, seeds: stacks };
  const memory: Seed[] = [];
  for (const { from, to, text } of roots.regions) {
    const seeds: Seed[] = [];
    walk.memoryRefs(from, to - from, (target) => {
      const node = blocks.find(target);
      if (node < 0) return;
      const { kind } = blocks.whats[blocks.what[node]!]!;
      if (kind === "object") seeds.push({ node, text });
      else if (kind === "unknown") memory.push({ node, text });
    });
    yield { weak: true, seeds };
  }
  yield { weak: true, seeds: memory };
  const rest: Seed[] = [];
  for (let node = 0; node < blocks.count; node++) {
    if (blocks.whats[blocks.what[node]!]!.kind === "unknown") rest.push({ node, text: "memory of C code" });
  }
  yield { weak: true, seeds: rest };
}
