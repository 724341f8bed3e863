/**
 * Random programs that build and break graphs of objects, and tell every death, reference count and figure of the
 * collector. A program is a function of straight steps over ten variables, over a few of which functions close; what kind
 * of object is in each variable is known at every step, so that most steps succeed. The same seed gives the same program.
 */
import { readFileSync } from "node:fs";
import { Random } from "./random.ts";

const VARIABLES = Array.from({ length: 10 }, (_, i) => `v${i}`);

/** What a step may do with an object of a kind. */
type Trait = "attributes" | "slots" | "weak" | "hash" | "list" | "dict" | "set" | "deque" | "iterator" | "generator";
type MoreTraits =
  | "coroutine"
  | "async"
  | "error"
  | "class"
  | "reference"
  | "call"
  | "tuple"
  | "frame"
  | "cell"
  | "instance";
type Kind = ReadonlySet<Trait | MoreTraits>;

const kind = (...traits: (Trait | MoreTraits)[]): Kind => new Set(traits);
const NONE = kind();

/** What every instance of a plain class can. */
const ANY_INSTANCE = ["attributes", "slots", "weak", "instance"] as const;
const KINDS = {
  instance: kind(...ANY_INSTANCE),
  /** Only what does not hash by its address: sets are to have the same order everywhere. */
  hashed: kind(...ANY_INSTANCE, "hash"),
  slotted: kind("slots"),
  weakSlotted: kind("attributes", "slots", "weak"),
  list: kind("list"),
  dict: kind("dict"),
  set: kind("set"),
  tuple: kind("tuple"),
  namedList: kind("list", "attributes", "weak"),
  namedDict: kind("dict", "attributes", "weak"),
  namedSet: kind("set", "attributes", "weak"),
  deque: kind("deque"),
  namedDeque: kind("deque", "attributes", "weak"),
  iterator: kind("iterator"),
  generator: kind("generator", "iterator", "weak"),
  coroutine: kind("coroutine", "weak"),
  async: kind("async", "weak"),
  error: kind("error", "attributes"),
  class: kind("class", "attributes", "weak", "call"),
  reference: kind("reference", "call"),
  function: kind("call", "attributes", "weak"),
  callable: kind("call"),
  frame: kind("frame"),
  cell: kind("cell"),
  other: NONE,
} satisfies Record<string, Kind>;

