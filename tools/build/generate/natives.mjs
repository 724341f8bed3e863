// Native functions, types and modules, as the comments above them declare them (CONTRIBUTING.md, "How a native function
// is written"). From the comments come the tables of methods, attributes and members with their texts, the wrappers that
// parse arguments, the functions that make modules, and the table of all modules.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseDocs } from "./docs.mjs";
import { parseLayouts } from "./layouts.mjs";

const FUNCTION_TAGS = ["native", "classmethod", "staticmethod", "getter", "setter"];
const TAGS = [...FUNCTION_TAGS, "member", "field", "type", "module", "order", "maker"];

const METH = { VARARGS: 1, KEYWORDS: 2, NOARGS: 4, O: 8, CLASS: 16, STATIC: 32, COEXIST: 64, FASTCALL: 128 };
/** The kinds of function, by their ml_flags, and what a row of each is called in objects/define/natives.ts. */
const ROWS = new Map([
  [METH.NOARGS, "noArgs"],
  [METH.O, "one"],
  [METH.VARARGS, "tuple"],
  [METH.VARARGS | METH.KEYWORDS, "tupleAndDict"],
  [METH.FASTCALL, "vector"],
  [METH.FASTCALL | METH.KEYWORDS, "vectorAndNames"],
]);
/** How a @field is called that has no name: an item of the sequence and nothing else. */
const UNNAMED = "-";
/** PyMemberDef.type by the kind of the field. */
const MEMBER_TYPES = { ptr: 6, ref: 6, i32: 1, u32: 11, u8: 14, f64: 4, ssize: 19, fn: 19, u64: 18, i64: 17, u16: 0 };

/** That of a reference whose attribute is missing while it is null. */
const T_OBJECT_EX = 16;
/** That of a type's flags, which say what CPython's say (ours). */
const T_TYPE_FLAGS = 40;

const bytesOf = (text) => [...Buffer.from(text)];
const lastPart = (name) => name.split(".").at(-1);

/** Every source file of the runtime, without what is generated. */
function sources(root, folder = "assembly") {
  return readdirSync(`${root}/${folder}`)
    .sort()
    .flatMap((name) => {
      const path = `${folder}/${name}`;
      if (statSync(`${root}/${path}`).isDirectory()) return name === "generated" ? [] : sources(root, path);
      return name.endsWith(".ts") ? [path] : [];
    });
}

/** The function whose head the text begins with: { name, exported, params: [{ name, type }], result }, or null. */
function readFunction(text) {
  const head = /^(export )?function (\w+)\(([^)]*)\)\s*:\s*([\w]+)\s*\{/.exec(text);
  if (!head) return null;
  const params = head[3]
    .split(",")
    .map((p) => p.trim())
    .filter(Boolean)
    .map((p) => {
      const [name, type] = p.split(":").map((s) => s.trim());
      return { name, type };
    });
  return { name: head[2], exported: Boolean(head[1]), params, result: head[4] };
}

/** Splits at the commas that no bracket or quote encloses. */
function splitParameters(text) {
  const parts = [];
  let depth = 0;
  let quote = "";
  let part = "";
  for (const c of text) {
    if (quote) quote = c === quote ? "" : quote;
    else if (c === "'" || c === '"') quote = c;
    else if ("([{<".includes(c)) depth++;
    else if (")]}>".includes(c)) depth--;
    if (c === "," && depth === 0 && !quote) {
      parts.push(part);
      part = "";
    } else part += c;
  }
  return [...parts, part].map((p) => p.trim()).filter(Boolean);
}

/**
 * The parameters that a signature names, what is bound left out: { name, kind ("positional", "either" or "keyword"),
 * default (text, or undefined) }; null where it is not such a list (*args, brackets).
 */
function readSignature(signature) {
  if (signature === null) return null;
  const parts = splitParameters(signature.slice(1, -1).replace(/\s+/g, " "));
  const parameters = [];
  let kind = "either";
  for (const part of parts) {
    if (part.startsWith("$")) continue;
    if (part === "/") for (const p of parameters) p.kind = "positional";
    else if (part === "*") kind = "keyword";
    else {
      const m = /^(\w+)(?:\s*=\s*(.*))?$/.exec(part);
      if (!m) return null;
      parameters.push({ name: m[1], kind, default: m[2] });
    }
  }
  return parameters;
}

