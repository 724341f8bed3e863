// The numbers that two sides agree on, from spec/constants.txt: constants of the runtime, objects and enums of
// TypeScript, and the table of errors.

import { readAddresses } from "./layouts.mjs";

const TYPES = ["u8", "u32", "i32", "u64", "usize"];

/** The groups: name, type, prefix (null where it is no enum) and rows of name, value, words. */
function parse(text) {
  const groups = [];
  const errors = [];
  const values = new Map();
  for (const line of text.split("\n")) {
    if (line.startsWith("#") || !line.trim()) continue;
    const w = line.trim().split(/\s+/);
    if (!line.startsWith(" ")) {
      if (w[0] === "errors") groups.push({ name: "errno", type: "i32", prefix: null, rows: [], errors });
      else {
        const [kind, name, ...rest] = w;
        groups.push({ name, type: rest.at(-1), prefix: kind === "enum" ? rest[0] : null, rows: [] });
        if (!TYPES.includes(rest.at(-1))) throw new Error(`spec/constants.txt: ${line}`);
      }
      continue;
    }
    const open = groups.at(-1);
    const [, name, rest] = /^ +(\w+) +(.*)$/.exec(line);
    if (values.has(name)) throw new Error(`spec/constants.txt: ${name} twice`);
    const { value, words } = open.errors ? errorRow(rest) : evaluate(name, rest, values);
    values.set(name, value);
    open.rows.push({ name, value, words });
    if (open.errors) errors.push({ name, value, words });
  }
  return { groups, errors, values };
}

function errorRow(rest) {
  const [, number, words] = /^(\d+) +(.+)$/.exec(rest);
  return { value: Number(number), words };
}

/** An expression and the words behind it: the longest beginning of `rest` that has a value. */
function evaluate(name, rest, values) {
  const w = rest.split(" ");
  for (let n = w.length; n > 0; n--) {
    const expression = w.slice(0, n).join(" ");
    const plain = expression.replace(/\bMath\.(max|min|log2)\b/g, "").replace(/\b0[xo][0-9a-f]+\b/g, "");
    const names = plain.match(/[A-Za-z_]\w*/g) ?? [];
    if (!names.every((v) => values.has(v)) || /[^\w\s()<>|*/,+-]/.test(plain)) continue;
    try {
      const value = new Function(...names, `return (${expression});`)(...names.map((v) => values.get(v)));
      if (Number.isSafeInteger(value) && value >= 0) return { value, words: w.slice(n).join(" ") };
    } catch {
      // Words behind it.
    }
  }
  throw new Error(`spec/constants.txt: ${name}: no value in "${rest}"`);
}

const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}.`;
const literal = (n) => (n > 255 ? `0x${n.toString(16)}` : String(n));

/** Every constant of spec/constants.txt, by name. */
export function readConstants(constants) {
  return Object.fromEntries(parse(constants).values);
}

/** A group as an enum, its members without the prefix. */
function enumeration({ name, rows }, prefix) {
  const members = rows.flatMap((r) => [
    ...(r.words ? [`  /** ${sentence(r.words)} */`] : []),
    `  ${r.name.slice(prefix.length)} = ${literal(r.value)},`,
  ]);
  return [`export const enum ${name} {`, ...members, "}"];
}

/** assembly/generated/constants.ts. */
export function generateConstants({ constants, runtime }, header) {
  const { groups, values } = parse(constants);
  checkRoom(values, runtime);
  const out = [header("spec/constants.txt")];
  for (const g of groups) {
    if (g.prefix === "-") {
      out.push(...enumeration(g, ""), "");
      continue;
    }
    for (const { name, value, words } of g.rows) {
      if (words && !g.errors) out.push(`/** ${sentence(words)} */`);
      out.push(`export const ${name}: ${g.type} = ${literal(value)};`);
    }
    out.push("");
  }
  return out.join("\n");
}

/** Tables of spec/runtime.txt whose sizes follow from the geometry. */
function checkRoom(values, runtime) {
  const addresses = readAddresses(runtime);
  const v = (name) => values.get(name);
  const mapEnd = addresses.ARENA_MAP + v("ADDRESS_SPACE_END") / 2 ** v("ARENA_MAP_SHIFT");
  if (mapEnd > addresses.STATIC_TYPES)
    throw new Error("spec/runtime.txt: the arena map has no room for such small arenas");
  const table = addresses.PAGE_TABLE + v("ADDRESS_SPACE_END") / v("PAGE_SIZE");
  if (table > addresses.MACHINE) throw new Error("spec/runtime.txt: the page table has no room");
}

/** assembly/generated/errors.ts. */
export function generateErrors({ constants }, header) {
  const { errors } = parse(constants);
  const bytes = errors.flatMap((e) => [e.value, ...Buffer.from(`${e.name}\0${e.words}\0`)]);
  return [
    header("spec/constants.txt"),
    "/** How many errors have names. */",
    `export const ERROR_COUNT: i32 = ${errors.length};`,
    "/** For each its number in a byte, its name and its text, each ended by a NUL. */",
    `export const errorTable: usize = memory.data<u8>([${bytes.join(",")}]);`,
    "",
  ].join("\n");
}

/** src/generated/constants.ts. `counters`: the names of the system calls that are counted. */
export function generateHostConstants({ constants, counters }, header) {
  const { groups, errors } = parse(constants);
  const out = [header("spec/constants.txt and spec/syscalls.txt")];
  for (const g of groups) {
    if (g.prefix !== null) {
      out.push(...enumeration(g, g.prefix === "-" ? "" : g.prefix), "");
      continue;
    }
    out.push(`export const ${g.name} = {`);
    for (const { name, value, words } of g.rows) {
      if (words && !g.errors) out.push(`  /** ${sentence(words)} */`);
      out.push(`  ${name}: ${literal(value)},`);
    }
    out.push("} as const;\n");
  }
  out.push(
    "/** What each error means, by its number. */\nexport const errorTexts: Readonly<Record<number, string>> = {",
  );
  for (const { value, words } of new Map(errors.map((e) => [e.value, e])).values())
    out.push(`  ${value}: ${JSON.stringify(words)},`);
  out.push("};\n");
  out.push("/** System calls that are counted, in the order of their counters. */\nexport const systemCalls = [");
  out.push(...counters.map((c) => `  "${c}",`), "] as const;\n");
  return out.join("\n");
}
