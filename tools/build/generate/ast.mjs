// src/generated/ast.ts and assembly/generated/ast.ts from spec/ast.json. For the compiler: one class a node, so that every
// node of a kind has one hidden class. The tag is called `node`, because Constant has a field `kind`.
//
// The notation is that of CPython's Parser/Python.asdl; a question mark behind an attribute says that it may be missing.

const scalar = {
  identifier: "string",
  string: "string",
  int: "number",
  constant: "ConstantValue",
};

// Not a name that a strict module can bind.
const tsName = (name) => (name === "arguments" ? "arguments_" : name);

export function generateAst(spec, header) {
  const out = [header("spec/ast.json")];
  out.push('import type { ConstantValue } from "../compiler/code/constant.ts";\n');
  const kinds = [];
  for (const [name, entry] of Object.entries(spec)) {
    if (entry.variants) kinds.push(...Object.keys(entry.variants));
    else kinds.push(name);
  }
  out.push("export const enum Kind {\n" + kinds.map((k, i) => `  ${k} = ${i},`).join("\n") + "\n}\n");
  out.push("export const kindNames: readonly string[] = [\n" + kinds.map((k) => `  "${k}",`).join("\n") + "\n];\n");
  const isEnum = (entry) =>
    entry.variants &&
    Object.values(entry.variants).every((f) => Object.keys(f).length === 0) &&
    !entry.attributes.length;
  const enums = new Set();
  for (const [name, entry] of Object.entries(spec)) if (isEnum(entry)) enums.add(name);
  const tsType = (t) => {
    const base = t.replace(/[*?]$/, "");
    const ts = scalar[base] ?? tsName(base);
    if (t.endsWith("*")) return `${ts}[]`;
    return t.endsWith("?") ? `${ts} | null` : ts;
  };
  // CPython's grammar allows missing entries in these two sequences.
  const nullableItems = new Set(["Dict.keys", "arguments.kw_defaults"]);
  const emitClass = (name, fields, attributes) => {
    const params = Object.entries(fields).map(
      ([f, t]) => `public ${f}: ${nullableItems.has(`${name}.${f}`) ? "(expr | null)[]" : tsType(t)}`,
    );
    params.push(...attributes.map((a) => `public ${a.replace("?", "")}: number`));
    const body = params.length ? `  constructor(\n${params.map((p) => `    ${p},`).join("\n")}\n  ) {}\n` : "";
    out.push(`export class ${tsName(name)} {\n  readonly node = Kind.${name} as const;\n${body}}\n`);
  };
  for (const [name, entry] of Object.entries(spec)) {
    if (!entry.variants) {
      emitClass(name, entry.fields, entry.attributes);
      continue;
    }
    if (enums.has(name)) {
      // Operators and contexts carry no data: the kind itself is the value.
      out.push(
        `export type ${name} = ${Object.keys(entry.variants)
          .map((v) => `Kind.${v}`)
          .join(" | ")};\n`,
      );
      continue;
    }
    const positions = entry.attributes;
    for (const [v, fields] of Object.entries(entry.variants)) emitClass(v, fields, positions);
    out.push(`export type ${name} = ${Object.keys(entry.variants).join(" | ")};\n`);
  }
  out.push(
    "/** The fields of each kind in CPython's order, with CPython's type notation, for dumping and visiting. */",
  );
  out.push("export const kindFields: Readonly<Record<string, readonly (readonly [string, string])[]>> = {");
  for (const [name, entry] of Object.entries(spec)) {
    for (const [v, fields] of Object.entries(entry.variants ?? { [name]: entry.fields })) {
      out.push(
        `  ${v}: [${Object.entries(fields)
          .map(([f, t]) => `["${f}", "${t}"]`)
          .join(", ")}],`,
      );
    }
  }
  out.push("};");
  const classes = kinds.map((k) => {
    const entry = Object.entries(spec).find(([name, e]) => (e.variants ? k in e.variants : name === k));
    return enums.has(entry[0]) ? "null" : tsName(k);
  });
  out.push(
    "\n/** The class of each kind, to be made of its fields and then its place; null where the kind itself is the value. */",
  );
  out.push("// biome-ignore lint/suspicious/noExplicitAny: what a class is made of is checked where it is made.");
  out.push(
    `export const nodeClasses: readonly (null | (new (...parts: any[]) => object))[] = [${classes.join(", ")}];`,
  );
  out.push("\n/** Whether nodes of a kind have a place. */");
  out.push(
    `export const placedKinds: readonly boolean[] = [${kinds
      .map(
        (k) =>
          Object.entries(spec).find(([name, e]) => (e.variants ? k in e.variants : name === k))[1].attributes.length >
          0,
      )
      .join(", ")}];`,
  );
  return out.join("\n") + "\n";
}