/** The declarations in a comment, whose lines come without its stars. `fail` reports one that is wrong. */
function readComment(lines, fail) {
  const found = [];
  let waiting = [];
  for (let i = 0; i < lines.length; i++) {
    const tag = /^@(\w+)(?: +(.*))?$/.exec(lines[i]);
    if (!tag || !TAGS.includes(tag[1])) {
      if (tag) fail(i, `@${tag[1]} is none of ${TAGS.join(", ")}`);
      if (found.length) found.at(-1).text.push(lines[i]);
      continue;
    }
    // The lines directly above, if they are declarations too, have the same text.
    const adjoins = i > 0 && found.length > 0 && found.at(-1).last === i - 1;
    let rest = tag[2] ?? "";
    const line = i;
    const depth = (s) => s.replace(/'[^']*'/g, "").split("(").length - s.replace(/'[^']*'/g, "").split(")").length;
    while (depth(rest) > 0) {
      if (++i === lines.length) fail(line, "the signature does not end");
      rest += `\n${lines[i]}`;
    }
    const entry = { tag: tag[1], rest, line, last: i, text: [] };
    if (adjoins) {
      waiting.push(found.at(-1));
      for (const w of waiting) w.text = entry.text;
    } else waiting = [];
    found.push(entry);
  }
  return found.map((entry) => ({ ...entry, text: entry.text.join("\n").replace(/^\n+|\s+$/g, "") || null }));
}

/** What a declaration says after its tag. */
function readEntry(entry, fail) {
  if (entry.tag === "order" || entry.tag === "maker") return { ...entry, words: entry.rest.split(/\s+/) };
  const m =
    /^([\w.~-]+?)(\([\s\S]*\))?(?: \[([\w.]+)\])?(?: = ([\w.]+)( readonly)?( deletable| typeflags)?)?( readonly)?$/.exec(
      entry.rest,
    );
  if (!m) return fail(entry.line, `cannot be read: @${entry.tag} ${entry.rest}`);
  const [, path, signature, closure, target, readonlyAfter, special, readonly] = m;
  const base = {
    ...entry,
    signature: signature ?? null,
    closure,
    target,
    readonly: Boolean(readonlyAfter ?? readonly),
    memberType: special && { " deletable": T_OBJECT_EX, " typeflags": T_TYPE_FLAGS }[special],
  };
  if (entry.tag === "type" || entry.tag === "module") return { ...base, owner: path, name: "" };
  const dot = path.lastIndexOf(".");
  if (dot < 0) return fail(entry.line, `${path} has no owner: OWNER.NAME`);
  return { ...base, owner: path.slice(0, dot), name: path.slice(dot + 1) };
}

/**
 * Reads all declarations. `types`: symbol by Python name. Returns { owners, functions }: an owner has kind ("type" or
 * "module"), name, symbol, file, signature, text, init (the function below a module's declaration, or null), maker and
 * rows in order: { tag, name, signature, text, fn, file, setter, ... }.
 */
