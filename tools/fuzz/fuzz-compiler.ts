/**
 * Random programs, compiled here and by CPython: `node --import tsx tools/fuzz/fuzz-compiler.ts [CASES] [SEED]`.
 *
 * The programs are well formed, out of few names and small constants, so that scopes, jumps, handlers and folding meet
 * in every combination; many break a rule that the compiler checks. Code objects, errors and warnings must be equal.
 * Prints the programs that differ, and a closing line with the counts. A comprehension in a class body whose inner
 * functions use several variables from outside has them in the order of their hashes in CPython: run it with
 * PYTHONHASHSEED=0 to see whether a difference is of that kind.
 */
import { oracleAnswers, ourAnswer, type Request } from "../compare/describe-code.ts";
import { Random } from "./random.ts";

const cases = Number(process.argv[2] ?? 10000);
const numbers = new Random(Number(process.argv[3] ?? 1));

const random = (n: number): number => numbers.below(n);
const pick = <V>(items: readonly V[]): V => numbers.pick(items);
const chance = (percent: number): boolean => numbers.chance(percent);
const some = (max: number, make: () => string, separator = ", "): string =>
  Array.from({ length: random(max + 1) }, make).join(separator);

const names = ["a", "b", "c", "x", "y", "self", "__p", "__class__", "super", "é"];
const name = () => {
  if (random(1000) === 0) return "__debug__";
  return chance(96) ? names[random(chance(70) ? 5 : names.length)] : pick(["f", "C", "T"]);
};
const constants = [
  "0",
  "1",
  "2",
  "-1",
  "1.5",
  "2j",
  "''",
  "'s'",
  "'%s'",
  "b'b'",
  "None",
  "True",
  "False",
  "...",
  "10**5",
];

/** What the surroundings allow; a few per cent go beyond it, for the errors. */
interface Context {
  function: boolean;
  async: boolean;
  loop: boolean;
}

function newline(): string {
  return chance(5) ? pick(["\n  ", "\n", " \\\n "]).replace(/ \\\n /, "\n") : "";
}

function expr(depth: number, c: Context): string {
  if (depth <= 0) return chance(60) ? name() : pick(constants);
  const e = () => expr(depth - 1 - random(2), c);
  const simple = () => expr(Math.min(depth - 1, 1), c);
  switch (random(34)) {
    case 0:
    case 1:
      return name();
    case 2:
      return pick(constants);
    case 3:
      return `(${newline()}${e()} ${pick(["+", "-", "*", "/", "//", "%", "@", "<<", ">>", "|", "&", "^", "**"])} ${newline()}${e()})`;
    case 4:
      return `(${pick(["-", "+", "~", "not "])}${e()})`;
    case 5:
      return `(${e()} ${pick(["and", "or"])} ${newline()}${e()}${chance(30) ? ` ${pick(["and", "or"])} ${e()}` : ""})`;
    case 6:
      return `(${e()} ${pick(["<", "==", "!=", ">=", "is", "is not", "in", "not in"])} ${e()}${chance(25) ? ` ${pick(["<", "==", "is", "in"])} ${e()}` : ""})`;
    case 7:
      return `(${e()} if ${e()} else ${newline()}${e()})`;
    case 8:
      return `${simple()}.${name()}`.replace(/^(\d)/, "($1)");
    case 9:
      return `${name()}${newline() && ""}[${chance(30) ? `${chance(50) ? e() : ""}:${chance(50) ? e() : ""}${chance(20) ? `:${e()}` : ""}` : e()}]`;
    case 10:
    case 11:
      return `${chance(80) ? name() : `(${e()})`}(${args(depth - 1, c)})`;
    case 12:
      return `(${e()})${newline() && ""}.${name()}(${args(depth - 1, c)})`;
    case 13:
      return `(${newline()}${some(4, e)}${newline()},)`.replace("(,)", "()").replace(/^\((\s*),\)$/, "()");
    case 14:
      return `[${some(4, () => (chance(15) ? `*${e()}` : e()))}]`;
    case 15:
      return `{${[e(), ...Array.from({ length: random(4) }, e)].join(", ")}}`;
    case 16:
      return `{${some(4, () => (chance(15) ? `**${name()}` : `${e()}: ${e()}`))}}`;
    case 17:
    case 18:
      return comprehension(depth, c);
    case 19:
      return `(lambda ${parameters(false, depth - 1, c)}: ${expr(depth - 1, { ...c, function: true, async: false })})`;
    case 20:
      return `(${name()} := ${e()})`;
    case 21:
      return c.function || chance(1) ? `(yield${chance(70) ? ` ${e()}` : ""})` : name();
    case 22:
      return (c.function && !c.async) || chance(1) ? `(yield from ${e()})` : name();
    case 23:
      return c.async || chance(1) ? `(await ${e()})` : name();
    case 24:
      return `f"${chance(50) ? "t" : ""}{${name()}${chance(30) ? "!r" : ""}${chance(30) ? ":>{b}" : ""}}{${name()}}"`;
    case 25:
      return `'%s ${pick(["%r", "%5s", "%d", "%%", "%.2a"])}' % (${e()}, ${chance(70) ? e() : ""})`.replace(
        ", )",
        ",)",
      );
    case 26:
      return "super().m(a)";
    case 27:
      return `super().${name()}`;
    default:
      return name();
  }
}

