// src/generated/grammar.ts from spec/python.peg: the grammar as one array of numbers, its actions as functions.
// The layout of the numbers is described in src/compiler/parser/peg.ts, which runs them.

import { keywords, operators, tokens } from "./tokens.mjs";

// ---- the notation

function tokenize(text) {
  const out = [];
  const pattern = /\s+|#[^\n]*|=>|&&|[A-Za-z_][A-Za-z_0-9]*|\d+|'[^']+'|"(?:[^"\\]|\\.)*"|[()[\]|*+?&!~=:.,]/gy;
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw new Error(`python.peg: cannot read ${JSON.stringify(text.slice(at, at + 40))}`);
    if (!/^[\s#]/.test(match[0])) out.push(match[0]);
  }
  return out;
}

function parseGrammar(text) {
  const input = tokenize(text);
  let at = 0;
  const peek = (k = 0) => input[at + k];
  const next = () => input[at++];
  const take = (token) => {
    if (next() !== token)
      throw new Error(`python.peg: expected ${token} before ${input.slice(at - 1, at + 8).join(" ")}`);
  };
  const isName = (t) => t !== undefined && /^[A-Za-z_]/.test(t);
  const startsRule = () => isName(peek()) && (peek(1) === ":" || (peek(1) === "(" && peek(2) === "memo"));

  function rhs() {
    const alts = [];
    if (peek() === "|") next();
    do alts.push(alternative());
    while (peek() === "|" && next());
    return alts;
  }
  function alternative() {
    const items = [];
    while (at < input.length && !["|", ")", "]", "=>"].includes(peek()) && !startsRule()) items.push(namedItem());
    let action = null;
    if (peek() === "=>") {
      next();
      action = actionExpression();
    }
    return { items, action };
  }
  function namedItem() {
    if (isName(peek()) && peek(1) === "=") {
      const name = next();
      next();
      return { name, node: item() };
    }
    return { name: null, node: item() };
  }
  function item() {
    switch (peek()) {
      case "~":
        next();
        return { type: "cut" };
      case "&&":
        next();
        return { type: "forced", node: atom() };
      case "&":
        next();
        return { type: "and", node: atom() };
      case "!":
        next();
        return { type: "not", node: atom() };
      case "[": {
        next();
        const alts = rhs();
        take("]");
        return { type: "opt", node: { type: "group", alts } };
      }
    }
    const node = atom();
    switch (peek()) {
      case "?":
        next();
        return { type: "opt", node };
      case "*":
        next();
        return { type: "loop0", node };
      case "+":
        next();
        return { type: "loop1", node };
      case ".": {
        next();
        const element = atom();
        take("+");
        return { type: "gather", separator: node, node: element };
      }
    }
    return node;
  }
  function atom() {
    if (peek() === "(") {
      next();
      const alts = rhs();
      take(")");
      return { type: "group", alts };
    }
    const token = next();
    return { type: /^['"]/.test(token) ? "literal" : "name", value: token };
  }
  function actionExpression() {
    const token = next();
    if (!isName(token)) return { type: "value", value: token };
    if (peek() !== "(") return { type: "name", value: token };
    next();
    const args = [];
    while (peek() !== ")") {
      args.push(actionExpression());
      if (peek() === ",") next();
    }
    next();
    return { type: "call", name: token, args };
  }

  const rules = [];
  while (at < input.length) {
    const name = next();
    let memo = false;
    if (peek() === "(") {
      at += 3;
      memo = true;
    }
    take(":");
    rules.push({ name, memo, kind: "normal", alts: rhs() });
  }
  return rules;
}

// ---- left recursion

/** Marks the rules that call themselves first, and picks for each circle of them the one that remembers. */
function findLeftRecursion(rules) {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const nullable = (node) =>
    ["opt", "loop0", "and", "not", "cut"].includes(node.type) ||
    (node.type === "group" && node.alts.some((alt) => alt.items.every((i) => nullable(i.node))));
  const firsts = (alts, out = new Set()) => {
    for (const alt of alts) {
      for (const { node } of alt.items) {
        visit(node, out);
        if (!nullable(node)) break;
      }
    }
    return out;
  };
  const visit = (node, out) => {
    if (node.type === "name" && byName.has(node.value)) out.add(node.value);
    else if (node.type === "group") firsts(node.alts, out);
    else if (node.type === "gather") visit(node.node, out);
    // A look-ahead comes first as well, but it does not consume: CPython leaves it out of the circle.
    else if (node.node && node.type !== "and" && node.type !== "not") visit(node.node, out);
  };
  const graph = new Map(rules.map((rule) => [rule.name, firsts(rule.alts)]));
  for (const rule of rules) {
    const seen = new Set();
    const reaches = (name) => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const other of graph.get(name)) reaches(other);
    };
    for (const other of graph.get(rule.name)) reaches(other);
    rule.leftRecursive = seen.has(rule.name);
    rule.circle = seen;
  }
  for (const rule of rules) {
    if (!rule.leftRecursive) continue;
    const circle = rules.filter((r) => r.leftRecursive && rule.circle.has(r.name) && r.circle.has(rule.name));
    rule.leader = [...circle].sort((a, b) => (a.name < b.name ? -1 : 1))[0] === rule;
  }
}

// ---- actions

// Functions of actions.ts that need the place which the alternative matched.
const placed = new Set(["starAlias", "formatted", "formatSpec", "concatenate", "collectCall", "orPattern"]);

function actionCode(expression, slots, spec) {
  const classes = new Map();
  for (const [name, entry] of Object.entries(spec)) {
    for (const [v, fields] of Object.entries(entry.variants ?? { [name]: entry.fields })) {
      classes.set(v, { fields, placed: entry.attributes.length > 0 });
    }
  }
  let usesPlace = false;
  const template = (literal) => {
    const text = JSON.parse(literal);
    if (!/\{\w+\(/.test(text)) return JSON.stringify(text);
    const parts = text
      .replace(/[`\\]/g, "\\$&")
      .replace(/\{(\w+)\((\w+)\)\}/g, (_, fn, name) => `\${a.${fn}(${slot(name)})}`);
    return "`" + parts + "`";
  };
  const slot = (name) => {
    if (!slots.has(name)) throw new Error(`python.peg: no item is named ${name}`);
    return `v[b${slots.get(name) ? ` + ${slots.get(name)}` : ""}]`;
  };
  const emit = (e) => {
    if (e.type === "value") return e.value.startsWith('"') ? template(e.value) : e.value;
    if (e.type === "name") {
      if (e.value === "none") return "null";
      if (e.value === "true" || e.value === "false") return e.value;
      if (e.value === "ellipsis") return "ELLIPSIS";
      if (slots.has(e.value)) return slot(e.value);
      if (classes.has(e.value)) return `Kind.${e.value}`;
      throw new Error(`python.peg: what is ${e.value}?`);
    }
    const args = e.args.map(emit);
    const cls = classes.get(e.name);
    if (!cls || slots.has(e.name)) {
      if (placed.has(e.name)) usesPlace = true;
      return `a.${e.name}(${["p", ...args].join(", ")})`;
    }
    const types = Object.values(cls.fields);
    const list = args.map((arg, i) => (types[i]?.endsWith("*") ? (arg === "null" ? "[]" : `a.list(${arg})`) : arg));
    if (e.name === "Constant" && list.length === 1) list.push("null");
    if (cls.placed) {
      usesPlace = true;
      list.push("p.startLine", "p.startCol", "p.endLine", "p.endCol");
    }
    return `new n.${e.name === "arguments" ? "arguments_" : e.name}(${list.join(", ")})`;
  };
  const code = emit(expression);
  return { code, usesPlace };
}

// ---- numbers

const OP = { token: 0, call: 1, name: 2, number: 3, soft: 4, anySoft: 5, cut: 6, forced: 7 };
const MODE = { plain: 0, opt: 1, and: 2, not: 3 };
const KIND = { normal: 0, loop0: 1, loop1: 2, left: 3 };
const ACTION = { only: -1, dummy: -2, gather: -3 };

/** For each rule four 32-bit sets of the token types that can come first. */
function firstSets(rules, shapes) {
  const all = (1n << 128n) - 1n;
  const sets = rules.map(() => 0n);
  const bit = (type) => 1n << BigInt(type);
  const ofRule = (r) => {
    if (rules[r].kind === "left") return sets[rules[r].raw];
    if (rules[r].kind === "loop0") return all;
    let set = 0n;
    for (const items of shapes[r]) {
      let nullable = true;
      for (const [op, mode, arg] of items) {
        if (op === OP.cut || mode === MODE.and || mode === MODE.not) continue;
        if (op === OP.token) set |= bit(arg);
        else if (op === OP.call) set |= sets[arg];
        else if (op === OP.number) set |= bit(tokens.get("NUMBER"));
        else if (op === OP.forced) set = all;
        else set |= bit(tokens.get("NAME"));
        if (mode !== MODE.opt) {
          nullable = false;
          break;
        }
      }
      if (nullable) set = all;
    }
    return set;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let r = 0; r < rules.length; r++) {
      const set = ofRule(r);
      if (set !== sets[r]) {
        sets[r] = set;
        changed = true;
      }
    }
  }
  return sets.flatMap((set) => [0, 32, 64, 96].map((shift) => Number(BigInt.asIntN(32, set >> BigInt(shift)))));
}

export function generateGrammar(text, spec, header) {
  const parsed = parseGrammar(text);
  findLeftRecursion(parsed);
  const rules = [];
  const ids = new Map();
  const add = (rule) => rules.push(rule) - 1;
  for (const rule of parsed) ids.set(rule.name, add(rule));
  for (const rule of [...rules]) {
    if (!rule.leader) continue;
    // The rule that remembers calls the one that reads.
    const raw = add({ ...rule, name: `${rule.name}_raw`, leader: false, memo: false });
    rule.kind = "left";
    rule.raw = raw;
    rule.alts = [];
  }
  const softKeywords = ["_", "case", "match", "type"];
  const actions = [];
  const actionIds = new Map();
  let artificial = 0;
  const single = (node) =>
    node.type === "group" && node.alts.length === 1 && node.alts[0].items.length === 1 && !node.alts[0].action
      ? node.alts[0].items[0].node
      : null;

  /** [op, argument] of something that is matched as one. */
  function reference(node) {
    switch (node.type) {
      case "literal": {
        const word = node.value.slice(1, -1);
        if (node.value.startsWith('"') && softKeywords.includes(word)) return [OP.soft, softKeywords.indexOf(word)];
        const type = keywords.get(word) ?? operators.get(word);
        if (type === undefined) throw new Error(`python.peg: no token ${node.value}`);
        return [OP.token, type];
      }
      case "name":
        if (node.value === "NAME") return [OP.name, 0];
        if (node.value === "NUMBER") return [OP.number, 0];
        if (node.value === "SOFT_KEYWORD") return [OP.anySoft, 0];
        if (tokens.has(node.value)) return [OP.token, tokens.get(node.value)];
        if (!ids.has(node.value)) throw new Error(`python.peg: no rule ${node.value}`);
        return [OP.call, ids.get(node.value)];
      case "group": {
        const inner = single(node);
        if (inner) return reference(inner);
        return [OP.call, add({ name: `group_${artificial++}`, kind: "normal", alts: node.alts })];
      }
      case "loop0":
      case "loop1": {
        const alts = [{ items: [{ name: null, node: node.node }], action: null }];
        return [OP.call, add({ name: `${node.type}_${artificial++}`, kind: node.type, alts })];
      }
      case "gather": {
        const more = add({
          name: `loop0_${artificial++}`,
          kind: "loop0",
          alts: [
            {
              items: [
                { name: null, node: node.separator },
                { name: "elem", node: node.node },
              ],
              action: { type: "name", value: "elem" },
            },
          ],
        });
        ids.set(`#${more}`, more);
        const alts = [
          {
            items: [
              { name: null, node: node.node },
              { name: null, node: { type: "name", value: `#${more}` } },
            ],
            action: null,
            gather: true,
          },
        ];
        return [OP.call, add({ name: `gather_${artificial++}`, kind: "normal", alts })];
      }
    }
    throw new Error(`python.peg: ${node.type} inside another`);
  }

  function encode(node) {
    switch (node.type) {
      case "cut":
        return [OP.cut * 4, 0];
      case "forced":
        return [OP.forced * 4, reference(node.node)[1]];
      case "opt":
      case "and":
      case "not": {
        const [op, arg] = reference(node.node);
        return [op * 4 + MODE[node.type], arg];
      }
    }
    const [op, arg] = reference(node);
    return [op * 4, arg];
  }

  const code = [];
  const table = [];
  const shapes = [];
  for (let r = 0; r < rules.length; r++) {
    const rule = rules[r];
    let alts = rule.alts;
    if (
      rule.kind === "normal" &&
      alts.length === 1 &&
      alts[0].items.length === 1 &&
      alts[0].items[0].node.type === "group"
    ) {
      alts = alts[0].items[0].node.alts;
    }
    let usesPlace = false;
    const first = code.length;
    let previous = -1;
    for (const alt of alts) {
      const start = code.length;
      if (previous >= 0) code[previous] = start;
      previous = start;
      const only = alt.items.length === 1 ? alt.items[0].node : null;
      const invalid = only?.type === "name" && only.value.startsWith("invalid_");
      const slots = new Map();
      let count = 0;
      for (const { name, node } of alt.items) {
        if (["and", "not", "cut"].includes(node.type)) continue;
        if (name && !slots.has(name)) slots.set(name, count);
        count++;
      }
      let action = count === 1 ? ACTION.only : alt.gather ? ACTION.gather : ACTION.dummy;
      let place = 0;
      if (alt.action && !(count === 1 && alt.action.type === "name" && slots.has(alt.action.value))) {
        const emitted = actionCode(alt.action, slots, spec);
        if (emitted.usesPlace) place = 1;
        if (!actionIds.has(emitted.code)) {
          actionIds.set(emitted.code, actions.length);
          actions.push(emitted.code);
        }
        action = actionIds.get(emitted.code);
      }
      if (place) usesPlace = true;
      code.push(-1, (invalid ? 1 : 0) | (place ? 2 : 0), action, alt.items.length);
      const at = code.length;
      for (const _ of alt.items) code.push(0, 0);
      const shape = [];
      shapes[r] = [...(shapes[r] ?? []), shape];
      alt.items.forEach(({ node }, i) => {
        const [op, arg] = encode(node);
        shape.push([op >> 2, op & 3, arg]);
        code[at + 2 * i] = op;
        code[at + 2 * i + 1] = arg;
      });
    }
    table.push([
      KIND[rule.kind],
      (rule.memo && !rule.leftRecursive ? 1 : 0) |
        (rule.name.endsWith("without_invalid") ? 2 : 0) |
        (usesPlace ? 4 : 0),
      rule.kind === "left" ? rule.raw : first,
    ]);
  }
  const firsts = firstSets(rules, shapes);
  const lines = [header("spec/python.peg")];
  lines.push('import * as a from "../compiler/parser/actions.ts";');
  lines.push('import { ELLIPSIS } from "../compiler/code/constant.ts";');
  lines.push('import * as n from "./ast.ts";');
  lines.push('import { Kind } from "./ast.ts";\n');
  const wrap = (numbers) => numbers.join(",").replace(/(.{1,118}),/g, "$1,\n  ");
  lines.push("/** Three numbers a rule: kind, flags, where its alternatives start (or the rule that it wraps). */");
  lines.push(`export const ruleTable: readonly number[] = [\n  ${wrap(table.flat())},\n];\n`);
  lines.push(
    "/** Four numbers a rule: a bit for each type of token that it can begin with, all of them where it can be empty. */",
  );
  lines.push(`export const firstTokens: readonly number[] = [\n  ${wrap(firsts)},\n];\n`);
  lines.push(`export const grammarCode: readonly number[] = [\n  ${wrap(code)},\n];\n`);
  for (const name of ["file", "interactive", "eval", "func_type"])
    lines.push(`export const ${name}Rule = ${ids.get(name)};`);
  lines.push("\n// biome-ignore lint/suspicious/noExplicitAny: values are as different as the rules");
  lines.push("type Action = (p: a.ActionContext, v: any[], b: number) => unknown;\n");
  lines.push("export const grammarActions: readonly Action[] = [");
  for (const action of actions) {
    const params = /\bb\b|v\[b/.test(action) ? "(p, v, b)" : /\bp\b/.test(action) ? "(p)" : "()";
    const used = /\bp\b/.test(action.replace(/"[^"]*"/g, "")) ? params : params.replace("p, v", "_p, v");
    lines.push(`  ${used} => ${action},`);
  }
  lines.push("];");
  return lines.join("\n") + "\n";
}
