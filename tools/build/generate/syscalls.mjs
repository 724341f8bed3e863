// The calls to the host, from spec/syscalls.txt: the runtime's imports with their counting wrappers, and the host's
// interface with its dispatch.

import { parseLayouts } from "./layouts.mjs";

const PARAMETERS = ["i32", "i64", "f64", "bytes", "buffer"];
/** What the runtime gets, and what the host's method returns. */
const RESULTS = {
  length: ["isize", "number"],
  done: ["isize", "void"],
  bool: ["isize", "boolean"],
  number: ["isize", "number"],
  position: ["i64", "bigint"],
  seconds: ["f64", "number"],
  block: ["isize", "Uint8Array"],
  "plain f64": ["f64", "number"],
  "plain i32": ["i32", "number"],
};

/** The rows of the table, and the counters in order. `structs`: those of spec/layouts, by name. */
function parse(text, structs) {
  const calls = [];
  const counters = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("#") || !line.trim()) continue;
    if (line.startsWith("counters ")) {
      counters.push(...line.split(" ").slice(1));
      continue;
    }
    if (line.startsWith("  ")) {
      calls.at(-1).words.push(line.trim());
      continue;
    }
    const row = /^(\w+)\(([^)]*)\): (.+) = (\S+)( blocks)?$/.exec(line);
    if (!row) throw new Error(`spec/syscalls.txt: ${line}`);
    const [, name, list, result, counter, blocks] = row;
    const parameters = list === "" ? [] : list.split(", ").map((p) => p.split(": "));
    for (const [p, type] of parameters)
      if (!PARAMETERS.includes(type)) throw new Error(`spec/syscalls.txt: ${name}: ${p} is of no type ${type}`);
    if (!(result in RESULTS || structs.has(result))) throw new Error(`spec/syscalls.txt: ${name}: no result ${result}`);
    if (calls.some((c) => c.name === name)) throw new Error(`spec/syscalls.txt: ${name} twice`);
    if (counter !== "-" && !counters.includes(counter)) counters.push(counter);
    calls.push({ name, parameters, result, counter, blocks: blocks !== undefined, words: [] });
  }
  for (const c of calls) {
    if (c.words.length === 0) throw new Error(`spec/syscalls.txt: ${c.name} has no words`);
    if (c.blocks) c.words.push("May wait for something outside the process.");
  }
  return { calls, counters };
}

const comment = (indent, words) =>
  words.length === 1
    ? [`${indent}/** ${words[0]} */`]
    : [`${indent}/**`, ...words.map((w) => `${indent} * ${w}`), `${indent} */`];

/** Parameters as numbers: the two of a range of bytes, and where a result lies. */
const flat = (call) => [
  ...call.parameters.flatMap(([name, type]) =>
    type === "bytes" || type === "buffer"
      ? [
          [name, "usize"],
          [`${name}Length`, "usize"],
        ]
      : [[name, type]],
  ),
  ...(call.result === "block" || !(call.result in RESULTS) ? [["out", "usize"]] : []),
];

const typed = (list) => list.map(([name, type]) => `${name}: ${type}`).join(", ");

/** assembly/generated/host.ts. */
export function generateHost({ syscalls, layouts, runtime }, header) {
  const structs = new Map(parseLayouts(layouts).map((s) => [s.name, s]));
  const { calls, counters } = parse(syscalls, structs);
  const room = Number(/^ +system_calls at (\d+)/m.exec(runtime)[1]);
  if (counters.length * 4 > room) throw new Error(`spec/runtime.txt: system_calls holds ${room / 4} counters`);
  const out = [header("spec/syscalls.txt")];
  out.push('import { osRoots } from "./runtime";\n');
  out.push("/** System calls, by the name under which they are counted. */");
  out.push(`export const enum SystemCall {\n${counters.map((c) => `  ${c},`).join("\n")}\n}\n`);
  out.push("/** Counts a call. Those to the host are counted below, those to the machine where it serves them. */");
  out.push("export function countSystemCall(call: SystemCall): void {");
  out.push("  const counter = osRoots.system_calls + ((<usize>call) << 2);");
  out.push("  store<u32>(counter, load<u32>(counter) + 1);\n}\n");
  for (const c of calls) {
    const [type] = RESULTS[c.result] ?? ["isize"];
    out.push(`@external("host", "${c.name}")`);
    out.push(`declare function host_${c.name}(${typed(flat(c))}): ${type};`);
  }
  out.push("\n/** The calls to the host. Those that can fail return an error number, negated. */");
  out.push("export namespace host {");
  for (const c of calls) {
    const [type] = RESULTS[c.result] ?? ["isize"];
    const words = [...c.words];
    if (c.result === "block") words.push("`out`: a word for the block's address; the caller frees it.");
    else if (!(c.result in RESULTS)) words.push(`\`out\`: a ${c.result}.`);
    out.push(...comment("  ", words));
    out.push(`  export function ${c.name}(${typed(flat(c))}): ${type} {`);
    if (c.counter !== "-") out.push(`    countSystemCall(SystemCall.${c.counter});`);
    const values = flat(c).map(([name]) => name);
    out.push(`    return host_${c.name}(${values.join(", ")});\n  }\n`);
  }
  out[out.length - 1] = out.at(-1).trimEnd();
  out.push("}\n");
  return out.join("\n");
}