function readNatives(root, types) {
  const owners = new Map();
  const rows = [];
  const functions = new Map();
  const problems = [];
  for (const file of sources(root)) {
    const text = readFileSync(`${root}/${file}`, "utf8");
    for (const m of text.matchAll(/^export function (\w+)\(/gm)) {
      const list = functions.get(m[1]) ?? [];
      list.push({ file, ...readFunction(text.slice(m.index)) });
      functions.set(m[1], list);
    }
    for (const m of text.matchAll(/^\/\*\*[\s\S]*?\*\/[ \t]*\n/gm)) {
      if (!/^(?:\/\*\*| \*) ?@\w/m.test(m[0])) continue;
      const firstLine = text.slice(0, m.index).split("\n").length;
      const fail = (line, what) => {
        problems.push(`${file}:${firstLine + line}: ${what}`);
        return null;
      };
      const lines = m[0]
        .trimEnd()
        .slice(3, -2)
        .split("\n")
        .map((l, i) => (i === 0 ? l.trim() : l.replace(/^ \* ?/, "").trimEnd()));
      const fn = readFunction(text.slice(m.index + m[0].length));
      let owner = null;
      for (const raw of readComment(lines, fail)) {
        const entry = readEntry(raw, fail);
        if (!entry) continue;
        const where = { file, place: firstLine + entry.line };
        if (entry.tag === "order" || entry.tag === "maker") {
          if (!owner) fail(entry.line, `@${entry.tag} stands below @type or @module`);
          else owner[entry.tag] = entry.tag === "order" ? [...(owner.order ?? []), ...entry.words] : entry.words[0];
        } else if (entry.tag === "type" || entry.tag === "module") {
          const key = `${entry.tag} ${entry.owner}`;
          if (owners.has(key)) fail(entry.line, `${key} is declared twice`);
          const symbol = entry.tag === "type" ? types.get(entry.owner) : undefined;
          if (entry.tag === "type" && !symbol) fail(entry.line, `spec/types.txt has no type ${entry.owner}`);
          const { signature, text: doc } = entry;
          const init = entry.tag === "module" ? fn : null;
          owner = { kind: entry.tag, name: entry.owner, symbol, signature, text: doc, init, rows: [], ...where };
          owners.set(key, owner);
        } else {
          const isFunction = FUNCTION_TAGS.includes(entry.tag);
          if (isFunction && !entry.target && !fn) fail(entry.line, `no function follows: @${entry.tag} ${entry.rest}`);
          if (isFunction && !entry.target && fn && !fn.exported) fail(entry.line, `${fn.name} is not exported`);
          rows.push({ ...entry, ...where, fn: isFunction && !entry.target ? { file, ...fn } : null, fail });
        }
      }
    }
  }
  for (const row of rows) {
    const fail = (what) => problems.push(`${row.file}:${row.place}: ${what}`);
    const found = ["type", "module"].flatMap((kind) => owners.get(`${kind} ${row.owner}`) ?? []);
    if (found.length !== 1) {
      fail(`${row.owner} is ${found.length ? "a type and a module" : "neither a @type nor a @module"}`);
      continue;
    }
    const owner = found[0];
    if (FUNCTION_TAGS.includes(row.tag) && row.target) {
      // NAME, or FILE.NAME where several files have one.
      const [target, stem] = row.target.split(".").reverse();
      const all = (functions.get(target) ?? []).filter((f) => !stem || f.file.endsWith(`/${stem}.ts`));
      const near = all.filter((f) => f.file === row.file);
      const chosen = near.length ? near : all;
      if (chosen.length !== 1) fail(`${chosen.length} exported functions are called ${row.target}`);
      row.fn = chosen[0];
    }
    if (row.tag === "setter") {
      const getter = rows.find((r) => r.tag === "getter" && r.owner === row.owner && r.name === row.name);
      if (!getter) fail(`${row.owner}.${row.name} has no @getter`);
      else if (getter.setter) fail(`${row.owner}.${row.name} has two setters`);
      else getter.setter = row.fn;
      continue;
    }
    if (row.name !== UNNAMED && owner.rows.some((r) => r.name === row.name))
      fail(`${row.owner}.${row.name} is declared twice`);
    owner.rows.push(row);
  }
  for (const owner of owners.values()) {
    const order = owner.order ?? [];
    for (const name of order) {
      if (!owner.rows.some((r) => r.name === name)) {
        problems.push(`${owner.file}:${owner.place}: @order names ${name}, which ${owner.name} does not have`);
      }
    }
    const rank = (row) => (order.includes(row.name) ? order.indexOf(row.name) : order.length);
    const home = (row) => (row.file === owner.file ? 0 : 1);
    owner.rows.sort(
      (a, b) =>
        rank(a) - rank(b) || home(a) - home(b) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.place - b.place),
    );
  }
  if (problems.length) throw new Error(problems.join("\n"));
  return [...owners.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.place - b.place));
}

