// The generated accessors of structures and roots.
//
// assembly/generated/layouts.ts from spec/layouts/: one class of accessors a structure, no fields of its own.
// assembly/objects/generated/references.ts: what a structure refers to, visited and dropped.
// assembly/generated/runtime.ts from spec/runtime.txt: the roots at fixed addresses.

const lines = (text) =>
  text
    .split("\n")
    .map((l) => l.replace(/(^|\s)#.*/, "").trimEnd())
    .filter((l) => l.trim());

/** The structures of spec/layouts/, each after the one that it extends. */
export function parseLayouts(text) {
  const structs = new Map();
  let open;
  for (const line of lines(text)) {
    const w = line.trim().split(/\s+/);
    if (w[0] === "struct") {
      if (structs.has(w[1])) throw new Error(`spec/layouts: ${w[1]} twice`);
      open = { name: w[1], size: Number(w[2]), base: w[4] ?? null, fields: [] };
      structs.set(w[1], open);
      continue;
    }
    if (w[0] === "visits" || w[0] === "drops") {
      open[w[0]] = w.slice(1);
      continue;
    }
    const field = { name: w[0], offset: Number(w[1]), kind: w[2], word: w.slice(3).join(" ") };
    if (!(field.kind === "at" || field.kind in kinds))
      throw new Error(`spec/layouts: ${open.name}.${field.name}: no kind ${w[2]}`);
    if (open.fields.some((f) => f.name === field.name))
      throw new Error(`spec/layouts: ${open.name}.${field.name} twice`);
    open.fields.push(field);
  }
  const sorted = new Set();
  const place = (s) => {
    if (sorted.has(s)) return;
    if (s.base !== null) {
      if (!structs.has(s.base)) throw new Error(`spec/layouts: ${s.name} extends ${s.base}, which is not there`);
      place(structs.get(s.base));
    }
    sorted.add(s);
  };
  for (const s of structs.values()) place(s);
  return [...sorted];
}

// kind: [type of the accessor, expression that loads, statement that stores]
const addressKind = ["usize", (p, o) => `load<u32>(${p}, ${o})`, (p, o) => `store<u64>(${p}, v, ${o})`];
const kinds = {
  ref: addressKind,
  block: addressKind,
  ptr: addressKind,
  fn: ["u32", (p, o) => `load<u32>(${p}, ${o})`, (p, o) => `store<u64>(${p}, v, ${o})`],
  ssize: ["isize", (p, o) => `load<i32>(${p}, ${o})`, (p, o) => `store<i64>(${p}, v, ${o})`],
};
for (const t of ["u8", "u16", "u32", "i32", "u64", "i64", "f64"])
  kinds[t] = [t, (p, o) => `load<${t}>(${p}, ${o})`, (p, o) => `store<${t}>(${p}, v, ${o})`];

function accessors(out, { name, kind, word }, address, offset, isStatic) {
  const s = isStatic ? "static " : "";
  const at = offset ? `${address} + ${offset}` : address;
  if (word) out.push(`  /** ${word[0].toUpperCase()}${word.slice(1)}. */`);
  if (kind === "at") {
    out.push(`  @inline ${s}get ${name}(): usize { return ${at}; }`);
    return;
  }
  const [type, get, set] = kinds[kind];
  out.push(`  @inline ${s}get ${name}(): ${type} { return ${get(address, offset)}; }`);
  out.push(`  @inline ${s}set ${name}(v: ${type}) { ${set(address, offset)}; }`);
  if (kinds[kind] === addressKind || (isStatic && kind === "u32"))
    out.push(`  @inline ${s}get ${name}_slot(): usize { return ${at}; }`);
}

export function generateLayouts(text, header) {
  const out = [header("spec/layouts")];
  for (const s of parseLayouts(text)) {
    out.push(`/** ${s.size} bytes. */\n@unmanaged export class ${s.name}${s.base ? ` extends ${s.base}` : ""} {`);
    out.push(`  @inline static at(p: usize): ${s.name} { return changetype<${s.name}>(p); }`);
    for (const f of s.fields) accessors(out, f, "changetype<usize>(this)", f.offset, false);
    out.push("}");
    out.push(`export const SIZEOF_${s.name}: usize = ${s.size};`);
    for (const f of s.fields) out.push(`export const ${s.name}_${f.name}: usize = ${f.offset};`);
    out.push("");
  }
  return out.join("\n");
}

/**
 * For each structure that owns references: a traversal that visits them, and a function that drops them, in the order of
 * the file. What a structure begins with comes after its own fields, as almost everywhere in CPython. Where a structure says
 * what it visits or drops, they go by that.
 */
export function generateReferences(text, header) {
  const structs = parseLayouts(text);
  const byName = new Map(structs.map((s) => [s.name, s]));
  const inOrder = (s, what) =>
    s[what] ?? [
      ...s.fields.filter((f) => f.kind === "ref").map((f) => f.name),
      ...(s.base ? inOrder(byName.get(s.base), what) : []),
    ];
  const out = [header("spec/layouts")];
  const body = [];
  const used = [];
  for (const s of structs) {
    const refs = inOrder(s);
    if (refs.length === 0) continue;
    const visited = inOrder(s, "visits");
    const dropped = inOrder(s, "drops");
    if (dropped.toSorted().join() !== refs.toSorted().join())
      throw new Error(`spec/layouts: ${s.name} drops ${dropped}, but its references are ${refs}`);
    const wrong = visited.find((f) => !refs.includes(f));
    if (wrong !== undefined) throw new Error(`spec/layouts: ${s.name} visits ${wrong}, which is no reference of it`);
    used.push(s.name);
    body.push(`/** Calls the visitor on what the ${s.name}'s fields refer to; not 0 where it ended the traversal. */`);
    body.push(`export function ${s.name}_traverse(o: usize, visit: u32, arg: usize): i32 {`);
    body.push("  let r = 0;");
    for (const f of visited.slice(0, -1)) {
      body.push(`  r = Visit.call(${s.name}.at(o).${f}, visit, arg);\n  if (r != 0) return r;`);
    }
    body.push(`  return Visit.call(${s.name}.at(o).${visited.at(-1)}, visit, arg);\n}\n`);
    if (visited.length === 1) body.splice(body.length - 2, 1);
    body.push(`/** Drops what the ${s.name}'s fields refer to, each emptied first; 0. */`);
    body.push(`export function ${s.name}_clear(o: usize): i32 {`);
    for (const f of dropped) body.push(`  Py.CLEAR(${s.name}.at(o).${f}_slot);`);
    body.push("  return 0;\n}\n");
  }
  out.push(`import { ${used.join(", ")} } from "../../generated/layouts";`);
  out.push('import { Py, Visit } from "../object/head";\n');
  return [...out, ...body].join("\n");
}

/** The places that spec/runtime.txt fixes, by name. */
export function readAddresses(runtime) {
  const rows = lines(runtime).map((line) => line.trim().split(/\s+/));
  return Object.fromEntries(rows.filter(([kind]) => kind === "address").map(([, name, at]) => [name, Number(at)]));
}

/** spec/runtime.txt with numbers for the names of constants. */
export const resolveSizes = (runtime, constants) =>
  runtime.replace(/^( +\w+ at )([A-Z]\w+)/gm, (_, start, name) => start + constants[name]);

export function generateRuntime(text, header) {
  const out = [header("spec/runtime.txt")];
  const size = { ptr: 8, ref: 8, fn: 8, ssize: 8, u8: 1, u16: 2, u32: 4, i32: 4, u64: 8, i64: 8, f64: 8 };
  const hex = (n) => `0x${n.toString(16)}`;
  const addresses = [];
  const sections = [];
  const references = [];
  let open = null;
  const close = () => {
    if (!open) return;
    if (open.size === null) {
      open.size = (open.next - open.start + 15) & -16;
      out[open.head] = out[open.head].replaceAll("SIZE_OF_SECTION", hex(open.size));
    } else if (open.next - open.start > open.size) throw new Error(`section ${open.name} overflows`);
    sections.push(open);
    out.push("}\n");
  };
  for (const line of lines(text)) {
    const w = line.trim().split(/\s+/);
    if (w[0] === "address") addresses.push(`export const ${w[1]}_ADDRESS: usize = ${w[2]};`);
    else if (w[0] === "section") {
      close();
      const before = sections.at(-1);
      // Without an address it stands behind the one before, as long as its fields.
      const start = w[2] === undefined ? before.start + before.size : Number(w[2]);
      open = { name: w[1], start, size: w[3] === undefined ? null : Number(w[3]), next: start, head: out.length };
      const bytes = w[3] ?? "SIZE_OF_SECTION";
      out.push(`
/** The roots of ${w[1]}, ${bytes} bytes at ${w[2] ?? hex(start)}. */
@unmanaged export class ${w[1]}Roots {
  @inline static get START(): usize { return ${w[2] ?? hex(start)}; }
  @inline static get SIZE(): usize { return ${bytes}; }`);
    } else {
      const align = w[1] === "at" ? 16 : size[w[1]];
      open.next = (open.next + align - 1) & -align;
      const word = w.slice(w[1] === "at" ? 3 : 2).join(" ");
      accessors(out, { name: w[0], kind: w[1], word }, `0x${open.next.toString(16)}`, 0, true);
      if (w[1] === "ref") references.push(open.next);
      open.next += w[1] === "at" ? Number(w[2]) : size[w[1]];
    }
  }
  close();
  sections.sort((a, b) => a.start - b.start);
  sections.forEach((s, i) => {
    const end = s.start + s.size;
    if (sections[i + 1]?.start < end) throw new Error(`section ${s.name} overlaps ${sections[i + 1].name}`);
    for (const [, name, at] of addresses.join("\n").matchAll(/(\w+)_ADDRESS: usize = (\w+);/g)) {
      if (Number(at) > s.start && Number(at) < end) throw new Error(`section ${s.name} overlaps ${name}`);
    }
  });
  out.push(
    `/** The slots of the references that roots own. */`,
    `export const rootReferences: usize = memory.data<u32>([${references.map(hex).join(", ")}]);`,
    `export const ROOT_REFERENCE_COUNT: i32 = ${references.length};`,
    "",
  );
  out.splice(1, 0, ...addresses);
  return out.join("\n");
}

/** The structures of spec/layouts, and the fields of one with those that it begins with. */
function structuresOf(layouts) {
  const structs = parseLayouts(layouts);
  const byName = new Map(structs.map((s) => [s.name, s]));
  const fieldsOf = (s) => [...(s.base ? fieldsOf(byName.get(s.base)) : []), ...s.fields];
  return { structs, fieldsOf };
}

/** src/generated/structs.ts: the same structures in TypeScript, each by itself: a bundle has those that it names. */
export function generateStructs(layouts, header) {
  const { structs, fieldsOf } = structuresOf(layouts);
  const out = [header("spec/layouts")];
  for (const s of structs) {
    const fields = fieldsOf(s).map(
      (f) => `  ${f.name}: [${f.offset}, "${kinds[f.kind] === addressKind ? "ptr" : f.kind}"],`,
    );
    out.push(`export const ${s.name} = {\n  SIZE: [${s.size}, "at"],\n${fields.join("\n")}\n} as const;`);
  }
  return out.join("\n") + "\n";
}

/** src/generated/memory.ts: the same structures and roots for readers of a memory, in TypeScript. */
export function generateMemory({ layouts, runtime, statics }, header) {
  const { structs, fieldsOf } = structuresOf(layouts);
  const out = [header("spec/layouts and spec/runtime.txt")];
  out.push('import type { Field } from "../layouts/field.ts";\nimport * as all from "./structs.ts";\n');
  out.push("/** Every structure: its size, and its fields with those that it begins with. */");
  out.push("export const structs = all satisfies Record<string, Record<string, Field>>;\n");
  for (const [kind, name, what] of [
    ["ref", "references", "The fields that hold references which a structure owns"],
    ["block", "parts", "The fields that hold the address of a block which is part of a structure, and what it is"],
  ]) {
    out.push(`/** ${what}, of those structures that have any. */\nexport const ${name} = {`);
    for (const s of structs) {
      const fields = fieldsOf(s).filter((f) => f.kind === kind);
      if (fields.length === 0) continue;
      const rows = fields.map((f) => (kind === "ref" ? `"${f.name}"` : `["${f.name}", ${JSON.stringify(f.word)}]`));
      out.push(`  ${s.name}: [${rows.join(", ")}],`);
    }
    out.push("} as const;\n");
  }
  const ts = generateRuntime(runtime, () => "");
  const addresses = [...ts.matchAll(/export const (\w+)_ADDRESS: usize = (\w+);/g)];
  out.push(`export const addresses = {\n${addresses.map((m) => `  ${m[1]}: ${m[2]},`).join("\n")}\n};\n`);
  out.push("/** Every root: its address and kind. */\nexport const roots = {");
  for (const [, section, body] of ts.matchAll(/export class (\w+)Roots \{([^]*?)\n\}/g)) {
    out.push(`  ${section}: {`);
    for (const [, name, type, expression] of body.matchAll(/static get (\w+)\(\): (\w+) \{ return (.*); \}/g)) {
      if (name.endsWith("_slot")) continue;
      const access = expression.match(/load<(\w+)>\((\w+), 0\)/);
      const kind = !access ? "at" : type === "usize" ? "ptr" : type === "isize" ? "ssize" : type;
      out.push(`    ${name}: [${access ? access[2] : expression}, "${kind}"],`);
    }
    out.push("  },");
  }
  out.push("} as const satisfies Record<string, Record<string, Field>>;\n");
  const types = [...statics.matchAll(/export const (\w+_Type|PyExc_\w+): usize = (\w+);/g)];
  out.push(
    `/** The static types. */\nexport const staticTypes = {\n${types.map((m) => `  ${m[1]}: ${m[2]},`).join("\n")}\n} as const;\n`,
  );
  // A saved memory can be read by whoever has the same tables.
  let hash = 0xcbf29ce484222325n;
  for (const line of [...out, generateStructs(layouts, header)])
    for (const c of Buffer.from(line)) hash = BigInt.asUintN(64, (hash ^ BigInt(c)) * 0x100000001b3n);
  out.push(`/** Changes whenever anything above does. */\nexport const fingerprint = "${hash.toString(16)}";\n`);
  return out.join("\n");
}
