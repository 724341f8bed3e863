// assembly/generated/statics.ts: the addresses of everything immortal, from spec/types.txt, statics.txt,
// identifiers.txt; and the tables from which initialisation builds them.

const lines = (text) =>
  text
    .split("\n")
    .map((l) => l.replace(/#.*/, "").trim())
    .filter(Boolean);
const hex = (n) => `0x${n.toString(16)}`;

export function generateStatics({ types, statics, identifiers, runtime }, header) {
  const address = (name) => Number(runtime.match(new RegExp(`^address ${name} (\\S+)`, "m"))[1]);
  const out = [header("spec/types.txt, spec/statics.txt, spec/identifiers.txt")];

  const rows = lines(types).map((l) => {
    const [symbol, name, , base] = l.split(/\s+/);
    return { symbol, name: name.replace("~", " "), base };
  });
  let at = address("STATIC_TYPES");
  const order = new Map(rows.map((r, i) => [r.symbol, i]));
  for (const r of rows) {
    out.push(`export const ${r.symbol}: usize = ${hex(at)};`);
    at += 416;
  }
  if (at > address("STATIC_OBJECTS")) throw new Error("static types overflow");
  out.push(`\nexport const STATIC_TYPE_COUNT: i32 = ${rows.length};`);
  out.push(`export const FIRST_EXCEPTION: i32 = ${order.get("PyExc_BaseException")};`);
  out.push("/** tp_name of every static type, each ended by a NUL. */");
  out.push(
    `export const staticTypeNames: usize = memory.data<u8>([${[...Buffer.from(rows.map((r) => `${r.name}\0`).join(""))].join(",")}]);`,
  );
  out.push("/** For each static type, the index of its base where it is an exception, otherwise 0 (object). */");
  out.push(
    `export const staticTypeBases: usize = memory.data<u8>([${rows.map((r) => (r.base ? order.get(r.base) : 0)).join(",")}]);\n`,
  );

  at = address("STATIC_OBJECTS");
  for (const l of lines(statics)) {
    const [name, size, count = "1", gc] = l.split(/\s+/);
    if (gc) at += 16;
    out.push(`export const ${name}: usize = ${hex(at)};`);
    at += Number(size) * Number(count);
    at = (at + 15) & -16;
  }

  const names = [...new Set(lines(identifiers))];
  out.push(`\nexport const IDENTIFIERS_START: usize = ${hex(at)};`);
  out.push(`export const IDENTIFIER_COUNT: i32 = ${names.length};`);
  out.push("export namespace ID {");
  for (const n of names) {
    // A field of this namespace may not bear a reserved word.
    out.push(
      `  export const ${/^(return|default|throw|import|with|in|is|yield|for|if|else)$/.test(n) ? `${n}_` : n}: usize = ${hex(at)};`,
    );
    at += (40 + n.length + 1 + 15) & -16;
  }
  out.push("}");
  out.push("/** Every identifier in order, each ended by a NUL. */");
  out.push(
    `export const identifierText: usize = memory.data<u8>([${[...Buffer.from(names.map((n) => `${n}\0`).join(""))].join(",")}]);`,
  );
  out.push("/** Where initialisation may go on carving immortal tables. */");
  out.push(`export const STATICS_FREE: usize = ${hex(at)};`);
  if (at > address("STATIC_OBJECTS_END")) throw new Error("static objects overflow");
  return out.join("\n") + "\n";
}