/** The symbol of each built-in type, by its Python name. */
function typeSymbols(root) {
  const rows = readFileSync(`${root}/spec/types.txt`, "utf8")
    .split("\n")
    .map((l) => l.replace(/#.*/, "").trim())
    .filter(Boolean);
  return new Map(rows.map((l) => l.split(/\s+/)).map(([symbol, name]) => [name, symbol]));
}

/** The texts of all owners: kind, name, entries of name, signature and text, the owner's own first. */
export function nativeDocs(root) {
  return readNatives(root, typeSymbols(root)).map(({ kind, name, signature, text, rows }) => ({
    kind,
    name,
    entries: [
      { name: "", signature, text },
      ...rows.filter((r) => r.name !== UNNAMED).map((r) => ({ name: r.name, signature: r.signature, text: r.text })),
    ],
  }));
}

/** The C string of a text, its length before it; length 0: there is none. */
function docBytes(name, signature, text) {
  if (signature === null && text === null) return [0, 0];
  const doc = bytesOf(`${signature === null ? text : `${lastPart(name)}${signature}\n--\n\n${text ?? ""}`}\0`);
  if (doc.length > 65535) throw new Error(`${name}: the text is too long`);
  return [doc.length & 255, doc.length >> 8, ...doc];
}

const u16 = (n) => [n & 255, n >> 8];

/** One generated file: what it imports, and what it says. */
class Output {
  constructor(path) {
    this.path = path;
    this.imports = new Map();
    this.names = new Map();
    this.parts = [];
    /** The wrappers that there are already, by what they do. */
    this.wrappers = new Map();
  }

  /** The name under which `name` of `file` is known here. */
  use(file, name) {
    const key = `${file}:${name}`;
    if (this.imports.has(key)) return this.imports.get(key).local;
    const n = this.names.get(name) ?? 0;
    this.names.set(name, n + 1);
    const local = n === 0 ? name : `${name}_${n + 1}`;
    this.imports.set(key, { file, name, local });
    return local;
  }

  /** A name of this file's own. */
  own(name) {
    const n = this.names.get(name) ?? 0;
    this.names.set(name, n + 1);
    return n === 0 ? name : `${name}_${n + 1}`;
  }

  toString(header) {
    const byFile = new Map();
    for (const i of this.imports.values()) byFile.set(i.file, [...(byFile.get(i.file) ?? []), i]);
    const lines = [...byFile.keys()].sort().map((file) => {
      let path = relative(dirname(this.path), file.replace(/\.ts$/, ""));
      if (!path.startsWith(".")) path = `./${path}`;
      const names = byFile
        .get(file)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, local }) => (name === local ? name : `${name} as ${local}`));
      return `import { ${names.join(", ")} } from "${path}";`;
    });
    return `${header("the comments above native functions")}\n${lines.join("\n")}\n\n${this.parts.join("\n")}`;
  }
}

const ARGS = "assembly/objects/define/args.ts";
const NATIVES = "assembly/objects/define/natives.ts";
const STATICS = "assembly/generated/statics.ts";
const SINGLETONS = { None: "_Py_NoneStruct", True: "_Py_TrueStruct", False: "_Py_FalseStruct" };

/** Which file of the folder exports a constant, `file` itself first. */
function holderOf(constant, file) {
  const folder = dirname(file);
  const neighbours = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return [file, ...neighbours.map((name) => join(folder, name))].find((path) =>
    new RegExp(`^export const ${constant}\\b`, "m").test(readFileSync(path, "utf8")),
  );
}

/** What stands in TypeScript for the default of a parameter; null where it cannot. */
function defaultOf(out, { default: value }, type, file) {
  if (type === "usize") return SINGLETONS[value] ? out.use(STATICS, SINGLETONS[value]) : "0";
  if (type === "bool") return value === "True" ? "true" : value === "False" ? "false" : null;
  if (value === "sys.maxsize" && type === "isize") return "0x7fffffff";
  const constant = /^(?:\w+\.)?([A-Z][A-Z0-9_]*)$/.exec(value)?.[1];
  if (constant !== undefined) {
    const holder = holderOf(constant, file);
    return holder === undefined ? null : out.use(holder, constant);
  }
  return /^-?[\d.]+(e-?\d+)?$/.test(value) ? value : null;
}