function args(depth: number, c: Context): string {
  const positional = Array.from({ length: random(4) }, () => (chance(10) ? "*" : "") + expr(depth - 1, c));
  const keywords = Array.from({ length: random(3) }, (_, i) => {
    return `${chance(10) ? "**" : `k${random(200) === 0 ? 0 : i}=`}${expr(depth - 1, c)}`;
  });
  return [...positional, ...keywords].join(", ");
}

function comprehension(depth: number, c: Context): string {
  const inner = { ...c };
  const part = () => expr(depth - 2, inner);
  let clauses = "";
  for (let i = 0; i <= random(2); i++) {
    clauses += `${newline()} ${c.async && chance(25) ? "async " : ""}for ${target(1, c)} in ${chance(20) ? `[${part()}]` : part()}`;
    if (chance(30)) clauses += ` if ${part()}`;
  }
  switch (random(4)) {
    case 0:
      return `[${part()}${clauses}]`;
    case 1:
      return `{${part()}${clauses}}`;
    case 2:
      return `{${part()}: ${part()}${clauses}}`;
    default:
      return `(${part()}${clauses})`;
  }
}

function target(depth: number, c: Context): string {
  switch (random(depth > 0 ? 8 : 4)) {
    case 4:
      return `${name()}.${name()}`;
    case 5:
      return `${name()}[${expr(1, c)}]`;
    case 6:
      return `(${target(depth - 1, c)}, ${target(depth - 1, c)})`;
    case 7:
      return `[${target(depth - 1, c)}, *${name()}]`;
    default:
      return name();
  }
}

function parameters(annotated: boolean, depth: number, c: Context): string {
  const used = new Set<string>();
  const one = (withDefault: boolean) => {
    let p = name();
    while (used.has(p) && random(300) > 0) p += "1";
    used.add(p);
    const annotation = annotated && chance(30) ? `: ${expr(1, c)}` : "";
    return `${p}${annotation}${withDefault ? `=${expr(depth - 1, c)}` : ""}`;
  };
  const parts: string[] = [];
  const positional = random(4);
  const defaults = random(3);
  for (let i = 0; i < positional; i++) {
    parts.push(one(i >= positional - defaults));
    if (i === 0 && chance(15)) parts.push("/");
  }
  const star = random(5);
  if (star === 0) parts.push(`*${one(false)}`);
  else if (star === 1) parts.push("*", one(chance(50)));
  if (chance(20)) parts.push(`**${one(false)}`);
  return parts.join(", ");
}

function typeParams(c: Context): string {
  if (!chance(15)) return "";
  const defaults = chance(30);
  const one = (i: number) => {
    const form = pick(["", "", "*", "**"]);
    const bound = form === "" && chance(30) ? `: ${expr(1, c)}` : "";
    return `${form}${pick(["T", "U", "x", "__p"])}${i || ""}${bound}${i > 0 && defaults ? ` = ${expr(1, c)}` : ""}`;
  };
  return `[${Array.from({ length: 1 + random(3) }, (_, i) => one(i)).join(", ")}]`;
}

