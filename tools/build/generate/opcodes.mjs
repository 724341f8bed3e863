// The instruction tables of both halves from spec/opcodes.json.

const flatten = (spec) => {
  const all = [];
  for (const [name, e] of Object.entries(spec.instructions)) {
    all.push({ name, ...e });
    for (const [s, n] of Object.entries(e.specialized ?? {}))
      all.push({ name: s, opcode: n, caches: e.caches, arg: e.arg, base: name });
  }
  return all.sort((a, b) => a.opcode - b.opcode);
};

/** For the compiler: every instruction, pseudo ones included, and what its argument means. */
export function generateCompilerOpcodes(spec, header) {
  const out = [header("spec/opcodes.json")];
  const all = flatten(spec);
  out.push(`export const MAGIC_NUMBER = ${spec.magic};`);
  out.push(`export const HAVE_ARGUMENT = ${spec.haveArgument};\n`);
  out.push("export const enum Op {\n" + all.map((e) => `  ${e.name} = ${e.opcode},`).join("\n") + "\n}\n");
  const names = [];
  for (const e of all) names[e.opcode] = e.name;
  out.push("export const opNames: readonly (string | undefined)[] = [");
  for (let i = 0; i < names.length; i++) out.push(`  ${names[i] ? `"${names[i]}"` : "undefined"},`);
  out.push("];\n");
  const table = (f) => Array.from({ length: names.length }, (_, i) => f(all.find((e) => e.opcode === i)));
  out.push("/** Inline cache entries (code units) that follow each instruction. */");
  out.push(`export const opCaches: readonly number[] = [${table((e) => e?.caches ?? 0).join(", ")}];\n`);
  for (const use of ["arg", "const", "name", "local", "free", "exc", "jump"]) {
    const has = all.filter((e) => !e.base && (use === "arg" ? e.arg : e.uses?.includes(use))).map((e) => e.opcode);
    out.push(
      `export const has${use[0].toUpperCase()}${use.slice(1)}: ReadonlySet<number> = new Set([${has.join(", ")}]);`,
    );
  }
  const flagNames = ["arg", "const", "name", "local", "free", "exc", "jump", "evalBreak"];
  out.push(
    "\n/** What is true of an instruction, one bit each in `opFlags`. `Exc`: it pushes an exception handler. */",
  );
  out.push("export const enum OpFlag {");
  flagNames.forEach((n, i) => out.push(`  ${n[0].toUpperCase()}${n.slice(1)} = ${1 << i},`));
  out.push("}\n");
  const bits = (e) =>
    flagNames.reduce((sum, n, i) => sum | ((n === "arg" ? e?.arg : e?.uses?.includes(n)) ? 1 << i : 0), 0);
  out.push(`export const opFlags = new Uint8Array([${table((e) => (e?.base ? 0 : bits(e))).join(", ")}]);\n`);
  out.push(
    "/** The fixed change of the stack's depth by each instruction; EFFECT_VARIES where it depends on the argument. */",
  );
  out.push("export const EFFECT_VARIES = 127;");
  const fixed = (e) => (typeof e?.effect === "number" && !e.base ? e.effect : "EFFECT_VARIES");
  out.push(`export const fixedEffects = new Int8Array([${table(fixed).join(", ")}]);\n`);
  out.push("/** The change of the stack's depth by an instruction; `jump`: on the way to its target. */");
  out.push("export function stackEffect(op: number, oparg: number, jump: boolean): number {");
  out.push("  if (jump) {\n    switch (op) {");
  for (const e of all)
    if (e.effectOfJump) out.push(`      case ${e.opcode}:\n        return ${e.effectOfJump}; // ${e.name}`);
  out.push(
    "    }\n  }\n  const effect = fixedEffects[op];\n  if (effect !== EFFECT_VARIES) return effect;\n  switch (op) {",
  );
  for (const e of all)
    if (typeof e.effect === "string" && !e.base)
      out.push(`    case ${e.opcode}:\n      return ${e.effect}; // ${e.name}`);
  out.push("    default:\n      throw new Error(`no stack effect of instruction ${op}`);\n  }\n}");
  out.push("\n/** The generic form of each specialized instruction. */");
  out.push("export const deoptimized: Readonly<Record<number, number>> = {");
  for (const e of all) if (e.base) out.push(`  ${e.opcode}: ${spec.instructions[e.base].opcode}, // ${e.name}`);
  out.push("};\n");
  const enumOf = (name, list) =>
    out.push(`export const enum ${name} {\n${list.map((n, i) => `  ${n} = ${i},`).join("\n")}\n}\n`);
  enumOf(
    "BinaryOp",
    spec.binaryOps.map((x) => x[0]),
  );
  out.push(`export const binaryOpSymbols: readonly string[] = ${JSON.stringify(spec.binaryOps.map((x) => x[1]))};\n`);
  enumOf("Intrinsic1", spec.intrinsic1);
  enumOf("Intrinsic2", spec.intrinsic2);
  out.push(`export const intrinsic1Names: readonly string[] = ${JSON.stringify(spec.intrinsic1)};`);
  out.push(`export const intrinsic2Names: readonly string[] = ${JSON.stringify(spec.intrinsic2)};\n`);
  out.push(
    "/** The parts of an instruction's cache, with their sizes in code units; where there is none listed, a counter. */",
  );
  out.push(
    `export const cacheFormats: Readonly<Record<string, Readonly<Record<string, number>>>> = ${JSON.stringify(spec.cacheFormats)};\n`,
  );
  out.push(`export const compareOps: readonly string[] = ${JSON.stringify(spec.compareOps)};`);
  return out.join("\n") + "\n";
}

/** For the machine: numbers only. */
export function generateVmOpcodes(spec, header) {
  const out = [header("spec/opcodes.json")];
  const all = flatten(spec).filter((e) => e.opcode < 256);
  for (const e of all) out.push(`export const ${e.name}: i32 = ${e.opcode};`);
  out.push("");
  spec.binaryOps.forEach(([n], i) => out.push(`export const ${n}: i32 = ${i};`));
  spec.intrinsic1.forEach((n, i) => out.push(`export const ${n}: i32 = ${i};`));
  spec.intrinsic2.forEach((n, i) => out.push(`export const ${n}: i32 = ${i};`));
  const byCode = [];
  for (const e of all) byCode[e.opcode] = e;
  const rows = (f) => Array.from({ length: 256 }, (_, i) => f(byCode[i])).join(", ");
  out.push("\n/** Inline cache entries (code units) that follow each instruction, one byte an opcode. */");
  out.push(`export const opCaches: usize = memory.data<u8>([${rows((e) => e?.caches ?? 0)}]);`);
  out.push("\n/** The generic form of each instruction, one byte an opcode. */");
  out.push(
    `export const opDeopt: usize = memory.data<u8>([${rows((e) =>
      e ? (e.base ? spec.instructions[e.base].opcode : e.opcode) : 0,
    )}]);`,
  );
  return out.join("\n") + "\n";
}