/** The lines that convert the object in `v` to `type` as `local`. */
function conversion(out, local, v, type, missing, fail) {
  const absent = (test) => (missing === undefined ? test : `${v} == 0 ? ${missing} : ${test}`);
  const failed = (test) =>
    `  if (${test} && ${out.use("assembly/objects/errors/raise.ts", "PyErr_Occurred")}()) return 0;`;
  const number = (convert) => [`  const ${local} = ${absent(`${convert}(${v})`)};`, failed(`${local} == -1`)];
  switch (type) {
    case "usize":
      return [`  const ${local} = ${absent(v)};`];
    case "bool": {
      const truth = out.use("assembly/objects/protocol/compare.ts", "PyObject_IsTrue");
      const given =
        missing === undefined ? `${truth}(${v})` : `${v} == 0 ? ${missing === "true" ? 1 : 0} : ${truth}(${v})`;
      return [
        `  const ${local}_truth = ${given};`,
        `  if (${local}_truth < 0) return 0;`,
        `  const ${local} = ${local}_truth != 0;`,
      ];
    }
    case "isize":
      return number(out.use(ARGS, "ssizeArgument"));
    case "i32":
      return number(out.use(ARGS, "intArgument"));
    case "i64":
      return number(out.use("assembly/objects/numbers/int/create.ts", "PyLong_AsLongLong"));
    case "f64":
      return number(out.use("assembly/objects/numbers/float/float.ts", "PyFloat_AsDouble"));
    default:
      fail(`no argument is converted to ${type}: usize, bool, isize, i32, i64, f64`);
      return [];
  }
}

/** ml_flags of the function of a row, and the name of the function that the table has: itself, or a wrapper. */
function callable(out, row, problems) {
  const fail = (what) => problems.push(`${row.file}:${row.place}: ${row.owner}.${row.name}: ${what}`);
  const { fn } = row;
  const rest = fn.params.slice(1);
  const names = rest.map((p) => p.name.replace(/^_+/, ""));
  const direct = () => out.use(fn.file, fn.name);
  if (fn.result !== "usize") fail(`${fn.name} returns ${fn.result}, not usize`);
  if (fn.params.length === 0) fail(`${fn.name} has no parameter for self or the module`);
  if (names[0] === "argv" && names[1] === "nargs") {
    const keywords = names[2] === "kwnames";
    if (rest.length !== (keywords ? 3 : 2)) fail("(self, argv, nargs) or (self, argv, nargs, kwnames)");
    return [METH.FASTCALL | (keywords ? METH.KEYWORDS : 0), direct()];
  }
  if (names[0] === "args") {
    const keywords = names[1] === "kwargs" || names[1] === "kwds";
    if (rest.length !== (keywords ? 2 : 1)) fail("(self, args) or (self, args, kwargs)");
    return [METH.VARARGS | (keywords ? METH.KEYWORDS : 0), direct()];
  }
  if (rest.length === 1 && /^_(u|unused)?$/.test(rest[0].name)) return [METH.NOARGS, direct()];
  const parameters = readSignature(row.signature);
  if (row.signature !== null && parameters === null && rest.length) {
    fail("such a signature is parsed by the function itself: (self, argv, nargs, kwnames)");
    return [0, ""];
  }
  const one = rest.length === 1 && rest[0].type === "usize";
  if (row.signature === null) {
    if (one) return [METH.O, direct()];
    if (rest.length) fail("without a signature there is nothing to parse by");
  } else if (parameters?.length !== rest.length) {
    fail(`the signature has ${parameters?.length} parameters, ${fn.name} takes ${rest.length}`);
    return [0, ""];
  } else if (one && parameters[0].kind === "positional" && parameters[0].default === undefined) {
    return [METH.O, direct()];
  }
  const key = JSON.stringify([fn.file, fn.name, row.name, parameters]);
  if (!out.wrappers.has(key)) out.wrappers.set(key, wrapper(out, row, parameters ?? [], rest, fail));
  return out.wrappers.get(key);
}