function pattern(depth: number): string {
  if (depth <= 0) return pick(["_", "1", "'s'", "None", "a.b", "-2", `v${random(40)}`, `w${random(40)}`]);
  const p = () => pattern(depth - 1 - random(2));
  switch (random(9)) {
    case 0:
      return `[${some(4, () => (chance(10) ? "*c" : p()))}]`;
    case 1:
      return `(${p()} | ${p()})`;
    case 2:
      return `(${p()} as ${name()})`;
    case 3:
      return `{${some(3, () => `${pick(["1", "'k'", "a.b", "2"])}: ${p()}`)}${chance(20) ? "" : ""}}`;
    case 4:
      return `{'q': ${p()}, **x}`;
    case 5:
      return `C(${some(2, p)})`;
    case 6:
      return `C(k=${p()}, l=${p()})`;
    case 7:
      return `[${p()}, *${pick(["_", "y"])}, ${p()}]`;
    default:
      return pattern(0);
  }
}

function block(depth: number, indent: string, c: Context): string {
  const inner = `${indent} `;
  let out = "";
  for (let i = 0; i <= random(3); i++) out += stmt(depth - 1, inner, c);
  return out;
}

function stmt(depth: number, indent: string, c: Context): string {
  const e = () => expr(2 + random(2), c);
  const line = (text: string) => `${indent}${text}\n`;
  if (depth <= 0 || chance(35)) {
    switch (random(17)) {
      case 0:
        return line(`${target(2, c)} = ${e()}`);
      case 1:
        return line(`${target(2, c)} = ${target(1, c)} = ${e()}`);
      case 2:
        return line(
          `${pick([name(), `${name()}.${name()}`, `${name()}[${expr(1, c)}]`, `${name()}[a:b]`])} ${pick(["+=", "-=", "**=", "@="])} ${e()}`,
        );
      case 3:
        return line(
          `${pick([name(), `${name()}.${name()}`, `${name()}[${expr(1, c)}]`, `(${name()})`])}: ${expr(1, c)}${chance(50) ? ` = ${e()}` : ""}`,
        );
      case 4:
        return line(`del ${target(1, c).replace("*", "")}`);
      case 5:
        return line(c.function || chance(2) ? `return${chance(70) ? ` ${e()}` : ""}` : "pass");
      case 6:
        return line(c.loop || chance(2) ? "break" : "pass");
      case 7:
        return line(c.loop || chance(2) ? "continue" : "pass");
      case 8:
        return line(`raise${chance(70) ? ` ${e()}${chance(30) ? ` from ${e()}` : ""}` : ""}`);
      case 9:
        return line(`assert ${e()}${chance(40) ? `, ${e()}` : ""}`);
      case 10:
        return line(pick(["import a", "import a.b as c", "from . import x", "from a import b as y", "import x, y.z"]));
      case 11:
        return line(chance(8) ? `${pick(["global", "nonlocal"])} ${name().replace("super", "x")}` : "pass");
      case 12:
        return line(`type ${pick(["T", "x"])}${typeParams(c)} = ${expr(1, c)}`);
      case 13:
        return line(`a, b${chance(50) ? ", c" : ""} = ${chance(50) ? "b, a" : "b, a, c"}`);
      default:
        return line(e());
    }
  }
  const body = (overrides: Partial<Context> = {}) => block(depth, indent, { ...c, ...overrides });
  const orelse = (word: string, percent = 30) => (chance(percent) ? `${indent}${word}:\n${body()}` : "");
  switch (random(14)) {
    case 0:
    case 1:
      return `${indent}if ${e()}:\n${body()}${chance(30) ? `${indent}elif ${e()}:\n${body()}` : ""}${orelse("else")}`;
    case 2:
      return `${indent}while ${chance(20) ? pick(["1", "0", "True"]) : e()}:\n${body({ loop: true })}${orelse("else")}`;
    case 3:
    case 4:
      return `${indent}${c.async && chance(30) ? "async " : ""}for ${target(1, c)} in ${e()}:\n${body({ loop: true })}${orelse("else")}`;
    case 5:
    case 6: {
      const star = chance(20) ? "*" : "";
      let out = `${indent}try:\n${body()}`;
      const handlers = random(3);
      for (let i = 0; i < handlers; i++) {
        const bare = star === "" && i === handlers - 1 && chance(30);
        out += `${indent}except${star}${bare ? "" : ` ${chance(80) ? "E" : e()}${chance(50) ? ` as ${name()}` : ""}`}:\n${body()}`;
      }
      if (handlers > 0) out += orelse("else");
      return out + (handlers === 0 ? `${indent}finally:\n${body()}` : orelse("finally"));
    }
    case 7: {
      const items = Array.from({ length: 1 + random(2) }, () => `${e()}${chance(60) ? ` as ${target(1, c)}` : ""}`);
      return `${indent}${c.async && chance(40) ? "async " : ""}with ${items.join(", ")}:\n${body()}`;
    }
    case 8: {
      let out = `${indent}match ${e()}:\n`;
      for (let i = 0; i <= random(3); i++) {
        const p = pattern(chance(80) ? 2 : 1);
        out += `${indent} case ${/^[_vw]/.test(p) ? `[${p}]` : p}${chance(25) ? ` if ${e()}` : ""}:\n${block(depth, `${indent} `, c)}`;
      }
      return out;
    }
    case 9:
    case 10:
    case 11: {
      const isAsync = chance(25);
      const decorator = chance(10) ? `${indent}@${name()}\n` : "";
      const head = `${isAsync ? "async " : ""}def ${pick(["f", "g", "__p"])}${typeParams(c)}(${parameters(true, 2, c)})`;
      const doc = chance(10) ? `${indent} "doc"\n` : "";
      const inner = { function: true, async: isAsync, loop: false };
      return `${decorator}${indent}${head}${chance(10) ? ` -> ${expr(1, c)}` : ""}:\n${doc}${body(inner)}`;
    }
    default: {
      const bases = chance(40)
        ? `(${some(2, () => expr(1, c))}${chance(20) ? ", metaclass=M" : ""})`.replace("(, ", "(")
        : "";
      const decorator = chance(10) ? `${indent}@${name()}\n` : "";
      const inner = { function: false, async: false, loop: false };
      return `${decorator}${indent}class ${pick(["C", "D", "_E"])}${typeParams(c)}${bases}:\n${body(inner)}`;
    }
  }
}

