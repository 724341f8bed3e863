// The instruction tables of both halves from spec/opcodes.json, and the loop's cases that only call a function.
//
// An instruction's row: opcode, caches (code units that follow it), arg (whether its argument counts), uses, effect (on
// the stack's depth), specialized (its forms, with their opcodes), implemented (those of them that the loop has), and
// run (file of assembly/vm/ops and function), where its case in the loop is no more than a call of that; effectOfJump, its
// effect on the way to its target, and least, the least argument that has an effect. Beside the rows: otherwise, the uses
// (with "arg") of specialised forms that have not those of their instruction; cacheFormats, the parts of a cache, each with its size in code units, and cacheAlternatives, the parts that a
// specialised form has in the place of another: [the other, size].

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

const cacheClass = (name) =>
  name
    .toLowerCase()
    .split("_")
    .map((w) => w[0].toUpperCase() + w.slice(1))
    .join("") + "Cache";

/** A class of accessors for the cache of an instruction that has specialised forms. */
function cacheAccessors(out, spec, name) {
  const parts = [];
  let offset = 0;
  for (const [part, size] of Object.entries(spec.cacheFormats[name] ?? { counter: 1 })) {
    parts.push([part, offset, size]);
    offset += 2 * size;
  }
  for (const [part, [other, size]] of Object.entries(spec.cacheAlternatives[name] ?? {}))
    parts.push([part, parts.find((x) => x[0] === other)[1], size]);
  if (offset !== 2 * spec.instructions[name].caches)
    throw new Error(`spec/opcodes.json: ${name}'s cache and its parts`);
  out.push(`\n/** ${name}'s cache, ${offset} bytes. */\n@unmanaged export class ${cacheClass(name)} {`);
  out.push("  /** The cache at this address. */");
  out.push(`  @inline static at(p: usize): ${cacheClass(name)} { return changetype<${cacheClass(name)}>(p); }`);
  out.push("  /** The cache of the instruction at this address. */");
  out.push(`  @inline static of(pc: usize): ${cacheClass(name)} { return changetype<${cacheClass(name)}>(pc + 2); }`);
  for (const [part, at, size] of parts) {
    // What takes four units is an address.
    const [type, access] = { 1: ["u16", "u16"], 2: ["u32", "u32"], 4: ["usize", "u32"] }[size];
    const self = "changetype<usize>(this)";
    out.push(`  @inline get ${part}(): ${type} { return load<${access}>(${self}, ${at}); }`);
    out.push(`  @inline set ${part}(v: ${type}) { store<${size === 4 ? "u64" : access}>(${self}, v, ${at}); }`);
  }
  out.push("}");
}

const FACTS = ["valid", "arg", "const", "name", "jump", "free", "local", "exc"];

/** What the module _opcode says of instructions, pseudo ones included. */
function instructionFacts(spec) {
  const out = [];
  const byCode = [];
  for (const e of flatten(spec)) byCode[e.opcode] = e;
  const rows = (f) => Array.from({ length: byCode.length }, (_, i) => f(byCode[i])).join(", ");
  const uses = (e) => {
    if (e === undefined || (!e.base && e.effect === undefined)) return [];
    const row = e.base ? spec.instructions[e.base] : e;
    return ["valid", ...(spec.otherwise[e.name] ?? [...(row.arg ? ["arg"] : []), ...(row.uses ?? [])])];
  };
  out.push(
    `\n/** Instructions, pseudo ones included: one more than the greatest. */\nexport const OPCODES: i32 = ${byCode.length};`,
  );
  out.push("// What is true of an instruction, a bit each of a byte an opcode.");
  FACTS.forEach((name, i) => out.push(`export const IS_${name.toUpperCase()}: u8 = ${1 << i};`));
  out.push(
    `export const opFacts: usize = memory.data<u8>([${rows((e) =>
      uses(e).reduce((sum, use) => sum | (FACTS.includes(use) ? 1 << FACTS.indexOf(use) : 0), 0),
    )}]);`,
  );
  out.push(
    "/** The effect on the stack's depth, where that is the same for every argument; otherwise one of the two below. */",
  );
  out.push("export const EFFECT_VARIES: i8 = 127;\nexport const NO_EFFECT: i8 = 126;");
  const effect = (e) =>
    e === undefined || e.base || e.effect === undefined ? 126 : typeof e.effect === "string" ? 127 : e.effect;
  out.push(`export const opEffects: usize = memory.data<i8>([${rows(effect)}]);`);
  out.push("/** The effect on the way to an instruction's target where that is another, otherwise 0. */");
  out.push(`export const opEffectsOfJump: usize = memory.data<i8>([${rows((e) => e?.effectOfJump ?? 0)}]);`);
  out.push("/** The least argument that has an effect; ANY_ARGUMENT where all have. */");
  out.push("export const ANY_ARGUMENT: i8 = -128;");
  out.push(`export const opLeast: usize = memory.data<i8>([${rows((e) => (e?.base ? -128 : (e?.least ?? -128)))}]);`);
  out.push(
    "/** The effect of an instruction where it varies. */\nexport function effectOf(op: i32, oparg: i32): i32 {\n  switch (op) {",
  );
  for (const e of byCode) if (effect(e) === 127) out.push(`    case ${e.opcode}: return ${e.effect}; // ${e.name}`);
  out.push("    default: return 0;\n  }\n}");
  const text = (names) => `memory.data<u8>([${[...Buffer.from(names.map((n) => `${n}\0`).join(""))].join(",")}])`;
  out.push("// Names, each ended by a NUL; of an operator, its symbol follows.");
  out.push(
    `export const nbOpsCount: i32 = ${spec.binaryOps.length};\nexport const nbOps: usize = ${text(spec.binaryOps.flat())};`,
  );
  for (const k of [1, 2]) {
    const names = spec[`intrinsic${k}`];
    out.push(
      `export const intrinsic${k}Count: i32 = ${names.length};\nexport const intrinsic${k}Names: usize = ${text(names)};`,
    );
  }
  return out;
}