/** Writes the function that parses the arguments and calls the one of the row: its ml_flags and its name. */
function wrapper(out, row, parameters, rest, fail) {
  const inner = out.use(row.fn.file, row.fn.name);
  const name = out.own(`${row.fn.name}_parsed`);
  const self = row.fn.params[0].type;
  if (self !== "usize") fail("self is a usize");
  if (rest.length === 0) {
    out.parts.push(`function ${name}(self: usize, _unused: usize): usize {\n  return ${inner}(self);\n}\n`);
    return [METH.NOARGS, name];
  }
  parameters.forEach((p, i) => {
    // As Python has it; a word of TypeScript takes a _ at its end, what the function does not use one before it.
    const own = rest[i].name;
    if (p.kind !== "positional" && ![p.name, `${p.name}_`, `_${p.name}`].includes(own))
      fail(`parameter ${p.name} is called ${own} in ${row.fn.name}`);
  });
  let least = 0;
  while (least < parameters.length && parameters[least].default === undefined) least++;
  if (parameters.slice(least).some((p) => p.default === undefined)) fail("a required parameter after an optional one");
  const most = parameters.filter((p) => p.kind !== "keyword").length;
  const lines = [];
  const keywords = parameters.some((p) => p.kind !== "positional");
  const convention = keywords ? ", kwnames: usize" : "";
  const single = !keywords && parameters.length === 1 && least === 1;
  const values = parameters.map((_, i) => `v${i}`);
  if (single) values[0] = "arg";
  else if (keywords) {
    const scratch = out.use("assembly/thread/scratch.ts", "Scratch");
    const words = parameters.map((p) => (p.kind === "positional" ? "-" : p.name)).join(" ");
    lines.push(
      `  const out = ${scratch}.take(${parameters.length});`,
      `  const parsed = ${out.use(ARGS, "parseArguments")}("${row.name}", "${words}", argv, nargs, kwnames, out, ${least}, ${most});`,
      ...values.map((v, i) => `  const ${v} = <usize>load<u32>(out${i ? `, ${i * 8}` : ""});`),
      `  ${scratch}.give(out);`,
      "  if (!parsed) return 0;",
    );
  } else {
    lines.push(
      `  if (!${out.use(ARGS, "ArgParser")}.count("${row.name}", nargs, ${least}, ${most})) return 0;`,
      ...values.map((v, i) => {
        const item = `<usize>load<u32>(argv${i ? `, ${i * 8}` : ""})`;
        return `  const ${v} = ${i < least ? item : `nargs > ${i} ? ${item} : 0`};`;
      }),
    );
  }
  const given = parameters.map((p, i) => {
    const { type } = rest[i];
    const missing = p.default === undefined ? undefined : defaultOf(out, p, type, row.fn.file);
    if (missing === null) fail(`${p.name}: the default ${p.default} is no ${type}: take it as a usize`);
    if (type === "usize" && (missing === undefined || missing === "0")) return values[i];
    lines.push(...conversion(out, `p${i}`, values[i], type, missing, fail));
    return `p${i}`;
  });
  const parametersOf = single ? "arg: usize" : `argv: usize, nargs: isize${convention}`;
  out.parts.push(
    `function ${name}(self: usize, ${parametersOf}): usize {\n${lines.join("\n")}\n  return ${inner}(self, ${given.join(", ")});\n}\n`,
  );
  return [single ? METH.O : METH.FASTCALL | (keywords ? METH.KEYWORDS : 0), name];
}

/** A getter or setter as the table has it: with a closure. */
function accessor(out, fn, params, result) {
  const inner = out.use(fn.file, fn.name);
  if (fn.params.length === params.length) return inner;
  const name = out.own(`${fn.name}_closure`);
  const all = params.map((p) => `${p}: usize`).join(", ");
  out.parts.push(`function ${name}(${all}): ${result} {\n  return ${inner}(${params.slice(0, -1).join(", ")});\n}\n`);
  return name;
}

