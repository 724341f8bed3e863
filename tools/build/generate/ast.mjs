// src/generated/ast.ts from spec/ast.json: one class a node, so that every node of a kind has one hidden class.
// The tag is called `node`, because Constant has a field `kind`.

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
    params.push(...attributes.map((a) => `public ${a}: number`));
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
  return out.join("\n") + "\n";
}