/** A program's text, as the function `case<number>` and the call that runs it. */
export function graphProgram(number: number, seed: number, steps: number): string {
  // Neighbouring seeds are to have nothing in common.
  const numbers = new Random((Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1);
  const random = (n: number) => numbers.below(n);
  const pick = <T>(items: readonly T[]): T => numbers.pick(items);
  const chance = (percent: number) => numbers.chance(percent);

  const out: string[] = [`def case${number}():`, `    ${VARIABLES.join(" = ")} = None`];
  const kinds = new Map<string, Kind>(VARIABLES.map((v) => [v, NONE]));
  let names = 0;
  let classes = 0;
  const name = () => ++names;
  const any = () => pick(VARIABLES);
  const withTrait = (...traits: (Trait | MoreTraits)[]) => {
    const fitting = VARIABLES.filter((v) => traits.some((t) => kinds.get(v)!.has(t)));
    return fitting.length > 0 ? pick(fitting) : null;
  };
  const hashable = () => withTrait("hash") ?? String(random(5));
  const write = (...lines: string[]) => {
    for (const line of lines) out.push(`    ${line}`);
  };
  /** Steps that may fail. */
  const attempt = (...lines: string[]) =>
    write("try:", ...lines.map((line) => `    ${line}`), "except Exception as e: say(type(e).__name__)");
  const store = (value: string, k: Kind) => {
    const v = any();
    write(`${v} = ${value}`);
    kinds.set(v, k);
  };
  const attemptStore = (value: string, k: Kind) => {
    const v = any();
    attempt(`${v} = ${value}`);
    // Where it failed the variable has what it had: what is tried with it may fail in turn.
    kinds.set(v, k);
  };

  const make: (() => unknown)[] = [
    () => store(`${pick(["P", "D", "D", "R", "B", "A"])}(${name()})`, KINDS.instance),
    () => store(`H(${name()})`, KINDS.hashed),
    () => store(`${pick(["S", "Q"])}(${name()})`, KINDS.slotted),
    () => store(`W(${name()})`, KINDS.weakSlotted),
    () => store(`[${any()}, ${any()}]`, KINDS.list),
    () => store(pick(["[]", "{}", "set()", "[[], [], ()]", "{1: [], 2: {}}"]), NONE),
    () => store(`{'k': ${any()}, ${random(9)}: ${any()}}`, KINDS.dict),
    () => attemptStore(`{${hashable()}, ${hashable()}}`, KINDS.set),
    () => store(`(${any()}, ${any()})`, KINDS.tuple),
    () => store(`(${any()}, 1, (${any()}, 'a'))`, KINDS.tuple),
    () => store(`named(L([${any()}]), ${name()})`, KINDS.namedList),
    () => store(`named(M(a=${any()}), ${name()})`, KINDS.namedDict),
    () => attemptStore(`named(U([${hashable()}]), ${name()})`, KINDS.namedSet),
    () => store(`named(T((${any()}, ${any()})), ${name()})`, kind("tuple", "attributes")),
    () => store(`deque([${any()}], ${pick(["None", "3"])})`, KINDS.deque),
    () => store(`named(DQ((${any()}, ${any()})), ${name()})`, KINDS.namedDeque),
    () => attemptStore(pick([`defaultdict(list, a=${any()})`, `OrderedDict(a=${any()}, b=${any()})`]), KINDS.dict),
    () => store(`ChainMap({1: ${any()}})`, kind("attributes", "weak")),
    () => store(`types.SimpleNamespace(x=${any()})`, KINDS.other),
    () => attemptStore(`frozenset([${hashable()}])`, kind("hash", "weak")),
    () => store(`${pick(["g0", "g1", "g2", "g3"])}(${any()}, ${any()})`, KINDS.generator),
    () => store(`(${any()} for _ in [${any()}, 1])`, KINDS.generator),
    () => {
      const v = any();
      // One that never runs is warned of, by ways of their own.
      write(`${v} = ${pick([`c0(${any()})`, `c1(${any()}, ${any()})`])}; ${v}.send(None)`);
      kinds.set(v, KINDS.coroutine);
    },
    () => store(`ag(${any()}, ${any()})`, KINDS.async),
    () => store(`frame(${any()}, ${any()})`, KINDS.frame),
    () => store(`closure(${any()}, ${any()})`, KINDS.function),
    () => store(`closures(${any()})`, KINDS.function),
    () => {
      const [captured, v] = [any(), any()];
      write(`def ${v}(a=${any()}, *, k=${any()}): return ${captured}`);
      kinds.set(v, KINDS.function);
    },
    () => store(`lambda a=${any()}: [a, ${any()}]`, KINDS.function),
    () =>
      attemptStore(
        `functools.partial(${withTrait("call") ?? "len"}, ${any()}, k=${any()})`,
        kind("call", "attributes", "weak"),
      ),
    () => {
      const v = withTrait("instance");
      if (v) attemptStore(`${v}.method`, kind("call", "weak"));
    },
    () => {
      const v = withTrait("list");
      if (v) attemptStore(`${v}.append`, KINDS.callable);
    },
    () => attemptStore(`types.MethodType(P.method, ${any()})`, kind("call", "weak")),
    () => store(`types.CellType(${any()})`, KINDS.cell),
    () => store(`property(${any()}, ${any()})`, KINDS.other),
    () => store(`${pick(["staticmethod", "classmethod"])}(${any()})`, kind("attributes")),
    () => store(`types.MappingProxyType({1: ${any()}})`, KINDS.other),
    () => store(`list[${any()}, ${any()}]`, kind("weak")),
    () => store(`memoryview(bytearray(${random(40)}))`, kind("weak")),
    () => store(`contextvars.ContextVar('c', default=${any()})`, KINDS.other),
    () => {
      const v = withTrait("list", "tuple", "deque", "dict", "set");
      if (!v) return;
      const form = pick([
        `iter(${v})`,
        `zip(${v}, ${v})`,
        `enumerate(${v})`,
        `map(cb, ${v})`,
        `filter(None, ${v})`,
        `itertools.chain(${v}, ${v})`,
        `itertools.islice(${v}, 1, 9)`,
        `itertools.cycle(${v})`,
        `itertools.tee(${v})[0]`,
        `itertools.repeat(${v})`,
        `itertools.accumulate(${v}, lambda a, b: (a, b))`,
        `itertools.product(${v}, repeat=2)`,
        `itertools.groupby(${v})`,
        `itertools.starmap(max, ${v})`,
      ]);
      attemptStore(form, KINDS.iterator);
    },
    () => {
      const v = withTrait("dict");
      if (v) attemptStore(`iter(${v}.${pick(["keys", "values", "items"])}())`, KINDS.iterator);
    },
    // Never run: the reference that it has to what it calls meanwhile (docs/known-differences.md) is seen by a collection.
    () => attemptStore(`iter(${withTrait("call") ?? "len"}, ${any()})`, KINDS.other),
    () => {
      const v = any();
      const call = pick([`boom(${name()}, ${any()}, ${random(3)})`, `boom2(${name()}, ${any()})`]);
      write("try:", `    ${call}`, `except X as e: ${v} = e`);
      kinds.set(v, KINDS.error);
    },
    () => attemptStore(`X(${name()}, ${any()})`, KINDS.error),
    () => {
      const k = `K${++classes}`;
      const v = any();
      const base = pick(["P", "D", "H", "L", "M", "object"]);
      const meta = chance(30) && base !== "H" ? ", metaclass=Meta" : "";
      const slots = base === "object" && chance(50) ? "; __slots__ = ('name', 'x')" : "";
      write(`class ${k}(${base}${meta}): held = ${any()}${slots}`, `${v} = ${k}`, `del ${k}`);
      kinds.set(v, KINDS.class);
    },
    () => {
      const v = withTrait("class");
      if (v) attemptStore(pick([`${v}(${name()})`, `${v}()`]), kind("attributes", "weak"));
    },
    () => {
      const target = withTrait("weak");
      if (!target) return;
      const callback = chance(70) ? `, ${pick(["cb", "cb", "cb", "cbx"])}(${name()})` : "";
      const value = pick([
        `weakref.ref(${target}${callback})`,
        `F(${target}${callback})`,
        `weakref.proxy(${target}${callback})`,
      ]);
      if (chance(60)) attempt(`REFS.append(${value})`);
      else attemptStore(value, KINDS.reference);
    },
    () => {
      const target = withTrait("weak");
      if (!target) return;
      attemptStore(
        pick([
          `weakref.WeakValueDictionary({1: ${target}})`,
          `weakref.WeakSet([${withTrait("instance") ?? "P"}])`,
          `weakref.WeakKeyDictionary({${withTrait("instance") ?? "P"}: ${any()}})`,
          `weakref.finalize(${target}, say, 'final ${name()}')`,
        ]),
        kind("weak", "call"),
      );
    },
  ];

  const change: (() => unknown)[] = [
    () => {
      const v = withTrait("attributes");
      if (v) attempt(`${v}.${pick(["x", "y", "z"])} = ${any()}`);
    },
    () => {
      const v = withTrait("attributes");
      if (v) attempt(`${v}.${pick(["x", "y", "z"])} = ${any()}`);
    },
    () => {
      const v = withTrait("slots");
      if (v) attempt(`${v}.x = ${any()}`);
    },
    () => {
      const v = withTrait("attributes", "slots");
      if (v) attempt(`del ${v}.${pick(["x", "y"])}`);
    },
    () => {
      const v = withTrait("instance");
      if (v)
        attempt(
          pick([`${v}.__dict__`, `${v}.__dict__ = {'name': ${name()}, 'x': ${any()}}`, `vars(${v})['y'] = ${any()}`]),
        );
    },
    () => {
      // A dict that the collector does not track would stay so in CPython, whatever has been put into it since: cycles
      // through it would never be found.
      const v = withTrait("instance");
      if (v)
        attempt(`vars(${v})['y'] = []; ${v}.__class__ = ${kinds.get(v)!.has("hash") ? "H" : pick(["P", "D", "R"])}`);
    },
    () => {
      const v = withTrait("list", "deque");
      if (v) attempt(pick([`${v}.append(${any()})`, `${v}.append(${any()})`, `${v}.extend((${any()}, ${any()}))`]));
    },
    () => {
      const v = withTrait("list");
      if (v)
        attempt(
          pick([
            `${v}[0] = ${any()}`,
            `${v}[:] = [${any()}, ${any()}]`,
            `del ${v}[${random(2)}:]`,
            `${v}.clear()`,
            `${v}.pop()`,
            `${v}.insert(0, ${any()})`,
            `${v} *= 2`,
            `${v}.reverse()`,
            `${v}.remove(${any()})`,
            `${v}.sort(key=lambda o: type(o).__name__)`,
          ]),
        );
    },
    () => {
      const v = withTrait("deque");
      if (v)
        attempt(pick([`${v}.appendleft(${any()})`, `${v}.popleft()`, `${v}.rotate(1)`, `${v}.clear()`, `del ${v}[0]`]));
    },
    () => {
      const v = withTrait("dict");
      if (v)
        attempt(
          pick([
            `${v}[${random(6)}] = ${any()}`,
            `${v}[${hashable()}] = ${any()}`,
            `${v}.pop(${random(6)}, 0)`,
            `${v}.clear()`,
            `${v}.update(a=${any()}, b=${any()})`,
            `${v}.popitem()`,
            `${v}.setdefault('s', ${any()})`,
            `${v} = {**${v}, 'n': ${any()}}`,
            `${v} = ${v}.copy()`,
          ]),
        );
    },
    () => {
      const v = withTrait("set");
      if (v)
        attempt(
          pick([
            `${v}.add(${hashable()})`,
            `${v}.discard(${hashable()})`,
            `${v}.clear()`,
            `${v} |= {${hashable()}}`,
            `${v}.pop()`,
            `${v} = ${v} | {${hashable()}}`,
          ]),
        );
    },
    () => {
      const v = withTrait("generator");
      if (v)
        attempt(
          pick([
            `next(${v})`,
            `next(${v})`,
            `${v}.send(${any()})`,
            `${v}.close()`,
            `${v}.throw(X(${name()}, ${any()}))`,
            `${v}.send(${v})`,
          ]),
        );
    },
    () => {
      const v = withTrait("iterator");
      if (v) attempt(pick([`next(${v})`, `${any()} = next(${v})`, `list(itertools.islice(${v}, 3))`]));
    },
    () => {
      const v = withTrait("coroutine");
      if (v)
        attempt(pick([`${v}.send(None)`, `${v}.send(None)`, `${v}.close()`, `${v}.throw(X(${name()}, ${any()}))`]));
    },
    () => {
      const v = withTrait("async");
      if (v) attempt(pick([`${v}.asend(None).send(None)`, `${v}.aclose().send(None)`]));
    },
    () => {
      const v = withTrait("error");
      if (v)
        attempt(
          pick([
            `${v}.__traceback__ = None`,
            `${v}.__context__ = ${withTrait("error")}`,
            `${v}.__cause__ = ${withTrait("error")}`,
            `${v}.args = (${any()}, ${any()})`,
            `${v}.add_note('n')`,
            `raise ${v}`,
            `${any()} = ${v}.__traceback__`,
            `${any()} = ${v}.__traceback__.tb_frame`,
          ]),
        );
    },
    () => {
      const v = withTrait("frame");
      if (v)
        attempt(
          pick([
            `${v}.clear()`,
            `${any()} = ${v}.f_locals`,
            `${v}.f_locals['a'] = ${any()}`,
            `${v}.f_trace = ${any()}`,
          ]),
        );
    },
    () => {
      const v = withTrait("cell");
      if (v) attempt(pick([`${v}.cell_contents = ${any()}`, `del ${v}.cell_contents`]));
    },
    () => {
      const v = withTrait("call");
      if (v) attempt(pick([`${v}()`, `${v}(${random(4)})`, `${any()} = ${v}()`]));
    },
    () => {
      const v = withTrait("class");
      if (v)
        attempt(
          pick([
            `${v}.held = ${any()}`,
            `${v}.__bases__ = (${pick(["P", "D", "H"])},)`,
            `${v}.method = lambda self: ${any()}`,
            `type(${v})('Sub', (${v},), {'x': ${any()}})`,
          ]),
        );
    },
    () => {
      const [to, from] = [any(), any()];
      write(`${to} = ${from}`);
      kinds.set(to, kinds.get(from)!);
    },
    () => {
      const v = any();
      write(`${v} = None`);
      kinds.set(v, NONE);
    },
    () => {
      const v = any();
      write(`del ${v}; ${v} = ${random(250)}`);
      kinds.set(v, NONE);
    },
    () => {
      const [v, w] = [any(), any()];
      write(`${v}, ${w} = ${w}, ${v}`);
      const [a, b] = [kinds.get(v)!, kinds.get(w)!];
      kinds.set(v, b).set(w, a);
    },
    () => attempt(`${any()} = copy.copy(${withTrait("list", "dict", "set", "tuple") ?? "[]"})`),
    () => write(pick(["cells", "dead"]) + `(${1 + random(40)})`),
    () => write(`[${pick(["[]", "{}", "()", "(i, [])", "P(i)", "D(-i)"])} for i in range(${1 + random(40)})]`),
    () => write(`for ${any()} in range(${random(4)}): ${pick(["cells", "dead"])}(${1 + random(5)})`),
    () => write("KEEP.clear()"),
    () => write(`KEEP.append(${any()})`),
    () => write("REFS.clear()"),
  ];

  const counts = `say(f'${VARIABLES.map((v) => `{rc(${v})}`).join(" ")}')`;
  const ask: (() => unknown)[] = [
    () => write("say(f'{count()}')"),
    () => write("say(f'{count()} {stats()}')"),
    () => write(counts),
    () => write(`say(f'${VARIABLES.map((v) => `{gc.is_tracked(${v}):d}{gc.is_finalized(${v}):d}`).join(" ")}')`),
    () => write("say(f'collect {gc.collect()}')"),
    () => write(`say(f'collect {gc.collect(${random(3)})}')`),
    () => write(`say(f'objects {len(gc.get_objects(generation=${random(3)}))} {count()}')`),
    () => {
      const v = pick(VARIABLES.filter((v) => ![NONE, KINDS.iterator].includes(kinds.get(v)!)).concat("LOG"));
      write(`say(f'{len(gc.get_referrers(${v}))} {types_of(${v})}')`);
    },
    () => write(`say(f'{weakref.getweakrefcount(${any()})} {len(KEEP)} {len(REFS)}')`),
    () => write(`say(f'{[r() is None for r in REFS if type(r) is F]}')`),
    () => write(`gc.set_threshold(${random(30)}, ${random(5)}, ${random(5)})`),
    () => write(pick(["gc.disable()", "gc.enable()", "gc.enable()"])),
    () => write(pick(["gc.callbacks.append(told)", "gc.callbacks[:] = [keep]"])),
    () =>
      write(
        "gc.set_debug(gc.DEBUG_SAVEALL)",
        "cells(3)",
        "gc.collect()",
        "say(f'{len(gc.garbage)}')",
        "gc.set_debug(0); gc.garbage.clear()",
      ),
    () => write(`say(f'{sys.getsizeof(${any()})}')`),
  ];

  // In every other program each step is followed by what the collector has counted; in the others nothing is between them.
  const closely = chance(50);
  for (let i = 0; i < steps; i++) {
    const share = random(100);
    pick(share < 42 ? make : share < 84 ? change : ask)();
    if (closely) write("say(count())");
  }
  write(counts, "say(f'{count()} {stats()}')");
  const threshold = pick([
    "(2000, 10, 10)",
    "(0, 0, 0)",
    `(${1 + random(40)}, ${random(5)}, ${random(5)})`,
    `(${1 + random(200)}, 2, 2)`,
  ]);
  return `${out.join("\n")}\nrun(${number}, case${number}, ${threshold})\n`;
}

/** What every program begins with. */
export const prelude = readFileSync(new URL("graphs.py", import.meta.url), "utf8");

/** What each program printed, by its number. */
export function answersByCase(output: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const part of output.split(/^=== case /m).slice(1)) {
    const end = part.indexOf("\n");
    found.set(Number(part.slice(0, end)), part.slice(end + 1));
  }
  return found;
}