/** Writes the data and the code of an owner's tables; the lines that fill them, `p` being the first entry. */
function tables(out, owner, { layouts, slotNames, packed }, problems) {
  const methods = [];
  const members = [];
  const attributes = [];
  const code = [];
  let fields = 0;
  for (const row of owner.rows) {
    const fail = (what) => problems.push(`${row.file}:${row.place}: ${row.owner}.${row.name}: ${what}`);
    const doc = docBytes(row.name, row.signature, row.text);
    const name = [...bytesOf(row.name), 0];
    const place = (field) => {
      const [struct, member] = field.split(".");
      const found = layouts.get(struct)?.get(member);
      if (!found) fail(`spec/layouts has no ${field}`);
      return found ?? { offset: 0, kind: "ptr" };
    };
    if (row.tag === "field" && row.name === UNNAMED) fields++;
    else if (row.tag === "member" || row.tag === "field") {
      const { offset, kind } =
        row.tag === "field" ? { offset: 24 + 8 * fields++, kind: "ptr" } : place(row.target ?? "");
      if (MEMBER_TYPES[kind] === undefined) fail(`a field of kind ${kind} cannot be a member`);
      const readonly = row.tag === "field" || row.readonly ? 1 : 0;
      members.push([row.memberType ?? MEMBER_TYPES[kind], readonly, ...u16(offset), ...name, ...doc]);
    } else if (row.tag === "getter") {
      attributes.push([...u16(row.closure ? place(row.closure).offset : 0), ...name, ...doc]);
    } else {
      const [flags, fn] = callable(out, row, problems);
      if (!ROWS.has(flags)) continue;
      const isPacked = packed.delete(`${row.owner}.${row.name}`);
      if (isPacked && !(flags & METH.FASTCALL))
        fail("spec/packed.txt is for functions that take their arguments from the stack");
      const more =
        (isPacked ? METH.VARARGS : 0) |
        (row.tag === "classmethod" ? METH.CLASS : 0) |
        (row.tag === "staticmethod" ? METH.STATIC : 0) |
        (owner.kind === "type" && flags === METH.O && slotNames.has(row.name) && row.tag === "native"
          ? METH.COEXIST
          : 0);
      methods.push([...u16(flags | more), ...name, ...doc]);
      code.push(`  p = ${out.use(NATIVES, "Row")}.${ROWS.get(flags)}(p, ${fn});`);
    }
  }
  // The end of the table of methods.
  const getters = owner.rows.filter((r) => r.tag === "getter");
  if (getters.length && methods.length) code.push(`  p = ${out.use(NATIVES, "Row")}.end(p);`);
  for (const row of getters) {
    const get = accessor(out, row.fn, ["self", "closure"], "usize");
    if (row.setter) {
      const set = accessor(out, row.setter, ["self", "value", "closure"], "i32");
      code.push(`  p = ${out.use(NATIVES, "Row")}.attribute(p, ${get}, ${set});`);
    } else code.push(`  p = ${out.use(NATIVES, "Row")}.computed(p, ${get});`);
  }
  const data = [
    ...u16(methods.length),
    ...u16(attributes.length),
    ...u16(members.length),
    ...(owner.kind === "module" ? [...bytesOf(owner.name), 0] : []),
    ...docBytes(owner.name, owner.signature, owner.text),
    ...methods.flat(),
    ...attributes.flat(),
    ...members.flat(),
  ];
  const constant = out.own(`${owner.name.replace(/\W/g, "_")}_rows`);
  out.parts.push(`/** ${owner.name}. */\nconst ${constant}: usize = memory.data<u8>([${data.join(",")}], 1);\n`);
  return { constant, code };
}

const capital = (name) => name.replace(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9])/g, (_, c) => c.toUpperCase());

/**
 * All files: path and text. `spec` has `layouts`: fields by structure and name, each with offset and kind; `slotNames`:
 * the names of slot wrappers, beside which a method of the same name must say that it wants to stand; `packed`: the names
 * of spec/packed.txt, which are taken out of it.
 */
