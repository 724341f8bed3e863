// assembly/generated/layouts.ts from spec/layouts.txt: one class of accessors a structure, no fields of its own.
// assembly/generated/runtime.ts from spec/runtime.txt: the roots at fixed addresses.

const lines = (text) =>
  text
    .split("\n")
    .map((l) => l.replace(/#.*/, "").trimEnd())
    .filter((l) => l.trim());

export function parseLayouts(text) {
  const structs = [];
  for (const line of lines(text)) {
    const w = line.trim().split(/\s+/);
    if (w[0] === "struct") structs.push({ name: w[1], size: Number(w[2]), base: w[4] ?? null, fields: [] });
    else structs.at(-1).fields.push({ name: w[0], offset: Number(w[1]), kind: w[2] });
  }
  return structs;
}

// kind: [type of the accessor, expression that loads, statement that stores]
const kinds = {
  ptr: ["usize", (p, o) => `load<u32>(${p}, ${o})`, (p, o) => `store<u64>(${p}, v, ${o})`],
  fn: ["u32", (p, o) => `load<u32>(${p}, ${o})`, (p, o) => `store<u64>(${p}, v, ${o})`],
  ssize: ["isize", (p, o) => `load<i32>(${p}, ${o})`, (p, o) => `store<i64>(${p}, v, ${o})`],
};
for (const t of ["u8", "u16", "u32", "i32", "u64", "i64", "f64"])
  kinds[t] = [t, (p, o) => `load<${t}>(${p}, ${o})`, (p, o) => `store<${t}>(${p}, v, ${o})`];

function accessors(out, name, kind, address, offset, isStatic) {
  const s = isStatic ? "static " : "";
  if (kind === "at") {
    const at = offset ? `${address} + ${offset}` : address;
    out.push(`  @inline ${s}get ${name}(): usize { return ${at}; }`);
    return;
  }
  const [type, get, set] = kinds[kind];
  out.push(`  @inline ${s}get ${name}(): ${type} { return ${get(address, offset)}; }`);
  out.push(`  @inline ${s}set ${name}(v: ${type}) { ${set(address, offset)}; }`);
}

export function generateLayouts(text, header) {
  const out = [header("spec/layouts.txt")];
  for (const s of parseLayouts(text)) {
    out.push(`/** ${s.size} bytes. */\n@unmanaged export class ${s.name}${s.base ? ` extends ${s.base}` : ""} {`);
    out.push(`  @inline static at(p: usize): ${s.name} { return changetype<${s.name}>(p); }`);
    for (const f of s.fields) accessors(out, f.name, f.kind, "changetype<usize>(this)", f.offset, false);
    out.push("}");
    out.push(`export const SIZEOF_${s.name}: usize = ${s.size};`);
    for (const f of s.fields) if (f.kind !== "at") out.push(`export const ${s.name}_${f.name}: usize = ${f.offset};`);
    out.push("");
  }
  return out.join("\n");
}

export function generateRuntime(text, header) {
  const out = [header("spec/runtime.txt")];
  const size = { ptr: 8, fn: 8, ssize: 8, u8: 1, u16: 2, u32: 4, i32: 4, u64: 8, i64: 8, f64: 8 };
  let open = null;
  const close = () => {
    if (!open) return;
    if (open.next - open.start > open.size) throw new Error(`section ${open.name} overflows`);
    out.push("}\n");
  };
  for (const line of lines(text)) {
    const w = line.trim().split(/\s+/);
    if (w[0] === "address") out.push(`export const ${w[1]}_ADDRESS: usize = ${w[2]};`);
    else if (w[0] === "section") {
      close();
      open = { name: w[1], start: Number(w[2]), size: Number(w[3]), next: Number(w[2]) };
      out.push(`\n/** The roots of assembly/${w[1]}, ${w[3]} bytes at ${w[2]}. */`);
      out.push(`@unmanaged export class ${w[1]}Roots {`);
      out.push(`  @inline static get START(): usize { return ${w[2]}; }`);
      out.push(`  @inline static get SIZE(): usize { return ${w[3]}; }`);
    } else {
      const align = w[1] === "at" ? 16 : size[w[1]];
      open.next = (open.next + align - 1) & -align;
      accessors(out, w[0], w[1], `0x${open.next.toString(16)}`, 0, true);
      open.next += w[1] === "at" ? Number(w[2]) : size[w[1]];
    }
  }
  close();
  return out.join("\n");
}