/** For the machine: numbers, and the parts of caches. */
export function generateVmOpcodes(spec, header) {
  const out = [header("spec/opcodes.json")];
  out.push(`/** The magic number of this version's .pyc files. */\nexport const MAGIC_NUMBER: i32 = ${spec.magic};\n`);
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
  const watched = (name) => name?.startsWith("INSTRUMENTED_") && spec.instructions[name.slice(13)]?.opcode;
  out.push("\n/** The generic form of each instruction, not watched, one byte an opcode. */");
  out.push(
    `export const opDeopt: usize = memory.data<u8>([${rows((e) =>
      e ? watched(e.name) || (e.base ? spec.instructions[e.base].opcode : e.opcode) : 0,
    )}]);`,
  );
  out.push(...instructionFacts(spec));
  out.push(
    "\n/** The form of a generic instruction that tells of itself, 0 where there is none, one byte an opcode. */",
  );
  out.push(
    `export const opInstrumented: usize = memory.data<u8>([${rows((e) =>
      e && !e.base ? (spec.instructions[`INSTRUMENTED_${e.name}`]?.opcode ?? 0) : 0,
    )}]);`,
  );
  out.push("\n/** The first opcode of an instruction that tells of itself. */");
  out.push(
    `export const MIN_INSTRUMENTED_OPCODE: i32 = ${Math.min(...all.filter((e) => e.name.startsWith("INSTRUMENTED_")).map((e) => e.opcode))};`,
  );
  out.push("\n// Bytes of the cache that follows an instruction, the same for its specialised forms.");
  const rowsOf = Object.entries(spec.instructions);
  for (const [name, e] of rowsOf) if (e.caches) out.push(`export const ${name}_SKIP: usize = ${2 * e.caches};`);
  for (const [name, e] of rowsOf) if (e.implemented && e.caches) cacheAccessors(out, spec, name);
  out.push("\n// The specialised forms that the loop does not have:");
  for (const [name, e] of rowsOf) {
    const missing = Object.keys(e.specialized ?? {}).filter((form) => !e.implemented?.includes(form));
    if (missing.length) out.push(`//   of ${name}: ${missing.join(", ")}`);
  }
  return out.join("\n") + "\n";
}

const BEGIN =
  "        // Generated by tools/build/generate.mjs from spec/opcodes.json: the instructions that are a call. Do not edit.\n";
const END = "        // End of what is generated.\n";

/** The text of assembly/vm/eval.ts with the loop's cases that only call a function written anew. */
export function generateLoop(spec, loop) {
  const begin = loop.indexOf(BEGIN) + BEGIN.length;
  const end = loop.indexOf(END);
  if (begin < BEGIN.length || end < begin) throw new Error("assembly/vm/eval.ts has lost its marks");
  const out = [];
  for (const [name, e] of Object.entries(spec.instructions)) {
    if (!e.run) continue;
    out.push(`        case op.${name}:\n`);
    if (e.caches) out.push(`          pc += op.${name}_SKIP;\n`);
    out.push(`          next = ${e.run}(f, sp, oparg);\n          break;\n`);
  }
  return loop.slice(0, begin) + out.join("") + loop.slice(end);
}