function generateNatives(owners, spec, header) {
  const files = new Map();
  const problems = [];
  const at = (path) => {
    if (!files.has(path)) files.set(path, new Output(path));
    return files.get(path);
  };
  const modules = [];
  const definers = new Map();
  for (const owner of owners) {
    const [, layer, room] = owner.file.split("/");
    const isModule = layer === "modules";
    const folder = isModule ? "assembly/modules/generated" : `assembly/objects/${room}/generated`;
    const out = at(`${folder}/${isModule ? room.replace(/\.ts$/, "") : "natives"}.ts`);
    const { constant, code } = tables(out, owner, spec, problems);
    if (owner.kind === "module") {
      const make = `make${capital(owner.name)}Module`;
      const begin = out.use(NATIVES, "functionTable");
      const body = [
        code.length
          ? `  const functions = ${begin}(${constant});\n  let p = functions;`
          : `  const functions = ${begin}(${constant});`,
        ...code,
      ];
      const finish = out.use("assembly/objects/module/module.ts", "PyModule_FromTable");
      if (owner.init) {
        const { init } = owner;
        if (!init.exported || init.params.length !== 1 || init.result !== "i32")
          problems.push(
            `${owner.file}:${owner.place}: ${init.name} must be exported, take the module and return an i32`,
          );
        const drop = `${out.use("assembly/objects/object/head.ts", "Py")}.DECREF(m);`;
        body.push(
          `  const m = ${finish}(${constant}, functions);`,
          `  if (m == 0 || ${out.use(owner.file, init.name)}(m) == 0) return m;`,
          `  ${drop}`,
          "  return 0;",
        );
      } else body.push(`  return ${finish}(${constant}, functions);`);
      out.parts.push(
        `/** A new module ${owner.name}, or null with an exception. */\nexport function ${make}(): usize {\n${body.join("\n")}\n}\n`,
      );
      // What a module makes itself, as an attribute, is not imported.
      if (!owner.name.includes("."))
        modules.push({ name: owner.name, path: out.path, make, maker: owner.maker, file: owner.file });
    } else {
      out.types ??= [];
      out.types.push({ owner, constant, code });
    }
  }
  for (const out of files.values()) {
    if (!out.types) continue;
    const [, layer, room] = out.path.split("/");
    const name = `define${capital(layer === "modules" ? out.path.split("/").at(-1).replace(/\.ts$/, "") : room)}Types`;
    const lines = [];
    const define = out.use(NATIVES, "defineType");
    for (const { owner, constant, code } of out.types) {
      const call = `${define}(${out.use(STATICS, owner.symbol)}, ${constant})`;
      lines.push(code.length ? `  p = ${call};` : `  ${call};`, ...code);
    }
    if (out.types.some((t) => t.code.length)) lines.unshift("  let p: usize;");
    out.parts.push(
      `/** The tables of these types, and their texts. */\nexport function ${name}(): void {\n${lines.join("\n")}\n}\n`,
    );
    definers.set(out.path, name);
  }
  const objects = at("assembly/objects/generated/natives.ts");
  const registry = at("assembly/modules/generated/registry.ts");
  for (const [out, layer, name] of [
    [objects, "objects", "defineTypes"],
    [registry, "modules", "defineModuleTypes"],
  ]) {
    out.own(name);
    const calls = [...definers]
      .filter(([path]) => path.split("/")[1] === layer)
      .map(([path, f]) => `  ${out.use(path, f)}();`);
    out.parts.push(
      `/** The tables and texts of all types of this layer. */\nexport function ${name}(): void {\n${calls.join("\n")}\n}\n`,
    );
  }
  modules.sort((a, b) => (a.name < b.name ? -1 : 1));
  const data = [...u16(modules.length), 0, 0, 0, 0, 0, 0, 0];
  for (const { name } of modules) data.push(0, 0, ...bytesOf(name), 0, 0, 0);
  registry.parts.push(
    `const names: usize = memory.data<u8>([${data.join(",")}], 1);\n`,
    `/** A table of all modules and what an import of each calls, as the roots keep it. For initialisation. */
export function moduleTable(): usize {
  const table = ${registry.use(NATIVES, "functionTable")}(names);
  let p = table;
${modules
  .map(
    (m) =>
      `  p = ${registry.use(NATIVES, "Row")}.maker(p, ${m.maker ? registry.use(m.file, m.maker) : registry.use(m.path, m.make)});`,
  )
  .join("\n")}
  return table;
}
`,
  );
  for (const name of spec.packed) problems.push(`spec/packed.txt: ${name}: there is no such function`);
  if (problems.length) throw new Error(problems.join("\n"));
  return Object.fromEntries([...files.values()].map((out) => [out.path, out.toString(header)]));
}

/** All generated files of native functions: text by path. */
export function natives(root, header) {
  const folder = `${root}/spec/layouts`;
  const texts = readdirSync(folder).filter((name) => name.endsWith(".txt"));
  const structs = parseLayouts(texts.map((name) => readFileSync(`${folder}/${name}`, "utf8")).join("\n"));
  const layouts = new Map();
  for (const { name, base, fields } of structs) {
    layouts.set(name, new Map([...(layouts.get(base) ?? []), ...fields.map((f) => [f.name, f])]));
  }
  const slotNames = new Set(parseDocs(readFileSync(`${root}/spec/docs.txt`, "utf8")).map((e) => e.name));
  const packed = new Set(readFileSync(`${root}/spec/packed.txt`, "utf8").match(/^[^#\s]+/gm));
  return generateNatives(readNatives(root, typeSymbols(root)), { layouts, slotNames, packed }, header);
}