const SCALARS = ["identifier", "string", "int", "constant"];

/** What a class of nodes says of itself: its definition. */
const signature = (name, fields) => {
  const list = Object.entries(fields).map(([field, type]) => `${type} ${field}`);
  return list.length === 0 ? name : `${name}(${list.join(", ")})`;
};

function sumText(name, variants) {
  const all = Object.entries(variants).map(([v, fields]) => signature(v, fields));
  const plain = Object.values(variants).every((fields) => Object.keys(fields).length === 0);
  return `${name} = ${all.join(plain ? " | " : `\n${" ".repeat(name.length + 1)}| `)}`;
}

/** For the runtime: what the module _ast makes its classes of, as assembly/modules/_ast/classes.ts reads it. */
export function generateAstRows(spec, header) {
  const rows = [];
  for (const [name, { attributes, fields, variants }] of Object.entries(spec)) {
    rows.push({
      name,
      attributes,
      fields: fields ?? {},
      text: variants ? sumText(name, variants) : signature(name, fields),
      sum: !!variants,
    });
    for (const [v, f] of Object.entries(variants ?? {}))
      rows.push({
        name: v,
        base: name,
        attributes: null,
        fields: f,
        text: signature(v, f),
        single: !attributes.length && !Object.keys(f).length,
      });
  }
  const at = new Map(rows.map((row, i) => [row.name, i]));
  // Types of a sum have its attributes, and the name of one may be that of a sum's base.
  const bytes = [];
  const offsets = [];
  let kind = 0;
  const text = (s) => bytes.push(...Buffer.from(s), 0);
  for (const row of rows) {
    offsets.push(bytes.length);
    const list = Object.entries(row.fields);
    const attributes = row.attributes ?? [];
    bytes.push(row.base === undefined ? 255 : at.get(row.base), list.length, attributes.length);
    bytes.push(
      (row.attributes ? 1 : 0) |
        (row.sum ? 2 : 0) |
        (row.single ? 4 : 0) |
        (attributes.some((a) => a.endsWith("?")) ? 8 : 0),
      row.sum ? 255 : kind++,
    );
    text(row.name);
    text(row.text);
    for (const a of attributes) {
      bytes.push(a.endsWith("?") ? 1 : 0);
      text(a.replace("?", ""));
    }
    for (const [field, type] of list) {
      const base = type.replace(/[*?]$/, "");
      bytes.push(
        SCALARS.includes(base) ? 240 + SCALARS.indexOf(base) : at.get(base),
        type.endsWith("*") ? 2 : type.endsWith("?") ? 1 : 0,
      );
      text(field);
    }
  }
  const kinds = rows.filter((row) => !row.sum).map((row) => at.get(row.name));
  const out = [header("spec/ast.json")];
  out.push(`export const AST_ROWS: i32 = ${rows.length};`);
  out.push("/** Where the row of each class is. */");
  out.push(`export const astOffsets: usize = memory.data<u16>([${offsets.join(", ")}]);`);
  out.push(`export const astRows: usize = memory.data<u8>([${bytes.join(",")}]);`);
  out.push("/** The row of each kind of node, as the compiler numbers them. */");
  out.push(`export const astKinds: usize = memory.data<u8>([${kinds.join(", ")}]);`);
  out.push("// What a field can be besides a node.");
  SCALARS.forEach((s, i) => out.push(`export const AST_${s.toUpperCase()}: u8 = ${240 + i};`));
  out.push(`export const AST_MATCHSINGLETON: i32 = ${at.get("MatchSingleton")};`);
  out.push(
    `export const AST_EXPR_CONTEXT: i32 = ${at.get("expr_context")};\nexport const AST_LOAD: i32 = ${at.get("Load")};`,
  );
  return out.join("\n") + "\n";
}