const hostTypes = { i32: "number", f64: "number", i64: "bigint", usize: "number" };

/** src/kernel/generated/dispatch.ts. */
export function generateDispatch({ syscalls, layouts }, header) {
  const structs = new Map(parseLayouts(layouts).map((s) => [s.name, s]));
  const { calls } = parse(syscalls, structs);
  const used = [...new Set(calls.map((c) => c.result))].filter((r) => !r.startsWith("plain"));
  const helpers = used.flatMap((r) =>
    r in RESULTS ? [r] : ["done", ...structs.get(r).fields.map((f) => setters[f.kind].helper)],
  );
  const out = [header("spec/syscalls.txt")];
  out.push(`import { ${[...new Set(helpers)].sort().join(", ")} } from "../results.ts";\n`);
  for (const name of used.filter((r) => !(r in RESULTS))) {
    out.push(`export interface ${name} {`);
    for (const f of structs.get(name).fields) {
      const optional = f.word.startsWith(OPTIONAL);
      const word = optional ? f.word.slice(OPTIONAL.length) : f.word;
      if (word) out.push(`  /** ${word[0].toUpperCase()}${word.slice(1)}. */`);
      out.push(`  ${f.name}${optional ? "?" : ""}: ${setters[f.kind].type};`);
    }
    out.push("}\n");
  }
  out.push("/**");
  out.push(
    " * What a kernel provides. A method that fails throws an error whose `code` is the name of an error number.",
  );
  out.push(" * Bytes and buffers lie in the memory and are valid during the call.");
  out.push(" */");
  out.push("export interface SystemCalls {");
  for (const c of calls) {
    const parameters = c.parameters.map(([name, type]) => [name, hostTypes[type] ?? "Uint8Array"]);
    out.push(...comment("  ", c.words));
    out.push(`  ${c.name}(${typed(parameters)}): ${RESULTS[c.result]?.[1] ?? c.result};`);
  }
  out.push("}\n");
  out.push("/**");
  out.push(
    ' * The imports under "host" of an instance of the runtime: from numbers and addresses to `served.calls`, which may change, and back.',
  );
  out.push(" * `allocate` asks the runtime for a block of its memory; 0 where there is none.");
  out.push(" */");
  out.push("export function hostImports(");
  out.push(
    "  memory: WebAssembly.Memory,\n  served: { readonly calls: SystemCalls },\n  allocate: (size: number) => number,",
  );
  out.push("): Record<string, (...args: never[]) => unknown> {");
  out.push("  const bytes = (p: number, n: number) => new Uint8Array(memory.buffer, p >>> 0, n >>> 0);");
  out.push("  return {");
  for (const c of calls) {
    const parameters = flat(c).map(([name, type]) => [name, hostTypes[type]]);
    const values = c.parameters.map(([name, type]) =>
      type === "bytes" || type === "buffer" ? `bytes(${name}, ${name}Length)` : name,
    );
    const call = `served.calls.${c.name}(${values.join(", ")})`;
    out.push(`    ${c.name}: (${typed(parameters)}) =>`);
    const range =
      c.parameters.find(([, type]) => type === "buffer") ?? c.parameters.find(([, type]) => type === "bytes");
    if (c.result.startsWith("plain")) out.push(`      ${call},`);
    else if (c.result === "length") out.push(`      length(() => ${call}, ${range[0]}Length),`);
    else if (c.result === "block") out.push(`      block(() => ${call}, memory, out, allocate),`);
    else if (c.result in RESULTS) out.push(`      ${c.result}(() => ${call}),`);
    else {
      const struct = structs.get(c.result);
      out.push("      done(() => {");
      out.push(`        const result = ${call};`);
      out.push(`        const view = new DataView(memory.buffer, out >>> 0, ${struct.size});`);
      for (const f of struct.fields) {
        const { method, helper } = setters[f.kind];
        const value = `result.${f.name}${f.word.startsWith(OPTIONAL) ? " ?? 0" : ""}`;
        out.push(`        view.${method}(${f.offset}, ${helper}(${value}), true);`);
      }
      out.push("      }),");
    }
  }
  out.push("  };\n}\n");
  return out.join("\n");
}

/** How the words of a field begin that the host may leave out. */
const OPTIONAL = "optional: ";

const setters = {
  u32: { method: "setUint32", helper: "word", type: "number" },
  i32: { method: "setInt32", helper: "word", type: "number" },
  u64: { method: "setBigUint64", helper: "integer", type: "number | bigint" },
  i64: { method: "setBigInt64", helper: "integer", type: "number | bigint" },
  f64: { method: "setFloat64", helper: "finite", type: "number" },
};

/** The names of the counters, for src/generated/constants.ts. */
export function counterNames({ syscalls, layouts }) {
  return parse(syscalls, new Map(parseLayouts(layouts).map((s) => [s.name, s]))).counters;
}