function program(): string {
  let out = chance(10) ? "from __future__ import annotations\n" : "";
  const top = { function: false, async: false, loop: false };
  for (let i = 0; i <= random(3); i++) out += stmt(4, "", top);
  return out;
}

function* requests(): Generator<Request> {
  for (let i = 0; i < cases; i++) yield { source: program(), optimize: chance(10) ? 1 : 0 };
}

const list = [...requests()];
let i = 0;
let equal = 0;
let rejected = 0;
for await (const theirs of oracleAnswers(list)) {
  const request = list[i++];
  let ours: unknown;
  try {
    ours = ourAnswer(request);
  } catch (e) {
    ours = { thrown: e instanceof Error ? e.stack : e };
  }
  if (theirs.error) rejected++;
  // A folded `~True` warns at the caller's line.
  theirs.warnings = theirs.warnings?.filter(([category]) => category === "SyntaxWarning");
  if (theirs.warnings?.length === 0) delete theirs.warnings;
  const [a, b] = [canonical(ours), canonical(theirs)];
  if (a === b) {
    equal++;
    continue;
  }
  let at = 0;
  while (a[at] === b[at]) at++;
  const part = (s: string) => s.slice(Math.max(0, at - 300), at + 300);
  console.log(`--- case ${i}\n${request.source}\n  ours   ${part(a)}\n  theirs ${part(b)}`);
}
console.log(`${equal} of ${cases} equal, ${rejected} of them errors`);
process.exitCode = equal === cases ? 0 : 1;

function canonical(answer: unknown): string {
  const { code, error, warnings, thrown } = answer as Record<string, unknown>;
  return JSON.stringify([code, error, warnings, thrown]);
}
